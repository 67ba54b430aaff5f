"""The letters about an account. Each carries a one-purpose link."""

from allauth.account import app_settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from kumppani.accounts.models import Invitation, User
from kumppani.core.letters import letter, link


def invitation_letter(invitation: Invitation, token: str) -> EmailMultiAlternatives:
    """The letter by which a new user chooses a password."""
    user = invitation.user
    return letter(
        "accounts/invitation",
        address=user.email,
        language=user.language,
        link=link(reverse("invitation_open", args=[token])),
        expires_at=invitation.expires_at,
    )


def password_reset_letter(user: User) -> EmailMultiAlternatives:
    """The letter by which a user chooses a new password. Its token is made here, at sending, and kept nowhere."""
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user.pk.hex, "key": token})
    return letter("accounts/password_reset", address=user.email, language=user.language, link=link(path))
