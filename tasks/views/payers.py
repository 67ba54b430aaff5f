"""What waits for an orderer in vain: staff settle that the project pays instead."""

from django.http import HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.roles import STAFF
from kumppani.core.templatetags.kumppani import money
from kumppani.core.views import VisibleForm
from tasks import services
from tasks.forms import ProjectPaysForm
from tasks.models import Fee, Payer, TravelClaim
from tasks.views.base import OnlyWhileOpen
from tasks.views.fees import ByAnother


class _ProjectPays(OnlyWhileOpen, ByAnother, VisibleForm):
    """From which grant; what had been approved waits for approval anew."""

    allowed_roles = STAFF
    form_class = ProjectPaysForm
    title = _("The project pays instead")
    submit_label = _("The project pays")

    def get_queryset(self):
        return super().get_queryset().with_source()

    def get_lead(self) -> str:
        return gettext(
            "%(sum)s to %(name)s, for: %(what)s. The orderer is not waited for any longer. Somebody approves the claim,"
            " also if it was approved before."
        ) % {
            "sum": money(self.object.amount_to_pay),
            "name": self.object.partner.name,
            "what": self.object.what,
        }

    def is_open(self) -> bool:
        return self.object.can_be_paid_by_project(self.actor)

    def closed_sentence(self) -> str:
        if self.object.payer == Payer.PROJECT:
            return gettext("What the project pays goes through a payment batch.")
        return super().closed_sentence()

    def form_kwargs(self) -> dict:
        return {"of": self.object}

    def deed(self, form) -> Fee | TravelClaim:
        services.project_pays_instead(of=self.object, grant=form.cleaned_data["grant"], by=self.actor)
        return self.object

    def answer(self, made) -> HttpResponse:
        return self.done(
            gettext("Saved: the project pays. The claim waits for approval."), self.object.get_absolute_url()
        )


class FeeProjectPays(_ProjectPays):
    """Of a fee."""

    model = Fee

    def get_back(self):
        return self.object.get_absolute_url(), gettext("The fee")


class TravelProjectPays(_ProjectPays):
    """Of a journey."""

    model = TravelClaim

    def get_back(self):
        return self.object.get_absolute_url(), gettext("The claim")
