"""The calendar: what is coming and what has been, for each role, in a fixed number of queries.

* staff – assignments, acquaintance events, training sessions, supervision; what does not go together is told in words
* partner – own meetings, own assignments, own acquaintance events, own supervision; the same is told to her or him
  about her- or himself
* parent – own meetings
* social worker – what is due for own clients, and what was held with all three; of the meetings no rows (decision
  record 6)
* trainer – the sessions of own cohorts

What a partner and a parent read names nobody: a phone is looked at over the shoulder. A day takes only so many lines
from the database, whatever there is on it; how many there are in all comes with them.
"""

import datetime
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import (
    CharField,
    Count,
    DecimalField,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    Window,
)
from django.db.models.functions import Cast, RowNumber
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kumppani.accounts.roles import Role
from kumppani.core.dates import ONE_DAY, add_months, holiday_names, today
from kumppani.core.templatetags.kumppani import minutes as minutes_words
from kumppani.core.templatetags.kumppani import number
from pairing.models import (
    ExperiencePartner,
    Meeting,
    MeetingKind,
    Relationship,
    Review,
    Supervision,
    SupervisionPresence,
)
from pairing.states import MeetingStatus, RelationshipStatus
from tasks.models import Assignment, OutreachEvent, Participation
from tasks.states import COMING, AssignmentStatus, ParticipationStatus
from training.models import Session
from training.states import CohortStatus

IN_A_MONTH = 4  # lines of a day in the month's table
IN_A_LIST = 12  # lines of a day in the list of the coming days
IN_A_DAY = 300  # lines of one day alone
AHEAD = 60  # days of the list
UNKNOWN_MINUTES = 60  # a planned meeting whose length nobody has written down
TAKES_TIME = (ParticipationStatus.OFFERED, ParticipationStatus.ACCEPTED)


@dataclass
class Entry:
    """One line. `word` and `tone` say its state; `warnings` what does not go together, each a sentence."""

    day: datetime.date
    title: str
    url: str
    pk: uuid.UUID
    starts_at: datetime.time | None = None
    minutes: int | None = None
    detail: str = ""
    word: str = ""
    tone: str = "plain"
    warnings: list[str] = field(default_factory=list)
    is_over: bool = False  # held or done: it stands in nobody's way any more

    @property
    def order(self) -> tuple:
        """By the hour; what has none comes last."""
        return (self.starts_at is None, self.starts_at or datetime.time.min, self.title, str(self.pk))


@dataclass
class Found:
    """What one source gives: lines, how many there are in all on each day, and the records about people shown."""

    entries: list[Entry] = field(default_factory=list)
    totals: Counter = field(default_factory=Counter)
    seen: list = field(default_factory=list)


@dataclass(frozen=True)
class Day:
    """One day with its first lines."""

    date: datetime.date
    entries: tuple[Entry, ...] = ()
    total: int = 0
    holiday: str = ""
    is_today: bool = False
    is_in_month: bool = True

    @property
    def more(self) -> int:
        """How many lines of it are not shown."""
        return self.total - len(self.entries)


@dataclass(frozen=True)
class Week:
    number: int
    days: tuple[Day, ...]


@dataclass(frozen=True)
class Month:
    """The weeks that a month touches, Monday first; days of its neighbours are empty."""

    first: datetime.date
    weeks: tuple[Week, ...]
    seen: tuple

    @property
    def label(self) -> str:
        """November 2026"""
        return capfirst(date_format(self.first, _("F Y")))

    @property
    def weekdays(self) -> list[tuple[str, str]]:
        """(whole name, short name) of each day of the week, Monday first."""
        return [
            (capfirst(date_format(day.date, "l")), capfirst(date_format(day.date, "D")))
            for day in self.weeks[0].days
        ]

    @property
    def is_empty(self) -> bool:
        return not any(day.total for week in self.weeks for day in week.days)


def month_of(actor, day: datetime.date) -> Month:
    """The month in which `day` lies, as this actor sees it."""
    first = day.replace(day=1)
    last = add_months(first, 1) - ONE_DAY
    found = days_between(actor, first, last, at_most=IN_A_MONTH)
    by_date = {one.date: one for one in found.days}
    monday = first - first.weekday() * ONE_DAY
    weeks = []
    while monday <= last:
        dates = [monday + index * ONE_DAY for index in range(7)]
        weeks.append(
            Week(
                monday.isocalendar().week,
                tuple(by_date.get(date, Day(date, is_in_month=False)) for date in dates),
            )
        )
        monday += 7 * ONE_DAY
    return Month(first, tuple(weeks), tuple(found.seen))


