"""The description of the API, for people who read it: its addresses by subject, their parameters, an example."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from projects.api.description import BEARER

Schema = Mapping[str, Any]
SUBJECTS = ("Accueil", "Cadres", "Projets", "Déclarer", "Où", "Qui", "Chiffres")
TYPES = {
    "string": "texte",
    "integer": "nombre entier",
    "number": "nombre",
    "boolean": "vrai ou faux",
    "array": "liste",
    "object": "objet",
}
SITE = "https://…"  # the address of the site, which the page says above
FORMATS = {"date": "date", "uuid": "identifiant", "uri-reference": "adresse"}


@dataclass(frozen=True)
class OperationMember:
    """A parameter or a member of a body."""

    name: str
    nature: str
    words: str
    is_required: bool = False


@dataclass(frozen=True)
class OperationWords:
    """A verb of an address."""

    name: str
    verb: str
    path: str
    summary: str
    wants_token: bool
    parameters: list[OperationMember]
    body: list[OperationMember]
    answer: list[OperationMember]
    is_page: bool
    example: str


@dataclass(frozen=True)
class OperationGroup:
    name: str
    operations: list[OperationWords]


def groups(description: Schema) -> list[OperationGroup]:
    """The operations by subject."""
    by_tag: dict[str, list[OperationWords]] = {name: [] for name in SUBJECTS}
    for path, verbs in description["paths"].items():
        for verb, described in verbs.items():
            by_tag.setdefault(described["tags"][0], []).append(_operation(path, verb, described, description))
    return [OperationGroup(name, operations) for name, operations in by_tag.items()]


def _operation(path: str, verb: str, described: Schema, description: Schema) -> OperationWords:
    body = described.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    good = next(described["responses"][status] for status in ("200", "201", "204") if status in described["responses"])
    answer = good.get("content", {}).get("application/json", {}).get("schema", {})
    is_page = "resultats" in answer.get("properties", {})
    row = answer["properties"]["resultats"]["items"] if is_page else answer
    sent = _resolved(body, description)
    return OperationWords(
        described["operationId"],
        verb.upper(),
        path,
        described["summary"],
        {} not in described["security"],
        [_parameter(each) for each in described.get("parameters", ())],
        list(_members(sent)),
        list(_members(_resolved(row, description))),
        is_page,
        _example(path, verb, described, sent),
    )


def _resolved(schema: Schema, description: Schema) -> Schema:
    name = schema.get("$ref", "").rpartition("/")[2]
    named: Schema = description["components"]["schemas"][name] if name else schema
    return named


def _parameter(parameter: Schema) -> OperationMember:
    where = " (en-tête)" if parameter["in"] == "header" else ""
    words = parameter.get("description", "")
    return OperationMember(
        parameter["name"], _nature(parameter["schema"]) + where, words, parameter.get("required", False)
    )


def _members(schema: Schema) -> Iterator[OperationMember]:
    required = schema.get("required", ())
    for name, member in schema.get("properties", {}).items():
        yield OperationMember(name, _nature(member), _meaning(member), name in required)


def _meaning(member: Schema) -> str:
    words: str = member.get("description", "")
    if "enum" in member:
        choices = ", ".join(str(choice) for choice in member["enum"] if choice)
        return f"{words} {choices}.".strip()
    return words


def _nature(schema: Schema) -> str:
    kind = schema.get("type", "object")
    first = kind[0] if isinstance(kind, list) else kind
    words = FORMATS.get(schema.get("format", ""), TYPES.get(first, "objet"))
    return f"{words} ou null" if isinstance(kind, list) and "null" in kind else words


def _example(path: str, verb: str, described: Schema, sent: Schema) -> str:
    """A command that one copies."""
    lines = [f"curl '{SITE}{path}'" if verb == "get" else f"curl -X {verb.upper()} '{SITE}{path}'"]
    if described["security"] == [{BEARER: []}]:
        lines.append("-H 'Authorization: Bearer cst_…'")
    if any(parameter["name"] == "If-Match" for parameter in described.get("parameters", ())):
        lines.append("-H 'If-Match: \"…\"'")
    if examples := sent.get("examples"):
        lines.append("-H 'Content-Type: application/json'")
        lines.append(f"-d '{json.dumps(examples[0], ensure_ascii=False)}'")
    return " \\\n  ".join(lines)
