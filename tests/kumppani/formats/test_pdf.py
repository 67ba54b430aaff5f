"""A template becomes a tagged PDF with our own font, and nothing is fetched from anywhere.

Controls: give `render_pdf` no finisher, no variant, WeasyPrint's own fetcher; let `own_file` return any path; give the
extended alphabet in paper.css the family name of the basic one.
"""

import io
import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.utils.translation import get_language, gettext, override

from kumppani.formats import pdf
from kumppani.formats.pdf import HERE, PdfUnavailable, Refused, own_file, render_pdf
from tests.papers import needs_pango, tags_of, text_of

SHEET = """<!DOCTYPE html>
<html><head><link rel="stylesheet" href="/static/css/paper.css">{head}</head>
<body><main class="paper">{body}</main></body></html>"""


@pytest.fixture
def make(monkeypatch):
    """Makes a PDF of some HTML on our own paper."""
    needs_pango()

    def make(body: str, *, head: str = "", language: str = "fi", title: str = "Paperi") -> bytes:
        drawn = SHEET.format(head=head, body=body)
        monkeypatch.setattr(pdf, "render_to_string", lambda template, context: drawn)
        return render_pdf("any.html", {}, language=language, title=title)

    return make


@pytest.fixture
def no_network(monkeypatch):
    """Whoever reaches out fails."""

    def connect(self, address):
        raise AssertionError(f"reached out to {address}")

    monkeypatch.setattr(socket.socket, "connect", connect)


# --- Tagged -----------------------------------------------------------------------------------------------
def test_paper_says_that_it_is_tagged_in_which_language_and_what_it_is_called(make):
    with pikepdf.open(io.BytesIO(make("<h1>Avtal</h1>", language="sv", title="Papper"))) as paper:
        root = paper.Root
        assert bool(root.MarkInfo.Marked)
        assert "/StructTreeRoot" in root
        assert str(root.Lang) == "sv"
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        assert str(paper.docinfo.Title) == "Papper"
        with paper.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "Papper"


def test_headings_paragraphs_and_lists_are_tagged_in_reading_order(make):
    tags = tags_of(make("<h1>A</h1><p>B</p><section><h2>C</h2><ul><li>D</li></ul></section>"))
    order = [tag for tag in tags if tag in {"Document", "Part", "Sect", "H1", "H2", "P", "L", "LI", "LBody"}]
    assert order == ["Document", "Part", "H1", "P", "Sect", "H2", "L", "LI", "LBody"]


def test_every_piece_of_text_hangs_in_the_tree(make):
    """The page numbers too: from each marked piece one climbs to a parent that knows the child."""
    made = make("<h1>A</h1>" + "<p>B</p>" * 120)
    with pikepdf.open(io.BytesIO(made)) as paper:
        assert len(paper.pages) > 1
        numbers = list(paper.Root.StructTreeRoot.ParentTree.Nums)
        pieces = [piece for page in numbers[1::2] for piece in page]
        assert len(pieces) > 120
        loose = [str(piece.S) for piece in pieces if not _hangs(piece, paper.Root.StructTreeRoot)]
    assert loose == []


def _hangs(element, root) -> bool:
    while element.objgen != root.objgen:
        parent = element.P
        if element.objgen not in {kid.objgen for kid in parent.K if isinstance(kid, pikepdf.Dictionary)}:
            return False
        element = parent
    return True


# --- Our own font -----------------------------------------------------------------------------------------
def fonts_of(made: bytes) -> dict[str, bool]:
    """The name of every font of a PDF → whether it is embedded."""
    found = {}
    with pikepdf.open(io.BytesIO(made)) as paper:
        for page in paper.pages:
            for font in page.Resources.Font.values():
                for kind in font.get("/DescendantFonts", [font]):
                    descriptor = kind.FontDescriptor
                    found[str(font.BaseFont).split("+")[-1]] = any(
                        name in descriptor for name in ("/FontFile", "/FontFile2", "/FontFile3")
                    )
    return found


def test_only_our_own_font_is_used_and_it_is_embedded(make):
    made = make("<h1>Sopimus</h1><p>Äiti ja isä tapaavat – “Ölandin” 12 € kahvilassa Åbossa.</p>")
    assert fonts_of(made) == {"Kumppani-Paper": True, "Kumppani-Paper-Semi-Bold": True}


def test_letters_of_the_extended_alphabet_are_the_right_ones(make):
    """Two files of one family and weight would be taken for one font, and š would come out as another letter."""
    words = "Šárá, Žanna, Čáhppes, Łódź, ő"
    made = make(f"<p>{words}</p>")
    assert text_of(made).splitlines()[0] == words
    assert fonts_of(made) == {"Kumppani-Paper": True, "Kumppani-Paper-Extended": True}


