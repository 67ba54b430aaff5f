"""A new password by letter: nothing is sent in the request, and nobody learns who has an account."""

import datetime
import re

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from kumppani.audit.models import Action, AuditEvent
from tests.factories.accounts import PASSWORD, UserFactory, user_in_role
from tests.mail import LATER, free_port, link_in, use, work_off_the_queue

pytestmark = pytest.mark.django_db

ASK = reverse("account_reset_password")
NEW = {"password1": "uusi-pitkä-salasana", "password2": "uusi-pitkä-salasana"}


def ask(email: str, client: Client | None = None):
    return (client or Client()).post(ASK, {"email": email})


@pytest.fixture
def user():
    return user_in_role("staff")


@pytest.fixture
def path(user):
    ask(user.email)
    work_off_the_queue()
    return link_in(mail.outbox[0])


class TestAsking:
    def test_the_letter_leaves_by_the_worker_to_that_person_alone(self, user):
        ask(user.email.upper())
        assert mail.outbox == []
        work_off_the_queue()
        assert [letter.to for letter in mail.outbox] == [[user.email]]

    def test_for_an_unknown_address_nothing_is_sent(self):
        ask("nobody@esimerkki.example")
        work_off_the_queue()
        assert mail.outbox == []

    @pytest.mark.parametrize("fields", [{"is_active": False}, {"password": "!unusable"}])
    def test_a_closed_or_invited_account_gets_no_letter(self, fields):
        """An invitation that was revoked must not come back by this door."""
        ask(UserFactory(**fields).email)
        work_off_the_queue()
        assert mail.outbox == []

    def test_known_and_unknown_get_the_same_answer_at_the_same_cost(self, user):
        def cost(email: str):
            cache.clear()  # the first of the two must not pay for the rows of the limits
            with CaptureQueriesContext(connection) as queries:
                answer = ask(email)
            # Words typed and keys differ; what is asked and written must not.
            shapes = [re.sub(r"'[^']*'|x\d+|\d+", "?", query["sql"])[:60] for query in queries]
            return answer.status_code, answer.headers["Location"], shapes

        assert cost(user.email) == cost("x" + user.email)
        assert cost(user.email)[:2] == (302, reverse("account_reset_password_done"))
        known, unknown, _known_again = DBTaskResult.objects.order_by("enqueued_at")
        assert known.task_path == unknown.task_path
        assert len(str(known.args_kwargs)) == len(str(unknown.args_kwargs))

    def test_the_queue_holds_no_address_and_no_token(self, user, path):
        token = path.rstrip("/").split("-", 1)[1]
        queue = str(list(DBTaskResult.objects.values()))
        assert user.email not in queue
        assert token not in queue

    def test_nobodys_inbox_is_filled_by_asking_again_and_again(self, user):
        for _ in range(3):
            ask(user.email)
        work_off_the_queue()
        assert len(mail.outbox) == 1
        with time_machine.travel(timezone.now() + datetime.timedelta(minutes=6)):
            ask(user.email)
            work_off_the_queue()
        assert len(mail.outbox) == 2

    def test_asking_too_often_is_stopped_alike_for_known_and_unknown(self, user):
        for email in (user.email, "x" + user.email):
            client = Client()
            assert [ask(email, client).status_code for _ in range(6)] == [302] * 5 + [429]

    def test_garbage_is_asked_for_again(self):
        assert ask("not an address").status_code == 200
        assert ask("\x00@esimerkki.example").status_code == 200

    def test_a_dead_mail_server_is_not_felt_in_the_request(self, user, settings):
        use(settings, free_port())
        assert ask(user.email).status_code == 302

    def test_a_letter_not_taken_is_tried_again(self, user, mail_server):
        mail_server.script = [LATER]
        ask(user.email)
        work_off_the_queue()
        assert mail_server.received == []
        with time_machine.travel(timezone.now() + datetime.timedelta(minutes=2)):
            work_off_the_queue()
        assert len(mail_server.received) == 1


class TestTheLink:
    def test_it_leads_to_a_form_without_the_token_in_the_address(self, path):
        client = Client()
        answer = client.get(path)
        assert answer.status_code == 302
        token = path.rstrip("/").split("-", 1)[1]
        assert token not in answer.headers["Location"]
        assert token not in client.get(answer.headers["Location"]).content.decode()

    @pytest.mark.parametrize("method", ["get", "head"])
    def test_looking_changes_nothing(self, user, path, method):
        client = Client()
        answer = getattr(client, method)(path)
        getattr(client, method)(answer.headers["Location"])
        before = user.password
        user.refresh_from_db()
        assert user.password == before
        assert not AuditEvent.objects.filter(action=Action.CHANGE).exists()
        assert not EmailAddress.objects.exists()  # the library's own token writes one

    def test_it_changes_the_password_once_and_ends_every_session(self, user):
        live = Client()
        live.force_login(user)
        ask(user.email)
        work_off_the_queue()
        path = link_in(mail.outbox[0])
        client = Client()
        form = client.get(path).headers["Location"]
        answer = client.post(form, NEW)
        assert (answer.status_code, answer.headers["Location"]) == (
            302,
            reverse("account_reset_password_from_key_done"),
        )
        user.refresh_from_db()
        assert user.check_password(NEW["password1"])
        assert "_auth_user_id" not in client.session
        assert live.get(reverse("account_change_password")).status_code == 302
        assert Client().get(path).status_code == 200  # the page that says it is used
        assert client.post(form, {**NEW, "password1": PASSWORD, "password2": PASSWORD}).status_code == 200
        user.refresh_from_db()
        assert user.check_password(NEW["password1"])
        assert AuditEvent.objects.filter(action=Action.CHANGE, about_id=user.pk).count() == 1

    def test_it_works_for_three_hours(self, path):
        # A plain number of seconds: the time zone of the travel must not change under Django's own local clock.
        with time_machine.travel(
            timezone.now().timestamp() + datetime.timedelta(hours=3, minutes=1).total_seconds()
        ):
            assert Client().get(path).status_code == 200
        assert Client().get(path).status_code == 302

    def test_it_opens_no_other_account(self, path):
        token = path.rstrip("/").split("-", 1)[1]
        foreign = reverse(
            "account_reset_password_from_key", kwargs={"uidb36": UserFactory().pk.hex, "key": token}
        )
        assert Client().get(foreign).status_code == 200

    @pytest.mark.parametrize(
        ("key", "status"),
        [
            ("x", 404),
            ("UID-KEY", 404),
            ("0" * 32, 404),
            ("0" * 32 + "-set-password", 200),  # the address of the form, without the letter that leads to it
            ("z" * 32 + "-a-b", 404),
        ],
    )
    def test_what_is_no_link_of_ours_changes_nothing(self, user, key, status):
        client, address = Client(), f"/account/password/reset/key/{key}/"
        page = client.get(address)
        assert (page.status_code, b"password1" in page.content) == (status, False)
        assert client.post(address, NEW).status_code == status
        user.refresh_from_db()
        assert user.check_password(PASSWORD)

    def test_nobodys_form_changes_the_password_of_the_one_it_names(self, user):
        """Control: take the key from the address instead of the session."""
        client, address = Client(), f"/account/password/reset/key/{user.pk.hex}-set-password/"
        page = client.get(address)
        assert (page.status_code, b"password1" in page.content) == (200, False)
        assert client.post(address, NEW).status_code == 200
        user.refresh_from_db()
        assert user.check_password(PASSWORD)
