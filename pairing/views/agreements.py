"""What was decided and agreed on, and what is being agreed on now: extensions and changes."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.accounts.roles import PARENT, PARTNER, SOCIAL_WORKER, STAFF
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.core.views import DeedView, VisibleDetail, VisibleForm, VisibleMixin
from pairing import services
from pairing.agreements import agreement_facts, differences, people_of
from pairing.forms import AcknowledgeForm, ProposeAgreementForm
from pairing.models import (
    AcknowledgedHow,
    Agreement,
    AgreementKind,
    CommitmentText,
    Decision,
    Party,
    Relationship,
)
from pairing.papers import has_paper
from pairing.states import RelationshipStatus as S
from pairing.views.headings import WORKERS, whose


class RelationshipAgreements(VisibleDetail):
    """Decisions, the agreement in force, what waits to be accepted, and the earlier ones."""

    allowed_roles = STAFF | SOCIAL_WORKER | PARTNER | PARENT
    model = Relationship
    template_name = "pairing/relationship_agreements.html"

    def get_title(self) -> str:
        return _("Agreement and decision") if self.actor.role in WORKERS else _("What you have agreed on")

    def get_kicker(self) -> str:
        return whose(self.object, self.actor)

    def get_back(self) -> tuple[str, str]:
        return self.object.get_absolute_url(), _("Back")

    def get_queryset(self):
        decisions = Decision.objects.visible_to(self.actor).select_related(
            "legal_ground", "maker__user", "organisation", "grant"
        )
        agreements = Agreement.objects.visible_to(self.actor).select_related("ground_rules")
        return (
            super()
            .get_queryset()
            .with_people()
            .select_related("start_meeting")
            .prefetch_related(
                Prefetch("decisions", decisions),
                Prefetch("agreements", agreements),
                "agreements__goals",
                "agreements__acknowledgements__recorded_by",
            )
        )

    def extra(self) -> dict:
        relationship = self.object
        in_force, open_one = relationship.agreement_in_force(), relationship.open_agreement()
        for agreement in relationship.agreements.all():
            agreement.relationship = relationship
        earlier = [one for one in relationship.agreements.all() if one not in (in_force, open_one)]
        party = relationship.party_of(self.actor)
        writes = relationship.can_propose_agreement(self.actor)
        return {
            "decisions": list(relationship.decisions.all()),
            "tells_all": self.actor.role in WORKERS,
            "in_force": self.told(in_force) if in_force else None,
            "proposal": self.proposal(open_one, in_force, party) if open_one else None,
            "earlier": [self.told(one) for one in reversed(earlier)],
            "may_decide": relationship.status in services.DECIDABLE and party == Party.WORKER,
            "may_propose": writes and in_force is not None and open_one is None,
            "party": party or "",
        }

    def told(self, agreement: Agreement) -> dict:
        """An agreement with its words and its three."""
        return {
            "agreement": agreement,
            "facts": agreement_facts(agreement),
            "goals": agreement.goals.all(),
            "people": people_of(self.object, agreement),
            "has_paper": has_paper(agreement),
        }

    def proposal(self, agreement: Agreement, in_force: Agreement | None, party: str | None) -> dict:
        """What waits to be accepted: what is new in it, who is missing, and what this actor does with it."""
        missing = services.missing_for_agreeing(agreement)
        starting = agreement.kind == AgreementKind.START
        live = self.object.status == S.DECIDED if starting else self.object.is_running
        return self.told(agreement) | {
            "starting": starting,
            "new": differences(agreement, in_force) if in_force else [],
            "may_accept": live and not missing and party is not None,
            "accepted": party in agreement.acknowledged_by(),
            "may_write": live and not starting and self.object.can_propose_agreement(self.actor),
            "may_hold": live and starting and party == Party.WORKER,
        }


class AgreementPropose(VisibleForm):
    """The social worker writes an extension or a change, or mends the one that waits."""

    allowed_roles = SOCIAL_WORKER
    model = Relationship
    form_class = ProposeAgreementForm
    template_name = "pairing/agreement_propose.html"
    title = gettext_lazy("Extend or change the agreement")
    submit_label = gettext_lazy("Save and ask the others")

    def get_lead(self) -> str:
        if self.proposal:
            return _(
                "Somebody may have accepted this already. When you change a word, all three accept again."
            )
        return _(
            "What you write holds when all three have accepted it. Until then the present agreement holds."
        )

    def get_kicker(self) -> str:
        return whose(self.object, self.actor)

    def get_back(self) -> tuple[str, str]:
        return reverse("relationship_agreements", args=[self.object.pk]), _("Back")

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .with_people()
            .prefetch_related("decisions", "agreements__goals", "agreements__acknowledgements")
        )

    def may(self) -> bool:
        return self.object.can_propose_agreement(self.actor)

    def find(self) -> None:
        super().find()
        self.in_force = self.object.agreement_in_force()
        self.proposal = self.object.open_agreement()
        if self.in_force is None:
            raise PermissionDenied

    def form_kwargs(self) -> dict:
        return {
            "in_force": self.in_force,
            "proposal": self.proposal,
            "decided_until": services.decided_until(self.object),
        }

    def extra(self) -> dict:
        return super().extra() | {
            "in_force": self.in_force,
            "proposal": self.proposal,
            "decided_until": services.decided_until(self.object),
        }

    def purpose(self) -> str:
        return f"agreement_propose:{self.object.pk}"

    def deed(self, form):
        kind, data = form.cleaned_data["kind"], form.cleaned_data
        if self.proposal:
            return services.write_agreement(
                agreement=self.proposal,
                facts=form.facts() | {"kind": kind},
                goals=form.goals(),
                by=self.actor,
                seen_revision=data["seen_revision"],
            )
        return services.propose_agreement(
            relationship=self.object,
            kind=kind,
            facts=form.facts(),
            goals=form.goals(),
            by=self.actor,
            seen_number=data["seen_number"],
        )

    def answer(self, made):
        return self.done(
            _("Saved. The others have been asked to read it and to accept it."),
            reverse("agreement_acknowledge", args=[made]),
        )


class _OfAgreement(VisibleMixin):
    model = Agreement

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .select_related(
                "ground_rules",
                "relationship__partner__user",
                "relationship__parent__user",
                "relationship__social_worker__user",
                "relationship__start_meeting",
            )
            .prefetch_related("goals", "acknowledgements__recorded_by")
        )

    def get_kicker(self) -> str:
        return whose(self.object.relationship, self.actor)

    def get_back(self) -> tuple[str, str]:
        return self.page_url(), _("Back")

    def page_url(self) -> str:
        return reverse("relationship_agreements", args=[self.object.relationship_id])


class AgreementAcknowledge(_OfAgreement, VisibleForm):
    """One of the three agrees by own sign-in, after reading it.

    For the social worker the same page serves all three: the others agree on this screen, or have done so on paper.
    """

    allowed_roles = PARTNER | PARENT | SOCIAL_WORKER
    form_class = AcknowledgeForm
    template_name = "pairing/agreement_acknowledge.html"
    submit_label = gettext_lazy("I agree")

    def get_title(self) -> str:
        return _("What you agreed together") if self.is_start else _("Something new to agree on")

    def get_lead(self) -> str:
        if self.actor.role == "social_worker":
            return _("It holds when all three have accepted it. Until then the present agreement holds.")
        return _("Read this in peace. If something is not right, tell the social worker before you agree.")

    @property
    def is_start(self) -> bool:
        return self.object.kind == AgreementKind.START

    def find(self) -> None:
        if self.only_looks and hasattr(self, "object"):
            return  # `get` has found it already: one look is one row in the audit trail
        super().find()

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.find()
        if self.led_on:
            return HttpResponseRedirect(reverse("start_meeting", args=[self.object.relationship_id]))
        return super().get(request, *args, **kwargs)

    def may(self) -> bool:
        """While it is open and whole; a second press is answered by the token."""
        relationship = self.object.relationship
        if relationship.party_of(self.actor) is None:
            return False
        if self.led_on or not self.only_looks:
            return True
        live = relationship.status == S.DECIDED if self.is_start else relationship.is_running
        return self.object.is_open and live and not services.missing_for_agreeing(self.object)

    @property
    def led_on(self) -> bool:
        """The start meeting has a page of its own, on which the social worker finds the three."""
        return self.actor.role == "social_worker" and self.is_start

    def extra(self) -> dict:
        relationship, in_force = self.object.relationship, None
        if not self.is_start:
            prefetch_related_objects([relationship], "agreements__goals")
            in_force = relationship.agreement_in_force()
        people = people_of(relationship, self.object)
        party = relationship.party_of(self.actor)
        return super().extra() | {
            "facts": agreement_facts(self.object),
            "goals": self.object.goals.all(),
            "new": differences(self.object, in_force) if in_force else [],
            "people": people,
            "party": party,
            "accepted": any(person["given"] for person in people if person["party"] == party),
            "records": party == Party.WORKER,
            # Read at the start; an extension begins from what all three know.
            "principles": (
                CommitmentText.objects.visible_to(self.actor).in_force().filter(kind="principles")
                if self.is_start
                else []
            ),
        }

    def form_kwargs(self) -> dict:
        return {"initial": {"seen_revision": self.object.revision}}

    def deed(self, form):
        if form.cleaned_data["seen_revision"] != self.object.revision:
            raise AlreadyMoved
        party = self.object.relationship.party_of(self.actor)
        return services.acknowledge(
            agreement=self.object, party=party, how=AcknowledgedHow.SIGN_IN, by=self.actor
        )

    def answer(self, made):
        url = self.page_url()
        if self.is_start:
            url = reverse("relationship_detail", args=[self.object.relationship_id])
        elif self.actor.role == "social_worker" and self.get_object().is_open:
            url = f"{self.request.path}#agree"  # the others may agree here too
        return self.done(_("Saved: you have agreed."), url)


class RecordsAcknowledgement:
    """The social worker's screen: one of the three taps "I agree" on it, or has agreed on paper. One tap, no form."""

    def record(self, agreement: Agreement | None, page: str) -> HttpResponse | None:
        """Do what was tapped; the page again, with a word, when it was refused."""
        data = self.request.POST
        party, how = data.get("party", ""), data.get("how", AcknowledgedHow.SCREEN)
        known = party in Party.values and how in (AcknowledgedHow.SCREEN, AcknowledgedHow.PAPER)
        try:
            if agreement is None or not known:
                raise MoveRefused(_("This cannot be acknowledged here now."))
            if data.get("revision") != str(agreement.revision):
                raise AlreadyMoved
            services.acknowledge(agreement=agreement, party=party, how=how, by=self.actor)
        except MoveRefused as refused:
            messages.warning(self.request, str(refused))
            return HttpResponseRedirect(page)
        return None


