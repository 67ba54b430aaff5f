"""Who may see what of the training: staff all of it, a trainer the cohorts taught."""

from decimal import Decimal

from django.apps import apps
from django.db.models import Count, DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from kumppani.core.dates import today
from kumppani.core.querysets import VisibleQuerySet
from training.states import IN_COHORT, NEVER_BEGAN, WAITING, CohortStatus, EnrolmentStatus

ZERO_HOURS = Value(Decimal(0), output_field=DecimalField(max_digits=6, decimal_places=2))


class CohortQuerySet(VisibleQuerySet):
    def _for_staff(self, actor):
        return self

    def _for_trainer(self, actor):
        return self.filter(pk__in=self.model.taught_by(actor.user_id))

    def _for_visitor(self, actor):
        """Everybody may look at a cohort that one can apply to today."""
        return self.open_for_applications()

    def open_for_applications(self, on=None):
        """As `Cohort.is_open_for_applications`, for many."""
        day = on or today()
        return self.filter(Q(apply_from__isnull=True) | Q(apply_from__lte=day)).filter(
            status=CohortStatus.RECRUITING, apply_until__gte=day
        )

    def with_figures(self):
        """`session_hours`: the sum of the hours of the sessions that are held; `people`: how many really take or took
        part; `completed`: how many of them have completed. Each a question of its own, because joined rows would
        count each other."""
        people = _of_cohort("Enrolment").filter(status__in=IN_COHORT)
        return self.annotate(
            session_hours=Coalesce(
                Subquery(
                    _of_cohort("Session").filter(is_cancelled=False).annotate(sum=Sum("hours")).values("sum")
                ),
                ZERO_HOURS,
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

    def with_waiting(self):
        """`waiting`: how many wait for an answer of the staff."""
        waiting = _of_cohort("Enrolment").filter(status__in=WAITING)
        return self.annotate(
            waiting=Coalesce(Subquery(waiting.annotate(count=Count("pk")).values("count")), 0)
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

    def held(self):
        """Those that have not been called off."""
        return self.filter(is_cancelled=False)

    def in_order(self):
        """By day and hour; what has no hour comes last in its day."""
        return self.order_by("date", F("starts_at").asc(nulls_last=True), "id")

    def with_marks(self):
        """`attending`: how many attend the cohort; `marked`: how many of them have been marked, present or absent."""
        attending = (
            apps.get_model("training", "Enrolment")
            .objects.filter(cohort=OuterRef("cohort"), status=EnrolmentStatus.ATTENDING)
            .order_by()
            .values("cohort")
        )
        marks = (
            apps.get_model("training", "Attendance")
            .objects.filter(session=OuterRef("pk"), enrolment__status=EnrolmentStatus.ATTENDING)
            .order_by()
            .values("session")
        )
        return self.annotate(
            attending=Coalesce(Subquery(attending.annotate(count=Count("pk")).values("count")), 0),
            marked=Coalesce(Subquery(marks.annotate(count=Count("pk")).values("count")), 0),
        )

    def to_mark(self, now):
        """Those gone by, or of today, at which not everybody who attends has been marked."""
        return (
            self.held()
            .filter(cohort__status=CohortStatus.RUNNING, date__lte=now)
            .with_marks()
            .filter(marked__lt=F("attending"))
        )


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
        return self.filter(cohort__in=self.model.cohorts_taught_by(actor.user_id), status__in=IN_COHORT)

    def completed(self):
        """Those who may be taken in as partners."""
        return self.filter(status=EnrolmentStatus.COMPLETED)

    def with_hours(self):
        """`attended_hours`: the hours that count, attended or made up."""
        return self.annotate(
            attended_hours=Coalesce(
                Sum(F("attendances__hours") + F("attendances__made_up_hours")), ZERO_HOURS
            )
        )

    def waiting(self):
        """Those who wait for an answer of the staff."""
        return self.filter(status__in=WAITING)

    def never_began(self):
        """Those who applied and were never in the training."""
        return self.filter(status__in=NEVER_BEGAN)

    def in_cohort(self):
        """Those who are or were really in the cohort."""
        return self.filter(status__in=IN_COHORT)


class AttendanceQuerySet(VisibleQuerySet):
    def _for_staff(self, actor):
        return self

    def _for_trainer(self, actor):
        return self.filter(enrolment__cohort__in=self.model.cohorts_taught_by(actor.user_id))


class ApplicantLinkQuerySet(VisibleQuerySet):
    """Staff see that a letter went, and revoke its link. Its holder is no actor: the link's view asks `behind`."""

    def _for_staff(self, actor):
        return self


class CohortFeedbackQuerySet(VisibleQuerySet):
    """Single answers are visible to the staff and the cohort's trainers, and only where five or more have answered."""

    FEWEST = 5

    def _for_staff(self, actor):
        return self.enough()

    def _for_trainer(self, actor):
        taught = apps.get_model("training", "Cohort").taught_by(actor.user_id)
        return self.enough().filter(cohort__in=taught)

    def enough(self):
        """Only answers of cohorts with at least `FEWEST` of them."""
        others = (
            self.model.objects.filter(cohort=OuterRef("cohort"))
            .order_by()
            .values("cohort")
            .annotate(number=Count("pk"))
            .filter(number__gte=self.FEWEST)
        )
        return self.filter(Exists(others))
