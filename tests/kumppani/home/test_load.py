"""How much each partner has: who needs something first, then who has had nothing for the longest (A28, domain 5.4).

Negative controls: order by the name; leave `at_work()` out of the rank; write `describe` with a query of its own.
"""

import datetime
import re

import pytest
from django.conf import settings as rules
from django.urls import reverse
from django.utils import translation

from kumppani.accounts.models import User
from kumppani.audit.models import AuditEvent
from kumppani.core.dates import ONE_DAY, today
from kumppani.home.selectors import load
from pairing import services
from pairing.models import ExperiencePartner
from tasks.states import ParticipationStatus
from tests.access.house import Heard
from tests.factories.accounts import user_in_role
from tests.factories.pairing import (
    AcquaintanceMeetingFactory,
    CommitmentTextFactory,
    ExperiencePartnerFactory,
    MeetingFactory,
    SupervisionFactory,
    TalkWishFactory,
    make_ready,
    ready_partner,
    relationship_in,
)
from tests.factories.tasks import AssignmentFactory, OutreachEventFactory, ParticipationFactory
from tests.personas import Person

pytestmark = pytest.mark.django_db

NOT_A_QUESTION = re.compile(r"^\s*(SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT)", re.IGNORECASE)
URL = "partner_load"
RELATIONSHIP = {"on": None}


@pytest.fixture(autouse=True)
def english(db):
    with translation.override("en"):
        yield


@pytest.fixture
def staff() -> Person:
    user = user_in_role("staff")
    User.objects.filter(pk=user.pk).update(language="en")
    return Person("staff", user, "staff")


@pytest.fixture
def texts(db):
    CommitmentTextFactory(kind="principles", number=1)
    CommitmentTextFactory(kind="undertaking", number=1)


def days(count: int) -> datetime.date:
    return today() + count * ONE_DAY


def partner(name: str, *, since: int = -300, supervised: int | None = -5, **fields) -> ExperiencePartner:
    """A ready partner, taken in long ago, who has had supervision a few days ago."""
    one = ready_partner(first_name=name, last_name="Puro", taken_in_on=days(since), **fields)
    if supervised is not None:
        SupervisionFactory(date=days(supervised), partners=[one], partners__state="present")
    return one


def at(one: ExperiencePartner, **facts):
    """A meeting of an own relationship."""
    relationship = one.relationships.filter(status="active").first() or relationship_in("active", partner=one)
    return MeetingFactory(relationship=relationship, **facts)


def taking_part(one: ExperiencePartner, day: int, status: str, of: str = "agreed"):
    assignment = AssignmentFactory(date=days(day), status=of)
    return ParticipationFactory(assignment=assignment, partner=one, status=status)


def names(staff: Person, state: str = "all") -> list[str]:
    page = staff.client().get(reverse(URL), {"state": state})
    return [row.first_name for row in page.context["rows"]]


def line(staff: Person, one: ExperiencePartner) -> ExperiencePartner:
    """The partner's line, with its words."""
    found = load.loads(staff.actor).get(pk=one.pk)
    load.describe(found)
    return found


def words(staff: Person, one: ExperiencePartner) -> list[str]:
    return [word for word, _tone, _url in line(staff, one).needs]


# --- the order --------------------------------------------------------------------------------------------
def test_who_needs_something_first_then_who_has_had_nothing_for_the_longest(staff):
    busy = partner("Busy")
    taking_part(busy, -2, "done", "done")
    partner("Idle")
    partner("New", since=-20)
    partner("Rests", is_available=False)
    over = partner("Over", max_relationships=1)
    for _two in range(2):
        relationship_in("active", partner=over)
    partner("Overdue", supervised=-40)
    TalkWishFactory(partner=partner("Talks"))
    assert names(staff) == ["Talks", "Overdue", "Over", "Idle", "New", "Busy", "Rests"]
    assert names(staff, "look") == ["Talks", "Overdue", "Over"]
    assert names(staff, "nothing") == ["Talks", "Overdue", "Idle"]
    assert names(staff, "break") == ["Rests"]


def test_the_tabs_tell_how_many(staff):
    partner("Idle")
    TalkWishFactory(partner=partner("Talks", is_available=False))
    chips = staff.client().get(reverse(URL)).context["chips"]
    assert [(chip["label"], chip["count"]) for chip in chips] == [
        ("All", 2),
        ("Needs a look", 1),
        ("Nothing for long", 1),
        ("On a break", 1),
    ]


