"""Kinds of assignment and fee rules, kept by the administrator: dated data, no amounts of our own (domain 3.2)."""

import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.saving import save_data
from kumppani.core.states import MoveRefused
from tasks.models import AssignmentKind, CriminalRecordNote, Engagement, FeeRule, RecordCheck

ONE_DAY = datetime.timedelta(days=1)


@transaction.atomic
def edit_kind(*, kind: AssignmentKind, fields: list[str], by, seen_version: int) -> AssignmentKind:
    """Save the `fields` of a kind. Raises `AlreadyMoved` when somebody has saved since `seen_version`.

    Its answers do not become such that the law allows no extract while it is written down that one was seen for it:
    what was seen lawfully is not erased by a tick, and what was never lawful the staff take back themselves.
    """
    # Whoever writes such a note holds this row, too.
    AssignmentKind.objects.select_for_update().get(pk=kind.pk)
    if (
        kind.record_check == RecordCheck.NOT_POSSIBLE
        and CriminalRecordNote.objects.filter(kind=kind).exists()
    ):
        raise MoveRefused(
            _(
                "For this kind it has been written down that extracts were seen. Make a new kind for the other work, or"
                " let the staff take those notes back first."
            )
        )
    return save_data(kind, by=by, fields=fields, seen_version=seen_version)


@transaction.atomic
def set_fee_rule(
    *,
    kind: AssignmentKind,
    unit: str,
    amount: Decimal,
    preparation_hours: Decimal,
    valid_from: datetime.date,
    by,
) -> FeeRule:
    """What is usually paid for this kind from this day on (R8).

    The rule before ends the day before, and this one the day before the next, where there is one already. A rule of the
    very same day is written anew: nothing rests on it, because each fee agreed keeps its own sum.
    """
    AssignmentKind.objects.select_for_update().get(pk=kind.pk)
    others = FeeRule.objects.filter(kind=kind)
    facts = {"unit": unit, "amount": amount, "preparation_hours": preparation_hours}
    same = others.filter(valid_from=valid_from).first()
    if same is not None:
        for name, value in facts.items():
            setattr(same, name, value)
        same.full_clean()
        same.save()
        record(by, Action.CHANGE, same, fields_changed=list(facts))
        return same
    following = others.filter(valid_from__gt=valid_from).order_by("valid_from").first()
    rule = FeeRule(
        kind=kind,
        valid_from=valid_from,
        valid_to=following.valid_from - ONE_DAY if following else None,
        **facts,
    )
    rule.full_clean()
    for before in others.valid_on(valid_from):
        _end(before, valid_from - ONE_DAY, by)
    rule.save(force_insert=True)
    record(by, Action.CREATE, rule)
    return rule


@transaction.atomic
def end_fee_rule(*, rule: FeeRule, last_day: datetime.date, by) -> None:
    """From the day after, nothing is suggested for this kind. A day outside the rule's time is refused."""
    held = FeeRule.objects.select_for_update().get(pk=rule.pk)
    if last_day < held.valid_from:
        raise MoveRefused(_("The last day cannot be before the first day."))
    if held.valid_to is not None and last_day > held.valid_to:
        raise MoveRefused(_("The rule ends before that day already."))
    _end(held, last_day, by)
    rule.valid_to = held.valid_to


def _end(rule: FeeRule, last_day: datetime.date, by) -> None:
    rule.valid_to = last_day
    rule.full_clean()
    rule.save(update_fields=["valid_to", "updated_at"])
    record(by, Action.CHANGE, rule, fields_changed=["valid_to"])


def record_check_reason(kind: AssignmentKind) -> str:
    """Why a criminal-record extract may or must be looked at for this kind, or not: the law in plain words.

    Sources: domain 2.8 (504/2002 for work for pay, 148/2014 for volunteers).
    """
    check = kind.record_check
    if kind.engagement == Engagement.VOLUNTEER:
        if check == RecordCheck.NOT_POSSIBLE:
            return _(
                "For volunteers all three must be true: regularly with children, in personal contact, and alone "
                "(148/2014)."
            )
        return _(
            "The organiser may ask for it with the volunteer's written consent, after naming the tasks and making "
            "written instructions. It is never a duty (148/2014)."
        )
    if check == RecordCheck.NOT_POSSIBLE:
        return _("The work is not with children, so the law gives no right to ask (504/2002).")
    if check == RecordCheck.MAY_BE_ASKED:
        return _(
            "The work with children lasts at most three months in a year: the employer may ask to see it (504/2002)."
        )
    return _(
        "The work with children lasts over three months in a year: the employer must see it. It is at most six months "
        "old, is given back at once and is not copied (504/2002)."
    )
