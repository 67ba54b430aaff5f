"""The pages of assignments and fees, for each who may open them."""

import datetime
from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kumppani.audit.models import AuditEvent
from kumppani.core.dates import today
from tasks.models import Assignment, Fee, Participation, PartnerTerms
from tests.factories.accounts import RoleGrantFactory
from tests.factories.tasks import AssignmentFactory, FeeFactory, FeeRuleFactory, ParticipationFactory
from tests.personas import Person

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)

PAGES = {
    "assignment_list": None,
    "assignment_create": None,
    "assignment_detail": "assignment",
    "assignment_offer": "assignment",
    "assignment_complete": "assignment",
    "assignment_cancel": "assignment",
    "participation_answer": "participation",
    "fee_list": None,
    "fee_detail": "fee",
    "fee_claim": "fee",
    "fee_approve": "claimed_fee",
    "fee_reject": "claimed_fee",
}


def url(name: str, record=None) -> str:
    return reverse(name, args=[record.pk] if record is not None else [])


def text(response) -> str:
    return response.content.decode()


def said(response) -> list[str]:
    """The sentences the person will read on the next page."""
    return [str(message) for message in get_messages(response.wsgi_request)]


def token_on(client, address: str) -> str:
    """The submission token of a form that is opened now."""
    return client.get(address).context["form"]["submission"].value()


# --- Doors ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["worker", "parent", "trainer", "administrator"])
def test_the_room_is_closed_to_others(people, who):
    client = getattr(people, who).client()
    for page, kind in PAGES.items():
        record = getattr(people.own, kind) if kind else None
        assert client.get(url(page, record)).status_code == 403, page


@pytest.mark.parametrize("page", ["assignment_detail", "participation_answer", "fee_detail", "fee_claim"])
def test_what_is_another_partners_is_not_there(people, page):
    record = getattr(people.own, PAGES[page])
    assert people.partner.client().get(url(page, record)).status_code == 200
    assert people.other_partner.client().get(url(page, record)).status_code == 404


@pytest.mark.parametrize(
    "page",
    [
        "assignment_create",
        "assignment_offer",
        "assignment_complete",
        "assignment_cancel",
        "fee_approve",
        "fee_reject",
    ],
)
def test_what_staff_do_is_not_a_partners_to_do(people, page):
    record = getattr(people.own, PAGES[page]) if PAGES[page] else None
    assert people.partner.client().get(url(page, record)).status_code == 403
    assert people.partner.client().post(url(page, record)).status_code == 403


@pytest.mark.parametrize("page", ["participation_answer", "fee_claim"])
def test_what_a_partner_does_is_not_staffs_to_do(people, page):
    record = getattr(people.own, PAGES[page])
    assert people.staff.client().get(url(page, record)).status_code == 403
    assert people.staff.client().post(url(page, record)).status_code == 403


# --- The list of assignments ------------------------------------------------------------------------------
@pytest.fixture
def one_of_each_state(people):
    return {
        "requested": AssignmentFactory(status="requested", title="Asked for"),
        "agreed": AssignmentFactory(status="agreed", title="Agreed upon"),
        "done": AssignmentFactory(status="done", title="Finished"),
        "cancelled": AssignmentFactory(status="cancelled", title="Gone"),
    }


def test_staff_filter_by_state_in_the_url(people, one_of_each_state):
    client = people.staff.client()
    for query, shown in {
        "": {"requested", "agreed"},
        "?state=coming": {"requested", "agreed"},
        "?state=done": {"done"},
        "?state=cancelled": {"cancelled"},
        "?state=no-such-thing": {"requested", "agreed"},
    }.items():
        found = {row.pk for row in client.get(url("assignment_list") + query).context["rows"]}
        assert {name for name, assignment in one_of_each_state.items() if assignment.pk in found} == shown, (
            query
        )


def test_the_nearest_assignment_is_first_and_the_latest_done_one(people):
    far, near = AssignmentFactory(date=today() + 30 * DAY), AssignmentFactory(date=today() + DAY)
    client = people.staff.client()
    coming = [row.pk for row in client.get(url("assignment_list")).context["rows"]]
    assert coming.index(near.pk) < coming.index(far.pk)
    old, new = (AssignmentFactory(status="done", date=today() - days * DAY) for days in (9, 1))
    done = [row.pk for row in client.get(url("assignment_list") + "?state=done").context["rows"]]
    assert done.index(new.pk) < done.index(old.pk)


