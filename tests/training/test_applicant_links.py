"""The one-purpose link of an applicant: who holds it sees one application, and only a button's POST does a thing."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from kumppani.accounts.models import hash_token
from kumppani.audit.models import AuditEvent
from kumppani.core.dates import today
from kumppani.core.letters import MAX_ATTEMPTS
from kumppani.notices.kinds import KINDS
from kumppani.notices.models import Notice
from tests.factories.accounts import user_in_role
from tests.factories.training import ApplicantLinkFactory, CohortFactory, EnrolmentFactory
from tests.mail import free_port, link_in, use, work_off_the_queue
from tests.personas import Person
from training import services
from training.letters import SENTENCES
from training.models import ApplicantLetter, ApplicantLink, Enrolment

pytestmark = pytest.mark.django_db

FOLLOW, WITHDRAW, RENEW, RENEWED = (
    reverse(name)
    for name in ("application_follow", "application_withdraw", "application_renew", "application_renewed")
)
LONG_AGO = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
CLOSED = {
    "revoked": {"revoked_at": LONG_AGO},
    "too old": {"expires_at": LONG_AGO},
    "another address": {"sent_to": "toinen@esimerkki.example"},
}


@pytest.fixture
def staff(db):
    return Person("staff", user_in_role("staff", language="en"), "staff")


def applicant(status: str = "applied", **facts) -> Enrolment:
    facts.setdefault("cohort", CohortFactory(recruiting=True))
    return EnrolmentFactory(applied=True, status=status, **facts)


def holder(person: Enrolment, **link) -> Client:
    """A browser that has opened a link to this application."""
    client = Client(headers={"Accept-Language": "en"})
    token = ApplicantLinkFactory(enrolment=person, **link).make_token()
    client.get(reverse("application_open", args=[token]))
    return client


def everything() -> list:
    """Every value of every row."""
    return [list(model.objects.order_by("pk").values()) for model in (Enrolment, ApplicantLink, Notice)]


class TestTheLetter:
    def test_it_is_queued_with_the_deed_and_sent_by_the_worker(self):
        person = applicant(language="sv")
        services.send_applicant_letter(enrolment=person, letter=ApplicantLetter.RECEIVED)
        assert mail.outbox == []
        work_off_the_queue()
        (letter,) = mail.outbox
        assert (letter.to, ApplicantLink.objects.get().letter_sent_at is not None) == ([person.email], True)
        assert str(letter.alternatives[0].content).split('lang="')[1][:2] == "sv"
        assert Client().get(link_in(letter)).url == FOLLOW

    def test_it_is_not_queued_when_the_deed_is_undone(self):
        with pytest.raises(RuntimeError), transaction.atomic():
            services.send_applicant_letter(enrolment=applicant(), letter=ApplicantLetter.RECEIVED)
            raise RuntimeError
        assert (ApplicantLink.objects.count(), DBTaskResult.objects.count()) == (0, 0)

    def test_its_token_rests_nowhere_but_as_a_hash(self):
        link = services.send_applicant_letter(enrolment=applicant(), letter=ApplicantLetter.RECEIVED)
        work_off_the_queue()
        token = link_in(mail.outbox[0]).rstrip("/").rsplit("/", 1)[1]
        link.refresh_from_db()
        assert link.token_hash == hash_token(token) != token
        assert token not in str([*DBTaskResult.objects.values(), *AuditEvent.objects.values()])

    def test_every_letter_has_words_of_its_own(self):
        assert set(SENTENCES) == set(ApplicantLetter)

    def test_it_is_not_sent_when_revoked_in_between(self, staff):
        link = services.send_applicant_letter(enrolment=applicant(), letter=ApplicantLetter.RECEIVED)
        services.revoke_link(link=link, by=staff.actor)
        services.revoke_link(link=link, by=staff.actor)
        work_off_the_queue()
        assert mail.outbox == []
        assert AuditEvent.objects.filter(object_id=link.pk, action="change").count() == 1

    @pytest.mark.logs_errors
    def test_after_ten_attempts_it_is_given_up_where_the_staff_see_it(
        self, staff, settings, no_error_in_the_log
    ):
        use(settings, free_port())
        person = applicant()
        services.send_applicant_letter(enrolment=person, letter=ApplicantLetter.RECEIVED)
        with time_machine.travel(timezone.now(), tick=False) as clock:
            for _attempt in range(MAX_ATTEMPTS + 1):
                work_off_the_queue()
                clock.shift(datetime.timedelta(hours=7))
        (line,) = no_error_in_the_log
        assert person.email not in line
        page = staff.client().get(person.get_absolute_url())
        assert page.context["letter_is_lost"] is True


class TestTheDoor:
    def test_the_token_leaves_the_address_and_rests_in_no_session(self):
        token = ApplicantLinkFactory().make_token()
        client = Client()
        answer = client.get(reverse("application_open", args=[token]))
        assert (answer.status_code, answer.url) == (302, FOLLOW)
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert token not in str(dict(client.session)) + client.get(FOLLOW).content.decode()

    @pytest.mark.parametrize("method", ["get", "head"])
    def test_looking_changes_nothing(self, method):
        """Link checkers look, too. Control: withdraw in `get`."""
        client = holder(applicant())
        before = everything()
        assert [getattr(client, method)(page).status_code for page in (FOLLOW, WITHDRAW)] == [200, 200]
        assert everything() == before

    @pytest.mark.parametrize("state", CLOSED.values(), ids=CLOSED)
    def test_a_closed_link_opens_no_page_and_does_nothing(self, state):
        client = holder(applicant(), **state)
        before = everything()
        answers = [client.get(FOLLOW), client.get(WITHDRAW), client.post(WITHDRAW)]
        assert [answer.status_code for answer in answers] == [404] * 3
        assert everything() == before

    def test_a_link_closes_under_its_holders_hands(self, staff):
        person = applicant()
        client = holder(person)
        assert client.get(FOLLOW).status_code == 200
        services.change_applicant(
            enrolment=person, by=staff.actor, seen_version=1, email="uusi@esimerkki.example"
        )
        assert (client.get(FOLLOW).status_code, client.post(WITHDRAW).status_code) == (404, 404)

    def test_a_link_to_an_order_opens_no_application(self):
        from tests.factories.tasks import OrderLinkFactory

        token = OrderLinkFactory().make_token()
        assert Client().get(reverse("application_open", args=[token])).status_code == 404

    def test_a_closed_page_offers_a_fresh_link_only_where_one_can_come(self):
        pages = {what: holder(applicant(), **state).get(FOLLOW) for what, state in CLOSED.items()}
        offered = {what for what, page in pages.items() if RENEW in page.content.decode()}
        assert offered == {"too old"}


class TestThePage:
    def test_it_names_nobody(self):
        person, other = applicant(), applicant()
        text = holder(person).get(FOLLOW).content.decode()
        told = (person.first_name, person.email, person.phone or "-----", other.first_name, other.cohort.name)
        assert [word for word in told if word in text] == []

    @pytest.mark.parametrize(
        ("status", "sentence"),
        [
            ("applied", "We read it and get in touch with you."),
            ("reserve", "You are on the reserve list"),
            ("accepted", "You have a place. Welcome!"),
            ("attending", "The training is running, and you are in it."),
            ("rejected", "This time we could not offer you a place."),
            ("withdrawn", "Your application has been withdrawn."),
            ("discontinued", "Your training ended before its last day."),
        ],
    )
    def test_every_state_has_kind_words(self, status, sentence):
        assert sentence in holder(applicant(status)).get(FOLLOW).content.decode()

    def test_a_training_that_is_not_held_is_told(self):
        person = applicant("withdrawn", cohort=CohortFactory(recruiting=True, status="cancelled"))
        assert "This training is not held after all." in holder(person).get(FOLLOW).content.decode()

    def test_the_talk_stands_there_by_the_clocks_of_finland_until_it_is_over(self):
        with time_machine.travel("2026-03-02T10:00:00Z", tick=False) as clock:
            at = datetime.datetime(2026, 3, 3, 22, 30, tzinfo=datetime.UTC)
            person = applicant(interview_at=at, interview_place="Kirjasto")
            text = " ".join(holder(person).get(FOLLOW).content.decode().split())
            assert "Wednesday 4 March 2026, at 00:30" in text
            assert "Kirjasto" in text
            clock.shift(datetime.timedelta(days=2))
            text = holder(person).get(FOLLOW).content.decode()
            assert "Kirjasto" not in text
            assert "Thank you for the talk." in text


class TestWithdrawing:
    @pytest.mark.parametrize("status", ["applied", "reserve", "accepted"])
    def test_before_the_training_one_may_withdraw_without_a_reason(self, staff, status):
        person = applicant(status)
        client = holder(person)
        assert WITHDRAW in client.get(FOLLOW).content.decode()
        assert client.post(WITHDRAW).url == FOLLOW
        person.refresh_from_db()
        assert (person.status, person.ended_on) == ("withdrawn", today())
        assert Notice.objects.get().kind == "application_withdrawn"
        row = AuditEvent.objects.get(object_kind="training.enrolment", action="move")
        assert (row.actor_id, row.detail) == (None, f"{status}>withdrawn")
        assert [link.letter for link in person.links.exclude(letter="received")] == ["withdrawn"]

    @pytest.mark.parametrize("status", ["attending", "completed", "rejected", "withdrawn", "discontinued"])
    def test_afterwards_there_is_no_button_and_a_late_press_does_nothing(self, staff, status):
        completed = {"completed_on": today()} if status == "completed" else {}
        person = applicant(status, **completed)
        client = holder(person)
        before = everything()
        assert WITHDRAW not in client.get(FOLLOW).content.decode()
        assert [client.get(WITHDRAW).url, client.post(WITHDRAW).url] == [FOLLOW, FOLLOW]
        assert everything() == before

    def test_pressing_twice_is_once(self, staff):
        client = holder(applicant())
        for _press in range(2):
            client.post(WITHDRAW)
        assert Notice.objects.count() == 1


class TestRenewing:
    def test_a_fresh_link_goes_to_the_address_on_file(self):
        person = applicant()
        answer = holder(person, expires_at=LONG_AGO).post(RENEW)
        fresh = person.links.get(letter="renewed")
        assert (answer.url, fresh.sent_to) == (RENEWED, person.email)
        work_off_the_queue()
        assert Client().get(link_in(mail.outbox[0])).status_code == 302

    @pytest.mark.parametrize(("is_used", "letter"), [(False, "feedback"), (True, "renewed")])
    def test_a_link_for_feedback_is_renewed_as_one_until_it_has_been_given(self, is_used, letter):
        person = applicant("completed", completed_on=today())
        holder(person, expires_at=LONG_AGO, letter="feedback", is_used=is_used).post(RENEW)
        assert person.links.order_by("-created_at").first().letter == letter

    def test_it_says_the_same_whatever_happens(self):
        """Control: send one for a link that was revoked."""
        browsers = [
            holder(applicant(), expires_at=LONG_AGO),
            holder(applicant(), expires_at=LONG_AGO, revoked_at=LONG_AGO),
            holder(applicant(), expires_at=LONG_AGO, sent_to="x@esimerkki.example"),
            holder(applicant()),
            Client(),
        ]
        answers = {(answer.status_code, answer.url) for answer in (each.post(RENEW) for each in browsers)}
        assert answers == {(302, RENEWED)}
        assert ApplicantLink.objects.filter(letter="renewed").count() == 1

    def test_nobody_fills_an_inbox(self):
        person = applicant()
        client = holder(person, expires_at=LONG_AGO)
        for _time in range(6):
            assert client.post(RENEW).status_code == 302
        assert person.links.filter(letter="renewed").count() == 3


def test_the_notices_lead_to_those_who_may_know(people):
    def known(kind: str, pk) -> set[str]:
        return {
            person.name
            for person in people.everybody()
            if person.actor is not None and KINDS[kind].visible(person.actor, pk)
        }

    both, person = {"staff", "other_staff"}, people.own.applied
    assert known("application_waiting", person.pk) == known("application_withdrawn", person.pk) == both
    services.reject_applicant(enrolment=person, by=people.staff.actor)
    assert known("application_waiting", person.pk) == set()
