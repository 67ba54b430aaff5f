"""What must never be, refused twice: in words by the model, and by the database whoever writes."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from tasks.models import Assignment, AssignmentKind, Fee, FeeRule, Participation
from tests.factories.accounts import user_in_role
from tests.factories.organisations import GrantFactory, OrganisationFactory
from tests.factories.pairing import ExperiencePartnerFactory, MeetingFactory
from tests.factories.tasks import (
    AssignmentFactory,
    AssignmentKindFactory,
    FeeFactory,
    FeeRuleFactory,
    ParticipationFactory,
)

pytestmark = pytest.mark.django_db


def refused(record, words: str) -> None:
    """The model says it in words, and the database refuses it."""
    with pytest.raises(ValidationError) as error:
        record.validate_constraints()
    assert error.value.messages == [words]
    with pytest.raises(ValidationError):
        record.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        record.save(force_insert=True)


def refused_by_sql(queryset, **values) -> None:
    """The database refuses it in a plain UPDATE, too."""
    with pytest.raises(IntegrityError), transaction.atomic():
        queryset.update(**values)


def assignment(**fields) -> Assignment:
    """An assignment not yet in the database."""
    facts = {"kind": AssignmentKindFactory(), "organisation": OrganisationFactory(), "grant": GrantFactory()}
    return AssignmentFactory.build(**{**facts, **fields})


def participation(**fields) -> Participation:
    facts = {"assignment": AssignmentFactory(), "partner": ExperiencePartnerFactory()}
    return ParticipationFactory.build(**{**facts, **fields})


def fee(**fields) -> Fee:
    """A fee not yet in the database, for a done participation."""
    if "participation" not in fields:
        fields["participation"] = ParticipationFactory(status="done", assignment__status="done")
    part = fields["participation"]
    facts = {
        "partner": part.partner if part else ExperiencePartnerFactory(),
        "amount": Decimal("80.00"),
        "payer": "orderer",
    }
    return Fee(**{**facts, **fields})


# --- Kinds and rules --------------------------------------------------------------------------------------
def test_a_kind_counts_as_something_known():
    refused(AssignmentKindFactory.build(category="party"), "Choose what the kind counts as.")
    refused_by_sql(AssignmentKind.objects.filter(pk=AssignmentKindFactory().pk), category="party")


def test_a_kind_has_a_code_of_its_own():
    AssignmentKindFactory(code="lecturer")
    refused(AssignmentKindFactory.build(code="lecturer"), "There is a kind with this code already.")


def test_a_fee_rule_is_set_once_per_day():
    rule = FeeRuleFactory()
    again = FeeRuleFactory.build(kind=rule.kind, valid_from=rule.valid_from)
    refused(again, "There is a rule from this day already.")


def test_a_fee_rule_is_more_than_nothing():
    refused(FeeRuleFactory.build(kind=AssignmentKindFactory(), amount=0), "A fee is more than 0 €.")


def test_a_fee_rule_ends_after_it_begins():
    day = datetime.date(2021, 1, 1)
    rule = FeeRuleFactory.build(
        kind=AssignmentKindFactory(), valid_from=day, valid_to=day - datetime.timedelta(days=1)
    )
    refused(rule, "The last day cannot be before the first day.")


@pytest.mark.parametrize(
    ("unit", "hours", "amount"),
    [("task", "2.5", "100.00"), ("hour", "2.5", "250.00"), ("hour", "0.5", "50.00")],
)
def test_a_fee_rule_counts_per_assignment_or_per_hour(unit, hours, amount):
    rule = FeeRuleFactory.build(unit=unit, amount=Decimal(100))
    assert rule.fee_for(Decimal(hours)) == Decimal(amount)


def test_the_rule_of_the_day_is_the_one_in_force():
    kind = AssignmentKindFactory()
    day = datetime.date(2021, 3, 1)
    FeeRuleFactory(kind=kind, valid_from=datetime.date(2020, 1, 1), valid_to=datetime.date(2020, 12, 31))
    current = FeeRuleFactory(kind=kind, valid_from=datetime.date(2021, 1, 1))
    FeeRuleFactory(kind=kind, valid_from=datetime.date(2021, 4, 1))
    assert list(FeeRule.objects.valid_on(day)) == [current]


# --- Assignments ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("hours", [Decimal(0), Decimal("100.5")])
def test_an_assignment_lasts_sensible_hours(hours):
    refused(assignment(hours=hours), "Hours are between half an hour and 100.")


def test_an_assignment_has_a_known_state():
    refused(assignment(status="dreamt of"), "This state is not known.")
    refused_by_sql(Assignment.objects.filter(pk=AssignmentFactory().pk), status="dreamt of")


def test_the_project_pays_from_a_named_grant():
    refused(assignment(payer="project", grant=None), "Name the grant when, and only when, the project pays.")


def test_no_grant_is_named_when_the_orderer_pays():
    refused(assignment(payer="orderer"), "Name the grant when, and only when, the project pays.")
    assignment(payer="orderer", grant=None).full_clean()


# --- Participations ---------------------------------------------------------------------------------------
def test_a_partner_takes_part_once():
    first = ParticipationFactory()
    again = participation(assignment=first.assignment, partner=first.partner)
    refused(again, "This partner has been asked already.")


def test_a_fee_agreed_is_more_than_nothing():
    refused(participation(fee_amount=Decimal(0)), "A fee is more than 0 €.")


def test_a_participation_has_a_known_state():
    refused(participation(status="perhaps"), "This state is not known.")


def test_only_its_partner_answers_an_offer(people):
    offer = people.own.participation
    answers = {person.name: offer.can_answer(person.actor) for person in people.everybody() if person.actor}
    assert {name for name, may in answers.items() if may} == {"partner"}


def test_an_answered_offer_is_not_answered_again(people):
    offer = people.own.participation
    for status in ("accepted", "declined", "done", "cancelled"):
        offer.status = status
        assert not offer.can_answer(people.partner.actor)


# --- Fees -------------------------------------------------------------------------------------------------
def test_a_fee_is_for_exactly_one_thing():
    words = "A fee is for exactly one thing."
    refused(fee(participation=None), words)
    refused(fee(meeting=MeetingFactory()), words)


def test_a_fee_may_be_for_a_meeting():
    meeting = MeetingFactory()
    made = fee(participation=None, meeting=meeting, partner=meeting.relationship.partner)
    made.save()
    assert (made.what, made.day) == ("Peer-support meeting", meeting.date)


def test_a_participation_has_one_fee():
    first = FeeFactory()
    again = fee(participation=first.participation)
    with pytest.raises(ValidationError):
        again.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save(force_insert=True)


def test_a_fee_is_more_than_nothing():
    refused(fee(amount=Decimal(0)), "A fee is more than 0 €.")
    refused_by_sql(Fee.objects.filter(pk=FeeFactory().pk), amount=0)


def test_a_fee_has_a_known_state():
    claimer = user_in_role("partner")
    lost = fee(status="lost", claimed_by=claimer, claimed_at=timezone.now())
    with pytest.raises(ValidationError) as error:
        lost.validate_constraints()
    assert "This state is not known." in error.value.messages
    refused_by_sql(Fee.objects.filter(pk=FeeFactory().pk), status="lost")
    refused_by_sql(Fee.objects.filter(pk=FeeFactory(claimed=True).pk), status="withdrawn")


def test_a_claimed_fee_says_who_claimed_it():
    refused(fee(status="claimed", payment_form="wage"), "A claim says who made it.")
    refused_by_sql(Fee.objects.filter(pk=FeeFactory().pk), status="claimed")


def test_a_rejected_fee_says_why():
    claimer = user_in_role("partner")
    refused(
        fee(status="rejected", payment_form="wage", claimed_by=claimer, claimed_at=timezone.now()),
        "Say in words why this is not approved.",
    )
    refused_by_sql(Fee.objects.filter(pk=FeeFactory(claimed=True).pk), status="rejected")


def test_the_claimer_never_approves_not_even_in_the_database():
    words = "Somebody else than the claimer approves."
    claimer, now = user_in_role("partner"), timezone.now()
    facts = {
        "status": "approved",
        "payment_form": "wage",
        "claimed_by": claimer,
        "claimed_at": now,
        "approved_at": now,
    }
    refused(fee(approved_by=claimer, **facts), words)
    refused(fee(approved_by=None, **facts), words)

    claimed = FeeFactory(claimed=True)
    row = Fee.objects.filter(pk=claimed.pk)
    refused_by_sql(row, status="approved", approved_by=claimed.claimed_by, approved_at=now)
    refused_by_sql(row, status="approved", approved_by=None, approved_at=now)
    refused_by_sql(row, status="approved", approved_by=user_in_role("staff"), approved_at=None)
    assert row.update(status="approved", approved_by=user_in_role("staff"), approved_at=now) == 1


def test_who_may_claim_a_fee(people):
    may = {
        person.name
        for person in people.everybody()
        if person.actor and people.own.fee.can_claim(person.actor)
    }
    assert may == {"partner"}
    for status in ("claimed", "approved"):
        people.own.fee.status = status
        assert not people.own.fee.can_claim(people.partner.actor)
    people.own.fee.status = "rejected"
    assert people.own.fee.can_claim(people.partner.actor)


def test_who_may_approve_a_claimed_fee(people):
    claimed = people.own.claimed_fee
    may = {person.name for person in people.everybody() if person.actor and claimed.can_approve(person.actor)}
    assert may == {"staff", "other_staff"}
    for status in ("draft", "approved", "rejected"):
        claimed.status = status
        assert not claimed.can_approve(people.staff.actor)
