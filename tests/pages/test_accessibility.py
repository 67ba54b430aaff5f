"""Every page of the matrix in a real browser at phone width: axe finds nothing; and its HTML is valid.

Control: take the `alt` or the label of something away; nest a <p> in a <p>; see `test_a_bad_page_is_noticed`.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.test import Client

from tests.access.house import House
from tests.access.matrix import FILES, MATRIX
from tests.architecture.source import ROOT
from tests.conftest import missing
from tests.personas import build_people

AXE = ROOT / "tests" / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = "async tags => (await axe.run(document, {runOnly: tags, resultTypes: ['violations']})).violations"
INSIDERS = ("staff", "worker", "partner", "parent", "trainer", "administrator")
HOW_TO_GET_NU = "no Nu HTML checker here: `make tools` fetches it (it needs Java), or name one with VNU_JAR="


def shown() -> list[tuple]:
    """(row, person) of each page: one person per page and layout, and the stranger where it is public."""
    pages, public = [], set()
    for row in MATRIX:
        if row.method != "GET" or row.name in FILES | {"healthz"}:
            continue
        if row.expected["anonymous"] in ("200", "404"):
            # A link that is closed is one page; another question in the address is another.
            page = (
                row.name,
                row.thing if row.thing.startswith(("?", "holds.")) else "",
                row.expected["anonymous"],
            )
            if page not in public:
                pages.append((row, "anonymous"))
            public.add(page)
            continue
        pages += [(row, point) for point in INSIDERS if row.expected[point] == "200"]
    return pages


def drawn(house: House) -> dict[str, str]:
    """The HTML of every page, of every form that comes back with its errors, and of the error pages."""
    found = {}
    for row, point in shown():
        found[f"{row} as {point}"] = house.client(point, row.thing).get(house.url(row)).content.decode()
    for row in MATRIX:
        for point in INSIDERS:
            if row.method == "POST" and row.expected[point] == "422":
                response = house.client(point, row.thing).post(house.url(row))
                found[f"{row} as {point}"] = response.content.decode()
    strict = Client(enforce_csrf_checks=True)
    found["403"] = house.client("partner").get("/users/").content.decode()
    found["404 as anonymous"] = house.client("anonymous").get("/no-such-door/").content.decode()
    found["404 as parent"] = house.client("parent").get("/no-such-door/").content.decode()
    found["403 csrf"] = strict.post("/account/login/").content.decode()
    return found


# --- HTML ------------------------------------------------------------------------------------------------------------
def nu_checker() -> list[str]:
    """The command that runs the Nu HTML checker."""
    jar = Path(os.environ.get("VNU_JAR", ROOT / "var" / "tools" / "vnu.jar"))
    if not jar.exists() or not shutil.which("java"):
        missing(HOW_TO_GET_NU)
    return ["java", "-Xss4m", "-jar", str(jar)]


def nu_faults(folder: Path) -> list[str]:
    """What the checker says about all pages of a folder, in one run of Java."""
    said = subprocess.run(
        [*nu_checker(), "--format", "json", "--stdout", "--skip-non-html", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    return [
        f"{Path(message.get('url', '')).name}: {message['message']} – {message.get('extract', '').strip()}"
        for message in json.loads(said.stdout)["messages"]
        if message["type"] == "error" or message.get("subType") == "warning"
    ]


@pytest.mark.nu
def test_every_page_is_valid_html(db, tmp_path):
    checker = nu_checker()
    assert checker
    for number, (name, html) in enumerate(drawn(House(build_people())).items()):
        file_name = re.sub(r"\W+", "-", name)
        (tmp_path / f"{number:03}-{file_name}.html").write_text(html)
    assert nu_faults(tmp_path) == []


@pytest.mark.nu
def test_a_bad_page_is_noticed_by_the_checker(tmp_path):
    (tmp_path / "bad.html").write_text(
        "<!doctype html><html lang=fi><title>x</title><p><div id=a></div><b id=a></i>"
    )
    assert len(nu_faults(tmp_path)) >= 3


# --- Accessibility ---------------------------------------------------------------------------------------------------
def axe_faults(page) -> list[str]:
    """What axe, which is in the page already, says of it."""
    return [
        f"{violation['id']}: {violation['help']} – {node['html']}"
        for violation in page.evaluate(RUN_AXE, TAGS)
        for node in violation["nodes"]
    ]


def walk_with_axe(open_page, live_server, pages, **options) -> dict[str, list[str]]:
    """What axe says of these pages, and where a page is wider than the phone."""
    house = House(build_people())
    found = {}
    browsers = {}
    for row, point in pages:
        person = house.person(point, row.thing)
        # Who holds a link is in a browser of her or his own: it remembers the link.
        way = house.way_to(row.thing)
        browser = (person.name, way)
        if browser not in browsers:
            page = open_page(**options)
            page.context.add_init_script(path=AXE)  # sent and compiled once: it is as long as a novel
            page.context.add_cookies(
                [
                    {"name": name, "value": morsel.value, "url": live_server.url, "httpOnly": True}
                    for name, morsel in house.cookies[person.name].items()
                ]
            )
            browsers[browser] = page
        page = browsers[browser]
        if way:
            page.goto(way)
        answer = page.goto(house.url(row))
        faults = axe_faults(page)
        if answer.status != int(row.expected[point]):
            faults.append(f"answered {answer.status}")
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wider > 0:
            faults.append(f"{wider} px wider than the screen")
        if faults:
            found[f"{row} as {point}"] = faults
    return found


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", ["anonymous", *INSIDERS])
def test_axe_finds_nothing_at_phone_width(open_page, live_server, point):
    """WCAG 2.2 A and AA and best practice, at 390 px; nothing sticks out sideways."""
    pages = [(row, who) for row, who in shown() if who == point]
    assert pages
    assert walk_with_axe(open_page, live_server, pages) == {}


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_axe_finds_nothing_in_the_dark(open_page, live_server):
    """The colours of the dark scheme, one page of each kind."""
    kinds = ("home", "relationship_detail", "meeting_log", "fee_list", "report", "start_meeting")
    pages = [(row, point) for row, point in shown() if row.name in kinds]
    assert walk_with_axe(open_page, live_server, pages, color_scheme="dark") == {}


@pytest.mark.browser
def test_a_bad_page_is_noticed_by_axe(browser):
    page = browser.new_page()
    page.set_content(
        "<html><body><img src='x.png'><input><p style='color:#ccc;background:#fff'>x</p></body></html>"
    )
    page.evaluate(AXE.read_text())
    assert len(axe_faults(page)) >= 4
    page.close()
