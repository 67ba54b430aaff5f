"""Running an assignment from its record to its end: who may do what when, and who hears of it."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from kumppani.audit.models import AuditEvent
from kumppani.core.dates import today
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.notices.models import Notice
from tasks import services
from tasks.models import Assignment, Fee, OrderLink, Participation
from tests.factories.accounts import user_in_role
from tests.factories.pairing import CommitmentTextFactory, ExperiencePartnerFactory, ready_partner
from tests.factories.tasks import (
    AssignmentFactory,
    FeeRuleFactory,
    OrderFactory,
    ParticipationFactory,
)
from tests.personas import Person

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
FEE = Decimal("80.00")


@pytest.fixture
def staff():
    return Person("staff", user_in_role("staff"), "staff").actor


@pytest.fixture
def texts():
    return [CommitmentTextFactory(kind=kind, number=1) for kind in ("principles", "undertaking")]


@pytest.fixture
def partner(texts):
    return ready_partner(user=user_in_role("partner"))


@pytest.fixture
def partner_actor(partner):
    return Person("partner", partner.user, "partner").actor


def told() -> set[tuple]:
    """Who has got which notice."""
    return set(Notice.objects.values_list("recipient_id", "kind"))


def part_of(partner, answer: str, **assignment) -> Participation:
    facts = {f"assignment__{name}": value for name, value in assignment.items()}
    return ParticipationFactory(partner=partner, status=answer, **facts)


def state_of(record) -> str:
    return type(record).objects.values_list("status", flat=True).get(pk=record.pk)


# --- The fee that is suggested, and how it is explained ---------------------------------------------------
@pytest.mark.parametrize(
    ("unit", "amount", "preparation", "hours", "euros", "quantity", "words"),
    [
        ("task", 100, 1, 2, "100.00", 1, "100.00\u00a0€ for the whole assignment"),
        ("hour", 30, 1, 2, "90.00", 3, "2 h + 1 h of preparation, 30.00\u00a0€ an hour"),
        ("hour", 30, 0, "2.5", "75.00", "2.5", "2.5 h, 30.00\u00a0€ an hour"),
        (
            "half_day",
            80,
            1,
            3,
            "80.00",
            1,
            "3 h + 1 h of preparation: 1 half day begun, 80.00\u00a0€ for each",
        ),
        (
            "half_day",
            80,
            2,
            3,
            "160.00",
            2,
            "3 h + 2 h of preparation: 2 half days begun, 80.00\u00a0€ for each",
        ),
        ("day", 150, 0, 9, "300.00", 2, "9 h: 2 days begun, 150.00\u00a0€ for each"),
    ],
)
def test_the_suggestion_says_how_it_comes_about(unit, amount, preparation, hours, euros, quantity, words):
    assignment = AssignmentFactory(hours=Decimal(hours))
    FeeRuleFactory(kind=assignment.kind, unit=unit, amount=amount, preparation_hours=preparation)
    found = services.suggested_fee(assignment=Assignment.objects.get(pk=assignment.pk))
    assert (found.amount, found.unit, found.quantity, found.words) == (
        Decimal(euros),
        unit,
        Decimal(quantity),
        words,
    )


# --- Asking -----------------------------------------------------------------------------------------------
def test_several_are_asked_at_once_or_nobody(partner, staff, texts):
    assignment, other = AssignmentFactory(), ready_partner(user=user_in_role("partner"))
    services.offer_to_several(
        assignment=assignment,
        partners=[partner, other],
        fee_amount=FEE,
        fee_unit="hour",
        fee_quantity=2,
        by=staff,
    )
    assert set(
        assignment.participations.values_list("partner_id", "fee_amount", "fee_unit", "fee_quantity")
    ) == {(each.pk, FEE, "hour", 2) for each in (partner, other)}
    assert told() == {(each.user_id, "assignment_offered") for each in (partner, other)}

    unready = ExperiencePartnerFactory()
    third = AssignmentFactory()
    with pytest.raises(MoveRefused, match=f"^{unready.name} is not ready yet"):
        services.offer_to_several(assignment=third, partners=[partner, unready], fee_amount=FEE, by=staff)
    assert not third.participations.exists()


def test_an_offer_without_a_fee_is_volunteering(partner, staff):
    made = services.offer(assignment=AssignmentFactory(), partner=partner, fee_amount=None, by=staff)
    assert made.is_unpaid
    made.assignment.move_to("agreed", by=staff)
    Participation.objects.filter(pk=made.pk).update(status="accepted")
    Assignment.objects.filter(pk=made.assignment_id).update(date=today())
    assert services.complete_assignment(assignment=Assignment.objects.get(), by=staff) == []
    assert state_of(made) == "done"


def test_an_offer_taken_back_may_come_again_with_another_fee(partner, staff):
    made = services.offer(assignment=AssignmentFactory(), partner=partner, fee_amount=FEE, by=staff)
    services.take_back_offer(participation=made, by=staff)
    assert state_of(made) == "cancelled"
    assert (partner.user_id, "offer_taken_back") in told()
    again = services.offer(assignment=made.assignment, partner=partner, fee_amount=Decimal(95), by=staff)
    again.refresh_from_db()
    assert (again.pk, again.status, again.fee_amount) == (made.pk, "offered", Decimal(95))


@pytest.mark.parametrize("status", ["accepted", "declined", "stepped_down", "done"])
def test_an_answered_offer_is_not_taken_back_and_not_made_again(partner, staff, status):
    made = part_of(partner, status)
    with pytest.raises(MoveRefused, match="answered already"):
        services.take_back_offer(participation=made, by=staff)
    with pytest.raises(MoveRefused, match="asked already"):
        services.offer(assignment=made.assignment, partner=partner, fee_amount=FEE, by=staff)


# --- Confirming -------------------------------------------------------------------------------------------
def test_confirming_tells_those_who_said_yes(partner, staff, texts):
    other = ready_partner(user=user_in_role("partner"))
    made = part_of(partner, "accepted")
    ParticipationFactory(assignment=made.assignment, partner=other, status="offered")
    services.confirm_assignment(assignment=made.assignment, by=staff)
    assert state_of(made.assignment) == "agreed"
    assert told() == {(partner.user_id, "assignment_confirmed")}


@pytest.mark.parametrize("status", ["offered", "declined", "cancelled", "stepped_down"])
def test_nothing_is_confirmed_before_somebody_has_said_yes(staff, status):
    made = ParticipationFactory(status=status)
    with pytest.raises(MoveRefused, match="Nobody has said yes yet"):
        services.confirm_assignment(assignment=made.assignment, by=staff)
    assert state_of(made.assignment) == "requested"


def test_when_the_orderer_pays_the_orderer_agrees_first(staff):
    made = ParticipationFactory(
        status="accepted", assignment__payer="orderer", assignment__grant=None, assignment__orderer_amount=200
    )
    with pytest.raises(MoveRefused, match="has not agreed to the sum"):
        services.confirm_assignment(assignment=made.assignment, by=staff)
    assignment = made.assignment
    assignment.orderer_agreed_on, assignment.orderer_agreed_how = today(), "staff"
    assignment.save()
    services.confirm_assignment(assignment=assignment, by=staff)
    assert state_of(assignment) == "agreed"


def paid_by_orderer(status: str, euros: int, *fees, agreed: bool = True, **facts) -> Assignment:
    """The orderer pays so much for those who have said yes, each for a fee."""
    yes = {"orderer_agreed_on": today(), "orderer_agreed_how": "staff"} if agreed else {}
    assignment = AssignmentFactory(
        status=status, payer="orderer", grant=None, orderer_amount=euros, **{"date": today(), **yes, **facts}
    )
    for fee in fees:
        ParticipationFactory(assignment=assignment, status="accepted", fee_amount=fee)
    return assignment


TOO_LITTLE = (
    "The fees come to 200.00\u00a0€ together, and the orderer pays 199.00\u00a0€. Agree on another sum first."
)


def test_the_orderers_sum_is_enough_for_all_who_said_yes(staff):
    short = paid_by_orderer("requested", 199, 120, 80, None)
    ParticipationFactory(assignment=short, status="offered", fee_amount=500)
    with pytest.raises(MoveRefused) as refused:
        services.confirm_assignment(assignment=short, by=staff)
    assert (str(refused.value), state_of(short)) == (TOO_LITTLE, "requested")
    enough = paid_by_orderer("requested", 200, 120, 80, None)
    services.confirm_assignment(assignment=enough, by=staff)
    assert state_of(enough) == "agreed"


def test_another_sum_in_between_is_seen_by_who_confirms(staff):
    """The copy in hand is older than the sum. Control: read the status alone in `lock`."""
    assignment = paid_by_orderer("requested", 200, 120, 80)
    seen_earlier = Assignment.objects.get(pk=assignment.pk)
    edit(assignment, staff, orderer_amount=Decimal(199))
    with pytest.raises(MoveRefused, match="has not agreed to the sum"):
        services.confirm_assignment(assignment=seen_earlier, by=staff)


def test_of_two_who_confirm_and_call_off_one_is_told(staff):
    made = ParticipationFactory(status="accepted")
    seen_earlier = Assignment.objects.get(pk=made.assignment_id)
    services.cancel_assignment(assignment=made.assignment, by=staff)
    with pytest.raises(AlreadyMoved):
        services.confirm_assignment(assignment=seen_earlier, by=staff)


def test_the_contact_of_an_order_gets_a_letter_at_every_turn(staff, django_capture_on_commit_callbacks):
    def letters() -> list[str]:
        return list(OrderLink.objects.order_by("created_at").values_list("letter", flat=True))

    done, off = (
        ParticipationFactory(
            status="accepted", assignment__order=OrderFactory(status="taken"), assignment__date=today()
        ).assignment
        for _ in range(2)
    )
    services.confirm_assignment(assignment=done, by=staff)
    assert letters() == ["confirmed"]
    services.complete_assignment(assignment=done, by=staff)
    assert letters() == ["confirmed", "feedback"]
    services.cancel_assignment(assignment=off, by=staff)
    assert letters() == ["confirmed", "feedback", "cancelled"]


# --- Answering --------------------------------------------------------------------------------------------
def test_a_yes_comes_on_the_day_itself_at_the_latest_and_a_no_at_any_time(partner, partner_actor, staff):
    today_still, over = (part_of(partner, "offered", date=today() - days * DAY) for days in (0, 1))
    services.answer_offer(participation=today_still, yes=True, by=partner_actor)
    with pytest.raises(MoveRefused, match="The day of this assignment is over"):
        services.answer_offer(participation=over, yes=True, by=partner_actor)
    assert [state_of(each) for each in (today_still, over)] == ["accepted", "offered"]
    services.answer_offer(participation=over, yes=False, by=partner_actor)
    assert state_of(over) == "declined"


# --- Cannot come after all --------------------------------------------------------------------------------
def test_who_cannot_come_after_all_says_so_and_the_staff_hear_at_once(partner, partner_actor, staff):
    made = part_of(partner, "accepted", status="agreed")
    services.step_down(participation=made, by=partner_actor)
    assert (state_of(made), state_of(made.assignment)) == ("stepped_down", "agreed")
    assert told() == {(staff.user_id, "partner_stepped_down")}


@pytest.mark.parametrize("status", ["offered", "declined", "done", "cancelled", "stepped_down"])
def test_only_a_yes_is_taken_back_this_way(partner, partner_actor, status):
    with pytest.raises(MoveRefused):
        services.step_down(participation=part_of(partner, status), by=partner_actor)


def test_nobody_steps_down_for_another(partner, staff):
    made = part_of(partner, "accepted")
    stranger = Person("stranger", user_in_role("partner"), "partner").actor
    for actor in (staff, stranger):
        with pytest.raises(MoveRefused):
            services.step_down(participation=made, by=actor)
    assert state_of(made) == "accepted"


# --- The facts are mended ---------------------------------------------------------------------------------
def edit(assignment, staff, **facts):
    return services.edit_assignment(
        assignment=Assignment.objects.get(pk=assignment.pk),
        by=staff,
        seen_version=facts.pop("seen_version", assignment.version),
        **facts,
    )


@pytest.mark.parametrize(
    ("facts", "told_of_it"),
    [
        ({"date": today() + 20 * DAY}, True),
        ({"starts_at": datetime.time(9)}, True),
        ({"place": "Toritie 1"}, True),
        ({"title": "Another talk"}, False),
        ({"hours": Decimal(3)}, True),
    ],
)
def test_who_plans_by_it_is_told_of_another_day_time_or_place(partner, staff, texts, facts, told_of_it):
    asked, said_no = (ready_partner(user=user_in_role("partner")) for _ in range(2))
    made = part_of(partner, "accepted")
    ParticipationFactory(assignment=made.assignment, partner=asked, status="offered")
    ParticipationFactory(assignment=made.assignment, partner=said_no, status="declined")
    assert edit(made.assignment, staff, **facts) == list(facts)
    expected = {(each.user_id, "assignment_changed") for each in (partner, asked)} if told_of_it else set()
    assert told() == expected
    assert AuditEvent.objects.get(action="change").fields_changed == list(facts)


def test_nothing_changed_tells_nobody(partner, staff):
    made = part_of(partner, "accepted")
    assert edit(made.assignment, staff, date=made.assignment.date, place="") == []
    assert told() == set()


def test_the_second_of_two_editors_is_told(staff):
    assignment = AssignmentFactory()
    edit(assignment, staff, title="First")
    with pytest.raises(AlreadyMoved):
        edit(assignment, staff, title="Second", seen_version=assignment.version)
    assert Assignment.objects.get().title == "First"


@pytest.mark.parametrize("status", ["done", "cancelled"])
def test_what_is_over_is_not_mended(staff, status):
    with pytest.raises(MoveRefused, match="This is over"):
        edit(AssignmentFactory(status=status), staff, title="Later")


def test_the_day_does_not_move_before_the_fees_were_agreed(staff):
    made = ParticipationFactory(fee_agreed_on=today())
    with pytest.raises(ValidationError) as error:
        edit(made.assignment, staff, date=today() - DAY)
    assert list(error.value.error_dict) == ["date"]
    edit(made.assignment, staff, date=today())


def test_another_sum_has_to_be_agreed_anew(staff):
    assignment = AssignmentFactory(
        payer="orderer",
        grant=None,
        orderer_amount=200,
        orderer_agreed_on=today(),
        orderer_agreed_how="link",
        order=OrderFactory(status="taken"),
    )
    edit(assignment, staff, title="The same sum", orderer_amount=Decimal(200))
    assignment.refresh_from_db()
    assert not assignment.waits_for_orderer
    edit(assignment, staff, orderer_amount=Decimal(250))
    assignment.refresh_from_db()
    assert (assignment.waits_for_orderer, assignment.orderer_agreed_how) == (True, "")
    assert [link.letter for link in assignment.order.links.all()] == ["agree"]


# --- Done -------------------------------------------------------------------------------------------------
def test_done_tells_apart_who_came(partner, staff, texts):
    absent = ready_partner(user=user_in_role("partner"))
    came = part_of(partner, "accepted", status="agreed", date=today(), audience_size=20)
    missed = ParticipationFactory(assignment=came.assignment, partner=absent, status="accepted")
    fees = services.complete_assignment(
        assignment=came.assignment,
        by=staff,
        came=[came.pk],
        preparation={came.pk: 90, missed.pk: 30},
        audience_size=14,
    )
    assert [fee.participation_id for fee in fees] == [came.pk]
    came.refresh_from_db()
    missed.refresh_from_db()
    assert (came.status, came.preparation_minutes) == ("done", 90)
    assert (missed.status, missed.preparation_minutes) == ("cancelled", None)
    assert Assignment.objects.get().audience_size == 14
    assert told() == {(partner.user_id, "fee_to_claim"), (absent.user_id, "assignment_done_without")}


def test_what_the_partner_wrote_and_what_was_expected_stay_when_nothing_is_said(partner, staff):
    made = part_of(partner, "accepted", status="agreed", date=today(), audience_size=20)
    Participation.objects.update(preparation_minutes=45)
    services.complete_assignment(assignment=made.assignment, by=staff)
    made.refresh_from_db()
    assert (made.preparation_minutes, made.assignment.audience_size) == (45, 20)


def test_nothing_is_done_by_nobody(staff):
    made = ParticipationFactory(status="accepted", assignment__status="agreed", assignment__date=today())
    with pytest.raises(MoveRefused, match="call the assignment off"):
        services.complete_assignment(assignment=made.assignment, by=staff, came=[])
    assert (state_of(made), state_of(made.assignment)) == ("accepted", "agreed")


def test_nothing_is_done_before_the_orderer_has_agreed_to_the_sum(staff):
    assignment = paid_by_orderer("agreed", 200, 80)
    edit(assignment, staff, orderer_amount=Decimal(150))
    assignment.refresh_from_db()
    with pytest.raises(MoveRefused, match="The orderer has not agreed to the sum yet"):
        services.complete_assignment(assignment=assignment, by=staff)
    assert (state_of(assignment), assignment.can_complete(staff), Fee.objects.count()) == ("agreed", False, 0)
    services.agree_fee_told(assignment=assignment, by=staff)
    services.complete_assignment(assignment=assignment, by=staff)
    assert (state_of(assignment), Fee.objects.get().payer) == ("done", "orderer")


def test_who_said_yes_after_the_confirmation_is_in_the_orderers_sum_too(staff):
    assignment = paid_by_orderer("agreed", 199, 120, 80)
    with pytest.raises(MoveRefused) as refused:
        services.complete_assignment(assignment=assignment, by=staff)
    assert (str(refused.value), state_of(assignment)) == (TOO_LITTLE, "agreed")
    came = assignment.participations.get(fee_amount=120)
    services.complete_assignment(assignment=assignment, by=staff, came=[came.pk])
    assert [fee.amount for fee in Fee.objects.all()] == [120]


def test_a_yes_or_a_no_in_between_is_not_passed_over(staff):
    made = ParticipationFactory(status="accepted", assignment__status="agreed", assignment__date=today())
    late = ParticipationFactory(assignment=made.assignment, status="accepted")
    for seen in ([made.pk], [made.pk, late.pk, made.assignment.pk]):
        with pytest.raises(AlreadyMoved):
            services.complete_assignment(assignment=made.assignment, by=staff, came=[made.pk], seen_yes=seen)
    assert {state_of(each) for each in (made, late)} == {"accepted"}
    services.complete_assignment(
        assignment=made.assignment, by=staff, came=[made.pk], seen_yes=[late.pk, made.pk]
    )
    assert [state_of(each) for each in (made, late)] == ["done", "cancelled"]


# --- Took part after all ----------------------------------------------------------------------------------
def left_out(partner, staff, **facts) -> Participation:
    """Has said yes, and was not ticked when it was marked as done."""
    made = part_of(partner, "accepted", status="agreed", date=today(), **facts)
    came = ParticipationFactory(assignment=made.assignment, status="accepted", fee_amount=None)
    services.complete_assignment(assignment=made.assignment, by=staff, came=[came.pk])
    Notice.objects.all().delete()
    return Participation.objects.get(pk=made.pk)


def test_who_was_left_out_by_mistake_took_part_after_all(partner, staff):
    made = left_out(partner, staff)
    (fee,) = services.count_after_all(participation=made, by=staff)
    assert (state_of(made), fee.participation_id, fee.status) == ("done", made.pk, "draft")
    assert told() == {(partner.user_id, "assignment_done_with"), (partner.user_id, "fee_to_claim")}
    with pytest.raises(MoveRefused):
        services.count_after_all(participation=made, by=staff)
    assert Fee.objects.count() == 1


def test_who_volunteered_is_told_and_gets_no_fee(partner, staff):
    made = left_out(partner, staff)
    Participation.objects.filter(pk=made.pk).update(fee_amount=None)
    assert services.count_after_all(participation=made, by=staff) == []
    assert told() == {(partner.user_id, "assignment_done_with")}


def test_only_who_had_said_yes_and_was_left_out_took_part_after_all(partner, partner_actor, staff):
    made = left_out(partner, staff)
    silent = part_of(ready_partner(), "offered", status="agreed", date=today())
    ParticipationFactory(assignment=silent.assignment, status="accepted")
    services.complete_assignment(assignment=silent.assignment, by=staff)
    called_off = part_of(ready_partner(), "accepted", date=today())
    services.cancel_assignment(assignment=called_off.assignment, by=staff, late_share=50)
    without_pay = part_of(ready_partner(), "accepted", date=today())
    services.cancel_assignment(assignment=without_pay.assignment, by=staff)
    assert list(Participation.objects.left_out()) == [made]
    for each in (silent, called_off, without_pay):
        each.refresh_from_db()
        with pytest.raises(MoveRefused):
            services.count_after_all(participation=each, by=staff)
    with pytest.raises(MoveRefused):
        services.count_after_all(participation=made, by=partner_actor)
    assert state_of(made) == "cancelled"


def test_who_took_part_after_all_is_in_the_orderers_sum_too(staff):
    assignment = paid_by_orderer("agreed", 199, 120, 80)
    came, absent = assignment.participations.order_by("-fee_amount")
    services.complete_assignment(assignment=assignment, by=staff, came=[came.pk])
    absent.refresh_from_db()
    with pytest.raises(MoveRefused) as refused:
        services.count_after_all(participation=absent, by=staff)
    assert (str(refused.value), state_of(absent)) == (TOO_LITTLE, "cancelled")


# --- Called off -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("agreed", "by_whom", "sentence"),
    [
        (False, "orderer", "The orderer has not agreed to the sum yet."),
        (
            True,
            "project",
            "The orderer pays these fees: something is paid only when the orderer calls it off.",
        ),
        (
            True,
            "partners",
            "The orderer pays these fees: something is paid only when the orderer calls it off.",
        ),
        (True, "orderer", None),
    ],
)
def test_the_orderer_pays_for_a_late_end_only_what_it_agreed_to_and_caused(staff, agreed, by_whom, sentence):
    assignment = paid_by_orderer("requested", 100, 120, 80, agreed=agreed)
    deed = {"assignment": assignment, "by": staff, "cancelled_by": by_whom}
    if sentence is None:
        assert sorted(fee.amount for fee in services.cancel_assignment(**deed, late_share=50)) == [40, 60]
        return
    with pytest.raises(MoveRefused) as refused:
        services.cancel_assignment(**deed, late_share=50)
    assert (str(refused.value), state_of(assignment)) == (sentence, "requested")
    assert services.cancel_assignment(**deed) == []


@pytest.mark.parametrize(("share", "euros"), [(0, None), (50, "40.00"), (100, "80.00")])
def test_called_off_late_the_share_is_paid_to_those_who_had_said_yes(partner, staff, share, euros):
    made = part_of(partner, "accepted", date=today() + DAY)
    Participation.objects.update(fee_amount=FEE)
    unpaid = ParticipationFactory(assignment=made.assignment, status="accepted", fee_amount=None)
    silent = ParticipationFactory(assignment=made.assignment, status="offered")
    fees = services.cancel_assignment(
        assignment=made.assignment, by=staff, cancelled_by="orderer", late_share=share
    )
    assert [(fee.participation_id, fee.amount) for fee in fees] == (
        [(made.pk, Decimal(euros))] if euros else []
    )
    shares = dict(Participation.objects.values_list("pk", "late_share"))
    assert shares == {made.pk: share or None, unpaid.pk: None, silent.pk: None}
    assignment = Assignment.objects.get()
    assert (assignment.cancelled_by, assignment.cancelled_on) == ("orderer", today())
    assert assignment.was_called_off_late
    expected = {(partner.user_id, "assignment_cancelled")}
    assert told() == (expected | {(partner.user_id, "fee_to_claim")} if euros else expected)


@pytest.mark.parametrize(("days", "late"), [(0, True), (1, True), (2, False), (3, False)])
def test_when_calling_off_is_late(staff, days, late):
    made = ParticipationFactory(status="accepted", assignment__date=today() + days * DAY)
    assert made.assignment.would_be_late is late
    if late:
        services.cancel_assignment(assignment=made.assignment, by=staff, late_share=50)
        assert Fee.objects.count() == 1
    else:
        with pytest.raises(MoveRefused, match="in good time"):
            services.cancel_assignment(assignment=made.assignment, by=staff, late_share=50)
        assert state_of(made.assignment) == "requested"


# --- Preparation ------------------------------------------------------------------------------------------
def prepare(made, by, minutes=90):
    made.refresh_from_db()
    services.write_preparation(participation=made, minutes=minutes, seen_version=made.version, by=by)


@pytest.mark.parametrize(("status", "days"), [("accepted", 5), ("accepted", 0), ("done", -14)])
def test_the_partner_writes_how_long_preparing_took(partner, partner_actor, status, days):
    made = part_of(partner, status, date=today() + days * DAY)
    prepare(made, partner_actor)
    assert Participation.objects.get().preparation_minutes == 90


@pytest.mark.parametrize(("status", "days"), [("done", -15), ("offered", 5), ("cancelled", 0)])
def test_preparation_has_its_time(partner, partner_actor, status, days):
    with pytest.raises(MoveRefused):
        prepare(part_of(partner, status, date=today() + days * DAY), partner_actor)


def test_nobody_else_writes_a_partners_preparation(partner, staff):
    with pytest.raises(MoveRefused):
        prepare(part_of(partner, "accepted"), staff)


def test_preparation_written_twice_at_once_is_told(partner, partner_actor):
    made = part_of(partner, "accepted")
    seen = Participation.objects.get()
    prepare(made, partner_actor)
    with pytest.raises(AlreadyMoved):
        services.write_preparation(
            participation=seen, minutes=10, seen_version=seen.version, by=partner_actor
        )


# --- What waits to be confirmed ---------------------------------------------------------------------------
def test_what_waits_to_be_confirmed():
    enough, short, theirs, agreed_upon = (
        AssignmentFactory(partners_wanted=2),
        AssignmentFactory(partners_wanted=2),
        AssignmentFactory(payer="orderer", grant=None, orderer_amount=50),
        AssignmentFactory(
            payer="orderer",
            grant=None,
            orderer_amount=50,
            orderer_agreed_on=today(),
            orderer_agreed_how="link",
        ),
    )
    on = AssignmentFactory(status="agreed")
    for assignment, yes in ((enough, 2), (short, 1), (theirs, 1), (agreed_upon, 1), (on, 1)):
        for _ in range(yes):
            ParticipationFactory(assignment=assignment, status="accepted")
        ParticipationFactory(assignment=assignment, status="declined")
    assert set(Assignment.objects.to_confirm()) == {enough, agreed_upon}
