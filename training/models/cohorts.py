"""Cohorts, their sessions and trainers (B8–B13)."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.models import User
from kumppani.accounts.roles import Role
from kumppani.core.dates import today
from kumppani.core.models import BaseModel
from kumppani.core.privacy import Privacy, Retention
from kumppani.core.states import StatefulModel
from kumppani.organisations.models import Grant, Organisation
from training.querysets import CohortQuerySet, SessionQuerySet, TrainerQuerySet
from training.states import COHORT_TONES, COHORT_TRANSITIONS, OPEN, CohortStatus

DAYS_IN_A_MONTH = 30.44


class SessionKind(models.TextChoices):
    """B9–B12, B42. Of the work on one's own experience only the hours are kept, never the story (B9)."""

    LECTURE = "lecture", _("lecture")
    PEER = "peer", _("peer session")
    OWN_EXPERIENCE = "own_experience", _("work on one's own experience")
    ETHICS = "ethics", _("ethics")
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
    language = models.CharField(
        _("language"), max_length=2, choices=[("fi", _("Finnish")), ("sv", _("Swedish"))], default="fi"
    )
    place = models.CharField(
        _("place"), max_length=120, blank=True, help_text=_("The town, and whether some of it is online.")
    )
    about = models.TextField(
        _("what applicants should know"),
        max_length=1500,
        blank=True,
        help_text=_(
            "Everybody can read this: on which days and at what time you meet, who teaches, what is paid for,"
            " whom one can ring with a question."
        ),
    )
    places = models.PositiveSmallIntegerField(
        _("places"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    apply_from = models.DateField(_("applications from"), null=True, blank=True)
    apply_until = models.DateField(_("applications until"), null=True, blank=True)
    grant = models.ForeignKey(Grant, verbose_name=_("grant"), null=True, blank=True, on_delete=models.PROTECT)
    status = models.CharField(
        _("state"), max_length=20, choices=CohortStatus.choices, default=CohortStatus.PLANNED, editable=False
    )

    objects = CohortQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.TRAINING,
        public=(
            "name",
            "starts_on",
            "ends_on",
            "planned_hours",
            "required_share",
            "language",
            "place",
            "about",
            "places",
            "apply_from",
            "apply_until",
            "grant",
            "status",
        ),
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
                condition=Q(apply_from__lte=F("apply_until"))
                | Q(apply_from__isnull=True)
                | Q(apply_until__isnull=True),
                name="cohort_application_dates_in_order",
                violation_error_message=_("Applications cannot end before they begin."),
            ),
            models.CheckConstraint(
                condition=~Q(status=CohortStatus.RECRUITING) | Q(apply_until__isnull=False),
                name="cohort_recruits_until_a_day",
                violation_error_message=_("A cohort that is open for applications has a last day for them."),
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
    def is_open(self) -> bool:
        """Whether it is neither completed nor called off."""
        return self.status in OPEN

    def can_edit(self, actor) -> bool:
        """Whether the staff may mend its facts and its programme."""
        return actor.role == Role.STAFF and self.is_open

    def is_open_for_applications(self, on=None) -> bool:
        """Whether anybody may apply on this day (today): recruiting, and between the two days."""
        day = on or today()
        return (
            self.status == CohortStatus.RECRUITING
            and (self.apply_from is None or self.apply_from <= day)
            and day <= self.apply_until
        )

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
    starts_at = models.TimeField(_("begins"), null=True, blank=True)
    ends_at = models.TimeField(_("ends"), null=True, blank=True)
    room = models.CharField(_("place"), max_length=120, blank=True)
    link = models.URLField(
        _("link"),
        blank=True,
        help_text=_("To a meeting online."),
        validators=[URLValidator(schemes=["https"])],
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation that is visited"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    is_cancelled = models.BooleanField(_("called off"), default=False, editable=False)
    # Since those who come were told; they see on their page what is new.
    changed_on = models.DateField(_("day, time or place changed on"), null=True, blank=True, editable=False)
    trainers = models.ManyToManyField(
        Trainer, verbose_name=_("trainers"), blank=True, related_name="sessions"
    )

    objects = SessionQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.TRAINING,
        public=(
            "cohort",
            "date",
            "hours",
            "kind",
            "theme",
            "starts_at",
            "ends_at",
            "organisation",
            "is_cancelled",
            "changed_on",
        ),
        internal=("room", "link", "trainers"),
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
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")) | Q(ends_at__isnull=True) | Q(starts_at__isnull=True),
                name="session_times_in_order",
                violation_error_message=_("A session ends after it has begun."),
            ),
        ]

    def __str__(self) -> str:
        return self.theme

    def get_absolute_url(self) -> str:
        """Its line in the programme of the cohort."""
        return f"{reverse('cohort_detail', args=[self.cohort_id])}#session-{self.pk}"

    @property
    def minutes(self) -> int:
        """How long it takes: from the beginning to the end, or as many hours as count."""
        if self.starts_at is None or self.ends_at is None:
            return int(self.hours * 60)
        first, last = (time.hour * 60 + time.minute for time in (self.starts_at, self.ends_at))
        return last - first

    @staticmethod
    def cohorts_taught_by(user_id):
        """For the queryset: a trainer's cohorts."""
        return Cohort.taught_by(user_id)
