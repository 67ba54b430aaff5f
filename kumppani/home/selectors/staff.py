"""The staff's home: four queries, seven lists."""

import datetime
from dataclasses import dataclass

from django.db.models import (
    Case,
    CharField,
    Count,
    DecimalField,
    Exists,
    F,
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
from django.utils.translation import gettext as _

from kumppani.core.dates import today
from kumppani.core.templatetags.kumppani import day as day_words
from kumppani.core.templatetags.kumppani import money
from kumppani.home.selectors.common import SHOWN, Waiting, answered
from pairing.models import Commitment, CommitmentText, ContactRequest, Decision, Party, Relationship
from pairing.states import RelationshipStatus
from tasks.models import Assignment, Fee
from tasks.states import AssignmentStatus, FeeStatus
from training.models import Enrolment

START_MEETING_DAYS = 21  # a positive decision older than this without its start meeting is shown to the staff


@dataclass(frozen=True)
class Queue:
    """The first rows of a list of the staff, how many there are, and where the whole list is."""

    title: str
    items: list[Waiting]
    total: int
    url: str
    link: str


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


def _request_words(request: ContactRequest) -> str:
    """A code and an organisation; of a request by the public form, which has neither yet, who asks."""
    if not request.is_complete:
        return _("By the public form · %(who)s") % {"who": request.get_by_display()}
    return _("%(code)s · %(organisation)s") % {
        "code": request.parent.case_code,
        "organisation": request.social_worker.organisation.name,
    }


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
            label=_request_words(request),
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
            partner_answered=answered(Party.PARTNER),
            parent_answered=answered(Party.PARENT),
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
