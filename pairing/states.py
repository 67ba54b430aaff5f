"""The lives of this room's things. Each status carries two words: one for workers, one for the parent."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RequestStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting for an answer")
    MATCHED = "matched", _("A partner has been proposed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


REQUEST_TRANSITIONS = {
    RequestStatus.WAITING: {RequestStatus.MATCHED, RequestStatus.WITHDRAWN},
    # A pair that did not come about puts the request back into the queue, so that nothing is lost (R6).
    RequestStatus.MATCHED: {RequestStatus.WAITING},
    RequestStatus.WITHDRAWN: set(),
}


class RelationshipStatus(models.TextChoices):
    ACQUAINTING = "acquainting", _("Getting acquainted")
    PROPOSED = "proposed", _("Waiting for decision")
    DECIDED = "decided", _("Waiting for start meeting")
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("On pause")
    ENDED = "ended", _("Ended")
    NO_MATCH = "no_match", _("No match")
    DECLINED = "declined", _("Withdrawn before the decision")
    REFUSED = "refused", _("Negative decision")


S = RelationshipStatus

RELATIONSHIP_TRANSITIONS = {
    S.ACQUAINTING: {S.PROPOSED, S.NO_MATCH},
    S.PROPOSED: {S.DECIDED, S.REFUSED, S.DECLINED},
    S.DECIDED: {S.ACTIVE, S.REFUSED, S.DECLINED},
    S.ACTIVE: {S.PAUSED, S.ENDED},
    S.PAUSED: {S.ACTIVE, S.ENDED},
    S.ENDED: set(),
    S.NO_MATCH: set(),
    S.DECLINED: set(),
    S.REFUSED: set(),
}

# Both people are still in it, or on the way into it.
OPEN = {S.ACQUAINTING, S.PROPOSED, S.DECIDED, S.ACTIVE, S.PAUSED}

# What the parent reads instead of the workers' word.
PARENT_WORDS = {
    S.ACQUAINTING: _("You are getting to know each other"),
    S.PROPOSED: _("The social worker is preparing the decision"),
    S.DECIDED: _("The start meeting comes next"),
    S.ACTIVE: _("You meet each other"),
    S.PAUSED: _("You are having a break"),
    S.ENDED: _("Your meetings have ended"),
    S.NO_MATCH: _("You did not go on together"),
    S.DECLINED: _("You did not go on together"),
    S.REFUSED: _("The decision was negative"),
}


class MeetingStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")
    NO_SHOW = "no_show", _("One did not come")


MEETING_TRANSITIONS = {
    MeetingStatus.PLANNED: {MeetingStatus.HELD, MeetingStatus.CANCELLED, MeetingStatus.NO_SHOW},
    MeetingStatus.HELD: set(),
    MeetingStatus.CANCELLED: set(),
    MeetingStatus.NO_SHOW: set(),
}


class IncidentStatus(models.TextChoices):
    NEW = "new", _("New")
    HANDLING = "handling", _("Being handled")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")


INCIDENT_TRANSITIONS = {
    IncidentStatus.NEW: {IncidentStatus.HANDLING},
    IncidentStatus.HANDLING: {IncidentStatus.ANSWERED},
    # Whoever raised it may not be content with the answer.
    IncidentStatus.ANSWERED: {IncidentStatus.CLOSED, IncidentStatus.HANDLING},
    IncidentStatus.CLOSED: set(),
}
