"""What public pages say of themselves in the words of schema.org: who, what, where, and the way to them."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse

from axes.addresses import framework_address, orientation_address
from axes.models import Orientation
from projects.catalogue.models import Project
from projects.members.models import Organization
from projects.opendata.datasets import Dataset
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


def of_site(site_address: str) -> Thing:
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


def of_project(project: Project, site_address: str) -> Thing:
    """A project, who leads it and who gives to it, with the way to its page; nothing of who may be somebody."""
    page = f"{site_address}{project_path(project)}"
    lead = project.organization
    whole: Thing = {
        "@type": "Project",
        "@id": f"{page}#projet",
        "name": project.title,
        "identifier": project.code,
        "url": page,
        **({"description": project.summary} if project.summary else {}),
        **({"parentOrganization": _named(lead)} if lead.is_legal_person else {}),
        **({"funder": council(site_address)} if project.granted else {}),
    }
    if project.starts_on:
        whole["foundingDate"] = project.starts_on.isoformat()
    if project.ends_on:
        whole["dissolutionDate"] = project.ends_on.isoformat()
    return _graph(whole, [("Projets", reverse("projects:list")), (project.title, project_path(project))], site_address)


def of_orientation(orientation: Orientation, above: Iterable[Orientation], site_address: str) -> Thing:
    """An orientation of a public framework, the text that it is a part of, and the way to it through those above."""
    framework, path = orientation.framework, orientation_address(orientation)
    home = framework_address(framework)
    whole: Thing = {
        "@type": "CreativeWork",
        "@id": f"{site_address}{path}#orientation",
        "name": orientation.display_title,
        "identifier": orientation.code,
        "url": f"{site_address}{path}",
        "inLanguage": "fr",
        "creator": council(site_address),
        "isPartOf": {"@type": "CreativeWork", "name": framework.name, "url": f"{site_address}{home}"},
    }
    steps = [(framework.name, home), *((each.display_title, orientation_address(each)) for each in above)]
    return _graph(whole, [*steps, (orientation.display_title, path)], site_address)


def of_territory(territory: Territory, site_address: str) -> Thing:
    path = reverse("projects:territory", args=[territory.code])
    place: Thing = {
        "@type": "City" if territory.is_commune else "Place",
        "@id": f"{site_address}{path}#lieu",
        "name": territory.name,
        "url": f"{site_address}{path}",
        "identifier": territory.code,
    }
    steps = [("Territoires", reverse("projects:territories"))]
    if territory.parent is not None:
        above = reverse("projects:territory", args=[territory.parent.code])
        place["containedInPlace"] = {"@type": "Place", "name": territory.parent.name, "url": f"{site_address}{above}"}
        steps.append((territory.parent.name, above))
    return _graph(place, [*steps, (territory.name, path)], site_address)


def of_organization(organization: Organization, site_address: str) -> Thing | None:
    """A legal person that leads a public project: its name and its numbers, and nothing of people."""
    if not organization.is_legal_person:
        return None
    path = reverse("projects:organization", args=[organization.pk])
    whole = {**_named(organization), "@id": f"{site_address}{path}#structure", "url": f"{site_address}{path}"}
    return _graph(whole, [("Projets", reverse("projects:list")), (organization.name, path)], site_address)


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


def _named(organization: Organization) -> Thing:
    return {
        "@type": "Organization",
        "name": organization.name,
        **({"alternateName": organization.acronym} if organization.acronym else {}),
        **({"taxID": organization.siret} if organization.siret else {}),
    }


def _graph(whole: Thing, steps: list[tuple[str, str]], site_address: str) -> Thing:
    """Something, and the steps to its page."""
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": f"{site_address}{path}"}
        for place, (name, path) in enumerate(steps, 1)
    ]
    return {"@context": CONTEXT, "@graph": [whole, {"@type": "BreadcrumbList", "itemListElement": items}]}
