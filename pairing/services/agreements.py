"""The start meeting and what the three agree on (B25–B26)."""

from django.db import transaction
from django.utils.translation import gettext as _

from kumppani.accounts.roles import Role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.dates import today
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.notices.kinds import notify
from pairing.models import (
    AcknowledgedHow,
    Acknowledgement,
    Agreement,
    Goal,
    Party,
    Relationship,
    StartMeeting,
)
from pairing.states import RelationshipStatus


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
