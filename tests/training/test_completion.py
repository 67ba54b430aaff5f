"""How a training ends: proposed by the rule, confirmed by a person; the cohort closes when nobody is attending.

Controls: complete whoever was ticked without looking at the hours; close a cohort with people in it; end the loop at
the first who lacks hours and keep the others.
"""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from kumppani.core.dates import today
from kumppani.core.models import StatusChange
from kumppani.core.states import MoveRefused
from tests.access.house import questions
from tests.factories.accounts import user_in_role
from tests.factories.training import AttendanceFactory, CohortFactory, EnrolmentFactory, SessionFactory
from tests.personas import Person
from training import services
from training.models import Enrolment

pytestmark = pytest.mark.django_db

AT_MOST = 12


@pytest.fixture
def staff():
    return Person("staff", user_in_role("staff", language="en"), "staff")


class Group:
    """Ten hours in one session, of which eight are needed: Anna has eight, Berta has all, Cecilia lacks a little."""

    def __init__(self):
        self.cohort = CohortFactory(planned_hours=Decimal(10), ends_on=today() - datetime.timedelta(days=3))
        self.session = SessionFactory(cohort=self.cohort, hours=10)
        self.anna, self.berta, self.cecilia = (
            self.person(name, hours)
            for name, hours in (("Anna", 8), ("Berta", 10), ("Cecilia", Decimal("7.9")))
        )

    def person(self, name: str, hours) -> Enrolment:
        person = EnrolmentFactory(cohort=self.cohort, first_name=name)
        AttendanceFactory(session=self.session, enrolment=person, hours=hours)
        return person

    def page(self) -> str:
        return reverse("cohort_completion", args=[self.cohort.pk])

    def states(self) -> dict[str, str]:
        return dict(self.cohort.enrolments.values_list("first_name", "status"))


@pytest.fixture
def group(db) -> Group:
    return Group()


def send(person: Person, group: Group, people, **words):
    client = person.client()
    form = client.get(group.page()).context["form"]
    data = {"submission": form["submission"].value(), "completed_on": form["completed_on"].value()}
    return client.post(group.page(), {**data, "people": [one.pk for one in people], **words}, follow=True)


# --- Proposed and confirmed -------------------------------------------------------------------------------
def test_who_has_the_hours_is_ticked_and_nobody_else_can_be(group, staff):
    response = staff.client().get(group.page())
    form = response.context["form"]
    assert {person.first_name for person in form.fields["people"].queryset} == {"Anna", "Berta"}
    assert set(form["people"].value()) == {group.anna.pk, group.berta.pk}
    assert form["completed_on"].value() == group.cohort.ends_on
    assert [person.first_name for person in response.context["others"]] == ["Cecilia"]
    assert "0.1 h missing" in response.content.decode()


def test_a_person_confirms_and_the_others_go_on(group, staff):
    page = send(staff, group, [group.anna]).content.decode()
    assert "Saved: they have completed the training." in page
    assert group.states() == {"Anna": "completed", "Berta": "attending", "Cecilia": "attending"}
    group.anna.refresh_from_db()
    assert group.anna.completed_on == group.cohort.ends_on
    assert reverse("certificate", args=[group.anna.pk]) in page
    assert list(StatusChange.objects.values_list("object_id", "old", "new", "actor_id")) == [
        (group.anna.pk, "attending", "completed", staff.user.pk)
    ]


def test_nobody_ticked_says_so(group, staff):
    response = send(staff, group, [])
    assert response.status_code == 422
    assert "Tick at least one person." in response.content.decode()


def test_somebody_without_the_hours_cannot_be_sent(group, staff):
    assert send(staff, group, [group.cecilia]).status_code == 422
    assert "completed" not in group.states().values()


