"""What has been paid wrongly is put right by an item of its own (R7, decision record 22)."""

import datetime
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.core.privacy import Privacy, Retention
from kumppani.core.validators import no_identity_code
from tasks.models.fees import Fee
from tasks.models.payables import Payable
from tasks.models.travel import TravelClaim, TravelPart
from tasks.querysets import CorrectionQuerySet
from tasks.states import (
    CORRECTION_TRANSITIONS,
    PayStatus,
    choices_in,
)

CORRECTION_STATES = choices_in(CORRECTION_TRANSITIONS)


class Correction(Payable):
    """What a batch got wrong, put right in a later batch: a batch itself never changes. The amount may be negative."""

    TRANSITIONS = CORRECTION_TRANSITIONS
    fee = models.ForeignKey(
        Fee,
        verbose_name=_("fee"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="corrections",
    )
    travel = models.ForeignKey(
        TravelClaim,
        verbose_name=_("travel claim"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="corrections",
    )
    # Of a journey: which part of it. Each goes to payroll under an income type of its own.
    part = models.CharField(_("what is corrected"), max_length=10, choices=TravelPart.choices, blank=True)
    amount = models.DecimalField(_("euros more (or less, with a minus)"), max_digits=8, decimal_places=2)
    because = models.CharField(_("why"), max_length=200, validators=[no_identity_code])
    status = models.CharField(
        _("state"), max_length=20, choices=CORRECTION_STATES, default=PayStatus.CLAIMED, editable=False
    )

    objects = CorrectionQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.ACCOUNTING,
        about=("partner",),
        internal=("payer", "grant", "status", "claimed_at", "approved_by", "approved_at", "batch", "paid_on"),
        personal=("partner", "fee", "travel", "part", "amount", "because", "claimed_by", "rejected_because"),
    )

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-created_at", "-id"]
        constraints = [
            *Payable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(fee__isnull=False, travel__isnull=True)
                | Q(fee__isnull=True, travel__isnull=False),
                name="correction_of_one_thing",
                violation_error_message=_("A correction is of one thing."),
            ),
            models.CheckConstraint(
                condition=Q(fee__isnull=False, part="")
                | Q(travel__isnull=False, part__in=["mileage", "per_diem", "receipts"]),
                name="correction_part_of_a_journey",
                violation_error_message=_("Choose which part of the journey is corrected."),
            ),
            models.CheckConstraint(
                condition=~Q(amount=0),
                name="correction_changes_something",
                violation_error_message=_("A correction is more or less than 0 €."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=[value for value, _label in CORRECTION_STATES]),
                name="correction_status_known",
                violation_error_message=_("This state is not known."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} €"

    def get_absolute_url(self) -> str:
        return self.of.get_absolute_url()

    @property
    def of(self) -> "Fee | TravelClaim":
        """What is corrected."""
        return self.fee if self.fee_id else self.travel

    @property
    def is_travel(self) -> bool:
        return self.travel_id is not None

    @property
    def amount_to_pay(self) -> Decimal:
        return self.amount

    @property
    def what(self) -> str:
        return gettext("Correction: %(what)s") % {"what": self.of.what}

    @property
    def day(self) -> datetime.date:
        return self.of.day

    @property
    def payment_form(self) -> str:
        return self.fee.payment_form if self.fee_id else ""

    def can_withdraw(self, actor) -> bool:
        """Staff take back what nobody has approved yet; of what is about one's own money only what one made (A37)."""
        is_about_another = self.partner.user_id != actor.user_id
        return (
            actor.role == "staff"
            and self.status == PayStatus.CLAIMED
            and (is_about_another or self.claimed_by_id == actor.user_id)
        )
