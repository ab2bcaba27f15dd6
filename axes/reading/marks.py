"""What is printed in front of a line: « AXE 1 : », « 1.2 », « a) », « • », « ## »."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from axes.levels import Level
from axes.reading.grammar import is_infinitive
from axes.reading.model import Block
from axes.vocabulary import level_from_word
from cohesion.lib.text import fold, squeeze

LABEL_LENGTH = 40  # of what a node can bear
SHORTEST = 5  # letters of a word that stands before numbers without a sign after them
_END = r"(?P<end>\s*[:.)/–—-]+(?:\s+[–—-])?(?=\s|$)|\s*[:–—]|\s+|$)"
_NUMBER = (
    r"\d{1,2}\s-\s\d{1,2}(?=\s?[/:.)])|[A-Z]?\d{1,3}(?:[.\-]\d{1,3}|[.\-]?[a-zA-Z](?![^\W\d_]))*|[A-Z](?:[.\-]\d{1,2})+"
    r"|[IVX]{1,5}(?![^\W\d_])|[A-Z](?![^\W\d_'’])"
)
_LABELLED = re.compile(
    rf"(?P<word>(?:[A-Z]\.){{2,4}}|[A-ZÀ-Ý][^\W\d_]*(?:\s+[^\W\d_]{{3,}}){{0,2}}?)(?:\.?\s+(?:[nN]\s?[°ºo]\s*|#)?|(?=\d))(?P<number>{_NUMBER}){_END}"
)
_NAMED = re.compile(r"(?P<word>[^\W\d_]+(?:\s+[^\W\d_]+){0,2})(?P<end>\s*[:–—]|\s+-)(?=\s)")
_MIXED = re.compile(
    r"\(?(?P<mixed>(?:[IVX]{1,5}|[A-Z])(?:[.\-](?:\d{1,2}|[a-zA-Z])(?![^\W_]))+|[A-Z]\d{1,2}(?:[.\-](?:\d{1,2}|[a-z])(?![^\W_]))*)(?:[.)°]|\s?[-–—:])?(?=\s|$)\s*[-–—:]?"
)
_QUALIFIED = re.compile(r"[A-ZÀ-Ý][^\W\d_]*(?:\s+(?![IVX]+\b)[^\W\d_]{3,}){1,3}\s*[:–—](?=\s)")
_CAPTION = re.compile(r"(?P<word>[A-ZÀ-Ý][^\W\d_]+(?:\s+[^\W\d_]+)?)\s*:(?=\s)")
_NUMBERED = re.compile(
    r"\(?(?:(?P<digits>\d{1,2}(?:[.\-][A-Z]?\d{1,2}|[.\-]?[a-z](?![^\W\d_]))*)(?P<dot>-\.|[.)°]|\s?[-–—:/])?"
    r"|(?P<roman>[IVX]{1,5})\s?(?:°\)|[.)°/–—:-])|(?P<upper>[A-Z])\s?(?:°\)|[.)°/–—:-])|(?P<lower>[a-z])(?:°?[.)/]|\s[-–—]))(?=\s|$)\s*[-–—]?"
)
SIGNS = "•▪▫◦‣●○■□❖➢➤►→✓✔*+·"
_SYMBOLS = "\u2190-\u21ff\u2500-\u27bf\u2900-\u297f\u2b00-\u2bff"  # arrows, boxes, stars, dingbats
BULLET = rf"(?:[{SIGNS}{_SYMBOLS}]|[-–—](?=\s)|o(?=\s)|(?:[=-]{{1,2}}>|>{{1,2}})(?=\s))"
_BOXES = str.maketrans("☑☒✅", "☐☐☐")  # ticked or not
# The bullets of « Symbol » and « Wingdings »: each its own sign, for a document tells its tiers by them.
PRINTED_BULLETS = str.maketrans(
    {
        "\uf0b7": "•",
        "\uf0a7": "▪",
        "\uf0d8": "➢",
        "\uf0fc": "✓",
        "\uf0e8": "→",
        "\uf0a8": "□",
        "\uf076": "❖",
        "\uf06e": "■",
        "\uf06c": "●",
    }
)
_BULLET = re.compile(rf"{BULLET}\s*")
_ORDINALS = ("prem", "deux", "trois", "quatr", "cinqu", "six", "sept", "huit", "neuv", "dix")
_ORDINAL = re.compile(
    r"(?P<ordinal>Premi[eè]re?|Seconde?|[A-Z][a-zè]+i[eè]me|\d{1,2}\s?(?:ers?|[eè]re|[eè]me|e))"
    r"\s+(?P<word>[^\W\d_]+)\s*[:–—-](?=\s)"
)
_AIM = re.compile(r"obj(?:ectifs?)?\b", re.IGNORECASE)
_DASHES = re.compile("[–—]")
# What is left of a font of pictures in a PDF, stuck to the first word.
PICTURE = "\u2e80"
_PICTURE = re.compile(r"(?:[\u2e80-\u9fff\uf900-\ufaff\ufffd]+\s*(?=[A-ZÀ-Ý])|[\U0001f000-\U0001faff]+\s*(?=\w))")
_MARKDOWN = re.compile(r"(#{1,6})\s+")


BY_A_WORD = ("",)  # the number of a label that a word numbers: « Axe transversal », among « Axe 1 », « Axe 2 »


@dataclass(frozen=True)
class Mark:
    """What stands before the words: as it is printed, the word that it holds, the parts of its number, its kind."""

    printed: str
    word: str = ""
    number: tuple[str, ...] = ()
    kind: str = ""


def level_named(words: str) -> Level | None:
    """The level that words name, whole (« Objectif stratégique ») or by the first (« Axe prioritaire »)."""
    words = squeeze(words)
    for name in dict.fromkeys((words, words.split(" ")[0] if words else "")):
        try:
            return Level(level_from_word(name))
        except ValueError:
            continue
    return None


def strip_bullet(block: Block) -> None:
    """Take the mark of a heading or of an item away, and keep it as a clue and as what is printed."""
    if (markdown := _MARKDOWN.match(block.text)) is not None:
        block.heading = block.heading or len(markdown[1])
        block.text = block.text[markdown.end() :].strip()
    block.text = block.text.replace("**", "").strip()
    if (picture := _PICTURE.match(block.text)) is not None:
        block.bold, block.text = True, block.text[picture.end() :]  # it stands out
    if (bullet := _BULLET.match(block.text)) is not None and len(block.text) > bullet.end():
        block.bullet, block.glyph = True, _DASHES.sub("-", bullet[0].strip().translate(_BOXES))
        block.text = block.text[bullet.end() :].strip()


def read_marks(blocks: list[Block]) -> None:
    """Part each block from what is printed before it, once it is known which words do that in this document."""
    recurring, captions = _recurring(blocks), _captions(blocks)
    for block in blocks:
        mark = _qualified(block.text, recurring) or _mark(block.text, recurring) or _captioned(block.text, captions)
        if mark is None or block.aside:
            continue
        rest = block.text[len(mark.printed) :].strip()
        if not rest or len(mark.printed) > LABEL_LENGTH:
            continue
        block.label, block.text, block.number = squeeze(mark.printed), rest, mark.number
        is_named = block.table > 0 and block.level is not None  # by its column
        if mark.word and not is_named and (level := level_named(mark.word)) is not None:
            block.level, block.named_by = level, mark.word
        depth = str(len(mark.number)) if mark.kind in ("digits", "mixed") or mark.number == BY_A_WORD else mark.kind
        if not block.table:
            block.family = ("label", fold(mark.word), depth) if mark.word else ("number", mark.kind, depth)


def _recurring(blocks: Iterable[Block]) -> set[str]:
    """The words that stand before several numbers, or are closed by a sign: labels, and no sentence."""
    numbers: defaultdict[str, set[str]] = defaultdict(set)
    closed: Counter[str] = Counter()
    for block in blocks:
        if (match := _LABELLED.match(_after_number(block.text))) is not None:
            word = fold(squeeze(match["word"]))
            numbers[word].add(match["number"])
            closed[word] += bool(match["end"].strip()) or block.label_alone
    return {
        word
        for word, seen in numbers.items()
        if len(seen) > 1
        and (closed[word] or (_in_order(seen) and len(word) >= SHORTEST))
        and not is_infinitive(word.split(" ")[0])
    }


def _after_number(text: str) -> str:
    """« Orientation 2 : … » of « 4.2 Orientation 2 : … »."""
    match = _NUMBERED.match(text)
    return text[match.end() :].lstrip() if match is not None else text


def is_numbered(text: str) -> bool:
    """Whether a number or a letter stands before the words."""
    return _mark(text, set()) is not None


def _in_order(numbers: set[str]) -> bool:
    """Whether they count from one up: at least three of them."""
    return len(numbers) > 2 and numbers == {str(number) for number in range(1, len(numbers) + 1)}


def _captions(blocks: Iterable[Block]) -> set[str]:
    """What stands, closed by a colon, before several lines (« Action : »), as a label without a number does."""
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for block in blocks:
        if not block.aside and not block.table and (match := _CAPTION.match(block.text)) is not None:
            seen[fold(squeeze(match["word"]))].add(block.text)
    return {word for word, texts in seen.items() if len(texts) > 1}


def _qualified(text: str, recurring: set[str]) -> Mark | None:
    """« Axe transversal : », among « Axe 1 : » and « Axe 2 : »: a label whose number is a word."""
    bare = _after_number(text)
    match = _QUALIFIED.match(bare)
    if match is None or _LABELLED.match(bare[match.end() :].lstrip()) is not None:
        return None  # « Axe concerné : Axe 1 », of a sheet
    if is_level_itself(match[0].rstrip(" \u00a0:–—")):
        return None  # « Objectif opérationnel : » names its level, whole
    known = [word for word in recurring if fold(match[0]).startswith(f"{word} ")]
    if not known:
        return None
    printed = text[: len(text) - len(bare) + match.end()].rstrip()
    return Mark(printed, match[0][: max(map(len, known))], BY_A_WORD, "")


def _captioned(text: str, captions: set[str]) -> Mark | None:
    match = _CAPTION.match(text)
    if match is None or fold(squeeze(match["word"])) not in captions:
        return None
    return Mark(match[0].rstrip(), squeeze(match["word"]), (), "")


def _mark(text: str, recurring: set[str]) -> Mark | None:
    match = _LABELLED.match(text)
    if match is not None:
        word = squeeze(match["word"])
        if fold(word) in recurring or (level_named(word) and match["end"].strip()) or is_level_itself(word):
            return Mark(match[0].rstrip(), word, parts(match["number"]), _kind(match["number"]))
    match = _ORDINAL.match(text)
    if match is not None and level_named(match["word"]) is not None:
        return Mark(match[0].rstrip(), squeeze(match["word"]), (_counted(match["ordinal"]),), "digits")
    match = _NAMED.match(text)
    if match is not None and (is_level_itself(match["word"]) or _AIM.match(match[0])):
        return Mark(match[0].rstrip(), squeeze(match["word"]))
    match = _MIXED.match(text)
    if match is not None:
        return Mark(match[0].rstrip(), "", parts(match["mixed"]), "mixed")
    match = _NUMBERED.match(text)
    if match is None:
        return None
    inner = _LABELLED.match(_after_number(text))
    if inner is not None and (fold(word := squeeze(inner["word"])) in recurring or is_level_itself(word)):
        printed = text[: len(text) - len(_after_number(text)) + inner.end()].rstrip()
        return Mark(printed, word, parts(inner["number"]), _kind(inner["number"]))
    if match["digits"] and not match["dot"] and len(parts(match["digits"])) == 1:
        return None  # « 3 médiateurs » is a sentence
    for kind in ("digits", "roman", "upper", "lower"):
        if match[kind]:
            return Mark(match[0].rstrip(), "", parts(match[kind]), kind)
    return None


def _counted(ordinal: str) -> str:
    """« Troisième » and « 3e » are 3."""
    digits = re.match(r"\d+", ordinal)
    if digits is not None:
        return digits[0]
    word = fold(ordinal)
    if word.startswith("second"):
        return "2"
    ranks = (rank for rank, beginning in enumerate(_ORDINALS, 1) if word.startswith(beginning))
    return str(next(ranks, 0))


def is_aim(block: Block) -> bool:
    """Whether its label calls it an objective, of whatever kind: what is widest is called something else."""
    return _AIM.match(block.label) is not None


def is_level_itself(word: str) -> bool:
    try:
        level_from_word(word)
    except ValueError:
        return False
    return True


def parts(number: str) -> tuple[str, ...]:
    """« 1.2-a » is 1, 2, a."""
    return tuple(re.findall(r"[A-Z]?\d+|[A-Za-z]+", number))


def _kind(number: str) -> str:
    if number[0].isdigit():
        return "digits"
    if len(parts(number)) > 1:
        return "mixed"
    return "roman" if re.fullmatch("[IVX]+", number) else "upper"
