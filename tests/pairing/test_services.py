"""The deeds of the room, without HTTP."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from kumppani.accounts.models import User
from kumppani.audit.models import AuditEvent
from kumppani.core.dates import today
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.notices.models import Notice
from pairing import services
from pairing.models import ExperiencePartner, Meeting
from tests.factories.pairing import (
    CommitmentTextFactory,
    ContactRequestFactory,
    ExperiencePartnerFactory,
    ParentFactory,
    ready_partner,
)
from tests.factories.training import EnrolmentFactory

pytestmark = pytest.mark.django_db


class TestTakingIn:
    def test_a_completed_enrolment_becomes_a_partner_with_an_account(self, people):
        enrolment = EnrolmentFactory(completed=True, first_name="Liisa", last_name="Esimerkki")
        partner = services.take_in_partner(
            enrolment=enrolment,
            by=people.staff.actor,
            speaks={"fi", "sv"},
            area="Turku",
            email="Liisa@Example.org",
        )
        assert (partner.name, partner.languages, partner.user.email) == (
            "Liisa Esimerkki",
            ["suomi", "ruotsi"] if partner.languages[0] == "suomi" else partner.languages,
            "liisa@example.org",
        )
        assert [grant.role for grant in partner.user.grants.all()] == ["partner"]

    @pytest.mark.parametrize("status", ["applied", "accepted", "attending", "rejected", "discontinued"])
    def test_anybody_else_does_not(self, people, status):
        with pytest.raises(MoveRefused):
            services.take_in_partner(
                enrolment=EnrolmentFactory(status=status), by=people.staff.actor, speaks={"fi"}
            )

    def test_nobody_is_taken_in_twice(self, people):
        with pytest.raises(MoveRefused):
            services.take_in_partner(
                enrolment=people.own.partner.enrolment, by=people.staff.actor, speaks={"fi"}
            )

    def test_a_failed_taking_in_leaves_nothing_half_done(self, people):
        users = User.objects.count()
        with pytest.raises(ValidationError):
            services.take_in_partner(
                enrolment=EnrolmentFactory(completed=True),
                by=people.staff.actor,
                speaks=set(),
                email="uusi@example.org",
            )
        assert User.objects.count() == users

    def test_a_member_of_the_staff_gets_one_role_more(self, people):
        partner = services.take_in_partner(
            enrolment=EnrolmentFactory(completed=True),
            by=people.other_staff.actor,
            speaks={"fi"},
            email=people.staff.user.email,
        )
        assert sorted(partner.user.grants.values_list("role", flat=True)) == ["partner", "staff"]

    @pytest.mark.parametrize("who", ["parent", "worker", "other_partner"])
    def test_an_address_of_anybody_else_is_refused_with_the_same_words(self, people, who):
        with pytest.raises(ValidationError) as refused:
            services.take_in_partner(
                enrolment=EnrolmentFactory(completed=True),
                by=people.staff.actor,
                speaks={"fi"},
                email=getattr(people, who).user.email,
            )
        with pytest.raises(ValidationError) as the_same:
            services.give_parent_account(
                parent=ParentFactory(social_worker=people.own.worker),
                email=people.staff.user.email,
                by=people.worker.actor,
            )
        assert refused.value.message_dict == the_same.value.message_dict

    def test_another_partners_address_is_refused(self, people):
        with pytest.raises(ValidationError):
            services.take_in_partner(
                enrolment=EnrolmentFactory(completed=True),
                by=people.staff.actor,
                speaks={"fi"},
                email=people.partner.user.email,
            )


class TestReadiness:
    def test_a_new_partner_lacks_both_texts(self, people):
        assert [step.code for step in ExperiencePartnerFactory().readiness() if not step.done_on] == [
            "principles",
            "undertaking",
        ]

    def test_a_partner_who_accepted_both_is_ready(self, people):
        assert ready_partner().is_ready

    def test_a_new_version_asks_again(self, people):
        partner = ready_partner()
        CommitmentTextFactory(kind="principles", number=2)
        assert [step.code for step in partner.readiness() if not step.done_on] == ["principles"]
        assert not ExperiencePartner.objects.ready().filter(pk=partner.pk).exists()

    def test_an_old_version_cannot_be_accepted(self, people):
        CommitmentTextFactory(kind="principles", number=2)
        with pytest.raises(MoveRefused):
            services.record_commitment(
                partner=people.own.partner, text=people.common.principles, by=people.partner.actor
            )

    def test_the_list_and_the_page_agree_about_who_is_ready(self, people):
        ExperiencePartnerFactory()
        listed = set(ExperiencePartner.objects.ready().values_list("pk", flat=True))
        assert listed == {partner.pk for partner in ExperiencePartner.objects.all() if partner.is_ready}


class TestProposing:
    def propose(self, people, **fields):
        return services.propose_pair(
            request=people.own.request, partner=ready_partner(**fields), by=people.staff.actor
        )

    def test_a_ready_partner_can_be_proposed(self, people):
        relationship = self.propose(people)
        people.own.request.refresh_from_db()
        assert (relationship.status, people.own.request.status) == ("acquainting", "matched")

    def test_a_partner_who_is_not_ready_cannot(self, people):
        with pytest.raises(MoveRefused):
            services.propose_pair(
                request=people.own.request, partner=ExperiencePartnerFactory(), by=people.staff.actor
            )

    @pytest.mark.parametrize(
        "fields",
        [{"is_available": False}, {"speaks_fi": False, "speaks_sv": True}],
        ids=["on a break", "no common language"],
    )
    def test_a_partner_who_does_not_fit_cannot(self, people, fields):
        with pytest.raises(MoveRefused):
            self.propose(people, **fields)

    def test_a_partner_with_as_many_as_agreed_cannot(self, people):
        partner = ready_partner(max_relationships=1)
        services.propose_pair(request=people.own.request, partner=partner, by=people.staff.actor)
        with pytest.raises(MoveRefused):
            services.propose_pair(request=people.foreign.request, partner=partner, by=people.staff.actor)

    def test_two_yeses_lead_to_the_decision(self, people):
        relationship = self.propose(people)
        services.answer_pair(relationship=relationship, party="partner", yes=True, by=people.staff.actor)
        services.answer_pair(relationship=relationship, party="parent", yes=True, by=people.worker.actor)
        relationship.refresh_from_db()
        assert relationship.status == "proposed"
        assert [
            notice.recipient
            for notice in Notice.objects.filter(kind="decision_wanted", object_id=relationship.pk)
        ] == [people.worker.user]

    def test_a_no_puts_the_request_back_into_the_queue(self, people):
        relationship = self.propose(people)
        services.answer_pair(relationship=relationship, party="parent", yes=False, by=people.worker.actor)
        relationship.refresh_from_db()
        people.own.request.refresh_from_db()
        assert (relationship.status, people.own.request.status) == ("no_match", "waiting")

    def test_an_answer_is_given_once(self, people):
        relationship = self.propose(people)
        services.answer_pair(relationship=relationship, party="partner", yes=True, by=people.staff.actor)
        with pytest.raises(AlreadyMoved):
            services.answer_pair(relationship=relationship, party="partner", yes=True, by=people.staff.actor)


class TestRequests:
    def test_a_request_without_the_parents_consent_is_refused(self, people):
        with pytest.raises(ValidationError):
            services.record_request(
                by=people.worker.actor,
                social_worker=people.own.worker,
                asked_by="worker",
                parent=ParentFactory(social_worker=people.own.worker),
                parent_agrees=False,
            )

    def test_a_parent_with_a_partner_needs_no_second_one(self, people):
        with pytest.raises(MoveRefused):
            services.record_request(
                by=people.worker.actor,
                social_worker=people.own.worker,
                asked_by="worker",
                parent=people.own.parent,
                parent_agrees=True,
            )

    def test_two_requests_of_one_parent_do_not_wait_at_once(self, people):
        with pytest.raises(ValidationError):
            services.record_request(
                by=people.worker.actor,
                social_worker=people.own.worker,
                asked_by="worker",
                parent=people.own.request.parent,
                parent_agrees=True,
            )

    def test_waiting_days_are_counted_from_the_day_it_came(self):
        assert ContactRequestFactory(received_on=today() - datetime.timedelta(days=4)).waiting_days == 4


class TestMeetings:
    def log(self, people, who="partner", relationship="active", **other):
        facts = {"date": today(), "kind": "peer", "place": "cafe", "minutes": 60} | other
        return services.log_meeting(
            relationship=getattr(people.own, relationship), by=getattr(people, who).actor, **facts
        )

    def test_the_partner_logs_a_meeting(self, people):
        meeting = self.log(people)
        assert (meeting.status, meeting.logged_by) == ("held", people.partner.user)

    @pytest.mark.parametrize("who", ["other_partner", "former_partner", "worker", "staff", "parent"])
    def test_nobody_else_does(self, people, who):
        with pytest.raises(MoveRefused):
            self.log(people, who=who)

    @pytest.mark.parametrize("relationship", ["acquainting", "proposed", "decided"])
    def test_before_the_start_there_is_nothing_to_log(self, people, relationship):
        with pytest.raises(MoveRefused):
            self.log(people, relationship=relationship)

    @pytest.mark.parametrize("days", [1, -6], ids=["tomorrow", "before the start"])
    def test_a_day_outside_the_relationship_is_refused(self, people, days):
        with pytest.raises(ValidationError):
            self.log(people, date=today() + datetime.timedelta(days=days))

    def test_a_planned_meeting_is_held_once(self, people):
        planned = people.own.planned_meeting
        Meeting.objects.filter(pk=planned.pk).update(date=today())
        planned.refresh_from_db()
        before = Meeting.objects.count()
        self.log(people, meeting=planned)
        planned.refresh_from_db()
        assert (planned.status, planned.minutes, Meeting.objects.count()) == ("held", 60, before)
        with pytest.raises(MoveRefused):
            self.log(people, meeting=planned)

    @pytest.mark.parametrize("outcome", ["cancelled", "no_show"])
    def test_a_meeting_that_was_not_held_does_not_count(self, people, outcome):
        held = Meeting.objects.held().count()
        Meeting.objects.filter(pk=people.own.planned_meeting.pk).update(date=today())
        services.meeting_not_held(
            meeting=people.own.planned_meeting, outcome=outcome, by=people.partner.actor
        )
        assert Meeting.objects.held().count() == held

    def test_nobody_has_failed_to_come_on_a_day_that_has_not_come(self, people):
        with pytest.raises(ValidationError):
            services.meeting_not_held(
                meeting=people.own.planned_meeting, outcome="no_show", by=people.partner.actor
            )

    def test_the_days_of_correction_are_counted_from_the_logging(self, people):
        planned = people.own.planned_meeting
        Meeting.objects.filter(pk=planned.pk).update(
            date=today(), created_at=timezone.now() - datetime.timedelta(days=40)
        )
        planned.refresh_from_db()
        meeting = self.log(people, meeting=planned)
        assert meeting.correct_until == today() + datetime.timedelta(days=14)

    def test_a_correction_keeps_which_fields_changed(self, people):
        meeting = people.own.meeting
        services.correct_meeting(
            meeting=meeting,
            by=people.partner.actor,
            seen_version=meeting.version,
            date=meeting.date,
            kind="call",
            place=meeting.place,
            minutes=30,
        )
        event = AuditEvent.objects.filter(object_id=meeting.pk, action="change").first()
        assert event.fields_changed == ["kind", "minutes"]

    def test_who_saw_an_older_version_is_told(self, people):
        meeting = people.own.meeting
        with pytest.raises(AlreadyMoved):
            services.correct_meeting(
                meeting=meeting,
                by=people.partner.actor,
                seen_version=meeting.version + 1,
                date=meeting.date,
                kind="call",
                place=meeting.place,
                minutes=30,
            )

    def test_after_the_days_of_correction_nothing_is_changed(self, people, settings):
        settings.MEETING_CORRECTION_DAYS = -1
        meeting = people.own.meeting
        with pytest.raises(MoveRefused):
            services.correct_meeting(
                meeting=meeting,
                by=people.partner.actor,
                seen_version=1,
                date=meeting.date,
                kind="call",
                place="home",
                minutes=30,
            )
