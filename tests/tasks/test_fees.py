"""Fees whole: how one is paid, done without, approved in numbers, found by looking, paid by the orderer."""

import datetime
from decimal import Decimal
from itertools import permutations

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse

from kumppani.core.dates import today
from kumppani.core.jobs import JOBS
from kumppani.core.models import StatusChange
from kumppani.core.states import MoveRefused
from kumppani.core.templatetags.kumppani import day as day_words
from kumppani.notices.models import Notice
from tasks import services
from tasks.models import Fee, MeetingTerms, PartnerTerms
from tests.factories.accounts import RoleGrantFactory
from tests.factories.pairing import MeetingFactory
from tests.factories.tasks import (
    CorrectionFactory,
    FeeFactory,
    MeetingTermsFactory,
    ParticipationFactory,
    PaymentBatchFactory,
    TravelClaimFactory,
)
from tests.personas import Person

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def url(name: str, record=None) -> str:
    return reverse(name, args=[record.pk] if record is not None else [])


def text(response) -> str:
    return response.content.decode()


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


# --- Claiming ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("usual", "chosen", "form"),
    [
        ("wage", "", "wage"),
        ("business", "", "business"),
        ("business", "wage", "wage"),
        ("wage", "invoicing", "invoicing"),
    ],
)
def test_a_fee_is_paid_as_always_or_as_chosen(people, usual, chosen, form):
    PartnerTerms.objects.filter(partner=people.own.partner).update(payment_form=usual)
    client, fee = people.partner.client(), people.own.fee
    assert client.get(url("fee_claim", fee)).context["usual"] == usual
    client.post(url("fee_claim", fee), {"payment_form": chosen})
    fee.refresh_from_db()
    assert (fee.status, fee.payment_form) == ("claimed", form)


def test_without_terms_a_fee_is_a_wage(people):
    PartnerTerms.objects.all().delete()
    services.claim_fee(fee=people.own.fee, by=people.partner.actor)
    assert people.own.fee.payment_form == "wage"


@pytest.mark.parametrize("form", ["waived", "cash"])
def test_claiming_takes_no_other_form(people, form):
    client, fee = people.partner.client(), people.own.fee
    response = client.post(url("fee_claim", fee), {"payment_form": form})
    fee.refresh_from_db()
    assert (fee.status, said(response)) == ("draft", ["Choose how the fee is paid."])


def test_who_never_wants_fees_does_without(people):
    PartnerTerms.objects.filter(partner=people.own.partner).update(payment_form="waived")
    client, fee = people.partner.client(), people.own.fee
    response = client.post(url("fee_claim", fee))
    fee.refresh_from_db()
    assert (fee.status, fee.payment_form) == ("waived", "waived")
    assert said(response) == ["Saved: you do without this fee. You can take it again."]


@pytest.fixture
def meeting_fee(people):
    """A fee of 30 € for a meeting of an hour and a half, at 20 € an hour."""
    MeetingTerms.objects.all().delete()
    MeetingTermsFactory(relationship=people.own.active, of_grant=None, grant=people.common.grant)
    meeting = MeetingFactory(relationship=people.own.active, date=today(), minutes=90)
    services.draft_fees(by=people.staff.actor)
    return Fee.objects.get(meeting=meeting)


def test_the_page_shows_how_the_sum_is_made_up(people, meeting_fee):
    page = people.partner.client().get(url("fee_claim", meeting_fee))
    assert (page.context["now"]["amount"], page.context["unit_price"]) == (
        Decimal("30.00"),
        "1.5 h × 20.00\u00a0€",
    )


def test_what_is_claimed_is_the_meeting_as_corrected(people, meeting_fee):
    type(meeting_fee.meeting).objects.filter(pk=meeting_fee.meeting_id).update(minutes=120)
    client = people.partner.client()
    assert "40.00" in text(client.get(url("fee_claim", meeting_fee)))
    client.post(url("fee_claim", meeting_fee))
    meeting_fee.refresh_from_db()
    assert (meeting_fee.amount, meeting_fee.quantity, meeting_fee.status) == (
        Decimal("40.00"),
        Decimal("2.00"),
        "claimed",
    )
    staff = people.staff.client()
    assert staff.get(url("fee_detail", meeting_fee)).context["sum_now"] is None
    type(meeting_fee.meeting).objects.filter(pk=meeting_fee.meeting_id).update(minutes=60)
    response = staff.get(url("fee_detail", meeting_fee))
    assert response.context["sum_now"] == Decimal("20.00")
    assert "it now comes to 20.00" in text(response)


