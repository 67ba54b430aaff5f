"""Looking back together: reviews, how far the goals have come, and what each of the three thinks (domain 5.4, 7).

A review is due half-way, or three months after the last one; the last one of all is the closing meeting. With every
review each of the three is asked the same few statements, each for her- or himself.
"""

import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kumppani.accounts.roles import Role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.dates import add_months, today
from kumppani.core.states import MoveRefused
from kumppani.notices.kinds import notify
from pairing.models import (
    ITEMS_OF,
    AcknowledgedHow,
    Assessment,
    AssessmentAnswer,
    AssessmentRound,
    Goal,
    GoalScore,
    Moment,
    Party,
    Relationship,
    Review,
    ReviewOutcome,
)


# --- reviews -------------------------------------------------------------------------------------------------
def next_review(relationship: Relationship) -> tuple[datetime.date, bool] | None:
    """When the three look back next, and whether that is the closing meeting; None when there is nothing left to do.

    The earlier of half-way through the agreement in force and `REVIEW_MONTHS` after the last review (or the start).
    What would fall into the last `CLOSING_DAYS` is the closing meeting, due on the last day. Never after the last day.
    """
    agreement, last_day = relationship.agreement_in_force(), relationship.last_day()
    if not relationship.is_running or agreement is None or last_day is None:
        return None
    held = [review for review in relationship.reviews.all() if review.held_on is not None]
    if any(_is_final(review, agreement) for review in held):
        return None
    since = max([relationship.started_on, *(review.held_on for review in held)])
    due = add_months(since, settings.REVIEW_MONTHS)
    half_way = agreement.starts_on + (agreement.ends_on - agreement.starts_on) // 2
    if since < half_way < due:
        due = half_way
    due = max(due, today())
    if due > last_day - datetime.timedelta(days=settings.CLOSING_DAYS):
        return last_day, True
    return due, False


def _is_final(review: Review, agreement) -> bool:
    """A closing meeting after which nothing new has been agreed."""
    if not review.is_closing:
        return False
    if review.outcome == ReviewOutcome.END:
        return review.held_on >= agreement.agreed_on
    return review.held_on > agreement.agreed_on


@transaction.atomic
def schedule_review(relationship: Relationship, *, by=None) -> Review | None:
    """See to it that the next review is due on the right day; called when an agreement begins to hold, after each
    review, and at the end, which takes the open one away: after the end a closing meeting is offered, not waited for.

    Safe to call again. A review that is due already stays due: a new agreement does not put it off.
    """
    relationship = _hold(relationship)
    waiting = Review.objects.filter(relationship=relationship).open().first()
    if waiting and relationship.is_running and not waiting.is_closing and waiting.due_on <= today():
        return waiting
    coming = next_review(relationship)
    if coming is None:
        if waiting:
            record(by, Action.CHANGE, waiting, detail="called_off")
            waiting.delete()
        return None
    due_on, is_closing = coming
    if waiting is None:
        return _new_review(relationship, due_on, is_closing, by)
    if (waiting.due_on, waiting.is_closing) != (due_on, is_closing):
        waiting.due_on, waiting.is_closing = due_on, is_closing
        waiting.save(update_fields=["due_on", "is_closing", "updated_at"])
        record(by, Action.CHANGE, waiting, fields_changed=["due_on", "is_closing"])
    return waiting


@transaction.atomic
def add_review(*, relationship: Relationship, by) -> Review:
    """A review now, before the next one is due; after the end, the closing meeting if there was none."""
    relationship = _hold(relationship)
    if not relationship.can_review(by):
        raise MoveRefused(_("The social worker and the project staff write down a review."))
    reviews = list(relationship.reviews.all())
    if not relationship.is_running and any(review.is_closing and review.held_on for review in reviews):
        raise MoveRefused(_("The closing meeting has been written down already."))
    is_closing = not relationship.is_running
    waiting = next((review for review in reviews if review.held_on is None), None)
    if waiting is None:
        return _new_review(relationship, today(), is_closing, by)
    if waiting.due_on > today():
        waiting.due_on, waiting.is_closing = today(), is_closing
        waiting.save(update_fields=["due_on", "is_closing", "updated_at"])
        record(by, Action.CHANGE, waiting, fields_changed=["due_on", "is_closing"])
    return waiting


def _new_review(relationship: Relationship, due_on: datetime.date, is_closing: bool, by) -> Review:
    review = Review(relationship=relationship, due_on=due_on, is_closing=is_closing)
    review.full_clean()
    review.save(force_insert=True)
    record(by, Action.CREATE, review)
    return review


