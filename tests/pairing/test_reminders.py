"""Every line of domain 5.4's table: on the day before nothing, on the day one, twice one, late one, done none.

Negative controls: take `Reminder` out of `_give` (twice, and two at once), `due_on`'s bound out of a kind (the day
before), the state out of its query (done).
"""

import datetime
import threading
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection

from kumppani.core.dates import add_months, add_working_days, public_holidays
from kumppani.core.jobs import JOBS
from kumppani.notices.kinds import KINDS as NOTICES
from kumppani.notices.models import Notice
from pairing import reminders
from pairing.models import (
    AcquaintanceMeeting,
    Assessment,
    AssessmentRound,
    Candidate,
    Closing,
    CommitmentText,
    ContactRequest,
    Meeting,
    Pause,
    Relationship,
    Reminder,
    Review,
    Substitution,
    Supervision,
)
from pairing.reminders import latest_check_in, send_reminders
from tests.factories.accounts import user_in_role
from tests.factories.pairing import (
    AgreementFactory,
    CommitmentFactory,
    CommitmentTextFactory,
    ContactRequestFactory,
    DecisionFactory,
    GoalFactory,
    MeetingFactory,
    PairAnswerFactory,
    ParentFactory,
    SocialWorkerFactory,
    SupervisionFactory,
    activate,
    agree,
    ready_partner,
    relationship_in,
)

pytestmark = pytest.mark.django_db

HELSINKI = ZoneInfo("Europe/Helsinki")
MONDAY = datetime.date(2026, 3, 2)  # the day on which every story begins
ONE_DAY = datetime.timedelta(days=1)


def after(days: int) -> datetime.date:
    return MONDAY + days * ONE_DAY


def morning_of(day: datetime.date, hour: int = 9):
    """The clock of a Finnish morning."""
    return time_machine.travel(
        datetime.datetime(day.year, day.month, day.day, hour, tzinfo=HELSINKI), tick=False
    )


class Story:
    """Three people and a member of the staff, each with an account."""

    def __init__(self):
        CommitmentTextFactory(kind="principles", number=1)
        CommitmentTextFactory(kind="undertaking", number=1)
        self.own_worker = SocialWorkerFactory()
        self.own_partner = ready_partner(user=user_in_role("partner"), taken_in_on=MONDAY)
        self.own_parent = ParentFactory(social_worker=self.own_worker, user=user_in_role("parent"))
        self.users = {
            self.own_worker.user: "worker",
            self.own_partner.user: "partner",
            self.own_parent.user: "parent",
            user_in_role("staff"): "staff",
        }

    def pair(self, status: str, **facts) -> Relationship:
        facts.setdefault("proposed_on", MONDAY)
        if status not in ("acquainting", "proposed", "decided"):
            facts.setdefault("on", MONDAY)
        request = ContactRequestFactory(parent=self.own_parent, status="matched")
        return relationship_in(status, partner=self.own_partner, request=request, **facts)

    def taken_in(self, day: datetime.date):
        """The partner, taken in on this day."""
        self.own_partner.taken_in_on = day
        self.own_partner.save(update_fields=["taken_in_on"])
        return self.own_partner

    def told(self, *notices: str) -> set[tuple[str, str]]:
        """Who has been told what, of these notices."""
        found = Notice.objects.filter(kind__in=notices).select_related("recipient")
        told = [(self.users[notice.recipient], notice.kind) for notice in found]
        assert len(told) == len(set(told)), "somebody was told twice"
        return set(told)


@pytest.fixture
def story(db) -> Story:
    with morning_of(MONDAY):
        return Story()


def run(day: datetime.date) -> dict[str, int]:
    with morning_of(day):
        return send_reminders()


# --- the table --------------------------------------------------------------------------------------------
@dataclass
class Line:
    """One line: what makes it due, on which day, who is told, until how many days later, and what makes it needless."""

    kind: str
    make: Callable[[Story], object]
    due: datetime.date
    told: set[tuple[str, str]]
    done: Callable[[object], object]
    late: int = 7


