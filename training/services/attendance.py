"""Who was there, hour by hour; hours made up; and who is told when they will not reach (B8)."""

import datetime
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from kumppani.accounts.roles import Role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record, record_seen
from kumppani.core.dates import today
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.core.templatetags.kumppani import day, number
from kumppani.notices.kinds import notify, staff_users
from training.models import Attendance, Cohort, Enrolment, Session
from training.standing import standings
from training.states import CohortStatus, EnrolmentStatus


class ChangedMeanwhile(MoveRefused):
    """Somebody else has marked this row since it was drawn. `saved` is what stands now."""

    def __init__(self, saved: Attendance) -> None:
        super().__init__(_("Somebody else has marked this meanwhile."))
        self.saved = saved


def why_not_now(session: Session) -> str:
    """Why attendance of this session cannot be marked today, as a sentence; empty where it can."""
    if session.cohort.status != CohortStatus.RUNNING:
        return _("Attendance is marked while the training is running.")
    if session.is_cancelled:
        return _("This session was called off, so there is nothing to mark.")
    if session.date > today():
        return _("You can mark this session from %(date)s on.") % {"date": day(session.date)}
    return ""


def _open(session: Session) -> Session:
    """The session as it is now, held: nobody shortens it or calls it off while somebody is marked."""
    held = (
        Session.objects.select_for_update(of=("self",)).select_related("cohort").filter(pk=session.pk).first()
    )
    if held is None:
        raise AlreadyMoved
    if refused := why_not_now(held):
        raise MoveRefused(refused)
    return held


def _hold(enrolment: Enrolment) -> None:
    """Hold the person's row: of two who mark the same person, the second sees what the first has saved, and nobody
    completes the training meanwhile."""
    enrolment.lock(moved_is_fine=True)
    if enrolment.status != EnrolmentStatus.ATTENDING:
        raise MoveRefused(
            _("This cannot be done now, because the state is “%(old)s”.")
            % {"old": enrolment.get_status_display()}
        )


@transaction.atomic
def mark_attendance(
    *, session: Session, enrolment: Enrolment, hours: Decimal, seen_version: int, by
) -> Attendance:
    """Save the hours of one person at one session; 0 for absent.

    `seen_version` is that of the mark that was drawn, 0 where there was none. Raises `ChangedMeanwhile` when somebody
    else has saved other hours since then, and `MoveRefused` when nothing can be marked. The same hours twice are fine.
    """
    session = _open(session)
    if enrolment.cohort_id != session.cohort_id or not 0 <= hours <= session.hours:
        raise MoveRefused(_("A session of %(hours)s h has no more hours.") % {"hours": number(session.hours)})
    _hold(enrolment)
    saved = (
        Attendance.objects.filter(session=session, enrolment=enrolment).select_related("marked_by").first()
    )
    if saved is None:
        saved = Attendance.objects.create(
            session=session, enrolment=enrolment, hours=hours, marked_by_id=by.user_id
        )
        record(by, Action.CREATE, saved, fields_changed=["hours"])
    elif saved.hours != hours:
        # What oneself saved last may be written over: a lost answer or a second window is no quarrel.
        if seen_version != saved.version and saved.marked_by_id != by.user_id:
            raise ChangedMeanwhile(saved)
        if hours + saved.made_up_hours > session.hours:
            raise MoveRefused(
                _("%(hours)s h have been made up already. Change the hours made up first.")
                % {"hours": number(saved.made_up_hours)}
            )
        saved.hours, saved.marked_by_id = hours, by.user_id
        if not saved.save_as_version(saved.version, fields=["hours", "marked_by_id"]):
            raise ChangedMeanwhile(Attendance.objects.select_related("marked_by").get(pk=saved.pk))
        record(by, Action.CHANGE, saved, fields_changed=["hours"])
    if hours < session.hours:
        tell_who_falls_short(cohort=session.cohort, people=[enrolment])
    return saved


@transaction.atomic
def mark_everybody_else(*, session: Session, by) -> int:
    """All hours for those who attend and have not been marked yet. Returns how many they were."""
    session = _open(session)
    attending = (
        Enrolment.objects.select_for_update(of=("self",))
        .filter(cohort=session.cohort_id, status=EnrolmentStatus.ATTENDING)
        .order_by("pk")
    )
    people = list(attending)
    marked = set(Attendance.objects.filter(session=session).values_list("enrolment_id", flat=True))
    made = Attendance.objects.bulk_create(
        Attendance(session=session, enrolment=person, hours=session.hours, marked_by_id=by.user_id)
        for person in people
        if person.pk not in marked
    )
    record_seen(by, Action.CREATE, made)  # a row for each person, in one go
    return len(made)


@transaction.atomic
def make_up(
    *,
    attendance: Attendance,
    hours: Decimal,
    how: str,
    on: datetime.date | None,
    by,
    seen_version: int,
) -> Attendance:
    """Write down hours that were made up later; 0 takes them away. Together with the hours attended they are at most
    the session's. Raises `AlreadyMoved` when somebody has changed the mark since `seen_version`."""
    _hold(attendance.enrolment)
    saved = Attendance.objects.select_related("session__cohort", "enrolment").get(pk=attendance.pk)
    if saved.version != seen_version:
        raise AlreadyMoved
    if saved.session.cohort.status != CohortStatus.RUNNING:
        raise MoveRefused(_("Attendance is marked while the training is running."))
    if saved.hours + hours > saved.session.hours:
        raise MoveRefused(
            _("At most %(hours)s h of this session can be made up.")
            % {"hours": number(saved.session.hours - saved.hours)}
        )
    saved.made_up_hours = hours
    saved.made_up_how, saved.made_up_on = (how, on) if hours else ("", None)
    fields = ["made_up_hours", "made_up_how", "made_up_on"]
    if not saved.save_as_version(seen_version, fields=fields):
        raise AlreadyMoved
    record(by, Action.CHANGE, saved, fields_changed=fields)
    tell_who_falls_short(cohort=saved.session.cohort, people=[saved.enrolment])
    return saved


@transaction.atomic
def tell_who_falls_short(*, cohort: Cohort, people: Iterable[Enrolment] | None = None) -> int:
    """Tell the staff when somebody can no longer reach the limit without making up: once a person, ever.

    Of `people`, or of all who attend the cohort. Returns how many there were.
    """
    attending = Enrolment.objects.filter(
        cohort=cohort, status=EnrolmentStatus.ATTENDING, short_told_on__isnull=True
    )
    if people is not None:
        attending = attending.filter(pk__in=[person.pk for person in people])
    attending = list(attending)
    if not attending:
        return 0
    short = [pk for pk, standing in standings(cohort, attending).items() if standing.is_short]
    # Held in one order, whoever asks: two who mark different sessions do not wait for each other in a ring.
    untold = Enrolment.objects.filter(pk__in=short, short_told_on__isnull=True).order_by("pk")
    held = list(untold.select_for_update().values_list("pk", flat=True))
    told = Enrolment.objects.filter(pk__in=held).update(short_told_on=today())
    if told:
        notify(staff_users(), role=Role.STAFF, kind="training_hours_short", about=cohort)
    return told
