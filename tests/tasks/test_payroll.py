"""Items become rows: who, for what, under which code, from which cost centre – and to the cent (domain 3.4, 3.5)."""

import datetime
import itertools
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import models
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from kumppani.accounts.models import User
from kumppani.organisations.models import Grant
from pairing.models import ExperiencePartner, Meeting
from tasks.models import (
    Assignment,
    AssignmentKind,
    Correction,
    Fee,
    Participation,
    PartnerTerms,
    PaymentRow,
    TravelClaim,
)
from tasks.payroll import INCOME_TYPES, SEALED, _fitting, checksum_of, rows_of

DAY = datetime.date(2027, 5, 4)
NOON = datetime.datetime(2027, 5, 5, 12, 0, tzinfo=datetime.UTC)
APPROVER = User(first_name="Oona", last_name="Ohjaaja")
GRANT = Grant(code="STEA-1", cost_centre="4711")
CODE_ONLY = Grant(code="STEA-2")
LECTURE = AssignmentKind(name_fi="Luento", name_sv="Föreläsning", name_en="Lecture", income_type="214")
PANEL = AssignmentKind(name_fi="Paneeli", name_sv="Panel", name_en="Panel", income_type="210")
_numbers = itertools.count(1)


def partner(first="Paula", last="Partanen") -> ExperiencePartner:
    return ExperiencePartner(first_name=first, last_name=last)


PAULA, OLLI = partner(), partner("Olli", "Oinonen")


def common(**fields) -> dict:
    """What every approved item has."""
    return {
        "pk": UUID(int=next(_numbers)),
        "partner": PAULA,
        "grant": GRANT,
        "claimed_at": NOON,
        "approved_at": NOON,
        "approved_by": APPROVER,
        "status": "approved",
        **fields,
    }


def fee(*, kind=LECTURE, amount="80.00", day=DAY, **fields) -> Fee:
    participation = Participation(
        assignment=Assignment(kind=kind, date=day, title="Liisan ja Ville V:n juttu")
    )
    facts = {"payment_form": "wage", "participation": participation, "amount": Decimal(amount)}
    return Fee(**common(**(facts | fields)))


def meeting_fee(*, day=DAY, **fields) -> Fee:
    facts = {"payment_form": "wage", "meeting": Meeting(date=day), "amount": Decimal("40.00")}
    return Fee(**common(**(facts | fields)))


def journey(**fields) -> TravelClaim:
    facts = {
        "departs_at": datetime.datetime(2027, 5, 4, 6, 0, tzinfo=datetime.UTC),
        "minutes": 700,
        "route": "Kauppakatu 3 – Mallila",
        "purpose": "Vien Liisan hoitoon",
        "km": Decimal("100.0"),
        "km_rate": Decimal("0.55"),
        "km_amount": Decimal("55.00"),
        "per_diem": "full",
        "per_diem_amount": Decimal("54.00"),
        "receipts_amount": Decimal("12.30"),
        "has_receipts": True,
    }
    facts |= fields
    facts["total"] = facts["km_amount"] + facts["per_diem_amount"] + facts["receipts_amount"]
    return TravelClaim(**common(**facts))


def correction(of, amount, part="") -> Correction:
    source = {"travel": of} if of.is_travel else {"fee": of}
    facts = {"partner": of.partner, "grant": of.grant, "part": part, "amount": Decimal(amount)}
    return Correction(**common(**facts, **source))


def rows(*items, terms=None) -> list[PaymentRow]:
    return rows_of(items, terms or {})


def facts(row: PaymentRow, *names: str) -> tuple:
    return tuple(getattr(row, name) for name in names)


