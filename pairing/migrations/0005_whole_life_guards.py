"""The guards stand again, with one more: an agreement is in force only when all three have acknowledged it."""

import uuid

from django.db import migrations, models

from pairing.triggers import guard_agreed, guard_r1


class Migration(migrations.Migration):
    dependencies = [("pairing", "0004_fill")]

    operations = [
        migrations.AlterField(
            model_name="experiencepartner",
            name="public_id",
            field=models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="public id"),
        ),
        migrations.AddConstraint(
            model_name="experiencepartner",
            constraint=models.UniqueConstraint(
                fields=("public_id",),
                name="partner_public_id_once",
                violation_error_message="This id is in use.",
            ),
        ),
        guard_r1(),
        guard_agreed(),
    ]
