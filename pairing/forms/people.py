"""Forms about the people."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kumppani.core.forms import (
    ChoiceTilesMultiple,
    TokenForm,
)
from pairing.models.people import SPEECH_LANGUAGES


class TakeInForm(TokenForm):
    """From a completed enrolment to a partner."""

    speaks = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=SPEECH_LANGUAGES,
        widget=ChoiceTilesMultiple(shape="row"),
        error_messages={"required": _("Choose at least one language.")},
    )
    area = forms.CharField(
        label=_("Area"),
        max_length=80,
        required=False,
        help_text=_("Where the partner can meet people, for example Turku or Salo."),
    )
    email = forms.EmailField(
        label=_("E-mail address for signing in"),
        required=False,
        help_text=_("The partner gets a letter with a link. You can leave this empty."),
    )


class PartnerAccountForm(TokenForm):
    """An account for a partner."""

    email = forms.EmailField(
        label=_("The partner's own e-mail address"),
        help_text=_("The partner gets a letter with a link for choosing a password."),
    )


class ParentAccountForm(TokenForm):
    """An account for the parent; it is optional."""

    email = forms.EmailField(
        label=_("The parent's own e-mail address"),
        help_text=_(
            "Make sure nobody else reads it. The letter says only that there is something to look at."
        ),
    )
