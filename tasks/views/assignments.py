"""Assignments: staff run them, a partner answers.

A partner sees of an assignment only the own part in it: not who else was asked, nor for what fee.
"""

from decimal import Decimal

from django.contrib import messages
from django.db.models import Count, Prefetch
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.roles import PARTNER, STAFF, Role
from kumppani.audit.models import Action, Ground
from kumppani.audit.recorder import record_seen
from kumppani.core.states import AlreadyMoved
from kumppani.core.templatetags.kumppani import money, weekday_day
from kumppani.core.views import DeedView, FormPage, VisibleDetail, VisibleForm, VisibleList
from tasks import services
from tasks.ceilings import ceilings
from tasks.forms import (
    AssignmentEditForm,
    AssignmentFilterForm,
    AssignmentForm,
    CancelForm,
    CompleteForm,
    OfferForm,
)
from tasks.models import Assignment, FeeUnit, Participation, Payer, RecordCheck
from tasks.records import lacking
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
                    (
                        ParticipationStatus.DECLINED,
                        ParticipationStatus.CANCELLED,
                        ParticipationStatus.STEPPED_DOWN,
                    ),
                ),
            }
        return {
            "coming": (_("Coming"), COMING),
            "done": (_("Done"), (AssignmentStatus.DONE,)),
            "cancelled": (_("Called off"), (AssignmentStatus.CANCELLED,)),
        }

    @cached_property
    def filters(self) -> AssignmentFilterForm:
        """Kind, organisation and period, kept in the URL. Staff only: a partner's list is short."""
        return AssignmentFilterForm(self.request.GET, actor=self.actor)

    @property
    def order(self) -> tuple[str, ...]:
        """What comes next is first; of what has been, the latest."""
        return ("date", "id") if self.state == "coming" else ("-date", "-id")

    def get_queryset(self):
        assignments = super().get_queryset().select_related("kind", "organisation")
        if not self.for_partner:
            return self.filters.narrowed(assignments).filter(status__in=self.statuses).with_answers()
        own = Participation.objects.visible_to(self.actor)
        return assignments.filter(
            pk__in=own.filter(status__in=self.statuses).values("assignment_id")
        ).prefetch_related(Prefetch("participations", queryset=own, to_attr="own"))

    def extra(self, rows) -> dict:
        if self.for_partner:
            whose = Participation.objects.visible_to(self.actor)
        else:
            whose = self.filters.narrowed(Assignment.objects.visible_to(self.actor))
        counts = whose.order_by().values_list("status").annotate(Count("pk", distinct=True))
        shared = {
            "chips": self.chips(dict(counts)),
            "state": self.state,
            "nearest_first": self.state == "coming",
        }
        if self.for_partner:
            return shared
        narrowed = any(self.filters.cleaned_data.values())
        return {**shared, "filters": self.filters, "is_narrowed": narrowed}


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


