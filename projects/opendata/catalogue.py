"""The public tables as other portals read of them: a DCAT-AP catalogue in JSON-LD, and schema.org in their pages."""

import json
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from axes.http import Versions
from projects.opendata.datasets import DATASETS, EXCEL, FORMATS, Dataset
from projects.opendata.kept_file import KeptFile
from projects.opendata.kept_files import TableReading, facts
from projects.opendata.shared_files import shared
from projects.opendata.source import authority

LINKED_DATA = "application/ld+json"
IANA = "https://www.iana.org/assignments/media-types/"
EUROPE = "http://publications.europa.eu/resource/authority/"
FILE_TYPES = {"csv": "CSV", EXCEL: "CSV", "xlsx": "XLSX", "json": "JSON", "geojson": "GEOJSON"}
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "spdx": "http://spdx.org/rdf/terms#",
    "adms": "http://www.w3.org/ns/adms#",
}
Thing = dict[str, Any]


def _in_french(text: str) -> Thing:
    return {"@language": "fr", "@value": text}


def _link(address: str) -> Thing:
    return {"@id": address}


def catalogue(versions: Versions, site: str) -> Thing:
    """The whole catalogue, as one graph."""
    home = f"{site}{reverse('projects:open_data')}"
    changed = max((version.updated_at for version in versions), default=timezone.now())
    return {
        "@context": CONTEXT,
        "@id": f"{home}#catalogue",
        "@type": "dcat:Catalog",
        "dct:title": _in_french(f"Données ouvertes – {settings.SITE_NAME}"),
        "dct:description": _in_french(
            "Le cadre de cohésion sociale et territoriale, ce qui se fait pour lui, où, et avec quel argent."
        ),
        "dct:publisher": _publisher(site),
        "dct:language": _link(f"{EUROPE}language/FRA"),
        "dct:license": _link(settings.OPEN_DATA_LICENCE.address),
        "dct:modified": _moment(changed),
        "dct:spatial": _places(versions, site),
        "foaf:homepage": _link(home),
        "dcat:themeTaxonomy": _link(f"{EUROPE}data-theme"),
        "dcat:dataset": [_dataset(dataset, versions, site) for dataset in DATASETS],
    }


def catalogue_file(versions: Versions, site: str) -> KeptFile:
    """Itself as it was a moment ago, while somebody makes the next one; what it says of files is exact."""

    def make() -> KeptFile:
        body = json.dumps(catalogue(versions, site), ensure_ascii=False, indent=1).encode()
        return KeptFile.of_text(body, f"{LINKED_DATA}; charset=utf-8")

    return make() if versions.in_force is None else shared("catalogue.jsonld", site, versions.stamp, make)


def _publisher(site: str) -> Thing:
    """The council: by its SIRET where it is known."""
    siret = settings.AUTHORITY_SIRET
    return {
        "@id": f"{site}/#collectivite",
        "@type": "foaf:Agent",
        "foaf:name": _in_french(authority()),
        **({"dct:identifier": siret} if siret else {}),
    }


def _contact(site: str) -> Thing:
    """Who answers: an address to write to, else the page that says how."""
    named = {"@type": "vcard:Organization", "vcard:fn": authority()}
    if settings.CONTACT_EMAIL:
        return {**named, "vcard:hasEmail": _link(f"mailto:{settings.CONTACT_EMAIL}")}
    return {**named, "vcard:hasURL": _link(f"{site}{reverse('legal')}")}


