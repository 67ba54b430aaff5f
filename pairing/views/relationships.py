"""The relationship's own page and what is done on it."""

from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.accounts.roles import PARENT, PARTNER, SOCIAL_WORKER, STAFF
from kumppani.core.dates import today
from kumppani.core.templatetags.kumppani import day
from kumppani.core.views import DeedView, VisibleDetail, VisibleForm, VisibleList
from pairing import services
from pairing.forms import AcknowledgeForm, AnswerForm, DecisionForm
from pairing.models import AcknowledgedHow, Agreement, CommitmentText, Meeting, Party, Relationship
from pairing.states import OPEN, RelationshipStatus
from pairing.states import RelationshipStatus as S

TONES = {
    S.ACQUAINTING: "note",
    S.PROPOSED: "wait",
    S.DECIDED: "wait",
    S.ACTIVE: "good",
    S.PAUSED: "wait",
    S.ENDED: "plain",
    S.NO_MATCH: "plain",
    S.DECLINED: "plain",
    S.REFUSED: "stop",
}


def state_word(relationship: Relationship, actor) -> str:
    """The same state in two words: one for workers, one for the parent."""
    return relationship.parent_word if actor.role == "parent" else relationship.get_status_display()


def next_step(relationship: Relationship, actor) -> tuple[str, str] | None:
    """(label, url) of what this actor does next here; None when it is somebody else's turn."""
    pk = relationship.pk
    sides = relationship.may_answer_for(actor)
    if sides:
        own = actor.role in ("partner", "parent")
        return (_("Say yes or no") if own else _("Record a yes or a no")), reverse(
            "relationship_answer", args=[pk]
        )
    if relationship.status == S.PROPOSED and relationship.can_decide(actor):
        return _("Record the decision"), reverse("relationship_decide", args=[pk])
    if relationship.status == S.DECIDED and relationship.can_decide(actor):
        if relationship.valid_decision(today()) is None:
            return _("Record a new decision"), reverse("relationship_decide", args=[pk])
        return _("Hold the start meeting"), reverse("start_meeting", args=[pk])
    if relationship.status == S.DECIDED and relationship.party_of(actor) in (Party.PARTNER, Party.PARENT):
        agreement = relationship.current_agreement()
        if (
            agreement
            and agreement.is_complete
            and relationship.party_of(actor) not in agreement.acknowledged_by()
            and relationship.start_meeting.all_present
        ):
            return _("Read the agreement"), reverse("agreement_acknowledge", args=[agreement.pk])
    if relationship.status == S.ACTIVE and relationship.can_log_meeting(actor):
        return _("Log a meeting"), reverse("meeting_log", args=[pk])
    return None


def life_steps(relationship: Relationship, actor) -> list[dict]:
    """The line of the relationship's life, for the steps component."""
    line = [S.ACQUAINTING, S.PROPOSED, S.DECIDED, S.ACTIVE, S.ENDED]
    status = S.ACTIVE if relationship.status == S.PAUSED else relationship.status
    if status not in line:
        return []
    place = line.index(status)
    words = {
        S.ACQUAINTING: _("Getting acquainted"),
        S.PROPOSED: _("Decision"),
        S.DECIDED: _("Start meeting"),
        S.ACTIVE: _("Meetings"),
        S.ENDED: _("End"),
    }
    return [
        {
            "label": words[step],
            "state": "done" if index < place else "current" if index == place else "todo",
        }
        for index, step in enumerate(line)
    ]


class RelationshipList(VisibleList):
    allowed_roles = STAFF | SOCIAL_WORKER
    model = Relationship
    template_name = "pairing/relationship_list.html"
    title = gettext_lazy("Relationships")
    order = ("-proposed_on", "-id")
    GROUPS = {
        "open": OPEN,
        "active": {S.ACTIVE, S.PAUSED},
        "coming": {S.ACQUAINTING, S.PROPOSED, S.DECIDED},
        "ended": {S.ENDED, S.NO_MATCH, S.DECLINED, S.REFUSED},
    }

    def get_queryset(self):
        self.group = self.request.GET.get("show", "open")
        if self.group not in self.GROUPS:
            self.group = "open"
        return (
            super()
            .get_queryset()
            .filter(status__in=[status.value for status in self.GROUPS[self.group]])
            .with_people()
        )

    def extra(self, rows) -> dict:
        for relationship in rows:
            relationship.tone = TONES[relationship.status]
        groups = [
            ("open", _("All open")),
            ("coming", _("On the way")),
            ("active", _("Active")),
            ("ended", _("Ended")),
        ]
        return {"group": self.group, "groups": groups}


