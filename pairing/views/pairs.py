"""Two people on their way to each other: proposed, getting acquainted, yes or no."""

import uuid

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.accounts.roles import PARENT, PARTNER, SOCIAL_WORKER, STAFF
from kumppani.core.templatetags.kumppani import minutes, weekday_day
from kumppani.core.views import VisibleForm
from pairing import services
from pairing.forms import AcquaintanceForm, AnswerForm, ProposeForm
from pairing.matching import Demand, candidates
from pairing.models import AcquaintanceMeeting, Candidate, ContactRequest, Relationship
from pairing.states import RelationshipStatus, RequestStatus
from pairing.views.headings import whose


class RequestPropose(VisibleForm):
    """Staff propose a partner, chosen from those who fit, with the reasons in words; and say who is asked next."""

    allowed_roles = STAFF
    model = ContactRequest
    form_class = ProposeForm
    template_name = "pairing/request_propose.html"
    title = gettext_lazy("Propose a partner")
    submit_label = gettext_lazy("Propose")

    def get_back(self) -> tuple[str, str]:
        return reverse("request_detail", args=[self.object.pk]), _("Request")

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .select_related(
                "parent__user", "social_worker__user", "social_worker__organisation", "chosen_partner"
            )
        )

    def may(self) -> bool:
        return self.object.is_complete and (
            self.object.status == RequestStatus.WAITING or not self.only_looks
        )

    def find(self) -> None:
        super().find()
        self.demand = Demand(self.object)
        self.candidates = candidates(self.object, actor=self.actor, also=self.looked_up(), demand=self.demand)

    def looked_up(self) -> uuid.UUID | None:
        """The partner whom the staff found on the page about those who are not suggested."""
        try:
            return uuid.UUID(self.request.GET.get("also", ""))
        except ValueError:
            return None

    def form_kwargs(self) -> dict:
        also = self.looked_up()
        chosen = also if also in {candidate.pk for candidate in self.candidates} else None
        return {
            "demand": self.demand,
            "candidates": self.candidates,
            "initial": {"partner": chosen} if chosen else {},
        }

    def extra(self) -> dict:
        wished = self.object.chosen_partner
        if wished is not None and wished.pk in {candidate.pk for candidate in self.candidates}:
            wished = None
        return super().extra() | {"candidates": self.candidates, "wished": wished}

    def deed(self, form):
        return services.propose_pair(
            request=self.object, partner=form.cleaned_data["partner"], then=form.then, by=self.actor
        )

    def answer(self, made):
        return self.done(
            _("Saved. Both are asked for a yes or a no; they do not need to give a reason."),
            reverse("relationship_detail", args=[made]),
        )


class RelationshipAnswer(VisibleForm):
    """Yes or no, without a reason."""

    allowed_roles = STAFF | SOCIAL_WORKER | PARTNER | PARENT
    model = Relationship
    form_class = AnswerForm
    template_name = "pairing/relationship_answer.html"
    title = gettext_lazy("Shall you go on together?")
    lead = gettext_lazy("Say yes or no. Nobody asks for a reason, and both answers are good ones.")
    submit_label = gettext_lazy("Save the answer")

    def get_title(self) -> str:
        if self.actor.role in ("partner", "parent"):
            return str(self.title)
        return _("Record a yes or a no")

    def get_lead(self) -> str:
        if self.actor.role in ("partner", "parent"):
            return str(self.lead)
        return _("Nobody asks for a reason, and both answers are good ones.")

    def get_kicker(self) -> str:
        return whose(self.object, self.actor)

    def get_back(self) -> tuple[str, str]:
        return self.object.get_absolute_url(), _("Back")

    def get_queryset(self):
        return super().get_queryset().with_people().with_start()

    def find(self) -> None:
        super().find()
        self.sides = self.object.may_answer_for(self.actor)
        if not self.sides and self.only_looks:
            raise PermissionDenied

    def form_kwargs(self) -> dict:
        if self.request.method == "POST":
            # The form as it was shown: a side that has been answered in between is refused, not replaced by the other.
            return {"sides": [self.request.POST.get("party", "")]}
        return {"sides": self.sides}

    def deed(self, form):
        return services.answer_pair(
            relationship=self.object,
            party=form.party,
            yes=form.cleaned_data["answer"] == "yes",
            by=self.actor,
        )

    def answer(self, made):
        # After a "no" the relationship is over, and a partner no longer sees it.
        url = self.object.get_absolute_url()
        if not Relationship.objects.visible_to(self.actor).filter(pk=self.object.pk).exists():
            url = reverse("home")
        return self.done(_("Saved. Thank you for your answer."), url)


class AcquaintanceLog(VisibleForm):
    """The partner says that the two have met to get to know each other (B2): three touches."""

    allowed_roles = PARTNER
    model = Relationship
    form_class = AcquaintanceForm
    title = gettext_lazy("You have met to get acquainted")
    submit_label = gettext_lazy("Save")

    def get_lead(self) -> str:
        return _("With %(name)s") % {"name": self.object.parent.first_name}

    def get_back(self) -> tuple[str, str]:
        return self.object.get_absolute_url(), _("Back")

    def get_queryset(self):
        return super().get_queryset().with_people()

    def may(self) -> bool:
        return self.object.can_log_acquaintance(self.actor)

    def form_kwargs(self) -> dict:
        usual = (
            AcquaintanceMeeting.objects.visible_to(self.actor)
            .filter(relationship=self.object)
            .order_by("-date", "-id")
            .first()
        )
        return {"usual": usual}

    def deed(self, form):
        return services.log_acquaintance(relationship=self.object, by=self.actor, **form.facts())

    def answer(self, made):
        meeting = AcquaintanceMeeting.objects.visible_to(self.actor).get(pk=made)
        sentence = _("Saved: you got acquainted on %(day)s, %(length)s.") % {
            "day": weekday_day(meeting.date),
            "length": minutes(meeting.minutes),
        }
        return self.done(sentence, self.object.get_absolute_url())


# The states in which the two are not yet, or were never, in a relationship.
BEFORE_THE_START = (
    RelationshipStatus.ACQUAINTING,
    RelationshipStatus.PROPOSED,
    RelationshipStatus.DECIDED,
    RelationshipStatus.NO_MATCH,
    RelationshipStatus.DECLINED,
    RelationshipStatus.REFUSED,
)


def acquaintance_of(relationship: Relationship, actor) -> dict:
    """What the relationship's page says about getting acquainted: the rows, for a social worker only their number."""
    if relationship.status not in BEFORE_THE_START:
        return {}
    if actor.role == "social_worker":
        return {"count": relationship.acquaintance_meetings.count(), "rows": [], "may_log": False}
    rows = list(AcquaintanceMeeting.objects.visible_to(actor).filter(relationship=relationship)[:50])
    found = {"count": len(rows), "rows": rows, "may_log": relationship.can_log_acquaintance(actor)}
    if actor.role == "staff" and relationship.status == RelationshipStatus.ACQUAINTING:
        then = Candidate.objects.visible_to(actor).filter(request=relationship.request_id).waiting()
        found["then_ask"] = [candidate.partner.name for candidate in then.select_related("partner")]
    return found
