"""The description of the API (OpenAPI 3.1): what each address says of itself, and what all answer alike."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Protocol, TypeVar

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view

from projects.api.components import components, ref
from projects.api.problems import CONTENT_TYPE, TITLES

View = TypeVar("View", bound=Callable[..., Any])
Address = TypeVar("Address", bound="type[Described]")
Schema = dict[str, Any]


class Described(Protocol):
    """An address that names the parameters of its query."""

    parameters: ClassVar[Mapping[str, str]]


INTRODUCTION = """\
Ce qui est public se lit sans clé, sous les noms de champs des fichiers que le site donne. Avec un jeton, fait à
l’adresse `/compte/jetons/` et donné dans l’en-tête `Authorization: Bearer cst_…`, un logiciel lit et écrit ce que la
personne du jeton peut lire et écrire, jamais plus.

- Les listes se lisent par pages : « suivant » est l’adresse de la page d’après, ou null à la fin.
- Ce qui se modifie se lit d’abord : son `ETag` revient dans `If-Match`. Sans lui, 428 ; périmé, 412 et l’état présent.
- Une création qui porte un en-tête `Idempotency-Key` n’est faite qu’une fois, si souvent qu’on l’envoie.
- Un refus est un « problem+json » : une phrase dans `detail`, et chaque erreur sous le nom de son champ dans `errors`.
"""
# What each address may answer, beside what it is asked for: those of every verb, then those of what is written.
ALWAYS = (400, 401, 403, 404, 405, 406, 429, 503)
WRITING = (409, 413, 415, 422)
SEEN = (412, 428)
BEARER = "jeton"
MOVED = "Ce qui est demandé a changé d’adresse : Location dit la sienne."


def operation(
    name: str,
    summary: str,
    *,
    tag: str,
    answer: str = "",
    page: str = "",
    body: str = "",
    parameters: Mapping[str, str] | None = None,
    status: int = 200,
    is_seen: bool = False,
) -> Callable[[View], View]:
    """What a verb of an address is called, takes and answers; ``answer``, ``page`` and ``body`` name components.

    ``is_seen``: it writes what was read, and wants its state.
    """
    shown = [OpenApiParameter(each, str, description=words) for each, words in (parameters or {}).items()]
    if is_seen:
        words = "L’ETag de ce que l’on a lu."
        shown.append(OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True, description=words))
    if status == 201:
        words = "Un mot à vous : ce qui est fait sous ce mot n’est fait qu’une fois."
        shown.append(OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, description=words))
    good = _page(page) if page else None
    if answer:
        good = ref(answer)
    responses = {status: OpenApiResponse(good, description=WORDS[status])}
    if status == 201:
        responses[200] = OpenApiResponse(good, description="Fait déjà, sous cette Idempotency-Key.")
    return extend_schema(
        operation_id=name,
        summary=summary,
        description=summary + ".",
        tags=[tag],
        parameters=shown,
        request={"application/json": ref(body)} if body else None,
        responses=responses,
    )


def listing(name: str, summary: str, *, tag: str, page: str = "", answer: str = "") -> Callable[[Address], Address]:
    """The same of the GET of a class, whose parameters are those of the class."""

    def described(view: Address) -> Address:
        about = operation(name, summary, tag=tag, page=page, answer=answer, parameters=view.parameters)
        return extend_schema_view(get=about)(view)

    return described


WORDS = {200: "Ce qui était demandé.", 201: "Fait.", 204: "Fait ; il n’en reste rien."}


def _page(name: str) -> Schema:
    return {
        "type": "object",
        "required": ["suivant", "resultats"],
        "properties": {
            "suivant": {"type": ["string", "null"], "description": "L’adresse de la page d’après."},
            "resultats": {"type": "array", "items": ref(name)},
        },
    }


# --- hooks of drf-spectacular ---------------------------------------------------------------------------------------


def of_the_api(endpoints: Iterable[Any], **kwargs: Any) -> list[Any]:
    """The addresses of the API alone, without the one that answers to all that is not found."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/") and "lost" not in endpoint[0]]


def completed(result: Schema, **kwargs: Any) -> Schema:
    """With the components, the token, and the refusals that every address may answer."""
    result["info"]["description"] = INTRODUCTION
    result["info"]["license"] = {"name": "EUPL-1.2", "identifier": "EUPL-1.2"}
    result["components"] = {
        "schemas": components(),
        "securitySchemes": {BEARER: {"type": "http", "scheme": "bearer", "description": "Fait à /compte/jetons/."}},
        "responses": {_answer_name(status): _refusal(status) for status in (*ALWAYS, *WRITING, *SEEN)},
    }
    for path in result["paths"].values():
        for verb, described in path.items():
            _complete(verb, described)
    return result


def _complete(verb: str, described: Schema) -> None:
    is_read = verb == "get"
    if any(parameter["in"] == "path" for parameter in described.get("parameters", ())):
        described["responses"]["301" if is_read else "308"] = {"description": MOVED}
    wants_state = any(parameter["name"] == "If-Match" for parameter in described.get("parameters", ()))
    refusals = [*ALWAYS, *(() if is_read else WRITING), *(SEEN if wants_state else ())]
    for status in refusals:
        described["responses"][str(status)] = {"$ref": f"#/components/responses/{_answer_name(status)}"}
    if is_read:
        described["responses"]["304"] = {"description": "Rien n’a changé depuis l’ETag donné dans If-None-Match."}
        described["security"] = [{}, {BEARER: []}]
    else:
        described["security"] = [{BEARER: []}]
    described["responses"] = dict(sorted(described["responses"].items()))


def _answer_name(status: int) -> str:
    return f"Refus{status}"


def _refusal(status: int) -> Schema:
    name = "Depasse" if status == 412 else "Probleme"
    refusal: Schema = {"description": f"{TITLES[status]}.", "content": {CONTENT_TYPE: {"schema": ref(name)}}}
    if status in (429, 503):
        header = {"description": "Les secondes à attendre.", "schema": {"type": "string"}}
        refusal["headers"] = {"Retry-After": header}
    return refusal
