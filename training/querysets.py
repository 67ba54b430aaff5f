"""Who may see what of the training: staff all of it, a trainer the cohorts taught."""

from decimal import Decimal

from django.apps import apps
from django.db.models import Count, DecimalField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from kumppani.core.querysets import VisibleQuerySet
from training.states import EnrolmentStatus

ZERO_HOURS = Value(Decimal(0), output_field=DecimalField(max_digits=6, decimal_places=2))


class CohortQuerySet(VisibleQuerySet):
    def _for_staff(self, actor):
        return self

    def _for_trainer(self, actor):
        return self.filter(pk__in=self.model.taught_by(actor.user_id))

    def with_figures(self):
        """`session_hours`: the sum of the sessions' hours; `people`: how many really take or took part; `completed`:
        how many of them have completed. Each a question of its own, because joined rows would count each other."""
        people = _of_cohort("Enrolment").exclude(
            status__in=[EnrolmentStatus.APPLIED, EnrolmentStatus.REJECTED]
        )
        return self.annotate(
            session_hours=Coalesce(
                Subquery(_of_cohort("Session").annotate(sum=Sum("hours")).values("sum")), ZERO_HOURS
            ),
            people=Coalesce(Subquery(people.annotate(count=Count("pk")).values("count")), 0),
            completed=Coalesce(
                Subquery(
                    people.filter(status=EnrolmentStatus.COMPLETED)
                    .annotate(count=Count("pk"))
                    .values("count")
                ),
                0,
            ),
        )


def _of_cohort(name: str) -> QuerySet:
    """Rows of the outer query's cohort, as one group; models.py imports this file, not the other way round."""
    return apps.get_model("training", name).objects.filter(cohort=OuterRef("pk")).order_by().values("cohort")


class SessionQuerySet(VisibleQuerySet):
    def _for_staff(self, actor):
        return self

    def _for_trainer(self, actor):
        """All times of one's own cohorts, those of the other trainers too."""
        return self.filter(cohort__in=self.model.cohorts_taught_by(actor.user_id))


class TrainerQuerySet(VisibleQuerySet):
    def _for_staff(self, actor):
        return self

    def _for_trainer(self, actor):
        """Oneself and those with whom one teaches a cohort."""
        return self.filter(
            Q(user_id=actor.user_id)
            | Q(
                pk__in=self.model.sessions.through.objects.filter(
                    session__cohort__in=self.model.cohorts_taught_by(actor.user_id)
                ).values("trainer_id")
            )
        )


class EnrolmentQuerySet(VisibleQuerySet):
    def _for_staff(self, actor):
        return self

    def _for_trainer(self, actor):
        """The people of one's own cohorts, once they have been accepted."""
        return self.filter(cohort__in=self.model.cohorts_taught_by(actor.user_id)).exclude(
            status__in=[EnrolmentStatus.APPLIED, EnrolmentStatus.REJECTED]
        )

    def completed(self):
        """Those who may be taken in as partners."""
        return self.filter(status=EnrolmentStatus.COMPLETED)

    def with_hours(self):
        """`attended_hours`: the sum of attended hours."""
        return self.annotate(attended_hours=Coalesce(Sum("attendances__hours"), ZERO_HOURS))

    def not_withdrawn(self):
        """Those who are or were really in the cohort."""
        return self.exclude(Q(status=EnrolmentStatus.REJECTED) | Q(status=EnrolmentStatus.APPLIED))


class AttendanceQuerySet(VisibleQuerySet):
    def _for_staff(self, actor):
        return self

    def _for_trainer(self, actor):
        return self.filter(enrolment__cohort__in=self.model.cohorts_taught_by(actor.user_id))
