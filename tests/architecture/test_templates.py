"""Templates stay plain: nothing inline (the content security policy forbids it), nothing unescaped, nothing untrimmed.

Negative control: `test_what_is_forbidden_is_seen`.
"""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

from tests.architecture.source import HOUSE, ROOT, python_files

TEMPLATES = ROOT / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))
EVERY = sorted(path for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".txt"})

FORBIDDEN = {
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "inline handler": re.compile(r"\son[a-z]+\s*=\s*[\"'{]", re.IGNORECASE),
    "javascript: link": re.compile(r"javascript:", re.IGNORECASE),
    "unescaped output": re.compile(r"\|\s*safe\b|autoescape\s+off|\|\s*safeseq"),
    "old translation tag": re.compile(r"{%-?\s*(trans|blocktrans)\s"),
    "untrimmed block": re.compile(r"{%-?\s*blocktranslate\b(?![^%]*\btrimmed\b)"),
    "file from elsewhere": re.compile(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//"),
}
# Templates that a library asks for by their name, and pieces shared by all.
SHARED = ("components/", "bootstrap5/", "allauth/", "letters/")
# Letters are read outside the app: a mail program knows no stylesheet of ours, and a link leads back to us.
LETTERS = "letters/"


def found_in(text: str) -> list[str]:
    without_comments = re.sub(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}", "", text, flags=re.DOTALL)
    return [
        f"{what}: {match.group(0).strip()}"
        for what, pattern in FORBIDDEN.items()
        for match in pattern.finditer(without_comments)
    ]


def name(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


@pytest.mark.parametrize("path", EVERY, ids=name)
def test_template_is_plain(path):
    allowed = ("inline style",) if name(path).startswith(LETTERS) else ()
    assert [fault for fault in found_in(path.read_text()) if not fault.startswith(allowed or "\0")] == []


@pytest.mark.parametrize(
    "bad",
    [
        "<script>alert(1)</script>",
        "<style>p {}</style>",
        '<p style="color: red">',
        '<button onclick="go()">',
        '<a href="javascript:go()">',
        "{{ words|safe }}",
        "{% autoescape off %}",
        '{% trans "Home" %}',
        "{% blocktrans trimmed %}x{% endblocktrans %}",
        "{% blocktranslate with a=b %}x{% endblocktranslate %}",
        '<link href="//fonts.example/x.css">',
    ],
)
def test_what_is_forbidden_is_seen(bad):
    assert found_in(bad)


@pytest.mark.parametrize(
    "good",
    [
        '<script src="{% static "js/kumppani.js" %}" defer></script>',
        "{% blocktranslate trimmed with a=b %}x{% endblocktranslate %}",
        '{% translate "Home" %}',
        '<option value="1">on=1</option>',
    ],
)
def test_what_is_allowed_is_let_through(good):
    assert found_in(good) == []


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_what_is_included_is_a_component_or_starts_with_an_underscore(path):
    included = re.findall(r"{%\s*include\s+[\"']([^\"']+)[\"']", path.read_text())
    assert [
        target
        for target in included
        if not target.startswith(SHARED) and not Path(target).name.startswith("_")
    ] == []


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_what_is_included_or_extended_exists(path):
    for target in re.findall(r"{%\s*(?:include|extends)\s+[\"']([^\"']+)[\"']", path.read_text()):
        get_template(target)


def test_fragments_are_never_pages():
    found = []
    for app in HOUSE:
        for path in python_files(app):
            found += re.findall(r"template_name[^\n=]*=\s*[\"'](?:[^\"']*/)?(_[^\"']+)", path.read_text())
    assert found == []


def test_python_marks_nothing_safe():
    """HTML is made by templates; `format_html` escapes, `mark_safe` does not."""
    found = [
        str(path.relative_to(ROOT))
        for app in HOUSE
        for path in python_files(app)
        if re.search(r"\bmark_safe\b|\bSafeString\(", path.read_text())
    ]
    assert found == []
