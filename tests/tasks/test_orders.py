"""Ordering without an account, and what the staff make of it (A31, B20, B21)."""

import datetime
import re
import uuid
from decimal import Decimal

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from kumppani.audit.models import AuditEvent
from kumppani.core.dates import today
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.notices.models import Notice
from kumppani.organisations.models import Organisation
from pairing.models import DirectoryConsent, ExperiencePartner
from tasks import services
from tasks.forms.orders import PARTNERS_SHOWN
from tasks.models import Assignment, Letter, Order, OrderLink
from tests.factories.accounts import user_in_role
from tests.factories.organisations import GrantFactory, OrganisationFactory
from tests.factories.pairing import ready_partner, show
from tests.factories.tasks import AssignmentFactory, AssignmentKindFactory, OrderFactory, OrderLinkFactory
from tests.mail import work_off_the_queue
from tests.personas import Person

pytestmark = pytest.mark.django_db

FORM, SENT = reverse("order_create"), reverse("order_sent")
NOON = "2026-03-02T10:00:00Z"
DAY = datetime.date(2026, 4, 14)

WORDS = {
    "title": "Puheenvuoro uusille työntekijöille",
    "words": "Miltä tuntui ensimmäinen tapaaminen?",
    "target": "ways",
    "audience": "Uudet sosiaalityöntekijät",
    "audience_size": "14",
    "date": DAY.isoformat(),
    "starts_at": "09:00",
    "hours": "2,5",
    "place": "Kaupungintalo",
    "partners_wanted": "2",
    "payer": "orderer",
    "organisation_name": "Esimerkkilän kaupunki, perhepalvelut",
    "contact_name": "Tiina Tilaaja",
    "contact_email": "tiina.tilaaja@esimerkki.example",
    "contact_phone": "040 123 4567",
    "language": "sv",
}


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def staff(db):
    return Person("staff", user_in_role("staff", language="en"), "staff")


def address(partner=None) -> str:
    return reverse("order_to", args=[partner.public_id]) if partner else FORM


def opened(client: Client, partner=None) -> str:
    """Open the form; its token."""
    return client.get(address(partner)).context["form"]["submission"].value()


def send(clock, client: Client | None = None, partner=None, **changes):
    """Open the form, take a minute, send."""
    client = client or Client()
    words = WORDS | changes | {"submission": opened(client, partner)}
    clock.shift(60)
    return client.post(address(partner), {name: value for name, value in words.items() if value is not None})


class TestSending:
    def test_an_order_waits_in_the_staffs_queue_as_it_was_written(self, clock):
        answer = send(clock)
        order = Order.objects.get()
        assert (answer.status_code, answer.url) == (302, SENT)
        written = {name: getattr(order, name) for name in WORDS}
        assert written == WORDS | {
            "audience_size": 14,
            "date": DAY,
            "starts_at": datetime.time(9),
            "hours": Decimal("2.5"),
            "partners_wanted": 2,
        }
        assert (order.status, order.received_on, order.recorded_by_staff, order.organisation) == (
            "new",
            today(),
            False,
            None,
        )

    def test_what_is_marked_optional_may_be_left_out(self, clock):
        optional = ("words", "target", "audience", "audience_size", "starts_at", "place", "contact_phone")
        answer = send(clock, **dict.fromkeys(optional))
        order = Order.objects.get()
        assert answer.status_code == 302
        assert [getattr(order, name) for name in optional] == ["", "", "", None, None, "", ""]

    def test_nobody_is_signed_in_and_the_staff_hear_of_it(self, clock):
        user = user_in_role("staff")
        send(clock)
        order = Order.objects.get()
        row = AuditEvent.objects.get(object_kind="tasks.order")
        assert (row.action, row.actor_id, row.actor_role, row.object_id) == ("create", None, "", order.pk)
        notice = Notice.objects.get()
        assert (notice.recipient, notice.kind, notice.object_id) == (user, "order_waiting", order.pk)

    def test_the_contact_gets_a_letter_with_a_link(self, clock):
        send(clock)
        (link,) = OrderLink.objects.all()
        assert (link.letter, link.sent_to) == (Letter.RECEIVED, WORDS["contact_email"])
        work_off_the_queue()
        assert [letter.to for letter in mail.outbox] == [[WORDS["contact_email"]]]

    def test_a_double_tap_makes_one_order_and_one_letter(self, clock):
        client = Client()
        words = WORDS | {"submission": opened(client)}
        clock.shift(60)
        answers = [client.post(FORM, words) for _tap in range(3)]
        assert [answer.url for answer in answers] == [SENT] * 3
        assert (Order.objects.count(), OrderLink.objects.count()) == (1, 1)

    def test_the_page_afterwards_says_when_and_nothing_else(self, clock, settings):
        settings.REQUEST_ANSWER_WORKING_DAYS = 4
        client = Client()
        send(clock, client)
        text = client.get(SENT).content.decode()
        assert "4" in re.search(r'<p class="lead">(.*?)</p>', text, re.DOTALL)[1]
        assert [value for value in WORDS.values() if len(value) > 4 and value in text] == []

    def test_a_stranger_gets_no_session(self, clock):
        client = Client()
        send(clock, client)
        assert "sessionid" not in client.cookies

    def test_the_language_of_the_letters_is_the_pages_own_at_first(self):
        for language in ("fi", "sv", "en"):
            form = Client(headers={"Accept-Language": language}).get(FORM).context["form"]
            assert form["language"].value() == language


