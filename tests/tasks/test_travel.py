"""Travel: claimed on a phone, worked out by the rates of the travel date, approved by another person (domain 3.3)."""

import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from kumppani.core.dates import today
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.core.templatetags.kumppani import weekday_day
from kumppani.notices.kinds import KINDS
from kumppani.notices.models import Notice
from pairing.models import Meeting
from tasks import defaults, services
from tasks.models import AssignmentKind, MeetingTerms, TravelClaim, TravelRate
from tests.factories.accounts import RoleGrantFactory, user_in_role
from tests.factories.organisations import GrantFactory
from tests.factories.pairing import ExperiencePartnerFactory, MeetingFactory
from tests.factories.tasks import (
    FeeFactory,
    MeetingTermsFactory,
    OutreachEventFactory,
    ParticipationFactory,
    TravelClaimFactory,
    TravelRateFactory,
)
from tests.personas import Person

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
HELSINKI = ZoneInfo("Europe/Helsinki")


def url(name: str, record=None) -> str:
    return reverse(name, args=[record.pk] if record is not None else [])


def text(response) -> str:
    return response.content.decode()


def said(response) -> list[str]:
    """The sentences the person will read on the next page."""
    return [str(message) for message in get_messages(response.wsgi_request)]


def at(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime.datetime:
    """A moment by the clocks in Finland."""
    return datetime.datetime(year, month, day, hour, minute, tzinfo=HELSINKI)


@pytest.fixture
def shipped():
    """The rates of domain 3.3."""
    defaults.install()


@pytest.fixture
def traveller():
    """A partner with an account."""
    return ExperiencePartnerFactory(user=user_in_role("partner", language="en"))


def actor_of(partner):
    return Person("traveller", partner.user, "partner").actor


def staff():
    return Person("staff", user_in_role("staff"), "staff").actor


def claim(partner, **facts) -> TravelClaim:
    """A claim made by the service: 110 km by one's own car on 12 May 2026."""
    return services.claim_travel(
        by=actor_of(partner),
        partner=partner,
        **{
            "departs_at": at(2026, 5, 12),
            "minutes": 180,
            "route": "Turku–Salo–Turku",
            "purpose": "Autumn day",
            "vehicle": "own_car",
            "km": Decimal(110),
            **facts,
        },
    )


# --- The rates that come with the service -----------------------------------------------------------------
def test_the_shipped_rates_are_those_of_the_domain_and_2025_is_not_among_them(shipped):
    table = {}
    for rate in TravelRate.objects.all():
        rate.full_clean()
        year = rate.valid_from.year
        assert (rate.valid_from, rate.valid_to) == (datetime.date(year, 1, 1), datetime.date(year, 12, 31))
        table.setdefault(year, {})[rate.kind] = str(rate.amount)
    assert table == {
        2020: {"km": "0.43", "partial": "20.00", "full": "43.00"},
        2021: {"km": "0.44", "partial": "20.00", "full": "44.00"},
        2022: {"km": "0.46", "passenger_km": "0.03", "partial": "20.00", "full": "45.00"},
        2023: {"km": "0.53", "partial": "22.00", "full": "48.00"},
        2024: {"km": "0.57", "passenger_km": "0.04", "partial": "24.00", "full": "51.00"},
        2026: {"km": "0.55", "passenger_km": "0.04", "partial": "25.00", "full": "54.00"},
    }


def test_every_shipped_rate_names_its_source_and_2020_says_that_its_year_is_inferred(shipped):
    assert all("http" in rate.source for rate in TravelRate.objects.all())
    inferred = TravelRate.objects.filter(source__contains="year inferred")
    assert {rate.valid_from.year for rate in inferred} == {2020}
    assert inferred.count() == 3


def test_installing_again_writes_over_nothing_and_beside_nothing():
    own = TravelRateFactory(
        kind="km",
        amount=Decimal("0.51"),
        valid_from=datetime.date(2026, 3, 1),
        valid_to=datetime.date(2026, 4, 30),
    )
    made = defaults.install()
    assert made == AssignmentKind.objects.count() + TravelRate.objects.count() - 1
    assert defaults.install() == 0
    of_2026 = TravelRate.objects.filter(kind="km", valid_from__year=2026)
    assert [(rate.pk, rate.amount) for rate in of_2026] == [(own.pk, Decimal("0.51"))]


def test_the_rates_are_held_while_a_sum_is_worked_out(shipped, traveller, monkeypatch):
    """Whoever mends a rate at that moment waits, and then sees that it was used. Control: only read them."""
    held = []
    real = QuerySet.select_for_update

    def recorded(self, *args, **kwargs):
        held.append(self.model)
        return real(self, *args, **kwargs)

    monkeypatch.setattr(QuerySet, "select_for_update", recorded)
    made = claim(traveller)
    assert held == [TravelRate]
    held.clear()
    TravelClaim.objects.filter(pk=made.pk).update(
        total=None, km_amount=None, km_rate=None, per_diem_amount=None
    )
    made.refresh_from_db()
    services.approve_travel(claim=made, by=staff())
    assert held == [TravelClaim, TravelRate]


# --- What a journey comes to ------------------------------------------------------------------------------
def test_the_rates_are_those_of_the_travel_date(shipped, traveller):
    """R8. Control: ask for the rates of today."""
    last_of_2024 = claim(traveller, departs_at=at(2024, 12, 31, 23, 50), minutes=60)
    first_of_2026 = claim(traveller, departs_at=at(2026, 1, 1, 0, 5))
    assert (last_of_2024.km_rate, last_of_2024.total) == (Decimal("0.57"), Decimal("62.70"))
    assert (first_of_2026.km_rate, first_of_2026.total) == (Decimal("0.55"), Decimal("60.50"))


def test_a_claim_keeps_its_sum_when_the_rate_is_mended_later(shipped, traveller):
    made = claim(traveller)
    TravelRate.objects.filter(kind="km").update(amount=Decimal("9.99"))
    services.approve_travel(claim=made, by=staff())
    made.refresh_from_db()
    assert (made.status, made.total) == ("approved", Decimal("60.50"))


def test_passengers_per_diem_and_receipts_make_one_sum(shipped, traveller):
    made = claim(
        traveller,
        minutes=601,
        passengers=2,
        is_far=True,
        receipts_amount=Decimal("7.80"),
        has_receipts=True,
    )
    assert (made.km_rate, made.km_amount) == (Decimal("0.63"), Decimal("69.30"))
    assert (made.per_diem, made.per_diem_amount) == ("full", Decimal("54.00"))
    assert made.total == Decimal("131.10")


def test_without_a_known_rate_the_claim_is_kept_without_a_sum(shipped, traveller):
    made = claim(traveller, departs_at=at(2025, 5, 12))
    made.refresh_from_db()
    assert (made.status, made.total, made.km_amount, made.km_rate) == ("claimed", None, None, None)
    with pytest.raises(MoveRefused, match="A rate of this journey's day is missing"):
        services.approve_travel(claim=made, by=staff())
    made.refresh_from_db()
    assert made.status == "claimed"


def test_once_the_rate_is_there_the_sum_is_worked_out_at_approval(shipped, traveller):
    made = claim(traveller, departs_at=at(2025, 5, 12))
    TravelRateFactory(
        amount=Decimal("0.10"), valid_from=datetime.date(2025, 1, 1), valid_to=datetime.date(2025, 12, 31)
    )
    services.approve_travel(claim=made, by=staff())
    made.refresh_from_db()
    assert (made.status, made.km_rate, made.total) == ("approved", Decimal("0.10"), Decimal("11.00"))


def test_a_ticket_needs_no_rate(shipped, traveller):
    made = claim(
        traveller,
        departs_at=at(2025, 5, 12),
        vehicle="public",
        km=Decimal(0),
        receipts_amount=Decimal("12.40"),
        has_receipts=True,
    )
    assert made.total == Decimal("12.40")


def test_a_journey_that_comes_to_nothing_is_refused(shipped, traveller):
    with pytest.raises(MoveRefused, match="comes to 0 €"):
        claim(traveller, vehicle="bicycle", km=Decimal(0))


# --- Who pays ---------------------------------------------------------------------------------------------
def test_an_assignments_journey_is_paid_as_the_assignment_is(traveller, shipped):
    by_orderer = ParticipationFactory(
        partner=traveller, status="done", assignment__payer="orderer", assignment__grant=None
    )
    by_project = ParticipationFactory(partner=traveller, status="done")
    assert [
        (made.payer, made.grant)
        for made in (claim(traveller, participation=part) for part in (by_orderer, by_project))
    ] == [("orderer", None), ("project", by_project.assignment.grant)]


@pytest.fixture
def without_terms():
    """Nothing is settled about the meetings of the personas."""
    return lambda: MeetingTerms.objects.all().delete()


def test_a_meetings_journey_is_paid_by_its_terms(people, shipped, without_terms):
    without_terms()
    grant = GrantFactory()
    MeetingTermsFactory(relationship=people.own.active, of_grant=None, grant=grant)
    made = claim(people.own.partner, meeting=people.own.meeting)
    assert (made.payer, made.grant) == ("project", grant)


def test_without_terms_it_is_paid_from_the_grant_of_the_decision(people, shipped, without_terms):
    without_terms()
    grant = GrantFactory()
    people.own.active.decisions.filter(is_positive=True).update(funding="grant", grant=grant)
    assert claim(people.own.partner, meeting=people.own.meeting).grant == grant


def test_else_it_is_paid_from_the_running_grant_if_there_is_but_one(traveller, shipped):
    running = GrantFactory(starts_on=datetime.date(2026, 1, 1), ends_on=datetime.date(2026, 12, 31))
    assert claim(traveller).grant == running
    other = GrantFactory(starts_on=datetime.date(2026, 5, 1), ends_on=datetime.date(2026, 5, 31))
    assert claim(traveller).grant is None, "a wrong cost centre is worse than none"
    event = OutreachEventFactory(grant=other, partners=[traveller])
    assert claim(traveller, outreach=event).grant == other


# --- Paid or not ------------------------------------------------------------------------------------------
def test_whether_a_fee_is_paid_follows_from_what_was_agreed(people, without_terms):
    without_terms()
    unpaid = ParticipationFactory(fee_amount=None)
    assert services.fee_is_paid(participation=unpaid) is False
    assert services.fee_is_paid(participation=people.own.participation) is True
    waived = FeeFactory(status="waived", payment_form="waived").participation
    assert services.fee_is_paid(participation=waived) is False
    assert services.fee_is_paid(meeting=people.own.meeting) is False, "no terms: nothing is paid"
    MeetingTermsFactory(relationship=people.own.active, of_grant=None, grant=people.common.grant)
    assert services.fee_is_paid(meeting=people.own.meeting) is True
    assert services.fee_is_paid(outreach=OutreachEventFactory()) is False
    assert services.fee_is_paid() is None


# --- The yearly counters ----------------------------------------------------------------------------------
def volunteered(partner, when, **fields):
    return TravelClaimFactory(partner=partner, is_volunteer=True, departs_at=when, **fields)


PER_DIEM = {
    "is_far": True,
    "per_diem": "partial",
    "per_diem_amount": Decimal(25),
    "total": Decimal(75),
}


def test_the_year_is_that_of_the_travel_date_by_the_clocks_in_finland(traveller):
    """Half past midnight on New Year's Day in Helsinki is still the old year by the clock of the world."""
    volunteered(traveller, at(2026, 1, 1, 0, 30))
    volunteered(traveller, at(2025, 12, 31, 23, 30))
    volunteered(traveller, at(2025, 6, 1))
    assert services.volunteer_year(traveller, 2025) == (Decimal("100.00"), 0)
    assert services.volunteer_year(traveller, 2026) == (Decimal("50.00"), 0)


def test_only_unpaid_work_counts_and_what_is_sent_back_or_taken_back_does_not(traveller):
    """Control: drop the filter of states, or `is_volunteer`."""
    TravelClaimFactory(partner=traveller, departs_at=at(2026, 5, 1))
    volunteered(ExperiencePartnerFactory(), at(2026, 5, 1))
    volunteered(traveller, at(2026, 5, 2), status="rejected", rejected_because="Why?")
    volunteered(traveller, at(2026, 5, 3), status="withdrawn")
    waiting = volunteered(traveller, at(2026, 5, 4))
    volunteered(traveller, at(2026, 5, 5), approved=True)
    assert services.volunteer_year(traveller, 2026) == (Decimal("100.00"), 0)
    assert services.volunteer_year(traveller, 2026, without=waiting) == (Decimal("50.00"), 0)


def test_a_day_with_two_journeys_is_one_day(traveller):
    for hour in (0, 12, 23):
        volunteered(traveller, at(2026, 5, 4, hour), **PER_DIEM)
    volunteered(traveller, at(2026, 5, 5), **PER_DIEM)
    assert services.volunteer_year(traveller, 2026).per_diem_days == 2


# --- The form ---------------------------------------------------------------------------------------------
def night_before_last_sunday(month: int) -> datetime.date:
    """The Saturday of last year on whose night the clocks were changed in this month."""
    last = datetime.date(today().year - 1, month, 31)
    return last - datetime.timedelta(days=(last.weekday() + 1) % 7 + 1)


SPRING_NIGHT, AUTUMN_NIGHT = night_before_last_sunday(3), night_before_last_sunday(10)


def typed(client, address: str | None = None, **words) -> dict:
    """A whole form, as somebody fills it in on a phone: 40 km yesterday, for something else."""
    form = client.get(address or url("travel_create")).context["form"]
    filled = {
        "thing": "other",
        "purpose": "The partners' autumn day",
        "date": (today() - DAY).isoformat(),
        "left_at": "09:00",
        "came_back_at": "12:00",
        "route": "Turku–Salo–Turku",
        "vehicle": "own_car",
        "km": "40,5",
        "paid": "no",
        "submission": form["submission"].value(),
    }
    return {name: value for name, value in (filled | words).items() if value is not None}


def errors_of(response) -> dict:
    assert response.status_code == 422
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


def test_a_partner_claims_and_the_answer_says_how_the_sum_is_made_up(people):
    client = people.partner.client()
    words = typed(client)
    first, second = (client.post(url("travel_create"), words) for _ in range(2))
    made = TravelClaim.objects.get(purpose="The partners' autumn day")
    assert first.url == second.url == made.get_absolute_url()
    assert said(first)[0].endswith(": 20.25\u00a0€. The staff look at it, and you get a notice.")
    assert (made.partner, made.claimed_by, made.is_volunteer) == (
        people.own.partner,
        people.partner.user,
        True,
    )
    assert (made.km, made.minutes, made.status) == (Decimal("40.5"), 180, "claimed")
    response = client.get(made.get_absolute_url())
    assert response.context["lines"] == [
        {"words": "40.5 km × 0.50\u00a0€", "note": "", "amount": Decimal("20.25")}
    ]
    assert "No per diem: the place is not far enough." in text(response)


def test_the_return_may_be_the_next_day(people):
    client = people.partner.client()
    words = typed(client, left_at="22:00", came_back_at="02:30", next_day="on")
    client.post(url("travel_create"), words)
    made = TravelClaim.objects.get(purpose="The partners' autumn day")
    assert (made.day, made.ends_next_day) == (today() - DAY, True)
    assert timezone.localtime(made.returns_at).time() == datetime.time(2, 30)


def test_the_length_is_real_time_when_the_clocks_change(people):
    """From 23.00 to 5.00 over the night of spring are five hours; in autumn seven. Control: subtract local times."""
    client = people.partner.client()
    lengths = []
    for night in (SPRING_NIGHT, AUTUMN_NIGHT):
        words = typed(client, date=night.isoformat(), left_at="23:00", came_back_at="05:00", next_day="on")
        assert client.post(url("travel_create"), words).status_code == 302
        lengths.append(TravelClaim.objects.order_by("-created_at").first().minutes // 60)
    assert lengths == [5, 7]


MISTAKES = {
    "a time that was left out": (
        {"date": SPRING_NIGHT.isoformat(), "left_at": "22:00", "came_back_at": "03:30", "next_day": "on"},
        {
            "came_back_at": [
                "The clocks were put forward that night, and this time was left out. Write another."
            ]
        },
    ),
    "back before leaving": (
        {"came_back_at": "08:00"},
        {"came_back_at": ["You came back before you left. If you came back the next day, put a tick below."]},
    ),
    "longer than a day": (
        {"came_back_at": "09:01", "next_day": "on"},
        {"came_back_at": ["One claim is for 24 hours at most. Make one claim for each day."]},
    ),
    "tomorrow": (
        {"date": (today() + DAY).isoformat()},
        {"date": ["This day has not come yet. Claim the journey when you are back."]},
    ),
    "long ago": (
        {"date": "0026-05-12"},
        {"date": ["This day is many years ago. Look at the year again."]},
    ),
    "something else without words": (
        {"purpose": ""},
        {"purpose": ["Write in a few words what the journey was for."]},
    ),
    "something else, paid or not": (
        {"paid": ""},
        {"paid": ["Say whether a fee or a wage is paid to you for this work."]},
    ),
    "a car without kilometres": ({"km": ""}, {"km": ["Write how many kilometres you drove."]}),
    "kilometres by bus": (
        {"vehicle": "public", "receipts_amount": "5"},
        {"km": ["Kilometres are paid for your own car. Leave this empty, or choose your own car."]},
    ),
    "passengers by taxi": (
        {"vehicle": "taxi", "km": "", "receipts_amount": "5", "passengers": "1"},
        {"passengers": ["Passengers are counted in your own car. Leave this empty, or choose your own car."]},
    ),
    "receipts of nothing": (
        {"has_receipts": "on"},
        {"receipts_amount": ["Write how much the receipts come to in euros."]},
    ),
    "nothing at all": (
        {"vehicle": "bicycle", "km": ""},
        {
            "__all__": [
                "This journey comes to 0 €. Write the kilometres or what the tickets cost. A per diem needs a place"
                " that is far enough and a journey of over 6 hours."
            ]
        },
    ),
    "an identity code": (
        {"route": "131052-308T"},
        {"route": ["Leave the personal identity code out. It is not needed here."]},
    ),
    "a thing that is not there": (
        {"thing": "meeting:00000000-0000-4000-8000-000000000000"},
        {"thing": ["Choose from the list what the journey was for."]},
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_said_at_its_field(people, name):
    words, errors = MISTAKES[name]
    client = people.partner.client()
    before = TravelClaim.objects.count()
    assert errors_of(client.post(url("travel_create"), typed(client, **words))) == errors
    assert TravelClaim.objects.count() == before


def choices(response) -> dict[str, str]:
    """What one may travel for, as it is drawn: code → words."""
    found = {}
    for value, label in response.context["form"].fields["thing"].choices:
        found |= (
            {code: str(words) for code, words in label} if isinstance(label, list) else {value: str(label)}
        )
    return found


def test_one_travels_for_own_work_of_the_last_months_without_a_parents_name(people):
    """Control: leave out `visible_to`; name the parent in the label."""
    own = people.own
    long_ago = MeetingFactory(relationship=own.active, date=today() - 91 * DAY)
    event = OutreachEventFactory(partners=[own.partner])
    OutreachEventFactory()
    response = people.partner.client().get(url("travel_create"))
    found = choices(response)
    since = today() - 90 * DAY
    taking_part = own.partner.participations.filter(status__in=["accepted", "done"])
    held = [
        meeting
        for meeting in Meeting.objects.filter(status="held")
        if meeting.relationship.partner == own.partner
    ]
    assert set(found) - {"", "other"} == {
        *(f"participation:{p.pk}" for p in taking_part if since <= p.assignment.date <= today()),
        *(f"meeting:{meeting.pk}" for meeting in held if since <= meeting.date <= today()),
        *(f"outreachevent:{event.pk}" for event in own.partner.outreach.all() if event.date <= today()),
    }
    assert {f"meeting:{own.meeting.pk}", f"outreachevent:{event.pk}"} < set(found)
    assert f"meeting:{long_ago.pk}" not in found
    assert found[f"meeting:{own.meeting.pk}"].startswith("Peer-support meeting, ")
    assert own.parent.first_name not in text(response)
    assert found[f"participation:{own.fee.participation.pk}"].endswith("(claimed already)")


def end(meeting) -> None:
    """The meeting's relationship has ended."""
    of = type(meeting.relationship).objects.filter(pk=meeting.relationship_id)
    of.update(status="ended", ended_on=today())


def test_a_claim_may_come_after_the_end_of_the_relationship(people):
    """Claims come late. Control: list open relationships only; name the time; forget whose relationship it was."""
    meeting, foreign = people.own.meeting, people.foreign.meeting
    Meeting.objects.filter(pk__in=[meeting.pk, foreign.pk]).update(starts_at=datetime.time(14, 37))
    long_ago = MeetingFactory(relationship=people.own.active, date=today() - 91 * DAY)
    planned = MeetingFactory(relationship=people.own.active, date=today(), status="planned", minutes=None)
    end(meeting)
    end(foreign)
    client = people.partner.client()
    response = client.get(url("travel_create"))
    found = choices(response)
    assert found[f"meeting:{meeting.pk}"] == f"Peer-support meeting, {weekday_day(meeting.date)}"
    for other in (foreign, long_ago, planned):
        assert f"meeting:{other.pk}" not in found
    for word in (people.own.parent.first_name, "14:37", "2:37"):
        assert word not in text(response)
    words = typed(client, thing=f"meeting:{meeting.pk}", purpose="", paid="")
    assert client.post(url("travel_create"), words).status_code == 302
    made = TravelClaim.objects.get(meeting=meeting)
    assert (made.partner, made.what) == (people.own.partner, "Peer-support meeting")
    assert people.own.parent.first_name not in text(client.get(made.get_absolute_url()))


@pytest.mark.parametrize("person", ["staff", "worker", "parent", "other_partner", "former_partner"])
def test_late_meetings_are_the_partners_alone(people, person):
    end(people.own.meeting)
    found = services.late_meetings(getattr(people, person).actor)
    assert people.own.meeting not in found


def test_what_a_claim_is_for_can_be_chosen_when_it_is_mended_whatever_has_become_of_it(people):
    """Control: list only what could be claimed anew."""
    own, client = people.own, people.partner.client()
    part = ParticipationFactory(
        partner=own.partner,
        status="cancelled",
        assignment__date=today() - 200 * DAY,
        assignment__status="done",
    )
    old = MeetingFactory(relationship=own.active, date=today() - 200 * DAY, starts_at=datetime.time(14, 37))
    end(old)
    event = OutreachEventFactory(date=today() - 200 * DAY)
    returned = {"partner": own.partner, "status": "rejected", "rejected_because": "Reitti puuttuu"}
    for name, thing in (("participation", part), ("meeting", old), ("outreach", event)):
        claim = TravelClaimFactory(**returned, **{name: thing})
        response = client.get(url("travel_edit", claim))
        code = f"{thing._meta.model_name}:{thing.pk}"
        assert (code in choices(response), response.context["form"]["thing"].value()) == (True, code)
        assert "14:37" not in text(response)
        assert code not in choices(client.get(url("travel_create")))


def test_a_link_from_a_meeting_fills_in_what_is_known(people, without_terms):
    without_terms()
    meeting = people.own.meeting
    type(meeting).objects.filter(pk=meeting.pk).update(travel_km=46, date=today() - 100 * DAY)
    form = people.partner.client().get(f"{url('travel_create')}?meeting={meeting.pk}").context["form"]
    known = {name: form[name].value() for name in ("thing", "date", "vehicle", "km", "paid")}
    assert known == {
        "thing": f"meeting:{meeting.pk}",
        "date": today() - 100 * DAY,
        "vehicle": "own_car",
        "km": 46,
        "paid": "no",
    }


def test_tickets_are_filled_in_too_and_a_paid_assignment_is_known_to_be_paid(people):
    client, meeting = people.partner.client(), people.own.meeting
    type(meeting).objects.filter(pk=meeting.pk).update(ticket_cost=Decimal("4.20"))
    form = client.get(f"{url('travel_create')}?meeting={meeting.pk}").context["form"]
    assert (form["vehicle"].value(), form["receipts_amount"].value()) == ("public", "4.20")
    part = people.own.claimed_fee.participation
    form = client.get(f"{url('travel_create')}?participation={part.pk}").context["form"]
    assert (form["thing"].value(), form["paid"].value()) == (f"participation:{part.pk}", "yes")


@pytest.mark.parametrize("query", ["meeting={foreign}", "meeting=nonsense", "participation={foreign}"])
def test_a_link_to_what_is_not_ones_own_fills_in_nothing(people, query):
    address = f"{url('travel_create')}?{query.format(foreign=people.foreign.meeting.pk)}"
    response = people.partner.client().get(address)
    assert response.context["form"]["thing"].value() is None
    assert str(people.foreign.meeting.pk) not in choices(response)


def test_paid_work_is_not_claimed_as_work_without_pay(people):
    client, part = people.partner.client(), people.own.claimed_fee.participation
    words = typed(client, thing=f"participation:{part.pk}", purpose="", paid="no")
    assert list(errors_of(client.post(url("travel_create"), words))) == ["paid"]
    client.post(url("travel_create"), words | {"paid": ""})
    assert TravelClaim.objects.get(participation=part).is_volunteer is False


def test_the_words_of_a_meeting_are_neutral_in_every_language(people, without_terms):
    without_terms()
    client = people.partner.client()
    client.post(url("travel_create"), typed(client, thing=f"meeting:{people.own.meeting.pk}", paid=""))
    made = TravelClaim.objects.get(meeting=people.own.meeting)
    assert (made.what, made.is_volunteer) == ("Peer-support meeting", True)


# --- Rates that are missing -------------------------------------------------------------------------------
def test_a_missing_rate_is_told_kindly_to_the_partner_and_exactly_to_the_staff(people):
    client = people.partner.client()
    words = typed(client, left_at="06:00", came_back_at="13:00", is_far="on", passengers="1")
    response = client.post(url("travel_create"), words)
    assert said(response)[0].endswith("is not here yet, so the sum is worked out later.")
    made = TravelClaim.objects.get(purpose="The partners' autumn day")
    assert "Your claim is safe." in text(client.get(made.get_absolute_url()))
    staff_client = people.staff.client()
    response = staff_client.get(made.get_absolute_url())
    assert response.context["missing"] == ["each passenger, per kilometre", "partial per diem"]
    assert url("travel_approve", made) not in text(response)
    response = staff_client.get(url("travel_approve", made))
    assert said(response) == ["A rate of this journey's day is missing. An administrator adds it first."]

    TravelRateFactory(kind="passenger_km", amount=Decimal("0.10"))
    TravelRateFactory(kind="partial", amount=Decimal(20))
    response = staff_client.get(url("travel_approve", made))
    assert (response.context["total"], response.context["is_preview"]) == (Decimal("44.30"), True)
    staff_client.post(url("travel_approve", made))
    made.refresh_from_db()
    assert (made.status, made.total) == ("approved", Decimal("44.30"))


# --- The yearly maximum in words --------------------------------------------------------------------------
def near(partner, euros: str):
    """The partner has claimed so many euros for kilometres this year, without pay."""
    amount = Decimal(euros)
    return volunteered(
        partner,
        timezone.now(),
        km_amount=amount,
        total=amount,
        km=Decimal(3000),
    )


@pytest.mark.parametrize(
    ("euros", "words"),
    [
        ("2600.00", None),
        ("2700.00", "Of the 3,000.00\u00a0€ a year that are free of tax, 250.00\u00a0€ are left."),
        ("2951.00", "3,000.00\u00a0€ a year are free of tax; what goes over may be taxed."),
    ],
)
def test_near_the_yearly_maximum_the_partner_and_the_approver_are_told(people, euros, words):
    """Told, not forbidden. Beside the claim of the personas, 50 € without pay."""
    made = people.own.travel
    TravelClaim.objects.filter(pk=made.pk).update(departs_at=timezone.now())
    near(people.own.partner, euros)
    for client in (people.partner.client(), people.staff.client()):
        warnings = client.get(made.get_absolute_url()).context["year"]["warnings"]
        assert len(warnings) == bool(words)
        if words:
            assert warnings[0].endswith(words)
    page = text(people.staff.client().get(url("travel_approve", made)))
    assert ("free of tax" in page) is bool(words)
    response = people.staff.client().post(url("travel_approve", made))
    assert said(response) == [f"Approved: 50.00\u00a0€ to {people.own.partner.name}."]


def test_near_the_maximum_one_reads_of_it_before_claiming(people):
    client = people.partner.client()
    assert client.get(url("travel_create")).context["warnings"] == []
    near(people.own.partner, "2800.00")
    assert "are left." in client.get(url("travel_create")).context["warnings"][0]


def test_days_with_a_per_diem_are_counted_and_told(traveller):
    for day in range(1, 19):
        made = volunteered(traveller, at(2026, 5, day), **PER_DIEM)
    page = Person("traveller", traveller.user, "partner").client().get(made.get_absolute_url())
    assert page.context["year"]["days"] == "18 of 20"
    assert page.context["year"]["warnings"] == [
        "Days with a per diem for work without pay: 18 in 2026. Of the 20 days a year that are free of tax, 2 are"
        " left."
    ]


def test_what_deserves_a_look_is_told_before_approving(people):
    own = people.own
    TravelClaim.objects.filter(pk=own.travel.pk).update(
        receipts_amount=Decimal(12), total=Decimal(62), is_volunteer=True
    )
    page = people.staff.client().get(url("travel_approve", own.travel))
    facts = {"day": own.travel.day, "other": own.fee.participation.assignment.date}
    assert facts["day"] != facts["other"]
    assert [warning.split(" ")[0] for warning in page.context["warnings"]] == [
        "12.00\u00a0€",
        "There",
        "The",
        "It",
    ]
    for warning in page.context["warnings"]:
        assert warning in text(page).replace("&#x27;", "'")


# --- Approved, sent back, mended, taken back, paid --------------------------------------------------------
def test_staff_approve_once_and_the_partner_is_told(people):
    made, client = people.own.travel, people.staff.client()
    first, second = (client.post(url("travel_approve", made)) for _ in range(2))
    made.refresh_from_db()
    assert (made.status, made.approved_by_id) == ("approved", people.staff.user.pk)
    assert said(first)[0].startswith("Approved: 50.00")
    assert said(second)[-1] == "This cannot be done now, because the state is “Approved”."
    assert Notice.objects.filter(recipient=people.partner.user, kind="travel_approved").count() == 1


@pytest.mark.parametrize("page", ["travel_approve", "travel_reject"])
def test_nobody_decides_on_the_own_journey_in_another_role(people, page):
    """A37. Control: take `ByAnother` away."""
    RoleGrantFactory(user=people.partner.user, role="staff")
    client, made = Person("both", people.partner.user, "staff").client(), people.own.travel
    assert client.get(url(page, made)).status_code == 403
    assert client.post(url(page, made), {"because": "Mine."}).status_code == 403
    assert "Somebody else approves this." in text(client.get(made.get_absolute_url()))
    with pytest.raises(MoveRefused, match="Somebody else than the claimer approves"):
        services.approve_travel(claim=made, by=Person("both", people.partner.user, "staff").actor)
    made.refresh_from_db()
    assert made.status == "claimed"


def test_a_claim_goes_back_with_words_is_mended_and_claimed_again(people):
    made, client, staff_client = people.own.travel, people.partner.client(), people.staff.client()
    address = url("travel_reject", made)
    token = staff_client.get(address).context["form"]["submission"].value()
    staff_client.post(address, {"because": "Which way did you drive?", "submission": token})
    page = client.get(made.get_absolute_url())
    assert "Which way did you drive?" in text(page)
    assert url("travel_edit", made) in text(page)
    form = client.get(url("travel_edit", made)).context["form"]
    assert (form["thing"].value(), form["km"].value()) == (
        f"participation:{made.participation_id}",
        "100",
    )
    token = form["submission"].value()
    words = typed(client, thing=form["thing"].value(), purpose="", km="80", paid="yes", submission=token)
    response = client.post(url("travel_edit", made), words)
    assert response.url == made.get_absolute_url()
    made.refresh_from_db()
    assert (made.status, made.total, made.rejected_because) == ("claimed", Decimal("40.00"), "")
    lines = [line["words"] for line in staff_client.get(made.get_absolute_url()).context["history"]]
    assert lines == ["Claimed", "Sent back, to be looked at again", "Mended and claimed again"]
    assert Notice.objects.filter(recipient=people.staff.user, kind="travel_to_approve").exists()


def test_what_has_been_approved_in_between_is_not_mended(people):
    made = people.own.returned_travel
    old = TravelClaim.objects.get(pk=made.pk)
    services.mend_travel(claim=made, by=people.partner.actor, **facts_of(made))
    with pytest.raises(AlreadyMoved):
        services.mend_travel(claim=old, by=people.partner.actor, **facts_of(old))


def facts_of(made: TravelClaim) -> dict:
    names = ("departs_at", "minutes", "route", "purpose", "vehicle", "km", "receipts_amount")
    return {name: getattr(made, name) for name in names}


def test_a_partner_takes_a_claim_back_until_it_is_approved(people):
    made, client = people.own.travel, people.partner.client()
    assert "Nothing is paid for this journey." in text(client.get(url("travel_withdraw", made)))
    assert said(client.post(url("travel_withdraw", made))) == ["You have taken the claim back."]
    made.refresh_from_db()
    assert made.status == "withdrawn"
    with pytest.raises(MoveRefused, match="This cannot be changed any more"):
        services.withdraw_travel(claim=people.own.orderer_travel, by=people.partner.actor)


def test_what_the_orderer_pays_is_written_down_by_the_staff(people):
    made, client = people.own.orderer_travel, people.staff.client()
    address = url("travel_paid_by_orderer", made)
    token = client.get(address).context["form"]["submission"].value()
    late = client.post(address, {"on": (today() + DAY).isoformat(), "submission": token})
    assert errors_of(late) == {"on": ["This day has not come yet."]}
    client.post(address, {"on": today().isoformat(), "submission": token})
    made.refresh_from_db()
    assert (made.status, made.paid_on, made.batch) == ("paid", today(), None)
    assert Notice.objects.filter(recipient=people.partner.user, kind="travel_paid").exists()


def test_what_the_project_pays_goes_through_a_batch(people):
    people.staff.client().post(url("travel_approve", people.own.travel))
    people.own.travel.refresh_from_db()
    with pytest.raises(MoveRefused, match="What the project pays goes through a payment batch"):
        services.travel_paid_by_orderer(claim=people.own.travel, on=today(), by=people.staff.actor)


def test_a_partner_reads_roles_not_the_names_of_staff(people):
    people.staff.client().post(url("travel_approve", people.own.travel))
    response = people.partner.client().get(people.own.travel.get_absolute_url())
    assert [line["who"] for line in response.context["history"]] == ["You", "Project staff"]
    assert people.staff.user.first_name not in text(response)
    assert str(people.common.grant) not in text(response)


# --- Lists and ways in ------------------------------------------------------------------------------------
def test_staff_see_first_what_waits_the_longest_with_the_sum_of_all(people, settings):
    settings.PAGE_SIZE = 1
    response = people.staff.client().get(url("travel_list"))
    waiting = TravelClaim.objects.filter(status="claimed").order_by("claimed_at", "id")
    assert [row.pk for row in response.context["rows"]] == [waiting[0].pk]
    assert (response.context["together"], response.context["together_count"]) == (Decimal("100.00"), 2)


def test_staff_choose_by_state_and_a_partner_sees_the_own(people):
    client = people.staff.client()
    for state in ("claimed", "rejected", "approved", "exported", "paid"):
        rows = client.get(f"{url('travel_list')}?state={state}").context["rows"]
        assert {row.pk for row in rows} == {row.pk for row in TravelClaim.objects.filter(status=state)}
    assert {row.pk for row in client.get(f"{url('travel_list')}?state=rejected").context["rows"]} == {
        people.own.returned_travel.pk,
        people.foreign.returned_travel.pk,
    }
    response = people.partner.client().get(url("travel_list"))
    own = people.own.partner.travelclaims.all()
    assert {row.pk for row in response.context["rows"]} == {row.pk for row in own}
    on_the_way = own.filter(status__in=["claimed", "approved", "exported"])
    assert response.context["waiting"] == sum(row.total for row in on_the_way)
    assert url("travel_edit", people.own.returned_travel) in text(response)


def test_travel_is_claimed_from_where_one_is(people):
    client, own = people.partner.client(), people.own
    part = ParticipationFactory(partner=own.partner, status="accepted", assignment__date=today())
    assert url("travel_create") in text(client.get("/"))
    assert f"{url('travel_create')}?meeting={own.meeting.pk}" in text(
        client.get(own.meeting.get_absolute_url())
    )
    assert f"{url('travel_create')}?participation={part.pk}" in text(client.get(part.get_absolute_url()))
    assert url("travel_create") not in text(client.get(own.planned_meeting.get_absolute_url()))
    assert url("travel_create") not in text(client.get(own.assignment.get_absolute_url()))
    assert url("travel_create") not in text(people.staff.client().get(own.meeting.get_absolute_url()))


def test_both_homes_tell_what_waits(people):
    assert url("travel_detail", people.own.travel) in text(people.staff.client().get("/"))
    assert url("travel_edit", people.own.returned_travel) in text(people.partner.client().get("/"))


def test_the_notices_are_known_to_those_whom_they_concern(people):
    made = people.own.travel
    assert KINDS["travel_to_approve"].visible(people.staff.actor, made.pk)
    RoleGrantFactory(user=people.partner.user, role="staff")
    both = Person("both", people.partner.user, "staff").actor
    assert not KINDS["travel_to_approve"].visible(both, made.pk)
    for code in ("travel_approved", "travel_paid"):
        assert KINDS[code].visible(people.partner.actor, made.pk)
        assert not KINDS[code].visible(people.other_partner.actor, made.pk)
    assert not KINDS["travel_rejected"].visible(people.partner.actor, made.pk)
    assert KINDS["travel_rejected"].visible(people.partner.actor, people.own.returned_travel.pk)


# --- The administrator's rates ----------------------------------------------------------------------------
def rate_typed(client, address: str, **words) -> dict:
    form = client.get(address).context["form"]
    return {
        "kind": "partial",
        "amount": "25",
        "valid_from": "2026-01-01",
        "valid_to": "2026-12-31",
        "source": "Pro-Ratio 2026",
        "submission": form["submission"].value(),
        **words,
    }


def test_an_administrator_adds_a_rate_with_its_source(people):
    client, address = people.administrator.client(), url("travel_rate_create")
    response = client.post(address, rate_typed(client, address, amount="0,55", kind="passenger_km"))
    assert said(response) == ["Saved: Each passenger, per kilometre, 0.55\u00a0€ from 1 Jan 2026."]
    made = TravelRate.objects.get(kind="passenger_km")
    assert (made.amount, made.source) == (Decimal("0.55"), "Pro-Ratio 2026")


def test_two_rates_of_one_kind_do_not_hold_on_the_same_day(people):
    """Control: leave out `_check_rate`."""
    client, address = people.administrator.client(), url("travel_rate_create")
    first = people.common.travel_rate.valid_from
    for words in (
        {"kind": "km", "valid_from": today().isoformat(), "valid_to": ""},
        {"kind": "km", "valid_from": (first - DAY).isoformat(), "valid_to": first.isoformat()},
    ):
        errors = errors_of(client.post(address, rate_typed(client, address, **words)))
        assert list(errors) == ["valid_from"]
        assert errors["valid_from"][0].startswith("Another rate of this kind is in force from ")
    words = {"kind": "km", "valid_from": "2020-01-01", "valid_to": (first - DAY).isoformat()}
    assert client.post(address, rate_typed(client, address, **words)).status_code == 302


def test_a_rate_is_mended_until_a_sum_has_been_worked_out_with_it(people):
    client, loose, used = people.administrator.client(), people.common.loose_rate, people.common.travel_rate
    address = url("travel_rate_edit", loose)
    client.post(address, rate_typed(client, address, kind="full", amount="54"))
    loose.refresh_from_db()
    assert loose.amount == Decimal(54)
    response = client.get(url("travel_rate_edit", used))
    assert said(response)[-1] == "Sums have been worked out with this rate. End it, and add another."
    with pytest.raises(MoveRefused):
        services.mend_rate(rate=used, by=people.administrator.actor, amount=Decimal(9))
    page = text(client.get(url("travel_rate_list")))
    assert url("travel_rate_edit", loose) in page
    assert url("travel_rate_edit", used) not in page


def test_a_rate_ends_on_a_day_not_before_its_last_use(people):
    client, used = people.administrator.client(), people.common.travel_rate
    address = url("travel_rate_end", used)
    token = client.get(address).context["form"]["submission"].value()
    early = client.post(address, {"on": (today() - 30 * DAY).isoformat(), "submission": token})
    assert early.status_code == 409
    assert "Sums have been worked out with this rate on later days." in text(early)
    client.post(address, {"on": today().isoformat(), "submission": token})
    used.refresh_from_db()
    assert used.valid_to == today()


def test_the_list_tells_which_years_are_without_a_rate(people, shipped):
    TravelRate.objects.filter(pk=people.common.travel_rate.pk).delete()
    defaults.install()
    response = people.administrator.client().get(url("travel_rate_list"))
    assert 2025 in response.context["missing_years"]
    assert not {2020, 2021, 2022, 2023, 2024, 2026} & set(response.context["missing_years"])
    assert url("travel_rate_create") in text(response)
    for reader in (people.partner, people.staff):
        page = text(reader.client().get(url("travel_rate_list")))
        assert url("travel_rate_create") not in page
        assert "Pro-Ratio" in page


# --- What must never be -----------------------------------------------------------------------------------
def refused(record, words: str) -> None:
    """The model says it in words, and the database refuses it."""
    with pytest.raises(ValidationError) as error:
        record.validate_constraints()
    assert error.value.messages == [words]
    with pytest.raises(IntegrityError), transaction.atomic():
        record.save(force_insert=True)


def built(**fields) -> TravelClaim:
    """A claim not yet in the database."""
    partner = fields.pop("partner", None) or ExperiencePartnerFactory(user=user_in_role("partner"))
    return TravelClaimFactory.build(partner=partner, grant=None, **fields)


def test_a_whole_claim_is_taken():
    made = built()
    made.validate_constraints()
    made.save(force_insert=True)


def test_a_journey_is_for_one_thing(people):
    refused(
        built(participation=people.own.participation, meeting=people.own.meeting),
        "A journey is for one thing.",
    )


@pytest.mark.parametrize("minutes", [0, 1441])
def test_a_journey_ends_within_24_hours(minutes):
    refused(
        built(minutes=minutes),
        "The journey ends after it begins, within 24 hours. Make one claim for each day.",
    )


@pytest.mark.parametrize("fields", [{"km": Decimal("3000.1")}, {"passengers": 9}])
def test_amounts_are_sensible(fields):
    refused(built(**fields), "Write kilometres from 0 to 3,000 and costs from 0 euros.")


def test_kilometres_are_for_the_own_car():
    refused(built(vehicle="taxi"), "Kilometres are paid for one's own car.")


def test_a_per_diem_needs_a_place_far_enough():
    refused(
        built(per_diem="partial", per_diem_amount=Decimal(25), total=Decimal(75)),
        "A per diem needs a place that is far enough.",
    )


def test_the_parts_add_up_to_the_total():
    refused(built(total=Decimal("50.01")), "The parts add up to the total.")


def test_what_is_approved_has_a_sum():
    nothing = dict.fromkeys(("km_rate", "km_amount", "per_diem_amount", "total"))
    refused(built(approved=True, **nothing), "What is approved has a sum.")


def test_a_claim_has_a_known_state_and_vehicle():
    refused(built(vehicle="rocket", km=Decimal(0)), "Choose how you travelled.")
    with pytest.raises(IntegrityError), transaction.atomic():
        TravelClaim.objects.filter(pk=TravelClaimFactory().pk).update(status="draft")


def test_nobody_approves_the_own_claim_whoever_writes():
    made = TravelClaimFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        TravelClaim.objects.filter(pk=made.pk).update(
            status="approved", approved_by=made.claimed_by, approved_at=timezone.now()
        )


def test_a_rate_is_a_number_with_a_kind_a_source_and_days_in_order():
    for fields, words in (
        ({"kind": "boat"}, "Choose the rate from the list."),
        ({"amount": Decimal(0)}, "A rate is more than 0 €."),
        ({"source": ""}, "Write where this rate was read."),
        (
            {"valid_from": today(), "valid_to": today() - DAY},
            "The last day cannot be before the first day.",
        ),
    ):
        refused(TravelRateFactory.build(**fields), words)
    rate = TravelRateFactory()
    refused(TravelRateFactory.build(valid_from=rate.valid_from), "There is a rate from this day already.")
