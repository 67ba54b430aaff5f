"""The report counts what its definitions say, and every figure agrees with the rows behind it.

The recounts here are written out a second time, in plain Python over the plain rows: a test that asked the report's
own querysets would be a mirror.
"""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kumppani.reports.figures import Period, Section
from kumppani.reports.selectors import all_definitions, half_years, in_parts, report, rows_of, shown
from pairing.models import ContactRequest, Meeting, Relationship, StartMeeting
from tasks.models import Assignment, Fee, MediaHit, OutreachEvent
from tests.factories.accounts import user_in_role
from tests.factories.organisations import GrantFactory, OrganisationFactory
from tests.factories.pairing import (
    CommitmentFactory,
    CommitmentTextFactory,
    ContactRequestFactory,
    DecisionFactory,
    ExperiencePartnerFactory,
    LegalGroundFactory,
    MeetingFactory,
    RelationshipFactory,
    hold_start_meeting,
    relationship_in,
)
from tests.factories.tasks import (
    AssignmentFactory,
    AssignmentKindFactory,
    FeeFactory,
    MediaHitFactory,
    OutreachEventFactory,
)
from tests.factories.training import CohortFactory, EnrolmentFactory, SessionFactory
from training.models import Session

D = datetime.date
SPRING = Period(D(2021, 1, 1), D(2021, 6, 30))


def values(period: Period) -> dict[str, Decimal]:
    return {figure.name: figure.value for figure in report(period)}


def paid_pair(grant, on: datetime.date, ended_on: datetime.date | None = None, *, valid_days: int = 180):
    """A relationship whose decision names this grant (None: the organiser pays)."""
    pair = RelationshipFactory()
    DecisionFactory(
        relationship=pair,
        made_on=on,
        valid_from=on,
        valid_to=on + datetime.timedelta(days=valid_days),
        funding="grant" if grant else "organiser",
        grant=grant,
    )
    hold_start_meeting(pair, on)
    Relationship.objects.filter(pk=pair.pk).update(status="active", started_on=on, active_since=on)
    if ended_on:
        Relationship.objects.filter(pk=pair.pk).update(status="ended", ended_on=ended_on)
    pair.refresh_from_db()
    return pair


