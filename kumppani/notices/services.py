"""Sending. The app is as fast with a dead mail server as with a live one: letters leave by the worker only."""

import datetime
import logging
import smtplib

from django.db.models import Q
from django.utils import timezone

from kumppani.accounts.actor import actor_for
from kumppani.core.letters import MAX_ATTEMPTS, backoff
from kumppani.notices.kinds import KINDS
from kumppani.notices.letters import notice_letter
from kumppani.notices.models import Notice

logger = logging.getLogger(__name__)

LEASE = datetime.timedelta(minutes=5)
# The server answered, and its answer is about this letter. Any other fault is about the server: the next letter would
# meet it too.
ABOUT_THIS_LETTER = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)


def send_due_notices(*, limit: int = 200) -> dict[str, int]:
    """Send the letters that are due; several workers share the work. Returns how many were sent, dropped, failed.

    When the mail server cannot be reached the round ends after one letter, so that a dead server does not hold up the
    other work of this worker.
    """
    counts = {"sent": 0, "dropped": 0, "failed": 0}
    for _round in range(limit):
        notice = _claim()
        if notice is None:
            break
        outcome, go_on = _send(notice)
        counts[outcome] += 1
        if not go_on:
            break
    return counts


def _claim() -> Notice | None:
    """Take one due letter for five minutes; of two workers one gets it."""
    now = timezone.now()
    due = (
        Notice.objects.waiting_to_be_sent()
        .filter(attempts__lt=MAX_ATTEMPTS)
        .filter(
            Q(next_attempt_at__isnull=True) | Q(next_attempt_at__lte=now),
            Q(claimed_until__isnull=True) | Q(claimed_until__lt=now),
        )
    )
    for pk in due.order_by("created_at").values_list("pk", flat=True)[:20]:
        if due.filter(pk=pk).update(claimed_until=now + LEASE) == 1:
            return Notice.objects.select_related("recipient").get(pk=pk)
    return None


def may_still_know(notice: Notice) -> bool:
    """Asked again at sending: is the account live, is the role still held, is the record still theirs to see?"""
    actor = actor_for(notice.recipient, notice.role)
    if actor is None or actor.role != notice.role:
        return False
    kind = KINDS.get(notice.kind)
    return kind is not None and notice.read_at is None and kind.visible(actor, notice.object_id)


def _send(notice: Notice) -> tuple[str, bool]:
    """What became of one letter, and whether it makes sense to go on with the next."""
    try:
        if not may_still_know(notice):
            Notice.objects.filter(pk=notice.pk).update(dropped_at=timezone.now())
            return "dropped", True
        notice_letter(notice).send()
    except ABOUT_THIS_LETTER:
        _put_off(notice)
        return "failed", True
    except OSError:  # the server is down, slow, or breaks off
        _put_off(notice)
        return "failed", False
    except Exception:
        # One letter that cannot be written must not hold up the others.
        logger.exception("notice %s could not be written", notice.pk)
        _put_off(notice)
        return "failed", True
    Notice.objects.filter(pk=notice.pk).update(sent_at=timezone.now(), claimed_until=None)
    return "sent", True


def _put_off(notice: Notice) -> None:
    """Later and later, and after ten attempts no more. The notice itself stays in the app. Logs hold the id only."""
    attempts = notice.attempts + 1
    Notice.objects.filter(pk=notice.pk).update(
        attempts=attempts, next_attempt_at=timezone.now() + backoff(attempts), claimed_until=None
    )
    if attempts < MAX_ATTEMPTS:
        logger.warning("notice %s could not be sent, attempt %s", notice.pk, attempts)
    else:
        logger.error("notice %s given up after %s attempts", notice.pk, attempts)
