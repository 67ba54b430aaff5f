"""The one-purpose link of an order: who holds it sees one order, and only a button's POST does a thing (trust.md 1)."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from kumppani.accounts.links import LINK_DAYS
from kumppani.accounts.models import hash_token
from kumppani.audit.models import AuditEvent
from kumppani.core.dates import today
from kumppani.core.letters import MAX_ATTEMPTS
from kumppani.core.states import MoveRefused
from kumppani.notices.kinds import KINDS
from kumppani.notices.models import Notice
from tasks import services
from tasks.letters import SENTENCES
from tasks.models import Assignment, Letter, Order, OrdererFeedback, OrderLink
from tests.factories.accounts import user_in_role
from tests.factories.pairing import ready_partner
from tests.factories.tasks import (
    AssignmentFactory,
    OrdererFeedbackFactory,
    OrderFactory,
    OrderLinkFactory,
    ParticipationFactory,
)
from tests.mail import LATER, free_port, link_in, serving, use, words_of, work_off_the_queue
from tests.personas import Person

pytestmark = pytest.mark.django_db

FOLLOW, AGREE, WITHDRAW, FEEDBACK, RENEW, RENEWED = (
    reverse(name)
    for name in (
        "order_follow",
        "order_agree",
        "order_withdraw",
        "order_feedback",
        "order_renew",
        "order_renewed",
    )
)
TOO_LATE = "The day is over, so the sum can no longer be agreed to here. Write to us if something is unclear."
PAGES = (FOLLOW, AGREE, WITHDRAW, FEEDBACK)
PAID_BY_ORDERER = {"payer": "orderer", "grant": None, "orderer_amount": Decimal("250.00")}


@pytest.fixture
def staff(db):
    return Person("staff", user_in_role("staff", language="en"), "staff")


def taken(status: str = "requested", **facts) -> Assignment:
    """An order that has been taken on; the orderer pays 250 €."""
    return AssignmentFactory(order=OrderFactory(status="taken"), status=status, **(PAID_BY_ORDERER | facts))


def done(**facts) -> Assignment:
    agreed = {"orderer_agreed_on": today(), "orderer_agreed_how": "link"}
    return taken("done", date=today() - datetime.timedelta(days=1), **agreed, **facts)


def holder(order: Order, **link) -> Client:
    """A browser that has opened a link to this order."""
    client = Client(headers={"Accept-Language": "en"})
    client.get(reverse("order_open", args=[OrderLinkFactory(order=order, **link).make_token()]))
    return client


def rows(*models) -> list[dict]:
    """Every value of every row."""
    return [list(model.objects.order_by("pk").values()) for model in models]


def everything() -> list:
    return rows(Order, OrderLink, Assignment, OrdererFeedback, Notice)


class TestTheLetter:
    def test_it_is_queued_with_the_deed_and_sent_by_the_worker(self):
        order = OrderFactory()
        services.send_link(order=order, letter=Letter.RECEIVED)
        assert mail.outbox == []
        work_off_the_queue()
        (letter,) = mail.outbox
        assert letter.to == [order.contact_email]
        assert OrderLink.objects.get().letter_sent_at is not None

    def test_it_is_not_queued_when_the_deed_is_undone(self):
        with pytest.raises(RuntimeError), transaction.atomic():
            services.send_link(order=OrderFactory(), letter=Letter.RECEIVED)
            raise RuntimeError
        assert (OrderLink.objects.count(), DBTaskResult.objects.count()) == (0, 0)

    def test_its_token_rests_nowhere_but_as_a_hash(self):
        link = services.send_link(order=OrderFactory(), letter=Letter.RECEIVED)
        work_off_the_queue()
        token = link_in(mail.outbox[0]).split("/")[3]
        link.refresh_from_db()
        assert link.token_hash == hash_token(token) != token
        assert token not in str(list(DBTaskResult.objects.values()))
        assert [row["args"] for row in DBTaskResult.objects.values_list("args_kwargs", flat=True)] == [
            [str(link.pk)]
        ]
        assert token not in str(list(AuditEvent.objects.values()))

    @pytest.mark.parametrize("letter", Letter.values)
    def test_it_is_neutral_and_in_the_orders_own_language(self, letter):
        """Neither what was ordered, nor by whom, nor a partner's name. Control: put `order.title` into the letter."""
        order = OrderFactory(title="Salainen aihe", organisation_name="Salainen kunta", language="en")
        order.partners.set([ready_partner()])
        services.send_link(order=order, letter=letter)
        work_off_the_queue()
        words = words_of(mail.outbox[0])
        assert [word for word in ("Salainen", "Tilaaja", *_names(order)) if word in words] == []
        assert mail.outbox[0].subject == str(SENTENCES[letter][0])

    def test_its_language_is_not_the_workers(self):
        for language in ("fi", "sv", "en"):
            services.send_link(order=OrderFactory(language=language), letter=Letter.FEEDBACK)
        work_off_the_queue()
        htmls = [str(letter.alternatives[0].content) for letter in mail.outbox]
        assert [html.split('lang="')[1][:2] for html in htmls] == ["fi", "sv", "en"]

    def test_it_is_not_sent_when_revoked_in_between(self, staff):
        link = services.send_link(order=OrderFactory(), letter=Letter.RECEIVED)
        services.revoke_link(link=link, by=staff.actor)
        work_off_the_queue()
        assert mail.outbox == []

    def test_a_letter_not_taken_is_tried_again_later(self, mail_server):
        mail_server.script = [LATER]
        services.send_link(order=OrderFactory(), letter=Letter.RECEIVED)
        with time_machine.travel(timezone.now(), tick=False) as clock:
            work_off_the_queue()
            clock.shift(datetime.timedelta(minutes=1, seconds=1))
            work_off_the_queue()
        assert len(mail_server.received) == 1
        assert Client().get(link_in(mail_server.received[0])).status_code == 302

    @pytest.mark.logs_errors
    def test_after_ten_attempts_it_is_given_up_where_the_staff_see_it(
        self, staff, settings, no_error_in_the_log
    ):
        use(settings, free_port())
        order = OrderFactory()
        link = services.send_link(order=order, letter=Letter.RECEIVED)
        with time_machine.travel(timezone.now(), tick=False) as clock:
            for _attempt in range(MAX_ATTEMPTS + 3):
                work_off_the_queue()
                clock.shift(datetime.timedelta(hours=7))
        link.refresh_from_db()
        assert (DBTaskResult.objects.count(), link.letter_given_up_at is not None) == (MAX_ATTEMPTS, True)
        (line,) = no_error_in_the_log
        assert order.contact_email not in line
        page = staff.client().get(reverse("order_detail", args=[order.pk]))
        assert (
            page.context["letter_is_lost"],
            reverse("order_contact", args=[order.pk]) in page.content.decode(),
        ) == (
            True,
            True,
        )


