"""The staff's home: four queries, a dozen lists."""

import datetime

from django.db.models import (
    Case,
    CharField,
    Count,
    DecimalField,
    Exists,
    F,
    OuterRef,
    Q,
    TextField,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Coalesce, Concat, RowNumber, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kumppani.core.dates import today
from kumppani.core.templatetags.kumppani import day as day_words
from kumppani.core.templatetags.kumppani import money
from kumppani.home.selectors.common import SHOWN, Queue, Waiting, queue
from kumppani.home.selectors.jobs import jobs_that_need_a_look
from kumppani.home.selectors.staff_pairs import pairs_and_requests
from pairing.models import (
    Commitment,
    CommitmentText,
)
from tasks.models import Assignment, Fee, Order, TravelClaim
from tasks.states import COMING, PayStatus
from training.models import Enrolment
from training.states import EnrolmentStatus


def staff_home(actor) -> dict:
    """Four queries, a dozen lists. `talks`: partners who need to talk; they stand above all the rest."""
    queues: list[Queue] = []
    seen: list = []
    talks, *pairs = pairs_and_requests(actor)
    for part in (pairs, _people_on_their_way(actor), _tasks_waiting(actor)):
        queues += part[0]
        seen += part[1]
    return {
        "talks": talks,
        "queues": [found for found in queues if found.total],
        "late_jobs": jobs_that_need_a_look(),
        "seen": seen,
    }


def _people_on_their_way(actor) -> tuple[list[Queue], list]:
    """Applicants who wait for the staff, trainees of the last year nobody has taken in, and partners who lack
    something: one query, three lists. Who has a time to talk ahead waits for that day, not for an answer.
    """

    def committed(kind: str) -> Exists:
        text = CommitmentText.objects.enough().filter(kind=kind).values("pk")
        return Exists(Commitment.objects.filter(partner__enrolment=OuterRef("pk"), text__in=text))

    applied = Q(status=EnrolmentStatus.APPLIED)
    rows = list(
        Enrolment.objects.visible_to(actor)
        .annotate(
            step=Case(
                When(applied, then=Value("apply")),
                When(partner__isnull=True, then=Value("take_in")),
                default=Value("ready"),
            ),
            since=Coalesce("completed_on", "applied_on", TruncDate("created_at")),
            principles=committed("principles"),
            undertaking=committed("undertaking"),
        )
        .filter(
            (applied & (Q(interview_at__isnull=True) | Q(interview_at__lte=timezone.now())))
            | Q(status=EnrolmentStatus.COMPLETED)
            & (
                Q(partner__isnull=True, completed_on__gte=today() - datetime.timedelta(days=365))
                | (
                    Q(partner__isnull=False, partner__leaving_on__isnull=True)
                    & (Q(principles=False) | Q(undertaking=False))
                )
            )
        )
        .annotate(
            nr=Window(RowNumber(), partition_by="step", order_by=["since", "id"]),
            total=Window(Count("pk"), partition_by="step"),
        )
        .filter(nr__lte=SHOWN)
        .select_related("partner", "cohort")
        .order_by("since", "id")
    )
    applicants, take_in, not_ready = [], [], []
    totals = {"apply": 0, "take_in": 0, "ready": 0}
    for row in rows:
        totals[row.step] = row.total
        if row.step == "apply":
            words = (
                _("%(cohort)s, you have talked on %(day)s")
                if row.interview_at
                else _("%(cohort)s, applied on %(day)s")
            )
            applicants.append(
                Waiting(
                    url=row.get_absolute_url(),
                    label=row.name,
                    detail=words
                    % {"cohort": row.cohort.name, "day": day_words(row.interview_day or row.since)},
                    icon="mortarboard",
                )
            )
        elif row.step == "take_in":
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
        queue(
            _("Applications to the training"),
            applicants,
            totals["apply"],
            "application_list",
            _("All applications"),
        ),
        queue(_("Trained, not yet taken in"), take_in, totals["take_in"], "cohort_list", _("All cohorts")),
        queue(
            _("Partners who are not ready yet"), not_ready, totals["ready"], "partner_list", _("All partners")
        ),
    ], [getattr(row, "partner", None) or row for row in rows]


