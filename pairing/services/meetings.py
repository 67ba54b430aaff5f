"""Planning, logging and correcting meetings, and what the three of them say about it afterwards."""

import datetime
import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kumppani.accounts.roles import Role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.dates import today
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.core.templatetags.kumppani import day
from kumppani.notices.kinds import notify, staff_users
from pairing.models import (
    ExperiencePartner,
    Goal,
    Meeting,
    MeetingCorrection,
    MeetingEcho,
    Party,
    Relationship,
    TalkWish,
)
from pairing.states import MeetingStatus, RelationshipStatus

# Days between two meetings that are planned together, and how many at most.
REPEATS = {"weekly": 7, "two_weeks": 14}
MOST_PLANNED = 12


def _hold(relationship: Relationship) -> Relationship:
    """The relationship as it is now, held until the transaction ends, with what limits its meetings."""
    return (
        Relationship.objects.select_for_update(of=("self",))
        .select_related("parent__user", "partner", "social_worker")
        .prefetch_related("agreements", "decisions")
        .get(pk=relationship.pk)
    )


def _hold_meeting(meeting: Meeting) -> Meeting:
    """The meeting as it is now, under its relationship's lock."""
    relationship = _hold(meeting.relationship)
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    meeting.relationship = relationship
    return meeting


@transaction.atomic
def log_meeting(
    *,
    relationship: Relationship,
    by,
    meeting: Meeting | None = None,
    goals: list[Goal] | None = None,
    **facts,
) -> Meeting:
    """A held meeting, logged by its partner: a new row, or the planned one that is now held.

    `facts`: date, kind, place, minutes; travel_km, ticket_cost and note, where there are any. The date lies in the
    relationship's agreed time and not in the future; a break is no hindrance.
    """
    relationship = _hold(relationship)
    if not relationship.can_log_meeting(by):
        raise MoveRefused(_("Only the relationship's own partner logs its meetings."))
    if not relationship.is_running:
        raise MoveRefused(_("Meetings can be logged once the relationship has started."))
    check_meeting_date(relationship, facts["date"])
    _check_note(relationship, facts.get("note", ""))
    _check_goals(relationship, goals, kept=set())
    if meeting is None:
        meeting = Meeting(
            relationship=relationship,
            status=MeetingStatus.HELD,
            logged_by=by.user,
            logged_at=timezone.now(),
            **facts,
        )
        meeting.full_clean()
        meeting.save(force_insert=True)
        record(by, Action.CREATE, meeting)
    else:
        meeting.relationship = relationship
        if not meeting.may_move_to(MeetingStatus.HELD):
            raise AlreadyMoved
        for name, value in facts.items():
            setattr(meeting, name, value)
        meeting.full_clean()
        meeting.move_to(MeetingStatus.HELD, by=by, logged_by_id=by.user_id, logged_at=timezone.now(), **facts)
    meeting.goals.set(goals or [])
    return meeting


@transaction.atomic
def correct_meeting(
    *, meeting: Meeting, by, seen_version: int, goals: list[Goal] | None = None, **facts
) -> Meeting:
    """The partner corrects a logged meeting for some days. What it said before is kept and shown."""
    meeting = _hold_meeting(meeting)
    if not meeting.relationship.is_running or not meeting.can_correct(by):
        raise MoveRefused(_("This meeting can no longer be corrected."))
    check_meeting_date(meeting.relationship, facts["date"])
    if facts.get("note", meeting.note) != meeting.note:
        _check_note(meeting.relationship, facts["note"])
    before = MeetingCorrection(
        meeting=meeting,
        corrected_by=by.user,
        **{name: getattr(meeting, name) for name in ("date", "kind", "place", "minutes", "note")},
    )
    kept = {goal.pk for goal in meeting.goals.all()}
    _check_goals(meeting.relationship, goals, kept)
    changed = [name for name, value in facts.items() if getattr(meeting, name) != value]
    for name in changed:
        setattr(meeting, name, facts[name])
    meeting.full_clean()
    if not meeting.save_as_version(seen_version, fields=list(facts)):
        raise AlreadyMoved
    if {goal.pk for goal in goals or []} != kept:
        changed.append("goals")
        meeting.goals.set(goals or [])
    if {"date", "kind", "place", "minutes", "note"} & set(changed):
        before.full_clean()
        before.save(force_insert=True)
    record(by, Action.CHANGE, meeting, fields_changed=changed)
    return meeting


