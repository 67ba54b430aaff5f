"""The social worker's home: own relationships with what is due, own requests that wait."""

import datetime

from django.conf import settings
from django.db.models import CharField, Count, Exists, OuterRef, Q, Subquery, Value, Window
from django.urls import reverse
from django.utils.translation import gettext as _

from kumppani.core.dates import today
from kumppani.core.templatetags.kumppani import day as day_words
from kumppani.home.selectors.common import (
    SHOWN,
    Waiting,
    agreement_to_accept,
    answered,
    questions_to_answer,
)
from pairing.models import (
    Agreement,
    AgreementKind,
    AssessmentRound,
    ContactRequest,
    Feedback,
    Parent,
    Party,
    Relationship,
    Review,
    Wish,
)
from pairing.states import RelationshipStatus

CARDS = 30  # cards of a social worker, soonest due first
REVIEW_AHEAD = datetime.timedelta(days=7)


def social_worker_home(actor) -> dict:
    """Three queries: own relationships with all that is due, what ended ones still ask, own requests that wait."""
    relationships = list(
        _with_what_is_due(Relationship.objects.visible_to(actor).open(), actor)
        .select_related("parent", "partner", "start_meeting")
        .annotate(held_meetings=Count("meetings", filter=Q(meetings__status="held")))
        .order_by("parent__first_name", "id")
    )
    waiting = []
    for relationship in relationships:
        relationship.name = f"{relationship.parent.first_name} & {relationship.partner.first_name}"
        dues = _dues(relationship)
        relationship.due = dues[0] if dues else None
        waiting += dues
    relationships.sort(key=lambda relationship: relationship.due is None)
    asked, parents = _asked_after_the_end(actor)
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
        "waiting": waiting + asked,
        "seen": [*relationships, *parents, *requests],
    }


def _with_what_is_due(relationships, actor):
    """The questions whose answers `_dues` puts into words."""
    proposals = Agreement.objects.open().exclude(kind=AgreementKind.START).filter(relationship=OuterRef("pk"))
    reviews = Review.objects.filter(relationship=OuterRef("pk"), held_on__isnull=True).order_by("due_on")
    return relationships.with_final_day().annotate(
        parent_answered=answered(Party.PARENT),
        agreement_waiting=agreement_to_accept(actor),
        proposal_waits=Exists(proposals),
        questions_waiting=questions_to_answer(actor),
        review_waiting=Subquery(reviews.values("pk")[:1]),
        review_on=Subquery(reviews.values("due_on")[:1]),
        has_wish=Exists(Wish.objects.open().filter(relationship=OuterRef("pk"))),
    )


def _dues(relationship: Relationship) -> list[Waiting]:
    """All that this relationship waits for from its social worker, the most pressing first."""
    names = {"parent": relationship.parent.first_name, "partner": relationship.partner.first_name}
    before = _before_the_start(relationship, names)
    running = _while_it_runs(relationship, names) if relationship.is_running else []
    wish = []
    if relationship.has_wish:
        wish.append(
            Waiting(
                url=reverse("relationship_changes", args=[relationship.pk]),
                label=_("There is a wish: %(parent)s and %(partner)s") % names,
                detail=_("Talk with whoever has said it."),
                icon="chat-heart",
            )
        )
    return [*wish, *before, *running]


def _before_the_start(relationship: Relationship, names: dict) -> list[Waiting]:
    if relationship.status == RelationshipStatus.ACQUAINTING and not relationship.parent_answered:
        return [
            Waiting(
                url=reverse("relationship_answer", args=[relationship.pk]),
                label=_("Record the answer of %(parent)s") % names,
                detail=_("%(parent)s and %(partner)s are getting to know each other.") % names,
                icon="chat-heart",
            )
        ]
    if relationship.status == RelationshipStatus.PROPOSED:
        return [
            Waiting(
                url=reverse("relationship_decide", args=[relationship.pk]),
                label=_("Record your decision for %(parent)s") % names,
                detail=_("%(parent)s and %(partner)s both said yes.") % names,
                icon="clipboard-check",
            )
        ]
    if relationship.status == RelationshipStatus.DECIDED:
        opened = getattr(relationship, "start_meeting", None) is not None
        label = (
            _("Go on with the start meeting of %(parent)s")
            if opened
            else _("Hold the start meeting of %(parent)s")
        )
        return [
            Waiting(
                url=reverse("start_meeting", args=[relationship.pk]),
                label=label % names,
                detail=_("You, %(parent)s and %(partner)s: one page for the three of you.") % names,
                icon="people",
            )
        ]
    return []


