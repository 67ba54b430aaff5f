"""What the holder of a one-purpose link sees and does: one order, for a fortnight (trust.md 1).

Looking changes nothing: link checkers look too. The token leaves the address with the first request; the session holds
its hash. No page here names a partner or another order.
"""

from decimal import Decimal, InvalidOperation

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.accounts.models import hash_token
from kumppani.core.limits import Limit, origin_of, take_all
from kumppani.core.states import MoveRefused
from kumppani.core.templatetags.kumppani import money
from kumppani.core.views import PublicForm, PublicPage
from tasks import services
from tasks.forms import OrdererFeedbackForm
from tasks.models import Assignment, OrdererFeedback, OrderLink
from tasks.states import AssignmentStatus

SESSION_ORDER_LINK = "order_link"
# From one network, and for one order: nobody fills somebody's inbox.
RENEW_FROM = (Limit("order_renew", settings.ORDER_PER_HOUR, 60 * 60),)
RENEW_FOR = (Limit("order_renew_for", 3, 60 * 60 * 24),)


def closed(request: HttpRequest, link: OrderLink | None = None) -> HttpResponse:
    """One page for a link that is revoked, for another address, or never was; a way on for one that is only too old."""
    may_renew = link is not None and link.can_renew
    return render(request, "tasks/order_link_closed.html", {"may_renew": may_renew}, status=404)


class OrderOpen(PublicPage):
    """Take the token out of the address, so that it stays in no history and no referrer."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        link = OrderLink.find(hash_token(token))
        if link is None or not (link.is_open or link.can_renew):
            return closed(request)
        request.session[SESSION_ORDER_LINK] = link.token_hash
        response = redirect("order_follow")
        response.headers["Referrer-Policy"] = "no-referrer"
        return response


@method_decorator(login_not_required, name="dispatch")
class LinkPage(PublicPage):
    """A page about the order of the link that the session holds."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        link = OrderLink.find(request.session.get(SESSION_ORDER_LINK, ""))
        if link is None or not link.is_open:
            return closed(request, link)
        self.link, self.order = link, link.order
        return super().dispatch(request, *args, **kwargs)

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

    def get_back(self) -> tuple[str, str]:
        return reverse("order_follow"), _("Your order")

    def back(self) -> HttpResponse:
        """To the page that says how things stand."""
        return HttpResponseRedirect(reverse("order_follow"))

    def context(self, **extra) -> dict:
        return super().context(order=self.order, assignment=self.assignment, **extra)


class OrderFollow(LinkPage):
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


class LinkDeed(LinkPage):
    """A button: GET says in words what will happen, POST does it. What is over leads back."""

    template_name = "tasks/order_link_deed.html"
    button = ""
    danger = False

    def is_open(self) -> bool:
        """Hook: whether the deed is still possible."""
        raise ImproperlyConfigured(f"{type(self).__name__} does not say when it is open")

    def deed(self) -> str:
        """Hook: do it, and return the sentence that says what was done."""
        raise ImproperlyConfigured(f"{type(self).__name__} does nothing")

    def consequences(self) -> list[str]:
        """Hook: what will happen, each a sentence."""
        return []

    def hidden(self) -> dict[str, str]:
        """Hook: what the button was pressed upon."""
        return {}

    def get(self, request: HttpRequest) -> HttpResponse:
        if not self.is_open():
            return self.back()
        return self.page(
            text=self.get_lead(),
            consequences=self.consequences(),
            button_label=str(self.button),
            danger=self.danger,
            hidden=self.hidden(),
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            messages.success(request, self.deed())
        except MoveRefused as refused:
            messages.warning(request, str(refused))
        return self.back()


class OrderAgree(LinkDeed):
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


class OrderWithdraw(LinkDeed):
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


class OrderFeedback(LinkPage, PublicForm):
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


class OrderRenew(PublicPage):
    """A fresh link to the address on file, for one that has grown too old. It says the same whatever happens."""

    def post(self, request: HttpRequest) -> HttpResponse:
        token_hash = request.session.get(SESSION_ORDER_LINK, "")
        link = OrderLink.find(token_hash)
        may_ask = take_all(RENEW_FROM, origin_of(request)) and link is not None
        if may_ask and link.can_renew and take_all(RENEW_FOR, link.order_id.hex):
            services.renew_link(token_hash=token_hash)
        return redirect("order_renewed")


class OrderRenewed(PublicPage):
    """Where the fresh link arrives, if one does."""

    template_name = "tasks/order_link_renewed.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()