class AssignmentEdit(OnlyWhileOpen, VisibleForm):
    """Staff mend the facts. Who plans by the day, the time or the place is told."""

    allowed_roles = STAFF
    model = Assignment
    form_class = AssignmentEditForm
    title = _("Change the assignment")
    lead = _(
        "If the day, the time or the place is another, everybody who has been asked or is coming gets a notice."
    )
    submit_label = _("Save")

    def get_back(self):
        return self.object.get_absolute_url(), gettext("The assignment")

    def is_open(self) -> bool:
        return self.object.can_edit(self.actor)

    def form_kwargs(self) -> dict:
        return {"instance": self.object}

    def deed(self, form) -> Assignment:
        services.edit_assignment(
            assignment=self.object,
            by=self.actor,
            seen_version=form.cleaned_data["seen_version"],
            **{name: form.cleaned_data[name] for name in form.Meta.fields},
        )
        return self.object

    def answer(self, made) -> HttpResponse:
        return self.done(gettext("Saved."), self.object.get_absolute_url())


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
        return super().get_queryset().select_related("kind", "organisation", "grant", "order", "feedback")

    def extra(self) -> dict:
        participations = list(
            Participation.objects.visible_to(self.actor)
            .filter(assignment=self.object)
            .select_related("partner", "fee")
            .order_by("partner__last_name", "partner__first_name", "id")
        )
        for_partner = self.actor.role == Role.PARTNER
        record_seen(self.actor, Action.VIEW, participations, ground=Ground.OWN if for_partner else None)
        for part in participations:
            part.assignment = self.object
        return self._for_partner(participations[0]) if for_partner else self._for_staff(participations)

    def _for_partner(self, own: Participation) -> dict:
        return {
            "own": own,
            "may_step_down": own.can_step_down(self.actor),
            "may_write_preparation": own.can_write_preparation(self.actor),
            "may_claim_travel": own.can_claim_travel(self.actor),
        }

    def _for_staff(self, participations: list[Participation]) -> dict:
        yes = (ParticipationStatus.ACCEPTED, ParticipationStatus.DONE)
        said_yes = sum(part.status in yes for part in participations)
        fees = sum((part.fee_amount or 0 for part in participations if part.status in yes), Decimal(0))
        left_out = self._left_out()
        for part in participations:
            part.may_take_back = part.can_take_back(self.actor) and self.object.is_coming
            part.may_count_after_all = part.pk in left_out
        there = (ParticipationStatus.OFFERED, ParticipationStatus.ACCEPTED)
        asked = {part.partner_id: part.partner for part in participations if part.status in there}
        unseen = lacking(self.object.kind, asked)
        return {
            "unseen": [partner for pk, partner in asked.items() if pk in unseen],
            "fees": fees,
            "sum_is_too_little": self.object.is_too_little(fees),
            "participations": participations,
            "said_yes": said_yes,
            "enough": said_yes >= self.object.partners_wanted,
            "steps": steps_of(self.object, bool(participations), said_yes),
            "may_edit": self.object.can_edit(self.actor),
            "may_offer": self.object.can_offer(self.actor),
            "may_confirm": self.object.can_confirm(self.actor) and said_yes > 0,
            "may_complete": self.object.can_complete(self.actor),
            "may_cancel": self.object.can_cancel(self.actor),
        }

    def _left_out(self) -> set:
        """Those who had said yes and did not take part, by what was ticked: that may have been a mistake."""
        if self.object.status != AssignmentStatus.DONE:
            return set()
        parts = Participation.objects.visible_to(self.actor).filter(assignment=self.object)
        return set(parts.left_out().values_list("pk", flat=True))


def steps_of(assignment: Assignment, is_asked: bool, said_yes: int) -> list[dict]:
    """Where an assignment stands, in one line. Nothing for one that has been called off."""
    if assignment.status == AssignmentStatus.CANCELLED:
        return []
    past = {
        AssignmentStatus.REQUESTED: 1 + (is_asked and said_yes >= assignment.partners_wanted),
        AssignmentStatus.AGREED: 3,
        AssignmentStatus.DONE: 4,
    }[assignment.status]
    answers = gettext("%(yes)s of %(wanted)s said yes") % {
        "yes": said_yes,
        "wanted": assignment.partners_wanted,
    }
    labels = (
        (gettext("Recorded"), ""),
        (gettext("Partners asked"), answers),
        (gettext("Confirmed"), ""),
        (pgettext("step", "Done"), ""),
    )
    return [
        {
            "label": label,
            "detail": detail,
            "state": "done" if place < past else "current" if place == past else "todo",
        }
        for place, (label, detail) in enumerate(labels)
    ]


