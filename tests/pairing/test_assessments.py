"""What each of the three thinks: asked separately, shown side by side, never before one's own is given (domain 7)."""

import re
import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from kumppani.accounts.models import User
from kumppani.audit.models import AuditEvent
from kumppani.core.dates import today
from kumppani.core.models import KeptWords
from kumppani.core.states import MoveRefused
from kumppani.notices.models import Notice
from kumppani.notices.services import may_still_know
from pairing import services
from pairing.benefit import OWN_WORDS, statement
from pairing.models import (
    ITEMS_OF,
    Assessment,
    AssessmentAnswer,
    AssessmentRound,
    Item,
    Moment,
    Parent,
    Party,
    Relationship,
)
from tests.access.house import code
from tests.factories.accounts import user_in_role
from tests.factories.pairing import AssessmentFactory, AssessmentRoundFactory, relationship_in
from tests.pairing.never import refused
from tests.personas import Person

pytestmark = pytest.mark.django_db

PARTIES = ("parent", "partner", "worker")
AT_MOST = 12
NOT_A_QUESTION = re.compile(r"^\s*(SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT)", re.IGNORECASE)


@pytest.fixture(autouse=True)
def english():
    """The words of these tests are the English ones, whatever the catalogues say."""
    with translation.override("en"):
        yield


@pytest.fixture
def people(people):
    User.objects.update(language="en")
    return people


def give(people, party: str, *, round=None, who=None, how="sign_in", **answers):
    """One party answers the newest round of the active relationship."""
    return services.answer_round(
        round=round or people.own.round,
        party=party,
        answers=answers or {"voice": 4},
        how=how,
        by=getattr(people, who or party).actor,
    )


def seen_by(people, who: str, round=None) -> set[tuple[str, str]]:
    """(party, item) of the single answers that this person sees."""
    answers = AssessmentAnswer.objects.visible_to(getattr(people, who).actor)
    return set(
        answers.filter(assessment__round=round or people.own.round).values_list("assessment__party", "item")
    )


def items_of(*parties: str) -> set[tuple[str, str]]:
    return {(party, item.value) for party in parties for item in ITEMS_OF[party]}


class TestWhoSeesWhat:
    @pytest.mark.parametrize("who", PARTIES)
    def test_nobody_sees_anothers_answers_before_the_own_are_given(self, people, who):
        """Control: take `_after_own` out of the queryset."""
        for party in PARTIES:
            if party != who:
                AssessmentFactory(round=people.own.round, party=party)
        assert seen_by(people, who) == set()

    @pytest.mark.parametrize(
        ("who", "kept"),
        [
            ("parent", set()),
            ("partner", {("parent", "trust_partner")}),
            ("worker", set()),
        ],
    )
    def test_then_everybody_sees_all_but_the_partner_what_the_parent_says_of_the_partner(
        self, people, who, kept
    ):
        """Control: take `exclude` out of the queryset."""
        for party in PARTIES:
            AssessmentFactory(round=people.own.round, party=party)
        assert seen_by(people, who) == items_of(*PARTIES) - kept

    def test_own_answers_open_one_round_and_no_other(self, people):
        AssessmentFactory(round=people.own.round, party="parent")
        assert seen_by(people, "worker", people.own.first_round) == set()
        assert seen_by(people, "partner", people.own.first_round) == items_of("parent", "partner") - {
            ("parent", "trust_partner")
        }

    def test_the_staff_who_answer_nothing_see_all(self, people):
        AssessmentFactory(round=people.own.round, party="parent")
        assert seen_by(people, "staff") == items_of("parent")

    @pytest.mark.parametrize(
        "who", ["other_worker", "other_partner", "former_partner", "other_parent", "trainer", "administrator"]
    )
    def test_strangers_see_nothing(self, people, who):
        for party in PARTIES:
            AssessmentFactory(round=people.own.round, party=party)
        assert seen_by(people, who) == set()
        assert (
            not Assessment.objects.visible_to(getattr(people, who).actor)
            .filter(round=people.own.round)
            .exists()
        )

    @pytest.mark.parametrize("who", PARTIES)
    def test_that_somebody_has_answered_is_for_all_three_to_see(self, people, who):
        AssessmentFactory(round=people.own.round, party="parent")
        seen = Assessment.objects.visible_to(getattr(people, who).actor).filter(round=people.own.round)
        assert [given.party for given in seen] == ["parent"]

    def test_after_the_end_the_partner_sees_nothing(self, people):
        for party in PARTIES:
            AssessmentFactory(round=people.own.round, party=party)
        Relationship.objects.filter(pk=people.own.active.pk).update(status="ended", ended_on=today())
        assert seen_by(people, "partner") == set()
        assert seen_by(people, "parent") == items_of(*PARTIES)


