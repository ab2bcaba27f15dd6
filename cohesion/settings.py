"""The one settings file. Everything that differs between installations is read from the environment.

Nothing is open by default: without ``SECRET_KEY`` and ``ALLOWED_HOSTS`` the site refuses to serve.
``DEMO=1`` (set by ``manage.py demo``) relaxes HTTPS for a server that only this machine reaches;
``MAINTENANCE=1`` (set by ``manage.py`` for commands that serve nobody) does without a secret.
"""

import datetime
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

from cohesion import __version__, error_reports
from cohesion.lib import logs, open_settings, retention
from projects.api import settings as api

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("DEMO", False)
MAINTENANCE = env.bool("MAINTENANCE", False)
# Served over plain HTTP: a developer's machine or the demonstration, never the open network.
LOCAL = DEBUG or DEMO


def _secret_key() -> str:
    key = env.str("SECRET_KEY", "")
    if not key and (LOCAL or MAINTENANCE):
        return get_random_secret_key()
    if len(key) < 50 and not LOCAL:
        raise ImproperlyConfigured(
            "SECRET_KEY est absente ou trop courte : donnez-lui au moins 50 caractères tirés au hasard "
            "(par exemple : python -c 'import secrets; print(secrets.token_urlsafe(64))')."
        )
    return key


def _allowed_hosts() -> list[str]:
    hosts = [host.strip() for host in env.list("ALLOWED_HOSTS", default=[]) if host.strip()]
    if not hosts and LOCAL:
        return ["localhost", "127.0.0.1", "[::1]", "testserver"]
    if not hosts and not MAINTENANCE:
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS est vide : indiquez les noms du site, séparés par des virgules (ex. : cst.example.fr)."
        )
    if "*" in hosts and not LOCAL:
        raise ImproperlyConfigured("ALLOWED_HOSTS=* ouvre le site à tous les noms : indiquez les noms du site.")
    return hosts


def _wants(package: str, setting: str) -> None:
    """Refuse at once a setting whose package is missing: it would only be missed by the first who logs in."""
    if find_spec(package) is None:
        raise ImproperlyConfigured(
            f"{setting} demande le paquet « {package} » : installez « deploy/requirements-machines.lock »."
        )


def _day(setting: str, text: str) -> datetime.date | None:
    """A day of the calendar, or None where none is given."""
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError:
        raise ImproperlyConfigured(f"{setting} est une date, comme 2026-11-24 : « {text} » n’en est pas une.") from None


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = _allowed_hosts()

INSTALLED_APPS = [
    "cohesion.apps.AgentsAdminConfig",  # django.contrib.admin, behind the site's own login
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.forms",  # its templates, for FORM_RENDERER
    "mptt",
    "import_export",
    "simple_history",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    *api.APPS,
    "axes",
    "projects",
    "cohesion.apps.CohesionConfig",
]

MIDDLEWARE = [
    "cohesion.middleware.CompressedText",
    "cohesion.lib.uploads.read_to_the_end",
    "cohesion.lib.requests.request_identity",
    "cohesion.site.kept_pages.KeptPages",
    # What closes the pages stands outside of whatever answers: redirects, static files and refusals are closed too.
    "csp.middleware.CSPMiddleware",
    "cohesion.middleware.security_headers",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cohesion.middleware.without_nulls",
    "cohesion.middleware.utf8_only",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "cohesion.middleware.PastedText",  # after what refuses a forged form
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "cohesion.accounts.sessions.session_limits",
    "cohesion.accounts.lost_forms.LostForms",
    "allauth.account.middleware.AccountMiddleware",
    "cohesion.accounts.second_factor.second_factor_of_staff",
    "simple_history.middleware.HistoryRequestMiddleware",
    "cohesion.middleware.CleanAddress",
    "cohesion.site.limits.RateLimits",
    "cohesion.site.lasting.LastingAddresses",
    "cohesion.errors.DatabaseOutage",
]

ROOT_URLCONF = "cohesion.urls"
WSGI_APPLICATION = "cohesion.wsgi.application"
AUTH_USER_MODEL = "cohesion.User"

LOADERS = ["cohesion.lib.flush_left.Loader", "django.template.loaders.app_directories.Loader"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", LOADERS)],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cohesion.context.site",
                "cohesion.site.first_visit.context",
                "cohesion.site.news.context",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'cohesion.sqlite3'}")}
# A socket's folder, written in the place of the host as the address standard has it: %2Frun%2Fpostgresql.
DATABASES["default"]["HOST"] = unquote(DATABASES["default"].get("HOST") or "")
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["ENGINE"] = "cohesion.lib.sqlite"
    # IMMEDIATE: a writer takes its place in the queue at BEGIN, instead of failing at its first write.
    DATABASES["default"]["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 20}
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A server that cannot be reached is an outage within seconds, not after the minutes that the network waits.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 3)
    if not MAINTENANCE:
        # Without jit: it spends a second compiling queries that take less.
        DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
            "-c jit=off -c statement_timeout=10s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s"
        )
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", 60)