def _request(story):
    return ContactRequestFactory(parent=story.own_parent, received_on=MONDAY)


def _review(story):
    return Review.objects.create(relationship=story.pair("active"), due_on=after(60))


def _held(review):
    Review.objects.filter(pk=review.pk).update(held_on=after(50), outcome="go_on")


def _round(story):
    return AssessmentRound.objects.create(relationship=story.pair("active"), moment="start", opened_on=MONDAY)


def _answered(party):
    return lambda asked: Assessment.objects.create(round=asked, party=party, how="sign_in")


def _planned(story):
    return MeetingFactory(relationship=story.pair("active"), planned=True, date=after(3))


def _logged(meeting):
    Meeting.objects.filter(pk=meeting.pk).update(status="held", minutes=60)


def _active(story):
    return story.pair("active")


def _on_a_break(relationship):
    Relationship.objects.filter(pk=relationship.pk).update(status="paused")


def _renewed(relationship):
    DecisionFactory(relationship=relationship, made_on=after(120), valid_from=after(120), valid_to=after(400))


def _extended(relationship):
    _renewed(relationship)
    _agree_until(relationship, after(350))


def _agree_until(relationship, last_day):
    longer = AgreementFactory(
        relationship=relationship, number=2, kind="extension", starts_on=after(140), ends_on=last_day
    )
    GoalFactory(agreement=longer)
    agree(longer)


def _follow_up(story):
    ended = story.pair("ended", on=after(-100), ended_on=MONDAY)
    return Closing.objects.create(relationship=ended, ended_by="time", follow_up_agreed=True)


def _new_partner(closing):
    parent = closing.relationship.parent
    relationship_in("acquainting", request=ContactRequestFactory(parent=parent, status="matched"))


def _new_version(kind):
    """A new version, published on the first day and needed forty days later; the record is the partner."""

    def publish(story):
        CommitmentTextFactory(kind=kind, number=2, published_on=MONDAY, required_from=after(40))
        return story.own_partner

    return publish


def accept_all(partner):
    for text in CommitmentText.objects.filter(number=2):
        CommitmentFactory(partner=partner, text=text)


STAFF, WORKER, PARTNER, PARENT = "staff", "worker", "partner", "parent"
LINES = [
    Line(
        "first_answer",
        _request,
        after(3),
        {(STAFF, "request_unanswered")},
        lambda request: ContactRequest.objects.filter(pk=request.pk).update(answered_on=after(1)),
    ),
    Line(
        "pair_answer",
        lambda story: story.pair("acquainting"),
        after(5),
        {(PARTNER, "pair_answer")},
        lambda pair: PairAnswerFactory(relationship=pair, party="partner"),
        late=4,
    ),
    Line(
        "decision_ends",
        _active,
        after(180 - 30),
        {(WORKER, "decision_ends"), (STAFF, "decision_ends")},
        _renewed,
    ),
    Line(
        "start_meeting_late",
        lambda story: story.pair("decided"),  # decided on the day before
        after(20),
        {(WORKER, "start_meeting_late")},
        activate,
    ),
    Line("meeting_unlogged", _planned, after(4), {(PARTNER, "meeting_unlogged")}, _logged, late=5),
    Line(
        "meeting_long_unlogged",
        _planned,
        after(10),
        {(PARTNER, "meeting_unlogged"), (STAFF, "meeting_long_unlogged")},
        _logged,
    ),
    Line("check_in", _active, after(14), {(STAFF, "check_in")}, _on_a_break),
    Line("check_in", _active, after(28), {(STAFF, "check_in")}, _on_a_break),
    Line("check_in", _active, datetime.date(2026, 5, 2), {(STAFF, "check_in")}, _on_a_break),
    Line(
        "quiet",
        _active,
        after(30),
        {(PARTNER, "quiet"), (WORKER, "quiet")},
        lambda pair: MeetingFactory(relationship=pair, date=after(20)),
    ),
    Line("review_soon", _review, after(53), {(WORKER, "review_soon")}, _held, late=6),
    Line("review_due", _review, after(60), {(WORKER, "review_due")}, _held),
    Line(
        "ending_near",
        _active,
        after(170 - 14),
        {(WORKER, "ending_near"), (PARTNER, "ending_near"), (PARENT, "ending_near")},
        _extended,
    ),
    *(
        Line(
            f"assessment_{party}",
            _round,
            after(7),
            {(WORKER, "assessment_waiting"), (PARTNER, "assessment_waiting"), (PARENT, "assessment_waiting")},
            _answered(party),
        )
        for party in ("worker", "partner", "parent")
    ),
    *(
        Line(
            f"{kind}_{ahead}",
            _new_version(kind),
            after(40 - ahead),
            {(PARTNER, "commitment_soon")},
            accept_all,
            late=ahead - 1 if ahead == 3 else ahead - 4,
        )
        for kind in ("principles", "undertaking")
        for ahead in (14, 3)
    ),
    Line(
        "supervision_tomorrow",
        lambda story: SupervisionFactory(date=after(10), partners=[story.own_partner]),
        after(9),
        {(PARTNER, "supervision_tomorrow")},
        lambda time: Supervision.objects.filter(pk=time.pk).update(is_cancelled=True),
        late=1,
    ),
    Line(
        "supervision_overdue",
        lambda story: story.taken_in(MONDAY),
        after(31),
        {(STAFF, "supervision_overdue")},
        lambda partner: SupervisionFactory(date=after(5), partners=[partner], partners__state="present"),
    ),
    Line("follow_up", _follow_up, datetime.date(2026, 6, 2), {(STAFF, "follow_up")}, _new_partner),
]
each_line = pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.kind}-{line.due:%m-%d}")


