"""What everything that is paid has in common: one life, one rule of four eyes."""

import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.models import User
from kumppani.core.models import StatusChange
from kumppani.core.states import MoveRefused, StatefulModel
from kumppani.organisations.models import Grant
from pairing.models import ExperiencePartner
from tasks.models.assignments import Payer
from tasks.models.batches import PaymentBatch
from tasks.states import (
    PAY_TONES,
    PayStatus,
)

UNCLAIMED = (PayStatus.DRAFT, PayStatus.WAIVED)
SETTLED = (PayStatus.EXPORTED, PayStatus.PAID)
# What its partner claims, for the first time or again.
CLAIMABLE = (PayStatus.DRAFT, PayStatus.REJECTED)


class Payable(StatefulModel):
    """Something that is claimed by one person, approved by another, and paid.

    Subclasses have `amount_to_pay` in euros, `is_travel`, `what` in neutral words and `day`.
    """

    partner = models.ForeignKey(
        ExperiencePartner,
        verbose_name=_("experience partner"),
        on_delete=models.PROTECT,
        related_name="%(class)ss",
    )
    payer = models.CharField(_("who pays"), max_length=10, choices=Payer.choices, default=Payer.PROJECT)
    grant = models.ForeignKey(
        Grant, verbose_name=_("grant"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
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
    batch = models.ForeignKey(
        PaymentBatch,
        verbose_name=_("payment batch"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        editable=False,
    )
    paid_on = models.DateField(_("paid on"), null=True, blank=True)

    class Meta:
        abstract = True
        # What the table of every payable refuses; a subclass adds its own.
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=UNCLAIMED) | Q(claimed_by__isnull=False, claimed_at__isnull=False),
                name="%(class)s_claimed_by_somebody",
                violation_error_message=_("A claim says who made it."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "exported", "paid"])
                | (Q(approved_by__isnull=False, approved_at__isnull=False) & ~Q(approved_by=F("claimed_by"))),
                name="%(class)s_approved_by_another",
                violation_error_message=_("Somebody else than the claimer approves."),
            ),
            models.CheckConstraint(
                condition=~Q(status="rejected") | ~Q(rejected_because=""),
                name="%(class)s_rejected_with_words",
                violation_error_message=_("Say in words why this is not approved."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=SETTLED, payer="project", batch__isnull=False)
                | (Q(batch__isnull=True) & ~Q(status__in=SETTLED))
                | Q(status="paid", payer="orderer", batch__isnull=True),
                name="%(class)s_in_a_batch_when_exported",
                violation_error_message=_(
                    "What the project pays goes through a batch, and nothing else does."
                ),
            ),
            models.CheckConstraint(
                condition=Q(status="paid", paid_on__isnull=False)
                | (~Q(status="paid") & Q(paid_on__isnull=True)),
                name="%(class)s_paid_on_a_day",
                violation_error_message=_("What is paid has a day of payment."),
            ),
            models.CheckConstraint(
                condition=Q(payer="project") | Q(payer="orderer", grant__isnull=True),
                name="%(class)s_payer_known",
                violation_error_message=_("Name the grant only where the project pays."),
            ),
        ]

    @property
    def tone(self) -> str:
        return PAY_TONES[self.status]

    def changes(self):
        """Every move, in the order it happened."""
        return StatusChange.objects.filter(object_kind=self._meta.label_lower, object_id=self.pk).order_by(
            "at"
        )

    def is_own(self, actor) -> bool:
        """Claimed by this person, or for this person – whatever the role acted in (A37)."""
        return actor.user_id in (self.claimed_by_id, self.partner.user_id)

    def is_partners(self, actor) -> bool:
        """Whether the actor is its partner, acting as a partner."""
        return actor.role == "partner" and self.partner.user_id == actor.user_id

    def can_claim(self, actor) -> bool:
        """Its partner claims it."""
        return self.is_partners(actor) and self.status in CLAIMABLE

    def claim(self, *, by, **fields) -> None:
        """Claimed by the partner, on a phone."""
        self.move_to(
            PayStatus.CLAIMED,
            by=by,
            claimed_by_id=by.user_id,
            claimed_at=timezone.now(),
            rejected_because="",
            **fields,
        )

    def can_approve(self, actor) -> bool:
        """Another person approves: never the claimer, not even in another role (A37)."""
        return actor.role == "staff" and self.status == PayStatus.CLAIMED and not self.is_own(actor)

    def approve(self, *, by, **fields) -> None:
        """Approve. Raises `MoveRefused` when it is one's own."""
        self._by_another(by)
        self.move_to(
            PayStatus.APPROVED, by=by, approved_by_id=by.user_id, approved_at=timezone.now(), **fields
        )

    def reject(self, *, by, because: str) -> None:
        """Send back with words; the partner may mend and claim again."""
        self._by_another(by)
        self.move_to(PayStatus.REJECTED, by=by, rejected_because=because)

    def can_correct(self, actor) -> bool:
        """What has gone into a batch is put right by staff, with a correction in a later batch."""
        return actor.role == "staff" and self.payer == Payer.PROJECT and self.status in SETTLED

    def can_mark_paid(self, actor) -> bool:
        """What the orderer pays goes through no batch: staff write down that it was paid."""
        return actor.role == "staff" and self.payer == Payer.ORDERER and self.status == PayStatus.APPROVED

    def can_be_paid_by_project(self, actor) -> bool:
        """What waits for an orderer in vain the project pays instead: settled by staff, never for oneself (A37)."""
        waits = self.payer == Payer.ORDERER and self.status in (PayStatus.CLAIMED, PayStatus.APPROVED)
        return actor.role == "staff" and waits and not self.is_own(actor)

    def pay(self, *, by, on: datetime.date) -> None:
        """Write down that it was paid on this day."""
        self.move_to(PayStatus.PAID, by=by, paid_on=on)

    def _by_another(self, by) -> None:
        if self.is_own(by):
            raise MoveRefused(gettext("Somebody else than the claimer approves."))
