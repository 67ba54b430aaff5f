"""The trainer's home: own cohorts, the sessions to come, and those at which nobody has been marked yet."""

from django.db.models import Case, IntegerField, When

from kumppani.core.dates import today
from kumppani.home.selectors.common import SHOWN
from training.models import Cohort, Session
from training.states import OPEN, CohortStatus


def trainer_home(actor) -> dict:
    """Three queries: own cohorts, the sessions to come, own sessions that are to be marked."""
    now = today()
    order = Case(
        When(status=CohortStatus.RUNNING, then=0),
        When(status__in=OPEN, then=1),
        default=2,
        output_field=IntegerField(),
    )
    cohorts = list(
        Cohort.objects.visible_to(actor).with_figures().order_by(order, "-starts_on", "id")[:SHOWN]
    )
    visible = Session.objects.visible_to(actor).select_related("cohort")
    sessions = list(
        visible.held().filter(date__gte=now).exclude(cohort__status=CohortStatus.CANCELLED).in_order()[:SHOWN]
    )
    to_mark = visible.filter(date__lt=now, trainers__user=actor.user_id).to_mark(now)
    for session in sessions:
        session.can_mark = session.date == now and session.cohort.status == CohortStatus.RUNNING
    return {
        "cohorts": cohorts,
        "to_mark": list(to_mark.in_order()[:SHOWN]),
        "next_session": sessions[0] if sessions else None,
        "sessions": sessions[1:],
        "seen": [],
    }
