"""What a document prints around its orientations: page numbers, remarks, sums, and its parts that hold none.

The words are those that any document has for its parts (« Sommaire », « Annexe »), and none of one document.
"""

import itertools
import re
from collections import Counter

from axes.reading.contents import PAGE
from axes.reading.grammar import words
from axes.reading.marks import level_named
from axes.reading.model import Block
from cohesion.lib.text import fold, squeeze

_REMARK = re.compile(r"(?:N\.?\s?B\.?|Nota(?:\s+bene)?|Remarque|Source|Sources|Rappel|Lire aussi|Voir aussi)\s*:\s")
_SUM = re.compile(
    r"[^:]{1,60}:\s*(?:environ\s+)?\d[\d\s\u00a0\u202f.,]*(?:k|M|millions? d[’'])?\s?(?:€|euros?\b)",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"\b\d{1,3}(?:[ \u00a0\u202f]\d{3})+\b|\b\d+(?:,\d+)?\s?(?:€|[kKM]€)")
_ROW = re.compile(r"[^\d:]{2,40}(?:\s\d[\d.,]*\s?%?){2,}")  # of a table of numbers
_DATED = re.compile(
    r"(?:Fait à .{2,40},? le |Dernière mise à jour\b|Mis à jour le |Mentions légales$|Partager cette page$)"
)
PART_ASIDE = "titre d’une partie sans orientation"
AMOUNT, RUBRIC = "montant", "titre d’une rubrique qui revient"
_OWN = re.compile(r"(?:nos|notre) [^\W\d_]+(?: [^\W\d_]+)?\s?:?")
BARE = "sans numéro ni signe, parmi des lignes qui en ont"
MOSTLY = 0.7  # of the lines have a form
PART = "titre d’une partie du document"
_PART_FAMILIES = frozenset(("label", word) for word in ("partie", "chapitre", "titre", "section", "tome"))
WORDS_OF_AN_AMOUNT = 3
PAGE_HEAD = 2  # lines
PARTS = frozenset(
    (
        *("sommaire", "table des matieres", "preambule", "introduction", "avant-propos", "edito", "editorial"),
        *("conclusion", "glossaire", "signataires", "bibliographie", "sigles", "liste des sigles"),
    )
)
# What it says before it aims at anything, whatever it is of: « 1. Contexte local », « Le mot du maire ».
_BEFORE = re.compile(
    r"(?:\(?\d{1,2}[.)]\s*)?(?:les |le |nos |notre )?(?:le mot du .{3,60}|actions proposees"
    r"|(?:rappel (?:du|des|de l[a'’]) ?)?(?:contexte|constats?|etat des lieux)"
    r"(?: (?:national|departemental|local|territorial|general|legal|reglementaire|institutionnel))?)"
)
# What a plan says of how it is run, after all that it aims at: alone or two together.
_RUN = "gouvernance|pilotage|suivi|evaluation|animation|mise en oeuvre|instances|calendrier|financement|communication"
_RUNNING = re.compile(
    rf"(?:modalites de |dispositif de |comite de )?(?:l[ae’'] ?)?(?:{_RUN})"
    rf"(?:(?:,| et|,? et (?:de )?l[ae’']) ?(?:{_RUN})){{0,3}}"
    r"(?: d[ue] (?:plan|contrat|programme|projet|cadre|la convention))?"
)
_ANNEX = re.compile(
    r"(?:LES )?ANNEXES?(?:\s+(?:n[°o]\s*)?(?:\d{1,2}|[IVX]{1,4}|[A-H]))?(?:\s*[:.–—-].*)?", re.IGNORECASE
)


def set_surroundings_aside(blocks: list[Block]) -> None:
    """Set aside what is no orientation by its form; and all that stands in the annexes, at the end."""
    last = ""
    for block in blocks:
        if block.aside or block.table:
            continue
        block.aside = _surrounding(block, last)
        last = last if block.aside else block.text
    _set_page_heads_aside(blocks)
    _set_rubrics_aside(blocks)
    _set_annexes_aside(blocks)


def _set_rubrics_aside(blocks: list[Block]) -> None:
    """A heading that comes again in the same words names a part of each (« Nos constats »), and is none of the plan;
    nor is what stands under it, where it says what was found."""
    _set_own_rubrics_aside(blocks)
    times = Counter(fold(block.text) for block in blocks if block.heading and not block.table)
    under: tuple[int, str] | None = None
    for block in blocks:
        if block.table:
            continue
        if block.heading and under is not None and block.heading <= under[0]:
            under = None
        if block.heading and times[fold(block.text)] > 1 and level_named(block.text) is None and not block.aside:
            block.aside = RUBRIC
        if block.heading and block.aside and _BEFORE.fullmatch(fold(squeeze(block.text.rstrip(" :.")))):
            under = (block.heading, block.text)
        elif under is not None and not block.aside:
            block.aside = f"sous « {under[1]} »"


def _set_own_rubrics_aside(blocks: list[Block]) -> None:
    """« Nos solutions », in each part and alone on its line: what it calls what comes next, and no orientation."""
    own = [block for block in blocks if not (block.table or block.bullet) and _OWN.fullmatch(fold(squeeze(block.text)))]
    times = Counter(fold(block.text) for block in own)
    for block in own:
        if times[fold(block.text)] > 1 and not block.aside:
            block.aside = RUBRIC


