"""Outreach summed up: by kind of organisation and by municipality (B3). The rows and the sums are the same rows."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Sum

from kumppani.organisations.models import OrganisationKind
from tasks.models import Assignment, Category, OutreachEvent, Participation
from tasks.states import ParticipationStatus


@dataclass
class Sums:
    """One line: events in all, how many of them were ordered (assignments), hours, audience, hours of partners."""

    label: str
    key: str = ""
    events: int = 0
    ordered: int = 0
    hours: Decimal = Decimal(0)
    audience: int = 0
    partner_hours: Decimal = Decimal(0)

    def add(self, part: "Part") -> None:
        self.events += part.events
        self.ordered += part.ordered
        self.hours += part.hours
        self.audience += part.audience
        self.partner_hours += part.partner_hours


@dataclass(frozen=True)
class Part:
    """The sum of some rows of one kind of organisation and one municipality."""

    kind: str
    municipality: str = ""
    events: int = 0
    ordered: int = 0
    hours: Decimal = Decimal(0)
    audience: int = 0
    partner_hours: Decimal = Decimal(0)


@dataclass
class OutreachSums:
    """The sums of one period."""

    first: datetime.date
    last: datetime.date
    total: Sums
    kinds: list[Sums] = field(default_factory=list)
    municipalities: list[Sums] = field(default_factory=list)


def outreach_sums(actor, first: datetime.date, last: datetime.date) -> OutreachSums:
    """What was done from `first` to `last`, both included, to make the work known: four queries.

    Acquaintance events that have been held, and done assignments of the category "making the work known"; each counts
    once. Hours are those of the event; hours of partners are its hours times the partners who were there. An assignment
    names no municipality: it stands in the line without one.
    """
    parts = [*_of_events(actor, first, last), *_of_assignments(actor, first, last)]
    sums = OutreachSums(first, last, Sums(""))
    for part in parts:
        sums.total.add(part)
    sums.kinds = [
        line
        for kind in OrganisationKind
        if (line := _line(parts, kind.value, str(kind.label), lambda part: part.kind)).events
    ]
    names = {part.municipality for part in parts}
    sums.municipalities = [
        line
        for name in sorted(names, key=lambda name: (name == "", name.casefold()))
        if (line := _line(parts, name, name, lambda part: part.municipality)).events
    ]
    return sums


def _line(parts: Iterable[Part], key: str, label: str, key_of) -> Sums:
    line = Sums(label, key)
    for part in parts:
        if key_of(part) == key:
            line.add(part)
    return line


def _of_events(actor, first: datetime.date, last: datetime.date) -> list[Part]:
    events = OutreachEvent.objects.visible_to(actor).held_between(first, last).order_by()
    by = ("organisation__kind", "municipality")
    found = [
        Part(kind, municipality, events=count, hours=hours, audience=audience or 0)
        for kind, municipality, count, hours, audience in events.values_list(*by).annotate(
            Count("pk"), Sum("hours"), Sum("audience_size")
        )
    ]
    # One row for each partner who was there: the hours come as often as there were partners.
    with_partners = events.filter(partners__isnull=False).values_list(*by).annotate(Sum("hours"))
    return found + [
        Part(kind, municipality, partner_hours=hours) for kind, municipality, hours in with_partners
    ]


def _of_assignments(actor, first: datetime.date, last: datetime.date) -> list[Part]:
    done = (
        Assignment.objects.visible_to(actor)
        .done_between(first, last)
        .filter(kind__category=Category.ACQUAINTANCE)
        .order_by()
    )
    found = [
        Part(kind, events=count, ordered=count, hours=hours, audience=audience or 0)
        for kind, count, hours, audience in done.values_list("organisation__kind").annotate(
            Count("pk"), Sum("hours"), Sum("audience_size")
        )
    ]
    there = Participation.objects.visible_to(actor).filter(
        status=ParticipationStatus.DONE, assignment__in=done.values("pk")
    )
    with_partners = (
        there.order_by().values_list("assignment__organisation__kind").annotate(Sum("assignment__hours"))
    )
    return found + [Part(kind, partner_hours=hours) for kind, hours in with_partners]
