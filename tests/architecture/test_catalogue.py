"""Finnish and Swedish are complete, agreed with their English originals, and really load.

Negative control: empty one msgstr, or mark one entry fuzzy.
"""

import re

import polib
import pytest
from django.utils import translation

from kumppani.accounts.roles import Role
from tests.architecture.source import ROOT

LANGUAGES = ["fi", "sv"]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|{\w+}")


def catalogue(language: str) -> polib.POFile:
    path = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
    assert path.exists(), f"there is no catalogue for {language}"
    return polib.pofile(str(path))


def said(entry: polib.POEntry) -> list[str]:
    """What an entry says, all its plural forms."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language):
    entries = [entry for entry in catalogue(language) if not entry.obsolete]
    assert entries
    assert [entry.msgid for entry in entries if not all(said(entry))] == []
    assert [entry.msgid for entry in entries if entry.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_placeholder_is_kept(language):
    different = []
    for entry in catalogue(language):
        if entry.obsolete:
            continue
        wanted = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural))
        for text in said(entry):
            used = set(PLACEHOLDER.findall(text))
            # A singular form may say "one" instead of the number.
            if used - wanted or (wanted - used and not entry.msgid_plural):
                different.append((entry.msgid, text))
    assert different == []


@pytest.mark.parametrize(("language", "word"), [("fi", "Vanhempi"), ("sv", "Förälder"), ("en", "Parent")])
def test_a_known_word_loads(language, word):
    with translation.override(language):
        assert str(Role.PARENT.label) == word
