"""Applying without an account, and what the staff make of it (B4, A37)."""

import datetime
import re

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from kumppani.audit.models import AuditEvent
from kumppani.core.dates import today
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.notices.kinds import KINDS
from kumppani.notices.models import Notice
from tests.factories.accounts import user_in_role
from tests.factories.organisations import days
from tests.factories.training import ApplicantLinkFactory, CohortFactory, EnrolmentFactory
from tests.mail import words_of, work_off_the_queue
from tests.personas import Person
from training import services
from training.models import ApplicantLetter, ApplicantLink, Cohort, Enrolment
from training.services.applying import LETTERS_A_DAY
from training.states import EnrolmentStatus

pytestmark = pytest.mark.django_db

PUBLIC, SENT, LIST = reverse("training_public"), reverse("application_sent"), reverse("application_list")
NOON = "2026-03-02T10:00:00Z"

WORDS = {
    "first_name": "Tuulia",
    "last_name": "Toiveikas",
    "email": "tuulia@esimerkki.example",
    "phone": "040 123 4567",
    "has_experience": "on",
    "is_settled": "on",
}


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def cohort(clock):
    return CohortFactory(recruiting=True)


@pytest.fixture
def staff(db):
    return Person("staff", user_in_role("staff", language="en"), "staff")


def address(cohort) -> str:
    return reverse("application_create", args=[cohort.pk])


def opened(client: Client, cohort) -> str:
    """Open the form; its token."""
    return client.get(address(cohort)).context["form"]["submission"].value()


def send(clock, cohort, client: Client | None = None, **changes):
    """Open the form, take a minute, send."""
    client = client or Client()
    words = WORDS | changes | {"submission": opened(client, cohort)}
    clock.shift(60)
    sent = {name: value for name, value in words.items() if value is not None}
    return client.post(address(cohort), sent)


class TestThePublicPage:
    def test_it_shows_the_cohorts_that_one_can_apply_to_today_and_no_others(self, clock):
        shown = CohortFactory(recruiting=True, apply_until=today())
        CohortFactory(recruiting=True, apply_until=days(-1))
        CohortFactory(recruiting=True, apply_from=days(1))
        CohortFactory(recruiting=True, status="planned")
        CohortFactory()
        page = Client().get(PUBLIC)
        assert list(page.context["cohorts"]) == [shown]
        assert re.findall(r'href="(/training/[^"]+/apply/)"', page.content.decode()) == [address(shown)]

    def test_where_none_is_open_it_says_so_and_how_to_ask(self):
        text = Client(headers={"Accept-Language": "en"}).get(PUBLIC).content.decode()
        assert "No training takes applications just now. One begins about every half year." in text
        assert reverse("contact") in text

    @pytest.mark.parametrize("page", ["home", "about", "about_parents"])
    def test_the_street_leads_to_it(self, page):
        main = Client().get(reverse(page)).content.decode().split("<main")[1].split("</main")[0]
        assert f'href="{PUBLIC}"' in main

    def test_many_cohorts_cost_no_more_questions_than_one(self):
        def questions() -> int:
            with CaptureQueriesContext(connection) as asked:
                Client().get(PUBLIC)
            return len(asked)

        CohortFactory(recruiting=True)
        few = questions()
        for _each in range(5):
            CohortFactory(recruiting=True)
        assert questions() == few <= 12


