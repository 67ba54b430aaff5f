"""The peer-support relationship, from the request to its end (design.md 3, domain 5.4).

R1 – a relationship becomes active only with a valid positive decision *and* a held start meeting with all three *and*
duration, scope and at least one goal acknowledged by all three – is checked here in words and refused by the database
itself: see `pairing/triggers.py`.
"""

import datetime
import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.models import User
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.dates import today
from kumppani.core.models import BaseModel
from kumppani.core.privacy import Privacy, Retention
from kumppani.core.states import AlreadyMoved, MoveRefused, StatefulModel
from kumppani.core.words import in_language
from kumppani.organisations.models import Grant, Organisation
from pairing.models.people import ExperiencePartner, Parent, SocialWorker
from pairing.querysets import (
    AcknowledgementQuerySet,
    AgreementQuerySet,
    ContactRequestQuerySet,
    DecisionQuerySet,
    GoalQuerySet,
    LegalGroundQuerySet,
    PairAnswerQuerySet,
    RelationshipQuerySet,
    StartMeetingQuerySet,
)
from pairing.states import (
    OPEN,
    PARENT_WORDS,
    RELATIONSHIP_TRANSITIONS,
    REQUEST_TRANSITIONS,
    RelationshipStatus,
    RequestStatus,
)


class Party(models.TextChoices):
    """The three people of a relationship."""

    WORKER = "worker", _("social worker")
    PARTNER = "partner", _("experience partner")
    PARENT = "parent", _("parent")


class RequestBy(models.TextChoices):
    """B19: separately or together."""

    WORKER = "worker", _("the social worker")
    PARENT = "parent", _("the parent")
    TOGETHER = "together", _("both together")


class RequestRoute(models.TextChoices):
    """A31: to the partner one chose, or to the project staff."""

    STAFF = "staff", _("to the project staff")
    PARTNER = "partner", _("to a partner they chose")


