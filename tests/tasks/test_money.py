"""The partner's own money on one page."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kumppani.core.dates import today
from kumppani.core.templatetags.kumppani import day as day_words
from tasks.models import MeetingTerms, PartnerTerms
from tests.factories.pairing import DecisionFactory
from tests.factories.tasks import (
    CorrectionFactory,
    FeeFactory,
    MeetingTermsFactory,
    ParticipationFactory,
    PartnerTermsFactory,
    PaymentBatchFactory,
    TravelClaimFactory,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
MONEY = "/money/"


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def earner(people):
    """A partner who has earned nothing yet."""
    return people.former_partner


@pytest.fixture
def partner(people):
    return people.own.former_partner


def paid(partner, on: datetime.date, amount="100.00", **fields):
    """A fee of this partner, paid on this day."""
    return FeeFactory(
        exported=True,
        status="paid",
        paid_on=on,
        batch=PaymentBatchFactory(status="paid", paid_on=on),
        participation__partner=partner,
        participation__fee_amount=Decimal(amount),
        **fields,
    )


def test_the_page_stands_at_its_place():
    assert reverse("own_money") == MONEY


def test_an_empty_page_says_what_will_be_there(earner):
    page = text(earner.client().get(MONEY))
    assert "When an assignment has been done, its fee stands here and you can claim it." in page
    assert "Nothing has been agreed about paying for meetings. Then they are not paid." in page
    assert "You can set a sum a month." in page
    assert "ask Kela, your unemployment fund or your pension institution" in page


def test_the_year_by_month_of_payment(earner, partner):
    with time_machine.travel(datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC), tick=False):
        march = paid(partner, datetime.date(2026, 3, 31), "60.00")
        april, also = (
            paid(partner, datetime.date(2026, 4, 1)),
            paid(partner, datetime.date(2026, 4, 30), "40.00"),
        )
        CorrectionFactory(
            fee=march,
            status="paid",
            paid_on=datetime.date(2026, 4, 30),
            amount=Decimal("-5.00"),
            batch=also.batch,
            approved_by=march.approved_by,
            approved_at=march.approved_at,
        )
        paid(partner, datetime.date(2025, 12, 31))
        FeeFactory(claimed=True)  # somebody else's
        on_the_way = [
            FeeFactory(claimed=True, participation__partner=partner),
            FeeFactory(approved=True, participation__partner=partner),
            FeeFactory(exported=True, participation__partner=partner),
        ]
        travel = TravelClaimFactory(partner=partner)
        draft = FeeFactory(participation__partner=partner)
        context = earner.client().get(MONEY).context
    months = [(month.first, month.together, len(month.items)) for month in context["months"]]
    assert months == [
        (datetime.date(2026, 4, 1), Decimal("135.00"), 3),
        (datetime.date(2026, 3, 1), Decimal("60.00"), 1),
    ]
    assert (context["earned"], context["covered"]) == (Decimal("195.00"), 0)
    assert {item.pk for item in context["coming"]} == {item.pk for item in [*on_the_way, travel]}
    assert context["coming_sum"] == Decimal("350.00")
    assert ([item.pk for item in context["waiting"]], context["waiting_sum"]) == (
        [draft.pk],
        Decimal("100.00"),
    )
    assert april in context["months"][0].items


def testeach_thing_says_how_it_stands(earner, partner):
    made = {
        "you can claim it": FeeFactory(participation__partner=partner),
        "waits for approval": FeeFactory(claimed=True, participation__partner=partner),
        "approved; it goes into the next payment": FeeFactory(approved=True, participation__partner=partner),
        "sent to be paid": FeeFactory(exported=True, participation__partner=partner),
        "approved; the orderer pays it": FeeFactory(
            approved=True,
            participation__partner=partner,
            participation__assignment__payer="orderer",
            participation__assignment__grant=None,
        ),
        "no fee wanted": FeeFactory(participation__partner=partner, status="waived", payment_form="waived"),
        "sent back to you with words": FeeFactory(
            claimed=True, status="rejected", rejected_because="Tunti liikaa", participation__partner=partner
        ),
    }
    context = earner.client().get(MONEY).context
    shown = {item.pk: item.said for name in ("waiting", "coming", "waived") for item in context[name]}
    assert shown == {fee.pk: words for words, fee in made.items()}


def test_another_year_shows_what_was_paid_in_it(earner, partner):
    last_year = today().replace(month=1, day=1) - DAY
    type(partner).objects.filter(pk=partner.pk).update(taken_in_on=datetime.date(last_year.year - 1, 5, 1))
    old = paid(partner, last_year)
    FeeFactory(participation__partner=partner)
    client = earner.client()
    response = client.get(MONEY, {"year": last_year.year})
    assert response.context["years"] == [last_year.year + 1, last_year.year, last_year.year - 1]
    assert [item.pk for month in response.context["months"] for item in month.items] == [old.pk]
    assert (response.context["waiting"], response.context["coming"]) == ([], [])
    assert "Waiting for you" not in text(response)
    for nonsense in ("1999", "x", "99999999999999999999", "\x00"):
        assert client.get(MONEY, {"year": nonsense}).context["year"] == today().year


def test_the_ceiling_and_how_near_this_month_is(earner, partner):
    terms = PartnerTermsFactory(partner=partner, monthly_ceiling=Decimal("150.00"))
    with time_machine.travel(datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC), tick=False):
        ParticipationFactory(
            partner=partner, status="accepted", assignment__date=datetime.date(2026, 11, 29), fee_amount=120
        )
        client = earner.client()
        near = client.get(MONEY)
        assert near.context["ceiling"]["words"] == (
            "120.00\u00a0€ has been agreed for this month. Up to your ceiling, 150.00\u00a0€, there is room for"
            " 30.00\u00a0€."
        )
        PartnerTerms.objects.filter(pk=terms.pk).update(monthly_ceiling=100)
        over = client.get(MONEY)
        assert over.context["ceiling"]["is_passed"] is True
        assert "That is more than your ceiling, 100.00" in over.context["ceiling"]["words"]
        assert "Nothing stops you: you decide." in text(over)


def test_the_ceiling_is_private_to_partner_and_staff(people):
    """Nobody else has the page, and no other partner's page knows the sum."""
    PartnerTerms.objects.filter(partner=people.own.partner).update(monthly_ceiling=Decimal("987.65"))
    staff_page = reverse("partner_terms", args=[people.own.partner.pk])
    assert "987.65" in text(people.partner.client().get(MONEY))
    assert "987.65" in text(people.staff.client().get(staff_page))
    assert "987.65" not in text(people.other_partner.client().get(MONEY))
    for person in (people.worker, people.parent, people.trainer, people.administrator):
        assert person.client().get(staff_page).status_code == 403


