"""The two parts of the link in a letter about a new password, so that the url tree needs no regular expression."""

from django.urls.converters import StringConverter


class UserKeyConverter(StringConverter):
    """A user's id in 32 hexadecimal digits."""

    regex = "[0-9a-f]{32}"


class ResetKeyConverter(StringConverter):
    """Django's token (time and hash, with a dash between), or the word that stands for it after the first request."""

    regex = "[0-9a-z]{1,20}-[0-9a-z]{1,64}"
