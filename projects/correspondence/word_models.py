"""A Word file that an officer brings as a model: what may be in it, its fields, and a copy of it filled in.

Word cuts a field into several pieces as one types: a paragraph is looked at as a whole.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import docx
from docx.document import Document
from docx.opc.part import XmlPart
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn

from cohesion.lib import braces
from cohesion.lib.file_types import DOCX, recognized
from cohesion.lib.spreadsheets import Refused
from cohesion.lib.spreadsheets.archive import Archive, Scanner
from cohesion.lib.text import NBSP
from projects.correspondence.blocks import (
    HEADING,
    LISTING,
    PARAGRAPH,
    TABLE,
    Facts,
    FactTable,
    Run,
    Runs,
    TextBlock,
    filled_text,
    legal,
)
from projects.correspondence.kinds import KindOfPaper
from projects.correspondence.markdown import joined
from projects.correspondence.word_writing import moved_after, write_table

MAX_WORD = 4 * 1024 * 1024
MAX_PARAGRAPHS = 4_000
NOT_WORD = "Ce fichier n’est pas un document Word (.docx) : enregistrez-le sous ce format, puis déposez-le de nouveau."
TOO_LONG = "Ce document est trop long pour un modèle : gardez le texte d’un seul document."
OUTSIDE = (
    "Ce document va chercher quelque chose hors de lui-même (une image liée, un objet, un modèle attaché, des "
    "données) : insérez l’image dans le document, rompez ses liaisons, puis enregistrez-le de nouveau."
)
HEAVY = "Ce document dépasse 4 Mo : réduisez ses images, puis déposez-le de nouveau."
DAMAGED = "Ce document ne se lit pas : ouvrez-le dans votre logiciel, enregistrez-le de nouveau, puis recommencez."
_ASKS = re.compile(r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|LINK|IMPORT|RD|MERGEFIELD|DATABASE)\b")
_WRAPPERS = {qn(name) for name in ("w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo")}
_TEXT, _PARAGRAPH, _RUN, _TABLE = qn("w:t"), qn("w:p"), qn("w:r"), qn("w:tbl")


class _OutsideRelations(Scanner):
    """What a part of the file relates to: nothing outside, but for the addresses that one may follow."""

    def start_Relationship(self, attributes: dict[str, str]) -> None:
        kind = attributes.get("Type", "").rsplit("/", 1)[-1]
        is_outside = attributes.get("TargetMode", "").lower() == "external" and kind != "hyperlink"
        if is_outside or kind in ("oleObject", "package", "control", "aFChunk", "attachedTemplate", "subDocument"):
            raise Refused(OUTSIDE)


def checked(content: bytes) -> Document:
    """The document, once it is known to hold nothing but itself.

    Raises:
        Refused: it is no Word document, is too large or damaged, holds macros, or asks for something outside.
    """
    if len(content) > MAX_WORD:
        raise Refused(HEAVY)
    if recognized(content) != DOCX:
        raise Refused(NOT_WORD)
    archive = Archive(content)
    for name in archive.names:
        if name.endswith(".rels"):
            _OutsideRelations().scan(archive, name)
    try:
        word = docx.Document(io.BytesIO(content))
        number = sum(1 for _ in _paragraphs(word))
        instructions = list(_instructions(word))
    except Exception as error:  # python-docx has no error of its own for what it cannot follow
        raise Refused(DAMAGED) from error
    if number > MAX_PARAGRAPHS:
        raise Refused(TOO_LONG)
    if any(map(_ASKS.search, instructions)):
        raise Refused(OUTSIDE)
    return word


def _instructions(word: Document) -> Iterator[str]:
    """What the fields of Word say that they do, in every part; Word cuts an instruction into pieces too."""
    for part in word.part.package.iter_parts():
        if not (str(part.partname).startswith("/word/") and part.content_type.endswith("xml")):
            continue
        element = part.element if isinstance(part, XmlPart) else parse_xml(part.blob)
        for simple in element.iter(qn("w:fldSimple")):
            yield simple.get(qn("w:instr"), "")
        for paragraph in element.iter(_PARAGRAPH):
            pieces = [piece.text or "" for piece in paragraph.iter(qn("w:instrText"))]
            yield from (*pieces, "".join(pieces))


def word_refusals(word: Document, about: KindOfPaper) -> list[str]:
    """What is wrong with its fields, each with the words around it."""
    sentences = []
    for paragraph in _paragraphs(word):
        text = _text(paragraph)
        around = f" (dans «{NBSP}{text[:60].strip()}{'…' if len(text) > 60 else ''}{NBSP}»)"
        for sentence in braces.refusals(text.replace("\n", " "), about.names, allows_optional=True):
            sentences.append(f"{sentence.removesuffix('.')}{around}.")
        for name in braces.field_names(text):
            known = about.keys.get(braces.key_of(name))
            if known is not None and known.is_table and braces.alone(text) is None:
                sentences.append(
                    f"Le champ {{{name}}} est un tableau{NBSP}: mettez-le seul dans son paragraphe{around}."
                )
    return sentences


def word_names(word: Document) -> list[str]:
    """The fields of a document, as they are typed."""
    return list(dict.fromkeys(name for each in _paragraphs(word) for name in braces.field_names(_text(each))))


def fill_word(word: Document, facts: Facts) -> None:
    """Fill a document in; a paragraph that holds an optional field that is empty goes, unless it is alone in a cell."""
    for paragraph in list(_paragraphs(word)):
        names = braces.field_names(_text(paragraph))
        if not names:
            continue
        name = braces.alone(_text(paragraph))
        fact = facts.get(braces.key_of(name)) if name is not None else None
        if isinstance(fact, FactTable):
            moved_after(write_table(word, fact.block()), paragraph)
        elif any(braces.is_optional(each) and not facts.get(braces.key_of(each)) for each in names):
            _take_away(paragraph)
        else:
            _fill_paragraph(paragraph, facts)


def _take_away(paragraph: Any) -> None:
    parent = paragraph.getparent()
    if parent.tag == qn("w:tc") and len(parent.findall(_PARAGRAPH)) == 1:
        for text in _texts(paragraph):
            text.text = ""
    else:
        parent.remove(paragraph)


def _fill_paragraph(paragraph: object, facts: Facts) -> None:
    pieces = _texts(paragraph)
    for piece, text in zip(pieces, _with_whole_fields([piece.text or "" for piece in pieces]), strict=True):
        kept = filled_text(text, facts)
        if kept != (piece.text or ""):
            _write(piece, kept)


def _with_whole_fields(pieces: list[str]) -> list[str]:
    """The same pieces, each field in the one where it begins, whatever its pieces look like."""
    whole, place, made = "".join(pieces), 0, []
    spans = [match.span() for match in re.finditer(r"\{[^{}]*\}", whole)]
    for piece in pieces:
        kept = ""
        for index, sign in enumerate(piece, place):
            span = next((span for span in spans if span[0] <= index < span[1]), None)
            if span is None:
                kept += sign
            elif span[0] == index:
                kept += whole[slice(*span)].replace("\n", "")
        place += len(piece)
        made.append(kept)
    return made


def _write(piece: Any, text: str) -> None:
    """A text in the place of a piece, its new lines as the document has them."""
    lines = legal(text).split("\n")
    piece.text = lines[0]
    piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    last = piece
    for line in lines[1:]:
        broken, more = OxmlElement("w:br"), OxmlElement("w:t")
        more.text = line
        more.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        last.addnext(broken)
        broken.addnext(more)
        last = more


# --- the same document as blocks, for the PDF -------------------------------------------------------------------


def word_blocks(word: Document) -> tuple[TextBlock, ...]:
    """The text of a document as blocks: its headings, paragraphs, lists and tables; not what is only drawn in it."""
    ordered = _counting(word)
    styles = {style.style_id: style.name or "" for style in word.styles}
    blocks = [_block(child, styles, ordered) for child in _parts(word.element.body, _PARAGRAPH, _TABLE)]
    return tuple(_lists(block for block in blocks if block is not None))


def _parts(element: Any, *tags: str) -> Iterator[Any]:
    """The parts of an element with these tags, those that stand in a control of Word (a list, a date to choose) too."""
    for child in element:
        if child.tag in tags:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _parts(child, *tags)


def _block(element: Any, styles: dict[str, str], ordered: dict[str, bool]) -> TextBlock | None:
    if element.tag == _TABLE:
        return _table_block(element)
    runs = _runs(element)
    if not "".join(run.text for run in runs).strip():
        return None
    properties = element.pPr
    style = styles.get(properties.pStyle.val, "") if properties is not None and properties.pStyle is not None else ""
    level = re.fullmatch(r"(?:heading|titre) (\d)", style.lower())
    if level:
        return TextBlock(HEADING, runs, level=min(int(level[1]) + 1, 6))
    if style.lower() in ("title", "titre"):
        return TextBlock(HEADING, runs, level=2)
    numbered = properties.numPr if properties is not None else None
    if style.lower().startswith(("list bullet", "list number", "liste à")) or (
        numbered is not None and numbered.numId is not None and numbered.numId.val
    ):
        key = str(numbered.numId.val) if numbered is not None and numbered.numId is not None else ""
        counts = ordered.get(key, "number" in style.lower() or "num" in style.lower())
        return TextBlock(LISTING, parts=((TextBlock(PARAGRAPH, runs),),), start=1 if counts else None)
    return TextBlock(PARAGRAPH, runs)


def _lists(blocks: Iterator[TextBlock]) -> Iterator[TextBlock]:
    """Items that follow each other make one list."""
    pending: TextBlock | None = None
    for block in blocks:
        follows = pending is not None and block.kind == LISTING and (block.start is None) == (pending.start is None)
        if follows and pending is not None:
            pending = replace(pending, parts=(*pending.parts, *block.parts))
            continue
        if pending is not None:
            yield pending
        pending = block if block.kind == LISTING else None
        if pending is None:
            yield block
    if pending is not None:
        yield pending


def _table_block(element: object) -> TextBlock | None:
    rows = [list(map(_cell, _parts(row, qn("w:tc")))) for row in _parts(element, qn("w:tr"))]
    width = max(map(len, rows), default=0)
    if not width:
        return None
    whole = tuple(tuple((row + [()] * width)[:width]) for row in rows)
    return TextBlock(TABLE, rows=whole, ends=(False,) * width)


def _cell(cell: Any) -> Runs:
    runs: list[Run] = []
    for paragraph in cell.iter(_PARAGRAPH):
        runs += [Run("\n")] if runs else []
        runs += _runs(paragraph)
    return joined(runs)


def _runs(paragraph: Any) -> Runs:
    own = [run for run in paragraph.iter(_RUN) if next(run.iterancestors(_PARAGRAPH)) is paragraph]
    words = _with_whole_fields(["".join(map(_sign, run)) for run in own])
    pieces = zip(own, words, strict=True)
    return joined([Run(text, _is_on(run.rPr, "w:b"), _is_on(run.rPr, "w:i")) for run, text in pieces if text])


def _sign(child: Any) -> str:
    if child.tag == _TEXT:
        return child.text or ""
    return {qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:tab"): " ", qn("w:noBreakHyphen"): "-"}.get(child.tag, "")


def _is_on(properties: Any, name: str) -> bool:
    mark = properties.find(qn(name)) if properties is not None else None
    return mark is not None and mark.get(qn("w:val"), "1") not in ("0", "false", "off")


def _counting(word: Document) -> dict[str, bool]:
    """By its number, whether a list counts (« 1. ») or has signs (« • »)."""
    try:
        numbering = word.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return {}
    formats = {}
    for abstract in numbering.iter(qn("w:abstractNum")):
        shape = next(abstract.iter(qn("w:numFmt")), None)
        formats[abstract.get(qn("w:abstractNumId"))] = shape is not None and shape.get(qn("w:val")) not in (
            *("bullet", "none"),
        )
    return {
        number.get(qn("w:numId")): formats.get(number.find(qn("w:abstractNumId")).get(qn("w:val")), False)
        for number in numbering.iter(qn("w:num"))
    }


# --- its paragraphs ---------------------------------------------------------------------------------------------


def _paragraphs(word: Document) -> Iterator[Any]:
    """Every paragraph: of the text, its tables and its boxes, of its headers and footers."""
    yield from word.element.body.iter(_PARAGRAPH)
    for part in headers_and_footers(word):
        yield from part.iter(_PARAGRAPH)


def headers_and_footers(word: Document) -> Iterator[Any]:
    """What stands at the top and at the foot of its pages, each once."""
    seen = set()
    for section in word.sections:
        for part in (
            *(section.header, section.footer, section.first_page_header, section.first_page_footer),
            *(section.even_page_header, section.even_page_footer),
        ):
            if not part.is_linked_to_previous and part.part.partname not in seen:
                seen.add(part.part.partname)
                yield part._element


def _texts(paragraph: Any) -> list[Any]:
    """The pieces of text of a paragraph, without those of a box that is drawn in it."""
    return [text for text in paragraph.iter(_TEXT) if next(text.iterancestors(_PARAGRAPH)) is paragraph]


def _text(paragraph: object) -> str:
    return "".join(text.text or "" for text in _texts(paragraph))
