"""A Word document as it reads: what is merged, tracked, numbered, marked; and what is no document."""

import io

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohesion.lib.spreadsheets import Refused
from cohesion.lib.word_tables import MOST_COLUMNS, WordDocument, WordParagraph, is_word, read_word
from tests.projects.space.wicked import PDF_BYTES, WORD, archive, open_document

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"


def word(body: str, namespace: str = NAMESPACE, **more: bytes) -> bytes:
    """The smallest document that says this."""
    document = f'<?xml version="1.0"?><w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>'
    types = b'<?xml version="1.0"?><Types><Default Extension="xml" ContentType="application/xml"/></Types>'
    return archive({"[Content_Types].xml": types, WORD: document.encode()} | more)


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(inside: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inside}</w:p>"


def tc(inside: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside or p('')}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows: str) -> str:
    return (
        f"<w:tbl><w:tblGrid>{'<w:gridCol w:w=' + chr(34) + '2000' + chr(34) + '/>'}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def texts(document: WordDocument) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def shape(document: WordDocument) -> list[list[tuple[int, int, int, str]]]:
    return [[(cell.column, cell.colspan, cell.rowspan, cell.text) for cell in row] for row in document.tables[0].rows]


def test_tracked_changes_are_read_as_accepted():
    body = [
        p(f"{run('avant ')}<w:del>{run('ôté ')}</w:del><w:ins>{run('ajouté')}</w:ins>"),
        p(f"<w:moveFrom>{run('parti')}</w:moveFrom>"),
        p(f"<w:moveTo>{run('venu')}</w:moveTo>"),
        p(run("deux "), "<w:rPr><w:del/></w:rPr>"),
        p(run("en un")),
        tbl(tr(tc(p(run("ôtée"))), properties="<w:del/>"), tr(tc(p(run("gardée"))))),
    ]
    document = read_word(word("".join(body)))
    assert texts(document) == ["avant ajouté", "", "venu", "deux en un"]
    assert shape(document) == [[(0, 1, 1, "gardée")]]
    assert document.is_tracked
    assert not read_word(word(p(run("a")))).is_tracked


@pytest.mark.parametrize("namespace", [NAMESPACE, STRICT])
def test_a_merged_cell_stands_once_where_it_begins(namespace):
    again = tc("", "<w:vMerge/>")
    rows = [
        tr(tc(p(run("bande")), '<w:gridSpan w:val="3"/>'), properties="<w:tblHeader/>"),
        tr(tc(p(run("a")), '<w:vMerge w:val="restart"/>'), tc(p(run("b"))), tc(p(run("c")) + p("") + p(run("d")))),
        tr(again, tc(p(run("e")), '<w:gridSpan w:val="2"/>')),
        tr(again, tc(""), tc("")),
        tr(again.replace("<w:vMerge/>", ""), tc(p(run("f")), '<w:hMerge w:val="restart"/>'), tc("", "<w:hMerge/>")),
        tr(tc(tbl(tr(tc(p(run("dedans"))))) + p("")), properties='<w:gridBefore w:val="1"/>'),
    ]
    document = read_word(word(tbl(*rows), namespace))
    assert shape(document) == [
        [(0, 3, 1, "bande")],
        [(0, 1, 3, "a"), (1, 1, 1, "b"), (2, 1, 1, "c\nd")],
        [(1, 2, 1, "e")],
        [(1, 1, 1, ""), (2, 1, 1, "")],
        [(0, 1, 1, ""), (1, 2, 1, "f")],
        [(1, 1, 1, "dedans")],
    ]
    assert document.tables[0].heading_rows == 1


def test_what_no_reader_sees_is_not_read_and_what_holds_text_is_opened():
    inside = (
        run("vu", "<w:b/>")
        + run("caché", "<w:vanish/>")
        + "<w:r><w:noBreakHyphen/><w:softHyphen/><w:tab/><w:br/><w:instrText>PAGE</w:instrText></w:r>"
        + f"<w:hyperlink>{run('lien')}</w:hyperlink><w:sdt><w:sdtContent>{run('champ')}</w:sdtContent></w:sdt>"
        + f"<w:r><w:drawing>{p(run('dessin'))}</w:drawing></w:r>"
    )
    body = f"<w:sdt><w:sdtContent>{p(inside)}</w:sdtContent></w:sdt>"
    assert texts(read_word(word(body))) == ["vu\u2011\t\nlienchamp"]


def test_a_bookmark_is_of_the_paragraph_in_which_it_begins_or_which_follows_it():
    start = '<w:bookmarkStart w:id="{0}" w:name="m{0}"/>'
    cells = [tc(p(start.format(1) + run("a"))), start.format(2), tc(p(run("b")))]
    body = p(start.format(3), "<w:rPr><w:del/></w:rPr>") + p(run("c")) + start.format(4) + tbl(tr(*cells))
    places = read_word(word(body)).bookmarks()
    where = {name: (cell.column if cell else None, paragraph.text) for name, (cell, paragraph) in places.items()}
    assert where == {"m3": (None, "c"), "m4": (0, "a"), "m1": (0, "a"), "m2": (1, "b")}


def test_headings_lists_indents_and_bold_are_known_through_the_styles():
    document = docx.Document()
    document.add_heading("Titre", 2)
    for text, style in (("a", "List Number"), ("b", "List Number"), ("c", "List Bullet"), ("d", "Normal")):
        document.add_paragraph(text, style)
    document.paragraphs[-1].paragraph_format.left_indent = docx.shared.Pt(36)
    document.paragraphs[-1].add_run("gras", "Strong").bold = True
    stream = io.BytesIO()
    document.save(stream)
    heading, *items, plain = read_word(stream.getvalue()).paragraphs
    assert (heading.style, heading.outline, heading.is_bold) == ("heading 2", 1, True)
    assert [(item.number, item.list_level) for item in items] == [("1.", 0), ("2.", 0), ("•", 0)]
    assert (plain.style, plain.indent, plain.is_bold) == ("", 720, False)
    assert (plain.runs[1].style, plain.runs[1].is_bold) == ("Strong", True)


def test_a_list_is_numbered_as_it_is_printed():
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="{start}"/><w:numFmt w:val="{shape}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for level, start, shape, text in ((0, 4, "upperRoman", "%1."), (1, 1, "lowerLetter", "%1.%2)"))
    )
    numbering = (
        f'<w:numbering xmlns:w="{NAMESPACE}"><w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum>'
        '<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num></w:numbering>'
    )
    links = '<Relationships xmlns="r"><Relationship Id="a" Type="x/numbering" Target="numbering.xml"/></Relationships>'
    parts = {"word/numbering.xml": numbering.encode(), "word/_rels/document.xml.rels": links.encode()}
    items = [
        p(run("x"), f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="3"/></w:numPr>') for level in (0, 1, 1, 0, 1)
    ]
    document = read_word(word("".join(items), **parts))
    assert [paragraph.number for paragraph in document.paragraphs] == ["IV.", "IV.a)", "IV.b)", "V.", "V.a)"]


def test_a_list_that_begins_at_a_thousand_million_costs_no_more_than_another():
    levels = (
        '<w:lvl w:ilvl="0"><w:start w:val="999999999"/><w:numFmt w:val="upperLetter"/>'
        f'<w:lvlText w:val="{"%1" * 20}"/></w:lvl>'
    )
    numbering = (
        f'<w:numbering xmlns:w="{NAMESPACE}"><w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum>'
        '<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num></w:numbering>'
    )
    links = '<Relationships xmlns="r"><Relationship Id="a" Type="x/numbering" Target="numbering.xml"/></Relationships>'
    parts = {"word/numbering.xml": numbering.encode(), "word/_rels/document.xml.rels": links.encode()}
    item = p(run("Agir"), '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>')
    (paragraph,) = read_word(word(item, **parts)).paragraphs
    assert len(paragraph.number) <= 400


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "est vide"),
        (PDF_BYTES, "C’est un PDF"),
        (open_document(b"text"), "LibreOffice"),
        (open_document(b"spreadsheet"), "pas un document Word"),
        (word("<w:p>"), "endommagé"),
        (archive({"[Content_Types].xml": b"<Types/>", WORD: b"<a/>"}), "endommagé"),
        (word("", **{"word/a.xml": b'<!DOCTYPE a [<!ENTITY e "e">]><a/>'}), "DOCTYPE"),
        (word("<w:p>" * 200 + "</w:p>" * 200), "démesuré"),
        (word(tbl(tr(*[tc("")] * (MOST_COLUMNS + 1)))), "démesuré"),
        (word(tbl(tr(tc("", '<w:gridSpan w:val="999999999"/>')))), "démesuré"),
        (word("<w:p/>" * 600_001), "démesuré"),
        (word(p(run("Agir " * 10_000)) * 21), "démesuré"),
        (bytes(6 * 1024 * 1024), "5 Mo"),
    ],
    ids=range(13),
)
def test_what_is_no_document_or_leaves_its_bounds_is_refused_in_a_sentence(data, sentence):
    with pytest.raises(Refused, match=sentence):
        read_word(data)
    assert not is_word(b"")
    assert is_word(word(""))


@given(st.binary(max_size=200), st.integers(0, 400))
def test_a_spoilt_document_is_read_or_refused(noise, place):
    whole = word(p(run("a")) + tbl(tr(tc(p(run("b"))))))
    try:
        document = read_word(whole[:place] + noise + whole[place + len(noise) :])
    except Refused:
        return
    assert all(isinstance(block, WordParagraph) or block.rows is not None for block in document.blocks)
