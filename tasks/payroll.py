"""What a batch says to payroll: items become rows (domain 3.5). Plain functions: nothing is asked of the database.

One row is one person × payment form × suggested income type × cost centre. Of a journey the kilometres, the per diems
and the receipts each have rows of their own, because the Incomes Register knows each by another code (domain 3.4). A
correction has a row of its own as well. Income types are suggestions: payroll confirms them.

The words of a row are built here, from the kind of work and the quantity: no title that somebody has typed, no parent,
no relationship, no place and no route can stand in them.
"""

import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext, override
from django.utils.translation import gettext_lazy as _

from tasks.arithmetic import SMALL_PAYMENT, FeeUnit, PerDiem, to_cents
from tasks.models import (
    Correction,
    Fee,
    IncomeType,
    PartnerTerms,
    PaymentForm,
    PaymentRow,
    TravelClaim,
    TravelPart,
)

NOTHING = Decimal(0)
# A journey is paid back, whatever way the partner's fees are paid.
TRAVEL_FORM = "travel"


class TravelIncome(models.TextChoices):
    """Codes of the Incomes Register for what a journey costs (domain 3.4). Suggestions only; what is paid by receipt is
    not reported and has none."""

    MILEAGE = "311", _("311 tax-exempt mileage")
    PER_DIEM = "331", _("331 per diem")
    VOLUNTEERS_MILEAGE = "357", _("357 mileage paid by a non-profit body")
    TAXABLE_COSTS = "353", _("353 taxable cost reimbursement")
    VOLUNTEERS_PER_DIEM = "358", _("358 per diem paid by a non-profit body")


INCOME_TYPES = {**dict(IncomeType.choices), **dict(TravelIncome.choices)}
PAYMENT_FORMS = {**dict(PaymentForm.choices), TRAVEL_FORM: _("travel costs")}

# Of which parts a row's sum may consist, in the order of the rows; a row has exactly one of them.
FEE = "fee"
PARTS = (FEE, *TravelPart.values)


@dataclass(frozen=True)
class Share:
    """What one item brings to one row."""

    item: Fee | TravelClaim | Correction
    part: str
    amount: Decimal
    payment_form: str
    income_type: str
    what: str
    is_correction: bool = False
    unit: str = ""
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    km: Decimal = NOTHING
    km_rate: Decimal | None = None
    per_diem: str = PerDiem.NONE
    # What shares of one row have in common.
    key: tuple = field(init=False, compare=False)

    def __post_init__(self):
        grant, partner = self.item.grant, self.item.partner
        cost_centre = (grant.cost_centre or grant.code) if grant else ""
        object.__setattr__(
            self,
            "key",
            (
                partner.last_name.casefold(),
                partner.first_name.casefold(),
                str(partner.pk),
                self.is_correction,
                PARTS.index(self.part),
                self.payment_form,
                self.income_type,
                cost_centre,
                grant.code if grant else "",
            ),
        )


def shares_of(item: Fee | TravelClaim | Correction) -> Iterable[Share]:
    """What an item brings to the rows of its batch. The amounts add up to `item.amount_to_pay`."""
    if isinstance(item, Fee):
        yield _of_fee(item)
    elif isinstance(item, TravelClaim):
        yield from _of_travel(item)
    else:
        yield _of_correction(item)


def _of_fee(fee: Fee) -> Share:
    return Share(
        item=fee,
        part=FEE,
        amount=fee.amount,
        payment_form=fee.payment_form,
        income_type=suggested_income_type(fee),
        what=_kind_of(fee),
        unit=fee.unit,
        quantity=fee.quantity,
        unit_price=fee.unit_price,
    )


def _of_travel(claim: TravelClaim) -> Iterable[Share]:
    amounts = {
        TravelPart.MILEAGE: claim.km_amount,
        TravelPart.PER_DIEM: claim.per_diem_amount,
        TravelPart.RECEIPTS: claim.receipts_amount,
    }
    for part, amount in amounts.items():
        if amount:
            is_mileage = part == TravelPart.MILEAGE
            yield Share(
                item=claim,
                part=part,
                amount=amount,
                payment_form=TRAVEL_FORM,
                income_type=_income_type_of_travel(claim, part),
                what=_words_of_part(claim, part),
                km=claim.km if is_mileage else NOTHING,
                km_rate=claim.km_rate if is_mileage else None,
                per_diem=claim.per_diem if part == TravelPart.PER_DIEM else PerDiem.NONE,
            )


def _of_correction(correction: Correction) -> Share:
    of, part = correction.of, correction.part or FEE
    is_fee = part == FEE
    return Share(
        item=correction,
        part=part,
        amount=correction.amount,
        payment_form=of.payment_form if is_fee else TRAVEL_FORM,
        income_type=suggested_income_type(of) if is_fee else _income_type_of_travel(of, part),
        what=_kind_of(of) if is_fee else _words_of_part(of, part),
        is_correction=True,
    )


