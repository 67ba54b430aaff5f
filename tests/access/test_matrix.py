"""The matrix is complete and true (trust.md 1).

Each test was seen red once; how, says its docstring ("Control").
"""

import re
import types
from collections.abc import Iterator

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.urls import get_resolver, path, reverse
from django.utils import timezone

from kumppani import urls as street
from kumppani.accounts.models import RoleGrant, User
from kumppani.audit.models import AuditEvent
from pairing.models import Relationship
from tests.access.house import SEEN_TABLES, Written, all_as_written, code, sign_in_url, undone
from tests.access.matrix import LEAVES_A_TRACE, MATRIX, POINTS, PUBLIC, Row
from tests.access.urls import walk

LET_IN = {"200", "302", "422", "409"}
REFUSED = {"in", "403", "404"}
# What everybody signed in may do about oneself, also without a role.
FOR_ONESELF = {"home", "account_change_password", "account_reauthenticate"}


def doors():
    return list(walk(get_resolver()))


def methods(url) -> set[str]:
    """What a view answers to: GET and POST as its class says; a view function may answer to both."""
    view = getattr(url.callback, "view_class", None)
    if view is None:
        return {"GET", "POST"}
    return {
        name.upper() for name in ("get", "post") if hasattr(view, name) and name in view.http_method_names
    }


def ask(house, row: Row, point: str, *, method: str | None = None, nowhere: bool = False, **options):
    """One question at one door. A door that breaks answers 500: the other points of view are still asked."""
    client = house.client(point, row.thing, **options)
    client.raise_request_exception = False
    return getattr(client, (method or row.method).lower())(house.url(row, nowhere=nowhere))


# --- Complete? --------------------------------------------------------------------------------------------
def test_every_door_is_in_the_matrix():
    """Both ways: no door without a row, no row without a door. Control: add a url; delete a row."""
    found = {(url.name, method) for url in doors() for method in methods(url)}
    assert found == {(row.name, row.method) for row in MATRIX}


def test_every_door_has_a_name_of_its_own_and_a_plain_path():
    """Control: leave out a name; write re_path()."""
    names = [url.name for url in doors()]
    assert [url.route for url in doors() if not url.name] == []
    assert [url.route for url in doors() if not url.is_path] == []
    assert sorted({name for name in names if names.count(name) > 1}) == []
    assert [url.name for url in doors() if ":" in url.name] == []


def test_every_object_door_has_a_foreign_point_of_view():
    """Where an insider gets in, the outsider of the same role finds nothing. Control: let `other_worker` in."""
    pairs = [
        ("worker", "other_worker"),
        ("partner", "other_partner"),
        ("partner", "former_partner"),
        ("parent", "other_parent"),
        ("trainer", "other_trainer"),
    ]
    for row in MATRIX:
        if not row.thing.startswith("own."):
            continue
        for insider, outsider in pairs:
            if row.expected[insider] in LET_IN:
                assert row.expected[outsider] == "404", (row, outsider)


def test_public_doors_are_the_written_few():
    """Whoever is not signed in meets the sign-in page everywhere else. Control: put `login_not_required` on a view."""
    assert {url.name for url in doors() if url.is_public} == PUBLIC


def test_rows_are_written_once():
    keys = [(row.method, row.name, row.thing) for row in MATRIX]
    assert sorted({key for key in keys if keys.count(key) > 1}) == []


# --- True? ------------------------------------------------------------------------------------------------
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "base-uri 'none'; connect-src 'self'; default-src 'none'; font-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; img-src 'self'; manifest-src 'self'; object-src 'none'; script-src 'self'; "
        "style-src 'self'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}


def wanted(row: Row, response) -> dict:
    """A one-purpose link's address goes nowhere, not even to ourselves."""
    link = row.name in ("invitation_open", "order_open", "application_open") and response.status_code == 302
    return HEADERS | ({"Referrer-Policy": "no-referrer"} if link else {})


