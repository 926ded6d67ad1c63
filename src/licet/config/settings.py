"""Every setting, and the only reader of the environment.

Secrets come from `NAME` or from the file that `NAME_FILE` names. On an empty
environment everything works for a demonstration on this machine alone.
"""

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

PACKAGE = Path(__file__).resolve().parent.parent


def _text(name: str, default: str = "") -> str:
    """Return the variable, or the content of the file that `name_FILE` names."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ImproperlyConfigured(f"{name}_FILE: {path} cannot be read ({error})") from error
    return os.environ.get(name, default)


def _flag(name: str, default: bool = False) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value not in {"", "0", "1", "no", "yes", "false", "true"}:
        raise ImproperlyConfigured(f"{name} must be yes or no, not {value!r}")
    return default if value == "" else value in {"1", "yes", "true"}


# --- the installation ---------------------------------------------------------------------------

DATA = Path(_text("LICET_DATA", "var")).resolve()
LICET_DEMO = _flag("LICET_DEMO", default=not os.environ.get("LICET_URL"))
"""A demonstration for this machine alone: mails are shown on a page, only local hosts are answered."""
LICET_BASE_URL = _text("LICET_URL", "http://localhost:8000").rstrip("/")
LICET_BRAND_SOURCE = "licet.catalog.queries.brand"
LICET_SUBSCRIPTIONS = "licet.config.subscriptions.SUBSCRIPTIONS"
LICET_SCHEDULE = "licet.config.schedule.SCHEDULE"
LICET_LEASE_ALGORITHM = _text("LICET_LEASE_ALGORITHM", "EdDSA")
"""The name written into leases: EdDSA, or Ed25519 (RFC 9864) where every verifier knows it."""
if LICET_LEASE_ALGORITHM not in {"EdDSA", "Ed25519"}:
    raise ImproperlyConfigured("LICET_LEASE_ALGORITHM is EdDSA or Ed25519")
LICET_INVITATION_DAYS = int(_text("LICET_INVITATION_DAYS", "14"))
"""For so many days an invitation can be accepted, and keeps what it reserves; 1 to 90."""
if not 1 <= LICET_INVITATION_DAYS <= 90:
    raise ImproperlyConfigured("LICET_INVITATION_DAYS is a number of days from 1 to 90")
LICET_DUNNING_DAYS = tuple(int(each) for each in _text("LICET_DUNNING_DAYS", "3 14 21 35").split())
"""Days after an order is due, rising: reminders, then no new assignment, then its licenses stand still."""
if len(LICET_DUNNING_DAYS) < 2 or list(LICET_DUNNING_DAYS) != sorted(set(LICET_DUNNING_DAYS)):
    raise ImproperlyConfigured("LICET_DUNNING_DAYS are two or more rising numbers of days")
LICET_VIES = _text("LICET_VIES", "off")
"""Whether VAT numbers are checked with the member states: off, on, or the address of a door to them."""
if LICET_VIES == "on":
    LICET_VIES = "https://ec.europa.eu/taxation_customs/vies/rest-api/check-vat-number"
elif LICET_VIES != "off" and not LICET_VIES.startswith(("https://", "http://127.0.0.1")):
    raise ImproperlyConfigured("LICET_VIES is off, on, or an https address")
LICET_CALLS_PER_DEVICE = int(_text("LICET_CALLS_PER_DEVICE", "120"))
LICET_CALLS_PER_LICENSE = int(_text("LICET_CALLS_PER_LICENSE", "30000"))
"""How many calls a minute the applications' door takes from a device and under a license; 0: any number."""
LICET_PREPARED_STATEMENTS = _flag("LICET_PREPARED_STATEMENTS", default=True)
"""Whether the door has PostgreSQL prepare its statements. Not behind a pooler that mixes sessions up."""
LICET_MASTER_KEY = _text("LICET_MASTER_KEY")
"""Encrypts the private signing keys in the database: 32 bytes, URL-safe base 64."""
LICET_MASTER_KEY_FALLBACKS = _text("LICET_MASTER_KEY_FALLBACKS").split()
"""Earlier master keys, until `licet keys reseal` has run."""
LICET_DOCUMENTS = Path(_text("LICET_DOCUMENTS") or DATA / "documents").resolve()
"""Where uploaded papers lie, encrypted; shared by all nodes. Backups keep it no longer than the papers."""
LICET_INVOICE_DROP = _text("LICET_INVOICE_DROP")
"""A folder into which the worker puts every invoice (PDF and UBL); empty: none."""
LICET_CLAMD_ADDRESS = _text("LICET_CLAMD_ADDRESS")
"""A virus scanner (clamd): unix:/run/clamav/clamd.ctl, or host:3310; `none`: openly none."""
LICET_OCR = _text("LICET_OCR")
"""Languages in which Tesseract reads papers without text, for hints to reviewers: fra+eng; empty: not."""
LICET_SECRET_FILES = [
    path for name in ("LICET_MASTER_KEY", "LICET_SECRET_KEY") if (path := os.environ.get(f"{name}_FILE"))
]
"""Whose permissions `licet check` looks at."""
LICET_PAYMENTS = tuple(_text("LICET_PAYMENTS", "invoice testcard" if LICET_DEMO else "invoice").split())
"""How customers may pay: invoice, stripe, sepa_debit; testcard in the demonstration alone."""
LICET_STRIPE_KEY = _text("LICET_STRIPE_KEY")
LICET_STRIPE_WEBHOOK_SECRET = _text("LICET_STRIPE_WEBHOOK_SECRET")
LICET_STRIPE_API = _text("LICET_STRIPE_API")
"""Another address of Stripe's interface, for tests against a stand-in."""
LICET_SEPA_CREDITOR = _text("LICET_SEPA_CREDITOR")

