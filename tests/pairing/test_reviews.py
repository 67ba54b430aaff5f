"""The three look back: when a review is due, what is written down, and how far the goals have come (domain 5.4, 7)."""

import datetime
import threading

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import translation

from kumppani.accounts.models import User
from kumppani.audit.models import AuditEvent
from kumppani.core.dates import add_months, today
from kumppani.core.states import MoveRefused
from kumppani.notices.models import Notice
from kumppani.reports.figures import Period
from kumppani.reports.selectors import report
from pairing import services
from pairing.benefit import goal_stories, reached_at_last_review
from pairing.models import AssessmentRound, Goal, GoalScore, Relationship, Review
from tests.access.house import code
from tests.factories.accounts import user_in_role
from tests.factories.pairing import (
    AgreementFactory,
    AssessmentFactory,
    AssessmentRoundFactory,
    DecisionFactory,
    GoalFactory,
    GoalScoreFactory,
    ReviewFactory,
    SocialWorkerFactory,
    StartMeetingFactory,
    agree,
    relationship_in,
)
from tests.pairing.never import refused
from tests.personas import Person

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def english():
    """The words of these tests are the English ones, whatever the catalogues say."""
    with translation.override("en"):
        yield


@pytest.fixture
def people(people):
    User.objects.update(language="en")
    return people


def running(*, started: int = 0, agreed: int = 170, decided: int = 180) -> Relationship:
    """An active relationship that started so many days ago, for so many days from its start."""
    on = today() - DAY * started
    relationship = relationship_in("decided")
    # The agreement's own length: made by hand, because what all three have accepted is not changed.
    relationship.decisions.all().delete()
    DecisionFactory(relationship=relationship, made_on=on, valid_from=on, valid_to=on + DAY * decided)
    StartMeetingFactory(
        relationship=relationship, held_on=on, worker_present=True, partner_present=True, parent_present=True
    )
    agreement = AgreementFactory(relationship=relationship, starts_on=on, ends_on=on + DAY * agreed)
    GoalFactory(agreement=agreement)
    agree(agreement, on=on)
    Relationship.objects.filter(pk=relationship.pk).update(status="active", started_on=on, active_since=on)
    return Relationship.objects.get(pk=relationship.pk)


def staff():
    return Person("staff", user_in_role("staff"), "staff").actor


def scheduled(relationship: Relationship) -> list[tuple[datetime.date, bool]]:
    """The open reviews: (due, closing)."""
    return list(Review.objects.filter(relationship=relationship).open().values_list("due_on", "is_closing"))


def hold(review: Review, by, **facts) -> Review:
    """Hold it today: every goal has come as far as expected."""
    goals = list(Relationship.objects.get(pk=review.relationship_id).agreement_in_force().goals.all())
    facts = {
        "held_on": today(),
        "scores": dict.fromkeys(goals, 0),
        "expected": dict.fromkeys(goals, "Soitan itse."),
        "outcome": "go_on",
        **facts,
    }
    return services.hold_review(review=review, by=by, **facts)


