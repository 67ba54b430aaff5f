"""Looking at the training: staff see all of it, a trainer the cohorts taught."""

from decimal import Decimal

from django.db.models import Count, Prefetch
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.roles import STAFF, TRAINER, Role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record_seen
from kumppani.core.dates import today
from kumppani.core.pages import FilterByState
from kumppani.core.templatetags.kumppani import day, weekday_day
from kumppani.core.views import VisibleDetail, VisibleList
from training.clashes import clashes
from training.models import Cohort, Enrolment, Session, Trainer
from training.states import OPEN, CohortStatus


class CohortList(FilterByState, VisibleList):
    """Cohorts, the newest first. It shows counts, no persons."""

    allowed_roles = STAFF | TRAINER
    model = Cohort
    template_name = "training/cohort_list.html"
    title = _("Training cohorts")
    order = ("-starts_on", "-id")
    shows_people = False

    def tabs(self):
        return {
            "now": (_("Planned and running"), OPEN),
            "completed": (_("Completed"), (CohortStatus.COMPLETED,)),
            "cancelled": (pgettext_lazy("training cohort", "Called off"), (CohortStatus.CANCELLED,)),
        }

    def get_queryset(self):
        return super().get_queryset().filter(status__in=self.statuses).with_figures()

    def extra(self, rows) -> dict:
        counts = Cohort.objects.visible_to(self.actor).order_by().values_list("status").annotate(Count("pk"))
        return {
            "chips": self.chips(dict(counts)),
            "state": self.state,
            "for_staff": self.actor.role == Role.STAFF,
        }


class CohortDetail(VisibleDetail):
    """One cohort with its sessions and the people in it. E-mail addresses are for staff only."""

    allowed_roles = STAFF | TRAINER
    model = Cohort
    template_name = "training/cohort_detail.html"
    title = _("Training cohort")

    def get_queryset(self):
        cohorts = super().get_queryset().with_figures().select_related("grant")
        return cohorts.with_waiting() if self.for_staff else cohorts

    @property
    def for_staff(self) -> bool:
        return self.actor.role == Role.STAFF

    def extra(self) -> dict:
        sessions = self._sessions()
        people = self._people()
        trainers = {trainer.pk: trainer for session in sessions for trainer in session.trainers.all()}
        record_seen(self.actor, Action.LIST, [*people, *trainers.values()])
        now = today()
        for session in sessions:
            session.can_mark = self.can_mark(session, now)
            session.is_marked = session.marked >= session.attending
        shared = {
            "sessions": sessions,
            "people": people,
            "for_staff": self.for_staff,
            "is_open": self.object.is_open,
            "is_running": self.object.status == CohortStatus.RUNNING,
            "is_completed": self.object.status == CohortStatus.COMPLETED,
            "may_edit": self.object.can_edit(self.actor),
            "hours_short": max(self.object.planned_hours - self.object.session_hours, Decimal(0)),
            "hours_over": max(self.object.session_hours - self.object.planned_hours, Decimal(0)),
        }
        if not self.for_staff:
            return {**shared, "next_session": self._next_own(sessions, now)}
        waiting = self.object.waiting
        return {
            **shared,
            "waiting": waiting,
            "step": next_step(self.object, sessions, waiting),
            "may_open": self.object.may_move_to(CohortStatus.RECRUITING),
            "may_close": self.object.status == CohortStatus.RECRUITING,
            "may_start": self.object.may_move_to(CohortStatus.RUNNING),
            "open_url": reverse("cohort_open", args=[self.object.pk]),
            "start_url": reverse("cohort_start", args=[self.object.pk]),
        }

    def can_mark(self, session: Session, now) -> bool:
        """Whether attendance can be marked now."""
        return self.object.status == CohortStatus.RUNNING and not session.is_cancelled and session.date <= now

    def _sessions(self) -> list[Session]:
        """The programme in its order. What does not go together is told of the coming ones, while it matters."""
        visible = Session.objects.visible_to(self.actor)
        sessions = list(
            visible.filter(cohort=self.object)
            .select_related("organisation")
            .with_marks()
            .prefetch_related(Prefetch("trainers", queryset=Trainer.objects.visible_to(self.actor)))
            .in_order()
        )
        now = today()
        coming = [session for session in sessions if self.object.is_open and session.date >= now]
        found = clashes(self.object, sessions, among=visible, of=coming) if coming else {}
        for session in sessions:
            session.warnings = found.get(session.pk, [])
        return sessions

    def _people(self) -> list[Enrolment]:
        people = list(
            Enrolment.objects.visible_to(self.actor)
            .filter(cohort=self.object)
            .in_cohort()
            .with_hours()
            .order_by("last_name", "first_name", "id")
        )
        needed = self.object.required_hours
        for person in people:
            person.hours_to_go = (
                max(needed - person.attended_hours, Decimal(0)) if person.is_under_way else None
            )
        return people

    def _next_own(self, sessions: list[Session], now) -> Session | None:
        """A trainer's own: the one gone by that has not been marked, else the next to come."""
        own = [
            session
            for session in sessions
            if not session.is_cancelled
            and any(trainer.user_id == self.actor.user_id for trainer in session.trainers.all())
        ]
        for session in own:
            if session.can_mark and not session.is_marked:
                return session
        return next((session for session in own if session.date >= now and self.object.is_open), None)


