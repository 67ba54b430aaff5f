"""Making the work known: acquaintance events, their sums, and the log of media hits (A14, A15, B3).

A partner sees the events at which she or he was or will be present, and nobody else of those who were there.
"""

import datetime
import uuid

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.roles import PARTNER, STAFF, Role
from kumppani.audit.models import Action, Ground
from kumppani.audit.recorder import record_seen
from kumppani.core.dates import ONE_DAY, half_year, today
from kumppani.core.templatetags.kumppani import day, number, weekday_day
from kumppani.core.views import AccessView, DeedView, FormPage, VisibleDetail, VisibleForm, VisibleList
from pairing.models import ExperiencePartner
from tasks import services
from tasks.forms import (
    MediaEditForm,
    MediaForm,
    OutreachEditForm,
    OutreachFilter,
    OutreachForm,
    OutreachPeriod,
)
from tasks.forms.outreach import MUNICIPALITIES
from tasks.models import MediaHit, OutreachEvent
from tasks.sums import outreach_sums

ANOTHER = "another"  # the button that saves and opens the next form
# What stays the same when several are written down in a row.
REPEATED = ("municipality", "kind", "date", "audience_kind", "grant_id")


class OutreachList(VisibleList):
    """Staff see all events, the newest first; a partner her or his own."""

    allowed_roles = STAFF | PARTNER
    model = OutreachEvent
    title = _("Acquaintance events")
    order = ("-date", "-id")
    shows_people = False

    @property
    def for_partner(self) -> bool:
        return self.actor.role == Role.PARTNER

    @property
    def template_name(self) -> str:
        return "tasks/outreach_list_own.html" if self.for_partner else "tasks/outreach_list.html"

    @cached_property
    def asked(self) -> OutreachFilter:
        used = OutreachEvent.objects.visible_to(self.actor).municipalities()
        return OutreachFilter(self.request.GET, municipalities=used)

    def get_back(self) -> tuple[str, str]:
        return (reverse("assignment_list"), gettext("All assignments")) if self.for_partner else ("", "")

    def get_queryset(self):
        events = super().get_queryset().select_related("organisation")
        if self.for_partner:
            return events
        return self.asked.narrow(events).annotate(present=Count("partners"))

    def extra(self, rows) -> dict:
        now = today()
        for event in rows:
            event.is_coming = event.date > now
        if self.for_partner:
            return {}
        return {"filter_form": self.asked, "is_narrowed": any(self.asked.cleaned_data.values())}


class OutreachDetail(VisibleDetail):
    """One event. Staff see who of the partners was there; a partner that she or he was."""

    allowed_roles = STAFF | PARTNER
    model = OutreachEvent
    template_name = "tasks/outreach_detail.html"
    title = _("Acquaintance event")

    def get_queryset(self):
        return super().get_queryset().select_related("organisation", "grant")

    def get_back(self) -> tuple[str, str]:
        return reverse("outreach_list"), gettext("All acquaintance events")

    def extra(self) -> dict:
        for_partner = self.actor.role == Role.PARTNER
        present = list(
            ExperiencePartner.objects.visible_to(self.actor)
            .filter(outreach=self.object)
            .order_by("last_name", "first_name", "id")
        )
        record_seen(self.actor, Action.VIEW, present, ground=Ground.OWN if for_partner else None)
        return {
            "present": present,
            "for_partner": for_partner,
            "is_coming": self.object.date > today(),
            "has_claims": not for_partner and self.object.travel_claims.exists(),
        }


