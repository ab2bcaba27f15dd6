"""The rows of the framework's page, an axis at a time: the outline with its counts, the document's table.

There are two for each orientation, and a template would take thirty times longer to write them. Whatever comes from
the database goes through ``escape``. An axis that has not changed, nor its counts, is not written again.
"""

from collections.abc import Iterator, Mapping
from html import escape
from itertools import pairwise
from typing import Protocol

from axes import document
from axes.addresses import orientation_address
from axes.choices import Level
from axes.document import Cell, Node
from axes.models import Orientation
from axes.templatetags.orientations import hue
from cohesion.lib.kept import Kept
from cohesion.lib.text import NBSP, count_phrase, number_fr

TWIST = (
    '<svg class="twist" viewBox="0 0 10 10" width="12" height="12" aria-hidden="true"><path d="M2 0l6 5-6 5z"/></svg>'
)


class Tally(Protocol):
    """How many projects serve an orientation, and its whole branch."""

    @property
    def direct(self) -> int: ...
    @property
    def branch(self) -> int: ...


Tallies = Mapping[int, Tally]
_written: Kept[bytes] = Kept(128)


def outline(nodes: list[Node], tallies: Tallies | None, closed: set[int]) -> list[bytes]:
    """The framework as nested details, axis by axis; ``closed`` holds the keys of the closed branches."""
    return [_outline_of(branch, tallies, closed) for branch in _axes(nodes)]


def table(nodes: list[Node], *, is_corrected: bool) -> list[bytes]:
    """The bodies of the document's table, axis by axis, in the adopted wording or in the corrected one."""

    return [_table_of(node, is_corrected) for node in nodes if node.parent is None]


def _axes(nodes: list[Node]) -> Iterator[list[Node]]:
    """Each axis, followed by all that is under it."""
    ends = [place for place, node in enumerate(nodes) if node.parent is None and place]
    for start, end in pairwise([0, *ends, len(nodes)] if nodes else []):
        yield nodes[start:end]


# --- the outline ----------------------------------------------------------------------------------------------


def _outline_of(branch: list[Node], tallies: Tallies | None, closed: set[int]) -> bytes:
    keys = [node.pk for node in branch]
    counts = tuple(tallies[key] for key in keys) if tallies is not None else None
    key = (branch[0], counts, frozenset(closed.intersection(keys)))
    return _written.get(key, lambda: _item(branch[0], hue(branch[0].orientation), tallies, closed).encode())


def _item(node: Node, shade: str, tallies: Tallies | None, closed: set[int]) -> str:
    one = node.orientation
    code, badge = escape(one.code), escape(one.badge)
    title = escape(one.name)
    kind = level = ""
    if one.level == Level.AXIS:
        kind = f' is-axis" id="axe-{code}'
        if one.subtitle:
            title += f" <small>{escape(one.subtitle)}</small>"
    else:
        level = f'<span class="level">{escape(one.level_label)}</span>'
        if one.level == Level.PRIORITY:
            kind = " is-priority"
    said = (
        f'<span><span class="top"><span class="code">{badge}</span>{level}</span> '
        f'<span class="wording">{title}</span></span>'
    )
    head = f'<li class="{shade}{kind}">{_count(node, badge, tallies)}'
    if not node.children:
        return f'{head}<div class="leaf"><span></span>{said}</div></li>\n'
    is_open = "" if node.pk in closed else " open"
    below = "".join([_item(child, shade, tallies, closed) for child in node.children])
    return (
        f'{head}<details data-code="{code}"{is_open}><summary>{TWIST}{said}</summary>'
        f'<ul class="outline">{below}</ul></details></li>\n'
    )


def _count(node: Node, badge: str, tallies: Tallies | None) -> str:
    """The link to the page of an orientation, which says how many projects serve it where they are counted."""
    address = escape(orientation_address(node.orientation))
    if tallies is None:
        return f'<a class="count" href="{address}">sa page<span class="hidden"> : {badge}</span></a>'
    tally = tallies[node.pk]
    if not node.children:
        how = "direct" if tally.direct < 2 else "directs"
    elif tally.direct:
        how = f'<span class="hidden">dans la branche, </span>dont {count_phrase(tally.direct, "direct")}'
    else:
        how = "branche"
    zero = "" if tally.branch else ' class="zero"'
    return (
        f'<a class="count" href="{address}#fait"><span class="hidden">{badge}, projets : </span>'
        f"<b{zero}>{number_fr(tally.branch)}</b> {how}</a>"
    )


# --- the table ------------------------------------------------------------------------------------------------


def _table_of(axis: Node, is_corrected: bool) -> bytes:
    return _written.get((axis, is_corrected), lambda: "".join(_band(axis, is_corrected)).encode())


def _band(node: Node, is_corrected: bool) -> Iterator[str]:
    (band,) = document.bands([node])
    axis = node.orientation
    yield f'<tbody class="{hue(axis)}">\n<tr><th class="band" colspan="4" scope="rowgroup">'
    yield f"{_worded(axis, _axis_words(axis, is_corrected))}</th></tr>\n"
    for row in band.rows:
        yield f"<tr>{''.join([_cell(cell, is_corrected) for cell in row])}</tr>\n"
    yield "</tbody>\n"


def _cell(cell: Cell, is_corrected: bool) -> str:
    wide = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
    high = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    said = [_worded(node.orientation, _words(node.orientation, is_corrected)) for node in cell.nodes]
    return f"<td{wide}{high}>{''.join(said)}</td>"


def _worded(one: Orientation, words: str) -> str:
    address = escape(orientation_address(one))
    return f'<div><a class="code" href="{address}">{escape(one.code)}</a> <span class="wording">{words}</span></div>'


def _words(one: Orientation, is_corrected: bool) -> str:
    return escape(one.display_title if is_corrected else f"{one.label} {one.title}".lstrip())


def _axis_words(one: Orientation, is_corrected: bool) -> str:
    if is_corrected:
        name = f"<b>{escape(one.badge)}. {escape(one.name)}</b>"
        return f"{name}{NBSP}: {escape(one.subtitle)}" if one.subtitle else name
    return (f"<b>{escape(one.label)}</b> " if one.label else "") + escape(one.title)
