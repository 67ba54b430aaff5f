"""Fees, against a table worked out by hand and against what must hold for all numbers (domain 3.2).

Controls: round half down in `to_cents`; count started half days with `round`; leave the preparation out.
"""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.arithmetic import DAY_HOURS, HALF_DAY_HOURS, FeeUnit, fee_quantity, share_of, to_cents
from tests.factories.tasks import FeeRuleFactory

# unit, euros a unit, hours, hours of preparation → units, fee. Worked out with pencil and paper.
BY_HAND = """
task      80.00   2.0   0.0   1     80.00
task      80.00   9.5   4.0   1     80.00
hour      30.00   2.0   0.0   2     60.00
hour      30.00   2.0   1.0   3     90.00
hour      30.00   1.5   0.5   2     60.00
hour      25.50   2.5   0.0   2.5   63.75
hour      20.33   1.5   0.0   1.5   30.50
hour      20.01   0.5   0.0   0.5   10.01
hour      33.35   0.5   0.0   0.5   16.68
hour       0.01   0.5   0.0   0.5    0.01
half_day  90.00   0.5   0.0   1     90.00
half_day  90.00   4.0   0.0   1     90.00
half_day  90.00   4.5   0.0   2    180.00
half_day  90.00   3.5   1.0   2    180.00
half_day  90.00   8.0   0.0   2    180.00
half_day  90.00   8.5   0.0   3    270.00
day      160.00   0.5   0.0   1    160.00
day      160.00   8.0   0.0   1    160.00
day      160.00   8.0   0.5   2    320.00
day      160.00  16.0   0.0   2    320.00
day      160.00  16.5   0.0   3    480.00
"""
ROWS = [line.split() for line in BY_HAND.strip().splitlines()]


@pytest.mark.parametrize(("unit", "price", "hours", "preparation", "units", "fee"), ROWS)
def test_the_table_worked_out_by_hand(unit, price, hours, preparation, units, fee):
    rule = FeeRuleFactory.build(
        kind=None, unit=unit, amount=Decimal(price), preparation_hours=Decimal(preparation)
    )
    assert rule.quantity_for(Decimal(hours)) == Decimal(units)
    assert rule.fee_for(Decimal(hours)) == Decimal(fee)


@pytest.mark.parametrize(
    ("amount", "percent", "share"),
    [
        ("100.00", 50, "50.00"),
        ("100.00", 100, "100.00"),
        ("100.00", 0, "0.00"),
        ("80.01", 50, "40.01"),  # 40.005: half a cent goes up
        ("33.33", 50, "16.67"),  # 16.665
        ("10.00", 33, "3.30"),
        ("0.01", 50, "0.01"),  # 0.005
        ("0.01", 49, "0.00"),
    ],
)
def test_a_share_worked_out_by_hand(amount, percent, share):
    assert share_of(Decimal(amount), percent) == Decimal(share)


@pytest.mark.parametrize(
    ("exact", "cents"), [("0.005", "0.01"), ("-0.005", "-0.01"), ("2.344", "2.34"), ("2.345", "2.35")]
)
def test_half_a_cent_goes_away_from_zero(exact, cents):
    assert to_cents(Decimal(exact)) == Decimal(cents)


HOURS = st.decimals(min_value=Decimal("0.5"), max_value=Decimal(100), places=1)
PREPARATION = st.decimals(min_value=Decimal(0), max_value=Decimal(40), places=1)
EUROS = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(9999), places=2)
PERCENT = st.integers(min_value=0, max_value=100)
UNITS = st.sampled_from(FeeUnit.values)


@given(HOURS, PREPARATION, st.sampled_from([FeeUnit.HALF_DAY, FeeUnit.DAY]))
def test_started_days_cover_the_time_and_none_is_empty(hours, preparation, unit):
    length = HALF_DAY_HOURS if unit == FeeUnit.HALF_DAY else DAY_HOURS
    units = fee_quantity(unit, hours, preparation)
    assert units == int(units) >= 1
    assert units * length >= hours + preparation > (units - 1) * length


@given(HOURS, PREPARATION)
def test_hours_are_paid_as_they_are_and_a_task_is_one(hours, preparation):
    assert fee_quantity(FeeUnit.HOUR, hours, preparation) == hours + preparation
    assert fee_quantity(FeeUnit.TASK, hours, preparation) == 1


@given(UNITS, HOURS, HOURS, PREPARATION)
def test_more_time_is_never_less_pay(unit, first, second, preparation):
    less, more = sorted([first, second])
    assert fee_quantity(unit, less, preparation) <= fee_quantity(unit, more, preparation)
    assert fee_quantity(unit, less) <= fee_quantity(unit, less, preparation)


@given(UNITS, HOURS, PREPARATION, EUROS)
def test_a_fee_is_whole_cents_and_off_by_half_a_cent_at_most(unit, hours, preparation, price):
    exact = price * fee_quantity(unit, hours, preparation)
    fee = to_cents(exact)
    assert fee == fee.quantize(Decimal("0.01"))
    assert abs(fee - exact) <= Decimal("0.005")


@given(EUROS, PERCENT)
def test_a_share_lies_between_nothing_and_all(amount, percent):
    share = share_of(amount, percent)
    assert Decimal(0) <= share <= amount
    assert abs(share - amount * percent / 100) <= Decimal("0.005")
    assert share_of(amount, 100) == amount


@given(EUROS, PERCENT)
def test_a_share_and_the_rest_miss_no_more_than_a_cent(amount, percent):
    together = share_of(amount, percent) + share_of(amount, 100 - percent)
    assert together - amount in (Decimal(0), Decimal("0.01"))
