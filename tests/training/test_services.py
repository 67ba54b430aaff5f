"""Closing a cohort: once only, and never with people in it."""

from decimal import Decimal

import pytest

from kumppani.core.models import StatusChange
from kumppani.core.states import MoveRefused
from tests.factories.accounts import user_in_role
from tests.factories.training import CohortFactory, EnrolmentFactory
from tests.personas import Person
from training.services import complete_cohort

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return Person("staff", user_in_role("staff"), "staff").actor


def test_completing_a_cohort_closes_it_and_leaves_its_people_as_they_are(staff):
    cohort = CohortFactory(planned_hours=Decimal(10))
    done, gone = (
        EnrolmentFactory(cohort=cohort, completed=True),
        EnrolmentFactory(cohort=cohort, status="discontinued"),
    )
    complete_cohort(cohort=cohort, by=staff)
    for record in (cohort, done, gone):
        record.refresh_from_db()
    assert [cohort.status, done.status, gone.status] == ["completed", "completed", "discontinued"]
    assert list(StatusChange.objects.values_list("object_id", "old", "new", "actor_id")) == [
        (cohort.pk, "running", "completed", staff.user_id)
    ]


def test_a_cohort_is_completed_once_only(staff):
    cohort = CohortFactory(status="completed")
    attending = EnrolmentFactory(cohort=cohort)
    with pytest.raises(MoveRefused):
        complete_cohort(cohort=cohort, by=staff)
    attending.refresh_from_db()
    assert attending.status == "attending"


@pytest.mark.parametrize("status", ["planned", "recruiting", "cancelled"])
def test_only_a_running_cohort_is_completed(staff, status):
    cohort = CohortFactory(status=status, apply_until="2021-01-01")
    with pytest.raises(MoveRefused):
        complete_cohort(cohort=cohort, by=staff)
