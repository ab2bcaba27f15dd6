"""The table of money: what the address asks, its columns, its rows with their cells, and the sentence that says it."""

from collections.abc import Iterable, Set
from dataclasses import dataclass, replace

from django.http import QueryDict

from axes.document import Node
from axes.models import Framework
from cohesion.lib.french import rounded
from cohesion.lib.spreadsheets import Column, Table
from cohesion.lib.spreadsheets.tables import Value
from cohesion.lib.states import holds
from cohesion.lib.text import NBSP, euros, small_initial
from projects.browsing.question import SHARED
from projects.catalogue import publicity
from projects.choices import FunderKind
from projects.dashboard import money_rows
from projects.dashboard.money_rows import MoneyRow, MoneySource
from projects.figures.addresses import list_address
from projects.figures.money import NOTHING, Item, in_cell, in_words, total
from projects.figures.periods import ALL, Period

EVERYTHING = "tout"  # the value of ``deplier`` that unfolds all
MOST_ROWS = 400  # of the page; the file has them all
ROW_CHOICES = {
    "axe": "Orientation",
    "financeur": "Financeur",
    "credits": "Type de crédits",
    "commune": "Commune",
    "quartier": "Quartier",
    "pst": "PST",
    "structure": "Structure",
    "nature": "Nature",
    "dispositif": "Dispositif",
    "annee": "Année",
}
PAYER_ROWS = ("financeur", "credits")
COLUMN_CHOICES = {"montants": "Montants", "financeurs": "Qui paie quoi"}
SHARED_ROWS = ("axe", "commune")
PLACES = ("commune", "quartier")
HEADLINES = (Item.COST, Item.GRANTED, Item.PAID, Item.COFUNDING)
PAYERS = {(Item.GRANTED, Item.COFUNDING): ", tous financeurs ensemble", (Item.GRANTED,): " de l’agglomération"}
# Why the rows of a table may make more than its last line.
OVERLAPS = {
    "commune": "Un projet qui agit dans plusieurs communes compte entier dans chacune, une fois dans le total.",
    "quartier": "Un projet compte entier dans chacun de ses quartiers\u202f; la plupart n’en ont aucun.",
    "structure": "Un projet porté par plusieurs structures compte entier dans chacune, une fois dans le total.",
    "dispositif": "Un projet de plusieurs dispositifs compte entier dans chacun, une fois dans le total.",
    "annee": "Un projet compte entier dans chaque année où il est en cours\u202f: les années ne s’additionnent pas.",
}


def row_choices(readable: Set[str]) -> dict[str, str]:
    """What the rows may be: who pays, only to who may read it."""
    hidden = () if readable >= publicity.PAYERS else PAYER_ROWS
    return {name: label for name, label in ROW_CHOICES.items() if name not in hidden}


@dataclass(frozen=True)
class MoneyQuery:
    """What the address asks; what it says wrongly is set aside, and told in ``ignored``."""

    period: Period
    rows: str = "axe"
    columns: str = "montants"
    is_shared: bool = False
    unfolded: frozenset[str] = frozenset()
    ignored: tuple[str, ...] = ()

    is_by_orientation = holds("rows", "axe")
    is_by_year = holds("rows", "annee")
    is_by_payer = holds("rows", *PAYER_ROWS)
    shows_funders = holds("columns", "financeurs")

    @classmethod
    def from_query(cls, query: QueryDict, readable: Set[str]) -> "MoneyQuery":
        """``readable``: the amounts that the reader may read."""
        period, ignored = Period.from_query(query), []
        chosen = {}
        for name, choices, label in (
            ("par", row_choices(readable), "Lignes"),
            ("colonnes", COLUMN_CHOICES, "Colonnes"),
        ):
            raw = query.get(name, "")
            chosen[name] = raw if raw in choices else next(iter(choices))
            if raw.strip() and raw not in choices:
                ignored.append(f"{label}\u00a0: «\u00a0{raw[:40]}\u00a0» ne désigne rien, ce choix est laissé de côté.")
        rows = chosen["par"]
        return cls(
            # a year beside the others would else be a part of one
            period=replace(period, year=None) if rows == "annee" else period,
            rows=rows,
            columns=chosen["colonnes"] if rows not in PAYER_ROWS else "montants",
            is_shared=query.get("repartir") == SHARED and rows in SHARED_ROWS,
            unfolded=frozenset(code for code in query.get("deplier", "").lower().split(",") if code),
            ignored=tuple(ignored),
        )

    @property
    def can_share(self) -> bool:
        return self.rows in SHARED_ROWS

    @property
    def head(self) -> str:
        return ROW_CHOICES[self.rows]

    @property
    def title(self) -> str:
        return f"Par {small_initial(self.head)}"

    @property
    def overlap(self) -> str:
        return "" if self.is_shared else OVERLAPS.get(self.rows, "")

    def toggled(self, code: str) -> str:
        """The value of ``deplier`` with this orientation opened, or closed with all that is under it."""
        key = code.lower()
        if key in self.unfolded:
            return ",".join(sorted(each for each in self.unfolded if each != key and not each.startswith(f"{key}.")))
        return ",".join(sorted({*self.unfolded, key}))


