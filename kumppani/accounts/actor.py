"""Who acts: a user in one role, as it is at this very request."""

import uuid
from dataclasses import dataclass

from kumppani.accounts.models import RoleGrant, User
from kumppani.accounts.roles import Role


@dataclass(frozen=True)
class Actor:
    """A user in one role. Built anew for every request, so that a role taken away ends at once."""

    user: User
    role: str
    organisation_id: uuid.UUID | None = None

    @property
    def user_id(self) -> uuid.UUID:
        return self.user.pk

    @property
    def role_label(self) -> str:
        return str(Role(self.role).label)


@dataclass(frozen=True)
class SystemActor:
    """A job of the house: no user, and no row is visible to it by role."""

    role: str = "system"
    user_id: None = None
    organisation_id: None = None


def actor_for(user: User, wanted_role: str | None = None) -> Actor | None:
    """The actor for `user`: in the wanted role if it is still held, else in the first role held, else None."""
    if not user.is_active:
        return None
    grants = list(RoleGrant.objects.filter(user=user, ended_at__isnull=True).order_by("created_at", "id"))
    if not grants:
        return None
    grant = next((grant for grant in grants if grant.role == wanted_role), grants[0])
    return Actor(user=user, role=grant.role, organisation_id=grant.organisation_id)
