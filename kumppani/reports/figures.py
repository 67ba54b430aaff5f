"""What the period report counts: every figure with its definition, and the rows it counts (domain 4.2, R12).

A figure is a queryset of rows and a way to add them up; where one word stands for two kinds of record, a queryset of
each. The number on the page and the rows behind it come from the same querysets, so they cannot disagree. No figure
and no row holds a name.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kumppani.organisations.models import Grant, Organisation, OrganisationKind
from pairing.models import (
    Commitment,
    CommitmentKind,
    CommitmentText,
    ContactRequest,
    Decision,
    ExperiencePartner,
    Meeting,
    Parent,
    Relationship,
    RequestRoute,
    SocialWorker,
    StartMeeting,
)
from pairing.states import MeetingStatus
from tasks.models import Assignment, AssignmentKind, Category, Fee, MediaHit, OutreachEvent, Payer
from tasks.states import PayStatus
from training.models import Cohort, Enrolment, Session
from training.states import CohortStatus


class Section(models.TextChoices):
    """The parts of the funder's report that today's records can fill (domain 4.2)."""

    TARGET_GROUP = "target_group", _("Target group")
    ACTIVITIES = "activities", _("Activities")
    PARTNERS = "partners", _("Experience partners")
    TRAINING = "training", _("Training")
    RESOURCES = "resources", _("Resources")


class Basis(models.TextChoices):
    """How a figure came about; the funder asks for exactly this (domain 0.4)."""

    COLLECTED = "collected", pgettext_lazy("basis of a figure", "Collected")
    SAMPLE = "sample", pgettext_lazy("basis of a figure", "Sample")
    ESTIMATE = "estimate", pgettext_lazy("basis of a figure", "Estimate")


class Unit(models.TextChoices):
    COUNT = "count", _("number")
    PERSONS = "persons", _("persons")
    HOURS = "hours", _("hours")
    EUROS = "euros", _("euros")


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both included; with a grant, only what was done with that grant (R13)."""

    first: datetime.date
    last: datetime.date
    grant: Grant | None = None

    @property
    def start(self) -> datetime.datetime:
        """The first moment, in Finnish time."""
        return timezone.make_aware(datetime.datetime.combine(self.first, datetime.time.min))

    @property
    def end(self) -> datetime.datetime:
        """The first moment after it."""
        return timezone.make_aware(
            datetime.datetime.combine(self.last + datetime.timedelta(days=1), datetime.time.min)
        )


@dataclass(frozen=True)
class Definition:
    """How one figure is made.

    `rows(period)`: what is counted; `more`: rows of other kinds that count in the same figure, with the same fields for
    `adds_up` and `order`. `adds_up`: the field that is summed, "" where the rows themselves are counted;
    `divide`: by how much the sum is divided (minutes → hours). `by_grant`: whether the rows know who paid; those that
    do not are left out of a report on one grant. `order`: the key by which the rows are paged.
    """

    name: str
    section: Section
    label: object  # lazy
    definition: object  # lazy
    rows: Callable[[Period], QuerySet]
    order: tuple[str, ...]
    unit: Unit = Unit.COUNT
    adds_up: str = ""
    divide: int = 1
    basis: Basis = Basis.COLLECTED
    by_grant: bool = True
    group: object = ""  # lazy; figures of one group stand together under this word
    breakdown: bool = False  # a part of the figure above it: stands in the table of its group
    more: tuple[Callable[[Period], QuerySet], ...] = ()

    def all_rows(self, period: Period) -> list[QuerySet]:
        """Everything that is counted: one queryset for each kind of record."""
        return [rows(period) for rows in (self.rows, *self.more)]


@dataclass
class Figure:
    """One number of one report. `shown` and `url` are how the page shows it and where its rows are."""

    name: str
    section: Section
    label: object
    definition: object
    value: Decimal
    unit: Unit
    n: int
    basis: Basis
    period: Period
    group: object = ""
    breakdown: bool = False
    shown: str = ""
    url: str = ""

    @property
    def has_rows(self) -> bool:
        """Whether there is anything to open."""
        return self.n > 0


# --- what is counted: one function for each kind of row ---------------------------------------------------
def _between(name: str, period: Period) -> Q:
    return Q(**{f"{name}__gte": period.first, f"{name}__lte": period.last})


