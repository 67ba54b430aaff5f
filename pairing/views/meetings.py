"""Meetings: logging one is the heart of it (design.md 4)."""

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.accounts.roles import PARENT, PARTNER, STAFF
from kumppani.core.templatetags.kumppani import day, minutes, weekday_day
from kumppani.core.views import VisibleDetail, VisibleForm, VisibleList
from pairing import services
from pairing.forms import CorrectMeetingForm, LogMeetingForm, NotHeldForm, PlanMeetingForm
from pairing.models import Meeting, Relationship
from pairing.states import MeetingStatus, RelationshipStatus

TONES = {
    MeetingStatus.PLANNED: "note",
    MeetingStatus.HELD: "good",
    MeetingStatus.CANCELLED: "plain",
    MeetingStatus.NO_SHOW: "plain",
}


def said(meeting: Meeting) -> str:
    """What was saved, in words."""
    sentence = _("Saved: meeting on %(day)s, %(length)s.") % {
        "day": weekday_day(meeting.date),
        "length": minutes(meeting.minutes),
    }
    until = _("You can correct it until %(date)s.") % {"date": day(meeting.correct_until)}
    return f"{sentence} {until}"


class MeetingList(VisibleList):
    """The partner's and the parent's own meetings; for staff, those of all."""

    allowed_roles = STAFF | PARTNER | PARENT
    model = Meeting
    template_name = "pairing/meeting_list.html"
    title = gettext_lazy("Meetings")
    order = ("-date", "-id")

    def get_queryset(self):
        return super().get_queryset().select_related("relationship__parent", "relationship__partner")

    def extra(self, rows) -> dict:
        for meeting in rows:
            meeting.tone = TONES[meeting.status]
        loggable = []
        if self.actor.role == "partner":
            loggable = list(
                Relationship.objects.visible_to(self.actor)
                .filter(status=RelationshipStatus.ACTIVE)
                .select_related("parent")
                .order_by("started_on", "id")
            )
        return {"relationships": loggable}


class MeetingDetail(VisibleDetail):
    allowed_roles = STAFF | PARTNER | PARENT
    model = Meeting
    template_name = "pairing/meeting_detail.html"

    def get_title(self) -> str:
        return weekday_day(self.object.date).capitalize()

    def get_back(self) -> tuple[str, str]:
        return reverse("meeting_list"), _("Meetings")

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .select_related(
                "relationship__parent", "relationship__partner", "relationship__social_worker", "logged_by"
            )
            .prefetch_related("goals")
        )

    def extra(self) -> dict:
        meeting = self.object
        own = meeting.relationship.can_log_meeting(self.actor)
        return {
            "tone": TONES[meeting.status],
            "may_correct": meeting.can_correct(self.actor),
            "may_log": own and meeting.status == MeetingStatus.PLANNED,
        }


class _MeetingForm(VisibleForm):
    """What logging, correcting and planning share."""

    allowed_roles = PARTNER

    @property
    def relationship(self) -> Relationship:
        return self.object if isinstance(self.object, Relationship) else self.object.relationship

    def get_lead(self) -> str:
        return _("With %(name)s") % {"name": self.relationship.parent.first_name}

    def get_back(self) -> tuple[str, str]:
        return reverse("home"), _("Home")

    def may(self) -> bool:
        return self.relationship.can_log_meeting(self.actor)

    def usual(self) -> Meeting | None:
        """The last held meeting: its place, length and kind are the usual ones."""
        return (
            Meeting.objects.visible_to(self.actor)
            .filter(relationship=self.relationship)
            .held()
            .order_by("-date", "-id")
            .first()
        )


class MeetingLog(_MeetingForm):
    """A new held meeting."""

    model = Relationship
    form_class = LogMeetingForm
    template_name = "pairing/meeting_form.html"
    title = gettext_lazy("Log a meeting")
    submit_label = gettext_lazy("Save the meeting")

    def get_queryset(self):
        return super().get_queryset().select_related("parent", "partner", "social_worker")

    def may(self) -> bool:
        return super().may() and self.object.status in (RelationshipStatus.ACTIVE, RelationshipStatus.PAUSED)

    def form_kwargs(self) -> dict:
        return {"relationship": self.object, "usual": self.usual()}

    def deed(self, form):
        return services.log_meeting(
            relationship=self.object, by=self.actor, goals=list(form.cleaned_data["goals"]), **form.facts()
        )

    def answer(self, made):
        meeting = Meeting.objects.visible_to(self.actor).get(pk=made)
        return self.done(said(meeting), reverse("home"))


