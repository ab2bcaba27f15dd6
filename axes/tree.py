"""The one module that writes the tree.

A nested set breaks silently when two writers compute positions from what each read before the other wrote.
So every write here takes one lock first, re-reads the nodes under it, checks the rules, then writes and
raises the framework's revision, all in one transaction. The lock is one for all frameworks, since the trees
of all share one sequence of ``tree_id``. On PostgreSQL it is an advisory lock; on SQLite the transaction
itself (``transaction_mode: IMMEDIATE``) lets one writer in at a time.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import connections, models, transaction
from django.db.models import F
from django.db.models.signals import pre_save
from django.utils import timezone
from mptt.exceptions import InvalidMove
from mptt.managers import TreeManager
from mptt.querysets import TreeQuerySet

from axes.choices import Level

if TYPE_CHECKING:
    from axes.models import Framework, Orientation

# An arbitrary number that only this lock uses (PostgreSQL knows advisory locks by number).
ADVISORY_LOCK = 0x0C57_7EEE
POSITIONS = {"first-child", "last-child", "left", "right"}
REASON_NEEDED = "Ce cadre est verrouillé : indiquez le motif de la modification, il sera conservé dans l’historique."

_writing: ContextVar[bool] = ContextVar("axes_tree_writing", default=False)


class Conflict(ValidationError):
    """Somebody changed the node since it was read. ``current`` is the node as it is now."""

    def __init__(self, current: "Orientation") -> None:
        self.current = current
        super().__init__(
            f"L’orientation {current.code} a été modifiée entre-temps par quelqu’un d’autre : "
            "relisez-la avant d’enregistrer.",
            code="conflict",
        )


@contextmanager
def locked(using: str = "default") -> Iterator[None]:
    """A transaction in which nobody else writes the tree. What was read before must be read again inside."""
    with transaction.atomic(using=using):
        connection = connections[using]
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])
        token = _writing.set(True)
        try:
            yield
        finally:
            _writing.reset(token)


def touch(framework_id: int, using: str = "default") -> None:
    """Raise the framework's revision: all that was kept under the former one is out of date."""
    from axes.models import Framework

    Framework.objects.using(using).filter(pk=framework_id).update(revision=F("revision") + 1, updated_at=timezone.now())


# --- rules ------------------------------------------------------------------------------------------------


def placement_error(node: "Orientation", parent: "Orientation | None") -> str | None:
    """Say in one sentence why ``node`` may not stand under ``parent`` (None: as a root), or None if it may."""
    level = Level(node.level)
    if parent is None:
        if level is Level.AXIS:
            return None
        return f"{_capital(level.noun)} se place sous une autre orientation : choisissez {_one_of(level.above)}."
    if level is Level.AXIS:
        return "Un axe ne se place sous aucune autre orientation."
    if parent.framework_id != node.framework_id:
        return "Une orientation ne se place pas sous une orientation d’un autre cadre."
    if node.pk is not None and parent.pk == node.pk:
        return "Une orientation ne se place pas sous elle-même."
    if Level(parent.level).rank >= level.rank:
        return (
            f"{_capital(level.noun)} ne se place pas sous {Level(parent.level).noun} ({parent.code}) : "
            f"choisissez {_one_of(level.above)}."
        )
    return None


def children_error(node: "Orientation") -> str | None:
    """Say why the node's present children may not stay under its level, or None if they may."""
    level = Level(node.level)
    wrong = [
        child for child in type(node)._base_manager.filter(parent_id=node.pk) if Level(child.level).rank <= level.rank
    ]
    if not wrong:
        return None
    codes = ", ".join(sorted(child.code for child in wrong))
    return f"{_capital(level.noun)} ne peut pas contenir ce qui s’y trouve déjà ({codes}) : déplacez-le d’abord."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _one_of(levels: list[Level]) -> str:
    nouns = [level.noun for level in levels]
    return nouns[0] if len(nouns) == 1 else f"{', '.join(nouns[:-1])} ou {nouns[-1]}"


