"""What is to be checked, and why: where the evidence is weak, the first reason that holds."""

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from axes.levels import Level
from axes.reading import scoring
from axes.reading.apart import BARE
from axes.reading.grammar import Opening, opening, words
from axes.reading.marks import is_numbered
from axes.reading.model import Block, ProposedNode
from axes.reading.path import BestLevel
from axes.reading.reasons import AS_THE_FIRST, OF_A_FORM, ONLY_FORM, PROSE, SHIFTED
from cohesion.lib.text import NBSP

EMPTY_ROOT = "rien ne se trouve dessous, alors que les autres axes portent des objectifs"
LONG = 280  # characters, that few titles have
MARKED_FORMS = (("bullet",), ("label",))
SPEAKING_FORMS = (("band",), ("column",), ("title",))
TOO_LONG = "bien long pour une orientation : c’est peut-être un texte qui l’explique"
CUT_UNSURE = "la phrase est peut-être une seule, coupée à tort"
AFTER_FULL = "la ligne du dessus va jusqu’au bord : c’est peut-être la suite de sa cellule"
GLUED = "deux lignes réunies : ce sont peut-être deux orientations"
FORMLESS = "rien ne distingue cette ligne de ses voisines, et leurs premiers mots ne suffisent pas à les placer"
SPLIT = "les lignes de cette forme se lisent à des niveaux différents"
LOOKS_LIKE_ONE = "mis hors du cadre, mais commence comme une orientation"
ADDED = "le document ne montre aucun axe : celui-ci est ajouté"
FITTING = 0.02  # of the lines without a form, where their first words say their levels
BEYOND = 5.0  # by how much a level wins that nothing disputes
ALIKE = 0.75  # of a form, that is read at one level
TITLE_WORDS = 12  # of what was set aside for it bears no sign
MOST_WORDS = 40  # of what may be an orientation
# Why a line is set aside that is beyond doubt.
CERTAIN = re.compile(
    r"en-tête|colonne|numéro de page|ligne sans mot|ligne d’un sommaire|répète|haut ou bas|remarque|montant"
)


@dataclass(frozen=True)
class Entry:
    """A block, and its level as it was found best; None: it is set aside."""

    block: Block
    outcome: BestLevel | None

    @property
    def level(self) -> Level | None:
        return scoring.LEVELS[self.outcome.level] if self.outcome else None


def give_doubts(entries: Sequence[Entry], nodes: Sequence[ProposedNode], firm: float) -> None:
    """Say of each node why it is to be checked; below ``firm``, another level is as good."""
    live = [entry for entry in entries if entry.level is not None]
    forms = {entry.block.family for entry in live}
    is_guessed, split = not _fits(live), _split(live)
    for entry, node in zip(entries, nodes, strict=True):
        if node.level is None or entry.outcome is None:
            node.doubt = LOOKS_LIKE_ONE if _looks_like_one(entry.block, forms) else ""
            continue
        doubts = (
            node.doubt,
            _of_its_words(entry.block),
            FORMLESS if is_guessed and _is_formless(entry) else "",
            _of_its_level(node.level, entry.block, entry.outcome, firm),
            SPLIT if entry.block.family in split and entry.block.level is None else "",
            TOO_LONG if len(entry.block.text) > LONG and not (entry.block.named_by or entry.block.label) else "",
        )
        node.doubt = next((doubt for doubt in doubts if doubt), "")
    _doubt_after_full_lines(entries, nodes)
    _doubt_empty_roots(nodes)
    _say_once(nodes)


def _is_formless(entry: Entry) -> bool:
    """Whether neither a form nor a name says the level, and another one is not far behind."""
    block = entry.block
    return not block.family and block.level is None and entry.outcome is not None and entry.outcome.margin < BEYOND


def _fits(live: Sequence[Entry]) -> bool:
    """Whether the lines without a form begin as those of their levels do, all in all: verbs or nouns."""
    fits = [scoring.fit(entry.block, entry.level) for entry in live if entry.level and not entry.block.family]
    return sum(fits) > FITTING * len(fits)


