"""Parents, merged cells and reasons, once the levels are known."""

from axes.levels import COLUMN_LEVELS, Level
from axes.reading.doubting import Entry, give_doubts
from axes.reading.model import Block, ProposedNode
from axes.reading.placing import parents
from axes.reading.reasons import reason

MERGED_RUN = 3  # objectives in a row with nothing under them, before what may concern them all
USUAL = 0.7
MERGED = "sans doute une cellule fusionnée, en regard de plusieurs objectifs"


def link(entries: list[Entry], original: list[Block], unit: str, firm: float) -> list[ProposedNode]:
    """The nodes in the order of the document, each with its parent, its reason, and its doubt below ``firm``."""
    nodes = [_node(entry, unit) for entry in entries]
    _give_parents(nodes)
    places = {id(entry.block): place for place, entry in enumerate(entries)}
    _merge_cells(entries, nodes, places, original)
    _give_parents(nodes)
    give_doubts(entries, nodes, firm)
    for entry, node in zip(entries, nodes, strict=True):
        if node.level is not None:
            parent = nodes[node.parent].level if node.parent is not None else None
            node.reason = reason(entry.block, node.level, parent, f"{unit} {node.line}")
            node.columns = _columns(entry.block, node.level)
    return nodes


def _node(entry: Entry, unit: str) -> ProposedNode:
    block, level = entry.block, entry.level
    if level is None:
        return ProposedNode(None, block.text, block.label, block.line, f"{block.aside} ; {unit} {block.line}")
    return ProposedNode(level, block.text, block.label, block.line, "", form=" ".join(block.family))


def _give_parents(nodes: list[ProposedNode]) -> None:
    for node, parent in zip(nodes, parents(nodes), strict=True):
        node.parent = parent


def _columns(block: Block, level: Level) -> list[str]:
    """The columns that a cell covers, in a table of as many columns as the framework's, or one more for its roots."""
    if block.column is None or block.span < 2 or block.width not in (len(COLUMN_LEVELS), len(COLUMN_LEVELS) + 1):
        return []
    shift = block.width - len(COLUMN_LEVELS)
    covered = [column.value for column in COLUMN_LEVELS[max(0, block.column - shift) :][: block.span]]
    return covered if level.value in covered else []


# --- merged cells ---------------------------------------------------------------------------------------------


def _merge_cells(
    entries: list[Entry], nodes: list[ProposedNode], places: dict[int, int], original: list[Block]
) -> None:
    """What stands beside several objectives concerns each of them."""
    for place, (entry, node) in enumerate(zip(entries, nodes, strict=True)):
        if node.level is None or not node.level.facts.is_closed:
            continue
        if entry.block.table:
            targets = [places[id(original[other])] for other in entry.block.beside if id(original[other]) in places]
        else:
            targets = _one_line_before(entries, nodes, place)
        targets = [
            other for other in targets if (level := nodes[other].level) is not None and level.rank < node.level.rank
        ]
        if len(targets) > 1:
            _concern(node, targets)
    _merge_runs(nodes)


def _concern(node: ProposedNode, targets: list[int]) -> None:
    node.applies_to = targets
    node.doubt = node.doubt or MERGED


def _one_line_before(entries: list[Entry], nodes: list[ProposedNode], place: int) -> list[int]:
    """The sentences of one line that stand right before, and are of one level."""
    last = place - 1
    if last < 0 or entries[last].block.pieces < 2 or nodes[last].level is None or nodes[place].parent != last:
        return []
    start = last - entries[last].block.piece
    same = [other for other in range(max(0, start), last + 1) if nodes[other].level == nodes[last].level]
    return same if len(same) > 1 else []


def _merge_runs(nodes: list[ProposedNode]) -> None:
    """Several objectives in a row with nothing under them, then what is closed under the last: it concerns them all,
    in a document where an objective usually has something under it."""
    children: dict[int, list[int]] = {}
    for place, node in enumerate(nodes):
        if node.parent is not None:
            children.setdefault(node.parent, []).append(place)
    for siblings in list(children.values()):
        level = nodes[siblings[0]].level
        if level is None or level.facts.is_closed or not _usually_bear(nodes, children, level, siblings):
            continue
        last = siblings[-1]
        run = [place for place in siblings if nodes[place].level == level]
        under = children.get(last, [])
        if len(run) >= MERGED_RUN and run == siblings and under and not any(children.get(place) for place in run[:-1]):
            for place in under:
                if (own := nodes[place].level) is not None and own.facts.is_closed and not nodes[place].applies_to:
                    _concern(nodes[place], run)


def _usually_bear(nodes: list[ProposedNode], children: dict[int, list[int]], level: Level, but: list[int]) -> bool:
    others = [place for place, node in enumerate(nodes) if node.level == level and place not in but]
    bearing = [place for place in others if children.get(place)]
    return bool(others) and len(bearing) >= USUAL * len(others)
