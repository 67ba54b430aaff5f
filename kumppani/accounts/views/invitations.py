"""The door of a one-purpose link. Looking changes nothing: link checkers look too. Only the button's POST does."""

from allauth.account.adapter import get_adapter
from allauth.decorators import rate_limit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from kumppani.accounts.forms import ChoosePasswordForm
from kumppani.accounts.models import Invitation, hash_token
from kumppani.accounts.services import accept_invitation

SESSION_INVITATION = "invitation"


@login_not_required
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address, so that it stays in no history and no referrer. The session holds its hash."""
    token_hash = hash_token(token)
    if Invitation.behind(token_hash) is None:
        return _closed(request)
    request.session[SESSION_INVITATION] = token_hash
    response = redirect("invitation_accept")
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@login_not_required
@sensitive_post_parameters("new_password1", "new_password2")
@rate_limit(action="reset_password_from_key")
def accept(request: HttpRequest) -> HttpResponse:
    """Choose a password. A link that is used, revoked, too old or never was gets one and the same page."""
    invitation = Invitation.behind(request.session.get(SESSION_INVITATION, ""))
    if invitation is None:
        return _closed(request)
    form = ChoosePasswordForm(invitation.user, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(
            request,
            "accounts/invitation_accept.html",
            {"form": form, "invitation": invitation},
            status=status,
        )
    if not accept_invitation(invitation=invitation, password=form.cleaned_data["new_password1"]):
        return _closed(request)
    request.session.pop(SESSION_INVITATION, None)
    if request.user.is_authenticated:
        get_adapter().logout(request)
    messages.success(request, _("Your password is saved. Sign in with it now."))
    return redirect("account_login")


def _closed(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/invitation_closed.html", status=404)
