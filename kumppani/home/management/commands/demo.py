import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kumppani.home.demo import loading, people


class Command(BaseCommand):
    help = (
        "Load the demo programme: invented people, and the pilot season of spring 2021. Never in production."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--accounts", action="store_true", help="print who may sign in, as JSON, and do nothing"
        )
        parser.add_argument(
            "--reset", action="store_true", help="insist on fresh data: stop if there are any"
        )

    def handle(self, *args, **options):
        if settings.IS_PRODUCTION:
            raise CommandError("The demo does not load in production: its passwords are known to everybody.")
        if options["accounts"]:
            self.stdout.write(json.dumps(people.accounts_by_role(), ensure_ascii=False, indent=2))
            return
        if loading.is_loaded():
            if options["reset"]:
                # The audit trail refuses to be emptied, so fresh data need a fresh database.
                raise CommandError(
                    "The demo is loaded already. Use `make demo-reset`: it begins with a new database."
                )
            self.stdout.write("The demo programme is there already; its data is kept.")
            return
        try:
            loading.load()
        except loading.NotEmpty:
            raise CommandError(
                "This database holds other data. The demo loads into an empty one only; nothing was changed."
            ) from None
        self.stdout.write("The demo programme is loaded. `manage.py demo --accounts` tells who may sign in.")
