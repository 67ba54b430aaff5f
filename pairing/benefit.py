"""What the page about goals and benefit shows, from rows that the view has found with `visible_to`.

The statements are our own words about the six benefit areas (A19–A24), voice, participation and agency (B36) and trust
both ways (A29). They are not a validated measure, and the pages say so. No figure is made of them: what one person
chose stands beside what the others chose, nothing is added up or averaged (domain 7).
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.core.charts import LOOKS, LineChart, line_chart
from kumppani.core.templatetags.kumppani import day
from pairing.models import (
    ITEMS_OF,
    STEPS,
    AcknowledgedHow,
    AssessmentAnswer,
    AssessmentRound,
    Goal,
    GoalScore,
    Item,
    Party,
    Review,
)

# --- the statements, as each of the three reads them ---------------------------------------------------------
# The parent's own voice; the partner and the social worker read `Item`'s words unless theirs stand here.
OWN_WORDS = {
    Party.PARENT: {
        Item.COOPERATION: gettext_lazy("My social worker and I understand each other."),
        Item.OPENNESS: gettext_lazy("I can speak openly, without shame."),
        Item.PEER_SUPPORT: gettext_lazy("I have somebody who knows what this is like."),
        Item.SERVICES: gettext_lazy("I know where to find help."),
        Item.MEETINGS: gettext_lazy("I take in what is agreed in meetings."),
        Item.PARENTHOOD: gettext_lazy("I trust in myself as a parent."),
        Item.VOICE: gettext_lazy("My voice is heard."),
        Item.PARTICIPATION: gettext_lazy("I take part in what is decided."),
        Item.AGENCY: gettext_lazy("I can act for my own life."),
        Item.TRUST_IN_PARTNER: gettext_lazy("I trust my experience partner."),
        Item.TRUST_IN_WORKER: gettext_lazy("I trust my social worker."),
    },
    Party.PARTNER: {
        Item.PEER_SUPPORT: gettext_lazy("The parent has somebody who knows what this is like."),
    },
    Party.WORKER: {
        Item.COOPERATION: gettext_lazy("The parent and I understand each other."),
        Item.PEER_SUPPORT: gettext_lazy("The parent has somebody who knows what this is like."),
    },
}
TRUST = {
    Item.TRUST_IN_PARTNER: gettext_lazy("Trust in the experience partner"),
    Item.TRUST_IN_WORKER: gettext_lazy("Trust in the social worker"),
    Item.TRUST_IN_PARENT: gettext_lazy("Trust in the parent"),
}
AREAS = (Item.COOPERATION, Item.OPENNESS, Item.PEER_SUPPORT, Item.SERVICES, Item.MEETINGS, Item.PARENTHOOD)
AIMS = (Item.VOICE, Item.PARTICIPATION, Item.AGENCY)
GROUPS = (
    (gettext_lazy("What peer support is for"), AREAS),
    (gettext_lazy("Being heard, taking part, acting"), AIMS),
    (gettext_lazy("Trust"), tuple(TRUST)),
)


def statement(item: str, party: str | None) -> str:
    """A statement in the words of one of the three; in the third person for everybody else."""
    return str(OWN_WORDS.get(party, {}).get(item) or Item(item).label)


# --- goals ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Attained:
    """How far a goal had come at one review."""

    review: Review
    score: int


@dataclass
class GoalStory:
    """One goal through all agreements in which it goes on, and how far it had come each time."""

    goal: Goal
    attained: list[Attained] = field(default_factory=list)


def goal_stories(
    goals: Iterable[Goal], scores: Iterable[GoalScore], current: object
) -> tuple[list[GoalStory], list[GoalStory]]:
    """(goals of the agreement in force, earlier goals that do not go on), each with its steps in order of time.

    `current` is the id of the agreement in force. A goal that continues another takes over its steps.
    """
    goals = {goal.pk: goal for goal in goals}
    follows = {goal.continues_id: goal.pk for goal in goals.values() if goal.continues_id in goals}

    def newest(pk):
        seen = set()
        while pk in follows and pk not in seen:
            seen.add(pk)
            pk = follows[pk]
        return pk

    stories = {pk: GoalStory(goal) for pk, goal in goals.items() if newest(pk) == pk}
    for score in sorted(scores, key=lambda score: (score.review.held_on, score.review.created_at)):
        if score.goal_id in goals:
            stories[newest(score.goal_id)].attained.append(Attained(score.review, score.score))
    now = [story for story in stories.values() if story.goal.agreement_id == current]
    earlier = [story for story in stories.values() if story.goal.agreement_id != current]
    return now, earlier


def reached_at_last_review(scores: Iterable[GoalScore]) -> tuple[int, int] | None:
    """(goals that had come at least as far as expected, goals scored) at the last review; None before the first.

    Both numbers are shown together. No T-score: its formula is not confirmed by a source (domain 7).
    """
    by_review = defaultdict(list)
    for score in scores:
        by_review[score.review.held_on, score.review.created_at].append(score.score)
    if not by_review:
        return None
    last = by_review[max(by_review)]
    return sum(step >= 0 for step in last), len(last)


# --- what each of the three thinks ---------------------------------------------------------------------------
@dataclass(frozen=True)
class Given:
    """Whether one party has answered, when (None: not yet) and how."""

    party: Party
    name: str
    at: datetime.datetime | None
    how: str


@dataclass(frozen=True)
class RoundShown:
    """One time the three were asked. `is_open`: answers can still be given; `mine`: this reader has answered."""

    round: AssessmentRound
    given: tuple[Given, ...]
    is_open: bool
    mine: bool

    @property
    def missing(self) -> list[str]:
        """The parties that have not answered."""
        return [given.party.value for given in self.given if given.at is None]


def rounds_shown(rounds: Iterable[AssessmentRound], party: str | None) -> list[RoundShown]:
    """Who has answered and who is missing, in order of time. `party` is the reader's, None for the staff.

    `rounds` come `with_given()`.
    """
    rounds = sorted(rounds, key=lambda asked: (asked.opened_on, asked.created_at))

    def given(asked: AssessmentRound, who: Party) -> Given:
        at, how = getattr(asked, f"{who}_at"), getattr(asked, f"{who}_how")
        return Given(who, party_name(who, party), at, str(AcknowledgedHow(how).label) if how else "")

    return [
        RoundShown(
            round=asked,
            given=tuple(given(asked, who) for who in ORDER),
            is_open=asked is rounds[-1],
            mine=party is not None and getattr(asked, f"{party}_at") is not None,
        )
        for asked in rounds
    ]


# In which order the three stand, everywhere: the one whom it is about comes first.
ORDER = (Party.PARENT, Party.PARTNER, Party.WORKER)


def party_name(party: Party, reader: str | None) -> str:
    """What the reader calls one of the three."""
    return _("You") if party == reader else capfirst(str(party.label))


@dataclass(frozen=True)
class ItemShown:
    """One statement: its drawing, and in words what each of the three chose the last time: (name, words)."""

    chart: LineChart
    latest: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ItemGroup:
    """Statements that belong together."""

    title: str
    items: list[ItemShown]


def item_groups(
    shown: Iterable[RoundShown], answers: Iterable[AssessmentAnswer], party: str | None
) -> list[ItemGroup]:
    """One drawing a statement, one line for each of the three who is asked it.

    Only rounds whose answers this reader may see are drawn: in the others a gap would look like "no answer". For the
    same reason the parent's line on trust in the partner is left out of what the partner reads.
    """
    rounds = [one.round for one in shown if party is None or one.mine]
    if not rounds:
        return []
    chosen = {
        (answer.assessment.round_id, answer.assessment.party, answer.item): answer.value for answer in answers
    }
    return [
        ItemGroup(str(title), [_item_shown(item, rounds, chosen, party) for item in items])
        for title, items in GROUPS
    ]


def _item_shown(item: Item, rounds: list[AssessmentRound], chosen: dict, party: str | None) -> ItemShown:
    asked = [who for who in ORDER if item in ITEMS_OF[who] and not is_kept_from(party, who, item)]
    chart = line_chart(
        f"answers-{item}",
        TRUST.get(item) or statement(item, party),
        [
            (
                party_name(who, party),
                [(day(one.opened_on), chosen.get((one.pk, who, item))) for one in rounds],
            )
            for who in asked
        ],
        low=STEPS[0][1],
        high=STEPS[-1][1],
    )
    # Each of the three keeps mark and dash through all drawings, also where only two of them are asked.
    looks = [ORDER.index(who) for who in asked]
    series = tuple(
        replace(line, nr=look + 1, look=LOOKS[look]) for line, look in zip(chart.series, looks, strict=True)
    )
    words = dict(STEPS)
    latest = tuple(
        (party_name(who, party), str(words.get(chosen.get((rounds[-1].pk, who, item)), _("no answer"))))
        for who in asked
    )
    return ItemShown(replace(chart, series=series), latest)


def is_kept_from(reader: str | None, who: str, item: str) -> bool:
    """The partner never reads what the parent says about trust in the partner; the queryset gives no such row."""
    return reader == Party.PARTNER and who == Party.PARENT and item == Item.TRUST_IN_PARTNER
