"""``/donnees/``: the public tables, their pages, files and catalogue; and what officers have to complete."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from axes.http import Versions, public_page
from cohesion.lib.http import base_url, paged
from projects.catalogue import publicity
from projects.choices import MoneyItem
from projects.instructing.views.door import readers_page, shown
from projects.opendata import catalogue, grants
from projects.opendata.answering import open_file
from projects.opendata.datasets import BY_NAME, DATASETS, FILE_NAMES, FORMATS, Dataset
from projects.opendata.kept_file import KeptFile
from projects.opendata.kept_files import TableFacts, facts, kept_file
from projects.opendata.kept_files import shown as shown_cell

PAGE = 50


@dataclass(frozen=True)
class OfferedFile:
    """A file of a table, as its page proposes it."""

    label: str
    words: str
    address: str
    name: str


@dataclass(frozen=True)
class OfferedTable:
    """A table with what is known of it now."""

    dataset: Dataset
    facts: TableFacts

    @property
    def files(self) -> list[OfferedFile]:
        return [
            OfferedFile(*FORMATS[format][:2], self.dataset.file_address(format), f"{self.dataset.name}.{format}")
            for format in self.dataset.formats
        ]

    @property
    def head(self) -> list[list[str]]:
        rows: list[list[str]] = []
        for row in self.facts.head:
            rows.append([shown_cell(value) for value in row])
        return rows


@public_page
def index(request: HttpRequest, versions: Versions) -> HttpResponseBase:
    """Every public table."""
    site = base_url(request)
    tables = [OfferedTable(dataset, facts(dataset, versions, site)) for dataset in DATASETS]
    context = {
        "tables": tables,
        "licence": settings.OPEN_DATA_LICENCE,
        "framework": versions.in_force,
        "api_address": api_address(),
    }
    return render(request, "opendata/index.html", context)


def api_address() -> str:
    """The page that explains the API, where this site has one."""
    try:
        return reverse("api:docs")
    except NoReverseMatch:
        return ""


@public_page
def dataset(request: HttpRequest, versions: Versions, table: str) -> HttpResponseBase:
    """A public table: its files, its columns, its first rows, how to cite it.

    Raises:
        Http404: no table has this name.
    """
    if table not in BY_NAME:
        raise Http404("Aucune table de données ne porte ce nom.")
    site, chosen = base_url(request), BY_NAME[table]
    context: dict[str, Any] = {
        "table": OfferedTable(chosen, facts(chosen, versions, site)),
        "licence": settings.OPEN_DATA_LICENCE,
        "described": catalogue.described(chosen, versions, site),
        "is_amount_public": publicity.is_public(MoneyItem.GRANTED),
    }
    if chosen.name == "subventions":
        context["grants"] = _counted_grants()
    return render(request, "opendata/dataset.html", context)


def _counted_grants() -> dict[str, int]:
    """How many grants the law wants published, and how many lack a value still."""
    every = grants.publishable()
    whole = [grant for grant in every if not grant.lacks] if settings.AUTHORITY_SIRET else []
    return {
        "mandatory": sum(1 for grant in whole if grant.is_mandatory),
        "incomplete": len(every) - len(whole),
    }


@open_file
def file(request: HttpRequest, versions: Versions, file_name: str) -> KeptFile:
    """A file of a public table.

    Raises:
        Http404: no table has it.
    """
    if file_name not in FILE_NAMES:
        raise Http404("Aucun fichier de données ne porte ce nom.")
    return kept_file(*FILE_NAMES[file_name], versions, base_url(request))


@open_file
def catalogue_file(request: HttpRequest, versions: Versions) -> KeptFile:
    """The catalogue that other portals harvest (DCAT-AP)."""
    return catalogue.catalogue_file(versions, base_url(request))


@readers_page
@require_safe
def lacking(request: HttpRequest) -> HttpResponseBase:
    """Which grants are not published yet, what each lacks, and where it is said; those of a beneficiary together."""
    every = grants.publishable()
    lacks = [grant for grant in every if grant.lacks]
    context = paged(request, grants.by_lead(lacks), PAGE, length=len(lacks))
    context |= {
        "published": len(every) - len(lacks),
        "lacking": len(lacks),
        "mandatory": sum(1 for grant in lacks if grant.is_mandatory),
        "without_siret": not settings.AUTHORITY_SIRET,
        "is_amount_public": publicity.is_public(MoneyItem.GRANTED),
    }
    return shown(request, "opendata/lacking.html", context)
