"""Put the content of each page in the order in which it is read.

The typesetter draws a merged cell after the rows beside it. Its tags give the right order to whoever reads
tags; tools that read the drawing itself (copy and paste, indexing, archives) need it in the same order.
"""

import io
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, IndirectObject

# One tagged line as the typesetter writes it: it saves and restores all that it sets, so that it can be moved.
LINE = re.compile(rb"/[A-Za-z]+<</MCID (\d+)[^>]*>>BDC\nq .*?\nQ\nEMC", re.DOTALL)


def in_reading_order(pdf: bytes) -> bytes:
    """The same document, whose lines are drawn in the order of its tags, page by page."""
    source = PdfReader(io.BytesIO(pdf))
    writer = PdfWriter(clone_from=source)
    order: dict[int, list[int]] = {}
    for number, mark in _marks(writer.root_object["/StructTreeRoot"], None):
        order.setdefault(number, []).append(mark)
    for page in writer.pages:
        content: Any = page["/Contents"].get_object()
        marks = order.get(page.indirect_reference.idnum, []) if page.indirect_reference else []
        content.set_data(_reordered(content.get_data(), marks))
    writer.metadata = source.metadata  # the typesetter's own, not pypdf's
    writer.pdf_header = source.pdf_header
    result = io.BytesIO()
    writer.write(result)
    return result.getvalue()


def _marks(node: object, page: int | None) -> Iterator[tuple[int, int]]:
    """The marks under a node of the tags' tree, in order: the page's object number and the mark."""
    node = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(node, int):
        if page is not None:
            yield page, int(node)
    elif isinstance(node, list):
        for child in node:
            yield from _marks(child, page)
    elif isinstance(node, DictionaryObject):
        at = node.raw_get("/Pg").idnum if "/Pg" in node else page
        yield from _marks(node.get("/MCID", node.get("/K")), at)


def _reordered(content: bytes, order: list[int]) -> bytes:
    """The content with its tagged lines in ``order``; artifacts stay where they are."""
    lines = {int(line[1]): line[0] for line in LINE.finditer(content)}
    if sorted(lines) != sorted(order):
        return content
    waiting = iter(order)
    return LINE.sub(lambda line: lines[next(waiting)], content)
