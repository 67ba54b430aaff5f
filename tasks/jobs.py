"""What recurs in this room."""

import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kumppani.core.jobs import recurring
from pairing.jobs import MORNING
from tasks.services import draft_fees


@recurring(
    "draft_fees", every=datetime.timedelta(hours=1), title=_("looks for work done that has no fee yet")
)
def look_for_fees() -> None:
    """From the morning on, because each fee found is told to its partner. Safe to run twice, late or after a gap."""
    if timezone.localtime().hour >= MORNING:
        draft_fees(by=None)
