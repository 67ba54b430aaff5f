"""The base every record stands on, and the records of how things are done."""

import uuid
from collections.abc import Iterator

from django.db import models
from django.utils.translation import gettext_lazy as _

from kumppani.core.privacy import Erase, Privacy, Retention


class BaseModel(models.Model):
    """A UUID, two timestamps, a version against lost updates, and a privacy declaration."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    privacy: Privacy

    class Meta:
        abstract = True

    def audit_about(self) -> Iterator[tuple[str, uuid.UUID]]:
        """The persons this record is about, as (kind, id): read from the privacy declaration, without a query
        where the path is one step."""
        for path in self.privacy.about:
            if path == "self":
                yield self._meta.label_lower, self.pk
                continue
            *steps, last = path.split("__")
            owner = self
            for step in steps:
                owner = getattr(owner, step, None)
                if owner is None:
                    break
            if owner is None:
                continue
            pk = getattr(owner, f"{last}_id")
            if pk is not None:
                yield owner._meta.get_field(last).related_model._meta.label_lower, pk

    def save_as_version(self, expected: int, *, fields: list[str]) -> bool:
        """Save `fields` only if nobody has saved since version `expected`. False when somebody has."""
        values = {name: getattr(self, name) for name in fields}
        claimed = type(self)._base_manager.filter(pk=self.pk, version=expected).update(version=expected + 1)
        if claimed != 1:
            return False
        self.version = expected + 1
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=[*fields, "updated_at"])
        return True


class StatusChange(models.Model):
    """One row for every move of every record: history, statistics and "who pressed it" in one.

    Plain ids, because one table serves all kinds of record.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    object_kind = models.CharField(_("kind of record"), max_length=60)
    object_id = models.UUIDField(_("record"))
    old = models.CharField(_("from"), max_length=20)
    new = models.CharField(_("to"), max_length=20)
    at = models.DateTimeField(_("time"), auto_now_add=True)
    actor_id = models.UUIDField(_("user"), null=True)
    actor_role = models.CharField(_("role"), max_length=20, blank=True)

    privacy = Privacy(
        retention=Retention.RELATIONSHIP,
        internal=("object_kind", "object_id", "old", "new", "at", "actor_role"),
        personal=("actor_id",),
        erase=Erase.KEEP,
    )

    class Meta:
        verbose_name = _("change of state")
        verbose_name_plural = _("changes of state")
        indexes = [models.Index(fields=["object_kind", "object_id", "at"], name="core_change_object")]

    def __str__(self) -> str:
        return f"{self.object_kind} {self.old} → {self.new}"


class Submission(models.Model):
    """A form's token, unique: double tap, Back + send again and a retry after a cut connection make one row.

    `object_id` is what the first sending made, so that the second gets the same truthful answer.
    """

    token = models.UUIDField(primary_key=True, editable=False)
    user_id = models.UUIDField(_("user"))
    purpose = models.CharField(_("form"), max_length=80)
    digest = models.CharField(_("fingerprint of what was sent"), max_length=64, blank=True)
    object_id = models.UUIDField(_("record"), null=True)
    at = models.DateTimeField(_("time"), auto_now_add=True)

    privacy = Privacy(
        retention=Retention.SHORT,
        internal=("token", "purpose", "digest", "object_id", "at"),
        personal=("user_id",),
        erase=Erase.DELETE_ROW,
    )

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        indexes = [models.Index(fields=["at"], name="core_submission_at")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.token}"


class KeptWords(models.Model):
    """What a person had typed when the session ran out: given back after signing in again, then gone.

    Kept only for a form that this service signed for that very user (see `kumppani.core.submissions`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user_id = models.UUIDField(_("user"))
    path = models.CharField(_("page"), max_length=300)
    words = models.JSONField(_("words"))
    at = models.DateTimeField(_("time"), auto_now_add=True)

    privacy = Privacy(
        retention=Retention.SHORT,
        internal=("path", "at"),
        personal=("user_id",),
        special=("words",),
        erase=Erase.DELETE_ROW,
    )

    class Meta:
        verbose_name = _("kept words")
        verbose_name_plural = _("kept words")
        indexes = [models.Index(fields=["user_id", "path"], name="core_kept_words_for")]

    def __str__(self) -> str:
        return f"{self.path}"


class JobRun(models.Model):
    """One due moment of one recurring job. The unique pair lets one worker of many claim it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job = models.CharField(_("job"), max_length=60)
    due_at = models.DateTimeField(_("due"))
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    failed = models.BooleanField(_("failed"), default=False)

    privacy = Privacy(
        retention=Retention.SHORT,
        internal=("job", "due_at", "started_at", "finished_at", "failed"),
        erase=Erase.KEEP,
    )

    class Meta:
        verbose_name = _("job run")
        verbose_name_plural = _("job runs")
        constraints = [
            models.UniqueConstraint(
                fields=["job", "due_at"],
                name="core_job_runs_once",
                violation_error_message=_("This job has already been taken by a worker."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.due_at:%Y-%m-%d %H:%M}"
