"""What a journey comes to, against a table worked out by hand from the rates of domain 3.3.

Control: let `per_diem_for` begin at six hours sharp; round half a cent down; add the supplement only once.
"""

import datetime
from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks import defaults
from tasks.arithmetic import PerDiem, RateMissing, Rates, allowances, per_diem_for, to_cents
from tasks.models import RateKind

NAMES = {
    RateKind.KM: "km",
    RateKind.PASSENGER_KM: "passenger_km",
    RateKind.PARTIAL: "partial",
    RateKind.FULL: "full",
}


def rates_of(year: int) -> Rates:
    """The shipped rates of a year."""
    shipped = [rate for rate in defaults.TRAVEL_RATES if rate["valid_from"].year == year]
    return Rates(**{NAMES[rate["kind"]]: rate["amount"] for rate in shipped})


# Worked out by hand, with a pencil: year, km, passengers, hours and minutes away, far enough, receipts
#   → euros for kilometres, per diem, in all.
BY_HAND = [
    # 100 × 0,43 = 43,00; 5 h away: no per diem
    (2020, "100", 0, (5, 0), True, "0", "43.00", "0", "43.00"),
    # 37,5 × 0,43 = 16,125 → 16,13: half a cent goes up
    (2020, "37.5", 0, (2, 0), False, "0", "16.13", "0", "16.13"),
    # 46 × 0,44 = 20,24; over 6 h: 20
    (2021, "46", 0, (6, 1), True, "0", "20.24", "20.00", "40.24"),
    # 6 h sharp is not over 6 h
    (2021, "46", 0, (6, 0), True, "0", "20.24", "0", "20.24"),
    # 120 × (0,46 + 0,03) = 58,80; over 10 h: 45
    (2022, "120", 1, (10, 1), True, "0", "58.80", "45.00", "103.80"),
    # 120 × (0,46 + 2 × 0,03) = 62,40; 10 h sharp: 20
    (2022, "120", 2, (10, 0), True, "0", "62.40", "20.00", "82.40"),
    # 33,3 × 0,53 = 17,649 → 17,65; parking 4,20; 11 h, but not far enough
    (2023, "33.3", 0, (11, 0), False, "4.20", "17.65", "0", "21.85"),
    # a train ticket alone; 24 h away: 48
    (2023, "0", 0, (24, 0), True, "38.90", "0", "48.00", "86.90"),
    # 110 × 0,57 = 62,70; over 10 h: 51
    (2024, "110", 0, (12, 30), True, "0", "62.70", "51.00", "113.70"),
    # 15,5 × (0,57 + 3 × 0,04) = 15,5 × 0,69 = 10,695 → 10,70
    (2024, "15.5", 3, (1, 15), False, "0", "10.70", "0", "10.70"),
    # 110 × 0,55 = 60,50
    (2026, "110", 0, (3, 0), False, "0", "60.50", "0", "60.50"),
    # 240,7 × (0,55 + 0,04) = 142,013 → 142,01; over 6 h: 25; parking 12
    (2026, "240.7", 1, (9, 59), True, "12", "142.01", "25.00", "179.01"),
    # 0,1 × 0,55 = 0,055 → 0,06
    (2026, "0.1", 0, (0, 1), False, "0", "0.06", "0", "0.06"),
    # 84 × 0,55 = 46,20; over 10 h: 54; tickets 7,80
    (2026, "84", 0, (10, 1), True, "7.80", "46.20", "54.00", "108.00"),
    # by bus: no rate is needed, 2025 or not
    (2025, "0", 0, (4, 0), True, "12.40", "0", "0", "12.40"),
]


