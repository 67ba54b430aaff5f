"""Compile locale/*/LC_MESSAGES/*.po to .mo without gettext: standard library only.

    python3 scripts/compile_messages.py           what changed
    python3 scripts/compile_messages.py --force   everything

The demo, the tests, CI and the image all use it, so none of them needs GNU gettext installed. Like msgfmt it
leaves out fuzzy, obsolete and untranslated entries. scripts/check_catalogues.py reads with the same parser.
"""

import os
import re
import struct
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEYWORD = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d+)\])?\s*(".*)$')
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"$')
ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.)")
ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


class CatalogueError(Exception):
    """A .po file that cannot be read; the text names file and line."""


@dataclass
class Entry:
    line: int
    context: str | None = None
    msgid: str = ""
    plural: str | None = None
    strings: dict[int, str] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.msgid

    @property
    def is_header(self) -> bool:
        return self.msgid == "" and self.context is None

    @property
    def is_fuzzy(self) -> bool:
        return "fuzzy" in self.flags

    @property
    def is_translated(self) -> bool:
        return bool(self.strings) and all(self.strings.values())


def unescape(text: str) -> str:
    def character(found: re.Match[str]) -> str:
        code = found[1]
        if code[0] == "x" and len(code) > 1:
            return chr(int(code[1:], 16))
        if code[0].isdigit():
            return chr(int(code, 8))
        return ESCAPED.get(code, code)

    return ESCAPE.sub(character, text)


def parse(file: Path) -> list[Entry]:
    """Every live entry of a .po file, in its order; obsolete ones (#~) are left out."""
    entries: list[Entry] = []
    seen: dict[tuple[str | None, str], int] = {}
    entry: Entry | None = None  # the one being read
    flags: set[str] = set()  # of the entry to come
    add_to = None  # where a continued string goes

    def finish() -> None:
        nonlocal entry, add_to
        if entry is not None:
            if not entry.strings:
                raise CatalogueError(f"{file}:{entry.line}: this entry has no msgstr")
            if entry.key in seen:
                raise CatalogueError(f"{file}:{entry.line}: the same msgid as in line {seen[entry.key]}")
            seen[entry.key] = entry.line
            entries.append(entry)
        entry = add_to = None

    for number, raw in enumerate(file.read_text(encoding="utf-8-sig").splitlines(), 1):
        line = raw.strip()
        if not line:
            continue
        if line.startswith("#"):
            if entry is not None and entry.strings:
                finish()
            if line.startswith("#,"):
                flags |= {flag.strip() for flag in line[2:].split(",")}
            elif line.startswith("#~"):
                flags = set()
            continue
        if keyword := KEYWORD.match(line):
            word, index, quoted = keyword.groups()
            if word in {"msgctxt", "msgid"} and entry is not None and entry.strings:
                finish()
            if entry is None:
                if word not in {"msgctxt", "msgid"}:
                    raise CatalogueError(f"{file}:{number}: {word} without msgid")
                entry, flags = Entry(line=number, flags=flags), set()
            add_to = (word, int(index or 0))
        elif line.startswith('"') and add_to is not None:
            word, quoted = add_to[0], line
        else:
            raise CatalogueError(f"{file}:{number}: not understood: {line}")
        found = STRING.match(quoted)
        if found is None:
            raise CatalogueError(f"{file}:{number}: a string that does not end")
        text = unescape(found[1])
        if word == "msgctxt":
            entry.context = (entry.context or "") + text
        elif word == "msgid":
            entry.msgid += text
        elif word == "msgid_plural":
            entry.plural = (entry.plural or "") + text
        else:
            entry.strings[add_to[1]] = entry.strings.get(add_to[1], "") + text
    finish()
    return entries


def compiled(entries: list[Entry]) -> bytes:
    """The .mo file: two tables of (length, offset) sorted by msgid, then the texts, each ended by NUL."""
    texts: dict[bytes, bytes] = {}
    for entry in entries:
        if not entry.is_translated or (entry.is_fuzzy and not entry.is_header):
            continue
        key = entry.msgid if entry.context is None else f"{entry.context}\x04{entry.msgid}"
        if entry.plural is not None:
            key = f"{key}\0{entry.plural}"
        texts[key.encode()] = "\0".join(entry.strings[index] for index in sorted(entry.strings)).encode()
    keys = sorted(texts)
    start = 28 + 16 * len(keys)
    id_table, string_table, ids, strings = b"", b"", b"", b""
    first_string = start + sum(len(key) + 1 for key in keys)
    for key in keys:
        id_table += struct.pack("<II", len(key), start + len(ids))
        string_table += struct.pack("<II", len(texts[key]), first_string + len(strings))
        ids += key + b"\0"
        strings += texts[key] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, start)
    return head + id_table + string_table + ids + strings


def compile_file(source: Path) -> None:
    content = compiled(parse(source))
    # Written beside and moved into place: a process that starts meanwhile never reads half a file.
    handle, name = tempfile.mkstemp(dir=source.parent, prefix=".mo-")
    with os.fdopen(handle, "wb") as target:
        target.write(content)
    os.chmod(name, 0o644)
    os.replace(name, source.with_suffix(".mo"))


def compile_all(root: Path = ROOT, *, force: bool = False) -> int:
    """The number of catalogues that were compiled."""
    done = 0
    for source in sorted((root / "locale").glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if force or not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            compile_file(source)
            done += 1
    return done


if __name__ == "__main__":
    try:
        compile_all(force="--force" in sys.argv[1:])
    except CatalogueError as error:
        sys.exit(str(error))