LICET_EXCHANGE_RATES = _text("LICET_EXCHANGE_RATES")
"""Exchange rates of the central bank, for the VAT of invoices in another currency: a file, or an address."""
if LICET_EXCHANGE_RATES == "ecb":
    LICET_EXCHANGE_RATES = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist-90d.xml"
elif "://" in LICET_EXCHANGE_RATES and not LICET_EXCHANGE_RATES.startswith("https://"):
    raise ImproperlyConfigured("LICET_EXCHANGE_RATES is ecb, an https address, or a file")
"""The creditor identifier for direct debits, from the vendor's bank."""

DEBUG = False
SECRET_KEY = _text("LICET_SECRET_KEY", "unsafe-for-demonstration-and-tests-only" if LICET_DEMO else "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "LICET_SECRET_KEY is missing; `licet` makes one in the data folder when it is used"
    )
SECRET_KEY_FALLBACKS = [key for key in _text("LICET_SECRET_KEY_FALLBACKS").split() if key]
_site = urlsplit(LICET_BASE_URL)
ALLOWED_HOSTS = [_site.hostname or "localhost", *_text("LICET_HOSTS").split()]
if LICET_DEMO:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [LICET_BASE_URL]
_secure = _site.scheme == "https"

# --- the application ----------------------------------------------------------------------------

CONCEPTS = ["eventlog", "mailing", "signing", "accounts", "teams", "connect", "taxes", "invoices"]
CONCEPTS += [
    "payments",
    "catalog",
    "partners",
    "licenses",
    "seats",
    "projects",
    "leases",
    "education",
    "orders",
]
INSTALLED_APPS = [
    *[f"licet.{name}" for name in CONCEPTS],
    "licet.web",
    "licet.config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "licet.web.api.answers.ProblemMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "licet.web.sessions.SessionsMiddleware",
    "licet.web.actor.ActorMiddleware",
    "licet.web.answers.RefusalMiddleware",
]
ROOT_URLCONF = "licet.config.urls"
WSGI_APPLICATION = "licet.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "licet.web.context.page",
            ],
        },
    }
]
FORM_RENDERER = "licet.web.forms.Renderer"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True

# --- database and cache -------------------------------------------------------------------------

