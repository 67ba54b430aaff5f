"""What is settled beforehand: how a partner is paid, and whether peer-support meetings are paid at all."""

import datetime
from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import today
from kumppani.core.models import BaseModel
from kumppani.core.privacy import Privacy, Retention
from kumppani.organisations.models import Grant
from pairing.models import ExperiencePartner, Relationship
from tasks.arithmetic import FeeUnit
from tasks.models.assignments import Payer
from tasks.models.kinds import AssignmentKind
from tasks.querysets import MeetingTermsQuerySet, PartnerTermsQuerySet


class PaymentForm(models.TextChoices):
    """In which form a fee is paid (domain 3.1)."""

    WAGE = "wage", _("wage, with a tax card")
    BUSINESS = "business", _("own business")
    INVOICING = "invoicing", _("invoicing service")
    WAIVED = "waived", _("no fee")


class PartnerTerms(BaseModel):
    """How one partner is paid, and what the partner wishes for. The ceiling is private to partner and staff."""

    partner = models.OneToOneField(
        ExperiencePartner,
        verbose_name=_("experience partner"),
        on_delete=models.CASCADE,
        related_name="terms",
    )
    payment_form = models.CharField(
        _("how the fee is paid"), max_length=10, choices=PaymentForm.choices, default=PaymentForm.WAGE
    )
    tax_card_on_file = models.BooleanField(_("tax card is with payroll"), default=False)
    payee_no = models.CharField(_("number in payroll"), max_length=20, blank=True)
    monthly_ceiling = models.DecimalField(
        _("own ceiling a month, in euros"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    wished_kinds = models.ManyToManyField(
        AssignmentKind, verbose_name=_("assignments I like"), blank=True, related_name="+"
    )

    objects = PartnerTermsQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.PARTNER,
        about=("partner",),
        personal=(
            "partner",
            "payment_form",
            "tax_card_on_file",
            "payee_no",
            "monthly_ceiling",
            "wished_kinds",
        ),
    )

    class Meta:
        verbose_name = _("partner's terms")
        verbose_name_plural = _("partners' terms")
        constraints = [
            models.CheckConstraint(
                condition=Q(payment_form__in=PaymentForm.values),
                name="partner_terms_form_known",
                violation_error_message=_("Choose how the fee is paid."),
            ),
            models.UniqueConstraint(
                fields=["payee_no"],
                condition=~Q(payee_no=""),
                name="partner_terms_payee_once",
                violation_error_message=_("Another partner has this number already."),
            ),
            models.CheckConstraint(
                condition=Q(monthly_ceiling__isnull=True) | Q(monthly_ceiling__gt=0),
                name="partner_terms_ceiling_positive",
                violation_error_message=_("A ceiling is more than 0 €."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment_form}"

    def get_absolute_url(self) -> str:
        return reverse("partner_terms", args=[self.partner_id])


class MeetingTerms(BaseModel):
    """Whether peer-support meetings are paid, by whom and how much: for a grant, or for one relationship.

    Dated and agreed beforehand (R7): a meeting is paid by the terms of its own day. What is settled for the
    relationship goes before what is settled for the grant of its decision.
    """

    of_grant = models.ForeignKey(
        Grant,
        verbose_name=_("for relationships paid from this grant"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="meeting_terms",
    )
    relationship = models.ForeignKey(
        Relationship,
        verbose_name=_("for this relationship"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="meeting_terms",
    )
    is_paid = models.BooleanField(_("meetings are paid"))
    payer = models.CharField(_("who pays"), max_length=10, choices=Payer.choices, default=Payer.PROJECT)
    # From which grant the project pays; for the terms of a grant, that grant.
    grant = models.ForeignKey(
        Grant, verbose_name=_("grant"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    unit = models.CharField(_("unit"), max_length=10, choices=FeeUnit.choices, default=FeeUnit.TASK)
    amount = models.DecimalField(_("amount"), max_digits=8, decimal_places=2, null=True, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = MeetingTermsQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.ACCOUNTING,
        about=("relationship__partner",),
        internal=("of_grant", "is_paid", "payer", "grant", "unit", "amount", "valid_from", "valid_to"),
        special=("relationship",),
    )

    class Meta:
        verbose_name = _("terms of meetings")
        verbose_name_plural = _("terms of meetings")
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(of_grant__isnull=False, relationship__isnull=True)
                | Q(of_grant__isnull=True, relationship__isnull=False),
                name="meeting_terms_for_one_thing",
                violation_error_message=_("Terms are for a grant or for a relationship."),
            ),
            models.CheckConstraint(
                condition=Q(is_paid=True, amount__isnull=False, amount__gt=0)
                | Q(is_paid=False, amount__isnull=True),
                name="meeting_terms_paid_with_amount",
                violation_error_message=_("Write the amount when, and only when, meetings are paid."),
            ),
            models.CheckConstraint(
                condition=Q(is_paid=False, grant__isnull=True)
                | Q(is_paid=True, payer="project", grant__isnull=False)
                | Q(is_paid=True, payer="orderer", grant__isnull=True),
                name="meeting_terms_name_their_grant",
                violation_error_message=_("Name the grant when, and only when, the project pays."),
            ),
            models.CheckConstraint(
                condition=Q(unit__in=FeeUnit.values),
                name="meeting_terms_unit_known",
                violation_error_message=_("Choose the unit from the list."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__lte=F("valid_to")),
                name="meeting_terms_dates_in_order",
                violation_error_message=_("The last day cannot be before the first day."),
            ),
            models.UniqueConstraint(
                fields=["of_grant", "valid_from"],
                condition=Q(of_grant__isnull=False),
                name="meeting_terms_of_grant_once_per_day",
                violation_error_message=_("There are terms from this day already."),
            ),
            models.UniqueConstraint(
                fields=["relationship", "valid_from"],
                condition=Q(relationship__isnull=False),
                name="meeting_terms_of_relationship_once_per_day",
                violation_error_message=_("There are terms from this day already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from}"

    def get_absolute_url(self) -> str:
        return reverse("meeting_terms_list")

    @property
    def unit_word(self) -> str:
        """The unit as one says it of a meeting."""
        return gettext("per meeting") if self.unit == FeeUnit.TASK else self.get_unit_display()

    def holds_on(self, day: datetime.date) -> bool:
        """Whether it is in force on this day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def is_over(self) -> bool:
        return self.valid_to is not None and self.valid_to < today()

    def can_end(self, actor) -> bool:
        """Staff end what is in force or to come."""
        return actor.role == "staff" and not self.is_over
