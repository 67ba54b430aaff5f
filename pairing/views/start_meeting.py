"""The start meeting: one page on one screen between three people (design.md 4)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.accounts.roles import SOCIAL_WORKER
from kumppani.core.states import MoveRefused
from kumppani.core.views import VisibleForm, VisibleMixin
from pairing import services
from pairing.agreements import agreement_facts, people_of
from pairing.forms import StartMeetingForm
from pairing.models import Agreement, GuideKind, GuideText, Party, Relationship
from pairing.states import RelationshipStatus
from pairing.views.agreements import RecordsAcknowledgement


class _OfOwnRelationship(VisibleMixin):
    model = Relationship

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .with_people()
            .select_related("partner__user", "parent__user", "start_meeting")
            .prefetch_related("decisions", "agreements__goals", "agreements__acknowledgements__recorded_by")
        )


class StartMeetingPage(_OfOwnRelationship, VisibleForm):
    """Present → duration → scope → goals → how in touch → ground rules → each taps "I agree".

    Can be left, and resumed by the same worker or today's substitute.
    """

    allowed_roles = SOCIAL_WORKER
    form_class = StartMeetingForm
    template_name = "pairing/start_meeting.html"
    title = gettext_lazy("Start meeting")
    submit_label = gettext_lazy("Save and read together")

    def get_back(self) -> tuple[str, str]:
        return self.object.get_absolute_url(), _("Leave it for now")

    def may(self) -> bool:
        return self.object.can_decide(self.actor)

    def get(self, request, *args, **kwargs) -> HttpResponse:
        self.find()
        if self.object.status in (
            RelationshipStatus.ACTIVE,
            RelationshipStatus.PAUSED,
            RelationshipStatus.ENDED,
        ):
            return HttpResponseRedirect(self.object.get_absolute_url())
        if self.object.current_agreement() is None or not hasattr(self.object, "start_meeting"):
            return self.opening_page()
        return super().get(request, *args, **kwargs)

    def opening_page(self) -> HttpResponse:
        """Before the first press nothing is written: looking changes nothing."""
        if self.object.status != RelationshipStatus.DECIDED:
            raise PermissionDenied
        self.template_name = "pairing/start_meeting_open.html"
        return self.page(object=self.object)

    def post(self, request, *args, **kwargs) -> HttpResponse:
        if "open" in request.POST:
            self.find()
            try:
                services.open_start_meeting(relationship=self.object, by=self.actor)
            except MoveRefused as refused:
                messages.warning(request, str(refused))
            return HttpResponseRedirect(request.path)
        return super().post(request, *args, **kwargs)

    def find(self) -> None:
        if self.only_looks and hasattr(self, "object"):
            return  # `get` has found it already: one look is one row in the audit trail
        super().find()
        self.agreement = self.object.current_agreement()
        self.meeting = getattr(self.object, "start_meeting", None)
        if (
            self.request.method == "POST"
            and "open" not in self.request.POST
            and (self.agreement is None or self.meeting is None)
        ):
            raise PermissionDenied

    def form_kwargs(self) -> dict:
        self.rules = GuideText.objects.visible_to(self.actor).current(GuideKind.GROUND_RULES)
        return {
            "agreement": self.agreement,
            "meeting": self.meeting,
            "rules": self.rules,
            "earlier": self.earlier(),
            "decided_until": services.decided_until(self.object),
        }

    def earlier(self) -> Agreement | None:
        """What held with the partner before, to begin from, as long as nothing has been written here."""
        if self.object.continues_id is None or self.agreement.revision > 1 or self.agreement.goals.all():
            return None
        return (
            Agreement.objects.visible_to(self.actor)
            .filter(relationship=self.object.continues_id, agreed_on__isnull=False)
            .prefetch_related("goals")
            .order_by("-number")
            .first()
        )

    def extra(self) -> dict:
        self.agreement.relationship = self.object
        missing = services.missing_for_agreeing(self.agreement)
        return super().extra() | {
            "agreement": self.agreement,
            "goals": self.agreement.goals.all(),
            "facts": agreement_facts(self.agreement),
            "rules": self.rules,
            "may_agree": not missing,
            "missing": missing,
            "people": people_of(self.object, self.agreement),
        }

    def purpose(self) -> str:
        return f"start_meeting:{self.object.pk}"

    def deed(self, form):
        return services.write_agreement(
            agreement=self.agreement,
            present=set(form.cleaned_data["present"]),
            facts=form.facts(),
            goals=form.goals(),
            by=self.actor,
            seen_revision=form.cleaned_data["seen_revision"],
        )

    def answer(self, made):
        return self.done(
            _("Saved. Read it together, then each of you taps “I agree”."), f"{self.request.path}#agree"
        )


class StartMeetingAcknowledge(RecordsAcknowledgement, _OfOwnRelationship, VisibleForm):
    """One of the three taps "I agree" on the worker's screen, or the worker records an agreement on paper."""

    allowed_roles = SOCIAL_WORKER
    form_class = None

    def may(self) -> bool:
        return self.object.can_decide(self.actor)

    def get(self, request, *args, **kwargs) -> HttpResponse:
        self.find()
        return HttpResponseRedirect(reverse("start_meeting", args=[self.object.pk]))

    def post(self, request, *args, **kwargs) -> HttpResponse:
        self.find()
        page = f"{reverse('start_meeting', args=[self.object.pk])}#agree"
        refused = self.record(self.object.current_agreement(), page)
        if refused is not None:
            return refused
        self.object.refresh_from_db(fields=["status"])
        if self.object.status == RelationshipStatus.ACTIVE:
            messages.success(request, _("All three have agreed. The relationship has started."))
            return HttpResponseRedirect(self.object.get_absolute_url())
        messages.success(request, _("Saved: %(who)s agrees.") % {"who": Party(request.POST["party"]).label})
        return HttpResponseRedirect(page)
