"""The staff's side of orders: the queue, taking on, saying no, the contact and the links."""

from django.db.models import Count
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.roles import STAFF
from kumppani.audit.models import Action
from kumppani.audit.recorder import record_seen
from kumppani.core.dates import today
from kumppani.core.templatetags.kumppani import money, weekday_day
from kumppani.core.views import DeedView, VisibleDetail, VisibleForm, VisibleList
from tasks import services
from tasks.forms import AddContactForm, ContactForm, DeclineOrderForm, TakeOrderForm
from tasks.forms.orders import CONTACT_FIELDS
from tasks.models import Assignment, Letter, Order, OrderLink
from tasks.states import AssignmentStatus, OrderStatus
from tasks.views.base import FilterByState, OnlyWhileOpen


class OrderList(FilterByState, VisibleList):
    """The queue: whoever has waited longest is first."""

    allowed_roles = STAFF
    model = Order
    template_name = "tasks/order_list.html"
    title = _("Orders from organisations")
    lead = _("What organisations ask for by the public form. Each gets an answer, a yes or a no.")
    shows_people = False  # the chosen partners are written up in `extra`

    def get_back(self):
        return reverse("assignment_list"), gettext("All assignments")

    def tabs(self):
        return {
            "waiting": (_("Waiting"), (OrderStatus.NEW,)),
            "taken": (_("Taken on"), (OrderStatus.TAKEN,)),
            "declined": (_("Not possible"), (OrderStatus.DECLINED,)),
            "withdrawn": (_("Withdrawn"), (OrderStatus.WITHDRAWN,)),
        }

    @property
    def order(self) -> tuple[str, ...]:
        return ("received_on", "id") if self.state == "waiting" else ("-received_on", "-id")

    def get_queryset(self):
        return super().get_queryset().filter(status__in=self.statuses).prefetch_related("partners")

    def extra(self, rows) -> dict:
        counts = Order.objects.visible_to(self.actor).order_by().values_list("status").annotate(Count("pk"))
        record_seen(self.actor, Action.LIST, [partner for row in rows for partner in row.partners.all()])
        for row in rows:
            row.days_waited = (today() - row.received_on).days
            row.wished = ", ".join(partner.name for partner in row.partners.all())
        return {
            "chips": self.chips(dict(counts)),
            "state": self.state,
            "oldest_first": self.state == "waiting",
        }


class OrderDetail(VisibleDetail):
    """One order: what is asked for, by whom, what became of it, which letters went."""

    allowed_roles = STAFF
    model = Order
    template_name = "tasks/order_detail.html"
    title = _("Order")

    def get_queryset(self):
        return super().get_queryset().select_related("organisation", "assignment")

    def get_back(self):
        return reverse("order_list"), gettext("All orders")

    def extra(self) -> dict:
        partners = list(self.object.partners.all())
        record_seen(self.actor, Action.VIEW, partners)
        links = list(OrderLink.objects.visible_to(self.actor).filter(order=self.object))
        for link in links:
            link.order = self.object
        return {
            "partners": partners,
            "links": links,
            "assignment": getattr(self.object, "assignment", None),
            "may_answer": self.object.can_answer(self.actor),
            "days_waited": (today() - self.object.received_on).days,
            "letter_is_lost": bool(links) and links[0].letter_given_up_at is not None,
        }


class _AnOrder(OnlyWhileOpen):
    """A page about a deed to an order that waits for its answer."""

    allowed_roles = STAFF
    model = Order

    def get_back(self):
        return self.object.get_absolute_url(), gettext("The order")

    def is_open(self) -> bool:
        return self.object.can_answer(self.actor)

    def closed_sentence(self) -> str:
        return gettext("This order has been answered already.")


class OrderTake(_AnOrder, VisibleForm):
    """Take an order on: the form of an assignment, filled in from the order."""

    form_class = TakeOrderForm
    title = _("Take the order on")
    lead = _("Check what was ordered and mend it where needed. After that you ask the partners.")
    submit_label = _("Take it on")

    def form_kwargs(self) -> dict:
        return {"order": self.object}

    def deed(self, form) -> Assignment:
        return services.take_order(order=self.object, by=self.actor, **form.facts())

    def answer(self, made) -> HttpResponse:
        assignment = Assignment.objects.visible_to(self.actor).get(pk=made)
        return self.done(
            gettext("Taken on: %(what)s, %(day)s. The orderer gets a letter. Next: ask a partner.")
            % {"what": assignment.title, "day": weekday_day(assignment.date)},
            assignment.get_absolute_url(),
        )


