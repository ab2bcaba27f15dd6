"""Files that nobody should send, made by code; and sound ones, to be spoilt."""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass

from cohesion.lib.file_types import DOCX, JPEG, ODS, ODT, OPEN_DOCUMENT, PDF, PNG, XLSX, FileType

SCRIPT = b"<script>alert(document.cookie)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"</svg>"
HTML = b"<!doctype html><html><body>" + SCRIPT + b"</body></html>"
PHP = b"<?php system($_GET['c']); ?>"
PDF_BYTES = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
JPEG_BYTES = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\x11" * 40 + b"\xff\xd9"
GIF = b"GIF89a/*\x00\x00\x00\x00\x00,\x00\x00\x00\x00*/=1;alert(1)//;"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)  # an old .doc, or an encrypted .docx

TYPE, EMPTY, DAMAGED, CUT = "d’un type accepté", "est vide", "est endommagé", "dont la fin manque"
PAGE, DRAWING, TEXT, PROGRAM = "C’est une page web", "C’est un dessin SVG", "C’est un texte brut", "C’est un programme"
ZIP, SLIDES, OLD, GIF_PICTURE = "dossier compressé", "C’est un diaporama", "ancienne version d’Office", "une image GIF"
NEITHER = "ni un texte ni un tableau"
BOMB, MACROS, DOCTYPE = "contenu démesuré", "contient des macros", "DOCTYPE"
PASSWORD, PATH, LARGE = "mot de passe", "chemin anormal", "dépasse 10 Mo"


