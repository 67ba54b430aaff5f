"""What no column can say of this room, in the database itself, on both engines.

A payment batch is written once: the database refuses what would change it afterwards (R7).
Of the batch itself only the state and the day of payment may move on; its rows take no change at all. What lies in a
batch – fee, travel claim, correction – keeps its sum, its person and its batch. Tested both ways, on both engines.

That an extract was seen is written down only where the law allows looking at it, and of one that is at most six months
old (domain 2.8). And a kind does not become one of which the law allows none while such notes are there.
"""

from django.db import migrations

from kumppani.audit.triggers import drop_append_only, make_append_only

MESSAGE = "R7: a payment batch does not change"

# (table, condition on the old row, what may not change)
FROZEN = {
    "tasks_paymentbatch": ("TRUE", ("number", "made_by_id", "items", "total", "checksum", "made_on")),
    "tasks_fee": (
        "OLD.batch_id IS NOT NULL",
        ("batch_id", "amount", "partner_id", "payer", "grant_id", "payment_form", "unit", "quantity"),
    ),
    "tasks_travelclaim": (
        "OLD.batch_id IS NOT NULL",
        (
            "batch_id",
            "total",
            "km_amount",
            "per_diem_amount",
            "receipts_amount",
            "partner_id",
            "payer",
            "grant_id",
        ),
    ),
    "tasks_correction": (
        "OLD.batch_id IS NOT NULL",
        ("batch_id", "amount", "partner_id", "payer", "grant_id", "fee_id", "travel_id", "part"),
    ),
}


def _changed(columns) -> str:
    """Whether one of the columns gets another value; NULL counts as a value."""
    return " OR ".join(f"(OLD.{name} IS DISTINCT FROM NEW.{name})" for name in columns)


def freeze(connection) -> None:
    """Put the triggers in place."""
    make_append_only(connection, "tasks_paymentrow")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION tasks_frozen() RETURNS trigger AS $$ BEGIN "
                f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; "
                "END; $$ LANGUAGE plpgsql"
            )
            for table, (condition, columns) in FROZEN.items():
                cursor.execute(
                    f"CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table} FOR EACH ROW "
                    f"WHEN (({condition}) AND ({_changed(columns)})) EXECUTE FUNCTION tasks_frozen()"
                )
                cursor.execute(
                    f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW "
                    f"WHEN ({condition}) EXECUTE FUNCTION tasks_frozen()"
                )
        else:
            for table, (condition, columns) in FROZEN.items():
                # The oldest SQLite here has no IS DISTINCT FROM; its IS NOT says the same.
                changed = _changed(columns).replace("IS DISTINCT FROM", "IS NOT")
                cursor.execute(
                    f"CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table} "
                    f"WHEN ({condition}) AND ({changed}) BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
                )
                cursor.execute(
                    f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} "
                    f"WHEN ({condition}) BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
                )


def thaw(connection) -> None:
    """Take the triggers away: for a migration that rebuilds a table, and for emptying a test database."""
    drop_append_only(connection, "tasks_paymentrow")
    with connection.cursor() as cursor:
        for table in FROZEN:
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_frozen{on}")
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_kept{on}")


def frozen() -> migrations.RunPython:
    """A migration operation that freezes batches."""
    return migrations.RunPython(
        lambda apps, editor: freeze(editor.connection), lambda apps, editor: thaw(editor.connection)
    )


def thawed() -> migrations.RunPython:
    """A migration operation that thaws them, before a table is rebuilt."""
    return migrations.RunPython(
        lambda apps, editor: thaw(editor.connection), lambda apps, editor: freeze(editor.connection)
    )


# --- criminal-record extracts ---------------------------------------------------------------------------------
NOTES = "tasks_criminalrecordnote"
KINDS = "tasks_assignmentkind"
NOT_ALLOWED = "504/2002, 148/2014: for this kind of work no extract is looked at"
TOO_OLD = "504/2002: an extract is at most six months old when it is seen"


