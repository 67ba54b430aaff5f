"""The keeping of accounts by administrators."""

import pytest
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kumppani.accounts.models import Invitation, RoleGrant, User
from kumppani.audit.models import Action, AuditEvent
from tests.factories.accounts import InvitationFactory, RoleGrantFactory, UserFactory, user_in_role
from tests.factories.organisations import OrganisationFactory
from tests.mail import work_off_the_queue

pytestmark = pytest.mark.django_db

LIST = reverse("user_list")
CREATE = reverse("user_create")


@pytest.fixture
def administrator():
    return user_in_role("administrator", first_name="Aatos", last_name="Ylläpitäjä")


@pytest.fixture
def client(administrator):
    client = Client()
    client.force_login(administrator)
    return client


def filled(client: Client, path: str, **words) -> dict:
    """A form as the page gives it out, with words typed into it."""
    return {"submission": client.get(path).context["form"]["submission"].value(), **words}


def newcomer(**words) -> dict:
    return {
        "first_name": "Uusi",
        "email": "Uusi@Esimerkki.example",
        "language": "sv",
        "role": "staff",
        **words,
    }


class TestWhoMay:
    @pytest.mark.parametrize("role", ["staff", "social_worker", "partner", "parent", "trainer"])
    def test_nobody_but_an_administrator_sees_users(self, role):
        user = user_in_role(role)
        client = Client()
        client.force_login(user)
        grant = user.grants.get()
        paths = [LIST, CREATE, reverse("user_role_end", args=[grant.pk])] + [
            reverse(name, args=[user.pk])
            for name in ("user_detail", "user_invite", "user_deactivate", "user_activate", "user_role_add")
        ]
        assert {client.get(path).status_code for path in paths} == {403}
        assert {client.post(path).status_code for path in paths} == {403}


class TestTheList:
    def names(self, client: Client, **query) -> list[str]:
        return [user.first_name for user in client.get(LIST, query).context["rows"]]

    @pytest.fixture
    def three(self, administrator):
        """Next to the administrator: one at work, one invited, one whose account is closed."""
        user_in_role("staff", first_name="Sanna", last_name="A")
        user_in_role("trainer", first_name="Timo", last_name="B", password=make_password(None))
        user_in_role("staff", first_name="Dora", last_name="C", is_active=False)

    def test_everybody_is_there_by_last_name(self, client, three):
        assert self.names(client) == ["Sanna", "Timo", "Dora", "Aatos"]

    def test_parts_of_it_stand_in_the_address(self, client, three):
        assert self.names(client, show="invited") == ["Timo"]
        assert self.names(client, show="closed") == ["Dora"]
        assert self.names(client, show="garbage") == ["Sanna", "Timo", "Dora", "Aatos"]

    @pytest.mark.parametrize(
        ("words", "found"),
        [("sanna", ["Sanna"]), ("timo b", ["Timo"]), ("esimerkki.example dora", ["Dora"]), ("nobody", [])],
    )
    def test_somebody_is_found_by_name_or_address(self, client, three, words, found):
        assert self.names(client, q=words) == found

    @pytest.mark.parametrize("words", ["\x00", "%", "x" * 5000, "a " * 500])
    def test_garbage_is_not_an_error(self, client, words):
        assert client.get(LIST, {"q": words}).status_code == 200

    def test_the_number_of_queries_does_not_grow(self, client):
        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                client.get(LIST)
            return len(captured)

        user_in_role("staff")
        one = queries()
        for _ in range(3):
            RoleGrantFactory(user=user_in_role("staff"), role="trainer")
        assert queries() == one <= 12

    def test_looking_leaves_a_row_for_each_person(self, client, three):
        client.get(LIST)
        seen = AuditEvent.objects.filter(action=Action.LIST).values_list("about_id", flat=True)
        assert set(seen) == set(User.objects.values_list("pk", flat=True))