class AgreementRecord(RecordsAcknowledgement, _OfAgreement, VisibleForm):
    """An extension or a change: what one of the three says on the social worker's screen, or has signed on paper."""

    allowed_roles = SOCIAL_WORKER
    form_class = None

    def may(self) -> bool:
        return self.object.relationship.party_of(self.actor) == Party.WORKER

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.find()
        return HttpResponseRedirect(self.page_url())

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.find()
        page = reverse("agreement_acknowledge", args=[self.object.pk])
        refused = self.record(self.object, self.page_url())
        if refused is not None:
            return refused
        self.object.refresh_from_db(fields=["agreed_on"])
        if self.object.agreed_on is not None:
            messages.success(request, _("All three have agreed. From now on this agreement holds."))
            return HttpResponseRedirect(self.page_url())
        messages.success(request, _("Saved: %(who)s agrees.") % {"who": Party(request.POST["party"]).label})
        return HttpResponseRedirect(f"{page}#agree")


class AgreementWithdraw(_OfAgreement, DeedView):
    """The social worker takes back what has not been accepted by all three."""

    allowed_roles = SOCIAL_WORKER
    question = gettext_lazy("Withdraw what you have proposed?")
    button = gettext_lazy("Yes, I withdraw it")
    danger = True

    def may(self) -> bool:
        mine = self.object.relationship.can_propose_agreement(self.actor)
        return (
            mine and self.object.kind != AgreementKind.START and (self.object.is_open or not self.only_looks)
        )

    def get_back(self) -> tuple[str, str]:
        return self.page_url(), ""

    def get_success_url(self) -> str:
        return self.page_url()

    def consequences(self) -> list[str]:
        return [
            _("The present agreement goes on as it is."),
            _("The partner and the parent are told that it has been withdrawn."),
            _("You can propose something new at any time."),
        ]

    def deed(self) -> str:
        services.withdraw_agreement(agreement=self.object, by=self.actor)
        return _("Withdrawn. The present agreement goes on as it is.")
