"""The relationship's own page and what is done on it."""

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.accounts.roles import PARENT, PARTNER, SOCIAL_WORKER, STAFF
from kumppani.core.dates import today
from kumppani.core.views import VisibleDetail, VisibleList
from pairing.agreements import agreement_facts
from pairing.benefit import party_name
from pairing.models import Meeting, Party, Relationship
from pairing.services import missing_for_agreeing
from pairing.states import OPEN
from pairing.states import RelationshipStatus as S
from pairing.views.pairs import acquaintance_of

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
            and relationship.party_of(actor) not in agreement.acknowledged_by()
            and not missing_for_agreeing(agreement)
        ):
            return _("Read the agreement"), reverse("agreement_acknowledge", args=[agreement.pk])
    if relationship.is_running and (waiting := relationship.open_agreement()):
        party = relationship.party_of(actor)
        if party is not None and party not in waiting.acknowledged_by():
            return _("Read the new agreement"), reverse("agreement_acknowledge", args=[waiting.pk])
    if relationship.can_resume(actor) and actor.role != "staff":
        return _("Go on after the break"), reverse("relationship_resume", args=[pk])
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
        S.DECIDED: ["decisions", "agreements__goals", "agreements__acknowledgements"],
    }
    READS_LATER = ["agreements__goals", "agreements__acknowledgements"]

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
            "agreement": agreement,
            "goals": list(agreement.goals.all()) if agreement and self.may_read_agreement() else [],
            "agreement_facts": agreement_facts(agreement) if agreement and self.may_read_agreement() else [],
            "meetings": meetings,
            "shows_meetings": self.actor.role != "social_worker",
            "answers": self.answers(),
            "acquaintance": acquaintance_of(relationship, self.actor),
            "party": relationship.party_of(self.actor) or "",
            "may_change": relationship.is_running and relationship.may_change(self.actor),
            "may_step_back": relationship.can_step_back(self.actor),
            "may_plan": relationship.status == S.ACTIVE and relationship.can_log_meeting(self.actor),
            "shows_contact": self.actor.role in ("staff", "social_worker")
            or (self.actor.role == "partner" and relationship.status == S.ACTIVE),
        }

    def answers(self) -> list[tuple]:
        """Who has said yes or no: of interest while the two get acquainted, and afterwards to nobody."""
        if self.object.status not in (S.ACQUAINTING, S.NO_MATCH):
            return []
        own = self.object.party_of(self.actor)
        return [
            (party_name(party, own), self.object.answer_of(party)) for party in (Party.PARTNER, Party.PARENT)
        ]

    def may_read_agreement(self) -> bool:
        """Partner and parent read it once it stands; the worker and the staff always."""
        return self.object.status in (S.ACTIVE, S.PAUSED, S.ENDED) or self.actor.role in (
            "staff",
            "social_worker",
        )
