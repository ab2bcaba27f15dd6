"""A table that a visitor takes away."""

from collections.abc import Collection
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from django.http import FileResponse, Http404

from cohesion.lib.spreadsheets.tables import Table
from cohesion.lib.spreadsheets.writing import CONTENT_TYPES, write_to

IN_MEMORY = 1_000_000  # bytes; a larger file waits on the disk


def known_format(format: str, formats: Collection[str] = CONTENT_TYPES) -> None:
    """Whether a file may be had in this format.

    Raises:
        Http404: it is none of them.
    """
    if format not in formats:
        raise Http404("Ce format n’existe pas.")


def table_file(table: Table, format: str, name: str) -> FileResponse:
    """The file, written in full before its first byte is sent.

    So a database that fails midway makes no file, rather than one that lacks rows without showing it (the server
    ends an answer that breaks off as if it were whole); its length is known, so that a download that is cut shows;
    and who reads slowly holds neither the database nor memory.

    Raises:
        KeyError: the format is not one of ``CONTENT_TYPES``.
    """
    with ExitStack() as undone:
        file = cast(IO[bytes], undone.enter_context(SpooledTemporaryFile(IN_MEMORY)))
        write_to(file, format, [table])
        undone.pop_all()  # it is the answer that closes it
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.{format}", content_type=CONTENT_TYPES[format])
