"""Home answers "what is waiting for me?" for each role."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from kumppani.accounts.roles import Role
from kumppani.audit.models import AuditEvent
from kumppani.core.dates import today
from kumppani.core.templatetags.kumppani import day
from kumppani.home.selectors import (
    HOMES,
    administrator_home,
    parent_home,
    partner_home,
    social_worker_home,
    staff_home,
    trainer_home,
)
from pairing.models import (
    Agreement,
    Assessment,
    AssessmentRound,
    Closing,
    CommitmentText,
    Decision,
    DirectoryConsent,
    Feedback,
    MeetingEcho,
    Review,
    StartMeeting,
    TalkWish,
    Wish,
)
from tasks.models import Fee
from tests.factories.accounts import InvitationFactory, user_in_role
from tests.factories.pairing import (
    AcknowledgementFactory,
    AgreementFactory,
    CommitmentFactory,
    CommitmentTextFactory,
    ContactRequestFactory,
    ExperiencePartnerFactory,
    GoalFactory,
    IncidentFactory,
    MeetingFactory,
    PairAnswerFactory,
    ParentFactory,
    SocialWorkerFactory,
    StartMeetingFactory,
    agree,
    ready_partner,
    relationship_in,
)
from tests.factories.tasks import AssignmentFactory, FeeFactory, ParticipationFactory
from tests.factories.training import CohortFactory, EnrolmentFactory, SessionFactory, TrainerFactory
from tests.personas import Person


def days(count: int) -> datetime.date:
    return today() + datetime.timedelta(days=count)


def urls(waiting) -> set[str]:
    return {item.url for item in waiting}


def open_start_meeting(relationship):
    """All three are there; duration, scope and a goal are set; nobody has acknowledged yet."""
    StartMeetingFactory(
        relationship=relationship, worker_present=True, partner_present=True, parent_present=True
    )
    agreement = AgreementFactory(relationship=relationship)
    GoalFactory(agreement=agreement)
    return agreement


def propose(relationship):
    """A change of what was agreed waits for the three."""
    proposal = AgreementFactory(relationship=relationship, number=2, kind="change")
    GoalFactory(agreement=proposal)
    return proposal


def ask(relationship, moment: str, *, on=None):
    """The three are asked the few questions."""
    return AssessmentRound.objects.create(relationship=relationship, moment=moment, opened_on=on or today())


def ask_for_feedback(relationship, party: str):
    return Feedback.objects.create(relationship=relationship, party=party, asked_on=today())


class Scene:
    """A partner, a parent's social worker and staff of whom nobody else knows: what a test adds is all there is."""

    def __init__(self):
        CommitmentTextFactory(kind="principles", number=1)
        CommitmentTextFactory(kind="undertaking", number=1)
        self.own_partner = ready_partner(user=user_in_role("partner"), max_relationships=9)
        self.own_worker = SocialWorkerFactory()
        self.partner = Person("partner", self.own_partner.user, "partner")
        self.worker = Person("worker", self.own_worker.user, "social_worker")
        self.staff = Person("staff", user_in_role("staff"), "staff")

    def pair(self, status: str, first_name: str = "Ville", **times):
        """A relationship of the two, with a parent who has an account."""
        return relationship_in(
            status,
            partner=self.own_partner,
            request=ContactRequestFactory(parent=self.parent(first_name), status="matched"),
            **times,
        )

    def parent(self, first_name: str = "Ville"):
        user = user_in_role("parent", first_name=first_name, last_name="")
        return ParentFactory(social_worker=self.own_worker, first_name=first_name, user=user)

    def as_parent(self, relationship) -> Person:
        return Person("parent", relationship.parent.user, "parent")

    def waiting_for(self, who: str) -> set[str]:
        """Where everything leads that waits for partner or worker."""
        home = {"partner": partner_home, "worker": social_worker_home}[who](getattr(self, who).actor)
        return urls(home["waiting"])

    def waiting_for_parent(self, relationship) -> set[str]:
        return urls(parent_home(self.as_parent(relationship).actor)["waiting"])

    def queues_at(self, url_name: str) -> list:
        """The lists of the staff's home that continue at this page."""
        return [queue for queue in staff_home(self.staff.actor)["queues"] if queue.url == reverse(url_name)]


@pytest.fixture
def scene(db) -> Scene:
    return Scene()


def page_of(person: Person) -> str:
    answer = person.client().get(reverse("home"))
    assert answer.status_code == 200
    return answer.content.decode()