class TestAnswering:
    @pytest.mark.parametrize("party", PARTIES)
    def test_each_answers_once_for_her_or_himself(self, people, party):
        given = give(people, party, voice=5, agency=1)
        assert (given.party, given.how, given.recorded_by) == (party, "sign_in", getattr(people, party).user)
        assert dict(given.answers.values_list("item", "value")) == {"voice": 5, "agency": 1}
        with pytest.raises(MoveRefused, match="answered already"):
            give(people, party, voice=1)
        assert dict(given.answers.values_list("item", "value")) == {"voice": 5, "agency": 1}

    @pytest.mark.parametrize(
        ("party", "who", "how"),
        [
            ("parent", "partner", "sign_in"),
            ("parent", "worker", "sign_in"),
            ("partner", "worker", "screen"),
            ("worker", "worker", "screen"),
            ("parent", "partner", "screen"),
            ("parent", "parent", "screen"),
            ("parent", "staff", "screen"),
            ("parent", "staff", "sign_in"),
            ("parent", "worker", "paper"),
            ("partner", "partner", "paper"),
            ("worker", "staff", "paper"),
            ("parent", "other_worker", "screen"),
            ("parent", "other_parent", "sign_in"),
        ],
    )
    def test_nobody_answers_for_another(self, people, party, who, how):
        with pytest.raises(MoveRefused, match="for her- or himself"):
            give(people, party, who=who, how=how)

    @pytest.mark.parametrize(
        ("party", "who", "how"),
        [
            ("parent", "worker", "screen"),
            ("parent", "staff", "paper"),
            ("partner", "staff", "paper"),
        ],
    )
    def test_on_the_workers_screen_and_on_paper(self, people, party, who, how):
        given = give(people, party, who=who, how=how)
        assert (given.party, given.how, given.recorded_by) == (party, how, getattr(people, who).user)

    def test_the_screen_shows_the_worker_nothing_before_the_own_answers(self, people):
        give(people, "parent", who="worker", how="screen", voice=2)
        assert seen_by(people, "worker") == set()
        give(people, "worker")
        assert ("parent", "voice") in seen_by(people, "worker")

    def test_something_is_answered(self, people):
        with pytest.raises(ValidationError, match="at least one"):
            services.answer_round(
                round=people.own.round, party="parent", answers={}, how="sign_in", by=people.parent.actor
            )

    @pytest.mark.parametrize(
        ("party", "answers"),
        [
            ("parent", {"trust_parent": 3}),
            ("partner", {"trust_partner": 3}),
            ("worker", {"trust_worker": 3}),
            ("worker", {"wealth": 3}),
            ("parent", {"voice": 0}),
            ("parent", {"voice": 6}),
        ],
    )
    def test_each_is_asked_the_own_statements_on_five_steps(self, people, party, answers):
        with pytest.raises(ValidationError, match="from 1 to 5"):
            give(people, party, **answers)
        assert not Assessment.objects.filter(round=people.own.round).exists()

    def test_who_is_asked_again_answers_the_newer_questions(self, people):
        with pytest.raises(MoveRefused, match="newer"):
            give(people, "worker", round=people.own.first_round)

    def test_a_paper_may_come_late(self, people):
        Assessment.objects.filter(round=people.own.first_round, party="parent").delete()
        assert give(people, "parent", round=people.own.first_round, who="staff", how="paper")

    def test_after_the_end_the_partner_answers_on_paper(self, people):
        Relationship.objects.filter(pk=people.own.active.pk).update(status="ended", ended_on=today())
        with pytest.raises(MoveRefused):
            give(people, "partner")
        assert give(people, "partner", who="staff", how="paper")
        assert give(people, "parent")

    def test_it_leaves_a_trace_without_the_answers(self, people):
        given = give(people, "parent", voice=5)
        trace = AuditEvent.objects.filter(object_id=given.pk).first()
        assert (trace.action, trace.detail, trace.fields_changed) == ("create", "parent:sign_in", [])


