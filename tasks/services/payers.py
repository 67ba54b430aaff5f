"""Who pays after all: what waits for an orderer in vain, the project pays instead."""

from django.db import transaction
from django.utils.translation import gettext as _

from kumppani.accounts.roles import Role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.states import MoveRefused
from kumppani.notices.kinds import notify, staff_users
from kumppani.organisations.models import Grant
from tasks.models import Fee, Payer, TravelClaim
from tasks.states import PayStatus


@transaction.atomic
def project_pays_instead(*, of: Fee | TravelClaim, grant: Grant, by) -> None:
    """The project pays a fee or a journey from this grant, because the orderer does not.

    What had been approved is claimed again and waits for approval: whoever approved it saw that the orderer would pay.
    Raises `MoveRefused` when the project pays it already, when it has been paid, and when it is one's own (A37).
    """
    of.lock(moved_is_fine=True)
    if not of.can_be_paid_by_project(by):
        raise MoveRefused(_("This cannot be changed any more."))
    facts = {"payer": Payer.PROJECT, "grant_id": grant.pk}
    if of.status == PayStatus.APPROVED:
        of.move_to(PayStatus.CLAIMED, by=by, approved_by_id=None, approved_at=None, **facts)
    else:
        for name, value in facts.items():
            setattr(of, name, value)
        of.save(update_fields=[*facts, "updated_at"])
    record(by, Action.CHANGE, of, fields_changed=["payer", "grant"])
    kind = "travel_to_approve" if of.is_travel else "fee_to_approve"
    others = [user for user in staff_users() if user.pk not in (by.user_id, of.partner.user_id)]
    notify(others, role=Role.STAFF, kind=kind, about=of)