@pytest.mark.parametrize("row", BY_HAND, ids=lambda row: f"{row[0]}: {row[1]} km, {row[3][0]} h {row[3][1]}")
def test_a_journey_comes_to_what_the_pencil_says(row):
    year, km, passengers, (hours, minutes), is_far, receipts, km_amount, per_diem_amount, total = row
    per_diem = per_diem_for(datetime.timedelta(hours=hours, minutes=minutes), is_far=is_far)
    found = allowances(
        rates_of(year),
        km=Decimal(km),
        passengers=passengers,
        per_diem=per_diem,
        receipts=Decimal(receipts),
    )
    assert (found.km_amount, found.per_diem_amount, found.total) == (
        Decimal(km_amount),
        Decimal(per_diem_amount),
        Decimal(total),
    )


@pytest.mark.parametrize(
    ("hours", "minutes", "per_diem"),
    [
        (0, 1, PerDiem.NONE),
        (6, 0, PerDiem.NONE),
        (6, 1, PerDiem.PARTIAL),
        (10, 0, PerDiem.PARTIAL),
        (10, 1, PerDiem.FULL),
        (24, 0, PerDiem.FULL),
    ],
)
def test_the_per_diem_follows_from_the_hours(hours, minutes, per_diem):
    length = datetime.timedelta(hours=hours, minutes=minutes)
    assert per_diem_for(length, is_far=True) == per_diem
    assert per_diem_for(length, is_far=False) == PerDiem.NONE


@pytest.mark.parametrize(
    "journey",
    [
        {"km": Decimal(10)},
        {"per_diem": PerDiem.PARTIAL},
        {"per_diem": PerDiem.FULL, "receipts": Decimal(5)},
    ],
)
def test_nothing_is_guessed_for_2025(journey):
    assert rates_of(2025) == Rates()
    with pytest.raises(RateMissing):
        allowances(rates_of(2025), **journey)


def test_a_supplement_nobody_has_found_is_not_guessed_either():
    """Of 2023 the rate per kilometre is known, and that for passengers is not."""
    assert allowances(rates_of(2023), km=Decimal(10)).total == Decimal("5.30")
    with pytest.raises(RateMissing):
        allowances(rates_of(2023), km=Decimal(10), passengers=1)


# --- Whatever the numbers ---------------------------------------------------------------------------------
kilometres = st.decimals(0, 3000, places=1)
euros = st.decimals(0, 1000, places=2)
rate = st.decimals("0.01", 60, places=2)
rates = st.builds(Rates, km=rate, passenger_km=rate, partial=rate, full=rate)
lengths = st.timedeltas(datetime.timedelta(minutes=1), datetime.timedelta(hours=24))


@given(rates, kilometres, st.integers(0, 8), st.sampled_from(PerDiem), euros)
def test_the_parts_add_up_to_the_cent(rates, km, passengers, per_diem, receipts):
    found = allowances(rates, km=km, passengers=passengers, per_diem=per_diem, receipts=receipts)
    parts = (found.km_amount, found.per_diem_amount, found.receipts_amount)
    assert found.total == sum(parts)
    assert [to_cents(part) for part in parts] == list(parts)


@given(rates, kilometres, st.integers(0, 7))
def test_one_passenger_more_is_never_less(rates, km, passengers):
    one, two = (
        allowances(rates, km=km, passengers=count).km_amount for count in (passengers, passengers + 1)
    )
    assert two >= one


@given(rates, kilometres, st.integers(0, 8))
def test_kilometres_are_rounded_by_half_a_cent_at_most(rates, km, passengers):
    exact = km * (rates.km + passengers * rates.passenger_km)
    found = allowances(rates, km=km, passengers=passengers)
    assert abs(found.km_amount - exact) <= Decimal("0.005")
    # Half a cent goes up: a banker's rounding gives the same, or one cent less.
    assert found.km_amount - exact.quantize(Decimal("0.01"), ROUND_HALF_EVEN) in (0, Decimal("0.01"))


@given(lengths, lengths)
def test_a_longer_journey_never_gives_a_smaller_per_diem(one, other):
    order = [PerDiem.NONE, PerDiem.PARTIAL, PerDiem.FULL]
    shorter, longer = sorted((one, other))
    given_for = [order.index(per_diem_for(length, is_far=True)) for length in (shorter, longer)]
    assert given_for == sorted(given_for)