def test_the_list_goes_on_where_the_page_ends(staff, settings):
    settings.PAGE_SIZE = 2
    TalkWishFactory(partner=partner("A", since=-10))
    for name, since in (("D", -70), ("B", -90), ("C", -80), ("E", -60)):
        partner(name, since=since)
    client, url, pages = staff.client(), reverse(URL), []
    while url:
        page = client.get(url)
        pages.append([row.first_name for row in page.context["rows"]])
        url = page.context["older_url"] and reverse(URL) + page.context["older_url"]
    assert pages == [["A", "B"], ["C", "D"], ["E"]]
    back = client.get(reverse(URL) + page.context["newer_url"])
    assert [row.first_name for row in back.context["rows"]] == ["C", "D"]


# --- who is here ------------------------------------------------------------------------------------------
def test_who_is_ready_rests_or_has_something_open_is_here_and_nobody_else(staff, texts):
    ready_partner(first_name="Ready")
    ready_partner(first_name="Rests", is_available=False)
    not_ready = ExperiencePartnerFactory(first_name="Not yet")
    relationship_in("active", partner=ExperiencePartnerFactory(first_name="Has one"))
    gone = ready_partner(
        first_name="Gone", is_available=False, leaving_on=days(-9), left_on=days(-1), user=None
    )
    assert sorted(names(staff)) == ["Has one", "Ready", "Rests"]
    make_ready(not_ready)
    assert gone.first_name not in names(staff)
    assert "Not yet" in names(staff)


@pytest.mark.parametrize("role", ["social_worker", "partner", "parent", "trainer", "administrator"])
def test_for_the_staff_alone(role):
    assert Person(role, user_in_role(role), role).client().get(reverse(URL)).status_code == 403


def test_it_names_people_so_it_leaves_a_trace(staff):
    one = partner("Paula")
    staff.client().get(reverse(URL))
    assert list(AuditEvent.objects.filter(action="list").values_list("about_id", flat=True)) == [one.pk]


# --- what a line says -------------------------------------------------------------------------------------
def test_meetings_of_the_last_seven_days_and_of_the_next(staff):
    one = partner("Paula")
    for day in (0, -6, -7):
        at(one, date=days(day))
    for day in (0, 6, 7, -1):
        at(one, date=days(day), planned=True)
    at(one, date=days(-1), status="cancelled")
    found = line(staff, one)
    assert (found.held_in_week, found.planned_in_week) == (2, 2)


@pytest.mark.parametrize(("count", "expected"), [(5, []), (6, ["A full week"])])
@pytest.mark.parametrize("planned", [False, True])
def test_more_meetings_than_a_week_holds_are_told(staff, count, expected, planned):
    one = partner("Paula")
    for _meeting in range(count):
        at(one, date=days(1 if planned else -1), **({"planned": True} if planned else {}))
    assert words(staff, one) == expected
    assert (line(staff, one).rank == load.OVER) == bool(expected)


def test_assignments_that_come_and_those_that_have_been_done(staff):
    one = partner("Paula")
    for day, status, of in (
        (3, "accepted", "agreed"),
        (0, "accepted", "requested"),
        (3, "offered", "requested"),
        (3, "accepted", "cancelled"),
        (-1, "accepted", "agreed"),
        (-1, "done", "done"),
        (-29, "done", "done"),
        (-30, "done", "done"),
    ):
        taking_part(one, day, status, of)
    found = line(staff, one)
    assert (found.coming, found.done_in_month) == (2, 2)


@pytest.mark.parametrize(
    "deed",
    [
        lambda one: at(one, date=days(-9)),
        lambda one: taking_part(one, -9, ParticipationStatus.DONE, "done"),
        lambda one: OutreachEventFactory(date=days(-9), partners=[one]),
        lambda one: AcquaintanceMeetingFactory(
            relationship=relationship_in("acquainting", partner=one), date=days(-9)
        ),
    ],
    ids=["meeting", "assignment", "outreach", "acquaintance"],
)
def test_the_last_deed_of_any_kind(staff, deed):
    one = partner("Paula", since=-50)
    assert (line(staff, one).has_done, line(staff, one).quiet_since) == (False, days(-50))
    deed(one)
    OutreachEventFactory(date=days(9), partners=[one])  # to come
    at(one, date=days(-1), status="cancelled")
    found = line(staff, one)
    assert (found.has_done, found.last_deed, found.quiet_since) == (True, days(-9), days(-9))