@pytest.fixture
def season(db):
    """A small programme over two years: rows of every kind, on both sides of every line."""
    LegalGroundFactory()
    grant, other = GrantFactory(code="A"), GrantFactory(code="B")
    kinds = {
        category: AssignmentKindFactory(category=category, code=category)
        for category in ("development", "influence", "acquaintance", "media")
    }
    organisations = [OrganisationFactory(kind=kind) for kind in ("municipality", "ngo", "education")]
    pairs = [
        paid_pair(grant, D(2020, 11, 1), D(2021, 1, 1)),
        paid_pair(grant, D(2021, 2, 10)),
        paid_pair(other, D(2021, 6, 30)),
        paid_pair(None, D(2021, 7, 1), D(2021, 9, 1)),
    ]
    for index in range(40):
        on = D(2020, 10, 1) + datetime.timedelta(days=11 * index)
        MeetingFactory(
            relationship=pairs[index % 4],
            date=on,
            minutes=30 + 15 * (index % 4),
            status=("held", "held", "cancelled", "no_show")[index // 4 % 4],
        )
        category = ("development", "influence", "acquaintance", "media")[index % 4]
        AssignmentFactory(
            kind=kinds[category],
            date=on,
            hours=Decimal(1 + index % 5) / 2,
            status=("done", "done", "agreed", "cancelled", "requested")[index % 5],
            organisation=organisations[index % 3],
            audience_size=(index % 7) * 5 or None,
            grant=grant if index // 4 % 2 else other,
        )
        ContactRequestFactory(received_on=on, route="staff", status="withdrawn")
        OutreachEventFactory(
            date=on + datetime.timedelta(days=index % 3),
            hours=Decimal(1 + index % 6) / 2,
            organisation=organisations[index % 3] if index % 4 else OrganisationFactory(kind="county"),
            audience_size=(index % 5) * 4 or None,
            grant=(grant, other, None)[index % 3],
        )
        if index % 5 == 0:
            MediaHitFactory(date=on)
    approver = user_in_role("staff")
    for index in range(8):
        fee = FeeFactory(
            claimed=True,
            participation__assignment__grant=grant if index % 2 else other,
            participation__fee_amount=Decimal("50.50") + index,
        )
        at = timezone.make_aware(datetime.datetime.fromisoformat(f"2021-0{1 + index}-01T00:00"))
        Fee.objects.filter(pk=fee.pk).update(status="approved", approved_by=approver, approved_at=at)
    for start, status in (
        (D(2020, 8, 1), "completed"),
        (D(2021, 1, 15), "running"),
        (D(2021, 8, 1), "planned"),
    ):
        cohort = CohortFactory(
            starts_on=start, ends_on=start + datetime.timedelta(days=150), status=status, grant=grant
        )
        for week in range(20):
            SessionFactory(
                cohort=cohort, date=start + datetime.timedelta(days=7 * week), hours=Decimal("5.5")
            )
        EnrolmentFactory(cohort=cohort, completed=True, completed_on=cohort.ends_on)
    return grant, other


# --- each figure against the plain rows -------------------------------------------------------------------
def funded(relationship, grant, day) -> bool:
    return grant is None or any(
        decision.grant_id == grant.pk and decision.valid_from <= day <= decision.valid_to
        for decision in relationship.decisions.all()
    )


def overlaps(relationship, grant, first, last) -> bool:
    return grant is None or any(
        decision.grant_id == grant.pk and decision.valid_from <= last and first <= decision.valid_to
        for decision in relationship.decisions.all()
    )


def recounted(first, last, grant) -> dict[str, Decimal]:
    """The main figures, in Python, row by row."""

    def within(day) -> bool:
        return day is not None and first <= day <= last

    relationships = list(Relationship.objects.prefetch_related("decisions"))
    active = [
        relationship
        for relationship in relationships
        if relationship.started_on
        and relationship.started_on <= last
        and (relationship.ended_on is None or relationship.ended_on >= first)
        and overlaps(relationship, grant, first, last)
    ]
    meetings = [
        meeting
        for meeting in Meeting.objects.prefetch_related("relationship__decisions")
        if within(meeting.date) and funded(meeting.relationship, grant, meeting.date)
    ]
    held = [meeting for meeting in meetings if meeting.status == "held"]
    done = [
        assignment
        for assignment in Assignment.objects.select_related("kind", "organisation")
        if assignment.status == "done"
        and within(assignment.date)
        and (grant is None or assignment.grant_id == grant.pk)
    ]
    counted = [assignment for assignment in done if assignment.kind.category in ("development", "influence")]
    acquaintance = [assignment for assignment in done if assignment.kind.category == "acquaintance"]
    outreach = [
        event
        for event in OutreachEvent.objects.select_related("organisation")
        if within(event.date)
        and event.date <= timezone.localdate()
        and (grant is None or event.grant_id == grant.pk)
    ]
    acquaintance += outreach
    fees = [
        fee
        for fee in Fee.objects.all()
        if fee.status == "approved"
        and within(timezone.localdate(fee.approved_at))
        and (grant is None or fee.grant_id == grant.pk)
    ]
    sessions = [
        session
        for session in Session.objects.select_related("cohort")
        if within(session.date) and (grant is None or session.cohort.grant_id == grant.pk)
    ]
    found = {
        "relationships_active": len(active),
        "parents_in_relationships": len({relationship.parent_id for relationship in active}),
        "social_workers_reached": len({relationship.social_worker_id for relationship in active}),
        "partners_active": len({relationship.partner_id for relationship in active}),
        "relationships_started": sum(
            within(r.started_on) and overlaps(r, grant, first, last) for r in relationships
        ),
        "relationships_ended": sum(
            within(r.ended_on) and overlaps(r, grant, first, last) for r in relationships
        ),
        "start_meetings_held": sum(
            within(start.held_on) and funded(start.relationship, grant, start.held_on)
            for start in StartMeeting.objects.prefetch_related("relationship__decisions")
        ),
        "meetings_held": len(held),
        "meeting_hours": Decimal(sum(meeting.minutes for meeting in held)) / 60,
        "meetings_cancelled": sum(meeting.status == "cancelled" for meeting in meetings),
        "meetings_no_show": sum(meeting.status == "no_show" for meeting in meetings),
        "assignments_done": len(counted),
        "assignments_development": sum(a.kind.category == "development" for a in counted),
        "assignments_influence": sum(a.kind.category == "influence" for a in counted),
        "assignments_media": sum(a.kind.category == "media" for a in done),
        "assignments_kind_development": sum(a.kind.code == "development" for a in counted),
        "acquaintance_events": len(acquaintance),
        "acquaintance_hours": sum((a.hours for a in acquaintance), Decimal(0)),
        "acquaintance_hours_county": sum(
            (a.hours for a in acquaintance if a.organisation.kind == "county"), Decimal(0)
        ),
        "acquaintance_hours_ngo": sum(
            (a.hours for a in acquaintance if a.organisation.kind == "ngo"), Decimal(0)
        ),
        "audience_reached": sum(a.audience_size or 0 for a in counted + acquaintance),
        "organisations_reached": len({a.organisation_id for a in counted + acquaintance}),
        "training_hours": sum((session.hours for session in sessions), Decimal(0)),
        "fees_approved": sum((fee.amount for fee in fees), Decimal(0)),
    }
    if grant is None:
        found["requests_received"] = sum(within(r.received_on) for r in ContactRequest.objects.all())
        found["media_hits"] = sum(within(hit.date) for hit in MediaHit.objects.all())
    return found


periods = st.tuples(
    st.dates(min_value=D(2020, 8, 1), max_value=D(2022, 1, 31)), st.integers(min_value=0, max_value=400)
)


def test_figures_agree_with_a_recount_and_with_their_rows_for_any_period(season):
    grants = (None, *season)

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(periods, st.sampled_from(grants))
    def check(span, grant):
        first, length = span
        last = first + datetime.timedelta(days=length)
        period = Period(first, last, grant)
        found = {figure.name: figure for figure in report(period)}
        recount = recounted(first, last, grant)
        assert {name: found[name].value for name in recount} == recount
        definitions = {definition.name: definition for definition in all_definitions()}
        for figure in found.values():
            definition = definitions[figure.name]
            rows = [row for kind in rows_of(definition, period) for row in kind]
            assert figure.n == len(rows), figure.name
            assert len({row.pk for row in rows}) == len(rows), figure.name
            if definition.adds_up:
                total = sum((Decimal(getattr(row, definition.adds_up)) for row in rows), Decimal(0))
                assert figure.value == total / definition.divide, figure.name
            else:
                assert figure.value == len(rows), figure.name
            for row in rows:
                shown(row)

    check()


def test_the_season_has_something_in_every_main_figure(season):
    """The test above would prove nothing with zeros."""
    span = D(2020, 8, 1), D(2022, 12, 31)
    of_all = recounted(*span, None)
    assert [name for name, value in of_all.items() if not value] == []
    of_grants = [recounted(*span, grant) for grant in season]
    assert [name for name in of_grants[0] if not any(found[name] for found in of_grants)] == []


# --- the lines, one by one --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("started", "ended", "counts"),
    [
        (D(2020, 6, 1), D(2020, 12, 31), 0),
        (D(2020, 6, 1), D(2021, 1, 1), 1),
        (D(2021, 6, 30), None, 1),
        (D(2021, 7, 1), None, 0),
        (D(2020, 6, 1), None, 1),
        (D(2021, 3, 1), D(2021, 3, 1), 1),
    ],
)
def test_relationship_active_on_one_day_of_the_period_counts(db, started, ended, counts):
    paid_pair(None, started, ended)
    assert values(SPRING)["relationships_active"] == counts


