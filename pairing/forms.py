"""Forms read words and check them; they do not decide."""

import datetime

from crispy_forms.layout import Field, Fieldset, Layout
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import add_months, today
from kumppani.core.forms import (
    ChoiceTiles,
    ChoiceTilesMultiple,
    DateInput,
    HouseForm,
    TimeInput,
    TokenForm,
    TokenMixin,
)
from kumppani.organisations.models import Grant
from pairing.models import (
    BenefitArea,
    ContactWay,
    ExperiencePartner,
    Funding,
    Goal,
    LegalGround,
    Meeting,
    MeetingKind,
    Parent,
    Party,
    PlaceKind,
    RequestBy,
    RequestRoute,
)
from pairing.models.people import SPEECH_LANGUAGES

YES_NO = [("yes", _("Yes")), ("no", _("No"))]


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


class RequestForm(TokenForm):
    """A social worker asks for a partner with or for a parent."""

    parent = forms.ModelChoiceField(
        label=_("Parent"),
        queryset=Parent.objects.none(),
        required=False,
        empty_label=_("A new parent"),
        help_text=_("Choose a parent you have recorded before, or write a new one below."),
    )
    first_name = forms.CharField(label=_("First name"), max_length=60, required=False)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=SPEECH_LANGUAGES,
        required=False,
        widget=ChoiceTiles(shape="row"),
        initial="fi",
    )
    contact_way = forms.ChoiceField(
        label=_("Way of contact"),
        choices=ContactWay.choices,
        required=False,
        widget=ChoiceTiles(shape="row"),
        initial=ContactWay.PHONE,
        help_text=_("One way is enough."),
    )
    contact = forms.CharField(
        label=_("Phone number or e-mail address"),
        max_length=120,
        required=False,
        help_text=_("Leave this empty when you pass the messages on yourself."),
    )
    by = forms.ChoiceField(label=_("Who asks?"), choices=RequestBy.choices, widget=ChoiceTiles(shape="row"))
    route = forms.ChoiceField(
        label=_("To whom?"),
        choices=RequestRoute.choices,
        widget=ChoiceTiles(shape="row"),
        initial=RequestRoute.STAFF,
    )
    chosen_partner = forms.ModelChoiceField(
        label=_("The partner they chose"),
        queryset=ExperiencePartner.objects.none(),
        required=False,
        empty_label=_("Nobody in particular"),
    )
    area = forms.CharField(
        label=_("Area"), max_length=80, required=False, help_text=_("Where the parent would like to meet.")
    )
    parent_agrees = forms.BooleanField(
        label=_("The parent knows of this request and agrees to it."),
        error_messages={"required": _("A request needs the parent's consent. Ask the parent first.")},
    )

    def prepare(self) -> None:
        self.fields["parent"].queryset = Parent.objects.visible_to(self.actor).order_by(
            "first_name", "case_code"
        )
        self.fields["chosen_partner"].queryset = (
            ExperiencePartner.objects.visible_to(self.actor)
            .ready()
            .filter(is_available=True)
            .order_by("first_name", "area", "id")
        )
        self.fields["chosen_partner"].label_from_instance = lambda partner: (
            f"{partner.first_name} ({partner.area or '–'})"
        )
        # What must be there depends on other answers, so "optional" would mislead.
        for name in ("parent", "first_name", "language", "contact_way", "contact", "chosen_partner"):
            self.fields[name].has_answer_none = True

    def lay_out(self) -> None:
        def tiles(name: str) -> Field:
            return Field(name, wrapper_class=self.fields[name].widget.wrapper_class)

        self.helper.layout = Layout(
            Fieldset(
                _("The parent"), "parent", "first_name", tiles("language"), tiles("contact_way"), "contact"
            ),
            Fieldset(
                _("The request"), tiles("by"), tiles("route"), "chosen_partner", "area", "parent_agrees"
            ),
            *(["submission"] if "submission" in self.fields else []),
        )

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("parent"):
            if not (cleaned.get("first_name") or "").strip():
                self.add_error(
                    "first_name", gettext("Write the parent's first name, or choose a parent above.")
                )
            for name in ("language", "contact_way"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, gettext("Choose one."))
            through_worker = cleaned.get("contact_way") == ContactWay.THROUGH_WORKER
            if cleaned.get("contact_way") and not through_worker and not cleaned.get("contact"):
                self.add_error(
                    "contact", gettext("Write the number or the address, or choose another way of contact.")
                )
            if through_worker:
                cleaned["contact"] = ""
        if cleaned.get("route") == RequestRoute.PARTNER and not cleaned.get("chosen_partner"):
            self.add_error(
                "chosen_partner", gettext("Choose the partner, or send the request to the project staff.")
            )
        return cleaned

    def new_parent(self) -> dict | None:
        """What a new parent's row gets, or None when one was chosen."""
        if self.cleaned_data.get("parent"):
            return None
        return {
            name: self.cleaned_data[name] for name in ("first_name", "language", "contact_way", "contact")
        }