def _names(order: Order) -> list[str]:
    return [name for partner in order.partners.all() for name in (partner.first_name, partner.name)]


@pytest.fixture
def mail_server(settings):
    with serving(settings) as server:
        yield server


class TestTheDoor:
    def test_the_token_leaves_the_address_and_rests_in_no_session(self):
        token = OrderLinkFactory().make_token()
        client = Client()
        answer = client.get(reverse("order_open", args=[token]))
        assert (answer.status_code, answer.url, answer.headers["Referrer-Policy"]) == (
            302,
            FOLLOW,
            "no-referrer",
        )
        assert token not in str(dict(client.session))
        assert token not in client.get(FOLLOW).content.decode()

    @pytest.mark.parametrize("method", ["get", "head"])
    def test_looking_changes_nothing(self, method):
        """Link checkers look, too. Control: agree in `get`."""
        for assignment, open_pages in ((taken(), [FOLLOW, AGREE]), (done(), [FOLLOW, FEEDBACK])):
            client = holder(assignment.order)
            before = everything()
            answers = {page: getattr(client, method)(page).status_code for page in PAGES}
            assert answers == {page: 200 if page in open_pages else 302 for page in PAGES}
            assert everything() == before
        client = holder(OrderFactory())
        before = everything()
        assert getattr(client, method)(WITHDRAW).status_code == 200
        assert everything() == before

    @pytest.mark.parametrize(
        "state",
        [
            {"revoked_at": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)},
            {"expires_at": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)},
            {"sent_to": "toinen@esimerkki.example"},
        ],
        ids=["revoked", "too old", "another address"],
    )
    def test_a_closed_link_opens_no_page_and_does_nothing(self, state):
        client = holder(taken().order, **state)
        before = everything()
        assert [client.get(page).status_code for page in PAGES] == [404] * 4
        posts = [client.post(page, {"amount": "250.00"}).status_code for page in (AGREE, WITHDRAW, FEEDBACK)]
        assert posts == [404] * 3
        assert everything() == before

    def test_a_link_closes_under_its_holders_hands(self, staff):
        assignment = taken()
        client = holder(assignment.order)
        assert client.get(FOLLOW).status_code == 200
        services.revoke_link(link=assignment.order.links.get(), by=staff.actor)
        assert (client.get(FOLLOW).status_code, client.post(AGREE, {"amount": "250.00"}).status_code) == (
            404,
            404,
        )

    def test_it_is_good_for_a_fortnight(self):
        link = services.send_link(order=OrderFactory(), letter=Letter.RECEIVED)
        assert LINK_DAYS == 14
        with time_machine.travel(timezone.now(), tick=False) as clock:
            link.expires_at = OrderLink.default_expiry()
            clock.shift(datetime.timedelta(days=14, seconds=-1))
            assert link.is_open
            clock.shift(datetime.timedelta(seconds=1))
            assert (link.is_open, link.can_renew) == (False, True)

    def test_nobody_without_a_link_gets_in(self):
        assert [Client().get(page).status_code for page in PAGES] == [404] * 4

    def test_a_closed_page_offers_a_fresh_link_only_where_one_can_come(self):
        yesterday = timezone.now() - datetime.timedelta(days=1)
        pages = {
            "too old": holder(OrderFactory(), expires_at=yesterday).get(FOLLOW),
            "too old and revoked": holder(OrderFactory(), expires_at=yesterday, revoked_at=yesterday).get(
                FOLLOW
            ),
            "never was": Client().get(reverse("order_open", args=["never"])),
        }
        offered = {what: RENEW in page.content.decode() for what, page in pages.items()}
        assert offered == {"too old": True, "too old and revoked": False, "never was": False}


