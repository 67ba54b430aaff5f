"""Forms about meetings: few fields, for one thumb."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import today
from kumppani.core.forms import (
    ChoiceTiles,
    ChoiceTilesMultiple,
    DateInput,
    HouseForm,
    TimeInput,
    TokenForm,
    TokenMixin,
)
from pairing.models import (
    Goal,
    Meeting,
    MeetingKind,
    PlaceKind,
)

LENGTHS = [
    ("30", _("30 min")),
    ("60", _("1 h")),
    ("90", _("1 h 30 min")),
    ("120", _("2 h")),
    ("180", _("3 h")),
    ("other", _("Another length")),
]


class _MeetingFacts(HouseForm):
    """What a meeting's form asks; the usual place and length are remembered."""

    def __init__(
        self, *args, relationship, usual: Meeting | None = None, meeting: Meeting | None = None, **kwargs
    ):
        self.relationship = relationship
        self.usual = usual
        self.meeting = meeting
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        self.fields["goals"].queryset = Goal.objects.visible_to(self.actor).filter(
            agreement__relationship=self.relationship
        )
        source = self.meeting or self.usual
        self.initial.setdefault("date", self.meeting.date if self.meeting else today())
        self.initial.setdefault("kind", source.kind if source else MeetingKind.PEER)
        if source:
            self.initial.setdefault("place", source.place)
        length = (self.meeting.minutes if self.meeting else None) or (
            self.usual.minutes if self.usual else None
        )
        if length:
            known = str(length) if str(length) in dict(LENGTHS) else "other"
            self.initial.setdefault("length", known)
            if known == "other":
                self.initial.setdefault("other_length", length)
        if self.meeting and self.meeting.status == "held":
            self.initial.setdefault("goals", [goal.pk for goal in self.meeting.goals.all()])

    def clean(self):
        cleaned = super().clean()
        length = cleaned.get("length")
        if length == "other" and not cleaned.get("other_length") and "other_length" not in self.errors:
            self.add_error("other_length", gettext("Write the length in minutes."))
        return cleaned

    def facts(self) -> dict:
        """What the meeting's row gets."""
        data = self.cleaned_data
        minutes = data["other_length"] if data["length"] == "other" else int(data["length"])
        return {"date": data["date"], "kind": data["kind"], "place": data["place"], "minutes": minutes}


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


class CorrectMeetingForm(LogMeetingForm):
    """Correct a logged meeting; two people do not overwrite each other."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def prepare(self) -> None:
        super().prepare()
        self.initial.setdefault("seen_version", self.meeting.version)


class PlanMeetingForm(TokenForm):
    """The next meeting: when and where."""

    date = forms.DateField(label=_("When?"), widget=DateInput())
    starts_at = forms.TimeField(label=_("What time?"), widget=TimeInput(), required=False)
    place = forms.ChoiceField(label=_("Where?"), choices=PlaceKind.choices, widget=ChoiceTiles())
    kind = forms.ChoiceField(
        label=_("What kind of meeting?"),
        choices=MeetingKind.choices,
        widget=ChoiceTiles(shape="list"),
        initial=MeetingKind.PEER,
    )

    def __init__(self, *args, usual: Meeting | None = None, **kwargs):
        self.usual = usual
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        if self.usual:
            self.initial.setdefault("place", self.usual.place)
            self.initial.setdefault("kind", self.usual.kind)


class NotHeldForm(TokenForm):
    """A planned meeting that did not take place."""

    outcome = forms.ChoiceField(
        label=_("What happened?"),
        choices=[("cancelled", _("It was cancelled beforehand")), ("no_show", _("One of us did not come"))],
        widget=ChoiceTiles(shape="list"),
    )
