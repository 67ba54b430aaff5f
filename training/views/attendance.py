"""Attendance: a session marked on a phone in a minute, the whole cohort as a grid, and hours made up.

Each row of a session is a form of its own and is saved by itself. A press sent by the page's script
(`X-Requested-With: fetch`) is answered with the row alone; any other with a page.
"""

import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kumppani.accounts.roles import STAFF, TRAINER
from kumppani.audit.models import Action
from kumppani.audit.recorder import record_seen
from kumppani.core.dates import today
from kumppani.core.states import MoveRefused
from kumppani.core.templatetags.kumppani import day, number, weekday_day
from kumppani.core.views import AccessView, VisibleDetail, VisibleForm, VisibleMixin
from training import services
from training.forms import MakeUpForm, MarkForm
from training.forms.attendance import ABSENT, ALL, KEEP, PART
from training.models import Attendance, Cohort, Enrolment, Session
from training.standing import Standing, reckon
from training.states import CohortStatus, EnrolmentStatus


@dataclass
class MarkRow:
    """One person at one session, as it is drawn."""

    person: Enrolment
    session: Session
    mark: Attendance | None
    may_mark: bool
    error: str = ""
    typed: str = ""
    # What this person chose while somebody else saved other hours.
    wanted: str = ""
    wanted_hours: Decimal | None = None

    @property
    def version(self) -> int:
        return self.mark.version if self.mark else 0

    @property
    def choice(self) -> str:
        """Which of the three buttons stands for what is saved."""
        if self.mark is None:
            return ""
        if self.mark.hours == self.session.hours:
            return ALL
        return PART if self.mark.hours else ABSENT

    @property
    def part_hours(self) -> str:
        """What stands in the field for the hours."""
        if self.typed:
            return self.typed
        if self.wanted == PART:
            return number(self.wanted_hours)
        return number(self.mark.hours) if self.choice == PART else ""

    @property
    def saved_words(self) -> str:
        """What is saved, in words."""
        return self.words_for(self.choice, self.mark.hours if self.mark else None)

    @property
    def wanted_words(self) -> str:
        return self.words_for(self.wanted, self.wanted_hours)

    @staticmethod
    def words_for(choice: str, hours: Decimal | None) -> str:
        if choice == ALL:
            return _("All hours")
        if choice == ABSENT:
            return _("Absent")
        return _("%(hours)s h") % {"hours": number(hours)} if choice == PART else ""

    @property
    def is_saved_today(self) -> bool:
        return self.mark is not None and timezone.localdate(self.mark.updated_at) == today()

    @property
    def may_make_up(self) -> bool:
        """Whether hours are missing that can be made up, or have been."""
        return self.is_open and not self.wanted and self.mark is not None and self.choice != ALL

    @property
    def is_open(self) -> bool:
        return self.may_mark and self.person.status == EnrolmentStatus.ATTENDING


class SessionPage(VisibleMixin, AccessView):
    """What the two doors of a session's attendance share."""

    allowed_roles = STAFF | TRAINER
    model = Session
    template_name = "training/session_attendance.html"
    title = gettext_lazy("Attendance")

    def get_queryset(self):
        return super().get_queryset().select_related("cohort")

    def address(self) -> str:
        return reverse("session_attendance", args=[self.object.pk])

    def get_back(self) -> tuple[str, str]:
        return self.object.cohort.get_absolute_url(), _("The cohort")

    def get_lead(self) -> str:
        return _("%(day)s, %(hours)s h") % {
            "day": weekday_day(self.object.date).capitalize(),
            "hours": number(self.object.hours),
        }

    @cached_property
    def closed(self) -> str:
        """Why nothing can be marked, as a sentence, or nothing."""
        return services.why_not_now(self.object)

    def people(self):
        """Those who attend, and those whose hours stand."""
        return Enrolment.objects.visible_to(self.actor).filter(
            cohort=self.object.cohort_id, status__in=(EnrolmentStatus.ATTENDING, EnrolmentStatus.COMPLETED)
        )

    def row(self, person: Enrolment, mark: Attendance | None) -> MarkRow:
        return MarkRow(person, self.object, mark, may_mark=not self.closed)

    def rows(self) -> list[MarkRow]:
        marks = {
            mark.enrolment_id: mark
            for mark in Attendance.objects.visible_to(self.actor)
            .filter(session=self.object)
            .select_related("marked_by")
        }
        people = self.people().order_by("first_name", "last_name", "id")
        rows = [self.row(person, marks.get(person.pk)) for person in people]
        # Of those who have completed only who was marked here: the others were not in the cohort then.
        return [row for row in rows if row.mark or row.person.status == EnrolmentStatus.ATTENDING]

    def whole_page(self, changed: MarkRow | None = None, status: int = 200, **extra) -> HttpResponse:
        """The page, with one row as it has just become."""
        rows = self.rows()
        if changed is not None:
            rows = [changed if row.person.pk == changed.person.pk else row for row in rows]
        still_open = [row for row in rows if row.is_open]
        return self.page(
            status=status,
            object=self.object,
            rows=rows,
            closed=self.closed,
            marked=sum(row.mark is not None for row in rows),
            unmarked=sum(row.mark is None for row in still_open),
            **extra,
        )