def _split(live: Sequence[Entry]) -> set[tuple[str, ...]]:
    """The forms that are read at several levels."""
    levels: defaultdict[tuple[str, ...], Counter[Level]] = defaultdict(Counter)
    for entry in live:
        if entry.level is not None and entry.block.family[:1] in MARKED_FORMS:
            levels[entry.block.family][entry.level] += 1
    return {family for family, counts in levels.items() if max(counts.values()) < ALIKE * counts.total()}


def _say_once(nodes: Sequence[ProposedNode]) -> None:
    """The doubt that is of a whole form is said of its first line: to settle it there settles the others."""
    settled_forms: set[str] = set()
    for node in nodes:
        if not node.doubt.startswith(OF_A_FORM):
            continue
        if node.form in settled_forms:
            node.doubt = AS_THE_FIRST
        settled_forms.add(node.form)


def _looks_like_one(block: Block, forms: set[tuple[str, ...]]) -> bool:
    """Whether what is set aside begins with a verb, or bears the form of what is kept, in a sentence at most."""
    if CERTAIN.match(block.aside) or block.text.endswith(("?", ":")) or len(words(block.text)) > MOST_WORDS:
        return False
    if block.aside == BARE:
        return (
            len(words(block.text)) <= TITLE_WORDS
            and not block.text.endswith(".")
            and not re.search(r"\s:\s", block.text)
        )
    if block.aside.startswith(PROSE) and (block.bullet or is_numbered(block.text)):
        return not re.search(r"[.!?]\s", block.text)
    has_form = bool(block.label or block.number) and block.family in forms
    return has_form or (opening(block.text) == Opening.INFINITIVE and not re.search(r"[.!?]\s", block.text))


def _of_its_words(block: Block) -> str:
    if block.family == ("title",):
        return ADDED
    if block.unsure:
        return block.unsure
    if not block.cut_is_sure:
        return CUT_UNSURE
    return GLUED if block.is_glued else ""


def _of_its_level(level: Level, block: Block, outcome: BestLevel, firm: float) -> str:
    if block.level is not None and block.level != level:
        return f"«{NBSP}{block.named_by}{NBSP}» le dit autrement"
    if outcome.is_odd:
        return "commence autrement que les autres de son niveau"
    if outcome.margin < firm:
        return f"pourrait être {_second(outcome).noun}"
    if outcome.usual is not None:
        return f"la plupart des lignes de cette forme se lisent comme {scoring.LEVELS[outcome.usual].noun}"
    if outcome.guess is not None:
        return f"{SHIFTED} {scoring.LEVELS[outcome.guess].noun}"
    if level.facts.is_root and not block.named_by and block.family[:1] not in SPEAKING_FORMS:
        return ONLY_FORM
    return ""


def _doubt_after_full_lines(entries: Sequence[Entry], nodes: Sequence[ProposedNode]) -> None:
    """Where the page may have broken a cell, what follows it and is wider may be its second sentence."""
    for (_, before), (entry, node) in itertools.pairwise(zip(entries, nodes, strict=True)):
        if not entry.block.after_full or before.level is None or node.level is None or node.doubt:
            continue
        if not node.level.facts.is_root and node.level.rank < before.level.rank:
            node.doubt = AFTER_FULL


def _doubt_empty_roots(nodes: Sequence[ProposedNode]) -> None:
    """A root under which nothing stands, where something does under most: a title, perhaps."""
    bearing = {node.parent for node in nodes if node.level is not None}
    roots = [place for place, node in enumerate(nodes) if node.level is not None and node.level.facts.is_root]
    empty = [place for place in roots if place not in bearing]
    if 0 < 2 * len(empty) < len(roots):
        for place in empty:
            nodes[place].doubt = nodes[place].doubt or EMPTY_ROOT


def _second(outcome: BestLevel) -> Level:
    order = sorted(range(len(outcome.margins)), key=outcome.margins.__getitem__)
    return scoring.LEVELS[next(place for place in order if place != outcome.level)]
