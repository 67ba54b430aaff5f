"""The page between three people."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import add_months, today
from kumppani.core.forms import (
    ChoiceTilesMultiple,
    DateInput,
    TokenForm,
)
from pairing.models import (
    BenefitArea,
    Party,
)


class AcknowledgeForm(TokenForm):
    """ "I agree" – to the revision that was shown, and to no other."""

    seen_revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class StartMeetingForm(TokenForm):
    """The page between three people: who is here, how long, how often, goals, what is told."""

    GOALS = 3

    present = forms.MultipleChoiceField(
        label=_("Who is here?"),
        choices=Party.choices,
        required=False,
        widget=ChoiceTilesMultiple(shape="row"),
    )
    starts_on = forms.DateField(label=_("First day"), widget=DateInput(), required=False)
    ends_on = forms.DateField(label=_("Last day"), widget=DateInput(), required=False)
    meetings_per_month = forms.IntegerField(
        label=_("Meetings a month"),
        min_value=1,
        max_value=30,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    told_to_worker = forms.CharField(
        label=_("What is told to the social worker?"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example: only that you have met. At most 300 characters."),
    )
    seen_revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args, agreement, meeting, **kwargs):
        self.agreement = agreement
        self.meeting = meeting
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        goals = list(self.agreement.goals.all())
        for number in range(1, self.GOALS + 1):
            goal = goals[number - 1] if number <= len(goals) else None
            self.fields[f"goal_{number}"] = forms.CharField(
                label=_("Goal %(number)s, in the parent's own words") % {"number": number},
                max_length=300,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
                initial=goal.words if goal else "",
            )
            self.fields[f"area_{number}"] = forms.ChoiceField(
                label=_("What is goal %(number)s about?") % {"number": number},
                choices=[("", _("Choose")), *BenefitArea.choices],
                required=False,
                initial=goal.area if goal else "",
            )
        for field in self.fields.values():
            # Everything may wait while the three talk, and most of it must be there before they agree: no mark helps.
            field.has_answer_none = True
        present = [
            party
            for party, here in (
                (Party.WORKER, self.meeting.worker_present),
                (Party.PARTNER, self.meeting.partner_present),
                (Party.PARENT, self.meeting.parent_present),
            )
            if here
        ]
        self.initial.update(
            present=present,
            starts_on=self.agreement.starts_on or today(),
            ends_on=self.agreement.ends_on or add_months(today(), 6),
            meetings_per_month=self.agreement.meetings_per_month or 4,
            told_to_worker=self.agreement.told_to_worker,
            seen_revision=self.agreement.revision,
        )

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", gettext("The last day cannot be before the first day."))
        for number in range(1, self.GOALS + 1):
            words, area = cleaned.get(f"goal_{number}", "").strip(), cleaned.get(f"area_{number}", "")
            if words and not area:
                self.add_error(f"area_{number}", gettext("Choose what this goal is about."))
            if area and not words:
                self.add_error(
                    f"goal_{number}",
                    gettext("Write this goal in the parent's words, or choose no area for it."),
                )
        return cleaned

    def facts(self) -> dict:
        """Duration, scope and what is told."""
        names = ("starts_on", "ends_on", "meetings_per_month", "told_to_worker")
        return {name: self.cleaned_data[name] for name in names}

    def goals(self) -> list[tuple[str, str]]:
        """(words, area) of each goal written."""
        pairs = (
            (self.cleaned_data[f"goal_{number}"].strip(), self.cleaned_data[f"area_{number}"])
            for number in range(1, self.GOALS + 1)
        )
        return [(words, area) for words, area in pairs if words]
