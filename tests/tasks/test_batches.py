"""Batches and corrections: collected once, never changed, paid once, put right by a later one."""

import datetime
import itertools
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from kumppani.audit.models import AuditEvent
from kumppani.core.dates import today
from kumppani.core.models import StatusChange
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.notices.kinds import KINDS
from kumppani.notices.models import Notice
from tasks import services
from tasks.models import Correction, Fee, PaymentBatch, PaymentRow, TravelClaim
from tests.factories.accounts import user_in_role
from tests.factories.pairing import ExperiencePartnerFactory
from tests.factories.tasks import (
    CorrectionFactory,
    FeeFactory,
    PartnerTermsFactory,
    PaymentBatchFactory,
    TravelClaimFactory,
)
from tests.guards import without_triggers
from tests.personas import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return Person("staff", user_in_role("staff"), "staff").actor


@pytest.fixture
def other_staff():
    return Person("other", user_in_role("staff"), "staff").actor


@pytest.fixture
def partner():
    return ExperiencePartnerFactory(user=user_in_role("partner"))


def approved(partner, **fields) -> Fee:
    return FeeFactory(approved=True, participation__partner=partner, **fields)


def collected(staff, partner, **fields) -> tuple[Fee, PaymentBatch]:
    fee = approved(partner, **fields)
    batch = services.collect_batch(by=staff, fees=[fee])
    fee.refresh_from_db()
    return fee, batch


def paid(staff, partner, **fields) -> tuple[Fee, PaymentBatch]:
    fee, batch = collected(staff, partner, **fields)
    services.pay_batch(batch=batch, on=today(), by=staff)
    fee.refresh_from_db()
    return fee, batch


# --- Collecting ---------------------------------------------------------------------------------------------
def test_what_is_approved_goes_into_a_batch(staff, partner):
    fee, claim = (
        approved(partner, amount=Decimal("80.00")),
        TravelClaimFactory(approved=True, partner=partner),
    )
    batch = services.collect_batch(by=staff, fees=[fee], travel=[claim])
    assert (batch.number, batch.made_on, batch.items, batch.total, batch.status) == (
        1,
        today(),
        2,
        Decimal("130.00"),
        "made",
    )
    assert batch.made_by_id == staff.user_id
    for item in (fee, claim):
        item.refresh_from_db()
        assert (item.status, item.batch_id, item.paid_on) == ("exported", batch.pk, None)
    assert [row.total for row in services.intact_rows(batch)] == [Decimal("80.00"), Decimal("50.00")]
    moves = StatusChange.objects.filter(object_id__in=[fee.pk, claim.pk]).values_list("old", "new")
    assert list(moves) == [("approved", "exported")] * 2


def test_numbers_go_on_without_a_gap(staff, partner):
    assert [collected(staff, partner)[1].number for _three in range(3)] == [1, 2, 3]


def test_terms_of_the_day_are_kept_in_the_row(staff, partner):
    terms = PartnerTermsFactory(partner=partner, payee_no="0042", tax_card_on_file=True)
    _fee, batch = collected(staff, partner)
    terms.payee_no, terms.tax_card_on_file = "0043", False
    terms.save()
    assert [(row.payee_no, row.tax_card_on_file) for row in services.intact_rows(batch)] == [("0042", True)]


@pytest.mark.parametrize("trait", [{"claimed": True}, {"approved": True, "payer": "orderer", "grant": None}])
def test_what_is_not_approved_or_paid_by_others_is_not_collected(staff, partner, trait):
    fee = FeeFactory(participation__partner=partner, **trait)
    with pytest.raises(AlreadyMoved):
        services.collect_batch(by=staff, fees=[fee])
    assert not PaymentBatch.objects.exists()


def test_one_item_that_has_gone_stops_the_whole_batch(staff, partner):
    """All or nothing: what was chosen and what is sent never differ."""
    gone, _batch = collected(staff, partner)
    other = approved(partner)
    with pytest.raises(AlreadyMoved):
        services.collect_batch(by=staff, fees=[gone, other])
    other.refresh_from_db()
    assert (other.status, PaymentBatch.objects.count()) == ("approved", 1)


def test_nothing_makes_no_batch(staff):
    with pytest.raises(MoveRefused, match="nothing to pay"):
        services.collect_batch(by=staff)


def test_a_journey_that_costs_nothing_makes_no_batch(staff, partner):
    nothing = {"km": 0, "km_amount": 0, "total": 0}
    claim = TravelClaimFactory(approved=True, partner=partner, **nothing)
    with pytest.raises(MoveRefused, match="nothing to pay"):
        services.collect_batch(by=staff, travel=[claim])


def test_collecting_leaves_a_trace_about_each_person(staff, partner):
    fee, _batch = collected(staff, partner)
    events = AuditEvent.objects.filter(object_id=fee.pk, action="move")
    assert [(event.about_id, event.detail) for event in events] == [(partner.pk, "approved>exported")]


