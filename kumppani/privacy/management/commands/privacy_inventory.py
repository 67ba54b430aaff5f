"""Prints docs/privacy.md."""

from django.core.management.base import BaseCommand

from kumppani.privacy.inventory import markdown


class Command(BaseCommand):
    help = "Prints what the service keeps about people, as Markdown, from the models' declarations."

    def handle(self, *args, **options):
        self.stdout.write(markdown().rstrip())
