"""Worries: three different things that are not mixed (domain 2.7, R11).

* A child-welfare notification is made to the authority, never here. Kept is only *that* it was done.
* A grievance about the service, and an incident in the peer activity, have an owner, a state and an answer.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.models import User
from kumppani.accounts.roles import Role
from kumppani.core.models import BaseModel
from kumppani.core.privacy import Privacy, Retention
from kumppani.core.states import StatefulModel
from kumppani.core.words import in_language
from pairing.models.relationship import Relationship
from pairing.querysets import ConcernRecordQuerySet, ContactPointQuerySet, IncidentQuerySet
from pairing.states import INCIDENT_TRANSITIONS, IncidentStatus


class ContactPoint(BaseModel):
    """Whom to call in one county when worried about a child: editable data, shipped without numbers nobody checked."""

    name_fi = models.CharField(_("name in Finnish"), max_length=120)
    name_sv = models.CharField(_("name in Swedish"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    phone = models.CharField(_("phone in office hours"), max_length=40, blank=True)
    urgent_phone = models.CharField(_("phone at other times"), max_length=40, blank=True)
    hours = models.CharField(_("office hours"), max_length=80, blank=True)
    url = models.URLField(_("page of the authority"), max_length=300, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = ContactPointQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RULES,
        public=(
            "name_fi",
            "name_sv",
            "name_en",
            "phone",
            "urgent_phone",
            "hours",
            "url",
            "is_active",
        ),
    )

    class Meta:
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        ordering = ["name_fi", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["name_fi"],
                name="contact_point_name_once",
                violation_error_message=_("There is a contact point with this name already."),
            )
        ]

    def __str__(self) -> str:
        return in_language(self, "name")


class Channel(models.TextChoices):
    """How it was made; never by unprotected e-mail (domain 2.7)."""

    PHONE = "phone", _("by phone")
    FORM = "form", _("on the authority's form")
    VISIT = "visit", _("face to face")


class ConcernRecord(BaseModel):
    """*That* something was done about a worry for a child, never what it was about (R11): there is no field for it."""

    relationship = models.ForeignKey(
        Relationship, verbose_name=_("relationship"), on_delete=models.PROTECT, related_name="concerns"
    )
    notification_made = models.BooleanField(
        _("what was done"),
        choices=[
            (True, _("a child-welfare notification was made")),
            (False, _("none was made, after talking it over")),
        ],
    )
    done_at = models.DateTimeField(_("when"), default=timezone.now)
    contact_point = models.ForeignKey(
        ContactPoint,
        verbose_name=_("to which county"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    channel = models.CharField(_("how"), max_length=10, choices=Channel.choices, blank=True)
    family_told = models.BooleanField(_("the family has been told"), default=False)
    coordinator_told = models.BooleanField(_("the project staff have been told"), default=False)
    recorded_by = models.ForeignKey(
        User, verbose_name=_("recorded by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ConcernRecordQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RELATIONSHIP,
        about=("relationship__parent",),
        internal=("relationship", "recorded_by", "coordinator_told"),
        special=("notification_made", "done_at", "contact_point", "channel", "family_told"),
        note="Shown to the staff, to the parent's social worker and to whoever recorded it.",
    )

    class Meta:
        verbose_name = _("record of a worry")
        verbose_name_plural = _("records of worries")
        ordering = ["-done_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(notification_made=True, contact_point__isnull=False) & ~Q(channel=""))
                | Q(notification_made=False, contact_point__isnull=True, channel=""),
                name="concern_made_says_where",
                violation_error_message=_("Say to which county and how the notification was made."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.done_at:%Y-%m-%d}"


class IncidentKind(models.TextChoices):
    INCIDENT = "incident", _("something went wrong in the peer support")
    GRIEVANCE = "grievance", _("the service does not work as it should")


class Incident(StatefulModel):
    """An incident or a grievance: somebody owns it, and whoever raised it gets an answer (domain 2.7)."""

    TRANSITIONS: ClassVar = INCIDENT_TRANSITIONS

    kind = models.CharField(_("what it is about"), max_length=12, choices=IncidentKind.choices)
    relationship = models.ForeignKey(
        Relationship,
        verbose_name=_("relationship"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="incidents",
    )
    raised_by = models.ForeignKey(
        User, verbose_name=_("raised by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    raised_as = models.CharField(_("in the role"), max_length=20, choices=Role.choices)
    words = models.TextField(
        _("what happened"),
        max_length=1000,
        help_text=_("A few sentences are enough. Nothing about a child's matters."),
    )
    status = models.CharField(
        _("state"), max_length=10, choices=IncidentStatus.choices, default=IncidentStatus.NEW, editable=False
    )
    owner = models.ForeignKey(
        User,
        verbose_name=_("who handles it"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    answer = models.TextField(_("answer to whoever raised it"), max_length=1000, blank=True)
    answered_on = models.DateField(_("answered"), null=True, blank=True)

    objects = IncidentQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RELATIONSHIP,
        about=("raised_by", "relationship__parent"),
        internal=("kind", "relationship", "raised_as", "status", "owner", "answered_on"),
        special=("raised_by", "words", "answer"),
    )

    class Meta:
        verbose_name = _("incident or grievance")
        verbose_name_plural = _("incidents and grievances")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=IncidentStatus.values),
                name="incident_status_known",
                violation_error_message=_("This state is not known."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=IncidentKind.values),
                name="incident_kind_known",
                violation_error_message=_("Choose from the list."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["new", "handling"]) | (~Q(answer="") & Q(answered_on__isnull=False)),
                name="incident_answered_in_words",
                violation_error_message=_("Write an answer to whoever raised it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("incident_detail", args=[self.pk])
