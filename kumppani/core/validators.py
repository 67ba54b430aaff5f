"""What no text of ours may hold, whoever writes it."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

# Day, month, year, a sign for the century, three digits, a check character: written with or without spaces.
IDENTITY_CODE = re.compile(r"(?<!\d)[0-3]\d[01]\d{3}\s?[-+A-FU-Y]\s?\d{3}[0-9A-Y](?![0-9A-Z])", re.IGNORECASE)
PHONE_NUMBER = re.compile(r"\+?[\d\s()/.–-]+")
FEWEST_DIGITS = 5
MOST_DIGITS = 15


def no_identity_code(value: str) -> None:
    """No personal identity code anywhere (R14, domain 2.6)."""
    if IDENTITY_CODE.search(value):
        raise ValidationError(
            _("Leave the personal identity code out. It is not needed here."), "identity_code"
        )


def phone_or_email(value: str) -> None:
    """A phone number or an e-mail address: something by which an answer can arrive."""
    value = value.strip()
    if "@" in value:
        try:
            validate_email(value)
            return
        except ValidationError:
            pass
    elif PHONE_NUMBER.fullmatch(value) and FEWEST_DIGITS <= sum(map(str.isdigit, value)) <= MOST_DIGITS:
        return
    raise ValidationError(
        _("Write a phone number or an e-mail address, so that the answer finds its way."), "unreachable"
    )
