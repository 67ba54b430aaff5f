"""Forms about meetings: few fields, for one thumb."""

import datetime
from decimal import Decimal

from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import local_time_exists, today
from kumppani.core.forms import (
    ChoiceTiles,
    ChoiceTilesMultiple,
    DateInput,
    HouseForm,
    SpokenDecimalField,
    TimeInput,
    TokenForm,
    TokenMixin,
)
from kumppani.core.templatetags.kumppani import day
from pairing.models import (
    Goal,
    Meeting,
    MeetingKind,
    PlaceKind,
)
from pairing.services import MOST_PLANNED, planned_dates

LENGTHS = [
    ("30", _("30 min")),
    ("60", _("1 h")),
    ("90", _("1 h 30 min")),
    ("120", _("2 h")),
    ("180", _("3 h")),
    ("other", _("Another length")),
]
REPEATS = [("", _("Once")), ("weekly", _("Every week")), ("two_weeks", _("Every two weeks"))]


class LengthMixin(HouseForm):
    """A length as tiles, or another one in minutes."""

    def set_length(self, minutes: int | None) -> None:
        """Show this length as the chosen one."""
        if minutes:
            known = str(minutes) if str(minutes) in dict(LENGTHS) else "other"
            self.initial.setdefault("length", known)
            if known == "other":
                self.initial.setdefault("other_length", minutes)

    def clean(self):
        cleaned = super().clean()
        length = cleaned.get("length")
        if length == "other" and not cleaned.get("other_length") and "other_length" not in self.errors:
            self.add_error("other_length", gettext("Write the length in minutes."))
        return cleaned

    @property
    def minutes(self) -> int:
        """The length in minutes."""
        data = self.cleaned_data
        return data["other_length"] if data["length"] == "other" else int(data["length"])


class _MeetingFacts(LengthMixin):
    """What a meeting's form asks; the usual place and length are remembered."""

    # Drawn by the template, folded away: nothing may stand between the tiles and the big button.
    QUIET = ("travel_km", "ticket_cost", "note")

    def __init__(
        self, *args, relationship, usual: Meeting | None = None, meeting: Meeting | None = None, **kwargs
    ):
        self.relationship = relationship
        self.usual = usual
        self.meeting = meeting
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        logged = self.meeting is not None and self.meeting.status == "held"
        chosen = [goal.pk for goal in self.meeting.goals.all()] if logged else []
        agreement = self.relationship.agreement_in_force()
        goals = Goal.objects.visible_to(self.actor)
        # A correction may leave goals of an earlier agreement as they were.
        self.fields["goals"].queryset = goals.filter(agreement=agreement) | goals.filter(pk__in=chosen)
        if not (agreement and agreement.allows_notes) and not (logged and self.meeting.note):
            del self.fields["note"]
        source = self.meeting or self.usual
        self.initial.setdefault("date", self.meeting.date if self.meeting else today())
        self.initial.setdefault("kind", source.kind if source else MeetingKind.PEER)
        if source:
            self.initial.setdefault("place", source.place)
        self.set_length(
            (self.meeting.minutes if self.meeting else None) or (self.usual.minutes if self.usual else None)
        )
        if logged:
            self.initial.setdefault("goals", chosen)
            for name in self.QUIET:
                self.initial.setdefault(name, getattr(self.meeting, name))

    def lay_out(self) -> None:
        self.helper.layout = Layout(
            *(
                Field(name, wrapper_class=getattr(field.widget, "wrapper_class", ""))
                for name, field in self.fields.items()
                if name not in self.QUIET
            )
        )

    @property
    def has_travel(self) -> bool:
        """Whether the fields of the journey hold something, or something to mend."""
        return any(self[name].value() or self[name].errors for name in ("travel_km", "ticket_cost"))

    def facts(self) -> dict:
        """What the meeting's row gets."""
        data = self.cleaned_data
        names = ("date", "kind", "place", "travel_km", "ticket_cost", "note")
        return {name: data[name] for name in names if name in self.fields} | {"minutes": self.minutes}


