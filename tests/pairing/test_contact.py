"""Writing to us without signing in, and what the staff make of it (A27, A31, B19, R6)."""

import re
import threading

import pytest
import time_machine
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse

from kumppani.audit.models import AuditEvent
from kumppani.core.dates import today
from kumppani.core.models import KeptWords, Submission
from kumppani.core.states import MoveRefused
from kumppani.core.submissions import new_token
from kumppani.notices.models import Notice
from pairing import services
from pairing.models import ContactRequest, DirectoryConsent, Parent
from tests.factories.accounts import user_in_role
from tests.factories.pairing import (
    ContactRequestFactory,
    ParentFactory,
    PublicRequestFactory,
    SocialWorkerFactory,
    TopicFactory,
    ready_partner,
    relationship_in,
    show,
)

pytestmark = pytest.mark.django_db

CONTACT, SENT = reverse("contact"), reverse("contact_sent")
NOON = "2026-03-02T10:00:00Z"

PARENT = {"parent_name": "Jonna", "parent_contact": "040 123 4567", "language": "sv"}
WORKER = {
    "worker_name": "Sari Työntekijä",
    "worker_organisation": "Perheiden palvelut",
    "worker_contact": "sari@esimerkki.example",
}
TOGETHER = {**WORKER, **PARENT, "parent_agrees": "on"}
WORDS = {"parent": PARENT, "worker": WORKER, "together": TOGETHER}


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def url_for(by: str, partner=None) -> str:
    place = reverse("contact_to", args=[partner.public_id]) if partner else CONTACT
    return f"{place}?by={by}"


def opened(client: Client, by: str, partner=None) -> str:
    """Open the form; its token."""
    return client.get(url_for(by, partner)).context["form"]["submission"].value()


def send(clock, by: str, client: Client | None = None, partner=None, **changes):
    """Open the form, take a minute, send."""
    client = client or Client()
    words = WORDS[by] | changes | {"submission": opened(client, by, partner)}
    clock.shift(60)
    return client.post(
        url_for(by, partner), {name: value for name, value in words.items() if value is not None}
    )


class TestSending:
    @pytest.mark.parametrize("by", ["parent", "worker", "together"])
    def test_a_message_waits_in_the_staffs_queue(self, clock, by):
        answer = send(clock, by)
        request = ContactRequest.objects.get()
        assert (answer.status_code, answer.url) == (302, SENT)
        assert (request.by, request.route, request.status, request.is_public, request.received_on) == (
            by,
            "staff",
            "waiting",
            True,
            today(),
        )
        written = {name: getattr(request, name) for name in (*PARENT, *WORKER)}
        sent = {name: value for name, value in WORDS[by].items() if name != "parent_agrees"}
        assert {name: value for name, value in written.items() if value} == sent

    def test_a_worker_alone_leaves_nothing_about_any_parent(self, clock):
        """Even who sends such fields by hand. Control: give the worker's form the parent's fields."""
        send(clock, "worker", **PARENT, area="Turku", parent_agrees="on")
        request = ContactRequest.objects.get()
        assert (
            request.parent_name,
            request.parent_contact,
            request.language,
            request.area,
            request.parent_agrees,
        ) == ("", "", "", "", False)

    def test_together_needs_the_parents_yes(self, clock):
        answer = send(clock, "together", parent_agrees=None)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["parent_agrees"])
        assert not ContactRequest.objects.exists()

    def test_together_the_worker_may_pass_the_messages_on(self, clock):
        send(clock, "together", parent_contact="")
        assert ContactRequest.objects.get().parent_contact == ""

    def test_wishes_are_kept(self, clock):
        theme, phase = TopicFactory(), TopicFactory(kind="life_phase")
        send(clock, "parent", themes=[theme.code], life_phases=[phase.code], area="Turku")
        request = ContactRequest.objects.get()
        assert (set(request.wishes.all()), request.area) == ({theme, phase}, "Turku")

    def test_to_a_partner_they_chose(self, clock):
        partner = show(ready_partner())
        send(clock, "parent", partner=partner)
        request = ContactRequest.objects.get()
        assert (request.route, request.chosen_partner) == ("partner", partner)

    def test_the_page_afterwards_says_when_and_nothing_else(self, clock, settings):
        settings.REQUEST_ANSWER_WORKING_DAYS = 4
        client = Client()
        send(clock, "together", client=client)
        text = client.get(SENT).content.decode()
        assert "4" in re.search(r'<p class="lead">(.*?)</p>', text, re.DOTALL)[1]
        assert [value for value in TOGETHER.values() if len(value) > 3 and value in text] == []

    def test_nobody_is_signed_in_and_the_staff_hear_of_it(self, clock):
        staff = user_in_role("staff")
        send(clock, "parent")
        request = ContactRequest.objects.get()
        row = AuditEvent.objects.get(object_kind="pairing.contactrequest")
        assert (row.action, row.actor_id, row.actor_role, row.object_id) == ("create", None, "", request.pk)
        notice = Notice.objects.get()
        assert (notice.recipient, notice.kind, notice.object_id) == (staff, "request_waiting", request.pk)

    def test_a_stranger_gets_no_session(self, clock):
        client = Client()
        send(clock, "parent", client=client)
        assert "sessionid" not in client.cookies

    def test_without_the_pages_own_token_nothing_is_taken(self):
        client = Client(enforce_csrf_checks=True)
        assert client.post(url_for("parent"), PARENT | {"submission": new_token_old()}).status_code == 403
        assert not ContactRequest.objects.exists()