class AssignmentOffer(OnlyWhileOpen, VisibleForm):
    """Ask one or several ready partners, with the fee agreed beforehand. Whose turn it is stands first."""

    allowed_roles = STAFF
    model = Assignment
    form_class = OfferForm
    template_name = "tasks/assignment_offer.html"
    title = _("Ask partners")
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
    def suggested(self) -> "services.Suggestion | None":
        return services.suggested_fee(assignment=self.object)

    @property
    def words(self) -> str:
        """The beginning of a name, or a part of an area."""
        return self.request.GET.get("who", "").replace("\x00", "").strip()[:60]

    def form_kwargs(self) -> dict:
        return {"assignment": self.object, "suggestion": self.suggested, "words": self.words}

    def form_page(self, form, status: int = 200) -> HttpResponse:
        if self.only_looks:
            shown = {turn.partner.pk: turn.partner for turn in form.turns}
            record_seen(
                self.actor, Action.LIST, {**{each.pk: each for each in form.wished}, **shown}.values()
            )
        return super().form_page(form, status)

    def extra(self) -> dict:
        return {
            **super().extra(),
            "suggested": self.suggested,
            "words": self.words,
            "must_be_seen": self.object.kind.record_check == RecordCheck.MUST_BE_SEEN,
        }

    def deed(self, form) -> Assignment:
        amount = form.cleaned_data["fee_amount"]
        by_rule = self.suggested is not None and amount == self.suggested.amount
        services.offer_to_several(
            assignment=self.object,
            partners=form.cleaned_data["partners"]
            .select_related("user", "enrolment")
            .prefetch_related("commitments"),
            fee_amount=amount,
            fee_unit=self.suggested.unit if by_rule else FeeUnit.TASK,
            fee_quantity=self.suggested.quantity if by_rule else 1,
            by=self.actor,
        )
        return self.object

    def answer(self, made) -> HttpResponse:
        asked = list(
            Participation.objects.visible_to(self.actor)
            .filter(assignment=self.object, partner__in=self.request.POST.getlist("partners"))
            .select_related("partner")
        )
        self._warn_of_ceilings(asked)
        names = [part.partner.name for part in asked]
        message = ngettext(
            "%(names)s has been asked. The answer will stand here.",
            "%(names)s have been asked. The answers will stand here.",
            len(names),
        ) % {"names": ", ".join(sorted(names))}
        return self.done(message, self.object.get_absolute_url())

    def _warn_of_ceilings(self, asked: list[Participation]) -> None:
        """By the fee that was typed: the page could warn by the suggested one only. An offer can be taken back."""
        fees = {
            part.partner_id: part.fee_amount for part in asked if part.status == ParticipationStatus.OFFERED
        }
        found = ceilings(fees, self.object.date)
        for part in asked:
            ceiling = found.get(part.partner_id)
            if ceiling is not None and ceiling.agreed + (fees[part.partner_id] or 0) > ceiling.limit:
                words = gettext("Would pass the own ceiling of this month, %(limit)s") % {
                    "limit": money(ceiling.limit)
                }
                messages.warning(self.request, f"{part.partner.name}: {words}.")


class AssignmentConfirm(OnlyWhileOpen, DeedView):
    """It is on: those who said yes and the orderer are told."""

    allowed_roles = STAFF
    model = Assignment
    question = _("Confirm this assignment?")
    button = _("Yes, it is on")

    def is_open(self) -> bool:
        return self.object.can_confirm(self.actor)

    def get_lead(self) -> str:
        return f"{self.object.title}, {weekday_day(self.object.date)}"

    def consequences(self) -> list[str]:
        yes = (
            Participation.objects.visible_to(self.actor)
            .filter(assignment=self.object, status=ParticipationStatus.ACCEPTED)
            .count()
        )
        sentences = [
            ngettext(
                "%(count)s partner has said yes; %(wanted)s wanted. Those who said yes get a notice that it is on.",
                "%(count)s partners have said yes; %(wanted)s wanted. Those who said yes get a notice that it is on.",
                yes,
            )
            % {"count": yes, "wanted": self.object.partners_wanted}
        ]
        if self.object.order_id:
            sentences.append(gettext("The orderer's contact person gets a letter."))
        if self.object.waits_for_orderer:
            sentences.append(gettext("The orderer has not agreed to the sum yet: that comes first."))
        return sentences

    def deed(self) -> str:
        services.confirm_assignment(assignment=self.object, by=self.actor)
        return gettext("Confirmed: the assignment is on, and the partners have been told.")


