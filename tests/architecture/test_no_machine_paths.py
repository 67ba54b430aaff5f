"""What is committed names no machine: no path of the place where it was written, no package index's host.

Negative control: write this folder's own path into any committed file.
"""

import configparser
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from tests.architecture.source import ROOT, committed_files

# Put together here, so that this file does not name them either.
PLACES = ["/".join(["", "work", ""]), "/".join(["", "tmp", "k", ""]), f"{ROOT}/"]
PUBLIC_HOSTS = {".".join(["pypi", "org"]), ".".join(["files", "pythonhosted", "org"])}
BINARY = {".woff2", ".png", ".jpg", ".ico", ".gz", ".br", ".mo", ".pdf"}


def texts() -> dict[str, str]:
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8", errors="replace")
        for path in committed_files()
        if path.suffix not in BINARY
    }


def index_hosts() -> set[str]:
    """The hosts of the package indexes that this machine is told to use."""
    told = [value for name, value in os.environ.items() if "INDEX_URL" in name or name.endswith("_REGISTRY")]
    for file in (Path("/etc/pip.conf"), Path.home() / ".pip/pip.conf", Path.home() / ".config/pip/pip.conf"):
        if file.exists():
            parser = configparser.ConfigParser(interpolation=None)
            parser.read(file)
            told += [
                value for section in parser for key, value in parser[section].items() if "index-url" in key
            ]
    hosts = {urlsplit(url).hostname for urls in told for url in urls.split()}
    return {host for host in hosts if host} - PUBLIC_HOSTS - {"localhost"}


def test_no_file_names_a_place_on_the_writers_machine():
    found = [(name, place) for name, text in texts().items() for place in PLACES if place in text]
    assert found == []


def test_no_file_names_a_package_index():
    hosts = index_hosts()
    assert [(name, "a host") for name, text in texts().items() for host in hosts if host in text] == []


def test_locks_name_no_address():
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / name).read_text().splitlines()
        assert [
            line for line in lines if re.search(r"://|--(extra-)?index|--find-links|--trusted", line)
        ] == []


def test_nothing_is_left_for_later():
    """No forgotten notes in code, templates or scripts."""
    marks = re.compile("|".join(["TO" + "DO", "FIX" + "ME", "X" * 3]))
    found = [
        name
        for name, text in texts().items()
        if not name.startswith(("static/vendor/", "tests/vendor/")) and marks.search(text)
    ]
    assert found == []