# --- What is sealed -----------------------------------------------------------------------------------------
def damage(table: str, change: str) -> None:
    """What the database refuses, done past its guards."""
    with without_triggers(connection), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {change}")  # noqa: S608 – from the list below


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("tasks_paymentrow", "gross_amount = gross_amount + 1"),
        ("tasks_paymentrow", "payee_name = 'Joku muu'"),
        ("tasks_paymentbatch", "total = total + 1"),
        ("tasks_paymentbatch", "number = number + 1"),
        ("tasks_paymentbatch", "items = items + 1"),
        ("tasks_paymentbatch", "made_on = '2020-01-01'"),
    ],
)
def test_a_batch_that_is_not_as_it_was_made_is_told(staff, partner, table, change):
    """Control: give `intact_rows` back without comparing."""
    _fee, batch = collected(staff, partner)
    assert services.intact_rows(batch)
    damage(table, change)
    with pytest.raises(services.BatchDamaged):
        services.intact_rows(PaymentBatch.objects.get())


def test_an_item_slipped_into_a_batch_is_told(staff, partner):
    _fee, batch = collected(staff, partner)
    FeeFactory(exported=True, batch=batch, participation__partner=partner)
    with pytest.raises(services.BatchDamaged):
        services.intact_rows(batch)


# --- Paying -------------------------------------------------------------------------------------------------
def test_paying_pays_everything_in_it(staff, partner):
    fee, claim = approved(partner), TravelClaimFactory(approved=True, partner=partner)
    batch = services.collect_batch(by=staff, fees=[fee], travel=[claim])
    services.pay_batch(batch=batch, on=today(), by=staff)
    for item in (batch, fee, claim):
        item.refresh_from_db()
        assert (item.status, item.paid_on) == ("paid", today())


def test_each_partner_is_told_once(staff, partner):
    other = ExperiencePartnerFactory(user=user_in_role("partner"))
    items = [approved(partner), approved(partner), approved(other)]
    claim = TravelClaimFactory(approved=True, partner=partner)
    batch = services.collect_batch(by=staff, fees=items, travel=[claim])
    services.pay_batch(batch=batch, on=today(), by=staff)
    told = Notice.objects.order_by("kind").values_list("recipient_id", "kind", "object_id")
    assert list(told) == [
        (partner.user_id, "batch_paid", batch.pk),
        (other.user_id, "fee_paid", items[2].pk),
    ]


def test_the_notice_is_only_for_those_whose_money_is_in_the_batch(staff, partner):
    other = ExperiencePartnerFactory(user=user_in_role("partner"))
    batch = services.collect_batch(by=staff, fees=[approved(partner), approved(partner)])
    may_know = KINDS["batch_paid"].visible
    theirs, strangers = (Person("p", each.user, "partner").actor for each in (partner, other))
    assert not may_know(theirs, batch.pk)  # nothing has been paid yet
    services.pay_batch(batch=batch, on=today(), by=staff)
    assert may_know(theirs, batch.pk)
    assert not may_know(strangers, batch.pk)


def test_a_batch_is_paid_once(staff, other_staff, partner):
    _fee, batch = collected(staff, partner)
    late = PaymentBatch.objects.get(pk=batch.pk)
    services.pay_batch(batch=batch, on=today(), by=staff)
    with pytest.raises(AlreadyMoved):
        services.pay_batch(batch=late, on=today(), by=other_staff)
    with pytest.raises(MoveRefused):
        services.pay_batch(batch=batch, on=today(), by=other_staff)
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("days", [-1, 1])
def test_day_of_payment_lies_between_making_and_today(staff, partner, days):
    fee, batch = collected(staff, partner)
    with pytest.raises(MoveRefused, match="day of payment"):
        services.pay_batch(batch=batch, on=today() + datetime.timedelta(days=days), by=staff)
    fee.refresh_from_db()
    assert fee.status == "exported"


# --- Corrections --------------------------------------------------------------------------------------------
def correct(of, amount, by, **fields) -> Correction:
    return services.record_correction(of=of, amount=Decimal(amount), because="Tunti puuttui", by=by, **fields)


@pytest.mark.parametrize("make", [collected, paid])
def test_what_was_sent_is_put_right_in_a_later_batch(make, staff, other_staff, partner):
    fee, first = make(staff, partner, amount=Decimal("80.00"))
    before = services.intact_rows(first)
    correction = correct(fee, "-30.00", staff)
    services.approve_correction(correction=correction, by=other_staff)
    second = services.collect_batch(by=staff, corrections=[correction])
    assert (second.number, second.total) == (2, Decimal("-30.00"))
    (row,) = services.intact_rows(second)
    assert (row.is_correction, row.partner_id, row.grant_code) == (True, partner.pk, fee.grant.code)
    assert services.intact_rows(first) == before
    services.pay_batch(batch=second, on=today(), by=staff)
    correction.refresh_from_db()
    assert (correction.status, correction.paid_on) == ("paid", today())


