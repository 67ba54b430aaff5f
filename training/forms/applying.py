"""What applicants type, and what the staff write down about them. The own story is asked of nobody in writing (B4)."""

import datetime

from crispy_forms.layout import Div, Field, Fieldset, Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import local_time_exists
from kumppani.core.forms import (
    ChoiceTiles,
    DateInput,
    StrangerForm,
    TimeInput,
    TokenForm,
    VersionMixin,
    VersionModelForm,
)
from kumppani.core.validators import no_identity_code
from training.models import Cohort, Enrolment
from training.states import OPEN

LANGUAGES = Enrolment._meta.get_field("language").choices
PERSON = ("first_name", "last_name", "email", "phone")


def _name(label: str, missing: str, autocomplete: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=60,
        validators=[no_identity_code],
        error_messages={"required": missing},
        widget=forms.TextInput(attrs={"autocomplete": autocomplete}),
    )


class ApplicationForm(StrangerForm):
    """A name, an address, two ticks on one's own word: nothing is proved, and nothing else is asked (B4)."""

    first_name = _name(_("First name"), _("Write your first name."), "given-name")
    last_name = _name(_("Last name"), _("Write your last name."), "family-name")
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("We send a link there. By it you see how it goes on; you need no account."),
        error_messages={"required": _("Write an address, so that the answer finds its way.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=40,
        required=False,
        validators=[no_identity_code],
        help_text=_("If you would rather be rung up."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    has_experience = forms.BooleanField(
        label=_("I have gone through child protection with a child of my own"),
        required=False,
        help_text=_("Your word is enough. Nobody asks for papers."),
    )
    is_settled = forms.BooleanField(
        label=_("My own situation is calm enough now, and I have strength for others"),
        required=False,
        help_text=_("Are you not sure? Leave it empty. We talk about it together."),
    )

    def lay_out(self) -> None:
        self.helper.layout = Layout(
            Fieldset(_("You"), Div("first_name", "last_name", css_class="field-pair"), "email", "phone"),
            Fieldset(_("In your own view"), "has_experience", "is_settled"),
            Field("homepage", wrapper_class="trap"),
            *(["submission"] if "submission" in self.fields else []),
        )

    def facts(self) -> dict:
        """What was written, in the words of `receive_application`."""
        return {name: self.cleaned_data[name] for name in (*PERSON, "has_experience", "is_settled")}


class _Reachable:
    """Some way to reach the person is needed; which, is her or his to say."""

    def clean(self):
        cleaned = super().clean()
        if not (cleaned.get("email") or cleaned.get("phone")) and not {"email", "phone"} & set(self.errors):
            self.add_error("email", _("Write an address or a telephone number, so that the answer arrives."))
        return cleaned


class RecordApplicationForm(_Reachable, TokenForm):
    """An application told on the telephone."""

    cohort = forms.ModelChoiceField(
        label=_("Training cohort"),
        queryset=None,
        empty_label=_("Choose"),
        error_messages={"required": _("Choose the cohort.")},
    )
    first_name = _name(_("First name"), _("Write the first name."), "off")
    last_name = _name(_("Last name"), _("Write the last name."), "off")
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        required=False,
        help_text=_("A letter with a link goes there. Without an address you ring."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=40,
        required=False,
        validators=[no_identity_code],
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )
    language = forms.ChoiceField(
        label=_("Language of the letters"),
        choices=LANGUAGES,
        widget=ChoiceTiles(shape="row"),
        error_messages={"required": _("Choose a language.")},
    )
    has_experience = forms.BooleanField(
        label=_("Has gone through child protection with a child of her or his own"),
        required=False,
        help_text=_("The person's own word. Nothing is proved, and no story is written down."),
    )
    is_settled = forms.BooleanField(label=_("Her or his own situation is calm enough now"), required=False)

    def prepare(self) -> None:
        self.fields["email"].has_answer_none = self.fields["phone"].has_answer_none = True
        self.fields["cohort"].queryset = (
            Cohort.objects.visible_to(self.actor).filter(status__in=OPEN).order_by("starts_on", "id")
        )

    def facts(self) -> dict:
        """What was written, in the words of `record_application`."""
        names = ("cohort", *PERSON, "language", "has_experience", "is_settled")
        return {name: self.cleaned_data[name] for name in names}


class ApplicantContactForm(_Reachable, VersionModelForm):
    """Name, address and telephone, mended."""

    language = forms.ChoiceField(
        label=_("Language of the letters"), choices=LANGUAGES, widget=ChoiceTiles(shape="row")
    )

    class Meta:
        model = Enrolment
        fields = (*PERSON, "language")

    def prepare(self) -> None:
        self.fields["email"].has_answer_none = self.fields["phone"].has_answer_none = True
        for name in ("first_name", "last_name", "phone"):
            self.fields[name].validators = [*self.fields[name].validators, no_identity_code]

    def facts(self) -> dict:
        """What was written, in the words of `change_applicant`."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class InterviewForm(VersionMixin, forms.Form):
    """When and where to talk."""

    day = forms.DateField(
        label=_("On which day?"), widget=DateInput(), error_messages={"required": _("Choose the day.")}
    )
    time = forms.TimeField(
        label=_("At what time?"), widget=TimeInput(), error_messages={"required": _("Choose the time.")}
    )
    place = forms.CharField(
        label=_("Where?"),
        max_length=160,
        validators=[no_identity_code],
        help_text=_("An address, or that you ring. The applicant reads it behind the link."),
        error_messages={"required": _("Write where you talk, or that you ring.")},
    )

    def __init__(self, *args, instance: Enrolment, **kwargs):
        self.instance = instance
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        before = self.instance.interview_at
        if before is not None and not self.is_bound:
            local = timezone.localtime(before)
            self.initial |= {"day": local.date(), "time": local.time()}
            self.initial["place"] = self.instance.interview_place

    def lay_out(self) -> None:
        self.helper.layout = Layout(
            Div("day", "time", css_class="field-pair"),
            "place",
            *(name for name in ("submission", "seen_version") if name in self.fields),
        )

    def clean(self):
        cleaned = super().clean()
        day, time = cleaned.get("day"), cleaned.get("time")
        if day and time:
            if not local_time_exists(day, time):
                self.add_error(
                    "time",
                    _("This time does not exist on that day: the clocks are moved. Choose another."),
                )
            elif self.at() <= timezone.now():
                self.add_error("day", gettext("This time is over. Choose one that is still to come."))
        return cleaned

    def at(self) -> datetime.datetime:
        """The moment, by the clocks of Finland."""
        cleaned = self.cleaned_data
        return timezone.make_aware(datetime.datetime.combine(cleaned["day"], cleaned["time"]))