class TestSending:
    def test_an_application_waits_in_the_staffs_queue_as_it_was_written(self, clock, cohort):
        answer = send(clock, cohort)
        person = Enrolment.objects.get()
        assert (answer.status_code, answer.url) == (302, SENT)
        written = {name: getattr(person, name) for name in WORDS}
        assert written == WORDS | {"has_experience": True, "is_settled": True}
        assert (person.cohort, person.status, person.applied_on) == (cohort, "applied", today())

    def test_telephone_and_ticks_may_be_left_out(self, clock, cohort):
        assert send(clock, cohort, phone=None, has_experience=None, is_settled=None).status_code == 302
        person = Enrolment.objects.get()
        assert (person.phone, person.has_experience, person.is_settled) == ("", False, False)

    def test_it_asks_for_nothing_else(self, cohort):
        fields = Client().get(address(cohort)).context["form"].fields
        assert set(fields) == {*WORDS, "homepage", "submission"}

    @pytest.mark.parametrize(("read_in", "letters_in"), [("fi", "fi"), ("sv", "sv"), ("en", "sv")])
    def test_letters_come_in_the_language_of_the_page_else_of_the_cohort(self, clock, read_in, letters_in):
        cohort = CohortFactory(recruiting=True, language="sv")
        send(clock, cohort, Client(headers={"Accept-Language": read_in}))
        assert Enrolment.objects.get().language == letters_in

    def test_nobody_is_signed_in_and_the_staff_hear_of_it_without_a_name(self, clock, cohort):
        user = user_in_role("staff")
        send(clock, cohort)
        person = Enrolment.objects.get()
        row = AuditEvent.objects.get(object_kind="training.enrolment")
        assert (row.action, row.actor_id, row.object_id) == ("create", None, person.pk)
        notice = Notice.objects.get()
        assert (notice.recipient, notice.kind, notice.object_id) == (user, "application_waiting", person.pk)
        with translation.override("en"):
            assert str(KINDS[notice.kind].title) == "An application to the training waits"

    def test_the_applicant_gets_a_letter_with_a_link(self, clock, cohort):
        send(clock, cohort)
        (link,) = ApplicantLink.objects.all()
        assert (link.letter, link.sent_to) == (ApplicantLetter.RECEIVED, WORDS["email"])
        work_off_the_queue()
        assert [letter.to for letter in mail.outbox] == [[WORDS["email"]]]

    def test_a_double_tap_makes_one_application_and_one_letter(self, clock, cohort):
        client = Client()
        words = WORDS | {"submission": opened(client, cohort)}
        clock.shift(60)
        answers = [client.post(address(cohort), words) for _tap in range(3)]
        assert [answer.url for answer in answers] == [SENT] * 3
        assert (Enrolment.objects.count(), ApplicantLink.objects.count()) == (1, 1)

    def test_a_second_tap_after_the_last_evening_gets_the_same_answer(self, clock, cohort):
        client = Client()
        words = WORDS | {"submission": opened(client, cohort)}
        clock.shift(60)
        client.post(address(cohort), words)
        Cohort.objects.update(apply_until=today() - datetime.timedelta(days=1))
        assert client.post(address(cohort), words).url == SENT
        assert client.post(address(cohort), words | {"phone": "050"}).status_code == 404
        assert Enrolment.objects.count() == 1

    def test_the_page_afterwards_says_nothing_of_what_was_written(self, clock, cohort):
        client = Client()
        send(clock, cohort, client)
        text = client.get(SENT).content.decode()
        assert [value for value in WORDS.values() if len(value) > 4 and value in text] == []
        assert "sessionid" not in client.cookies