class TestThePage:
    def test_it_names_no_partner_and_no_other_order(self):
        assignment = taken()
        partner = ready_partner()
        assignment.order.partners.set([partner])
        ParticipationFactory(assignment=assignment, partner=partner, status="accepted")
        other = OrderFactory(title="Toisen asia")
        client = holder(assignment.order)
        for page in (FOLLOW, AGREE):
            text = client.get(page).content.decode()
            told = (partner.first_name, partner.last_name, str(partner.pk), other.title, other.contact_email)
            assert [word for word in told if f">{word}" in text or f" {word} " in text] == []

    @pytest.mark.parametrize(
        ("status", "sentence"),
        [("requested", "1 of 2 has said yes so far."), ("agreed", "It is agreed. 1 partner comes.")],
    )
    def test_it_says_how_many_have_said_yes(self, status, sentence):
        agreed = {"orderer_agreed_on": today(), "orderer_agreed_how": "link"}
        assignment = taken(status, partners_wanted=2, **agreed)
        for answer in ("accepted", "offered", "declined"):
            ParticipationFactory(assignment=assignment, status=answer)
        text = " ".join(holder(assignment.order).get(FOLLOW).content.decode().split())
        assert sentence in text

    def test_what_waits_is_offered_and_nothing_else(self):
        def offered(order: Order) -> set[str]:
            text = holder(order).get(FOLLOW).content.decode()
            return {page for page in (AGREE, WITHDRAW, FEEDBACK) if f'href="{page}"' in text}

        reviewed = done()
        OrdererFeedbackFactory(assignment=reviewed)
        found = {
            "new": offered(OrderFactory()),
            "declined": offered(OrderFactory(status="declined", declined_because="Ei nyt.")),
            "withdrawn": offered(OrderFactory(status="withdrawn")),
            "to agree": offered(taken().order),
            "without a sum": offered(taken(orderer_amount=None).order),
            "called off": offered(taken("cancelled").order),
            "done": offered(done().order),
            "looked back on": offered(reviewed.order),
        }
        assert found == {
            "new": {WITHDRAW},
            "declined": set(),
            "withdrawn": set(),
            "to agree": {AGREE},
            "without a sum": set(),
            "called off": set(),
            "done": {FEEDBACK},
            "looked back on": set(),
        }


