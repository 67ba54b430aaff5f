"""What a cohort thinks of its training: nobody's name, no time, and hidden while fewer than five have answered."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kumppani.core.privacy import Privacy, Retention
from kumppani.core.validators import no_identity_code
from training.models.cohorts import Cohort
from training.querysets import CohortFeedbackQuerySet

SCALE = [MinValueValidator(1), MaxValueValidator(5)]


class CohortFeedback(models.Model):
    """One answer. Not a `BaseModel`: a time would tell whose it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cohort = models.ForeignKey(
        Cohort, verbose_name=_("cohort"), on_delete=models.CASCADE, related_name="feedback"
    )
    overall = models.PositiveSmallIntegerField(_("the training as a whole"), validators=SCALE)
    peers = models.PositiveSmallIntegerField(_("what I learned from the others"), validators=SCALE)
    ready = models.PositiveSmallIntegerField(_("I feel ready to support somebody"), validators=SCALE)
    words = models.CharField(
        _("in your own words"), max_length=600, blank=True, validators=[no_identity_code]
    )

    objects = CohortFeedbackQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.TRAINING, internal=("cohort", "overall", "peers", "ready"), personal=("words",)
    )

    class Meta:
        verbose_name = _("feedback on a cohort")
        verbose_name_plural = _("feedback on cohorts")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(overall__range=(1, 5), peers__range=(1, 5), ready__range=(1, 5)),
                name="cohort_feedback_on_the_scale",
                violation_error_message=_("Choose from 1 to 5."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.overall}"
