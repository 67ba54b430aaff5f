"""One settings file, read from the environment; `.env.example` explains every name.

`KUMPPANI_ENV` says where we are: `production` (the default, and strict), `demo` (one machine, invented people)
or `test`. Production refuses to start half-safe: see `_refuse_unsafe_production`.
"""

from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")

KUMPPANI_ENV = env.str("KUMPPANI_ENV", default="production")
if KUMPPANI_ENV not in {"production", "demo", "test"}:
    raise ImproperlyConfigured("KUMPPANI_ENV must be production, demo or test.")
IS_PRODUCTION = KUMPPANI_ENV == "production"
IS_DEMO = KUMPPANI_ENV == "demo"

UNSAFE_KEY = "not-a-secret-only-for-demo-and-tests-0123456789abcdefghijkl"

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default=UNSAFE_KEY)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[] if IS_PRODUCTION else ["127.0.0.1", "localhost", "[::1]"]
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BASE_URL = env.str("BASE_URL", default="" if IS_PRODUCTION else "http://127.0.0.1:8000").rstrip("/")


def _refuse_unsafe_production() -> None:
    """Stop at start rather than serve people's data from a half-configured machine."""
    if DEBUG:
        raise ImproperlyConfigured("DEBUG must be off in production: it shows data in error pages.")
    if SECRET_KEY == UNSAFE_KEY or len(SECRET_KEY) < 50:
        raise ImproperlyConfigured("SECRET_KEY must be set to a random value of at least 50 characters.")
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS must name the host names of this service, never *.")
    if not BASE_URL.startswith("https://"):
        raise ImproperlyConfigured(
            "BASE_URL must be the https address of this service, for links in letters."
        )


if IS_PRODUCTION:
    _refuse_unsafe_production()

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

# The map of the house, from the ground up: an app imports only what stands above it in this list.
# tests/architecture/test_layers.py reads it.
HOUSE_APPS = [
    # floor
    "kumppani.audit",
    "kumppani.core",
    "kumppani.formats",
    "kumppani.organisations",
    "kumppani.accounts",
    "kumppani.notices",
    # rooms
    "training",
    "pairing",
    "tasks",
    # roof
    "kumppani.home",
    "kumppani.reports",
    "kumppani.privacy",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_tasks_db",
    *HOUSE_APPS,
]

MIDDLEWARE = [
    "kumppani.core.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "kumppani.core.middleware.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kumppani.accounts.middleware.LanguageMiddleware",
    "kumppani.accounts.middleware.ActorMiddleware",
    "kumppani.core.middleware.KeepTypedWordsMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kumppani.core.middleware.AccessAskedMiddleware",
]

ROOT_URLCONF = "kumppani.urls"
WSGI_APPLICATION = "kumppani.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "kumppani.notices.context.house",
            ],
        },
    }
]

# --- Data --------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'kumppani.sqlite3'}")}
DATABASES["default"].setdefault("OPTIONS", {})
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL lets readers and one writer work side by side; IMMEDIATE takes the write lock at BEGIN, so that
    # two writers queue instead of failing half-way.
    DATABASES["default"]["OPTIONS"] |= {
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=10000;",
        "transaction_mode": "IMMEDIATE",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits and the like are counted over all processes and survive a restart: rows, not memory.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- People and sign-in ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["kumppani.accounts.backends.EmailBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "kumppani.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account is made by an invitation sent to that very address
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_FORMS = {
    "login": "kumppani.accounts.forms.AddressLoginForm",
    "reset_password": "kumppani.accounts.forms.AskForPasswordForm",
    "reset_password_from_key": "kumppani.accounts.forms.NewPasswordForm",
    "change_password": "kumppani.accounts.forms.ChangePasswordForm",
    "reauthenticate": "kumppani.accounts.forms.ReauthenticateForm",
}
# Django's own: the library's writes a row when a link is looked at.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    "signup": "20/m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=3).total_seconds())
INVITATION_DAYS = 14  # trust.md 1: a one-purpose link lives at most 14 days

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = env.int("SESSION_IDLE_SECONDS", default=60 * 60)
SESSION_SAVE_EVERY_REQUEST = True  # the age above counts from the last request: an idle limit
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "kumppani.core.errors.csrf_failure"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = (
    "django.contrib.messages.storage.session.SessionStorage"  # words about people stay on the server
)

# --- Language and time -------------------------------------------------------------------------------------
LANGUAGE_CODE = "fi"
LANGUAGES = [("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Europe/Helsinki"
USE_TZ = True
FORMAT_MODULE_PATH = ["kumppani.formats"]

# --- Pages and files ---------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IS_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
# Not "no-referrer": with it a browser sends `Origin: null` with every form, and the CSRF check must refuse that.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if IS_PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    # The __Host- prefix binds a cookie to this very host and to https.
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    LANGUAGE_COOKIE_NAME = "__Host-language"

# --- Letters -----------------------------------------------------------------------------------------------
if IS_PRODUCTION:
    vars().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_TIMEOUT = 10
# A neutral sender: an inbox seen by somebody else must not tell what this service is about.
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="no-reply@localhost")

# --- Logs: ids only, never a person's words ----------------------------------------------------------------
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "kumppani.core.logs.RequestIdFilter"},
        "tokens": {"()": "kumppani.core.logs.TokenFilter"},
    },
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {request_id} {message}", "style": "{"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["request_id", "tokens"],
        },
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": ["console"], "level": LOG_LEVEL, "propagate": False},
        # Two lines every two seconds about an empty queue tell nobody anything.
        "django_tasks_db": {"level": "WARNING"},
        # Of every stylesheet rule that paper has no use for, at every paper.
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "WARNING"},
    },
}