class TestOpeningAnAccount:
    def test_the_person_is_invited_in_the_own_language(self, client):
        answer = client.post(CREATE, filled(client, CREATE, **newcomer()))
        user = User.objects.get(email="uusi@esimerkki.example")
        assert (answer.status_code, answer.headers["Location"]) == (302, user.get_absolute_url())
        assert [grant.role for grant in user.grants.all()] == ["staff"]
        assert not user.has_usable_password()
        work_off_the_queue()
        assert [letter.to for letter in mail.outbox] == [[user.email]]
        assert client.get(user.get_absolute_url()).context["invitation"].letter_sent_at

    def test_pressing_twice_makes_one_account_and_one_letter(self, client):
        form = filled(client, CREATE, **newcomer())
        first, second = client.post(CREATE, form), client.post(CREATE, form)
        assert first.headers["Location"] == second.headers["Location"]
        assert (User.objects.filter(first_name="Uusi").count(), Invitation.objects.count()) == (1, 1)

    def test_an_address_in_use_is_said_next_to_the_field(self, client, administrator):
        answer = client.post(CREATE, filled(client, CREATE, **newcomer(email=administrator.email.upper())))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["email"])
        assert Invitation.objects.count() == 0

    def test_a_social_worker_works_for_an_organisation(self, client):
        answer = client.post(CREATE, filled(client, CREATE, **newcomer(role="social_worker")))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["organisation"])
        organisation = OrganisationFactory()
        client.post(
            CREATE, filled(client, CREATE, **newcomer(role="social_worker", organisation=organisation.pk))
        )
        assert RoleGrant.objects.get(role="social_worker").organisation == organisation

    @pytest.mark.parametrize("role", ["parent", "partner", "system", ""])
    def test_parents_and_partners_come_in_by_another_door(self, client, role):
        answer = client.post(CREATE, filled(client, CREATE, **newcomer(role=role)))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["role"])

    def test_no_field_outside_the_form_can_be_set(self, client):
        client.post(
            CREATE,
            filled(client, CREATE, **newcomer(password="x" * 20, is_active="", version=7, is_superuser="on")),
        )
        user = User.objects.get(first_name="Uusi")
        assert (user.has_usable_password(), user.is_active, user.version) == (False, True, 1)


class TestInvitingAgain:
    def test_a_new_letter_leaves_and_the_old_link_closes(self, client):
        old = InvitationFactory(user=user_in_role("staff", password=make_password(None)))
        path = reverse("user_invite", args=[old.user.pk])
        assert client.get(path).status_code == 200
        assert Invitation.objects.count() == 1
        client.post(path)
        old.refresh_from_db()
        assert old.revoked_at is not None
        work_off_the_queue()
        assert len(mail.outbox) == 1

    def test_somebody_with_a_password_gets_no_link(self, client):
        client.post(reverse("user_invite", args=[UserFactory().pk]))
        assert Invitation.objects.count() == 0


