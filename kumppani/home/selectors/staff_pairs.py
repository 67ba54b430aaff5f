"""The staff's lists about people: requests, pairs, what somebody has said. Nine lists with one query."""

import datetime
from collections.abc import Callable
from types import SimpleNamespace

from django.conf import settings
from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    OuterRef,
    QuerySet,
    TextField,
    UUIDField,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Coalesce, Concat, RowNumber, TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _

from kumppani.accounts.models import RoleGrant
from kumppani.core.dates import today
from kumppani.core.models import BaseModel
from kumppani.core.templatetags.kumppani import day as day_words
from kumppani.home.selectors.common import SHOWN, Queue, Waiting, answered, queue
from pairing.models import (
    ContactRequest,
    Incident,
    IncidentKind,
    Parent,
    Party,
    Relationship,
    Supervision,
    SupervisionKind,
    TalkWish,
    Wish,
    WishKind,
)
from pairing.states import IncidentStatus, RelationshipStatus

COLUMNS = ("what", "pk", "first", "second", "third", "on", "parent_pk", "partner_pk", "total")


def _rows(what: str, queryset: QuerySet, *, on, parent: str = "", partner: str = "", **words) -> QuerySet:
    """The first rows of one list as plain columns, so that one query serves all lists.

    `on`: the day by which they are ordered. `words`: `first`, `second`, `third`, as expressions.
    """

    def text(name: str) -> Cast:
        # Of two equal columns Django would keep one, and a union counts its columns: no two empty ones are equal.
        return Cast(words.get(name, Value(f"no {name}")), TextField())

    def key(column: str) -> Cast:
        return Cast(F(column) if column else Value(None), UUIDField())

    return (
        queryset.annotate(
            what=Value(what, output_field=CharField()),
            first=text("first"),
            second=text("second"),
            third=text("third"),
            on=Cast(on, DateField()),
            parent_pk=key(parent),
            partner_pk=key(partner),
            nr=Window(RowNumber(), order_by=["on", "pk"]),
            total=Window(Count("pk")),
        )
        .filter(nr__lte=SHOWN)
        .order_by()
        .values_list(*COLUMNS)
    )


def pairs_and_requests(actor) -> tuple[list[Waiting], list[Queue], list[BaseModel]]:
    """Nine lists with one query. Parents by their code, partners by their name."""
    first, *others = (rows(actor) for rows, _item, _shown in LISTS.values())
    found: dict[str, list[SimpleNamespace]] = {what: [] for what in LISTS}
    for columns in first.union(*others, all=True):
        row = SimpleNamespace(**dict(zip(COLUMNS, columns, strict=True)))
        found[row.what].append(row)
    items, seen = {}, []
    for what, (_rows_of, item, shown) in LISTS.items():
        rows = sorted(found[what], key=lambda row: (row.on, str(row.pk)))
        items[what] = [item(row) for row in rows]
        seen += [shown(row) for row in rows if shown]
    relationships, requests = _("All relationships"), _("All requests")
    queues = [
        queue(title, items[what], found[what][0].total if found[what] else 0, url_name, link)
        for what, title, url_name, link in (
            ("incident", _("What people have told you"), "incident_list", _("All of it")),
            ("wish", _("Wishes nobody has talked about yet"), "relationship_list", relationships),
            ("unanswered", _("Requests without a first answer"), "request_list", requests),
            ("request", _("Requests that wait for a partner"), "request_list", requests),
            ("pair", _("Pairs without both answers"), "relationship_list", relationships),
            ("start", _("Start meetings that are late"), "relationship_list", relationships),
            ("hand_over", _("Parents who need another social worker"), "relationship_list", relationships),
            ("supervision", _("Supervision: who was there?"), "supervision_list", _("All times")),
        )
    ]
    return items["talk"], queues, seen


def _talk_rows(actor) -> QuerySet:
    wishes = TalkWish.objects.visible_to(actor).open()
    name = Concat("partner__first_name", Value(" "), "partner__last_name")
    return _rows("talk", wishes, on=TruncDate("asked_at"), partner="partner_id", first=name)


