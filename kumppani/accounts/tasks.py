"""What the worker sends for this app. Arguments are ids only; tokens are made at sending.

A letter that the mail server does not take is queued anew, later and later, and given up visibly.
"""

from django.core.cache import cache
from django.utils import timezone

from kumppani.accounts.letters import invitation_letter, password_reset_letter
from kumppani.accounts.models import Invitation, User
from kumppani.core.letters import MAX_ATTEMPTS, sent_or_later
from kumppani.core.queue import task

# A stranger who asks again and again must not fill somebody's inbox: one letter in five minutes.
RESET_PAUSE_SECONDS = 300


@task()
def send_invitation_letter(invitation_id: str, attempt: int = 1) -> None:
    """Send the link of an invitation that is still open. Each letter has a fresh token; earlier ones stop working."""
    invitation = Invitation.objects.select_related("user").filter(pk=invitation_id).first()
    if invitation is None or not invitation.is_open:
        return
    if sent_or_later(
        invitation_letter(invitation, invitation.make_token()), send_invitation_letter, invitation_id, attempt
    ):
        Invitation.objects.filter(pk=invitation.pk).update(
            letter_sent_at=timezone.now(), letter_given_up_at=None
        )
    elif attempt >= MAX_ATTEMPTS:
        Invitation.objects.filter(pk=invitation.pk).update(letter_given_up_at=timezone.now())


@task()
def send_password_reset(user_id: str, attempt: int = 1) -> None:
    """Send a link for a new password. For an id that belongs to nobody (an unknown address) nothing happens."""
    user = User.objects.with_password().filter(pk=user_id).first()
    if user is None:
        return
    if attempt == 1 and not cache.add(f"password-reset:{user.pk}", True, RESET_PAUSE_SECONDS):
        return
    sent_or_later(password_reset_letter(user), send_password_reset, user_id, attempt)
