"""The peer-support relationship, from the request to its end (design.md 3, domain 5.4).

R1 – a relationship becomes active only with a valid positive decision *and* a held start meeting with all three *and*
duration, scope and at least one goal acknowledged by all three – is checked here in words and refused by the database
itself: see `pairing/triggers.py`.
"""

import datetime

from django.core.validators import MaxValueValidator, MinValueValidator
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
    AcquaintanceMeetingQuerySet,
    HandOverQuerySet,
    PairAnswerQuerySet,
    PauseQuerySet,
    RelationshipQuerySet,
    WishQuerySet,
)
from pairing.states import (
    OPEN,
    PARENT_WORDS,
    RELATIONSHIP_TRANSITIONS,
    RelationshipStatus,
)


class PlaceKind(models.TextChoices):
    """Only the kind of place: never an address (R14)."""

    HOME = "home", _("home")
    OFFICE = "office", _("office")
    CAFE = "cafe", _("café")
    OUTDOORS = "outdoors", _("outdoors")
    REMOTE = "remote", _("remote")
    OTHER = "other", _("elsewhere")


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
    continues = models.ForeignKey(
        "self",
        verbose_name=_("continues"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="continued_by",
    )
    proposed_on = models.DateField(_("proposed"))
    started_on = models.DateField(_("started"), null=True, blank=True, editable=False)
    active_since = models.DateField(_("active since"), null=True, blank=True, editable=False)
    ended_on = models.DateField(_("ended"), null=True, blank=True, editable=False)

    objects = RelationshipQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RELATIONSHIP,
        about=("parent", "partner"),
        internal=("request", "social_worker", "organisation", "status", "continues", "proposed_on"),
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
            models.CheckConstraint(
                condition=Q(continues__isnull=True) | ~Q(continues=F("id")),
                name="relationship_continues_another",
                violation_error_message=_("A relationship cannot continue itself."),
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
        """Which of the three this actor is, or None. A social worker's substitute of today is the worker."""
        if actor.role == "social_worker" and self.social_worker.is_acted_for_by(actor):
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
        """Before the start any of the three steps back, without a reason; the staff record it (R16)."""
        return self.status in (
            RelationshipStatus.ACQUAINTING,
            RelationshipStatus.PROPOSED,
            RelationshipStatus.DECIDED,
        ) and self.may_change(actor)

    def can_log_meeting(self, actor) -> bool:
        """Only the relationship's partner logs its meetings."""
        return self.party_of(actor) == Party.PARTNER

    def can_log_acquaintance(self, actor) -> bool:
        """The partner, until the start meeting has been held: afterwards they meet, and it counts (R4)."""
        return self.party_of(actor) == Party.PARTNER and self.status in (
            RelationshipStatus.ACQUAINTING,
            RelationshipStatus.PROPOSED,
            RelationshipStatus.DECIDED,
        )

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

    def agreement_in_force(self) -> "models.Model | None":
        """The newest agreement that all three have accepted."""
        agreed = [agreement for agreement in self.agreements.all() if agreement.agreed_on is not None]
        return max(agreed, key=lambda agreement: agreement.number, default=None)

    def open_agreement(self) -> "models.Model | None":
        """The agreement that is being made: of the start meeting, an extension or a change. At most one."""
        return next((agreement for agreement in self.agreements.all() if agreement.is_open), None)

    def current_agreement(self) -> "models.Model | None":
        """What holds now, or, before anything holds, what is being agreed on."""
        return self.agreement_in_force() or self.open_agreement()

    def last_day(self) -> datetime.date | None:
        """The last day of peer support: what was agreed, and never longer than a decision is valid."""
        agreement = self.agreement_in_force()
        valid_to = max((d.valid_to for d in self.decisions.all() if d.is_positive), default=None)
        days = [day for day in (agreement and agreement.ends_on, valid_to) if day]
        return min(days, default=None)

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

    def may_change(self, actor) -> bool:
        """Any of the three, and the staff, may pause, change or end, without a reason (R16)."""
        return actor.role == "staff" or self.party_of(actor) is not None

    def can_end(self, actor) -> bool:
        """Any party may end (R16)."""
        return self.is_running and self.may_change(actor)

    def can_pause(self, actor) -> bool:
        """Any party may take a break (R16)."""
        return self.status == RelationshipStatus.ACTIVE and self.may_change(actor)

    def can_resume(self, actor) -> bool:
        """Any party may say that the break is over; what R1 asks for must still hold."""
        return self.status == RelationshipStatus.PAUSED and self.may_change(actor)

    def can_wish(self, actor) -> bool:
        """Any of the three may wish for something while it runs; worker and staff record what they were told."""
        return self.is_running and self.may_change(actor)

    def can_propose_agreement(self, actor) -> bool:
        """The social worker writes an extension or a change; all three then accept it."""
        return self.is_running and self.party_of(actor) == Party.WORKER

    def can_change_partner(self, actor) -> bool:
        """Staff find another partner; anybody may wish for it."""
        return self.is_running and actor.role == "staff"

    def can_review(self, actor) -> bool:
        """The social worker and the staff write down a review; after the end the closing meeting, which is offered."""
        return self.started_on is not None and (actor.role == "staff" or self.party_of(actor) == Party.WORKER)

    @property
    def has_papers(self) -> bool:
        """Whether there can be a decision or an agreement to read."""
        return self.status not in (
            RelationshipStatus.ACQUAINTING,
            RelationshipStatus.NO_MATCH,
            RelationshipStatus.PROPOSED,
            RelationshipStatus.DECLINED,
        )

    @property
    def is_running(self) -> bool:
        """Started and not ended."""
        return self.status in (RelationshipStatus.ACTIVE, RelationshipStatus.PAUSED)

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


class AcquaintanceMeeting(BaseModel):
    """The two meet before anything is decided (B2). A record of its own: it never counts as a meeting (R4)."""

    relationship = models.ForeignKey(
        Relationship,
        verbose_name=_("relationship"),
        on_delete=models.PROTECT,
        related_name="acquaintance_meetings",
    )
    date = models.DateField(_("date"))
    minutes = models.PositiveSmallIntegerField(
        _("length in minutes"), validators=[MinValueValidator(5), MaxValueValidator(720)]
    )
    place = models.CharField(_("place"), max_length=10, choices=PlaceKind.choices)
    logged_by = models.ForeignKey(
        User, verbose_name=_("logged by"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = AcquaintanceMeetingQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RELATIONSHIP,
        about=("relationship__parent", "relationship__partner"),
        internal=("relationship", "logged_by"),
        special=("date", "minutes", "place"),
    )

    class Meta:
        verbose_name = _("acquaintance meeting")
        verbose_name_plural = _("acquaintance meetings")
        ordering = ["-date", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=720),
                name="acquaintance_length_sensible",
                violation_error_message=_("A meeting lasts from 5 minutes to 12 hours."),
            ),
            models.CheckConstraint(
                condition=Q(place__in=PlaceKind.values),
                name="acquaintance_place_known",
                violation_error_message=_("Choose the kind of place from the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date}"


class EndedBy(models.TextChoices):
    """Who, or what, brought about a break or the end. No reason is asked of anybody (R16)."""

    WORKER = "worker", _("social worker")
    PARTNER = "partner", _("experience partner")
    PARENT = "parent", _("parent")
    STAFF = "staff", _("project staff")
    TIME = "time", _("the agreed time ran out")
    DECISION = "decision", _("the decision ran out")


class Pause(BaseModel):
    """A break, with a last day or without; no reason is asked (R16)."""

    relationship = models.ForeignKey(
        Relationship, verbose_name=_("relationship"), on_delete=models.PROTECT, related_name="pauses"
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day, if it is known"), null=True, blank=True)
    over_on = models.DateField(_("over"), null=True, blank=True, editable=False)
    asked_by = models.CharField(_("who wished for it"), max_length=10, choices=EndedBy.choices)

    objects = PauseQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RELATIONSHIP,
        about=("relationship__parent", "relationship__partner"),
        internal=("relationship",),
        special=("starts_on", "ends_on", "over_on", "asked_by"),
    )

    class Meta:
        verbose_name = _("break")
        verbose_name_plural = _("breaks")
        ordering = ["-starts_on", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on")),
                name="pause_dates_in_order",
                violation_error_message=_("The last day cannot be before the first day."),
            ),
            models.CheckConstraint(
                condition=Q(over_on__isnull=True) | Q(starts_on__lte=F("over_on")),
                name="pause_over_after_start",
                violation_error_message=_("A break cannot be over before it has begun."),
            ),
            models.UniqueConstraint(
                fields=["relationship"],
                condition=Q(over_on__isnull=True),
                name="pause_one_at_a_time",
                violation_error_message=_("There is a break already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on}"


class HandOver(BaseModel):
    """A parent got another social worker: access moved at that moment, this row keeps the history."""

    parent = models.ForeignKey(
        Parent, verbose_name=_("parent"), on_delete=models.PROTECT, related_name="hand_overs"
    )
    from_worker = models.ForeignKey(
        SocialWorker, verbose_name=_("from"), on_delete=models.PROTECT, related_name="+"
    )
    to_worker = models.ForeignKey(
        SocialWorker, verbose_name=_("to"), on_delete=models.PROTECT, related_name="+"
    )
    handed_over_on = models.DateField(_("handed over"), default=today)
    recorded_by = models.ForeignKey(
        User,
        verbose_name=_("recorded by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = HandOverQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RELATIONSHIP,
        about=("parent",),
        internal=("from_worker", "to_worker", "handed_over_on", "recorded_by"),
        special=("parent",),
    )

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        ordering = ["-handed_over_on", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_worker=F("to_worker")),
                name="hand_over_to_somebody_else",
                violation_error_message=_("Choose another social worker."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.handed_over_on}"


class WishKind(models.TextChoices):
    """What a party may wish for with one tap; stopping needs no wish, it is done at once (R16)."""

    CHANGE = "change", _("to change something")
    PARTNER = "partner", _("to change the partner")
    TALK = "talk", _("to talk with the social worker")


class Wish(BaseModel):
    """One of the three wishes for a change. No words are asked: somebody calls."""

    relationship = models.ForeignKey(
        Relationship, verbose_name=_("relationship"), on_delete=models.PROTECT, related_name="wishes"
    )
    party = models.CharField(_("who"), max_length=10, choices=Party.choices)
    kind = models.CharField(_("what"), max_length=10, choices=WishKind.choices)
    made_on = models.DateField(_("said"), default=today)
    handled_on = models.DateField(_("handled"), null=True, blank=True)
    handled_by = models.ForeignKey(
        User, verbose_name=_("handled by"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = WishQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RELATIONSHIP,
        about=("relationship__parent", "relationship__partner"),
        internal=("relationship", "made_on", "handled_on", "handled_by"),
        special=("party", "kind"),
    )

    class Meta:
        verbose_name = _("wish")
        verbose_name_plural = _("wishes")
        ordering = ["-made_on", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(party__in=Party.values, kind__in=WishKind.values),
                name="wish_known",
                violation_error_message=_("Choose from the list."),
            ),
            models.UniqueConstraint(
                fields=["relationship", "party", "kind"],
                condition=Q(handled_on__isnull=True),
                name="wish_once_while_open",
                violation_error_message=_("You have said this already; somebody will be in touch."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}"

    def can_handle(self, actor) -> bool:
        """The staff and the social worker say that they have talked about it."""
        return actor.role == "staff" or self.relationship.party_of(actor) == Party.WORKER