def correct_the_meeting(fee, **facts) -> None:
    """As its partner would, after the fee was claimed."""
    type(fee.meeting).objects.filter(pk=fee.meeting_id).update(**facts)


@pytest.mark.parametrize("facts", [{"minutes": 45}, {"date": today() - 300 * DAY}])
def test_a_fee_whose_meeting_was_corrected_after_the_claim_is_not_approved(people, meeting_fee, facts):
    """Control: approve without reckoning again. The copy in hand still shows the meeting as it was."""
    services.claim_fee(fee=meeting_fee, by=people.partner.actor)
    seen = Fee.objects.select_related("meeting").get(pk=meeting_fee.pk)
    correct_the_meeting(meeting_fee, **facts)
    with pytest.raises(MoveRefused, match="it comes to another sum now"):
        services.approve_fee(fee=seen, by=people.staff.actor)
    client = people.staff.client()
    assert url("fee_approve", meeting_fee) not in text(client.get(meeting_fee.get_absolute_url()))
    assert said(client.get(url("fee_approve", meeting_fee)))[-1].endswith("Send the claim back.")
    response = client.post(url("fee_approve_many"), {"fee": [str(meeting_fee.pk)]})
    assert said(response)[-1].endswith("Send the claim back.")
    meeting_fee.refresh_from_db()
    assert (meeting_fee.status, meeting_fee.amount) == ("claimed", Decimal("30.00"))


def test_a_fee_whose_meeting_stands_is_approved(people, meeting_fee):
    services.claim_fee(fee=meeting_fee, by=people.partner.actor)
    services.approve_fee(fee=meeting_fee, by=people.staff.actor)
    assert meeting_fee.status == "approved"


def test_after_approval_the_page_shows_the_difference_until_it_is_put_right(people, meeting_fee):
    services.claim_fee(fee=meeting_fee, by=people.partner.actor)
    services.approve_fee(fee=meeting_fee, by=people.staff.actor)
    client, words = people.staff.client(), "by what was agreed it now comes to 20.00"
    assert client.get(meeting_fee.get_absolute_url()).context["changed_after"] == ""
    correct_the_meeting(meeting_fee, minutes=60)
    assert words in text(client.get(meeting_fee.get_absolute_url()))
    assert words not in text(people.partner.client().get(meeting_fee.get_absolute_url()))
    meeting_fee.refresh_from_db()
    services.collect_batch(by=people.staff.actor, fees=[meeting_fee])
    meeting_fee.refresh_from_db()
    assert words in text(client.get(meeting_fee.get_absolute_url()))
    correction = services.record_correction(
        of=meeting_fee, amount=Decimal("-10.00"), because="Tunti riitti", by=people.staff.actor
    )
    services.approve_correction(correction=correction, by=people.other_staff.actor)
    assert words not in text(client.get(meeting_fee.get_absolute_url()))


def test_the_next_batch_leaves_such_a_fee_unticked_and_says_why(people, meeting_fee):
    """Control: tick everything."""
    services.claim_fee(fee=meeting_fee, by=people.partner.actor)
    services.approve_fee(fee=meeting_fee, by=people.staff.actor)
    correct_the_meeting(meeting_fee, minutes=60)
    context = people.staff.client().get(url("batch_create")).context
    lines = {line["item"].pk: line for group in context["groups"] for line in group["lines"]}
    assert {pk for pk, line in lines.items() if not line["ticked"]} == {meeting_fee.pk}
    assert lines[meeting_fee.pk]["reason"] == (
        "The meeting was corrected after the claim: by what was agreed it now comes to 20.00\u00a0€."
        " Once it has been sent to be paid, a correction puts it right."
    )


def test_looking_for_changed_sums_costs_the_same_for_many(people, meeting_fee, django_assert_num_queries):
    for _two in range(2):
        MeetingFactory(relationship=people.own.active, date=today(), minutes=30)
    services.draft_fees(by=people.staff.actor)
    needed = []
    for count in (1, 3):
        fees = list(Fee.objects.filter(meeting__isnull=False).select_related("meeting")[:count])
        assert len(fees) == count
        with django_assert_num_queries(3):
            services.changed_sums(fees)
        needed.append(count)
    assert needed == [1, 3]


