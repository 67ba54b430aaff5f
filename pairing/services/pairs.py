"""Two people get acquainted and say yes or no; when the partner does not, the next one is asked."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kumppani.accounts.roles import Role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.dates import today
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.core.templatetags.kumppani import day
from kumppani.notices.kinds import notify, staff_users
from pairing import matching
from pairing.models import (
    AcquaintanceMeeting,
    Candidate,
    ContactRequest,
    ExperiencePartner,
    PairAnswer,
    Party,
    Relationship,
)
from pairing.states import RelationshipStatus, RequestStatus

# How many may be asked after the first, when the first says no.
THEN_ASK = 2
PEOPLE = ("request", "partner__user", "parent__user", "social_worker__user", "social_worker__organisation")


@transaction.atomic
def propose_pair(
    *,
    request: ContactRequest,
    partner: ExperiencePartner,
    by,
    then: Iterable[ExperiencePartner] = (),
    on: datetime.date | None = None,
) -> Relationship:
    """Staff propose a partner for a request; the two start getting acquainted (B2).

    The partner must be ready (R3), available, under the own limit, share the parent's language, and nothing must speak
    against the two (domain 5.4): raises `MoveRefused` with what is in the way. `then`: who is asked next, in this
    order, when this partner says no or does not answer in time; it replaces an earlier list.
    """
    if by.role != Role.STAFF:
        raise MoveRefused(_("Only the project staff propose a partner."))
    request, then = _hold_request(request), list(then)
    _check_list(request, partner, then)
    relationship = _propose(request, partner, by, on)
    _keep_list(request, then, by)
    return relationship


def _check_list(request: ContactRequest, partner: ExperiencePartner, then: list[ExperiencePartner]) -> None:
    """Each once, not too many, and nobody whom something hinders already now."""
    if len(then) > THEN_ASK or len({partner.pk, *(other.pk for other in then)}) != len(then) + 1:
        raise ValidationError(
            {"then": _("Choose at most %(count)s others, each once.") % {"count": THEN_ASK}}
        )
    for other in then:
        hindrances = pair_hindrances(request=request, partner=other)
        if hindrances:
            raise MoveRefused(f"{other.name}: {' '.join(hindrances)}")


def _propose(
    request: ContactRequest, partner: ExperiencePartner, by, on: datetime.date | None = None
) -> Relationship:
    """The pair itself; the caller holds the request."""
    if request.status != RequestStatus.WAITING:
        raise AlreadyMoved
    # Two proposals at one moment must not exceed the partner's own limit: the second waits and counts again.
    partner = (
        ExperiencePartner.objects.select_for_update(of=("self",)).select_related("user").get(pk=partner.pk)
    )
    hindrances = pair_hindrances(request=request, partner=partner)
    if hindrances:
        raise MoveRefused(" ".join(hindrances))
    request.move_to(RequestStatus.MATCHED, by=by)
    # After a change of partner that led nowhere, whoever comes next still continues the relationship that was.
    earlier = Relationship.objects.filter(request=request, status=RelationshipStatus.ENDED)
    relationship = Relationship(
        request=request,
        parent=request.parent,
        partner=partner,
        social_worker=request.social_worker,
        organisation=request.social_worker.organisation,
        continues=earlier.order_by("-ended_on", "-created_at").first(),
        proposed_on=on or today(),
    )
    relationship.full_clean()
    relationship.save(force_insert=True)
    record(by, Action.CREATE, relationship)
    notify([partner.user], role=Role.PARTNER, kind="pair_answer", about=relationship)
    notify([request.parent.user], role=Role.PARENT, kind="pair_answer", about=relationship)
    notify([request.social_worker.user], role=Role.SOCIAL_WORKER, kind="pair_proposed", about=relationship)
    return relationship


def _hold_request(request: ContactRequest) -> ContactRequest:
    """The request as it is now, held until the transaction ends."""
    return (
        ContactRequest.objects.select_for_update(of=("self",))
        .select_related("parent__user", "social_worker__user", "social_worker__organisation")
        .get(pk=request.pk)
    )


def _keep_list(request: ContactRequest, then: list[ExperiencePartner], by) -> None:
    """Write down who is asked next; who was on an earlier list and has not been asked is on it no longer."""
    for left in Candidate.objects.filter(request=request).waiting():
        record(by, Action.CHANGE, left, detail="off the list")
        left.delete()
    asked = Candidate.objects.filter(request=request).count()
    for position, other in enumerate(then, start=asked + 1):
        candidate = Candidate(request=request, partner=other, position=position)
        candidate.full_clean()
        candidate.save(force_insert=True)
        record(by, Action.CREATE, candidate)


@transaction.atomic
def ask_next(*, request: ContactRequest, by) -> Relationship | None:
    """The partner who was asked has not answered in time: the next one is asked. Returns the new pair, or None.

    None is left, or none of them fits any more: the request waits in the queue and the staff hear of it (R6). `by` is
    None when a job does it. Raises `AlreadyMoved` when settings.PAIR_NEXT_DAYS are not over, when the partner has
    answered, or when the two have met: whoever is getting acquainted is not interrupted, and whoever is asked after
    somebody else has the same days.
    """
    long_ago = today() - datetime.timedelta(days=settings.PAIR_NEXT_DAYS)
    relationship = (
        Relationship.objects.select_for_update(of=("self",))
        .select_related(*PEOPLE)
        .filter(request=request, status=RelationshipStatus.ACQUAINTING)
        .first()
    )
    if (
        relationship is None
        or relationship.proposed_on > long_ago
        or PairAnswer.objects.filter(relationship=relationship, party=Party.PARTNER).exists()
        or AcquaintanceMeeting.objects.filter(relationship=relationship).exists()
    ):
        raise AlreadyMoved
    relationship.move_to(RelationshipStatus.NO_MATCH, by=by)
    return _next_or_queue(relationship.request, by)


def _next_or_queue(request: ContactRequest, by) -> Relationship | None:
    """Back to the queue, and from there to the next one on the staff's list who still fits."""
    request = _hold_request(request)
    request.move_to(RequestStatus.WAITING, by=by)
    for candidate in Candidate.objects.filter(request=request).waiting().select_related("partner"):
        if pair_hindrances(request=request, partner=candidate.partner):
            continue  # stays on the list: the staff see who could not be asked
        candidate.asked_on = today()
        candidate.save(update_fields=["asked_on", "updated_at"])
        return _propose(request, candidate.partner, by)
    _tell_queue(request)
    return None


