"""Papers: a template becomes a tagged PDF in one language (docs/decisions/0013-pdf-by-weasyprint.md).

The maker fetches nothing from anywhere: of all addresses it reads only our own stylesheets, drawings and fonts. It is
imported when the first paper is made: it needs Pango, which a newcomer's machine may lack, and a second of time.
"""

import contextlib
import io
from functools import cache
from pathlib import Path
from threading import Lock
from types import ModuleType
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import SuspiciousFileOperation
from django.template.loader import render_to_string
from django.utils.translation import override

# PDF/UA-1 (ISO 14289-1): tagged for screen readers.
VARIANT = "pdf/ua-1"
# Nobody answers under .invalid (RFC 2606): an address that slips past us leads nowhere.
HERE = "https://paper.invalid"
KINDS = {".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}

# Pango's and fontconfig's global state has one user at a time; a paper takes a quarter of a second.
_one_at_a_time = Lock()


class PdfUnavailable(Exception):
    """This machine has no Pango, so it makes no PDF: show the page that is made for printing instead."""


class Refused(ValueError):
    """A paper asked for something that is not one of our own stylesheets, drawings or fonts."""


def render_pdf(template: str, context: dict, *, language: str, title: str) -> bytes:
    """Draw `template` in `language` and return it as PDF/UA-1 with our own font embedded.

    `title` is what a reader's window shows: it must name nobody. Raises `PdfUnavailable` where the machine cannot
    make PDF files, and `Refused` when the template asks for any file but those.
    """
    weasyprint = _maker()
    if weasyprint is None:
        raise PdfUnavailable
    with override(language):
        html = render_to_string(template, {**context, "language": language, "title": title})
    options = {"pdf_variant": VARIANT, "pdf_tags": True}
    fetcher = _fetcher(weasyprint)
    with _one_at_a_time:
        try:
            source = weasyprint.HTML(string=html, base_url=f"{HERE}/", url_fetcher=fetcher)
            paper = source.render(**options)
            paper.metadata.title, paper.metadata.lang = title, language
            made = paper.write_pdf(finisher=_hang_up_loose_leaves, **options)
        except (
            weasyprint.urls.FatalURLFetchingError
        ) as error:  # no Exception, so it would end the whole process
            raise fetcher.refused or OSError(str(error)) from error
    if fetcher.refused is not None:
        raise fetcher.refused
    return made


@cache
def _maker() -> ModuleType | None:
    """WeasyPrint, or None on a machine that lacks its libraries. Asked once: a library does not come by itself."""
    try:
        # It prints its own advice where a library is missing; ours stands on the page.
        with contextlib.redirect_stdout(io.StringIO()):
            import weasyprint
    except (ImportError, OSError):
        return None
    return weasyprint


def own_file(address: str) -> Path:
    """The file of ours that `address` means; raises `Refused` for every other address."""
    parts = urlsplit(address)
    prefix = f"/{settings.STATIC_URL.strip('/')}/"
    asked = unquote(parts.path)
    if f"{parts.scheme}://{parts.netloc}" != HERE or not asked.startswith(prefix):
        raise Refused(f"not a file of ours: {address}")
    name = asked.removeprefix(prefix)
    if Path(name).suffix not in KINDS:
        raise Refused(f"neither a stylesheet, a drawing nor a font: {address}")
    try:
        # Where it was written; in production, where names carry a hash, where it was collected.
        path = Path(finders.find(name) or staticfiles_storage.path(name))
    except SuspiciousFileOperation as error:
        raise Refused(f"outside our folder: {address}") from error
    if not path.is_file():
        raise Refused(f"no such file: {address}")
    return path


def _fetcher(weasyprint: ModuleType):
    """WeasyPrint's way to files, with `own_file` as its only door: what is refused stops the paper."""

    class OwnFilesOnly(weasyprint.urls.URLFetcher):
        def __init__(self):
            super().__init__(allowed_protocols=[], allow_redirects=False, fail_on_errors=True)
            self.refused: Refused | None = None

        def fetch(self, url, headers=None):
            try:
                path = own_file(url)
            except Refused as refused:
                # Remembered as well: inside a drawing WeasyPrint swallows even what it calls fatal.
                self.refused = refused
                raise
            headers = {"Content-Type": KINDS[path.suffix]}
            return weasyprint.urls.URLFetcherResponse(url, path.read_bytes(), headers)

    return OwnFilesOnly()


def _hang_up_loose_leaves(document, pdf) -> None:
    """Hang the tags of page margins (the page numbers) into the tree of tags.

    WeasyPrint leaves them outside it, and PDF/UA-1 wants all text inside: they come last, after what they belong to.
    """
    elements = [
        thing for thing in pdf.objects if isinstance(thing, dict) and thing.get("Type") == "/StructElem"
    ]
    root = next(element for element in elements if element["S"] == "/Document")
    hung = set(root["K"])
    root["K"] += [
        element.reference
        for element in elements
        if element["P"] == root.reference and element.reference not in hung
    ]
