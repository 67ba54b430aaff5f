"""What is typed about supervision: a time, who is invited, and afterwards who was there."""

from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.core.validators import URLValidator
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import local_time_exists
from kumppani.core.forms import (
    ChoiceTiles,
    ChoiceTilesMultiple,
    DateInput,
    TimeInput,
    TokenModelForm,
    VersionMixin,
)
from kumppani.core.templatetags.kumppani import day
from pairing.models import ExperiencePartner, PresenceState, Supervision, SupervisionKind, SupervisionPresence
from pairing.services import MOST_MONTHS, monthly_dates
from pairing.services.care import SUPERVISION_FIELDS

MARKS = [(state.value, state.label) for state in (PresenceState.PRESENT, PresenceState.ABSENT)]


class InvitedPartners(forms.ModelMultipleChoiceField):
    widget = ChoiceTilesMultiple(shape="")

    def label_from_instance(self, partner: ExperiencePartner) -> str:
        """The name, and when the last time was: whose turn it is shows by itself."""
        if partner.last_supervised is None:
            return format_html(
                '{} <span class="choice-note">{}</span>', partner.name, gettext("no supervision yet")
            )
        last = gettext("last on %(day)s") % {"day": day(partner.last_supervised)}
        return format_html('{} <span class="choice-note">{}</span>', partner.name, last)


class SupervisionForm(TokenModelForm):
    """A time, once or in several months in a row."""

    kind = forms.ChoiceField(
        label=_("What kind?"),
        choices=SupervisionKind.choices,
        initial=SupervisionKind.GROUP,
        widget=ChoiceTiles(shape="row"),
    )
    date = forms.DateField(
        label=_("On which day?"), widget=DateInput(), error_messages={"required": _("Choose the day.")}
    )
    starts_at = forms.TimeField(
        label=_("At what time?"), widget=TimeInput(), error_messages={"required": _("Choose the time.")}
    )
    minutes = forms.IntegerField(
        label=_("How many minutes?"),
        min_value=10,
        max_value=480,
        initial=90,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ["required", "invalid", "min_value", "max_value"],
            _("Write the length in minutes, from 10 to 480."),
        ),
    )
    leader = forms.CharField(label=_("Who leads it?"), max_length=120, required=False)
    place = forms.CharField(label=_("Where?"), max_length=120, required=False)
    link = forms.URLField(
        label=_("Link to a meeting online"),
        required=False,
        assume_scheme="https",
        validators=[URLValidator(schemes=["https"])],
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    partners = InvitedPartners(
        label=_("Who is invited?"),
        queryset=None,
        error_messages={"required": _("Choose at least one partner.")},
        help_text=_("A partner sees the own times, and not who else comes."),
    )
    times = forms.IntegerField(
        label=_("In how many months in a row?"),
        min_value=1,
        max_value=MOST_MONTHS,
        initial=1,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=_("1 is once. The day of the week stays: the second Tuesday of each month."),
        error_messages=dict.fromkeys(
            ["min_value", "max_value", "invalid"], _("Write a number from 1 to 12.")
        ),
    )

    class Meta:
        model = Supervision
        fields = SUPERVISION_FIELDS

    def prepare(self) -> None:
        field = self.fields["partners"]
        field.queryset = self.may_be_invited().with_supervision().order_by("last_name", "first_name", "id")
        # One query for the list and the ticks in it.
        field.choices = [(partner.pk, field.label_from_instance(partner)) for partner in field.queryset]

    def may_be_invited(self):
        """Those at work; whoever is invited already stays in the list."""
        partners = ExperiencePartner.objects.visible_to(self.actor)
        return partners.filter(pk__in=partners.to_care_for().values("pk"))

    def lay_out(self) -> None:
        once = [name for name in ("times",) if name in self.fields]
        hidden = [name for name in ("submission", "seen_version") if name in self.fields]
        self.helper.layout = Layout(
            Field("kind", wrapper_class="choice-grid choice-grid--row"),
            Div("date", "starts_at", css_class="field-pair"),
            Field("minutes", wrapper_class="field-short"),
            Field("partners", wrapper_class="choice-grid"),
            "leader",
            "place",
            "link",
            *(Field(name, wrapper_class="field-short") for name in once),
            *hidden,
        )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("kind") == SupervisionKind.INDIVIDUAL and len(cleaned.get("partners") or ()) > 1:
            self.add_error("partners", gettext("Choose one partner, or make it a group."))
        if cleaned.get("date") and cleaned.get("starts_at") and "times" not in self.errors:
            for date in self.dates:
                if not local_time_exists(date, cleaned["starts_at"]):
                    self.add_error(
                        "starts_at",
                        gettext("The clocks are put forward on %(day)s: choose another time.")
                        % {"day": day(date)},
                    )
        return cleaned

    @property
    def dates(self) -> list:
        """The days that are meant."""
        return monthly_dates(self.cleaned_data["date"], self.cleaned_data.get("times") or 1)

    def facts(self) -> dict:
        """What the row gets."""
        return {name: self.cleaned_data[name] for name in SUPERVISION_FIELDS}


class SupervisionEditForm(VersionMixin, SupervisionForm):
    """Change one time."""

    times = None

    @cached_property
    def invited(self) -> list:
        """Ids of those who have been invited."""
        presences = SupervisionPresence.objects.visible_to(self.actor).filter(supervision=self.instance)
        return list(presences.values_list("partner_id", flat=True))

    def prepare(self) -> None:
        super().prepare()
        if not self.is_bound:
            self.initial.setdefault("partners", self.invited)

    def may_be_invited(self):
        partners = ExperiencePartner.objects.visible_to(self.actor)
        return super().may_be_invited() | partners.filter(pk__in=self.invited)


class PresenceForm(VersionMixin, forms.ModelForm):
    """Who was there: a row of two tiles for each of those who were invited."""

    class Meta:
        model = Supervision
        fields = ()

    def prepare(self) -> None:
        self.presences = list(
            SupervisionPresence.objects.visible_to(self.actor)
            .filter(supervision=self.instance)
            .select_related("partner")
            .order_by("partner__last_name", "partner__first_name", "id")
        )
        for presence in self.presences:
            self.fields[str(presence.pk)] = forms.ChoiceField(
                label=presence.partner.name,
                choices=MARKS,
                required=False,
                initial=presence.state,
                widget=ChoiceTiles(shape="row"),
            )
            # That one does not know yet is an answer, too: not every row says "optional".
            self.fields[str(presence.pk)].has_answer_none = True

    def states(self) -> dict:
        """Presence id → what was chosen, for as many as something was chosen."""
        chosen = {presence.pk: self.cleaned_data.get(str(presence.pk)) for presence in self.presences}
        return {pk: state for pk, state in chosen.items() if state}