# --- pages kept whole (cohesion.site.kept_pages) -----------------------------------------------------------------
# Memory for them in each process, in millions of bytes; 0 keeps none.
KEPT_PAGES_MB = env.float("KEPT_PAGES_MB", 32)
# How long a process trusts the last state that it read of the framework; 0 asks the database at each request.
# Under a crowd, a moment spares hundreds of questions. Who bears a cookie gets no kept page, and sees what they wrote.
STAMP_SECONDS = env.float("STAMP_SECONDS", 0 if LOCAL else 0.2)

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "cohesion.accounts.passwords.ContextWordsValidator", "OPTIONS": {"min_length": 15}},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_RESET_TIMEOUT = 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account"

# --- accounts: by invitation, opened by an e-mail address (django-allauth) --------------------------------
# What several processes count together: failed logins, codes already used. « redis://… » suits as well.
# Room for many: a table that is full forgets a third of its counts, which somebody could bring about.
if env.str("CACHE_URL", "").startswith("redis"):
    _wants("redis", "CACHE_URL")
CACHES = {"default": env.cache("CACHE_URL", "dbcache://cohesion_cache?max_entries=100000")}
ACCOUNT_ADAPTER = "cohesion.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation has proved the address
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # of this session; the others are closed
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "5/15m/key",  # the codes of an account
    "reset_password": "20/m/ip,5/h/key",
}
# Failed logins of an account, forms kept until somebody has logged in: so many, in so many seconds.
LOGIN_FAILURES = {"from_here": (5, 15 * 60), "from_everywhere": (20, 3600)}
LOST_FORMS = (20, 60)
ACCOUNT_FORMS = {
    "login": "cohesion.accounts.forms.LoginForm",
    "change_password": "cohesion.accounts.forms.ChangePasswordForm",
    "set_password": "cohesion.accounts.forms.SetPasswordForm",
    "reset_password": "cohesion.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "cohesion.accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "cohesion.accounts.forms.ReauthenticateForm",
}
# X-Forwarded-For is believed from this number of frontals of one's own; 0: not at all.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXY_COUNT", 0)
MFA_ADAPTER = "cohesion.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody chooses their own address
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL
MFA_TOTP_TOLERANCE = 1  # a phone whose clock is half a minute wrong
MFA_FORMS = {
    "authenticate": "cohesion.accounts.forms.AuthenticateForm",
    "reauthenticate": "cohesion.accounts.forms.ReauthenticateByCodeForm",
    "activate_totp": "cohesion.accounts.forms.ActivateTOTPForm",
    "add_webauthn": "cohesion.accounts.forms.AddWebAuthnForm",
    "edit_webauthn": "cohesion.accounts.forms.EditWebAuthnForm",
}
# Compulsory for whoever is staff; in a demonstration it would only be in the way.
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", not LOCAL)
# Seconds without a request, seconds in all, after which a session is closed.
STAFF_SESSION = (30 * 60, 10 * 3600)
LEAD_SESSION = (2 * 3600, 24 * 3600)

# --- mail -------------------------------------------------------------------------------------------------
vars().update(env.email_url("EMAIL_URL", default="consolemail://" if LOCAL else "smtp://localhost:25"))
if DEMO:  # whatever the environment says, nothing leaves a demonstration
    EMAIL_BACKEND = "cohesion.kept_mails.KeptMailBackend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("MAIL_FROM", "ne-pas-repondre@localhost")

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
FORMAT_MODULE_PATH = "cohesion.formats"  # dates as they are typed
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "var" / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = LOCAL


def _attachments() -> dict[str, object]:
    """Where what leads hand in is kept: never under the web root, readable by the site's own account only.

    Several machines share a bucket of an S3-compatible service.
    """
    if bucket := env.str("ATTACHMENTS_S3_BUCKET", ""):
        _wants("storages", "ATTACHMENTS_S3_BUCKET")
        options = {"bucket_name": bucket, "default_acl": None, "querystring_auth": True, "file_overwrite": False}
        if endpoint := env.str("ATTACHMENTS_S3_ENDPOINT", ""):
            options["endpoint_url"] = endpoint
        return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": env.path("ATTACHMENTS_ROOT", default=str(BASE_DIR / "var" / "attachments")),
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    }


STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "attachments": _attachments(),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL or MAINTENANCE
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