def test_the_tabs_tell_how_many(people, one_of_each_state):
    chips = people.staff.client().get(url("assignment_list")).context["chips"]
    counts = {chip["url"]: chip["count"] for chip in chips}
    assert counts == {
        "?state=coming": Assignment.objects.coming().count(),
        "?state=done": Assignment.objects.filter(status="done").count(),
        "?state=cancelled": 1,
    }


def test_the_list_tells_how_many_said_yes_without_names(people):
    assignment = AssignmentFactory(title="Well asked")
    for status in ("accepted", "declined", "offered"):
        ParticipationFactory(assignment=assignment, status=status)
    response = people.staff.client().get(url("assignment_list"))
    row = next(row for row in response.context["rows"] if row.pk == assignment.pk)
    assert (row.said_yes, row.asked) == (1, 3)
    assert "1 of 3 said yes" in text(response)
    for part in assignment.participations.all():
        assert part.partner.name not in text(response)


def test_an_agreed_assignment_whose_day_is_over_asks_to_be_marked(people):
    AssignmentFactory(status="agreed", date=today() - DAY)
    assert "Mark as done?" in text(people.staff.client().get(url("assignment_list")))


def test_a_partner_sees_the_own_assignments_with_the_own_state(people):
    response = people.partner.client().get(url("assignment_list"))
    rows = list(response.context["rows"])
    own = people.own
    coming = (own.agreed_assignment, own.assignment, own.child_assignment)
    answers = (own.accepted, own.participation, own.child_participation)
    assert [row.pk for row in rows] == [assignment.pk for assignment in coming]
    assert [[part.pk for part in row.own] for row in rows] == [[part.pk] for part in answers]
    assert url("participation_answer", people.own.participation) in text(response)


def test_a_partners_tabs_follow_the_own_state(people):
    mine = {
        ParticipationFactory(partner=people.former_partner.user.partner, status=status).assignment_id: status
        for status in ("offered", "accepted", "declined", "done", "cancelled", "stepped_down")
    }
    client = people.former_partner.client()
    for tab, shown in {
        "coming": {"offered", "accepted"},
        "done": {"done"},
        "cancelled": {"declined", "cancelled", "stepped_down"},
    }.items():
        rows = client.get(f"{url('assignment_list')}?state={tab}").context["rows"]
        assert {mine[row.pk] for row in rows} == shown


def test_empty_lists_say_what_will_be_there(people):
    client = people.former_partner.client()
    assert "Nothing is waiting" in text(client.get(url("assignment_list")))
    Participation.objects.filter(fee=None).delete()
    Assignment.objects.filter(participations=None).delete()
    staff = people.staff.client()
    assert "Nothing is coming" in text(staff.get(url("assignment_list")))
    assert "Nothing has been called off" in text(staff.get(url("assignment_list") + "?state=cancelled"))
    assert "No fees here" in text(staff.get(url("fee_list") + "?state=rejected"))


# --- Recording an assignment ------------------------------------------------------------------------------
@pytest.fixture
def typed(people):
    return {
        "kind": str(people.common.kind.pk),
        "title": "A talk to students",
        "organisation": str(people.own.organisation.pk),
        "date": (today() + DAY).isoformat(),
        "hours": "2,5",
        "partners_wanted": "1",
        "payer": "project",
        "grant": str(people.common.grant.pk),
    }


def test_staff_record_an_assignment(people, typed):
    client = people.staff.client()
    typed["submission"] = token_on(client, url("assignment_create"))
    response = client.post(url("assignment_create"), typed)
    made = Assignment.objects.get(title="A talk to students")
    assert (response.status_code, response.url) == (302, made.get_absolute_url())
    assert (made.status, made.hours, made.grant_id) == ("requested", Decimal("2.5"), people.common.grant.pk)
    assert said(response)[0].startswith("Saved: A talk to students, ")


def test_sending_twice_makes_one_assignment_and_says_the_same(people, typed):
    client = people.staff.client()
    typed["submission"] = token_on(client, url("assignment_create"))
    first, second = (client.post(url("assignment_create"), typed) for _ in range(2))
    assert first.url == second.url
    assert Assignment.objects.filter(title="A talk to students").count() == 1