def begin(line: Line, story: Story):
    with morning_of(MONDAY):
        return line.make(story)


def told_by(line: Line, story: Story) -> set:
    return story.told(*{notice for _who, notice in line.told})


def test_every_kind_has_a_line():
    assert {line.kind for line in LINES} == set(reminders.KINDS)


def test_every_notice_is_known():
    assert {notice for line in LINES for _who, notice in line.told} <= set(NOTICES)


@each_line
def test_nothing_on_the_day_before_one_on_the_day_and_none_again(line, story):
    begin(line, story)
    assert run(line.due - ONE_DAY)[line.kind] == 0
    Notice.objects.all().delete()  # those of other lines
    assert run(line.due)[line.kind] == 1
    assert told_by(line, story) == line.told
    assert [run(day)[line.kind] for day in (line.due, line.due + ONE_DAY)] == [0, 0]
    assert told_by(line, story) == line.told


@each_line
def test_one_although_it_is_late(line, story):
    begin(line, story)
    assert run(line.due + line.late * ONE_DAY)[line.kind] == 1
    assert told_by(line, story) == line.told


@each_line
def test_none_when_it_has_been_done(line, story):
    record = begin(line, story)
    with morning_of(line.due - ONE_DAY):
        line.done(record)
    assert run(line.due)[line.kind] == 0


# --- long past, and overtaken -----------------------------------------------------------------------------
def test_a_decision_that_has_run_out_is_not_said_to_run_out_soon(story):
    with morning_of(MONDAY):
        story.pair("active")
    assert run(after(181))["decision_ends"] == 0


def test_of_a_review_both_of_whose_moments_were_missed_the_second_is_given(story):
    with morning_of(MONDAY):
        _review(story)
    assert {kind: run(after(62))[kind] for kind in ("review_soon", "review_due")} == {
        "review_soon": 0,
        "review_due": 0,  # given by the run before
    }
    assert story.told("review_soon", "review_due") == {(WORKER, "review_due")}


def test_of_an_unlogged_meeting_both_of_whose_moments_were_missed_the_second_is_given(story):
    with morning_of(MONDAY):
        _planned(story)
    counts = run(after(30))
    assert (counts["meeting_unlogged"], counts["meeting_long_unlogged"]) == (0, 1)


def test_missed_check_ins_are_not_made_up_for(story):
    with morning_of(MONDAY):
        story.pair("active")
    assert run(after(14 + 8))["check_in"] == 0


