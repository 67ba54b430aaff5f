"""With whom, or where, a partner is never paired. The staff see it; of the areas, the partner (domain 5.4)."""

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.accounts.roles import PARTNER, STAFF
from kumppani.core.views import DeedView, FormPage, VisibleForm
from pairing import services
from pairing.forms import ExclusionForm, OwnAreaForm
from pairing.models import Exclusion, ExclusionKind, ExperiencePartner, Relationship


class ExclusionCreate(VisibleForm):
    """The staff's page: what is on the list, and one thing more."""

    allowed_roles = STAFF
    model = ExperiencePartner
    form_class = ExclusionForm
    template_name = "pairing/exclusion_form.html"
    title = gettext_lazy("Not to be paired")
    submit_label = gettext_lazy("Add")

    def get_lead(self) -> str:
        return self.object.name

    def get_back(self) -> tuple[str, str]:
        return self.object.get_absolute_url(), _("Partner")

    def extra(self) -> dict:
        exclusions = (
            Exclusion.objects.visible_to(self.actor)
            .filter(partner=self.object)
            .select_related("parent", "social_worker__user", "social_worker__organisation")
            .order_by("created_at", "id")
        )
        return super().extra() | {"exclusions": exclusions}

    def deed(self, form):
        return services.add_exclusion(partner=self.object, by=self.actor, **form.facts())

    def answer(self, made):
        message = _("Saved. The partner is no longer suggested there.")
        written = Exclusion.objects.visible_to(self.actor).filter(pk=made).first()
        if written is not None and written.parent_id:
            pairs = Relationship.objects.visible_to(self.actor).open()
            if pairs.filter(partner=self.object, parent=written.parent_id).exists():
                message = _(
                    "Saved. The two are a pair now; this does not end it. Talk with the social worker."
                )
        return self.done(message, reverse("exclusion_create", args=[self.object.pk]))


class OwnAreas(FormPage):
    """The partner's own page: where she or he does not want to meet anybody."""

    allowed_roles = PARTNER
    form_class = OwnAreaForm
    template_name = "pairing/own_areas.html"
    title = gettext_lazy("Where you do not meet parents")
    lead = gettext_lazy(
        "You are not proposed to parents who would like to meet there. Only you and the staff see this."
    )
    submit_label = gettext_lazy("Add")

    def get_back(self) -> tuple[str, str]:
        return self.partner.get_absolute_url(), _("My page")

    def find(self) -> None:
        self.partner = ExperiencePartner.objects.visible_to(self.actor).first()
        if self.partner is None:
            raise Http404

    def extra(self) -> dict:
        return {"exclusions": Exclusion.objects.visible_to(self.actor).order_by("created_at", "id")}

    def deed(self, form):
        return services.add_exclusion(
            partner=self.partner, kind=ExclusionKind.OWN_WISH, area=form.cleaned_data["area"], by=self.actor
        )

    def answer(self, made):
        return self.done(_("Saved. You are not proposed to anybody there."), reverse("own_areas"))


class ExclusionRemove(DeedView):
    """Take it off the list."""

    allowed_roles = STAFF | PARTNER
    model = Exclusion
    question = gettext_lazy("Take this off the list?")
    button = gettext_lazy("Take it off")

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .select_related("partner", "parent", "social_worker__user", "social_worker__organisation")
        )

    def get_kicker(self) -> str:
        return self.object.partner.name if self.actor.role == "staff" else ""

    def get_lead(self) -> str:
        gone = self.object
        what = gone.area or gone.parent or f"{gone.social_worker}, {gone.social_worker.organisation}"
        return f"{what} · {gone.get_kind_display()}"

    def may(self) -> bool:
        return self.actor.role == "staff" or self.object.kind == ExclusionKind.OWN_WISH

    def get_back(self) -> tuple[str, str]:
        return self.get_success_url(), ""

    def consequences(self) -> list[str]:
        if self.actor.role == "partner":
            return [_("From now on you can be proposed to parents there.")]
        return [_("From now on the partner can be proposed there.")]

    def deed(self) -> str:
        services.remove_exclusion(exclusion=self.object, by=self.actor)
        return _("It is off the list.")

    def get_success_url(self) -> str:
        if self.actor.role == "partner":
            return reverse("own_areas")
        return reverse("exclusion_create", args=[self.object.partner_id])
