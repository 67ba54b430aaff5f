"""What the three agree on: in the start meeting, and later as an extension or a change (B25–B26, domain 5.4)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import override

from kumppani.audit.models import AuditEvent
from kumppani.core.dates import today
from kumppani.core.models import StatusChange
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.notices.models import Notice
from pairing import services
from pairing.models import Agreement, AssessmentRound, Goal, GuideText, Party, Review, StartMeeting
from pairing.services import GoalWords
from tests.factories.accounts import user_in_role
from tests.factories.pairing import (
    AgreementFactory,
    ContactRequestFactory,
    GoalFactory,
    GuideTextFactory,
    SocialWorkerFactory,
    StartMeetingFactory,
    SubstitutionFactory,
    agree,
    decide,
    ready_partner,
    relationship_in,
)
from tests.pairing.trio import build_trio, fresh, send, token
from tests.personas import Person

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
ALL = {"worker", "partner", "parent"}


def substitute_of(pair) -> Person:
    """Somebody who stands in for the pair's social worker today."""
    worker = pair.relationship.social_worker
    colleague = SocialWorkerFactory(organisation=worker.organisation)
    SubstitutionFactory(social_worker=worker, substitute=colleague, starts_on=today(), ends_on=today())
    return Person("substitute", colleague.user, "social_worker")


def told(kind: str, about) -> set[str]:
    """The roles that got this notice."""
    return set(Notice.objects.filter(kind=kind, object_id=about.pk).values_list("role", flat=True))


# --- the start meeting ---------------------------------------------------------------------------------------
@pytest.fixture
def start():
    """A decided relationship whose start meeting is open; nothing is written yet."""
    pair = build_trio("decided")
    services.open_start_meeting(relationship=pair.relationship, by=pair.worker.actor)
    pair.agreement = pair.relationship.agreements.get()
    return pair


def write(pair, **change) -> Agreement:
    """Write the start meeting's page as it usually is, with a change. The pair's agreement is what was saved."""
    facts = {
        "starts_on": today(),
        "ends_on": today() + 150 * DAY,
        "meetings_per_month": 4,
        "told_to_worker": "",
        "contact_ways": "Tekstiviestillä",
        "cancelling": "Päivää ennen",
        "allows_notes": False,
        "ground_rules": GuideText.objects.current("ground_rules"),
    }
    facts |= {name: change.pop(name) for name in list(change) if name in facts}
    values = {
        "present": ALL,
        "goals": [("Jaksan paremmin", "parenthood")],
        "seen_revision": pair.agreement.revision,
        "by": pair.worker.actor,
    } | change
    pair.agreement = services.write_agreement(agreement=pair.agreement, facts=facts, **values)
    return pair.agreement


def accept(pair, party: str, how: str = "screen", by=None):
    return services.acknowledge(agreement=pair.agreement, party=party, how=how, by=(by or pair.worker).actor)


