"""The end, by anybody and without a reason: what comes with it, and that the doors close at once (R16)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import get_resolver, reverse

from kumppani.core.dates import today
from kumppani.core.models import BaseModel
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.notices.kinds import KINDS
from kumppani.notices.models import Notice
from pairing import services
from pairing.models import (
    Agreement,
    AssessmentRound,
    Closing,
    Feedback,
    Meeting,
    Parent,
    Pause,
    Relationship,
    Review,
    Wish,
)
from tests.access.canary import Canary
from tests.access.urls import walk
from tests.factories.pairing import (
    AgreementFactory,
    AssessmentRoundFactory,
    ClosingFactory,
    ConcernRecordFactory,
    FeedbackFactory,
    GoalFactory,
    MeetingFactory,
    PauseFactory,
    ReviewFactory,
    SocialWorkerFactory,
    WishFactory,
    relationship_in,
)
from tests.pairing.trio import ROLES, build_trio, fresh, send, token
from tests.personas import Person

pytestmark = pytest.mark.django_db


def in_days(number: int) -> datetime.date:
    return today() + datetime.timedelta(days=number)


@pytest.fixture
def trio():
    return build_trio()


class TestEnding:
    @pytest.mark.parametrize("status", ["active", "paused"])
    @pytest.mark.parametrize("who", ROLES)
    def test_each_of_them_ends_it_without_a_reason(self, who, status):
        trio = build_trio(status)
        services.end_relationship(relationship=trio.relationship, by=getattr(trio, who).actor)
        relationship, closing = fresh(trio.relationship), Closing.objects.get()
        assert (relationship.status, relationship.ended_on) == ("ended", today())
        assert (closing.ended_by, closing.partner_changes, closing.next_support) == (who, False, "")

    @pytest.mark.parametrize(
        "status", ["acquainting", "proposed", "decided", "no_match", "declined", "refused"]
    )
    def test_only_what_has_started_ends(self, status):
        trio = build_trio(status)
        with pytest.raises(MoveRefused):
            services.end_relationship(relationship=trio.relationship, by=trio.staff.actor)
        assert (fresh(trio.relationship).status, Closing.objects.count()) == (status, 0)

    def test_the_second_is_told_that_it_has_ended(self, trio):
        services.end_relationship(relationship=trio.relationship, by=trio.parent.actor)
        with pytest.raises(MoveRefused):
            services.end_relationship(relationship=trio.relationship, by=trio.worker.actor)
        assert Closing.objects.get().ended_by == "parent"

    def test_all_that_was_still_open_is_laid_down(self, trio):
        relationship = trio.relationship
        meetings = [
            MeetingFactory(relationship=relationship, planned=True, date=in_days(n)) for n in (-1, 0, 30)
        ]
        proposal = AgreementFactory(relationship=relationship, number=2, kind="extension")
        GoalFactory(agreement=proposal)
        wish = WishFactory(relationship=relationship)
        ReviewFactory(relationship=relationship)
        services.end_relationship(relationship=relationship, by=trio.parent.actor)
        assert [Meeting.objects.get(pk=meeting.pk).status for meeting in meetings] == ["cancelled"] * 3
        assert Agreement.objects.get(pk=proposal.pk).withdrawn_on == today()
        assert Wish.objects.get(pk=wish.pk).handled_on == today()
        assert not Review.objects.filter(held_on=None).exists()

    def test_a_break_is_over_with_the_end(self):
        trio = build_trio("paused")
        PauseFactory(relationship=trio.relationship, running=True)
        services.end_relationship(relationship=trio.relationship, by=trio.parent.actor)
        assert Pause.objects.get().over_on == today()

    def test_an_end_in_the_past_closes_a_later_break_on_its_first_day(self):
        trio = build_trio("paused")
        PauseFactory(relationship=trio.relationship, running=True, starts_on=in_days(-1))
        services.end_relationship(relationship=trio.relationship, by=None, ended_by="time", on=in_days(-3))
        assert (fresh(trio.relationship).ended_on, Pause.objects.get().over_on) == (in_days(-3), in_days(-1))

    def test_all_three_are_asked_how_it_was(self, trio):
        services.end_relationship(relationship=trio.relationship, by=trio.partner.actor)
        assert sorted(Feedback.objects.values_list("party", "asked_on", "answered_on")) == [
            ("parent", today(), None),
            ("partner", today(), None),
            ("worker", today(), None),
        ]
        assert AssessmentRound.objects.get(relationship=trio.relationship).moment == "closing"

    @pytest.mark.parametrize(
        ("who", "others"),
        [
            ("parent", ["social_worker", "staff"]),
            ("partner", ["parent", "social_worker", "staff"]),
            ("worker", ["parent", "staff"]),
            ("staff", ["parent", "social_worker"]),
        ],
    )
    def test_the_others_are_told_and_the_partner_through_the_own_feedback(self, trio, who, others):
        services.end_relationship(relationship=trio.relationship, by=getattr(trio, who).actor)
        told = Notice.objects.filter(kind="relationship_ended").values_list("role", flat=True)
        asked = Notice.objects.filter(kind="feedback_wanted").values_list("role", "object_id")
        assert sorted(told) == others
        assert list(asked) == [("partner", Feedback.objects.get(party="partner").pk)]

    @pytest.mark.parametrize("what", ["time", "decision"])
    def test_a_day_ends_it(self, trio, what):
        services.end_relationship(relationship=trio.relationship, by=None, ended_by=what, on=in_days(-2))
        assert (Closing.objects.get().ended_by, fresh(trio.relationship).ended_on) == (what, in_days(-2))

    @pytest.mark.parametrize("what", [None, "parent", "staff"])
    def test_a_job_speaks_for_nobody(self, trio, what):
        with pytest.raises(MoveRefused):
            services.end_relationship(relationship=trio.relationship, by=None, ended_by=what)

    @pytest.mark.parametrize(
        ("who", "what"), [("parent", "partner"), ("partner", "time"), ("worker", "staff")]
    )
    def test_nobody_speaks_for_somebody_else(self, trio, who, what):
        with pytest.raises(MoveRefused):
            services.end_relationship(
                relationship=trio.relationship, by=getattr(trio, who).actor, ended_by=what
            )

    def test_it_does_not_end_in_the_future(self, trio):
        with pytest.raises(ValidationError):
            services.end_relationship(relationship=trio.relationship, by=trio.staff.actor, on=in_days(1))

    def test_it_does_not_end_before_it_began(self, trio):
        services.end_relationship(relationship=trio.relationship, by=None, ended_by="time", on=in_days(-99))
        assert fresh(trio.relationship).ended_on == fresh(trio.relationship).started_on

    def test_a_failure_on_the_way_leaves_nothing_half_done(self, trio, monkeypatch):
        MeetingFactory(relationship=trio.relationship, planned=True)

        def breaks(*args, **kwargs):
            raise RuntimeError

        monkeypatch.setattr("pairing.services.changes.open_round", breaks)
        with pytest.raises(RuntimeError):
            services.end_relationship(relationship=trio.relationship, by=trio.parent.actor)
        assert (fresh(trio.relationship).status, Meeting.objects.get().status) == ("active", "planned")
        assert (Closing.objects.count(), Feedback.objects.count(), Notice.objects.count()) == (0, 0, 0)


class TestThePageOfTheEnd:
    def url(self, trio) -> str:
        return reverse("relationship_end", args=[trio.relationship.pk])

    def test_the_parent_presses_one_button(self, trio):
        answer = send(trio.parent.client(), self.url(trio))
        assert (answer.status_code, answer.url) == (
            302,
            reverse("relationship_changes", args=[trio.relationship.pk]),
        )
        assert Closing.objects.get().ended_by == "parent"

    def test_the_partner_is_led_home_because_the_rest_is_closed(self, trio):
        answer = send(trio.partner.client(), self.url(trio))
        assert (answer.status_code, answer.url, Closing.objects.get().ended_by) == (
            302,
            reverse("home"),
            "partner",
        )

    def test_a_double_tap_gets_the_same_answer(self, trio):
        client = trio.partner.client()
        words = {"submission": token(client, self.url(trio))}
        answers = [client.post(self.url(trio), words) for _twice in "ab"]
        assert [(answer.status_code, answer.url) for answer in answers] == [(302, reverse("home"))] * 2
        assert Closing.objects.count() == 1

    @pytest.mark.parametrize("who", ["parent", "partner"])
    def test_the_two_are_asked_for_nothing(self, trio, who):
        page = getattr(trio, who).client().get(self.url(trio))
        assert list(page.context["form"].fields) == ["submission"]

    def test_the_two_cannot_write_how_it_is_closed(self, trio):
        send(
            trio.parent.client(),
            self.url(trio),
            next_support="Terve",
            ended_by="partner",
            meeting_on="2020-01-01",
        )
        closing = Closing.objects.get()
        assert (closing.ended_by, closing.next_support, closing.meeting_on) == ("parent", "", None)

    def test_the_worker_writes_how_it_is_closed(self, trio):
        send(
            trio.worker.client(),
            self.url(trio),
            ended_by="parent",
            meeting_on=today().isoformat(),
            next_support="Perhekeskus, avoin ryhmä",
            follow_up_agreed="on",
        )
        closing = Closing.objects.get()
        assert (closing.ended_by, closing.meeting_on, closing.next_support, closing.follow_up_agreed) == (
            "parent",
            today(),
            "Perhekeskus, avoin ryhmä",
            True,
        )

    def test_words_are_not_lost_when_somebody_else_was_faster(self, trio):
        client = trio.worker.client()
        opened = token(client, self.url(trio))
        services.end_relationship(relationship=trio.relationship, by=trio.parent.actor)
        answer = client.post(
            self.url(trio), {"submission": opened, "ended_by": "worker", "next_support": "Ryhmä tiistaisin"}
        )
        assert (answer.status_code, answer.context["form"]["next_support"].value()) == (
            409,
            "Ryhmä tiistaisin",
        )
        assert Closing.objects.get().next_support == ""

    def test_who_is_too_late_without_words_reads_what_has_happened(self, trio):
        client = trio.parent.client()
        opened = token(client, self.url(trio))
        services.end_relationship(relationship=trio.relationship, by=trio.staff.actor)
        answer = client.post(self.url(trio), {"submission": opened})
        assert (answer.status_code, answer.url) == (
            302,
            reverse("relationship_changes", args=[trio.relationship.pk]),
        )

    @pytest.mark.parametrize(("who", "count"), [("partner", 1), ("staff", 1), ("worker", 0), ("parent", 0)])
    def test_what_has_not_been_logged_is_said_to_those_who_can_do_something(self, trio, who, count):
        MeetingFactory(relationship=trio.relationship, planned=True, date=in_days(-1))
        assert getattr(trio, who).client().get(self.url(trio)).context["unlogged"] == count


class TestAfterwards:
    @pytest.fixture
    def trio(self):
        trio = build_trio()
        services.end_relationship(relationship=trio.relationship, by=trio.parent.actor)
        Notice.objects.all().delete()
        return trio

    def test_where_support_is_found_next_reaches_the_parent(self, trio):
        url = reverse("relationship_close", args=[trio.relationship.pk])
        client = trio.worker.client()
        version = client.get(url).context["form"].initial["seen_version"]
        answer = send(
            client, url, seen_version=version, next_support="Perhekeskus", meeting_on=in_days(5).isoformat()
        )
        assert answer.status_code == 302
        assert list(Notice.objects.values_list("kind", "role")) == [("next_support", "parent")]
        page = trio.parent.client().get(reverse("relationship_changes", args=[trio.relationship.pk]))
        assert (page.context["closing"].next_support, "Perhekeskus" in page.content.decode()) == (
            "Perhekeskus",
            True,
        )

    def test_of_two_who_write_it_the_second_is_told(self, trio):
        closing, same = (Closing.objects.get() for _two in "ab")
        facts = {"meeting_on": None, "follow_up_agreed": False, "seen_version": closing.version}
        services.write_closing(closing=closing, by=trio.worker.actor, next_support="Ryhmä", **facts)
        with pytest.raises(AlreadyMoved):
            services.write_closing(closing=same, by=trio.staff.actor, next_support="Puhelin", **facts)
        assert Closing.objects.get().next_support == "Ryhmä"

    @pytest.mark.parametrize("who", ["parent", "partner"])
    def test_the_two_do_not_write_it(self, trio, who):
        with pytest.raises(MoveRefused):
            services.write_closing(
                closing=Closing.objects.get(),
                by=getattr(trio, who).actor,
                meeting_on=None,
                next_support="x",
                follow_up_agreed=False,
                seen_version=1,
            )


class TestFeedback:
    @pytest.fixture
    def trio(self):
        trio = build_trio()
        services.end_relationship(relationship=trio.relationship, by=trio.staff.actor)
        return trio

    def own(self, party: str) -> Feedback:
        return Feedback.objects.get(party=party)

    @pytest.mark.parametrize("who", ["worker", "partner", "parent"])
    def test_each_answers_for_her_or_himself(self, trio, who):
        url = reverse("feedback_give", args=[self.own(who).pk])
        answer = send(getattr(trio, who).client(), url, grade="4", words=" Kiitos ", quote_consent="on")
        feedback = self.own(who)
        assert (answer.status_code, answer.url) == (302, reverse("home"))
        assert (feedback.grade, feedback.words, feedback.quote_consent, feedback.answered_on) == (
            4,
            "Kiitos",
            True,
            today(),
        )

    def test_one_tap_is_enough(self, trio):
        send(trio.parent.client(), reverse("feedback_give", args=[self.own("parent").pk]), grade="5")
        assert (self.own("parent").grade, self.own("parent").words) == (5, "")

    def test_without_words_there_is_nothing_to_quote(self, trio):
        url = reverse("feedback_give", args=[self.own("parent").pk])
        send(trio.parent.client(), url, grade="5", quote_consent="on")
        assert self.own("parent").quote_consent is False

    def test_without_a_grade_nothing_is_saved(self, trio):
        url = reverse("feedback_give", args=[self.own("parent").pk])
        assert send(trio.parent.client(), url, words="Hyvä").status_code == 422
        assert self.own("parent").answered_on is None

    @pytest.mark.parametrize(
        ("who", "party"),
        [
            ("worker", "parent"),
            ("partner", "parent"),
            ("parent", "partner"),
            ("staff", "parent"),
            ("staff", "worker"),
        ],
    )
    def test_nobody_answers_for_somebody_else(self, trio, who, party):
        with pytest.raises(MoveRefused):
            services.give_feedback(feedback=self.own(party), by=getattr(trio, who).actor, grade=1)
        assert self.own(party).grade is None

    def test_on_paper_the_staff_write_it_for_a_parent_without_an_account(self, trio):
        Parent.objects.filter(pk=trio.relationship.parent_id).update(user=None)
        url = reverse("feedback_give", args=[self.own("parent").pk])
        answer = send(trio.staff.client(), url, grade="2")
        assert (answer.status_code, self.own("parent").grade, self.own("parent").recorded_by) == (
            302,
            2,
            trio.staff.user,
        )
        assert trio.worker.client().get(url).status_code == 404

    def test_it_is_given_once(self, trio):
        feedback = self.own("parent")
        services.give_feedback(feedback=feedback, by=trio.parent.actor, grade=3)
        with pytest.raises(MoveRefused):
            services.give_feedback(feedback=feedback, by=trio.parent.actor, grade=1)
        page = trio.parent.client().get(reverse("feedback_give", args=[feedback.pk]))
        assert (self.own("parent").grade, page.status_code) == (3, 200)

    def test_the_former_partners_page_names_nobody(self, trio):
        page = trio.partner.client().get(reverse("feedback_give", args=[self.own("partner").pk]))
        assert page.status_code == 200
        for word in (trio.relationship.parent.first_name, trio.relationship.parent.case_code):
            assert word not in page.content.decode()

    def test_only_the_staff_read_what_the_others_thought(self, trio):
        FeedbackFactory._meta.model.objects.update(answered_on=today(), grade=2, words="Vain henkilökunnalle")
        url = reverse("relationship_changes", args=[trio.relationship.pk])
        shown = {
            who: "Vain henkilökunnalle" in getattr(trio, who).client().get(url).content.decode()
            for who in ("staff", "worker", "parent")
        }
        assert shown == {"staff": True, "worker": False, "parent": False}


# --- the doors close at once ---------------------------------------------------------------------------------
def records_of(relationship: Relationship) -> dict[type[BaseModel], list]:
    """Everything that hangs on the relationship, by model, found by walking the models themselves."""
    found: dict[type[BaseModel], list] = {
        Relationship: [relationship],
        Parent: [relationship.parent],
        type(relationship.request): [relationship.request],
    }
    waiting = [relationship]
    while waiting:
        owner = waiting.pop()
        for relation in owner._meta.related_objects:
            model = relation.related_model
            if relation.one_to_many or relation.one_to_one:
                for row in model._base_manager.filter(**{relation.field.name: owner}):
                    known = found.setdefault(model, [])
                    if row not in known:
                        known.append(row)
                        waiting.append(row)
    return found


def doors_to(records: dict[type, list]) -> list[tuple[str, object]]:
    """(url name, record) for every door of the room that takes one of these records."""
    found = []
    for url in walk(get_resolver()):
        view = getattr(url.callback, "view_class", None)
        model = getattr(view, "model", None)
        if url.arguments == ("pk",) and view.__module__.startswith("pairing.") and model in records:
            found += [(url.name, record) for record in records[model]]
    return found


class TestTheDoorsClose:
    """Whoever is out of it meets "there is no such page" at every door, the very next moment.

    Control: put `ended` into OPEN; leave `_for_partner` out of any queryset of the room.
    """

    @pytest.fixture
    def trio(self):
        trio = build_trio("paused")
        relationship = trio.relationship
        MeetingFactory(relationship=relationship)
        MeetingFactory(relationship=relationship, planned=True)
        PauseFactory(relationship=relationship, running=True)
        for party in ("parent", "partner"):
            WishFactory(relationship=relationship, party=party)
        GoalFactory(agreement=AgreementFactory(relationship=relationship, number=2, kind="change"))
        ReviewFactory(relationship=relationship)
        AssessmentRoundFactory(relationship=relationship, moment="review")
        ConcernRecordFactory(relationship=relationship, recorded_by=trio.partner.user)
        return trio

    def ask(self, person: Person, doors) -> list[tuple[str, set[int]]]:
        client, answers = person.client(), []
        for name, record in doors:
            url = reverse(name, args=[record.pk])
            answers.append((name, {client.get(url).status_code, client.post(url).status_code}))
        return answers

    def open_doors(self, person: Person, doors) -> list[str]:
        """The doors behind which this person is let in, or told more than "no such page" and "not your role's"."""
        return sorted({name for name, codes in self.ask(person, doors) if not codes <= {403, 404, 405}})

    def forbidden_but_there(self, person: Person, doors) -> list[str]:
        """Doors that open to the person's role, and yet answer 403 instead of 404."""
        views = {
            url.name: url.callback.view_class
            for url in walk(get_resolver())
            if hasattr(url.callback, "view_class")
        }
        return sorted(
            {
                name
                for name, codes in self.ask(person, doors)
                if person.role in views[name].allowed_roles and not codes <= {404, 405}
            }
        )

    def test_to_the_former_partner(self, trio):
        doors = doors_to(records_of(trio.relationship))
        assert {"relationship_detail", "meeting_detail", "agreement_print", "wish_handle"} <= {
            n for n, _ in doors
        }
        before = self.open_doors(trio.partner, doors)
        assert {"relationship_detail", "relationship_changes", "meeting_detail", "agreement_print"} <= set(
            before
        )
        services.end_relationship(relationship=trio.relationship, by=trio.worker.actor)
        doors = doors_to(records_of(trio.relationship))
        own = {name for name, record in doors if isinstance(record, Feedback)}
        assert self.open_doors(trio.partner, doors) == sorted(own) == ["feedback_give"]
        assert self.forbidden_but_there(trio.partner, doors) == sorted(own)

    def test_to_the_former_social_worker(self, trio):
        other = SocialWorkerFactory(organisation=trio.relationship.organisation)
        doors = doors_to(records_of(trio.relationship))
        assert "relationship_decide" in self.open_doors(trio.worker, doors)
        services.hand_over(parent=trio.relationship.parent, to=other, by=trio.staff.actor)
        assert self.open_doors(trio.worker, doors) == []
        assert self.forbidden_but_there(trio.worker, doors) == []

    def test_no_list_names_the_parent_to_the_former_partner(self, trio):
        services.end_relationship(relationship=trio.relationship, by=trio.worker.actor)
        canary, client, seen = Canary(), trio.partner.client(), {}
        of_the_relationship = {
            (model, row.pk)
            for model, rows in records_of(fresh(trio.relationship)).items()
            for row in rows
            if not isinstance(row, Feedback)
        }
        for url in walk(get_resolver()):
            view = getattr(url.callback, "view_class", None)
            if url.arguments or "partner" not in getattr(view, "allowed_roles", ()):
                continue
            page = client.get(reverse(url.name), follow=True)
            found = {
                word.field
                for word in canary.found(page.content)
                if (word.model, word.pk) in of_the_relationship
            }
            if found:
                seen[url.name] = found
        assert seen == {}

    def test_notices_about_it_are_his_or_hers_no_longer(self, trio):
        Notice.objects.create(
            recipient=trio.partner.user,
            role="partner",
            kind="relationship_paused",
            object_id=trio.relationship.pk,
        )
        services.end_relationship(relationship=trio.relationship, by=trio.worker.actor)
        still = [
            notice.kind
            for notice in Notice.objects.filter(recipient=trio.partner.user)
            if KINDS[notice.kind].visible(trio.partner.actor, notice.object_id)
        ]
        assert still == ["feedback_wanted"]


