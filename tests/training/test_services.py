import datetime
from decimal import Decimal

import pytest

from kumppani.core.models import StatusChange
from kumppani.core.states import MoveRefused
from tests.factories.accounts import user_in_role
from tests.factories.training import AttendanceFactory, CohortFactory, EnrolmentFactory, SessionFactory
from tests.personas import Person
from training.services import complete_cohort

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return Person("staff", user_in_role("staff"), "staff").actor


def test_completing_a_cohort_completes_those_who_have_the_hours(staff):
    cohort = CohortFactory(planned_hours=Decimal(10))
    session = SessionFactory(cohort=cohort, hours=10)
    enough, short, gone = (
        EnrolmentFactory(cohort=cohort),
        EnrolmentFactory(cohort=cohort),
        EnrolmentFactory(cohort=cohort, status="discontinued"),
    )
    AttendanceFactory(session=session, enrolment=enough, hours=8)
    AttendanceFactory(session=session, enrolment=short, hours=Decimal("7.9"))

    completed = complete_cohort(cohort=cohort, by=staff, on=datetime.date(2021, 6, 11))

    for record in (cohort, enough, short, gone):
        record.refresh_from_db()
    assert completed == [enough]
    assert [cohort.status, enough.status, short.status, gone.status] == [
        "completed",
        "completed",
        "discontinued",
        "discontinued",
    ]
    assert enough.completed_on == datetime.date(2021, 6, 11)
    assert set(StatusChange.objects.values_list("object_id", "old", "new", "actor_id")) == {
        (cohort.pk, "running", "completed", staff.user_id),
        (enough.pk, "attending", "completed", staff.user_id),
        (short.pk, "attending", "discontinued", staff.user_id),
    }


def test_a_cohort_is_completed_once_only(staff):
    cohort = CohortFactory(status="completed")
    attending = EnrolmentFactory(cohort=cohort)
    with pytest.raises(MoveRefused):
        complete_cohort(cohort=cohort, by=staff)
    attending.refresh_from_db()
    assert attending.status == "attending", "all or nothing"


def test_a_planned_cohort_cannot_be_completed(staff):
    cohort = CohortFactory(status="planned")
    with pytest.raises(MoveRefused):
        complete_cohort(cohort=cohort, by=staff)
