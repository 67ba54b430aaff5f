"""Breaks, another partner, and the page that tells of them (R16, domain 5.4)."""

import datetime
import threading

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connections
from django.urls import reverse

from kumppani.audit.models import AuditEvent
from kumppani.core.dates import today
from kumppani.core.states import MoveRefused
from kumppani.notices.models import Notice
from pairing import services
from pairing.models import Closing, Feedback, HandOver, Meeting, Pause, Relationship
from tests.factories.accounts import user_in_role
from tests.factories.pairing import (
    MeetingFactory,
    PauseFactory,
    SocialWorkerFactory,
    WishFactory,
    decide,
    hold_start_meeting,
    ready_partner,
)
from tests.pairing.trio import ROLES, build_trio, fresh, send

pytestmark = pytest.mark.django_db


def in_days(number: int) -> datetime.date:
    return today() + datetime.timedelta(days=number)


@pytest.fixture
def trio():
    return build_trio()


def in_ten_months():
    """Noon, three hundred days from now: no decision of the factories is valid any more."""
    return time_machine.travel(datetime.datetime.combine(in_days(300), datetime.time(12), datetime.UTC))


def told(kind: str) -> list[str]:
    """In which roles somebody was told."""
    return sorted(Notice.objects.filter(kind=kind).values_list("role", flat=True))


class TestTakingABreak:
    @pytest.mark.parametrize("who", ROLES)
    def test_each_of_them_takes_one_without_a_reason(self, trio, who):
        services.pause_relationship(relationship=trio.relationship, by=getattr(trio, who).actor)
        pause = Pause.objects.get(relationship=trio.relationship)
        assert (fresh(trio.relationship).status, pause.starts_on, pause.ends_on, pause.over_on) == (
            "paused",
            today(),
            None,
            None,
        )
        assert pause.asked_by == who

    def test_without_a_last_day_everything_planned_is_called_off(self, trio):
        meetings = [
            MeetingFactory(relationship=trio.relationship, planned=True, date=in_days(n)) for n in (0, 3, 90)
        ]
        services.pause_relationship(relationship=trio.relationship, by=trio.parent.actor)
        assert [Meeting.objects.get(pk=meeting.pk).status for meeting in meetings] == ["cancelled"] * 3

    def test_with_a_last_day_only_what_falls_into_the_break_is_called_off(self, trio):
        meetings = [
            MeetingFactory(relationship=trio.relationship, planned=True, date=in_days(n)) for n in (0, 7, 8)
        ]
        services.pause_relationship(relationship=trio.relationship, by=trio.parent.actor, ends_on=in_days(7))
        assert [Meeting.objects.get(pk=meeting.pk).status for meeting in meetings] == [
            "cancelled",
            "cancelled",
            "planned",
        ]

    def test_what_was_planned_for_an_earlier_day_waits_to_be_logged_as_before(self, trio):
        unlogged = MeetingFactory(relationship=trio.relationship, planned=True, date=in_days(-1))
        services.pause_relationship(relationship=trio.relationship, by=trio.partner.actor)
        assert Meeting.objects.get(pk=unlogged.pk).status == "planned"

    @pytest.mark.parametrize(
        ("who", "others"),
        [
            ("parent", ["partner", "social_worker", "staff"]),
            ("partner", ["parent", "social_worker", "staff"]),
            ("worker", ["parent", "partner", "staff"]),
            ("staff", ["parent", "partner", "social_worker"]),
        ],
    )
    def test_the_others_are_told(self, trio, who, others):
        services.pause_relationship(relationship=trio.relationship, by=getattr(trio, who).actor)
        assert told("relationship_paused") == others

    def test_the_worker_records_the_parents_wish(self, trio):
        services.pause_relationship(relationship=trio.relationship, by=trio.worker.actor, asked_by="parent")
        assert Pause.objects.get().asked_by == "parent"

    @pytest.mark.parametrize(
        ("who", "whose"), [("partner", "parent"), ("parent", "worker"), ("worker", "staff")]
    )
    def test_nobody_speaks_for_somebody_else(self, trio, who, whose):
        with pytest.raises(MoveRefused):
            services.pause_relationship(
                relationship=trio.relationship, by=getattr(trio, who).actor, asked_by=whose
            )
        assert not Pause.objects.exists()

    def test_the_last_day_is_not_behind_us(self, trio):
        with pytest.raises(ValidationError):
            services.pause_relationship(
                relationship=trio.relationship, by=trio.parent.actor, ends_on=in_days(-1)
            )
        assert fresh(trio.relationship).status == "active"

    def test_a_second_break_is_told_that_there_is_one(self, trio):
        services.pause_relationship(relationship=trio.relationship, by=trio.parent.actor)
        with pytest.raises(MoveRefused):
            services.pause_relationship(relationship=trio.relationship, by=trio.partner.actor)
        assert Pause.objects.count() == 1

    def test_the_parents_page_takes_one_tap(self, trio):
        url = reverse("relationship_pause", args=[trio.relationship.pk])
        answer = send(trio.parent.client(), url)
        assert (answer.status_code, answer.url) == (
            302,
            reverse("relationship_changes", args=[trio.relationship.pk]),
        )
        assert fresh(trio.relationship).status == "paused"

    def test_the_staff_say_whose_wish_it_was(self, trio):
        client, url = trio.staff.client(), reverse("relationship_pause", args=[trio.relationship.pk])
        assert send(client, url).status_code == 422
        send(client, url, asked_by="partner", ends_on=in_days(10).isoformat())
        assert list(Pause.objects.values_list("asked_by", "ends_on")) == [("partner", in_days(10))]

    def test_a_link_that_is_too_late_leads_to_the_page_with_a_sentence(self, trio):
        services.pause_relationship(relationship=trio.relationship, by=trio.parent.actor)
        answer = trio.parent.client().get(reverse("relationship_pause", args=[trio.relationship.pk]))
        assert (answer.status_code, answer.url) == (
            302,
            reverse("relationship_changes", args=[trio.relationship.pk]),
        )

    def test_meetings_can_be_logged_during_a_break(self, trio):
        services.pause_relationship(relationship=trio.relationship, by=trio.parent.actor)
        services.log_meeting(
            relationship=fresh(trio.relationship),
            by=trio.partner.actor,
            date=today(),
            kind="peer",
            place="cafe",
            minutes=60,
        )
        assert Meeting.objects.get().status == "held"


