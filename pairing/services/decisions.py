"""The social worker's decision (B27, R2)."""

from django.db import transaction
from django.utils.translation import gettext as _

from kumppani.accounts.roles import Role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.states import MoveRefused
from kumppani.notices.kinds import notify
from pairing.models import Decision, Relationship
from pairing.services.agreements import close_open_agreement
from pairing.services.people import social_worker_for
from pairing.services.reviews import schedule_review
from pairing.states import RelationshipStatus

# A first decision, another one before the start, and a renewal while it runs.
DECIDABLE = {
    RelationshipStatus.PROPOSED,
    RelationshipStatus.DECIDED,
    RelationshipStatus.ACTIVE,
    RelationshipStatus.PAUSED,
}


@transaction.atomic
def record_decision(*, relationship: Relationship, by, **facts) -> Decision:
    """The social worker, or today's substitute, records the own decision (B27, R2).

    A positive one opens the way to the start meeting, or lets what runs go on. A negative one before the start closes
    the way. While it runs none is recorded: then the relationship is ended, or its decision runs out.

    `facts`: is_positive, made_on, reference, legal_ground, valid_from, valid_to, funding, grant.
    """
    relationship = (
        Relationship.objects.select_for_update(of=("self",))
        .select_related("social_worker", "partner__user", "parent__user")
        .get(pk=relationship.pk)
    )
    if not relationship.can_decide(by):
        raise MoveRefused(_("Only the parent's own social worker makes the decision."))
    if relationship.status not in DECIDABLE:
        raise MoveRefused(
            _("A decision is recorded when both have said yes, and until the relationship has ended.")
        )
    if relationship.is_running and not facts["is_positive"]:
        raise MoveRefused(
            _("You meet already: a negative decision is not recorded here. End the relationship instead.")
        )
    maker = social_worker_for(by)
    decision = Decision(relationship=relationship, maker=maker, organisation=maker.organisation, **facts)
    decision.full_clean()
    decision.save(force_insert=True)
    record(by, Action.CREATE, decision)
    if not decision.is_positive:
        close_open_agreement(relationship=relationship, by=by)
        relationship.move_to(RelationshipStatus.REFUSED, by=by)
    elif relationship.status == RelationshipStatus.PROPOSED:
        relationship.move_to(RelationshipStatus.DECIDED, by=by)
    if relationship.is_running:
        schedule_review(relationship, by=by)  # the last day may have moved, and with it the closing review
    if decision.is_positive:
        notify([relationship.partner.user], role=Role.PARTNER, kind="decision_made", about=relationship)
    notify([relationship.parent.user], role=Role.PARENT, kind="decision_made", about=relationship)
    return decision