def _check_reason(node: "Orientation", using: str) -> None:
    from axes.models import Framework

    framework = Framework.objects.using(using).get(pk=node.framework_id)
    if framework.asks_reason and not (getattr(node, "_change_reason", None) or "").strip():
        raise ValidationError(REASON_NEEDED, code="reason_needed")


# --- guarded doors ----------------------------------------------------------------------------------------


class GuardedQuerySet(TreeQuerySet):
    """A queryset whose bulk writes cannot break the tree: they are refused outside this module."""

    STRUCTURE = frozenset(
        {"parent", "parent_id", "lft", "rght", "tree_id", "depth", "level", "framework", "framework_id"}
    )

    def update(self, **kwargs: Any) -> int:
        if not _writing.get() and self.STRUCTURE & kwargs.keys():
            raise InvalidMove("update() ne déplace pas une orientation : utilisez axes.actions.")
        return super().update(**kwargs)

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        if not _writing.get():
            raise InvalidMove("bulk_create() ne crée pas d’orientations : utilisez axes.tree.load.")
        return super().bulk_create(objs, *args, **kwargs)

    bulk_create.alters_data = True  # type: ignore[attr-defined]

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], *args: Any, **kwargs: Any) -> int:
        fields = list(fields)
        if not _writing.get() and self.STRUCTURE & set(fields):
            raise InvalidMove("bulk_update() ne déplace pas une orientation : utilisez axes.actions.")
        return super().bulk_update(objs, fields, *args, **kwargs)

    bulk_update.alters_data = True  # type: ignore[attr-defined]

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete the nodes one by one, deepest first, so that the tree closes behind each."""
        counts: dict[str, int] = {}
        with locked(self.db):
            for node in self.order_by("tree_id", "-lft"):
                for label, number in node.delete()[1].items():
                    counts[label] = counts.get(label, 0) + number
        return sum(counts.values()), counts

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class GuardedManager(TreeManager):
    """mptt's manager, whose moves and insertions are serialised and hold the rules of the levels."""

    def move_node(self, node: "Orientation", target: "Orientation | None", position: str = "last-child") -> None:
        """Move ``node`` beside (``left``, ``right``) or under (``first-child``, ``last-child``) ``target``.

        Raises:
            InvalidMove: with the French sentence that says what is wrong; nothing is moved then.
        """
        using = node._state.db or self.db
        if position not in POSITIONS:
            raise InvalidMove("Position inconnue : avant, après ou sous une orientation.")
        with locked(using):
            try:
                self._refresh_tree_fields(node, include_parent=True)
                node.refresh_from_db(using=using, fields=["framework", "level", "code"])
                if target is not None:
                    target = self.using(using).select_related("parent").get(pk=target.pk)
            except self.model.DoesNotExist:
                raise InvalidMove("L’orientation a été supprimée entre-temps : rechargez la page.") from None
            if target is not None and target.pk == node.pk:
                raise InvalidMove("Une orientation ne se place pas par rapport à elle-même.")
            parent = target if target is None or position.endswith("child") else target.parent
            if target is not None and parent is None and target.framework_id != node.framework_id:
                raise InvalidMove("Une orientation ne se déplace pas dans un autre cadre.")
            if sentence := placement_error(node, parent):
                raise InvalidMove(sentence)
            try:
                _check_reason(node, using)
            except ValidationError as error:
                raise InvalidMove(error.messages[0]) from None
            if target is None:
                if (target := self._last_root(node, using)) is None:
                    return
                position = "right"
            self._move_node(node, target, position=position)
            # The history is written by the save; mptt's own save has nothing left to do.
            models.Model.save(node, using=using, update_fields=["parent", "updated_at"])
            touch(node.framework_id, using)

    def insert_node(
        self, node: "Orientation", target: "Orientation | None", *args: Any, **kwargs: Any
    ) -> "Orientation":
        """mptt's insertion; only :func:`save` may call it, for a position read without the lock is worth nothing."""
        if not _writing.get():
            raise InvalidMove("Une orientation s’insère par save() ou par axes.actions, jamais à part.")
        return super().insert_node(node, target, *args, **kwargs)

    def _last_root(self, node: "Orientation", using: str) -> "Orientation | None":
        roots = self.using(using).filter(framework_id=node.framework_id, parent=None).exclude(pk=node.pk)
        return roots.order_by("tree_id").last()

    def rebuild(self, *args: Any, **kwargs: Any) -> None:
        raise InvalidMove("rebuild() ignore le verrou : utilisez « manage.py check_tree --repair ».")

    partial_rebuild = rebuild

    @contextmanager
    def disable_mptt_updates(self) -> Iterator[None]:
        raise InvalidMove("L’arbre des orientations ne s’écrit que par axes.tree.")
        yield

    delay_mptt_updates = disable_mptt_updates


