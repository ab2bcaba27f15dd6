"""The archive that an XLSX or ODS file is, filled piece by piece."""

import re
import zipfile
from collections.abc import Iterable
from itertools import islice
from typing import IO

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# What XML cannot say, or says as something else; half of a character is one of them.
ILLEGAL = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
LEVEL = 1  # of compression: the next ones take up to four times as long, for a file hardly smaller
_TEXTS = 500  # compressed at once


def archive(stream: IO[bytes]) -> zipfile.ZipFile:
    """An archive to fill, which is to be closed."""
    return zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL)


def pack(into: zipfile.ZipFile, name: str, texts: Iterable[str]) -> None:
    """An entry made of these texts, without the date of the day."""
    coming = iter(texts)
    with into.open(name, "w") as entry:
        while piece := "".join(islice(coming, _TEXTS)):
            entry.write(piece.encode())
