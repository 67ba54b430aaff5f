"""The scripts that must work before, or without, anything else of the project."""

import ast
import gettext
import importlib.util
import io
import os
import shutil
import socket
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest

from tests.conftest import missing

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPTS = ROOT / "scripts"


@pytest.fixture
def load(monkeypatch):
    """Load a script as a module, without running it."""
    monkeypatch.syspath_prepend(str(SCRIPTS))

    def loaded(name):
        loader = SourceFileLoader(f"script_{Path(name).stem}", str(SCRIPTS / name))
        module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
        monkeypatch.setitem(sys.modules, loader.name, module)
        loader.exec_module(module)
        return module

    return loaded


CATALOGUE = r"""
# A fuzzy header counts all the same.
#, fuzzy
msgid ""
msgstr ""
"Language: fi\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

#. for translators
msgid "Two "
"lines\twith a \"quote\" and a \\ backslash\n"
msgstr "Kaksi "
"riviä\tja \"lainaus\" ja \\ kenoviiva\n"

msgctxt "month"
msgid "May"
msgstr "toukokuu"

msgid "May"
msgstr "Saa"

#, python-format
msgid "%(n)s meeting"
msgid_plural "%(n)s meetings"
msgstr[0] "%(n)s tapaaminen"
msgstr[1] "%(n)s tapaamista"

#, fuzzy
msgid "Guessed"
msgstr "Arvattu"

msgid "Untranslated"
msgstr ""

#~ msgid "Obsolete"
#~ msgstr "Vanhentunut"
"""


@pytest.fixture
def catalogue(tmp_path):
    file = tmp_path / "locale" / "fi" / "LC_MESSAGES" / "django.po"
    file.parent.mkdir(parents=True)
    file.write_text(CATALOGUE, encoding="utf-8")
    return file


def test_compiled_catalogue_answers_like_gettext(load, catalogue):
    compiler = load("compile_messages.py")
    assert compiler.compile_all(catalogue.parents[2].parent) == 1

    words = gettext.GNUTranslations(io.BytesIO(catalogue.with_suffix(".mo").read_bytes()))
    expected = 'Kaksi riviä\tja "lainaus" ja \\ kenoviiva\n'
    assert words.gettext('Two lines\twith a "quote" and a \\ backslash\n') == expected
    assert (words.pgettext("month", "May"), words.gettext("May")) == ("toukokuu", "Saa")
    assert [words.ngettext("%(n)s meeting", "%(n)s meetings", n) for n in (1, 2)] == [
        "%(n)s tapaaminen",
        "%(n)s tapaamista",
    ]
    for left_out in ("Guessed", "Untranslated", "Obsolete"):
        assert words.gettext(left_out) == left_out


def test_compiled_catalogue_is_what_msgfmt_makes(load, catalogue, tmp_path):
    if not shutil.which("msgfmt"):
        missing("no msgfmt here: apt-get install gettext")
    reference = tmp_path / "reference.mo"
    subprocess.run(["msgfmt", "-o", reference, catalogue], check=True)
    compiler = load("compile_messages.py")
    mine = gettext.GNUTranslations(io.BytesIO(compiler.compiled(compiler.parse(catalogue))))
    with reference.open("rb") as file:
        theirs = gettext.GNUTranslations(file)
    assert mine._catalog == theirs._catalog


def test_only_changed_catalogues_are_compiled(load, catalogue):
    compiler = load("compile_messages.py")
    root = catalogue.parents[2].parent
    assert [compiler.compile_all(root), compiler.compile_all(root)] == [1, 0]
    os.utime(catalogue.with_suffix(".mo"), (1, 1))
    assert compiler.compile_all(root) == 1


@pytest.mark.parametrize(
    "text",
    [
        'msgid "a"\nmsgid "b"\nmsgstr "c"\n\nmsgid "a"',  # no msgstr
        'msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"',  # twice
        'msgid "a\nmsgstr "b"',  # no end of the string
        'msgstr "b"',
        "nonsense",
    ],
)
def test_a_broken_catalogue_is_named_with_its_line(load, tmp_path, text):
    compiler = load("compile_messages.py")
    file = tmp_path / "django.po"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(compiler.CatalogueError, match=r"django\.po:\d+: "):
        compiler.parse(file)


