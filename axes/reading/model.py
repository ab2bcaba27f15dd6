"""What is read of a document: blocks with their clues, then nodes with their reasons."""

from dataclasses import dataclass, field

from axes.levels import Level

MOST_BLOCKS = 1_500
TOO_LONG = (
    "Ce document est trop long pour être lu comme un cadre : gardez les pages des orientations, puis recommencez."
)


@dataclass
class Block:
    """A piece of the document that may be a node: a line, a paragraph, or a sentence of a cell.

    ``line`` counts the lines of a text or of a PDF, or the paragraphs of a Word document, from 1. ``heading`` is the
    depth of a heading (from 1), ``indent`` how far it stands from the margin, ``column`` the first column of its
    cell in a table that has ``width`` columns, ``span`` how many it covers. ``beside`` are the places, among the
    blocks, of the cells that a cell merged over several rows stands beside. ``piece`` counts the sentences that ran
    together in one cell or line, from 0.
    """

    text: str
    line: int
    label: str = ""
    heading: int = 0
    indent: int = 0
    bullet: bool = False
    glyph: str = ""  # the sign of its bullet
    bold: bool = False
    blank_before: bool = False
    column: int | None = None
    span: int = 1
    width: int = 0
    table: int = 0
    beside: tuple[int, ...] = ()
    label_alone: bool = False  # its label stood alone on the line above
    after_full: bool = False  # the line before it is full, so that the page may have broken it there
    is_glued: bool = False  # of two lines, and nothing sure says that they are one sentence
    is_of_summary: bool = False  # it stood before the number of its page
    piece: int = 0
    pieces: int = 1
    cut_is_sure: bool = True
    family: tuple[str, ...] = ()  # what it shares with others: its heading, its label, the form of its number
    number: tuple[str, ...] = ()  # the parts of its number: « 1.2 » is 1, 2
    level: Level | None = None  # what its label or the header of its column names
    named_by: str = ""  # the word that names this level, as it is printed
    announced: str = ""  # what the line above its list says of it: « Actions »
    unsure: str = ""  # why what the line above its list says may not be so
    aside: str = ""  # why it is no node


@dataclass
class ProposedNode:
    """A node as it is proposed; ``parent`` is the place of its parent in the proposal, None for a root.

    ``doubt`` is why it is to be checked, empty where nothing is.
    """

    level: Level | None
    title: str
    label: str
    line: int
    reason: str
    parent: int | None = None
    doubt: str = ""
    columns: list[str] = field(default_factory=list)
    applies_to: list[int] = field(default_factory=list)
    form: str = ""  # what it shares with the others of its form


@dataclass
class DocumentProposal:
    """All that the document holds, in order: the nodes, and what is set aside. ``title`` is the document's own."""

    nodes: list[ProposedNode]
    title: str = ""
    headers: tuple[str, ...] = ()
