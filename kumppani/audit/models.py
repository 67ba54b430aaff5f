"""Who did, read or was denied what, about whom, and on what ground.

The law behind it: the client has the right to know who has used their data and on what ground (703/2023 § 11,
domain 2.4); the controller must be able to follow use by logs. So a row tells the time, the deed, the actor with the
role acted in, the object, the person it is about and the ground, and it holds *names of fields*, never values.

Rows are append-only: triggers refuse update and delete on both engines. They carry plain ids and no foreign keys, so
that no cascade reaches them and a row outlives what it speaks of. This app lies at the very bottom of the house and
knows nobody.
"""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Action(models.TextChoices):
    VIEW = "view", _("looked at")
    LIST = "list", _("saw in a list")
    EXPORT = "export", _("took a copy")
    CREATE = "create", _("recorded")
    CHANGE = "change", _("changed")
    MOVE = "move", _("changed the state")
    DENIED = "denied", _("was refused")
    SIGN_IN = "sign_in", _("signed in")
    SIGN_OUT = "sign_out", _("signed out")
    SIGN_IN_FAILED = "sign_in_failed", _("could not sign in")
    ROLE_SWITCH = "role_switch", _("changed role")
    JOB = "job", _("a scheduled task ran")


class Ground(models.TextChoices):
    """On what ground data were used (domain 2.4)."""

    RELATIONSHIP = "relationship", _("peer-support relationship")
    DECISION = "decision", _("work as the parent's social worker")
    COORDINATION = "coordination", _("co-ordination of the programme")
    OWN = "own", _("own data")
    REPORT = "report", _("report to the funder")
    MAINTENANCE = "maintenance", _("upkeep of the service")
    NONE = "", _("no ground")


class AuditEvent(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(_("time"), default=timezone.now, editable=False)
    actor_id = models.UUIDField(_("user"), null=True)
    actor_role = models.CharField(_("role"), max_length=20, blank=True)
    acting_for_id = models.UUIDField(_("organisation"), null=True)
    action = models.CharField(_("deed"), max_length=20, choices=Action.choices)
    object_kind = models.CharField(_("kind of record"), max_length=60, blank=True)
    object_id = models.UUIDField(_("record"), null=True)
    about_kind = models.CharField(_("kind of person"), max_length=60, blank=True)
    about_id = models.UUIDField(_("person"), null=True)
    ground = models.CharField(_("ground"), max_length=20, choices=Ground.choices, blank=True)
    detail = models.CharField(_("detail"), max_length=120, blank=True)
    fields_changed = models.JSONField(_("changed fields"), default=list)
    request_id = models.UUIDField(_("request"), null=True)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        indexes = [
            models.Index(fields=["about_kind", "about_id", "at"], name="audit_about"),
            models.Index(fields=["object_kind", "object_id", "at"], name="audit_object"),
            models.Index(fields=["actor_id", "at"], name="audit_actor"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(action__in=Action.values),
                name="audit_action_known",
                violation_error_message=_("This deed is not known to the audit trail."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.object_kind}"
