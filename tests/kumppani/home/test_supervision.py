"""Supervision where people look first: their home and their calendar. The lines name nobody.

Control: leave `_supervision` out of the calendar's sources, or `is_cancelled` out of its rows.
"""

import datetime

import pytest
from django.urls import reverse
from django.utils import translation

from kumppani.accounts.models import User
from kumppani.core.dates import ONE_DAY, today
from kumppani.home.calendar import IN_A_LIST, days_between
from tests.factories.pairing import SupervisionFactory, ready_partner
from tests.factories.tasks import AssignmentFactory, ParticipationFactory

T = datetime.time


@pytest.fixture(autouse=True)
def english(db):
    with translation.override("en"):
        yield


@pytest.fixture
def people(people):
    User.objects.update(language="en")
    return people


def days(count: int) -> datetime.date:
    return today() + count * ONE_DAY


def lines(person, day) -> list[tuple[str, str]]:
    found = days_between(person.actor, day, day, at_most=IN_A_LIST)
    return [(entry.title, entry.word) for entry in found.days[0].entries]


def warnings(person, day, title: str) -> list[str]:
    found = days_between(person.actor, day, day, at_most=IN_A_LIST).days[0]
    (entry,) = [entry for entry in found.entries if entry.title == title]
    return entry.warnings


def test_the_calendar_has_the_staffs_times_and_a_partners_own(people):
    day = days(200)
    SupervisionFactory(date=day, partners=[people.own.partner, ready_partner()])
    SupervisionFactory(date=day, kind="debriefing", starts_at=T(18), partners=[people.foreign.partner])
    SupervisionFactory(date=day, is_cancelled=True, partners=[people.own.partner])
    own, foreign = ("Group supervision", "Supervision"), ("Debriefing", "Supervision")
    found = {
        name: lines(getattr(people, name), day) for name in ("staff", "partner", "other_partner", "parent")
    }
    assert found == {"staff": [own, foreign], "partner": [own], "other_partner": [foreign], "parent": []}


def test_something_else_at_that_time_is_told_to_both_sides(people):
    day = days(200)
    SupervisionFactory(date=day, starts_at=T(17), minutes=90, partners=[people.own.partner])
    assignment = AssignmentFactory(title="Talk", date=day, starts_at=T(18), status="agreed")
    ParticipationFactory(assignment=assignment, partner=people.own.partner, status="accepted")
    name = people.own.partner.name
    assert warnings(people.staff, day, "Group supervision") == [f"{name} has something else at that time."]
    assert warnings(people.staff, day, "Talk") == [f"{name} has something else at that time."]
    assert warnings(people.partner, day, "Group supervision") == ["You have something else at that time."]


def test_a_partners_home_has_the_next_time_and_no_other(people):
    company = ready_partner(first_name="Seurana")
    soon = SupervisionFactory(date=days(1), partners=[people.own.partner, company])
    off = SupervisionFactory(date=today(), is_cancelled=True, partners=[people.own.partner])
    page = people.partner.client().get(reverse("home"))
    text = page.content.decode()
    assert page.context["next_supervision"] == soon
    assert soon.get_absolute_url() in text
    assert off.get_absolute_url() not in text
    assert "Seurana" not in text


def test_the_staffs_home_asks_who_was_there(people):
    page = people.staff.client().get(reverse("home"))
    (asked,) = [queue for queue in page.context["queues"] if queue.title == "Supervision: who was there?"]
    waiting = {one.pk for one in (people.own.unmarked_time, people.foreign.unmarked_time)}
    assert {item.url for item in asked.items} == {reverse("supervision_mark", args=[pk]) for pk in waiting}
    assert (asked.total, {item.label for item in asked.items}) == (2, {"Debriefing"})
