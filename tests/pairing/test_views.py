"""What people see and do on the room's pages. Who may open them is in tests/access/."""

import datetime

import pytest
from django.urls import reverse

from kumppani.audit.models import AuditEvent
from kumppani.core.dates import today
from pairing.models import (
    Commitment,
    ContactRequest,
    ExperiencePartner,
    Meeting,
    PairAnswer,
    Parent,
    Relationship,
)
from tests.factories.pairing import CommitmentTextFactory, ready_partner

pytestmark = pytest.mark.django_db


def token(client, url) -> str:
    """The submission token of the form on this page."""
    return client.get(url).context["form"].initial["submission"]


def send(client, url, **words):
    """Open the form and send it."""
    return client.post(url, {"submission": token(client, url)} | words)


class TestRequests:
    NEW = {
        "parent": "",
        "first_name": "Meri",
        "language": "fi",
        "contact_way": "worker",
        "contact": "",
        "by": "together",
        "route": "staff",
        "chosen_partner": "",
        "area": "Turku",
        "parent_agrees": "on",
    }

    def test_a_social_worker_asks_for_a_new_parent(self, people):
        answer = send(people.worker.client(), reverse("request_create"), **self.NEW)
        request = ContactRequest.objects.get(parent__first_name="Meri")
        assert (answer.status_code, answer.url, request.social_worker, request.by, request.status) == (
            302,
            reverse("request_detail", args=[request.pk]),
            people.own.worker,
            "together",
            "waiting",
        )

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"first_name": ""}, "first_name"),
            ({"parent_agrees": ""}, "parent_agrees"),
            ({"contact_way": "phone"}, "contact"),
            ({"by": ""}, "by"),
            ({"route": "partner"}, "chosen_partner"),
            ({"first_name": "x" * 61}, "first_name"),
            ({"first_name": "a\x00b"}, "first_name"),
            ({"language": "zz"}, "language"),
        ],
    )
    def test_what_is_wrong_is_said_next_to_the_field_and_nothing_is_kept(self, people, change, field):
        before = Parent.objects.count()
        answer = send(people.worker.client(), reverse("request_create"), **(self.NEW | change))
        assert (answer.status_code, list(answer.context["form"].errors), Parent.objects.count()) == (
            422,
            [field],
            before,
        )

    def test_another_workers_parent_cannot_be_chosen(self, people):
        answer = send(
            people.worker.client(),
            reverse("request_create"),
            **(self.NEW | {"parent": str(people.foreign.request.parent.pk)}),
        )
        assert "parent" in answer.context["form"].errors

    def test_staff_propose_a_partner_who_fits(self, people):
        partner = ready_partner()
        url = reverse("request_propose", args=[people.own.request.pk])
        send(people.staff.client(), url, partner=str(partner.pk))
        relationship = Relationship.objects.get(request=people.own.request)
        assert (relationship.partner, relationship.status) == (partner, "acquainting")

    def test_a_partner_who_does_not_fit_is_not_offered(self, people):
        partner = ready_partner(is_available=False)
        url = reverse("request_propose", args=[people.own.request.pk])
        answer = send(people.staff.client(), url, partner=str(partner.pk))
        assert (answer.status_code, Relationship.objects.filter(partner=partner).count()) == (422, 0)


class TestPair:
    def test_the_partner_says_yes(self, people):
        url = reverse("relationship_answer", args=[people.own.acquainting.pk])
        send(people.partner.client(), url, party="partner", answer="yes")
        answer = PairAnswer.objects.get(relationship=people.own.acquainting)
        assert (answer.party, answer.yes) == ("partner", True)

    def test_the_worker_records_the_parents_answer(self, people):
        url = reverse("relationship_answer", args=[people.own.acquainting.pk])
        send(people.worker.client(), url, party="parent", answer="yes")
        assert PairAnswer.objects.get(relationship=people.own.acquainting).party == "parent"

    def test_staff_say_whose_answer_it_is(self, people):
        url = reverse("relationship_answer", args=[people.own.acquainting.pk])
        send(people.staff.client(), url, party="partner", answer="yes")
        assert PairAnswer.objects.get(relationship=people.own.acquainting).party == "partner"

    def test_an_answer_given_in_between_is_not_taken_for_the_other_side(self, people):
        client, url = people.staff.client(), reverse("relationship_answer", args=[people.own.acquainting.pk])
        staffs_form = token(client, url)
        send(people.partner.client(), url, party="partner", answer="yes")
        answer = client.post(url, {"submission": staffs_form, "party": "partner", "answer": "yes"})
        assert answer.status_code == 409
        assert [row.party for row in PairAnswer.objects.filter(relationship=people.own.acquainting)] == [
            "partner"
        ]

    @pytest.mark.parametrize(
        ("stage", "becomes"), [("acquainting", "no_match"), ("proposed", "declined"), ("decided", "declined")]
    )
    def test_before_the_start_one_of_them_may_step_back(self, people, stage, becomes):
        relationship = getattr(people.own, stage)
        send(people.worker.client(), reverse("relationship_step_back", args=[relationship.pk]))
        relationship.refresh_from_db()
        relationship.request.refresh_from_db()
        assert (relationship.status, relationship.request.status) == (becomes, "waiting")

    def test_nobody_answers_later_on(self, people):
        assert (
            people.partner.client()
            .get(reverse("relationship_answer", args=[people.own.active.pk]))
            .status_code
            == 403
        )