def test_a_last_day_that_has_passed_is_not_said_to_be_near(story):
    with morning_of(MONDAY):
        story.pair("active")
    assert run(after(171))["ending_near"] == 0


def test_only_the_last_round_of_questions_waits(story):
    with morning_of(MONDAY):
        first = _round(story)
        AssessmentRound.objects.create(relationship=first.relationship, moment="review", opened_on=after(80))
    counts = run(after(90))
    assert [counts[f"assessment_{party}"] for party in ("worker", "partner", "parent")] == [1, 1, 1]
    assert set(Notice.objects.filter(kind="assessment_waiting").values_list("object_id", flat=True)) != {
        first.pk
    }


def test_the_former_partner_is_asked_nothing(story):
    with morning_of(MONDAY):
        ended = story.pair("ended", on=after(-100), ended_on=MONDAY)
        AssessmentRound.objects.create(relationship=ended, moment="closing", opened_on=MONDAY)
    run(after(7))
    assert story.told("assessment_waiting") == {
        (WORKER, "assessment_waiting"),
        (PARENT, "assessment_waiting"),
    }


# --- again and again --------------------------------------------------------------------------------------
def test_quiet_is_said_again_after_another_month_and_not_before(story):
    with morning_of(MONDAY):
        story.pair("active")
    assert [run(after(days))["quiet"] for days in (30, 31, 59, 60, 61)] == [1, 0, 0, 1, 0]


def test_after_a_break_the_quiet_days_count_anew(story):
    with morning_of(MONDAY):
        pair = story.pair("active")
    Relationship.objects.filter(pk=pair.pk).update(active_since=after(25))
    assert [run(after(days))["quiet"] for days in (30, 54, 55)] == [0, 0, 1]


def test_check_ins_come_in_the_second_and_fourth_week_and_then_every_month(story):
    with morning_of(MONDAY):
        story.pair("active")
    moments = [after(14), after(28), *(datetime.date(2026, month, 2) for month in (5, 6, 7))]
    days = [moment + days * ONE_DAY for moment in moments for days in (-1, 0, 1)]
    assert [day for day in days if run(day)["check_in"]] == moments


@pytest.mark.parametrize("started", [datetime.date(2025, 12, 31), datetime.date(2025, 12, 29)])
def test_check_ins_of_who_started_on_a_day_that_february_lacks_come_on_its_last_day(story, started):
    with morning_of(MONDAY):
        story.pair("active", on=started)
    assert latest_check_in(started, datetime.date(2026, 2, 28)) == datetime.date(2026, 2, 28)
    assert run(datetime.date(2026, 2, 28))["check_in"] == 1


@pytest.mark.parametrize(
    ("on", "latest"),
    [
        (after(13), None),
        (after(14), after(14)),
        (after(27), after(14)),
        (after(60), after(28)),
        (datetime.date(2026, 5, 2), datetime.date(2026, 5, 2)),
        (datetime.date(2027, 3, 1), datetime.date(2027, 2, 2)),
    ],
)
def test_the_latest_check_in(on, latest):
    assert latest_check_in(MONDAY, on) == latest


@pytest.mark.parametrize("days", [39, 69, 100])
def test_a_new_house_is_not_told_of_everybody_at_once(story, days):
    """Who was due long ago waits for the next round: thirty days later, and for a week from then on."""
    with morning_of(MONDAY):
        story.taken_in(MONDAY)
    assert run(after(days))["supervision_overdue"] == 0


def test_supervision_is_overdue_again_after_another_month(story):
    with morning_of(MONDAY):
        story.taken_in(MONDAY)
    assert [run(after(days))["supervision_overdue"] for days in (31, 32, 60, 61)] == [1, 0, 0, 1]


@pytest.mark.parametrize(("ahead", "count"), [(30, 0), (31, 1)])
def test_supervision_is_not_overdue_when_a_time_is_agreed_on(story, ahead, count):
    with morning_of(MONDAY):
        SupervisionFactory(date=after(31 + ahead), partners=[story.taken_in(MONDAY)])
    assert run(after(31))["supervision_overdue"] == count


