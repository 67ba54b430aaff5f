from django.core.management.base import BaseCommand
from django.db import transaction

from kumppani.core.dates import today
from pairing import defaults as pairing_defaults
from tasks import defaults as tasks_defaults


class Command(BaseCommand):
    help = (
        "Put in place what a new programme begins with: legal grounds, themes, texts to go by, "
        "kinds of assignment. "
        "Rows that are there are left as they are, so it may be run again."
    )

    @transaction.atomic
    def handle(self, *args, **options):
        made = pairing_defaults.install(published_on=today()) + tasks_defaults.install()
        if not options["verbosity"]:
            return
        if made:
            self.stdout.write(f"{made} rows made. The texts wait for the programme's own words.")
        else:
            self.stdout.write("Everything was there already; nothing was changed.")
