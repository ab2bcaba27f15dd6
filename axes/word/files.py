"""A framework as a file to keep, in whatever format officers and the public take it, but for the PDF."""

from axes.exchange import export
from axes.models import Framework
from axes.word import writing

WORD = "docx"
FORMATS = (*export.FORMATS, WORD)


def framework_file(framework: Framework, format: str) -> tuple[bytes, str, str]:
    """The file's bytes, its content type and its name. Costs two queries.

    Raises:
        KeyError: the format is not one of ``FORMATS``.
    """
    return writing.export(framework) if format == WORD else export.export(framework, format)
