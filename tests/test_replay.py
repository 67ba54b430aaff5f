"""A family put back is the family that was built. Control: leave one statement out; hand out the kept people."""

from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.db import connection, models, transaction
from django.utils import timezone

from tests import replay
from tests.factories.pairing import ready_partner, relationship_in
from tests.personas import build_people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(replay, "_kept", None)


def rows() -> dict[str, list[tuple]]:
    """Every row of every table of ours and of the libraries; a number that the database counts up tells nothing."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        told = [
            field.attname
            for field in model._meta.concrete_fields
            if not isinstance(field, models.AutoField | models.BigAutoField)
        ]
        found[model._meta.label] = sorted(model._base_manager.values_list(*told), key=repr)
    return found


def built_then_undone():
    """The family and its rows, of which only what is kept is left."""
    with transaction.atomic():
        people, written = replay.family(), rows()
        transaction.set_rollback(True)
    return people, written


def test_the_same_rows_stand_in_every_table():
    _people, built = built_then_undone()
    assert built["pairing.Relationship"]
    assert rows() != built
    replay.family()
    assert rows() == built


def test_the_same_people_come_back_as_copies():
    people, _rows = built_then_undone()
    again = replay.family()
    assert (again.own.active, again.partner.user) == (people.own.active, people.partner.user)
    assert again.own.active is not people.own.active
    assert again.partner.user is again.own.partner.user
    again.own.active.status = "ended"
    again.own.request = None
    assert replay._kept.people.own.active.status == "active"
    assert replay._kept.people.own.request is not None


def test_the_factories_count_on():
    """What a test makes beside the family put back bears other names and numbers."""
    built_then_undone()
    replay.family()
    ready_partner()
    relationship_in("active")
    connection.check_constraints()


@pytest.mark.parametrize("moved", [timedelta(seconds=31), timedelta(days=1), timedelta(seconds=-1)], ids=str)
def test_another_time_gets_a_family_of_its_own(moved):
    with time_machine.travel(timezone.now(), tick=False):
        people, _rows = built_then_undone()
    with time_machine.travel(people.own.active.created_at + moved, tick=False):
        again = replay.family()
        assert again.own.active != people.own.active
        assert again.own.active.created_at == timezone.now()


def test_what_waits_for_a_commit_is_not_put_back(monkeypatch):
    """A statement can be sent again, a promise cannot."""

    def build():
        transaction.on_commit(lambda: None)
        return build_people()

    monkeypatch.setattr(replay, "build_people", build)
    replay.family()
    assert replay._kept is None