class TestAgreeing:
    def agree(self, client: Client, amount: str = "250.00"):
        return client.post(AGREE, {"amount": amount})

    def test_a_yes_is_written_down_with_its_day_and_its_way(self, staff):
        assignment = taken()
        assert self.agree(holder(assignment.order)).url == FOLLOW
        assignment.refresh_from_db()
        assert (assignment.orderer_agreed_on, assignment.orderer_agreed_how) == (today(), "link")
        notice = Notice.objects.get()
        assert (notice.recipient, notice.kind, notice.object_id) == (
            staff.user,
            "orderer_agreed",
            assignment.pk,
        )
        row = AuditEvent.objects.get(object_kind="tasks.assignment", action="change")
        assert (row.actor_id, row.fields_changed) == (None, ["orderer_agreed_how", "orderer_agreed_on"])

    def test_pressing_twice_is_one_yes(self, staff):
        assignment = taken()
        client = holder(assignment.order)
        for _press in range(2):
            self.agree(client)
        assert Notice.objects.count() == 1

    @pytest.mark.parametrize("amount", ["200.00", "", "NaN", "rubbish"])
    def test_another_sum_than_the_one_on_the_page_has_not_been_agreed_to(self, amount):
        """Staff may change it between looking and pressing. Control: leave out `amount`."""
        assignment = taken()
        self.agree(holder(assignment.order), amount)
        assignment.refresh_from_db()
        assert assignment.orderer_agreed_on is None

    def test_the_sum_is_agreed_to_on_the_day_itself_at_the_latest(self, staff):
        for status in ("requested", "agreed"):
            assignment = taken(status, date=today() - datetime.timedelta(days=1))
            client = holder(assignment.order)
            assert client.get(AGREE).status_code == 302
            answer = self.agree(client)
            assert [str(message) for message in get_messages(answer.wsgi_request)] == [TOO_LATE]
            assert client.get(FOLLOW).content.decode().count(TOO_LATE) == 2, (
                "the sentence, and how things stand"
            )
            assignment.refresh_from_db()
            assert assignment.orderer_agreed_on is None
        services.agree_fee_told(assignment=assignment, by=staff.actor)
        assignment.refresh_from_db()
        assert assignment.orderer_agreed_how == "staff", "what was said in time may be written down later"
        self.agree(holder((last := taken(date=today())).order))
        last.refresh_from_db()
        assert last.orderer_agreed_on == today()

    def test_what_is_called_off_is_not_agreed_to(self):
        assignment = taken("cancelled")
        self.agree(holder(assignment.order))
        assignment.refresh_from_db()
        assert assignment.orderer_agreed_on is None

    def test_the_page_shows_the_sum_and_carries_it(self):
        page = holder(taken().order).get(AGREE)
        assert page.context["hidden"] == {"amount": "250.00"}

    def test_the_page_says_what_the_sum_is_for_and_what_comes_on_top(self):
        """A journey of an assignment that the orderer pays is the orderer's to pay (`services.travel`)."""
        assignment = taken()
        page = holder(assignment.order).get(AGREE).context
        assert (page["text"], page["consequences"][0]) == (
            f"{assignment.title}: your organisation pays 250.00\u00a0€ for the partners' fees.",
            "Travel comes on top of it: each partner claims the journey afterwards, by the rates of that day, and"
            " your organisation pays it too.",
        )

    def test_staff_write_down_what_was_told(self, staff):
        assignment = taken()
        answer = staff.client().post(reverse("assignment_agreed_told", args=[assignment.pk]))
        assignment.refresh_from_db()
        assert answer.url == assignment.get_absolute_url()
        assert (assignment.orderer_agreed_on, assignment.orderer_agreed_how) == (today(), "staff")
        with pytest.raises(MoveRefused):
            services.agree_fee_told(assignment=assignment, by=staff.actor)