def _talk(row) -> Waiting:
    return Waiting(
        url=reverse("talk_handled", args=[row.pk]),
        label=_("%(name)s needs to talk") % {"name": row.first},
        detail=_("Since %(day)s. Call, and say here when you have talked.") % {"day": day_words(row.on)},
        icon="chat-heart",
    )


def _incident_rows(actor) -> QuerySet:
    incidents = Incident.objects.visible_to(actor).open()
    on = TruncDate("created_at")
    about = "relationship__parent_id"
    return _rows("incident", incidents, on=on, parent=about, first=F("kind"), second=F("status"))


def _incident(row) -> Waiting:
    return Waiting(
        url=reverse("incident_detail", args=[row.pk]),
        label=str(IncidentKind(row.first).label).capitalize(),
        detail=_("%(state)s · since %(day)s")
        % {"state": IncidentStatus(row.second).label, "day": day_words(row.on)},
        icon="flag",
    )


def _wish_rows(actor) -> QuerySet:
    wishes = Wish.objects.visible_to(actor).open()
    return _rows(
        "wish",
        wishes,
        on=F("made_on"),
        parent="relationship__parent_id",
        partner="relationship__partner_id",
        first=F("relationship__parent__case_code"),
        second=F("party"),
        third=F("kind"),
    )


def _wish(row) -> Waiting:
    facts = {
        "code": row.first,
        "who": Party(row.second).label,
        "wish": WishKind(row.third).label,
        "day": day_words(row.on),
    }
    return Waiting(
        url=reverse("wish_handle", args=[row.pk]),
        label=_("%(code)s · %(who)s") % facts,
        detail=_("A wish %(wish)s, since %(day)s") % facts,
        icon="chat-heart",
    )


def _request_rows(what: str, *, is_answered: bool) -> Callable[[object], QuerySet]:
    def rows(actor) -> QuerySet:
        requests = ContactRequest.objects.visible_to(actor).waiting()
        return _rows(
            what,
            requests.filter(answered_on__isnull=not is_answered),
            on=F("received_on"),
            parent="parent_id",
            # Of a request by the public form neither is known yet: then it is said who asks.
            first=Coalesce("parent__case_code", Value("")),
            second=Coalesce("social_worker__organisation__name", Value("")),
            third=F("by"),
        )

    return rows


def _request(row) -> Waiting:
    if row.first and row.second:
        label = _("%(code)s · %(organisation)s") % {"code": row.first, "organisation": row.second}
    else:
        who = ContactRequest(is_public=True, by=row.third).who_asks
        label = _("By the public form · %(who)s") % {"who": who}
    return Waiting(
        url=reverse("request_detail", args=[row.pk]),
        label=label,
        detail=_("Waiting since %(day)s") % {"day": day_words(row.on)},
        icon="inbox",
        count=(today() - row.on).days,
    )


def _pair_rows(actor) -> QuerySet:
    pairs = Relationship.objects.visible_to(actor).filter(status=RelationshipStatus.ACQUAINTING)
    missing = Case(
        When(answered(Party.PARTNER), then=Value("parent")),
        When(answered(Party.PARENT), then=Value("partner")),
        default=Value("both"),
    )
    return _of_pairs("pair", pairs, "proposed_on", third=missing)


def _pair(row) -> Waiting:
    wanted = {
        "partner": [_("the partner's answer")],
        "parent": [_("the parent's answer")],
        "both": [_("the partner's answer"), _("the parent's answer")],
    }[row.third]
    return Waiting(
        url=reverse("relationship_detail", args=[row.pk]),
        label=_("%(code)s and %(partner)s") % {"code": row.first, "partner": row.second},
        detail=_("Since %(day)s; still wanted: %(what)s")
        % {"day": day_words(row.on), "what": _(" and ").join(wanted)},
        icon="chat-heart",
    )


