"""What an organisation's contact types without an account, and what staff do with it."""

import uuid
from decimal import Decimal

from crispy_forms.layout import Div, Field, Fieldset, Layout
from django import forms
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import local_time_exists, today
from kumppani.core.forms import (
    ChoiceTiles,
    ChoiceTilesMultiple,
    DateInput,
    More,
    SpokenDecimalField,
    StrangerForm,
    TimeInput,
    TokenForm,
    VersionModelForm,
)
from kumppani.core.validators import no_identity_code
from kumppani.organisations.models import Organisation, OrganisationKind
from pairing.models import ExperiencePartner
from tasks.forms.assignments import AssignmentForm
from tasks.models import DevelopmentTarget, Order, OrdererFeedback, Payer

# So many of those in the directory are offered to choose from; who wants another finds her or him in the directory.
PARTNERS_SHOWN = 60
LANGUAGES = Order._meta.get_field("language").choices


def _with_note(words: str, note: str):
    """A tile with a second line."""
    return format_html('{}<span class="choice-note">{}</span>', words, note)


class OrderForm(StrangerForm):
    """An order: what, when and where, who pays, who asks; and, for those who like, from which partners (A31)."""

    title = forms.CharField(
        label=_("What, in a few words?"),
        max_length=140,
        validators=[no_identity_code],
        help_text=_("For example: a talk for new social workers."),
        error_messages={"required": _("Write in a few words what you wish for.")},
    )
    words = forms.CharField(
        label=_("More about it"),
        max_length=1000,
        required=False,
        validators=[no_identity_code],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What would you like to hear or do together? Write nothing about any client."),
    )
    target = forms.ChoiceField(
        label=_("What does it develop?"),
        choices=[*DevelopmentTarget.choices, ("", _("neither of these"))],
        widget=ChoiceTiles(shape="list"),
        required=False,
    )
    audience = forms.CharField(
        label=_("Who is listening or taking part?"),
        max_length=120,
        required=False,
        validators=[no_identity_code],
        help_text=_("For example: students of social work."),
    )
    audience_size = forms.IntegerField(
        label=_("How many of them?"), min_value=0, max_value=100_000, required=False
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
    place = forms.CharField(
        label=_("Where?"),
        max_length=120,
        required=False,
        validators=[no_identity_code],
        help_text=_("An address, or that it is by video."),
    )
    partners_wanted = forms.IntegerField(
        label=_("How many partners are wanted?"),
        min_value=1,
        max_value=20,
        initial=1,
        error_messages={"required": _("Write how many partners are wanted, from 1 to 20.")},
    )
    payer = forms.ChoiceField(
        label=_("Who pays the partners?"),
        widget=ChoiceTiles(shape="list"),
        error_messages={"required": _("Choose who pays.")},
    )
    organisation_name = forms.CharField(
        label=_("Organisation and unit"),
        max_length=120,
        validators=[no_identity_code],
        error_messages={"required": _("Write for whom you work.")},
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    contact_name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        validators=[no_identity_code],
        error_messages={"required": _("Write your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact_email = forms.EmailField(
        label=_("E-mail address at work"),
        max_length=254,
        help_text=_("We send a link there. By it you follow your order; you need no account."),
        error_messages={"required": _("Write an address, so that the answer finds its way.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    contact_phone = forms.CharField(
        label=_("Telephone"),
        max_length=40,
        required=False,
        validators=[no_identity_code],
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    language = forms.ChoiceField(
        label=_("In which language do we write to you?"),
        choices=LANGUAGES,
        widget=ChoiceTiles(shape="row"),
        error_messages={"required": _("Choose a language.")},
    )
    partners = forms.MultipleChoiceField(
        label=_("Partners"),
        required=False,
        widget=ChoiceTilesMultiple(),
        help_text=_("Tick one or several. The staff ask them; each of them says yes or no."),
        error_messages={
            "invalid_choice": _(
                "Somebody you chose cannot be asked just now and is not in the list any more. Choose again, or send"
                " the order without choosing: the staff look for somebody."
            )
        },
    )

    def __init__(self, *args, chosen: uuid.UUID | None = None, **kwargs):
        self.chosen = chosen
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        self.fields["target"].has_answer_none = True
        self.fields["payer"].choices = [
            (
                Payer.ORDERER,
                _with_note(
                    gettext("We, the organisation that orders"),
                    gettext("You get a sum to agree to. Nothing is fixed before you have said yes."),
                ),
            ),
            (
                Payer.PROJECT,
                _with_note(
                    gettext("The project"),
                    gettext("It pays for what belongs to its own work. If this does not, we tell you first."),
                ),
            ),
        ]
        self.initial.setdefault("language", (get_language() or "fi")[:2])
        self.fields["partners"].choices = [
            (key, self._label(partner.public_facts())) for key, partner in self.choosable.items()
        ]
        if self.chosen is not None:
            self.initial.setdefault("partners", [str(self.chosen)])
        if not self.choosable:
            del self.fields["partners"]

    @cached_property
    def choosable(self) -> dict[str, ExperiencePartner]:
        """Public id → partner: the first of the directory, and whoever has been chosen by address or by a tick."""
        keys = [] if self.chosen is None else [self.chosen]
        if self.is_bound:
            keys += [key for value in self.data.getlist("partners")[:PARTNERS_SHOWN] if (key := _uuid(value))]
        partners = ExperiencePartner.objects.visible_to(self.actor)
        first = partners.order_by("public_id").values("public_id")[:PARTNERS_SHOWN]
        wanted = partners.filter(Q(public_id__in=first) | Q(public_id__in=keys))
        found = wanted.with_public_facts().order_by("public_id")
        return {str(partner.public_id): partner for partner in found}

    @staticmethod
    def _label(facts: dict):
        """The partner as far as she or he lets be shown."""
        more = [facts.get("area", ""), ", ".join(facts.get("languages", []))]
        return _with_note(
            facts.get("first_name") or gettext("Experience partner"), " · ".join(filter(None, more))
        )

    def lay_out(self) -> None:
        def drawn(name: str, **options) -> Field:
            return Field(
                name, wrapper_class=getattr(self.fields[name].widget, "wrapper_class", ""), **options
            )

        holds_somebody = "partners" in self.fields and bool(self["partners"].value())
        self.helper.layout = Layout(
            Fieldset(_("What"), "title", "words"),
            Fieldset(_("When and where"), "date", Div("starts_at", "hours", css_class="field-pair"), "place"),
            Fieldset(
                _("For whom"),
                "audience",
                Field("audience_size", wrapper_class="field-short"),
                drawn("target"),
            ),
            Fieldset(
                _("Partners"),
                Field("partners_wanted", wrapper_class="field-short"),
                drawn("payer"),
                *(
                    [More(_("If you like: choose partners"), drawn("partners"), is_open=holds_somebody)]
                    if "partners" in self.fields
                    else []
                ),
            ),
            Fieldset(
                _("You"),
                "organisation_name",
                "contact_name",
                "contact_email",
                "contact_phone",
                drawn("language"),
            ),
            Field("homepage", wrapper_class="trap"),
            *(["submission"] if "submission" in self.fields else []),
        )

    def clean(self):
        cleaned = super().clean()
        day, time = cleaned.get("date"), cleaned.get("starts_at")
        if day and day < today():
            self.add_error("date", _("This day is over. Choose one that is still to come."))
        elif day and time and not local_time_exists(day, time):
            self.add_error(
                "starts_at", _("This time does not exist on that day: the clocks are moved. Choose another.")
            )
        return cleaned

    def facts(self) -> dict:
        """What was written, in the words of `receive_order`."""
        facts = {
            name: value for name, value in self.cleaned_data.items() if name not in ("homepage", "submission")
        }
        chosen = facts.pop("partners", [])
        return {**facts, "partners": [self.choosable[key] for key in chosen]}


def _uuid(value: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(value)
    except ValueError:
        return None


class OrdererFeedbackForm(StrangerForm):
    """How it went: a grade is enough, words are welcome (A25, A32)."""

    grade = forms.TypedChoiceField(
        label=_("Your grade"),
        coerce=int,
        choices=sorted(OrdererFeedback._meta.get_field("grade").choices, reverse=True),
        widget=ChoiceTiles(shape="list"),
        error_messages={"required": _("Choose a grade from 1 to 5.")},
    )
    words = forms.CharField(
        label=_("In your words"),
        max_length=600,
        required=False,
        validators=[no_identity_code],
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "What did it give you? What would you do otherwise? Leave out what would tell of any client."
        ),
    )
    quote_consent = forms.BooleanField(
        label=_("My words may be quoted, without names."), required=False, initial=False
    )

    def lay_out(self) -> None:
        self.helper.layout = Layout(
            Field("grade", wrapper_class="choice-grid choice-grid--list"),
            "words",
            "quote_consent",
            Field("homepage", wrapper_class="trap"),
            *(["submission"] if "submission" in self.fields else []),
        )


class TakeOrderForm(AssignmentForm):
    """An order becomes an assignment: what was ordered, mended where needed, for an organisation of our list."""

    organisation = forms.ModelChoiceField(
        label=_("The organisation on our list"),
        queryset=None,
        required=False,
        empty_label=_("It is not on our list"),
    )
    organisation_name = forms.CharField(
        label=_("Name of the new organisation"),
        max_length=120,
        required=False,
        validators=[no_identity_code],
        help_text=_("If it is not on our list. As the orderer wrote it; mend it where needed."),
    )
    organisation_kind = forms.ChoiceField(
        label=_("What kind of organisation is it?"),
        choices=[("", _("Choose")), *OrganisationKind.choices],
        required=False,
        help_text=_("If it is not on our list."),
    )

    class Meta(AssignmentForm.Meta):
        pass

    def __init__(self, *args, order: Order, **kwargs):
        self.order = order
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        super().prepare()
        self.fields["organisation"].has_answer_none = True
        self.fields["organisation_name"].has_answer_none = True
        self.fields["organisation_kind"].has_answer_none = True
        if self.is_bound:
            return
        for name in (*self.Meta.fields, "organisation_name"):
            if name not in ("kind", "organisation", "grant", "orderer_amount"):
                self.initial[name] = getattr(self.order, name)
        known = self.fields["organisation"].queryset.filter(name__iexact=self.order.organisation_name).first()
        if known is not None:
            self.initial |= {"organisation": known.pk, "organisation_name": ""}

    def lay_out(self) -> None:
        """Where the lists say so: for whom, before all the rest."""
        super().lay_out()
        first = self.helper.layout[0]
        first.fields = [name for name in first.fields if name != "organisation"]
        self.helper.layout.insert(
            1, Fieldset(_("For whom"), "organisation", "organisation_name", "organisation_kind")
        )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("organisation") is None and "organisation" not in self.errors:
            name = " ".join((cleaned.get("organisation_name") or "").split())
            if not name:
                self.add_error(
                    "organisation_name", _("Choose the organisation from the list, or write its name.")
                )
            elif self.fields["organisation"].queryset.filter(name__iexact=name).exists():
                self.add_error("organisation", _("This organisation is on our list. Choose it there."))
            elif Organisation.objects.visible_to(self.actor).filter(name__iexact=name).exists():
                self.add_error(
                    "organisation_name",
                    _(
                        "An organisation of this name is in the register, but does not work with us today. Mend its"
                        " days there, or choose the one that continues its work."
                    ),
                )
            if not cleaned.get("organisation_kind"):
                self.add_error("organisation_kind", _("Choose the kind of organisation from the list."))
            cleaned["organisation_name"] = name
        return cleaned

    def facts(self) -> dict:
        """What is needed, in the words of `take_order`."""
        cleaned = self.cleaned_data
        facts = {name: cleaned[name] for name in self.Meta.fields}
        if facts["organisation"] is None:
            facts["new_organisation"] = {
                "name": cleaned["organisation_name"],
                "kind": cleaned["organisation_kind"],
            }
        return facts


class DeclineOrderForm(TokenForm):
    """Why an order is not possible: the words go into the letter."""

    because = forms.CharField(
        label=_("What do you write to the orderer?"),
        max_length=300,
        validators=[no_identity_code],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("A kind sentence or two: why not now, and what might be possible. Name nobody."),
        error_messages={"required": _("Write in a sentence or two why this is not possible.")},
    )


class _ContactFields(forms.Form):
    """Who follows an assignment from the organisation's side."""

    contact_name = forms.CharField(
        label=_("Name of the contact person"),
        max_length=120,
        validators=[no_identity_code],
        error_messages={"required": _("Write the name.")},
    )
    contact_email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("The letters with a link go there."),
        error_messages={"required": _("Write an address, so that the letters find their way.")},
    )
    contact_phone = forms.CharField(
        label=_("Telephone"), max_length=40, required=False, validators=[no_identity_code]
    )
    language = forms.ChoiceField(
        label=_("Language of the letters"),
        choices=LANGUAGES,
        widget=ChoiceTiles(shape="row"),
        error_messages={"required": _("Choose a language.")},
    )


CONTACT_FIELDS = ("contact_name", "contact_email", "contact_phone", "language")


class AddContactForm(TokenForm, _ContactFields):
    """The contact of an assignment that did not come by the public form."""

    def prepare(self) -> None:
        self.initial.setdefault("language", "fi")


class ContactForm(VersionModelForm, _ContactFields):
    """The contact of an order, mended."""

    class Meta:
        model = Order
        fields = CONTACT_FIELDS