def test_a_meeting_moved_to_a_day_without_pay_cannot_be_claimed(people, meeting_fee):
    type(meeting_fee.meeting).objects.filter(pk=meeting_fee.meeting_id).update(date=today() - 300 * DAY)
    meeting_fee.meeting.refresh_from_db()
    with pytest.raises(MoveRefused, match="it is not paid"):
        services.claim_fee(fee=meeting_fee, by=people.partner.actor)
    page = text(people.partner.client().get(url("fee_claim", meeting_fee)))
    assert "it is not paid" in page
    assert 'name="payment_form"' not in page


# --- Doing without, and thinking again --------------------------------------------------------------------
def test_doing_without_a_fee_is_asked_first_and_can_be_taken_back(people):
    client, fee = people.partner.client(), people.own.fee
    assert url("fee_waive", fee) in text(client.get(url("fee_claim", fee)))
    page = text(client.get(url("fee_waive", fee)))
    assert "Then this was volunteering." in page
    assert "Your travel and other costs are covered all the same." in page
    first, second = (client.post(url("fee_waive", fee)) for _two in range(2))
    fee.refresh_from_db()
    assert (fee.status, fee.payment_form) == ("waived", "waived")
    assert said(first) == ["Saved: you do without this fee. You can take it again."]
    assert said(second)[-1] == "This cannot be changed any more."
    assert url("fee_take_again", fee) in text(client.get(fee.get_absolute_url()))
    again = client.post(url("fee_take_again", fee))
    fee.refresh_from_db()
    assert (fee.status, fee.payment_form, again.url) == ("draft", "", url("fee_claim", fee))
    assert client.get(url("fee_claim", fee)).status_code == 200


@pytest.mark.parametrize("status", ["approved", "exported", "paid"])
def test_who_was_paid_a_journey_as_a_volunteer_does_not_take_the_fee_again(people, status):
    """Whoever is paid for the work is no volunteer (domain 3.3). Control: look at no journey."""
    fee = people.own.waived_fee
    settled = {"batch": PaymentBatchFactory()} if status != "approved" else {}
    if status == "paid":
        settled["paid_on"] = today()
    TravelClaimFactory(
        **{"approved": True, "partner": people.own.partner, "participation": fee.participation}
        | {"status": status, "is_volunteer": True}
        | settled
    )
    with pytest.raises(MoveRefused, match="approved as a volunteer's"):
        services.take_fee_again(fee=fee, by=people.partner.actor)
    response = people.partner.client().get(url("fee_take_again", fee))
    assert said(response) == [services.paid_as_volunteer()]
    fee.refresh_from_db()
    assert fee.status == "waived"


def test_journeys_that_wait_are_no_longer_a_volunteers_when_the_fee_is_taken_again(people):
    fee = people.own.waived_fee
    facts = {"partner": people.own.partner, "is_volunteer": True}
    waiting = TravelClaimFactory(**facts, participation=fee.participation)
    other_work = TravelClaimFactory(**facts, approved=True)
    taken_back = TravelClaimFactory(**facts, participation=fee.participation, status="withdrawn")
    services.take_fee_again(fee=fee, by=people.partner.actor)
    for claim in (waiting, other_work, taken_back):
        claim.refresh_from_db()
    assert [claim.is_volunteer for claim in (waiting, other_work, taken_back)] == [False, True, True]
    assert (fee.status, waiting.total) == ("draft", Decimal("50.00"))


@pytest.mark.parametrize("status", ["claimed_fee", "orderer_fee"])
def test_what_has_been_claimed_is_not_done_without(people, status):
    fee = getattr(people.own, status)
    with pytest.raises(MoveRefused):
        services.waive_fee(fee=fee, by=people.partner.actor)


def test_only_its_partner_does_without_a_fee(people):
    for person in (people.staff, people.other_partner):
        with pytest.raises(MoveRefused):
            services.waive_fee(fee=people.own.fee, by=person.actor)
        with pytest.raises(MoveRefused):
            services.take_fee_again(fee=people.own.waived_fee, by=person.actor)


