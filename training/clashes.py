"""What does not go together in a programme: told in words, never forbidden."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from kumppani.core.dates import holiday_names
from kumppani.core.templatetags.kumppani import number
from training.models import Cohort, Session
from training.states import CohortStatus

# Hours are kept in tenths: a length of 6 h 45 min is written as 6.8 h and still is what it was.
SAME_MINUTES = 3


def day_words(day: datetime.date, cohort: Cohort) -> list[str]:
    """What is special about a day: a public holiday, or not within the cohort's dates."""
    words = []
    holiday = holiday_names(day.year).get(day)
    if holiday:
        words.append(_("A public holiday: %(name)s.") % {"name": holiday})
    if day < cohort.starts_on:
        words.append(_("Before the first day of the cohort."))
    if day > cohort.ends_on:
        words.append(_("After the last day of the cohort."))
    return words


def clashes(
    cohort: Cohort,
    sessions: Iterable[Session],
    *,
    among: QuerySet[Session],
    of: Iterable[Session] | None = None,
) -> dict[uuid.UUID, list[str]]:
    """Session → sentences about what does not go together with it. Nothing is said of what has been called off.

    `sessions`: the cohort's own, with `trainers` prefetched. `among`: the sessions that the reader may see; what a
    trainer does in other cohorts is told of these only. `of`: those that are asked about, all of `sessions` if left
    out. One query, however many there are.
    """
    held = [session for session in sessions if not session.is_cancelled]
    asked = [session for session in (held if of is None else of) if not session.is_cancelled]
    of_day = defaultdict(list)
    for session in held:
        of_day[session.date].append(session)
    elsewhere = _elsewhere(cohort, asked, among)
    found = {}
    for session in asked:
        words = [*day_words(session.date, cohort), *_hours_words(session)]
        for other in of_day[session.date]:
            if other.pk == session.pk or not overlap(session, other):
                continue
            words.append(_("At the same time: %(theme)s.") % {"theme": other.theme})
        for trainer in session.trainers.all():
            for other in elsewhere.get((trainer.pk, session.date), ()):
                words += _trainer_words(trainer.name, session, other)
        if words:
            found[session.pk] = words
    return found


def _elsewhere(cohort: Cohort, asked: list[Session], among: QuerySet[Session]) -> dict:
    """(trainer, day) → sessions of other cohorts on that day."""
    trainers = {trainer.pk for session in asked for trainer in session.trainers.all()}
    if not trainers:
        return {}
    links = (
        Session.trainers.through.objects.filter(
            trainer__in=trainers,
            session__in=among,
            session__date__in={session.date for session in asked},
            session__is_cancelled=False,
        )
        .exclude(session__cohort=cohort)
        .exclude(session__cohort__status=CohortStatus.CANCELLED)
        .select_related("session__cohort")
        .order_by("session__starts_at", "session_id")
    )
    found = defaultdict(list)
    for link in links:
        found[link.trainer_id, link.session.date].append(link.session)
    return found


def _trainer_words(name: str, session: Session, other: Session) -> list[str]:
    at_once = overlap(session, other)
    if at_once is False:
        return []
    facts = {"name": name, "theme": other.theme, "cohort": other.cohort.name}
    if at_once:
        return [_("%(name)s has another session at that time: %(theme)s, %(cohort)s.") % facts]
    return [_("%(name)s has another session on that day: %(theme)s, %(cohort)s.") % facts]


def _hours_words(session: Session) -> list[str]:
    """Whether the hours that count are another length than from the beginning to the end."""
    if session.starts_at is None or session.ends_at is None:
        return []
    length = minute_of(session.ends_at) - minute_of(session.starts_at)
    if abs(length - float(session.hours * 60)) <= SAME_MINUTES:
        return []
    facts = {
        "first": time_format(session.starts_at),
        "last": time_format(session.ends_at),
        "length": number(round(length / 60, 1)),
        "hours": number(session.hours),
    }
    return [_("From %(first)s to %(last)s is %(length)s h, and %(hours)s h count.") % facts]


def overlap(session: Session, other: Session) -> bool | None:
    """Whether two sessions of one day lie over each other. None: one has no time, so nobody knows."""
    if session.starts_at is None or other.starts_at is None:
        return None
    begins, other_begins = minute_of(session.starts_at), minute_of(other.starts_at)
    return begins < _end_minute(other) and other_begins < _end_minute(session)


def _end_minute(session: Session) -> float:
    if session.ends_at is not None:
        return minute_of(session.ends_at)
    return minute_of(session.starts_at) + float(session.hours * 60)


def minute_of(time: datetime.time) -> int:
    """Minutes since midnight."""
    return time.hour * 60 + time.minute