def _tasks_waiting(actor) -> tuple[list[Queue], list]:
    """Assignments to confirm or to mark as done, fees and journeys to approve, orders to answer: one query, no name."""
    first = {
        "nr": Window(RowNumber(), order_by=["day", "pk"]),
        "total": Window(Count("pk")),
    }
    assignments_waiting = (
        Assignment.objects.visible_to(actor)
        .filter(
            Q(status__in=COMING, date__lt=today()) | Q(pk__in=Assignment.objects.to_confirm().values("pk"))
        )
        .annotate(
            what=Case(
                When(date__lt=today(), then=Value("assignment")),
                default=Value("confirm"),
                output_field=CharField(),
            ),
            day=F("date"),
            sum=Cast(Value(None), _money()),
            said=Cast("title", TextField()),
        )
        .annotate(
            nr=Window(RowNumber(), partition_by="what", order_by=["day", "pk"]),
            total=Window(Count("pk"), partition_by="what"),
        )
        .filter(nr__lte=SHOWN)
    )
    fees = (
        Fee.objects.visible_to(actor)
        .filter(status=PayStatus.CLAIMED)
        .annotate(
            what=Value("fee", output_field=CharField()),
            day=TruncDate("claimed_at"),
            sum=F("amount"),
            said=Cast(Coalesce("participation__assignment__title", Value("")), TextField()),
        )
        .annotate(**first)
        .filter(nr__lte=SHOWN)
    )
    travel = (
        TravelClaim.objects.visible_to(actor)
        .filter(status=PayStatus.CLAIMED)
        .annotate(
            what=Value("travel", output_field=CharField()),
            day=TruncDate("claimed_at"),
            sum=F("total"),
            said=Case(
                When(meeting__isnull=False, then=Value("")), default=F("purpose"), output_field=TextField()
            ),
        )
        .annotate(nr=first["nr"], several=first["total"])
        .filter(nr__lte=SHOWN)
    )
    orders = (
        Order.objects.visible_to(actor)
        .waiting()
        .annotate(
            what=Value("order", output_field=CharField()),
            day=F("received_on"),
            sum=Cast(Value(None), _money()),
            said=Cast(Concat("title", Value(" · "), "organisation_name"), TextField()),
        )
        .annotate(**first)
        .filter(nr__lte=SHOWN)
    )
    columns = ("what", "pk", "said", "day", "sum", "total")
    rows = (
        assignments_waiting.order_by()
        .values_list(*columns)
        .union(
            fees.order_by().values_list(*columns),
            # Its own "total" is a sum of euros.
            travel.order_by().values_list(*columns[:-1], "several"),
            orders.order_by().values_list(*columns),
            all=True,
        )
    )
    assignments, to_confirm, claimed, travelled, ordered = [], [], [], [], []
    totals = {"assignment": 0, "confirm": 0, "fee": 0, "travel": 0, "order": 0}
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
        elif what == "order":
            ordered.append(
                Waiting(
                    url=reverse("order_detail", args=[pk]),
                    label=words,
                    detail=_("Received on %(day)s") % {"day": day_words(date)},
                    icon="inbox",
                )
            )
        elif what == "travel":
            facts = {"sum": money(amount) or _("no sum yet"), "what": words or _("a meeting")}
            travelled.append(
                Waiting(
                    url=reverse("travel_detail", args=[pk]),
                    label=_("%(sum)s · %(what)s") % facts,
                    detail=_("Claimed on %(day)s") % {"day": day_words(date)},
                    icon="geo-alt",
                )
            )
        elif what == "confirm":
            to_confirm.append(
                Waiting(
                    url=reverse("assignment_detail", args=[pk]),
                    label=words,
                    detail=_("%(day)s · enough partners have said yes") % {"day": day_words(date)},
                    icon="check-circle",
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
        queue(_("Orders from organisations"), ordered, totals["order"], "order_list", _("All orders")),
        queue(
            _("Assignments to confirm"),
            to_confirm,
            totals["confirm"],
            "assignment_list",
            _("All assignments"),
        ),
        queue(
            _("Assignments whose day has passed"),
            assignments,
            totals["assignment"],
            "assignment_list",
            _("All assignments"),
        ),
        queue(_("Fees to approve"), claimed, totals["fee"], "fee_list", _("All fees")),
        queue(_("Journeys to approve"), travelled, totals["travel"], "travel_list", _("All travel claims")),
    ], []


def _money() -> DecimalField:
    return DecimalField(max_digits=8, decimal_places=2)
