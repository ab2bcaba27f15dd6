"""What a Word document of ours bears without showing it: which orientation each paragraph is, and how all of them stood
when it left.

A bookmark names the orientation. The document's own properties hold the revision, and what is needed to know what was
changed in the file from what was changed here meanwhile: all but the wordings, of which a digest is enough.
"""

import base64
import hashlib
import json
import re
import uuid
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from axes.document import Node
from axes.levels import COLUMN_LEVELS, ROOT_LEVELS, Level
from axes.models import Framework, Orientation
from cohesion.lib.pasted import clean
from cohesion.lib.text import squeeze

PREFIX = "cohesion_"
FRAMEWORK, REVISION, MOMENT, STATE = (f"{PREFIX}{name}" for name in ("cadre", "revision", "moment", "etat"))
CHUNK = 240  # characters of a property; word processors cut longer ones
MOST_STATE = 4 * 1024 * 1024
SHORT = 10  # letters of an identity that tell it from all others of a framework
_MARK = re.compile(r"o_([0-9a-f]{32})")
_QUOTES = str.maketrans({"‘": "’", "'": "’", "ʼ": "’", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_BEFORE = re.compile(r"\s+(?=[,;:.!?%)\]…])|(?<=[(\[])\s+")
_QUOTED = re.compile(r'"\s*([^"]*?)\s*"')
_JOINED = str.maketrans({"\u00ad": None, "\u200b": None, "\u2060": None, "\ufeff": None})


@lru_cache(maxsize=10_000)
def canonical(text: str) -> str:
    """A wording without what word processors change by themselves: spaces, apostrophes, quotes, dashes, ellipses."""
    text = _DASHES.sub("-", squeeze(text.translate(_JOINED)).translate(_QUOTES)).replace("...", "…")
    return squeeze(_BEFORE.sub("", _QUOTED.sub(r'"\1"', text)))


def digest(wording: str) -> str:
    """Eight letters that tell a wording from any other."""
    return hashlib.sha256(canonical(wording).encode()).hexdigest()[:8]


def printed(orientation: Orientation) -> str:
    """The wording that the document prints: the adopted one, to the letter, after its label."""
    return f"{orientation.label} {orientation.title}" if orientation.label else orientation.title


def mark(orientation: Orientation) -> str:
    """The name of the bookmark of an orientation."""
    return f"o_{orientation.uid.hex}"


def uid_of(name: str) -> uuid.UUID | None:
    """The orientation that a bookmark names. The copy of one, whose name a word processor lengthens, names none."""
    match = _MARK.fullmatch(name)
    return uuid.UUID(match[1]) if match else None


@dataclass(frozen=True)
class Stood:
    """How an orientation stood when the document left. ``parent`` and ``applies_to`` are places in the list of all."""

    key: str  # the beginning of its identity
    code: str
    level: str
    parent: int | None
    columns: tuple[str, ...]
    applies_to: tuple[int, ...]
    digest: str


@dataclass(frozen=True)
class Origin:
    """Where a document comes from: the slug of its framework, its revision and the moment of that."""

    slug: str
    revision: int
    moment: str
    stood: tuple[Stood, ...]


def key_of(orientation: Orientation) -> str:
    return orientation.uid.hex[:SHORT]


def stood(nodes: list[Node]) -> list[Stood]:
    """How all orientations of a framework stand, in document order."""
    places = {node.pk: place for place, node in enumerate(nodes)}

    def merged(node: Node) -> tuple[int, ...]:
        return tuple(sorted(places[target.pk] for target in node.applies_to))

    return [
        Stood(
            key=key_of(node.orientation),
            code=node.orientation.code,
            level=node.orientation.level,
            parent=places[node.parent.pk] if node.parent else None,
            columns=tuple(node.orientation.columns),
            applies_to=merged(node),
            digest=digest(printed(node.orientation)),
        )
        for node in nodes
    ]


def properties(framework: Framework, nodes: list[Node]) -> dict[str, str]:
    """The properties of the document, by name."""
    rows = [[s.key, s.code, s.level, s.parent, s.columns, s.applies_to, s.digest] for s in stood(nodes)]
    packed = base64.b64encode(zlib.compress(json.dumps(rows, separators=(",", ":")).encode(), 9)).decode()
    chunks = [packed[start : start + CHUNK] for start in range(0, len(packed), CHUNK)]
    return {
        FRAMEWORK: framework.slug,
        REVISION: str(framework.revision),
        MOMENT: framework.updated_at.isoformat(),
        **{f"{STATE}_{number:04}": chunk for number, chunk in enumerate(chunks, start=1)},
    }


def origin(named: Mapping[str, str]) -> Origin | None:
    """Where a document comes from, by its properties; None where they do not say, or say nothing that makes sense."""
    revision = named.get(REVISION, "")
    if not (revision.isascii() and revision.isdigit() and len(revision) < 16):
        return None
    packed = "".join(named[name] for name in sorted(named) if name.startswith(f"{STATE}_"))
    try:
        inflating = zlib.decompressobj()
        text = inflating.decompress(base64.b64decode(packed, validate=True), MOST_STATE)
        rows = tuple(_rows(json.loads(text)))
    except (ValueError, TypeError, zlib.error, RecursionError):
        return None
    return Origin(clean(named.get(FRAMEWORK, ""))[:80], int(revision), named.get(MOMENT, "")[:40], rows)


def _rows(data: Any) -> Iterable[Stood]:
    """The rows of the state, each of which must name what stands before it or with it.

    Raises:
        ValueError, TypeError: they make no sense.
    """
    columns, levels = {level.value for level in COLUMN_LEVELS}, set(Level.values)
    for place, (key, code, level, parent, covered, targets, wording) in enumerate(data):
        is_sound = all(isinstance(text, str) for text in (key, code, level, wording)) and level in levels
        is_sound &= parent is None if level in ROOT_LEVELS else type(parent) is int and 0 <= parent < place
        is_sound &= set(covered) <= columns
        is_sound &= all(type(target) is int and 0 <= target < len(data) for target in targets)
        if not is_sound:
            raise ValueError
        yield Stood(key, code, level, parent, tuple(covered), tuple(targets), wording)