class TestStartMeeting:
    def test_the_third_acknowledgement_starts_the_relationship(self, start):
        write(start)
        for party in ("worker", "partner"):
            accept(start, party)
        assert fresh(start.relationship).status == "decided"
        accept(start, "parent")
        relationship = fresh(start.relationship)
        assert (
            relationship.status,
            relationship.started_on,
            relationship.start_meeting.held_on,
            relationship.agreement_in_force().agreed_on,
        ) == ("active", today(), today(), today())
        assert list(StatusChange.objects.filter(object_id=relationship.pk).values_list("old", "new")) == [
            ("decided", "active")
        ]

    def test_with_the_start_the_first_questions_are_asked_and_a_review_is_due(self, start):
        write(start)
        for party in Party:
            accept(start, party)
        assert list(
            AssessmentRound.objects.filter(relationship=start.relationship).values_list("moment", "opened_on")
        ) == [("start", today())]
        assert Review.objects.filter(relationship=start.relationship, held_on=None).count() == 1

    def test_the_two_who_did_not_press_are_told_of_the_start(self, start):
        write(start)
        for party in Party:
            accept(start, party)
        assert told("relationship_started", start.relationship) == {"partner", "parent"}

    def test_partner_and_parent_may_agree_by_own_sign_in(self, start):
        write(start)
        accept(start, "worker")
        accept(start, "partner", "sign_in", start.partner)
        accept(start, "parent", "sign_in", start.parent)
        assert fresh(start.relationship).status == "active"

    def test_todays_substitute_goes_on_where_the_social_worker_left(self, start):
        write(start, present={"worker"})
        substitute = substitute_of(start)
        write(start, by=substitute.actor)
        accept(start, "worker", by=substitute)
        assert [ack.recorded_by for ack in start.agreement.acknowledgements.all()] == [substitute.user]

    @pytest.mark.parametrize(
        ("who", "party", "how"),
        [
            ("partner", "parent", "sign_in"),
            ("partner", "parent", "screen"),
            ("partner", "parent", "paper"),
            ("parent", "worker", "sign_in"),
            ("staff", "parent", "paper"),
            ("worker", "parent", "sign_in"),
        ],
    )
    def test_nobody_agrees_in_another_ones_place(self, start, who, party, how):
        write(start)
        with pytest.raises(MoveRefused):
            accept(start, party, how, getattr(start, who))
        assert start.agreement.acknowledged_by() == set()

    @pytest.mark.parametrize(
        "change",
        [
            {"goals": [("Jotain muuta", "openness")]},
            {"goals": [("Jaksan paremmin", "parenthood", "Nukun yöni")]},
            {"ends_on": today() + 120 * DAY},
            {"meetings_per_month": 3},
            {"told_to_worker": "Vain tapaamisten määrä"},
            {"contact_ways": "Soittamalla"},
            {"cancelling": "Tunti ennen"},
            {"allows_notes": True},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_changed_words_need_new_acknowledgements(self, start, change):
        write(start)
        accept(start, "parent")
        assert write(start, **change).acknowledged_by() == set()

    def test_a_new_version_of_the_ground_rules_needs_new_acknowledgements(self, start):
        GuideTextFactory(number=1)
        write(start)
        accept(start, "parent")
        GuideTextFactory(number=2)
        assert write(start).acknowledged_by() == set()

    def test_the_same_words_keep_the_acknowledgements(self, start):
        write(start)
        accept(start, "parent")
        assert write(start).acknowledged_by() == {"parent"}

    @pytest.mark.parametrize(
        "change",
        [{"present": {"worker", "partner"}}, {"goals": []}, {"ends_on": None}, {"meetings_per_month": None}],
        ids=["one is missing", "no goal", "no last day", "no scope"],
    )
    def test_nobody_agrees_to_half_a_page(self, start, change):
        write(start, **change)
        with pytest.raises(MoveRefused):
            accept(start, "worker")

    def test_nobody_agrees_before_the_ground_rules_have_been_read(self, start):
        rules = GuideTextFactory()
        write(start, ground_rules=None)
        with pytest.raises(MoveRefused):
            accept(start, "worker")
        write(start, ground_rules=rules)
        accept(start, "worker")
        assert fresh(start.relationship).open_agreement().ground_rules == rules

    def test_the_agreement_remembers_which_version_was_read(self, start):
        read = GuideTextFactory(number=1)
        write(start)
        for party in Party:
            accept(start, party)
        GuideTextFactory(number=2)
        assert fresh(start.relationship).agreement_in_force().ground_rules == read

    def test_who_saw_an_older_page_is_told(self, start):
        write(start)
        with pytest.raises(AlreadyMoved):
            write(start, seen_revision=1, goals=[("Muuta", "openness")])

    def test_who_agrees_to_an_older_page_is_told(self, start):
        shown = write(start)
        write(start, meetings_per_month=2)
        with pytest.raises(AlreadyMoved):
            services.acknowledge(agreement=shown, party="worker", how="screen", by=start.worker.actor)

    def test_agreeing_twice_makes_one_row(self, start):
        write(start)
        for _time in range(2):
            accept(start, "worker")
        assert start.agreement.acknowledgements.count() == 1

    def test_the_third_press_once_more_changes_nothing_and_is_not_refused(self, start):
        write(start)
        given = [accept(start, party) for party in Party]
        assert accept(start, "parent") == given[-1]
        assert start.agreement.acknowledgements.count() == 3

    def test_no_last_day_beyond_the_decision(self, start):
        valid_to = start.relationship.decisions.get().valid_to
        write(start, ends_on=valid_to)
        with pytest.raises(ValidationError) as refused:
            write(start, ends_on=valid_to + DAY)
        assert list(refused.value.message_dict) == ["ends_on"]

    def test_after_the_decision_has_run_out_the_third_yes_starts_nothing_and_is_not_kept(
        self, start, time_machine
    ):
        write(start)
        accept(start, "worker")
        accept(start, "partner")
        time_machine.move_to(
            datetime.datetime.combine(start.relationship.decisions.get().valid_to, datetime.time(12))
            + 1 * DAY
        )
        with pytest.raises(MoveRefused):
            accept(start, "parent")
        assert fresh(start.relationship).open_agreement().acknowledged_by() == {"worker", "partner"}

    def test_once_it_has_started_the_words_stay(self, start):
        write(start)
        for party in Party:
            accept(start, party)
        with pytest.raises(MoveRefused):
            write(start, meetings_per_month=1)

    def test_after_a_no_there_is_nothing_to_open(self):
        pair = build_trio("refused")
        with pytest.raises(MoveRefused):
            services.open_start_meeting(relationship=pair.relationship, by=pair.worker.actor)
        assert not StartMeeting.objects.exists()


class TestStartMeetingPage:
    def url(self, pair) -> str:
        return reverse("start_meeting", args=[pair.relationship.pk])

    def words(self, pair, **change) -> dict:
        return {
            "present": ["worker", "partner", "parent"],
            "starts_on": today().isoformat(),
            "ends_on": (today() + 90 * DAY).isoformat(),
            "meetings_per_month": "4",
            "goal_1": "Uskallan puhua",
            "area_1": "openness",
            "seen_revision": str(fresh(pair.relationship).open_agreement().revision),
        } | change

    def tap(self, pair, party: str, how: str = "screen", revision: int | None = None):
        revision = revision or fresh(pair.relationship).current_agreement().revision
        return pair.worker.client().post(
            reverse("start_meeting_acknowledge", args=[pair.relationship.pk]),
            {"party": party, "how": how, "revision": revision},
        )

    def test_looking_at_the_first_page_writes_nothing(self):
        pair = build_trio("decided")
        pair.worker.client().get(self.url(pair))
        assert not Agreement.objects.filter(relationship=pair.relationship).exists()

    def test_three_taps_start_the_relationship(self, start):
        send(start.worker.client(), self.url(start), **self.words(start))
        for party in Party:
            assert fresh(start.relationship).status == "decided"
            self.tap(start, party)
        assert fresh(start.relationship).status == "active"

    def test_it_can_be_left_and_resumed_by_the_substitute_too(self, start):
        send(
            start.worker.client(),
            self.url(start),
            **self.words(start, present=["worker"], goal_1="", area_1="", contact_ways="Soittamalla"),
        )
        for person in (start.worker, substitute_of(start)):
            form = person.client().get(self.url(start)).context["form"]
            assert (form["present"].value(), form["contact_ways"].value()) == (["worker"], "Soittamalla")

    def test_everything_the_three_write_is_kept(self, start):
        rules = GuideTextFactory()
        words = {
            "contact_ways": "Tekstiviestillä arkisin",
            "cancelling": "Päivää ennen",
            "told_to_worker": "Vain tapaamisten määrä",
            "allows_notes": "on",
            "expected_1": "Kerron mielipiteeni kerran",
            "rules_read": [str(rules.pk)],
        }
        send(start.worker.client(), self.url(start), **self.words(start, **words))
        agreement = fresh(start.relationship).open_agreement()
        assert (
            agreement.contact_ways,
            agreement.cancelling,
            agreement.told_to_worker,
            agreement.allows_notes,
            agreement.ground_rules,
            [(goal.words, goal.area, goal.expected) for goal in agreement.goals.all()],
        ) == (
            "Tekstiviestillä arkisin",
            "Päivää ennen",
            "Vain tapaamisten määrä",
            True,
            rules,
            [("Uskallan puhua", "openness", "Kerron mielipiteeni kerran")],
        )

    def test_who_read_an_older_version_of_the_ground_rules_reads_again(self, start):
        older = GuideTextFactory(number=1)
        words = self.words(start, rules_read=[str(older.pk)])
        client = start.worker.client()
        words["submission"] = token(client, self.url(start))
        GuideTextFactory(number=2)
        answer = client.post(self.url(start), words)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["rules_read"])

    def test_a_tap_on_an_older_page_does_not_count(self, start):
        send(start.worker.client(), self.url(start), **self.words(start))
        send(start.worker.client(), self.url(start), **self.words(start, goal_1="Jotain muuta"))
        self.tap(start, "worker", revision=2)
        assert fresh(start.relationship).open_agreement().acknowledged_by() == set()

    def test_who_saves_on_top_of_another_is_told_and_may_save_again(self, start):
        client = start.worker.client()
        late = self.words(start, meetings_per_month="2") | {"submission": token(client, self.url(start))}
        send(start.worker.client(), self.url(start), **self.words(start))
        answer = client.post(self.url(start), late)
        again = answer.context["form"]
        assert (answer.status_code, again["seen_revision"].value()) == (409, 2)
        client.post(self.url(start), late | {"seen_revision": "2", "submission": again["submission"].value()})
        assert fresh(start.relationship).open_agreement().meetings_per_month == 2

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"ends_on": "2020-01-01"}, "ends_on"),
            ({"ends_on": (today() + 999 * DAY).isoformat()}, "ends_on"),
            ({"area_1": ""}, "area_1"),
            ({"goal_1": ""}, "goal_1"),
            ({"goal_2": "", "expected_2": "Nukun"}, "goal_2"),
            ({"meetings_per_month": "99"}, "meetings_per_month"),
            ({"starts_on": "0000-00-00"}, "starts_on"),
            ({"goal_1": "x" * 301}, "goal_1"),
            ({"contact_ways": "x" * 301}, "contact_ways"),
        ],
    )
    def test_what_is_wrong_is_said_next_to_the_field(self, start, change, field):
        answer = send(start.worker.client(), self.url(start), **self.words(start, **change))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])

    def test_the_page_says_who_recorded_it_and_how(self, start):
        send(start.worker.client(), self.url(start), **self.words(start))
        self.tap(start, "parent", "paper")
        people = start.worker.client().get(self.url(start)).context["people"]
        given = {person["party"]: person["given"] for person in people}
        assert (given["parent"].how, given["parent"].recorded_by, given["worker"]) == (
            "paper",
            start.worker.user,
            None,
        )

    def test_the_partner_agrees_by_own_sign_in_to_the_words_that_were_shown(self, start):
        send(start.worker.client(), self.url(start), **self.words(start))
        agreement = fresh(start.relationship).open_agreement()
        page = reverse("agreement_acknowledge", args=[agreement.pk])
        client = start.partner.client()
        older = send(client, page, seen_revision=str(agreement.revision - 1))
        assert (older.status_code, agreement.acknowledgements.count()) == (409, 0)
        send(client, page, seen_revision=str(agreement.revision))
        assert list(agreement.acknowledgements.values_list("party", "how")) == [("partner", "sign_in")]

    def test_with_another_partner_it_begins_from_what_held_before(self):
        earlier = build_trio("ended")
        goal = Goal.objects.get(agreement__relationship=earlier.relationship)
        relationship = relationship_in(
            "decided",
            request=ContactRequestFactory(parent=earlier.relationship.parent, status="matched"),
            partner=ready_partner(user=user_in_role("partner")),
            continues=earlier.relationship,
        )
        earlier.relationship = relationship
        services.open_start_meeting(relationship=relationship, by=earlier.worker.actor)
        form = earlier.worker.client().get(self.url(earlier)).context["form"]
        assert (form["goal_1"].value(), form["from_1"].value(), form["told_to_worker"].value()) == (
            goal.words,
            str(goal.pk),
            "Tapaamisten määrä",
        )
        send(
            earlier.worker.client(),
            self.url(earlier),
            **self.words(earlier, goal_1=goal.words, from_1=str(goal.pk)),
        )
        assert fresh(relationship).open_agreement().goals.get().continues == goal