def test_nobody_is_told_of_the_supervision_of_who_is_having_a_break(story):
    with morning_of(MONDAY):
        partner = story.taken_in(MONDAY)
        partner.is_available = False
        partner.save(update_fields=["is_available"])
    assert run(after(31))["supervision_overdue"] == 0


def test_who_has_a_relationship_during_a_break_is_not_forgotten(story):
    with morning_of(MONDAY):
        story.pair("active")
        partner = story.taken_in(MONDAY)
        partner.is_available = False
        partner.save(update_fields=["is_available"])
    assert run(after(31))["supervision_overdue"] == 1


def test_who_was_invited_on_the_day_before_is_not_reminded_of_it(story):
    with morning_of(after(9)):
        SupervisionFactory(date=after(10), partners=[story.own_partner])
    assert [run(after(days))["supervision_tomorrow"] for days in (9, 10)] == [0, 0]


# --- who is told ------------------------------------------------------------------------------------------
def test_who_stands_in_for_the_worker_is_told_too(story):
    with morning_of(MONDAY):
        story.pair("active")
    colleague, another = (SocialWorkerFactory(organisation=story.own_worker.organisation) for _ in range(2))
    story.users |= {colleague.user: "substitute", another.user: "later"}
    for worker, first in ((colleague, 140), (another, 151)):
        Substitution.objects.create(
            social_worker=story.own_worker,
            substitute=worker,
            starts_on=after(first),
            ends_on=after(first + 10),
        )
    run(after(150))
    assert story.told("decision_ends") == {
        (WORKER, "decision_ends"),
        ("substitute", "decision_ends"),
        (STAFF, "decision_ends"),
    }


def test_a_parent_without_an_account_is_passed_over(story):
    story.own_parent.user = None
    story.own_parent.save()
    with morning_of(MONDAY):
        story.pair("active")
    assert run(after(156))["ending_near"] == 1
    assert story.told("ending_near") == {(WORKER, "ending_near"), (PARTNER, "ending_near")}


# --- the next partner -------------------------------------------------------------------------------------
def silent_pair(story: Story, *, then=()) -> Relationship:
    """A partner was asked on the first day; the staff have said who is asked next."""
    with morning_of(MONDAY):
        pair = story.pair("acquainting")
        for position, partner in enumerate(then, start=1):
            Candidate.objects.create(request=pair.request, partner=partner, position=position)
    return pair


def test_who_does_not_answer_makes_way_for_the_next_after_the_reminder_and_five_days_more(story):
    following = ready_partner(user=user_in_role("partner"))
    pair = silent_pair(story, then=[following])
    run(after(5))
    assert (run(after(9))["next_partner"], status_of(pair)) == (0, "acquainting")
    assert (run(after(10))["next_partner"], status_of(pair)) == (1, "no_match")
    new = Relationship.objects.get(request=pair.request, status="acquainting")
    assert new.partner == following
    assert run(after(10))["next_partner"] == 0


def test_without_a_next_one_the_request_goes_back_to_the_queue(story):
    pair = silent_pair(story)
    run(after(5))
    run(after(10))
    assert ContactRequest.objects.get(pk=pair.request_id).status == "waiting"
    assert story.told("request_waiting") == {(STAFF, "request_waiting")}


def test_nobody_makes_way_without_having_been_reminded(story):
    pair = silent_pair(story)
    assert [run(after(day))["next_partner"] for day in (20, 24, 25)] == [0, 0, 1]
    assert status_of(pair) == "no_match"


@pytest.mark.parametrize("done", ["answered", "met"])
def test_who_has_answered_or_met_the_parent_does_not_make_way(story, done):
    pair = silent_pair(story)
    run(after(5))
    with morning_of(after(7)):
        if done == "answered":
            PairAnswerFactory(relationship=pair, party="partner")
        else:
            AcquaintanceMeeting.objects.create(relationship=pair, date=after(6), minutes=60, place="cafe")
    assert (run(after(10))["next_partner"], status_of(pair)) == (0, "acquainting")


