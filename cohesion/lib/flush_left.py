"""Templates without their indentation: it is for who reads them here, not for who loads the page.

A line stays a line, so that an error still names the right one; a text for a mail (``.txt``) stays as it is.
"""

import re

from django.template import Origin
from django.template.loaders import filesystem

_INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


class Loader(filesystem.Loader):
    """Django's loader of the folders of templates, which takes the spaces at the start of each line of a page off."""

    def get_contents(self, origin: Origin) -> str:
        contents: str = super().get_contents(origin)
        return _INDENTATION.sub("", contents) if origin.name.endswith(".html") else contents
