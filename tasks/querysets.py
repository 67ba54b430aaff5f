"""Who may see orders, assignments, outreach and what is paid: staff all; a partner the own part.

Rules and rates are data without persons. Who holds a one-purpose link of an order is no actor: the link's view asks
`OrderLink.behind` and shows that one order.
"""

import datetime
from decimal import Decimal
from typing import ClassVar

from django.apps import apps
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, TruncDate
from django.db.models.lookups import Exact

from kumppani.core.dates import today
from kumppani.core.models import StatusChange
from kumppani.core.querysets import VisibleQuerySet
from tasks.states import COMING, AssignmentStatus, OrderStatus, ParticipationStatus, PayStatus


class AssignmentKindQuerySet(VisibleQuerySet):
    """Data without persons."""

    def _for_staff(self, actor):
        return self

    _for_partner = _for_administrator = _for_staff

    def in_use(self):
        """Those to choose from."""
        return self.filter(is_active=True)

    def record_may_be_seen(self):
        """Those for which the law allows looking at an extract: the same as `record_check`, for many (domain 2.8)."""
        unpaid = Q(engagement="volunteer")
        return self.filter(
            ~unpaid & Q(with_minors=True) | unpaid & Q(with_minors=True, in_person=True, alone=True)
        )

    def record_must_be_seen(self):
        """Those for which the law demands it."""
        return self.filter(engagement="paid_long", with_minors=True)


class AssignmentQuerySet(VisibleQuerySet):
    def _for_staff(self, actor):
        return self

    def _for_partner(self, actor):
        return self.filter(participations__partner__user_id=actor.user_id).distinct()

    def coming(self):
        """Those that have not been marked done or called off."""
        return self.filter(status__in=COMING)

    def with_answers(self):
        """`asked`: how many partners have been asked; `said_yes`: how many of them take or took part."""
        yes = [ParticipationStatus.ACCEPTED, ParticipationStatus.DONE]
        return self.annotate(
            asked=Count("participations"),
            said_yes=Count("participations", filter=Q(participations__status__in=yes)),
        )

    def to_confirm(self):
        """Those for which enough partners have said yes, and the orderer to the sum where the orderer pays (R7)."""
        accepted = (
            apps.get_model("tasks", "Participation")
            .objects.filter(assignment=OuterRef("pk"), status=ParticipationStatus.ACCEPTED)
            .order_by()
            .values("assignment")
            .annotate(number=Count("pk"))
            .values("number")
        )
        return (
            self.filter(status=AssignmentStatus.REQUESTED)
            .exclude(payer="orderer", orderer_agreed_on__isnull=True)
            .annotate(accepted=Coalesce(Subquery(accepted), 0))
            .filter(accepted__gte=F("partners_wanted"))
        )

    def done_between(self, first: datetime.date, last: datetime.date):
        """Done in the period; one with many partners counts once (R5)."""
        return self.filter(status=AssignmentStatus.DONE, date__gte=first, date__lte=last)


class ParticipationQuerySet(VisibleQuerySet):
    def _for_staff(self, actor):
        return self

    def _for_partner(self, actor):
        return self.filter(partner__user_id=actor.user_id)

    def without_fee(self):
        """Done, or called off late with a share that is paid, for a fee agreed beforehand – and no fee drafted yet."""
        owed = Q(status=ParticipationStatus.DONE) | Q(status=ParticipationStatus.CANCELLED, late_share__gt=0)
        return self.filter(owed, fee__isnull=True, fee_amount__isnull=False)

    def left_out(self):
        """Those who had said yes, and were not ticked when the assignment was marked as done."""
        unticked = StatusChange.objects.filter(
            object_kind=self.model._meta.label_lower,
            object_id=OuterRef("pk"),
            old=ParticipationStatus.ACCEPTED,
            new=ParticipationStatus.CANCELLED,
        )
        return self.filter(
            Exists(unticked),
            status=ParticipationStatus.CANCELLED,
            late_share__isnull=True,
            assignment__status=AssignmentStatus.DONE,
        )

    def taking_part(self):
        """Those who said yes."""
        return self.filter(status__in=[ParticipationStatus.ACCEPTED, ParticipationStatus.DONE])