class TestWithdrawing:
    def test_while_it_waits_it_can_be_taken_back(self, staff):
        order = OrderFactory()
        holder(order).post(WITHDRAW)
        order.refresh_from_db()
        assert order.status == "withdrawn"
        assert [notice.kind for notice in Notice.objects.all()] == ["order_withdrawn"]

    def test_who_comes_after_the_staff_is_told_so(self, staff):
        order = OrderFactory()
        client = holder(order)
        services.decline_order(order=order, because="Ei nyt.", by=staff.actor)
        client.post(WITHDRAW)
        order.refresh_from_db()
        assert order.status == "declined"


class TestFeedback:
    WORDS = {"grade": "4", "words": "Puhutteli koko tiimiä", "quote_consent": "on"}

    def give(self, client: Client, **changes):
        token = client.get(FEEDBACK).context["form"]["submission"].value()
        return client.post(FEEDBACK, self.WORDS | changes | {"submission": token})

    def test_it_is_kept_and_read_by_the_staff_and_those_who_took_part(self, staff):
        assignment = done()
        partner, absent = (ready_partner(user=user_in_role("partner")) for _two in range(2))
        ParticipationFactory(assignment=assignment, partner=partner, status="done")
        ParticipationFactory(assignment=assignment, partner=absent, status="declined")
        assert self.give(holder(assignment.order)).url == FOLLOW
        feedback = OrdererFeedback.objects.get()
        assert (feedback.assignment, feedback.grade, feedback.words, feedback.quote_consent) == (
            assignment,
            4,
            "Puhutteli koko tiimiä",
            True,
        )
        told = {notice.recipient for notice in Notice.objects.filter(kind="orderer_feedback")}
        assert told == {staff.user, partner.user}
        readers = {
            person.name: OrdererFeedback.objects.visible_to(person.actor).exists()
            for person in (
                staff,
                Person("partner", partner.user, "partner"),
                Person("absent", absent.user, "partner"),
            )
        }
        assert readers == {"staff": True, "partner": True, "absent": False}
        page = Person("partner", partner.user, "partner").client().get(assignment.get_absolute_url())
        assert "Puhutteli koko tiimiä" in page.content.decode()

    def test_a_grade_is_enough_and_nothing_is_quoted_unasked(self):
        self.give(holder(done().order), words="", quote_consent="")
        feedback = OrdererFeedback.objects.get()
        assert (feedback.words, feedback.quote_consent) == ("", False)

    def test_it_is_given_once(self):
        assignment = done()
        one, other = holder(assignment.order), holder(assignment.order)
        token = other.get(FEEDBACK).context["form"]["submission"].value()
        self.give(one)
        late = other.post(FEEDBACK, {"grade": "1", "words": "Toinen", "submission": token})
        assert (late.status_code, OrdererFeedback.objects.get().grade) == (409, 4)
        assert one.get(FEEDBACK).url == FOLLOW

    def test_a_double_tap_gets_the_same_answer(self):
        client = holder(done().order)
        token = client.get(FEEDBACK).context["form"]["submission"].value()
        answers = [client.post(FEEDBACK, self.WORDS | {"submission": token}) for _tap in range(2)]
        assert [answer.url for answer in answers] == [FOLLOW, FOLLOW]

    @pytest.mark.parametrize("status", ["requested", "agreed", "cancelled"])
    def test_only_what_has_been_done_is_looked_back_on(self, status):
        assignment = taken(status)
        client = holder(assignment.order)
        assert client.get(FEEDBACK).url == FOLLOW
        with pytest.raises(MoveRefused):
            services.give_orderer_feedback(link=assignment.order.links.get(), grade=5)

    @pytest.mark.parametrize(
        "changes",
        [{"grade": ""}, {"grade": "6"}, {"grade": "0"}, {"words": "010190-123A"}, {"words": "x" * 601}],
    )
    def test_what_does_not_fit_is_said_and_no_word_is_lost(self, changes):
        answer = self.give(holder(done().order), **changes)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, list(changes))
        assert not OrdererFeedback.objects.exists()

    def test_one_feedback_an_assignment_and_a_known_grade(self):
        """By the database itself."""
        assignment = done()
        assert OrdererFeedbackFactory(assignment=assignment).pk
        for facts in ({"assignment": assignment}, {"grade": 0}, {"grade": 6}):
            with pytest.raises(IntegrityError), transaction.atomic():
                OrdererFeedbackFactory(**facts)


