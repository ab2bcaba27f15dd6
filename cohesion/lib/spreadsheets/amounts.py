"""Amounts as people write them and as spreadsheets compute them."""

import re
from decimal import Decimal

from cohesion.lib.spreadsheets.cells import line_of
from cohesion.lib.spreadsheets.model import Cell

HIGHEST_AMOUNT = Decimal("9999999999.99")
_CENT = Decimal("0.01")
_MILLIONTH = Decimal("0.000001")
_EURO = re.compile(r"^€ ?| ?(?:€|euros?|eur)$", re.IGNORECASE)
_THOUSANDS = re.compile(r"\d{1,3}(?:(?: \d{3})+(?=[.,]|\Z)|(?:\.\d{3})+(?=,|\Z))")
_AMOUNT = re.compile(r"-?\d{1,16}(?:[.,]\d{1,20})?")
_COMPUTED = re.compile(r"[.,]\d{5,}")  # decimals that a person would not write
NO_AMOUNT = "Ce n’est pas un montant : écrivez par exemple 12 500 ou 12 500,50."
DISPLAY_ONLY = (
    "Ce montant a plus de deux décimales : le tableur n’en arrondit que l’affichage. "
    "Écrivez le montant voulu, ou arrondissez le calcul : =ARRONDI(…;2)."
)


def in_cell(amount: Decimal | None) -> float | None:
    """An amount as a spreadsheet adds it up: cents are exact in a float of that size."""
    return None if amount is None else float(amount)


def euros(cell: Cell | None) -> str | None:
    """An amount as « 12500.50 », from what the French write (« 12 500,50 € ») or a number; None when empty.

    What a spreadsheet adds up misses the cent by a trifle (3702.2999999999997): it is read to the cent.

    Raises:
        ValueError: it is no amount, is negative, or has more than two decimals.
    """
    text = _EURO.sub("", line_of(cell))
    if not text:
        return None
    if isinstance(cell, float):
        text = f"{Decimal(repr(cell)):f}".replace(".", ",")
    text = text.replace("\u2019", " ").replace("'", " ")
    if thousands := _THOUSANDS.match(text):
        text = re.sub(r"[ .]", "", thousands[0]) + text[thousands.end() :]
    if not _AMOUNT.fullmatch(text):
        raise ValueError(NO_AMOUNT)
    amount = Decimal(text.replace(",", "."))
    is_computed = isinstance(cell, float) or bool(_COMPUTED.search(text))
    cents = _to_the_cent(amount, is_computed)
    # « 12,500 » is twelve and a half, or the 12 500 of an English spreadsheet: it is asked.
    if cents is None or (not is_computed and re.search(r"[.,]\d{3}", text)):
        raise ValueError("Un montant a deux décimales au plus : écrivez par exemple 12 500 ou 12,50.")
    if cents < 0:
        raise ValueError("Un montant n’est pas négatif : retirez le signe moins.")
    if cents > HIGHEST_AMOUNT:
        raise ValueError("Ce montant est trop grand : vérifiez-le.")
    return f"{abs(cents):.2f}"


def _to_the_cent(amount: Decimal, is_computed: bool) -> Decimal | None:
    """The amount in whole cents; None where what was written has more.

    Raises:
        ValueError: what was computed is further than a millionth from a cent.
    """
    cents = amount.quantize(_CENT) if abs(amount) < 10**17 else amount
    if abs(amount - cents) <= (_MILLIONTH if is_computed else 0):
        return cents
    if is_computed:
        raise ValueError(DISPLAY_ONLY)
    return None