# --- an extension or a change --------------------------------------------------------------------------------
def running(status: str = "active"):
    """A running relationship: the agreement ends in 100 days, the decision in 300."""
    pair = build_trio(status)
    decide(pair.relationship, today(), days_valid=300)
    pair.in_force = pair.relationship.agreements.get()
    return pair


def propose(pair, *, kind: str = "extension", days: int = 200, **change) -> Agreement:
    in_force = fresh(pair.relationship).agreement_in_force()
    values = {
        "goals": [GoalWords(goal.words, goal.area, goal.expected, goal.pk) for goal in in_force.goals.all()],
        "by": pair.worker.actor,
        "seen_number": in_force.number,
    }
    values |= {name: change.pop(name) for name in list(change) if name in values}
    pair.agreement = services.propose_agreement(
        relationship=pair.relationship,
        kind=kind,
        facts={
            "ends_on": today() + days * DAY,
            "meetings_per_month": 2,
            "told_to_worker": in_force.told_to_worker,
            "contact_ways": "",
            "cancelling": "",
            "allows_notes": False,
        }
        | change,
        **values,
    )
    return pair.agreement


class TestProposing:
    @pytest.mark.parametrize("status", ["active", "paused"])
    def test_the_social_worker_proposes_an_extension_and_the_old_agreement_holds(self, status):
        pair = running(status)
        proposal = propose(pair)
        relationship = fresh(pair.relationship)
        assert (
            proposal.number,
            proposal.kind,
            proposal.starts_on,
            relationship.open_agreement(),
            relationship.agreement_in_force(),
            relationship.last_day(),
        ) == (2, "extension", today(), proposal, pair.in_force, pair.in_force.ends_on)

    def test_its_goals_continue_those_that_hold(self):
        pair = running()
        proposal = propose(pair)
        assert [goal.continues for goal in proposal.goals.all()] == list(pair.in_force.goals.all())

    def test_the_other_two_are_asked(self):
        pair = running()
        assert told("agreement_wanted", propose(pair)) == {"partner", "parent"}

    @pytest.mark.parametrize("who", ["staff", "partner", "parent"])
    def test_nobody_else_proposes(self, who):
        pair = running()
        with pytest.raises(MoveRefused):
            propose(pair, by=getattr(pair, who).actor)

    def test_one_proposal_at_a_time(self):
        pair = running()
        propose(pair)
        with pytest.raises(MoveRefused):
            propose(pair)
        assert Agreement.objects.filter(relationship=pair.relationship).count() == 2

    def test_who_filled_it_in_from_an_older_agreement_is_told(self):
        pair = running()
        propose(pair)
        agree(pair.agreement)
        with pytest.raises(AlreadyMoved):
            propose(pair, days=250, seen_number=1)

    @pytest.mark.parametrize(
        ("kind", "days", "field"),
        [
            ("extension", 301, "ends_on"),
            ("change", 301, "ends_on"),
            ("extension", 165, "ends_on"),
            ("change", 166, "ends_on"),
            ("change", -1, "ends_on"),
        ],
        ids=[
            "longer than the decision",
            "a change longer than the decision",
            "an extension that extends nothing",
            "a change that goes on longer",
            "a day that has passed",
        ],
    )
    def test_a_last_day_that_cannot_be_is_told_next_to_it(self, kind, days, field):
        pair = running()
        with pytest.raises(ValidationError) as refused:
            propose(pair, kind=kind, days=days)
        assert list(refused.value.message_dict) == [field]

    @pytest.mark.parametrize(
        ("kind", "days"), [("extension", 166), ("extension", 300), ("change", 165), ("change", 0)]
    )
    def test_a_last_day_up_to_the_decisions_own_is_fine(self, kind, days):
        pair = running()
        assert propose(pair, kind=kind, days=days).ends_on == today() + days * DAY

    def test_it_takes_the_ground_rules_that_hold_now(self):
        pair = running()
        rules = GuideTextFactory()
        assert propose(pair).ground_rules == rules


