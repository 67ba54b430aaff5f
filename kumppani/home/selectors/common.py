"""What the homes of several roles share: one waiting thing, a list's length, questions about a pair."""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Subquery
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from kumppani.core.templatetags.kumppani import weekday_day
from pairing.models import Acknowledgement, Agreement, Goal, Meeting, PairAnswer
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


def answered(party: str) -> Exists:
    """Whether this side of a pair has said yes or no."""
    return Exists(PairAnswer.objects.filter(relationship=OuterRef("pk"), party=party))


def agreement_to_acknowledge(party: str) -> Subquery:
    """The agreement that this side has not acknowledged yet although it could be: all three were there, duration, scope
    and a goal are set (R1)."""
    acknowledged = Acknowledgement.objects.filter(
        agreement=OuterRef("pk"), party=party, revision=OuterRef("revision")
    )
    return Subquery(
        Agreement.objects.filter(
            relationship=OuterRef("pk"),
            relationship__status=RelationshipStatus.DECIDED,
            relationship__start_meeting__worker_present=True,
            relationship__start_meeting__partner_present=True,
            relationship__start_meeting__parent_present=True,
            starts_on__isnull=False,
            ends_on__isnull=False,
            meetings_per_month__isnull=False,
        )
        .filter(Exists(Goal.objects.filter(agreement=OuterRef("pk"))), ~Exists(acknowledged))
        .order_by("-number")
        .values("pk")[:1]
    )


def when_words(meeting: Meeting) -> str:
    """Tuesday 4 May 17.00"""
    words = weekday_day(meeting.date)
    if meeting.starts_at is None:
        return words
    return _("%(day)s at %(time)s") % {"day": words, "time": _time(meeting.starts_at)}


def _time(value: datetime.time) -> str:
    return time_format(value)
