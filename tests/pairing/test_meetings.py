"""Meetings: planned ahead, logged, corrected, cancelled; and how it went, in the parent's opinion (domain 5.4).

Control: take `_check_last_day`, `_check_note` or `_check_goals` out of the deeds; save no `MeetingCorrection`.
"""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation

from kumppani.core.dates import local_time_exists, today
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.core.templatetags.kumppani import day, weekday_day
from kumppani.notices.models import Notice
from pairing import services
from pairing.models import Agreement, Decision, Meeting, MeetingCorrection, MeetingEcho, Relationship
from tests.factories.pairing import (
    AgreementFactory,
    GoalFactory,
    MeetingCorrectionFactory,
    MeetingEchoFactory,
    MeetingFactory,
    agree,
)
from tests.guards import without_triggers
from tests.pairing.never import refused
from tests.pairing.test_races import at_once
from tests.pairing.trio import build_trio, said, send, token

pytestmark = pytest.mark.django_db

WEEK = datetime.timedelta(days=7)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def trio():
    return build_trio()


def set_last_day(relationship: Relationship, last: datetime.date, *, by="agreement") -> None:
    """The agreement, or the decision, holds until this day: written past the guard, as time would have it."""

    with without_triggers(connection):
        if by == "agreement":
            Agreement.objects.filter(relationship=relationship).update(ends_on=last)
        else:
            Decision.objects.filter(relationship=relationship).update(valid_to=last)


def allow_notes(relationship: Relationship) -> None:

    with without_triggers(connection):
        Agreement.objects.filter(relationship=relationship).update(allows_notes=True)


def plan(trio, **change) -> list[Meeting]:
    facts = {"date": today() + WEEK, "starts_at": None, "place": "cafe", "kind": "peer"} | change
    return services.plan_meeting(relationship=trio.relationship, by=trio.partner.actor, **facts)


def log(trio, **change) -> Meeting:
    facts = {"date": today(), "kind": "peer", "place": "cafe", "minutes": 60} | change
    return services.log_meeting(relationship=trio.relationship, by=trio.partner.actor, **facts)


def correct(trio, meeting, **change) -> Meeting:
    facts = {"date": meeting.date, "kind": meeting.kind, "place": meeting.place, "minutes": meeting.minutes}
    return services.correct_meeting(
        meeting=meeting, by=trio.partner.actor, seen_version=meeting.version, **(facts | change)
    )


def told(kind: str) -> list:
    return list(Notice.objects.filter(kind=kind).values_list("recipient", "object_id"))


# --- planning ----------------------------------------------------------------------------------------------
class TestPlanning:
    def test_one_meeting_is_no_series(self, trio):
        (meeting,) = plan(trio)
        assert (meeting.status, meeting.series) == ("planned", None)

    @pytest.mark.parametrize(("repeat", "step"), [("weekly", 7), ("two_weeks", 14)])
    def test_several_at_once_lie_a_week_or_two_apart(self, trio, repeat, step):
        first = today() + DAY
        meetings = plan(trio, date=first, repeat=repeat, times=4, starts_at=datetime.time(17))
        assert [meeting.date for meeting in meetings] == [
            first + datetime.timedelta(days=step * number) for number in range(4)
        ]
        assert len({meeting.series for meeting in meetings}) == 1
        assert {(meeting.starts_at, meeting.place) for meeting in meetings} == {(datetime.time(17), "cafe")}

    def test_the_parent_gets_one_notice_however_many(self, trio):
        meetings = plan(trio, repeat="weekly", times=5)
        assert told("meeting_planned") == [(trio.parent.user.pk, meetings[0].pk)]

    @pytest.mark.parametrize("by", ["agreement", "decision"])
    def test_days_after_the_last_one_are_left_out(self, trio, by):
        first = today() + DAY
        set_last_day(trio.relationship, first + WEEK, by=by)
        assert [one.date for one in plan(trio, date=first, repeat="weekly", times=4)] == [first, first + WEEK]

    def test_a_first_day_after_the_last_one_is_refused(self, trio):
        set_last_day(trio.relationship, today() + DAY)
        with pytest.raises(ValidationError) as error:
            plan(trio, date=today() + DAY * 2)
        assert list(error.value.message_dict) == ["date"]
        assert [one.date for one in plan(trio, date=today() + DAY)] == [today() + DAY]

    @pytest.mark.parametrize(
        ("repeat", "times"), [("weekly", 0), ("weekly", services.MOST_PLANNED + 1), ("daily", 3)]
    )
    def test_no_more_than_twelve_and_no_other_rhythm(self, trio, repeat, times):
        with pytest.raises(ValidationError):
            plan(trio, repeat=repeat, times=times)
        assert not Meeting.objects.exists()

    def test_twelve_are_possible(self, trio):
        assert len(plan(trio, repeat="weekly", times=services.MOST_PLANNED)) == 12

    def test_yesterday_is_not_planned(self, trio):
        with pytest.raises(ValidationError):
            plan(trio, date=today() - DAY)

    @pytest.mark.parametrize("status", ["acquainting", "decided", "paused", "ended"])
    def test_only_while_they_meet(self, status):
        trio = build_trio(status)
        with pytest.raises(MoveRefused):
            plan(trio)