# --- experience partner -----------------------------------------------------------------------------------
def test_partner_without_anything_gets_a_kind_word(scene):
    home = partner_home(scene.partner.actor)
    assert (home["relationships"], home["next_meeting"], home["waiting"]) == ([], None, [])
    assert 'class="empty"' in page_of(scene.partner)


def test_partner_answers_for_the_pair_getting_acquainted_once(scene):
    pair = scene.pair("acquainting")
    assert scene.waiting_for("partner") == {reverse("relationship_answer", args=[pair.pk])}
    PairAnswerFactory(relationship=pair, party="partner")
    assert scene.waiting_for("partner") == set()


def test_partner_logs_a_planned_meeting_whose_day_has_passed(scene):
    pair = scene.pair("active")
    passed = MeetingFactory(relationship=pair, planned=True, date=days(-1))
    MeetingFactory(relationship=pair, planned=True, date=days(0))
    assert scene.waiting_for("partner") == {reverse("meeting_held", args=[passed.pk])}


def test_partner_sees_the_next_planned_meeting(scene):
    pair = scene.pair("active")
    MeetingFactory(relationship=pair, planned=True, date=days(9))
    soon = MeetingFactory(relationship=pair, planned=True, date=days(2), starts_at=datetime.time(17, 0))
    assert partner_home(scene.partner.actor)["next_meeting"] == soon
    page = page_of(scene.partner)
    assert reverse("meeting_log", args=[pair.pk]) in page
    assert "17" in page
    assert "Ville" in page


def test_partner_logs_with_one_button_for_each_parent(scene):
    pairs = [scene.pair("active", "Ville"), scene.pair("active", "Sirpa"), scene.pair("paused", "Anna")]
    decided = scene.pair("decided", "Dan")
    page = page_of(scene.partner)
    for pair in pairs:
        assert page.count(f'"{reverse("meeting_log", args=[pair.pk])}"') == 1
    assert reverse("meeting_log", args=[decided.pk]) not in page


def test_partner_acknowledges_what_was_agreed(scene):
    agreement = open_start_meeting(scene.pair("decided"))
    assert scene.waiting_for("partner") == {reverse("agreement_acknowledge", args=[agreement.pk])}
    AcknowledgementFactory(agreement=agreement, party="partner")
    assert scene.waiting_for("partner") == set()


def test_partner_acknowledges_again_when_the_words_have_changed(scene):
    agreement = open_start_meeting(scene.pair("decided"))
    AcknowledgementFactory(agreement=agreement, party="partner")
    agreement.new_revision()
    assert scene.waiting_for("partner") == {reverse("agreement_acknowledge", args=[agreement.pk])}


@pytest.mark.parametrize("lacking", ["goal", "person", "duration"])
def test_nobody_acknowledges_an_unfinished_agreement(scene, lacking):
    pair = scene.pair("decided")
    agreement = open_start_meeting(pair)
    if lacking == "goal":
        agreement.goals.all().delete()
    if lacking == "person":
        StartMeeting.objects.filter(relationship=pair).update(parent_present=False)
    if lacking == "duration":
        agreement.ends_on = None
        agreement.save()
    assert scene.waiting_for("partner") == set()
    assert parent_home(scene.as_parent(pair).actor)["waiting"] == []


def test_partner_accepts_a_new_version_of_a_text(scene):
    new = CommitmentTextFactory(kind="principles", number=2)
    assert scene.waiting_for("partner") == {reverse("partner_commit", args=[new.pk])}
    CommitmentFactory(partner=scene.own_partner, text=new)
    assert scene.waiting_for("partner") == set()


def test_partner_answers_offers_and_claims_fees(scene):
    own = {"participation__partner": scene.own_partner}
    offer = ParticipationFactory(partner=scene.own_partner)
    fee, sent_back = FeeFactory(**own), FeeFactory(**own, claimed=True)
    Fee.objects.filter(pk=sent_back.pk).update(status="rejected", rejected_because="Päivä puuttuu")
    FeeFactory(**own, claimed=True)
    ParticipationFactory()
    FeeFactory()
    assert scene.waiting_for("partner") == {
        reverse("participation_answer", args=[offer.pk]),
        reverse("fee_claim", args=[fee.pk]),
        reverse("fee_claim", args=[sent_back.pk]),
    }


def test_offer_of_an_assignment_called_off_waits_for_nobody(scene):
    ParticipationFactory(partner=scene.own_partner, assignment__status="cancelled")
    assert scene.waiting_for("partner") == set()


