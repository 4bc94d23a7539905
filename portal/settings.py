"""Settings of the portal, read from the environment (and from `var/env`, which `script/setup` writes).

Every variable is described once, in the README's settings table; a test holds that table against this file.
"""

import os
import sys
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import environ
from django.core.exceptions import ImproperlyConfigured

from portal.limit_settings import *  # noqa: F403
from portal.limit_settings import READS_PER_MINUTE, WRITES_PER_MINUTE
from portal.logs import log_settings

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
TESTING = "pytest" in sys.modules

env = environ.Env()
if not TESTING:
    environ.Env.read_env(VAR_DIR / "env", overwrite=False) if (VAR_DIR / "env").exists() else None


def read(name, kind, default):
    """Value of the variable `name`, parsed by `environ` as `kind`; a malformed one stops the start with one line."""
    try:
        return getattr(env, kind)(name, default=default)
    except (ValueError, ImproperlyConfigured) as fault:
        raise SystemExit(f"Setting {name} is malformed: {fault}") from None


def read_bool(name, default):
    """Value of the yes-or-no variable `name`; anything else than on/off, true/false, yes/no, 1/0 stops the start."""
    value = env.str(name, default="").strip().lower()
    if value in {"1", "on", "true", "yes"}:
        return True
    if value in {"0", "off", "false", "no"}:
        return False
    if value:
        raise SystemExit(f"Setting {name} is malformed: {value!r} is neither true nor false.")
    return default


def require(name, holds, reason):
    """Stop the start with one line where the value of `name` does not hold."""
    if not holds:
        raise SystemExit(f"Setting {name} is malformed: {reason}.")


def required(name, value):
    """`value`, or a stop with one line that names the missing setting."""
    if not value:
        raise SystemExit(f"Setting {name} is missing: it is required unless DEBUG is on.")
    return value


def is_site(address):
    """Whether `address` is an http(s) address with a host."""
    try:
        parts = urlsplit(address)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def is_address(text):
    """Whether `text` is an e-mail address, with a name before it or without."""
    return "@" in parseaddr(text)[1]


DEBUG = read_bool("DEBUG", False)
HTTPS = read_bool("HTTPS", not DEBUG and not TESTING)
SECRET_KEY = read("SECRET_KEY", "str", "for-development-and-tests-only" if DEBUG or TESTING else "")
required("SECRET_KEY", SECRET_KEY)
SECRET_KEY_FALLBACKS = read("SECRET_KEY_FALLBACKS", "list", [])
ALLOWED_HOSTS = read("ALLOWED_HOSTS", "list", ["*"] if DEBUG or TESTING else [])
required("ALLOWED_HOSTS", ALLOWED_HOSTS)
SITE_NAME = read("SITE_NAME", "str", "")
SITE_URL = read("SITE_URL", "str", "http://127.0.0.1:8000").rstrip("/")
require("SITE_URL", is_site(SITE_URL), f"{SITE_URL!r} is no http(s) address")
TRUSTED_PROXIES = read("TRUSTED_PROXIES", "int", 0)
require("TRUSTED_PROXIES", 0 <= TRUSTED_PROXIES <= 10, "it is a number of proxies, 0 to 10")
MINIMUM_AGE = read("MINIMUM_AGE", "int", 16)
require("MINIMUM_AGE", 0 <= MINIMUM_AGE <= 100, "it is an age in years")
COUNTRY = read("COUNTRY", "str", "KZ")
require(
    "COUNTRY", len(COUNTRY) == 2 and COUNTRY.isalpha() and COUNTRY.isupper(), "it is a code such as KZ (ISO 3166-1)"
)
LEDGER_NAME = read("LEDGER_NAME", "str", f"{urlsplit(SITE_URL).netloc}/ledger")
require(
    "LEDGER_NAME",
    LEDGER_NAME and LEDGER_NAME.isprintable() and not {" ", "+"} & {*LEDGER_NAME},
    "it is a name without blanks and plus signs",
)
LEDGER_DIR = read("LEDGER_DIR", "str", str(VAR_DIR / "ledger"))
RECEIPT_KEY = read("RECEIPT_KEY", "str", str(VAR_DIR / "receipts" / "key.pem"))
HOLD_SIGNALS = frozenset(read("HOLD_SIGNALS", "list", ["iin"])) - {""}
kinds_of_signals = "iin, phone, email, link, capitals, duplicate, burst, word"
require("HOLD_SIGNALS", not HOLD_SIGNALS - {*kinds_of_signals.split(", ")}, f"each of it is one of {kinds_of_signals}")
DATA_LICENCE = read("DATA_LICENCE", "str", "CC-BY-4.0")
ERASURES_FILE = read("ERASURES_FILE", "str", str(VAR_DIR / "erasures.jsonl"))
DUMPS_DIR = read("DUMPS_DIR", "str", str(VAR_DIR / "dumps"))
REPORTS_DIR = read("REPORTS_DIR", "str", str(VAR_DIR / "reports"))
EXPORTS_DIR = read("EXPORTS_DIR", "str", str(VAR_DIR / "exports"))
API_READS_PER_MINUTE = read("API_READS_PER_MINUTE", "int", READS_PER_MINUTE)
API_WRITES_PER_MINUTE = read("API_WRITES_PER_MINUTE", "int", WRITES_PER_MINUTE)
require(
    "API_READS_PER_MINUTE", 1 <= API_READS_PER_MINUTE <= 10**6, "it is a number of requests per address, 1 to 1000000"
)
require(
    "API_WRITES_PER_MINUTE", 1 <= API_WRITES_PER_MINUTE <= 10**6, "it is a number of writes per person, 1 to 1000000"
)
OPERATOR_NAME = read("OPERATOR_NAME", "str", "")
OPERATOR_EMAIL = read("OPERATOR_EMAIL", "str", "")
require("OPERATOR_EMAIL", not OPERATOR_EMAIL or is_address(OPERATOR_EMAIL), f"{OPERATOR_EMAIL!r} is no e-mail address")

