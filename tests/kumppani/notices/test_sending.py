"""The letters about notices: never lost, never twice, never to somebody who may not know any more.

The negative controls stand beside the promises: without the re-check, the lease or the limit the test goes red.
"""

import datetime
import io
import smtplib
import threading
import time

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from kumppani.core.jobs import JOBS
from kumppani.core.letters import MAX_ATTEMPTS, backoff
from kumppani.notices import services
from kumppani.notices.kinds import KINDS, NoticeKind, notify, register
from kumppani.notices.models import Notice
from kumppani.notices.services import LEASE, send_due_notices
from tests.factories.accounts import user_in_role
from tests.mail import BREAK_OFF, LATER, NO_SUCH_MAILBOX, SLOW, free_port, use

pytestmark = pytest.mark.django_db

KIND = "test_kind"
NOTHING = {"sent": 0, "dropped": 0, "failed": 0}


@pytest.fixture(autouse=True)
def kind():
    """A kind of this test alone: everybody may know."""
    register(NoticeKind(KIND, "Something waits", url=lambda pk: "/", visible=lambda actor, pk: True))
    yield
    del KINDS[KIND]


@pytest.fixture
def user():
    return user_in_role("staff")


def tell(*users, role: str = "staff") -> list[Notice]:
    notify(users, role=role, kind=KIND)
    return list(Notice.objects.filter(recipient__in=users))


def again(notice: Notice) -> Notice:
    return Notice.objects.get(pk=notice.pk)


class TestSending:
    def test_a_letter_leaves_once(self, user):
        (notice,) = tell(user)
        assert send_due_notices() == {**NOTHING, "sent": 1}
        assert send_due_notices() == NOTHING
        assert [letter.to for letter in mail.outbox] == [[user.email]]
        assert again(notice).sent_at is not None

    def test_the_job_of_the_worker_sends_every_minute(self, user):
        tell(user)
        job = JOBS["send_notices"]
        assert job.every == datetime.timedelta(minutes=1)
        job.run()
        assert len(mail.outbox) == 1

    def test_the_command_says_what_it_did(self, user):
        first, second = tell(user, user_in_role("staff"))
        Notice.objects.filter(pk=first.pk).update(attempts=MAX_ATTEMPTS)
        said = io.StringIO()
        call_command("send_notices", stdout=said)
        assert said.getvalue() == "sent 1, dropped 0, failed 0, given up 1, waiting 0\n"
        assert again(second).sent_at is not None

    def test_one_round_has_a_limit(self, user):
        tell(*[user_in_role("staff") for _ in range(3)])
        assert send_due_notices(limit=2) == {**NOTHING, "sent": 2}
        assert send_due_notices(limit=2) == {**NOTHING, "sent": 1}


class TestTheRightToKnow:
    """Asked again when the letter leaves, not only when the notice was written."""

    def dropped(self, notice: Notice) -> bool:
        assert send_due_notices() == {**NOTHING, "dropped": 1}
        assert mail.outbox == []
        return again(notice).dropped_at is not None

    def test_a_role_taken_away_drops_it(self, user):
        (notice,) = tell(user)
        user.grants.get().end()
        assert self.dropped(notice)

    def test_another_role_of_the_same_person_does_not_help(self, user):
        (notice,) = tell(user, role="partner")
        assert self.dropped(notice)

    def test_a_closed_account_drops_it(self, user):
        (notice,) = tell(user)
        user.is_active = False
        user.save()
        assert self.dropped(notice)

    def test_a_record_no_longer_visible_drops_it(self, user):
        (notice,) = tell(user)
        register(NoticeKind(KIND, "Something waits", url=lambda pk: "/", visible=lambda actor, pk: False))
        assert self.dropped(notice)

    def test_a_notice_read_already_needs_no_letter(self, user):
        (notice,) = tell(user)
        Notice.objects.update(read_at=timezone.now())
        assert self.dropped(notice)

    def test_a_kind_nobody_knows_any_more_drops_it(self, user):
        (notice,) = tell(user)
        Notice.objects.update(kind="gone")
        assert self.dropped(notice)

    def test_without_the_question_the_letter_would_leave(self, user, monkeypatch):
        """The negative control of this class."""
        tell(user)
        user.grants.get().end()
        monkeypatch.setattr(services, "may_still_know", lambda notice: True)
        assert send_due_notices() == {**NOTHING, "sent": 1}


