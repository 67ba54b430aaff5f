"""What waits for an orderer in vain: the project pays instead, from a grant, and somebody approves it anew."""

from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from kumppani.audit.models import AuditEvent
from kumppani.core.dates import today
from kumppani.core.states import MoveRefused
from kumppani.core.submissions import new_token
from kumppani.notices.models import Notice
from tasks import services
from tasks.models import Fee, TravelClaim
from tests.factories.accounts import RoleGrantFactory
from tests.factories.organisations import GrantFactory
from tests.factories.tasks import FeeFactory, ParticipationFactory, TravelClaimFactory
from tests.personas import Person

pytestmark = pytest.mark.django_db

BOTH = pytest.mark.parametrize(
    ("record", "page"), [("orderer_fee", "fee_project_pays"), ("orderer_travel", "travel_project_pays")]
)


def press(person, of, page, grant):
    values = {"submission": new_token(person.user.pk), "grant": grant.pk}
    return person.client().post(reverse(page, args=[of.pk]), values)


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


@BOTH
def test_what_was_approved_waits_for_approval_anew_and_is_then_collected(people, record, page):
    """Control: leave it approved."""
    of, grant = getattr(people.own, record), people.common.grant
    assert reverse(page, args=[of.pk]) in people.staff.client().get(of.get_absolute_url()).content.decode()
    Notice.objects.all().delete()
    response = press(people.staff, of, page, grant)
    assert said(response) == ["Saved: the project pays. The claim waits for approval."]
    of.refresh_from_db()
    assert (of.status, of.payer, of.grant, of.approved_by, of.approved_at) == (
        "claimed",
        "project",
        grant,
        None,
        None,
    )
    waiting = Notice.objects.filter(object_id=of.pk).values_list("recipient", flat=True)
    assert people.other_staff.user.pk in waiting
    assert people.staff.user.pk not in waiting
    changed = AuditEvent.objects.filter(action="change", object_id=of.pk).get()
    assert changed.actor_id == people.staff.user.pk
    approve = services.approve_fee if isinstance(of, Fee) else services.approve_travel
    approve(**{"fee" if isinstance(of, Fee) else "claim": of}, by=people.other_staff.actor)
    chosen = {"fees" if isinstance(of, Fee) else "travel": [of]}
    batch = services.collect_batch(by=people.staff.actor, **chosen)
    assert (batch.total, batch.rows.get().grant_code) == (of.amount_to_pay, grant.code)


@BOTH
def test_the_history_says_it_to_both(people, record, page):
    of = getattr(people.own, record)
    services.project_pays_instead(of=of, grant=people.common.grant, by=people.staff.actor)
    for person in (people.staff, people.partner):
        history = person.client().get(of.get_absolute_url()).context["history"]
        assert history[-1]["words"] == "The project pays instead: waits for approval anew"


@pytest.mark.parametrize("make", [FeeFactory, TravelClaimFactory])
def test_what_is_only_claimed_stays_claimed(people, make):
    facts = {"claimed": True} if make is FeeFactory else {}
    of = make(**facts, payer="orderer", grant=None)
    services.project_pays_instead(of=of, grant=people.common.grant, by=people.staff.actor)
    of.refresh_from_db()
    assert (of.status, of.payer, of.grant) == ("claimed", "project", people.common.grant)


@BOTH
def test_nobody_settles_it_for_oneself(people, record, page):
    """A37. Control: ask for the role alone."""
    of = getattr(people.own, record)
    RoleGrantFactory(user=people.partner.user, role="staff")
    both = Person("both", people.partner.user, "staff")
    assert press(both, of, page, people.common.grant).status_code == 403
    assert reverse(page, args=[of.pk]) not in both.client().get(of.get_absolute_url()).content.decode()
    with pytest.raises(MoveRefused):
        services.project_pays_instead(of=of, grant=people.common.grant, by=both.actor)


@BOTH
def test_what_the_orderer_has_paid_stays_so(people, record, page):
    of = getattr(people.own, record)
    of.pay(by=people.staff.actor, on=today())
    with pytest.raises(MoveRefused):
        services.project_pays_instead(of=of, grant=people.common.grant, by=people.staff.actor)
    of.refresh_from_db()
    assert (of.status, of.payer) == ("paid", "orderer")


@BOTH
def test_who_saw_the_orderer_pay_is_told_that_the_project_does(people, record, page):
    """Control: do not hold the row before looking who pays."""
    seen = type(getattr(people.own, record)).objects.get(pk=getattr(people.own, record).pk)
    of = getattr(people.own, record)
    services.project_pays_instead(of=of, grant=people.common.grant, by=people.staff.actor)
    of.approve(by=people.other_staff.actor)
    paid = services.fee_paid_by_orderer if isinstance(of, Fee) else services.travel_paid_by_orderer
    with pytest.raises(MoveRefused, match="payment batch"):
        paid(**{"fee" if isinstance(of, Fee) else "claim": seen}, on=today(), by=people.staff.actor)


@BOTH
def test_a_grant_is_chosen(people, record, page):
    of = getattr(people.own, record)
    response = people.staff.client().post(
        reverse(page, args=[of.pk]), {"submission": new_token(people.staff.user.pk)}
    )
    assert response.status_code == 422
    assert response.context["form"].errors == {"grant": ["Choose the grant from which the project pays."]}


def test_a_claim_that_is_mended_afterwards_is_still_paid_by_the_project(people):
    """Control: settle who pays anew from the assignment."""
    part = ParticipationFactory(
        partner=people.own.partner,
        status="done",
        assignment__status="done",
        assignment__payer="orderer",
        assignment__grant=None,
    )
    claim = services.claim_travel(
        by=people.partner.actor,
        partner=people.own.partner,
        participation=part,
        departs_at=TravelClaimFactory.build(partner=people.own.partner).departs_at,
        minutes=120,
        route="Turku–Salo–Turku",
        purpose="Luento",
        vehicle="public",
        receipts_amount=Decimal(12),
        has_receipts=True,
    )
    assert claim.payer == "orderer"
    grant = GrantFactory()
    services.project_pays_instead(of=claim, grant=grant, by=people.staff.actor)
    services.reject_travel(claim=claim, because="Kuitti puuttuu", by=people.staff.actor)
    facts = {name: getattr(claim, name) for name in services.travel.FACTS}
    services.mend_travel(claim=claim, by=people.partner.actor, **facts)
    claim = TravelClaim.objects.get(pk=claim.pk)
    assert (claim.status, claim.payer, claim.grant) == ("claimed", "project", grant)


def test_what_is_approved_is_not_claimed_again_by_its_partner(people):
    """Control: let its partner claim whatever the table lets become claimed."""
    fee = people.own.orderer_fee
    assert not fee.can_claim(people.partner.actor)
    with pytest.raises(MoveRefused):
        services.claim_fee(fee=fee, by=people.partner.actor)
