"""The orientations as django-import-export sees them."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from import_export import fields, resources

from axes.exchange.columns import COLUMNS, OrientationColumn
from axes.models import Orientation


class CellField(fields.Field):
    """A field whose cell is what its column says."""

    def __init__(self, column: OrientationColumn) -> None:
        super().__init__(attribute=column.field, column_name=column.header)
        self.column = column

    def export(self, instance: Orientation, **kwargs: Any) -> Any:
        return self.column.value(instance)


class OrientationResource(resources.ModelResource):
    """One row an orientation, in document order.

    ``code``, ``parent_code``, ``niveau``, ``titre``, ``titre_corrige``, ``type_priorite``, ``s_applique_a``,
    ``colonnes``, ``mention``, ``ligne_source``: see :mod:`axes.exchange.columns`.

    It exports. Its import is closed: rows saved one by one would hold the tree for a quarter of an hour and let
    half a file in; :mod:`axes.exchange.applying` is the door.
    """

    for _column in COLUMNS:
        locals()[_column.header] = CellField(_column)
    del _column

    class Meta:
        model = Orientation
        fields = tuple(column.header for column in COLUMNS)
        export_order = fields

    def get_queryset(self) -> "QuerySet[Orientation]":
        return Orientation.objects.in_order().select_related("parent").prefetch_related("applies_to")

    def iter_queryset(self, queryset: "QuerySet[Orientation]") -> "Iterator[Orientation]":
        """All at once: a framework is read in two queries, not in two a hundred rows."""
        return iter(queryset)

    def import_data(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError("Les orientations s’importent par axes.exchange.applying.")
