"""Fees: drafted by looking, claimed, approved, sent back, done without, paid by the orderer."""

import datetime
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _

from kumppani.accounts.roles import Role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.states import MoveRefused
from kumppani.notices.kinds import notify, staff_users
from pairing.models import Decision, Meeting
from tasks.arithmetic import fee_quantity, to_cents
from tasks.models import Fee, MeetingTerms, Participation, PartnerTerms, Payer, PaymentForm, TravelClaim
from tasks.states import PayStatus

APPROVED_OR_LATER = (PayStatus.APPROVED, PayStatus.EXPORTED, PayStatus.PAID)


@transaction.atomic
def draft_fees(*, by, participations: Iterable[Participation] | None = None) -> list[Fee]:
    """Fees for done work that has none yet: found by looking, safe to press twice (design.md 2).

    Looks at all done participations (or only at those given), at those called off late whose share is paid, and –
    when none are given – at held meetings whose terms say that they are paid (R7). Returns the new fees.

    Always in the order of the keys: of two who look at once the second waits for the first, never each for the other.
    """
    only = None if participations is None else [participation.pk for participation in participations]
    looked_at = (
        Participation.objects.without_fee().select_related("partner__user", "assignment").order_by("pk")
    )
    if only is not None:
        looked_at = looked_at.filter(pk__in=only)
    drafted = [_draft(_of_participation(participation), by) for participation in looked_at]
    if only is None:
        drafted += [_draft(facts, by) for facts in _of_meetings()]
    return [fee for fee in drafted if fee is not None]


def _draft(facts: dict, by) -> Fee | None:
    """The fee, unless somebody has drafted it at the same moment."""
    source = {name: facts.pop(name) for name in ("participation", "meeting") if name in facts}
    fee, created = Fee.objects.get_or_create(**source, defaults=facts)
    if not created:
        return None
    record(by, Action.CREATE, fee)
    notify([fee.partner.user], role=Role.PARTNER, kind="fee_to_claim", about=fee)
    return fee


def _of_participation(participation: Participation) -> dict:
    is_whole = participation.owed == participation.fee_amount
    return {
        "participation": participation,
        "partner": participation.partner,
        "amount": participation.owed,
        "unit": participation.fee_unit if is_whole else "task",
        "quantity": participation.fee_quantity if is_whole else Decimal(1),
        "payer": participation.assignment.payer,
        "grant": participation.assignment.grant,
    }


def _of_meetings() -> Iterable[dict]:
    """What the held meetings without a fee give, by the terms of their day: a fixed number of queries."""
    terms = list(MeetingTerms.objects.order_by("-valid_from"))
    paid_from = [each.valid_from for each in terms if each.is_paid]
    if not paid_from:
        return
    meetings = (
        Meeting.objects.held()
        .filter(fee__isnull=True, date__gte=min(paid_from))
        .select_related("relationship__partner__user")
        .prefetch_related("relationship__decisions")
        .order_by("pk")
    )
    for meeting in meetings:
        found = terms_of(meeting, terms)
        if found is not None and found.is_paid:
            yield {
                "meeting": meeting,
                "partner": meeting.relationship.partner,
                **_sum_of(meeting, found),
                "payer": found.payer,
                "grant_id": found.grant_id,
            }


def _sum_of(meeting: Meeting, terms: MeetingTerms) -> dict:
    """Amount, unit and quantity of a held meeting by its terms; hours to the hundredth."""
    quantity = fee_quantity(terms.unit, to_cents(Decimal(meeting.minutes) / 60))
    return {"amount": to_cents(terms.amount * quantity), "unit": terms.unit, "quantity": quantity}


def terms_of(meeting: Meeting, terms: Iterable[MeetingTerms]) -> MeetingTerms | None:
    """The terms of a meeting's day; see `terms_on`."""
    return terms_on(meeting.date, meeting.relationship_id, meeting.relationship.decisions.all(), terms)


def terms_on(
    day: datetime.date, relationship_id, decisions: Iterable[Decision], terms: Iterable[MeetingTerms]
) -> MeetingTerms | None:
    """The terms of a day, newest first given: the relationship's own before those of its decision's grant.

    None where nothing is settled: then nothing is paid.
    """
    in_force = [
        each for each in terms if each.valid_from <= day and (each.valid_to is None or day <= each.valid_to)
    ]
    grants = {
        decision.grant_id
        for decision in decisions
        if decision.is_positive and decision.valid_from <= day <= decision.valid_to
    }
    own = next((each for each in in_force if each.relationship_id == relationship_id), None)
    return own or next(
        (each for each in in_force if each.of_grant_id is not None and each.of_grant_id in grants), None
    )


def sum_today(fee: Fee) -> dict:
    """Amount, unit and quantity of a fee as things stand: its partner may have corrected the meeting since.

    Raises `MoveRefused` when the meeting, as corrected, is not paid.
    """
    if fee.meeting_id is None:
        return {"amount": fee.amount, "unit": fee.unit, "quantity": fee.quantity}
    terms = terms_of(fee.meeting, MeetingTerms.objects.order_by("-valid_from"))
    if terms is None or not terms.is_paid:
        raise MoveRefused(
            _("By what was agreed for the day of this meeting, it is not paid. Ask the project staff.")
        )
    return _sum_of(fee.meeting, terms)