class TestTwice:
    """The same person twice for one cohort: the same friendly answer, no second row, nothing revealed."""

    def test_the_same_address_makes_no_second_row_and_tells_nothing(self, clock, cohort):
        user_in_role("staff")
        answers = [send(clock, cohort, email=email) for email in (WORDS["email"], WORDS["email"].upper())]
        assert [(answer.status_code, answer.url) for answer in answers] == [(302, SENT)] * 2
        assert (Enrolment.objects.count(), Notice.objects.count()) == (1, 1)

    def test_what_is_known_stays_as_it_was(self, clock, cohort):
        send(clock, cohort)
        send(clock, cohort, first_name="Toinen", phone="050 000 0000")
        person = Enrolment.objects.get()
        assert (person.first_name, person.phone) == (WORDS["first_name"], WORDS["phone"])

    def test_the_mailbox_gets_a_fresh_link_but_never_many(self, clock, cohort):
        for _time in range(LETTERS_A_DAY + 2):
            send(clock, cohort)
        letters = list(ApplicantLink.objects.order_by("created_at").values_list("letter", flat=True))
        assert letters == [ApplicantLetter.RECEIVED] + [ApplicantLetter.RENEWED] * (LETTERS_A_DAY - 1)

    @pytest.mark.parametrize("status", ["accepted", "reserve", "rejected"])
    def test_an_answer_that_was_given_stays(self, clock, cohort, status):
        EnrolmentFactory(cohort=cohort, applied=True, status=status, email=WORDS["email"])
        assert send(clock, cohort).url == SENT
        assert [person.status for person in Enrolment.objects.all()] == [status]

    def test_who_withdrew_may_apply_anew(self, clock, cohort):
        EnrolmentFactory(cohort=cohort, applied=True, status="withdrawn", email=WORDS["email"])
        send(clock, cohort)
        assert sorted(Enrolment.objects.values_list("status", flat=True)) == ["applied", "withdrawn"]

    def test_another_cohort_is_another_matter(self, clock, cohort):
        EnrolmentFactory(applied=True, email=WORDS["email"])
        send(clock, cohort)
        assert Enrolment.objects.count() == 2


class TestWords:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"first_name": ""}, "first_name"),
            ({"first_name": "x" * 61}, "first_name"),
            ({"first_name": "010190-123A"}, "first_name"),
            ({"last_name": ""}, "last_name"),
            ({"last_name": "a\x00b"}, "last_name"),
            ({"email": ""}, "email"),
            ({"email": "ei ole"}, "email"),
            ({"email": "a@b.example\nBcc: c@d.example"}, "email"),
            ({"phone": "x" * 41}, "phone"),
            ({"phone": "010190-123A"}, "phone"),
        ],
    )
    def test_what_is_wrong_is_said_next_to_the_field_and_nothing_is_lost(self, clock, cohort, changes, field):
        answer = send(clock, cohort, **changes)
        form = answer.context["form"]
        assert (answer.status_code, list(form.errors)) == (422, [field])
        kept = {name: form[name].value() for name in ("first_name", "last_name", "email", "phone")}
        assert kept == {name: (WORDS | changes)[name] for name in kept}
        assert not Enrolment.objects.exists()

    def test_a_program_is_told(self, clock, cohort):
        assert send(clock, cohort, homepage="https://spam.example").status_code == 422
        client = Client()
        assert client.post(address(cohort), WORDS | {"submission": opened(client, cohort)}).status_code == 422
        assert not Enrolment.objects.exists()

    def test_too_many_from_one_place_wait_and_lose_no_word(self, clock, cohort, settings):
        answers = [
            send(clock, cohort, email=f"henkilo{number}@esimerkki.example")
            for number in range(settings.APPLY_PER_HOUR + 1)
        ]
        assert [answer.status_code for answer in answers] == [302] * settings.APPLY_PER_HOUR + [429]
        assert answers[-1].context["form"]["first_name"].value() == WORDS["first_name"]
        assert Enrolment.objects.count() == settings.APPLY_PER_HOUR


class TestClosed:
    @pytest.mark.parametrize(
        "state",
        [
            {"status": "planned"},
            {"status": "running"},
            {"status": "cancelled"},
            {"apply_until": days(-1)},
            {"apply_from": days(1)},
        ],
        ids=["planned", "running", "cancelled", "over since yesterday", "open from tomorrow"],
    )
    def test_a_cohort_that_is_not_open_has_no_form(self, clock, state):
        cohort = CohortFactory(recruiting=True, **state)
        assert Client().get(address(cohort)).status_code == 404
        with pytest.raises(MoveRefused):
            services.receive_application(
                cohort=cohort, email="a@b.example", first_name="A", last_name="B", language="fi"
            )
        assert not Enrolment.objects.exists()

    def test_what_closes_between_looking_and_sending_is_closed(self, cohort):
        """Control: leave out `refresh_from_db` in `receive_application`."""
        stale = Cohort.objects.get(pk=cohort.pk)
        Cohort.objects.update(apply_until=today() - datetime.timedelta(days=1))
        with pytest.raises(MoveRefused):
            services.receive_application(
                cohort=stale, email="a@b.example", first_name="A", last_name="B", language="fi"
            )