# --- In one language --------------------------------------------------------------------------------------
def test_paper_is_in_its_own_language_whatever_the_reader_speaks(monkeypatch):
    needs_pango()
    drawn = []

    def render(template, context):
        drawn.append((template, get_language(), context["language"], context["title"]))
        return SHEET.format(head="", body=f"<p>{gettext('Saturday')}</p>")

    monkeypatch.setattr(pdf, "render_to_string", render)
    with override("fi"):
        made = render_pdf("any.html", {"title": "other"}, language="sv", title="Papper")
        assert get_language() == "fi"
    assert drawn == [("any.html", "sv", "sv", "Papper")]
    assert text_of(made).splitlines()[0] == "lördag"


# --- Nothing is fetched -----------------------------------------------------------------------------------
FOREIGN = [
    "http://example.org/a.css",
    "https://example.org/static/css/paper.css",
    "http://paper.invalid/static/css/paper.css",
    "https://paper.invalid.example.org/static/css/paper.css",
    "https://paper.invalid@example.org/static/css/paper.css",
    "https://paper.invalid:8000/static/css/paper.css",
    "file:///etc/passwd",
    "file:///static/css/paper.css",
    "data:text/css,p{}",
    "ftp://paper.invalid/static/css/paper.css",
    f"{HERE}/etc/passwd",
    f"{HERE}/pairs/",
    f"{HERE}/static/../manage.py",
    f"{HERE}/static/css/../../kumppani/settings.py",
    f"{HERE}/static/%2e%2e/%2e%2e/etc/passwd.css",
    f"{HERE}/static//etc/fonts/fonts.css",
    f"{HERE}/static/js/kumppani.js",
    f"{HERE}/static/vendor/VENDORED.md",
    f"{HERE}/static/css/",
    f"{HERE}/static/css/there-is-none.css",
    "",
]


@pytest.mark.parametrize("address", FOREIGN)
def test_foreign_address_is_refused(address):
    with pytest.raises(Refused):
        own_file(address)


@pytest.mark.parametrize(
    "name", ["css/paper.css", "img/favicon.svg", "vendor/fonts/atkinson-hyperlegible-next-latin-400.woff2"]
)
def test_own_file_is_found(name):
    assert own_file(f"{HERE}/static/{name}") == Path(settings.BASE_DIR) / "static" / name


@pytest.mark.logs_errors
@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize(
    "asks",
    [
        '<link rel="stylesheet" href="{}">',
        "<style>@import url({});</style>",
        "<style>body {{ background: url({}) }}</style>",
        "<style>@font-face {{ font-family: x; src: url({}) }} body {{ font-family: x }}</style>",
        '<img src="{}" alt="a">',
        '<object data="{}">a</object>',
        '<link rel="attachment" href="{}">',
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="{}"/></svg>',
    ],
)
@pytest.mark.parametrize("address", ["http://127.0.0.1:9/a.css", "file:///etc/passwd", "data:text/css,p{}"])
def test_paper_that_asks_for_something_else_is_not_made(make, asks, address):
    """Whichever way it asks."""
    with pytest.raises(Refused):
        make(asks.format(address))


# --- A machine without Pango ------------------------------------------------------------------------------
class _Lacks:
    """Stands in the way of one import, as a missing library does."""

    def __init__(self, error: Exception):
        self.error = error

    def find_spec(self, name, path=None, target=None):
        if name == "weasyprint":
            print("advice of a library to whoever installs it")
            raise self.error


@pytest.mark.parametrize("error", [OSError("cannot load library"), ImportError("no such package")])
def test_machine_without_the_library_says_so(monkeypatch, capsys, error):
    for name in [name for name in sys.modules if name.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [_Lacks(error), *sys.meta_path])
    monkeypatch.setattr(pdf, "_maker", pdf._maker.__wrapped__)
    with pytest.raises(PdfUnavailable):
        render_pdf("paper.html", {}, language="fi", title="Paperi")
    assert capsys.readouterr().out == ""


def test_starting_the_service_does_not_load_the_maker():
    """It takes a second and may be missing: only whoever makes a paper waits for it."""
    program = (
        "import sys, django; django.setup(); import kumppani.urls; "
        "sys.exit('weasyprint' in sys.modules or 'kumppani.formats.pdf' not in sys.modules)"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    assert (
        subprocess.run([sys.executable, "-c", program], cwd=settings.BASE_DIR, env=environment).returncode
        == 0
    )


def test_several_papers_at_once_are_several_papers(make):
    needs_pango()
    make("<p>x</p>")
    with ThreadPoolExecutor(4) as pool:
        titles = [f"Paperi {number}" for number in range(6)]
        made = list(pool.map(lambda title: render_pdf("any.html", {}, language="fi", title=title), titles))
    found = []
    for paper in made:
        with pikepdf.open(io.BytesIO(paper)) as opened:
            found.append(str(opened.docinfo.Title))
    assert found == titles
