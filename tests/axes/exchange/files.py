"""Good files and spoilt ones, made in memory."""

import io
import zipfile
from collections.abc import Mapping

import openpyxl

HEADERS = "code;parent_code;niveau;titre"
GOOD = ["A;;axe;Un axe", "A.1;A;enjeu;Un enjeu", "A.1-a;A.1;priorité;Une priorité"]


def lines(*rows: str, headers: str = HEADERS) -> bytes:
    return "\n".join([headers, *rows]).encode()


def book(*rows: list, sheets: Mapping[str, list] | None = None) -> bytes:
    """An XLSX as openpyxl writes it; the first row is the headers."""
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    for name, others in (sheets or {}).items():
        sheet = workbook.create_sheet(name)
        for row in others:
            sheet.append(row)
    return saved(workbook)


def saved(workbook: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def repacked(data: bytes, changes: Mapping[str, bytes | None], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive with some entries replaced, added, or (None) left out."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", compression, compresslevel=1) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, content in changes.items():
            if content is not None:
                new.writestr(name, content)
    return stream.getvalue()


def ods(body: str, **extra: bytes) -> bytes:
    """An ODS whose one sheet holds these rows (XML)."""
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content{names}><office:body><office:spreadsheet>'
        f'<table:table table:name="F">{body}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        for name, data in extra.items():
            archive.writestr(name.replace("__", "/"), data)
    return stream.getvalue()


def ods_row(*texts: str, repeated: int = 1, trailing: int = 0) -> str:
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in texts
    )
    if trailing:
        cells += f'<table:table-cell table:number-columns-repeated="{trailing}"/>'
    return f'<table:table-row table:number-rows-repeated="{repeated}">{cells}</table:table-row>'


ODS_GOOD = ods_row("code", "parent_code", "niveau", "titre") + ods_row("A", "", "axe", "Un axe")
SHEET = (
    '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>{}</sheetData></worksheet>"
)


def xlsx_of(sheet_data: str) -> bytes:
    """An XLSX with this XML as the data of its sheet."""
    return repacked(book(["x"]), {"xl/worksheets/sheet1.xml": SHEET.format(sheet_data).encode()})


def xlsx_row(number: int, *texts: str) -> str:
    cells = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts)
    return f'<row r="{number}">{cells}</row>'
