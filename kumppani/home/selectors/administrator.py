"""The administrator's home: invitations that have not been used yet."""

from django.db.models import Count, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from kumppani.accounts.models import Invitation
from kumppani.home.selectors.common import SHOWN, Waiting
from kumppani.home.selectors.jobs import jobs_that_need_a_look


def administrator_home(actor) -> dict:
    """Two queries: invitations that have not been used yet, and whether all runs that should run by itself."""
    invitations = list(
        Invitation.objects.visible_to(actor)
        .open()
        .select_related("user")
        .annotate(total=Window(Count("pk")))
        .order_by("expires_at", "id")[:SHOWN]
    )
    now = timezone.localdate()
    items = []
    for invitation in invitations:
        left = (timezone.localdate(invitation.expires_at) - now).days
        items.append(
            Waiting(
                url=reverse("user_detail", args=[invitation.user_id]),
                label=invitation.user.get_full_name(),
                detail=ngettext(
                    "The link works for %(count)s day more", "The link works for %(count)s days more", left
                )
                % {"count": left},
                icon="person-circle",
            )
        )
    return {
        "waiting": items,
        "total": invitations[0].total if invitations else 0,
        "late_jobs": jobs_that_need_a_look(),
        "seen": [invitation.user for invitation in invitations],
    }
