"""The calendar: for each role what is coming and what has been, in a fixed number of queries."""

import datetime
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import translation

from kumppani.accounts.models import User
from kumppani.accounts.roles import Role
from kumppani.audit.models import AuditEvent
from kumppani.core.dates import add_months, holiday_names, public_holidays, today
from kumppani.home.calendar import IN_A_LIST, IN_A_MONTH, SOURCES, Busy, days_between, month_of
from pairing.models import Meeting, Review
from tasks.models import Assignment, OutreachEvent, Participation
from tests.access.house import Heard
from tests.factories.organisations import GrantFactory, OrganisationFactory
from tests.factories.pairing import MeetingFactory, ReviewFactory, ready_partner
from tests.factories.tasks import (
    AssignmentFactory,
    AssignmentKindFactory,
    OutreachEventFactory,
    ParticipationFactory,
)
from tests.factories.training import SessionFactory

D = datetime.date
T = datetime.time
NOT_A_QUESTION = re.compile(r"^\s*(SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT)", re.IGNORECASE)


@pytest.fixture(autouse=True)
def english(db):
    with translation.override("en"):
        yield


@pytest.fixture
def people(people):
    User.objects.update(language="en")
    return people


def days(count: int) -> datetime.date:
    return today() + datetime.timedelta(days=count)


def lines(person, first, last=None) -> list[tuple[str, str]]:
    """(title, word) of every line between two days, as this person sees them."""
    found = days_between(person.actor, first, last or first, at_most=IN_A_LIST)
    return [(entry.title, entry.word) for day in found.days for entry in day.entries]


def due(worker, day) -> list[tuple[str, str]]:
    """A social worker's lines of a day, without the names that stand behind the colon."""
    return [(title.partition(":")[0], word) for title, word in lines(worker, day)]


def warnings(person, day, title: str) -> list[str]:
    found = days_between(person.actor, day, day, at_most=IN_A_LIST).days[0]
    (entry,) = [entry for entry in found.entries if entry.title == title]
    return entry.warnings


def taking_part(partner, *, status="accepted", **facts) -> Assignment:
    assignment = AssignmentFactory(**{"status": "agreed", "starts_at": T(10), **facts})
    ParticipationFactory(assignment=assignment, partner=partner, status=status)
    return assignment


# --- who sees what -------------------------------------------------------------------------------------------------
def test_staff_see_assignments_with_their_state_outreach_and_sessions(people):
    day = days(200)
    AssignmentFactory(title="Asked", date=day, status="requested", starts_at=T(12))
    AssignmentFactory(title="Settled", date=day, status="agreed", starts_at=T(9))
    AssignmentFactory(title="Called off", date=day, status="cancelled", starts_at=T(8))
    OutreachEventFactory(title="Open doors", date=day, starts_at=T(10))
    SessionFactory(cohort=people.own.cohort, theme="Listening", date=day)
    assert lines(people.staff, day) == [
        ("Settled", "Agreed"),
        ("Open doors", "Acquaintance event"),
        ("Asked", "Requested"),
        ("Listening", "Training session"),
    ]


def test_staff_are_asked_whether_what_is_over_was_done(people):
    AssignmentFactory(title="Over", date=days(-200), status="agreed")
    AssignmentFactory(title="Was done", date=days(-200), status="done")
    assert set(lines(people.staff, days(-200))) == {("Over", "Mark as done?"), ("Was done", "Done")}


def test_a_partner_sees_own_meetings_assignments_and_outreach_without_a_name(people):
    day = days(200)
    MeetingFactory(relationship=people.own.active, planned=True, date=day, starts_at=T(17))
    MeetingFactory(relationship=people.foreign.active, planned=True, date=day)
    taking_part(people.own.partner, title="Own talk", date=day, starts_at=T(9))
    taking_part(people.own.partner, title="Offered", date=day, status="offered", starts_at=T(13))
    taking_part(people.own.partner, title="Said no", date=day, status="declined")
    taking_part(people.foreign.partner, title="Foreign talk", date=day)
    OutreachEventFactory(title="Fair", date=day, starts_at=T(11), partners=[people.own.partner])
    OutreachEventFactory(title="Foreign fair", date=day)
    assert lines(people.partner, day) == [
        ("Own talk", "Accepted"),
        ("Fair", "Acquaintance event"),
        ("Offered", "Offered"),
        ("Meeting", "Planned"),
    ]
    page = people.partner.client().get(reverse("calendar_list"), {"day": day.isoformat()}).content.decode()
    assert people.own.parent.first_name not in page