def save(node: "Orientation", write: Callable[..., None], *args: Any, **kwargs: Any) -> None:
    """Write one node under the lock: re-read its place, check it, save it, record it.

    A parent that the caller did not change is taken as it stands now in the database, so that a colleague's
    move is not undone by saving a wording. ``write`` is the model's own save.
    """
    using = kwargs.get("using") or node._state.db or "default"
    manager = type(node)._tree_manager
    with locked(using):
        current = manager.using(using).filter(pk=node.pk).first() if node.pk else None
        if current is not None or not node._state.adding:
            if current is None:
                raise ValidationError("Cette orientation a été supprimée entre-temps.", code="deleted")
            if current.version != node.version:
                raise Conflict(current)
            if node.parent_id == node._mptt_cached_fields["parent"]:
                node.parent = current.parent
            for name in ("lft", "rght", "tree_id", "depth"):
                setattr(node, name, getattr(current, name))
            node._mptt_cached_fields["parent"] = current.parent_id
            if current.framework_id != node.framework_id:
                raise ValidationError({"framework": "Une orientation ne change pas de cadre."})
            node._state.adding = False  # a past state from the history believes that it is new
            node.version += 1
        else:
            node.lft = node.rght = node.tree_id = node.depth = None
            if node.parent_id:
                node.parent = manager.using(using).filter(pk=node.parent_id).first()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "version", "updated_at"}
        try:
            node.full_clean()
            _check_reason(node, using)
            write(*args, **kwargs)
        except BaseException:
            if not node._state.adding:
                node.version -= 1
            raise
        touch(node.framework_id, using)


def delete(node: "Orientation", write: Callable[..., tuple[int, dict[str, int]]], *args: Any, **kwargs: Any) -> Any:
    """Delete one node and its branch under the lock."""
    using = kwargs.get("using") or node._state.db or "default"
    with locked(using):
        if not type(node)._base_manager.using(using).filter(pk=node.pk).exists():
            return 0, {}
        node.refresh_from_db(using=using, fields=["parent", "framework"])
        _check_reason(node, using)
        deleted = write(*args, **kwargs)
        touch(node.framework_id, using)
        return deleted


def refuse_raw_load(sender: type, instance: Any, raw: bool, **kwargs: Any) -> None:
    """``loaddata`` would write stale ``lft`` and ``rght`` past every rule."""
    if raw and sender.__name__ == "Orientation":
        raise InvalidMove("loaddata ne charge pas d’orientations : utilisez « manage.py import_orientations ».")


pre_save.connect(refuse_raw_load, dispatch_uid="axes.tree.refuse_raw_load")


# --- whole frameworks -------------------------------------------------------------------------------------


@dataclass
class Node:
    """A node to load: the model's own values, and its children in order."""

    values: dict[str, Any]
    children: "list[Node]" = field(default_factory=list)
    applies_to: list[str] = field(default_factory=list)