@pytest.mark.parametrize("state", [{}, {"claimed": True}, {"approved": True}])
def test_what_has_not_been_sent_is_not_corrected(state, staff, partner):
    with pytest.raises(MoveRefused, match="sent to be paid"):
        correct(FeeFactory(participation__partner=partner, **state), "5.00", staff)


def test_what_the_orderer_pays_is_not_corrected(staff, partner):
    fee = FeeFactory(approved=True, participation__partner=partner, payer="orderer", grant=None)
    services.fee_paid_by_orderer(fee=fee, on=today(), by=staff)
    with pytest.raises(MoveRefused, match="sent to be paid"):
        correct(fee, "5.00", staff)


def test_no_more_is_taken_back_than_was_paid(staff, other_staff, partner):
    fee, _batch = paid(staff, partner, amount=Decimal("80.00"))
    correct(fee, "-50.00", staff)
    with pytest.raises(MoveRefused, match=r"30\.00"):
        correct(fee, "-30.01", staff)
    # What somebody wants to add counts only when another has approved it.
    more = correct(fee, "20.00", staff)
    with pytest.raises(MoveRefused):
        correct(fee, "-30.01", staff)
    services.approve_correction(correction=more, by=other_staff)
    correct(fee, "-50.00", staff)


def test_a_correction_that_was_taken_back_does_not_count(staff, partner):
    fee, _batch = paid(staff, partner, amount=Decimal("80.00"))
    services.withdraw_correction(correction=correct(fee, "-80.00", staff), by=staff)
    correct(fee, "-80.00", staff)


def test_a_journey_is_corrected_part_by_part(staff, partner):
    claim = TravelClaimFactory(approved=True, partner=partner)  # 50 € of kilometres and nothing else
    services.collect_batch(by=staff, travel=[claim])
    claim.refresh_from_db()
    correct(claim, "-50.00", staff, part="mileage")
    with pytest.raises(MoveRefused, match=r"0\.00"):
        correct(claim, "-0.01", staff, part="receipts")


def test_nobody_approves_the_own_correction(staff, other_staff, partner):
    fee, _batch = paid(staff, partner)
    correction = correct(fee, "5.00", staff)
    with pytest.raises(MoveRefused, match="Somebody else"):
        services.approve_correction(correction=correction, by=staff)
    services.approve_correction(correction=correction, by=other_staff)
    assert correction.status == "approved"


def test_the_partner_does_not_approve_the_own_correction_in_another_role(staff, partner):
    """A37. Control: let `is_own` look at the claimer alone."""
    fee, _batch = paid(staff, partner)
    as_staff = Person("p", partner.user, "staff").actor
    with pytest.raises(MoveRefused, match="Somebody else"):
        services.approve_correction(correction=correct(fee, "5.00", staff), by=as_staff)


def test_others_are_asked_to_approve_and_the_partner_is_told(staff, other_staff, partner):
    fee, _batch = paid(staff, partner)
    Notice.objects.all().delete()
    correction = correct(fee, "5.00", staff)
    asked = dict(Notice.objects.values_list("recipient_id", "kind"))
    assert asked[other_staff.user_id] == "correction_to_approve"
    assert staff.user_id not in asked
    services.approve_correction(correction=correction, by=other_staff)
    assert Notice.objects.get(kind="fee_corrected").recipient_id == partner.user_id


def test_a_correction_is_taken_back_before_it_is_approved_and_not_after(staff, other_staff, partner):
    fee, _batch = paid(staff, partner)
    one, other = correct(fee, "5.00", staff), correct(fee, "6.00", staff)
    services.withdraw_correction(correction=one, by=other_staff)
    assert one.status == "withdrawn"
    services.approve_correction(correction=other, by=other_staff)
    with pytest.raises(MoveRefused):
        services.withdraw_correction(correction=other, by=other_staff)


def test_no_identity_code_in_the_reason(staff, partner):
    fee, _batch = paid(staff, partner)
    with pytest.raises(ValidationError, match="identity code"):
        services.record_correction(of=fee, amount=Decimal(5), because="Kuten 131052-308T sanoi", by=staff)


# --- What must never be, whoever writes ---------------------------------------------------------------------
def refused(name: str, make) -> None:
    """The database itself refuses, by this constraint."""
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make()


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("payment_batch_(status_known|paid_on_a_day)", {"status": "lost"}),
        ("payment_batch_paid_on_a_day", {"status": "paid"}),
        ("payment_batch_paid_on_a_day", {"paid_on": datetime.date(2027, 5, 4)}),
        ("payment_batch_not_empty", {"items": 0}),
        ("payment_batch_not_empty", {"checksum": ""}),
    ],
)
def test_batch_is_refused(name, fields):
    refused(name, lambda: PaymentBatchFactory(**fields))
    PaymentBatchFactory()


