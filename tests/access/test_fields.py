"""The canary: no foreign word in any answer (trust.md 1).

Every text field of every row holds a marked word of its own. Every door of the matrix is opened by everybody whom it
lets in, with what follows (redirects, choice lists, error pages); the words found must be ones that the field table
gives to this role, in rows that are this person's to see.

Control: show `parent.contact` on a list; drop a `visible_to` from a form's choices; delete a row of the table.
"""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.urls import reverse

from tests.access.canary import UNMARKED, Canary, label, text_fields
from tests.access.fields import FIELDS, ROLES, around, behind_link, open_to_all
from tests.access.house import SEEN_TABLES, House, Written, all_as_written, undone
from tests.access.matrix import MATRIX, PUBLIC
from tests.access.scopes import sees
from tests.papers import words_of
from tests.personas import build_people

REDIRECTS = {301, 302, 303, 307, 308}
ASK_AS_IT_CAME = {307, 308}
TITLE = re.compile(rb"<title>(.*?)</title>", re.DOTALL)


class MarkedHouse(House):
    """A house in which every word is marked."""

    def __init__(self):
        people = build_people()
        self.canary = Canary()
        for person in people.everybody():
            if person.user is not None:
                person.user.refresh_from_db()
        super().__init__(people)
        self.questions = sees(people)
        self.in_public = open_to_all(people)
        self.near = {}
        self.seen = {}
        self.opened: set[tuple[str, str]] = set()

    def answers(self, row, point) -> list:
        """What comes of opening one door: its answer, and the pages it leads on to.

        Half of the ways lead to the same few pages, such as the start page. A page that this person has opened, with
        nothing done before it, is not opened again: it would be the same page.
        """
        who = self.person(point, row.thing).name
        answers, way, nothing_done = [], [self.url(row)], row.method == "GET"
        with undone():
            client = self.client(point, row.thing)
            ask = getattr(client, row.method.lower())
            while True:
                with Written() as written:
                    response = ask(way[-1])
                answers.append(response)
                nothing_done = nothing_done and leaves_nothing(response, written)
                if nothing_done:
                    self.opened.add((who, way[-1]))
                if response.status_code not in REDIRECTS:
                    break
                address = urljoin(way[-1], response.url)
                assert address not in way, f"{row} as {point} leads in a circle: {way}"
                assert not urlsplit(address).netloc, f"{row} as {point} leads out of the house: {address}"
                if nothing_done and (who, address) in self.opened:
                    break
                way.append(address)
                if response.status_code not in ASK_AS_IT_CAME:
                    ask = client.get
        return answers

    def may_read(self, person, word, *, on_the_street: bool = False) -> bool:
        """Whether the table gives this word to this person, or the public pages to everybody."""
        if on_the_street and word.pk in self.in_public.get(word.field, ()):
            return True
        rule = FIELDS[word.field].get(person.role, ".")
        if rule == ".":
            return False
        if rule == "shown" and word.pk not in self.in_public.get(word.field, ()):
            return False
        if rule in ("see", "shown"):
            return word.pk in self.rows_seen(person, word.model)
        if person.name not in self.near:
            self.near[person.name] = around(self.people, person)
        return word.pk in self.near[person.name][word.model]

    def rows_seen(self, person, model) -> set:
        """By the rule written a second time; for the parents at earlier steps, by the rule that has been proven."""
        if (person.name, model) not in self.seen:
            if hasattr(self.people, person.name):
                question = self.questions.get(model, {}).get(person.name, lambda row: False)
                rows = {row.pk for row in model._base_manager.all() if question(row)}
            else:
                rows = set(model._default_manager.visible_to(person.actor).values_list("pk", flat=True))
            self.seen[person.name, model] = rows
        return self.seen[person.name, model]


