"""The training's pages, for each who may open them."""

from decimal import Decimal

import pytest
from django.urls import reverse

from kumppani.audit.models import AuditEvent
from tests.factories.training import (
    AttendanceFactory,
    CohortFactory,
    EnrolmentFactory,
    SessionFactory,
    TrainerFactory,
)
from training.models import Session, Trainer

pytestmark = pytest.mark.django_db


def names_of(rows) -> set[str]:
    return {cohort.name for cohort in rows}


def page_of(cohort) -> str:
    return reverse("cohort_detail", args=[cohort.pk])


# --- The list ---------------------------------------------------------------------------------------------
def test_staff_see_every_cohort(people):
    CohortFactory(name="Quite another")
    rows = people.staff.client().get(reverse("cohort_list")).context["rows"]
    assert names_of(rows) >= {people.own.cohort.name, people.foreign.cohort.name, "Quite another"}


def test_a_trainer_sees_the_own_cohorts_only(people):
    rows = people.trainer.client().get(reverse("cohort_list")).context["rows"]
    assert names_of(rows) == {people.own.cohort.name}


@pytest.mark.parametrize("who", ["worker", "partner", "parent", "administrator"])
def test_nobody_else_sees_the_training(people, who):
    client = getattr(people, who).client()
    for url in (reverse("cohort_list"), page_of(people.own.cohort)):
        assert client.get(url).status_code == 403


def test_the_list_tells_hours_and_how_many_completed(people):
    cohort = CohortFactory(name="Counted", planned_hours=100)
    SessionFactory(cohort=cohort, hours=Decimal("6.5"))
    EnrolmentFactory(cohort=cohort, completed=True)
    EnrolmentFactory(cohort=cohort)
    rows = people.staff.client().get(reverse("cohort_list")).context["rows"]
    found = next(row for row in rows if row.name == "Counted")
    assert (found.session_hours, found.people, found.completed) == (Decimal("6.5"), 2, 1)


def test_an_empty_list_says_what_will_be_there(people):
    Session.objects.filter(trainers__user=people.trainer.user).delete()
    page = people.trainer.client().get(reverse("cohort_list")).content.decode()
    assert "No cohorts yet" in page


# --- One cohort -------------------------------------------------------------------------------------------
def test_staff_see_people_hours_and_addresses(people):
    person = people.own.attending
    page = people.staff.client().get(page_of(people.own.cohort)).content.decode()
    assert person.name in page
    assert person.email in page
    assert "6 of 80 h" in page
    assert "74 h missing" in page


def test_a_trainer_sees_names_and_hours_but_no_address(people):
    page = people.trainer.client().get(page_of(people.own.cohort)).content.decode()
    assert people.own.attending.name in page
    assert "6 of 80 h" in page
    assert people.own.attending.email not in page
    assert people.own.completed.email not in page
    assert "mailto:" not in page


def test_a_trainer_does_not_see_those_who_have_only_applied(people):
    """The staff see how many they are, and find them among the applications."""
    applied = EnrolmentFactory(cohort=people.own.cohort, first_name="Hakija", status="applied")
    url = page_of(people.own.cohort)
    pages = [person.client().get(url) for person in (people.trainer, people.staff)]
    assert [applied.name in page.content.decode() for page in pages] == [False, False]
    waiting = people.own.cohort.enrolments.waiting().count()
    assert [page.context.get("waiting") for page in pages] == [None, waiting]


def test_a_foreign_cohort_is_not_there_for_a_trainer(people):
    assert people.trainer.client().get(page_of(people.foreign.cohort)).status_code == 404


def test_staff_may_take_in_those_who_have_completed(people):
    page = people.staff.client().get(page_of(people.own.cohort)).content.decode()
    assert reverse("partner_take_in", args=[people.own.completed.pk]) in page
    assert reverse("partner_take_in", args=[people.own.attending.pk]) not in page


def test_a_trainer_takes_nobody_in(people):
    page = people.trainer.client().get(page_of(people.own.cohort)).content.decode()
    assert reverse("partner_take_in", args=[people.own.completed.pk]) not in page


def test_the_page_tells_what_the_trainers_know(people):
    lawyer = TrainerFactory(name="Lauri Esimerkki", expertise="lawyer, the Child Welfare Act")
    SessionFactory(cohort=people.own.cohort, theme="What the law says", trainers=[lawyer])
    for who in (people.staff, people.trainer):
        page = who.client().get(page_of(people.own.cohort)).content.decode()
        assert "What the law says" in page
        assert "Lauri Esimerkki" in page
        assert "lawyer, the Child Welfare Act" in page


def test_a_trainer_does_not_see_the_trainers_of_other_cohorts(people):
    visible = set(Trainer.objects.visible_to(people.trainer.actor))
    assert people.own.trainer in visible
    assert people.foreign.trainer not in visible
    assert visible == set(Trainer.objects.filter(sessions__cohort=people.own.cohort))


def test_looking_at_people_leaves_a_trace(people):
    people.trainer.client().get(page_of(people.own.cohort))
    events = AuditEvent.objects.filter(actor_id=people.trainer.user.pk, about_kind="training.enrolment")
    shown = {people.own.attending.pk, people.own.completed.pk}
    assert shown <= set(events.values_list("about_id", flat=True))
    assert set(events.values_list("action", "ground")) == {("list", "coordination")}


def test_the_page_of_an_empty_cohort_says_what_will_be_there(people):
    page = people.staff.client().get(page_of(CohortFactory())).content.decode()
    assert "Nobody is in this cohort yet" in page
    assert "No sessions yet" in page


def test_the_window_title_holds_no_name_of_a_person(people):
    page = people.staff.client().get(page_of(people.own.cohort)).content.decode()
    assert "<title>Training cohort · Kumppani</title>" in page


# --- What it costs ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("who", ["staff", "trainer"])
def test_the_list_costs_the_same_whatever_its_length(people, who, count, django_assert_max_num_queries):
    for _ in range(count):
        SessionFactory(trainers=[people.own.trainer])
    client = getattr(people, who).client()
    with django_assert_max_num_queries(12):
        client.get(reverse("cohort_list"))


def test_the_page_costs_the_same_whatever_the_number_of_people(people, django_assert_max_num_queries):
    cohort = CohortFactory()
    client = people.staff.client()
    needed = []
    for count in (1, 3):
        for _ in range(count):
            session = SessionFactory(cohort=cohort, trainers=[TrainerFactory(user=None)])
            AttendanceFactory(session=session)
        with django_assert_max_num_queries(12) as queries:
            client.get(page_of(cohort))
        needed.append(len(queries))
    assert needed[0] == needed[1]