def new_token_old() -> str:
    from kumppani.core.submissions import NOBODY

    return new_token(NOBODY)


class TestWords:
    @pytest.mark.parametrize(
        ("by", "changes", "field"),
        [
            ("parent", {"parent_name": ""}, "parent_name"),
            ("parent", {"parent_name": "x" * 61}, "parent_name"),
            ("parent", {"parent_name": "Jonna 010190-123A"}, "parent_name"),
            ("parent", {"parent_name": "a\x00b"}, "parent_name"),
            ("parent", {"parent_contact": ""}, "parent_contact"),
            ("parent", {"parent_contact": "soita illalla"}, "parent_contact"),
            ("parent", {"language": "zz"}, "language"),
            ("parent", {"language": ""}, "language"),
            ("parent", {"themes": ["no-such"]}, "themes"),
            ("worker", {"worker_name": ""}, "worker_name"),
            ("worker", {"worker_organisation": ""}, "worker_organisation"),
            ("worker", {"worker_contact": "talo 3"}, "worker_contact"),
            ("together", {"parent_contact": "ei ole"}, "parent_contact"),
        ],
    )
    def test_what_is_wrong_is_said_next_to_the_field_and_nothing_is_lost(self, clock, by, changes, field):
        TopicFactory()
        answer = send(clock, by, **changes)
        form = answer.context["form"]
        assert (answer.status_code, list(form.errors)) == (422, [field])
        kept = {name: form[name].value() for name in WORDS[by] if name != field and name in form.fields}
        assert all(kept[name] in (WORDS[by][name], True) for name in kept)
        assert not ContactRequest.objects.exists()

    @pytest.mark.parametrize("by", ["", "staff", "parent' OR 1=1"])
    def test_who_says_not_who_is_writing_is_asked(self, by):
        answers = [Client().get(url_for(by)), Client().post(url_for(by), PARENT)]
        assert [answer.status_code for answer in answers] == [200, 422]
        assert [answer.templates[0].name for answer in answers] == ["public/contact_choose.html"] * 2

    def test_every_form_says_to_leave_surname_child_and_story_out(self):
        for by, word in (("parent", "sukunim"), ("together", "sukunim"), ("worker", "lapsesta")):
            text = Client(headers={"Accept-Language": "en"}).get(url_for(by)).content.decode()
            wanted = {"sukunim": "surname", "lapsesta": "child"}[word]
            assert wanted in text.split("<form")[-2] + text.split("<form")[-1]

    def test_a_token_that_has_grown_old_loses_no_word(self, clock):
        client = Client()
        token = opened(client, "parent")
        clock.shift(60 * 60 * 24 * 3)
        answer = client.post(url_for("parent"), PARENT | {"submission": token})
        form = answer.context["form"]
        assert (answer.status_code, form["parent_name"].value()) == (422, "Jonna")
        clock.shift(30)
        again = client.post(url_for("parent"), PARENT | {"submission": form["submission"].value()})
        assert again.status_code == 302


