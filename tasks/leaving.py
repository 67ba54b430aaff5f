"""What of this room is open when a partner leaves: offers, assignments that come, and everything unpaid."""

from django.utils.translation import gettext as _

from kumppani.core.templatetags.kumppani import day as day_words
from kumppani.core.templatetags.kumppani import money
from pairing import leaving
from pairing.leaving import Open
from pairing.models import ExperiencePartner
from tasks.models import Correction, Fee, Participation, TravelClaim
from tasks.services import decline_for_leaving, draft_fees
from tasks.states import COMING, ParticipationStatus, PayStatus

TO_CLAIM = (PayStatus.DRAFT, PayStatus.REJECTED)
UNPAID = (*TO_CLAIM, PayStatus.CLAIMED, PayStatus.APPROVED, PayStatus.EXPORTED)


def open_tasks(partner: ExperiencePartner, actor) -> list[Open]:
    """Offers and assignments in the order of their days, then what is unpaid: four queries."""
    return [*_participations(partner, actor), *_unpaid(partner, actor)]


def _participations(partner: ExperiencePartner, actor) -> list[Open]:
    coming = (
        Participation.objects.visible_to(actor)
        .filter(
            partner=partner,
            status__in=[ParticipationStatus.OFFERED, ParticipationStatus.ACCEPTED],
            assignment__status__in=COMING,
        )
        .select_related("assignment")
        .order_by("assignment__date", "id")
    )
    found = []
    for part in coming:
        is_offer = part.status == ParticipationStatus.OFFERED
        then = (
            _("It is declined.")
            if is_offer
            else _("It stays as agreed. The partner may also say that she or he cannot come.")
        )
        label = f"{part.assignment.title}, {day_words(part.assignment.date)}"
        found.append(Open(label, then, part.get_absolute_url(), hinders=not is_offer))
    return found


def _unpaid(partner: ExperiencePartner, actor) -> list[Open]:
    items = [
        *Fee.objects.visible_to(actor).filter(partner=partner, status__in=UNPAID).with_source(),
        *TravelClaim.objects.visible_to(actor).filter(partner=partner, status__in=UNPAID),
        *Correction.objects.visible_to(actor)
        .filter(partner=partner, status__in=UNPAID)
        .select_related("fee__participation__assignment", "fee__meeting", "travel"),
    ]
    return [
        Open(
            _("%(what)s, %(sum)s") % {"what": item.what, "sum": money(item.amount_to_pay)},
            _("It waits to be claimed, or done without.")
            if item.status in TO_CLAIM
            else _("It is paid first."),
            item.get_absolute_url(),
            hinders=True,
        )
        for item in sorted(items, key=lambda item: item.created_at)
    ]


def let_go(partner: ExperiencePartner, by) -> None:
    """Open offers are declined, and nothing that has been done stays without its fee."""
    for participation in Participation.objects.filter(
        partner=partner, status=ParticipationStatus.OFFERED
    ).order_by("assignment_id"):
        decline_for_leaving(participation=participation, by=by)
    draft_fees(by=None)  # looks at everybody's work, as every hour: it is not this person's deed


leaving.register("tasks", leaving.Part(find=open_tasks, let_go=let_go))