def png(*texts: bytes) -> bytes:
    """A picture of one point; texts go into comments of it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    parts = [chunk(b"IHDR", head), *(chunk(b"tEXt", b"Comment\x00" + one) for one in texts)]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IDAT", zlib.compress(bytes(4))) + chunk(b"IEND", b"")


def archive(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as made:
        for name, data in entries.items():
            made.writestr(name, data)
    return stream.getvalue()


def office(part: str, content_types: str = "", **more: bytes) -> bytes:
    """A DOCX or an XLSX, by its main part."""
    types = (
        f'<?xml version="1.0"?><Types><Default Extension="xml" ContentType="application/xml"/>{content_types}</Types>'
    )
    entries = {"[Content_Types].xml": types.encode(), part: b"<?xml version='1.0'?><document/>"}
    return archive(entries | more)


def open_document(kind: bytes, manifest: bytes = b"<manifest/>", **more: bytes) -> bytes:
    entries = {"mimetype": OPEN_DOCUMENT + kind, "content.xml": b"<office/>", "META-INF/manifest.xml": manifest}
    return archive(entries | more)


WORD, EXCEL = "word/document.xml", "xl/workbook.xml"


def docx(content_types: str = "", **more: bytes) -> bytes:
    return office(WORD, content_types, **more)


def encrypted() -> bytes:
    """A document whose entries say that they are encrypted."""
    data = bytearray(docx())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(mark)
        while start >= 0:
            data[start + offset] |= 1
            start = data.find(mark, start + 4)
    return bytes(data)


def with_symlink() -> bytes:
    stream = io.BytesIO(docx())
    with zipfile.ZipFile(stream, "a") as made:
        link = zipfile.ZipInfo("word/media")
        link.external_attr = 0o120777 << 16
        made.writestr(link, "/etc/passwd")
    return stream.getvalue()


def twice() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name in ("[Content_Types].xml", WORD):
            made.writestr(name, "<a/>")
        made._didModify = True
        made.NameToInfo.clear()
        made.writestr(WORD, "<b/>")
    return stream.getvalue()


def directory_only(entries: int) -> bytes:
    """A directory of entries that are not there."""
    record = struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0)
    records = b"".join(record + b"%05x" % number for number in range(entries))
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, entries & 0xFFFF, entries & 0xFFFF, len(records), 30, 0)
    return b"PK\x03\x04" + bytes(26) + records + end


@dataclass(frozen=True)
class Wicked:
    """A file as it is sent. It is refused with a ``sentence``, or kept as what it is: ``kept``, by a harmless name."""

    name: str
    said: str  # the content type that the sender announces
    data: bytes
    sentence: str = ""
    kept: FileType | None = None
    shown: str = ""  # the name by which it is given back


def refused() -> dict[str, Wicked]:
    """Why each is wicked, and the file."""
    return disguised() | damaged() | swollen() | hidden_within()


def disguised() -> dict[str, Wicked]:
    """What is of another type than its name or its sender says."""
    svg, html = "image/svg+xml", "text/html"
    return {
        "svg with a script": Wicked("plan.svg", svg, SVG, DRAWING),
        "svg called png": Wicked("plan.png", "image/png", SVG, DRAWING),
        "svg after a byte order mark": Wicked("plan.svg", svg, b"\xef\xbb\xbf" + SVG, DRAWING),
        "svg compressed": Wicked("plan.svgz", svg, b"\x1f\x8b\x08\x00" + SVG, ZIP),
        "html with a script": Wicked("page.html", html, HTML, PAGE),
        "html called pdf": Wicked("statuts.pdf", "application/pdf", HTML, PAGE),
        "html in utf-16": Wicked("page.htm", html, HTML.decode().encode("utf-16"), PAGE),
        "xhtml": Wicked("page.xhtml", "application/xhtml+xml", b'<?xml version="1.0"?>' + HTML, PAGE),
        "mhtml": Wicked("page.mht", "multipart/related", b"MIME-Version: 1.0\r\n\r\n" + HTML, "courriel ou une page"),
        "script": Wicked("a.js", "text/javascript", b"alert(1)", TEXT),
        "php": Wicked("index.php", "image/jpeg", PHP, TEXT),
        "php called jpg": Wicked("photo.php.jpg", "image/jpeg", PHP, TEXT),
        "gif that is a script": Wicked("photo.gif", "image/gif", GIF, GIF_PICTURE),
        "gif called png": Wicked("photo.png", "image/png", GIF, GIF_PICTURE),
        "windows program": Wicked("facture.pdf.exe", "application/pdf", b"MZ\x90\x00" + bytes(200), PROGRAM),
        "linux program": Wicked("facture", "application/pdf", b"\x7fELF" + bytes(200), PROGRAM),
        "shell": Wicked("a.sh", "text/plain", b"#!/bin/sh\nrm -rf /\n", PROGRAM),
        "shortcut": Wicked("a.lnk", "application/pdf", b"L\x00\x00\x00\x01\x14\x02" + bytes(80), "un raccourci"),
        "rtf": Wicked("a.rtf", "application/rtf", b"{\\rtf1 {\\object}}", "un texte RTF"),
        "old word, or encrypted": Wicked("a.docx", DOCX.content_type, OLE, OLD),
    }


def damaged() -> dict[str, Wicked]:
    """What is cut, empty, or not what its first bytes say."""
    half = docx()[: len(docx()) // 2]
    return {
        "html before a pdf": Wicked("a.pdf", "application/pdf", HTML + PDF_BYTES, PAGE),
        "html before a docx": Wicked("a.docx", DOCX.content_type, HTML + docx(), PAGE),
        "pdf without its end": Wicked("a.pdf", "application/pdf", PDF_BYTES[:-8], CUT),
        "png without its end": Wicked("a.png", "image/png", png()[:-12], CUT),
        "png signature alone": Wicked("a.png", "image/png", b"\x89PNG\r\n\x1a\n", CUT),
        "jpeg without its end": Wicked("a.jpg", "image/jpeg", JPEG_BYTES[:-2], CUT),
        "nothing": Wicked("vide.pdf", "application/pdf", b"", EMPTY),
        "one byte": Wicked("a.pdf", "application/pdf", b"%", TYPE),
        "zip": Wicked("a.zip", "application/zip", archive({"a.txt": b"a"}), ZIP),
        "zip called docx": Wicked("a.docx", DOCX.content_type, archive({"a.txt": b"a"}), ZIP),
        "java": Wicked("a.jar", "application/pdf", archive({"META-INF/MANIFEST.MF": b"Main-Class: A"}), ZIP),
        "odp, a type that we do not take": Wicked(
            "a.odp", ODT.content_type, open_document(b"presentation"), "ni un texte ni un tableau"
        ),
        "pptx": Wicked("a.docx", DOCX.content_type, office("ppt/presentation.xml"), SLIDES),
        "docx cut in two": Wicked("a.docx", DOCX.content_type, half, DAMAGED),
        "zip of zeros": Wicked("a.docx", DOCX.content_type, b"PK\x03\x04" + bytes(500), DAMAGED),
        "xml that is none": Wicked("a.docx", DOCX.content_type, docx(**{"word/a.xml": b"<<a/>"}), DAMAGED),
        "the same entry twice": Wicked("a.docx", DOCX.content_type, twice(), DAMAGED),
        "odd compression": Wicked("a.docx", DOCX.content_type, archive({WORD: b"<a/>"}, zipfile.ZIP_LZMA), DAMAGED),
    }


def swollen() -> dict[str, Wicked]:
    """What is small and becomes large."""
    return {
        "bomb": Wicked("a.docx", DOCX.content_type, docx(**{"word/a.bin": bytes(52 * 1024 * 1024)}), BOMB),
        "bomb of a high ratio": Wicked("a.xlsx", XLSX.content_type, office(EXCEL, a=bytes(3 * 1024 * 1024)), BOMB),
        "bomb in an odt": Wicked("a.odt", ODT.content_type, open_document(b"text", a=bytes(9 * 1024 * 1024)), BOMB),
        "one endless tag": Wicked("a.docx", DOCX.content_type, docx(**{"a.xml": b"<a " + b"b='' " * 400_000}), BOMB),
        "ten thousand entries": Wicked("a.docx", "", docx(**{f"a{n}": b"" for n in range(10_000)}), BOMB),
        "501 entries": Wicked("a.docx", DOCX.content_type, docx(**{f"a{n}": b"" for n in range(499)}), BOMB),
        "a directory of nothing": Wicked("a.docx", DOCX.content_type, directory_only(60_000), BOMB),
    }


def hidden_within() -> dict[str, Wicked]:
    """What a document has inside: macros, passwords, entities, paths."""
    sheet = '<Override PartName="/xl/a.xml" ContentType="application/vnd.ms-excel.macrosheet+xml"/>'
    macro = '<Override PartName="/word/x.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
    enabled = (
        '<Override PartName="/word/document.xml" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
    )
    doctype = b'<!DOCTYPE a [<!ENTITY b "bbb">]><a>&b;</a>'
    key = b"<manifest><file-entry><encryption-data/></file-entry></manifest>"
    return {
        "encrypted entries": Wicked("a.docx", DOCX.content_type, encrypted(), PASSWORD),
        "odt with a password": Wicked("a.odt", ODT.content_type, open_document(b"text", key), PASSWORD),
        "macros": Wicked("a.docx", DOCX.content_type, docx(**{"word/vbaProject.bin": b"a"}), MACROS),
        "macros called otherwise": Wicked("a.docx", DOCX.content_type, docx(macro), MACROS),
        "macros of 1992": Wicked("a.xlsx", XLSX.content_type, office(EXCEL, sheet), MACROS),
        "docm called docx": Wicked("a.docx", DOCX.content_type, docx(enabled), MACROS),
        "macros in an ods": Wicked("a.ods", "", open_document(b"spreadsheet", **{"Basic/a.xml": b"<a/>"}), MACROS),
        "scripts in an odt": Wicked("a.odt", "", open_document(b"text", **{"Scripts/a.py": b"a"}), MACROS),
        "entities": Wicked("a.docx", DOCX.content_type, docx(**{"word/a.xml": doctype}), DOCTYPE),
        "entities in a manifest": Wicked("a.odt", ODT.content_type, open_document(b"text", doctype), DOCTYPE),
        "path upwards": Wicked("a.docx", DOCX.content_type, docx(**{"../../a": b"a"}), PATH),
        "path from the root": Wicked("a.docx", DOCX.content_type, docx(**{"/etc/a": b"a"}), PATH),
        "path of windows": Wicked("a.docx", DOCX.content_type, docx(**{"..\\a": b"a"}), PATH),
        "a path for a name": Wicked("../..", "application/pdf", PDF_BYTES, "Choisissez d’abord un fichier"),
        "a byte too many": Wicked(
            "a.pdf", "application/pdf", b"%PDF-" + bytes(10 * 1024 * 1024 - 10) + b"%%EOF\n", LARGE
        ),
    }


def harmless() -> dict[str, Wicked]:
    """What is kept: given back as what it is, whatever it was called and whatever it holds."""
    page = b"%PDF-1.7\n" + HTML + PDF_BYTES[9:]
    inner = archive({"a.zip": archive({"b.zip": archive({"c": bytes(1000)})})})
    pdf, image = "application/pdf", "image/png"
    telephone = JPEG_BYTES[:-42] + b"\xff\xda\x00\x02" + b"\x11" * 40 + b"\xff\xd9" + b"SEFT" * 100
    link = b'<Relationships><Relationship Id="a" Type="x/officeDocument" Target="word/document2.xml"/></Relationships>'
    elsewhere = office("word/document2.xml", **{"_rels/.rels": link})
    return {
        "png that a script follows": Wicked("a.png", image, png() + PHP * 9, kept=PNG, shown="a.png"),
        "pdf that is a page": Wicked("statuts.html", "text/html", page, kept=PDF, shown="statuts.pdf"),
        "pdf announced as svg": Wicked("statuts.svg", "image/svg+xml", PDF_BYTES, kept=PDF, shown="statuts.pdf"),
        "pdf with a header in its type": Wicked("a.pdf", "text/html;x=1", PDF_BYTES, kept=PDF, shown="a.pdf"),
        "png with php": Wicked("photo.php", "text/x-php", png(PHP), kept=PNG, shown="photo.png"),
        "png with a script": Wicked("photo.png.html", "text/html", png(SCRIPT), kept=PNG, shown="photo.png"),
        "jpeg with a page": Wicked("a.jpeg", image, JPEG_BYTES[:20] + HTML + b"\xff\xd9", kept=JPEG, shown="a.jpg"),
        "jpeg of a telephone": Wicked("a.jpg", "image/jpeg", telephone, kept=JPEG, shown="a.jpg"),
        "docx of the web": Wicked("a.docx", "", elsewhere, kept=DOCX, shown="a.docx"),
        "accents of a Mac": Wicked("re\u0301sume\u0301.pdf", pdf, PDF_BYTES, kept=PDF, shown="r\u00e9sum\u00e9.pdf"),
        "device with a space": Wicked("com\u00b2 .txt.pdf", pdf, PDF_BYTES, kept=PDF, shown="piece com\u00b2.pdf"),
        "jpeg called exe": Wicked("photo.jpg.exe", "", JPEG_BYTES, kept=JPEG, shown="photo.jpg"),
        "docx called pdf": Wicked("statuts.pdf", pdf, docx(), kept=DOCX, shown="statuts.docx"),
        "docx with archives within archives": Wicked("a.docx", "", docx(a=inner), kept=DOCX, shown="a.docx"),
        "docx with a link": Wicked("a.docx", "", with_symlink(), kept=DOCX, shown="a.docx"),
        "docx with a page": Wicked("a.docx", "text/html", docx(**{"a.html": HTML}), kept=DOCX, shown="a.docx"),
        "xlsx": Wicked("a.csv", "text/csv", office(EXCEL), kept=XLSX, shown="a.xlsx"),
        "odt": Wicked("a.doc", "", open_document(b"text"), kept=ODT, shown="a.odt"),
        "ods": Wicked("a.xls", "", open_document(b"spreadsheet"), kept=ODS, shown="a.ods"),
        "path upwards": Wicked("../../../etc/passwd.pdf", pdf, PDF_BYTES, kept=PDF, shown="passwd.pdf"),
        "path of windows": Wicked("..\\..\\windows\\win.pdf", pdf, PDF_BYTES, kept=PDF, shown="win.pdf"),
        "hidden file": Wicked(".htaccess", pdf, PDF_BYTES, kept=PDF, shown="htaccess.pdf"),
        "NUL": Wicked("a.pdf\x00.exe", pdf, PDF_BYTES, kept=PDF, shown="a.pdf"),
        "written backwards": Wicked("rapport\u202efdp.exe", pdf, PDF_BYTES, kept=PDF, shown="rapportfdp.pdf"),
        "zero width": Wicked("rap\u200bport\ufeff.pdf", pdf, PDF_BYTES, kept=PDF, shown="rapport.pdf"),
        "300 characters": Wicked("a" * 300 + ".pdf", pdf, PDF_BYTES, kept=PDF, shown="a" * 100 + ".pdf"),
        "device": Wicked("CON.pdf", pdf, PDF_BYTES, kept=PDF, shown="piece CON.pdf"),
        "device with two ends": Wicked("lpt1.tar.pdf", pdf, PDF_BYTES, kept=PDF, shown="piece lpt1.pdf"),
        "spaces and dots": Wicked(" . . .pdf", pdf, PDF_BYTES, kept=PDF, shown="piece.pdf"),
        "a script for a name": Wicked("<img src=x onerror=alert(1)>.pdf", pdf, PDF_BYTES, kept=PDF, shown=""),
        "quotes": Wicked('a"; filename="b.exe.pdf', pdf, PDF_BYTES, kept=PDF, shown=""),
        "a header in the name": Wicked("a\r\nSet-Cookie: a=b.pdf", pdf, PDF_BYTES, kept=PDF, shown=""),
        "a stream of windows": Wicked("a.pdf:evil.exe", pdf, PDF_BYTES, kept=PDF, shown="a.pdf evil.pdf"),
    }