# --- what happens by itself -------------------------------------------------------------------------------
def on_a_break(story: Story, until: datetime.date) -> Relationship:
    with morning_of(MONDAY):
        pair = story.pair("paused")
        Pause.objects.create(relationship=pair, starts_on=MONDAY, ends_on=until, asked_by="parent")
    return pair


def status_of(relationship: Relationship) -> str:
    return Relationship.objects.values_list("status", flat=True).get(pk=relationship.pk)


def test_a_break_is_over_on_the_day_after_its_last(story):
    pair = on_a_break(story, after(10))
    assert (run(after(10))["break_over"], status_of(pair)) == (0, "paused")
    assert (run(after(11))["break_over"], status_of(pair)) == (1, "active")
    assert Pause.objects.get(relationship=pair).over_on == after(11)
    assert run(after(11))["break_over"] == 0


def test_a_break_without_a_last_day_goes_on(story):
    pair = on_a_break(story, None)
    assert (run(after(100))["break_over"], status_of(pair)) == (0, "paused")


def test_where_the_decision_has_run_out_the_worker_is_told_once_and_a_new_one_ends_the_break(story):
    pair = on_a_break(story, after(182))
    _agree_until(pair, after(350))  # the decision is valid for 180 days
    for day in (183, 183, 184):
        assert (run(after(day))["break_over"], status_of(pair)) == (0, "paused")
    assert story.told("decision_needed_again") == {(WORKER, "decision_needed_again")}
    DecisionFactory(relationship=pair, made_on=after(184), valid_from=after(184), valid_to=after(400))
    assert (run(after(184))["break_over"], status_of(pair)) == (1, "active")


@pytest.mark.parametrize(("agreed", "last_day", "ended_by"), [(170, 170, "time"), (350, 180, "decision")])
def test_it_ends_some_days_after_the_last_day(story, settings, agreed, last_day, ended_by):
    settings.ENDING_GRACE_DAYS = 7
    with morning_of(MONDAY):
        pair = story.pair("active")
    if agreed != 170:  # that is what the start meeting agreed on; the decision is valid for 180 days
        _agree_until(pair, after(agreed))
    assert (run(after(last_day + 6))["ended"], status_of(pair)) == (0, "active")
    assert (run(after(last_day + 7))["ended"], status_of(pair)) == (1, "ended")
    pair.refresh_from_db()
    assert (pair.ended_on, pair.closing.ended_by) == (after(last_day), ended_by)
    assert run(after(last_day + 7))["ended"] == 0


def test_what_has_ended_is_reminded_of_nothing(story):
    with morning_of(MONDAY):
        _review(story)
        MeetingFactory(relationship=Relationship.objects.get(), planned=True, date=after(160))
    counts = run(after(200))
    assert {kind: count for kind, count in counts.items() if count} == {"ended": 1}


# --- the run ----------------------------------------------------------------------------------------------
@pytest.mark.logs_errors
def test_one_kind_that_stumbles_does_not_silence_the_others(story, monkeypatch):
    def broken(on):
        raise RuntimeError

    monkeypatch.setitem(reminders.KINDS, "first_answer", broken)
    with morning_of(MONDAY):
        _review(story)
    with pytest.raises(ExceptionGroup):
        run(after(60))
    assert story.told("review_due") == {(WORKER, "review_due")}


@pytest.mark.logs_errors
def test_one_deed_that_stumbles_does_not_hold_up_the_next(story, monkeypatch):
    ended = []

    def end(*, relationship, **facts):
        if not ended:
            ended.append(relationship)
            raise RuntimeError
        ended.append(relationship)

    monkeypatch.setattr(reminders.changes, "end_relationship", end)
    with morning_of(MONDAY):
        story.pair("active")
        relationship_in("active", on=MONDAY)
    with pytest.raises(ExceptionGroup):
        run(after(180))
    assert len(ended) == 2


