"""Attendance on phones, in a real browser: marked row by row, two trainers at once, and no way through to the server.

Controls: let the script swallow a failed sending; draw a row without its version; replace the whole list.
"""

import re

import pytest
from playwright.sync_api import expect

from kumppani.core.dates import today
from tests.browser import sign_in
from tests.factories.accounts import user_in_role
from tests.factories.training import CohortFactory, EnrolmentFactory, SessionFactory, TrainerFactory
from tests.journeys.walker import said
from tests.personas import Person
from training.models import Attendance

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("journeys"),
]


class Room:
    """Today's session of six hours, with three people and two trainers on phones."""

    def __init__(self, open_page, live_server):
        self.open_page, self.live_server = open_page, live_server
        self.session = SessionFactory(cohort=CohortFactory(), date=today())
        self.anna, self.berta, self.cecilia = (
            EnrolmentFactory(cohort=self.session.cohort, first_name=name)
            for name in ("Anna", "Berta", "Cecilia")
        )
        self.trainers = {}
        for name in ("Tuula", "Timo"):
            user = user_in_role("trainer", first_name=name, last_name="Esimerkki", language="en")
            self.session.trainers.add(TrainerFactory(user=user))
            self.trainers[name] = Person("trainer", user, "trainer")

    def phone(self, name: str, **options):
        page = self.open_page(**options)
        sign_in(page.context, self.live_server, self.trainers[name])
        page.goto(f"{self.live_server.url}/sessions/{self.session.pk}/attendance/")
        return page

    def row(self, page, person):
        return page.locator(f"#row-{person.pk}")

    def button(self, page, person, words: str):
        return self.row(page, person).get_by_role("button", name=said(words, "en"), exact=True)

    def hours(self) -> dict:
        return dict(Attendance.objects.values_list("enrolment__first_name", "hours"))


@pytest.fixture
def room(open_page, live_server) -> Room:
    return Room(open_page, live_server)


def test_two_trainers_fill_the_same_session_and_lose_nothing(room):
    tuula, timo = room.phone("Tuula"), room.phone("Timo")

    # Different rows: both are saved, and neither page is drawn anew.
    room.button(tuula, room.anna, "All hours").click()
    expect(room.row(tuula, room.anna)).to_contain_text(re.compile(r"Saved \d+[.:]\d\d"))
    expect(tuula.locator("#marks-said")).to_contain_text("Anna Esimerkki: Saved")
    room.row(timo, room.berta).locator("[name=hours]").fill("2,5")
    room.button(timo, room.berta, "Part").click()
    expect(room.row(timo, room.berta)).to_contain_text("Saved")
    assert room.hours() == {"Anna": 6, "Berta": 2.5}

    # The same row: who comes second sees what is saved, by whom, and what she chose – and decides.
    room.button(timo, room.anna, "Absent").click()
    question = room.row(timo, room.anna)
    expect(question).to_contain_text("Somebody else has marked this meanwhile.")
    expect(question).to_contain_text("Saved now: All hours")
    expect(question).to_contain_text("(Tuula Esimerkki)")
    expect(question).to_contain_text("You chose: Absent")
    assert room.hours()["Anna"] == 6
    question.get_by_role("button", name="Save what I chose").click()
    expect(room.button(timo, room.anna, "Absent")).to_have_attribute("aria-pressed", "true")
    assert room.hours()["Anna"] == 0

    # The rest in one press: only who has not been marked.
    tuula.get_by_role("button", name="Everybody else was here the whole time").click()
    expect(tuula.locator("body")).to_contain_text("Saved: 1 person was here the whole time.")
    assert room.hours() == {"Anna": 0, "Berta": 2.5, "Cecilia": 6}


def test_a_row_that_cannot_be_sent_says_so_and_is_sent_again(room):
    page = room.phone("Tuula")
    page.route(
        "**/attendance/", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    hours = room.row(page, room.anna).locator("[name=hours]")
    hours.fill("3,5")
    room.button(page, room.anna, "Part").click()
    expect(room.row(page, room.anna)).to_contain_text("Not saved yet")
    assert room.hours() == {}
    expect(hours).to_have_value("3,5")

    # The rest waits until this row has gone.
    page.get_by_role("button", name="Everybody else was here the whole time").click()
    expect(page.locator("#marks-said")).to_contain_text("Some rows have not been saved yet.")
    assert room.hours() == {}

    page.unroute("**/attendance/")
    room.row(page, room.anna).get_by_role("button", name="Try again").click()
    expect(room.row(page, room.anna)).to_contain_text("Saved")
    expect(room.row(page, room.anna)).not_to_contain_text("Not saved yet")
    assert room.hours() == {"Anna": 3.5}


def test_hours_typed_are_saved_when_one_goes_on_to_the_next_row(room):
    page = room.phone("Tuula")
    page.locator(f"#hours-{room.anna.pk}").fill("4")
    page.locator(f"#hours-{room.berta.pk}").focus()
    expect(room.row(page, room.anna)).to_contain_text("Saved")
    assert room.hours() == {"Anna": 4}


def test_enter_in_the_hours_means_part(room):
    page = room.phone("Tuula")
    field = page.locator(f"#hours-{room.anna.pk}")
    field.fill("1")
    field.press("Enter")
    expect(room.row(page, room.anna)).to_contain_text("Saved")
    assert room.hours() == {"Anna": 1}


def test_who_was_signed_out_meanwhile_signs_in_elsewhere_and_sends_again(room):
    page = room.phone("Tuula")
    key = page.context.cookies()
    page.context.clear_cookies()
    room.button(page, room.anna, "Absent").click()
    row = room.row(page, room.anna)
    expect(row).to_contain_text("Not saved yet")
    expect(row.get_by_role("link")).to_contain_text("You may have been signed out")
    page.context.add_cookies(key)
    row.get_by_role("button", name="Try again").click()
    expect(row).to_contain_text("Saved")
    assert room.hours() == {"Anna": 0}


def test_without_script_each_row_is_saved_and_leads_back_to_itself(room):
    page = room.phone("Tuula", javascript=False)
    room.row(page, room.berta).locator("[name=hours]").fill("2")
    room.button(page, room.berta, "Part").click()
    expect(page).to_have_url(re.compile(rf"#row-{room.berta.pk}$"))
    expect(room.row(page, room.berta)).to_contain_text("Saved")
    room.button(page, room.anna, "Part").click()
    expect(room.row(page, room.anna)).to_contain_text("Write the hours as a number from 0 to 6.")
    assert room.hours() == {"Berta": 2}