def test_a_mistake_is_said_at_its_field_and_the_words_stay(people, typed):
    client = people.staff.client()
    typed |= {"submission": token_on(client, url("assignment_create")), "grant": "", "hours": "long"}
    response = client.post(url("assignment_create"), typed)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"grant", "hours"}
    assert 'value="A talk to students"' in text(response)
    assert "The project pays: choose the grant from which it pays." in text(response)


def test_the_form_explains_who_pays(people):
    page = text(people.staff.client().get(url("assignment_create")))
    assert "If the project pays, choose the grant. If the orderer pays, this does not matter." in page


# --- One assignment ---------------------------------------------------------------------------------------
def test_staff_see_everybody_asked_with_state_and_fee(people):
    assignment = people.own.assignment
    other = ParticipationFactory(
        assignment=assignment, partner=people.foreign.partner, status="accepted", fee_amount=Decimal("77.50")
    )
    page = text(people.staff.client().get(assignment.get_absolute_url()))
    for words in (people.own.partner.name, other.partner.name, "77.50", "100.00", "Offered", "Accepted"):
        assert words in page


def test_a_partner_sees_only_the_own_part(people):
    assignment = people.own.assignment
    other = ParticipationFactory(
        assignment=assignment, partner=people.foreign.partner, status="accepted", fee_amount=Decimal("77.50")
    )
    page = text(people.partner.client().get(assignment.get_absolute_url()))
    assert "100.00" in page
    assert "77.50" not in page
    for words in (other.partner.name, str(assignment.grant)):
        assert words not in page
    assert url("participation_answer", people.own.participation) in page


def test_looking_at_those_asked_leaves_a_trace(people):
    people.staff.client().get(people.own.assignment.get_absolute_url())
    events = AuditEvent.objects.filter(actor_id=people.staff.user.pk, about_id=people.own.partner.pk)
    assert list(events.values_list("action", "object_kind", "ground")) == [
        ("view", "tasks.participation", "coordination")
    ]


def actions_on(page: str, assignment) -> set[str]:
    names = ("assignment_offer", "assignment_complete", "assignment_cancel")
    return {name for name in names if url(name, assignment) in page}


def test_staff_are_offered_what_can_be_done_now(people):
    client = people.staff.client()
    ask, done, off = "assignment_offer", "assignment_complete", "assignment_cancel"
    for status, days, actions in (
        ("requested", 1, {ask, off}),
        ("requested", -1, {off}),
        ("agreed", 1, {ask, off}),
        ("agreed", 0, {ask, done, off}),
        ("agreed", -1, {done, off}),
        ("done", -1, set()),
        ("cancelled", 1, set()),
    ):
        assignment = AssignmentFactory(status=status, date=today() + days * DAY)
        page = text(client.get(assignment.get_absolute_url()))
        assert actions_on(page, assignment) == actions, (status, days)


def test_a_partner_is_offered_no_deed_of_staff(people):
    part = ParticipationFactory(
        partner=people.own.partner, status="accepted", assignment__status="agreed", assignment__date=today()
    )
    page = text(people.partner.client().get(part.assignment.get_absolute_url()))
    assert actions_on(page, part.assignment) == set()


# --- Asking a partner -------------------------------------------------------------------------------------
def test_the_fee_is_suggested_by_the_rule_of_the_day(people):
    assignment = AssignmentFactory(hours=Decimal("2.5"))
    FeeRuleFactory(kind=assignment.kind, amount=Decimal(40), unit="hour")
    page = text(people.staff.client().get(url("assignment_offer", assignment)))
    assert 'name="fee_amount" value="100"' in page


def asking(people, client, address: str, *partners, **changes) -> dict:
    return {
        "partners": [str(partner.pk) for partner in partners],
        "paid": "fee",
        "fee_amount": "80",
        "submission": token_on(client, address),
        **changes,
    }


def test_staff_ask_a_partner_with_a_comma_in_the_fee(people):
    assignment = AssignmentFactory()
    client = people.staff.client()
    address = url("assignment_offer", assignment)
    typed = asking(people, client, address, people.own.partner, fee_amount="82,50")
    first, second = (client.post(address, typed) for _ in range(2))
    part = assignment.participations.get()
    assert (part.partner_id, part.fee_amount, part.fee_unit, part.status) == (
        people.own.partner.pk,
        Decimal("82.50"),
        "task",
        "offered",
    )
    assert first.url == second.url == assignment.get_absolute_url()
    assert said(first)[0] == f"{people.own.partner.name} has been asked. The answer will stand here."
    assert said(first)[0] == said(second)[-1], "a double tap gets the same truthful answer"


