"""The agreement on paper: in the parent's language, with what a client document must say, and with no word too much.

Controls: draw it in the reader's language; put the parent's code on it; count an older "I agree"; leave out
`record_seen`; name the file after the parent.
"""

import datetime
import io
import re
from html import unescape

import pikepdf
import pytest
from django.db import connection
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext, override

from kumppani.accounts.models import User
from kumppani.audit.models import AuditEvent
from kumppani.core.dates import today
from kumppani.formats import pdf
from kumppani.organisations.models import Organisation
from pairing.models import AcknowledgedHow, Agreement, GuideText, Parent, Party, Relationship
from pairing.papers import paper_language
from tests.factories.accounts import user_in_role
from tests.factories.organisations import OrganisationFactory
from tests.factories.pairing import (
    AcknowledgementFactory,
    AgreementFactory,
    ContactRequestFactory,
    DecisionFactory,
    ExperiencePartnerFactory,
    GoalFactory,
    ParentFactory,
    SocialWorkerFactory,
    StartMeetingFactory,
    relationship_in,
)
from tests.guards import without_triggers
from tests.papers import needs_pango, tags_of, text_of, words_of_pages
from tests.personas import Person

pytestmark = pytest.mark.django_db


ROLES = ("staff", "social_worker", "partner", "parent")


def relationship(status: str) -> Relationship:
    """One with three people who can sign in."""
    parent = ParentFactory(user=user_in_role("parent"))
    request = ContactRequestFactory(parent=parent, status="matched")
    return relationship_in(
        status, request=request, partner=ExperiencePartnerFactory(user=user_in_role("partner"))
    )


@pytest.fixture
def agreement(db) -> Agreement:
    """The one of an active relationship, which all three have acknowledged."""
    return relationship("active").agreements.get()


@pytest.fixture
def unsigned(db) -> Agreement:
    """The one of a start meeting that is still open: nobody has acknowledged."""
    made = AgreementFactory(relationship=relationship("decided"))
    StartMeetingFactory(relationship=made.relationship)
    GoalFactory(agreement=made)
    return made


def set_on(record, **fields) -> None:
    """Past the triggers: what stands in an active relationship is not for changing."""
    with without_triggers(connection):
        type(record)._base_manager.filter(pk=record.pk).update(**fields)
    record.refresh_from_db()


def reader(agreement: Agreement, role: str = "social_worker") -> Person:
    """One of the people whom the paper is open to."""
    three = agreement.relationship
    users = {
        "social_worker": lambda: three.social_worker.user,
        "partner": lambda: three.partner.user,
        "parent": lambda: three.parent.user,
        "staff": lambda: user_in_role("staff"),
    }
    return Person(role, users[role](), role)


def opened(agreement: Agreement, role: str = "social_worker", name: str = "agreement_page"):
    return reader(agreement, role).client().get(reverse(name, args=[agreement.pk]))


def printed(agreement: Agreement, role: str = "social_worker") -> bytes:
    """The PDF."""
    needs_pango()
    response = opened(agreement, role, "agreement_print")
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/pdf")
    return response.content


def plain(words: str) -> str:
    return " ".join(words.split())


def sheet(agreement: Agreement, role: str = "social_worker") -> str:
    """The words of the sheet on the page made for printing."""
    response = opened(agreement, role)
    assert response.status_code == 200
    found = re.search(r'<article class="paper.*?</article>', response.content.decode(), re.DOTALL)
    return plain(unescape(re.sub(r"<[^>]+>", " ", found.group(0))))