def test_partner_accepts_an_extension_while_it_runs(scene):
    pair = scene.pair("active")
    proposal = propose(pair)
    assert scene.waiting_for("partner") == {reverse("agreement_acknowledge", args=[proposal.pk])}
    AcknowledgementFactory(agreement=proposal, party="partner")
    assert scene.waiting_for("partner") == set()


def test_partner_answers_the_questions_of_the_last_round_once(scene):
    pair = scene.pair("active")
    ask(pair, "start", on=days(-90))
    asked = ask(pair, "review")
    assert scene.waiting_for("partner") == {reverse("assessment_answer", args=[asked.pk])}
    Assessment.objects.create(round=asked, party="parent", how="sign_in")
    assert len(scene.waiting_for("partner")) == 1
    Assessment.objects.create(round=asked, party="partner", how="sign_in")
    assert scene.waiting_for("partner") == set()


def test_partner_needs_to_talk_with_one_tap_and_reads_that_the_staff_know(scene):
    assert f'action="{reverse("talk_wish")}"' in page_of(scene.partner)
    wish = TalkWish.objects.create(partner=scene.own_partner)
    TalkWish.objects.create(partner=ready_partner())
    assert partner_home(scene.partner.actor)["talk_asked_on"] == today()
    assert f'action="{reverse("talk_wish")}"' not in page_of(scene.partner)
    TalkWish.objects.filter(pk=wish.pk).update(handled_at=timezone.now())
    assert partner_home(scene.partner.actor)["talk_asked_on"] is None


def test_former_partner_is_asked_how_it_was_and_sees_nothing_else_of_what_has_ended(scene):
    pair = scene.pair("ended")
    asked = ask_for_feedback(pair, "partner")
    ask_for_feedback(pair, "parent")
    ask(pair, "closing")
    home = partner_home(scene.partner.actor)
    assert (home["relationships"], home["next_meeting"]) == ([], None)
    assert urls(home["waiting"]) == {reverse("feedback_give", args=[asked.pk])}
    assert "Ville" not in page_of(scene.partner)
    Feedback.objects.filter(pk=asked.pk).update(answered_on=today(), grade=4)
    assert scene.waiting_for("partner") == set()


# --- parent -----------------------------------------------------------------------------------------------
def test_parent_sees_own_goals_and_the_next_meeting(scene):
    pair, other = scene.pair("active"), scene.pair("active", "Sirpa")
    meeting = MeetingFactory(relationship=pair, planned=True)
    MeetingFactory(relationship=pair, planned=True, date=days(20))
    MeetingFactory(relationship=other, planned=True, date=days(1))
    goal, foreign = pair.agreements.get().goals.get(), other.agreements.get().goals.get()
    home = parent_home(scene.as_parent(pair).actor)
    assert (home["relationship"], home["goals"], home["next_meeting"]) == (pair, [goal], meeting)
    page = page_of(scene.as_parent(pair))
    assert goal.words in page
    assert foreign.words not in page
    assert reverse("who_looked") in page


def test_parent_sees_the_goals_of_the_newest_agreement_that_holds(scene):
    pair = scene.pair("active")
    (before,) = pair.agreements.get().goals.all()
    proposal = propose(pair)
    assert parent_home(scene.as_parent(pair).actor)["goals"] == [before]
    agree(proposal)
    assert parent_home(scene.as_parent(pair).actor)["goals"] == list(proposal.goals.all())


def test_parent_sees_the_goals_that_are_being_agreed_on_before_any_hold(scene):
    agreement = open_start_meeting(scene.pair("decided"))
    home = parent_home(scene.as_parent(agreement.relationship).actor)
    assert home["goals"] == list(agreement.goals.all())


def test_parent_is_asked_how_the_last_meeting_went_until_answered_or_long_ago(scene):
    pair = scene.pair("active", on=days(-60))
    MeetingFactory(relationship=pair, date=days(-20))
    assert scene.waiting_for_parent(pair) == set()
    earlier, last = (
        MeetingFactory(relationship=pair, date=days(-9)),
        MeetingFactory(relationship=pair, date=days(-2)),
    )
    assert scene.waiting_for_parent(pair) == {reverse("meeting_echo", args=[last.pk])}
    MeetingEcho.objects.create(meeting=last, value=3)
    assert scene.waiting_for_parent(pair) == {reverse("meeting_echo", args=[earlier.pk])}
    MeetingEcho.objects.create(meeting=earlier, value=3)
    assert scene.waiting_for_parent(pair) == set()


