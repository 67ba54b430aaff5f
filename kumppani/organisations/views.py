"""The registers of organisations and grants: data without persons, kept by the staff and the administrator."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.core.dates import today
from kumppani.core.views import FormPage, VisibleForm, VisibleList
from kumppani.organisations import services
from kumppani.organisations.forms import (
    GrantEditForm,
    GrantForm,
    OrganisationEditForm,
    OrganisationFilter,
    OrganisationForm,
)
from kumppani.organisations.models import Grant, Organisation

# The floor stands below the roles (docs/architecture.md): they are named by their codes here.
KEEPERS = frozenset({"staff", "administrator"})


def in_time(first, last) -> tuple[str, str]:
    """(word, tone) of something that runs from one day to another; None is open."""
    now = today()
    if last is not None and last < now:
        return _("over"), "plain"
    if first is not None and first > now:
        return _("coming"), "note"
    return _("now"), "good"


class OrganisationList(VisibleList):
    """All organisations by name, those that are over too: what was done for them stays in the figures."""

    allowed_roles = KEEPERS
    model = Organisation
    template_name = "organisations/organisation_list.html"
    title = gettext_lazy("Organisations")
    lead = gettext_lazy("For whom and with whom the work is done.")
    order = ("name", "id")
    shows_people = False

    @cached_property
    def asked(self) -> OrganisationFilter:
        form = OrganisationFilter(self.request.GET)
        form.is_valid()
        return form

    def get_queryset(self):
        found = super().get_queryset().select_related("predecessor")
        wanted = self.asked.cleaned_data
        if wanted.get("name"):
            found = found.filter(name__icontains=wanted["name"])
        if wanted.get("kind"):
            found = found.filter(kind=wanted["kind"])
        return found

    def extra(self, rows) -> dict:
        for row in rows:
            row.word, row.tone = in_time(row.valid_from, row.valid_to)
        return {"filter_form": self.asked, "is_narrowed": any(self.asked.cleaned_data.values())}


class _Create(FormPage):
    allowed_roles = KEEPERS
    submit_label = gettext_lazy("Save")


class _Edit(VisibleForm):
    allowed_roles = KEEPERS
    submit_label = gettext_lazy("Save")

    def form_kwargs(self) -> dict:
        return {"instance": self.object}


class _OrganisationPage:
    model = Organisation

    def get_back(self) -> tuple[str, str]:
        return reverse("organisation_list"), _("All organisations")

    def deed(self, form) -> Organisation:
        return services.save_organisation(
            organisation=form.instance, by=self.actor, seen_version=form.cleaned_data.get("seen_version")
        )

    def answer(self, made) -> HttpResponse:
        organisation = Organisation.objects.visible_to(self.actor).get(pk=made)
        return self.done(_("Saved: %(what)s.") % {"what": organisation.name}, reverse("organisation_list"))


class OrganisationCreate(_OrganisationPage, _Create):
    form_class = OrganisationForm
    title = gettext_lazy("New organisation")


class OrganisationEdit(_OrganisationPage, _Edit):
    form_class = OrganisationEditForm
    title = gettext_lazy("Change an organisation")


class GrantList(VisibleList):
    """All grants, the newest first."""

    allowed_roles = KEEPERS
    model = Grant
    template_name = "organisations/grant_list.html"
    title = gettext_lazy("Grants")
    lead = gettext_lazy("Whose money pays for what, and from when to when.")
    order = ("-starts_on", "-id")
    shows_people = False

    def extra(self, rows) -> dict:
        for row in rows:
            row.word, row.tone = in_time(row.starts_on, row.ends_on)
        return {}


class _GrantPage:
    model = Grant

    def get_back(self) -> tuple[str, str]:
        return reverse("grant_list"), _("All grants")

    def deed(self, form) -> Grant:
        return services.save_grant(
            grant=form.instance, by=self.actor, seen_version=form.cleaned_data.get("seen_version")
        )

    def answer(self, made) -> HttpResponse:
        grant = Grant.objects.visible_to(self.actor).get(pk=made)
        return self.done(_("Saved: %(what)s.") % {"what": grant.name}, reverse("grant_list"))


class GrantCreate(_GrantPage, _Create):
    form_class = GrantForm
    title = gettext_lazy("New grant")


class GrantEdit(_GrantPage, _Edit):
    form_class = GrantEditForm
    title = gettext_lazy("Change a grant")
