"""Forms about requests and proposals."""

from crispy_forms.layout import Field, Fieldset, Layout
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.core.forms import (
    ChoiceTiles,
    TokenForm,
)
from pairing.models import (
    ContactRequest,
    ContactWay,
    ExperiencePartner,
    Parent,
    RequestBy,
    RequestRoute,
    SocialWorker,
)
from pairing.models.people import SPEECH_LANGUAGES


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


class CompleteRequestForm(TokenForm):
    """Staff name the social worker and the parent of a public request: a parent recorded before, or a new one."""

    social_worker = forms.ModelChoiceField(
        label=_("The parent's own social worker"),
        queryset=SocialWorker.objects.none(),
        empty_label=_("Choose"),
        help_text=_("Who is not in the list gets an account from the administrator first."),
        error_messages={"required": _("Choose the social worker from the list.")},
    )
    code = forms.CharField(
        label=_("Code of a parent recorded before"),
        max_length=10,
        required=False,
        help_text=_("For example K-7XA2B. Leave this empty for a new parent."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    first_name = forms.CharField(label=_("First name"), max_length=60, required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=SPEECH_LANGUAGES, required=False, widget=ChoiceTiles(shape="row")
    )
    contact_way = forms.ChoiceField(
        label=_("Way of contact"),
        choices=ContactWay.choices,
        required=False,
        widget=ChoiceTiles(shape="row"),
        help_text=_("One way is enough."),
    )
    contact = forms.CharField(
        label=_("Phone number or e-mail address"),
        max_length=120,
        required=False,
        help_text=_("Leave this empty when the social worker passes the messages on."),
    )
    area = forms.CharField(
        label=_("Area"), max_length=80, required=False, help_text=_("Where the parent would like to meet.")
    )
    parent_agrees = forms.BooleanField(
        label=_("The parent knows of this request and agrees to it."),
        error_messages={"required": _("A request needs the parent's consent. Ask the parent first.")},
    )

    def __init__(self, *args, contact: ContactRequest, **kwargs):
        self.contact_request = contact
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        written = self.contact_request
        workers = SocialWorker.objects.visible_to(self.actor).select_related("user", "organisation")
        self.fields["social_worker"].queryset = workers.filter(user__is_active=True).order_by(
            "user__last_name", "user__first_name", "id"
        )
        self.fields["social_worker"].label_from_instance = lambda worker: f"{worker}, {worker.organisation}"
        for name in ("first_name", "language", "contact_way", "contact"):
            self.fields[name].has_answer_none = True
        way = ContactWay.THROUGH_WORKER
        if written.parent_contact:
            way = ContactWay.EMAIL if "@" in written.parent_contact else ContactWay.PHONE
        self.initial |= {
            "first_name": written.parent_name,
            "language": written.language or "fi",
            "contact_way": way,
            "contact": written.parent_contact,
            "area": written.area,
        }

    def lay_out(self) -> None:
        def tiles(name: str) -> Field:
            return Field(name, wrapper_class=self.fields[name].widget.wrapper_class)

        self.helper.layout = Layout(
            Fieldset(_("The social worker"), "social_worker"),
            Fieldset(
                _("The parent"), "code", "first_name", tiles("language"), tiles("contact_way"), "contact"
            ),
            Fieldset(_("The request"), "area", "parent_agrees"),
            *(["submission"] if "submission" in self.fields else []),
        )

    def clean(self):
        cleaned = super().clean()
        cleaned["known_parent"] = None
        worker, code = cleaned.get("social_worker"), (cleaned.get("code") or "").strip().upper()
        if code:
            found = Parent.objects.visible_to(self.actor).filter(case_code=code).first()
            if found is None:
                self.add_error(
                    "code", gettext("There is no parent with this code. Check it, or leave it empty.")
                )
            elif worker is not None and found.social_worker_id != worker.pk:
                self.add_error("code", gettext("The parent with this code has another social worker."))
            cleaned["known_parent"] = found
            return cleaned
        if not (cleaned.get("first_name") or "").strip():
            self.add_error("first_name", gettext("Write the parent's first name, or the code above."))
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
        return cleaned

    def new_parent(self) -> dict | None:
        """What a new parent's row gets, or None when one was found by the code."""
        if self.cleaned_data.get("known_parent"):
            return None
        return {
            name: self.cleaned_data[name] for name in ("first_name", "language", "contact_way", "contact")
        }
