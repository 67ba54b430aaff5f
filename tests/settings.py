"""The service's own settings with what makes tests fast and strict. `DATABASE_URL` picks the engine."""

import os
import tempfile
from pathlib import Path

os.environ["KUMPPANI_ENV"] = "test"
os.environ["DEBUG"] = "false"
os.environ.setdefault("VAR_DIR", str(Path(tempfile.gettempdir()) / f"kumppani-test-{os.getuid()}"))

from kumppani.settings import *  # noqa: F403
from kumppani.settings import DATABASES, LOGGING, VAR_DIR

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
BASE_URL = "https://kumppani.example"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True  # files are found when asked for: no collectstatic

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: browser and thread tests need connections of their own, as in the real service.
    # One file per process, so that two runs side by side do not meet.
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["NAME"] = str(VAR_DIR / f"unused-{os.getpid()}.sqlite3")
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / f"test-{os.getpid()}.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA busy_timeout=20000;"
    )
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0

LOGGING["handlers"]["console"]["level"] = "ERROR"
