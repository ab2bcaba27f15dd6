"""The programme of a year, to print: axis by axis, each project with who leads it, where, with whose money."""

from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import asdict, dataclass
from typing import Any

from axes import document
from axes.models import Framework
from cohesion.lib.text import NBSP, count_phrase
from projects.catalogue.models import Project
from projects.catalogue.publicity import public_items
from projects.choices import FunderKind, MoneyItem
from projects.figures import changes, figures, money
from projects.figures.changes import Turnover
from projects.figures.money import Ledger
from projects.figures.periods import Period
from projects.figures.sharing import attached
from projects.papers.lists import with_lines, year_words
from projects.papers.writing import Listed, PaperColumn, compose, first, leads, places, state_of

APART = "Sans rattachement au cadre"


@dataclass(frozen=True)
class BookMoney:
    """What the lines of the book say of money: what anybody may read of it."""

    ledger: Ledger
    turnover: Turnover | None
    before: int | None  # the year before
    granted: dict[int, int]

    @property
    def columns(self) -> list[PaperColumn]:
        items, columns = public_items(), []
        if MoneyItem.GRANTED in items:
            columns += [PaperColumn(f"Accordé en {self.before}", is_number=True)] if self.before else []
            columns += [PaperColumn("Accordé", is_number=True)]
        if MoneyItem.PAID in items:
            columns += [PaperColumn("Payé", is_number=True)]
        return [*columns, PaperColumn("Autres financeurs", 4)] if MoneyItem.COFUNDING in items else columns

    def cells(self, project: int) -> list[str]:
        items, cells = public_items(), []
        if MoneyItem.GRANTED in items:
            cells += [self._before(project)] if self.before else []
            cells += [money.in_words(self.granted[project]) if project in self.granted else "–"]
        if MoneyItem.PAID in items:
            cells += [money.in_words(self.ledger.items[MoneyItem.PAID].get(project)) or "–"]
        return [*cells, self._cofunders(project)] if MoneyItem.COFUNDING in items else cells

    def _before(self, project: int) -> str:
        """What was granted the year before to what it renews."""
        if self.turnover is None or project in self.turnover.began:
            return "nouveau"
        if project in self.turnover.going_on:
            return "se poursuit"
        known = [self.granted[pk] for pk in self.turnover.sources.get(project, ()) if pk in self.granted]
        return money.in_words(sum(known)) if known else "–"

    def _cofunders(self, project: int) -> str:
        brought = {kind: cents[project] for kind, cents in self.ledger.funders.items() if project in cents}
        return ", ".join(f"{_short(kind)}{NBSP}: {money.in_words(cents)}" for kind, cents in brought.items()) or "–"


def _short(kind: str) -> str:
    """« État », without what its label explains."""
    return str(FunderKind(kind).label).partition(" (")[0]


def programme_book(
    framework: Framework | None, period: Period, address: str, beside: Sequence[Framework] = ()
) -> bytes:
    """The same bytes for the same revision and day; in seven queries beside what is kept.

    What serves a framework of ``beside`` alone is in the last part, which says so.
    """
    nodes = document.kept(framework)
    homes, by_key = attached(framework, nodes).homes, {node.pk: node for node in nodes}
    about = _money(framework, period)
    by_axis: dict[int | None, list[Project]] = defaultdict(list)
    projects = Project.objects.published()
    projects = projects.in_year(period.year) if period.year else projects
    for project in with_lines(projects).order_by("code_key", "code"):
        home = by_key.get(homes.get(project.pk, 0))
        by_axis[home.axis.pk if home else None].append(project)
    titles: dict[int | None, str] = {
        node.pk: f"{node.orientation.badge}. {node.orientation.name}" for node in nodes if node.parent is None
    }
    titles |= {None: APART} if by_axis[None] else {}
    apart = figures.beside_only(framework, beside, {project.pk for project in by_axis[None]})
    sections = [_part(title, by_axis[key], about, apart) for key, title in titles.items()]
    total = sum(map(len, by_axis.values()))
    heading = f"Programmation {period.year}" if period.year else "Programmation de toutes les années"
    data: dict[str, Any] = {
        "title": heading,
        "heading": heading,
        "lead": [*_lead(framework, total, period, apart), state_of(framework)],
        "footer": [f"{heading} · {address}", state_of(framework)],
        "sections": [asdict(section) for section in sections],
    }
    return compose("book.typ", data, framework)


def _money(framework: Framework | None, period: Period) -> BookMoney:
    before = period.year - 1 if period.year else None
    turnover = changes.between(framework, period, before) if before else None
    return BookMoney(money.of_period(framework, period), turnover, before, dict(changes.granted(framework)))


def _lead(framework: Framework | None, total: int, period: Period, apart: Set[int]) -> list[str]:
    rules = [f"{count_phrase(total, 'projet')} · {year_words(period)}", framework.full_name if framework else ""]
    rules.append("Un projet est sous l’axe de son orientation principale.")
    rules.append(figures.beside_only_words(apart))
    rules.append(f"Il compte entier dans chaque année où il court{NBSP}: les années ne s’additionnent pas.")
    if MoneyItem.COFUNDING in public_items():
        rules.append("Ce que d’autres financeurs apportent à un PST n’est pas redit quand ses actions le disent.")
    return [line for line in rules if line]


def _part(title: str, projects: list[Project], about: BookMoney, apart: Set[int]) -> Listed:
    rows = [
        [project.code, _titled(project, apart), leads(project), places(project), *about.cells(project.pk)]
        for project in projects
    ]
    keys = {project.pk for project in projects}
    sums = []
    if MoneyItem.GRANTED in public_items():
        sums.append(f"{money.in_words(about.ledger.total(MoneyItem.GRANTED, keys))} accordés")
    if MoneyItem.PAID in public_items():
        sums.append(f"{money.in_words(about.ledger.total(MoneyItem.PAID, keys))} payés")
    if MoneyItem.COFUNDING in public_items():
        sums.append(f"{money.in_words(about.ledger.total(MoneyItem.COFUNDING, keys))} d’autres financeurs")
    elsewhere = figures.elsewhere_words(keys & apart)
    return Listed(
        title,
        [
            PaperColumn("Code", 0),
            PaperColumn("Projet", 5),
            PaperColumn("Porteur", 3),
            PaperColumn("Lieu", 3),
            *about.columns,
        ],
        first(rows),
        len(rows),
        note=" · ".join([f"{count_phrase(len(rows), 'projet')}{elsewhere}", *sums]) if rows else "",
        nothing="Personne n’y répond.",
    )


def _titled(project: Project, apart: Set[int]) -> str:
    return f"{project.title} (autre programme)" if project.pk in apart else project.title
