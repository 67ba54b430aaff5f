"""The experience partner's home: the next meeting, and what waits."""

import datetime
import uuid

from django.db.models import (
    Case,
    CharField,
    DateField,
    DecimalField,
    Exists,
    OuterRef,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _

from kumppani.core.dates import today
from kumppani.core.templatetags.kumppani import day as day_words
from kumppani.core.templatetags.kumppani import money
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
    Commitment,
    CommitmentKind,
    CommitmentText,
    ExperiencePartner,
    Feedback,
    Meeting,
    Party,
    Relationship,
    Supervision,
    TalkWish,
)
from pairing.states import RelationshipStatus
from tasks.models import Fee, Participation, TravelClaim
from tasks.states import AssignmentStatus, ParticipationStatus, PayStatus


def partner_home(actor) -> dict:
    """Four queries: relationships, planned meetings, the next supervision, and all the rest that waits."""
    relationships = list(
        Relationship.objects.visible_to(actor)
        .select_related("parent")
        .annotate(
            has_answered=answered(Party.PARTNER),
            agreement_waiting=agreement_to_accept(actor),
            questions_waiting=questions_to_answer(actor),
        )
        .order_by("parent__first_name", "id")
    )
    planned = list(
        Meeting.objects.visible_to(actor)
        .planned()
        .select_related("relationship__parent")
        .order_by("date", "starts_at", "id")[:50]
    )
    now = today()
    coming = [meeting for meeting in planned if meeting.date >= now]
    passed = [meeting for meeting in planned if meeting.date < now]
    rest, talk_asked_on = _all_the_rest(actor)
    waiting = [*(_unlogged(meeting) for meeting in passed)]
    for relationship in relationships:
        waiting += steps_of_the_pair(relationship, relationship.parent.first_name)
    loggable = [
        relationship
        for relationship in relationships
        if relationship.status in (RelationshipStatus.ACTIVE, RelationshipStatus.PAUSED)
    ]
    # The one big button is for whom she or he meets next; whom a break keeps apart stands last.
    next_with = coming[0].relationship_id if coming else None
    loggable.sort(key=lambda one: (one.pk != next_with, one.status == RelationshipStatus.PAUSED))
    return {
        "relationships": relationships,
        "loggable": loggable,
        "next_meeting": coming[0] if coming else None,
        "next_when": when_words(coming[0]) if coming else "",
        "waiting": waiting + rest,
        "talk_asked_on": talk_asked_on,
        "next_supervision": Supervision.objects.visible_to(actor)
        .coming(now)
        .order_by("date", "starts_at", "id")
        .first(),
        "seen": relationships,
    }


def _unlogged(meeting: Meeting) -> Waiting:
    return Waiting(
        url=reverse("meeting_held", args=[meeting.pk]),
        label=_("How did it go with %(name)s?") % {"name": meeting.relationship.parent.first_name},
        detail=_("You had planned to meet on %(when)s. Log the meeting, or say that it was not held.")
        % {"when": when_words(meeting)},
        icon="journal-check",
    )


