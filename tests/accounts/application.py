"""An application of codes, written from RFC 6238: what the person's telephone shows."""

import base64
import hashlib
import hmac
import time


def code(secret: str, after: float = 0) -> str:
    """The six digits of this half minute, or of the one ``after`` seconds later."""
    step = int(time.time() + after) // 30
    digest = hmac.new(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"