class _OutreachForm(FormPage):
    allowed_roles = STAFF
    template_name = "tasks/outreach_form.html"
    submit_label = _("Save")

    def get_back(self) -> tuple[str, str]:
        return reverse("outreach_list"), gettext("All acquaintance events")

    def form_page(self, form, status: int = 200) -> HttpResponse:
        self.form = form
        return super().form_page(form, status)

    def extra(self) -> dict:
        return {**super().extra(), "municipalities": self.form.used, "list_id": MUNICIPALITIES}

    def saved(self, made) -> str:
        found = OutreachEvent.objects.visible_to(self.actor).select_related("organisation")
        event = found.filter(pk=made).first()
        if event is None:  # sent a second time, after it had been deleted again
            return gettext("This was saved a moment ago.")
        words = ngettext(
            "Saved: %(organisation)s, %(day)s, %(hours)s hour.",
            "Saved: %(organisation)s, %(day)s, %(hours)s hours.",
            int(event.hours),
        )
        return words % {
            "organisation": event.organisation.name,
            "day": weekday_day(event.date),
            "hours": number(event.hours),
        }


class OutreachCreate(_OutreachForm):
    """Write an event down; and the next one, with what several in a row have in common."""

    form_class = OutreachForm
    title = _("New acquaintance event")
    lead = _(
        "A visit, a team meeting, a fair: what nobody ordered and nobody is paid for. What an organisation orders is "
        "an assignment."
    )

    def form_kwargs(self) -> dict:
        before = self.request.GET.get("after", "")
        if not before or not self.only_looks:
            return {}
        last = self._found(before)
        return (
            {"initial": {name.removesuffix("_id"): getattr(last, name) for name in REPEATED}} if last else {}
        )

    def _found(self, pk: str) -> OutreachEvent | None:
        """The event before, if the address names one."""
        try:
            return OutreachEvent.objects.visible_to(self.actor).filter(pk=uuid.UUID(pk)).first()
        except ValueError:
            return None

    def extra(self) -> dict:
        return {**super().extra(), "another": ANOTHER}

    def deed(self, form) -> OutreachEvent:
        return services.record_outreach(by=self.actor, **form.facts())

    def answer(self, made) -> HttpResponse:
        if ANOTHER in self.request.POST:
            url = f"{reverse('outreach_create')}?{urlencode({'after': made})}"
            return self.done(f"{self.saved(made)} {gettext('Here is the next one.')}", url)
        return self.done(self.saved(made), reverse("outreach_list"))


class OutreachEdit(VisibleForm, _OutreachForm):
    """Mend what was written down."""

    model = OutreachEvent
    form_class = OutreachEditForm
    title = _("Change an acquaintance event")

    def get_queryset(self):
        return super().get_queryset().select_related("organisation")

    def get_back(self) -> tuple[str, str]:
        return self.object.get_absolute_url(), gettext("The event")

    def form_kwargs(self) -> dict:
        return {"instance": self.object}

    def deed(self, form) -> OutreachEvent:
        return services.edit_outreach(
            event=form.instance,
            partners=form.cleaned_data["partners"],
            by=self.actor,
            seen_version=form.cleaned_data["seen_version"],
        )

    def answer(self, made) -> HttpResponse:
        return self.done(self.saved(made), self.object.get_absolute_url())


class OutreachDelete(DeedView):
    """Take away what was written down by mistake; not while a travel claim rests on it."""

    allowed_roles = STAFF
    model = OutreachEvent
    question = _("Take this event away?")
    button = _("Yes, take it away")
    danger = True

    def get_queryset(self):
        return super().get_queryset().select_related("organisation")

    def get_lead(self) -> str:
        return f"{self.object}, {self.object.organisation}, {day(self.object.date)}"

    def consequences(self) -> list[str]:
        return [
            gettext("It no longer counts in the sums and in the report."),
            gettext("If a travel claim rests on it, it stays."),
            gettext("You cannot take this back."),
        ]

    def deed(self) -> str:
        services.delete_outreach(event=self.object, by=self.actor)
        self.is_gone = True
        return gettext("The event has been taken away.")

    def get_success_url(self) -> str:
        return reverse("outreach_list") if getattr(self, "is_gone", False) else self.object.get_absolute_url()


