"""The certificate, read back from the file: the right words in its holder's language, tagged, and nothing too much.

Controls: tell the themes of the own-experience work; set it in the reader's language; name its holder in the title.
"""

import datetime
import io
from decimal import Decimal

import pikepdf
import pytest
from django.urls import reverse
from django.utils.translation import gettext, override

from kumppani.audit.models import AuditEvent
from kumppani.formats import pdf
from tests.access.house import questions
from tests.factories.accounts import user_in_role
from tests.factories.organisations import OrganisationFactory
from tests.factories.training import AttendanceFactory, CohortFactory, EnrolmentFactory
from tests.papers import needs_pango, tags_of, words_of_pages
from tests.personas import Person
from training.models import Enrolment, SessionKind
from training.papers import PARTS, certificate_paper

pytestmark = pytest.mark.django_db

AT_MOST = 12

STORY = "Oma tarina työvälineenä"


@pytest.fixture
def staff():
    return Person("staff", user_in_role("staff", language="en"), "staff")


def holder(cohort, *, language="fi", first_name="Anna", **facts) -> Enrolment:
    """Has attended and made up twelve hours, in four kinds of session, and missed one."""
    person = EnrolmentFactory(cohort=cohort, first_name=first_name, last_name="Esimerkki", language=language)
    made_up = {"made_up_hours": 2, "made_up_how": "task", "made_up_on": datetime.date(2021, 5, 20)}
    for day, (kind, theme, hours, more) in enumerate(
        [
            ("lecture", "Lastensuojelulaki", 5, {}),
            ("lecture", "Sosiaalityön tutkimus", 1, made_up),
            ("own_experience", STORY, 2, {}),
            ("ethics", "Eettiset periaatteet", Decimal("1.5"), {}),
            ("visit", "Tutustumiskäynti", Decimal("0.5"), {}),
            ("peer", "Kuunteleminen", 0, {}),
        ],
        start=1,
    ):
        session, _new = cohort.sessions.get_or_create(
            theme=theme, defaults={"kind": kind, "hours": 5, "date": datetime.date(2021, 2, day)}
        )
        AttendanceFactory(session=session, enrolment=person, hours=hours, **more)
    Enrolment.objects.filter(pk=person.pk).update(
        status="completed", completed_on=datetime.date(2021, 6, 11), **facts
    )
    person.refresh_from_db()
    return person


@pytest.fixture
def cohort(db):
    OrganisationFactory(name="Esimerkkiyhdistys ry", kind="coordinator", valid_from=datetime.date(2020, 1, 1))
    return CohortFactory(
        name="Kokemuskumppanikoulutus, kevät 2021",
        starts_on=datetime.date(2021, 1, 11),
        ends_on=datetime.date(2021, 6, 11),
        language="fi",
    )


def made(person: Person, name: str, record) -> bytes:
    needs_pango()
    response = person.client().get(reverse(name, args=[record.pk]))
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/pdf")
    return response.content


def said(words: str, language: str) -> str:
    with override(language):
        return gettext(words)


@pytest.mark.parametrize(("language", "file_name"), [("fi", "todistus.pdf"), ("sv", "intyg.pdf")])
def test_the_file_is_in_the_holders_language_tagged_and_names_nobody_outside_its_sheet(
    cohort, staff, language, file_name
):
    person = holder(cohort, language=language)
    content = made(staff, "certificate", person)
    response = staff.client().get(reverse("certificate", args=[person.pk]))
    assert response.headers["Content-Disposition"] == f'inline; filename="{file_name}"'
    with pikepdf.open(io.BytesIO(content)) as paper:
        assert str(paper.Root.Lang) == language
        assert bool(paper.Root.MarkInfo.Marked)
        assert str(paper.docinfo.Title) == said("Certificate", language)
        assert b"pdfuaid" in paper.Root.Metadata.read_bytes()
        assert b"Anna" not in paper.Root.Metadata.read_bytes()
        assert len(paper.pages) == 1
    assert {"H1", "H2", "L", "LI", "P"} <= set(tags_of(content))
    assert said("Organiser of the training", language) in words_of_pages(content)


