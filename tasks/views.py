"""Assignments and fees: staff run them, a partner answers, and claims the own fee.

A partner sees of an assignment only the own part in it: not who else was asked, nor for what fee.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
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
from tasks.forms import AnswerForm, AssignmentForm, OfferForm, RejectForm
from tasks.models import Assignment, Fee, Participation
from tasks.states import COMING, AssignmentStatus, FeeStatus, ParticipationStatus


class FilterByState:
    """Tabs over a list, kept in the URL as `?state=…`; the first is shown where the URL names none."""

    def tabs(self) -> dict[str, tuple[str, tuple[str, ...]]]:
        """Word in the URL → (what people read, states of the record)."""
        raise NotImplementedError

    @cached_property
    def state(self) -> str:
        wanted = self.request.GET.get("state", "")
        return wanted if wanted in self.tabs() else next(iter(self.tabs()))

    @property
    def statuses(self) -> tuple[str, ...]:
        return self.tabs()[self.state][1]

    def chips(self, counts: dict[str, int]) -> list[dict]:
        """The tabs with their counts; `counts` by state of the record."""
        return [
            {
                "url": f"?state={name}",
                "label": label,
                "count": sum(counts.get(status, 0) for status in statuses),
                "current": name == self.state,
            }
            for name, (label, statuses) in self.tabs().items()
        ]


class TooLate(Exception):
    """The time of this deed is over."""


class OnlyWhileOpen:
    """A page about a deed whose time is over leads back to the record, which says how things stand.

    A press that comes too late is answered by the deed itself, in words.
    """

    def is_open(self) -> bool:
        """Hook: whether the deed is still possible."""
        return True

    def find(self) -> None:
        super().find()
        if self.request.method in ("GET", "HEAD") and not self.is_open():
            raise TooLate

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return super().get(request, *args, **kwargs)
        except TooLate:
            messages.info(request, self.closed_sentence())
            return HttpResponseRedirect(self.object.get_absolute_url())

    def closed_sentence(self) -> str:
        return gettext("This cannot be done now, because the state is “%(old)s”.") % {
            "old": self.object.get_status_display()
        }


# --- Assignments -----------------------------------------------------------------------------------------------------
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


# --- Fees ------------------------------------------------------------------------------------------------------------
class FeeList(FilterByState, VisibleList):
    """Staff: what waits for approval first. A partner: the own fees, the newest first, with sums."""

    allowed_roles = STAFF | PARTNER
    model = Fee
    title = _("Fees")

    @property
    def for_partner(self) -> bool:
        return self.actor.role == Role.PARTNER

    @property
    def template_name(self) -> str:
        return "tasks/fee_list_own.html" if self.for_partner else "tasks/fee_list.html"

    def tabs(self):
        if self.for_partner:
            return {"all": (_("All"), tuple(FeeStatus))}
        return {
            "claimed": (_("Waiting for approval"), (FeeStatus.CLAIMED,)),
            "draft": (_("To be claimed"), (FeeStatus.DRAFT,)),
            "rejected": (_("Sent back"), (FeeStatus.REJECTED,)),
            "approved": (_("Approved"), (FeeStatus.APPROVED,)),
        }

    @property
    def order(self) -> tuple[str, ...]:
        """What has waited longest for approval is first; of the others the newest."""
        return ("claimed_at", "id") if self.state == "claimed" else ("-created_at", "-id")

    def get_queryset(self):
        return super().get_queryset().filter(status__in=self.statuses).with_source()

    def extra(self, rows) -> dict:
        sums = Fee.objects.visible_to(self.actor).sums()
        for fee in rows:
            fee.may_approve = fee.can_approve(self.actor)
            fee.may_claim = fee.can_claim(self.actor)
        return {
            "chips": self.chips({status: count for status, (count, _sum) in sums.items()}),
            "sums": {status: amount for status, (_count, amount) in sums.items()},
            "to_claim": sums[FeeStatus.DRAFT][1] + sums[FeeStatus.REJECTED][1],
            "together": sum(sums[status][1] for status in self.statuses),
            "together_count": sum(sums[status][0] for status in self.statuses),
            "state": self.state,
            "longest_first": self.state == "claimed",
        }


class FeeDetail(VisibleDetail):
    """One fee: for what, how much, and what has happened to it, in words."""

    allowed_roles = STAFF | PARTNER
    model = Fee
    template_name = "tasks/fee_detail.html"
    title = _("Fee")

    def get_queryset(self):
        return super().get_queryset().with_source().select_related("grant", "claimed_by", "approved_by")

    def get_back(self):
        return reverse("fee_list"), gettext("All fees")

    def extra(self) -> dict:
        fee = self.object
        return {
            "for_staff": self.actor.role == Role.STAFF,
            "history": self.history(),
            "may_claim": fee.can_claim(self.actor),
            "may_approve": fee.can_approve(self.actor),
            "is_own_claim": self.actor.role == Role.STAFF
            and fee.status == FeeStatus.CLAIMED
            and fee.is_own(self.actor),
        }

    def history(self) -> list[dict]:
        """What has happened, the oldest first. A partner reads roles, not the names of staff."""
        fee = self.object
        names = {}
        if self.actor.role == Role.STAFF:
            names = {user.pk: user.get_full_name() for user in (fee.claimed_by, fee.approved_by) if user}
        names[self.actor.user_id] = gettext("You")
        lines = []
        if fee.participation_id:
            agreed = gettext("Agreed: %(sum)s") % {"sum": money(fee.participation.fee_amount)}
            lines.append({"day": fee.participation.fee_agreed_on, "words": agreed})
        lines.append({"at": fee.created_at, "words": gettext("Done: the fee can be claimed")})
        words = {
            FeeStatus.CLAIMED: gettext("Claimed"),
            FeeStatus.APPROVED: gettext("Approved"),
            FeeStatus.REJECTED: gettext("Sent back, to be looked at again"),
        }
        changes = list(fee.changes())
        for change in changes:
            role = Role(change.actor_role).label if change.actor_role in Role.values else ""
            lines.append(
                {"at": change.at, "words": words[change.new], "who": names.get(change.actor_id) or role}
            )
        if fee.status == FeeStatus.REJECTED and changes:
            lines[-1]["because"] = fee.rejected_because
        return lines


class FeeClaim(OnlyWhileOpen, DeedView):
    """The partner claims the own fee: one page, one big button, on a phone."""

    allowed_roles = PARTNER
    model = Fee
    template_name = "tasks/fee_claim.html"
    question = _("Claim this fee")
    button = _("Claim the fee")

    def get_queryset(self):
        return super().get_queryset().with_source()

    def is_open(self) -> bool:
        return self.object.can_claim(self.actor)

    def closed_sentence(self) -> str:
        return gettext("This fee has been claimed already.")

    def deed(self) -> str:
        services.claim_fee(fee=self.object, by=self.actor)
        return gettext(
            "You have claimed %(sum)s. The staff look at it, and you get a notice when it is approved."
        ) % {"sum": money(self.object.amount)}


class ByAnother:
    """Nobody approves or sends back the own claim, in whichever role (A37): visible, but not yours to do."""

    def find(self) -> None:
        super().find()
        if self.object.is_own(self.actor):
            raise PermissionDenied


class FeeApprove(OnlyWhileOpen, ByAnother, DeedView):
    """Another person than the claimer approves."""

    allowed_roles = STAFF
    model = Fee
    question = _("Approve this fee?")
    button = _("Approve the fee")

    def get_queryset(self):
        return super().get_queryset().with_source()

    def is_open(self) -> bool:
        return self.object.status == FeeStatus.CLAIMED

    def get_lead(self) -> str:
        return gettext("%(sum)s to %(name)s, for: %(what)s.") % {
            "sum": money(self.object.amount),
            "name": self.object.partner.name,
            "what": self.object.what,
        }

    def consequences(self) -> list[str]:
        return [
            gettext("Your name is written down as the approver."),
            gettext("The partner gets a notice. You cannot take this back."),
        ]

    def deed(self) -> str:
        services.approve_fee(fee=self.object, by=self.actor)
        return gettext("Approved: %(sum)s to %(name)s.") % {
            "sum": money(self.object.amount),
            "name": self.object.partner.name,
        }


class FeeReject(OnlyWhileOpen, ByAnother, VisibleForm):
    """Send a claim back, with words that help to mend it."""

    allowed_roles = STAFF
    model = Fee
    form_class = RejectForm
    title = _("Send the claim back")
    submit_label = _("Send back")

    def get_queryset(self):
        return super().get_queryset().with_source()

    def get_back(self):
        return self.object.get_absolute_url(), gettext("The fee")

    def get_lead(self) -> str:
        return gettext("%(sum)s to %(name)s, for: %(what)s. The partner can claim the fee again.") % {
            "sum": money(self.object.amount),
            "name": self.object.partner.name,
            "what": self.object.what,
        }

    def is_open(self) -> bool:
        return self.object.status == FeeStatus.CLAIMED

    def deed(self, form) -> Fee:
        services.reject_fee(fee=self.object, because=form.cleaned_data["because"], by=self.actor)
        return self.object

    def answer(self, made) -> HttpResponse:
        return self.done(
            gettext("The claim has been sent back, and the partner has been told."),
            self.object.get_absolute_url(),
        )