class TestPlanningPage:
    def url(self, trio):
        return reverse("meeting_plan", args=[trio.relationship.pk])

    def words(self, **change):
        first = (today() + DAY).isoformat()
        return {"date": first, "starts_at": "17:00", "place": "cafe", "kind": "peer", "repeat": ""} | change

    def test_the_answer_says_when_they_meet(self, trio):
        answer = send(trio.partner.client(), self.url(trio), **self.words())
        (sentence,) = said(answer)
        assert weekday_day(today() + DAY) in sentence

    def test_the_answer_says_which_days_were_left_out_also_to_a_second_tap(self, trio):
        first = today() + DAY
        set_last_day(trio.relationship, first + WEEK)
        client = trio.partner.client()
        words = self.words(repeat="weekly", times="4", submission=token(client, self.url(trio)))
        sentences = [said(client.post(self.url(trio), words))[-1] for _tap in range(2)]
        assert sentences[0] == sentences[1]
        assert weekday_day(first + WEEK) in sentences[0]
        for date in (first + WEEK * 2, first + WEEK * 3):
            assert day(date) in sentences[0]
        assert Meeting.objects.count() == 2

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"repeat": "weekly"}, "times"),
            ({"times": "3"}, "repeat"),
            ({"repeat": "weekly", "times": "13"}, "times"),
            ({"repeat": "weekly", "times": "1"}, "times"),
            ({"repeat": "daily", "times": "3"}, "repeat"),
            ({"date": "2020-01-01"}, "date"),
        ],
    )
    def test_what_is_wrong_is_said_at_the_field_and_nothing_is_planned(self, trio, change, field):
        answer = send(trio.partner.client(), self.url(trio), **self.words(**change))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
        assert not Meeting.objects.exists()

    def test_a_time_that_the_clocks_pass_over_is_told(self):
        """On the last Sunday of March the clocks go from 3 to 4."""
        with time_machine.travel(datetime.datetime(2026, 3, 20, 10, tzinfo=datetime.UTC), tick=False):
            trio = build_trio()
            words = self.words(date="2026-03-22", starts_at="03:30", repeat="weekly", times="2")
            answer = send(trio.partner.client(), self.url(trio), **words)
            assert list(answer.context["form"].errors) == ["starts_at"]
            assert (
                send(trio.partner.client(), self.url(trio), **(words | {"starts_at": "04:30"})).status_code
                == 302
            )

    @pytest.mark.parametrize(
        ("time", "there"),
        [("02:59", True), ("03:00", False), ("03:59", False), ("04:00", True)],
    )
    def test_which_times_there_are_in_that_night(self, time, there):
        spring = datetime.date(2026, 3, 29)
        assert local_time_exists(spring, datetime.time.fromisoformat(time)) is there
        assert local_time_exists(datetime.date(2026, 10, 25), datetime.time.fromisoformat(time))


