"""What stands in the bodies of the API, described once: rows as their columns are declared, and what is beside."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from axes.exchange.resource import ORIENTATIONS
from cohesion.imports.columns import ColumnField
from projects.api.columns import STRUCTURES, schema_of
from projects.catalogue.columns import PROJECTS
from projects.territory.columns import PUBLIC_COLUMNS

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
OPTIONAL_TEXT: Schema = {"type": ["string", "null"]}
DAY: Schema = {"type": ["string", "null"], "format": "date"}
NUMBER: Schema = {"type": ["number", "null"]}
COUNT: Schema = {"type": ["integer", "null"], "minimum": 0}
URL: Schema = {"type": "string", "format": "uri-reference"}
UID: Schema = {"type": "string", "format": "uuid"}
TEXTS: Schema = {"type": "array", "items": TEXT}
REASON: Schema = {"type": "string", "maxLength": 300, "description": "Pourquoi : conservé dans l’historique."}
LETTER: Schema = {"type": "string", "minLength": 1}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def saying(schema: Schema, words: str, **more: Any) -> Schema:
    return {**schema, "description": words, **more}


def _of(columns: Iterable[ColumnField], **more: Schema) -> Schema:
    """A row that is read: any of its members may be left out, at the wish of who asks or of their rights."""
    return {"type": "object", "properties": {column.header: schema_of(column) for column in columns} | more}


def _sent(
    columns: Iterable[ColumnField],
    more: Mapping[str, Schema],
    example: Mapping[str, Any],
    required: Sequence[str] = (),
) -> Schema:
    """A row that is sent: no other member means anything."""
    described = _of(columns, **more)
    described |= {"additionalProperties": False, "examples": [dict(example)]}
    if required:
        described["required"] = list(required)
    else:
        described["minProperties"] = 1
    return described


_PROSE = {"contexte": TEXT, "description": TEXT}
_WRITTEN_PROJECTS = [column for column in PROJECTS.read_columns if column.attribute != "indicators"]
_CHANGED_PROJECTS = [column for column in _WRITTEN_PROJECTS if column.attribute != "code"]
_ORIENTATION = {"code": "4", "niveau": "axe", "titre": "Favoriser l’accès aux droits"}
_PROJECT = {
    "code": "2027-014",
    "titre": "Les samedis en famille",
    "type": "hors PST",
    "porteur": "Centre social de Nétreville",
    "objectifs": ["4.1"],
    "communes": ["27229"],
}


FRAMEWORK: Schema = {
    "identifiant": TEXT,
    "titre": TEXT,
    "programme": TEXT,
    "etat": TEXT,
    "collectivite": TEXT,
    "perimetre": TEXT,
    "adopte_le": DAY,
    "debut": DAY,
    "fin": DAY,
    "deliberation": TEXT,
    "fait_suite_a": saying(OPTIONAL_TEXT, "L’identifiant du cadre d’avant, s’il est public."),
    "colonnes": saying(TEXTS, "Les têtes de colonne du document."),
    "note": TEXT,
    "revision": saying(COUNT, "Augmente à chaque changement de ce que disent ses pages."),
    "page": URL,
    "orientations": URL,
}
NEW_FRAMEWORK: Schema = {
    "titre": saying(LETTER, "Le titre du document.", maxLength=300),
    "programme": saying(TEXT, "Son identifiant ; celui de référence si rien n’est dit."),
    "repris_de": saying(TEXT, "La collectivité et le document dont il part.", maxLength=300),
    "premier_axe": saying(TEXT, "Le texte de sa première orientation.", maxLength=500),
}
MOVE: Schema = {
    "cible": saying(UID, "L’uid de l’orientation à côté ou en dessous de laquelle elle va."),
    "position": {"type": "string", "enum": ["en-premier", "en-dernier", "avant", "apres"]},
    "motif": REASON,
}


def _frameworks() -> dict[str, Schema]:
    return {
        "Cadre": {"type": "object", "properties": FRAMEWORK},
        "NouveauCadre": {
            "type": "object",
            "properties": NEW_FRAMEWORK,
            "required": ["titre"],
            "additionalProperties": False,
            "examples": [{"titre": "Projet de cohésion sociale 2027-2032"}],
        },
        "Deplacement": {
            "type": "object",
            "properties": MOVE,
            "required": ["cible", "position"],
            "additionalProperties": False,
            "examples": [{"cible": "5f0f6b0e-5c6f-4f6e-9d0e-3d0a2f1b7c11", "position": "en-dernier"}],
        },
        "Orientation": _of(
            ORIENTATIONS.columns,
            uid=saying(UID, "La même d’une version du cadre à l’autre."),
            parent={**UID, "type": ["string", "null"], "description": "L’uid de l’orientation qui la contient."},
            chemin=saying(TEXTS, "Les codes de ce qui la contient, de l’axe à elle."),
            enfants={"type": "array", "items": UID},
            projets=saying(COUNT, "Les projets publics qui y répondent, ou à ce qui en découle."),
            projets_a_ce_niveau=saying(COUNT, "Ceux qui y répondent à ce niveau seulement."),
            page=URL,
            **_PROSE,
        ),
        "NouvelleOrientation": _sent(
            ORIENTATIONS.columns, {"motif": REASON, **_PROSE}, _ORIENTATION, ("code", "niveau", "titre")
        ),
        "OrientationModifiee": _sent(
            ORIENTATIONS.columns, {"motif": REASON, **_PROSE}, {"titre": "Favoriser l’accès de tous aux droits"}
        ),
    }


def _projects() -> dict[str, Schema]:
    measures = schema_of(PROJECTS.by_attribute["indicators"])
    link = {
        "projet": saying(TEXT, "Le code du projet."),
        "cadre": TEXT,
        "orientation": saying(UID, "L’uid de l’orientation."),
        "code_orientation": TEXT,
        "principal": {"type": "boolean"},
        "motif": TEXT,
    }
    return {
        "Projet": _of(PROJECTS.columns),
        "NouveauProjet": _sent(_WRITTEN_PROJECTS, {"motif": REASON}, _PROJECT, ("code", "titre", "type", "porteur")),
        "ProjetModifie": _sent(_CHANGED_PROJECTS, {"motif": REASON}, {"date_fin": "2027-12-31"}),
        "IndicateursDuProjet": {
            "type": "object",
            "properties": {"indicateurs": measures},
            "required": ["indicateurs"],
            "additionalProperties": False,
            "examples": [{"indicateurs": ["Enfants accueillis : 40 enfants", "Ateliers : 12"]}],
        },
        "Rattachement": {"type": "object", "properties": link},
        "Declaration": {
            "type": "object",
            "properties": {
                "projet": TEXT,
                "etat": TEXT,
                "partie": TEXT,
                "reponses": {"type": "object"},
                "a_corriger": {"type": "object", "additionalProperties": TEXTS},
            },
        },
        "NouvelleDeclaration": {
            "type": "object",
            "properties": {
                "titre": LETTER,
                "structure": saying(COUNT, "Son numéro ; inutile quand on agit pour une seule.", type="integer"),
            },
            "required": ["titre"],
            "additionalProperties": False,
            "examples": [{"titre": "Les samedis en famille"}],
        },
        "Reponses": {
            "type": "object",
            "additionalProperties": {"anyOf": [TEXT, TEXTS]},
            "minProperties": 1,
            "examples": [{"title": "Les samedis en famille"}],
        },
    }


OFFER: Schema = {
    "numero": COUNT,
    "offre": TEXT,
    "nature": TEXT,
    "code_projet": TEXT,
    "projet": TEXT,
    "porteur": TEXT,
    "co_porteurs": TEXTS,
    "lieux": saying(TEXTS, "Les codes des territoires."),
    "places": COUNT,
    "heures_par_semaine": NUMBER,
    "horaires": TEXT,
    "date_debut": DAY,
    "date_fin": DAY,
    "page": URL,
}
NEED: Schema = {
    "besoin": saying(TEXT, "Dans les mots des habitants, sans nom.", maxLength=300, minLength=1),
    "entendu_le": {"type": "string", "format": "date"},
    "territoire": saying(TEXT, "Le code d’un territoire."),
    "fois": {"type": "integer", "minimum": 1},
    "par": saying(OPTIONAL_TEXT, "Le code du PST ou du PRH qui l’a entendu."),
    "orientation": {**UID, "type": ["string", "null"], "description": "L’uid de ce qui y répond."},
    "public": {"type": "boolean"},
}
NEED_EXAMPLE: Schema = {"besoin": "Un accueil le mercredi", "entendu_le": "2026-10-04", "territoire": "27229"}


def _around() -> dict[str, Schema]:
    return {
        "Territoire": _of(PUBLIC_COLUMNS, page=URL),
        "Structure": _of(STRUCTURES, numero=COUNT, commune=saying(OPTIONAL_TEXT, "Le code INSEE."), page=URL),
        "Offre": {"type": "object", "properties": OFFER},
        "Besoin": {"type": "object", "properties": {"numero": COUNT, **NEED}},
        "NouveauBesoin": {
            "type": "object",
            "properties": NEED,
            "required": ["besoin", "entendu_le", "territoire"],
            "additionalProperties": False,
            "examples": [NEED_EXAMPLE],
        },
        "BesoinModifie": {
            "type": "object",
            "properties": NEED,
            "minProperties": 1,
            "additionalProperties": False,
            "examples": [{"public": True}],
        },
    }


def _figures() -> dict[str, Schema]:
    measured = {"type": "object", "properties": {"annee": {"type": "integer"}, "mesure": NUMBER}}
    indicator = {
        "projet": TEXT,
        "indicateur": TEXT,
        "unite": TEXT,
        "depart": NUMBER,
        "cible": NUMBER,
        "sens": TEXT,
        "mesures": {"type": "array", "items": measured},
        "atteinte": {"type": ["boolean", "null"]},
        "masque": saying({"type": "boolean"}, "Un nombre est tu : il désignerait trop peu de personnes."),
    }
    row = {
        "uid": UID,
        "code": TEXT,
        "niveau": TEXT,
        "orientation": TEXT,
        "projets": COUNT,
        "par_colonne": {"type": "array", "items": {"type": "integer"}},
        "servi": TEXT,
    }
    coverage = {
        "cadre": OPTIONAL_TEXT,
        "annee": TEXT,
        "projets": COUNT,
        "communes_couvertes": COUNT,
        "communes": COUNT,
        "colonnes": saying(TEXTS, "Ce que compte chaque nombre de « par_colonne »."),
        "lignes": {"type": "array", "items": {"type": "object", "properties": row}},
    }
    return {
        "Indicateur": {"type": "object", "properties": indicator},
        "Couverture": {"type": "object", "properties": coverage},
        "Montants": {
            "type": "object",
            "properties": {
                "annee": TEXT,
                "projets": COUNT,
                "montants": {"type": "object", "additionalProperties": {"type": "number"}},
            },
        },
    }


def components() -> dict[str, Schema]:
    """All of them, by name, as the settings of the moment have them."""
    problem: Schema = {
        "type": "object",
        "required": ["title", "status", "detail"],
        "properties": {
            "type": TEXT,
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": saying(TEXT, "Une phrase qui dit quoi, et comment y remédier."),
            "errors": {"type": "object", "additionalProperties": TEXTS},
        },
        "examples": [
            {
                "type": "about:blank",
                "title": "Valeurs refusées",
                "status": 422,
                "detail": "Rien n’a été écrit : 1 erreur à corriger.",
                "errors": {"titre": ["Il manque le titre : écrivez le texte adopté."]},
            }
        ],
    }
    stale: Schema = {
        "allOf": [ref("Probleme")],
        "properties": {"present": saying({"type": "object"}, "Ce qui est écrit à présent."), "etag": TEXT},
    }
    root = {"type": "object", "additionalProperties": URL}
    return {
        "Accueil": root,
        "Probleme": problem,
        "Depasse": stale,
        **_frameworks(),
        **_projects(),
        **_around(),
        **_figures(),
    }
