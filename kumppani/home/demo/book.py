"""How the demo's rows get their ids and their days.

`auto_now_add` writes the moment of loading; a season that lies years back needs its own days. So rows are written
first and get their times in a second statement, many at once.
"""

import datetime
import hashlib
import uuid
from collections.abc import Iterable, Iterator, Sequence

from django.db import connection, models
from django.utils import timezone

from kumppani.accounts.actor import Actor
from kumppani.core.models import StatusChange
from pairing.models.people import CODE_LETTERS

NAMESPACE = uuid.UUID("d3a0c0de-0000-4000-8000-6b756d70616e")

# Public holidays on weekdays of the pilot season: nobody works on them.
HOLIDAYS = {
    datetime.date(2021, 1, 1),
    datetime.date(2021, 1, 6),
    datetime.date(2021, 4, 2),
    datetime.date(2021, 4, 5),
    datetime.date(2021, 5, 13),
    datetime.date(2021, 6, 25),
}
ONE_DAY = datetime.timedelta(days=1)


def demo_id(*parts: object) -> uuid.UUID:
    """The same id for the same words, on every machine."""
    return uuid.uuid5(NAMESPACE, "/".join(str(part) for part in parts))


def case_code(name: str) -> str:
    """A parent's code that is the same every time; real ones are drawn by lot."""
    digest = hashlib.sha256(name.encode()).digest()
    return "K-" + "".join(CODE_LETTERS[byte % len(CODE_LETTERS)] for byte in digest[:5])


def at(day: datetime.date, hour: int = 9, minute: int = 0) -> datetime.datetime:
    """A moment of a Finnish day."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour, minute)))


def working_days(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    """The weekdays of a span, both ends included, without the holidays."""
    days = ((first + ONE_DAY * i) for i in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5 and day not in HOLIDAYS]


def working_day(day: datetime.date, *, forward: bool) -> datetime.date:
    """This day, or the nearest working day after it (before it)."""
    while day not in working_days(day, day):
        day += ONE_DAY if forward else -ONE_DAY
    return day


def spread(count: int, first: datetime.date, last: datetime.date) -> list[datetime.date]:
    """`count` working days spread evenly over a span, the first and the last of it among them."""
    days = working_days(first, last)
    if count == 1:
        return [days[0]]
    return [days[round(i * (len(days) - 1) / (count - 1))] for i in range(count)]


def taking_turns(things: Sequence, start: int = 0) -> Iterator:
    """One after the other, round and round."""
    while True:
        yield things[start % len(things)]
        start += 1


def write(rows: Iterable[models.Model]) -> None:
    """Insert rows of one model, each recorded at its own `created_at`."""
    rows = list(rows)
    if not rows:
        return
    times = [row.created_at for row in rows]
    type(rows[0])._base_manager.bulk_create(rows)
    for row, time in zip(rows, times, strict=True):
        row.created_at = row.updated_at = time
    _stamp(rows, "created_at", "updated_at")


def _stamp(rows: list[models.Model], *names: str) -> None:
    """Put these times of the rows into the database as they are, past `auto_now`: `bulk_update` takes ten times as
    long."""
    meta = rows[0]._meta
    fields = [*(meta.get_field(name) for name in names), meta.pk]
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(field.column)} = %s" for field in fields[:-1])
    statement = f"UPDATE {quote(meta.db_table)} SET {columns} WHERE {quote(meta.pk.column)} = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(
            statement,
            [
                [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
                for row in rows
            ],
        )


class History:
    """The changes of state that a row's life has left behind."""

    def __init__(self) -> None:
        self._changes: list[StatusChange] = []

    def add(self, record: models.Model, *steps: tuple[str, str, datetime.datetime, Actor]) -> None:
        """Steps are (old, new, when, who); the last one is the state the record is in."""
        for old, new, when, actor in steps:
            self._changes.append(
                StatusChange(
                    id=demo_id("change", record.pk, old, new, when),
                    object_kind=record._meta.label_lower,
                    object_id=record.pk,
                    old=old,
                    new=new,
                    at=when,
                    actor_id=actor.user_id,
                    actor_role=actor.role,
                )
            )

    def write(self) -> None:
        """Insert all of them, each at its own time."""
        times = [change.at for change in self._changes]
        StatusChange.objects.bulk_create(self._changes)
        for change, time in zip(self._changes, times, strict=True):
            change.at = time
        if self._changes:
            _stamp(self._changes, "at")
        self._changes = []
