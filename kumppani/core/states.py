"""The machinery all statuses share: a table, a claim, a change row, an audit row.

`move_to` is the only door. The table of each thing stands in its app's `states.py`, as `{from: {to, …}}`.
"""

from typing import ClassVar

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.models import BaseModel, StatusChange


class MoveRefused(Exception):
    """This move is not possible now. `str()` is a sentence for the person who tried."""


class AlreadyMoved(MoveRefused):
    """Somebody else moved the record between reading and pressing."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else changed this a moment ago. Look at it again and decide anew."))


class StatefulModel(BaseModel):
    """A record with a `status` and a table of moves."""

    TRANSITIONS: ClassVar[dict[str, set[str]]]
    status: models.CharField

    class Meta:
        abstract = True

    def lock(self, *, moved_is_fine: bool = False) -> None:
        """Hold the row until the transaction ends, and read all of it as it is now.

        For deeds that look at more than the status before they move: who comes second sees what the first has done.
        What was set on this copy and not saved is lost, so lock first and set then. Raises `AlreadyMoved`, and leaves
        the copy as it was, when the status is no longer the one the caller saw, unless `moved_is_fine`.
        """
        locked = type(self)._base_manager.select_for_update(of=("self",)).get(pk=self.pk)
        if locked.status != self.status and not moved_is_fine:
            raise AlreadyMoved
        for field in self._meta.concrete_fields:
            # By the column: a related record that is still the same one stays the very object it was.
            setattr(self, field.attname, getattr(locked, field.attname))

    def may_move_to(self, new: str) -> bool:
        """Whether the table knows this move from the present status."""
        return new in self.TRANSITIONS.get(self.status, set())

    def move_to(self, new: str, *, by, **fields) -> None:
        """Move to `new` and set `fields` with it: all or nothing, by one person only.

        Claims the old status in the database, so that of two people who press at once one wins.
        Raises `MoveRefused` when the table does not know the move, `AlreadyMoved` when somebody was faster.
        """
        if not self.may_move_to(new):
            raise MoveRefused(
                _("This cannot be done now, because the state is “%(old)s”.")
                % {"old": self.get_status_display()}
            )
        old = self.status
        with transaction.atomic():
            claimed = (
                type(self)
                ._base_manager.filter(pk=self.pk, status=old)
                .update(status=new, version=F("version") + 1, **fields)
            )
            if claimed != 1:
                raise AlreadyMoved
            self.status = new
            self.version += 1
            for name, value in fields.items():
                setattr(self, name, value)
            StatusChange.objects.create(
                object_kind=self._meta.label_lower,
                object_id=self.pk,
                old=old,
                new=new,
                actor_id=getattr(by, "user_id", None),
                actor_role=getattr(by, "role", ""),
            )
            record(by, Action.MOVE, self, detail=f"{old}>{new}", fields_changed=["status", *fields])
