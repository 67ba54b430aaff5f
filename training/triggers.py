"""The marks of a completed training stay: the database refuses to change the hours that a certificate speaks of.

They are deleted only with the whole enrolment. Who marked them may be forgotten. Tested both ways, on both engines.
"""

from django.db import migrations

MESSAGE = "the hours of a completed training do not change"
TABLE = "training_attendance"
COLUMNS = ("session_id", "enrolment_id", "hours", "made_up_hours", "made_up_how", "made_up_on")
# Of the enrolment to which the hours belong: a mark is not moved away from it, and so not to it either.
COMPLETED = "EXISTS (SELECT 1 FROM training_enrolment WHERE id = OLD.enrolment_id AND status = 'completed')"


def keep_marks(connection) -> None:
    """Put the trigger in place."""
    changed = " OR ".join(f"(OLD.{name} IS DISTINCT FROM NEW.{name})" for name in COLUMNS)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION training_marks_stay() RETURNS trigger AS $$ BEGIN IF {COMPLETED} THEN "
                f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; "
                "END IF; RETURN NEW; END; $$ LANGUAGE plpgsql"
            )
            cursor.execute(
                f"CREATE TRIGGER {TABLE}_stay BEFORE UPDATE ON {TABLE} FOR EACH ROW "
                f"WHEN ({changed}) EXECUTE FUNCTION training_marks_stay()"
            )
        else:
            # The oldest SQLite here has no IS DISTINCT FROM; its IS NOT says the same.
            changed = changed.replace("IS DISTINCT FROM", "IS NOT")
            cursor.execute(
                f"CREATE TRIGGER {TABLE}_stay BEFORE UPDATE ON {TABLE} "
                f"WHEN ({changed}) AND {COMPLETED} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )


def release_marks(connection) -> None:
    """Take it away: for a migration that rebuilds the table."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_stay ON {TABLE}")
            cursor.execute("DROP FUNCTION IF EXISTS training_marks_stay()")
        else:
            cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_stay")


def marks_stay() -> migrations.RunPython:
    """A migration operation that keeps the marks."""
    return migrations.RunPython(
        lambda apps, editor: keep_marks(editor.connection),
        lambda apps, editor: release_marks(editor.connection),
    )
