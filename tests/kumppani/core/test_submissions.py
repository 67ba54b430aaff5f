"""Nothing twice, nothing lost."""

import threading
import uuid

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from kumppani.core.dates import today
from kumppani.core.models import KeptWords, Submission
from kumppani.core.submissions import NOBODY, new_token, once, read_token, seconds_open
from kumppani.core.visitors import VISITOR
from kumppani.organisations.models import Organisation
from pairing.models import Meeting
from tests.factories.organisations import OrganisationFactory
from tests.personas import build_people

pytestmark = pytest.mark.django_db


def meeting_words(client, url) -> dict:
    """What a partner sends: the form's own token and the facts."""
    form = client.get(url).context["form"]
    return {
        "submission": form.initial["submission"],
        "date": today().isoformat(),
        "kind": "peer",
        "place": "cafe",
        "length": "90",
        "other_length": "",
    }


class TestTokens:
    def test_a_token_tells_for_whom_it_was_made(self):
        user = uuid.uuid4()
        assert read_token(new_token(user))[1] == user

    @pytest.mark.parametrize("value", ["", "x", "a:b:c", "WyJhIl0:1:2", "\x00"])
    def test_anything_else_is_no_token(self, value):
        assert read_token(value) is None

    def test_a_token_is_good_for_two_days(self):
        token = new_token(uuid.uuid4())
        with time_machine.travel("2100-01-01"):
            assert read_token(token) is None

    def test_a_deed_is_done_once(self, people):
        token, _user = read_token(new_token(people.staff.user.pk))
        deed = lambda: OrganisationFactory(name="Yksi")  # noqa: E731
        first = once(token, by=people.staff.actor, purpose="test", deed=deed)
        second = once(token, by=people.staff.actor, purpose="test", deed=deed)
        assert (first[1], second[1], first[0] == second[0]) == (True, False, True)

    def test_a_deed_that_fails_leaves_the_token_free(self, people):
        token, _user = read_token(new_token(people.staff.user.pk))

        def broken():
            OrganisationFactory(name="Kesken")
            raise ValueError

        with pytest.raises(ValueError):
            once(token, by=people.staff.actor, purpose="test", deed=broken)
        assert (Submission.objects.count(), Organisation.objects.filter(name="Kesken").count()) == (0, 0)

    @pytest.mark.django_db(transaction=True)
    def test_of_two_sendings_at_once_one_makes_the_row(self):
        actor = build_people().staff.actor
        token, _user = read_token(new_token(actor.user_id))
        start, answers = threading.Barrier(4), []

        def send():
            try:
                start.wait(10)
                answers.append(
                    once(token, by=actor, purpose="test", deed=lambda: OrganisationFactory(name="Yksi"))
                )
            finally:
                connection.close()

        threads = [threading.Thread(target=send) for _number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert Organisation.objects.filter(name="Yksi").count() == 1
        assert (
            len(answers),
            len({answer[0] for answer in answers}),
            sum(answer[1] for answer in answers),
        ) == (4, 1, 1)


class TestStrangers:
    """A stranger's token is nobody's: one row per sending, and no words are kept for it."""

    def test_a_deed_is_done_once(self):
        token, whose = read_token(new_token(VISITOR.user_id))
        deed = lambda: OrganisationFactory(name="Yksi")  # noqa: E731
        first = once(token, by=VISITOR, purpose="test", deed=deed)
        second = once(token, by=VISITOR, purpose="test", deed=deed)
        assert (whose, first[1], second[1], first[0] == second[0]) == (NOBODY, True, False, True)

    def test_two_strangers_get_two_tokens(self):
        assert read_token(new_token(NOBODY)) != read_token(new_token(NOBODY))

    def test_a_strangers_token_is_not_a_users(self, people):
        client, url = people.partner.client(), reverse("meeting_log", args=[people.own.active.pk])
        words, before = meeting_words(client, url), Meeting.objects.count()
        answer = client.post(url, words | {"submission": new_token(NOBODY)})
        assert (answer.status_code, Meeting.objects.count()) == (422, before)

    def test_it_keeps_no_words(self, people):
        """Anybody can get one from a public form. Control: drop NOBODY from the middleware."""
        url = reverse("meeting_log", args=[people.own.active.pk])
        people.anonymous.client().post(url, {"submission": new_token(NOBODY), "place": "cafe"})
        assert KeptWords.objects.count() == 0

    def test_it_tells_how_long_it_has_been_open(self):
        with time_machine.travel("2026-03-02T12:00:00Z", tick=False) as clock:
            token = new_token(NOBODY)
            clock.shift(90)
            assert seconds_open(token) == 90


class TestForms:
    def test_a_double_tap_makes_one_row_and_the_same_answer(self, people):
        client, url = people.partner.client(), reverse("meeting_log", args=[people.own.active.pk])
        words, before = meeting_words(client, url), Meeting.objects.count()
        first, second = client.post(url, words), client.post(url, words)
        assert (first.status_code, first.url, second.status_code, second.url) == (302, "/", 302, "/")
        assert Meeting.objects.count() == before + 1

    def test_another_persons_token_makes_no_row_and_keeps_the_words(self, people):
        client, url = people.partner.client(), reverse("meeting_log", args=[people.own.active.pk])
        words, before = meeting_words(client, url), Meeting.objects.count()
        words["submission"] = new_token(people.staff.user.pk)
        answer = client.post(url, words)
        assert (answer.status_code, Meeting.objects.count()) == (422, before)
        assert answer.context["form"]["length"].value() == "90"
        # The form now carries a fresh token: saving again works.
        words["submission"] = answer.context["form"]["submission"].value()
        assert client.post(url, words).status_code == 302

    def test_a_second_tap_on_a_no_is_answered_kindly(self, people):
        client, url = (
            people.partner.client(),
            reverse("relationship_answer", args=[people.own.acquainting.pk]),
        )
        words = {
            "submission": client.get(url).context["form"].initial["submission"],
            "party": "partner",
            "answer": "no",
        }
        assert (client.post(url, words).url, client.post(url, words).url) == ("/", "/")

    def test_the_same_form_with_other_words_is_neither_lost_nor_saved_over(self, people):
        client, url = people.partner.client(), reverse("meeting_log", args=[people.own.active.pk])
        words, before = meeting_words(client, url), Meeting.objects.count()
        client.post(url, words)
        answer = client.post(url, words | {"length": "30"})
        assert (answer.status_code, Meeting.objects.count()) == (409, before + 1)
        fresh = answer.context["form"]
        assert fresh["length"].value() == "30"
        client.post(url, words | {"length": "30", "submission": fresh["submission"].value()})
        assert Meeting.objects.count() == before + 2


class TestExpiredSession:
    def test_typed_words_come_back_after_signing_in_again(self, people):
        client, url = people.partner.client(), reverse("meeting_log", args=[people.own.active.pk])
        words = meeting_words(client, url) | {"length": "other", "other_length": "75", "place": "outdoors"}
        client.session.flush()
        answer = client.post(url, words)
        assert (answer.status_code, answer.url) == (302, f"{reverse('account_login')}?next={url}")
        form = people.partner.client().get(url).context["form"]
        assert (form["place"].value(), form["length"].value(), form["other_length"].value()) == (
            "outdoors",
            "other",
            "75",
        )

    def test_nobody_else_gets_them(self, people):
        client, url = people.partner.client(), reverse("meeting_log", args=[people.own.active.pk])
        words = meeting_words(client, url)
        client.session.flush()
        client.post(url, words)
        kept = KeptWords.objects.get()
        assert (kept.user_id, people.other_partner.client().get(url).status_code) == (
            people.partner.user.pk,
            404,
        )

    def test_they_are_gone_once_saved(self, people):
        client, url = people.partner.client(), reverse("meeting_log", args=[people.own.active.pk])
        words = meeting_words(client, url)
        client.session.flush()
        client.post(url, words)
        client = people.partner.client()
        words["submission"] = client.get(url).context["form"].initial["submission"]
        client.post(url, words)
        assert KeptWords.objects.count() == 0

    def test_a_stranger_cannot_fill_the_table(self, people):
        url = reverse("meeting_log", args=[people.own.active.pk])
        people.anonymous.client().post(url, {"submission": "made up", "place": "cafe"})
        assert KeptWords.objects.count() == 0

    def test_very_many_words_are_not_kept(self, people):
        client, url = people.partner.client(), reverse("meeting_log", args=[people.own.active.pk])
        words = meeting_words(client, url) | {"place": "x" * 70_000}
        client.session.flush()
        client.post(url, words)
        assert KeptWords.objects.count() == 0
