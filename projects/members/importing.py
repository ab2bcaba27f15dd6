"""The import of structures: each known by its number on the site, its SIRET, its RNA or its name.

A row creates a structure or changes one, and none goes. Which one a row means is told by its surest identifier; where
two contradict each other, or several structures answer, it is asked of whoever brings the file.
"""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from cohesion.imports.importer import AGAIN
from cohesion.imports.rows import SHOWN, RowImporter, RowPlan
from cohesion.lib.spreadsheets import Problem
from cohesion.lib.spreadsheets.headed import Reading, Row
from cohesion.lib.text import NBSP
from projects.members.columns import ORGANIZATIONS
from projects.members.models import Organization, OrganizationImport
from projects.members.naming import NearNames, known_as
from projects.territory.models import Territory

EXAMPLE = (
    {
        "nom": "Exemple de structure, à remplacer",
        "sigle": "EX",
        "nature": "Association",
        "forme_juridique": "Association loi 1901",
        "siret": "123 456 782 00010",
        "rna": "W271234567",
    },
    {"nom": "Autre exemple, sans SIRET", "nature": "Centre social", "siret_en_cours": "Demandé le 1ᵉʳ septembre"},
)
KEPT_WHEN_EMPTY = ("siret", "rna")  # an identifier that is known is never taken away by a file
Key = int | str  # of a structure that is there, or the row of a new one


class OrganizationImporter(RowImporter[OrganizationImport]):
    """The commune of a structure is named by its code or by its name."""

    model = OrganizationImport
    table = Organization
    resource = ORGANIZATIONS
    code = "name"
    related = ("commune",)
    changed_since = (
        "Des structures ont été modifiées depuis l’aperçu, et l’import n’aurait plus le même effet : rien n’a été "
        "écrit. " + AGAIN
    )
    unit = ("structure écrite", "structures écrites")

    def hold(self, reading: Reading) -> None:
        """Lock all structures: which of them a row means depends on every other."""
        list(Organization.objects.select_for_update().order_by("pk").values_list("pk"))

    def compare(self, reading: Reading) -> RowPlan:
        self.communes = list(Territory.objects.communes().defer("outline"))
        return super().compare(reading)

    def key(self, instance: Organization) -> Key:
        return instance.pk

    def blank(self, key: Key) -> Organization:
        return Organization()

    def code_of(self, instance: Organization) -> str:
        return instance.siret or instance.rna

    def by_key(self, plan: RowPlan, reading: Reading, there: dict[Any, Any]) -> dict[Any, Row]:
        known = KnownStructures(there)
        near_names = NearNames(there.values())
        rows: dict[Any, Row] = {}
        for row in reading.rows:
            if any(row.get(name, "") is None for name in ("name", *KEPT_WHEN_EMPTY)):
                continue  # what cannot be read of it was said
            try:
                key = known.key_of(row)
                if key in rows:
                    raise ValidationError({"name": f"La ligne {rows[key]['row']} décrit déjà cette structure."})
            except ValidationError as error:
                plan.problems += _problems(error, row, reading)
                continue
            if key not in there and (near := near_names.near(row["name"])):
                plan.warnings.append(_is_near(row, [there[pk].name for pk in near]))
            rows[key] = {name: value for name, value in row.items() if value or name not in KEPT_WHEN_EMPTY}
            known.add(key, row.get("siret") or "", row.get("rna") or "", row["name"])
        return rows

    def resolve(self, instance: Organization, row: Row, there: dict[Any, Any]) -> None:
        if not instance.kind and row.get("kind", "") is not None:
            raise ValidationError({"kind": "Il manque la nature : une structure nouvelle en a une."})
        named = row.get("commune")
        if named is None:
            return
        communes = [commune for commune in self.communes if named in (commune.code, commune.name)]
        communes = communes or [commune for commune in self.communes if known_as(commune.name) == known_as(named)]
        if named and len(communes) != 1:
            reason = "Plusieurs communes portent ce nom" if communes else "Aucune commune n’a ce code ni ce nom"
            raise ValidationError({"commune": f"{reason} : écrivez le code INSEE de la commune, ou laissez vide."})
        instance.commune = communes[0] if named else None

    def check(self, instance: Organization) -> None:
        """The rules of its fields: which structure bears a SIRET was told already, and no row asks the database."""
        instance.clean_fields(exclude=["commune"])
        instance.clean()

    def written(self, instance: Organization, fields: list[str]) -> list[str]:
        instance.version += 1
        return [*fields, "version"]


