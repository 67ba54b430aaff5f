"""R1 in the database itself: a relationship becomes active – or looks as if it had been: paused, ended – only with

* a positive decision that is valid on the day it becomes active,
* a held start meeting (a check constraint sees to it that all three were there),
* an agreement with duration and scope and at least one goal, whose present revision all three have acknowledged.

Whoever writes – the model, a form, plain SQL – meets this. The other direction too: while a relationship is active or
on pause, what it rests on cannot be taken away. Tested both ways in tests/pairing/test_r1.py, on both engines.
"""

from django.db import migrations

# NEW is the relationship's row. Portable SQL: the same words on SQLite and PostgreSQL.
RESTS_ON = """
    EXISTS (
        SELECT 1 FROM pairing_decision d
        WHERE d.relationship_id = NEW.id AND d.is_positive
          AND d.valid_from <= NEW.active_since AND d.valid_to >= NEW.active_since
    )
    AND EXISTS (
        SELECT 1 FROM pairing_startmeeting s WHERE s.relationship_id = NEW.id AND s.held_on IS NOT NULL
    )
    AND EXISTS (
        SELECT 1 FROM pairing_agreement a
        WHERE a.relationship_id = NEW.id
          AND a.starts_on IS NOT NULL AND a.ends_on IS NOT NULL AND a.meetings_per_month IS NOT NULL
          AND EXISTS (SELECT 1 FROM pairing_goal g WHERE g.agreement_id = a.id)
          AND (
              SELECT COUNT(DISTINCT k.party) FROM pairing_acknowledgement k
              WHERE k.agreement_id = a.id AND k.revision = a.revision
          ) = 3
    )
"""

MESSAGE = "R1: a relationship becomes active only with a valid decision and an acknowledged start meeting"
KEEP_MESSAGE = "R1: an active relationship rests on this row"

# All three have acknowledged this revision.
SEALED = (
    "(SELECT COUNT(DISTINCT k.party) FROM pairing_acknowledgement k"
    " WHERE k.agreement_id = {agreement} AND k.revision = {revision}) = 3"
)

# (table, condition under which a change takes away what an active relationship rests on)
KEEPERS = {
    "pairing_decision": (
        "OLD.is_positive AND EXISTS (SELECT 1 FROM pairing_relationship r WHERE r.id = OLD.relationship_id"
        " AND r.status IN ('active', 'paused')"
        " AND OLD.valid_from <= r.active_since AND OLD.valid_to >= r.active_since)",
        "is_positive, valid_from, valid_to, relationship_id",
    ),
    "pairing_startmeeting": (
        "OLD.held_on IS NOT NULL AND EXISTS (SELECT 1 FROM pairing_relationship r WHERE r.id = OLD.relationship_id"
        " AND r.status IN ('active', 'paused'))",
        "held_on, relationship_id, worker_present, partner_present, parent_present",
    ),
    "pairing_agreement": (
        f"{SEALED.format(agreement='OLD.id', revision='OLD.revision')}"  # noqa: S608 – constants of this file
        " AND EXISTS (SELECT 1 FROM pairing_relationship r"
        " WHERE r.id = OLD.relationship_id AND r.status IN ('active', 'paused'))",
        "starts_on, ends_on, meetings_per_month, told_to_worker, revision, relationship_id",
    ),
    "pairing_goal": (
        "EXISTS (SELECT 1 FROM pairing_agreement a"  # noqa: S608 – constants of this file
        " JOIN pairing_relationship r ON r.id = a.relationship_id"
        " WHERE a.id = OLD.agreement_id AND r.status IN ('active', 'paused')"
        f" AND {SEALED.format(agreement='a.id', revision='a.revision')})",
        "agreement_id, words, area",
    ),
}


def _sqlite(cursor) -> None:
    for deed in ("INSERT ON", "UPDATE OF status, active_since, started_on ON"):
        name = "pairing_r1_" + deed.split()[0].lower()
        cursor.execute(
            f"CREATE TRIGGER {name} BEFORE {deed} pairing_relationship "
            f"WHEN NEW.status IN ('active', 'paused', 'ended') AND NOT ({RESTS_ON}) "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )
    for table, (condition, columns) in KEEPERS.items():
        for deed in ("DELETE ON", f"UPDATE OF {columns} ON"):
            cursor.execute(
                f"CREATE TRIGGER {table}_r1_{deed.split()[0].lower()} BEFORE {deed} {table} "
                f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{KEEP_MESSAGE}'); END"
            )


