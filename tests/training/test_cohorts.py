"""The life of a cohort: planned, opened for applications, begun, called off; and its pages."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from kumppani.core.dates import today
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.organisations.models import Grant
from tests.access.house import Heard
from tests.factories.organisations import GrantFactory
from tests.factories.training import (
    AttendanceFactory,
    CohortFactory,
    EnrolmentFactory,
    SessionFactory,
    TrainerFactory,
)
from training import services
from training.models import ApplicantLink, Cohort, Enrolment, Trainer
from training.views.cohorts import next_step

pytestmark = pytest.mark.django_db


def days(count: int) -> datetime.date:
    return today() + datetime.timedelta(days=count)


def planned(**fields) -> Cohort:
    return CohortFactory(**{"status": "planned", "starts_on": days(60), "ends_on": days(210), **fields})


def send(client, url: str, **words):
    """Fill in the form of a page, as it stands there, with these words."""
    form = client.get(url).context["form"]
    data = {
        name: value
        for name in form.fields
        if (value := form[name].value()) not in (None, "", []) and not isinstance(value, bool)
    }
    return client.post(url, {**data, **words})


# --- made and mended --------------------------------------------------------------------------------------
def test_a_cohort_has_100_hours_five_months_and_80_per_cent_unless_it_is_said_otherwise(people):
    client = people.staff.client()
    answer = send(client, reverse("cohort_create"), name="Spring 2027", starts_on="2027-01-11", ends_on="")
    cohort = Cohort.objects.get(name="Spring 2027")
    assert answer.url == cohort.get_absolute_url()
    assert (cohort.ends_on, cohort.planned_hours, cohort.required_share, cohort.status, cohort.language) == (
        datetime.date(2027, 6, 11),
        100,
        80,
        "planned",
        "fi",
    )


def test_all_of_it_can_be_otherwise(people):
    words = {
        "name": "Höst 2026",
        "language": "sv",
        "starts_on": "2026-09-01",
        "ends_on": "2026-11-30",
        "planned_hours": "62,5",
        "required_share": "75",
        "places": "10",
    }
    send(people.staff.client(), reverse("cohort_create"), **words)
    cohort = Cohort.objects.get(name="Höst 2026")
    assert (cohort.language, cohort.ends_on, cohort.planned_hours, cohort.required_share, cohort.places) == (
        "sv",
        datetime.date(2026, 11, 30),
        Decimal("62.5"),
        75,
        10,
    )


def test_the_grant_of_today_is_suggested(people):
    Grant.objects.update(starts_on=days(-900), ends_on=days(-800))
    grant = GrantFactory(starts_on=days(-10), ends_on=days(10))
    form = people.staff.client().get(reverse("cohort_create")).context["form"]
    assert form["grant"].value() == grant.pk


def test_two_sendings_of_one_form_make_one_cohort(people):
    client = people.staff.client()
    form = client.get(reverse("cohort_create")).context["form"]
    words = {
        "submission": form.initial["submission"],
        "name": "Once",
        "language": "fi",
        "starts_on": "2027-01-11",
        "planned_hours": "100",
        "required_share": "80",
    }
    for _twice in range(2):
        assert client.post(reverse("cohort_create"), words).status_code == 302
    assert Cohort.objects.filter(name="Once").count() == 1


@pytest.mark.parametrize(
    ("words", "name", "error"),
    [
        ({"ends_on": "2027-01-01"}, "ends_on", "The last day cannot be before the first day."),
        (
            {"apply_from": "2026-12-02", "apply_until": "2026-12-01"},
            "apply_until",
            "Applications cannot end before they begin.",
        ),
        ({"name": ""}, "name", "Give the cohort a name."),
        ({"planned_hours": "many"}, "planned_hours", "Write the hours as a number, for example 2,5."),
    ],
)
def test_what_cannot_be_is_told_at_its_field(people, words, name, error):
    typed = {"name": "Spring", "starts_on": "2027-01-11", **words}
    answer = send(people.staff.client(), reverse("cohort_create"), **typed)
    assert (answer.status_code, answer.context["form"].errors[name]) == (422, [error])


def test_the_same_name_twice_is_told(people):
    answer = send(
        people.staff.client(),
        reverse("cohort_create"),
        name=people.own.cohort.name,
        starts_on="2027-01-11",
    )
    assert "There is a cohort with this name already." in answer.content.decode()


def test_the_second_of_two_editors_is_told(people):
    cohort = planned()
    url = reverse("cohort_edit", args=[cohort.pk])
    client = people.staff.client()
    version = client.get(url).context["form"].initial["seen_version"]
    assert send(client, url, place="Turku").status_code == 302
    assert send(client, url, place="Tampere", seen_version=version).status_code == 409
    cohort.refresh_from_db()
    assert cohort.place == "Turku"


def test_a_cohort_that_is_open_keeps_a_last_day_for_applications(people):
    cohort = CohortFactory(recruiting=True)
    answer = send(people.staff.client(), reverse("cohort_edit", args=[cohort.pk]), apply_until="")
    assert answer.context["form"].errors["apply_until"] == [
        "The cohort is open for applications. Choose their last day."
    ]


@pytest.mark.parametrize("status", ["completed", "cancelled"])
def test_the_facts_of_a_cohort_that_is_over_stay(people, status):
    cohort = CohortFactory(status=status)
    url = reverse("cohort_edit", args=[cohort.pk])
    assert people.staff.client().get(url).url == cohort.get_absolute_url()
    with pytest.raises(MoveRefused, match="This is over"):
        services.edit_cohort(cohort=cohort, by=people.staff.actor, seen_version=cohort.version)


# --- opened and closed ------------------------------------------------------------------------------------
def test_opening_sets_the_days_and_the_places(people):
    cohort = planned()
    last = days(30)
    answer = send(
        people.staff.client(),
        reverse("cohort_open", args=[cohort.pk]),
        apply_until=last.isoformat(),
        places="12",
    )
    assert answer.status_code == 302
    cohort.refresh_from_db()
    assert (cohort.status, cohort.apply_from, cohort.apply_until, cohort.places) == (
        "recruiting",
        None,
        last,
        12,
    )
    assert cohort in Cohort.objects.open_for_applications()


def test_nobody_can_apply_until_a_day_that_is_over(people):
    cohort = planned()
    with pytest.raises(ValidationError, match="This day is over"):
        services.open_cohort(cohort=cohort, by=people.staff.actor, apply_until=days(-1))
    answer = send(
        people.staff.client(),
        reverse("cohort_open", args=[cohort.pk]),
        apply_until=days(-1).isoformat(),
    )
    assert answer.context["form"].errors["apply_until"] == ["This day is over. Choose a later one."]


def test_applications_do_not_end_before_they_begin(people):
    with pytest.raises(ValidationError, match="Applications cannot end before they begin"):
        services.open_cohort(cohort=planned(), by=people.staff.actor, apply_from=days(3), apply_until=days(2))


def test_closing_keeps_those_who_have_applied(people):
    cohort = CohortFactory(recruiting=True)
    applied = EnrolmentFactory(cohort=cohort, applied=True)
    services.close_cohort(cohort=cohort, by=people.staff.actor)
    applied.refresh_from_db()
    assert (Cohort.objects.get(pk=cohort.pk).status, applied.status) == ("planned", "applied")


# --- begun ------------------------------------------------------------------------------------------------
def test_starting_makes_the_accepted_attend_and_leaves_the_others(people):
    cohort = CohortFactory(recruiting=True)
    states = ("applied", "reserve", "accepted", "rejected", "withdrawn")
    for status in states:
        EnrolmentFactory(cohort=cohort, status=status)
    attending = services.start_cohort(cohort=cohort, by=people.staff.actor)
    assert [person.status for person in attending] == ["attending"]
    assert sorted(cohort.enrolments.values_list("status", flat=True)) == sorted(
        ["applied", "reserve", "attending", "rejected", "withdrawn"]
    )
    assert Cohort.objects.get(pk=cohort.pk).status == "running"


def test_a_second_press_of_start_is_told(people):
    first = CohortFactory(recruiting=True)
    second = Cohort.objects.get(pk=first.pk)
    services.start_cohort(cohort=first, by=people.staff.actor)
    with pytest.raises(AlreadyMoved):
        services.start_cohort(cohort=second, by=people.staff.actor)


def test_before_starting_one_reads_who_still_waits(people):
    cohort = CohortFactory(recruiting=True)
    EnrolmentFactory(cohort=cohort, applied=True)
    EnrolmentFactory(cohort=cohort, status="accepted")
    page = people.staff.client().get(reverse("cohort_start", args=[cohort.pk])).context["consequences"]
    assert page == [
        "1 person has been accepted, and attends from now on.",
        "Attendance can be marked.",
        "It is no longer open for applications.",
        "1 person still waits for an answer. You can give it after the start, too.",
    ]


# --- called off -------------------------------------------------------------------------------------------
def test_calling_off_withdraws_all_who_have_not_begun_and_writes_to_them(people):
    cohort = CohortFactory(recruiting=True)
    waiting = [
        EnrolmentFactory(cohort=cohort, status=status) for status in ("applied", "reserve", "accepted")
    ]
    rejected = EnrolmentFactory(cohort=cohort, status="rejected")
    services.call_off_cohort(cohort=cohort, by=people.staff.actor)
    found = Enrolment.objects.filter(pk__in=[person.pk for person in waiting])
    assert set(found.values_list("status", "ended_on")) == {("withdrawn", today())}
    letters = ApplicantLink.objects.filter(enrolment__cohort=cohort, letter="called_off")
    assert set(letters.values_list("enrolment", flat=True)) == {person.pk for person in waiting}
    rejected.refresh_from_db()
    assert (rejected.status, Cohort.objects.get(pk=cohort.pk).status) == ("rejected", "cancelled")


def test_who_has_no_address_is_named_so_that_somebody_rings(people):
    cohort = CohortFactory(recruiting=True)
    EnrolmentFactory(cohort=cohort, applied=True)
    EnrolmentFactory(cohort=cohort, applied=True, first_name="Silja", last_name="Keksitty", email="")
    client = people.staff.client()
    page = client.post(reverse("cohort_call_off", args=[cohort.pk]), follow=True).content.decode()
    assert "The training has been called off. Ring these people: Silja Keksitty." in page


def test_a_running_training_is_not_called_off(people):
    attending = EnrolmentFactory(cohort__status="running")
    with pytest.raises(MoveRefused):
        services.call_off_cohort(cohort=attending.cohort, by=people.staff.actor)
    attending.refresh_from_db()
    assert attending.status == "attending"


# --- the list ---------------------------------------------------------------------------------------------
def listed(client, state: str = "") -> list[str]:
    url = reverse("cohort_list") + (f"?state={state}" if state else "")
    return [cohort.status for cohort in client.get(url).context["rows"]]


def test_the_list_is_divided_by_state(people):
    Cohort.objects.update(status="completed")
    for status in ("planned", "running", "cancelled"):
        CohortFactory(status=status)
    CohortFactory(recruiting=True)
    client = people.staff.client()
    assert set(listed(client)) == {"planned", "recruiting", "running"}
    assert set(listed(client, "completed")) == {"completed"}
    assert listed(client, "cancelled") == ["cancelled"]
    chips = client.get(reverse("cohort_list")).context["chips"]
    completed = Cohort.objects.filter(status="completed").count()
    assert [chip["count"] for chip in chips] == [3, completed, 1]


def test_two_hundred_cohorts_are_paged(people):
    Cohort.objects.bulk_create(
        Cohort(name=f"Ryhmä {number:03}", starts_on=days(-number), ends_on=days(150 - number))
        for number in range(200)
    )
    client, seen, url = people.staff.client(), [], reverse("cohort_list")
    while url:
        answer = client.get(url)
        rows = list(answer.context["rows"])
        assert len(rows) <= 50
        seen += [row.pk for row in rows]
        older = answer.context["older_url"]
        url = f"{reverse('cohort_list')}{older}" if older else ""
    assert (
        len(seen)
        == len(set(seen))
        == Cohort.objects.filter(status__in=["planned", "recruiting", "running"]).count()
    )


def questions(client, url: str) -> int:
    """What a page asks of the database, without the savepoints of the test."""
    with Heard() as asked:
        assert client.get(url).status_code == 200
    return len([sql for sql in asked.statements if "SAVEPOINT" not in sql])


def test_the_list_costs_the_same_with_10_and_200_cohorts(people):
    client, needed, made = people.staff.client(), [], 0
    for count in (10, 200):
        Cohort.objects.bulk_create(
            Cohort(name=f"Ryhmä {number:03}", starts_on=days(-number), ends_on=days(150 - number))
            for number in range(made, count)
        )
        made = count
        needed.append(questions(client, reverse("cohort_list")))
    assert needed[0] == needed[1] <= 12


# --- the page of a cohort ---------------------------------------------------------------------------------
def step_of(people, cohort) -> str:
    """The heading of the next step on the staff's page, or nothing."""
    page = people.staff.client().get(cohort.get_absolute_url())
    return page.context["step"]["title"] if page.context["step"] else ""


