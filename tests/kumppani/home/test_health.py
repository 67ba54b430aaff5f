"""The container asks whether the service lives."""

import pytest
from django.db import DatabaseError, connection
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_live_service_says_ok():
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.logs_errors
def test_a_service_without_its_database_says_so(monkeypatch):
    def gone():
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", gone)
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (503, b"no database")