class TestWords:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"title": ""}, "title"),
            ({"title": "x" * 141}, "title"),
            ({"title": "Puhe 010190-123A"}, "title"),
            ({"words": "Asiakas 010190-123A"}, "words"),
            ({"place": "010190-123A"}, "place"),
            ({"title": "a\x00b"}, "title"),
            ({"date": "2026-03-01"}, "date"),
            ({"date": ""}, "date"),
            ({"date": "0000-01-01"}, "date"),
            ({"date": "2026-03-29", "starts_at": "03:30"}, "starts_at"),
            ({"hours": "0"}, "hours"),
            ({"hours": "101"}, "hours"),
            ({"hours": "two"}, "hours"),
            ({"partners_wanted": "0"}, "partners_wanted"),
            ({"partners_wanted": "21"}, "partners_wanted"),
            ({"payer": ""}, "payer"),
            ({"payer": "somebody"}, "payer"),
            ({"target": "everything"}, "target"),
            ({"organisation_name": ""}, "organisation_name"),
            ({"contact_name": ""}, "contact_name"),
            ({"contact_email": "ei ole"}, "contact_email"),
            ({"contact_email": "a@b.example\nBcc: c@d.example"}, "contact_email"),
            ({"language": "zz"}, "language"),
        ],
    )
    def test_what_is_wrong_is_said_next_to_the_field_and_nothing_is_lost(self, clock, changes, field):
        answer = send(clock, **changes)
        form = answer.context["form"]
        assert (answer.status_code, list(form.errors)) == (422, [field])
        kept = {name: form[name].value() for name in WORDS if name not in changes}
        assert kept == {name: value for name, value in WORDS.items() if name not in changes}
        assert not Order.objects.exists()

    def test_today_is_not_over(self, clock):
        assert send(clock, date="2026-03-02").status_code == 302

    def test_a_program_that_fills_in_everything_is_told(self, clock):
        answer = send(clock, homepage="https://spam.example")
        assert (answer.status_code, answer.context["form"]["homepage"].value()) == (422, "")
        assert not Order.objects.exists()

    def test_a_program_that_is_quick_is_told(self, clock):
        client = Client()
        answer = client.post(FORM, WORDS | {"submission": opened(client)})
        assert (answer.status_code, answer.context["form"]["title"].value()) == (422, WORDS["title"])
        assert not Order.objects.exists()


class TestLimit:
    def test_too_many_from_one_place_wait_and_lose_no_word(self, clock, settings):
        answers = [send(clock) for _time in range(settings.ORDER_PER_HOUR + 1)]
        assert [answer.status_code for answer in answers] == [302] * settings.ORDER_PER_HOUR + [429]
        form = answers[-1].context["form"]
        assert ({name: form[name].value() for name in WORDS}, answers[-1].headers["Retry-After"]) == (
            WORDS,
            "3600",
        )
        assert Order.objects.count() == settings.ORDER_PER_HOUR

    def test_the_two_public_forms_do_not_use_up_each_others_places(self, clock, settings):
        for _time in range(settings.ORDER_PER_HOUR + 1):
            send(clock)
        client = Client()
        page = f"{reverse('contact')}?by=parent"
        words = {"parent_name": "Jonna", "parent_contact": "040 123 4567", "language": "sv"}
        words["submission"] = client.get(page).context["form"]["submission"].value()
        clock.shift(60)
        assert client.post(page, words).status_code == 302


