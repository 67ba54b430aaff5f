"""Reading files in tests: the words of a PDF with pdftotext, its build with pikepdf, the parts of a workbook."""

import io
import shutil
import subprocess
import zipfile

import pikepdf

from kumppani.formats import pdf
from tests.conftest import missing

HOW_TO_GET_PANGO = (
    "no PDF files here: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig"
)
HOW_TO_GET_POPPLER = "no pdftotext here: apt-get install poppler-utils"


def needs_pango() -> None:
    """Skip (in CI: fail) where no PDF can be made."""
    if pdf._maker() is None:
        missing(HOW_TO_GET_PANGO)


def words_of_pages(made: bytes) -> str:
    """The words of a PDF in reading order; a form feed ends each page."""
    if not shutil.which("pdftotext"):
        missing(HOW_TO_GET_POPPLER)
    command = ["pdftotext", "-raw", "-enc", "UTF-8", "-", "-"]
    return subprocess.run(command, input=made, capture_output=True, check=True).stdout.decode()


def text_of(made: bytes) -> str:
    """All that a PDF tells: its words, and what it says about itself (the title that a window shows, the metadata)."""
    with pikepdf.open(io.BytesIO(made)) as paper:
        about = " ".join(str(value) for value in paper.docinfo.values())
        about += paper.Root.Metadata.read_bytes().decode()
    return f"{words_of_pages(made)}\n{about}"


def words_of(response) -> bytes:
    """What a person reads in an answer: of a PDF its words, of a workbook all its parts, else the body."""
    kind = response.headers.get("Content-Type", "")
    if kind == "application/pdf":
        return text_of(response.content).encode()
    if kind.endswith("spreadsheetml.sheet"):
        with zipfile.ZipFile(io.BytesIO(response.content)) as book:
            return b"\n".join(book.read(name) for name in book.namelist())
    return response.content


def tags_of(made: bytes) -> list[str]:
    """The kinds of all tags of a PDF, in reading order: `["Document", "Part", "H1", …]`."""
    with pikepdf.open(io.BytesIO(made)) as paper:
        return list(_tags(paper.Root.StructTreeRoot.K))


def _tags(node):
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from _tags(child)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield str(node.S).removeprefix("/")
        if "/K" in node:
            yield from _tags(node.K)
