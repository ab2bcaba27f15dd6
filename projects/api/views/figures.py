"""The figures of the public pages: coverage, money, indicators. Each is computed where the page has it computed."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework.response import Response

from axes import document
from axes.exchange.resource import ORIENTATIONS
from axes.models import Framework
from projects.api import paging
from projects.api.description import listing
from projects.api.problems import ApiProblem, Errors
from projects.api.views.base import CHOSEN, PAGED, Listing
from projects.api.views.projects import FILTERS, filter_of
from projects.browsing import exports, sums
from projects.catalogue import publicity
from projects.choices import IndicatorDirection
from projects.figures import coverage as table
from projects.figures import figures, results
from projects.figures.coverage import CoverageQuery
from projects.figures.periods import ALL, Period
from projects.figures.results import HIDDEN, IndicatorLine

YEAR = "Une année, ou « toutes » ; l’année en cours si rien n’est dit."
CHOICES = {
    "nature": table.KIND_CHOICES,
    "lignes": table.ROW_CHOICES,
    "colonnes": table.COLUMN_CHOICES,
    "compter": table.COUNT_CHOICES,
}


def _words(choices: Mapping[str, str]) -> str:
    return ", ".join(f"« {value} » ({label.lower()})" for value, label in choices.items() if value)


@listing("lireCouverture", "Ce qui a des projets et ce que personne ne fait", answer="Couverture", tag="Chiffres")
class Coverage(Listing):
    """The table of the coverage page, with all its rows."""

    parameters: ClassVar[Mapping[str, str]] = {
        "annee": YEAR,
        "cadre": "L’identifiant d’un cadre en vigueur ; celui de référence si rien n’est dit.",
        **{name: f"{_words(choices)}." for name, choices in CHOICES.items()},
    }

    def made(self) -> Response:
        params = self.request.query_params
        query, errors = CoverageQuery.from_query(params), _period_errors(params)
        for name, choices in CHOICES.items():
            if params.get(name, "") not in ("", *choices):
                errors[name] = [f"Les choix sont : {_words(choices)}."]
        in_force = self.versions().in_force
        framework = self._framework(errors)
        if errors:
            raise ApiProblem(400, "Requête mal formée.", errors)
        empty: dict[str, Any] = {
            "cadre": None,
            "annee": _year(query.period),
            "projets": 0,
            "colonnes": [],
            "lignes": [],
        }
        if in_force is None or framework is None:
            return Response(empty | {"communes": 0, "communes_couvertes": 0})
        return Response(empty | coverage_of(in_force, framework, query))

    def _framework(self, errors: Errors) -> Framework | None:
        versions, slug = self.versions(), self.request.query_params.get("cadre", "")
        if not slug or versions.in_force is None:
            return versions.in_force
        chosen = [each for each in (versions.in_force, *versions.beside) if each.slug == slug]
        if not chosen:
            errors["cadre"] = ["Aucun cadre en vigueur n’a cet identifiant."]
        return chosen[0] if chosen else None


def coverage_of(in_force: Framework, framework: Framework, query: CoverageQuery) -> dict[str, Any]:
    """The table, and the figures that stand above it."""
    nodes = document.kept(framework)
    uids = dict(framework.orientations.values_list("pk", "uid"))
    nodes = [node for node in nodes if node.pk in uids]
    counted = figures.of_period(in_force, nodes, query.period, kind=query.kind)
    years = figures.years(in_force, query.period.today)
    if framework.is_beside:
        serving = figures.linked(in_force, nodes)
        counted, years = counted.within(serving), years.within(serving)
    breakdown = {"nature": counted.kinds, "annee": years}.get(query.columns, counted.places)
    head, headlines = table.columns(breakdown, query), figures.headlines(nodes, counted)
    ever = figures.ever(in_force, nodes, query.period, kind=query.kind, direct=query.direct)
    lines = []
    for node in table.shown(nodes, query, headlines.objectives_served):
        row = table.row(node, counted.served, breakdown, head, query)
        lines.append(
            {
                "uid": str(uids[node.pk]),
                "code": node.orientation.code,
                "niveau": ORIENTATIONS.by_attribute["level"].shown(node.orientation),
                "orientation": node.orientation.display_title,
                "projets": row.total.number,
                "par_colonne": [cell.number for cell in row.cells],
                "servi": ever.words(node.pk, query.period.today),
            }
        )
    return {
        "cadre": framework.slug,
        "projets": headlines.projects,
        "communes_couvertes": len(headlines.communes_served),
        "communes": len(headlines.communes),
        "colonnes": [column.label for column in head],
        "lignes": lines,
    }


def _year(period: Period) -> str:
    return str(period.year or ALL)


def _period_errors(query: Any) -> Errors:
    return {"annee": ["Ce n’est pas une année."]} if Period.from_query(query).ignored else {}


@listing("lireMontants", "Les montants des projets publics, additionnés", answer="Montants", tag="Chiffres")
class Money(Listing):
    """What the page of a list says of the money of its projects: the amounts that one may read."""

    parameters: ClassVar[Mapping[str, str]] = FILTERS

    def made(self) -> Response:
        project_filter = filter_of(self.request.query_params, self)
        totals = sums.of_rows(project_filter, self.reader)
        body = {
            "annee": project_filter.raw.get("annee", ALL),
            "projets": project_filter.number(),
            "montants": {exports.TOTALLED[item].header: float(amount) for item, amount in totals.items()},
        }
        return Response(body)


@listing(
    "listerIndicateurs",
    "Les indicateurs des projets publics, et ce qui en a été mesuré",
    page="Indicateur",
    tag="Chiffres",
)
class PublicIndicators(Listing):
    """The indicators of the public projects, as far as no small number of people is told."""

    parameters: ClassVar[Mapping[str, str]] = {
        "annee": YEAR,
        "projet": "Le code d’un projet.",
        **PAGED,
        **CHOSEN,
    }

    def made(self) -> Response:
        query, exact = self.request.query_params, publicity.reads_all(self.reader)
        if errors := _period_errors(query):
            raise ApiProblem(400, "Requête mal formée.", errors)
        measured = results.of_period(self.versions().in_force, Period.from_query(query), exact=exact)
        measured = sorted(measured, key=lambda each: each.pk)
        if "projet" in query:
            known = {
                line.indicator.pk for line in results.lines(measured, exact=exact) if _is_of(line, query["projet"])
            }
            measured = [each for each in measured if each.pk in known]
        page = paging.page_of_list(measured, [each.pk for each in measured], query)
        return self.listed(page, map(_indicator_row, results.lines(page.rows, exact=exact)))


def _is_of(line: IndicatorLine, code: str) -> bool:
    return line.project is not None and line.project.code == code


def _indicator_row(line: IndicatorLine) -> dict[str, Any]:
    indicator = line.indicator
    shown = [measure for measure in indicator.measures if line.exact or measure.is_public]
    hidden = HIDDEN in (line.baseline, line.target) or len(shown) < len(indicator.measures)

    def number(words: str, hundredths: int | None) -> float | None:
        return None if hundredths is None or words == HIDDEN else hundredths / 100

    return {
        "projet": line.project.code if line.project is not None else "",
        "indicateur": indicator.name,
        "unite": indicator.unit,
        "depart": number(line.baseline, indicator.baseline),
        "cible": number(line.target, indicator.target),
        "sens": IndicatorDirection(indicator.direction).label,
        "mesures": [{"annee": measure.year, "mesure": measure.hundredths / 100} for measure in shown],
        "atteinte": {"oui": True, "non": False}.get(line.outcome),
        "masque": hidden or line.outcome == HIDDEN,
    }
