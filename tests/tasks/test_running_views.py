"""The pages on which an assignment is run, where something has changed between looking and pressing."""

import datetime
from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from kumppani.core.dates import today
from tasks import services
from tasks.models import Assignment, Fee, Participation
from tests.factories.pairing import ExperiencePartnerFactory, ready_partner
from tests.factories.tasks import (
    AssignmentFactory,
    FeeRuleFactory,
    OrdererFeedbackFactory,
    OrderFactory,
    ParticipationFactory,
    PartnerTermsFactory,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
CHANGED = "Who has said yes has changed since you opened this page. Look at the list again."
ONLY_THE_ORDERER = "The orderer pays these fees: something is paid only when the orderer calls it off."
BY_ORDERER = {"payer": "orderer", "grant": None, "orderer_amount": Decimal(200)}
AGREED = {"orderer_agreed_on": today(), "orderer_agreed_how": "staff"}


def url(name: str, record) -> str:
    return reverse(name, args=[record.pk])


def text(response) -> str:
    return response.content.decode()


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def hidden_on(client, address: str, *names: str) -> dict:
    """The hidden fields of a form that is opened now."""
    form = client.get(address).context["form"]
    return {name: form[name].value() for name in ("submission", *names)}


# --- Done -------------------------------------------------------------------------------------------------
@pytest.fixture
def three():
    """Three who have said yes to an assignment of today."""
    assignment = AssignmentFactory(status="agreed", date=today())
    return [ParticipationFactory(assignment=assignment, status="accepted") for _number in range(3)]


def test_a_form_without_the_list_of_yeses_is_refused(people, three):
    """It is none of our pages. Control: compare only where the list was sent."""
    client, address = people.staff.client(), url("assignment_complete", three[0].assignment)
    typed = hidden_on(client, address, "seen_yes") | {"came": [str(part.pk) for part in three]}
    del typed["seen_yes"]
    answer = client.post(address, typed)
    assert (answer.status_code, answer.context["form"].errors) == (422, {"__all__": [CHANGED]})
    assert Fee.objects.filter(participation__assignment=three[0].assignment).count() == 0


def test_another_list_of_yeses_is_drawn_anew_with_the_words_kept(people, three):
    stays, unticked, steps_down = three
    client, address = people.staff.client(), url("assignment_complete", stays.assignment)
    typed = {
        **hidden_on(client, address, "seen_yes"),
        "came": [str(stays.pk), str(steps_down.pk)],
        f"minutes_{stays.pk.hex}": "75",
        "audience_size": "17",
    }
    Participation.objects.filter(pk=steps_down.pk).update(status="stepped_down")
    new = ParticipationFactory(assignment=stays.assignment, status="accepted", preparation_minutes=30)
    answer = client.post(address, typed)
    form = answer.context["form"]
    assert (answer.status_code, form.errors) == (422, {"__all__": [CHANGED]})
    drawn = (form["came"].value(), form["audience_size"].value(), form[f"minutes_{stays.pk.hex}"].value())
    ticked, *words = drawn
    assert (set(ticked), words) == ({str(stays.pk), str(new.pk)}, ["17", "75"])
    assert form[f"minutes_{new.pk.hex}"].value() == "30", "what the partner wrote is not lost"
    assert Fee.objects.filter(participation__assignment=stays.assignment).count() == 0

    again = {**typed, "came": ticked, "seen_yes": form["seen_yes"].value(), f"minutes_{new.pk.hex}": "30"}
    assert client.post(address, again).status_code == 302
    states = dict(stays.assignment.participations.values_list("pk", "status"))
    assert states == {
        stays.pk: "done",
        unticked.pk: "cancelled",
        steps_down.pk: "stepped_down",
        new.pk: "done",
    }


def test_marking_as_done_waits_for_the_orderers_yes(people):
    made = ParticipationFactory(
        status="accepted",
        **{
            f"assignment__{name}": value
            for name, value in {**BY_ORDERER, "status": "agreed", "date": today() - DAY}.items()
        },
    )
    client, address = people.staff.client(), url("assignment_complete", made.assignment)
    page = text(client.get(made.assignment.get_absolute_url()))
    assert (address in page, "The orderer's yes to the sum is wanted" in page) == (False, True)
    assert said(client.get(address)) == ["The orderer has not agreed to the sum yet."]


def test_the_sum_of_the_fees_stands_beside_the_orderers(people):
    assignment = AssignmentFactory(**BY_ORDERER, **AGREED)
    for fee in (120, 90, None):
        ParticipationFactory(assignment=assignment, status="accepted", fee_amount=fee)
    ParticipationFactory(assignment=assignment, status="offered", fee_amount=500)
    client = people.staff.client()
    answer = client.get(assignment.get_absolute_url())
    assert (answer.context["fees"], answer.context["sum_is_too_little"]) == (210, True)
    page = text(answer)
    assert "The fees are more than the orderer pays" in page
    assert (url("assignment_confirm", assignment) in page, "210.00" in page) == (False, True)
    Assignment.objects.filter(pk=assignment.pk).update(orderer_amount=210)
    page = text(client.get(assignment.get_absolute_url()))
    assert (url("assignment_confirm", assignment) in page, "210.00" in page) == (True, True)


def test_staff_mend_who_was_left_out(people):
    part, client = people.own.left_out, people.staff.client()
    address = url("participation_count_after_all", part)
    assert address in text(client.get(part.assignment.get_absolute_url()))
    assert client.get(address).context["consequences"] == [
        "The partner gets a notice about it, and can claim the agreed fee of 100.00\u00a0€."
    ]
    first, second = (client.post(address) for _press in range(2))
    assert said(first) == [f"Saved: {part.partner.name} took part."]
    assert said(second)[-1] == "This cannot be changed any more."
    part.refresh_from_db()
    assert (part.status, part.fee.amount) == ("done", 100)
    assert address not in text(client.get(part.assignment.get_absolute_url()))


# --- Called off -------------------------------------------------------------------------------------------
def call_off(people, assignment, **typed):
    client, address = people.staff.client(), url("assignment_cancel", assignment)
    return client.post(address, {**hidden_on(client, address), **typed})


def test_who_else_calls_it_off_does_not_spend_the_orderers_money(people):
    assignment = AssignmentFactory(**BY_ORDERER, **AGREED, date=today())
    ParticipationFactory(assignment=assignment, status="accepted")
    answer = call_off(people, assignment, cancelled_by="project", late_share="50")
    assert (answer.status_code, answer.context["form"].errors) == (422, {"late_share": [ONLY_THE_ORDERER]})
    assert ONLY_THE_ORDERER in answer.context["form"].fields["late_share"].help_text
    assert call_off(people, assignment, cancelled_by="orderer", late_share="50").status_code == 302
    assert Fee.objects.get(participation__assignment=assignment).amount == 50


def test_without_the_orderers_yes_nothing_is_paid_for_a_late_end(people):
    assignment = AssignmentFactory(**BY_ORDERER, date=today())
    ParticipationFactory(assignment=assignment, status="accepted")
    form = people.staff.client().get(url("assignment_cancel", assignment)).context["form"]
    assert "late_share" not in form.fields
    seen_earlier = call_off(people, assignment, cancelled_by="orderer", late_share="50")
    assert seen_earlier.status_code == 409, "what somebody chose is not passed over in silence"
    assert call_off(people, assignment, cancelled_by="orderer").status_code == 302
    assert not Fee.objects.filter(participation__assignment=assignment).exists()


# --- Asking -----------------------------------------------------------------------------------------------
def test_whom_the_orderer_has_chosen_is_ticked_and_named(people):
    can_be, asked, unready = ready_partner(), ready_partner(), ExperiencePartnerFactory()
    assignment = AssignmentFactory(order=OrderFactory(status="taken"))
    assignment.order.partners.set([can_be, asked, unready])
    ParticipationFactory(assignment=assignment, partner=asked, status="declined")
    answer = people.staff.client().get(url("assignment_offer", assignment))
    form = answer.context["form"]
    assert (form["partners"].value(), set(form.wished)) == ([can_be.pk], {can_be, asked, unready})
    assert form.turns[0].partner == can_be
    assert [turn.facts[0] for turn in form.turns].count("The orderer has chosen this partner") == 1
    assert "Partners wished for" in text(answer)
    assert [name.name in text(answer) for name in (asked, unready)] == [True, True]


def ask(people, assignment, partner, fee: str, **changes):
    client, address = people.staff.client(), url("assignment_offer", assignment)
    typed = {"partners": [str(partner.pk)], "paid": "fee", "fee_amount": fee}
    return client.post(address, {**hidden_on(client, address), **typed, **changes})


@pytest.mark.parametrize(("fee", "warned"), [("100", False), ("100,01", True)])
def test_the_own_ceiling_is_measured_by_the_fee_that_was_typed(people, fee, warned):
    partner = ready_partner()
    PartnerTermsFactory(partner=partner, monthly_ceiling=Decimal(100))
    assignment = AssignmentFactory()
    FeeRuleFactory(kind=assignment.kind, amount=Decimal(40))
    warning = "Would pass the own ceiling of this month, 100.00\u00a0€"
    # Drawn once more because of another field, the page warns by what was typed.
    drawn = ask(people, assignment, partner, fee, partners=[str(partner.pk), "nobody"]).context["form"]
    (turn,) = [turn for turn in drawn.turns if turn.partner == partner]
    assert turn.warnings == ([warning] if warned else [])
    asked = f"{partner.name} has been asked. The answer will stand here."
    warnings = [f"{partner.name}: {warning}."] if warned else []
    assert said(ask(people, assignment, partner, fee)) == [*warnings, asked]


# --- Answering --------------------------------------------------------------------------------------------
def test_after_its_day_an_offer_asks_for_no_yes(people):
    part, client = people.own.participation, people.partner.client()
    address = url("participation_answer", part)
    assert ['value="yes"' in text(client.get(address)), address in text(client.get("/"))] == [True, True]
    Assignment.objects.filter(pk=part.assignment_id).update(date=today() - DAY)
    page = text(client.get(address))
    assert ['value="yes"' in page, 'value="no"' in page, address in text(client.get("/"))] == [
        False,
        True,
        False,
    ]
    sentence = "The day of this assignment is over. You can still say no."
    assert [sentence in page, sentence in text(client.get(part.assignment.get_absolute_url()))] == [
        True,
        True,
    ]
    answer = client.post(address, {**hidden_on(client, address), "answer": "yes"})
    assert (answer.status_code, answer.context["form"].non_field_errors()) == (409, [sentence])
    client.post(address, {**hidden_on(client, address), "answer": "no"})
    part.refresh_from_db()
    assert part.status == "declined"


def test_what_the_orderer_thought_stands_there_once(people):
    fee = people.own.fee
    OrdererFeedbackFactory(assignment=fee.participation.assignment, words="Very good")
    page = text(people.partner.client().get(fee.participation.assignment.get_absolute_url()))
    assert (page.count("Very good"), page.count('id="feedback-h"')) == (1, 1)


def test_only_the_staff_decide_who_was_left_out(people):
    for person in (people.partner, people.administrator):
        assert (
            person.client().post(url("participation_count_after_all", people.own.left_out)).status_code == 403
        )
    assert services.draft_fees(participations=[people.own.left_out], by=people.staff.actor) == []