def _paid_by_grant(period: Period, path: str, day: str | None = None) -> Q:
    """Rows of relationships whose positive decision names the grant; with `day`, one that covers that day."""
    if period.grant is None:
        return Q()
    decisions = Decision.objects.filter(relationship=OuterRef(path), is_positive=True, grant=period.grant)
    if day is None:
        decisions = decisions.filter(valid_from__lte=period.last, valid_to__gte=period.first)
    else:
        decisions = decisions.filter(valid_from__lte=OuterRef(day), valid_to__gte=OuterRef(day))
    return Q(Exists(decisions))


def _of_grant(period: Period, path: str = "grant") -> Q:
    return Q(**{path: period.grant}) if period.grant is not None else Q()


def _relationships(period: Period) -> QuerySet:
    return Relationship.objects.active_between(period.first, period.last).filter(_paid_by_grant(period, "pk"))


def _started(period: Period) -> QuerySet:
    return Relationship.objects.filter(_between("started_on", period), _paid_by_grant(period, "pk"))


def _ended(period: Period) -> QuerySet:
    return Relationship.objects.filter(_between("ended_on", period), _paid_by_grant(period, "pk"))


def _meetings(status: MeetingStatus) -> Callable[[Period], QuerySet]:
    return lambda period: Meeting.objects.filter(
        _between("date", period), _paid_by_grant(period, "relationship", "date"), status=status
    )


def _start_meetings(period: Period) -> QuerySet:
    return StartMeeting.objects.filter(
        _between("held_on", period), _paid_by_grant(period, "relationship", "held_on")
    )


def _requests(route: str | None = None) -> Callable[[Period], QuerySet]:
    return lambda period: ContactRequest.objects.filter(
        _between("received_on", period), **({"route": route} if route else {})
    )


def _done(*categories: str, **more) -> Callable[[Period], QuerySet]:
    return lambda period: Assignment.objects.done_between(period.first, period.last).filter(
        _of_grant(period), kind__category__in=categories, **more
    )


def _outreach(**more) -> Callable[[Period], QuerySet]:
    """Acquaintance events that nobody ordered (A15): those whose day has come."""
    return lambda period: OutreachEvent.objects.held_between(period.first, period.last).filter(
        _of_grant(period), **more
    )


def _reached(period: Period) -> QuerySet:
    """Organisations for which something was done, ordered or not."""
    done = _done(*COUNTED, Category.ACQUAINTANCE)(period).filter(organisation=OuterRef("pk"))
    met = _outreach()(period).filter(organisation=OuterRef("pk"))
    return Organisation.objects.filter(Exists(done) | Exists(met))


def _sessions(period: Period) -> QuerySet:
    return Session.objects.held().filter(_between("date", period), _of_grant(period, "cohort__grant"))


def _completed(period: Period) -> QuerySet:
    return Enrolment.objects.completed().filter(
        _between("completed_on", period), _of_grant(period, "cohort__grant")
    )


def _partners(period: Period) -> QuerySet:
    return ExperiencePartner.objects.filter(
        _of_grant(period, "enrolment__cohort__grant"), enrolment__completed_on__lte=period.last
    )


def _ready_partners(period: Period) -> QuerySet:
    """Ready as things stood on the last day: what was in force then, accepted by then (R3); who had left is not."""
    partners = _partners(period).filter(Q(left_on__isnull=True) | Q(left_on__gt=period.last))
    for kind in CommitmentKind.values:
        texts = CommitmentText.objects.enough(period.last).filter(kind=kind).values("pk")
        partners = partners.filter(
            Exists(
                Commitment.objects.filter(partner=OuterRef("pk"), made_on__lte=period.last, text__in=texts)
            )
        )
    return partners


def _fees(**more) -> Callable[[Period], QuerySet]:
    return lambda period: Fee.objects.filter(
        _of_grant(period),
        status=PayStatus.APPROVED,
        approved_at__gte=period.start,
        approved_at__lt=period.end,
        **more,
    )


COUNTED = (Category.DEVELOPMENT, Category.INFLUENCE)
CATEGORY_LABELS = {
    Category.DEVELOPMENT: _("Development assignments"),
    Category.INFLUENCE: _("Influence assignments"),
    Category.MEDIA: _("Appearances in the media"),
}
NEWEST_FIRST = ("-date", "-id")

