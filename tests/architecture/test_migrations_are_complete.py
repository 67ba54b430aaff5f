"""Models and migrations say the same, and a migration's name says what it does.

Negative control: add a field to a model; the first test names it.
"""

import io

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from tests.architecture.source import HOUSE


@pytest.mark.django_db
def test_no_migration_is_missing():
    said = io.StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue(), pytrace=False)


def test_migrations_are_named():
    loader = MigrationLoader(None)
    labels = {app.rsplit(".", 1)[-1] for app in HOUSE}
    ours = [name for label, name in loader.disk_migrations if label in labels]
    assert [name for name in ours if "_auto_" in name] == []


def test_every_app_has_one_last_migration():
    assert MigrationLoader(None).detect_conflicts() == {}
