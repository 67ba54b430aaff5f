"""Looking at the training: staff see all of it, a trainer the cohorts taught."""

from decimal import Decimal

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.roles import STAFF, TRAINER, Role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record_seen
from kumppani.core.views import VisibleDetail, VisibleList
from training.models import Cohort, Enrolment, Session, Trainer


class CohortList(VisibleList):
    """Cohorts, the newest first. It shows counts, no persons."""

    allowed_roles = STAFF | TRAINER
    model = Cohort
    template_name = "training/cohort_list.html"
    title = _("Training cohorts")
    order = ("-starts_on", "-id")
    shows_people = False

    def get_queryset(self):
        return super().get_queryset().with_figures()


class CohortDetail(VisibleDetail):
    """One cohort with its sessions and the people in it. E-mail addresses are for staff only."""

    allowed_roles = STAFF | TRAINER
    model = Cohort
    template_name = "training/cohort_detail.html"
    title = _("Training cohort")

    def get_queryset(self):
        return super().get_queryset().with_figures().select_related("grant")

    def extra(self) -> dict:
        sessions = list(
            Session.objects.visible_to(self.actor)
            .filter(cohort=self.object)
            .prefetch_related(Prefetch("trainers", queryset=Trainer.objects.visible_to(self.actor)))
            .order_by("date", "id")
        )
        people = list(
            Enrolment.objects.visible_to(self.actor)
            .filter(cohort=self.object)
            .with_hours()
            .order_by("last_name", "first_name", "id")
        )
        needed = self.object.required_hours
        for person in people:
            person.hours_to_go = (
                max(needed - person.attended_hours, Decimal(0)) if person.is_under_way else None
            )
        trainers = {trainer.pk: trainer for session in sessions for trainer in session.trainers.all()}
        record_seen(self.actor, Action.LIST, [*people, *trainers.values()])
        return {"sessions": sessions, "people": people, "for_staff": self.actor.role == Role.STAFF}
