"""What every request passes through."""

import logging
import uuid

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse

from kumppani.audit.context import request_id
from kumppani.core.models import KeptWords
from kumppani.core.submissions import NOBODY, read_token

logger = logging.getLogger(__name__)

MAX_KEPT_BYTES = 64 * 1024
NEVER_KEPT = {"csrfmiddlewaretoken", "submission", "password", "password1", "password2"}


class RequestIdMiddleware:
    """One id per request, for the log and the audit trail."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reset = request_id.set(uuid.uuid4())
        try:
            return self.get_response(request)
        finally:
            request_id.reset(reset)


class HeadersMiddleware:
    """Headers on every answer; nothing personal stays in a cache or a history (trust.md 1)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(f"/{settings.STATIC_URL.strip('/')}/"):
            response.headers["Cache-Control"] = "no-store"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = (
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response


class KeepTypedWordsMiddleware:
    """An expired session loses no word: the form is kept until its owner has signed in again.

    Only a form whose token this service signed for a user is kept, so a stranger cannot fill the table.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view_func, view_args, view_kwargs) -> None:
        if (
            request.method != "POST"
            or request.user.is_authenticated
            or not getattr(view_func, "login_required", True)
        ):
            return
        token = read_token(request.POST.get("submission", ""))
        if token is None or token[1] == NOBODY:
            return
        words = {name: values for name, values in request.POST.lists() if name not in NEVER_KEPT}
        if sum(len(name) + sum(map(len, values)) for name, values in words.items()) > MAX_KEPT_BYTES:
            return
        words = {name: [value.replace("\x00", "") for value in values] for name, values in words.items()}
        KeptWords.objects.filter(user_id=token[1], path=request.path).delete()
        KeptWords.objects.create(user_id=token[1], path=request.path[:300], words=words)


class AccessAskedMiddleware:
    """No view answers 2xx without having asked who may see it: a door somebody forgot fails loudly."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if (
            match is not None
            and 200 <= response.status_code < 300
            and not getattr(request, "access_asked", False)
            and getattr(match.func, "login_required", True)
        ):
            raise ImproperlyConfigured(f"{match.view_name} answered without asking who may see it")
        return response