@pytest.mark.parametrize(
    ("msgid", "msgstr", "flags", "wrong"),
    [
        ("Hello %(name)s", "Hei %(name)s", {"python-format"}, False),
        ("Hello %(name)s", "Hei %(nimi)s", {"python-format"}, True),
        ("Hello %(name)s", "Hei", {"python-format"}, True),
        ("100 % of it", "100 % siitä", set(), False),
        ("%s of it", "siitä", {"python-format"}, True),
        ("Hello {name}", "Hei {nimi}", set(), True),
        ("<b>Hello</b>", "<b>Hei</b>", set(), False),
        ("<b>Hello</b>", "Hei", set(), True),
        ("Hello", "Hei", {"fuzzy"}, True),
        ("Hello", "", set(), True),
        ("Hello\n", "Hei", set(), True),
    ],
)
def test_a_wrong_translation_is_seen(load, msgid, msgstr, flags, wrong):
    checker = load("check_catalogues.py")
    entry = checker.Entry(line=1, msgid=msgid, strings={0: msgstr}, flags=flags)
    assert bool(checker.problems_of(entry, 2)) is wrong


def test_one_may_be_written_out_in_the_singular(load):
    checker = load("check_catalogues.py")
    entry = checker.Entry(
        line=1,
        msgid="One meeting",
        plural="%(n)s meetings",
        strings={0: "Yksi tapaaminen", 1: "%(n)s tapaamista"},
        flags={"python-format"},
    )
    assert checker.problems_of(entry, 2) == []
    entry.strings[1] = "%(m)s tapaamista"
    assert checker.problems_of(entry, 2) != []


@pytest.mark.parametrize("name", ["demo.py", "environment.py"])
def test_an_old_python_can_read_the_first_scripts(name):
    """It must get as far as the sentence that says which Python is needed."""
    tree = ast.parse((SCRIPTS / name).read_text(encoding="utf-8"), feature_version=(3, 6))
    annotated = [node for node in ast.walk(tree) if isinstance(node, ast.arg) and node.annotation]
    assert annotated == [], "list[str] and str | None fail on an old Python while the file is read"


def test_an_old_python_gets_one_sentence(load, monkeypatch):
    environment = load("environment.py")
    monkeypatch.setattr(environment.sys, "version_info", (3, 9, 2))
    with pytest.raises(environment.Problem, match=r"needs Python 3\.11 or newer"):
        environment.check_python()


def test_a_taken_port_gets_one_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, SCRIPTS / "demo.py", "--port", port], capture_output=True, text=True, timeout=60
        )
    assert done.returncode == 1
    assert done.stderr.strip().startswith(f"Port {port} is taken")
    assert "Traceback" not in done.stderr


def test_a_reset_deletes_the_demos_own_data_only(load, monkeypatch, tmp_path):
    demo = load("demo.py")
    for name in ("kumppani.sqlite3", "kumppani.sqlite3-wal", "other.sqlite3", "demo_secret_key"):
        (tmp_path / name).write_text("x")
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "letter").write_text("x")
    monkeypatch.setattr(demo, "DATABASE", str(tmp_path / "kumppani.sqlite3"))
    monkeypatch.setattr(demo, "MAIL", str(tmp_path / "mail"))
    demo.delete_data()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo_secret_key", "other.sqlite3"]


def test_the_demo_never_uses_another_database(load, monkeypatch):
    demo = load("demo.py")
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody@elsewhere/real")
    monkeypatch.setenv("KUMPPANI_ENV", "production")
    monkeypatch.setattr(demo, "secret_key", lambda: "k")
    settings = demo.demo_settings(9000)
    assert settings["DATABASE_URL"].startswith("sqlite:///")
    assert settings["KUMPPANI_ENV"] == "demo"
    assert settings["BASE_URL"] == "http://127.0.0.1:9000"


def test_with_postgres_uses_the_given_database_as_it_is():
    address = "postgres://somebody@elsewhere.invalid/given"
    done = subprocess.run(
        [
            sys.executable,
            SCRIPTS / "with_postgres",
            sys.executable,
            "-c",
            "import os; print(os.environ['DATABASE_URL'])",
        ],
        capture_output=True,
        text=True,
        env={**os.environ, "DATABASE_URL": address},
    )
    assert done.stdout.strip() == address


def test_with_postgres_refuses_a_database_of_another_kind():
    done = subprocess.run(
        [sys.executable, SCRIPTS / "with_postgres", "true"],
        capture_output=True,
        text=True,
        env={**os.environ, "DATABASE_URL": "sqlite:///x"},
    )
    assert done.returncode == 1
    assert "does not name a PostgreSQL database" in done.stderr


def test_the_image_gets_no_tests_and_no_secrets(tmp_path):
    names = [
        "manage.py",
        "tests/a.py",
        ".env",
        "var/x",
        "scripts/demo.py",
        "scripts/healthcheck.py",
        "kumppani/wsgi.py",
    ]
    given = subprocess.run(
        [sys.executable, SCRIPTS / "docker_context.py", tmp_path],
        input="\0".join(names),
        text=True,
        capture_output=True,
    )
    assert given.returncode == 0, given.stderr
    copied = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert copied == {"manage.py", "kumppani/wsgi.py", "scripts/healthcheck.py"}
