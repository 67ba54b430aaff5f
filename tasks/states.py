"""The lives of orders, assignments, participations, and of what is paid for them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrderStatus(models.TextChoices):
    NEW = "new", _("Waiting for an answer")
    TAKEN = "taken", _("Taken on")
    DECLINED = "declined", _("Not possible")
    WITHDRAWN = "withdrawn", _("Withdrawn")


ORDER_TRANSITIONS = {
    OrderStatus.NEW: {OrderStatus.TAKEN, OrderStatus.DECLINED, OrderStatus.WITHDRAWN},
    OrderStatus.TAKEN: set(),
    OrderStatus.DECLINED: set(),
    OrderStatus.WITHDRAWN: set(),
}

ORDER_TONES = {
    OrderStatus.NEW: "wait",
    OrderStatus.TAKEN: "good",
    OrderStatus.DECLINED: "stop",
    OrderStatus.WITHDRAWN: "plain",
}


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
    STEPPED_DOWN = "stepped_down", _("Had to step down")


PARTICIPATION_TRANSITIONS = {
    ParticipationStatus.OFFERED: {
        ParticipationStatus.ACCEPTED,
        ParticipationStatus.DECLINED,
        ParticipationStatus.CANCELLED,
    },
    ParticipationStatus.ACCEPTED: {
        ParticipationStatus.DONE,
        ParticipationStatus.CANCELLED,
        # Said by the partner, without a reason: illness and children do not ask for leave.
        ParticipationStatus.STEPPED_DOWN,
    },
    ParticipationStatus.DECLINED: set(),
    ParticipationStatus.DONE: set(),
    # An offer taken back, for example because of a wrong sum, may come again; and who was left out by mistake when the
    # assignment was marked as done did take part after all.
    ParticipationStatus.CANCELLED: {ParticipationStatus.OFFERED, ParticipationStatus.DONE},
    ParticipationStatus.STEPPED_DOWN: set(),
}


PARTICIPATION_TONES = {
    ParticipationStatus.OFFERED: "wait",
    ParticipationStatus.ACCEPTED: "note",
    ParticipationStatus.DECLINED: "plain",
    ParticipationStatus.DONE: "good",
    ParticipationStatus.CANCELLED: "stop",
    ParticipationStatus.STEPPED_DOWN: "plain",
}


class PayStatus(models.TextChoices):
    """The states of everything that is paid: fees, travel claims and corrections (domain 3.1)."""

    DRAFT = "draft", _("To be claimed")
    CLAIMED = "claimed", _("Claimed")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Not approved")
    EXPORTED = "exported", _("Sent to be paid")
    PAID = "paid", _("Paid")
    WAIVED = "waived", _("No fee wanted")
    WITHDRAWN = "withdrawn", _("Taken back")


FEE_TRANSITIONS = {
    # No fee wanted: then it is volunteering (domain 3.1). Who thinks again may still claim it.
    PayStatus.DRAFT: {PayStatus.CLAIMED, PayStatus.WAIVED},
    PayStatus.WAIVED: {PayStatus.DRAFT},
    PayStatus.CLAIMED: {PayStatus.APPROVED, PayStatus.REJECTED},
    # Sent back with words: the partner may mend the claim and send it again.
    PayStatus.REJECTED: {PayStatus.CLAIMED, PayStatus.WAIVED},
    # What the orderer pays goes through no batch of ours: only that it was paid is written down. Where the project pays
    # instead, somebody approves it anew: nobody has approved of the project's money yet.
    PayStatus.APPROVED: {PayStatus.EXPORTED, PayStatus.PAID, PayStatus.CLAIMED},
    PayStatus.EXPORTED: {PayStatus.PAID},
    PayStatus.PAID: set(),
}

TRAVEL_TRANSITIONS = {
    PayStatus.CLAIMED: {PayStatus.APPROVED, PayStatus.REJECTED, PayStatus.WITHDRAWN},
    PayStatus.REJECTED: {PayStatus.CLAIMED, PayStatus.WITHDRAWN},
    PayStatus.APPROVED: {PayStatus.EXPORTED, PayStatus.PAID, PayStatus.CLAIMED},
    PayStatus.EXPORTED: {PayStatus.PAID},
    PayStatus.PAID: set(),
    PayStatus.WITHDRAWN: set(),
}

CORRECTION_TRANSITIONS = {
    PayStatus.CLAIMED: {PayStatus.APPROVED, PayStatus.WITHDRAWN},
    PayStatus.APPROVED: {PayStatus.EXPORTED},
    PayStatus.EXPORTED: {PayStatus.PAID},
    PayStatus.PAID: set(),
    PayStatus.WITHDRAWN: set(),
}


def choices_in(table: dict) -> list[tuple[str, str]]:
    """The states of one kind of payable, for the field and its constraint: those of its table."""
    return [(state.value, state.label) for state in PayStatus if state in table]


PAY_TONES = {
    PayStatus.DRAFT: "note",
    PayStatus.CLAIMED: "wait",
    PayStatus.APPROVED: "good",
    PayStatus.REJECTED: "stop",
    PayStatus.EXPORTED: "good",
    PayStatus.PAID: "good",
    PayStatus.WAIVED: "plain",
    PayStatus.WITHDRAWN: "plain",
}


class BatchStatus(models.TextChoices):
    MADE = "made", _("Made")
    PAID = "paid", _("Paid")


BATCH_TRANSITIONS = {BatchStatus.MADE: {BatchStatus.PAID}, BatchStatus.PAID: set()}

BATCH_TONES = {BatchStatus.MADE: "wait", BatchStatus.PAID: "good"}
