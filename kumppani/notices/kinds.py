"""The kinds of notice. Rooms register theirs in their `notices.py`; this app knows no room.

A kind has a sentence without a name, a url, and a question: may this person still know? (`visible` gets the actor and
the record's id.)
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kumppani.accounts.models import User
from kumppani.accounts.roles import Role
from kumppani.notices.models import Notice


@dataclass(frozen=True)
class NoticeKind:
    code: str
    title: str  # lazy
    url: Callable[[uuid.UUID | None], str]
    visible: Callable[[object, uuid.UUID | None], bool]


KINDS: dict[str, NoticeKind] = {}


def register(kind: NoticeKind) -> None:
    """Make a kind known to the bell and to the letters."""
    KINDS[kind.code] = kind


def visible_through(model) -> Callable[[object, uuid.UUID | None], bool]:
    """The usual question: does `visible_to` still show this record to this actor?"""
    return lambda actor, pk: model._default_manager.visible_to(actor).filter(pk=pk).exists()


def notify(users: Iterable[User | None], *, role: str, kind: str, about=None) -> None:
    """Write one notice per user, in the transaction of the deed. People without an account are passed over."""
    if kind not in KINDS:
        raise KeyError(kind)
    Notice.objects.bulk_create(
        Notice(recipient=user, role=role, kind=kind, object_id=about.pk if about is not None else None)
        for user in users
        if user is not None and user.is_active
    )


def staff_users() -> Iterable[User]:
    """Everybody who co-ordinates."""
    return User.objects.filter(
        is_active=True, grants__role=Role.STAFF, grants__ended_at__isnull=True
    ).distinct()
