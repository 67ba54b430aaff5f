"""Running an assignment: recorded, offered, answered, confirmed, done, called off.

Every deed that looks at the participations holds the assignment's row first, so that of two at once the second sees
what the first has done.
"""

import datetime
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kumppani.accounts.roles import Role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.dates import today
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.core.templatetags.kumppani import day as day_words
from kumppani.core.templatetags.kumppani import money, number
from kumppani.notices.kinds import notify, staff_users
from pairing.models import CommitmentText, ExperiencePartner
from tasks.arithmetic import share_of
from tasks.models import (
    Assignment,
    CancelledBy,
    Fee,
    FeeRule,
    FeeUnit,
    Letter,
    Participation,
    Payer,
)
from tasks.records import lacking
from tasks.services.fees import draft_fees
from tasks.states import COMING, AssignmentStatus, ParticipationStatus

# What partners have to hear of, because they plan their day by it.
TOLD_WHEN_CHANGED = ("date", "starts_at", "hours", "place")
# What the orderer has agreed to.
AGREED_BY_ORDERER = ("payer", "orderer_amount")
ASKED = (ParticipationStatus.OFFERED, ParticipationStatus.ACCEPTED)


@transaction.atomic
def record_assignment(*, by, **facts) -> Assignment:
    """Staff record what an organisation has asked for."""
    assignment = Assignment(**facts)
    assignment.full_clean()
    assignment.save(force_insert=True)
    record(by, Action.CREATE, assignment)
    return assignment


@transaction.atomic
def edit_assignment(*, assignment: Assignment, by, seen_version: int, **facts) -> list[str]:
    """Mend the facts until it is done or called off. Returns the names of what has changed.

    Everybody asked or coming is told when the day, the time, the length or the place is another. Another sum or payer
    has to be agreed with the orderer anew (R7). Raises `AlreadyMoved` when somebody has saved since `seen_version`.
    """
    before = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
    if not before.can_edit(by):
        raise MoveRefused(_("This is over, and its facts stay as they are."))
    changed = sorted(name for name, value in facts.items() if getattr(before, name) != value)
    for name, value in facts.items():
        setattr(assignment, name, value)
    agreed = before.participations.filter(status__in=ASKED).order_by("-fee_agreed_on").first()
    if agreed is not None and assignment.date < agreed.fee_agreed_on:
        message = _("The fees were agreed on %(day)s, so the assignment cannot be before that.")
        raise ValidationError({"date": message % {"day": day_words(agreed.fee_agreed_on)}})
    asks_anew = any(name in changed for name in AGREED_BY_ORDERER)
    if asks_anew:
        assignment.orderer_agreed_on, assignment.orderer_agreed_how = None, ""
    assignment.full_clean()
    if not assignment.save_as_version(
        seen_version, fields=[*facts, "orderer_agreed_on", "orderer_agreed_how"]
    ):
        raise AlreadyMoved
    record(by, Action.CHANGE, assignment, fields_changed=changed)
    if any(name in changed for name in TOLD_WHEN_CHANGED):
        _tell(assignment, "assignment_changed", ASKED)
    if asks_anew and assignment.payer == Payer.ORDERER and assignment.orderer_amount is not None:
        _tell_orderer(assignment, Letter.AGREE, by)
    return changed


@dataclass(frozen=True)
class Suggestion:
    """What the fee rule of a day suggests: euros, of what unit and how many."""

    amount: Decimal
    unit: str
    quantity: Decimal
    words: str


def suggested_fee(*, assignment: Assignment) -> Suggestion | None:
    """What the rule of the assignment's day suggests, or None where the programme has set none (R8)."""
    rule = (
        FeeRule.objects.filter(kind_id=assignment.kind_id)
        .valid_on(assignment.date)
        .order_by("-valid_from")
        .first()
    )
    if rule is None:
        return None
    quantity = rule.quantity_for(assignment.hours)
    return Suggestion(
        rule.fee_for(assignment.hours), rule.unit, quantity, _how_counted(rule, assignment.hours, quantity)
    )


