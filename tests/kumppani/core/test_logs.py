"""What opens a door stands in no log (trust.md 1)."""

import datetime
import io
import logging
import runpy
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from kumppani.core.logs import without_tokens
from tests.architecture.source import ROOT

TOKEN = "kY3-abcDEF_123"

PATHS = [
    ("order_open", [TOKEN]),
    ("application_open", [TOKEN]),
    ("invitation_open", [TOKEN]),
    (
        "account_reset_password_from_key",
        ["0" * 32, f"abcdef-{'a' * 32}"],
    ),
]


@pytest.mark.parametrize(("name", "arguments"), PATHS, ids=[name for name, _arguments in PATHS])
def test_every_one_purpose_link_is_blotted_out(name, arguments):
    """Control: take its address out of `ONE_PURPOSE`."""
    told = without_tokens(f"Not Found: {reverse(name, args=arguments)}")
    assert [argument for argument in arguments if argument in told] == []


def test_other_addresses_stay_as_they_are():
    for path in (
        "/orders/follow/",
        "/orders/",
        "/training/follow/",
        "/fees/0f1e/approve/",
        "/account/login/",
    ):
        assert without_tokens(path) == path


def test_a_refused_link_leaves_no_token_in_the_services_log(db):
    """Control: take the filter `tokens` out of LOGGING."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    for name in settings.LOGGING["handlers"]["console"]["filters"]:
        module, _dot, cls = settings.LOGGING["filters"][name]["()"].rpartition(".")
        handler.addFilter(getattr(__import__(module, fromlist=[cls]), cls)())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        assert Client().get(reverse("order_open", args=[TOKEN])).status_code == 404
    finally:
        logger.removeHandler(handler)
    assert heard.getvalue() == "Not Found: /orders/link/***/\n"


def test_the_access_log_holds_no_token():
    """Control: leave `logger_class` out of gunicorn.conf.py."""
    gunicorn_config = pytest.importorskip("gunicorn.config")
    found = runpy.run_path(str(ROOT / "gunicorn.conf.py"))
    logger = found["logger_class"](gunicorn_config.Config())
    request = SimpleNamespace(headers=[])
    environ = {
        "PATH_INFO": reverse("order_open", args=[TOKEN]),
        "REQUEST_METHOD": "GET",
        "RAW_URI": "",
        "SERVER_PROTOCOL": "",
    }
    response = SimpleNamespace(status="302 Found", sent=0, headers=[])
    line = found["access_log_format"] % logger.atoms(
        response, request, environ, datetime.timedelta(seconds=1)
    )
    assert (TOKEN in line, "/orders/link/***/" in line) == (False, True)