# --- security ---------------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = not LOCAL
SECURE_HSTS_SECONDS = 0 if LOCAL else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not LOCAL
SECURE_HSTS_PRELOAD = not LOCAL
SECURE_REFERRER_POLICY = "same-origin"
# A load balancer asks for its health check over plain HTTP, inside the house.
SECURE_REDIRECT_EXEMPT = [r"^sante/$"]
if env.bool("BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = LEAD_SESSION[1]  # at most; cohesion/accounts/sessions.py closes it earlier
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no cookie more
if not LOCAL:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
CSRF_FAILURE_VIEW = "cohesion.accounts.lost_forms.csrf_failure"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# --- how often one may ask (cohesion.site.limits): so many, in so many seconds -----------------------------------
RATE_LIMITS = {"filters": (120, 60), "exports": (10, 3600), "exports_of_accounts": (100, 3600)} | api.RATE_LIMITS
if env.str("RATE_LIMITS", "non" if LOCAL else "oui").strip().lower() in ("non", "no", "0", "false", "off"):
    RATE_LIMITS = {}

# --- audit log: for how long events are kept (manage.py purge_audit) ----------------------------------------
AUDIT_RETENTION_DAYS = env.int("AUDIT_RETENTION_DAYS", 365)
RETENTION = retention.settings(env)  # of all the rest that names people (manage.py forget_old)

# --- uploads and imports ----------------------------------------------------------------------------------
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "cohesion.lib.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "cohesion.lib.uploads.TemporaryUpload",
]
# A function, by its dotted path, that gets the bytes of each file received and answers whether they are harmless.
ATTACHMENT_SCANNER = env.str("ATTACHMENT_SCANNER", "")
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "change"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "view"

SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True

# --- watching it ------------------------------------------------------------------------------------------
# Those to whom errors are mailed.
ADMINS = [(address, address) for address in env.list("ADMINS", default=[]) if address]
# A query that lasts as long is written to the log; 0: none.
SLOW_QUERY_MS = env.int("SLOW_QUERY_MS", 0)
LOGGING = logs.settings(
    formatter=env.str("LOG_FORMAT", "text" if LOCAL or MAINTENANCE else "json"),
    level=env.str("LOG_LEVEL", "INFO"),
    mails_errors=bool(ADMINS),
)
if SENTRY_DSN := env.str("SENTRY_DSN", ""):
    error_reports.start(SENTRY_DSN, __version__)

# --- what the site calls itself ---------------------------------------------------------------------------
SITE_NAME = env.str("SITE_NAME", "Cohésion sociale et territoriale")
SITE_AUTHORITY = env.str("SITE_AUTHORITY", "Grand Évreux Agglomération")
CONTACT_EMAIL = env.str("CONTACT_EMAIL", "")
# What the legal notice must name; while they are empty it says that they are missing.
PUBLICATION_DIRECTOR = env.str("PUBLICATION_DIRECTOR", "")
HOSTING = env.str("HOSTING", "")
# The day of the accessibility statement, as 2026-11-24.
ACCESSIBILITY_REVIEWED_ON = _day("ACCESSIBILITY_REVIEWED_ON", env.str("ACCESSIBILITY_REVIEWED_ON", ""))
# For how long the server keeps its own log (0: not said) and backups: what the page on personal data promises.
LOG_RETENTION_DAYS = env.int("LOG_RETENTION_DAYS", 0)
BACKUP_RETENTION_DAYS = env.int("BACKUP_RETENTION_DAYS", 7)
# Above this amount granted in a year to a private body, a convention (décret 2001-495); projects/paying/threshold.py.
AGREEMENT_THRESHOLD = env.int("AGREEMENT_THRESHOLD", 23_000)
AUTHORITY_SIRET = open_settings.authority_siret(env.str("AUTHORITY_SIRET", open_settings.INVENTED if DEMO else ""))
OPEN_DATA_LICENCE = open_settings.licence(
    env.str("OPEN_DATA_LICENCE", "Licence Ouverte 2.0"),
    env.str("OPEN_DATA_LICENCE_URL", "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"),
)
EMBEDDED_BY = open_settings.embedded_by(env.list("EMBEDDED_BY", default=[]))
REST_FRAMEWORK, SPECTACULAR_SETTINGS = api.rest_framework(), api.spectacular(SITE_NAME, __version__)
PUBLIC_AMOUNTS = list(filter(None, env.list("PUBLIC_AMOUNTS", default=["granted", "cofunding"])))
BASE_URL = env.str("BASE_URL", "").rstrip("/")  # the public address, for links in documents and mail; or the request's
SUGGESTIONS_BY_MEANING = env.bool("SUGGESTIONS_BY_MEANING", True)  # some ten megabytes in each process
SUGGESTIONS_BY_SENTENCE = env.bool("SUGGESTIONS_BY_SENTENCE", False)  # a hundred more, with the extra « phrases »
