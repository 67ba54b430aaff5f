"""Are the Finnish and the Swedish catalogue complete, and do they hold every text of the code?

    python scripts/check_catalogues.py            say what is missing (exit code 1)
    python scripts/check_catalogues.py --update   collect new and changed texts (needs gettext)

Complete means: every text translated, none fuzzy, placeholders and tags the same on both sides, no text that
the code has and the catalogue lacks or the other way round. The last needs GNU gettext's xgettext; without it
that part is left out with a line, or fails when CI=true.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from compile_messages import ROOT, CatalogueError, Entry, parse

LANGUAGES = {"fi": "nplurals=2; plural=(n != 1)", "sv": "nplurals=2; plural=(n != 1)"}
# English is the language of the msgids and needs no catalogue.
IGNORED = [".venv", "var", "tests", "scripts", "docs", "node_modules"]
MAKEMESSAGES = ["makemessages", "--no-location", "--no-obsolete", "--no-wrap"]
NAMED = re.compile(r"%\(\w+\)[-#0 +]*[\d.]*[a-zA-Z]")
POSITIONAL = re.compile(r"%[-#0 +]*[\d.]*[a-zA-Z]")
BRACES = re.compile(r"\{\w*\}")
TAGS = re.compile(r"</?[a-z][^>]*>")


def catalogue(root: Path, language: str) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def placeholders(text: str, flags: set[str]) -> Counter[str]:
    found = NAMED.findall(text)
    rest = NAMED.sub("", text).replace("%%", "")
    if "python-format" in flags:
        found += POSITIONAL.findall(rest)
    return Counter(found + BRACES.findall(rest) + TAGS.findall(text))


def edges(text: str) -> tuple[bool, bool]:
    return text[:1] == "\n", text[-1:] == "\n"


def problems_of(entry: Entry, forms: int) -> list[str]:
    if not entry.is_translated:
        return ["is not translated"]
    if entry.is_fuzzy:
        return ["is fuzzy: check it and take the mark away"]
    problems = []
    if entry.plural is not None and len(entry.strings) != forms:
        problems.append(f"needs {forms} plural forms and has {len(entry.strings)}")
    sources = [entry.msgid] if entry.plural is None else [entry.msgid, entry.plural]
    for string in entry.strings.values():
        # “one meeting” may leave the number out, so any of the two English forms is good to compare with.
        theirs = placeholders(string, entry.flags)
        if all(placeholders(source, entry.flags) != theirs for source in sources):
            problems.append(f"has other placeholders or tags: “{string}”")
        if edges(string) != edges(entry.msgid):
            problems.append("begins or ends with a line break on one side only")
    return problems


def check_file(language: str) -> list[str]:
    file = catalogue(ROOT, language)
    name = file.relative_to(ROOT)
    if not file.exists():
        return [f"{name} is missing"]
    try:
        entries = parse(file)
    except CatalogueError as error:
        return [str(error)]
    header = next((entry.strings.get(0, "") for entry in entries if entry.is_header), "")
    needed = (f"Language: {language}\n", f"Plural-Forms: {LANGUAGES[language]}", "charset=UTF-8\n")
    problems = [f"{name}: the header lacks “{line.strip()}”" for line in needed if line not in header]
    for entry in entries:
        if not entry.is_header:
            problems += [
                f"{name}:{entry.line}: “{entry.msgid}” {problem}" for problem in problems_of(entry, 2)
            ]
    if shutil.which("msgfmt"):
        said = subprocess.run(
            ["msgfmt", "--check-format", "--check-header", "-o", os.devnull, str(file)],
            capture_output=True,
            text=True,
        )
        if said.returncode:
            problems.append(said.stderr.strip())
    return problems


def make_messages(root: Path) -> None:
    command = [sys.executable, "manage.py", *MAKEMESSAGES]
    for language in LANGUAGES:
        command += ["--locale", language]
    for folder in IGNORED:
        command += ["--ignore", folder]
    settings = {
        "KUMPPANI_ENV": "test",
        "DATABASE_URL": "sqlite://:memory:",
        "DJANGO_SETTINGS_MODULE": "kumppani.settings",
    }
    done = subprocess.run(command, cwd=root, env={**os.environ, **settings}, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"makemessages failed:\n{done.stdout}{done.stderr}")


def texts(file: Path) -> set[tuple[str | None, str, str | None]]:
    if not file.exists():
        return set()
    return {(entry.context, entry.msgid, entry.plural) for entry in parse(file) if not entry.is_header}


def check_against_code() -> list[str]:
    """Collect the texts anew in a copy of the tree, so that the real catalogues are not touched."""
    if not shutil.which("xgettext"):
        if os.environ.get("CI") == "true":
            return ["xgettext is missing: install gettext"]
        print("Not checked: whether the catalogues hold every text of the code (install gettext for that).")
        return []
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in filter(None, listed):
            if name.endswith((".py", ".html", ".txt", ".po")) and (ROOT / name).is_file():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / name, copy / name)
        for language in LANGUAGES:
            catalogue(copy, language).parent.mkdir(parents=True, exist_ok=True)
        make_messages(copy)
        for language in LANGUAGES:
            name = catalogue(ROOT, language).relative_to(ROOT)
            here, code = texts(catalogue(ROOT, language)), texts(catalogue(copy, language))
            problems += [
                f"{name} lacks “{text[1]}”: run make messages" for text in sorted(code - here, key=str)
            ]
            problems += [
                f"{name} has “{text[1]}”, which the code no longer has"
                for text in sorted(here - code, key=str)
            ]
    return problems


def update() -> None:
    if not shutil.which("xgettext"):
        sys.exit(
            "GNU gettext is needed to collect the texts (on Debian and Ubuntu: apt-get install gettext)."
        )
    for language in LANGUAGES:
        catalogue(ROOT, language).parent.mkdir(parents=True, exist_ok=True)
    make_messages(ROOT)


def main() -> None:
    if "--update" in sys.argv[1:]:
        update()
        return
    problems = [problem for language in LANGUAGES for problem in check_file(language)]
    # A catalogue that cannot be read is named already; comparing it would only say so again.
    if all(catalogue(ROOT, language).exists() for language in LANGUAGES):
        try:
            problems += check_against_code()
        except CatalogueError as error:
            problems.append(str(error))
    for problem in problems:
        print(problem)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
