"""Why a partner is not suggested for a request: nobody is left out without a reason that can be read."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.accounts.roles import STAFF
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.views import VisibleList
from pairing.matching import SHOWN, Demand
from pairing.models import ContactRequest, ExperiencePartner
from pairing.states import RequestStatus


class RequestNotSuggested(VisibleList):
    """All partners but the twenty who are suggested, each with what is in the way, in words."""

    allowed_roles = STAFF
    model = ExperiencePartner
    template_name = "pairing/request_not_suggested.html"
    title = gettext_lazy("Who is not suggested, and why")
    order = ("last_name", "first_name", "id")

    def get_back(self) -> tuple[str, str]:
        if self.object.status == RequestStatus.WAITING:
            return reverse("request_propose", args=[self.object.pk]), _("Propose a partner")
        return reverse("request_detail", args=[self.object.pk]), _("Request")

    def find(self) -> ContactRequest:
        """The request of the url, or 404; one whose people are not known yet has no suggestions."""
        found = (
            ContactRequest.objects.visible_to(self.actor)
            .filter(pk=self.kwargs["pk"])
            .select_related("parent")
            .first()
        )
        if found is None:
            record(self.actor, Action.DENIED, detail=self.request.resolver_match.view_name or "")
            raise Http404
        if not found.is_complete:
            raise PermissionDenied
        return found

    def get_queryset(self):
        self.object = self.find()
        self.demand = Demand(self.object)
        self.name = self.request.GET.get("name", "").replace("\x00", "").strip()[:60]
        partners = super().get_queryset()
        suggested = self.demand.in_order(partners).values("pk")[:SHOWN]
        others = self.demand.facing(partners.exclude(pk__in=suggested))
        if self.name:
            # The second way finds a capital letter that the engine does not know to be one: "älä" is "Älä".
            begins = Q()
            for field in ("last_name", "first_name"):
                begins |= Q(**{f"{field}__istartswith": self.name})
                begins |= Q(**{f"{field}__startswith": self.name.capitalize()})
            others = others.filter(begins)
        return others

    def extra(self, rows) -> dict:
        waits = self.object.status == RequestStatus.WAITING
        for partner in rows:
            partner.hindrances = self.demand.hindrances(partner)
            partner.would_fit = not partner.hindrances
        return {"object": self.object, "name": self.name, "may_propose": waits}
