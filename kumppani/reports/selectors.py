"""The report's numbers and the rows behind them. Reports only read, and never show a name (design.md 2)."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.db.models import CharField, Count, DecimalField, QuerySet, Sum, Value
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.core.dates import add_months, half_year, today
from kumppani.core.templatetags.kumppani import minutes, money, number
from kumppani.organisations.models import Grant
from kumppani.reports.figures import Definition, Figure, Period, Section, Unit, definitions
from pairing.models import MeetingKind
from tasks.models import AssignmentKind

NUMBER = DecimalField(max_digits=14, decimal_places=2)


def all_definitions() -> list[Definition]:
    """Every figure the report knows: one query, for the programme's own kinds of assignment."""
    return definitions(AssignmentKind.objects.order_by("name_fi", "code"))


def definition_named(name: str) -> Definition | None:
    """The figure of this name, or None."""
    return next((definition for definition in all_definitions() if definition.name == name), None)


def report(period: Period) -> list[Figure]:
    """Every figure of the period: two queries, whatever the number of figures and rows."""
    asked = [definition for definition in all_definitions() if definition.by_grant or period.grant is None]
    first, *others = [
        _sum_of(definition, rows) for definition in asked for rows in definition.all_rows(period)
    ]
    counts: Counter[str] = Counter()
    totals: defaultdict[str, Decimal] = defaultdict(Decimal)
    for name, count, total in first.union(*others, all=True):
        counts[name] += count
        totals[name] += Decimal(total)
    figures = []
    for definition in asked:
        count = counts[definition.name]
        value = totals[definition.name] / definition.divide if definition.adds_up else Decimal(count)
        figures.append(
            Figure(
                name=definition.name,
                section=definition.section,
                label=definition.label,
                definition=definition.definition,
                value=value,
                unit=definition.unit,
                n=count,
                basis=definition.basis,
                group=definition.group,
                breakdown=definition.breakdown,
                period=period,
            )
        )
    return figures


def _sum_of(definition: Definition, rows: QuerySet) -> QuerySet:
    """One row: the figure's name, how many of these rows it counts, what they add up to."""
    total = Sum(definition.adds_up) if definition.adds_up else Count("pk")
    return (
        rows.order_by()
        .annotate(figure=Value(definition.name, output_field=CharField()))
        .values("figure")
        .annotate(
            counted=Count("pk"), total=Coalesce(Cast(total, NUMBER), Value(Decimal(0), output_field=NUMBER))
        )
        .values_list("figure", "counted", "total")
    )


@dataclass(frozen=True)
class Group:
    """Figures under one word; the word may be empty."""

    label: object
    figures: list[Figure]

    @property
    def main(self) -> list[Figure]:
        """The figures that stand by themselves."""
        return [figure for figure in self.figures if not figure.breakdown]

    @property
    def parts(self) -> list[tuple[Figure, int]]:
        """The figures of the table, each with its share of the greatest, in per cent, for the drawn bar."""
        parts = [figure for figure in self.figures if figure.breakdown]
        greatest = max((figure.value for figure in parts), default=Decimal(0))
        return [(figure, int(figure.value * 100 / greatest) if greatest else 0) for figure in parts]

    @property
    def basis(self) -> str:
        """How the figures of the table came about."""
        return ", ".join(dict.fromkeys(str(figure.basis.label) for figure, _share in self.parts))

    @property
    def meanings(self) -> list[str]:
        """What the figures of the table mean, each sentence once."""
        return list(dict.fromkeys(str(figure.definition) for figure, _share in self.parts))


@dataclass(frozen=True)
class Part:
    """One section of the page."""

    section: Section
    groups: list[Group]

    @property
    def is_empty(self) -> bool:
        """Whether nothing of this happened."""
        return all(figure.n == 0 for group in self.groups for figure in group.figures)


def in_parts(figures: Iterable[Figure]) -> list[Part]:
    """The figures as the page shows them: section by section, group by group."""
    return [
        Part(
            section,
            [
                Group(label, list(members))
                for label, members in groupby(list(of_section), key=lambda f: f.group)
            ],
        )
        for section, of_section in groupby(figures, key=lambda figure: figure.section)
    ]


def in_words(figure: Figure) -> str:
    """The value with its unit, in the reader's language."""
    if figure.unit == Unit.EUROS:
        return money(figure.value)
    if figure.unit == Unit.HOURS:
        return _("%(hours)s h") % {"hours": number(figure.value)}
    return number(figure.value)


def plain(figure: Figure) -> int | float:
    """The value for a machine."""
    return (
        int(figure.value)
        if figure.value == figure.value.to_integral_value()
        else round(float(figure.value), 2)
    )


def as_dict(figure: Figure) -> dict:
    """One object of the JSON form."""
    return {
        "name": figure.name,
        "value": plain(figure),
        "unit": figure.unit.value,
        "n": figure.n,
        "basis": figure.basis.value,
        "section": figure.section.value,
        "label": str(figure.label),
        "definition": str(figure.definition),
        "period": {
            "from": figure.period.first.isoformat(),
            "to": figure.period.last.isoformat(),
            "grant": figure.period.grant.code if figure.period.grant else None,
        },
    }


# --- the rows behind a figure -----------------------------------------------------------------------------
@dataclass(frozen=True)
class Row:
    """One row as the report shows it: a date, what it is, how much, for whom, at most a code – never a name."""

    date: datetime.date | None
    kind: str
    amount: str = ""
    organisation: str = ""
    code: str = ""