def test_a_parent_sees_own_meetings_and_nothing_else(people):
    day = days(200)
    MeetingFactory(relationship=people.own.active, planned=True, date=day, starts_at=T(17))
    MeetingFactory(relationship=people.own.active, planned=True, date=day, kind="call", starts_at=T(18))
    MeetingFactory(relationship=people.own.active, status="cancelled", date=day)
    MeetingFactory(relationship=people.foreign.active, planned=True, date=day)
    AssignmentFactory(date=day)
    assert lines(people.parent, day) == [("Meeting", "Planned"), ("Call", "Planned")]
    page = people.parent.client().get(reverse("calendar_list"), {"day": day.isoformat()}).content.decode()
    assert people.own.partner.first_name not in page


def test_a_held_meeting_stays_where_it_was(people):
    MeetingFactory(relationship=people.own.active, date=days(-3))
    assert ("Meeting", "Held") in lines(people.partner, days(-3))


def test_a_former_partner_sees_nothing_of_what_has_ended(people):
    meeting = people.own.ended_meeting
    assert lines(people.former_partner, meeting.date) == []
    assert ("Meeting", "Held") in lines(people.parent, meeting.date)


def test_a_social_worker_sees_what_is_due_and_no_meetings(people):
    """Decision record 6. Control: add `_meetings` to the sources and `_for_social_worker` to the rows."""
    Review.objects.all().delete()
    day = days(50)
    ReviewFactory(relationship=people.own.active, due_on=day)
    ReviewFactory(relationship=people.foreign.active, due_on=day)
    MeetingFactory(relationship=people.own.active, planned=True, date=day)
    names = f"{people.own.parent.first_name} and {people.own.partner.first_name}"
    assert lines(people.worker, day) == [(f"Review: {names}", "due")]
    (entry,) = days_between(people.worker.actor, day, day, at_most=4).days[0].entries
    assert entry.url == reverse("review_hold", args=[people.own.active.reviews.get().pk])


def test_a_social_worker_sees_when_decisions_and_agreements_end(people):
    active = people.own.active
    valid_to = active.decisions.get().valid_to
    agreed_end = active.agreement_in_force().ends_on
    assert ("The decision ends", "coming to an end") in due(people.worker, valid_to)
    assert ("Last agreed day", "coming to an end") in due(people.worker, agreed_end)
    assert due(people.other_worker, valid_to) == due(people.worker, valid_to)  # each the own


def test_a_social_worker_sees_start_meetings_to_come_and_held(people, settings):
    decided_on = people.own.decided.decisions.get().made_on
    latest = decided_on + datetime.timedelta(days=settings.START_MEETING_DAYS)
    titles = [title for title, _word in due(people.worker, latest)]
    assert (
        titles.count("Start meeting, at the latest") == 2
    )  # the decided one, and the one that has been opened
    held_on = people.own.active.start_meeting.held_on
    assert ("Start meeting", "held") in due(people.worker, held_on)


def test_a_trainer_sees_the_sessions_of_own_cohorts(people):
    day = days(200)
    SessionFactory(cohort=people.own.cohort, theme="Listening", date=day)
    SessionFactory(cohort=people.foreign.cohort, theme="Foreign", date=day)
    assert lines(people.trainer, day) == [("Listening", "Training session")]


def test_every_role_but_the_administrator_has_a_calendar():
    assert set(SOURCES) == set(Role) - {Role.ADMINISTRATOR}


def test_a_look_at_meetings_leaves_a_trace(people):
    before = AuditEvent.objects.filter(about_id=people.own.parent.pk, actor_role="partner").count()
    people.partner.client().get(reverse("calendar_list"))
    after = AuditEvent.objects.filter(about_id=people.own.parent.pk, actor_role="partner").count()
    assert after == before + 1


# --- the month -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "weeks", "first_number"),
    [
        (D(2026, 11, 22), 6, 44),  # begins on a Sunday
        (D(2027, 2, 1), 4, 5),  # four whole weeks
        (D(2024, 2, 29), 5, 5),
        (D(2027, 1, 5), 5, 53),  # begins in the last week of the year before
    ],
)
def test_a_month_is_weeks_from_monday_to_sunday(people, day, weeks, first_number):
    month = month_of(people.staff.actor, day)
    assert (len(month.weeks), month.weeks[0].number) == (weeks, first_number)
    assert {len(week.days) for week in month.weeks} == {7}
    assert {week.days[0].date.weekday() for week in month.weeks} == {0}
    dates = [one.date for week in month.weeks for one in week.days if one.is_in_month]
    assert dates == [D(day.year, day.month, number + 1) for number in range(len(dates))]
    assert dates[-1] + datetime.timedelta(days=1) == add_months(day.replace(day=1), 1)


