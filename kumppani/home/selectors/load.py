"""How much each partner has: who needs something first, then who has had nothing for the longest (A28, domain 5.4).

One query for the lines of a page and one for the counts, whatever the number of partners.
"""

from django.conf import settings
from django.db.models import (
    Case,
    Count,
    DateField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils.translation import gettext as _

from kumppani.core.dates import ONE_DAY, today
from kumppani.core.templatetags.kumppani import day as day_words
from pairing.models import AcquaintanceMeeting, Care, ExperiencePartner, Meeting
from pairing.querysets import is_overdue_for_supervision
from tasks.models import OutreachEvent, Participation
from tasks.states import COMING, ParticipationStatus

MONTH = 30 * ONE_DAY
# In this order they stand: what is asked for, what is due, what is too much; the rest; who is having a break.
TALK, OVERDUE, OVER, FINE, RESTING = range(5)


def loads(actor) -> QuerySet:
    """Every partner who is here, with what she or he has: to be ordered by `rank`, `quiet_since`, `id`."""
    now = today()
    done = Participation.objects.filter(partner=OuterRef("pk"), status=ParticipationStatus.DONE)
    accepted = Participation.objects.filter(
        partner=OuterRef("pk"),
        status=ParticipationStatus.ACCEPTED,
        assignment__status__in=COMING,
        assignment__date__gte=now,
    )
    held = Meeting.objects.held().filter(relationship__partner=OuterRef("pk"))
    shown = OutreachEvent.partners.through.objects.filter(experiencepartner=OuterRef("pk"))
    first = AcquaintanceMeeting.objects.filter(relationship__partner=OuterRef("pk"))
    partners = (
        ExperiencePartner.objects.visible_to(actor)
        .to_care_for()
        .with_open_count()
        .with_supervision(now)
        .with_week(now)
        .with_open_talk()
        .annotate(
            coming=_number(accepted, "partner"),
            done_in_month=_number(
                done.filter(assignment__date__gt=now - MONTH, assignment__date__lte=now), "partner"
            ),
            last_deed=Greatest(
                *(
                    Coalesce(_latest(rows, path, now), "taken_in_on")
                    for rows, path in (
                        (held, "date"),
                        (done, "assignment__date"),
                        (shown, "outreachevent__date"),
                        (first, "date"),
                    )
                )
            ),
        )
        .annotate(quiet_since=Greatest("last_deed", Coalesce("came_back_on", "taken_in_on")))
    )
    every = settings.SUPERVISION_EVERY_DAYS * ONE_DAY
    week = settings.MEETINGS_A_WEEK
    return partners.annotate(
        rank=Case(
            When(talk_pk__isnull=False, then=Value(TALK)),
            When(is_overdue_for_supervision(now, every) & at_work(), then=Value(OVERDUE)),
            When(
                Q(open_relationships__gt=F("max_relationships"))
                | Q(held_in_week__gt=week)
                | Q(planned_in_week__gt=week),
                then=Value(OVER),
            ),
            When(is_available=False, then=Value(RESTING)),
            default=Value(FINE),
            output_field=IntegerField(),
        )
    )


def at_work() -> Q:
    """Available, or with something open: whoever is only having a break is left in peace."""
    return Q(is_available=True) | Q(open_relationships__gt=0)


def _number(rows: QuerySet, partner: str) -> Coalesce:
    counted = rows.order_by().values(partner).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def _latest(rows: QuerySet, path: str, now) -> Subquery:
    done = rows.filter(**{f"{path}__lte": now}).order_by(f"-{path}")
    return Subquery(done.values(path)[:1], output_field=DateField())


# --- the tabs ---------------------------------------------------------------------------------------------
def needs_a_look() -> Q:
    """Somebody wants to talk, is overdue for supervision, or has more than the caps say."""
    return Q(rank__in=[TALK, OVERDUE, OVER])


def nothing_for_long() -> Q:
    """At work, with nothing open, nothing coming, and no deed for long (A28: there are more hands than tasks)."""
    since = today() - settings.NOTHING_FOR_DAYS * ONE_DAY
    return Q(is_available=True, open_relationships=0, coming=0, quiet_since__lte=since)


def on_a_break() -> Q:
    return Q(is_available=False)


TABS = {"all": Q, "look": needs_a_look, "nothing": nothing_for_long, "break": on_a_break}


def counts(partners: QuerySet) -> dict[str, int]:
    """How many stand behind each tab: one query."""
    return partners.aggregate(
        **{f"of_{name}": Count("pk", filter=question() or None) for name, question in TABS.items()}
    )


# --- the words --------------------------------------------------------------------------------------------
def describe(partner: ExperiencePartner) -> None:
    """Write onto a line of `loads()` what it says: `needs` (word, tone, url), `care`, `has_done`."""
    week = settings.MEETINGS_A_WEEK
    partner.care = Care(partner, settings.SUPERVISION_EVERY_DAYS * ONE_DAY)
    partner.is_over = partner.open_relationships > partner.max_relationships
    partner.week_is_full = partner.held_in_week > week or partner.planned_in_week > week
    partner.has_done = partner.last_deed > partner.taken_in_on
    now = today()
    is_at_work = partner.is_available or partner.open_relationships
    needs = []
    if partner.talk_pk:
        words = _("Needs to talk since %(day)s") % {"day": day_words(partner.talk_asked)}
        needs.append((words, "wait", reverse("talk_handled", args=[partner.talk_pk])))
    if partner.care.is_overdue and is_at_work:
        url = f"{reverse('supervision_create')}?partner={partner.pk}"
        needs.append((_("Supervision overdue"), "wait", url))
    if partner.is_over:
        needs.append((_("More relationships than the own limit"), "wait", ""))
    if partner.week_is_full:
        needs.append((_("A full week"), "wait", ""))
    if not needs and nothing_is_there(partner, now):
        needs.append((_("Nothing for long"), "note", ""))
    partner.needs = needs


def nothing_is_there(partner: ExperiencePartner, now) -> bool:
    """The same as `nothing_for_long()`, for one line."""
    return (
        partner.is_available
        and not partner.open_relationships
        and not partner.coming
        and partner.quiet_since <= now - settings.NOTHING_FOR_DAYS * ONE_DAY
    )
