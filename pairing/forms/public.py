"""What strangers type: looking for a partner, and writing to us. As few fields as will do, and no story."""

from collections.abc import Iterable
from typing import ClassVar

from crispy_forms.layout import Div, Field, Fieldset, Layout
from django import forms
from django.db.models import Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from kumppani.core.forms import (
    ChoiceTiles,
    ChoiceTilesMultiple,
    HouseForm,
    More,
    StrangerForm,
    VersionMixin,
)
from kumppani.core.validators import no_identity_code, phone_or_email
from pairing.models import (
    SPEECH_LANGUAGES,
    DirectoryField,
    ExperiencePartner,
    RequestBy,
    Topic,
    TopicKind,
)


def topics_of(actor, *, chosen: Iterable[Topic] = ()) -> dict[str, dict[str, Topic]]:
    """The topics to choose from, by kind and code: one query for all of a form's lists.

    A topic no longer in use stays for who has `chosen` it.
    """
    found = {kind: {} for kind in TopicKind.values}
    kept = {topic.pk for topic in chosen}
    for topic in Topic.objects.visible_to(actor).filter(Q(is_active=True) | Q(pk__in=kept)):
        found[topic.kind][topic.code] = topic
    return found


def offer(form: forms.BaseForm, topics: dict[str, dict[str, Topic]]) -> None:
    """Fill the lists `themes` and `life_phases` of a form: their cleaned values are topics."""
    for name, kind in (("themes", TopicKind.THEME), ("life_phases", TopicKind.LIFE_PHASE)):
        form.fields[name].choices = [(code, str(topic)) for code, topic in topics[kind].items()]
        form.fields[name].coerce = topics[kind].get


class DirectoryFilterForm(HouseForm, forms.Form):
    """Language, area, theme, life phase: a form of the address. What does not fit is passed over."""

    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("Any language")), *SPEECH_LANGUAGES], required=False
    )
    area = forms.CharField(
        label=_("Area"), max_length=80, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    theme = forms.TypedChoiceField(label=_("Theme"), required=False, empty_value=None)
    life_phase = forms.TypedChoiceField(label=_("Life phase"), required=False, empty_value=None)

    def prepare(self) -> None:
        topics = topics_of(self.actor)
        for name, kind, anything in (
            ("theme", TopicKind.THEME, _("Any theme")),
            ("life_phase", TopicKind.LIFE_PHASE, _("Any life phase")),
        ):
            self.fields[name].choices = [
                ("", anything),
                *((code, str(t)) for code, t in topics[kind].items()),
            ]
            self.fields[name].coerce = topics[kind].get

    def asked(self) -> dict:
        """What was asked for, without what is empty or does not fit."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was asked for."""
        return bool(self.asked())

    def narrow(self, partners):
        """Those who fit. A partner is found by a field only who lets this very field be shown."""
        asked = self.asked()
        if "language" in asked:
            partners = partners.showing("languages").filter(**{f"speaks_{asked['language']}": True})
        if "area" in asked:
            partners = partners.showing("area").filter(_like("area", asked["area"]))
        if "theme" in asked:
            partners = partners.showing("themes").filter(topics=asked["theme"])
        if "life_phase" in asked:
            partners = partners.showing("life_phases").filter(topics=asked["life_phase"])
        return partners


def _like(field: str, words: str) -> Q:
    """Rows whose field holds each word. SQLite tells Ä from ä, so a word is also tried as names are written."""
    condition = Q()
    for word in words.split()[:4]:
        ways = {word, word.lower(), word.capitalize(), word.title()}
        either = Q()
        for way in sorted(ways):
            either |= Q(**{f"{field}__icontains": way})
        condition &= either
    return condition


class _ContactForm(StrangerForm):
    """What the three forms share. `facts()` is what the service takes."""

    asked_by: ClassVar[str]
    # The groups of the form, (legend, names of fields); one that nobody need fill in, folded; and what comes last.
    groups: ClassVar[tuple] = ()
    wishes: ClassVar[tuple[str, ...]] = ()
    last: ClassVar[tuple[str, ...]] = ()

    def prepare(self) -> None:
        if "themes" not in self.fields:
            return
        offer(self, topics_of(self.actor))
        for name in ("themes", "life_phases"):
            if not self.fields[name].choices:
                del self.fields[name]

    def lay_out(self) -> None:
        def drawn(name: str) -> Field:
            return Field(name, wrapper_class=getattr(self.fields[name].widget, "wrapper_class", ""))

        wishes = [name for name in self.wishes if name in self.fields]
        holds_something = self.is_bound and any(self[name].value() for name in wishes)
        self.helper.layout = Layout(
            *(Fieldset(legend, *map(drawn, names)) for legend, names in self.groups),
            *(
                [
                    More(
                        _("If you like: what would help us to find somebody"),
                        *map(drawn, wishes),
                        is_open=holds_something,
                    )
                ]
                if wishes
                else []
            ),
            *map(drawn, self.last),
            Field("homepage", wrapper_class="trap"),
            *(["submission"] if "submission" in self.fields else []),
        )

    def facts(self) -> dict:
        """What was written, in the words of `receive_contact`."""
        facts = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("homepage", "submission", "themes", "life_phases")
        }
        wishes = [*self.cleaned_data.get("themes", ()), *self.cleaned_data.get("life_phases", ())]
        return {**facts, "wishes": wishes}