class AssignmentComplete(OnlyWhileOpen, VisibleForm):
    """The assignment has been done: it counts in the report, and its fees can be claimed."""

    allowed_roles = STAFF
    model = Assignment
    form_class = CompleteForm
    template_name = "tasks/assignment_complete.html"
    title = _("Has this assignment been done?")
    submit_label = _("Yes, it has been done")

    def is_open(self) -> bool:
        return self.object.can_complete(self.actor)

    def closed_sentence(self) -> str:
        if self.object.status != AssignmentStatus.AGREED:
            return super().closed_sentence()
        if self.object.waits_for_orderer:
            return gettext("The orderer has not agreed to the sum yet.")
        return gettext("This day has not come yet.")

    def get_lead(self) -> str:
        return f"{self.object.title}, {weekday_day(self.object.date)}"

    def get_back(self):
        return self.object.get_absolute_url(), gettext("The assignment")

    def form_kwargs(self) -> dict:
        return {"assignment": self.object}

    def extra(self) -> dict:
        still_open = (
            Participation.objects.visible_to(self.actor)
            .filter(assignment=self.object, status=ParticipationStatus.OFFERED)
            .exists()
        )
        return {**super().extra(), "some_have_not_answered": still_open}

    def deed(self, form) -> Assignment:
        services.complete_assignment(
            assignment=self.object,
            by=self.actor,
            came=[part.pk for part in form.cleaned_data["came"]],
            preparation=form.preparation(),
            audience_size=form.cleaned_data["audience_size"],
            seen_yes=[part.pk for part in form.parts],
        )
        return self.object

    def answer(self, made) -> HttpResponse:
        fees = (
            Participation.objects.visible_to(self.actor)
            .filter(assignment=self.object, fee__isnull=False)
            .count()
        )
        message = ngettext(
            "Saved: the assignment has been done. %(count)s fee can be claimed now.",
            "Saved: the assignment has been done. %(count)s fees can be claimed now.",
            fees,
        ) % {"count": fees}
        return self.done(message, self.object.get_absolute_url())


class AssignmentCancel(OnlyWhileOpen, VisibleForm):
    """The assignment is called off, early or late."""

    allowed_roles = STAFF
    model = Assignment
    form_class = CancelForm
    template_name = "tasks/assignment_cancel.html"
    title = _("Call this assignment off?")
    submit_label = _("Yes, call it off")

    def is_open(self) -> bool:
        return self.object.can_cancel(self.actor)

    def get_lead(self) -> str:
        return f"{self.object.title}, {weekday_day(self.object.date)}"

    def get_back(self):
        return self.object.get_absolute_url(), gettext("The assignment")

    @cached_property
    def has_late_fees(self) -> bool:
        """Called off late, and somebody who said yes would have got a fee, to which whoever pays has agreed."""
        return (
            self.object.would_be_late
            and not self.object.waits_for_orderer
            and Participation.objects.visible_to(self.actor)
            .filter(assignment=self.object, status=ParticipationStatus.ACCEPTED, fee_amount__isnull=False)
            .exists()
        )

    def form_kwargs(self) -> dict:
        return {
            "has_late_fees": self.has_late_fees,
            "orderer_pays": self.object.payer == Payer.ORDERER,
        }

    def extra(self) -> dict:
        return {**super().extra(), "has_late_fees": self.has_late_fees}

    def deed(self, form) -> Assignment:
        if not self.has_late_fees and self.request.POST.get("late_share", "0") != "0":
            # Whether something is paid has changed since the page was drawn: somebody decides anew.
            raise AlreadyMoved
        services.cancel_assignment(
            assignment=self.object,
            by=self.actor,
            cancelled_by=form.cleaned_data["cancelled_by"],
            late_share=form.cleaned_data.get("late_share") or 0,
        )
        return self.object

    def answer(self, made) -> HttpResponse:
        return self.done(
            gettext("The assignment has been called off, and the partners have been told."),
            self.object.get_absolute_url(),
        )
