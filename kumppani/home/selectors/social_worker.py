"""The social worker's home: own relationships with what is due, own requests that wait."""

from django.conf import settings
from django.db.models import Count, OuterRef, Q, Subquery, Window
from django.urls import reverse
from django.utils.translation import gettext as _

from kumppani.core.dates import today
from kumppani.core.templatetags.kumppani import day as day_words
from kumppani.home.selectors.common import SHOWN, Waiting, answered
from pairing.models import ContactRequest, Decision, Party, Relationship
from pairing.states import RelationshipStatus

CARDS = 30  # cards of a social worker, soonest due first


def social_worker_home(actor) -> dict:
    """Two queries: own relationships with what is due, own requests that wait."""
    positive = Decision.objects.filter(relationship=OuterRef("pk"), is_positive=True).order_by("-valid_to")
    relationships = list(
        Relationship.objects.visible_to(actor)
        .open()
        .select_related("parent", "partner", "start_meeting")
        .annotate(
            parent_answered=answered(Party.PARENT),
            decision_to=Subquery(positive.values("valid_to")[:1]),
            held_meetings=Count("meetings", filter=Q(meetings__status="held")),
        )
        .order_by("parent__first_name", "id")
    )
    waiting = []
    for relationship in relationships:
        relationship.due = _worker_due(relationship)
        relationship.name = f"{relationship.parent.first_name} & {relationship.partner.first_name}"
        if relationship.due:
            waiting.append(relationship.due)
    relationships.sort(key=lambda relationship: relationship.due is None)
    requests = list(
        ContactRequest.objects.visible_to(actor)
        .waiting()
        .select_related("parent")
        .annotate(total=Window(Count("pk")))
    )[:SHOWN]
    return {
        "relationships": relationships[:CARDS],
        "requests": requests,
        "requests_total": requests[0].total if requests else 0,
        "more_relationships": len(relationships) > CARDS,
        "waiting": waiting,
        "seen": [*relationships[:CARDS], *requests],
    }


def _worker_due(relationship: Relationship) -> Waiting | None:
    """The one thing this relationship waits for from its social worker."""
    names = {"parent": relationship.parent.first_name, "partner": relationship.partner.first_name}
    if relationship.status == RelationshipStatus.ACQUAINTING and not relationship.parent_answered:
        return Waiting(
            url=reverse("relationship_answer", args=[relationship.pk]),
            label=_("Record the answer of %(parent)s") % names,
            detail=_("%(parent)s and %(partner)s are getting to know each other.") % names,
            icon="chat-heart",
        )
    if relationship.status == RelationshipStatus.PROPOSED:
        return Waiting(
            url=reverse("relationship_decide", args=[relationship.pk]),
            label=_("Record your decision for %(parent)s") % names,
            detail=_("%(parent)s and %(partner)s both said yes.") % names,
            icon="clipboard-check",
        )
    if relationship.status == RelationshipStatus.DECIDED:
        opened = getattr(relationship, "start_meeting", None) is not None
        label = (
            _("Go on with the start meeting of %(parent)s")
            if opened
            else _("Hold the start meeting of %(parent)s")
        )
        return Waiting(
            url=reverse("start_meeting", args=[relationship.pk]),
            label=label % names,
            detail=_("You, %(parent)s and %(partner)s: one page for the three of you.") % names,
            icon="people",
        )
    if relationship.decision_to is not None and relationship.status in (
        RelationshipStatus.ACTIVE,
        RelationshipStatus.PAUSED,
    ):
        left = (relationship.decision_to - today()).days
        if left <= settings.DECISION_REMINDER_DAYS:
            words = (
                _("The decision for %(parent)s ends on %(day)s")
                if left >= 0
                else _("The decision for %(parent)s ended on %(day)s")
            )
            return Waiting(
                url=reverse("relationship_detail", args=[relationship.pk]),
                label=words % {**names, "day": day_words(relationship.decision_to)},
                detail=_("Talk about how you go on."),
                icon="clock",
            )
    return None
