"""Meetings of a relationship. The start meeting is not one of them: it is counted apart (R4)."""

import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.models import User
from kumppani.core.dates import today
from kumppani.core.models import BaseModel
from kumppani.core.privacy import Privacy, Retention
from kumppani.core.states import StatefulModel
from pairing.models.agreement import Goal
from pairing.models.people import ExperiencePartner
from pairing.models.relationship import PlaceKind, Relationship
from pairing.querysets import (
    MeetingCorrectionQuerySet,
    MeetingEchoQuerySet,
    MeetingQuerySet,
    TalkWishQuerySet,
)
from pairing.states import MEETING_TRANSITIONS, MeetingStatus


class MeetingKind(models.TextChoices):
    """A23, B17."""

    PEER = "peer", _("the two of us")
    ACCOMPANIED = "accompanied", _("together in an authority's meeting")
    THREE_PARTY = "three_party", _("the three of us, with the social worker")
    CALL = "call", _("a call")


class Meeting(StatefulModel):
    """One meeting: when, how long, what kind of place.

    No free text about the parent but a short note, where the agreement allows it; the parent reads it (domain 2.2).
    """

    TRANSITIONS = MEETING_TRANSITIONS

    relationship = models.ForeignKey(
        Relationship, verbose_name=_("relationship"), on_delete=models.PROTECT, related_name="meetings"
    )
    date = models.DateField(_("date"))
    starts_at = models.TimeField(_("time"), null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=MeetingKind.choices, default=MeetingKind.PEER)
    place = models.CharField(_("place"), max_length=10, choices=PlaceKind.choices)
    minutes = models.PositiveSmallIntegerField(
        _("length in minutes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(5), MaxValueValidator(720)],
    )
    travel_km = models.PositiveSmallIntegerField(
        _("kilometres by own car"), null=True, blank=True, validators=[MaxValueValidator(2000)]
    )
    ticket_cost = models.DecimalField(
        _("tickets, in euros"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    note = models.CharField(
        _("note"),
        max_length=300,
        blank=True,
        help_text=_("The parent reads this. Only where it was agreed; nothing about the child's matters."),
    )
    series = models.UUIDField(_("planned together"), null=True, blank=True, editable=False)
    goals = models.ManyToManyField(
        Goal, verbose_name=_("which goals it was about"), blank=True, related_name="meetings"
    )
    status = models.CharField(
        _("state"), max_length=10, choices=MeetingStatus.choices, default=MeetingStatus.PLANNED
    )
    logged_by = models.ForeignKey(
        User, verbose_name=_("logged by"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    logged_at = models.DateTimeField(_("logged"), null=True, blank=True, editable=False)

    objects = MeetingQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RELATIONSHIP,
        about=("relationship__parent", "relationship__partner"),
        internal=("relationship", "logged_by", "logged_at", "series"),
        personal=("travel_km", "ticket_cost"),
        special=("date", "starts_at", "kind", "place", "minutes", "goals", "status", "note"),
    )

    class Meta:
        verbose_name = _("peer-support meeting")
        verbose_name_plural = _("peer-support meetings")
        indexes = [
            models.Index(fields=["relationship", "-date", "-id"], name="meeting_of_relationship"),
            models.Index(fields=["date", "status"], name="meeting_by_date"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="held") | Q(minutes__isnull=False, minutes__gte=5, minutes__lte=720),
                name="meeting_held_has_length",
                violation_error_message=_("A held meeting has a length, from 5 minutes to 12 hours."),
            ),
            models.CheckConstraint(
                condition=(Q(travel_km__isnull=True) | Q(travel_km__lte=2000))
                & (Q(ticket_cost__isnull=True) | Q(ticket_cost__gte=0)),
                name="meeting_travel_sensible",
                violation_error_message=_("Write kilometres from 0 to 2,000 and tickets from 0 euros."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=MeetingStatus.values),
                name="meeting_status_known",
                violation_error_message=_("This state is not known."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=MeetingKind.values),
                name="meeting_kind_known",
                violation_error_message=_("Choose the kind of meeting from the list."),
            ),
            models.CheckConstraint(
                condition=Q(place__in=PlaceKind.values),
                name="meeting_place_known",
                violation_error_message=_("Choose the kind of place from the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date}"

    def get_absolute_url(self) -> str:
        return reverse("meeting_detail", args=[self.pk])

    @property
    def correct_until(self) -> datetime.date:
        """The last day on which its partner may correct it."""
        return timezone.localdate(self.logged_at or self.created_at) + datetime.timedelta(
            days=settings.MEETING_CORRECTION_DAYS
        )

    def can_correct(self, actor) -> bool:
        """Its partner may correct a logged meeting for some days."""
        return (
            self.status == MeetingStatus.HELD
            and self.relationship.can_log_meeting(actor)
            and today() <= self.correct_until
        )


class MeetingCorrection(BaseModel):
    """What a meeting said before it was corrected: a correction keeps what it changes."""

    meeting = models.ForeignKey(
        Meeting, verbose_name=_("meeting"), on_delete=models.CASCADE, related_name="corrections"
    )
    date = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=20, choices=MeetingKind.choices)
    place = models.CharField(_("place"), max_length=10, choices=PlaceKind.choices)
    minutes = models.PositiveSmallIntegerField(_("length in minutes"), null=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    corrected_by = models.ForeignKey(
        User, verbose_name=_("corrected by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = MeetingCorrectionQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RELATIONSHIP,
        about=("meeting__relationship__parent", "meeting__relationship__partner"),
        internal=("meeting", "corrected_by"),
        special=("date", "kind", "place", "minutes", "note"),
    )

    class Meta:
        verbose_name = _("correction of a meeting")
        verbose_name_plural = _("corrections of meetings")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.date}"


class MeetingEcho(BaseModel):
    """How it went, in the parent's opinion: one tap, voluntary. The partner does not see single answers."""

    meeting = models.OneToOneField(
        Meeting, verbose_name=_("meeting"), on_delete=models.CASCADE, related_name="echo"
    )
    value = models.PositiveSmallIntegerField(
        _("how it went"), choices=[(1, _("badly")), (2, _("so-so")), (3, _("well")), (4, _("very well"))]
    )

    objects = MeetingEchoQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RELATIONSHIP,
        about=("meeting__relationship__parent",),
        internal=("meeting",),
        special=("value",),
    )

    class Meta:
        verbose_name = _("how a meeting went")
        verbose_name_plural = _("how meetings went")
        constraints = [
            models.CheckConstraint(
                condition=Q(value__gte=1, value__lte=4),
                name="echo_value_known",
                violation_error_message=_("Choose from the list."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.value}"

    @property
    def change_until(self) -> datetime.date:
        """The last day on which the parent may change it."""
        return timezone.localdate(self.created_at) + datetime.timedelta(days=settings.MEETING_CORRECTION_DAYS)


class TalkWish(BaseModel):
    """A partner needs to talk (debriefing, domain 5.4): one tap, no words, the staff see it at once."""

    partner = models.ForeignKey(
        ExperiencePartner, verbose_name=_("partner"), on_delete=models.CASCADE, related_name="talk_wishes"
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True)
    handled_by = models.ForeignKey(
        User, verbose_name=_("handled by"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = TalkWishQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.PARTNER,
        about=("partner",),
        internal=("asked_at", "handled_at", "handled_by"),
        special=("partner",),
    )

    class Meta:
        verbose_name = _("wish to talk")
        verbose_name_plural = _("wishes to talk")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner"],
                condition=Q(handled_at__isnull=True),
                name="talk_wish_once_while_open",
                violation_error_message=_("The staff know already and will call you."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d}"
