"""Words above a heading that several pages share."""

from kumppani.accounts.roles import Role
from pairing.models import Relationship

WORKERS = (Role.STAFF.value, Role.SOCIAL_WORKER.value)


def whose(relationship: Relationship, actor) -> str:
    """A line above the heading that says to a worker, who has many, whose page this is."""
    if actor.role not in WORKERS:
        return ""
    return f"{relationship.parent.first_name} & {relationship.partner.first_name}"