class TestMeetings:
    def words(self, **change):
        return {"date": today().isoformat(), "kind": "peer", "place": "cafe", "length": "90"} | change

    def test_the_usual_place_and_length_are_remembered(self, people):
        form = (
            people.partner.client().get(reverse("meeting_log", args=[people.own.active.pk])).context["form"]
        )
        assert (form["date"].value(), form["place"].value(), form["length"].value()) == (
            today(),
            "cafe",
            "60",
        )

    def test_the_answer_says_what_was_saved(self, people):
        client = people.partner.client()
        answer = client.post(
            reverse("meeting_log", args=[people.own.active.pk]),
            self.words(submission=token(client, reverse("meeting_log", args=[people.own.active.pk]))),
            follow=True,
        )
        (message,) = [str(message) for message in answer.context["messages"]]
        assert "1 h 30 min" in message

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"date": ""}, "date"),
            ({"date": "29.2.2023"}, "date"),
            ({"place": ""}, "place"),
            ({"place": "kuu"}, "place"),
            ({"length": "other"}, "other_length"),
            ({"length": "other", "other_length": "1"}, "other_length"),
            ({"length": "other", "other_length": "1e9"}, "other_length"),
        ],
    )
    def test_what_is_wrong_is_said_next_to_the_field_and_no_row_is_made(self, people, change, field):
        before = Meeting.objects.count()
        answer = send(
            people.partner.client(),
            reverse("meeting_log", args=[people.own.active.pk]),
            **self.words(**change),
        )
        assert (answer.status_code, list(answer.context["form"].errors), Meeting.objects.count()) == (
            422,
            [field],
            before,
        )

    def test_tomorrow_is_refused_with_a_sentence_at_the_date(self, people):
        tomorrow = (today() + datetime.timedelta(days=1)).isoformat()
        answer = send(
            people.partner.client(),
            reverse("meeting_log", args=[people.own.active.pk]),
            **self.words(date=tomorrow),
        )
        assert list(answer.context["form"].errors) == ["date"]

    def test_a_goal_of_somebody_else_cannot_be_chosen(self, people):
        answer = send(
            people.partner.client(),
            reverse("meeting_log", args=[people.own.active.pk]),
            **self.words(goals=[str(people.foreign.goal.pk)]),
        )
        assert list(answer.context["form"].errors) == ["goals"]

    def test_a_planned_meeting_is_logged(self, people):
        meeting = people.own.planned_meeting
        Meeting.objects.filter(pk=meeting.pk).update(date=today())
        send(people.partner.client(), reverse("meeting_held", args=[meeting.pk]), **self.words(length="30"))
        meeting.refresh_from_db()
        assert (meeting.status, meeting.minutes) == ("held", 30)

    def test_a_correction_is_saved(self, people):
        url = reverse("meeting_correct", args=[people.own.meeting.pk])
        send(people.partner.client(), url, **self.words(length="120", seen_version="1"))
        people.own.meeting.refresh_from_db()
        assert (people.own.meeting.minutes, people.own.meeting.version) == (120, 2)

    def test_the_second_of_two_editors_is_told_and_keeps_the_words(self, people):
        url = reverse("meeting_correct", args=[people.own.meeting.pk])
        client = people.partner.client()
        first, second = token(client, url), token(client, url)
        client.post(url, self.words(submission=first, length="120", seen_version="1"))
        answer = client.post(url, self.words(submission=second, length="30", seen_version="1"))
        people.own.meeting.refresh_from_db()
        assert (answer.status_code, people.own.meeting.minutes) == (409, 120)
        assert answer.context["form"]["length"].value() == "30"

    def test_a_meeting_that_was_not_held(self, people):
        meeting = people.own.planned_meeting
        Meeting.objects.filter(pk=meeting.pk).update(date=today())
        send(people.partner.client(), reverse("meeting_not_held", args=[meeting.pk]), outcome="no_show")
        meeting.refresh_from_db()
        assert meeting.status == "no_show"

    def test_the_next_meeting_is_planned(self, people):
        day = today() + datetime.timedelta(days=7)
        send(
            people.partner.client(),
            reverse("meeting_plan", args=[people.own.active.pk]),
            date=day.isoformat(),
            starts_at="17:00",
            place="cafe",
            kind="peer",
        )
        assert Meeting.objects.get(date=day).status == "planned"


