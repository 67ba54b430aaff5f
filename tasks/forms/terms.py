"""What is typed about terms: how a partner is paid, and whether meetings are paid."""

import datetime
from decimal import Decimal

from crispy_forms.layout import Div, Field, Fieldset, Layout
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import today
from kumppani.core.forms import (
    ChoiceTiles,
    ChoiceTilesMultiple,
    DateInput,
    SpokenDecimalField,
    TokenForm,
    VersionModelForm,
)
from kumppani.core.templatetags.kumppani import day as day_words
from kumppani.organisations.models import Grant
from pairing.models import Relationship
from tasks.models import AssignmentKind, FeeUnit, PartnerTerms, Payer, PaymentForm


class _PartnerTermsForm(VersionModelForm):
    """What the partner and the staff may both settle. Saved by a service, never by the form."""

    payment_form = forms.ChoiceField(
        label=_("How is the fee paid?"),
        choices=PaymentForm.choices,
        widget=ChoiceTiles(shape="list"),
        error_messages={"required": _("Choose how the fee is paid.")},
    )

    def facts(self) -> dict:
        """What was typed, by the names of the fields."""
        return {name: self.cleaned_data[name] for name in self._meta.fields}

    def _post_clean(self):
        """The model's own rules are asked by the service, on the row as it is then."""


class PartnerTermsForm(_PartnerTermsForm):
    """Staff: what payroll needs to know. No tax percentage, no account, no identity code (domain 3.5)."""

    payee_no = forms.CharField(
        label=_("Number in payroll"),
        max_length=20,
        required=False,
        help_text=_("As payroll knows the partner. Never an identity code."),
    )
    tax_card_on_file = forms.BooleanField(label=_("The tax card is with payroll"), required=False)

    class Meta:
        model = PartnerTerms
        fields = ("payment_form", "payee_no", "tax_card_on_file")


class OwnTermsForm(_PartnerTermsForm):
    """The partner's own: ceiling, wishes, how I am paid."""

    monthly_ceiling = SpokenDecimalField(
        label=_("My own ceiling a month, in euros"),
        min_value=Decimal("0.01"),
        max_digits=8,
        decimal_places=2,
        required=False,
        help_text=_(
            "You get a word before you say yes to more than this. It never stops you. Only you and the project staff"
            " see it. Empty: no ceiling."
        ),
        error_messages={
            **dict.fromkeys(["invalid", "min_value"], _("Write the ceiling in euros, for example 250.")),
        },
    )
    wished_kinds = forms.ModelMultipleChoiceField(
        label=_("Which assignments do you like?"),
        queryset=None,
        required=False,
        widget=ChoiceTilesMultiple(),
        help_text=_("The staff look at this when they ask somebody. You can still be asked for others."),
    )

    class Meta:
        model = PartnerTerms
        fields = ("monthly_ceiling", "wished_kinds", "payment_form")

    field_order = ("monthly_ceiling", "wished_kinds", "payment_form")

    def prepare(self) -> None:
        self.fields["wished_kinds"].queryset = AssignmentKind.objects.visible_to(self.actor).in_use()
        self.fields["payment_form"].label = _("How are you paid?")


class RelationshipField(forms.ModelChoiceField):
    """A relationship by its partner and its first day. The parent's name is not needed here."""

    def label_from_instance(self, relationship: Relationship) -> str:
        return gettext("%(name)s, since %(day)s") % {
            "name": relationship.partner.name,
            "day": day_words(relationship.started_on),
        }


ONE, GRANT = "relationship", "grant"


