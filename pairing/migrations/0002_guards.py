"""What columns cannot say: R1, and acknowledgements that nobody can change."""

from django.db import migrations

from kumppani.audit.triggers import append_only
from pairing.triggers import guard_r1


class Migration(migrations.Migration):
    dependencies = [("pairing", "0001_initial")]

    operations = [append_only("pairing_acknowledgement"), guard_r1()]
