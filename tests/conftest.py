"""Strict by default: a warning is an error (pyproject.toml), and so is an ERROR in the log."""

import logging
import os

import pytest
from django.core.cache import cache
from django.core.management.commands import flush
from django.db import connection, connections

from tests.browser import DESK, HOW_TO_GET_ONE, LAUNCH_ARGS, PATIENCE, PHONE, find_chromium
from tests.guards import without_triggers
from tests.personas import People
from tests.replay import family

IN_CI = os.environ.get("CI") == "true"


def pytest_configure(config):
    config.addinivalue_line("markers", "logs_errors: the test makes the service log an ERROR on purpose")


def pytest_collection_modifyitems(items):
    """What needs one engine is skipped on the other."""
    from django.conf import settings

    postgres = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    for item in items:
        if item.get_closest_marker("postgres") and not postgres:
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL"))
        if item.get_closest_marker("sqlite") and postgres:
            item.add_marker(pytest.mark.skip(reason="needs SQLite"))


def missing(what: str) -> None:
    """A tool is missing: skip with a line that says how to get it; in CI that is a failure."""
    if IN_CI:
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


# --- Strictness -------------------------------------------------------------------------------------------
class _Errors(logging.Handler):
    def __init__(self):
        super().__init__(level=logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        trace = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
        self.lines.append(f"{record.name}: {record.getMessage()}\n{trace}")


@pytest.fixture(autouse=True)
def no_error_in_the_log(request):
    """Fails the test during which the service logged an ERROR, unless it is marked `logs_errors`."""
    errors = _Errors()
    heard = [
        logging.getLogger(),
        logging.getLogger("django"),
    ]  # "django" does not pass its records on to the root
    for logger in heard:
        logger.addHandler(errors)
    yield errors.lines
    for logger in heard:
        logger.removeHandler(errors)
    if errors.lines and not request.node.get_closest_marker("logs_errors"):
        pytest.fail("ERROR in the log:\n" + "\n".join(errors.lines), pytrace=False)


# --- Data -------------------------------------------------------------------------------------------------
@pytest.fixture(autouse=True, scope="session")
def flush_past_the_triggers():
    """Transactional tests empty the tables afterwards; the database's guards must let them, and stand again."""
    real = flush.Command.handle

    def handle(self, **options):
        database = connections[options["database"]]
        with without_triggers(database):
            done = real(self, **options)
        cache.clear()  # its table belongs to no model, so flush passes it by
        return done

    flush.Command.handle = handle
    yield
    flush.Command.handle = real


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The live server's threads outlive the last test: PostgreSQL drops no database that somebody is connected to."""
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            connection.close()


@pytest.fixture
def people(db) -> People:
    """One invented family of records: each role with an insider and an outsider (tests/personas.py)."""
    return family()


@pytest.fixture
def vendor(db) -> str:
    """The engine: "sqlite" or "postgresql"."""
    return connection.vendor


# --- Browser ----------------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def browser():
    """One Chromium for the run."""
    # Playwright's synchronous interface runs an event loop in this thread; the ORM would refuse to work beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    from playwright.sync_api import expect, sync_playwright

    with sync_playwright() as playwright:
        path = find_chromium(playwright)
        if path is None:
            missing(HOW_TO_GET_ONE)
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=path, args=LAUNCH_ARGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, live_server):
    """Opens fresh browsers: `open_page()` a phone, `open_page(desk=True)` a desk, `javascript=False` without it."""
    contexts = []

    def open_page(*, desk: bool = False, javascript: bool = True, locale: str = "fi-FI", **options):
        context = browser.new_context(
            viewport=DESK if desk else PHONE,
            has_touch=not desk,
            is_mobile=not desk,
            locale=locale,
            timezone_id="Europe/Helsinki",
            base_url=live_server.url,
            java_script_enabled=javascript,
            **options,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page):
    """A phone."""
    return open_page()
