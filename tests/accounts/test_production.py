"""What an installation gets without asking: closed doors. A demonstration, on one's own machine, is let in."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

ASKED = (
    "SESSION_COOKIE_NAME",
    "CSRF_COOKIE_NAME",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIE_SAMESITE",
    "STAFF_SECOND_FACTOR",
    "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN",
    "ALLAUTH_TRUSTED_PROXY_COUNT",
)
PRODUCTION = {"SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "cst.example"}


def values(**environment):
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    wanted = f"import json; from django.conf import settings as s; print(json.dumps([getattr(s, n) for n in {ASKED}]))"
    answer = subprocess.run(
        [sys.executable, "-c", wanted],
        cwd=settings.BASE_DIR,
        env={
            **kept,
            "DJANGO_SETTINGS_MODULE": "cohesion.settings",
            "DATABASE_URL": "sqlite:///:memory:",
            **environment,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(zip(ASKED, json.loads(answer.stdout), strict=True))


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        (PRODUCTION, ("__Host-sessionid", "__Host-csrftoken", True, True, True, "Lax", True, False, 0)),
        (
            PRODUCTION | {"STAFF_SECOND_FACTOR": "0", "PROXY_COUNT": "2"},
            ("__Host-sessionid", "__Host-csrftoken", True, True, True, "Lax", False, False, 2),
        ),
        ({"DEMO": "1"}, ("sessionid", "csrftoken", False, False, True, "Lax", False, True, 0)),
    ],
    ids=["production", "what is asked for", "demonstration"],
)
def test_cookies_second_factor_and_proxies_are_what_the_documentation_says(environment, expected):
    assert values(**environment) == dict(zip(ASKED, expected, strict=True))
