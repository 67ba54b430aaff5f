"""What recurs: each due moment once, on any number of machines; late, after a gap, with a broken neighbour."""

import datetime
import threading

import pytest
from django.core.management import call_command
from django.db import connection

from kumppani.core import jobs
from kumppani.core.housekeeping import tidy_up
from kumppani.core.models import JobRun, KeptWords, Submission

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 3, 4, 12, 0, 30, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def runs(monkeypatch):
    """One job that counts how often it ran."""
    runs = []
    monkeypatch.setattr(jobs, "JOBS", {"count": jobs.Job("count", lambda: runs.append(1), MINUTE)})
    return runs


def test_a_job_runs_once_for_each_due_moment(runs):
    for seconds in (0, 5, 20, 40, 59):
        jobs.run_due(NOON + datetime.timedelta(seconds=seconds))
    assert len(runs) == 2


def test_after_a_gap_it_runs_once_not_once_for_every_missed_moment(runs):
    jobs.run_due(NOON)
    jobs.run_due(NOON + datetime.timedelta(hours=5))
    assert len(runs) == 2


@pytest.mark.logs_errors
def test_a_broken_job_is_seen_and_stops_no_other(runs, monkeypatch):
    def broken():
        raise RuntimeError

    monkeypatch.setitem(jobs.JOBS, "broken", jobs.Job("broken", broken, MINUTE))
    assert jobs.run_due(NOON) == ["count", "broken"]
    assert list(JobRun.objects.order_by("job").values_list("job", "failed")) == [
        ("broken", True),
        ("count", False),
    ]


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_runs_it(runs):
    start = threading.Barrier(4)

    def work():
        try:
            start.wait(10)
            jobs.run_due(NOON)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(runs) == 1


@pytest.mark.django_db(transaction=True)
def test_the_worker_does_what_is_due_and_stops(runs):
    call_command("worker", "--once")
    assert len(runs) == 1


def test_tidying_removes_what_is_kept_at_most_a_month(people):
    old = datetime.timedelta(days=40)
    Submission.objects.create(
        token="00000000-0000-4000-8000-000000000001", user_id=people.staff.user.pk, purpose="x"
    )
    KeptWords.objects.create(user_id=people.staff.user.pk, path="/", words={})
    for model in (Submission, KeptWords):
        model.objects.update(at=NOON - old)
    tidy_up()
    assert (Submission.objects.count(), KeptWords.objects.count()) == (0, 0)
