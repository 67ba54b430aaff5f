"""Goals and benefit: how far the goals have come, when the three look back, and what each of them thinks."""

from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured
from django.db.models import F
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from kumppani.accounts.roles import PARENT, PARTNER, SOCIAL_WORKER, STAFF
from kumppani.core.dates import today
from kumppani.core.models import KeptWords
from kumppani.core.views import DeedView, VisibleDetail, VisibleForm
from pairing import benefit, services
from pairing.forms import AssessmentForm, HoldReviewForm
from pairing.models import (
    AcknowledgedHow,
    Assessment,
    AssessmentAnswer,
    AssessmentRound,
    Goal,
    GoalScore,
    Party,
    Relationship,
    Review,
    ReviewOutcome,
)
from pairing.papers import paper_language
from pairing.views.headings import whose


class RelationshipBenefit(VisibleDetail):
    """The parent's goals and how far they have come; reviews held and due; what each of the three thinks."""

    allowed_roles = STAFF | SOCIAL_WORKER | PARTNER | PARENT
    model = Relationship
    template_name = "pairing/relationship_benefit.html"

    def get_title(self) -> str:
        return _("Your goals") if self.actor.role == "parent" else _("Goals and benefit")

    def get_kicker(self) -> str:
        return whose(self.object, self.actor)

    def get_back(self) -> tuple[str, str]:
        return self.object.get_absolute_url(), _("Back")

    def get_queryset(self):
        return super().get_queryset().with_people()

    def extra(self) -> dict:
        # One question to the database for each kind of row, however many there are.
        relationship, actor = self.object, self.actor
        self.party = relationship.party_of(actor)
        reviews = list(Review.objects.visible_to(actor).filter(relationship=relationship))
        goals, scores = self.goals_and_scores({review.pk: review for review in reviews})
        rounds = AssessmentRound.objects.visible_to(actor).filter(relationship=relationship).with_given()
        answers = (
            AssessmentAnswer.objects.visible_to(actor)
            .filter(assessment__round__relationship=relationship)
            .select_related("assessment")
        )
        current = max((goal.agreement for goal in goals), key=lambda one: one.number, default=None)
        now, earlier = benefit.goal_stories(goals, scores, current.pk if current else None)
        shown = benefit.rounds_shown(rounds, self.party)
        due = next((review for review in reviews if review.held_on is None), None)
        held = [review for review in reviews if review.held_on is not None]
        newest = shown[-1] if shown else None
        may_review = relationship.can_review(actor)
        closed = any(review.is_closing for review in held)
        return {
            "party": self.party or "",
            "goals": now,
            "earlier_goals": earlier,
            "reached": benefit.reached_at_last_review(scores),
            "due": due,
            "is_due": due is not None and due.due_on <= today(),
            "held": sorted(held, key=lambda review: (review.held_on, review.created_at), reverse=True),
            "may_hold": may_review and due is not None and (due.due_on <= today() or due.is_closing),
            "may_add": may_review
            and (relationship.is_running or not closed)
            and (due is None or due.due_on > today()),
            "rounds": [self.with_deeds(one) for one in reversed(shown)],
            "hidden": self.party is not None and any(not one.mine for one in shown),
            "groups": benefit.item_groups(shown, answers, self.party),
            "waiting": newest.round
            if newest and self.party and not newest.mine and self.may_answer(newest.round)
            else None,
        }

    def goals_and_scores(self, reviews: dict) -> tuple[list[Goal], list[GoalScore]]:
        """The goals that all three have accepted, and how far each had come: whoever sees a goal sees its steps."""
        rows = (
            Goal.objects.visible_to(self.actor)
            .filter(agreement__relationship=self.object, agreement__agreed_on__isnull=False)
            .select_related("agreement")
            .annotate(reviewed_id=F("scores__review_id"), step=F("scores__score"))
            .order_by("agreement__number", "position", "created_at")
        )
        goals, scores = {}, []
        for goal in rows:
            goals.setdefault(goal.pk, goal)
            if goal.step is not None:
                scores.append(
                    GoalScore(goal=goals[goal.pk], review=reviews[goal.reviewed_id], score=goal.step)
                )
        return list(goals.values()), scores

    def may_answer(self, asked: AssessmentRound) -> bool:
        """Whether the reader can give the own answers."""
        return asked.is_answered_by(
            self.actor, party=self.party, how=AcknowledgedHow.SIGN_IN, relationship=self.object
        )

    def with_deeds(self, one: benefit.RoundShown) -> dict:
        """A round with what this actor can record in it for somebody else: (party, label)."""
        deeds = []
        if self.actor.role == "staff":
            labels = {
                Party.PARENT: _("Copy in the parent's paper"),
                Party.PARTNER: _("Copy in the partner's paper"),
            }
            deeds = [(party.value, label) for party, label in labels.items() if party in one.missing]
        elif self.party == Party.WORKER and one.is_open and Party.PARENT in one.missing:
            deeds = [(Party.PARENT.value, _("The parent answers on this screen"))]
        return {"shown": one, "deeds": deeds}