class TestAnswering:
    @pytest.fixture
    def person(self, cohort):
        return EnrolmentFactory(cohort=cohort, applied=True)

    def letters(self, person) -> list[str]:
        return list(person.links.order_by("created_at").values_list("letter", flat=True))

    def test_a_time_to_talk_is_kept_and_told_by_letter(self, staff, person):
        at = timezone.now() + datetime.timedelta(days=3)
        services.set_interview(
            enrolment=person, at=at, place="Kirjasto", by=staff.actor, seen_version=person.version
        )
        person.refresh_from_db()
        assert (person.interview_at, person.interview_place, person.status) == (at, "Kirjasto", "applied")
        assert self.letters(person) == ["interview"]
        row = AuditEvent.objects.get(object_kind="training.enrolment", action="change")
        assert row.fields_changed == ["interview_at", "interview_place"]

    def test_of_two_who_set_a_time_the_second_is_told(self, staff, person):
        stale = Enrolment.objects.get(pk=person.pk)
        at = timezone.now() + datetime.timedelta(days=3)
        facts = {"at": at, "place": "Kirjasto", "by": staff.actor, "seen_version": 1}
        services.set_interview(enrolment=person, **facts)
        with pytest.raises(AlreadyMoved):
            services.set_interview(enrolment=stale, **facts | {"place": "Kahvila"})

    def test_a_time_that_is_over_is_no_time(self, staff, person):
        with pytest.raises(MoveRefused):
            services.set_interview(
                enrolment=person, at=timezone.now(), place="Kirjasto", by=staff.actor, seen_version=1
            )

    def test_who_has_been_answered_gets_no_time(self, staff, person):
        services.reject_applicant(enrolment=person, by=staff.actor)
        with pytest.raises(MoveRefused):
            services.set_interview(
                enrolment=person,
                at=timezone.now() + datetime.timedelta(days=3),
                place="Kirjasto",
                by=staff.actor,
                seen_version=person.version,
            )

    @pytest.mark.parametrize(
        ("deed", "status", "dates"),
        [
            ("accept_applicant", "accepted", {"answered_on"}),
            ("reserve_applicant", "reserve", set()),
            ("reject_applicant", "rejected", {"answered_on", "ended_on"}),
            ("withdraw_applicant", "withdrawn", {"ended_on"}),
        ],
    )
    def test_an_answer_is_a_state_a_day_and_a_letter(self, staff, person, deed, status, dates):
        getattr(services, deed)(enrolment=person, by=staff.actor)
        person.refresh_from_db()
        set_now = {name for name in ("answered_on", "ended_on") if getattr(person, name) == today()}
        assert (person.status, set_now, self.letters(person)) == (status, dates, [status])
        assert AuditEvent.objects.get(action="move", object_id=person.pk).actor_id == staff.user.pk

    @pytest.mark.parametrize("deed", ["accept_applicant", "reserve_applicant", "reject_applicant"])
    def test_of_two_answers_one_wins(self, staff, person, deed):
        stale = Enrolment.objects.get(pk=person.pk)
        services.withdraw_applicant(enrolment=person, by=staff.actor)
        with pytest.raises(AlreadyMoved):
            getattr(services, deed)(enrolment=stale, by=staff.actor)
        assert self.letters(person) == ["withdrawn"]

    def test_without_an_address_no_letter_goes(self, staff, cohort):
        person = EnrolmentFactory(cohort=cohort, applied=True, email="", phone="040")
        services.accept_applicant(enrolment=person, by=staff.actor)
        assert (person.status, ApplicantLink.objects.count()) == ("accepted", 0)

    def test_more_than_the_places_is_told_and_not_forbidden(self, staff, person, cohort):
        Cohort.objects.update(places=1)
        page = reverse("application_accept", args=[person.pk])
        assert "So far 0 of 1 places are taken." in staff.client().get(page).content.decode()
        EnrolmentFactory(cohort=cohort, status=EnrolmentStatus.ACCEPTED)
        text = staff.client().get(page).content.decode()
        assert "All places are taken: 1 of 1. You can accept one more all the same." in text
        staff.client().post(page)
        person.refresh_from_db()
        assert person.status == "accepted"

    def test_into_a_running_training_one_goes_at_once(self, staff):
        person = EnrolmentFactory(applied=True)
        services.accept_applicant(enrolment=person, by=staff.actor)
        assert (person.status, person.answered_on, self.letters(person)) == (
            "attending",
            today(),
            ["accepted"],
        )

    @pytest.mark.parametrize("status", ["completed", "cancelled"])
    def test_what_is_over_takes_nobody_in(self, staff, status):
        person = EnrolmentFactory(applied=True, cohort__status=status)
        with pytest.raises(MoveRefused):
            services.accept_applicant(enrolment=person, by=staff.actor)
        with pytest.raises(MoveRefused):
            services.record_application(
                cohort=person.cohort, by=staff.actor, first_name="A", last_name="B", phone="1", language="fi"
            )

    def test_from_the_reserve_list_there_is_a_way_to_a_place(self, staff, person):
        services.reserve_applicant(enrolment=person, by=staff.actor)
        services.accept_applicant(enrolment=person, by=staff.actor)
        assert self.letters(person) == ["reserve", "accepted"]

    def test_staff_hear_when_an_applicant_withdraws_and_not_when_they_do_it(self, staff, cohort):
        by_staff, by_link = EnrolmentFactory.create_batch(2, cohort=cohort, applied=True)
        services.withdraw_applicant(enrolment=by_staff, by=staff.actor)
        services.withdraw_applicant(enrolment=by_link)
        notice = Notice.objects.get()
        assert (notice.kind, notice.object_id) == ("application_withdrawn", by_link.pk)

    def test_a_trainer_never_sees_who_applies(self, staff, people):
        applied = people.own.applied
        assert applied.cohort == people.own.cohort
        seen = Enrolment.objects.visible_to(people.trainer.actor)
        assert (people.own.attending in seen, applied in seen) == (True, False)
        assert (
            applied.name
            not in people.trainer.client().get(people.own.cohort.get_absolute_url()).content.decode()
        )


