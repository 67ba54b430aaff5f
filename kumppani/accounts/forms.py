"""Forms about accounts."""

from allauth.account import forms as allauth_forms
from crispy_forms.helper import FormHelper
from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.models import User
from kumppani.accounts.roles import GIVEN_BY_ADMINISTRATOR, Role
from kumppani.accounts.services import ask_for_password_reset
from kumppani.core.dates import today
from kumppani.core.forms import ChoiceTiles, TokenForm
from kumppani.organisations.models import Organisation

# The other rules (no common password, none like the own name) are said when somebody meets them.
PASSWORD_HELP = _(
    "At least 12 characters. Three or four words in a row are easy to remember and hard to guess."
)


def _without_placeholders(form: forms.Form) -> None:
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


def _ask_for_two_passwords(form: forms.Form, first: str, second: str) -> None:
    form.fields[first].help_text = PASSWORD_HELP
    form.fields[second].label = _("The same password again")
    form.fields[second].help_text = ""


class AddressLoginForm(allauth_forms.LoginForm):
    """Sign in, in our words and without grey words inside the fields."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")
        _without_placeholders(self)


class AskForPasswordForm(forms.Form):
    """Ask for a letter with a link. The answer is the same whether the address has an account or not."""

    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def save(self, request) -> str:
        """Queue the letter; called by the library's view."""
        ask_for_password_reset(self.cleaned_data["email"])
        return self.cleaned_data["email"]


class NewPasswordForm(allauth_forms.ResetPasswordKeyForm):
    """A new password by the link of a letter."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _without_placeholders(self)
        _ask_for_two_passwords(self, "password1", "password2")


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    """A new password while signed in."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _without_placeholders(self)
        _ask_for_two_passwords(self, "password1", "password2")


class ReauthenticateForm(allauth_forms.ReauthenticateForm):
    """The password once more."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _without_placeholders(self)


class ChoosePasswordForm(SetPasswordForm):
    """The first password, by the link of an invitation."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = _("Password")
        _ask_for_two_passwords(self, "new_password1", "new_password2")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class RoleMixin:
    """A role an administrator may give, with the organisation a social worker works for."""

    def prepare(self) -> None:
        held = self.held_roles()
        self.fields["role"].choices = [
            (role.value, role.label) for role in GIVEN_BY_ADMINISTRATOR if role not in held
        ]
        self.fields["organisation"].queryset = (
            Organisation.objects.visible_to(self.actor).valid_on(today()).order_by("name")
        )

    def held_roles(self) -> set[str]:
        """Hook: roles not to be offered."""
        return set()

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("role") == Role.SOCIAL_WORKER and not cleaned.get("organisation"):
            self.add_error("organisation", _("Choose the organisation for which the social worker works."))
        return cleaned


def _role_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Role"),
        widget=ChoiceTiles(shape="list"),
        help_text=_(
            "Partners and parents get their accounts elsewhere: from the training and from the social worker."
        ),
    )


def _organisation_field() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label=_("Organisation"),
        queryset=None,  # set for the actor when the form is made
        required=False,
        empty_label=_("No organisation"),
        help_text=_("A social worker always works for one; for the others it may be left open."),
    )


class UserForm(RoleMixin, TokenForm):
    """A new user with a first role.

    Not a model form: whether the address is in use is left to the deed, because the account in the way may be the
    work of one's own first press of the button, which is no mistake.
    """

    role = _role_field()
    organisation = _organisation_field()

    def prepare(self) -> None:
        about_the_person = forms.fields_for_model(
            User,
            fields=["first_name", "last_name", "email", "language"],
            widgets={
                "email": forms.EmailInput(attrs={"autocomplete": "off"}),
                "language": ChoiceTiles(shape="row"),
            },
            help_texts={
                "email": _("The invitation goes to this address, and the person signs in with it."),
                "language": _("The invitation is written in this language. The person can change it."),
            },
        )
        self.fields = {**about_the_person, **self.fields}
        super().prepare()


class RoleForm(RoleMixin, TokenForm):
    """One role more for a user."""

    role = _role_field()
    organisation = _organisation_field()

    def __init__(self, *args, user: User, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)

    def held_roles(self) -> set[str]:
        return {grant.role for grant in self.user.held_grants}


class UserSearchForm(forms.Form):
    """Look for a person by name or address."""

    q = forms.CharField(
        label=_("Name or e-mail address"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
