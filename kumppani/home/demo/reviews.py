"""How the two relationships of today are going: reviews, steps of the goals, and what each of the three thinks.

Jenna's social worker has not answered the newest questions; Petra's three have all answered, and the closing meeting
is near.
"""

import datetime
from dataclasses import dataclass, field

from kumppani.home.demo.book import at, demo_id, write
from pairing import services as pairing
from pairing.models import (
    ITEMS_OF,
    AcknowledgedHow,
    Assessment,
    AssessmentAnswer,
    AssessmentRound,
    BenefitArea,
    Goal,
    GoalScore,
    Item,
    Moment,
    Party,
    Relationship,
    Review,
    ReviewOutcome,
)

EXPECTED = {
    "fi": {
        BenefitArea.PEER_SUPPORT: "Soitan, kun on vaikeaa, enkä jää yksin.",
        BenefitArea.MEETINGS: "Sanon joka palaverissa ainakin yhden oman asiani.",
        BenefitArea.COOPERATION: "Soitan itse, kun jokin asia askarruttaa.",
        BenefitArea.OPENNESS: "Kerron kaverille, miten meillä menee.",
        BenefitArea.SERVICES: "Tiedän, kenelle soitan, ja soitan.",
        BenefitArea.PARENTHOOD: "Arki rullaa useimpina päivinä.",
    },
    "sv": {
        BenefitArea.PEER_SUPPORT: "Jag ringer när det är svårt och blir inte ensam.",
        BenefitArea.MEETINGS: "Jag säger minst en egen sak på varje möte.",
        BenefitArea.COOPERATION: "Jag ringer själv när jag undrar över något.",
        BenefitArea.OPENNESS: "Jag berättar för en vän hur vi har det.",
        BenefitArea.SERVICES: "Jag vet vem jag ska ringa, och jag ringer.",
        BenefitArea.PARENTHOOD: "Vardagen rullar de flesta dagar.",
    },
}

# From the start on, statement by statement: what the parent said first; the others stand beside it.
FIRST = {
    Item.COOPERATION: 2,
    Item.OPENNESS: 2,
    Item.PEER_SUPPORT: 1,
    Item.SERVICES: 2,
    Item.MEETINGS: 3,
    Item.PARENTHOOD: 2,
    Item.VOICE: 2,
    Item.PARTICIPATION: 2,
    Item.AGENCY: 3,
    Item.TRUST_IN_PARTNER: 3,
    Item.TRUST_IN_WORKER: 2,
    Item.TRUST_IN_PARENT: 3,
}
SLOW = {Item.COOPERATION, Item.PARTICIPATION, Item.TRUST_IN_WORKER}  # what takes longer
APART = {Party.PARENT: 0, Party.PARTNER: 1, Party.WORKER: 0}  # partners are hopeful
SKIPPED = {(Party.WORKER, Item.OPENNESS), (Party.PARTNER, Item.SERVICES)}


@dataclass
class Asked:
    """One time the three were asked: when, who answered (and how), how many steps on."""

    moment: Moment
    on: datetime.date
    further: int = 0
    how: dict = field(default_factory=dict)


def look_back(
    relationship: Relationship,
    language: str,
    asked: list[Asked],
    held: list[tuple[datetime.date, list[int]]],
) -> None:
    """Write the reviews with their steps, and the answers; then see to it that the next review is due."""
    goals = list(Goal.objects.filter(agreement__relationship=relationship).order_by("position"))
    for goal in goals:
        if not goal.expected:
            goal.expected = EXPECTED[language][goal.area]
            goal.save(update_fields=["expected"])
    for day, steps in held:
        review = Review(
            pk=demo_id("review", relationship.pk, day),
            relationship=relationship,
            due_on=day,
            held_on=day,
            outcome=ReviewOutcome.GO_ON,
            recorded_by=relationship.social_worker.user,
            created_at=at(day, 14),
        )
        write([review])
        write(
            GoalScore(
                pk=demo_id("score", review.pk, goal.pk),
                review=review,
                goal=goal,
                score=step,
                created_at=at(day, 14),
            )
            for goal, step in zip(goals, steps, strict=True)
        )
    for one in asked:
        _ask(relationship, one)
    pairing.schedule_review(relationship)


def _ask(relationship: Relationship, one: Asked) -> None:
    asked = AssessmentRound(
        pk=demo_id("round", relationship.pk, one.moment, one.on),
        relationship=relationship,
        moment=one.moment,
        opened_on=one.on,
        created_at=at(one.on, 15),
    )
    write([asked])
    accounts = {
        Party.PARENT: relationship.parent.user,
        Party.PARTNER: relationship.partner.user,
        Party.WORKER: relationship.social_worker.user,
    }
    for hour, (party, how) in enumerate(one.how.items(), start=16):
        assessment = Assessment(
            pk=demo_id("assessment", asked.pk, party),
            round=asked,
            party=party,
            how=how,
            answered_at=at(one.on, hour),
            recorded_by=accounts[Party.WORKER if how == AcknowledgedHow.SCREEN else party],
            created_at=at(one.on, hour),
        )
        write([assessment])
        AssessmentAnswer.objects.bulk_create(
            AssessmentAnswer(assessment=assessment, item=item, value=_step(party, item, one.further))
            for item in ITEMS_OF[party]
            if (party, item) not in SKIPPED
        )


def _step(party: Party, item: Item, further: int) -> int:
    gained = further - 1 if item in SLOW and further else further
    return min(5, FIRST[item] + APART[party] + gained)


def everybody(how: AcknowledgedHow = AcknowledgedHow.SIGN_IN, **parties: AcknowledgedHow) -> dict:
    """All three have answered; one of them perhaps in another way."""
    return {party: parties.get(party, how) for party in Party}
