"""Where the money goes and whence it comes: by orientation, funder, place, PST, structure, scheme, year."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from axes import document
from axes.http import Versions, public_page
from axes.subjects import subjects_of
from cohesion.lib.http import changed_address
from cohesion.lib.spreadsheets import known_format, table_file
from projects.browsing.question import SHARED
from projects.browsing.reader import reader, reads_all
from projects.browsing.views.years import year_control
from projects.catalogue import publicity
from projects.dashboard.lasting import lasting_projects
from projects.dashboard.money_table import (
    COLUMN_CHOICES,
    EVERYTHING,
    MOST_ROWS,
    MoneyQuery,
    MoneyTable,
    money_table,
    row_choices,
)
from projects.declaring.models import Campaign
from projects.figures import figures
from projects.figures.money import Item
from projects.figures.periods import Period
from projects.instructing.envelope import ZERO, granted_by_call, in_words
from projects.members.public_names import open_table
from projects.programming.sums import year_sums

FORMATS = ("xlsx", "csv", "ods")


@public_page
def money_page(request: HttpRequest, versions: Versions) -> HttpResponse:
    """The amounts of public projects, added up by what the address asks."""
    query, table, readable = _table(request, versions)
    calls = _envelopes(query.period) if reads_all(request) else []
    context = {
        "framework": versions.in_force,
        **year_control(request, versions.in_force, query.period),
        "waiting": len(figures.waiting(versions.in_force)) if query.is_by_orientation else 0,
        "beside_only": _beside_only(versions, query.period) if query.is_by_orientation else 0,
        "asked": query,
        "table": table,
        "lines": [
            (line, changed_address(request, deplier=line.toggle) + f"#o-{line.row.node.orientation.code}")
            if line.row.node is not None and line.can_unfold
            else (line, "")
            for line in table.lines[:MOST_ROWS]
        ],
        "row_choices": _choices(request, "par", row_choices(readable), query.rows),
        "column_choices": _choices(request, "colonnes", COLUMN_CHOICES, query.columns),
        "switch": changed_address(request, repartir="" if query.is_shared else SHARED),
        "unfold": changed_address(request, deplier=EVERYTHING),
        "fold": changed_address(request, deplier=None),
        "lasting": lasting_projects(versions.in_force, query.period) if query.period.year else None,
        "shows_granted": Item.GRANTED in readable,
        "envelopes": calls,
        "beside": _beside_envelopes(calls, query.period) if reads_all(request) else [],
        "reads_all": reads_all(request),
        "public_labels": [item.label for item in Item if item in publicity.public_items()],
        "withheld": publicity.withheld_labels() if reads_all(request) else [],
        "formats": FORMATS,
        "file_query": f"?{request.GET.urlencode()}".rstrip("?"),
    }
    return render(request, "dashboard/money.html", context)


@public_page
def export(request: HttpRequest, versions: Versions, format: str) -> HttpResponseBase:
    """The same table, with all its rows."""
    known_format(format, FORMATS)
    query, table, _ = _table(request, versions)
    file = table.file() if reads_all(request) else open_table(table.file(), query.head)
    file = file.speaking_of(subjects_of(versions.in_force))
    return table_file(file, format, f"argent-{query.rows}-{query.period.year or 'toutes'}")


def _beside_only(versions: Versions, period: Period) -> int:
    """How many projects stand under no orientation, though they serve another programme."""
    running = figures.running(versions.in_force, period)
    return len(figures.beside_only(versions.in_force, versions.beside, running))


def _table(request: HttpRequest, versions: Versions) -> tuple[MoneyQuery, MoneyTable, frozenset[Item]]:
    """What the address asks, its table, and the amounts that the reader may read."""
    readable = publicity.readable_by(reader(request))
    framework, query = versions.in_force, MoneyQuery.from_query(request.GET, readable)
    nodes = document.kept(framework)
    return query, money_table(framework, nodes, query, readable), readable


def _choices(request: HttpRequest, name: str, choices: dict[str, str], chosen: str) -> list[tuple[str, str, bool]]:
    """Each choice: its words, the address of this page with it, whether it is the one; the first says nothing."""
    first = next(iter(choices))
    return [
        (label, changed_address(request, **{name: "" if value == first else value}, deplier=None), value == chosen)
        for value, label in choices.items()
    ]


@dataclass(frozen=True)
class CallEnvelope:
    """What a call may grant, in euros (None: it has no envelope), and has granted."""

    name: str
    year: int
    budget: Decimal | None
    granted: Decimal

    @property
    def left_in_words(self) -> str:
        return "" if self.budget is None else in_words(self.budget - self.granted)


@dataclass(frozen=True)
class EnvelopeFoot:
    """A sum under the calls: theirs, that of the envelopes (``leads_there``), the gap between the two."""

    label: str
    voted: Decimal
    granted: Decimal
    left: Decimal
    leads_there: bool = False


def _beside_envelopes(calls: list[CallEnvelope], period: Period) -> list[EnvelopeFoot]:
    """What the calls of a year make together beside what its envelopes do; nothing where no year is asked."""
    if not period.year:
        return []
    voted, granted = sum((call.budget or ZERO for call in calls), ZERO), sum((call.granted for call in calls), ZERO)
    left = sum((call.budget - call.granted for call in calls if call.budget is not None), ZERO)
    total = year_sums(period.year).total
    gaps = (total.voted - voted, total.engaged - granted, total.left_to_engage - left)
    return [
        EnvelopeFoot("Ces appels, ensemble", voted, granted, left),
        EnvelopeFoot(
            f"Enveloppes votées de {period.year}", total.voted, total.engaged, total.left_to_engage, leads_there=True
        ),
        EnvelopeFoot("Écart : les enveloppes moins les appels", *gaps),
    ]


def _envelopes(period: Period) -> list[CallEnvelope]:
    """The calls of a year, or of all, the last first. No revision tells that they change: only who is logged in reads
    them, and nothing of theirs is kept."""
    calls = Campaign.objects.filter(Q(year=period.year) if period.year else Q()).order_by("-year", "name")
    granted = granted_by_call()
    return [CallEnvelope(call.name, call.year, call.budget, granted.get(call.pk, ZERO)) for call in calls]
