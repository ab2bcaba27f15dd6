"""Settings of the test suite: the site's own, on SQLite, or on PostgreSQL with ``TEST_DB=postgres``."""

import os

os.environ.setdefault("DEBUG", "0")
os.environ["DEMO"] = "0"
os.environ.setdefault("SECRET_KEY", "cle-des-tests-qui-ne-protege-rien-et-ne-sert-nulle-part-ailleurs")
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")

if os.environ.get("TEST_DB") == "postgres" and not os.environ.get("DATABASE_URL"):
    from tests import postgres

    os.environ["DATABASE_URL"] = postgres.start()
elif os.environ.get("TEST_DB", "sqlite") == "sqlite":
    os.environ["DATABASE_URL"] = "sqlite:///:memory:"

from cohesion.settings import *  # noqa: F403

# The tests speak plain HTTP to the live server; tests/accounts/test_production.py checks production’s own values.
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "sessionid", "csrftoken"
RATE_LIMITS = {}  # the same
STAMP_SECONDS = 0  # what is written is on the next page, whoever asks
STAFF_SECOND_FACTOR = False  # the tests that are about it ask for it
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {  # no collectstatic before a test
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "attachments": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
DATABASES["default"].pop("CONN_MAX_AGE", None)  # noqa: F405
if DATABASES["default"]["ENGINE"].endswith("sqlite"):  # noqa: F405
    # A file, not memory: the live server and several processes must see the same rows.
    import tempfile

    DATABASES["default"]["NAME"] = "cohesion"  # noqa: F405
    DATABASES["default"]["TEST"] = {  # noqa: F405
        "NAME": os.path.join(tempfile.gettempdir(), f"cohesion-test-{os.getpid()}.sqlite3")
    }
else:
    # Rows that a test has just made have no statistics yet, and the machine may be busy: no test is a race.
    OPTIONS = DATABASES["default"]["OPTIONS"]  # noqa: F405
    OPTIONS["options"] = OPTIONS["options"].replace("statement_timeout=10s", "statement_timeout=60s")
