"""A fee for work that has been done (domain 3.1)."""

import datetime
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.core.privacy import Privacy, Retention
from pairing.models import Meeting
from tasks.arithmetic import FeeUnit, to_cents
from tasks.models.assignments import Participation
from tasks.models.payables import Payable
from tasks.models.terms import PaymentForm
from tasks.querysets import FeeQuerySet
from tasks.states import (
    FEE_TRANSITIONS,
    PayStatus,
    choices_in,
)

FEE_STATES = choices_in(FEE_TRANSITIONS)


class Fee(Payable):
    """A fee for exactly one thing: a participation or a meeting. The approver is never the claimer."""

    TRANSITIONS = FEE_TRANSITIONS
    is_travel = False

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
    unit = models.CharField(_("unit"), max_length=10, choices=FeeUnit.choices, default=FeeUnit.TASK)
    quantity = models.DecimalField(_("how many units"), max_digits=6, decimal_places=2, default=Decimal(1))
    payment_form = models.CharField(
        _("how the fee is paid"), max_length=10, choices=PaymentForm.choices, blank=True
    )
    status = models.CharField(
        _("state"), max_length=20, choices=FEE_STATES, default=PayStatus.DRAFT, editable=False
    )

    objects = FeeQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.ACCOUNTING,
        about=("partner",),
        internal=(
            "payer",
            "grant",
            "status",
            "claimed_at",
            "approved_by",
            "approved_at",
            "batch",
            "paid_on",
            "unit",
            "quantity",
        ),
        personal=(
            "partner",
            "participation",
            "meeting",
            "amount",
            "payment_form",
            "claimed_by",
            "rejected_because",
        ),
    )

    class Meta:
        verbose_name = _("fee")
        verbose_name_plural = _("fees")
        indexes = [
            models.Index(fields=["partner", "-created_at", "-id"], name="fee_of_partner"),
            models.Index(fields=["status", "claimed_at", "id"], name="fee_by_state"),
        ]
        constraints = [
            *Payable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(participation__isnull=False, meeting__isnull=True)
                | Q(participation__isnull=True, meeting__isnull=False),
                name="fee_has_one_source",
                violation_error_message=_("A fee is for exactly one thing."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, quantity__gt=0),
                name="fee_amount_positive",
                violation_error_message=_("A fee is more than 0 €."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=[value for value, _label in FEE_STATES]),
                name="fee_status_known",
                violation_error_message=_("This state is not known."),
            ),
            models.CheckConstraint(
                condition=Q(status="draft")
                | Q(status="waived", payment_form="waived")
                | (
                    Q(status__in=["claimed", "approved", "rejected", "exported", "paid"])
                    & Q(payment_form__in=["wage", "business", "invoicing"])
                ),
                name="fee_payment_form_fits",
                violation_error_message=_("Choose how the fee is paid."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} €"

    def get_absolute_url(self) -> str:
        return reverse("fee_detail", args=[self.pk])

    @property
    def amount_to_pay(self) -> Decimal:
        return self.amount

    @property
    def unit_price(self) -> Decimal | None:
        """Euros a unit, where quantity × price is the amount to the cent; else None: agreed as a whole."""
        price = to_cents(self.amount / self.quantity)
        return price if to_cents(price * self.quantity) == self.amount else None

    @property
    def what(self) -> str:
        """What it is for, in a few words without a name."""
        return (
            self.participation.assignment.title if self.participation_id else gettext("Peer-support meeting")
        )

    @property
    def day(self) -> datetime.date:
        """The day of the thing it is for."""
        return self.participation.assignment.date if self.participation_id else self.meeting.date

    def can_waive(self, actor) -> bool:
        """Its partner may do without the fee: then it is volunteering."""
        return self.is_partners(actor) and self.may_move_to(PayStatus.WAIVED)

    def can_take_again(self, actor) -> bool:
        """Who has thought again may have the fee after all."""
        return self.is_partners(actor) and self.status == PayStatus.WAIVED
