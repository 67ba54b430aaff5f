"""The three people of a relationship: experience partner, parent, social worker.

A parent's row tells by itself that somebody is a client of child protection: it holds as little as possible. There is
no child, no identity code, no home address (R14), and lists show a first name and a case code.
"""

import secrets
import uuid
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.models import User
from kumppani.core.dates import today
from kumppani.core.models import BaseModel
from kumppani.core.privacy import Privacy, Retention
from kumppani.core.words import in_language
from kumppani.organisations.models import Organisation
from pairing.querysets import (
    CommitmentQuerySet,
    CommitmentTextQuerySet,
    ExperiencePartnerQuerySet,
    ParentQuerySet,
    SocialWorkerQuerySet,
    SubstitutionQuerySet,
    TopicQuerySet,
)
from training.models import Enrolment

SPEECH_LANGUAGES = [("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))]


class SocialWorker(BaseModel):
    """A social worker of one organisation: the only one who makes a decision (R2), and only for own clients.

    Who changes to another organisation gets another record there: the clients stay where they are.
    """

    user = models.ForeignKey(
        User, verbose_name=_("user"), on_delete=models.PROTECT, related_name="social_workers"
    )
    organisation = models.ForeignKey(Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT)
    unit = models.CharField(_("unit"), max_length=120, blank=True)

    objects = SocialWorkerQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.ACCOUNT, about=("user",), internal=("organisation", "unit"), personal=("user",)
    )

    class Meta:
        verbose_name = _("social worker")
        verbose_name_plural = _("social workers")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                name="social_worker_once_per_organisation",
                violation_error_message=_("This person is a social worker of this organisation already."),
            )
        ]

    def __str__(self) -> str:
        return self.user.get_full_name()

    def is_acted_for_by(self, actor) -> bool:
        """Whether this actor is this social worker, or today's substitute, in the same organisation."""
        if actor.organisation_id != self.organisation_id:
            return False
        if self.user_id == actor.user_id:
            return True
        return self.substitutions.running_on(today()).filter(substitute__user_id=actor.user_id).exists()