def test_parent_answers_questions_and_accepts_what_is_new(scene):
    pair = scene.pair("active")
    asked, proposal = ask(pair, "review"), propose(pair)
    assert scene.waiting_for_parent(pair) == {
        reverse("assessment_answer", args=[asked.pk]),
        reverse("agreement_acknowledge", args=[proposal.pk]),
    }


def test_parent_says_how_it_was_after_the_end_and_when_the_next_has_begun(scene):
    pair = scene.pair("ended", ended_on=days(-2))
    asked = ask_for_feedback(pair, "parent")
    url = reverse("feedback_give", args=[asked.pk])
    assert scene.waiting_for_parent(pair) == {url}
    following = relationship_in(
        "active", request=pair.request, partner=scene.own_partner, continues=pair, proposed_on=days(-1)
    )
    assert parent_home(scene.as_parent(pair).actor)["relationship"] == following
    assert scene.waiting_for_parent(pair) == {url}


def test_parent_reads_after_the_end_where_support_is_found(scene):
    pair = scene.pair("ended")
    Closing.objects.create(relationship=pair, ended_by="time", next_support="Perhekeskus")
    assert parent_home(scene.as_parent(pair).actor)["next_support"] == "Perhekeskus"


def test_parent_reads_of_the_partner_what_the_partner_lets_be_read(scene):
    pair = scene.pair("active")
    scene.own_partner.introduction = "Olen Paula"
    scene.own_partner.save()
    assert parent_home(scene.as_parent(pair).actor)["partner_introduction"] == ""
    consent = DirectoryConsent.objects.create(partner=scene.own_partner, field="introduction")
    assert parent_home(scene.as_parent(pair).actor)["partner_introduction"] == "Olen Paula"
    DirectoryConsent.objects.filter(pk=consent.pk).update(withdrawn_at=timezone.now())
    assert parent_home(scene.as_parent(pair).actor)["partner_introduction"] == ""


def test_parent_says_yes_or_no_once(scene):
    pair = scene.pair("acquainting")
    url = reverse("relationship_answer", args=[pair.pk])
    assert urls(parent_home(scene.as_parent(pair).actor)["waiting"]) == {url}
    PairAnswerFactory(relationship=pair, party="parent")
    assert parent_home(scene.as_parent(pair).actor)["waiting"] == []


def test_parent_acknowledges_by_own_sign_in(scene):
    pair = scene.pair("decided")
    agreement = open_start_meeting(pair)
    url = reverse("agreement_acknowledge", args=[agreement.pk])
    assert urls(parent_home(scene.as_parent(pair).actor)["waiting"]) == {url}
    AcknowledgementFactory(agreement=agreement, party="parent")
    assert parent_home(scene.as_parent(pair).actor)["waiting"] == []


def test_parent_with_a_request_reads_since_when(scene):
    request = ContactRequestFactory(parent=scene.parent())
    parent = Person("parent", request.parent.user, "parent")
    assert parent_home(parent.actor)["request_waiting"] == request
    assert day(request.received_on) in page_of(parent)


def test_parent_without_anything_gets_a_kind_page(scene):
    parent = Person("parent", scene.parent().user, "parent")
    assert parent_home(parent.actor)["relationship"] is None
    assert reverse("who_looked") in page_of(parent)


def test_parent_whose_relationship_has_ended_reads_it_in_own_words(scene):
    pair = scene.pair("ended")
    home = parent_home(scene.as_parent(pair).actor)
    assert (home["relationship"], home["goals"]) == (pair, [])
    page = page_of(scene.as_parent(pair))
    with translation.override("fi"):
        assert pair.parent_word in page
    assert scene.own_partner.first_name not in page


# --- social worker ----------------------------------------------------------------------------------------
def test_worker_sees_what_is_due_next(scene):
    acquainting, proposed, decided = (scene.pair(status) for status in ("acquainting", "proposed", "decided"))
    scene.pair("active")
    relationship_in("proposed")
    assert scene.waiting_for("worker") == {
        reverse("relationship_answer", args=[acquainting.pk]),
        reverse("relationship_decide", args=[proposed.pk]),
        reverse("start_meeting", args=[decided.pk]),
    }
    PairAnswerFactory(relationship=acquainting, party="parent")
    assert reverse("relationship_answer", args=[acquainting.pk]) not in scene.waiting_for("worker")


@pytest.mark.parametrize(("left", "due"), [(31, False), (30, True), (0, True), (-3, True)])
def test_worker_is_reminded_of_a_decision_that_runs_out(scene, settings, left, due):
    settings.DECISION_REMINDER_DAYS = 30
    pair = scene.pair("active", on=days(left - 180))  # the factory's decision is valid for 180 days
    url = reverse("relationship_decide", args=[pair.pk])
    assert (url in scene.waiting_for("worker")) is due


