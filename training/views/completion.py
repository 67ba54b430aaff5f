"""How a training ends: who has completed, who has stopped, and closing the cohort."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.accounts.roles import STAFF
from kumppani.audit.models import Action
from kumppani.audit.recorder import record_seen
from kumppani.core.dates import today
from kumppani.core.views import DeedView, VisibleForm
from training import services
from training.forms import CompletionForm
from training.models import Attendance, Cohort, Enrolment, Session
from training.standing import reckon
from training.states import CohortStatus, EnrolmentStatus


class CohortCompletion(VisibleForm):
    """Those who have the hours are proposed; a person confirms. The others go on, or have stopped, one by one."""

    allowed_roles = STAFF
    model = Cohort
    form_class = CompletionForm
    template_name = "training/cohort_completion.html"
    title = gettext_lazy("Who has completed?")
    submit_label = gettext_lazy("Confirm: the training is completed")

    def get_kicker(self) -> str:
        return self.object.name

    def get_back(self) -> tuple[str, str]:
        return self.object.get_absolute_url(), _("The cohort")

    @cached_property
    def sessions(self) -> list[Session]:
        return list(
            Session.objects.visible_to(self.actor)
            .filter(cohort=self.object, is_cancelled=False)
            .order_by("date", "starts_at", "id")
        )

    @cached_property
    def marks(self) -> list[Attendance]:
        return list(Attendance.objects.visible_to(self.actor).filter(enrolment__cohort=self.object))

    @cached_property
    def people(self) -> list[Enrolment]:
        """Everybody who was in the cohort, each with a `standing`."""
        people = list(
            Enrolment.objects.visible_to(self.actor)
            .filter(cohort=self.object)
            .in_cohort()
            .order_by("first_name", "last_name", "id")
        )
        standing = reckon(self.object, people, self.sessions, self.marks)
        for person in people:
            person.standing = standing[person.pk]
        return people

    @property
    def attending(self) -> list[Enrolment]:
        return [person for person in self.people if person.status == EnrolmentStatus.ATTENDING]

    def form_kwargs(self) -> dict:
        ready = [person for person in self.attending if person.standing.is_enough]
        return {"cohort": self.object, "ready": ready}

    def not_marked(self) -> list[Session]:
        """Sessions gone by at which somebody who attends has not been marked."""
        marked = {(mark.session_id, mark.enrolment_id) for mark in self.marks}
        return [
            session
            for session in self.sessions
            if session.date <= today()
            and any((session.pk, person.pk) not in marked for person in self.attending)
        ]

    def extra(self) -> dict:
        if self.only_looks:
            record_seen(self.actor, Action.LIST, self.people)
        return {
            **super().extra(),
            "ready": [person for person in self.attending if person.standing.is_enough],
            "others": [person for person in self.attending if not person.standing.is_enough],
            "completed": [person for person in self.people if person.is_completed],
            "not_marked": self.not_marked(),
            "is_running": self.object.status == CohortStatus.RUNNING,
            "anybody_left": any(person.is_under_way for person in self.people),
        }

    def deed(self, form) -> Cohort:
        services.complete_enrolments(
            cohort=self.object,
            enrolments=form.cleaned_data["people"],
            on=form.cleaned_data["completed_on"],
            by=self.actor,
        )
        return self.object

    def answer(self, made) -> HttpResponse:
        return self.done(
            _("Saved: they have completed the training. Their certificates are below."), self.request.path
        )


class EnrolmentDiscontinue(DeedView):
    """Somebody has stopped. Nobody asks why."""

    allowed_roles = STAFF
    model = Enrolment
    danger = True
    button = gettext_lazy("Yes, the training was broken off")

    def get_queryset(self):
        return super().get_queryset().select_related("cohort").filter(status=EnrolmentStatus.ATTENDING)

    def get_title(self) -> str:
        return _("Has this person stopped?")

    def get_lead(self) -> str:
        return self.object.name

    def consequences(self) -> list[str]:
        return [
            _("The hours stay as they have been marked."),
            _("No reason is asked for or kept."),
            _("This cannot be taken back. Whoever wants to go on later applies anew."),
        ]

    def get_back(self) -> tuple[str, str]:
        return self.get_success_url(), ""

    def get_success_url(self) -> str:
        return reverse("cohort_completion", args=[self.object.cohort_id])

    def deed(self) -> str:
        services.discontinue(enrolment=self.object, by=self.actor)
        return _("Saved: the training was broken off.")


class CohortComplete(DeedView):
    """Close a cohort in which nobody is attending any more."""

    allowed_roles = STAFF
    model = Cohort
    question = gettext_lazy("Close this cohort?")
    button = gettext_lazy("Yes, close it")

    def get_lead(self) -> str:
        return self.object.name

    def consequences(self) -> list[str]:
        return [
            _("The cohort counts as completed."),
            _("Attendance and the programme stay as they are and cannot be changed any more."),
            _("Certificates and feedback can be had afterwards, too."),
        ]

    def deed(self) -> str:
        services.complete_cohort(cohort=self.object, by=self.actor)
        return _("Saved: the cohort is completed.")
