"""The invented family of tests/personas.py, built once and put back for each test that asks for it.

Building it costs a sixth of a second, nearly all of it Python: two hundred and forty records through factories and the
ORM. The database needs a twentieth of that. So what the building sent to the database is kept and sent again, in the
same order, past the same constraints and triggers; the test gets its own copy of the people.

The records lie around now. Half a minute later, or when a test has moved the clock, the family is built anew.
"""

from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone, translation

from kumppani.core.dates import today
from tests.personas import People, build_people

KEEPS_FOR = timedelta(seconds=30)
WRITES = ("INSERT", "UPDATE", "DELETE")


@dataclass
class Kept:
    """A family with the statements that wrote it."""

    people: People
    statements: list[tuple]
    built_at: datetime
    day: date
    language: str | None

    def is_fresh(self) -> bool:
        """Whether building now would give the same but for half a minute."""
        return (
            timedelta(0) <= timezone.now() - self.built_at <= KEEPS_FOR
            and self.day == today()
            and self.language == translation.get_language()
        )


_kept: Kept | None = None


def family() -> People:
    """The people, with their rows in the database."""
    if _kept is None or not _kept.is_fresh():
        return _build()
    with transaction.atomic(), connection.cursor() as cursor:
        for many, sql, params in _kept.statements:
            (cursor.executemany if many else cursor.execute)(sql, params)
    return deepcopy(_kept.people)


def _build() -> People:
    global _kept
    statements = []

    def keep(execute, sql, params, many, context):
        if sql.startswith(WRITES):
            statements.append((many, sql, params))
        return execute(sql, params, many, context)

    built_at, day = timezone.now(), today()
    with transaction.atomic():
        waiting = len(connection.run_on_commit)
        with connection.execute_wrapper(keep):
            people = build_people()
        # What happens after a commit is no statement and would not happen again.
        repeatable = len(connection.run_on_commit) == waiting
    _kept = (
        Kept(deepcopy(people), statements, built_at, day, translation.get_language()) if repeatable else None
    )
    return people