# --- As a file --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("language", "file_name"), [("fi", "paperi.pdf"), ("sv", "papper.pdf"), ("en", "paper.pdf")]
)
def test_file_opens_in_the_window_is_kept_nowhere_and_its_name_tells_nothing(agreement, language, file_name):
    needs_pango()
    set_on(agreement.relationship.parent, language=language)
    response = opened(agreement, name="agreement_print")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == f'inline; filename="{file_name}"'
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("role", ROLES)
def test_paper_is_in_the_parents_language_whoever_reads_it(agreement, role):
    set_on(agreement.relationship.parent, language="sv")
    User.objects.update(language="fi")
    made = printed(agreement, role)
    ground = agreement.relationship.decisions.get().legal_ground
    with override("sv"):
        title = gettext("Agreement")
    with pikepdf.open(io.BytesIO(made)) as paper:
        assert (str(paper.Root.Lang), str(paper.docinfo.Title)) == ("sv", title)
    words = plain(text_of(made))
    assert (ground.name_sv in words, ground.name_fi in words) == (True, False)


def test_paper_is_tagged_with_one_title_and_a_heading_for_each_part(agreement):
    made = printed(agreement)
    headings = [tag for tag in tags_of(made) if tag in {"H1", "H2", "H3", "H4"}]
    assert headings == ["H1", *["H2"] * 6]
    with pikepdf.open(io.BytesIO(made)) as paper, paper.open_metadata() as metadata:
        assert (metadata["pdfuaid:part"], bool(paper.Root.MarkInfo.Marked)) == ("1", True)


def test_file_says_what_the_page_says(unsigned):
    """Word for word, so what is tested of the one below holds for the other."""
    AcknowledgementFactory(agreement=unsigned, party=Party.PARTNER)
    pages = words_of_pages(printed(unsigned)).split("\f")
    in_the_file = "".join(re.sub(r"\s*\d \(\d\)\s*$", "", page) for page in pages)
    assert "".join(in_the_file.split()) == "".join(sheet(unsigned).split())


def test_typed_words_are_words_and_nothing_that_the_paper_would_fetch(unsigned):
    words = '<img src="http://127.0.0.1:9/x.png"> & <b>'
    unsigned.goals.update(words=words)
    assert words in plain(text_of(printed(unsigned)))


# --- What it says -----------------------------------------------------------------------------------------
def test_two_are_named_by_their_first_names_and_no_code_and_no_contact_is_told(agreement):
    three = agreement.relationship
    set_on(three.parent, first_name="Vilma", case_code="K-TUNNUS", contact="040 1234567")
    set_on(three.partner, first_name="Paula", last_name="Sukunimi")
    words = sheet(agreement)
    assert [
        name for name in ("Vilma", "Paula", three.social_worker.user.get_full_name()) if name not in words
    ] == []
    assert [told for told in ("K-TUNNUS", "040 1", "1234567", "Sukunimi") if told in words] == []


def test_it_says_how_long_how_often_and_the_goals_in_the_parents_words(unsigned):
    set_on(unsigned, starts_on=datetime.date(2026, 12, 1), ends_on=datetime.date(2027, 5, 31))
    unsigned.goals.update(
        words="Uskallan sanoa, mitä ajattelen.", expected="Kysyn yhden kysymyksen.", area="meetings"
    )
    with override("fi"):
        area = capfirst(unsigned.goals.get().get_area_display())
    said = ("1.12.2026 – 31.5.2027", "Uskallan sanoa, mitä ajattelen.", "Kysyn yhden kysymyksen.", area)
    words = sheet(unsigned)
    assert [what for what in said if what not in words] == []


def test_it_says_how_they_are_in_touch_cancel_and_what_the_worker_hears(unsigned):
    said = {
        "contact_ways": "Viestillä arkisin.",
        "cancelling": "Edellisenä päivänä.",
        "told_to_worker": "Vain tapaamisten määrä.",
    }
    set_on(unsigned, **said)
    words = sheet(unsigned)
    assert [what for what in said.values() if what not in words] == []


def test_ground_rules_are_those_that_were_read_then(unsigned):
    read_then, newer = (
        GuideText.objects.create(
            kind="ground_rules",
            number=number,
            published_on=today(),
            text_fi=f"Sääntö {number} <ja muuta>",
            text_sv=f"Regel {number}",
            text_en=f"Rule {number}",
        )
        for number in (101, 102)
    )
    set_on(unsigned, ground_rules=read_then)
    words = sheet(unsigned)
    assert (read_then.text_fi in words, newer.text_fi in words) == (True, False)


