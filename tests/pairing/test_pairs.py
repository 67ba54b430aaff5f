"""A partner is proposed, says yes or no, and when it is no the next one is asked: nothing is lost on the way (R6).

Control: leave `_next_or_queue` out of `answer_pair`; let `ask_next` pass over the two who have met.
"""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from kumppani.core.dates import today
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.notices.models import Notice
from pairing import services
from pairing.models import Candidate, ContactRequest, ExperiencePartner, PairAnswer, Relationship
from tests.factories.accounts import user_in_role
from tests.factories.pairing import (
    AcquaintanceMeetingFactory,
    CandidateFactory,
    CommitmentTextFactory,
    ContactRequestFactory,
    ParentFactory,
    ready_partner,
    relationship_in,
)
from tests.pairing.never import refused
from tests.pairing.test_races import at_once
from tests.pairing.trio import send
from tests.personas import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Person:
    return Person("staff", user_in_role("staff"), "staff")


@pytest.fixture
def request_(db) -> ContactRequest:
    for kind in ("principles", "undertaking"):
        CommitmentTextFactory(kind=kind, number=1)
    return ContactRequestFactory(parent=ParentFactory(user=user_in_role("parent")))


def partner(name: str) -> Person:
    """A partner with an account whom nothing hinders; `record` is the partner's row."""
    user = user_in_role("partner", first_name=name)
    person = Person(name, user, "partner")
    person.record = ready_partner(user=user, enrolment__first_name=name)
    return person


@pytest.fixture
def first(request_) -> Person:
    return partner("Aino")


@pytest.fixture
def second(request_) -> Person:
    return partner("Berit")


@pytest.fixture
def third(request_) -> Person:
    return partner("Cecilia")


def propose(request, staff, first, *others) -> Relationship:
    return services.propose_pair(
        request=request, partner=first.record, by=staff.actor, then=[other.record for other in others]
    )


def says(pair: Relationship, party: str, yes: bool, by: Person) -> PairAnswer:
    return services.answer_pair(relationship=pair, party=party, yes=yes, by=by.actor)


def pairs(request) -> list[tuple[str, str]]:
    """(partner, state) of all pairs of a request, in the order in which they were asked."""
    found = Relationship.objects.filter(request=request).order_by("created_at")
    return [(pair.partner.first_name, pair.status) for pair in found]


def told(kind: str, about) -> list:
    return [notice.recipient for notice in Notice.objects.filter(kind=kind, object_id=about.pk)]


def silent() -> None:
    """So many days have gone by that the next one is asked."""
    Relationship.objects.update(proposed_on=today() - datetime.timedelta(days=10))


def state(request) -> str:
    return ContactRequest.objects.get(pk=request.pk).status


# --- the next one ------------------------------------------------------------------------------------------
def test_after_the_partners_no_the_next_one_is_asked(request_, staff, first, second, third):
    pair = propose(request_, staff, first, second, third)
    says(pair, "partner", False, first)
    assert pairs(request_) == [("Aino", "no_match"), ("Berit", "acquainting")]
    assert state(request_) == "matched"
    new = Relationship.objects.get(partner=second.record)
    assert told("pair_answer", new) == [second.user, request_.parent.user]
    assert told("pair_proposed", new) == [request_.social_worker.user]
    says(new, "partner", False, second)
    assert pairs(request_)[2:] == [("Cecilia", "acquainting")]
    assert list(Candidate.objects.values_list("partner__first_name", "asked_on")) == [
        ("Berit", today()),
        ("Cecilia", today()),
    ]


def test_after_the_last_no_the_request_waits_again_and_the_staff_hear_of_it(request_, staff, first, second):
    pair = propose(request_, staff, first, second)
    says(pair, "partner", False, first)
    assert told("request_waiting", request_) == []
    says(Relationship.objects.get(partner=second.record), "partner", False, second)
    assert pairs(request_) == [("Aino", "no_match"), ("Berit", "no_match")]
    assert (state(request_), told("request_waiting", request_)) == ("waiting", [staff.user])