class TestTheTelephone:
    def record(self, staff, cohort, **changes):
        client = staff.client()
        page = reverse("application_record")
        words = {
            "cohort": str(cohort.pk),
            "first_name": "Paavo",
            "last_name": "Puhelin",
            "email": "",
            "phone": "040 765 4321",
            "language": "fi",
            "submission": client.get(page).context["form"]["submission"].value(),
        }
        return client.post(page, words | changes)

    def test_what_was_told_waits_like_any_other(self, staff, cohort):
        answer = self.record(staff, cohort, has_experience="on")
        person = Enrolment.objects.get()
        assert answer.url == person.get_absolute_url()
        assert (person.name, person.phone, person.has_experience, person.applied_on) == (
            "Paavo Puhelin",
            "040 765 4321",
            True,
            today(),
        )
        assert not ApplicantLink.objects.exists()

    def test_with_an_address_a_letter_goes(self, staff, cohort):
        self.record(staff, cohort, email="paavo@esimerkki.example")
        assert [link.letter for link in ApplicantLink.objects.all()] == ["received"]

    def test_some_way_to_reach_the_person_is_needed(self, staff, cohort):
        answer = self.record(staff, cohort, phone="")
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["email"])

    def test_the_same_address_twice_is_told_to_the_staff(self, staff, cohort):
        EnrolmentFactory(cohort=cohort, applied=True, email="paavo@esimerkki.example")
        answer = self.record(staff, cohort, email="Paavo@esimerkki.example")
        assert (answer.status_code, Enrolment.objects.count()) == (409, 1)
        assert "Somebody with this address has applied to this training already." in answer.content.decode()

    def test_cohorts_that_are_over_are_not_to_be_chosen(self, staff, cohort):
        CohortFactory(status="completed")
        CohortFactory(status="cancelled")
        form = staff.client().get(reverse("application_record")).context["form"]
        assert list(form.fields["cohort"].queryset) == [cohort]