class MeetingHeld(_MeetingForm):
    """A planned meeting that has been held."""

    model = Meeting
    form_class = LogMeetingForm
    template_name = "pairing/meeting_form.html"
    title = gettext_lazy("Log a meeting")
    submit_label = gettext_lazy("Save the meeting")

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .select_related("relationship__parent", "relationship__partner", "relationship__social_worker")
        )

    def find(self) -> None:
        super().find()
        if self.only_looks and self.object.status != MeetingStatus.PLANNED:
            raise PermissionDenied

    def form_kwargs(self) -> dict:
        return {"relationship": self.relationship, "usual": self.usual(), "meeting": self.object}

    def deed(self, form):
        return services.log_meeting(
            relationship=self.relationship,
            meeting=self.object,
            by=self.actor,
            goals=list(form.cleaned_data["goals"]),
            **form.facts(),
        )

    def answer(self, made):
        meeting = Meeting.objects.visible_to(self.actor).get(pk=made)
        return self.done(said(meeting), reverse("home"))


class MeetingCorrect(MeetingHeld):
    """A logged meeting is corrected for some days."""

    form_class = CorrectMeetingForm
    title = gettext_lazy("Correct a meeting")
    submit_label = gettext_lazy("Save the correction")

    def get_queryset(self):
        return super().get_queryset().prefetch_related("goals")

    def find(self) -> None:
        VisibleForm.find(self)
        if not self.object.can_correct(self.actor):
            raise PermissionDenied

    def deed(self, form):
        return services.correct_meeting(
            meeting=self.object,
            by=self.actor,
            seen_version=form.cleaned_data["seen_version"],
            goals=list(form.cleaned_data["goals"]),
            **form.facts(),
        )

    def answer(self, made):
        meeting = Meeting.objects.visible_to(self.actor).get(pk=made)
        return self.done(said(meeting), meeting.get_absolute_url())


class MeetingPlan(_MeetingForm):
    """The next meeting."""

    model = Relationship
    form_class = PlanMeetingForm
    title = gettext_lazy("Plan a meeting")
    submit_label = gettext_lazy("Save the plan")

    def get_queryset(self):
        return super().get_queryset().select_related("parent__user", "partner", "social_worker")

    def may(self) -> bool:
        return super().may() and self.object.status == RelationshipStatus.ACTIVE

    def form_kwargs(self) -> dict:
        return {"usual": self.usual()}

    def deed(self, form):
        data = form.cleaned_data
        return services.plan_meeting(
            relationship=self.object,
            by=self.actor,
            date=data["date"],
            starts_at=data["starts_at"],
            place=data["place"],
            kind=data["kind"],
        )

    def answer(self, made):
        meeting = Meeting.objects.visible_to(self.actor).get(pk=made)
        return self.done(
            _("Saved: you meet on %(day)s.") % {"day": weekday_day(meeting.date)}, reverse("home")
        )


class MeetingNotHeld(_MeetingForm):
    """A planned meeting that did not take place."""

    model = Meeting
    form_class = NotHeldForm
    title = gettext_lazy("The meeting was not held")
    submit_label = gettext_lazy("Save")

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .select_related("relationship__parent", "relationship__partner", "relationship__social_worker")
        )

    def find(self) -> None:
        super().find()
        if self.only_looks and self.object.status != MeetingStatus.PLANNED:
            raise PermissionDenied

    def deed(self, form):
        services.meeting_not_held(meeting=self.object, outcome=form.cleaned_data["outcome"], by=self.actor)
        return self.object

    def answer(self, made):
        return self.done(_("Saved. It happens; plan the next one when it suits you both."), reverse("home"))
