"""What recurs here."""

import datetime

from django.utils.translation import gettext_lazy as _

from kumppani.core.jobs import recurring
from kumppani.notices.services import send_due_notices


@recurring("send_notices", every=datetime.timedelta(minutes=1), title=_("sends the e-mails about notices"))
def send_notices() -> None:
    """Letters that are due leave at most a minute later."""
    send_due_notices()
