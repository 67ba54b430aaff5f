"""Somebody stands in for a social worker, or takes a parent over: access moves at that moment, history stays.

Control: leave `relationships` out of what `hand_over` moves; drop `running_on` from `acting_for`.
"""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from kumppani.accounts.models import RoleGrant
from kumppani.audit.models import AuditEvent
from kumppani.core.dates import today
from kumppani.core.states import MoveRefused
from kumppani.notices.kinds import KINDS
from kumppani.notices.models import Notice
from pairing import services
from pairing.models import HandOver, Party, Relationship, SocialWorker, Substitution
from tests.access.matrix import MATRIX
from tests.factories.accounts import user_in_role
from tests.factories.organisations import OrganisationFactory
from tests.factories.pairing import (
    AgreementFactory,
    ContactRequestFactory,
    GoalFactory,
    HandOverFactory,
    SocialWorkerFactory,
    StartMeetingFactory,
    SubstitutionFactory,
)
from tests.pairing.trio import build_trio, fresh, send
from tests.personas import Person

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def person_of(worker: SocialWorker) -> Person:
    return Person("colleague", worker.user, "social_worker")


def colleague_of(pair) -> SocialWorker:
    """Another social worker of the same organisation."""
    return SocialWorkerFactory(organisation=pair.relationship.social_worker.organisation)


def hand_over(pair, to: SocialWorker, by=None) -> HandOver:
    return services.hand_over(parent=pair.relationship.parent, to=to, by=(by or pair.worker).actor)


def without_role(worker: SocialWorker) -> SocialWorker:
    RoleGrant.objects.filter(user=worker.user).update(ended_at=timezone.now())
    return worker


def deactivated(worker: SocialWorker) -> SocialWorker:
    worker.user.is_active = False
    worker.user.save(update_fields=["is_active"])
    return worker