# --- not held ----------------------------------------------------------------------------------------------
class TestCancelling:
    def test_one_of_a_series_is_cancelled_alone(self, trio):
        meetings = plan(trio, repeat="weekly", times=3)
        services.meeting_not_held(meeting=meetings[1], outcome="cancelled", by=trio.partner.actor)
        assert [Meeting.objects.get(pk=one.pk).status for one in meetings] == [
            "planned",
            "cancelled",
            "planned",
        ]

    def test_the_rest_of_a_series_is_cancelled_and_the_earlier_ones_stay(self, trio):
        meetings = plan(trio, repeat="weekly", times=4)
        (other,) = plan(trio, date=today() + WEEK * 4)
        held = meetings[3]
        Meeting.objects.filter(pk=held.pk).update(status="held", minutes=60)
        gone = services.cancel_series(meeting=meetings[1], by=trio.partner.actor)
        assert [one.date for one in gone] == [meetings[1].date, meetings[2].date]
        assert [Meeting.objects.get(pk=one.pk).status for one in [*meetings, other]] == [
            "planned",
            "cancelled",
            "cancelled",
            "held",
            "planned",
        ]

    def test_the_parent_hears_that_nobody_will_come(self, trio):
        meetings = plan(trio, repeat="weekly", times=3)
        services.cancel_series(meeting=meetings[0], by=trio.partner.actor)
        assert told("meeting_cancelled") == [(trio.parent.user.pk, meetings[0].pk)]

    def test_of_a_day_that_has_passed_the_parent_knows(self, trio):
        past = MeetingFactory(relationship=trio.relationship, planned=True, date=today() - DAY)
        services.meeting_not_held(meeting=past, outcome="cancelled", by=trio.partner.actor)
        assert told("meeting_cancelled") == []

    @pytest.mark.parametrize("who", ["staff", "worker", "parent"])
    def test_nobody_else_cancels(self, trio, who):
        (meeting,) = plan(trio)
        by = getattr(trio, who).actor
        for deed in (
            lambda: services.cancel_series(meeting=meeting, by=by),
            lambda: services.meeting_not_held(meeting=meeting, outcome="cancelled", by=by),
        ):
            with pytest.raises(MoveRefused):
                deed()

    def test_held_is_no_outcome_of_not_held(self, trio):
        (meeting,) = plan(trio)
        with pytest.raises(ValidationError):
            services.meeting_not_held(meeting=meeting, outcome="held", by=trio.partner.actor)

    def offered(self, trio, meeting) -> list[str]:
        page = trio.partner.client().get(reverse("meeting_not_held", args=[meeting.pk]))
        return [value for value, _label in page.context["form"].fields["outcome"].choices]

    def test_the_page_offers_what_can_have_happened(self, trio):
        (alone,) = plan(trio)
        first, *_rest, last = plan(trio, repeat="weekly", times=3)
        past = MeetingFactory(relationship=trio.relationship, planned=True, date=today() - DAY)
        assert [self.offered(trio, one) for one in (alone, first, last, past)] == [
            ["cancelled"],
            ["cancelled", "rest"],
            ["cancelled"],
            ["cancelled", "no_show"],
        ]

    def test_the_rest_is_cancelled_through_the_page(self, trio):
        meetings = plan(trio, repeat="weekly", times=3)
        send(trio.partner.client(), reverse("meeting_not_held", args=[meetings[0].pk]), outcome="rest")
        assert set(Meeting.objects.values_list("status", flat=True)) == {"cancelled"}


