"""What does not go together in a programme is told in words, and nothing is forbidden."""

import datetime
from decimal import Decimal

import pytest

from tests.factories.training import CohortFactory, SessionFactory, TrainerFactory
from training.clashes import clashes, overlap
from training.models import Session

pytestmark = pytest.mark.django_db

MONDAY = datetime.date(2027, 2, 1)


@pytest.fixture
def cohort():
    return CohortFactory(
        name="Spring 2027", starts_on=datetime.date(2027, 1, 11), ends_on=datetime.date(2027, 6, 11)
    )


def at(hour: int, minute: int = 0) -> datetime.time:
    return datetime.time(hour, minute)


def told(session, *, among=None) -> list[str]:
    """What is told about one session of its cohort."""
    sessions = list(session.cohort.sessions.prefetch_related("trainers"))
    among = Session.objects.all() if among is None else among
    return clashes(session.cohort, sessions, among=among).get(session.pk, [])


def held(cohort, first: int | None = 9, last: int | None = 15, **fields):
    options = {"date": MONDAY, "hours": 6, **fields}
    return SessionFactory(
        cohort=cohort,
        starts_at=None if first is None else at(first),
        ends_at=None if last is None else at(last),
        **options,
    )


def test_a_session_with_nothing_beside_it_is_fine(cohort):
    assert told(held(cohort)) == []


def test_a_public_holiday_is_told_by_its_name(cohort):
    assert told(held(cohort, date=datetime.date(2027, 3, 26))) == ["A public holiday: Good Friday."]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (datetime.date(2027, 1, 10), ["Before the first day of the cohort."]),
        (datetime.date(2027, 1, 11), []),
        (datetime.date(2027, 6, 11), []),
        (datetime.date(2027, 6, 12), ["After the last day of the cohort."]),
    ],
)
def test_a_day_outside_the_cohort_is_told(cohort, day, words):
    assert told(held(cohort, date=day)) == words


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (6, []),
        (5, ["From 09:00 to 15:00 is 6 h, and 5 h count."]),
        (Decimal("6.5"), ["From 09:00 to 15:00 is 6 h, and 6.5 h count."]),
    ],
)
def test_hours_that_are_not_the_length_are_told(cohort, hours, words):
    assert told(held(cohort, hours=hours)) == words


def test_a_length_that_tenths_cannot_say_is_no_difference(cohort):
    session = SessionFactory(
        cohort=cohort, date=MONDAY, starts_at=at(9), ends_at=at(15, 45), hours=Decimal("6.8")
    )
    assert told(session) == []


def test_two_sessions_at_once_are_told_at_both(cohort):
    one, other = held(cohort, theme="The law"), held(cohort, 14, 20, theme="Listening")
    assert told(one) == ["At the same time: Listening."]
    assert told(other) == ["At the same time: The law."]


def test_two_sessions_one_after_the_other_are_fine(cohort):
    one, other = held(cohort, 9, 15), held(cohort, 15, 21)
    assert (told(one), told(other)) == ([], [])


def test_two_sessions_of_one_day_without_times_are_fine(cohort):
    """A day may have a lecture and a peer session; without times nobody knows."""
    one, other = held(cohort, None, None), held(cohort, None, None)
    assert (told(one), told(other)) == ([], [])


def test_a_session_without_an_end_lasts_its_hours(cohort):
    one = SessionFactory(cohort=cohort, date=MONDAY, starts_at=at(9), hours=6)
    assert overlap(one, held(cohort, 14, 20)) is True
    assert overlap(one, held(cohort, 15, 21)) is False


def test_a_trainer_in_two_cohorts_at_once_is_told(cohort):
    trainer = TrainerFactory(name="Lauri Esimerkki")
    session = held(cohort, trainers=[trainer])
    held(CohortFactory(name="Another"), 12, 18, theme="Silence", trainers=[trainer, TrainerFactory()])
    assert told(session) == ["Lauri Esimerkki has another session at that time: Silence, Another."]


def test_a_trainer_with_two_sessions_one_after_the_other_is_fine(cohort):
    trainer = TrainerFactory()
    session = held(cohort, trainers=[trainer])
    held(CohortFactory(), 15, 21, trainers=[trainer])
    assert told(session) == []


def test_a_trainer_whose_hours_nobody_knows_is_told_of_the_day(cohort):
    trainer = TrainerFactory(name="Lauri Esimerkki")
    session = held(cohort, trainers=[trainer])
    held(CohortFactory(name="Another"), None, None, theme="Silence", trainers=[trainer])
    assert told(session) == ["Lauri Esimerkki has another session on that day: Silence, Another."]


def test_what_has_been_called_off_stands_in_nobodys_way(cohort):
    trainer = TrainerFactory()
    session = held(cohort, trainers=[trainer])
    held(cohort, is_cancelled=True)
    held(CohortFactory(), trainers=[trainer], is_cancelled=True)
    held(CohortFactory(status="cancelled"), trainers=[trainer])
    assert told(session) == []


def test_nothing_is_told_about_what_has_been_called_off(cohort):
    held(cohort)
    assert told(held(cohort, is_cancelled=True, date=datetime.date(2027, 3, 26))) == []


def test_a_reader_hears_only_of_sessions_that_the_reader_may_see(cohort, people):
    """A trainer is told nothing about cohorts that she or he does not teach."""
    co_trainer = people.own.co_trainer
    session = held(people.own.cohort, trainers=[people.own.trainer, co_trainer])
    held(people.foreign.cohort, trainers=[people.foreign.trainer, co_trainer], theme="Hidden")
    seen_by = {
        who: [
            words
            for words in told(session, among=Session.objects.visible_to(person.actor))
            if "Hidden" in words
        ]
        for who, person in (("staff", people.staff), ("trainer", people.trainer))
    }
    assert seen_by == {
        "staff": [
            f"{co_trainer.name} has another session at that time: Hidden, {people.foreign.cohort.name}."
        ],
        "trainer": [],
    }


@pytest.mark.parametrize("count", [2, 40])
def test_clashes_cost_one_question_however_many_sessions_there_are(cohort, count, django_assert_num_queries):
    trainers = [TrainerFactory(), TrainerFactory()]
    other = CohortFactory()
    for number in range(count):
        day = MONDAY + datetime.timedelta(days=number)
        held(cohort, date=day, trainers=trainers)
        held(other, date=day, trainers=trainers)
    sessions = list(cohort.sessions.prefetch_related("trainers"))
    with django_assert_num_queries(1):
        found = clashes(cohort, sessions, among=Session.objects.all())
    assert len(found) == count
