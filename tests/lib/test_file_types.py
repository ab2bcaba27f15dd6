"""A file is what it holds: what mail and telephones add to it is let be; what is not taken is named."""

import io
import itertools

import pytest
from pypdf import PdfWriter

from cohesion.lib.file_types import JPEG, PDF, PDF_AFTER, PDF_BEFORE, PNG, WEBP, recognized
from cohesion.lib.spreadsheets import Refused
from tests.projects.space.wicked import HTML, JPEG_BYTES, PDF_BYTES, PHP, archive, docx, office, open_document, png

WEBP_BYTES = b"RIFF" + (30).to_bytes(4, "little") + b"WEBPVP8 " + bytes(22)


def pdf(user_password: str | None, algorithm: str = "AES-256") -> bytes:
    """A real PDF. ``None``: not encrypted; ``""``: everybody opens it, only changing it asks for a password."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    if user_password is not None:
        writer.encrypt(user_password, "celui de l’auteur", algorithm=algorithm)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def old_office(part: str) -> bytes:
    """The binary container of the Office of old, by the name of a part in its directory."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + part.encode("utf-16-le") + bytes(60)


def iso(brand: bytes) -> bytes:
    return b"\x00\x00\x00\x18ftyp" + brand + bytes(40)


TAKEN = {
    "pdf after a blank line": (b"\r\n" + PDF_BYTES, PDF),
    "pdf after a byte order mark": (b"\xef\xbb\xbf" + PDF_BYTES, PDF),
    "pdf after 20 letters": (b"x" * 20 + PDF_BYTES, PDF),
    "pdf after 20 zeros": (bytes(20) + PDF_BYTES, PDF),
    "pdf after a line of a mail program": (b"Content-Type: application/pdf\r\n\r\n" + PDF_BYTES, PDF),
    "pdf after all that may come before": (b" " * PDF_BEFORE + PDF_BYTES, PDF),
    "pdf before 3 000 bytes": (PDF_BYTES + b"\x00" * 3000, PDF),
    "pdf before a page that a server added": (PDF_BYTES + HTML * 50, PDF),
    "pdf that was signed after its end": (PDF_BYTES + PDF_BYTES[9:], PDF),
    "png with a tail": (png() + bytes(3000), PNG),
    "png with another behind": (png() + png(), PNG),
    "png with a script behind": (png() + PHP * 90, PNG),
    "jpeg with a tail": (JPEG_BYTES[:-42] + b"\xff\xda\x00\x02" + JPEG_BYTES[-42:] + bytes(3000), JPEG),
    "webp": (WEBP_BYTES, WEBP),
    "webp with a tail": (WEBP_BYTES + bytes(300), WEBP),
}
REFUSED = {
    "pdf too far": (b" " * (PDF_BEFORE + 1) + PDF_BYTES, "C’est un texte brut"),
    "pdf in a page": (HTML + PDF_BYTES, "C’est une page web"),
    "pdf in a tar": (b"a.pdf".ljust(257, b"\x00") + b"ustar" + bytes(250) + PDF_BYTES, "dossier compressé"),
    "pdf cut": (PDF_BYTES[:-8], "un PDF dont la fin manque"),
    "pdf of the web, cut": (PDF_BYTES[:-6] + b"startxref\n0\n%%EOF\n1 0 obj", "un PDF dont la fin manque"),
    "pdf whose end is far away": (PDF_BYTES + bytes(PDF_AFTER + 10), "un PDF dont la fin manque"),
    "png cut in a piece": (png(b"texte" * 20)[:90], "un PNG dont la fin manque"),
    "png that says END in a text": (png(b"IEND" * 9)[:-30], "un PNG dont la fin manque"),
    "webp cut": (WEBP_BYTES[:-1], "un WEBP dont la fin manque"),
    "docx under a password": (old_office("EncryptedPackage"), "protégé par un mot de passe"),
    "doc": (old_office("WordDocument"), "ancien document Word (.doc)"),
    "xls": (old_office("Workbook"), "ancien tableau Excel (.xls)"),
    "ppt": (old_office("PowerPoint Document"), "C’est un diaporama"),
    "msg": (old_office("__properties_version1.0"), "C’est un courriel"),
    "another old one": (old_office("Contents"), "ancienne version d’Office"),
    "eml": (b"Received: from a\r\nFrom: b\r\n\r\n<html>", "C’est un courriel"),
    "heic": (iso(b"heic"), "exportez-la (ou enregistrez-la) en JPEG"),
    "heic of another maker": (iso(b"mif1"), "une photo HEIC"),
    "avif": (iso(b"avif"), "une image AVIF"),
    "mp4": (iso(b"isom"), "C’est une vidéo"),
    "mov": (iso(b"qt  "), "C’est une vidéo"),
    "mov of old": (b"\x00\x00\x10\x00moov" + bytes(40), "C’est une vidéo"),
    "avi": (b"RIFF\x00\x00\x01\x00AVI LIST", "C’est une vidéo"),
    "mkv": (b"\x1a\x45\xdf\xa3" + bytes(40), "C’est une vidéo"),
    "m4a": (iso(b"M4A "), "enregistrement sonore"),
    "mp3": (b"ID3\x03\x00" + bytes(40), "enregistrement sonore"),
    "wav": (b"RIFF\x00\x00\x01\x00WAVEfmt ", "enregistrement sonore"),
    "bmp": (b"BM\x46\x00\x00\x00\x00\x00\x00\x00" + bytes(40), "une image BMP"),
    "tiff": (b"II*\x00" + bytes(40), "une image TIFF"),
    "zip": (archive({"statuts.pdf": PDF_BYTES}), "dossier compressé"),
    "empty zip": (b"PK\x05\x06" + bytes(18), "dossier compressé"),
    "rar": (b"Rar!\x1a\x07\x01\x00" + bytes(40), "dossier compressé"),
    "pages": (archive({"Index/Document.iwa": b"a", "preview.jpg": b"b"}), "Pages, Numbers ou Keynote"),
    "pages of old": (archive({"Index.zip": b"a"}), "Pages, Numbers ou Keynote"),
    "epub": (archive({"mimetype": b"application/epub+zip"}), "livre numérique"),
    "pptx": (office("ppt/presentation.xml"), "C’est un diaporama"),
    "xlsb": (office("xl/workbook.bin"), "Excel binaire"),
    "odg": (open_document(b"graphics"), "ni un texte ni un tableau"),
    "shortcut": (b"[InternetShortcut]\r\nURL=https://exemple.fr\r\n", "un raccourci"),
    "shortcut of a Mac": (b"<?xml version='1.0'?><plist><dict><key>URL</key></dict></plist>", "un raccourci"),
    "shadow of a Mac": (b"\x00\x05\x16\x07\x00\x02" + bytes(60), "fichier caché"),
    "link to a document of Google": (b'{"url": "https://docs.google.com/open?id=a"}', "document en ligne"),
    "csv": ("code;titre\r\n1;Réussite\r\n".encode(), "C’est un texte brut"),
    "text cut in a character": (("é" * 1500).encode(), "C’est un texte brut"),
    "text in UTF-16": ("Bonjour à tous".encode("utf-16"), "C’est un texte brut"),
    "noise": (bytes(range(128, 256)) * 9, "n’est pas d’un type accepté"),
    "nothing": (b"", "est vide"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_what_surrounds_a_file_is_let_be(name):
    data, kind = TAKEN[name]
    assert recognized(data) == kind


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_names_what_the_file_is_and_what_to_do(name):
    data, words = REFUSED[name]
    with pytest.raises(Refused) as refusal:
        recognized(data)
    sentence = str(refusal.value)
    assert words in sentence
    assert any(advice in sentence for advice in ("puis", "joignez", "joint pas", "envoyez", "joignez-en"))


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256"])
def test_a_pdf_that_only_a_password_opens_is_refused_one_that_may_not_be_changed_is_taken(algorithm):
    assert recognized(pdf("", algorithm)) == PDF
    with pytest.raises(Refused, match="ne s’ouvre qu’avec un mot de passe"):
        recognized(pdf("secret", algorithm))
    with pytest.raises(Refused, match="ne s’ouvre qu’avec un mot de passe"):
        recognized(b"\r\n" + pdf("secret", algorithm) + bytes(3000))


def test_a_pdf_that_speaks_of_encryption_without_any_is_taken():
    assert recognized(PDF_BYTES.replace(b"/Catalog", b"/Catalog /Encrypt 9 0 R")) == PDF
    assert recognized(pdf(None)) == PDF


def test_every_beginning_of_every_file_gets_a_sentence():
    """Nothing that stops in its middle is an error of the site, whose refusals are never mute."""
    wholes = [data for data, _ in (*TAKEN.values(), *REFUSED.values())] + [docx(), pdf("secret")]
    for data, length in itertools.product(wholes, (1, 3, 7, 11, 13, 20, 40, 80, 300)):
        assert answer(data[:length])


def answer(data: bytes) -> str:
    try:
        return recognized(data).extension
    except Refused as refusal:
        return str(refusal)
