"""The social worker records a decision."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.accounts.roles import SOCIAL_WORKER
from kumppani.core.dates import today
from kumppani.core.templatetags.kumppani import day
from kumppani.core.views import VisibleForm
from pairing import services
from pairing.forms import DecisionForm
from pairing.models import Decision, Relationship
from pairing.states import RelationshipStatus
from pairing.views.headings import whose


class RelationshipDecide(VisibleForm):
    """Only the parent's own social worker, or today's substitute (R2)."""

    allowed_roles = SOCIAL_WORKER
    model = Relationship
    form_class = DecisionForm
    lead = gettext_lazy("The decision itself stays in your own records; only these facts are kept here.")
    submit_label = gettext_lazy("Save the decision")

    def get_title(self) -> str:
        return _("Record a new decision") if self.object.is_running else _("Record the decision")

    def get_kicker(self) -> str:
        return whose(self.object, self.actor)

    def get_back(self) -> tuple[str, str]:
        return self.object.get_absolute_url(), _("Back")

    def get_queryset(self):
        return super().get_queryset().with_people().select_related("partner__user", "parent__user")

    def may(self) -> bool:
        return self.object.can_decide(self.actor) and (
            self.object.status in services.DECIDABLE or not self.only_looks
        )

    def form_kwargs(self) -> dict:
        decisions = Decision.objects.visible_to(self.actor)
        last, same = decisions.filter(relationship=self.object).first(), False
        if last is None and self.object.continues_id:
            last = decisions.filter(relationship=self.object.continues_id).first()
            same = last is not None and last.is_positive and last.valid_to >= today()
        return {"last": last, "same_decision": same, "is_running": self.object.is_running}

    def deed(self, form):
        return services.record_decision(relationship=self.object, by=self.actor, **form.facts())

    def answer(self, made):
        decision = Decision.objects.visible_to(self.actor).get(pk=made)
        self.object.refresh_from_db(fields=["status"])
        if not decision.is_positive:
            return self.done(_("Saved: a negative decision."), self.object.get_absolute_url())
        if self.object.status == RelationshipStatus.DECIDED:
            return self.done(
                _("Saved: a positive decision. The start meeting comes next."), self.object.get_absolute_url()
            )
        return self.done(
            _("Saved: a decision valid until %(date)s.") % {"date": day(decision.valid_to)},
            reverse("relationship_agreements", args=[self.object.pk]),
        )