def changed_sums(fees: Iterable[Fee]) -> dict:
    """Fee's id → what its meeting comes to now, in euros, of those that were drafted or claimed with another sum.

    0 € where the meeting, as corrected, is not paid. A fixed number of queries.
    """
    of_meetings = [fee for fee in fees if fee.meeting_id is not None]
    if not of_meetings:
        return {}
    terms = list(MeetingTerms.objects.order_by("-valid_from"))
    prefetch_related_objects(of_meetings, "meeting__relationship__decisions")
    found = {}
    for fee in of_meetings:
        settled = terms_of(fee.meeting, terms)
        is_paid = settled is not None and settled.is_paid
        amount = _sum_of(fee.meeting, settled)["amount"] if is_paid else Decimal(0)
        if amount != fee.amount:
            found[fee.pk] = amount
    return found


@transaction.atomic
def claim_fee(*, fee: Fee, by, payment_form: str = "") -> None:
    """The partner claims the own fee; without another word it is paid as the partner is always paid.

    What is claimed is the sum as things stand (`sum_today`).
    """
    if not fee.can_claim(by):
        raise MoveRefused(_("This fee has been claimed already."))
    if not payment_form:
        terms = PartnerTerms.objects.filter(partner_id=fee.partner_id).first()
        payment_form = terms.payment_form if terms else PaymentForm.WAGE
    if payment_form == PaymentForm.WAIVED:
        fee.move_to(PayStatus.WAIVED, by=by, payment_form=PaymentForm.WAIVED)
        return
    fee.claim(by=by, payment_form=payment_form, **sum_today(fee))
    others = [user for user in staff_users() if user.pk != by.user_id]
    notify(others, role=Role.STAFF, kind="fee_to_approve", about=fee)


@transaction.atomic
def waive_fee(*, fee: Fee, by) -> None:
    """The partner does without the fee: then it is volunteering (domain 3.1)."""
    if not fee.can_waive(by):
        raise MoveRefused(_("This cannot be changed any more."))
    fee.move_to(PayStatus.WAIVED, by=by, payment_form=PaymentForm.WAIVED)


@transaction.atomic
def take_fee_again(*, fee: Fee, by) -> None:
    """Who has thought again may claim the fee after all. Then the work is no longer without pay, nor are its journeys.

    Raises `MoveRefused` when a journey has been approved as a volunteer's: whoever is paid for the work is none
    (domain 3.3).
    """
    fee.lock(moved_is_fine=True)
    if not fee.can_take_again(by):
        raise MoveRefused(_("This cannot be changed any more."))
    journeys = list(journeys_as_volunteer(fee).select_for_update(of=("self",)).order_by("pk"))
    if any(claim.status in APPROVED_OR_LATER for claim in journeys):
        raise MoveRefused(paid_as_volunteer())
    for claim in journeys:
        claim.is_volunteer = False
        claim.save(update_fields=["is_volunteer", "updated_at"])
        record(by, Action.CHANGE, claim, fields_changed=["is_volunteer"])
    fee.move_to(PayStatus.DRAFT, by=by, payment_form="")


def journeys_as_volunteer(fee: Fee) -> QuerySet[TravelClaim]:
    """The journeys that its partner has claimed for the same work as a volunteer, and not taken back."""
    return TravelClaim.objects.filter(
        partner=fee.partner_id,
        participation=fee.participation_id,
        meeting=fee.meeting_id,
        is_volunteer=True,
    ).exclude(status=PayStatus.WITHDRAWN)


def paid_as_volunteer() -> str:
    """Why a fee cannot be taken again."""
    return _(
        "A journey for this work has been approved as a volunteer's, and whoever is paid for the work is no volunteer."
        " Ask the project staff."
    )


@transaction.atomic
def approve_fee(*, fee: Fee, by) -> None:
    """Another person than the claimer approves; the partner hears of it.

    Holds the meeting and reckons again: raises `MoveRefused` when it has been corrected since the claim and comes to
    another sum. What is approved is what was claimed.
    """
    fee.lock(moved_is_fine=True)
    if fee.status == PayStatus.CLAIMED and fee.meeting_id is not None:
        fee.meeting = Meeting.objects.select_for_update().get(pk=fee.meeting_id)
        if changed_sums([fee]):
            raise MoveRefused(sum_has_changed())
    fee.approve(by=by)
    notify([fee.partner.user], role=Role.PARTNER, kind="fee_approved", about=fee)


def sum_has_changed() -> str:
    """Why a fee is not approved."""
    return _(
        "The partner has corrected the meeting after claiming, and it comes to another sum now. Send the claim back."
    )


@transaction.atomic
def approve_fees(*, fees: Iterable[Fee], by) -> tuple[list[Fee], list[tuple[Fee, str]]]:
    """Approve several, each in its own right: the approved ones, and those that could not be approved, with the reason.

    Somebody's own claim, or one that a colleague has just dealt with, stays as it is and stops no other.
    """
    approved, left = [], []
    for fee in fees:
        try:
            with transaction.atomic():
                approve_fee(fee=fee, by=by)
        except MoveRefused as refused:
            left.append((fee, str(refused)))
        else:
            approved.append(fee)
    return approved, left


@transaction.atomic
def reject_fee(*, fee: Fee, because: str, by) -> None:
    """Send the claim back with words; the partner hears of it, may mend it and claim again."""
    fee.reject(by=by, because=because)
    notify([fee.partner.user], role=Role.PARTNER, kind="fee_rejected", about=fee)


@transaction.atomic
def fee_paid_by_orderer(*, fee: Fee, on: datetime.date, by) -> None:
    """What the orderer pays goes through no batch of ours: only that it was paid is written down."""
    fee.lock(moved_is_fine=True)
    if fee.payer != Payer.ORDERER:
        raise MoveRefused(_("What the project pays goes through a payment batch."))
    fee.pay(by=by, on=on)
    notify([fee.partner.user], role=Role.PARTNER, kind="fee_paid", about=fee)
