"""Who may see assignments and fees: staff all; a partner the own part."""

import datetime
from decimal import Decimal

from django.db.models import Count, Q, Sum

from kumppani.core.querysets import VisibleQuerySet
from tasks.states import COMING, AssignmentStatus, FeeStatus, ParticipationStatus


class AssignmentKindQuerySet(VisibleQuerySet):
    """Data without persons."""

    def _for_staff(self, actor):
        return self

    _for_partner = _for_staff

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

    def taking_part(self):
        """Those who said yes."""
        return self.filter(status__in=[ParticipationStatus.ACCEPTED, ParticipationStatus.DONE])


class FeeRuleQuerySet(VisibleQuerySet):
    def _for_staff(self, actor):
        return self

    def valid_on(self, day: datetime.date):
        """Rules in force on this day (R8)."""
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))


class FeeQuerySet(VisibleQuerySet):
    def _for_staff(self, actor):
        return self

    def _for_partner(self, actor):
        return self.filter(partner__user_id=actor.user_id)

    def waiting_for_approval(self):
        """Claimed, oldest first."""
        return self.filter(status=FeeStatus.CLAIMED).order_by("claimed_at", "id")

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
        return {status.value: found.get(status.value, (0, Decimal(0))) for status in FeeStatus}