INSTALLED_APPS = [
    "modeltranslation",
    "portal.accounts",
    "principles",
    "feedback",
    "portal.admin_config.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "corsheaders",
    "portal",  # last: its admin takes pages of others away
]
if TESTING:
    INSTALLED_APPS.append("zeal")

MIDDLEWARE = [
    "portal.middleware.Watched",
    "feedback.api.outside.ProblemsAlone",
    "django.middleware.security.SecurityMiddleware",
    "portal.static_files.StaticFiles",
    "portal.replica.ReadFromReplica",
    "feedback.shared_pages.SharedPages",
    "django.middleware.gzip.GZipMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.middleware.FewPermissions",
    "portal.middleware.PrivateAnswers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "portal.middleware.RefuseNul",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.middleware.StaffLanguage",
    "portal.middleware.RefuseHugeNumbers",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.middleware.SecondFactor",
    "feedback.page_limits.PageLimits",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
if TESTING:
    MIDDLEWARE.append("zeal.middleware.zeal_middleware")

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Database. SQLite needs no set-up; FULL keeps every acknowledged write through a power cut.
DATABASE_URL = read("DATABASE_URL", "str", f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")
require(
    "DATABASE_URL",
    DATABASE_URL.startswith(("sqlite:///", "postgres://", "postgresql://")) and urlsplit(DATABASE_URL).path.strip("/"),
    "it is sqlite:///FILE or postgres://USER:PASSWORD@HOST:PORT/NAME",
)
DATABASES = {"default": read("DATABASE_URL", "db_url", DATABASE_URL)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 25,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000",
    }
    # A file, not memory: tests with threads need connections of their own.
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / f"test-{os.getpid()}.sqlite3"}
else:
    # Compiling a query takes longer than what it saves on a page: seconds, where the planner expects many rows. And
    # on disks of today, or in memory, a row out of order costs hardly more than the next one.
    DATABASES["default"]["OPTIONS"] = {"connect_timeout": 5, "options": "-c jit=off -c random_page_cost=1.1"}
    if not TESTING:
        DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 8, "timeout": 5}
        # After an outage: a connection is looked at before it is lent, and no new one waits for a minute to be tried.
        DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
        DATABASES["default"]["OPTIONS"]["pool"]["reconnect_timeout"] = 4
    if sys.argv[1:2] == ["migrate"]:
        # A step that waits for a lock makes everybody else wait behind it: better to give up and try again.
        DATABASES["default"]["OPTIONS"]["options"] += " -c lock_timeout=10000"
    if os.environ.get("PORTAL_PROCESS") == "web":
        # No write transaction may last 30 s: the sequencer closes tallies 60 s after the end and relies on it.
        DATABASES["default"]["OPTIONS"]["options"] += (
            " -c statement_timeout=12000 -c idle_in_transaction_session_timeout=12000"
        )
