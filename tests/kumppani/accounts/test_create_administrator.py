"""The first administrator of a new service."""

import io
import re

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from kumppani.accounts.models import Invitation, User
from tests.factories.accounts import UserFactory, user_in_role
from tests.mail import work_off_the_queue

pytestmark = pytest.mark.django_db


def run(email: str = "Aino@Esimerkki.example", **options) -> str:
    said = io.StringIO()
    call_command("create_administrator", email=email, first_name="Aino", stdout=said, **options)
    return said.getvalue()


def test_an_invitation_is_queued_and_no_password_is_set():
    run()
    user = User.objects.get()
    assert (user.email, user.language, user.has_usable_password()) == ("aino@esimerkki.example", "fi", False)
    assert [grant.role for grant in user.grants.all()] == ["administrator"]
    work_off_the_queue()
    assert [letter.to for letter in mail.outbox] == [[user.email]]


def test_without_a_mail_server_the_link_is_printed_and_works():
    (path,) = re.findall(r"https://kumppani\.example(/\S+/)", run(print_link=True))
    work_off_the_queue()
    assert mail.outbox == []
    assert Client().get(path).status_code == 302


def test_a_second_one_must_be_meant():
    run()
    with pytest.raises(CommandError):
        run("toinen@esimerkki.example")
    assert User.objects.count() == 1
    run("toinen@esimerkki.example", another=True)
    assert User.objects.count() == 2


def test_an_administrator_who_cannot_sign_in_does_not_count():
    user_in_role("administrator", is_active=False)
    run()
    assert User.objects.filter(is_active=True).count() == 1


def test_somebody_who_has_an_account_gets_the_role_and_no_link():
    user = UserFactory(email="aino@esimerkki.example")
    run()
    assert [grant.role for grant in user.grants.all()] == ["administrator"]
    assert Invitation.objects.count() == 0


def test_the_same_address_again_is_invited_again():
    run()
    run(another=True)
    assert (User.objects.count(), Invitation.objects.open().count()) == (1, 1)


@pytest.mark.parametrize("email", ["not an address", ""])
def test_what_is_no_address_is_refused(email):
    with pytest.raises(CommandError):
        run(email)
    assert User.objects.count() == 0


def test_a_closed_account_is_refused():
    UserFactory(email="aino@esimerkki.example", is_active=False)
    with pytest.raises(CommandError):
        run()