def _while_it_runs(relationship: Relationship, names: dict) -> list[Waiting]:
    waiting = [
        _decision_ends(relationship, names),
        _last_day_is_near(relationship, names),
        _review(relationship, names),
        _agreement(relationship, names),
    ]
    if relationship.questions_waiting:
        waiting.append(_questions(relationship.questions_waiting, names["parent"]))
    return [one for one in waiting if one is not None]


def _decision_ends(relationship: Relationship, names: dict) -> Waiting | None:
    left = (relationship.valid_to - today()).days
    if left > settings.DECISION_REMINDER_DAYS:
        return None
    words = (
        _("The decision for %(parent)s ends on %(day)s")
        if left >= 0
        else _("The decision for %(parent)s ended on %(day)s")
    )
    return Waiting(
        url=reverse("relationship_decide", args=[relationship.pk]),
        label=words % {**names, "day": day_words(relationship.valid_to)},
        detail=_("Talk about how you go on."),
        icon="clock",
    )


def _last_day_is_near(relationship: Relationship, names: dict) -> Waiting | None:
    left = (relationship.agreed_end - today()).days
    if left > settings.CLOSING_DAYS:
        return None
    words = (
        _("The last agreed day with %(parent)s is %(day)s")
        if left >= 0
        else _("The last agreed day with %(parent)s was %(day)s")
    )
    return Waiting(
        url=reverse("relationship_agreements", args=[relationship.pk]),
        label=words % {**names, "day": day_words(relationship.agreed_end)},
        detail=_("Go on together, or close it well."),
        icon="clock",
    )


def _review(relationship: Relationship, names: dict) -> Waiting | None:
    if relationship.review_on is None or relationship.review_on > today() + REVIEW_AHEAD:
        return None
    words = (
        _("A review with %(parent)s comes up on %(day)s")
        if relationship.review_on > today()
        else _("Review with %(parent)s: it was due on %(day)s")
    )
    return Waiting(
        url=reverse("review_hold", args=[relationship.review_waiting]),
        label=words % {**names, "day": day_words(relationship.review_on)},
        detail=_("You, %(parent)s and %(partner)s look back and ahead.") % names,
        icon="people",
    )


def _agreement(relationship: Relationship, names: dict) -> Waiting | None:
    if relationship.agreement_waiting:
        return Waiting(
            url=reverse("agreement_acknowledge", args=[relationship.agreement_waiting]),
            label=_("Read the new agreement with %(parent)s and %(partner)s") % names,
            detail=_("It holds when all three have accepted it."),
            icon="clipboard-check",
        )
    if relationship.proposal_waits:
        return Waiting(
            url=reverse("relationship_agreements", args=[relationship.pk]),
            label=_("Not all have accepted the new agreement with %(parent)s and %(partner)s") % names,
            detail=_("See who is missing."),
            icon="hourglass-split",
        )
    return None


def _questions(pk, parent: str) -> Waiting:
    return Waiting(
        url=reverse("assessment_answer", args=[pk]),
        label=_("Your own answers about the support of %(parent)s") % {"parent": parent},
        detail=_("Each answers for her- or himself. It takes two minutes."),
        icon="journal-check",
    )


def _asked_after_the_end(actor) -> tuple[list[Waiting], list[Parent]]:
    """Questions and feedback that wait although the relationship has ended, and whose parents they name."""
    columns = ("pk", "relationship__parent_id", "relationship__parent__first_name")
    rounds = (
        AssessmentRound.objects.waiting_for(actor)
        .filter(relationship__status=RelationshipStatus.ENDED)
        .values_list(Value("questions", output_field=CharField()), *columns, "opened_on")
    )
    feedback = (
        Feedback.objects.visible_to(actor)
        .waiting()
        .values_list(Value("feedback", output_field=CharField()), *columns, "asked_on")
    )
    waiting, parents = [], {}
    rows = rounds.order_by().union(feedback.order_by(), all=True)
    for what, pk, parent_id, name, _on in sorted(rows, key=lambda row: (row[4], row[0], str(row[1]))):
        parents[parent_id] = Parent(pk=parent_id)
        if what == "questions":
            waiting.append(_questions(pk, name))
        else:
            waiting.append(
                Waiting(
                    url=reverse("feedback_give", args=[pk]),
                    label=_("How was the support of %(parent)s?") % {"parent": name},
                    detail=_("It has ended. A grade is enough, words are welcome."),
                    icon="chat-heart",
                )
            )
    return waiting, list(parents.values())
