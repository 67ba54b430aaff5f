"""What the social worker's decision says; the document itself is not kept here."""

import datetime

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import add_months, today
from kumppani.core.forms import ChoiceTiles, DateInput, TokenForm
from kumppani.organisations.models import Grant
from pairing.models import Decision, Funding, LegalGround


class DecisionForm(TokenForm):
    """A first decision, another one before the start, or a renewal while it runs (then only a positive one).

    `last`: the decision it is filled in from, or None. `same_decision`: that one still stands and is only written down
    once more, because the parent goes on with another partner.
    """

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

    def __init__(
        self,
        *args,
        is_running: bool = False,
        last: Decision | None = None,
        same_decision: bool = False,
        **kwargs,
    ):
        self.is_running = is_running
        self.last = last
        self.same_decision = same_decision
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        self.fields["legal_ground"].queryset = LegalGround.objects.visible_to(self.actor).in_use()
        self.fields["grant"].queryset = Grant.objects.visible_to(self.actor).running_on(today())
        if self.is_running:
            # Kept in the form: a page that was opened before the start may still send a negative one.
            self.fields["outcome"].widget = forms.HiddenInput()
            for name in ("valid_from", "valid_to", "funding"):
                self.fields[name].required = True
        for name, value in (self.as_before() | self.as_a_rule()).items():
            self.initial.setdefault(name, value)

    def as_a_rule(self) -> dict:
        """What the last decision leaves open."""
        if self.last and self.same_decision:
            return {
                name: getattr(self.last, name) for name in ("made_on", "reference", "valid_from", "valid_to")
            }
        begins = today()
        if self.last and self.last.valid_to and self.last.valid_to >= begins:
            begins = self.last.valid_to + datetime.timedelta(days=1)
        return {"made_on": today(), "valid_from": begins, "valid_to": add_months(begins, 6)}

    def as_before(self) -> dict:
        """What usually stays the same from one decision to the next."""
        if self.last and self.last.is_positive:
            return {
                "legal_ground": self.last.legal_ground_id,
                "funding": self.last.funding,
                "grant": self.last.grant_id,
            }
        grants = list(self.fields["grant"].queryset[:2])
        return {"funding": Funding.GRANT, "grant": grants[0].pk if len(grants) == 1 else None}

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
