"""The street side of the training: what it is, and applying to it without an account (B4, B8–B13)."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from kumppani.core.limits import Limit
from kumppani.core.submissions import digest_of
from kumppani.core.views import PublicPage, StrangersForm, VisibleMixin
from training import services
from training.forms import ApplicationForm
from training.models import Cohort, Enrolment

# A family may share one origin, so the limit is not tight; it stops a machine, not a person.
LIMITS = (
    Limit("apply", settings.APPLY_PER_HOUR, 60 * 60),
    Limit("apply", settings.APPLY_PER_DAY, 60 * 60 * 24),
)
# Two cohorts a year: a page never needs more.
COHORTS_SHOWN = 12


class TrainingPublic(VisibleMixin, PublicPage):
    """What the training is, what it asks and gives, and the cohorts that one can apply to today."""

    model = Cohort
    template_name = "training/public.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        cohorts = self.get_queryset().order_by("apply_until", "starts_on", "id")[:COHORTS_SHOWN]
        return self.page(cohorts=cohorts, kept_days=settings.APPLICATION_KEPT_DAYS)


class ApplicationCreate(VisibleMixin, StrangersForm):
    """Apply to a cohort that is open today."""

    model = Cohort
    template_name = "training/application_form.html"
    form_class = ApplicationForm
    title = _("Apply to the training")
    submit_label = _("Send the application")
    limits = LIMITS
    cohort: Cohort | None = None

    def get_back(self) -> tuple[str, str]:
        return reverse("training_public"), gettext("About the training")

    def find(self) -> None:
        self.cohort = self.get_queryset().filter(pk=self.kwargs["pk"]).first()
        if self.cohort is None and not self.is_sent_again():
            raise Http404

    def is_sent_again(self) -> bool:
        """Whether this very form has been sent before: who sends it twice on the last evening gets the same answer."""
        earlier = None if self.only_looks else self.earlier_submission()
        return earlier is not None and earlier.digest == digest_of(self.request.POST)

    def purpose(self) -> str:
        return f"{super().purpose()}:{self.kwargs['pk']}"

    def extra(self) -> dict:
        return {"cohort": self.cohort, "kept_days": settings.APPLICATION_KEPT_DAYS}

    def deed(self, form) -> Enrolment:
        read_in = (get_language() or "")[:2]
        known = dict(Enrolment._meta.get_field("language").choices)
        language = read_in if read_in in known else self.cohort.language
        return services.receive_application(cohort=self.cohort, language=language, **form.facts())

    def answer(self, made) -> HttpResponse:
        """The same page for a first and a second sending; it tells nothing of what was written."""
        return HttpResponseRedirect(reverse("application_sent"))


class ApplicationSent(PublicPage):
    """That it has come. Nothing of what was written stands here."""

    template_name = "training/application_sent.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()
