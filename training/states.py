"""The lives of a cohort and of an enrolment."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CohortStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    RUNNING = "running", _("Running")
    COMPLETED = "completed", _("Completed")


class EnrolmentStatus(models.TextChoices):
    APPLIED = "applied", _("Applied")
    ACCEPTED = "accepted", _("Accepted")
    ATTENDING = "attending", _("Attending")
    COMPLETED = "completed", _("Completed")
    REJECTED = "rejected", _("Not chosen")
    DISCONTINUED = "discontinued", _("Discontinued")


COHORT_TRANSITIONS = {
    CohortStatus.PLANNED: {CohortStatus.RUNNING},
    CohortStatus.RUNNING: {CohortStatus.COMPLETED},
    CohortStatus.COMPLETED: set(),
}

ENROLMENT_TRANSITIONS = {
    EnrolmentStatus.APPLIED: {
        EnrolmentStatus.ACCEPTED,
        EnrolmentStatus.REJECTED,
        EnrolmentStatus.DISCONTINUED,
    },
    EnrolmentStatus.ACCEPTED: {EnrolmentStatus.ATTENDING, EnrolmentStatus.DISCONTINUED},
    EnrolmentStatus.ATTENDING: {EnrolmentStatus.COMPLETED, EnrolmentStatus.DISCONTINUED},
    EnrolmentStatus.COMPLETED: set(),
    EnrolmentStatus.REJECTED: set(),
    EnrolmentStatus.DISCONTINUED: set(),
}

# The tone of a state's badge: the word says it, the colour only helps.
COHORT_TONES = {CohortStatus.PLANNED: "note", CohortStatus.RUNNING: "good", CohortStatus.COMPLETED: "plain"}

ENROLMENT_TONES = {
    EnrolmentStatus.APPLIED: "wait",
    EnrolmentStatus.ACCEPTED: "note",
    EnrolmentStatus.ATTENDING: "note",
    EnrolmentStatus.COMPLETED: "good",
    EnrolmentStatus.REJECTED: "stop",
    EnrolmentStatus.DISCONTINUED: "plain",
}
