"""Care of the partners: supervision and debriefing (domain 5.4). Who was there is kept, never what was said."""

import datetime

from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import today
from kumppani.core.models import BaseModel
from kumppani.core.privacy import Privacy, Retention
from kumppani.core.validators import no_identity_code
from pairing.models.people import ExperiencePartner
from pairing.querysets import SupervisionPresenceQuerySet, SupervisionQuerySet


class SupervisionKind(models.TextChoices):
    INDIVIDUAL = "individual", _("individual supervision")
    GROUP = "group", _("group supervision")
    DEBRIEFING = "debriefing", _("debriefing")


class Supervision(BaseModel):
    """One time of supervision, or of debriefing after a heavy hour: when, where, who leads it. No notes."""

    kind = models.CharField(
        _("kind"), max_length=15, choices=SupervisionKind.choices, default=SupervisionKind.GROUP
    )
    date = models.DateField(_("date"))
    starts_at = models.TimeField(_("time"))
    minutes = models.PositiveSmallIntegerField(
        _("length in minutes"), default=90, validators=[MinValueValidator(10), MaxValueValidator(480)]
    )
    leader = models.CharField(_("who leads it"), max_length=120, blank=True, validators=[no_identity_code])
    place = models.CharField(_("place"), max_length=120, blank=True, validators=[no_identity_code])
    link = models.URLField(
        _("link"),
        blank=True,
        help_text=_("To a meeting online."),
        validators=[URLValidator(schemes=["https"])],
    )
    is_cancelled = models.BooleanField(_("called off"), default=False, editable=False)

    objects = SupervisionQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.PARTNER,
        internal=("kind", "date", "starts_at", "minutes", "place", "link", "is_cancelled"),
        personal=("leader",),
        note="Times only. Nothing of what was talked about is kept anywhere.",
    )

    class Meta:
        verbose_name = _("time of supervision")
        verbose_name_plural = _("times of supervision")
        indexes = [models.Index(fields=["date", "id"], name="supervision_by_date")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=SupervisionKind.values),
                name="supervision_kind_known",
                violation_error_message=_("Choose the kind from the list."),
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=10, minutes__lte=480),
                name="supervision_length_sensible",
                violation_error_message=_("The length is from 10 minutes to 8 hours."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.date}"

    def get_absolute_url(self) -> str:
        return reverse("supervision_detail", args=[self.pk])

    @property
    def has_come(self) -> bool:
        """Whether its day is here or over: then it can be said who was there."""
        return self.date <= today()


class PresenceState(models.TextChoices):
    INVITED = "invited", _("invited")
    PRESENT = "present", _("was there")
    ABSENT = "absent", _("was not there")


class SupervisionPresence(BaseModel):
    """One partner at one time of supervision: invited, and afterwards there or not."""

    supervision = models.ForeignKey(
        Supervision, verbose_name=_("time of supervision"), on_delete=models.CASCADE, related_name="presences"
    )
    partner = models.ForeignKey(
        ExperiencePartner, verbose_name=_("partner"), on_delete=models.CASCADE, related_name="presences"
    )
    state = models.CharField(
        _("presence"), max_length=10, choices=PresenceState.choices, default=PresenceState.INVITED
    )

    objects = SupervisionPresenceQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.PARTNER,
        about=("partner",),
        internal=("supervision",),
        special=("partner", "state"),
    )

    class Meta:
        verbose_name = _("presence at supervision")
        verbose_name_plural = _("presences at supervision")
        constraints = [
            models.UniqueConstraint(
                fields=["supervision", "partner"],
                name="supervision_partner_once",
                violation_error_message=_("This partner has been invited already."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=PresenceState.values),
                name="supervision_presence_known",
                violation_error_message=_("Choose from the list."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_state_display()


class Care:
    """How a partner is cared for: from the annotations of `with_supervision()`.

    A partner's next time is due some days after the last one, or after being taken in. It is overdue when that day has
    passed and no time has been agreed on within the same number of days from now (a suggestion: domain 5.4).
    """

    def __init__(self, partner: ExperiencePartner, every: datetime.timedelta):
        self.last_on: datetime.date | None = partner.last_supervised
        self.next_on: datetime.date | None = partner.next_supervision
        self.due_on = (self.last_on or partner.taken_in_on) + every
        now = today()
        self.is_overdue = self.due_on < now and (self.next_on is None or self.next_on > now + every)
