"""Send the letters that are due now; the worker does it every minute by itself."""

from django.core.management.base import BaseCommand

from kumppani.notices.models import Notice
from kumppani.notices.services import send_due_notices


class Command(BaseCommand):
    help = "Send the letters about notices that are due now, and say how many left, how many wait and were given up."

    def handle(self, *args, **options):
        counts = send_due_notices()
        counts["given_up"] = Notice.objects.given_up().count()
        counts["waiting"] = Notice.objects.waiting_to_be_sent().count() - counts["given_up"]
        self.stdout.write(", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items()))
