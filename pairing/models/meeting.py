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
from kumppani.core.privacy import Privacy, Retention
from kumppani.core.states import StatefulModel
from pairing.models.agreement import Goal
from pairing.models.relationship import Relationship
from pairing.querysets import MeetingQuerySet
from pairing.states import MEETING_TRANSITIONS, MeetingStatus


class PlaceKind(models.TextChoices):
    """Only the kind of place: never an address (R14)."""

    HOME = "home", _("home")
    OFFICE = "office", _("office")
    CAFE = "cafe", _("café")
    OUTDOORS = "outdoors", _("outdoors")
    REMOTE = "remote", _("remote")
    OTHER = "other", _("elsewhere")


class MeetingKind(models.TextChoices):
    """A23, B17."""

    PEER = "peer", _("the two of us")
    ACCOMPANIED = "accompanied", _("together in an authority's meeting")
    THREE_PARTY = "three_party", _("the three of us, with the social worker")
    CALL = "call", _("a call")


class Meeting(StatefulModel):
    """One meeting: when, how long, what kind of place. No free text about the parent."""

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
        internal=("relationship", "logged_by", "logged_at"),
        special=("date", "starts_at", "kind", "place", "minutes", "goals", "status"),
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