# A pooler between portal and database, such as PgBouncer by transactions, takes no settings with a connection and keeps
# none for the next statement: what stands above is then set for the role (docs/scale.md).
if read_bool("DATABASE_POOLER", False) and DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    for name in ("options", "pool"):
        DATABASES["default"]["OPTIONS"].pop(name, None)
    DATABASES["default"] |= {"DISABLE_SERVER_SIDE_CURSORS": True, "CONN_MAX_AGE": 60}
REPLICA_URL = read("REPLICA_URL", "str", "")
if REPLICA_URL:
    require(
        "REPLICA_URL",
        REPLICA_URL.startswith(("postgres://", "postgresql://"))
        and urlsplit(REPLICA_URL).path.strip("/")
        and DATABASE_URL.startswith("postgres"),
        "it is postgres://USER:PASSWORD@HOST:PORT/NAME, beside a DATABASE_URL of that kind",
    )
    DATABASES["replica"] = DATABASES["default"] | read("REPLICA_URL", "db_url", REPLICA_URL)
    DATABASES["replica"] |= {"OPTIONS": DATABASES["default"]["OPTIONS"].copy(), "TEST": {"MIRROR": "default"}}
    if "pool" in DATABASES["replica"]["OPTIONS"]:  # nobody waits long for what the primary can answer as well
        DATABASES["replica"]["OPTIONS"]["pool"] = DATABASES["default"]["OPTIONS"]["pool"] | {"timeout": 0.5}
    DATABASE_ROUTERS = ["portal.replica.Router"]
# Whoever writes templates, and most tests, look at one page several times within a second.
SHARED_PAGES = not (DEBUG or TESTING)
# Attempts at sign-in, and codes of second factors that were used, are counted in the cache: one for all processes.
COUNTED = read("CACHE_URL", "cache_url", "locmemcache://") if TESTING or env.str("CACHE_URL", default="") else None
CACHES = {
    "default": {"BACKEND": "portal.accounts.shared_cache.DailyKeys", "LOCATION": "counted"},
    "counted": COUNTED or {"BACKEND": "portal.accounts.shared_cache.SharedCache"},
}

# People
AUTH_USER_MODEL = "accounts.User"
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

TIME_ZONE = read("TIME_ZONE", "str", "Asia/Almaty")
require("TIME_ZONE", TIME_ZONE in available_timezones(), f"{TIME_ZONE!r} is no time zone such as Asia/Almaty")
USE_THOUSAND_SEPARATOR = True

# Static files
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "portal.static_files.KeptStaticFiles"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# Mail
EMAIL = read("EMAIL_URL", "email_url", f"filemail:///{VAR_DIR / 'mail'}")
require("EMAIL_URL", "smtp" not in EMAIL["EMAIL_BACKEND"] or EMAIL["EMAIL_HOST"], "it names no mail server")
vars().update(EMAIL)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = read("DEFAULT_FROM_EMAIL", "str", "portal@localhost")
require("DEFAULT_FROM_EMAIL", is_address(DEFAULT_FROM_EMAIL), f"{DEFAULT_FROM_EMAIL!r} is no e-mail address")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

TASKS = {
    "default": {
        "BACKEND": "django_tasks.backends.immediate.ImmediateBackend" if TESTING else "django_tasks_db.DatabaseBackend"
    }
}

# Safety
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
COOKIE = "__Host-%s" if HTTPS else "%s"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, MESSAGE_COOKIE_NAME = COOKIE % "session", COOKIE % "csrf", COOKIE % "messages"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
LOG_JSON = read_bool("LOG_JSON", HTTPS)
LOGGING = log_settings(as_json=LOG_JSON, level="WARNING" if TESTING else "INFO")
METRICS_PORT = read("METRICS_PORT", "int", 0)
require("METRICS_PORT", 0 <= METRICS_PORT <= 65535, "it is a port, or 0 for none")
if METRICS_PORT:  # before prometheus_client is imported: it looks once
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(VAR_DIR / "metrics"))
    Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).mkdir(parents=True, exist_ok=True)

from portal.accounts.settings import *  # noqa: E402, F403
from portal.api_settings import *  # noqa: E402, F403
from portal.page_settings import *  # noqa: E402, F403
from portal.safety_settings import *  # noqa: E402, F403