@dataclass(frozen=True)
class Days:
    days: tuple[Day, ...]
    seen: tuple

    @property
    def busy(self) -> list[Day]:
        """Those on which there is something."""
        return [day for day in self.days if day.total]


def days_between(actor, first: datetime.date, last: datetime.date, *, at_most: int) -> Days:
    """Every day from `first` to `last`, both included, with at most so many lines each."""
    found = [source(actor, first, last, at_most) for source in SOURCES[actor.role]]
    lines, totals = defaultdict(list), Counter()
    for part in found:
        totals.update(part.totals)
        for entry in part.entries:
            lines[entry.day].append(entry)
    shown = {day: sorted(entries, key=lambda entry: entry.order)[:at_most] for day, entries in lines.items()}
    warned = WARNINGS.get(actor.role, _nobody_to_warn)(
        [entry for day in shown.values() for entry in day], last
    )
    now = today()
    names = {year: holiday_names(year) for year in range(first.year, last.year + 1)}
    days = tuple(
        Day(
            date,
            entries=tuple(shown.get(date, ())),
            total=totals[date],
            holiday=str(names[date.year].get(date, "")),
            is_today=date == now,
        )
        for date in (first + index * ONE_DAY for index in range((last - first).days + 1))
    )
    return Days(days, (*(record for part in found for record in part.seen), *warned))


# --- where the lines come from: one query each ---------------------------------------------------------------
def _first_of_each_day(rows: QuerySet, first, last, at_most: int, *order, day: str = "date") -> list:
    """The first rows of each day, each with `of_day`: how many the day has."""
    return list(
        rows.filter(**{f"{day}__gte": first, f"{day}__lte": last})
        .order_by()
        .annotate(
            nr=Window(RowNumber(), partition_by=F(day), order_by=[*order, F("pk").asc()]),
            of_day=Window(Count("pk"), partition_by=F(day)),
        )
        .filter(nr__lte=at_most)
    )


def _by_hour(path: str = "") -> object:
    return F(f"{path}starts_at").asc(nulls_last=True)


def _assignments(actor, first, last, at_most: int) -> Found:
    """For the staff: every assignment that has not been called off, with its state."""
    rows = _first_of_each_day(
        Assignment.objects.visible_to(actor)
        .exclude(status=AssignmentStatus.CANCELLED)
        .select_related("organisation"),
        first,
        last,
        at_most,
        _by_hour(),
    )
    found = Found()
    for row in rows:
        found.totals[row.date] = row.of_day
        found.entries.append(
            Entry(
                day=row.date,
                title=row.title,
                url=row.get_absolute_url(),
                pk=row.pk,
                starts_at=row.starts_at,
                minutes=int(row.hours * 60),
                detail=row.organisation.name,
                word=_("Mark as done?") if row.waits_for_marking else row.get_status_display(),
                tone="wait" if row.waits_for_marking else row.tone,
            )
        )
    return found


def _outreach(actor, first, last, at_most: int) -> Found:
    rows = _first_of_each_day(
        OutreachEvent.objects.visible_to(actor).select_related("organisation"),
        first,
        last,
        at_most,
        _by_hour(),
    )
    found = Found()
    for row in rows:
        found.totals[row.date] = row.of_day
        found.entries.append(
            Entry(
                day=row.date,
                title=capfirst(str(row)),
                url=row.get_absolute_url(),
                pk=row.pk,
                starts_at=row.starts_at,
                minutes=int(row.hours * 60),
                detail=row.organisation.name,
                word=_("Acquaintance event"),
            )
        )
    return found


