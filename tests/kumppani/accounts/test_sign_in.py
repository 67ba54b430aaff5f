"""Signing in and out: limits, sameness of answers, the trail, and how access ends."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse

from kumppani.accounts.adapter import AccountAdapter
from kumppani.audit.models import Action, AuditEvent
from tests.factories.accounts import PASSWORD, UserFactory, user_in_role

pytestmark = pytest.mark.django_db

LOGIN = reverse("account_login")
LOGOUT = reverse("account_logout")
WRONG = "wrong-long-password"


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra):
    return client.post(LOGIN, {"login": email, "password": password}, **extra)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def without_tokens(page) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())


class TestSigningIn:
    def test_address_and_password_open_the_home_page_whatever_the_capitals(self):
        user = user_in_role("staff")
        client = Client()
        answer = sign_in(client, f" {user.email.title()} ")
        assert (answer.status_code, answer.headers["Location"]) == (302, reverse("home"))
        assert client.session["_auth_user_id"] == str(user.pk)

    def test_the_session_gets_a_new_key(self):
        client = Client()
        session = client.session
        session["before"] = True
        session.save()
        client.cookies["sessionid"] = before = session.session_key
        sign_in(client, UserFactory().email)
        assert is_signed_in(client)
        assert client.session.session_key != before

    def test_a_known_and_an_unknown_address_get_the_same_answer(self):
        user = UserFactory()
        known, unknown = sign_in(Client(), user.email, WRONG), sign_in(Client(), "x" + user.email, WRONG)
        assert known.status_code == unknown.status_code == 200
        assert without_tokens(known).replace(user.email, "") == without_tokens(unknown).replace(
            "x" + user.email, ""
        )

    @pytest.mark.parametrize("fields", [{"is_active": False}, {"password": "!unusable"}])
    def test_a_closed_or_invited_account_answers_like_a_wrong_password(self, fields):
        user, closed = UserFactory(), UserFactory(**fields)
        client = Client()
        answers = [sign_in(client, closed.email), sign_in(Client(), user.email, WRONG)]
        assert without_tokens(answers[0]).replace(closed.email, "") == without_tokens(answers[1]).replace(
            user.email, ""
        )
        assert not is_signed_in(client)

    @pytest.mark.parametrize(
        "way_on", ["https://elsewhere.example/", "//elsewhere.example", "javascript:go()"]
    )
    def test_nobody_is_led_elsewhere(self, way_on):
        answer = Client().post(LOGIN, {"login": UserFactory().email, "password": PASSWORD, "next": way_on})
        assert answer.headers["Location"] == reverse("home")

    def test_sign_up_is_closed(self):
        client = Client()
        form = {"email": "new@esimerkki.example", "password1": PASSWORD, "password2": PASSWORD}
        pages = [client.get(reverse("account_signup")), client.post(reverse("account_signup"), form)]
        assert [page.templates[0].name for page in pages] == ["account/signup_closed.html"] * 2
        assert not UserFactory._meta.model.objects.filter(email=form["email"]).exists()

    def test_the_librarys_own_table_of_addresses_stays_empty(self):
        user = UserFactory()
        client = Client()
        sign_in(client, user.email)
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        client.post(LOGOUT)
        client.post(reverse("account_reset_password"), {"email": user.email})
        assert EmailAddress.objects.count() == 0

    def test_no_page_is_offered_as_json(self):
        answer = Client().get(LOGIN, headers={"Accept": "application/json"})
        assert answer.headers["Content-Type"].startswith("text/html")


class TestLimits:
    def test_after_five_wrong_passwords_the_right_one_has_to_wait(self):
        user = UserFactory()
        client = Client()
        for _ in range(5):
            sign_in(client, user.email, WRONG)
        sign_in(client, user.email)
        assert not is_signed_in(client)

    def test_they_are_rows_in_the_database(self):
        def rows() -> int:
            with connection.cursor() as cursor:
                cursor.execute("SELECT COUNT(*) FROM core_cache")
                return cursor.fetchone()[0]

        before = rows()
        sign_in(Client(), UserFactory().email, WRONG)
        assert rows() > before

    def test_without_the_rows_the_count_starts_anew(self):
        """The negative control: it is the rows that hold the limit."""
        user = UserFactory()
        client = Client()
        for _ in range(5):
            sign_in(client, user.email, WRONG)
        cache.clear()
        sign_in(client, user.email)
        assert is_signed_in(client)

    def test_a_stranger_elsewhere_cannot_lock_the_owner_out(self):
        user = UserFactory()
        for _ in range(6):
            sign_in(Client(), user.email, WRONG, REMOTE_ADDR="203.0.113.7")
        owner = Client()
        sign_in(owner, user.email, REMOTE_ADDR="198.51.100.9")
        assert is_signed_in(owner)

    def test_one_place_trying_many_addresses_is_stopped(self):
        for number in range(10):
            sign_in(Client(), f"somebody{number}@esimerkki.example", WRONG)
        client = Client()
        sign_in(client, UserFactory().email)
        assert not is_signed_in(client)

    def test_too_many_forms_a_minute_get_a_page_of_ours(self):
        client = Client()
        answers = [client.post(LOGIN, {}) for _ in range(31)]
        assert [answer.status_code for answer in answers] == [200] * 30 + [429]
        assert answers[-1].templates[0].name == "429.html"

    @pytest.mark.parametrize(
        ("count", "chain", "found"),
        [
            (0, "198.51.100.9", "127.0.0.1"),  # nobody in front of us: the header is the visitor's own claim
            (1, "198.51.100.9", "198.51.100.9"),
            (1, "10.9.9.9, 198.51.100.9", "198.51.100.9"),  # what the visitor put first does not count
            (2, "198.51.100.9, 10.0.0.2", "198.51.100.9"),
            (1, None, "127.0.0.1"),
        ],
    )
    def test_they_count_by_the_address_the_outermost_proxy_saw(self, settings, count, chain, found):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = count
        headers = {"X-Forwarded-For": chain} if chain else {}
        assert AccountAdapter().get_client_ip(RequestFactory().get("/", headers=headers)) == found

    def test_a_wrong_number_of_proxies_fails_loudly(self, settings):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
        request = RequestFactory().get("/", headers={"X-Forwarded-For": "198.51.100.9"})
        with pytest.raises(ImproperlyConfigured):
            AccountAdapter().get_client_ip(request)


class TestTheTrail:
    def rows(self):
        return list(
            AuditEvent.objects.order_by("at").values_list("action", "actor_id", "actor_role", "detail")
        )

    def test_in_and_out_are_recorded_with_user_and_role(self):
        user = user_in_role("trainer")
        client = Client()
        sign_in(client, user.email)
        client.post(LOGOUT)
        assert self.rows() == [
            (Action.SIGN_IN, user.pk, "trainer", ""),
            (Action.SIGN_OUT, user.pk, "trainer", ""),
        ]

    def test_somebody_without_a_role_is_recorded_too(self):
        user = UserFactory()
        sign_in(Client(), user.email)
        assert self.rows() == [(Action.SIGN_IN, user.pk, "", "")]

    def test_a_wrong_password_is_recorded_without_any_word_that_was_typed(self):
        user = UserFactory()
        sign_in(Client(), user.email, WRONG)
        assert self.rows() == [(Action.SIGN_IN_FAILED, None, "", "")]
        assert user.email not in str(list(AuditEvent.objects.values()))

    def test_a_stop_by_the_limit_is_recorded(self):
        user = UserFactory()
        for _ in range(6):
            sign_in(Client(), user.email, WRONG)
        assert self.rows() == [(Action.SIGN_IN_FAILED, None, "", "")] * 5 + [
            (Action.SIGN_IN_FAILED, None, "", "limit")
        ]

    def test_signing_out_while_signed_out_leaves_no_row(self):
        client = Client()
        client.post(LOGOUT)
        client.post(reverse("leave_quickly"))
        assert self.rows() == []


class TestSigningOut:
    def test_a_get_asks_first(self):
        client = Client()
        client.force_login(user_in_role("staff"))
        assert client.get(LOGOUT).status_code == 200
        assert is_signed_in(client)

    def test_the_browser_is_told_to_forget(self):
        client = Client()
        client.force_login(user_in_role("staff"))
        answer = client.post(LOGOUT)
        assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
        assert not is_signed_in(client)


class TestAccessEnds:
    """At the next request of a live session."""

    @pytest.fixture
    def user(self):
        return user_in_role("administrator")

    @pytest.fixture
    def client(self, user):
        client = Client()
        sign_in(client, user.email)
        assert client.get(reverse("user_list")).status_code == 200
        return client

    def test_with_the_role(self, user, client):
        user.grants.get().end()
        assert client.get(reverse("user_list")).status_code == 403

    def test_with_the_account(self, user, client):
        user.is_active = False
        user.save()
        answer = client.get(reverse("user_list"))
        assert (answer.status_code, answer.headers["Location"]) == (
            302,
            f"{LOGIN}?next={reverse('user_list')}",
        )

    def test_with_a_new_password_elsewhere(self, user, client):
        other = Client()
        sign_in(other, user.email)
        new = "another-long-password"
        answer = other.post(
            reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
        )
        assert (answer.status_code, answer.headers["Location"]) == (302, reverse("home"))
        assert other.get(reverse("user_list")).status_code == 200
        assert client.get(reverse("user_list")).status_code == 302
        assert AuditEvent.objects.filter(action=Action.CHANGE, fields_changed=["password"]).count() == 1

    def test_a_session_that_stays_idle_is_over(self, user, client, settings):
        import datetime

        import time_machine
        from django.utils import timezone

        with time_machine.travel(
            timezone.now() + datetime.timedelta(seconds=settings.SESSION_COOKIE_AGE + 1)
        ):
            assert client.get(reverse("user_list")).status_code == 302


class TestOnceMore:
    """The password once more, before something that needs care."""

    @pytest.mark.parametrize(("password", "status"), [(PASSWORD, 302), (WRONG, 200)])
    def test_the_own_password_is_asked(self, password, status):
        client = Client()
        sign_in(client, user_in_role("staff").email)
        assert client.post(reverse("account_reauthenticate"), {"password": password}).status_code == status

    def test_a_password_is_not_changed_without_the_present_one(self):
        user = user_in_role("staff")
        client = Client()
        sign_in(client, user.email)
        new = "another-long-password"
        client.post(
            reverse("account_change_password"), {"oldpassword": WRONG, "password1": new, "password2": new}
        )
        user.refresh_from_db()
        assert user.check_password(PASSWORD)