def suggested_income_type(fee: Fee) -> str:
    """By how it is paid and for what (domain 3.4): an invoice is no income of this register, a business is paid 336,
    an assignment as its kind says, a meeting that is paid by the hour 201. Empty where nothing is suggested."""
    if fee.payment_form == PaymentForm.INVOICING:
        return ""
    if fee.payment_form == PaymentForm.BUSINESS:
        return IncomeType.NON_WAGE
    if fee.participation_id:
        return fee.participation.assignment.kind.income_type
    return IncomeType.TIME_RATE if fee.unit == FeeUnit.HOUR else ""


def _income_type_of_travel(claim: TravelClaim, part: str) -> str:
    if part == TravelPart.MILEAGE:
        return TravelIncome.VOLUNTEERS_MILEAGE if claim.is_volunteer else TravelIncome.MILEAGE
    if part == TravelPart.PER_DIEM:
        return TravelIncome.VOLUNTEERS_PER_DIEM if claim.is_volunteer else TravelIncome.PER_DIEM
    return "" if claim.has_receipts else TravelIncome.TAXABLE_COSTS


# --- Words --------------------------------------------------------------------------------------------------
def _kind_of(fee: Fee) -> str:
    if fee.participation_id:
        return str(fee.participation.assignment.kind)
    return gettext("Peer-support meeting")


def _words_of_part(claim: TravelClaim, part: str) -> str:
    if part == TravelPart.RECEIPTS and not claim.has_receipts:
        return gettext("Travel costs without receipts")
    return {
        TravelPart.MILEAGE: gettext("Kilometres by own car"),
        TravelPart.PER_DIEM: gettext("Per diem"),
        TravelPart.RECEIPTS: gettext("Travel costs by receipt"),
    }[part]


def _spoken(number: Decimal) -> str:
    """Without needless zeros: 2 or 2,25."""
    number = number.normalize()
    return number_format(number, decimal_pos=max(-number.as_tuple().exponent, 0), use_l10n=True)


def _with_quantity(what: str, unit: str, quantity: Decimal) -> str:
    """ "Lecture, 2 h" – how much of what."""
    if unit == FeeUnit.HOUR:
        return gettext("%(what)s, %(hours)s h") % {"what": what, "hours": _spoken(quantity)}
    # Parts of a day are spoken of as several.
    count = int(quantity) if quantity == quantity.to_integral_value() else 2
    if unit == FeeUnit.HALF_DAY:
        words = ngettext("%(what)s, %(count)s half day", "%(what)s, %(count)s half days", count)
    elif unit == FeeUnit.DAY:
        words = ngettext("%(what)s, %(count)s day", "%(what)s, %(count)s days", count)
    elif quantity == 1:
        return what
    else:
        words = ngettext("%(what)s, %(count)s time", "%(what)s, %(count)s times", count)
    return words % {"what": what, "count": _spoken(quantity)}


def _description(shares: list[Share]) -> str:
    """For what a row is, in neutral words."""
    first = shares[0]
    if first.is_correction:
        whats = sorted({share.what for share in shares})
        return _fitting([gettext("Correction: %(what)s") % {"what": what} for what in whats], "description")
    if first.part == TravelPart.MILEAGE:
        return gettext("%(what)s, %(km)s km") % {
            "what": first.what,
            "km": _spoken(sum(share.km for share in shares)),
        }
    if first.part != FEE:
        return first.what
    quantities: dict[tuple[str, str], Decimal] = {}
    for share in shares:
        quantities[share.what, share.unit] = (
            quantities.get((share.what, share.unit), NOTHING) + share.quantity
        )
    words = [_with_quantity(what, unit, quantity) for (what, unit), quantity in sorted(quantities.items())]
    return _fitting(words, "description")


def _fitting(words: list[str], name: str) -> str:
    """The words, divided by commas or semicolons; where they do not fit into the column, how many are left out."""
    room = PaymentRow._meta.get_field(name).max_length
    mark = "; " if any("," in word for word in words) else ", "
    for count in range(len(words), 0, -1):
        left_out = len(words) - count
        text = mark.join(words[:count]) + (f" + {left_out}" if left_out else "")
        if len(text) <= room:
            return text
    return words[0][:room]


