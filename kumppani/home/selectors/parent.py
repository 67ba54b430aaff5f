"""The parent's home: the relationship, its goals, the next meeting, and what waits."""

import datetime
from dataclasses import replace

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from kumppani.core.dates import today
from kumppani.core.templatetags.kumppani import weekday_day
from kumppani.home.selectors.common import (
    Waiting,
    agreement_to_accept,
    answered,
    feedback,
    questions_to_answer,
    steps_of_the_pair,
    when_words,
)
from pairing.models import (
    ContactRequest,
    DirectoryConsent,
    DirectoryField,
    Feedback,
    Goal,
    Meeting,
    MeetingEcho,
    Party,
    Relationship,
)

ECHO_DAYS = 14  # after that nobody asks any more how a meeting went


def parent_home(actor) -> dict:
    """Three queries, two while there is no relationship: relationship with what waits, goals, next meeting; request.

    `partner_introduction` is what the partner lets others read. `next_support`: after the end, where support is found.
    """
    relationship = _relationship(actor)
    if relationship is None or not relationship.is_open:
        return {
            "relationship": relationship,
            "request_waiting": ContactRequest.objects.visible_to(actor).waiting().first(),
            "goals": [],
            "waiting": _waiting(relationship) if relationship else [],
            "next_support": _next_support(relationship),
            "seen": [],
        }
    goals = list(
        Goal.objects.visible_to(actor)
        .filter(agreement__relationship=relationship, agreement__withdrawn_on__isnull=True)
        .select_related("agreement")
        # What is in force; before anything is, what is being agreed on.
        .order_by(
            F("agreement__agreed_on").desc(nulls_last=True), "-agreement__number", "position", "created_at"
        )
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
        "partner_introduction": relationship.partner.introduction if relationship.is_introduced else "",
        "waiting": _waiting(relationship),
        "seen": [relationship],
    }


def _relationship(actor) -> Relationship | None:
    """The newest one, with what waits for the parent."""
    introduced = DirectoryConsent.objects.open().filter(
        partner=OuterRef("partner"), field=DirectoryField.INTRODUCTION
    )
    # Of an earlier relationship, too: feedback is asked when it ends, and the next one may have begun by then.
    feedback_asked = Feedback.objects.visible_to(actor).waiting().order_by("-asked_on", "id")
    silent = (
        Meeting.objects.held()
        .filter(
            ~Exists(MeetingEcho.objects.filter(meeting=OuterRef("pk"))),
            Q(date__gt=today() - datetime.timedelta(days=ECHO_DAYS)),
            relationship=OuterRef("pk"),
        )
        .order_by("-date", "-id")
    )
    return (
        Relationship.objects.visible_to(actor)
        .select_related("partner", "social_worker__user", "closing")
        .annotate(
            has_answered=answered(Party.PARENT),
            agreement_waiting=agreement_to_accept(actor),
            questions_waiting=questions_to_answer(actor),
            feedback_waiting=Subquery(feedback_asked.values("pk")[:1]),
            is_introduced=Exists(introduced),
            silent_meeting=Subquery(silent.values("pk")[:1]),
            silent_on=Subquery(silent.values("date")[:1]),
        )
        .order_by("-proposed_on", "-created_at", "-id")
        .first()
    )


def _waiting(relationship: Relationship) -> list[Waiting]:
    waiting = []
    if relationship.silent_meeting and relationship.is_open:
        waiting.append(
            Waiting(
                url=reverse("meeting_echo", args=[relationship.silent_meeting]),
                label=_("How did it go?"),
                detail=_("You met on %(day)s: one tap is enough, and you need not answer.")
                % {"day": weekday_day(relationship.silent_on)},
                icon="chat-heart",
            )
        )
    waiting += steps_of_the_pair(relationship, relationship.partner.first_name)
    if relationship.feedback_waiting:
        asked = feedback(relationship.feedback_waiting)
        if relationship.is_open:  # asked about the one before
            asked = replace(
                asked, detail=_("About your earlier partner. A grade is enough, words are welcome.")
            )
        waiting.append(asked)
    return waiting


def _next_support(relationship: Relationship | None) -> str:
    closing = getattr(relationship, "closing", None)
    return closing.next_support if closing else ""