def leaves_nothing(response, written: Written) -> bool:
    """Whether an answer changes nothing of what comes next: no record, no session, no message, no language."""
    return (
        written.tables <= SEEN_TABLES
        and not response.wsgi_request.session.modified
        and set(response.cookies) <= {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
    )


@pytest.fixture(scope="module")
def _marked_house(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield MarkedHouse()
        transaction.set_rollback(True)


@pytest.fixture
def marked_house(_marked_house, db):
    with undone():
        yield _marked_house


def test_every_text_field_is_in_the_table():
    """Control: add a CharField to a model."""
    existing = {label(model, field) for model, field in text_fields()}
    assert set(FIELDS) | UNMARKED == existing
    assert set(FIELDS) & UNMARKED == set()


def test_table_uses_known_words():
    for field, cells in FIELDS.items():
        assert set(cells) == set(ROLES), field
        assert set(cells.values()) <= {"see", "shown", "around", "active", "."}, field


@pytest.mark.parametrize("name", sorted({row.name for row in MATRIX}))
def test_no_foreign_word_in_any_answer(marked_house, name):
    """Bodies, headers, redirects and page titles; and a page's title names nobody at all."""
    faults = []
    for row in [row for row in MATRIX if row.name == name]:
        held = behind_link(marked_house.people, row.thing)
        for point in row.points_that_get_in():
            person = marked_house.person(point, row.thing)
            for response in marked_house.answers(row, point):
                public = response.resolver_match.url_name in PUBLIC
                words = marked_house.canary.found(words_of(response), repr(response.headers).encode())
                leaks = {
                    word.field
                    for word in words
                    if word.pk not in held.get(word.field, ())
                    and not marked_house.may_read(person, word, on_the_street=public)
                }
                page = f"{row} as {point}: {response.request['PATH_INFO']}"
                faults += [f"{page} shows {field}" for field in sorted(leaks)]
                title = TITLE.search(response.content)
                if title and marked_house.canary.found(title.group(1)):
                    faults.append(f"{page} has a word in its title")
    all_as_written(name, faults)


def test_the_canary_sings(marked_house):
    """Control of the control: the words are really there to be found."""
    found = set()
    for url in ("/pairs/", "/requests/", "/partners/"):
        found |= marked_house.canary.found(marked_house.client("staff").get(url).content)
    assert {"pairing.Parent.first_name", "pairing.ExperiencePartner.last_name"} <= {
        word.field for word in found
    }


def test_the_canary_reads_papers(marked_house):
    """Control of the control: the words of a PDF are packed, and found all the same."""
    url = reverse("agreement_print", args=[marked_house.people.own.agreement.pk])
    response = marked_house.client("staff").get(url)
    assert response.headers["Content-Type"] == "application/pdf"
    assert marked_house.canary.found(response.content) == set()
    assert {word.field for word in marked_house.canary.found(words_of(response))} >= {
        "pairing.Parent.first_name",
        "pairing.Goal.words",
        "pairing.LegalGround.name_fi",
    }


@pytest.mark.parametrize("name", ["batch_csv", "batch_xlsx"])
def test_the_canary_reads_files_for_payroll(marked_house, name):
    """Control of the control: the words of a workbook are packed, and found all the same."""
    url = reverse(name, args=[marked_house.people.own.batch.pk])
    response = marked_house.client("staff").get(url)
    assert response.status_code == 200
    assert {word.field for word in marked_house.canary.found(words_of(response))} >= {
        "tasks.PaymentRow.payee_name",
        "tasks.PaymentRow.description",
        "tasks.PaymentRow.approved_by",
    }


def test_letters_hold_no_word_of_anybody(marked_house):
    """A mailbox is read by others: subject, sender and text are the same for everybody."""
    from kumppani.notices.services import send_due_notices

    assert send_due_notices()["sent"] > 0
    assert mail.outbox
    for letter in mail.outbox:
        texts = [letter.subject, letter.body, letter.from_email, *(part[0] for part in letter.alternatives)]
        assert marked_house.canary.found(*(text.encode() for text in texts)) == set()
