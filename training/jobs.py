"""What recurs in this room."""

import datetime

from django.utils.translation import gettext_lazy as _

from kumppani.core.jobs import recurring
from training.services import forget_applications


@recurring(
    "forget_applications",
    every=datetime.timedelta(days=1),
    title=_("forgets those who applied to the training and never began"),
)
def forget() -> None:
    """What is kept of them goes when its time is over (domain 2.3)."""
    forget_applications()