_SQLITE = {
    # Without IMMEDIATE a read that becomes a write fails at once under load, whatever the timeout.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
        "PRAGMA wal_autocheckpoint=20000; PRAGMA mmap_size=134217728;"
    ),
}
DATABASES = {
    "default": dj_database_url.parse(
        _text("DATABASE_URL") or f"sqlite:///{DATA / 'licet.sqlite3'}",
        conn_max_age=None,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = _SQLITE
# Shared by all processes and nodes: the rate limits of sign-in live here.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "licet_cache"}}

# --- people -------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account_home"
LOGOUT_REDIRECT_URL = "shop_home"
ACCOUNT_ADAPTER = "licet.web.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "licet.web.accounts.SignupForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USER_DISPLAY = "licet.web.accounts.display"
ACCOUNT_FORMS = {
    "signup": "licet.web.addresses.SignUpForm",
    "add_email": "licet.web.addresses.ChangeAddressForm",
}
# Unknown license codes, told apart from mistyped ones: per address, per account, and of all together.
LICET_GUESSING_MINUTES, LICET_GUESSING_ALARM = 15, 100
ACCOUNT_RATE_LIMITS = {
    "license_code_address": f"20/{LICET_GUESSING_MINUTES}m/ip",
    "license_code_account": f"10/{LICET_GUESSING_MINUTES}m/key",
    "license_code_all": f"{LICET_GUESSING_ALARM}/1h/key",
    "license_code_alarm": "1/1h/key",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LICET_DEMO
MFA_ADAPTER = "licet.web.accounts.MfaAdapter"
MFA_FORMS = {"add_webauthn": "licet.web.passkeys.AddKeyForm"}
USERSESSIONS_TRACK_ACTIVITY = True
ALLAUTH_TRUSTED_PROXY_COUNT = int(_text("LICET_PROXIES", "0"))

# --- languages ----------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("de", "Deutsch")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = _text("LICET_TIME_ZONE", "Europe/Paris")

# --- mail ---------------------------------------------------------------------------------------
# One setting: smtp://user:password@host:587?tls=yes&from=desk@vendor.example (smtps:// for port 465).

_mail = urlsplit(_text("LICET_MAIL_URL"))
_mail_options = {key: values[-1] for key, values in parse_qs(_mail.query).items()}
if _mail.scheme:
    if _mail.scheme not in {"smtp", "smtps"}:
        raise ImproperlyConfigured("LICET_MAIL_URL starts with smtp:// or smtps://")
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _mail.hostname or "localhost"
    EMAIL_PORT = _mail.port or (465 if _mail.scheme == "smtps" else 25)
    EMAIL_HOST_USER = unquote(_mail.username or "")
    EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
    EMAIL_USE_SSL = _mail.scheme == "smtps"
    EMAIL_USE_TLS = _mail_options.get("tls", "no") == "yes"
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "licet.mailing.mailbox.MailboxBackend"
# Demonstration: mails are kept in the database and read on a page.
LICET_MAILBOX = LICET_DEMO and not _mail.scheme
DEFAULT_FROM_EMAIL = _mail_options.get("from", f"licenses@{_site.hostname or 'localhost'}")

# --- files --------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_500  # a page of people x products has a field per box
# Uploads stay in memory: no paper of an applicant is ever written to a disk in the clear.
FILE_UPLOAD_HANDLERS = ["licet.web.uploads.SignedInMemory"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 26 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# --- the wire -----------------------------------------------------------------------------------

SESSION_COOKIE_NAME = "__Host-licet" if _secure else "licet"
CSRF_COOKIE_NAME = "__Host-licet-csrf" if _secure else "licet-csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = _secure
SECURE_SSL_REDIRECT = False  # the proxy in front ends TLS and redirects
SECURE_HSTS_SECONDS = 31_536_000 if _secure else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if int(_text("LICET_PROXIES", "0")):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        # The one policy is in licet.js; it lets markup of our own server pass, and never a script.
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["default"],
    }
}

# --- log ----------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"codes": {"()": "licet.config.hiding.HideCodes"}},
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["codes"]}},
    "root": {"handlers": ["stderr"], "level": _text("LICET_LOG_LEVEL", "INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "authlib": {"level": "INFO"},  # its debugging lines contain tokens
        "factur-x": {"level": "CRITICAL"},  # its errors contain whole invoices
        "fontTools": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
    },
}
