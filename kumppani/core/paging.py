"""Pages by key, not by number: the thousandth page costs what the first does (speed.md)."""

import base64
import datetime
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db.models import F, Q, QuerySet


@dataclass
class Page:
    """One page of a list, with the keys of its neighbours (None where there are none)."""

    items: list
    newer: str | None
    older: str | None

    def __iter__(self):
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def _encode(way: str, values: list) -> str:
    text = json.dumps([way, *(str(value) for value in values)], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


LONGEST_CURSOR = 600


def _decode(cursor: str, example: list[type]) -> tuple[str, list] | None:
    if len(cursor) > LONGEST_CURSOR:
        return None
    try:
        way, *values = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
        if way not in ("o", "n") or len(values) != len(example):
            return None
        return way, [_parse(kind, value) for kind, value in zip(example, values, strict=True)]
    except (ValueError, TypeError, ArithmeticError, RecursionError):
        return None


def _parse(kind: type, value: str):
    """A key's value, or ValueError: nothing that a database could stumble over gets through."""
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError(value)
    value.encode()  # a lone surrogate is no text: UnicodeEncodeError is a ValueError
    if kind is datetime.time:
        return kind.fromisoformat(value).replace(tzinfo=None)
    if kind not in (datetime.date, datetime.datetime):
        return kind(value)
    moment = kind.fromisoformat(value)
    if not 1900 <= moment.year <= 2999 or (kind is datetime.datetime and moment.tzinfo is None):
        raise ValueError(value)
    return moment


def _beyond(fields: list[tuple[str, bool]], values: list) -> Q:
    """Rows after `values` in an order of (field, descending)."""
    condition = Q()
    same = Q()
    for (name, descending), value in zip(fields, values, strict=True):
        condition |= same & Q(**{f"{name}__{'lt' if descending else 'gt'}": value})
        same &= Q(**{name: value})
    return condition


def paginate(
    queryset: QuerySet,
    order: tuple[str, ...],
    cursor: str = "",
    *,
    size: int | None = None,
    more: Iterable[QuerySet] = (),
) -> Page:
    """One page of `queryset` in `order` (names, "-" for descending, never null, the last one unique).

    A name may also be an annotation's.

    `more`: querysets of other models with the same fields, whose rows stand between those of the first: one query each.
    A cursor that is not ours, or has been tampered with, shows the first page.
    """
    size = size or settings.PAGE_SIZE
    fields = [(name.lstrip("-"), name.startswith("-")) for name in order]
    kinds = [_kind(queryset, name) for name, _ in fields]
    place = _decode(cursor, kinds) if cursor else None
    backwards = place is not None and place[0] == "n"
    way = [(name, descending != backwards) for name, descending in fields]
    items = []
    for rows in (queryset, *more):
        rows = rows.order_by(*(F(name).desc() if descending else F(name).asc() for name, descending in way))
        if place is not None:
            rows = rows.filter(_beyond(way, place[1]))
        items += rows[: size + 1]
    if len({type(item) for item in items}) > 1:
        for name, descending in reversed(way):
            items.sort(key=lambda item, name=name: _value(item, name), reverse=descending)
    is_cut, items = len(items) > size, items[:size]
    if backwards:
        items.reverse()
    if not items:
        return Page([], None, None)

    def key(item) -> list:
        values = [_value(item, name) for name, _ in fields]
        return [value.isoformat() if isinstance(value, datetime.date) else value for value in values]

    has_newer = is_cut if backwards else place is not None
    has_older = place is not None if backwards else is_cut
    return Page(
        items,
        newer=_encode("n", key(items[0])) if has_newer else None,
        older=_encode("o", key(items[-1])) if has_older else None,
    )


def _value(item, name: str):
    for step in name.split("__"):
        item = getattr(item, step)
    return item


def _kind(queryset: QuerySet, name: str) -> type:
    field, model = None, queryset.model
    if name in queryset.query.annotations:
        field = queryset.query.annotations[name].output_field
    else:
        for step in name.split("__"):
            field = model._meta.get_field(step)
            model = field.related_model or model
    return {
        "UUIDField": uuid.UUID,
        "DateField": datetime.date,
        "DateTimeField": datetime.datetime,
        "TimeField": datetime.time,
        "DecimalField": Decimal,
        "IntegerField": int,
        "PositiveIntegerField": int,
        "PositiveSmallIntegerField": int,
    }.get(field.get_internal_type(), str)