class TestChoosing:
    @pytest.fixture
    def partners(self):
        named, unnamed = ready_partner(), ready_partner()
        show(named, "first_name", "area")
        show(unnamed, "languages")
        return named, unnamed

    def labels(self, client=None, partner=None) -> dict[str, str]:
        found = (client or Client()).get(address(partner)).context["form"].fields["partners"].choices
        return {key: re.sub("<.*?>", " ", str(label)).strip() for key, label in found}

    def test_partners_stand_there_as_they_let_themselves_be_shown(self, partners):
        named, unnamed = partners
        hidden = ready_partner()
        with translation.override("en"):
            labels = self.labels(Client(headers={"Accept-Language": "en"}))
        assert set(labels) == {str(named.public_id), str(unnamed.public_id)}
        assert labels[str(named.public_id)].startswith(named.first_name)
        assert labels[str(unnamed.public_id)].startswith("Experience partner")
        assert str(hidden.public_id) not in labels

    def test_no_page_tells_a_surname_or_another_id(self, partners):
        ExperiencePartner.objects.update(last_name="Salattu")
        text = Client().get(FORM).content.decode()
        assert [word for word in ("Salattu", *(str(each.pk) for each in partners)) if word in text] == []

    def test_several_can_be_ticked(self, clock, partners):
        send(clock, partners=[str(each.public_id) for each in partners])
        assert set(Order.objects.get().partners.all()) == set(partners)

    def test_who_is_in_the_address_is_ticked_and_may_be_let_go(self, clock, partners):
        named, unnamed = partners
        form = Client().get(address(named)).context["form"]
        assert form["partners"].value() == [str(named.public_id)]
        send(clock, partner=named, partners=[str(unnamed.public_id)])
        assert set(Order.objects.get().partners.all()) == {unnamed}

    def test_who_cannot_be_found_has_no_form(self):
        for pk in (uuid.uuid4(), ready_partner().public_id):
            assert Client().get(reverse("order_to", args=[pk])).status_code == 404

    def test_who_has_left_meanwhile_is_told_of_and_the_words_stay(self, clock, partners):
        named, _unnamed = partners
        client = Client()
        words = WORDS | {"submission": opened(client, named), "partners": [str(named.public_id)]}
        clock.shift(60)
        DirectoryConsent.objects.filter(partner=named).update(withdrawn_at=timezone.now())
        answer = client.post(address(named), words)
        form = answer.context["form"]
        assert (answer.status_code, list(form.errors), form["title"].value()) == (
            422,
            ["partners"],
            WORDS["title"],
        )
        again = {name: value for name, value in words.items() if name != "partners"}
        assert client.post(address(named), again).status_code == 302
        assert not Order.objects.get().partners.exists()

    def test_rubbish_among_the_ticks_is_a_form_error(self, clock, partners):
        answer = send(clock, partners=["rubbish", str(uuid.uuid4())])
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["partners"])

    def test_sixty_at_most_are_shown_and_the_chosen_one_always(self):
        made = [show(ready_partner()) for _each in range(PARTNERS_SHOWN + 2)]
        last = max(made, key=lambda partner: partner.public_id.hex)
        assert len(self.labels()) == PARTNERS_SHOWN
        assert str(last.public_id) in self.labels(partner=last)

    def test_many_partners_cost_the_same_number_of_questions_as_few(self, partners):
        def questions() -> int:
            with CaptureQueriesContext(
                connection,
            ) as asked:
                Client().get(FORM)
            return len(asked)

        few = questions()
        for _each in range(4):
            show(ready_partner())
        assert questions() == few <= 12


