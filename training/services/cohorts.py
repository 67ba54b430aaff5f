"""The life of a cohort: planned, opened for applications, begun, called off (B8, B13)."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kumppani.core.dates import today
from kumppani.core.saving import save_data
from kumppani.core.states import MoveRefused
from training.models import ApplicantLetter, Cohort, Enrolment
from training.services.applying import withdraw_applicant
from training.states import WAITING, CohortStatus, EnrolmentStatus

COHORT_FIELDS = (
    "name",
    "language",
    "starts_on",
    "ends_on",
    "planned_hours",
    "required_share",
    "place",
    "about",
    "places",
    "apply_from",
    "apply_until",
    "grant",
)
# Who has not begun yet, and is told when there will be no training.
NOT_BEGUN = (*WAITING, EnrolmentStatus.ACCEPTED)


def create_cohort(*, by, **facts) -> Cohort:
    """A cohort in planning."""
    return save_data(Cohort(**facts), by=by, fields=list(COHORT_FIELDS))


@transaction.atomic
def edit_cohort(*, cohort: Cohort, by, seen_version: int) -> Cohort:
    """Mend the facts that `cohort` now holds. Raises `AlreadyMoved` when somebody has saved since `seen_version`."""
    held = Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    if not held.can_edit(by):
        raise MoveRefused(_("This is over, and its facts stay as they are."))
    cohort.status = held.status
    return save_data(cohort, by=by, fields=list(COHORT_FIELDS), seen_version=seen_version)


@transaction.atomic
def open_cohort(
    *,
    cohort: Cohort,
    by,
    apply_until: datetime.date,
    apply_from: datetime.date | None = None,
    places: int | None = None,
) -> None:
    """Everybody can apply from `apply_from` (at once) until `apply_until`."""
    cohort.lock()
    if apply_until < today():
        raise ValidationError({"apply_until": _("This day is over. Choose a later one.")})
    if apply_from is not None and apply_from > apply_until:
        raise ValidationError({"apply_until": _("Applications cannot end before they begin.")})
    cohort.move_to(
        CohortStatus.RECRUITING, by=by, apply_from=apply_from, apply_until=apply_until, places=places
    )


@transaction.atomic
def close_cohort(*, cohort: Cohort, by) -> None:
    """Nobody can apply any more; those who have applied stay and are answered."""
    cohort.move_to(CohortStatus.PLANNED, by=by)


@transaction.atomic
def start_cohort(*, cohort: Cohort, by) -> list[Enrolment]:
    """The training begins: who has been accepted attends from now on. Returns them."""
    cohort.lock()
    cohort.move_to(CohortStatus.RUNNING, by=by)
    accepted = list(_people(cohort, [EnrolmentStatus.ACCEPTED]))
    for enrolment in accepted:
        enrolment.move_to(EnrolmentStatus.ATTENDING, by=by)
    return accepted


@transaction.atomic
def call_off_cohort(*, cohort: Cohort, by) -> list[Enrolment]:
    """There will be no training: who applied or was accepted is withdrawn and told by letter. Returns them."""
    cohort.lock()
    cohort.move_to(CohortStatus.CANCELLED, by=by)
    people = list(_people(cohort, NOT_BEGUN))
    for enrolment in people:
        withdraw_applicant(enrolment=enrolment, by=by, letter=ApplicantLetter.CALLED_OFF)
    return people


def _people(cohort: Cohort, statuses):
    """Held, so that nobody answers them meanwhile; in one order, so that two who hold them do not wait in a ring."""
    return cohort.enrolments.filter(status__in=statuses).select_for_update(of=("self",)).order_by("id")
