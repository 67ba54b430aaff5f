"""Social workers stand in for each other, and hand a parent over."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.accounts.roles import SOCIAL_WORKER, STAFF
from kumppani.core.dates import today
from kumppani.core.templatetags.kumppani import day
from kumppani.core.views import DeedView, FormPage, VisibleForm, VisibleList
from pairing import services
from pairing.forms import HandOverForm, SubstitutionForm
from pairing.models import HandOver, Parent, Substitution


class SubstitutionList(VisibleList):
    """Who stands in for whom, and when."""

    allowed_roles = STAFF | SOCIAL_WORKER
    model = Substitution
    template_name = "pairing/substitution_list.html"
    title = gettext_lazy("Substitutes")
    order = ("-starts_on", "-id")

    def get_lead(self) -> str:
        if self.actor.role == "staff":
            return _("Who stands in for which social worker.")
        return _("A substitute sees and does all that you do, from the first day to the last one.")

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .select_related("social_worker__user", "social_worker__organisation", "substitute__user")
        )

    def extra(self, rows) -> dict:
        now = today()
        for row in rows:
            row.word, row.tone = (
                (_("over"), "plain")
                if row.ends_on < now
                else (_("coming"), "note")
                if row.starts_on > now
                else (_("now"), "good")
            )
            row.ends_here = row.ends_on >= now and row.can_end(self.actor)
            row.is_mine = row.social_worker.user_id == self.actor.user_id
        return {"may_name": self.actor.role == "social_worker"}


class SubstitutionCreate(FormPage):
    """A colleague of the same organisation, and the days."""

    allowed_roles = SOCIAL_WORKER
    form_class = SubstitutionForm
    title = gettext_lazy("Name a substitute")
    lead = gettext_lazy(
        "The colleague sees your parents and their relationships and acts for you on these days, and not after them."
    )
    submit_label = gettext_lazy("Save")

    def get_back(self) -> tuple[str, str]:
        return reverse("substitution_list"), _("Substitutes")

    def deed(self, form):
        return services.set_substitute(
            worker=services.social_worker_for(self.actor),
            substitute=services.record_of(form.cleaned_data["substitute"]),
            starts_on=form.cleaned_data["starts_on"],
            ends_on=form.cleaned_data["ends_on"],
            by=self.actor,
        )

    def answer(self, made):
        substitution = (
            Substitution.objects.visible_to(self.actor).select_related("substitute__user").get(pk=made)
        )
        return self.done(
            _("Saved: %(name)s stands in for you from %(first)s to %(last)s.")
            % {
                "name": substitution.substitute,
                "first": day(substitution.starts_on),
                "last": day(substitution.ends_on),
            },
            reverse("substitution_list"),
        )


class SubstitutionEnd(DeedView):
    """Over at once; either of the two says so."""

    allowed_roles = SOCIAL_WORKER
    model = Substitution
    question = gettext_lazy("End this substitution now?")
    button = gettext_lazy("End it")
    danger = True

    def get_queryset(self):
        return super().get_queryset().select_related("social_worker__user", "substitute__user")

    def may(self) -> bool:
        return self.object.can_end(self.actor) and (self.object.ends_on >= today() or not self.only_looks)

    def get_lead(self) -> str:
        return _("%(substitute)s stands in for %(worker)s from %(first)s to %(last)s.") % {
            "substitute": self.object.substitute,
            "worker": self.object.social_worker,
            "first": day(self.object.starts_on),
            "last": day(self.object.ends_on),
        }

    def get_back(self) -> tuple[str, str]:
        return reverse("substitution_list"), ""

    def get_success_url(self) -> str:
        return reverse("substitution_list")

    def consequences(self) -> list[str]:
        return [
            _("From this moment the substitute no longer sees the parents."),
            _("What the substitute has recorded stays."),
        ]

    def deed(self) -> str:
        services.end_substitution(substitution=self.object, by=self.actor)
        return _("The substitution is over.")


class ParentHandOver(VisibleForm):
    """The parent gets another social worker."""

    allowed_roles = STAFF | SOCIAL_WORKER
    model = Parent
    form_class = HandOverForm
    template_name = "pairing/parent_hand_over.html"
    title = gettext_lazy("Hand over to another social worker")
    submit_label = gettext_lazy("Hand over")

    def get_back(self) -> tuple[str, str]:
        return reverse("parent_detail", args=[self.object.pk]), _("Parent")

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .select_related("social_worker__user", "social_worker__organisation", "user")
        )

    def may(self) -> bool:
        return self.object.can_hand_over(self.actor)

    def form_kwargs(self) -> dict:
        return {"parent": self.object}

    def deed(self, form):
        return services.hand_over(
            parent=self.object, to=services.record_of(form.cleaned_data["to"]), by=self.actor
        )

    def answer(self, made):
        handed = (
            HandOver.objects.visible_to(self.actor).select_related("to_worker__user").filter(pk=made).first()
        )
        if handed is not None:  # the staff still see it
            return self.done(
                _("Saved: the social worker is now %(name)s.") % {"name": handed.to_worker},
                reverse("parent_detail", args=[self.object.pk]),
            )
        return self.done(
            _("Saved: the parent has been handed over. You no longer see this parent's pages."),
            reverse("home"),
        )
