"""An agreement in words: what the pages about it share."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from kumppani.core.templatetags.kumppani import day
from pairing.models import Agreement, Party, Relationship


def agreement_facts(agreement: Agreement) -> list[tuple[str, str]]:
    """Duration, scope and what else was agreed, as (label, words); what was left empty is left out."""
    facts = [
        (
            _("Duration"),
            f"{day(agreement.starts_on)} – {day(agreement.ends_on)}"
            if agreement.starts_on and agreement.ends_on
            else "",
        ),
        (
            _("Meetings a month"),
            str(agreement.meetings_per_month or ""),
        ),
        (_("How and when you are in touch"), agreement.contact_ways),
        (_("How a meeting is cancelled"), agreement.cancelling),
        (_("What is told to the social worker"), agreement.told_to_worker),
        (
            _("Notes"),
            _("The experience partner may write a short note of a meeting. The parent reads it.")
            if agreement.allows_notes
            else "",
        ),
    ]
    return [(label, words) for label, words in facts if words]


def differences(agreement: Agreement, before: Agreement) -> list[tuple[str, str, str]]:
    """What would be new, as (label, now, before); goals that are added or left out stand last."""

    def words_of(one: Agreement) -> list[tuple[str, str]]:
        yes_no = _("yes") if one.allows_notes else _("no")
        return [
            (_("Last day"), day(one.ends_on)),
            (_("Meetings a month"), str(one.meetings_per_month or "")),
            (_("How and when you are in touch"), one.contact_ways),
            (_("How a meeting is cancelled"), one.cancelling),
            (_("What is told to the social worker"), one.told_to_worker),
            (_("Short notes by the partner"), yes_no),
        ]

    changed = [
        (label, now, then)
        for (label, now), (_label, then) in zip(words_of(agreement), words_of(before), strict=True)
        if now != then
    ]
    now, then = (
        [(goal.words, goal.area, goal.expected) for goal in one.goals.all()] for one in (agreement, before)
    )
    if now != then:
        changed.append(
            (
                _("Goals"),
                " · ".join(words for words, *_rest in now),
                " · ".join(words for words, *_rest in then),
            )
        )
    if agreement.ground_rules_id != before.ground_rules_id:
        changed.append((_("Ground rules"), _("a new version"), ""))
    return changed


def people_of(relationship: Relationship, agreement: Agreement) -> list[dict]:
    """The three, each with the "I agree" given to the present words, or None; who recorded it, when and how."""
    given = {ack.party: ack for ack in agreement.acknowledgements.all() if ack.revision == agreement.revision}
    names = {
        Party.WORKER: relationship.social_worker.user.get_full_name(),
        Party.PARTNER: relationship.partner.first_name,
        Party.PARENT: relationship.parent.first_name,
    }
    worker = given.get(Party.WORKER)
    if worker and worker.recorded_by:
        names[Party.WORKER] = worker.recorded_by.get_full_name()  # who agreed then, also after a hand-over
    return [
        {
            "party": party.value,
            "label": capfirst(party.label),
            "name": names[party],
            "given": given.get(party.value),
        }
        for party in Party
    ]
