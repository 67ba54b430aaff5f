"""Give old rows what the whole life asks for: a public id a partner, the day of each acceptance, a closing an end."""

import uuid

from django.db import migrations
from django.utils import timezone


def fill(apps, editor) -> None:
    partner = apps.get_model("pairing", "ExperiencePartner")
    for row in partner.objects.filter(public_id__isnull=True).only("pk").iterator():
        partner.objects.filter(pk=row.pk).update(public_id=uuid.uuid4())
    agreement = apps.get_model("pairing", "Agreement")
    acknowledgement = apps.get_model("pairing", "Acknowledgement")
    for row in agreement.objects.filter(agreed_on__isnull=True).iterator():
        given = acknowledgement.objects.filter(agreement=row, revision=row.revision)
        if given.values("party").distinct().count() == 3:
            last = given.order_by("-at").values_list("at", flat=True).first()
            agreement.objects.filter(pk=row.pk).update(agreed_on=timezone.localdate(last))


def close(apps, editor) -> None:
    """Relationships that ended before there were closings: by whom, the history of their states tells."""
    relationship = apps.get_model("pairing", "Relationship")
    closing = apps.get_model("pairing", "Closing")
    change = apps.get_model("core", "StatusChange")
    words = {"social_worker": "worker", "partner": "partner", "parent": "parent"}
    for row in relationship.objects.filter(status="ended", closing__isnull=True).iterator():
        ended = change.objects.filter(object_kind="pairing.relationship", object_id=row.pk, new="ended").first()
        closing.objects.create(relationship=row, ended_by=words.get(ended and ended.actor_role, "staff"))


class Migration(migrations.Migration):
    dependencies = [("pairing", "0003_whole_life"), ("core", "0001_initial")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(close, migrations.RunPython.noop),
    ]