@pytest.mark.parametrize("status", ["acquainting", "proposed", "decided", "no_match", "declined", "refused"])
def test_getting_acquainted_never_counts_as_a_relationship(db, status):
    relationship_in(status)
    found = values(Period(D(2000, 1, 1), D(2999, 12, 31)))
    assert (found["relationships_active"], found["parents_in_relationships"]) == (0, 0)


def test_start_meeting_is_counted_apart(db):
    paid_pair(None, D(2021, 2, 1))
    found = values(SPRING)
    assert (found["start_meetings_held"], found["meetings_held"]) == (1, 0)


def test_parent_with_two_relationships_counts_once(db):
    first = paid_pair(None, D(2021, 1, 10), D(2021, 2, 10))
    request = ContactRequestFactory(parent=first.parent, status="matched")
    relationship_in("active", request=request, on=D(2021, 3, 1))
    found = values(SPRING)
    assert (found["relationships_active"], found["parents_in_relationships"]) == (2, 1)


def test_assignment_with_three_partners_counts_once(db):
    assignment = AssignmentFactory(date=D(2021, 3, 1), status="done")
    for _count in range(3):
        FeeFactory(participation__assignment=assignment)
    found = values(SPRING)
    assert (found["assignments_done"], found["acquaintance_hours"]) == (1, 0)


