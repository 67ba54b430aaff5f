"""What is typed about organisations and grants."""

from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from kumppani.core.forms import DateInput, TokenModelForm, VersionMixin
from kumppani.organisations.models import Grant, Organisation, OrganisationKind
from kumppani.organisations.services import GRANT_FIELDS, ORGANISATION_FIELDS


class OrganisationFilter(forms.Form):
    """Which organisations to show: a form of the address."""

    name = forms.CharField(label=_("Name"), max_length=60, required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All kinds")), *OrganisationKind.choices], required=False
    )


class OrganisationForm(TokenModelForm):
    """A new organisation."""

    class Meta:
        model = Organisation
        fields = ORGANISATION_FIELDS

    def prepare(self) -> None:
        self.fields["predecessor"].queryset = Organisation.objects.visible_to(self.actor)
        self.fields["predecessor"].empty_label = _("None")
        self.fields["valid_from"].widget = DateInput()
        self.fields["valid_to"].widget = DateInput()
        self.fields["valid_from"].help_text = _("Leave empty if it has always been there.")
        self.fields["valid_to"].help_text = _("Leave empty as long as it goes on.")
        self.fields["predecessor"].help_text = _(
            "When an organisation changes its name or its form, make a new one and choose the earlier one here."
        )

    def lay_out(self) -> None:
        self.helper.layout = Layout(
            Fieldset(_("What it is"), "name", "kind", "is_project_partner"),
            Fieldset(
                _("From when to when"),
                Div("valid_from", "valid_to", css_class="field-pair"),
                "predecessor",
            ),
            *(name for name in ("submission", "seen_version") if name in self.fields),
        )


class OrganisationEditForm(VersionMixin, OrganisationForm):
    """An organisation as it is known now."""


class GrantForm(TokenModelForm):
    """A new grant."""

    class Meta:
        model = Grant
        fields = GRANT_FIELDS

    def prepare(self) -> None:
        self.fields["starts_on"].widget = DateInput()
        self.fields["ends_on"].widget = DateInput()

    def lay_out(self) -> None:
        self.helper.layout = Layout(
            Fieldset(_("Whose money"), "name", "funder", Div("code", "cost_centre", css_class="field-pair")),
            Fieldset(_("From when to when"), Div("starts_on", "ends_on", css_class="field-pair")),
            *(name for name in ("submission", "seen_version") if name in self.fields),
        )


class GrantEditForm(VersionMixin, GrantForm):
    """A grant as its decision says now."""
