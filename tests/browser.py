"""A real browser for tests: Chromium wherever it is.

`CHROMIUM=` names one; else the system's; else Playwright's own. Tests marked `browser` get `page` (a phone, 390 px)
or `open_page(width=…)` from tests/conftest.py.
"""

import os
import shutil
from pathlib import Path

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
PATIENCE = 15_000  # milliseconds: under load a page may take long, and waiting costs nothing when it does not

LAUNCH_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOW_TO_GET_ONE = "no Chromium here: apt-get install chromium, or name one with CHROMIUM=/path/to/it"


def find_chromium(playwright) -> str | None:
    """The path of a Chromium, or None."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def sign_in(context, live_server, person) -> None:
    """Put a signed-in session of `person` (tests/personas.py) into a browser context, without walking the form."""
    client = person.client()
    context.add_cookies(
        [
            {"name": name, "value": morsel.value, "url": live_server.url, "httpOnly": True, "sameSite": "Lax"}
            for name, morsel in client.cookies.items()
        ]
    )
