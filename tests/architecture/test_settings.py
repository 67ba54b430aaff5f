"""Production refuses to start half-safe, in one clear sentence. Negative control: the safe settings start."""

import os
import subprocess
import sys

import pytest

from kumppani.settings import UNSAFE_KEY
from tests.architecture.source import ROOT

SAFE = {
    "KUMPPANI_ENV": "production",
    "SECRET_KEY": "k" * 30 + "-only-for-this-test-" + "0123456789" * 2,
    "ALLOWED_HOSTS": "kumppani.example",
    "BASE_URL": "https://kumppani.example",
    "DATABASE_URL": "sqlite://:memory:",
}


def start(*arguments: str, **changes) -> subprocess.CompletedProcess:
    """Run manage.py as a server would, with nothing of this test run's environment."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "VAR_DIR") if name in os.environ}
    environment = {**kept, **SAFE, **{name: value for name, value in changes.items() if value is not None}}
    for name, value in changes.items():
        if value is None:
            del environment[name]
    return subprocess.run(
        [sys.executable, "manage.py", *(arguments or ("check",))],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_safe_settings_start():
    done = start("check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"DEBUG": "true"}, "DEBUG"),
        ({"SECRET_KEY": UNSAFE_KEY}, "SECRET_KEY"),
        ({"SECRET_KEY": None}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "kumppani.example,*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS"),
        ({"BASE_URL": "http://kumppani.example"}, "BASE_URL"),
        ({"BASE_URL": None}, "BASE_URL"),
        ({"KUMPPANI_ENV": "somewhere"}, "KUMPPANI_ENV"),
    ],
)
def test_production_refuses(changes, word):
    done = start(**changes)
    assert done.returncode != 0
    assert (
        done.stderr.strip()
        .splitlines()[-1]
        .startswith(f"django.core.exceptions.ImproperlyConfigured: {word}")
    )


def test_production_is_the_default():
    """Forgetting KUMPPANI_ENV is safe."""
    done = start(KUMPPANI_ENV=None, DEBUG="true")
    assert done.returncode != 0
    assert "DEBUG must be off in production" in done.stderr