def load(framework: "Framework", roots: list[Node], *, by: Any = None, reason: str = "") -> "list[Orientation]":
    """Fill an empty framework with a whole tree at once, in a constant number of queries a thousand nodes.

    Positions are computed here, and every rule of one node is checked before anything is written.

    Raises:
        ValidationError: the framework has orientations already, or a node breaks a rule.
    """
    from simple_history.utils import bulk_create_with_history

    from axes.models import Orientation

    with locked():
        if framework.orientations.exists():
            raise ValidationError("Ce cadre a déjà des orientations.")
        next_tree = (Orientation.objects.aggregate(last=models.Max("tree_id"))["last"] or 0) + 1
        nodes: list[Orientation] = []
        applies_to: list[tuple[str, list[str]]] = []

        def place(source: Node, parent: "Orientation | None", tree_id: int, left: int) -> int:
            node = Orientation(framework=framework, parent=parent, **source.values)
            node.tree_id, node.lft, node.depth = tree_id, left, 0 if parent is None else parent.depth + 1
            nodes.append(node)
            applies_to.append((node.code, source.applies_to))
            cursor = left + 1
            for child in source.children:
                cursor = place(child, node, tree_id, cursor)
            node.rght = cursor
            return cursor + 1

        for number, root in enumerate(roots):
            place(root, None, next_tree + number, 1)
        _check_new(nodes)
        # Parents are written before their children, one depth at a time, so that each has its key.
        for depth in sorted({node.depth for node in nodes}):
            level = [node for node in nodes if node.depth == depth]
            for node in level:
                node.parent_id = node.parent.pk if node.parent else None
            bulk_create_with_history(
                level, Orientation, batch_size=500, default_user=by, default_change_reason=reason or None
            )
        by_code = {node.code: node for node in Orientation.objects.filter(framework=framework)}
        links = [
            Orientation.applies_to.through(from_orientation_id=by_code[code].pk, to_orientation_id=by_code[target].pk)
            for code, targets in applies_to
            for target in targets
        ]
        Orientation.applies_to.through._base_manager.bulk_create(links, batch_size=500)
        touch(framework.pk)
    return nodes


def _check_new(nodes: "list[Orientation]") -> None:
    """The rules of :meth:`Orientation.clean`, for nodes that are not in the database yet."""
    seen: set[str] = set()
    for node in nodes:
        try:
            node.clean_fields(exclude=["parent", "framework"])
            if node.code in seen:
                raise ValidationError(f"Le code « {node.code} » est utilisé deux fois.")
            if sentence := placement_error(node, node.parent):
                raise ValidationError(sentence)
            if node.priority_type and node.level != Level.PRIORITY:
                raise ValidationError("Seule une priorité a un type de priorité.")
            if sentence := node._columns_error():
                raise ValidationError(sentence)
        except ValidationError as error:
            raise ValidationError([f"{node.code} : {message}" for message in error.messages]) from error
        seen.add(node.code)


def copy(source: "Framework", into: "Framework", *, by: Any = None) -> None:
    """Copy the whole tree of ``source`` into the empty ``into``, each node keeping its ``uid``."""
    nodes = list(source.orientations.order_by("tree_id", "lft").prefetch_related("applies_to"))
    names = (
        "code",
        "level",
        "label",
        "title",
        "corrected_title",
        "columns",
        "priority_type",
        "source_line",
        "uid",
    )
    copies: dict[int, Node] = {}
    roots: list[Node] = []
    for node in nodes:
        twin = Node({name: getattr(node, name) for name in names}, applies_to=[n.code for n in node.applies_to.all()])
        copies[node.pk] = twin
        (copies[node.parent_id].children if node.parent_id else roots).append(twin)
    load(into, roots, by=by, reason=f"Copié du cadre « {source.name} »"[:200])


def recode(framework: "Framework", codes: dict[int, str], *, by: Any = None, reason: str = "") -> None:
    """Give new codes to the orientations whose keys are given, all at once.

    Raises:
        ValidationError: two orientations would bear the same code, or the framework asks for a reason.
    """
    from simple_history.utils import bulk_update_with_history

    from axes.models import Orientation

    with locked():
        nodes = list(Orientation.objects.filter(framework=framework))
        final = [codes.get(node.pk, node.code) for node in nodes]
        if len(set(final)) != len(final):
            raise ValidationError("Deux orientations porteraient le même code : rechargez la page et recommencez.")
        changed = [node for node in nodes if codes.get(node.pk, node.code) != node.code]
        if not changed:
            return
        changed[0]._change_reason = reason
        _check_reason(changed[0], "default")
        # Through a code that nobody can type, since « 1.1 » may become « 1.2 » while « 1.2 » still stands.
        for node in changed:
            node.code = f"~{uuid.uuid4().hex[:18]}"
        Orientation.objects.bulk_update(changed, ["code"], batch_size=500)
        for node in changed:
            node.code = codes[node.pk]
            node.version += 1
            node.clean_fields(exclude=["parent", "framework"])
        bulk_update_with_history(
            changed,
            Orientation,
            ["code", "version"],
            batch_size=500,
            default_user=by,
            default_change_reason=reason or None,
        )
        touch(framework.pk)