def test_somebody_who_no_longer_fits_is_passed_over(request_, staff, first, second, third):
    pair = propose(request_, staff, first, second, third)
    ExperiencePartner.objects.filter(pk=second.record.pk).update(is_available=False)
    says(pair, "partner", False, first)
    assert pairs(request_) == [("Aino", "no_match"), ("Cecilia", "acquainting")]
    assert Candidate.objects.get(partner=second.record).asked_on is None


def test_the_parents_no_asks_nobody_else_behind_the_parents_back(request_, staff, first, second):
    pair = propose(request_, staff, first, second)
    parent = Person("parent", request_.parent.user, "parent")
    says(pair, "parent", False, parent)
    assert pairs(request_) == [("Aino", "no_match")]
    assert (state(request_), told("request_waiting", request_)) == ("waiting", [staff.user])


def test_the_staff_may_record_the_partners_no_as_it_was_told_to_them(request_, staff, first, second):
    pair = propose(request_, staff, first, second)
    says(pair, "partner", False, staff)
    assert pairs(request_)[1:] == [("Berit", "acquainting")]


def test_a_no_needs_no_reason_and_there_is_no_place_for_one():
    assert {field.name for field in PairAnswer._meta.get_fields()} == {
        "id",
        "created_at",
        "updated_at",
        "version",
        "relationship",
        "party",
        "yes",
        "answered_on",
        "recorded_by",
    }


@pytest.mark.parametrize(
    ("who", "party"),
    [("first", "parent"), ("second", "partner"), ("worker", "partner"), ("parent", "partner")],
)
def test_nobody_answers_for_another(request_, staff, first, second, who, party):
    pair = propose(request_, staff, first)
    person = {
        "first": first,
        "second": second,
        "worker": Person("worker", request_.social_worker.user, "social_worker"),
        "parent": Person("parent", request_.parent.user, "parent"),
    }[who]
    with pytest.raises(AlreadyMoved):
        says(pair, party, False, person)
    assert pairs(request_) == [("Aino", "acquainting")]


def test_stepping_back_puts_the_request_into_the_queue(request_, staff, first, second):
    pair = propose(request_, staff, first, second)
    services.step_back(relationship=pair, by=staff.actor)
    assert (pairs(request_), state(request_)) == ([("Aino", "no_match")], "waiting")


def test_a_partner_who_steps_back_while_they_get_acquainted_says_no(request_, staff, first, second):
    pair = propose(request_, staff, first, second)
    services.step_back(relationship=pair, by=first.actor)
    assert pairs(request_) == [("Aino", "no_match"), ("Berit", "acquainting")]


def test_a_parent_who_steps_back_is_asked_before_anybody_else_is(request_, staff, first, second):
    pair = propose(request_, staff, first, second)
    services.step_back(relationship=pair, by=Person("parent", request_.parent.user, "parent").actor)
    assert (pairs(request_), state(request_)) == ([("Aino", "no_match")], "waiting")


# --- the list ----------------------------------------------------------------------------------------------
def test_a_new_proposal_makes_a_new_list(request_, staff, first, second, third):
    pair = propose(request_, staff, first, second)
    services.step_back(relationship=pair, by=staff.actor)
    propose(request_, staff, third)
    assert Candidate.objects.filter(request=request_).count() == 0


def test_at_most_two_are_asked_after_the_first(request_, staff, first, second, third):
    with pytest.raises(ValidationError):
        propose(request_, staff, first, second, third, partner("Disa"))
    assert pairs(request_) == []


@pytest.mark.parametrize("twice", ["first", "second"])
def test_nobody_stands_on_the_list_twice(request_, staff, first, second, twice):
    with pytest.raises(ValidationError):
        propose(request_, staff, first, second, {"first": first, "second": second}[twice])
    assert pairs(request_) == []


def test_somebody_who_does_not_fit_is_not_put_on_the_list(request_, staff, first, second):
    ExperiencePartner.objects.filter(pk=second.record.pk).update(is_available=False)
    with pytest.raises(MoveRefused) as refusal:
        propose(request_, staff, first, second)
    assert str(refusal.value).startswith(second.record.name)
    assert pairs(request_) == []


@pytest.mark.parametrize("role", ["social_worker", "partner", "parent"])
def test_only_the_staff_propose(request_, first, role):
    with pytest.raises(MoveRefused):
        propose(request_, Person("somebody", user_in_role(role), role), first)
    assert pairs(request_) == []