class TestContact:
    def test_a_new_address_gets_a_fresh_link_and_the_old_link_stops(self, staff, cohort):
        person = EnrolmentFactory(cohort=cohort, applied=True)
        old = ApplicantLinkFactory(enrolment=person)
        services.change_applicant(
            enrolment=person, by=staff.actor, seen_version=1, email="uusi@esimerkki.example", phone="040"
        )
        old.refresh_from_db()
        assert (old.is_open, [link.sent_to for link in person.links.filter(letter="renewed")]) == (
            False,
            ["uusi@esimerkki.example"],
        )

    def test_the_same_address_gets_none(self, staff, cohort):
        person = EnrolmentFactory(cohort=cohort, applied=True)
        services.change_applicant(enrolment=person, by=staff.actor, seen_version=1, phone="040 1")
        assert not ApplicantLink.objects.exists()

    def test_of_two_who_mend_the_second_is_told(self, staff, cohort):
        person = EnrolmentFactory(cohort=cohort, applied=True)
        services.change_applicant(enrolment=person, by=staff.actor, seen_version=1, phone="040 1")
        with pytest.raises(AlreadyMoved):
            services.change_applicant(enrolment=person, by=staff.actor, seen_version=1, phone="040 2")

    def test_an_address_that_is_none_is_refused(self, staff, cohort):
        person = EnrolmentFactory(cohort=cohort, applied=True)
        with pytest.raises(ValidationError):
            services.change_applicant(enrolment=person, by=staff.actor, seen_version=1, email="ei ole")


class TestTheQueue:
    def test_who_has_waited_longest_is_first(self, staff, cohort):
        later = EnrolmentFactory(cohort=cohort, applied=True)
        first = EnrolmentFactory(cohort=cohort, applied=True)
        Enrolment.objects.filter(pk=first.pk).update(
            created_at=timezone.now() - datetime.timedelta(days=9),
            applied_on=today() - datetime.timedelta(days=9),
        )
        rows = staff.client().get(LIST).context["rows"]
        assert [(row.pk, row.days_waited) for row in rows] == [(first.pk, 9), (later.pk, 5)]

    def test_chips_count_every_state_and_cohorts_narrow_it(self, staff, cohort):
        other = CohortFactory(recruiting=True)
        for status in ("applied", "applied", "reserve", "rejected", "withdrawn", "accepted", "attending"):
            EnrolmentFactory(cohort=cohort, applied=True, status=status)
        mine = EnrolmentFactory(cohort=other, applied=True)
        page = staff.client().get(LIST)
        assert [chip["count"] for chip in page.context["chips"]] == [3, 1, 1, 1, 1]
        narrowed = staff.client().get(LIST, {"cohort": str(other.pk)})
        assert [row.pk for row in narrowed.context["rows"]] == [mine.pk]
        assert [chip["count"] for chip in narrowed.context["chips"]] == [1, 0, 0, 0, 0]
        assert [chip["pk"] for chip in narrowed.context["cohort_chips"] if chip["current"]] == [other.pk]

    def test_rubbish_in_the_address_narrows_nothing(self, staff, cohort):
        EnrolmentFactory(cohort=cohort, applied=True)
        assert len(staff.client().get(LIST, {"cohort": "rubbish", "state": "rubbish"}).context["rows"]) == 1

    def test_many_cost_the_same_number_of_questions_as_few(self, staff, cohort):
        def questions() -> int:
            with CaptureQueriesContext(connection) as asked:
                staff.client().get(LIST)
            return len(asked)

        EnrolmentFactory(cohort=cohort, applied=True)
        few = questions()
        for _each in range(10):
            EnrolmentFactory(cohort=CohortFactory(recruiting=True), applied=True)
        assert questions() == few

    def test_the_staffs_home_shows_who_waits_for_them(self, staff, cohort):
        """Who has a time to talk ahead waits for that day."""
        waits = EnrolmentFactory(cohort=cohort, applied=True)
        soon = timezone.now() + datetime.timedelta(days=1)
        talked = EnrolmentFactory(
            cohort=cohort, applied=True, interview_at=timezone.now(), applied_on=days(-4)
        )
        EnrolmentFactory(cohort=cohort, applied=True, interview_at=soon)
        EnrolmentFactory(cohort=cohort, applied=True, status="reserve")
        (found,) = [
            queue
            for queue in staff.client().get(reverse("home")).context["queues"]
            if queue.title == "Applications to the training"
        ]
        assert [item.url for item in found.items] == [waits.get_absolute_url(), talked.get_absolute_url()]
        assert (found.total, found.url) == (2, LIST)


