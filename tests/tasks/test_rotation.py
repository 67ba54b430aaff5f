"""Whose turn it is, and what is worth knowing before somebody is asked."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from kumppani.core.dates import today
from pairing.models import ExperiencePartner
from tasks import rotation
from tasks.clashes import clashes
from tasks.models import Participation
from tests.factories.pairing import (
    CommitmentTextFactory,
    ExperiencePartnerFactory,
    MeetingFactory,
    ready_partner,
    relationship_in,
)
from tests.factories.tasks import (
    AssignmentFactory,
    FeeFactory,
    FeeRuleFactory,
    OutreachEventFactory,
    ParticipationFactory,
    PartnerTermsFactory,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def texts():
    return [CommitmentTextFactory(kind=kind, number=1) for kind in ("principles", "undertaking")]


@pytest.fixture
def assignment():
    """On the tenth of a month ahead, so that the same month lies around it."""
    day = (today() + 40 * DAY).replace(day=10)
    return AssignmentFactory(date=day, starts_at=datetime.time(10), hours=Decimal(2))


def order_of(assignment, **options) -> list[ExperiencePartner]:
    askable = rotation.can_be_asked(ExperiencePartner.objects.all(), assignment)
    return list(rotation.in_turn(askable, assignment, **options))


def turn_of(partner, assignment, fee=None) -> rotation.Turn:
    found = [each for each in order_of(assignment) if each.pk == partner.pk]
    return rotation.turns(found, assignment, fee)[0]


def had_one(partner, days: int, status: str = "done") -> None:
    ParticipationFactory(partner=partner, status=status, assignment__date=today() + days * DAY)


# --- The order --------------------------------------------------------------------------------------------
def test_whoever_has_been_without_one_the_longest_stands_first(texts, assignment):
    lately, never, long_ago, coming, said_no = (ready_partner() for _ in range(5))
    had_one(lately, -5)
    had_one(long_ago, -300)
    had_one(coming, 4, "accepted")
    had_one(said_no, -1, "declined")
    order = order_of(assignment)
    assert set(order[:2]) == {never, said_no}
    assert order[2:] == [long_ago, lately, coming]


def test_whoever_is_having_a_break_stands_last(texts, assignment):
    resting = ready_partner(is_available=False)
    lately = ready_partner()
    had_one(lately, -5)
    assert order_of(assignment) == [lately, resting]


def test_of_two_with_the_same_last_day_the_one_with_fewer_stands_first(texts, assignment):
    many, few = ready_partner(last_name="Aalto"), ready_partner(last_name="Öhman")
    for partner in (many, few):
        had_one(partner, -5)
    ParticipationFactory(
        partner=many, status="done", assignment__date=min(today() - 6 * DAY, assignment.date)
    )
    wanted = [few, many] if (today() - 6 * DAY).year == assignment.date.year else [many, few]
    assert order_of(assignment) == wanted


def test_only_the_ready_stand_in_line(texts, assignment):
    ready = ready_partner()
    ExperiencePartnerFactory()
    assert order_of(assignment) == [ready]


@pytest.mark.parametrize("status", ["offered", "accepted", "declined", "stepped_down"])
def test_whoever_stands_in_it_already_is_not_in_line(texts, assignment, status):
    ParticipationFactory(assignment=assignment, partner=ready_partner(), status=status)
    assert order_of(assignment) == []


def test_whoever_is_ticked_stays_on_top(texts, assignment):
    first, second, ticked = (ready_partner() for _ in range(3))
    had_one(ticked, -1)
    had_one(second, -10)
    assert order_of(assignment, first=[ticked.pk]) == [ticked, first, second]


@pytest.mark.parametrize(
    ("words", "found"),
    [("öh", {"Öhman"}), ("leena", {"Aalto"}), ("salo", {"Aalto", "Virta"}), ("xyz", set())],
)
def test_the_others_are_found_by_name_or_area(texts, assignment, words, found):
    ready_partner(first_name="Leena", last_name="Aalto", area="Turku, Salo")
    ready_partner(first_name="Åke", last_name="Öhman", area="Pargas")
    ready_partner(first_name="Irja", last_name="Virta", area="Salo")
    assert {partner.last_name for partner in order_of(assignment, words=words)} == found


# --- What is told -----------------------------------------------------------------------------------------
def test_what_helps_to_choose(texts, assignment):
    partner = ready_partner(area="Turku", speaks_fi=True, speaks_sv=True)
    terms = PartnerTermsFactory(partner=partner)
    assert turn_of(partner, assignment).facts == [
        "Has not had one yet",
        "Languages: Finnish, Swedish",
        "Turku",
    ]
    terms.wished_kinds.add(assignment.kind)
    ParticipationFactory(
        partner=partner, status="done", assignment__date=assignment.date.replace(month=1, day=1)
    )
    facts = turn_of(partner, assignment).facts
    assert facts[1:] == [
        f"1 done in {assignment.date.year}",
        "Wishes for this kind",
        "Languages: Finnish, Swedish",
        "Turku",
    ]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-12, "12 days since the last one"),
        (-1, "1 day since the last one"),
        (0, "Has one today"),
        (None, "Has not had one yet"),
    ],
)
def test_how_long_ago_the_last_one_was(days, words):
    assert rotation.since_last(None if days is None else today() + days * DAY) == words


def test_one_that_is_coming_is_told_with_its_day():
    assert rotation.since_last(datetime.date(2999, 5, 4)).startswith("Has one coming on ")


def test_a_break_is_told_and_forbids_nothing(texts, assignment):
    partner = ready_partner(is_available=False)
    assert turn_of(partner, assignment).warnings == ["Is having a break"]


# --- Two things at once -----------------------------------------------------------------------------------
AT_ONCE, THAT_DAY = "Has something else at that time", "Has something else on that day"


@pytest.mark.parametrize(
    ("starts_at", "hours", "warning"),
    [
        (datetime.time(11, 30), 1, AT_ONCE),
        (datetime.time(8), 3, AT_ONCE),
        (datetime.time(12), 1, THAT_DAY),
        (datetime.time(8), 2, THAT_DAY),
        (None, 2, THAT_DAY),
    ],
)
def test_another_assignment_of_that_day_is_told(texts, assignment, starts_at, hours, warning):
    partner = ready_partner()
    ParticipationFactory(
        partner=partner,
        status="accepted",
        assignment__date=assignment.date,
        assignment__starts_at=starts_at,
        assignment__hours=hours,
        assignment__title="Nobody's business",
    )
    assert turn_of(partner, assignment).warnings == [warning]


@pytest.mark.parametrize(
    ("title", "starts_at", "staff_read", "partner_reads"),
    [
        (
            "Open doors",
            datetime.time(11),
            AT_ONCE,
            "At that time you have something else: Open doors, at 11:00.",
        ),
        (
            "",
            datetime.time(13),
            THAT_DAY,
            "On that day you have something else too: team meeting, at 13:00.",
        ),
    ],
)
def test_an_acquaintance_event_is_something_else_too(
    texts, assignment, title, starts_at, staff_read, partner_reads
):
    partner = ready_partner()
    facts = {"title": title, "kind": "team", "hours": Decimal("1.5"), "partners": [partner]}
    OutreachEventFactory(date=assignment.date, starts_at=starts_at, **facts)
    OutreachEventFactory(date=assignment.date + DAY, starts_at=starts_at, **facts)
    assert turn_of(partner, assignment).warnings == [staff_read]
    assert [clash.for_partner for clash in clashes(assignment, [partner.pk])[partner.pk]] == [partner_reads]


def test_what_has_been_refused_or_called_off_is_nothing(texts, assignment):
    partner = ready_partner()
    for status in ("offered", "declined", "cancelled", "stepped_down"):
        ParticipationFactory(partner=partner, status=status, assignment__date=assignment.date)
    ParticipationFactory(
        partner=partner, status="accepted", assignment__status="cancelled", assignment__date=assignment.date
    )
    assert turn_of(partner, assignment).warnings == []


def test_a_planned_meeting_is_told_to_staff_as_something_else_and_to_the_partner_in_words(people, assignment):
    partner = people.own.partner
    MeetingFactory(
        relationship=people.own.active, planned=True, date=assignment.date, starts_at=datetime.time(11)
    )
    assert turn_of(partner, assignment).warnings == [AT_ONCE]
    (clash,) = clashes(assignment, [partner.pk])[partner.pk]
    assert clash.for_partner.startswith("At that time you have something else: a meeting, at 11")


def test_a_meeting_held_or_of_another_day_is_nothing(people, assignment):
    relationship = relationship_in("active", partner=people.common.taken_in)
    MeetingFactory(relationship=relationship, date=today())
    MeetingFactory(relationship=relationship, planned=True, date=assignment.date + DAY)
    assert clashes(assignment, [relationship.partner_id]) == {}


# --- The partner's own ceiling ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("fee", "warned"), [(None, False), ("49.99", False), ("50.00", False), ("50.01", True)]
)
def test_the_own_ceiling_of_the_month_is_told(texts, assignment, fee, warned):
    partner = ready_partner()
    PartnerTermsFactory(partner=partner, monthly_ceiling=Decimal(250))
    ParticipationFactory(
        partner=partner, status="accepted", fee_amount=120, assignment__date=assignment.date.replace(day=1)
    )
    FeeFactory(
        participation__partner=partner,
        participation__fee_amount=80,
        participation__assignment__date=assignment.date.replace(day=28),
    )
    # Another month, an answer that has not come, and a fee that was not wanted do not count.
    ParticipationFactory(partner=partner, status="accepted", assignment__date=assignment.date + 31 * DAY)
    ParticipationFactory(partner=partner, status="offered", assignment__date=assignment.date)
    FeeFactory(
        participation__partner=partner,
        participation__assignment__date=assignment.date,
        status="waived",
        payment_form="waived",
    )
    warnings = turn_of(partner, assignment, Decimal(fee) if fee else None).warnings
    assert warnings == (["Would pass the own ceiling of this month, 250.00\u00a0€"] if warned else [])


def test_without_a_ceiling_nothing_is_told(texts, assignment):
    partner = ready_partner()
    PartnerTermsFactory(partner=partner)
    assert turn_of(partner, assignment, Decimal(9999)).warnings == []


# --- The page ---------------------------------------------------------------------------------------------
def page(people, assignment, **query):
    return people.staff.client().get(reverse("assignment_offer", args=[assignment.pk]), query)


def test_the_page_shows_the_best_and_finds_the_others(people, monkeypatch):
    monkeypatch.setattr("tasks.forms.assignments.SHOWN", 2)
    assignment = AssignmentFactory()
    last = ready_partner(first_name="Viimeinen", last_name="Vuorossa")
    had_one(last, 3, "accepted")
    response = page(people, assignment)
    form = response.context["form"]
    assert (len(form.turns), form.has_more) == (2, True)
    assert last.name not in response.content.decode()
    found = page(people, assignment, who="vuoro").context["form"]
    assert ([turn.partner for turn in found.turns], found.has_more) == ([last], False)


def test_the_page_costs_the_same_for_many_as_for_few(people, django_assert_max_num_queries):
    assignment = AssignmentFactory(starts_at=datetime.time(10))
    FeeRuleFactory(kind=assignment.kind)
    client, address = people.staff.client(), reverse("assignment_offer", args=[assignment.pk])
    client.get(address)
    needed = []
    for more in (1, 12):
        for _ in range(more):
            partner = ready_partner()
            PartnerTermsFactory(partner=partner, monthly_ceiling=10)
            ParticipationFactory(partner=partner, status="accepted", assignment__date=assignment.date)
        # Twelve questions; the other two are the test's own savepoint.
        with django_assert_max_num_queries(14) as queries:
            assert client.get(address).status_code == 200
        needed.append(len(queries))
    assert needed[0] == needed[1]
    assert Participation.objects.filter(assignment=assignment).count() == 0
