"""What must never be, refused twice: in words by the model, and by the database whoever writes."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from kumppani.core.states import MoveRefused
from tests.factories.accounts import user_in_role
from tests.factories.training import (
    AttendanceFactory,
    CohortFactory,
    EnrolmentFactory,
    SessionFactory,
)
from tests.personas import Person
from training.models import Cohort, Enrolment

pytestmark = pytest.mark.django_db


def refused(record, words: str) -> None:
    """The model says it in words, and the database refuses it."""
    with pytest.raises(ValidationError) as error:
        record.validate_constraints()
    assert error.value.messages == [words]
    with pytest.raises(ValidationError):
        record.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        record.save(force_insert=True)


def test_a_cohort_ends_after_it_begins():
    cohort = CohortFactory.build(starts_on=datetime.date(2021, 6, 1), ends_on=datetime.date(2021, 5, 31))
    refused(cohort, "The last day cannot be before the first day.")


def test_a_cohort_of_one_day_is_fine():
    day = datetime.date(2021, 6, 1)
    CohortFactory.build(starts_on=day, ends_on=day).full_clean()


def test_two_cohorts_do_not_have_the_same_name():
    CohortFactory(name="Autumn")
    refused(CohortFactory.build(name="Autumn"), "There is a cohort with this name already.")


@pytest.mark.parametrize("share", [0, 101])
def test_a_required_share_is_a_percentage(share):
    refused(CohortFactory.build(required_share=share), "The share is between 1 and 100 per cent.")


def test_a_cohort_has_a_known_state():
    refused(CohortFactory.build(status="resting"), "This state is not known.")


@pytest.mark.parametrize("hours", [0, Decimal("24.5")])
def test_a_session_lasts_sensible_hours(hours):
    session = SessionFactory.build(cohort=CohortFactory(), hours=hours)
    refused(session, "A session lasts more than 0 and at most 24 hours.")


def test_a_session_is_of_a_known_kind():
    session = SessionFactory.build(cohort=CohortFactory(), kind="party")
    refused(session, "Choose the kind of session from the list.")


@pytest.mark.parametrize(
    ("status", "completed_on"), [("completed", None), ("attending", datetime.date(2021, 5, 1))]
)
def test_a_completed_enrolment_and_only_it_has_the_day(status, completed_on):
    enrolment = EnrolmentFactory.build(cohort=CohortFactory(), status=status, completed_on=completed_on)
    refused(enrolment, "A completed enrolment has the date of completion, others have none.")


def test_an_enrolment_has_a_known_state():
    refused(EnrolmentFactory.build(cohort=CohortFactory(), status="lost"), "This state is not known.")


def test_attendance_is_recorded_once_per_session():
    first = AttendanceFactory()
    again = AttendanceFactory.build(session=first.session, enrolment=first.enrolment)
    refused(again, "The attendance of this session has been recorded already.")


@pytest.mark.parametrize("hours", [Decimal("-0.5"), Decimal("24.5")])
def test_attendance_has_sensible_hours(hours):
    enrolment = EnrolmentFactory()
    attendance = AttendanceFactory.build(
        session=SessionFactory(cohort=enrolment.cohort), enrolment=enrolment, hours=hours
    )
    refused(attendance, "Hours are between 0 and 24.")


def test_completing_needs_the_share_of_the_hours():
    staff = Person("staff", user_in_role("staff"), "staff").actor
    attendance = AttendanceFactory(
        session__cohort__planned_hours=10, session__cohort__required_share=80, hours=Decimal("7.5")
    )
    enrolment = attendance.enrolment
    with pytest.raises(
        MoveRefused, match=r"^7\.5 of the 8 hours that completing needs have been attended\.$"
    ):
        enrolment.complete(by=staff)
    enrolment.refresh_from_db()
    assert enrolment.status == "attending"


def test_enough_hours_complete_on_the_day_given():
    staff = Person("staff", user_in_role("staff"), "staff").actor
    attendance = AttendanceFactory(session__cohort__planned_hours=Decimal(10), hours=8)
    attendance.enrolment.complete(by=staff, on=datetime.date(2021, 5, 28))
    enrolment = Enrolment.objects.get(pk=attendance.enrolment.pk)
    assert (enrolment.status, enrolment.completed_on) == ("completed", datetime.date(2021, 5, 28))


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (datetime.date(2020, 8, 3), datetime.date(2020, 12, 18), 5),
        (datetime.date(2021, 1, 11), datetime.date(2021, 6, 11), 5),
        (datetime.date(2021, 1, 11), datetime.date(2021, 1, 12), 1),
    ],
)
def test_the_length_is_said_in_whole_months(first, last, months):
    assert CohortFactory.build(starts_on=first, ends_on=last).months == months


def test_the_figures_of_a_cohort_do_not_multiply_each_other():
    cohort = CohortFactory()
    sessions = [SessionFactory(cohort=cohort, hours=6), SessionFactory(cohort=cohort, hours=Decimal("2.5"))]
    for status in ("attending", "discontinued", "applied", "rejected"):
        EnrolmentFactory(cohort=cohort, status=status)
    completed = [EnrolmentFactory(cohort=cohort, completed=True) for _ in range(2)]
    for enrolment in completed:
        for session in sessions:
            AttendanceFactory(session=session, enrolment=enrolment, hours=2)
    SessionFactory()  # of another cohort

    found = Cohort.objects.with_figures().get(pk=cohort.pk)
    assert (found.session_hours, found.people, found.completed) == (Decimal("8.5"), 4, 2)
    hours = set(
        Enrolment.objects.filter(cohort=cohort)
        .completed()
        .with_hours()
        .values_list("attended_hours", flat=True)
    )
    assert hours == {Decimal(4)}


def test_the_figures_of_an_empty_cohort_are_noughts():
    found = Cohort.objects.with_figures().get(pk=CohortFactory().pk)
    assert (found.session_hours, found.people, found.completed) == (0, 0, 0)