def test_notice_and_claim_stand_or_fall_together(story, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    with morning_of(MONDAY):
        _review(story)
    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        patched.setattr(reminders, "notify", broken)
        reminders._give("review_due", after(60))
    assert not Reminder.objects.exists()
    assert run(after(60))["review_due"] == 1


def test_what_has_been_given_costs_the_same_for_one_and_for_three(story, django_assert_max_num_queries):
    counts = []
    for _more in range(2):
        with morning_of(MONDAY):
            for _number in range(1 + 2 * len(counts)):
                pair = relationship_in("active", on=MONDAY)
                Review.objects.create(relationship=pair, due_on=after(60))
                MeetingFactory(relationship=pair, planned=True, date=after(3))
                AssessmentRound.objects.create(relationship=pair, moment="start", opened_on=MONDAY)
                relationship_in("acquainting", proposed_on=MONDAY)
                ContactRequestFactory(received_on=MONDAY)
        run(after(9))
        with morning_of(after(9)), django_assert_max_num_queries(200) as queries:
            send_reminders()
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_command_says_what_it_gave(story, capsys):
    with morning_of(MONDAY):
        _request(story)
    with morning_of(after(3)):
        call_command("send_reminders")
        call_command("send_reminders")
    assert capsys.readouterr().out == "first answer 1\nnothing was due\n"


def test_the_job_leaves_the_night_in_peace(story):
    job = JOBS["send_reminders"]
    assert job.every == datetime.timedelta(hours=1)
    with morning_of(MONDAY):
        _request(story)
    with morning_of(after(3), hour=7):
        job.run()
    assert story.told("request_unanswered") == set()
    with morning_of(after(3), hour=8):
        job.run()
    assert story.told("request_unanswered") == {(STAFF, "request_unanswered")}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_runs_at_once_one_gives_it(story, monkeypatch):
    """Negative control: without the unique row (`_claim` says yes to both) everybody is told twice."""
    with morning_of(MONDAY):
        asked = _round(story)
        MeetingFactory(relationship=asked.relationship, planned=True, date=after(1))
    # Both have looked and found the same before one of them claims.
    both_have_looked, counts = threading.Barrier(2), []
    claim, mine = reminders._claim, threading.local()

    def claim_together(*what):
        if not hasattr(mine, "waited"):
            mine.waited = both_have_looked.wait(20)
        return claim(*what)

    monkeypatch.setattr(reminders, "_claim", claim_together)

    def work():
        try:
            counts.append(send_reminders(after(8)))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(counts) == 2
    assert sum(count["assessment_parent"] for count in counts) == 1
    assert sum(count["meeting_long_unlogged"] for count in counts) == 1
    assert story.told("assessment_waiting") == {
        (who, "assessment_waiting") for who in (WORKER, PARTNER, PARENT)
    }


# --- working days -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "third"),
    [
        (MONDAY, datetime.date(2026, 3, 5)),
        (datetime.date(2026, 3, 6), datetime.date(2026, 3, 11)),  # a Friday
        (datetime.date(2026, 3, 7), datetime.date(2026, 3, 11)),  # a Saturday
        (datetime.date(2026, 4, 1), datetime.date(2026, 4, 8)),  # before Easter
        (datetime.date(2026, 12, 23), datetime.date(2026, 12, 30)),  # before Christmas
        (datetime.date(2026, 12, 30), datetime.date(2027, 1, 5)),  # over the year's end
    ],
)
def test_the_third_working_day(day, third):
    assert add_working_days(day, 3) == third


def test_holidays_of_a_year():
    days = ["1-1", "1-6", "3-29", "4-1", "5-1", "5-9", "6-21", "12-6", "12-24", "12-25", "12-26"]
    assert [f"{day.month}-{day.day}" for day in sorted(public_holidays(2024))] == days


def test_the_last_day_of_many_is_that_of_each(story):
    with morning_of(MONDAY):
        pair = story.pair("active")
        _extended(pair)
    (found,) = Relationship.objects.with_final_day()
    assert found.final_day == Relationship.objects.get(pk=pair.pk).last_day() == after(350)
    assert add_months(MONDAY, 3) == datetime.date(2026, 6, 2)
