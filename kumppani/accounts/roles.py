"""The roles. A role is a code, never a translated word."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    STAFF = "staff", _("Project staff")
    SOCIAL_WORKER = "social_worker", _("Social worker")
    PARTNER = "partner", _("Experience partner")
    PARENT = "parent", _("Parent")
    TRAINER = "trainer", _("Trainer")
    ADMINISTRATOR = "administrator", _("Administrator")


STAFF = frozenset({Role.STAFF})
SOCIAL_WORKER = frozenset({Role.SOCIAL_WORKER})
PARTNER = frozenset({Role.PARTNER})
PARENT = frozenset({Role.PARENT})
TRAINER = frozenset({Role.TRAINER})
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
EVERY_ROLE = frozenset(Role)

# What an administrator may give. Partners and parents come from pairing, each with a record of their own.
GIVEN_BY_ADMINISTRATOR = (Role.STAFF, Role.SOCIAL_WORKER, Role.TRAINER, Role.ADMINISTRATOR)
