"""What no column constraint can say stands in the database as triggers, on both engines, and refuses whoever writes.

A rebuilt table on SQLite loses its triggers: this test notices. Negative control: drop one and see the first test red.
"""

import pytest
from django.db import DatabaseError, connection, transaction

from kumppani.audit.models import AuditEvent
from kumppani.audit.recorder import record
from pairing.triggers import KEEPERS
from tasks.services import collect_batch
from tasks.triggers import FROZEN, KINDS, NOTES
from tests.factories.accounts import user_in_role
from tests.factories.pairing import AcknowledgementFactory
from tests.factories.tasks import FeeFactory
from tests.personas import Person

APPEND_ONLY = ["audit_auditevent", "pairing_acknowledgement", "tasks_paymentrow"]


def standing_triggers() -> set[tuple[str, str]]:
    """(table, trigger) of all triggers in the database."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal")
        else:
            cursor.execute("SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'")
        return set(cursor.fetchall())


@pytest.mark.django_db
def test_all_triggers_stand(vendor):
    if vendor == "postgresql":
        expected = {(table, f"{table}_append_only") for table in APPEND_ONLY}
        expected |= {("pairing_relationship", "pairing_r1")} | {(table, f"{table}_r1") for table in KEEPERS}
        expected.add(("pairing_agreement", "pairing_agreed"))
    else:
        expected = {(table, f"{table}_no_{deed}") for table in APPEND_ONLY for deed in ("update", "delete")}
        expected |= {("pairing_relationship", f"pairing_r1_{deed}") for deed in ("insert", "update")}
        expected |= {(table, f"{table}_r1_{deed}") for table in KEEPERS for deed in ("update", "delete")}
        expected |= {
            ("pairing_agreement", f"pairing_agreed_{deed}") for deed in ("insert", "update", "fixed")
        }
    # What lies in a payment batch is neither changed nor deleted (tests/tasks/test_batches.py, both ways).
    expected |= {(table, f"{table}_{deed}") for table in FROZEN for deed in ("frozen", "kept")}
    # The hours of a completed training stay (tests/training/test_attendance.py, both ways).
    expected.add(("training_attendance", "training_attendance_stay"))
    # Of which extracts may be written down that they were seen (tests/tasks/test_records.py, both ways).
    guards = (
        ["lawful"]
        if vendor == "postgresql"
        else [f"{what}_{deed}" for what in ("allowed", "fresh") for deed in ("insert", "update")]
    )
    expected |= {(NOTES, f"{NOTES}_{guard}") for guard in guards}
    expected.add((KINDS, f"{KINDS}_noted"))
    assert standing_triggers() == expected


def statements(table: str, vendor: str) -> list[str]:
    truncate = [f"TRUNCATE {table} CASCADE"] if vendor == "postgresql" else []
    return [f"UPDATE {table} SET id = id", f"DELETE FROM {table}", *truncate]  # noqa: S608 – names from the list above


@pytest.mark.django_db
@pytest.mark.parametrize("table", APPEND_ONLY)
def test_append_only_table_refuses_every_change(table, vendor):
    record(None, "job", detail="tidy_up")
    AcknowledgementFactory()
    approver = Person("approver", user_in_role("staff"), "staff").actor
    collect_batch(by=approver, fees=[FeeFactory(approved=True)])
    connection.check_constraints()  # PostgreSQL truncates nothing while deferred checks wait
    for statement in statements(table, vendor):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM {table}")  # noqa: S608
            assert cursor.fetchone()[0] >= 1


@pytest.mark.django_db
def test_audit_rows_refuse_change_through_the_model():
    record(None, "job", detail="tidy_up")
    event = AuditEvent.objects.get()
    event.detail = "something else"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        event.save()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        event.delete()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEvent.objects.all().update(detail="")
    assert list(AuditEvent.objects.values_list("detail", flat=True)) == ["tidy_up"]


@pytest.mark.django_db(transaction=True)
def test_triggers_stand_again_after_the_tests_own_flush(vendor):
    """The conftest sets them aside to empty the tables; they must be back for the next test."""
    from django.core.management import call_command

    record(None, "job", detail="tidy_up")
    before = standing_triggers()
    call_command("flush", interactive=False, verbosity=0)
    assert not AuditEvent.objects.exists()
    assert standing_triggers() == before
    test_append_only_table_refuses_every_change("audit_auditevent", vendor)
