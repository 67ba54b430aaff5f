"""A partner's own ceiling a month (domain 3.6): private to the partner and the staff, a warning and never a bar.

What counts for a month is what has been agreed for its days: assignments that have been taken on, and all fees but
those that are not wanted. The month is that of the work, because nobody knows beforehand when a fee will be paid.
"""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q, Sum

from kumppani.core.dates import add_months
from tasks.models import Fee, Participation, PartnerTerms
from tasks.states import ParticipationStatus, PayStatus


@dataclass(frozen=True)
class Ceiling:
    """How near a partner's own ceiling of one month is, in euros."""

    limit: Decimal
    agreed: Decimal

    @property
    def left(self) -> Decimal:
        """Never less than nothing."""
        return max(self.limit - self.agreed, Decimal(0))

    @property
    def is_passed(self) -> bool:
        return self.agreed > self.limit


def agreed_in_month(partners: Iterable[uuid.UUID], day: datetime.date) -> dict[uuid.UUID, Decimal]:
    """Partner → euros agreed for the month of this day. One query, however many partners there are."""
    partners = list(partners)
    first = day.replace(day=1)
    month = {"gte": first, "lt": add_months(first, 1)}

    def within(path: str) -> Q:
        return Q(**{f"{path}__{edge}": value for edge, value in month.items()})

    coming = (
        Participation.objects.filter(within("assignment__date"), partner__in=partners)
        .filter(status=ParticipationStatus.ACCEPTED)
        .order_by()
        .values("partner_id")
        .annotate(euros=Sum("fee_amount"))
    )
    fees = (
        Fee.objects.filter(within("participation__assignment__date") | within("meeting__date"))
        .filter(partner__in=partners)
        .exclude(status=PayStatus.WAIVED)
        .order_by()
        .values("partner_id")
        .annotate(euros=Sum("amount"))
    )
    found: dict[uuid.UUID, Decimal] = dict.fromkeys(partners, Decimal(0))
    for partner, euros in coming.values_list("partner_id", "euros").union(
        fees.values_list("partner_id", "euros"), all=True
    ):
        found[partner] += euros or Decimal(0)
    return found


def ceilings(
    partners: Iterable[uuid.UUID], day: datetime.date, extra: Decimal | None = None
) -> dict[uuid.UUID, Ceiling]:
    """Partner → the own ceiling of the month of this day, with `extra` euros on top. Only for those who have set one.

    Two queries, however many partners there are.
    """
    limits = dict(
        PartnerTerms.objects.filter(partner__in=list(partners), monthly_ceiling__isnull=False)
        .order_by()
        .values_list("partner_id", F("monthly_ceiling"))
    )
    if not limits:
        return {}
    agreed = agreed_in_month(limits, day)
    return {
        partner: Ceiling(limit, agreed[partner] + (extra or Decimal(0))) for partner, limit in limits.items()
    }


def ceiling_of(partner, day: datetime.date, extra: Decimal | None = None) -> Ceiling | None:
    """The partner's own ceiling of the month of this day, or None where none is set."""
    return ceilings([partner.pk], day, extra).get(partner.pk)