class TestHandingOver:
    def test_parent_relationships_and_requests_get_the_new_worker_and_the_row_tells_it(self):
        pair = build_trio("active")
        waiting = ContactRequestFactory(parent=pair.relationship.parent, status="withdrawn")
        to, former = colleague_of(pair), pair.relationship.social_worker
        handed = hand_over(pair, to)
        relationship = fresh(pair.relationship)
        waiting.refresh_from_db()
        assert [
            relationship.social_worker,
            relationship.parent.social_worker,
            relationship.request.social_worker,
            waiting.social_worker,
        ] == [to] * 4
        assert (handed.from_worker, handed.to_worker, handed.handed_over_on, handed.recorded_by) == (
            former,
            to,
            today(),
            pair.worker.user,
        )

    def test_who_decided_and_in_which_organisation_stays(self):
        pair = build_trio("active")
        decided_by, organisation = pair.relationship.social_worker, pair.relationship.organisation
        hand_over(pair, SocialWorkerFactory(), by=pair.staff)
        relationship = fresh(pair.relationship)
        decision = relationship.decisions.get()
        assert (decision.maker, decision.organisation, relationship.organisation) == (
            decided_by,
            organisation,
            organisation,
        )

    def test_worker_parent_and_partner_are_told_and_may_still_know(self):
        pair = build_trio("active")
        to = colleague_of(pair)
        hand_over(pair, to)
        new_ones = Notice.objects.filter(object_id=pair.relationship.parent_id)
        assert set(new_ones.values_list("recipient", "role", "kind")) == {
            (to.user.pk, "social_worker", "parent_handed_over"),
            (pair.parent.user.pk, "parent", "worker_changed"),
            (pair.partner.user.pk, "partner", "worker_changed"),
        }
        for person in (person_of(to), pair.parent, pair.partner):
            notice = new_ones.get(recipient=person.user)
            kind = KINDS[notice.kind]
            assert kind.visible(person.actor, notice.object_id)
            assert person.client().get(kind.url(notice.object_id)).status_code == 200

    def test_every_row_leaves_its_trace(self):
        pair = build_trio("active")
        hand_over(pair, colleague_of(pair))
        events = AuditEvent.objects.filter(about_kind="pairing.parent", about_id=pair.relationship.parent_id)
        assert sorted(events.values_list("object_kind", "action")) == [
            ("pairing.contactrequest", "change"),
            ("pairing.handover", "create"),
            ("pairing.parent", "change"),
            ("pairing.relationship", "change"),
        ]

    def test_an_open_start_meeting_goes_along_as_it_stands(self):
        pair = build_trio("decided")
        StartMeetingFactory(
            relationship=pair.relationship, worker_present=True, partner_present=True, parent_present=True
        )
        agreement = AgreementFactory(relationship=pair.relationship)
        GoalFactory(agreement=agreement)
        services.acknowledge(agreement=agreement, party="parent", how="screen", by=pair.worker.actor)
        to = colleague_of(pair)
        hand_over(pair, to)
        with pytest.raises(MoveRefused):
            services.acknowledge(agreement=agreement, party="partner", how="screen", by=pair.worker.actor)
        for party in (Party.WORKER, Party.PARTNER):
            services.acknowledge(agreement=agreement, party=party, how="screen", by=person_of(to).actor)
        assert fresh(pair.relationship).status == "active"

    @pytest.mark.parametrize("who", ["partner", "parent"])
    def test_partner_and_parent_hand_over_nobody(self, who):
        pair = build_trio("active")
        with pytest.raises(MoveRefused):
            hand_over(pair, colleague_of(pair), by=getattr(pair, who))

    def test_a_colleague_does_not_take_a_parent(self):
        pair = build_trio("active")
        to = colleague_of(pair)
        with pytest.raises(MoveRefused):
            hand_over(pair, to, by=person_of(to))

    def test_a_substitute_of_some_days_does_not_hand_over(self):
        pair = build_trio("active")
        to = colleague_of(pair)
        SubstitutionFactory(
            social_worker=pair.relationship.social_worker, substitute=to, starts_on=today(), ends_on=today()
        )
        with pytest.raises(MoveRefused):
            hand_over(pair, to, by=person_of(to))

    def test_the_former_worker_does_not_take_the_parent_back(self):
        pair = build_trio("active")
        former = pair.relationship.social_worker
        hand_over(pair, colleague_of(pair))
        with pytest.raises(MoveRefused):
            hand_over(pair, former)

    def test_the_staff_hand_over_to_any_organisation_a_worker_only_to_the_own_one(self):
        pair, elsewhere = build_trio("active"), SocialWorkerFactory()
        with pytest.raises(ValidationError) as refused:
            hand_over(pair, elsewhere)
        assert list(refused.value.message_dict) == ["to"]
        hand_over(pair, elsewhere, by=pair.staff)
        assert fresh(pair.relationship).social_worker == elsewhere

    @pytest.mark.parametrize("make", [without_role, deactivated, lambda worker: None])
    def test_only_to_somebody_else_who_still_works_there(self, make):
        pair = build_trio("active")
        to = make(colleague_of(pair)) or pair.relationship.social_worker
        with pytest.raises(ValidationError):
            hand_over(pair, to)
        assert not HandOver.objects.exists()


class TestAccessMoves:
    def test_at_the_very_next_request_everywhere(self, people):
        """Every door that was open to the worker because of this parent: 404 for the former, open for the new one."""
        parent, own = people.own.parent, people.own
        former, new = people.worker.client(), person_of(own.colleague).client()

        def is_about_the_parent(row) -> bool:
            record = (
                getattr(own, row.thing.removeprefix("own."), None) if row.thing.startswith("own.") else None
            )
            about = list(record.audit_about()) if hasattr(record, "audit_about") else []
            return ("pairing.parent", parent.pk) in about

        doors = [
            (row, reverse(row.name, args=[getattr(own, row.thing.removeprefix("own.")).pk]))
            for row in MATRIX
            if row.method == "GET" and row.expected["worker"] in ("200", "302") and is_about_the_parent(row)
        ]
        assert {row.name for row, _url in doors} >= {
            "parent_detail",
            "relationship_detail",
            "relationship_agreements",
            "relationship_changes",
            "relationship_benefit",
            "request_detail",
            "agreement_page",
            "agreement_print",
            "concern_guide",
        }
        with transaction.atomic():
            before = {str(row): former.get(url).status_code for row, url in doors}
            assert before == {str(row): int(row.expected["worker"]) for row, _url in doors}
            assert {new.get(url).status_code for row, url in doors if row.name != "parent_hand_over"} == {404}
            transaction.set_rollback(True)
        services.hand_over(parent=parent, to=own.colleague, by=people.worker.actor)
        # The parent's own worker hands over: that is the new one now.
        assert {str(row): former.get(url).status_code for row, url in doors} == dict.fromkeys(before, 404)
        assert {str(row): new.get(url).status_code for row, url in doors} == before

    def test_lists_and_home_show_the_parent_to_the_new_worker_only(self, people):
        services.hand_over(parent=people.own.parent, to=people.own.colleague, by=people.worker.actor)
        for name in ("relationship_list", "request_list", "home"):
            url = f"{reverse(name)}?show=open"
            pages = [person.client().get(url) for person in (people.worker, person_of(people.own.colleague))]
            found = [people.own.parent.first_name in page.content.decode() for page in pages]
            assert found == [False, name != "request_list"], name

    def test_nothing_can_be_done_any_more_either(self):
        pair = build_trio("active")
        hand_over(pair, colleague_of(pair))
        for name in ("agreement_propose", "relationship_decide", "relationship_end", "relationship_pause"):
            url = reverse(name, args=[pair.relationship.pk])
            assert pair.worker.client().post(url).status_code == 404, name

    def test_the_history_goes_along(self):
        pair = build_trio("ended")
        to = colleague_of(pair)
        hand_over(pair, to)
        assert list(Relationship.objects.visible_to(person_of(to).actor)) == [pair.relationship]
        assert not Relationship.objects.visible_to(pair.worker.actor).exists()