def test_first_comes_the_programme_then_the_applications_then_the_answers_then_the_start(people):
    cohort = planned()
    assert step_of(people, cohort) == "Make the programme"
    SessionFactory(cohort=cohort, date=days(60))
    assert step_of(people, cohort) == "Open it for applications"
    services.open_cohort(cohort=cohort, by=people.staff.actor, apply_until=days(20))
    assert step_of(people, cohort) == ""
    applied = EnrolmentFactory(cohort=cohort, applied=True)
    assert step_of(people, cohort) == "1 person waits for an answer"
    applied.move_to("accepted", by=people.staff.actor)
    Cohort.objects.filter(pk=cohort.pk).update(starts_on=today())
    assert step_of(people, cohort) == "The first day has come"


def test_while_it_runs_the_first_session_that_is_not_marked_comes_next(people):
    person = EnrolmentFactory(cohort=CohortFactory(ends_on=days(50)))
    cohort = person.cohort
    session = SessionFactory(cohort=cohort, date=days(-7), theme="The law")
    SessionFactory(cohort=cohort, date=days(7))
    page = people.staff.client().get(cohort.get_absolute_url())
    assert page.context["step"]["url"] == reverse("session_attendance", args=[session.pk])
    AttendanceFactory(session=session, enrolment=person)
    assert step_of(people, cohort) == ""


