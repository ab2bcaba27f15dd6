"""Why a node is proposed as it is, in one French sentence, and why it is to be checked."""

from axes.levels import Level
from axes.reading.grammar import Opening, is_capitals, is_gerundive, opening
from axes.reading.model import Block
from axes.reading.tables import BAND
from cohesion.lib.text import NBSP

SHIFTED = "le document a moins de niveaux que le cadre : les lignes de cette forme pourraient être"
ONLY_FORM = "aucun mot ne dit que c’est un axe : seule la place de ces lignes le fait croire"
# Why a line is set aside, where other rules ask for it.
PROSE, WORDLESS = "texte courant", "ligne sans mot"
CELL = "case d’une colonne qui ne nomme pas d’orientation"
SAYS_MORE = "la phrase au-dessus de cette liste parle d’autre chose après"
OF_A_FORM = (SHIFTED, ONLY_FORM, SAYS_MORE)  # doubts that hold of all lines of a form, or of none
AS_THE_FIRST = "même doute que pour la première ligne de cette forme"
OPENINGS = {
    Opening.INFINITIVE: "verbe à l’infinitif",
    Opening.NOUN: "groupe nominal",
    Opening.ARTICLE: "groupe nominal avec article",
    Opening.PREPOSITION: "commence par une préposition",
    Opening.OTHER: "sans verbe ni nom au début",
}
FAMILIES = {
    "heading": "titre de rang {}",
    "bullet": "puce",
    "capitals": "ligne en capitales",
    "bold": "ligne en gras",
    "alone": "ligne seule entre deux lignes vides",
    "head": "ligne au-dessus de ce qu’elle annonce",
    "plain": "ligne sous celle qui l’annonce",
    "indent": "retrait de {} espaces",
    "number": "numéroté «\u00a0{}\u00a0»",
    "label": "mention «\u00a0{}\u00a0»",
    "column": "colonne {} du tableau",
    "title": "ajouté pour que les orientations aient sous quoi se placer",
}


def reason(block: Block, level: Level, parent: Level | None, where: str) -> str:
    """What the proposal rests on, the strongest first. ``where`` is the place in the document: « ligne 27 »."""
    clues = []
    if block.level is not None and block.level != level:
        clues.append(f"«{NBSP}{block.named_by}{NBSP}» le dit autrement, mais rien ne se trouve au-dessus")
    elif block.announced and block.named_by == block.announced:
        clues.append(f"annoncé par «{NBSP}{block.announced}{NBSP}»")
    elif block.named_by and block.column is not None:
        clues.append(f"colonne «{NBSP}{block.named_by}{NBSP}» du tableau")
    elif block.named_by:
        clues.append(f"«{NBSP}{block.named_by}{NBSP}» imprimé devant")
    elif block.family == BAND:
        clues.append("bandeau sur toute la largeur du tableau")
    elif block.family:
        clues.append(_form(block))
    if not block.named_by and block.family != BAND and not is_capitals(block.text):
        clues.append(_beginning(block, parent))
    elif parent is not None and not block.named_by:
        clues.append(f"sous {parent.noun}")
    if block.pieces > 1:
        clues.append(f"{ORDINALS.get(block.piece, 'l’une')} des {block.pieces} phrases de la même case")
    return " ; ".join([*(clues or ["ordre du document"]), where])


ORDINALS = {0: "première", 1: "deuxième", 2: "troisième"}


def _form(block: Block) -> str:
    kind = block.family[0]
    words = FAMILIES[kind]
    if kind in ("number", "label"):
        return words.format(block.label or block.family[1])
    if kind == "column":
        return words.format(int(block.family[1]) + 1)
    return words.format(*block.family[1:])


def _beginning(block: Block, parent: Level | None) -> str:
    start = OPENINGS[opening(block.text)]
    if is_gerundive(block.text):
        start += " suivi de son moyen (« en …ant »)"
    return f"{start}, sous {parent.noun}" if parent is not None else start
