"""Several people, or several tabs, who type on one page: what each has changed is brought together, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cohesion.together import seals

FIELD = "base"  # the hidden field
SALT = "projects.declaring.base"
Answer = str | list[str]  # a text, or the list of what was ticked
Typed = Mapping[str, Answer]


def seal(typed: Typed) -> str:
    """What the fields of the page showed when it was opened, for its form to bring back."""
    return seals.seal(typed, salt=SALT)


def unseal(sealed: str) -> dict[str, Answer] | None:
    """What :func:`seal` wrote; None when it is missing or was not ours."""
    return seals.unseal(sealed, salt=SALT)


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


def merge(base: Typed | None, theirs: Typed, mine: Typed) -> Merged:
    """Bring together, field by field, what I typed and what was saved since I opened the page.

    Without a base nobody knows what I was shown: I give way to nothing, and write over nothing.

    >>> merge({"a": "1", "b": "1"}, {"a": "2", "b": "1"}, {"a": "1", "b": "3"}).answers
    {'a': '2', 'b': '3'}
    """
    merged = Merged(dict(theirs))
    for name, answer in mine.items():
        nothing: Answer = [] if isinstance(answer, list) else ""
        now = theirs.get(name, nothing)
        was = nothing if base is None else base.get(name, nothing)
        if answer == now:
            merged.answers[name] = answer
        elif answer == was and base is not None:  # I did not touch it: theirs stands
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
