"""What the three agree on: the start meeting, agreements, acknowledgements and goals (B25–B26)."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.models import User
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.models import BaseModel
from kumppani.core.privacy import Privacy, Retention
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.core.words import in_language
from pairing.models.relationship import Party, Relationship
from pairing.querysets import (
    AcknowledgementQuerySet,
    AgreementQuerySet,
    GoalQuerySet,
    GuideTextQuerySet,
    StartMeetingQuerySet,
)


class GuideKind(models.TextChoices):
    """Texts that the programme itself words."""

    GROUND_RULES = "ground_rules", _("ground rules")
    CONCERN = "concern", _("what to do when you are worried")


class GuideText(BaseModel):
    """A version of a text that guides the work: ground rules of the start meeting, the page about worries.

    Editable, because neither rules nor law are for the code to word (domain 2.1). The newest published one holds; an
    agreement remembers which one was read.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=GuideKind.choices)
    number = models.PositiveSmallIntegerField(_("version"))
    published_on = models.DateField(_("published"))
    text_fi = models.TextField(_("text in Finnish"), max_length=5000)
    text_sv = models.TextField(_("text in Swedish"), max_length=5000)
    text_en = models.TextField(_("text in English"), max_length=5000)

    objects = GuideTextQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RULES,
        public=("kind", "number", "published_on", "text_fi", "text_sv", "text_en"),
    )

    class Meta:
        verbose_name = _("guiding text")
        verbose_name_plural = _("guiding texts")
        ordering = ["kind", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "number"],
                name="guide_text_number_once",
                violation_error_message=_("There is a version with this number already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=GuideKind.values),
                name="guide_text_kind_known",
                violation_error_message=_("Choose the kind from the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def text(self) -> str:
        """The text in the reader's language."""
        return in_language(self, "text")


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
    contact_ways = models.CharField(_("how and when you are in touch"), max_length=300, blank=True)
    cancelling = models.CharField(_("how a meeting is cancelled"), max_length=300, blank=True)
    allows_notes = models.BooleanField(
        _("the partner may write a short note of a meeting, which the parent reads"), default=False
    )
    ground_rules = models.ForeignKey(
        GuideText,
        verbose_name=_("ground rules"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    agreed_on = models.DateField(_("accepted by all three"), null=True, blank=True, editable=False)
    withdrawn_on = models.DateField(_("withdrawn"), null=True, blank=True, editable=False)

    objects = AgreementQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RELATIONSHIP,
        about=("relationship__parent", "relationship__partner"),
        internal=("relationship", "number", "kind", "revision", "ground_rules", "allows_notes"),
        special=(
            "starts_on",
            "ends_on",
            "meetings_per_month",
            "told_to_worker",
            "contact_ways",
            "cancelling",
            "agreed_on",
            "withdrawn_on",
        ),
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
            models.UniqueConstraint(
                fields=["relationship"],
                condition=Q(agreed_on__isnull=True, withdrawn_on__isnull=True),
                name="agreement_one_open",
                violation_error_message=_("Another agreement is still waiting to be accepted."),
            ),
            models.CheckConstraint(
                condition=Q(agreed_on__isnull=True) | Q(withdrawn_on__isnull=True),
                name="agreement_agreed_or_withdrawn",
                violation_error_message=_("What all three have accepted cannot be withdrawn."),
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
    def is_open(self) -> bool:
        """Still being agreed on."""
        return self.agreed_on is None and self.withdrawn_on is None

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
    expected = models.CharField(
        _("how it shows that the goal has come true"),
        max_length=300,
        blank=True,
        help_text=_("This is the middle of the scale, 0: as expected."),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=1)
    continues = models.ForeignKey(
        "self",
        verbose_name=_("continues"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = GoalQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RELATIONSHIP,
        about=("agreement__relationship__parent",),
        internal=("agreement", "position", "continues"),
        special=("words", "area", "expected"),
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
