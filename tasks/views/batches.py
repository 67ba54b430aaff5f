"""Payment batches: what is approved is collected, given to payroll as a file, and marked as paid. For staff."""

import logging
from collections.abc import Iterable
from itertools import groupby

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.roles import STAFF
from kumppani.audit.models import Action
from kumppani.audit.recorder import record_seen
from kumppani.core.dates import today
from kumppani.core.templatetags.kumppani import day as day_words
from kumppani.core.templatetags.kumppani import money
from kumppani.core.views import FormPage, VisibleDetail, VisibleForm, VisibleList
from kumppani.formats.csv import Decimals
from tasks import exports, services
from tasks.arithmetic import SMALL_PAYMENT
from tasks.forms import CollectForm, PayBatchForm
from tasks.models import Correction, Fee, Payable, PaymentBatch, TravelClaim
from tasks.payroll import INCOME_TYPES, PAYMENT_FORMS, TRAVEL_FORM
from tasks.states import BatchStatus
from tasks.views.base import OnlyWhileOpen, changed_words

logger = logging.getLogger(__name__)

# So many items are offered at once, those first that were approved first: a form takes a thousand fields.
OFFERED = 300
KINDS = {"fees": Fee, "travel": TravelClaim, "corrections": Correction}
KIND_WORDS = {"fees": _("Fee"), "travel": _("Travel"), "corrections": _("Correction")}


def waiting_items(actor) -> dict[str, list[Payable]]:
    """What could be collected now, by the name of the form's field; those approved first come first."""
    found = {
        name: list(
            model.objects.visible_to(actor).to_collect().for_payroll().order_by("approved_at", "id")[:OFFERED]
        )
        for name, model in KINDS.items()
    }
    everything = sorted(
        ((item.approved_at, str(item.pk)) for items in found.values() for item in items),
    )[:OFFERED]
    offered = {pk for _at, pk in everything}
    return {name: [item for item in items if str(item.pk) in offered] for name, items in found.items()}


class BatchList(VisibleList):
    """All batches, the newest first, and what waits for the next one."""

    allowed_roles = STAFF
    model = PaymentBatch
    template_name = "tasks/batch_list.html"
    title = _("Payment batches")
    lead = _("Approved fees and travel costs go to payroll in a batch. A batch never changes afterwards.")
    shows_people = False
    order = ("-number", "-id")

    def get_queryset(self):
        return super().get_queryset().select_related("made_by")

    def extra(self, rows) -> dict:
        waiting = [model.objects.visible_to(self.actor).to_collect().together() for model in KINDS.values()]
        return {
            "waiting_count": sum(count for count, _euros in waiting),
            "waiting_total": sum(euros for _count, euros in waiting),
        }


class BatchCreate(FormPage):
    """What would go into the next batch, by person; everything is ticked."""

    allowed_roles = STAFF
    form_class = CollectForm
    template_name = "tasks/batch_create.html"
    title = _("New payment batch")
    lead = _("Untick what shall wait. What you leave ticked goes to payroll together.")
    submit_label = _("Make the batch")

    def get_back(self):
        return reverse("batch_list"), gettext("Payment batches")

    def extra(self) -> dict:
        waiting = waiting_items(self.actor)
        items = [item for each in waiting.values() for item in each]
        record_seen(self.actor, Action.LIST, items)
        return {
            "groups": self.groups(waiting),
            "count": len(items),
            "total": sum(item.amount_to_pay for item in items),
            "is_full": len(items) == OFFERED,
        }

    def groups(self, waiting: dict[str, list[Payable]]) -> list[dict]:
        """The items by person, each with a tick."""
        sent = self.request.method == "POST"
        lines = [
            {
                "field": name,
                "item": item,
                "kind": KIND_WORDS[name],
                "ticked": not sent or str(item.pk) in self.request.POST.getlist(name),
            }
            for name, items in waiting.items()
            for item in items
        ]
        self.point_out_changed(lines, sent=sent)
        lines.sort(key=lambda line: (*_by_person(line["item"]), line["item"].day, str(line["item"].pk)))
        groups = []
        for _person, of_person in groupby(lines, key=lambda line: _by_person(line["item"])):
            group = list(of_person)
            groups.append(
                {
                    "partner": group[0]["item"].partner,
                    "lines": group,
                    "sum": sum(line["item"].amount_to_pay for line in group),
                }
            )
        return groups

    @staticmethod
    def point_out_changed(lines: list[dict], *, sent: bool) -> None:
        """A fee whose meeting has been corrected since is left unticked, with the reason; staff may tick it."""
        now = services.changed_sums([line["item"] for line in lines if line["field"] == "fees"])
        for line in lines:
            if line["item"].pk in now:
                line["reason"] = changed_words(line["item"], now[line["item"].pk])
                line["ticked"] = line["ticked"] and sent

    def deed(self, form) -> PaymentBatch:
        chosen = {name: form.cleaned_data[name] for name in KINDS}
        return services.collect_batch(by=self.actor, **chosen)

    def answer(self, made) -> HttpResponse:
        batch = PaymentBatch.objects.visible_to(self.actor).get(pk=made)
        return self.done(
            ngettext(
                "Batch %(number)s is made: %(count)s item, %(sum)s. Next: give the file to payroll.",
                "Batch %(number)s is made: %(count)s items, %(sum)s. Next: give the file to payroll.",
                batch.items,
            )
            % {"number": batch.number, "count": batch.items, "sum": money(batch.total)},
            batch.get_absolute_url(),
        )


