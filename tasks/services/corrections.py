"""Corrections: what a batch got wrong is put right by an item of a later batch, never in the batch itself."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kumppani.accounts.roles import Role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.states import MoveRefused
from kumppani.core.templatetags.kumppani import money
from kumppani.notices.kinds import notify, staff_users
from tasks.models import Correction, Fee, TravelClaim
from tasks.states import PayStatus


@transaction.atomic
def record_correction(
    *, of: Fee | TravelClaim, amount: Decimal, because: str, by, part: str = ""
) -> Correction:
    """Staff write down that so many euros more (or, with a minus, less) should have been paid, and why.

    `part`: of a journey, which part of it. Raises `MoveRefused` when it has not been sent to be paid, or when more
    would be taken back than was paid.
    """
    of.lock(moved_is_fine=True)
    if not of.can_correct(by):
        raise MoveRefused(
            _("Only what the project has sent to be paid is corrected. Before that, send it back or mend it.")
        )
    left = paid_so_far(of, part)
    if left + amount < 0:
        raise MoveRefused(
            _("That would take back more than was paid. At most %(sum)s can be taken back.")
            % {"sum": money(left)}
        )
    source = {"fee": of} if isinstance(of, Fee) else {"travel": of}
    correction = Correction(
        **source,
        part=part,
        partner=of.partner,
        payer=of.payer,
        grant=of.grant,
        amount=amount,
        because=because,
        claimed_by_id=by.user_id,
        claimed_at=timezone.now(),
    )
    correction.full_clean()
    correction.save(force_insert=True)
    record(by, Action.CREATE, correction)
    others = [user for user in staff_users() if user.pk not in (by.user_id, of.partner.user_id)]
    notify(others, role=Role.STAFF, kind="correction_to_approve", about=correction)
    return correction


def paid_so_far(of: Fee | TravelClaim, part: str = "") -> Decimal:
    """What is paid for it – of a journey, for that part – with its corrections.

    Of those that still wait for approval only what they take back: nobody counts on what may not be given.
    """
    first = of.amount if isinstance(of, Fee) else of.amount_of(part)
    corrections = of.corrections.that_stand().filter(part=part).values_list("amount", "status")
    return first + sum(amount for amount, status in corrections if amount < 0 or status != PayStatus.CLAIMED)


@transaction.atomic
def approve_correction(*, correction: Correction, by) -> None:
    """Another person approves: then it goes into the next batch. The partner is told."""
    correction.approve(by=by)
    kind = "fee_corrected" if correction.fee_id else "travel_corrected"
    notify([correction.partner.user], role=Role.PARTNER, kind=kind, about=correction.of)


@transaction.atomic
def withdraw_correction(*, correction: Correction, by) -> None:
    """Taken back before anybody has approved it. Nobody takes back what somebody else wrote about one's own money."""
    if correction.partner.user_id == by.user_id and not correction.can_withdraw(by):
        raise MoveRefused(_("This is about your own money. Somebody else takes it back."))
    correction.move_to(PayStatus.WITHDRAWN, by=by)