@dataclass(frozen=True)
class AmountColumn:
    """An amount of each row: the sum of these ``items``; ``funder``: what a kind of co-funder alone brings."""

    label: str
    items: tuple[Item, ...]
    funder: str = ""

    def cell(self, row: MoneyRow, address: str) -> "MoneyCell":
        """``address``: the list of the projects of the row."""
        if self.funder:
            cents = row.part(row.ledger.funders.get(self.funder, NOTHING))
            return MoneyCell(self.label, cents, _address(row, financeur=self.funder) if cents else "")
        shown = [item for item in self.items if row.only is None or item in row.only]
        total = sum(row.part(row.cents(item)) for item in shown) if shown else None
        is_repeated = any(row.keys & row.ledger.repeated.get(item, NOTHING.keys()) for item in shown)
        return MoneyCell(self.label, total, address if total else "", is_repeated=is_repeated and not total)


@dataclass(frozen=True)
class MoneyCell:
    """An amount in cents (None: this row has no such amount), and the list of the projects that bear it;
    ``is_repeated``: nothing, but for what the parts of its PST say elsewhere."""

    label: str
    cents: int | None
    address: str
    is_repeated: bool = False


@dataclass(frozen=True)
class MoneyLine:
    """A row with its cells. ``lever``: what others bring for 1 € of the agglomération, in words."""

    row: MoneyRow
    cells: list[MoneyCell]
    lever: str
    address: str
    can_unfold: bool = False
    toggle: str = ""
    is_open: bool = False

    @property
    def projects(self) -> int:
        return len(self.row.keys)


def _address(row: MoneyRow, **more: str) -> str:
    return list_address(**{**row.period.filters, **row.parameters, **more})


def columns(query: MoneyQuery, source: MoneySource, readable: Set[str]) -> list[AmountColumn]:
    """The amounts that the reader may read: each item, or the agglomération and each kind of co-funder."""
    if not query.shows_funders:
        shown = (Item.GRANTED, Item.PAID, Item.COFUNDING) if query.is_by_payer else tuple(Item)
        return [AmountColumn(item.label, (item,)) for item in shown if item in readable]
    ours = [AmountColumn(FunderKind.AGGLOMERATION.short, (Item.GRANTED,))] if Item.GRANTED in readable else []
    if Item.COFUNDING not in readable:
        return ours
    funders = source.ledger.funders
    kinds = sorted(funders, key=lambda kind: -total(funders[kind]))
    others = [AmountColumn(FunderKind(kind).short, (Item.COFUNDING,), kind) for kind in kinds]
    whole = [AmountColumn("Ensemble", (Item.GRANTED, Item.COFUNDING))] if ours else []
    return [*whole, *ours, *others]


