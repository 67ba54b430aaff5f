"""One house for a whole file: building it anew for each of hundreds of questions would take minutes."""

import logging

import pytest
from django.db import transaction

from tests.access.house import House, undone
from tests.personas import build_people


@pytest.fixture(scope="module")
def _built_house(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield House(build_people())
        transaction.set_rollback(True)


@pytest.fixture
def quiet_refusals():
    """Thousands of doors are closed on purpose: no warning with a traceback is written up for each. Errors are."""
    logger = logging.getLogger("django.request")
    level = logger.level
    logger.setLevel(logging.ERROR)
    yield
    logger.setLevel(level)


@pytest.fixture
def house(_built_house, db, quiet_refusals) -> House:
    """The people and their browsers; what a test does to them is undone after it."""
    with undone():
        yield _built_house
