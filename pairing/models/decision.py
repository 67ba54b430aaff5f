"""The social worker's decision, on which everything rests (B27, domain 2.11)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kumppani.core.models import BaseModel
from kumppani.core.privacy import Privacy, Retention
from kumppani.core.words import in_language
from kumppani.organisations.models import Grant, Organisation
from pairing.models.people import SocialWorker
from pairing.models.relationship import Relationship
from pairing.querysets import (
    DecisionQuerySet,
    LegalGroundQuerySet,
)


class LegalGround(BaseModel):
    """On what law a decision rests: editable data, because the law changes (domain 2.1, 2.11)."""

    code = models.SlugField(_("code"), max_length=40)
    name_fi = models.CharField(_("name in Finnish"), max_length=120)
    name_sv = models.CharField(_("name in Swedish"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = LegalGroundQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RULES, public=("code", "name_fi", "name_sv", "name_en", "is_active")
    )

    class Meta:
        verbose_name = _("legal ground")
        verbose_name_plural = _("legal grounds")
        ordering = ["name_fi"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                name="legal_ground_code_once",
                violation_error_message=_("There is a ground with this code already."),
            )
        ]

    def __str__(self) -> str:
        return in_language(self, "name")


class Funding(models.TextChoices):
    """Who pays (domain 0.3, R13)."""

    GRANT = "grant", _("the project's grant")
    ORGANISER = "organiser", _("the organiser of the service")


class Decision(BaseModel):
    """A social worker's decision (B27, domain 2.11). The document itself is never uploaded."""

    relationship = models.ForeignKey(
        Relationship, verbose_name=_("relationship"), on_delete=models.PROTECT, related_name="decisions"
    )
    is_positive = models.BooleanField(_("outcome"), choices=[(True, _("positive")), (False, _("negative"))])
    made_on = models.DateField(_("date of the decision"))
    maker = models.ForeignKey(
        SocialWorker, verbose_name=_("made by"), on_delete=models.PROTECT, related_name="decisions"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="+"
    )
    reference = models.CharField(_("number of the decision"), max_length=60)
    legal_ground = models.ForeignKey(LegalGround, verbose_name=_("legal ground"), on_delete=models.PROTECT)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    funding = models.CharField(_("who pays"), max_length=10, choices=Funding.choices, blank=True)
    grant = models.ForeignKey(
        Grant, verbose_name=_("grant"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = DecisionQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RELATIONSHIP,
        about=("relationship__parent",),
        internal=("relationship", "maker", "organisation", "funding", "grant"),
        special=("is_positive", "made_on", "reference", "legal_ground", "valid_from", "valid_to"),
    )

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-made_on", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_positive=False)
                | (Q(valid_from__isnull=False, valid_to__isnull=False) & ~Q(funding="")),
                name="decision_positive_has_validity",
                violation_error_message=_(
                    "A positive decision says from when to when it is valid and who pays."
                ),
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_from__lte=F("valid_to")),
                name="decision_dates_in_order",
                violation_error_message=_("The last day cannot be before the first day."),
            ),
            models.CheckConstraint(
                condition=Q(funding="grant", grant__isnull=False)
                | (~Q(funding="grant") & Q(grant__isnull=True)),
                name="decision_names_its_grant",
                violation_error_message=_("Name the grant when, and only when, the grant pays."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.made_on}"