# --- One row per person × payment form × income type × cost centre ------------------------------------------
def test_what_is_alike_is_one_row():
    (row,) = rows(fee(amount="80.00"), fee(amount="20.50", day=DAY + datetime.timedelta(days=3)))
    assert facts(
        row, "position", "payee_name", "payment_form", "income_type", "cost_centre", "grant_code"
    ) == (
        1,
        "Paula Partanen",
        "wage",
        "214",
        "4711",
        "STEA-1",
    )
    assert facts(row, "gross_amount", "date_from", "date_to", "payer") == (
        Decimal("100.50"),
        DAY,
        datetime.date(2027, 5, 7),
        "project",
    )


@pytest.mark.parametrize(
    "other",
    [
        {"partner": OLLI},
        {"payment_form": "business"},
        {"kind": PANEL},
        {"grant": CODE_ONLY},
    ],
    ids=lambda other: next(iter(other)),
)
def test_what_differs_in_one_of_the_four_is_another_row(other):
    assert len(rows(fee(), fee(**other))) == 2


def test_rows_stand_by_the_payees_last_name():
    found = rows(fee(), journey(partner=OLLI), fee(partner=OLLI))
    assert [(row.position, row.payee_name, row.total) for row in found] == [
        (1, "Olli Oinonen", Decimal("80.00")),
        (2, "Olli Oinonen", Decimal("55.00")),
        (3, "Olli Oinonen", Decimal("54.00")),
        (4, "Olli Oinonen", Decimal("12.30")),
        (5, "Paula Partanen", Decimal("80.00")),
    ]


def test_order_of_the_items_does_not_matter():
    items = [fee(), fee(kind=PANEL), journey(), fee(partner=OLLI), meeting_fee()]
    sealed = {checksum_of(1, DAY, rows(*order)) for order in itertools.permutations(items)}
    assert len(sealed) == 1


def test_cost_centre_is_the_grants_and_else_its_code():
    assert [row.cost_centre for row in rows(fee(grant=CODE_ONLY))] == ["STEA-2"]
    assert [facts(row, "cost_centre", "grant_code") for row in rows(fee(grant=None))] == [("", "")]


def test_number_in_payroll_and_tax_card_come_from_the_terms():
    terms = {PAULA.pk: PartnerTerms(partner=PAULA, payee_no="0042", tax_card_on_file=True)}
    mine, others = rows(fee(), fee(partner=OLLI), terms=terms)[::-1]
    assert facts(mine, "payee_no", "tax_card_on_file") == ("0042", True)
    assert facts(others, "payee_no", "tax_card_on_file") == ("", False)


def test_approvers_are_named_once_and_days_are_the_last_ones():
    later = NOON + datetime.timedelta(days=1)
    other = User(first_name="Sanna", last_name="Saari")
    (row,) = rows(fee(), fee(), fee(approved_by=other, approved_at=later, claimed_at=later))
    assert facts(row, "approved_by", "approved_on", "partner_confirmed_on") == (
        "Oona Ohjaaja, Sanna Saari",
        datetime.date(2027, 5, 6),
        datetime.date(2027, 5, 6),
    )


def test_day_of_approval_is_the_finnish_one():
    """23.30 UTC is the next day in Finland."""
    (row,) = rows(fee(approved_at=datetime.datetime(2027, 5, 5, 23, 30, tzinfo=datetime.UTC)))
    assert row.approved_on == datetime.date(2027, 5, 6)


# --- Income types: suggestions (domain 3.4) -----------------------------------------------------------------
@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (fee(), "214"),
        (fee(kind=PANEL), "210"),
        (fee(kind=AssignmentKind(name_fi="Muu")), ""),
        (fee(payment_form="business"), "336"),
        (fee(payment_form="invoicing"), ""),
        (meeting_fee(unit="hour"), "201"),
        (meeting_fee(unit="task"), ""),
        (meeting_fee(unit="hour", payment_form="business"), "336"),
        (meeting_fee(unit="hour", payment_form="invoicing"), ""),
        (correction(fee(), "5.00"), "214"),
        (correction(fee(payment_form="business"), "5.00"), "336"),
        (correction(journey(), "5.00", "mileage"), "311"),
        (correction(journey(is_volunteer=True), "5.00", "per_diem"), "358"),
        (correction(journey(), "5.00", "receipts"), ""),
        (correction(journey(has_receipts=False), "5.00", "receipts"), "353"),
    ],
    ids=lambda value: str(value),
)
def test_income_type_that_is_suggested(item, expected):
    assert [row.income_type for row in rows(item)] == [expected]


