"""What is typed about making the work known, and what is asked of its lists."""

import datetime
import uuid
from decimal import Decimal

from crispy_forms.layout import Div, Field, Fieldset, Layout
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import half_year, today
from kumppani.core.forms import (
    ChoiceTiles,
    ChoiceTilesMultiple,
    DateInput,
    SpokenDecimalField,
    TimeInput,
    TokenModelForm,
    VersionMixin,
)
from kumppani.core.validators import no_identity_code
from kumppani.organisations.models import Grant, Organisation, OrganisationKind
from pairing.models import ExperiencePartner
from tasks.models import AudienceKind, MediaHit, MediaKind, OutreachEvent, OutreachKind
from tasks.services.outreach import MEDIA_FIELDS, OUTREACH_FIELDS, same_outreach

EARLIEST = datetime.date(1900, 1, 1)
LATEST = datetime.date(2999, 12, 31)
MUNICIPALITIES = "municipalities"  # the id of the list of those written down before


class PartnersPresent(forms.ModelMultipleChoiceField):
    widget = ChoiceTilesMultiple(shape="")

    def label_from_instance(self, partner: ExperiencePartner) -> str:
        return partner.name


class OutreachForm(TokenModelForm):
    """An acquaintance event: whom we met, how long, how many listened, who of us was there."""

    organisation = forms.ModelChoiceField(
        label=_("With which organisation?"),
        queryset=None,
        empty_label=_("Choose"),
        error_messages={"required": _("Choose the organisation from the list.")},
    )
    is_other = forms.BooleanField(label=_("This is another event"), required=False)
    kind = forms.ChoiceField(
        label=_("What kind of event?"),
        choices=OutreachKind.choices,
        widget=ChoiceTiles(),
        error_messages={"required": _("Choose the kind from the list.")},
    )
    title = forms.CharField(
        label=_("What, in a few words?"),
        max_length=140,
        required=False,
        validators=[no_identity_code],
        help_text=_("Do not write anybody's name here."),
    )
    municipality = forms.CharField(
        label=_("In which municipality?"),
        max_length=60,
        required=False,
        validators=[no_identity_code],
        widget=forms.TextInput(attrs={"list": MUNICIPALITIES, "autocomplete": "off"}),
    )
    date = forms.DateField(
        label=_("On which day?"), widget=DateInput(), error_messages={"required": _("Choose the day.")}
    )
    starts_at = forms.TimeField(label=_("At what time?"), widget=TimeInput(), required=False)
    hours = SpokenDecimalField(
        label=_("How many hours?"),
        min_value=Decimal("0.5"),
        max_value=Decimal(100),
        max_digits=4,
        decimal_places=1,
        error_messages=dict.fromkeys(
            ["required", "invalid"], _("Write the hours as a number, for example 2,5.")
        ),
    )
    audience_kind = forms.ChoiceField(
        label=_("Who was listening?"),
        choices=AudienceKind.choices,
        widget=ChoiceTiles(),
        error_messages={"required": _("Choose the audience from the list.")},
    )
    audience_size = forms.IntegerField(
        label=_("How many of them?"), min_value=0, max_value=100_000, required=False
    )
    partners = PartnersPresent(label=_("Which partners were there?"), queryset=None, required=False)
    grant = forms.ModelChoiceField(
        label=_("From which grant?"), queryset=None, required=False, empty_label=_("No grant")
    )

    class Meta:
        model = OutreachEvent
        fields = OUTREACH_FIELDS

    asks_whether_other = False  # whether it looks like something that has been written down already

    def prepare(self) -> None:
        # Those that are over, too: what was done for them may be written down later.
        self.fields["organisation"].queryset = Organisation.objects.visible_to(self.actor)
        self.fields["grant"].queryset = Grant.objects.visible_to(self.actor)
        present = self._offer_partners()
        self.used = OutreachEvent.objects.visible_to(self.actor).municipalities()
        if not self.is_bound:
            if self.instance.created_at is not None:
                self.initial.setdefault("partners", present)
            else:
                running = list(Grant.objects.visible_to(self.actor).running_on(today())[:2])
                self.initial.setdefault("grant", running[0].pk if len(running) == 1 else None)

    def _offer_partners(self) -> list[uuid.UUID]:
        """Offer those who are ready and those who were there; who has a break now may have been there before it.

        Returns who was there. One query for the list and the ticks in it.
        """
        partners = ExperiencePartner.objects.visible_to(self.actor)
        event = OutreachEvent.objects.visible_to(self.actor).filter(
            pk=self.instance.pk, partners=OuterRef("pk")
        )
        offered = (
            partners.annotate(is_present=Exists(event))
            .filter(Q(pk__in=partners.ready().staying().values("pk")) | Q(is_present=True))
            .order_by("last_name", "first_name", "id")
        )
        field = self.fields["partners"]
        field.queryset = offered
        listed = list(offered)
        field.choices = [(partner.pk, field.label_from_instance(partner)) for partner in listed]
        return [partner.pk for partner in listed if partner.is_present]

    def lay_out(self) -> None:
        asks = self.asks_whether_other or (self.is_bound and "is_other" in self.data)
        self.helper.layout = Layout(
            Fieldset(
                _("What and for whom"),
                "organisation",
                *(["is_other"] if asks else []),
                Field("kind", wrapper_class="choice-grid choice-grid--pair"),
                "title",
                "municipality",
            ),
            Fieldset(
                _("When"),
                "date",
                Div("starts_at", "hours", css_class="field-pair"),
            ),
            Fieldset(
                _("Those who listen"),
                Field("audience_kind", wrapper_class="choice-grid choice-grid--pair"),
                Field("audience_size", wrapper_class="field-short"),
            ),
            Fieldset(_("From us"), Field("partners", wrapper_class="choice-grid choice-grid--pair"), "grant"),
            *(name for name in ("submission", "seen_version") if name in self.fields),
        )

    def clean_municipality(self) -> str:
        """Written as it has been written before, so that one municipality is one line of the sums."""
        typed = " ".join(self.cleaned_data["municipality"].split())
        return next((name for name in self.used if name.casefold() == typed.casefold()), typed)

    def clean(self):
        cleaned = super().clean()
        day, organisation, grant = cleaned.get("date"), cleaned.get("organisation"), cleaned.get("grant")
        if day and grant and not grant.starts_on <= day <= grant.ends_on:
            self.add_error("grant", _("This grant does not cover that day. Choose another."))
        if day and organisation and not self._was_there(organisation, day):
            self.add_error(
                "organisation", _("This organisation is not in the register for that day. Choose another.")
            )
        moved = {"organisation", "date"} & set(self.changed_data)
        if day and organisation and moved and not cleaned.get("is_other"):
            self._ask_whether_other(same_outreach(organisation=organisation, date=day, but=self.instance))
        return cleaned

    def _was_there(self, organisation: Organisation, day: datetime.date) -> bool:
        found = Organisation.objects.visible_to(self.actor).valid_on(day)
        return found.filter(pk=organisation.pk).exists()

    def _ask_whether_other(self, same: str) -> None:
        if not same:
            return
        words = {
            "assignment": _(
                "There is an assignment for this organisation on that day. It counts already: write down here only "
                "what came beside it."
            ),
            "event": _("An event with this organisation on that day has been written down already."),
        }
        self.asks_whether_other = True
        self.add_error("is_other", words[same])
        self.lay_out()

    def facts(self) -> dict:
        """What the service asks for."""
        return {name: self.cleaned_data[name] for name in (*OUTREACH_FIELDS, "partners")}


