"""Somebody asks for a partner: alone or together, a chosen one or whoever fits (A31, B19, R6)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import today
from kumppani.core.privacy import Privacy, Retention
from kumppani.core.states import StatefulModel
from pairing.models.people import ExperiencePartner, Parent, SocialWorker
from pairing.querysets import (
    ContactRequestQuerySet,
)
from pairing.states import (
    REQUEST_TRANSITIONS,
    RequestStatus,
)


class RequestBy(models.TextChoices):
    """B19: separately or together."""

    WORKER = "worker", _("the social worker")
    PARENT = "parent", _("the parent")
    TOGETHER = "together", _("both together")


class RequestRoute(models.TextChoices):
    """A31: to the partner one chose, or to the project staff."""

    STAFF = "staff", _("to the project staff")
    PARTNER = "partner", _("to a partner they chose")


class ContactRequest(StatefulModel):
    """Somebody asks for a partner. Staff see both routes in one queue, so that nothing is lost (R6)."""

    TRANSITIONS = REQUEST_TRANSITIONS

    parent = models.ForeignKey(
        Parent, verbose_name=_("parent"), on_delete=models.PROTECT, related_name="requests"
    )
    social_worker = models.ForeignKey(
        SocialWorker, verbose_name=_("social worker"), on_delete=models.PROTECT, related_name="requests"
    )
    by = models.CharField(_("who asks"), max_length=10, choices=RequestBy.choices)
    route = models.CharField(
        _("to whom"), max_length=10, choices=RequestRoute.choices, default=RequestRoute.STAFF
    )
    chosen_partner = models.ForeignKey(
        ExperiencePartner,
        verbose_name=_("the partner they chose"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    area = models.CharField(
        _("area"), max_length=80, blank=True, help_text=_("Where the parent would like to meet.")
    )
    parent_agrees = models.BooleanField(_("the parent knows of this and agrees"), default=False)
    received_on = models.DateField(_("received"), default=today)
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=RequestStatus.choices,
        default=RequestStatus.WAITING,
        editable=False,
    )

    objects = ContactRequestQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.REQUEST,
        about=("parent",),
        internal=("by", "route", "received_on", "status", "parent_agrees", "social_worker"),
        special=("parent", "chosen_partner", "area"),
    )

    class Meta:
        verbose_name = _("contact request")
        verbose_name_plural = _("contact requests")
        indexes = [models.Index(fields=["status", "received_on", "id"], name="request_queue")]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent_agrees=True),
                name="request_with_the_parents_consent",
                violation_error_message=_("A request needs the parent's consent."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=RequestStatus.values),
                name="request_status_known",
                violation_error_message=_("This state is not known."),
            ),
            models.UniqueConstraint(
                fields=["parent"],
                condition=Q(status=RequestStatus.WAITING),
                name="request_one_waiting_per_parent",
                violation_error_message=_("A request for this parent is waiting already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.received_on}"

    def get_absolute_url(self) -> str:
        return reverse("request_detail", args=[self.pk])

    @property
    def waiting_days(self) -> int:
        """Days since it was received (A27)."""
        return (today() - self.received_on).days