class TestOnce:
    def test_a_double_tap_makes_one_row_and_the_same_answer(self, clock):
        client = Client()
        words = PARENT | {"submission": opened(client, "parent")}
        clock.shift(60)
        answers = [client.post(url_for("parent"), words) for _tap in range(2)]
        assert [(answer.status_code, answer.url) for answer in answers] == [(302, SENT)] * 2
        assert (ContactRequest.objects.count(), Notice.objects.count()) == (1, 0)

    def test_back_and_other_words_is_neither_lost_nor_saved_over(self, clock):
        client = Client()
        words = PARENT | {"submission": opened(client, "parent")}
        clock.shift(60)
        client.post(url_for("parent"), words)
        answer = client.post(url_for("parent"), words | {"parent_name": "Joni"})
        assert (answer.status_code, answer.context["form"]["parent_name"].value()) == (409, "Joni")
        assert ContactRequest.objects.get().parent_name == "Jonna"

    def test_a_token_that_is_not_ours_makes_no_row(self, clock):
        clock.shift(60)
        for token in ("", "made up", "x" * 500, new_token(user_in_role("staff").pk)):
            answer = Client().post(url_for("parent"), PARENT | {"submission": token})
            assert answer.status_code == 422
        assert not ContactRequest.objects.exists()

    @pytest.mark.django_db(transaction=True)
    def test_of_two_sendings_at_once_one_makes_the_row(self):
        client = Client()
        token = opened(client, "parent")
        start, answers = threading.Barrier(3), []

        def tap():
            try:
                start.wait(10)
                answers.append(Client().post(url_for("parent"), PARENT | {"submission": token}).status_code)
            finally:
                connection.close()

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("pairing.views.public.Contact.fastest_person", 0)
            threads = [threading.Thread(target=tap) for _number in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(30)
        assert (answers, ContactRequest.objects.count(), Submission.objects.count()) == ([302] * 3, 1, 1)


class TestPrograms:
    def test_faster_than_a_person_is_asked_to_look_again(self, clock):
        """Not swallowed: a quick person sends once more with the same form."""
        client = Client()
        words = PARENT | {"submission": opened(client, "parent")}
        clock.shift(1)
        answer = client.post(url_for("parent"), words)
        form = answer.context["form"]
        assert (answer.status_code, list(form.errors), form["parent_name"].value()) == (
            422,
            ["__all__"],
            "Jonna",
        )
        assert not ContactRequest.objects.exists()
        clock.shift(5)
        assert client.post(url_for("parent"), words).status_code == 302

    def test_who_fills_in_everything_is_asked_to_look_again(self, clock):
        answer = send(clock, "parent", homepage="https://buy.example")
        form = answer.context["form"]
        assert (answer.status_code, form["homepage"].value(), form["parent_name"].value()) == (
            422,
            "",
            "Jonna",
        )
        assert not ContactRequest.objects.exists()

    def test_the_trap_is_no_place_for_a_keyboard(self):
        text = Client().get(url_for("parent")).content.decode()
        trap = re.search(r'<input[^>]*name="homepage"[^>]*>', text)[0]
        assert ('tabindex="-1"' in trap, 'autocomplete="off"' in trap) == (True, True)

    def test_nobody_elses_script_and_no_picture_puzzle(self):
        text = Client().get(url_for("parent")).content.decode()
        assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]*"', text) == []


