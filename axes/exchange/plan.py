"""What a file would change in a framework. Nothing is written here.

Codes tell which row is which orientation. A column that the file lacks leaves what is there; an empty cell empties
it. Siblings take the order of the file; what is not in the file stays where it was, beside the same neighbour.
"""

from dataclasses import dataclass, field, replace
from typing import ClassVar

from axes import tree
from axes.exchange.checks import Checks
from axes.exchange.resource import ORIENTATIONS
from axes.exchange.state import OrientationState
from cohesion.imports.plan import MAX_SHOWN, UNCHANGED, Entry, Plan
from cohesion.lib.rising import longest_rising
from cohesion.lib.spreadsheets import Problem
from cohesion.lib.spreadsheets.headed import Reading, Row
from cohesion.lib.spreadsheets.mending import ALL, Why


@dataclass
class OrientationPlan(Plan):
    """The differences, and the tree that would result. An orientation may be both changed and moved."""

    kinds: ClassVar[tuple[str, ...]] = ("created", "changed", "moved", "missing", UNCHANGED)

    moved: list[Entry] = field(default_factory=list)
    missing: list[Entry] = field(default_factory=list)
    forest: list[tree.NewNode] = field(default_factory=list)

    @property
    def writes(self) -> bool:
        return super().writes or bool(self.moved)


def make(current: dict[str, OrientationState], reading: Reading) -> OrientationPlan:
    """Compare the rows of a file with the orientations of a framework (by code, in document order)."""
    problems = list(reading.problems)
    rows: dict[str, Row] = {}
    for row in reading.rows:
        code = row["code"]
        if code in rows:
            message = f"Ce code est déjà à la ligne {rows[code]['row']} : donnez un autre code à l’une des deux lignes."
            problems.append(Problem(message, row["row"], reading.places["code"], code))
        elif code is not None:
            rows[code] = row
    # The file's own order, then what it does not mention.
    final = {code: _final(row, current.get(code)) for code, row in rows.items()}
    final |= {code: state for code, state in current.items() if code not in rows}
    questions = _questions(current, rows, reading)
    problems += questions
    refused_cells = {(problem.row, problem.column) for problem in problems}
    has_unread_codes = any(row["code"] is None for row in reading.rows)
    has_unread_codes |= any(question.column == reading.places["code"] for question in questions)
    breaches = Checks(final, rows, reading.places, has_unread_codes).problems()
    problems += [breach for breach in breaches if (breach.row, breach.column) not in refused_cells]
    if problems:
        problems.sort(key=reading.in_order)
        return OrientationPlan(
            problems=problems, warnings=reading.warnings, remarks=list(reading.remarks), table=reading.table
        )
    warnings = [*reading.warnings, *_look_alikes(final, rows)]
    plan = OrientationPlan(warnings=warnings, remarks=list(reading.remarks), table=reading.table)
    siblings = _siblings(current, final, rows)
    plan.forest = _forest(final, siblings)
    _compare(plan, current, final, rows, siblings)
    return plan


def _questions(current: dict[str, OrientationState], rows: dict[str, Row], reading: Reading) -> list[Problem]:
    """What must be asked about the codes that a spreadsheet may have changed."""
    linked = current.keys() | rows.keys()
    asks = ALL - {Why.EXPONENT}  # « 1E5 » may well be the fifth challenge of the first axis
    return [
        *reading.questions("code", current.keys(), asks),
        *reading.questions("parent", linked, asks),
        *reading.questions("applies_to", linked, asks),
    ]


def _final(row: Row, old: OrientationState | None) -> OrientationState:
    values = {name: value for name, value in row.items() if name != "row"}
    if old is None:
        return OrientationState(**values)
    for name, value in values.items():
        if value is not None and ORIENTATIONS.by_attribute[name].widget.is_same(getattr(old, name), value):
            values[name] = getattr(old, name)
    return replace(old, **values)