class TestTheDatabase:
    def test_a_closing_says_who_or_what_ended_it(self):
        ClosingFactory(ended_by="decision")
        with pytest.raises(IntegrityError), transaction.atomic():
            ClosingFactory(ended_by="nobody")

    def test_one_closing_a_relationship(self):
        closing = ClosingFactory()
        with pytest.raises(IntegrityError), transaction.atomic():
            ClosingFactory(relationship=closing.relationship)

    def test_each_of_the_three_is_asked_once(self):
        relationship = relationship_in("ended")
        for party in ("worker", "partner", "parent"):
            FeedbackFactory(relationship=relationship, party=party)
        with pytest.raises(IntegrityError), transaction.atomic():
            FeedbackFactory(relationship=relationship, party="parent")

    @pytest.mark.parametrize(
        "wrong",
        [
            {"party": "staff"},
            {"grade": 3},
            {"words": "Ennen vastausta"},
            {"quote_consent": True},
            {"answered_on": datetime.date(2026, 1, 1)},
            {"answered_on": datetime.date(2026, 1, 1), "grade": 6},
        ],
    )
    def test_an_answer_has_a_day_and_a_grade(self, wrong):
        FeedbackFactory(answered=True)
        with pytest.raises(IntegrityError), transaction.atomic():
            FeedbackFactory(**wrong)

    def test_a_break_has_its_days_in_order(self):
        relationship = relationship_in("paused")
        PauseFactory(relationship=relationship)
        for wrong in ({"ends_on": in_days(-9)}, {"over_on": in_days(-9)}):
            with pytest.raises(IntegrityError), transaction.atomic():
                PauseFactory(relationship=relationship, **wrong)

    def test_one_break_at_a_time(self):
        relationship = relationship_in("paused")
        PauseFactory(relationship=relationship)
        PauseFactory(relationship=relationship, running=True)
        with pytest.raises(IntegrityError), transaction.atomic():
            PauseFactory(relationship=relationship, running=True)
