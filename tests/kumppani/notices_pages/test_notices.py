"""The bell: own notices in the role acted in; reading is a POST."""

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from kumppani.accounts.models import RoleGrant
from kumppani.accounts.roles import Role
from kumppani.notices.context import PLACES, house
from kumppani.notices.models import Notice
from tests.factories.accounts import RoleGrantFactory
from tests.factories.notices import NoticeFactory
from tests.factories.pairing import relationship_in


@pytest.fixture
def pair(people):
    return people.own.acquainting


@pytest.fixture
def bell(people):
    """Nobody has been told anything yet."""
    Notice.objects.all().delete()
    return people


def told(people, who: str, about, **more) -> Notice:
    person = getattr(people, who)
    return NoticeFactory(recipient=person.user, role=person.role, about=about, **more)


def listed(person) -> list[Notice]:
    return list(person.client().get(reverse("notice_list")).context["rows"])


def test_list_shows_own_notices_in_this_role_newest_first(bell, pair):
    first, second = told(bell, "partner", pair), told(bell, "partner", pair)
    told(bell, "other_partner", pair)
    NoticeFactory(recipient=bell.partner.user, role="staff", kind="request_waiting", about=bell.own.request)
    assert listed(bell.partner) == [second, first]


def test_letter_with_a_link_and_dropped_notices_are_not_shown(bell, pair):
    told(bell, "partner", pair, kind="invitation")
    told(bell, "partner", pair, kind="a kind of an earlier version")
    told(bell, "partner", pair, dropped_at=timezone.now())
    page = bell.partner.client().get(reverse("notice_list"))
    assert list(page.context["rows"]) == []
    assert 'class="empty"' in page.content.decode()
    assert page.context["unread"] == 0


def test_opening_marks_as_read_and_leads_on(bell, pair):
    notice = told(bell, "partner", pair)
    answer = bell.partner.client().post(reverse("notice_open", args=[notice.pk]))
    assert (answer.status_code, answer.url) == (302, reverse("relationship_answer", args=[pair.pk]))
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_opening_again_keeps_the_time_of_the_first_reading(bell, pair):
    notice = told(bell, "partner", pair)
    client = bell.partner.client()
    client.post(reverse("notice_open", args=[notice.pk]))
    notice.refresh_from_db()
    first = notice.read_at
    client.post(reverse("notice_open", args=[notice.pk]))
    notice.refresh_from_db()
    assert notice.read_at == first


def test_looking_at_the_list_or_at_the_address_changes_nothing(bell, pair):
    notice = told(bell, "partner", pair)
    client = bell.partner.client()
    client.get(reverse("notice_list"))
    assert client.get(reverse("notice_open", args=[notice.pk])).status_code == 405
    assert client.get(reverse("notice_read_all")).status_code == 405
    notice.refresh_from_db()
    assert notice.read_at is None


@pytest.mark.parametrize("who", ["other_partner", "staff", "parent"])
def test_foreign_notice_is_not_there(bell, pair, who):
    notice = told(bell, "partner", pair)
    assert getattr(bell, who).client().post(reverse("notice_open", args=[notice.pk])).status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_notice_about_what_is_no_longer_visible_leads_back_with_a_sentence(bell):
    ended = relationship_in("ended", partner=bell.own.partner)
    notice = told(bell, "partner", ended)
    answer = bell.partner.client().post(reverse("notice_open", args=[notice.pk]), follow=True)
    assert answer.redirect_chain == [(reverse("notice_list"), 302)]
    assert len(answer.context["messages"]) == 1


def test_all_can_be_marked_as_read_in_this_role_only(bell, pair):
    told(bell, "partner", pair)
    told(bell, "partner", pair)
    foreign = told(bell, "other_partner", pair)
    other_role = NoticeFactory(
        recipient=bell.partner.user, role="staff", kind="request_waiting", about=bell.own.request
    )
    client = bell.partner.client()
    assert client.get(reverse("notice_list")).context["unread"] == 2
    assert client.post(reverse("notice_read_all")).status_code == 302
    assert client.get(reverse("notice_list")).context["unread"] == 0
    unread = set(Notice.objects.unread().values_list("pk", flat=True))
    assert unread == {foreign.pk, other_role.pk}


def test_list_costs_the_same_with_one_and_with_three(bell, pair, django_assert_max_num_queries):
    client, counts = bell.partner.client(), []
    for rows in (1, 2):
        for _count in range(rows):
            told(bell, "partner", pair)
        with django_assert_max_num_queries(12) as queries:
            client.get(reverse("notice_list"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- what every page gets ---------------------------------------------------------------------------------
def request_of(person):
    request = RequestFactory().get("/")
    request.actor = person.actor
    return request


def test_frame_costs_one_query_for_roles_and_bell(bell, pair, django_assert_num_queries):
    RoleGrantFactory(user=bell.partner.user, role="staff")
    RoleGrantFactory(user=bell.partner.user, role="trainer", ended_at=timezone.now())
    told(bell, "partner", pair)
    request = request_of(bell.partner)
    with django_assert_num_queries(1):
        context = house(request)
        assert context["unread"] == 1
        assert [(role["code"], role["unread"]) for role in context["roles"]] == [("staff", 0)]


def test_frame_that_nobody_looks_at_costs_nothing(people, django_assert_num_queries):
    request = request_of(people.staff)
    with django_assert_num_queries(0):
        house(request)


def test_frame_without_an_actor_is_the_public_one(people):
    for request in (RequestFactory().get("/"), request_of(people.anonymous), request_of(people.nobody)):
        context = house(request)
        assert (context["layout"], context["nav"], context["roles"]) == ("public", [], [])
        assert context["actor"] is None


@pytest.mark.parametrize(
    ("who", "layout"),
    [
        ("partner", "person"),
        ("parent", "person"),
        ("worker", "worker"),
        ("staff", "staff"),
        ("trainer", "staff"),
        ("administrator", "staff"),
    ],
)
def test_each_role_has_its_frame_and_its_places(people, who, layout):
    person = getattr(people, who)
    context = house(request_of(person))
    assert context["layout"] == layout
    assert len(context["nav"]) == len(PLACES[Role(person.role)])
    client = person.client()
    for place in context["nav"]:
        page = client.get(place["url"], follow=True)
        assert page.status_code == 200
        assert [shown["url"] for shown in page.context["nav"] if shown["current"]] == [place["url"]]


def test_phone_roles_have_at_most_four_places():
    assert max(len(PLACES[Role.PARTNER]), len(PLACES[Role.PARENT])) <= 4


def test_role_taken_away_is_gone_from_the_frame(people):
    RoleGrantFactory(user=people.partner.user, role="staff")
    RoleGrant.objects.filter(user=people.partner.user, role="staff").update(ended_at=timezone.now())
    assert list(house(request_of(people.partner))["roles"]) == []
