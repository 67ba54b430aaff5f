"""Trainers mark the same session at the same moment, on PostgreSQL: nothing is lost, nothing written over unseen.

Marking holds the session's and the person's row and then looks at the version. The last test takes all of it away and
shows that then several win: the guard is what these tests look at, not luck.
"""

import threading
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, models

from kumppani.audit.models import AuditEvent
from kumppani.core.models import BaseModel
from kumppani.core.states import MoveRefused, StatefulModel
from tests.factories.accounts import user_in_role
from tests.factories.training import AttendanceFactory, CohortFactory, EnrolmentFactory, SessionFactory
from tests.personas import Person
from training import services
from training.models import Attendance, Enrolment, Session

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

THREADS = 12


class Room:
    """A session of twelve hours, its trainers, and people who attend."""

    def __init__(self, people: int = 1):
        self.session = SessionFactory(cohort=CohortFactory(), hours=12)
        self.people = [EnrolmentFactory(cohort=self.session.cohort) for _ in range(people)]
        self.trainers = [Person("trainer", user_in_role("trainer"), "trainer").actor for _ in range(THREADS)]

    def mark(self, trainer: int, person: int, hours: int, seen_version: int = 0) -> Attendance:
        return services.mark_attendance(
            session=Session.objects.select_related("cohort").get(pk=self.session.pk),
            enrolment=Enrolment.objects.get(pk=self.people[person].pk),
            hours=Decimal(hours),
            seen_version=seen_version,
            by=self.trainers[trainer],
        )

    def fill(self, trainer: int) -> int:
        session = Session.objects.select_related("cohort").get(pk=self.session.pk)
        return services.mark_everybody_else(session=session, by=self.trainers[trainer])


def at_once(acts: list[Callable[[], object]]) -> tuple[list[int], list[int]]:
    """Start every act at the same moment, each on a connection of its own: who won, and who was told of another."""
    start, won, told, broken = threading.Barrier(len(acts)), [], [], []

    def press(number: int, act: Callable[[], object]) -> None:
        try:
            start.wait(30)
            act()
            won.append(number)
        except services.ChangedMeanwhile:
            told.append(number)
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
    return won, told


def saved() -> Attendance:
    return Attendance.objects.get()


def test_of_twelve_who_mark_a_fresh_row_one_wins_and_the_others_are_told():
    room = Room()
    won, told = at_once([lambda n=n: room.mark(n, 0, n) for n in range(THREADS)])
    assert (len(won), len(told)) == (1, THREADS - 1)
    assert (saved().hours, saved().version) == (won[0], 1)
    assert AuditEvent.objects.filter(object_id=saved().pk).count() == 1


def test_of_twelve_who_change_what_they_all_saw_one_wins():
    room = Room()
    first = AttendanceFactory(session=room.session, enrolment=room.people[0], hours=12)
    won, told = at_once([lambda n=n: room.mark(n, 0, n, seen_version=1) for n in range(THREADS)])
    assert (len(won), len(told)) == (1, THREADS - 1)
    assert (saved().pk, saved().hours, saved().version) == (first.pk, won[0], 2)
    assert saved().marked_by_id == room.trainers[won[0]].user_id


def test_different_rows_never_disturb_each_other():
    room = Room(people=THREADS)
    won, told = at_once([lambda n=n: room.mark(n, n, n) for n in range(THREADS)])
    assert (sorted(won), told) == (list(range(THREADS)), [])
    hours = dict(Attendance.objects.values_list("enrolment_id", "hours"))
    assert hours == {person.pk: number for number, person in enumerate(room.people)}


def test_everybody_else_meets_those_who_mark_and_nothing_is_lost():
    room = Room(people=THREADS)
    half = THREADS // 2
    acts = [lambda n=n: room.mark(n, n, 1) for n in range(half)] + [
        lambda n=n: room.fill(n) for n in range(half)
    ]
    won, told = at_once(acts)
    assert set(range(half, THREADS)) <= set(won), "filling is always possible"
    hours = dict(Attendance.objects.values_list("enrolment_id", "hours"))
    assert set(hours) == {person.pk for person in room.people}
    # Whoever was told has not written over; whoever won stands.
    for number in range(half):
        assert hours[room.people[number].pk] == (1 if number in won else 12)
    assert Counter(hours.values())[12] == THREADS - half + len(told)


def test_nobody_completes_with_hours_that_are_being_taken_away():
    room = Room()
    cohort, person = room.session.cohort, room.people[0]
    type(cohort).objects.filter(pk=cohort.pk).update(planned_hours=12, required_share=100)
    AttendanceFactory(session=room.session, enrolment=person, hours=12)
    staff = Person("staff", user_in_role("staff"), "staff").actor
    outcomes = []

    def tried(act: Callable[[], object], name: str) -> Callable[[], None]:
        def press() -> None:
            try:
                act()
                outcomes.append(name)
            except MoveRefused:
                pass

        return press

    def complete() -> None:
        services.complete_enrolments(
            cohort=type(cohort).objects.get(pk=cohort.pk),
            enrolments=[Enrolment.objects.select_related("cohort").get(pk=person.pk)],
            by=staff,
        )

    at_once([tried(complete, "complete"), tried(lambda: room.mark(0, 0, 0, seen_version=1), "absent")] * 4)
    status = Enrolment.objects.get(pk=person.pk).status
    assert (status, saved().hours) in {("completed", 12), ("attending", 0)}
    assert outcomes


def test_without_the_guard_more_than_one_wins(monkeypatch):
    """The negative control: no row is held, no version is claimed, and everybody has read before anybody writes."""
    room = Room()
    AttendanceFactory(session=room.session, enrolment=room.people[0], hours=12)
    read = threading.Barrier(THREADS)

    def unclaimed(self, expected, *, fields):
        read.wait(20)
        values = {name: getattr(self, name) for name in fields}
        type(self)._base_manager.filter(pk=self.pk).update(version=expected + 1, **values)
        return True

    monkeypatch.setattr(models.QuerySet, "select_for_update", lambda self, *args, **kwargs: self.all())
    monkeypatch.setattr(StatefulModel, "lock", lambda self, **kwargs: None)
    monkeypatch.setattr(BaseModel, "save_as_version", unclaimed)
    won, told = at_once([lambda n=n: room.mark(n, 0, n, seen_version=1) for n in range(THREADS)])
    assert (len(won), len(told)) == (THREADS, 0)
    with pytest.raises(AssertionError):
        assert len(won) == 1
    with pytest.raises(IntegrityError):
        AttendanceFactory(session=room.session, enrolment=room.people[0])