def _sessions(actor, first, last, at_most: int) -> Found:
    """Times of training that are held: neither the session nor its cohort has been called off."""
    rows = _first_of_each_day(
        Session.objects.visible_to(actor)
        .held()
        .exclude(cohort__status=CohortStatus.CANCELLED)
        .select_related("cohort"),
        first,
        last,
        at_most,
        _by_hour(),
    )
    found = Found()
    for row in rows:
        found.totals[row.date] = row.of_day
        found.entries.append(
            Entry(
                day=row.date,
                title=row.theme,
                url=row.get_absolute_url(),
                pk=row.pk,
                starts_at=row.starts_at,
                minutes=row.minutes,
                detail=f"{row.cohort.name} · {_('%(hours)s h') % {'hours': number(row.hours)}}",
                word=_("Training session"),
            )
        )
    return found


def _supervision(actor, first, last, at_most: int) -> Found:
    """Times of supervision: those the staff lead, those a partner is invited to. The line says nobody's name."""
    rows = _first_of_each_day(
        Supervision.objects.visible_to(actor).filter(is_cancelled=False), first, last, at_most, _by_hour()
    )
    found = Found()
    now = today()
    for row in rows:
        found.totals[row.date] = row.of_day
        found.entries.append(
            Entry(
                day=row.date,
                title=capfirst(row.get_kind_display()),
                url=row.get_absolute_url(),
                pk=row.pk,
                starts_at=row.starts_at,
                minutes=row.minutes,
                detail=" · ".join(filter(None, [row.place, minutes_words(row.minutes)])),
                word=_("Supervision"),
                is_over=row.date < now,
            )
        )
    return found


def _meetings(actor, first, last, at_most: int) -> Found:
    """Own meetings, planned or held. The line says what and where, not with whom."""
    rows = _first_of_each_day(
        Meeting.objects.visible_to(actor)
        .filter(status__in=[MeetingStatus.PLANNED, MeetingStatus.HELD])
        .select_related("relationship"),
        first,
        last,
        at_most,
        _by_hour(),
    )
    found = Found(seen=[row.relationship for row in rows])
    for row in rows:
        found.totals[row.date] = row.of_day
        is_call = row.kind == MeetingKind.CALL
        found.entries.append(
            Entry(
                day=row.date,
                title=pgettext("calendar", "Call") if is_call else pgettext("calendar", "Meeting"),
                url=row.get_absolute_url(),
                pk=row.pk,
                starts_at=row.starts_at,
                minutes=row.minutes,
                detail=" · ".join(
                    filter(
                        None, ["" if is_call else str(row.get_place_display()), minutes_words(row.minutes)]
                    )
                ),
                word=row.get_status_display(),
                tone="good" if row.status == MeetingStatus.HELD else "note",
                is_over=row.status == MeetingStatus.HELD,
            )
        )
    return found


def _participations(actor, first, last, at_most: int) -> Found:
    """A partner's own assignments: asked, taken on, done."""
    rows = _first_of_each_day(
        Participation.objects.visible_to(actor)
        .filter(status__in=[*TAKES_TIME, ParticipationStatus.DONE])
        .exclude(assignment__status=AssignmentStatus.CANCELLED)
        .select_related("assignment__organisation", "partner"),
        first,
        last,
        at_most,
        _by_hour("assignment__"),
        day="assignment__date",
    )
    found = Found()
    for row in rows:
        assignment = row.assignment
        found.totals[assignment.date] = row.of_day
        entry = Entry(
            day=assignment.date,
            title=assignment.title,
            url=assignment.get_absolute_url(),
            pk=row.pk,
            starts_at=assignment.starts_at,
            minutes=int(assignment.hours * 60),
            detail=assignment.organisation.name,
            word=row.get_status_display(),
            tone=row.tone,
            is_over=row.status not in TAKES_TIME,
        )
        if not entry.is_over and entry.day >= today() and not row.partner.is_available:
            entry.warnings.append(_("You are having a break."))
        found.entries.append(entry)
    return found


