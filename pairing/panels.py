"""What other rooms add to a partner's page. A room registers its panel when the house starts; none knows the others."""

from collections.abc import Callable

from pairing.models import ExperiencePartner

# (partner, actor) → the template's name and what it needs, or None where there is nothing to show to this actor.
Panel = Callable[[ExperiencePartner, object], dict | None]

PANELS: list[Panel] = []


def register(panel: Panel) -> Panel:
    """Add a panel, in the order in which the rooms stand."""
    PANELS.append(panel)
    return panel


def panels_of(partner: ExperiencePartner, actor) -> list[dict]:
    """The panels of a partner's page for this actor."""
    return [found for panel in PANELS if (found := panel(partner, actor)) is not None]