# --- logging -----------------------------------------------------------------------------------------------
class TestLogging:
    @pytest.mark.parametrize("by", ["agreement", "decision"])
    def test_no_meeting_after_the_last_day(self, trio, by):
        set_last_day(trio.relationship, today() - DAY, by=by)
        with pytest.raises(ValidationError) as error:
            log(trio)
        assert list(error.value.message_dict) == ["date"]
        assert log(trio, date=today() - DAY).date == today() - DAY

    def test_a_break_is_no_hindrance(self):
        trio = build_trio("paused")
        assert log(trio).status == "held"

    @pytest.mark.parametrize("kind", ["peer", "accompanied", "three_party", "call"])
    def test_the_four_kinds(self, trio, kind):
        assert log(trio, kind=kind).kind == kind

    def test_the_goals_are_those_of_the_agreement_in_force(self, trio):
        first = trio.relationship.agreements.get().goals.get()
        second = AgreementFactory(relationship=trio.relationship, number=2, kind="change", starts_on=today())
        goal = GoalFactory(agreement=second)
        assert list(log(trio, goals=[first]).goals.all()) == [first]
        with pytest.raises(ValidationError):
            log(trio, goals=[goal])
        agree(second)
        assert list(log(trio, goals=[goal]).goals.all()) == [goal]
        with pytest.raises(ValidationError):
            log(trio, goals=[first])
        url = reverse("meeting_log", args=[trio.relationship.pk])
        assert list(trio.partner.client().get(url).context["form"].fields["goals"].queryset) == [goal]

    def test_of_two_who_log_the_same_planned_meeting_the_second_is_told(self, trio):
        (meeting,) = plan(trio, date=today())
        same = Meeting.objects.get(pk=meeting.pk)
        log(trio, meeting=meeting)
        with pytest.raises(AlreadyMoved):
            log(trio, meeting=same)


class TestNote:
    def test_where_it_was_not_agreed_there_is_no_note(self, trio):
        with pytest.raises(ValidationError) as error:
            log(trio, note="Puhuimme")
        assert list(error.value.message_dict) == ["note"]
        form = trio.partner.client().get(reverse("meeting_log", args=[trio.relationship.pk])).context["form"]
        assert "note" not in form.fields

    def test_a_note_smuggled_into_the_form_is_not_kept(self, trio):
        send(
            trio.partner.client(),
            reverse("meeting_log", args=[trio.relationship.pk]),
            date=today().isoformat(),
            place="cafe",
            length="60",
            kind="peer",
            note="Puhuimme",
        )
        assert Meeting.objects.get().note == ""

    def test_where_it_was_agreed_partner_and_parent_read_it_and_nobody_else(self, trio):
        allow_notes(trio.relationship)
        send(
            trio.partner.client(),
            reverse("meeting_log", args=[trio.relationship.pk]),
            date=today().isoformat(),
            place="cafe",
            length="60",
            kind="peer",
            note="Mukava kävely",
        )
        url = Meeting.objects.get().get_absolute_url()
        reads = {
            who: "Mukava kävely" in getattr(trio, who).client().get(url).content.decode()
            for who in ("partner", "parent", "staff", "worker")
        }
        assert reads == {"partner": True, "parent": True, "staff": False, "worker": False}

    def test_after_a_new_agreement_without_notes_a_note_can_be_taken_away_but_not_written(self, trio):
        allow_notes(trio.relationship)
        meeting = log(trio, note="Mukava kävely")
        second = AgreementFactory(relationship=trio.relationship, number=2, starts_on=today())
        GoalFactory(agreement=second)
        agree(second)
        with pytest.raises(ValidationError):
            correct(trio, meeting, note="Toinen")
        meeting = Meeting.objects.get(pk=meeting.pk)
        assert correct(trio, meeting, minutes=30).note == "Mukava kävely"
        meeting = Meeting.objects.get(pk=meeting.pk)
        assert correct(trio, meeting, note="").note == ""


