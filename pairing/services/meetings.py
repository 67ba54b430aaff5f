"""Planning, logging and correcting meetings."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kumppani.accounts.roles import Role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.dates import today
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.notices.kinds import notify
from pairing.models import (
    Goal,
    Meeting,
    Relationship,
)
from pairing.states import MeetingStatus, RelationshipStatus


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

    `facts`: date, kind, place, minutes. The date lies in the relationship's active time and not in the future.
    """
    if not relationship.can_log_meeting(by):
        raise MoveRefused(_("Only the relationship's own partner logs its meetings."))
    relationship.lock()
    if relationship.status not in (RelationshipStatus.ACTIVE, RelationshipStatus.PAUSED):
        raise MoveRefused(_("Meetings can be logged once the relationship has started."))
    check_meeting_date(relationship, facts["date"])
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
        meeting.move_to(MeetingStatus.HELD, by=by, logged_by_id=by.user_id, logged_at=timezone.now(), **facts)
    meeting.goals.set(goals or [])
    return meeting


@transaction.atomic
def correct_meeting(
    *, meeting: Meeting, by, seen_version: int, goals: list[Goal] | None = None, **facts
) -> Meeting:
    """The partner corrects a logged meeting for some days. Which fields changed is in the audit trail."""
    if not meeting.can_correct(by):
        raise MoveRefused(_("This meeting can no longer be corrected."))
    check_meeting_date(meeting.relationship, facts["date"])
    changed = [name for name, value in facts.items() if getattr(meeting, name) != value]
    for name in changed:
        setattr(meeting, name, facts[name])
    meeting.full_clean()
    if not meeting.save_as_version(seen_version, fields=list(facts)):
        raise AlreadyMoved
    meeting.goals.set(goals or [])
    record(by, Action.CHANGE, meeting, fields_changed=changed)
    return meeting


@transaction.atomic
def plan_meeting(*, relationship: Relationship, by, **facts) -> Meeting:
    """The partner writes down the next meeting: date, time, kind, place."""
    if not relationship.can_log_meeting(by):
        raise MoveRefused(_("Only the relationship's own partner plans its meetings."))
    if relationship.status != RelationshipStatus.ACTIVE:
        raise MoveRefused(_("Meetings can be planned while the relationship is active."))
    if facts["date"] < today():
        raise ValidationError({"date": _("A planned meeting is today or later.")})
    meeting = Meeting(relationship=relationship, status=MeetingStatus.PLANNED, logged_by=by.user, **facts)
    meeting.full_clean()
    meeting.save(force_insert=True)
    record(by, Action.CREATE, meeting)
    notify([relationship.parent.user], role=Role.PARENT, kind="meeting_planned", about=meeting)
    return meeting


@transaction.atomic
def meeting_not_held(*, meeting: Meeting, outcome: str, by) -> None:
    """A planned meeting was cancelled, or one did not come. Neither counts as a meeting."""
    if not meeting.relationship.can_log_meeting(by):
        raise MoveRefused(_("Only the relationship's own partner logs its meetings."))
    if outcome == MeetingStatus.NO_SHOW and meeting.date > today():
        raise ValidationError({"outcome": _("This day has not come yet. You can say that it was cancelled.")})
    meeting.move_to(outcome, by=by)


def check_meeting_date(relationship: Relationship, date: datetime.date) -> None:
    """A held meeting lies between the start of the relationship and today."""
    if date > today():
        raise ValidationError({"date": _("This day has not come yet. Plan the meeting instead.")})
    if relationship.started_on and date < relationship.started_on:
        raise ValidationError(
            {
                "date": _("The relationship started on %(date)s.")
                % {"date": relationship.started_on.strftime("%-d.%-m.%Y")}
            }
        )
