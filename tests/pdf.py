"""What a PDF tells whoever cannot see it: its words, and its tags."""

import io
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader, PdfWriter

_ARTIFACT = re.compile(rb"/Artifact<<.*?>>BDC.*?EMC", re.DOTALL)


def text_of(pdf: bytes) -> str:
    """What a reader is told: all that is drawn, in the order it is drawn, without repeated heads and footers."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    for page in writer.pages:
        content = page["/Contents"].get_object()
        content.set_data(_ARTIFACT.sub(b"", content.get_data()))
    return "\n".join(page.extract_text() for page in writer.pages)


def tags(node: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each tag under a node of the tree, with how many rows and columns its cell spans."""
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from tags(child)
    elif isinstance(node, dict) and "/S" in node:
        found = node.get("/A", {}).get_object() if "/A" in node else {}
        merged = {}
        for attributes in found if isinstance(found, list) else [found]:
            merged |= {key: attributes.get_object()[key] for key in ("/RowSpan", "/ColSpan") if key in attributes}
        yield node["/S"], merged
        if "/K" in node:
            yield from tags(node["/K"])


def tagged(pdf: bytes, title: str) -> PdfReader:
    """The document, once it is seen that it is tagged, titled, in French, and says that it keeps to PDF/UA-1."""
    read = PdfReader(io.BytesIO(pdf))
    root = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("fr")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert read.metadata.title == title
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    assert [kind for kind, _ in tags(root["/StructTreeRoot"]["/K"])].count("/H1") == 1
    return read
