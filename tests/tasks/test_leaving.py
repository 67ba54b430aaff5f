"""What becomes of offers, assignments and fees when a partner leaves.

Controls: leave the register call out of tasks/leaving.py; take a state out of `UNPAID`.
"""

import pytest
from django.urls import reverse

from kumppani.accounts.actor import actor_for
from kumppani.audit.models import AuditEvent
from kumppani.core.dates import today
from kumppani.core.states import MoveRefused
from kumppani.notices.models import Notice
from pairing.leaving import still_open
from pairing.services import complete_leaving, leave
from tasks import services
from tasks.models import Correction, Fee, TravelClaim
from tasks.states import PayStatus
from tests.factories.accounts import user_in_role
from tests.factories.pairing import CommitmentTextFactory, ready_partner
from tests.factories.tasks import (
    AssignmentFactory,
    CorrectionFactory,
    FeeFactory,
    ParticipationFactory,
    TravelClaimFactory,
)
from tests.personas import Person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def texts():
    return [CommitmentTextFactory(kind=kind, number=1) for kind in ("principles", "undertaking")]


@pytest.fixture
def partner():
    return ready_partner(user=user_in_role("partner"))


@pytest.fixture
def own(partner) -> Person:
    return Person("partner", partner.user, "partner")


@pytest.fixture
def staff() -> Person:
    return Person("staff", user_in_role("staff"), "staff")


def again(record):
    record.refresh_from_db()
    return record


@pytest.mark.parametrize("who", ["own", "staff"])
def test_open_offers_are_declined_at_once_and_a_yes_stays(partner, who, request):
    person = request.getfixturevalue(who)
    staff_users = [user_in_role("staff")]
    offered = ParticipationFactory(partner=partner)
    accepted = ParticipationFactory(partner=partner, status="accepted")
    leave(partner=partner, by=person.actor)
    assert (again(offered).status, again(accepted).status) == ("declined", "accepted")
    told = Notice.objects.filter(kind="assignment_answered", object_id=offered.assignment_id)
    assert set(staff_users) <= {notice.recipient for notice in told}


def test_nobody_who_is_leaving_is_asked(partner, staff):
    leave(partner=partner, by=staff.actor)
    with pytest.raises(MoveRefused):
        services.offer(
            assignment=AssignmentFactory(), partner=again(partner), fee_amount=None, by=staff.actor
        )


def test_who_is_leaving_does_not_stand_in_the_line(partner, staff):
    leave(partner=partner, by=staff.actor)
    page = staff.client().get(reverse("assignment_offer", args=[AssignmentFactory().pk]))
    assert page.context["form"].turns == []


def test_an_assignment_that_comes_hinders_until_it_is_over(partner, staff):
    part = ParticipationFactory(partner=partner, status="accepted")
    leave(partner=partner, by=staff.actor)
    with pytest.raises(MoveRefused, match=part.assignment.title):
        complete_leaving(partner=partner, by=staff.actor)
    services.cancel_assignment(assignment=part.assignment, by=staff.actor)
    complete_leaving(partner=partner, by=staff.actor)
    assert again(partner).has_left


@pytest.mark.parametrize("status", ["draft", "claimed", "rejected", "approved", "exported"])
def test_an_unpaid_fee_keeps_the_role(partner, own, staff, status):
    made = {"draft": {}, "rejected": {"claimed": True}}.get(status, {status: True})
    fee = FeeFactory(participation__partner=partner, **made)
    if status == "rejected":
        Fee.objects.filter(pk=fee.pk).update(status=status, rejected_because="Päivä puuttuu")
        fee.refresh_from_db()
    assert fee.status == status
    leave(partner=partner, by=staff.actor)
    with pytest.raises(MoveRefused):
        complete_leaving(partner=partner, by=staff.actor)
    assert actor_for(partner.user).role == "partner"
    assert [one.url for one in still_open(partner, own.actor)] == [fee.get_absolute_url()]


@pytest.mark.parametrize("kind", ["travel", "correction"])
def test_unpaid_travel_and_corrections_do_the_same(partner, staff, kind):
    if kind == "travel":
        TravelClaimFactory(partner=partner)
    else:
        fee = FeeFactory(participation__partner=partner, exported=True)
        Fee.objects.filter(pk=fee.pk).update(status=PayStatus.PAID, paid_on=today())
        CorrectionFactory(fee=fee)
    leave(partner=partner, by=staff.actor)
    with pytest.raises(MoveRefused):
        complete_leaving(partner=partner, by=staff.actor)


def test_what_is_paid_or_done_without_hinders_nobody(partner, staff):
    FeeFactory(participation__partner=partner, status="waived", payment_form="waived")
    TravelClaimFactory(partner=partner, status="withdrawn")
    leave(partner=partner, by=staff.actor)
    complete_leaving(partner=partner, by=staff.actor)
    assert again(partner).has_left
    assert (Correction.objects.count(), TravelClaim.objects.count(), Fee.objects.count()) == (0, 1, 1)


def test_work_done_whose_fee_nobody_has_looked_for_gets_it_now(partner, staff):
    part = ParticipationFactory(partner=partner, status="done", assignment__status="done")
    leave(partner=partner, by=staff.actor)
    fee = Fee.objects.get(participation=part)
    assert fee.status == "draft"
    # It is found by looking, as every hour: not a deed of whoever leaves.
    assert AuditEvent.objects.get(object_id=fee.pk).actor_id is None