class TestHandOverPage:
    def url(self, pair) -> str:
        return reverse("parent_hand_over", args=[pair.relationship.parent_id])

    def choices(self, pair, who) -> set:
        form = who.client().get(self.url(pair)).context["form"]
        return {grant.user for grant in form.fields["to"].queryset}

    def test_a_worker_chooses_a_colleague_the_staff_anybody_who_works_as_social_worker(self):
        pair = build_trio("active")
        organisation = pair.relationship.social_worker.organisation
        # Has never acted yet: holds the role, and has no record of her or his own.
        colleague = user_in_role("social_worker", organisation=organisation)
        elsewhere = user_in_role("social_worker", organisation=OrganisationFactory())
        without_role(colleague_of(pair))
        deactivated(colleague_of(pair))
        user_in_role("staff", organisation=organisation)
        assert self.choices(pair, pair.worker) == {colleague}
        assert self.choices(pair, pair.staff) == {colleague, elsewhere}

    def test_a_colleague_who_has_never_acted_gets_a_record_and_the_parent(self):
        pair = build_trio("active")
        colleague = user_in_role("social_worker", organisation=pair.relationship.social_worker.organisation)
        answer = send(pair.worker.client(), self.url(pair), to=str(colleague.grants.get().pk))
        assert (answer.status_code, answer.url) == (302, reverse("home"))
        assert fresh(pair.relationship).parent.social_worker.user == colleague

    def test_two_taps_hand_over_once_and_get_the_same_answer(self):
        pair = build_trio("active")
        client, url = pair.worker.client(), self.url(pair)
        grant = colleague_of(pair).user.grants.get()
        words = {
            "submission": client.get(url).context["form"].initial["submission"],
            "to": str(grant.pk),
        }
        answers = [client.post(url, words) for _time in range(2)]
        assert ([answer.status_code for answer in answers], HandOver.objects.count()) == ([302, 302], 1)


# --- standing in ---------------------------------------------------------------------------------------------
@pytest.fixture
def pair():
    return build_trio("active")


def at(days: int):
    """The clock, so many days from today at noon."""
    noon = datetime.datetime.combine(today() + days * DAY, datetime.time(12), timezone.get_current_timezone())
    return time_machine.travel(noon, tick=False)


