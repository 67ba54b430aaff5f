"""A wish is one tap: the social worker and the staff read it, the other one does not (R16)."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from kumppani.core.dates import today
from kumppani.core.states import MoveRefused
from kumppani.notices.models import Notice
from pairing import services
from pairing.models import Wish
from tests.factories.pairing import WishFactory
from tests.pairing.trio import build_trio, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def trio():
    return build_trio()


def wishes() -> list[tuple]:
    return sorted(Wish.objects.values_list("party", "kind"))


class TestWishing:
    @pytest.mark.parametrize("kind", ["change", "partner", "talk"])
    @pytest.mark.parametrize("who", ["parent", "partner", "worker"])
    def test_each_of_the_three_wishes_for_each_thing(self, trio, who, kind):
        services.make_wish(relationship=trio.relationship, kind=kind, by=getattr(trio, who).actor)
        assert wishes() == [(who, kind)]

    @pytest.mark.parametrize("who", ["worker", "staff"])
    def test_what_was_told_is_recorded(self, trio, who):
        services.make_wish(
            relationship=trio.relationship, kind="partner", by=getattr(trio, who).actor, party="parent"
        )
        assert wishes() == [("parent", "partner")]

    def test_the_staff_have_no_wish_of_their_own(self, trio):
        with pytest.raises(MoveRefused):
            services.make_wish(relationship=trio.relationship, kind="partner", by=trio.staff.actor)

    def test_the_partner_does_not_speak_for_the_parent(self, trio):
        with pytest.raises(MoveRefused):
            services.make_wish(
                relationship=trio.relationship, kind="partner", by=trio.partner.actor, party="parent"
            )
        assert wishes() == []

    @pytest.mark.parametrize("who", ["parent", "partner"])
    def test_the_worker_and_the_staff_are_told_and_nobody_else(self, trio, who):
        services.make_wish(relationship=trio.relationship, kind="change", by=getattr(trio, who).actor)
        assert sorted(Notice.objects.values_list("kind", "role")) == [
            ("wish_made", "social_worker"),
            ("wish_made", "staff"),
        ]

    def test_wishing_again_while_it_is_open_changes_nothing(self, trio):
        made = [
            services.make_wish(relationship=trio.relationship, kind="talk", by=trio.parent.actor)
            for _twice in "ab"
        ]
        assert (made[0], Wish.objects.count(), Notice.objects.count()) == (made[1], 1, 2)

    def test_after_it_was_talked_about_one_may_wish_again(self, trio):
        wish = services.make_wish(relationship=trio.relationship, kind="talk", by=trio.parent.actor)
        services.handle_wish(wish=wish, by=trio.staff.actor)
        services.make_wish(relationship=trio.relationship, kind="talk", by=trio.parent.actor)
        assert Wish.objects.count() == 2

    @pytest.mark.parametrize(
        "status", ["acquainting", "proposed", "decided", "ended", "no_match", "declined", "refused"]
    )
    def test_wishes_belong_to_what_runs(self, status):
        trio = build_trio(status)
        with pytest.raises(MoveRefused):
            services.make_wish(relationship=trio.relationship, kind="talk", by=trio.parent.actor)


class TestThePage:
    def test_one_tap(self, trio):
        url = reverse("relationship_wish", args=[trio.relationship.pk])
        answer = send(trio.parent.client(), url, kind="partner")
        assert (answer.status_code, wishes()) == (302, [("parent", "partner")])

    def test_three_buttons_or_the_one_a_link_has_named(self, trio):
        client, url = trio.parent.client(), reverse("relationship_wish", args=[trio.relationship.pk])
        offered = {
            query: [kind.value for kind, _words, _note in client.get(url + query).context["kinds"]]
            for query in ("", "?kind=partner", "?kind=nonsense")
        }
        assert offered == {
            "": ["change", "partner", "talk"],
            "?kind=partner": ["partner"],
            "?kind=nonsense": ["change", "partner", "talk"],
        }

    def test_the_worker_says_whose_wish_it_is(self, trio):
        client, url = trio.worker.client(), reverse("relationship_wish", args=[trio.relationship.pk])
        assert send(client, url, kind="change").status_code == 422
        assert send(client, url, kind="change", party="parent").status_code == 302
        assert wishes() == [("parent", "change")]

    def test_a_wish_that_does_not_exist_is_none(self, trio):
        url = reverse("relationship_wish", args=[trio.relationship.pk])
        assert send(trio.parent.client(), url, kind="money").status_code == 422
        assert wishes() == []


class TestAnswering:
    @pytest.mark.parametrize("who", ["worker", "staff"])
    def test_somebody_has_talked_about_it(self, trio, who):
        wish = WishFactory(relationship=trio.relationship)
        person = getattr(trio, who)
        answer = person.client().post(reverse("wish_handle", args=[wish.pk]))
        wish.refresh_from_db()
        assert (answer.status_code, wish.handled_on, wish.handled_by) == (302, today(), person.user)

    def test_the_second_is_told_that_it_was_done(self, trio):
        wish = WishFactory(relationship=trio.relationship)
        services.handle_wish(wish=wish, by=trio.worker.actor)
        with pytest.raises(MoveRefused):
            services.handle_wish(wish=wish, by=trio.staff.actor)
        wish.refresh_from_db()
        assert wish.handled_by == trio.worker.user

    @pytest.mark.parametrize("who", ["partner", "parent"])
    def test_the_two_do_not_tick_off_wishes(self, trio, who):
        wish = WishFactory(relationship=trio.relationship, party=who)
        with pytest.raises(MoveRefused):
            services.handle_wish(wish=wish, by=getattr(trio, who).actor)


class TestTheDatabase:
    def test_one_open_wish_of_a_kind(self, trio):
        WishFactory(relationship=trio.relationship)
        with pytest.raises(IntegrityError), transaction.atomic():
            WishFactory(relationship=trio.relationship)
        Wish.objects.update(handled_on=today())
        WishFactory(relationship=trio.relationship)
        assert Wish.objects.count() == 2

    @pytest.mark.parametrize("wrong", [{"party": "staff"}, {"kind": "money"}])
    def test_who_and_what_are_known(self, trio, wrong):
        with pytest.raises(IntegrityError), transaction.atomic():
            WishFactory(relationship=trio.relationship, **wrong)