class TestAccepting:
    def test_only_the_third_yes_puts_it_in_force(self):
        pair = running()
        propose(pair)
        holds = []
        for party, how, who in (
            ("parent", "sign_in", pair.parent),
            ("worker", "sign_in", pair.worker),
            ("partner", "sign_in", pair.partner),
        ):
            holds.append(fresh(pair.relationship).agreement_in_force())
            accept(pair, party, how, who)
        assert holds == [pair.in_force] * 3
        assert fresh(pair.relationship).agreement_in_force() == pair.agreement
        assert fresh(pair.relationship).last_day() == today() + 200 * DAY
        assert fresh(pair.relationship).status == "active"

    def test_on_the_workers_screen_and_on_paper_too(self):
        pair = running()
        propose(pair)
        for party, how in (("worker", "screen"), ("partner", "screen"), ("parent", "paper")):
            accept(pair, party, how)
        assert fresh(pair.relationship).agreement_in_force() == pair.agreement

    def test_all_but_the_one_who_pressed_are_told(self):
        pair = running()
        propose(pair)
        accept(pair, "worker", "sign_in")
        accept(pair, "partner", "sign_in", pair.partner)
        accept(pair, "parent", "sign_in", pair.parent)
        assert told("agreement_accepted", pair.relationship) == {"partner", "social_worker"}

    def test_the_start_meeting_and_its_day_stay_as_they_are(self):
        pair = running()
        before = fresh(pair.relationship)
        propose(pair)
        for party in Party:
            accept(pair, party)
        after = fresh(pair.relationship)
        assert (after.started_on, after.active_since, after.start_meeting.held_on) == (
            before.started_on,
            before.active_since,
            before.start_meeting.held_on,
        )

    def test_a_review_is_due_within_the_new_time(self):
        pair = running()
        services.schedule_review(pair.relationship)
        propose(pair)
        for party in Party:
            accept(pair, party)
        review = Review.objects.get(relationship=pair.relationship, held_on=None)
        assert review.due_on <= today() + 200 * DAY

    def test_after_the_end_nobody_accepts(self):
        pair = running()
        propose(pair)
        services.end_relationship(relationship=pair.relationship, by=pair.staff.actor)
        with pytest.raises(MoveRefused):
            accept(pair, "parent", "sign_in", pair.parent)

    def test_waiting_for_lists_it_until_ones_own_yes(self):
        pair = running()
        propose(pair)
        accept(pair, "parent", "sign_in", pair.parent)
        waiting = {
            name: list(Agreement.objects.waiting_for(getattr(pair, name).actor))
            for name in ("worker", "partner", "parent", "staff")
        }
        assert waiting == {
            "worker": [pair.agreement],
            "partner": [pair.agreement],
            "parent": [],
            "staff": [],
        }


