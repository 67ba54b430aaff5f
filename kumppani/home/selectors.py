"""What is waiting for me? One function per role, each a fixed number of queries whatever the number of rows.

A selector only looks. It returns what the role's page shows, and `seen`: the records about people that it showed, for
the audit trail (R10).
"""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    DecimalField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Coalesce, RowNumber, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kumppani.accounts.models import Invitation
from kumppani.accounts.roles import Role
from kumppani.core.dates import today
from kumppani.core.templatetags.kumppani import day as day_words
from kumppani.core.templatetags.kumppani import money, weekday_day
from pairing.models import (
    Acknowledgement,
    Agreement,
    Commitment,
    CommitmentText,
    ContactRequest,
    Decision,
    ExperiencePartner,
    Goal,
    Meeting,
    PairAnswer,
    Party,
    Relationship,
)
from pairing.states import RelationshipStatus
from tasks.models import Assignment, Fee, Participation
from tasks.states import AssignmentStatus, FeeStatus, ParticipationStatus
from training.models import Cohort, Enrolment, Session
from training.states import CohortStatus

SHOWN = 5  # of each list; the rest is behind the link to the whole list
START_MEETING_DAYS = 21  # a positive decision older than this without its start meeting is shown to the staff
CARDS = 30  # cards of a social worker, soonest due first


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for this person."""

    url: str
    label: str
    detail: str = ""
    icon: str = "lightbulb"
    count: int | None = None


@dataclass(frozen=True)
class Queue:
    """The first rows of a list of the staff, how many there are, and where the whole list is."""

    title: str
    items: list[Waiting]
    total: int
    url: str
    link: str


def _answered(party: str) -> Exists:
    return Exists(PairAnswer.objects.filter(relationship=OuterRef("pk"), party=party))


def _agreement_to_acknowledge(party: str) -> Subquery:
    """The agreement that this side has not acknowledged yet although it could be: all three were there, duration, scope
    and a goal are set (R1)."""
    acknowledged = Acknowledgement.objects.filter(
        agreement=OuterRef("pk"), party=party, revision=OuterRef("revision")
    )
    return Subquery(
        Agreement.objects.filter(
            relationship=OuterRef("pk"),
            relationship__status=RelationshipStatus.DECIDED,
            relationship__start_meeting__worker_present=True,
            relationship__start_meeting__partner_present=True,
            relationship__start_meeting__parent_present=True,
            starts_on__isnull=False,
            ends_on__isnull=False,
            meetings_per_month__isnull=False,
        )
        .filter(Exists(Goal.objects.filter(agreement=OuterRef("pk"))), ~Exists(acknowledged))
        .order_by("-number")
        .values("pk")[:1]
    )


def _when(meeting: Meeting) -> str:
    """Tuesday 4 May 17.00"""
    words = weekday_day(meeting.date)
    if meeting.starts_at is None:
        return words
    return _("%(day)s at %(time)s") % {"day": words, "time": _time(meeting.starts_at)}


def _time(value: datetime.time) -> str:
    return time_format(value)


# --- experience partner -----------------------------------------------------------------------------------
def partner_home(actor) -> dict:
    """Four queries: relationships, planned meetings, texts to accept, offers together with fees."""
    relationships = list(
        Relationship.objects.visible_to(actor)
        .select_related("parent")
        .annotate(
            has_answered=_answered(Party.PARTNER), agreement_waiting=_agreement_to_acknowledge(Party.PARTNER)
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
        "next_when": _when(coming[0]) if coming else "",
        "waiting": waiting,
        "seen": relationships,
    }


def _unlogged(meeting: Meeting) -> Waiting:
    return Waiting(
        url=reverse("meeting_held", args=[meeting.pk]),
        label=_("How did it go with %(name)s?") % {"name": meeting.relationship.parent.first_name},
        detail=_("You had planned to meet on %(when)s. Log the meeting, or say that it was not held.")
        % {"when": _when(meeting)},
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


# --- parent -----------------------------------------------------------------------------------------------
def parent_home(actor) -> dict:
    """Three queries, one more while there is no relationship: relationship, goals, next meeting, request."""
    relationship = (
        Relationship.objects.visible_to(actor)
        .select_related("partner", "social_worker__user")
        .annotate(
            has_answered=_answered(Party.PARENT), agreement_waiting=_agreement_to_acknowledge(Party.PARENT)
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
        "next_when": _when(meeting) if meeting else "",
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


# --- social worker ----------------------------------------------------------------------------------------
def social_worker_home(actor) -> dict:
    """Two queries: own relationships with what is due, own requests that wait."""
    positive = Decision.objects.filter(relationship=OuterRef("pk"), is_positive=True).order_by("-valid_to")
    relationships = list(
        Relationship.objects.visible_to(actor)
        .open()
        .select_related("parent", "partner", "start_meeting")
        .annotate(
            parent_answered=_answered(Party.PARENT),
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


# --- staff ------------------------------------------------------------------------------------------------
def staff_home(actor) -> dict:
    """Four queries, seven lists."""
    queues = []
    seen: list = []
    for part in (_requests_waiting, _pairs_on_their_way, _people_on_their_way, _tasks_waiting):
        found, shown = part(actor)
        queues += found
        seen += shown
    return {"queues": [queue for queue in queues if queue.total], "seen": seen}


def _queue(title: str, items: list[Waiting], total: int, url_name: str, link: str, query: str = "") -> Queue:
    return Queue(title=title, items=items, total=total, url=reverse(url_name) + query, link=link)


def _requests_waiting(actor) -> tuple[list[Queue], list]:
    requests = list(
        ContactRequest.objects.visible_to(actor)
        .waiting()
        .select_related("parent", "social_worker__organisation")
        .annotate(total=Window(Count("pk")))[:SHOWN]
    )
    items = [
        Waiting(
            url=request.get_absolute_url(),
            label=_("%(code)s · %(organisation)s")
            % {"code": request.parent.case_code, "organisation": request.social_worker.organisation.name},
            detail=_("Waiting since %(day)s") % {"day": day_words(request.received_on)},
            icon="inbox",
            count=request.waiting_days,
        )
        for request in requests
    ]
    total = requests[0].total if requests else 0
    return [
        _queue(_("Requests that wait for a partner"), items, total, "request_list", _("All requests")),
    ], requests


def _pairs_on_their_way(actor) -> tuple[list[Queue], list]:
    """Pairs without both answers, and decisions whose start meeting has not been held: one query, two lists."""
    decided_on = Decision.objects.filter(relationship=OuterRef("pk"), is_positive=True).order_by("-made_on")
    pairs = (
        Relationship.objects.visible_to(actor)
        .filter(status__in=[RelationshipStatus.ACQUAINTING, RelationshipStatus.DECIDED])
        .annotate(
            partner_answered=_answered(Party.PARTNER),
            parent_answered=_answered(Party.PARENT),
            decided_on=Subquery(decided_on.values("made_on")[:1]),
        )
        .filter(
            Q(status=RelationshipStatus.ACQUAINTING)
            | Q(decided_on__lt=today() - datetime.timedelta(days=START_MEETING_DAYS))
        )
        .annotate(
            nr=Window(RowNumber(), partition_by="status", order_by=["proposed_on", "id"]),
            total=Window(Count("pk"), partition_by="status"),
        )
        .filter(nr__lte=SHOWN)
        .select_related("parent", "partner")
        .order_by("proposed_on", "id")
    )
    acquainting, decided = [], []
    totals = {RelationshipStatus.ACQUAINTING: 0, RelationshipStatus.DECIDED: 0}
    pairs = list(pairs)
    for pair in pairs:
        totals[pair.status] = pair.total
        names = {"code": pair.parent.case_code, "partner": pair.partner.name}
        label = _("%(code)s and %(partner)s") % names
        if pair.status == RelationshipStatus.ACQUAINTING:
            missing = [
                words
                for words, answered in (
                    (_("the partner's answer"), pair.partner_answered),
                    (_("the parent's answer"), pair.parent_answered),
                )
                if not answered
            ]
            acquainting.append(
                Waiting(
                    url=pair.get_absolute_url(),
                    label=label,
                    detail=_("Since %(day)s; still wanted: %(what)s")
                    % {"day": day_words(pair.proposed_on), "what": _(" and ").join(missing)},
                    icon="chat-heart",
                )
            )
        else:
            decided.append(
                Waiting(
                    url=pair.get_absolute_url(),
                    label=label,
                    detail=_("The decision was made on %(day)s") % {"day": day_words(pair.decided_on)},
                    icon="people",
                )
            )
    relationships = _("All relationships")
    return [
        _queue(
            _("Pairs without both answers"),
            acquainting,
            totals[RelationshipStatus.ACQUAINTING],
            "relationship_list",
            relationships,
        ),
        _queue(
            _("Start meetings not held in three weeks"),
            decided,
            totals[RelationshipStatus.DECIDED],
            "relationship_list",
            relationships,
        ),
    ], pairs


def _people_on_their_way(actor) -> tuple[list[Queue], list]:
    """Trainees of the last year nobody has taken in, and partners who lack something: one query, two lists."""

    def committed(kind: str) -> Exists:
        text = CommitmentText.objects.newest().filter(kind=kind).values("pk")
        return Exists(Commitment.objects.filter(partner__enrolment=OuterRef("pk"), text__in=text))

    rows = list(
        Enrolment.objects.visible_to(actor)
        .completed()
        .annotate(
            step=Case(When(partner__isnull=True, then=Value("take_in")), default=Value("ready")),
            principles=committed("principles"),
            undertaking=committed("undertaking"),
        )
        .filter(
            Q(partner__isnull=True, completed_on__gte=today() - datetime.timedelta(days=365))
            | (Q(partner__isnull=False) & (Q(principles=False) | Q(undertaking=False)))
        )
        .annotate(
            nr=Window(RowNumber(), partition_by="step", order_by=["completed_on", "id"]),
            total=Window(Count("pk"), partition_by="step"),
        )
        .filter(nr__lte=SHOWN)
        .select_related("partner", "cohort")
        .order_by("completed_on", "id")
    )
    take_in, not_ready = [], []
    totals = {"take_in": 0, "ready": 0}
    for row in rows:
        totals[row.step] = row.total
        if row.step == "take_in":
            take_in.append(
                Waiting(
                    url=reverse("partner_take_in", args=[row.pk]),
                    label=row.name,
                    detail=_("%(cohort)s, completed on %(day)s")
                    % {"cohort": row.cohort.name, "day": day_words(row.completed_on)},
                    icon="mortarboard",
                )
            )
        else:
            missing = [
                str(label)
                for label, done in (
                    (_("ethical principles"), row.principles),
                    (_("confidentiality undertaking"), row.undertaking),
                )
                if not done
            ]
            not_ready.append(
                Waiting(
                    url=row.partner.get_absolute_url(),
                    label=row.partner.name,
                    detail=_("Still wanted: %(what)s") % {"what": _(" and ").join(missing)},
                    icon="person-heart",
                )
            )
    return [
        _queue(_("Trained, not yet taken in"), take_in, totals["take_in"], "cohort_list", _("All cohorts")),
        _queue(
            _("Partners who are not ready yet"), not_ready, totals["ready"], "partner_list", _("All partners")
        ),
    ], [getattr(row, "partner", None) or row for row in rows]


def _tasks_waiting(actor) -> tuple[list[Queue], list]:
    """Past assignments that nobody has marked as done, and fees to approve: one query, two lists, no name."""
    first = {
        "nr": Window(RowNumber(), order_by=["day", "pk"]),
        "total": Window(Count("pk")),
    }
    past = (
        Assignment.objects.visible_to(actor)
        .filter(status=AssignmentStatus.AGREED, date__lt=today())
        .annotate(
            what=Value("assignment", output_field=CharField()),
            day=F("date"),
            sum=Cast(Value(None), _money()),
            words=Cast("title", TextField()),
        )
        .annotate(**first)
        .filter(nr__lte=SHOWN)
    )
    fees = (
        Fee.objects.visible_to(actor)
        .filter(status=FeeStatus.CLAIMED)
        .annotate(
            what=Value("fee", output_field=CharField()),
            day=TruncDate("claimed_at"),
            sum=F("amount"),
            words=Cast(Coalesce("participation__assignment__title", Value("")), TextField()),
        )
        .annotate(**first)
        .filter(nr__lte=SHOWN)
    )
    columns = ("what", "pk", "words", "day", "sum", "total")
    rows = past.order_by().values_list(*columns).union(fees.order_by().values_list(*columns), all=True)
    assignments, claimed = [], []
    totals = {"assignment": 0, "fee": 0}
    for what, pk, words, date, amount, total in sorted(rows, key=lambda row: (row[3], str(row[1]))):
        totals[what] = total
        if what == "assignment":
            assignments.append(
                Waiting(
                    url=reverse("assignment_detail", args=[pk]),
                    label=words,
                    detail=_("It was on %(day)s. Was it done?") % {"day": day_words(date)},
                    icon="clipboard-check",
                )
            )
        else:
            claimed.append(
                Waiting(
                    url=reverse("fee_detail", args=[pk]),
                    label=_("%(sum)s · %(what)s") % {"sum": money(amount), "what": words or _("a meeting")},
                    detail=_("Claimed on %(day)s") % {"day": day_words(date)},
                    icon="cash-coin",
                )
            )
    return [
        _queue(
            _("Assignments whose day has passed"),
            assignments,
            totals["assignment"],
            "assignment_list",
            _("All assignments"),
        ),
        _queue(_("Fees to approve"), claimed, totals["fee"], "fee_list", _("All fees")),
    ], []


def _money() -> DecimalField:
    return DecimalField(max_digits=8, decimal_places=2)


# --- trainer, administrator -------------------------------------------------------------------------------
def trainer_home(actor) -> dict:
    """Two queries: own cohorts, the sessions to come."""
    order = Case(
        When(status=CohortStatus.RUNNING, then=0),
        When(status=CohortStatus.PLANNED, then=1),
        default=2,
        output_field=IntegerField(),
    )
    cohorts = list(
        Cohort.objects.visible_to(actor).with_figures().order_by(order, "-starts_on", "id")[:SHOWN]
    )
    sessions = list(
        Session.objects.visible_to(actor)
        .filter(date__gte=today())
        .select_related("cohort")
        .order_by("date", "id")[:SHOWN]
    )
    return {
        "cohorts": cohorts,
        "next_session": sessions[0] if sessions else None,
        "sessions": sessions[1:],
        "seen": [],
    }


def administrator_home(actor) -> dict:
    """One query: invitations that have not been used yet."""
    invitations = list(
        Invitation.objects.visible_to(actor)
        .open()
        .select_related("user")
        .annotate(total=Window(Count("pk")))
        .order_by("expires_at", "id")[:SHOWN]
    )
    now = timezone.localdate()
    items = []
    for invitation in invitations:
        left = (timezone.localdate(invitation.expires_at) - now).days
        items.append(
            Waiting(
                url=reverse("user_detail", args=[invitation.user_id]),
                label=invitation.user.get_full_name(),
                detail=ngettext(
                    "The link works for %(count)s day more", "The link works for %(count)s days more", left
                )
                % {"count": left},
                icon="person-circle",
            )
        )
    return {
        "waiting": items,
        "total": invitations[0].total if invitations else 0,
        "seen": [invitation.user for invitation in invitations],
    }


# --- me ---------------------------------------------------------------------------------------------------
def own_partner(actor) -> ExperiencePartner | None:
    """The partner's own record."""
    return ExperiencePartner.objects.visible_to(actor).first()


HOMES = {
    Role.PARTNER: partner_home,
    Role.PARENT: parent_home,
    Role.SOCIAL_WORKER: social_worker_home,
    Role.STAFF: staff_home,
    Role.TRAINER: trainer_home,
    Role.ADMINISTRATOR: administrator_home,
}