def test_who_came_back_has_had_nothing_since_then_only(staff):
    one = partner("Paula", came_back_on=days(-3))
    assert (line(staff, one).quiet_since, line(staff, one).has_done) == (days(-3), False)


@pytest.mark.parametrize(("since", "is_long"), [(-59, False), (-60, True)])
def test_nothing_for_long(staff, since, is_long):
    one = partner("Paula", since=since)
    assert words(staff, one) == (["Nothing for long"] if is_long else [])
    assert names(staff, "nothing") == (["Paula"] if is_long else [])


def test_what_is_open_or_coming_is_not_nothing(staff):
    relationship_in("acquainting", partner=partner("Pair"))
    taking_part(partner("Task"), 20, "accepted")
    assert names(staff, "nothing") == []


def test_a_wish_to_talk_leads_to_its_page_and_an_overdue_one_to_a_new_time(staff):
    one = partner("Paula", supervised=-40)
    wish = TalkWishFactory(partner=one)
    urls = [url for _word, _tone, url in line(staff, one).needs]
    assert urls == [
        reverse("talk_handled", args=[wish.pk]),
        f"{reverse('supervision_create')}?partner={one.pk}",
    ]
    services.talk_handled(wish=wish, by=staff.actor)
    assert words(staff, one) == ["Supervision overdue"]


def test_who_is_only_having_a_break_is_left_in_peace(staff):
    one = partner("Paula", supervised=-40, is_available=False)
    assert (words(staff, one), line(staff, one).rank) == ([], load.RESTING)
    relationship_in("active", partner=one)
    assert (words(staff, one), line(staff, one).rank) == (["Supervision overdue"], load.OVERDUE)


def test_the_page_reads_as_it_should(staff):
    one = partner("Paula", supervised=-40)
    SupervisionFactory(date=days(45), partners=[one])
    page = staff.client().get(reverse(URL)).content.decode()
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    for sentence in ("Supervision overdue", "0 in 7 days", "0 coming", "0 / 3"):
        assert sentence in text
    assert (rules.MEETINGS_A_WEEK, rules.SUPERVISION_EVERY_DAYS, rules.NOTHING_FOR_DAYS) == (5, 30, 60)


@pytest.mark.parametrize("url_name", ["home", "partner_list"])
def test_it_is_linked_from_where_the_staff_are(staff, url_name):
    assert f'href="{reverse(URL)}"' in staff.client().get(reverse(url_name)).content.decode()


# --- speed ------------------------------------------------------------------------------------------------
def questions(staff: Person, **query) -> int:
    client = staff.client()
    with Heard() as heard:
        assert client.get(reverse(URL), query).status_code == 200
    return len([sql for sql in heard.statements if not NOT_A_QUESTION.match(sql)])


def many(count: int) -> None:
    """So many ready partners, written at once."""
    from pairing.models import Commitment, CommitmentText
    from tests.factories.training import CohortFactory
    from training.models import Enrolment

    cohort = CohortFactory()
    model = Enrolment(cohort=cohort, status="completed", completed_on=days(-400), language="fi")
    enrolments = Enrolment.objects.bulk_create(
        [
            Enrolment(
                cohort=cohort,
                first_name=f"N{number}",
                last_name="Puro",
                status=model.status,
                completed_on=model.completed_on,
                language="fi",
            )
            for number in range(count)
        ],
        batch_size=500,
    )
    partners = ExperiencePartner.objects.bulk_create(
        [
            ExperiencePartner(
                enrolment=enrolment,
                first_name=enrolment.first_name,
                last_name="Puro",
                speaks_fi=True,
                taken_in_on=days(-300 + number % 100),
            )
            for number, enrolment in enumerate(enrolments)
        ],
        batch_size=500,
    )
    Commitment.objects.bulk_create(
        [
            Commitment(partner=one, text=text, made_on=days(-200))
            for text in CommitmentText.objects.all()
            for one in partners
        ],
        batch_size=500,
    )


def test_a_thousand_partners_cost_the_questions_of_ten(staff, texts):
    many(10)
    few = questions(staff)
    many(990)
    assert ExperiencePartner.objects.count() == 1000
    assert questions(staff) == few <= 12
    assert questions(staff, state="nothing") == few
    page = staff.client().get(reverse(URL))
    assert (len(page.context["rows"]), page.context["chips"][0]["count"]) == (rules.PAGE_SIZE, 1000)
