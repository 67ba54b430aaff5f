"""The audit trail refuses update and delete, whoever writes."""

from django.db import migrations

from kumppani.audit.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [append_only("audit_auditevent")]