def test_first_of_several_lines_is_a_rules_heading(unsigned):
    rules = GuideText.objects.create(
        kind="ground_rules",
        number=101,
        published_on=today(),
        text_fi="Tulemme ajoissa\r\nTai kerromme.\r\nHyvissä ajoin.\r\n\r\nVielä yksi rivi.",
        text_sv="a",
        text_en="b",
    )
    set_on(unsigned, ground_rules=rules)
    html = opened(unsigned).content.decode()
    assert re.findall(r"<h3>(.*?)</h3>", html) == ["Tulemme ajoissa"]
    assert ("<p>Tai kerromme.<br>Hyvissä ajoin.</p>" in html, "<p>Vielä yksi rivi.</p>" in html) == (
        True,
        True,
    )


@pytest.mark.parametrize("allowed", [True, False])
def test_it_says_whether_notes_are_written(unsigned, allowed):
    set_on(unsigned, allows_notes=allowed)
    with override("fi"):
        none = gettext("Nobody writes down what the two talk about.")
    assert (none in sheet(unsigned)) is not allowed


def test_it_ends_with_organiser_producer_basis_and_service_task(agreement):
    """Domain 2.1: what every client document must say when one acts on another's behalf."""
    producer = OrganisationFactory(kind="coordinator", name="Yhdistys ry")
    decision = agreement.relationship.decisions.get()
    set_on(decision, reference="PÄÄTÖS-77", made_on=datetime.date(2026, 11, 10))
    with override("fi"):
        end = [
            (gettext("Service organiser"), agreement.relationship.organisation.name),
            (gettext("Service producer"), producer.name),
            (gettext("Basis"), decision.legal_ground.name_fi),
            (gettext("Decision %(number)s, %(date)s") % {"number": "PÄÄTÖS-77", "date": "10.11.2026"}, ""),
            (gettext("Service task"), gettext("Child protection")),
        ]
    assert sheet(agreement).endswith(plain(" ".join(f"{label} {words}" for label, words in end)))


def test_basis_is_the_decision_under_which_the_agreement_begins(agreement):
    first = agreement.relationship.decisions.get()
    later = DecisionFactory(
        relationship=agreement.relationship,
        made_on=today(),
        valid_from=first.valid_to + datetime.timedelta(days=1),
        valid_to=first.valid_to + datetime.timedelta(days=90),
    )
    words = sheet(agreement)
    assert (first.reference in words, later.reference in words) == (True, False)


def test_producer_is_who_co_ordinated_on_that_day():
    day = datetime.date(2026, 5, 1)
    eve = day - datetime.timedelta(days=1)
    before = OrganisationFactory(kind="coordinator", valid_to=eve)
    now = OrganisationFactory(kind="coordinator", valid_from=day)
    OrganisationFactory(kind="county", valid_from=day)
    assert [Organisation.objects.co_ordinating(asked) for asked in (eve, day)] == [before, now]


# --- Who has agreed ---------------------------------------------------------------------------------------
def lines_to_sign(agreement: Agreement) -> int:
    with override("fi"):
        return sheet(agreement).count(gettext("Signature"))


def test_whoever_has_not_agreed_gets_a_line_to_sign(unsigned):
    assert lines_to_sign(unsigned) == 3
    AcknowledgementFactory(agreement=unsigned, party=Party.PARTNER, how=AcknowledgedHow.SIGN_IN)
    AcknowledgementFactory(agreement=unsigned, party=Party.WORKER, how=AcknowledgedHow.SCREEN)
    assert lines_to_sign(unsigned) == 1
    words = sheet(unsigned)
    with override("fi"):
        assert [words.count(str(how.label)) for how in AcknowledgedHow] == [1, 1, 0]


