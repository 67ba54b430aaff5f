"""The experience partner's home: the next meeting, and what waits."""

from django.db.models import Case, CharField, DateField, Exists, OuterRef, TextField, Value, When
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from kumppani.core.dates import today
from kumppani.core.templatetags.kumppani import day as day_words
from kumppani.core.templatetags.kumppani import money
from kumppani.home.selectors.common import Waiting, agreement_to_acknowledge, answered, when_words
from pairing.models import Commitment, CommitmentText, ExperiencePartner, Meeting, Party, Relationship
from pairing.states import RelationshipStatus
from tasks.models import Fee, Participation
from tasks.states import AssignmentStatus, FeeStatus, ParticipationStatus


def partner_home(actor) -> dict:
    """Four queries: relationships, planned meetings, texts to accept, offers together with fees."""
    relationships = list(
        Relationship.objects.visible_to(actor)
        .select_related("parent")
        .annotate(
            has_answered=answered(Party.PARTNER), agreement_waiting=agreement_to_acknowledge(Party.PARTNER)
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
    waiting = [
        *(_unlogged(meeting) for meeting in passed),
        *_pair_steps(relationships),
        *_texts_to_accept(actor),
        *_own_tasks(actor),
    ]
    return {
        "relationships": relationships,
        "loggable": [
            relationship
            for relationship in relationships
            if relationship.status in (RelationshipStatus.ACTIVE, RelationshipStatus.PAUSED)
        ],
        "next_meeting": coming[0] if coming else None,
        "next_when": when_words(coming[0]) if coming else "",
        "waiting": waiting,
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


def _pair_steps(relationships: list[Relationship]) -> list[Waiting]:
    waiting = []
    for relationship in relationships:
        name = {"name": relationship.parent.first_name}
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


def _texts_to_accept(actor) -> list[Waiting]:
    accepted = Commitment.objects.filter(text=OuterRef("pk"), partner__user_id=actor.user_id)
    return [
        Waiting(
            url=reverse("partner_commit", args=[text.pk]),
            label=_("Read and accept: %(text)s") % {"text": text.get_kind_display()},
            detail=_("You need this before a new relationship or assignment."),
            icon="shield-lock",
        )
        for text in CommitmentText.objects.visible_to(actor)
        .newest()
        .filter(~Exists(accepted))
        .order_by("kind")
    ]


def _own_tasks(actor) -> list[Waiting]:
    """Offers to answer and fees to claim, in one query."""
    offers = (
        Participation.objects.visible_to(actor)
        .filter(
            status=ParticipationStatus.OFFERED,
            assignment__status__in=[AssignmentStatus.REQUESTED, AssignmentStatus.AGREED],
        )
        .values_list(
            Value("offer", output_field=CharField()),
            "pk",
            Cast("assignment__title", TextField()),
            "assignment__date",
            "fee_amount",
        )
    )
    fees = (
        Fee.objects.visible_to(actor)
        .filter(status__in=[FeeStatus.DRAFT, FeeStatus.REJECTED])
        .values_list(
            Case(
                When(status=FeeStatus.REJECTED, then=Value("again")),
                default=Value("fee"),
                output_field=CharField(),
            ),
            "pk",
            Cast(Coalesce("participation__assignment__title", Value("")), TextField()),
            Coalesce("participation__assignment__date", "meeting__date", output_field=DateField()),
            "amount",
        )
    )
    waiting = []
    for what, pk, title, date, amount in sorted(
        offers.order_by().union(fees.order_by(), all=True), key=lambda row: (row[3], str(row[1]))
    ):
        facts = {"what": title or _("a meeting"), "day": day_words(date), "sum": money(amount)}
        if what == "offer":
            waiting.append(
                Waiting(
                    url=reverse("participation_answer", args=[pk]),
                    label=_("Would you take this? %(what)s") % facts,
                    detail=_("%(day)s · the fee is %(sum)s. Say yes or no.") % facts,
                    icon="clipboard-check",
                )
            )
        else:
            detail = _("It was sent back with a few words. Look at it and claim it again.")
            if what == "fee":
                detail = _("%(what)s, %(day)s") % facts
            waiting.append(
                Waiting(
                    url=reverse("fee_claim", args=[pk]),
                    label=_("Claim your fee: %(sum)s") % facts,
                    detail=detail,
                    icon="cash-coin",
                )
            )
    return waiting


def own_partner(actor) -> ExperiencePartner | None:
    """The partner's own record."""
    return ExperiencePartner.objects.visible_to(actor).first()