# --- checking and mending ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Problem:
    """What is wrong with the tree, where, and whether :func:`repair` can mend it."""

    code: str
    sentence: str
    mendable: bool = True


def check(using: str = "default") -> list[Problem]:
    """Verify every invariant of every tree, against the nodes' own parents. Reads all, writes nothing."""
    from axes.models import Orientation

    problems: list[Problem] = []
    nodes = {node.pk: node for node in Orientation._base_manager.using(using).order_by("tree_id", "lft", "pk")}
    where = {pk: f"{node.code} (cadre {node.framework_id}, n° {pk})" for pk, node in nodes.items()}

    lost = _unreachable(nodes)
    for pk in sorted(lost):
        problems.append(Problem("cycle", f"{where[pk]} : ses parents successifs ne mènent à aucun axe."))
    for pk, node in nodes.items():
        parent = nodes.get(node.parent_id) if node.parent_id else None
        if node.parent_id and parent is None:
            problems.append(Problem("orphan", f"{where[pk]} : son parent (n° {node.parent_id}) n’existe pas."))
        elif pk not in lost and (sentence := placement_error(node, parent)):
            problems.append(Problem("level", f"{where[pk]} : {sentence}"))
    for node, expected in _expected_positions(nodes, lost):
        if (node.tree_id, node.lft, node.rght, node.depth) != expected:
            problems.append(
                Problem(
                    "position",
                    f"{where[node.pk]} : position (arbre {node.tree_id}, {node.lft}-{node.rght}, profondeur {node.depth}) "
                    f"au lieu de (arbre {expected[0]}, {expected[1]}-{expected[2]}, profondeur {expected[3]}).",
                )
            )
    codes: dict[tuple[int, str], int] = {}
    for pk, node in nodes.items():
        if codes.setdefault((node.framework_id, node.code), pk) != pk:
            problems.append(Problem("code", f"{where[pk]} : ce code est porté deux fois.", mendable=False))
        if sentence := node._columns_error():
            problems.append(Problem("columns", f"{where[pk]} : {sentence}"))
    for source, target in Orientation.applies_to.through._base_manager.using(using).values_list(
        "from_orientation_id", "to_orientation_id"
    ):
        if sentence := applies_to_error(nodes[source], nodes[target]):
            problems.append(Problem("applies_to", f"{where[source]} : {sentence}"))
    return problems


def applies_to_error(node: "Orientation", target: "Orientation") -> str | None:
    """Say why a merged cell may not concern ``target``, or None if it may."""
    if node.framework_id != target.framework_id:
        return f"elle s’applique à {target.code}, qui est d’un autre cadre."
    if Level(target.level).rank >= Level(node.level).rank:
        return f"elle ne peut s’appliquer qu’à des orientations de niveau plus large, et {target.code} est {Level(target.level).noun}."
    return None


def _unreachable(nodes: "dict[int, Orientation]") -> set[int]:
    """Keys of the nodes whose parents lead round in a circle or nowhere."""
    state: dict[int, bool] = {}
    for start in nodes:
        path: list[int] = []
        pk: int | None = start
        while pk is not None and pk not in state and pk not in path:
            path.append(pk)
            pk = nodes[pk].parent_id if pk in nodes else None
            if pk is not None and pk not in nodes:
                break
        reaches = pk is None or state.get(pk, False)
        state.update(dict.fromkeys(path, reaches))
    return {pk for pk, reaches in state.items() if not reaches}