def test_acquaintance_hours_are_the_events_hours(db):
    kind = AssignmentKindFactory(category="acquaintance")
    event = AssignmentFactory(kind=kind, date=D(2021, 3, 1), status="done", hours=Decimal("2.5"))
    for _count in range(2):
        FeeFactory(participation__assignment=event)
    found = values(SPRING)
    assert (found["acquaintance_events"], found["acquaintance_hours"]) == (1, Decimal("2.5"))
    assert found["acquaintance_hours_municipality"] == Decimal("2.5")
    assert found["assignments_done"] == 0


def test_event_that_nobody_ordered_counts_beside_the_ordered_ones(db):
    kind = AssignmentKindFactory(category="acquaintance")
    AssignmentFactory(kind=kind, date=D(2021, 3, 1), status="done", hours=Decimal("2.5"), audience_size=10)
    OutreachEventFactory(date=D(2021, 3, 1), hours=Decimal("1.5"), audience_size=7)
    OutreachEventFactory(date=D(2021, 6, 30), hours=Decimal(4), audience_size=None, organisation__kind="ngo")
    OutreachEventFactory(date=D(2021, 7, 1))
    found = values(SPRING)
    assert (found["acquaintance_events"], found["acquaintance_hours"]) == (3, Decimal(8))
    assert found["acquaintance_hours_municipality"] + found["acquaintance_hours_ngo"] == Decimal(8)
    assert (found["audience_reached"], found["organisations_reached"]) == (17, 3)
    assert found["assignments_done"] == 0


def test_event_that_is_still_to_come_does_not_count(db):
    now = timezone.localdate()
    OutreachEventFactory(date=now)
    OutreachEventFactory(date=now + datetime.timedelta(days=1))
    found = values(Period(now, now + datetime.timedelta(days=30)))
    assert (found["acquaintance_events"], found["organisations_reached"]) == (1, 1)


def test_media_hits_are_counted_apart_from_appearances(db):
    kind = AssignmentKindFactory(category="media")
    AssignmentFactory(kind=kind, date=D(2021, 3, 1), status="done")
    for day in (D(2020, 12, 31), D(2021, 1, 1), D(2021, 6, 30)):
        MediaHitFactory(date=day)
    found = values(SPRING)
    assert (found["media_hits"], found["assignments_media"]) == (2, 1)


