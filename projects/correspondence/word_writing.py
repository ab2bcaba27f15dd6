"""A paper as a Word document: the same text with real styles of headings, lists and tables, in French."""

import copy
import io
from collections.abc import Iterable
from typing import Any

import docx
from django.conf import settings
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from cohesion.lib.text import NBSP
from projects.correspondence.blocks import (
    HEADING,
    LISTING,
    QUOTE,
    RULE,
    SIGNATURE,
    TABLE,
    Runs,
    TextBlock,
    as_paragraph,
    legal,
    levelled,
)
from projects.correspondence.pdf import PaperSheet

ACCENT, SOFT = RGBColor(0x0E, 0x5A, 0x52), RGBColor(0x5F, 0x5A, 0x50)
CORE = "/docProps/core.xml"
DEEPEST_LIST = 3  # styles of lists that Word has


def paper_docx(sheet: PaperSheet) -> bytes:
    """The bytes of the document."""
    word = docx.Document()
    _styles(word)
    _head(word, sheet)
    writer = BlockWriter(word)
    for block in levelled(sheet.blocks):
        writer.write(block)
    return packed(word, sheet.title)


def packed(word: Document, title: str) -> bytes:
    """The bytes of a document with its title; another program may have named what it says of itself otherwise."""
    package = word.part.package
    for key, relation in list(package.rels.items()):
        is_odd = not relation.is_external and relation.reltype != RT.CORE_PROPERTIES
        if is_odd and relation.target_part.partname == CORE:
            del package.rels[key]
    word.core_properties.title = legal(title)[:250]
    word.core_properties.author = settings.SITE_AUTHORITY
    word.core_properties.language = "fr-FR"
    word.core_properties.comments = ""
    stream = io.BytesIO()
    word.save(stream)
    return stream.getvalue()


def _styles(word: Document) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(24)
    section.top_margin, section.bottom_margin = Mm(20), Mm(20)
    for fonts in word.styles.element.iter(qn("w:rFonts")):
        fonts.attrib.clear()
        for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(name), "Calibri")
    for language in word.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "fr-FR")
    normal = word.styles["Normal"]
    normal.font.size, normal.paragraph_format.space_after = Pt(11), Pt(6)
    for level, size in ((1, 15), (2, 12.5), (3, 11.5), (4, 11)):
        heading = word.styles[f"Heading {level}"]
        heading.font.size, heading.font.color.rgb = Pt(size), ACCENT


def _head(word: Document, sheet: PaperSheet) -> None:
    paragraph = word.sections[0].header.paragraphs[0]
    authority = paragraph.add_run(legal(settings.SITE_AUTHORITY or settings.SITE_NAME))
    authority.bold, authority.font.color.rgb = True, ACCENT
    reference = paragraph.add_run(f"{NBSP}· {legal(sheet.reference)}")
    reference.font.size, reference.font.color.rgb = Pt(9), SOFT
    if sheet.warning:
        word.add_paragraph().add_run(sheet.warning).bold = True
    for line in (*sheet.recipient, sheet.dated) if sheet.is_letter else ():
        addressed = word.add_paragraph(legal(line))
        addressed.paragraph_format.left_indent = Mm(80)
        addressed.paragraph_format.space_after = Pt(2)
    word.add_heading(legal(f"Objet{NBSP}: {sheet.title}" if sheet.is_letter else sheet.title), 1)


class BlockWriter:
    """Writes blocks at the end of a document. Each list that counts counts from its own first number."""

    def __init__(self, word: Document) -> None:
        self.word = word

    def write(self, block: TextBlock, depth: int = 0) -> None:
        if block.kind == HEADING:
            write_runs(self.word.add_heading("", block.level), block.runs)
        elif block.kind == LISTING:
            self._list(block, depth)
        elif block.kind == QUOTE:
            for part in block.parts:
                self._all(part, depth, "Quote")
        elif block.kind == TABLE:
            write_table(self.word, block)
        elif block.kind != RULE:
            paragraph = self.word.add_paragraph()
            write_runs(paragraph, block.runs)
            if block.kind == SIGNATURE:
                paragraph.paragraph_format.left_indent, paragraph.paragraph_format.space_before = Mm(80), Pt(56)

    def _all(self, blocks: Iterable[TextBlock], depth: int, style: str) -> None:
        for block in map(as_paragraph, blocks):
            if block.kind in (LISTING, QUOTE, TABLE, RULE):
                self.write(block, depth)
            else:
                write_runs(self.word.add_paragraph(style=style), block.runs)

    def _list(self, block: TextBlock, depth: int) -> None:
        level = min(depth + 1, DEEPEST_LIST)
        style = ("List Bullet" if block.start is None else "List Number") + (f" {level}" if level > 1 else "")
        follows = "List Continue" + (f" {level}" if level > 1 else "")
        number = None if block.start is None else self._numbering(style, block.start)
        for part in block.parts:
            first, rest = part[:1], part[1:]
            self._all(first, depth + 1, style)
            if number is not None and first and first[0].kind not in (LISTING, QUOTE, TABLE, RULE):
                self._count(number)
            self._all(rest, depth + 1, follows)

    def _numbering(self, style: str, start: int) -> int | None:
        """A numbering of its own, like that of the style, that begins with ``start``."""
        named = self.word.styles[style]
        own = named.element.pPr.numPr if named.element.pPr is not None else None
        if own is None or own.numId is None:
            return None
        numbering = self.word.part.numbering_part.element
        known = numbering.num_having_numId(own.numId.val)
        number = numbering.add_num(known.abstractNumId.val)
        number.add_lvlOverride(ilvl=0).add_startOverride(start)
        return number.numId

    def _count(self, number: int) -> None:
        properties = self.word.paragraphs[-1]._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = 0
        properties.get_or_add_numId().val = number


def write_runs(paragraph: Any, runs: Runs) -> None:
    for run in runs:
        written = paragraph.add_run(legal(run.text))  # a new line of it becomes one there
        written.bold, written.italic = run.bold or None, run.italic or None


def write_table(word: Any, block: TextBlock) -> Any:
    """A table whose first row is repeated on each page, as its head; returns it."""
    table = word.add_table(rows=len(block.rows), cols=max(1, len(block.ends)))
    table.style = "Table Grid" if "Table Grid" in [style.name for style in word.styles] else None
    for place, (row, cells) in enumerate(zip(table.rows, block.rows, strict=True)):
        for cell, runs, is_end in zip(row.cells, cells, block.ends, strict=True):
            paragraph = cell.paragraphs[0]
            write_runs(paragraph, runs)
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(3)
            if is_end:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            for run in paragraph.runs if place == 0 else ():
                run.bold = True
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))
    return table


def moved_after(table: Any, paragraph: Any) -> None:
    """Put a table in the place of a paragraph of the same document."""
    paragraph.addnext(table._tbl)
    table._tbl.addnext(copy.deepcopy(_EMPTY))
    paragraph.getparent().remove(paragraph)


_EMPTY = OxmlElement("w:p")
