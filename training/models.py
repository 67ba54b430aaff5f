"""Training: cohorts, their sessions and trainers, and the people who take part (B4–B13, A37).

The trainee's own story is never stored (B9). A completed enrolment is the only door to becoming a partner; the taking
in is done in `pairing`, of which this room knows nothing.
"""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.models import User
from kumppani.core.dates import today
from kumppani.core.models import BaseModel
from kumppani.core.privacy import Privacy, Retention
from kumppani.core.states import MoveRefused, StatefulModel
from kumppani.core.templatetags.kumppani import number
from kumppani.organisations.models import Grant
from training.querysets import (
    AttendanceQuerySet,
    CohortQuerySet,
    EnrolmentQuerySet,
    SessionQuerySet,
    TrainerQuerySet,
)
from training.states import (
    COHORT_TONES,
    COHORT_TRANSITIONS,
    ENROLMENT_TONES,
    ENROLMENT_TRANSITIONS,
    CohortStatus,
    EnrolmentStatus,
)

DAYS_IN_A_MONTH = 30.44


class SessionKind(models.TextChoices):
    """B10–B12, B42."""

    LECTURE = "lecture", _("lecture")
    PEER = "peer", _("peer session")
    VISIT = "visit", _("visit to a partner organisation")
    SUPERVISION = "supervision", _("supervision")


class Trainer(BaseModel):
    """A trainer and what she or he knows (B11). External trainers need no account."""

    name = models.CharField(_("name"), max_length=120)
    expertise = models.CharField(_("expertise"), max_length=200)
    user = models.OneToOneField(
        User, verbose_name=_("user"), null=True, blank=True, on_delete=models.SET_NULL, related_name="trainer"
    )

    objects = TrainerQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.TRAINING, about=("user",), internal=("user",), personal=("name", "expertise")
    )

    class Meta:
        verbose_name = _("trainer")
        verbose_name_plural = _("trainers")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def cohorts_taught_by(user_id):
        """For the queryset: a trainer's cohorts."""
        return Cohort.taught_by(user_id)


class Cohort(StatefulModel):
    """A half-yearly training of about five months and 100 hours (B8, B13): all of it data."""

    TRANSITIONS = COHORT_TRANSITIONS

    name = models.CharField(_("name"), max_length=80)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    planned_hours = models.DecimalField(
        _("planned hours"),
        max_digits=5,
        decimal_places=1,
        default=Decimal(100),
        validators=[MinValueValidator(1)],
    )
    required_share = models.PositiveSmallIntegerField(
        _("required share of the hours, per cent"),
        default=80,
        help_text=_("Completing needs this share of the hours."),
    )
    grant = models.ForeignKey(Grant, verbose_name=_("grant"), null=True, blank=True, on_delete=models.PROTECT)
    status = models.CharField(
        _("state"), max_length=20, choices=CohortStatus.choices, default=CohortStatus.PLANNED, editable=False
    )

    objects = CohortQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.TRAINING,
        public=("name", "starts_on", "ends_on", "planned_hours", "required_share", "grant", "status"),
    )

    class Meta:
        verbose_name = _("training cohort")
        verbose_name_plural = _("training cohorts")
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                name="cohort_name_once",
                violation_error_message=_("There is a cohort with this name already."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")),
                name="cohort_dates_in_order",
                violation_error_message=_("The last day cannot be before the first day."),
            ),
            models.CheckConstraint(
                condition=Q(required_share__gte=1, required_share__lte=100),
                name="cohort_share_is_a_percentage",
                violation_error_message=_("The share is between 1 and 100 per cent."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=CohortStatus.values),
                name="cohort_status_known",
                violation_error_message=_("This state is not known."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("cohort_detail", args=[self.pk])

    @classmethod
    def taught_by(cls, user_id):
        """Ids of the cohorts in which this user is a trainer of at least one session."""
        return Session.objects.filter(trainers__user_id=user_id).values("cohort_id")

    @property
    def tone(self) -> str:
        return COHORT_TONES[self.status]

    @property
    def months(self) -> int:
        """How long it lasts, in whole months, rounded."""
        return max(1, round((self.ends_on - self.starts_on).days / DAYS_IN_A_MONTH))

    @property
    def required_hours(self) -> Decimal:
        """Hours that completing needs."""
        return self.planned_hours * self.required_share / 100


class Session(BaseModel):
    """One time of training: a date, its hours, its theme, its trainers."""

    cohort = models.ForeignKey(
        Cohort, verbose_name=_("cohort"), on_delete=models.CASCADE, related_name="sessions"
    )
    date = models.DateField(_("date"))
    hours = models.DecimalField(_("hours"), max_digits=4, decimal_places=1)
    kind = models.CharField(
        _("kind"), max_length=20, choices=SessionKind.choices, default=SessionKind.LECTURE
    )
    theme = models.CharField(_("theme"), max_length=160)
    trainers = models.ManyToManyField(
        Trainer, verbose_name=_("trainers"), blank=True, related_name="sessions"
    )

    objects = SessionQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.TRAINING,
        public=("cohort", "date", "hours", "kind", "theme"),
        internal=("trainers",),
    )

    class Meta:
        verbose_name = _("training session")
        verbose_name_plural = _("training sessions")
        ordering = ["date", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(hours__gt=0, hours__lte=24),
                name="session_hours_sensible",
                violation_error_message=_("A session lasts more than 0 and at most 24 hours."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=SessionKind.values),
                name="session_kind_known",
                violation_error_message=_("Choose the kind of session from the list."),
            ),
        ]

    def __str__(self) -> str:
        return self.theme

    @staticmethod
    def cohorts_taught_by(user_id):
        """For the queryset: a trainer's cohorts."""
        return Cohort.taught_by(user_id)