class SessionAttendance(SessionPage):
    """One session: a row for each person, three buttons in each."""

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.object = self.get_object()
        response = self.whole_page()
        record_seen(self.actor, Action.LIST, list(self.people()))
        return response

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.object = self.get_object()
        form = MarkForm(request.POST, actor=self.actor, session=self.object)
        form.is_valid()
        person = self.people().filter(pk=form.cleaned_data.get("enrolment", uuid.UUID(int=0))).first()
        if person is None or "choice" in form.errors or "seen_version" in form.errors:
            messages.warning(request, _("Nothing was saved. Press one of the buttons beside a name."))
            return self.whole_page(status=422)
        row = self.row(person, self.mark_of(person))
        if "hours" in form.errors:
            row.error, row.typed = form.errors["hours"][0], request.POST.get("hours", "")[:8]
            return self.answer(row, 422)
        if form.cleaned_data["choice"] == KEEP:
            return self.answer(row)
        hours = form.cleaned_data["hours"]
        try:
            row.mark = services.mark_attendance(
                session=self.object,
                enrolment=person,
                hours=hours,
                seen_version=form.cleaned_data["seen_version"],
                by=self.actor,
            )
        except services.ChangedMeanwhile as changed:
            row.mark, row.wanted, row.wanted_hours = changed.saved, form.cleaned_data["choice"], hours
            return self.answer(row, 409)
        except MoveRefused as refused:
            row.error = str(refused)
            return self.answer(row, 409)
        return self.answer(row)

    def mark_of(self, person: Enrolment) -> Attendance | None:
        marks = Attendance.objects.visible_to(self.actor).select_related("marked_by")
        return marks.filter(session=self.object, enrolment=person).first()

    def answer(self, row: MarkRow, status: int = 200) -> HttpResponse:
        """The row alone to the script; else the page, led back to the row when all went well."""
        if self.request.headers.get("X-Requested-With") == "fetch":
            response = render(self.request, "training/_mark_row.html", {"row": row}, status=status)
            response.headers["X-Row"] = str(row.person.pk)
            return response
        if status == 200:
            return HttpResponseRedirect(f"{self.address()}#row-{row.person.pk}")
        return self.whole_page(row, status)


class AttendanceFill(SessionPage):
    """Everybody who has not been marked was there the whole time. A press on the page of the session."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.object = self.get_object()
        try:
            count = services.mark_everybody_else(session=self.object, by=self.actor)
        except MoveRefused as refused:
            messages.warning(request, str(refused))
        else:
            words = ngettext(
                "Saved: %(count)s person was here the whole time.",
                "Saved: %(count)s people were here the whole time.",
                count,
            )
            messages.success(request, words % {"count": count})
        return HttpResponseRedirect(self.address())


@dataclass
class GridRow:
    """One person's line: the standing, and a cell for each session."""

    person: Enrolment
    standing: Standing
    marks: list[tuple[Session, Attendance | None]]
    may_change: bool

    @property
    def cells(self) -> SafeString:
        """The cells, as short as they can be: there may be 1,200 of them on the page."""
        return format_html_join("", "<td>{}</td>", ((self.cell(*pair),) for pair in self.marks))

    def cell(self, session: Session, mark: Attendance | None) -> str:
        if mark is None:
            return "?" if self.may_change and session.date <= today() else ""
        words = number(mark.hours)
        if mark.made_up_hours:
            words = f"{words}+{number(mark.made_up_hours)}"
        if self.may_change and mark.hours < session.hours:
            return format_html('<a href="{}">{}</a>', reverse("attendance_make_up", args=[mark.pk]), words)
        return words


