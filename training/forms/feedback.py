"""How the training was: three steps on a scale, and words if one likes."""

from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from kumppani.core.forms import ChoiceTiles, StrangerForm
from kumppani.core.validators import no_identity_code

STEPS = [
    (1, _("not at all")),
    (2, _("a little")),
    (3, _("somewhat")),
    (4, _("quite")),
    (5, _("fully")),
]


def _scale(label) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        coerce=int,
        choices=STEPS,
        widget=ChoiceTiles(shape="list"),
        error_messages={"required": _("Choose one of the five.")},
    )


class CohortFeedbackForm(StrangerForm):
    """Nothing here asks who answers."""

    overall = _scale(_("The training as a whole was good."))
    peers = _scale(_("I learned from the others."))
    ready = _scale(_("I feel ready to support somebody."))
    words = forms.CharField(
        label=_("In your words"),
        max_length=600,
        required=False,
        validators=[no_identity_code],
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Leave out names, and what would tell who you are."),
    )

    def lay_out(self) -> None:
        self.helper.layout = Layout(
            *(
                Field(name, wrapper_class="choice-grid choice-grid--list")
                for name in ("overall", "peers", "ready")
            ),
            "words",
            Field("homepage", wrapper_class="trap"),
            *(["submission"] if "submission" in self.fields else []),
        )