def test_volunteer_counters_where_there_is_something_to_count(earner, partner):
    client = earner.client()
    assert client.get(MONEY).context["volunteer"] == []
    with time_machine.travel(datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC), tick=False):
        TravelClaimFactory(partner=partner, is_volunteer=True, per_diem="partial", is_far=True)
        TravelClaimFactory(partner=partner)
        shown = earner.client().get(MONEY).context["volunteer"]
    assert [(line["words"], line["is_over"]) for line in shown] == [
        ("50.00\u00a0€ of 3,000.00\u00a0€", False),
        ("1 of 20", False),
    ]


def test_what_is_agreed_about_the_own_meetings_in_words(people):
    MeetingTerms.objects.all().delete()
    relationship, grant = people.own.active, people.common.grant
    DecisionFactory(
        relationship=relationship,
        funding="grant",
        grant=grant,
        valid_from=today() - DAY,
        valid_to=today() + 90 * DAY,
    )
    MeetingTermsFactory(of_grant=grant)
    MeetingTermsFactory(of_grant=grant, valid_from=today() - 300 * DAY, valid_to=today() - 200 * DAY)
    MeetingTermsFactory()  # a grant that pays for somebody else
    MeetingTermsFactory(
        relationship=people.own.paused, of_grant=None, grant=None, is_paid=False, amount=None, unit="task"
    )
    MeetingTermsFactory(
        relationship=people.foreign.active, of_grant=None, grant=people.common.grant, amount=Decimal("77.00")
    )
    response = people.partner.client().get(MONEY)
    began = people.own.paused.started_on
    assert set(response.context["agreed"]) == {
        "Your meetings are paid: 20.00\u00a0€ per hour, by the project.",
        f"In the relationship that began on {day_words(began)} your meetings are not paid.",
    }
    assert relationship.parent.first_name not in text(response)


def test_a_correction_of_a_journey_is_travel_and_no_fee(earner, partner):
    """Control: call every correction a fee."""
    fee = paid(partner, today())
    facts = {
        "status": "paid",
        "paid_on": today(),
        "batch": fee.batch,
        "approved_by": fee.approved_by,
        "approved_at": fee.approved_at,
    }
    journey = TravelClaimFactory(partner=partner, **facts)
    own = {"partner": partner, "payer": "project", "grant": None}
    CorrectionFactory(fee=None, travel=journey, part="mileage", amount=Decimal("-5.00"), **facts, **own)
    CorrectionFactory(fee=fee, amount=Decimal("10.00"), **facts)
    context = earner.client().get(MONEY).context
    assert (context["earned"], context["covered"]) == (Decimal("110.00"), Decimal("45.00"))


@pytest.mark.parametrize("status", ["claimed", "rejected"])
def test_a_journey_whose_rate_is_missing_shows_no_sum(earner, partner, status):
    """Control: show what is to be paid, whatever it is."""
    facts = dict.fromkeys(["total", "km_amount", "km_rate", "per_diem_amount"])
    words = {"rejected_because": "Reitti puuttuu"} if status == "rejected" else {}
    made = TravelClaimFactory(partner=partner, status=status, **facts, **words)
    page = text(earner.client().get(MONEY))
    row = page[page.index(f'href="{made.get_absolute_url()}"') :].split("</li>")[0]
    assert "the rate of the day is missing" in row
    assert "0.00" not in row


def test_it_is_found_from_home_and_from_the_own_page(people):
    client = people.partner.client()
    for page in (reverse("home"), people.own.partner.get_absolute_url(), reverse("assignment_list")):
        assert f'href="{MONEY}"' in text(client.get(page)), page


def test_it_costs_the_same_whatever_the_number_of_rows(people):
    client, needed, partner = people.partner.client(), [], people.own.partner
    for more in (0, 3):
        for each in range(more):
            CorrectionFactory(fee=FeeFactory(exported=True, participation__partner=partner))
            TravelClaimFactory(partner=partner)
            paid(partner, today())
            MeetingTermsFactory(
                relationship=people.own.active,
                of_grant=None,
                grant=people.common.grant,
                valid_from=today() + each * DAY,
            )
        with CaptureQueriesContext(connection) as queries:
            assert client.get(MONEY).status_code == 200
        # Savepoints are the test's own.
        needed.append(sum("SAVEPOINT" not in query["sql"] for query in queries))
    assert needed[0] == needed[1] <= 12