def planned_dates(date: datetime.date, repeat: str = "", times: int = 1) -> list[datetime.date]:
    """The days that are meant: one, or every week or two weeks from the first one on."""
    if repeat not in REPEATS:
        return [date]
    return [date + datetime.timedelta(days=REPEATS[repeat] * number) for number in range(times)]


@transaction.atomic
def plan_meeting(
    *, relationship: Relationship, by, repeat: str = "", times: int = 1, **facts
) -> list[Meeting]:
    """The partner writes down the next meeting: date, time, kind, place; with `repeat` and `times` several at once.

    Returns the meetings made, the first one first. Days after the last day of the peer support are left out: whoever
    asks tells which (`planned_dates()` are those meant). Raises `ValidationError` when not even the first fits.
    """
    relationship = _hold(relationship)
    if not relationship.can_log_meeting(by):
        raise MoveRefused(_("Only the relationship's own partner plans its meetings."))
    if relationship.status != RelationshipStatus.ACTIVE:
        raise MoveRefused(_("Meetings can be planned while the relationship is active."))
    if facts["date"] < today():
        raise ValidationError({"date": _("A planned meeting is today or later.")})
    if repeat and (repeat not in REPEATS or not 1 <= times <= MOST_PLANNED):
        raise ValidationError(
            {"times": _("Plan at most %(count)s meetings at once.") % {"count": MOST_PLANNED}}
        )
    _check_last_day(relationship, facts["date"])
    last = relationship.last_day()
    dates = [date for date in planned_dates(facts.pop("date"), repeat, times) if last is None or date <= last]
    series = uuid.uuid4() if len(dates) > 1 else None
    meetings = []
    for date in dates:
        meeting = Meeting(
            relationship=relationship,
            status=MeetingStatus.PLANNED,
            logged_by=by.user,
            series=series,
            date=date,
            **facts,
        )
        meeting.full_clean()
        meeting.save(force_insert=True)
        record(by, Action.CREATE, meeting)
        meetings.append(meeting)
    # One notice however many: the parent sees the others in the list.
    notify([relationship.parent.user], role=Role.PARENT, kind="meeting_planned", about=meetings[0])
    return meetings


@transaction.atomic
def meeting_not_held(*, meeting: Meeting, outcome: str, by) -> None:
    """A planned meeting was cancelled, or one did not come. Neither counts as a meeting."""
    meeting = _hold_meeting(meeting)
    _check_own(meeting.relationship, by)
    if outcome not in (MeetingStatus.CANCELLED, MeetingStatus.NO_SHOW):
        raise ValidationError({"outcome": _("Choose what happened.")})
    if outcome == MeetingStatus.NO_SHOW and meeting.date > today():
        raise ValidationError({"outcome": _("This day has not come yet. You can say that it was cancelled.")})
    meeting.move_to(outcome, by=by)
    _tell_cancelled(meeting)


@transaction.atomic
def cancel_series(*, meeting: Meeting, by) -> list[Meeting]:
    """This planned meeting and the later ones planned together with it are cancelled. Returns them."""
    meeting = _hold_meeting(meeting)
    _check_own(meeting.relationship, by)
    rest = [meeting]
    if meeting.series:
        rest += (
            Meeting.objects.planned()
            .filter(relationship=meeting.relationship, series=meeting.series, date__gt=meeting.date)
            .select_related("relationship")
            .order_by("date", "id")
        )
    for one in rest:
        one.move_to(MeetingStatus.CANCELLED, by=by)
    _tell_cancelled(meeting)
    return rest


def _check_own(relationship: Relationship, by) -> None:
    if not relationship.can_log_meeting(by) or not relationship.is_running:
        raise MoveRefused(_("Only the relationship's own partner logs its meetings."))


def _tell_cancelled(meeting: Meeting) -> None:
    """The parent is waiting for a meeting that is still to come; about a past one there is nothing to tell."""
    if meeting.status == MeetingStatus.CANCELLED and meeting.date >= today():
        notify([meeting.relationship.parent.user], role=Role.PARENT, kind="meeting_cancelled", about=meeting)


