"""Journeys, and the dated tax-exempt rates by which they are paid (R8, domain 3.3)."""

import datetime
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.core.models import BaseModel
from kumppani.core.privacy import Privacy, Retention
from kumppani.core.validators import no_identity_code
from pairing.models import Meeting
from tasks.arithmetic import PerDiem, Rates
from tasks.models.assignments import Participation
from tasks.models.outreach import OutreachEvent
from tasks.models.payables import Payable
from tasks.querysets import TravelClaimQuerySet, TravelRateQuerySet
from tasks.states import (
    TRAVEL_TRANSITIONS,
    PayStatus,
    choices_in,
)

TRAVEL_STATES = choices_in(TRAVEL_TRANSITIONS)


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
    def on(cls, day: datetime.date, *, hold: bool = False) -> Rates:
        """The rates of a travel date; what is not known is None. `hold`: as they are until the transaction ends."""
        rates = cls.objects.valid_on(day).order_by("pk")
        if hold:
            rates = rates.select_for_update()
        found = {rate.kind: rate.amount for rate in sorted(rates, key=lambda rate: rate.valid_from)}
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