def _postgres(cursor) -> None:
    cursor.execute(
        f"""
        CREATE OR REPLACE FUNCTION pairing_r1() RETURNS trigger AS $$
        BEGIN
            IF NEW.status IN ('active', 'paused', 'ended') AND NOT ({RESTS_ON}) THEN
                RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END;
        $$ LANGUAGE plpgsql;
        CREATE TRIGGER pairing_r1 BEFORE INSERT OR UPDATE OF status, active_since, started_on ON pairing_relationship
        FOR EACH ROW EXECUTE FUNCTION pairing_r1();
        """
    )
    for table, (condition, columns) in KEEPERS.items():
        cursor.execute(
            f"""
            CREATE OR REPLACE FUNCTION {table}_r1() RETURNS trigger AS $$
            BEGIN
                IF {condition} THEN
                    RAISE EXCEPTION '{KEEP_MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                RETURN NEW;
            END;
            $$ LANGUAGE plpgsql;
            CREATE TRIGGER {table}_r1 BEFORE DELETE OR UPDATE OF {columns} ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_r1();
            """
        )


# --- since the whole life: an agreement is in force only with all three acknowledgements ---------------------
AGREED_MESSAGE = "R1: an agreement is accepted when all three have acknowledged its present words"
FIXED_MESSAGE = "R1: what all three have accepted is not changed; make a new agreement"
NEW_SEALED = SEALED.format(agreement="NEW.id", revision="NEW.revision")
# Words that the first guard did not know yet, and the date itself.
FIXED_COLUMNS = "agreed_on, contact_ways, cancelling, allows_notes, ground_rules_id"


def create_agreed(apps, editor) -> None:
    with editor.connection.cursor() as cursor:
        if editor.connection.vendor == "postgresql":
            cursor.execute(
                f"""
                CREATE OR REPLACE FUNCTION pairing_agreed() RETURNS trigger AS $$
                BEGIN
                    IF TG_OP = 'UPDATE' AND OLD.agreed_on IS NOT NULL THEN
                        RAISE EXCEPTION '{FIXED_MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    IF NEW.agreed_on IS NOT NULL AND NOT ({NEW_SEALED}) THEN
                        RAISE EXCEPTION '{AGREED_MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                END;
                $$ LANGUAGE plpgsql;
                CREATE TRIGGER pairing_agreed BEFORE INSERT OR UPDATE OF {FIXED_COLUMNS} ON pairing_agreement
                FOR EACH ROW EXECUTE FUNCTION pairing_agreed();
                """
            )
            return
        for deed in ("INSERT ON", f"UPDATE OF {FIXED_COLUMNS} ON"):
            cursor.execute(
                f"CREATE TRIGGER pairing_agreed_{deed.split()[0].lower()} BEFORE {deed} pairing_agreement "
                f"WHEN NEW.agreed_on IS NOT NULL AND NOT ({NEW_SEALED}) "
                f"BEGIN SELECT RAISE(ABORT, '{AGREED_MESSAGE}'); END"
            )
        cursor.execute(
            f"CREATE TRIGGER pairing_agreed_fixed BEFORE UPDATE OF {FIXED_COLUMNS} ON pairing_agreement "
            f"WHEN OLD.agreed_on IS NOT NULL BEGIN SELECT RAISE(ABORT, '{FIXED_MESSAGE}'); END"
        )


def drop_agreed(apps, editor) -> None:
    with editor.connection.cursor() as cursor:
        if editor.connection.vendor == "postgresql":
            cursor.execute(
                "DROP TRIGGER pairing_agreed ON pairing_agreement; DROP FUNCTION pairing_agreed();"
            )
            return
        for name in ("insert", "update", "fixed"):
            cursor.execute(f"DROP TRIGGER IF EXISTS pairing_agreed_{name}")


def guard_agreed() -> migrations.RunPython:
    """The migration operation that guards `agreed_on`."""
    return migrations.RunPython(create_agreed, drop_agreed)


def unguard_r1() -> migrations.RunPython:
    """Take R1's triggers away while tables are rebuilt; the same migration run puts them back."""
    return migrations.RunPython(drop, create)


def create(apps, editor) -> None:
    with editor.connection.cursor() as cursor:
        (_postgres if editor.connection.vendor == "postgresql" else _sqlite)(cursor)


def drop(apps, editor) -> None:
    with editor.connection.cursor() as cursor:
        if editor.connection.vendor == "postgresql":
            cursor.execute("DROP TRIGGER pairing_r1 ON pairing_relationship; DROP FUNCTION pairing_r1();")
            for table in KEEPERS:
                cursor.execute(f"DROP TRIGGER {table}_r1 ON {table}; DROP FUNCTION {table}_r1();")
        else:
            for name in ("pairing_r1_insert", "pairing_r1_update"):
                cursor.execute(f"DROP TRIGGER {name}")
            for table in KEEPERS:
                for deed in ("delete", "update"):
                    cursor.execute(f"DROP TRIGGER {table}_r1_{deed}")


def guard_r1() -> migrations.RunPython:
    """The migration operation."""
    return migrations.RunPython(create, drop)
