"""The start meeting: one page on one screen between three people (design.md 4)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.accounts.roles import SOCIAL_WORKER
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.core.views import VisibleForm, VisibleMixin
from pairing import services
from pairing.forms import StartMeetingForm
from pairing.models import AcknowledgedHow, Party, Relationship
from pairing.states import RelationshipStatus


class _OfOwnRelationship(VisibleMixin):
    model = Relationship

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .with_people()
            .select_related("partner__user", "parent__user", "start_meeting")
            .prefetch_related("agreements__goals", "agreements__acknowledgements")
        )


class StartMeetingPage(_OfOwnRelationship, VisibleForm):
    """Present → duration → scope → goals → each taps "I agree". Can be left and resumed by the same worker."""

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
        if hasattr(self, "object"):
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
        return {"agreement": self.agreement, "meeting": self.meeting}

    def extra(self) -> dict:
        given = {
            ack.party: ack
            for ack in self.agreement.acknowledgements.all()
            if ack.revision == self.agreement.revision
        }
        people = {
            Party.WORKER: self.object.social_worker.user.get_full_name(),
            Party.PARTNER: self.object.partner.first_name,
            Party.PARENT: self.object.parent.first_name,
        }
        goals = list(self.agreement.goals.all())
        return super().extra() | {
            "agreement": self.agreement,
            "meeting": self.meeting,
            "goals": goals,
            "may_agree": self.agreement.is_complete and bool(goals) and self.meeting.all_present,
            "parties": [
                {
                    "party": party.value,
                    "label": party.label,
                    "name": people[party],
                    "given": given.get(party.value),
                }
                for party in Party
            ],
            "missing": [
                what
                for what, there in (
                    (_("all three are marked as here"), self.meeting.all_present),
                    (_("duration and meetings a month are set"), self.agreement.is_complete),
                    (_("there is at least one goal"), bool(goals)),
                )
                if not there
            ],
            "goal_numbers": range(1, StartMeetingForm.GOALS + 1),
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


class StartMeetingAcknowledge(_OfOwnRelationship, VisibleForm):
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
        page = reverse("start_meeting", args=[self.object.pk])
        agreement = self.object.current_agreement()
        party, how = request.POST.get("party", ""), request.POST.get("how", AcknowledgedHow.SCREEN)
        if (
            agreement is None
            or party not in Party.values
            or how not in (AcknowledgedHow.SCREEN, AcknowledgedHow.PAPER)
        ):
            messages.warning(request, _("This cannot be acknowledged here now."))
            return HttpResponseRedirect(page)
        try:
            if request.POST.get("revision") != str(agreement.revision):
                raise AlreadyMoved
            services.acknowledge(agreement=agreement, party=party, how=how, by=self.actor)
        except MoveRefused as refused:
            messages.warning(request, str(refused))
            return HttpResponseRedirect(f"{page}#agree")
        self.object.refresh_from_db(fields=["status"])
        if self.object.status == RelationshipStatus.ACTIVE:
            messages.success(request, _("All three have agreed. The relationship has started."))
            return HttpResponseRedirect(self.object.get_absolute_url())
        messages.success(request, _("Saved: %(who)s agrees.") % {"who": Party(party).label})
        return HttpResponseRedirect(f"{page}#agree")