class TestTheBreakIsOver:
    @pytest.fixture
    def trio(self):
        trio = build_trio("paused")
        PauseFactory(relationship=trio.relationship, running=True)
        return trio

    @pytest.mark.parametrize("who", ROLES)
    def test_each_of_them_says_so(self, trio, who):
        services.resume_relationship(relationship=trio.relationship, by=getattr(trio, who).actor)
        relationship = fresh(trio.relationship)
        assert (relationship.status, relationship.active_since, relationship.started_on) == (
            "active",
            today(),
            in_days(-5),
        )
        assert Pause.objects.get().over_on == today()

    def test_nobody_needs_to_press_when_its_last_day_has_come(self, trio):
        services.resume_relationship(relationship=trio.relationship, by=None)
        assert fresh(trio.relationship).status == "active"
        assert told("relationship_resumed") == ["parent", "partner", "social_worker", "staff"]

    def test_a_break_that_is_over_is_told_as_over(self, trio):
        services.resume_relationship(relationship=trio.relationship, by=trio.parent.actor)
        with pytest.raises(MoveRefused):
            services.resume_relationship(relationship=trio.relationship, by=trio.partner.actor)

    def test_without_a_valid_decision_nothing_moves(self, trio):
        with in_ten_months(), pytest.raises(services.DecisionMissing):
            services.resume_relationship(relationship=trio.relationship, by=trio.parent.actor)
        assert (fresh(trio.relationship).status, Pause.objects.get().over_on) == ("paused", None)

    def test_without_a_valid_decision_the_page_tells_the_social_worker_once(self, trio):
        url = reverse("relationship_resume", args=[trio.relationship.pk])
        with in_ten_months():
            client = trio.parent.client()
            page = client.get(url)
            assert page.context["is_possible"] is False
            for _twice in range(2):
                answer = send(client, url)
                assert answer.status_code == 302
        assert fresh(trio.relationship).status == "paused"
        assert told("decision_needed_again") == ["social_worker"]

    def test_with_a_new_decision_they_go_on(self, trio):
        later = in_days(300)
        decide(trio.relationship, later)
        with in_ten_months():
            services.resume_relationship(relationship=trio.relationship, by=trio.parent.actor)
        assert fresh(trio.relationship).active_since == later


