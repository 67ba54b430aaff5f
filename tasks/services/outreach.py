"""Making the work known: acquaintance events and media hits are logged, mended, taken away (A14, A15, B3)."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.saving import save_data
from kumppani.core.states import AlreadyMoved, MoveRefused
from pairing.models import ExperiencePartner
from tasks.models import Assignment, Category, MediaHit, OutreachEvent
from tasks.states import AssignmentStatus

OUTREACH_FIELDS = (
    "organisation",
    "municipality",
    "kind",
    "title",
    "date",
    "starts_at",
    "hours",
    "audience_kind",
    "audience_size",
    "grant",
)
MEDIA_FIELDS = ("date", "medium", "kind", "title", "url")


@transaction.atomic
def record_outreach(*, by, partners: Iterable[ExperiencePartner] = (), **facts) -> OutreachEvent:
    """An acquaintance event that has been held or is coming, with the partners who are present."""
    event = save_data(OutreachEvent(**facts), by=by, fields=list(OUTREACH_FIELDS))
    event.partners.set(partners)
    return event


@transaction.atomic
def edit_outreach(
    *, event: OutreachEvent, partners: Iterable[ExperiencePartner], by, seen_version: int
) -> OutreachEvent:
    """Mend the facts that `event` now holds, and who was present.

    A partner whose travel claim rests on the event stays with it. Raises `AlreadyMoved` when somebody has saved since
    `seen_version`.
    """
    save_data(event, by=by, fields=list(OUTREACH_FIELDS), seen_version=seen_version)
    partners = list(partners)
    if event.travel_claims.exclude(partner__in=partners).exists():
        raise MoveRefused(_("A partner who has claimed travel for this event stays with it."))
    event.partners.set(partners)
    return event


@transaction.atomic
def delete_outreach(*, event: OutreachEvent, by) -> None:
    """Take an event away that was written down by mistake; not while a travel claim rests on it."""
    held = OutreachEvent.objects.select_for_update(of=("self",)).filter(pk=event.pk).first()
    if held is None:
        raise AlreadyMoved
    if held.travel_claims.exists():
        raise MoveRefused(_("A travel claim rests on this event. It stays."))
    record(by, Action.CHANGE, held, detail="deleted")
    held.delete()


def same_outreach(*, organisation, date: datetime.date, but: OutreachEvent | None = None) -> str:
    """What is written down for this organisation and day already: "assignment", "event", or nothing ("").

    What was ordered or paid is an assignment, and no event counts twice.
    """
    ordered = Assignment.objects.filter(
        organisation=organisation, date=date, kind__category=Category.ACQUAINTANCE
    )
    if ordered.exclude(status=AssignmentStatus.CANCELLED).exists():
        return "assignment"
    others = OutreachEvent.objects.filter(organisation=organisation, date=date)
    if but is not None and but.pk:
        others = others.exclude(pk=but.pk)
    return "event" if others.exists() else ""


@transaction.atomic
def save_media(*, hit: MediaHit, by, seen_version: int | None = None) -> MediaHit:
    """A new media hit, or a mended one. Raises `AlreadyMoved` when somebody has saved since `seen_version`."""
    return save_data(hit, by=by, fields=list(MEDIA_FIELDS), seen_version=seen_version)


@transaction.atomic
def delete_media(*, hit: MediaHit, by) -> None:
    """Take a media hit out of the log. Two who press at once: the second hears that it is gone."""
    record(by, Action.CHANGE, hit, detail="deleted")
    deleted, _rows = MediaHit.objects.filter(pk=hit.pk).delete()
    if not deleted:
        raise AlreadyMoved