def headers(response) -> dict:
    """The guarding headers of an answer, its policy's words in order."""
    found = {name: response.headers.get(name) for name in HEADERS}
    policy = found["Content-Security-Policy"]
    if policy:
        found["Content-Security-Policy"] = "; ".join(
            sorted(part.strip() for part in policy.split(";") if part.strip())
        )
    return found


@pytest.fixture
def short_refusals(monkeypatch):
    """403 and 404 without their pages: there are thousands of them. The pages are drawn in the tests below."""
    for status in (403, 404):

        def refuse(request, exception, status=status):
            return HttpResponse(status=status)

        monkeypatch.setattr(street, f"handler{status}", refuse, raising=False)


def faults_of(row: Row, point: str, response, written: Written) -> Iterator[str]:
    """What is wrong with one answer."""
    answer, expected = code(response), row.expected[point]
    if answer != expected:
        yield f"expected {expected}, got {answer}"
    found = headers(response)
    for name, value in wanted(row, response).items():
        if found[name] != value:
            yield f"expected {name}: {value}, got {found[name]}"
    for name, morsel in response.cookies.items():
        if morsel.value and not (morsel["httponly"] and morsel["samesite"] in ("Lax", "Strict")):
            yield f"the cookie {name} is open to scripts or to other sites: {morsel.OutputString()}"
    surplus = written.tables - SEEN_TABLES
    if surplus and (row.method == "GET" or answer in REFUSED):
        yield f"wrote to {', '.join(sorted(surplus))}"


@pytest.mark.usefixtures("short_refusals")
@pytest.mark.parametrize("row", MATRIX, ids=str)
def test_door_answers_each_as_written(house, row):
    """The answers; and on the way, of every answer: the headers, the cookies, that a look writes nothing but its trace.

    Control: give a role to a view; take `visible_to` away; drop HeadersMiddleware; write in a GET.
    """
    faults = []
    for point in POINTS:
        with undone():
            with Written() as written:
                response = ask(house, row, point)
            faults += [f"{point}: {fault}" for fault in faults_of(row, point, response, written)]
    all_as_written(row, faults)


@pytest.mark.parametrize("row", [row for row in MATRIX if row.method == "GET"], ids=str)
def test_head_answers_as_get_and_writes_nothing(house, row):
    """Control: write in a view's `head`."""
    point = (row.points_that_get_in() or ["anonymous"])[0]
    with Written() as written:
        response = ask(house, row, point, method="HEAD")
    assert (code(response), response.content) == (row.expected[point], b"")
    assert written.tables <= SEEN_TABLES


@pytest.mark.usefixtures("short_refusals")
@pytest.mark.parametrize("name", sorted({row.name for row in MATRIX}))
def test_other_methods_do_nothing(house, name):
    """PUT, PATCH, DELETE and OPTIONS do nothing. Control: give a view a `put`."""
    rows = [row for row in MATRIX if row.name == name]
    point = next((point for row in rows for point in row.points_that_get_in()), "anonymous")
    faults = []
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS"):
        with undone(), Written() as written:
            response = ask(house, rows[0], point, method=method)
        if surplus := written.tables - SEEN_TABLES:
            faults.append(f"{method} as {point}: wrote to {', '.join(sorted(surplus))}")
        answer = code(response)
        if name not in PUBLIC | FOR_ONESELF and method != "OPTIONS" and answer not in {"403", "404", "405"}:
            faults.append(f"{method} as {point}: expected 403, 404 or 405, got {answer}")
    all_as_written(name, faults)


# --- Foreign ≡ non-existing -------------------------------------------------------------------------------
WANDERING = [
    re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"'),
    re.compile(rb'name="submission" value="[^"]*"'),
]


def body(response, *addresses: str) -> bytes:
    """The words of an answer without what differs from request to request."""
    text = response.content
    for pattern in WANDERING:
        text = pattern.sub(b"", text)
    for address in addresses:
        text = text.replace(address.encode(), b"ADDRESS")
    return text