def test_rows_of_two_kinds_stand_in_one_order_on_every_page(people):
    """Ordered and unordered events share a figure; paging forth and back shows each of them once."""
    kind = AssignmentKindFactory(category="acquaintance")
    dates = [D(2021, 1, 1) + datetime.timedelta(days=index // 3) for index in range(80)]
    for index, date in enumerate(dates):
        if index % 2:
            AssignmentFactory(kind=kind, date=date, status="done")
        else:
            OutreachEventFactory(date=date)
    client = people.staff.client()
    url = f"{reverse('report_rows')}?figure=acquaintance_events&from=2021-01-01&to=2021-06-30"
    pages = [client.get(url).context]
    while pages[-1]["older_url"]:
        pages.append(client.get(f"{reverse('report_rows')}{pages[-1]['older_url']}").context)
    assert [row.date for page in pages for row in page["rows"]] == sorted(dates, reverse=True)
    assert [len(page["rows"]) for page in pages] == [30, 30, 20]
    back = client.get(f"{reverse('report_rows')}{pages[-1]['newer_url']}").context
    assert back["rows"] == pages[1]["rows"]


def test_requests_are_counted_by_route(db):
    partner = ExperiencePartnerFactory()
    ContactRequestFactory(received_on=D(2021, 1, 1))
    ContactRequestFactory(received_on=D(2021, 6, 30), route="partner", chosen_partner=partner)
    ContactRequestFactory(received_on=D(2021, 7, 1))
    found = values(SPRING)
    assert [found[f"requests_received{route}"] for route in ("", "_staff", "_partner")] == [2, 1, 1]


def test_partner_is_ready_as_things_stood_on_the_last_day(db):
    old = CommitmentTextFactory(kind="principles", number=1, published_on=D(2020, 1, 1))
    new = CommitmentTextFactory(kind="principles", number=2, published_on=D(2021, 5, 1))
    undertaking = CommitmentTextFactory(kind="undertaking", number=1, published_on=D(2020, 1, 1))
    partner = ExperiencePartnerFactory(enrolment__completed_on=D(2020, 12, 15))
    CommitmentFactory(partner=partner, text=old, made_on=D(2021, 1, 5))
    CommitmentFactory(partner=partner, text=undertaking, made_on=D(2021, 1, 10))
    ready = [
        values(Period(D(2020, 1, 1), last))["partners_ready"]
        for last in (D(2021, 1, 9), D(2021, 1, 10), D(2021, 4, 30), D(2021, 5, 1))
    ]
    assert ready == [0, 1, 1, 0]
    CommitmentFactory(partner=partner, text=new, made_on=D(2021, 5, 2))
    assert values(Period(D(2020, 1, 1), D(2021, 5, 2)))["partners_ready"] == 1


def test_partner_trained_after_the_period_does_not_count(db):
    ExperiencePartnerFactory(enrolment__completed_on=D(2021, 7, 1))
    ExperiencePartnerFactory(enrolment__completed_on=D(2021, 6, 30))
    assert values(SPRING)["partners_trained"] == 1


def test_planned_cohort_has_not_started(db):
    CohortFactory(starts_on=D(2021, 2, 1), ends_on=D(2021, 6, 1), status="planned")
    CohortFactory(starts_on=D(2021, 2, 1), ends_on=D(2021, 6, 1), status="completed")
    found = values(SPRING)
    assert (found["cohorts_started"], found["cohorts_completed"]) == (1, 1)


@pytest.mark.parametrize(("moment", "counts"), [("2021-06-30T23:59:59", 1), ("2021-07-01T00:00:00", 0)])
def test_fee_belongs_to_the_finnish_day_of_its_approval(db, moment, counts):
    fee = FeeFactory(claimed=True)
    at = timezone.make_aware(datetime.datetime.fromisoformat(moment))
    Fee.objects.filter(pk=fee.pk).update(status="approved", approved_by=user_in_role("staff"), approved_at=at)
    figure = {figure.name: figure for figure in report(SPRING)}["fees_approved"]
    assert (figure.n, figure.value) == (counts, 100 * counts)


def test_deleting_one_meeting_changes_the_figure_by_one(db):
    pair = paid_pair(None, D(2021, 1, 2))
    meetings = [MeetingFactory(relationship=pair, date=D(2021, 2, day)) for day in (1, 2, 3)]
    assert values(SPRING)["meetings_held"] == 3
    meetings[1].delete()
    assert values(SPRING)["meetings_held"] == 2


def test_a_grant_leaves_out_what_others_paid(season):
    grant, other = season
    whole, of_grant, of_other = (
        values(Period(SPRING.first, SPRING.last, paid)) for paid in (None, grant, other)
    )
    assert of_grant["assignments_done"] + of_other["assignments_done"] == whole["assignments_done"]
    assert of_grant["fees_approved"] + of_other["fees_approved"] == whole["fees_approved"]
    assert 0 < of_grant["relationships_active"] < whole["relationships_active"]
    assert "requests_received" in whole
    assert "requests_received" not in of_grant


def test_empty_period_is_all_zeros(season):
    figures = report(Period(D(1999, 1, 1), D(1999, 6, 30)))
    assert {figure.value for figure in figures} == {0}
    assert all(part.is_empty for part in in_parts(figures))


def test_report_costs_two_queries_whatever_is_in_it(season, django_assert_num_queries):
    with django_assert_num_queries(2):
        report(SPRING)


def test_every_figure_has_words_a_basis_and_a_name_of_its_own(db):
    AssignmentKindFactory(category="development")
    definitions = all_definitions()
    assert len({definition.name for definition in definitions}) == len(definitions)
    assert [
        definition.name for definition in definitions if not (definition.label and definition.definition)
    ] == []
    assert {definition.section for definition in definitions} == set(Section)


def test_half_years_run_from_the_first_grant_to_now(db):
    grant = GrantFactory(starts_on=D(2020, 1, 1))
    found = half_years([grant])
    assert (found[-1].first, found[-1].last) == (D(2020, 1, 1), D(2020, 6, 30))
    assert (found[-3].first, found[-3].last) == (SPRING.first, SPRING.last)
    assert found[0].first <= timezone.localdate() <= found[0].last
