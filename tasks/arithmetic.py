"""How fees and travel are counted: plain functions of Decimals, without a database.

Rounding, everywhere: each amount to the cent as it arises, half a cent away from zero. Sums are sums of rounded
amounts, so that rows add up to their total to the cent. Tested against tables worked out by hand.
"""

import datetime
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

CENT = Decimal("0.01")
# What this house calls half a day and a day of an assignment. No source sets them (domain 3.2).
HALF_DAY_HOURS = Decimal(4)
DAY_HOURS = Decimal(8)
# A per diem follows from the length of the journey (domain 3.3).
PARTIAL_OVER = datetime.timedelta(hours=6)
FULL_OVER = datetime.timedelta(hours=10)
# Unpaid volunteers of a non-profit body, tax-free in a calendar year (domain 3.3).
VOLUNTEER_MILEAGE_EUROS = Decimal(3000)
VOLUNTEER_PER_DIEM_DAYS = 20
# A registered association may report a single payment of at most this monthly (domain 3.4).
SMALL_PAYMENT = Decimal(200)


class FeeUnit(models.TextChoices):
    TASK = "task", _("per assignment")
    HOUR = "hour", _("per hour")
    HALF_DAY = "half_day", _("per started half day")
    DAY = "day", _("per started day")


class PerDiem(models.TextChoices):
    NONE = "", _("no per diem")
    PARTIAL = "partial", _("partial per diem")
    FULL = "full", _("full per diem")


def to_cents(amount: Decimal) -> Decimal:
    """Euros to the cent, half a cent away from zero."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def fee_quantity(unit: str, hours: Decimal, preparation_hours: Decimal = Decimal(0)) -> Decimal:
    """How many units so many hours make. Preparation is added where time counts; a task counts as one."""
    whole = hours + preparation_hours
    if unit == FeeUnit.HOUR:
        return whole
    if unit in (FeeUnit.HALF_DAY, FeeUnit.DAY):
        length = HALF_DAY_HOURS if unit == FeeUnit.HALF_DAY else DAY_HOURS
        return max(Decimal(1), (whole / length).to_integral_value(rounding=ROUND_CEILING))
    return Decimal(1)


def share_of(amount: Decimal, percent: int) -> Decimal:
    """A part of an amount, in euros to the cent."""
    return to_cents(amount * percent / 100)


def per_diem_for(length: datetime.timedelta, *, is_far: bool) -> PerDiem:
    """Which per diem a journey of at most 24 hours gives. `is_far`: the place lies over 15 km from the work and
    from the home – whichever the journey begins at – and over 5 km from both (domain 3.3)."""
    if not is_far or length <= PARTIAL_OVER:
        return PerDiem.NONE
    return PerDiem.FULL if length > FULL_OVER else PerDiem.PARTIAL


@dataclass(frozen=True)
class Rates:
    """The tax-exempt rates in euros of one travel date (domain 3.3); None where none is known."""

    km: Decimal | None = None
    passenger_km: Decimal | None = None
    partial: Decimal | None = None
    full: Decimal | None = None


@dataclass(frozen=True)
class Allowances:
    """What a journey comes to, in euros."""

    km_rate: Decimal
    km_amount: Decimal
    per_diem_amount: Decimal
    receipts_amount: Decimal

    @property
    def total(self) -> Decimal:
        return self.km_amount + self.per_diem_amount + self.receipts_amount


class RateMissing(Exception):
    """A rate that this journey needs is not known for its day."""


def allowances(
    rates: Rates,
    *,
    km: Decimal = Decimal(0),
    passengers: int = 0,
    per_diem: str = PerDiem.NONE,
    receipts: Decimal = Decimal(0),
) -> Allowances:
    """What a journey comes to: kilometres × (rate + passengers × supplement), the per diem, and the receipts.

    Raises `RateMissing` when the rate that is needed is not known: nothing is guessed (R8).
    """
    km_rate = Decimal(0)
    if km:
        km_rate = _known(rates.km)
        if passengers:
            km_rate += passengers * _known(rates.passenger_km)
    daily = {PerDiem.PARTIAL: rates.partial, PerDiem.FULL: rates.full}
    return Allowances(
        km_rate=km_rate,
        km_amount=to_cents(km * km_rate),
        per_diem_amount=to_cents(_known(daily[PerDiem(per_diem)])) if per_diem else Decimal(0),
        receipts_amount=to_cents(receipts),
    )


def _known(rate: Decimal | None) -> Decimal:
    if rate is None:
        raise RateMissing
    return rate
