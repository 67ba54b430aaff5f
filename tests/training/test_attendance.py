"""Attendance: row by row, two trainers at once, hours made up, and who will not reach the limit.

Controls: write over a mark whatever its version; leave out the trigger; count what was called off as still to come;
link every cell of the grid.
"""

import datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from kumppani.audit.models import AuditEvent
from kumppani.core.dates import today
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.notices.models import Notice
from tests.access.house import questions
from tests.factories.accounts import user_in_role
from tests.factories.training import (
    AttendanceFactory,
    CohortFactory,
    EnrolmentFactory,
    SessionFactory,
    TrainerFactory,
)
from tests.personas import Person
from training import services
from training.models import Attendance, Enrolment
from training.standing import standings

pytestmark = pytest.mark.django_db

AT_MOST = 12

TOMORROW = datetime.timedelta(days=1)


def staff() -> Person:
    return Person("staff", user_in_role("staff", language="en"), "staff")


def trainer_of(session, first_name="Tuula") -> Person:
    user = user_in_role("trainer", first_name=first_name, last_name="Esimerkki", language="en")
    session.trainers.add(TrainerFactory(user=user))
    return Person("trainer", user, "trainer")


@pytest.fixture
def session(db):
    """Six hours of a running cohort, held two months ago."""
    return SessionFactory()


@pytest.fixture
def trainer(session) -> Person:
    return trainer_of(session)


@pytest.fixture
def anna(session) -> Enrolment:
    return EnrolmentFactory(cohort=session.cohort, first_name="Anna")


def page_of(session) -> str:
    return reverse("session_attendance", args=[session.pk])


def press(person: Person, session, enrolment, choice, *, hours="", version=0, fetch=False):
    headers = {"X-Requested-With": "fetch"} if fetch else {}
    data = {"enrolment": enrolment.pk, "seen_version": version, "choice": choice, "hours": hours}
    return person.client().post(page_of(session), data, headers=headers)


def mark(session, enrolment, hours, *, by, version=0):
    return services.mark_attendance(
        session=session, enrolment=enrolment, hours=Decimal(hours), seen_version=version, by=by.actor
    )


# --- A row ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("choice", "typed", "hours"), [("all", "", 6), ("part", "2,5", Decimal("2.5")), ("absent", "", 0)]
)
def test_a_press_saves_one_row_and_leads_back_to_it(session, trainer, anna, choice, typed, hours):
    response = press(trainer, session, anna, choice, hours=typed)
    assert (response.status_code, response.url) == (302, f"{page_of(session)}#row-{anna.pk}")
    saved = Attendance.objects.get()
    assert (saved.enrolment, saved.hours, saved.marked_by, saved.version) == (anna, hours, trainer.user, 1)


def test_the_script_gets_the_row_alone(session, trainer, anna):
    response = press(trainer, session, anna, "all", fetch=True)
    assert (response.status_code, response.headers["X-Row"]) == (200, str(anna.pk))
    body = response.content.decode()
    assert body.strip().startswith("<li")
    assert "Saved " in body
    assert 'name="seen_version" value="1"' in body


def test_what_is_saved_shows_on_the_page(session, trainer, anna):
    mark(session, anna, "2.5", by=trainer)
    page = trainer.client().get(page_of(session)).content.decode()
    assert 'value="2.5"' in page
    assert 'value="part" data-part aria-pressed="true"' in page
    assert "Marked: <span data-marked-count>1</span> of 1" in page


@pytest.mark.parametrize("typed", ["", "much", "6.5", "-1"])
def test_part_needs_a_number_of_hours_and_keeps_what_was_typed(session, trainer, anna, typed):
    for fetch in (True, False):
        response = press(trainer, session, anna, "part", hours=typed, fetch=fetch)
        assert response.status_code == 422
        assert "Write the hours as a number from 0 to 6." in response.content.decode()
        assert f'value="{typed}"' in response.content.decode()
    assert not Attendance.objects.exists()


def test_the_same_press_twice_is_one_mark(session, trainer, anna):
    for _twice in range(2):
        assert press(trainer, session, anna, "all").status_code == 302
    assert Attendance.objects.get().version == 1