def test_after_the_last_session_completing_comes_next(people):
    person = EnrolmentFactory(cohort=CohortFactory(ends_on=days(50)))
    AttendanceFactory(session=SessionFactory(cohort=person.cohort, date=days(-7)), enrolment=person)
    assert step_of(people, person.cohort) == "All sessions have been held"


@pytest.mark.parametrize("status", ["completed", "cancelled"])
def test_nothing_comes_next_when_it_is_over(status):
    assert next_step(CohortFactory(status=status), [], 3) is None


def test_a_trainer_sees_the_own_next_session_on_top(people):
    own = people.own
    page = people.trainer.client().get(own.cohort.get_absolute_url())
    assert page.context["next_session"] == own.coming_session
    unmarked = SessionFactory(cohort=own.cohort, date=days(-3), trainers=[own.trainer], theme="Silence")
    SessionFactory(cohort=own.cohort, date=days(-2), theme="Somebody else's")
    page = people.trainer.client().get(own.cohort.get_absolute_url())
    assert page.context["next_session"] == unmarked
    assert reverse("session_attendance", args=[unmarked.pk]) in page.content.decode()


def test_a_trainer_plans_nothing(people):
    page = people.trainer.client().get(people.own.cohort.get_absolute_url()).content.decode()
    for name in ("cohort_edit", "session_create"):
        assert reverse(name, args=[people.own.cohort.pk]) not in page
    assert reverse("session_edit", args=[people.own.coming_session.pk]) not in page


