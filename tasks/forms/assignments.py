"""What staff and partners type about assignments."""

import datetime
from decimal import Decimal

from crispy_forms.layout import Div, Field, Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import today
from kumppani.core.forms import (
    ChoiceTiles,
    DateInput,
    SpokenDecimalField,
    TimeInput,
    TokenForm,
    TokenModelForm,
)
from kumppani.organisations.models import Grant, Organisation
from pairing.models import ExperiencePartner
from tasks.models import Assignment, AssignmentKind, DevelopmentTarget, Payer


class AssignmentForm(TokenModelForm):
    """What an organisation has asked for. Who pays decides whether a grant is named."""

    kind = forms.ModelChoiceField(
        label=_("What kind of assignment?"),
        queryset=None,
        empty_label=_("Choose"),
        error_messages={"required": _("Choose the kind from the list.")},
    )
    title = forms.CharField(
        label=_("What, in a few words?"),
        max_length=140,
        help_text=_("For example: a talk on meeting parents. Do not write anybody's name here."),
        error_messages={"required": _("Write in a few words what it is.")},
    )
    organisation = forms.ModelChoiceField(
        label=_("For which organisation?"),
        queryset=None,
        empty_label=_("Choose"),
        error_messages={"required": _("Choose the organisation from the list.")},
    )
    date = forms.DateField(
        label=_("On which day?"), widget=DateInput(), error_messages={"required": _("Choose the day.")}
    )
    starts_at = forms.TimeField(label=_("At what time?"), widget=TimeInput(), required=False)
    hours = SpokenDecimalField(
        label=_("How many hours?"),
        min_value=Decimal("0.5"),
        max_value=Decimal(100),
        max_digits=4,
        decimal_places=1,
        error_messages=dict.fromkeys(
            ["required", "invalid"], _("Write the hours as a number, for example 2,5.")
        ),
    )
    audience = forms.CharField(
        label=_("Who is listening or taking part?"),
        max_length=120,
        required=False,
        help_text=_("For example: students of social work."),
    )
    audience_size = forms.IntegerField(
        label=_("How many of them?"), min_value=0, max_value=100_000, required=False
    )
    target = forms.ChoiceField(
        label=_("What does it develop?"),
        choices=[("", _("neither of these")), *DevelopmentTarget.choices],
        widget=ChoiceTiles(shape="list"),
        required=False,
    )
    payer = forms.ChoiceField(
        label=_("Who pays the fees?"),
        choices=Payer.choices,
        widget=ChoiceTiles(shape="row"),
        initial=Payer.PROJECT,
    )
    grant = forms.ModelChoiceField(
        label=_("From which grant?"),
        queryset=None,
        required=False,
        empty_label=_("No grant"),
        help_text=_("If the project pays, choose the grant. If the orderer pays, this does not matter."),
    )

    class Meta:
        model = Assignment
        fields = (
            "kind",
            "title",
            "organisation",
            "date",
            "starts_at",
            "hours",
            "audience",
            "audience_size",
            "target",
            "payer",
            "grant",
        )

    def prepare(self) -> None:
        day = today()
        self.fields["kind"].queryset = AssignmentKind.objects.visible_to(self.actor).in_use()
        self.fields["organisation"].queryset = Organisation.objects.visible_to(self.actor).valid_on(day)
        self.fields["grant"].queryset = Grant.objects.visible_to(self.actor)
        # Neither may simply be left out: "none of them" is an answer, and who pays decides about the grant.
        self.fields["grant"].has_answer_none = self.fields["target"].has_answer_none = True
        if not self.is_bound:
            running = list(self.fields["grant"].queryset.running_on(day)[:2])
            self.initial.setdefault("grant", running[0].pk if len(running) == 1 else None)

    def lay_out(self) -> None:
        self.helper.layout = Layout(
            Fieldset(_("What and for whom"), "kind", "title", "organisation"),
            Fieldset(
                _("When"),
                "date",
                Div("starts_at", "hours", css_class="field-pair"),
            ),
            Fieldset(
                _("Those who listen"),
                "audience",
                Field("audience_size", wrapper_class="field-short"),
                Field("target", wrapper_class="choice-grid choice-grid--list"),
            ),
            Fieldset(_("Fees"), Field("payer", wrapper_class="choice-grid choice-grid--row"), "grant"),
            *(["submission"] if "submission" in self.fields else []),
        )

    def clean(self):
        cleaned = super().clean()
        day, organisation, grant = cleaned.get("date"), cleaned.get("organisation"), cleaned.get("grant")
        payer = cleaned.get("payer")
        if payer == Payer.ORDERER:
            # The grant is suggested beforehand; whoever then chooses the orderer has said enough.
            grant = cleaned["grant"] = None
        if day and organisation and not self._works_with_us(organisation, day):
            self.add_error(
                "organisation", _("This organisation does not work with us on that day. Choose another.")
            )
        if payer == Payer.PROJECT and not grant and "grant" not in self.errors:
            self.add_error("grant", _("The project pays: choose the grant from which it pays."))
        elif day and grant and not grant.starts_on <= day <= grant.ends_on:
            self.add_error("grant", _("This grant does not cover that day. Choose another."))
        return cleaned

    def _works_with_us(self, organisation: Organisation, day: datetime.date) -> bool:
        """The list shows those of today; the assignment's day may be another."""
        return Organisation.objects.visible_to(self.actor).valid_on(day).filter(pk=organisation.pk).exists()


class PartnerChoice(forms.ModelChoiceField):
    """Ready partners, each with what helps to choose: the area and the languages."""

    def label_from_instance(self, partner: ExperiencePartner) -> str:
        return " · ".join(filter(None, [partner.name, partner.area, ", ".join(partner.languages)]))


class OfferForm(TokenForm):
    """Whom to ask, and the fee agreed beforehand."""

    partner = PartnerChoice(
        label=_("Whom do you ask?"),
        queryset=None,
        empty_label=_("Choose"),
        help_text=_("Here are the partners who are ready and available and have not been asked yet."),
        error_messages={"required": _("Choose the partner from the list.")},
    )
    fee_amount = SpokenDecimalField(
        label=_("Fee in euros"),
        min_value=Decimal("0.01"),
        max_digits=8,
        decimal_places=2,
        help_text=_("You agree on it now, before the assignment. Preparing and the time itself are in it."),
        error_messages=dict.fromkeys(
            ["required", "invalid"], _("Write the fee as a number, for example 80 or 82,50.")
        ),
    )

    def __init__(self, *args, assignment: Assignment, **kwargs):
        self.assignment = assignment
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        partners = ExperiencePartner.objects.visible_to(self.actor).ready().filter(is_available=True)
        if not self.is_bound:
            # A form sent twice names a partner who has just been asked: the token answers that, not this list.
            partners = partners.exclude(participations__assignment=self.assignment)
        self.fields["partner"].queryset = partners.order_by("last_name", "first_name", "id")

    def lay_out(self) -> None:
        self.helper.layout = Layout(
            "partner",
            Field("fee_amount", wrapper_class="field-short"),
            *(["submission"] if "submission" in self.fields else []),
        )


class AnswerForm(TokenForm):
    """Yes or no: the two buttons of the page. No reason is asked."""

    YES, NO = "yes", "no"

    answer = forms.ChoiceField(
        choices=[(YES, _("Yes")), (NO, _("No"))], error_messages={"required": _("Press yes or no.")}
    )
