"""Saving data that has no life of its own: registers, lists, small logs."""

from django.db import transaction

from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.models import BaseModel
from kumppani.core.states import AlreadyMoved


@transaction.atomic
def save_data(row: BaseModel, *, by, fields: list[str], seen_version: int | None = None) -> BaseModel:
    """Save a new row, or the `fields` of one that nobody has changed since `seen_version` (else `AlreadyMoved`)."""
    row.full_clean()
    if seen_version is None:
        row.save(force_insert=True)
        record(by, Action.CREATE, row)
        return row
    if not row.save_as_version(seen_version, fields=fields):
        raise AlreadyMoved
    record(by, Action.CHANGE, row, fields_changed=fields)
    return row