def test_the_sheet_tells_the_training_its_hours_and_its_themes(cohort, staff):
    words = " ".join(words_of_pages(made(staff, "certificate", holder(cohort))).split())
    for expected in (
        "Anna Esimerkki",
        "Kokemuskumppanikoulutus, kevät 2021",
        "11.1.2021 – 11.6.2021",
        "Lastensuojelulaki",
        "Sosiaalityön tutkimus",
        "Eettiset periaatteet",
        "Tutustumiskäynti",
        "Esimerkkiyhdistys ry",
    ):
        assert expected in words
    for unsaid in (STORY, "Kuunteleminen", "@", "lapsen kanssa"):
        assert unsaid not in words


def test_hours_are_counted_by_kind_made_up_ones_too(cohort):
    paper = certificate_paper(holder(cohort), None)
    with override("en"):
        found = [(str(part["label"]), part["hours"], part["themes"]) for part in paper["parts"]]
    assert found == [
        ("Lectures", 8, ["Lastensuojelulaki", "Sosiaalityön tutkimus"]),
        ("Preparing for the work", 2, []),
        ("Ethics", Decimal("1.5"), ["Eettiset periaatteet"]),
        ("Visits to organisations", Decimal("0.5"), ["Tutustumiskäynti"]),
    ]
    assert paper["hours"] == 12


def test_every_kind_of_session_has_words_on_paper():
    assert set(PARTS) == set(SessionKind)


def test_all_of_a_cohort_come_in_one_file_each_on_a_sheet_in_its_own_language(cohort, staff):
    holder(cohort, first_name="Anna")
    holder(cohort, first_name="Ulla", language="sv")
    EnrolmentFactory(cohort=cohort, first_name="Cecilia")
    content = made(staff, "cohort_certificates", cohort)
    anna, ulla, rest = words_of_pages(content).split("\f")
    assert rest == ""
    assert "Anna Esimerkki" in anna
    assert "Ulla Esimerkki" in ulla
    assert said("has completed the training", "fi") in anna
    assert said("has completed the training", "sv") in ulla
    with pikepdf.open(io.BytesIO(content)) as paper:
        assert str(paper.Root.Lang) == "fi"
        assert str(paper.docinfo.Title) == said("Certificate", "fi")


def test_nothing_is_fetched_but_our_own_files(cohort, staff, monkeypatch):
    needs_pango()
    asked, real = [], pdf.own_file
    monkeypatch.setattr(pdf, "own_file", lambda address: asked.append(address) or real(address))
    monkeypatch.setattr("socket.socket.connect", lambda *args: pytest.fail("no network"))
    made(staff, "certificate", holder(cohort))
    assert asked
    assert all(address.startswith(f"{pdf.HERE}/static/") for address in asked)


def test_where_no_pdf_can_be_made_the_sheet_is_a_page(cohort, staff, monkeypatch):
    monkeypatch.setattr(pdf, "_maker", lambda: None)
    person = holder(cohort, language="sv")
    page = staff.client().get(reverse("certificate", args=[person.pk])).content.decode()
    assert "Print this page instead" in page
    assert '<article class="paper paper--sheet certificate" lang="sv">' in page
    assert said("has completed the training", "sv") in page


@pytest.mark.parametrize("status", ["attending", "discontinued", "applied"])
def test_who_has_not_completed_has_no_certificate(cohort, staff, status):
    person = EnrolmentFactory(cohort=cohort, status=status)
    assert staff.client().get(reverse("certificate", args=[person.pk])).status_code == 404
    assert staff.client().get(reverse("cohort_certificates", args=[cohort.pk])).status_code == 404


def test_giving_one_out_leaves_a_trace(cohort, staff):
    person = holder(cohort)
    staff.client().get(reverse("certificate", args=[person.pk]))
    found = AuditEvent.objects.filter(about_id=person.pk, action="export")
    assert found.values_list("actor_id", flat=True).get() == staff.user.pk


@pytest.mark.parametrize("count", [1, 6])
def test_all_certificates_cost_the_same_whatever_their_number(cohort, staff, count, monkeypatch):
    monkeypatch.setattr(pdf, "_maker", lambda: None)
    for number in range(count):
        holder(cohort, first_name=f"Anna{number}")
    client = staff.client()
    assert len(questions(client, reverse("cohort_certificates", args=[cohort.pk]))) <= AT_MOST