def _how_counted(rule: FeeRule, hours: Decimal, quantity: Decimal) -> str:
    """How the sum comes about: "2 h + 1 h of preparation, 30,00 € an hour"."""
    facts = {
        "hours": number(hours),
        "preparation": number(rule.preparation_hours),
        "sum": money(rule.amount),
        "count": number(quantity),
    }
    if rule.unit == FeeUnit.TASK:
        return _("%(sum)s for the whole assignment") % facts
    time = (
        _("%(hours)s h + %(preparation)s h of preparation") % facts
        if rule.preparation_hours
        else _("%(hours)s h") % facts
    )
    if rule.unit == FeeUnit.HOUR:
        return _("%(time)s, %(sum)s an hour") % {**facts, "time": time}
    if rule.unit == FeeUnit.HALF_DAY:
        words = ngettext(
            "%(time)s: %(count)s half day begun, %(sum)s for each",
            "%(time)s: %(count)s half days begun, %(sum)s for each",
            int(quantity),
        )
    else:
        words = ngettext(
            "%(time)s: %(count)s day begun, %(sum)s for each",
            "%(time)s: %(count)s days begun, %(sum)s for each",
            int(quantity),
        )
    return words % {**facts, "time": time}


@transaction.atomic
def offer(
    *,
    assignment: Assignment,
    partner: ExperiencePartner,
    fee_amount: Decimal | None,
    by,
    fee_unit: str = FeeUnit.TASK,
    fee_quantity: Decimal = Decimal(1),
    on: datetime.date | None = None,
) -> Participation:
    """Ask a ready partner (R3), with the fee agreed beforehand (R7); without a sum it is volunteering."""
    return offer_to_several(
        assignment=assignment,
        partners=[partner],
        fee_amount=fee_amount,
        fee_unit=fee_unit,
        fee_quantity=fee_quantity,
        by=by,
        on=on,
    )[0]


@transaction.atomic
def offer_to_several(
    *,
    assignment: Assignment,
    partners: Iterable[ExperiencePartner],
    fee_amount: Decimal | None,
    by,
    fee_unit: str = FeeUnit.TASK,
    fee_quantity: Decimal = Decimal(1),
    on: datetime.date | None = None,
) -> list[Participation]:
    """Ask all of these, for the same fee, or none of them."""
    assignment.lock(moved_is_fine=True)
    day = on or today()
    if assignment.status not in COMING:
        raise MoveRefused(_("Partners are asked before the assignment is done."))
    if day > assignment.date:
        raise MoveRefused(_("The fee is agreed before the assignment, not after it."))
    partners = list(partners)
    texts = list(CommitmentText.objects.enough())
    unseen = lacking(assignment.kind, [partner.pk for partner in partners])
    there = {part.partner_id: part for part in assignment.participations.all()}
    fee = {
        "fee_amount": fee_amount,
        "fee_agreed_on": day,
        "fee_unit": fee_unit,
        "fee_quantity": fee_quantity,
    }
    for partner in partners:
        if partner.pk in unseen:
            words = _("For this kind of work the criminal-record extract of %(name)s must be seen first.")
            raise MoveRefused(words % {"name": partner.name})
    return [_ask(assignment, partner, there.get(partner.pk), fee, texts, by) for partner in partners]


def _ask(assignment, partner, there: Participation | None, fee: dict, texts, by) -> Participation:
    """One offer. Who has been asked already is not asked again, but an offer taken back may come anew."""
    if missing := partner.missing(texts):
        raise MoveRefused(
            _("%(name)s is not ready yet; missing: %(what)s.")
            % {"name": partner.name, "what": ", ".join(missing)}
        )
    if partner.leaving_on is not None:
        raise MoveRefused(f"{partner.name}: {_('The partner is leaving, or has left.')}")
    if there is not None and there.status != ParticipationStatus.CANCELLED:
        raise MoveRefused(_("%(name)s has been asked already.") % {"name": partner.name})
    if there is not None:
        there.move_to(ParticipationStatus.OFFERED, by=by, preparation_minutes=None, **fee)
        participation = there
    else:
        participation = Participation(assignment=assignment, partner=partner, **fee)
        participation.full_clean()
        participation.save(force_insert=True)
        record(by, Action.CREATE, participation)
    notify([partner.user], role=Role.PARTNER, kind="assignment_offered", about=participation)
    return participation


@transaction.atomic
def answer_offer(*, participation: Participation, yes: bool, by) -> None:
    """The partner accepts or declines, without a reason. The staff confirm when enough have said yes.

    A yes agrees on the fee, so it comes on the day itself at the latest (R7); a no may come at any time.
    """
    participation.assignment.lock(moved_is_fine=True)
    participation.lock(moved_is_fine=True)
    if not participation.can_answer(by):
        raise MoveRefused(_("This offer has been answered already."))
    if yes and participation.assignment.day_is_over:
        raise MoveRefused(_("The day of this assignment is over. You can still say no."))
    participation.move_to(ParticipationStatus.ACCEPTED if yes else ParticipationStatus.DECLINED, by=by)
    notify(staff_users(), role=Role.STAFF, kind="assignment_answered", about=participation.assignment)


