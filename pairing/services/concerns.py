"""Worries: that something was done is recorded, what it was about is not (R11, domain 2.7)."""

from django.db import transaction
from django.utils.translation import gettext as _

from kumppani.accounts.roles import Role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.dates import today
from kumppani.core.states import MoveRefused
from kumppani.notices.kinds import notify, staff_users
from pairing.models import ConcernRecord, Incident, Relationship
from pairing.states import IncidentStatus


@transaction.atomic
def record_concern(*, relationship: Relationship, by, **facts) -> ConcernRecord:
    """Keep *that* a child-welfare notification was made, or that none was made after talking it over.

    `facts`: notification_made, done_at, contact_point, channel, family_told, coordinator_told. The staff hear that
    there is a record when nobody has told them yet; the notice says nothing more.
    """
    if by.role != Role.STAFF and relationship.party_of(by) is None:
        raise MoveRefused(_("This is recorded by somebody of this relationship or by the staff."))
    concern = ConcernRecord(relationship=relationship, recorded_by=by.user, **facts)
    concern.full_clean()
    concern.save(force_insert=True)
    record(by, Action.CREATE, concern)
    if by.role != Role.STAFF:
        notify(staff_users(), role=Role.STAFF, kind="concern_recorded", about=relationship)
    return concern


@transaction.atomic
def raise_incident(*, by, kind: str, words: str, relationship: Relationship | None = None) -> Incident:
    """Somebody tells of an incident or a grievance; all staff hear of it, and one of them takes it."""
    incident = Incident(
        kind=kind, words=words, relationship=relationship, raised_by=by.user, raised_as=by.role
    )
    incident.full_clean()
    incident.save(force_insert=True)
    record(by, Action.CREATE, incident)
    notify(staff_users(), role=Role.STAFF, kind="incident_raised", about=incident)
    return incident


@transaction.atomic
def take_incident(*, incident: Incident, by) -> None:
    """A member of the staff becomes the owner; of two who press, one does."""
    not_about_oneself(incident, by)
    incident.move_to(IncidentStatus.HANDLING, by=by, owner_id=by.user_id)


@transaction.atomic
def answer_incident(*, incident: Incident, answer: str, by) -> Incident:
    """The owner writes what was done; whoever raised it is told that there is an answer."""
    not_about_oneself(incident, by)
    if incident.owner_id != by.user_id:
        raise MoveRefused(_("Whoever handles this writes the answer. Take it over first."))
    incident.move_to(IncidentStatus.ANSWERED, by=by, answer=answer, answered_on=today())
    notify([incident.raised_by], role=incident.raised_as, kind="incident_answered", about=incident)
    return incident


@transaction.atomic
def take_over_incident(*, incident: Incident, by) -> None:
    """Another member of the staff goes on with it: people fall ill and go on holiday."""
    not_about_oneself(incident, by)
    incident.lock()
    if incident.status != IncidentStatus.HANDLING:
        raise MoveRefused(_("Nobody is handling this now."))
    incident.owner = by.user
    incident.save(update_fields=["owner", "updated_at"])
    record(by, Action.CHANGE, incident, fields_changed=["owner"])


@transaction.atomic
def reopen_incident(*, incident: Incident, by) -> None:
    """Whoever raised it is not content with the answer."""
    incident.move_to(IncidentStatus.HANDLING, by=by)
    notify(staff_users(), role=Role.STAFF, kind="incident_raised", about=incident)


@transaction.atomic
def close_incident(*, incident: Incident, by) -> None:
    """Whoever raised it is content, or the staff close it after the answer."""
    incident.move_to(IncidentStatus.CLOSED, by=by)


def not_about_oneself(incident: Incident, by) -> None:
    """Nobody handles what she or he has raised in another role."""
    if incident.raised_by_id == by.user_id:
        raise MoveRefused(_("You have raised this yourself: a colleague handles it."))