def test_weekdays_and_months_are_named_in_the_readers_language(people):
    User.objects.update(language="fi")
    page = people.staff.client().get(reverse("calendar"), {"month": "2026-11"}).content.decode()
    assert re.findall(r'<abbr title="(\w+)"', page) == [
        "Maanantai",
        "Tiistai",
        "Keskiviikko",
        "Torstai",
        "Perjantai",
        "Lauantai",
        "Sunnuntai",
    ]
    assert "Marraskuu 2026" in page


def test_today_is_marked_once_and_only_in_its_month(people):
    client = people.staff.client()
    assert client.get(reverse("calendar")).content.decode().count("cal-day--today") == 1
    other = client.get(reverse("calendar"), {"month": add_months(today(), 1).strftime("%Y-%m")})
    assert "cal-day--today" not in other.content.decode()


def test_a_day_of_the_month_shows_four_lines_and_leads_to_the_rest(people):
    day = add_months(today().replace(day=1), 7)
    for hour in range(10):
        AssignmentFactory(title=f"At {hour + 8}", date=day, starts_at=T(hour + 8))
    month = month_of(people.staff.actor, day)
    (first,) = [one for week in month.weeks for one in week.days if one.date == day]
    assert [entry.title for entry in first.entries] == ["At 8", "At 9", "At 10", "At 11"]
    assert (first.total, first.more, IN_A_MONTH) == (10, 6, 4)
    client = people.staff.client()
    page = client.get(reverse("calendar"), {"month": day.strftime("%Y-%m")}).content.decode()
    assert "and 6 more" in page
    whole = client.get(reverse("calendar_list"), {"day": day.isoformat()})
    assert [len(one.entries) for one in whole.context["days"]] == [10]


def test_lines_of_several_sources_stand_in_the_order_of_the_hours(people):
    day = days(200)
    for hour in (9, 11):
        AssignmentFactory(title=f"Talk {hour}", date=day, starts_at=T(hour))
        OutreachEventFactory(title=f"Fair {hour}", date=day, starts_at=T(hour + 1))
    AssignmentFactory(title="Some time", date=day)
    found = days_between(people.staff.actor, day, day, at_most=4).days[0]
    assert [entry.title for entry in found.entries] == ["Talk 9", "Fair 9", "Talk 11", "Fair 11"]
    assert (found.total, found.more) == (5, 1)


@pytest.mark.parametrize("asked", ["2026-13", "soon", "0001-01", "9999-12", "", "2026-11-22", "\x00"])
def test_a_month_that_is_none_is_the_present_one(people, asked):
    page = people.staff.client().get(reverse("calendar"), {"month": asked})
    assert (page.status_code, page.context["month"].first) == (200, today().replace(day=1))


@pytest.mark.parametrize("asked", ["1900-01", "2999-12"])
def test_the_first_and_the_last_month_can_be_opened(people, asked):
    client = people.staff.client()
    assert client.get(reverse("calendar"), {"month": asked}).status_code == 200
    assert client.get(reverse("calendar_list"), {"from": f"{asked}-28"}).status_code == 200


# --- the list ------------------------------------------------------------------------------------------------------
def test_the_list_shows_the_next_sixty_days_that_have_something(people):
    Assignment.objects.exclude(status="cancelled").update(date=days(400))
    OutreachEvent.objects.all().delete()
    for count in (-1, 0, 59, 60):
        AssignmentFactory(title=f"In {count}", date=days(count))
    client = people.staff.client()
    page = client.get(reverse("calendar_list"))
    titles = [e.title for day in page.context["days"] for e in day.entries if e.title.startswith("In")]
    assert titles == ["In 0", "In 59"]
    later = client.get(reverse("calendar_list"), {"from": page.context["later"].isoformat()})
    assert "In 60" in [entry.title for day in later.context["days"] for entry in day.entries]
    earlier = client.get(reverse("calendar_list"), {"from": page.context["earlier"].isoformat()})
    assert "In -1" in [entry.title for day in earlier.context["days"] for entry in day.entries]


