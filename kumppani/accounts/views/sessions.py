"""Being here: leaving, the role acted in, the language. Deeds by POST; a GET only leads on."""

from allauth.account import views as allauth_views
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from kumppani.accounts.actor import actor_for
from kumppani.accounts.middleware import SESSION_ROLE
from kumppani.accounts.roles import EVERY_ROLE
from kumppani.accounts.services import change_language
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.views import AccessView

LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365


# --- the library's pages that need a word of ours ---------------------------------------------------------
def reauthenticate(request: HttpRequest) -> HttpResponse:
    """The password once more, before something that needs care. Everybody signed in may, about oneself."""
    request.access_asked = True
    return allauth_views.reauthenticate(request)


def password_change(request: HttpRequest) -> HttpResponse:
    """A new password for oneself. Other sessions of the same person end."""
    request.access_asked = True
    if not request.user.has_usable_password():
        raise PermissionDenied
    return allauth_views.password_change(request)


@login_not_required
def logout(request: HttpRequest) -> HttpResponse:
    """Sign out; the browser is told to forget what it has kept of these pages."""
    response = allauth_views.logout(request)
    if request.method == "POST":
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


# --- leaving in a hurry -----------------------------------------------------------------------------------
@login_not_required
@csrf_exempt
def leave_quickly(request: HttpRequest) -> HttpResponse:
    """End the session and show a page that tells nothing.

    This button must work for somebody who is being watched, also in a tab that was open before the last sign-in, whose
    form token has grown old. So a press that the browser itself says comes from our own page needs no token; any other
    is checked as everywhere.
    """
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        return _leave(request)
    return csrf_protect(_leave)(request)


def _leave(request: HttpRequest) -> HttpResponse:
    response = redirect("quiet_page")
    if request.method == "POST":
        get_adapter().logout(request)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@login_not_required
def quiet_page(request: HttpRequest) -> HttpResponse:
    """An empty page without our name, our colours or a way back."""
    return render(request, "accounts/quiet.html")


# --- the role and the language ----------------------------------------------------------------------------
class RoleSwitch(AccessView):
    """Act in another of one's own roles."""

    allowed_roles = EVERY_ROLE

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("home")

    def post(self, request: HttpRequest) -> HttpResponse:
        wanted = request.POST.get("role", "")
        actor = actor_for(request.user, wanted)
        if actor is None or actor.role != wanted:
            record(self.actor, Action.DENIED, detail=request.resolver_match.view_name)
            raise PermissionDenied
        request.session[SESSION_ROLE] = wanted
        record(actor, Action.ROLE_SWITCH, detail=f"{self.actor.role}>{wanted}")
        return redirect("home")


@login_not_required
def language_switch(request: HttpRequest) -> HttpResponse:
    """Another language: kept with the user, or in a cookie for somebody not signed in. Back to the same page."""
    way_on = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(way_on, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(way_on) if safe else redirect("home")
    language = request.POST.get("language", "")
    if request.method != "POST" or language not in dict(settings.LANGUAGES):
        return response
    if request.user.is_authenticated:
        change_language(user=request.user, language=language)
    else:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        )
    return response