class TestTravel:
    def test_kilometres_and_tickets_are_kept_for_the_claim(self, trio):
        send(
            trio.partner.client(),
            reverse("meeting_log", args=[trio.relationship.pk]),
            date=today().isoformat(),
            place="cafe",
            length="60",
            kind="peer",
            travel_km="24",
            ticket_cost="4,20",
        )
        meeting = Meeting.objects.get()
        assert (meeting.travel_km, meeting.ticket_cost) == (24, Decimal("4.20"))
        shows = {
            who: "24\N{NO-BREAK SPACE}km" in text or "24 km" in text
            for who in ("partner", "staff", "parent")
            for text in [getattr(trio, who).client().get(meeting.get_absolute_url()).content.decode()]
        }
        assert shows == {"partner": True, "staff": True, "parent": False}

    def test_the_fields_lie_folded_away_until_they_hold_something(self, trio):
        """Nothing stands between the tiles and the big button (≤ 5 touches)."""
        url = reverse("meeting_log", args=[trio.relationship.pk])
        page = trio.partner.client().get(url).content.decode()
        assert page.count('<details class="more">') == 1
        assert '<details class="more" open>' not in page
        answer = send(trio.partner.client(), url, date=today().isoformat(), travel_km="x")
        assert '<details class="more" open>' in answer.content.decode()
        assert "travel_km" in answer.context["form"].errors

    @pytest.mark.parametrize(
        "change",
        [{"travel_km": 2001}, {"ticket_cost": Decimal("-0.01")}],
    )
    def test_what_cannot_be_is_refused(self, trio, change):
        words = {one.name: str(one.violation_error_message) for one in Meeting._meta.constraints}
        fine = MeetingFactory(relationship=trio.relationship, travel_km=2000, ticket_cost=Decimal(0))
        fine.full_clean()
        refused(
            MeetingFactory.build(relationship=trio.relationship, **change), words["meeting_travel_sensible"]
        )


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"minutes": None}, "meeting_held_has_length"),
        ({"minutes": 4}, "meeting_held_has_length"),
        ({"minutes": 721}, "meeting_held_has_length"),
        ({"kind": "party"}, "meeting_kind_known"),
        ({"place": "moon"}, "meeting_place_known"),
        ({"status": "lost"}, "meeting_status_known"),
    ],
)
def test_a_meeting_that_cannot_be_is_refused(trio, change, constraint):
    words = {one.name: str(one.violation_error_message) for one in Meeting._meta.constraints}
    MeetingFactory(relationship=trio.relationship, minutes=5).full_clean()
    MeetingFactory(relationship=trio.relationship, minutes=720).full_clean()
    refused(MeetingFactory.build(relationship=trio.relationship, **change), words[constraint])


