"""The programme of a cohort: its sessions, one by one or copied from an earlier cohort; and who teaches them."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.dates import today
from kumppani.core.saving import save_data
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.core.templatetags.kumppani import number
from kumppani.organisations.models import Organisation
from training.defaults import MODEL_PROGRAMME
from training.models import Attendance, Cohort, Session, SessionKind, Trainer
from training.services.attendance import tell_who_falls_short
from training.services.telling import is_known, is_moved, tell_of_change
from training.states import CohortStatus

SESSION_FIELDS = (
    "kind",
    "theme",
    "date",
    "starts_at",
    "ends_at",
    "hours",
    "room",
    "link",
    "organisation",
)
TRAINER_FIELDS = ("name", "expertise", "user")
ONE_WEEK = datetime.timedelta(days=7)


# --- one session ----------------------------------------------------------------------------------------------
@transaction.atomic
def create_session(*, cohort: Cohort, trainers: Iterable[Trainer], by, **facts) -> Session:
    """One more time of a cohort that is not over."""
    _hold(cohort)
    session = _tidy(Session(cohort=cohort, **facts))
    save_data(session, by=by, fields=list(SESSION_FIELDS))
    session.trainers.set(trainers)
    return session


@transaction.atomic
def edit_session(*, session: Session, trainers: Iterable[Trainer], by, seen_version: int) -> Session:
    """Mend the facts that `session` now holds, and who teaches.

    It cannot become shorter than the hours somebody has been marked for. Raises `AlreadyMoved` when somebody has saved
    since `seen_version`. When it is moved, those who come and those who teach are told.
    """
    _hold(session.cohort)
    before = _held(session)
    most = Attendance.objects.filter(session=session).aggregate(most=Max(F("hours") + F("made_up_hours")))[
        "most"
    ]
    if most is not None and most > session.hours:
        message = _("Somebody has been marked as present for %(hours)s h. Mend that first.")
        raise ValidationError({"hours": message % {"hours": number(most)}})
    moved = is_moved(before, session) and is_known(session.cohort)
    if moved:
        session.changed_on = today()
    fields = [*SESSION_FIELDS, "changed_on"] if moved else list(SESSION_FIELDS)
    teachers = set(before.trainers.all()).union(trainers)
    save_data(_tidy(session), by=by, fields=fields, seen_version=seen_version)
    session.trainers.set(trainers)
    if moved:
        tell_of_change(cohort=session.cohort, trainers=teachers, by=by)
    tell_who_falls_short(cohort=session.cohort)
    return session


@transaction.atomic
def call_off_session(*, session: Session, by) -> None:
    """It will not be held: it counts in no sum, and nobody is marked. Not once somebody has been marked.

    Those who would have come and those who teach are told; and with fewer hours to come somebody may no longer reach
    the limit: of that the staff are told.
    """
    _set_called_off(session, by=by, called_off=True)
    if session.cohort.status == CohortStatus.RUNNING:
        tell_who_falls_short(cohort=session.cohort)


@transaction.atomic
def restore_session(*, session: Session, by) -> None:
    """It will be held after all; those who come and those who teach are told."""
    _set_called_off(session, by=by, called_off=False)


def _set_called_off(session: Session, *, by, called_off: bool) -> None:
    _hold(session.cohort)
    held = _held(session)
    if held.is_cancelled == called_off:
        raise AlreadyMoved
    _nobody_marked(held)
    held.is_cancelled = called_off
    held.version += 1
    if not called_off and is_known(session.cohort):
        held.changed_on = today()
    held.save(update_fields=["is_cancelled", "changed_on", "version", "updated_at"])
    record(by, Action.CHANGE, held, fields_changed=["is_cancelled"])
    session.is_cancelled, session.version = held.is_cancelled, held.version
    _tell_if_coming(held, by=by)
    if called_off:
        tell_who_falls_short(cohort=session.cohort)


@transaction.atomic
def delete_session(*, session: Session, by) -> None:
    """Take away what was written down by mistake; not once somebody has been marked.

    Whoever has read it there might come: they are told as if it had been called off.
    """
    _hold(session.cohort)
    held = _held(session)
    _nobody_marked(held)
    if not held.is_cancelled:
        _tell_if_coming(held, by=by)
    record(by, Action.CHANGE, held, detail="deleted")
    held.delete()
    tell_who_falls_short(cohort=session.cohort)


def _hold(cohort: Cohort) -> None:
    """Hold the cohort's row; a cohort that is over keeps its programme as it was."""
    cohort.lock(moved_is_fine=True)
    if not cohort.is_open:
        raise MoveRefused(_("This cohort is over. Its programme stays as it was."))


def _held(session: Session) -> Session:
    held = Session.objects.select_for_update(of=("self",)).filter(pk=session.pk).first()
    if held is None:
        raise AlreadyMoved
    return held