class TestAnswering:
    @pytest.fixture
    def order(self):
        return OrderFactory(payer="orderer", organisation_name="Uusi kunta")

    def facts(self, order, **changes) -> dict:
        facts = {
            "kind": AssignmentKindFactory(),
            "title": order.title,
            "organisation": OrganisationFactory(),
            "date": order.date,
            "hours": order.hours,
            "payer": "orderer",
            "partners_wanted": 1,
        }
        return facts | changes

    def test_taken_on_it_becomes_an_assignment(self, staff, order):
        facts = self.facts(order)
        assignment = services.take_order(order=order, by=staff.actor, **facts)
        order.refresh_from_db()
        assert (order.status, order.organisation, assignment.order) == ("taken", facts["organisation"], order)
        assert (assignment.status, assignment.title) == ("requested", order.title)
        assert [link.letter for link in order.links.all()] == [Letter.TAKEN]

    def test_with_a_sum_the_letter_asks_for_a_yes(self, staff, order):
        services.take_order(order=order, by=staff.actor, **self.facts(order, orderer_amount=Decimal(250)))
        assert [link.letter for link in order.links.all()] == [Letter.AGREE]

    def test_an_organisation_that_is_new_is_made(self, staff, order):
        new = {"name": "Uusi kunta", "kind": "municipality"}
        facts = self.facts(order, organisation=None, new_organisation=new)
        assignment = services.take_order(order=order, by=staff.actor, **facts)
        assert (assignment.organisation.name, assignment.organisation.kind) == ("Uusi kunta", "municipality")

    def test_nothing_is_left_half_done(self, staff, order):
        new = {"name": "Uusi kunta", "kind": "municipality"}
        facts = self.facts(order, organisation=None, new_organisation=new, hours=Decimal(0))
        with pytest.raises(ValidationError):
            services.take_order(order=order, by=staff.actor, **facts)
        order.refresh_from_db()
        made = Organisation.objects.filter(name="Uusi kunta").exists(), Assignment.objects.exists()
        assert (order.status, made) == ("new", (False, False))

    def test_of_two_answers_one_wins(self, staff, order):
        stale = Order.objects.get(pk=order.pk)
        services.decline_order(order=order, because="Ei juuri nyt.", by=staff.actor)
        with pytest.raises(AlreadyMoved):
            services.take_order(order=stale, by=staff.actor, **self.facts(order))
        assert not Assignment.objects.exists()
        with pytest.raises(MoveRefused):
            services.decline_order(order=order, because="Ei taaskaan.", by=staff.actor)

    def test_a_no_goes_out_in_the_staffs_own_words(self, staff, order):
        services.decline_order(order=order, because="Huhtikuussa onnistuisi.", by=staff.actor)
        work_off_the_queue()
        (letter,) = mail.outbox
        assert "Huhtikuussa onnistuisi." in letter.body
        assert (
            AuditEvent.objects.filter(action="move", object_id=order.pk, actor_id=staff.user.pk).count() == 1
        )

    def test_the_forms_fields_are_filled_in_from_the_order(self, staff, order):
        OrganisationFactory(name="Toinen")
        known = OrganisationFactory(name="uusi KUNTA")
        form = staff.client().get(reverse("order_take", args=[order.pk])).context["form"]
        filled = {name: form[name].value() for name in ("title", "payer", "date", "partners_wanted")}
        assert filled == {name: getattr(order, name) for name in filled}
        assert form["hours"].value() == "2"
        assert form["organisation"].value() == known.pk

    def take(self, staff, order, **changes):
        client = staff.client()
        page = reverse("order_take", args=[order.pk])
        form = client.get(page).context["form"]
        words = {
            "kind": AssignmentKindFactory().pk,
            "title": "Puhe",
            "date": order.date.isoformat(),
            "hours": "2",
            "partners_wanted": "1",
            "payer": "orderer",
            "target": "",
            "submission": form["submission"].value(),
        }
        return client.post(page, words | changes)

    def test_by_the_form_with_an_organisation_of_the_list(self, staff, order):
        organisation = OrganisationFactory()
        answer = self.take(staff, order, organisation=organisation.pk)
        assignment = Assignment.objects.get()
        assert (answer.status_code, answer.url) == (302, assignment.get_absolute_url())
        assert (assignment.organisation, assignment.order) == (organisation, order)

    def test_by_the_form_with_a_new_organisation(self, staff, order):
        self.take(staff, order, organisation_name="  Uusi   kunta ", organisation_kind="municipality")
        assert Assignment.objects.get().organisation.name == "Uusi kunta"

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"organisation_name": "Uusi", "organisation_kind": ""}, "organisation_kind"),
            ({"organisation_name": "", "organisation_kind": "ngo"}, "organisation_name"),
            ({"organisation_name": "jo listalla", "organisation_kind": "ngo"}, "organisation"),
        ],
    )
    def test_an_organisation_is_named_and_not_made_twice(self, staff, order, changes, field):
        OrganisationFactory(name="Jo listalla")
        answer = self.take(staff, order, **changes)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
        assert not Assignment.objects.exists()

    @pytest.mark.parametrize("days", [{"valid_to": -1}, {"valid_from": 1}])
    def test_one_that_does_not_work_with_us_now_is_said_to_be_in_the_register(self, staff, order, days):
        dates = {name: today() + datetime.timedelta(days=count) for name, count in days.items()}
        OrganisationFactory(name="Entinen kunta", **dates)
        answer = self.take(staff, order, organisation_name="entinen KUNTA", organisation_kind="municipality")
        assert (answer.status_code, answer.context["form"].errors) == (
            422,
            {
                "organisation_name": [
                    "An organisation of this name is in the register, but does not work with us today. Mend its days"
                    " there, or choose the one that continues its work."
                ]
            },
        )
        assert (Organisation.objects.count(), Assignment.objects.count()) == (1, 0)

    def test_the_project_pays_from_a_grant(self, staff, order):
        grant = GrantFactory(starts_on=today(), ends_on=today() + datetime.timedelta(days=300))
        self.take(staff, order, organisation=OrganisationFactory().pk, payer="project", grant=grant.pk)
        assert Assignment.objects.get().grant == grant