# --- Approving several ------------------------------------------------------------------------------------
def test_several_are_approved_each_in_its_own_right(people):
    """Control: let the first refusal stop the rest, or approve without asking whose it is."""
    RoleGrantFactory(user=people.partner.user, role="staff")
    both = Person("both", people.partner.user, "staff").client()
    own, foreign, draft = people.own.claimed_fee, people.foreign.claimed_fee, people.foreign.fee
    other = FeeFactory(claimed=True, participation__fee_amount=Decimal("50.00"))
    ticked = {"fee": [str(fee.pk) for fee in (own, foreign, draft, other)]}
    Notice.objects.all().delete()
    response = both.post(url("fee_approve_many"), ticked)
    states = {fee.pk: Fee.objects.get(pk=fee.pk).status for fee in (own, foreign, draft, other)}
    assert states == {own.pk: "claimed", foreign.pk: "approved", draft.pk: "draft", other.pk: "approved"}
    approved, left = said(response)
    assert approved == "Approved: 2 fees, together 150.00\u00a0€."
    # What has not been claimed has no moment of claiming: where it stands in the order is the engine's.
    own_words = f"{own.partner.name}, {own.what}: Somebody else than the claimer approves."
    draft_words = (
        f"{draft.partner.name}, {draft.what}: This cannot be done now, because the state is “To be claimed”."
    )
    assert left in {f"Not approved. {one} {two}" for one, two in permutations([own_words, draft_words])}
    told = Notice.objects.filter(kind="fee_approved").values_list("object_id", flat=True)
    assert set(told) == {foreign.pk}, "the other partner has no account"


def test_ones_own_fee_has_no_tick(people):
    RoleGrantFactory(user=people.partner.user, role="staff")
    page = text(Person("both", people.partner.user, "staff").client().get(url("fee_list")))
    assert f'value="{people.foreign.claimed_fee.pk}"' in page
    assert f'value="{people.own.claimed_fee.pk}"' not in page


def test_nothing_ticked_and_nonsense_ticked(people):
    client = people.staff.client()
    for sent in ({}, {"fee": ["x", "\x00", str(people.own.assignment.pk)]}):
        response = client.post(url("fee_approve_many"), sent)
        assert said(response)[-1] == "Tick the fees that you want to approve."
    assert not StatusChange.objects.filter(object_kind="tasks.fee", new="approved").exists()


def test_approving_many_twice_changes_nothing_more(people):
    client, sent = people.staff.client(), {"fee": [str(people.own.claimed_fee.pk)]}
    first, second = (client.post(url("fee_approve_many"), sent) for _two in range(2))
    assert said(first) == ["Approved: 1 fee, 100.00\u00a0€."]
    assert said(second)[-1].startswith("Not approved. ")
    assert StatusChange.objects.filter(object_id=people.own.claimed_fee.pk).count() == 1


# --- Looking for work done --------------------------------------------------------------------------------
def test_looking_finds_work_done_once(people):
    client = people.staff.client()
    part = ParticipationFactory(
        status="done", assignment__status="done", assignment__date=today(), partner=people.own.partner
    )
    ParticipationFactory(status="done", assignment__status="done", fee_amount=None)  # volunteering
    late = ParticipationFactory(status="cancelled", assignment__status="cancelled", late_share=50)
    ParticipationFactory(status="cancelled", assignment__status="cancelled")
    page = text(client.get(f"{url('fee_list')}?state=draft"))
    assert url("fee_draft") in page
    MeetingTerms.objects.all().delete()
    first, second = (client.post(url("fee_draft")) for _two in range(2))
    assert first.url == f"{url('fee_list')}?state=draft"
    assert said(first) == ["Found: 2 fees to be claimed. The partners have been told."]
    assert said(second)[-1] == "Nothing new: all work done has its fee already."
    assert (part.fee.amount, part.fee.grant, part.fee.status) == (
        Decimal("100.00"),
        part.assignment.grant,
        "draft",
    )
    assert (late.fee.amount, late.fee.unit, late.fee.quantity) == (Decimal("50.00"), "task", 1)
    assert Notice.objects.filter(kind="fee_to_claim", object_id=part.fee.pk).count() == 1


def test_fees_are_drafted_in_the_order_of_the_keys(people):
    """So that of two who look at once none waits for the other for ever. Control: leave out the order."""
    MeetingTerms.objects.all().delete()
    MeetingTermsFactory(relationship=people.own.active, of_grant=None, grant=people.common.grant)
    for days in range(8):
        ParticipationFactory(status="done", assignment__status="done")
        MeetingFactory(relationship=people.own.active, date=today() - days * DAY, minutes=30)
    fees = services.draft_fees(by=people.staff.actor)
    parts = [fee.participation_id for fee in fees if fee.participation_id]
    meetings = [fee.meeting_id for fee in fees if fee.meeting_id]
    assert (parts, meetings) == (sorted(parts), sorted(meetings))
    assert (len(parts) >= 8, len(meetings) >= 8) == (True, True)