def test_staff_ask_several_by_the_rule_or_as_volunteers(people):
    partners = sorted((people.own.partner, people.foreign.partner), key=lambda partner: partner.name)
    client = people.staff.client()
    paid, unpaid = (AssignmentFactory(hours=Decimal(2)) for _ in range(2))
    for assignment in (paid, unpaid):
        FeeRuleFactory(kind=assignment.kind, amount=Decimal(30), unit="hour", preparation_hours=Decimal(1))
    address = url("assignment_offer", paid)
    assert "2 h + 1 h of preparation, 30.00" in text(client.get(address))
    response = client.post(address, asking(people, client, address, *partners, fee_amount="90"))
    names = ", ".join(partner.name for partner in partners)
    assert said(response) == [f"{names} have been asked. The answers will stand here."]
    rows = paid.participations.values_list("partner_id", "fee_amount", "fee_unit", "fee_quantity")
    assert set(rows) == {(partner.pk, 90, "hour", 3) for partner in partners}

    address = url("assignment_offer", unpaid)
    client.post(address, asking(people, client, address, *partners, paid="volunteering"))
    assert set(unpaid.participations.values_list("fee_amount", flat=True)) == {None}


def test_a_partner_asked_by_a_colleague_in_between_is_not_asked_again(people):
    assignment = AssignmentFactory()
    client = people.staff.client()
    address = url("assignment_offer", assignment)
    typed = asking(people, client, address, people.own.partner, people.foreign.partner)
    ParticipationFactory(assignment=assignment, partner=people.own.partner)
    response = client.post(address, typed)
    assert response.status_code == 409
    assert f"{people.own.partner.name} has been asked already." in text(response)
    assert assignment.participations.count() == 1, "all or nobody"


def test_who_was_ticked_stays_ticked_when_something_is_to_be_mended(people):
    assignment = AssignmentFactory()
    client = people.staff.client()
    address = url("assignment_offer", assignment)
    response = client.post(address, asking(people, client, address, people.own.partner, fee_amount="much"))
    assert response.status_code == 422
    form = response.context["form"]
    assert form.turns[0].partner == people.own.partner
    assert set(form.errors) == {"fee_amount"}


@pytest.mark.parametrize(("status", "days"), [("requested", -1), ("done", 1), ("cancelled", 1)])
def test_nobody_can_be_asked_too_late(people, status, days):
    assignment = AssignmentFactory(status=status, date=today() + days * DAY)
    response = people.staff.client().get(url("assignment_offer", assignment))
    assert response.url == assignment.get_absolute_url()
    assert said(response) == ["Partners are asked before the assignment, not after it."]


# --- A partner answers ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("answer", "status", "assignment_status"),
    [("yes", "accepted", "requested"), ("no", "declined", "requested")],
)
def test_a_partner_answers_without_a_reason(people, answer, status, assignment_status):
    offer, client = people.own.participation, people.partner.client()
    address = url("participation_answer", offer)
    data = {"answer": answer, "submission": token_on(client, address)}
    first, second = (client.post(address, data) for _ in range(2))
    offer.refresh_from_db()
    assert (offer.status, offer.assignment.status) == (status, assignment_status)
    assert first.url == second.url == offer.assignment.get_absolute_url()
    assert said(first)[0] == said(second)[-1], "a double tap gets the same truthful answer"


def test_an_answer_without_a_word_is_asked_again(people):
    client, address = people.partner.client(), url("participation_answer", people.own.participation)
    response = client.post(address, {"submission": token_on(client, address)})
    assert response.status_code == 422
    assert "Press yes or no." in text(response)


def test_a_change_of_mind_from_an_old_page_is_told(people):
    offer, client = people.own.participation, people.partner.client()
    address = url("participation_answer", offer)
    old, new = token_on(client, address), token_on(client, address)
    client.post(address, {"answer": "yes", "submission": new})
    response = client.post(address, {"answer": "no", "submission": old})
    assert response.status_code == 409
    assert "This offer has been answered already." in text(response)
    offer.refresh_from_db()
    assert offer.status == "accepted"


def test_an_answered_offer_leads_to_the_assignment(people):
    part = ParticipationFactory(partner=people.own.partner, status="declined")
    response = people.partner.client().get(url("participation_answer", part))
    assert response.url == part.assignment.get_absolute_url()
    assert said(response) == ["This offer has been answered already."]


