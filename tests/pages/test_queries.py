"""Every page costs at most 12 questions to the database, whatever the number of rows (issue 2, part 4).

Each page is opened twice: with the records of the personas, and with two more of everything that a list may hold.
Control: read a relation in a template without `select_related`.
"""

from datetime import timedelta

import pytest

from kumppani.core.dates import today
from tests.access.house import House, questions, undone
from tests.access.matrix import MATRIX
from tests.factories.accounts import InvitationFactory, RoleGrantFactory, user_in_role
from tests.factories.notices import NoticeFactory
from tests.factories.organisations import GrantFactory, OrganisationFactory
from tests.factories.pairing import (
    CommitmentFactory,
    CommitmentTextFactory,
    ContactRequestFactory,
    GoalFactory,
    LegalGroundFactory,
    MeetingFactory,
    ParentFactory,
    SupervisionFactory,
    SupervisionPresenceFactory,
    ready_partner,
    relationship_in,
    show,
)
from tests.factories.tasks import (
    AssignmentFactory,
    AssignmentKindFactory,
    CorrectionFactory,
    CriminalRecordNoteFactory,
    FeeFactory,
    MediaHitFactory,
    OrderFactory,
    OrderLinkFactory,
    OutreachEventFactory,
    ParticipationFactory,
    PaymentBatchFactory,
    TravelClaimFactory,
    TravelRateFactory,
)
from tests.factories.training import (
    ApplicantLinkFactory,
    AttendanceFactory,
    CohortFactory,
    EnrolmentFactory,
    SessionFactory,
    TrainerFactory,
)
from tests.personas import People, build_people

pytestmark = pytest.mark.xdist_group("queries")  # all pages are counted at once: one worker does it

AT_MOST = 12

# One row per page and role: every insider who is let in.
INSIDERS = ("staff", "worker", "partner", "parent", "trainer", "administrator")
PAGES = [
    (row, point)
    for row in MATRIX
    if row.method == "GET"
    for point in INSIDERS
    if row.expected[point] == "200" and not row.thing.startswith("link.")
]


def add_two_of_everything(people: People) -> None:
    """Two more rows in every list that an insider may open."""
    own = people.own
    for _two in range(2):
        trainer = TrainerFactory()
        session = SessionFactory(cohort=own.cohort, trainers=[own.trainer, trainer])
        attending = EnrolmentFactory(cohort=own.cohort)
        AttendanceFactory(session=session, enrolment=attending)
        AttendanceFactory(session=own.session, enrolment=EnrolmentFactory(cohort=own.cohort, completed=True))
        SessionFactory(cohort=CohortFactory(), trainers=[own.trainer])
        EnrolmentFactory(cohort=CohortFactory(recruiting=True), applied=True)
        ApplicantLinkFactory(enrolment=EnrolmentFactory(cohort=own.open_cohort, applied=True))
        ApplicantLinkFactory(enrolment=own.applicant)

        OrganisationFactory()
        GrantFactory()
        LegalGroundFactory()
        AssignmentKindFactory()
        InvitationFactory()
        ready_partner()
        RoleGrantFactory(user=user_in_role("trainer"), role="staff")

        ContactRequestFactory(parent=ParentFactory(social_worker=own.worker))
        for status in ("active", "acquainting", "proposed", "decided"):
            request = ContactRequestFactory(parent=ParentFactory(social_worker=own.worker), status="matched")
            relationship = relationship_in(status, request=request, partner=own.partner)
        GoalFactory(agreement=own.open_agreement)
        MeetingFactory(relationship=own.active)
        MeetingFactory(relationship=own.active, planned=True)
        SupervisionFactory(partners=[own.partner, ready_partner()])
        SupervisionFactory(held=True, partners=[own.partner, ready_partner()])
        SupervisionPresenceFactory(supervision=own.supervision, partner=ready_partner())
        SupervisionPresenceFactory(supervision=own.unmarked_time, partner=ready_partner())

        OutreachEventFactory(partners=[own.partner, ready_partner()])
        MediaHitFactory()

        assignment = AssignmentFactory()
        ParticipationFactory(assignment=assignment, partner=own.partner)
        ParticipationFactory(assignment=own.assignment, partner=ready_partner())
        CriminalRecordNoteFactory(partner=own.partner)
        ParticipationFactory(assignment=own.child_assignment, partner=ready_partner())
        # Within their days of grace, so that everybody stays ready.
        coming = {"number": 50 + _two, "published_on": today(), "required_from": today() + timedelta(days=30)}
        CommitmentTextFactory(kind="principles", **coming)
        CommitmentFactory(partner=own.partner, text=CommitmentTextFactory(kind="undertaking", **coming))
        for leaving in (people.common.leaving, own.partner):
            ParticipationFactory(partner=leaving, status="accepted")
            FeeFactory(participation__partner=leaving)
            TravelClaimFactory(partner=leaving)
            CorrectionFactory(fee__exported=True, fee__participation__partner=leaving)
        FeeFactory(participation__partner=own.partner)
        FeeFactory(participation__partner=own.partner, claimed=True)
        FeeFactory(participation__partner=own.partner, approved=True)
        PaymentBatchFactory()
        CorrectionFactory(fee__exported=True)
        TravelClaimFactory(partner=own.partner)
        TravelRateFactory(kind=("partial", "passenger_km")[_two])

        OrderFactory().partners.set([own.partner, ready_partner()])
        OrderLinkFactory(order=own.order)
        own.order.partners.add(show(ready_partner()))

        for person in (people.staff, people.worker, people.partner, people.parent):
            NoticeFactory(recipient=person.user, role=person.role, about=relationship)


def count(house: House, row, point: str) -> list[str]:
    """The questions one page asks."""
    with undone():
        return questions(house.client(point, row.thing), house.url(row))


@pytest.fixture(scope="module")
def counts(django_db_setup, django_db_blocker):
    """(page, person) → questions with few rows, and with more."""
    from django.db import transaction

    found = {}
    with django_db_blocker.unblock(), transaction.atomic():
        house = House(build_people())
        count(house, *PAGES[0])  # what is asked once per process
        few = {page: count(house, *page) for page in PAGES}
        add_two_of_everything(house.people)
        for page in PAGES:
            found[page] = (few[page], count(house, *page))
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page[0]} as {page[1]}")
def test_page_asks_few_questions(counts, page, db):
    few, many = counts[page]
    assert len(few) <= AT_MOST, "\n".join(few)
    assert len(many) <= AT_MOST, "\n".join(many)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page[0]} as {page[1]}")
def test_page_asks_no_more_for_more_rows(counts, page, db):
    few, many = counts[page]
    assert len(many) <= len(few), "\n".join(many)
