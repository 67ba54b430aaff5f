"""A session that is moved or called off: whoever has a place gets one letter, whoever teaches it a notice.

Controls: leave out `after`; leave `queued` out of `tell_of_change`; tell in every state of a cohort.
"""

import datetime
import re

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kumppani.core.dates import today
from kumppani.notices.models import Notice
from tests.factories.accounts import user_in_role
from tests.factories.training import CohortFactory, EnrolmentFactory, SessionFactory, TrainerFactory
from tests.mail import link_in, words_of, work_off_the_queue
from tests.personas import Person
from training import services
from training.models import ApplicantLink, Session

pytestmark = pytest.mark.django_db

FOLLOW = reverse("application_follow")


def days(count: int) -> datetime.date:
    return today() + datetime.timedelta(days=count)


@pytest.fixture
def staff():
    return Person("staff", user_in_role("staff", language="en"), "staff")


@pytest.fixture
def trainer():
    return TrainerFactory(name="Own Account", user=user_in_role("trainer", language="en"))


@pytest.fixture
def cohort():
    return CohortFactory()


def session(cohort, *trainers, **facts) -> Session:
    return SessionFactory(cohort=cohort, trainers=trainers, **{"date": days(10), "room": "Library", **facts})


def move(row: Session, staff, *, trainers=None, **facts) -> None:
    row = Session.objects.get(pk=row.pk)
    kept = list(row.trainers.all()) if trainers is None else trainers
    for name, value in facts.items():
        setattr(row, name, value)
    services.edit_session(session=row, trainers=kept, by=staff.actor, seen_version=row.version)


def told() -> list:
    """Whose letters are on their way or have been."""
    return sorted(ApplicantLink.objects.filter(letter="changed").values_list("enrolment__email", flat=True))


def noticed() -> set:
    return set(Notice.objects.filter(kind="session_changed").values_list("recipient", flat=True))


# --- who is told of what ----------------------------------------------------------------------------------
MOVES = {
    "day": {"date": days(12)},
    "beginning": {"starts_at": datetime.time(9)},
    "end": {"ends_at": datetime.time(15)},
    "place": {"room": "Town hall"},
    "link": {"link": "https://meeting.example/new"},
    "from the past": {"date": days(3)},
}


@pytest.mark.parametrize("facts", MOVES.values(), ids=MOVES)
def test_moved_is_told(cohort, staff, trainer, facts):
    row, person = session(cohort, trainer), EnrolmentFactory(cohort=cohort)
    move(row, staff, **facts)
    row.refresh_from_db()
    assert (told(), noticed(), row.changed_on) == ([person.email], {trainer.user_id}, today())


def test_another_theme_or_trainer_is_not(cohort, staff, trainer):
    row = session(cohort, trainer)
    EnrolmentFactory(cohort=cohort)
    move(row, staff, theme="Asking", hours=5, kind="peer", trainers=[])
    row.refresh_from_db()
    assert (told(), noticed(), row.changed_on) == ([], set(), None)


@pytest.mark.parametrize("deed", ["call_off_session", "delete_session"])
def test_called_off_and_taken_away_are_told(cohort, staff, trainer, deed):
    row, person = session(cohort, trainer), EnrolmentFactory(cohort=cohort)
    getattr(services, deed)(session=row, by=staff.actor)
    assert (told(), noticed()) == ([person.email], {trainer.user_id})


def test_held_after_all_is_told_and_marked_as_new(cohort, staff):
    row, person = session(cohort, is_cancelled=True), EnrolmentFactory(cohort=cohort)
    services.restore_session(session=row, by=staff.actor)
    row.refresh_from_db()
    assert (told(), row.changed_on) == ([person.email], today())


def test_what_is_over_and_what_was_called_off_before_call_nobody(cohort, staff, trainer):
    EnrolmentFactory(cohort=cohort)
    past, off = session(cohort, trainer, date=days(-5)), session(cohort, trainer, is_cancelled=True)
    move(past, staff, room="Town hall")
    move(off, staff, room="Town hall")
    services.call_off_session(session=past, by=staff.actor)
    services.delete_session(session=off, by=staff.actor)
    assert (told(), noticed()) == ([], set())


def test_those_with_a_place_and_an_address_are_told(staff):
    cohort = CohortFactory(recruiting=True)
    for status in ("applied", "reserve", "rejected", "withdrawn", "discontinued"):
        EnrolmentFactory(cohort=cohort, status=status)
    EnrolmentFactory(cohort=cohort, completed=True)
    EnrolmentFactory(cohort=cohort, email="")
    EnrolmentFactory()
    people = [EnrolmentFactory(cohort=cohort, status=status) for status in ("accepted", "attending")]
    services.call_off_session(session=session(cohort), by=staff.actor)
    assert told() == sorted(person.email for person in people)


@pytest.mark.parametrize(
    ("status", "has_people", "is_told"),
    [
        ("planned", False, False),
        ("planned", True, True),
        ("recruiting", False, True),
        ("running", False, True),
    ],
)
def test_a_programme_on_which_nobody_counts_is_mended_in_silence(staff, trainer, status, has_people, is_told):
    cohort = CohortFactory(recruiting=True)
    cohort.status = status
    cohort.save()
    if has_people:
        EnrolmentFactory(cohort=cohort, status="accepted")
    move(session(cohort, trainer), staff, room="Town hall")
    assert (noticed() == {trainer.user_id}, Session.objects.get().changed_on == today()) == (is_told, is_told)


