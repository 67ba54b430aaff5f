"""What is typed about sessions and trainers."""

import datetime
from decimal import Decimal

from crispy_forms.layout import Div, Field, Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.models import RoleGrant
from kumppani.core.forms import (
    ChoiceTiles,
    ChoiceTilesMultiple,
    DateInput,
    SpokenDecimalField,
    TimeInput,
    TokenForm,
    TokenModelForm,
    VersionMixin,
)
from kumppani.core.validators import no_identity_code
from kumppani.organisations.models import Organisation
from training.clashes import minute_of
from training.models import Cohort, Session, SessionKind, Trainer
from training.services.programme import SESSION_FIELDS

TENTH = Decimal("0.1")


class WhoTeaches(forms.ModelMultipleChoiceField):
    """Trainers as tiles, each with what she or he knows."""

    widget = ChoiceTilesMultiple(shape="pair")

    def label_from_instance(self, obj: Trainer) -> str:
        return f"{obj.name}, {obj.expertise}"


class SessionForm(TokenModelForm):
    """One time of training: what, when, where, who teaches."""

    kind = forms.ChoiceField(
        label=_("What kind of session?"),
        choices=SessionKind.choices,
        widget=ChoiceTiles(shape="pair"),
        error_messages={"required": _("Choose the kind of session from the list.")},
    )
    theme = forms.CharField(
        label=_("Theme"),
        max_length=160,
        validators=[no_identity_code],
        error_messages={"required": _("Write the theme in a few words.")},
    )
    organisation = forms.ModelChoiceField(
        label=_("Whom do you visit?"),
        queryset=None,
        required=False,
        empty_label=_("Not known yet"),
        help_text=_("For a visit only."),
    )
    date = forms.DateField(
        label=_("On which day?"), widget=DateInput(), error_messages={"required": _("Choose the day.")}
    )
    starts_at = forms.TimeField(label=_("Begins"), widget=TimeInput(), required=False)
    ends_at = forms.TimeField(label=_("Ends"), widget=TimeInput(), required=False)
    hours = SpokenDecimalField(
        label=_("How many hours count?"),
        min_value=Decimal("0.1"),
        max_value=Decimal(24),
        max_digits=4,
        decimal_places=1,
        required=False,
        help_text=_("Leave this empty, and they are reckoned from the times."),
        error_messages={"invalid": _("Write the hours as a number, for example 2,5.")},
    )
    room = forms.CharField(
        label=_("Where?"),
        max_length=120,
        required=False,
        validators=[no_identity_code],
        help_text=_("A room and an address."),
    )
    link = forms.URLField(
        label=_("Link to a meeting online"),
        required=False,
        assume_scheme="https",
    )
    trainers = WhoTeaches(label=_("Who teaches?"), queryset=None, required=False)

    class Meta:
        model = Session
        fields = SESSION_FIELDS

    def prepare(self) -> None:
        self.fields["organisation"].queryset = Organisation.objects.visible_to(self.actor).order_by("name")
        trainers = self.fields["trainers"]
        trainers.queryset = Trainer.objects.visible_to(self.actor).order_by("name", "id")
        if not self.is_bound and self.instance.created_at is not None:
            self.initial.setdefault("trainers", [trainer.pk for trainer in self.instance.trainers.all()])

    def lay_out(self) -> None:
        self.helper.layout = Layout(
            Fieldset(
                _("What"),
                Field("kind", wrapper_class="choice-grid choice-grid--pair"),
                "theme",
                "organisation",
            ),
            Fieldset(
                _("When"),
                Field("date", wrapper_class="field-short"),
                Div("starts_at", "ends_at", css_class="field-pair"),
                Field("hours", wrapper_class="field-short"),
            ),
            Fieldset(_("Where"), "room", "link"),
            Fieldset(_("Trainers"), Field("trainers", wrapper_class="choice-grid choice-grid--pair")),
            *(name for name in ("submission", "seen_version") if name in self.fields),
        )

    def clean_link(self) -> str:
        link = self.cleaned_data["link"]
        if link and not link.startswith("https://"):
            raise forms.ValidationError(_("The address begins with https://."))
        return link

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("starts_at"), cleaned.get("ends_at")
        if first and last and last <= first:
            self.add_error("ends_at", _("A session ends after it has begun."))
        elif "hours" not in self.errors and cleaned.get("hours") is None:
            if first and last:
                cleaned["hours"] = self._between(first, last)
            else:
                self.add_error("hours", _("Write the hours as a number, for example 2,5."))
        if cleaned.get("kind") != SessionKind.VISIT:
            cleaned["organisation"] = None
        return cleaned

    @staticmethod
    def _between(first: datetime.time, last: datetime.time) -> Decimal:
        """Hours in tenths, at least one of them."""
        return max((Decimal(minute_of(last) - minute_of(first)) / 60).quantize(TENTH), TENTH)

    def facts(self) -> dict:
        """What the service asks for."""
        return {name: self.cleaned_data[name] for name in (*SESSION_FIELDS, "trainers")}


class SessionEditForm(VersionMixin, SessionForm):
    """The same questions about a session that is in the programme."""


class CopyChoice(forms.Form):
    """Whose programme is looked at: a form of the address."""

    def __init__(self, *args, sources: list[Cohort], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["source"] = forms.ChoiceField(
            label=_("Whose programme?"),
            choices=[
                *((str(cohort.pk), cohort.name) for cohort in sources),
                ("", _("The model programme, 100 hours")),
            ],
            required=False,
        )
        self.fields["keep_trainers"] = forms.BooleanField(label=_("Keep the trainers"), required=False)


class CopyForm(TokenForm):
    """The deed of what was looked at: both answers go along unseen."""

    source = forms.ModelChoiceField(queryset=None, required=False, widget=forms.HiddenInput)
    keep_trainers = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        self.fields["source"].queryset = Cohort.objects.visible_to(self.actor)


class TrainerForm(TokenModelForm):
    """Who teaches, and what she or he knows (B11). The account is wanted for nothing but signing in."""

    name = forms.CharField(label=_("Name"), max_length=120, error_messages={"required": _("Write the name.")})
    expertise = forms.CharField(
        label=_("What does she or he know?"),
        max_length=200,
        validators=[no_identity_code],
        help_text=_("For example: lawyer, the Child Welfare Act."),
        error_messages={"required": _("Write in a few words what she or he knows.")},
    )
    account = forms.ModelChoiceField(
        label=_("Account"),
        queryset=None,
        required=False,
        empty_label=_("No account"),
        help_text=_("Who has one can mark who is here. An administrator gives the role of a trainer."),
    )

    class Meta:
        model = Trainer
        fields = ("name", "expertise")

    def prepare(self) -> None:
        taken = Trainer.objects.visible_to(self.actor).filter(user__isnull=False).exclude(pk=self.instance.pk)
        field = self.fields["account"]
        field.queryset = (
            RoleGrant.objects.visible_to(self.actor)
            .trainers()
            .exclude(user__in=taken.values("user"))
            .select_related("user")
            .order_by("user__last_name", "user__first_name", "id")
        )
        field.label_from_instance = lambda grant: f"{grant.user.get_full_name()}, {grant.user.email}"
        if not self.is_bound and self.instance.user_id:
            held = field.queryset.filter(user=self.instance.user_id).first()
            self.initial.setdefault("account", held.pk if held else None)

    def clean(self):
        cleaned = super().clean()
        grant = cleaned.get("account")
        self.instance.user = grant.user if grant else None
        return cleaned


class TrainerEditForm(VersionMixin, TrainerForm):
    """The same questions about somebody who is in the list."""