class TestWhenItIsDue:
    @pytest.mark.parametrize(
        ("lengths", "days", "closing"),
        [
            ({"agreed": 170, "decided": 180}, 85, False),  # half-way comes before three months
            ({"agreed": 60, "decided": 180}, 30, False),
            (
                {"agreed": 20, "decided": 180},
                20,
                True,
            ),  # half-way lies in the last days: one meeting, the closing one
            (
                {"agreed": 170, "decided": 40},
                40,
                True,
            ),  # the decision runs out first: never after the last day
        ],
    )
    def test_half_way_or_with_the_last_day(self, lengths, days, closing):
        relationship = running(**lengths)
        services.schedule_review(relationship)
        assert scheduled(relationship) == [(today() + DAY * days, closing)]

    def test_after_three_months_where_half_way_is_later(self):
        relationship = running(agreed=360, decided=360)
        services.schedule_review(relationship)
        assert scheduled(relationship) == [(add_months(today(), 3), False)]

    def test_the_number_of_months_is_a_setting(self, settings):
        settings.REVIEW_MONTHS = 1
        relationship = running()
        services.schedule_review(relationship)
        assert scheduled(relationship) == [(add_months(today(), 1), False)]

    def test_the_next_one_is_counted_from_the_last_one(self):
        relationship = running(started=100, agreed=360, decided=360)
        ReviewFactory(relationship=relationship, held=True)
        services.schedule_review(relationship)
        # Half-way (day 180) comes before three months after yesterday (day 99).
        assert scheduled(relationship) == [(today() + DAY * 80, False)]

    def test_after_half_way_every_three_months(self):
        relationship = running(started=181, agreed=360, decided=360)
        ReviewFactory(relationship=relationship, due_on=today(), held_on=today(), outcome="go_on")
        services.schedule_review(relationship)
        assert scheduled(relationship) == [(add_months(today(), 3), False)]

    def test_the_last_one_is_the_closing_meeting(self):
        relationship = running(started=120)
        ReviewFactory(relationship=relationship, held=True)
        services.schedule_review(relationship)
        assert scheduled(relationship) == [(today() + DAY * 50, True)]

    def test_a_moment_that_has_passed_is_today(self):
        relationship = running(started=120)
        services.schedule_review(relationship)
        assert scheduled(relationship) == [(today(), False)]

    def test_there_is_one_however_often_it_is_asked_for(self):
        relationship = running()
        first = services.schedule_review(relationship)
        assert services.schedule_review(relationship) == first
        assert Review.objects.filter(relationship=relationship).count() == 1

    def test_an_extension_turns_the_closing_meeting_into_a_review(self):
        relationship = running(started=140, decided=360)
        ReviewFactory(relationship=relationship, held=True)
        assert services.schedule_review(relationship).is_closing
        extension = AgreementFactory(
            relationship=relationship,
            number=2,
            kind="extension",
            starts_on=today(),
            ends_on=today() + DAY * 200,
        )
        GoalFactory(agreement=extension)
        agree(extension)
        services.schedule_review(relationship)
        # Three months after the review of yesterday.
        assert scheduled(relationship) == [(add_months(today() - DAY, 3), False)]

    def test_what_is_due_is_not_put_off_by_a_new_agreement(self):
        relationship = running(started=120)
        ReviewFactory(relationship=relationship, due_on=today() - DAY * 10)
        services.schedule_review(relationship)
        assert scheduled(relationship) == [(today() - DAY * 10, False)]

    def test_after_the_closing_meeting_there_is_none(self):
        relationship = running(started=160)
        review = services.schedule_review(relationship)
        hold(review, staff(), outcome="end", is_closing=True)
        assert scheduled(relationship) == []

    def test_after_a_closing_meeting_that_led_to_an_extension_there_is_one(self):
        relationship = running(started=160, decided=400)
        hold(services.schedule_review(relationship), staff(), outcome="change", is_closing=True)
        assert scheduled(relationship) == []
        extension = AgreementFactory(
            relationship=relationship,
            number=2,
            kind="extension",
            starts_on=today(),
            ends_on=today() + DAY * 100,
        )
        GoalFactory(agreement=extension)
        agree(extension)
        services.schedule_review(relationship)
        assert scheduled(relationship) == [(today() + DAY * 50, False)]

    def test_the_end_takes_it_away(self):
        relationship = running()
        services.schedule_review(relationship)
        Relationship.objects.filter(pk=relationship.pk).update(status="ended", ended_on=today())
        services.schedule_review(relationship)
        assert scheduled(relationship) == []

    @pytest.mark.parametrize("status", ["acquainting", "proposed", "decided"])
    def test_before_the_start_there_is_none(self, status):
        assert services.schedule_review(relationship_in(status)) is None

    def test_a_break_leaves_it_as_it_is(self):
        relationship = running()
        review = services.schedule_review(relationship)
        Relationship.objects.filter(pk=relationship.pk).update(status="paused")
        assert services.schedule_review(relationship) == review

    @time_machine.travel("2024-11-30 12:00:00+02:00")
    def test_three_months_end_with_the_month(self):
        relationship = running(agreed=360, decided=360)
        services.schedule_review(relationship)
        assert scheduled(relationship) == [(datetime.date(2025, 2, 28), False)]

    def test_due_are_those_of_running_relationships(self, people):
        own = people.own
        Review.objects.filter(pk__in=[own.review.pk, own.ended_review.pk]).update(due_on=today())
        assert list(Review.objects.due(today())) == [own.review]
        assert list(Review.objects.due(today() - DAY)) == []


