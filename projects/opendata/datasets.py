"""Every public table, declared once: what it is called and says, its columns, its rows, when it last changed.

A table holds what pages show to anybody, and nothing else: each begins with what is published.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.urls import reverse

from projects.opendata import grants, of_framework, of_places, of_projects
from projects.opendata.columns import OpenColumn
from projects.opendata.source import OpenSource, Row

CSV, EXCEL, SHEET, JSON, GEOJSON = "csv", "excel.csv", "xlsx", "json", "geojson"
# Each format: what the page calls it, to whom it speaks, how it is sent.
FORMATS = {
    CSV: ("CSV", "pour les programmes : virgule, point décimal, dates ISO, UTF-8", "text/csv; charset=utf-8"),
    EXCEL: ("CSV pour Excel", "point-virgule, virgule décimale, dates JJ/MM/AAAA", "text/csv; charset=utf-8"),
    SHEET: (
        "XLSX",
        "classeur : les codes y gardent leurs zéros",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    JSON: ("JSON", "un tableau d’objets", "application/json"),
    GEOJSON: ("GeoJSON", "les contours, en degrés (WGS84)", "application/geo+json"),
}
TABLES = (CSV, EXCEL, SHEET, JSON)
# The themes of the European vocabulary of data (DCAT-AP).
SOCIETY, GOVERNMENT, REGIONS = "SOCI", "GOVE", "REGI"


@dataclass(frozen=True)
class Dataset:
    """A public table. ``first`` says, in a phrase, what a row is."""

    name: str
    title: str
    description: str
    first: str
    read_columns: Callable[[], tuple[OpenColumn, ...]]
    read_rows: Callable[[OpenSource], list[Row]]
    read_changed: Callable[[OpenSource], datetime.datetime | None]
    formats: tuple[str, ...] = TABLES
    themes: tuple[str, ...] = (SOCIETY,)
    keywords: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())
    conforms_to: str = ""

    @property
    def columns(self) -> tuple[OpenColumn, ...]:
        return self.read_columns()

    @property
    def address(self) -> str:
        return reverse("projects:open_dataset", args=[self.name])

    def file_address(self, format: str) -> str:
        return reverse("projects:open_file", args=[f"{self.name}.{format}"])


DATASETS = (
    Dataset(
        "cadres",
        "Les cadres d’orientations",
        "Les versions publiques du cadre de chaque programme : celle en vigueur et celles qui l’ont précédée. Un cadre "
        "en préparation n’y est pas.",
        "un cadre",
        lambda: of_framework.FRAMEWORK_COLUMNS,
        of_framework.framework_rows,
        of_framework.frameworks_changed,
        themes=(GOVERNMENT, SOCIETY),
        keywords=("politique publique", "délibération", "cohésion sociale"),
    ),
    Dataset(
        "orientations",
        "Les orientations",
        "Le texte adopté, orientation par orientation, de chaque version publique du cadre, dans l’ordre du document. "
        "« parent_code » remonte d’un niveau à l’autre jusqu’au plus large.",
        "une orientation",
        of_framework.orientation_columns,
        of_framework.orientation_rows,
        of_framework.orientations_changed,
        themes=(GOVERNMENT, SOCIETY),
        keywords=("orientations", "objectifs", "cohésion sociale"),
    ),
    Dataset(
        "projets",
        "Les projets",
        "Les projets que l’agglomération a retenus, et eux seuls : en cours, achevés ou dont le bilan est attendu. Un "
        "dossier déposé, ajourné ou refusé n’y est pas.",
        "un projet",
        of_projects.project_columns,
        of_projects.project_rows,
        of_projects.projects_changed,
        keywords=("projets", "associations", "politique de la ville"),
    ),
    Dataset(
        "rattachements",
        "Ce que les projets servent",
        "Les liens entre les projets et les orientations, dans chaque cadre de leur temps. Un projet sert plusieurs "
        "orientations ; une seule est la principale dans un cadre.",
        "un projet et une orientation qu’il sert",
        lambda: of_projects.LINK_COLUMNS,
        of_projects.link_rows,
        of_projects.links_changed,
        keywords=("orientations", "couverture", "évaluation"),
        notes=(
            "Ce qui sert une orientation sert aussi celles qui la contiennent : additionnez des projets distincts, non "
            "des lignes.",
        ),
    ),
    Dataset(
        "lieux",
        "Où les projets agissent",
        "Les lieux que chaque projet déclare : communes, quartiers, agglomération entière.",
        "un projet et un lieu",
        lambda: of_projects.PLACE_COLUMNS,
        of_projects.place_rows,
        of_projects.places_changed,
        themes=(SOCIETY, REGIONS),
        keywords=("territoires", "communes", "quartiers prioritaires"),
        notes=("Un projet qui agit dans plusieurs communes compte dans chacune, et une seule fois en tout.",),
    ),
    Dataset(
        "territoires",
        "Les territoires",
        "Les communes du périmètre, les quartiers avec leurs dates, et les autres lieux où agit un projet public. Le "
        "GeoJSON a leurs contours, quand ils sont connus.",
        "un territoire",
        of_places.territory_columns,
        of_places.territory_rows,
        of_places.territories_changed,
        formats=(*TABLES, GEOJSON),
        themes=(REGIONS, SOCIETY),
        keywords=("communes", "quartiers prioritaires", "contours"),
    ),
    Dataset(
        "offres",
        "Les offres aux habitants",
        "Ce que les projets publics ouvrent aux habitants : ateliers, aide aux devoirs, petite enfance, accueil.",
        "une offre",
        lambda: of_projects.OFFER_COLUMNS,
        of_projects.offer_rows,
        of_projects.offers_changed,
        keywords=("services", "accueil", "petite enfance"),
    ),
    Dataset(
        "besoins",
        "Les besoins entendus",
        "Ce que les habitants demandent, tel qu’il a été entendu sur le terrain et rendu public. Aucun nom n’y figure.",
        "un besoin",
        lambda: of_projects.NEED_COLUMNS,
        of_projects.need_rows,
        of_projects.needs_changed,
        keywords=("habitants", "demande sociale"),
    ),
    Dataset(
        "structures",
        "Les structures",
        "Les personnes morales qui portent un projet public. Ni courriel, ni téléphone, ni nom de personne : qui n’est "
        "pas connu comme une personne morale n’y est pas.",
        "une structure",
        of_projects.structure_columns,
        of_projects.structure_rows,
        of_projects.projects_changed,
        keywords=("associations", "SIRET", "RNA"),
    ),
    Dataset(
        "argent",
        "L’argent des projets",
        "Les montants publics de chaque projet, en euros : ce qui est accordé, ce que les autres apportent.",
        "un projet",
        of_projects.money_columns,
        of_projects.money_rows,
        of_projects.projects_changed,
        themes=(GOVERNMENT, SOCIETY),
        keywords=("subventions", "budget", "cofinancements"),
        notes=(
            "Un montant compte en entier dans chaque année où son projet court : les années ne s’additionnent pas.",
            "Ce qui est accordé s’additionne projet par projet. Ce qui est prévu, ou apporté par d’autres, se redit "
            "dans un PST et dans ses actions : le PST ne compte que si aucune de ses parties, parmi les projets "
            "additionnés, n’en a.",
        ),
    ),
    Dataset(
        "subventions",
        "Les subventions attribuées (SCDL)",
        "Les données essentielles des subventions, au format « subventions » 2.1.1 du socle commun des données "
        "locales.",
        "une subvention et son bénéficiaire",
        lambda: grants.GRANT_COLUMNS,
        grants.grant_rows,
        grants.grants_changed,
        themes=(GOVERNMENT,),
        keywords=("subventions", "SCDL", "conventions", "données essentielles"),
        notes=grants.NOTES,
        conforms_to=grants.SCHEMA_ADDRESS,
    ),
)
BY_NAME: Mapping[str, Dataset] = {dataset.name: dataset for dataset in DATASETS}
FILE_NAMES: Mapping[str, tuple[Dataset, str]] = {
    f"{dataset.name}.{format}": (dataset, format) for dataset in DATASETS for format in dataset.formats
}
