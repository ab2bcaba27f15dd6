"""Partners, funders and indicators, as a file says them: rows that hang on projects."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.db.models import Model, Q

from projects.catalogue.listed import Funder, Measure, funder, measure
from projects.catalogue.models import FundingLine, Indicator, Partnership, Project
from projects.catalogue.writing import HangingRows
from projects.choices import FunderKind
from projects.exchange.base import ProjectState
from projects.exchange.plan import Change
from projects.members.naming import known_as

Wanted = dict[int, list[Model]]


def asked_of_the_agglomeration(funders: Iterable[str]) -> Decimal | None:
    """What is asked of the agglomération, of funders as a file writes them; None where nothing is."""
    for item in map(funder, funders):
        if item.kind == FunderKind.AGGLOMERATION:
            return _decimal(item.requested)
    return None


def lists(changes: Mapping[int, Change]) -> Iterator[HangingRows]:
    """The lists of these projects that change, by the key of each project."""
    named: Wanted = {}
    known: Wanted = {}
    funders: Wanted = {}
    indicators: Wanted = {}
    for pk, (before, after) in changes.items():
        was = before or ProjectState(None, after.code)
        if was.partners != after.partners:
            known[pk] = [_known_partner(pk, partner) for partner in after.partners if isinstance(partner, int)]
            named[pk] = [
                Partnership(project_id=pk, name=partner) for partner in after.partners if isinstance(partner, str)
            ]
        if was.funders != after.funders:
            funders[pk] = [_funding_line(pk, funder(text)) for text in after.funders]
        if was.indicators != after.indicators:
            indicators[pk] = [_indicator(pk, measure(text)) for text in after.indicators]
    yield HangingRows(Project.partners.through, known, attrgetter("organization_id"))
    yield HangingRows(Partnership, named, _partner_key, within=Q(organization=None))
    # A funder that stays keeps its class of credits and its state, an indicator its nature and how it is measured.
    yield HangingRows(FundingLine, funders, _funder_key, ("requested", "granted"))
    yield HangingRows(Indicator, indicators, _indicator_key, ("target", "unit", "baseline", "direction"))


def _known_partner(project: int, organization: int) -> Model:
    return Project.partners.through(project_id=project, organization_id=organization)


def _partner_key(partnership: Partnership) -> str:
    return known_as(partnership.name)


def _funding_line(project: int, item: Funder) -> FundingLine:
    requested, granted = _decimal(item.requested), _decimal(item.granted)
    return FundingLine(project_id=project, kind=item.kind, name=item.name, requested=requested, granted=granted)


def _funder_key(line: FundingLine) -> tuple[str, str]:
    return line.kind, Funder(line.kind, line.name, None, None).label


def _indicator(project: int, item: Measure) -> Indicator:
    numbers = {"target": _decimal(item.target), "baseline": _decimal(item.baseline)}
    return Indicator(project_id=project, name=item.name, unit=item.unit, direction=item.direction, **numbers)


def _indicator_key(indicator: Indicator) -> str:
    return str(Measure(indicator.name, None, ""))


def _decimal(text: str | None) -> Any:
    return None if text is None else Decimal(text)