def _tell_if_coming(session: Session, *, by) -> None:
    """What is over calls nobody."""
    if session.date >= today():
        tell_of_change(cohort=session.cohort, trainers=session.trainers.all(), by=by)


def _nobody_marked(session: Session) -> None:
    if session.attendances.exists():
        raise MoveRefused(_("Somebody has been marked at this session. It stays."))


def _tidy(session: Session) -> Session:
    """Only a visit has somebody who is visited."""
    if session.kind != SessionKind.VISIT:
        session.organisation = None
    return session


# --- the whole programme --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class PlannedSession:
    """A session as it would be copied."""

    date: datetime.date
    hours: Decimal
    kind: str
    theme: str
    starts_at: datetime.time | None = None
    ends_at: datetime.time | None = None
    room: str = ""
    organisation: Organisation | None = None
    trainers: tuple[Trainer, ...] = ()

    @property
    def kind_words(self) -> str:
        return SessionKind(self.kind).label


def planned_copy(
    *, cohort: Cohort, source: Cohort | None, keep_trainers: bool = True
) -> list[PlannedSession]:
    """The sessions of `source`, moved by whole weeks to where `cohort` begins; without a source the model programme.

    Every session keeps its day of the week. The first one falls on the cohort's first day, or on the first such day of
    the week after it. What was called off and links to meetings online are left out.
    """
    if source is None:
        return [
            PlannedSession(
                date=cohort.starts_on + row.weeks * ONE_WEEK,
                hours=row.hours,
                kind=row.kind,
                theme=row.theme(cohort.language),
                starts_at=row.starts_at,
                ends_at=row.ends_at,
            )
            for row in MODEL_PROGRAMME
        ]
    sessions = list(
        source.sessions.held().select_related("organisation").prefetch_related("trainers").in_order()
    )
    if not sessions:
        return []
    shift = _whole_weeks(sessions[0].date, cohort.starts_on)
    return [
        PlannedSession(
            date=session.date + shift,
            hours=session.hours,
            kind=session.kind,
            theme=session.theme,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            room=session.room,
            organisation=session.organisation,
            trainers=tuple(session.trainers.all()) if keep_trainers else (),
        )
        for session in sessions
    ]


def _whole_weeks(first: datetime.date, new_first: datetime.date) -> datetime.timedelta:
    """The least whole number of weeks that brings `first` to `new_first` or after it; negative for an earlier one."""
    days = (new_first - first).days
    return datetime.timedelta(days=-(-days // 7) * 7)


@transaction.atomic
def copy_programme(*, cohort: Cohort, source: Cohort | None, keep_trainers: bool, by) -> list[Session]:
    """Give a cohort the sessions of another, or the model programme: all of them or none.

    Only into an empty programme, so that nothing stands there twice.
    """
    _hold(cohort)
    if cohort.sessions.exists():
        raise MoveRefused(
            _("This cohort has sessions already. Take them away first, or add what is missing one by one.")
        )
    planned = planned_copy(cohort=cohort, source=source, keep_trainers=keep_trainers)
    if not planned:
        raise MoveRefused(_("That cohort has no sessions to copy."))
    sessions = [
        Session(
            cohort=cohort,
            date=one.date,
            hours=one.hours,
            kind=one.kind,
            theme=one.theme,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            room=one.room,
            organisation=one.organisation,
        )
        for one in planned
    ]
    Session.objects.bulk_create(sessions)
    Session.trainers.through.objects.bulk_create(
        Session.trainers.through(session=session, trainer=trainer)
        for session, one in zip(sessions, planned, strict=True)
        for trainer in one.trainers
    )
    record(by, Action.CHANGE, cohort, detail="programme copied")
    return sessions


@transaction.atomic
def clear_programme(*, cohort: Cohort, by) -> int:
    """Take all sessions away, to plan anew; only before the training has begun. Returns how many there were."""
    _hold(cohort)
    if cohort.status == CohortStatus.RUNNING:
        raise MoveRefused(_("The training has begun. Take sessions away one by one."))
    held = list(cohort.sessions.select_for_update(of=("self",)).order_by("id"))
    if Attendance.objects.filter(session__cohort=cohort).exists():
        raise MoveRefused(_("Somebody has been marked at a session already. The programme stays."))
    record(by, Action.CHANGE, cohort, detail="programme cleared")
    cohort.sessions.filter(pk__in=[session.pk for session in held]).delete()
    return len(held)


# --- trainers -------------------------------------------------------------------------------------------------
def save_trainer(*, trainer: Trainer, by, seen_version: int | None = None) -> Trainer:
    """A new trainer, or a mended one. Raises `AlreadyMoved` when somebody has saved since `seen_version`."""
    return save_data(trainer, by=by, fields=list(TRAINER_FIELDS), seen_version=seen_version)
