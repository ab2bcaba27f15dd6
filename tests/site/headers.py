"""The headers that every answer bears, at their exact values."""

import re
from collections.abc import Iterator
from typing import Any

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
}
# The files that are given back as they were kept.
GIVEN = re.compile("/(pieces|documents)/")
ATTACHMENT = {"default-src": "'none'", "sandbox": ""}
CLOSED = (
    "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
    "microphone=(), midi=(), payment=(), usb=()"
)
EXACT = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": CLOSED,
}
HSTS = "max-age=31536000; includeSubDomains; preload"
_NONCE = re.compile(r" 'nonce-[A-Za-z0-9+/_=-]{16,}'$")


def header_faults(
    response: Any, *, is_known: bool = False, is_secure: bool = True, policy: dict[str, str] = POLICY
) -> Iterator[str]:
    """What is missing or otherwise than promised. ``is_known``: the answer is for somebody who is logged in."""
    found = response.headers
    expected = EXACT | ({"Strict-Transport-Security": HSTS} if is_secure else {})
    for name, value in expected.items():
        if found.get(name) != value:
            yield f"{name} : {found.get(name)!r}"
    if "attachment" in found.get("Content-Disposition", "") and GIVEN.search(response.request["PATH_INFO"]):
        policy = ATTACHMENT
    if directives(found.get("Content-Security-Policy", "")) != policy:
        yield f"Content-Security-Policy : {found.get('Content-Security-Policy')!r}"
    if is_known and "no-store" not in found.get("Cache-Control", ""):
        yield f"Cache-Control : {found.get('Cache-Control')!r}"
    for name, cookie in response.cookies.items():
        if not (cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/" and not cookie["domain"]):
            yield f"témoin {name} : {cookie.OutputString()}"


def directives(header: str) -> dict[str, str]:
    """A policy by its directives; the nonce of one answer is no part of it."""
    parts = (part.strip().partition(" ")[::2] for part in header.split(";") if part.strip())
    return {name: _NONCE.sub("", value) if name == "script-src" else value for name, value in parts}