# --- Done and called off ----------------------------------------------------------------------------------
def test_marking_as_done_says_what_will_happen_and_does_it_once(people):
    assignment, client = people.own.agreed_assignment, people.staff.client()
    absent = ParticipationFactory(assignment=assignment, partner=people.foreign.partner, status="accepted")
    ParticipationFactory(assignment=assignment, status="offered")
    address = url("assignment_complete", assignment)
    response = client.get(address)
    assert "Those who have not answered are no longer asked." in text(response)
    assert set(response.context["form"]["came"].value()) == {people.own.accepted.pk, absent.pk}

    typed = {
        "came": [str(people.own.accepted.pk)],
        f"minutes_{people.own.accepted.pk.hex}": "75",
        "audience_size": "17",
        "seen_yes": response.context["form"]["seen_yes"].value(),
        "submission": token_on(client, address),
    }
    first, second = (client.post(address, typed) for _ in range(2))
    assert said(first)[0] == "Saved: the assignment has been done. 1 fee can be claimed now."
    assert said(second)[-1] == said(first)[0], "a double tap gets the same truthful answer"
    assignment.refresh_from_db()
    people.own.accepted.refresh_from_db()
    assert (assignment.status, assignment.audience_size) == ("done", 17)
    assert people.own.accepted.preparation_minutes == 75
    assert Fee.objects.filter(participation__assignment=assignment).count() == 1
    page = text(
        Person("absent", people.other_partner.user, "partner").client().get(assignment.get_absolute_url())
    )
    assert "You are not marked as having taken part" in page


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("agreed", "This day has not come yet."),
        ("requested", "This cannot be done now, because the state is “Requested”."),
    ],
)
def test_marking_as_done_too_early_is_refused(people, status, sentence):
    assignment = AssignmentFactory(status=status, date=today() + DAY)
    ParticipationFactory(assignment=assignment, status="accepted")
    client, address = people.staff.client(), url("assignment_complete", assignment)
    assert said(client.get(address)) == [sentence]
    client.post(address)
    assignment.refresh_from_db()
    assert (assignment.status, Fee.objects.filter(participation__assignment=assignment).count()) == (
        status,
        0,
    )


def call_off(people, assignment, **typed):
    client, address = people.staff.client(), url("assignment_cancel", assignment)
    return client.post(address, {"cancelled_by": "orderer", "submission": token_on(client, address), **typed})


def test_calling_off_asks_first_and_looking_changes_nothing(people):
    client, address = people.staff.client(), url("assignment_cancel", people.own.assignment)
    page = text(client.get(address))
    assert "Every partner who has been asked or has said yes gets a notice." in page
    assert "late_share" not in page, "in good time nothing is paid"
    people.own.assignment.refresh_from_db()
    assert people.own.assignment.status == "requested"
    response = call_off(people, people.own.assignment)
    people.own.assignment.refresh_from_db()
    people.own.participation.refresh_from_db()
    assert (people.own.assignment.status, people.own.participation.status) == ("cancelled", "cancelled")
    assert people.own.assignment.cancelled_by == "orderer"
    assert said(response) == ["The assignment has been called off, and the partners have been told."]


def test_called_off_late_staff_say_how_much_is_paid(people):
    assignment = people.own.agreed_assignment
    assert call_off(people, assignment).status_code == 422
    call_off(people, assignment, late_share="50")
    fee = Fee.objects.get(participation=people.own.accepted)
    assert (fee.amount, fee.status) == (Decimal("50.00"), "draft")
    page = text(people.partner.client().get(assignment.get_absolute_url()))
    assert "The assignment was called off late. You can claim 50.00\u00a0€ all the same." in page


def test_what_is_called_off_says_so_to_the_partner(people):
    call_off(people, people.own.assignment)
    page = text(people.partner.client().get(people.own.assignment.get_absolute_url()))
    assert "Cancelled" in page
    assert url("participation_answer", people.own.participation) not in page


