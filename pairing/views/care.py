"""Supervision and debriefing: the staff agree on times and say who was there; a partner sees the own times."""

import contextlib
import uuid

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kumppani.accounts.roles import PARTNER, STAFF, Role
from kumppani.audit.models import Action, Ground
from kumppani.audit.recorder import record_seen
from kumppani.core.dates import holiday_names, today
from kumppani.core.pages import FilterByState
from kumppani.core.templatetags.kumppani import day, weekday_day
from kumppani.core.views import DeedView, FormPage, VisibleDetail, VisibleForm, VisibleList
from pairing import services
from pairing.forms import PresenceForm, SupervisionEditForm, SupervisionForm
from pairing.models import (
    PresenceState,
    Supervision,
    SupervisionKind,
    SupervisionPresence,
)

TONES = {PresenceState.INVITED: "note", PresenceState.PRESENT: "good", PresenceState.ABSENT: "plain"}
COMING, TO_MARK, PAST = "coming", "to_mark", "past"


class SupervisionList(FilterByState, VisibleList):
    """The coming times, those of which nobody has said who was there, and the past ones."""

    allowed_roles = STAFF | PARTNER
    model = Supervision
    title = gettext_lazy("Supervision")
    shows_people = False

    @property
    def for_partner(self) -> bool:
        return self.actor.role == Role.PARTNER

    @property
    def template_name(self) -> str:
        return "pairing/supervision_list_own.html" if self.for_partner else "pairing/supervision_list.html"

    def get_back(self) -> tuple[str, str]:
        return reverse("home"), _("Home")

    def tabs(self) -> dict:
        words = {COMING: _("Coming"), TO_MARK: _("Who was there?"), PAST: _("Past")}
        if self.for_partner:
            del words[TO_MARK]
        return {name: (label, (name,)) for name, label in words.items()}

    @property
    def order(self) -> tuple[str, ...]:
        return ("date", "starts_at", "id") if self.state == COMING else ("-date", "-starts_at", "-id")

    def get_queryset(self):
        times, now = super().get_queryset(), today()
        if self.state == COMING:
            times = times.coming(now)
        elif self.state == TO_MARK:
            times = times.to_mark(now)
        else:
            times = times.filter(Q(date__lt=now) | Q(is_cancelled=True))
        return times if self.for_partner else times.with_presence_counts()

    def extra(self, rows) -> dict:
        for time in rows:
            time.is_past = time.date < today()
        if self.for_partner:
            states = dict(
                SupervisionPresence.objects.visible_to(self.actor)
                .filter(supervision__in=[time.pk for time in rows])
                .values_list("supervision_id", "state")
            )
            for time in rows:
                time.own_state = PresenceState(states[time.pk])
                time.own_tone = TONES[time.own_state]
        return {"state": self.state, "chips": self.chips(self.counts)}

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many stand behind each tab."""
        now, times = today(), Supervision.objects.visible_to(self.actor)
        return times.aggregate(
            **{
                COMING: Count("pk", filter=Q(date__gte=now, is_cancelled=False)),
                TO_MARK: Count("pk", filter=Q(pk__in=times.to_mark(now).values("pk"))),
                PAST: Count("pk", filter=Q(date__lt=now) | Q(is_cancelled=True)),
            }
        )


class SupervisionDetail(VisibleDetail):
    """One time. Staff see who is invited; a partner that she or he is."""

    allowed_roles = STAFF | PARTNER
    model = Supervision
    template_name = "pairing/supervision_detail.html"

    def get_title(self) -> str:
        return self.object.get_kind_display().capitalize()

    def get_back(self) -> tuple[str, str]:
        return reverse("supervision_list"), _("Supervision")

    def extra(self) -> dict:
        for_partner = self.actor.role == Role.PARTNER
        presences = list(
            SupervisionPresence.objects.visible_to(self.actor)
            .filter(supervision=self.object)
            .select_related("partner")
            .order_by("partner__last_name", "partner__first_name", "id")
        )
        record_seen(self.actor, Action.VIEW, presences, ground=Ground.OWN if for_partner else None)
        for presence in presences:
            presence.tone = TONES[presence.state]
        is_open = not self.object.is_cancelled
        marked = [presence for presence in presences if presence.state != PresenceState.INVITED]
        return {
            "for_partner": for_partner,
            "presences": presences,
            "own": presences[0] if for_partner and presences else None,
            "is_past": self.object.date < today(),
            "may_mark": is_open and self.object.has_come,
            "is_marked": len(marked) == len(presences),
            "may_cancel": is_open and all(presence.state != PresenceState.PRESENT for presence in marked),
        }


class _SupervisionForm(FormPage):
    allowed_roles = STAFF
    submit_label = gettext_lazy("Save")

    def get_back(self) -> tuple[str, str]:
        return reverse("supervision_list"), _("Supervision")


class SupervisionCreate(_SupervisionForm):
    """A new time. `?partner=` and `?kind=` fill in for whom and what: a debriefing begins at a wish to talk."""

    form_class = SupervisionForm
    title = gettext_lazy("A time for supervision")
    lead = gettext_lazy(
        "Those whom you invite are told at once. Nothing of what you talk about is written down."
    )

    def form_kwargs(self) -> dict:
        initial = {}
        if self.request.GET.get("kind") in SupervisionKind.values:
            initial["kind"] = self.request.GET["kind"]
            if initial["kind"] == SupervisionKind.DEBRIEFING:
                initial["minutes"] = 60
        with contextlib.suppress(ValueError):
            initial["partners"] = [uuid.UUID(self.request.GET.get("partner", ""))]
        return {"initial": initial}

    def deed(self, form) -> Supervision:
        data = form.cleaned_data
        return services.plan_supervision(
            by=self.actor, partners=data["partners"], times=data["times"] or 1, **form.facts()
        )[0]

    def answer(self, made) -> HttpResponse:
        time = Supervision.objects.visible_to(self.actor).get(pk=made)
        # The form that was sent says which days were meant.
        form = self.get_form(self.request.POST)
        form.is_valid()
        words = _("Saved: %(what)s, %(day)s.") % {
            "what": time.get_kind_display(),
            "day": weekday_day(time.date),
        }
        if len(form.dates) > 1:
            others = ", ".join(day(date) for date in form.dates[1:])
            words += " " + _("And then: %(days)s.") % {"days": others}
        for date in form.dates:
            if name := holiday_names(date.year).get(date):
                words += " " + _("%(day)s is a holiday: %(name)s.") % {"day": day(date), "name": name}
        return self.done(words, time.get_absolute_url())


class SupervisionEdit(VisibleForm, _SupervisionForm):
    """Change a time, or who is invited."""

    model = Supervision
    form_class = SupervisionEditForm
    title = gettext_lazy("Change the time")
    lead = gettext_lazy("Those who are invited are told of what has changed.")

    def get_back(self) -> tuple[str, str]:
        return self.object.get_absolute_url(), ""

    def may(self) -> bool:
        return not self.object.is_cancelled or not self.only_looks

    def form_kwargs(self) -> dict:
        return {"instance": self.object}

    def deed(self, form) -> Supervision:
        return services.edit_supervision(
            supervision=self.object,
            by=self.actor,
            seen_version=form.cleaned_data["seen_version"],
            partners=form.cleaned_data["partners"],
            **form.facts(),
        )

    def answer(self, made) -> HttpResponse:
        time = Supervision.objects.visible_to(self.actor).get(pk=made)
        words = _("Saved: %(what)s, %(day)s.") % {
            "what": time.get_kind_display(),
            "day": weekday_day(time.date),
        }
        return self.done(words, time.get_absolute_url())


class SupervisionCancel(DeedView):
    """Call a time off."""

    allowed_roles = STAFF
    model = Supervision
    question = gettext_lazy("Call this time off?")
    button = gettext_lazy("Yes, call it off")
    danger = True

    def get_lead(self) -> str:
        return f"{self.object.get_kind_display().capitalize()}, {weekday_day(self.object.date)}"

    def consequences(self) -> list[str]:
        if self.object.date < today():
            return [_("It stays in the list as called off. Nobody is told: its day is over.")]
        return [
            _("Those who are invited are told at once."),
            _("It stays in the list as called off."),
        ]

    def deed(self) -> str:
        services.cancel_supervision(supervision=self.object, by=self.actor)
        return _("Saved: the time has been called off.")


class SupervisionMark(VisibleForm):
    """Who was there: one row for each, one save for all."""

    allowed_roles = STAFF
    model = Supervision
    form_class = PresenceForm
    template_name = "pairing/supervision_mark.html"
    title = gettext_lazy("Who was there?")
    submit_label = gettext_lazy("Save")

    def get_lead(self) -> str:
        return f"{self.object.get_kind_display().capitalize()}, {weekday_day(self.object.date)}"

    def get_back(self) -> tuple[str, str]:
        return self.object.get_absolute_url(), ""

    def may(self) -> bool:
        return (not self.object.is_cancelled and self.object.has_come) or not self.only_looks

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        record_seen(self.actor, Action.VIEW, self.form.presences)
        return response

    def form_page(self, form, status: int = 200) -> HttpResponse:
        self.form = form
        return super().form_page(form, status)

    def form_kwargs(self) -> dict:
        return {"instance": self.object}

    def deed(self, form) -> Supervision:
        return services.mark_presence(
            supervision=self.object,
            by=self.actor,
            seen_version=form.cleaned_data["seen_version"],
            states=form.states(),
        )

    def answer(self, made) -> HttpResponse:
        presences = SupervisionPresence.objects.visible_to(self.actor).filter(supervision=made)
        present = presences.filter(state=PresenceState.PRESENT).count()
        words = ngettext(
            "Saved: %(count)s partner was there.", "Saved: %(count)s partners were there.", present
        )
        return self.done(words % {"count": present}, self.object.get_absolute_url())