def trace() -> list[tuple]:
    """What the audit trail holds, without times and ids of requests."""
    return list(
        AuditEvent.objects.order_by("at", "id").values_list(
            "actor_id", "actor_role", "action", "object_kind", "object_id", "about_kind", "about_id", "detail"
        )
    )


def first_difference(one: bytes, other: bytes) -> str:
    """Where two bodies part."""
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return " / ".join(
        repr(text[max(start - 30, 0) : start + 50].decode(errors="replace")) for text in (one, other)
    )


def told_by(house, row: Row, point: str, *, nowhere: bool) -> dict:
    """All that one answer tells, and what it wrote."""
    with undone():
        before = len(trace())
        with Written() as written:
            response = ask(house, row, point, nowhere=nowhere)
        return {
            "status": code(response),
            "body": body(response, house.url(row), house.url(row, nowhere=True)),
            "headers": {name: value for name, value in response.headers.items() if name != "Content-Length"},
            "trace": trace()[before:],
            "surplus": written.tables - SEEN_TABLES,
        }


@pytest.mark.parametrize("row", [row for row in MATRIX if row.has_outsiders()], ids=str)
def test_foreign_is_as_if_it_never_was(house, row):
    """Same status, same body, same headers; nothing written but one "denied" row, the same in both cases.

    Control: answer 403 to strangers; name the record in the 404 page; record the foreign object's id.
    """
    faults = []
    for point in row.outsiders():
        actor = house.person(point, row.thing)
        denied = [(actor.user.pk, actor.role, "denied", "", None, "", None, row.name)]
        foreign = told_by(house, row, point, nowhere=False)
        never = told_by(house, row, point, nowhere=True)
        for answer, what in ((foreign, "foreign"), (never, "never was")):
            if answer["status"] != "404":
                faults.append(f"{point}, {what}: expected 404, got {answer['status']}")
            if answer["trace"] != denied:
                faults.append(f"{point}, {what}: expected the trace {denied}, got {answer['trace']}")
            if answer["surplus"]:
                faults.append(f"{point}, {what}: wrote to {', '.join(sorted(answer['surplus']))}")
        if foreign["headers"] != never["headers"]:
            faults.append(f"{point}: its headers tell: {foreign['headers']} / {never['headers']}")
        if foreign["body"] != never["body"]:
            faults.append(f"{point}: its body tells: {first_difference(foreign['body'], never['body'])}")
    all_as_written(row, faults)


@pytest.mark.parametrize("point", ["anonymous", "staff", "parent"])
def test_an_address_without_a_door(house, point):
    """A 404 to everybody, signed in or not, with the same guarding headers."""
    response = house.client(point).get("/no-such-door/")
    assert (response.status_code, headers(response)) == (404, HEADERS)


@pytest.mark.logs_errors
def test_broken_page_has_its_headers_and_says_nothing(house, forgetful_door):
    client = house.client("staff")
    client.raise_request_exception = False
    response = client.get(forgetful_door)
    assert (response.status_code, headers(response)) == (500, HEADERS)
    assert "everything about everybody" not in response.content.decode()


def test_file_has_its_headers(house):
    """A stylesheet may be kept by the browser; the rest guards it as a page."""
    response = house.client("anonymous").get("/static/css/tokens.css")
    assert response.getvalue()  # read to its end, so that the file is closed
    found = headers(response)
    assert response.status_code == 200
    assert "no-store" not in found.pop("Cache-Control")
    for name in ("X-Content-Type-Options", "Cross-Origin-Resource-Policy", "Referrer-Policy", "X-Robots-Tag"):
        assert found[name] == HEADERS[name]


def test_refused_page_has_its_headers_and_says_nothing_of_the_record(house):
    response = house.client("partner").get(reverse("parent_detail", args=[house.people.own.parent.pk]))
    assert (response.status_code, headers(response)) == (403, HEADERS)
    assert house.people.own.parent.case_code not in response.content.decode()


# --- Access ends at once ----------------------------------------------------------------------------------
SIGNED_IN = [row for row in MATRIX if row.name not in PUBLIC and row.points_that_get_in()]