@dataclass(frozen=True)
class MoneyTable:
    """The table of a page: ``total`` is of all projects, each once (None: where rows speak of some alone)."""

    query: MoneyQuery
    columns: list[AmountColumn]
    lines: list[MoneyLine]
    total: MoneyLine | None
    has_lever: bool
    number: int

    @property
    def headlines(self) -> list[MoneyCell]:
        """What the whole costs, and who pays it."""
        if self.total is None or self.query.shows_funders:
            return []
        cells = zip(self.columns, self.total.cells, strict=True)
        return [cell for column, cell in cells if column.items[0] in HEADLINES]

    @property
    def sentence(self) -> str:
        """Which row has the most of the first amount that says who pays, and which the least."""
        rank = self._leading
        if rank is None:
            return ""
        rows = [(line, line.cells[rank].cents or 0) for line in self.lines if not line.row.depth]
        ranked = sorted([pair for pair in rows if pair[0].row.node or not self.query.is_by_orientation], key=_least)
        if len(ranked) < 2 or ranked[0][1] == ranked[-1][1]:
            return ""
        least, (most, cents) = ranked[0][0], ranked[-1]
        verb = "apporte" if self.query.is_by_payer else "reçoit"
        words = f"{_quoted(most)} {verb} le plus{self._from_whom(rank)}{NBSP}: {in_words(cents)}"
        if self.query.overlap and self.query.rows in PLACES:
            words += ", chaque projet compté entier"
        if self.query.is_by_orientation:
            words += f"\u202f; {_said_of_least(least, [amount for _, amount in ranked])}"
        return f"{words}."

    def _from_whom(self, rank: int) -> str:
        """Who pays the amounts of a column, which two pages could take otherwise."""
        if self.query.is_by_payer:
            return ""
        return PAYERS.get(self.columns[rank].items, "")

    @property
    def _leading(self) -> int | None:
        """The column of all that is paid together, else of what is granted, else the first."""
        for items in ((Item.GRANTED, Item.COFUNDING), (Item.GRANTED,)):
            for rank, column in enumerate(self.columns):
                if column.items == items:
                    return rank
        return 0 if self.columns else None

    def file(self, *, most: int | None = None) -> Table:
        """The same rows and figures, all of them, the total last."""
        lines = [*self.lines, *([self.total] if self.total else [])][:most]
        return Table.of("Argent", _file_columns(self), lines)


def _said_of_least(least: MoneyLine, amounts: list[int]) -> str:
    """Of amounts from the least up."""
    nothing = amounts.count(0)
    if nothing > 1:
        return f"{nothing} ne reçoivent rien"
    return f"{_quoted(least)} ne reçoit rien" if nothing else f"{_quoted(least)} le moins{NBSP}: {in_words(amounts[0])}"


def _quoted(line: MoneyLine) -> str:
    return f"«{NBSP}{line.row.label}{NBSP}»"


def _least(pair: tuple[MoneyLine, int]) -> int:
    return pair[1]


def _file_columns(table: MoneyTable) -> list[Column]:
    period = table.query.period

    def amount(rank: int) -> Column:
        def value(line: MoneyLine) -> Value:
            return in_cell(line.cells[rank].cents)

        return Column(table.columns[rank].label, value, 18)

    code = Column("Code", lambda line: line.row.node.orientation.code if line.row.node else "", 10)
    return [
        Column("Année", lambda line: str(line.row.period.year or period.year or ALL), 10),
        *([code] if table.query.is_by_orientation else []),
        Column(table.query.head, lambda line: line.row.label, 50),
        Column("Projets", lambda line: line.projects, 10),
        *(amount(rank) for rank in range(len(table.columns))),
    ]


def money_table(framework: Framework | None, nodes: list[Node], query: MoneyQuery, readable: Set[str]) -> MoneyTable:
    """The table that the address asks for, of public projects, with the amounts that its reader may read."""
    is_all_unfolded = EVERYTHING in query.unfolded
    source = MoneySource(
        framework, nodes, query.period, query.is_shared, query.unfolded, is_all_unfolded, readable=readable
    )
    shown = columns(query, source, readable)
    has_lever = {Item.GRANTED, Item.COFUNDING} <= readable and not (query.is_by_payer or query.shows_funders)
    rows = money_rows.ROWS[query.rows](source)
    everything = None if query.rows == "quartier" else _line(source.everything(), shown, query, has_lever=has_lever)
    lines = [_line(row, shown, query, has_lever=has_lever) for row in rows]
    return MoneyTable(query, shown, lines, everything, has_lever, len(lines))


def _line(row: MoneyRow, shown: Iterable[AmountColumn], query: MoneyQuery, *, has_lever: bool) -> MoneyLine:
    node = row.node
    can_unfold = node is not None and bool(node.children)
    code = node.orientation.code if node is not None else ""
    address = _address(row) if row.keys else ""
    return MoneyLine(
        row,
        [column.cell(row, address) for column in shown],
        lever(row) if has_lever else "",
        address,
        can_unfold=can_unfold,
        toggle=query.toggled(code),
        is_open=code.lower() in query.unfolded or EVERYTHING in query.unfolded,
    )


def lever(row: MoneyRow) -> str:
    """« 1,07 € »: what others bring to its projects for 1 € that the agglomération grants them."""
    granted, obtained = row.part(row.cents(Item.GRANTED)), row.part(row.cents(Item.COFUNDING))
    return euros(rounded(obtained / granted, 2)) if granted else ""
