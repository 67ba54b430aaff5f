"""Triggers that both engines understand, for what a column constraint cannot say.

A migration lists them as operations. On SQLite a later change of the table's columns rebuilds the table and drops its
triggers: such a migration must put them back (tests/architecture/test_triggers.py notices).
"""

from django.db import migrations

POSTGRES_REFUSE = """
CREATE OR REPLACE FUNCTION kumppani_append_only() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'append-only: % refuses %', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END;
$$ LANGUAGE plpgsql;
"""


def make_append_only(connection, table: str) -> None:
    """Refuse UPDATE and DELETE (and TRUNCATE) on `table`, whoever writes."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRES_REFUSE)
            cursor.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION kumppani_append_only()"
            )
        else:
            for deed in ("UPDATE", "DELETE"):
                cursor.execute(
                    f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, 'append-only: {table} refuses {deed}'); END"
                )


def drop_append_only(connection, table: str) -> None:
    """Take the refusal away again: for reversing the migration and for emptying a test database."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}")
        else:
            for deed in ("update", "delete"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{deed}")


def append_only(table: str) -> migrations.RunPython:
    """A migration operation that makes `table` append-only."""
    return migrations.RunPython(
        lambda apps, editor: make_append_only(editor.connection, table),
        lambda apps, editor: drop_append_only(editor.connection, table),
    )
