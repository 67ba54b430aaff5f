"""What this room tells people. The sentences are neutral: no name, no sum, no word about child protection."""

import uuid

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.roles import Role
from kumppani.core.dates import today
from kumppani.notices.kinds import NoticeKind, register, visible_through
from tasks.models import Assignment, Correction, Fee, Order, Participation, TravelClaim
from tasks.states import OrderStatus, ParticipationStatus, PayStatus


def _page(name: str):
    """The page of the record, by url name."""
    return lambda pk: reverse(name, args=[pk])


def _still(model, **state):
    """Whether the record is still this person's to see, and still waits for the same thing."""
    return lambda actor, pk: model._default_manager.visible_to(actor).filter(pk=pk, **state).exists()


def _waits_for_approval(model):
    """Somebody's own claim never waits for that same person (A37)."""

    def waits(actor, pk: uuid.UUID | None) -> bool:
        waiting = model._default_manager.visible_to(actor).filter(pk=pk, status=PayStatus.CLAIMED)
        return waiting.exclude(claimed_by_id=actor.user_id).exists()

    return waits


def _may_still_say_yes(actor, pk: uuid.UUID | None) -> bool:
    """An offer waits until its day is over."""
    offers = Participation.objects.visible_to(actor).filter(pk=pk, status=ParticipationStatus.OFFERED)
    return offers.filter(assignment__date__gte=today()).exists()


def _was_paid_in_the_batch(actor, pk: uuid.UUID | None) -> bool:
    """Whether something of this partner's own lies in the batch. Its other items and its sums stay unknown."""
    return any(
        model._default_manager.visible_to(actor).filter(batch_id=pk, status=PayStatus.PAID).exists()
        for model in (Fee, TravelClaim, Correction)
    )


KINDS = [
    NoticeKind(
        "order_waiting",
        _("An order from an organisation waits"),
        _page("order_detail"),
        _still(Order, status=OrderStatus.NEW),
    ),
    NoticeKind(
        "order_withdrawn", _("An order has been withdrawn"), _page("order_detail"), visible_through(Order)
    ),
    NoticeKind(
        "orderer_agreed",
        _("An orderer has agreed to the sum"),
        _page("assignment_detail"),
        visible_through(Assignment),
    ),
    NoticeKind(
        "orderer_feedback",
        _("Feedback on an assignment has come"),
        _page("assignment_detail"),
        visible_through(Assignment),
    ),
    NoticeKind(
        "assignment_offered",
        _("An assignment waits for your answer"),
        _page("participation_answer"),
        _may_still_say_yes,
    ),
    NoticeKind(
        "assignment_answered",
        _("An assignment has got an answer"),
        _page("assignment_detail"),
        visible_through(Assignment),
    ),
    NoticeKind(
        "partner_stepped_down",
        _("Somebody cannot come to an assignment after all"),
        _page("assignment_detail"),
        visible_through(Assignment),
    ),
    NoticeKind(
        "assignment_changed",
        _("The day, the time or the place of an assignment is another"),
        _page("assignment_detail"),
        visible_through(Assignment),
    ),
    NoticeKind(
        "assignment_confirmed",
        _("An assignment has been confirmed: it is on"),
        _page("assignment_detail"),
        visible_through(Assignment),
    ),
    NoticeKind(
        "offer_taken_back",
        _("An offer is no longer open"),
        _page("assignment_detail"),
        visible_through(Assignment),
    ),
    NoticeKind(
        "assignment_done_without",
        _("An assignment has been marked as done without you"),
        _page("assignment_detail"),
        visible_through(Assignment),
    ),
    NoticeKind(
        "assignment_done_with",
        _("You are marked as having taken part in an assignment"),
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
    NoticeKind(
        "fee_to_approve", _("A fee waits for approval"), _page("fee_detail"), _waits_for_approval(Fee)
    ),
    NoticeKind("fee_approved", _("A fee has been approved"), _page("fee_detail"), visible_through(Fee)),
    NoticeKind("fee_paid", _("A payment has been made"), _page("fee_detail"), visible_through(Fee)),
    NoticeKind(
        "meeting_terms_settled",
        _("Something has been settled about how your meetings are paid"),
        lambda pk: reverse("own_money"),
        lambda actor, pk: actor.role == Role.PARTNER,
    ),
    NoticeKind(
        "fee_rejected",
        _("A fee waits for you to look at it again"),
        _page("fee_detail"),
        _still(Fee, status=PayStatus.REJECTED),
    ),
    NoticeKind(
        "travel_to_approve",
        _("A travel claim waits for approval"),
        _page("travel_detail"),
        _waits_for_approval(TravelClaim),
    ),
    NoticeKind(
        "travel_approved",
        _("A travel claim has been approved"),
        _page("travel_detail"),
        visible_through(TravelClaim),
    ),
    NoticeKind(
        "travel_rejected",
        _("A travel claim waits for you to look at it again"),
        _page("travel_detail"),
        _still(TravelClaim, status=PayStatus.REJECTED),
    ),
    NoticeKind(
        "batch_paid", _("A payment has been made"), lambda pk: reverse("own_money"), _was_paid_in_the_batch
    ),
    NoticeKind(
        "correction_to_approve",
        _("A correction waits for approval"),
        _page("correction_approve"),
        _waits_for_approval(Correction),
    ),
    NoticeKind(
        "fee_corrected", _("A payment of yours is corrected"), _page("fee_detail"), visible_through(Fee)
    ),
    NoticeKind(
        "travel_corrected",
        _("A payment of yours is corrected"),
        _page("travel_detail"),
        visible_through(TravelClaim),
    ),
    NoticeKind(
        "travel_paid", _("A payment has been made"), _page("travel_detail"), visible_through(TravelClaim)
    ),
]

for kind in KINDS:
    register(kind)