def test_one_may_change_ones_own_mark_also_from_a_page_that_has_grown_old(session, trainer, anna):
    mark(session, anna, "6", by=trainer)
    mark(session, anna, "3", by=trainer, version=0)
    assert (Attendance.objects.get().hours, Attendance.objects.get().version) == (3, 2)


def test_a_foreign_person_is_not_marked(session, trainer):
    stranger = EnrolmentFactory()
    assert press(trainer, session, stranger, "all").status_code == 422
    assert not Attendance.objects.exists()


def test_marking_leaves_a_trace(session, trainer, anna):
    press(trainer, session, anna, "all")
    press(trainer, session, anna, "absent", version=1)
    found = AuditEvent.objects.filter(about_id=anna.pk, object_kind="training.attendance")
    assert list(found.order_by("at").values_list("action", "fields_changed")) == [
        ("create", ["hours"]),
        ("change", ["hours"]),
    ]


# --- Two trainers -----------------------------------------------------------------------------------------
def test_a_row_that_somebody_else_changed_is_not_written_over(session, trainer, anna):
    other = trainer_of(session, "Timo")
    mark(session, anna, "0", by=other)
    for fetch in (True, False):
        response = press(trainer, session, anna, "all", fetch=fetch)
        body = response.content.decode()
        assert response.status_code == 409
        assert "Somebody else has marked this meanwhile." in body
        assert "Saved now: Absent" in body
        assert "(Timo Esimerkki)" in body
        assert "You chose: All hours" in body
    assert Attendance.objects.get().hours == 0


def test_after_looking_ones_own_choice_may_be_saved_or_left(session, trainer, anna):
    other = trainer_of(session, "Timo")
    saved = mark(session, anna, "0", by=other)
    kept = press(trainer, session, anna, "keep", version=saved.version, fetch=True)
    assert (kept.status_code, Attendance.objects.get().hours) == (200, 0)
    press(trainer, session, anna, "part", hours="4", version=saved.version)
    assert (Attendance.objects.get().hours, Attendance.objects.get().marked_by) == (4, trainer.user)


def test_two_who_save_the_same_do_not_quarrel(session, trainer, anna):
    mark(session, anna, "6", by=trainer_of(session, "Timo"))
    assert press(trainer, session, anna, "all").status_code == 302


def test_other_rows_disturb_nobody(session, trainer, anna):
    berta = EnrolmentFactory(cohort=session.cohort)
    mark(session, berta, "0", by=trainer_of(session, "Timo"))
    assert press(trainer, session, anna, "all").status_code == 302


# --- Everybody else ---------------------------------------------------------------------------------------
def test_everybody_else_fills_only_rows_not_yet_marked(session, trainer, anna):
    berta, gone = (
        EnrolmentFactory(cohort=session.cohort),
        EnrolmentFactory(cohort=session.cohort, status="discontinued"),
    )
    mark(session, anna, "0", by=trainer)
    response = trainer.client().post(reverse("attendance_fill", args=[session.pk]), follow=True)
    assert "Saved: 1 person was here the whole time." in response.content.decode()
    hours = dict(Attendance.objects.values_list("enrolment_id", "hours"))
    assert hours == {anna.pk: 0, berta.pk: 6}
    assert gone.pk not in hours
    again = services.mark_everybody_else(session=session, by=trainer.actor)
    assert again == 0


def test_everybody_else_leaves_a_trace_for_each(session, trainer, anna):
    berta = EnrolmentFactory(cohort=session.cohort)
    services.mark_everybody_else(session=session, by=trainer.actor)
    found = AuditEvent.objects.filter(action="create", object_kind="training.attendance")
    assert set(found.values_list("about_id", flat=True)) == {anna.pk, berta.pk}