class _ForStaff(VisibleQuerySet):
    def _for_staff(self, actor):
        return self


class _OfPartner(_ForStaff):
    """Staff all, a partner the own."""

    def _for_partner(self, actor):
        return self.filter(partner__user_id=actor.user_id)


class _Dated(VisibleQuerySet):
    def valid_on(self, day: datetime.date):
        """Those in force on this day (R8)."""
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))


class FeeRuleQuerySet(_Dated):
    """Data without persons."""

    def _for_staff(self, actor):
        return self

    _for_administrator = _for_staff


class OrderQuerySet(_ForStaff):
    def waiting(self):
        """Not answered yet, the oldest first."""
        return self.filter(status=OrderStatus.NEW).order_by("received_on", "id")


class OrderLinkQuerySet(_ForStaff):
    """Staff see that a letter went, and revoke its link."""


class OrdererFeedbackQuerySet(_ForStaff):
    def _for_partner(self, actor):
        """Those who did the work read what was thought of it."""
        return self.filter(
            assignment__participations__partner__user_id=actor.user_id,
            assignment__participations__status=ParticipationStatus.DONE,
        )


class OutreachEventQuerySet(_ForStaff):
    def _for_partner(self, actor):
        return self.filter(partners__user_id=actor.user_id)

    def between(self, first: datetime.date, last: datetime.date):
        """Those of the period."""
        return self.filter(date__gte=first, date__lte=last)

    def held_between(self, first: datetime.date, last: datetime.date):
        """Those of the period whose day has come: what is still to come counts nowhere yet."""
        return self.between(first, min(last, today()))

    def municipalities(self) -> list[str]:
        """Those written down so far, in the order of the alphabet."""
        used = self.order_by().exclude(municipality="").values_list("municipality", flat=True).distinct()
        return sorted(used, key=str.casefold)


class MediaHitQuerySet(_ForStaff):
    def between(self, first: datetime.date, last: datetime.date):
        """Those of the period."""
        return self.filter(date__gte=first, date__lte=last)


class PartnerTermsQuerySet(_OfPartner):
    pass


class CriminalRecordNoteQuerySet(_OfPartner):
    """Staff, and the partner whose extract it was."""


class MeetingTermsQuerySet(_ForStaff, _Dated):
    def _for_partner(self, actor):
        """What is settled for the own relationships, while they are open, and for the grants that pay for them."""
        decided = apps.get_model("pairing", "Decision").objects.visible_to(actor).filter(is_positive=True)
        open_ones = apps.get_model("pairing", "Relationship").objects.visible_to(actor)
        return self.filter(
            Q(relationship__in=open_ones.values("pk")) | Q(of_grant__in=decided.values("grant"))
        )


class TravelRateQuerySet(_Dated):
    """Public data: everybody who reckons with them may read them."""

    def _for_staff(self, actor):
        return self

    _for_partner = _for_administrator = _for_staff

    def overlapping(self, kind: str, first: datetime.date, last: datetime.date | None):
        """Rates of this kind in force on at least one of these days; without a last day: from the first on."""
        found = self.filter(kind=kind).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first))
        return found if last is None else found.filter(valid_from__lte=last)

    def with_use(self):
        """`last_used_on`: the last travel date whose sum has been worked out with this rate, or None."""

        def of_kind(kind: str, **facts) -> Q:
            return Q(Exact(OuterRef("kind"), Value(kind))) & Q(**facts)

        claims = (
            apps.get_model("tasks", "TravelClaim")
            .objects.filter(total__isnull=False)
            .exclude(status=PayStatus.WITHDRAWN)
            .annotate(travel_date=TruncDate("departs_at"))
            .filter(
                of_kind("km", km__gt=0)
                | of_kind("passenger_km", km__gt=0, passengers__gt=0)
                | of_kind("partial", per_diem="partial")
                | of_kind("full", per_diem="full"),
                travel_date__gte=OuterRef("valid_from"),
                travel_date__lte=Coalesce(OuterRef("valid_to"), Value(datetime.date.max)),
            )
        )
        return self.annotate(
            last_used_on=Subquery(claims.order_by("-departs_at").values("travel_date")[:1]),
        )


