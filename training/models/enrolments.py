"""People on their way through a cohort: from applying to the completed training (B4–B9, A37)."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.links import PurposeLink
from kumppani.accounts.models import User
from kumppani.core.dates import today
from kumppani.core.models import BaseModel
from kumppani.core.privacy import Erase, Privacy, Retention
from kumppani.core.states import MoveRefused, StatefulModel
from kumppani.core.templatetags.kumppani import number
from training.models.cohorts import Cohort, Session
from training.querysets import ApplicantLinkQuerySet, AttendanceQuerySet, EnrolmentQuerySet
from training.states import ENROLMENT_TONES, ENROLMENT_TRANSITIONS, UNDER_WAY, WAITING, EnrolmentStatus


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
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    applied_on = models.DateField(_("applied"), null=True, blank=True)
    has_experience = models.BooleanField(
        _("has gone through child protection with a child of their own"),
        default=False,
        help_text=_("Their own word; nothing is proved (B4)."),
    )
    is_settled = models.BooleanField(_("the own situation is calm enough now"), default=False)
    interview_at = models.DateTimeField(_("interview"), null=True, blank=True, editable=False)
    interview_place = models.CharField(
        _("place of the interview"), max_length=160, blank=True, editable=False
    )
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=EnrolmentStatus.choices,
        default=EnrolmentStatus.APPLIED,
        editable=False,
    )
    answered_on = models.DateField(_("answered"), null=True, blank=True, editable=False)
    completed_on = models.DateField(_("completed on"), null=True, blank=True, editable=False)
    ended_on = models.DateField(
        _("withdrawn, not chosen or broken off"), null=True, blank=True, editable=False
    )

    # The staff are told once that the hours will not reach the limit.
    short_told_on = models.DateField(_("too few hours, told on"), null=True, blank=True, editable=False)

    objects = EnrolmentQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.APPLICATION,
        about=("self",),
        internal=(
            "cohort",
            "language",
            "applied_on",
            "answered_on",
            "completed_on",
            "ended_on",
            "short_told_on",
        ),
        personal=("interview_at", "interview_place"),
        special=("first_name", "last_name", "email", "phone", "has_experience", "is_settled", "status"),
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

    def get_absolute_url(self) -> str:
        """The application, for the staff."""
        return reverse("application_detail", args=[self.pk])

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
    def is_waiting(self) -> bool:
        """Whether an answer of the staff is waited for."""
        return self.status in WAITING

    @property
    def interview_day(self):
        """The day of the interview by the clocks of Finland, or None."""
        return None if self.interview_at is None else timezone.localdate(self.interview_at)

    @property
    def is_under_way(self) -> bool:
        """Whether the person has a place in a training to come or under way."""
        return self.status in UNDER_WAY

    @staticmethod
    def cohorts_taught_by(user_id):
        """For the queryset: a trainer's cohorts."""
        return Cohort.taught_by(user_id)

    def hours(self) -> Decimal:
        """Hours that count: attended and made up."""
        found = self.attendances.aggregate(hours=Sum(F("hours") + F("made_up_hours")))
        return found["hours"] or Decimal(0)

    def asked_for_feedback(self) -> bool:
        """Whether a letter has asked how the training was."""
        return self.links.filter(letter=ApplicantLetter.FEEDBACK).exists()

    def may_give_feedback(self) -> bool:
        """Whether it has been asked for and not been given by any of the person's links: what was said is not known."""
        return (
            self.is_completed and self.asked_for_feedback() and not self.links.filter(is_used=True).exists()
        )

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


class MakeUp(models.TextChoices):
    """How missed hours were made up. Ready words: a learner's own text is nobody's record (B9)."""

    TASK = "task", _("a task to read or write")
    TALK = "talk", _("a talk with a trainer")
    OTHER_COHORT = "other_cohort", _("the same session with another cohort")
    RECORDING = "recording", _("a recording")
    OTHER = "other", _("in another way")


class Attendance(BaseModel):
    """Hours one person was present at one session, 0 for absent, and hours made up later. No row: not marked yet."""

    session = models.ForeignKey(
        Session, verbose_name=_("session"), on_delete=models.CASCADE, related_name="attendances"
    )
    enrolment = models.ForeignKey(
        Enrolment, verbose_name=_("enrolment"), on_delete=models.CASCADE, related_name="attendances"
    )
    hours = models.DecimalField(_("hours"), max_digits=4, decimal_places=1)

    made_up_hours = models.DecimalField(
        _("hours made up"), max_digits=4, decimal_places=1, default=Decimal(0)
    )
    made_up_how = models.CharField(_("made up by"), max_length=20, choices=MakeUp.choices, blank=True)
    made_up_on = models.DateField(_("made up on"), null=True, blank=True)
    marked_by = models.ForeignKey(
        User, verbose_name=_("marked by"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = AttendanceQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.TRAINING,
        about=("enrolment",),
        internal=("session", "hours", "made_up_hours", "made_up_how", "made_up_on", "marked_by"),
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
            models.CheckConstraint(
                condition=Q(made_up_hours=0, made_up_how="", made_up_on__isnull=True)
                | Q(
                    made_up_hours__gt=0,
                    made_up_hours__lte=24,
                    made_up_how__in=MakeUp.values,
                    made_up_on__isnull=False,
                ),
                name="attendance_made_up_whole",
                violation_error_message=_("Hours that were made up say how many, how and when."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hours} h"

    @staticmethod
    def cohorts_taught_by(user_id):
        """For the queryset: a trainer's cohorts."""
        return Cohort.taught_by(user_id)


class ApplicantLetter(models.TextChoices):
    """What a letter to somebody in the training says."""

    RECEIVED = "received", _("the application has come")
    INTERVIEW = "interview", _("a time for an interview")
    ACCEPTED = "accepted", _("accepted")
    RESERVE = "reserve", _("on the reserve list")
    REJECTED = "rejected", _("not chosen this time")
    WITHDRAWN = "withdrawn", _("withdrawn")
    CALLED_OFF = "called_off", _("the cohort was called off")
    CHANGED = "changed", _("a change in the programme")
    FEEDBACK = "feedback", _("how was the training?")
    RENEWED = "renewed", _("a fresh link")


class ApplicantLink(PurposeLink):
    """A one-purpose link for somebody in the training, who has no account: how the application stands, withdrawing,
    and the feedback after the training (trust.md 1).

    `is_used`: the feedback asked for with this letter has been given. It has no time, and nothing leads from the
    feedback back to the link.
    """

    LINKED = "enrolment"

    enrolment = models.ForeignKey(
        Enrolment, verbose_name=_("enrolment"), on_delete=models.CASCADE, related_name="links"
    )
    letter = models.CharField(_("letter"), max_length=10, choices=ApplicantLetter.choices)
    is_used = models.BooleanField(_("used"), default=False)

    objects = ApplicantLinkQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.SHORT,
        about=("enrolment",),
        internal=(
            "letter",
            "is_used",
            "expires_at",
            "revoked_at",
            "letter_sent_at",
            "letter_given_up_at",
        ),
        special=("enrolment", "sent_to"),
        secret=("token_hash",),
        erase=Erase.DELETE_ROW,
    )

    class Meta:
        verbose_name = _("link of an applicant")
        verbose_name_plural = _("links of applicants")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["token_hash"], name="applicant_link_token")]
        constraints = [
            models.CheckConstraint(
                condition=Q(letter__in=ApplicantLetter.values),
                name="applicant_link_letter_known",
                violation_error_message=_("This letter is not known."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.letter}"

    @property
    def address_now(self) -> str:
        return self.enrolment.email
