"""Assignments, who takes part in them, and what the orderer says afterwards (A6–A11, A32, B20–B23)."""

import datetime
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import today
from kumppani.core.models import BaseModel
from kumppani.core.privacy import Privacy, Retention
from kumppani.core.states import StatefulModel
from kumppani.core.validators import no_identity_code
from kumppani.organisations.models import Grant, Organisation
from pairing.models import ExperiencePartner
from tasks.arithmetic import FeeUnit, share_of
from tasks.models.kinds import AssignmentKind
from tasks.querysets import AssignmentQuerySet, OrdererFeedbackQuerySet, ParticipationQuerySet
from tasks.states import (
    ASSIGNMENT_TONES,
    ASSIGNMENT_TRANSITIONS,
    COMING,
    PARTICIPATION_TONES,
    PARTICIPATION_TRANSITIONS,
    AssignmentStatus,
    ParticipationStatus,
)

# Until so many days afterwards a partner writes how long preparing took.
PREPARATION_DAYS = 14
# Calling off with fewer days to go counts as late: the partner has prepared, and no other work comes in its place.
LATE_DAYS = 2


class DevelopmentTarget(models.TextChoices):
    """B21."""

    SERVICES = "services", _("services for clients")
    WAYS_OF_WORKING = "ways", _("the staff's ways of working")


class Payer(models.TextChoices):
    PROJECT = "project", _("the project")
    ORDERER = "orderer", _("the orderer")


class CancelledBy(models.TextChoices):
    ORDERER = "orderer", _("the orderer")
    PROJECT = "project", _("the project")
    PARTNERS = "partners", _("the partners could not come")


class AgreedHow(models.TextChoices):
    """How the orderer agreed to the fees."""

    LINK = "link", _("by the link")
    STAFF = "staff", _("told to the staff")


