"""What this room tells people. The sentences are neutral: no name, no word about child protection."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kumppani.notices.kinds import NoticeKind, register, visible_through
from training.models import Cohort, Enrolment
from training.states import EnrolmentStatus


def _waits(actor, pk) -> bool:
    """Whether nobody has answered the application yet."""
    return Enrolment.objects.visible_to(actor).filter(pk=pk, status=EnrolmentStatus.APPLIED).exists()


KINDS = [
    NoticeKind(
        "application_waiting",
        _("An application to the training waits"),
        lambda pk: reverse("application_detail", args=[pk]),
        _waits,
    ),
    NoticeKind(
        "application_withdrawn",
        _("An application to the training has been withdrawn"),
        lambda pk: reverse("application_detail", args=[pk]),
        visible_through(Enrolment),
    ),
    NoticeKind(
        "training_hours_short",
        _("Somebody in the training will not reach the hours without making up"),
        lambda pk: reverse("attendance_grid", args=[pk]),
        visible_through(Cohort),
    ),
    NoticeKind(
        "session_changed",
        _("The programme of a training that you teach has changed"),
        lambda pk: reverse("cohort_detail", args=[pk]),
        visible_through(Cohort),
    ),
]

for kind in KINDS:
    register(kind)
