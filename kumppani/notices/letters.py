"""The letter that says that something waits, and no word more."""

from django.core.mail import EmailMultiAlternatives

from kumppani.core.letters import letter, link
from kumppani.notices.models import Notice


def notice_letter(notice: Notice) -> EmailMultiAlternatives:
    """For every kind of notice the same words: the kind itself would tell too much."""
    user = notice.recipient
    return letter("notices/notice", address=user.email, language=user.language, link=link())
