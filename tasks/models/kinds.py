"""Kinds of assignment, what is usually paid for them, and what may be asked about a criminal record."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kumppani.core.models import BaseModel
from kumppani.core.privacy import Privacy, Retention
from kumppani.core.words import in_language
from tasks.arithmetic import FeeUnit, fee_quantity, to_cents
from tasks.querysets import AssignmentKindQuerySet, FeeRuleQuerySet


class Category(models.TextChoices):
    """What a kind of assignment counts as in the report (A11, A15)."""

    DEVELOPMENT = "development", _("development")
    INFLUENCE = "influence", _("influence")
    ACQUAINTANCE = "acquaintance", _("making the work known")
    MEDIA = "media", _("media")


class IncomeType(models.TextChoices):
    """Codes of the Incomes Register that a payroll office is likely to use (domain 3.4). Suggestions only."""

    TIME_RATE = "201", _("201 time-rate pay")
    MEETING_FEE = "210", _("210 meeting fee")
    LECTURE_FEE = "214", _("214 lecture fee")
    NON_WAGE = "336", _("336 non-wage compensation for work")


class Engagement(models.TextChoices):
    """In what form the work is done: two different acts speak of it (domain 2.8)."""

    VOLUNTEER = "volunteer", _("as a volunteer, without pay")
    PAID_SHORT = "paid_short", _("for pay, at most three months in a year")
    PAID_LONG = "paid_long", _("for pay, over three months in a year")


class RecordCheck(models.TextChoices):
    """Whether a criminal-record extract may be looked at for this kind of work (domain 2.8)."""

    NOT_POSSIBLE = "not_possible", _("not possible")
    MAY_BE_ASKED = "may_be_asked", _("may be asked")
    MUST_BE_SEEN = "must_be_seen", _("must be seen")


class AssignmentKind(BaseModel):
    """A kind of assignment: editable data, because the list is open (A10)."""

    code = models.SlugField(_("code"), max_length=40)
    name_fi = models.CharField(_("name in Finnish"), max_length=80)
    name_sv = models.CharField(_("name in Swedish"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    category = models.CharField(_("counts as"), max_length=20, choices=Category.choices)
    is_active = models.BooleanField(_("in use"), default=True)
    income_type = models.CharField(
        _("income type to suggest"), max_length=3, choices=IncomeType.choices, blank=True
    )
    with_minors = models.BooleanField(
        _("regularly and essentially includes teaching, guiding, caring for or being with children under 18"),
        default=False,
    )
    in_person = models.BooleanField(_("in personal contact with the child"), default=False)
    alone = models.BooleanField(
        _("done alone, or so that the child's safety cannot reasonably be secured otherwise"), default=False
    )
    engagement = models.CharField(
        _("how the work is done"),
        max_length=10,
        choices=Engagement.choices,
        default=Engagement.PAID_SHORT,
    )

    objects = AssignmentKindQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RULES,
        public=("code", "name_fi", "name_sv", "name_en", "category", "is_active"),
        internal=("income_type", "with_minors", "in_person", "alone", "engagement"),
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
            models.CheckConstraint(
                condition=Q(income_type="") | Q(income_type__in=IncomeType.values),
                name="assignment_kind_income_type_known",
                violation_error_message=_("Choose the income type from the list."),
            ),
            models.CheckConstraint(
                condition=Q(engagement__in=Engagement.values),
                name="assignment_kind_engagement_known",
                violation_error_message=_("Choose how the work is done."),
            ),
        ]

    def __str__(self) -> str:
        return in_language(self, "name")

    @property
    def record_check(self) -> RecordCheck:
        """What the three answers and the form of the work allow.

        For pay (504/2002): the employer must see the extract when the work with minors is permanent and essential and
        lasts over three months in a year, and may ask for it when it is shorter. For volunteers (148/2014): the
        organiser may ask when all three conditions are met, never otherwise, and never must (domain 2.8).
        """
        if self.engagement == Engagement.VOLUNTEER:
            everything = self.with_minors and self.in_person and self.alone
            return RecordCheck.MAY_BE_ASKED if everything else RecordCheck.NOT_POSSIBLE
        if not self.with_minors:
            return RecordCheck.NOT_POSSIBLE
        is_long = self.engagement == Engagement.PAID_LONG
        return RecordCheck.MUST_BE_SEEN if is_long else RecordCheck.MAY_BE_ASKED


class FeeRule(BaseModel):
    """What is usually paid, from when to when (R8). No amounts are shipped: the programme sets its own (domain 3.2)."""

    kind = models.ForeignKey(
        AssignmentKind, verbose_name=_("kind"), on_delete=models.CASCADE, related_name="fee_rules"
    )
    unit = models.CharField(_("unit"), max_length=10, choices=FeeUnit.choices, default=FeeUnit.TASK)
    amount = models.DecimalField(
        _("amount"), max_digits=8, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    preparation_hours = models.DecimalField(
        _("hours of preparation that are paid too"),
        max_digits=3,
        decimal_places=1,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(40))],
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = FeeRuleQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RULES,
        internal=("kind", "unit", "amount", "preparation_hours", "valid_from", "valid_to"),
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
                condition=Q(unit__in=FeeUnit.values),
                name="fee_rule_unit_known",
                violation_error_message=_("Choose the unit from the list."),
            ),
            models.CheckConstraint(
                condition=Q(preparation_hours__gte=0, preparation_hours__lte=40),
                name="fee_rule_preparation_sensible",
                violation_error_message=_("Preparation is from 0 to 40 hours."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__lte=F("valid_to")),
                name="fee_rule_dates_in_order",
                violation_error_message=_("The last day cannot be before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"

    def quantity_for(self, hours: Decimal) -> Decimal:
        """How many units an assignment of so many hours makes, with the preparation that is paid."""
        return fee_quantity(self.unit, hours, self.preparation_hours)

    def fee_for(self, hours: Decimal) -> Decimal:
        """The fee in euros for an assignment of so many hours."""
        return to_cents(self.amount * self.quantity_for(hours))
