"""Error pages that need a view."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page had been open too long, or cookies are off: say how to go on."""
    return render(request, "403_csrf.html", status=403)
