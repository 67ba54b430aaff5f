"""Who may see users: the administrator all, everybody else only themselves."""

from django.apps import apps
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Prefetch, Q
from django.utils import timezone

from kumppani.core.querysets import VisibleQuerySet


class UserQuerySet(VisibleQuerySet):
    def _for_administrator(self, actor):
        return self

    def _self(self, actor):
        return self.filter(pk=actor.user_id)

    _for_staff = _for_social_worker = _for_partner = _for_parent = _for_trainer = _self

    def with_password(self):
        """Those who can sign in."""
        return self.filter(is_active=True).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)

    def invited(self):
        """Those who have not chosen a password yet."""
        return self.filter(is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX)

    def closed(self):
        """Those whose account is closed."""
        return self.filter(is_active=False)

    def named_like(self, words: str):
        """Those whose name or address holds every one of the words."""
        found = self
        for word in words.split()[:5]:
            found = found.filter(
                Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__icontains=word)
            )
        return found

    def with_roles(self):
        """`held_grants`: the roles held now, the oldest first."""
        held = apps.get_model("accounts", "RoleGrant").objects.held().order_by("created_at", "id")
        return self.prefetch_related(Prefetch("grants", queryset=held, to_attr="held_grants"))


class RoleGrantQuerySet(VisibleQuerySet):
    def _for_administrator(self, actor):
        return self

    def _for_staff(self, actor):
        """Who works as a social worker: somebody a parent may be handed over to. And who teaches."""
        return self.held().filter(
            Q(role="social_worker", organisation__isnull=False) | Q(role="trainer"), user__is_active=True
        )

    def _for_social_worker(self, actor):
        """The colleagues of the own organisation, and oneself."""
        return self.social_workers().filter(organisation_id=actor.organisation_id)

    def held(self):
        """Those in force."""
        return self.filter(ended_at__isnull=True)

    def social_workers(self):
        """The role of a social worker of some organisation, held by somebody who may sign in."""
        return self.held().filter(role="social_worker", user__is_active=True, organisation__isnull=False)

    def trainers(self):
        """The role of a trainer, held by somebody who may sign in."""
        return self.held().filter(role="trainer", user__is_active=True)

    def of_administrators(self):
        """The role of an administrator, held by somebody who may sign in."""
        return self.held().filter(role="administrator", user__is_active=True)


class InvitationQuerySet(VisibleQuerySet):
    def _for_administrator(self, actor):
        return self

    def open(self):
        """Those whose link works."""
        return self.filter(used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=timezone.now())
