"""A document read as a framework: each of its lines proposed as an orientation, with the reason.

A Word document, a PDF, a flat text: :mod:`axes.reading.sources` makes blocks of it, in reading order, each with its
clues; :mod:`axes.reading.proposing` proposes a level and a parent for each. Nothing here knows the database. Clues are
generic ones (headings, numbers, labels, indentation, cells, the first word, blank lines, what branches have in
common): no word of one document is known.
"""

from axes.reading.model import Block, DocumentProposal, ProposedNode
from axes.reading.proposing import propose
from axes.reading.sources import read_file, read_text

__all__ = ["Block", "DocumentProposal", "ProposedNode", "propose", "read_file", "read_text"]