@transaction.atomic
def decline_for_leaving(*, participation: Participation, by) -> None:
    """An open offer of a partner who leaves is declined, whoever writes it down."""
    participation.assignment.lock(moved_is_fine=True)
    participation.lock(moved_is_fine=True)
    if participation.status != ParticipationStatus.OFFERED:
        return
    participation.move_to(ParticipationStatus.DECLINED, by=by)
    notify(staff_users(), role=Role.STAFF, kind="assignment_answered", about=participation.assignment)


@transaction.atomic
def step_down(*, participation: Participation, by) -> None:
    """Who has said yes cannot come after all, and need not say why. The staff hear of it at once."""
    participation.assignment.lock(moved_is_fine=True)
    participation.lock(moved_is_fine=True)
    if not participation.can_step_down(by):
        raise MoveRefused(_("This cannot be changed any more."))
    participation.move_to(ParticipationStatus.STEPPED_DOWN, by=by)
    notify(staff_users(), role=Role.STAFF, kind="partner_stepped_down", about=participation.assignment)


@transaction.atomic
def take_back_offer(*, participation: Participation, by) -> None:
    """Staff take back an offer that nobody has answered; the partner hears that it is no longer open."""
    participation.assignment.lock(moved_is_fine=True)
    participation.lock(moved_is_fine=True)
    if not participation.can_take_back(by):
        raise MoveRefused(_("This offer has been answered already."))
    participation.move_to(ParticipationStatus.CANCELLED, by=by)
    notify(
        [participation.partner.user],
        role=Role.PARTNER,
        kind="offer_taken_back",
        about=participation.assignment,
    )


@transaction.atomic
def write_preparation(*, participation: Participation, minutes: int, seen_version: int, by) -> None:
    """The partner writes how long preparing took. It is counted; the agreed fee stays as it is."""
    if not participation.can_write_preparation(by):
        raise MoveRefused(_("This cannot be changed any more."))
    participation.preparation_minutes = minutes
    participation.full_clean()
    if not participation.save_as_version(seen_version, fields=["preparation_minutes"]):
        raise AlreadyMoved
    record(by, Action.CHANGE, participation, fields_changed=["preparation_minutes"])


@transaction.atomic
def confirm_assignment(*, assignment: Assignment, by) -> None:
    """It is on: at least one partner has said yes, and the orderer to a sum that is enough for the fees (R7)."""
    assignment.lock()
    if assignment.may_move_to(AssignmentStatus.AGREED):
        accepted = list(assignment.participations.filter(status=ParticipationStatus.ACCEPTED))
        if not accepted:
            raise MoveRefused(_("Nobody has said yes yet."))
        _orderer_agreed_to(assignment, accepted)
    assignment.move_to(AssignmentStatus.AGREED, by=by)
    _tell(assignment, "assignment_confirmed", [ParticipationStatus.ACCEPTED])
    _tell_orderer(assignment, Letter.CONFIRMED, by)


@transaction.atomic
def complete_assignment(
    *,
    assignment: Assignment,
    by,
    came: Iterable[uuid.UUID] | None = None,
    preparation: Mapping[uuid.UUID, int | None] | None = None,
    audience_size: int | None = None,
    seen_yes: Iterable[uuid.UUID] | None = None,
) -> list[Fee]:
    """The assignment has been done; the fees of those who took part can now be claimed. Returns the new fees.

    `came`: ids of the participations of those who took part; None when all who had said yes did. `preparation`: minutes
    by participation. `audience_size`: how many there really were; None leaves what was expected. `seen_yes`: ids of
    those who had said yes when `came` was chosen; raises `AlreadyMoved` when they are others by now.
    """
    assignment.lock()
    if assignment.date > today():
        raise MoveRefused(_("This day has not come yet."))
    accepted = list(
        assignment.participations.filter(status=ParticipationStatus.ACCEPTED).select_related("partner__user")
    )
    if seen_yes is not None and {part.pk for part in accepted} != set(seen_yes):
        raise AlreadyMoved
    present = [part for part in accepted if came is None or part.pk in set(came)]
    if assignment.may_move_to(AssignmentStatus.DONE):
        if not accepted:
            raise MoveRefused(_("No partner has accepted this assignment."))
        if not present:
            raise MoveRefused(_("Nobody took part: then call the assignment off."))
        _orderer_agreed_to(assignment, present)
    facts = {} if audience_size is None else {"audience_size": audience_size}
    assignment.move_to(AssignmentStatus.DONE, by=by, **facts)
    minutes = preparation or {}
    for part in accepted:
        if part in present:
            written = minutes.get(part.pk, part.preparation_minutes)
            part.move_to(ParticipationStatus.DONE, by=by, preparation_minutes=written)
        else:
            part.move_to(ParticipationStatus.CANCELLED, by=by)
            notify([part.partner.user], role=Role.PARTNER, kind="assignment_done_without", about=assignment)
    for part in assignment.participations.filter(status=ParticipationStatus.OFFERED):
        part.move_to(ParticipationStatus.CANCELLED, by=by)
    _tell_orderer(assignment, Letter.FEEDBACK, by)
    return draft_fees(participations=present, by=by)


