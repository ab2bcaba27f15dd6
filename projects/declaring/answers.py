"""What was typed on the pages: how it is read from a form.

Answers are kept to the letter, in the declaration's JSON: ``{page: {field: text, or list of what was ticked}}``.
"""

from collections.abc import Iterable

from django.http import QueryDict

from cohesion.together.merging import Answer

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
    answers: dict[str, Answer] = {}
    for name in fields:
        if name in several:
            answers[name] = [as_typed(value) for value in data.getlist(name)[:MOST_TICKED] if value]
        else:
            answers[name] = as_typed(data.get(name, ""))
    return answers


def as_typed(value: str) -> str:
    """A text as it came: line ends of one kind; a NUL is never typed, and PostgreSQL keeps none."""
    return value.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")[:MOST_CHARACTERS]
