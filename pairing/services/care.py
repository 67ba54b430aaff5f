"""Supervision and debriefing: times agreed on with partners, and who was there. Nothing of what was said is kept."""

import datetime
import uuid
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kumppani.accounts.roles import Role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.dates import ONE_DAY, add_months, today
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.notices.kinds import notify
from pairing.models import (
    ExperiencePartner,
    Meeting,
    PresenceState,
    Supervision,
    SupervisionKind,
    SupervisionPresence,
    TalkWish,
)
from pairing.services.meetings import talk_handled

# How many months in a row can be planned at once.
MOST_MONTHS = 12
SUPERVISION_FIELDS = ("kind", "date", "starts_at", "minutes", "leader", "place", "link")
# What those who have been invited are told of when it changes.
TOLD = {"date", "starts_at", "minutes", "place", "link"}


def monthly_dates(first: datetime.date, times: int) -> list[datetime.date]:
    """The same day of the week in each month: the second Tuesday stays the second Tuesday, a fifth becomes the last."""
    week = (first.day - 1) // 7
    dates = []
    for number in range(times):
        month = add_months(first.replace(day=1), number)
        day = month + ((first.weekday() - month.weekday()) % 7 + 7 * week) * ONE_DAY
        dates.append(day if day.month == month.month else day - 7 * ONE_DAY)
    return dates


@transaction.atomic
def plan_supervision(
    *, by, partners: Iterable[ExperiencePartner], times: int = 1, **facts
) -> list[Supervision]:
    """A time for these partners, or the same in several months in a row. Returns them, the first one first.

    `facts`: SUPERVISION_FIELDS. A past day is no hindrance: what has been held may be written down afterwards; then
    nobody is told. Raises `ValidationError` when nobody is invited.
    """
    _check_staff(by)
    partners = list(partners)
    _check_partners(facts["kind"], partners)
    if not 1 <= times <= MOST_MONTHS:
        raise ValidationError({"times": _("Plan at most %(count)s months at once.") % {"count": MOST_MONTHS}})
    made = []
    for date in monthly_dates(facts.pop("date"), times):
        supervision = Supervision(date=date, **facts)
        supervision.full_clean()
        supervision.save(force_insert=True)
        record(by, Action.CREATE, supervision)
        _invite(supervision, partners, by)
        made.append(supervision)
    # One notice however many: the others stand in the list.
    _tell(made[0], partners, "supervision_planned")
    return made


@transaction.atomic
def edit_supervision(
    *, supervision: Supervision, by, seen_version: int, partners: Iterable[ExperiencePartner], **facts
) -> Supervision:
    """Change a time and who is invited. Those who were there, or were not, stay; everybody concerned is told."""
    _check_staff(by)
    supervision = _hold(supervision)
    if supervision.is_cancelled:
        raise MoveRefused(_("This time has been called off."))
    partners = list(partners)
    _check_partners(facts["kind"], partners)
    known = {
        presence.partner_id: presence for presence in supervision.presences.select_related("partner__user")
    }
    wanted = {partner.pk for partner in partners}
    left_out = [presence for pk, presence in known.items() if pk not in wanted]
    if any(presence.state != PresenceState.INVITED for presence in left_out):
        raise ValidationError(
            {"partners": _("Of somebody whom you left out it has been said whether she or he was there.")}
        )
    if facts["date"] > today() and any(
        presence.state != PresenceState.INVITED for presence in known.values()
    ):
        raise ValidationError(
            {"date": _("It has been said who was there, so the day cannot be a coming one.")}
        )
    changed = [name for name, value in facts.items() if getattr(supervision, name) != value]
    for name in changed:
        setattr(supervision, name, facts[name])
    supervision.full_clean()
    if not supervision.save_as_version(seen_version, fields=list(facts)):
        raise AlreadyMoved
    record(by, Action.CHANGE, supervision, fields_changed=changed)
    new = [partner for partner in partners if partner.pk not in known]
    stay = [presence.partner for presence in known.values() if presence not in left_out]
    for presence in left_out:
        record(by, Action.CHANGE, presence, detail="removed")
        presence.delete()
    _invite(supervision, new, by)
    _tell(supervision, new, "supervision_planned")
    _tell(supervision, [presence.partner for presence in left_out], "supervision_cancelled")
    if TOLD & set(changed):
        _tell(supervision, stay, "supervision_changed")
    return supervision


