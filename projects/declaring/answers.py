"""What was typed on the pages: how it is read from a form, and how two people's typing is brought together.

Answers are kept to the letter, in the declaration's JSON: ``{page: {field: text, or list of what was ticked}}``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.core import signing
from django.http import QueryDict

Answer = str | list[str]
Typed = Mapping[str, Answer]

SALT = "projects.declaring.base"
# The answers to what an officer asked stand beside those of the page, under this name and the key of the remark.
REMARK = "remark-"
# What one field may hold: beyond, it is no answer of a person. Forms say their own, shorter, limits.
MOST_CHARACTERS = 20_000
MOST_TICKED = 200


def is_blank(answer: object) -> bool:
    return answer is None or answer is False or answer in ("", []) or (isinstance(answer, str) and not answer.strip())


def posted(data: QueryDict, fields: Iterable[str], ticked: Iterable[str]) -> dict[str, Answer]:
    """What a form brings for these fields; ``ticked`` are those that hold a list. Line ends are made one kind."""
    several = set(ticked)
    found: dict[str, Answer] = {}
    for name in fields:
        if name in several:
            found[name] = [as_typed(one) for one in data.getlist(name)[:MOST_TICKED] if one]
        else:
            found[name] = as_typed(data.get(name, ""))
    return found


def as_typed(value: str) -> str:
    """A text as it came: line ends of one kind; a NUL is never typed, and PostgreSQL keeps none."""
    return value.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")[:MOST_CHARACTERS]


# --- several people, or several tabs, on one page ---------------------------------------------------------------


def seal(typed: Typed) -> str:
    """What the page showed when it was opened, for its form to bring back."""
    return signing.dumps(dict(typed), salt=SALT, compress=True)


def unseal(sealed: str) -> dict[str, Answer] | None:
    """What :func:`seal` wrote; None when it is missing or was not ours."""
    try:
        found = signing.loads(sealed, salt=SALT)
    except signing.BadSignature:
        return None
    return found if isinstance(found, dict) else None


@dataclass(frozen=True)
class Clash:
    """One field that two people changed differently."""

    field: str
    theirs: Answer
    mine: Answer


@dataclass
class Merged:
    """The answers of both; where they clash, ``answers`` holds theirs, and mine waits for a choice."""

    answers: dict[str, Answer]
    clashes: list[Clash] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)  # fields that the other one changed alone


def merge(base: Typed, theirs: Typed, mine: Typed) -> Merged:
    """Bring together, field by field, what I typed and what was saved since I opened the page.

    >>> merge({"a": "1", "b": "1"}, {"a": "2", "b": "1"}, {"a": "1", "b": "3"}).answers
    {'a': '2', 'b': '3'}
    """
    merged = Merged(dict(theirs))
    for name, answer in mine.items():
        was, now = base.get(name, _nothing(answer)), theirs.get(name, _nothing(answer))
        if answer == now:
            merged.answers[name] = answer
        elif answer == was:  # I did not touch it: theirs stands
            merged.taken.append(name)
        elif now == was:
            merged.answers[name] = answer
        else:
            merged.clashes.append(Clash(name, now, answer))
    return merged


def both(was: str, theirs: str, mine: str) -> str:
    """Of one text that two people wrote at once, what each added; ``was`` is what I was shown.

    >>> both("", "Voir le devis.", "Deux salariés.")
    'Voir le devis.\\n\\nDeux salariés.'
    """
    if theirs == was:
        return mine
    if mine == was or theirs.endswith(mine):  # I changed nothing, or it is there
        return theirs
    return f"{theirs.removesuffix(was).rstrip()}\n\n{mine}"


def _nothing(answer: Answer) -> Answer:
    return [] if isinstance(answer, list) else ""
