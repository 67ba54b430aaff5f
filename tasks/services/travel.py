"""Travel: claimed, mended, taken back, approved, sent back, paid by the orderer (domain 3.3).

The sums are those of the travel date's rates (R8). While a rate of that day is not known they stay empty: the claim is
kept, and its sums are worked out when it is approved.
"""

import datetime
from decimal import Decimal
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from kumppani.accounts.roles import Role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.states import MoveRefused
from kumppani.core.templatetags.kumppani import day as day_words
from kumppani.notices.kinds import notify, staff_users
from kumppani.organisations.models import Grant
from pairing.models import ExperiencePartner, Meeting
from tasks.arithmetic import (
    VOLUNTEER_MILEAGE_EUROS,
    VOLUNTEER_PER_DIEM_DAYS,
    Allowances,
    RateMissing,
    allowances,
    per_diem_for,
)
from tasks.models import (
    Fee,
    MeetingTerms,
    OutreachEvent,
    Participation,
    Payer,
    TravelClaim,
    TravelRate,
)
from tasks.services.fees import terms_of
from tasks.states import PayStatus

# What a journey may be for.
SOURCES = ("participation", "meeting", "outreach")
# What a claim's row is told; all the rest follows from it.
FACTS = (
    *SOURCES,
    "departs_at",
    "minutes",
    "route",
    "purpose",
    "vehicle",
    "km",
    "passengers",
    "receipts_amount",
    "has_receipts",
    "is_far",
    "is_volunteer",
)
FOLLOWING = ("payer", "grant", "per_diem")
SUMS = ("km_rate", "km_amount", "per_diem_amount", "total")


class VolunteerYear(NamedTuple):
    """What an unpaid volunteer has claimed in a calendar year: euros for kilometres, and days with a per diem."""

    km_euros: Decimal
    per_diem_days: int

    @property
    def km_left(self) -> Decimal:
        """Euros until the yearly maximum; negative when it is passed."""
        return VOLUNTEER_MILEAGE_EUROS - self.km_euros

    @property
    def days_left(self) -> int:
        """Days until the yearly maximum; negative when it is passed."""
        return VOLUNTEER_PER_DIEM_DAYS - self.per_diem_days


def volunteer_year(
    partner: ExperiencePartner, year: int, without: TravelClaim | None = None
) -> VolunteerYear:
    """The yearly counters of one partner (domain 3.3): only journeys for work without pay, by their travel date.

    `without`: leave this claim out. Told, never forbidden: what lies over the maximum is for payroll to tax.
    """
    claims = TravelClaim.objects.filter(partner=partner).volunteering_in(year)
    if without is not None:
        claims = claims.exclude(pk=without.pk)
    found = claims.annotate(travel_date=TruncDate("departs_at")).aggregate(
        euros=Sum("km_amount"), days=Count("travel_date", distinct=True, filter=~Q(per_diem=""))
    )
    return VolunteerYear(km_euros=found["euros"] or Decimal(0), per_diem_days=found["days"])


def fee_is_paid(
    *,
    participation: Participation | None = None,
    meeting: Meeting | None = None,
    outreach: OutreachEvent | None = None,
) -> bool | None:
    """Whether a fee is paid for this work, as it was agreed beforehand; None where nobody can know.

    A fee that its partner does without is no fee. An acquaintance event is not paid: what is paid is an assignment.
    """
    if outreach is not None:
        return False
    if participation is None and meeting is None:
        return None
    fee = Fee.objects.filter(participation=participation, meeting=meeting).only("status").first()
    if fee is not None:
        return fee.status != PayStatus.WAIVED
    if participation is not None:
        return not participation.is_unpaid
    terms = _terms_of(meeting)
    return terms is not None and terms.is_paid


def sums_of(claim: TravelClaim, *, hold: bool = False) -> Allowances | None:
    """What the journey comes to by the rates of its day, or None while one of them is not known (R8).

    `hold`: nobody mends or ends these rates until the transaction ends.
    """
    try:
        return allowances(
            TravelRate.on(claim.day, hold=hold),
            km=claim.km,
            passengers=claim.passengers,
            per_diem=claim.per_diem,
            receipts=claim.receipts_amount,
        )
    except RateMissing:
        return None