@pytest.mark.parametrize(("left", "due"), [(15, False), (14, True), (0, True), (-3, True)])
def test_worker_sees_that_the_last_agreed_day_is_near(scene, settings, left, due):
    settings.CLOSING_DAYS = 14
    pair = scene.pair("active", on=days(left - 170))  # the factory's agreement is for 170 days
    assert (reverse("relationship_agreements", args=[pair.pk]) in scene.waiting_for("worker")) is due


@pytest.mark.parametrize(("left", "due"), [(8, False), (7, True), (0, True), (-5, True)])
def test_worker_sees_the_review_that_is_due(scene, left, due):
    pair = scene.pair("active")
    review = Review.objects.create(relationship=pair, due_on=days(left))
    url = reverse("review_hold", args=[review.pk])
    assert scene.waiting_for("worker") == ({url} if due else set())
    Review.objects.filter(pk=review.pk).update(held_on=today(), outcome="go_on")
    assert scene.waiting_for("worker") == set()


def test_worker_accepts_a_proposal_and_then_sees_that_somebody_is_missing(scene):
    pair = scene.pair("active")
    proposal = propose(pair)
    assert scene.waiting_for("worker") == {reverse("agreement_acknowledge", args=[proposal.pk])}
    AcknowledgementFactory(agreement=proposal, party="worker")
    assert scene.waiting_for("worker") == {reverse("relationship_agreements", args=[pair.pk])}
    for party in ("partner", "parent"):
        AcknowledgementFactory(agreement=proposal, party=party)
    Agreement.objects.filter(pk=proposal.pk).update(agreed_on=today())
    assert scene.waiting_for("worker") == set()


def test_worker_sees_a_wish_until_somebody_has_talked_about_it(scene):
    pair = scene.pair("active")
    wish = Wish.objects.create(relationship=pair, party="parent", kind="change")
    assert scene.waiting_for("worker") == {reverse("relationship_changes", args=[pair.pk])}
    Wish.objects.filter(pk=wish.pk).update(handled_on=today())
    assert scene.waiting_for("worker") == set()


@pytest.mark.parametrize("status", ["active", "ended"])
def test_worker_gives_own_answers_while_it_runs_and_at_the_end(scene, status):
    asked = ask(scene.pair(status), "review" if status == "active" else "closing")
    assert scene.waiting_for("worker") == {reverse("assessment_answer", args=[asked.pk])}
    Assessment.objects.create(round=asked, party="worker", how="sign_in")
    assert scene.waiting_for("worker") == set()


def test_worker_is_asked_how_it_was(scene):
    pair = scene.pair("ended")
    asked = ask_for_feedback(pair, "worker")
    ask_for_feedback(pair, "parent")
    ask_for_feedback(relationship_in("ended"), "worker")
    assert scene.waiting_for("worker") == {reverse("feedback_give", args=[asked.pk])}
    scene.worker.client().get(reverse("home"))
    assert AuditEvent.objects.filter(about_id=pair.parent_id, actor_id=scene.worker.user.pk).exists()


def test_worker_home_shows_counts_of_meetings_and_own_requests(scene):
    pair = scene.pair("active")
    for status, minutes in (("held", 60), ("held", 30), ("cancelled", None)):
        MeetingFactory(relationship=pair, status=status, minutes=minutes)
    scene.pair("ended")
    request = ContactRequestFactory(parent=scene.parent())
    ContactRequestFactory()
    home = social_worker_home(scene.worker.actor)
    assert [(found, found.held_meetings) for found in home["relationships"]] == [(pair, 2)]
    assert (home["requests"], home["requests_total"]) == ([request], 1)
    assert reverse("request_create") in page_of(scene.worker)


def test_worker_without_anything_is_told_what_to_do(scene):
    page = page_of(scene.worker)
    assert 'class="empty"' in page
    assert reverse("request_create") in page


# --- staff ------------------------------------------------------------------------------------------------
def test_staff_see_requests_the_longest_waiting_first(scene):
    new, old = ContactRequestFactory(received_on=days(-4)), ContactRequestFactory(received_on=days(-40))
    ContactRequestFactory(status="withdrawn")
    (queue,) = scene.queues_at("request_list")
    assert [(item.url, item.count) for item in queue.items] == [
        (old.get_absolute_url(), 40),
        (new.get_absolute_url(), 4),
    ]


