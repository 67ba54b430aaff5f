"""For whom an extract has still to be seen; told where partners are asked and where they take part (domain 2.8)."""

import uuid
from collections.abc import Iterable

from django.db.models import BooleanField, Exists, OuterRef, QuerySet, Value

from pairing import panels
from pairing.models import ExperiencePartner
from tasks.models import AssignmentKind, CriminalRecordNote, PartnerTerms, RecordCheck


def lacking(kind: AssignmentKind, partners: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these partners whose extract must be seen for this kind of work and has not been. At most one query."""
    partners = set(partners)
    if not partners or kind.record_check != RecordCheck.MUST_BE_SEEN:
        return set()
    seen = CriminalRecordNote.objects.filter(kind=kind, partner__in=partners)
    return partners - set(seen.values_list("partner_id", flat=True))


def lacks_extract(kind: AssignmentKind):
    """The same as `lacking`, as an expression for a query over partners."""
    if kind.record_check != RecordCheck.MUST_BE_SEEN:
        return Value(False, output_field=BooleanField())
    return ~Exists(CriminalRecordNote.objects.filter(kind=kind, partner=OuterRef("pk")))


def with_tax_card(partners: QuerySet) -> QuerySet:
    """`has_tax_card`: whether it is with payroll."""
    there = PartnerTerms.objects.filter(partner=OuterRef("pk"), tax_card_on_file=True)
    return partners.annotate(has_tax_card=Exists(there))


def record_panel(partner: ExperiencePartner, actor) -> dict | None:
    """On a partner's page: which extracts have been seen; for the staff also the tax card, and what can be written."""
    notes = list(
        CriminalRecordNote.objects.visible_to(actor)
        .filter(partner=partner)
        .select_related("kind", "seen_by")
        .order_by("-seen_on", "-id")
    )
    if actor.role != "staff":
        return {"template": "tasks/_record_panel_own.html", "notes": notes} if notes else None
    return {
        "template": "tasks/_record_panel.html",
        "partner": partner,
        "notes": notes,
    }


panels.register(panels.Panel(prepare=with_tax_card, draw=record_panel))