class Assignment(StatefulModel):
    """One assignment for one organisation; with many partners it still counts once (R5)."""

    TRANSITIONS = ASSIGNMENT_TRANSITIONS

    kind = models.ForeignKey(AssignmentKind, verbose_name=_("kind"), on_delete=models.PROTECT)
    title = models.CharField(_("what"), max_length=140)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("for whom"), on_delete=models.PROTECT, related_name="assignments"
    )
    order = models.OneToOneField(
        "tasks.Order",
        verbose_name=_("order from an organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assignment",
    )
    date = models.DateField(_("date"))
    starts_at = models.TimeField(_("time"), null=True, blank=True)
    hours = models.DecimalField(
        _("hours"), max_digits=4, decimal_places=1, validators=[MinValueValidator(Decimal("0.5"))]
    )
    place = models.CharField(_("where"), max_length=120, blank=True, validators=[no_identity_code])
    partners_wanted = models.PositiveSmallIntegerField(
        _("how many partners"), default=1, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    audience = models.CharField(_("audience"), max_length=120, blank=True)
    audience_size = models.PositiveIntegerField(_("how many in the audience"), null=True, blank=True)
    target = models.CharField(
        _("what it develops"), max_length=10, choices=DevelopmentTarget.choices, blank=True
    )
    payer = models.CharField(_("who pays"), max_length=10, choices=Payer.choices, default=Payer.PROJECT)
    grant = models.ForeignKey(
        Grant, verbose_name=_("grant"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # What the orderer pays for all the fees together, when the orderer pays: agreed before the assignment (R7).
    # Journeys come on top of it: each claim says for itself what it comes to.
    orderer_amount = models.DecimalField(
        _("what the orderer pays"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    orderer_agreed_on = models.DateField(_("agreed by the orderer on"), null=True, blank=True)
    orderer_agreed_how = models.CharField(
        _("agreed by the orderer"), max_length=10, choices=AgreedHow.choices, blank=True
    )
    cancelled_on = models.DateField(_("called off on"), null=True, blank=True)
    cancelled_by = models.CharField(
        _("called off by"), max_length=10, choices=CancelledBy.choices, blank=True
    )
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=AssignmentStatus.choices,
        default=AssignmentStatus.REQUESTED,
        editable=False,
    )

    objects = AssignmentQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.ACCOUNTING,
        internal=(
            "kind",
            "title",
            "organisation",
            "order",
            "date",
            "starts_at",
            "hours",
            "place",
            "partners_wanted",
            "audience",
            "audience_size",
            "target",
            "payer",
            "grant",
            "orderer_amount",
            "orderer_agreed_on",
            "orderer_agreed_how",
            "cancelled_on",
            "cancelled_by",
            "status",
        ),
    )

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        indexes = [
            models.Index(fields=["-date", "-id"], name="assignment_by_date"),
            models.Index(fields=["status", "date", "id"], name="assignment_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(hours__gt=0, hours__lte=100),
                name="assignment_hours_sensible",
                violation_error_message=_("Hours are between half an hour and 100."),
            ),
            models.CheckConstraint(
                condition=Q(partners_wanted__gte=1, partners_wanted__lte=20),
                name="assignment_partners_sensible",
                violation_error_message=_("Ask for 1 to 20 partners."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=AssignmentStatus.values),
                name="assignment_status_known",
                violation_error_message=_("This state is not known."),
            ),
            models.CheckConstraint(
                condition=Q(payer="project", grant__isnull=False) | Q(payer="orderer", grant__isnull=True),
                name="assignment_names_its_grant",
                violation_error_message=_("Name the grant when, and only when, the project pays."),
            ),
            models.CheckConstraint(
                condition=Q(payer="orderer") | Q(orderer_amount__isnull=True),
                name="assignment_orderer_pays_its_own",
                violation_error_message=_("The orderer's sum is written only where the orderer pays."),
            ),
            models.CheckConstraint(
                condition=Q(orderer_amount__isnull=True) | Q(orderer_amount__gt=0),
                name="assignment_orderer_amount_positive",
                violation_error_message=_("What the orderer pays is more than 0 €."),
            ),
            models.CheckConstraint(
                condition=Q(orderer_agreed_on__isnull=True, orderer_agreed_how="")
                | (
                    Q(orderer_agreed_on__isnull=False, orderer_amount__isnull=False)
                    & ~Q(orderer_agreed_how="")
                ),
                name="assignment_orderer_agreed_how",
                violation_error_message=_("What the orderer agreed to has a sum, a day and a way."),
            ),
            models.CheckConstraint(
                condition=Q(cancelled_on__isnull=True, cancelled_by="")
                | (Q(status="cancelled", cancelled_on__isnull=False) & ~Q(cancelled_by="")),
                name="assignment_cancelled_by_somebody",
                violation_error_message=_("Say on which day and by whom it was called off."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("assignment_detail", args=[self.pk])

    @property
    def tone(self) -> str:
        return ASSIGNMENT_TONES[self.status]

    @property
    def is_coming(self) -> bool:
        return self.status in COMING

    @property
    def day_is_over(self) -> bool:
        """What is agreed beforehand (R7) can be agreed on the day itself, and not after it."""
        return self.date < today()

    @property
    def waits_for_marking(self) -> bool:
        """Its day is over, and nobody has said yet whether it was done."""
        return self.status == AssignmentStatus.AGREED and self.day_is_over

    @property
    def waits_for_orderer(self) -> bool:
        """The orderer pays and has not agreed to the sum yet (R7)."""
        return self.payer == Payer.ORDERER and self.orderer_agreed_on is None

    def is_too_little(self, fees: Decimal) -> bool:
        """Whether the orderer pays, and these fees together, in euros, are more than the orderer's sum."""
        return self.payer == Payer.ORDERER and self.orderer_amount is not None and fees > self.orderer_amount

    @property
    def would_be_late(self) -> bool:
        """Whether calling it off today is late."""
        return today() + datetime.timedelta(days=LATE_DAYS) > self.date

    @property
    def was_called_off_late(self) -> bool:
        return (
            self.cancelled_on is not None
            and self.cancelled_on + datetime.timedelta(days=LATE_DAYS) > self.date
        )

    def can_offer(self, actor) -> bool:
        """Partners are asked until the day itself, because the fee is agreed beforehand (R7)."""
        return actor.role == "staff" and self.is_coming and not self.day_is_over

    def can_edit(self, actor) -> bool:
        """The facts may be mended until it is done or called off."""
        return actor.role == "staff" and self.is_coming

    def can_confirm(self, actor) -> bool:
        """Staff say that it is on, once somebody has said yes and the sum is agreed."""
        return actor.role == "staff" and self.may_move_to(AssignmentStatus.AGREED)

    def can_complete(self, actor) -> bool:
        """Done on its day at the earliest, and with the orderer's yes to a sum that has changed since."""
        return (
            actor.role == "staff"
            and self.may_move_to(AssignmentStatus.DONE)
            and self.date <= today()
            and not self.waits_for_orderer
        )

    def can_cancel(self, actor) -> bool:
        return actor.role == "staff" and self.may_move_to(AssignmentStatus.CANCELLED)


class Participation(StatefulModel):
    """One partner in one assignment, with the fee agreed beforehand (R7). Without a sum it is volunteering."""

    TRANSITIONS = PARTICIPATION_TRANSITIONS

    assignment = models.ForeignKey(
        Assignment, verbose_name=_("assignment"), on_delete=models.PROTECT, related_name="participations"
    )
    partner = models.ForeignKey(
        ExperiencePartner,
        verbose_name=_("experience partner"),
        on_delete=models.PROTECT,
        related_name="participations",
    )
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=ParticipationStatus.choices,
        default=ParticipationStatus.OFFERED,
        editable=False,
    )
    fee_amount = models.DecimalField(
        _("agreed fee"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    fee_agreed_on = models.DateField(_("fee agreed on"))
    fee_unit = models.CharField(
        _("unit of the fee"), max_length=10, choices=FeeUnit.choices, default=FeeUnit.TASK
    )
    fee_quantity = models.DecimalField(
        _("how many units"), max_digits=6, decimal_places=2, default=Decimal(1)
    )
    preparation_minutes = models.PositiveSmallIntegerField(
        _("minutes of preparation"), null=True, blank=True, validators=[MaxValueValidator(6000)]
    )
    # Called off late: how much of the fee is paid all the same, in percent.
    late_share = models.PositiveSmallIntegerField(
        _("paid although called off, in percent"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )

    objects = ParticipationQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.ACCOUNTING,
        about=("partner",),
        internal=("assignment", "status"),
        personal=(
            "partner",
            "fee_amount",
            "fee_agreed_on",
            "fee_unit",
            "fee_quantity",
            "preparation_minutes",
            "late_share",
        ),
    )

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        indexes = [models.Index(fields=["partner", "status"], name="participation_of_partner")]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "partner"],
                name="participation_once",
                violation_error_message=_("This partner has been asked already."),
            ),
            models.CheckConstraint(
                condition=Q(fee_amount__isnull=True) | Q(fee_amount__gt=0),
                name="participation_fee_positive",
                violation_error_message=_("A fee is more than 0 €."),
            ),
            models.CheckConstraint(
                condition=Q(fee_quantity__gt=0),
                name="participation_quantity_positive",
                violation_error_message=_("The quantity is more than 0."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=ParticipationStatus.values),
                name="participation_status_known",
                violation_error_message=_("This state is not known."),
            ),
            models.CheckConstraint(
                condition=Q(late_share__isnull=True) | Q(late_share__lte=100, status="cancelled"),
                name="participation_late_share_sensible",
                violation_error_message=_("From 0 to 100 percent, for an assignment called off."),
            ),
            models.CheckConstraint(
                condition=Q(preparation_minutes__isnull=True) | Q(preparation_minutes__lte=6000),
                name="participation_preparation_sensible",
                violation_error_message=_("Preparation is at most 100 hours."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status}"

    def get_absolute_url(self) -> str:
        return reverse("assignment_detail", args=[self.assignment_id])

    @property
    def tone(self) -> str:
        return PARTICIPATION_TONES[self.status]

    @property
    def is_unpaid(self) -> bool:
        """Volunteering, agreed so beforehand."""
        return self.fee_amount is None

    @property
    def owed(self) -> Decimal:
        """What is to be paid for it in euros as things stand: the fee when done, a share when called off late."""
        if self.fee_amount is None:
            return Decimal(0)
        if self.status == ParticipationStatus.DONE:
            return self.fee_amount
        if self.status == ParticipationStatus.CANCELLED and self.late_share:
            return share_of(self.fee_amount, self.late_share)
        return Decimal(0)

    def can_answer(self, actor) -> bool:
        """The partner answers for her- or himself."""
        return (
            actor.role == "partner"
            and self.partner.user_id == actor.user_id
            and self.status == ParticipationStatus.OFFERED
        )

    def can_step_down(self, actor) -> bool:
        """Who has said yes may still have to say no, without a reason."""
        return (
            actor.role == "partner"
            and self.partner.user_id == actor.user_id
            and self.status == ParticipationStatus.ACCEPTED
            and self.assignment.is_coming
        )

    def can_write_preparation(self, actor) -> bool:
        """The partner writes down how long preparing took, until a while after the day."""
        last = self.assignment.date + datetime.timedelta(days=PREPARATION_DAYS)
        return (
            actor.role == "partner"
            and self.partner.user_id == actor.user_id
            and self.status in (ParticipationStatus.ACCEPTED, ParticipationStatus.DONE)
            and today() <= last
        )

    def can_claim_travel(self, actor) -> bool:
        """Whoever takes part may claim the journey from the assignment's day on."""
        return (
            actor.role == "partner"
            and self.partner.user_id == actor.user_id
            and self.status in (ParticipationStatus.ACCEPTED, ParticipationStatus.DONE)
            and self.assignment.date <= today()
        )

    def can_take_back(self, actor) -> bool:
        """Staff take back an offer that nobody has answered."""
        return actor.role == "staff" and self.status == ParticipationStatus.OFFERED

    def can_count_after_all(self, actor) -> bool:
        """Staff mend their own mistake: who had said yes and was left out when it was marked as done did take part."""
        return actor.role == "staff" and type(self).objects.left_out().filter(pk=self.pk).exists()


class OrdererFeedback(BaseModel):
    """What the orderer thinks of a done assignment: a grade, words, and whether they may be quoted (A25, A32)."""

    assignment = models.OneToOneField(
        Assignment, verbose_name=_("assignment"), on_delete=models.CASCADE, related_name="feedback"
    )
    grade = models.PositiveSmallIntegerField(
        _("grade"),
        choices=[
            (1, _("1 – not at all what we needed")),
            (2, _("2 – weak")),
            (3, _("3 – fair")),
            (4, _("4 – good")),
            (5, _("5 – excellent")),
        ],
    )
    words = models.CharField(_("in your words"), max_length=600, blank=True, validators=[no_identity_code])
    quote_consent = models.BooleanField(_("may be quoted without names"), default=False)

    objects = OrdererFeedbackQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.ACCOUNTING, internal=("assignment", "grade", "words", "quote_consent")
    )

    class Meta:
        verbose_name = _("orderer's feedback")
        verbose_name_plural = _("orderers' feedback")
        constraints = [
            models.CheckConstraint(
                condition=Q(grade__gte=1, grade__lte=5),
                name="orderer_feedback_grade_known",
                violation_error_message=_("Choose a grade from 1 to 5."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.grade}"