def test_a_day_of_the_list_has_its_limit_and_a_way_to_the_rest(people):
    day = days(10)
    for _count in range(IN_A_LIST + 3):
        AssignmentFactory(date=day)
    client = people.staff.client()
    (shown,) = [one for one in client.get(reverse("calendar_list")).context["days"] if one.date == day]
    assert (len(shown.entries), shown.more) == (IN_A_LIST, 3)
    whole = client.get(reverse("calendar_list"), {"day": day.isoformat()}).context["days"][0]
    assert (len(whole.entries), whole.more) == (IN_A_LIST + 3, 0)


# --- holidays ------------------------------------------------------------------------------------------------------
def test_holidays_have_names():
    names = {day.strftime("%m-%d"): str(name) for day, name in holiday_names(2026).items()}
    assert names == {
        "01-01": "New Year's Day",
        "01-06": "Epiphany",
        "04-03": "Good Friday",
        "04-05": "Easter Day",
        "04-06": "Easter Monday",
        "05-01": "May Day",
        "05-14": "Ascension Day",
        "05-24": "Whit Sunday",
        "06-19": "Midsummer Eve",
        "06-20": "Midsummer Day",
        "10-31": "All Saints' Day",
        "12-06": "Independence Day",
        "12-24": "Christmas Eve",
        "12-25": "Christmas Day",
        "12-26": "Boxing Day",
    }


@pytest.mark.parametrize("year", range(2015, 2045))
def test_weekend_holidays_are_named_and_are_no_weekdays_off(year):
    names, off = holiday_names(year), public_holidays(year)
    assert off < set(names)
    assert {day.weekday() for day in set(names) - off} <= {5, 6}


def test_the_month_names_its_holidays(people):
    page = people.staff.client().get(reverse("calendar"), {"month": "2026-12"}).content.decode()
    assert re.findall(r'cal-holiday">([^<]+)<', page) == [
        "Independence Day",
        "Christmas Eve",
        "Christmas Day",
        "Boxing Day",
    ]


# --- what does not go together -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("first", "second", "goes"),
    [
        ((T(10), 60), (T(11), 60), True),
        ((T(10), 61), (T(11), 60), False),
        ((T(11), 60), (T(10), 60), True),
        ((T(11), 60), (T(10), 61), False),
        ((T(10), 240), (T(11), 30), False),
        ((T(10), None), (T(10, 59), 30), False),
        ((T(10), None), (T(11), 30), True),
        ((None, 60), (T(11), 30), None),
        ((T(10), 60), (None, None), None),
    ],
)
def test_two_stretches_of_a_day(first, second, goes):
    one, other = (Busy(None, D(2026, 1, 1), *stretch) for stretch in (first, second))
    assert (one.goes_with(other), other.goes_with(one)) == (goes, goes)
    assert one.goes_with(Busy(None, D(2026, 1, 2), *second)) is True


def test_two_things_at_once_are_told_to_staff_with_the_partners_name(people):
    """Control: return early from `_warn_staff`."""
    partner = ready_partner()
    day = days(100)
    taking_part(partner, title="Talk", date=day, starts_at=T(10), hours=Decimal(2))
    OutreachEventFactory(title="Fair", date=day, starts_at=T(11), partners=[partner])
    taking_part(partner, title="Evening", date=day, starts_at=T(18))
    said = f"{partner.name} has something else at that time."
    assert [warnings(people.staff, day, title) for title in ("Talk", "Fair", "Evening")] == [
        [said],
        [said],
        [],
    ]


def test_a_meeting_is_told_to_staff_only_as_something_else(people):
    day = days(100)
    taking_part(people.own.partner, title="Talk", date=day, starts_at=T(10))
    MeetingFactory(relationship=people.own.active, planned=True, date=day, starts_at=T(11), minutes=60)
    assert warnings(people.staff, day, "Talk") == [
        f"{people.own.partner.name} has something else at that time."
    ]


def test_what_has_no_hour_may_be_at_the_same_time(people):
    partner, day = ready_partner(), days(100)
    taking_part(partner, title="Talk", date=day, starts_at=None)
    taking_part(partner, title="Other", date=day, starts_at=T(10))
    said = [f"{partner.name} has something else on that day."]
    assert [warnings(people.staff, day, title) for title in ("Talk", "Other")] == [said, said]