class TestLimit:
    def test_too_many_from_one_place_wait_and_lose_no_word(self, clock, settings):
        answers = [send(clock, "parent") for _time in range(settings.CONTACT_PER_HOUR + 1)]
        assert [answer.status_code for answer in answers] == [302] * settings.CONTACT_PER_HOUR + [429]
        form = answers[-1].context["form"]
        assert ({name: form[name].value() for name in PARENT}, answers[-1].headers["Retry-After"]) == (
            PARENT,
            "3600",
        )
        assert ContactRequest.objects.count() == settings.CONTACT_PER_HOUR

    def test_an_hour_later_the_same_form_goes_through(self, clock, settings):
        for _time in range(settings.CONTACT_PER_HOUR):
            send(clock, "parent")
        client = Client()
        refused = send(clock, "parent", client=client)
        words = PARENT | {"submission": refused.context["form"]["submission"].value()}
        clock.shift(60 * 60)
        assert client.post(url_for("parent"), words).status_code == 302

    def test_a_day_has_its_limit_too(self, clock, settings):
        an_hour, sent = settings.CONTACT_PER_HOUR, 0
        for _hour in range(settings.CONTACT_PER_DAY // an_hour + 2):
            sent += sum(send(clock, "parent").status_code == 302 for _time in range(an_hour))
            clock.shift(60 * 60)
        assert sent == settings.CONTACT_PER_DAY

    def test_another_place_is_not_held_up(self, clock, settings):
        elsewhere = Client(REMOTE_ADDR="203.0.113.7")
        for _time in range(settings.CONTACT_PER_HOUR + 1):
            send(clock, "parent")
        assert send(clock, "parent", client=elsewhere).status_code == 302

    def test_looking_mistakes_and_double_taps_count_for_nothing(self, clock, settings):
        client = Client()
        for _time in range(settings.CONTACT_PER_HOUR + 2):
            send(clock, "parent", client=client, parent_name="")
        words = PARENT | {"submission": opened(client, "parent")}
        clock.shift(60)
        for _tap in range(settings.CONTACT_PER_HOUR + 2):
            assert client.post(url_for("parent"), words).status_code == 302
        assert send(clock, "parent").status_code == 302

    def test_without_the_rows_the_count_starts_anew(self, clock, settings):
        """The negative control: it is the rows that hold the limit."""
        for _time in range(settings.CONTACT_PER_HOUR):
            send(clock, "parent")
        cache.clear()
        assert send(clock, "parent").status_code == 302


class TestPartnerWhoHasLeft:
    def test_the_words_stay_and_may_go_to_the_staff(self, clock):
        partner = show(ready_partner(first_name="Poissa"), "first_name")
        client = Client()
        words = PARENT | {"submission": opened(client, "parent", partner)}
        clock.shift(60)
        DirectoryConsent.objects.update(withdrawn_at="2030-01-01T00:00Z")
        answer = client.post(url_for("parent", partner), words)
        text = answer.content.decode()
        assert (answer.status_code, answer.context["form"]["parent_name"].value()) == (409, "Jonna")
        assert (f'action="{CONTACT}?by=parent"' in text, "Poissa" in text) == (True, False)
        again = client.post(url_for("parent"), words)
        assert (again.status_code, ContactRequest.objects.get().route) == (302, "staff")

    def test_a_second_tap_after_that_is_answered_kindly(self, clock):
        partner = show(ready_partner(), "first_name")
        client = Client()
        words = PARENT | {"submission": opened(client, "parent", partner)}
        clock.shift(60)
        client.post(url_for("parent", partner), words)
        DirectoryConsent.objects.update(withdrawn_at="2030-01-01T00:00Z")
        answer = client.post(url_for("parent", partner), words)
        assert (answer.status_code, answer.url, ContactRequest.objects.count()) == (302, SENT, 1)


# --- what the staff make of it ----------------------------------------------------------------------------
def token(client, url) -> str:
    return client.get(url).context["form"]["submission"].value()


class TestQueue:
    def test_both_routes_and_both_doors_stand_in_one_queue_the_longest_waiting_first(self, people):
        chosen = PublicRequestFactory(
            from_parent=True,
            route="partner",
            chosen_partner=people.own.partner,
            received_on=today().replace(year=2020),
        )
        answer = people.staff.client().get(reverse("request_list"))
        listed = list(answer.context["rows"])
        assert listed[0] == chosen
        assert {people.own.request, people.common.public_request, chosen} <= set(listed)
        assert [row.waiting_days for row in listed] == sorted(
            (row.waiting_days for row in listed), reverse=True
        )

    def test_a_social_worker_sees_none_of_the_public_ones(self, people):
        rows = people.worker.client().get(reverse("request_list")).context["rows"]
        assert [row for row in rows if row.is_public] == []

    @pytest.mark.parametrize("kind", ["from_parent", "from_worker"])
    def test_what_was_written_is_on_its_page(self, people, kind):
        request = PublicRequestFactory(**{kind: True})
        text = people.staff.client().get(reverse("request_detail", args=[request.pk])).content.decode()
        written = {"from_parent": request.parent_contact, "from_worker": request.worker_contact}[kind]
        assert written in text
        assert reverse("request_complete", args=[request.pk]) in text

    def test_no_partner_is_proposed_before_it_is_known_who_is_who(self, people):
        request = people.common.public_request
        with pytest.raises(MoveRefused):
            services.propose_pair(request=request, partner=ready_partner(), by=people.staff.actor)
        assert people.staff.client().get(reverse("request_propose", args=[request.pk])).status_code == 403

    def test_it_can_be_withdrawn_like_any_other(self, people):
        request = people.common.public_request
        people.staff.client().post(reverse("request_withdraw", args=[request.pk]))
        request.refresh_from_db()
        assert request.status == "withdrawn"

    def test_the_first_answer_is_dated_once_and_the_request_goes_on_waiting(self, people):
        url = reverse("request_answered", args=[people.common.public_request.pk])
        client = people.staff.client()
        with time_machine.travel("2026-03-02T10:00:00Z", tick=False):
            client.post(url)
        client.post(url)
        request = ContactRequest.objects.get(pk=people.common.public_request.pk)
        assert (request.answered_on.isoformat(), request.status) == ("2026-03-02", "waiting")
        rows = AuditEvent.objects.filter(object_id=request.pk, action="change")
        assert [row.fields_changed for row in rows] == [["answered_on"]]


class TestCompleting:
    def complete(self, people, request, **changes):
        client, url = people.staff.client(), reverse("request_complete", args=[request.pk])
        words = {
            "submission": token(client, url),
            "social_worker": str(people.own.worker.pk),
            "code": "",
            "first_name": "Jonna",
            "language": "fi",
            "contact_way": "phone",
            "contact": "040 000 0000",
            "area": "Turku",
            "parent_agrees": "on",
        }
        sent = {name: value for name, value in (words | changes).items() if value is not None}
        return client.post(url, sent)

    def test_the_form_brings_what_was_written(self, people):
        request = PublicRequestFactory(
            from_parent=True, parent_contact="jonna@esimerkki.example", language="sv"
        )
        form = people.staff.client().get(reverse("request_complete", args=[request.pk])).context["form"]
        found = {name: form[name].value() for name in ("first_name", "language", "contact_way", "contact")}
        assert found == {
            "first_name": "Jonna",
            "language": "sv",
            "contact_way": "email",
            "contact": "jonna@esimerkki.example",
        }

    def test_it_becomes_a_request_like_any_other_in_its_old_place(self, people):
        request = people.common.public_request
        answer = self.complete(people, request)
        request.refresh_from_db()
        parent = request.parent
        assert (answer.status_code, answer.url) == (302, reverse("request_detail", args=[request.pk]))
        assert (request.is_complete, request.social_worker, request.status, request.area) == (
            True,
            people.own.worker,
            "waiting",
            "Turku",
        )
        assert (parent.first_name, parent.contact, parent.social_worker) == (
            "Jonna",
            "040 000 0000",
            people.own.worker,
        )
        assert ContactRequest.objects.visible_to(people.worker.actor).filter(pk=request.pk).exists()
        partner = ready_partner()
        assert services.propose_pair(request=request, partner=partner, by=people.staff.actor).parent == parent

    def test_what_the_parent_typed_does_not_stay_twice(self, people):
        request = people.common.public_request
        self.complete(people, request)
        request.refresh_from_db()
        assert (request.parent_name, request.parent_contact, request.language) == ("", "", "")

    def test_the_social_worker_hears_of_it(self, people):
        self.complete(people, people.common.public_request)
        notice = Notice.objects.get(kind="request_for_worker")
        assert (notice.recipient, notice.object_id) == (people.worker.user, people.common.public_request.pk)

    def test_a_parent_recorded_before_is_found_by_the_code(self, people):
        parent, before = people.own.quiet_parent, Parent.objects.count()
        self.complete(
            people, people.common.public_request, code=f" {parent.case_code.lower()} ", first_name=""
        )
        request = ContactRequest.objects.get(pk=people.common.public_request.pk)
        assert (request.parent, Parent.objects.count()) == (parent, before)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"social_worker": ""}, "social_worker"),
            ({"social_worker": "00000000-0000-4000-8000-000000000000"}, "social_worker"),
            ({"parent_agrees": None}, "parent_agrees"),
            ({"first_name": ""}, "first_name"),
            ({"language": ""}, "language"),
            ({"contact_way": ""}, "contact_way"),
            ({"contact": ""}, "contact"),
            ({"code": "K-EIOLE"}, "code"),
        ],
    )
    def test_what_is_wrong_is_said_next_to_the_field(self, people, changes, field):
        before = Parent.objects.count()
        answer = self.complete(people, people.common.public_request, **changes)
        assert (answer.status_code, list(answer.context["form"].errors), Parent.objects.count()) == (
            422,
            [field],
            before,
        )

    def test_another_workers_parent_is_not_moved(self, people):
        answer = self.complete(
            people, people.common.public_request, code=people.foreign.quiet_parent.case_code
        )
        assert list(answer.context["form"].errors) == ["code"]

    def test_who_has_a_partner_already_needs_no_second_request(self, people):
        answer = self.complete(people, people.common.public_request, code=people.own.parent.case_code)
        assert (answer.status_code, list(answer.context["form"].errors)) == (409, ["__all__"])
        assert not ContactRequest.objects.get(pk=people.common.public_request.pk).is_complete

    def test_who_has_a_waiting_request_already_needs_no_second_one(self, people):
        answer = self.complete(people, people.common.public_request, code=people.own.request.parent.case_code)
        assert (
            answer.status_code,
            ContactRequest.objects.waiting().filter(parent__isnull=True).exists(),
        ) == (
            422,
            True,
        )

    def test_the_second_of_two_who_complete_it_is_told(self, people):
        request, stale = (
            people.common.public_request,
            ContactRequest.objects.get(pk=people.common.public_request.pk),
        )
        self.complete(people, request)
        before = Parent.objects.count()
        with pytest.raises(MoveRefused):
            services.complete_request(
                request=stale,
                by=people.other_staff.actor,
                social_worker=people.own.worker,
                parent_agrees=True,
                new_parent={"first_name": "Toinen", "contact_way": "worker"},
            )
        assert Parent.objects.count() == before

    def test_a_fault_on_the_way_leaves_nothing_half_done(self, people, monkeypatch):
        """Control: take `@transaction.atomic` off the service."""
        before = Parent.objects.count()
        monkeypatch.setattr("pairing.services.requests.notify", lambda *args, **kwargs: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            services.complete_request(
                request=people.common.public_request,
                by=people.staff.actor,
                social_worker=people.own.worker,
                parent_agrees=True,
                new_parent={"first_name": "Kesken", "contact_way": "worker"},
            )
        request = ContactRequest.objects.get(pk=people.common.public_request.pk)
        assert (Parent.objects.count(), request.is_complete, request.parent_name) == (before, False, "Jonna")


class TestConstraints:
    """What must never be, whoever writes it: each tried both ways."""

    def test_a_parents_words_need_the_parents_yes(self):
        assert PublicRequestFactory().pk
        with pytest.raises(ValidationError, match=r"suostumu|consent"):
            PublicRequestFactory.build(parent_agrees=False).full_clean()

    def test_only_a_public_request_may_lack_its_people(self):
        assert PublicRequestFactory(from_worker=True).pk
        with pytest.raises(ValidationError):
            PublicRequestFactory.build(is_public=False).full_clean()

    def test_a_matched_request_names_its_people(self):
        assert ContactRequestFactory(status="matched").pk
        with pytest.raises(ValidationError):
            PublicRequestFactory.build(status="matched").full_clean()


def test_a_stranger_keeps_no_words_in_the_table(clock):
    """A public form's token is good for the public form alone."""
    client = Client()
    client.post(reverse("request_create"), PARENT | {"submission": opened(client, "parent")})
    assert KeptWords.objects.count() == 0


def test_a_parent_of_another_worker_cannot_be_linked_past_the_form():
    staff = user_in_role("staff")
    from kumppani.accounts.actor import actor_for

    request, parent = PublicRequestFactory(), ParentFactory()
    with pytest.raises(MoveRefused):
        services.complete_request(
            request=request,
            by=actor_for(staff, "staff"),
            social_worker=SocialWorkerFactory(),
            parent=parent,
            parent_agrees=True,
        )
    relationship = relationship_in("acquainting")
    with pytest.raises(MoveRefused):
        services.complete_request(
            request=request,
            by=actor_for(staff, "staff"),
            social_worker=relationship.social_worker,
            parent=relationship.parent,
            parent_agrees=True,
        )
