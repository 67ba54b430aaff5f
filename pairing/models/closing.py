"""The end: how it was closed, what each thought of it, where support is found next (domain 5.4)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.models import User
from kumppani.core.models import BaseModel
from kumppani.core.privacy import Privacy, Retention
from pairing.models.relationship import EndedBy, Party, Relationship
from pairing.querysets import ClosingQuerySet, FeedbackQuerySet


class Closing(BaseModel):
    """One row an ended relationship. No reason is asked (R16); a closing meeting is always offered."""

    relationship = models.OneToOneField(
        Relationship, verbose_name=_("relationship"), on_delete=models.PROTECT, related_name="closing"
    )
    ended_by = models.CharField(_("who ended it"), max_length=10, choices=EndedBy.choices)
    partner_changes = models.BooleanField(_("it goes on with another partner"), default=False)
    meeting_on = models.DateField(_("closing meeting"), null=True, blank=True)
    next_support = models.CharField(
        _("where support is found next"),
        max_length=300,
        blank=True,
        help_text=_("For example a group, a phone line, a family centre. The parent reads this."),
    )
    follow_up_agreed = models.BooleanField(
        _("the parent agrees to be asked once more after three months"), default=False
    )

    objects = ClosingQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RELATIONSHIP,
        about=("relationship__parent", "relationship__partner"),
        internal=("relationship", "partner_changes"),
        special=("ended_by", "meeting_on", "next_support", "follow_up_agreed"),
    )

    class Meta:
        verbose_name = _("closing")
        verbose_name_plural = _("closings")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_by__in=EndedBy.values),
                name="closing_ended_by_known",
                violation_error_message=_("Choose from the list."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.ended_by}"

    def can_write(self, actor) -> bool:
        """The social worker and the staff write down what was agreed for afterwards."""
        return actor.role == "staff" or self.relationship.party_of(actor) == Party.WORKER


class Feedback(BaseModel):
    """What one of the three thinks of it at the end: a grade and, if they like, words (A5, A25).

    Asked when the relationship ends. The partner, whose access has ended, still answers for her- or himself: the page
    names nobody.
    """

    relationship = models.ForeignKey(
        Relationship, verbose_name=_("relationship"), on_delete=models.PROTECT, related_name="feedback"
    )
    party = models.CharField(_("who"), max_length=10, choices=Party.choices)
    asked_on = models.DateField(_("asked"))
    answered_on = models.DateField(_("answered"), null=True, blank=True)
    grade = models.PositiveSmallIntegerField(
        _("grade"),
        null=True,
        blank=True,
        choices=[(1, _("poor")), (2, _("fair")), (3, _("good")), (4, _("very good")), (5, _("excellent"))],
    )
    words = models.CharField(_("in your own words"), max_length=500, blank=True)
    quote_consent = models.BooleanField(_("my words may be quoted in reports without my name"), default=False)
    recorded_by = models.ForeignKey(
        User,
        verbose_name=_("recorded by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = FeedbackQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RELATIONSHIP,
        about=("relationship__parent", "relationship__partner"),
        internal=("relationship", "asked_on", "answered_on", "quote_consent", "recorded_by"),
        special=("party", "grade", "words"),
    )

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        constraints = [
            models.UniqueConstraint(
                fields=["relationship", "party"],
                name="feedback_once_per_party",
                violation_error_message=_("Feedback has been asked already."),
            ),
            models.CheckConstraint(
                condition=Q(party__in=Party.values),
                name="feedback_party_known",
                violation_error_message=_("Only the three parties answer."),
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, grade__isnull=True, words="", quote_consent=False)
                | Q(answered_on__isnull=False, grade__isnull=False, grade__gte=1, grade__lte=5),
                name="feedback_answered_has_grade",
                violation_error_message=_("Choose a grade from 1 to 5."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party}"

    def get_absolute_url(self) -> str:
        return reverse("feedback_give", args=[self.pk])

    def is_answered_by(self, actor) -> bool:
        """Each for her- or himself; the staff write what a parent without an account has given on paper."""
        relationship = self.relationship
        if actor.role == "staff":
            return self.party == Party.PARENT and relationship.parent.user_id is None
        return relationship.party_of(actor) == self.party
