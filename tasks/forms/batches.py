"""What staff choose and type about payment batches and corrections."""

from decimal import Decimal

from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import today
from kumppani.core.forms import ChoiceTiles, DateInput, SpokenDecimalField, TokenForm
from tasks.models import Correction, Fee, PaymentBatch, TravelClaim, TravelPart

GONE = _("Something here has been collected or changed in between. Look at the list again.")


class ItemsField(forms.ModelMultipleChoiceField):
    """Items to tick. One that is no longer to be collected is not named: it may belong to anybody."""

    def __init__(self, **kwargs):
        super().__init__(
            queryset=None,
            required=False,
            error_messages={"invalid_choice": GONE, "invalid_pk_value": GONE},
            **kwargs,
        )


class CollectForm(TokenForm):
    """Which approved items go into the batch."""

    fees = ItemsField(label=_("Fees"))
    travel = ItemsField(label=_("Travel"))
    corrections = ItemsField(label=_("Corrections"))

    def prepare(self) -> None:
        for name, model in (("fees", Fee), ("travel", TravelClaim), ("corrections", Correction)):
            self.fields[name].queryset = model.objects.visible_to(self.actor).to_collect()

    def clean(self):
        cleaned = super().clean()
        chosen = [cleaned.get(name) for name in ("fees", "travel", "corrections")]
        if not self.errors and not any(chosen):
            raise forms.ValidationError(_("Tick at least one item."), code="nothing")
        return cleaned


class PayBatchForm(TokenForm):
    """On which day payroll has paid."""

    paid_on = forms.DateField(
        label=_("On which day was it paid?"),
        widget=DateInput(),
        error_messages={"required": _("Choose the day.")},
    )

    def __init__(self, *args, batch: PaymentBatch, **kwargs):
        self.batch = batch
        super().__init__(*args, **kwargs)

    def clean_paid_on(self):
        day = self.cleaned_data["paid_on"]
        if day > today():
            raise forms.ValidationError(_("This day has not come yet."))
        if day < self.batch.made_on:
            raise forms.ValidationError(_("The batch was made after this day. Check the day."))
        return day


class CorrectionForm(TokenForm):
    """Too little or too much, by how much, and why."""

    MORE, LESS = "more", "less"

    part = forms.ChoiceField(
        label=_("What do you correct?"),
        choices=TravelPart.choices,
        widget=ChoiceTiles(shape="row"),
        error_messages={"required": _("Choose which part of the journey is corrected.")},
    )
    way = forms.ChoiceField(
        label=_("Was too little paid, or too much?"),
        choices=[(MORE, _("too little: pay more")), (LESS, _("too much: take back"))],
        widget=ChoiceTiles(shape="row"),
        error_messages={"required": _("Choose one of the two.")},
    )
    euros = SpokenDecimalField(
        label=_("By how many euros?"),
        min_value=Decimal("0.01"),
        max_digits=8,
        decimal_places=2,
        error_messages=dict.fromkeys(
            ["required", "invalid"], _("Write the euros as a number, for example 20 or 12,50.")
        ),
    )
    because = forms.CharField(
        label=_("Why?"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The partner and whoever approves read this. Do not write anybody's name here."),
        error_messages={"required": _("Write in a sentence what was wrong.")},
    )

    def __init__(self, *args, of: Fee | TravelClaim, **kwargs):
        self.of = of
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        if not self.of.is_travel:
            del self.fields["part"]

    def lay_out(self) -> None:
        tiles = "choice-grid choice-grid--row"
        self.helper.layout = Layout(
            *([Field("part", wrapper_class=tiles)] if "part" in self.fields else []),
            Field("way", wrapper_class=tiles),
            Field("euros", wrapper_class="field-short"),
            "because",
            *(["submission"] if "submission" in self.fields else []),
        )

    @property
    def amount(self) -> Decimal:
        """Euros more, or less with a minus."""
        euros = self.cleaned_data["euros"]
        return -euros if self.cleaned_data["way"] == self.LESS else euros
