"""The keeping of accounts: for administrators."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.accounts import services
from kumppani.accounts.forms import RoleForm, UserForm, UserSearchForm
from kumppani.accounts.models import RoleGrant, User
from kumppani.accounts.roles import ADMINISTRATOR, GIVEN_BY_ADMINISTRATOR, Role
from kumppani.core.views import DeedView, FormPage, VisibleDetail, VisibleForm, VisibleList


class UserList(VisibleList):
    """Everybody who has an account. What is looked for and which part is shown stand in the address."""

    model = User
    allowed_roles = ADMINISTRATOR
    template_name = "accounts/user_list.html"
    title = gettext_lazy("Users")
    order = ("last_name", "first_name", "id")

    def get_queryset(self):
        users = super().get_queryset().with_roles()
        self.search = UserSearchForm(self.request.GET)
        if self.search.is_valid() and self.search.cleaned_data["q"]:
            users = users.named_like(self.search.cleaned_data["q"])
        part = self.request.GET.get("show", "")
        return {"invited": users.invited, "closed": users.closed}.get(part, users.all)()

    def extra(self, rows) -> dict:
        shown = self.request.GET.get("show", "")
        parts = [("", _("All")), ("invited", _("Invited")), ("closed", _("Closed"))]
        return {
            "search": self.search,
            "shown": shown,
            "parts": [
                {"label": label, "url": self.with_query(show=code), "current": code == shown}
                for code, label in parts
            ],
        }

    def with_query(self, **changes) -> str:
        """This list with other filters, from its first page."""
        query = self.request.GET.copy()
        query.pop("page", None)
        for name, value in changes.items():
            query[name] = value
        return f"?{query.urlencode()}"


class UserMixin:
    """What the pages about one user share."""

    model = User
    allowed_roles = ADMINISTRATOR

    def get_queryset(self):
        return super().get_queryset().with_roles()

    def get_back(self) -> tuple[str, str]:
        return self.object.get_absolute_url(), ""


class UserDetail(UserMixin, VisibleDetail):
    """One account: its roles, its invitation, and what can be done with it."""

    template_name = "accounts/user_detail.html"
    title = gettext_lazy("User")

    def get_back(self) -> tuple[str, str]:
        return reverse("user_list"), _("Users")

    def extra(self) -> dict:
        user = self.object
        held = {grant.role for grant in user.held_grants}
        return {
            "held_grants": user.held_grants,
            "invitation": user.invitations.order_by("-created_at").first(),
            "has_password": user.has_usable_password(),
            "is_oneself": user.pk == self.actor.user_id,
            "may_get_role": user.is_active and bool(set(GIVEN_BY_ADMINISTRATOR) - held),
        }


class UserCreate(FormPage):
    """Open an account and invite its owner."""

    allowed_roles = ADMINISTRATOR
    form_class = UserForm
    title = gettext_lazy("Open an account")
    lead = gettext_lazy("The person gets a letter with a link, and chooses a password.")
    submit_label = gettext_lazy("Open the account and send the invitation")

    def get_back(self) -> tuple[str, str]:
        return reverse("user_list"), _("Users")

    def deed(self, form) -> User:
        given = form.cleaned_data
        user = services.create_user(
            email=given["email"],
            first_name=given["first_name"],
            last_name=given["last_name"],
            language=given["language"],
            role=given["role"],
            organisation=given["organisation"],
            by=self.actor,
        )
        services.invite(user=user, by=self.actor)
        return user

    def answer(self, made) -> HttpResponse:
        return self.done(
            _("The account is open and the invitation is on its way."), reverse("user_detail", args=[made])
        )


class UserInvite(UserMixin, DeedView):
    """Send the invitation again: a fresh link, and the earlier one stops working."""

    question = gettext_lazy("Send the invitation again?")
    button = gettext_lazy("Send it again")

    def consequences(self) -> list[str]:
        return [
            _("A letter with a new link goes to %(address)s.") % {"address": self.object.email},
            _("The link of the earlier letter stops working."),
        ]

    def deed(self) -> str:
        services.invite(user=self.object, by=self.actor)
        return _("A new invitation is on its way.")


class RoleAdd(UserMixin, VisibleForm):
    """One role more. Partners and parents are made elsewhere, with their own records."""

    form_class = RoleForm
    title = gettext_lazy("Give a role")
    submit_label = gettext_lazy("Give the role")

    def get_lead(self) -> str:
        return str(self.object)

    def may(self) -> bool:
        return self.object.is_active

    def form_kwargs(self) -> dict:
        return {"user": self.object}

    def deed(self, form) -> RoleGrant:
        return services.add_role(
            user=self.object,
            role=form.cleaned_data["role"],
            organisation=form.cleaned_data["organisation"],
            by=self.actor,
        )

    def answer(self, made) -> HttpResponse:
        return self.done(
            _("The role is given. The person finds it in the menu beside the own name."),
            self.object.get_absolute_url(),
        )


class RoleEnd(DeedView):
    """Take a role away."""

    model = RoleGrant
    allowed_roles = ADMINISTRATOR
    question = gettext_lazy("Take this role away?")
    button = gettext_lazy("Take the role away")
    danger = True

    def get_queryset(self):
        return super().get_queryset().select_related("user")

    def consequences(self) -> list[str]:
        return [
            _("%(name)s no longer acts as: %(role)s.")
            % {"name": self.object.user, "role": self.object.get_role_display()},
            _("What the role shows is out of sight at once, also in an open window."),
            _("What the person has recorded stays."),
        ]

    def deed(self) -> str:
        services.end_role(grant=self.object, by=self.actor)
        return _("The role is taken away: %(role)s.") % {"role": Role(self.object.role).label}


class UserDeactivate(UserMixin, DeedView):
    """Close an account."""

    question = gettext_lazy("Close this account?")
    button = gettext_lazy("Close the account")
    danger = True

    def consequences(self) -> list[str]:
        return [
            _("%(name)s cannot sign in any more, and is signed out everywhere.") % {"name": self.object},
            _("An open invitation stops working, and no more letters are sent."),
            _("What the person has recorded stays. You can open the account again."),
        ]

    def deed(self) -> str:
        services.deactivate(user=self.object, by=self.actor)
        return _("The account is closed.")


class UserActivate(UserMixin, DeedView):
    """Open a closed account again."""

    question = gettext_lazy("Open this account again?")
    button = gettext_lazy("Open the account")

    def consequences(self) -> list[str]:
        return [
            _("%(name)s can sign in again, with the same password and the same roles.")
            % {"name": self.object}
        ]

    def deed(self) -> str:
        services.activate(user=self.object, by=self.actor)
        return _("The account is open again.")
