"""That an extract was seen: written down once, and taken back when it was a mistake (domain 2.8)."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.states import MoveRefused
from pairing.models import ExperiencePartner
from tasks.models import AssignmentKind, CriminalRecordNote


@transaction.atomic
def note_record_seen(
    *,
    partner: ExperiencePartner,
    kind: AssignmentKind,
    issued_on: datetime.date,
    seen_on: datetime.date,
    by,
) -> CriminalRecordNote:
    """Write down that this partner's extract has been seen for this kind of work: two dates and who saw it.

    Raises `ValidationError` where the law does not allow it, for an extract older than six months, for a day to come,
    and when it has been seen for this kind already. Nobody looks at the own extract.
    """
    # Whose answers decide must not change between looking and writing.
    kind = AssignmentKind.objects.select_for_update().get(pk=kind.pk)
    if partner.user_id is not None and partner.user_id == by.user_id:
        raise MoveRefused(_("Somebody else looks at your own extract."))
    note = CriminalRecordNote(
        partner=partner, kind=kind, issued_on=issued_on, seen_on=seen_on, seen_by=by.user
    )
    note.full_clean()
    note.save(force_insert=True)
    record(by, Action.CREATE, note)
    return note


@transaction.atomic
def remove_record_note(*, note: CriminalRecordNote, by) -> None:
    """What was written down by mistake goes without a trace of its dates; that it went stays in the audit trail."""
    record(by, Action.CHANGE, note, detail="taken back")
    note.delete()
