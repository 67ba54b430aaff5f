"""Staff and administrators see when what runs by itself has run, and that it has not.

Negative control: let `is_late` look at `now` instead of a quarter of an hour ago, or forget it.
"""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from kumppani.core import jobs
from kumppani.core.jobs import JOBS, Job, due_moment
from kumppani.core.models import JobRun
from kumppani.home.selectors.jobs import job_states, jobs_that_need_a_look

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 3, 4, 12, 0, tzinfo=datetime.UTC)
HOUR, MINUTE = datetime.timedelta(hours=1), datetime.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def hourly(monkeypatch):
    """One job, due every hour."""
    monkeypatch.setattr(jobs, "JOBS", JOBS)
    kept = dict(JOBS)
    JOBS.clear()
    JOBS["chime"] = Job("chime", lambda: None, HOUR, "strikes the hour")
    yield
    JOBS.clear()
    JOBS.update(kept)


def ran(due_at: datetime.datetime, **fields) -> JobRun:
    return JobRun.objects.create(job="chime", due_at=due_at, finished_at=due_at + MINUTE, **fields)


def state(now: datetime.datetime):
    with translation.override("en"):
        (found,) = job_states(now)
        return found.word, found.needs_a_look


@pytest.mark.parametrize(
    ("minutes", "word", "needs_a_look"),
    [
        (0, "On time", False),
        (59, "On time", False),
        (74, "On time", False),
        (75, "Late", True),
        (600, "Late", True),
    ],
)
def test_a_job_is_late_a_quarter_of_an_hour_after_nobody_took_it(minutes, word, needs_a_look):
    ran(NOON)
    assert state(NOON + minutes * MINUTE) == (word, needs_a_look)
    assert jobs_that_need_a_look(NOON + minutes * MINUTE) is needs_a_look


def test_a_job_that_never_ran_says_so():
    assert state(NOON) == ("Has not run yet", True)
    assert jobs_that_need_a_look(NOON) is True


def test_a_run_that_broke_off_says_so_until_the_next_one():
    ran(NOON, failed=True)
    assert state(NOON + MINUTE) == ("Did not succeed", True)
    ran(NOON + HOUR)
    assert state(NOON + HOUR + MINUTE) == ("On time", False)


def test_the_last_run_and_the_next_moment_are_said():
    ran(NOON - HOUR)
    last = ran(NOON)
    (found,) = job_states(NOON + MINUTE)
    assert (found.title, found.last, found.next_at) == ("strikes the hour", last, NOON + HOUR)


def test_staff_and_administrators_open_it_from_their_homes(people):
    for person in (people.staff, people.administrator):
        assert reverse("job_list") in person.client().get(reverse("home")).content.decode()
        page = person.client().get(reverse("job_list"))
        assert page.status_code == 200
        assert "Strikes the hour" in page.content.decode()


@pytest.mark.parametrize("late", [True, False])
def test_the_homes_tell_of_a_missed_run_and_only_of_that(people, late):
    if not late:
        ran(due_moment(JOBS["chime"], timezone.now()))
    for person in (people.staff, people.administrator):
        for url in (reverse("home"), reverse("job_list")):
            page = person.client().get(url).content.decode()
            assert ("alert-warning" in page) is late


def test_it_costs_the_same_for_many_runs_and_jobs(people, django_assert_max_num_queries):
    counts = []
    for number in (1, 5):
        JOBS.update({f"job{n}": Job(f"job{n}", lambda: None, HOUR) for n in range(number)})
        for n in range(number):
            JobRun.objects.create(job=f"job{n}", due_at=NOON + n * HOUR + number * MINUTE)
        client = people.staff.client()
        with django_assert_max_num_queries(12) as queries:
            client.get(reverse("job_list"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