def test_one_partner_stands_on_a_requests_list_once():
    candidate = CandidateFactory()
    CandidateFactory(partner=candidate.partner)  # on the list of another request
    refused(
        Candidate(request=candidate.request, partner=candidate.partner, position=2),
        str(Candidate._meta.constraints[0].violation_error_message),
    )


# --- no answer in time -------------------------------------------------------------------------------------
def test_without_an_answer_the_next_one_is_asked(request_, staff, first, second):
    propose(request_, staff, first, second)
    silent()
    new = services.ask_next(request=request_, by=None)
    assert (pairs(request_), new.partner) == ([("Aino", "no_match"), ("Berit", "acquainting")], second.record)


def test_without_an_answer_and_without_a_next_one_the_request_waits(request_, staff, first):
    propose(request_, staff, first)
    silent()
    assert services.ask_next(request=request_, by=None) is None
    assert (pairs(request_), state(request_)) == ([("Aino", "no_match")], "waiting")
    assert told("request_waiting", request_) == [staff.user]


def test_a_partner_who_let_the_time_run_out_is_not_suggested_for_this_request_again(request_, staff, first):
    propose(request_, staff, first)
    silent()
    services.ask_next(request=request_, by=None)
    with pytest.raises(MoveRefused):
        propose(request_, staff, first)


def test_the_parents_answer_alone_does_not_hold_the_next_one_back(request_, staff, first, second):
    pair = propose(request_, staff, first, second)
    says(pair, "parent", True, Person("parent", request_.parent.user, "parent"))
    silent()
    services.ask_next(request=request_, by=None)
    assert pairs(request_) == [("Aino", "no_match"), ("Berit", "acquainting")]


def test_who_has_answered_is_not_interrupted(request_, staff, first, second):
    pair = propose(request_, staff, first, second)
    says(pair, "partner", True, first)
    silent()
    with pytest.raises(AlreadyMoved):
        services.ask_next(request=request_, by=None)
    assert pairs(request_) == [("Aino", "acquainting")]


def test_who_has_met_is_not_interrupted(request_, staff, first, second):
    pair = propose(request_, staff, first, second)
    services.log_acquaintance(relationship=pair, by=first.actor, date=today(), minutes=45, place="cafe")
    silent()
    with pytest.raises(AlreadyMoved):
        services.ask_next(request=request_, by=None)
    assert pairs(request_) == [("Aino", "acquainting")]


def test_before_the_days_are_over_nobody_else_is_asked(request_, staff, first, second):
    propose(request_, staff, first, second)
    Relationship.objects.update(proposed_on=today() - datetime.timedelta(days=9))
    with pytest.raises(AlreadyMoved):
        services.ask_next(request=request_, by=None)
    assert pairs(request_) == [("Aino", "acquainting")]


def test_asking_the_next_one_twice_asks_once(request_, staff, first, second, third):
    """Whoever is asked after somebody else has the same days. Control: let `ask_next` look at no day."""
    propose(request_, staff, first, second, third)
    silent()
    services.ask_next(request=request_, by=None)
    with pytest.raises(AlreadyMoved):
        services.ask_next(request=request_, by=None)
    assert pairs(request_) == [("Aino", "no_match"), ("Berit", "acquainting")]


@pytest.mark.parametrize(
    ("case", "found"),
    [("silent", True), ("younger", False), ("answered", False), ("met", False), ("proposed", False)],
)
def test_who_has_been_silent_for_so_long(case, found):
    day = today() - datetime.timedelta(days=10)
    pair = relationship_in("proposed" if case == "proposed" else "acquainting", proposed_on=day)
    if case == "younger":
        Relationship.objects.update(proposed_on=day + datetime.timedelta(days=1))
    if case == "answered":
        PairAnswer.objects.create(relationship=pair, party="partner", yes=True, answered_on=today())
    if case == "met":
        AcquaintanceMeetingFactory(relationship=pair)
    assert Relationship.objects.unanswered_since(day).exists() is found