def _own_clients(actor, first, last, at_most: int) -> Found:
    """What a social worker has to do, and has done, with own clients: two queries, as many lines as there are."""
    found = Found()
    reviews = Review.objects.filter(relationship=OuterRef("pk"), held_on__isnull=True).order_by("due_on")
    relationships = (
        Relationship.objects.visible_to(actor)
        .open()
        .with_final_day()
        .with_decided_on()
        .annotate(
            review_pk=Subquery(reviews.values("pk")[:1]), review_on=Subquery(reviews.values("due_on")[:1])
        )
        .select_related("parent", "partner", "start_meeting")
    )
    now = today()

    def add(relationship, day, title: str, url: str, word: str, tone: str) -> None:
        if day is None or not first <= day <= last:
            return
        found.totals[day] += 1
        found.seen.append(relationship)
        found.entries.append(
            Entry(
                day=day,
                title=_("%(what)s: %(parent)s and %(partner)s")
                % {
                    "what": title,
                    "parent": relationship.parent.first_name,
                    "partner": relationship.partner.first_name,
                },
                url=url,
                pk=relationship.pk,
                word=word,
                tone=tone,
            )
        )

    def due(day) -> tuple[str, str]:
        return (_("was due"), "wait") if day is not None and day < now else (_("due"), "note")

    for one in relationships:
        start_meeting = getattr(one, "start_meeting", None)
        if one.status == RelationshipStatus.DECIDED and one.decided_on is not None:
            latest = one.decided_on + settings.START_MEETING_DAYS * ONE_DAY
            url = reverse("start_meeting", args=[one.pk])
            add(one, latest, _("Start meeting, at the latest"), url, *due(latest))
        elif start_meeting is not None:
            add(one, start_meeting.held_on, _("Start meeting"), one.get_absolute_url(), _("held"), "good")
        if not one.is_running:
            continue
        if one.review_pk:
            url = reverse("review_hold", args=[one.review_pk])
            add(one, one.review_on, _("Review"), url, *due(one.review_on))
        decide = reverse("relationship_decide", args=[one.pk])
        add(one, one.valid_to, _("The decision ends"), decide, *_ends(one.valid_to, now))
        agreements = reverse("relationship_agreements", args=[one.pk])
        add(one, one.agreed_end, _("Last agreed day"), agreements, *_ends(one.agreed_end, now))
    held = (
        Review.objects.visible_to(actor)
        .filter(held_on__gte=first, held_on__lte=last)
        .select_related("relationship__parent", "relationship__partner")
    )
    for review in held:
        one = review.relationship
        add(one, review.held_on, _("Review"), one.get_absolute_url(), _("held"), "good")
    return found


def _ends(day: datetime.date | None, now: datetime.date) -> tuple[str, str]:
    return (_("over"), "plain") if day is not None and day < now else (_("coming to an end"), "wait")


SOURCES: dict[str, tuple[Callable[..., Found], ...]] = {
    Role.STAFF: (_assignments, _outreach, _sessions, _supervision),
    Role.PARTNER: (_meetings, _participations, _outreach, _supervision),
    Role.PARENT: (_meetings,),
    Role.SOCIAL_WORKER: (_own_clients,),
    Role.TRAINER: (_sessions,),
}


# --- what does not go together: told, never forbidden ----------------------------------------------------------
@dataclass(frozen=True)
class Busy:
    """A stretch of one partner's time."""

    pk: uuid.UUID  # the assignment, the event or the meeting
    day: datetime.date
    starts_at: datetime.time | None
    minutes: int | None
    is_sure: bool = True  # an offer that nobody has said yes to takes no time yet

    def goes_with(self, other: "Busy") -> bool | None:
        """Whether one can do both; None where nobody knows, because one of them has no hour."""
        if self.day != other.day:
            return True
        if self.starts_at is None or other.starts_at is None:
            return None
        begins, other_begins = _minute(self.starts_at), _minute(other.starts_at)
        return begins >= other_begins + other.length or other_begins >= begins + self.length

    @property
    def length(self) -> int:
        return UNKNOWN_MINUTES if self.minutes is None else self.minutes


def _minute(time: datetime.time) -> int:
    return time.hour * 60 + time.minute


def _nobody_to_warn(entries: Iterable[Entry], last: datetime.date) -> list:
    return []


