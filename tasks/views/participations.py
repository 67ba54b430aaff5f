"""One partner's part in an assignment: the answer, stepping down, the preparation; and an offer taken back."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.roles import PARTNER, STAFF
from kumppani.core.templatetags.kumppani import minutes, money, weekday_day
from kumppani.core.views import DeedView, VisibleForm
from tasks import services
from tasks.ceilings import Ceiling, agreed_in_month
from tasks.clashes import clashes
from tasks.forms import (
    AnswerForm,
    PreparationForm,
)
from tasks.models import Participation
from tasks.states import ParticipationStatus
from tasks.views.base import OnlyWhileOpen


class ParticipationAnswer(OnlyWhileOpen, VisibleForm):
    """A partner says yes or no to an offer, without a reason."""

    allowed_roles = PARTNER
    model = Participation
    form_class = AnswerForm
    template_name = "tasks/participation_answer.html"
    title = _("Will you take part?")

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .select_related("partner__terms", "assignment__kind", "assignment__organisation")
        )

    def get_back(self):
        return reverse("assignment_list"), gettext("All assignments")

    def is_open(self) -> bool:
        return self.object.can_answer(self.actor)

    def closed_sentence(self) -> str:
        return gettext("This offer has been answered already.")

    def extra(self) -> dict:
        """What is worth knowing before a yes; for the partner's own eyes."""
        assignment, partner = self.object.assignment, self.object.partner
        return {
            **super().extra(),
            "clashes": clashes(assignment, [partner.pk]).get(partner.pk, []),
            "ceiling": self._passed_ceiling(),
            "may_say_yes": not assignment.day_is_over,
        }

    def _passed_ceiling(self) -> Ceiling | None:
        """The own ceiling of the month, if a yes would pass it."""
        assignment, partner = self.object.assignment, self.object.partner
        limit = getattr(getattr(partner, "terms", None), "monthly_ceiling", None)
        if limit is None:
            return None
        agreed = agreed_in_month([partner.pk], assignment.date)[partner.pk]
        ceiling = Ceiling(limit, agreed + (self.object.fee_amount or 0))
        return ceiling if ceiling.is_passed else None

    def deed(self, form) -> Participation:
        services.answer_offer(
            participation=self.object, yes=form.cleaned_data["answer"] == AnswerForm.YES, by=self.actor
        )
        return self.object

    def answer(self, made) -> HttpResponse:
        participation = self.get_object()
        if participation.status == ParticipationStatus.DECLINED:
            message = gettext("You have said no. That is quite all right: thank you for answering.")
        else:
            message = gettext(
                "Thank you! You have said yes: %(what)s, %(day)s. You hear from us when it is confirmed."
            ) % {
                "what": participation.assignment.title,
                "day": weekday_day(participation.assignment.date),
            }
        return self.done(message, participation.get_absolute_url())


class ParticipationStepDown(OnlyWhileOpen, DeedView):
    """A partner who has said yes cannot come after all. No reason is asked."""

    allowed_roles = PARTNER
    model = Participation
    question = _("Can you not come after all?")
    button = _("I cannot come")

    def get_queryset(self):
        return super().get_queryset().select_related("partner", "assignment")

    def is_open(self) -> bool:
        return self.object.can_step_down(self.actor)

    def get_lead(self) -> str:
        return f"{self.object.assignment.title}, {weekday_day(self.object.assignment.date)}"

    def consequences(self) -> list[str]:
        return [
            gettext("That happens, and you need not say why."),
            gettext("The staff hear of it at once and look for somebody else."),
            gettext("If you can come again later, tell the staff."),
        ]

    def deed(self) -> str:
        services.step_down(participation=self.object, by=self.actor)
        return gettext("Thank you for telling us. The staff take care of the rest.")


class ParticipationPreparation(OnlyWhileOpen, VisibleForm):
    """A partner writes how long preparing took."""

    allowed_roles = PARTNER
    model = Participation
    form_class = PreparationForm
    title = _("How long did you prepare?")
    submit_label = _("Save")

    def get_queryset(self):
        return super().get_queryset().select_related("partner", "assignment")

    def get_lead(self) -> str:
        return f"{self.object.assignment.title}, {weekday_day(self.object.assignment.date)}"

    def get_back(self):
        return self.object.get_absolute_url(), gettext("The assignment")

    def is_open(self) -> bool:
        return self.object.can_write_preparation(self.actor)

    def closed_sentence(self) -> str:
        return gettext("This cannot be changed any more.")

    def form_kwargs(self) -> dict:
        return {"instance": self.object}

    def deed(self, form) -> Participation:
        services.write_preparation(
            participation=self.object,
            minutes=form.cleaned_data["preparation_minutes"],
            seen_version=form.cleaned_data["seen_version"],
            by=self.actor,
        )
        return self.object

    def answer(self, made) -> HttpResponse:
        participation = self.get_object()
        time = minutes(participation.preparation_minutes) or gettext("no preparation")
        return self.done(gettext("Saved: %(time)s.") % {"time": time}, participation.get_absolute_url())


class _AboutAPartner(OnlyWhileOpen, DeedView):
    """A deed of the staff about one partner of one assignment."""

    allowed_roles = STAFF
    model = Participation

    def get_queryset(self):
        return super().get_queryset().select_related("partner__user", "assignment")

    def get_lead(self) -> str:
        return gettext("%(name)s: %(what)s, %(day)s") % {
            "name": self.object.partner.name,
            "what": self.object.assignment.title,
            "day": weekday_day(self.object.assignment.date),
        }


class ParticipationTakeBack(_AboutAPartner):
    """Staff take back an offer that nobody has answered."""

    question = _("Take this offer back?")
    button = _("Yes, take it back")

    def is_open(self) -> bool:
        return self.object.can_take_back(self.actor)

    def closed_sentence(self) -> str:
        return gettext("This offer has been answered already.")

    def consequences(self) -> list[str]:
        return [
            gettext("The partner gets a notice that the offer is no longer open."),
            gettext("You can ask the same partner again, for example with another fee."),
        ]

    def deed(self) -> str:
        services.take_back_offer(participation=self.object, by=self.actor)
        return gettext("The offer has been taken back, and the partner has been told.")


class ParticipationCountAfterAll(_AboutAPartner):
    """Staff mend their own mistake: who was left out when the assignment was marked as done did take part."""

    question = _("Did this partner take part after all?")
    button = _("Yes, mark as having taken part")

    def is_open(self) -> bool:
        return self.object.can_count_after_all(self.actor)

    def closed_sentence(self) -> str:
        return gettext("This cannot be changed any more.")

    def consequences(self) -> list[str]:
        if self.object.is_unpaid:
            return [gettext("The partner gets a notice about it. No fee was agreed.")]
        return [
            gettext("The partner gets a notice about it, and can claim the agreed fee of %(sum)s.")
            % {"sum": money(self.object.fee_amount)}
        ]

    def deed(self) -> str:
        services.count_after_all(participation=self.object, by=self.actor)
        return gettext("Saved: %(name)s took part.") % {"name": self.object.partner.name}