def test_each_list_of_the_staff_shows_five_and_says_how_many_there_are(scene):
    for _count in range(7):
        ContactRequestFactory()
        ContactRequestFactory(answered_on=today())
        Wish.objects.create(relationship=scene.pair("acquainting"), party="parent", kind="talk")
        IncidentFactory()
        ParticipationFactory(assignment__status="agreed", assignment__date=days(-1))
        FeeFactory(claimed=True)
        EnrolmentFactory(completed=True)
        EnrolmentFactory(applied=True)
        ExperiencePartnerFactory()
        Decision.objects.filter(relationship=scene.pair("decided")).update(made_on=days(-30))
    queues = staff_home(scene.staff.actor)["queues"]
    assert len(queues) == 11
    # The partners of the participations and fees are not ready either.
    assert [(len(queue.items), queue.total) for queue in queues if queue.url != reverse("partner_list")] == [
        (5, 7)
    ] * 10
    (partners,) = scene.queues_at("partner_list")
    assert (len(partners.items), partners.total) == (5, 21)


def test_staff_see_who_is_trained_and_not_taken_in(scene):
    EnrolmentFactory(completed=True, completed_on=days(-400))
    EnrolmentFactory()
    waiting = EnrolmentFactory(completed=True)
    (queue,) = scene.queues_at("cohort_list")
    assert urls(queue.items) == {reverse("partner_take_in", args=[waiting.pk])}
    ExperiencePartnerFactory(enrolment=waiting)
    assert scene.queues_at("cohort_list") == []


def test_staff_see_which_partner_lacks_something(scene):
    assert scene.queues_at("partner_list") == []
    partner = ExperiencePartnerFactory()
    principles, undertaking = CommitmentText.objects.order_by("kind")
    (queue,) = scene.queues_at("partner_list")
    assert urls(queue.items) == {partner.get_absolute_url()}
    CommitmentFactory(partner=partner, text=principles)
    assert len(scene.queues_at("partner_list")) == 1
    CommitmentFactory(partner=partner, text=undertaking)
    assert scene.queues_at("partner_list") == []


def test_staff_see_every_partner_again_when_a_new_text_is_published(scene):
    ready_partner()
    CommitmentTextFactory(kind="undertaking", number=2)
    (queue,) = scene.queues_at("partner_list")
    assert queue.total == 2


def test_staff_see_pairs_without_both_answers(scene):
    pair = scene.pair("acquainting")
    PairAnswerFactory(relationship=pair, party="parent")
    scene.pair("proposed")
    (queue,) = scene.queues_at("relationship_list")
    assert urls(queue.items) == {pair.get_absolute_url()}


@pytest.mark.parametrize(("ago", "late"), [(21, False), (22, True)])
def test_staff_see_start_meetings_that_are_late(scene, ago, late):
    pair = scene.pair("decided")
    Decision.objects.filter(relationship=pair).update(made_on=days(-ago))
    queues = scene.queues_at("relationship_list")
    assert [urls(queue.items) for queue in queues] == ([{pair.get_absolute_url()}] if late else [])


def test_staff_see_past_assignments_and_fees_to_approve(scene):
    past = AssignmentFactory(status="agreed", date=days(-1))
    AssignmentFactory(status="agreed", date=days(0))
    # Its day went by before anybody said that it is on: done after all, or called off?
    unconfirmed = AssignmentFactory(status="requested", date=days(-1))
    fee = FeeFactory(claimed=True)
    FeeFactory()
    (assignments,) = scene.queues_at("assignment_list")
    assert urls(assignments.items) == {
        reverse("assignment_detail", args=[each.pk]) for each in (past, unconfirmed)
    }
    (fees,) = scene.queues_at("fee_list")
    assert urls(fees.items) == {reverse("fee_detail", args=[fee.pk])}


def test_staff_see_who_needs_to_talk_on_top(scene):
    wish = TalkWish.objects.create(partner=scene.own_partner)
    home = staff_home(scene.staff.actor)
    assert urls(home["talks"]) == {reverse("talk_handled", args=[wish.pk])}
    assert home["queues"] == []
    page = page_of(scene.staff)
    assert scene.own_partner.name in page
    assert 'class="empty"' not in page
    TalkWish.objects.filter(pk=wish.pk).update(handled_at=timezone.now())
    assert staff_home(scene.staff.actor)["talks"] == []


