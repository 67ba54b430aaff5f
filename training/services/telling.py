"""That a session has been moved or called off: told to those who have a place, and to those who teach it."""

import datetime
from collections.abc import Iterable

from django.db.models import F
from django.utils import timezone

from kumppani.accounts.models import User
from kumppani.accounts.roles import Role
from kumppani.core.dates import today
from kumppani.notices.kinds import notify
from kumppani.notices.models import Notice
from training.models import ApplicantLetter, ApplicantLink, Cohort, Session, Trainer
from training.services.applying import send_applicant_letter
from training.states import UNDER_WAY, CohortStatus

# Whoever mends a programme mends several sessions: one letter for all that changes in so long a time.
GATHERED_FOR = datetime.timedelta(minutes=10)
# What those who come have to know; a theme may be mended without a letter.
PLACE_AND_TIME = ("date", "starts_at", "ends_at", "room", "link")


def is_moved(before: Session, after: Session) -> bool:
    """Whether somebody would come at a wrong time or to a wrong place. What is over, or called off, calls nobody."""
    if before.is_cancelled or max(before.date, after.date) < today():
        return False
    return any(getattr(before, name) != getattr(after, name) for name in PLACE_AND_TIME)


def is_known(cohort: Cohort) -> bool:
    """Whether anybody counts on its programme. A cohort in planning without people is only being drafted."""
    return cohort.status != CohortStatus.PLANNED or cohort.enrolments.filter(status__in=UNDER_WAY).exists()


def tell_of_change(*, cohort: Cohort, trainers: Iterable[Trainer], by) -> None:
    """Queue a letter to everybody who has a place and an address, and a notice to those trainers who have an account.

    Nobody has two letters of this kind in the queue, and no trainer two unread notices of one cohort. Call it in the
    transaction of the deed, with the cohort's row held.
    """
    if not is_known(cohort):
        return
    queued = ApplicantLink.objects.filter(
        letter=ApplicantLetter.CHANGED,
        letter_sent_at__isnull=True,
        letter_given_up_at__isnull=True,
        revoked_at__isnull=True,
        expires_at__gt=timezone.now(),
        sent_to=F("enrolment__email"),
    )
    people = cohort.enrolments.filter(status__in=UNDER_WAY).exclude(pk__in=queued.values("enrolment"))
    for enrolment in people.order_by("id"):
        send_applicant_letter(enrolment=enrolment, letter=ApplicantLetter.CHANGED, by=by, after=GATHERED_FOR)
    unread = Notice.objects.filter(
        kind="session_changed", object_id=cohort.pk, read_at__isnull=True, dropped_at__isnull=True
    )
    teachers = User.objects.filter(trainer__in=list(trainers)).exclude(pk=by.user_id)
    notify(
        teachers.exclude(pk__in=unread.values("recipient")),
        role=Role.TRAINER,
        kind="session_changed",
        about=cohort,
    )