# --- Rows ---------------------------------------------------------------------------------------------------
def rows_of(
    items: Iterable[Fee | TravelClaim | Correction], terms: Mapping[object, PartnerTerms]
) -> list[PaymentRow]:
    """The rows of a batch of these items, numbered, not saved. `terms`: by the partner's id.

    In the language of the programme, not of whoever presses: payroll reads the same words every month.
    """
    with override(settings.LANGUAGE_CODE):
        shares = sorted((share for item in items for share in shares_of(item)), key=_order)
        groups = [list(group) for _key, group in groupby(shares, key=lambda share: share.key)]
        return [
            _row(position, group, terms.get(group[0].item.partner_id))
            for position, group in enumerate(groups, start=1)
        ]


def _order(share: Share) -> tuple:
    """By row, and within a row by day; the id settles what is left, so that the same items give the same rows."""
    return (*share.key, share.item.day, str(share.item.pk))


def _row(position: int, shares: list[Share], terms: PartnerTerms | None) -> PaymentRow:
    first = shares[0]
    items = [share.item for share in shares]
    amount = sum(share.amount for share in shares)
    km = sum(share.km for share in shares)
    grant = first.item.grant
    unit = _common(share.unit for share in shares) or ""
    quantity = sum(share.quantity for share in shares) if unit else None
    approvers = sorted({item.approved_by.get_full_name() for item in items})
    of_part = dict.fromkeys(PARTS, NOTHING) | {first.part: amount}
    return PaymentRow(
        position=position,
        partner=first.item.partner,
        payee_no=terms.payee_no if terms else "",
        payee_name=first.item.partner.name,
        payment_form=first.payment_form,
        tax_card_on_file=terms.tax_card_on_file if terms else False,
        income_type=first.income_type,
        description=_description(shares),
        date_from=min(item.day for item in items),
        date_to=max(item.day for item in items),
        quantity=quantity,
        unit=unit,
        unit_price=_if_exact(_common(share.unit_price for share in shares), quantity, amount),
        gross_amount=of_part[FEE],
        travel_km=km,
        travel_rate=_if_exact(_common(share.km_rate for share in shares), km, amount),
        travel_amount=of_part[TravelPart.MILEAGE],
        per_diem_full=sum(share.per_diem == PerDiem.FULL for share in shares),
        per_diem_partial=sum(share.per_diem == PerDiem.PARTIAL for share in shares),
        per_diem_amount=of_part[TravelPart.PER_DIEM],
        receipts_amount=of_part[TravelPart.RECEIPTS],
        cost_centre=(grant.cost_centre or grant.code) if grant else "",
        grant_code=grant.code if grant else "",
        payer=first.item.payer,
        approved_by=_fitting(approvers, "approved_by"),
        approved_on=max(_day_of(item.approved_at) for item in items),
        partner_confirmed_on=max(_day_of(item.claimed_at) for item in items),
        is_small=0 < amount <= SMALL_PAYMENT,
        is_correction=first.is_correction,
    )


def _common(values: Iterable):
    """What all have in common, or None."""
    found = set(values)
    return found.pop() if len(found) == 1 else None


def _if_exact(price: Decimal | None, quantity: Decimal | None, amount: Decimal) -> Decimal | None:
    """The price, where price × quantity is the amount to the cent: a row must not contradict itself."""
    if price is None or not quantity:
        return None
    return price if to_cents(price * quantity) == amount else None


def _day_of(moment: datetime.datetime) -> datetime.date:
    return timezone.localdate(moment)


# --- The seal -----------------------------------------------------------------------------------------------
# What the checksum is of, in this order. A later column may be added to the rows, never to this list: the checksums
# of the batches that have been made would no longer fit.
SEALED = (
    "position",
    "partner_id",
    "payee_no",
    "payee_name",
    "payment_form",
    "tax_card_on_file",
    "income_type",
    "description",
    "date_from",
    "date_to",
    "quantity",
    "unit",
    "unit_price",
    "gross_amount",
    "travel_km",
    "travel_rate",
    "travel_amount",
    "per_diem_full",
    "per_diem_partial",
    "per_diem_amount",
    "receipts_amount",
    "cost_centre",
    "grant_code",
    "payer",
    "approved_by",
    "approved_on",
    "partner_confirmed_on",
    "is_small",
    "is_correction",
)


def checksum_of(number: int, made_on: datetime.date, rows: Iterable[PaymentRow]) -> str:
    """SHA-256 over a canonical text of the batch's number, day and rows: JSON, UTF-8, one line a row."""
    lines = [[number, made_on.isoformat()], *([_sealed(row, name) for name in SEALED] for row in rows)]
    text = "\n".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines)
    return hashlib.sha256(text.encode()).hexdigest()


def _sealed(row: PaymentRow, name: str) -> str | int | bool | None:
    value = getattr(row, name)
    if isinstance(value, Decimal):
        places = PaymentRow._meta.get_field(name).decimal_places
        return format(value.quantize(Decimal(1).scaleb(-places)), "f")
    return value if value is None or isinstance(value, bool | int) else str(value)
