"""The one-purpose link by which a new user chooses a password (trust.md 1)."""

import datetime
import re

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult

from kumppani.accounts.actor import actor_for
from kumppani.accounts.forms import PASSWORD_HELP
from kumppani.accounts.models import Invitation, hash_token
from kumppani.accounts.services import accept_invitation, deactivate, invite
from kumppani.audit.models import Action, AuditEvent
from kumppani.core.letters import MAX_ATTEMPTS
from kumppani.core.states import MoveRefused
from tests.factories.accounts import InvitationFactory, UserFactory, user_in_role
from tests.mail import LATER, NO_SUCH_MAILBOX, free_port, link_in, use, work_off_the_queue

pytestmark = pytest.mark.django_db

ACCEPT = reverse("invitation_accept")
NEW = {"new_password1": "uusi-pitkä-salasana", "new_password2": "uusi-pitkä-salasana"}


@pytest.fixture
def administrator():
    return user_in_role("administrator")


@pytest.fixture
def by(administrator):
    return actor_for(administrator)


@pytest.fixture
def newcomer():
    return user_in_role("staff", password=make_password(None))


def state_of(invitation: Invitation) -> dict:
    """Every value of the row."""
    return Invitation.objects.filter(pk=invitation.pk).values().get()


class TestTheLetter:
    def test_it_is_queued_with_the_deed_and_sent_by_the_worker(self, by, newcomer):
        invite(user=newcomer, by=by)
        assert mail.outbox == []
        work_off_the_queue()
        (letter,) = mail.outbox
        assert letter.to == [newcomer.email]
        assert Invitation.objects.get().letter_sent_at is not None

    def test_it_is_not_queued_when_the_deed_is_undone(self, by, newcomer):
        with pytest.raises(RuntimeError), transaction.atomic():
            invite(user=newcomer, by=by)
            raise RuntimeError
        assert (Invitation.objects.count(), DBTaskResult.objects.count()) == (0, 0)

    def test_its_token_rests_nowhere_but_as_a_hash(self, by, newcomer):
        invitation = invite(user=newcomer, by=by)
        work_off_the_queue()
        token = link_in(mail.outbox[0]).split("/")[2]
        assert state_of(invitation)["token_hash"] == hash_token(token) != token
        assert token not in str(list(DBTaskResult.objects.values()))
        assert [row["args"] for row in DBTaskResult.objects.values_list("args_kwargs", flat=True)] == [
            [str(invitation.pk)]
        ]

    def test_a_second_invitation_closes_the_link_of_the_first(self, by, newcomer):
        first = invite(user=newcomer, by=by)
        work_off_the_queue()
        invite(user=newcomer, by=by)
        work_off_the_queue()
        first.refresh_from_db()
        assert first.revoked_at is not None
        old, new = (link_in(letter) for letter in mail.outbox)
        assert (Client().get(old).status_code, Client().get(new).status_code) == (404, 302)

    def test_it_is_not_sent_when_revoked_in_between(self, by, newcomer):
        invite(user=newcomer, by=by)
        deactivate(user=newcomer, by=by)
        work_off_the_queue()
        assert mail.outbox == []

    def test_nobody_who_has_a_password_is_invited(self, by):
        with pytest.raises(MoveRefused):
            invite(user=UserFactory(), by=by)


class TestAMailServerInTrouble:
    def test_a_letter_not_taken_is_tried_again_later(self, by, newcomer, mail_server):
        mail_server.script = [LATER, NO_SUCH_MAILBOX]
        invite(user=newcomer, by=by)
        with time_machine.travel(timezone.now(), tick=False) as clock:
            for minutes in (0, 1, 2):
                clock.shift(datetime.timedelta(minutes=minutes, seconds=1))
                work_off_the_queue()
        assert len(mail_server.received) == 1
        path = link_in(mail_server.received[0])
        assert Client().get(path).status_code == 302

    def test_nothing_is_tried_before_its_time(self, by, newcomer, mail_server):
        mail_server.script = [LATER]
        invite(user=newcomer, by=by)
        work_off_the_queue()
        work_off_the_queue()
        assert mail_server.received == []
        assert DBTaskResult.objects.filter(status="READY").count() == 1

    @pytest.mark.logs_errors
    def test_after_ten_attempts_it_is_given_up_where_an_administrator_sees_it(
        self, by, administrator, newcomer, settings, no_error_in_the_log
    ):
        use(settings, free_port())
        invitation = invite(user=newcomer, by=by)
        with time_machine.travel(timezone.now(), tick=False) as clock:
            for _attempt in range(MAX_ATTEMPTS + 3):
                work_off_the_queue()
                clock.shift(datetime.timedelta(hours=7))
        assert DBTaskResult.objects.count() == MAX_ATTEMPTS
        assert state_of(invitation)["letter_given_up_at"] is not None
        (line,) = no_error_in_the_log
        assert newcomer.email not in line
        client = Client()
        client.force_login(administrator)
        page = client.get(reverse("user_detail", args=[newcomer.pk]))
        assert page.context["invitation"].letter_given_up_at is not None
        assert reverse("user_invite", args=[newcomer.pk]) in page.content.decode()


