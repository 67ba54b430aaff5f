"""How the training was: asking for it, saying it behind a link, and reading it all together."""

from collections import Counter
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kumppani.accounts.roles import STAFF, TRAINER
from kumppani.core.templatetags.kumppani import number
from kumppani.core.views import DeedView, PublicForm, VisibleDetail
from training import services
from training.forms import CohortFeedbackForm
from training.forms.feedback import STEPS
from training.models import Cohort, CohortFeedback, Enrolment
from training.views.links import ApplicantPage


class CohortAskFeedback(DeedView):
    """A letter with a link to each who has completed."""

    allowed_roles = STAFF
    model = Cohort
    question = gettext_lazy("Ask how the training was?")
    button = gettext_lazy("Yes, send the letters")

    def get_lead(self) -> str:
        count = services.to_be_asked(self.object).count()
        if not count:
            return _("Everybody who has completed and has an e-mail address has been asked already.")
        words = ngettext(
            "%(count)s person gets a letter with a link.", "%(count)s people get a letter with a link.", count
        )
        return words % {"count": count}

    def consequences(self) -> list[str]:
        sentences = [
            _("Each who has completed the training is asked once."),
            _("The answers have no names. You see them when at least five have answered."),
        ]
        completed = Enrolment.objects.visible_to(self.actor).filter(cohort=self.object).completed()
        without = completed.filter(email="").count()
        if without:
            words = ngettext(
                "%(count)s person has no e-mail address here and gets none.",
                "%(count)s people have no e-mail address here and get none.",
                without,
            )
            sentences.append(words % {"count": without})
        return sentences

    def deed(self) -> str:
        count = services.ask_feedback(cohort=self.object, by=self.actor)
        words = ngettext("%(count)s letter is on its way.", "%(count)s letters are on their way.", count)
        return words % {"count": count}

    def get_back(self) -> tuple[str, str]:
        return self.get_success_url(), ""

    def get_success_url(self) -> str:
        return reverse("cohort_feedback", args=[self.object.pk])


class CohortFeedbackPage(VisibleDetail):
    """Counts, means and words of a cohort's answers; nothing at all while there are fewer than five."""

    allowed_roles = STAFF | TRAINER
    model = Cohort
    template_name = "training/cohort_feedback.html"
    title = gettext_lazy("What the cohort thought")

    def get_kicker(self) -> str:
        return self.object.name

    def get_back(self) -> tuple[str, str]:
        return self.object.get_absolute_url(), _("The cohort")

    def extra(self) -> dict:
        # In the order of ids that were drawn by lot: in none.
        answers = list(
            CohortFeedback.objects.visible_to(self.actor).filter(cohort=self.object).order_by("id")
        )
        return {
            "count": len(answers),
            "scales": [self.scale(name, answers) for name in ("overall", "peers", "ready")]
            if answers
            else [],
            "words": sorted(answer.words for answer in answers if answer.words),
            "fewest": CohortFeedback.objects.none().FEWEST,
            "may_ask": self.actor.role in STAFF,
        }

    @staticmethod
    def scale(name: str, answers: list[CohortFeedback]) -> dict:
        given = Counter(getattr(answer, name) for answer in answers)
        total = sum(step * count for step, count in given.items())
        return {
            "label": CohortFeedbackForm.base_fields[name].label,
            "mean": number(Decimal(total) / len(answers)),
            "steps": [
                {"label": label, "count": given[step], "share": round(100 * given[step] / len(answers))}
                for step, label in reversed(STEPS)
            ],
        }


class TrainingFeedback(ApplicantPage, PublicForm):
    """Behind the link of a letter: how it was. Once a person, and nobody learns whose answer it is."""

    form_class = CohortFeedbackForm
    template_name = "training/training_feedback.html"
    title = gettext_lazy("How was it?")
    submit_label = gettext_lazy("Send your feedback")

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not self.enrolment.may_give_feedback():
            return self.back()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not self.enrolment.may_give_feedback():
            messages.info(request, _("Your feedback is with us already. Thank you!"))
            return self.back()
        return super().post(request, *args, **kwargs)

    def deed(self, form) -> None:
        cleaned = form.cleaned_data
        services.give_feedback(
            link=self.link, **{name: cleaned[name] for name in ("overall", "peers", "ready", "words")}
        )

    def answer(self, made) -> HttpResponse:
        return self.done(_("Thank you! Your feedback is with us."), self.get_back()[0])
