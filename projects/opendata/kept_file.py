"""The bytes of a public file, kept compressed, and what tells them from others."""

import gzip
import hashlib
from dataclasses import dataclass, field, replace
from functools import cached_property

from cohesion.lib.kept import compressed
from projects.opendata.datasets import FORMATS, SHEET

COMPRESSED_ALREADY = (SHEET,)


@dataclass(frozen=True)
class KeptFile:
    """The bytes of a file, kept compressed, and what tells them from others."""

    content_type: str
    size: int
    digest: str
    packed: bytes = field(repr=False)
    is_packed: bool = True
    is_former: bool = False  # somebody makes the next one at this very moment

    @classmethod
    def of(cls, body: bytes, format: str) -> "KeptFile":
        if format in COMPRESSED_ALREADY:
            return cls(FORMATS[format][2], len(body), hashlib.sha256(body).hexdigest(), body, is_packed=False)
        return cls.of_text(body, FORMATS[format][2])

    @classmethod
    def of_text(cls, body: bytes, content_type: str) -> "KeptFile":
        return cls(content_type, len(body), hashlib.sha256(body).hexdigest(), compressed(body, "gzip"))

    @cached_property
    def of_before(self) -> "KeptFile":
        return replace(self, is_former=True)

    def body(self, coding: str) -> bytes:
        """In a coding that it has (:meth:`coding`)."""
        if coding == "gzip" or not self.is_packed:
            return self.packed
        return self._brotli if coding == "br" else gzip.decompress(self.packed)

    def coding(self, accepted: str) -> str:
        return accepted if self.is_packed else ""

    @cached_property
    def _brotli(self) -> bytes:
        return compressed(gzip.decompress(self.packed), "br")
