"""A partner's own money on one page: what is earned, what is on the way, what waits (domain 3.6)."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.roles import PARTNER
from kumppani.core.dates import today
from kumppani.core.templatetags.kumppani import day as day_words
from kumppani.core.templatetags.kumppani import money
from kumppani.core.views import AccessView
from pairing.models import Decision, ExperiencePartner
from tasks import services
from tasks.arithmetic import VOLUNTEER_MILEAGE_EUROS, VOLUNTEER_PER_DIEM_DAYS
from tasks.ceilings import Ceiling, agreed_in_month
from tasks.models import Correction, Fee, MeetingTerms, Payer, TravelClaim
from tasks.states import PayStatus
from tasks.views.terms import words_of

FOR_YOU = (PayStatus.DRAFT, PayStatus.REJECTED)
ON_THE_WAY = (PayStatus.CLAIMED, PayStatus.APPROVED, PayStatus.EXPORTED)


@dataclass
class Month:
    """One month of payment: what was paid in it, and the sum in euros."""

    first: datetime.date
    items: list = field(default_factory=list)

    @property
    def together(self) -> Decimal:
        return _sum(self.items)


def _sum(items) -> Decimal:
    return sum((item.amount_to_pay for item in items), Decimal(0))


def said(item) -> str:
    """How it stands, as one says it to the partner."""
    if item.status == PayStatus.PAID:
        return gettext("paid on %(day)s") % {"day": day_words(item.paid_on)}
    if item.status == PayStatus.APPROVED and item.payer == Payer.ORDERER:
        return gettext("approved; the orderer pays it")
    return {
        PayStatus.DRAFT: gettext("you can claim it"),
        PayStatus.REJECTED: gettext("sent back to you with words"),
        PayStatus.CLAIMED: gettext("waits for approval"),
        PayStatus.APPROVED: gettext("approved; it goes into the next payment"),
        PayStatus.EXPORTED: gettext("sent to be paid"),
        PayStatus.WAIVED: gettext("no fee wanted"),
    }[item.status]


class OwnMoney(AccessView):
    """One year of the own money, by the month of payment. What is not paid yet stands with the present year."""

    allowed_roles = PARTNER
    template_name = "tasks/own_money.html"
    title = _("My money")

    def get(self, request: HttpRequest) -> HttpResponse:
        self.partner = ExperiencePartner.objects.visible_to(self.actor).select_related("terms").first()
        if self.partner is None:
            raise Http404
        self.this_year = today().year
        self.year = self.chosen_year()
        items = self.items()
        by_state = defaultdict(list)
        for item in items:
            by_state[item.status].append(item)
        waiting = [item for status in FOR_YOU for item in by_state[status]]
        coming = [item for status in ON_THE_WAY for item in by_state[status]]
        return self.page(
            year=self.year,
            years=self.years(),
            is_this_year=self.year == self.this_year,
            waiting=waiting,
            waiting_sum=_sum(waiting),
            coming=sorted(coming, key=lambda item: item.day, reverse=True),
            coming_sum=_sum(coming),
            earned=_sum(item for item in by_state[PayStatus.PAID] if not item.is_travel),
            covered=_sum(item for item in by_state[PayStatus.PAID] if item.is_travel),
            months=self.months(by_state[PayStatus.PAID]),
            waived=by_state[PayStatus.WAIVED],
            ceiling=self.ceiling(),
            volunteer=self.volunteer(),
            agreed=self.agreed(),
        )

    def years(self) -> list[int]:
        """The newest first, since the partner was taken in."""
        return list(range(self.this_year, self.partner.taken_in_on.year - 1, -1))

    def chosen_year(self) -> int:
        """`?year=…`; anything else is the present year."""
        wanted = self.request.GET.get("year", "")
        return next((year for year in self.years() if str(year) == wanted), self.this_year)

    def items(self) -> list:
        """Fees, travel and corrections of the year, each with the words that are shown of it."""
        in_year = Q(status=PayStatus.PAID, paid_on__year=self.year)
        fee_in_year = in_year | Q(status=PayStatus.WAIVED) & (
            Q(participation__assignment__date__year=self.year) | Q(meeting__date__year=self.year)
        )
        if self.year == self.this_year:
            unpaid = Q(status__in=[*FOR_YOU, *ON_THE_WAY])
            in_year, fee_in_year = in_year | unpaid, fee_in_year | unpaid
        items = [
            *Fee.objects.visible_to(self.actor).filter(fee_in_year).with_source(),
            *TravelClaim.objects.visible_to(self.actor).filter(in_year).with_source(),
            *Correction.objects.visible_to(self.actor)
            .filter(in_year)
            .select_related("fee__participation__assignment", "fee__meeting", "travel"),
        ]
        for item in items:
            item.said = said(item)
        return sorted(items, key=lambda item: (item.day, item.created_at))

    def months(self, paid: list) -> list[Month]:
        """What was paid, by the month of payment, the newest first."""
        found: dict[datetime.date, Month] = {}
        for item in sorted(paid, key=lambda item: item.paid_on, reverse=True):
            first = item.paid_on.replace(day=1)
            found.setdefault(first, Month(first)).items.append(item)
        return list(found.values())

    def ceiling(self) -> dict | None:
        """How near the present month is to the own ceiling; None where there is none."""
        terms = getattr(self.partner, "terms", None)
        if self.year != self.this_year or terms is None or terms.monthly_ceiling is None:
            return None
        counted = agreed_in_month([self.partner.pk], today())[self.partner.pk]
        ceiling = Ceiling(terms.monthly_ceiling, counted)
        facts = {"sum": money(counted), "limit": money(ceiling.limit), "left": money(ceiling.left)}
        if ceiling.is_passed:
            words = gettext(
                "%(sum)s has been agreed for this month. That is more than your ceiling, %(limit)s."
            )
        else:
            words = gettext(
                "%(sum)s has been agreed for this month. Up to your ceiling, %(limit)s, there is room for %(left)s."
            )
        return {"words": words % facts, "is_passed": ceiling.is_passed, "month": today()}

    def volunteer(self) -> list[dict]:
        """The yearly counters of unpaid work, where there is something to count (domain 3.3)."""
        counted = services.volunteer_year(self.partner, self.year)
        if not counted.km_euros and not counted.per_diem_days:
            return []
        return [
            {
                "label": gettext("Kilometres"),
                "words": gettext("%(sum)s of %(most)s")
                % {"sum": money(counted.km_euros), "most": money(VOLUNTEER_MILEAGE_EUROS)},
                "is_over": counted.km_left < 0,
            },
            {
                "label": gettext("Days with a per diem"),
                "words": gettext("%(count)s of %(most)s")
                % {"count": counted.per_diem_days, "most": VOLUNTEER_PER_DIEM_DAYS},
                "is_over": counted.days_left < 0,
            },
        ]

    def agreed(self) -> list[str]:
        """What has been settled about the own meetings, in whole sentences: now and to come."""
        day = today()
        decided = Decision.objects.visible_to(self.actor).filter(
            is_positive=True, valid_from__lte=day, valid_to__gte=day
        )
        found = (
            MeetingTerms.objects.visible_to(self.actor)
            .filter(Q(relationship__isnull=False) | Q(of_grant__in=decided.values("grant")))
            .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
            .select_related("relationship")
            .order_by("-relationship", "valid_from", "id")
        )
        return [sentence_of(terms) for terms in found]


def sentence_of(terms: MeetingTerms) -> str:
    """Terms as one says them to the partner, without the parent's name."""
    facts = {"words": words_of(terms), "from": day_words(terms.valid_from)}
    if terms.relationship_id:
        facts["began"] = day_words(terms.relationship.started_on)
        if terms.is_paid:
            sentence = gettext(
                "In the relationship that began on %(began)s your meetings are paid: %(words)s."
            )
        else:
            sentence = gettext("In the relationship that began on %(began)s your meetings are not paid.")
    elif terms.is_paid:
        sentence = gettext("Your meetings are paid: %(words)s.")
    else:
        sentence = gettext("Your meetings are not paid.")
    sentence %= facts
    if terms.valid_from > today():
        sentence += " " + gettext("This begins on %(day)s.") % {"day": facts["from"]}
    elif terms.valid_to is not None:
        sentence += " " + gettext("The last day is %(day)s.") % {"day": day_words(terms.valid_to)}
    return sentence