class TestTheQueue:
    def titles(self, staff, state="") -> list[str]:
        page = staff.client().get(reverse("order_list"), {"state": state})
        return [row.title for row in page.context["rows"]]

    def test_the_one_that_has_waited_longest_is_first(self, staff):
        for days in (2, 9, 5):
            OrderFactory(title=f"waited {days}", received_on=today() - datetime.timedelta(days=days))
        assert self.titles(staff) == ["waited 9", "waited 5", "waited 2"]

    def test_each_has_its_tab(self, staff):
        for status, because in (("new", ""), ("taken", ""), ("declined", "Ei nyt."), ("withdrawn", "")):
            OrderFactory(title=status, status=status, declined_because=because)
        tabs = {"": "new", "taken": "taken", "declined": "declined", "withdrawn": "withdrawn"}
        assert {state: self.titles(staff, state) for state in tabs} == {
            state: [status] for state, status in tabs.items()
        }

    def test_how_long_and_for_whom_is_said(self, staff):
        partner = ready_partner()
        OrderFactory(received_on=today() - datetime.timedelta(days=3)).partners.set([partner])
        page = staff.client().get(reverse("order_list"))
        (row,) = page.context["rows"]
        assert (row.days_waited, row.wished) == (3, partner.name)
        assert AuditEvent.objects.filter(action="list", about_id=partner.pk).count() == 1

    def test_home_shows_the_orders_that_wait(self, staff):
        order = OrderFactory(title="Tervetuloa kahville")
        OrderFactory(status="withdrawn", title="Turha")
        text = staff.client().get(reverse("home")).content.decode()
        assert (order.get_absolute_url() in text, "Tervetuloa kahville" in text, "Turha" in text) == (
            True,
            True,
            False,
        )


