"""What recurs in this room."""

import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kumppani.core.jobs import recurring
from pairing.reminders import send_reminders

MORNING = 8  # o'clock in Finland: nobody's phone is to ring at night


@recurring("send_reminders", every=datetime.timedelta(hours=1), title=_("gives the reminders of the day"))
def remind() -> None:
    """Every hour from the morning on: what could not be given at eight is given at nine."""
    if timezone.localtime().hour >= MORNING:
        send_reminders()
