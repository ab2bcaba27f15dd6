"""The frameworks as public tables: each version, and its orientations."""

import datetime

from django.db.models import Max
from django.urls import reverse

from axes import document
from axes.addresses import orientation_address, version_orientation_address
from axes.exchange.resource import ORIENTATIONS
from axes.exchange.state import states_of
from axes.models import Framework, Orientation
from projects.browsing import exports
from projects.opendata.columns import ORIENTATION_MEANINGS, OpenColumn, declared, moment_of, of_item
from projects.opendata.source import OpenSource, Row

FRAMEWORK_COLUMNS = (
    of_item("cadre", "l’identifiant du cadre, dans son adresse"),
    of_item("titre", "le titre du document"),
    of_item("programme", "l’identifiant du programme dont il est une version"),
    of_item("programme_en_clair", "le nom du programme"),
    of_item("etat", "En vigueur ou Archivé"),
    of_item("collectivite", "qui l’a adopté"),
    of_item("perimetre", "où il s’applique"),
    of_item("adopte_le", "le jour de la délibération", "day"),
    of_item("deliberation", "sa référence"),
    of_item("debut", "le premier jour d’application", "day"),
    of_item("fin", "le dernier jour d’application, compris", "day"),
    of_item("orientations", "combien il en a, tous niveaux ensemble", "whole"),
    of_item(exports.PAGE, "l’adresse de sa page"),
    of_item(exports.CHANGED, "le jour où son texte, ou ce qui s’y rattache, a changé", "day"),
)


def framework_rows(source: OpenSource) -> list[Row]:
    return [list(_framework(framework, source.site).values()) for framework in source.versions.by_programme]


def _framework(framework: Framework, site: str) -> dict[str, str | int | datetime.date | None]:
    """In the order of the columns."""
    return {
        "cadre": framework.slug,
        "titre": framework.name,
        "programme": framework.programme.slug,
        "programme_en_clair": framework.programme.name,
        "etat": framework.get_status_display(),
        "collectivite": framework.authority,
        "perimetre": framework.perimeter,
        "adopte_le": framework.adopted_on,
        "deliberation": framework.deliberation,
        "debut": framework.starts_on,
        "fin": framework.ends_on,
        "orientations": len(document.kept(framework)),
        "page": f"{site}{reverse('axes:version', args=[framework.slug])}",
        "changed": exports.day_of(framework.updated_at),
    }


def orientation_columns() -> tuple[OpenColumn, ...]:
    return (
        of_item("cadre", "l’identifiant du cadre"),
        of_item("programme", "l’identifiant du programme"),
        *declared(ORIENTATIONS.columns, ORIENTATION_MEANINGS),
        of_item(exports.PAGE, "l’adresse de sa page"),
        of_item(exports.CHANGED, "le jour où elle a changé", "day"),
    )


def orientation_rows(source: OpenSource) -> list[Row]:
    """Those of every public version, in document order."""
    own = declared(ORIENTATIONS.columns, ORIENTATION_MEANINGS)
    rows: list[Row] = []
    written = Orientation.objects.filter(framework__in=[framework.pk for framework in source.versions])
    changes = dict(written.values_list("pk", "updated_at"))
    for framework in source.versions.by_programme:
        address = orientation_address if framework.is_reference else version_orientation_address
        nodes = document.kept(framework)
        for node, state in zip(nodes, states_of(nodes).values(), strict=True):
            orientation = node.orientation
            page = f"{source.site}{address(orientation)}"
            day = exports.day_of(changes[orientation.pk])
            values = [column.value(state) for column in own]
            rows.append([framework.slug, framework.programme.slug, *values, page, day])
    return rows


def frameworks_changed(source: OpenSource) -> datetime.datetime | None:
    return moment_of(*(framework.updated_at for framework in source.versions))


def orientations_changed(source: OpenSource) -> datetime.datetime | None:
    last = Orientation.objects.filter(framework__in=[framework.pk for framework in source.versions])
    return last.aggregate(last=Max("updated_at"))["last"] or frameworks_changed(source)