@pytest.mark.usefixtures("short_refusals")
@pytest.mark.parametrize("row", SIGNED_IN, ids=str)
def test_role_taken_away_one_request_ago(house, row):
    """The very next request of a live session is refused. Control: keep the actor in the session.

    Without any role, what is left is what everybody signed in may do about oneself.
    """
    left = row.expected["nobody"]
    assert left == "403" or row.name in FOR_ONESELF
    faults = []
    for point in row.points_that_get_in():
        if point == "nobody":
            continue
        with undone():
            RoleGrant.objects.filter(user=house.person(point, row.thing).user).update(ended_at=timezone.now())
            if (answer := code(ask(house, row, point))) != left:
                faults.append(f"{point}: expected {left}, got {answer}")
    all_as_written(row, faults)


@pytest.mark.parametrize("row", SIGNED_IN, ids=str)
def test_user_deactivated_one_request_ago(house, row):
    """Control: let the backend's `get_user` find inactive users."""
    expected = f"302 {sign_in_url(house.url(row))}"
    faults = []
    for point in row.points_that_get_in():
        with undone():
            User.objects.filter(pk=house.person(point, row.thing).user.pk).update(is_active=False)
            response = ask(house, row, point)
            if (answer := f"{response.status_code} {response.headers.get('Location')}") != expected:
                faults.append(f"{point}: expected {expected}, got {answer}")
    all_as_written(row, faults)


OF_THE_RELATIONSHIP = ("own.active", "own.meeting", "own.planned_meeting", "own.agreement")


@pytest.mark.parametrize(
    "row",
    [row for row in MATRIX if row.thing in OF_THE_RELATIONSHIP and row.expected["partner"] in LET_IN],
    ids=str,
)
def test_relationship_ended_one_request_ago(house, row):
    """The partner's doors to it close with it (R16). Control: put `ended` into OPEN."""
    Relationship.objects.filter(pk=house.people.own.active.pk).update(
        status="ended", ended_on=timezone.localdate()
    )
    assert ask(house, row, "partner").status_code == 404


# --- Unsafe methods ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("row", [row for row in MATRIX if row.method == "POST"], ids=str)
def test_unsafe_method_needs_its_token(house, row):
    """Without the form's token from our own page nothing happens. Control: `csrf_exempt`."""
    point = (row.points_that_get_in() or ["anonymous"])[0]
    with Written() as written:
        response = ask(house, row, point, enforce_csrf_checks=True)
    assert response.status_code == 403
    assert written.tables <= SEEN_TABLES


# --- Doors that forgot to ask -----------------------------------------------------------------------------
@pytest.fixture
def forgetful_door(settings):
    """A view that shows something without asking who may see it."""

    def view(request):
        return HttpResponse("everything about everybody")

    other_street = types.ModuleType("tests.access.forgetful")
    other_street.urlpatterns = [path("forgot/", view, name="forgot"), *get_resolver().url_patterns]
    settings.ROOT_URLCONF = other_street
    return "/forgot/"


@pytest.mark.logs_errors
def test_door_that_forgot_to_ask_raises(house, forgetful_door):
    """Control of the control: the same door with `request.access_asked` set is let through."""
    with pytest.raises(ImproperlyConfigured, match="forgot answered without asking"):
        house.client("staff").get(forgetful_door)


def test_door_that_forgot_to_ask_is_closed_to_strangers(house, forgetful_door):
    assert code(house.client("anonymous").get(forgetful_door)) == "in"


def test_every_look_at_a_person_leaves_a_trace(house):
    """Pages about one person: one row for each person they are about. Control: drop `record_seen`."""
    silent = []
    for row in MATRIX:
        if row.method != "GET" or row.name not in LEAVES_A_TRACE:
            continue
        for point in row.points_that_get_in():
            with undone():
                before = AuditEvent.objects.count()
                response = ask(house, row, point)
                if response.status_code == 200 and AuditEvent.objects.count() == before:
                    silent.append((str(row), point))
    assert silent == []