def _dataset(dataset: Dataset, versions: Versions, site: str) -> Thing:
    reading = TableReading(dataset, versions, site)
    known = reading.facts
    page = f"{site}{dataset.address}"
    return {
        "@id": f"{page}#donnees",
        "@type": "dcat:Dataset",
        "dct:identifier": page,
        "dct:title": _in_french(dataset.title),
        "dct:description": _in_french(" ".join([dataset.description, *dataset.notes])),
        "dct:publisher": _publisher(site),
        "dcat:contactPoint": _contact(site),
        "dcat:landingPage": _link(page),
        "dcat:theme": [_link(f"{EUROPE}data-theme/{theme}") for theme in dataset.themes],
        "dcat:keyword": [_in_french(word) for word in dataset.keywords],
        "dct:language": _link(f"{EUROPE}language/FRA"),
        "dct:accrualPeriodicity": _link(f"{EUROPE}frequency/CONT"),
        "dct:accessRights": _link(f"{EUROPE}access-right/PUBLIC"),
        "dct:spatial": _places(versions, site),
        **({"dct:modified": _moment(known.changed_at)} if known.changed_at else {}),
        **({"dct:temporal": _period(versions)} if versions.in_force else {}),
        **({"dct:conformsTo": _link(dataset.conforms_to)} if dataset.conforms_to else {}),
        "dcat:distribution": [_distribution(reading, format) for format in dataset.formats],
    }


def _distribution(reading: TableReading, format: str) -> Thing:
    dataset, file = reading.dataset, reading.file(format)
    address = f"{reading.source.site}{dataset.file_address(format)}"
    media = FORMATS[format][2].partition(";")[0]
    return {
        "@id": address,
        "@type": "dcat:Distribution",
        "dct:title": _in_french(f"{dataset.title} ({FORMATS[format][0]})"),
        "dct:description": _in_french(FORMATS[format][1]),
        "dcat:accessURL": _link(address),
        "dcat:downloadURL": _link(address),
        "dcat:mediaType": _link(f"{IANA}{media}"),
        "dct:format": _link(f"{EUROPE}file-type/{FILE_TYPES[format]}"),
        "dct:license": _link(settings.OPEN_DATA_LICENCE.address),
        "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(file.size)},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": _link("http://spdx.org/rdf/terms#checksumAlgorithm_sha256"),
            "spdx:checksumValue": {"@type": "xsd:hexBinary", "@value": file.digest},
        },
    }


def _places(versions: Versions, site: str) -> Thing:
    """Where the framework applies, in its own words."""
    perimeter = versions.in_force.perimeter if versions.in_force else ""
    return {
        "@id": f"{site}/#territoire",
        "@type": "dct:Location",
        "http://www.w3.org/2000/01/rdf-schema#label": _in_french(perimeter or authority()),
    }


def _period(versions: Versions) -> Thing:
    """From the first day of the oldest public framework to the last of the newest."""
    starts = [version.starts_on for version in versions if version.starts_on]
    ends = [version.ends_on for version in versions if version.ends_on]
    return {
        "@type": "dct:PeriodOfTime",
        **({"dcat:startDate": {"@type": "xsd:date", "@value": min(starts).isoformat()}} if starts else {}),
        **({"dcat:endDate": {"@type": "xsd:date", "@value": max(ends).isoformat()}} if ends else {}),
    }


def _moment(moment: Any) -> Thing:
    return {"@type": "xsd:dateTime", "@value": timezone.localtime(moment).isoformat(timespec="seconds")}


# --- schema.org -------------------------------------------------------------------------------------------------


def described(dataset: Dataset, versions: Versions, site: str) -> Thing:
    """A table as search engines of data read of it in its page."""
    known = facts(dataset, versions, site)
    page = f"{site}{dataset.address}"
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": f"{page}#donnees",
        "name": dataset.title,
        "description": dataset.description,
        "url": page,
        "inLanguage": "fr",
        "isAccessibleForFree": True,
        "license": settings.OPEN_DATA_LICENCE.address,
        "keywords": list(dataset.keywords),
        "creator": {"@type": "GovernmentOrganization", "name": authority()},
        "includedInDataCatalog": {"@type": "DataCatalog", "url": f"{site}{reverse('projects:open_data')}"},
        **({"dateModified": timezone.localtime(known.changed_at).date().isoformat()} if known.changed_at else {}),
        "variableMeasured": [
            {"@type": "PropertyValue", "name": column.header, "description": column.meaning} for column in known.columns
        ],
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": FORMATS[format][2].partition(";")[0],
                "contentUrl": f"{site}{dataset.file_address(format)}",
            }
            for format in dataset.formats
        ],
    }
