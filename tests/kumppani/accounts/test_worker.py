"""The real worker with the real queue: nothing queued is lost, also when a worker is killed in the middle."""

import datetime

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from kumppani.accounts.actor import SystemActor
from kumppani.accounts.services import invite
from kumppani.core.housekeeping import MAX_WORKERS, take_up_again
from tests.factories.accounts import user_in_role
from tests.mail import work_off_the_queue


@pytest.fixture
def queued(db):
    """A letter in the queue."""
    invite(user=user_in_role("staff", password=make_password(None)), by=SystemActor())
    return DBTaskResult.objects.get()


@pytest.mark.django_db(transaction=True)
def test_the_command_sends_what_is_queued(queued):
    call_command("worker", once=True)
    assert len(mail.outbox) == 1
    queued.refresh_from_db()
    assert queued.status == "SUCCESSFUL"


@pytest.mark.django_db
class TestAWorkerThatWasKilled:
    def test_its_task_is_taken_up_by_another(self, queued):
        queued.claim("killed")
        with time_machine.travel(timezone.now() + datetime.timedelta(minutes=16)):
            take_up_again()
            work_off_the_queue()
        assert len(mail.outbox) == 1

    def test_a_task_at_work_is_left_alone(self, queued):
        queued.claim("busy")
        take_up_again()
        queued.refresh_from_db()
        assert queued.status == "RUNNING"

    def test_a_task_that_kills_its_workers_is_left_lying(self, queued):
        queued.claim("killed")
        DBTaskResult.objects.update(worker_ids=["killed"] * MAX_WORKERS)
        with time_machine.travel(timezone.now() + datetime.timedelta(minutes=16)):
            take_up_again()
        queued.refresh_from_db()
        assert queued.status == "RUNNING"