def late_meetings(actor) -> QuerySet[Meeting]:
    """The held meetings of a partner's ended relationships: a claim may come after the end (R8).

    To be named by their day alone: a former partner sees nothing more of the relationship (domain 2.2).
    """
    return Meeting.objects.of_ended(actor).held()


@transaction.atomic
def claim_travel(*, by, partner: ExperiencePartner, **facts) -> TravelClaim:
    """The partner claims a journey. `facts`: see FACTS. Raises `ValidationError`, and `MoveRefused` at 0 €."""
    claim = TravelClaim(partner=partner, claimed_by_id=by.user_id, claimed_at=timezone.now(), **facts)
    _settle(claim, *_paid_by(claim))
    claim.save(force_insert=True)
    record(by, Action.CREATE, claim)
    _tell_staff(claim, by)
    return claim


@transaction.atomic
def mend_travel(*, claim: TravelClaim, by, **facts) -> None:
    """The partner mends a claim that was sent back, and claims it again."""
    claim.lock()
    if not claim.can_edit(by):
        raise MoveRefused(_("This cannot be changed any more."))
    before = {name: getattr(claim, name) for name in (*FACTS, *FOLLOWING, *SUMS)}
    for name in FACTS:
        setattr(claim, name, facts.get(name, TravelClaim._meta.get_field(name).get_default()))
    payer, grant = _paid_by(claim)
    same_work = all(before[name] == getattr(claim, name) for name in SOURCES)
    if payer == Payer.ORDERER and same_work and before["payer"] == Payer.PROJECT:
        # It has been settled that the project pays instead (services.payers), and so it stays.
        payer, grant = before["payer"], before["grant"]
    _settle(claim, payer, grant)
    changed = [name for name, value in before.items() if getattr(claim, name) != value]
    claim.save(update_fields=[*changed, "updated_at"])
    record(by, Action.CHANGE, claim, fields_changed=changed)
    claim.claim(by=by)
    _tell_staff(claim, by)


@transaction.atomic
def withdraw_travel(*, claim: TravelClaim, by) -> None:
    """The partner takes the claim back before it is approved."""
    if not claim.can_withdraw(by):
        raise MoveRefused(_("This cannot be changed any more."))
    claim.move_to(PayStatus.WITHDRAWN, by=by)


@transaction.atomic
def approve_travel(*, claim: TravelClaim, by) -> None:
    """Another person than the claimer approves; sums that waited for a rate are worked out now."""
    claim.lock(moved_is_fine=True)
    sums = {}
    if claim.rate_is_missing and claim.status == PayStatus.CLAIMED:
        found = sums_of(claim, hold=True)
        if found is None:
            raise MoveRefused(_("A rate of this journey's day is missing. An administrator adds it first."))
        sums = _as_fields(found)
    claim.approve(by=by, **sums)
    notify([claim.partner.user], role=Role.PARTNER, kind="travel_approved", about=claim)


@transaction.atomic
def reject_travel(*, claim: TravelClaim, because: str, by) -> None:
    """Send the claim back with words; the partner hears of it, may mend it and claim again."""
    claim.reject(by=by, because=because)
    notify([claim.partner.user], role=Role.PARTNER, kind="travel_rejected", about=claim)


@transaction.atomic
def travel_paid_by_orderer(*, claim: TravelClaim, on: datetime.date, by) -> None:
    """What the orderer pays goes through no batch of ours: only that it was paid is written down."""
    claim.lock(moved_is_fine=True)
    if claim.payer != Payer.ORDERER:
        raise MoveRefused(_("What the project pays goes through a payment batch."))
    claim.pay(by=by, on=on)
    notify([claim.partner.user], role=Role.PARTNER, kind="travel_paid", about=claim)


@transaction.atomic
def add_rate(*, by, **facts) -> TravelRate:
    """An administrator adds a rate that has been read somewhere. Raises `ValidationError` where one is in force."""
    rate = TravelRate(**facts)
    _check_rate(rate)
    rate.save(force_insert=True)
    record(by, Action.CREATE, rate)
    return rate


@transaction.atomic
def mend_rate(*, rate: TravelRate, by, **facts) -> None:
    """Mend a rate with which nothing has been worked out yet. Raises `MoveRefused` when something has."""
    _hold(rate)
    if _last_use(rate) is not None:
        raise MoveRefused(_("Sums have been worked out with this rate. End it, and add another."))
    for name, value in facts.items():
        setattr(rate, name, value)
    _check_rate(rate)
    rate.save(update_fields=[*facts, "updated_at"])
    record(by, Action.CHANGE, rate, fields_changed=facts)