class TestAsking:
    def test_at_the_start_and_at_the_end_it_is_asked_once(self, people):
        for moment in (Moment.START, Moment.CLOSING):
            first = services.open_round(people.own.opened, moment)
            assert services.open_round(people.own.opened, moment) == first
        assert AssessmentRound.objects.filter(relationship=people.own.opened).count() == 2

    def test_at_each_review_it_is_asked_anew(self, people):
        for _twice in range(2):
            services.open_round(people.own.opened, Moment.REVIEW)
        assert AssessmentRound.objects.filter(relationship=people.own.opened).count() == 2

    def test_after_the_end_the_partner_is_not_written_to(self, people):
        Relationship.objects.filter(pk=people.own.active.pk).update(status="ended", ended_on=today())
        asked = services.open_round(people.own.active, Moment.CLOSING)
        roles = Notice.objects.filter(object_id=asked.pk).values_list("role", flat=True)
        assert sorted(roles) == ["parent", "social_worker"]

    @pytest.mark.parametrize("party", PARTIES)
    def test_it_waits_until_it_is_answered(self, people, party):
        actor = getattr(people, party).actor
        mine = AssessmentRound.objects.waiting_for(actor).filter(relationship=people.own.active)
        assert list(mine) == [people.own.round]
        give(people, party)
        assert list(mine.all()) == []

    def test_it_waits_for_nobody_else(self, people):
        for person in (people.staff, people.trainer, people.administrator):
            assert list(AssessmentRound.objects.waiting_for(person.actor)) == []
        assert list(AssessmentRound.objects.waiting_for(people.former_partner.actor)) == []

    def test_an_answered_one_is_written_to_nobody(self, people):
        asked = services.open_round(people.own.active, Moment.REVIEW)
        notice = Notice.objects.get(object_id=asked.pk, role="parent")
        assert may_still_know(notice)
        give(people, "parent", round=asked)
        assert not may_still_know(notice)


class TestWords:
    def test_the_parent_reads_i_and_the_others_of_the_parent(self):
        assert statement(Item.OPENNESS, Party.PARENT) == "I can speak openly, without shame."
        assert statement(Item.OPENNESS, Party.PARTNER) == "The parent can speak openly, without shame."
        assert statement(Item.COOPERATION, Party.WORKER) == "The parent and I understand each other."
        assert statement(Item.VOICE, None) == Item.VOICE.label

    def test_every_statement_of_the_parent_has_the_parents_own_words(self):
        assert set(OWN_WORDS[Party.PARENT]) == set(ITEMS_OF[Party.PARENT])
        for party, words in OWN_WORDS.items():
            assert set(words) <= set(ITEMS_OF[party])

    @pytest.mark.parametrize("who", ["parent", "partner", "worker"])
    def test_the_page_says_what_it_is_and_who_reads_it(self, people, who):
        page = people.client_for(who).get(reverse("assessment_answer", args=[people.own.round.pk]))
        words = page.content.decode()
        for sentence in (
            "These are our own questions, not a tested measure.",
            "Once you have saved, the answers are not changed",
            "The project staff see all answers.",
            "see your answers when they have given their own",
        ):
            assert sentence in words
        kept = (
            "What you say about trust in your experience partner is never shown to your experience partner."
        )
        assert (kept in words) is (who == "parent")


