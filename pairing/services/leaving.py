"""A partner leaves, in two steps, and may come back. No reason is asked of anybody (R16).

First nothing new comes and all that ends by itself ends; who is told brings the rest to an end. When nothing is open
any more, and nothing unpaid, the staff say so, and the partner's role ends with its access.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from kumppani.accounts.roles import Role
from kumppani.accounts.services import add_role, end_role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.dates import today
from kumppani.core.states import MoveRefused
from kumppani.notices.kinds import notify, staff_users
from pairing.leaving import Part, let_go, open_pairs, register, still_open
from pairing.models import ExperiencePartner, Relationship
from pairing.services.directory import withdraw_consents
from pairing.services.pairs import let_partner_step_back
from pairing.services.people import not_now
from pairing.services.workers import acting_users


def _hold(partner: ExperiencePartner) -> ExperiencePartner:
    """The partner as it is now, held until the transaction ends."""
    return ExperiencePartner.objects.select_for_update(of=("self",)).select_related("user").get(pk=partner.pk)


@transaction.atomic
def leave(*, partner: ExperiencePartner, by) -> None:
    """The partner wishes to stop. From now on nothing new is proposed, and nothing of the partner is shown in public.

    Pairs on the way are stepped back from and open offers declined. What is running goes on until the social worker and
    the staff, who hear of it, have brought it to an end: see `complete_leaving`.
    """
    partner = _hold(partner)
    if not partner.can_leave(by):
        raise MoveRefused(not_now(partner))
    partner.leaving_on, partner.is_available = today(), False
    _save(partner, by, "leaving_on", "is_available")
    withdraw_consents(partner=partner, by=by)
    told = list(Relationship.objects.filter(partner=partner).open().select_related("social_worker__user"))
    let_go(partner, by)
    for relationship in told:
        notify(
            acting_users(relationship.social_worker),
            role=Role.SOCIAL_WORKER,
            kind="partner_leaves_pair",
            about=relationship,
        )
    if partner.is_own(by):
        notify(staff_users(), role=Role.STAFF, kind="partner_leaves", about=partner)
    else:
        notify([partner.user], role=Role.PARTNER, kind="leaving_recorded", about=partner)


@transaction.atomic
def complete_leaving(*, partner: ExperiencePartner, by) -> None:
    """The staff say that nothing is open any more: the partner has left, and the role of partner ends.

    Raises `MoveRefused` with the list while a relationship is running, an assignment is coming or something is unpaid:
    with the role the way to one's own fees would end.
    """
    partner = _hold(partner)
    if not partner.can_be_let_go(by):
        raise MoveRefused(not_now(partner))
    # An offer may have been made in the very moment of leaving.
    let_go(partner, by)
    if hindering := [one.label for one in still_open(partner, by) if one.hinders]:
        raise MoveRefused(_("Still open: %(what)s.") % {"what": ", ".join(hindering)})
    partner.left_on = today()
    _save(partner, by, "left_on")
    for grant in _roles(partner):
        end_role(grant=grant, by=by)


@transaction.atomic
def come_back(*, partner: ExperiencePartner, by) -> None:
    """Who is leaving stays after all, or who has left comes back: available again, with the role and its access.

    Before a new relationship the texts in force must have been accepted, as by anybody else (R3).
    """
    partner = _hold(partner)
    if not partner.can_come_back(by):
        raise MoveRefused(not_now(partner))
    changed = ["leaving_on", "is_available"]
    if partner.has_left:
        partner.left_on, partner.came_back_on = None, today()
        changed += ["left_on", "came_back_on"]
    partner.leaving_on, partner.is_available = None, True
    _save(partner, by, *changed)
    if partner.user is not None and not _roles(partner):
        add_role(user=partner.user, role=Role.PARTNER, by=by)
    if not partner.is_own(by):
        notify([partner.user], role=Role.PARTNER, kind="partner_back", about=partner)


def _save(partner: ExperiencePartner, by, *fields: str) -> None:
    partner.full_clean()
    partner.save(update_fields=[*fields, "updated_at"])
    record(by, Action.CHANGE, partner, fields_changed=list(fields))


def _roles(partner: ExperiencePartner) -> list:
    """The role of partner, if the partner has an account and holds it; other roles are not looked at (A37)."""
    return list(partner.user.grants.held().filter(role=Role.PARTNER)) if partner.user else []


def _step_back_from_pairs(partner: ExperiencePartner, by) -> None:
    on_the_way = (
        Relationship.objects.filter(partner=partner).open().exclude(pk__in=Relationship.objects.running())
    )
    for relationship in on_the_way.order_by("pk"):
        let_partner_step_back(relationship=relationship, by=by)


register("pairing", Part(find=open_pairs, let_go=_step_back_from_pairs))
