"""Which period, and whose money: a form of the address, so that what is asked can be kept as a link."""

import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from kumppani.core.forms import DateInput
from kumppani.organisations.models import Grant
from kumppani.reports.figures import Period

EARLIEST = datetime.date(1900, 1, 1)
LATEST = datetime.date(2999, 12, 31)


class PeriodForm(forms.Form):
    """From, to, and one grant or all funding."""

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        # Read once: the same grants are the choices, the check and the start of the half-years to choose from.
        self.grants = {str(grant.pk): grant for grant in Grant.objects.visible_to(actor)}
        self.fields["from"] = forms.DateField(label=_("First day"), widget=DateInput())
        self.fields["to"] = forms.DateField(label=_("Last day"), widget=DateInput())
        self.fields["grant"] = forms.TypedChoiceField(
            label=_("Paid by"),
            choices=[("", _("All funding")), *((pk, grant.name) for pk, grant in self.grants.items())],
            coerce=self.grants.get,
            empty_value=None,
            required=False,
        )

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("from"), cleaned.get("to")
        for name, value in (("from", first), ("to", last)):
            if value is not None and not EARLIEST <= value <= LATEST:
                self.add_error(name, _("Choose a day between the years 1900 and 2999."))
        if first and last and first > last:
            self.add_error("to", _("The last day cannot be before the first day."))
        return cleaned

    def period(self) -> Period:
        """What was asked for; only after `is_valid()`."""
        return Period(self.cleaned_data["from"], self.cleaned_data["to"], self.cleaned_data["grant"])