class PayableQuerySet(_OfPartner):
    """Fees, travel claims and corrections."""

    def waiting_for_approval(self):
        """Claimed, oldest first."""
        return self.filter(status=PayStatus.CLAIMED).order_by("claimed_at", "id")

    def to_collect(self):
        """Approved, to be paid by the project, and in no batch yet: what the next batch takes."""
        return self.filter(status=PayStatus.APPROVED, payer="project", batch__isnull=True)

    # The column with what is to be paid, and what a batch's rows are made from beside the item itself.
    AMOUNT = "amount"
    PAYROLL: ClassVar[tuple[str, ...]] = ()

    def together(self) -> tuple[int, Decimal]:
        """(how many, euros in all)."""
        found = self.order_by().aggregate(count=Count("pk"), euros=Sum(self.AMOUNT))
        return found["count"], found["euros"] or Decimal(0)

    def for_payroll(self):
        """With all that is said of an item to payroll, and to its partner when it is paid: in one query."""
        return self.select_related("partner__user", "grant", "approved_by", *self.PAYROLL)


class FeeQuerySet(PayableQuerySet):
    PAYROLL = ("participation__assignment__kind", "meeting")

    def with_source(self):
        """With what is said of a fee: whose it is and what it is for."""
        return self.select_related(
            "partner",
            "participation__assignment__kind",
            "participation__assignment__organisation",
            "meeting",
        )

    def sums(self) -> dict[str, tuple[int, Decimal]]:
        """State → (how many fees, euros together)."""
        rows = self.order_by().values_list("status").annotate(Count("pk"), Sum("amount"))
        found = {status: (count, amount) for status, count, amount in rows}
        return {status.value: found.get(status.value, (0, Decimal(0))) for status in PayStatus}


class TravelClaimQuerySet(PayableQuerySet):
    AMOUNT = "total"

    def with_source(self):
        """With what is said of a claim: whose it is and what the journey was for."""
        return self.select_related("partner", "participation__assignment", "meeting", "outreach", "grant")

    def sums(self) -> dict[str, tuple[int, Decimal]]:
        """State → (how many claims, euros together; a claim without a sum counts as 0 €)."""
        rows = self.order_by().values_list("status").annotate(Count("pk"), Sum("total"))
        found = {status: (count, amount or Decimal(0)) for status, count, amount in rows}
        return {status.value: found.get(status.value, (0, Decimal(0))) for status in PayStatus}

    def on_day(self, day: datetime.date):
        """Journeys that began on this local day and have not been taken back."""
        return self.filter(departs_at__date=day).exclude(status=PayStatus.WITHDRAWN)

    def volunteering_in(self, year: int):
        """What the yearly counters of an unpaid volunteer count: claimed, approved, sent to be paid or paid."""
        counted = (PayStatus.CLAIMED, PayStatus.APPROVED, PayStatus.EXPORTED, PayStatus.PAID)
        return self.filter(is_volunteer=True, status__in=counted, departs_at__year=year)


class CorrectionQuerySet(PayableQuerySet):
    PAYROLL = (
        "fee__participation__assignment__kind",
        "fee__meeting",
        "travel",
        "claimed_by",
    )

    def that_stand(self):
        """Without those that were taken back."""
        return self.exclude(status=PayStatus.WITHDRAWN)


class PaymentBatchQuerySet(_ForStaff):
    """A batch holds the sums of many partners: only staff see one."""


class PaymentRowQuerySet(_ForStaff):
    pass
