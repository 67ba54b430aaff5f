"""One-purpose links: what people without an account hold in a letter (trust.md 1).

The token is made when the letter is sent and kept only as a hash. Looking changes nothing; a button's POST does.
"""

import datetime
import secrets
from collections.abc import Callable
from typing import Self

from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.models import hash_token
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core import letters
from kumppani.core.models import BaseModel

# A link lives at most so long (trust.md 1); every letter brings a fresh one, and an old one can be renewed.
LINK_DAYS = 14


class PurposeLink(BaseModel):
    """A link to one record, for one address. It works for `LINK_DAYS`, can be revoked, and stops with the address.

    A concrete link adds `letter`, a foreign key to its record, and says by `address_now` where letters go today.
    """

    sent_to = models.EmailField(_("sent to"))
    token_hash = models.CharField(_("hash of the link"), max_length=64, blank=True)
    expires_at = models.DateTimeField(_("good until"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    letter_sent_at = models.DateTimeField(_("letter sent"), null=True, blank=True)
    letter_given_up_at = models.DateTimeField(_("letter given up"), null=True, blank=True)

    LINKED = ""  # the name of the foreign key to the record

    class Meta:
        abstract = True

    @classmethod
    def default_expiry(cls) -> datetime.datetime:
        return timezone.now() + datetime.timedelta(days=LINK_DAYS)

    @classmethod
    def find(cls, token_hash: str) -> Self | None:
        """The link of a token, open or not. None for one that never was."""
        if not token_hash:
            return None
        return cls.objects.select_related(cls.LINKED).filter(token_hash=token_hash).first()

    @classmethod
    def behind(cls, token_hash: str) -> Self | None:
        """The open link of a token. None for one that is too old, revoked, meant for another address or never was."""
        found = cls.find(token_hash)
        return found if found is not None and found.is_open else None

    def make_token(self) -> str:
        """A fresh token for the letter."""
        token = secrets.token_urlsafe(32)
        self.token_hash = hash_token(token)
        self.save(update_fields=["token_hash", "updated_at"])
        return token

    @property
    def linked_id(self):
        """The id of the record."""
        return getattr(self, f"{self.LINKED}_id")

    @property
    def address_now(self) -> str:
        """Where letters about the record go today."""
        raise ImproperlyConfigured(f"{type(self).__name__} does not say where its letters go")

    @property
    def is_usable(self) -> bool:
        """Whether nobody has revoked it and it was meant for the address of today."""
        return self.revoked_at is None and self.sent_to == self.address_now

    @property
    def is_open(self) -> bool:
        return self.is_usable and self.expires_at > timezone.now()

    @property
    def can_renew(self) -> bool:
        """Whether it has only grown too old: then its holder may ask for a fresh one, to the same address."""
        return self.is_usable and self.expires_at <= timezone.now()


@transaction.atomic
def revoke_link(*, link: PurposeLink, by) -> None:
    """The link stops at once. Revoking it twice changes nothing."""
    open_links = type(link)._default_manager.filter(pk=link.pk, revoked_at__isnull=True)
    if open_links.update(revoked_at=timezone.now()):
        record(by, Action.CHANGE, link, fields_changed=["revoked_at"])


def send_letter_of(
    link: PurposeLink | None, draw: Callable[[PurposeLink, str], EmailMultiAlternatives], again, attempt: int
) -> None:
    """For the worker: send the letter of a link that is still open. Every attempt has a fresh token; an earlier one
    stops working. `draw` makes the letter of link and token, `again` is the task that tries once more.
    """
    if link is None or not link.is_open:
        return
    rows = type(link)._default_manager.filter(pk=link.pk)
    if letters.sent_or_later(draw(link, link.make_token()), again, str(link.pk), attempt):
        rows.update(letter_sent_at=timezone.now(), letter_given_up_at=None)
    elif attempt >= letters.MAX_ATTEMPTS:
        rows.update(letter_given_up_at=timezone.now())


def link_letter(
    link: PurposeLink, *, language: str, subject: str, sentence: str, path: str, because: str = ""
) -> EmailMultiAlternatives:
    """The letter of a link, neutral: a greeting, one sentence, the address `path` leads to, until when it is good.

    `because`: the staff's own words, where the letter brings some.
    """
    return letters.letter(
        "accounts/link",
        address=link.sent_to,
        language=language,
        about=subject,
        sentence=sentence,
        because=because,
        link=letters.link(path),
        expires_at=link.expires_at,
    )
