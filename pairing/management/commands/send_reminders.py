"""Give the reminders of the day; the worker does it every hour by itself."""

from django.core.management.base import BaseCommand

from pairing.reminders import send_reminders


class Command(BaseCommand):
    help = "Do what happens by itself today, give every reminder that is due, and say how many. Safe to run twice."

    def handle(self, *args, **options):
        counts = send_reminders()
        said = [f"{name.replace('_', ' ')} {count}" for name, count in counts.items() if count]
        self.stdout.write(", ".join(said) or "nothing was due")
