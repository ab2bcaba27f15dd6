"""Where, who, what is open to residents, and what they ask for."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import Q, QuerySet, prefetch_related_objects
from django.shortcuts import get_object_or_404
from django.urls import reverse as site_address
from rest_framework.request import Request
from rest_framework.response import Response

from projects.api import paging
from projects.api.columns import STRUCTURES, shown
from projects.api.description import listing, operation
from projects.api.problems import ApiProblem
from projects.api.views.base import CHOSEN, PAGED, ApiView, Listing
from projects.catalogue.models import Project
from projects.catalogue.models.project_queries import beside
from projects.choices import OfferKind, TerritoryKind
from projects.figures import figures
from projects.figures import offers as read_offers
from projects.figures.offers import Given, OffersQuery
from projects.figures.periods import ALL
from projects.members.models import Organization
from projects.members.public_names import file_name, file_names, legal_persons
from projects.territory.columns import PUBLIC_COLUMNS
from projects.territory.models import Territory


def _territory_row(territory: Territory, site: str) -> dict[str, Any]:
    page = site_address("projects:territory", args=[territory.code])
    return shown(PUBLIC_COLUMNS, territory) | {"page": f"{site}{page}"}


@listing("listerTerritoires", "Les communes et les quartiers", page="Territoire", tag="Où")
class Territories(Listing):
    parameters: ClassVar[Mapping[str, str]] = {
        "nature": f"Une nature : {', '.join(TerritoryKind.values)}.",
        **PAGED,
        **CHOSEN,
    }

    def made(self) -> Response:
        query, rows = self.request.query_params, Territory.objects.defer("outline")
        if "nature" in query:
            if query["nature"] not in TerritoryKind.values:
                sentence = f"Les natures sont : {', '.join(TerritoryKind.values)}."
                raise ApiProblem(400, "Requête mal formée.", {"nature": [sentence]})
            rows = rows.filter(kind=query["nature"])
        page = paging.page_of(rows, query)
        read = Territory.objects.defer("outline").select_related("parent").defer("parent__outline").in_bulk(page.rows)
        return self.listed(page, [_territory_row(read[pk], self.site) for pk in page.rows])


class OneTerritory(ApiView):
    parameters: ClassVar[Mapping[str, str]] = CHOSEN

    @operation("lireTerritoire", "Un territoire", answer="Territoire", parameters=parameters, tag="Où")
    def get(self, request: Request, code: str) -> Response:
        territory = get_object_or_404(Territory.objects.select_related("parent"), code=code)
        return self.revalidated(lambda: Response(self.narrowed(_territory_row(territory, self.site))))


@listing("listerStructures", "Les structures qui portent un projet public", page="Structure", tag="Qui")
class Organizations(Listing):
    """Those that lead a published project, as the site has a page of each: no person, no address."""

    parameters: ClassVar[Mapping[str, str]] = {**PAGED, **CHOSEN}

    def made(self) -> Response:
        page = paging.page_of(public_organizations(), self.request.query_params)
        read = Organization.objects.select_related("commune").defer("commune__outline").in_bulk(page.rows)
        return self.listed(page, [_organization_row(read[pk], self.site) for pk in page.rows])


def public_organizations() -> QuerySet[Any]:
    """Those that are known as legal persons, as in the open files: nobody is listed by name."""
    published = Project.objects.published().order_by()
    leads = Q(pk__in=published.values("organization")) | Q(pk__in=published.values("co_leads"))
    return legal_persons().filter(leads)


def _organization_row(organization: Organization, site: str) -> dict[str, Any]:
    page = site_address("projects:organization", args=[organization.pk])
    return {
        "numero": organization.pk,
        **shown(STRUCTURES, organization),
        "commune": organization.commune.code if organization.commune is not None else None,
        "page": f"{site}{page}",
    }


class OneOrganization(ApiView):
    parameters: ClassVar[Mapping[str, str]] = CHOSEN

    @operation("lireStructure", "Une structure", answer="Structure", parameters=parameters, tag="Qui")
    def get(self, request: Request, numero: int) -> Response:
        organization = get_object_or_404(public_organizations().select_related("commune"), pk=numero)
        return self.revalidated(lambda: Response(self.narrowed(_organization_row(organization, self.site))))


@listing("listerOffres", "Ce qui est ouvert aux habitants", page="Offre", tag="Projets")
class Offers(Listing):
    parameters: ClassVar[Mapping[str, str]] = {
        "annee": "Une année ; toutes si rien n’est dit.",
        "nature": f"Une nature : {', '.join(OfferKind.values)}.",
        "commune": "Le code d’un territoire ; « aucune » : ce qui n’a pas de lieu.",
        **PAGED,
        **CHOSEN,
    }

    def made(self) -> Response:
        in_force = self.versions().in_force
        territories = figures.places(in_force).territories
        query = self.request.query_params.copy()
        query.setdefault("annee", ALL)
        wanted = OffersQuery.from_query(query, territories.values())
        self._check(wanted)
        rows = wanted.narrow(read_offers.published(in_force, territories))
        rows = sorted(rows, key=lambda given: given.offer.pk)
        page = paging.page_of_list(rows, [given.offer.pk for given in rows], query)
        prefetch_related_objects([given.offer.project for given in page.rows], beside())
        return self.listed(page, [_offer_row(given, self.site) for given in page.rows])

    def _check(self, wanted: OffersQuery) -> None:
        query, errors = self.request.query_params, {}
        if wanted.period.ignored:
            errors["annee"] = ["Ce n’est pas une année."]
        if query.get("nature", "") != wanted.kind:
            errors["nature"] = [f"Les natures sont : {', '.join(OfferKind.values)}."]
        if query.get("commune") and wanted.territory is None and not wanted.is_siteless:
            errors["commune"] = ["Aucun territoire ne porte ce code."]
        if errors:
            raise ApiProblem(400, "Requête mal formée.", errors)


def _offer_row(given: Given, site: str) -> dict[str, Any]:
    offer, project = given.offer, given.offer.project
    return {
        "numero": offer.pk,
        "offre": offer.name,
        "nature": offer.get_kind_display(),
        "code_projet": project.code,
        "projet": project.title,
        "porteur": file_name(project.organization),
        "co_porteurs": file_names(project.co_leads.all()),
        "lieux": [place.territory.code for place in offer.sites.all()],
        "places": offer.places,
        "heures_par_semaine": float(offer.weekly_hours) if offer.weekly_hours is not None else None,
        "horaires": offer.opening,
        "date_debut": given.starts_on.isoformat() if given.starts_on else None,
        "date_fin": given.ends_on.isoformat() if given.ends_on else None,
        "page": f"{site}{project.get_absolute_url()}#offres",
    }
