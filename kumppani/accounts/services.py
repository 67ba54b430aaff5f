"""Deeds that touch more than one record of this app."""

import uuid

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.accounts.actor import Actor, actor_for
from kumppani.accounts.models import Invitation, RoleGrant, User
from kumppani.accounts.roles import Role
from kumppani.accounts.tasks import send_invitation_letter, send_password_reset
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.states import MoveRefused

LAST_ADMINISTRATOR = gettext_lazy(
    "This is the last administrator. Give the role to somebody else first, so that accounts can be kept."
)


def self_as_actor(user: User) -> Actor:
    """The user as the one who acts on the own account, also with no role at all."""
    return actor_for(user) or Actor(user=user, role="")


# --- coming in --------------------------------------------------------------------------------------------
@transaction.atomic
def create_user(
    *, email: str, first_name: str, last_name: str, language: str, role: str, by, organisation=None
) -> User:
    """A new user with one role, without a usable password: an invitation opens the door."""
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                email=email, first_name=first_name, last_name=last_name, language=language
            )
    except IntegrityError:
        raise ValidationError({"email": _("There is an account with this address already.")}) from None
    user.grant_role(role, by=by, organisation=organisation)
    record(by, Action.CREATE, user, detail=f"role:{role}")
    return user


@transaction.atomic
def invite(*, user: User, by, by_letter: bool = True) -> Invitation:
    """Make an invitation for a user who has no password yet, and queue its letter; earlier open ones stop working.

    The letter is queued in this very transaction, so it leaves if and only if the deed is done. Raises `MoveRefused`
    for somebody who has a password already: a link must never replace it.
    """
    if user.has_usable_password():
        raise MoveRefused(_("This person has chosen a password already and can sign in."))
    if not user.is_active:
        raise MoveRefused(_("This account is closed. Open it first."))
    _revoke_invitations(user)
    invitation = Invitation.objects.create(
        user=user, invited_by_id=by.user_id, expires_at=Invitation.default_expiry()
    )
    record(by, Action.CREATE, invitation)
    if by_letter:
        send_invitation_letter.enqueue(str(invitation.pk))
    return invitation


def _revoke_invitations(user: User) -> None:
    Invitation.objects.filter(user=user, used_at__isnull=True, revoked_at__isnull=True).update(
        revoked_at=timezone.now()
    )


@transaction.atomic
def accept_invitation(*, invitation: Invitation, password: str) -> bool:
    """The new user chooses a password and the link closes. False when it was used or revoked in between."""
    if not invitation.accept(password):
        return False
    record(self_as_actor(invitation.user), Action.CHANGE, invitation.user, fields_changed=["password"])
    return True


def ask_for_password_reset(email: str) -> None:
    """Queue a letter with a link for a new password, if the address has an account.

    A known and an unknown address cost one query and one queued task each, so that nobody can tell them apart: for an
    unknown one the task is given an id that belongs to nobody.
    """
    user = User.objects.with_password().filter(email=User.objects.normalize(email)).only("pk").first()
    send_password_reset.enqueue(str(user.pk if user else uuid.uuid4()))


# --- roles ------------------------------------------------------------------------------------------------
@transaction.atomic
def add_role(*, user: User, role: str, by, organisation=None) -> RoleGrant:
    """One role more. Raises `MoveRefused` when it is held already."""
    if user.grants.held().filter(role=role).exists():
        raise MoveRefused(_("This person has this role already."))
    grant = user.grant_role(role, by=by, organisation=organisation)
    record(by, Action.CHANGE, user, detail=f"role:{role}")
    return grant


@transaction.atomic
def end_role(*, grant: RoleGrant, by) -> None:
    """Take a role away: the next request of every live session meets it. Ending it twice changes nothing."""
    administrators = _lock_administrators() if grant.role == Role.ADMINISTRATOR else set()
    grant = RoleGrant.objects.select_for_update(of=("self",)).select_related("user").get(pk=grant.pk)
    if grant.ended_at is not None:
        return
    if administrators == {grant.user_id}:
        raise MoveRefused(LAST_ADMINISTRATOR)
    grant.end()
    record(by, Action.CHANGE, grant.user, detail=f"role_ended:{grant.role}")


def _lock_administrators() -> set[uuid.UUID]:
    """The users who administer. The lock lets two who leave at once go one after the other."""
    return set(
        RoleGrant.objects.of_administrators()
        .order_by("pk")
        .select_for_update()
        .values_list("user_id", flat=True)
    )


# --- closing and opening ----------------------------------------------------------------------------------
@transaction.atomic
def deactivate(*, user: User, by) -> None:
    """The user cannot sign in any more, and every live session ends at its next request."""
    if not user.is_active:
        return
    if user.pk == by.user_id:
        raise MoveRefused(_("You cannot close your own account. Ask another administrator."))
    if user.grants.held().filter(role=Role.ADMINISTRATOR).exists() and _lock_administrators() == {user.pk}:
        raise MoveRefused(LAST_ADMINISTRATOR)
    user.is_active = False
    user.save(update_fields=["is_active", "updated_at"])
    _revoke_invitations(user)
    record(by, Action.CHANGE, user, fields_changed=["is_active"])


@transaction.atomic
def activate(*, user: User, by) -> None:
    """Open a closed account again, with the roles it held."""
    if user.is_active:
        return
    user.is_active = True
    user.save(update_fields=["is_active", "updated_at"])
    record(by, Action.CHANGE, user, fields_changed=["is_active"])


# --- oneself ----------------------------------------------------------------------------------------------
def change_language(*, user: User, language: str) -> None:
    """The language follows the user, into letters too."""
    user.language = language
    user.save(update_fields=["language", "updated_at"])