class TestPartners:
    def test_staff_take_in_a_partner(self, people):
        enrolment = people.own.completed
        send(
            people.staff.client(),
            reverse("partner_take_in", args=[enrolment.pk]),
            speaks=["fi"],
            area="Turku",
            email="uusi@example.org",
        )
        partner = ExperiencePartner.objects.get(enrolment=enrolment)
        assert (partner.area, partner.user.email) == ("Turku", "uusi@example.org")

    def test_a_used_address_is_told_at_the_field(self, people):
        answer = send(
            people.staff.client(),
            reverse("partner_take_in", args=[people.own.completed.pk]),
            speaks=["fi"],
            email=people.partner.user.email,
        )
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["email"])

    def test_a_partner_accepts_a_new_version(self, people):
        text = CommitmentTextFactory(kind="principles", number=2)
        send(people.partner.client(), reverse("partner_commit", args=[text.pk]))
        assert Commitment.objects.filter(partner=people.own.partner, text=text).count() == 1

    def test_a_partner_takes_a_break_without_a_reason(self, people):
        client, url = people.partner.client(), reverse("partner_availability", args=[people.own.partner.pk])
        hidden = client.get(url).context["hidden"]
        for _tap in range(2):
            client.post(url, hidden)
        people.own.partner.refresh_from_db()
        assert people.own.partner.is_available is False

    def test_a_partner_without_an_account_gets_one(self, people):
        partner = ready_partner()
        send(people.staff.client(), reverse("partner_account", args=[partner.pk]), email="oma@example.org")
        partner.refresh_from_db()
        assert partner.user.email == "oma@example.org"


class TestParents:
    def test_a_parent_gets_an_account(self, people):
        url = reverse("parent_account", args=[people.foreign.request.parent.pk])
        parent = people.foreign.request.parent
        Parent.objects.filter(pk=parent.pk).update(user=None)
        send(people.other_worker.client(), url, email="meri@example.org")
        parent.refresh_from_db()
        assert parent.user.email == "meri@example.org"

    def test_a_look_at_a_relationship_leaves_a_row_about_both_people(self, people):
        AuditEvent.objects.count()
        people.staff.client().get(reverse("relationship_detail", args=[people.own.active.pk]))
        seen = AuditEvent.objects.filter(actor_id=people.staff.user.pk, action="view")
        assert sorted(event.about_kind for event in seen) == ["pairing.experiencepartner", "pairing.parent"]


class TestEnding:
    def test_planned_meetings_are_called_off(self, people):
        url = reverse("relationship_end", args=[people.own.active.pk])
        send(people.worker.client(), url, ended_by="worker")
        people.own.planned_meeting.refresh_from_db()
        assert people.own.planned_meeting.status == "cancelled"

    def test_who_changes_employer_leaves_the_parents_behind(self, people):
        grant = people.worker.user.grants.get()
        grant.organisation = people.foreign.organisation
        grant.save()
        url = reverse("parent_detail", args=[people.own.parent.pk])
        assert people.worker.client().get(url).status_code == 404

    def test_access_ends_at_once_for_the_partner(self, people):
        partner, url = people.partner.client(), reverse("relationship_detail", args=[people.own.active.pk])
        assert partner.get(url).status_code == 200
        send(
            people.worker.client(),
            reverse("relationship_end", args=[people.own.active.pk]),
            ended_by="parent",
        )
        assert partner.get(url).status_code == 404
        assert people.parent.client().get(url).status_code == 200