class KnownStructures:
    """The structures by what they are known by: those that are there, then the new ones of the file."""

    def __init__(self, there: Mapping[int, Organization]) -> None:
        self.there = there
        self.sirets: dict[str, Key] = {}
        self.numbers: dict[Key, tuple[str, str]] = {}  # the SIRET and the RNA of each
        self.by_rna: dict[str, list[Key]] = {}
        self.by_name: dict[str, list[Key]] = {}
        for key, structure in there.items():
            self.add(key, structure.siret, structure.rna, structure.name)

    def add(self, key: Key, siret: str, rna: str, name: str) -> None:
        """What a structure is known by, beside what it was known by already."""
        own_siret, own_rna = self.numbers.get(key, ("", ""))
        self.numbers[key] = (siret or own_siret, rna or own_rna)
        if siret:
            self.sirets.setdefault(siret, key)
        for keys, known in ((self.by_rna, rna), (self.by_name, known_as(name))):
            if known and key not in keys.setdefault(known, []):
                keys[known].append(key)

    def key_of(self, row: Row) -> Key:
        """The structure that a row means, or the row itself where it is a new one.

        Raises:
            ValidationError: by attribute, its identifiers contradict each other, or are those of several structures.
        """
        siret, rna, number = row.get("siret") or "", row.get("rna") or "", row.get("pk")
        bearer = self.sirets.get(siret)
        if number is not None:
            if number not in self.there:
                raise ValidationError(
                    {"pk": "Aucune structure n’a ce numéro : videz-le, son SIRET, son RNA ou son nom la diront."}
                )
            if bearer not in (None, number):
                raise ValidationError({"siret": "Une autre structure porte ce SIRET : fusionnez-les d’abord."})
            return int(number)
        if bearer is not None:
            return bearer
        named = self._fitting(self.by_name.get(known_as(row["name"]), []), siret, rna)
        registered = self._fitting(self.by_rna.get(rna, []), siret, rna)
        bearers = [key for key in registered if key in named] or registered or named
        if len(bearers) > 1:
            sentence = "Plusieurs structures portent ce nom ou ce RNA : écrivez le SIRET de la bonne, ou son numéro."
            raise ValidationError({"name": sentence})
        if not bearers and known_as(row["name"]) in self.by_name:
            sentence = "Une structure de ce nom a un autre numéro : corrigez-le, ou donnez à celle-ci un nom distinct."
            raise ValidationError({"siret" if siret else "rna": sentence})
        return bearers[0] if bearers else f"ligne {row['row']}"

    def _fitting(self, keys: list[Key], siret: str, rna: str) -> list[Key]:
        """Those of them whose numbers contradict none of these: an establishment has a SIRET of its own."""
        fitting: list[Key] = []
        for key in keys:
            own_siret, own_rna = self.numbers[key]
            if (not siret or own_siret in ("", siret)) and (not rna or own_rna in ("", rna)):
                fitting.append(key)
        return fitting


def model_file(format: str) -> tuple[bytes, str, str]:
    """The file that people start from: its bytes, its content type and its name.

    Raises:
        KeyError: the format is none of those of a table.
    """
    return ORGANIZATIONS.model_file(format, EXAMPLE, "modele-structures")


def _problems(error: ValidationError, row: Row, reading: Reading) -> list[Problem]:
    problems: list[Problem] = []
    for name, sentences in error.message_dict.items():
        value = str(row.get(name) or "")[:SHOWN]
        problems += [Problem(sentence, row["row"], reading.places.get(name, ""), value) for sentence in sentences]
    return problems


def _is_near(row: Row, names: list[str]) -> str:
    known = " ou ".join(f"«{NBSP}{name}{NBSP}»" for name in names)
    new = f"«{NBSP}{row['name']}{NBSP}»"
    return f"Ligne {row['row']} : {new} serait créée. Si c’est {known}, écrivez ce nom ou son numéro."