# --- When -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"session": {"is_cancelled": True}}, "This session was called off, so there is nothing to mark."),
        ({"session": {"date": today() + TOMORROW}}, "You can mark this session from"),
        ({"cohort": {"status": "completed"}}, "Attendance is marked while the training is running."),
        ({"cohort": {"status": "planned"}}, "Attendance is marked while the training is running."),
    ],
)
def test_what_cannot_be_marked_says_why(session, trainer, anna, change, sentence):
    for name, facts in change.items():
        record = session if name == "session" else session.cohort
        type(record).objects.filter(pk=record.pk).update(**facts)
    page = trainer.client().get(page_of(session)).content.decode()
    assert sentence in page
    assert 'name="choice"' not in page
    assert press(trainer, session, anna, "all", fetch=True).status_code == 409
    trainer.client().post(reverse("attendance_fill", args=[session.pk]))
    assert not Attendance.objects.exists()


def test_on_the_day_itself_it_can_be_marked(trainer, session, anna):
    type(session).objects.filter(pk=session.pk).update(date=today())
    assert press(trainer, session, anna, "all").status_code == 302


@pytest.mark.parametrize("status", ["accepted", "completed", "discontinued"])
def test_only_who_attends_is_marked(session, status):
    options = {"completed": True} if status == "completed" else {"status": status}
    enrolment = EnrolmentFactory(cohort=session.cohort, **options)
    with pytest.raises(MoveRefused, match=r"^This cannot be done now, because the state is "):
        mark(session, enrolment, "6", by=staff())
    assert not Attendance.objects.exists()


# --- The marks of a completed training stay ---------------------------------------------------------------
@pytest.mark.parametrize(
    "change", [{"hours": 1}, {"made_up_hours": 1, "made_up_how": "talk", "made_up_on": today()}]
)
def test_the_database_keeps_the_hours_of_a_completed_training(session, change):
    saved = AttendanceFactory(session=session, hours=5, enrolment=EnrolmentFactory(cohort=session.cohort))
    marks = Attendance.objects.filter(pk=saved.pk)
    assert marks.update(**change) == 1, "while attending"
    Enrolment.objects.filter(pk=saved.enrolment_id).update(status="completed", completed_on=today())
    with (
        pytest.raises(DatabaseError, match="the hours of a completed training do not change"),
        transaction.atomic(),
    ):
        marks.update(hours=2)


def test_who_marked_a_completed_training_may_be_forgotten(session):
    user = user_in_role("trainer")
    saved = AttendanceFactory(session=session, marked_by=user)
    Enrolment.objects.filter(pk=saved.enrolment_id).update(status="completed", completed_on=today())
    Attendance.objects.filter(pk=saved.pk).update(marked_by=None)
    saved.enrolment.delete()
    connection.check_constraints()
    assert not Attendance.objects.exists()


# --- Hours made up ----------------------------------------------------------------------------------------
@pytest.fixture
def part(session, anna) -> Attendance:
    """Anna was there for two hours of six."""
    return AttendanceFactory(session=session, enrolment=anna, hours=2)


def fill_in(person: Person, attendance, **words):
    client, url = person.client(), reverse("attendance_make_up", args=[attendance.pk])
    form = client.get(url).context["form"]
    data = {name: form[name].value() for name in ("submission", "seen_version")}
    return client.post(url, {**data, **words})


def test_made_up_hours_count(part, trainer):
    response = fill_in(
        trainer, part, made_up_hours="3,5", made_up_how="recording", made_up_on=today().isoformat()
    )
    assert response.url == reverse("attendance_grid", args=[part.session.cohort_id])
    part.refresh_from_db()
    assert (part.made_up_hours, part.made_up_how, part.made_up_on) == (Decimal("3.5"), "recording", today())
    assert part.enrolment.hours() == Decimal("5.5")


def test_made_up_hours_are_taken_away_by_a_nought(part, trainer):
    fill_in(trainer, part, made_up_hours="3", made_up_how="talk", made_up_on=today().isoformat())
    part.refresh_from_db()
    assert fill_in(trainer, part, made_up_hours="0").status_code == 302
    part.refresh_from_db()
    assert (part.made_up_hours, part.made_up_how, part.made_up_on) == (0, "", None)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"made_up_hours": "4.5"}, "At most 4 h of this session can be made up."),
        ({"made_up_hours": "1", "made_up_how": ""}, "Choose how the hours were made up."),
        ({"made_up_hours": "1", "made_up_on": ""}, "Choose the day."),
        (
            {"made_up_hours": "1", "made_up_on": (today() + TOMORROW).isoformat()},
            "This day has not come yet.",
        ),
    ],
)
def test_made_up_hours_say_how_many_how_and_when(part, trainer, words, sentence):
    facts = {"made_up_how": "task", "made_up_on": today().isoformat(), **words}
    response = fill_in(trainer, part, **facts)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    part.refresh_from_db()
    assert part.made_up_hours == 0


