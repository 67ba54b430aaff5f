"""Two things at once: told, never forbidden. What the other thing is, only its partner hears."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, DecimalField, ExpressionWrapper, F, IntegerField, TextField, Value, When
from django.db.models.functions import Cast
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from pairing.models import Meeting
from tasks.models import Assignment, OutreachEvent, OutreachKind, Participation
from tasks.states import COMING, ParticipationStatus


@dataclass(frozen=True)
class Clash:
    """Something else of one partner on the day of an assignment. `title` is empty for a peer-support meeting."""

    title: str
    starts_at: datetime.time | None
    minutes: int | None
    at_once: bool

    @property
    def for_staff(self) -> str:
        """That there is something, and not what."""
        return _("Has something else at that time") if self.at_once else _("Has something else on that day")

    @property
    def for_partner(self) -> str:
        """To the partner her- or himself, in words."""
        facts = {
            "what": self.title or _("a meeting"),
            "time": time_format(self.starts_at) if self.starts_at else "",
        }
        if self.at_once:
            return _("At that time you have something else: %(what)s, at %(time)s.") % facts
        if self.starts_at:
            return _("On that day you have something else too: %(what)s, at %(time)s.") % facts
        return _("On that day you have something else too: %(what)s.") % facts


def clashes(assignment: Assignment, partners: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Clash]]:
    """Partner → what else there is on the assignment's day: other assignments taken on, acquaintance events, meetings.

    One query, however many partners there are.
    """
    partners = list(partners)

    def in_minutes(path: str) -> Cast:
        return Cast(ExpressionWrapper(F(path) * 60, output_field=DecimalField()), IntegerField())

    taken_on = (
        Participation.objects.filter(
            partner__in=partners,
            status=ParticipationStatus.ACCEPTED,
            assignment__date=assignment.date,
            assignment__status__in=COMING,
        )
        .exclude(assignment=assignment)
        .order_by()
        .values_list(
            "partner_id",
            "assignment__starts_at",
            in_minutes("assignment__hours"),
            Cast("assignment__title", TextField()),
        )
    )
    kinds = [
        When(outreachevent__title="", outreachevent__kind=kind, then=Value(str(words)))
        for kind, words in OutreachKind.choices
    ]
    events = (
        OutreachEvent.partners.through.objects.filter(
            experiencepartner__in=partners, outreachevent__date=assignment.date
        )
        .order_by()
        .values_list(
            "experiencepartner_id",
            "outreachevent__starts_at",
            in_minutes("outreachevent__hours"),
            Case(*kinds, default=Cast("outreachevent__title", TextField()), output_field=TextField()),
        )
    )
    meetings = (
        Meeting.objects.planned()
        .filter(relationship__partner__in=partners, date=assignment.date)
        .order_by()
        .values_list(
            "relationship__partner_id",
            "starts_at",
            Cast("minutes", IntegerField()),
            Value("", output_field=TextField()),
        )
    )
    found = defaultdict(list)
    for partner, starts_at, length, title in taken_on.union(events, meetings, all=True):
        at_once = _overlap(
            assignment.starts_at, int(assignment.hours * 60), starts_at, length if length is not None else 60
        )
        found[partner].append(Clash(title, starts_at, length, at_once))
    for several in found.values():
        several.sort(key=lambda clash: (not clash.at_once, clash.starts_at or datetime.time.min, clash.title))
    return dict(found)


def _overlap(
    start: datetime.time | None, minutes: int, other: datetime.time | None, other_minutes: int
) -> bool:
    """Whether two things of one day lie over each other. Without a time nobody knows."""
    if start is None or other is None:
        return False
    begins, other_begins = start.hour * 60 + start.minute, other.hour * 60 + other.minute
    return begins < other_begins + other_minutes and other_begins < begins + minutes