class TestHolding:
    def test_the_worker_writes_it_down_and_the_next_one_is_due(self, people):
        own = people.own
        hold(own.review, people.worker.actor)
        own.review.refresh_from_db()
        assert (own.review.held_on, own.review.outcome, own.review.is_closing) == (today(), "go_on", False)
        assert own.review.recorded_by == people.worker.user
        assert [(score.goal, score.score) for score in own.review.scores.all()] == [(own.goal, 0)]
        assert Goal.objects.get(pk=own.goal.pk).expected == "Soitan itse."
        assert len(scheduled(own.active)) == 1

    def test_it_asks_the_three(self, people):
        AssessmentRound.objects.all().delete()
        hold(people.own.review, people.worker.actor)
        asked = AssessmentRound.objects.get()
        assert (asked.relationship, asked.moment, asked.opened_on) == (people.own.active, "review", today())
        told = Notice.objects.filter(kind="assessment_waiting", object_id=asked.pk)
        assert set(told.values_list("recipient", "role")) == {
            (people.worker.user.pk, "social_worker"),
            (people.partner.user.pk, "partner"),
            (people.parent.user.pk, "parent"),
        }

    def test_what_a_goal_expects_is_written_once(self, people):
        Goal.objects.filter(pk=people.own.goal.pk).update(expected="Kuten sovittiin.")
        hold(people.own.review, people.worker.actor)
        assert Goal.objects.get(pk=people.own.goal.pk).expected == "Kuten sovittiin."

    @pytest.mark.parametrize("words", ["", "   "])
    def test_without_what_is_expected_a_step_means_nothing(self, people, words):
        with pytest.raises(ValidationError, match="how it shows"):
            hold(people.own.review, people.worker.actor, expected={people.own.goal: words})
        assert Review.objects.get(pk=people.own.review.pk).held_on is None

    def test_every_goal_gets_a_step(self, people):
        with pytest.raises(ValidationError, match="every goal"):
            hold(people.own.review, people.worker.actor, scores={})

    def test_a_goal_of_another_agreement_gets_none(self, people):
        with pytest.raises(ValidationError, match="every goal"):
            hold(people.own.review, people.worker.actor, scores={people.own.goal: 0, people.foreign.goal: 0})
        assert not GoalScore.objects.filter(goal=people.foreign.goal, review=people.own.review).exists()

    def test_a_step_off_the_scale_leaves_nothing_half_done(self, people):
        rounds = AssessmentRound.objects.count()
        with pytest.raises(ValidationError):
            hold(people.own.review, people.worker.actor, scores={people.own.goal: 3})
        assert Review.objects.get(pk=people.own.review.pk).held_on is None
        assert Goal.objects.get(pk=people.own.goal.pk).expected == ""
        assert AssessmentRound.objects.count() == rounds

    @pytest.mark.parametrize(("days", "words"), [(1, "not come yet"), (-6, "has started")])
    def test_it_was_held_between_the_start_and_today(self, people, days, words):
        with pytest.raises(ValidationError, match=words):
            hold(people.own.review, people.worker.actor, held_on=today() + DAY * days)

    def test_nobody_goes_on_after_the_closing_meeting(self, people):
        with pytest.raises(ValidationError, match="closing meeting"):
            hold(people.own.review, people.worker.actor, is_closing=True, outcome="go_on")

    def test_it_is_written_down_once(self, people):
        hold(people.own.review, people.worker.actor)
        with pytest.raises(MoveRefused, match="already"):
            hold(people.own.review, people.staff.actor)

    @pytest.mark.parametrize("who", ["partner", "parent", "other_worker", "other_partner", "former_partner"])
    def test_others_do_not_write_it(self, people, who):
        with pytest.raises(MoveRefused, match="social worker and the project staff"):
            hold(people.own.review, getattr(people, who).actor)

    @pytest.mark.parametrize(
        ("who", "outcome", "told"),
        [
            ("staff", "go_on", 0),
            ("staff", "change", 1),
            ("staff", "end", 1),
            ("worker", "change", 0),
        ],
    )
    def test_the_worker_hears_what_the_staff_have_written(self, people, who, outcome, told):
        hold(people.own.review, getattr(people, who).actor, outcome=outcome)
        assert Notice.objects.filter(kind="review_asks", recipient=people.worker.user).count() == told

    def test_after_the_end_a_closing_meeting_can_be_written_down_once(self, people):
        own = people.own
        Goal.objects.filter(agreement=own.ended_agreement).update(expected="Kuten sovittiin.")
        review = services.add_review(relationship=own.ended, by=people.staff.actor)
        assert review == own.ended_review
        hold(review, people.staff.actor, outcome="end")
        assert Review.objects.get(pk=review.pk).is_closing
        assert scheduled(own.ended) == []
        with pytest.raises(MoveRefused, match="closing meeting"):
            services.add_review(relationship=own.ended, by=people.staff.actor)

    def test_it_leaves_a_trace_of_names_of_fields_only(self, people):
        hold(people.own.review, people.worker.actor)
        traces = AuditEvent.objects.filter(object_id=people.own.review.pk, action="change")
        assert {tuple(trace.fields_changed) for trace in traces} == {
            ("held_on", "is_closing", "outcome", "scores")
        }


