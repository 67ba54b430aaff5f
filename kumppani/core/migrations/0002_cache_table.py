"""The table of the cache that all processes share: rate limits are counted there."""

from django.core.management import call_command
from django.db import migrations


def create(apps, editor):
    call_command("createcachetable", "core_cache", database=editor.connection.alias, verbosity=0)


def drop(apps, editor):
    editor.execute("DROP TABLE core_cache")


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
