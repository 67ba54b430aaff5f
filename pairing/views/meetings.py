"""Meetings: logging one is the heart of it (design.md 4)."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.accounts.roles import PARENT, PARTNER, STAFF
from kumppani.core.dates import today
from kumppani.core.states import MoveRefused
from kumppani.core.templatetags.kumppani import day, minutes, weekday_day
from kumppani.core.views import DeedView, VisibleDetail, VisibleForm, VisibleList
from pairing import services
from pairing.forms import CorrectMeetingForm, LogMeetingForm, NotHeldForm, PlanMeetingForm
from pairing.models import (
    ExperiencePartner,
    Meeting,
    MeetingCorrection,
    MeetingEcho,
    Relationship,
    SupervisionKind,
    SupervisionPresence,
    TalkWish,
)
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


def with_full_week(words: str, meeting: Meeting, dates: list) -> str:
    """What was saved, and a kind sentence when there is a lot in one of these weeks."""
    more = services.full_week(meeting.relationship.partner_id, dates)
    return f"{words} {more}" if more else words


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
        meeting, role = self.object, self.actor.role
        own = meeting.relationship.can_log_meeting(self.actor)
        held = meeting.status == MeetingStatus.HELD
        planned = meeting.status == MeetingStatus.PLANNED
        echo = None
        if held and role in ("staff", "parent"):
            echo = MeetingEcho.objects.visible_to(self.actor).filter(meeting=meeting).first()
        return {
            "tone": TONES[meeting.status],
            "may_correct": meeting.can_correct(self.actor),
            "may_log": own and planned,
            "is_coming": meeting.date > today(),
            # A note is between the two: not even the staff read it (domain 2.2).
            "reads_note": role in ("partner", "parent"),
            "shows_travel": role in ("partner", "staff"),
            "corrections": list(MeetingCorrection.objects.visible_to(self.actor).filter(meeting=meeting)[:20])
            if held
            else [],
            "echo": echo,
            "may_echo": role == "parent" and held and (echo is None or today() <= echo.change_until),
            "may_talk": own and held,
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
        return (
            super()
            .get_queryset()
            .select_related("parent", "partner", "social_worker")
            .prefetch_related("agreements")
        )

    def may(self) -> bool:
        return super().may() and self.object.is_running

    def form_kwargs(self) -> dict:
        return {"relationship": self.object, "usual": self.usual()}

    def deed(self, form):
        return services.log_meeting(
            relationship=self.object, by=self.actor, goals=list(form.cleaned_data["goals"]), **form.facts()
        )

    def answer(self, made):
        meeting = Meeting.objects.visible_to(self.actor).select_related("relationship").get(pk=made)
        return self.done(with_full_week(said(meeting), meeting, [meeting.date]), reverse("home"))


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
            .prefetch_related("relationship__agreements")
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
        meeting = Meeting.objects.visible_to(self.actor).select_related("relationship").get(pk=made)
        return self.done(with_full_week(said(meeting), meeting, [meeting.date]), reverse("home"))


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
    """The next meeting, or several at once."""

    model = Relationship
    form_class = PlanMeetingForm
    title = gettext_lazy("Plan a meeting")
    submit_label = gettext_lazy("Save the plan")

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .select_related("parent__user", "partner", "social_worker")
            .prefetch_related("agreements", "decisions")
        )

    def may(self) -> bool:
        return super().may() and self.object.status == RelationshipStatus.ACTIVE

    def form_kwargs(self) -> dict:
        return {"relationship": self.object, "usual": self.usual()}

    def deed(self, form):
        return services.plan_meeting(relationship=self.object, by=self.actor, **form.facts())[0]

    def answer(self, made):
        meeting = Meeting.objects.visible_to(self.actor).select_related("relationship").get(pk=made)
        # The form that was sent says which days were meant; those left out are told, never passed over.
        form = self.get_form(self.request.POST)
        form.is_valid()
        left_out = form.left_out
        planned = len(form.dates) - len(left_out)
        if planned == 1:
            words = _("Saved: you meet on %(day)s.") % {"day": weekday_day(meeting.date)}
        else:
            words = _("Saved: you meet %(count)s times, first on %(day)s and last on %(last)s.") % {
                "count": planned,
                "day": weekday_day(meeting.date),
                "last": weekday_day(form.dates[planned - 1]),
            }
        if left_out:
            words += " " + _(
                "Not planned, because the last day that was agreed and decided is %(day)s: %(days)s."
            ) % {"day": day(form.last_day), "days": ", ".join(day(date) for date in left_out)}
        kept = [date for date in form.dates if date not in left_out]
        return self.done(with_full_week(words, meeting, kept), reverse("home"))


class MeetingNotHeld(_MeetingForm):
    """A planned meeting that does not or did not take place; with it, if wished, the rest of its series."""

    model = Meeting
    form_class = NotHeldForm

    @property
    def submit_label(self) -> str:
        return _("Yes, cancel the meeting") if self.object.date > today() else _("Save")

    def extra(self) -> dict:
        # Next to a button that cancels, "Cancel" could be either.
        return super().extra() | {"cancel_label": _("No, go back")}

    def get_title(self) -> str:
        if self.object.date > today():
            return _("Cancel the meeting")
        return _("The meeting was not held")

    def get_lead(self) -> str:
        return f"{weekday_day(self.object.date).capitalize()} · {super().get_lead()}"

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
        later = 0
        if self.object.series:
            later = (
                Meeting.objects.visible_to(self.actor)
                .planned()
                .filter(series=self.object.series, date__gt=self.object.date)
                .count()
            )
        return {"meeting": self.object, "later": later}

    def deed(self, form):
        outcome = form.cleaned_data["outcome"]
        if outcome == "rest":
            services.cancel_series(meeting=self.object, by=self.actor)
        else:
            services.meeting_not_held(meeting=self.object, outcome=outcome, by=self.actor)
        return self.object

    def answer(self, made):
        if self.request.POST.get("outcome") == "rest":
            return self.done(_("Saved: this meeting and the later ones are cancelled."), reverse("home"))
        return self.done(_("Saved. It happens; plan the next one when it suits you both."), reverse("home"))


class MeetingEchoPage(DeedView):
    """How did it go? The parent's one tap of four; it may be changed for some days."""

    allowed_roles = PARENT
    model = Meeting
    question = gettext_lazy("How did it go?")
    template_name = "pairing/meeting_echo.html"

    def get_lead(self) -> str:
        return _("%(day)s with %(name)s") % {
            "day": weekday_day(self.object.date).capitalize(),
            "name": self.object.relationship.partner.first_name,
        }

    def get_queryset(self):
        return super().get_queryset().select_related("relationship__parent", "relationship__partner")

    def may(self) -> bool:
        return self.object.status == MeetingStatus.HELD

    def context(self, **extra) -> dict:
        extra["echo"] = MeetingEcho.objects.visible_to(self.actor).filter(meeting=self.object).first()
        return super().context(**extra)

    def deed(self) -> str:
        value = self.request.POST.get("value", "")
        if value not in ("1", "2", "3", "4"):
            raise MoveRefused(_("Choose one of the four."))
        echo = services.echo_meeting(meeting=self.object, value=int(value), by=self.actor)
        return _("Thank you. You can change this until %(date)s.") % {"date": day(echo.change_until)}

    def get_success_url(self) -> str:
        return reverse("home")


