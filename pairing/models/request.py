"""Somebody asks for a partner: alone or together, a chosen one or whoever fits (A31, B19, R6)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import today
from kumppani.core.models import BaseModel
from kumppani.core.privacy import Privacy, Retention
from kumppani.core.states import StatefulModel
from pairing.models.people import SPEECH_LANGUAGES, ExperiencePartner, Parent, SocialWorker, Topic
from pairing.querysets import (
    CandidateQuerySet,
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
        Parent,
        verbose_name=_("parent"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="requests",
    )
    social_worker = models.ForeignKey(
        SocialWorker,
        verbose_name=_("social worker"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="requests",
    )
    # What came by the public form, until the staff have found out who the social worker and the parent are.
    is_public = models.BooleanField(_("came by the public form"), default=False, editable=False)
    worker_name = models.CharField(_("worker's name"), max_length=120, blank=True)
    worker_organisation = models.CharField(_("worker's organisation"), max_length=120, blank=True)
    worker_contact = models.CharField(
        _("worker's phone number or e-mail address"), max_length=120, blank=True
    )
    parent_name = models.CharField(_("parent's first name"), max_length=60, blank=True)
    parent_contact = models.CharField(
        _("parent's phone number or e-mail address"), max_length=120, blank=True
    )
    language = models.CharField(_("language"), max_length=2, choices=SPEECH_LANGUAGES, blank=True)
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
    wishes = models.ManyToManyField(
        Topic, verbose_name=_("themes and life phases the parent wishes for"), blank=True, related_name="+"
    )
    parent_agrees = models.BooleanField(_("the parent knows of this and agrees"), default=False)
    received_on = models.DateField(_("received"), default=today)
    answered_on = models.DateField(_("first answer given"), null=True, blank=True)
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
        internal=(
            "by",
            "route",
            "received_on",
            "answered_on",
            "status",
            "parent_agrees",
            "social_worker",
            "is_public",
        ),
        personal=("worker_name", "worker_organisation", "worker_contact", "language"),
        special=("parent", "chosen_partner", "area", "wishes", "parent_name", "parent_contact"),
    )

    class Meta:
        verbose_name = _("contact request")
        verbose_name_plural = _("contact requests")
        indexes = [models.Index(fields=["status", "received_on", "id"], name="request_queue")]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent_agrees=True) | Q(parent__isnull=True, parent_name="", parent_contact=""),
                name="request_with_the_parents_consent",
                violation_error_message=_("A request needs the parent's consent."),
            ),
            models.CheckConstraint(
                condition=Q(is_public=True) | Q(parent__isnull=False, social_worker__isnull=False),
                name="request_names_its_people",
                violation_error_message=_("A request names a parent and a social worker."),
            ),
            models.CheckConstraint(
                condition=~Q(status="matched") | Q(parent__isnull=False, social_worker__isnull=False),
                name="request_matched_names_its_people",
                violation_error_message=_(
                    "Before a partner is proposed, the request names the parent and the social worker."
                ),
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

    def audit_about(self):
        """The parent; of a public request whose parent is not known yet, the request, which names a person too."""
        if self.parent_id is None:
            yield self._meta.label_lower, self.pk
            return
        yield from super().audit_about()

    @property
    def who_asks(self) -> str:
        """In words. By the public form any worker may write, not only a social worker (A41)."""
        if self.is_public and self.by == RequestBy.WORKER:
            return gettext("a worker")
        return str(self.get_by_display())

    @property
    def is_complete(self) -> bool:
        """Whether the parent and the social worker are known: a public request is completed by the staff."""
        return self.parent_id is not None and self.social_worker_id is not None

    @property
    def spoken_language(self) -> str:
        """The language the parent speaks: "fi", "sv", "en", or "" while nobody has said."""
        return self.parent.language if self.parent_id else self.language

    @property
    def waiting_days(self) -> int:
        """Days since it was received (A27)."""
        return (today() - self.received_on).days


class Candidate(BaseModel):
    """Who is asked next when a partner does not answer in time or says no: the staff's own order."""

    request = models.ForeignKey(
        ContactRequest, verbose_name=_("request"), on_delete=models.CASCADE, related_name="candidates"
    )
    partner = models.ForeignKey(
        ExperiencePartner, verbose_name=_("experience partner"), on_delete=models.CASCADE, related_name="+"
    )
    position = models.PositiveSmallIntegerField(_("order"))
    asked_on = models.DateField(_("asked"), null=True, blank=True)

    objects = CandidateQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.REQUEST,
        about=("partner", "request__parent"),
        internal=("request", "position", "asked_on"),
        special=("partner",),
    )

    class Meta:
        verbose_name = _("next to be asked")
        verbose_name_plural = _("next to be asked")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "partner"],
                name="candidate_once_per_request",
                violation_error_message=_("This partner is on the list already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.position}"
