"""Two people get acquainted and say yes or no."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kumppani.accounts.roles import Role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.dates import today
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.notices.kinds import notify, staff_users
from pairing.models import (
    ContactRequest,
    ExperiencePartner,
    PairAnswer,
    Relationship,
)
from pairing.states import RelationshipStatus, RequestStatus


@transaction.atomic
def propose_pair(
    *, request: ContactRequest, partner: ExperiencePartner, by, on: datetime.date | None = None
) -> Relationship:
    """Staff propose a partner for a request; the two start getting acquainted (B2).

    The partner must be ready (R3), available, under the own limit, and share the parent's language. Raises
    `MoveRefused` with what is in the way.
    """
    # Two proposals at one moment must not exceed the partner's own limit: the second waits and counts again.
    ExperiencePartner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
    hindrances = pair_hindrances(request=request, partner=partner, open_now=partner_open_count(partner))
    if hindrances:
        raise MoveRefused(" ".join(hindrances))
    request.move_to(RequestStatus.MATCHED, by=by)
    relationship = Relationship(
        request=request,
        parent=request.parent,
        partner=partner,
        social_worker=request.social_worker,
        organisation=request.social_worker.organisation,
        proposed_on=on or today(),
    )
    relationship.full_clean()
    relationship.save(force_insert=True)
    record(by, Action.CREATE, relationship)
    notify([partner.user], role=Role.PARTNER, kind="pair_answer", about=relationship)
    notify([request.parent.user], role=Role.PARENT, kind="pair_answer", about=relationship)
    notify([request.social_worker.user], role=Role.SOCIAL_WORKER, kind="pair_proposed", about=relationship)
    return relationship


def partner_open_count(partner: ExperiencePartner) -> int:
    """How many relationships are open now."""
    return Relationship.objects.filter(partner=partner).open().count()


def pair_hindrances(*, request: ContactRequest, partner: ExperiencePartner, open_now: int) -> list[str]:
    """Why this partner cannot be proposed for this request, each a sentence; empty when nothing is in the way."""
    if not request.is_complete:
        return [_("Before a partner is proposed, the request names the parent and the social worker.")]
    found = []
    missing = partner.missing()
    if missing:
        found.append(_("The partner is not ready yet; missing: %(what)s.") % {"what": ", ".join(missing)})
    if not partner.is_available:
        found.append(_("The partner is having a break."))
    if open_now >= partner.max_relationships:
        found.append(
            _("The partner has %(count)s of %(limit)s relationships.")
            % {"count": open_now, "limit": partner.max_relationships}
        )
    if not getattr(partner, f"speaks_{request.parent.language}"):
        found.append(
            _("The partner does not speak %(language)s.")
            % {"language": request.parent.get_language_display()}
        )
    return found


@transaction.atomic
def answer_pair(
    *, relationship: Relationship, party: str, yes: bool, by, on: datetime.date | None = None
) -> PairAnswer:
    """One side says yes or no, without a reason. Two yeses lead to the decision; a no puts the request back (R6)."""
    # Both sides may answer at the same moment: the lock lets the second one see the first one's answer.
    relationship = (
        Relationship.objects.select_for_update(of=("self",))
        .select_related("request", "partner", "parent", "social_worker__user")
        .get(pk=relationship.pk)
    )
    if relationship.status != RelationshipStatus.ACQUAINTING:
        raise AlreadyMoved
    answer, created = PairAnswer.objects.get_or_create(
        relationship=relationship,
        party=party,
        defaults={"yes": yes, "answered_on": on or today(), "recorded_by": by.user},
    )
    if not created:
        raise AlreadyMoved
    record(by, Action.CREATE, answer)
    if not yes:
        relationship.move_to(RelationshipStatus.NO_MATCH, by=by)
        relationship.request.move_to(RequestStatus.WAITING, by=by)
        notify(staff_users(), role=Role.STAFF, kind="request_waiting", about=relationship.request)
    elif relationship.answers.filter(yes=True).count() == 2:
        relationship.move_to(RelationshipStatus.PROPOSED, by=by)
        notify(
            [relationship.social_worker.user],
            role=Role.SOCIAL_WORKER,
            kind="decision_wanted",
            about=relationship,
        )
    return answer


@transaction.atomic
def step_back(*, relationship: Relationship, by) -> None:
    """One of the two steps back before the start; no reason is asked (R16). The request waits in the queue again."""
    relationship = (
        Relationship.objects.select_for_update(of=("self",))
        .select_related("request", "social_worker")
        .get(pk=relationship.pk)
    )
    if not relationship.can_step_back(by):
        raise MoveRefused(_("This can be done only before the start meeting has been held."))
    acquainting = relationship.status == RelationshipStatus.ACQUAINTING
    relationship.move_to(RelationshipStatus.NO_MATCH if acquainting else RelationshipStatus.DECLINED, by=by)
    relationship.request.move_to(RequestStatus.WAITING, by=by)
    notify(staff_users(), role=Role.STAFF, kind="request_waiting", about=relationship.request)
