"""The story of a relationship in words, and what an actor may do to it now: what the page about changes draws."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from kumppani.core.templatetags.kumppani import day
from pairing.models import Closing, HandOver, Pause, Relationship, Wish


@dataclass(frozen=True)
class Deed:
    """A button: what it says, where it leads, and in a sentence what it does."""

    label: str
    url: str
    icon: str
    note: str = ""


@dataclass(frozen=True)
class Event:
    """One line of the story."""

    on: date
    title: str
    detail: str = ""


def deeds_of(relationship: Relationship, actor) -> list[Deed]:
    """What this actor may do now, the gentlest first."""
    own = actor.role in ("partner", "parent")

    def url(name: str) -> str:
        return reverse(name, args=[relationship.pk])

    found = []
    if relationship.can_propose_agreement(actor):
        found.append(
            Deed(
                _("Propose a change or an extension"),
                url("agreement_propose"),
                "pencil",
                _("It holds when all three have accepted it."),
            )
        )
    if relationship.can_wish(actor):
        found.append(
            Deed(
                _("I would like something else") if own else _("Record a wish"),
                url("relationship_wish"),
                "chat-heart",
                _("To change something, to change the partner, or to talk. One tap, no words."),
            )
        )
    if relationship.can_resume(actor):
        found.append(Deed(_("The break is over"), url("relationship_resume"), "arrow-right"))
    if relationship.can_pause(actor):
        found.append(
            Deed(
                _("Take a break") if own else _("Record a break"),
                url("relationship_pause"),
                "pause-circle",
                _("With a last day or without."),
            )
        )
    if relationship.can_change_partner(actor):
        found.append(
            Deed(
                _("Change the partner"),
                url("relationship_change_partner"),
                "arrow-left-right",
                _("The parent goes on with somebody else."),
            )
        )
    if relationship.can_end(actor):
        found.append(
            Deed(
                _("Stop") if own else _("End the relationship"),
                url("relationship_end"),
                "door-open",
                _("Without a reason, at any time."),
            )
        )
    return found


def story_of(
    relationship: Relationship,
    *,
    pauses: list[Pause],
    wishes: list[Wish],
    hand_overs: list[HandOver],
    tells_who: bool,
) -> list[Event]:
    """What has happened, the newest first. `tells_who`: whether the reader sees whose wish it was."""
    found = []
    if relationship.started_on:
        found.append(Event(relationship.started_on, _("You began") if not tells_who else _("Started")))
    for pause in pauses:
        who = pause.get_asked_by_display() if tells_who else ""
        found.append(Event(pause.starts_on, _("A break began"), who))
        if pause.over_on:
            found.append(Event(pause.over_on, _("The break was over")))
    for wish in wishes:
        who = f"{wish.get_party_display()} · " if tells_who else ""
        found.append(
            Event(
                wish.made_on,
                _("A wish: %(wish)s") % {"wish": wish.get_kind_display()},
                who + _("talked about on %(day)s") % {"day": day(wish.handled_on)},
            )
        )
    for hand_over in hand_overs:
        found.append(
            Event(
                hand_over.handed_over_on,
                _("Another social worker"),
                _("%(old)s → %(new)s") % {"old": hand_over.from_worker, "new": hand_over.to_worker},
            )
        )
    if relationship.ended_on:
        found.append(
            Event(relationship.ended_on, *_end_words(getattr(relationship, "closing", None), tells_who))
        )
    return sorted(found, key=lambda event: event.on)[::-1]


def _end_words(closing: Closing | None, tells_who: bool) -> tuple[str, str]:
    who = closing.get_ended_by_display() if closing and tells_who else ""
    if closing and closing.partner_changes:
        return _("It goes on with another partner"), who
    return _("The meetings ended"), who