# --- Confirmed, and cannot come after all -----------------------------------------------------------------
def test_staff_confirm_when_enough_have_said_yes(people):
    part, client = people.own.participation, people.staff.client()
    address, page = url("assignment_confirm", part.assignment), part.assignment.get_absolute_url()
    assert address not in text(client.get(page)), "nobody has said yes"
    Participation.objects.filter(pk=part.pk).update(status="accepted")
    assert "Enough partners have said yes" in text(client.get(page))
    assert said(client.post(address)) == ["Confirmed: the assignment is on, and the partners have been told."]
    part.assignment.refresh_from_db()
    assert part.assignment.status == "agreed"
    assert "It is on" in text(people.partner.client().get(page))
    assert said(client.post(address))[-1] == "This cannot be done now, because the state is “Agreed”."


def test_home_tells_what_waits_to_be_confirmed(people):
    part, home = people.own.participation, reverse("home")
    Participation.objects.filter(status="accepted").update(status="offered")
    assert "Assignments to confirm" not in text(people.staff.client().get(home))
    Participation.objects.filter(pk=part.pk).update(status="accepted")
    page = text(people.staff.client().get(home))
    assert "Assignments to confirm" in page
    assert part.assignment.get_absolute_url() in page


def test_a_partner_who_cannot_come_after_all_needs_no_reason(people):
    part, client = people.own.accepted, people.partner.client()
    address = url("participation_step_down", part)
    assert address in text(client.get(part.assignment.get_absolute_url()))
    assert said(client.post(address)) == ["Thank you for telling us. The staff take care of the rest."]
    page = text(client.get(part.assignment.get_absolute_url()))
    assert "You have told that you cannot come" in page
    assert address not in page
    assert client.get(address).url == part.assignment.get_absolute_url()


def test_a_partner_writes_how_long_preparing_took(people):
    part, client = people.own.accepted, people.partner.client()
    address = url("participation_preparation", part)
    form = client.get(address).context["form"]
    hidden = {name: form[name].value() for name in ("submission", "seen_version")}
    assert client.post(address, {**hidden, "preparation_minutes": "long"}).status_code == 422
    response = client.post(address, {**hidden, "preparation_minutes": "95"})
    assert said(response) == ["Saved: 1 h 35 min."]
    assert "1 h 35 min" in text(people.staff.client().get(part.assignment.get_absolute_url()))


def test_staff_take_an_unanswered_offer_back(people):
    part, client = people.own.participation, people.staff.client()
    address = url("participation_take_back", part)
    assert address in text(client.get(part.assignment.get_absolute_url()))
    client.post(address)
    part.refresh_from_db()
    assert part.status == "cancelled"
    assert url("participation_answer", part) not in text(
        people.partner.client().get(part.assignment.get_absolute_url())
    )


def test_the_own_ceiling_and_a_clash_are_told_before_the_answer(people):
    assignment = people.own.assignment
    Assignment.objects.filter(pk=assignment.pk).update(date=people.own.agreed_assignment.date)
    PartnerTerms.objects.filter(partner=people.own.partner).update(monthly_ceiling=Decimal(50))
    page = text(people.partner.client().get(url("participation_answer", people.own.participation)))
    assert f"On that day you have something else too: {people.own.agreed_assignment.title}." in page
    assert "Your own ceiling is 50.00\u00a0€." in page
    assert "You may say yes all the same." in page


# --- The facts are mended ---------------------------------------------------------------------------------
def test_staff_mend_the_facts(people, typed):
    assignment, client = people.own.assignment, people.staff.client()
    address = url("assignment_edit", assignment)
    form = client.get(address).context["form"]
    hidden = {name: form[name].value() for name in ("submission", "seen_version")}
    response = client.post(address, {**typed, **hidden, "place": "Toritie 1"})
    assert response.url == assignment.get_absolute_url()
    assignment.refresh_from_db()
    assert (assignment.title, assignment.place) == ("A talk to students", "Toritie 1")
    stale = {**typed, "seen_version": hidden["seen_version"], "submission": token_on(client, address)}
    assert client.post(address, stale).status_code == 409, "somebody else has saved in between"


