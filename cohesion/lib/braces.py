"""Fields in braces in a text that somebody types: which there are, what is wrong with them, what they become."""

import re
from collections.abc import Callable, Collection, Iterator

from cohesion.lib.text import NARROW_NBSP, NBSP, fold, squeeze

_FIELD = re.compile(r"\{([^{}\n]*)\}")
OPTIONAL = "?"


def field_names(text: str) -> list[str]:
    """What stands in braces, as it is typed, each once."""
    return list(dict.fromkeys(match[1] for match in _FIELD.finditer(text)))


def key_of(name: str) -> str:
    """What two people would call the same field: « {Échéance} » is « {echeance} »."""
    return fold(squeeze(name).removesuffix(OPTIONAL).strip())


def is_optional(name: str) -> bool:
    """Whether a field says that it may stay empty: « {motif ?} »."""
    return squeeze(name).endswith(OPTIONAL)


def fill(text: str, fact: Callable[[str], str]) -> str:
    """The text with what each field becomes; ``fact`` gets the name as it is typed."""
    return _FIELD.sub(lambda match: fact(match[1]), text)


def alone(text: str) -> str | None:
    """The name of the field that is the whole of a text, or None."""
    match = _FIELD.fullmatch(text.strip())
    return match[1] if match else None


def refusals(text: str, known: Collection[str], *, allows_optional: bool = False) -> Iterator[str]:
    """What is wrong with the braces of a text, a sentence each, with its line where there are several."""
    keys = {key_of(name) for name in known}
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        where = f", ligne{NBSP}{number}" if len(lines) > 1 else ""
        for name in field_names(line):
            if is_optional(name) and not allows_optional:
                yield f"Le champ {{{name}}}{where} ne peut rester vide{NBSP}: retirez son point d’interrogation."
            elif key_of(name) not in keys:
                listed = ", ".join(f"{{{each}}}" for each in known)
                yield f"Le champ {{{name}}}{where} n’existe pas{NBSP}: écrivez l’un de ceux-ci{NBSP}: {listed}."
        if set("{}") & set(_FIELD.sub("", line)):
            example = next(iter(known), "structure")
            yield (
                f"Une accolade est seule{where}{NARROW_NBSP}; un champ s’écrit entre deux accolades, sur une seule "
                f"ligne{NBSP}: {{{example}}}."
            )
