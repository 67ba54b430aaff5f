"""Marked words: every text field of every row gets a word of its own, so that a page tells whose words it shows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, models

from tasks.models import PaymentBatch
from tasks.payroll import checksum_of
from tests.architecture.source import HOUSE
from tests.guards import without_triggers

MARK = re.compile(rb"zq(\d{4})qz", re.IGNORECASE)


@dataclass(frozen=True)
class Word:
    """One marked word: which field of which row."""

    field: str  # app.Model.field
    model: type
    pk: object


def text_fields() -> Iterator[tuple[type, models.Field]]:
    """Every field of ours in which somebody's words may stand. A choice is a code, not words."""
    for model in apps.get_models():
        if model._meta.app_config.name not in HOUSE:
            continue
        for field in model._meta.concrete_fields:
            if (
                isinstance(field, models.CharField | models.TextField | models.JSONField)
                and not field.choices
            ):
                yield model, field


def label(model: type, field: models.Field) -> str:
    return f"{model._meta.label}.{field.name}"


class Canary:
    """Marks all rows, then knows the words again wherever they turn up."""

    def __init__(self):
        self.words: dict[bytes, Word] = {}
        with without_triggers(connection):  # what an active relationship rests on is not for changing
            self._mark()
            self._seal()

    @staticmethod
    def _seal() -> None:
        """A batch whose words were changed gives out no file: seal it anew."""
        for batch in PaymentBatch.objects.all():
            checksum = checksum_of(batch.number, batch.made_on, batch.rows.order_by("position"))
            PaymentBatch.objects.filter(pk=batch.pk).update(checksum=checksum)

    def _mark(self) -> None:
        for model, field in text_fields():
            if label(model, field) in UNMARKED:
                continue
            rows = model._base_manager.filter(**ONLY_WHERE.get(label(model, field), {}))
            for pk in rows.order_by("pk").values_list("pk", flat=True):
                number = f"{len(self.words):04}"
                self.words[number.encode()] = Word(label(model, field), model, pk)
                model._base_manager.filter(pk=pk).update(**{field.name: self._value(field, f"zq{number}qz")})

    @staticmethod
    def _value(field: models.Field, mark: str):
        if isinstance(field, models.JSONField):
            return {"mark": mark}
        return f"{mark}@esimerkki.example" if isinstance(field, models.EmailField) else mark

    def found(self, *texts: bytes) -> set[Word]:
        """The marked words that stand in these texts."""
        return {self.words[number] for text in texts for number in MARK.findall(text)}


# Elsewhere the database itself refuses words.
ONLY_WHERE = {
    # A link works for the address of its record alone, and an address that is marked is another one.
    "tasks.Order.contact_email": {"links__isnull": True},
    "tasks.OrderLink.sent_to": {"revoked_at__isnull": False},
    "training.Enrolment.email": {"links__isnull": True},
    "training.ApplicantLink.sent_to": {"revoked_at__isnull": False},
    "pairing.Exclusion.area": {"area__gt": ""},
    "pairing.Feedback.words": {"answered_on__isnull": False},
}

# Not words: codes by which the house finds its own way. They cannot be marked, and a test sees that nobody adds one.
UNMARKED = {
    "audit.AuditEvent.actor_role",
    "audit.AuditEvent.object_kind",
    "audit.AuditEvent.about_kind",
    "audit.AuditEvent.detail",
    "audit.AuditEvent.fields_changed",
    "core.StatusChange.object_kind",
    "core.StatusChange.old",
    "core.StatusChange.new",
    "core.StatusChange.actor_role",
    "core.Submission.purpose",
    "core.Submission.digest",
    "core.JobRun.job",
    "core.KeptWords.path",
    "notices.Notice.kind",
    "tasks.OrderLink.token_hash",
    "training.ApplicantLink.token_hash",
    "tasks.PaymentBatch.checksum",
    "tasks.PaymentRow.income_type",
}
