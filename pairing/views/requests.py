"""Contact requests: asked by a social worker, answered by the staff."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.accounts.roles import SOCIAL_WORKER, STAFF
from kumppani.core.views import DeedView, FormPage, VisibleDetail, VisibleForm, VisibleList
from pairing import services
from pairing.forms import CompleteRequestForm, RequestForm
from pairing.models import ContactRequest, Relationship
from pairing.states import RequestStatus


class RequestList(VisibleList):
    """The queue, longest waiting first; both routes in one list (R6)."""

    allowed_roles = STAFF | SOCIAL_WORKER
    model = ContactRequest
    template_name = "pairing/request_list.html"
    title = gettext_lazy("Requests")
    order = ("received_on", "id")

    def get_queryset(self):
        self.state = self.request.GET.get("state", RequestStatus.WAITING)
        if self.state not in RequestStatus.values:
            self.state = RequestStatus.WAITING
        return (
            super()
            .get_queryset()
            .filter(status=self.state)
            .select_related("parent", "social_worker__user", "chosen_partner")
        )

    def extra(self, rows) -> dict:
        return {
            "state": self.state,
            "states": RequestStatus.choices,
            "answer_days": settings.REQUEST_ANSWER_WORKING_DAYS,
        }


class RequestDetail(VisibleDetail):
    allowed_roles = STAFF | SOCIAL_WORKER
    model = ContactRequest
    template_name = "pairing/request_detail.html"
    title = gettext_lazy("Request for a partner")

    def get_back(self) -> tuple[str, str]:
        return reverse("request_list"), _("Requests")

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .select_related("parent", "social_worker__user", "social_worker__organisation", "chosen_partner")
        )

    def extra(self) -> dict:
        relationships = (
            Relationship.objects.visible_to(self.actor)
            .filter(request=self.object)
            .select_related("partner")
            .order_by("-proposed_on", "id")[:20]
        )
        return {
            "relationships": relationships,
            "wishes": self.object.wishes.all(),
            "is_waiting": self.object.status == RequestStatus.WAITING,
        }


class RequestCreate(FormPage):
    """A social worker asks for a partner with or for a parent."""

    allowed_roles = SOCIAL_WORKER
    form_class = RequestForm
    template_name = "pairing/request_form.html"
    title = gettext_lazy("Ask for a partner")
    lead = gettext_lazy("Write only what is needed: no surname, no address, nothing about a child.")
    submit_label = gettext_lazy("Send the request")

    def get_back(self) -> tuple[str, str]:
        return reverse("home"), _("Home")

    def deed(self, form):
        data = form.cleaned_data
        return services.record_request(
            by=self.actor,
            social_worker=services.social_worker_for(self.actor),
            asked_by=data["by"],
            parent=data["parent"],
            new_parent=form.new_parent(),
            route=data["route"],
            chosen_partner=data["chosen_partner"],
            area=data["area"],
            parent_agrees=data["parent_agrees"],
        )

    def answer(self, made):
        return self.done(
            _("Saved. The project staff have your request and answer within 3 working days."),
            reverse("request_detail", args=[made]),
        )


class RequestComplete(VisibleForm):
    """Staff have called back and know who is who: a public request becomes one like any other."""

    allowed_roles = STAFF
    model = ContactRequest
    form_class = CompleteRequestForm
    template_name = "pairing/request_complete.html"
    title = gettext_lazy("Complete the request")
    submit_label = gettext_lazy("Save")

    def get_back(self) -> tuple[str, str]:
        return reverse("request_detail", args=[self.object.pk]), _("Request")

    def get_queryset(self):
        return super().get_queryset().select_related("chosen_partner")

    def may(self) -> bool:
        waits = self.object.status == RequestStatus.WAITING and not self.object.is_complete
        return waits or not self.only_looks

    def form_kwargs(self) -> dict:
        return {"contact": self.object}

    def deed(self, form):
        data = form.cleaned_data
        return services.complete_request(
            request=self.object,
            by=self.actor,
            social_worker=data["social_worker"],
            parent=data["known_parent"],
            new_parent=form.new_parent(),
            parent_agrees=data["parent_agrees"],
            area=data["area"],
        )

    def answer(self, made):
        return self.done(
            _("Saved. A partner can now be proposed, and the social worker sees the request."),
            reverse("request_detail", args=[self.object.pk]),
        )


class RequestAnswered(DeedView):
    """The asker has heard from us: the waiting for a first answer is over."""

    allowed_roles = STAFF
    model = ContactRequest
    question = gettext_lazy("Has a first answer been given?")
    button = gettext_lazy("Yes, answered today")

    def get_queryset(self):
        return super().get_queryset().select_related("parent")

    def get_kicker(self) -> str:
        return str(self.object.parent or "")

    def may(self) -> bool:
        return self.object.status == RequestStatus.WAITING or not self.only_looks

    def consequences(self) -> list[str]:
        return [
            _("Today is recorded as the day of the first answer."),
            _("The request itself goes on waiting, until a partner is proposed or it is closed."),
        ]

    def deed(self) -> str:
        services.answer_request(request=self.object, by=self.actor)
        return _("Saved: answered.")


class RequestWithdraw(DeedView):
    allowed_roles = STAFF | SOCIAL_WORKER
    model = ContactRequest
    question = gettext_lazy("Withdraw this request?")

    def get_queryset(self):
        return super().get_queryset().select_related("parent")

    def get_kicker(self) -> str:
        return str(self.object.parent or "")

    def may(self) -> bool:
        return self.object.status in (RequestStatus.WAITING, RequestStatus.WITHDRAWN)

    button = gettext_lazy("Withdraw")

    def consequences(self) -> list[str]:
        return [_("The request leaves the queue. No reason is asked."), _("You can ask again at any time.")]

    def deed(self) -> str:
        services.withdraw_request(request=self.object, by=self.actor)
        return _("The request has been withdrawn.")