@pytest.mark.parametrize(
    ("is_volunteer", "expected"), [(False, ["311", "331", ""]), (True, ["357", "358", ""])]
)
def test_a_journey_gives_a_row_for_each_of_its_parts(is_volunteer, expected):
    found = rows(journey(is_volunteer=is_volunteer))
    assert [row.income_type for row in found] == expected
    names = ("gross_amount", "travel_km", "travel_rate", "travel_amount")
    names += ("per_diem_full", "per_diem_partial", "per_diem_amount", "receipts_amount")
    assert [facts(row, *names) for row in found] == [
        (0, Decimal(100), Decimal("0.55"), 55, 0, 0, 0, 0),
        (0, 0, None, 0, 1, 0, 54, 0),
        (0, 0, None, 0, 0, 0, 0, Decimal("12.30")),
    ]


def test_costs_without_receipts_stand_apart_from_those_by_receipt(settings):
    """Control: give both the same words and no code."""
    settings.LANGUAGE_CODE = "en"
    bare = {"km": Decimal(0), "km_amount": Decimal(0), "per_diem": "", "per_diem_amount": Decimal(0)}
    paid = journey(**bare, has_receipts=False)
    found = rows(journey(**bare), paid, correction(paid, "-2.00", "receipts"))
    assert [
        facts(row, "income_type", "description", "receipts_amount", "is_correction") for row in found
    ] == [
        ("", "Travel costs by receipt", Decimal("12.30"), False),
        ("353", "Travel costs without receipts", Decimal("12.30"), False),
        ("353", "Correction: Travel costs without receipts", Decimal("-2.00"), True),
    ]


def test_a_journey_without_kilometres_has_no_row_of_them():
    found = rows(journey(km=Decimal(0), km_amount=Decimal(0), per_diem="", per_diem_amount=Decimal(0)))
    assert [row.receipts_amount for row in found] == [Decimal("12.30")]


def test_per_diems_are_counted_each_in_its_column():
    short = {"per_diem": "partial", "per_diem_amount": Decimal("25.00")}
    found = rows(journey(), journey(), journey(**short))
    assert [
        facts(row, "per_diem_full", "per_diem_partial", "per_diem_amount")
        for row in found
        if row.per_diem_amount
    ] == [(2, 1, Decimal("133.00"))]


def test_every_code_has_words():
    codes = {
        row.income_type
        for row in rows(fee(), journey(), journey(is_volunteer=True), meeting_fee(unit="hour"))
    }
    assert codes - {""} <= set(INCOME_TYPES)


# --- Quantity, price ----------------------------------------------------------------------------------------
def test_quantity_and_price_stand_where_they_make_the_sum():
    hours = {"unit": "hour", "quantity": Decimal("2.50"), "amount": "50.00"}
    (row,) = rows(fee(**hours), fee(**hours))
    assert facts(row, "quantity", "unit", "unit_price", "gross_amount") == (
        Decimal(5),
        "hour",
        Decimal(20),
        Decimal(100),
    )


def test_price_is_left_out_where_it_differs():
    (row,) = rows(fee(amount="50.00"), fee(amount="60.00"))
    assert facts(row, "quantity", "unit", "unit_price") == (Decimal(2), "task", None)


def test_quantity_is_left_out_where_units_differ():
    (row,) = rows(fee(), fee(unit="hour", quantity=Decimal(2)))
    assert facts(row, "quantity", "unit", "unit_price") == (None, "", None)


