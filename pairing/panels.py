"""What other rooms add to a partner's page. A room registers its panel when the house starts; none knows the others."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet

from pairing.models import ExperiencePartner


@dataclass(frozen=True)
class Panel:
    """`prepare(partners)`: annotates what the panel needs, so that it costs no question of its own.

    `draw(partner, actor)`: the template's name and what it needs, or None where there is nothing to show to this actor.
    """

    prepare: Callable[[QuerySet], QuerySet]
    draw: Callable[[ExperiencePartner, object], dict | None]


PANELS: list[Panel] = []


def register(panel: Panel) -> None:
    """Add a panel, in the order in which the rooms stand."""
    PANELS.append(panel)


def prepared(partners: QuerySet) -> QuerySet:
    """`partners` with all that the panels need."""
    for panel in PANELS:
        partners = panel.prepare(partners)
    return partners


def panels_of(partner: ExperiencePartner, actor) -> list[dict]:
    """The panels of a partner's page for this actor; the partner comes from `prepared()`."""
    return [found for panel in PANELS if (found := panel.draw(partner, actor)) is not None]
