"""The role acted in, the language, and leaving in a hurry."""

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from kumppani.accounts.roles import Role
from kumppani.audit.models import Action, AuditEvent
from tests.factories.accounts import RoleGrantFactory, UserFactory, user_in_role

pytestmark = pytest.mark.django_db

LANGUAGE = reverse("language_switch")
LEAVE = reverse("leave_quickly")
QUIET = reverse("quiet_page")
ROLE = reverse("role_switch")
USERS = reverse("user_list")


def signed_in(user, **options) -> Client:
    client = Client(**options)
    client.force_login(user)
    return client


class TestRoleSwitch:
    @pytest.fixture
    def user(self):
        """Staff first, administrator too (A37 in another pair of roles)."""
        user = user_in_role("staff")
        RoleGrantFactory(user=user, role="administrator")
        return user

    def test_the_other_role_is_acted_in_from_the_next_request_on(self, user):
        client = signed_in(user)
        assert client.get(USERS).status_code == 403
        answer = client.post(ROLE, {"role": "administrator"})
        assert (answer.status_code, answer.headers["Location"]) == (302, reverse("home"))
        assert client.get(USERS).status_code == 200
        client.post(ROLE, {"role": "staff"})
        assert client.get(USERS).status_code == 403

    def test_the_change_is_in_the_trail(self, user):
        signed_in(user).post(ROLE, {"role": "administrator"})
        event = AuditEvent.objects.get(action=Action.ROLE_SWITCH)
        assert (event.actor_id, event.actor_role, event.detail) == (
            user.pk,
            "administrator",
            "staff>administrator",
        )

    @pytest.mark.parametrize("role", ["parent", "system", "", "\x00", "x" * 1000])
    def test_a_role_not_held_is_refused(self, user, role):
        client = signed_in(user)
        assert client.post(ROLE, {"role": role}).status_code == 403
        assert [e.action for e in AuditEvent.objects.all()] == [Action.DENIED]
        assert client.get(USERS).status_code == 403

    def test_a_role_that_ended_is_refused(self, user):
        user.grants.get(role="administrator").end()
        assert signed_in(user).post(ROLE, {"role": "administrator"}).status_code == 403

    def test_somebody_without_a_role_has_nothing_to_switch(self):
        assert signed_in(UserFactory()).post(ROLE, {"role": "staff"}).status_code == 403

    def test_a_get_only_leads_home(self, user):
        client = signed_in(user)
        answer = client.get(ROLE, {"role": "administrator"})
        assert (answer.status_code, answer.headers["Location"]) == (302, reverse("home"))
        assert not AuditEvent.objects.exists()


class TestLanguage:
    def page_language(self, client: Client) -> str:
        return client.get(reverse("account_reset_password")).headers["Content-Language"]

    @pytest.mark.parametrize("code", ["fi", "sv", "en"])
    def test_it_stays_with_the_user(self, code):
        user = user_in_role("staff", language="sv" if code == "fi" else "fi")
        client = signed_in(user)
        client.post(LANGUAGE, {"language": code})
        user.refresh_from_db()
        assert (user.language, self.page_language(client)) == (code, code)

    def test_the_users_language_wins_over_the_browsers(self):
        client = signed_in(user_in_role("staff", language="sv"))
        client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"
        assert self.page_language(client) == "sv"

    def test_a_stranger_keeps_it_in_a_cookie(self):
        client = Client()
        answer = client.post(LANGUAGE, {"language": "sv"})
        cookie = answer.cookies[django_settings.LANGUAGE_COOKIE_NAME]
        assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("sv", True, "Lax")
        assert self.page_language(client) == "sv"

    def test_finnish_is_spoken_where_nobody_asks_for_anything(self):
        assert self.page_language(Client()) == "fi"

    @pytest.mark.parametrize("code", ["de", "", "fi-FI", "../fi", "\x00"])
    def test_an_unknown_language_changes_nothing(self, code):
        user = user_in_role("staff")
        answer = signed_in(user).post(LANGUAGE, {"language": code})
        user.refresh_from_db()
        assert (answer.status_code, user.language) == (302, "fi")

    @pytest.mark.parametrize(
        ("way_on", "led_to"),
        [
            ("/account/login/?next=/x/", "/account/login/?next=/x/"),
            ("https://elsewhere.example/", "/"),
            ("//elsewhere.example/", "/"),
            ("/\\elsewhere.example/", "/"),
            ("javascript:go()", "/"),
            ("", "/"),
        ],
    )
    def test_the_way_back_never_leads_elsewhere(self, way_on, led_to):
        answer = Client().post(LANGUAGE, {"language": "sv", "next": way_on})
        assert answer.headers["Location"] == led_to

    def test_a_get_changes_nothing(self):
        user = user_in_role("staff")
        signed_in(user).get(LANGUAGE, {"language": "sv"})
        user.refresh_from_db()
        assert user.language == "fi"


class TestLeavingQuickly:
    def test_the_session_ends_and_a_page_without_a_word_of_us_follows(self):
        user = user_in_role("parent")
        client = signed_in(user)
        answer = client.post(LEAVE)
        assert (answer.status_code, answer.headers["Location"]) == (302, QUIET)
        assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
        assert "_auth_user_id" not in client.session
        assert [(e.action, e.actor_role) for e in AuditEvent.objects.all()] == [
            (Action.SIGN_OUT, Role.PARENT)
        ]
        page = client.get(QUIET).content.decode()
        assert "umppani" not in page
        assert "<a " not in page
        assert "<form" not in page

    def test_it_works_for_somebody_not_signed_in(self):
        answer = Client().post(LEAVE)
        assert answer.headers["Location"] == QUIET
        assert "Clear-Site-Data" in answer.headers

    def test_a_tab_with_an_old_form_token_still_leaves(self):
        """Signing in again in another tab makes a new token; this button must not answer with an error page."""
        client = signed_in(user_in_role("parent"), enforce_csrf_checks=True)
        answer = client.post(LEAVE, {"csrfmiddlewaretoken": "old"}, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.headers["Location"] == QUIET
        assert "_auth_user_id" not in client.session

    @pytest.mark.parametrize(
        "headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}]
    )
    def test_nobody_elsewhere_can_press_it(self, headers):
        client = signed_in(user_in_role("parent"), enforce_csrf_checks=True)
        assert client.post(LEAVE, headers=headers).status_code == 403
        assert "_auth_user_id" in client.session

    @pytest.mark.parametrize("method", ["get", "head"])
    def test_a_get_leads_on_and_ends_nothing(self, method):
        client = signed_in(user_in_role("parent"))
        assert getattr(client, method)(LEAVE).headers["Location"] == QUIET
        assert "_auth_user_id" in client.session
