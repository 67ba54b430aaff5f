"""What is personal in a model, whose it is, how long it is kept and what happens then.

Every model of ours carries `privacy = Privacy(…)`; a model that is not ours to edit is declared here by its label.
`tests/architecture/test_every_model_is_declared.py` walks all models and all fields: a field named nowhere fails.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


class Kind(StrEnum):
    """How telling a field is (trust.md 3)."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"
    SPECIAL = "special"  # tells, alone or with the row it is in, that somebody is in child protection
    SECRET = "secret"  # never shown to anybody  # noqa: S105 – a class of field, not a password


class Erase(StrEnum):
    """What erasure does to a value."""

    KEEP = "keep"
    BLANK = "blank"
    DELETE_ROW = "delete the row"


class Retention(StrEnum):
    """Classes of keeping time; suggestions to be confirmed by the controller (domain 2.3)."""

    RULES = "kept while the programme runs"
    ACCOUNT = "12 months after the last role has ended"
    REQUEST = "6 months, when a contact request led nowhere"
    RELATIONSHIP = "12 months after the relationship has ended, then anonymised; counts stay"
    PARTNER = "12 months after the partner has left"
    TRAINING = "10 years, for copies of certificates"
    APPLICATION = (
        "6 months after the answer when the training never began; else 10 years, for copies of certificates"
    )
    ACCOUNTING = "6 years from the end of the accounting year"
    AUDIT = "as the controller sets; no statutory period is assumed"
    SHORT = "at most a month"


@dataclass(frozen=True)
class Privacy:
    """One model's declaration.

    `about`: paths from the row to the persons it is about ("parent", "relationship__parent"); "self" when the row is
    the person. `public` … `secret`: the names of the model's fields, each exactly once; the base fields (`id`,
    `created_at`, `updated_at`, `version`) are internal and need not be named. `erase`: what erasure does to the row's
    personal, special and secret values; the rest is kept, so that counts survive.
    """

    retention: Retention
    about: tuple[str, ...] = ()
    public: tuple[str, ...] = ()
    internal: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    special: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    erase: Erase = Erase.BLANK
    note: str = ""

    BASE_FIELDS: ClassVar = ("id", "created_at", "updated_at", "version")

    def kind_of(self, name: str) -> Kind | None:
        """The class of a field, or None when the declaration forgot it."""
        for kind in Kind:
            if name in getattr(self, kind.value):
                return kind
        return Kind.INTERNAL if name in self.BASE_FIELDS else None

    def names(self) -> list[str]:
        """Every field named, in order; a name that stands twice comes twice."""
        return [name for kind in Kind for name in getattr(self, kind.value)]


# Models that are not ours to edit, or that lie below this app.
DECLARED: dict[str, Privacy] = {
    "audit.AuditEvent": Privacy(
        retention=Retention.AUDIT,
        internal=(
            "at",
            "actor_role",
            "acting_for_id",
            "action",
            "object_kind",
            "ground",
            "detail",
            "request_id",
        ),
        personal=("actor_id", "object_id", "about_kind", "about_id", "fields_changed"),
        erase=Erase.KEEP,
        note="Append-only; holds ids and names of fields, never values.",
    ),
    "auth.Permission": Privacy(
        retention=Retention.RULES,
        internal=("name", "content_type", "codename"),
        note="Not used by this service.",
    ),
    "auth.Group": Privacy(
        retention=Retention.RULES, internal=("name", "permissions"), note="Not used by this service."
    ),
    "contenttypes.ContentType": Privacy(retention=Retention.RULES, internal=("app_label", "model")),
    "sessions.Session": Privacy(
        retention=Retention.SHORT,
        internal=("expire_date",),
        secret=("session_key", "session_data"),
        erase=Erase.DELETE_ROW,
    ),
    "account.EmailAddress": Privacy(
        retention=Retention.ACCOUNT,
        about=("user",),
        internal=("verified", "primary"),
        personal=("user", "email"),
        erase=Erase.DELETE_ROW,
        note="Kept by the sign-in library; not used by our own pages.",
    ),
    "account.EmailConfirmation": Privacy(
        retention=Retention.SHORT,
        about=("email_address__user",),
        internal=("created", "sent"),
        personal=("email_address",),
        secret=("key",),
        erase=Erase.DELETE_ROW,
    ),
    "django_tasks_database.DBTaskResult": Privacy(
        retention=Retention.SHORT,
        internal=(
            "status",
            "enqueued_at",
            "started_at",
            "finished_at",
            "priority",
            "task_path",
            "worker_ids",
            "queue_name",
            "backend_name",
            "run_after",
            "return_value",
            "exception_class_path",
            "traceback",
        ),
        personal=("args_kwargs",),
        erase=Erase.DELETE_ROW,
        note="Arguments are ids only.",
    ),
}
