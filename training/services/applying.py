"""From an application to its answer (B4, A37), and forgetting those who never began (domain 2.3).

Who holds a link is no user: what such a person does is written in the audit trail without an actor.
"""

import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from kumppani.accounts.roles import Role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.dates import today
from kumppani.core.models import StatusChange
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.notices.kinds import notify, staff_users
from training.models import ApplicantLetter, ApplicantLink, Cohort, Enrolment
from training.states import WAITING, CohortStatus, EnrolmentStatus
from training.tasks import send_applicant_link

# Whoever applies again and again must not fill an inbox: so many fresh links in a day.
LETTERS_A_DAY = 3
CLOSED = (CohortStatus.COMPLETED, CohortStatus.CANCELLED)


# --- coming in ---------------------------------------------------------------------------------------------
@transaction.atomic
def receive_application(*, cohort: Cohort, email: str, **facts) -> Enrolment:
    """What somebody has sent by the public form waits in the staff's queue; a letter with a link goes out.

    The same address twice for one cohort makes one application: the mailbox gets a fresh link, and whoever sent the
    form learns nothing by it. Somebody who withdrew may apply anew.
    """
    cohort.lock(moved_is_fine=True)
    cohort.refresh_from_db()
    if not cohort.is_open_for_applications():
        raise MoveRefused(_("Applications to this training have closed a moment ago."))
    before = (
        cohort.enrolments.filter(email__iexact=email)
        .exclude(status=EnrolmentStatus.WITHDRAWN)
        .order_by("created_at")
        .first()
    )
    if before is not None:
        a_day_ago = timezone.now() - datetime.timedelta(days=1)
        if before.links.filter(created_at__gt=a_day_ago).count() < LETTERS_A_DAY:
            send_applicant_letter(enrolment=before, letter=ApplicantLetter.RENEWED)
        return before
    enrolment = _add(cohort, by=None, email=email, **facts)
    notify(staff_users(), role=Role.STAFF, kind="application_waiting", about=enrolment)
    return enrolment


@transaction.atomic
def record_application(*, cohort: Cohort, by, **facts) -> Enrolment:
    """Staff write down what somebody has told on the telephone. Its letter goes out where there is an address."""
    cohort.lock(moved_is_fine=True)
    if not cohort.is_open:
        raise MoveRefused(_("This training takes nobody in any more."))
    same = cohort.enrolments.exclude(status=EnrolmentStatus.WITHDRAWN)
    if facts.get("email") and same.filter(email__iexact=facts["email"]).exists():
        raise MoveRefused(_("Somebody with this address has applied to this training already."))
    return _add(cohort, by=by, **facts)


def _add(cohort: Cohort, *, by, **facts) -> Enrolment:
    enrolment = Enrolment(cohort=cohort, applied_on=today(), **facts)
    enrolment.full_clean()
    enrolment.save(force_insert=True)
    record(by, Action.CREATE, enrolment)
    send_applicant_letter(enrolment=enrolment, letter=ApplicantLetter.RECEIVED, by=by)
    return enrolment


# --- answering ---------------------------------------------------------------------------------------------
@transaction.atomic
def set_interview(*, enrolment: Enrolment, at: datetime.datetime, place: str, by, seen_version: int) -> None:
    """A time to talk, or another one than before; the applicant gets a letter.

    Raises `AlreadyMoved` when somebody has saved since `seen_version`.
    """
    enrolment.lock()
    if not enrolment.is_waiting:
        raise MoveRefused(_("This application has been answered already."))
    if at <= timezone.now():
        raise MoveRefused(_("This time is over. Choose one that is still to come."))
    enrolment.interview_at, enrolment.interview_place = at, place
    fields = ["interview_at", "interview_place"]
    if not enrolment.save_as_version(seen_version, fields=fields):
        raise AlreadyMoved
    record(by, Action.CHANGE, enrolment, fields_changed=fields)
    send_applicant_letter(enrolment=enrolment, letter=ApplicantLetter.INTERVIEW, by=by)


@transaction.atomic
def accept_applicant(*, enrolment: Enrolment, by) -> None:
    """A place. More people than places is the staff's to decide. Into a training that is running one goes at once."""
    enrolment.cohort.lock(moved_is_fine=True)
    if not enrolment.cohort.is_open:
        raise MoveRefused(_("This training takes nobody in any more."))
    enrolment.move_to(EnrolmentStatus.ACCEPTED, by=by, answered_on=today())
    if enrolment.cohort.status == CohortStatus.RUNNING:
        enrolment.move_to(EnrolmentStatus.ATTENDING, by=by)
    send_applicant_letter(enrolment=enrolment, letter=ApplicantLetter.ACCEPTED, by=by)


