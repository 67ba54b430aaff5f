"""Goals and benefit over time: reviews, goal attainment, and what each of the three thinks (A19–A24, B36, domain 7)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.models import User
from kumppani.core.models import BaseModel
from kumppani.core.privacy import Privacy, Retention
from pairing.models.agreement import AcknowledgedHow, BenefitArea, Goal
from pairing.models.relationship import Party, Relationship
from pairing.querysets import (
    AssessmentAnswerQuerySet,
    AssessmentQuerySet,
    AssessmentRoundQuerySet,
    GoalScoreQuerySet,
    ReviewQuerySet,
)


class ReviewOutcome(models.TextChoices):
    GO_ON = "go_on", _("we go on as agreed")
    CHANGE = "change", _("something is changed")
    END = "end", _("we bring it to an end")


class Review(BaseModel):
    """The three look back: half-way, or at least every three months, and once more at the end (domain 5.4)."""

    relationship = models.ForeignKey(
        Relationship, verbose_name=_("relationship"), on_delete=models.PROTECT, related_name="reviews"
    )
    is_closing = models.BooleanField(_("closing meeting"), default=False)
    due_on = models.DateField(_("due"))
    held_on = models.DateField(_("held"), null=True, blank=True)
    outcome = models.CharField(_("what comes next"), max_length=10, choices=ReviewOutcome.choices, blank=True)
    recorded_by = models.ForeignKey(
        User,
        verbose_name=_("recorded by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = ReviewQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RELATIONSHIP,
        about=("relationship__parent", "relationship__partner"),
        internal=("relationship", "is_closing", "recorded_by"),
        special=("due_on", "held_on", "outcome"),
    )

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["due_on", "created_at"]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(held_on__isnull=True), name="review_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["relationship"],
                condition=Q(held_on__isnull=True),
                name="review_one_due_at_a_time",
                violation_error_message=_("A review is due already."),
            ),
            models.CheckConstraint(
                condition=Q(held_on__isnull=True, outcome="")
                | (Q(held_on__isnull=False) & Q(outcome__in=ReviewOutcome.values)),
                name="review_held_has_outcome",
                violation_error_message=_("A review that was held says what comes next."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.held_on or self.due_on}"

    def get_absolute_url(self) -> str:
        return reverse("relationship_benefit", args=[self.relationship_id])


SCORES = [
    (-2, _("much less than expected")),
    (-1, _("less than expected")),
    (0, _("as expected")),
    (1, _("more than expected")),
    (2, _("much more than expected")),
]


class GoalScore(BaseModel):
    """How far a goal has come, −2 … +2 (goal attainment scaling; the method is free, the words are ours, domain 7)."""

    review = models.ForeignKey(
        Review, verbose_name=_("review"), on_delete=models.CASCADE, related_name="scores"
    )
    goal = models.ForeignKey(Goal, verbose_name=_("goal"), on_delete=models.PROTECT, related_name="scores")
    score = models.SmallIntegerField(_("how far it has come"), choices=SCORES)

    objects = GoalScoreQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RELATIONSHIP,
        about=("review__relationship__parent",),
        internal=("review", "goal"),
        special=("score",),
    )

    class Meta:
        verbose_name = _("goal attainment")
        verbose_name_plural = _("goal attainments")
        constraints = [
            models.UniqueConstraint(
                fields=["review", "goal"],
                name="score_once_per_review",
                violation_error_message=_("This goal has been scored in this review already."),
            ),
            models.CheckConstraint(
                condition=Q(score__gte=-2, score__lte=2),
                name="score_on_the_scale",
                violation_error_message=_("Choose a step from −2 to +2."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.score:+d}"


class Moment(models.TextChoices):
    """When the three are asked."""

    START = "start", _("at the start")
    REVIEW = "review", _("at a review")
    CLOSING = "closing", _("at the end")


class AssessmentRound(BaseModel):
    """The three are asked at one moment, each for her- or himself."""

    relationship = models.ForeignKey(
        Relationship, verbose_name=_("relationship"), on_delete=models.PROTECT, related_name="rounds"
    )
    moment = models.CharField(_("when"), max_length=10, choices=Moment.choices)
    opened_on = models.DateField(_("asked"))

    objects = AssessmentRoundQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RELATIONSHIP,
        about=("relationship__parent", "relationship__partner"),
        internal=("relationship", "moment", "opened_on"),
    )

    class Meta:
        verbose_name = _("round of questions")
        verbose_name_plural = _("rounds of questions")
        ordering = ["opened_on", "created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["relationship", "moment"],
                condition=Q(moment__in=["start", "closing"]),
                name="round_once_at_start_and_end",
                violation_error_message=_("The three have been asked at this moment already."),
            ),
            models.CheckConstraint(
                condition=Q(moment__in=Moment.values),
                name="round_moment_known",
                violation_error_message=_("Choose from the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_moment_display()} {self.opened_on}"

    def get_absolute_url(self) -> str:
        return reverse("relationship_benefit", args=[self.relationship_id])

    def is_answered_by(
        self, actor, *, party: str, how: str, relationship: Relationship | None = None
    ) -> bool:
        """Whether this actor may give this party's answers in this way.

        Each for her- or himself by own sign-in, the partner while the relationship is open; the parent also on the
        social worker's screen; what the parent or the partner has filled in on paper, the staff.
        """
        relationship = relationship or self.relationship
        if how == AcknowledgedHow.PAPER:
            return actor.role == "staff" and party in (Party.PARENT, Party.PARTNER)
        own = relationship.party_of(actor)
        if how == AcknowledgedHow.SCREEN:
            return own == Party.WORKER and party == Party.PARENT
        return own == party and (own != Party.PARTNER or relationship.is_open)


class Item(models.TextChoices):
    """What is asked, each a statement with five steps. Own words, not a validated measure: the page says so.

    The six benefit areas (A19–A24), the three aims of the programme (B36), and trust both ways (A29).
    """

    COOPERATION = BenefitArea.COOPERATION.value, _("The parent and the social worker understand each other.")
    OPENNESS = BenefitArea.OPENNESS.value, _("The parent can speak openly, without shame.")
    PEER_SUPPORT = BenefitArea.PEER_SUPPORT.value, _("There is somebody who knows what this is like.")
    SERVICES = BenefitArea.SERVICES.value, _("The parent knows where to find help.")
    MEETINGS = BenefitArea.MEETINGS.value, _("The parent takes in what is agreed in meetings.")
    PARENTHOOD = BenefitArea.PARENTHOOD.value, _("The parent trusts in being a parent.")
    VOICE = "voice", _("The parent's voice is heard.")
    PARTICIPATION = "participation", _("The parent takes part in what is decided.")
    AGENCY = "agency", _("The parent can act for the own life.")
    TRUST_IN_PARTNER = "trust_partner", _("I trust the experience partner.")
    TRUST_IN_WORKER = "trust_worker", _("I trust the social worker.")
    TRUST_IN_PARENT = "trust_parent", _("I trust the parent.")


COMMON_ITEMS = [item for item in Item if not item.startswith("trust_")]
ITEMS_OF = {
    Party.PARENT: [*COMMON_ITEMS, Item.TRUST_IN_PARTNER, Item.TRUST_IN_WORKER],
    Party.PARTNER: [*COMMON_ITEMS, Item.TRUST_IN_PARENT, Item.TRUST_IN_WORKER],
    Party.WORKER: [*COMMON_ITEMS, Item.TRUST_IN_PARENT, Item.TRUST_IN_PARTNER],
}

STEPS = [
    (1, _("not at all")),
    (2, _("a little")),
    (3, _("somewhat")),
    (4, _("quite")),
    (5, _("fully")),
]


class Assessment(BaseModel):
    """One party's own answers in a round. That it was given is for all three to see, what it says is not."""

    round = models.ForeignKey(
        AssessmentRound, verbose_name=_("round"), on_delete=models.CASCADE, related_name="assessments"
    )
    party = models.CharField(_("who"), max_length=10, choices=Party.choices)
    how = models.CharField(_("how"), max_length=10, choices=AcknowledgedHow.choices)
    answered_at = models.DateTimeField(_("answered"), default=timezone.now)
    recorded_by = models.ForeignKey(
        User,
        verbose_name=_("recorded by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = AssessmentQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RELATIONSHIP,
        about=("round__relationship__parent", "round__relationship__partner"),
        internal=("round", "how", "answered_at", "recorded_by"),
        special=("party",),
    )

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "party"],
                name="assessment_once_per_party",
                violation_error_message=_("These questions have been answered already."),
            ),
            models.CheckConstraint(
                condition=Q(party__in=Party.values),
                name="assessment_party_known",
                violation_error_message=_("Only the three parties answer."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party}"


class AssessmentAnswer(models.Model):
    """One step on one item; an item may be skipped."""

    id = models.BigAutoField(primary_key=True)
    assessment = models.ForeignKey(
        Assessment, verbose_name=_("assessment"), on_delete=models.CASCADE, related_name="answers"
    )
    item = models.CharField(_("statement"), max_length=20, choices=Item.choices)
    value = models.PositiveSmallIntegerField(_("step"), choices=STEPS)

    objects = AssessmentAnswerQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RELATIONSHIP,
        about=("assessment__round__relationship__parent", "assessment__round__relationship__partner"),
        internal=("id", "assessment"),
        special=("item", "value"),
    )

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "item"],
                name="answer_once_per_item",
                violation_error_message=_("This has been answered already."),
            ),
            models.CheckConstraint(
                condition=Q(value__gte=1, value__lte=5),
                name="answer_on_the_scale",
                violation_error_message=_("Choose a step from 1 to 5."),
            ),
            models.CheckConstraint(
                condition=Q(item__in=Item.values),
                name="answer_item_known",
                violation_error_message=_("Choose from the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.value}"