class TestAnotherPartner:
    @pytest.fixture
    def other(self):
        return ready_partner(user=user_in_role("partner"))

    def test_the_old_ends_and_the_new_begins_at_one_moment(self, trio, other):
        old = trio.relationship
        new = services.change_partner(relationship=old, partner=other, by=trio.staff.actor)
        assert (fresh(old).status, fresh(old).ended_on) == ("ended", today())
        closing = Closing.objects.get(relationship=old)
        assert (closing.partner_changes, closing.ended_by) == (True, "staff")
        assert (new.status, new.continues, new.request, new.parent, new.partner, new.proposed_on) == (
            "acquainting",
            old,
            old.request,
            old.parent,
            other,
            today(),
        )
        assert fresh(new).request.status == "matched"

    def test_the_one_who_left_sees_nothing_and_the_new_one_nothing_of_before(self, trio, other):
        new = services.change_partner(relationship=trio.relationship, partner=other, by=trio.staff.actor)
        seen_by = {
            user.pk: list(Relationship.objects.visible_to(person_in(user)).values_list("pk", flat=True))
            for user in (trio.partner.user, other.user)
        }
        assert seen_by == {trio.partner.user.pk: [], other.user.pk: [new.pk]}

    def test_the_new_one_walks_the_whole_path(self, trio, other):
        new = services.change_partner(relationship=trio.relationship, partner=other, by=trio.staff.actor)
        for person, party in ((trio.parent.actor, "parent"), (person_in(other.user), "partner")):
            services.answer_pair(relationship=fresh(new), party=party, yes=True, by=person)
        assert fresh(new).status == "proposed"
        with pytest.raises(MoveRefused):  # R1 begins anew: neither the decision nor the agreement comes along
            fresh(new).activate(by=trio.worker.actor)
        decide(new, today())
        Relationship.objects.filter(pk=new.pk).update(status="decided")
        hold_start_meeting(new, today())
        fresh(new).activate(by=trio.worker.actor)
        assert fresh(new).status == "active"

    def test_everybody_gets_one_notice(self, trio, other):
        services.change_partner(relationship=trio.relationship, partner=other, by=trio.staff.actor)
        assert sorted(Notice.objects.values_list("kind", "role", "recipient__first_name")) == sorted(
            [
                ("feedback_wanted", "partner", "Paula"),
                ("pair_answer", "parent", "Ville"),
                ("pair_answer", "partner", other.user.first_name),
                ("pair_proposed", "social_worker", trio.worker.user.first_name),
            ]
        )

    def test_one_open_relationship_a_parent_holds_throughout(self, trio, other):
        services.change_partner(relationship=trio.relationship, partner=other, by=trio.staff.actor)
        assert Relationship.objects.filter(parent=trio.relationship.parent).open().count() == 1

    def test_the_same_partner_is_no_change(self, trio):
        with pytest.raises(MoveRefused):
            services.change_partner(
                relationship=trio.relationship, partner=trio.relationship.partner, by=trio.staff.actor
            )
        assert fresh(trio.relationship).status == "active"

    def test_a_partner_who_does_not_fit_leaves_everything_as_it_was(self, trio):
        speaks_another_language = ready_partner(speaks_fi=False, speaks_sv=True)
        with pytest.raises(MoveRefused):
            services.change_partner(
                relationship=trio.relationship, partner=speaks_another_language, by=trio.staff.actor
            )
        assert (fresh(trio.relationship).status, Closing.objects.count()) == ("active", 0)

    def test_the_page_suggests_those_who_fit_but_never_the_present_one(self, trio, other):
        page = trio.staff.client().get(reverse("relationship_change_partner", args=[trio.relationship.pk]))
        assert [partner.pk for partner in page.context["candidates"]] == [other.pk]

    def test_the_page_changes(self, trio, other):
        url = reverse("relationship_change_partner", args=[trio.relationship.pk])
        answer = send(trio.staff.client(), url, partner=str(other.pk))
        new = Relationship.objects.get(continues=trio.relationship)
        assert (answer.status_code, answer.url) == (302, reverse("relationship_detail", args=[new.pk]))

    def test_the_parent_sees_both_as_one_line(self, trio, other):
        new = services.change_partner(relationship=trio.relationship, partner=other, by=trio.staff.actor)
        for shown, listed in ((new, trio.relationship), (trio.relationship, new)):
            page = trio.parent.client().get(reverse("relationship_changes", args=[shown.pk]))
            assert [row.pk for row in page.context["line"]] == [listed.pk]

    def test_when_the_new_pair_does_not_come_about_the_next_one_still_continues(self, trio, other):
        new = services.change_partner(relationship=trio.relationship, partner=other, by=trio.staff.actor)
        services.answer_pair(relationship=fresh(new), party="parent", yes=False, by=trio.parent.actor)
        third = ready_partner(user=user_in_role("partner"))
        request = fresh(new).request
        again = services.propose_pair(request=request, partner=third, by=trio.staff.actor)
        assert again.continues == trio.relationship


