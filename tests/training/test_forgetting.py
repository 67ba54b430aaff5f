"""Who applied and never began is forgotten (domain 2.3)."""

import datetime

import pytest

from kumppani.audit.models import AuditEvent
from kumppani.core.dates import today
from kumppani.core.jobs import JOBS
from kumppani.core.models import StatusChange
from kumppani.core.privacy import Retention
from tests.factories.organisations import days
from tests.factories.training import ApplicantLinkFactory, CohortFactory, EnrolmentFactory
from training.models import ApplicantLink, Cohort, Enrolment
from training.services import forget_applications

pytestmark = pytest.mark.django_db

KEPT = 180


@pytest.fixture(autouse=True)
def kept(settings):
    settings.APPLICATION_KEPT_DAYS = KEPT


def left() -> set[str]:
    return set(Enrolment.objects.values_list("status", flat=True))


@pytest.mark.parametrize("status", ["rejected", "withdrawn"])
@pytest.mark.parametrize(("ago", "stays"), [(KEPT - 1, True), (KEPT, False), (KEPT + 100, False)])
def test_an_answer_or_a_withdrawal_is_kept_for_so_many_days(status, ago, stays):
    EnrolmentFactory(applied=True, status=status, ended_on=today() - datetime.timedelta(days=ago))
    assert (forget_applications(), left()) == (0 if stays else 1, {status} if stays else set())


def test_its_links_go_with_it_and_the_audit_trail_stays():
    person = ApplicantLinkFactory(enrolment__status="rejected", enrolment__ended_on=days(-KEPT)).enrolment
    forget_applications()
    assert (Enrolment.objects.count(), ApplicantLink.objects.count()) == (0, 0)
    row = AuditEvent.objects.get(object_id=person.pk)
    assert (row.action, row.detail, row.actor_id) == ("change", "forgotten", None)


@pytest.mark.parametrize("status", ["accepted", "attending", "completed", "discontinued"])
def test_who_has_a_place_or_had_one_is_never_forgotten_here(status):
    """Control: leave out `never_began()`."""
    facts = {"answered_on": days(-999), "ended_on": days(-999)}
    if status == "completed":
        facts["completed_on"] = days(-999)
    cohort = CohortFactory(status="completed", starts_on=days(-999), ends_on=days(-900))
    EnrolmentFactory(cohort=cohort, applied=True, status=status, **facts)
    assert (forget_applications(), left()) == (0, {status})


@pytest.mark.parametrize("status", ["applied", "reserve"])
@pytest.mark.parametrize(
    ("cohort", "stays"),
    [
        ("completed", False),
        ("cancelled", False),
        ("running", True),
        ("recruiting", True),
        ("planned", True),
    ],
)
def test_who_never_got_an_answer_is_forgotten_with_the_cohort(status, cohort, stays):
    facts = {"starts_on": days(-900), "ends_on": days(-KEPT), "apply_until": days(-950)}
    EnrolmentFactory(
        applied=True, status=status, cohort__status=cohort, **{f"cohort__{k}": v for k, v in facts.items()}
    )
    assert forget_applications() == (0 if stays else 1)


@pytest.mark.parametrize(("ago", "stays"), [(KEPT - 1, True), (KEPT, False)])
def test_a_cohort_called_off_before_it_began_counts_from_that_day(ago, stays):
    """Its last day may lie ahead. Control: look at `ends_on` alone."""
    person = EnrolmentFactory(applied=True, cohort__recruiting=True)
    person.cohort.move_to("cancelled", by=None)
    at = datetime.datetime.combine(
        today() - datetime.timedelta(days=ago), datetime.time(12), tzinfo=datetime.UTC
    )
    StatusChange.objects.filter(object_id=person.cohort_id).update(at=at)
    assert forget_applications() == (0 if stays else 1)


def test_a_cohort_completed_late_counts_from_that_day_and_not_from_its_last():
    person = EnrolmentFactory(applied=True, cohort__starts_on=days(-900), cohort__ends_on=days(-800))
    person.cohort.move_to("completed", by=None)
    assert (forget_applications(), Cohort.objects.count()) == (0, 1)


def test_twice_is_once():
    EnrolmentFactory(applied=True, status="rejected", ended_on=days(-KEPT))
    assert [forget_applications(), forget_applications()] == [1, 0]


def test_it_is_done_every_day_and_declared():
    job = JOBS["forget_applications"]
    assert job.every == datetime.timedelta(days=1)
    EnrolmentFactory(applied=True, status="rejected", ended_on=days(-KEPT))
    job.run()
    assert (left(), Enrolment.privacy.retention) == (set(), Retention.APPLICATION)