def _by_person(item: Payable) -> tuple[str, str, str]:
    partner = item.partner
    return partner.last_name.casefold(), partner.first_name.casefold(), str(partner.pk)


class BatchDetail(VisibleDetail):
    """One batch: its rows, its sums, its files, and what lies in it."""

    allowed_roles = STAFF
    model = PaymentBatch
    template_name = "tasks/batch_detail.html"
    title = _("Payment batch")

    def get_queryset(self):
        return super().get_queryset().select_related("made_by")

    def get_title(self) -> str:
        batch = getattr(self, "object", None)
        return gettext("Payment batch %(number)s") % {"number": batch.number} if batch else str(self.title)

    def get_back(self):
        return reverse("batch_list"), gettext("Payment batches")

    def extra(self) -> dict:
        batch, items = self.object, services.items_of(self.object)
        try:
            rows, is_damaged = services.intact_rows(batch, items), False
        except services.BatchDamaged:
            rows, is_damaged = list(batch.rows.order_by("position")), True
        record_seen(self.actor, Action.VIEW, items)
        for row in rows:
            row.form_word = PAYMENT_FORMS.get(row.payment_form, row.payment_form)
            row.income_words = INCOME_TYPES.get(row.income_type, row.income_type)
            row.is_travel = row.payment_form == TRAVEL_FORM
        for item in items:
            item.may_correct = item.can_correct(self.actor)
            item.kind_word = KIND_WORDS[_field_of(item)]
        items.sort(key=lambda item: (*_by_person(item), item.day, str(item.pk)))
        return {
            "rows": rows,
            "items": items,
            "is_damaged": is_damaged,
            "persons": len({row.partner_id for row in rows}),
            "small": SMALL_PAYMENT,
            "sums": self.sums(rows),
            "may_pay": batch.can_pay(self.actor),
        }

    @staticmethod
    def sums(rows: Iterable) -> dict:
        """Each column of the rows added up."""
        names = ("gross_amount", "travel_amount", "per_diem_amount", "receipts_amount")
        return {name: sum(getattr(row, name) for row in rows) for name in names}


def _field_of(item: Payable) -> str:
    return next(name for name, model in KINDS.items() if isinstance(item, model))


class BatchFile(BatchDetail):
    """A batch as a file. A copy is taken: one row in the audit trail for each person it is about.

    What is not as it was sealed is not given out: the page comes instead, with a sentence that says so.
    """

    content_type = "text/csv; charset=utf-8"
    ending = ".csv"

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.object = self.get_object()
        try:
            rows = services.intact_rows(self.object)
        except services.BatchDamaged as damaged:
            logger.error("%s", damaged)
            return self.page(status=409, object=self.object, **self.extra())
        record_seen(self.actor, Action.EXPORT, rows, detail=request.resolver_match.view_name)
        response = HttpResponse(self.file(rows), content_type=self.content_type)
        name = exports.file_name(self.object, self.ending)
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def file(self, rows: list) -> bytes:
        """The file's bytes."""
        raise ImproperlyConfigured(f"{type(self).__name__} makes no file")

    @property
    def decimals(self) -> Decimals:
        """`?decimals=point` for programs that read 12.50; a comma otherwise, as in Finland."""
        wanted = self.request.GET.get("decimals", "")
        return Decimals(wanted) if wanted in list(Decimals) else Decimals.COMMA


class BatchCsv(BatchFile):
    """The rows for a payroll program."""

    def file(self, rows):
        return exports.batch_csv(self.object, rows, self.decimals)


class BatchControl(BatchFile):
    """The control sheet beside the CSV file."""

    ending = "-control.csv"

    def file(self, rows):
        return exports.control_csv(self.object, rows, self.decimals)


class BatchXlsx(BatchFile):
    """The rows and the control sheet for a spreadsheet program."""

    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ending = ".xlsx"

    def file(self, rows):
        return exports.batch_xlsx(self.object, rows)


class BatchPay(OnlyWhileOpen, VisibleForm):
    """Payroll has paid: everything in the batch is paid, and each partner gets a notice."""

    allowed_roles = STAFF
    model = PaymentBatch
    form_class = PayBatchForm
    template_name = "tasks/batch_pay.html"
    title = _("Mark the batch as paid")
    submit_label = _("It has been paid")

    def get_back(self):
        return self.object.get_absolute_url(), gettext("The batch")

    def get_lead(self) -> str:
        return ngettext(
            "Batch %(number)s of %(day)s: %(count)s item, %(sum)s.",
            "Batch %(number)s of %(day)s: %(count)s items, %(sum)s.",
            self.object.items,
        ) % {
            "number": self.object.number,
            "day": day_words(self.object.made_on),
            "count": self.object.items,
            "sum": money(self.object.total),
        }

    def is_open(self) -> bool:
        return self.object.status == BatchStatus.MADE

    def form_kwargs(self) -> dict:
        return {"batch": self.object, "initial": {"paid_on": today()}}

    def deed(self, form) -> PaymentBatch:
        services.pay_batch(batch=self.object, on=form.cleaned_data["paid_on"], by=self.actor)
        return self.object

    def answer(self, made) -> HttpResponse:
        batch = self.get_object()
        return self.done(
            gettext("Batch %(number)s was paid on %(day)s. Each partner gets a notice.")
            % {"number": batch.number, "day": day_words(batch.paid_on)},
            batch.get_absolute_url(),
        )