class Enrolment(StatefulModel):
    """A person's way through one cohort."""

    TRANSITIONS = ENROLMENT_TRANSITIONS

    cohort = models.ForeignKey(
        Cohort, verbose_name=_("cohort"), on_delete=models.PROTECT, related_name="enrolments"
    )
    first_name = models.CharField(_("first name"), max_length=60)
    last_name = models.CharField(_("last name"), max_length=60)
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=[("fi", _("Finnish")), ("sv", _("Swedish"))]
    )
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=EnrolmentStatus.choices,
        default=EnrolmentStatus.APPLIED,
        editable=False,
    )
    completed_on = models.DateField(_("completed on"), null=True, blank=True, editable=False)

    objects = EnrolmentQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.TRAINING,
        about=("self",),
        internal=("cohort", "language", "completed_on"),
        special=("first_name", "last_name", "email", "status"),
        note="Being in the training tells that the person has been in child protection with a child (B4).",
    )

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["last_name", "first_name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=EnrolmentStatus.COMPLETED, completed_on__isnull=False)
                | (~Q(status=EnrolmentStatus.COMPLETED) & Q(completed_on__isnull=True)),
                name="enrolment_completed_has_date",
                violation_error_message=_(
                    "A completed enrolment has the date of completion, others have none."
                ),
            ),
            models.CheckConstraint(
                condition=Q(status__in=EnrolmentStatus.values),
                name="enrolment_status_known",
                violation_error_message=_("This state is not known."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def tone(self) -> str:
        return ENROLMENT_TONES[self.status]

    @property
    def is_completed(self) -> bool:
        return self.status == EnrolmentStatus.COMPLETED

    @property
    def is_under_way(self) -> bool:
        return self.status in (EnrolmentStatus.ACCEPTED, EnrolmentStatus.ATTENDING)

    @staticmethod
    def cohorts_taught_by(user_id):
        """For the queryset: a trainer's cohorts."""
        return Cohort.taught_by(user_id)

    def hours(self) -> Decimal:
        """Attended hours."""
        return self.attendances.aggregate(hours=Sum("hours"))["hours"] or Decimal(0)

    def complete(self, *, by, on=None) -> None:
        """Mark the training completed. Needs the cohort's share of the hours (B8); a person confirms it.

        Raises `MoveRefused` with the missing hours in words.
        """
        needed, hours = self.cohort.required_hours, self.hours()
        if hours < needed:
            raise MoveRefused(
                gettext("%(hours)s of the %(needed)s hours that completing needs have been attended.")
                % {"hours": number(hours), "needed": number(needed)}
            )
        self.move_to(EnrolmentStatus.COMPLETED, by=by, completed_on=on or today())


class Attendance(BaseModel):
    """Hours one person was present at one session."""

    session = models.ForeignKey(
        Session, verbose_name=_("session"), on_delete=models.CASCADE, related_name="attendances"
    )
    enrolment = models.ForeignKey(
        Enrolment, verbose_name=_("enrolment"), on_delete=models.CASCADE, related_name="attendances"
    )
    hours = models.DecimalField(_("hours"), max_digits=4, decimal_places=1)

    objects = AttendanceQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.TRAINING,
        about=("enrolment",),
        internal=("session", "hours"),
        special=("enrolment",),
    )

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "enrolment"],
                name="attendance_once_per_session",
                violation_error_message=_("The attendance of this session has been recorded already."),
            ),
            models.CheckConstraint(
                condition=Q(hours__gte=0, hours__lte=24),
                name="attendance_hours_sensible",
                violation_error_message=_("Hours are between 0 and 24."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hours} h"

    @staticmethod
    def cohorts_taught_by(user_id):
        """For the queryset: a trainer's cohorts."""
        return Cohort.taught_by(user_id)
