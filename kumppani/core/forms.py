"""The bases of our forms: one for every creating form, one for every editing form."""

from decimal import Decimal

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Fieldset, Layout
from django import forms
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from kumppani.core.submissions import new_token, read_token


class DateInput(forms.DateInput):
    """The browser's own date picker; the value must go out in ISO form whatever the page's language."""

    def __init__(self, **attrs):
        super().__init__(format="%Y-%m-%d", attrs={"type": "date", **attrs})


class TimeInput(forms.TimeInput):
    """The browser's own time picker."""

    def __init__(self, **attrs):
        super().__init__(format="%H:%M", attrs={"type": "time", **attrs})


class SpokenDecimalField(forms.DecimalField):
    """A number as a person writes it: 2,5 or 2.5, 1 200 or 1200, with or without the euro sign."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(*args, **kwargs)

    def to_python(self, value):
        if isinstance(value, str):
            value = "".join(value.replace("€", "").split()).replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value):
        """Shown in the language's own form, without needless zeros after a whole number."""
        if isinstance(value, Decimal):
            places = 0 if value == value.to_integral_value() else self.decimal_places
            return number_format(value, decimal_pos=places, use_l10n=True)
        return value


class _Tiles:
    """Each tile begins with a capital letter, whatever the list it comes from."""

    def create_option(self, name, value, label, *args, **kwargs):
        label = label if hasattr(label, "__html__") else capfirst(label)
        return super().create_option(name, value, label, *args, **kwargs)


class ChoiceTiles(_Tiles, forms.RadioSelect):
    """Radio buttons drawn as big tiles, for a thumb. `shape`: "" (grid), "row" or "list"."""

    def __init__(self, attrs=None, choices=(), *, shape: str = ""):
        super().__init__(attrs, choices)
        self.wrapper_class = f"choice-grid choice-grid--{shape}" if shape else "choice-grid"


class ChoiceTilesMultiple(_Tiles, forms.CheckboxSelectMultiple):
    """Checkboxes drawn as big tiles."""

    def __init__(self, attrs=None, choices=(), *, shape: str = "list"):
        super().__init__(attrs, choices)
        self.wrapper_class = f"choice-grid choice-grid--{shape}" if shape else "choice-grid"


class HouseForm:
    """What all our forms share: the actor, drawing by crispy without its own form tag, optional fields marked.

    `actor` narrows every choice list to what the actor may see.
    """

    def __init__(self, *args, actor, **kwargs):
        self.actor = actor
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.prepare()
        self.lay_out()

    def lay_out(self) -> None:
        """One column in the order of the fields; tiles where the widget asks for them."""
        self.helper.layout = Layout(
            *(
                Field(name, wrapper_class=getattr(field.widget, "wrapper_class", ""))
                for name, field in self.fields.items()
            )
        )

    def prepare(self) -> None:
        """Hook: narrow choices, set initial values."""


class TokenMixin(HouseForm):
    """Carries the submission token. After `is_valid()`, `self.token` is its UUID."""

    token = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["submission"] = forms.CharField(widget=forms.HiddenInput, required=False)
        if not self.is_bound:
            self.initial["submission"] = new_token(self.actor.user_id)
        self.lay_out()

    def clean(self):
        cleaned = super().clean()
        token = read_token(self.cleaned_data.get("submission", ""))
        if token is None or token[1] != self.actor.user_id:
            self.data = self.data.copy()
            self.data[self.add_prefix("submission")] = new_token(self.actor.user_id)
            raise forms.ValidationError(
                _(
                    "This form had been open for a long time. Nothing is lost: check your words and save again."
                ),
                code="stale_token",
            )
        self.token = token[0]
        return cleaned


class VersionMixin(TokenMixin):
    """Carries the version the person saw, so that two people do not overwrite each other."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen_version"] = forms.IntegerField(widget=forms.HiddenInput, required=True, min_value=1)
        if not self.is_bound:
            self.initial["seen_version"] = self.instance.version
        self.lay_out()


class TokenForm(TokenMixin, forms.Form):
    """A creating form without a model behind it."""


class TokenModelForm(TokenMixin, forms.ModelForm):
    """A creating form."""


class VersionModelForm(VersionMixin, forms.ModelForm):
    """An editing form."""


class StrangerForm(TokenForm):
    """What somebody types who is not signed in."""

    # Not for people: a program that fills in everything fills in this, too. `Field("homepage", wrapper_class="trap")`
    # draws it, and the stylesheet takes it out of sight.
    homepage = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("homepage"):
            # Said, not swallowed: a browser may have filled it in for a person. Emptied, so that sending again works.
            self.data = self.data.copy()
            self.data[self.add_prefix("homepage")] = ""
            self.add_error(
                None, _("A field that must stay empty was filled in. It is empty again: send once more.")
            )
        return cleaned


class More(Fieldset):
    """A group that most people may pass over."""

    template = "components/form_more.html"

    def __init__(self, legend, *fields, is_open: bool, **kwargs):
        super().__init__(legend, *fields, **kwargs)
        self.is_open = is_open
