"""What is still open when a partner leaves, and what becomes of it (R16: no reason is asked).

Each room says it of its own things: this one of pairs and relationships, `tasks` of offers, assignments and what is
paid. A room registers its part when the house starts, so that none of them has to know the ones to its right.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from pairing.models import ExperiencePartner, Relationship
from pairing.states import RelationshipStatus


@dataclass(frozen=True)
class Open:
    """One open thing, in words for whoever looks. `hinders`: it is brought to an end before the partner has left."""

    label: str
    then: str
    url: str
    hinders: bool


@dataclass(frozen=True)
class Part:
    """`find(partner, actor)`: what is open of this room. `let_go(partner, by)`: what ends by itself ends now."""

    find: Callable[[ExperiencePartner, object], list[Open]]
    let_go: Callable[[ExperiencePartner, object], None]


PARTS: dict[str, Part] = {}


def register(name: str, part: Part) -> None:
    """Make a room's part known, in the order in which the rooms stand."""
    PARTS[name] = part


def still_open(partner: ExperiencePartner, actor) -> list[Open]:
    """Everything that is open now, room by room; only what this actor may see."""
    return [one for part in PARTS.values() for one in part.find(partner, actor)]


def let_go(partner: ExperiencePartner, by) -> None:
    """What ends by itself when a partner leaves ends in every room."""
    for part in PARTS.values():
        part.let_go(partner, by)


# --- pairs and relationships ----------------------------------------------------------------------------------
def open_pairs(partner: ExperiencePartner, actor) -> list[Open]:
    """The partner's pairs on the way, and the relationships that are running."""
    found = Relationship.objects.visible_to(actor).filter(partner=partner).open().select_related("parent")
    return [_of_pair(relationship, actor) for relationship in found.order_by("proposed_on", "id")]


def _of_pair(relationship: Relationship, actor) -> Open:
    parent = relationship.parent
    if relationship.is_running:
        then = _(
            "The social worker and the project staff hear of it. They end it well, or find another partner."
        )
    elif relationship.status == RelationshipStatus.ACQUAINTING:
        then = _("The two do not go on together. Somebody else is asked.")
    else:
        then = _("The two do not go on together, and the request waits for another partner.")
    return Open(
        label=parent.first_name if actor.role == "partner" else str(parent),
        then=then,
        url=relationship.get_absolute_url(),
        hinders=relationship.is_running,
    )
