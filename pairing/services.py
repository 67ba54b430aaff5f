"""The deeds of this room: each one function, one transaction."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kumppani.accounts.models import User
from kumppani.accounts.roles import Role
from kumppani.accounts.services import create_user, invite
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.dates import today
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.notices.kinds import notify, staff_users
from pairing.models import (
    AcknowledgedHow,
    Acknowledgement,
    Agreement,
    Commitment,
    CommitmentText,
    ContactRequest,
    Decision,
    ExperiencePartner,
    Goal,
    Meeting,
    PairAnswer,
    Parent,
    Party,
    Relationship,
    RequestBy,
    RequestRoute,
    SocialWorker,
    StartMeeting,
)
from pairing.states import MeetingStatus, RelationshipStatus, RequestStatus
from training.models import Enrolment
from training.states import EnrolmentStatus


# --- partners ---------------------------------------------------------------------------------------------
@transaction.atomic
def take_in_partner(
    *,
    enrolment: Enrolment,
    by,
    speaks: set[str],
    area: str = "",
    email: str = "",
    on: datetime.date | None = None,
) -> ExperiencePartner:
    """Open a partner's record from a completed enrolment (R3, design.md 3); a person does it, once per enrolment.

    With an address the partner gets an account and an invitation. Raises `MoveRefused` for an enrolment that is not
    completed or has been taken in already.
    """
    if enrolment.status != EnrolmentStatus.COMPLETED:
        raise MoveRefused(_("Only somebody who has completed the training can become a partner."))
    if ExperiencePartner.objects.filter(enrolment=enrolment).exists():
        raise MoveRefused(_("This person has been taken in already."))
    partner = ExperiencePartner(
        enrolment=enrolment,
        first_name=enrolment.first_name,
        last_name=enrolment.last_name,
        speaks_fi="fi" in speaks,
        speaks_sv="sv" in speaks,
        speaks_en="en" in speaks,
        area=area,
        taken_in_on=on or today(),
        taken_in_by=by.user,
    )
    if email:
        partner.user = partner_user(enrolment=enrolment, email=email, by=by)
    partner.full_clean()
    partner.save(force_insert=True)
    record(by, Action.CREATE, partner)
    return partner


def new_user(*, email: str, first_name: str, last_name: str, language: str, role: str, by) -> User:
    """A new user in this role, and the letter with the link. The address must be nobody's yet.

    The answer about a taken address is the same whoever has it: that somebody has an account is nobody's business.
    """
    if User.objects.filter(email=User.objects.normalize(email)).exists():
        raise ValidationError(
            {"email": _("This address cannot be used here. Ask the person for another one.")}
        )
    user = create_user(
        email=email, first_name=first_name, last_name=last_name, language=language, role=role, by=by
    )
    invite(user=user, by=by)
    return user


def partner_user(*, enrolment: Enrolment, email: str, by) -> User:
    """The user a partner signs in as: a new one, or a member of the staff who gets one role more (A37)."""
    user = User.objects.filter(email=User.objects.normalize(email), is_active=True).first()
    if user is not None:
        held = set(user.grants.filter(ended_at__isnull=True).values_list("role", flat=True))
        if held & {Role.STAFF, Role.TRAINER} and not ExperiencePartner.objects.filter(user=user).exists():
            user.grant_role(Role.PARTNER, by=by)
            record(by, Action.CHANGE, user, detail=f"role:{Role.PARTNER}")
            return user
    return new_user(
        email=email,
        first_name=enrolment.first_name,
        last_name=enrolment.last_name,
        language=enrolment.language,
        role=Role.PARTNER,
        by=by,
    )


@transaction.atomic
def give_partner_account(*, partner: ExperiencePartner, email: str, by) -> User:
    """An account for a partner taken in without one: the texts are accepted by own sign-in."""
    if partner.user_id is not None:
        raise MoveRefused(_("This partner has an account already."))
    partner.user = partner_user(enrolment=partner.enrolment, email=email, by=by)
    partner.save(update_fields=["user", "updated_at"])
    record(by, Action.CHANGE, partner, fields_changed=["user"])
    return partner.user


@transaction.atomic
def record_commitment(
    *, partner: ExperiencePartner, text: CommitmentText, by, on: datetime.date | None = None
) -> Commitment:
    """The partner accepts the current version of a text; pressing twice makes one row."""
    if text.pk not in {current.pk for current in CommitmentText.objects.current()}:
        raise MoveRefused(_("There is a newer version of this text. Read that one."))
    commitment, created = Commitment.objects.get_or_create(
        partner=partner, text=text, defaults={"made_on": on or today(), "recorded_by": by.user}
    )
    if created:
        record(by, Action.CREATE, commitment, detail=f"{text.kind}:{text.number}")
    return commitment


# --- parents and requests ---------------------------------------------------------------------------------
@transaction.atomic
def record_request(
    *,
    by,
    social_worker: SocialWorker,
    asked_by: RequestBy,
    parent_agrees: bool,
    parent: Parent | None = None,
    new_parent: dict | None = None,
    route: RequestRoute = RequestRoute.STAFF,
    chosen_partner: ExperiencePartner | None = None,
    area: str = "",
    on: datetime.date | None = None,
) -> ContactRequest:
    """A social worker records a request for an own client: a known parent, or a new one (A31, B19)."""
    if parent is None:
        parent = Parent(social_worker=social_worker, **(new_parent or {}))
        parent.full_clean()
        parent.save(force_insert=True)
        record(by, Action.CREATE, parent)
    if Relationship.objects.filter(parent=parent).open().exists():
        raise MoveRefused(_("This parent already has a partner or is getting to know one."))
    request = ContactRequest(
        parent=parent,
        social_worker=social_worker,
        by=asked_by,
        route=route,
        chosen_partner=chosen_partner if route == RequestRoute.PARTNER else None,
        area=area,
        parent_agrees=parent_agrees,
        received_on=on or today(),
    )
    request.full_clean()
    request.save(force_insert=True)
    record(by, Action.CREATE, request)
    notify(staff_users(), role=Role.STAFF, kind="request_waiting", about=request)
    return request


@transaction.atomic
def withdraw_request(*, request: ContactRequest, by) -> None:
    """The parent does not want a partner after all; no reason is asked."""
    request.move_to(RequestStatus.WITHDRAWN, by=by)


@transaction.atomic
def give_parent_account(*, parent: Parent, email: str, by) -> User:
    """An account for the parent, who then sees own goals and who has looked at the data. It is optional."""
    if parent.user_id is not None:
        raise MoveRefused(_("This parent has an account already."))
    user = new_user(
        email=email,
        first_name=parent.first_name,
        last_name="",
        language=parent.language,
        role=Role.PARENT,
        by=by,
    )
    parent.user = user
    parent.save(update_fields=["user", "updated_at"])
    record(by, Action.CHANGE, parent, fields_changed=["user"])
    return user


# --- a pair -----------------------------------------------------------------------------------------------
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


@transaction.atomic
def end_relationship(*, relationship: Relationship, by) -> None:
    """End, without a reason. Meetings still planned are called off, and the parent hears of it."""
    relationship = (
        Relationship.objects.select_for_update(of=("self",))
        .select_related("parent__user", "social_worker")
        .get(pk=relationship.pk)
    )
    relationship.end(by=by)
    for meeting in Meeting.objects.filter(relationship=relationship).planned():
        meeting.move_to(MeetingStatus.CANCELLED, by=by)
    notify([relationship.parent.user], role=Role.PARENT, kind="relationship_ended", about=relationship)


# --- the decision -----------------------------------------------------------------------------------------
@transaction.atomic
def record_decision(*, relationship: Relationship, by, **facts) -> Decision:
    """The social worker records the own decision (B27, R2). Positive opens the way to the start meeting.

    `facts`: is_positive, made_on, reference, legal_ground, valid_from, valid_to, funding, grant.
    """
    if not relationship.can_decide(by):
        raise MoveRefused(_("Only the parent's own social worker makes the decision."))
    decision = Decision(
        relationship=relationship,
        maker=relationship.social_worker,
        organisation=relationship.social_worker.organisation,
        **facts,
    )
    decision.full_clean()
    decision.save(force_insert=True)
    record(by, Action.CREATE, decision)
    relationship.move_to(
        RelationshipStatus.DECIDED if decision.is_positive else RelationshipStatus.REFUSED, by=by
    )
    if decision.is_positive:
        notify([relationship.partner.user], role=Role.PARTNER, kind="decision_made", about=relationship)
    notify([relationship.parent.user], role=Role.PARENT, kind="decision_made", about=relationship)
    return decision


# --- the start meeting ------------------------------------------------------------------------------------
@transaction.atomic
def open_start_meeting(*, relationship: Relationship, by) -> StartMeeting:
    """Open the page for the three; opening it again finds it as it was left."""
    if not relationship.can_decide(by) or relationship.status != RelationshipStatus.DECIDED:
        raise MoveRefused(_("The start meeting is opened by the social worker after a positive decision."))
    meeting, created = StartMeeting.objects.get_or_create(
        relationship=relationship, defaults={"opened_by": by.user}
    )
    if created:
        record(by, Action.CREATE, meeting)
    Agreement.objects.get_or_create(relationship=relationship, number=1)
    return meeting


@transaction.atomic
def write_agreement(
    *,
    agreement: Agreement,
    present: set[str],
    facts: dict,
    goals: list[tuple[str, str]],
    by,
    seen_revision: int,
) -> Agreement:
    """Keep what stands on the start meeting's page: who is here, duration, scope, goals (words, area).

    Earlier acknowledgements stop counting when the words change. Raises `AlreadyMoved` when somebody else wrote in
    between (`seen_revision` is the revision the page showed).
    """
    agreement = (
        Agreement.objects.select_for_update(of=("self",))
        .select_related("relationship__start_meeting", "relationship__social_worker")
        .get(pk=agreement.pk)
    )
    relationship = agreement.relationship
    if not relationship.can_decide(by) or relationship.status != RelationshipStatus.DECIDED:
        raise MoveRefused(_("The agreement can be changed only while the start meeting is open."))
    if agreement.revision != seen_revision:
        raise AlreadyMoved
    meeting = relationship.start_meeting
    meeting.worker_present = Party.WORKER in present
    meeting.partner_present = Party.PARTNER in present
    meeting.parent_present = Party.PARENT in present
    meeting.held_on = None
    meeting.save()
    changed = [name for name, value in facts.items() if getattr(agreement, name) != value]
    goals_changed = [(goal.words, goal.area) for goal in agreement.goals.all()] != goals
    if changed or goals_changed:
        for name in changed:
            setattr(agreement, name, facts[name])
        agreement.revision += 1
        agreement.full_clean()
        agreement.save()
    if goals_changed:
        agreement.goals.all().delete()
        for position, (words, area) in enumerate(goals, start=1):
            goal = Goal(agreement=agreement, words=words, area=area, position=position)
            goal.full_clean()
            goal.save(force_insert=True)
    record(by, Action.CHANGE, agreement, fields_changed=[*changed, *(["goals"] if goals_changed else [])])
    return agreement


@transaction.atomic
def acknowledge(*, agreement: Agreement, party: str, how: str, by) -> Acknowledgement:
    """One of the three agrees. With the third, the start meeting is held and the relationship becomes active (R1)."""
    relationship = (
        Relationship.objects.select_for_update(of=("self",))
        .select_related("social_worker__user", "partner__user", "parent__user")
        .get(pk=agreement.relationship_id)
    )
    own = relationship.party_of(by)
    if (
        relationship.status != RelationshipStatus.DECIDED
        or own is None
        or (how != AcknowledgedHow.SIGN_IN and own != Party.WORKER)
    ):
        raise MoveRefused(_("This cannot be acknowledged here now."))
    if how == AcknowledgedHow.SIGN_IN and party != own:
        raise MoveRefused(_("Each acknowledges for her- or himself."))
    meeting = relationship.start_meeting
    if not meeting.all_present:
        raise MoveRefused(_("A start meeting needs all three: social worker, experience partner and parent."))
    acknowledgement = agreement.acknowledge(party=party, how=how, by=by)
    given = set(
        Acknowledgement.objects.filter(agreement=agreement, revision=agreement.revision).values_list(
            "party", flat=True
        )
    )
    if given == set(Party.values):
        meeting.held_on = today()
        meeting.save(update_fields=["held_on", "updated_at"])
        fresh = Relationship.objects.with_start().select_related("social_worker").get(pk=relationship.pk)
        fresh.activate(by=by)
        for person, role in (
            (relationship.partner.user, Role.PARTNER),
            (relationship.parent.user, Role.PARENT),
            (relationship.social_worker.user, Role.SOCIAL_WORKER),
        ):
            notify([person], role=role, kind="relationship_started", about=relationship)
    return acknowledgement


# --- meetings ---------------------------------------------------------------------------------------------
@transaction.atomic
def log_meeting(
    *,
    relationship: Relationship,
    by,
    meeting: Meeting | None = None,
    goals: list[Goal] | None = None,
    **facts,
) -> Meeting:
    """A held meeting, logged by its partner: a new row, or the planned one that is now held.

    `facts`: date, kind, place, minutes. The date lies in the relationship's active time and not in the future.
    """
    if not relationship.can_log_meeting(by):
        raise MoveRefused(_("Only the relationship's own partner logs its meetings."))
    relationship.lock()
    if relationship.status not in (RelationshipStatus.ACTIVE, RelationshipStatus.PAUSED):
        raise MoveRefused(_("Meetings can be logged once the relationship has started."))
    check_meeting_date(relationship, facts["date"])
    if meeting is None:
        meeting = Meeting(
            relationship=relationship,
            status=MeetingStatus.HELD,
            logged_by=by.user,
            logged_at=timezone.now(),
            **facts,
        )
        meeting.full_clean()
        meeting.save(force_insert=True)
        record(by, Action.CREATE, meeting)
    else:
        meeting.move_to(MeetingStatus.HELD, by=by, logged_by_id=by.user_id, logged_at=timezone.now(), **facts)
    meeting.goals.set(goals or [])
    return meeting


@transaction.atomic
def correct_meeting(
    *, meeting: Meeting, by, seen_version: int, goals: list[Goal] | None = None, **facts
) -> Meeting:
    """The partner corrects a logged meeting for some days. Which fields changed is in the audit trail."""
    if not meeting.can_correct(by):
        raise MoveRefused(_("This meeting can no longer be corrected."))
    check_meeting_date(meeting.relationship, facts["date"])
    changed = [name for name, value in facts.items() if getattr(meeting, name) != value]
    for name in changed:
        setattr(meeting, name, facts[name])
    meeting.full_clean()
    if not meeting.save_as_version(seen_version, fields=list(facts)):
        raise AlreadyMoved
    meeting.goals.set(goals or [])
    record(by, Action.CHANGE, meeting, fields_changed=changed)
    return meeting


@transaction.atomic
def plan_meeting(*, relationship: Relationship, by, **facts) -> Meeting:
    """The partner writes down the next meeting: date, time, kind, place."""
    if not relationship.can_log_meeting(by):
        raise MoveRefused(_("Only the relationship's own partner plans its meetings."))
    if relationship.status != RelationshipStatus.ACTIVE:
        raise MoveRefused(_("Meetings can be planned while the relationship is active."))
    if facts["date"] < today():
        raise ValidationError({"date": _("A planned meeting is today or later.")})
    meeting = Meeting(relationship=relationship, status=MeetingStatus.PLANNED, logged_by=by.user, **facts)
    meeting.full_clean()
    meeting.save(force_insert=True)
    record(by, Action.CREATE, meeting)
    notify([relationship.parent.user], role=Role.PARENT, kind="meeting_planned", about=meeting)
    return meeting


@transaction.atomic
def meeting_not_held(*, meeting: Meeting, outcome: str, by) -> None:
    """A planned meeting was cancelled, or one did not come. Neither counts as a meeting."""
    if not meeting.relationship.can_log_meeting(by):
        raise MoveRefused(_("Only the relationship's own partner logs its meetings."))
    if outcome == MeetingStatus.NO_SHOW and meeting.date > today():
        raise ValidationError({"outcome": _("This day has not come yet. You can say that it was cancelled.")})
    meeting.move_to(outcome, by=by)


def check_meeting_date(relationship: Relationship, date: datetime.date) -> None:
    """A held meeting lies between the start of the relationship and today."""
    if date > today():
        raise ValidationError({"date": _("This day has not come yet. Plan the meeting instead.")})
    if relationship.started_on and date < relationship.started_on:
        raise ValidationError(
            {
                "date": _("The relationship started on %(date)s.")
                % {"date": relationship.started_on.strftime("%-d.%-m.%Y")}
            }
        )


def social_worker_for(actor) -> SocialWorker:
    """The social worker's own record, made when she or he first acts: the organisation is the one of the role.

    Raises `MoveRefused` when the administrator has not said which organisation.
    """
    if actor.organisation_id is None:
        raise MoveRefused(_("Your organisation is missing. Ask the administrator to add it to your role."))
    worker, _created = SocialWorker.objects.select_related("organisation").get_or_create(
        user_id=actor.user_id, organisation_id=actor.organisation_id
    )
    return worker


@transaction.atomic
def set_availability(*, partner: ExperiencePartner, available: bool, by) -> None:
    """The partner takes a break, or comes back; no reason is asked (R16)."""
    partner.is_available = available
    partner.save(update_fields=["is_available", "updated_at"])
    record(by, Action.CHANGE, partner, fields_changed=["is_available"])
