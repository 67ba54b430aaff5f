"""The report's page, the rows behind a figure, and the command."""

import datetime
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from kumppani.audit.models import AuditEvent
from kumppani.reports.selectors import all_definitions
from pairing.models import Parent
from tests.factories.organisations import GrantFactory
from tests.factories.pairing import MeetingFactory, relationship_in
from tests.factories.tasks import AssignmentFactory, AssignmentKindFactory, FeeFactory

D = datetime.date
SPRING = {"from": "2021-01-01", "to": "2021-06-30"}


@pytest.fixture
def pair(db):
    return relationship_in("active", on=D(2021, 1, 10))


def figures(answer) -> dict:
    return {
        figure.name: figure
        for part in answer.context["parts"]
        for group in part.groups
        for figure in group.figures
    }


def test_report_shows_figures_that_open_their_rows(people, pair):
    for day in (1, 2):
        MeetingFactory(relationship=pair, date=D(2021, 2, day))
    client = people.staff.client()
    answer = client.get(reverse("report"), SPRING)
    held = figures(answer)["meetings_held"]
    assert (held.shown, held.n) == ("2", 2)
    assert answer.content.decode().count(held.url.replace("&", "&amp;")) == 1
    rows = client.get(held.url)
    assert rows.status_code == 200
    assert [row.date for row in rows.context["rows"]] == [D(2021, 2, 2), D(2021, 2, 1)]


def test_figure_of_nothing_opens_no_rows(people):
    assert figures(people.staff.client().get(reverse("report"), SPRING))["meetings_held"].url == ""


def test_report_without_a_period_is_about_this_half_year(people):
    period = people.staff.client().get(reverse("report")).context["period"]
    assert period.first <= timezone.localdate() <= period.last
    assert (period.first.day, period.first.month) in ((1, 1), (1, 7))


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2021-06-30", "to": "2021-01-01"},
        {"from": "2021-01-01"},
        {"to": "2021-01-01"},
        {"from": "", "to": ""},
        {"from": "spring", "to": "\x00"},
        {"from": "0001-01-01", "to": "9999-12-31"},
        {**SPRING, "grant": "not-a-grant"},
        {**SPRING, "grant": "00000000-0000-4000-8000-000000000000"},
    ],
)
def test_a_period_that_cannot_be_is_asked_again(people, query):
    answer = people.staff.client().get(reverse("report"), query)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    rows = people.staff.client().get(reverse("report_rows"), {**query, "figure": "meetings_held"})
    assert rows.status_code == 404


def test_report_on_one_grant(people):
    kind = AssignmentKindFactory(category="development")
    grant, other = GrantFactory(), GrantFactory()
    for paid in (grant, grant, other):
        AssignmentFactory(kind=kind, grant=paid, date=D(2021, 3, 1), status="done")
    client = people.staff.client()
    answer = client.get(reverse("report"), {**SPRING, "grant": str(grant.pk)})
    done = figures(answer)["assignments_done"]
    assert done.value == 2
    assert len(client.get(done.url).context["rows"]) == 2


def test_rows_of_an_unknown_figure_are_not_there(people):
    client = people.staff.client()
    for figure in ("", "names", "__class__"):
        assert client.get(reverse("report_rows"), {**SPRING, "figure": figure}).status_code == 404


def test_no_row_shows_a_name(people):
    """Every figure's rows over all of the family's records: codes and organisations, never a name."""
    names = {"Ville", "Kaisa", "Pirkko", "Dan", "Paula", "Raija", "Olli", "Sanna", "Henkilö", "Osallistuja"}
    assert Parent.objects.filter(first_name="Ville").exists()
    client = people.staff.client()
    wide = {"from": "2000-01-01", "to": "2999-12-31"}
    opened = 0
    for definition in all_definitions():
        page = client.get(reverse("report_rows"), {**wide, "figure": definition.name})
        assert page.status_code == 200
        table = page.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
        assert bool(table) == bool(page.context["rows"])
        assert [name for name in names if name in table] == [], definition.name
        opened += len(page.context["rows"]) > 0
    assert opened > 12
    codes = client.get(reverse("report_rows"), {**wide, "figure": "parents_in_relationships"})
    assert people.own.parent.case_code in codes.content.decode()


