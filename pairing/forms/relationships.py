"""Forms about a pair and the decision."""

import datetime

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import add_months, today
from kumppani.core.forms import (
    ChoiceTiles,
    DateInput,
    TokenForm,
)
from kumppani.organisations.models import Grant
from pairing.models import (
    Funding,
    LegalGround,
    Party,
)

YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class AnswerForm(TokenForm):
    """Yes or no to a pair, without a reason."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=YES_NO,
        widget=ChoiceTiles(shape="row"),
        error_messages={"required": _("Choose yes or no.")},
    )

    def __init__(self, *args, sides: list[str], **kwargs):
        self.sides = sides
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        if len(self.sides) == 1:
            self.fields["party"] = forms.CharField(
                widget=forms.HiddenInput, initial=self.sides[0], max_length=10
            )
        else:
            self.fields["party"] = forms.ChoiceField(
                label=_("Who answered?"),
                choices=[(side, Party(side).label) for side in self.sides],
                widget=ChoiceTiles(shape="row"),
            )
            self.order_fields(["party", "answer"])
        if self.actor.role not in ("partner", "parent"):
            self.fields["answer"].label = _("The answer, as it was told to you")

    @property
    def party(self) -> str:
        """Whose answer this is: as the form said when it was shown, not as it would be shown now."""
        return self.cleaned_data["party"]


class DecisionForm(TokenForm):
    """What the social worker's decision says; the document itself is not kept here."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[("positive", _("Positive")), ("negative", _("Negative"))],
        widget=ChoiceTiles(shape="row"),
        initial="positive",
    )
    made_on = forms.DateField(label=_("Date of the decision"), widget=DateInput())
    reference = forms.CharField(label=_("Number of the decision"), max_length=60)
    legal_ground = forms.ModelChoiceField(
        label=_("Legal ground"), queryset=LegalGround.objects.none(), empty_label=_("Choose")
    )
    valid_from = forms.DateField(label=_("Valid from"), widget=DateInput(), required=False)
    valid_to = forms.DateField(label=_("Valid to"), widget=DateInput(), required=False)
    funding = forms.ChoiceField(
        label=_("Who pays?"), choices=Funding.choices, widget=ChoiceTiles(shape="row"), required=False
    )
    grant = forms.ModelChoiceField(
        label=_("Grant"),
        queryset=Grant.objects.none(),
        required=False,
        empty_label=_("No grant"),
        help_text=_("Name the grant when the project's grant pays."),
    )

    def prepare(self) -> None:
        self.fields["legal_ground"].queryset = LegalGround.objects.visible_to(self.actor).in_use()
        self.fields["grant"].queryset = Grant.objects.visible_to(self.actor).running_on(today())
        self.initial.setdefault("made_on", today())
        self.initial.setdefault("valid_from", today())
        self.initial.setdefault("valid_to", add_months(today(), 6))
        self.initial.setdefault("funding", Funding.GRANT)
        grants = list(self.fields["grant"].queryset[:2])
        if len(grants) == 1:
            self.initial.setdefault("grant", grants[0].pk)

    def clean_made_on(self) -> datetime.date:
        made_on = self.cleaned_data["made_on"]
        if made_on > today():
            raise forms.ValidationError(_("This day has not come yet."))
        return made_on

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("outcome") == "negative":
            cleaned.update(valid_from=None, valid_to=None, funding="", grant=None)
            return cleaned
        for name in ("valid_from", "valid_to", "funding"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, gettext("A positive decision needs this."))
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", gettext("The last day cannot be before the first day."))
        elif last and last < today():
            self.add_error("valid_to", gettext("A decision that is no longer valid starts nothing."))
        if cleaned.get("funding") == Funding.GRANT and not cleaned.get("grant"):
            self.add_error("grant", gettext("Choose the grant that pays."))
        if cleaned.get("funding") == Funding.ORGANISER:
            cleaned["grant"] = None
        return cleaned

    def facts(self) -> dict:
        """What the decision's row gets."""
        facts = {
            name: self.cleaned_data[name]
            for name in ("made_on", "reference", "legal_ground", "valid_from", "valid_to", "funding", "grant")
        }
        return facts | {"is_positive": self.cleaned_data["outcome"] == "positive"}