class TestAnExtraOne:
    def test_it_is_due_today(self, people):
        review = services.add_review(relationship=people.own.active, by=people.worker.actor)
        assert (review, review.due_on, review.is_closing) == (people.own.review, today(), False)

    def test_the_closing_meeting_comes_again_after_it(self):
        relationship = running(started=120)
        ReviewFactory(relationship=relationship, held=True)
        assert services.schedule_review(relationship).is_closing
        review = services.add_review(relationship=relationship, by=staff())
        assert not review.is_closing
        hold(review, staff())
        assert scheduled(relationship) == [(today() + DAY * 50, True)]

    def test_others_do_not_ask_for_it(self, people):
        for person in (people.partner, people.parent, people.other_worker):
            with pytest.raises(MoveRefused):
                services.add_review(relationship=people.own.active, by=person.actor)

    def test_before_the_start_there_is_none(self, people):
        with pytest.raises(MoveRefused):
            services.add_review(relationship=people.own.decided, by=people.staff.actor)


class TestNothingHereCountsAsAMeeting:
    def test_reviews_rounds_and_answers_change_no_figure(self, people):
        """R4: what is counted are meetings and relationships. Control: let figures.py count reviews."""
        period = Period(today() - DAY * 400, today() + DAY * 30)

        def figures():
            return {(figure.name, figure.value) for figure in report(period)}

        before = figures()
        hold(people.own.review, people.worker.actor)
        services.add_review(relationship=people.own.active, by=people.worker.actor)
        asked = services.open_round(people.own.active, "closing")
        AssessmentFactory(round=asked, party="worker")
        assert figures() == before


