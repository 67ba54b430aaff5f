"""What the homes of several roles share: one waiting thing, a list's length, and the steps of a pair."""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from kumppani.core.templatetags.kumppani import weekday_day
from pairing.models import Agreement, AssessmentRound, Meeting, PairAnswer, Relationship
from pairing.states import RelationshipStatus

SHOWN = 5  # of each list; the rest is behind the link to the whole list


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for this person."""

    url: str
    label: str
    detail: str = ""
    icon: str = "lightbulb"
    count: int | None = None


@dataclass(frozen=True)
class Queue:
    """The first rows of a list of the staff, how many there are, and where the whole list is."""

    title: str
    items: list[Waiting]
    total: int
    url: str
    link: str


def queue(title: str, items: list[Waiting], total: int, url_name: str, link: str) -> Queue:
    """A list whose whole is at the page of this name."""
    return Queue(title=title, items=items, total=total, url=reverse(url_name), link=link)


# --- questions to the database, one for each relationship -------------------------------------------------
def answered(party: str) -> Exists:
    """Whether this side of a pair has said yes or no."""
    return Exists(PairAnswer.objects.filter(relationship=OuterRef("pk"), party=party))


def agreement_to_accept(actor) -> Subquery:
    """The agreement that waits for this actor's yes or no, as one of the three (R1)."""
    waiting = Agreement.objects.waiting_for(actor).filter(relationship=OuterRef("pk"))
    return Subquery(waiting.order_by("-number").values("pk")[:1])


def questions_to_answer(actor) -> Subquery:
    """The round of questions that this actor has not answered."""
    waiting = AssessmentRound.objects.waiting_for(actor).filter(relationship=OuterRef("pk"))
    return Subquery(waiting.order_by("-opened_on").values("pk")[:1])


# --- the steps of a pair, for the two of it ---------------------------------------------------------------
def steps_of_the_pair(relationship: Relationship, name: str) -> list[Waiting]:
    """What waits for the partner or the parent. `name`: the other's first name. Needs the annotations `has_answered`,
    `agreement_waiting` and `questions_waiting`."""
    waiting = []
    if relationship.status == RelationshipStatus.ACQUAINTING and not relationship.has_answered:
        waiting.append(
            Waiting(
                url=reverse("relationship_answer", args=[relationship.pk]),
                label=_("Would you like to go on with %(name)s?") % {"name": name},
                detail=_("Say yes or no. You need no reason."),
                icon="chat-heart",
            )
        )
    if relationship.agreement_waiting:
        url = reverse("agreement_acknowledge", args=[relationship.agreement_waiting])
        if relationship.status == RelationshipStatus.DECIDED:
            label = _("Read what you agreed with %(name)s") % {"name": name}
            detail = _("Say that you agree. When all three have, you can begin.")
        else:
            label = _("Something new to agree on with %(name)s") % {"name": name}
            detail = _("Read it and say what you think. Until all three agree, nothing changes.")
        waiting.append(Waiting(url=url, label=label, detail=detail, icon="clipboard-check"))
    if relationship.questions_waiting:
        waiting.append(questions(relationship.questions_waiting, name))
    return waiting


def questions(pk, name: str) -> Waiting:
    """The few statements that each of the three answers for her- or himself. `name`: the other's first name."""
    return Waiting(
        url=reverse("assessment_answer", args=[pk]),
        label=_("How is it going with %(name)s? A few short questions") % {"name": name},
        detail=_("Each answers for her- or himself. It takes two minutes."),
        icon="journal-check",
    )


def feedback(pk) -> Waiting:
    """What one thinks of it at the end. It names nobody: a former partner may read it."""
    return Waiting(
        url=reverse("feedback_give", args=[pk]),
        label=_("How was it?"),
        detail=_("Your meetings have ended. A grade is enough, words are welcome."),
        icon="chat-heart",
    )


# --- words ------------------------------------------------------------------------------------------------
def when_words(meeting: Meeting) -> str:
    """Tuesday 4 May 17.00"""
    words = weekday_day(meeting.date)
    if meeting.starts_at is None:
        return words
    return _("%(day)s at %(time)s") % {"day": words, "time": _time(meeting.starts_at)}


def _time(value: datetime.time) -> str:
    return time_format(value)
