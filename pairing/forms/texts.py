"""Legal grounds and guiding texts, kept by the administrator."""

import datetime

from django import forms
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import today
from kumppani.core.forms import DateInput, TokenForm, TokenModelForm, VersionModelForm
from pairing.models import CommitmentKind, CommitmentText, GuideKind, GuideText, LegalGround


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


class _TextForm(TokenForm):
    """A new version of one kind, filled in from the newest one. The kind stands in the address."""

    kind = forms.ChoiceField(widget=forms.HiddenInput)
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
    seen_number = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    kinds: type[models.TextChoices]
    # The field that says from which day on.
    day: str

    def __init__(self, *args, newest: GuideText | CommitmentText | None, **kwargs):
        self.newest = newest
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        self.fields["kind"].choices = self.kinds.choices
        self.initial.setdefault(self.day, self.first_day())
        self.initial["seen_number"] = self.newest.number if self.newest else 0
        if self.newest:
            for language in ("fi", "sv", "en"):
                self.initial[f"text_{language}"] = getattr(self.newest, f"text_{language}")

    def first_day(self) -> datetime.date:
        """The day to suggest."""
        return today()

    def clean(self):
        cleaned = super().clean()
        if self.day in cleaned and cleaned[self.day] < today():
            self.add_error(self.day, _("A new version is in force from today, or from a later day."))
        return cleaned

    def texts(self) -> dict[str, str]:
        """Language → words."""
        return {language: self.cleaned_data[f"text_{language}"] for language in ("fi", "sv", "en")}


class GuideTextForm(_TextForm):
    """What is read together, or when somebody is worried."""

    kinds, day = GuideKind, "published_on"
    published_on = forms.DateField(label=_("In force from"), widget=DateInput())


class CommitmentTextForm(_TextForm):
    """What partners accept. They are asked at once, and have some days of grace (R3)."""

    kinds, day = CommitmentKind, "required_from"
    required_from = forms.DateField(
        label=_("Needed from"),
        widget=DateInput(),
        help_text=_(
            "Partners are asked at once. Whoever has not accepted by this day gets no new relationship and no"
            " assignment until then; what is running goes on."
        ),
    )

    def first_day(self) -> datetime.date:
        """The very first version is needed at once; a new one after the days of grace."""
        grace = settings.COMMITMENT_GRACE_DAYS if self.newest else 0
        return today() + datetime.timedelta(days=grace)
