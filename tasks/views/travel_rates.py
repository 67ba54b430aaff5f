"""Tax-exempt travel rates, dated (R8): the administrator keeps them, everybody who reckons with them may read them."""

import datetime

from django.http import HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.roles import ADMINISTRATOR, PARTNER, STAFF, Role
from kumppani.core.dates import today
from kumppani.core.templatetags.kumppani import day as day_words
from kumppani.core.templatetags.kumppani import money
from kumppani.core.views import FormPage, VisibleForm, VisibleList
from tasks import services
from tasks.forms import TravelRateEndForm, TravelRateForm
from tasks.models import RateKind, TravelRate
from tasks.views.base import OnlyWhileOpen


class TravelRateList(VisibleList):
    """The rates year by year, each with its source."""

    allowed_roles = ADMINISTRATOR | STAFF | PARTNER
    model = TravelRate
    template_name = "tasks/travel_rate_list.html"
    title = _("Travel rates")
    lead = _("What may be paid free of tax for a journey. The rates of the travel date hold.")
    order = ("-valid_from", "kind", "id")
    shows_people = False

    def get_queryset(self):
        return super().get_queryset().with_use()

    def extra(self, rows) -> dict:
        return {"may_keep": self.actor.role == Role.ADMINISTRATOR, "missing_years": self.missing_years()}

    def missing_years(self) -> list[int]:
        """Years up to now, since the first rate, on whose first day no mileage rate is in force."""
        spans = list(
            TravelRate.objects.visible_to(self.actor)
            .filter(kind=RateKind.KM)
            .values_list("valid_from", "valid_to")
        )
        if not spans:
            return [today().year]
        years = range(min(first for first, _last in spans).year, today().year + 1)
        return [
            year
            for year in years
            if not any(
                first <= datetime.date(year, 12, 31) and (last is None or last >= datetime.date(year, 1, 1))
                for first, last in spans
            )
        ]


class _RateForm:
    """What adding and mending share."""

    allowed_roles = ADMINISTRATOR
    form_class = TravelRateForm
    submit_label = _("Save the rate")

    def get_back(self):
        return reverse("travel_rate_list"), gettext("All travel rates")

    def answer(self, made) -> HttpResponse:
        rate = TravelRate.objects.visible_to(self.actor).get(pk=made)
        return self.done(
            gettext("Saved: %(what)s, %(sum)s from %(day)s.")
            % {
                "what": capfirst(rate.get_kind_display()),
                "sum": money(rate.amount),
                "day": day_words(rate.valid_from),
            },
            rate.get_absolute_url(),
        )


class TravelRateCreate(_RateForm, FormPage):
    """Add a rate that has been read somewhere: nothing is guessed."""

    title = _("New travel rate")
    lead = _("Copy it from the tax administration's yearly decision, and say where you read it.")

    def deed(self, form) -> TravelRate:
        return services.add_rate(by=self.actor, **form.facts())


class TravelRateEdit(OnlyWhileOpen, _RateForm, VisibleForm):
    """Mend a rate with which no sum has been worked out yet."""

    model = TravelRate
    title = _("Mend the rate")

    def get_queryset(self):
        return super().get_queryset().with_use()

    def form_kwargs(self) -> dict:
        return {"rate": self.object}

    def is_open(self) -> bool:
        return self.object.last_used_on is None

    def closed_sentence(self) -> str:
        return gettext("Sums have been worked out with this rate. End it, and add another.")

    def deed(self, form) -> TravelRate:
        services.mend_rate(rate=self.object, by=self.actor, **form.facts())
        return self.object


class TravelRateEnd(VisibleForm):
    """Say which day is a rate's last one."""

    allowed_roles = ADMINISTRATOR
    model = TravelRate
    form_class = TravelRateEndForm
    title = _("Last day of a rate")
    submit_label = _("Save the last day")

    def get_back(self):
        return reverse("travel_rate_list"), gettext("All travel rates")

    def get_lead(self) -> str:
        return gettext("%(what)s, %(sum)s from %(day)s.") % {
            "what": capfirst(self.object.get_kind_display()),
            "sum": money(self.object.amount),
            "day": day_words(self.object.valid_from),
        }

    def form_kwargs(self) -> dict:
        return {"rate": self.object}

    def deed(self, form) -> TravelRate:
        services.end_rate(rate=self.object, on=form.cleaned_data["on"], by=self.actor)
        return self.object

    def answer(self, made) -> HttpResponse:
        rate = TravelRate.objects.visible_to(self.actor).get(pk=made)
        return self.done(
            gettext("Saved: the rate holds until %(day)s.") % {"day": day_words(rate.valid_to)},
            rate.get_absolute_url(),
        )