# The figures that do not depend on the programme's own lists.
FIXED: tuple[Definition, ...] = (
    # 2 Target group
    Definition(
        name="parents_in_relationships",
        section=Section.TARGET_GROUP,
        label=_("Parents in peer-support relationships"),
        definition=_(
            "Different parents whose relationship was active on at least one day of the period. "
            "A parent with two relationships counts once."
        ),
        rows=lambda period: Parent.objects.filter(
            Exists(_relationships(period).filter(parent=OuterRef("pk")))
        ),
        order=("case_code", "id"),
        unit=Unit.PERSONS,
    ),
    Definition(
        name="social_workers_reached",
        section=Section.TARGET_GROUP,
        label=_("Social workers whose clients had a partner"),
        definition=_(
            "Different social workers with at least one relationship that was active in the period."
        ),
        rows=lambda period: SocialWorker.objects.filter(
            Exists(_relationships(period).filter(social_worker=OuterRef("pk")))
        ),
        order=("organisation__name", "id"),
        unit=Unit.PERSONS,
    ),
    Definition(
        name="organisations_reached",
        section=Section.TARGET_GROUP,
        label=_("Organisations reached"),
        definition=_(
            "Different organisations for which at least one assignment or acquaintance event was done."
        ),
        rows=_reached,
        order=("name", "id"),
    ),
    Definition(
        name="audience_reached",
        section=Section.TARGET_GROUP,
        label=_("People in audiences"),
        definition=_(
            "Sum of the audiences of done assignments and acquaintance events whose size was written down. "
            "These are contacts, not different persons."
        ),
        rows=_done(*COUNTED, Category.ACQUAINTANCE, audience_size__gt=0),
        more=(_outreach(audience_size__gt=0),),
        order=NEWEST_FIRST,
        adds_up="audience_size",
    ),
    # 3 Activities: relationships
    Definition(
        name="relationships_active",
        section=Section.ACTIVITIES,
        group=_("Peer-support relationships"),
        label=_("Active relationships"),
        definition=_(
            "Relationships that were active on at least one day of the period. Getting acquainted does not count."
        ),
        rows=_relationships,
        order=("-started_on", "-id"),
    ),
    Definition(
        name="relationships_started",
        section=Section.ACTIVITIES,
        group=_("Peer-support relationships"),
        label=_("Relationships started"),
        definition=_("Relationships that became active for the first time in the period."),
        rows=_started,
        order=("-started_on", "-id"),
    ),
    Definition(
        name="relationships_ended",
        section=Section.ACTIVITIES,
        group=_("Peer-support relationships"),
        label=_("Relationships ended"),
        definition=_("Relationships that had been active and ended in the period."),
        rows=_ended,
        order=("-ended_on", "-id"),
    ),
    Definition(
        name="start_meetings_held",
        section=Section.ACTIVITIES,
        group=_("Peer-support relationships"),
        label=_("Start meetings held"),
        definition=_(
            "Start meetings of social worker, experience partner and parent held in the period. "
            "They are not among the peer-support meetings."
        ),
        rows=_start_meetings,
        order=("-held_on", "-id"),
    ),
    Definition(
        name="meetings_held",
        section=Section.ACTIVITIES,
        group=_("Peer-support meetings"),
        label=_("Meetings held"),
        definition=_("Peer-support meetings held in the period. Start meetings are counted apart."),
        rows=_meetings(MeetingStatus.HELD),
        order=NEWEST_FIRST,
    ),
    Definition(
        name="meeting_hours",
        section=Section.ACTIVITIES,
        group=_("Peer-support meetings"),
        label=_("Hours of meetings"),
        definition=_("Sum of the lengths of the held peer-support meetings."),
        rows=_meetings(MeetingStatus.HELD),
        order=NEWEST_FIRST,
        unit=Unit.HOURS,
        adds_up="minutes",
        divide=60,
    ),
    Definition(
        name="meetings_cancelled",
        section=Section.ACTIVITIES,
        group=_("Peer-support meetings"),
        label=_("Meetings cancelled"),
        definition=_(
            "Planned peer-support meetings of the period that were cancelled. They are not among the held."
        ),
        rows=_meetings(MeetingStatus.CANCELLED),
        order=NEWEST_FIRST,
    ),
    Definition(
        name="meetings_no_show",
        section=Section.ACTIVITIES,
        group=_("Peer-support meetings"),
        label=_("Meetings to which one did not come"),
        definition=_("Planned peer-support meetings of the period to which one of the two did not come."),
        rows=_meetings(MeetingStatus.NO_SHOW),
        order=NEWEST_FIRST,
    ),
    Definition(
        name="requests_received",
        section=Section.ACTIVITIES,
        group=_("Contact requests"),
        label=_("Requests received"),
        definition=_("Contact requests received in the period, by either way."),
        rows=_requests(),
        order=("-received_on", "-id"),
        by_grant=False,
    ),
    *(
        Definition(
            name=f"requests_received_{route.value}",
            section=Section.ACTIVITIES,
            breakdown=True,
            group=_("Contact requests"),
            label={
                RequestRoute.STAFF: _("Requests to the project staff"),
                RequestRoute.PARTNER: _("Requests to a chosen partner"),
            }[route],
            definition=_("Contact requests received in the period, by this way."),
            rows=_requests(route.value),
            order=("-received_on", "-id"),
            by_grant=False,
        )
        for route in RequestRoute
    ),
    Definition(
        name="assignments_done",
        section=Section.ACTIVITIES,
        group=_("Assignments"),
        label=_("Development and influence assignments"),
        definition=_(
            "Assignments of the categories development and influence done in the period. "
            "An assignment with several partners counts once."
        ),
        rows=_done(*COUNTED),
        order=NEWEST_FIRST,
    ),
    *(
        Definition(
            name=f"assignments_{category.value}",
            section=Section.ACTIVITIES,
            breakdown=True,
            group=_("Assignments"),
            label=CATEGORY_LABELS[category],
            definition=_("Assignments of this category done in the period; each counts once."),
            rows=_done(category),
            order=NEWEST_FIRST,
        )
        for category in CATEGORY_LABELS
    ),
)

