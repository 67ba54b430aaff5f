""" "I need to talk": one tap, no words, and the staff hear of it at once (domain 5.4).

Control: leave the notice out of `want_to_talk`.
"""

import pytest
from django.urls import reverse
from django.utils import timezone

from kumppani.audit.models import AuditEvent
from kumppani.core.states import MoveRefused
from kumppani.notices.models import Notice
from pairing import services
from pairing.models import TalkWish
from tests.factories.accounts import user_in_role
from tests.factories.pairing import MeetingFactory, TalkWishFactory, ready_partner
from tests.pairing.never import refused
from tests.pairing.test_races import at_once
from tests.pairing.trio import build_trio, said
from tests.personas import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Person:
    return Person("staff", user_in_role("staff"), "staff")


@pytest.fixture
def partner(staff) -> Person:
    user = user_in_role("partner")
    person = Person("partner", user, "partner")
    person.record = ready_partner(user=user)
    return person


def told() -> list:
    return list(Notice.objects.filter(kind="talk_wanted").values_list("recipient", "object_id"))


def test_one_tap_and_every_member_of_the_staff_knows(partner, staff):
    other = user_in_role("staff")
    answer = partner.client().post(reverse("talk_wish"))
    wish = TalkWish.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("home"))
    assert len(said(answer)) == 1
    assert sorted(told(), key=str) == sorted([(staff.user.pk, wish.pk), (other.pk, wish.pk)], key=str)
    assert [
        field.name for field in TalkWish._meta.get_fields() if "text" in field.get_internal_type().lower()
    ] == []


def test_a_second_tap_while_it_is_open_changes_nothing(partner, staff):
    for _tap in range(2):
        partner.client().post(reverse("talk_wish"))
    assert (TalkWish.objects.count(), len(told())) == (1, 1)


def test_after_the_talk_one_may_ask_again(partner, staff):
    for _time in range(2):
        wish = services.want_to_talk(partner=partner.record, by=partner.actor)
        services.talk_handled(wish=wish, by=staff.actor)
    assert (TalkWish.objects.count(), TalkWish.objects.open().count()) == (2, 0)


def test_looking_at_the_page_asks_for_nothing(partner):
    page = partner.client().get(reverse("talk_wish"))
    assert (page.status_code, TalkWish.objects.count()) == (200, 0)


@pytest.mark.parametrize("role", ["staff", "social_worker", "parent", "partner"])
def test_nobody_asks_for_another(partner, role):
    with pytest.raises(MoveRefused):
        services.want_to_talk(partner=partner.record, by=Person("other", user_in_role(role), role).actor)


def test_the_staff_say_that_they_have_talked(partner, staff):
    wish = services.want_to_talk(partner=partner.record, by=partner.actor)
    url = reverse("talk_handled", args=[wish.pk])
    page = staff.client().get(url)
    assert partner.record.name in page.content.decode()
    answer = staff.client().post(url)
    wish.refresh_from_db()
    assert (answer.url, wish.handled_by) == (reverse("partner_detail", args=[partner.record.pk]), staff.user)
    assert wish.handled_at <= timezone.now()
    events = AuditEvent.objects.filter(object_id=wish.pk).order_by("at").values_list("action", flat=True)
    assert list(events) == ["create", "view", "change"]


def test_the_second_of_two_who_have_talked_is_told(partner, staff):
    wish = services.want_to_talk(partner=partner.record, by=partner.actor)
    services.talk_handled(wish=wish, by=staff.actor)
    with pytest.raises(MoveRefused):
        services.talk_handled(wish=wish, by=staff.actor)


@pytest.mark.parametrize("role", ["partner", "social_worker"])
def test_nobody_but_the_staff_says_it(partner, role):
    wish = services.want_to_talk(partner=partner.record, by=partner.actor)
    by = partner if role == "partner" else Person("other", user_in_role(role), role)
    with pytest.raises(MoveRefused):
        services.talk_handled(wish=wish, by=by.actor)


def test_the_button_stands_at_a_logged_meeting_and_on_the_home_page():
    """One touch from where a heavy meeting was just saved."""
    trio = build_trio()
    meeting = MeetingFactory(relationship=trio.relationship)
    door = f'action="{reverse("talk_wish")}"'
    client = trio.partner.client()
    assert door in client.get(meeting.get_absolute_url()).content.decode()
    assert door in client.get(reverse("home")).content.decode()
    assert door not in trio.parent.client().get(meeting.get_absolute_url()).content.decode()


def test_one_open_wish_a_partner():
    words = str(TalkWish._meta.constraints[0].violation_error_message)
    wish = TalkWishFactory()
    TalkWishFactory(partner=wish.partner, handled_at=timezone.now())
    TalkWishFactory()
    refused(TalkWish(partner=wish.partner), words)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_twenty_taps_make_one_wish_and_one_notice(partner, staff):
    at_once([lambda: services.want_to_talk(partner=partner.record, by=partner.actor)] * 20)
    assert (TalkWish.objects.count(), len(told())) == (1, 1)
