"""Who has used a person's data: read from the audit trail, for the person alone (703/2023 § 11, domain 2.4)."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.roles import Role
from kumppani.audit.models import Action, AuditEvent, Ground
from kumppani.organisations.models import Organisation
from pairing.models import ExperiencePartner, Parent

USES = (Action.VIEW, Action.LIST, Action.EXPORT, Action.CREATE, Action.CHANGE, Action.MOVE)

# What a record is to the person it is about, in plain words.
THINGS = {
    "pairing.parent": _("what is kept about you"),
    "pairing.experiencepartner": _("what is kept about you"),
    "pairing.contactrequest": _("the request for a partner"),
    "pairing.relationship": _("your relationship"),
    "pairing.pairanswer": _("the answer to getting to know each other"),
    "pairing.decision": _("the decision"),
    "pairing.startmeeting": _("the start meeting"),
    "pairing.agreement": _("what was agreed"),
    "pairing.acknowledgement": _("the acknowledgement of what was agreed"),
    "pairing.goal": _("your goals"),
    "pairing.meeting": _("a meeting"),
    # What is recorded about a worry is between its maker and the authority (domain 2.7): that it was used, is told.
    "pairing.concernrecord": _("something in your relationship"),
    "pairing.incident": _("something in your relationship"),
    "pairing.commitment": _("a text you accepted"),
    "tasks.participation": _("an assignment of yours"),
    "tasks.fee": _("a fee of yours"),
    "training.enrolment": _("your training"),
    "training.attendance": _("your hours of training"),
    "accounts.user": _("your account"),
    "accounts.rolegrant": _("your roles"),
    "accounts.invitation": _("your invitation"),
}
SENTENCES = {
    Action.VIEW: _("Looked at %(what)s"),
    Action.LIST: _("Saw %(what)s in a list"),
    Action.EXPORT: _("Took a copy of %(what)s"),
    Action.CREATE: _("Recorded %(what)s"),
    Action.CHANGE: _("Changed %(what)s"),
    Action.MOVE: _("Moved on %(what)s"),
}


@dataclass(frozen=True)
class Look:
    """One use of the data, as the person reads it."""

    at: datetime.datetime
    who: str
    organisation: str
    what: str
    ground: str


@dataclass
class Uses:
    """The same use by the same role, several times on one day."""

    look: Look  # the latest of them
    times: int = 1


@dataclass(frozen=True)
class Day:
    """The uses of one day, the latest first."""

    date: datetime.date
    uses: list[Uses]


def uses_of_own_data(actor) -> QuerySet[AuditEvent]:
    """Every use of this person's data by others: own looks are left out, and so is every row about somebody else."""
    return AuditEvent.objects.filter(_about(actor), action__in=USES).exclude(actor_id=actor.user_id)


def _about(actor) -> Q:
    """The records that are this person, in this role."""
    about = Q(about_kind="accounts.user", about_id=actor.user_id)
    if actor.role == Role.PARENT:
        for pk in Parent.objects.visible_to(actor).values_list("pk", flat=True):
            about |= Q(about_kind="pairing.parent", about_id=pk)
    if actor.role == Role.PARTNER:
        own = ExperiencePartner.objects.visible_to(actor).values_list("pk", "enrolment_id")
        for pk, enrolment in own:
            about |= Q(about_kind="pairing.experiencepartner", about_id=pk)
            about |= Q(about_kind="training.enrolment", about_id=enrolment)
    return about


def in_words(events: Iterable[AuditEvent], *, role: str) -> list[Look]:
    """The rows in words for the reader's role; one query for the names of all organisations."""
    events = list(events)
    wanted = {event.acting_for_id for event in events if event.acting_for_id}
    organisations = (
        dict(Organisation.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
    )
    return [
        Look(
            at=event.at,
            who=_who(event),
            organisation=organisations.get(event.acting_for_id, ""),
            what=_what(event),
            ground=_ground(event, role),
        )
        for event in events
    ]


def by_day(looks: Iterable[Look]) -> list[Day]:
    """Day by day; what happened several times on one day stands once, with its number."""
    days = []
    for date, of_day in groupby(looks, key=lambda look: timezone.localdate(look.at)):
        uses: dict[tuple, Uses] = {}
        for look in of_day:
            key = (look.who, look.organisation, look.what, look.ground)
            if key in uses:
                uses[key].times += 1
            else:
                uses[key] = Uses(look)
        days.append(Day(date, list(uses.values())))
    return days


def _who(event: AuditEvent) -> str:
    if event.actor_role in Role.values:
        return str(Role(event.actor_role).label)
    return gettext("The service itself")


def _what(event: AuditEvent) -> str:
    thing = THINGS.get(event.object_kind)
    if thing is None:
        thing = (
            apps.get_model(event.object_kind)._meta.verbose_name
            if event.object_kind
            else gettext("your data")
        )
    return str(SENTENCES[event.action]) % {"what": thing}


def _ground(event: AuditEvent, role: str) -> str:
    if event.ground == Ground.OWN:
        # Own data of the other person of a relationship: to the reader it is the relationship.
        return str(Ground.RELATIONSHIP.label)
    if event.ground == Ground.DECISION and role == Role.PARENT:
        return gettext("work as your social worker")
    return str(Ground(event.ground).label)
