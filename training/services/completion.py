"""How a training ends: for each person by a person's word, and for the cohort when nobody is attending any more."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kumppani.core.dates import today
from kumppani.core.states import MoveRefused
from training.models import Cohort, Enrolment
from training.states import CohortStatus, EnrolmentStatus

UNDER_WAY = (EnrolmentStatus.ACCEPTED, EnrolmentStatus.ATTENDING)


@transaction.atomic
def complete_enrolments(
    *, cohort: Cohort, enrolments: Iterable[Enrolment], by, on: datetime.date | None = None
) -> list[Enrolment]:
    """Mark the training completed for these people, all or none. The rule proposes them, a person confirms (B8).

    Raises `MoveRefused` when the cohort is not running or somebody lacks hours.
    """
    cohort.lock()
    if cohort.status != CohortStatus.RUNNING:
        raise MoveRefused(_("People complete a training while it is running."))
    completed = sorted(enrolments, key=lambda enrolment: enrolment.pk)
    for enrolment in completed:
        enrolment.lock()  # nobody changes the hours meanwhile
        enrolment.complete(by=by, on=on)
    return completed


@transaction.atomic
def discontinue(*, enrolment: Enrolment, by) -> None:
    """The training is broken off. Nobody asks for a reason."""
    enrolment.move_to(EnrolmentStatus.DISCONTINUED, by=by, ended_on=today())


@transaction.atomic
def complete_cohort(*, cohort: Cohort, by) -> None:
    """Close a running cohort in which nobody is attending any more. Raises `MoveRefused` with how many still are."""
    cohort.lock()
    left = cohort.enrolments.filter(status__in=UNDER_WAY).count()
    if left and cohort.status == CohortStatus.RUNNING:
        raise MoveRefused(
            ngettext(
                "%(count)s person is still attending. Confirm first who has completed and who has stopped.",
                "%(count)s people are still attending. Confirm first who has completed and who has stopped.",
                left,
            )
            % {"count": left}
        )
    cohort.move_to(CohortStatus.COMPLETED, by=by)