class Substitution(BaseModel):
    """A colleague of the same organisation acts for some days: access opens and closes by itself."""

    social_worker = models.ForeignKey(
        SocialWorker, verbose_name=_("social worker"), on_delete=models.CASCADE, related_name="substitutions"
    )
    substitute = models.ForeignKey(
        SocialWorker, verbose_name=_("substitute"), on_delete=models.CASCADE, related_name="substituting"
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))

    objects = SubstitutionQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.ACCOUNT,
        about=("social_worker__user", "substitute__user"),
        internal=("starts_on", "ends_on"),
        personal=("social_worker", "substitute"),
    )

    class Meta:
        verbose_name = _("substitution")
        verbose_name_plural = _("substitutions")
        ordering = ["-starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__lte=models.F("ends_on")),
                name="substitution_dates_in_order",
                violation_error_message=_("The last day cannot be before the first day."),
            ),
            models.CheckConstraint(
                condition=~Q(social_worker=models.F("substitute")),
                name="substitution_by_somebody_else",
                violation_error_message=_("Choose a colleague, not yourself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"

    def can_end(self, actor) -> bool:
        """Either of the two, who need not be asked why."""
        return actor.role == "social_worker" and any(
            (worker.user_id, worker.organisation_id) == (actor.user_id, actor.organisation_id)
            for worker in (self.social_worker, self.substitute)
        )


class TopicKind(models.TextChoices):
    """What a partner may say of the own experience, and a parent may wish for (A39)."""

    THEME = "theme", _("theme")
    LIFE_PHASE = "life_phase", _("life phase")


class Topic(BaseModel):
    """A theme or a life phase: editable data, in the partner's own choice; never a measure of how hard it was (A38)."""

    kind = models.CharField(_("kind"), max_length=12, choices=TopicKind.choices)
    code = models.SlugField(_("code"), max_length=40)
    name_fi = models.CharField(_("name in Finnish"), max_length=80)
    name_sv = models.CharField(_("name in Swedish"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    position = models.PositiveSmallIntegerField(_("order"), default=1)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = TopicQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RULES,
        public=("kind", "code", "name_fi", "name_sv", "name_en", "position", "is_active"),
    )

    class Meta:
        verbose_name = _("theme or life phase")
        verbose_name_plural = _("themes and life phases")
        ordering = ["kind", "position", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                name="topic_code_once",
                violation_error_message=_("There is one with this code already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=TopicKind.values),
                name="topic_kind_known",
                violation_error_message=_("Choose the kind from the list."),
            ),
        ]

    def __str__(self) -> str:
        return in_language(self, "name")


class CommitmentKind(models.TextChoices):
    PRINCIPLES = "principles", _("ethical principles")
    UNDERTAKING = "undertaking", _("confidentiality undertaking")


class CommitmentText(BaseModel):
    """A version of the ethical principles (B16) or of the confidentiality undertaking (domain 2.1).

    The text of the principles was not found in any source: what is shipped is our own plain wording, to be confirmed
    by the programme. A new version is asked for at once, and in force from `required_from` on: then whoever has not
    accepted it, or a newer one, is not ready (R3). Earlier acceptances stay.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=CommitmentKind.choices)
    number = models.PositiveSmallIntegerField(_("version"))
    published_on = models.DateField(_("published"))
    required_from = models.DateField(_("needed from"))
    text_fi = models.TextField(_("text in Finnish"), max_length=5000)
    text_sv = models.TextField(_("text in Swedish"), max_length=5000)
    text_en = models.TextField(_("text in English"), max_length=5000)

    objects = CommitmentTextQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RULES,
        public=("kind", "number", "published_on", "required_from", "text_fi", "text_sv", "text_en"),
    )

    class Meta:
        verbose_name = _("text to commit to")
        verbose_name_plural = _("texts to commit to")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "number"],
                name="commitment_text_number_once",
                violation_error_message=_("There is a version with this number already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=CommitmentKind.values),
                name="commitment_text_kind_known",
                violation_error_message=_("Choose the kind from the list."),
            ),
            models.CheckConstraint(
                condition=Q(required_from__gte=models.F("published_on")),
                name="commitment_text_needed_after_published",
                violation_error_message=_("A text cannot be needed before it has been published."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def text(self) -> str:
        """The text in the reader's language."""
        return {"sv": self.text_sv, "en": self.text_en}.get((get_language() or "fi")[:2], self.text_fi)


class PartnerState(models.TextChoices):
    """How it stands with a partner; derived, never chosen."""

    AVAILABLE = "available", _("Available")
    RESTING = "resting", _("On a break")
    LEAVING = "leaving", _("Leaving")
    LEFT = "left", _("Has left")


class ExperiencePartner(BaseModel):
    """A trained experience partner, taken in by a person from a completed enrolment (B5, R3)."""

    enrolment = models.OneToOneField(
        Enrolment, verbose_name=_("enrolment"), on_delete=models.PROTECT, related_name="partner"
    )
    user = models.OneToOneField(
        User, verbose_name=_("user"), null=True, blank=True, on_delete=models.SET_NULL, related_name="partner"
    )
    first_name = models.CharField(_("first name"), max_length=60)
    last_name = models.CharField(_("last name"), max_length=60)
    speaks_fi = models.BooleanField(_("speaks Finnish"), default=False)
    speaks_sv = models.BooleanField(_("speaks Swedish"), default=False)
    speaks_en = models.BooleanField(_("speaks English"), default=False)
    area = models.CharField(
        _("area"), max_length=80, blank=True, help_text=_("Where the partner can meet people.")
    )
    topics = models.ManyToManyField(
        Topic, verbose_name=_("themes and life phases"), blank=True, related_name="partners"
    )
    introduction = models.CharField(
        _("introduction"),
        max_length=400,
        blank=True,
        help_text=_("In your own words, to parents who look for a partner."),
    )
    public_id = models.UUIDField(_("public id"), default=uuid.uuid4, editable=False)
    max_relationships = models.PositiveSmallIntegerField(
        _("relationships at a time, at most"), default=settings.RELATIONSHIP_CAP
    )
    is_available = models.BooleanField(
        _("available"), default=True, help_text=_("A partner may take a break at any time, without a reason.")
    )
    taken_in_on = models.DateField(_("taken in"))
    taken_in_by = models.ForeignKey(
        User,
        verbose_name=_("taken in by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # Leaving takes two steps: from `leaving_on` nothing new is proposed, on `left_on` nothing is open any more.
    leaving_on = models.DateField(_("leaving since"), null=True, blank=True, editable=False)
    left_on = models.DateField(_("left"), null=True, blank=True, editable=False)
    came_back_on = models.DateField(_("came back"), null=True, blank=True, editable=False)

    objects = ExperiencePartnerQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.PARTNER,
        about=("self",),
        internal=(
            "enrolment",
            "user",
            "public_id",
            "max_relationships",
            "is_available",
            "taken_in_on",
            "taken_in_by",
            "leaving_on",
            "left_on",
            "came_back_on",
        ),
        personal=("area", "speaks_fi", "speaks_sv", "speaks_en"),
        special=("first_name", "last_name", "topics", "introduction"),
        note="Being a partner tells of having been in child protection; the partner decides who hears it.",
    )

    class Meta:
        verbose_name = _("experience partner")
        verbose_name_plural = _("experience partners")
        indexes = [models.Index(fields=["last_name", "first_name", "id"], name="partner_by_name")]
        constraints = [
            models.CheckConstraint(
                condition=Q(speaks_fi=True) | Q(speaks_sv=True) | Q(speaks_en=True),
                name="partner_speaks_something",
                violation_error_message=_("Choose at least one language."),
            ),
            models.UniqueConstraint(
                fields=["public_id"],
                name="partner_public_id_once",
                violation_error_message=_("This id is in use."),
            ),
            models.CheckConstraint(
                condition=Q(max_relationships__gte=1, max_relationships__lte=10),
                name="partner_cap_sensible",
                violation_error_message=_("A partner has at least 1 and at most 10 relationships at a time."),
            ),
            models.CheckConstraint(
                condition=Q(leaving_on__isnull=True) | Q(is_available=False),
                name="partner_leaving_is_not_available",
                violation_error_message=_("Who is leaving, or has left, is not available."),
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True)
                | Q(leaving_on__isnull=False, leaving_on__lte=models.F("left_on")),
                name="partner_left_after_leaving",
                violation_error_message=_("A partner has left only after the day of leaving."),
            ),
            models.CheckConstraint(
                condition=Q(came_back_on__isnull=True)
                | Q(leaving_on__isnull=True)
                | Q(came_back_on__lte=models.F("leaving_on")),
                name="partner_leaves_after_coming_back",
                violation_error_message=_("A partner leaves again only after having come back."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("partner_detail", args=[self.pk])

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    # --- coming and going ----------------------------------------------------------------------------------
    @property
    def is_leaving(self) -> bool:
        """On the way out: nothing new is proposed, and what is open is brought to an end."""
        return self.leaving_on is not None and self.left_on is None

    @property
    def has_left(self) -> bool:
        return self.left_on is not None

    @property
    def state(self) -> PartnerState:
        """In a word how it stands with a partner, whether ready or not."""
        if self.has_left:
            return PartnerState.LEFT
        if self.is_leaving:
            return PartnerState.LEAVING
        return PartnerState.AVAILABLE if self.is_available else PartnerState.RESTING

    @property
    def state_tone(self) -> str:
        return {PartnerState.AVAILABLE: "good", PartnerState.LEAVING: "wait"}.get(self.state, "plain")

    def is_own(self, actor) -> bool:
        """Whether this actor is this partner, in the partner's role."""
        return actor.role == "partner" and self.user_id is not None and self.user_id == actor.user_id

    def can_leave(self, actor) -> bool:
        """The partner, without a reason, or the staff who were told."""
        return self.leaving_on is None and (actor.role == "staff" or self.is_own(actor))

    def can_be_let_go(self, actor) -> bool:
        """The staff say that nothing is open any more."""
        return self.is_leaving and actor.role == "staff"

    def can_come_back(self, actor) -> bool:
        """Who is still leaving may think again; who has left comes back through the staff."""
        return (self.is_leaving and self.is_own(actor)) or (
            self.leaving_on is not None and actor.role == "staff"
        )

    @property
    def languages(self) -> list[str]:
        """The names of the languages spoken, in the reader's language."""
        return [str(name) for code, name in SPEECH_LANGUAGES if getattr(self, f"speaks_{code}")]

    def public_facts(self) -> dict:
        """What strangers may read of this partner: only what has an open consent, and only what says something (A35).

        Keys as in `DirectoryField`. For many partners at once: `with_public_facts()`.
        """
        shown = {consent.field for consent in self.consents.all() if consent.withdrawn_at is None}
        topics = [topic for topic in self.topics.all() if topic.is_active]
        facts = {
            "first_name": self.first_name,
            "languages": self.languages,
            "area": self.area,
            "themes": [topic for topic in topics if topic.kind == TopicKind.THEME],
            "life_phases": [topic for topic in topics if topic.kind == TopicKind.LIFE_PHASE],
            "introduction": self.introduction,
        }
        return {field: value for field, value in facts.items() if field in shown and value}

    def readiness(self, texts: Iterable[CommitmentText] | None = None) -> list["ReadinessStep"]:
        """The three things a ready partner has (R3), each with the date it was done, or None while missing.

        `texts`: `CommitmentText.objects.enough()`, when a list of partners has looked them up once for all.
        """
        enough = CommitmentText.objects.enough() if texts is None else texts
        done = {c.text_id: c.made_on for c in self.commitments.all()}
        steps = [ReadinessStep("training", _("completed training"), self.enrolment.completed_on)]
        for kind in CommitmentKind:
            of_kind = sorted((text for text in enough if text.kind == kind), key=lambda text: text.number)
            accepted = [text for text in of_kind if text.pk in done]
            steps.append(
                ReadinessStep(
                    kind.value,
                    kind.label,
                    done[accepted[-1].pk] if accepted else None,
                    # What is asked for now: the newest, unless that has been accepted.
                    of_kind[-1] if of_kind and of_kind[-1] not in accepted else None,
                )
            )
        return steps

    @property
    def is_ready(self) -> bool:
        """Whether nothing is missing."""
        return all(step.done_on for step in self.readiness())

    def missing(self, texts: Iterable[CommitmentText] | None = None) -> list[str]:
        """What is missing, in words."""
        return [str(step.label) for step in self.readiness(texts) if not step.done_on]


class ReadinessStep:
    """One of the things a ready partner has. `text`: what is to be accepted, now or before it is needed."""

    def __init__(self, code: str, label, done_on, text: CommitmentText | None = None):
        self.code = code
        self.label = label
        self.done_on = done_on
        self.text = text


class Commitment(BaseModel):
    """A partner's acceptance of one version of one text. A new version asks again; earlier rows stay."""

    partner = models.ForeignKey(
        ExperiencePartner, verbose_name=_("partner"), on_delete=models.CASCADE, related_name="commitments"
    )
    text = models.ForeignKey(CommitmentText, verbose_name=_("text"), on_delete=models.PROTECT)
    made_on = models.DateField(_("made on"))
    recorded_by = models.ForeignKey(
        User,
        verbose_name=_("recorded by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = CommitmentQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.PARTNER,
        about=("partner",),
        internal=("text", "made_on", "recorded_by"),
        special=("partner",),
    )

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "text"],
                name="commitment_once_per_version",
                violation_error_message=_("This version has been accepted already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.made_on}"


CODE_LETTERS = "ABCDEFGHJKLMNPRSTUVWXY3456789"  # none that are mistaken for another on paper


def new_case_code() -> str:
    """A short code that says nothing, for lists and papers."""
    return "K-" + "".join(secrets.choice(CODE_LETTERS) for _ in range(5))


class ContactWay(models.TextChoices):
    PHONE = "phone", _("phone")
    EMAIL = "email", _("e-mail")
    THROUGH_WORKER = "worker", _("through the social worker")


class Parent(BaseModel):
    """A client parent: a first name, a code, one way of contact, a language. Nothing more (domain 2.6)."""

    first_name = models.CharField(_("first name"), max_length=60)
    case_code = models.CharField(_("code"), max_length=10, default=new_case_code, editable=False)
    contact_way = models.CharField(_("way of contact"), max_length=10, choices=ContactWay.choices)
    contact = models.CharField(_("phone number or e-mail address"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=SPEECH_LANGUAGES, default="fi")
    social_worker = models.ForeignKey(
        SocialWorker, verbose_name=_("own social worker"), on_delete=models.PROTECT, related_name="parents"
    )
    user = models.OneToOneField(
        User, verbose_name=_("user"), null=True, blank=True, on_delete=models.SET_NULL, related_name="parent"
    )

    objects = ParentQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.RELATIONSHIP,
        about=("self",),
        internal=("user",),
        special=("first_name", "case_code", "contact_way", "contact", "language", "social_worker"),
    )

    class Meta:
        verbose_name = _("parent")
        verbose_name_plural = _("parents")
        constraints = [
            models.UniqueConstraint(
                fields=["case_code"],
                name="parent_code_once",
                violation_error_message=_("This code is in use."),
            ),
            models.CheckConstraint(
                condition=Q(contact_way=ContactWay.THROUGH_WORKER, contact="")
                | (Q(contact_way__in=[ContactWay.PHONE, ContactWay.EMAIL]) & ~Q(contact="")),
                name="parent_one_way_of_contact",
                violation_error_message=_(
                    "Give the number or the address that belongs to the way of contact."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} ({self.case_code})"

    def can_hand_over(self, actor) -> bool:
        """The own social worker, not the substitute of some days; and the staff, when she or he is no longer there."""
        own = self.social_worker
        return actor.role == "staff" or (
            actor.role == "social_worker"
            and (own.user_id, own.organisation_id) == (actor.user_id, actor.organisation_id)
        )
