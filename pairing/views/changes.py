"""What changes while a relationship runs: breaks, wishes, another partner, the end, and what each thought of it."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.accounts.roles import PARENT, PARTNER, SOCIAL_WORKER, STAFF
from kumppani.core.dates import today
from kumppani.core.templatetags.kumppani import day
from kumppani.core.views import DeedView, VisibleDetail, VisibleForm
from pairing import services
from pairing.changes import deeds_of, story_of
from pairing.forms import (
    ChangePartnerForm,
    ClosingForm,
    EndForm,
    FeedbackForm,
    PauseForm,
    ResumeForm,
    StepBackForm,
    WishForm,
)
from pairing.matching import candidates
from pairing.models import Feedback, HandOver, Meeting, Pause, Relationship, Wish, WishKind
from pairing.states import RelationshipStatus as S
from pairing.views.headings import WORKERS, whose

EVERY_PARTY = STAFF | SOCIAL_WORKER | PARTNER | PARENT


class RelationshipChanges(VisibleDetail):
    """Breaks, wishes, hand-overs, earlier and later partners, the end; and what this actor may do."""

    allowed_roles = EVERY_PARTY
    model = Relationship
    template_name = "pairing/relationship_changes.html"

    def get_title(self) -> str:
        if self.actor.role in WORKERS:
            return _("Changes")
        if self.object.status == S.ENDED:
            return self.object.parent_word
        return _("If something should be different")

    def get_kicker(self) -> str:
        return whose(self.object, self.actor)

    def get_back(self) -> tuple[str, str]:
        return self.object.get_absolute_url(), _("Back")

    def get_queryset(self):
        return super().get_queryset().with_people().select_related("closing")

    def extra(self) -> dict:
        relationship = self.object

        def rows(model):
            return model.objects.visible_to(self.actor).filter(relationship=relationship)

        pauses = list(rows(Pause))
        wishes = list(rows(Wish))
        line = (
            Relationship.objects.visible_to(self.actor)
            .filter(request=relationship.request_id)
            .exclude(pk=relationship.pk)
            .select_related("partner")
            .order_by("-proposed_on", "-created_at", "-id")[:20]
        )
        hand_overs = (
            HandOver.objects.visible_to(self.actor)
            .filter(parent=relationship.parent_id)
            .select_related("from_worker__user", "to_worker__user")[:20]
        )
        feedback = list(rows(Feedback)) if relationship.status == S.ENDED else []
        for row in feedback:
            row.relationship = relationship
        tells_who = self.actor.role in WORKERS
        return {
            "deeds": deeds_of(relationship, self.actor),
            "may_step_back": relationship.can_step_back(self.actor),
            "pause": next((pause for pause in pauses if pause.over_on is None), None),
            "open_wishes": [wish for wish in wishes if wish.handled_on is None],
            "may_handle": tells_who,
            "story": story_of(
                relationship,
                pauses=pauses,
                wishes=[wish for wish in wishes if wish.handled_on is not None],
                hand_overs=list(hand_overs),
                tells_who=tells_who,
            ),
            "line": list(line),
            "closing": getattr(relationship, "closing", None),
            "feedback": feedback if self.actor.role == "staff" else [],
            "feedback_waiting": [
                row for row in feedback if row.answered_on is None and row.is_answered_by(self.actor)
            ],
        }


class ChangeForm(VisibleForm):
    """The base of what any of the three, and the staff, may do: who comes too late reads what has happened instead."""

    allowed_roles = EVERY_PARTY
    model = Relationship
    said = gettext_lazy("Saved.")

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .select_related("parent__user", "partner__user", "social_worker__user", "request", "closing")
            .prefetch_related("decisions", "agreements")
        )

    def may(self) -> bool:
        return self.object.may_change(self.actor)

    def get_kicker(self) -> str:
        return whose(self.object, self.actor)

    def get_back(self) -> tuple[str, str]:
        return self.page_url(), _("Back")

    def extra(self) -> dict:
        return super().extra() | {"is_worker": self.is_worker}

    def page_url(self) -> str:
        """Where one sees what was done; home for a partner whose access has ended with it."""
        still = Relationship.objects.visible_to(self.actor).filter(pk=self.object.pk)
        if self.actor.role == "partner" and not still.exists():
            return reverse("home")
        return reverse("relationship_changes", args=[self.object.pk])

    def too_late(self) -> str:
        """Hook: what has happened already, in a sentence; empty while the deed is possible."""
        return ""

    def form_page(self, form, status: int = 200) -> HttpResponse:
        sentence = self.too_late()
        if status == 409 and not getattr(form, "has_words", False):
            sentence = sentence or " ".join(form.non_field_errors())
        if sentence and not getattr(form, "has_words", False):
            messages.info(self.request, sentence)
            return HttpResponseRedirect(self.page_url())
        return super().form_page(form, status)

    def answer(self, made) -> HttpResponse:
        return self.done(str(self.said), self.page_url())

    @property
    def is_worker(self) -> bool:
        """Whether the page speaks about the parent, and not to one of the two."""
        return self.actor.role in WORKERS

    def last_day(self) -> str:
        """The last day of what was agreed, as it is written; empty when there is none."""
        return day(self.object.last_day())


class RelationshipStepBack(ChangeForm):
    """Before the start, one of the two does not go on."""

    form_class = StepBackForm
    template_name = "pairing/relationship_step_back.html"

    def get_title(self) -> str:
        return _("Does one of the two step back?") if self.is_worker else _("Do you want to step back?")

    @property
    def submit_label(self) -> str:
        return _("Yes, they do not go on together") if self.is_worker else _("Yes, I step back")

    def too_late(self) -> str:
        return (
            ""
            if self.object.can_step_back(self.actor)
            else _("This is possible only before the start meeting.")
        )

    def extra(self) -> dict:
        sentences = [
            _("No reason is asked."),
            _("The partner no longer sees the parent's data."),
            _("The request waits in the queue again; it can be withdrawn there."),
        ]
        if self.actor.role == "parent":
            sentences = [
                _("You need no reason, and nobody asks you for one."),
                _("Your partner no longer sees anything about you here."),
                _(
                    "Another partner is looked for, unless you tell your social worker that you do not want one now."
                ),
            ]
        elif self.actor.role == "partner":
            sentences = [
                _("You need no reason, and nobody asks you for one."),
                _("You no longer see anything about the parent here."),
                _("The project staff look for another partner: nobody is left alone."),
            ]
        return super().extra() | {"consequences": sentences}

    def deed(self, form):
        services.step_back(relationship=self.object, by=self.actor)
        return self.object

    @property
    def said(self) -> str:
        return (
            _("Saved. The request waits for another partner.") if self.is_worker else _("Saved. Thank you.")
        )


class RelationshipPause(ChangeForm):
    """A break from today."""

    form_class = PauseForm
    template_name = "pairing/relationship_pause.html"
    said = gettext_lazy("Saved: the break has begun. The others get to know of it.")

    def get_title(self) -> str:
        return _("Record a break") if self.is_worker else _("Take a break")

    @property
    def submit_label(self) -> str:
        return _("Save the break") if self.is_worker else _("Take a break")

    def too_late(self) -> str:
        if self.object.status == S.PAUSED:
            return _("There is a break already.")
        return "" if self.object.status == S.ACTIVE else _("A break can be taken while you meet each other.")

    def extra(self) -> dict:
        sentences = [
            _("The break begins today. Nobody is asked for a reason."),
            _(
                "Planned meetings that fall into the break are called off. Without a last day, all of them are."
            ),
            _("After its last day the break is over by itself. Each of the three can say so earlier."),
        ]
        if self.last_day():
            sentences.append(
                _("The agreed time goes on during the break: its last day is %(day)s.")
                % {"day": self.last_day()}
            )
        return super().extra() | {"consequences": sentences}

    def deed(self, form):
        return services.pause_relationship(
            relationship=self.object,
            by=self.actor,
            ends_on=form.cleaned_data["ends_on"],
            asked_by=form.said_by,
        )


class RelationshipResume(ChangeForm):
    """The break is over. Without a valid decision the social worker is told instead (R1)."""

    form_class = ResumeForm
    template_name = "pairing/relationship_resume.html"
    said = gettext_lazy("Saved: the break is over. The others get to know of it.")

    def get_title(self) -> str:
        return _("Is the break over?")

    @property
    def submit_label(self) -> str:
        return _("The break is over") if self.is_possible else _("Tell the social worker")

    @property
    def is_possible(self) -> bool:
        """Whether a decision is valid today."""
        return self.object.valid_decision(today()) is not None

    def too_late(self) -> str:
        if self.object.status == S.ACTIVE:
            return _("The break is over already.")
        return "" if self.object.status == S.PAUSED else _("Only a break can be over.")

    def extra(self) -> dict:
        return super().extra() | {
            "is_possible": self.is_possible,
            "last_day": self.last_day(),
            "may_decide": self.object.can_decide(self.actor),
            "is_outside": self.actor.role == "staff",
        }

    def deed(self, form):
        try:
            return services.resume_relationship(relationship=self.object, by=self.actor)
        except services.DecisionMissing:
            services.ask_for_decision(relationship=self.object, by=self.actor)
            self.said = _(
                "The social worker has been told that you would like to go on. A new decision comes first."
            )
            return self.object


class RelationshipEnd(ChangeForm):
    """The end, without a reason: one button for the two; the worker and the staff also write how it is closed."""

    form_class = EndForm
    template_name = "pairing/relationship_end.html"

    def get_title(self) -> str:
        return _("End this relationship?") if self.is_worker else _("Do you want to stop?")

    @property
    def submit_label(self) -> str:
        return _("End the relationship") if self.is_worker else _("Yes, I stop now")

    def too_late(self) -> str:
        if self.object.status == S.ENDED:
            return _("This has ended already.")
        if not self.object.is_running:
            return _("Only what has started can end. Before that, one of the two steps back.")
        return ""

    def extra(self) -> dict:
        unlogged = 0
        if self.actor.role in ("partner", "staff"):
            unlogged = (
                Meeting.objects.visible_to(self.actor)
                .filter(relationship=self.object)
                .unlogged(today())
                .count()
            )
        return super().extra() | {
            "consequences": self.consequences(),
            "unlogged": unlogged,
            "may_pause": self.object.can_pause(self.actor),
        }

    def consequences(self) -> list[str]:
        """What will happen, in the words of whoever reads it."""
        if self.actor.role == "parent":
            return [
                _("You need no reason, and nobody asks you for one."),
                _("Your partner is told that your meetings have ended. Planned meetings are called off."),
                _("From then on your partner sees nothing about you here. You keep seeing your own data."),
                _("You are offered one more meeting to close together. You can say no."),
                _("If you would like to meet a partner again later, talk with your social worker."),
            ]
        if self.actor.role == "partner":
            return [
                _("You need no reason, and nobody asks you for one."),
                _("The parent and the social worker are told. Planned meetings are called off."),
                _("The social worker talks with the parent about what comes next: nobody is left alone."),
                _("You no longer see anything about the parent here."),
                _("If you would like to talk about it, the project staff are there for you."),
            ]
        return [
            _("No reason is asked."),
            _("Planned meetings are called off, and proposals that wait for somebody's yes are withdrawn."),
            _("The partner no longer sees the parent's data."),
            _("The parent keeps seeing the own data, and reads where support is found next."),
            _("All three are asked how it was."),
            _("An ended relationship cannot be opened again; a new one can be started."),
        ]

    def deed(self, form):
        return services.end_relationship(
            relationship=self.object, by=self.actor, ended_by=form.said_by, **form.facts()
        )

    @property
    def said(self) -> str:
        if self.is_worker:
            return _("The relationship has ended.")
        return _("Your meetings have ended. Thank you for the time you had together.")


class RelationshipClose(VisibleForm):
    """After the end: when it is closed together, where support is found next."""

    allowed_roles = STAFF | SOCIAL_WORKER
    model = Relationship
    form_class = ClosingForm
    template_name = "pairing/relationship_close.html"
    title = gettext_lazy("Close it together")
    submit_label = gettext_lazy("Save")

    def get_queryset(self):
        return super().get_queryset().with_people().select_related("closing", "parent__user")

    def find(self) -> None:
        super().find()
        self.closing = getattr(self.object, "closing", None)

    def may(self) -> bool:
        ended = hasattr(self.object, "closing")
        return self.object.may_change(self.actor) and (ended or self.object.is_running)

    def form_page(self, form, status: int = 200) -> HttpResponse:
        if self.closing is None:  # it runs: the end has a page of its own
            return HttpResponseRedirect(reverse("relationship_end", args=[self.object.pk]))
        return super().form_page(form, status)

    def get_kicker(self) -> str:
        return whose(self.object, self.actor)

    def get_back(self) -> tuple[str, str]:
        return reverse("relationship_changes", args=[self.object.pk]), _("Back")

    def form_kwargs(self) -> dict:
        return {"instance": self.closing}

    def deed(self, form):
        if self.closing is None:
            raise services.MoveRefused(_("First the relationship ends."))
        return services.write_closing(
            closing=self.closing,
            by=self.actor,
            seen_version=form.cleaned_data["seen_version"],
            **form.facts(),
        )

    def answer(self, made) -> HttpResponse:
        return self.done(_("Saved."), reverse("relationship_changes", args=[self.object.pk]))


class RelationshipChangePartner(ChangeForm):
    """Staff choose another partner for the same parent: the old ends and the new begins at one moment."""

    allowed_roles = STAFF
    form_class = ChangePartnerForm
    template_name = "pairing/relationship_change_partner.html"
    title = gettext_lazy("Change the partner")
    submit_label = gettext_lazy("Change the partner")

    def too_late(self) -> str:
        return "" if self.object.is_running else _("The partner is changed while the relationship runs.")

    def get_queryset(self):
        return Relationship.objects.visible_to(self.actor).select_related(
            "request__parent", "request__social_worker", "parent", "partner", "social_worker"
        )

    def find(self) -> None:
        super().find()
        self.candidates = []
        if self.object.is_running:
            self.candidates = [
                partner
                for partner in candidates(self.object.request, actor=self.actor)
                if partner.pk != self.object.partner_id
            ]

    def form_kwargs(self) -> dict:
        return {"candidates": self.candidates}

    def extra(self) -> dict:
        return super().extra() | {"candidates": self.candidates}

    def deed(self, form):
        return services.change_partner(
            relationship=self.object, partner=form.cleaned_data["partner"], by=self.actor
        )

    def answer(self, made) -> HttpResponse:
        return self.done(
            _("Saved. The new two are asked for a yes or a no; they do not need to give a reason."),
            reverse("relationship_detail", args=[made]),
        )


class RelationshipWish(ChangeForm):
    """A wish is one tap, without words: somebody calls."""

    form_class = WishForm
    template_name = "pairing/relationship_wish.html"

    def kinds(self) -> list[WishKind]:
        """The one wish that a link has named, or all of them."""
        return [kind for kind in WishKind if kind == self.request.GET.get("kind", "")] or list(WishKind)

    def get_title(self) -> str:
        if self.is_worker:
            return _("Record a wish")
        kinds = self.kinds()
        return self.words(kinds[0]) if len(kinds) == 1 else _("What would you like?")

    def too_late(self) -> str:
        if self.object.is_running:
            return ""
        return (
            _("This has ended already.")
            if self.object.status == S.ENDED
            else _("This begins with the start meeting.")
        )

    def extra(self) -> dict:
        kinds = self.kinds()
        notes = {
            WishKind.CHANGE: _("How often you meet, when, where, or what it is about."),
            WishKind.PARTNER: _(
                "You need no reason. You go on with the present one until there is another, or stop."
            ),
            WishKind.TALK: _("About anything."),
        }
        if self.is_worker:
            notes[WishKind.PARTNER] = _("They go on as they are until there is another, or stop.")
            notes[WishKind.CHANGE] = _("How often they meet, when, where, or what it is about.")
        return super().extra() | {
            "kinds": [(kind, self.words(kind), notes[kind]) for kind in kinds],
            "may_pause": self.object.can_pause(self.actor),
            "may_end": self.object.can_end(self.actor),
        }

    def words(self, kind: WishKind) -> str:
        """What the button says."""
        if self.is_worker:
            return kind.label
        return {
            WishKind.CHANGE: _("I want to change something"),
            WishKind.PARTNER: _("I want to change the partner"),
            WishKind.TALK: _("I want to talk with the social worker"),
        }[kind]

    def deed(self, form):
        return services.make_wish(
            relationship=self.object, kind=form.cleaned_data["kind"], by=self.actor, party=form.said_by
        )

    @property
    def said(self) -> str:
        if self.is_worker:
            return _("Saved. The social worker and the project staff see it.")
        return _(
            "Saved. The social worker and the project staff see it, and one of them is in touch with you."
        )


class WishHandle(DeedView):
    """Somebody has talked about it."""

    allowed_roles = STAFF | SOCIAL_WORKER
    model = Wish
    question = gettext_lazy("Have you talked about this wish?")
    button = gettext_lazy("Yes, it has been talked about")

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .select_related("relationship__social_worker", "relationship__parent", "relationship__partner")
        )

    def get_kicker(self) -> str:
        return whose(self.object.relationship, self.actor)

    def get_lead(self) -> str:
        wish = self.object
        made = (str(wish.get_kind_display()), str(wish.get_party_display()), day(wish.made_on))
        return " · ".join(made).capitalize()

    def may(self) -> bool:
        return self.object.can_handle(self.actor)

    def consequences(self) -> list[str]:
        return [_("The wish leaves the list of open wishes. Whoever made it can make it again.")]

    def get_back(self) -> tuple[str, str]:
        return self.get_success_url(), ""

    def get_success_url(self) -> str:
        return reverse("relationship_changes", args=[self.object.relationship_id])

    def deed(self) -> str:
        services.handle_wish(wish=self.object, by=self.actor)
        return _("Saved: the wish has been talked about.")


class FeedbackGive(VisibleForm):
    """What one of the three thinks of it; the page names nobody, because the partner's access has ended."""

    allowed_roles = EVERY_PARTY
    model = Feedback
    form_class = FeedbackForm
    template_name = "pairing/feedback_give.html"
    title = gettext_lazy("How was it?")
    submit_label = gettext_lazy("Send")

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .select_related("relationship__parent", "relationship__partner", "relationship__social_worker")
        )

    def get_lead(self) -> str:
        relationship = self.object.relationship
        if self.actor.role == "staff":
            return _("What the parent has given on paper. Write it as it stands there.")
        names = {"partner": relationship.partner.first_name, "parent": relationship.parent.first_name}
        if self.actor.role == "parent":
            about = _("Your meetings with %(partner)s have ended.") % names
        elif self.actor.role == "social_worker":
            about = _("The meetings of %(parent)s and %(partner)s have ended.") % names
        else:  # whose access has ended reads no name
            about = _("Your meetings ended on %(day)s.") % {"day": day(relationship.ended_on)}
        takes = _("It takes half a minute: one tap is enough.")
        return f"{about} {takes}"

    def get_back(self) -> tuple[str, str]:
        if self.actor.role == "staff":
            return reverse("relationship_changes", args=[self.object.relationship_id]), _("Back")
        return reverse("home"), _("Home")

    def may(self) -> bool:
        return self.object.is_answered_by(self.actor)

    def deed(self, form):
        return services.give_feedback(
            feedback=self.object,
            by=self.actor,
            grade=form.cleaned_data["grade"],
            words=form.cleaned_data["words"],
            quote_consent=form.cleaned_data["quote_consent"],
        )

    def answer(self, made) -> HttpResponse:
        if self.actor.role == "staff":
            return self.done(_("Saved."), self.get_back()[0])
        return self.done(_("Saved. Thank you: this helps the next ones."), reverse("home"))