def _tell_queue(request: ContactRequest) -> None:
    notify(staff_users(), role=Role.STAFF, kind="request_waiting", about=request)


def pair_hindrances(
    *, request: ContactRequest, partner: ExperiencePartner, open_now: int | None = None
) -> list[str]:
    """Why this partner cannot be proposed for this request, each a sentence; empty when nothing is in the way.

    The same that `matching` leaves out of the suggestions, looked at again. `open_now`: how many relationships the
    partner has, when that has been counted under a lock.
    """
    if not request.is_complete:
        return [_("First complete the request: the parent and the social worker must be known.")]
    return matching.hindrances_of(request, partner, open_now=open_now)


@transaction.atomic
def answer_pair(
    *, relationship: Relationship, party: str, yes: bool, by, on: datetime.date | None = None
) -> PairAnswer:
    """One side says yes or no, without a reason. Two yeses lead to the decision.

    The partner's no lets the next one be asked; the parent's puts the request back into the queue (R6).
    """
    # Both sides may answer at the same moment: the lock lets the second one see the first one's answer.
    relationship = _hold(relationship)
    if party not in relationship.may_answer_for(by):
        raise AlreadyMoved
    answer = PairAnswer(
        relationship=relationship,
        party=party,
        yes=yes,
        answered_on=on or today(),
        recorded_by=by.user,
    )
    answer.full_clean()
    answer.save(force_insert=True)
    record(by, Action.CREATE, answer)
    if not yes:
        relationship.move_to(RelationshipStatus.NO_MATCH, by=by)
        if party == Party.PARTNER:
            _next_or_queue(relationship.request, by)
        else:
            _back_to_queue(relationship, by)
    elif relationship.answers.filter(yes=True).count() == 2:
        relationship.move_to(RelationshipStatus.PROPOSED, by=by)
        notify(
            [relationship.social_worker.user],
            role=Role.SOCIAL_WORKER,
            kind="decision_wanted",
            about=relationship,
        )
    return answer


def _hold(relationship: Relationship) -> Relationship:
    """The relationship as it is now, held until the transaction ends."""
    return (
        Relationship.objects.select_for_update(of=("self",)).select_related(*PEOPLE).get(pk=relationship.pk)
    )


def _back_to_queue(relationship: Relationship, by) -> None:
    relationship.request.move_to(RequestStatus.WAITING, by=by)
    _tell_queue(relationship.request)


@transaction.atomic
def step_back(*, relationship: Relationship, by) -> None:
    """One of the two steps back before the start; no reason is asked (R16). The request waits in the queue again.

    A partner who steps back while the two get acquainted says no: then the next one is asked.
    """
    relationship = _hold(relationship)
    if not relationship.can_step_back(by):
        raise MoveRefused(_("This can be done only before the start meeting has been held."))
    _step_back(relationship, by, is_partners=relationship.party_of(by) == Party.PARTNER)


@transaction.atomic
def let_partner_step_back(*, relationship: Relationship, by) -> None:
    """The same for a partner who leaves, whoever writes it down: it is the partner's no."""
    relationship = _hold(relationship)
    if relationship.can_step_back(by):
        _step_back(relationship, by, is_partners=True)


def _step_back(relationship: Relationship, by, *, is_partners: bool) -> None:
    acquainting = relationship.status == RelationshipStatus.ACQUAINTING
    relationship.move_to(RelationshipStatus.NO_MATCH if acquainting else RelationshipStatus.DECLINED, by=by)
    if acquainting and is_partners:
        _next_or_queue(relationship.request, by)
    else:
        _back_to_queue(relationship, by)


@transaction.atomic
def log_acquaintance(
    *, relationship: Relationship, by, date: datetime.date, minutes: int, place: str
) -> AcquaintanceMeeting:
    """The two have met to get to know each other. It counts neither as a meeting nor as a relationship (B2, R4)."""
    relationship = _hold(relationship)
    if not relationship.can_log_acquaintance(by):
        raise MoveRefused(_("Getting acquainted is logged by the partner, before the start meeting."))
    if date > today():
        raise ValidationError({"date": _("This day has not come yet.")})
    if date < relationship.proposed_on:
        raise ValidationError(
            {
                "date": _("The two of you were proposed to each other on %(date)s.")
                % {"date": day(relationship.proposed_on)}
            }
        )
    meeting = AcquaintanceMeeting(
        relationship=relationship, date=date, minutes=minutes, place=place, logged_by=by.user
    )
    meeting.full_clean()
    meeting.save(force_insert=True)
    record(by, Action.CREATE, meeting)
    return meeting