# --- correcting --------------------------------------------------------------------------------------------
class TestCorrecting:
    def test_what_it_said_before_is_kept(self, trio):
        meeting = log(trio, minutes=90, place="home")
        correct(trio, meeting, minutes=60, place="cafe", kind="call")
        before = MeetingCorrection.objects.get()
        assert (before.minutes, before.place, before.kind, before.corrected_by) == (
            90,
            "home",
            "peer",
            trio.partner.user,
        )

    def test_each_correction_keeps_its_own(self, trio):
        meeting = log(trio, minutes=90)
        for minutes in (60, 45):
            correct(trio, Meeting.objects.get(pk=meeting.pk), minutes=minutes)
        assert list(MeetingCorrection.objects.order_by("created_at").values_list("minutes", flat=True)) == [
            90,
            60,
        ]

    def test_a_correction_that_changes_nothing_keeps_nothing(self, trio):
        correct(trio, log(trio))
        assert not MeetingCorrection.objects.exists()

    def test_those_who_see_the_meeting_read_what_it_said_before(self, trio):
        with translation.override("fi"):
            meeting = log(trio, minutes=90)
            correct(trio, meeting, minutes=60)
            pages = {
                who: getattr(trio, who).client().get(meeting.get_absolute_url())
                for who in ("partner", "parent", "staff", "worker")
            }
        assert {who: page.status_code for who, page in pages.items()} == {
            "partner": 200,
            "parent": 200,
            "staff": 200,
            "worker": 403,
        }
        for who in ("partner", "parent", "staff"):
            assert [before.minutes for before in pages[who].context["corrections"]] == [90]
            assert "1 h 30 min" in pages[who].content.decode()

    def test_the_old_words_of_a_note_are_for_the_same_two(self, trio):
        allow_notes(trio.relationship)
        meeting = log(trio, note="Ensin näin")
        correct(trio, meeting, note="Sitten näin")
        reads = {
            who: "Ensin näin" in getattr(trio, who).client().get(meeting.get_absolute_url()).content.decode()
            for who in ("partner", "parent", "staff")
        }
        assert reads == {"partner": True, "parent": True, "staff": False}

    def test_after_two_weeks_it_stays_as_it_is(self, trio):
        meeting = log(trio)
        url = reverse("meeting_correct", args=[meeting.pk])
        for days, code in ((14, 200), (15, 403)):
            with time_machine.travel(timezone.now() + datetime.timedelta(days=days), tick=False):
                assert trio.partner.client().get(url).status_code == code
        later = time_machine.travel(timezone.now() + datetime.timedelta(days=15), tick=False)
        with later, pytest.raises(MoveRefused):
            correct(trio, meeting, minutes=30)
        assert Meeting.objects.get(pk=meeting.pk).minutes == 60

    def test_after_the_end_nothing_is_corrected(self, trio):
        meeting = log(trio)
        Relationship.objects.filter(pk=trio.relationship.pk).update(status="ended", ended_on=today())
        with pytest.raises(MoveRefused):
            correct(trio, meeting, minutes=30)

    def test_a_goal_of_an_earlier_agreement_may_stay(self, trio):
        goal = trio.relationship.agreements.get().goals.get()
        meeting = log(trio, goals=[goal])
        second = AgreementFactory(relationship=trio.relationship, number=2, starts_on=today())
        GoalFactory(agreement=second)
        agree(second)
        url = reverse("meeting_correct", args=[meeting.pk])
        send(
            trio.partner.client(),
            url,
            date=today().isoformat(),
            place="cafe",
            length="30",
            kind="peer",
            goals=[str(goal.pk)],
            seen_version=str(meeting.version),
        )
        meeting = Meeting.objects.get(pk=meeting.pk)
        assert (meeting.minutes, list(meeting.goals.all())) == (30, [goal])

    def test_a_day_after_the_last_one_is_refused_here_too(self, trio):
        meeting = log(trio, date=today() - DAY)
        set_last_day(trio.relationship, today() - DAY)
        with pytest.raises(ValidationError):
            correct(trio, meeting, date=today())


