"""That a criminal-record extract has been seen, and nothing more than that (504/2002, 148/2014; domain 2.8).

The law allows two things to be written down: of what day the extract was, and that it was shown. There is no file, no
result and no word about what stood in it.
"""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.models import User
from kumppani.core.dates import add_months, today
from kumppani.core.models import BaseModel
from kumppani.core.privacy import Privacy, Retention
from pairing.models import ExperiencePartner
from tasks.models.kinds import AssignmentKind, RecordCheck
from tasks.querysets import CriminalRecordNoteQuerySet

MONTHS_GOOD = 6  # an extract older than this is not to be looked at (504/2002)


class CriminalRecordNote(BaseModel):
    """The extract of one partner was seen for one kind of work. Once: it is not meant for checking again and again."""

    partner = models.ForeignKey(
        ExperiencePartner,
        verbose_name=_("experience partner"),
        on_delete=models.CASCADE,
        related_name="record_notes",
    )
    kind = models.ForeignKey(
        AssignmentKind, verbose_name=_("kind of assignment"), on_delete=models.PROTECT, related_name="+"
    )
    issued_on = models.DateField(_("day of the extract"))
    seen_on = models.DateField(_("seen on"))
    seen_by = models.ForeignKey(
        User, verbose_name=_("seen by"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = CriminalRecordNoteQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.PARTNER,
        about=("partner",),
        internal=("kind", "seen_by"),
        personal=("partner", "issued_on", "seen_on"),
        note="Two dates and who saw it; never what stood in the extract.",
    )

    class Meta:
        verbose_name = _("extract seen")
        verbose_name_plural = _("extracts seen")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "kind"],
                name="record_note_once",
                violation_error_message=_("The extract has been seen for this kind already."),
            ),
            models.CheckConstraint(
                condition=Q(issued_on__lte=F("seen_on")),
                name="record_note_dates_in_order",
                violation_error_message=_("An extract is seen on its own day or later."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seen_on}"

    @property
    def good_until(self) -> datetime.date:
        """The last day on which an extract of this day may be looked at."""
        return add_months(self.issued_on, MONTHS_GOOD)

    def clean(self) -> None:
        """What the law asks for; the database refuses the same (tasks/triggers.py), but for the future."""
        errors = {}
        if self.kind_id and self.kind.record_check == RecordCheck.NOT_POSSIBLE:
            errors["kind"] = gettext("For this kind of work the law does not allow looking at an extract.")
        if self.seen_on and self.seen_on > today():
            errors["seen_on"] = gettext("This day has not come yet.")
        elif self.issued_on and self.seen_on and self.seen_on > self.good_until:
            errors["issued_on"] = gettext("An extract may be at most six months old when it is seen.")
        if errors:
            raise ValidationError(errors)