def test_staff_see_apart_which_requests_have_no_first_answer(scene):
    new = ContactRequestFactory(received_on=days(-2))
    answered = ContactRequestFactory(received_on=days(-9), answered_on=days(-8))
    assert [urls(queue.items) for queue in scene.queues_at("request_list")] == [
        {new.get_absolute_url()},
        {answered.get_absolute_url()},
    ]


def test_staff_see_who_asks_by_the_public_form_and_no_name(scene):
    request = ContactRequestFactory(
        parent=None, social_worker=None, is_public=True, by="worker", worker_name="Tiina Työntekijä"
    )
    (queue,) = scene.queues_at("request_list")
    assert urls(queue.items) == {request.get_absolute_url()}
    assert "Tiina" not in page_of(scene.staff)


def test_staff_see_what_people_have_told(scene):
    new, handled = IncidentFactory(), IncidentFactory(status="handling", owner=scene.staff.user)
    IncidentFactory(answered=True)
    (queue,) = scene.queues_at("incident_list")
    assert urls(queue.items) == {new.get_absolute_url(), handled.get_absolute_url()}


def test_staff_see_wishes_nobody_has_talked_about(scene):
    pair = scene.pair("active")
    wish = Wish.objects.create(relationship=pair, party="parent", kind="partner")
    Wish.objects.create(relationship=pair, party="partner", kind="talk", handled_on=today())
    (queue,) = scene.queues_at("relationship_list")
    assert urls(queue.items) == {reverse("wish_handle", args=[wish.pk])}
    page = page_of(scene.staff)
    assert pair.parent.case_code in page
    assert "Ville" not in page


@pytest.mark.parametrize("how", ["role", "account"])
def test_staff_see_parents_whose_worker_has_left(scene, how):
    pair, request = scene.pair("active"), ContactRequestFactory(parent=scene.parent("Anna"))
    scene.pair("ended", "Sirpa")
    relationship_in("active")
    at_work = staff_home(scene.staff.actor)["queues"]
    assert reverse("relationship_list") not in {queue.url for queue in at_work}
    if how == "role":
        scene.own_worker.user.grants.update(ended_at=timezone.now())
    else:
        scene.own_worker.user.is_active = False
        scene.own_worker.user.save()
    (queue,) = scene.queues_at("relationship_list")
    assert urls(queue.items) == {
        reverse("parent_hand_over", args=[parent.pk]) for parent in (pair.parent, request.parent)
    }


def test_staff_leave_a_trace_about_everybody_a_list_has_named(scene):
    pair = scene.pair("active")
    wish = Wish.objects.create(relationship=pair, party="parent", kind="partner")
    talk = TalkWish.objects.create(partner=scene.own_partner)
    request = ContactRequestFactory()
    scene.staff.client().get(reverse("home"))
    trace = AuditEvent.objects.filter(actor_id=scene.staff.user.pk).values_list("object_id", "about_id")
    assert set(trace) >= {(wish.pk, pair.parent_id), (request.pk, request.parent_id)}
    assert talk.partner_id in {about for _object, about in trace}


def test_staff_with_nothing_waiting_are_told_so(scene):
    assert staff_home(scene.staff.actor)["queues"] == []
    assert 'class="empty"' in page_of(scene.staff)


# --- trainer, administrator, nobody -----------------------------------------------------------------------
def test_trainer_sees_own_cohorts_and_the_next_session(db):
    trainer = TrainerFactory(user=user_in_role("trainer"))
    cohort = CohortFactory()
    SessionFactory(cohort=cohort, date=days(-1), trainers=[trainer])
    later, first = SessionFactory(cohort=cohort, date=days(9)), SessionFactory(cohort=cohort, date=days(2))
    SessionFactory(date=days(1))
    person = Person("trainer", trainer.user, "trainer")
    home = trainer_home(person.actor)
    assert (home["cohorts"], home["next_session"], home["sessions"]) == ([cohort], first, [later])
    assert first.theme in page_of(person)


def test_trainer_without_a_cohort_is_told_what_will_be_here(db):
    person = Person("trainer", user_in_role("trainer"), "trainer")
    assert 'class="empty"' in page_of(person)


def test_administrator_sees_open_invitations(db):
    invitation = InvitationFactory()
    InvitationFactory(revoked_at=timezone.now())
    InvitationFactory(used_at=timezone.now())
    InvitationFactory(expires_at=timezone.now())
    person = Person("administrator", user_in_role("administrator"), "administrator")
    home = administrator_home(person.actor)
    assert urls(home["waiting"]) == {reverse("user_detail", args=[invitation.user_id])}
    assert home["total"] == 1
    assert reverse("user_list") in page_of(person)


