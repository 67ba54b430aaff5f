"""Making the work known, and being noticed (A14, A15, A34, B3)."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kumppani.core.models import BaseModel
from kumppani.core.privacy import Privacy, Retention
from kumppani.core.validators import no_identity_code
from kumppani.organisations.models import Grant, Organisation
from pairing.models import ExperiencePartner
from tasks.querysets import MediaHitQuerySet, OutreachEventQuerySet


class OutreachKind(models.TextChoices):
    TEAM_MEETING = "team", _("team meeting")
    OFFICE_MEETING = "office", _("office meeting")
    VISIT = "visit", _("visit")
    FAIR = "fair", _("fair or open event")
    LESSON = "lesson", _("lesson or talk")
    ONLINE = "online", _("meeting online")
    OTHER = "other", _("something else")


class AudienceKind(models.TextChoices):
    """To whom the work became known (A16, A34)."""

    WORKERS = "workers", _("child-protection workers")
    PROFESSIONALS = "professionals", _("other professionals")
    PARENTS = "parents", _("parents")
    STUDENTS = "students", _("students")
    PUBLIC = "public", _("everybody")


class OutreachEvent(BaseModel):
    """An acquaintance event that no organisation ordered and nobody was paid for: held, or coming.

    What was ordered or paid is an assignment of an acquaintance kind; it is not written down here a second time.
    """

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="outreach"
    )
    municipality = models.CharField(
        _("municipality"), max_length=60, blank=True, validators=[no_identity_code]
    )
    kind = models.CharField(_("kind"), max_length=10, choices=OutreachKind.choices)
    title = models.CharField(_("what"), max_length=140, blank=True, validators=[no_identity_code])
    date = models.DateField(_("date"))
    starts_at = models.TimeField(_("time"), null=True, blank=True)
    hours = models.DecimalField(
        _("hours"), max_digits=4, decimal_places=1, validators=[MinValueValidator(Decimal("0.5"))]
    )
    audience_kind = models.CharField(_("audience"), max_length=15, choices=AudienceKind.choices)
    audience_size = models.PositiveIntegerField(_("how many in the audience"), null=True, blank=True)
    grant = models.ForeignKey(
        Grant, verbose_name=_("grant"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    partners = models.ManyToManyField(
        ExperiencePartner, verbose_name=_("partners present"), blank=True, related_name="outreach"
    )

    objects = OutreachEventQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.ACCOUNTING,
        internal=(
            "organisation",
            "municipality",
            "kind",
            "title",
            "date",
            "starts_at",
            "hours",
            "audience_kind",
            "audience_size",
            "grant",
        ),
        personal=("partners",),
    )

    class Meta:
        verbose_name = _("acquaintance event")
        verbose_name_plural = _("acquaintance events")
        indexes = [models.Index(fields=["-date", "-id"], name="outreach_by_date")]
        constraints = [
            models.CheckConstraint(
                condition=Q(hours__gt=0, hours__lte=100),
                name="outreach_hours_sensible",
                violation_error_message=_("Hours are between half an hour and 100."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=OutreachKind.values),
                name="outreach_kind_known",
                violation_error_message=_("Choose the kind from the list."),
            ),
            models.CheckConstraint(
                condition=Q(audience_kind__in=AudienceKind.values),
                name="outreach_audience_known",
                violation_error_message=_("Choose the audience from the list."),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.get_kind_display()

    def get_absolute_url(self) -> str:
        return reverse("outreach_detail", args=[self.pk])


class MediaKind(models.TextChoices):
    NATIONAL = "national", _("national media")
    LOCAL = "local", _("local media")
    TRADE = "trade", _("publication of the field")
    SOCIAL = "social", _("social media")
    OTHER = "other", _("something else")


class MediaHit(BaseModel):
    """The work was noticed by the media (A14): a small log. Nobody is named."""

    date = models.DateField(_("date"))
    medium = models.CharField(_("where"), max_length=120, validators=[no_identity_code])
    kind = models.CharField(_("kind"), max_length=10, choices=MediaKind.choices)
    title = models.CharField(_("headline"), max_length=200, validators=[no_identity_code])
    url = models.URLField(_("web address"), max_length=300, blank=True)

    objects = MediaHitQuerySet.as_manager()
    privacy = Privacy(retention=Retention.RULES, internal=("date", "medium", "kind", "title", "url"))

    class Meta:
        verbose_name = _("media hit")
        verbose_name_plural = _("media hits")
        indexes = [models.Index(fields=["-date", "-id"], name="media_hit_by_date")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=MediaKind.values),
                name="media_hit_kind_known",
                violation_error_message=_("Choose the kind from the list."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("media_list")