class TestGoalsOverTime:
    def test_a_goal_that_goes_on_keeps_its_steps(self, people):
        own = people.own
        change = AgreementFactory(relationship=own.active, number=2, kind="change")
        follows = GoalFactory(agreement=change, continues=own.goal)
        new = GoalFactory(agreement=change, position=2)
        left = GoalFactory(
            agreement=AgreementFactory(relationship=own.active, number=3, withdrawn_on=today())
        )
        later = ReviewFactory(relationship=own.active, due_on=today(), held_on=today(), outcome="go_on")
        Review.objects.filter(pk=own.review.pk).delete()
        second = GoalScoreFactory(review=later, goal=follows, score=2)
        now, earlier = goal_stories([own.goal, follows, new, left], [second, own.score], change.pk)
        assert [(story.goal, [step.score for step in story.attained]) for story in now] == [
            (follows, [0, 2]),
            (new, []),
        ]
        assert [(story.goal, story.attained) for story in earlier] == [(left, [])]

    def test_the_share_is_told_with_its_number(self, people):
        own = people.own
        assert reached_at_last_review([]) is None
        assert reached_at_last_review([own.score]) == (1, 1)
        goals = [own.goal, *(GoalFactory(agreement=own.open_agreement) for _more in range(2))]
        later = ReviewFactory.build(
            relationship=own.active, held_on=today(), created_at=own.review.created_at
        )
        scores = [
            GoalScoreFactory.build(review=later, goal=goal, score=step)
            for goal, step in zip(goals, (-1, 0, 2), strict=True)
        ]
        assert reached_at_last_review([own.score, *scores]) == (2, 3)

    def test_the_page_tells_it_in_words(self, people):
        page = people.client_for("worker").get(reverse("relationship_benefit", args=[people.own.active.pk]))
        assert "At the last review 1 of 1 goal had come as far as expected" in page.content.decode()


class TestPages:
    def post(self, people, who, review, **more):
        goal = people.own.goal
        client = people.client_for(who)
        url = reverse("review_hold", args=[review.pk])
        token = client.get(url).context["form"].initial["submission"]
        data = {
            "held_on": today().isoformat(),
            f"expected_{goal.pk}": "Soitan itse.",
            f"score_{goal.pk}": "1",
            "outcome": "go_on",
            "submission": token,
            **more,
        }
        return client.post(url, data)

    @pytest.mark.parametrize(
        ("outcome", "door"),
        [
            ("go_on", "relationship_benefit"),
            ("change", "agreement_propose"),
            ("end", "relationship_end"),
        ],
    )
    def test_what_comes_next_is_where_the_worker_is_led(self, people, outcome, door):
        response = self.post(people, "worker", people.own.review, outcome=outcome)
        assert (code(response), response["Location"]) == ("302", reverse(door, args=[people.own.active.pk]))
        assert GoalScore.objects.get(review=people.own.review).score == 1

    def test_an_agreement_is_changed_by_the_social_worker_and_not_by_the_staff(self, people):
        response = self.post(people, "staff", people.own.review, outcome="change")
        assert response["Location"] == reverse("relationship_benefit", args=[people.own.active.pk])

    def test_pressing_twice_writes_it_once(self, people):
        client, url = people.client_for("worker"), reverse("review_hold", args=[people.own.review.pk])
        goal = people.own.goal
        data = {
            "held_on": today().isoformat(),
            f"expected_{goal.pk}": "Soitan itse.",
            f"score_{goal.pk}": "-2",
            "outcome": "go_on",
            "submission": client.get(url).context["form"].initial["submission"],
        }
        assert [client.post(url, data)["Location"] for _twice in range(2)] == [
            reverse("relationship_benefit", args=[people.own.active.pk])
        ] * 2
        assert Review.objects.filter(relationship=people.own.active, held_on=today()).count() == 1

    def test_a_step_from_somewhere_else_is_no_step(self, people):
        response = self.post(people, "worker", people.own.review, **{f"score_{people.own.goal.pk}": "5"})
        assert code(response) == "422"

    def test_the_closing_meeting_may_be_held_early(self, people):
        client = people.client_for("worker")
        url = reverse("review_hold", args=[people.own.review.pk])
        assert client.get(url).context["form"].initial["is_closing"] is False
        page = client.get(f"{url}?closing=1")
        assert page.context["form"].initial["is_closing"] is True
        assert page.context["title"] == "Closing meeting"

    def test_the_parent_and_the_partner_read_what_was_written(self, people):
        hold(people.own.review, people.worker.actor)
        url = reverse("relationship_benefit", args=[people.own.active.pk])
        for who in ("partner", "parent"):
            page = people.client_for(who).get(url)
            assert [review.held_on for review in page.context["held"]] == [today(), today() - DAY]
            assert "Soitan itse." in page.content.decode()

    def test_adding_one_leads_to_its_page(self, people):
        response = people.client_for("worker").post(reverse("review_add", args=[people.own.active.pk]))
        assert response["Location"] == reverse("review_hold", args=[people.own.review.pk])

    def test_a_substitute_writes_for_the_social_worker(self, people):
        colleague = SocialWorkerFactory(organisation=people.own.organisation)
        people.own.worker.substitutions.create(substitute=colleague, starts_on=today(), ends_on=today())
        substitute = Person("substitute", colleague.user, "social_worker")
        url = reverse("review_hold", args=[people.own.review.pk])
        assert code(substitute.client().get(url)) == "200"
        with time_machine.travel(datetime.datetime.now(datetime.UTC) + DAY, tick=False):
            assert code(substitute.client().get(url)) == "404"


