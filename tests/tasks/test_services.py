"""The deeds of the room: an offer, an answer, a done assignment, a claim, an approval."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError

from kumppani.audit.models import AuditEvent
from kumppani.core.dates import today
from kumppani.core.models import StatusChange
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.notices.models import Notice
from pairing.models import Commitment
from tasks import services
from tasks.models import Assignment, Fee, Participation
from tests.factories.accounts import RoleGrantFactory, user_in_role
from tests.factories.organisations import GrantFactory, OrganisationFactory
from tests.factories.pairing import CommitmentTextFactory, ExperiencePartnerFactory, ready_partner
from tests.factories.tasks import (
    AssignmentFactory,
    AssignmentKindFactory,
    FeeFactory,
    FeeRuleFactory,
    ParticipationFactory,
)
from tests.personas import Person

pytestmark = pytest.mark.django_db
FEE = Decimal("80.00")


@pytest.fixture
def staff():
    return Person("staff", user_in_role("staff"), "staff").actor


@pytest.fixture
def texts():
    """What a partner accepts before being ready."""
    return [CommitmentTextFactory(kind=kind, number=1) for kind in ("principles", "undertaking")]


@pytest.fixture
def partner(texts):
    """A ready partner who can sign in."""
    return ready_partner(user=user_in_role("partner"))


@pytest.fixture
def partner_actor(partner):
    return Person("partner", partner.user, "partner").actor


def offer(partner, staff, **fields):
    assignment = fields.pop("assignment", None) or AssignmentFactory()
    return services.offer(assignment=assignment, partner=partner, fee_amount=FEE, by=staff, **fields)


def notices() -> set[tuple]:
    return set(Notice.objects.values_list("recipient_id", "role", "kind", "object_id"))


# --- Recording --------------------------------------------------------------------------------------------
def test_recording_an_assignment_leaves_a_trace(staff):
    made = services.record_assignment(
        by=staff,
        kind=AssignmentKindFactory(),
        title="A talk",
        organisation=OrganisationFactory(),
        date=today(),
        hours=Decimal(2),
        grant=GrantFactory(),
    )
    assert made.status == "requested"
    assert AuditEvent.objects.filter(action="create", object_id=made.pk, actor_id=staff.user_id).count() == 1


def test_recording_asks_the_same_as_the_database(staff):
    with pytest.raises(ValidationError):
        services.record_assignment(
            by=staff,
            kind=AssignmentKindFactory(),
            title="A talk",
            organisation=OrganisationFactory(),
            date=today(),
            hours=Decimal(2),
            payer="orderer",
            grant=GrantFactory(),
        )
    assert not Assignment.objects.exists()


# --- The fee that is suggested ----------------------------------------------------------------------------
def test_the_suggested_fee_is_of_the_assignments_day():
    assignment = AssignmentFactory(date=datetime.date(2021, 3, 1), hours=Decimal("2.5"))
    FeeRuleFactory(kind=assignment.kind, valid_from=datetime.date(2020, 1, 1), amount=10)
    FeeRuleFactory(kind=assignment.kind, valid_from=datetime.date(2021, 1, 1), amount=40, unit="hour")
    FeeRuleFactory(kind=assignment.kind, valid_from=datetime.date(2021, 4, 1), amount=99)
    found = services.suggested_fee(assignment=assignment)
    assert (found.amount, found.unit, found.quantity) == (Decimal("100.00"), "hour", Decimal("2.5"))


def test_nothing_is_suggested_where_the_programme_has_set_no_rule():
    assert services.suggested_fee(assignment=AssignmentFactory()) is None


# --- Offering ---------------------------------------------------------------------------------------------
def test_a_ready_partner_is_asked_with_the_fee_agreed_now(partner, staff):
    made = offer(partner, staff)
    assert (made.status, made.fee_amount, made.fee_agreed_on) == ("offered", FEE, today())
    assert notices() == {(partner.user_id, "partner", "assignment_offered", made.pk)}
    assert set(
        AuditEvent.objects.filter(action="create", object_id=made.pk).values_list("about_kind", "about_id")
    ) == {("pairing.experiencepartner", partner.pk)}


def test_a_partner_who_is_not_ready_cannot_be_asked(texts, staff):
    partner = ExperiencePartnerFactory()
    with pytest.raises(MoveRefused, match=r"missing: ethical principles, confidentiality undertaking\."):
        offer(partner, staff)
    assert not Participation.objects.exists()


def test_a_new_version_of_the_principles_makes_a_partner_unready(partner, staff):
    CommitmentTextFactory(kind="principles", number=2)
    with pytest.raises(MoveRefused, match=r"missing: ethical principles\.$"):
        offer(partner, staff)


def test_an_undertaking_taken_away_makes_a_partner_unready(partner, staff):
    Commitment.objects.filter(partner=partner, text__kind="undertaking").delete()
    with pytest.raises(MoveRefused, match=r"missing: confidentiality undertaking\.$"):
        offer(partner, staff)


def test_a_break_forbids_nothing(partner, staff):
    """It is told to whoever asks; staff and partner settle it between them."""
    partner.is_available = False
    assert offer(partner, staff).status == "offered"


def test_the_fee_is_agreed_on_the_day_itself_at_the_latest(partner, staff):
    on_the_day = offer(partner, staff, assignment=AssignmentFactory(date=today()))
    assert on_the_day.fee_agreed_on == today()


def test_the_fee_is_not_agreed_afterwards(partner, staff):
    yesterday = today() - datetime.timedelta(days=1)
    with pytest.raises(MoveRefused, match="before the assignment"):
        offer(partner, staff, assignment=AssignmentFactory(date=yesterday))
    assert not Participation.objects.exists()


@pytest.mark.parametrize("status", ["done", "cancelled"])
def test_nobody_is_asked_to_what_is_over(partner, staff, status):
    with pytest.raises(MoveRefused, match="before the assignment is done"):
        offer(partner, staff, assignment=AssignmentFactory(status=status))


def test_a_partner_is_asked_once(partner, staff):
    assignment = AssignmentFactory()
    offer(partner, staff, assignment=assignment)
    with pytest.raises(MoveRefused, match="asked already"):
        offer(partner, staff, assignment=assignment)
    assert Participation.objects.count() == 1


# --- Answering --------------------------------------------------------------------------------------------
def test_a_yes_is_told_to_the_staff_who_confirm_later(partner, partner_actor, staff):
    made = offer(partner, staff)
    Notice.objects.all().delete()
    services.answer_offer(participation=made, yes=True, by=partner_actor)
    made.refresh_from_db()
    assert (made.status, made.assignment.status) == ("accepted", "requested")
    assert notices() == {(staff.user_id, "staff", "assignment_answered", made.assignment_id)}


def test_a_no_leaves_the_assignment_as_it_is(partner, partner_actor, staff):
    made = offer(partner, staff)
    services.answer_offer(participation=made, yes=False, by=partner_actor)
    made.refresh_from_db()
    assert (made.status, made.assignment.status) == ("declined", "requested")


def test_an_offer_is_answered_once(partner, partner_actor, staff):
    made = offer(partner, staff)
    services.answer_offer(participation=made, yes=True, by=partner_actor)
    with pytest.raises(MoveRefused, match="answered already"):
        services.answer_offer(participation=made, yes=False, by=partner_actor)


def test_somebody_else_does_not_answer(partner, staff, texts):
    made = offer(partner, staff)
    stranger = ready_partner(user=user_in_role("partner"))
    for actor in (staff, Person("stranger", stranger.user, "partner").actor):
        with pytest.raises(MoveRefused):
            services.answer_offer(participation=made, yes=True, by=actor)
    made.refresh_from_db()
    assert made.status == "offered"


# --- Done -------------------------------------------------------------------------------------------------
def agreed(*, date=None, **parts):
    """An agreed assignment with one participation per named state."""
    assignment = AssignmentFactory(status="agreed", date=date or today())
    return assignment, {
        name: ParticipationFactory(assignment=assignment, status=status) for name, status in parts.items()
    }


def test_done_on_its_day_drafts_one_fee_for_each_yes(staff):
    assignment, parts = agreed(anna="accepted", bo="accepted", no="declined", silent="offered")
    fees = services.complete_assignment(assignment=assignment, by=staff)
    assert {
        part.status for part in Participation.objects.filter(pk__in=[parts["anna"].pk, parts["bo"].pk])
    } == {"done"}
    assert Participation.objects.get(pk=parts["silent"].pk).status == "cancelled"
    assert Participation.objects.get(pk=parts["no"].pk).status == "declined"
    assert {(fee.participation_id, fee.amount, fee.status, fee.payer, fee.grant_id) for fee in fees} == {
        (part.pk, part.fee_amount, "draft", "project", assignment.grant_id)
        for part in (parts["anna"], parts["bo"])
    }


def test_not_done_before_its_day(staff):
    assignment, _parts = agreed(anna="accepted", date=today() + datetime.timedelta(days=1))
    with pytest.raises(MoveRefused, match="has not come yet"):
        services.complete_assignment(assignment=assignment, by=staff)
    assert not Fee.objects.exists()


def test_the_day_is_a_finnish_day(staff):
    assignment, _parts = agreed(anna="accepted", date=datetime.date(2021, 5, 4))
    before = datetime.datetime(2021, 5, 3, 20, 59, tzinfo=datetime.UTC)
    with time_machine.travel(before, tick=False), pytest.raises(MoveRefused):
        services.complete_assignment(assignment=assignment, by=staff)
    with time_machine.travel(before + datetime.timedelta(minutes=2), tick=False):
        assert len(services.complete_assignment(assignment=assignment, by=staff)) == 1


def test_not_done_without_anybody_who_said_yes(staff):
    assignment, _parts = agreed(silent="offered")
    with pytest.raises(MoveRefused, match="No partner has accepted"):
        services.complete_assignment(assignment=assignment, by=staff)
    assert Participation.objects.get().status == "offered", "all or nothing"


def test_done_twice_drafts_no_second_fee(staff):
    assignment, _parts = agreed(anna="accepted")
    seen_earlier = Assignment.objects.get(pk=assignment.pk)
    services.complete_assignment(assignment=assignment, by=staff)
    with pytest.raises(MoveRefused):
        services.complete_assignment(assignment=seen_earlier, by=staff)
    assert Fee.objects.count() == 1


def test_of_two_who_press_at_once_one_is_told(staff):
    assignment, _parts = agreed(anna="accepted")
    seen_earlier = Assignment.objects.get(pk=assignment.pk)
    assignment.move_to("cancelled", by=staff)
    with pytest.raises(AlreadyMoved):
        services.complete_assignment(assignment=seen_earlier, by=staff)
    assert not Fee.objects.exists()


def test_drafting_again_finds_nothing_to_draft(staff):
    assignment, _parts = agreed(anna="accepted", bo="accepted")
    services.complete_assignment(assignment=assignment, by=staff)
    again = list(assignment.participations.select_related("partner__user"))
    Notice.objects.all().delete()
    assert services.draft_fees(participations=again, by=staff) == []
    assert (Fee.objects.count(), Notice.objects.count()) == (2, 0)


def test_no_fee_for_what_has_not_been_done(staff):
    parts = [
        ParticipationFactory(status=status) for status in ("offered", "accepted", "declined", "cancelled")
    ]
    assert services.draft_fees(participations=parts, by=staff) == []


def test_the_partner_hears_that_a_fee_can_be_claimed(partner, staff):
    assignment = AssignmentFactory(status="agreed", date=today())
    ParticipationFactory(assignment=assignment, partner=partner, status="accepted")
    (fee,) = services.complete_assignment(assignment=assignment, by=staff)
    assert notices() == {(partner.user_id, "partner", "fee_to_claim", fee.pk)}


# --- Called off -------------------------------------------------------------------------------------------
def test_calling_off_tells_those_who_would_have_come(partner, staff):
    assignment, parts = agreed(yes="accepted", silent="offered", no="declined")
    mine = ParticipationFactory(assignment=assignment, partner=partner, status="accepted")
    services.cancel_assignment(assignment=assignment, by=staff)
    states = {str(part.pk): part.status for part in assignment.participations.all()}
    assert states == {
        str(mine.pk): "cancelled",
        str(parts["yes"].pk): "cancelled",
        str(parts["silent"].pk): "cancelled",
        str(parts["no"].pk): "declined",
    }
    assert notices() == {(partner.user_id, "partner", "assignment_cancelled", assignment.pk)}
    assert not Fee.objects.exists()


def test_what_is_done_cannot_be_called_off(staff):
    assignment = AssignmentFactory(status="done")
    with pytest.raises(MoveRefused):
        services.cancel_assignment(assignment=assignment, by=staff)


# --- Fees -------------------------------------------------------------------------------------------------
def draft_for(partner):
    return FeeFactory(participation__partner=partner)


def test_claiming_tells_every_staff_member(partner, partner_actor, staff):
    other = user_in_role("staff")
    fee = draft_for(partner)
    services.claim_fee(fee=fee, by=partner_actor)
    fee.refresh_from_db()
    assert (fee.status, fee.claimed_by_id) == ("claimed", partner.user_id)
    assert fee.claimed_at is not None
    assert notices() == {
        (staff.user_id, "staff", "fee_to_approve", fee.pk),
        (other.pk, "staff", "fee_to_approve", fee.pk),
    }


def test_a_fee_is_claimed_once(partner, partner_actor):
    fee = draft_for(partner)
    services.claim_fee(fee=fee, by=partner_actor)
    with pytest.raises(MoveRefused, match="claimed already"):
        services.claim_fee(fee=fee, by=partner_actor)
    assert StatusChange.objects.filter(object_id=fee.pk).count() == 1


def test_somebody_else_does_not_claim(partner, staff, texts):
    fee = draft_for(partner)
    stranger = ready_partner(user=user_in_role("partner"))
    for actor in (staff, Person("stranger", stranger.user, "partner").actor):
        with pytest.raises(MoveRefused):
            services.claim_fee(fee=fee, by=actor)


def test_another_person_approves_and_the_partner_hears_of_it(partner, partner_actor, staff):
    fee = draft_for(partner)
    services.claim_fee(fee=fee, by=partner_actor)
    Notice.objects.all().delete()
    services.approve_fee(fee=fee, by=staff)
    fee.refresh_from_db()
    assert (fee.status, fee.approved_by_id) == ("approved", staff.user_id)
    assert notices() == {(partner.user_id, "partner", "fee_approved", fee.pk)}


def both_roles(partner):
    """The partner acting as staff: one person, two roles (A37)."""
    RoleGrantFactory(user=partner.user, role="staff")
    return Person("both", partner.user, "staff").actor


def test_a_partner_who_is_staff_too_does_not_approve_the_own_claim(partner, partner_actor):
    fee = draft_for(partner)
    services.claim_fee(fee=fee, by=partner_actor)
    as_staff = both_roles(partner)
    assert not fee.can_approve(as_staff)
    with pytest.raises(MoveRefused, match="Somebody else than the claimer"):
        services.approve_fee(fee=fee, by=as_staff)
    with pytest.raises(MoveRefused, match="Somebody else than the claimer"):
        services.reject_fee(fee=fee, because="Hmm.", by=as_staff)
    fee.refresh_from_db()
    assert fee.status == "claimed"


def test_a_partner_who_is_staff_too_is_not_told_to_approve_the_own_claim(partner, partner_actor):
    both_roles(partner)
    services.claim_fee(fee=draft_for(partner), by=partner_actor)
    assert notices() == set()


def test_a_claim_goes_back_with_words_and_may_come_again(partner, partner_actor, staff):
    fee = draft_for(partner)
    services.claim_fee(fee=fee, by=partner_actor)
    Notice.objects.all().delete()
    services.reject_fee(fee=fee, because="It lasted an hour less.", by=staff)
    fee.refresh_from_db()
    assert (fee.status, fee.rejected_because) == ("rejected", "It lasted an hour less.")
    assert notices() == {(partner.user_id, "partner", "fee_rejected", fee.pk)}

    services.claim_fee(fee=fee, by=partner_actor)
    services.approve_fee(fee=fee, by=staff)
    fee.refresh_from_db()
    assert (fee.status, fee.rejected_because) == ("approved", "")


def test_an_approved_fee_stays_as_it_is(partner, partner_actor, staff):
    fee = draft_for(partner)
    services.claim_fee(fee=fee, by=partner_actor)
    services.approve_fee(fee=fee, by=staff)
    with pytest.raises(MoveRefused):
        services.reject_fee(fee=fee, because="Too late.", by=staff)
    with pytest.raises(MoveRefused):
        services.claim_fee(fee=fee, by=partner_actor)


def test_the_sums_of_fees_by_state(partner):
    for amount in (Decimal("10.50"), Decimal(20)):
        FeeFactory(participation__partner=partner, participation__fee_amount=amount)
    FeeFactory(claimed=True, participation__fee_amount=Decimal(5))
    found = {state: sums for state, sums in Fee.objects.sums().items() if sums[0]}
    assert found == {"draft": (2, Decimal("30.50")), "claimed": (1, Decimal("5.00"))}