@transaction.atomic
def cancel_supervision(*, supervision: Supervision, by) -> None:
    """Call a time off. What has taken place is not called off any more."""
    _check_staff(by)
    supervision = _hold(supervision)
    if supervision.is_cancelled:
        raise MoveRefused(_("This time has been called off."))
    presences = list(supervision.presences.select_related("partner__user"))
    if any(presence.state == PresenceState.PRESENT for presence in presences):
        raise MoveRefused(_("Somebody was there, so it cannot be called off."))
    supervision.is_cancelled = True
    supervision.version += 1
    supervision.save(update_fields=["is_cancelled", "version", "updated_at"])
    record(by, Action.CHANGE, supervision, fields_changed=["is_cancelled"])
    _tell(supervision, [presence.partner for presence in presences], "supervision_cancelled")


@transaction.atomic
def mark_presence(*, supervision: Supervision, by, seen_version: int, states: dict) -> Supervision:
    """Say who was there: `states` is presence id → state, for as many as one knows.

    Who was at a debriefing has talked: an open wish to talk is answered by it.
    """
    _check_staff(by)
    supervision = _hold(supervision)
    if supervision.is_cancelled:
        raise MoveRefused(_("This time has been called off."))
    if not supervision.has_come:
        raise MoveRefused(_("This day has not come yet. Say afterwards who was there."))
    if not supervision.save_as_version(seen_version, fields=[]):
        raise AlreadyMoved
    for presence in supervision.presences.select_related("partner"):
        state = states.get(presence.pk) or presence.state
        if state == presence.state:
            continue
        presence.state = state
        presence.full_clean()
        presence.save(update_fields=["state", "updated_at"])
        record(by, Action.CHANGE, presence, fields_changed=["state"])
        if state == PresenceState.PRESENT and supervision.kind == SupervisionKind.DEBRIEFING:
            _answer_wish(presence.partner, supervision, by)
    return supervision


def _answer_wish(partner: ExperiencePartner, supervision: Supervision, by) -> None:
    """Only a wish of that day or before: who has asked since then still waits."""
    wish = TalkWish.objects.filter(partner=partner, asked_at__date__lte=supervision.date).open().first()
    if wish is not None:
        talk_handled(wish=wish, by=by)


def _hold(supervision: Supervision) -> Supervision:
    """As it is now, held until the transaction ends."""
    return Supervision.objects.select_for_update(of=("self",)).get(pk=supervision.pk)


def _check_staff(by) -> None:
    if by.role != Role.STAFF:
        raise MoveRefused(_("The project staff keep these times."))


def _check_partners(kind: str, partners: list[ExperiencePartner]) -> None:
    if not partners:
        raise ValidationError({"partners": _("Choose at least one partner.")})
    if kind == SupervisionKind.INDIVIDUAL and len(partners) > 1:
        raise ValidationError({"partners": _("Choose one partner, or make it a group.")})


def _invite(supervision: Supervision, partners: list[ExperiencePartner], by) -> None:
    for presence in SupervisionPresence.objects.bulk_create(
        SupervisionPresence(supervision=supervision, partner=partner) for partner in partners
    ):
        record(by, Action.CREATE, presence)


def _tell(supervision: Supervision, partners: Iterable[ExperiencePartner], kind: str) -> None:
    """Of what is over there is nothing to tell."""
    if supervision.date >= today():
        notify([partner.user for partner in partners], role=Role.PARTNER, kind=kind, about=supervision)


# --- how much is a lot ---------------------------------------------------------------------------------------
def busiest_week(partner_pk: uuid.UUID, dates: Iterable[datetime.date]) -> int:
    """How many meetings, held or planned, the partner has in the fullest of the weeks in which these days lie."""
    weeks = {day - day.weekday() * ONE_DAY for day in dates}
    if not weeks:
        return 0
    days = (
        Meeting.objects.filter(
            relationship__partner=partner_pk,
            status__in=["held", "planned"],
            date__gte=min(weeks),
            date__lt=max(weeks) + 7 * ONE_DAY,
        )
        .order_by()
        .values_list("date", flat=True)
    )
    counts = dict.fromkeys(weeks, 0)
    for day in days:
        monday = day - day.weekday() * ONE_DAY
        if monday in counts:
            counts[monday] += 1
    return max(counts.values())


def full_week(partner_pk: uuid.UUID, dates: Iterable[datetime.date]) -> str:
    """What is said to a partner whose week gets full: told, never forbidden. Empty while it is not."""
    number = busiest_week(partner_pk, dates)
    if number <= settings.MEETINGS_A_WEEK:
        return ""
    return _("That makes %(number)s meetings in one week. Look after yourself, too: we are glad to talk.") % {
        "number": number
    }
