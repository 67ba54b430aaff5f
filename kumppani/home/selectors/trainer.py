"""The trainer's home: own cohorts, the sessions to come."""

from django.db.models import Case, IntegerField, When

from kumppani.core.dates import today
from kumppani.home.selectors.common import SHOWN
from training.models import Cohort, Session
from training.states import CohortStatus


def trainer_home(actor) -> dict:
    """Two queries: own cohorts, the sessions to come."""
    order = Case(
        When(status=CohortStatus.RUNNING, then=0),
        When(status=CohortStatus.PLANNED, then=1),
        default=2,
        output_field=IntegerField(),
    )
    cohorts = list(
        Cohort.objects.visible_to(actor).with_figures().order_by(order, "-starts_on", "id")[:SHOWN]
    )
    sessions = list(
        Session.objects.visible_to(actor)
        .filter(date__gte=today())
        .select_related("cohort")
        .order_by("date", "id")[:SHOWN]
    )
    return {
        "cohorts": cohorts,
        "next_session": sessions[0] if sessions else None,
        "sessions": sessions[1:],
        "seen": [],
    }
