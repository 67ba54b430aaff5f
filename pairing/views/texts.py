"""Legal grounds and guiding texts: neither law nor rules are for the code to word (domain 2.1)."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.accounts.roles import ADMINISTRATOR
from kumppani.core.dates import today
from kumppani.core.views import FormPage, VisibleList
from pairing import services
from pairing.forms import GuideTextForm, LegalGroundEditForm, LegalGroundForm
from pairing.models import GuideKind, GuideText, LegalGround
from pairing.views.data import DataCreate, DataEdit, DataList


class LegalGroundList(DataList):
    model = LegalGround
    title = gettext_lazy("Legal grounds")
    lead = gettext_lazy("On what law a decision rests. Social workers choose from these.")
    order = ("name_fi", "id")
    create_url, edit_url = "legal_ground_create", "legal_ground_edit"
    empty = gettext_lazy("No legal grounds yet.")


class LegalGroundCreate(DataCreate):
    form_class = LegalGroundForm
    title = gettext_lazy("New legal ground")
    list_url = "legal_ground_list"


class LegalGroundEdit(DataEdit):
    model = LegalGround
    form_class = LegalGroundEditForm
    title = gettext_lazy("Change a legal ground")
    list_url = "legal_ground_list"


class GuideTextList(VisibleList):
    """Every version of every guiding text, the newest first; which one is in force."""

    allowed_roles = ADMINISTRATOR
    model = GuideText
    template_name = "pairing/guide_text_list.html"
    title = gettext_lazy("Guiding texts")
    lead = gettext_lazy(
        "The ground rules are read together in the start meeting. The other text stands on the page about worries."
    )
    order = ("kind", "-number", "id")
    shows_people = False

    def extra(self, rows) -> dict:
        now = today()
        current = {kind: GuideText.objects.visible_to(self.actor).current(kind) for kind in GuideKind.values}
        for row in rows:
            row.is_current = row == current[row.kind]
            row.is_coming = row.published_on > now
            row.languages = [(code, name, getattr(row, f"text_{code}")) for code, name in settings.LANGUAGES]
        return {
            "kinds": [
                {"kind": kind.value, "label": kind.label, "there": current[kind.value] is not None}
                for kind in GuideKind
            ]
        }


class GuideTextCreate(FormPage):
    """A new version of one kind; earlier ones stay, because agreements remember what was read."""

    allowed_roles = ADMINISTRATOR
    form_class = GuideTextForm
    lead = gettext_lazy("A new version does not change what people have agreed on before.")
    submit_label = gettext_lazy("Publish")

    def get_title(self) -> str:
        return _("New version: %(what)s") % {"what": GuideKind(self.kind).label}

    def get_back(self) -> tuple[str, str]:
        return reverse("guide_text_list"), _("Guiding texts")

    def find(self) -> None:
        wanted = self.request.POST.get("kind") or self.request.GET.get("kind")
        self.kind = wanted if wanted in GuideKind.values else GuideKind.GROUND_RULES.value
        texts = GuideText.objects.visible_to(self.actor).filter(kind=self.kind)
        self.newest = texts.order_by("-number").first()

    def form_kwargs(self) -> dict:
        return {"newest": self.newest, "initial": {"kind": self.kind}}

    def deed(self, form):
        return services.publish_guide_text(
            kind=form.cleaned_data["kind"],
            texts=form.texts(),
            published_on=form.cleaned_data["published_on"],
            by=self.actor,
            seen_number=form.cleaned_data["seen_number"],
        )

    def answer(self, made):
        return self.done(_("Saved: a new version."), reverse("guide_text_list"))
