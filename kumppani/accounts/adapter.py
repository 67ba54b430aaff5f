"""What we ask of django-allauth: closed sign-up, an audit trail, letters by the worker, limits nobody can abuse."""

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.services import self_as_actor
from kumppani.audit.models import Action
from kumppani.audit.recorder import record


class AccountAdapter(DefaultAccountAdapter):
    """The hooks of the sign-in library. `get_client_ip` follows `TRUSTED_PROXY_COUNT` by the library's own setting."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "The address and the password do not fit together. Check both and try again."
        ),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_password": _("This is not your password."),
        "rate_limited": _("Too many attempts. Wait a moment, then try again."),
    }

    def is_open_for_signup(self, request) -> bool:
        return False

    def is_ajax(self, request) -> bool:
        """No second door: the same pages in JSON are not offered."""
        return False

    # --- the audit trail -----------------------------------------------------------------------------------
    def login(self, request, user) -> None:
        super().login(request, user)
        record(self_as_actor(user), Action.SIGN_IN)

    def logout(self, request) -> None:
        if request.user.is_authenticated:
            record(request.actor or self_as_actor(request.user), Action.SIGN_OUT)
        super().logout(request)

    def pre_authenticate(self, request, **credentials) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            record(request.actor, Action.SIGN_IN_FAILED, detail="limit")
            raise

    def authentication_failed(self, request, **credentials) -> None:
        """That somebody could not sign in; never with which words: people type passwords into the wrong field."""
        record(request.actor, Action.SIGN_IN_FAILED)

    def set_password(self, user, password: str) -> None:
        super().set_password(user, password)
        record(self_as_actor(user), Action.CHANGE, user, fields_changed=["password"])

    # --- limits --------------------------------------------------------------------------------------------
    def _get_login_attempts_cache_key(self, request, **credentials) -> str:
        """Count wrong passwords by address *and* origin: a stranger elsewhere cannot lock the rightful owner out."""
        return (
            f"{super()._get_login_attempts_cache_key(request, **credentials)}:{self.get_client_ip(request)}"
        )

    def reauthenticate(self, user, password: str) -> bool:
        """By the address on the account: the library's own table of addresses stays empty here."""
        again = self.authenticate(self.request, email=user.email, password=password)
        return again is not None and again.pk == user.pk

    # --- ways on -------------------------------------------------------------------------------------------
    def get_password_change_redirect_url(self, request) -> str:
        return reverse("home")
