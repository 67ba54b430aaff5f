"""Forms about looking back: how far the goals have come, and what one of the three thinks."""

import datetime

from crispy_forms.layout import Field, Fieldset, Layout
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.core.charts import signed
from kumppani.core.dates import today
from kumppani.core.forms import ChoiceTiles, DateInput, TokenForm
from pairing.benefit import AIMS, AREAS, TRUST, statement
from pairing.models import ITEMS_OF, SCORES, STEPS, Goal, Party, ReviewOutcome


class HoldReviewForm(TokenForm):
    """What the three found when they looked back: a step for every goal, and what comes next."""

    held_on = forms.DateField(label=_("When did you meet?"), widget=DateInput())
    outcome = forms.ChoiceField(
        label=_("What comes next?"), choices=ReviewOutcome.choices, widget=ChoiceTiles(shape="list")
    )
    is_closing = forms.BooleanField(
        label=_("This was the closing meeting"),
        required=False,
        help_text=_("The last time you look back together."),
    )

    def __init__(self, *args, goals: list[Goal], is_closing: bool, must_close: bool = False, **kwargs):
        self.goals = goals
        self.closing_meant = is_closing
        self.must_close = must_close
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        steps = [(value, f"{signed(value)}  {label}") for value, label in SCORES]
        for number, goal in enumerate(self.goals, start=1):
            if not goal.expected:
                self.fields[f"expected_{goal.pk}"] = forms.CharField(
                    label=gettext("Goal %(number)s: how does it show that it has come true?")
                    % {"number": number},
                    max_length=300,
                    widget=forms.Textarea(attrs={"rows": 2}),
                    help_text=gettext("Write it as the parent says it. This is the middle of the scale, 0."),
                )
            self.fields[f"score_{goal.pk}"] = forms.TypedChoiceField(
                label=gettext("Goal %(number)s: how far has it come?") % {"number": number},
                choices=steps,
                coerce=int,
                widget=ChoiceTiles(shape="list"),
            )
        self.initial.setdefault("held_on", today())
        self.initial.setdefault("is_closing", self.closing_meant)
        if self.must_close:
            # After the end there is one thing left to say: how far the goals have come.
            del self.fields["is_closing"], self.fields["outcome"]

    def clean_held_on(self) -> datetime.date:
        held_on = self.cleaned_data["held_on"]
        if held_on > today():
            raise forms.ValidationError(gettext("This day has not come yet."))
        return held_on

    def goal_fields(self) -> list[dict]:
        """For the template: each goal with its own fields."""
        return [
            {
                "goal": goal,
                "number": number,
                "expected": self[f"expected_{goal.pk}"] if f"expected_{goal.pk}" in self.fields else None,
                "score": self[f"score_{goal.pk}"],
            }
            for number, goal in enumerate(self.goals, start=1)
        ]

    def facts(self) -> dict:
        """What the deed gets."""
        data = self.cleaned_data
        return {
            "held_on": data["held_on"],
            "outcome": ReviewOutcome.END if self.must_close else data["outcome"],
            "is_closing": self.must_close or data["is_closing"],
            "scores": {goal: data[f"score_{goal.pk}"] for goal in self.goals},
            "expected": {
                goal: data[f"expected_{goal.pk}"]
                for goal in self.goals
                if f"expected_{goal.pk}" in self.fields
            },
        }


class ScaleTiles(ChoiceTiles):
    """Five steps beside each other, and one tile to skip the statement."""

    def __init__(self, attrs=None, choices=()):
        super().__init__(attrs, choices, shape="row")
        self.wrapper_class += " choice-grid--scale"


SKIP = "skip"


class AssessmentForm(TokenForm):
    """The statements, in the words of the one who answers; each may be skipped."""

    def __init__(self, *args, party: str, **kwargs):
        self.party = party
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        steps = [*STEPS, (SKIP, _("I skip this"))]
        for item in ITEMS_OF[self.party]:
            field = forms.ChoiceField(
                label=statement(item, self.party), choices=steps, required=False, widget=ScaleTiles()
            )
            field.has_answer_none = True  # the page says that every statement may be skipped
            self.fields[item.value] = field
        # Whose answers these are, as the form said when it was shown.
        self.fields["party"] = forms.CharField(
            widget=forms.HiddenInput, initial=self.party, max_length=10, required=False
        )

    def lay_out(self) -> None:
        def tiles(items) -> list[Field]:
            return [
                Field(item.value, wrapper_class=self.fields[item.value].widget.wrapper_class)
                for item in items
                if item.value in self.fields
            ]

        first = (
            _("How it is for you now") if self.party == Party.PARENT else _("How it is for the parent now")
        )
        self.helper.layout = Layout(
            Fieldset(first, *tiles((*AREAS, *AIMS))),
            Fieldset(_("Trust"), *tiles(TRUST)),
            *(name for name in ("party", "submission") if name in self.fields),
        )

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self.answers():
            raise forms.ValidationError(
                _("Answer at least one of the statements. You can skip the others."), code="nothing"
            )
        return cleaned

    def answers(self) -> dict[str, int]:
        """A step for each statement that was not skipped."""
        chosen = {item.value: self.cleaned_data.get(item.value) for item in ITEMS_OF[self.party]}
        return {item: int(value) for item, value in chosen.items() if value and value != SKIP}
