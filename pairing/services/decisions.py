"""The social worker's decision (B27, R2)."""

from django.db import transaction
from django.utils.translation import gettext as _

from kumppani.accounts.roles import Role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.states import MoveRefused
from kumppani.notices.kinds import notify
from pairing.models import (
    Decision,
    Relationship,
)
from pairing.states import RelationshipStatus


@transaction.atomic
def record_decision(*, relationship: Relationship, by, **facts) -> Decision:
    """The social worker records the own decision (B27, R2). Positive opens the way to the start meeting.

    `facts`: is_positive, made_on, reference, legal_ground, valid_from, valid_to, funding, grant.
    """
    if not relationship.can_decide(by):
        raise MoveRefused(_("Only the parent's own social worker makes the decision."))
    decision = Decision(
        relationship=relationship,
        maker=relationship.social_worker,
        organisation=relationship.social_worker.organisation,
        **facts,
    )
    decision.full_clean()
    decision.save(force_insert=True)
    record(by, Action.CREATE, decision)
    relationship.move_to(
        RelationshipStatus.DECIDED if decision.is_positive else RelationshipStatus.REFUSED, by=by
    )
    if decision.is_positive:
        notify([relationship.partner.user], role=Role.PARTNER, kind="decision_made", about=relationship)
    notify([relationship.parent.user], role=Role.PARENT, kind="decision_made", about=relationship)
    return decision