class MeetingTermsForm(TokenForm):
    """Whether meetings are paid from a day on: for one relationship, or for all that a grant pays for."""

    scope = forms.ChoiceField(
        label=_("For which meetings?"),
        choices=[(ONE, _("one relationship")), (GRANT, _("all relationships paid from a grant"))],
        widget=ChoiceTiles(shape="list"),
        initial=ONE,
    )
    relationship = RelationshipField(
        label=_("Which relationship?"), queryset=None, required=False, empty_label=_("Choose")
    )
    of_grant = forms.ModelChoiceField(
        label=_("Which grant's relationships?"), queryset=None, required=False, empty_label=_("Choose")
    )
    is_paid = forms.TypedChoiceField(
        label=_("Are the meetings paid?"),
        choices=[("yes", _("yes")), ("no", _("no, they are volunteering"))],
        coerce=lambda value: value == "yes",
        widget=ChoiceTiles(shape="row"),
        error_messages={"required": _("Say whether the meetings are paid.")},
    )
    amount = SpokenDecimalField(
        label=_("How much, in euros?"),
        min_value=Decimal("0.01"),
        max_digits=8,
        decimal_places=2,
        required=False,
        error_messages=dict.fromkeys(["invalid", "min_value"], _("Write the sum in euros, for example 25.")),
    )
    unit = forms.ChoiceField(
        label=_("For what?"),
        choices=[
            (value, _("per meeting") if value == FeeUnit.TASK else label) for value, label in FeeUnit.choices
        ],
        widget=ChoiceTiles(shape="list"),
        initial=FeeUnit.TASK,
        required=False,
    )
    payer = forms.ChoiceField(
        label=_("Who pays?"),
        choices=Payer.choices,
        widget=ChoiceTiles(shape="row"),
        initial=Payer.PROJECT,
        required=False,
    )
    grant = forms.ModelChoiceField(
        label=_("From which grant?"),
        queryset=None,
        required=False,
        empty_label=_("No grant"),
        help_text=_("Needed when the project pays for one relationship."),
    )
    valid_from = forms.DateField(
        label=_("From which day?"),
        widget=DateInput(),
        help_text=_("Terms are agreed beforehand: meetings held already keep what was agreed for them."),
        error_messages={"required": _("Choose the day.")},
    )
    valid_to = forms.DateField(
        label=_("Until which day?"),
        widget=DateInput(),
        required=False,
        help_text=_("Empty: until further notice."),
    )

    def prepare(self) -> None:
        self.fields["relationship"].queryset = (
            Relationship.objects.visible_to(self.actor)
            .running()
            .select_related("partner")
            .order_by("partner__last_name", "partner__first_name", "started_on", "id")
        )
        grants = Grant.objects.visible_to(self.actor).filter(ends_on__gte=today())
        self.fields["grant"].queryset = self.fields["of_grant"].queryset = grants
        for name in ("relationship", "of_grant", "amount", "unit", "payer", "grant"):
            # What was chosen above decides whether it is asked at all.
            self.fields[name].has_answer_none = True
        if not self.is_bound:
            self.initial.setdefault("valid_from", today() + datetime.timedelta(days=1))
            running = list(grants.running_on(today())[:2])
            self.initial.setdefault("grant", running[0].pk if len(running) == 1 else None)

    def lay_out(self) -> None:
        def tiles(name: str) -> Field:
            return Field(name, wrapper_class=self.fields[name].widget.wrapper_class)

        self.helper.layout = Layout(
            Fieldset(_("For whom"), tiles("scope"), "relationship", "of_grant"),
            Fieldset(
                _("What is agreed"),
                tiles("is_paid"),
                Field("amount", wrapper_class="field-short"),
                tiles("unit"),
                tiles("payer"),
                "grant",
            ),
            Fieldset(_("When"), Div("valid_from", "valid_to", css_class="field-pair")),
            *(["submission"] if "submission" in self.fields else []),
        )

    def clean(self):
        data = super().clean()
        for_one = data.get("scope") == ONE
        wanted, other = ("relationship", "of_grant") if for_one else ("of_grant", "relationship")
        data[other] = None
        if not data.get(wanted) and wanted not in self.errors:
            self.add_error(
                wanted,
                _("Choose the relationship from the list.")
                if for_one
                else _("Choose the grant from the list."),
            )
        if not data.get("is_paid"):
            return data | {"amount": None, "unit": FeeUnit.TASK, "payer": Payer.PROJECT, "grant": None}
        if data.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("Write the sum in euros, for example 25."))
        data["unit"] = data.get("unit") or FeeUnit.TASK
        data["payer"] = data.get("payer") or Payer.PROJECT
        if data["payer"] == Payer.ORDERER:
            data["grant"] = None
        elif not for_one:
            data["grant"] = data.get("of_grant")
        elif not data.get("grant") and "grant" not in self.errors:
            self.add_error("grant", _("Choose the grant from which the project pays."))
        return data

    def facts(self) -> dict:
        """What is settled, by the names of the model."""
        names = (
            "relationship",
            "of_grant",
            "is_paid",
            "amount",
            "unit",
            "payer",
            "grant",
            "valid_from",
            "valid_to",
        )
        return {name: self.cleaned_data[name] for name in names}


class EndTermsForm(TokenForm):
    """Until which day terms hold."""

    last_day = forms.DateField(
        label=_("What is the last day?"),
        widget=DateInput(),
        error_messages={"required": _("Choose the day.")},
    )

    def prepare(self) -> None:
        self.initial.setdefault("last_day", today())
