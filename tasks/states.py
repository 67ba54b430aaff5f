"""The lives of assignments, participations and fees."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AssignmentStatus(models.TextChoices):
    REQUESTED = "requested", _("Requested")
    AGREED = "agreed", _("Agreed")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


ASSIGNMENT_TRANSITIONS = {
    AssignmentStatus.REQUESTED: {AssignmentStatus.AGREED, AssignmentStatus.CANCELLED},
    AssignmentStatus.AGREED: {AssignmentStatus.DONE, AssignmentStatus.CANCELLED},
    AssignmentStatus.DONE: set(),
    AssignmentStatus.CANCELLED: set(),
}


COMING = (AssignmentStatus.REQUESTED, AssignmentStatus.AGREED)

ASSIGNMENT_TONES = {
    AssignmentStatus.REQUESTED: "wait",
    AssignmentStatus.AGREED: "note",
    AssignmentStatus.DONE: "good",
    AssignmentStatus.CANCELLED: "stop",
}


class ParticipationStatus(models.TextChoices):
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


PARTICIPATION_TRANSITIONS = {
    ParticipationStatus.OFFERED: {
        ParticipationStatus.ACCEPTED,
        ParticipationStatus.DECLINED,
        ParticipationStatus.CANCELLED,
    },
    ParticipationStatus.ACCEPTED: {ParticipationStatus.DONE, ParticipationStatus.CANCELLED},
    ParticipationStatus.DECLINED: set(),
    ParticipationStatus.DONE: set(),
    ParticipationStatus.CANCELLED: set(),
}


PARTICIPATION_TONES = {
    ParticipationStatus.OFFERED: "wait",
    ParticipationStatus.ACCEPTED: "note",
    ParticipationStatus.DECLINED: "plain",
    ParticipationStatus.DONE: "good",
    ParticipationStatus.CANCELLED: "stop",
}


class FeeStatus(models.TextChoices):
    DRAFT = "draft", _("To be claimed")
    CLAIMED = "claimed", _("Claimed")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Not approved")


FEE_TRANSITIONS = {
    FeeStatus.DRAFT: {FeeStatus.CLAIMED},
    FeeStatus.CLAIMED: {FeeStatus.APPROVED, FeeStatus.REJECTED},
    # Sent back with words: the partner may mend the claim and send it again.
    FeeStatus.REJECTED: {FeeStatus.CLAIMED},
    FeeStatus.APPROVED: set(),
}

FEE_TONES = {
    FeeStatus.DRAFT: "note",
    FeeStatus.CLAIMED: "wait",
    FeeStatus.APPROVED: "good",
    FeeStatus.REJECTED: "stop",
}
