"""Orientations of a framework in preparation merged into one, or one split into several.

Each is first foreseen (:class:`OrientationMerge`, :class:`OrientationSplit`: nothing is written), then done if what was
foreseen is still true. A framework that is in force is not reshaped: its next version is.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import ValidationError

from axes import hanging, tree
from axes.adoption import descend, lineage, undo_descent
from axes.hanging import Burden
from axes.models import Framework, Orientation
from axes.preparing.notes import pass_notes
from cohesion.audit import AuditKind, record
from cohesion.lib.people import Person
from cohesion.lib.text import NBSP
from cohesion.together.states import ChangedMeanwhile, State

MOST_PARTS = 6
PROSE = ("context", "description")
CHANGED = (
    "Le cadre, ou ce qui y est rattaché, a changé depuis que vous avez lu cette page : rien n’a été fait. Relisez."
)


def refusal(framework: Framework) -> str:
    """Why no orientation of this framework is merged or split; nothing when they may be."""
    if framework.is_draft:
        return ""
    state = framework.get_status_display().lower()
    return (
        f"Ce cadre est {state}{NBSP}: on n’y fusionne ni n’y scinde rien, car des projets et des délibérations citent "
        "ses orientations. Préparez la version suivante, et faites-le là."
    )


def _signed(orientation: Orientation, by: Person, reason: str) -> Orientation:
    orientation._history_user = by
    orientation._change_reason = reason[: tree.REASON_LENGTH]
    return orientation


def _nodes_of(keys: Iterable[int]) -> dict[int, Orientation]:
    nodes = Orientation.objects.filter(pk__in=list(keys)).select_related("framework", "parent")
    return {node.pk: node for node in nodes.in_order()}


def _stands_under(node: Orientation, above: Orientation) -> bool:
    return node.tree_id == above.tree_id and above.lft < node.lft and node.rght < above.rght


def _state(nodes: Iterable[Orientation], burden: Burden) -> State:
    versions = {str(node.pk): f"{node.version}.{node.parent_id}" for node in nodes}
    return {**versions, "hanging": burden.mark}


# --- several into one -----------------------------------------------------------------------------------------------


class OrientationMerge:
    """What becomes of some orientations, of what stands under them and hangs on them, when another takes them in."""

    def __init__(self, kept: Orientation, merged: Sequence[Orientation]) -> None:
        self.kept, self.merged = kept, list(merged)

    @cached_property
    def keys(self) -> set[int]:
        return {node.pk for node in self.merged}

    @cached_property
    def children(self) -> list[Orientation]:
        """What comes to stand under the one that is kept, in the order of the document."""
        own = Orientation.objects.filter(parent__in=self.keys).exclude(pk__in=self.keys)
        return list(own.select_related("parent").in_order())

    @cached_property
    def cells(self) -> list[Orientation]:
        """The merged cells that concern one of those that disappear."""
        return list(Orientation.objects.filter(applies_to__in=self.keys).distinct().in_order())

    @cached_property
    def burden(self) -> Burden:
        return hanging.burden([self.kept, *self.merged])

    @property
    def refusal(self) -> str:
        """Why they are not merged; nothing when they may be."""
        if sentence := refusal(self.kept.framework):
            return sentence
        if not self.merged:
            return "Choisissez au moins une orientation à fusionner avec elle."
        if self.kept.pk in self.keys or any(node.framework_id != self.kept.framework_id for node in self.merged):
            return "On fusionne des orientations différentes d’un même cadre."
        for node in self.merged:
            if _stands_under(self.kept, node):
                return (
                    f"{self.kept.badge} se trouve sous {node.badge}{NBSP}: c’est {node.badge} qu’il faut garder, et "
                    f"{self.kept.badge} qui s’y fond."
                )
        for child in self.children:
            if misplaced := tree.placement_error(child, self.kept):
                return f"{child.code}{NBSP}: {misplaced}"
        return ""

    @property
    def state(self) -> State:
        nodes = [self.kept, *self.merged, *self.children, *self.cells]
        return _state(nodes, self.burden)


def merging(kept: int, merged: Iterable[int]) -> OrientationMerge | None:
    """The merging of these orientations, by their keys, as they are now; None when the one to keep is gone."""
    keys = list(merged)
    nodes = _nodes_of([kept, *keys])
    if kept not in nodes:
        return None
    return OrientationMerge(nodes[kept], [node for pk, node in nodes.items() if pk in keys])


def merge(
    *, kept: int, merged: Sequence[int], title: str, by: Person, reason: str = "", seen: State | None = None
) -> Orientation:
    """Let an orientation, by its key, take in others: what stands under them, their merged cells, what hangs on them.

    ``title`` is its wording from then on; ``seen`` what was foreseen (None announces nothing).

    Raises:
        ValidationError: they are not merged (:attr:`OrientationMerge.refusal`), a rule is broken, or something changed
            meanwhile.
    """
    with tree.locked():
        plan = merging(kept, merged)
        if plan is None or len(plan.merged) != len(set(merged)) or (seen is not None and seen != plan.state):
            raise ChangedMeanwhile(CHANGED)
        if sentence := plan.refusal:
            raise ValidationError(sentence)
        codes = [node.code for node in plan.merged]
        why = reason.strip() or f"Fusion de {', '.join([plan.kept.code, *codes])}"
        cells = [(cell, list(cell.applies_to.all())) for cell in plan.cells]
        for child in plan.children:
            Orientation.objects.move_node(_signed(child, by, why), plan.kept, "last-child")
        _reword(plan, title, by, why)
        _pass_cells(plan, cells, by, why)
        _pass_descents(plan, by, why)
        pass_notes(plan.keys, plan.kept)
        hanging.follow({node.pk: plan.kept for node in plan.merged}, by, why)
        for node in sorted(plan.merged, key=lambda node: -node.depth):
            _signed(Orientation.objects.get(pk=node.pk), by, why).delete()
        record(
            AuditKind.TREE_MERGE, on=plan.kept, by=by, before={"orientations": codes}, after={"code": plan.kept.code}
        )
        return plan.kept


def _reword(plan: OrientationMerge, title: str, by: Person, reason: str) -> None:
    """Give the one that is kept its wording, and the longer texts of those that it takes in, after its own."""
    kept = plan.kept = Orientation.objects.select_related("framework").get(pk=plan.kept.pk)
    before = [getattr(kept, name) for name in ("title", *PROSE)]
    kept.reword(title or kept.title)
    for name in PROSE:
        texts = [getattr(node, name).strip() for node in (kept, *plan.merged)]
        setattr(kept, name, "\n\n".join(dict.fromkeys(text for text in texts if text)))
    if before != [getattr(kept, name) for name in ("title", *PROSE)]:
        _signed(kept, by, reason).save()


def _pass_cells(
    plan: OrientationMerge, cells: list[tuple[Orientation, list[Orientation]]], by: Person, reason: str
) -> None:
    """What concerned one of those that disappear concerns the one that is kept, and the other way round."""
    for cell, targets in cells:
        if cell.pk in plan.keys or cell.pk == plan.kept.pk:
            continue
        left = [target for target in targets if target.pk not in plan.keys]
        if tree.applies_to_error(cell, plan.kept) is None:
            left.append(plan.kept)
        current = Orientation.objects.get(pk=cell.pk)
        is_alone = {target.pk for target in left} <= {current.parent_id}
        _signed(current, by, reason).applies_to.set([] if is_alone else left)
    own = Orientation.objects.filter(merged_priorities__in=plan.keys).exclude(pk__in={*plan.keys, plan.kept.pk})
    targets = [target for target in own.distinct() if tree.applies_to_error(plan.kept, target) is None]
    if targets:
        _signed(plan.kept, by, reason).applies_to.add(*targets)


def _pass_descents(plan: OrientationMerge, by: Person, reason: str) -> None:
    """What became one of those that disappear becomes the one that is kept."""
    for former, became in _became(plan.kept.framework, plan.keys).items():
        left = [key for key in became if key not in plan.keys]
        _say_descent(former, [*left, plan.kept.pk], plan.kept.framework, by, reason)


def _became(framework: Framework, keys: Collection[int]) -> dict[int, tuple[int, ...]]:
    """The keys of what each orientation in force became in a framework in preparation, where it is among these."""
    former = Framework.objects.before(framework).first()
    if former is None:
        return {}
    return {pk: became for pk, became in lineage(former, framework).items() if not set(keys).isdisjoint(became)}


def _say_descent(former: int, keys: Iterable[int], framework: Framework, by: Person, note: str) -> None:
    """Say what a former orientation became; its own self, under the same ``uid``, is not said."""
    node = Orientation.objects.get(pk=former)
    others = [other for other in _nodes_of(keys).values() if other.uid != node.uid]
    if others:
        descend(former=node, successors=others, framework=framework, by=by, note=note[: tree.REASON_LENGTH])
    else:
        undo_descent(former=node, framework=framework, by=by)


# --- one into several -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SplitPart:
    """What a split orientation becomes: its code, its wording, and the keys of what comes to stand under it."""

    code: str
    title: str
    children: tuple[int, ...] = ()


class OrientationSplit:
    """What becomes of an orientation that is split; the first part is itself: it keeps its identity and its texts."""

    def __init__(self, orientation: Orientation) -> None:
        self.orientation = orientation

    @cached_property
    def children(self) -> list[Orientation]:
        return list(Orientation.objects.filter(parent=self.orientation).in_order())

    @cached_property
    def cells(self) -> list[Orientation]:
        """The merged cells that concern it: they shall concern every part."""
        return list(self.orientation.merged_priorities.in_order())

    @cached_property
    def burden(self) -> Burden:
        return hanging.burden([self.orientation])

    @property
    def refusal(self) -> str:
        return refusal(self.orientation.framework)

    @property
    def state(self) -> State:
        return _state([self.orientation, *self.children, *self.cells], self.burden)

    def check(self, parts: Sequence[SplitPart]) -> None:
        """
        Raises:
            ValidationError: they are too few or too many, or two of them say the same.
        """
        if not 2 <= len(parts) <= MOST_PARTS:
            raise ValidationError(f"On scinde une orientation en deux à {MOST_PARTS} parties.")
        if len({part.code for part in parts}) < len(parts):
            raise ValidationError("Deux parties portent le même code : donnez-en un à chacune.")
        if len({part.title.strip() for part in parts}) < len(parts):
            raise ValidationError("Deux parties ont le même texte : dites ce que chacune recouvre.")
        placed = [pk for part in parts[1:] for pk in part.children]
        if len(set(placed)) < len(placed) or not {child.pk for child in self.children}.issuperset(placed):
            raise ChangedMeanwhile(CHANGED)


def splitting(key: int) -> OrientationSplit | None:
    """The splitting of an orientation, by its key, as it is now; None when it is gone."""
    node = _nodes_of([key]).get(key)
    return OrientationSplit(node) if node else None


def split(
    *, orientation: int, parts: Sequence[SplitPart], by: Person, reason: str = "", seen: State | None = None
) -> list[Orientation]:
    """Make several orientations of one, by its key: the first part is itself, the others stand right after it.

    What stands under it goes to the part that names it, or stays; the merged cells that concern it concern every part;
    what hangs on it stays on the first. ``seen`` as for :func:`merge`. Returns the parts, in order.

    Raises:
        ValidationError: its framework is not in preparation, a rule is broken, or something changed meanwhile.
    """
    with tree.locked():
        plan = splitting(orientation)
        if plan is None or (seen is not None and seen != plan.state):
            raise ChangedMeanwhile(CHANGED)
        if plan.refusal:
            raise ValidationError(plan.refusal)
        plan.check(parts)
        first, before = plan.orientation, {"code": plan.orientation.code, "texte": plan.orientation.title}
        why = reason.strip() or f"{first.code} scindée en {', '.join(part.code for part in parts)}"
        targets = list(first.applies_to.all())
        _as_part(first, parts[0], by, why)
        made = [first, *_others(first, parts[1:], by, why)]
        for former, became in _became(first.framework, [first.pk]).items():
            _say_descent(former, [*became, *(node.pk for node in made)], first.framework, by, why)
        for part, node in zip(parts[1:], made[1:], strict=True):
            _fill(part, node, targets, plan.cells, by, why)
        record(
            AuditKind.TREE_SPLIT, on=first, by=by, before=before, after={"orientations": [node.code for node in made]}
        )
        return made


def _as_part(first: Orientation, part: SplitPart, by: Person, reason: str) -> None:
    if (first.code, first.title) == (part.code, part.title.strip()):
        return
    first.reword(part.title)
    first.code = part.code
    _signed(first, by, reason).save()


def _others(first: Orientation, parts: Sequence[SplitPart], by: Person, reason: str) -> Iterator[Orientation]:
    """New orientations beside the first, each right after the one before."""
    before = first
    for part in parts:
        node = Orientation(
            framework=first.framework,
            parent=first.parent,
            level=first.level,
            code=part.code,
            title=part.title.strip(),
            columns=first.columns,
            priority_type=first.priority_type,
        )
        _signed(node, by, reason).save()
        Orientation.objects.move_node(_signed(node, by, reason), before, "right")
        before = node
        yield node


def _fill(
    part: SplitPart, node: Orientation, targets: list[Orientation], cells: list[Orientation], by: Person, reason: str
) -> None:
    """What stands under a part, what it applies to, and the merged cells that concern it."""
    children = Orientation.objects.filter(pk__in=part.children)
    for child in children.in_order():
        Orientation.objects.move_node(_signed(child, by, reason), node, "last-child")
    if targets:
        _signed(node, by, reason).applies_to.set(targets)
    for cell in cells:
        _signed(Orientation.objects.get(pk=cell.pk), by, reason).applies_to.add(node)