class OrderDecline(_AnOrder, VisibleForm):
    """Say no, in kind words that go into the letter."""

    form_class = DeclineOrderForm
    title = _("Say that it is not possible")
    lead = _("Your words go to the orderer by letter, and stand behind the link.")
    submit_label = _("Send the answer")

    def deed(self, form) -> Order:
        services.decline_order(order=self.object, because=form.cleaned_data["because"], by=self.actor)
        return self.object

    def answer(self, made) -> HttpResponse:
        return self.done(
            gettext("Your answer is on its way to the orderer."), reverse("order_detail", args=[made])
        )


class OrderContact(VisibleForm):
    """Mend the contact: another person, or an address by which no letter arrived."""

    allowed_roles = STAFF
    model = Order
    form_class = ContactForm
    title = _("The contact person")
    lead = _(
        "When you change the address, the old links stop, and a letter with a fresh one goes to the new address."
    )
    submit_label = _("Save the contact")

    def get_back(self):
        return self.object.get_absolute_url(), gettext("The order")

    def form_kwargs(self) -> dict:
        return {"instance": self.object}

    def deed(self, form) -> Order:
        services.change_contact(
            order=self.object,
            by=self.actor,
            seen_version=form.cleaned_data["seen_version"],
            **{name: form.cleaned_data[name] for name in CONTACT_FIELDS},
        )
        return self.object

    def answer(self, made) -> HttpResponse:
        return self.done(gettext("The contact has been saved."), reverse("order_detail", args=[made]))


class OrderLinkSend(DeedView):
    """A fresh link to the contact."""

    allowed_roles = STAFF
    model = Order
    question = _("Send a fresh link?")
    button = _("Yes, send it")

    def get_back(self):
        return self.object.get_absolute_url(), ""

    def get_lead(self) -> str:
        return gettext("A letter with a fresh link goes to %(address)s.") % {
            "address": self.object.contact_email
        }

    def deed(self) -> str:
        services.send_link(order=self.object, letter=Letter.RENEWED, by=self.actor)
        return gettext("A letter with a fresh link is on its way.")


class OrderLinkRevoke(DeedView):
    """Stop a link at once."""

    allowed_roles = STAFF
    model = OrderLink
    question = _("Stop this link?")
    button = _("Yes, stop it")
    danger = True

    def get_queryset(self):
        return super().get_queryset().select_related("order")

    def get_back(self):
        return self.object.order.get_absolute_url(), ""

    def get_success_url(self) -> str:
        return self.object.order.get_absolute_url()

    def consequences(self) -> list[str]:
        return [
            gettext("Whoever holds this link sees nothing by it any more."),
            gettext("Other links to the same order stay as they are. You can send a fresh one."),
        ]

    def deed(self) -> str:
        services.revoke_link(link=self.object, by=self.actor)
        return gettext("The link has been stopped.")


class AssignmentAgreedTold(OnlyWhileOpen, DeedView):
    """The orderer has agreed to the sum on the telephone or by e-mail: staff write it down."""

    allowed_roles = STAFF
    model = Assignment
    question = _("Has the orderer agreed to the sum?")
    button = _("Yes, the orderer has agreed")

    def is_open(self) -> bool:
        return (
            self.object.is_coming and self.object.waits_for_orderer and self.object.orderer_amount is not None
        )

    def closed_sentence(self) -> str:
        return gettext("There is no sum to agree to now.")

    def get_lead(self) -> str:
        return gettext("%(what)s: the orderer pays %(sum)s for the partners' fees.") % {
            "what": self.object.title,
            "sum": money(self.object.orderer_amount),
        }

    def consequences(self) -> list[str]:
        return [
            gettext("Today is written down as the day on which the orderer told you so."),
            gettext("Travel comes on top; the orderer pays it too."),
        ]

    def deed(self) -> str:
        services.agree_fee_told(assignment=self.object, by=self.actor)
        return gettext("Saved: the orderer has agreed to %(sum)s.") % {
            "sum": money(self.object.orderer_amount)
        }


class OrderAddContact(OnlyWhileOpen, VisibleForm):
    """The contact of an assignment that came by telephone: so that feedback can be asked."""

    allowed_roles = STAFF
    model = Assignment
    form_class = AddContactForm
    title = _("Add a contact person")
    lead = _("The contact gets letters with a link: to see how it goes on, and to give feedback afterwards.")
    submit_label = _("Save the contact")

    def get_queryset(self):
        return super().get_queryset().select_related("organisation")

    def get_back(self):
        return self.object.get_absolute_url(), gettext("The assignment")

    def is_open(self) -> bool:
        return self.object.order_id is None and self.object.status != AssignmentStatus.CANCELLED

    def closed_sentence(self) -> str:
        return gettext("This assignment has a contact already.")

    def deed(self, form) -> Order:
        return services.add_contact(
            assignment=self.object,
            by=self.actor,
            **{name: form.cleaned_data[name] for name in CONTACT_FIELDS},
        )

    def answer(self, made) -> HttpResponse:
        return self.done(gettext("The contact has been saved."), self.object.get_absolute_url())
