"""Which partners could fit a request, and why: in words, never as a score."""

from collections.abc import Iterator

from django.utils.html import format_html
from django.utils.translation import gettext as _

from pairing.models import ContactRequest, ExperiencePartner


def candidates(request: ContactRequest, *, actor, limit: int = 20) -> list[ExperiencePartner]:
    """Ready, available partners who share the parent's language and have room, the least loaded first.

    Each carries `explained`, the name and what speaks for the person, ready for a tile. A constant number of queries.
    """
    partners = (
        ExperiencePartner.objects.visible_to(actor)
        .ready()
        .filter(is_available=True, **{f"speaks_{request.parent.language}": True})
        .with_open_count()
        .with_readiness()
        .order_by("open_relationships", "taken_in_on", "id")
    )
    found = []
    for partner in partners[: limit * 2]:
        if partner.open_relationships >= partner.max_relationships:
            continue
        partner.explained = format_html(
            '<span>{}<span class="choice-note">{}</span></span>',
            partner.name,
            " · ".join(reasons(request, partner)),
        )
        found.append(partner)
    found.sort(key=lambda partner: partner.pk != request.chosen_partner_id)
    return found[:limit]


def reasons(request: ContactRequest, partner: ExperiencePartner) -> Iterator[str]:
    """What a co-ordinator weighs, each a few words."""
    if partner.pk == request.chosen_partner_id:
        yield _("the parent's own wish")
    yield _("speaks %(language)s") % {"language": request.parent.get_language_display()}
    if partner.area:
        same = request.area and partner.area.casefold() in request.area.casefold()
        yield _("same area") if same else partner.area
    yield _("%(count)s of %(limit)s relationships") % {
        "count": partner.open_relationships,
        "limit": partner.max_relationships,
    }
