"""Sessions one by one, a programme taken over whole, and who teaches."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from kumppani.audit.models import AuditEvent
from kumppani.core.dates import today
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.home.calendar import days_between
from kumppani.home.selectors.trainer import trainer_home
from kumppani.notices.models import Notice
from tests.factories.accounts import user_in_role
from tests.factories.organisations import OrganisationFactory
from tests.factories.training import (
    AttendanceFactory,
    CohortFactory,
    EnrolmentFactory,
    SessionFactory,
    TrainerFactory,
)
from training import services
from training.defaults import MODEL_PROGRAMME
from training.models import Cohort, Session, SessionKind, Trainer

pytestmark = pytest.mark.django_db

MONDAY = datetime.date(2027, 1, 11)


def days(count: int) -> datetime.date:
    return today() + datetime.timedelta(days=count)


def planned(**fields) -> Cohort:
    options = {"status": "planned", "starts_on": MONDAY, "ends_on": datetime.date(2027, 6, 11), **fields}
    return CohortFactory(**options)


def send(client, url: str, **words):
    """Fill in the form of a page, as it stands there, with these words."""
    form = client.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in data.items() if value not in (None, "", [], False)}
    return client.post(url, {**data, **words})


def said(answer) -> list[str]:
    """The sentences on the page that an answer leads to."""
    return [str(message) for message in answer.wsgi_request._messages]


# --- one session ------------------------------------------------------------------------------------------
def test_a_session_is_added_with_its_trainers(people):
    cohort, trainer = planned(), TrainerFactory()
    organisation = OrganisationFactory()
    answer = send(
        people.staff.client(),
        reverse("session_create", args=[cohort.pk]),
        kind="visit",
        theme="At a children's house",
        organisation=str(organisation.pk),
        date="2027-02-01",
        starts_at="09:00",
        ends_at="15:30",
        hours="",
        room="Main street 1",
        link="https://meeting.example/room",
        trainers=[str(trainer.pk)],
    )
    session = cohort.sessions.get()
    assert answer.url == f"{cohort.get_absolute_url()}#session-{session.pk}"
    assert (session.kind, session.organisation, session.hours, list(session.trainers.all())) == (
        "visit",
        organisation,
        Decimal("6.5"),
        [trainer],
    )
    assert said(answer) == ["Saved: At a children's house, Monday 1 February, 6.5 hours."]


def test_the_organisation_stays_only_with_a_visit(people):
    cohort, organisation = planned(), OrganisationFactory()
    send(
        people.staff.client(),
        reverse("session_create", args=[cohort.pk]),
        kind="lecture",
        theme="The law",
        organisation=str(organisation.pk),
        hours="6",
    )
    assert cohort.sessions.get().organisation is None


@pytest.mark.parametrize(
    ("words", "name", "error"),
    [
        ({"hours": ""}, "hours", "Write the hours as a number, for example 2,5."),
        ({"starts_at": "15:00", "ends_at": "09:00"}, "ends_at", "A session ends after it has begun."),
        ({"link": "http://meeting.example/"}, "link", "The address begins with https://."),
        ({"theme": ""}, "theme", "Write the theme in a few words."),
    ],
)
def test_what_cannot_be_is_told_at_its_field(people, words, name, error):
    url = reverse("session_create", args=[planned().pk])
    answer = send(people.staff.client(), url, **{"theme": "The law", "hours": "6", **words})
    assert (answer.status_code, answer.context["form"].errors[name]) == (422, [error])


def test_what_does_not_go_together_is_told_after_saving_and_saved(people):
    cohort = planned()
    answer = send(
        people.staff.client(),
        reverse("session_create", args=[cohort.pk]),
        theme="The law",
        date="2027-03-26",
        starts_at="09:00",
        ends_at="15:00",
        hours="5",
    )
    assert said(answer) == [
        "A public holiday: Good Friday.",
        "From 09:00 to 15:00 is 6 h, and 5 h count.",
        "Saved: The law, Friday 26 March, 5 hours.",
    ]
    assert cohort.sessions.count() == 1


def test_save_and_add_the_next_brings_what_repeats_a_week_later(people):
    cohort, trainer = planned(), TrainerFactory()
    client = people.staff.client()
    answer = send(
        client,
        reverse("session_create", args=[cohort.pk]),
        kind="peer",
        theme="Listening",
        date="2027-02-01",
        starts_at="09:00",
        ends_at="15:00",
        room="Main street 1",
        trainers=[str(trainer.pk)],
        another="1",
    )
    form = client.get(answer.url).context["form"]
    names = ("kind", "theme", "date", "starts_at", "ends_at", "hours", "room", "trainers")
    assert [form[name].value() for name in names] == [
        "peer",
        None,
        datetime.date(2027, 2, 8),
        datetime.time(9),
        datetime.time(15),
        "6",
        "Main street 1",
        [trainer.pk],
    ]


def test_a_new_session_follows_the_last_one(people):
    cohort = planned()
    url = reverse("session_create", args=[cohort.pk])
    client = people.staff.client()
    assert client.get(url).context["form"]["date"].value() == MONDAY
    for day in (datetime.date(2027, 3, 1), datetime.date(2027, 2, 1)):
        SessionFactory(cohort=cohort, date=day)
    assert client.get(url).context["form"]["date"].value() == datetime.date(2027, 3, 8)


def test_two_sendings_of_one_form_make_one_session(people):
    cohort = planned()
    client, url = people.staff.client(), reverse("session_create", args=[cohort.pk])
    token = client.get(url).context["form"].initial["submission"]
    words = {
        "submission": token,
        "kind": "peer",
        "theme": "Listening",
        "date": "2027-02-01",
        "hours": "6",
    }
    for _twice in range(2):
        client.post(url, words)
    assert cohort.sessions.count() == 1


def test_the_second_of_two_editors_is_told(people):
    session = SessionFactory(cohort=planned(), theme="Listening")
    first, second = (TrainerFactory(), TrainerFactory())
    client, url = people.staff.client(), reverse("session_edit", args=[session.pk])
    version = client.get(url).context["form"].initial["seen_version"]
    send(client, url, theme="Asking", trainers=[str(first.pk)])
    late = send(client, url, theme="Silence", trainers=[str(second.pk)], seen_version=version)
    session.refresh_from_db()
    assert (late.status_code, session.theme, list(session.trainers.all())) == (409, "Asking", [first])


def test_a_session_does_not_become_shorter_than_what_somebody_has_attended(people):
    attendance = AttendanceFactory(session__hours=6, hours=Decimal("4.5"))
    session = attendance.session
    session.hours = 4
    with pytest.raises(ValidationError) as refused:
        services.edit_session(
            session=session, trainers=[], by=people.staff.actor, seen_version=session.version
        )
    assert refused.value.message_dict == {
        "hours": ["Somebody has been marked as present for 4.5 h. Mend that first."]
    }


@pytest.mark.parametrize("status", ["completed", "cancelled"])
def test_the_programme_of_a_cohort_that_is_over_stays_as_it_was(people, status):
    session = SessionFactory(cohort=CohortFactory(status=status))
    actor = people.staff.actor
    deeds = [
        lambda: services.create_session(
            cohort=session.cohort, trainers=[], by=actor, date=MONDAY, hours=6, theme="Late", kind="peer"
        ),
        lambda: services.edit_session(session=session, trainers=[], by=actor, seen_version=1),
        lambda: services.call_off_session(session=session, by=actor),
        lambda: services.delete_session(session=session, by=actor),
        lambda: services.clear_programme(cohort=session.cohort, by=actor),
    ]
    for deed in deeds:
        with pytest.raises(MoveRefused, match="This cohort is over"):
            deed()
    assert list(session.cohort.sessions.values_list("is_cancelled", flat=True)) == [False]
    page = people.staff.client().get(reverse("session_edit", args=[session.pk]))
    assert page.url == session.get_absolute_url()


# --- called off, taken away -------------------------------------------------------------------------------
def test_what_is_called_off_counts_nowhere_and_may_come_back(people):
    actor, session = people.staff.actor, SessionFactory(cohort=planned(), hours=6, date=days(10))

    def counted():
        calendar = days_between(actor, session.date, session.date, at_most=9).days[0]
        hours = Cohort.objects.with_figures().get(pk=session.cohort_id).session_hours
        return hours, [entry.title for entry in calendar.entries]

    assert counted() == (6, [session.theme])
    services.call_off_session(session=session, by=actor)
    assert counted() == (0, [])
    services.restore_session(session=session, by=actor)
    assert counted() == (6, [session.theme])


def test_a_second_press_of_the_same_button_is_told(people):
    first = SessionFactory(cohort=planned())
    second = Session.objects.get(pk=first.pk)
    services.call_off_session(session=first, by=people.staff.actor)
    with pytest.raises(AlreadyMoved):
        services.call_off_session(session=second, by=people.staff.actor)
    services.delete_session(session=first, by=people.staff.actor)
    with pytest.raises(AlreadyMoved):
        services.delete_session(session=second, by=people.staff.actor)


@pytest.mark.parametrize("deed", ["session_call_off", "session_delete"])
def test_a_session_at_which_somebody_has_been_marked_stays(people, deed):
    session = AttendanceFactory(hours=0).session
    answer = people.staff.client().post(reverse(deed, args=[session.pk]))
    assert said(answer) == ["Somebody has been marked at this session. It stays."]
    assert Session.objects.get(pk=session.pk).is_cancelled is False
    assert session.attendances.count() == 1


def test_taking_away_leaves_a_trace(people):
    session = SessionFactory(cohort=planned())
    people.staff.client().post(reverse("session_delete", args=[session.pk]))
    assert not Session.objects.filter(pk=session.pk).exists()
    trace = AuditEvent.objects.filter(object_id=session.pk, detail="deleted")
    assert set(trace.values_list("actor_id", "action")) == {(people.staff.user.pk, "change")}


def test_when_too_few_hours_are_left_the_staff_are_told(people):
    cohort = CohortFactory(planned_hours=10)
    person = EnrolmentFactory(cohort=cohort)
    first, _second = (SessionFactory(cohort=cohort, hours=5, date=days(9 + number)) for number in range(2))
    services.call_off_session(session=first, by=people.staff.actor)
    told = Notice.objects.filter(kind="training_hours_short", object_id=cohort.pk)
    assert set(told.values_list("recipient", flat=True)) >= {people.staff.user.pk}
    person.refresh_from_db()
    assert person.short_told_on == today()


# --- taken over -------------------------------------------------------------------------------------------
@pytest.fixture
def last_autumn():
    """Mondays and a Thursday, beginning on a Monday; one was called off."""
    cohort = CohortFactory(
        name="Autumn 2026",
        starts_on=datetime.date(2026, 8, 10),
        ends_on=datetime.date(2026, 12, 18),
        status="completed",
    )
    trainer = TrainerFactory(name="Lauri Esimerkki")
    for theme, day, fields in (
        ("First", datetime.date(2026, 8, 10), {"trainers": [trainer], "starts_at": datetime.time(9)}),
        ("Called off", datetime.date(2026, 8, 17), {"is_cancelled": True}),
        ("Thursday", datetime.date(2026, 8, 20), {"kind": "visit", "organisation": OrganisationFactory()}),
        ("Last", datetime.date(2026, 12, 14), {"link": "https://meeting.example/old"}),
    ):
        SessionFactory(cohort=cohort, theme=theme, date=day, **fields)
    return cohort


def days_of(cohort) -> list[tuple[str, datetime.date]]:
    return list(cohort.sessions.in_order().values_list("theme", "date"))


def test_the_days_move_by_whole_weeks_to_the_first_day(people, last_autumn):
    cohort = planned()
    services.copy_programme(cohort=cohort, source=last_autumn, keep_trainers=True, by=people.staff.actor)
    assert days_of(cohort) == [
        ("First", MONDAY),
        ("Thursday", datetime.date(2027, 1, 21)),
        ("Last", datetime.date(2027, 5, 17)),
    ]


@pytest.mark.parametrize(
    ("starts_on", "first"),
    [
        (datetime.date(2027, 1, 12), datetime.date(2027, 1, 18)),  # a Tuesday: the Monday after it
        (datetime.date(2027, 1, 17), datetime.date(2027, 1, 18)),  # a Sunday
        (datetime.date(2026, 8, 10), datetime.date(2026, 8, 10)),  # the same day
        (datetime.date(2025, 1, 13), datetime.date(2025, 1, 13)),  # an earlier cohort
        (datetime.date(2025, 1, 14), datetime.date(2025, 1, 20)),
    ],
)
def test_every_session_keeps_its_day_of_the_week(last_autumn, starts_on, first):
    cohort = planned(starts_on=starts_on, ends_on=starts_on + datetime.timedelta(days=150))
    found = services.planned_copy(cohort=cohort, source=last_autumn)
    assert found[0].date == first
    assert [session.date.strftime("%a") for session in found] == ["Mon", "Thu", "Mon"]


def test_all_goes_along_but_the_links_and_what_was_called_off(people, last_autumn):
    cohort = planned()
    services.copy_programme(cohort=cohort, source=last_autumn, keep_trainers=True, by=people.staff.actor)
    first, visit, last = cohort.sessions.in_order()
    old_visit = last_autumn.sessions.get(theme="Thursday")
    assert (first.starts_at, [trainer.name for trainer in first.trainers.all()]) == (
        datetime.time(9),
        ["Lauri Esimerkki"],
    )
    assert (visit.kind, visit.organisation, last.link) == ("visit", old_visit.organisation, "")


def test_the_trainers_stay_behind_when_it_is_said_so(people, last_autumn):
    cohort = planned()
    services.copy_programme(cohort=cohort, source=last_autumn, keep_trainers=False, by=people.staff.actor)
    assert set(cohort.sessions.values_list("trainers", flat=True)) == {None}


def test_one_sees_all_dates_before_anything_is_made(people, last_autumn):
    cohort = planned(starts_on=datetime.date(2027, 1, 4), ends_on=datetime.date(2027, 4, 30))
    SessionFactory(cohort=last_autumn, theme="Epiphany", date=datetime.date(2026, 8, 12))
    url = reverse("programme_copy", args=[cohort.pk])
    page = people.staff.client().get(f"{url}?source={last_autumn.pk}&keep_trainers=on")
    assert [(row.session.theme, row.warnings) for row in page.context["rows"]] == [
        ("First", []),
        ("Epiphany", ["A public holiday: Epiphany."]),
        ("Thursday", []),
        ("Last", ["After the last day of the cohort."]),
    ]
    assert page.context["warned"] == 2
    assert cohort.sessions.count() == 0


def test_the_newest_cohort_with_a_programme_is_suggested_and_made_by_one_button(people, last_autumn):
    Session.objects.exclude(cohort=last_autumn).delete()
    CohortFactory(starts_on=days(900), ends_on=days(1000))  # newer, and nothing in it
    cohort = planned()
    client, url = people.staff.client(), reverse("programme_copy", args=[cohort.pk])
    assert client.get(url).context["source"] == last_autumn
    answer = send(client, url)
    assert said(answer) == ["3 sessions stand in the programme. Change what is different this time."]
    assert [theme for theme, _day in days_of(cohort)] == ["First", "Thursday", "Last"]
    assert cohort.sessions.in_order()[0].trainers.count() == 1


def test_the_trainers_that_were_unticked_stay_behind(people, last_autumn):
    cohort = planned()
    url = f"{reverse('programme_copy', args=[cohort.pk])}?source={last_autumn.pk}"
    send(people.staff.client(), url, keep_trainers="False")
    assert cohort.sessions.count() == 3
    assert Session.trainers.through.objects.filter(session__cohort=cohort).count() == 0


def test_pressing_twice_makes_every_session_once(people, last_autumn):
    cohort = planned()
    client, url = people.staff.client(), reverse("programme_copy", args=[cohort.pk])
    token = client.get(url).context["form"].initial["submission"]
    words = {"submission": token, "source": str(last_autumn.pk), "keep_trainers": "True"}
    assert [client.post(url, words).status_code for _twice in range(2)] == [302, 302]
    assert cohort.sessions.count() == 3
    # A second window, with a token of its own.
    other = planned()
    tokens = [
        client.get(reverse("programme_copy", args=[other.pk])).context["form"].initial["submission"]
        for _two in range(2)
    ]
    url = reverse("programme_copy", args=[other.pk])
    codes = [client.post(url, {**words, "submission": token}).status_code for token in tokens]
    assert (codes, other.sessions.count()) == ([302, 409], 3)


def test_all_or_nothing(people, last_autumn, monkeypatch):
    def full(*args, **kwargs):
        raise RuntimeError("the disk is full")

    cohort = planned()
    monkeypatch.setattr("training.services.programme.record", full)
    with pytest.raises(RuntimeError):
        services.copy_programme(cohort=cohort, source=last_autumn, keep_trainers=True, by=people.staff.actor)
    assert cohort.sessions.count() == 0


def test_a_cohort_without_sessions_has_nothing_to_take_over(people):
    with pytest.raises(MoveRefused, match="no sessions to copy"):
        services.copy_programme(cohort=planned(), source=planned(), keep_trainers=True, by=people.staff.actor)


# --- the model programme ----------------------------------------------------------------------------------
def test_the_model_programme_is_100_hours_in_five_months_of_every_kind():
    assert sum(row.hours for row in MODEL_PROGRAMME) == 100
    assert max(row.weeks for row in MODEL_PROGRAMME) <= 21
    assert {row.kind for row in MODEL_PROGRAMME} == set(SessionKind)
    assert 12 <= len(MODEL_PROGRAMME) <= 16


@pytest.mark.parametrize(
    ("language", "theme"),
    [
        ("fi", "Lastensuojelulaki ja vanhemman oikeudet"),
        ("sv", "Barnskyddslagen och förälderns rättigheter"),
    ],
)
def test_the_first_cohort_takes_over_the_model_programme_in_its_language(people, language, theme):
    cohort = planned(language=language)
    client, url = people.staff.client(), reverse("programme_copy", args=[cohort.pk])
    send(client, f"{url}?source=", source="", keep_trainers="False")
    sessions = list(cohort.sessions.in_order())
    assert [session.date for session in sessions] == [
        MONDAY + datetime.timedelta(weeks=row.weeks) for row in MODEL_PROGRAMME
    ]
    assert sum(session.hours for session in sessions) == 100
    assert sessions[2].theme == theme
    for session in sessions:
        session.full_clean()
        assert session.minutes == session.hours * 60


def test_a_programme_may_be_planned_anew_until_the_training_begins(people):
    cohort = planned()
    services.copy_programme(cohort=cohort, source=None, keep_trainers=False, by=people.staff.actor)
    people.staff.client().post(reverse("programme_clear", args=[cohort.pk]))
    assert cohort.sessions.count() == 0
    running = SessionFactory(cohort=CohortFactory(status="running")).cohort
    with pytest.raises(MoveRefused, match="The training has begun"):
        services.clear_programme(cohort=running, by=people.staff.actor)


# --- trainers ---------------------------------------------------------------------------------------------
def test_a_trainer_from_outside_needs_no_account(people):
    send(people.staff.client(), reverse("trainer_create"), name="Eevi Olematon", expertise="lawyer")
    assert Trainer.objects.get(name="Eevi Olematon").user is None


def test_only_those_who_hold_the_role_of_a_trainer_and_teach_nowhere_yet_are_offered(people):
    free = user_in_role("trainer", first_name="Vapaa")
    user_in_role("trainer", is_active=False)
    user_in_role("staff")
    former = user_in_role("trainer")
    former.grants.update(ended_at="2021-01-01T00:00Z")
    form = people.staff.client().get(reverse("trainer_create")).context["form"]
    assert [grant.user for grant in form.fields["account"].queryset] == [free]
    edit = people.staff.client().get(reverse("trainer_edit", args=[people.own.trainer.pk])).context["form"]
    offered = {grant.user for grant in edit.fields["account"].queryset}
    assert offered == {free, people.trainer.user}
    assert edit["account"].value() == people.trainer.user.grants.get().pk


def test_the_account_opens_the_cohorts_that_are_taught(people):
    user = user_in_role("trainer")
    trainer = TrainerFactory(name="Eevi Olematon")
    session = SessionFactory(trainers=[trainer])
    url = reverse("trainer_edit", args=[trainer.pk])
    send(people.staff.client(), url, account=str(user.grants.get().pk))
    trainer.refresh_from_db()
    assert trainer.user == user
    assert Cohort.taught_by(user.pk).get()["cohort_id"] == session.cohort_id
    send(people.staff.client(), url, account="")
    trainer.refresh_from_db()
    assert trainer.user is None


def test_the_list_tells_how_often_somebody_still_teaches(people):
    trainer = TrainerFactory()
    for day, cancelled in ((days(-1), False), (days(0), False), (days(9), False), (days(10), True)):
        SessionFactory(date=day, is_cancelled=cancelled, trainers=[trainer])
    rows = people.staff.client().get(reverse("trainer_list")).context["rows"]
    assert next(row.coming for row in rows if row.pk == trainer.pk) == 2


# --- the calendar and the trainer's home ------------------------------------------------------------------
def test_the_calendar_says_when_a_session_begins(people):
    day = days(20)
    SessionFactory(
        cohort=people.own.cohort,
        theme="Late",
        date=day,
        starts_at=datetime.time(17),
        ends_at=datetime.time(19),
    )
    SessionFactory(cohort=people.own.cohort, theme="Early", date=day, starts_at=datetime.time(9))
    SessionFactory(cohort=people.own.cohort, theme="Called off", date=day, is_cancelled=True)
    SessionFactory(cohort=CohortFactory(status="cancelled"), theme="No cohort", date=day)
    for person in (people.staff, people.trainer):
        entries = days_between(person.actor, day, day, at_most=9).days[0].entries
        assert [(entry.title, entry.starts_at, entry.minutes) for entry in entries] == [
            ("Early", datetime.time(9), 360),
            ("Late", datetime.time(17), 120),
        ]


def test_the_trainers_home_leads_to_the_attendance_of_today(people):
    cohort = people.own.cohort
    todays = SessionFactory(cohort=cohort, date=today(), trainers=[people.own.trainer])
    page = people.trainer.client().get(reverse("home")).content.decode()
    assert reverse("session_attendance", args=[todays.pk]) in page


def test_the_trainers_home_tells_which_own_sessions_have_not_been_marked(people):
    own = people.own
    forgotten = SessionFactory(cohort=own.cohort, date=days(-3), trainers=[own.trainer])
    SessionFactory(cohort=own.cohort, date=days(-4))  # somebody else's
    SessionFactory(cohort=own.cohort, date=days(-5), trainers=[own.trainer], is_cancelled=True)
    assert trainer_home(people.trainer.actor)["to_mark"] == [forgotten]
    for person in own.cohort.enrolments.filter(status="attending"):
        AttendanceFactory(session=forgotten, enrolment=person, hours=0)
    assert trainer_home(people.trainer.actor)["to_mark"] == []


def test_a_trainers_home_passes_over_what_has_been_called_off(people):
    SessionFactory(cohort=people.own.cohort, date=days(1), is_cancelled=True)
    assert trainer_home(people.trainer.actor)["next_session"] == people.own.coming_session


def test_a_mark_of_somebody_who_left_does_not_count_as_one_of_those_who_attend(people):
    session = SessionFactory(cohort=CohortFactory(), date=days(-3))
    EnrolmentFactory(cohort=session.cohort)
    gone = EnrolmentFactory(cohort=session.cohort, status="discontinued")
    AttendanceFactory(session=session, enrolment=gone)
    found = Session.objects.with_marks().get(pk=session.pk)
    assert (found.marked, found.attending) == (0, 1)
