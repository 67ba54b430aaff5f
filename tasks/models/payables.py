"""What is paid: fees, travel, and corrections of what has been paid already. One life, one rule of four eyes."""

import datetime
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.models import User
from kumppani.core.models import BaseModel, StatusChange
from kumppani.core.privacy import Privacy, Retention
from kumppani.core.states import MoveRefused, StatefulModel
from kumppani.core.validators import no_identity_code
from kumppani.organisations.models import Grant
from pairing.models import ExperiencePartner, Meeting
from tasks.arithmetic import FeeUnit, PerDiem, Rates, to_cents
from tasks.models.assignments import Participation, Payer
from tasks.models.batches import PaymentBatch
from tasks.models.outreach import OutreachEvent
from tasks.models.terms import PaymentForm
from tasks.querysets import CorrectionQuerySet, FeeQuerySet, TravelClaimQuerySet, TravelRateQuerySet
from tasks.states import (
    CORRECTION_TRANSITIONS,
    FEE_TRANSITIONS,
    PAY_TONES,
    TRAVEL_TRANSITIONS,
    PayStatus,
    choices_in,
)

FEE_STATES = choices_in(FEE_TRANSITIONS)
TRAVEL_STATES = choices_in(TRAVEL_TRANSITIONS)
CORRECTION_STATES = choices_in(CORRECTION_TRANSITIONS)
UNCLAIMED = (PayStatus.DRAFT, PayStatus.WAIVED)
SETTLED = (PayStatus.EXPORTED, PayStatus.PAID)


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
        return self.is_partners(actor) and self.may_move_to(PayStatus.CLAIMED)

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

    def pay(self, *, by, on: datetime.date) -> None:
        """Write down that it was paid on this day."""
        self.move_to(PayStatus.PAID, by=by, paid_on=on)

    def _by_another(self, by) -> None:
        if self.is_own(by):
            raise MoveRefused(gettext("Somebody else than the claimer approves."))


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


class RateKind(models.TextChoices):
    KM = "km", _("own car, per kilometre")
    PASSENGER_KM = "passenger_km", _("each passenger, per kilometre")
    PARTIAL = "partial", _("partial per diem")
    FULL = "full", _("full per diem")


