"""Worries: one click away from every page of a relationship (R11, domain 2.7)."""

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.accounts.roles import PARENT, PARTNER, SOCIAL_WORKER, STAFF, Role
from kumppani.core.views import DeedView, FormPage, VisibleDetail, VisibleForm, VisibleList
from pairing import services
from pairing.forms import ConcernForm, IncidentAnswerForm, IncidentForm
from pairing.models import ConcernRecord, ContactPoint, GuideKind, GuideText, Incident, Party, Relationship
from pairing.states import IncidentStatus
from pairing.views.headings import whose

TONES = {
    IncidentStatus.NEW: "wait",
    IncidentStatus.HANDLING: "note",
    IncidentStatus.ANSWERED: "good",
    IncidentStatus.CLOSED: "plain",
}


class _OfRelationship:
    model = Relationship

    def get_kicker(self) -> str:
        return whose(self.object, self.actor)

    def get_queryset(self):
        return super().get_queryset().select_related("parent", "partner", "social_worker")


class ConcernGuide(_OfRelationship, VisibleDetail):
    """What to do and whom to call. Looking at it records nothing about the worry."""

    allowed_roles = STAFF | SOCIAL_WORKER | PARTNER | PARENT
    template_name = "pairing/concern_guide.html"

    def get_title(self) -> str:
        return _("I have a worry") if self.actor.role == "parent" else _("Worried about a child")

    def get_back(self) -> tuple[str, str]:
        return self.object.get_absolute_url(), _("Back")

    def extra(self) -> dict:
        records = list(
            ConcernRecord.objects.visible_to(self.actor)
            .filter(relationship=self.object)
            .select_related("contact_point")[:20]
        )
        for record in records:
            record.by = self.who(record)
        return {
            "guide": GuideText.objects.visible_to(self.actor).current(GuideKind.CONCERN),
            "contact_points": ContactPoint.objects.visible_to(self.actor).in_use()[:30],
            "records": records,
            "may_record": self.actor.role != "parent",
        }

    def who(self, record: ConcernRecord) -> str:
        """By whom, as a role: names stay with those who may read them."""
        by = record.recorded_by_id
        if by == self.actor.user_id:
            return _("by you")
        if by == self.object.partner.user_id:
            return str(Party.PARTNER.label)
        return str(Party.WORKER.label if by == self.object.social_worker.user_id else Role.STAFF.label)


class ConcernRecordCreate(_OfRelationship, VisibleForm):
    """*That* it was done."""

    allowed_roles = STAFF | SOCIAL_WORKER | PARTNER
    form_class = ConcernForm
    title = gettext_lazy("Record that it was done")
    lead = gettext_lazy(
        "Only that something was done, when and how. What the worry is about is told to the authority, never here."
    )
    submit_label = gettext_lazy("Save the record")

    def get_back(self) -> tuple[str, str]:
        return reverse("concern_guide", args=[self.object.pk]), _("Back")

    def deed(self, form):
        return services.record_concern(relationship=self.object, by=self.actor, **form.facts())

    def answer(self, made):
        return self.done(
            _("Saved. Talk with the project staff: nobody carries this alone."),
            reverse("concern_guide", args=[self.object.pk]),
        )


class _Raises:
    """The words of telling: the staff write for their own colleagues."""

    allowed_roles = STAFF | SOCIAL_WORKER | PARTNER | PARENT
    form_class = IncidentForm

    def get_title(self) -> str:
        if self.actor.role == "staff":
            return _("Record an incident or a grievance")
        return _("Tell the project staff")

    def get_lead(self) -> str:
        if self.actor.role == "staff":
            return _("Your colleagues in the project read this, and nobody else sees it.")
        return _("The project staff read this, answer you, and nobody else sees it.")

    @property
    def submit_label(self) -> str:
        return _("Save") if self.actor.role == "staff" else _("Send")

    def sent(self) -> str:
        """The sentence afterwards."""
        if self.actor.role == "staff":
            return _("Saved. A colleague takes it on.")
        return _("Sent. The project staff read it and answer you here.")


class IncidentRaiseAbout(_Raises, _OfRelationship, VisibleForm):
    """Something about this relationship."""

    def get_back(self) -> tuple[str, str]:
        return reverse("concern_guide", args=[self.object.pk]), _("Back")

    def deed(self, form):
        return services.raise_incident(
            by=self.actor,
            kind=form.cleaned_data["kind"],
            words=form.cleaned_data["words"],
            relationship=self.object,
        )

    def answer(self, made):
        return self.done(self.sent(), reverse("incident_detail", args=[made]))


class IncidentRaise(_Raises, FormPage):
    """Something about the service, whatever the relationship."""

    def get_back(self) -> tuple[str, str]:
        return reverse("incident_list"), _("Back")

    def deed(self, form):
        return services.raise_incident(
            by=self.actor, kind=form.cleaned_data["kind"], words=form.cleaned_data["words"]
        )

    def answer(self, made):
        return self.done(self.sent(), reverse("incident_detail", args=[made]))