def test_batch_number_stands_once():
    PaymentBatchFactory(number=7)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentBatchFactory(number=7)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("correction_changes_something", {"amount": 0}),
        ("correction_of_one_thing", {"fee": None, "part": "mileage"}),
        ("correction_part_of_a_journey", {"part": "mileage"}),
        ("correction_status_known", {"status": "rejected", "rejected_because": "Ei"}),
        ("correction_approved_by_another", {"status": "approved"}),
    ],
)
def test_correction_is_refused(name, fields):
    good = CorrectionFactory()
    facts = {"partner": good.partner, "payer": "project", "grant": good.grant, **fields}
    refused(name, lambda: CorrectionFactory(**({"fee": good.fee} | facts)))


def test_correction_of_a_journey_names_its_part(staff, partner):
    claim = TravelClaimFactory(approved=True, partner=partner)
    services.collect_batch(by=staff, travel=[claim])
    claim.refresh_from_db()
    facts = {"fee": None, "travel": claim, "partner": partner, "payer": "project", "grant": claim.grant}
    refused("correction_part_of_a_journey", lambda: CorrectionFactory(**facts))
    CorrectionFactory(**facts, part="receipts")


def test_rows_of_a_batch_stand_each_at_its_place(staff, partner):
    collected(staff, partner)
    row = PaymentRow.objects.get()
    for change in ({"position": 1}, {"position": 2, "date_to": row.date_from - datetime.timedelta(days=1)}):
        facts = {field.attname: getattr(row, field.attname) for field in PaymentRow._meta.concrete_fields}
        del facts["id"]
        with pytest.raises(IntegrityError), transaction.atomic():
            PaymentRow.objects.create(**(facts | change))
    PaymentRow.objects.create(**(facts | {"position": 2, "date_to": row.date_to}))


# --- Frozen: triggers, on both engines ----------------------------------------------------------------------
FROZEN = "does not change"


@pytest.fixture
def frozen(staff, other_staff, partner):
    """One of everything that lies in a batch."""
    fee, claim = approved(partner), TravelClaimFactory(approved=True, partner=partner)
    services.collect_batch(by=staff, fees=[fee], travel=[claim])
    fee.refresh_from_db()
    correction = correct(fee, "5.00", staff)
    services.approve_correction(correction=correction, by=other_staff)
    services.collect_batch(by=staff, corrections=[correction])
    return {PaymentBatch: None, Fee: fee, TravelClaim: claim, Correction: correction}


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (PaymentBatch, {"number": 99}),
        (PaymentBatch, {"total": 1}),
        (PaymentBatch, {"items": 99}),
        (PaymentBatch, {"checksum": "1" * 64}),
        (PaymentBatch, {"made_on": datetime.date(2020, 1, 1)}),
        (Fee, {"amount": 1}),
        (Fee, {"quantity": 9}),
        (Fee, {"unit": "day"}),
        (Fee, {"payment_form": "business"}),
        (Fee, {"status": "approved", "batch": None}),
        (TravelClaim, {"km_amount": 1, "total": 1}),
        (TravelClaim, {"receipts_amount": 1, "total": 51}),
        (TravelClaim, {"status": "approved", "batch": None}),
        (Correction, {"amount": 1}),
        (Correction, {"status": "approved", "batch": None}),
        (Correction, {"grant": None}),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, dict) else value.__name__,
)
def test_what_lies_in_a_batch_does_not_change(frozen, model, change):
    """Control: take the column out of `FROZEN` in tasks/triggers.py."""
    with pytest.raises(DatabaseError, match=FROZEN), transaction.atomic():
        model.objects.filter(**({} if model is PaymentBatch else {"batch__isnull": False})).update(**change)


@pytest.mark.parametrize(
    "table", ["tasks_paymentbatch", "tasks_fee", "tasks_travelclaim", "tasks_correction"]
)
def test_what_lies_in_a_batch_is_not_deleted(frozen, table):
    with pytest.raises(DatabaseError, match=FROZEN), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608 – from the list above


def test_what_lies_in_no_batch_changes_freely(partner):
    fee = approved(partner)
    Fee.objects.filter(pk=fee.pk).update(amount=Decimal("1.00"))
    fee.delete()
    assert not Fee.objects.exists()


def test_state_and_day_of_payment_move_on(staff, frozen):
    """The one thing that may: what the triggers let through."""
    for batch in PaymentBatch.objects.order_by("number"):
        services.pay_batch(batch=batch, on=today(), by=staff)
    states = itertools.chain.from_iterable(model.objects.values_list("status", flat=True) for model in frozen)
    assert set(states) == {"paid"}