class OutreachEditForm(VersionMixin, OutreachForm):
    """The same questions about an event that has been written down."""


class MediaForm(TokenModelForm):
    """One time that the media noticed the work."""

    date = forms.DateField(
        label=_("On which day?"), widget=DateInput(), error_messages={"required": _("Choose the day.")}
    )
    medium = forms.CharField(
        label=_("Where?"),
        max_length=120,
        validators=[no_identity_code],
        help_text=_("For example the name of the newspaper or the programme."),
        error_messages={"required": _("Write where it was.")},
    )
    kind = forms.ChoiceField(
        label=_("What kind of media?"),
        choices=MediaKind.choices,
        widget=ChoiceTiles(shape="pair"),
        error_messages={"required": _("Choose the kind from the list.")},
    )
    title = forms.CharField(
        label=_("Headline"),
        max_length=200,
        validators=[no_identity_code],
        help_text=_("Leave the names of partners and parents out."),
        error_messages={"required": _("Write the headline, or in a few words what it was about.")},
    )
    url = forms.URLField(label=_("Web address"), max_length=300, required=False, assume_scheme="https")

    class Meta:
        model = MediaHit
        fields = MEDIA_FIELDS


class MediaEditForm(VersionMixin, MediaForm):
    """The same questions about one that is in the log."""


# --- what is asked of the lists: forms of the address --------------------------------------------------------
class _Days(forms.Form):
    """From one day to another."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["from"] = forms.DateField(label=_("First day"), widget=DateInput(), required=False)
        self.fields["to"] = forms.DateField(label=_("Last day"), widget=DateInput(), required=False)

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("from"), cleaned.get("to")
        for name, value in (("from", first), ("to", last)):
            if value is not None and not EARLIEST <= value <= LATEST:
                self.add_error(name, _("Choose a day between the years 1900 and 2999."))
        if first and last and first > last:
            self.add_error("to", _("The last day cannot be before the first day."))
        return cleaned


class OutreachPeriod(_Days):
    """The period of the sums; without an answer the present half-year."""

    def span(self) -> tuple[datetime.date, datetime.date]:
        """The first and the last day. An open side, or one that cannot be read, is that of the present half-year."""
        first, last = half_year(today())
        found = getattr(self, "cleaned_data", {})
        first, last = found.get("from") or first, found.get("to") or last
        return (first, last) if first <= last else half_year(today())


class OutreachFilter(_Days):
    """Which events to show."""

    kind = forms.ChoiceField(
        label=_("Kind of organisation"),
        choices=[("", _("All kinds")), *OrganisationKind.choices],
        required=False,
    )

    def __init__(self, *args, municipalities: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["municipality"] = forms.ChoiceField(
            label=_("Municipality"),
            choices=[("", _("All municipalities")), *((name, name) for name in municipalities)],
            required=False,
        )

    def narrow(self, events):
        """The events that were asked for; what cannot be read is as if it had not been asked."""
        self.is_valid()
        wanted = self.cleaned_data
        if wanted.get("from"):
            events = events.filter(date__gte=wanted["from"])
        if wanted.get("to"):
            events = events.filter(date__lte=wanted["to"])
        if wanted.get("kind"):
            events = events.filter(organisation__kind=wanted["kind"])
        if wanted.get("municipality"):
            events = events.filter(municipality=wanted["municipality"])
        return events
