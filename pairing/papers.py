"""What stands on the papers of this room, gathered in one place; the templates only set it in type."""

import re

from django.conf import settings

from kumppani.organisations.models import Organisation
from pairing.models import Agreement, Decision, Parent, Party


def paper_language(parent: Parent) -> str:
    """The language of the parent's papers, whoever reads them; Finnish where the house does not write theirs."""
    return parent.language if parent.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def has_paper(agreement: Agreement) -> bool:
    """Whether there is something to sign or to keep: duration, scope and a goal, and it has not been withdrawn."""
    return agreement.is_complete and bool(agreement.goals.all()) and agreement.withdrawn_on is None


def agreement_paper(agreement: Agreement) -> dict:
    """The agreement as it is given to the parent: first names of the two, no code, nothing of the contact.

    It ends with what a client document must say (domain 2.1): organiser, producer, basis and service task.
    """
    relationship = agreement.relationship
    day = agreement.agreed_on or agreement.starts_on
    people = _people(agreement)
    return {
        "agreement": agreement,
        "parent": relationship.parent,
        "partner": relationship.partner,
        "worker": people[-1]["name"],
        "goals": list(agreement.goals.all()),
        "people": people,
        "all_signed": all(person["given"] for person in people),
        "ground_rules": _rules(agreement.ground_rules.text) if agreement.ground_rules else [],
        "organiser": relationship.organisation,
        "producer": Organisation.objects.co_ordinating(day),
        "decision": _basis(agreement),
    }


def _rules(text: str) -> list[tuple[str, str]]:
    """A text in paragraphs as (heading, words): the first of several lines is the heading, a lone line has none."""
    paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    parts = [paragraph.partition("\n") for paragraph in paragraphs]
    return [(first, rest) if rest else ("", first) for first, _line, rest in parts]


def _people(agreement: Agreement) -> list[dict]:
    """The three, each with the "I agree" given to this very revision, or None."""
    relationship = agreement.relationship
    given = {ack.party: ack for ack in agreement.acknowledgements.all() if ack.revision == agreement.revision}
    worker = relationship.social_worker.user
    if Party.WORKER in given and given[Party.WORKER].recorded_by:
        worker = given[Party.WORKER].recorded_by  # who agreed then, also after a hand-over to somebody else
    names = {
        Party.PARENT: relationship.parent.first_name,
        Party.PARTNER: relationship.partner.first_name,
        Party.WORKER: worker.get_full_name(),
    }
    return [
        {"name": name, "label": party.label, "given": given.get(party.value)} for party, name in names.items()
    ]


def _basis(agreement: Agreement) -> Decision | None:
    """The positive decision under which the agreement begins, or the newest one."""
    relationship = agreement.relationship
    positive = [decision for decision in relationship.decisions.all() if decision.is_positive]
    return relationship.valid_decision(agreement.starts_on) or next(iter(positive), None)
