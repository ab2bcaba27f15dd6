"""The offers open to residents: their places by kind and commune, and the offers themselves."""

from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from axes.http import Versions, public_page
from axes.models import Framework
from cohesion.lib import spreadsheets
from cohesion.lib.http import base_url, paged
from cohesion.lib.spreadsheets import Column, Table
from projects.browsing import exports
from projects.browsing.views.years import year_control
from projects.catalogue.models.project import beside
from projects.choices import OfferKind
from projects.figures import breakdowns, figures
from projects.figures import offers as read_offers
from projects.figures.offers import Given, OffersQuery
from projects.territory.models import Territory

PAGE = 50
COLUMNS = (
    Column("offre", lambda one: one.offer.name, 40),
    Column("nature", lambda one: one.offer.get_kind_display(), 30),
    Column("code_projet", lambda one: one.offer.project.code, 14),
    Column("projet", lambda one: one.offer.project.title, 40),
    Column("porteur", lambda one: one.offer.project.organization.name, 30),
    Column("co_porteurs", lambda one: "|".join(lead.name for lead in one.offer.project.co_leads.all()), 30),
    Column("lieux", lambda one: "|".join(site.territory.name for site in one.offer.sites.all()), 30),
    Column("places", lambda one: one.offer.places, 8),
    Column("heures_par_semaine", lambda one: float(one.offer.weekly_hours) if one.offer.weekly_hours else None, 10),
    Column("horaires", lambda one: one.offer.opening, 30),
    Column("date_debut", lambda one: one.starts_on, 12),
    Column("date_fin", lambda one: one.ends_on, 12),
)


@public_page
def offers(request: HttpRequest, versions: Versions) -> HttpResponse:
    """The table of a year, and the list of what the address asks for; each number of the table is such a list."""
    territories, found, asked = _read(request, versions.in_force)
    communes = breakdowns.communes(territories.values())
    narrowed = asked.narrow(found)
    context = {
        "framework": versions.in_force,
        "asked": asked,
        **_years(request, versions, asked, found),
        "undated": sum(1 for one in found if one.starts_on is None),
        "undated_address": OffersQuery(asked.period, is_undated=True).address(),
        "kinds": {"": "Toutes", **dict(OfferKind.choices)},
        "places": {"": "Toutes", **{one.code: one.name for one in communes}, **_chosen(asked)},
        "chosen_place": read_offers.NO_SITE if asked.is_siteless else asked.territory.code if asked.territory else "",
        "mesh": read_offers.mesh(
            asked.of_the_year(found), asked, communes, read_offers.elsewhere(territories.values(), communes)
        ),
        "total": read_offers.total(narrowed),
        "everything": asked.address(),
        **paged(request, narrowed, PAGE, anchor="offres"),
        "file_address": f"{request.path.rstrip('/')}.csv?{request.GET.urlencode()}".rstrip("?"),
    }
    return render(request, "projects/offers.html", context)


@public_page
def export(request: HttpRequest, versions: Versions) -> HttpResponse:
    """The offers that the page lists with the same parameters, all pages together."""
    _, found, asked = _read(request, versions.in_force)
    rows = asked.narrow(found)
    prefetch_related_objects([one.offer.project for one in rows], beside())
    changes = read_offers.changes(one.offer for one in rows)
    site = base_url(request)
    told = (
        Column(exports.PAGE, lambda one: f"{site}{reverse('projects:detail', args=[one.offer.project_id])}#offres", 40),
        Column(exports.CHANGED, lambda one: exports.day_of(changes[one.offer.pk]), 12),
    )
    content = spreadsheets.write("csv", [Table.of("Offres", (*COLUMNS, *told), rows)])
    response = HttpResponse(content, content_type=spreadsheets.CONTENT_TYPES["csv"])
    response.headers["Content-Disposition"] = 'attachment; filename="offres.csv"'
    return response


def _chosen(asked: OffersQuery) -> dict[str, str]:
    """What is chosen is among the choices, whatever it is."""
    if asked.is_siteless:
        return {read_offers.NO_SITE: "Sans lieu déclaré"}
    return {asked.territory.code: asked.territory.name} if asked.territory else {}


def _read(request: HttpRequest, framework: Framework | None) -> tuple[dict[int, Territory], list[Given], OffersQuery]:
    """The territories, every offer, and what is asked; no query while nothing changes."""
    territories = figures.places(framework).territories
    found = read_offers.published(framework, territories)
    return territories, found, OffersQuery.read(request.GET, territories.values())


def _years(request: HttpRequest, versions: Versions, asked: OffersQuery, found: list[Given]) -> dict[str, Any]:
    offered = breakdowns.years((one.span for one in found), asked.period.today)
    return year_control(request, versions.in_force, asked.period, offered=offered)