def test_an_offer_takes_no_time_from_what_is_agreed(people):
    partner, day = ready_partner(), days(100)
    taking_part(partner, title="Agreed", date=day)
    taking_part(partner, title="Offered", date=day, status="offered")
    said = [f"{partner.name} has something else at that time."]
    assert [warnings(people.staff, day, title) for title in ("Agreed", "Offered")] == [[], said]


def test_a_partner_who_has_a_break_is_told_to_staff(people):
    partner, day = ready_partner(is_available=False), days(100)
    taking_part(partner, title="Talk", date=day)
    assert warnings(people.staff, day, "Talk") == [f"{partner.name} is having a break."]


def test_nothing_is_told_about_what_has_been(people):
    partner, day = ready_partner(is_available=False), days(-100)
    taking_part(partner, title="Talk", date=day)
    taking_part(partner, title="Other", date=day)
    assert warnings(people.staff, day, "Talk") == []


def test_a_partner_is_told_the_same_about_her_own(people):
    partner, day = people.own.partner, days(100)
    taking_part(partner, title="Talk", date=day, starts_at=T(10))
    MeetingFactory(relationship=people.own.active, planned=True, date=day, starts_at=T(11), minutes=60)
    OutreachEventFactory(title="Fair", date=day, starts_at=T(17), partners=[partner])
    at_once = ["You have something else at that time."]
    assert [warnings(people.partner, day, title) for title in ("Talk", "Meeting", "Fair")] == [
        at_once,
        at_once,
        [],
    ]
    partner.is_available = False
    partner.save()
    assert warnings(people.partner, day, "Talk") == ["You are having a break.", *at_once]


def test_what_was_held_today_stands_in_nobodys_way(people):
    Meeting.objects.all().delete()
    OutreachEvent.objects.all().delete()
    MeetingFactory(relationship=people.own.active, date=today(), starts_at=T(10), minutes=60)
    taking_part(people.own.partner, title="Talk", date=today(), starts_at=T(10))
    Participation.objects.exclude(assignment__title="Talk").filter(assignment__date=today()).delete()
    assert warnings(people.partner, today(), "Talk") == []


def test_a_partner_named_in_a_warning_is_in_the_trail(people):
    partner = ready_partner(is_available=False)
    taking_part(partner, date=days(100))
    people.staff.client().get(reverse("calendar_list"), {"day": days(100).isoformat()})
    assert AuditEvent.objects.filter(about_id=partner.pk, actor_role="staff", action="list").exists()


# --- the cost ------------------------------------------------------------------------------------------------------
def many_assignments(count: int) -> None:
    """So many coming assignments of one month, each with a partner."""
    kind, organisation, grant = AssignmentKindFactory(), OrganisationFactory(), GrantFactory()
    # Each line is told about: whoever says what does not go together asks the most.
    partners = [ready_partner(is_available=False) for _five in range(5)]
    first = add_months(today().replace(day=1), 1)
    made = Assignment.objects.bulk_create(
        Assignment(
            kind=kind,
            organisation=organisation,
            grant=grant,
            title=f"Talk {index}",
            date=first + datetime.timedelta(days=index % 28),
            starts_at=T(8 + index % 10),
            hours=Decimal(2),
        )
        for index in range(count)
    )
    Participation.objects.bulk_create(
        Participation(
            assignment=assignment,
            partner=partners[index % 5],
            status="accepted",
            fee_amount=Decimal(50),
            fee_agreed_on=today(),
        )
        for index, assignment in enumerate(made)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as the database itself does after a while


def test_ten_thousand_assignments_cost_as_many_questions_as_ten(people):
    """Control: read `row.kind` of every assignment, or fetch the rows of a day without a limit."""
    month = add_months(today().replace(day=1), 1).strftime("%Y-%m")
    pages = [
        (person, url, asked)
        for person in (people.staff, people.partner)
        for url, asked in (
            (reverse("calendar"), {"month": month}),
            (reverse("calendar_list"), {"from": f"{month}-01"}),
            (reverse("calendar_list"), {"day": f"{month}-01"}),
        )
    ]

    def asked_by_each_page() -> list[int]:
        counts = []
        for person, url, asked in pages:
            client = person.client()
            with Heard() as heard:
                assert client.get(url, asked).status_code == 200
            counts.append(len([sql for sql in heard.statements if not NOT_A_QUESTION.match(sql)]))
        return counts

    many_assignments(10)
    few = asked_by_each_page()
    many_assignments(10_000)
    assert asked_by_each_page() == few
    assert max(few) <= 12
    assert Meeting.objects.exists()
