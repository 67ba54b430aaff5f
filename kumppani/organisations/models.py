"""Who works with the programme, and who pays. Names and kinds change over time (domain 0.9), so they are dated data."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kumppani.core.models import BaseModel
from kumppani.core.privacy import Privacy, Retention
from kumppani.organisations.querysets import GrantQuerySet, OrganisationQuerySet


class OrganisationKind(models.TextChoices):
    COORDINATOR = "coordinator", _("co-ordinator")
    MUNICIPALITY = "municipality", _("municipality")
    COUNTY = "county", _("wellbeing services county")
    NGO = "ngo", _("NGO")
    EDUCATION = "education", _("educational institution")
    OTHER = "other", _("other organisation")


class Organisation(BaseModel):
    """A co-ordinator, a municipality, an NGO … (B3, B39–B42)."""

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind.choices)
    is_project_partner = models.BooleanField(_("project partner"), default=False)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    predecessor = models.ForeignKey(
        "self",
        verbose_name=_("continues the work of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="successors",
    )

    objects = OrganisationQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RULES,
        public=("name", "kind", "is_project_partner", "valid_from", "valid_to", "predecessor"),
    )

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                name="organisation_name_once",
                violation_error_message=_("There is an organisation with this name already."),
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=OrganisationKind.values),
                name="organisation_kind_known",
                violation_error_message=_("Choose the kind of organisation from the list."),
            ),
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_to__isnull=True)
                | models.Q(valid_from__lte=models.F("valid_to")),
                name="organisation_dates_in_order",
                violation_error_message=_("The last day cannot be before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Grant(BaseModel):
    """A funder's grant; the period report covers only what was done with one grant (domain 0.3, R13)."""

    name = models.CharField(_("name"), max_length=120)
    funder = models.CharField(_("funder"), max_length=120)
    code = models.CharField(_("funder's code"), max_length=40)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    cost_centre = models.CharField(
        _("cost centre"),
        max_length=40,
        blank=True,
        help_text=_("As payroll knows it. Empty: the funder's code."),
    )

    objects = GrantQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RULES,
        public=("name", "funder", "code", "starts_on", "ends_on"),
        internal=("cost_centre",),
    )

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        ordering = ["-starts_on", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                name="grant_code_once",
                violation_error_message=_("There is a grant with this code already."),
            ),
            models.CheckConstraint(
                condition=models.Q(starts_on__lte=models.F("ends_on")),
                name="grant_dates_in_order",
                violation_error_message=_("The last day cannot be before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
