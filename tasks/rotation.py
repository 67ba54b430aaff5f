"""Whose turn it is: ready partners for an assignment, whoever has been without one the longest first;
those who are having a break stand last.

Readiness is required (R3). A break, something else on that day or the partner's own ceiling is told, not forbidden:
staff and the partner settle it between them.
"""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kumppani.core.dates import today
from kumppani.core.templatetags.kumppani import day as day_words
from kumppani.core.templatetags.kumppani import money
from pairing.models import ExperiencePartner
from tasks.ceilings import agreed_in_month
from tasks.clashes import clashes
from tasks.models import Assignment, Participation, PartnerTerms
from tasks.records import lacks_extract
from tasks.states import ParticipationStatus

SHOWN = 40
TAKEN = (ParticipationStatus.ACCEPTED, ParticipationStatus.DONE)


@dataclass
class Turn:
    """One partner as the staff see her or him when they choose whom to ask."""

    partner: ExperiencePartner
    facts: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def can_be_asked(partners: QuerySet, assignment: Assignment) -> QuerySet:
    """Of these partners the ready ones who do not stand in the assignment yet (an offer taken back may come again)."""
    there = Participation.objects.filter(partner=OuterRef("pk"), assignment=assignment)
    return partners.ready().staying().filter(~Exists(there.exclude(status=ParticipationStatus.CANCELLED)))


def in_turn(
    partners: QuerySet, assignment: Assignment, *, words: str = "", first: Iterable[uuid.UUID] = ()
) -> QuerySet:
    """The partners in the order of their turn; `words`: the beginning of a name, or a part of the area.

    `first`: who stands at the top in any case, because they have been ticked.
    """
    if words:
        # The second way finds a capital letter that the engine does not know to be one: "älä" is "Älä".
        wanted = Q(pk__in=list(first)) | Q(area__icontains=words) | Q(area__contains=words.capitalize())
        for name in ("last_name", "first_name"):
            wanted |= Q(**{f"{name}__istartswith": words})
            wanted |= Q(**{f"{name}__startswith": words.capitalize()})
        partners = partners.filter(wanted)
    taken = Participation.objects.filter(partner=OuterRef("pk")).order_by().values("partner")
    wishes = PartnerTerms.wished_kinds.through.objects.filter(
        partnerterms__partner=OuterRef("pk"), assignmentkind=assignment.kind_id
    )
    last = taken.filter(status__in=TAKEN).annotate(day=Max("assignment__date")).values("day")
    done = (
        taken.filter(status=ParticipationStatus.DONE, assignment__date__year=assignment.date.year)
        .annotate(number=Count("pk"))
        .values("number")
    )
    return partners.annotate(
        own_ceiling=F("terms__monthly_ceiling"),
        is_ticked=Case(
            When(pk__in=list(first), then=Value(True)), default=Value(False), output_field=BooleanField()
        ),
        last_on=Subquery(last),
        done_this_year=Coalesce(Subquery(done, output_field=IntegerField()), 0),
        wishes=Exists(wishes),
        lacks_extract=lacks_extract(assignment.kind),
    ).order_by(
        # Who is having a break may be asked, but is passed over first.
        "-is_ticked",
        "-is_available",
        F("last_on").asc(nulls_first=True),
        "done_this_year",
        "last_name",
        "first_name",
        "id",
    )


def turns(
    partners: Iterable[ExperiencePartner],
    assignment: Assignment,
    fee: Decimal | None = None,
    wished: Iterable[uuid.UUID] = (),
) -> list[Turn]:
    """Each of these partners (from `in_turn`) in words. Two queries, however many there are.

    `fee`: what would be agreed, in euros, for the partner's own ceiling. `wished`: whom the orderer has chosen.
    """
    partners = list(partners)
    ids = [partner.pk for partner in partners]
    busy = clashes(assignment, ids)
    limited = [partner.pk for partner in partners if partner.own_ceiling is not None]
    agreed = agreed_in_month(limited, assignment.date) if limited else {}
    found = []
    for partner in partners:
        turn = Turn(partner, facts=_facts(partner, assignment))
        if partner.pk in wished:
            turn.facts.insert(0, _("The orderer has chosen this partner"))
        if not partner.is_available:
            turn.warnings.append(_("Is having a break"))
        if partner.lacks_extract:
            turn.warnings.append(_("The criminal-record extract must be seen first"))
        if partner.pk in busy:
            turn.warnings.append(busy[partner.pk][0].for_staff)
        if partner.pk in agreed and agreed[partner.pk] + (fee or Decimal(0)) > partner.own_ceiling:
            turn.warnings.append(
                _("Would pass the own ceiling of this month, %(limit)s")
                % {"limit": money(partner.own_ceiling)}
            )
        found.append(turn)
    return found


def _facts(partner: ExperiencePartner, assignment: Assignment) -> list[str]:
    facts = [since_last(partner.last_on)]
    if partner.done_this_year:
        facts.append(
            ngettext("%(count)s done in %(year)s", "%(count)s done in %(year)s", partner.done_this_year)
            % {"count": partner.done_this_year, "year": assignment.date.year}
        )
    if partner.wishes:
        facts.append(_("Wishes for this kind"))
    facts.append(_("Languages: %(languages)s") % {"languages": ", ".join(partner.languages)})
    if partner.area:
        facts.append(partner.area)
    return facts


def since_last(last_on: datetime.date | None) -> str:
    """How long ago the last assignment was, or that one is coming."""
    if last_on is None:
        return _("Has not had one yet")
    gone = (today() - last_on).days
    if gone < 0:
        return _("Has one coming on %(day)s") % {"day": day_words(last_on)}
    if gone == 0:
        return _("Has one today")
    return ngettext("%(count)s day since the last one", "%(count)s days since the last one", gone) % {
        "count": gone
    }