def test_agreeing_to_an_older_wording_is_not_agreeing(unsigned):
    for party in Party:
        AcknowledgementFactory(agreement=unsigned, party=party)
    assert lines_to_sign(unsigned) == 0
    set_on(unsigned, revision=unsigned.revision + 1)
    assert lines_to_sign(unsigned) == 3


def test_worker_who_agreed_is_named_also_after_a_hand_over(unsigned):
    first = unsigned.relationship.social_worker
    AcknowledgementFactory(agreement=unsigned, party=Party.WORKER, recorded_by=first.user)
    User.objects.filter(pk=first.user_id).update(first_name="Aiempi")
    following = SocialWorkerFactory(organisation=first.organisation)
    User.objects.filter(pk=following.user_id).update(first_name="Seuraava")
    set_on(unsigned.relationship, social_worker=following)
    words = sheet(unsigned, "staff")
    assert ("Aiempi" in words, "Seuraava" in words) == (True, False)


# --- When there is one ------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["agreement_page", "agreement_print"])
@pytest.mark.parametrize(
    "lacking",
    [
        {"starts_on": None},
        {"ends_on": None},
        {"meetings_per_month": None},
        {"withdrawn_on": datetime.date(2026, 1, 1)},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_there_is_no_paper_of_half_an_agreement_or_of_a_withdrawn_one(unsigned, name, lacking):
    set_on(unsigned, **lacking)
    assert opened(unsigned, name=name).status_code == 403
    rows = AuditEvent.objects.filter(object_id=unsigned.pk)
    assert set(rows.values_list("action", "detail")) == {("denied", name)}


def test_there_is_no_paper_without_a_goal(unsigned):
    unsigned.goals.all().delete()
    assert opened(unsigned).status_code == 403


# --- Who looked -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("name", "action"), [("agreement_page", "view"), ("agreement_print", "export")])
@pytest.mark.parametrize("role", ROLES)
def test_each_look_leaves_one_row_for_each_person_it_is_about(unsigned, name, action, role):
    opened(unsigned, role, name)
    rows = AuditEvent.objects.filter(object_id=unsigned.pk)
    assert sorted(rows.values_list("action", "about_kind", "about_id", "actor_role")) == [
        (action, "pairing.experiencepartner", unsigned.relationship.partner_id, role),
        (action, "pairing.parent", unsigned.relationship.parent_id, role),
    ]


# --- As a page --------------------------------------------------------------------------------------------
def test_page_speaks_the_readers_language_and_its_sheet_the_parents(agreement):
    set_on(agreement.relationship.parent, language="sv")
    User.objects.update(language="fi")
    html = opened(agreement).content.decode()
    ground = agreement.relationship.decisions.get().legal_ground
    assert '<html lang="fi">' in html
    assert '<article class="paper paper--sheet" lang="sv">' in html
    assert (ground.name_sv in html, ground.name_fi in html) == (True, False)


def way_to_the_file(agreement: Agreement, response) -> int:
    return response.content.decode().count(f'href="{reverse("agreement_print", args=[agreement.pk])}"')


def test_page_has_one_title_and_a_way_to_the_file(agreement):
    response = opened(agreement)
    assert (response.content.count(b"<h1"), way_to_the_file(agreement, response)) == (1, 1)


def test_machine_without_pango_shows_the_page_and_says_so(agreement, monkeypatch):
    monkeypatch.setattr(pdf, "_maker", lambda: None)
    response = opened(agreement, name="agreement_print")
    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    with override("fi"):
        sentence = gettext(
            "This service cannot make PDF files just now. Print this page instead: it is made for paper."
        )
    html = response.content.decode()
    assert (sentence in html, '<article class="paper paper--sheet"' in html) == (True, True)
    assert way_to_the_file(agreement, response) == 0
    assert AuditEvent.objects.filter(object_id=agreement.pk).count() == 2


def test_parents_other_language_gets_the_houses_own():
    assert paper_language(Parent(language="so")) == "fi"