class IncidentList(VisibleList):
    """For the staff, all of them; for others, what they have told."""

    allowed_roles = STAFF | SOCIAL_WORKER | PARTNER | PARENT
    model = Incident
    template_name = "pairing/incident_list.html"

    def get_title(self) -> str:
        return _("Incidents and grievances") if self.actor.role == "staff" else _("What you have told us")

    def get_back(self) -> tuple[str, str]:
        return ("", "") if self.actor.role == "staff" else (reverse("home"), _("Home"))

    def get_queryset(self):
        self.state = self.request.GET.get("state", "open" if self.actor.role == "staff" else "all")
        rows = super().get_queryset().select_related("owner", "raised_by")
        if self.state in IncidentStatus.values:
            return rows.filter(status=self.state)
        return rows.open() if self.state == "open" else rows

    def extra(self, rows) -> dict:
        for incident in rows:
            incident.tone = TONES[incident.status]
        return {
            "state": self.state,
            "states": [("open", _("Open")), ("all", _("All")), *IncidentStatus.choices],
        }


class _OfIncident:
    model = Incident

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .select_related("owner", "raised_by", "relationship__parent", "relationship__partner")
        )


class IncidentDetail(_OfIncident, VisibleDetail):
    allowed_roles = STAFF | SOCIAL_WORKER | PARTNER | PARENT
    template_name = "pairing/incident_detail.html"

    def get_title(self) -> str:
        return str(self.object.get_kind_display()).capitalize()

    def get_back(self) -> tuple[str, str]:
        return reverse("incident_list"), _("Back")

    def extra(self) -> dict:
        incident, staff = self.object, self.actor.role == "staff"
        own = incident.raised_by_id == self.actor.user_id and incident.raised_as == self.actor.role
        handling = incident.status == IncidentStatus.HANDLING
        handles = staff and incident.raised_by_id != self.actor.user_id
        return {
            "tone": TONES[incident.status],
            "is_staff": staff,
            "may_take": handles
            and (
                incident.status == IncidentStatus.NEW
                or (handling and incident.owner_id != self.actor.user_id)
            ),
            "may_answer": handles and handling and incident.owner_id == self.actor.user_id,
            "may_close": incident.status == IncidentStatus.ANSWERED and (own or staff),
            "may_reopen": incident.status == IncidentStatus.ANSWERED and own,
        }


class IncidentTake(_OfIncident, DeedView):
    allowed_roles = STAFF
    question = gettext_lazy("Do you handle this?")
    button = gettext_lazy("Yes, I handle it")

    def may(self) -> bool:
        return self.object.status in (IncidentStatus.NEW, IncidentStatus.HANDLING)

    def consequences(self) -> list[str]:
        return [_("Your colleagues see that you handle it."), _("You write the answer.")]

    def deed(self) -> str:
        if self.object.status == IncidentStatus.HANDLING:
            services.take_over_incident(incident=self.object, by=self.actor)
        else:
            services.take_incident(incident=self.object, by=self.actor)
        return _("You handle this now.")


class IncidentAnswer(_OfIncident, VisibleForm):
    allowed_roles = STAFF
    form_class = IncidentAnswerForm
    title = gettext_lazy("Answer")
    submit_label = gettext_lazy("Send the answer")

    def get_back(self) -> tuple[str, str]:
        return self.object.get_absolute_url(), _("Back")

    def may(self) -> bool:
        return not self.only_looks or (
            self.object.status == IncidentStatus.HANDLING and self.object.owner_id == self.actor.user_id
        )

    def deed(self, form):
        return services.answer_incident(
            incident=self.object, answer=form.cleaned_data["answer"], by=self.actor
        )

    def answer(self, made):
        return self.done(
            _("Sent. The person who raised it reads your answer."), self.object.get_absolute_url()
        )


class IncidentReopen(_OfIncident, DeedView):
    """Whoever raised it is not content."""

    allowed_roles = STAFF | SOCIAL_WORKER | PARTNER | PARENT
    question = gettext_lazy("Is something still open?")
    button = gettext_lazy("Yes, look at it again")

    def find(self) -> None:
        super().find()
        if self.object.raised_by_id != self.actor.user_id or self.object.raised_as != self.actor.role:
            raise PermissionDenied

    def may(self) -> bool:
        return self.object.status == IncidentStatus.ANSWERED or not self.only_looks

    def consequences(self) -> list[str]:
        return [_("The project staff look at it again and call you or write to you.")]

    def deed(self) -> str:
        services.reopen_incident(incident=self.object, by=self.actor)
        return _("Saved. The project staff look at it again.")


class IncidentClose(_OfIncident, DeedView):
    allowed_roles = STAFF | SOCIAL_WORKER | PARTNER | PARENT
    question = gettext_lazy("Is this settled?")
    button = gettext_lazy("Yes, it is settled")

    def may(self) -> bool:
        return self.object.status == IncidentStatus.ANSWERED or not self.only_looks

    def consequences(self) -> list[str]:
        if self.object.raised_by_id == self.actor.user_id:
            return [_("It is closed. You can tell us again at any time.")]
        return [_("It is closed. Whoever raised it can tell us again at any time.")]

    def deed(self) -> str:
        services.close_incident(incident=self.object, by=self.actor)
        return _("It is settled.")
