"""Certificates: one, or all of a cohort in one file. Each is set in the language of its holder."""

from abc import ABC, abstractmethod

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from kumppani.accounts.roles import STAFF
from kumppani.audit.models import Action
from kumppani.audit.recorder import record_seen
from kumppani.core.views import VisibleDetail
from kumppani.formats.pdf import PdfUnavailable, render_pdf
from training.models import Cohort, Enrolment
from training.papers import certificate_sheets, with_marks

# A file lies in a folder that others open: its name tells nothing.
FILE_NAMES = {"fi": "todistus.pdf", "sv": "intyg.pdf"}


class CertificatePage(VisibleDetail, ABC):
    """Sheets as a file; where the machine cannot make one, as a page made for printing."""

    allowed_roles = STAFF
    template_name = "training/certificate_page.html"
    title = gettext_lazy("Certificate")

    @abstractmethod
    def holders(self) -> list[Enrolment]:
        """Whose certificates."""

    @abstractmethod
    def language(self) -> str:
        """The language of the file."""

    def get_back(self) -> tuple[str, str]:
        return reverse("cohort_completion", args=[self.cohort.pk]), _("Back")

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.object = self.get_object()
        holders = self.holders()
        record_seen(self.actor, Action.EXPORT, holders)
        sheets = certificate_sheets(holders)
        language = self.language()
        try:
            with override(language):
                pdf = render_pdf(
                    "training/certificates.html",
                    {"sheets": sheets},
                    language=language,
                    title=_("Certificate"),
                )
        except PdfUnavailable:
            return self.page(object=self.object, sheets=sheets)
        return HttpResponse(
            pdf,
            content_type="application/pdf",
            headers={"Content-Disposition": f'inline; filename="{FILE_NAMES[language]}"'},
        )


class Certificate(CertificatePage):
    """Of one person who has completed."""

    model = Enrolment

    def get_queryset(self):
        return with_marks(super().get_queryset().completed())

    @property
    def cohort(self) -> Cohort:
        return self.object.cohort

    def holders(self) -> list[Enrolment]:
        return [self.object]

    def language(self) -> str:
        return self.object.language


class CohortCertificates(CertificatePage):
    """Of everybody in the cohort who has completed, in the order of the names."""

    model = Cohort

    def get_queryset(self):
        """Where nobody has completed there are none."""
        completed = Enrolment.objects.visible_to(self.actor).completed()
        return super().get_queryset().filter(pk__in=completed.values("cohort"))

    @property
    def cohort(self) -> Cohort:
        return self.object

    def holders(self) -> list[Enrolment]:
        found = Enrolment.objects.visible_to(self.actor).filter(cohort=self.object).completed()
        return list(with_marks(found).order_by("last_name", "first_name", "id"))

    def language(self) -> str:
        return self.object.language
