"""The XML of a Word document, within bounds: its elements without their namespaces, its styles and its lists."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError, XMLParser

from cohesion.lib.spreadsheets import Refused
from cohesion.lib.spreadsheets.archive import BOMB, DAMAGED, Archive, Scanner
from cohesion.lib.spreadsheets.package import Relation

MOST_ELEMENTS = 600_000  # of all its parts together: some hundreds of pages, as a word processor writes them
MOST_LEVELS = 9  # of a list
MOST_LETTERS = 10  # « jjjjjjjjjj », the 244th to be so numbered
DEEPEST = 20  # styles that follow one another
BODY_TEXT = 9  # the outline level of what is no heading
_HEADING = re.compile(r"(?:heading|titre)\s*([1-9])", re.IGNORECASE)
_PLACE = re.compile(r"%([1-9])")
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_NO = ("0", "false", "off", "none")


def part(archive: Archive, name: str) -> Element:
    """A part of the document. The names of its elements and attributes lose their namespaces.

    Raises:
        Refused: it is no XML, or leaves its bounds.
    """
    Scanner().scan(archive, name)  # counts, and refuses declarations and depths, before anything is built
    if archive.elements > MOST_ELEMENTS:
        raise Refused(BOMB)
    parser = XMLParser()  # noqa: S314 (no declaration stands in it: the archive looked)
    try:
        for chunk in archive.chunks(name):
            parser.feed(chunk)
        root: Element = parser.close()
    except ParseError as error:
        raise Refused(DAMAGED) from error
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        if element.attrib:
            element.attrib = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
    return root


def value(parent: Element | None, path: str) -> str | None:
    """The value that an element under this one gives (``<jc val="center"/>``), or None."""
    element = parent.find(path) if parent is not None else None
    return None if element is None else element.get("val", "")


def is_on(parent: Element | None, path: str) -> bool | None:
    """Whether a property is set, is set off (``<b val="0"/>``), or is not named (None)."""
    shown = value(parent, path)
    return None if shown is None else shown not in _NO


def whole(text: str | None) -> int | None:
    """A whole number of a reasonable size, or None."""
    if text is None or not re.fullmatch(r"-?\d{1,9}(?:\.0+)?", text):
        return None
    return int(float(text))


@dataclass(frozen=True)
class Look:
    """What a paragraph or its style says of itself; None: what stands under it says."""

    outline: int | None = None
    list_key: str | None = None
    list_level: int | None = None
    indent: int | None = None
    is_bold: bool | None = None

    def over(self, other: "Look") -> "Look":
        """This look, and the other one where this says nothing."""
        pairs = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return Look(**{name: getattr(other, name) if own is None else own for name, own in pairs.items()})

    @classmethod
    def of(cls, properties: Element | None, run: Element | None = None) -> "Look":
        """From ``pPr``, and the ``rPr`` of a style."""
        if properties is None:
            return cls(is_bold=is_on(run, "b"))
        indent = properties.find("ind")
        shown = None if indent is None else indent.get("left", indent.get("start"))
        return cls(
            outline=whole(value(properties, "outlineLvl")),
            list_key=value(properties, "numPr/numId"),
            list_level=whole(value(properties, "numPr/ilvl")),
            indent=whole(shown),
            is_bold=is_on(run, "b"),
        )


@dataclass(frozen=True)
class _Style:
    name: str
    base: str
    look: Look


class Styles:
    """The styles of a document: their names, and how their paragraphs look."""

    def __init__(self, root: Element | None) -> None:
        self.known: dict[str, _Style] = {}
        self.default = ""
        for style in root.iter("style") if root is not None else ():
            key = style.get("styleId", "")
            look = Look.of(style.find("pPr"), style.find("rPr"))
            self.known[key] = _Style(value(style, "name") or key, value(style, "basedOn") or "", look)
            if style.get("type") == "paragraph" and style.get("default") in ("1", "true", "on"):
                self.default = key

    def name(self, key: str | None) -> str:
        """The name that people see: « heading 1 », « Table Grid »; nothing for the style of all paragraphs."""
        if not key or key == self.default:
            return ""
        return self.known[key].name if key in self.known else key

    def look(self, key: str | None) -> Look:
        """What a style and those under it say. A heading has its level by its name too."""
        look, key = Look(), key or self.default
        for _ in range(DEEPEST):
            style = self.known.get(key)
            if style is None:
                break
            heading = _HEADING.fullmatch(style.name)
            named = Look(outline=int(heading[1]) - 1) if heading else Look()
            look, key = look.over(style.look).over(named), style.base
        return look


@dataclass
class _List:
    """The levels of a list: how a number is written, its text (« %1.%2. »), where it begins."""

    formats: dict[int, str] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """The lists of a document, whose paragraphs are numbered as they are read, in order."""

    def __init__(self, root: Element | None) -> None:
        self.lists: dict[str, _List] = {}
        if root is None:
            return
        abstract = {element.get("abstractNumId", ""): _levels(element) for element in root.iter("abstractNum")}
        for number in root.iter("num"):
            shared = abstract.get(value(number, "abstractNumId") or "")
            if shared is not None:
                self.lists[number.get("numId", "")] = shared

    def next(self, key: str | None, level: int) -> str:
        """What is printed before the next paragraph of a list: « 1.2. », « b) », « • »; nothing for no list."""
        numbered = self.lists.get(key or "")
        if numbered is None or not 0 <= level < MOST_LEVELS:
            return ""
        counts = numbered.counts
        counts[level] = counts.get(level, numbered.starts.get(level, 1) - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        text = numbered.texts.get(level, "")
        if numbered.formats.get(level) == "bullet":
            return "•" if text else ""
        return _PLACE.sub(lambda place: numbered_as(numbered, int(place[1]) - 1), text)


def _levels(element: Element) -> _List:
    numbered = _List()
    for level in element.iter("lvl"):
        place = whole(level.get("ilvl"))
        if place is None:
            continue
        numbered.formats[place] = value(level, "numFmt") or "decimal"
        numbered.texts[place] = (value(level, "lvlText") or "")[:40]
        numbered.starts[place] = whole(value(level, "start")) or 1
    return numbered


def numbered_as(numbered: _List, level: int) -> str:
    """The present number of a level, in its own figures: 4, d, IV."""
    count = numbered.counts.get(level, numbered.starts.get(level, 1))
    shape = numbered.formats.get(level, "decimal")
    if shape in ("lowerLetter", "upperLetter"):
        times = min(1 + (count - 1) // 26, MOST_LETTERS)  # a list may begin at a thousand million
        letter = chr(ord("a") + (count - 1) % 26) * times
        return letter.upper() if shape == "upperLetter" else letter
    if shape in ("lowerRoman", "upperRoman"):
        figures = "".join(_roman(count))
        return figures.upper() if shape == "upperRoman" else figures
    return str(count)


def _roman(count: int) -> Iterator[str]:
    for size, figure in _ROMAN:
        times, count = divmod(count, size)
        yield figure * min(times, 10)


def related(relations: list[Relation], kind: str, archive: Archive) -> str:
    """The part of this kind among the relations of another; nothing where there is none."""
    return next((each.part for each in relations if each.kind == kind and each.part in archive.names), "")
