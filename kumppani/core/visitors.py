"""Whoever comes in from the street: signed in or not, on a public page everybody is the same visitor."""

import uuid
from dataclasses import dataclass

from kumppani.core.submissions import NOBODY


@dataclass(frozen=True)
class Visitor:
    """An actor without a user. Sees what a queryset's `_for_visitor` shows: of almost every model, nothing."""

    role: str = "visitor"
    user_id: uuid.UUID = NOBODY
    organisation_id: None = None


VISITOR = Visitor()
