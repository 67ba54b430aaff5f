"""A notice is a row first, a letter later (design.md 3).

The deed writes the row in its own transaction; the app shows it; the worker writes a letter that says no more than
"there is something for you". Whether the person may still know is asked again when the letter is sent.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.models import User
from kumppani.accounts.roles import Role
from kumppani.core.models import BaseModel
from kumppani.core.privacy import Erase, Privacy, Retention
from kumppani.notices.querysets import NoticeQuerySet


class Notice(BaseModel):
    """Something that waits for one user in one role."""

    recipient = models.ForeignKey(
        User, verbose_name=_("to"), on_delete=models.CASCADE, related_name="notices"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    kind = models.CharField(_("what"), max_length=40)
    object_id = models.UUIDField(_("record"), null=True)
    read_at = models.DateTimeField(_("read"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    dropped_at = models.DateTimeField(_("no longer needed"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True)
    claimed_until = models.DateTimeField(_("being sent until"), null=True)

    objects = NoticeQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.SHORT,
        about=("recipient",),
        internal=(
            "role",
            "kind",
            "object_id",
            "read_at",
            "sent_at",
            "dropped_at",
            "attempts",
            "next_attempt_at",
            "claimed_until",
        ),
        personal=("recipient",),
        erase=Erase.DELETE_ROW,
    )

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(fields=["recipient", "role", "-created_at", "-id"], name="notice_recipient"),
            models.Index(
                fields=["created_at"],
                condition=models.Q(sent_at__isnull=True, dropped_at__isnull=True),
                name="notice_unsent",
            ),
        ]

    def __str__(self) -> str:
        return self.kind
