"""Running an assignment: recorded, offered, answered, confirmed, done, called off."""

import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from kumppani.accounts.roles import Role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.dates import today
from kumppani.core.states import MoveRefused
from kumppani.notices.kinds import notify, staff_users
from pairing.models import ExperiencePartner
from tasks.models import Assignment, Fee, FeeRule, Participation
from tasks.services.fees import draft_fees
from tasks.states import AssignmentStatus, ParticipationStatus


@transaction.atomic
def record_assignment(*, by, **facts) -> Assignment:
    """Staff record what an organisation has asked for."""
    assignment = Assignment(**facts)
    assignment.full_clean()
    assignment.save(force_insert=True)
    record(by, Action.CREATE, assignment)
    return assignment


def suggested_fee(*, assignment: Assignment) -> Decimal | None:
    """What the rule of the assignment's day suggests, or None where the programme has set none (R8)."""
    rule = (
        FeeRule.objects.filter(kind_id=assignment.kind_id)
        .valid_on(assignment.date)
        .order_by("-valid_from")
        .first()
    )
    return rule.fee_for(assignment.hours) if rule else None


@transaction.atomic
def offer(
    *,
    assignment: Assignment,
    partner: ExperiencePartner,
    fee_amount: Decimal,
    by,
    on: datetime.date | None = None,
) -> Participation:
    """Ask a ready partner (R3), with the fee agreed beforehand (R7)."""
    assignment.lock(moved_is_fine=True)
    day = on or today()
    missing = partner.missing()
    if missing:
        raise MoveRefused(
            _("The partner is not ready yet; missing: %(what)s.") % {"what": ", ".join(missing)}
        )
    if not partner.is_available:
        raise MoveRefused(_("The partner is having a break."))
    if assignment.status not in (AssignmentStatus.REQUESTED, AssignmentStatus.AGREED):
        raise MoveRefused(_("Partners are asked before the assignment is done."))
    if day > assignment.date:
        raise MoveRefused(_("The fee is agreed before the assignment, not after it."))
    participation = Participation(
        assignment=assignment, partner=partner, fee_amount=fee_amount, fee_agreed_on=day
    )
    participation.full_clean()
    participation.save(force_insert=True)
    record(by, Action.CREATE, participation)
    notify([partner.user], role=Role.PARTNER, kind="assignment_offered", about=participation)
    return participation


@transaction.atomic
def answer_offer(*, participation: Participation, yes: bool, by) -> None:
    """The partner accepts or declines, without a reason. The first yes makes the assignment agreed."""
    assignment = participation.assignment
    assignment.lock(moved_is_fine=True)
    participation.lock(moved_is_fine=True)
    if not participation.can_answer(by):
        raise MoveRefused(_("This offer has been answered already."))
    participation.move_to(ParticipationStatus.ACCEPTED if yes else ParticipationStatus.DECLINED, by=by)
    if yes and assignment.status == AssignmentStatus.REQUESTED:
        assignment.move_to(AssignmentStatus.AGREED, by=by)
    notify(staff_users(), role=Role.STAFF, kind="assignment_answered", about=assignment)


@transaction.atomic
def complete_assignment(*, assignment: Assignment, by) -> list[Fee]:
    """The assignment has been done by those who accepted; their fees can now be claimed. Returns the new fees."""
    assignment.lock()
    if assignment.date > today():
        raise MoveRefused(_("This day has not come yet."))
    participations = list(
        assignment.participations.filter(status=ParticipationStatus.ACCEPTED).select_related("partner__user")
    )
    if not participations and assignment.may_move_to(AssignmentStatus.DONE):
        raise MoveRefused(_("No partner has accepted this assignment."))
    assignment.move_to(AssignmentStatus.DONE, by=by)
    for participation in participations:
        participation.move_to(ParticipationStatus.DONE, by=by)
    for participation in assignment.participations.filter(status=ParticipationStatus.OFFERED):
        participation.move_to(ParticipationStatus.CANCELLED, by=by)
    return draft_fees(participations=participations, by=by)


@transaction.atomic
def cancel_assignment(*, assignment: Assignment, by) -> None:
    """The assignment is called off; nobody's fee follows from it."""
    assignment.move_to(AssignmentStatus.CANCELLED, by=by)
    for participation in assignment.participations.filter(
        status__in=[ParticipationStatus.OFFERED, ParticipationStatus.ACCEPTED]
    ).select_related("partner__user"):
        participation.move_to(ParticipationStatus.CANCELLED, by=by)
        notify([participation.partner.user], role=Role.PARTNER, kind="assignment_cancelled", about=assignment)
