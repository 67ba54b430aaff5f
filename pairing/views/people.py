"""Pages of partners and parents."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Prefetch, Q
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.accounts.roles import PARTNER, SOCIAL_WORKER, STAFF
from kumppani.core.dates import ONE_DAY, today
from kumppani.core.forms import TokenForm
from kumppani.core.pages import FilterByState
from kumppani.core.states import MoveRefused
from kumppani.core.views import DeedView, VisibleDetail, VisibleForm, VisibleList
from pairing import services
from pairing.forms import ParentAccountForm, PartnerAccountForm, TakeInForm
from pairing.models import (
    Care,
    Commitment,
    CommitmentText,
    ContactRequest,
    ExperiencePartner,
    Parent,
    PartnerState,
    Relationship,
    SupervisionPresence,
)
from pairing.panels import panels_of, prepared
from training.models import Enrolment

SHOWN_TIMES = 5  # of supervision, on a partner's page


class PartnerList(FilterByState, VisibleList):
    allowed_roles = STAFF
    model = ExperiencePartner
    template_name = "pairing/partner_list.html"
    title = gettext_lazy("Partners")
    order = ("last_name", "first_name", "id")

    def tabs(self):
        """By how it stands with them; whoever has a break is here, too."""
        return {
            "here": (gettext_lazy("With us"), ("here",)),
            "leaving": (PartnerState.LEAVING.label, ("leaving",)),
            "left": (PartnerState.LEFT.label, ("left",)),
        }

    GROUPS = {
        "here": Q(leaving_on__isnull=True),
        "leaving": Q(leaving_on__isnull=False, left_on__isnull=True),
        "left": Q(left_on__isnull=False),
    }

    def get_queryset(self):
        partners = super().get_queryset().filter(self.GROUPS[self.state])
        return partners.with_open_count().with_readiness()

    def extra(self, rows):
        texts = list(CommitmentText.objects.visible_to(self.actor).enough())
        for partner in rows:
            partner.missing_words = partner.missing(texts)
        partners = ExperiencePartner.objects.visible_to(self.actor)
        counts = partners.aggregate(
            **{name: Count("pk", filter=which) for name, which in self.GROUPS.items()}
        )
        return {"chips": self.chips(counts), "state": self.state}


class PartnerDetail(VisibleDetail):
    """Everything about a partner on one page; for the partner, the own page."""

    allowed_roles = STAFF | PARTNER
    model = ExperiencePartner
    template_name = "pairing/partner_detail.html"

    def get_title(self) -> str:
        return _("My page") if self.actor.role == "partner" else self.object.name

    def get_back(self) -> tuple[str, str]:
        return (reverse("partner_list"), _("Partners")) if self.actor.role == "staff" else ("", "")

    def get_queryset(self):
        accepted = Commitment.objects.visible_to(self.actor).select_related("text")
        partners = (
            super()
            .get_queryset()
            .select_related("user", "enrolment__cohort")
            .prefetch_related(Prefetch("commitments", accepted.order_by("-made_on", "-created_at")))
        )
        if self.actor.role == "staff":
            partners = prepared(partners).with_open_count().with_supervision().with_week().with_open_talk()
        return partners

    @cached_property
    def relationships(self) -> list[Relationship]:
        relationships = Relationship.objects.visible_to(self.actor).filter(partner=self.object)
        return list(relationships.with_people().order_by("-proposed_on", "-id")[:20])

    def listed(self) -> list[Relationship]:
        return self.relationships if self.actor.role == "staff" else []

    def extra(self) -> dict:
        partner = self.object
        texts = CommitmentText.objects.visible_to(self.actor).enough()
        return {
            "steps": partner.readiness(list(texts)),
            "relationships": self.relationships,
            "panels": panels_of(partner, self.actor),
            "may_leave": partner.can_leave(self.actor),
            "may_come_back": partner.can_come_back(self.actor),
        } | self.care()

    def care(self) -> dict:
        """For the staff: supervision, and how much the partner has; it lies on the record already."""
        if self.actor.role != "staff" or self.object.left_on:
            return {}
        times = (
            SupervisionPresence.objects.visible_to(self.actor)
            .filter(partner=self.object, supervision__is_cancelled=False)
            .select_related("supervision")
            .order_by("-supervision__date", "-supervision__starts_at", "id")[:SHOWN_TIMES]
        )
        return {
            "care": Care(self.object, settings.SUPERVISION_EVERY_DAYS * ONE_DAY),
            "care_times": times,
            "meetings_a_week": settings.MEETINGS_A_WEEK,
        }


class PartnerTakeIn(VisibleForm):
    """A partner is taken in from a completed enrolment, by a person."""

    allowed_roles = STAFF
    model = Enrolment
    form_class = TakeInForm
    template_name = "pairing/partner_take_in.html"
    title = gettext_lazy("Take in as a partner")
    submit_label = gettext_lazy("Take in")

    def get_back(self) -> tuple[str, str]:
        return reverse("cohort_detail", args=[self.object.cohort_id]), _("Cohort")

    def find(self) -> None:
        super().find()
        self.partner = ExperiencePartner.objects.visible_to(self.actor).filter(enrolment=self.object).first()

    def form_kwargs(self) -> dict:
        return {"initial": {"speaks": [self.object.language], "email": self.object.email}}

    def extra(self) -> dict:
        return super().extra() | {"partner": self.partner}

    def deed(self, form):
        data = form.cleaned_data
        return services.take_in_partner(
            enrolment=self.object,
            by=self.actor,
            speaks=set(data["speaks"]),
            area=data["area"],
            email=data["email"],
        )

    def answer(self, made):
        return self.done(
            _("Saved: %(name)s is now a partner.") % {"name": self.object.name},
            reverse("partner_detail", args=[made]),
        )


class PartnerAvailability(DeedView):
    """Take a break, or come back, without a reason. The page says which: a double tap does not undo itself."""

    allowed_roles = STAFF | PARTNER
    model = ExperiencePartner

    @property
    def is_own(self) -> bool:
        """Whether the page speaks to the partner, and not to the staff about her or him."""
        return self.actor.role == "partner"

    def get_title(self) -> str:
        if self.object.is_available:
            return _("Take a break?") if self.is_own else _("Does the partner take a break?")
        return (
            _("Come back from the break?") if self.is_own else _("Does the partner come back from the break?")
        )

    def get_kicker(self) -> str:
        return "" if self.is_own else self.object.name

    def may(self) -> bool:
        return self.object.leaving_on is None or not self.only_looks

    def consequences(self) -> list[str]:
        if self.object.is_available:
            return [
                _("New parents and assignments are not proposed during the break."),
                _("Nothing is shown in the public list during the break."),
                _("What has been agreed already stays as it is."),
                _("The break can be ended at any time."),
            ]
        return [_("New parents and assignments can be proposed again.")]

    def context(self, **extra):
        if self.object.is_available:
            extra["button_label"] = _("Take a break") if self.is_own else _("Yes, on a break")
        else:
            extra["button_label"] = _("Come back") if self.is_own else _("Yes, available again")
        extra["hidden"] = {"available": "0" if self.object.is_available else "1"}
        return super().context(**extra)

    def deed(self) -> str:
        wanted = {"0": False, "1": True}.get(self.request.POST.get("available", ""))
        if wanted is None:
            raise MoveRefused(_("Open the page again and choose."))
        services.set_availability(partner=self.object, available=wanted, by=self.actor)
        if not wanted:
            return _("Saved: a break.")
        return (
            _("Welcome back. You are available again.")
            if self.is_own
            else _("Saved: the partner is available again.")
        )


class PartnerAccount(VisibleForm):
    """An account for a partner who was taken in without one."""

    allowed_roles = STAFF
    model = ExperiencePartner
    form_class = PartnerAccountForm
    title = gettext_lazy("An account for the partner")
    lead = gettext_lazy("With an account the partner accepts the texts, logs meetings and claims fees.")
    submit_label = gettext_lazy("Send the letter")

    def get_queryset(self):
        return super().get_queryset().select_related("enrolment")

    def get_back(self) -> tuple[str, str]:
        return reverse("partner_detail", args=[self.object.pk]), _("Partner")

    def may(self) -> bool:
        return (self.object.user_id is None and not self.object.has_left) or not self.only_looks

    def form_kwargs(self) -> dict:
        return {"initial": {"email": self.object.enrolment.email}}

    def deed(self, form):
        return services.give_partner_account(
            partner=self.object, email=form.cleaned_data["email"], by=self.actor
        )

    def answer(self, made):
        return self.done(
            _("Saved. The partner can now sign in."), reverse("partner_detail", args=[self.object.pk])
        )


class PartnerCommit(VisibleForm):
    """The partner reads a text and accepts it."""

    allowed_roles = PARTNER
    model = CommitmentText
    form_class = TokenForm
    template_name = "pairing/partner_commit.html"
    submit_label = gettext_lazy("I have read this and I accept it")

    def get_title(self) -> str:
        return self.object.get_kind_display().capitalize()

    def find(self) -> None:
        super().find()
        self.partner = ExperiencePartner.objects.visible_to(self.actor).first()
        if self.partner is None:
            raise Http404

    def extra(self) -> dict:
        own = Commitment.objects.visible_to(self.actor).filter(partner=self.partner, text=self.object)
        enough = CommitmentText.objects.visible_to(self.actor).enough().filter(pk=self.object.pk)
        return super().extra() | {
            "accepted": own.first(),
            "may_accept": enough.exists(),
            "is_coming": self.object.required_from > today(),
        }

    def get_back(self) -> tuple[str, str]:
        return reverse("partner_detail", args=[self.partner.pk]), _("My page")

    def deed(self, form):
        return services.record_commitment(partner=self.partner, text=self.object, by=self.actor)

    def answer(self, made):
        return self.done(
            _("Saved: you have accepted this text."), reverse("partner_detail", args=[self.partner.pk])
        )


class ParentDetail(VisibleDetail):
    """The little that is known of a parent, with the requests and relationships, in the order it happened."""

    allowed_roles = STAFF | SOCIAL_WORKER
    model = Parent
    template_name = "pairing/parent_detail.html"

    def get_title(self) -> str:
        return str(self.object)

    def get_back(self) -> tuple[str, str]:
        return reverse("request_list"), _("Requests")

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .select_related("user", "social_worker__user")
            .prefetch_related(
                Prefetch(
                    "requests", ContactRequest.objects.visible_to(self.actor).order_by("-received_on", "id")
                ),
                Prefetch(
                    "relationships",
                    Relationship.objects.visible_to(self.actor)
                    .select_related("partner")
                    .order_by("-proposed_on", "id"),
                ),
            )
        )

    def extra(self) -> dict:
        return {"may_hand_over": self.object.can_hand_over(self.actor)}


class ParentAccount(VisibleForm):
    allowed_roles = STAFF | SOCIAL_WORKER
    model = Parent
    form_class = ParentAccountForm
    title = gettext_lazy("An account for the parent")
    lead = gettext_lazy(
        "With an account the parent sees the own goals and the next meeting, and who has looked at the data. "
        "It is optional."
    )
    submit_label = gettext_lazy("Send the letter")

    def get_back(self) -> tuple[str, str]:
        return reverse("parent_detail", args=[self.object.pk]), _("Parent")

    def find(self) -> None:
        super().find()
        if self.object.user_id is not None and self.only_looks:
            raise PermissionDenied

    def form_kwargs(self) -> dict:
        email = self.object.contact if self.object.contact_way == "email" else ""
        return {"initial": {"email": email}}

    def deed(self, form):
        return services.give_parent_account(
            parent=self.object, email=form.cleaned_data["email"], by=self.actor
        )

    def answer(self, made):
        return self.done(
            _("Saved. The parent gets a letter with a link."), reverse("parent_detail", args=[self.object.pk])
        )
