"""Fees: a partner claims the own ones, and somebody else approves them."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.roles import PARTNER, STAFF, Role
from kumppani.core.templatetags.kumppani import money
from kumppani.core.views import DeedView, VisibleDetail, VisibleForm, VisibleList
from tasks import services
from tasks.forms import RejectForm
from tasks.models import Fee
from tasks.states import PayStatus
from tasks.views.base import FilterByState, OnlyWhileOpen


class FeeList(FilterByState, VisibleList):
    """Staff: what waits for approval first. A partner: the own fees, the newest first, with sums."""

    allowed_roles = STAFF | PARTNER
    model = Fee
    title = _("Fees")

    @property
    def for_partner(self) -> bool:
        return self.actor.role == Role.PARTNER

    @property
    def template_name(self) -> str:
        return "tasks/fee_list_own.html" if self.for_partner else "tasks/fee_list.html"

    def tabs(self):
        if self.for_partner:
            return {"all": (_("All"), tuple(PayStatus))}
        return {
            "claimed": (_("Waiting for approval"), (PayStatus.CLAIMED,)),
            "draft": (_("To be claimed"), (PayStatus.DRAFT,)),
            "rejected": (_("Sent back"), (PayStatus.REJECTED,)),
            "approved": (_("Approved"), (PayStatus.APPROVED,)),
        }

    @property
    def order(self) -> tuple[str, ...]:
        """What has waited longest for approval is first; of the others the newest."""
        return ("claimed_at", "id") if self.state == "claimed" else ("-created_at", "-id")

    def get_queryset(self):
        return super().get_queryset().filter(status__in=self.statuses).with_source()

    def extra(self, rows) -> dict:
        sums = Fee.objects.visible_to(self.actor).sums()
        for fee in rows:
            fee.may_approve = fee.can_approve(self.actor)
            fee.may_claim = fee.can_claim(self.actor)
        return {
            "chips": self.chips({status: count for status, (count, _sum) in sums.items()}),
            "sums": {status: amount for status, (_count, amount) in sums.items()},
            "to_claim": sums[PayStatus.DRAFT][1] + sums[PayStatus.REJECTED][1],
            "together": sum(sums[status][1] for status in self.statuses),
            "together_count": sum(sums[status][0] for status in self.statuses),
            "state": self.state,
            "longest_first": self.state == "claimed",
        }


class FeeDetail(VisibleDetail):
    """One fee: for what, how much, and what has happened to it, in words."""

    allowed_roles = STAFF | PARTNER
    model = Fee
    template_name = "tasks/fee_detail.html"
    title = _("Fee")

    def get_queryset(self):
        return super().get_queryset().with_source().select_related("grant", "claimed_by", "approved_by")

    def get_back(self):
        return reverse("fee_list"), gettext("All fees")

    def extra(self) -> dict:
        fee = self.object
        return {
            "for_staff": self.actor.role == Role.STAFF,
            "history": self.history(),
            "may_claim": fee.can_claim(self.actor),
            "may_approve": fee.can_approve(self.actor),
            "is_own_claim": self.actor.role == Role.STAFF
            and fee.status == PayStatus.CLAIMED
            and fee.is_own(self.actor),
        }

    def history(self) -> list[dict]:
        """What has happened, the oldest first. A partner reads roles, not the names of staff."""
        fee = self.object
        names = {}
        if self.actor.role == Role.STAFF:
            names = {user.pk: user.get_full_name() for user in (fee.claimed_by, fee.approved_by) if user}
        names[self.actor.user_id] = gettext("You")
        lines = []
        if fee.participation_id:
            agreed = gettext("Agreed: %(sum)s") % {"sum": money(fee.participation.fee_amount)}
            lines.append({"day": fee.participation.fee_agreed_on, "words": agreed})
        lines.append({"at": fee.created_at, "words": gettext("Done: the fee can be claimed")})
        words = {
            PayStatus.CLAIMED: gettext("Claimed"),
            PayStatus.APPROVED: gettext("Approved"),
            PayStatus.REJECTED: gettext("Sent back, to be looked at again"),
        }
        changes = list(fee.changes())
        for change in changes:
            role = Role(change.actor_role).label if change.actor_role in Role.values else ""
            lines.append(
                {"at": change.at, "words": words[change.new], "who": names.get(change.actor_id) or role}
            )
        if fee.status == PayStatus.REJECTED and changes:
            lines[-1]["because"] = fee.rejected_because
        return lines


class FeeClaim(OnlyWhileOpen, DeedView):
    """The partner claims the own fee: one page, one big button, on a phone."""

    allowed_roles = PARTNER
    model = Fee
    template_name = "tasks/fee_claim.html"
    question = _("Claim this fee")
    button = _("Claim the fee")

    def get_queryset(self):
        return super().get_queryset().with_source()

    def is_open(self) -> bool:
        return self.object.can_claim(self.actor)

    def closed_sentence(self) -> str:
        return gettext("This fee has been claimed already.")

    def deed(self) -> str:
        services.claim_fee(fee=self.object, by=self.actor)
        return gettext(
            "You have claimed %(sum)s. The staff look at it, and you get a notice when it is approved."
        ) % {"sum": money(self.object.amount)}


class ByAnother:
    """Nobody approves or sends back the own claim, in whichever role (A37): visible, but not yours to do."""

    def find(self) -> None:
        super().find()
        if self.object.is_own(self.actor):
            raise PermissionDenied


class FeeApprove(OnlyWhileOpen, ByAnother, DeedView):
    """Another person than the claimer approves."""

    allowed_roles = STAFF
    model = Fee
    question = _("Approve this fee?")
    button = _("Approve the fee")

    def get_queryset(self):
        return super().get_queryset().with_source()

    def is_open(self) -> bool:
        return self.object.status == PayStatus.CLAIMED

    def get_lead(self) -> str:
        return gettext("%(sum)s to %(name)s, for: %(what)s.") % {
            "sum": money(self.object.amount),
            "name": self.object.partner.name,
            "what": self.object.what,
        }

    def consequences(self) -> list[str]:
        return [
            gettext("Your name is written down as the approver."),
            gettext("The partner gets a notice. You cannot take this back."),
        ]

    def deed(self) -> str:
        services.approve_fee(fee=self.object, by=self.actor)
        return gettext("Approved: %(sum)s to %(name)s.") % {
            "sum": money(self.object.amount),
            "name": self.object.partner.name,
        }


class FeeReject(OnlyWhileOpen, ByAnother, VisibleForm):
    """Send a claim back, with words that help to mend it."""

    allowed_roles = STAFF
    model = Fee
    form_class = RejectForm
    title = _("Send the claim back")
    submit_label = _("Send back")

    def get_queryset(self):
        return super().get_queryset().with_source()

    def get_back(self):
        return self.object.get_absolute_url(), gettext("The fee")

    def get_lead(self) -> str:
        return gettext("%(sum)s to %(name)s, for: %(what)s. The partner can claim the fee again.") % {
            "sum": money(self.object.amount),
            "name": self.object.partner.name,
            "what": self.object.what,
        }

    def is_open(self) -> bool:
        return self.object.status == PayStatus.CLAIMED

    def deed(self, form) -> Fee:
        services.reject_fee(fee=self.object, because=form.cleaned_data["because"], by=self.actor)
        return self.object

    def answer(self, made) -> HttpResponse:
        return self.done(
            gettext("The claim has been sent back, and the partner has been told."),
            self.object.get_absolute_url(),
        )
