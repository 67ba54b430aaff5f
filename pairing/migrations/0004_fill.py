"""Give old rows what the whole life asks for: a public id a partner, and the day on which an agreement was accepted."""

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


class Migration(migrations.Migration):
    dependencies = [("pairing", "0003_whole_life")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