# --- reviews -------------------------------------------------------------------------------------------------
class ReviewHold(VisibleForm):
    """The social worker or the staff write down what the three found; the partner and the parent read it."""

    allowed_roles = STAFF | SOCIAL_WORKER
    model = Review
    form_class = HoldReviewForm
    template_name = "pairing/review_hold.html"
    lead = gettext_lazy("Fill this in together. The parent and the experience partner read it afterwards.")

    def get_title(self) -> str:
        return _("Closing meeting") if self.is_closing else _("Look back together")

    @property
    def submit_label(self) -> str:
        return _("Save") if self.is_closing else _("Save the review")

    def get_kicker(self) -> str:
        return whose(self.object.relationship, self.actor)

    def get_back(self) -> tuple[str, str]:
        return self.object.get_absolute_url(), _("Back")

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .select_related(
                "relationship__parent", "relationship__partner", "relationship__social_worker__user"
            )
            .prefetch_related("relationship__agreements__goals")
        )

    def may(self) -> bool:
        return self.object.relationship.can_review(self.actor)

    @property
    def is_closing(self) -> bool:
        return (
            self.object.is_closing or not self.object.relationship.is_running or "closing" in self.request.GET
        )

    def get(self, request, *args, **kwargs) -> HttpResponse:
        self.find()
        if self.object.held_on is not None:
            return HttpResponseRedirect(self.object.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def find(self) -> None:
        if not hasattr(self, "object"):  # `get` has found it already: one look is one row in the audit trail
            super().find()

    def form_kwargs(self) -> dict:
        relationship = self.object.relationship
        agreement = relationship.agreement_in_force()
        return {
            "goals": list(agreement.goals.all()) if agreement else [],
            "is_closing": self.is_closing,
            "must_close": not relationship.is_running,
        }

    def deed(self, form):
        return services.hold_review(review=self.object, by=self.actor, **form.facts())

    def answer(self, made):
        review = self.get_queryset().filter(pk=made).first()
        relationship = review.relationship
        page = review.get_absolute_url()
        if review.outcome == ReviewOutcome.CHANGE and relationship.can_propose_agreement(self.actor):
            return self.done(
                _("Saved. Now write down what is changed: all three accept it."),
                reverse("agreement_propose", args=[relationship.pk]),
            )
        if review.outcome == ReviewOutcome.END and relationship.can_end(self.actor):
            return self.done(
                _("Saved. If this was the last time, end the relationship now; it can also wait."),
                reverse("relationship_end", args=[relationship.pk]),
            )
        if review.outcome == ReviewOutcome.CHANGE:
            return self.done(_("Saved. The social worker writes down what is changed."), page)
        return self.done(_("Saved. The three are asked how it is for them now."), page)


class ReviewAdd(DeedView):
    """A review before the next one is due; after the end, the closing meeting that has not been written down."""

    allowed_roles = STAFF | SOCIAL_WORKER
    model = Relationship
    button = gettext_lazy("Yes, write it down now")
    review: Review | None = None

    def get_queryset(self):
        return super().get_queryset().with_people()

    def get_title(self) -> str:
        if self.object.is_running:
            return _("Do you look back together now?")
        return _("Was there a closing meeting?")

    def get_kicker(self) -> str:
        return whose(self.object, self.actor)

    def get_back(self) -> tuple[str, str]:
        return reverse("relationship_benefit", args=[self.object.pk]), _("Back")

    def may(self) -> bool:
        return self.object.can_review(self.actor)

    def consequences(self) -> list[str]:
        sentences = [
            _("You say of every goal how far it has come."),
            _("Each of the three is asked how it is now."),
        ]
        if self.object.is_running:
            sentences.append(_("The next review is counted from this day."))
        return sentences

    def deed(self) -> str:
        self.review = services.add_review(relationship=self.object, by=self.actor)
        return _("Write down what you found together.")

    def get_success_url(self) -> str:
        if self.review is None:
            return reverse("relationship_benefit", args=[self.object.pk])
        closing = "?closing=1" if "closing" in self.request.GET else ""
        return reverse("review_hold", args=[self.review.pk]) + closing


# --- what each of the three thinks ---------------------------------------------------------------------------
class _Answers(VisibleForm):
    """The statements for one party."""

    model = AssessmentRound
    form_class = AssessmentForm
    submit_label = gettext_lazy("Save the answers")
    how: str
    party: str

    def get_kicker(self) -> str:
        return whose(self.object.relationship, self.actor)

    def get_back(self) -> tuple[str, str]:
        return self.object.get_absolute_url(), _("Back")

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .select_related(
                "relationship__parent", "relationship__partner", "relationship__social_worker__user"
            )
        )

    def may(self) -> bool:
        self.party = self.who_answers()
        return self.object.is_answered_by(self.actor, party=self.party, how=self.how)

    def who_answers(self) -> str:
        raise ImproperlyConfigured(f"{type(self).__name__} does not say who answers")

    def get(self, request, *args, **kwargs) -> HttpResponse:
        self.find()
        answered = Assessment.objects.visible_to(self.actor).filter(round=self.object, party=self.party)
        newest = AssessmentRound.objects.visible_to(self.actor).newest().filter(pk=self.object.pk)
        if answered.exists():
            messages.info(request, _("These questions have been answered already."))
        elif self.how != AcknowledgedHow.PAPER and not newest.exists():
            messages.info(request, _("You have been asked again since: answer the newer questions."))
        else:
            return super().get(request, *args, **kwargs)
        return HttpResponseRedirect(self.object.get_absolute_url())

    def find(self) -> None:
        if not hasattr(self, "object"):  # `get` has found it already: one look is one row in the audit trail
            super().find()

    def form_kwargs(self) -> dict:
        return {"party": self.party}

    def extra(self) -> dict:
        return super().extra() | {"notes": self.notes()}

    def notes(self) -> list[str]:
        """What one should know before answering, each a sentence."""
        others = {
            Party.PARENT: [
                _(
                    "Your experience partner and your social worker see your answers when they have given their own."
                ),
                _(
                    "What you say about trust in your experience partner is never shown to your experience partner."
                ),
            ],
            Party.PARTNER: [
                _("The parent and the social worker see your answers when they have given their own.")
            ],
            Party.WORKER: [
                _("The parent and the experience partner see your answers when they have given their own.")
            ],
        }
        return [
            *others[self.party],
            _("The project staff see all answers."),
            _("Once you have saved, the answers are not changed: others may have read them."),
            _("These are our own questions, not a tested measure. Nothing is added up."),
        ]

    def deed(self, form):
        return services.answer_round(
            round=self.object, party=self.party, answers=form.answers(), how=self.how, by=self.actor
        )