class TestRoles:
    def test_a_role_is_added(self, client):
        user = user_in_role("partner")
        path = reverse("user_role_add", args=[user.pk])
        assert client.post(path, filled(client, path, role="staff")).status_code == 302
        assert set(user.grants.held().values_list("role", flat=True)) == {"partner", "staff"}

    def test_only_roles_not_held_are_offered_and_never_parent_or_partner(self, client):
        path = reverse("user_role_add", args=[user_in_role("staff").pk])
        offered = [code for code, _label in client.get(path).context["form"].fields["role"].choices]
        assert offered == ["social_worker", "trainer", "administrator"]

    @pytest.mark.parametrize("role", ["parent", "partner", "staff"])
    def test_another_role_cannot_be_given(self, client, role):
        user = user_in_role("staff")
        path = reverse("user_role_add", args=[user.pk])
        assert client.post(path, filled(client, path, role=role)).status_code == 422
        assert user.grants.count() == 1

    def test_a_closed_account_gets_no_role(self, client):
        path = reverse("user_role_add", args=[user_in_role("staff", is_active=False).pk])
        assert client.get(path).status_code == 403

    def test_a_role_is_taken_away_and_stays_in_the_history(self, client):
        user = user_in_role("staff")
        grant = user.grants.get()
        path = reverse("user_role_end", args=[grant.pk])
        client.get(path)
        assert user.grants.held().count() == 1
        answer = client.post(path)
        assert answer.headers["Location"] == user.get_absolute_url()
        grant.refresh_from_db()
        ended = grant.ended_at
        assert ended is not None
        client.post(path)
        grant.refresh_from_db()
        assert grant.ended_at == ended
        assert AuditEvent.objects.filter(action=Action.CHANGE, detail="role_ended:staff").count() == 1

    def test_the_last_administrator_stays(self, client, administrator):
        client.post(reverse("user_role_end", args=[administrator.grants.get().pk]))
        assert administrator.grants.held().exists()

    def test_of_two_administrators_one_may_go(self, client, administrator):
        user_in_role("administrator")
        client.post(reverse("user_role_end", args=[administrator.grants.get().pk]))
        assert not administrator.grants.held().exists()
        assert client.get(LIST).status_code == 403

    def test_an_administrator_whose_account_is_closed_does_not_count(self, client, administrator):
        user_in_role("administrator", is_active=False)
        client.post(reverse("user_role_end", args=[administrator.grants.get().pk]))
        assert administrator.grants.held().exists()


class TestClosingAnAccount:
    def test_the_person_is_out_at_the_next_request(self, client):
        user = user_in_role("staff")
        theirs = Client()
        theirs.force_login(user)
        path = reverse("user_deactivate", args=[user.pk])
        client.get(path)
        assert User.objects.get(pk=user.pk).is_active
        client.post(path)
        assert theirs.get(reverse("account_change_password")).status_code == 302

    def test_the_own_account_stays_open(self, client, administrator):
        user_in_role("administrator")
        client.post(reverse("user_deactivate", args=[administrator.pk]))
        administrator.refresh_from_db()
        assert administrator.is_active

    def test_it_can_be_opened_again_with_its_roles(self, client):
        user = user_in_role("staff")
        client.post(reverse("user_deactivate", args=[user.pk]))
        client.post(reverse("user_activate", args=[user.pk]))
        user.refresh_from_db()
        assert user.is_active
        assert user.grants.held().count() == 1


@pytest.mark.parametrize(
    "name",
    ["user_detail", "user_invite", "user_deactivate", "user_activate", "user_role_add", "user_role_end"],
)
def test_somebody_who_never_was_is_not_found(client, name):
    import uuid

    assert client.get(reverse(name, args=[uuid.uuid4()])).status_code == 404


@pytest.mark.parametrize(
    "fields", [{}, {"is_active": False}, {"password": "!unusable"}, {"last_name": ""}], ids=str
)
def test_every_kind_of_account_has_a_page(client, fields):
    user = user_in_role("social_worker", organisation=OrganisationFactory(), **fields)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(user.get_absolute_url()).status_code == 200
    assert len(captured) <= 12


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_who_end_each_others_role_one_stays():
    """The negative control: without the lock in `end_role` both go."""
    import threading

    from django.db import connections

    from kumppani.accounts.actor import actor_for
    from kumppani.accounts.services import end_role
    from kumppani.core.states import MoveRefused

    first, second = user_in_role("administrator"), user_in_role("administrator")
    pairs = [(first, second.grants.get()), (second, first.grants.get())]
    together = threading.Barrier(2)
    refused = []

    def go(user, grant):
        actor = actor_for(user)
        together.wait()
        try:
            end_role(grant=grant, by=actor)
        except MoveRefused:
            refused.append(user)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (RoleGrant.objects.of_administrators().count(), len(refused)) == (1, 1)