class TestRenewing:
    YESTERDAY = {"expires_at": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)}

    def test_a_fresh_link_goes_to_the_address_on_file(self):
        order = OrderFactory()
        answer = holder(order, **self.YESTERDAY).post(RENEW)
        fresh = order.links.get(letter=Letter.RENEWED)
        assert (answer.url, fresh.sent_to) == (RENEWED, order.contact_email)
        work_off_the_queue()
        assert Client().get(link_in(mail.outbox[0])).status_code == 302

    def test_it_says_the_same_whatever_happens(self):
        """Control: send one for a link that was revoked."""
        state = {"revoked_at": timezone.now()}
        browsers = {
            "too old": holder(OrderFactory(), **self.YESTERDAY),
            "revoked": holder(OrderFactory(), **self.YESTERDAY, **state),
            "another address": holder(OrderFactory(), **self.YESTERDAY, sent_to="x@esimerkki.example"),
            "still good": holder(OrderFactory()),
            "none": Client(headers={"Accept-Language": "en"}),
        }
        answers = {what: client.post(RENEW) for what, client in browsers.items()}
        assert {(answer.status_code, answer.url) for answer in answers.values()} == {(302, RENEWED)}
        assert OrderLink.objects.filter(letter=Letter.RENEWED).count() == 1

    def test_nobody_fills_an_inbox(self):
        order = OrderFactory()
        client = holder(order, **self.YESTERDAY)
        for _time in range(6):
            assert client.post(RENEW).status_code == 302
        assert order.links.filter(letter=Letter.RENEWED).count() == 3


def test_the_notices_lead_to_those_who_may_know(people):
    def known(kind: str, pk) -> set[str]:
        return {
            person.name
            for person in people.everybody()
            if person.actor is not None and KINDS[kind].visible(person.actor, pk)
        }

    both = {"staff", "other_staff"}
    order, feedback = people.own.order, people.own.orderer_feedback
    assert known("order_waiting", order.pk) == known("order_withdrawn", order.pk) == both
    assert known("orderer_agreed", people.own.ordered_assignment.pk) == both
    assert known("orderer_feedback", feedback.assignment_id) == both | {"partner"}
    services.withdraw_order(order=order)
    assert known("order_waiting", order.pk) == set()
