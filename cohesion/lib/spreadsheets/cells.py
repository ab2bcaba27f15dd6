"""What a cell says, read strictly: texts on one line or several, lists. Damage is told apart, by the column."""

import re

from cohesion.lib.pasted import clean
from cohesion.lib.spreadsheets.model import Cell, Oddity, cell_text
from cohesion.lib.spreadsheets.tables import undo_defuse
from cohesion.lib.text import hidden_character, squeeze

ODDITIES = {
    "date": "Le tableur a changé ce texte en date : mettez la colonne au format « Texte », puis retapez la valeur.",
    "error": "La cellule est une formule en erreur, ou un nombre démesuré : remplacez-la par sa valeur.",
    "formula": "La cellule est une formule jamais calculée : remplacez-la par sa valeur.",
    "boolean": "La cellule est un vrai/faux : mettez la colonne au format « Texte », puis retapez la valeur.",
}
LOST = "Des lettres sont perdues (�) : retapez ce texte, ou enregistrez de nouveau le fichier d’origine en UTF-8."


def line_of(cell: Cell | None) -> str:
    """The text of a cell on one line, our own apostrophe taken back.

    Raises:
        ValueError: the cell holds something else than a text or a number, or control characters.
    """
    return squeeze(text_of(cell))


def text_of(cell: Cell | None) -> str:
    """The text of a cell with its line breaks, our own apostrophe taken back, what nobody sees left out.

    Raises:
        ValueError: the cell holds something else than a text or a number, or control characters.
    """
    if isinstance(cell, Oddity):
        raise ValueError(ODDITIES[cell.kind])
    text = clean(cell_text(cell))
    if hidden := hidden_character(text):
        if hidden == "U+FFFD":
            raise ValueError(LOST)
        raise ValueError(f"Le texte contient un caractère de contrôle ({hidden}) : retapez-le.")
    return undo_defuse(text)


def items(text: str, separators: str = "|,;\n") -> list[str]:
    """The items of a list in one cell, in their order, none empty."""
    return [item for part in re.split(f"[{separators}]", text) if (item := squeeze(part))]


def at_most(text: str, length: int) -> str:
    """The text itself.

    Raises:
        ValueError: it is longer than that.
    """
    if len(text) > length:
        raise ValueError(f"Le texte a {len(text)} caractères : raccourcissez-le à {length} au plus.")
    return text