class TestChangingAProposal:
    def rewrite(self, pair, **change) -> Agreement:
        pair.agreement = services.write_agreement(
            agreement=pair.agreement,
            facts={"ends_on": today() + 200 * DAY, "meetings_per_month": 2} | change,
            goals=[GoalWords("Jotain muuta", "openness")],
            by=pair.worker.actor,
            seen_revision=pair.agreement.revision,
        )
        return pair.agreement

    def test_a_changed_word_asks_all_three_again(self):
        pair = running()
        propose(pair)
        accept(pair, "parent", "sign_in", pair.parent)
        assert self.rewrite(pair, meetings_per_month=3).acknowledged_by() == set()

    def test_who_has_read_the_notice_gets_another_one(self):
        pair = running()
        propose(pair)
        Notice.objects.filter(kind="agreement_wanted", role="parent").update(read_at="2026-01-01T12:00+02:00")
        self.rewrite(pair)
        assert sorted(
            Notice.objects.filter(kind="agreement_wanted", object_id=pair.agreement.pk).values_list(
                "role", flat=True
            )
        ) == ["parent", "parent", "partner"]

    def test_what_all_three_have_accepted_is_not_rewritten(self):
        pair = running()
        propose(pair)
        for party in Party:
            accept(pair, party)
        with pytest.raises(MoveRefused):
            self.rewrite(pair)

    def test_the_limits_hold_here_too(self):
        pair = running()
        propose(pair)
        with pytest.raises(ValidationError):
            self.rewrite(pair, ends_on=today() + 301 * DAY)