class ProposeForm(TokenForm):
    """Staff choose a partner for a request."""

    partner = forms.ModelChoiceField(
        label=_("Experience partner"),
        queryset=ExperiencePartner.objects.none(),
        widget=ChoiceTiles(shape="list"),
    )

    def __init__(self, *args, candidates, **kwargs):
        self.candidates = candidates
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        field = self.fields["partner"]
        field.queryset = ExperiencePartner.objects.visible_to(self.actor).filter(
            pk__in=[candidate.pk for candidate in self.candidates]
        )
        field.empty_label = None
        field.choices = [(candidate.pk, candidate.explained) for candidate in self.candidates]


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


class AcknowledgeForm(TokenForm):
    """ "I agree" – to the revision that was shown, and to no other."""

    seen_revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class DecisionForm(TokenForm):
    """What the social worker's decision says; the document itself is not kept here."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[("positive", _("Positive")), ("negative", _("Negative"))],
        widget=ChoiceTiles(shape="row"),
        initial="positive",
    )
    made_on = forms.DateField(label=_("Date of the decision"), widget=DateInput())
    reference = forms.CharField(label=_("Number of the decision"), max_length=60)
    legal_ground = forms.ModelChoiceField(
        label=_("Legal ground"), queryset=LegalGround.objects.none(), empty_label=_("Choose")
    )
    valid_from = forms.DateField(label=_("Valid from"), widget=DateInput(), required=False)
    valid_to = forms.DateField(label=_("Valid to"), widget=DateInput(), required=False)
    funding = forms.ChoiceField(
        label=_("Who pays?"), choices=Funding.choices, widget=ChoiceTiles(shape="row"), required=False
    )
    grant = forms.ModelChoiceField(
        label=_("Grant"),
        queryset=Grant.objects.none(),
        required=False,
        empty_label=_("No grant"),
        help_text=_("Name the grant when the project's grant pays."),
    )

    def prepare(self) -> None:
        self.fields["legal_ground"].queryset = LegalGround.objects.visible_to(self.actor).in_use()
        self.fields["grant"].queryset = Grant.objects.visible_to(self.actor).running_on(today())
        self.initial.setdefault("made_on", today())
        self.initial.setdefault("valid_from", today())
        self.initial.setdefault("valid_to", add_months(today(), 6))
        self.initial.setdefault("funding", Funding.GRANT)
        grants = list(self.fields["grant"].queryset[:2])
        if len(grants) == 1:
            self.initial.setdefault("grant", grants[0].pk)

    def clean_made_on(self) -> datetime.date:
        made_on = self.cleaned_data["made_on"]
        if made_on > today():
            raise forms.ValidationError(_("This day has not come yet."))
        return made_on

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("outcome") == "negative":
            cleaned.update(valid_from=None, valid_to=None, funding="", grant=None)
            return cleaned
        for name in ("valid_from", "valid_to", "funding"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, gettext("A positive decision needs this."))
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", gettext("The last day cannot be before the first day."))
        elif last and last < today():
            self.add_error("valid_to", gettext("A decision that is no longer valid starts nothing."))
        if cleaned.get("funding") == Funding.GRANT and not cleaned.get("grant"):
            self.add_error("grant", gettext("Choose the grant that pays."))
        if cleaned.get("funding") == Funding.ORGANISER:
            cleaned["grant"] = None
        return cleaned

    def facts(self) -> dict:
        """What the decision's row gets."""
        facts = {
            name: self.cleaned_data[name]
            for name in ("made_on", "reference", "legal_ground", "valid_from", "valid_to", "funding", "grant")
        }
        return facts | {"is_positive": self.cleaned_data["outcome"] == "positive"}


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
