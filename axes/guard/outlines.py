"""The order of a framework is kept day by day, since the history of its orientations does not tell it."""

from django.apps import apps
from django.db.models import Model
from django.utils import timezone


def keep_outline(framework_id: int, using: str) -> None:
    """Note how a framework stands in order, if that is not what was noted last: a constant number of queries.

    A day has one row, which says how it ended.
    """
    orientation = apps.get_model("axes", "Orientation")
    nodes = orientation._base_manager.using(using).filter(framework=framework_id)
    order = list(nodes.order_by("tree_id", "lft").values_list("pk", flat=True))
    merged = _merged(orientation, framework_id, using)
    outlines = apps.get_model("axes", "Outline")._default_manager.using(using).filter(framework=framework_id)
    last = outlines.order_by("-day").first()
    if (last.order, last.merged) == (order, merged) if last else not order:
        return
    values = {"order": order, "merged": merged}
    outlines.update_or_create(framework_id=framework_id, day=timezone.localdate(), defaults=values)


def _merged(orientation: type[Model], framework_id: int, using: str) -> list[list[int]]:
    through = orientation._meta.get_field("applies_to").remote_field.through  # type: ignore[union-attr]
    links = through._base_manager.using(using).filter(from_orientation__framework=framework_id)
    pairs = links.values_list("from_orientation_id", "to_orientation_id")
    return [list(pair) for pair in sorted(pairs)]