def token_of(page) -> str:
    return page.context["form"].initial["submission"]


class TestThePages:
    def post(self, people, who, name="assessment_answer", query="", **answers):
        client, url = people.client_for(who), reverse(name, args=[people.own.round.pk]) + query
        page = client.get(url)
        data = {"party": page.context["form"].party, "submission": token_of(page), **answers}
        return client.post(url, data)

    def test_skipped_statements_are_kept_as_nothing(self, people):
        response = self.post(people, "parent", voice="4", agency="skip", openness="")
        assert response["Location"] == reverse("relationship_benefit", args=[people.own.active.pk])
        given = Assessment.objects.get(round=people.own.round, party="parent")
        assert dict(given.answers.values_list("item", "value")) == {"voice": 4}

    def test_only_skipping_is_no_answer(self, people):
        response = self.post(people, "parent", voice="skip")
        assert code(response) == "422"
        assert not Assessment.objects.filter(round=people.own.round).exists()

    def test_a_second_answer_changes_nothing(self, people):
        client, url = people.client_for("parent"), reverse("assessment_answer", args=[people.own.round.pk])
        first, second = token_of(client.get(url)), token_of(client.get(url))
        assert code(client.post(url, {"voice": "4", "submission": first})) == "302"
        assert code(client.post(url, {"voice": "1", "submission": second})) == "409"
        assert AssessmentAnswer.objects.get(assessment__round=people.own.round).value == 4

    def test_who_has_answered_is_led_to_the_page_that_shows_it(self, people):
        give(people, "parent")
        response = people.client_for("parent").get(reverse("assessment_answer", args=[people.own.round.pk]))
        assert response["Location"] == reverse("relationship_benefit", args=[people.own.active.pk])

    def test_the_staff_copy_in_what_is_on_the_partners_paper(self, people):
        response = self.post(people, "staff", "assessment_record", "?party=partner", trust_parent="5")
        assert code(response) == "302"
        given = Assessment.objects.get(round=people.own.round)
        assert (given.party, given.how) == ("partner", "paper")

    def test_a_paper_of_the_social_worker_is_the_parents(self, people):
        """Nobody else's can be copied in, whatever the address says."""
        page = people.client_for("staff").get(
            reverse("assessment_record", args=[people.own.round.pk]) + "?party=worker"
        )
        assert page.context["form"].party == "parent"

    def test_the_social_worker_hands_over_the_screen_to_the_parent_only(self, people):
        self.post(people, "worker", "assessment_record", "?party=partner", voice="2")
        assert [(one.party, one.how) for one in Assessment.objects.filter(round=people.own.round)] == [
            ("parent", "screen")
        ]


class TestTheScreen:
    """The parent holds the social worker's device."""

    def url(self, people) -> str:
        return reverse("assessment_record", args=[people.own.round.pk])

    def test_it_speaks_the_parents_language(self, people):
        Parent.objects.filter(pk=people.own.parent.pk).update(language="sv")
        with translation.override("sv"):
            expected = statement(Item.VOICE, Party.PARENT), translation.gettext("I skip this")
        page = people.client_for("worker").get(self.url(people))
        assert page.headers["Content-Language"] == "sv"
        assert '<html lang="sv">' in page.content.decode()
        for words in expected:
            assert words in page.content.decode()

    def test_then_the_social_worker_reads_the_own_language_again(self, people):
        Parent.objects.filter(pk=people.own.parent.pk).update(language="sv")
        client = people.client_for("worker")
        token = token_of(client.get(self.url(people)))
        page = client.post(self.url(people), {"voice": "3", "submission": token}, follow=True)
        assert page.headers["Content-Language"] == "en"
        assert "You see the parent&#x27;s answers when you have given your own." in page.content.decode()

    def test_it_has_no_places_to_go_and_asks_the_browser_to_remember_nothing(self, people):
        words = people.client_for("worker").get(self.url(people)).content.decode()
        assert 'class="side"' not in words
        assert 'autocomplete="off"' in words

    def test_what_the_parent_had_typed_is_not_given_back_to_the_social_worker(self, people):
        """The session ran out while the parent was answering. Control: leave `kept_words` out of the view."""
        url = self.url(people)
        token = token_of(people.client_for("worker").get(url))
        people.client_for("anonymous").post(url, {"voice": "1", "submission": token})
        assert KeptWords.objects.filter(path=url).exists()
        form = people.client_for("worker").get(url).context["form"]
        assert "voice" not in form.initial

    def test_what_the_parent_had_typed_at_home_is_given_back(self, people):
        url = reverse("assessment_answer", args=[people.own.round.pk])
        token = token_of(people.client_for("parent").get(url))
        people.client_for("anonymous").post(url, {"voice": "1", "submission": token})
        assert people.client_for("parent").get(url).context["form"].initial["voice"] == "1"