def check_meeting_date(relationship: Relationship, date: datetime.date) -> None:
    """A held meeting lies between the start of the relationship and today, and within what was agreed and decided."""
    if date > today():
        raise ValidationError({"date": _("This day has not come yet. Plan the meeting instead.")})
    if relationship.started_on and date < relationship.started_on:
        raise ValidationError(
            {"date": _("The relationship started on %(date)s.") % {"date": day(relationship.started_on)}}
        )
    _check_last_day(relationship, date)


def _check_last_day(relationship: Relationship, date: datetime.date) -> None:
    last = relationship.last_day()
    if last is not None and date > last:
        raise ValidationError(
            {"date": _("The last day that was agreed and decided is %(date)s.") % {"date": day(last)}}
        )


def _check_note(relationship: Relationship, note: str) -> None:
    """A note only where all three have accepted an agreement that allows one (domain 2.2)."""
    agreement = relationship.agreement_in_force()
    if note and not (agreement and agreement.allows_notes):
        raise ValidationError({"note": _("You have not agreed that notes are written.")})


def _check_goals(relationship: Relationship, goals: list[Goal] | None, kept: set) -> None:
    """Goals of the agreement in force; a correction may leave those that were chosen before."""
    agreement = relationship.agreement_in_force()
    for goal in goals or []:
        if goal.pk not in kept and (agreement is None or goal.agreement_id != agreement.pk):
            raise ValidationError({"goals": _("Choose from the goals that you have agreed on.")})


# --- afterwards ---------------------------------------------------------------------------------------------
@transaction.atomic
def echo_meeting(*, meeting: Meeting, value: int, by) -> MeetingEcho:
    """How it went, in the parent's opinion: 1 (badly) to 4 (very well). It may be changed for some days."""
    meeting = _hold_meeting(meeting)
    if meeting.relationship.party_of(by) != Party.PARENT or meeting.status != MeetingStatus.HELD:
        raise MoveRefused(_("The parent says how a held meeting went."))
    echo = MeetingEcho.objects.filter(meeting=meeting).first()
    if echo is None:
        echo = MeetingEcho(meeting=meeting, value=value)
        echo.full_clean()
        echo.save(force_insert=True)
        record(by, Action.CREATE, echo)
        return echo
    if today() > echo.change_until:
        raise MoveRefused(_("You could change this until %(date)s.") % {"date": day(echo.change_until)})
    if echo.value != value:
        echo.value = value
        echo.full_clean()
        echo.save(update_fields=["value", "updated_at"])
        record(by, Action.CHANGE, echo, fields_changed=["value"])
    return echo


@transaction.atomic
def want_to_talk(*, partner: ExperiencePartner, by) -> TalkWish:
    """The partner needs to talk: no words, the staff hear of it at once. Pressing again changes nothing."""
    partner = ExperiencePartner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
    if by.role != Role.PARTNER or partner.user_id != by.user_id:
        raise MoveRefused(_("Each partner asks for her- or himself."))
    known = TalkWish.objects.filter(partner=partner).open().first()
    if known is not None:
        return known
    wish = TalkWish(partner=partner)
    wish.full_clean()
    wish.save(force_insert=True)
    record(by, Action.CREATE, wish)
    notify(staff_users(), role=Role.STAFF, kind="talk_wanted", about=wish)
    return wish


@transaction.atomic
def talk_handled(*, wish: TalkWish, by) -> TalkWish:
    """Somebody of the staff has talked with the partner."""
    wish = TalkWish.objects.select_for_update(of=("self",)).get(pk=wish.pk)
    if by.role != Role.STAFF:
        raise MoveRefused(_("The project staff say that they have talked with the partner."))
    if wish.handled_at is not None:
        raise MoveRefused(_("Somebody has talked with the partner already."))
    wish.handled_at, wish.handled_by = timezone.now(), by.user
    wish.full_clean()
    wish.save(update_fields=["handled_at", "handled_by", "updated_at"])
    record(by, Action.CHANGE, wish, fields_changed=["handled_at", "handled_by"])
    return wish