def _warn_staff(entries: Iterable[Entry], last: datetime.date) -> list[ExperiencePartner]:
    """Mark the lines at which a partner has something else, or a break. Returns the partners named: two queries."""
    now = today()
    coming = {entry.pk: entry for entry in entries if entry.day >= now}
    if not coming:
        return []
    partners = {
        partner.pk: partner
        for partner in ExperiencePartner.objects.distinct().filter(
            Q(
                pk__in=Participation.objects.filter(
                    assignment__in=coming, assignment__status__in=COMING, status__in=TAKES_TIME
                ).values("partner")
            )
            | Q(
                pk__in=OutreachEvent.partners.through.objects.filter(outreachevent__in=coming).values(
                    "experiencepartner"
                )
            )
            | Q(pk__in=SupervisionPresence.objects.filter(supervision__in=coming).values("partner"))
        )
    }
    named = {}
    for pk, times in _busy(partners, now, last).items():
        partner = partners[pk]
        for time in times:
            entry = coming.get(time.pk)
            if entry is None:
                continue
            words = []
            if not partner.is_available:
                words.append(_("%(name)s is having a break."))
            others = [time.goes_with(other) for other in times if other.pk != time.pk and other.is_sure]
            if False in others:
                words.append(_("%(name)s has something else at that time."))
            elif None in others:
                words.append(_("%(name)s has something else on that day."))
            if words:
                named[pk] = partner
                entry.warnings += [sentence % {"name": partner.name} for sentence in words]
    for entry in coming.values():
        entry.warnings.sort()
    return list(named.values())


def _busy(partners: Iterable[uuid.UUID], first, last) -> dict[uuid.UUID, list[Busy]]:
    """Partner → what takes time from `first` to `last`: assignments, events, meetings, supervision. One query."""
    partners = list(partners)
    if not partners:
        return {}

    def in_minutes(path: str):
        return Cast(
            ExpressionWrapper(F(path) * 60, output_field=DecimalField(max_digits=8, decimal_places=1)),
            IntegerField(),
        )

    def code(word: str) -> Value:
        return Value(word, output_field=CharField())

    asked = Participation.objects.filter(
        partner__in=partners,
        status__in=TAKES_TIME,
        assignment__status__in=COMING,
        assignment__date__gte=first,
        assignment__date__lte=last,
    ).values_list(
        "partner_id",
        "assignment_id",
        "assignment__date",
        "assignment__starts_at",
        in_minutes("assignment__hours"),
        "status",
    )
    present = OutreachEvent.partners.through.objects.filter(
        experiencepartner__in=partners, outreachevent__date__gte=first, outreachevent__date__lte=last
    ).values_list(
        "experiencepartner_id",
        "outreachevent_id",
        "outreachevent__date",
        "outreachevent__starts_at",
        in_minutes("outreachevent__hours"),
        code("present"),
    )
    meetings = (
        Meeting.objects.planned()
        .filter(relationship__partner__in=partners, date__gte=first, date__lte=last)
        .values_list(
            "relationship__partner_id",
            "pk",
            "date",
            "starts_at",
            Cast("minutes", IntegerField()),
            code("planned"),
        )
    )
    supervision = SupervisionPresence.objects.filter(
        partner__in=partners,
        supervision__is_cancelled=False,
        supervision__date__gte=first,
        supervision__date__lte=last,
    ).values_list(
        "partner_id",
        "supervision_id",
        "supervision__date",
        "supervision__starts_at",
        Cast("supervision__minutes", IntegerField()),
        code("invited"),
    )
    found = defaultdict(list)
    for partner, pk, day, starts_at, length, state in asked.order_by().union(
        present.order_by(), meetings.order_by(), supervision.order_by(), all=True
    ):
        found[partner].append(
            Busy(pk, day, starts_at, length, is_sure=state != ParticipationStatus.OFFERED.value)
        )
    return found


def _warn_partner(entries: Iterable[Entry], last: datetime.date) -> list:
    """Mark a partner's own lines of one day that do not go together. No query: all the lines are the partner's own."""
    now = today()
    coming = [entry for entry in entries if entry.day >= now and not entry.is_over]
    for entry in coming:
        time = Busy(entry.pk, entry.day, entry.starts_at, entry.minutes)
        others = [
            time.goes_with(Busy(other.pk, other.day, other.starts_at, other.minutes))
            for other in coming
            if other is not entry and other.day == entry.day
        ]
        if False in others:
            entry.warnings.append(_("You have something else at that time."))
        elif None in others:
            entry.warnings.append(_("You have something else on that day."))
    return []


WARNINGS: dict[str, Callable[[Iterable[Entry], datetime.date], list]] = {
    Role.STAFF: _warn_staff,
    Role.PARTNER: _warn_partner,
}