def charts_of(page) -> dict[str, list[str]]:
    """Which lines each drawing has: {id: names}."""
    return {
        item.chart.id: [series.name for series in item.chart.series]
        for group in page.context["groups"]
        for item in group.items
    }


class TestSideBySide:
    def page(self, people, who):
        return people.client_for(who).get(reverse("relationship_benefit", args=[people.own.active.pk]))

    def test_who_has_answered_and_who_is_missing(self, people):
        give(people, "parent")
        newest, first = (one["shown"] for one in self.page(people, "worker").context["rounds"])
        assert (newest.round, newest.missing) == (people.own.round, ["partner", "worker"])
        assert (first.round, first.missing) == (people.own.first_round, ["worker"])

    def test_nothing_is_drawn_before_one_has_answered(self, people):
        give(people, "parent")
        page = self.page(people, "worker")
        assert charts_of(page) == {}
        assert "You see what the others have answered as soon as" in page.content.decode()

    def test_three_lines_a_statement_and_two_for_trust(self, people):
        for party in PARTIES:
            AssessmentFactory(round=people.own.round, party=party)
        charts = charts_of(self.page(people, "parent"))
        assert len(charts) == len(Item)
        assert charts["answers-voice"] == ["You", "Experience partner", "Social worker"]
        assert charts["answers-trust_partner"] == ["You", "Social worker"]
        assert charts["answers-trust_worker"] == ["You", "Experience partner"]
        assert charts["answers-trust_parent"] == ["Experience partner", "Social worker"]

    def test_the_partner_is_not_even_told_that_there_is_a_line_more(self, people):
        for party in PARTIES:
            AssessmentFactory(round=people.own.round, party=party)
        assert charts_of(self.page(people, "partner"))["answers-trust_partner"] == ["Social worker"]
        assert charts_of(self.page(people, "staff"))["answers-trust_partner"] == ["Parent", "Social worker"]

    def test_a_round_without_the_own_answers_is_not_drawn_as_if_nobody_had_answered(self, people):
        AssessmentFactory(round=people.own.round, party="worker")
        groups = self.page(people, "worker").context["groups"]
        assert {len(item.chart.moments) for group in groups for item in group.items} == {1}

    def test_what_one_says_stands_beside_what_the_others_say(self, people):
        for party, step in (("parent", 2), ("partner", 4), ("worker", 5)):
            AssessmentFactory(round=people.own.round, party=party, answers=step)
        groups = self.page(people, "parent").context["groups"]
        voice = next(item for group in groups for item in group.items if item.chart.id == "answers-voice")
        # At the start the social worker had not answered.
        assert [[answer for _name, answer in row.answers] for row in voice.chart.rows] == [
            ["3", "3", ""],
            ["2", "4", "5"],
        ]
        assert voice.latest == (
            ("You", "a little"),
            ("Experience partner", "quite"),
            ("Social worker", "fully"),
        )

    def test_each_keeps_the_own_mark_where_only_two_are_asked(self, people):
        for party in PARTIES:
            AssessmentFactory(round=people.own.round, party=party)
        looks = {
            (series.name, series.look)
            for group in self.page(people, "staff").context["groups"]
            for item in group.items
            for series in item.chart.series
        }
        assert len(looks) == 3

    @pytest.mark.parametrize("who", ["staff", "worker", "partner", "parent"])
    def test_it_asks_the_database_as_much_with_many_rounds_as_with_one(self, people, who):
        def asked() -> int:
            client = people.client_for(who)
            with CaptureQueriesContext(connection) as queries:
                assert (
                    client.get(reverse("relationship_benefit", args=[people.own.active.pk])).status_code
                    == 200
                )
            return len([one for one in queries.captured_queries if not NOT_A_QUESTION.match(one["sql"])])

        for party in PARTIES:
            AssessmentFactory(round=people.own.round, party=party)
        few = asked()
        for days in range(1, 6):
            later = AssessmentRoundFactory(
                relationship=people.own.active, moment="review", opened_on=today() + timedelta(days=days)
            )
            for party in PARTIES:
                AssessmentFactory(round=later, party=party)
        assert (asked(), few <= AT_MOST) == (few, True)

    def test_what_waits_comes_first(self, people):
        page = self.page(people, "parent")
        assert page.context["waiting"] == people.own.round
        give(people, "parent")
        assert self.page(people, "parent").context["waiting"] is None

    def test_each_may_record_what_is_missing(self, people):
        def deeds(who):
            return [
                [party for party, _label in one["deeds"]] for one in self.page(people, who).context["rounds"]
            ]

        assert deeds("staff") == [["parent", "partner"], []]
        assert deeds("worker") == [["parent"], []]
        assert deeds("partner") == deeds("parent") == [[], []]
        give(people, "parent")
        assert deeds("staff") == [["partner"], []]
        assert deeds("worker") == [[], []]