@transaction.atomic
def count_after_all(*, participation: Participation, by) -> list[Fee]:
    """Who had said yes and was left out when the assignment was marked as done took part after all; the fee follows.

    Returns the new fee, if one was agreed. The partner is told, because she or he had been told otherwise.
    """
    assignment = participation.assignment
    assignment.lock(moved_is_fine=True)
    participation.lock(moved_is_fine=True)
    if not participation.can_count_after_all(by):
        raise MoveRefused(_("This cannot be changed any more."))
    done = assignment.participations.filter(status=ParticipationStatus.DONE)
    _orderer_agreed_to(assignment, [*done, participation])
    participation.move_to(ParticipationStatus.DONE, by=by)
    notify([participation.partner.user], role=Role.PARTNER, kind="assignment_done_with", about=assignment)
    return draft_fees(participations=[participation], by=by)


def _orderer_agreed_to(assignment: Assignment, parts: Iterable[Participation], percent: int = 100) -> None:
    """Raise `MoveRefused` where the orderer pays, and has not agreed to a sum or to less than is needed (R7).

    `percent`: so much of each of these agreed fees is needed.
    """
    if assignment.waits_for_orderer:
        raise MoveRefused(_("The orderer has not agreed to the sum yet."))
    fees = sum((share_of(part.fee_amount, percent) for part in parts if not part.is_unpaid), Decimal(0))
    if assignment.is_too_little(fees):
        raise MoveRefused(
            _("The fees come to %(fees)s together, and the orderer pays %(sum)s. Agree on another sum first.")
            % {"fees": money(fees), "sum": money(assignment.orderer_amount)}
        )


@transaction.atomic
def cancel_assignment(
    *, assignment: Assignment, by, cancelled_by: str = CancelledBy.PROJECT, late_share: int = 0
) -> list[Fee]:
    """The assignment is called off. Returns the new fees.

    `late_share`: called off late, so many percent of the agreed fees are paid all the same to those who had said yes.
    Where the orderer pays, only when the orderer has agreed to the sum and calls it off: nobody else spends that money.
    """
    assignment.lock()
    if late_share and not assignment.would_be_late:
        raise MoveRefused(_("It is called off in good time: no fee follows from it."))
    if late_share and assignment.payer == Payer.ORDERER:
        accepted = assignment.participations.filter(status=ParticipationStatus.ACCEPTED)
        _orderer_agreed_to(assignment, accepted, late_share)
        if cancelled_by != CancelledBy.ORDERER:
            raise MoveRefused(
                _("The orderer pays these fees: something is paid only when the orderer calls it off.")
            )
    assignment.move_to(AssignmentStatus.CANCELLED, by=by, cancelled_on=today(), cancelled_by=cancelled_by)
    asked = list(assignment.participations.filter(status__in=ASKED).select_related("partner__user"))
    late = []
    for part in asked:
        if part.status == ParticipationStatus.ACCEPTED and late_share and not part.is_unpaid:
            part.move_to(ParticipationStatus.CANCELLED, by=by, late_share=late_share)
            late.append(part)
        else:
            part.move_to(ParticipationStatus.CANCELLED, by=by)
    users = [part.partner.user for part in asked]
    notify(users, role=Role.PARTNER, kind="assignment_cancelled", about=assignment)
    _tell_orderer(assignment, Letter.CANCELLED, by)
    return draft_fees(participations=late, by=by)


def _tell(assignment: Assignment, kind: str, states: Iterable[str]) -> None:
    """A notice to the partners whose part is in one of these states."""
    parts = assignment.participations.filter(status__in=states).select_related("partner__user")
    notify([part.partner.user for part in parts], role=Role.PARTNER, kind=kind, about=assignment)


def _tell_orderer(assignment: Assignment, letter: str, by) -> None:
    """A letter to the contact of the order, if there is one."""
    # Here, not above: taking an order on records an assignment, so that file looks at this one.
    from tasks.services.orders import tell_orderer

    tell_orderer(assignment=assignment, letter=letter, by=by)
