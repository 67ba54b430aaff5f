"""The lives of a cohort and of an enrolment."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CohortStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    RECRUITING = "recruiting", _("Open for applications")
    RUNNING = "running", _("Running")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", pgettext_lazy("training cohort", "Called off")


class EnrolmentStatus(models.TextChoices):
    """`WITHDRAWN` has changed the mind before the training began, `DISCONTINUED` has broken it off."""

    APPLIED = "applied", _("Applied")
    RESERVE = "reserve", _("On the reserve list")
    ACCEPTED = "accepted", _("Accepted")
    ATTENDING = "attending", _("Attending")
    COMPLETED = "completed", _("Completed")
    REJECTED = "rejected", _("Not chosen")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DISCONTINUED = "discontinued", _("Discontinued")


COHORT_TRANSITIONS = {
    CohortStatus.PLANNED: {CohortStatus.RECRUITING, CohortStatus.RUNNING, CohortStatus.CANCELLED},
    CohortStatus.RECRUITING: {CohortStatus.PLANNED, CohortStatus.RUNNING, CohortStatus.CANCELLED},
    CohortStatus.RUNNING: {CohortStatus.COMPLETED},
    CohortStatus.COMPLETED: set(),
    CohortStatus.CANCELLED: set(),
}

ENROLMENT_TRANSITIONS = {
    EnrolmentStatus.APPLIED: {
        EnrolmentStatus.ACCEPTED,
        EnrolmentStatus.RESERVE,
        EnrolmentStatus.REJECTED,
        EnrolmentStatus.WITHDRAWN,
    },
    EnrolmentStatus.RESERVE: {
        EnrolmentStatus.ACCEPTED,
        EnrolmentStatus.REJECTED,
        EnrolmentStatus.WITHDRAWN,
    },
    EnrolmentStatus.ACCEPTED: {EnrolmentStatus.ATTENDING, EnrolmentStatus.WITHDRAWN},
    EnrolmentStatus.ATTENDING: {EnrolmentStatus.COMPLETED, EnrolmentStatus.DISCONTINUED},
    EnrolmentStatus.COMPLETED: set(),
    EnrolmentStatus.REJECTED: set(),
    EnrolmentStatus.WITHDRAWN: set(),
    EnrolmentStatus.DISCONTINUED: set(),
}

# Neither completed nor called off.
OPEN = (CohortStatus.PLANNED, CohortStatus.RECRUITING, CohortStatus.RUNNING)

# Who waits for an answer of the staff.
WAITING = (EnrolmentStatus.APPLIED, EnrolmentStatus.RESERVE)
# Who has a place, before the training and during it.
UNDER_WAY = (EnrolmentStatus.ACCEPTED, EnrolmentStatus.ATTENDING)
# Who was never in the training: what is kept of them is forgotten soon (domain 2.3).
NEVER_BEGAN = (
    EnrolmentStatus.APPLIED,
    EnrolmentStatus.RESERVE,
    EnrolmentStatus.REJECTED,
    EnrolmentStatus.WITHDRAWN,
)
# Whom the trainers see, and who counts as a person of the cohort.
IN_COHORT = (
    EnrolmentStatus.ACCEPTED,
    EnrolmentStatus.ATTENDING,
    EnrolmentStatus.COMPLETED,
    EnrolmentStatus.DISCONTINUED,
)

# The tone of a state's badge: the word says it, the colour only helps.
COHORT_TONES = {
    CohortStatus.PLANNED: "note",
    CohortStatus.RECRUITING: "wait",
    CohortStatus.RUNNING: "good",
    CohortStatus.COMPLETED: "plain",
    CohortStatus.CANCELLED: "plain",
}

ENROLMENT_TONES = {
    EnrolmentStatus.APPLIED: "wait",
    EnrolmentStatus.RESERVE: "wait",
    EnrolmentStatus.ACCEPTED: "note",
    EnrolmentStatus.ATTENDING: "note",
    EnrolmentStatus.COMPLETED: "good",
    EnrolmentStatus.REJECTED: "stop",
    EnrolmentStatus.WITHDRAWN: "plain",
    EnrolmentStatus.DISCONTINUED: "plain",
}