# --- The list is narrowed ---------------------------------------------------------------------------------
def test_staff_narrow_the_list_by_kind_organisation_and_period(people):
    one = AssignmentFactory(date=today() + 5 * DAY)
    other = AssignmentFactory(date=today() + 50 * DAY)
    client = people.staff.client()
    for query, shown in {
        f"kind={one.kind_id}": {one},
        f"organisation={other.organisation_id}": {other},
        f"first={today() + 40 * DAY}": {other},
        f"last={today() + 10 * DAY}": {one},
        f"kind={one.kind_id}&organisation={other.organisation_id}": set(),
        "kind=nonsense&first=tomorrow": {one, other},
    }.items():
        response = client.get(f"{url('assignment_list')}?{query}")
        assert set(response.context["rows"]) & {one, other} == shown, query
    page = client.get(f"{url('assignment_list')}?kind={one.kind_id}")
    assert {chip["url"]: chip["count"] for chip in page.context["chips"]} == {
        f"?state=coming&kind={one.kind_id}": 1,
        f"?state=done&kind={one.kind_id}": 0,
        f"?state=cancelled&kind={one.kind_id}": 0,
    }


# --- Fees -------------------------------------------------------------------------------------------------
def test_staff_see_first_what_waits_for_approval_the_longest_first(people):
    rows = people.staff.client().get(url("fee_list")).context["rows"]
    assert [row.status for row in rows] == ["claimed", "claimed"]
    assert [row.pk for row in rows] == list(
        Fee.objects.filter(status="claimed").order_by("claimed_at", "id").values_list("pk", flat=True)
    )


def test_staff_filter_fees_by_state_with_the_sum(people):
    client = people.staff.client()
    counts = {"claimed": 2, "draft": 2, "waived": 2, "rejected": 0}
    for state, count in counts.items():
        response = client.get(f"{url('fee_list')}?state={state}")
        assert {row.status for row in response.context["rows"]} <= {state}
        assert len(response.context["rows"]) == count
        assert response.context["together"] == count * Decimal(100)


def test_the_sum_is_that_of_the_whole_list_not_of_the_page(people, settings):
    settings.PAGE_SIZE = 1
    response = people.staff.client().get(url("fee_list"))
    assert len(response.context["rows"]) == 1
    assert response.context["together"] == Decimal("200.00")


def test_a_list_of_fees_shows_persons_and_leaves_a_trace(people):
    people.staff.client().get(url("fee_list"))
    seen = AuditEvent.objects.filter(actor_id=people.staff.user.pk, action="list", object_kind="tasks.fee")
    assert set(seen.values_list("about_id", flat=True)) == {people.own.partner.pk, people.foreign.partner.pk}


def test_a_fees_page_tells_its_history_in_words(people):
    fee = people.own.fee
    people.partner.client().post(url("fee_claim", fee))
    people.staff.client().post(url("fee_approve", fee))
    lines = people.staff.client().get(fee.get_absolute_url()).context["history"]
    assert [(line["words"], line.get("who")) for line in lines] == [
        ("Agreed: 100.00\u00a0€", None),
        ("Done: the fee can be claimed", None),
        ("Claimed", people.partner.user.get_full_name()),
        ("Approved", "You"),
    ]


def test_a_partner_reads_roles_not_the_names_of_staff(people):
    fee = people.own.claimed_fee
    people.staff.client().post(url("fee_approve", fee))
    response = people.partner.client().get(fee.get_absolute_url())
    assert [line.get("who") for line in response.context["history"]][-1] == "Project staff"
    assert people.staff.user.first_name not in text(response)
    assert str(fee.grant) not in text(response)


def test_a_partner_claims_with_one_press_and_a_second_changes_nothing(people):
    fee, client = people.own.fee, people.partner.client()
    assert "100.00" in text(client.get(url("fee_claim", fee)))
    fee.refresh_from_db()
    assert fee.status == "draft", "looking changes nothing"
    first, second = (client.post(url("fee_claim", fee)) for _ in range(2))
    fee.refresh_from_db()
    assert (fee.status, fee.claimed_by_id) == ("claimed", people.partner.user.pk)
    assert first.url == second.url == fee.get_absolute_url()
    assert said(first)[0].startswith("You have claimed 100.00")
    assert said(second)[-1] == "This fee has been claimed already."


def test_staff_approve_a_claim_once(people):
    fee, client = people.own.claimed_fee, people.staff.client()
    page = text(client.get(url("fee_approve", fee)))
    assert people.own.partner.name in page
    first, second = (client.post(url("fee_approve", fee)) for _ in range(2))
    fee.refresh_from_db()
    assert (fee.status, fee.approved_by_id) == ("approved", people.staff.user.pk)
    assert said(first)[0].startswith("Approved: 100.00")
    assert said(second)[-1] == "This cannot be done now, because the state is “Approved”."