ACQUAINTANCE: tuple[Definition, ...] = (
    Definition(
        name="acquaintance_events",
        section=Section.ACTIVITIES,
        group=_("Making the work known"),
        label=_("Acquaintance events"),
        definition=_(
            "Team meetings, office meetings and other events that were held to make the work known, and done "
            "assignments of that category. Each counts once."
        ),
        rows=_done(Category.ACQUAINTANCE),
        more=(_outreach(),),
        order=NEWEST_FIRST,
    ),
    Definition(
        name="acquaintance_hours",
        section=Section.ACTIVITIES,
        group=_("Making the work known"),
        label=_("Hours of acquaintance work"),
        definition=_(
            "Sum of the hours of the done acquaintance events: the length of the event, "
            "not multiplied by the partners who took part."
        ),
        rows=_done(Category.ACQUAINTANCE),
        more=(_outreach(),),
        order=NEWEST_FIRST,
        unit=Unit.HOURS,
        adds_up="hours",
    ),
    *(
        Definition(
            name=f"acquaintance_hours_{kind.value}",
            section=Section.ACTIVITIES,
            breakdown=True,
            group=_("Making the work known"),
            label=label,
            definition=_("Hours of acquaintance events for organisations of this kind."),
            rows=_done(Category.ACQUAINTANCE, organisation__kind=kind),
            more=(_outreach(organisation__kind=kind),),
            order=NEWEST_FIRST,
            unit=Unit.HOURS,
            adds_up="hours",
        )
        for kind, label in (
            (OrganisationKind.MUNICIPALITY, _("Hours in municipalities")),
            (OrganisationKind.COUNTY, _("Hours in wellbeing services counties")),
            (OrganisationKind.NGO, _("Hours in NGOs")),
            (OrganisationKind.EDUCATION, _("Hours in educational institutions")),
            (OrganisationKind.COORDINATOR, _("Hours at the co-ordinator")),
            (OrganisationKind.OTHER, _("Hours in other organisations")),
        )
    ),
    Definition(
        name="media_hits",
        section=Section.ACTIVITIES,
        group=_("In the media"),
        label=_("Media hits"),
        definition=_(
            "Times that newspapers, programmes and others told of the work, as they were written into the log. "
            "Interviews that partners gave are assignments and stand among them."
        ),
        rows=lambda period: MediaHit.objects.between(period.first, period.last),
        order=NEWEST_FIRST,
        by_grant=False,
    ),
)