@transaction.atomic
def end_rate(*, rate: TravelRate, on: datetime.date, by) -> None:
    """The rate's last day. Raises `MoveRefused` for a day before one whose sum was worked out with it."""
    _hold(rate)
    used = _last_use(rate)
    if used is not None and on < used:
        raise MoveRefused(_("Sums have been worked out with this rate on later days."))
    rate.valid_to = on
    _check_rate(rate)
    rate.save(update_fields=["valid_to", "updated_at"])
    record(by, Action.CHANGE, rate, fields_changed=["valid_to"])


# --- What the deeds share ---------------------------------------------------------------------------------
def _settle(claim: TravelClaim, payer: str, grant: Grant | None) -> None:
    """Fill in what follows from the facts: the per diem, who pays, the sums; then check the whole.

    Holds the day's rates while it reckons: whoever mends a rate at that moment waits, and then sees that it was used.
    """
    claim.per_diem = per_diem_for(claim.length, is_far=claim.is_far).value
    claim.payer, claim.grant = payer, grant
    found = sums_of(claim, hold=True)
    if found is not None and not found.total:
        raise MoveRefused(_("This journey comes to 0 €, so there is nothing to claim."))
    for name, value in _as_fields(found).items():
        setattr(claim, name, value)
    # An empty sum is no mistake: it waits for its rate.
    claim.full_clean(exclude=[] if found is not None else SUMS)


def _as_fields(found: Allowances | None) -> dict[str, Decimal | None]:
    return {name: getattr(found, name, None) for name in SUMS}


def _paid_by(claim: TravelClaim) -> tuple[str, Grant | None]:
    """Who pays the journey, and from which grant: as the work itself is paid, else the project's running grant."""
    if claim.participation is not None:
        return claim.participation.assignment.payer, claim.participation.assignment.grant
    grant = None
    if claim.meeting is not None:
        terms = _terms_of(claim.meeting)
        if terms is not None and terms.is_paid:
            return terms.payer, terms.grant
        grant = _grant_of_decision(claim.meeting)
    elif claim.outreach is not None:
        grant = claim.outreach.grant
    return Payer.PROJECT, grant or _running_grant(claim.day)


def _terms_of(meeting: Meeting) -> MeetingTerms | None:
    return terms_of(meeting, MeetingTerms.objects.order_by("-valid_from"))


def _grant_of_decision(meeting: Meeting) -> Grant | None:
    """The grant of the decision that was in force on the meeting's day."""
    decisions = meeting.relationship.decisions.filter(
        is_positive=True, grant__isnull=False, valid_from__lte=meeting.date, valid_to__gte=meeting.date
    )
    decision = decisions.select_related("grant").order_by("-made_on").first()
    return decision.grant if decision else None


def _running_grant(day: datetime.date) -> Grant | None:
    """The grant of that day, where there is one and no other: a wrong cost centre is worse than none."""
    running = list(Grant.objects.running_on(day)[:2])
    return running[0] if len(running) == 1 else None


def _tell_staff(claim: TravelClaim, by) -> None:
    others = [user for user in staff_users() if user.pk != by.user_id]
    notify(others, role=Role.STAFF, kind="travel_to_approve", about=claim)


def _hold(rate: TravelRate) -> None:
    """Hold the row until the transaction ends, and read it as it is now."""
    rate.refresh_from_db(from_queryset=TravelRate.objects.select_for_update())


def _last_use(rate: TravelRate) -> datetime.date | None:
    return TravelRate.objects.with_use().values_list("last_used_on", flat=True).get(pk=rate.pk)


def _check_rate(rate: TravelRate) -> None:
    """No two rates of one kind on one day: then nobody could say which of them holds."""
    rate.full_clean()
    others = TravelRate.objects.overlapping(rate.kind, rate.valid_from, rate.valid_to).exclude(pk=rate.pk)
    other = others.order_by("valid_from").first()
    if other is not None:
        raise ValidationError(
            {
                "valid_from": _(
                    "Another rate of this kind is in force from %(first)s. End it first, or choose other days."
                )
                % {"first": day_words(other.valid_from)}
            }
        )
