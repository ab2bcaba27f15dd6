"""An amount of euros in words, as an administrative act writes it beside its figures."""

from decimal import Decimal

_UNITS = (
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"),
    *("treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"),
)
_TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 8: "quatre-vingt"}
LARGEST = Decimal("999999999999.99")


def number_in_words(number: int) -> str:
    """« deux-mille-trois-cents »: hyphens between all the words, as the rules of 1990 have it.

    Raises:
        ValueError: it is negative, or beyond a thousand milliards.
    """
    if not 0 <= number <= int(LARGEST):
        raise ValueError(number)
    if number == 0:
        return _UNITS[0]
    words, left = [], number
    for size, name in ((10**9, "milliard"), (10**6, "million")):
        times, left = divmod(left, size)
        if times:
            words.append(f"{_hundreds(times, is_last=True)}-{name}{'s' if times > 1 else ''}")
    thousands, rest = divmod(left, 1000)
    if thousands:
        words.append("mille" if thousands == 1 else f"{_hundreds(thousands, is_last=False)}-mille")
    if rest:
        words.append(_hundreds(rest, is_last=True))
    return "-".join(words)


def euros_in_words(amount: Decimal) -> str:
    """« mille-deux-cents euros », « un euro et cinquante centimes », « un-million d’euros »."""
    whole, cents = divmod(int((amount * 100).to_integral_value()), 100)
    joined = " d’" if whole and whole % 10**6 == 0 else " "
    words = f"{number_in_words(whole)}{joined}euro{'s' if whole > 1 else ''}"
    if cents:
        words += f" et {number_in_words(cents)} centime{'s' if cents > 1 else ''}"
    return words


def _hundreds(number: int, *, is_last: bool) -> str:
    """A number under a thousand; « cent » and « vingt » take their s at its end, unless « mille » follows."""
    hundreds, rest = divmod(number, 100)
    words = []
    if hundreds:
        plural = "s" if hundreds > 1 and not rest and is_last else ""
        words.append(f"cent{plural}" if hundreds == 1 else f"{_UNITS[hundreds]}-cent{plural}")
    if rest:
        words.append(_tens(rest, is_last=is_last))
    return "-".join(words)


def _tens(number: int, *, is_last: bool) -> str:
    if number < 20:
        return _UNITS[number]
    tens, unit = divmod(number, 10)
    if tens in (7, 9):
        tens, unit = tens - 1, unit + 10
    if unit == 0:
        return f"{_TENS[tens]}{'s' if tens == 8 and is_last else ''}"
    joined = "-et-" if unit in (1, 11) and tens != 8 else "-"
    return f"{_TENS[tens]}{joined}{_UNITS[unit]}"