def next_step(cohort: Cohort, sessions: list[Session], waiting: int) -> dict | None:
    """What the staff do next for a cohort: a heading, a sentence, and the button that does it. None: nothing waits."""
    if cohort.status == CohortStatus.RUNNING:
        return _step_while_running(cohort, sessions)
    if cohort.status not in (CohortStatus.PLANNED, CohortStatus.RECRUITING):
        return None
    now = today()
    if waiting:
        return _answer(cohort, waiting)
    if cohort.starts_on <= now:
        return {
            "title": gettext("The first day has come"),
            "text": gettext("Start the training. Who has been accepted attends from then on."),
            "url": reverse("cohort_start", args=[cohort.pk]),
            "label": gettext("Start the training"),
            "icon": "check-circle",
        }
    if not sessions:
        return {
            "title": gettext("Make the programme"),
            "text": gettext(
                "Take over the sessions of an earlier cohort or the model programme, then change them."
            ),
            "url": reverse("programme_copy", args=[cohort.pk]),
            "label": gettext("Choose a programme"),
            "icon": "calendar-event",
        }
    is_past = cohort.apply_until is not None and cohort.apply_until < now
    if cohort.status == CohortStatus.PLANNED and not is_past:
        return {
            "title": gettext("Open it for applications"),
            "text": gettext("Everybody then reads about this training and can apply."),
            "url": reverse("cohort_open", args=[cohort.pk]),
            "label": gettext("Open for applications"),
            "icon": "door-open",
        }
    return None


def _answer(cohort: Cohort, waiting: int) -> dict:
    return {
        "title": ngettext(
            "%(count)s person waits for an answer", "%(count)s people wait for an answer", waiting
        )
        % {"count": waiting},
        "text": gettext("Agree on a time to talk, then accept, keep in reserve, or say no kindly."),
        "url": f"{reverse('application_list')}?cohort={cohort.pk}",
        "label": gettext("Open the applications"),
        "icon": "inbox",
    }


def _step_while_running(cohort: Cohort, sessions: list[Session]) -> dict | None:
    now = today()
    for session in sessions:
        if session.can_mark and not session.is_marked:
            return {
                "title": gettext("Who was there?"),
                "text": gettext("%(theme)s, %(day)s: not everybody has been marked yet.")
                % {"theme": session.theme, "day": weekday_day(session.date)},
                "url": reverse("session_attendance", args=[session.pk]),
                "label": gettext("Mark attendance"),
                "icon": "clipboard-check",
            }
    all_held = sessions and all(session.is_cancelled or session.date < now for session in sessions)
    if all_held or cohort.ends_on < now:
        return {
            "title": gettext("All sessions have been held"),
            "text": gettext("The last day is %(day)s. Look who has the hours, and confirm.")
            % {"day": day(cohort.ends_on)},
            "url": reverse("cohort_completion", args=[cohort.pk]),
            "label": gettext("Complete the training"),
            "icon": "mortarboard",
        }
    return None