def _all_the_rest(actor) -> tuple[list[Waiting], object]:
    """Feedback to give, texts to accept, offers to answer, fees to claim, journeys to mend; when a talk was asked for.

    One query. The feedback belongs to what has ended and names nobody (decision record 8).
    """
    nothing = Cast(Value(None), _money())
    no_words = Cast(Value(""), TextField())

    def kind(code: str) -> Value:
        return Value(code, output_field=CharField())

    accepted = Commitment.objects.filter(text=OuterRef("pk"), partner__user_id=actor.user_id)
    # Who has accepted what is in force has until the day on which the new version is needed.
    in_force = Commitment.objects.filter(
        text__in=CommitmentText.objects.enough(), text__kind=OuterRef("kind"), partner__user_id=actor.user_id
    )
    own = ExperiencePartner.objects.visible_to(actor)
    offers = (
        Participation.objects.visible_to(actor)
        .filter(
            status=ParticipationStatus.OFFERED,
            assignment__status__in=[AssignmentStatus.REQUESTED, AssignmentStatus.AGREED],
            # After its day only a "no" is possible, and nobody waits for that.
            assignment__date__gte=today(),
        )
        .values_list(
            kind("offer"), "pk", Cast("assignment__title", TextField()), "assignment__date", "fee_amount"
        )
    )
    fees = (
        Fee.objects.visible_to(actor)
        .filter(status__in=[PayStatus.DRAFT, PayStatus.REJECTED])
        .values_list(
            Case(When(status=PayStatus.REJECTED, then=Value("again")), default=kind("fee")),
            "pk",
            Cast(Coalesce("participation__assignment__title", Value("")), TextField()),
            Coalesce("participation__assignment__date", "meeting__date", output_field=DateField()),
            "amount",
        )
    )
    journeys = (
        TravelClaim.objects.visible_to(actor)
        .filter(status=PayStatus.REJECTED)
        .values_list(
            kind("travel"),
            "pk",
            Cast("purpose", TextField()),
            TruncDate("departs_at"),
            Cast("total", _money()),
        )
    )
    texts = (
        CommitmentText.objects.visible_to(actor)
        .asked()
        .filter(~Exists(accepted), Exists(own.staying()))
        .values_list(
            Case(When(Exists(in_force), then=Value("coming")), default=kind("text")),
            "pk",
            Cast("kind", TextField()),
            "required_from",
            nothing,
        )
    )
    leaving = own.filter(leaving_on__isnull=False).values_list(
        kind("leaving"), "pk", no_words, "leaving_on", nothing
    )
    asked = (
        Feedback.objects.visible_to(actor)
        .waiting()
        .values_list(kind("feedback"), "pk", no_words, "asked_on", nothing)
    )
    talk = (
        TalkWish.objects.visible_to(actor)
        .open()
        .values_list(kind("talk"), "pk", no_words, TruncDate("asked_at"), nothing)
    )
    rows = offers.order_by().union(
        *(other.order_by() for other in (fees, journeys, texts, leaving, asked, talk)), all=True
    )
    order = ["talk", "leaving", "feedback", "text", "coming", "offer", "fee", "again", "travel"]
    waiting, talk_asked_on = [], None
    for what, pk, words, date, amount in sorted(
        rows, key=lambda row: (min(order.index(row[0]), 5), row[3], row[2], str(row[1]))
    ):
        if what == "talk":
            talk_asked_on = date
        elif what == "feedback":
            waiting.append(feedback(pk))
        elif what == "leaving":
            waiting.append(_leaving(pk, date))
        elif what in ("text", "coming"):
            waiting.append(_text(pk, CommitmentKind(words).label, date if what == "coming" else None))
        else:
            waiting.append(_task(what, pk, words, date, amount))
    return waiting, talk_asked_on


def _leaving(pk: uuid.UUID, since: datetime.date) -> Waiting:
    return Waiting(
        url=reverse("partner_detail", args=[pk]),
        label=_("You are leaving"),
        detail=_("Written down on %(day)s. See what is still open.") % {"day": day_words(since)},
        icon="info-circle",
    )


def _text(pk: uuid.UUID, name: str, needed_from: datetime.date | None) -> Waiting:
    """A text to accept. `needed_from`: the day until which an earlier version, accepted, is enough."""
    detail = _("You need this before a new relationship or assignment.")
    if needed_from is not None:
        detail = _("There is a new version. You need it from %(day)s on.") % {"day": day_words(needed_from)}
    return Waiting(
        url=reverse("partner_commit", args=[pk]),
        label=_("Read and accept: %(text)s") % {"text": name},
        detail=detail,
        icon="shield-lock",
    )


def _task(what: str, pk: uuid.UUID, title: str, date, amount) -> Waiting:
    facts = {"what": title or _("a meeting"), "day": day_words(date), "sum": money(amount)}
    if what == "offer":
        return Waiting(
            url=reverse("participation_answer", args=[pk]),
            label=_("Would you take this? %(what)s") % facts,
            detail=(
                _("%(day)s · no fee: volunteering. Say yes or no.")
                if amount is None
                else _("%(day)s · the fee is %(sum)s. Say yes or no.")
            )
            % facts,
            icon="clipboard-check",
        )
    if what == "travel":
        return Waiting(
            url=reverse("travel_edit", args=[pk]),
            label=_("Mend your travel claim: %(what)s, %(day)s") % facts,
            detail=_("It was sent back with a few words. Look at it and claim it again."),
            icon="geo-alt",
        )
    detail = _("It was sent back with a few words. Look at it and claim it again.")
    if what == "fee":
        detail = _("%(what)s, %(day)s") % facts
    return Waiting(
        url=reverse("fee_claim", args=[pk]),
        label=_("Claim your fee: %(sum)s") % facts,
        detail=detail,
        icon="cash-coin",
    )


def _money() -> DecimalField:
    return DecimalField(max_digits=8, decimal_places=2)


def own_partner(actor) -> ExperiencePartner | None:
    """The partner's own record."""
    return ExperiencePartner.objects.visible_to(actor).first()
