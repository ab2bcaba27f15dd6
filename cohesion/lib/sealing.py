"""What waits in the database and is nobody's to read there: encrypted with a key that only the site has."""

import base64
import hashlib
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

SALT = "cohesion.lib.sealing"


def sealed(value: object) -> str:
    """A value (JSON) that nobody reads without ``SECRET_KEY``, nor changes unseen."""
    return _keys().encrypt(json.dumps(value, ensure_ascii=False).encode()).decode("ascii")


def unsealed(text: str) -> Any:
    """The value that was sealed, with this key or a former one; None when it is not ours."""
    try:
        return json.loads(_keys().decrypt(text.encode("ascii")))
    except (InvalidToken, UnicodeEncodeError):
        return None


def _keys() -> MultiFernet:
    """Of ``SECRET_KEY``, then of those that it took the place of."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = (salted_hmac(SALT, "", secret=secret, algorithm="sha256").digest() for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def digest(secret: str) -> str:
    """What is kept of a secret that a link or a program carries.

    Drawn at random, it is as long as its own digest: nothing slower would protect it more.
    """
    return hashlib.sha256(secret.encode()).hexdigest()