class AttendanceGrid(VisibleDetail):
    """The whole cohort: sessions across, people down."""

    allowed_roles = STAFF | TRAINER
    model = Cohort
    template_name = "training/attendance_grid.html"
    title = gettext_lazy("Attendance of the cohort")

    def get_back(self) -> tuple[str, str]:
        return self.object.get_absolute_url(), _("The cohort")

    def get_kicker(self) -> str:
        return self.object.name

    def extra(self) -> dict:
        cohort = self.object
        sessions = list(
            Session.objects.visible_to(self.actor)
            .filter(cohort=cohort, is_cancelled=False)
            .order_by("date", "starts_at", "id")
        )
        people = list(
            Enrolment.objects.visible_to(self.actor)
            .filter(cohort=cohort)
            .in_cohort()
            .exclude(status=EnrolmentStatus.ACCEPTED)
            .order_by("first_name", "last_name", "id")
        )
        marks = list(Attendance.objects.visible_to(self.actor).filter(enrolment__cohort=cohort))
        standing = reckon(cohort, people, sessions, marks)
        by_place = {(mark.enrolment_id, mark.session_id): mark for mark in marks}
        record_seen(self.actor, Action.LIST, people)
        is_running = cohort.status == CohortStatus.RUNNING
        rows = [
            GridRow(
                person,
                standing[person.pk],
                [(session, by_place.get((person.pk, session.pk))) for session in sessions],
                may_change=is_running and person.status == EnrolmentStatus.ATTENDING,
            )
            for person in people
        ]
        for session in sessions:
            session.present = sum(
                1 for person in people if (mark := by_place.get((person.pk, session.pk))) and mark.hours
            )
        warned = [row for row in rows if row.may_change and row.standing.code in ("short", "all")]
        return {
            "sessions": sessions,
            "rows": rows,
            "warned": warned,
            "is_running": is_running,
            "hours": sum((session.hours for session in sessions), Decimal(0)),
        }


class AttendanceMakeUp(VisibleForm):
    """Hours of one session that one person has made up."""

    allowed_roles = STAFF | TRAINER
    model = Attendance
    form_class = MakeUpForm
    title = gettext_lazy("Hours made up")
    submit_label = gettext_lazy("Save")

    def get_queryset(self):
        return super().get_queryset().select_related("session__cohort", "enrolment")

    def may(self) -> bool:
        return (
            self.object.enrolment.status == EnrolmentStatus.ATTENDING
            and self.object.session.cohort.status == CohortStatus.RUNNING
        )

    def get_lead(self) -> str:
        return _("%(name)s was at “%(theme)s” on %(day)s for %(hours)s of %(all)s h.") % {
            "name": self.object.enrolment.name,
            "theme": self.object.session.theme,
            "day": day(self.object.session.date),
            "hours": number(self.object.hours),
            "all": number(self.object.session.hours),
        }

    def get_back(self) -> tuple[str, str]:
        return reverse("attendance_grid", args=[self.object.enrolment.cohort_id]), _(
            "Attendance of the cohort"
        )

    def form_kwargs(self) -> dict:
        return {"instance": self.object}

    def deed(self, form) -> Attendance:
        cleaned = form.cleaned_data
        return services.make_up(
            attendance=self.object,
            hours=cleaned["made_up_hours"],
            how=cleaned["made_up_how"],
            on=cleaned["made_up_on"],
            by=self.actor,
            seen_version=cleaned["seen_version"],
        )

    def answer(self, made) -> HttpResponse:
        return self.done(_("Saved: the hours made up."), self.get_back()[0])