@pytest.mark.parametrize(
    ("days", "sentence"),
    [(1, "This day has not come yet."), (-900, "The cohort had not begun on this day.")],
)
def test_the_day_lies_within_the_training(group, staff, days, sentence):
    day = today() + datetime.timedelta(days=days)
    response = send(staff, group, [group.anna], completed_on=day.isoformat())
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_all_or_none(group, staff):
    with pytest.raises(
        MoveRefused, match=r"^7\.9 of the 8 hours that completing needs have been attended\.$"
    ):
        services.complete_enrolments(
            cohort=group.cohort, enrolments=[group.anna, group.cecilia], by=staff.actor
        )
    assert set(group.states().values()) == {"attending"}


def test_people_complete_while_the_training_is_running(group, staff):
    type(group.cohort).objects.update(status="completed")
    group.cohort.refresh_from_db()
    with pytest.raises(MoveRefused, match=r"^People complete a training while it is running\.$"):
        services.complete_enrolments(cohort=group.cohort, enrolments=[group.anna], by=staff.actor)


def test_the_page_says_which_sessions_are_not_marked_yet(group, staff):
    forgotten = SessionFactory(cohort=group.cohort, date=today() - datetime.timedelta(days=2))
    SessionFactory(cohort=group.cohort, date=today() + datetime.timedelta(days=2))
    SessionFactory(cohort=group.cohort, date=today() - datetime.timedelta(days=2), is_cancelled=True)
    assert staff.client().get(group.page()).context["not_marked"] == [forgotten]


# --- Has stopped ------------------------------------------------------------------------------------------
def test_who_has_stopped_is_marked_one_by_one_and_nobody_asks_why(group, staff):
    url = reverse("enrolment_discontinue", args=[group.cecilia.pk])
    page = staff.client().get(url).content.decode()
    assert "Cecilia" in page
    assert "<textarea" not in page
    response = staff.client().post(url)
    assert response.url == group.page()
    group.cecilia.refresh_from_db()
    assert (group.cecilia.status, group.cecilia.ended_on) == ("discontinued", today())
    assert staff.client().get(url).status_code == 404


# --- Closing the cohort -----------------------------------------------------------------------------------
def test_a_cohort_with_people_in_it_is_not_closed(group, staff):
    EnrolmentFactory(cohort=group.cohort, status="accepted")
    with pytest.raises(
        MoveRefused,
        match=r"^4 people are still attending\. Confirm first who has completed and who has stopped\.$",
    ):
        services.complete_cohort(cohort=group.cohort, by=staff.actor)
    group.cohort.refresh_from_db()
    assert group.cohort.status == "running"


def test_when_nobody_is_attending_the_page_leads_to_closing(group, staff):
    close = reverse("cohort_complete", args=[group.cohort.pk])
    assert close not in staff.client().get(group.page()).content.decode()
    send(staff, group, [group.anna, group.berta])
    services.discontinue(enrolment=group.cecilia, by=staff.actor)
    assert close in staff.client().get(group.page()).content.decode()
    staff.client().post(close)
    group.cohort.refresh_from_db()
    assert group.cohort.status == "completed"
    assert group.states() == {"Anna": "completed", "Berta": "completed", "Cecilia": "discontinued"}


def test_afterwards_the_page_shows_who_has_completed(group, staff):
    services.complete_enrolments(cohort=group.cohort, enrolments=[group.anna], by=staff.actor)
    for person in (group.berta, group.cecilia):
        services.discontinue(enrolment=person, by=staff.actor)
    services.complete_cohort(cohort=group.cohort, by=staff.actor)
    page = staff.client().get(group.page()).content.decode()
    assert reverse("cohort_certificates", args=[group.cohort.pk]) in page
    assert reverse("cohort_complete", args=[group.cohort.pk]) not in page


@pytest.mark.parametrize("count", [1, 8])
def test_the_page_costs_the_same_whatever_the_number_of_people(group, staff, count):
    for number in range(count):
        group.person(f"Person{number}", 9)
        group.person(f"Other{number}", 1)
    client = staff.client()
    assert len(questions(client, group.page())) <= AT_MOST