class TestNever:
    """What must never be, refused in words and by the database."""

    def test_a_second_review_cannot_be_due(self, people):
        refused(ReviewFactory.build(relationship=people.own.active), "A review is due already.")
        ReviewFactory(relationship=people.own.active, held=True)

    @pytest.mark.parametrize(
        "facts",
        [
            {"held_on": None, "outcome": "go_on"},
            {"held_on": datetime.date(2021, 5, 4), "outcome": ""},
        ],
    )
    def test_a_held_review_says_what_comes_next(self, people, facts):
        review = ReviewFactory.build(relationship=people.foreign.decided, **facts)
        refused(review, "A review that was held says what comes next.")
        ReviewFactory(relationship=people.foreign.decided, held=True)

    def test_a_goal_has_one_step_a_review(self, people):
        again = GoalScoreFactory.build(review=people.own.held_review, goal=people.own.goal, score=1)
        refused(again, "This goal has been scored in this review already.")
        GoalScoreFactory(review=people.own.review, goal=people.own.goal)

    @pytest.mark.parametrize("step", [-3, 3])
    def test_steps_lie_between_minus_two_and_plus_two(self, people, step):
        refused(
            GoalScoreFactory.build(review=people.own.review, goal=people.own.goal, score=step),
            "Choose a step from −2 to +2.",
        )

    @pytest.mark.parametrize("step", [-2, 2])
    def test_the_ends_of_the_scale_belong_to_it(self, people, step):
        GoalScoreFactory(review=people.own.review, goal=people.own.goal, score=step)

    @pytest.mark.parametrize("moment", ["start", "closing"])
    def test_at_the_start_and_at_the_end_the_three_are_asked_once(self, people, moment):
        AssessmentRoundFactory(relationship=people.own.decided, moment=moment)
        refused(
            AssessmentRoundFactory.build(relationship=people.own.decided, moment=moment),
            "The three have been asked at this moment already.",
        )
        for _twice in range(2):
            AssessmentRoundFactory(relationship=people.own.decided, moment="review")

    def test_a_moment_is_one_of_three(self, people):
        refused(
            AssessmentRoundFactory.build(relationship=people.own.decided, moment="later"),
            "Choose from the list.",
        )


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_who_write_it_down_at_once_one_does():
    """Control: take `_hold` out of `hold_review`."""
    relationship = running(started=100)
    review = services.schedule_review(relationship)
    actor, start, answers = staff(), threading.Barrier(8), []

    def write() -> None:
        start.wait(30)
        try:
            hold(Review.objects.get(pk=review.pk), actor)
            answers.append("held")
        except MoveRefused:
            answers.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers) == ["held"] + ["refused"] * 7
    assert GoalScore.objects.filter(review=review).count() == 1
    assert AssessmentRound.objects.filter(relationship=relationship).count() == 1
    assert Review.objects.filter(relationship=relationship).open().count() == 1