class ContactRequest(StatefulModel):
    """Somebody asks for a partner. Staff see both routes in one queue, so that nothing is lost (R6)."""

    TRANSITIONS = REQUEST_TRANSITIONS

    parent = models.ForeignKey(
        Parent, verbose_name=_("parent"), on_delete=models.PROTECT, related_name="requests"
    )
    social_worker = models.ForeignKey(
        SocialWorker, verbose_name=_("social worker"), on_delete=models.PROTECT, related_name="requests"
    )
    by = models.CharField(_("who asks"), max_length=10, choices=RequestBy.choices)
    route = models.CharField(
        _("to whom"), max_length=10, choices=RequestRoute.choices, default=RequestRoute.STAFF
    )
    chosen_partner = models.ForeignKey(
        ExperiencePartner,
        verbose_name=_("the partner they chose"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    area = models.CharField(
        _("area"), max_length=80, blank=True, help_text=_("Where the parent would like to meet.")
    )
    parent_agrees = models.BooleanField(_("the parent knows of this and agrees"), default=False)
    received_on = models.DateField(_("received"), default=today)
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=RequestStatus.choices,
        default=RequestStatus.WAITING,
        editable=False,
    )

    objects = ContactRequestQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.REQUEST,
        about=("parent",),
        internal=("by", "route", "received_on", "status", "parent_agrees", "social_worker"),
        special=("parent", "chosen_partner", "area"),
    )

    class Meta:
        verbose_name = _("contact request")
        verbose_name_plural = _("contact requests")
        indexes = [models.Index(fields=["status", "received_on", "id"], name="request_queue")]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent_agrees=True),
                name="request_with_the_parents_consent",
                violation_error_message=_("A request needs the parent's consent."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=RequestStatus.values),
                name="request_status_known",
                violation_error_message=_("This state is not known."),
            ),
            models.UniqueConstraint(
                fields=["parent"],
                condition=Q(status=RequestStatus.WAITING),
                name="request_one_waiting_per_parent",
                violation_error_message=_("A request for this parent is waiting already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.received_on}"

    def get_absolute_url(self) -> str:
        return reverse("request_detail", args=[self.pk])

    @property
    def waiting_days(self) -> int:
        """Days since it was received (A27)."""
        return (today() - self.received_on).days


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
    def valid_decision(self, day: datetime.date) -> "Decision | None":
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

    def current_agreement(self) -> "Agreement | None":
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


class LegalGround(BaseModel):
    """On what law a decision rests: editable data, because the law changes (domain 2.1, 2.11)."""

    code = models.SlugField(_("code"), max_length=40)
    name_fi = models.CharField(_("name in Finnish"), max_length=120)
    name_sv = models.CharField(_("name in Swedish"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = LegalGroundQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RULES, public=("code", "name_fi", "name_sv", "name_en", "is_active")
    )

    class Meta:
        verbose_name = _("legal ground")
        verbose_name_plural = _("legal grounds")
        ordering = ["name_fi"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                name="legal_ground_code_once",
                violation_error_message=_("There is a ground with this code already."),
            )
        ]

    def __str__(self) -> str:
        return in_language(self, "name")


class Funding(models.TextChoices):
    """Who pays (domain 0.3, R13)."""

    GRANT = "grant", _("the project's grant")
    ORGANISER = "organiser", _("the organiser of the service")


class Decision(BaseModel):
    """A social worker's decision (B27, domain 2.11). The document itself is never uploaded."""

    relationship = models.ForeignKey(
        Relationship, verbose_name=_("relationship"), on_delete=models.PROTECT, related_name="decisions"
    )
    is_positive = models.BooleanField(_("outcome"), choices=[(True, _("positive")), (False, _("negative"))])
    made_on = models.DateField(_("date of the decision"))
    maker = models.ForeignKey(
        SocialWorker, verbose_name=_("made by"), on_delete=models.PROTECT, related_name="decisions"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="+"
    )
    reference = models.CharField(_("number of the decision"), max_length=60)
    legal_ground = models.ForeignKey(LegalGround, verbose_name=_("legal ground"), on_delete=models.PROTECT)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    funding = models.CharField(_("who pays"), max_length=10, choices=Funding.choices, blank=True)
    grant = models.ForeignKey(
        Grant, verbose_name=_("grant"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = DecisionQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RELATIONSHIP,
        about=("relationship__parent",),
        internal=("relationship", "maker", "organisation", "funding", "grant"),
        special=("is_positive", "made_on", "reference", "legal_ground", "valid_from", "valid_to"),
    )

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-made_on", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_positive=False)
                | (Q(valid_from__isnull=False, valid_to__isnull=False) & ~Q(funding="")),
                name="decision_positive_has_validity",
                violation_error_message=_(
                    "A positive decision says from when to when it is valid and who pays."
                ),
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_from__lte=F("valid_to")),
                name="decision_dates_in_order",
                violation_error_message=_("The last day cannot be before the first day."),
            ),
            models.CheckConstraint(
                condition=Q(funding="grant", grant__isnull=False)
                | (~Q(funding="grant") & Q(grant__isnull=True)),
                name="decision_names_its_grant",
                violation_error_message=_("Name the grant when, and only when, the grant pays."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.made_on}"


class PlaceKind(models.TextChoices):
    """Only the kind of place: never an address (R14)."""

    HOME = "home", _("home")
    OFFICE = "office", _("office")
    CAFE = "cafe", _("café")
    OUTDOORS = "outdoors", _("outdoors")
    REMOTE = "remote", _("remote")
    OTHER = "other", _("elsewhere")


class StartMeeting(BaseModel):
    """Social worker, partner and parent meet and set duration, scope and goals together (B25–B26).

    Held only when all three were there; it is counted apart from peer meetings (R4).
    """

    relationship = models.OneToOneField(
        Relationship, verbose_name=_("relationship"), on_delete=models.PROTECT, related_name="start_meeting"
    )
    worker_present = models.BooleanField(_("social worker is here"), default=False)
    partner_present = models.BooleanField(_("experience partner is here"), default=False)
    parent_present = models.BooleanField(_("parent is here"), default=False)
    held_on = models.DateField(_("held on"), null=True, blank=True)
    opened_by = models.ForeignKey(
        User, verbose_name=_("opened by"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = StartMeetingQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RELATIONSHIP,
        about=("relationship__parent", "relationship__partner"),
        internal=("relationship", "opened_by"),
        special=("worker_present", "partner_present", "parent_present", "held_on"),
    )

    class Meta:
        verbose_name = _("start meeting")
        verbose_name_plural = _("start meetings")
        constraints = [
            models.CheckConstraint(
                condition=Q(held_on__isnull=True)
                | Q(worker_present=True, partner_present=True, parent_present=True),
                name="start_meeting_held_by_all_three",
                violation_error_message=_("A start meeting has been held only when all three were there."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.held_on or ''}"

    @property
    def all_present(self) -> bool:
        return self.worker_present and self.partner_present and self.parent_present


class AgreementKind(models.TextChoices):
    START = "start", _("start")
    EXTENSION = "extension", _("extension")
    CHANGE = "change", _("change")


class Agreement(BaseModel):
    """What the three agreed: duration, scope, and what is told to the social worker (B26, 5.4).

    `revision` grows whenever the words or the goals change: an acknowledgement is for one revision, so nobody has
    agreed to something that was changed afterwards.
    """

    relationship = models.ForeignKey(
        Relationship, verbose_name=_("relationship"), on_delete=models.PROTECT, related_name="agreements"
    )
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    kind = models.CharField(
        _("kind"), max_length=10, choices=AgreementKind.choices, default=AgreementKind.START
    )
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    meetings_per_month = models.PositiveSmallIntegerField(
        _("meetings a month"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    told_to_worker = models.CharField(_("what is told to the social worker"), max_length=300, blank=True)

    objects = AgreementQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RELATIONSHIP,
        about=("relationship__parent", "relationship__partner"),
        internal=("relationship", "number", "kind", "revision"),
        special=("starts_on", "ends_on", "meetings_per_month", "told_to_worker"),
    )

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["relationship", "number"],
                name="agreement_number_once",
                violation_error_message=_("There is an agreement with this number already."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(starts_on__lte=F("ends_on")),
                name="agreement_dates_in_order",
                violation_error_message=_("The last day cannot be before the first day."),
            ),
            models.CheckConstraint(
                condition=Q(meetings_per_month__isnull=True)
                | Q(meetings_per_month__gte=1, meetings_per_month__lte=30),
                name="agreement_scope_sensible",
                violation_error_message=_("Meetings a month are between 1 and 30."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def is_complete(self) -> bool:
        """Duration and scope are set."""
        return bool(self.starts_on and self.ends_on and self.meetings_per_month)

    def acknowledged_by(self) -> set[str]:
        """The parties that have acknowledged this very revision."""
        return {ack.party for ack in self.acknowledgements.all() if ack.revision == self.revision}

    def new_revision(self) -> None:
        """The words have changed: earlier acknowledgements no longer count."""
        self.revision += 1
        self.save(update_fields=["revision", "updated_at"])

    def acknowledge(self, *, party: str, how: str, by) -> "Acknowledgement":
        """One of the three says "I agree" to what stands here now.

        Raises `MoveRefused` while duration, scope or a goal is missing. Safe to press twice.
        """
        if not self.is_complete or not self.goals.exists():
            raise MoveRefused(gettext("First set duration, scope and at least one goal."))
        with transaction.atomic():
            # The row is locked by this claim, so that nobody changes the words between reading and agreeing.
            if (
                Agreement.objects.filter(pk=self.pk, revision=self.revision).update(updated_at=timezone.now())
                != 1
            ):
                raise AlreadyMoved
            acknowledgement, created = Acknowledgement.objects.get_or_create(
                agreement=self,
                party=party,
                revision=self.revision,
                defaults={"how": how, "recorded_by": by.user},
            )
            if created:
                record(by, Action.CREATE, acknowledgement, detail=f"{party}:{how}")
        return acknowledgement


class AcknowledgedHow(models.TextChoices):
    SCREEN = "screen", _("on the same screen")
    SIGN_IN = "sign_in", _("by own sign-in")
    PAPER = "paper", _("on paper")


class Acknowledgement(models.Model):
    """One party's "I agree" to one revision of an agreement. Append-only: triggers refuse update and delete."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(
        Agreement, verbose_name=_("agreement"), on_delete=models.PROTECT, related_name="acknowledgements"
    )
    party = models.CharField(_("who"), max_length=10, choices=Party.choices)
    revision = models.PositiveIntegerField(_("revision"))
    how = models.CharField(_("how"), max_length=10, choices=AcknowledgedHow.choices)
    at = models.DateTimeField(_("time"), default=timezone.now)
    recorded_by = models.ForeignKey(
        User,
        verbose_name=_("recorded by"),
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        related_name="+",
    )

    objects = AcknowledgementQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RELATIONSHIP,
        about=("agreement__relationship__parent", "agreement__relationship__partner"),
        internal=("agreement", "revision", "at", "recorded_by"),
        special=("party", "how"),
    )

    class Meta:
        verbose_name = _("acknowledgement")
        verbose_name_plural = _("acknowledgements")
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "party", "revision"],
                name="acknowledged_once_per_revision",
                violation_error_message=_("This has been acknowledged already."),
            ),
            models.CheckConstraint(
                condition=Q(party__in=Party.values),
                name="acknowledgement_party_known",
                violation_error_message=_("Only the three parties acknowledge."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party}"

    audit_about = BaseModel.audit_about


class BenefitArea(models.TextChoices):
    """The six areas in which peer support helps (A19–A24)."""

    COOPERATION = "cooperation", _("trust between parent and social worker")
    OPENNESS = "openness", _("openness, honesty, less shame")
    PEER_SUPPORT = "peer_support", _("peer support")
    SERVICES = "services", _("finding one's way among services")
    MEETINGS = "meetings", _("support in meetings and in taking in what was agreed")
    PARENTHOOD = "parenthood", _("support for being a parent")


class Goal(BaseModel):
    """What the parent wants from it, in the parent's own words (A24, B26)."""

    agreement = models.ForeignKey(
        Agreement, verbose_name=_("agreement"), on_delete=models.CASCADE, related_name="goals"
    )
    words = models.CharField(_("goal, in the parent's words"), max_length=300)
    area = models.CharField(_("what it is about"), max_length=20, choices=BenefitArea.choices)
    position = models.PositiveSmallIntegerField(_("order"), default=1)

    objects = GoalQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RELATIONSHIP,
        about=("agreement__relationship__parent",),
        internal=("agreement", "position"),
        special=("words", "area"),
    )

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = ["position", "created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(area__in=BenefitArea.values),
                name="goal_area_known",
                violation_error_message=_("Choose what the goal is about."),
            ),
            models.CheckConstraint(
                condition=~Q(words=""),
                name="goal_has_words",
                violation_error_message=_("Write the goal in the parent's words."),
            ),
        ]

    def __str__(self) -> str:
        return self.words
