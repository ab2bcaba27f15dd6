"""The columns of a public table: those declared once for the files of people, and what each means to who reads it."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from cohesion.imports.columns import ColumnField
from cohesion.lib.spreadsheets.tables import Value
from projects.choices import MoneyItem

# What a column holds, as the page of a table says it, and how the catalogue names it (XML Schema).
KINDS = {
    "text": ("texte", "string"),
    "number": ("nombre", "decimal"),
    "whole": ("nombre entier", "integer"),
    "euros": ("montant en euros", "decimal"),
    "day": ("date", "date"),
    "list": ("liste", "string"),
}
YES, NO = "oui", "non"


@dataclass(frozen=True)
class OpenColumn:
    """A column: its header, what it means, where its value comes from, what it holds (one of :data:`KINDS`)."""

    header: str
    meaning: str
    value: Callable[[Any], Value]
    kind: str = "text"

    @property
    def kind_words(self) -> str:
        return KINDS[self.kind][0]

    @property
    def is_text(self) -> bool:
        return self.kind == "text"

    @property
    def is_list(self) -> bool:
        return self.kind == "list"


def yes_or_no(answer: bool) -> str:
    return YES if answer else NO


def of_item(header: str, meaning: str, kind: str = "text") -> OpenColumn:
    """A column of rows that are mappings by header."""
    return OpenColumn(header, meaning, partial(_of_item, header), kind)


def _of_item(header: str, row: Mapping[str, Value]) -> Value:
    return row.get(header)


def declared(columns: Iterable[ColumnField], meanings: Mapping[str, str]) -> tuple[OpenColumn, ...]:
    """The public ones of these columns; ``meanings``, by attribute, where their help speaks to who writes them."""
    return tuple(
        OpenColumn(column.header, meanings.get(str(column.attribute), column.help_text), column.value, column.kind)
        for column in columns
        if column.is_public
    )


# The amounts of a project, as the file of money names them.
AMOUNTS: dict[str, tuple[str, str]] = {
    MoneyItem.COST: ("budget", "le coût total du projet"),
    MoneyItem.REQUESTED: ("demande", "ce qui est demandé à l’agglomération"),
    MoneyItem.PROPOSED: ("propose", "ce qui a été proposé au comité"),
    MoneyItem.GRANTED: ("accorde", "ce que l’agglomération accorde"),
    MoneyItem.COFUNDING: ("cofinancements_obtenus", "ce que les autres financeurs apportent"),
    MoneyItem.OWN: ("ressources_propres", "ce qu’apporte le porteur, ventes comprises"),
    MoneyItem.VOLUNTARY: ("contributions_volontaires", "bénévolat, prêts et dons en nature, valorisés"),
    MoneyItem.PAID: ("paye", "ce qui est payé : les versements moins les remboursements"),
}
PROJECT_MEANINGS = {
    "code": "le code du projet, qui le désigne sur ce site et dans les autres tables",
    "title": "l’intitulé du projet",
    "kind": "PST (projet social de territoire), PRH, Action (dans un PST) ou hors PST",
    "lead": "la structure qui le porte, la première s’il y en a plusieurs ; vide si rien ne dit que c’est une personne "
    "morale",
    "co_leads": "les autres structures qui le portent, séparées par |",
    "objectives": "les codes des orientations du cadre en vigueur qu’il sert, séparés par | ; la première est la "
    "principale. D’un autre cadre, le code est suivi de @ et de l’identifiant du cadre",
    "secondary": "parmi elles, celles qui ne sont pas la principale, séparées par |",
    "programmes": "ce qu’il sert dans d’autres programmes, programme:code, séparés par |",
    "communes": "les codes INSEE des communes où il agit, séparés par |",
    "others": "les autres lieux où il agit, par leur nom ou leur code, séparés par |",
    "starts_on": "le premier jour du projet",
    "ends_on": "le dernier jour du projet, compris ; vide, il continue",
    "host": "le code du PST dont il fait partie, si ce PST est public",
    "schemes": "les sigles des dispositifs, séparés par |",
    "summary": "le résumé public",
    "description": "le texte long, en paragraphes",
    "status": "l’état : Retenue, Retenue partiellement, En cours, Bilan attendu, Bilan reçu ou Clôturée",
    "obtained": "ce que les autres financeurs apportent : accordé, ou demandé et obtenu",
    "changed_on": "le jour où sa fiche a changé",
}
ORIENTATION_MEANINGS = {
    "code": "le code de l’orientation, unique dans son cadre",
    "level": "le niveau de l’orientation",
    "title": "le texte adopté, à la lettre",
    "corrected_title": "la forme affichée, si le texte adopté a une coquille",
    "priority_type": "d’une priorité : thématique, territoriale, ou ce qu’un autre document dira",
    "applies_to": "les codes des objectifs que sa cellule du document concerne aussi, séparés par |",
    "columns": "les niveaux dont sa cellule du document couvre la colonne, séparés par |",
    "label": "ce que le document imprime devant le titre",
    "source_line": "sa ligne dans le document d’origine",
}
STRUCTURE_MEANINGS = {
    "pk": "le numéro de la structure sur ce site, dans l’adresse de sa page",
    "name": "son nom",
    "acronym": "son sigle",
    "kind": "association, centre social, commune…",
    "legal_form": "si elle est connue",
    "siret": "son numéro SIRET, 14 chiffres",
    "rna": "d’une association, son numéro au répertoire national : W et neuf chiffres",
    "commune": "le code INSEE de la commune de son siège",
}
TERRITORY_MEANINGS = {
    "code": "le code INSEE d’une commune ; d’un quartier sans code officiel, un code de la collectivité",
    "name": "le nom du territoire",
    "parent": "d’un quartier, le code de la commune où il se trouve",
    "valid_from": "le premier jour où il existe ; vide, sans limite",
    "valid_to": "le dernier jour où il existe, compris ; vide, sans limite",
    "population": "la population municipale (INSEE), en habitants",
}


def moment_of(*moments: datetime.datetime | None) -> datetime.datetime | None:
    """The last of these moments, if there is any."""
    return max(filter(None, moments), default=None)
