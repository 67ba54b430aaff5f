"""The parent's home: the relationship, its goals, the next meeting."""

from django.urls import reverse
from django.utils.translation import gettext as _

from kumppani.core.dates import today
from kumppani.home.selectors.common import Waiting, agreement_to_acknowledge, answered, when_words
from pairing.models import ContactRequest, Goal, Meeting, Party, Relationship
from pairing.states import RelationshipStatus


def parent_home(actor) -> dict:
    """Three queries, one more while there is no relationship: relationship, goals, next meeting, request."""
    relationship = (
        Relationship.objects.visible_to(actor)
        .select_related("partner", "social_worker__user")
        .annotate(
            has_answered=answered(Party.PARENT), agreement_waiting=agreement_to_acknowledge(Party.PARENT)
        )
        .order_by("-proposed_on", "-created_at", "-id")
        .first()
    )
    if relationship is None or not relationship.is_open:
        request = ContactRequest.objects.visible_to(actor).waiting().first()
        return {
            "relationship": relationship,
            "request_waiting": request,
            "goals": [],
            "waiting": [],
            "seen": [],
        }
    goals = list(
        Goal.objects.visible_to(actor)
        .filter(agreement__relationship=relationship)
        .select_related("agreement")
        .order_by("-agreement__number", "position", "created_at")
    )
    meeting = (
        Meeting.objects.visible_to(actor)
        .planned()
        .filter(relationship=relationship, date__gte=today())
        .order_by("date", "starts_at", "id")
        .first()
    )
    return {
        "relationship": relationship,
        "request_waiting": None,
        "goals": [goal for goal in goals if goal.agreement_id == goals[0].agreement_id],
        "agreement": goals[0].agreement if goals else None,
        "next_meeting": meeting,
        "next_when": when_words(meeting) if meeting else "",
        "waiting": _parent_waiting(relationship),
        "seen": [relationship],
    }


def _parent_waiting(relationship: Relationship) -> list[Waiting]:
    waiting = []
    name = {"name": relationship.partner.first_name}
    if relationship.status == RelationshipStatus.ACQUAINTING and not relationship.has_answered:
        waiting.append(
            Waiting(
                url=reverse("relationship_answer", args=[relationship.pk]),
                label=_("Would you like to go on with %(name)s?") % name,
                detail=_("Say yes or no. You need no reason."),
                icon="chat-heart",
            )
        )
    if relationship.agreement_waiting:
        waiting.append(
            Waiting(
                url=reverse("agreement_acknowledge", args=[relationship.agreement_waiting]),
                label=_("Read what you agreed with %(name)s") % name,
                detail=_("Say that you agree. When all three have, you can begin."),
                icon="clipboard-check",
            )
        )
    return waiting
