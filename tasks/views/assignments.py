"""Assignments: staff run them, a partner answers.

A partner sees of an assignment only the own part in it: not who else was asked, nor for what fee.
"""

from django.db.models import Count, Prefetch, Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.roles import PARTNER, STAFF, Role
from kumppani.audit.models import Action, Ground
from kumppani.audit.recorder import record_seen
from kumppani.core.templatetags.kumppani import money, weekday_day
from kumppani.core.views import DeedView, FormPage, VisibleDetail, VisibleForm, VisibleList
from tasks import services
from tasks.forms import AnswerForm, AssignmentForm, OfferForm
from tasks.models import Assignment, Participation
from tasks.states import COMING, AssignmentStatus, ParticipationStatus
from tasks.views.base import FilterByState, OnlyWhileOpen


class AssignmentList(FilterByState, VisibleList):
    """Staff see all assignments; a partner those she or he has been asked to, with the own answer. No names."""

    allowed_roles = STAFF | PARTNER
    model = Assignment
    title = _("Assignments")
    shows_people = False

    @property
    def for_partner(self) -> bool:
        return self.actor.role == Role.PARTNER

    @property
    def template_name(self) -> str:
        return "tasks/assignment_list_own.html" if self.for_partner else "tasks/assignment_list.html"

    def tabs(self):
        if self.for_partner:
            return {
                "coming": (_("Coming"), (ParticipationStatus.OFFERED, ParticipationStatus.ACCEPTED)),
                "done": (_("Done"), (ParticipationStatus.DONE,)),
                "cancelled": (
                    _("Not taken on"),
                    (ParticipationStatus.DECLINED, ParticipationStatus.CANCELLED),
                ),
            }
        return {
            "coming": (_("Coming"), COMING),
            "done": (_("Done"), (AssignmentStatus.DONE,)),
            "cancelled": (_("Called off"), (AssignmentStatus.CANCELLED,)),
        }

    @property
    def order(self) -> tuple[str, ...]:
        """What comes next is first; of what has been, the latest."""
        return ("date", "id") if self.state == "coming" else ("-date", "-id")

    def get_queryset(self):
        assignments = super().get_queryset().select_related("kind", "organisation")
        if not self.for_partner:
            return assignments.filter(status__in=self.statuses).with_answers()
        own = Participation.objects.visible_to(self.actor)
        return assignments.filter(
            pk__in=own.filter(status__in=self.statuses).values("assignment_id")
        ).prefetch_related(Prefetch("participations", queryset=own, to_attr="own"))

    def extra(self, rows) -> dict:
        whose = Participation if self.for_partner else Assignment
        counts = (
            whose.objects.visible_to(self.actor)
            .order_by()
            .values_list("status")
            .annotate(Count("pk", distinct=True))
        )
        return {
            "chips": self.chips(dict(counts)),
            "state": self.state,
            "nearest_first": self.state == "coming",
        }


class AssignmentCreate(FormPage):
    """Staff record what an organisation has asked for."""

    allowed_roles = STAFF
    form_class = AssignmentForm
    title = _("New assignment")
    lead = _("Record what an organisation asks for. After that you ask the partners and agree on the fees.")
    submit_label = _("Save the assignment")

    def get_back(self):
        return reverse("assignment_list"), gettext("All assignments")

    def deed(self, form) -> Assignment:
        facts = {name: form.cleaned_data[name] for name in form.Meta.fields}
        return services.record_assignment(by=self.actor, **facts)

    def answer(self, made) -> HttpResponse:
        assignment = Assignment.objects.visible_to(self.actor).get(pk=made)
        return self.done(
            gettext("Saved: %(what)s, %(day)s. Next: ask a partner.")
            % {"what": assignment.title, "day": weekday_day(assignment.date)},
            assignment.get_absolute_url(),
        )


class AssignmentDetail(VisibleDetail):
    """One assignment. Staff see everybody asked; a partner the own part."""

    allowed_roles = STAFF | PARTNER
    model = Assignment
    title = _("Assignment")

    @property
    def template_name(self) -> str:
        for_partner = self.actor.role == Role.PARTNER
        return "tasks/assignment_detail_own.html" if for_partner else "tasks/assignment_detail.html"

    def get_queryset(self):
        return super().get_queryset().select_related("kind", "organisation", "grant")

    def extra(self) -> dict:
        participations = list(
            Participation.objects.visible_to(self.actor)
            .filter(assignment=self.object)
            .select_related("partner", "fee")
            .order_by("partner__last_name", "partner__first_name", "id")
        )
        for_partner = self.actor.role == Role.PARTNER
        record_seen(self.actor, Action.VIEW, participations, ground=Ground.OWN if for_partner else None)
        return {
            "participations": participations,
            "own": participations[0] if for_partner else None,
            "may_offer": self.object.can_offer(self.actor),
            "may_complete": self.object.can_complete(self.actor),
            "may_cancel": self.object.can_cancel(self.actor),
        }