class RelationshipDetail(VisibleDetail):
    """Everything about a relationship that this actor may see, and the next step."""

    allowed_roles = STAFF | SOCIAL_WORKER | PARTNER | PARENT
    model = Relationship
    template_name = "pairing/relationship_detail.html"

    def get_title(self) -> str:
        role = self.actor.role
        if role == "partner":
            return self.object.parent.first_name
        if role == "parent":
            return self.object.partner.first_name
        return f"{self.object.parent.first_name} & {self.object.partner.first_name}"

    def get_back(self) -> tuple[str, str]:
        if self.actor.role in ("staff", "social_worker"):
            return reverse("relationship_list"), _("Relationships")
        return reverse("home"), _("Home")

    def get_queryset(self):
        return super().get_queryset().with_people().select_related("start_meeting").with_meeting_counts()

    # What there is to read depends on the state: a page asks only for that.
    READS = {
        S.ACQUAINTING: ["answers"],
        S.NO_MATCH: ["answers"],
        S.PROPOSED: [],
        S.DECLINED: [],
        S.DECIDED: ["decisions__legal_ground", "agreements__goals", "agreements__acknowledgements"],
    }
    READS_LATER = ["decisions__legal_ground", "agreements__goals"]

    def extra(self) -> dict:
        relationship = self.object
        prefetch_related_objects([relationship], *self.READS.get(relationship.status, self.READS_LATER))
        has_agreement = relationship.status not in (S.ACQUAINTING, S.NO_MATCH, S.PROPOSED, S.DECLINED)
        agreement = relationship.current_agreement() if has_agreement else None
        meetings = (
            Meeting.objects.visible_to(self.actor)
            .filter(relationship=relationship)
            .order_by("-date", "-id")[:5]
        )
        step = next_step(relationship, self.actor)
        return {
            "state_word": state_word(relationship, self.actor),
            "tone": TONES[relationship.status],
            "steps": life_steps(relationship, self.actor),
            "step_label": step[0] if step else "",
            "step_url": step[1] if step else "",
            "decision": next(iter(relationship.decisions.all()), None) if has_agreement else None,
            "agreement": agreement,
            "goals": list(agreement.goals.all()) if agreement and self.may_read_agreement() else [],
            "agreement_facts": self.agreement_facts(agreement)
            if agreement and self.may_read_agreement()
            else [],
            "meetings": meetings,
            "shows_meetings": self.actor.role != "social_worker",
            "answers": self.answers(),
            "party": relationship.party_of(self.actor) or "",
            "may_end": relationship.can_end(self.actor),
            "may_step_back": relationship.can_step_back(self.actor),
            "may_plan": relationship.status == S.ACTIVE and relationship.can_log_meeting(self.actor),
            "shows_contact": self.actor.role in ("staff", "social_worker")
            or (self.actor.role == "partner" and relationship.status == S.ACTIVE),
        }

    def answers(self) -> list[tuple]:
        """Who has said yes or no: of interest while the two get acquainted, and afterwards to nobody."""
        if self.object.status not in (S.ACQUAINTING, S.NO_MATCH):
            return []
        return [(party.label, self.object.answer_of(party)) for party in (Party.PARTNER, Party.PARENT)]

    def may_read_agreement(self) -> bool:
        """Partner and parent read it once it stands; the worker and the staff always."""
        return self.object.status in (S.ACTIVE, S.PAUSED, S.ENDED) or self.actor.role in (
            "staff",
            "social_worker",
        )

    @staticmethod
    def agreement_facts(agreement: Agreement) -> list[tuple[str, str]]:
        """Duration and scope in words."""
        facts = []
        if agreement.starts_on and agreement.ends_on:
            facts.append((_("Duration"), f"{day(agreement.starts_on)} – {day(agreement.ends_on)}"))
        if agreement.meetings_per_month:
            facts.append((_("Meetings a month"), str(agreement.meetings_per_month)))
        if agreement.told_to_worker:
            facts.append((_("What is told to the social worker"), agreement.told_to_worker))
        return facts


