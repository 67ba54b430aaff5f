"""Fees: a partner claims the own ones, and somebody else approves them."""

import uuid
from contextlib import suppress
from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.roles import PARTNER, STAFF, Role
from kumppani.core.states import MoveRefused
from kumppani.core.templatetags.kumppani import day as day_words
from kumppani.core.templatetags.kumppani import money
from kumppani.core.views import AccessView, DeedView, VisibleDetail, VisibleForm, VisibleList, VisibleMixin
from tasks import services
from tasks.arithmetic import to_cents
from tasks.forms import PaidByOrdererForm, RejectForm
from tasks.models import Fee, FeeUnit, Payer, PaymentForm
from tasks.models.payables import SETTLED
from tasks.states import PayStatus
from tasks.views.base import (
    FilterByState,
    OnlyWhileOpen,
    changed_words,
    correction_lines,
    is_paid_instead,
    paid_instead_words,
)


class FeeList(FilterByState, VisibleList):
    """Staff: what waits for approval first. A partner's own fees stand on the page of the own money."""

    allowed_roles = STAFF
    model = Fee
    template_name = "tasks/fee_list.html"
    title = _("Fees")

    def tabs(self):
        return {
            "claimed": (_("Waiting for approval"), (PayStatus.CLAIMED,)),
            "draft": (_("To be claimed"), (PayStatus.DRAFT,)),
            "approved": (_("Approved"), (PayStatus.APPROVED,)),
            "exported": (_("Sent to be paid"), (PayStatus.EXPORTED,)),
            "paid": (_("Paid"), (PayStatus.PAID,)),
            "rejected": (_("Sent back"), (PayStatus.REJECTED,)),
            "waived": (_("No fee wanted"), (PayStatus.WAIVED,)),
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
        return {
            "chips": self.chips({status: count for status, (count, _sum) in sums.items()}),
            "may_approve_some": any(fee.may_approve for fee in rows),
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
        return (
            super()
            .get_queryset()
            .with_source()
            .select_related("grant", "claimed_by", "approved_by", "batch")
            .prefetch_related("corrections")
        )

    @property
    def for_staff(self) -> bool:
        return self.actor.role == Role.STAFF

    def get_back(self):
        if self.for_staff:
            return reverse("fee_list"), gettext("All fees")
        return reverse("own_money"), gettext("My money")

    def extra(self) -> dict:
        fee, sum_now = self.object, self.sum_now()
        is_after = sum_now is not None and fee.status != PayStatus.CLAIMED
        return {
            "for_staff": self.for_staff,
            "history": self.history(),
            "may_claim": fee.can_claim(self.actor),
            "may_take_again": fee.can_take_again(self.actor),
            "may_approve": fee.can_approve(self.actor),
            "may_mark_paid": fee.can_mark_paid(self.actor),
            "may_correct": fee.can_correct(self.actor),
            "may_pay_instead": fee.can_be_paid_by_project(self.actor),
            "sum_now": sum_now,
            "changed_after": changed_words(fee, sum_now) if is_after else "",
            "is_own_claim": self.for_staff and fee.status == PayStatus.CLAIMED and fee.is_own(self.actor),
        }

    def sum_now(self):
        """For staff: what the meeting comes to, where its partner has corrected it after claiming; else None."""
        fee = self.object
        if not self.for_staff or fee.status not in (PayStatus.CLAIMED, PayStatus.APPROVED, *SETTLED):
            return None
        now = services.changed_sums([fee]).get(fee.pk)
        is_put_right = fee.can_correct(self.actor) and now == services.paid_so_far(fee)
        return None if is_put_right else now

    def history(self) -> list[dict]:
        """What has happened, the oldest first. A partner reads roles, not the names of staff."""
        fee = self.object
        names = {}
        if self.for_staff:
            names = {user.pk: user.get_full_name() for user in (fee.claimed_by, fee.approved_by) if user}
        names[self.actor.user_id] = gettext("You")
        lines = []
        if fee.participation_id:
            agreed = gettext("Agreed: %(sum)s") % {"sum": money(fee.participation.fee_amount)}
            lines.append({"day": fee.participation.fee_agreed_on, "words": agreed})
            was_called_off = fee.participation.late_share is not None
            done = (
                gettext("Called off late: a part of the fee can be claimed")
                if was_called_off
                else gettext("Done: the fee can be claimed")
            )
        else:
            done = gettext("The meeting was held: the fee can be claimed")
        lines.append({"at": fee.created_at, "words": done})
        changes = list(fee.changes())
        for change in changes:
            role = Role(change.actor_role).label if change.actor_role in Role.values else ""
            lines.append(
                {
                    "at": change.at,
                    "words": self.words_of(change),
                    "who": names.get(change.actor_id) or role,
                }
            )
        if fee.status == PayStatus.REJECTED and changes:
            lines[-1]["because"] = fee.rejected_because
        lines += correction_lines(fee)
        return lines

    def words_of(self, change) -> str:
        """One move in words."""
        fee = self.object
        if is_paid_instead(change):
            return paid_instead_words()
        if change.new == PayStatus.EXPORTED and fee.batch is not None:
            return gettext("Sent to be paid, in payment batch %(number)s") % {"number": fee.batch.number}
        if change.new == PayStatus.PAID and fee.paid_on:
            if fee.payer == Payer.ORDERER:
                return gettext("Paid by the orderer on %(day)s") % {"day": day_words(fee.paid_on)}
            return gettext("Paid on %(day)s") % {"day": day_words(fee.paid_on)}
        return {
            PayStatus.DRAFT: gettext("Can be claimed after all"),
            PayStatus.CLAIMED: gettext("Claimed"),
            PayStatus.APPROVED: gettext("Approved"),
            PayStatus.REJECTED: gettext("Sent back, to be looked at again"),
            PayStatus.WAIVED: gettext("No fee wanted: volunteering"),
        }.get(change.new, change.new)


# How a fee can be claimed; doing without one has its own page.
CLAIMABLE = [
    (PaymentForm.WAGE, _("Wage"), _("You give the payer your tax card.")),
    (PaymentForm.BUSINESS, _("Own business"), _("You send an invoice from your own business.")),
    (PaymentForm.INVOICING, _("Invoicing service"), _("You send the invoice through the service.")),
]


class FeeClaim(OnlyWhileOpen, DeedView):
    """The partner claims the own fee: one page, one big button, on a phone."""

    allowed_roles = PARTNER
    model = Fee
    template_name = "tasks/fee_claim.html"
    question = _("Claim this fee")
    button = _("Claim the fee")

    def get_queryset(self):
        return super().get_queryset().with_source().select_related("partner__terms")

    def is_open(self) -> bool:
        return self.object.can_claim(self.actor)

    def closed_sentence(self) -> str:
        if self.object.status == PayStatus.WAIVED:
            return gettext("You do without this fee. Take it again first.")
        return gettext("This fee has been claimed already.")

    def context(self, **extra) -> dict:
        terms = getattr(self.object.partner, "terms", None)
        usual = self.object.payment_form or (terms.payment_form if terms else "")
        known = {form for form, _label, _note in CLAIMABLE}
        try:
            extra["now"] = services.sum_today(self.object)
        except MoveRefused as refused:
            extra["refused"] = str(refused)
        return super().context(
            forms=CLAIMABLE,
            usual=usual if usual in known else PaymentForm.WAGE,
            unit_price=unit_price_of(self.object, extra.get("now")),
            **extra,
        )

    def deed(self) -> str:
        form = self.request.POST.get("payment_form", "")
        if form and form not in {value for value, _label, _note in CLAIMABLE}:
            raise MoveRefused(gettext("Choose how the fee is paid."))
        services.claim_fee(fee=self.object, by=self.actor, payment_form=form)
        if self.object.status == PayStatus.WAIVED:
            return gettext("Saved: you do without this fee. You can take it again.")
        return gettext(
            "You have claimed %(sum)s. The staff look at it, and you get a notice when it is approved."
        ) % {"sum": money(self.object.amount)}


def unit_price_of(fee: Fee, now: dict | None) -> str:
    """How the sum is made up, where it is counted by units: "1.5 h × 20,00 €". Else nothing."""
    if now is None or now["unit"] == FeeUnit.TASK:
        return ""
    price = to_cents(now["amount"] / now["quantity"])
    if to_cents(price * now["quantity"]) != now["amount"]:
        return ""
    quantity = number_format(now["quantity"].normalize(), use_l10n=True)
    words = {
        FeeUnit.HOUR: gettext("%(count)s h × %(sum)s"),
        FeeUnit.HALF_DAY: gettext("%(count)s half days × %(sum)s"),
        FeeUnit.DAY: gettext("%(count)s days × %(sum)s"),
    }
    return words[now["unit"]] % {"count": quantity, "sum": money(price)}


class FeeWaive(OnlyWhileOpen, DeedView):
    """The partner does without the fee: then it is volunteering, and costs are still covered (domain 3.1)."""

    allowed_roles = PARTNER
    model = Fee
    question = _("Do you want no fee for this?")
    button = _("Yes, I do without the fee")

    def get_queryset(self):
        return super().get_queryset().with_source()

    def get_lead(self) -> str:
        return gettext("%(what)s, %(day)s: %(sum)s") % {
            "what": self.object.what,
            "day": day_words(self.object.day),
            "sum": money(self.object.amount),
        }

    def is_open(self) -> bool:
        return self.object.can_waive(self.actor)

    def consequences(self) -> list[str]:
        return [
            gettext("Then this was volunteering. Nobody asks for a reason."),
            gettext("Your travel and other costs are covered all the same. Claim them as always."),
            gettext("If you think again, you can take the fee later."),
        ]

    def deed(self) -> str:
        services.waive_fee(fee=self.object, by=self.actor)
        return gettext("Saved: you do without this fee. You can take it again.")


class FeeTakeAgain(OnlyWhileOpen, DeedView):
    """Who has thought again may claim the fee after all."""

    allowed_roles = PARTNER
    model = Fee
    question = _("Do you want the fee after all?")
    button = _("Yes, take the fee")

    def get_queryset(self):
        return super().get_queryset().with_source()

    def get_lead(self) -> str:
        return gettext("%(what)s, %(day)s: %(sum)s") % {
            "what": self.object.what,
            "day": day_words(self.object.day),
            "sum": money(self.object.amount),
        }

    def is_open(self) -> bool:
        return self.object.can_take_again(self.actor) and not self.is_paid_as_volunteer()

    def is_paid_as_volunteer(self) -> bool:
        journeys = services.journeys_as_volunteer(self.object)
        return journeys.filter(status__in=(PayStatus.APPROVED, *SETTLED)).exists()

    def closed_sentence(self) -> str:
        if self.object.can_take_again(self.actor):
            return services.paid_as_volunteer()
        return super().closed_sentence()

    def consequences(self) -> list[str]:
        return [gettext("After this you can claim it like any other fee.")]

    def deed(self) -> str:
        services.take_fee_again(fee=self.object, by=self.actor)
        return gettext("You can claim this fee now.")

    def get_success_url(self) -> str:
        return reverse("fee_claim", args=[self.object.pk])


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
        return self.object.status == PayStatus.CLAIMED and not services.changed_sums([self.object])

    def closed_sentence(self) -> str:
        if self.object.status == PayStatus.CLAIMED:
            return services.sum_has_changed()
        return super().closed_sentence()

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


class FeePaidByOrderer(OnlyWhileOpen, VisibleForm):
    """What the orderer pays goes through no batch: staff write down on which day it was paid."""

    allowed_roles = STAFF
    model = Fee
    form_class = PaidByOrdererForm
    title = _("Paid by the orderer")
    submit_label = _("Save")

    def get_queryset(self):
        return super().get_queryset().with_source()

    def get_back(self):
        return self.object.get_absolute_url(), gettext("The fee")

    def get_lead(self) -> str:
        return gettext("%(sum)s to %(name)s, for: %(what)s. The partner gets a notice.") % {
            "sum": money(self.object.amount),
            "name": self.object.partner.name,
            "what": self.object.what,
        }

    def is_open(self) -> bool:
        return self.object.can_mark_paid(self.actor)

    def deed(self, form) -> Fee:
        services.fee_paid_by_orderer(fee=self.object, on=form.cleaned_data["on"], by=self.actor)
        return self.object

    def answer(self, made) -> HttpResponse:
        return self.done(
            gettext("Saved: the orderer has paid %(sum)s.") % {"sum": money(self.object.amount)},
            self.object.get_absolute_url(),
        )


class FeeApproveMany(VisibleMixin, AccessView):
    """Staff approve those that have been ticked, each in its own right."""

    allowed_roles = STAFF
    model = Fee
    http_method_names = ("post", "options")

    def post(self, request: HttpRequest) -> HttpResponse:
        ticked = list(
            self.get_queryset().filter(pk__in=self.ticked()).with_source().order_by("claimed_at", "id")
        )
        approved, left = services.approve_fees(fees=ticked, by=self.actor)
        if not ticked:
            messages.warning(request, gettext("Tick the fees that you want to approve."))
        if approved:
            together = sum((fee.amount for fee in approved), Decimal(0))
            words = ngettext(
                "Approved: %(count)s fee, %(sum)s.",
                "Approved: %(count)s fees, together %(sum)s.",
                len(approved),
            )
            messages.success(request, words % {"count": len(approved), "sum": money(together)})
        if left:
            which = " ".join(f"{fee.partner.name}, {fee.what}: {reason}" for fee, reason in left)
            messages.warning(request, gettext("Not approved. %(which)s") % {"which": which})
        return HttpResponseRedirect(reverse("fee_list"))

    def ticked(self) -> list[uuid.UUID]:
        """The ids that were sent; what is no id is passed over."""
        found = []
        for value in self.request.POST.getlist("fee"):
            with suppress(ValueError):
                found.append(uuid.UUID(value))
        return found


class FeeDraft(AccessView):
    """Staff look for work done that has no fee yet. Safe to press twice: found by looking (design.md 2)."""

    allowed_roles = STAFF
    http_method_names = ("post", "options")

    def post(self, request: HttpRequest) -> HttpResponse:
        found = services.draft_fees(by=self.actor)
        if found:
            words = ngettext(
                "Found: %(count)s fee to be claimed. The partner has been told.",
                "Found: %(count)s fees to be claimed. The partners have been told.",
                len(found),
            )
            messages.success(request, words % {"count": len(found)})
        else:
            messages.info(request, gettext("Nothing new: all work done has its fee already."))
        return HttpResponseRedirect(f"{reverse('fee_list')}?state=draft")