@pytest.mark.parametrize("page", ["fee_approve", "fee_reject"])
def test_nobody_decides_on_the_own_claim_in_another_role(people, page):
    RoleGrantFactory(user=people.partner.user, role="staff")
    client = Person("both", people.partner.user, "staff").client()
    fee = people.own.claimed_fee
    assert client.get(url(page, fee)).status_code == 403
    assert client.post(url(page, fee), {"because": "Mine."}).status_code == 403
    fee.refresh_from_db()
    assert fee.status == "claimed"
    response = client.get(fee.get_absolute_url())
    assert "Somebody else approves this." in text(response)
    assert url(page, fee) not in text(response)
    assert url(page, fee) not in text(client.get(url("fee_list")))


@pytest.mark.parametrize("page", ["fee_approve", "fee_reject"])
def test_a_fee_that_does_not_wait_leads_to_its_page(people, page):
    response = people.staff.client().get(url(page, people.own.fee))
    assert response.url == people.own.fee.get_absolute_url()


def test_a_claim_goes_back_with_words_the_partner_reads(people):
    fee, client = people.own.claimed_fee, people.staff.client()
    address = url("fee_reject", fee)
    token = token_on(client, address)
    assert client.post(address, {"because": " ", "submission": token}).status_code == 422
    client.post(address, {"because": "It lasted an hour less.", "submission": token})
    fee.refresh_from_db()
    assert (fee.status, fee.rejected_because) == ("rejected", "It lasted an hour less.")
    partner = people.partner.client()
    for page in (fee.get_absolute_url(), url("fee_claim", fee)):
        assert "It lasted an hour less." in text(partner.get(page))
    partner.post(url("fee_claim", fee))
    fee.refresh_from_db()
    assert (fee.status, fee.rejected_because) == ("claimed", "")


# --- What it costs ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["staff", "partner"])
@pytest.mark.parametrize("page", ["assignment_list", "assignment_detail"])
def test_pages_cost_the_same_whatever_the_number_of_rows(people, who, page, django_assert_max_num_queries):
    client, assignment = getattr(people, who).client(), people.own.assignment
    address = url(page, assignment if page == "assignment_detail" else None)
    needed = []
    for more in (0, 2):
        for _ in range(more):
            ParticipationFactory(partner=people.own.partner)
            ParticipationFactory(assignment=assignment)
            FeeFactory(claimed=True, participation__partner=people.own.partner)
        with django_assert_max_num_queries(12) as queries:
            assert client.get(address).status_code == 200
        needed.append(len(queries))
    assert needed[0] == needed[1]


def test_ten_thousand_assignments_cost_as_many_questions_as_ten(people):
    client, needed = people.staff.client(), []
    one = people.own.assignment
    facts = {"kind": one.kind, "organisation": one.organisation, "grant": one.grant, "hours": one.hours}
    for number in (10, 10_000):
        Assignment.objects.bulk_create(
            Assignment(title=f"Luento {n}", date=one.date + (n % 90) * DAY, **facts) for n in range(number)
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as the database itself does after a while
        for query in ("", f"?kind={one.kind_id}&organisation={one.organisation_id}&first={one.date}"):
            with CaptureQueriesContext(connection) as queries:
                response = client.get(url("assignment_list") + query)
            assert len(response.context["rows"]) <= 50
            needed.append(len(queries))
    assert needed[:2] == needed[2:]
    assert max(needed) <= 12


def test_every_page_is_cheap(people, django_assert_max_num_queries):
    for who, page, record in (
        ("staff", "assignment_create", None),
        ("staff", "assignment_edit", people.own.assignment),
        ("staff", "assignment_confirm", people.own.assignment),
        ("staff", "assignment_complete", people.own.agreed_assignment),
        ("staff", "assignment_cancel", people.own.agreed_assignment),
        ("staff", "participation_take_back", people.own.participation),
        ("partner", "participation_answer", people.own.participation),
        ("partner", "participation_step_down", people.own.accepted),
        ("partner", "participation_preparation", people.own.accepted),
        ("staff", "fee_detail", people.own.claimed_fee),
        ("partner", "fee_detail", people.own.claimed_fee),
        ("partner", "fee_claim", people.own.fee),
        ("staff", "fee_approve", people.own.claimed_fee),
        ("staff", "fee_reject", people.own.claimed_fee),
    ):
        client = getattr(people, who).client()
        with django_assert_max_num_queries(12):
            assert client.get(url(page, record)).status_code == 200, page
