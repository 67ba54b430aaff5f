"""The period report: figures that open the rows behind them. Only the staff see it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.roles import STAFF
from kumppani.audit.models import Action, Ground
from kumppani.audit.recorder import record_seen
from kumppani.core.dates import today
from kumppani.core.paging import paginate
from kumppani.core.views import AccessView, VisibleList
from kumppani.reports.figures import Figure, Period
from kumppani.reports.forms import PeriodForm
from kumppani.reports.selectors import (
    definition_named,
    half_year_of,
    half_year_words,
    half_years,
    in_parts,
    in_words,
    report,
    rows_of,
    shown,
)

NEAR = 2  # half-years that are offered at once; the earlier ones open from a line


def query_of(period: Period, **more) -> str:
    """The period as a piece of an address."""
    query = {**more, "from": period.first.isoformat(), "to": period.last.isoformat()}
    if period.grant:
        query["grant"] = str(period.grant.pk)
    return urlencode(query)


class AsksForPeriod(AccessView):
    """The period of the address; without one, the present half-year."""

    allowed_roles = STAFF

    def asked(self) -> PeriodForm:
        data = self.request.GET.copy()
        if "from" not in data and "to" not in data:
            now = half_year_of(today())
            data["from"], data["to"] = now.first.isoformat(), now.last.isoformat()
        return PeriodForm(data, actor=self.actor)


class Report(AsksForPeriod):
    template_name = "reports/report.html"
    title = _("Period report")

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        form = self.asked()
        if not form.is_valid():
            return self.page(status=422, form=form, period=None, parts=[], presets=self.presets(form, None))
        period = form.period()
        parts = in_parts(report(period))
        for part in parts:
            for group in part.groups:
                for figure in group.figures:
                    self.dress(figure, period)
        return self.page(form=form, period=period, parts=parts, presets=self.presets(form, period))

    def dress(self, figure: Figure, period: Period) -> None:
        """Words and a way to the rows."""
        figure.shown = in_words(figure)
        figure.url = (
            f"{reverse('report_rows')}?{query_of(period, figure=figure.name)}" if figure.has_rows else ""
        )

    def presets(self, form: PeriodForm, period: Period | None) -> dict[str, list[dict]]:
        """The half-years to choose from, with the same grant: the near ones, and all earlier ones."""
        grant = period.grant if period else None
        links = [
            {
                "label": half_year_words(half_year),
                "url": f"?{query_of(Period(half_year.first, half_year.last, grant))}",
                "current": period is not None
                and (period.first, period.last) == (half_year.first, half_year.last),
            }
            for half_year in half_years(form.grants.values())
        ]
        near = [link for number, link in enumerate(links) if number < NEAR or link["current"]]
        return {"near": near, "earlier": [link for link in links if link not in near]}


class ReportRows(AsksForPeriod, VisibleList):
    """The rows behind one figure: date, kind, hours, organisation, at most a parent's code."""

    template_name = "reports/report_rows.html"

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        form = self.asked()
        definition = definition_named(request.GET.get("figure", ""))
        if definition is None or not form.is_valid():
            raise Http404
        self.definition, self.period = definition, form.period()
        first, *more = rows_of(definition, self.period)
        records = paginate(first, definition.order, request.GET.get("page", ""), more=more)
        record_seen(self.actor, Action.LIST, records, ground=Ground.REPORT, detail=definition.name)
        rows = [shown(record) for record in records]
        return self.page(
            **self.page_urls(records),
            rows=rows,
            period=self.period,
            definition=definition,
            has_date=any(row.date for row in rows),
            has_amount=any(row.amount for row in rows),
            has_code=any(row.code for row in rows),
        )

    def get_title(self) -> str:
        return str(self.definition.label)

    def get_back(self) -> tuple[str, str]:
        return f"{reverse('report')}?{query_of(self.period)}", str(_("Period report"))