REST: tuple[Definition, ...] = (
    # 4 Experience partners
    Definition(
        name="partners_trained",
        section=Section.PARTNERS,
        label=_("Trained partners"),
        definition=_("Experience partners who had completed the training by the last day of the period."),
        rows=_partners,
        order=("-enrolment__completed_on", "-id"),
        unit=Unit.PERSONS,
    ),
    Definition(
        name="partners_ready",
        section=Section.PARTNERS,
        label=_("Ready partners"),
        definition=_(
            "Trained partners who on the last day of the period had accepted the ethical principles and the "
            "confidentiality undertaking in force that day."
        ),
        rows=_ready_partners,
        order=("-enrolment__completed_on", "-id"),
        unit=Unit.PERSONS,
    ),
    Definition(
        name="partners_active",
        section=Section.PARTNERS,
        label=_("Partners in relationships"),
        definition=_("Different partners with at least one relationship that was active in the period."),
        rows=lambda period: ExperiencePartner.objects.filter(
            Exists(_relationships(period).filter(partner=OuterRef("pk")))
        ),
        order=("-enrolment__completed_on", "-id"),
        unit=Unit.PERSONS,
    ),
    # 5 Training
    Definition(
        name="cohorts_started",
        section=Section.TRAINING,
        label=_("Cohorts started"),
        definition=_("Training cohorts whose first day was in the period."),
        rows=lambda period: Cohort.objects.filter(
            _between("starts_on", period), _of_grant(period), ~Q(status=CohortStatus.PLANNED)
        ),
        order=("-starts_on", "-id"),
    ),
    Definition(
        name="cohorts_completed",
        section=Section.TRAINING,
        label=_("Cohorts completed"),
        definition=_("Completed training cohorts whose last day was in the period."),
        rows=lambda period: Cohort.objects.filter(
            _between("ends_on", period), _of_grant(period), status=CohortStatus.COMPLETED
        ),
        order=("-ends_on", "-id"),
    ),
    Definition(
        name="training_hours",
        section=Section.TRAINING,
        label=_("Hours of training"),
        definition=_("Sum of the hours of the training sessions held in the period."),
        rows=_sessions,
        order=NEWEST_FIRST,
        unit=Unit.HOURS,
        adds_up="hours",
    ),
    Definition(
        name="trainees_completed",
        section=Section.TRAINING,
        label=_("Trainees who completed"),
        definition=_("Persons whose training was marked as completed in the period."),
        rows=_completed,
        order=("-completed_on", "-id"),
        unit=Unit.PERSONS,
    ),
    # 8 Resources
    Definition(
        name="fees_approved",
        section=Section.RESOURCES,
        label=_("Fees approved"),
        definition=_("Sum of the fees that were approved in the period, whoever pays them."),
        rows=_fees(),
        order=("-approved_at", "-id"),
        unit=Unit.EUROS,
        adds_up="amount",
    ),
    *(
        Definition(
            name=f"fees_approved_{payer.value}",
            section=Section.RESOURCES,
            breakdown=True,
            label={
                Payer.PROJECT: _("Fees paid by the project"),
                Payer.ORDERER: _("Fees paid by orderers"),
            }[payer],
            definition=_("Sum of the fees approved in the period that this payer pays."),
            rows=_fees(payer=payer.value),
            order=("-approved_at", "-id"),
            unit=Unit.EUROS,
            adds_up="amount",
        )
        for payer in Payer
    ),
)


def of_kinds(kinds: Iterable[AssignmentKind]) -> list[Definition]:
    """One figure for each of the programme's own kinds of assignment (A10)."""
    return [
        Definition(
            name=f"assignments_kind_{kind.code}",
            section=Section.ACTIVITIES,
            breakdown=True,
            group=_("Assignments by kind"),
            label=str(kind)[:1].upper() + str(kind)[1:],
            definition=_("Done assignments of this kind; each counts once."),
            rows=_done(kind.category, kind=kind),
            order=NEWEST_FIRST,
        )
        for kind in kinds
    ]


def definitions(kinds: Iterable[AssignmentKind]) -> list[Definition]:
    """All figures, in the order of the report."""
    found = [*FIXED, *of_kinds(kind for kind in kinds if kind.category in COUNTED), *ACQUAINTANCE, *REST]
    sections = list(Section)
    return sorted(found, key=lambda definition: sections.index(definition.section))