def test_attended_and_made_up_are_at_most_the_session(part, trainer):
    fill_in(trainer, part, made_up_hours="4", made_up_how="task", made_up_on=today().isoformat())
    with pytest.raises(
        MoveRefused, match=r"^4 h have been made up already\. Change the hours made up first\.$"
    ):
        mark(part.session, part.enrolment, "3", by=trainer, version=2)
    with pytest.raises(MoveRefused, match=r"^At most 4 h of this session can be made up\.$"):
        services.make_up(
            attendance=part, hours=Decimal(5), how="task", on=today(), by=trainer.actor, seen_version=2
        )


def test_of_two_who_write_down_what_was_made_up_the_second_is_told(part, trainer):
    facts = {"how": "task", "on": today(), "by": trainer.actor, "seen_version": 1}
    services.make_up(attendance=part, hours=Decimal(1), **facts)
    with pytest.raises(AlreadyMoved):
        services.make_up(attendance=part, hours=Decimal(2), **facts)


def test_hours_of_a_completed_training_cannot_be_made_up(part, trainer):
    Enrolment.objects.filter(pk=part.enrolment_id).update(status="completed", completed_on=today())
    url = reverse("attendance_make_up", args=[part.pk])
    assert trainer.client().get(url).status_code == 403
    with pytest.raises(MoveRefused):
        services.make_up(
            attendance=part, hours=Decimal(1), how="task", on=today(), by=trainer.actor, seen_version=1
        )


# --- How it looks -----------------------------------------------------------------------------------------
def ten_hours_in_sessions(**session_facts):
    """A cohort of ten hours, of which eight are needed, in five sessions of two hours: three held, two to come."""
    cohort = CohortFactory(planned_hours=Decimal(10), required_share=80)
    dates = [today() + datetime.timedelta(days=days) for days in (-9, -6, -3, 3, 6)]
    sessions = [SessionFactory(cohort=cohort, date=date, hours=2, **session_facts) for date in dates]
    return cohort, sessions, EnrolmentFactory(cohort=cohort)


@pytest.mark.parametrize(
    ("marked", "word", "missing", "to_make_up"),
    [
        ([], "On the way", 8, 0),
        ([2, 2], "On the way", 4, 0),
        ([2, 2, 0], "Needs all the rest", 4, 0),
        ([2, 1, 1], "Needs all the rest", 4, 0),
        ([2, 0, 1], "Will not reach the limit", 5, 1),
        ([2, 2, 2, 2], "Has the hours", 0, 0),
    ],
)
def test_the_standing_of_a_person(marked, word, missing, to_make_up):
    cohort, sessions, person = ten_hours_in_sessions()
    for session, hours in zip(sessions, marked, strict=False):
        AttendanceFactory(session=session, enrolment=person, hours=hours)
    found = standings(cohort, [person])[person.pk]
    assert (str(found.word), found.missing, found.to_make_up) == (word, missing, to_make_up)
    assert found.attended == person.hours()


def test_what_was_called_off_is_not_to_come():
    cohort, sessions, person = ten_hours_in_sessions()
    for session in sessions[1:3]:
        type(session).objects.filter(pk=session.pk).update(is_cancelled=True)
    assert standings(cohort, [person])[person.pk].is_short


# --- The staff are told, once -----------------------------------------------------------------------------
def told() -> list:
    return list(Notice.objects.filter(kind="training_hours_short").values_list("recipient_id", "object_id"))


def test_the_staff_are_told_once_when_somebody_will_not_reach_the_limit():
    coordinator = staff()
    cohort, sessions, person = ten_hours_in_sessions()
    mark(sessions[0], person, "0", by=coordinator)
    assert told() == []
    mark(sessions[1], person, "1", by=coordinator)
    assert told() == [(coordinator.user.pk, cohort.pk)]
    mark(sessions[2], person, "0", by=coordinator)
    assert len(told()) == 1, "once"


