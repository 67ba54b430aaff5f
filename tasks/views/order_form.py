"""The street side of orders: an organisation asks for experience partners, without an account (A31)."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.core.limits import Limit
from kumppani.core.views import PublicPage, StrangersForm, VisibleMixin
from pairing.models import ExperiencePartner
from tasks import services
from tasks.forms import OrderForm

LIMITS = (
    Limit("order", settings.ORDER_PER_HOUR, 60 * 60),
    Limit("order", settings.ORDER_PER_DAY, 60 * 60 * 24),
)


class OrderCreate(VisibleMixin, StrangersForm):
    """One form, one queue: to the staff, or to partners one has chosen."""

    model = ExperiencePartner
    template_name = "tasks/order_form.html"
    form_class = OrderForm
    title = gettext_lazy("Order experience partners")
    submit_label = gettext_lazy("Send the order")
    limits = LIMITS
    partner: ExperiencePartner | None = None

    def get_back(self) -> tuple[str, str]:
        return reverse("about_organisations"), _("For organisations")

    def form_kwargs(self) -> dict:
        return {"chosen": self.partner.public_id if self.partner else None}

    def extra(self) -> dict:
        return {
            "partner": self.partner,
            "facts": self.partner.public_facts() if self.partner else {},
            "answer_days": settings.REQUEST_ANSWER_WORKING_DAYS,
        }

    def deed(self, form):
        return services.receive_order(**form.facts())

    def answer(self, made) -> HttpResponse:
        """The same page for a first and a second sending; it tells nothing of what was written."""
        return HttpResponseRedirect(reverse("order_sent"))


class OrderTo(OrderCreate):
    """The same, with a partner of the directory ticked. The tick decides: it may be taken away, others may be added."""

    def get_back(self) -> tuple[str, str]:
        return reverse("directory_partner", args=[self.kwargs["pk"]]), ""

    def find(self) -> None:
        found = self.get_queryset().filter(public_id=self.kwargs["pk"])
        self.partner = found.with_public_facts().first()
        if self.partner is None and self.only_looks:
            raise Http404


class OrderSent(PublicPage):
    """When an answer comes, and where. Nothing of what was written stands here."""

    template_name = "tasks/order_sent.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(answer_days=settings.REQUEST_ANSWER_WORKING_DAYS)
