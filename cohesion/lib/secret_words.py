"""The secrets that a link or a program carries: drawn at random, shown once, and kept as their digests alone."""

import hashlib


def digest(secret: str) -> str:
    """What is kept of it. Drawn at random, it is as long as its own digest: nothing slower would protect it more."""
    return hashlib.sha256(secret.encode()).hexdigest()