class AssignmentOffer(OnlyWhileOpen, VisibleForm):
    """Ask a ready partner, with the fee agreed beforehand."""

    allowed_roles = STAFF
    model = Assignment
    form_class = OfferForm
    template_name = "tasks/assignment_offer.html"
    title = _("Ask a partner")
    submit_label = _("Ask")

    def get_queryset(self):
        return super().get_queryset().select_related("kind", "organisation")

    def get_back(self):
        return self.object.get_absolute_url(), gettext("The assignment")

    def is_open(self) -> bool:
        return self.object.can_offer(self.actor)

    def closed_sentence(self) -> str:
        return gettext("Partners are asked before the assignment, not after it.")

    @cached_property
    def suggested(self):
        return services.suggested_fee(assignment=self.object)

    def form_kwargs(self) -> dict:
        return {"assignment": self.object, "initial": {"fee_amount": self.suggested}}

    def extra(self) -> dict:
        return {**super().extra(), "suggested": self.suggested}

    def deed(self, form) -> Participation:
        return services.offer(
            assignment=self.object,
            partner=form.cleaned_data["partner"],
            fee_amount=form.cleaned_data["fee_amount"],
            by=self.actor,
        )

    def answer(self, made) -> HttpResponse:
        offer = Participation.objects.visible_to(self.actor).select_related("partner").get(pk=made)
        return self.done(
            gettext("%(name)s has been asked, for a fee of %(sum)s. The answer will stand here.")
            % {"name": offer.partner.name, "sum": money(offer.fee_amount)},
            self.object.get_absolute_url(),
        )


class AssignmentComplete(OnlyWhileOpen, DeedView):
    """The assignment has been done: it counts in the report, and its fees can be claimed."""

    allowed_roles = STAFF
    model = Assignment
    question = _("Has this assignment been done?")
    button = _("Yes, it has been done")

    def is_open(self) -> bool:
        return self.object.can_complete(self.actor)

    def closed_sentence(self) -> str:
        if self.object.status == AssignmentStatus.AGREED:
            return gettext("This day has not come yet.")
        return super().closed_sentence()

    def get_lead(self) -> str:
        return f"{self.object.title}, {weekday_day(self.object.date)}"

    def consequences(self) -> list[str]:
        answers = self.object.participations.aggregate(
            yes=Count("pk", filter=Q(status=ParticipationStatus.ACCEPTED)),
            open=Count("pk", filter=Q(status=ParticipationStatus.OFFERED)),
        )
        sentences = [
            gettext("The assignment counts once in the report, however many partners took part."),
            ngettext(
                "%(count)s partner who said yes can claim the fee.",
                "%(count)s partners who said yes can claim their fees.",
                answers["yes"],
            )
            % {"count": answers["yes"]},
        ]
        if answers["open"]:
            sentences.append(gettext("Those who have not answered are no longer asked."))
        return [*sentences, gettext("You cannot take this back.")]

    def deed(self) -> str:
        fees = services.complete_assignment(assignment=self.object, by=self.actor)
        return ngettext(
            "Saved: the assignment has been done. %(count)s fee can be claimed now.",
            "Saved: the assignment has been done. %(count)s fees can be claimed now.",
            len(fees),
        ) % {"count": len(fees)}


class AssignmentCancel(OnlyWhileOpen, DeedView):
    """The assignment is called off."""

    allowed_roles = STAFF
    model = Assignment
    question = _("Call this assignment off?")
    button = _("Yes, call it off")
    danger = True

    def is_open(self) -> bool:
        return self.object.can_cancel(self.actor)

    def get_lead(self) -> str:
        return f"{self.object.title}, {weekday_day(self.object.date)}"

    def consequences(self) -> list[str]:
        return [
            gettext("Every partner who has been asked or has said yes gets a notice."),
            gettext("No fee follows, and the assignment does not count in the report."),
            gettext("You cannot take this back."),
        ]

    def deed(self) -> str:
        services.cancel_assignment(assignment=self.object, by=self.actor)
        return gettext("The assignment has been called off, and the partners have been told.")


class ParticipationAnswer(OnlyWhileOpen, VisibleForm):
    """A partner says yes or no to an offer, without a reason."""

    allowed_roles = PARTNER
    model = Participation
    form_class = AnswerForm
    template_name = "tasks/participation_answer.html"
    title = _("Will you take part?")

    def get_queryset(self):
        return (
            super().get_queryset().select_related("partner", "assignment__kind", "assignment__organisation")
        )

    def get_back(self):
        return reverse("assignment_list"), gettext("All assignments")

    def is_open(self) -> bool:
        return self.object.can_answer(self.actor)

    def closed_sentence(self) -> str:
        return gettext("This offer has been answered already.")

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
            message = gettext("Thank you! You have said yes: %(what)s, %(day)s.") % {
                "what": participation.assignment.title,
                "day": weekday_day(participation.assignment.date),
            }
        return self.done(message, participation.get_absolute_url())
