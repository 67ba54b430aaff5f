"""What staff and partners type about what is paid."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import today
from kumppani.core.forms import DateInput, TokenForm


class RejectForm(TokenForm):
    """Why a claim goes back, in words that help to mend it."""

    because = forms.CharField(
        label=_("What should be looked at again?"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The partner reads this. Write kindly and exactly, in a sentence or two."),
        error_messages={"required": _("Write in a sentence or two what should be looked at again.")},
    )


class PaidByOrdererForm(TokenForm):
    """On which day the orderer has paid the partner."""

    on = forms.DateField(
        label=_("On which day was it paid?"),
        widget=DateInput(),
        error_messages={"required": _("Choose the day.")},
    )

    def prepare(self) -> None:
        self.initial.setdefault("on", today())

    def clean_on(self):
        day = self.cleaned_data["on"]
        if day > today():
            raise forms.ValidationError(_("Choose a day that has come already."))
        return day