class TestWithdrawing:
    def test_the_old_agreement_goes_on_and_a_new_one_may_be_proposed(self):
        pair = running()
        first = propose(pair)
        services.withdraw_agreement(agreement=first, by=pair.worker.actor)
        assert fresh(pair.relationship).agreement_in_force() == pair.in_force
        assert propose(pair).number == 3
        assert told("agreement_withdrawn", pair.relationship) == {"partner", "parent"}

    @pytest.mark.parametrize("who", ["staff", "partner", "parent"])
    def test_nobody_else_withdraws(self, who):
        pair = running()
        proposal = propose(pair)
        with pytest.raises(MoveRefused):
            services.withdraw_agreement(agreement=proposal, by=getattr(pair, who).actor)

    def test_what_all_three_have_accepted_is_not_withdrawn(self):
        pair = running()
        propose(pair)
        for party in Party:
            accept(pair, party)
        with pytest.raises(MoveRefused):
            services.withdraw_agreement(agreement=pair.agreement, by=pair.worker.actor)
        pair.agreement.refresh_from_db()
        assert pair.agreement.withdrawn_on is None

    def test_the_start_meetings_own_is_not_withdrawn_by_hand(self, start):
        with pytest.raises(MoveRefused):
            services.withdraw_agreement(agreement=start.agreement, by=start.worker.actor)

    def test_what_was_withdrawn_is_accepted_by_nobody(self):
        pair = running()
        propose(pair)
        services.withdraw_agreement(agreement=pair.agreement, by=pair.worker.actor)
        with pytest.raises(MoveRefused):
            accept(pair, "parent", "sign_in", pair.parent)


