"""Two and twenty people press at the same moment, on PostgreSQL: one winner an act, and right sums (trust.md 2).

Collecting holds its items in one order before it looks at them; approving and paying claim the old state in `move_to`.
The last tests take both away and show that then more than one wins: the guard is what these tests look at, not luck.
"""

import contextlib
import itertools
import threading
from decimal import Decimal

import pytest
from django.db import models, transaction
from django.db.models import F

from kumppani.core.dates import today
from kumppani.core.models import StatusChange
from kumppani.core.states import StatefulModel
from kumppani.notices.models import Notice
from tasks import services
from tasks.models import Correction, Fee, PaymentBatch, TravelClaim
from tasks.states import PayStatus
from tests.factories.accounts import user_in_role
from tests.factories.pairing import ExperiencePartnerFactory
from tests.factories.tasks import FeeFactory, TravelClaimFactory
from tests.pairing.test_races import at_once
from tests.personas import Person

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

CROWDS = (2, 20)
crowds = pytest.mark.parametrize("crowd", CROWDS)


class Money:
    """Two partners' approved fees and journeys, and the staff."""

    def __init__(self):
        self.staff, self.other = (
            Person(name, user_in_role("staff"), "staff").actor for name in ("staff", "other")
        )
        self.partners = [ExperiencePartnerFactory(user=user_in_role("partner")) for _two in range(2)]
        self.fees = [
            FeeFactory(approved=True, participation__partner=partner, amount=Decimal("80.10"))
            for partner in self.partners
        ]
        self.travel = [TravelClaimFactory(approved=True, partner=partner) for partner in self.partners]

    def claimed(self) -> Fee:
        return FeeFactory(claimed=True, participation__partner=self.partners[0])

    def collect(self) -> None:
        services.collect_batch(by=self.staff, fees=list(self.fees), travel=list(self.travel))

    def approve(self, fee: Fee):
        """An act: the staff approve this fee, each having read it before."""

        def act():
            services.approve_fee(fee=Fee.objects.select_related("partner").get(pk=fee.pk), by=self.staff)

        return act

    def pay(self) -> None:
        services.pay_batch(batch=PaymentBatch.objects.get(), on=today(), by=self.staff)


def moves(*items) -> list[tuple[str, str]]:
    """Every change of state of these items."""
    found = StatusChange.objects.filter(object_id__in=[item.pk for item in items])
    return sorted(found.values_list("old", "new"))


