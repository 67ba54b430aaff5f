"""One row of the attendance page, and hours made up."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import today
from kumppani.core.forms import ChoiceTiles, DateInput, HouseForm, SpokenDecimalField, VersionModelForm
from kumppani.core.templatetags.kumppani import number
from training.models import Attendance, MakeUp

# `KEEP`: leave what somebody else has saved.
ALL, PART, ABSENT, KEEP = "all", "part", "absent", "keep"


class MarkForm(HouseForm, forms.Form):
    """Who, and how many hours. It needs no token: the same hours twice are one mark."""

    enrolment = forms.UUIDField()
    seen_version = forms.IntegerField(min_value=0)
    choice = forms.ChoiceField(choices=[(code, code) for code in (ALL, PART, ABSENT, KEEP)])
    hours = SpokenDecimalField(required=False, max_digits=4, decimal_places=1)

    def __init__(self, *args, session, **kwargs):
        self.session = session
        super().__init__(*args, **kwargs)

    def clean(self):
        cleaned = super().clean()
        most = self.session.hours
        if cleaned.get("choice") == PART:
            hours = cleaned.get("hours")
            if hours is None or not 0 <= hours <= most:
                self.errors.pop("hours", None)
                self.add_error(
                    "hours", _("Write the hours as a number from 0 to %(most)s.") % {"most": number(most)}
                )
        else:
            self.errors.pop("hours", None)
            cleaned["hours"] = most if cleaned.get("choice") == ALL else Decimal(0)
        return cleaned


class MakeUpForm(VersionModelForm):
    """Hours of one session that were made up later. None: they are taken away."""

    made_up_hours = SpokenDecimalField(
        label=_("Hours made up"),
        max_digits=4,
        decimal_places=1,
        min_value=0,
        help_text=_("0 takes them away again."),
    )
    made_up_how = forms.ChoiceField(
        label=_("How"),
        choices=MakeUp.choices,
        widget=ChoiceTiles(shape="list"),
        error_messages={"required": _("Choose how the hours were made up.")},
    )
    made_up_on = forms.DateField(
        label=_("On which day"), widget=DateInput(), error_messages={"required": _("Choose the day.")}
    )

    class Meta:
        model = Attendance
        fields = ("made_up_hours", "made_up_how", "made_up_on")

    def prepare(self) -> None:
        self.most = self.instance.session.hours - self.instance.hours
        if not self.instance.made_up_hours:
            self.initial["made_up_hours"] = self.most
            self.initial["made_up_on"] = today()
        if self.is_bound and self.data.get("made_up_hours", "").strip().strip("0,.") == "":
            # Taking them away needs no how and no when; without any hours typed, the hours are what is asked for.
            for name in ("made_up_how", "made_up_on"):
                self.fields[name].required = False

    def clean(self):
        cleaned = super().clean()
        hours = cleaned.get("made_up_hours")
        if hours is None:
            return cleaned
        if hours > self.most:
            self.add_error(
                "made_up_hours",
                _("At most %(hours)s h of this session can be made up.") % {"hours": number(self.most)},
            )
        if not hours:
            cleaned["made_up_how"], cleaned["made_up_on"] = "", None
            return cleaned
        day = cleaned.get("made_up_on")
        if day is not None and day > today():
            self.add_error("made_up_on", _("This day has not come yet."))
        return cleaned
