"""The codes that a text may be, however it is typed."""

import re

from cohesion.lib.text import fold

HYPHENS = re.compile(r"[\u2010-\u2014]")
AROUND = '()[]«»"“”,;:!?.° '
# Where a code is typed in one piece: « PRH12 », « pst 3 », « 2.1.2b ».
_NUMBERED = re.compile(r"([a-z]+)[\s-]?0*(\d{1,3})\Z")
_OF_YEAR = re.compile(r"((?:19|20)\d{2})[\s-](\d{1,3})\Z")
_LETTERED = re.compile(r"(\d+(?:\.\d+)*)([a-z])\Z")
_DIGITS = re.compile(r"\d{2,4}\Z")


def spelled_codes(text: str) -> list[str]:
    """The codes that a text may be: « pst 1 », of which the zero is seldom typed, « 2.1.2b », « 311 »."""
    code = fold(HYPHENS.sub("-", text).strip(AROUND))
    codes = [code, code.replace(" ", "-")]
    if numbered := _NUMBERED.match(code):
        codes += [f"{numbered[1]}-{numbered[2]:0>{size}}" for size in (2, 3)]
    if of_year := _OF_YEAR.match(code):
        codes.append(f"{of_year[1]}-{of_year[2]:0>3}")
    if lettered := _LETTERED.match(code):
        codes.append(f"{lettered[1]}-{lettered[2]}")
    if _DIGITS.match(code):
        codes.append(".".join(code))
    return list(dict.fromkeys(filter(None, codes)))
