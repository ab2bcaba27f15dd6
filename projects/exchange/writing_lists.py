"""Partners, funders and indicators, as an import writes them: those that go, those that stay, those that come."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from projects.catalogue.listed import Funder, Measure, funder, measure
from projects.catalogue.models import FundingLine, Indicator, Partnership, Project
from projects.choices import FunderKind
from projects.exchange.base import ProjectState, known_as
from projects.exchange.recording import change

BATCH = 500


def asked_of_the_agglomeration(funders: Iterable[str]) -> Decimal | None:
    """What is asked of the agglomération, of funders as a file writes them; None where nothing is."""
    for one in map(funder, funders):
        if one.kind == FunderKind.AGGLOMERATION:
            return _decimal(one.requested)
    return None


def write_lists(batch: Iterable[tuple[ProjectState | None, ProjectState]], keys: dict[str, int]) -> None:
    """Write the lists of these projects that change; ``keys`` are those of the projects, by code."""
    partners: dict[int, tuple[int | str, ...]] = {}
    funders: dict[int, tuple[str, ...]] = {}
    indicators: dict[int, tuple[str, ...]] = {}
    for before, after in batch:
        was = before or ProjectState(None, after.code)
        pk = keys[after.code]
        if was.partners != after.partners:
            partners[pk] = after.partners
        if was.funders != after.funders:
            funders[pk] = after.funders
        if was.indicators != after.indicators:
            indicators[pk] = after.indicators
    if partners:
        _partners(partners)
    if funders:
        _funders(funders)
    if indicators:
        _indicators(indicators)


def _partners(wanted: dict[int, tuple[int | str, ...]]) -> None:
    through = Project.partners.through
    through.objects.filter(project__in=list(wanted)).delete()
    known = [
        through(project_id=pk, organization_id=one)
        for pk, partners in wanted.items()
        for one in partners
        if isinstance(one, int)
    ]
    through.objects.bulk_create(known, batch_size=BATCH)  # not the tree
    named = {pk: {known_as(one): one for one in listed if isinstance(one, str)} for pk, listed in wanted.items()}
    there = Partnership.objects.filter(project__in=list(wanted), organization=None)
    gone = []
    for row in there:
        if named[row.project_id].pop(known_as(row.name), None) is None:
            gone.append(row.pk)
    Partnership.objects.filter(pk__in=gone).delete()
    new = [Partnership(project_id=pk, name=name) for pk, names in named.items() for name in names.values()]
    Partnership.objects.bulk_create(new, batch_size=BATCH)  # not the tree


def _funders(wanted: dict[int, tuple[str, ...]]) -> None:
    """A funder that stays keeps its class of credits and its state."""
    asked = {pk: {one.label: one for one in map(funder, texts)} for pk, texts in wanted.items()}
    changed = []
    gone = []
    for row in FundingLine.objects.filter(project__in=list(wanted)):
        said = asked[row.project_id].pop(Funder(row.kind, row.name, None, None).label, None)
        if said is None or said.kind != row.kind:
            gone.append(row.pk)
            if said is not None:
                asked[row.project_id][said.label] = said
        else:
            row.requested, row.granted = _decimal(said.requested), _decimal(said.granted)
            changed.append(row)
    FundingLine.objects.filter(pk__in=gone).delete()
    change(FundingLine, changed, ["requested", "granted"])
    new = [
        FundingLine(
            project_id=pk,
            kind=one.kind,
            name=one.name,
            requested=_decimal(one.requested),
            granted=_decimal(one.granted),
        )
        for pk, listed in asked.items()
        for one in listed.values()
    ]
    FundingLine.objects.bulk_create(new, batch_size=BATCH)  # not the tree


def _indicators(wanted: dict[int, tuple[str, ...]]) -> None:
    """An indicator that stays keeps its nature and how it is measured."""
    asked = {pk: {_label(one): one for one in map(measure, texts)} for pk, texts in wanted.items()}
    changed = []
    gone = []
    for row in Indicator.objects.filter(project__in=list(wanted)):
        said = asked[row.project_id].pop(_label(Measure(row.name, None, "")), None)
        if said is None:
            gone.append(row.pk)
        else:
            row.target, row.unit = _decimal(said.target), said.unit
            changed.append(row)
    Indicator.objects.filter(pk__in=gone).delete()
    change(Indicator, changed, ["target", "unit"])
    new = [
        Indicator(project_id=pk, name=one.name, target=_decimal(one.target), unit=one.unit)
        for pk, listed in asked.items()
        for one in listed.values()
    ]
    Indicator.objects.bulk_create(new, batch_size=BATCH)  # not the tree


def _label(one: Measure) -> str:
    return str(Measure(one.name, None, ""))


def _decimal(text: str | None) -> Any:
    return None if text is None else Decimal(text)
