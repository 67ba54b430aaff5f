"""What the administrator types about kinds of assignment and what is usually paid."""

from decimal import Decimal

from crispy_forms.layout import Field, Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import today
from kumppani.core.forms import (
    ChoiceTiles,
    DateInput,
    SpokenDecimalField,
    TokenForm,
    TokenModelForm,
    VersionModelForm,
)
from tasks.models import AssignmentKind, Engagement, FeeRule, FeeUnit

QUESTIONS = ("with_minors", "in_person", "alone")


def _kind_layout(form, *first: str) -> Layout:
    hidden = [name for name in ("submission", "seen_version") if name in form.fields]
    return Layout(
        Fieldset(_("Name"), *first, "name_fi", "name_sv", "name_en"),
        Fieldset(_("Use"), "category", "income_type", "is_active"),
        Fieldset(
            _("May a criminal record be asked about?"),
            *QUESTIONS,
            Field("engagement", wrapper_class="choice-grid choice-grid--list"),
        ),
        *hidden,
    )


class AssignmentKindForm(TokenModelForm):
    """A new kind. What the answers mean for a criminal-record extract is derived, never chosen (domain 2.8)."""

    engagement = forms.ChoiceField(
        label=_("How the work is done"),
        choices=Engagement.choices,
        widget=ChoiceTiles(shape="list"),
        initial=Engagement.PAID_SHORT,
    )

    class Meta:
        model = AssignmentKind
        fields = (
            "code",
            "name_fi",
            "name_sv",
            "name_en",
            "category",
            "income_type",
            "is_active",
            *QUESTIONS,
            "engagement",
        )
        help_texts = {
            "code": _("A short word in small letters, without spaces. It stays as it is."),
            "income_type": _("A suggestion for payroll, who decide."),
        }

    def lay_out(self) -> None:
        self.helper.layout = _kind_layout(self, "code")


class AssignmentKindEditForm(VersionModelForm):
    """The code stays: assignments and figures rest on it."""

    engagement = forms.ChoiceField(
        label=_("How the work is done"), choices=Engagement.choices, widget=ChoiceTiles(shape="list")
    )

    class Meta:
        model = AssignmentKind
        fields = tuple(name for name in AssignmentKindForm.Meta.fields if name != "code")
        help_texts = {"income_type": AssignmentKindForm.Meta.help_texts["income_type"]}

    def lay_out(self) -> None:
        self.helper.layout = _kind_layout(self)


class FeeRuleForm(TokenForm):
    """What is usually paid for a kind, from a day on. The rule before ends the day before."""

    kind = forms.ModelChoiceField(
        label=_("For which kind of assignment?"),
        queryset=None,
        empty_label=_("Choose"),
        error_messages={"required": _("Choose the kind from the list.")},
    )
    unit = forms.ChoiceField(
        label=_("What is paid for?"),
        choices=FeeUnit.choices,
        widget=ChoiceTiles(shape="list"),
        initial=FeeUnit.TASK,
    )
    amount = SpokenDecimalField(
        label=_("Amount in euros"),
        min_value=Decimal("0.01"),
        max_digits=8,
        decimal_places=2,
        error_messages=dict.fromkeys(
            ["required", "invalid"], _("Write the amount as a number, for example 80 or 82,50.")
        ),
    )
    preparation_hours = SpokenDecimalField(
        label=_("How many hours of preparation are paid too?"),
        min_value=Decimal(0),
        max_value=Decimal(40),
        max_digits=3,
        decimal_places=1,
        required=False,
        help_text=_("They are added where time counts: per hour, half day or day."),
        error_messages={"invalid": _("Write the hours as a number, for example 2,5.")},
    )
    valid_from = forms.DateField(
        label=_("From which day on?"),
        widget=DateInput(),
        help_text=_("The rule before ends the day before. Fees that have been agreed stay as they are."),
        error_messages={"required": _("Choose the day.")},
    )

    def prepare(self) -> None:
        self.fields["kind"].queryset = AssignmentKind.objects.visible_to(self.actor).in_use()
        if not self.is_bound:
            self.initial.setdefault("valid_from", today())

    def lay_out(self) -> None:
        self.helper.layout = Layout(
            "kind",
            Field("unit", wrapper_class="choice-grid choice-grid--list"),
            Field("amount", wrapper_class="field-short"),
            Field("preparation_hours", wrapper_class="field-short"),
            Field("valid_from", wrapper_class="field-short"),
            *(["submission"] if "submission" in self.fields else []),
        )

    def clean_preparation_hours(self) -> Decimal:
        return self.cleaned_data["preparation_hours"] or Decimal(0)


class FeeRuleEndForm(TokenForm):
    """The last day of a rule; after it nothing is suggested."""

    last_day = forms.DateField(
        label=_("On which day is it in force for the last time?"),
        widget=DateInput(),
        error_messages={"required": _("Choose the day.")},
    )

    def __init__(self, *args, rule: FeeRule, **kwargs):
        self.rule = rule
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        if not self.is_bound:
            self.initial.setdefault("last_day", max(today(), self.rule.valid_from))