class LogMeetingForm(TokenMixin, _MeetingFacts, forms.Form):
    """Log a meeting: one thumb, few touches."""

    date = forms.DateField(label=_("When?"), widget=DateInput())
    place = forms.ChoiceField(label=_("Where?"), choices=PlaceKind.choices, widget=ChoiceTiles())
    length = forms.ChoiceField(label=_("How long?"), choices=LENGTHS, widget=ChoiceTiles())
    other_length = forms.IntegerField(
        label=_("Another length, in minutes"),
        min_value=5,
        max_value=720,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    kind = forms.ChoiceField(
        label=_("What kind of meeting?"), choices=MeetingKind.choices, widget=ChoiceTiles(shape="list")
    )
    goals = forms.ModelMultipleChoiceField(
        label=_("Which goals was it about?"),
        queryset=Goal.objects.none(),
        required=False,
        widget=ChoiceTilesMultiple(shape="list"),
    )
    travel_km = forms.IntegerField(
        label=_("Kilometres by your own car, there and back"),
        min_value=0,
        max_value=2000,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    ticket_cost = SpokenDecimalField(
        label=_("Tickets, in euros"),
        min_value=Decimal(0),
        max_digits=6,
        decimal_places=2,
        required=False,
        error_messages={"invalid": _("Write the sum as a number, for example 4,20.")},
    )
    note = forms.CharField(
        label=_("A short note"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "The parent reads this, and nobody else but you. Write nothing about the child's matters, "
            "about health or about other people. At most 300 characters."
        ),
    )


class CorrectMeetingForm(LogMeetingForm):
    """Correct a logged meeting; two people do not overwrite each other."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def prepare(self) -> None:
        super().prepare()
        self.initial.setdefault("seen_version", self.meeting.version)


class PlanMeetingForm(TokenForm):
    """The next meeting, or several at once: when and where."""

    date = forms.DateField(label=_("When?"), widget=DateInput())
    starts_at = forms.TimeField(label=_("What time?"), widget=TimeInput(), required=False)
    place = forms.ChoiceField(label=_("Where?"), choices=PlaceKind.choices, widget=ChoiceTiles())
    kind = forms.ChoiceField(
        label=_("What kind of meeting?"),
        choices=MeetingKind.choices,
        widget=ChoiceTiles(shape="list"),
        initial=MeetingKind.PEER,
    )
    repeat = forms.ChoiceField(
        label=_("How often?"), choices=REPEATS, required=False, widget=ChoiceTiles(shape="row"), initial=""
    )
    times = forms.IntegerField(
        label=_("How many times in all?"),
        min_value=2,
        max_value=MOST_PLANNED,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ["min_value", "max_value", "invalid"], _("Write a number from 2 to 12.")
        ),
    )

    def __init__(self, *args, relationship, usual: Meeting | None = None, **kwargs):
        self.relationship = relationship
        self.usual = usual
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        self.fields["repeat"].has_answer_none = True
        self.last_day = self.relationship.last_day()
        if self.last_day:
            self.fields["times"].help_text = gettext(
                "From 2 to 12, when you meet more than once. Days after %(day)s are left out: "
                "it is the last one you agreed on."
            ) % {"day": day(self.last_day)}
        if self.usual:
            self.initial.setdefault("place", self.usual.place)
            self.initial.setdefault("kind", self.usual.kind)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("repeat") and not cleaned.get("times") and "times" not in self.errors:
            self.add_error("times", gettext("Write how many times, from 2 to 12."))
        if cleaned.get("times") and not cleaned.get("repeat") and "repeat" not in self.errors:
            self.add_error("repeat", gettext("Choose how often, or leave the number of times empty."))
        if not self.errors and cleaned["starts_at"]:
            for date in self.dates:
                if not local_time_exists(date, cleaned["starts_at"]):
                    self.add_error(
                        "starts_at",
                        gettext("The clocks are put forward on %(day)s: choose another time.")
                        % {"day": day(date)},
                    )
        return cleaned

    @property
    def dates(self) -> list[datetime.date]:
        """The days that are meant."""
        data = self.cleaned_data
        return planned_dates(data["date"], data["repeat"], data["times"] or 1)

    @property
    def left_out(self) -> list[datetime.date]:
        """Those of them that lie after the last day that was agreed and decided."""
        return [date for date in self.dates if self.last_day and date > self.last_day]

    def facts(self) -> dict:
        """What `plan_meeting` gets."""
        data = self.cleaned_data
        names = ("date", "starts_at", "place", "kind", "repeat")
        return {name: data[name] for name in names} | {"times": data["times"] or 1}


class NotHeldForm(TokenForm):
    """A planned meeting that does not or did not take place; with it, the later ones that were planned together."""

    outcome = forms.ChoiceField(label=_("What happened?"), widget=ChoiceTiles(shape="list"))

    def __init__(self, *args, meeting: Meeting, later: int = 0, **kwargs):
        self.meeting = meeting
        self.later = later
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        field = self.fields["outcome"]
        if self.meeting.date > today():
            field.label = _("What do you cancel?")
            field.choices = [("cancelled", _("Only this meeting") if self.later else _("This meeting"))]
            self.initial.setdefault("outcome", "cancelled")
            if not self.later:  # one answer is no question
                field.widget = forms.HiddenInput()
        else:
            field.choices = [
                ("cancelled", _("It was cancelled beforehand")),
                ("no_show", _("One of us did not come")),
            ]
        if self.later:
            field.choices = [
                *field.choices,
                ("rest", _("This and all the later ones planned with it are cancelled")),
            ]
