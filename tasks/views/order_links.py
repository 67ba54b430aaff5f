"""What the holder of a one-purpose link sees and does: one order, for a fortnight (trust.md 1).

No page here names a partner or another order.
"""

from decimal import Decimal, InvalidOperation

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.accounts.views.links import LinkDeed, LinkMixin, LinkPage, LinkRenewed, OpenLink, RenewLink
from kumppani.core.limits import Limit
from kumppani.core.states import MoveRefused
from kumppani.core.templatetags.kumppani import money
from kumppani.core.views import PublicForm
from tasks import services
from tasks.forms import OrdererFeedbackForm
from tasks.models import Assignment, Order, OrdererFeedback, OrderLink
from tasks.states import AssignmentStatus


class OrderLinkMixin(LinkMixin):
    link_model = OrderLink
    session_key = "order_link"
    follow_page, renew_page, renewed_page = "order_follow", "order_renew", "order_renewed"
    window_title = gettext_lazy("Your order")
    write_by = "worker"


class OrderOpen(OrderLinkMixin, OpenLink):
    """The address in the letter."""


class OrderPage(OrderLinkMixin, LinkPage):
    """A page about the order of the link."""

    @property
    def order(self) -> Order:
        return self.link.order

    @cached_property
    def assignment(self) -> Assignment | None:
        """What the order has become."""
        return getattr(self.order, "assignment", None)

    @cached_property
    def feedback(self) -> OrdererFeedback | None:
        return getattr(self.assignment, "feedback", None)

    @property
    def may_agree(self) -> bool:
        found = self.assignment
        return (
            found is not None
            and found.is_coming
            and found.waits_for_orderer
            and found.orderer_amount is not None
            and not found.day_is_over
        )

    @property
    def agreeing_is_over(self) -> bool:
        """The sum was not agreed to in time (R7): now only the staff can help."""
        found = self.assignment
        return found is not None and found.is_coming and found.waits_for_orderer and found.day_is_over

    @property
    def may_give_feedback(self) -> bool:
        found = self.assignment
        return found is not None and found.status == AssignmentStatus.DONE and self.feedback is None

    def context(self, **extra) -> dict:
        return super().context(order=self.order, assignment=self.assignment, **extra)


class OrderFollow(OrderPage):
    """How things stand, in words; and the one thing that waits for the orderer, if any."""

    template_name = "tasks/order_follow.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        said_yes = self.assignment.participations.taking_part().count() if self.assignment else 0
        return self.page(
            # What has been agreed on with the staff counts; before that, what was ordered.
            facts=self.assignment or self.order,
            said_yes=said_yes,
            feedback=self.feedback,
            may_agree=self.may_agree,
            agreeing_is_over=self.agreeing_is_over,
            may_give_feedback=self.may_give_feedback,
            link=self.link,
            answer_days=settings.REQUEST_ANSWER_WORKING_DAYS,
        )

    def get_back(self) -> tuple[str, str]:
        return "", ""


class OrderAgree(OrderPage, LinkDeed):
    """The orderer says yes to the sum (R7)."""

    title = gettext_lazy("Do you agree to this sum?")
    button = gettext_lazy("Yes, we pay this sum")

    def is_open(self) -> bool:
        return self.may_agree

    def get_lead(self) -> str:
        return _("%(what)s: your organisation pays %(sum)s for the partners' fees.") % {
            "what": self.assignment.title,
            "sum": money(self.assignment.orderer_amount),
        }

    def consequences(self) -> list[str]:
        return [
            _(
                "Travel comes on top of it: each partner claims the journey afterwards, by the rates of that day, and"
                " your organisation pays it too."
            ),
            _("We write down that you agreed, and on which day."),
            _("After that we confirm the assignment, as soon as the partners have said yes."),
        ]

    def hidden(self) -> dict[str, str]:
        return {"amount": str(self.assignment.orderer_amount)}

    def deed(self) -> str:
        try:
            amount = Decimal(self.request.POST.get("amount", ""))
        except InvalidOperation:
            raise MoveRefused(_("Look at the sum once more, then press the button.")) from None
        services.agree_fee_by_link(link=self.link, amount=amount)
        return _("Saved: you have agreed to %(sum)s. Thank you!") % {"sum": money(amount)}


class OrderWithdraw(OrderPage, LinkDeed):
    """The orderer takes the order back, while nobody has answered it."""

    title = gettext_lazy("Withdraw your order?")
    button = gettext_lazy("Yes, withdraw it")
    danger = True

    def is_open(self) -> bool:
        return self.order.waits

    def consequences(self) -> list[str]:
        return [
            _("We stop looking for partners for it."),
            _("You cannot take this back, but you can send a new order at any time."),
        ]

    def deed(self) -> str:
        services.withdraw_order(order=self.order)
        return _("Your order has been withdrawn.")


class OrderFeedback(OrderPage, PublicForm):
    """How it went, once: read by the staff and by the partners who took part."""

    form_class = OrdererFeedbackForm
    template_name = "tasks/order_feedback.html"
    title = gettext_lazy("How did it go?")
    submit_label = gettext_lazy("Send your feedback")

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return super().get(request, *args, **kwargs) if self.may_give_feedback else self.back()

    def deed(self, form) -> OrdererFeedback:
        cleaned = form.cleaned_data
        return services.give_orderer_feedback(
            link=self.link,
            grade=cleaned["grade"],
            words=cleaned["words"],
            quote_consent=cleaned["quote_consent"],
        )

    def answer(self, made) -> HttpResponse:
        return self.done(_("Thank you! Your feedback is with us."), reverse("order_follow"))


class OrderRenew(OrderLinkMixin, RenewLink):
    """A fresh link to the order's contact."""

    renew_from = (Limit("order_renew", settings.ORDER_PER_HOUR, 60 * 60),)
    renew_for = (Limit("order_renew_for", 3, 60 * 60 * 24),)

    def renew(self, token_hash: str) -> None:
        services.renew_link(token_hash=token_hash)


class OrderRenewed(OrderLinkMixin, LinkRenewed):
    """Where the fresh link arrives, if one does."""
