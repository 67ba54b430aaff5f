"""Assignments and outreach, and the fees that follow from them (A6–A17, B20–B24, domain 3)."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.models import User
from kumppani.core.dates import today
from kumppani.core.models import BaseModel, StatusChange
from kumppani.core.privacy import Privacy, Retention
from kumppani.core.states import MoveRefused, StatefulModel
from kumppani.core.words import in_language
from kumppani.organisations.models import Grant, Organisation
from pairing.models import ExperiencePartner, Meeting
from tasks.querysets import (
    AssignmentKindQuerySet,
    AssignmentQuerySet,
    FeeQuerySet,
    FeeRuleQuerySet,
    ParticipationQuerySet,
)
from tasks.states import (
    ASSIGNMENT_TONES,
    ASSIGNMENT_TRANSITIONS,
    COMING,
    FEE_TONES,
    FEE_TRANSITIONS,
    PARTICIPATION_TONES,
    PARTICIPATION_TRANSITIONS,
    AssignmentStatus,
    FeeStatus,
    ParticipationStatus,
)


class Category(models.TextChoices):
    """What a kind of assignment counts as in the report (A11, A15)."""

    DEVELOPMENT = "development", _("development")
    INFLUENCE = "influence", _("influence")
    ACQUAINTANCE = "acquaintance", _("making the work known")
    MEDIA = "media", _("media")


class AssignmentKind(BaseModel):
    """A kind of assignment: editable data, because the list is open (A10)."""

    code = models.SlugField(_("code"), max_length=40)
    name_fi = models.CharField(_("name in Finnish"), max_length=80)
    name_sv = models.CharField(_("name in Swedish"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    category = models.CharField(_("counts as"), max_length=20, choices=Category.choices)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = AssignmentKindQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RULES, public=("code", "name_fi", "name_sv", "name_en", "category", "is_active")
    )

    class Meta:
        verbose_name = _("kind of assignment")
        verbose_name_plural = _("kinds of assignment")
        ordering = ["name_fi"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                name="assignment_kind_code_once",
                violation_error_message=_("There is a kind with this code already."),
            ),
            models.CheckConstraint(
                condition=Q(category__in=Category.values),
                name="assignment_kind_category_known",
                violation_error_message=_("Choose what the kind counts as."),
            ),
        ]

    def __str__(self) -> str:
        return in_language(self, "name")


class DevelopmentTarget(models.TextChoices):
    """B21."""

    SERVICES = "services", _("services for clients")
    WAYS_OF_WORKING = "ways", _("the staff's ways of working")


class Payer(models.TextChoices):
    PROJECT = "project", _("the project")
    ORDERER = "orderer", _("the orderer")


class Assignment(StatefulModel):
    """One assignment for one organisation; with many partners it still counts once (R5)."""

    TRANSITIONS = ASSIGNMENT_TRANSITIONS

    kind = models.ForeignKey(AssignmentKind, verbose_name=_("kind"), on_delete=models.PROTECT)
    title = models.CharField(_("what"), max_length=140)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("for whom"), on_delete=models.PROTECT, related_name="assignments"
    )
    date = models.DateField(_("date"))
    starts_at = models.TimeField(_("time"), null=True, blank=True)
    hours = models.DecimalField(
        _("hours"), max_digits=4, decimal_places=1, validators=[MinValueValidator(Decimal("0.5"))]
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
            "date",
            "starts_at",
            "hours",
            "audience",
            "audience_size",
            "target",
            "payer",
            "grant",
            "status",
        ),
    )

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        indexes = [models.Index(fields=["-date", "-id"], name="assignment_by_date")]
        constraints = [
            models.CheckConstraint(
                condition=Q(hours__gt=0, hours__lte=100),
                name="assignment_hours_sensible",
                violation_error_message=_("Hours are between half an hour and 100."),
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
    def waits_for_marking(self) -> bool:
        """Its day is over, and nobody has said yet whether it was done."""
        return self.status == AssignmentStatus.AGREED and self.date < today()

    def can_offer(self, actor) -> bool:
        """Partners are asked until the day itself, because the fee is agreed beforehand (R7)."""
        return actor.role == "staff" and self.is_coming and today() <= self.date

    def can_complete(self, actor) -> bool:
        """Done on its day at the earliest."""
        return actor.role == "staff" and self.may_move_to(AssignmentStatus.DONE) and self.date <= today()

    def can_cancel(self, actor) -> bool:
        return actor.role == "staff" and self.may_move_to(AssignmentStatus.CANCELLED)


class Participation(StatefulModel):
    """One partner in one assignment, with the fee agreed beforehand (R7)."""

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
        _("agreed fee"), max_digits=8, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    fee_agreed_on = models.DateField(_("fee agreed on"))

    objects = ParticipationQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.ACCOUNTING,
        about=("partner",),
        internal=("assignment", "status"),
        personal=("partner", "fee_amount", "fee_agreed_on"),
    )

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "partner"],
                name="participation_once",
                violation_error_message=_("This partner has been asked already."),
            ),
            models.CheckConstraint(
                condition=Q(fee_amount__gt=0),
                name="participation_fee_positive",
                violation_error_message=_("A fee is more than 0 €."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=ParticipationStatus.values),
                name="participation_status_known",
                violation_error_message=_("This state is not known."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status}"

    def get_absolute_url(self) -> str:
        return reverse("assignment_detail", args=[self.assignment_id])

    @property
    def tone(self) -> str:
        return PARTICIPATION_TONES[self.status]

    def can_answer(self, actor) -> bool:
        """The partner answers for her- or himself."""
        return (
            actor.role == "partner"
            and self.partner.user_id == actor.user_id
            and self.status == ParticipationStatus.OFFERED
        )


class FeeUnit(models.TextChoices):
    TASK = "task", _("per assignment")
    HOUR = "hour", _("per hour")


class FeeRule(BaseModel):
    """What is usually paid, from when to when (R8). No amounts are shipped: the programme sets its own (domain 3.2)."""

    kind = models.ForeignKey(
        AssignmentKind, verbose_name=_("kind"), on_delete=models.CASCADE, related_name="fee_rules"
    )
    unit = models.CharField(_("unit"), max_length=10, choices=FeeUnit.choices, default=FeeUnit.TASK)
    amount = models.DecimalField(_("amount"), max_digits=8, decimal_places=2)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = FeeRuleQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RULES, internal=("kind", "unit", "amount", "valid_from", "valid_to")
    )

    class Meta:
        verbose_name = _("fee rule")
        verbose_name_plural = _("fee rules")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "valid_from"],
                name="fee_rule_once_per_day",
                violation_error_message=_("There is a rule from this day already."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="fee_rule_amount_positive",
                violation_error_message=_("A fee is more than 0 €."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__lte=F("valid_to")),
                name="fee_rule_dates_in_order",
                violation_error_message=_("The last day cannot be before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"

    def fee_for(self, hours: Decimal) -> Decimal:
        """The fee in euros for an assignment of so many hours."""
        return (self.amount * hours if self.unit == FeeUnit.HOUR else self.amount).quantize(Decimal("0.01"))


class Fee(StatefulModel):
    """A fee for exactly one thing: a participation or a meeting. The approver is never the claimer."""

    TRANSITIONS = FEE_TRANSITIONS

    partner = models.ForeignKey(
        ExperiencePartner, verbose_name=_("experience partner"), on_delete=models.PROTECT, related_name="fees"
    )
    participation = models.OneToOneField(
        Participation,
        verbose_name=_("participation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="fee",
    )
    meeting = models.OneToOneField(
        Meeting,
        verbose_name=_("meeting"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="fee",
    )
    amount = models.DecimalField(_("amount"), max_digits=8, decimal_places=2)
    payer = models.CharField(_("who pays"), max_length=10, choices=Payer.choices)
    grant = models.ForeignKey(
        Grant, verbose_name=_("grant"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(
        _("state"), max_length=20, choices=FeeStatus.choices, default=FeeStatus.DRAFT, editable=False
    )
    claimed_by = models.ForeignKey(
        User, verbose_name=_("claimed by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    claimed_at = models.DateTimeField(_("claimed"), null=True, blank=True)
    approved_by = models.ForeignKey(
        User, verbose_name=_("approved by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    rejected_because = models.CharField(_("why not"), max_length=200, blank=True)

    objects = FeeQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.ACCOUNTING,
        about=("partner",),
        internal=("payer", "grant", "status", "claimed_at", "approved_by", "approved_at"),
        personal=("partner", "participation", "meeting", "amount", "claimed_by", "rejected_because"),
    )

    class Meta:
        verbose_name = _("fee")
        verbose_name_plural = _("fees")
        indexes = [models.Index(fields=["partner", "-created_at", "-id"], name="fee_of_partner")]
        constraints = [
            models.CheckConstraint(
                condition=Q(participation__isnull=False, meeting__isnull=True)
                | Q(participation__isnull=True, meeting__isnull=False),
                name="fee_has_one_source",
                violation_error_message=_("A fee is for exactly one thing."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="fee_amount_positive",
                violation_error_message=_("A fee is more than 0 €."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=FeeStatus.values),
                name="fee_status_known",
                violation_error_message=_("This state is not known."),
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(claimed_by__isnull=False, claimed_at__isnull=False),
                name="fee_claimed_by_somebody",
                violation_error_message=_("A claimed fee says who claimed it."),
            ),
            models.CheckConstraint(
                condition=~Q(status="approved")
                | (Q(approved_by__isnull=False, approved_at__isnull=False) & ~Q(approved_by=F("claimed_by"))),
                name="fee_approved_by_another",
                violation_error_message=_("Somebody else than the claimer approves a fee."),
            ),
            models.CheckConstraint(
                condition=~Q(status="rejected") | ~Q(rejected_because=""),
                name="fee_rejected_with_words",
                violation_error_message=_("Say in words why the fee is not approved."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} €"

    def get_absolute_url(self) -> str:
        return reverse("fee_detail", args=[self.pk])

    @property
    def tone(self) -> str:
        return FEE_TONES[self.status]

    @property
    def what(self) -> str:
        """What it is for, in a few words without a name."""
        return (
            self.participation.assignment.title if self.participation_id else gettext("Peer-support meeting")
        )

    @property
    def day(self):
        """The day of the thing it is for."""
        return self.participation.assignment.date if self.participation_id else self.meeting.date

    def changes(self):
        """Every move of this fee, in the order it happened."""
        return StatusChange.objects.filter(object_kind=self._meta.label_lower, object_id=self.pk).order_by(
            "at"
        )

    def is_own(self, actor) -> bool:
        """Claimed by this person, or for this person – whatever the role acted in (A37)."""
        return actor.user_id in (self.claimed_by_id, self.partner.user_id)

    def can_claim(self, actor) -> bool:
        """Its partner claims it."""
        return (
            actor.role == "partner"
            and self.partner.user_id == actor.user_id
            and self.may_move_to(FeeStatus.CLAIMED)
        )

    def claim(self, *, by) -> None:
        """Claimed by the partner, on a phone."""
        self.move_to(
            FeeStatus.CLAIMED, by=by, claimed_by_id=by.user_id, claimed_at=timezone.now(), rejected_because=""
        )

    def can_approve(self, actor) -> bool:
        """Another person approves: never the claimer, not even in another role (A37)."""
        return actor.role == "staff" and self.status == FeeStatus.CLAIMED and not self.is_own(actor)

    def approve(self, *, by) -> None:
        """Approve. Raises `MoveRefused` when it is one's own fee."""
        self._by_another(by)
        self.move_to(FeeStatus.APPROVED, by=by, approved_by_id=by.user_id, approved_at=timezone.now())

    def reject(self, *, by, because: str) -> None:
        """Send back with words; the partner may mend and claim again."""
        self._by_another(by)
        self.move_to(FeeStatus.REJECTED, by=by, rejected_because=because)

    def _by_another(self, by) -> None:
        if self.is_own(by):
            raise MoveRefused(gettext("Somebody else than the claimer approves a fee."))
