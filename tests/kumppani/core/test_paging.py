"""Pages by key: every row once, in order, whatever the way one walks."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kumppani.core.paging import paginate
from kumppani.organisations.models import Organisation
from pairing.models import Meeting
from tests.factories.organisations import OrganisationFactory
from tests.factories.pairing import MeetingFactory, relationship_in

pytestmark = pytest.mark.django_db


def walk(queryset, order, size):
    """All pages from the first to the last, by the links."""
    pages, cursor = [], ""
    while True:
        page = paginate(queryset, order, cursor, size=size)
        pages.append(page)
        if page.older is None:
            return pages
        cursor = page.older


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
def test_every_row_comes_once_and_in_order(size):
    for number in range(7):
        OrganisationFactory(name=f"Järjestö {number % 3} {number}", kind="ngo" if number % 2 else "other")
    rows = [
        row.pk for page in walk(Organisation.objects.all(), ("kind", "-name", "id"), size) for row in page
    ]
    assert rows == list(Organisation.objects.order_by("kind", "-name", "id").values_list("pk", flat=True))


def test_one_walks_back_to_the_first_page():
    for number in range(5):
        OrganisationFactory(name=f"Järjestö {number}")
    pages = walk(Organisation.objects.all(), ("name", "id"), 2)
    back = paginate(Organisation.objects.all(), ("name", "id"), pages[2].newer, size=2)
    assert [row.pk for row in back] == [row.pk for row in pages[1]]
    first = paginate(Organisation.objects.all(), ("name", "id"), back.newer, size=2)
    assert ([row.pk for row in first], first.newer) == ([row.pk for row in pages[0]], None)


def test_dates_of_one_day_are_told_apart_by_the_id():
    relationship = relationship_in("active")
    for _number in range(5):
        MeetingFactory(relationship=relationship)
    rows = [row.pk for page in walk(Meeting.objects.all(), ("-date", "-id"), 2) for row in page]
    assert rows == list(Meeting.objects.order_by("-date", "-id").values_list("pk", flat=True))


def test_an_empty_list_has_no_neighbours():
    page = paginate(Organisation.objects.all(), ("name", "id"))
    assert (page.items, page.newer, page.older) == ([], None, None)


@given(st.text(max_size=80))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_nonsense_instead_of_a_key_shows_the_first_page(cursor):
    assert paginate(Organisation.objects.none(), ("name", "id"), cursor).items == []


@pytest.mark.parametrize(
    "cursor",
    [
        "WyJvIiwieFx1MDAwMCIsIngiXQ",
        "WyJvIiwxXQ",
        "bnVsbA",
        "\x00",
        "é",
        "WyJvIiwiXHVkODAwIiwieCJd",
        "WyJvIiwieCIsWzFdXQ",
        "W" * 3000,
    ],
)
def test_a_tampered_key_shows_the_first_page(cursor):
    OrganisationFactory(name="Ainoa")
    assert [row.name for row in paginate(Organisation.objects.all(), ("name", "id"), cursor)] == ["Ainoa"]