def test_rate_is_left_out_where_it_does_not_make_the_sum():
    """Two rates in one row, or rounding that does not add up: a row must not contradict itself."""
    km = {"per_diem": "", "per_diem_amount": Decimal(0), "receipts_amount": Decimal(0)}
    other = {"km_rate": Decimal("0.59"), "km_amount": Decimal("59.00")}
    (row,) = rows(journey(**km), journey(**km, **other))
    assert facts(row, "travel_km", "travel_rate", "travel_amount") == (Decimal(200), None, Decimal(114))


# --- Small, corrections -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("amount", "is_small"), [("0.01", True), ("200.00", True), ("200.01", False), ("-5.00", False)]
)
def test_at_most_200_euros_may_be_reported_monthly(amount, is_small):
    item = fee(amount=amount) if Decimal(amount) > 0 else correction(fee(), amount)
    assert [row.is_small for row in rows(item)] == [is_small]


def test_a_correction_has_a_row_of_its_own(settings):
    settings.LANGUAGE_CODE = "en"
    paid = fee()
    found = rows(fee(), correction(paid, "-30.00"), correction(paid, "10.00"))
    assert [facts(row, "is_correction", "gross_amount", "description") for row in found] == [
        (False, Decimal("80.00"), "Lecture"),
        (True, Decimal("-20.00"), "Correction: Lecture"),
    ]


@pytest.mark.parametrize(
    ("part", "column"),
    [("mileage", "travel_amount"), ("per_diem", "per_diem_amount"), ("receipts", "receipts_amount")],
)
def test_a_corrected_journey_stands_in_the_column_of_its_part(part, column):
    (row,) = rows(correction(journey(), "-3.10", part))
    assert getattr(row, column) == row.total == Decimal("-3.10")
    assert row.travel_km == 0


# --- Words --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([fee()], "Lecture"),
        ([fee(), fee(), fee()], "Lecture, 3 times"),
        (
            [fee(unit="hour", quantity=Decimal("1.50")), fee(unit="hour", quantity=Decimal("1.00"))],
            "Lecture, 2.5 h",
        ),
        ([fee(unit="half_day", quantity=Decimal(1))], "Lecture, 1 half day"),
        ([fee(unit="day", quantity=Decimal(2))], "Lecture, 2 days"),
        ([meeting_fee(unit="hour", quantity=Decimal(2))], "Peer-support meeting, 2 h"),
    ],
)
def test_words_say_the_kind_and_how_much(items, expected, settings):
    settings.LANGUAGE_CODE = "en"
    assert [row.description for row in rows(*items)] == [expected]


def test_words_are_the_programmes_own_language_whoever_presses():
    with translation.override("sv"):
        (row,) = rows(fee())
    assert row.description == "Luento"


def test_nothing_that_somebody_typed_stands_in_a_row():
    """Control: describe a row by `item.what`."""
    typed = ("Liisan", "Ville", "Kauppakatu", "Mallila", "hoitoon")
    found = rows(fee(), journey(), correction(fee(), "1.00"), correction(journey(), "1.00", "mileage"))
    texts = [
        str(getattr(row, field.name))
        for row in found
        for field in PaymentRow._meta.fields
        if field.name != "batch"
    ]
    assert [text for text in texts if any(word in text for word in typed)] == []


def test_words_that_do_not_fit_are_counted():
    room = PaymentRow._meta.get_field("description").max_length
    words = [f"{'k' * 60} {number}" for number in range(9)]
    text = _fitting(words, "description")
    assert len(text) <= room
    assert text.endswith(" + 6")


# --- To the cent --------------------------------------------------------------------------------------------
CENTS = st.integers(1, 999_999).map(lambda cents: Decimal(cents) / 100)
PERHAPS = st.one_of(st.just(Decimal(0)), CENTS)
WHO = st.sampled_from([PAULA, OLLI])
WHERE = st.sampled_from([GRANT, CODE_ONLY, None])


