"""What is typed about a cohort."""

from decimal import Decimal

from crispy_forms.layout import Div, Field, Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import add_months, today
from kumppani.core.forms import (
    ChoiceTiles,
    DateInput,
    SpokenDecimalField,
    TokenForm,
    TokenModelForm,
    VersionMixin,
)
from kumppani.core.validators import no_identity_code
from kumppani.organisations.models import Grant
from training.defaults import COHORT_MONTHS
from training.models import Cohort
from training.services.cohorts import COHORT_FIELDS
from training.states import CohortStatus

NOT_A_NUMBER = dict.fromkeys(["required", "invalid"], _("Write the hours as a number, for example 2,5."))


def places_field() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("How many places are there?"), min_value=1, max_value=100, required=False
    )


class CohortForm(TokenModelForm):
    """A cohort in planning: what it is called, when, how long, for whom."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("Everybody can read it, for example with the half-year in it."),
        error_messages={"required": _("Give the cohort a name.")},
    )
    language = forms.ChoiceField(
        label=_("In which language?"),
        choices=Cohort._meta.get_field("language").choices,
        widget=ChoiceTiles(shape="row"),
        initial="fi",
    )
    starts_on = forms.DateField(
        label=_("First day"), widget=DateInput(), error_messages={"required": _("Choose the day.")}
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        widget=DateInput(),
        required=False,
        help_text=_("Leave this empty, and it is five months after the first day."),
    )
    planned_hours = SpokenDecimalField(
        label=_("How many hours in all?"),
        min_value=Decimal(1),
        max_value=Decimal(9999),
        max_digits=5,
        decimal_places=1,
        error_messages=NOT_A_NUMBER,
    )
    required_share = forms.IntegerField(
        label=_("How much of it does completing need, per cent?"), min_value=1, max_value=100
    )
    place = forms.CharField(
        label=_("Where?"),
        max_length=120,
        required=False,
        validators=[no_identity_code],
        help_text=Cohort._meta.get_field("place").help_text,
    )
    about = forms.CharField(
        label=_("What should applicants know?"),
        max_length=1500,
        required=False,
        validators=[no_identity_code],
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=Cohort._meta.get_field("about").help_text,
    )
    places = places_field()
    apply_from = forms.DateField(label=_("From which day can one apply?"), widget=DateInput(), required=False)
    apply_until = forms.DateField(label=_("Until which day?"), widget=DateInput(), required=False)
    grant = forms.ModelChoiceField(
        label=_("From which grant?"), queryset=None, required=False, empty_label=_("No grant")
    )

    class Meta:
        model = Cohort
        fields = COHORT_FIELDS

    def prepare(self) -> None:
        self.fields["grant"].queryset = Grant.objects.visible_to(self.actor)
        if not self.is_bound and self.instance.created_at is None:
            for name in ("planned_hours", "required_share"):
                self.initial.setdefault(name, Cohort._meta.get_field(name).default)
            running = list(Grant.objects.visible_to(self.actor).running_on(today())[:2])
            self.initial.setdefault("grant", running[0].pk if len(running) == 1 else None)

    def lay_out(self) -> None:
        self.helper.layout = Layout(
            Fieldset(
                _("Which training"), "name", Field("language", wrapper_class="choice-grid choice-grid--row")
            ),
            Fieldset(
                _("When and how much"),
                Div("starts_on", "ends_on", css_class="field-pair"),
                Div("planned_hours", "required_share", css_class="field-pair"),
            ),
            Fieldset(_("For applicants"), "place", "about"),
            Fieldset(
                _("Applications"),
                Div("apply_from", "apply_until", css_class="field-pair"),
                Field("places", wrapper_class="field-short"),
            ),
            Fieldset(_("Money"), "grant"),
            *(name for name in ("submission", "seen_version") if name in self.fields),
        )

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and not last and "ends_on" not in self.errors:
            cleaned["ends_on"] = add_months(first, COHORT_MONTHS)
        elif first and last and last < first:
            self.add_error("ends_on", _("The last day cannot be before the first day."))
        apply_from, apply_until = cleaned.get("apply_from"), cleaned.get("apply_until")
        if apply_from and apply_until and apply_until < apply_from:
            self.add_error("apply_until", _("Applications cannot end before they begin."))
        if self.instance.status == CohortStatus.RECRUITING and not apply_until:
            self.add_error("apply_until", _("The cohort is open for applications. Choose their last day."))
        return cleaned

    def facts(self) -> dict:
        """What the service asks for."""
        return {name: self.cleaned_data[name] for name in COHORT_FIELDS}


class CohortEditForm(VersionMixin, CohortForm):
    """The same questions about a cohort that is there."""


class CohortOpenForm(TokenForm):
    """From when until when one can apply, and how many are taken."""

    apply_from = forms.DateField(
        label=_("From which day can one apply?"),
        widget=DateInput(),
        required=False,
        help_text=_("Leave this empty, and one can apply at once."),
    )
    apply_until = forms.DateField(
        label=_("Until which day?"), widget=DateInput(), error_messages={"required": _("Choose the day.")}
    )
    places = places_field()

    def clean_apply_until(self):
        last = self.cleaned_data["apply_until"]
        if last < today():
            raise forms.ValidationError(_("This day is over. Choose a later one."))
        return last

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("apply_from"), cleaned.get("apply_until")
        if first and last and last < first:
            self.add_error("apply_until", _("Applications cannot end before they begin."))
        return cleaned