@transaction.atomic
def reserve_applicant(*, enrolment: Enrolment, by) -> None:
    """No place yet, and the next in line."""
    enrolment.move_to(EnrolmentStatus.RESERVE, by=by)
    send_applicant_letter(enrolment=enrolment, letter=ApplicantLetter.RESERVE, by=by)


@transaction.atomic
def reject_applicant(*, enrolment: Enrolment, by) -> None:
    """No place this time. No reason is asked for or kept."""
    enrolment.move_to(EnrolmentStatus.REJECTED, by=by, answered_on=today(), ended_on=today())
    send_applicant_letter(enrolment=enrolment, letter=ApplicantLetter.REJECTED, by=by)


@transaction.atomic
def withdraw_applicant(
    *, enrolment: Enrolment, by=None, letter: ApplicantLetter = ApplicantLetter.WITHDRAWN
) -> None:
    """Before the training begins: by the applicant (`by` is None), for the applicant, or because it is not held
    (`letter=CALLED_OFF`). Staff hear of what the applicant does."""
    enrolment.move_to(EnrolmentStatus.WITHDRAWN, by=by, ended_on=today())
    if by is None:
        notify(staff_users(), role=Role.STAFF, kind="application_withdrawn", about=enrolment)
    send_applicant_letter(enrolment=enrolment, letter=letter, by=by)


@transaction.atomic
def change_applicant(*, enrolment: Enrolment, by, seen_version: int, **facts) -> None:
    """Mend name, address or telephone. Links sent to an old address stop; a new one gets a fresh link.

    Raises `AlreadyMoved` when somebody has saved since `seen_version`.
    """
    before = Enrolment.objects.values_list("email", flat=True).get(pk=enrolment.pk)
    for name, value in facts.items():
        setattr(enrolment, name, value)
    enrolment.full_clean()
    if not enrolment.save_as_version(seen_version, fields=list(facts)):
        raise AlreadyMoved
    record(by, Action.CHANGE, enrolment, fields_changed=list(facts))
    if enrolment.email != before:
        send_applicant_letter(enrolment=enrolment, letter=ApplicantLetter.RENEWED, by=by)


# --- letters and links -------------------------------------------------------------------------------------
@transaction.atomic
def send_applicant_letter(
    *, enrolment: Enrolment, letter: ApplicantLetter, by=None, after: datetime.timedelta | None = None
) -> ApplicantLink | None:
    """Queue a letter with a fresh link. It leaves if and only if the deed is done. Without an address: nothing.

    `after`: so long it waits before it leaves.
    """
    if not enrolment.email:
        return None
    link = ApplicantLink.objects.create(
        enrolment=enrolment,
        letter=letter,
        sent_to=enrolment.email,
        expires_at=ApplicantLink.default_expiry(),
    )
    record(by, Action.CREATE, link, detail=letter)
    leaves_at = None if after is None else timezone.now() + after
    send_applicant_link.using(run_after=leaves_at).enqueue(str(link.pk))
    return link


@transaction.atomic
def renew_applicant_link(*, token_hash: str) -> ApplicantLink | None:
    """A fresh link to the address on file, for a link that has only grown too old. For any other: nothing.

    A link for feedback is renewed as one, unless the feedback has been given.
    """
    link = ApplicantLink.find(token_hash)
    if link is None or not link.can_renew:
        return None
    asks = link.letter == ApplicantLetter.FEEDBACK and not link.is_used
    letter = ApplicantLetter.FEEDBACK if asks else ApplicantLetter.RENEWED
    return send_applicant_letter(enrolment=link.enrolment, letter=letter)


# --- forgetting --------------------------------------------------------------------------------------------
@transaction.atomic
def forget_applications(*, on: datetime.date | None = None) -> int:
    """Delete, with their links, those who never began and whose answer or withdrawal lies `APPLICATION_KEPT_DAYS` back;
    and those who never got an answer, when their cohort has been over for so long. Safe to run twice.

    Returns how many. The audit trail keeps that there was a row, by its id.
    """
    last = (on or today()) - datetime.timedelta(days=settings.APPLICATION_KEPT_DAYS)
    closings = StatusChange.objects.filter(
        object_kind=Cohort._meta.label_lower, object_id=OuterRef("cohort_id"), new__in=CLOSED
    )
    unanswered = Q(status__in=WAITING, cohort__status__in=CLOSED) & (
        Exists(closings.filter(at__date__lte=last)) | (~Exists(closings) & Q(cohort__ends_on__lte=last))
    )
    answered = Q(over_on__lte=last) & ~Q(status__in=WAITING)
    old = (
        Enrolment.objects.never_began()
        .annotate(over_on=Coalesce("ended_on", "answered_on"))
        .filter(answered | unanswered)
    )
    count = 0
    for enrolment in old.select_for_update(of=("self",)):
        record(None, Action.CHANGE, enrolment, detail="forgotten")
        enrolment.delete()
        count += 1
    return count