# --- how did it go? ----------------------------------------------------------------------------------------
class TestEcho:
    @pytest.fixture
    def meeting(self, trio):
        return log(trio)

    def tap(self, trio, meeting, value, who="parent"):
        return getattr(trio, who).client().post(reverse("meeting_echo", args=[meeting.pk]), {"value": value})

    def values(self) -> list[int]:
        return list(MeetingEcho.objects.values_list("value", flat=True))

    @pytest.mark.parametrize("value", ["1", "2", "3", "4"])
    def test_one_tap_of_four(self, trio, meeting, value):
        answer = self.tap(trio, meeting, value)
        assert (answer.status_code, answer.url, self.values()) == (302, reverse("home"), [int(value)])

    @pytest.mark.parametrize("value", ["", "0", "5", "x", "3.0", "²"])
    def test_nothing_else_is_an_answer(self, trio, meeting, value):
        answer = self.tap(trio, meeting, value)
        assert (answer.status_code, self.values(), len(said(answer))) == (302, [], 1)

    def test_the_page_has_a_button_for_each(self, trio, meeting):
        page = trio.parent.client().get(reverse("meeting_echo", args=[meeting.pk])).content.decode()
        labels = dict(MeetingEcho._meta.get_field("value").choices)
        with translation.override("fi"):
            for value, label in labels.items():
                word = str(label)[:1].upper() + str(label)[1:]
                assert f'name="value" value="{value}">{word}</button>' in page

    def test_it_can_be_changed_for_two_weeks(self, trio, meeting):
        self.tap(trio, meeting, "1")
        self.tap(trio, meeting, "4")
        assert self.values() == [4]
        for days, value in ((14, 2), (15, 2)):
            with time_machine.travel(timezone.now() + datetime.timedelta(days=days), tick=False):
                self.tap(trio, meeting, "2" if days == 14 else "1")
            assert self.values() == [value]

    def test_it_can_be_said_after_the_end_too(self, trio, meeting):
        Relationship.objects.filter(pk=trio.relationship.pk).update(status="ended", ended_on=today())
        self.tap(trio, meeting, "3")
        assert self.values() == [3]

    @pytest.mark.parametrize("status", ["planned", "cancelled", "no_show"])
    def test_of_a_meeting_that_was_not_held_there_is_nothing_to_say(self, trio, status):
        meeting = MeetingFactory(relationship=trio.relationship, status=status)
        assert self.tap(trio, meeting, "3").status_code == 403
        with pytest.raises(MoveRefused):
            services.echo_meeting(meeting=meeting, value=3, by=trio.parent.actor)

    @pytest.mark.parametrize("who", ["partner", "worker", "staff"])
    def test_nobody_says_it_for_the_parent(self, trio, meeting, who):
        assert self.tap(trio, meeting, "3", who=who).status_code == 403
        with pytest.raises(MoveRefused):
            services.echo_meeting(meeting=meeting, value=3, by=getattr(trio, who).actor)

    def test_the_partner_never_reads_it(self, trio, meeting):
        self.tap(trio, meeting, "1")
        echoes = {
            who: getattr(trio, who).client().get(meeting.get_absolute_url()).context["echo"]
            for who in ("partner", "parent", "staff")
        }
        assert {who: echo and echo.value for who, echo in echoes.items()} == {
            "partner": None,
            "parent": 1,
            "staff": 1,
        }
        assert not MeetingEcho.objects.visible_to(trio.partner.actor).exists()
        assert not MeetingEcho.objects.visible_to(trio.worker.actor).exists()

    @pytest.mark.parametrize("value", [0, 5])
    def test_a_value_that_cannot_be_is_refused(self, meeting, value):
        words = str(MeetingEcho._meta.constraints[0].violation_error_message)
        for fine in (1, 4):
            MeetingEchoFactory(meeting=MeetingFactory(relationship=meeting.relationship), value=fine)
        refused(MeetingEcho(meeting=meeting, value=value), words)


def test_a_correction_belongs_to_its_meeting_and_goes_with_it():
    correction = MeetingCorrectionFactory()
    assert list(correction.meeting.corrections.all()) == [correction]


# --- at the same moment ------------------------------------------------------------------------------------
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_twenty_who_log_one_planned_meeting_make_one_held_one(self):
        trio = build_trio()
        (meeting,) = plan(trio, date=today())
        won = at_once([lambda: log(trio, meeting=Meeting.objects.get(pk=meeting.pk))] * 20)
        assert (len(won), Meeting.objects.count(), Meeting.objects.held().count()) == (1, 1, 1)

    def test_twenty_taps_make_one_echo(self):
        trio = build_trio()
        meeting = log(trio)
        at_once([lambda: services.echo_meeting(meeting=meeting, value=3, by=trio.parent.actor)] * 20)
        assert list(MeetingEcho.objects.values_list("value", flat=True)) == [3]

    def test_logging_and_ending_leave_no_meeting_that_is_still_planned(self):
        trio = build_trio()
        (meeting,) = plan(trio, date=today())
        at_once(
            [
                lambda: log(trio, meeting=Meeting.objects.get(pk=meeting.pk)),
                lambda: services.end_relationship(relationship=trio.relationship, by=trio.parent.actor),
            ]
            * 10
        )
        assert Meeting.objects.get(pk=meeting.pk).status in ("held", "cancelled")
        assert Relationship.objects.get(pk=trio.relationship.pk).status == "ended"