def assert_whole() -> None:
    """What must hold, whatever has been pressed: every item at most once, in one batch that adds up."""
    total = Decimal(0)
    for batch in PaymentBatch.objects.all():
        services.intact_rows(batch)
        total += batch.total
    amounts = [
        item.amount_to_pay
        for model in (Fee, TravelClaim, Correction)
        for item in model.objects.filter(batch__isnull=False)
    ]
    assert sum(amounts) == total
    numbers = sorted(PaymentBatch.objects.values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


@crowds
def test_of_many_who_approve_one_does(crowd):
    money = Money()
    fee = money.claimed()
    assert len(at_once([money.approve(fee)] * crowd)) == 1
    assert moves(fee) == [("claimed", "approved")]
    assert Notice.objects.filter(kind="fee_approved", object_id=fee.pk).count() == 1


@crowds
def test_of_many_who_collect_the_same_items_one_does(crowd):
    money = Money()
    assert len(at_once([money.collect] * crowd)) == 1
    batch = PaymentBatch.objects.get()
    assert (batch.items, batch.total) == (4, Decimal("260.20"))
    assert moves(*money.fees, *money.travel) == [("approved", "exported")] * 4
    assert_whole()


def test_of_those_who_collect_overlapping_items_one_gets_each():
    """Chosen in opposite orders: nobody waits for somebody who waits for oneself."""
    money = Money()
    one, two = money.fees

    def some(*fees):
        return lambda: services.collect_batch(by=money.staff, fees=fees)

    won = at_once([some(one, two), some(two, one)] * 10)
    assert len(won) == 1
    assert_whole()


def test_those_who_collect_different_items_each_get_a_number():
    """The first batch of all lets one through; from then on numbers are given one after the other."""
    money = Money()
    services.collect_batch(by=money.staff, travel=money.travel)
    fees = [FeeFactory(approved=True, participation__partner=money.partners[0]) for _ten in range(10)]
    acts = [lambda fee=fee: services.collect_batch(by=money.staff, fees=[fee]) for fee in fees]
    assert len(at_once(acts)) == 10
    assert PaymentBatch.objects.count() == 11
    assert_whole()


def test_those_who_make_the_very_first_batch_get_one_clear_answer():
    money = Money()
    acts = [lambda fee=fee: services.collect_batch(by=money.staff, fees=[fee]) for fee in money.fees]
    won = at_once(acts)
    assert 1 <= len(won) <= 2
    assert PaymentBatch.objects.count() == len(won)
    assert_whole()


@crowds
def test_of_many_who_pay_one_does(crowd):
    money = Money()
    money.collect()
    assert len(at_once([money.pay] * crowd)) == 1
    assert moves(PaymentBatch.objects.get()) == [("made", "paid")]
    assert moves(*money.fees, *money.travel) == [("approved", "exported")] * 4 + [("exported", "paid")] * 4
    assert Notice.objects.filter(kind="batch_paid").count() == 2
    assert_whole()


@crowds
def test_of_many_who_approve_a_correction_one_does(crowd):
    money = Money()
    money.collect()
    fee = Fee.objects.get(pk=money.fees[0].pk)
    made = services.record_correction(of=fee, amount=Decimal(5), because="Tunti puuttui", by=money.staff)

    def approve():
        correction = Correction.objects.select_related("partner").get(pk=made.pk)
        services.approve_correction(correction=correction, by=money.other)

    assert len(at_once([approve] * crowd)) == 1
    assert moves(made) == [("claimed", "approved")]


def test_of_many_who_take_everything_back_one_does():
    """Each alone would be allowed; together they would take back more than was paid. Control: do not hold the fee."""
    money = Money()
    money.collect()
    fee = Fee.objects.get(pk=money.fees[0].pk)

    def take_back():
        of = Fee.objects.select_related("partner").get(pk=fee.pk)
        services.record_correction(of=of, amount=-of.amount, because="Maksettu kahdesti", by=money.staff)

    assert len(at_once([take_back] * 20)) == 1
    assert services.paid_so_far(fee) == 0


def test_approving_collecting_and_paying_at_once_leave_everything_whole():
    money = Money()
    fee = money.claimed()

    def collect_all():
        services.collect_batch(by=money.staff, fees=list(Fee.objects.to_collect()))

    def pay_any():
        for batch in PaymentBatch.objects.filter(status="made"):
            services.pay_batch(batch=batch, on=today(), by=money.staff)

    at_once([money.approve(fee), collect_all, pay_any, money.collect] * 5)
    assert moves(fee).count(("claimed", "approved")) == 1
    for item in (*money.fees, fee):
        assert len(moves(item)) == len(set(moves(item)))
    assert_whole()


# --- The negative controls ----------------------------------------------------------------------------------
@pytest.fixture
def unguarded(monkeypatch):
    """No row is held, no old state is claimed, and everybody has read before anybody writes."""
    read = threading.Barrier(20)

    def unclaimed(self, new, *, by, **fields):
        with contextlib.suppress(threading.BrokenBarrierError):
            read.wait(20)
        with transaction.atomic():
            type(self)._base_manager.filter(pk=self.pk).update(status=new, version=F("version") + 1, **fields)
            StatusChange.objects.create(
                object_kind=self._meta.label_lower,
                object_id=self.pk,
                old=self.status,
                new=new,
                actor_role=by.role,
            )
        self.status = new

    monkeypatch.setattr(models.QuerySet, "select_for_update", lambda self, *args, **kwargs: self.all())
    monkeypatch.setattr(StatefulModel, "move_to", unclaimed)
    monkeypatch.setattr(StatefulModel, "lock", lambda self, **kwargs: None)


@pytest.mark.usefixtures("unguarded")
def test_without_the_claim_more_than_one_approves():
    money = Money()
    fee = money.claimed()
    assert len(at_once([money.approve(fee)] * 20)) > 1
    assert len(moves(fee)) > 1


@pytest.mark.usefixtures("unguarded")
def test_without_the_claim_more_than_one_pays():
    """One item, so that all twenty wait for each other at the same places."""
    money = Money()
    fee = money.fees[0]
    batch = PaymentBatch.objects.create(
        number=1, made_by_id=money.staff.user_id, items=1, total=fee.amount, checksum="0" * 64
    )
    Fee.objects.filter(pk=fee.pk).update(status=PayStatus.EXPORTED, batch=batch)
    assert len(at_once([money.pay] * 20)) > 1
    assert moves(batch).count(("made", "paid")) > 1


@pytest.mark.usefixtures("unguarded")
def test_without_the_hold_those_who_lose_get_no_clear_answer(monkeypatch):
    """Nothing held, nothing claimed, numbers for everybody: then only the triggers stand between a fee and a second
    batch. They hold, but a person would meet an error page."""
    money = Money()
    numbers = itertools.count(1)
    monkeypatch.setattr(services.batches, "_next_number", lambda: next(numbers))
    with pytest.raises(AssertionError, match="a payment batch does not change"):
        at_once([money.collect] * 20)
    assert moves(*money.fees) == [("approved", "exported")] * 2


def test_without_the_lock_more_is_taken_back_than_was_paid(monkeypatch):
    money = Money()
    money.collect()
    fee = Fee.objects.get(pk=money.fees[0].pk)
    read = threading.Barrier(20)
    real = services.corrections.paid_so_far

    def slowly(of, part=""):
        found = real(of, part)
        with contextlib.suppress(threading.BrokenBarrierError):
            read.wait(20)
        return found

    monkeypatch.setattr(StatefulModel, "lock", lambda self, **kwargs: None)
    monkeypatch.setattr(services.corrections, "paid_so_far", slowly)

    def take_back():
        of = Fee.objects.select_related("partner").get(pk=fee.pk)
        services.record_correction(of=of, amount=-of.amount, because="Maksettu kahdesti", by=money.staff)

    assert len(at_once([take_back] * 20)) > 1
    assert real(fee) < 0