class TestSubstitution:
    def name(self, pair, substitute: SocialWorker, *, first: int = 2, last: int = 4, by=None) -> Substitution:
        return services.set_substitute(
            worker=pair.relationship.social_worker,
            substitute=substitute,
            starts_on=today() + first * DAY,
            ends_on=today() + last * DAY,
            by=(by or pair.worker).actor,
        )

    def test_access_opens_on_the_first_day_and_closes_after_the_last(self, pair):
        colleague = colleague_of(pair)
        self.name(pair, colleague)
        url = reverse("relationship_detail", args=[pair.relationship.pk])
        answers = {}
        for days in range(1, 6):
            with at(days):
                answers[days] = person_of(colleague).client().get(url).status_code
        assert answers == {1: 404, 2: 200, 3: 200, 4: 200, 5: 404}

    def test_the_dates_are_finnish_dates(self, pair):
        colleague = colleague_of(pair)
        self.name(pair, colleague, first=1, last=1)
        midnight = datetime.datetime.combine(today() + DAY, datetime.time(0), timezone.get_current_timezone())
        found = []
        for moment in (midnight - datetime.timedelta(minutes=1), midnight + datetime.timedelta(minutes=1)):
            with time_machine.travel(moment, tick=False):
                found.append(Relationship.objects.visible_to(person_of(colleague).actor).exists())
        assert found == [False, True]

    def test_the_social_worker_still_sees_everything(self, pair):
        self.name(pair, colleague_of(pair), first=0)
        assert list(Relationship.objects.visible_to(pair.worker.actor)) == [pair.relationship]

    def test_a_substitute_who_changes_employer_sees_nothing(self, pair):
        colleague = colleague_of(pair)
        self.name(pair, colleague, first=0)
        RoleGrant.objects.filter(user=colleague.user).update(organisation=OrganisationFactory())
        assert not Relationship.objects.visible_to(person_of(colleague).actor).exists()

    def test_the_substitute_is_told(self, pair):
        colleague = colleague_of(pair)
        substitution = self.name(pair, colleague)
        assert list(Notice.objects.filter(object_id=substitution.pk).values_list("recipient", "kind")) == [
            (colleague.user.pk, "substitution_named")
        ]

    @pytest.mark.parametrize("who", ["staff", "partner", "parent"])
    def test_nobody_else_names_one(self, pair, who):
        with pytest.raises(MoveRefused):
            self.name(pair, colleague_of(pair), by=getattr(pair, who))

    def test_a_colleague_does_not_name_her_or_himself(self, pair):
        colleague = colleague_of(pair)
        with pytest.raises(MoveRefused):
            self.name(pair, colleague, by=person_of(colleague))

    @pytest.mark.parametrize(
        "whom",
        [
            lambda pair: SocialWorkerFactory(),
            lambda pair: without_role(colleague_of(pair)),
            lambda pair: deactivated(colleague_of(pair)),
            lambda pair: pair.relationship.social_worker,
        ],
        ids=["of another organisation", "without the role", "deactivated", "oneself"],
    )
    def test_only_a_colleague_who_works_there(self, pair, whom):
        with pytest.raises(ValidationError):
            self.name(pair, whom(pair))
        assert not Substitution.objects.exists()

    @pytest.mark.parametrize(("first", "last"), [(4, 2), (-3, -1)], ids=["backwards", "in the past"])
    def test_days_that_cannot_be_are_refused(self, pair, first, last):
        with pytest.raises(ValidationError):
            self.name(pair, colleague_of(pair), first=first, last=last)

    def test_the_same_colleague_is_named_once_for_the_same_days_another_one_may_share_them(self, pair):
        colleague = colleague_of(pair)
        self.name(pair, colleague, first=2, last=4)
        with pytest.raises(ValidationError):
            self.name(pair, colleague, first=4, last=9)
        self.name(pair, colleague, first=5, last=9)
        self.name(pair, colleague_of(pair), first=2, last=4)
        assert Substitution.objects.count() == 3

    def test_those_who_are_told_for_the_worker_today(self, pair):
        colleague, worker = colleague_of(pair), pair.relationship.social_worker
        self.name(pair, colleague, first=1, last=1)
        told = []
        for days in range(3):
            with at(days):
                told.append(services.acting_users(worker))
        assert told == [[worker.user], [worker.user, colleague.user], [worker.user]]


class TestEndingASubstitution:
    @pytest.fixture
    def running(self, pair):
        return SubstitutionFactory(
            social_worker=pair.relationship.social_worker, starts_on=today() - DAY, ends_on=today() + 5 * DAY
        )

    @pytest.mark.parametrize("who", ["worker", "substitute"])
    def test_either_of_the_two_ends_it_and_access_is_gone_at_once(self, pair, running, who):
        substitute = person_of(running.substitute)
        assert Relationship.objects.visible_to(substitute.actor).exists()
        by = substitute if who == "substitute" else pair.worker
        services.end_substitution(substitution=running, by=by.actor)
        assert not Relationship.objects.visible_to(substitute.actor).exists()
        running.refresh_from_db()
        assert running.ends_on == today() - DAY

    @pytest.mark.parametrize("first", [0, 3], ids=["begun today", "not begun yet"])
    def test_one_without_a_whole_day_behind_it_is_taken_away(self, pair, first):
        substitution = SubstitutionFactory(
            social_worker=pair.relationship.social_worker,
            starts_on=today() + first * DAY,
            ends_on=today() + 5 * DAY,
        )
        services.end_substitution(substitution=substitution, by=pair.worker.actor)
        assert not Substitution.objects.exists()
        assert AuditEvent.objects.filter(object_id=substitution.pk, action="change").exists()

    def test_the_other_one_is_told(self, pair, running):
        services.end_substitution(substitution=running, by=pair.worker.actor)
        (notice,) = Notice.objects.filter(kind="substitution_over")
        kind, person = KINDS[notice.kind], person_of(running.substitute)
        assert notice.recipient == person.user
        assert kind.visible(person.actor, notice.object_id)
        assert person.client().get(kind.url(notice.object_id)).status_code == 200

    def test_nobody_else_ends_it(self, pair, running):
        other = SocialWorkerFactory(organisation=pair.relationship.social_worker.organisation)
        for person in (pair.staff, pair.partner, pair.parent, person_of(other)):
            with pytest.raises(MoveRefused):
                services.end_substitution(substitution=running, by=person.actor)

    def test_it_is_over_once(self, pair, running):
        services.end_substitution(substitution=running, by=pair.worker.actor)
        with pytest.raises(MoveRefused):
            services.end_substitution(substitution=running, by=pair.worker.actor)


