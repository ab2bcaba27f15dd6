"""What public pages say of themselves in the words of schema.org: who, what, where, and the way to them."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse

from projects.catalogue.models import Project
from projects.members.models import Organization
from projects.opendata.datasets import Dataset
from projects.opendata.grants import is_legal_person
from projects.opendata.source import authority, project_path
from projects.territory.models import Territory

Thing = dict[str, Any]
CONTEXT = "https://schema.org"


def council(site_address: str) -> Thing:
    return {
        "@type": "GovernmentOrganization",
        "@id": f"{site_address}/#collectivite",
        "name": authority(),
        **({"taxID": settings.AUTHORITY_SIRET} if settings.AUTHORITY_SIRET else {}),
    }


def site(site_address: str) -> Thing:
    """The site itself, and how it is searched."""
    search = f"{site_address}{reverse('axes:search')}?q={{search_term_string}}"
    return {
        "@context": CONTEXT,
        "@type": "WebSite",
        "name": settings.SITE_NAME,
        "url": f"{site_address}/",
        "inLanguage": "fr",
        "publisher": council(site_address),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": search},
            "query-input": "required name=search_term_string",
        },
    }


def project(told: Project, site_address: str) -> Thing:
    """A project, who leads it and who gives to it, with the way to its page. The name of who may be somebody is left."""
    page = f"{site_address}{project_path(told)}"
    lead = told.organization
    whole: Thing = {
        "@type": "Project",
        "@id": f"{page}#projet",
        "name": told.title,
        "identifier": told.code,
        "url": page,
        **({"description": told.summary} if told.summary else {}),
        **({"parentOrganization": _named(lead)} if is_legal_person(lead) else {}),
        **({"funder": council(site_address)} if told.granted else {}),
    }
    if told.starts_on:
        whole["foundingDate"] = told.starts_on.isoformat()
    if told.ends_on:
        whole["dissolutionDate"] = told.ends_on.isoformat()
    return _graph(whole, [("Projets", reverse("projects:list")), (told.title, project_path(told))], site_address)


def territory(told: Territory, site_address: str) -> Thing:
    path = reverse("projects:territory", args=[told.code])
    place: Thing = {
        "@type": "City" if told.is_commune else "Place",
        "@id": f"{site_address}{path}#lieu",
        "name": told.name,
        "url": f"{site_address}{path}",
        "identifier": told.code,
    }
    steps = [("Territoires", reverse("projects:territories"))]
    if told.parent is not None:
        above = reverse("projects:territory", args=[told.parent.code])
        place["containedInPlace"] = {"@type": "Place", "name": told.parent.name, "url": f"{site_address}{above}"}
        steps.append((told.parent.name, above))
    return _graph(place, [*steps, (told.name, path)], site_address)


def organization(told: Organization, site_address: str) -> Thing | None:
    """A legal person that leads a public project: its name and its numbers, and nothing of people."""
    if not is_legal_person(told):
        return None
    path = reverse("projects:organization", args=[told.pk])
    whole = {**_named(told), "@id": f"{site_address}{path}#structure", "url": f"{site_address}{path}"}
    return _graph(whole, [("Projets", reverse("projects:list")), (told.name, path)], site_address)


def data_catalogue(datasets: Iterable[Dataset], site_address: str) -> Thing:
    """The page of the public tables."""
    home = f"{site_address}{reverse('projects:open_data')}"
    return {
        "@context": CONTEXT,
        "@type": "DataCatalog",
        "@id": f"{home}#catalogue",
        "name": f"Données ouvertes – {settings.SITE_NAME}",
        "url": home,
        "license": settings.OPEN_DATA_LICENCE.address,
        "publisher": council(site_address),
        "dataset": [
            {
                "@type": "Dataset",
                "name": dataset.title,
                "description": dataset.description,
                "url": f"{site_address}{dataset.address}",
                "license": settings.OPEN_DATA_LICENCE.address,
                "creator": {"@type": "GovernmentOrganization", "name": authority()},
            }
            for dataset in datasets
        ],
    }


def _named(told: Organization) -> Thing:
    return {
        "@type": "Organization",
        "name": told.name,
        **({"alternateName": told.acronym} if told.acronym else {}),
        **({"taxID": told.siret} if told.siret else {}),
    }


def _graph(whole: Thing, steps: list[tuple[str, str]], site_address: str) -> Thing:
    """Something, and the steps to its page."""
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": f"{site_address}{path}"}
        for place, (name, path) in enumerate(steps, 1)
    ]
    return {"@context": CONTEXT, "@graph": [whole, {"@type": "BreadcrumbList", "itemListElement": items}]}
