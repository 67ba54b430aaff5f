"""What has been reminded of: one row a due moment, so that a job run twice, late or in parallel reminds once."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from kumppani.core.privacy import Erase, Privacy, Retention


class Reminder(models.Model):
    """A reminder that has been given (domain 5.4). Plain ids, because one table serves all kinds of record."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("what"), max_length=40)
    object_id = models.UUIDField(_("record"))
    due_on = models.DateField(_("due"))
    given_at = models.DateTimeField(_("given"), auto_now_add=True)

    privacy = Privacy(
        retention=Retention.RELATIONSHIP,
        internal=("kind", "object_id", "due_on", "given_at"),
        erase=Erase.DELETE_ROW,
    )

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id", "due_on"],
                name="reminder_once",
                violation_error_message=_("This has been reminded of already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_on}"