class _ParentFields(forms.Form):
    """The parent: first name and language; and, for those who like, what to wish for."""

    parent_name = forms.CharField(
        label=_("First name"),
        max_length=60,
        validators=[no_identity_code],
        help_text=_("The first name is enough. Leave the surname out."),
        error_messages={"required": _("Write the first name by which we may call.")},
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    parent_contact = forms.CharField(
        label=_("Phone number or e-mail address"),
        max_length=120,
        validators=[no_identity_code, phone_or_email],
        help_text=_(
            "One is enough. Give one that only you read: we never write there what this is about, all the same."
        ),
        error_messages={"required": _("Write a number or an address, so that the answer finds its way.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=SPEECH_LANGUAGES,
        widget=ChoiceTiles(shape="row"),
        help_text=_("In which language would you like to meet?"),
        error_messages={"required": _("Choose a language.")},
    )
    area = forms.CharField(
        label=_("Area"),
        max_length=80,
        required=False,
        validators=[no_identity_code],
        help_text=_("Where it would be easy to meet: a town or a part of it. No address."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    themes = forms.TypedMultipleChoiceField(
        label=_("Themes"), required=False, widget=ChoiceTilesMultiple(shape="chips")
    )
    life_phases = forms.TypedMultipleChoiceField(
        label=_("Life phases"), required=False, widget=ChoiceTilesMultiple(shape="chips")
    )


class _WorkerFields(forms.Form):
    """The worker: who, where from, and how to be reached at work."""

    worker_name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        validators=[no_identity_code],
        error_messages={"required": _("Write your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    worker_organisation = forms.CharField(
        label=_("Organisation and unit"),
        max_length=120,
        validators=[no_identity_code],
        error_messages={"required": _("Write for whom you work.")},
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    worker_contact = forms.CharField(
        label=_("Phone number or e-mail address at work"),
        max_length=120,
        validators=[no_identity_code, phone_or_email],
        error_messages={"required": _("Write a number or an address, so that the answer finds its way.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


_WISHES = ("area", "themes", "life_phases")


class ParentContactForm(_ContactForm, _ParentFields):
    """A parent alone: a first name, one way to answer, a language."""

    asked_by = RequestBy.PARENT
    groups = ((_("You"), ("parent_name", "parent_contact", "language")),)
    wishes = _WISHES

    def prepare(self) -> None:
        super().prepare()
        self.initial.setdefault("language", (get_language() or "fi")[:2])

    def facts(self) -> dict:
        return {**super().facts(), "parent_agrees": True}


class WorkerContactForm(_ContactForm, _WorkerFields):
    """A worker alone: nothing about any parent."""

    asked_by = RequestBy.WORKER
    groups = ((_("You"), ("worker_name", "worker_organisation", "worker_contact")),)


class TogetherContactForm(_ContactForm, _WorkerFields, _ParentFields):
    """A worker and a parent together: both are named, and the worker says that the parent agrees (B19)."""

    asked_by = RequestBy.TOGETHER
    groups = (
        (_("The worker"), ("worker_name", "worker_organisation", "worker_contact")),
        (_("The parent"), ("parent_name", "language", "parent_contact")),
    )
    wishes = _WISHES
    last = ("parent_agrees",)
    field_order = ("worker_name", "worker_organisation", "worker_contact", "parent_name", "language")

    parent_agrees = forms.BooleanField(
        label=_("The parent is with me, has read this and agrees to it."),
        error_messages={
            "required": _("Ask the parent first, and tick this. Without it, leave the parent's name out.")
        },
    )

    def prepare(self) -> None:
        super().prepare()
        contact = self.fields["parent_contact"]
        contact.required = False
        contact.help_text = _("Leave this empty when the worker passes the messages on.")
        self.fields["language"].help_text = _("In which language would the parent like to meet?")


CONTACT_FORMS = {form.asked_by: form for form in (ParentContactForm, WorkerContactForm, TogetherContactForm)}


class PublicSelfForm(VersionMixin, forms.Form):
    """What a partner writes of the own person, and, field by field, whether others may see it."""

    introduction = forms.CharField(
        label=_("In your own words"),
        max_length=400,
        required=False,
        validators=[no_identity_code],
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "What would you say to a parent who looks for a partner? At most 400 characters. Leave out surnames and"
            " whatever would tell who your children are."
        ),
    )
    themes = forms.TypedMultipleChoiceField(
        label=_("Themes"),
        required=False,
        widget=ChoiceTilesMultiple(shape="chips"),
        help_text=_("Of what do you like to talk from own experience? You choose, and may leave all out."),
    )
    life_phases = forms.TypedMultipleChoiceField(
        label=_("Life phases"),
        required=False,
        widget=ChoiceTilesMultiple(shape="chips"),
        help_text=_("Which ages of a child have you lived through in child protection?"),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=SPEECH_LANGUAGES,
        widget=ChoiceTilesMultiple(shape="row"),
        error_messages={"required": _("Choose at least one language.")},
    )
    area = forms.CharField(
        label=_("Area"),
        max_length=80,
        required=False,
        validators=[no_identity_code],
        help_text=_("Where you can meet people: a town or a part of it. No address."),
    )

    # The order of the page: what is shown, with its tick.
    FIELDS: ClassVar = ("introduction", "themes", "life_phases", "languages", "area")

    def __init__(self, *args, partner: ExperiencePartner, **kwargs):
        self.partner = self.instance = partner
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        chosen = list(self.partner.topics.all())
        offer(self, topics_of(self.actor, chosen=chosen))
        self.initial |= {
            "themes": [topic.code for topic in chosen if topic.kind == TopicKind.THEME],
            "life_phases": [topic.code for topic in chosen if topic.kind == TopicKind.LIFE_PHASE],
            "introduction": self.partner.introduction,
            "area": self.partner.area,
            "languages": [
                code for code, _name in SPEECH_LANGUAGES if getattr(self.partner, f"speaks_{code}")
            ],
        }
        shown = {consent.field for consent in self.partner.consents.all() if consent.withdrawn_at is None}
        for field in DirectoryField:
            self.fields[f"show_{field}"] = forms.BooleanField(
                label=_("Others may see this"), required=False, initial=field in shown
            )
        self.fields["show_first_name"].label = gettext("Others may see my first name: %(name)s") % {
            "name": self.partner.first_name
        }

    def lay_out(self) -> None:
        def drawn(name: str) -> Field:
            return Field(name, wrapper_class=getattr(self.fields[name].widget, "wrapper_class", ""))

        tick = "consent-tick"
        self.helper.layout = Layout(
            Div(Field("show_first_name", wrapper_class=tick), css_class="consent"),
            *(
                Div(drawn(name), Field(f"show_{name}", wrapper_class=tick), css_class="consent")
                for name in self.FIELDS
            ),
            *(name for name in ("submission", "seen_version") if name in self.fields),
        )

    def clean(self):
        cleaned = super().clean()
        for name in self.FIELDS:
            if cleaned.get(f"show_{name}") and name not in self.errors and not cleaned.get(name):
                self.add_error(
                    name, gettext("There is nothing to show yet. Fill this in, or take the tick below away.")
                )
        return cleaned

    def facts(self) -> dict:
        """What was chosen, in the words of `save_public_self`."""
        cleaned = self.cleaned_data
        return {
            "seen_version": cleaned["seen_version"],
            "introduction": cleaned["introduction"],
            "area": cleaned["area"],
            **{f"speaks_{code}": code in cleaned["languages"] for code, _name in SPEECH_LANGUAGES},
            "topics": [*cleaned["themes"], *cleaned["life_phases"]],
            "shown": {field.value for field in DirectoryField if cleaned[f"show_{field}"]},
        }