class TestSubstitutionPages:
    def test_colleagues_may_be_chosen_before_they_have_ever_acted(self, pair):
        organisation = pair.relationship.social_worker.organisation
        colleague = user_in_role("social_worker", organisation=organisation)
        user_in_role("social_worker", organisation=OrganisationFactory())
        client, url = pair.worker.client(), reverse("substitution_create")
        form = client.get(url).context["form"]
        assert [grant.user for grant in form.fields["substitute"].queryset] == [colleague]
        send(
            client,
            url,
            substitute=str(colleague.grants.get().pk),
            starts_on=today().isoformat(),
            ends_on=(today() + DAY).isoformat(),
        )
        assert [row.substitute.user for row in Substitution.objects.all()] == [colleague]

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"substitute": ""}, "substitute"),
            ({"starts_on": (today() - 2 * DAY).isoformat()}, "starts_on"),
            ({"ends_on": (today() - 2 * DAY).isoformat()}, "ends_on"),
            ({"ends_on": "31.2.2027"}, "ends_on"),
        ],
    )
    def test_what_is_wrong_is_said_next_to_the_field(self, pair, change, field):
        colleague = colleague_of(pair)
        words = {
            "substitute": str(colleague.user.grants.get().pk),
            "starts_on": today().isoformat(),
            "ends_on": today().isoformat(),
        }
        answer = send(pair.worker.client(), reverse("substitution_create"), **words | change)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])

    def test_the_list_says_what_is_now_what_comes_and_what_is_over(self, pair):
        worker = pair.relationship.social_worker
        for first, last in ((-9, -3), (-1, 1), (3, 5)):
            SubstitutionFactory(
                social_worker=worker, starts_on=today() + first * DAY, ends_on=today() + last * DAY
            )
        rows = pair.worker.client().get(reverse("substitution_list")).context["rows"]
        assert [(row.tone, row.ends_here) for row in rows] == [
            ("note", True),
            ("good", True),
            ("plain", False),
        ]

    def test_the_home_of_a_substitute_shows_what_waits_on_these_days(self, pair):
        colleague = colleague_of(pair)
        SubstitutionFactory(
            social_worker=pair.relationship.social_worker,
            substitute=colleague,
            starts_on=today(),
            ends_on=today(),
        )
        page = person_of(colleague).client().get(reverse("home")).content.decode()
        assert pair.relationship.parent.first_name in page


class TestConstraints:
    def test_whole_ones_are_saved(self):
        SubstitutionFactory().full_clean()
        HandOverFactory().full_clean()

    def test_others_are_refused_in_words(self):
        worker = SocialWorkerFactory()
        wrong = {
            "The last day cannot be before the first day.": SubstitutionFactory.build(
                social_worker=worker,
                substitute=SocialWorkerFactory(),
                starts_on=today(),
                ends_on=today() - DAY,
            ),
            "Choose a colleague, not yourself.": SubstitutionFactory.build(
                social_worker=worker, substitute=worker
            ),
        }
        handed = HandOverFactory.build(parent=HandOverFactory().parent, from_worker=worker, to_worker=worker)
        wrong["Choose another social worker."] = handed
        for words, record in wrong.items():
            with override("en"), pytest.raises(ValidationError) as refused:
                record.validate_constraints()
            assert words in refused.value.messages
