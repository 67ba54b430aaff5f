"""What a cohort thinks of its training. Nobody's answer can be told from another's, not even by the audit trail."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from kumppani.core.states import MoveRefused
from training.models import ApplicantLetter, ApplicantLink, Cohort, CohortFeedback, Enrolment
from training.services.applying import send_applicant_letter
from training.states import EnrolmentStatus


def to_be_asked(cohort: Cohort):
    """Who has completed, has an address, and has not been asked yet."""
    asked = ApplicantLink.objects.filter(enrolment=OuterRef("pk"), letter=ApplicantLetter.FEEDBACK)
    completed = Enrolment.objects.filter(cohort=cohort, status=EnrolmentStatus.COMPLETED).exclude(email="")
    return completed.filter(~Exists(asked))


@transaction.atomic
def ask_feedback(*, cohort: Cohort, by) -> int:
    """A letter with a link to each who has completed the training, once. Returns how many were sent."""
    cohort.lock(moved_is_fine=True)
    people = list(to_be_asked(cohort).order_by("pk"))
    if not people:
        raise MoveRefused(_("Everybody who has completed and has an e-mail address has been asked already."))
    for enrolment in people:
        send_applicant_letter(enrolment=enrolment, letter=ApplicantLetter.FEEDBACK, by=by)
    return len(people)


@transaction.atomic
def give_feedback(*, link: ApplicantLink, overall: int, peers: int, ready: int, words: str) -> None:
    """One answer per person. Of the person it is kept that an answer was given, without a time; the answer says of
    which cohort it is, and nothing else. It leaves no audit row, and nothing is returned that could lead to it.
    """
    Enrolment.objects.select_for_update(of=("self",)).get(pk=link.enrolment_id)
    if not link.enrolment.may_give_feedback():
        raise MoveRefused(_("Your feedback is with us already. Thank you!"))
    answer = CohortFeedback(
        cohort_id=link.enrolment.cohort_id, overall=overall, peers=peers, ready=ready, words=words
    )
    answer.full_clean()
    answer.save(force_insert=True)
    # Not save(): the row's time of change would tell when the answer came.
    ApplicantLink.objects.filter(pk=link.pk).update(is_used=True)