# What a row of each model needs beside itself.
NEEDS = {
    "pairing.relationship": ("parent", "organisation"),
    "pairing.meeting": ("relationship__parent", "relationship__organisation"),
    "pairing.startmeeting": ("relationship__parent", "relationship__organisation"),
    "pairing.contactrequest": ("parent", "social_worker__organisation"),
    "pairing.parent": ("social_worker__organisation",),
    "pairing.socialworker": ("organisation",),
    "pairing.experiencepartner": ("enrolment__cohort",),
    "tasks.assignment": ("kind", "organisation"),
    "tasks.outreachevent": ("organisation",),
    "tasks.fee": ("participation__assignment__kind", "participation__assignment__organisation", "meeting"),
    "training.session": ("cohort",),
    "training.enrolment": ("cohort",),
}


def rows_of(definition: Definition, period: Period) -> list[QuerySet]:
    """The rows behind a figure, one queryset for each kind of record, with what showing them needs."""
    return [
        rows.select_related(*needed) if (needed := NEEDS.get(rows.model._meta.label_lower, ())) else rows
        for rows in definition.all_rows(period)
    ]


def shown(record) -> Row:
    """How one record stands in the list of rows."""
    return _SHOWN[record._meta.label_lower](record)


# The kinds of a meeting in a report's words; the partner's own page says "the two of us".
MEETING_WORDS = {
    MeetingKind.PEER: gettext_lazy("peer-support meeting"),
    MeetingKind.ACCOMPANIED: gettext_lazy("authority's meeting, accompanied"),
    MeetingKind.THREE_PARTY: gettext_lazy("meeting of the three"),
    MeetingKind.CALL: gettext_lazy("call"),
}


def _relationship(record) -> Row:
    return Row(
        date=record.started_on,
        kind=record.get_status_display(),
        organisation=record.organisation.name,
        code=record.parent.case_code,
    )


def _meeting(record) -> Row:
    return Row(
        date=record.date,
        kind=_("%(kind)s, %(place)s")
        % {"kind": MEETING_WORDS[record.kind], "place": record.get_place_display()},
        amount=minutes(record.minutes),
        organisation=record.relationship.organisation.name,
        code=record.relationship.parent.case_code,
    )


def _start_meeting(record) -> Row:
    return Row(
        date=record.held_on,
        kind=_("start meeting"),
        organisation=record.relationship.organisation.name,
        code=record.relationship.parent.case_code,
    )


def _request(record) -> Row:
    return Row(
        date=record.received_on,
        kind=record.get_route_display(),
        # What came by the public form is completed by the staff later.
        organisation=record.social_worker.organisation.name if record.social_worker_id else "",
        code=record.parent.case_code if record.parent_id else "",
    )


def _assignment(record) -> Row:
    return _with_audience(record, str(record.kind))


def _with_audience(record, kind: str) -> Row:
    hours = _("%(hours)s h") % {"hours": number(record.hours)}
    if record.audience_size:
        hours = _("%(hours)s, audience of %(size)s") % {"hours": hours, "size": number(record.audience_size)}
    return Row(date=record.date, kind=kind, amount=hours, organisation=record.organisation.name)


def _fee(record) -> Row:
    assignment = record.participation.assignment if record.participation_id else None
    return Row(
        date=timezone.localdate(record.approved_at),
        kind=str(assignment.kind) if assignment else _("meeting"),
        amount=money(record.amount),
        organisation=assignment.organisation.name if assignment else "",
    )


_SHOWN = {
    "pairing.relationship": _relationship,
    "pairing.meeting": _meeting,
    "pairing.startmeeting": _start_meeting,
    "pairing.contactrequest": _request,
    "pairing.parent": lambda record: Row(
        date=None,
        kind=_("parent"),
        organisation=record.social_worker.organisation.name,
        code=record.case_code,
    ),
    "pairing.socialworker": lambda record: Row(
        date=None, kind=_("social worker"), organisation=record.organisation.name
    ),
    "pairing.experiencepartner": lambda record: Row(
        date=record.enrolment.completed_on,
        kind=_("experience partner"),
        organisation=record.enrolment.cohort.name,
    ),
    "organisations.organisation": lambda record: Row(
        date=None, kind=record.get_kind_display(), organisation=record.name
    ),
    "tasks.assignment": _assignment,
    "tasks.outreachevent": lambda record: _with_audience(record, record.get_kind_display()),
    "tasks.mediahit": lambda record: Row(
        date=record.date, kind=record.get_kind_display(), organisation=record.medium
    ),
    "tasks.fee": _fee,
    "training.cohort": lambda record: Row(
        date=record.starts_on,
        kind=record.get_status_display(),
        amount=_("%(hours)s h") % {"hours": number(record.planned_hours)},
        organisation=record.name,
    ),
    "training.session": lambda record: Row(
        date=record.date,
        kind=record.get_kind_display(),
        amount=_("%(hours)s h") % {"hours": number(record.hours)},
        organisation=record.cohort.name,
    ),
    "training.enrolment": lambda record: Row(
        date=record.completed_on, kind=record.get_status_display(), organisation=record.cohort.name
    ),
}


# --- periods to choose from -------------------------------------------------------------------------------
def half_year_of(day: datetime.date) -> Period:
    """January–June or July–December."""
    return Period(*half_year(day))


def half_years(grants: Iterable[Grant]) -> list[Period]:
    """From the first grant's first day to now, newest first: the periods the programme reports on."""
    now = today()
    start = min((grant.starts_on for grant in grants), default=now)
    found = []
    current = half_year_of(min(start, now))
    while current.first <= now:
        found.append(current)
        current = half_year_of(add_months(current.first, 6))
    return found[::-1]


def half_year_words(period: Period) -> str:
    """Spring 2021"""
    words = _("Spring %(year)s") if period.first.month == 1 else _("Autumn %(year)s")
    return words % {"year": period.first.year}
