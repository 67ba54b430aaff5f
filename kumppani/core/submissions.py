"""Nothing lost, nothing twice (trust.md 2): the token every creating form carries.

The token is signed together with the user it was given to. That makes it good for two things: one row per sending, and
keeping typed words only for the person who typed them.

A stranger's token is nobody's (`NOBODY`): it makes one row per sending as well, needs no session, and keeps no words.
The answer to a second sending of it must therefore tell nothing. How long it has been open tells a person from a
program (`seconds_open`).
"""

import time
import uuid
from collections.abc import Callable

from django.core import signing
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils.crypto import salted_hmac

from kumppani.core.models import Submission

SALT = "kumppani.submission"
MAX_AGE = 60 * 60 * 24 * 2
NOBODY = uuid.UUID(int=0)


def new_token(user_id: uuid.UUID) -> str:
    """A fresh token for one showing of a form to one user."""
    return signing.dumps([str(uuid.uuid4()), str(user_id)], salt=SALT)


def read_token(value: str) -> tuple[uuid.UUID, uuid.UUID] | None:
    """(token, user id), or None when the value is not a token of ours or is older than two days."""
    try:
        token, user_id = signing.loads(value, salt=SALT, max_age=MAX_AGE)
        return uuid.UUID(token), uuid.UUID(user_id)
    except (signing.BadSignature, ValueError, TypeError):
        return None


def seconds_open(value: str) -> float:
    """How long ago this token was given out. The token must have been read before, so that its stamp is ours."""
    stamp = value.rsplit(":", 2)[1]
    return time.time() - signing.b62_decode(stamp)


def digest_of(data: QueryDict) -> str:
    """A fingerprint of what was sent, so that the same token with other words is told apart. Not the words."""
    words = sorted(
        (name, values) for name, values in data.lists() if name not in ("submission", "csrfmiddlewaretoken")
    )
    return salted_hmac(SALT, repr(words)).hexdigest()


def once(
    token: uuid.UUID, *, by, purpose: str, deed: Callable[[], object], digest: str = ""
) -> tuple[uuid.UUID | None, bool]:
    """Do `deed` unless this token has been used. Returns the id of what it made, and whether it was done now.

    Token and deed are one transaction: if the deed fails the token is free again; if two sendings race, the second
    waits for the first and then gets the first one's answer.
    """
    earlier = Submission.objects.filter(token=token, user_id=by.user_id, purpose=purpose).first()
    if earlier:
        return earlier.object_id, False
    try:
        with transaction.atomic():
            submission = Submission.objects.create(
                token=token, user_id=by.user_id, purpose=purpose, digest=digest
            )
            made = deed()
            submission.object_id = getattr(made, "pk", None)
            submission.save(update_fields=["object_id"])
    except IntegrityError:
        # A race is answered by the winner's row; any other broken constraint is the deed's own and goes on up.
        earlier = Submission.objects.filter(token=token, user_id=by.user_id, purpose=purpose).first()
        if earlier is None:
            raise
        return earlier.object_id, False
    return submission.object_id, True