class AssessmentAnswerPage(_Answers):
    """Each of the three, for her- or himself."""

    allowed_roles = SOCIAL_WORKER | PARTNER | PARENT
    template_name = "pairing/assessment_answer.html"
    how = AcknowledgedHow.SIGN_IN
    title = gettext_lazy("How is it now?")
    lead = gettext_lazy("A few short statements. Choose the step that fits; skip what you like.")

    def who_answers(self) -> str:
        return self.object.relationship.party_of(self.actor) or ""

    def answer(self, made):
        return self.done(_("Saved. Thank you for your answers."), self.object.get_absolute_url())


class AssessmentRecord(_Answers):
    """For somebody else: the parent holds the social worker's screen, or the staff copy in what was given on paper.

    On the screen the page is the parent's: in the parent's language, without the social worker's places, and nothing of
    it is given back later. What a session that ran out has swallowed is asked again, not shown to the social worker.
    """

    allowed_roles = STAFF | SOCIAL_WORKER

    @property
    def is_screen(self) -> bool:
        return self.how == AcknowledgedHow.SCREEN

    @property
    def how(self) -> str:
        return AcknowledgedHow.SCREEN if self.actor.role == "social_worker" else AcknowledgedHow.PAPER

    @property
    def template_name(self) -> str:
        return "pairing/assessment_screen.html" if self.is_screen else "pairing/assessment_answer.html"

    def get_title(self) -> str:
        if self.is_screen:
            return _("How is it now?")
        if self.party == Party.PARENT:
            return _("Copy in the parent's paper")
        return _("Copy in the partner's paper")

    def get_lead(self) -> str:
        if self.is_screen:
            return _("A few short statements. Choose the step that fits; skip what you like.")
        return _("Copy the steps as they stand on the paper. What is not marked stays open.")

    def who_answers(self) -> str:
        if self.is_screen:
            return Party.PARENT
        said = self.request.POST.get("party") or self.request.GET.get("party") or Party.PARENT
        return said if said in (Party.PARENT, Party.PARTNER) else Party.PARENT

    def kept_words(self):
        return KeptWords.objects.none() if self.is_screen else super().kept_words()

    def notes(self) -> list[str]:
        return super().notes() if self.is_screen else []

    def language(self):
        """On the screen the parent's, otherwise the reader's own."""
        return override(paper_language(self.object.relationship.parent) if self.is_screen else get_language())

    def get_form(self, data=None):
        with self.language():
            return super().get_form(data)

    def form_page(self, form, status: int = 200) -> HttpResponse:
        with self.language():
            response = super().form_page(form, status)
            response.headers["Content-Language"] = get_language()
            return response

    def answer(self, made):
        if self.is_screen:
            message = _("Saved. You see the parent's answers when you have given your own.")
        else:
            message = _("Saved. The paper has been copied in.")
        return self.done(message, self.object.get_absolute_url())