def test_a_session_called_off_may_take_the_limit_out_of_reach():
    coordinator = staff()
    cohort, sessions, _person = ten_hours_in_sessions()
    services.call_off_session(session=sessions[3], by=coordinator.actor)
    assert told() == []
    services.call_off_session(session=sessions[4], by=coordinator.actor)
    assert told() == [(coordinator.user.pk, cohort.pk)]


def test_making_up_brings_the_limit_back():
    coordinator = staff()
    cohort, sessions, person = ten_hours_in_sessions()
    saved = [mark(session, person, "0", by=coordinator) for session in sessions[:2]]
    assert standings(cohort, [person])[person.pk].is_short
    services.make_up(
        attendance=saved[0], hours=Decimal(2), how="task", on=today(), by=coordinator.actor, seen_version=1
    )
    assert standings(cohort, [person])[person.pk].needs_all


# --- The grid ---------------------------------------------------------------------------------------------
def grid(person: Person, cohort):
    return person.client().get(reverse("attendance_grid", args=[cohort.pk]))


def test_the_grid_warns_in_time_and_says_how_much():
    cohort, sessions, person = ten_hours_in_sessions()
    for session, hours in zip(sessions, (2, 0, 1), strict=False):
        AttendanceFactory(session=session, enrolment=person, hours=hours)
    page = grid(staff(), cohort).content.decode()
    assert "will not reach the limit without making up at least 1 h" in page


def test_a_cell_tells_hours_made_up_hours_and_what_waits():
    cohort, sessions, person = ten_hours_in_sessions()
    full = AttendanceFactory(session=sessions[0], enrolment=person, hours=2)
    part = AttendanceFactory(
        session=sessions[1],
        enrolment=person,
        hours=1,
        made_up_hours=1,
        made_up_how="task",
        made_up_on=today(),
    )
    (row,) = grid(staff(), cohort).context["rows"]
    made_up = reverse("attendance_make_up", args=[part.pk])
    assert row.cells == f'<td>2</td><td><a href="{made_up}">1+1</a></td><td>?</td><td></td><td></td>'
    assert full.pk


def big_grid(people: int, sessions: int):
    """Everybody missed a part of everything: no cell is without a link."""
    cohort = CohortFactory()
    persons = [
        EnrolmentFactory(cohort=cohort, first_name=f"Maija-Liisa{n}", last_name="Esimerkkiläinen")
        for n in range(people)
    ]
    made = [
        SessionFactory(
            cohort=cohort,
            date=today() - datetime.timedelta(days=n),
            theme="Lastensuojelulaki ja vanhemman oikeudet",
        )
        for n in range(1, sessions + 1)
    ]
    Attendance.objects.bulk_create(
        Attendance(
            session=session,
            enrolment=person,
            hours="2.5",
            made_up_hours="1.5",
            made_up_how="task",
            made_up_on=today(),
        )
        for session in made
        for person in persons
    )
    return cohort


@pytest.mark.parametrize("who", ["staff", "trainer"])
def test_the_grid_of_thirty_people_and_forty_sessions_is_light(who):
    cohort, small = big_grid(30, 40), big_grid(2, 2)
    person = staff() if who == "staff" else trainer_of(cohort.sessions.first())
    if who == "trainer":
        small.sessions.first().trainers.add(person.user.trainer)
    client = person.client()
    few, many = (questions(client, reverse("attendance_grid", args=[one.pk])) for one in (small, cohort))
    assert len(few) == len(many) <= AT_MOST, many
    response = client.get(reverse("attendance_grid", args=[cohort.pk]))
    assert response.content.decode().count("2.5+1.5") == 1200
    assert len(response.content) <= 150_000


@pytest.mark.parametrize("count", [2, 12])
def test_the_page_of_a_session_costs_the_same_whatever_the_number_of_people(session, trainer, count):
    for _ in range(count):
        AttendanceFactory(session=session, marked_by=user_in_role("staff"))
    client = trainer.client()
    assert len(questions(client, page_of(session))) <= AT_MOST
