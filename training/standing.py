"""How far the people of a cohort have come: hours that count, hours still open, who may not reach the limit (B8)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from training.models import Attendance, Cohort, Enrolment, Session

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Standing:
    """The hours of one person. `open_hours`: of sessions in which she or he has not been marked, gone by or coming."""

    attended: Decimal
    open_hours: Decimal
    needed: Decimal
    shortest: Decimal  # hours of the shortest open session

    @property
    def missing(self) -> Decimal:
        """Hours to go until completing is possible."""
        return max(self.needed - self.attended, NOTHING)

    @property
    def is_enough(self) -> bool:
        return self.attended >= self.needed

    @property
    def is_short(self) -> bool:
        """Whether all that is open is too little: without making up, the limit is out of reach."""
        return self.attended + self.open_hours < self.needed

    @property
    def to_make_up(self) -> Decimal:
        """Hours that have to be made up, even if nothing more is missed."""
        return max(self.missing - self.open_hours, NOTHING)

    @property
    def needs_all(self) -> bool:
        """Whether the limit is within reach, and missing even the shortest open session would put it out of it."""
        spare = self.attended + self.open_hours - self.needed
        return not self.is_enough and not self.is_short and spare < self.shortest

    @property
    def code(self) -> str:
        if self.is_enough:
            return "enough"
        if self.is_short:
            return "short"
        return "all" if self.needs_all else "way"

    @property
    def word(self) -> str:
        return WORDS[self.code][0]

    @property
    def tone(self) -> str:
        return WORDS[self.code][1]


WORDS = {
    "enough": (_("Has the hours"), "good"),
    "way": (_("On the way"), "note"),
    "all": (_("Needs all the rest"), "wait"),
    "short": (_("Will not reach the limit"), "stop"),
}


def reckon(
    cohort: Cohort, people: Iterable[Enrolment], sessions: Iterable[Session], marks: Iterable[Attendance]
) -> dict:
    """The standing of each of `people` by id, from the cohort's sessions and marks. No question to the database."""
    planned = {session.pk: session.hours for session in sessions if not session.is_cancelled}
    attended, marked = defaultdict(lambda: NOTHING), defaultdict(set)
    for mark in marks:
        attended[mark.enrolment_id] += mark.hours + mark.made_up_hours
        marked[mark.enrolment_id].add(mark.session_id)
    needed = cohort.required_hours
    found = {}
    for person in people:
        still_open = [hours for pk, hours in planned.items() if pk not in marked[person.pk]]
        found[person.pk] = Standing(
            attended=attended[person.pk],
            open_hours=sum(still_open, NOTHING),
            needed=needed,
            shortest=min(still_open, default=NOTHING),
        )
    return found


def standings(cohort: Cohort, people: Iterable[Enrolment]) -> dict:
    """As `reckon`, with two questions to the database."""
    return reckon(
        cohort,
        people,
        Session.objects.filter(cohort=cohort).only("hours", "is_cancelled", "date"),
        Attendance.objects.filter(enrolment__cohort=cohort).only(
            "enrolment_id", "session_id", "hours", "made_up_hours"
        ),
    )
