"""What one cell lists: funders with their amounts, indicators with their targets. Read from a file, written into one.

An item has one writing: what is read is written again, so that an untouched export says what is there.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from django.db.models import QuerySet

from cohesion.lib.spreadsheets.amounts import euros
from cohesion.lib.spreadsheets.cells import at_most, items
from cohesion.lib.text import fold, squeeze
from projects.catalogue.models import BudgetYear, FundingLine, Indicator, Project
from projects.choices import FunderKind, IndicatorDirection

SEPARATORS = "|\n"
FUNDER_LENGTH, INDICATOR_LENGTH, UNIT_LENGTH = 150, 200, 40
AGGLOMERATION = str(FunderKind.AGGLOMERATION.label)
# The first words that tell what a funder is, and the words that say it between brackets.
_KINDS = {
    FunderKind.AGGLOMERATION: ("agglomeration", "l'agglomeration", "agglo"),
    FunderKind.STATE: ("etat", "l'etat", "prefecture", "ministere"),
    FunderKind.REGION: ("region", "conseil regional"),
    FunderKind.DEPARTMENT: ("departement", "conseil departemental"),
    FunderKind.OTHER_EPCI: ("intercommunalite", "communaute de communes"),
    FunderKind.COMMUNE: ("commune", "ville", "mairie"),
    FunderKind.SOCIAL_BODY: ("organisme social", "caf", "msa"),
    FunderKind.EUROPE: ("europe", "fonds europeens", "fse", "feder"),
    FunderKind.EMPLOYMENT_AID: ("emplois aides", "agence de services et de paiement"),
    FunderKind.PUBLIC_BODY: ("etablissement public", "bailleur"),
    FunderKind.PRIVATE: ("aide privee", "fondation"),
}
_NATURES = (
    "agglomération, État, région, département, intercommunalité, commune, organisme social, Europe, emplois aidés, "
    "établissement public, aide privée"
)
_AMOUNTS = re.compile(r"(?P<name>.*\S)\s*:\s*(?P<requested>[^:/]*?)(?:\s*/\s*(?P<granted>[^:/]*))?")
_NATURE = re.compile(r"(?P<name>.*\S)\s*\((?P<nature>[^()]*)\)")
_NUMBER = r"\d(?:[\d\s.,]*\d)?"
_FROM = re.compile(rf"(?P<name>.*\S)\s*:\s*de\s+(?P<baseline>{_NUMBER})(?:\s*à\s+(?P<target>{_NUMBER}))?(?P<unit>.*)")
_TARGET = re.compile(rf"(?P<name>.*\S)\s*:\s*(?P<target>{_NUMBER})(?P<unit>.*)")
_WAYS = {IndicatorDirection.MORE: "hausse", IndicatorDirection.LESS: "baisse"}
_WAY = re.compile(rf"(?P<text>.*\S)\s*\((?:une )?(?P<way>{'|'.join(_WAYS.values())})\)", re.IGNORECASE)


class Funder(NamedTuple):
    """Who is asked, for how much, and how much they granted: amounts in euros, as texts with a point."""

    kind: str
    name: str
    requested: str | None
    granted: str | None

    @property
    def label(self) -> str:
        return _label(self.name) or str(FunderKind(self.kind).label)

    def __str__(self) -> str:
        """« CAF de l’Eure : 5000.00 / 4000.00 », with its nature where its name does not tell it."""
        nature = f" ({_KINDS[FunderKind(self.kind)][0]})" if _kind(self.label) != self.kind else ""
        amounts = f" : {self.requested or ''}" if self.requested or self.granted else ""
        granted = f" / {self.granted}" if self.granted else ""
        return f"{self.label}{nature}{amounts}{granted}"


class Measure(NamedTuple):
    """An indicator: what is measured, how much is aimed at (a text with a point), in which unit; from how much, and
    which way things get better."""

    name: str
    target: str | None
    unit: str
    baseline: str | None = None
    direction: str = IndicatorDirection.MORE

    def __str__(self) -> str:
        """« Enfants accueillis : de 25 à 40 enfants », « Exclusions : de 12 à 5 (baisse) ». A rise, which is usual, is
        written only where the words would say something else."""
        start = "" if self.baseline is None else f"de {self.baseline}"
        aim = self.target or ""
        numbers = squeeze(f"{start} à {aim} {self.unit}" if start and aim else f"{start}{aim} {self.unit}")
        written = f" : {numbers}" if start or aim else ""
        text = f"{_label(self.name)}{written}"
        is_usual = self.direction == IndicatorDirection.MORE and not _WAY.fullmatch(text)
        return text if is_usual else f"{text} ({_WAYS[IndicatorDirection(self.direction)]})"


def plain_target(target: Decimal | None) -> str | None:
    return None if target is None else f"{target.normalize():f}"


def funder(text: str) -> Funder:
    """One funder, from « CAF : 5 000 », « Région : 3 000 / 2 500 », « Les Amis (aide privée) : 500 ».

    Raises:
        ValueError: an amount cannot be read, or nothing tells what the funder is.
    """
    match = _AMOUNTS.fullmatch(text)
    name = match["name"] if match else text
    bracketed = _NATURE.fullmatch(name)
    kind = _kind(bracketed["nature"]) if bracketed else ""
    if bracketed and kind:
        name = bracketed["name"]
    kind = kind or _kind(name)
    if kind == FunderKind.AGGLOMERATION and match and match["granted"]:
        raise ValueError("Ce que l’agglomération accorde se lit dans la décision : n’écrivez que ce qui est demandé.")
    if not kind:
        raise ValueError(f"Dites entre parenthèses ce qu’est « {name[:40]} » : {_NATURES}.")
    is_nameless = name == str(FunderKind(kind).label)
    amounts = [_amount(match[part] if match else "") for part in ("requested", "granted")]
    return Funder(kind, "" if is_nameless else at_most(name, FUNDER_LENGTH), *amounts)


def measure(text: str) -> Measure:
    """One indicator, from « Enfants accueillis : 40 enfants », « Exclusions : de 12 à 5 élèves (baisse) », or its name
    alone.

    Raises:
        ValueError: it is too long, or a number too large.
    """
    direction = IndicatorDirection.MORE
    if way := _WAY.fullmatch(text):
        text = way["text"]
        direction = next(value for value, word in _WAYS.items() if word == fold(way["way"]))
    match = _FROM.fullmatch(text) or _TARGET.fullmatch(text)
    if match is None:
        return Measure(at_most(text, INDICATOR_LENGTH), None, "", None, direction)
    parts = match.groupdict()
    name, unit = at_most(parts["name"], INDICATOR_LENGTH), at_most(squeeze(parts["unit"]), UNIT_LENGTH)
    target, baseline = _number(parts["target"], "La cible"), _number(parts.get("baseline"), "Le point de départ")
    return Measure(name, target, unit, baseline, direction)


def completed_measure(text: str, known: Iterable[str]) -> str:
    """An indicator that a file writes without from how much it starts: with what is known of it, start and way. A file
    that does not say them takes neither away.
    """
    item = measure(text)
    if item.baseline is not None or item.direction != IndicatorDirection.MORE:
        return text
    for other in map(measure, known):
        if _label(other.name) == _label(item.name):
            return str(item._replace(baseline=other.baseline, direction=other.direction))
    return text


def _number(text: str | None, subject: str) -> str | None:
    if text is None:
        return None
    plain = re.sub(r"\s", "", text).replace(",", ".")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise ValueError(f"« {text.strip()} » n’est pas un nombre : écrivez par exemple 40 ou 12,5.") from None
    if number != round(number, 2) or number >= 10**10:
        raise ValueError(f"{subject} {plain[:20]} a trop de chiffres : deux décimales au plus.")
    return plain_target(number)


def funders(text: str) -> list[str]:
    """The funders of a cell, each in its one writing.

    Raises:
        ValueError: one cannot be read, or stands twice.
    """
    listed = [funder(item) for item in items(text, SEPARATORS)]
    _once([item.label for item in listed])
    _once([AGGLOMERATION for item in listed if item.kind == FunderKind.AGGLOMERATION])
    return [str(item) for item in listed]


def measures(text: str) -> list[str]:
    """The indicators of a cell, each in its one writing.

    Raises:
        ValueError: one cannot be read, or stands twice.
    """
    listed = [measure(item) for item in items(text, SEPARATORS)]
    _once([item.name for item in listed])
    return [str(item) for item in listed]


def _once(names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if fold(name) in seen:
            raise ValueError(f"« {name[:40]} » est indiqué deux fois : gardez une seule mention.")
        seen.add(fold(name))


def _kind(name: str) -> str:
    """The kind that the beginning of a name tells, nothing where it tells none."""
    folded = squeeze(fold(name))
    for kind, words in _KINDS.items():
        if folded == fold(str(kind.label)) or any(folded == word or folded.startswith(f"{word} ") for word in words):
            return kind.value
    return ""


def _amount(text: str | None) -> str | None:
    return euros(text or "")


def _label(name: str) -> str:
    """A name as it stands before the sign that parts it from its amounts."""
    return squeeze(re.sub(r"\s*:", ",", one_line(name)))


def one_line(name: str) -> str:
    """A name as one cell may list it."""
    return squeeze(name.replace("|", "/"))


def funders_of(lines: QuerySet[FundingLine]) -> Iterator[tuple[int, Funder]]:
    """Each line with the key of its project."""
    for pk, kind, name, requested, granted in lines.values_list("project_id", "kind", "name", "requested", "granted"):
        amounts = [None if amount is None else f"{amount:.2f}" for amount in (requested, granted)]
        yield pk, Funder(kind, name, *amounts)


def measures_of(indicators: QuerySet[Indicator]) -> Iterator[tuple[int, Measure]]:
    """Each indicator with the key of its project."""
    fields = ("project_id", "name", "target", "unit", "baseline", "direction")
    for pk, name, target, unit, baseline, direction in indicators.values_list(*fields):
        yield pk, Measure(name, plain_target(target), unit, plain_target(baseline), direction)


def _years_run(project: Project) -> list[int]:
    """The calendar years of its dates."""
    start, end = project.starts_on, project.ends_on
    return list(range(start.year, end.year + 1)) if start and end else []


def years_of(parts: QuerySet[BudgetYear]) -> Iterator[tuple[int, str]]:
    """The part of each year, « 2027 (6000.00 / 3000.00) », with the key of its project. Those of a project whose totals
    or dates were corrected since, and are no longer theirs, are left out: a file says nothing that does not add up."""
    for pk, rows in groupby(parts.select_related("project").order_by("project", "year"), attrgetter("project_id")):
        years = list(rows)
        cost = sum((part.cost for part in years), Decimal(0))
        requested = sum((part.requested or Decimal(0) for part in years), Decimal(0))
        project = years[0].project
        add_up = (cost, requested) == (project.total_cost or Decimal(0), project.requested or Decimal(0))
        if add_up and [part.year for part in years] == _years_run(project):
            yield from ((pk, str(part)) for part in years)