def test_rows_leave_a_trace_on_the_ground_of_the_report(people, pair):
    MeetingFactory(relationship=pair, date=D(2021, 2, 1))
    people.staff.client().get(reverse("report_rows"), {**SPRING, "figure": "meetings_held"})
    event = AuditEvent.objects.get(about_kind="pairing.parent", about_id=pair.parent_id)
    assert (event.ground, event.action, event.detail) == ("report", "list", "meetings_held")


def test_rows_are_paged_by_key(people, pair, settings):
    settings.PAGE_SIZE = 2
    for day in range(1, 6):
        MeetingFactory(relationship=pair, date=D(2021, 2, day))
    client = people.staff.client()
    seen, url = [], f"{reverse('report_rows')}?figure=meetings_held&from=2021-01-01&to=2021-06-30"
    while url:
        page = client.get(url)
        seen += [row.date.day for row in page.context["rows"]]
        url = page.context["older_url"] and reverse("report_rows") + page.context["older_url"]
    assert seen == [5, 4, 3, 2, 1]


def test_pages_cost_the_same_with_one_and_with_three(people, pair, django_assert_max_num_queries):
    client = people.staff.client()
    counts = []
    for rows in (1, 2):
        for day in range(rows):
            MeetingFactory(relationship=pair, date=D(2021, 2, 1 + day))
            FeeFactory()
        for query in ({}, {"grant": str(people.common.grant.pk)}):
            with django_assert_max_num_queries(12) as queries:
                client.get(reverse("report"), {**SPRING, **query})
            counts.append(len(queries))
        with django_assert_max_num_queries(12) as queries:
            client.get(reverse("report_rows"), {**SPRING, "figure": "meetings_held"})
        counts.append(len(queries))
    assert counts[:3] == counts[3:]


# --- the command ------------------------------------------------------------------------------------------
def printed(*arguments) -> str:
    out = StringIO()
    call_command("period_report", *arguments, stdout=out)
    return out.getvalue()


def test_command_prints_the_pages_figures_as_json(people, pair):
    MeetingFactory(relationship=pair, date=D(2021, 2, 1), minutes=90)
    found = json.loads(printed("--from", "2021-01-01", "--to", "2021-06-30", "--format", "json"))
    page = figures(people.staff.client().get(reverse("report"), SPRING))
    assert {figure["name"]: figure["value"] for figure in found} == {
        name: float(figure.value) for name, figure in page.items()
    }
    assert {"assignments_done", "relationships_active", "meetings_held"} <= {
        figure["name"] for figure in found
    }
    hours = next(figure for figure in found if figure["name"] == "meeting_hours")
    assert (hours["value"], hours["unit"], hours["n"], hours["basis"]) == (1.5, "hours", 1, "collected")
    assert hours["period"] == {"from": "2021-01-01", "to": "2021-06-30", "grant": None}
    assert all(figure["label"] and figure["definition"] for figure in found)


def test_command_prints_text(pair):
    text = printed("--from", "2021-01-01", "--to", "2021-06-30", "--language", "en")
    assert "  Active relationships: 1 (collected, n = 1)" in text.splitlines()


def test_command_on_one_grant(pair):
    grant = GrantFactory(code="AV-1")
    AssignmentFactory(grant=grant, date=D(2021, 2, 1), status="done")
    found = json.loads(
        printed("--from", "2021-01-01", "--to", "2021-06-30", "--format", "json", "--grant", "AV-1")
    )
    values = {figure["name"]: figure["value"] for figure in found}
    assert (values["assignments_done"], values["relationships_active"]) == (1, 0)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--from", "2021-06-30", "--to", "2021-01-01"),
        ("--from", "spring", "--to", "2021-01-01"),
        ("--from", "2021-01-01", "--to", "2021-06-30", "--grant", "no such"),
        ("--to", "2021-06-30"),
    ],
)
def test_command_refuses_what_it_does_not_understand(db, arguments):
    with pytest.raises(CommandError):
        printed(*arguments)
