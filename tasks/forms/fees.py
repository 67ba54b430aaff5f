"""What staff and partners type about what is paid."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import today
from kumppani.core.forms import DateInput, TokenForm
from kumppani.organisations.models import Grant
from tasks.models import Fee, TravelClaim


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


class ProjectPaysForm(TokenForm):
    """From which grant the project pays what the orderer does not: one running on the work's day, or today."""

    grant = forms.ModelChoiceField(
        label=_("From which grant?"),
        queryset=None,
        empty_label=_("Choose"),
        error_messages=dict.fromkeys(
            ["required", "invalid_choice"], _("Choose the grant from which the project pays.")
        ),
    )

    def __init__(self, *args, of: Fee | TravelClaim, **kwargs):
        self.of = of
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        grants = Grant.objects.visible_to(self.actor)
        of_the_day = grants.running_on(self.of.day)
        self.fields["grant"].queryset = of_the_day | grants.running_on(today())
        running = list(of_the_day[:2])
        self.initial.setdefault("grant", running[0].pk if len(running) == 1 else None)