class TestTheContact:
    def test_who_telephoned_can_be_given_a_link(self, staff):
        assignment = AssignmentFactory(status="done", date=today() - datetime.timedelta(days=2))
        order = services.add_contact(
            assignment=assignment,
            contact_name="Pekka Puhelin",
            contact_email="pekka@esimerkki.example",
            contact_phone="",
            language="fi",
            by=staff.actor,
        )
        assignment.refresh_from_db()
        assert (assignment.order, order.recorded_by_staff, order.status) == (order, True, "taken")
        assert (order.title, order.organisation) == (assignment.title, assignment.organisation)
        assert [link.letter for link in order.links.all()] == [Letter.FEEDBACK]

    @pytest.mark.parametrize(
        ("facts", "letters"),
        [
            ({}, []),
            ({"payer": "orderer", "grant": None, "orderer_amount": 90}, [Letter.AGREE]),
            ({"status": "agreed"}, [Letter.CONFIRMED]),
        ],
    )
    def test_the_letter_fits_how_things_stand(self, staff, facts, letters):
        facts_of = {"contact_name": "P", "contact_email": "p@esimerkki.example", "contact_phone": ""}
        order = services.add_contact(
            assignment=AssignmentFactory(**facts), by=staff.actor, language="fi", **facts_of
        )
        assert [link.letter for link in order.links.all()] == letters

    def test_there_is_one_contact(self, staff):
        assignment = AssignmentFactory(order=OrderFactory(status="taken"))
        facts = {"contact_name": "P", "contact_email": "p@esimerkki.example", "contact_phone": ""}
        with pytest.raises(MoveRefused):
            services.add_contact(assignment=assignment, by=staff.actor, language="fi", **facts)

    def test_another_address_stops_the_old_links_and_gets_a_fresh_one(self, staff):
        order = OrderFactory()
        old = OrderLinkFactory(order=order)
        token = old.make_token()
        facts = {"contact_name": "U", "contact_email": "uusi@esimerkki.example", "contact_phone": ""}
        services.change_contact(order=order, by=staff.actor, seen_version=1, language="fi", **facts)
        assert Client().get(reverse("order_open", args=[token])).status_code == 404
        fresh = order.links.exclude(pk=old.pk).get()
        assert (fresh.letter, fresh.sent_to) == (Letter.RENEWED, "uusi@esimerkki.example")
        with pytest.raises(AlreadyMoved):
            services.change_contact(order=order, by=staff.actor, seen_version=1, language="fi", **facts)

    def test_another_name_alone_sends_nothing(self, staff):
        order = OrderFactory()
        facts = {"contact_name": "U", "contact_email": order.contact_email, "contact_phone": ""}
        services.change_contact(order=order, by=staff.actor, seen_version=1, language="fi", **facts)
        assert not order.links.exists()


class TestTellingTheOrderer:
    def test_without_a_contact_nothing_is_told(self):
        assert services.tell_orderer(assignment=AssignmentFactory(), letter=Letter.CONFIRMED) is None
        assert not OrderLink.objects.exists()

    def test_a_yes_is_asked_for_while_it_is_waited_for(self):
        facts = {"payer": "orderer", "grant": None}
        waiting = AssignmentFactory(order=OrderFactory(status="taken"), orderer_amount=90, **facts)
        without_sum = AssignmentFactory(order=OrderFactory(status="taken"), **facts)
        agreed = AssignmentFactory(
            order=OrderFactory(status="taken"),
            orderer_amount=90,
            orderer_agreed_on=today(),
            orderer_agreed_how="link",
            **facts,
        )
        told = [
            services.tell_orderer(assignment=each, letter=Letter.AGREE)
            for each in (waiting, without_sum, agreed)
        ]
        assert [link is not None for link in told] == [True, False, False]


class TestWhatTheDatabaseRefuses:
    @pytest.mark.parametrize(
        ("facts", "constraint"),
        [
            ({"status": "lost"}, "order_status_known"),
            ({"hours": 0}, "order_hours_sensible"),
            ({"hours": 101}, "order_hours_sensible"),
            ({"partners_wanted": 0}, "order_partners_sensible"),
            ({"partners_wanted": 21}, "order_partners_sensible"),
            ({"payer": "nobody"}, "order_payer_known"),
            ({"status": "declined"}, "order_declined_with_words"),
        ],
    )
    def test_an_order_that_cannot_be(self, facts, constraint):
        assert OrderFactory().pk
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            OrderFactory(**facts)
        assert constraint in str(refused.value)

    def test_a_link_for_a_letter_that_is_not_known(self):
        for letter in Letter.values:
            assert OrderLinkFactory(letter=letter).pk
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            OrderLinkFactory(letter="greeting")
        assert "order_link_letter_known" in str(refused.value)

    def test_an_order_with_two_assignments(self):
        order = OrderFactory(status="taken")
        AssignmentFactory(order=order)
        with pytest.raises(IntegrityError), transaction.atomic():
            AssignmentFactory(order=order)