class TestAMailServerInTrouble:
    def test_a_refused_letter_waits_longer_and_longer(self, user, mail_server):
        (notice,) = tell(user)
        mail_server.script = [NO_SUCH_MAILBOX, LATER]
        with time_machine.travel(timezone.now(), tick=False) as clock:
            for attempt in (1, 2):
                assert send_due_notices() == {**NOTHING, "failed": 1}
                assert send_due_notices() == NOTHING
                assert again(notice).attempts == attempt
                clock.shift(backoff(attempt) + datetime.timedelta(seconds=1))
            assert send_due_notices() == {**NOTHING, "sent": 1}
        assert [letter["To"] for letter in mail_server.received] == [user.email]

    def test_one_refused_letter_does_not_hold_up_the_others(self, user, mail_server):
        tell(user)
        tell(*[user_in_role("staff") for _ in range(2)])
        mail_server.script = [NO_SUCH_MAILBOX]
        assert send_due_notices() == {**NOTHING, "sent": 2, "failed": 1}

    @pytest.mark.parametrize("fault", [SLOW, BREAK_OFF])
    def test_a_server_that_is_slow_or_breaks_off_ends_the_round(self, user, mail_server, fault):
        notices = tell(user, user_in_role("staff"))
        mail_server.script = [fault]
        started = time.monotonic()
        assert send_due_notices() == {**NOTHING, "failed": 1}
        assert time.monotonic() - started < 3  # EMAIL_TIMEOUT, not the server's patience
        assert sorted(again(notice).attempts for notice in notices) == [0, 1]

    @pytest.mark.logs_errors
    def test_with_a_dead_server_the_notice_stays_and_is_given_up_after_ten(
        self, user, settings, no_error_in_the_log
    ):
        use(settings, free_port())
        (notice,) = tell(user)
        with time_machine.travel(timezone.now(), tick=False) as clock:
            for _attempt in range(MAX_ATTEMPTS):
                assert send_due_notices() == {**NOTHING, "failed": 1}
                clock.shift(datetime.timedelta(hours=6, seconds=1))
            assert send_due_notices() == NOTHING
        notice = again(notice)
        assert (notice.attempts, notice.sent_at, notice.dropped_at) == (MAX_ATTEMPTS, None, None)
        assert list(Notice.objects.given_up()) == [notice]
        (line,) = no_error_in_the_log
        assert str(notice.pk) in line
        assert user.email not in line

    @pytest.mark.logs_errors
    def test_a_letter_that_cannot_be_written_does_not_hold_up_the_others(self, user, monkeypatch):
        tell(user, user_in_role("staff"))
        real = services.notice_letter

        def broken(notice):
            if notice.recipient == user:
                raise ValueError
            return real(notice)

        monkeypatch.setattr(services, "notice_letter", broken)
        assert send_due_notices() == {**NOTHING, "sent": 1, "failed": 1}

    def test_telling_is_as_quick_with_a_dead_server(self, user, settings):
        """The row is all that is written in the request."""
        use(settings, free_port())
        assert len(tell(user)) == 1

    def test_the_waits_double_up_to_six_hours(self):
        assert [backoff(n).total_seconds() / 60 for n in range(1, MAX_ATTEMPTS + 1)] == [
            1, 2, 4, 8, 16, 32, 64, 128, 256, 360,
        ]  # fmt: skip

    def test_every_fault_of_smtp_is_an_oserror(self):
        """What `_send` relies on."""
        assert issubclass(smtplib.SMTPException, OSError)


class TestSeveralWorkers:
    def test_a_letter_in_another_workers_hands_is_left_alone_for_five_minutes(self, user):
        (notice,) = tell(user)
        assert services._claim() == notice
        assert send_due_notices() == NOTHING
        with time_machine.travel(timezone.now() + LEASE + datetime.timedelta(seconds=1)):
            assert send_due_notices() == {**NOTHING, "sent": 1}

    @pytest.mark.postgres
    @pytest.mark.django_db(transaction=True)
    def test_they_share_the_work_and_every_letter_leaves_once(self):
        users = [user_in_role("staff") for _ in range(30)]
        tell(*users)
        together = threading.Barrier(3)
        counts = []

        def work():
            together.wait()
            counts.append(send_due_notices()["sent"])
            connections.close_all()

        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        # A worker that loses every race of one look leaves the rest to the next minute.
        counts.append(send_due_notices()["sent"])
        assert sum(counts) == len(users)
        assert sorted(letter.to[0] for letter in mail.outbox) == sorted(user.email for user in users)