# --- Rules of the house that a deployment may set ----------------------------------------------------------
MEETING_CORRECTION_DAYS = env.int("MEETING_CORRECTION_DAYS", default=14)
RELATIONSHIP_CAP = env.int(
    "RELATIONSHIP_CAP", default=3
)  # no published number exists (domain 5.4): a setting
DECISION_REMINDER_DAYS = env.int("DECISION_REMINDER_DAYS", default=30)
# Reminders and limits of domain 5.4, in days unless the name says otherwise.
REQUEST_ANSWER_WORKING_DAYS = env.int("REQUEST_ANSWER_WORKING_DAYS", default=3)
# How many messages the public form takes from one network; a family or an office may share one.
CONTACT_PER_HOUR = env.int("CONTACT_PER_HOUR", default=6)
CONTACT_PER_DAY = env.int("CONTACT_PER_DAY", default=20)
# The same for the form by which organisations order.
ORDER_PER_HOUR = env.int("ORDER_PER_HOUR", default=6)
ORDER_PER_DAY = env.int("ORDER_PER_DAY", default=20)
# The same for applications to the training.
APPLY_PER_HOUR = env.int("APPLY_PER_HOUR", default=6)
APPLY_PER_DAY = env.int("APPLY_PER_DAY", default=20)
# After so many days those who applied and never began are forgotten: a suggestion, to be confirmed (domain 2.3).
APPLICATION_KEPT_DAYS = env.int("APPLICATION_KEPT_DAYS", default=180)
PAIR_ANSWER_DAYS = env.int("PAIR_ANSWER_DAYS", default=5)  # then the partner is reminded
PAIR_NEXT_DAYS = env.int("PAIR_NEXT_DAYS", default=10)  # then the next partner is asked
START_MEETING_DAYS = env.int("START_MEETING_DAYS", default=21)
MEETING_LOG_DAYS = env.int("MEETING_LOG_DAYS", default=7)
QUIET_DAYS = env.int("QUIET_DAYS", default=30)  # active, and no meeting
REVIEW_MONTHS = env.int("REVIEW_MONTHS", default=3)
CLOSING_DAYS = env.int("CLOSING_DAYS", default=14)
ENDING_GRACE_DAYS = env.int("ENDING_GRACE_DAYS", default=7)  # to log the last meeting and to close together
FOLLOW_UP_MONTHS = env.int("FOLLOW_UP_MONTHS", default=3)
# How long partners may take to accept a new version of the principles or the undertaking; each may set another day.
COMMITMENT_GRACE_DAYS = env.int("COMMITMENT_GRACE_DAYS", default=30)
# Care of the partners. No published numbers exist (domain 5.4): suggestions, told and never forbidden.
SUPERVISION_EVERY_DAYS = env.int("SUPERVISION_EVERY_DAYS", default=30)
MEETINGS_A_WEEK = env.int("MEETINGS_A_WEEK", default=5)  # of one partner
NOTHING_FOR_DAYS = env.int("NOTHING_FOR_DAYS", default=60)  # then the staff look who has had nothing (A28)
PAGE_SIZE = 30
