"""Home answers one question: what is waiting for me? (design.md 4) Beside it lies the calendar."""

import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kumppani.accounts.roles import ADMINISTRATOR, EVERY_ROLE, PARTNER, STAFF
from kumppani.audit.models import Action
from kumppani.audit.recorder import record_seen
from kumppani.core.dates import ONE_DAY, add_months, today
from kumppani.core.pages import FilterByState
from kumppani.core.views import AccessView, VisibleList
from kumppani.home.calendar import AHEAD, IN_A_DAY, IN_A_LIST, days_between, month_of
from kumppani.home.selectors import HOMES, job_states, load, own_partner
from pairing.models import ExperiencePartner

# The years whose months and neighbours a calendar can count.
FIRST_YEAR, LAST_YEAR = 1900, 2999


@method_decorator(login_not_required, name="dispatch")
class Home(AccessView):
    """For a stranger the front page, for everybody else what waits in the present role."""

    allowed_roles = EVERY_ROLE
    title = pgettext_lazy("place", "Home")

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            if request.method not in ("GET", "HEAD"):
                return self.http_method_not_allowed(request)
            return render(request, "public/front.html")
        if request.actor is None:
            # Signed in, but every role has ended: a friendly page that shows nothing.
            request.access_asked = True
            return render(request, "home/no_role.html")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        scene = HOMES[self.actor.role](self.actor)
        record_seen(self.actor, Action.LIST, scene.pop("seen"))
        self.template_name = f"home/{self.actor.role}.html"
        return self.page(**scene)


class JobList(AccessView):
    """What runs by itself, when it ran last, and whether it should have run since."""

    allowed_roles = STAFF | ADMINISTRATOR
    title = gettext_lazy("What runs by itself")
    lead = gettext_lazy("A worker does these in the background. What was missed is made up for, once.")
    template_name = "home/job_list.html"

    def get_back(self) -> tuple[str, str]:
        return reverse("home"), str(Home.title)

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        jobs = job_states()
        return self.page(jobs=jobs, needs_a_look=any(job.needs_a_look for job in jobs))


class PartnerLoad(FilterByState, VisibleList):
    """Every partner in one line: what she or he has, against the caps; who has had nothing stands high (A28)."""

    allowed_roles = STAFF
    model = ExperiencePartner
    template_name = "home/partner_load.html"
    title = gettext_lazy("How much each partner has")
    order = ("rank", "quiet_since", "id")

    def get_back(self) -> tuple[str, str]:
        return reverse("partner_list"), _("Partners")

    def tabs(self) -> dict:
        words = {
            "all": _("All"),
            "look": _("Needs a look"),
            "nothing": _("Nothing for long"),
            "break": _("On a break"),
        }
        return {name: (label, (f"of_{name}",)) for name, label in words.items()}

    def get_queryset(self):
        return load.loads(self.actor).filter(load.TABS[self.state]())

    def extra(self, rows) -> dict:
        for partner in rows:
            load.describe(partner)
        return {
            "state": self.state,
            "chips": self.chips(load.counts(load.loads(self.actor))),
            "meetings_a_week": settings.MEETINGS_A_WEEK,
            "supervision_every": settings.SUPERVISION_EVERY_DAYS,
            "nothing_for": settings.NOTHING_FOR_DAYS,
        }


class Me(AccessView):
    """The partner's own page; its address does not tell whose it is."""

    allowed_roles = PARTNER

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        partner = own_partner(self.actor)
        if partner is None:
            raise Http404
        return HttpResponseRedirect(partner.get_absolute_url())


class _CalendarPage(AccessView):
    """What is coming and what has been; administrators have nothing in it."""

    allowed_roles = EVERY_ROLE - ADMINISTRATOR
    title = gettext_lazy("Calendar")

    def get_back(self) -> tuple[str, str]:
        return reverse("home"), str(Home.title)

    def day_asked(self, name: str, pattern: str) -> datetime.date | None:
        """The day that the address names, or None where it names none that a calendar has."""
        try:
            day = datetime.datetime.strptime(self.request.GET.get(name, ""), pattern).date()  # noqa: DTZ007
        except ValueError:
            return None
        return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


class Calendar(_CalendarPage):
    """One month as a table, on a phone as a list of its days."""

    template_name = "home/calendar.html"

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        asked = self.day_asked("month", "%Y-%m") or today()
        month = month_of(self.actor, asked)
        record_seen(self.actor, Action.LIST, month.seen)
        return self.page(
            month=month,
            is_this_month=month.first == today().replace(day=1),
            earlier=add_months(month.first, -1),
            later=add_months(month.first, 1),
        )


class CalendarList(_CalendarPage):
    """The coming days as a list; with `?day=` one day alone, with `?from=` other days than the next ones."""

    template_name = "home/calendar_list.html"

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        one_day = self.day_asked("day", "%Y-%m-%d")
        first = one_day or self.day_asked("from", "%Y-%m-%d") or today()
        last = one_day or first + (AHEAD - 1) * ONE_DAY
        found = days_between(self.actor, first, last, at_most=IN_A_DAY if one_day else IN_A_LIST)
        record_seen(self.actor, Action.LIST, found.seen)
        return self.page(
            days=found.busy,
            first=first,
            last=last,
            one_day=one_day,
            earlier=first - AHEAD * ONE_DAY,
            later=last + ONE_DAY,
            starts_today=first == today(),
            # One day alone is cut only where it holds hundreds of lines.
            may_show_more=one_day is None,
        )
