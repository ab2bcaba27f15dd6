"""Who leads a project is named on its page, and on the page as it is printed. In what programs read (files, feeds, the
API, what is told to other software), whom nothing tells to be a legal person has no name: it may be somebody.

Officers, elected officials and the organisation itself read every name, in their own files and with their tokens.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from cohesion.lib.spreadsheets.tables import Table, Value
from projects.members.models import Organization
from projects.members.models.organization import MAYBE_SOMEBODY

if TYPE_CHECKING:
    from django.db.models import QuerySet

UNNAMED = "Structure que les fichiers ne nomment pas"


def legal_persons() -> "QuerySet[Organization]":
    return Organization.objects.exclude(MAYBE_SOMEBODY)


def hidden_names() -> frozenset[str]:
    """The names that may be those of somebody; one that a legal person bears too is hers."""
    named = frozenset(Organization.objects.filter(MAYBE_SOMEBODY).values_list("name", flat=True))
    return named - frozenset(legal_persons().filter(name__in=named).values_list("name", flat=True)) if named else named


def file_name(organization: Organization) -> str:
    """What a file says of who leads; nothing, of who may be somebody."""
    return organization.name if organization.is_legal_person else ""


def file_names(organizations: Iterable[Organization]) -> list[str]:
    return [name for name in map(file_name, organizations) if name]


def open_table(table: Table, *headers: str) -> Table:
    """A file as anybody may have it: where these columns would name somebody, the row stays, with other words."""
    hidden = hidden_names()
    places = {place for place, header in enumerate(table.headers) if header in headers}
    if not hidden or not places:
        return table

    def unnamed(row: Sequence[Value]) -> list[Value]:
        return [UNNAMED if place in places and cell in hidden else cell for place, cell in enumerate(row)]

    return replace(table, rows=map(unnamed, table.rows))
