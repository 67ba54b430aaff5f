"""Legal grounds and guiding texts, kept by the administrator."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import today
from kumppani.core.forms import DateInput, TokenForm, TokenModelForm, VersionModelForm
from pairing.models import GuideKind, GuideText, LegalGround


class LegalGroundForm(TokenModelForm):
    """A new legal ground."""

    class Meta:
        model = LegalGround
        fields = ("code", "name_fi", "name_sv", "name_en", "is_active")


class LegalGroundEditForm(VersionModelForm):
    """The code stays: decisions rest on it."""

    class Meta:
        model = LegalGround
        fields = ("name_fi", "name_sv", "name_en", "is_active")


class GuideTextForm(TokenForm):
    """A new version of one kind, filled in from the newest one. The kind stands in the address."""

    kind = forms.ChoiceField(choices=GuideKind.choices, widget=forms.HiddenInput)
    text_fi = forms.CharField(
        label=_("Text in Finnish"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 14, "lang": "fi"}),
        help_text=_(
            "An empty line divides paragraphs. The first line of a paragraph with several lines is its heading."
        ),
    )
    text_sv = forms.CharField(
        label=_("Text in Swedish"), max_length=5000, widget=forms.Textarea(attrs={"rows": 14, "lang": "sv"})
    )
    text_en = forms.CharField(
        label=_("Text in English"), max_length=5000, widget=forms.Textarea(attrs={"rows": 14, "lang": "en"})
    )
    published_on = forms.DateField(label=_("In force from"), widget=DateInput())
    seen_number = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args, newest: GuideText | None, **kwargs):
        self.newest = newest
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        self.initial.setdefault("published_on", today())
        self.initial["seen_number"] = self.newest.number if self.newest else 0
        if self.newest:
            for language in ("fi", "sv", "en"):
                self.initial[f"text_{language}"] = getattr(self.newest, f"text_{language}")

    def clean_published_on(self):
        published_on = self.cleaned_data["published_on"]
        if published_on < today():
            raise forms.ValidationError(_("A new version is in force from today, or from a later day."))
        return published_on

    def texts(self) -> dict[str, str]:
        """Language → words."""
        return {language: self.cleaned_data[f"text_{language}"] for language in ("fi", "sv", "en")}