def test_hours_that_are_missing_in_the_programme_are_told(people):
    cohort = planned(planned_hours=100)
    SessionFactory(cohort=cohort, hours=Decimal("20.5"))
    SessionFactory(cohort=cohort, hours=20)
    SessionFactory(cohort=cohort, hours=10, is_cancelled=True)
    page = people.staff.client().get(cohort.get_absolute_url()).content.decode()
    assert "40.5 of 100 h" in page
    assert "59.5 h less than planned" in page


def test_what_does_not_go_together_is_told_of_coming_sessions_only(people):
    cohort = CohortFactory(starts_on=days(-10), ends_on=days(10))
    past, coming = SessionFactory(cohort=cohort, date=days(-20)), SessionFactory(cohort=cohort, date=days(20))
    page = people.staff.client().get(cohort.get_absolute_url())
    told = {session.pk: session.warnings for session in page.context["sessions"]}
    assert told[past.pk] == []
    assert told[coming.pk][-1] == "After the last day of the cohort."


@pytest.mark.parametrize("who", ["staff", "trainer"])
def test_the_page_of_a_whole_training_costs_what_a_small_one_costs(people, who):
    """Forty sessions, thirty people."""
    client, cohort, needed = getattr(people, who).client(), people.own.cohort, []
    trainers = Trainer.objects.filter(pk__in=[people.own.trainer.pk, TrainerFactory().pk])
    for sessions, persons in ((2, 2), (38, 28)):
        for number in range(sessions):
            SessionFactory(cohort=cohort, date=days(number + 1), trainers=trainers)
        for _number in range(persons):
            EnrolmentFactory(cohort=cohort)
        needed.append(questions(client, cohort.get_absolute_url()))
    assert needed[0] == needed[1] <= 12
