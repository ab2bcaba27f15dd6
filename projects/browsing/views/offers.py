"""The offers open to residents: their places by kind and commune, and the offers themselves."""

import datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from axes.http import Versions, public_page
from axes.models import Framework
from cohesion.lib import spreadsheets
from cohesion.lib.http import base_url, file_answer, paged
from cohesion.lib.spreadsheets import Column, Table
from projects.browsing import exports
from projects.browsing.views.years import year_control
from projects.catalogue.models.project_queries import beside
from projects.choices import OfferKind
from projects.figures import breakdowns, figures, offer_changes
from projects.figures import offers as read_offers
from projects.figures.offers import Given, OffersQuery
from projects.figures.periods import UNDATED
from projects.members.public_names import file_name, file_names
from projects.territory.models import Territory

PAGE = 50


def _co_leads(given: Given) -> str:
    return "|".join(file_names(given.offer.project.co_leads.all()))


def _sites(given: Given) -> str:
    return "|".join(site.territory.name for site in given.offer.sites.all())


def _weekly_hours(given: Given) -> float | None:
    return float(given.offer.weekly_hours) if given.offer.weekly_hours else None


COLUMNS = (
    Column("offre", lambda given: given.offer.name, 40),
    Column("nature", lambda given: given.offer.get_kind_display(), 30),
    Column("code_projet", lambda given: given.offer.project.code, 14),
    Column("projet", lambda given: given.offer.project.title, 40),
    Column("porteur", lambda given: file_name(given.offer.project.organization), 30),
    Column("co_porteurs", _co_leads, 30),
    Column("lieux", _sites, 30),
    Column("places", lambda given: given.offer.places, 8),
    Column("heures_par_semaine", _weekly_hours, 10),
    Column("horaires", lambda given: given.offer.opening, 30),
    Column("date_debut", lambda given: given.starts_on, 12),
    Column("date_fin", lambda given: given.ends_on, 12),
)


@public_page
def offers(request: HttpRequest, versions: Versions) -> HttpResponse:
    """The table of a year, and the list of what the address asks for; each number of the table is such a list."""
    territories, published, query = _read_offers(request, versions.in_force)
    communes = breakdowns.communes(territories.values())
    narrowed, chosen = query.narrow(published), _chosen(query)
    context = {
        "framework": versions.in_force,
        "asked": query,
        **_years(request, versions, query, published),
        "undated": sum(1 for given in published if given.starts_on is None),
        "undated_address": OffersQuery(query.period, is_undated=True).address(),
        "kinds": {"": "Toutes", **dict(OfferKind.choices)},
        "places": {"": "Toutes", **{commune.code: commune.name for commune in communes}, **chosen},
        "chosen_place": next(iter(chosen), ""),
        "mesh": read_offers.mesh(
            query.of_the_year(published), query, communes, read_offers.elsewhere(territories.values(), communes)
        ),
        "changed": offer_changes.changes(published, query, communes),
        "total": read_offers.total(narrowed),
        "everything": query.address(),
        **paged(request, narrowed, PAGE, anchor="offres"),
        "file_address": f"{request.path.rstrip('/')}.csv?{request.GET.urlencode()}".rstrip("?"),
    }
    return render(request, "projects/offers.html", context)


@public_page
def export(request: HttpRequest, versions: Versions) -> HttpResponse:
    """The offers that the page lists with the same parameters, all pages together."""
    _, published, query = _read_offers(request, versions.in_force)
    rows = query.narrow(published)
    prefetch_related_objects([given.offer.project for given in rows], beside())
    changes = read_offers.changes(given.offer for given in rows)
    site = base_url(request)

    def page(given: Given) -> str:
        return f"{site}{given.offer.project.get_absolute_url()}#offres"

    def changed_on(given: Given) -> datetime.date | None:
        return exports.day_of(changes[given.offer.pk])

    more = Column(exports.PAGE, page, 40), Column(exports.CHANGED, changed_on, 12)
    content = spreadsheets.write("csv", [Table.of("Offres", (*COLUMNS, *more), rows)])
    return file_answer(content, spreadsheets.CONTENT_TYPES["csv"], "offres.csv")


def _chosen(query: OffersQuery) -> dict[str, str]:
    """The place that is chosen, by its code: among the choices, whatever it is."""
    if query.is_siteless:
        return {read_offers.NO_SITE: "Sans lieu déclaré"}
    return {query.territory.code: query.territory.name} if query.territory else {}


def _read_offers(
    request: HttpRequest, framework: Framework | None
) -> tuple[dict[int, Territory], list[Given], OffersQuery]:
    """The territories, every offer, and what is asked; no query while nothing changes."""
    territories = figures.places(framework).territories
    published = read_offers.published(framework, territories)
    return territories, published, OffersQuery.from_query(request.GET, territories.values())


def _years(request: HttpRequest, versions: Versions, query: OffersQuery, published: list[Given]) -> dict[str, Any]:
    offered = breakdowns.years((given.span for given in published), query.period.today)
    others = [(UNDATED, "Sans date de début")] if any(given.starts_on is None for given in published) else []
    outside = UNDATED if query.is_undated else ""
    return year_control(request, versions.in_force, query.period, offered=offered, others=others, outside=outside)
