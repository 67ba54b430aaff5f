"""Deeds that touch more than one record of the training."""

from django.db import transaction

from kumppani.core.states import MoveRefused
from training.models import Cohort, Enrolment
from training.states import CohortStatus, EnrolmentStatus


@transaction.atomic
def complete_cohort(*, cohort: Cohort, by, on=None) -> list[Enrolment]:
    """Close a running cohort: who has the hours is completed, the others are discontinued. Returns the completed."""
    completed = []
    for enrolment in cohort.enrolments.filter(status=EnrolmentStatus.ATTENDING):
        try:
            enrolment.complete(by=by, on=on)
            completed.append(enrolment)
        except MoveRefused:
            enrolment.move_to(EnrolmentStatus.DISCONTINUED, by=by)
    cohort.move_to(CohortStatus.COMPLETED, by=by)
    return completed
