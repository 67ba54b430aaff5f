"""What this room tells people. The sentences are neutral: no name, no sum, no word about child protection."""

import uuid

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kumppani.notices.kinds import NoticeKind, register, visible_through
from tasks.models import Assignment, Fee, Participation
from tasks.states import ParticipationStatus, PayStatus


def _page(name: str):
    """The page of the record, by url name."""
    return lambda pk: reverse(name, args=[pk])


def _still(model, **state):
    """Whether the record is still this person's to see, and still waits for the same thing."""
    return lambda actor, pk: model._default_manager.visible_to(actor).filter(pk=pk, **state).exists()


def _waits_for_approval(actor, pk: uuid.UUID | None) -> bool:
    """Somebody's own fee never waits for that same person (A37)."""
    waiting = Fee.objects.visible_to(actor).filter(pk=pk, status=PayStatus.CLAIMED)
    return waiting.exclude(claimed_by_id=actor.user_id).exists()


KINDS = [
    NoticeKind(
        "assignment_offered",
        _("An assignment waits for your answer"),
        _page("participation_answer"),
        _still(Participation, status=ParticipationStatus.OFFERED),
    ),
    NoticeKind(
        "assignment_answered",
        _("An assignment has got an answer"),
        _page("assignment_detail"),
        visible_through(Assignment),
    ),
    NoticeKind(
        "assignment_cancelled",
        _("An assignment has been called off"),
        _page("assignment_detail"),
        visible_through(Assignment),
    ),
    NoticeKind(
        "fee_to_claim",
        _("You can claim a fee"),
        _page("fee_detail"),
        _still(Fee, status=PayStatus.DRAFT),
    ),
    NoticeKind("fee_to_approve", _("A fee waits for approval"), _page("fee_detail"), _waits_for_approval),
    NoticeKind("fee_approved", _("A fee has been approved"), _page("fee_detail"), visible_through(Fee)),
    NoticeKind("fee_paid", _("A payment has been made"), _page("fee_detail"), visible_through(Fee)),
    NoticeKind(
        "fee_rejected",
        _("A fee waits for you to look at it again"),
        _page("fee_detail"),
        _still(Fee, status=PayStatus.REJECTED),
    ),
]

for kind in KINDS:
    register(kind)
