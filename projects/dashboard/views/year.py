"""The year in one screen."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from axes import document, markup
from axes.document import Node
from axes.http import Versions, public_page
from axes.models import Framework
from cohesion.lib import charts
from cohesion.lib.http import changed_address
from cohesion.lib.text import NBSP
from projects.browsing.question import NO_AXIS, WITHOUT_MAIN
from projects.browsing.views.panels import panel_source
from projects.browsing.views.years import year_control
from projects.catalogue import publicity
from projects.catalogue.models import Project
from projects.choices import FunderKind, MoneyItem
from projects.dashboard.people_tables import PeopleReading, by_class
from projects.figures import changes, facets, figures, gaps, money
from projects.figures.addresses import list_address, served_communes_address
from projects.figures.changes import Changes, Moved
from projects.figures.figures import Serving
from projects.figures.money import Ledger
from projects.figures.panel import FiguresPanel, PanelSource
from projects.figures.periods import Period
from projects.figures.sharing import Attached, attached

MOST_NAMED = 4  # projects or orientations that a list of the screen names
MOST_GAPS = 6
BY_AMOUNT = "argent"  # the value of ``compter`` that colours the framework by amounts
NAMED_FUNDERS = 2  # co-funders that have a colour of their own; the others share the last one


@public_page
def dashboard(request: HttpRequest, versions: Versions) -> HttpResponse:
    """What was promised, what is done for it in a year, with what money and for whom, what changed, and what nobody
    does. Officers and elected officials read exact numbers of people."""
    framework = versions.in_force
    period = Period.from_query(request.GET)
    nodes = document.kept(framework)
    year_figures = figures.of_period(framework, nodes, period)
    source = panel_source(request, framework, period)
    panel, reads_all = source.panel(), source.is_exact
    reading = PeopleReading.of(framework, nodes, period, source.items, exact=reads_all)
    links = attached(framework, nodes)
    missing = gaps.find_gaps(nodes, year_figures.served, figures.ever(framework, nodes, period))
    context = {
        "framework": framework,
        **year_control(request, framework, period),
        "waiting": len(figures.waiting(framework)),
        "beside_only": len(figures.beside_only(framework, versions.beside, figures.running(framework, period))),
        "headlines": figures.headlines(nodes, year_figures),
        "panel": panel,
        **_glance(request, nodes, links, source, year_figures.served, period),
        "payers": _payers(nodes, links, source.ledger, period) if source.items >= publicity.PAYERS else None,
        "changed": _changed(framework, nodes, period, links, source.items),
        "years": _years(request, framework, period),
        "gaps": [*missing.over, *missing.never, *missing.awaited][:MOST_GAPS],
        "missing": missing,
        "total": reading.total,
        "classes": by_class(reading, reading.total.sum),
        "reads_all": reads_all,
        "addresses": {"communes": served_communes_address({}, period)},
    }
    return render(request, "dashboard/year.html", context)


# --- the framework at a glance ------------------------------------------------------------------------------


def _glance(
    request: HttpRequest, nodes: list[Node], links: Attached, source: PanelSource, served: Serving, period: Period
) -> dict[str, Any]:
    """The icicle, by number of projects or by amount granted: the address says which."""
    is_money = request.GET.get("compter") == BY_AMOUNT and MoneyItem.GRANTED in source.items
    glances: markup.Glances = served.tallies
    if is_money:
        amounts = links.by_orientation(source.ledger.items[MoneyItem.GRANTED])
        glances = {pk: money.AmountGlance(cents) for pk, cents in amounts.items()}
    has_tooltips = len(nodes) <= document.LARGE
    return {
        "icicle": markup.icicle(nodes, glances, has_tooltips=has_tooltips, suffix=period.suffix) if nodes else "",
        "is_money": is_money,
        "glance_addresses": {
            "projects": f"{changed_address(request, compter=None)}#coup",
            "amounts": f"{changed_address(request, compter=BY_AMOUNT)}#coup",
        },
    }


# --- who pays what ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Payer:
    """Who pays, in cents by project; ``kinds``: what it is, as the list of projects names it."""

    label: str
    cents: money.Cents
    kinds: str


@dataclass(frozen=True)
class PayerAmount:
    """What a payer brings to some projects, in cents, and the list of those to which it does."""

    cents: int
    address: str


@dataclass(frozen=True)
class PayersRow:
    """What each payer brings to the projects of an orientation (None: to those without any), in the order of the
    columns; the bar that says the same, and the list of the projects."""

    orientation: Node | None
    without: str  # what they do not have, where it is no orientation
    amounts: list[PayerAmount]
    bar: list[charts.BarPart]
    address: str

    @property
    def total(self) -> int:
        return sum(amount.cents for amount in self.amounts)


@dataclass(frozen=True)
class Payers:
    """Who pays what: columns in the order of their colours, rows in the order of the document, amounts in cents."""

    columns: list[str]
    rows: list[PayersRow]
    totals: list[PayerAmount]

    @property
    def total(self) -> int:
        return sum(amount.cents for amount in self.totals)

    @property
    def sentence(self) -> str:
        """Which orientation receives the most, and which nothing or the least; nothing where there is no choice."""
        rows = sorted((row for row in self.rows if row.orientation), key=lambda row: -row.total)
        if len(rows) < 2 or rows[0].total == rows[-1].total:
            return ""
        together = ", tous financeurs ensemble" if len(self.columns) > 1 else ""
        sentence = f"{_quoted(rows[0])} reçoit le plus{together}{NBSP}: {money.in_words(rows[0].total)}."
        nothing = [row for row in rows if not row.total]
        if len(nothing) == 1:
            return f"{sentence} {_quoted(nothing[0])} ne reçoit rien."
        if nothing:
            names = ", ".join(_quoted(row) for row in nothing[:-1])
            return f"{sentence} {names} et {_quoted(nothing[-1])} ne reçoivent rien."
        return f"{sentence} {_quoted(rows[-1])} le moins{NBSP}: {money.in_words(rows[-1].total)}."


def _quoted(row: PayersRow) -> str:
    return f"«{NBSP}{row.orientation.orientation.name}{NBSP}»" if row.orientation else ""


def _payers(nodes: list[Node], links: Attached, ledger: Ledger, period: Period) -> Payers | None:
    """By the widest orientations, each project whole under its main one; nothing where nobody pays anything."""
    payers = _payers_of(ledger)
    if not any(payer.cents for payer in payers):
        return None
    branches = [links.by_orientation(payer.cents) for payer in payers]
    lines: list[tuple[Node | str, list[int]]] = []
    for node in nodes:
        if node.parent is None:
            lines.append((node, [branch[node.pk] for branch in branches]))
    apart = ((facets.WITHOUT, links.unlinked(ledger.keys)), (WITHOUT_MAIN, links.without_main(ledger.keys)))
    for way, keys in apart:
        if keys:
            lines.append((way, [money.total(payer.cents, keys) for payer in payers]))
    largest = max([sum(cents) for _, cents in lines], default=0)
    rows = [_payers_row(subject, cents, payers, largest, period) for subject, cents in lines]
    totals = [PayerAmount(money.total(payer.cents), _paid_address(payer, {}, period)) for payer in payers]
    return Payers([payer.label for payer in payers], rows, totals)


def _payers_row(subject: Node | str, cents: list[int], payers: list[Payer], largest: int, period: Period) -> PayersRow:
    """``subject``: an orientation, or how the list of projects is asked for what has none; ``largest``: the total of
    the row that receives the most."""
    node = subject if isinstance(subject, Node) else None
    parameters = {"orientation": node.orientation.code, "rattachement": "principal"} if node else {"axe": str(subject)}
    amounts = [
        PayerAmount(amount, _paid_address(payer, parameters, period) if amount else "")
        for payer, amount in zip(payers, cents, strict=True)
    ]
    address = list_address(**parameters, **period.filters) if any(cents) else ""
    return PayersRow(node, "" if node else NO_AXIS[str(subject)], amounts, charts.stacked(cents, largest), address)


def _paid_address(payer: Payer, parameters: dict[str, str], period: Period) -> str:
    return list_address(**parameters, financeur=payer.kinds, **period.filters)


def _payers_of(ledger: Ledger) -> list[Payer]:
    """The agglomération, then those that bring the most, then all others together."""
    kinds = sorted(ledger.funders, key=lambda kind: -money.total(ledger.funders[kind]))
    named, others = kinds[:NAMED_FUNDERS], kinds[NAMED_FUNDERS:]
    payers = [_payer(FunderKind.AGGLOMERATION, ledger.items[MoneyItem.GRANTED])]
    payers += [_payer(kind, ledger.funders[kind]) for kind in named]
    if len(others) == 1:
        return [*payers, _payer(others[0], ledger.funders[others[0]])]
    together = money.together(ledger.funders[kind] for kind in others)
    return [*payers, Payer("Les autres", together, ",".join(others))] if together else payers


def _payer(kind: str, cents: money.Cents) -> Payer:
    return Payer(str(FunderKind(kind).label), cents, kind)


# --- what changed -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NamedProject:
    """A project as a list of the screen names it; ``main``: its main orientation, ``cents``: what it is granted."""

    project: Project
    main: Node | None
    cents: int


@dataclass(frozen=True)
class YearChanges:
    """The changes of a year, with the projects that are granted the most among those that begin and stop."""

    all: Changes
    beginning: list[NamedProject]
    stopping: list[NamedProject]

    @property
    def lost(self) -> list[Moved]:
        return self.all.lost[:MOST_NAMED]

    @property
    def is_empty(self) -> bool:
        changed = self.all
        return not (changed.began.number or changed.stopped.number or changed.lost)


def _changed(
    framework: Framework | None, nodes: list[Node], period: Period, links: Attached, items: Set[str]
) -> YearChanges | None:
    """Since the year before, in one query beside what is kept; nothing when all years are asked. ``items``: the amounts
    that the reader may read, which alone may order what they see."""
    if period.year is None:
        return None
    changed = changes.changes(framework, nodes, period, period.year - 1)
    amounts = changes.granted(framework) if MoneyItem.GRANTED in items else money.NOTHING

    def largest(keys: Set[int]) -> list[int]:
        return sorted(keys, key=lambda pk: (-amounts.get(pk, 0), pk))[:MOST_NAMED]

    beginning, stopping = largest(changed.began.projects), largest(changed.stopped.projects)
    projects = Project.objects.in_bulk([*beginning, *stopping])
    by_key = {node.pk: node for node in nodes}

    def named(keys: Iterable[int]) -> list[NamedProject]:
        return [
            NamedProject(projects[pk], by_key.get(links.homes.get(pk, 0)), amounts.get(pk, 0))
            for pk in keys
            if pk in projects  # one may be withdrawn meanwhile
        ]

    return YearChanges(changed, named(beginning), named(stopping))


# --- year by year -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class YearByYear:
    """The figures of each year, beside the others."""

    panels: list[FiguresPanel]

    @property
    def granted(self) -> charts.YearLine:
        """What is granted, in euros."""
        return charts.line([(str(panel.period.year), panel.granted // 100) for panel in self.panels])

    @property
    def projects(self) -> charts.YearLine:
        return charts.line([(str(panel.period.year), panel.projects) for panel in self.panels])


def _years(request: HttpRequest, framework: Framework | None, period: Period) -> YearByYear:
    """Every year that is offered: no query beside what is kept."""
    offered = [int(str(key)) for key in figures.years(framework, period.today).columns if str(key).isdecimal()]
    years = [Period(year, period.today) for year in offered]
    return YearByYear([panel_source(request, framework, year, is_compared=False).panel() for year in years])