@pytest.mark.parametrize(("hour", "found"), [(3, 0), (7, 0), (8, 1), (20, 1)])
def test_it_runs_by_itself_from_the_morning_on(hour, found):
    ParticipationFactory(status="done", assignment__status="done")
    moment = datetime.datetime(2026, 11, 20, hour, 5, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))
    with time_machine.travel(moment, tick=False):
        JOBS["draft_fees"].run()
        JOBS["draft_fees"].run()
    assert Fee.objects.count() == found


def test_looking_and_finding_nothing_costs_little(people, django_assert_max_num_queries):
    services.draft_fees(by=people.staff.actor)
    with django_assert_max_num_queries(8):
        assert services.draft_fees(by=people.staff.actor) == []


# --- Paid by the orderer ----------------------------------------------------------------------------------
def pay(client, fee, day) -> object:
    address = url("fee_paid_by_orderer", fee)
    token = client.get(address).context["form"]["submission"].value()
    return client.post(address, {"on": day.isoformat(), "submission": token})


def test_staff_write_down_that_the_orderer_has_paid(people):
    client, fee = people.staff.client(), people.own.orderer_fee
    assert url("fee_paid_by_orderer", fee) in text(client.get(fee.get_absolute_url()))
    assert pay(client, fee, today() + DAY).status_code == 422
    response = pay(client, fee, today() - DAY)
    fee.refresh_from_db()
    assert (fee.status, fee.paid_on, fee.batch) == ("paid", today() - DAY, None)
    assert said(response) == ["Saved: the orderer has paid 100.00\u00a0€."]
    assert (
        Notice.objects.filter(kind="fee_paid", object_id=fee.pk, recipient=people.partner.user).count() == 1
    )
    words = [line["words"] for line in client.get(fee.get_absolute_url()).context["history"]]
    assert words[-1].startswith("Paid by the orderer on")


def test_what_the_project_pays_goes_through_a_batch(people):
    fee = FeeFactory(approved=True)
    assert not fee.can_mark_paid(people.staff.actor)
    with pytest.raises(MoveRefused, match="payment batch"):
        services.fee_paid_by_orderer(fee=fee, on=today(), by=people.staff.actor)


# --- Its history ------------------------------------------------------------------------------------------
def test_a_fee_tells_its_whole_history(people):
    fee, staff = people.own.fee, people.staff.actor
    services.waive_fee(fee=fee, by=people.partner.actor)
    services.take_fee_again(fee=fee, by=people.partner.actor)
    services.claim_fee(fee=fee, by=people.partner.actor, payment_form="business")
    services.approve_fee(fee=fee, by=people.other_staff.actor)
    batch = PaymentBatchFactory(number=7)
    fee.move_to("exported", by=staff, batch=batch)
    fee.pay(by=staff, on=today())
    correction = CorrectionFactory(fee=fee)
    response = people.partner.client().get(fee.get_absolute_url())
    assert [line["words"] for line in response.context["history"]] == [
        "Agreed: 100.00\u00a0€",
        "Done: the fee can be claimed",
        "No fee wanted: volunteering",
        "Can be claimed after all",
        "Claimed",
        "Approved",
        "Sent to be paid, in payment batch 7",
        f"Paid on {day_words(today())}",
        "Correction: 10.00\u00a0€, claimed",
    ]
    assert response.context["history"][-1]["because"] == correction.because
    assert "Own business" in text(response)
    assert people.other_staff.user.first_name not in text(response)


def test_staff_find_fees_in_every_state(people):
    FeeFactory(exported=True)
    client = people.staff.client()
    Fee.objects.filter(status="rejected").delete()
    day = today()
    FeeFactory(
        exported=True, status="paid", paid_on=day, batch=PaymentBatchFactory(status="paid", paid_on=day)
    )
    for state in ("claimed", "draft", "approved", "exported", "paid", "waived"):
        rows = client.get(f"{url('fee_list')}?state={state}").context["rows"]
        assert {row.status for row in rows} == {state}
    assert len(client.get(f"{url('fee_list')}?state=rejected").context["rows"]) == 0


def test_the_list_costs_the_same_whatever_the_number_of_rows(people, django_assert_max_num_queries):
    client, needed = people.staff.client(), []
    for more in (0, 3):
        for _each in range(more):
            FeeFactory(claimed=True)
        with django_assert_max_num_queries(12) as queries:
            assert client.get(url("fee_list")).status_code == 200
        needed.append(len(queries))
    assert needed[0] == needed[1]
