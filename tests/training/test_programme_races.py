"""Several of the staff at the programme at the same moment, on PostgreSQL: nothing stands there twice.

Whoever changes a programme holds the cohort's row, and the session's. The last test takes the first away and shows that
then several win: the guard is what these tests look at, not luck.
"""

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection

from kumppani.core.states import MoveRefused, StatefulModel
from tests.factories.accounts import user_in_role
from tests.factories.training import CohortFactory, EnrolmentFactory, SessionFactory
from tests.personas import Person
from training import services
from training.defaults import MODEL_PROGRAMME
from training.models import Cohort, Enrolment, Session

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

THREADS = 12


@pytest.fixture
def staff():
    return Person("staff", user_in_role("staff"), "staff").actor


def at_once(acts: list[Callable[[], object]]) -> list[int]:
    """Start every act at the same moment, each on a connection of its own: the numbers of those that were not
    refused."""
    start, won, broken = threading.Barrier(len(acts)), [], []

    def press(number: int, act: Callable[[], object]) -> None:
        try:
            start.wait(30)
            act()
            won.append(number)
        except MoveRefused:
            pass
        except Exception as error:  # noqa: BLE001 – told below: a thread's own exception would vanish
            broken.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert broken == []
    return sorted(won)


def copiers(cohort, staff) -> list[Callable[[], object]]:
    def copy():
        services.copy_programme(
            cohort=Cohort.objects.get(pk=cohort.pk), source=None, keep_trainers=False, by=staff
        )

    return [copy] * THREADS


def test_of_twelve_who_take_over_a_programme_one_does(staff):
    cohort = CohortFactory(status="planned")
    assert len(at_once(copiers(cohort, staff))) == 1
    assert cohort.sessions.count() == len(MODEL_PROGRAMME)


def test_a_session_is_called_off_or_somebody_is_marked_never_both(staff):
    person = EnrolmentFactory(cohort=CohortFactory())
    sessions = [SessionFactory(cohort=person.cohort, hours=6) for _ in range(THREADS // 2)]

    def mark(session):
        services.mark_attendance(
            session=Session.objects.select_related("cohort").get(pk=session.pk),
            enrolment=Enrolment.objects.get(pk=person.pk),
            hours=Decimal(6),
            seen_version=0,
            by=staff,
        )

    def call_off(session):
        services.call_off_session(
            session=Session.objects.select_related("cohort").get(pk=session.pk), by=staff
        )

    acts = [
        lambda deed=deed, session=session: deed(session) for session in sessions for deed in (mark, call_off)
    ]
    assert len(at_once(acts)) == len(sessions)
    for session in Session.objects.all():
        assert session.is_cancelled != session.attendances.exists()


def test_without_the_guard_several_take_it_over(staff, monkeypatch):
    monkeypatch.setattr(StatefulModel, "lock", lambda self, **options: None)
    cohort = CohortFactory(status="planned")
    assert len(at_once(copiers(cohort, staff))) > 1
    assert cohort.sessions.count() > len(MODEL_PROGRAMME)