def _expected_positions(
    nodes: "dict[int, Orientation]", lost: set[int]
) -> "Iterator[tuple[Orientation, tuple[int, int, int, int]]]":
    """Each reachable node with the position that its parents give it, siblings in their present order.

    A tree keeps its ``tree_id``, unless another tree has taken it.
    """
    children: dict[int | None, list[Orientation]] = {}
    for pk, node in nodes.items():
        if pk not in lost:
            children.setdefault(node.parent_id, []).append(node)
    taken: set[int] = set()
    spare = max((node.tree_id for node in nodes.values()), default=0)
    for root in children.get(None, []):
        tree_id = root.tree_id
        if tree_id in taken:
            spare += 1
            tree_id = spare
        taken.add(tree_id)
        cursor = 0
        opened: dict[int, tuple[int, int]] = {}
        stack: list[tuple[Orientation, int, bool]] = [(root, 0, False)]
        while stack:
            node, depth, done = stack.pop()
            cursor += 1
            if done:
                left, level = opened.pop(node.pk)
                yield node, (tree_id, left, cursor, level)
                continue
            opened[node.pk] = (cursor, depth)
            stack.append((node, depth, True))
            stack.extend((child, depth + 1, False) for child in reversed(children.get(node.pk, [])))


def repair(using: str = "default", *, by: Any = None) -> int:
    """Mend what can be mended, and return the number of nodes written.

    Positions follow from the parents. A node whose parents lead nowhere, or whose level forbids its parent,
    is placed under the nearest ancestor that may bear it, else under the first axis of its framework.
    """
    from axes.models import Orientation

    with locked(using):
        nodes = {node.pk: node for node in Orientation._base_manager.using(using).order_by("tree_id", "lft", "pk")}
        before = {pk: (n.parent_id, n.tree_id, n.lft, n.rght, n.depth, list(n.columns)) for pk, n in nodes.items()}
        # The widest first: the descendants of a node that was put back are reachable again.
        for node in sorted(nodes.values(), key=lambda n: Level(n.level).rank):
            parent = nodes.get(node.parent_id) if node.parent_id else None
            if node.level == Level.AXIS:
                node.parent_id = None
            elif parent is None or node.pk in _unreachable(nodes) or placement_error(node, parent):
                node.parent_id = _nearest_bearer(node, nodes)
            if node._columns_error():
                node.columns = []
        for node, (tree_id, left, right, depth) in _expected_positions(nodes, _unreachable(nodes)):
            node.tree_id, node.lft, node.rght, node.depth = tree_id, left, right, depth
        changed = [
            n
            for pk, n in nodes.items()
            if (n.parent_id, n.tree_id, n.lft, n.rght, n.depth, list(n.columns)) != before[pk]
        ]
        Orientation._base_manager.using(using).bulk_update(
            changed, ["parent", "tree_id", "lft", "rght", "depth", "columns"], batch_size=200
        )
        through = Orientation.applies_to.through._base_manager.using(using)
        wrong = [
            pk
            for pk, source, target in through.values_list("pk", "from_orientation_id", "to_orientation_id")
            if applies_to_error(nodes[source], nodes[target])
        ]
        through.filter(pk__in=wrong).delete()
        for framework_id in {node.framework_id for node in changed}:
            touch(framework_id, using)
    return len(changed) + len(wrong)


def _nearest_bearer(node: "Orientation", nodes: "dict[int, Orientation]") -> int:
    """The key of the nearest ancestor that may bear ``node``, else of the first axis of its framework.

    Raises:
        ValidationError: the framework has no axis at all.
    """
    seen = {node.pk}
    pk = node.parent_id
    while pk in nodes and pk not in seen:
        seen.add(pk)
        candidate = nodes[pk]
        if placement_error(node, candidate) is None and node.pk not in _ancestors(candidate, nodes):
            return candidate.pk
        pk = candidate.parent_id
    axes = [n.pk for n in nodes.values() if n.framework_id == node.framework_id and n.level == Level.AXIS]
    if not axes:
        raise ValidationError(
            f"Le cadre {node.framework_id} n’a aucun axe : {node.code} ne peut être placée nulle part."
        )
    return axes[0]


def _ancestors(node: "Orientation", nodes: "dict[int, Orientation]") -> set[int]:
    found: set[int] = set()
    pk: int | None = node.pk
    while pk is not None and pk in nodes and pk not in found:
        found.add(pk)
        pk = nodes[pk].parent_id
    return found
