"""What the room tells people, and whether they may still know."""

import datetime
import uuid

import pytest
from django.urls import resolve

from kumppani.core.dates import today
from kumppani.notices.kinds import KINDS
from tasks import notices, services
from tests.factories.accounts import RoleGrantFactory
from tests.personas import Person

pytestmark = pytest.mark.django_db


def visible_to(kind: str, people, pk) -> set[str]:
    """Which of the persons may know of it."""
    return {
        person.name
        for person in people.everybody()
        if person.actor is not None and KINDS[kind].visible(person.actor, pk)
    }


STAFF = {"staff", "other_staff"}


def test_the_kinds_are_known_to_the_bell_each_once():
    codes = [kind.code for kind in notices.KINDS]
    assert len(codes) == len(set(codes))
    assert set(codes) <= set(KINDS)


def test_an_offer_is_known_while_it_waits(people):
    offer = people.own.participation
    assert visible_to("assignment_offered", people, offer.pk) == STAFF | {"partner"}
    services.answer_offer(participation=offer, yes=True, by=people.partner.actor)
    assert visible_to("assignment_offered", people, offer.pk) == set()


def test_an_offer_is_no_longer_known_after_its_day(people):
    offer = people.own.participation
    yesterday = today() - datetime.timedelta(days=1)
    type(offer.assignment).objects.filter(pk=offer.assignment_id).update(date=yesterday)
    assert visible_to("assignment_offered", people, offer.pk) == set()


def test_an_assignment_is_known_to_those_in_it(people):
    for kind in (
        "assignment_answered",
        "assignment_changed",
        "assignment_confirmed",
        "assignment_cancelled",
        "assignment_done_with",
        "assignment_done_without",
        "offer_taken_back",
        "partner_stepped_down",
    ):
        assert visible_to(kind, people, people.own.assignment.pk) == STAFF | {"partner"}


def test_a_fee_to_claim_is_known_until_it_is_claimed(people):
    fee = people.own.fee
    assert visible_to("fee_to_claim", people, fee.pk) == STAFF | {"partner"}
    services.claim_fee(fee=fee, by=people.partner.actor)
    assert visible_to("fee_to_claim", people, fee.pk) == set()


def test_a_fee_to_approve_is_known_to_others_than_the_claimer(people):
    fee = people.own.claimed_fee
    RoleGrantFactory(user=people.partner.user, role="staff")
    as_staff = Person("partner as staff", people.partner.user, "staff").actor
    assert KINDS["fee_to_approve"].visible(people.staff.actor, fee.pk)
    assert not KINDS["fee_to_approve"].visible(as_staff, fee.pk)
    services.approve_fee(fee=fee, by=people.staff.actor)
    assert not KINDS["fee_to_approve"].visible(people.staff.actor, fee.pk)
    assert visible_to("fee_approved", people, fee.pk) == STAFF | {"partner"}


def test_a_claim_sent_back_is_known_until_it_comes_again(people):
    fee = people.own.claimed_fee
    services.reject_fee(fee=fee, because="An hour less.", by=people.staff.actor)
    assert visible_to("fee_rejected", people, fee.pk) == STAFF | {"partner"}
    services.claim_fee(fee=fee, by=people.partner.actor)
    assert visible_to("fee_rejected", people, fee.pk) == set()


def test_every_notice_leads_to_a_page_that_opens(people):
    own = people.own
    records = {
        "participation_answer": own.participation,
        "assignment_detail": own.assignment,
        "fee_detail": own.fee,
        "travel_detail": own.travel,
        "order_detail": own.order,
        "correction_approve": own.correction,
        "own_money": own.fee,
    }
    for kind in notices.KINDS:
        page = resolve(kind.url(uuid.uuid4())).url_name
        reader = people.staff if page in ("order_detail", "correction_approve") else people.partner
        assert reader.client().get(kind.url(records[page].pk)).status_code == 200, kind.code
