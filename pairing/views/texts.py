"""Legal grounds and guiding texts: neither law nor rules are for the code to word (domain 2.1)."""

from abc import ABC, abstractmethod

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.accounts.roles import ADMINISTRATOR
from kumppani.core.dates import today
from kumppani.core.templatetags.kumppani import day as day_words
from kumppani.core.views import FormPage, VisibleList
from pairing import services
from pairing.forms import CommitmentTextForm, GuideTextForm, LegalGroundEditForm, LegalGroundForm
from pairing.models import CommitmentKind, CommitmentText, GuideKind, GuideText, LegalGround
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


class _TextList(VisibleList, ABC):
    """Every version of every text of one sort, the newest first; which one is in force."""

    allowed_roles = ADMINISTRATOR
    template_name = "pairing/text_list.html"
    order = ("kind", "-number", "id")
    shows_people = False
    kinds: type
    create_url: str
    empty: str

    @abstractmethod
    def in_force(self) -> dict[str, object]:
        """Kind → the version that holds today."""

    @abstractmethod
    def words_of(self, row) -> str:
        """Since when, or from when on, it holds."""

    def extra(self, rows) -> dict:
        current = self.in_force()
        for row in rows:
            row.is_current = row == current.get(row.kind)
            row.words = self.words_of(row)
            row.languages = [(code, name, getattr(row, f"text_{code}")) for code, name in settings.LANGUAGES]
        return {
            "kinds": [
                {"kind": kind.value, "label": kind.label, "there": kind.value in current}
                for kind in self.kinds
            ],
            "create_url": reverse(self.create_url),
            "empty_text": str(self.empty),
        }


class _TextCreate(FormPage):
    """A new version of one kind; earlier ones stay."""

    allowed_roles = ADMINISTRATOR
    submit_label = gettext_lazy("Publish")
    model: type
    list_view: type[_TextList]
    list_url: str

    def get_title(self) -> str:
        return _("New version: %(what)s") % {"what": self.list_view.kinds(self.kind).label}

    def get_back(self) -> tuple[str, str]:
        return reverse(self.list_url), str(self.list_view.title)

    def find(self) -> None:
        wanted = self.request.POST.get("kind") or self.request.GET.get("kind")
        kinds = self.list_view.kinds.values
        self.kind = wanted if wanted in kinds else kinds[0]
        texts = self.model.objects.visible_to(self.actor).filter(kind=self.kind)
        self.newest = texts.order_by("-number").first()

    def form_kwargs(self) -> dict:
        return {"newest": self.newest, "initial": {"kind": self.kind}}

    def facts(self, form) -> dict:
        """What both sorts are published with."""
        return {
            "kind": form.cleaned_data["kind"],
            "texts": form.texts(),
            form.day: form.cleaned_data[form.day],
            "by": self.actor,
            "seen_number": form.cleaned_data["seen_number"],
        }

    def answer(self, made):
        return self.done(_("Saved: a new version."), reverse(self.list_url))


class GuideTextList(_TextList):
    model = GuideText
    title = gettext_lazy("Guiding texts")
    lead = gettext_lazy(
        "The ground rules are read together in the start meeting. The other text stands on the page about worries."
    )
    kinds = GuideKind
    create_url = "guide_text_create"
    empty = gettext_lazy("Write the ground rules and the text about worries, or run install_defaults.")

    def in_force(self) -> dict:
        texts = GuideText.objects.visible_to(self.actor)
        found = {kind: texts.current(kind) for kind in GuideKind.values}
        return {kind: text for kind, text in found.items() if text is not None}

    def words_of(self, row) -> str:
        if row.is_current:
            words = _("in force from")
        else:
            words = _("comes into force") if row.published_on > today() else _("earlier, from")
        return f"{words} {day_words(row.published_on)}"


class GuideTextCreate(_TextCreate):
    """Agreements remember what was read."""

    model, list_view, list_url = GuideText, GuideTextList, "guide_text_list"
    form_class = GuideTextForm
    lead = gettext_lazy("A new version does not change what people have agreed on before.")

    def deed(self, form):
        return services.publish_guide_text(**self.facts(form))


class CommitmentTextList(_TextList):
    model = CommitmentText
    title = gettext_lazy("Texts to commit to")
    lead = gettext_lazy(
        "Every partner accepts the ethical principles and the confidentiality undertaking. The principles can be read"
        " by everybody."
    )
    kinds = CommitmentKind
    create_url = "commitment_text_create"
    empty = gettext_lazy("Write the principles and the undertaking, or run install_defaults.")

    def in_force(self) -> dict:
        return {text.kind: text for text in CommitmentText.objects.visible_to(self.actor).in_force()}

    def words_of(self, row) -> str:
        needed = day_words(row.required_from)
        if row.required_from > today():
            return _("published on %(day)s, needed from %(needed)s on") % {
                "day": day_words(row.published_on),
                "needed": needed,
            }
        return f"{_('in force from') if row.is_current else _('earlier, from')} {needed}"


class CommitmentTextCreate(_TextCreate):
    """The partners are asked at once; what they have accepted before is kept."""

    model, list_view, list_url = CommitmentText, CommitmentTextList, "commitment_text_list"
    form_class = CommitmentTextForm
    lead = gettext_lazy("Every partner gets a notice. What they have accepted before is kept.")

    def deed(self, form):
        return services.publish_commitment_text(**self.facts(form))