class TestNever:
    def test_a_party_answers_a_round_once(self, people):
        AssessmentFactory(round=people.own.round, party="worker")
        again = Assessment(round=people.own.round, party="worker", how="sign_in")
        refused(again, "These questions have been answered already.")

    def test_only_the_three_answer(self, people):
        refused(
            Assessment(round=people.own.round, party="staff", how="paper"), "Only the three parties answer."
        )
        AssessmentFactory(round=people.own.round, party="partner")

    def test_a_statement_is_answered_once(self, people):
        given = Assessment.objects.get(round=people.own.first_round, party="parent")
        refused(AssessmentAnswer(assessment=given, item="voice", value=1), "This has been answered already.")

    @pytest.mark.parametrize(
        ("facts", "words"),
        [
            ({"item": "voice", "value": 0}, "Choose a step from 1 to 5."),
            ({"item": "voice", "value": 6}, "Choose a step from 1 to 5."),
            ({"item": "wealth", "value": 3}, "Choose from the list."),
        ],
    )
    def test_steps_and_statements_are_the_written_ones(self, people, facts, words):
        given = Assessment.objects.create(round=people.own.round, party="worker", how="sign_in")
        refused(AssessmentAnswer(assessment=given, **facts), words)
        for value in (1, 5):
            AssessmentAnswer.objects.create(
                assessment=given, item=["voice", "agency"][value // 5], value=value
            )


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_who_copy_in_a_paper_at_once_one_does():
    """Control: take `_hold` out of `answer_round`."""
    relationship = relationship_in("active")
    asked = services.open_round(relationship, Moment.START)
    actor = Person("staff", user_in_role("staff"), "staff").actor
    start, answers = threading.Barrier(8), []

    def write(value: int) -> None:
        start.wait(30)
        try:
            services.answer_round(
                round=asked, party="parent", answers={"voice": value}, how="paper", by=actor
            )
            answers.append("saved")
        except MoveRefused:
            answers.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=[number % 5 + 1]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers) == ["refused"] * 7 + ["saved"]
    assert AssessmentAnswer.objects.filter(assessment__round=asked).count() == 1