def person_in(user):
    """The actor this user is."""
    from kumppani.accounts.actor import actor_for

    return actor_for(user)


class TestThePageAboutChanges:
    def story(self, person, relationship) -> list[tuple]:
        page = person.client().get(reverse("relationship_changes", args=[relationship.pk]))
        return [(event.title, event.detail) for event in page.context["story"]]

    def test_who_asked_for_a_break_is_for_the_worker_and_the_staff(self, trio):
        PauseFactory(relationship=trio.relationship, asked_by="parent")
        for who, detail in (("staff", "vanhempi"), ("worker", "vanhempi"), ("partner", ""), ("parent", "")):
            story = self.story(getattr(trio, who), trio.relationship)
            assert [text for _title, text in story[:2]] == ["", detail], who

    def test_hand_overs_are_not_for_the_partner(self, trio):
        other = SocialWorkerFactory(organisation=trio.relationship.organisation)
        HandOver.objects.create(
            parent=trio.relationship.parent,
            from_worker=other,
            to_worker=trio.relationship.social_worker,
            handed_over_on=in_days(-1),
        )
        lengths = {who: len(self.story(getattr(trio, who), trio.relationship)) for who in ROLES}
        assert lengths == {"staff": 2, "worker": 2, "partner": 1, "parent": 2}

    def test_a_wish_is_seen_by_whoever_made_it_and_by_those_who_answer(self, trio):
        wish = WishFactory(relationship=trio.relationship, party="parent", kind="partner")
        seen = {}
        for who in ROLES:
            page = (
                getattr(trio, who).client().get(reverse("relationship_changes", args=[trio.relationship.pk]))
            )
            seen[who] = [row.pk for row in page.context["open_wishes"]]
        assert seen == {"staff": [wish.pk], "worker": [wish.pk], "partner": [], "parent": [wish.pk]}

    @pytest.mark.parametrize(
        ("status", "who", "urls"),
        [
            ("active", "parent", ["relationship_wish", "relationship_pause", "relationship_end"]),
            ("active", "partner", ["relationship_wish", "relationship_pause", "relationship_end"]),
            (
                "active",
                "worker",
                ["agreement_propose", "relationship_wish", "relationship_pause", "relationship_end"],
            ),
            (
                "active",
                "staff",
                [
                    "relationship_wish",
                    "relationship_pause",
                    "relationship_change_partner",
                    "relationship_end",
                ],
            ),
            ("paused", "parent", ["relationship_wish", "relationship_resume", "relationship_end"]),
            ("ended", "parent", []),
            ("acquainting", "parent", []),
        ],
    )
    def test_each_is_offered_what_is_possible(self, status, who, urls):
        trio = build_trio(status)
        page = getattr(trio, who).client().get(reverse("relationship_changes", args=[trio.relationship.pk]))
        assert [deed.url for deed in page.context["deeds"]] == [
            reverse(name, args=[trio.relationship.pk]) for name in urls
        ]

    def test_a_look_leaves_a_trace(self, trio):
        trio.staff.client().get(reverse("relationship_changes", args=[trio.relationship.pk]))
        assert AuditEvent.objects.filter(action="view", about_id=trio.relationship.parent_id).count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    """Of people who press at once one wins; the others are told so.

    Control: leave `select_for_update` out of `_hold`.
    """

    def race(self, deeds) -> list[str]:
        start, outcomes = threading.Barrier(len(deeds)), []

        def run(deed):
            try:
                start.wait()
                deed()
                outcomes.append("done")
            except MoveRefused:
                outcomes.append("refused")
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sorted(outcomes)

    def test_four_end_it_and_one_of_them_ended_it(self):
        trio = build_trio()
        deeds = [
            lambda who=who: services.end_relationship(
                relationship=trio.relationship, by=getattr(trio, who).actor
            )
            for who in ROLES
        ]
        assert self.race(deeds) == ["done", "refused", "refused", "refused"]
        assert (Closing.objects.count(), Feedback.objects.count()) == (1, 3)

    def test_an_end_and_a_change_of_partner_leave_one_of_them(self):
        trio, other = build_trio(), ready_partner()
        outcomes = self.race(
            [
                lambda: services.end_relationship(relationship=trio.relationship, by=trio.parent.actor),
                lambda: services.change_partner(
                    relationship=trio.relationship, partner=other, by=trio.staff.actor
                ),
            ]
        )
        assert outcomes == ["done", "refused"]
        assert Closing.objects.count() == 1