def _look_alikes(final: dict[str, OrientationState], rows: dict[str, Row]) -> list[str]:
    seen: dict[str, str] = {}
    warnings = []
    for code in final:
        other = seen.setdefault(code.lower(), code)
        if other != code and (code in rows or other in rows):
            warnings.append(f"Les codes « {other} » et « {code} » ne diffèrent que par la casse : est-ce bien voulu ?")
    return warnings[:MAX_SHOWN]


def _siblings(
    current: dict[str, OrientationState], final: dict[str, OrientationState], rows: dict[str, Row]
) -> dict[str, list[str]]:
    """The children of each parent in their order to be; those of « » are the axes."""
    in_file: dict[str, list[str]] = {}
    for code in rows:
        in_file.setdefault(final[code].parent, []).append(code)
    # What the file does not mention follows the sibling that it followed.
    left: dict[str, str] = {}
    followers: dict[tuple[str, str], list[str]] = {}
    for code in current:
        parent = final[code].parent
        if code not in rows:
            followers.setdefault((parent, left.get(parent, "")), []).append(code)
        elif current[code].parent == parent:
            left[parent] = code
    for parent, _ in followers:
        in_file.setdefault(parent, [])
    siblings: dict[str, list[str]] = {}
    for parent, codes in in_file.items():
        siblings[parent] = list(followers.get((parent, ""), ()))
        for code in codes:
            siblings[parent] += [code, *followers.get((parent, code), ())]
    return siblings


def _forest(final: dict[str, OrientationState], siblings: dict[str, list[str]]) -> list[tree.NewNode]:
    nodes = {code: tree.NewNode(state.values, applies_to=list(state.applies_to or [])) for code, state in final.items()}
    for parent, codes in siblings.items():
        if parent:
            nodes[parent].children = [nodes[code] for code in codes]
    return [nodes[code] for code in siblings.get("", [])]


# --- the differences ------------------------------------------------------------------------------------------


def _compare(
    plan: OrientationPlan,
    current: dict[str, OrientationState],
    final: dict[str, OrientationState],
    rows: dict[str, Row],
    siblings: dict[str, list[str]],
) -> None:
    places = _reordered(current, rows, siblings)
    for code, row in rows.items():
        old, new = current.get(code), final[code]
        about = {"row": row["row"], "code": code, "title": new.title, "level": new.shown("level")}
        if old is None:
            plan.created.append(about | {"parent": new.parent})
            continue
        differences = _differences(old, new)
        if differences:
            plan.changed.append(about | {"fields": differences})
        if old.parent != new.parent:
            plan.moved.append(about | {"kind": "parent", "from": old.parent, "to": new.parent})
        elif code in places:
            plan.moved.append(about | {"kind": "order", "from": old.parent, "after": places[code]})
        elif not differences:
            plan.unchanged.append(about)
    for code, state in current.items():
        if code not in rows:
            plan.missing.append({"code": code, "title": state.title, "level": state.shown("level")})


def _differences(old: OrientationState, new: OrientationState) -> list[dict[str, str]]:
    return [
        {"field": column.header, "old": column.shown(old), "new": column.shown(new)}
        for name, column in ORIENTATIONS.compared.items()
        if getattr(old, name) != getattr(new, name)
    ]


def _reordered(
    current: dict[str, OrientationState],
    rows: dict[str, Row],
    siblings: dict[str, list[str]],
) -> dict[str, str]:
    """The fewest nodes whose move among their siblings explains the new order, each with the one before it."""
    before = {code: number for number, code in enumerate(current)}
    moves: dict[str, str] = {}
    for parent, codes in siblings.items():
        stay = [code for code in codes if code in rows and code in current and current[code].parent == parent]
        kept = longest_rising(stay, before.__getitem__)
        previous = dict(zip(codes, ["", *codes], strict=False))
        moves |= {code: previous[code] for code in stay if code not in kept}
    return moves
