"""What a partner lets others know, field by field, and with whom a partner is never paired (A35, A39, domain 5.4)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.models import User
from kumppani.core.models import BaseModel
from kumppani.core.privacy import Privacy, Retention
from pairing.models.people import ExperiencePartner, Parent, SocialWorker
from pairing.querysets import DirectoryConsentQuerySet, ExclusionQuerySet


class DirectoryField(models.TextChoices):
    """What the public directory can show of a partner; each has a consent of its own."""

    FIRST_NAME = "first_name", _("first name")
    LANGUAGES = "languages", _("languages")
    AREA = "area", _("area")
    THEMES = "themes", _("themes")
    LIFE_PHASES = "life_phases", _("life phases")
    INTRODUCTION = "introduction", _("introduction")


class DirectoryConsent(BaseModel):
    """The partner lets one field be shown in public. Withdrawn at once, and kept as a dated row."""

    partner = models.ForeignKey(
        ExperiencePartner, verbose_name=_("partner"), on_delete=models.CASCADE, related_name="consents"
    )
    field = models.CharField(_("field"), max_length=20, choices=DirectoryField.choices)
    given_at = models.DateTimeField(_("given"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = DirectoryConsentQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.PARTNER,
        about=("partner",),
        internal=("field", "given_at", "withdrawn_at"),
        special=("partner",),
    )

    class Meta:
        verbose_name = _("consent to be shown")
        verbose_name_plural = _("consents to be shown")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "field"],
                condition=Q(withdrawn_at__isnull=True),
                name="consent_once_per_field",
                violation_error_message=_("There is a consent for this already."),
            ),
            models.CheckConstraint(
                condition=Q(field__in=DirectoryField.values),
                name="consent_field_known",
                violation_error_message=_("Choose from the list."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=models.F("given_at")),
                name="consent_times_in_order",
                violation_error_message=_("A consent is withdrawn after it was given."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field}"


class ExclusionKind(models.TextChoices):
    """Why two people are not paired (domain 5.4). The kind is enough; the story is not asked."""

    FAMILY = "family", _("same family")
    NEIGHBOURHOOD = "neighbourhood", _("same neighbourhood")
    EARLIER_WORKER = "earlier_worker", _("the partner's own earlier social worker")
    OWN_WISH = "own_wish", _("the partner's own wish")


class Exclusion(BaseModel):
    """With whom, or where, this partner is never paired: exactly one of parent, social worker, area."""

    partner = models.ForeignKey(
        ExperiencePartner, verbose_name=_("partner"), on_delete=models.CASCADE, related_name="exclusions"
    )
    kind = models.CharField(_("why"), max_length=20, choices=ExclusionKind.choices)
    parent = models.ForeignKey(
        Parent, verbose_name=_("parent"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    social_worker = models.ForeignKey(
        SocialWorker,
        verbose_name=_("social worker"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    area = models.CharField(_("area"), max_length=80, blank=True)
    recorded_by = models.ForeignKey(
        User,
        verbose_name=_("recorded by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = ExclusionQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.PARTNER,
        about=("partner", "parent"),
        internal=("recorded_by",),
        special=("partner", "kind", "parent", "social_worker", "area"),
    )

    class Meta:
        verbose_name = _("not to be paired")
        verbose_name_plural = _("not to be paired")
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=False, social_worker__isnull=True, area="")
                | Q(parent__isnull=True, social_worker__isnull=False, area="")
                | (Q(parent__isnull=True, social_worker__isnull=True) & ~Q(area="")),
                name="exclusion_names_one_thing",
                violation_error_message=_("Name one thing: a parent, a social worker or an area."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ExclusionKind.values),
                name="exclusion_kind_known",
                violation_error_message=_("Choose from the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}"
