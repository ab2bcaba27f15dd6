"""What a plan says beside what it aims at: what was found, who does it, when, with what, and how it is measured."""

import re

_BESIDE = re.compile(
    r"(?:[a-z]+ (?:de |du |d['’])?)?(?:diagnostics?|constats?|indicateurs?|moyens|partenaires?|partenariats?"
    r"|pilotes?|porteurs?|echeances?|echeanciers?|calendriers?|budgets?|couts?|financements?|financeurs?|publics?|resultats|references?"
    r"|contributeurs?)(?: [a-z]+){0,2}"
)


def is_beside_aims(name: str) -> bool:
    """Whether a rubric, folded, holds nothing that is aimed at: « pilotes », « elements de diagnostic »."""
    return _BESIDE.fullmatch(name) is not None