class TestPages:
    def propose_url(self, pair) -> str:
        return reverse("agreement_propose", args=[pair.relationship.pk])

    def words(self, pair, **change) -> dict:
        goal = pair.in_force.goals.get()
        return {
            "kind": "extension",
            "ends_on": (today() + 200 * DAY).isoformat(),
            "meetings_per_month": "3",
            "goal_1": goal.words,
            "area_1": goal.area,
            "from_1": str(goal.pk),
            "seen_number": "1",
        } | change

    def test_the_form_is_filled_in_from_what_holds(self):
        pair = running()
        form = pair.worker.client().get(self.propose_url(pair)).context["form"]
        goal = pair.in_force.goals.get()
        assert {
            name: form[name].value() for name in ("ends_on", "goal_1", "area_1", "from_1", "seen_number")
        } == {
            "ends_on": pair.in_force.ends_on,
            "goal_1": goal.words,
            "area_1": goal.area,
            "from_1": str(goal.pk),
            "seen_number": 1,
        }

    def test_saving_leads_to_the_page_on_which_the_three_accept(self):
        pair = running()
        answer = send(pair.worker.client(), self.propose_url(pair), **self.words(pair))
        proposal = fresh(pair.relationship).open_agreement()
        assert answer.url == reverse("agreement_acknowledge", args=[proposal.pk])
        assert proposal.goals.get().continues == pair.in_force.goals.get()

    def test_a_goal_of_somebody_else_is_continued_by_nobody(self):
        pair, other = running(), running()
        foreign = other.in_force.goals.get()
        send(pair.worker.client(), self.propose_url(pair), **self.words(pair, from_1=str(foreign.pk)))
        assert fresh(pair.relationship).open_agreement().goals.get().continues is None

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"kind": ""}, "kind"),
            ({"kind": "start"}, "kind"),
            ({"ends_on": ""}, "ends_on"),
            ({"ends_on": (today() + 301 * DAY).isoformat()}, "ends_on"),
            ({"meetings_per_month": ""}, "meetings_per_month"),
            ({"goal_1": "", "area_1": ""}, "goal_1"),
        ],
    )
    def test_what_is_wrong_is_said_next_to_the_field(self, change, field):
        pair = running()
        answer = send(pair.worker.client(), self.propose_url(pair), **self.words(pair, **change))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
        assert fresh(pair.relationship).open_agreement() is None

    def test_opening_it_again_mends_the_proposal_that_waits(self):
        pair = running()
        for times in ("3", "5"):
            open_one = fresh(pair.relationship).open_agreement()
            seen = {"seen_revision": str(open_one.revision)} if open_one else {}
            send(
                pair.worker.client(),
                self.propose_url(pair),
                **self.words(pair, meetings_per_month=times, **seen),
            )
        proposal = fresh(pair.relationship).open_agreement()
        assert (proposal.number, proposal.meetings_per_month, proposal.revision) == (2, 5, 2)

    def test_a_form_opened_before_anothers_proposal_does_not_write_over_it(self):
        pair = running()
        client = pair.worker.client()
        late = self.words(pair, meetings_per_month="9") | {
            "submission": token(client, self.propose_url(pair))
        }
        propose(pair)
        answer = client.post(self.propose_url(pair), late)
        assert (answer.status_code, fresh(pair.relationship).open_agreement().meetings_per_month) == (409, 2)

    def test_the_worker_records_what_the_others_say(self):
        pair = running()
        propose(pair)
        client = pair.worker.client()
        for party, how in (("worker", "screen"), ("partner", "paper"), ("parent", "screen")):
            client.post(
                reverse("agreement_record", args=[pair.agreement.pk]),
                {"party": party, "how": how, "revision": "1"},
            )
        assert [(ack.party, ack.how) for ack in pair.agreement.acknowledgements.order_by("at", "party")] == [
            ("worker", "screen"),
            ("partner", "paper"),
            ("parent", "screen"),
        ]
        assert fresh(pair.relationship).agreement_in_force() == pair.agreement

    def test_the_page_says_who_has_accepted_and_who_is_missing(self):
        pair = running()
        propose(pair)
        accept(pair, "parent", "sign_in", pair.parent)
        url = reverse("relationship_agreements", args=[pair.relationship.pk])
        for person in (pair.staff, pair.worker, pair.partner, pair.parent):
            people = person.client().get(url).context["proposal"]["people"]
            assert {one["party"] for one in people if one["given"]} == {"parent"}

    def test_the_page_shows_what_would_be_new(self):
        pair = running()
        propose(pair, meetings_per_month=5, told_to_worker="")
        url = reverse("agreement_acknowledge", args=[pair.agreement.pk])
        new = pair.parent.client().get(url).context["new"]
        assert [(now, before) for _label, now, before in new][1:] == [("5", "2"), ("", "Tapaamisten määrä")]

    @pytest.mark.parametrize("who", ["staff", "worker", "partner", "parent"])
    def test_the_page_costs_the_same_whatever_the_number_of_agreements(
        self, who, django_assert_max_num_queries
    ):
        pair = running()
        for number in range(4):
            propose(pair, days=200 + number)
            agree(pair.agreement)
        propose(pair, days=290)
        client = getattr(pair, who).client()
        with django_assert_max_num_queries(15):
            client.get(reverse("relationship_agreements", args=[pair.relationship.pk]))


