"""Payment batches: collected once, never changed, paid once (R7, docs/decisions/0022-payment-batches.md)."""

import datetime
from collections import defaultdict
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from kumppani.accounts.roles import Role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.dates import today
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.notices.kinds import notify
from tasks.models import Correction, Fee, PartnerTerms, Payable, PaymentBatch, PaymentRow, TravelClaim
from tasks.payroll import checksum_of, rows_of
from tasks.states import BatchStatus, PayStatus

KINDS = (Fee, TravelClaim, Correction)


class BatchDamaged(Exception):
    """What lies in the database is not what was sealed: nothing of this batch is given out."""


@transaction.atomic
def collect_batch(
    *,
    by,
    fees: Iterable[Fee] = (),
    travel: Iterable[TravelClaim] = (),
    corrections: Iterable[Correction] = (),
    on: datetime.date | None = None,
) -> PaymentBatch:
    """Collect approved items that the project pays into a new batch, for payroll.

    Holds the items, always in the same order, and then takes each on to “exported”: of two people who collect the
    same item one wins. Raises `AlreadyMoved` when an item is no longer to be collected, or when two people make the
    very first batch at once; `MoveRefused` when there is nothing to pay.
    """
    chosen = dict(zip(KINDS, (fees, travel, corrections), strict=True))
    items = [item for kind in KINDS for item in _hold(kind, chosen[kind])]
    terms = {each.partner_id: each for each in PartnerTerms.objects.filter(partner__in=_partners(items))}
    rows = rows_of(items, terms)
    if not rows:
        raise MoveRefused(_("There is nothing to pay in what you have chosen."))
    number, made_on = _next_number(), on or today()
    batch = PaymentBatch(
        number=number,
        made_by_id=by.user_id,
        made_on=made_on,
        items=len(items),
        total=sum(row.total for row in rows),
        checksum=checksum_of(number, made_on, rows),
    )
    try:
        with transaction.atomic():
            batch.save(force_insert=True)
    except IntegrityError as taken:
        raise AlreadyMoved from taken
    for row in rows:
        row.batch = batch
    PaymentRow.objects.bulk_create(rows)
    record(by, Action.CREATE, batch)
    for item in items:
        item.move_to(PayStatus.EXPORTED, by=by, batch_id=batch.pk)
    return batch


def _hold(kind: type[Payable], chosen: Iterable[Payable]) -> list[Payable]:
    """The chosen items, held until the transaction ends. All of them, or `AlreadyMoved`."""
    wanted = {item.pk for item in chosen}
    if not wanted:
        return []
    held = kind.objects.to_collect().for_payroll().filter(pk__in=wanted)
    held = list(held.select_for_update(of=("self",)).order_by("pk"))
    if len(held) != len(wanted):
        raise AlreadyMoved
    return held


def _next_number() -> int:
    """Whoever makes a batch holds the first one, so that numbers are given one after the other, without a gap.

    Before there is a first one, the constraint on the number lets one through.
    """
    PaymentBatch.objects.select_for_update().order_by("number").first()
    last = PaymentBatch.objects.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _partners(items: Iterable[Payable]) -> set:
    return {item.partner_id for item in items}


def items_of(batch: PaymentBatch) -> list[Payable]:
    """What lies in the batch: fees, then travel, then corrections."""
    return [item for kind in KINDS for item in kind.objects.filter(batch=batch).for_payroll().order_by("pk")]


def intact_rows(batch: PaymentBatch, items: list[Payable] | None = None) -> list[PaymentRow]:
    """The batch's rows in order, after comparing them with what was sealed: number, day, rows, items and total.

    `items` are what lies in the batch, where somebody has looked already. Raises `BatchDamaged` when anything differs.
    """
    rows = list(batch.rows.order_by("position"))
    number = sum(kind.objects.filter(batch=batch).count() for kind in KINDS) if items is None else len(items)
    sealed = (batch.checksum, batch.total, batch.items)
    if sealed != (checksum_of(batch.number, batch.made_on, rows), sum(row.total for row in rows), number):
        raise BatchDamaged(f"payment batch {batch.pk} is not as it was made")
    return rows


@transaction.atomic
def pay_batch(*, batch: PaymentBatch, on: datetime.date, by) -> None:
    """Payroll has paid the batch on this day: so it is with everything in it, and each partner is told once.

    Raises `AlreadyMoved` when somebody was faster, `MoveRefused` when the day cannot be.
    """
    batch.lock()
    if not batch.made_on <= on <= today():
        raise MoveRefused(_("The day of payment lies between the day the batch was made and today."))
    batch.move_to(BatchStatus.PAID, by=by, paid_on=on)
    of_partner = defaultdict(list)
    for item in items_of(batch):
        item.pay(by=by, on=on)
        of_partner[item.partner].append(item)
    for partner, items in of_partner.items():
        only = items[0] if len(items) == 1 and isinstance(items[0], Fee) else None
        kind, about = ("fee_paid", only) if only else ("batch_paid", batch)
        notify([partner.user], role=Role.PARTNER, kind=kind, about=about)
