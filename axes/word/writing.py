"""A framework as the council's document in Word: A4 landscape, one table with its merged cells, real styles.

The same framework gives the same bytes.
"""

import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from axes import document
from axes.choices import FrameworkStatus
from axes.models import Framework
from axes.pdf import BANNERS, facts, unbreakable
from axes.word.marks import properties
from axes.word.table import (
    AXIS_STYLE,
    CELL_STYLE,
    CODE_STYLE,
    HEADING_STYLE,
    LABEL_STYLE,
    TableWriter,
)
from cohesion.lib.dates import plain_date
from cohesion.lib.file_types import DOCX
from cohesion.lib.spreadsheets.packing import XML, archive
from cohesion.lib.text import NBSP

FACT_STYLE = "Mention du cadre"
GREY = "5F5F5F"  # of codes
UNUSED = ("thumbnail", "stylesWithEffects", "customXml")  # of the template: they say nothing of this document
CUSTOM = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_CUSTOM_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_FMTID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"


def export(framework: Framework) -> tuple[bytes, str, str]:
    """The document's bytes, its content type and its name. Costs two queries."""
    nodes = document.read_nodes(framework)
    word = docx.Document()
    _page(word)
    _styles(word)
    word.add_paragraph(framework.name, "Title")
    banner = BANNERS.get(FrameworkStatus(framework.status), "")
    dated = f"Révision {framework.revision}, du {plain_date(framework.updated_at)}"
    for line in (banner, *facts(framework), dated):
        if line:
            word.add_paragraph(unbreakable(line), FACT_STYLE)
    table = parse_xml("".join(TableWriter(framework).table(nodes)))
    body = word.element.body
    body.insert(len(body) - 1, table)  # before the section's own element, which is the last
    word.add_paragraph("", CELL_STYLE)
    _footer(word, f"{framework.full_name}{NBSP}· {dated}")
    _about(word, framework)
    _keep(word, properties(framework, nodes))
    return _packed(word), DOCX.content_type, f"{framework.file_stem}.docx"


# --- the page and its styles ----------------------------------------------------------------------------------


def _page(word: Document) -> None:
    section = word.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(15)
    section.top_margin, section.bottom_margin = Mm(14), Mm(16)
    section.footer_distance = Mm(8)


def _styles(word: Document) -> None:
    for fonts in word.styles.element.iter(qn("w:rFonts")):  # one family, and none of the theme's
        fonts.attrib.clear()
        for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(name), "Calibri")
    for language in word.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "fr-FR")
    for style in [style for style in word.styles if style.type == WD_STYLE_TYPE.TABLE]:
        if style.name != "Normal Table":  # the template has a hundred more
            style.delete()
    title = _look(word.styles["Title"], 20, after=2)
    title.font.color.rgb = RGBColor(0, 0, 0)
    border = title.element.pPr.find(qn("w:pBdr"))
    if border is not None:
        title.element.pPr.remove(border)
    _look(word.styles.add_style(FACT_STYLE, WD_STYLE_TYPE.PARAGRAPH), 10, after=2)
    _look(word.styles.add_style(CELL_STYLE, WD_STYLE_TYPE.PARAGRAPH), 9.5, after=3)
    for name, size in ((HEADING_STYLE, 9.5), (AXIS_STYLE, 11)):
        style = _look(word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH), size, after=3)
        style.font.bold = True
        style.paragraph_format.keep_with_next = True
        style.paragraph_format.space_before = Pt(3)
    code = word.styles.add_style(CODE_STYLE, WD_STYLE_TYPE.CHARACTER)
    code.font.size, code.font.color.rgb = Pt(8), RGBColor.from_string(GREY)
    word.styles.add_style(LABEL_STYLE, WD_STYLE_TYPE.CHARACTER)


def _look(style: ParagraphStyle, size: float, after: float) -> ParagraphStyle:
    style.font.size = Pt(size)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(0), Pt(after)
    style.paragraph_format.line_spacing = 1.0
    return style


def _footer(word: Document, text: str) -> None:
    paragraph = word.sections[0].footer.paragraphs[0]
    paragraph.add_run(f"{text}{NBSP}· page{NBSP}").font.size = Pt(8)
    for instruction, after in (("PAGE", f"{NBSP}/{NBSP}"), ("NUMPAGES", "")):
        field = f'<w:fldSimple {nsdecls("w")} w:instr="{instruction}"><w:r><w:rPr><w:sz w:val="16"/></w:rPr>'
        paragraph._p.append(parse_xml(f"{field}<w:t>1</w:t></w:r></w:fldSimple>"))
        paragraph.add_run(after).font.size = Pt(8)


# --- the file -------------------------------------------------------------------------------------------------


def _about(word: Document, framework: Framework) -> None:
    about = word.core_properties
    about.title, about.author, about.language = framework.name, framework.authority, "fr-FR"
    about.comments = about.last_modified_by = about.keywords = ""
    about.subject = f"Révision {framework.revision}"
    about.created = about.modified = framework.updated_at.replace(microsecond=0, tzinfo=None)
    about.revision = 1
    for links in (word.part.package.rels, word.part.rels):
        for key in [key for key, link in links.items() if link.reltype.rpartition("/")[2] in UNUSED]:
            del links[key]


def _keep(word: Document, named: dict[str, str]) -> None:
    """The document's own properties, by name."""
    kept = "".join(
        f'<property fmtid="{_FMTID}" pid="{number}" name={quoteattr(name)}>'
        f"<vt:lpwstr>{escape(text)}</vt:lpwstr></property>"
        for number, (name, text) in enumerate(named.items(), start=2)
    )
    content = (
        f'{XML}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        f'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">{kept}</Properties>'
    )
    package = word.part.package
    part = Part(PackURI("/docProps/custom.xml"), CUSTOM, content.encode(), package)
    package.relate_to(part, _CUSTOM_LINK)


def _packed(word: Document) -> bytes:
    """The file, whose entries bear no date."""
    saved, stream = io.BytesIO(), io.BytesIO()
    word.save(saved)
    with zipfile.ZipFile(saved) as made, archive(stream) as kept:
        for name in made.namelist():
            with kept.open(name, "w") as entry:
                entry.write(made.read(name))
    return stream.getvalue()
