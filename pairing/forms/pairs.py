"""Forms about who is proposed to whom, getting acquainted, and who is never paired."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import today
from kumppani.core.forms import ChoiceTiles, DateInput, TokenForm, TokenMixin
from pairing.forms.meetings import LENGTHS, LengthMixin
from pairing.matching import Demand
from pairing.models import (
    AcquaintanceMeeting,
    ExclusionKind,
    ExperiencePartner,
    Parent,
    Party,
    PlaceKind,
    SocialWorker,
)
from pairing.services import THEN_ASK

YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class AnswerForm(TokenForm):
    """Yes or no to a pair, without a reason."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=YES_NO,
        widget=ChoiceTiles(shape="row"),
        error_messages={"required": _("Choose yes or no.")},
    )

    def __init__(self, *args, sides: list[str], **kwargs):
        self.sides = sides
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        if len(self.sides) == 1:
            self.fields["party"] = forms.CharField(
                widget=forms.HiddenInput, initial=self.sides[0], max_length=10
            )
        else:
            self.fields["party"] = forms.ChoiceField(
                label=_("Who answered?"),
                choices=[(side, Party(side).label) for side in self.sides],
                widget=ChoiceTiles(shape="row"),
            )
            self.order_fields(["party", "answer"])
        if self.actor.role not in ("partner", "parent"):
            self.fields["answer"].label = _("The answer, as it was told to you")

    @property
    def party(self) -> str:
        """Whose answer this is: as the form said when it was shown, not as it would be shown now."""
        return self.cleaned_data["party"]


class ProposeForm(TokenForm):
    """Staff choose a partner for a request, and if they like who is asked next.

    Drawn are the `candidates`, each with what speaks for the person. Accepted is everybody who fits: while the page is
    open somebody else may have come to stand before the last of them.
    """

    partner = forms.ModelChoiceField(
        label=_("Experience partner"),
        queryset=ExperiencePartner.objects.none(),
        widget=ChoiceTiles(shape="list"),
        error_messages={"required": _("Choose a partner from the list.")},
    )

    def __init__(self, *args, demand: Demand, candidates: list[ExperiencePartner], **kwargs):
        self.demand = demand
        self.candidates = candidates
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        fitting = self.demand.fitting(ExperiencePartner.objects.visible_to(self.actor))
        field = self.fields["partner"]
        field.queryset = fitting
        field.empty_label = None
        field.choices = [(candidate.pk, candidate.explained) for candidate in self.candidates]
        labels = [_("If the answer is no, ask then"), _("And then")]
        for number in range(1, THEN_ASK + 1):
            field = forms.ModelChoiceField(
                label=labels[number - 1],
                queryset=fitting,
                required=False,
                empty_label=_("Nobody: the request comes back to us"),
            )
            field.has_answer_none = True
            field.choices = [
                ("", field.empty_label),
                *((candidate.pk, candidate.name) for candidate in self.candidates),
            ]
            self.fields[f"then_{number}"] = field

    def clean(self):
        cleaned = super().clean()
        chosen = [cleaned.get("partner")] if cleaned.get("partner") else []
        for number in range(1, THEN_ASK + 1):
            other = cleaned.get(f"then_{number}")
            if other and other in chosen:
                self.add_error(f"then_{number}", gettext("Choose somebody else here, or nobody."))
            elif other:
                chosen.append(other)
        return cleaned

    @property
    def then(self) -> list[ExperiencePartner]:
        """Who is asked next, in this order."""
        others = (self.cleaned_data[f"then_{number}"] for number in range(1, THEN_ASK + 1))
        return [other for other in others if other]


class AcquaintanceForm(TokenMixin, LengthMixin, forms.Form):
    """The two have met to get to know each other: when, where, how long."""

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

    def __init__(self, *args, usual: AcquaintanceMeeting | None = None, **kwargs):
        self.usual = usual
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        self.initial.setdefault("date", today())
        if self.usual:
            self.initial.setdefault("place", self.usual.place)
            self.set_length(self.usual.minutes)

    def facts(self) -> dict:
        """What the row gets."""
        return {
            "date": self.cleaned_data["date"],
            "place": self.cleaned_data["place"],
            "minutes": self.minutes,
        }


class ExclusionForm(TokenForm):
    """One thing that speaks against a pair: a parent, a social worker or an area."""

    kind = forms.ChoiceField(
        label=_("Why?"),
        choices=ExclusionKind.choices,
        widget=ChoiceTiles(shape="list"),
        help_text=_("This is enough. Do not ask for the story."),
    )
    code = forms.CharField(
        label=_("The parent's code"),
        max_length=10,
        required=False,
        help_text=_("It stands on the parent's page, for example K-7XA2B."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    social_worker = forms.ModelChoiceField(
        label=_("Social worker"),
        queryset=SocialWorker.objects.none(),
        required=False,
        empty_label=_("Nobody in particular"),
    )
    area = forms.CharField(
        label=_("Area"),
        max_length=80,
        required=False,
        help_text=_(
            "A town, a village or a part of town, as it is written in the requests: for example Raisio."
        ),
    )
    # Which of the three belongs to which kind; the own wish may be about any of them.
    NAMES = {
        ExclusionKind.FAMILY: ("code",),
        ExclusionKind.NEIGHBOURHOOD: ("code", "area"),
        ExclusionKind.EARLIER_WORKER: ("social_worker",),
        ExclusionKind.OWN_WISH: ("code", "social_worker", "area"),
    }

    def prepare(self) -> None:
        workers = SocialWorker.objects.visible_to(self.actor).select_related("user", "organisation")
        field = self.fields["social_worker"]
        field.queryset = workers.order_by("user__last_name", "user__first_name", "id")
        field.label_from_instance = lambda worker: f"{worker}, {worker.organisation}"
        for name in ("code", "social_worker", "area"):
            self.fields[name].has_answer_none = True

    def clean(self):
        cleaned = super().clean()
        cleaned["parent"] = self.find_parent((cleaned.get("code") or "").strip().upper())
        cleaned["area"] = (cleaned.get("area") or "").strip()
        allowed = self.NAMES.get(cleaned.get("kind"))
        if allowed is None or self.errors:
            return cleaned
        named = [name for name in ("code", "social_worker", "area") if cleaned.get(name)]
        for name in named:
            if name not in allowed:
                self.add_error(name, gettext("This does not belong to what you chose above. Leave it empty."))
        if not named:
            self.add_error(allowed[0], gettext("Name who or where it is about."))
        elif len(named) > 1:
            self.add_error(named[1], gettext("Name one thing at a time; add the other afterwards."))
        return cleaned

    def find_parent(self, code: str) -> Parent | None:
        """The parent with this code, or an error at the field."""
        if not code:
            return None
        found = Parent.objects.visible_to(self.actor).filter(case_code=code).first()
        if found is None:
            self.add_error("code", gettext("There is no parent with this code. Check it."))
        return found

    def facts(self) -> dict:
        """What the row gets."""
        return {name: self.cleaned_data[name] for name in ("kind", "parent", "social_worker", "area")}


class OwnAreaForm(TokenForm):
    """Where a partner does not want to meet anybody."""

    area = forms.CharField(
        label=_("An area where you do not want to meet parents"),
        max_length=80,
        help_text=_("A town, a village or a part of town. Nobody asks why."),
        error_messages={"required": _("Write an area, for example a part of town.")},
    )