def lawful(kind: str) -> str:
    """As `AssignmentKind.record_check`: paid work with minors, or volunteering that meets all three conditions."""
    return (
        f"({kind}.with_minors AND ({kind}.engagement <> 'volunteer' OR ({kind}.in_person AND {kind}.alone)))"
    )


ALLOWED = f"EXISTS (SELECT 1 FROM {KINDS} k WHERE k.id = NEW.kind_id AND {lawful('k')})"  # noqa: S608 – names of our own
# A kind for which extracts have been seen stays one of which the law allows it; its other answers may change.
NOTED = f"EXISTS (SELECT 1 FROM {NOTES} n WHERE n.kind_id = NEW.id) AND NOT {lawful('NEW')}"  # noqa: S608 – names of our own
# Six months on, or the last day of that month where it has no such day.
LAST_DAY_SQLITE = (
    "MIN(date(NEW.issued_on, '+6 months'), date(NEW.issued_on, 'start of month', '+7 months', '-1 day'))"
)
LAST_DAY_POSTGRES = "(NEW.issued_on + INTERVAL '6 months')::date"


def guard_notes(connection) -> None:
    """Put the triggers in place."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"""
                CREATE OR REPLACE FUNCTION tasks_record_note() RETURNS trigger AS $$
                BEGIN
                    IF NOT {ALLOWED} THEN
                        RAISE EXCEPTION '{NOT_ALLOWED}' USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    IF NEW.seen_on > {LAST_DAY_POSTGRES} THEN
                        RAISE EXCEPTION '{TOO_OLD}' USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                END;
                $$ LANGUAGE plpgsql;
                CREATE TRIGGER {NOTES}_lawful BEFORE INSERT OR UPDATE ON {NOTES}
                FOR EACH ROW EXECUTE FUNCTION tasks_record_note();
                CREATE OR REPLACE FUNCTION tasks_noted_kind() RETURNS trigger AS $$
                BEGIN
                    IF {NOTED} THEN
                        RAISE EXCEPTION '{NOT_ALLOWED}' USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                END;
                $$ LANGUAGE plpgsql;
                CREATE TRIGGER {KINDS}_noted BEFORE UPDATE ON {KINDS}
                FOR EACH ROW EXECUTE FUNCTION tasks_noted_kind();
                """
            )
            return
        cursor.execute(
            f"CREATE TRIGGER {KINDS}_noted BEFORE UPDATE ON {KINDS} "
            f"WHEN {NOTED} BEGIN SELECT RAISE(ABORT, '{NOT_ALLOWED}'); END"
        )
        for deed in ("insert", "update"):
            for name, condition, message in (
                ("allowed", f"NOT {ALLOWED}", NOT_ALLOWED),
                ("fresh", f"NEW.seen_on > {LAST_DAY_SQLITE}", TOO_OLD),
            ):
                cursor.execute(
                    f"CREATE TRIGGER {NOTES}_{name}_{deed} BEFORE {deed.upper()} ON {NOTES} "
                    f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{message}'); END"
                )


def unguard_notes(connection) -> None:
    """Take them away."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP TRIGGER {NOTES}_lawful ON {NOTES}; DROP FUNCTION tasks_record_note();")
            cursor.execute(f"DROP TRIGGER {KINDS}_noted ON {KINDS}; DROP FUNCTION tasks_noted_kind();")
            return
        cursor.execute(f"DROP TRIGGER IF EXISTS {KINDS}_noted")
        for deed in ("insert", "update"):
            for name in ("allowed", "fresh"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {NOTES}_{name}_{deed}")


def lawful_notes() -> migrations.RunPython:
    """A migration operation that guards what is written down of extracts."""
    return migrations.RunPython(
        lambda apps, editor: guard_notes(editor.connection),
        lambda apps, editor: unguard_notes(editor.connection),
    )