def _set_page_heads_aside(blocks: list[Block]) -> None:
    """What comes three times or more, beside a line that is only a number or names its page: the head or the foot of
    each page, of two lines at most."""
    beside: Counter[str] = Counter()
    for place, block in enumerate(blocks):
        around = (*blocks[max(0, place - 1) : place], *blocks[place + 1 : place + 2])
        near = blocks[max(0, place - PAGE_HEAD) : place + PAGE_HEAD + 1]
        is_numbered = any(other.text.strip().isdigit() for other in around)
        beside[block.text] += is_numbered or any(PAGE.fullmatch(other.text) for other in near)
    times = Counter(block.text for block in blocks)
    for block in blocks:
        if not block.table and not block.aside and times[block.text] > 2 and beside[block.text] > 1:
            block.aside = "haut ou bas de page"


def _surrounding(block: Block, last: str) -> str:
    text = block.text
    if PAGE.fullmatch(text):
        return "numéro de page"
    if _REMARK.match(text):
        return "remarque"
    if not block.bullet and (_SUM.match(text) or _ROW.fullmatch(text) or _is_account(text)):
        return AMOUNT
    if _DATED.match(text):
        return "mention de date ou de page"
    if is_part(text) or _BEFORE.fullmatch(fold(squeeze(text.rstrip(" :.")))):
        return PART_ASIDE
    if text == last and len(text) > 4:
        return "répète la ligne du dessus"
    return ""


def _is_account(text: str) -> bool:
    """« Part État 62 000 / Part Ville 31 000 / Total 93 000 »: several amounts, and hardly a word beside each."""
    amounts = len(_AMOUNT.findall(text))
    return amounts > 1 and len(words(text)) <= WORDS_OF_AN_AMOUNT * amounts


def is_part(text: str) -> bool:
    """Whether it is the title of a part of any document, with its page or without."""
    return fold(squeeze(re.sub(r"\s+\d{1,3}$", "", text).rstrip(" :."))) in PARTS


def set_questions_aside(blocks: list[Block]) -> None:
    """Set aside what is asked, where nothing but a bullet stands before it and most lines ask nothing, unless items
    answer it several times over."""
    live = [block for block in blocks if not block.aside]
    pairs = [(block, after) for block, after in itertools.pairwise(live) if after.bullet and not block.bullet]
    answered = sum(block.text.endswith("?") for block, _ in pairs)
    if answered > 1:
        return
    questions = [
        block
        for block in live
        if block.text.endswith("?") and not (block.label or block.number or block.heading or block.table)
    ]
    if 2 * len(questions) <= len(live):
        for block in questions:
            block.aside = "question"


def _set_annexes_aside(blocks: list[Block]) -> None:
    """From the first « Annexe » after which nothing names a level; never more than the last half of a document."""
    live = [block for block in blocks if not block.aside]
    for place, block in enumerate(live):
        if 2 * place < len(live) or block.table or block.bullet or not _ANNEX.fullmatch(block.text):
            continue
        after = live[place:]
        if any(other.table or _names_level(other.text) for other in after[1:]):
            continue
        for other in after:
            other.aside = "dans les annexes"
        return


def set_running_aside(blocks: list[Block]) -> None:
    """From the heading « Gouvernance » or « Suivi et évaluation » that ends a plan: it bears no number and no label,
    and neither does anything after it, where what stands above does."""
    live = [block for block in blocks if not block.aside]
    for place, block in enumerate(live):
        if 2 * place < len(live) or block.table or block.bullet or block.number or block.label:
            continue
        if not _RUNNING.fullmatch(fold(squeeze(block.text.rstrip(" :.")))):
            continue
        above, after = live[:place], live[place:]
        if any(_is_marked(other) for other in after[1:]) or not any(_is_marked(other) for other in above):
            continue
        for other in after:
            other.aside = f"après « {block.text} », qui dit comment le plan est conduit"
        return


def set_parts_aside(blocks: list[Block]) -> None:
    """« Partie 2 », above what the document itself names as widest, is a part of it and none of the plan; nor is
    what it holds before the first of these, nor all of it where it holds none."""
    is_root = [block.level is not None and block.level.facts.is_root for block in blocks]
    if not any(is_root):
        return
    part: Block | None = None
    for block, is_widest in zip(blocks, is_root, strict=True):
        if block.family[:2] in _PART_FAMILIES and not block.aside:
            part, block.aside = block, PART
        elif is_widest:
            part = None
        elif part is not None and not block.aside:
            block.aside = f"sous «\u00a0{part.label}\u00a0», partie du document"


def set_bare_aside(blocks: list[Block]) -> None:
    """Set aside the lines that bear no sign of any kind, where nearly all others do: they say more of these."""
    live = [block for block in blocks if not block.aside]
    bare = [block for block in live if not block.family and block.level is None]
    if len(live) - len(bare) >= MOSTLY * len(live):
        for block in bare:
            block.aside = BARE


def _is_marked(block: Block) -> bool:
    """Whether something but its place says that it is of the plan."""
    return bool(block.table or block.number or block.label or block.level) or _names_level(block.text)


def _names_level(text: str) -> bool:
    head = re.match(r"[^\W\d_]+(?:\s[^\W\d_]+)?(?=\s+\d|\s*:)", text)
    return head is not None and level_named(head[0]) is not None
