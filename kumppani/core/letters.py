"""Letters: three template files each, in the receiver's language, and sent by the worker only.

An inbox may be seen by somebody else. No letter says more than that something waits: no telling word stands in the
subject, the sender, the text or the link.
"""

import datetime
import logging

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils import timezone
from django.utils.translation import override

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 10


def letter(name: str, *, address: str, language: str, **context) -> EmailMultiAlternatives:
    """Draw `letters/<name>_subject.txt`, `.txt` and `.html` in `language`."""
    with override(language):
        # One line, whatever the template holds: a line break would end the header.
        subject = " ".join(_plain(f"letters/{name}_subject.txt", context).split())
        plain = _plain(f"letters/{name}.txt", context).strip() + "\n"
        html = render_to_string(f"letters/{name}.html", {**context, "subject": subject, "language": language})
    # Answering machines leave letters of machines alone when they say so.
    made = EmailMultiAlternatives(
        subject, plain, None, [address], headers={"Auto-Submitted": "auto-generated"}
    )
    made.attach_alternative(html, "text/html")
    return made


def _plain(template: str, context: dict) -> str:
    """Text is text: an & stays an &."""
    return get_template(template).template.render(Context(context, autoescape=False))


def link(path: str = "/") -> str:
    """An absolute address for a letter; a worker has no request to read the host from."""
    return f"{settings.BASE_URL}{path}"


def backoff(attempts: int) -> datetime.timedelta:
    """How long to wait after so many attempts: 1, 2, 4 … minutes, at most 6 hours."""
    return min(datetime.timedelta(minutes=2 ** max(attempts - 1, 0)), datetime.timedelta(hours=6))


def sent_or_later(letter: EmailMultiAlternatives, again, about_id: str, attempt: int) -> bool:
    """Send; or queue the task `again`, later and later, and after `MAX_ATTEMPTS` give up with an ERROR in the log.

    Returns whether the letter has left. `again` takes the id and `attempt`.
    """
    try:
        letter.send()
    except OSError:  # every SMTPException is one; so is a server that is down or slow
        # The id only: neither the address nor the server's answer belongs in a log.
        if attempt < MAX_ATTEMPTS:
            logger.warning("%s %s could not be sent, attempt %s", again.name, about_id, attempt)
            again.using(run_after=timezone.now() + backoff(attempt)).enqueue(about_id, attempt=attempt + 1)
        else:
            logger.error("%s %s given up after %s attempts", again.name, about_id, attempt)
        return False
    return True