class TestConstraints:
    def test_a_whole_one_is_saved(self):
        AgreementFactory().full_clean()
        GuideTextFactory().full_clean()

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"number": 1}, "There is an agreement with this number already."),
            ({"number": 2}, "Another agreement is still waiting to be accepted."),
            (
                {"number": 2, "starts_on": today(), "ends_on": today() - DAY, "withdrawn_on": today()},
                "The last day cannot be before the first day.",
            ),
            (
                {"number": 2, "meetings_per_month": 31, "withdrawn_on": today()},
                "Meetings a month are between 1 and 30.",
            ),
            (
                {"number": 2, "agreed_on": today(), "withdrawn_on": today()},
                "What all three have accepted cannot be withdrawn.",
            ),
        ],
    )
    def test_others_are_refused_in_words(self, fields, words):
        first = AgreementFactory()
        second = AgreementFactory.build(relationship=first.relationship, **fields)
        with override("en"), pytest.raises(ValidationError) as refused:
            second.validate_constraints()
        assert words in refused.value.messages

    def test_a_second_open_one_is_refused_by_the_database_and_one_after_a_withdrawn_one_is_not(self):
        first = AgreementFactory()
        with pytest.raises(IntegrityError), transaction.atomic():
            AgreementFactory(relationship=first.relationship, number=2)
        Agreement.objects.filter(pk=first.pk).update(withdrawn_on=today())
        AgreementFactory(relationship=first.relationship, number=2)

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"kind": "ground_rules", "number": 1}, "There is a version with this number already."),
            ({"kind": "poem", "number": 2}, "Choose the kind from the list."),
        ],
    )
    def test_a_guiding_text_has_a_kind_and_a_number_of_its_own(self, fields, words):
        GuideTextFactory(number=1)
        with override("en"), pytest.raises(ValidationError) as refused:
            GuideTextFactory.build(**fields).validate_constraints()
        assert words in refused.value.messages


class TestGuidingTexts:
    TEXTS = {"text_fi": "Uusi.", "text_sv": "Ny.", "text_en": "New."}

    def url(self, kind: str = "ground_rules") -> str:
        return f"{reverse('guide_text_create')}?kind={kind}"

    @pytest.fixture
    def administrator(self):
        return Person("administrator", user_in_role("administrator"), "administrator").client()

    def publish(self, client, *, seen: int, on: datetime.date | None = None, kind: str = "ground_rules"):
        return send(
            client,
            self.url(kind),
            kind=kind,
            published_on=(on or today()).isoformat(),
            seen_number=str(seen),
            **self.TEXTS,
        )

    def test_a_new_version_holds_from_its_day(self, administrator, time_machine):
        first = GuideTextFactory(number=1)
        time_machine.move_to("2026-03-02T12:00:00+02:00")
        self.publish(administrator, seen=1, on=datetime.date(2026, 3, 5))
        assert GuideText.objects.current("ground_rules") == first
        time_machine.move_to("2026-03-05T12:00:00+02:00")
        assert GuideText.objects.current("ground_rules").number == 2

    def test_the_form_is_filled_in_from_the_newest_version(self, administrator):
        newest = GuideTextFactory(kind="concern", number=4)
        form = administrator.get(self.url("concern")).context["form"]
        assert (form["text_sv"].value(), form["seen_number"].value(), form["kind"].value()) == (
            newest.text_sv,
            4,
            "concern",
        )

    def test_of_two_who_publish_the_second_is_told(self, administrator):
        GuideTextFactory(number=1)
        answers = [self.publish(administrator, seen=1).status_code for _time in range(2)]
        assert (answers, GuideText.objects.count()) == ([302, 409], 2)

    def test_a_version_of_yesterday_is_refused(self, administrator):
        answer = self.publish(administrator, seen=0, on=today() - DAY)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["published_on"])

    def test_what_was_agreed_on_keeps_the_version_it_was_read_in(self, administrator):
        rules = GuideTextFactory(number=1)
        agreement = AgreementFactory(ground_rules=rules)
        self.publish(administrator, seen=1)
        agreement.refresh_from_db()
        assert agreement.ground_rules == rules


def test_every_deed_leaves_its_row_in_the_trail():
    pair = running()
    proposal = propose(pair)
    accept(pair, "parent", "sign_in", pair.parent)
    services.withdraw_agreement(agreement=proposal, by=pair.worker.actor)
    about = AuditEvent.objects.filter(about_kind="pairing.parent", about_id=pair.relationship.parent_id)
    assert list(
        about.filter(object_id=proposal.pk).order_by("at").values_list("action", "fields_changed")
    ) == [("create", []), ("change", ["withdrawn_on"])]


def test_the_start_meeting_needs_all_three_to_be_held():
    meeting = StartMeetingFactory.build(
        relationship=relationship_in("decided"), held_on=today(), worker_present=True, partner_present=True
    )
    with override("en"), pytest.raises(ValidationError) as refused:
        meeting.validate_constraints()
    assert "A start meeting has been held only when all three were there." in refused.value.messages


def test_a_goal_has_words_and_an_area_of_the_list():
    with override("en"), pytest.raises(ValidationError) as refused:
        GoalFactory.build(agreement=AgreementFactory(), words="", area="money").validate_constraints()
    assert {
        "Write the goal in the parent's words.",
        "Choose what the goal is about.",
    } <= set(refused.value.messages)