class RelationshipAnswer(VisibleForm):
    """Yes or no, without a reason."""

    allowed_roles = STAFF | SOCIAL_WORKER | PARTNER | PARENT
    model = Relationship
    form_class = AnswerForm
    template_name = "pairing/relationship_answer.html"
    title = gettext_lazy("Shall you go on together?")
    lead = gettext_lazy("Say yes or no. Nobody asks for a reason, and both answers are good ones.")
    submit_label = gettext_lazy("Save the answer")

    def get_title(self) -> str:
        if self.actor.role in ("partner", "parent"):
            return str(self.title)
        return _("Record a yes or a no")

    def get_back(self) -> tuple[str, str]:
        return self.object.get_absolute_url(), _("Back")

    def get_queryset(self):
        return super().get_queryset().with_people().with_start()

    def find(self) -> None:
        super().find()
        self.sides = self.object.may_answer_for(self.actor)
        if not self.sides and self.only_looks:
            raise PermissionDenied

    def form_kwargs(self) -> dict:
        if self.request.method == "POST":
            # The form as it was shown: a side that has been answered in between is refused, not replaced by the other.
            return {"sides": [self.request.POST.get("party", "")]}
        return {"sides": self.sides}

    def deed(self, form):
        party = form.party
        if party not in self.sides:
            raise services.AlreadyMoved
        return services.answer_pair(
            relationship=self.object, party=party, yes=form.cleaned_data["answer"] == "yes", by=self.actor
        )

    def answer(self, made):
        # After a "no" the relationship is over, and a partner no longer sees it.
        url = self.object.get_absolute_url()
        if not Relationship.objects.visible_to(self.actor).filter(pk=self.object.pk).exists():
            url = reverse("home")
        return self.done(_("Saved. Thank you for your answer."), url)


class RelationshipDecide(VisibleForm):
    """Only the parent's own social worker (R2)."""

    allowed_roles = SOCIAL_WORKER
    model = Relationship
    form_class = DecisionForm
    title = gettext_lazy("Record the decision")
    lead = gettext_lazy("The decision itself stays in your own records; only these facts are kept here.")
    submit_label = gettext_lazy("Save the decision")

    def get_back(self) -> tuple[str, str]:
        return self.object.get_absolute_url(), _("Back")

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .select_related(
                "partner__user", "parent__user", "social_worker__user", "social_worker__organisation"
            )
        )

    def may(self) -> bool:
        waits = self.object.status in (RelationshipStatus.PROPOSED, RelationshipStatus.DECIDED)
        return self.object.can_decide(self.actor) and (waits or not self.only_looks)

    def deed(self, form):
        return services.record_decision(relationship=self.object, by=self.actor, **form.facts())

    def answer(self, made):
        self.object.refresh_from_db(fields=["status"])
        if self.object.status == RelationshipStatus.DECIDED:
            message = _("Saved: a positive decision. The start meeting comes next.")
        else:
            message = _("Saved: a negative decision.")
        return self.done(message, self.object.get_absolute_url())


class RelationshipStepBack(DeedView):
    """Before the start, one of the two does not go on."""

    allowed_roles = STAFF | SOCIAL_WORKER
    model = Relationship
    question = gettext_lazy("Does one of the two step back?")
    button = gettext_lazy("Yes, they do not go on together")
    danger = True

    def get_queryset(self):
        return super().get_queryset().with_people()

    def may(self) -> bool:
        return self.object.can_step_back(self.actor) or not self.only_looks

    def consequences(self) -> list[str]:
        return [
            _("No reason is asked."),
            _("The partner no longer sees the parent's data."),
            _("The request waits in the queue again; it can be withdrawn there."),
        ]

    def deed(self) -> str:
        services.step_back(relationship=self.object, by=self.actor)
        return _("Saved. The request waits for another partner.")


class AgreementAcknowledge(VisibleForm):
    """The partner or the parent agrees by own sign-in, after reading what was agreed."""

    allowed_roles = PARTNER | PARENT
    model = Agreement
    form_class = AcknowledgeForm
    template_name = "pairing/agreement_acknowledge.html"
    title = gettext_lazy("What you agreed together")
    lead = gettext_lazy(
        "Read this in peace. If something is not right, tell the social worker before you agree."
    )
    submit_label = gettext_lazy("I agree")

    def get_back(self) -> tuple[str, str]:
        return reverse("home"), _("Home")

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .select_related(
                "relationship__partner__user",
                "relationship__parent__user",
                "relationship__social_worker__user",
                "relationship__start_meeting",
            )
            .prefetch_related("goals", "acknowledgements")
        )

    def extra(self) -> dict:
        return super().extra() | {
            "facts": RelationshipDetail.agreement_facts(self.object),
            "goals": self.object.goals.all(),
            "principles": [
                text
                for text in CommitmentText.objects.visible_to(self.actor).current()
                if text.kind == "principles"
            ],
        }

    def may(self) -> bool:
        """While the start meeting is open; a second press is answered by the token."""
        return self.object.relationship.status == S.DECIDED or not self.only_looks

    def form_kwargs(self) -> dict:
        return {"initial": {"seen_revision": self.object.revision}}

    def deed(self, form):
        if form.cleaned_data["seen_revision"] != self.object.revision:
            raise services.AlreadyMoved
        party = self.object.relationship.party_of(self.actor)
        return services.acknowledge(
            agreement=self.object, party=party, how=AcknowledgedHow.SIGN_IN, by=self.actor
        )

    def answer(self, made):
        return self.done(
            _("Saved: you have agreed."), reverse("relationship_detail", args=[self.object.relationship_id])
        )