class TalkWishPage(DeedView):
    """ "I need to talk": one tap, no words; the staff hear of it at once."""

    allowed_roles = PARTNER
    model = ExperiencePartner
    question = gettext_lazy("Would you like to talk?")
    button = gettext_lazy("I need to talk")

    def get_object(self) -> ExperiencePartner:
        found = self.get_queryset().first()
        if found is None:
            raise Http404
        return found

    def get_back(self) -> tuple[str, str]:
        return reverse("home"), ""

    def consequences(self) -> list[str]:
        return [
            _("The project staff see it at once, and somebody calls you."),
            _("You need not write anything, and it can be about anything."),
        ]

    def deed(self) -> str:
        services.want_to_talk(partner=self.object, by=self.actor)
        return _("The project staff know now that you need to talk. Somebody calls you.")

    def get_success_url(self) -> str:
        return reverse("home")


class TalkHandled(DeedView):
    """Somebody of the staff has talked with the partner."""

    allowed_roles = STAFF
    model = TalkWish
    button = gettext_lazy("We have talked")
    template_name = "pairing/talk_handled.html"

    def get_title(self) -> str:
        return _("%(name)s needs to talk") % {"name": self.object.partner.name}

    def get_queryset(self):
        return super().get_queryset().select_related("partner", "handled_by")

    def get_back(self) -> tuple[str, str]:
        return reverse("home"), _("Home")

    def context(self, **extra) -> dict:
        extra["agreed_on"] = (
            SupervisionPresence.objects.visible_to(self.actor)
            .coming(today())
            .filter(partner=self.object.partner_id, supervision__kind=SupervisionKind.DEBRIEFING)
            .select_related("supervision")
            .order_by("supervision__date", "supervision__starts_at", "id")
            .first()
        )
        return super().context(**extra)

    def deed(self) -> str:
        services.talk_handled(wish=self.object, by=self.actor)
        return _("Saved. Good that you talked.")

    def get_success_url(self) -> str:
        return reverse("partner_detail", args=[self.object.partner_id])