def _start_rows(actor) -> QuerySet:
    late = today() - datetime.timedelta(days=settings.START_MEETING_DAYS)
    decided = Relationship.objects.visible_to(actor).filter(status=RelationshipStatus.DECIDED)
    return _of_pairs("start", decided.with_decided_on().filter(decided_on__lt=late), "decided_on")


def _start(row) -> Waiting:
    return Waiting(
        url=reverse("relationship_detail", args=[row.pk]),
        label=_("%(code)s and %(partner)s") % {"code": row.first, "partner": row.second},
        detail=_("The decision was made on %(day)s") % {"day": day_words(row.on)},
        icon="people",
    )


def _of_pairs(what: str, pairs: QuerySet, on: str, **words) -> QuerySet:
    return _rows(
        what,
        pairs,
        on=F(on),
        parent="parent_id",
        partner="partner_id",
        first=F("parent__case_code"),
        second=Concat("partner__first_name", Value(" "), "partner__last_name"),
        **words,
    )


def _hand_over_rows(actor) -> QuerySet:
    """Parents with something open whose social worker no longer holds the role or may no longer sign in."""
    at_work = RoleGrant.objects.social_workers().filter(
        user=OuterRef("social_worker__user"), organisation=OuterRef("social_worker__organisation")
    )
    open_pair = Relationship.objects.open().filter(parent=OuterRef("pk"))
    request = ContactRequest.objects.waiting().filter(parent=OuterRef("pk"))
    left = Parent.objects.visible_to(actor).filter(~Exists(at_work), Exists(open_pair) | Exists(request))
    return _rows(
        "hand_over",
        left,
        on=TruncDate("created_at"),
        parent="pk",
        first=F("case_code"),
        second=F("social_worker__organisation__name"),
    )


def _hand_over(row) -> Waiting:
    return Waiting(
        url=reverse("parent_hand_over", args=[row.pk]),
        label=_("%(code)s · %(organisation)s") % {"code": row.first, "organisation": row.second},
        detail=_("The social worker has left. Choose who goes on."),
        icon="people",
    )


def _supervision_rows(actor) -> QuerySet:
    times = Supervision.objects.visible_to(actor).to_mark(today())
    # It shows no person; of two empty keys Django would keep one.
    return _rows("supervision", times, on=F("date"), partner="pk", first=F("kind"))


def _supervision(row) -> Waiting:
    return Waiting(
        url=reverse("supervision_mark", args=[row.pk]),
        label=str(SupervisionKind(row.first).label).capitalize(),
        detail=_("It was on %(day)s. Who was there?") % {"day": day_words(row.on)},
        icon="people",
    )


# Whom a list has shown, for the trail: as records of which only the ids are known.
def _shown_pair(row) -> Relationship:
    return Relationship(pk=row.pk, parent_id=row.parent_pk, partner_id=row.partner_pk)


def _shown_wish(row) -> Wish:
    return Wish(pk=row.pk, relationship=Relationship(parent_id=row.parent_pk, partner_id=row.partner_pk))


def _shown_request(row) -> ContactRequest:
    return ContactRequest(pk=row.pk, parent_id=row.parent_pk)


# what: (its rows, one row in words, whom it has shown)
LISTS: dict[str, tuple[Callable, Callable, Callable | None]] = {
    "talk": (_talk_rows, _talk, lambda row: TalkWish(pk=row.pk, partner_id=row.partner_pk)),
    "incident": (_incident_rows, _incident, None),  # it names nobody
    "wish": (_wish_rows, _wish, _shown_wish),
    "unanswered": (_request_rows("unanswered", is_answered=False), _request, _shown_request),
    "request": (_request_rows("request", is_answered=True), _request, _shown_request),
    "pair": (_pair_rows, _pair, _shown_pair),
    "start": (_start_rows, _start, _shown_pair),
    "hand_over": (_hand_over_rows, _hand_over, lambda row: Parent(pk=row.pk)),
    "supervision": (_supervision_rows, _supervision, None),  # it names nobody
}