# --- after a change of partner -----------------------------------------------------------------------------
def test_who_comes_after_a_failed_change_still_continues_what_was(request_, staff, first, second, third):
    old = relationship_in("active", request=request_, partner=first.record)
    ContactRequest.objects.filter(pk=request_.pk).update(status="matched")
    new = services.change_partner(relationship=old, partner=second.record, by=staff.actor)
    says(new, "partner", False, second)
    assert state(request_) == "waiting"
    after = propose(request_, staff, third)
    assert (new.continues_id, after.continues_id) == (old.pk, old.pk)


# --- the pages ---------------------------------------------------------------------------------------------
class TestPages:
    def url(self, request):
        return reverse("request_propose", args=[request.pk])

    def test_staff_choose_one_and_two_more(self, request_, staff, first, second, third):
        send(
            staff.client(),
            self.url(request_),
            partner=str(first.record.pk),
            then_1=str(second.record.pk),
            then_2=str(third.record.pk),
        )
        pair = Relationship.objects.get(request=request_)
        listed = [candidate.partner for candidate in Candidate.objects.filter(request=request_)]
        assert (pair.partner, listed) == (first.record, [second.record, third.record])
        page = staff.client().get(pair.get_absolute_url())
        assert page.context["acquaintance"]["then_ask"] == [second.record.name, third.record.name]

    def test_the_same_person_twice_is_told_at_the_field(self, request_, staff, first, second):
        answer = send(
            staff.client(),
            self.url(request_),
            partner=str(first.record.pk),
            then_1=str(first.record.pk),
            then_2=str(second.record.pk),
        )
        assert (answer.status_code, list(answer.context["form"].errors), pairs(request_)) == (
            422,
            ["then_1"],
            [],
        )

    def test_when_the_chosen_partner_cannot_be_asked_the_page_leads_to_why(
        self, request_, staff, first, second
    ):
        ContactRequest.objects.filter(pk=request_.pk).update(chosen_partner=second.record)
        ExperiencePartner.objects.filter(pk=second.record.pk).update(is_available=False)
        client = staff.client()
        page = client.get(self.url(request_))
        assert page.context["wished"] == second.record
        link = f"{reverse('request_not_suggested', args=[request_.pk])}?name={second.record.last_name}"
        assert link in page.content.decode()
        (row,) = [row for row in client.get(link).context["rows"] if row == second.record]
        assert len(row.hindrances) == 1

    def test_when_the_chosen_partner_fits_there_is_nothing_to_explain(self, request_, staff, first, second):
        ContactRequest.objects.filter(pk=request_.pk).update(chosen_partner=second.record)
        page = staff.client().get(self.url(request_))
        assert (page.context["wished"], page.context["candidates"][0]) == (None, second.record)

    def test_a_second_tap_proposes_once(self, request_, staff, first, second):
        client, url = staff.client(), self.url(request_)
        words = {
            "submission": client.get(url).context["form"].initial["submission"],
            "partner": str(first.record.pk),
            "then_1": "",
            "then_2": "",
        }
        answers = [client.post(url, words) for _tap in range(2)]
        assert pairs(request_) == [("Aino", "acquainting")]
        assert [answer.status_code for answer in answers] == [302, 302]


# --- at the same moment ------------------------------------------------------------------------------------
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_twenty_jobs_ask_one_next_partner(self, request_, staff, first, second, third):
        propose(request_, staff, first, second, third)
        silent()
        won = at_once([lambda: services.ask_next(request=request_, by=None)] * 20)
        assert len(won) == 1
        assert pairs(request_) == [("Aino", "no_match"), ("Berit", "acquainting")]

    def test_twenty_proposals_do_not_exceed_the_partners_own_limit(self, request_, staff, first):
        ExperiencePartner.objects.filter(pk=first.record.pk).update(max_relationships=3)
        requests = [ContactRequestFactory(parent=ParentFactory()) for _number in range(20)]
        won = at_once([lambda request=request: propose(request, staff, first) for request in requests])
        assert len(won) == 3
        assert Relationship.objects.filter(partner=first.record).count() == 3

    def test_of_twenty_proposals_for_one_request_one_wins(self, request_, staff):
        asked = [partner(f"P{number}") for number in range(20)]
        won = at_once([lambda one=one: propose(request_, staff, one) for one in asked])
        assert (len(won), len(pairs(request_))) == (1, 1)