def test_the_trainer_before_and_the_one_after_are_told_but_not_who_did_it(cohort, trainer):
    doer = TrainerFactory(user=user_in_role("staff", language="en"))
    after = TrainerFactory(user=user_in_role("trainer"))
    external = TrainerFactory()
    row = session(cohort, trainer, doer, external)
    move(row, Person("staff", doer.user, "staff"), date=days(11), trainers=[after, doer, external])
    assert noticed() == {trainer.user_id, after.user_id}


# --- not ten letters --------------------------------------------------------------------------------------
def test_several_changes_make_one_letter_and_one_notice(cohort, staff, trainer):
    person = EnrolmentFactory(cohort=cohort)
    rows = [session(cohort, trainer) for _three in range(3)]
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for row in rows:
            move(row, staff, room="Town hall")
            work_off_the_queue()
            clock.shift(120)
        assert mail.outbox == []
        clock.shift(300)
        work_off_the_queue()
        assert [letter.to for letter in mail.outbox] == [[person.email]]
        move(rows[0], staff, room="Library")
        clock.shift(700)
        work_off_the_queue()
    assert len(mail.outbox) == 2
    assert Notice.objects.filter(kind="session_changed").count() == 1


def test_after_reading_a_trainer_hears_of_the_next_change(cohort, staff, trainer):
    row = session(cohort, trainer)
    move(row, staff, room="Town hall")
    Notice.objects.update(read_at=timezone.now())
    move(row, staff, room="Library")
    assert Notice.objects.filter(kind="session_changed").count() == 2


def test_who_has_left_meanwhile_gets_no_letter(cohort, staff):
    person = EnrolmentFactory(cohort=cohort)
    move(session(cohort), staff, room="Town hall")
    services.discontinue(enrolment=person, by=staff.actor)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=11), tick=False):
        work_off_the_queue()
    assert mail.outbox == []
    assert ApplicantLink.objects.get().revoked_at is not None


# --- the letter and the page ------------------------------------------------------------------------------
def test_the_letter_is_neutral_and_leads_to_the_programme_as_it_is_now(cohort, staff, trainer):
    person = EnrolmentFactory(cohort=cohort, language="sv")
    move(session(cohort, trainer, theme="Asking"), staff, date=days(20), starts_at=datetime.time(9, 30))
    services.call_off_session(session=session(cohort, theme="Silence"), by=staff.actor)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=11), tick=False):
        work_off_the_queue()
        (letter,) = mail.outbox
        words = words_of(letter)
        unsaid = (person.first_name, cohort.name, "Asking", "Silence", "barnskydd", "utbildning")
        assert [word for word in unsaid if word in words.replace(person.email, "")] == []
        client = Client(headers={"Accept-Language": "en"})
        client.get(link_in(letter))
        page = client.get(FOLLOW)
    text = " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())
    assert [row.theme for row in page.context["soon"]] == ["Silence", "Asking"]
    assert "Silence Called off" in text
    assert re.search(r", 09:30 Asking · Library Changed on", text)
    assert trainer.name not in text


def follow(person) -> Client:
    link = services.send_applicant_letter(enrolment=person, letter="renewed")
    client = Client(headers={"Accept-Language": "en"})
    client.get(reverse("application_open", args=[link.make_token()]))
    return client.get(FOLLOW)


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        ("accepted", 1),
        ("attending", 1),
        ("applied", 0),
        ("reserve", 0),
        ("withdrawn", 0),
        ("discontinued", 0),
    ],
)
def test_the_programme_stands_there_for_those_who_have_a_place(cohort, status, shown):
    coming = session(cohort, link="https://meeting.example/room")
    session(cohort, date=days(-1))
    session(CohortFactory())
    page = follow(EnrolmentFactory(cohort=cohort, status=status))
    assert [*page.context["soon"], *page.context["later"]] == [coming][:shown]
    assert (coming.link in page.content.decode()) is bool(shown)


def test_no_way_leads_to_what_has_been_called_off(cohort):
    off = session(cohort, is_cancelled=True, link="https://meeting.example/room")
    text = follow(EnrolmentFactory(cohort=cohort)).content.decode()
    assert (off.theme in text, off.link in text, off.room in text) == (True, False, False)


# --- what the staff read before ---------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["session_edit", "session_call_off", "session_delete"])
def test_the_staff_read_before_who_is_told_and_whom_to_ring(cohort, staff, trainer, name):
    row = session(cohort, trainer, TrainerFactory(name="Without Account"))
    page = reverse(name, args=[row.pk])
    assert "gets a letter about it" not in staff.client().get(page).content.decode()
    EnrolmentFactory(cohort=cohort)
    assert "gets a letter about it" in staff.client().get(page).content.decode()
    EnrolmentFactory(cohort=cohort, first_name="No", last_name="Address", email="")
    text = " ".join(staff.client().get(page).content.decode().split())
    assert "These get none, so ring them: No Address, Without Account." in text
