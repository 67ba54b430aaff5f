"""Payment batches: what goes to payroll, written once and never changed (R7, domain 3.5).

The rows are kept as they were made, each value in its column, so that the same batch gives the same bytes at every
export. Triggers refuse every later change of a row, and of what a batch says of itself (tasks/triggers.py).
"""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.models import User
from kumppani.core.dates import today
from kumppani.core.models import BaseModel
from kumppani.core.privacy import Erase, Privacy, Retention
from kumppani.core.states import StatefulModel
from pairing.models import ExperiencePartner
from tasks.querysets import PaymentBatchQuerySet, PaymentRowQuerySet
from tasks.states import BATCH_TONES, BATCH_TRANSITIONS, BatchStatus


class PaymentBatch(StatefulModel):
    """Approved items collected at one moment by one person. Only its state moves on."""

    TRANSITIONS = BATCH_TRANSITIONS

    number = models.PositiveIntegerField(_("number"))
    made_by = models.ForeignKey(User, verbose_name=_("made by"), on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField(_("made on"), default=today)
    items = models.PositiveIntegerField(_("items"))
    total = models.DecimalField(_("total in euros"), max_digits=11, decimal_places=2)
    checksum = models.CharField(_("checksum"), max_length=64)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    status = models.CharField(
        _("state"), max_length=20, choices=BatchStatus.choices, default=BatchStatus.MADE, editable=False
    )

    objects = PaymentBatchQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.ACCOUNTING,
        internal=("number", "made_by", "made_on", "items", "total", "checksum", "paid_on", "status"),
    )

    class Meta:
        verbose_name = _("payment batch")
        verbose_name_plural = _("payment batches")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                name="payment_batch_number_once",
                violation_error_message=_("There is a batch with this number already."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=BatchStatus.values),
                name="payment_batch_status_known",
                violation_error_message=_("This state is not known."),
            ),
            models.CheckConstraint(
                condition=Q(status="paid", paid_on__isnull=False) | Q(status="made", paid_on__isnull=True),
                name="payment_batch_paid_on_a_day",
                violation_error_message=_("What is paid has a day of payment."),
            ),
            models.CheckConstraint(
                condition=Q(items__gte=1) & ~Q(checksum=""),
                name="payment_batch_not_empty",
                violation_error_message=_("A batch holds at least one item."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("batch_detail", args=[self.pk])

    @property
    def tone(self) -> str:
        return BATCH_TONES[self.status]

    def can_pay(self, actor) -> bool:
        """Staff write down on which day payroll has paid it."""
        return actor.role == "staff" and self.status == BatchStatus.MADE


class PaymentRow(BaseModel):
    """One row of a batch: one person × payment form × income-type suggestion × cost centre (domain 3.5).

    Written once. The words are neutral: no parent, no relationship, no child, no street.
    """

    batch = models.ForeignKey(
        PaymentBatch, verbose_name=_("payment batch"), on_delete=models.PROTECT, related_name="rows"
    )
    position = models.PositiveIntegerField(_("row"))
    partner = models.ForeignKey(
        ExperiencePartner,
        verbose_name=_("experience partner"),
        on_delete=models.PROTECT,
        related_name="payment_rows",
    )
    payee_no = models.CharField(_("number in payroll"), max_length=20, blank=True)
    payee_name = models.CharField(_("name"), max_length=200)
    payment_form = models.CharField(_("how it is paid"), max_length=10)
    tax_card_on_file = models.BooleanField(_("tax card is with payroll"))
    income_type = models.CharField(_("income type to suggest"), max_length=3, blank=True)
    description = models.CharField(_("for what"), max_length=200)
    date_from = models.DateField(_("from"))
    date_to = models.DateField(_("to"))
    quantity = models.DecimalField(_("quantity"), max_digits=9, decimal_places=2, null=True)
    unit = models.CharField(_("unit"), max_length=10, blank=True)
    unit_price = models.DecimalField(_("price of a unit"), max_digits=8, decimal_places=2, null=True)
    gross_amount = models.DecimalField(_("gross"), max_digits=9, decimal_places=2)
    travel_km = models.DecimalField(_("kilometres"), max_digits=8, decimal_places=1)
    travel_rate = models.DecimalField(_("euros a kilometre"), max_digits=6, decimal_places=2, null=True)
    travel_amount = models.DecimalField(_("for kilometres"), max_digits=9, decimal_places=2)
    per_diem_full = models.PositiveSmallIntegerField(_("full per diems"))
    per_diem_partial = models.PositiveSmallIntegerField(_("partial per diems"))
    per_diem_amount = models.DecimalField(_("per diems in euros"), max_digits=9, decimal_places=2)
    receipts_amount = models.DecimalField(_("by receipts"), max_digits=9, decimal_places=2)
    cost_centre = models.CharField(_("cost centre"), max_length=40, blank=True)
    grant_code = models.CharField(_("grant"), max_length=40, blank=True)
    payer = models.CharField(_("who pays"), max_length=10)
    approved_by = models.CharField(_("approved by"), max_length=400)
    approved_on = models.DateField(_("approved on"))
    partner_confirmed_on = models.DateField(_("claimed on"))
    is_small = models.BooleanField(_("at most 200 €"))
    is_correction = models.BooleanField(_("correction"))

    objects = PaymentRowQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.ACCOUNTING,
        about=("partner",),
        internal=(
            "batch",
            "position",
            "income_type",
            "description",
            "date_from",
            "date_to",
            "quantity",
            "unit",
            "unit_price",
            "cost_centre",
            "grant_code",
            "payer",
            "approved_by",
            "approved_on",
            "partner_confirmed_on",
            "is_small",
            "is_correction",
            "travel_rate",
            "payment_form",
        ),
        personal=(
            "partner",
            "payee_no",
            "payee_name",
            "tax_card_on_file",
            "gross_amount",
            "travel_km",
            "travel_amount",
            "per_diem_full",
            "per_diem_partial",
            "per_diem_amount",
            "receipts_amount",
        ),
        erase=Erase.KEEP,
        note="Accounting material: it is kept unchanged until its time is over (domain 2.3).",
    )

    class Meta:
        verbose_name = _("payment row")
        verbose_name_plural = _("payment rows")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "position"],
                name="payment_row_position_once",
                violation_error_message=_("A batch has one row at each place."),
            ),
            models.CheckConstraint(
                condition=Q(date_from__lte=F("date_to")),
                name="payment_row_dates_in_order",
                violation_error_message=_("The last day cannot be before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}"

    @property
    def total(self):
        """What the row comes to, in euros."""
        return self.gross_amount + self.travel_amount + self.per_diem_amount + self.receipts_amount