@st.composite
def items(draw):
    who = {"partner": draw(WHO), "grant": draw(WHERE)}
    what = draw(st.sampled_from(["fee", "meeting", "journey", "correction"]))
    if what == "journey":
        amounts = {name: draw(PERHAPS) for name in ("km_amount", "per_diem_amount", "receipts_amount")}
        km = {"km": Decimal(draw(st.integers(0, 30_000))) / 10, "km_rate": draw(CENTS)}
        return journey(**who, **km, **amounts, is_volunteer=draw(st.booleans()))
    quantity = {"quantity": Decimal(draw(st.integers(1, 9_999))) / 100}
    unit = {"unit": draw(st.sampled_from(["task", "hour", "half_day", "day"]))}
    form = {"payment_form": draw(st.sampled_from(["wage", "business", "invoicing"]))}
    if what == "meeting":
        return meeting_fee(**who, **quantity, **unit, **form, amount=draw(CENTS))
    made = fee(
        **who,
        **quantity,
        **unit,
        **form,
        amount=str(draw(CENTS)),
        kind=draw(st.sampled_from([LECTURE, PANEL])),
    )
    if what == "fee":
        return made
    sign = draw(st.sampled_from([-1, 1]))
    return correction(made, str(draw(CENTS) * sign))


@given(st.lists(items(), min_size=1, max_size=12))
def test_rows_add_up_to_what_is_paid_to_the_cent(chosen):
    """Row by row and column by column; and no row contradicts itself. Control: round a row's sum to 10 cents."""
    found = rows(*chosen)
    assert sum(row.total for row in found) == sum(item.amount_to_pay for item in chosen)
    for who in (PAULA, OLLI):
        of_rows = sum(row.total for row in found if row.partner == who)
        assert of_rows == sum(item.amount_to_pay for item in chosen if item.partner == who)
    for row in found:
        assert row.total == row.total.quantize(Decimal("0.01"))
        if row.unit_price is not None:
            assert abs(row.unit_price * row.quantity - row.gross_amount) <= Decimal("0.005")
        if row.travel_rate is not None:
            assert abs(row.travel_rate * row.travel_km - row.travel_amount) <= Decimal("0.005")
    assert [row.position for row in found] == list(range(1, len(found) + 1))


# --- The seal -----------------------------------------------------------------------------------------------
def test_seal_covers_every_column_of_a_row():
    """A new column is a decision: old batches were sealed without it. Control: add a field to PaymentRow."""
    own = {field.attname for field in PaymentRow._meta.concrete_fields}
    assert set(SEALED) == own - {"id", "created_at", "updated_at", "version", "batch_id"}


@pytest.mark.parametrize("name", SEALED)
def test_seal_breaks_when_one_value_changes(name):
    found = rows(fee(), journey())
    before = checksum_of(7, DAY, found)
    field = PaymentRow._meta.get_field(name)
    other = {
        models.BooleanField: lambda value: not value,
        models.DateField: lambda value: value + datetime.timedelta(days=1),
        models.DecimalField: lambda value: (value or 0) + Decimal("0.1"),
        models.ForeignKey: lambda value: UUID(int=7),
        models.CharField: lambda value: f"{value}x",
    }.get(type(field), lambda value: value + 1)
    setattr(found[0], field.attname, other(getattr(found[0], field.attname)))
    assert checksum_of(7, DAY, found) != before


def test_seal_holds_the_number_and_the_day():
    found = rows(fee())
    seals = {
        checksum_of(7, DAY, found),
        checksum_of(8, DAY, found),
        checksum_of(7, DAY + datetime.timedelta(days=1), found),
    }
    assert len(seals) == 3


def test_seal_is_the_same_for_the_same_words_in_every_version():
    """Written down once: whoever changes how the seal is made breaks the batches of the years before."""
    who = ExperiencePartner(pk=UUID(int=1), first_name="Paula", last_name="Ä;\"'=1+1")
    assert checksum_of(7, DAY, rows(fee(partner=who, amount="80.5"))) == (
        "e994e94793fdd51a1176df841bff0afef3f5cde6b0cb9bf40461836247747274"
    )
