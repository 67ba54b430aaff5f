"""Data without persons that the administrator keeps: whom to call, themes and life phases."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.accounts.roles import ADMINISTRATOR
from kumppani.core.views import FormPage, VisibleForm, VisibleList
from pairing import services
from pairing.forms import ContactPointEditForm, ContactPointForm, TopicEditForm, TopicForm
from pairing.models import ContactPoint, Topic


class DataList(VisibleList):
    allowed_roles = ADMINISTRATOR
    template_name = "pairing/data_list.html"
    shows_people = False
    create_url = ""
    edit_url = ""
    empty = ""

    def extra(self, rows) -> dict:
        return {
            "entries": [
                {
                    "url": reverse(self.edit_url, args=[row.pk]),
                    "title": str(row),
                    "meta": self.meta(row),
                    "in_use": row.is_active,
                }
                for row in rows
            ],
            "create_url": reverse(self.create_url),
            "empty": str(self.empty),
        }

    def meta(self, row) -> str:
        """Hook: a second line."""
        return ""


class DataCreate(FormPage):
    allowed_roles = ADMINISTRATOR
    list_url = ""
    submit_label = gettext_lazy("Save")

    def get_back(self) -> tuple[str, str]:
        return reverse(self.list_url), _("Back")

    def deed(self, form):
        return services.save_data(form.instance, by=self.actor, fields=list(form.Meta.fields))

    def answer(self, made):
        return self.done(_("Saved."), reverse(self.list_url))


class DataEdit(VisibleForm):
    allowed_roles = ADMINISTRATOR
    list_url = ""
    submit_label = gettext_lazy("Save")

    def get_back(self) -> tuple[str, str]:
        return reverse(self.list_url), _("Back")

    def form_kwargs(self) -> dict:
        return {"instance": self.object}

    def deed(self, form):
        return services.save_data(
            form.instance,
            by=self.actor,
            fields=list(form.Meta.fields),
            seen_version=form.cleaned_data["seen_version"],
        )

    def answer(self, made):
        return self.done(_("Saved."), reverse(self.list_url))


class ContactPointList(DataList):
    model = ContactPoint
    title = gettext_lazy("Whom to call when worried about a child")
    lead = gettext_lazy("Everybody in a relationship sees these. Check the numbers before you save them.")
    order = ("name_fi", "id")
    create_url, edit_url = "contact_point_create", "contact_point_edit"
    empty = gettext_lazy("No numbers yet. Add the county in which the families live.")

    def meta(self, row) -> str:
        return " · ".join(part for part in (row.phone, row.urgent_phone) if part)


class ContactPointCreate(DataCreate):
    form_class = ContactPointForm
    title = gettext_lazy("New contact point")
    list_url = "contact_point_list"


class ContactPointEdit(DataEdit):
    model = ContactPoint
    form_class = ContactPointEditForm
    title = gettext_lazy("Change a contact point")
    list_url = "contact_point_list"


class TopicList(DataList):
    model = Topic
    title = gettext_lazy("Themes and life phases")
    lead = gettext_lazy("Partners choose from these, and parents wish for them.")
    order = ("kind", "position", "code", "id")
    create_url, edit_url = "topic_create", "topic_edit"
    empty = gettext_lazy("No themes yet.")

    def meta(self, row) -> str:
        return str(row.get_kind_display())


class TopicCreate(DataCreate):
    form_class = TopicForm
    title = gettext_lazy("New theme or life phase")
    list_url = "topic_list"


class TopicEdit(DataEdit):
    model = Topic
    form_class = TopicEditForm
    title = gettext_lazy("Change a theme or life phase")
    list_url = "topic_list"