class TravelRate(BaseModel):
    """One tax-exempt rate from day to day, and where it was read (R8, domain 3.3). Never a guess."""

    kind = models.CharField(_("rate"), max_length=15, choices=RateKind.choices)
    amount = models.DecimalField(_("euros"), max_digits=6, decimal_places=2)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)

    objects = TravelRateQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RULES, public=("kind", "amount", "valid_from", "valid_to", "source")
    )

    class Meta:
        verbose_name = _("travel rate")
        verbose_name_plural = _("travel rates")
        ordering = ["-valid_from", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "valid_from"],
                name="travel_rate_once_per_day",
                violation_error_message=_("There is a rate from this day already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=RateKind.values),
                name="travel_rate_kind_known",
                violation_error_message=_("Choose the rate from the list."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="travel_rate_positive",
                violation_error_message=_("A rate is more than 0 €."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__lte=F("valid_to")),
                name="travel_rate_dates_in_order",
                violation_error_message=_("The last day cannot be before the first day."),
            ),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="travel_rate_has_a_source",
                violation_error_message=_("Write where this rate was read."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"

    def get_absolute_url(self) -> str:
        return reverse("travel_rate_list")

    @classmethod
    def on(cls, day: datetime.date) -> Rates:
        """The rates of a travel date; what is not known is None."""
        found = {rate.kind: rate.amount for rate in cls.objects.valid_on(day).order_by("valid_from")}
        return Rates(
            km=found.get(RateKind.KM),
            passenger_km=found.get(RateKind.PASSENGER_KM),
            partial=found.get(RateKind.PARTIAL),
            full=found.get(RateKind.FULL),
        )


class Vehicle(models.TextChoices):
    OWN_CAR = "own_car", _("own car")
    RIDE = "ride", _("in somebody's car")
    PUBLIC = "public", _("bus, train or ferry")
    TAXI = "taxi", _("taxi")
    BICYCLE = "bicycle", _("bicycle or on foot")


class TravelPart(models.TextChoices):
    """The parts of a journey's sum (domain 3.5)."""

    MILEAGE = "mileage", _("for kilometres")
    PER_DIEM = "per_diem", _("per diem")
    RECEIPTS = "receipts", _("by receipts")


class TravelClaim(Payable):
    """One journey of at most 24 hours, for an assignment, a meeting or an acquaintance event (domain 3.3).

    The sums are those of the travel date's rates (R8), worked out when it is claimed and kept. While a rate is not
    known they are empty, and the claim cannot be approved.
    """

    TRANSITIONS = TRAVEL_TRANSITIONS
    is_travel = True

    participation = models.ForeignKey(
        Participation,
        verbose_name=_("assignment"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="travel_claims",
    )
    meeting = models.ForeignKey(
        Meeting,
        verbose_name=_("meeting"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="travel_claims",
    )
    outreach = models.ForeignKey(
        OutreachEvent,
        verbose_name=_("acquaintance event"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="travel_claims",
    )
    departs_at = models.DateTimeField(_("left"))
    minutes = models.PositiveSmallIntegerField(_("length of the journey in minutes"))
    route = models.CharField(_("route"), max_length=200, validators=[no_identity_code])
    purpose = models.CharField(_("purpose"), max_length=140, validators=[no_identity_code])
    vehicle = models.CharField(_("how"), max_length=10, choices=Vehicle.choices)
    km = models.DecimalField(_("kilometres"), max_digits=6, decimal_places=1, default=Decimal(0))
    passengers = models.PositiveSmallIntegerField(_("passengers"), default=0)
    receipts_amount = models.DecimalField(
        _("tickets and other costs, in euros"), max_digits=8, decimal_places=2, default=Decimal(0)
    )
    has_receipts = models.BooleanField(_("there are receipts"), default=False)
    is_far = models.BooleanField(
        _("over 15 km from my work and my home, and over 5 km from both"), default=False
    )
    is_volunteer = models.BooleanField(_("no fee is paid for this work"), default=False)
    per_diem = models.CharField(
        _("per diem"), max_length=10, choices=PerDiem.choices, blank=True, default=PerDiem.NONE
    )
    km_rate = models.DecimalField(
        _("euros a kilometre"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    km_amount = models.DecimalField(
        _("for kilometres"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    per_diem_amount = models.DecimalField(
        _("per diem in euros"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    total = models.DecimalField(_("in all"), max_digits=8, decimal_places=2, null=True, blank=True)
    status = models.CharField(
        _("state"), max_length=20, choices=TRAVEL_STATES, default=PayStatus.CLAIMED, editable=False
    )

    objects = TravelClaimQuerySet.as_manager()
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
            "km_rate",
        ),
        personal=(
            "partner",
            "participation",
            "outreach",
            "departs_at",
            "minutes",
            "route",
            "purpose",
            "vehicle",
            "km",
            "passengers",
            "receipts_amount",
            "has_receipts",
            "is_far",
            "is_volunteer",
            "per_diem",
            "km_amount",
            "per_diem_amount",
            "total",
            "claimed_by",
            "rejected_because",
        ),
        special=("meeting",),
    )

    class Meta:
        verbose_name = _("travel claim")
        verbose_name_plural = _("travel claims")
        indexes = [
            models.Index(fields=["partner", "-departs_at", "-id"], name="travel_of_partner"),
            models.Index(fields=["status", "claimed_at", "id"], name="travel_by_state"),
        ]
        constraints = [
            *Payable.Meta.constraints,
            models.CheckConstraint(
                condition=(
                    Q(participation__isnull=True, meeting__isnull=True)
                    | Q(participation__isnull=True, outreach__isnull=True)
                    | Q(meeting__isnull=True, outreach__isnull=True)
                ),
                name="travel_for_one_thing",
                violation_error_message=_("A journey is for one thing."),
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=24 * 60),
                name="travel_within_a_day",
                violation_error_message=_(
                    "The journey ends after it begins, within 24 hours. Make one claim for each day."
                ),
            ),
            models.CheckConstraint(
                condition=Q(km__gte=0, km__lte=3000, receipts_amount__gte=0, passengers__lte=8),
                name="travel_amounts_sensible",
                violation_error_message=_("Write kilometres from 0 to 3,000 and costs from 0 euros."),
            ),
            models.CheckConstraint(
                condition=Q(vehicle="own_car") | Q(km=0, passengers=0),
                name="travel_km_by_own_car",
                violation_error_message=_("Kilometres are paid for one's own car."),
            ),
            models.CheckConstraint(
                condition=Q(is_far=True) | Q(per_diem=""),
                name="travel_per_diem_far_enough",
                violation_error_message=_("A per diem needs a place that is far enough."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=[value for value, _label in TRAVEL_STATES]),
                name="travel_status_known",
                violation_error_message=_("This state is not known."),
            ),
            models.CheckConstraint(
                condition=Q(vehicle__in=Vehicle.values),
                name="travel_vehicle_known",
                violation_error_message=_("Choose how you travelled."),
            ),
            models.CheckConstraint(
                condition=Q(total__isnull=True, km_amount__isnull=True, per_diem_amount__isnull=True)
                | Q(
                    # A tenth of a cent of room: one of the engines reckons in binary fractions.
                    total__gt=F("km_amount") + F("per_diem_amount") + F("receipts_amount") - Decimal("0.001"),
                    total__lt=F("km_amount") + F("per_diem_amount") + F("receipts_amount") + Decimal("0.001"),
                    km_rate__isnull=False,
                ),
                name="travel_total_adds_up",
                violation_error_message=_("The parts add up to the total."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "exported", "paid"]) | Q(total__isnull=False),
                name="travel_approved_with_a_sum",
                violation_error_message=_("What is approved has a sum."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.total} €"

    def get_absolute_url(self) -> str:
        return reverse("travel_detail", args=[self.pk])

    @property
    def amount_to_pay(self) -> Decimal:
        return self.total or Decimal(0)

    @property
    def day(self) -> datetime.date:
        """The travel date: the local day on which it began. Its rates hold for the whole journey."""
        return timezone.localdate(self.departs_at)

    @property
    def length(self) -> datetime.timedelta:
        return datetime.timedelta(minutes=self.minutes)

    @property
    def returns_at(self) -> datetime.datetime:
        """When one came back."""
        return self.departs_at + self.length

    @property
    def ends_next_day(self) -> bool:
        return timezone.localdate(self.returns_at) > self.day

    @property
    def what(self) -> str:
        """What it was for, in a few words without a name."""
        return gettext("Peer-support meeting") if self.meeting_id else self.purpose

    @property
    def thing(self) -> "Participation | Meeting | OutreachEvent | None":
        """What it was for, where the house knows of it."""
        return self.participation or self.meeting or self.outreach

    @property
    def thing_day(self) -> datetime.date | None:
        """The day of the thing it was for."""
        if self.participation_id:
            return self.participation.assignment.date
        return self.thing.date if self.thing else None

    @property
    def rate_is_missing(self) -> bool:
        """Its sums wait for a rate of its day."""
        return self.total is None

    def amount_of(self, part: str) -> Decimal:
        """What one part of the journey comes to, in euros."""
        amounts = {
            TravelPart.MILEAGE: self.km_amount,
            TravelPart.PER_DIEM: self.per_diem_amount,
            TravelPart.RECEIPTS: self.receipts_amount,
        }
        return amounts[part] or Decimal(0)

    def can_edit(self, actor) -> bool:
        """Its partner mends a claim that was sent back."""
        return self.is_partners(actor) and self.status == PayStatus.REJECTED

    def can_withdraw(self, actor) -> bool:
        """Its partner takes it back before it is approved."""
        return self.is_partners(actor) and self.may_move_to(PayStatus.WITHDRAWN)


class Correction(Payable):
    """What a batch got wrong, put right in a later batch: a batch itself never changes. The amount may be negative."""

    TRANSITIONS = CORRECTION_TRANSITIONS
    is_travel = False

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