@transaction.atomic
def hold_review(
    *,
    review: Review,
    by,
    held_on: datetime.date,
    scores: dict[Goal, int],
    expected: dict[Goal, str],
    outcome: str,
    is_closing: bool = False,
) -> Review:
    """What the three found when they looked back, written down by the social worker or the staff.

    `scores`: for every goal of the agreement in force a step from −2 to +2. `expected`: for each goal that does not
    say it yet, how it shows that the goal has come true; what was agreed on earlier stays as it is. `outcome`: what
    comes next, a `ReviewOutcome`. Asks the three the statements, and says when they look back next.
    """
    relationship = _hold(review.relationship)
    review = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
    review.relationship = relationship
    if review.held_on is not None:
        raise MoveRefused(_("This review has been written down already."))
    if not relationship.can_review(by):
        raise MoveRefused(_("The social worker and the project staff write down a review."))
    is_closing = is_closing or not relationship.is_running
    _check_review(relationship, held_on, outcome, is_closing)
    goals = list(relationship.agreement_in_force().goals.all())
    if {goal.pk for goal in scores} != {goal.pk for goal in goals}:
        raise ValidationError(_("Say of every goal how far it has come."))
    _describe(goals, {goal.pk: words.strip() for goal, words in expected.items()}, by)
    review.held_on, review.outcome, review.is_closing = held_on, outcome, is_closing
    review.recorded_by = by.user
    review.full_clean()
    review.save()
    for goal, step in scores.items():
        score = GoalScore(review=review, goal=goal, score=step)
        score.full_clean()
        score.save(force_insert=True)
    record(by, Action.CHANGE, review, fields_changed=["held_on", "outcome", "is_closing", "scores"])
    schedule_review(relationship, by=by)
    open_round(relationship, Moment.CLOSING if is_closing else Moment.REVIEW, by=by)
    if outcome != ReviewOutcome.GO_ON and relationship.party_of(by) != Party.WORKER:
        notify(
            [relationship.social_worker.user],
            role=Role.SOCIAL_WORKER,
            kind="review_asks",
            about=relationship,
        )
    return review


def _check_review(relationship: Relationship, held_on: datetime.date, outcome: str, is_closing: bool) -> None:
    if held_on > today():
        raise ValidationError({"held_on": _("This day has not come yet.")})
    if held_on < relationship.started_on:
        raise ValidationError({"held_on": _("A review is held after the relationship has started.")})
    if is_closing and outcome == ReviewOutcome.GO_ON:
        raise ValidationError(
            {
                "outcome": _(
                    "At the closing meeting, say that you bring it to an end or that something is changed."
                )
            }
        )


def _describe(goals: list[Goal], expected: dict, by) -> None:
    """Each goal says at the latest now how it shows that it has come true: without that, no step means anything."""
    for goal in goals:
        if goal.expected:
            continue
        words = expected.get(goal.pk, "")
        if not words:
            raise ValidationError(_("Say of every goal how it shows that it has come true."))
        goal.expected = words
        goal.full_clean()
        goal.save(update_fields=["expected", "updated_at"])
        record(by, Action.CHANGE, goal, fields_changed=["expected"])


# --- what each of the three thinks ---------------------------------------------------------------------------
@transaction.atomic
def open_round(
    relationship: Relationship, moment: str, on: datetime.date | None = None, *, by=None
) -> AssessmentRound:
    """Ask the three, each for her- or himself. At the start and at the end once: asking again finds the same round."""
    relationship = _hold(relationship)
    if moment != Moment.REVIEW:
        known = AssessmentRound.objects.filter(relationship=relationship, moment=moment).first()
        if known:
            return known
    asked = AssessmentRound(relationship=relationship, moment=moment, opened_on=on or today())
    asked.full_clean()
    asked.save(force_insert=True)
    record(by, Action.CREATE, asked)
    for person, role in (
        (relationship.parent.user, Role.PARENT),
        (relationship.partner.user if relationship.is_open else None, Role.PARTNER),
        (relationship.social_worker.user, Role.SOCIAL_WORKER),
    ):
        notify([person], role=role, kind="assessment_waiting", about=asked)
    return asked


@transaction.atomic
def answer_round(*, round: AssessmentRound, party: str, answers: dict[str, int], how: str, by) -> Assessment:
    """One party's own answers, given once. They are not changed afterwards: the others may have seen them.

    `answers`: a step from 1 to 5 for each statement that was not skipped; at least one. `how`: by own sign-in; on the
    social worker's screen, which the parent holds in the hand; or on paper, which the staff copy in. What is given on
    paper may come late; otherwise a round is open until the next one is asked.
    """
    relationship = _hold(round.relationship)
    if not round.is_answered_by(by, party=party, how=how, relationship=relationship):
        raise MoveRefused(_("Each answers for her- or himself."))
    newest = AssessmentRound.objects.filter(relationship=relationship).newest()
    if how != AcknowledgedHow.PAPER and not newest.filter(pk=round.pk).exists():
        raise MoveRefused(_("You have been asked again since: answer the newer questions."))
    if Assessment.objects.filter(round=round, party=party).exists():
        raise MoveRefused(_("These questions have been answered already."))
    if not answers:
        raise ValidationError(_("Answer at least one of the statements. You can skip the others."))
    if not set(answers) <= set(ITEMS_OF[party]) or not set(answers.values()) <= {1, 2, 3, 4, 5}:
        raise ValidationError(_("Choose a step from 1 to 5."))
    assessment = Assessment(round=round, party=party, how=how, recorded_by=by.user)
    assessment.full_clean()
    assessment.save(force_insert=True)
    AssessmentAnswer.objects.bulk_create(
        AssessmentAnswer(assessment=assessment, item=item, value=value) for item, value in answers.items()
    )
    record(by, Action.CREATE, assessment, detail=f"{party}:{how}")
    return assessment


def _hold(relationship: Relationship) -> Relationship:
    """The relationship as it is now, held until the transaction ends."""
    return (
        Relationship.objects.select_for_update(of=("self",))
        .select_related("parent__user", "partner__user", "social_worker__user")
        .prefetch_related("agreements__goals", "decisions", "reviews")
        .get(pk=relationship.pk)
    )
