"""The peer-support relationship, from the request to its end (design.md 3, domain 5.4).

R1 – a relationship becomes active only with a valid positive decision *and* a held start meeting with all three *and*
duration, scope and at least one goal acknowledged by all three – is checked here in words and refused by the database
itself: see `pairing/triggers.py`.
"""

import datetime

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.models import User
from kumppani.core.dates import today
from kumppani.core.models import BaseModel
from kumppani.core.privacy import Privacy, Retention
from kumppani.core.states import MoveRefused, StatefulModel
from kumppani.organisations.models import Organisation
from pairing.models.people import ExperiencePartner, Parent, SocialWorker
from pairing.models.request import ContactRequest
from pairing.querysets import (
    PairAnswerQuerySet,
    RelationshipQuerySet,
)
from pairing.states import (
    OPEN,
    PARENT_WORDS,
    RELATIONSHIP_TRANSITIONS,
    RelationshipStatus,
)


class Party(models.TextChoices):
    """The three people of a relationship."""

    WORKER = "worker", _("social worker")
    PARTNER = "partner", _("experience partner")
    PARENT = "parent", _("parent")


class Relationship(StatefulModel):
    """A partner and a parent, with the parent's social worker."""

    TRANSITIONS = RELATIONSHIP_TRANSITIONS

    request = models.ForeignKey(
        ContactRequest, verbose_name=_("request"), on_delete=models.PROTECT, related_name="relationships"
    )
    parent = models.ForeignKey(
        Parent, verbose_name=_("parent"), on_delete=models.PROTECT, related_name="relationships"
    )
    partner = models.ForeignKey(
        ExperiencePartner,
        verbose_name=_("experience partner"),
        on_delete=models.PROTECT,
        related_name="relationships",
    )
    social_worker = models.ForeignKey(
        SocialWorker, verbose_name=_("social worker"), on_delete=models.PROTECT, related_name="relationships"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=RelationshipStatus.choices,
        default=RelationshipStatus.ACQUAINTING,
        editable=False,
    )
    proposed_on = models.DateField(_("proposed"))
    started_on = models.DateField(_("started"), null=True, blank=True, editable=False)
    active_since = models.DateField(_("active since"), null=True, blank=True, editable=False)
    ended_on = models.DateField(_("ended"), null=True, blank=True, editable=False)

    objects = RelationshipQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RELATIONSHIP,
        about=("parent", "partner"),
        internal=("request", "social_worker", "organisation", "status", "proposed_on"),
        personal=("started_on", "active_since", "ended_on"),
        special=("parent", "partner"),
    )

    class Meta:
        verbose_name = _("peer-support relationship")
        verbose_name_plural = _("peer-support relationships")
        indexes = [
            models.Index(fields=["partner", "status"], name="relationship_partner"),
            models.Index(fields=["social_worker", "status"], name="relationship_worker"),
            models.Index(fields=["started_on", "ended_on"], name="relationship_span"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=RelationshipStatus.values),
                name="relationship_status_known",
                violation_error_message=_("This state is not known."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["active", "paused", "ended"])
                | Q(started_on__isnull=False, active_since__isnull=False),
                name="relationship_active_has_start",
                violation_error_message=_("An active relationship has the date on which it started."),
            ),
            models.CheckConstraint(
                condition=Q(started_on__isnull=True) | Q(status__in=["active", "paused", "ended"]),
                name="relationship_start_only_when_started",
                violation_error_message=_(
                    "Only a relationship that has started has the date on which it started."
                ),
            ),
            models.CheckConstraint(
                condition=Q(status="ended", ended_on__isnull=False)
                | (~Q(status="ended") & Q(ended_on__isnull=True)),
                name="relationship_ended_has_end",
                violation_error_message=_(
                    "An ended relationship has the date on which it ended, others have none."
                ),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(started_on__lte=F("ended_on")),
                name="relationship_dates_in_order",
                violation_error_message=_("A relationship cannot end before it has started."),
            ),
            models.UniqueConstraint(
                fields=["parent"],
                condition=Q(status__in=["acquainting", "proposed", "decided", "active", "paused"]),
                name="relationship_one_open_per_parent",
                violation_error_message=_("This parent already has a partner or is getting to know one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()}"

    def get_absolute_url(self) -> str:
        return reverse("relationship_detail", args=[self.pk])

    # --- who may do what -----------------------------------------------------------------------------------
    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def parent_word(self) -> str:
        """The state in the parent's words."""
        return str(PARENT_WORDS[self.status])

    def party_of(self, actor) -> str | None:
        """Which of the three this actor is, or None."""
        if (
            actor.role == "social_worker"
            and self.social_worker.user_id == actor.user_id
            and self.social_worker.organisation_id == actor.organisation_id
        ):
            return Party.WORKER
        if actor.role == "partner" and self.partner.user_id == actor.user_id:
            return Party.PARTNER
        if (
            actor.role == "parent"
            and self.parent.user_id is not None
            and self.parent.user_id == actor.user_id
        ):
            return Party.PARENT
        return None

    def can_decide(self, actor) -> bool:
        """Only the parent's own social worker records the decision (R2)."""
        return self.party_of(actor) == Party.WORKER

    def can_step_back(self, actor) -> bool:
        """Before the start, the social worker or the staff record that one of the two does not go on (R16)."""
        return self.status in (
            RelationshipStatus.ACQUAINTING,
            RelationshipStatus.PROPOSED,
            RelationshipStatus.DECIDED,
        ) and (actor.role == "staff" or self.party_of(actor) == Party.WORKER)

    def can_log_meeting(self, actor) -> bool:
        """Only the relationship's partner logs its meetings."""
        return self.party_of(actor) == Party.PARTNER

    # --- both say yes --------------------------------------------------------------------------------------
    def answer_of(self, party: str) -> "PairAnswer | None":
        """The yes or no one side has given."""
        return next((answer for answer in self.answers.all() if answer.party == party), None)

    def may_answer_for(self, actor) -> list[str]:
        """The sides for which this actor may record a yes or no: one's own, or the parent's as told to a worker."""
        if self.status != RelationshipStatus.ACQUAINTING:
            return []
        party = self.party_of(actor)
        sides = {
            Party.WORKER: [Party.PARENT],
            Party.PARTNER: [Party.PARTNER],
            Party.PARENT: [Party.PARENT],
        }.get(party, [Party.PARTNER, Party.PARENT] if actor.role == "staff" else [])
        return [side for side in sides if self.answer_of(side) is None]

    # --- the decision --------------------------------------------------------------------------------------
    def valid_decision(self, day: datetime.date) -> "models.Model | None":
        """The positive decision that covers this day."""
        return next(
            (
                decision
                for decision in self.decisions.all()
                if decision.is_positive and decision.valid_from <= day <= decision.valid_to
            ),
            None,
        )

    # --- active, and only so -------------------------------------------------------------------------------
    def missing_for_start(self, day: datetime.date | None = None) -> list[str]:
        """What R1 still lacks, each in words; empty when the relationship may become active."""
        day = day or today()
        missing = []
        if self.valid_decision(day) is None:
            missing.append(gettext("a valid positive decision"))
        start_meeting = getattr(self, "start_meeting", None)
        if start_meeting is None or start_meeting.held_on is None:
            missing.append(gettext("a start meeting with all three present"))
        agreement = self.current_agreement()
        if agreement is None or not agreement.is_complete:
            missing.append(gettext("duration and scope"))
        if agreement is None or not agreement.goals.all():
            missing.append(gettext("at least one goal"))
        for party in Party:
            if agreement is None or party not in agreement.acknowledged_by():
                missing.append(gettext("acknowledgement: %(who)s") % {"who": party.label})
        return missing

    def current_agreement(self) -> "models.Model | None":
        """The agreement with the highest number."""
        agreements = sorted(self.agreements.all(), key=lambda agreement: agreement.number)
        return agreements[-1] if agreements else None

    def activate(self, *, by, on: datetime.date | None = None) -> None:
        """Become active (again). Raises `MoveRefused` naming what is missing (R1)."""
        day = on or today()
        if day > today():
            raise MoveRefused(gettext("A relationship cannot start in the future."))
        missing = self.missing_for_start(day)
        if missing:
            raise MoveRefused(
                gettext("Before the relationship can start: %(what)s.") % {"what": ", ".join(missing)}
            )
        self.move_to(RelationshipStatus.ACTIVE, by=by, active_since=day, started_on=self.started_on or day)

    def can_end(self, actor) -> bool:
        """Ending is open to the social worker and the staff here; it needs no reason (R16)."""
        return self.status in (RelationshipStatus.ACTIVE, RelationshipStatus.PAUSED) and (
            actor.role == "staff" or self.party_of(actor) == Party.WORKER
        )

    def end(self, *, by, on: datetime.date | None = None) -> None:
        """End, without a reason (R16)."""
        self.move_to(RelationshipStatus.ENDED, by=by, ended_on=on or today())


class PairAnswer(BaseModel):
    """One side's yes or no to the other, without a reason (5.4)."""

    relationship = models.ForeignKey(
        Relationship, verbose_name=_("relationship"), on_delete=models.CASCADE, related_name="answers"
    )
    party = models.CharField(
        _("who"),
        max_length=10,
        choices=[(Party.PARTNER, Party.PARTNER.label), (Party.PARENT, Party.PARENT.label)],
    )
    yes = models.BooleanField(_("yes"))
    answered_on = models.DateField(_("answered"))
    recorded_by = models.ForeignKey(
        User,
        verbose_name=_("recorded by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = PairAnswerQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RELATIONSHIP,
        about=("relationship__parent", "relationship__partner"),
        internal=("relationship", "answered_on", "recorded_by"),
        special=("party", "yes"),
    )

    class Meta:
        verbose_name = _("answer to a proposed pair")
        verbose_name_plural = _("answers to proposed pairs")
        constraints = [
            models.UniqueConstraint(
                fields=["relationship", "party"],
                name="answer_once_per_side",
                violation_error_message=_("This side has answered already."),
            ),
            models.CheckConstraint(
                condition=Q(party__in=["partner", "parent"]),
                name="answer_side_known",
                violation_error_message=_("Only the partner and the parent answer."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party}"
