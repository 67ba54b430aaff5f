"""Who may see orders, assignments, outreach and what is paid: staff all; a partner the own part.

Rules and rates are data without persons. Who holds a one-purpose link of an order is no actor: the link's view asks
`OrderLink.behind` and shows that one order.
"""

import datetime
from decimal import Decimal

from django.db.models import Count, Q, Sum

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


class MediaHitQuerySet(_ForStaff):
    def between(self, first: datetime.date, last: datetime.date):
        """Those of the period."""
        return self.filter(date__gte=first, date__lte=last)


class PartnerTermsQuerySet(_OfPartner):
    pass


class MeetingTermsQuerySet(_ForStaff, _Dated):
    pass


class TravelRateQuerySet(_Dated):
    """Public data: everybody who reckons with them may read them."""

    def _for_staff(self, actor):
        return self

    _for_partner = _for_administrator = _for_staff


class PayableQuerySet(_OfPartner):
    """Fees, travel claims and corrections."""

    def waiting_for_approval(self):
        """Claimed, oldest first."""
        return self.filter(status=PayStatus.CLAIMED).order_by("claimed_at", "id")

    def to_collect(self):
        """Approved, to be paid by the project, and in no batch yet: what the next batch takes."""
        return self.filter(status=PayStatus.APPROVED, payer="project", batch__isnull=True)


class FeeQuerySet(PayableQuerySet):
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
    pass


class CorrectionQuerySet(PayableQuerySet):
    pass


class PaymentBatchQuerySet(_ForStaff):
    """A batch holds the sums of many partners: only staff see one."""


class PaymentRowQuerySet(_ForStaff):
    pass
