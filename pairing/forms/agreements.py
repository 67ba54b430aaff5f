"""What the three agree on: the page between three people, and later an extension or a change."""

import uuid

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import add_months, today
from kumppani.core.forms import ChoiceTiles, ChoiceTilesMultiple, DateInput, TokenForm
from pairing.models import Agreement, AgreementKind, BenefitArea, GuideText, Party
from pairing.services import GoalWords

AT_MOST_300 = _("At most 300 characters.")


def _words(label, example) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=format_lazy("{} {}", example, AT_MOST_300),
    )


class AcknowledgeForm(TokenForm):
    """ "I agree" – to the revision that was shown, and to no other."""

    seen_revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class AgreementForm(TokenForm):
    """The words of an agreement: how often, how in touch, what is told, and the goals. A base of the two below.

    `source`: the agreement whose words stand there at first, or None. `decided_until`: the decision's last day.
    """

    GOALS: int
    FACTS = ("ends_on", "meetings_per_month", "contact_ways", "cancelling", "told_to_worker", "allows_notes")

    ends_on = forms.DateField(label=_("Last day"), widget=DateInput(), required=False)
    meetings_per_month = forms.IntegerField(
        label=_("Meetings a month"),
        min_value=1,
        max_value=30,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    contact_ways = _words(
        _("How and when are you in touch?"),
        _("For example: by text message, on weekdays between 9 and 20."),
    )
    cancelling = _words(
        _("How do you cancel a meeting?"),
        _("For example: by text message the day before. When something sudden happens, as soon as you can."),
    )
    told_to_worker = _words(
        _("What is told to the social worker?"), _("For example: only that you have met.")
    )
    allows_notes = forms.BooleanField(
        label=_("The experience partner may write a short note of a meeting. The parent reads it."),
        required=False,
    )

    def __init__(self, *args, source: Agreement | None, decided_until, **kwargs):
        self.source = source
        self.decided_until = decided_until
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        goals = list(self.source.goals.all()) if self.source else []
        self.known_goals = set()
        for number in range(1, self.GOALS + 1):
            goal = goals[number - 1] if number <= len(goals) else None
            self.add_goal(number, self.goal_of(goal) if goal else None)
        for field in self.fields.values():
            # Everything may wait while people talk, and most of it must be there before they agree: no mark helps.
            field.has_answer_none = True
        if self.source:
            self.initial.update({name: getattr(self.source, name) for name in self.FACTS})

    def goal_of(self, goal) -> GoalWords:
        """Hook: a goal of the source as it goes on here."""
        return GoalWords(goal.words, goal.area, goal.expected, goal.continues_id)

    def add_goal(self, number: int, goal: GoalWords | None) -> None:
        """The fields of one goal."""
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
        self.fields[f"expected_{number}"] = forms.CharField(
            label=_("How will you notice that goal %(number)s has come true?") % {"number": number},
            help_text=_("You can leave this open and come back to it at the first review."),
            max_length=300,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
            initial=goal.expected if goal else "",
        )
        self.fields[f"from_{number}"] = forms.UUIDField(
            widget=forms.HiddenInput,
            required=False,
            initial=goal.continues_id if goal else None,
        )
        if goal and goal.continues_id:
            self.known_goals.add(goal.continues_id)

    def goal_fields(self) -> list[dict]:
        """The bound fields of each goal, for the template; `open` where there is something to read or to mend."""
        rows = []
        for number in range(1, self.GOALS + 1):
            row = {name: self[f"{name}_{number}"] for name in ("goal", "area", "expected", "from")}
            row["open"] = any(field.value() or field.errors for field in row.values())
            rows.append({"number": number, "source": row.pop("from"), **row})
        return rows

    def clean(self):
        cleaned = super().clean()
        for number in range(1, self.GOALS + 1):
            words = cleaned.get(f"goal_{number}", "").strip()
            area, expected = cleaned.get(f"area_{number}", ""), cleaned.get(f"expected_{number}", "").strip()
            if words and not area:
                self.add_error(f"area_{number}", gettext("Choose what this goal is about."))
            if (area or expected) and not words and f"goal_{number}" not in self.errors:
                self.add_error(
                    f"goal_{number}",
                    gettext("Write this goal in the parent's words, or leave the rest of it empty too."),
                )
        return cleaned

    def facts(self) -> dict:
        """What the agreement's row gets."""
        return {name: self.cleaned_data[name] for name in self.FACTS}

    def goals(self) -> list[GoalWords]:
        """Each goal written. A goal goes on only from one that the page itself had shown."""
        written = []
        for number in range(1, self.GOALS + 1):
            words = self.cleaned_data[f"goal_{number}"].strip()
            source: uuid.UUID | None = self.cleaned_data.get(f"from_{number}")
            if words:
                written.append(
                    GoalWords(
                        words,
                        self.cleaned_data[f"area_{number}"],
                        self.cleaned_data[f"expected_{number}"].strip(),
                        source if source in self.known_goals else None,
                    )
                )
        return written


class StartMeetingForm(AgreementForm):
    """The page between three people: who is here, how long, how often, goals, how in touch, the ground rules."""

    GOALS = 3
    FACTS = ("starts_on", *AgreementForm.FACTS)

    present = forms.MultipleChoiceField(
        label=_("Who is here?"),
        choices=Party.choices,
        required=False,
        widget=ChoiceTilesMultiple(shape="row"),
    )
    starts_on = forms.DateField(label=_("First day"), widget=DateInput(), required=False)
    # The value is the version that was shown: who read an older one is asked to read again.
    rules_read = forms.MultipleChoiceField(
        label=_("Ground rules"),
        required=False,
        widget=ChoiceTilesMultiple(shape="row"),
        error_messages={
            "invalid_choice": _(
                "The ground rules have changed in the meantime. Read them together once more."
            )
        },
    )
    seen_revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(
        self, *args, agreement, meeting, rules: GuideText | None, earlier: Agreement | None, **kwargs
    ):
        self.agreement = agreement
        self.meeting = meeting
        self.rules = rules
        self.earlier = earlier  # of the relationship that this one continues, until something is written here
        super().__init__(*args, source=earlier or agreement, **kwargs)

    def goal_of(self, goal) -> GoalWords:
        if self.earlier:
            return GoalWords(goal.words, goal.area, goal.expected, goal.pk)
        return super().goal_of(goal)

    def prepare(self) -> None:
        super().prepare()
        if self.rules is None:
            del self.fields["rules_read"]
        else:
            self.fields["rules_read"].choices = [(str(self.rules.pk), _("We have read these together"))]
            if self.agreement.ground_rules_id == self.rules.pk:
                self.initial["rules_read"] = [str(self.rules.pk)]
        here = {
            Party.WORKER: self.meeting.worker_present,
            Party.PARTNER: self.meeting.partner_present,
            Party.PARENT: self.meeting.parent_present,
        }
        half_a_year = add_months(today(), 6)
        self.initial.update(
            present=[party for party, is_here in here.items() if is_here],
            starts_on=self.agreement.starts_on or today(),
            ends_on=self.agreement.ends_on or min(half_a_year, self.decided_until or half_a_year),
            meetings_per_month=self.initial["meetings_per_month"] or 4,
            seen_revision=self.agreement.revision,
        )

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", gettext("The last day cannot be before the first day."))
        return cleaned

    def facts(self) -> dict:
        return super().facts() | {"ground_rules": self.rules if self.cleaned_data.get("rules_read") else None}


class ProposeAgreementForm(AgreementForm):
    """An extension or a change, filled in from what holds now, or from what is being proposed already."""

    GOALS = 5

    kind = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[
            (AgreementKind.EXTENSION.value, _("We go on for longer")),
            (AgreementKind.CHANGE.value, _("We change something")),
        ],
        widget=ChoiceTiles(shape="row"),
        error_messages={"required": _("Choose what it is about.")},
    )
    seen_number = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    seen_revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    field_order = ("kind", "ends_on", "meetings_per_month")

    def __init__(self, *args, in_force: Agreement, proposal: Agreement | None, **kwargs):
        self.in_force = in_force
        self.proposal = proposal
        super().__init__(*args, source=proposal or in_force, **kwargs)

    def goal_of(self, goal) -> GoalWords:
        if self.proposal:
            return super().goal_of(goal)
        return GoalWords(goal.words, goal.area, goal.expected, goal.pk)

    def prepare(self) -> None:
        super().prepare()
        self.known_goals |= {goal.pk for goal in self.in_force.goals.all()}
        self.fields["ends_on"].required = self.fields["meetings_per_month"].required = True
        if self.proposal:
            self.initial.update(kind=self.proposal.kind, seen_revision=self.proposal.revision)
        self.initial["seen_number"] = self.in_force.number

    def clean(self):
        cleaned = super().clean()
        if not any(cleaned.get(f"goal_{number}", "").strip() for number in range(1, self.GOALS + 1)):
            self.add_error("goal_1", gettext("Keep or write at least one goal."))
        return cleaned
