"""Getting acquainted is written down and counts nowhere: neither as a meeting nor as a relationship (B2, R4).

Control: let `reports.figures` count acquaintance meetings; let a social worker see the rows.
"""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from kumppani.core.dates import today
from kumppani.core.states import MoveRefused
from kumppani.reports.figures import Period
from kumppani.reports.selectors import report
from pairing import services
from pairing.models import AcquaintanceMeeting, Meeting
from tests.factories.pairing import AcquaintanceMeetingFactory, RelationshipFactory
from tests.pairing.never import refused
from tests.pairing.trio import build_trio, said, send, token

pytestmark = pytest.mark.django_db

OPEN_FOR_IT = ["acquainting", "proposed", "decided"]


def log(trio, who="partner", **change) -> AcquaintanceMeeting:
    facts = {"date": today(), "minutes": 45, "place": "cafe"} | change
    return services.log_acquaintance(relationship=trio.relationship, by=getattr(trio, who).actor, **facts)


# --- the deed ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("status", OPEN_FOR_IT)
def test_the_partner_logs_it_until_the_start_meeting(status):
    trio = build_trio(status)
    meeting = log(trio)
    assert (meeting.relationship, meeting.minutes, meeting.logged_by) == (
        trio.relationship,
        45,
        trio.partner.user,
    )


@pytest.mark.parametrize("status", ["active", "paused", "ended", "no_match", "declined", "refused"])
def test_afterwards_there_is_nothing_to_get_acquainted_with(status):
    trio = build_trio(status)
    with pytest.raises(MoveRefused):
        log(trio)
    assert not AcquaintanceMeeting.objects.exists()


@pytest.mark.parametrize("who", ["staff", "worker", "parent"])
def test_nobody_but_the_partner_logs_it(who):
    trio = build_trio("acquainting")
    with pytest.raises(MoveRefused):
        log(trio, who=who)


def test_the_day_lies_between_the_proposal_and_today():
    trio = build_trio("acquainting")
    proposed = trio.relationship.proposed_on
    for day in (proposed - datetime.timedelta(days=1), today() + datetime.timedelta(days=1)):
        with pytest.raises(ValidationError) as error:
            log(trio, date=day)
        assert list(error.value.message_dict) == ["date"]
    assert [log(trio, date=day).date for day in (proposed, today())] == [proposed, today()]


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"minutes": 4}, "acquaintance_length_sensible"),
        ({"minutes": 721}, "acquaintance_length_sensible"),
        ({"place": "moon"}, "acquaintance_place_known"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_by_the_database(change, constraint):
    words = {one.name: str(one.violation_error_message) for one in AcquaintanceMeeting._meta.constraints}
    facts = {"minutes": 5, "place": "home"}
    relationship = RelationshipFactory()
    AcquaintanceMeetingFactory(relationship=relationship, **facts)
    AcquaintanceMeetingFactory(relationship=relationship, **(facts | {"minutes": 720}))
    refused(
        AcquaintanceMeetingFactory.build(relationship=relationship, **(facts | change)), words[constraint]
    )


# --- it counts nowhere -------------------------------------------------------------------------------------
def test_no_figure_of_the_report_counts_it():
    """R4: every figure is the same before and after."""
    trio = build_trio("acquainting")
    period = Period(today() - datetime.timedelta(days=400), today())

    def figures() -> dict:
        return {figure.name: figure.value for figure in report(period)}

    before = figures()
    for _time in range(3):
        log(trio)
    assert figures() == before
    assert (before["relationships_active"], before["meetings_held"]) == (0, 0)
    assert not Meeting.objects.exists()


# --- the pages ---------------------------------------------------------------------------------------------
def page_of(trio, who):
    return getattr(trio, who).client().get(trio.relationship.get_absolute_url())


@pytest.mark.parametrize("who", ["staff", "partner", "parent"])
def test_those_who_may_know_see_when_and_where(who):
    trio = build_trio("acquainting")
    meeting = log(trio)
    shown = page_of(trio, who).context["acquaintance"]
    assert (shown["rows"], shown["count"]) == ([meeting], 1)


def test_the_social_worker_sees_only_how_many():
    trio = build_trio("acquainting")
    for _time in range(2):
        log(trio)
    shown = page_of(trio, "worker").context["acquaintance"]
    assert (shown["count"], shown["rows"]) == (2, [])


def test_once_they_meet_the_page_speaks_of_meetings():
    trio = build_trio("active")
    AcquaintanceMeetingFactory(relationship=trio.relationship)
    assert page_of(trio, "partner").context["acquaintance"] == {}


def test_the_partner_logs_it_with_three_touches_and_reads_what_was_saved():
    trio = build_trio("acquainting")
    url = reverse("acquaintance_log", args=[trio.relationship.pk])
    assert url in page_of(trio, "partner").content.decode()
    form = trio.partner.client().get(url).context["form"]
    assert form["date"].value() == today()
    answer = send(
        trio.partner.client(), url, date=today().isoformat(), place="outdoors", length="90"
    )  # place, length, save
    meeting = AcquaintanceMeeting.objects.get()
    assert (answer.status_code, answer.url) == (302, trio.relationship.get_absolute_url())
    assert (meeting.place, meeting.minutes) == ("outdoors", 90)
    assert "1 h 30 min" in said(answer)[0]


def test_the_next_time_the_place_and_the_length_are_remembered():
    trio = build_trio("proposed")
    log(trio, minutes=75, place="office")
    form = trio.partner.client().get(reverse("acquaintance_log", args=[trio.relationship.pk])).context["form"]
    assert (form["place"].value(), form["length"].value(), form["other_length"].value()) == (
        "office",
        "other",
        75,
    )


def test_a_second_tap_makes_one_row():
    trio = build_trio("acquainting")
    client, url = trio.partner.client(), reverse("acquaintance_log", args=[trio.relationship.pk])
    words = {"submission": token(client, url), "date": today().isoformat(), "place": "cafe", "length": "60"}
    for _tap in range(2):
        client.post(url, words)
    assert AcquaintanceMeeting.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"date": "2020-01-01"}, "date"),
        ({"place": ""}, "place"),
        ({"length": "other"}, "other_length"),
        ({"length": "other", "other_length": "3"}, "other_length"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(change, field):
    trio = build_trio("acquainting")
    words = {"date": today().isoformat(), "place": "cafe", "length": "60"} | change
    answer = send(trio.partner.client(), reverse("acquaintance_log", args=[trio.relationship.pk]), **words)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not AcquaintanceMeeting.objects.exists()
