"""Corrections of what has gone into a batch: one of the staff writes them down, another approves."""

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.roles import STAFF
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.templatetags.kumppani import day as day_words
from kumppani.core.templatetags.kumppani import money
from kumppani.core.views import DeedView, VisibleForm, VisibleList
from tasks import services
from tasks.forms import CorrectionForm
from tasks.models import Correction, Fee, TravelClaim, TravelPart
from tasks.states import PayStatus
from tasks.views.base import FilterByState, OnlyWhileOpen
from tasks.views.fees import ByAnother


class CorrectionList(FilterByState, VisibleList):
    """What waits for another person's yes first."""

    allowed_roles = STAFF
    model = Correction
    template_name = "tasks/correction_list.html"
    title = _("Corrections")
    lead = _("A batch never changes. What it got wrong is put right by a correction in a later batch.")

    def tabs(self):
        return {
            "claimed": (_("Waiting for approval"), (PayStatus.CLAIMED,)),
            "approved": (_("Approved"), (PayStatus.APPROVED,)),
            "done": (_("Sent to be paid"), (PayStatus.EXPORTED, PayStatus.PAID)),
            "withdrawn": (_("Taken back"), (PayStatus.WITHDRAWN,)),
        }

    def get_back(self):
        return reverse("batch_list"), gettext("Payment batches")

    def get_queryset(self):
        return super().get_queryset().filter(status__in=self.statuses).for_payroll().select_related("batch")

    def extra(self, rows) -> dict:
        counts = (
            Correction.objects.visible_to(self.actor).order_by().values_list("status").annotate(Count("pk"))
        )
        for correction in rows:
            correction.may_approve = correction.can_approve(self.actor)
            correction.may_withdraw = correction.can_withdraw(self.actor)
        return {"chips": self.chips(dict(counts)), "state": self.state}


class CorrectionCreate(OnlyWhileOpen, VisibleForm):
    """Too little or too much was sent to be paid: by how much, and why. The id is a fee's or a travel claim's."""

    allowed_roles = STAFF
    model = Fee
    form_class = CorrectionForm
    template_name = "tasks/correction_create.html"
    title = _("Correct a payment")
    submit_label = _("Save the correction")

    def get_object(self) -> Fee | TravelClaim:
        for model in (Fee, TravelClaim):
            found = model.objects.visible_to(self.actor).for_payroll().filter(pk=self.kwargs["pk"]).first()
            if found is not None:
                return found
        record(self.actor, Action.DENIED, detail=self.request.resolver_match.view_name or "")
        raise Http404

    def get_back(self):
        return self.object.get_absolute_url(), ""

    def is_open(self) -> bool:
        return self.object.can_correct(self.actor)

    def closed_sentence(self) -> str:
        return gettext(
            "Only what the project has sent to be paid is corrected. Before that, send it back or mend it."
        )

    def form_kwargs(self) -> dict:
        return {"of": self.object}

    def extra(self) -> dict:
        return {**super().extra(), "paid": self.paid()}

    def paid(self) -> list[tuple[str, object]]:
        """What has been paid for it so far, with its corrections; of a journey part by part."""
        if not self.object.is_travel:
            return [(gettext("Paid so far"), services.paid_so_far(self.object))]
        return [(part.label, services.paid_so_far(self.object, part)) for part in TravelPart]

    def deed(self, form) -> Correction:
        return services.record_correction(
            of=self.object,
            part=form.cleaned_data.get("part", ""),
            amount=form.amount,
            because=form.cleaned_data["because"],
            by=self.actor,
        )

    def answer(self, made) -> HttpResponse:
        correction = Correction.objects.visible_to(self.actor).get(pk=made)
        return self.done(
            gettext("Saved: a correction of %(sum)s. Somebody else approves it.")
            % {"sum": money(correction.amount)},
            reverse("correction_list"),
        )


class _CorrectionDeed(OnlyWhileOpen, DeedView):
    """A button about a correction that waits."""

    allowed_roles = STAFF
    model = Correction

    def get_queryset(self):
        return super().get_queryset().for_payroll()

    def get_back(self):
        return self.get_success_url(), ""

    def get_success_url(self) -> str:
        return reverse("correction_list")

    def is_open(self) -> bool:
        return self.object.status == PayStatus.CLAIMED

    def get_lead(self) -> str:
        return gettext("%(sum)s for %(name)s. %(what)s, %(day)s. Why: %(because)s") % {
            "sum": money(self.object.amount),
            "name": self.object.partner.name,
            "what": self.object.what,
            "day": day_words(self.object.day),
            "because": self.object.because,
        }


class CorrectionApprove(ByAnother, _CorrectionDeed):
    """Another person than the one who wrote it down approves."""

    question = _("Approve this correction?")
    button = _("Approve the correction")

    def consequences(self) -> list[str]:
        return [
            gettext("It goes into the next payment batch, on a row of its own."),
            gettext("Your name is written down as the approver."),
            gettext("The partner gets a notice. You cannot take this back."),
        ]

    def deed(self) -> str:
        services.approve_correction(correction=self.object, by=self.actor)
        return gettext("Approved: a correction of %(sum)s for %(name)s.") % {
            "sum": money(self.object.amount),
            "name": self.object.partner.name,
        }


class CorrectionWithdraw(_CorrectionDeed):
    """Taken back, before anybody has approved it. About one's own money only by who made it: visible, but not yours."""

    def find(self) -> None:
        super().find()
        if self.is_open() and not self.object.can_withdraw(self.actor):
            raise PermissionDenied

    question = _("Take this correction back?")
    button = _("Yes, take it back")

    def consequences(self) -> list[str]:
        return [gettext("Nothing is paid or taken back. It stays in the list of those taken back.")]

    def deed(self) -> str:
        services.withdraw_correction(correction=self.object, by=self.actor)
        return gettext("The correction has been taken back.")
