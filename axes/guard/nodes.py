"""The guarded doors of one node: its queryset, its manager, its save and its deletion."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.signals import pre_save
from mptt.exceptions import InvalidMove
from mptt.managers import TreeManager
from mptt.querysets import TreeQuerySet

from axes.guard.lock import OrientationConflict, check_reason, locked, writing, written
from axes.guard.places import place
from axes.guard.rules import applies_to_error, placement_error

if TYPE_CHECKING:
    from axes.models import Orientation

POSITIONS = {"first-child", "last-child", "left", "right"}


class GuardedQuerySet(TreeQuerySet):
    """A queryset whose bulk writes are refused outside this package.

    They would pass by the rules, the history, the version of each node and the framework's revision.
    """

    def update(self, **kwargs: Any) -> int:
        if not writing.get():
            raise InvalidMove("update() écrit sans règles ni historique : utilisez save() ou axes.actions.")
        return super().update(**kwargs)

    vars(update)["alters_data"] = True

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        if not writing.get():
            raise InvalidMove("bulk_create() écrit sans règles ni historique : utilisez axes.tree.load.")
        return super().bulk_create(objs, *args, **kwargs)

    vars(bulk_create)["alters_data"] = True

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], *args: Any, **kwargs: Any) -> int:
        if not writing.get():
            raise InvalidMove("bulk_update() écrit sans règles ni historique : utilisez save() ou axes.actions.")
        return super().bulk_update(objs, fields, *args, **kwargs)

    vars(bulk_update)["alters_data"] = True

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete the nodes one by one, deepest first, so that the tree closes behind each."""
        counts: dict[str, int] = {}
        with locked(self.db):
            for node in self.order_by("tree_id", "-lft"):
                for label, number in node.delete()[1].items():
                    counts[label] = counts.get(label, 0) + number
        return sum(counts.values()), counts

    vars(delete).update(alters_data=True, queryset_only=True)


class GuardedManager(TreeManager):
    """mptt's manager, whose moves and insertions are serialised and hold the rules of the levels."""

    def move_node(self, node: "Orientation", target: "Orientation | None", position: str = "last-child") -> None:
        """Move ``node`` beside (``left``, ``right``) or under (``first-child``, ``last-child``) ``target``.

        Raises:
            InvalidMove: with the French sentence that says what is wrong; nothing is moved then.
        """
        using = node._state.db or self.db
        if position not in POSITIONS:
            raise InvalidMove("Position inconnue : avant, après ou sous une orientation.")
        with locked(using):
            try:
                self._refresh_tree_fields(node, include_parent=True)
                node.refresh_from_db(using=using, fields=["framework", "level", "code"])
                if target is not None:
                    target = self.using(using).select_related("parent").get(pk=target.pk)
            except self.model.DoesNotExist:
                raise InvalidMove("L’orientation a été supprimée entre-temps : rechargez la page.") from None
            if target is not None and target.pk == node.pk:
                raise InvalidMove("Une orientation ne se place pas par rapport à elle-même.")
            parent = target if target is None or position.endswith("child") else target.parent
            if target is not None and parent is None and target.framework_id != node.framework_id:
                raise InvalidMove("Une orientation ne se déplace pas dans un autre cadre.")
            if sentence := placement_error(node, parent):
                raise InvalidMove(sentence)
            try:
                check_reason(node, using)
            except ValidationError as error:
                raise InvalidMove(error.messages[0]) from None
            if target is None:
                if (target := self._last_root(node, using)) is None:
                    return
                position = "right"
            node._moved_from = place(node, using)
            self._move_node(node, target, position=position)
            # The history is written by the save; mptt's own save has nothing left to do.
            models.Model.save(node, using=using, update_fields=["parent", "updated_at"])
            del node._moved_from
            written(node.framework_id, using)

    def insert_node(
        self, node: "Orientation", target: "Orientation | None", *args: Any, **kwargs: Any
    ) -> "Orientation":
        """mptt's insertion; only :func:`save` may call it, for a position read without the lock is worth nothing."""
        if not writing.get():
            raise InvalidMove("Une orientation s’insère par save() ou par axes.actions, jamais à part.")
        return super().insert_node(node, target, *args, **kwargs)

    def _last_root(self, node: "Orientation", using: str) -> "Orientation | None":
        roots = self.using(using).filter(framework_id=node.framework_id, parent=None).exclude(pk=node.pk)
        return roots.order_by("tree_id").last()

    def rebuild(self, *args: Any, **kwargs: Any) -> None:
        raise InvalidMove("rebuild() ignore le verrou : utilisez « manage.py check_tree --repair ».")

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
                raise OrientationConflict(current)
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
        # All or nothing: half of a node would say one thing in the table and another in the history.
        kwargs.pop("update_fields", None)
        try:
            node.full_clean()
            check_reason(node, using)
            write(*args, **kwargs)
        except BaseException:
            if not node._state.adding:
                node.version -= 1
            raise
        written(node.framework_id, using)


def delete(node: "Orientation", write: Callable[..., tuple[int, dict[str, int]]], *args: Any, **kwargs: Any) -> Any:
    """Delete one node and its branch under the lock."""
    using = kwargs.get("using") or node._state.db or "default"
    with locked(using):
        if not type(node)._base_manager.using(using).filter(pk=node.pk).exists():
            return 0, {}
        node.refresh_from_db(using=using, fields=["parent", "framework"])
        check_reason(node, using)
        deleted = write(*args, **kwargs)
        written(node.framework_id, using)
        return deleted


def record_move(sender: type, instance: Any, history_instance: Any, **kwargs: Any) -> None:
    """Let the record of a move say from where to where; the orientation is already where it went."""
    moved_from = getattr(instance, "_moved_from", "")
    if moved_from:
        history_instance.moved_from = moved_from
        history_instance.moved_to = place(instance, kwargs.get("using") or "default")


def refuse_raw_load(sender: type, instance: object, raw: bool, **kwargs: Any) -> None:
    """``loaddata`` would write stale ``lft`` and ``rght`` past every rule."""
    if raw and sender.__name__ == "Orientation":
        raise InvalidMove("loaddata ne charge pas d’orientations : utilisez « manage.py import_orientations ».")


pre_save.connect(refuse_raw_load, dispatch_uid="axes.tree.refuse_raw_load")


def guard_applies_to(
    sender: type, instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **kw: Any
) -> None:
    """Hold the rule of merged cells whatever door a link comes through, and raise the revision after it.

    The lock is taken before the link is written, and held by the transaction that writes it.
    """
    using = kw.get("using") or "default"
    if action.startswith("pre_"):
        with locked(using):
            check_reason(instance, using)
    if action == "pre_add":
        for other in type(instance).objects.filter(pk__in=pk_set or ()):
            node, target = (other, instance) if reverse else (instance, other)
            if sentence := applies_to_error(node, target):
                raise ValidationError(f"{node.code} : {sentence}")
    elif action.startswith("post_"):
        with locked(using):
            written(instance.framework_id, using)
