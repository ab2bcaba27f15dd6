"""What is written once for each orientation, an axis at a time: the outline, the document's table, the icicle.

There may be thousands, and a template would take thirty times longer to write them. Whatever comes from the database
goes through ``escape``. An axis that has not changed, nor its counts, is not written again.
"""

from collections.abc import Iterator, Mapping
from html import escape
from itertools import pairwise
from typing import Protocol

from django.utils.safestring import SafeString

from axes import document
from axes.addresses import orientation_address
from axes.document import DocumentCell, Node
from axes.hues import hue
from axes.levels import CLOSED_LEVELS, ROOT_LEVELS
from axes.models import Orientation
from cohesion.lib.kept import Kept
from cohesion.lib.text import NBSP, number_fr

TWIST = (
    '<svg class="twist" viewBox="0 0 10 10" width="12" height="12" aria-hidden="true"><path d="M2 0l6 5-6 5z"/></svg>'
)


class Tallied(Protocol):
    """How many projects serve an orientation, and its whole branch."""

    @property
    def direct(self) -> int: ...
    @property
    def branch(self) -> int: ...


class Glanced(Protocol):
    """What a square of the icicle says of an orientation: words, a noun for who does not see it, and its heat."""

    @property
    def words(self) -> str: ...
    @property
    def noun(self) -> str: ...
    @property
    def step(self) -> int: ...


Tallies = Mapping[int, Tallied]
Glances = Mapping[int, Glanced]
_written: Kept[bytes] = Kept(128)


def outline(nodes: list[Node], tallies: Tallies | None, closed: set[int], suffix: str = "") -> list[bytes]:
    """The framework as nested details, axis by axis; ``closed`` holds the keys of the closed branches.

    ``suffix``: as for :func:`icicle`.
    """
    return [_outline_of(branch, tallies, closed, suffix) for branch in _axes(nodes)]


def table(nodes: list[Node], *, is_corrected: bool) -> list[bytes]:
    """The bodies of the document's table, axis by axis, in the adopted wording or in the corrected one."""

    return [_table_of(node, is_corrected) for node in nodes if node.parent is None]


def icicle(nodes: list[Node], glances: Glances, *, has_tooltips: bool, suffix: str = "") -> SafeString:
    """The bodies of the table without its wording, each cell with what is said of its branch.

    ``suffix`` follows each address: what the pages that it leads to must be asked to count the same.
    """
    return SafeString(b"".join(_icicle_of(branch, glances, has_tooltips, suffix) for branch in _axes(nodes)).decode())


def _axes(nodes: list[Node]) -> Iterator[list[Node]]:
    """Each axis, followed by all that is under it."""
    ends = [place for place, node in enumerate(nodes) if node.parent is None and place]
    for start, end in pairwise([0, *ends, len(nodes)] if nodes else []):
        yield nodes[start:end]


# --- the outline ----------------------------------------------------------------------------------------------


def _counts(branch: list[Node], tallies: Tallies | None) -> tuple[Tallied, ...] | None:
    return tuple([tallies[node.pk] for node in branch]) if tallies is not None else None


def _outline_of(branch: list[Node], tallies: Tallies | None, closed: set[int], suffix: str) -> bytes:
    here = frozenset(closed.intersection([node.pk for node in branch]))
    key = ("outline", branch[0], _counts(branch, tallies), here, suffix)
    return _written.get(key, lambda: _item(branch[0], hue(branch[0].orientation), tallies, closed, suffix).encode())


def _item(node: Node, shade: str, tallies: Tallies | None, closed: set[int], suffix: str) -> str:
    orientation = node.orientation
    code, badge = escape(orientation.code), escape(orientation.badge)
    title = escape(orientation.name)
    kind = level = ""
    if orientation.level in ROOT_LEVELS:
        kind = f' is-axis" id="axe-{code}'
        if orientation.subtitle:
            title += f" <small>{escape(orientation.subtitle)}</small>"
    else:
        level = f'<span class="level">{escape(orientation.level_label)}</span>'
        if orientation.level in CLOSED_LEVELS:
            kind = " is-priority"
    heading = (
        f'<span><span class="top"><span class="code">{badge}</span>{level}</span> '
        f'<span class="wording">{title}</span></span>'
    )
    head = f'<li class="{shade}{kind}">{_count(node, badge, tallies, suffix)}'
    if not node.children:
        return f'{head}<div class="leaf"><span></span>{heading}</div></li>\n'
    is_open = "" if node.pk in closed else " open"
    below = "".join([_item(child, shade, tallies, closed, suffix) for child in node.children])
    return (
        f'{head}<details data-code="{code}"{is_open}><summary>{TWIST}{heading}</summary>'
        f'<ul class="outline">{below}</ul></details></li>\n'
    )


