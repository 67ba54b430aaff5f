"""Forms about breaks, wishes, another partner and the end. None of them asks for a reason (R16)."""

import datetime

from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.roles import Role
from kumppani.core.dates import today
from kumppani.core.forms import ChoiceTiles, DateInput, TokenForm, VersionModelForm
from pairing.models import Closing, EndedBy, ExperiencePartner, Feedback, Party, WishKind

# Whose wish it can be, in the order in which the staff meet them.
SPEAKERS = (Party.PARENT, Party.PARTNER, Party.WORKER)


class ToldForm(TokenForm):
    """A wish of one's own, or of somebody else, as it was told to a social worker or to the staff."""

    speaker_field: str
    staff_may_wish = True

    def prepare(self) -> None:
        if self.actor.role not in (Role.STAFF, Role.SOCIAL_WORKER):
            return
        choices = [(party.value, party.label) for party in SPEAKERS]
        if self.actor.role == Role.STAFF and self.staff_may_wish:
            choices.append((EndedBy.STAFF.value, EndedBy.STAFF.label))
        self.fields[self.speaker_field] = forms.ChoiceField(
            label=_("Whose wish is it?"),
            choices=choices,
            widget=ChoiceTiles(shape="row"),
            help_text=_("As it was told to you. Nobody is asked for a reason."),
            error_messages={"required": _("Say whose wish this is.")},
        )
        self.order_fields([self.speaker_field])

    @property
    def said_by(self) -> str | None:
        """Whose wish it is; None when it is the actor's own."""
        return self.cleaned_data.get(self.speaker_field) or None


class PauseForm(ToldForm):
    """From today; until when, if that is known."""

    speaker_field = "asked_by"
    ends_on = forms.DateField(
        label=_("Last day of the break"),
        widget=DateInput(),
        required=False,
        help_text=_("Leave this empty if you do not know yet."),
    )

    def clean_ends_on(self) -> datetime.date | None:
        ends_on = self.cleaned_data["ends_on"]
        if ends_on is not None and ends_on < today():
            raise forms.ValidationError(_("The last day of the break is today or later."))
        return ends_on


class ResumeForm(TokenForm):
    """One button."""


class StepBackForm(TokenForm):
    """One button."""


class EndForm(ToldForm):
    """One button for the partner and the parent; the worker and the staff also write how it is closed."""

    speaker_field = "ended_by"
    CLOSING = ("meeting_on", "next_support", "follow_up_agreed")

    def prepare(self) -> None:
        super().prepare()
        if self.actor.role not in (Role.STAFF, Role.SOCIAL_WORKER):
            return
        self.fields["meeting_on"] = forms.DateField(
            label=_("Closing meeting"),
            widget=DateInput(),
            required=False,
            help_text=_(
                "When you met to close it together, or when you are going to. It can be added later."
            ),
        )
        support = Closing._meta.get_field("next_support")
        self.fields["next_support"] = forms.CharField(
            label=_("Where support is found next"),
            max_length=support.max_length,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=support.help_text,
        )
        self.fields["follow_up_agreed"] = forms.BooleanField(
            label=_("The parent agrees to be asked once more after three months"), required=False
        )

    def facts(self) -> dict:
        """What the closing's row gets."""
        return {name: self.cleaned_data[name] for name in self.CLOSING if name in self.fields}

    @property
    def has_words(self) -> bool:
        """Whether something was typed that must not be lost."""
        return self.is_bound and any(self.data.get(self.add_prefix(name)) for name in self.CLOSING)


class ClosingForm(VersionModelForm):
    """What was agreed for afterwards."""

    class Meta:
        model = Closing
        fields = ["meeting_on", "next_support", "follow_up_agreed"]
        widgets = {"meeting_on": DateInput(), "next_support": forms.Textarea(attrs={"rows": 2})}

    def facts(self) -> dict:
        """What the closing's row gets."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class WishForm(ToldForm):
    """One tap: each wish is a button of its own."""

    speaker_field = "party"
    staff_may_wish = False
    kind = forms.ChoiceField(
        label=_("Wish"),
        choices=WishKind.choices,
        error_messages={"required": _("Choose one of the wishes.")},
    )

    def lay_out(self) -> None:
        self.helper.layout = Layout(
            *(
                Field(name, wrapper_class=getattr(field.widget, "wrapper_class", ""))
                for name, field in self.fields.items()
                if name != "kind"
            )
        )


class ChangePartnerForm(TokenForm):
    """Staff choose another partner from those who fit."""

    partner = forms.ModelChoiceField(
        label=_("The new experience partner"),
        queryset=ExperiencePartner.objects.none(),
        widget=ChoiceTiles(shape="list"),
        error_messages={"required": _("Choose a partner.")},
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


class FeedbackForm(TokenForm):
    """A grade and, if one likes, words."""

    grade = forms.TypedChoiceField(
        label=_("All in all, it was"),
        choices=Feedback._meta.get_field("grade").choices,
        coerce=int,
        widget=ChoiceTiles(shape="list"),
        error_messages={"required": _("Choose one of the five.")},
    )
    words = forms.CharField(
        label=_("In your own words"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What was good, what was missing? Do not write names. At most 500 characters."),
    )
    quote_consent = forms.BooleanField(
        label=_("My words may be quoted in reports without my name"), required=False
    )

    def prepare(self) -> None:
        if self.actor.role == Role.STAFF:
            self.fields["grade"].label = gettext("What the parent chose")
            self.fields["words"].label = gettext("In the parent's own words")
            self.fields["quote_consent"].label = gettext(
                "The parent agrees that the words are quoted without a name"
            )