class TestTheTalkPage:
    def test_day_and_hour_are_those_of_finland(self, staff, cohort):
        person = EnrolmentFactory(cohort=cohort, applied=True)
        client = staff.client()
        page = reverse("application_interview", args=[person.pk])
        form = client.get(page).context["form"]
        words = {name: form[name].value() for name in ("submission", "seen_version")}
        answer = client.post(page, words | {"day": "2026-03-10", "time": "17:30", "place": "Kirjasto"})
        person.refresh_from_db()
        assert answer.url == person.get_absolute_url()
        assert person.interview_at == datetime.datetime(2026, 3, 10, 15, 30, tzinfo=datetime.UTC)
        again = client.get(page).context["form"]
        assert (again["day"].value(), again["time"].value(), again["place"].value()) == (
            datetime.date(2026, 3, 10),
            datetime.time(17, 30),
            "Kirjasto",
        )

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"day": "2026-03-01"}, "day"),
            ({"day": ""}, "day"),
            ({"time": ""}, "time"),
            ({"day": "2026-03-29", "time": "03:30"}, "time"),
            ({"place": ""}, "place"),
            ({"place": "x" * 161}, "place"),
        ],
    )
    def test_what_does_not_fit_is_said(self, staff, cohort, changes, field):
        person = EnrolmentFactory(cohort=cohort, applied=True)
        client = staff.client()
        page = reverse("application_interview", args=[person.pk])
        form = client.get(page).context["form"]
        words = {name: form[name].value() for name in ("submission", "seen_version")}
        words |= {"day": "2026-03-10", "time": "17:30", "place": "Kirjasto"}
        answer = client.post(page, words | changes)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


class TestLettersAreNeutral:
    @pytest.mark.parametrize("language", ["fi", "sv"])
    @pytest.mark.parametrize("letter", ApplicantLetter.values)
    def test_no_name_and_no_word_about_what_it_is(self, cohort, letter, language):
        """Control: put `cohort.name` into the letter."""
        Cohort.objects.update(name="Kokemuskumppanit kevät")
        # Of a changed programme only those hear who have a place.
        status = "accepted" if letter == ApplicantLetter.CHANGED else "applied"
        facts = {"language": language, "interview_place": "Kirjasto", "status": status}
        person = EnrolmentFactory(cohort=cohort, applied=True, **facts)
        services.send_applicant_letter(enrolment=person, letter=letter)
        work_off_the_queue()
        words = words_of(mail.outbox[0]).lower()
        telling = (
            "kokemus",
            "lastensuojelu",
            "barnskydd",
            "erfarenhet",
            "experience",
            "protection",
            "kirjasto",
        )
        told = (*telling, person.first_name.lower(), person.last_name.lower())
        assert [word for word in told if word in words] == []