class OutreachSummary(AccessView):
    """The sums of a period: by kind of organisation and by municipality (B3)."""

    allowed_roles = STAFF
    template_name = "tasks/outreach_summary.html"
    title = _("Making the work known, summed up")

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        form = OutreachPeriod(request.GET if {"from", "to"} & set(request.GET) else None)
        is_fine = not form.is_bound or form.is_valid()
        first, last = form.span() if is_fine else half_year(today())
        if not form.is_bound:
            form = OutreachPeriod(initial={"from": first, "to": last})
        return self.page(
            status=200 if is_fine else 422,
            form=form,
            sums=outreach_sums(self.actor, first, last) if is_fine else None,
            # The list behind a line holds what the line counts: nothing that is still to come.
            query=urlencode({"from": first.isoformat(), "to": min(last, today()).isoformat()}),
            periods=self.periods(first, last),
        )

    @staticmethod
    def periods(first: datetime.date, last: datetime.date) -> list[dict]:
        """The present half-year, the one before, and this year and the last one."""
        now = today()
        this_half = half_year(now)
        found = []
        for start, end in (this_half, half_year(this_half[0] - ONE_DAY)):
            words = gettext("Spring %(year)s") if start.month == 1 else gettext("Autumn %(year)s")
            found.append((words % {"year": start.year}, start, end))
        for year in (now.year, now.year - 1):
            found.append((str(year), datetime.date(year, 1, 1), datetime.date(year, 12, 31)))
        return [
            {
                "label": label,
                "url": "?" + urlencode({"from": start.isoformat(), "to": end.isoformat()}),
                "current": (start, end) == (first, last),
            }
            for label, start, end in found
        ]


# --- the log of media hits -----------------------------------------------------------------------------------
class MediaList(VisibleList):
    """Every time the media noticed the work, the newest first."""

    allowed_roles = STAFF
    model = MediaHit
    template_name = "tasks/media_list.html"
    title = _("In the media")
    lead = _("What newspapers, programmes and others have told of the work.")
    order = ("-date", "-id")
    shows_people = False


class _MediaPage(FormPage):
    allowed_roles = STAFF
    submit_label = _("Save")

    def get_back(self) -> tuple[str, str]:
        return reverse("media_list"), gettext("In the media")

    def deed(self, form) -> MediaHit:
        return services.save_media(
            hit=form.instance, by=self.actor, seen_version=form.cleaned_data.get("seen_version")
        )

    def answer(self, made) -> HttpResponse:
        hit = MediaHit.objects.visible_to(self.actor).get(pk=made)
        words = gettext("Saved: %(where)s, %(day)s.") % {"where": hit.medium, "day": day(hit.date)}
        return self.done(words, reverse("media_list"))


class MediaCreate(_MediaPage):
    """One more for the log."""

    form_class = MediaForm
    title = _("New media hit")

    def form_kwargs(self) -> dict:
        return {"initial": {"date": today()}}


class MediaEdit(VisibleForm, _MediaPage):
    """Mend one of the log."""

    model = MediaHit
    form_class = MediaEditForm
    template_name = "tasks/media_form.html"
    title = _("Change a media hit")

    def form_kwargs(self) -> dict:
        return {"instance": self.object}


class MediaDelete(DeedView):
    """Take one out of the log."""

    allowed_roles = STAFF
    model = MediaHit
    question = _("Take this out of the log?")
    button = _("Yes, take it away")
    danger = True

    def get_back(self) -> tuple[str, str]:
        return reverse("media_list"), ""

    def get_lead(self) -> str:
        return f"{self.object.medium}, {day(self.object.date)}: {self.object.title}"

    def consequences(self) -> list[str]:
        return [
            gettext("It no longer counts in the report."),
            gettext("You cannot take this back."),
        ]

    def deed(self) -> str:
        services.delete_media(hit=self.object, by=self.actor)
        return gettext("It has been taken away.")

    def get_success_url(self) -> str:
        return reverse("media_list")