def test_somebody_without_a_role_gets_a_friendly_page(people):
    page = people.nobody.client().get(reverse("home"))
    assert page.status_code == 200
    assert page.templates[0].name == "home/no_role.html"
    assert reverse("account_logout") in page.content.decode()


def test_a_stranger_meets_the_front_page_with_its_ways(people):
    answer = people.anonymous.client().get(reverse("home"))
    assert (answer.status_code, answer.templates[0].name) == (200, "public/front.html")
    ways = ("account_login", "about_parents", "about_workers", "about_organisations", "directory", "contact")
    text = answer.content.decode()
    assert [way for way in ways if f'href="{reverse(way)}"' not in text] == []


def test_a_closed_account_is_a_stranger(people):
    answer = people.deactivated.client().get(reverse("home"))
    assert answer.templates[0].name == "public/front.html"


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_stranger_does_nothing_there(people, method):
    assert getattr(people.anonymous.client(), method)(reverse("home")).status_code == 405


def test_me_leads_the_partner_to_the_own_page(people):
    answer = people.partner.client().get(reverse("me"))
    assert answer.status_code == 302
    assert answer.url == people.own.partner.get_absolute_url()


# --- for all roles ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["partner", "worker", "staff"])
def test_home_leaves_a_trace_about_the_parents_it_shows(people, who):
    getattr(people, who).client().get(reverse("home"))
    trace = AuditEvent.objects.filter(about_kind="pairing.parent", actor_id=getattr(people, who).user.pk)
    about = set(trace.values_list("about_id", flat=True))
    assert people.own.acquainting.parent_id in about
    if who != "staff":
        assert people.foreign.acquainting.parent_id not in about


def test_home_of_the_administrator_leaves_no_trace_about_parents(people):
    people.administrator.client().get(reverse("home"))
    assert not AuditEvent.objects.filter(about_kind="pairing.parent").exists()


def more_of_everything(scene: Scene, cohort, count: int, version: int) -> None:
    """Rows for every list on every home, `count` times."""
    for number in range(count):
        for status in ("acquainting", "proposed"):
            scene.pair(status)
        active, decided = scene.pair("active", on=days(-170)), scene.pair("decided")
        MeetingFactory(relationship=active, planned=True, date=days(-1 - number))
        MeetingFactory(relationship=active, planned=True)
        open_start_meeting(decided)
        propose(active)
        ask(active, "review")
        Review.objects.create(relationship=active, due_on=today())
        Wish.objects.create(relationship=active, party="parent", kind="talk")
        IncidentFactory()
        TalkWish.objects.get_or_create(partner=scene.own_partner, handled_at=None)
        TalkWish.objects.create(partner=ready_partner())
        ended = scene.pair("ended")
        ask(ended, "closing")
        for party in ("worker", "partner"):
            ask_for_feedback(ended, party)
        Decision.objects.filter(relationship=decided).update(made_on=days(-30))
        ContactRequestFactory(parent=scene.parent())
        CommitmentTextFactory(kind="principles", number=version + number)
        ParticipationFactory(partner=scene.own_partner)
        FeeFactory(participation__partner=scene.own_partner)
        FeeFactory(participation__partner=scene.own_partner, claimed=True)
        AssignmentFactory(status="agreed", date=days(-2 - number))
        EnrolmentFactory(completed=True)
        ExperiencePartnerFactory()
        SessionFactory(cohort=cohort, date=days(3 + number))
        InvitationFactory()


@pytest.mark.parametrize("who", ["partner", "parent", "worker", "staff", "trainer", "administrator"])
def test_home_costs_the_same_with_one_and_with_three(scene, who, django_assert_max_num_queries):
    trainer = TrainerFactory(user=user_in_role("trainer"))
    cohort = SessionFactory(trainers=[trainer]).cohort
    pair = scene.pair("active")
    person = {
        "parent": scene.as_parent(pair),
        "trainer": Person("trainer", trainer.user, "trainer"),
        "administrator": Person("administrator", user_in_role("administrator"), "administrator"),
    }.get(who) or getattr(scene, who)
    counts = []
    for more in (1, 2):
        more_of_everything(scene, cohort, more, version=10 * more)
        MeetingFactory(relationship=pair, planned=True)
        agreement = AgreementFactory(relationship=pair, number=1 + more)
        GoalFactory(agreement=agreement)
        agree(agreement)
        client = person.client()
        with django_assert_max_num_queries(12) as queries:
            assert client.get(reverse("home")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_every_role_has_a_home():
    assert set(HOMES) == set(Role)
