"""Setting the database's own guards (triggers) aside, for what only tests do: emptying tables, marking every word."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_triggers(database) -> Iterator[None]:
    """All our triggers are off inside and stand again afterwards."""
    database.check_constraints()  # PostgreSQL changes no table while deferred checks wait
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
            tables = [row[0] for row in cursor.fetchall()]
            off = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]
            on = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            off = [f"DROP TRIGGER {name}" for name, _sql in triggers]
            on = [sql for _name, sql in triggers]
        for statement in off:
            cursor.execute(statement)
    try:
        yield
    finally:
        if not database.needs_rollback:
            database.check_constraints()
            with database.cursor() as cursor:
                for statement in on:
                    cursor.execute(statement)