def _count(node: Node, badge: str, tallies: Tallies | None, suffix: str) -> str:
    """The link to the page of an orientation, which says how many projects serve it where they are counted; and to
    those among them that serve it directly."""
    address = escape(orientation_address(node.orientation) + suffix)
    if tallies is None:
        return f'<a class="count" href="{address}">sa page<span class="hidden"> : {badge}</span></a>'
    tally = tallies[node.pk]
    how, direct = ("projet" if tally.branch < 2 else "projets"), ""
    if node.children and tally.direct:
        only = f"{address}{'&amp;' if suffix else '?'}compter=direct#fait"
        direct = (
            f' <a class="of" href="{only}"><span class="hidden">{badge}, </span>'
            f"dont {number_fr(tally.direct)} à ce niveau</a>"
        )
    zero = "" if tally.branch else ' class="zero"'
    return (
        f'<span class="count"><a href="{address}#fait"><span class="hidden">{badge}{NBSP}: </span>'
        f"<b{zero}>{number_fr(tally.branch)}</b> {how}</a>{direct}</span>"
    )


# --- the table ------------------------------------------------------------------------------------------------


def _table_of(axis: Node, is_corrected: bool) -> bytes:
    return _written.get(("table", axis, is_corrected), lambda: "".join(_band(axis, is_corrected)).encode())


def _band(node: Node, is_corrected: bool) -> Iterator[str]:
    (band,) = document.bands([node])
    axis = node.orientation
    yield f'<tbody class="{hue(axis)}">\n<tr><th class="band" colspan="4" scope="rowgroup">'
    yield f"{_worded(axis, _axis_words(axis, is_corrected))}</th></tr>\n"
    for row in band.rows:
        yield f"<tr>{''.join([_cell(cell, axis.framework.column_titles, is_corrected) for cell in row])}</tr>\n"
    yield "</tbody>\n"


def _cell(cell: DocumentCell, headings: list[str], is_corrected: bool) -> str:
    """A cell, with the headings of the columns that it covers: on a phone they are not above it."""
    if not cell.nodes:
        return f"<td{_spans(cell)}></td>"
    wordings = [_worded(node.orientation, _words(node.orientation, is_corrected)) for node in cell.nodes]
    covered = escape(" · ".join(headings[cell.column : cell.column + cell.colspan]))
    return f'<td class="c{cell.column}" data-label="{covered}"{_spans(cell)}>{"".join(wordings)}</td>'


def _spans(cell: DocumentCell) -> str:
    wide = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
    return f'{wide} rowspan="{cell.rowspan}"' if cell.rowspan > 1 else wide


def _worded(orientation: Orientation, words: str) -> str:
    address, code = escape(orientation_address(orientation)), escape(orientation.code)
    return f'<div><a class="code" href="{address}">{code}</a> <span class="wording">{words}</span></div>'


def _words(orientation: Orientation, is_corrected: bool) -> str:
    return escape(orientation.display_title if is_corrected else f"{orientation.label} {orientation.title}".lstrip())


def _axis_words(orientation: Orientation, is_corrected: bool) -> str:
    if is_corrected:
        name = f"<b>{escape(orientation.badge)}. {escape(orientation.name)}</b>"
        return f"{name}{NBSP}: {escape(orientation.subtitle)}" if orientation.subtitle else name
    return (f"<b>{escape(orientation.label)}</b> " if orientation.label else "") + escape(orientation.title)


# --- the icicle -----------------------------------------------------------------------------------------------


def _icicle_of(branch: list[Node], glances: Glances, has_tooltips: bool, suffix: str) -> bytes:
    key = ("icicle", branch[0], tuple([glances[node.pk] for node in branch]), has_tooltips, suffix)
    return _written.get(key, lambda: "".join(_glance(branch[0], glances, has_tooltips, suffix)).encode())


def _glance(node: Node, glances: Glances, has_tooltips: bool, suffix: str) -> Iterator[str]:
    (band,) = document.bands([node], split=True)
    axis = node.orientation
    address = escape(orientation_address(axis))
    yield f'<tbody class="{hue(axis)}">\n'
    head = (
        f'<th class="axis-cell" scope="rowgroup" rowspan="{len(band.rows)}"><a href="{address}{escape(suffix)}">'
        f'<span class="who"><b><span class="hidden">Axe </span>{escape(axis.code)}</b> '
        f'<span class="name">{escape(axis.name)}</span></span>{_glanced(glances[node.pk])}</a></th>'
    )
    for row in band.rows:
        yield f"<tr>{head}{''.join([_square(cell, glances, has_tooltips, suffix) for cell in row])}</tr>\n"
        head = ""
    yield "</tbody>\n"


def _square(cell: DocumentCell, glances: Glances, has_tooltips: bool, suffix: str) -> str:
    if not cell.nodes:
        return f'<td{_spans(cell)} class="void"></td>'
    (node,) = cell.nodes
    orientation, glance = node.orientation, glances[node.pk]
    title = f' title="{escape(orientation.display_title)}"' if has_tooltips else ""
    address = escape(orientation_address(orientation) + suffix)
    return (
        f'<td{_spans(cell)} class="h{glance.step}"><a href="{address}"{title}>'
        f"{escape(orientation.code)} {_glanced(glance)}</a></td>"
    )


def _glanced(glance: Glanced) -> str:
    return f'<b>{escape(glance.words)}<span class="hidden"> {escape(glance.noun)}</span></b>'
