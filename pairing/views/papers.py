"""Papers to print: the agreement as a page made for paper and as a PDF, both in the parent's language."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from kumppani.accounts.roles import PARENT, PARTNER, SOCIAL_WORKER, STAFF
from kumppani.audit.models import Action
from kumppani.audit.recorder import record, record_seen
from kumppani.core.views import VisibleDetail
from kumppani.formats.pdf import PdfUnavailable, render_pdf
from pairing.models import Agreement
from pairing.papers import agreement_paper, has_paper, paper_language

# A file lies in a folder that others open: its name tells nothing.
FILE_NAMES = {"fi": "paperi.pdf", "sv": "papper.pdf", "en": "paper.pdf"}


class AgreementPage(VisibleDetail):
    """The agreement made for paper: printing the page leaves only the sheet."""

    allowed_roles = STAFF | SOCIAL_WORKER | PARTNER | PARENT
    model = Agreement
    template_name = "pairing/agreement_page.html"
    title = gettext_lazy("Agreement")
    action = Action.VIEW

    def get_back(self) -> tuple[str, str]:
        return self.object.relationship.get_absolute_url(), _("Back")

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .select_related(
                "ground_rules",
                "relationship__parent",
                "relationship__partner",
                "relationship__social_worker__user",
                "relationship__organisation",
            )
            .prefetch_related(
                "goals", "acknowledgements__recorded_by", "relationship__decisions__legal_ground"
            )
        )

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.object = self.get_object()
        if not has_paper(self.object):
            record(self.actor, Action.DENIED, self.object, detail=request.resolver_match.view_name or "")
            raise PermissionDenied
        record_seen(self.actor, self.action, [self.object])
        self.language = paper_language(self.object.relationship.parent)
        return self.paper()

    def paper(self) -> HttpResponse:
        """The sheet, in a page of the reader's own language."""
        return self.sheet()

    def sheet(self, **extra) -> HttpResponse:
        """The page with the sheet in the middle."""
        with override(self.language):
            sheet = render_to_string("pairing/_agreement_paper.html", agreement_paper(self.object))
        return self.page(object=self.object, paper=sheet, paper_language=self.language, **extra)


class AgreementPrint(AgreementPage):
    """The same as a file; where the machine cannot make one, the page with a sentence that says so."""

    action = Action.EXPORT

    def paper(self) -> HttpResponse:
        try:
            with override(self.language):
                pdf = render_pdf(
                    "pairing/agreement_paper.html",
                    agreement_paper(self.object),
                    language=self.language,
                    title=_("Agreement"),
                )
        except PdfUnavailable:
            return self.sheet(no_pdf=True)
        return HttpResponse(
            pdf,
            content_type="application/pdf",
            headers={"Content-Disposition": f'inline; filename="{FILE_NAMES[self.language]}"'},
        )