class TestTheLink:
    @pytest.fixture
    def invitation(self):
        return InvitationFactory(user=user_in_role("staff", password=make_password(None)))

    @pytest.fixture
    def path(self, invitation):
        return reverse("invitation_open", args=[invitation.make_token()])

    @pytest.mark.parametrize("method", ["get", "head"])
    def test_looking_changes_nothing(self, invitation, path, method):
        before, password = state_of(invitation), invitation.user.password
        client = Client()
        assert getattr(client, method)(path).status_code == 302
        assert getattr(client, method)(ACCEPT).status_code == 200
        assert getattr(Client(), method)(path).status_code == 302
        invitation.user.refresh_from_db()
        assert (state_of(invitation), invitation.user.password) == (before, password)

    def test_the_token_leaves_the_address_and_rests_in_no_session(self, invitation, path):
        client = Client()
        answer = client.get(path)
        assert answer.headers["Location"] == ACCEPT
        token = path.split("/")[2]
        assert token not in str(dict(client.session))
        assert token not in client.get(ACCEPT).content.decode()

    def test_the_password_is_chosen_once_and_the_sign_in_page_follows(self, invitation, path):
        client = Client()
        client.get(path)
        answer = client.post(ACCEPT, NEW)
        assert (answer.status_code, answer.headers["Location"]) == (302, reverse("account_login"))
        invitation.user.refresh_from_db()
        assert invitation.user.check_password(NEW["new_password1"])
        assert "_auth_user_id" not in client.session
        assert (client.post(ACCEPT, NEW).status_code, Client().get(path).status_code) == (404, 404)
        assert (
            AuditEvent.objects.filter(
                action=Action.CHANGE, about_id=invitation.user.pk, fields_changed=["password"]
            ).count()
            == 1
        )

    def test_of_two_who_hold_the_form_one_wins(self, invitation, path):
        first, second = Client(), Client()
        first.get(path)
        second.get(path)
        stale = Invitation.objects.select_related("user").get(pk=invitation.pk)
        assert first.post(ACCEPT, NEW).status_code == 302
        assert accept_invitation(invitation=stale, password="another-long-password") is False
        assert second.post(ACCEPT, NEW).status_code == 404
        invitation.user.refresh_from_db()
        assert invitation.user.check_password(NEW["new_password1"])

    def test_somebody_else_signed_in_is_signed_out(self, invitation, path):
        client = Client()
        client.force_login(user_in_role("staff"))
        client.get(path)
        client.post(ACCEPT, NEW)
        assert "_auth_user_id" not in client.session

    @pytest.mark.parametrize(
        "typed",
        [
            {"new_password1": "short", "new_password2": "short"},
            {"new_password1": "salasana1234", "new_password2": "salasana1235"},
            {"new_password1": "123456789123", "new_password2": "123456789123"},
            {"new_password1": "", "new_password2": ""},
        ],
    )
    def test_a_weak_or_mistyped_password_is_asked_for_again(self, invitation, path, typed):
        client = Client()
        client.get(path)
        assert client.post(ACCEPT, typed).status_code == 422
        assert client.post(ACCEPT, NEW).status_code == 302

    def test_used_revoked_old_foreign_and_unknown_links_meet_the_same_page(self, invitation):
        def answer(token: str) -> tuple[int, str]:
            page = Client().get(reverse("invitation_open", args=[token]))
            text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())
            return page.status_code, text

        used, revoked, old, closed = (InvitationFactory() for _ in range(4))
        tokens = [one.make_token() for one in (used, revoked, old, closed)]
        Invitation.objects.filter(pk=used.pk).update(used_at=timezone.now())
        Invitation.objects.filter(pk=revoked.pk).update(revoked_at=timezone.now())
        Invitation.objects.filter(pk=old.pk).update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
        closed.user.is_active = False
        closed.user.save()
        answers = [answer(token) for token in [*tokens, "never-was", invitation.token_hash or "x"]]
        assert answers[0][0] == 404
        assert answers == [answers[0]] * len(answers)
        # The same page, too, for somebody who comes to the form without any link.
        bare = Client().get(ACCEPT)
        assert bare.status_code == 404

    def test_it_lives_two_weeks(self, invitation, path):
        with time_machine.travel(timezone.now() + datetime.timedelta(days=14, minutes=1)):
            assert Client().get(path).status_code == 404

    def test_the_hash_itself_opens_nothing(self, invitation, path):
        invitation.refresh_from_db()
        assert Client().get(reverse("invitation_open", args=[invitation.token_hash])).status_code == 404

    def test_guessing_is_slowed_down(self, invitation, path):
        client = Client()
        client.get(path)
        answers = [client.post(ACCEPT, {}).status_code for _ in range(21)]
        assert answers == [422] * 20 + [429]


def test_the_invited_person_can_sign_in_with_what_was_chosen():
    invitation = InvitationFactory(user=user_in_role("staff", password=make_password(None)))
    client = Client()
    client.get(reverse("invitation_open", args=[invitation.make_token()]))
    client.post(ACCEPT, NEW)
    client.post(
        reverse("account_login"), {"login": invitation.user.email.upper(), "password": NEW["new_password1"]}
    )
    assert client.session["_auth_user_id"] == str(invitation.user.pk)


def test_the_help_beside_the_field_says_the_length_that_is_asked_for(settings):
    (minimum,) = [
        v["OPTIONS"]["min_length"] for v in settings.AUTH_PASSWORD_VALIDATORS if "MinimumLength" in v["NAME"]
    ]
    with translation.override("en"):
        assert f"At least {minimum} characters." in str(PASSWORD_HELP)
