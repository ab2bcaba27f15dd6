"""The orientations of a framework: read with their place and what answers to them, written in a draft."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import Http404
from mptt.exceptions import InvalidMove
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from axes import actions, document, tree
from axes.addresses import orientation_address
from axes.document import Node
from axes.exchange.resource import ORIENTATIONS
from axes.exchange.state import states_of
from axes.models import Framework, Orientation
from cohesion.choices import TokenScope
from projects.api import paging
from projects.api.columns import shown, unknown, values_of
from projects.api.description import operation
from projects.api.problems import ApiProblem, ValuesRefused, refused
from projects.api.states import check_seen, tag_of
from projects.api.views.base import CHOSEN, PAGED, ApiView, refuse_if
from projects.api.views.frameworks import framework_of, writable
from projects.figures import figures
from projects.figures.figures import Serving
from projects.figures.periods import Period

PROSE = {"contexte": "context", "description": "description"}
REASON = "motif"
PARENT = ORIENTATIONS.by_attribute["parent"].header
TARGETS = ORIENTATIONS.by_attribute["applies_to"].header
NAMES = {str(column.attribute): column.header for column in ORIENTATIONS.columns} | {
    **{field: header for header, field in PROSE.items()},
    "framework": PARENT,
}
POSITIONS = {"en-premier": "first-child", "en-dernier": "last-child", "avant": "left", "apres": "right"}
WRITES = {"add": "axes.add_orientation", "change": "axes.change_orientation", "delete": "axes.delete_orientation"}
YEAR = {"annee": "L’année des projets comptés (« toutes » : toutes) ; l’année en cours si rien n’est dit."}


class FrameworkReading:
    """A framework as it is read: its nodes, what tells them apart, and what serves them where it is in force."""

    def __init__(self, view: ApiView, framework: Framework) -> None:
        self.framework, self.site = framework, view.site
        self.nodes = document.kept(framework) if framework.is_public else document.read_nodes(framework)
        own = framework.orientations.values_list("pk", "uid", "version", "context", "description")
        self.known = {pk: values for pk, *values in own}
        self.nodes = [node for node in self.nodes if node.pk in self.known]
        self.states = states_of(self.nodes)
        self.served = self._served(view)

    def _served(self, view: ApiView) -> Serving | None:
        """
        Raises:
            ApiProblem: 400, the year that is asked is none.
        """
        period = Period.from_query(view.request.query_params)
        if period.ignored:
            raise ApiProblem(400, "Requête mal formée.", {"annee": ["Ce n’est pas une année."]})
        if not self.framework.is_in_force:
            return None
        in_force = view.versions().in_force
        counted = figures.of_period(in_force, self.nodes, period)
        if self.framework.is_beside:
            counted = counted.within(figures.linked(in_force, self.nodes))
        return counted.served

    def uid(self, node: Node | None) -> str | None:
        return str(self.known[node.pk][0]) if node is not None else None

    def row(self, node: Node) -> dict[str, Any]:
        served, orientation = self.served, node.orientation
        _, _, context, prose = self.known[node.pk]
        return {
            "uid": self.uid(node),
            **shown(ORIENTATIONS.columns, self.states[orientation.code]),
            "contexte": context,
            "description": prose,
            "parent": self.uid(node.parent),
            "chemin": [above.orientation.code for above in node.path],
            "enfants": [self.uid(child) for child in node.children],
            "projets": len(served.branch[node.pk]) if served else None,
            "projets_a_ce_niveau": len(served.projects(node.pk, direct=True)) if served else None,
            "page": f"{self.site}{orientation_address(orientation)}",
        }

    def tag(self, node: Node) -> str:
        return tag_of("orientation", self.uid(node), self.known[node.pk][1], self.uid(node.parent))

    def node(self, uid: uuid.UUID) -> Node:
        """
        Raises:
            Http404: none bears it.
        """
        for node in self.nodes:
            if self.known[node.pk][0] == uid:
                return node
        raise Http404


class Orientations(ApiView):
    parameters: ClassVar[Mapping[str, str]] = {
        "code": "Le code d’une orientation.",
        "niveau": "Un niveau, par exemple « axe ».",
        "sous": "L’uid d’une orientation : elle, et tout ce qui en découle.",
        **YEAR,
        **PAGED,
        **CHOSEN,
    }
    scopes: ClassVar[Mapping[str, TokenScope]] = {"POST": TokenScope.ORIENTATIONS}

    @operation(
        "listerOrientations",
        "Les orientations d’un cadre, dans l’ordre du document",
        page="Orientation",
        parameters=parameters,
        tag="Cadres",
    )
    def get(self, request: Request, cadre: str) -> Response:
        framework = framework_of(self.reader, cadre)
        return self.revalidated(lambda: self._page(framework))

    def _page(self, framework: Framework) -> Response:
        query, reading = self.request.query_params, FrameworkReading(self, framework)
        nodes = reading.nodes
        if "sous" in query:
            top = next((node for node in nodes if reading.uid(node) == query["sous"]), None)
            if top is None:
                raise ApiProblem(400, "Requête mal formée.", {"sous": ["Aucune orientation de ce cadre n’a cet uid."]})
            nodes = [top, *top.descendants]
        for name in ("code", "niveau"):
            if name in query:
                attribute = "code" if name == "code" else "level"
                cell = ORIENTATIONS.by_attribute[attribute]
                nodes = [node for node in nodes if cell.shown(reading.states[node.orientation.code]) == query[name]]
        page = paging.page_of_list(nodes, [node.pk for node in nodes], query)
        return self.listed(page, [reading.row(node) for node in page.rows])

    @operation(
        "creerOrientation",
        "Ajouter une orientation à un cadre en préparation, en dernier sous son parent",
        body="NouvelleOrientation",
        answer="Orientation",
        tag="Cadres",
        status=201,
    )
    def post(self, request: Request, cadre: str) -> Response:
        self.require(WRITES["add"])
        framework = writable(self.reader, cadre)
        written = Written(self.body, framework)
        for name in ("code", "title", "level"):
            header = ORIENTATIONS.by_attribute[name].header
            if header not in self.body:
                written.errors.setdefault(header, ["Ce champ est obligatoire."])
        refuse_if(written.errors)

        def make() -> str:
            with tree.locked():
                orientation = Orientation(framework=framework)
                written.write(orientation, self)
            return reverse("api:orientation", args=[framework.slug, orientation.uid])

        return self.made_once(make, lambda address: answer_of(self, framework, address, 201))


class Written:
    """What a body says of an orientation, read as a file is."""

    def __init__(self, body: Mapping[str, Any], framework: Framework) -> None:
        self.framework, self.body = framework, body
        self.values, self.errors = values_of(ORIENTATIONS.columns, body)
        known = [column.header for column in ORIENTATIONS.columns]
        self.errors |= unknown(body, (*known, *PROSE, REASON))
        for name in (*PROSE, REASON):
            if name in body and not isinstance(body[name], str):
                self.errors[name] = ["Donnez un texte."]

    def write(self, orientation: Orientation, view: ApiView) -> None:
        """Under the lock of the tree: its own rules say no.

        Raises:
            ValuesRefused: a rule is broken, each sentence under its field.
        """
        values = dict(self.values)
        targets = self._targets(values.pop("applies_to", None))
        if "parent" in values:
            orientation.parent = self._parent(values.pop("parent"))
        for name, value in values.items():
            setattr(orientation, name, value)
        for header, name in PROSE.items():
            if header in self.body:
                setattr(orientation, name, self.body[header])
        reason = self.body.get(REASON) or view.reason
        try:
            actions.save_orientation(orientation=orientation, by=view.person, reason=reason)
            if targets is not None:
                actions.set_applies_to(orientation=orientation, targets=targets, by=view.person, reason=reason)
        except ValidationError as error:
            raise refused(error, NAMES) from None

    def _parent(self, code: str) -> Orientation | None:
        if not code:
            return None
        parent = self.framework.orientations.filter(code=code).first()
        if parent is None:
            raise ValuesRefused({PARENT: [f"Aucune orientation de ce cadre ne porte le code « {code[:40]} »."]})
        return parent

    def _targets(self, codes: list[str] | None) -> list[Orientation] | None:
        if codes is None:
            return None
        by_code = {node.code: node for node in self.framework.orientations.filter(code__in=codes)}
        missing = [code for code in codes if code not in by_code]
        if missing:
            raise ValuesRefused({TARGETS: [f"Aucune orientation de ce cadre ne porte le code « {missing[0][:40]} »."]})
        return [by_code[code] for code in codes]


def answer_of(view: ApiView, framework: Framework, address: str, status: int = 200) -> Response:
    """The orientation that stands at an address of the API."""
    reading = FrameworkReading(view, framework)
    node = reading.node(uuid.UUID(address.rstrip("/").rpartition("/")[2]))
    return view.of_state(reading.row(node), reading.tag(node), status, Location=f"{view.site}{address}")


class SeenOrientation(ApiView):
    """An orientation that is written as it was seen."""

    def _under_lock(
        self, framework: Framework, uid: uuid.UUID, write: Callable[[Orientation], None], *, is_gone: bool = False
    ) -> Response:
        """Write what was seen, and show what it is now."""
        with tree.locked():
            reading = FrameworkReading(self, framework)
            node = reading.node(uid)
            check_seen(self.request, reading.tag(node), reading.row(node))
            write(Orientation.objects.select_related("framework", "parent").get(pk=node.pk))
        if is_gone:
            return Response(status=204)
        return answer_of(self, framework, reverse("api:orientation", args=[framework.slug, uid]))


class OneOrientation(SeenOrientation):
    parameters: ClassVar[Mapping[str, str]] = {**YEAR, **CHOSEN}
    scopes: ClassVar[Mapping[str, TokenScope]] = {
        "PATCH": TokenScope.ORIENTATIONS,
        "DELETE": TokenScope.ORIENTATIONS,
    }

    @operation("lireOrientation", "Une orientation", answer="Orientation", parameters=parameters, tag="Cadres")
    def get(self, request: Request, cadre: str, uid: uuid.UUID) -> Response:
        framework = framework_of(self.reader, cadre)
        if request.auth is None:
            return self.revalidated(lambda: self._public(framework, uid))
        reading = FrameworkReading(self, framework)
        node = reading.node(uid)
        return self.of_state(reading.row(node), reading.tag(node))

    def _public(self, framework: Framework, uid: uuid.UUID) -> Response:
        reading = FrameworkReading(self, framework)
        return Response(self.narrowed(reading.row(reading.node(uid))))

    @operation(
        "modifierOrientation",
        "Modifier une orientation d’un cadre en préparation",
        body="OrientationModifiee",
        answer="Orientation",
        tag="Cadres",
        is_seen=True,
    )
    def patch(self, request: Request, cadre: str, uid: uuid.UUID) -> Response:
        self.require(WRITES["change"])
        framework = writable(self.reader, cadre)
        written = Written(self.body, framework)
        refuse_if(written.errors)
        return self._under_lock(framework, uid, lambda orientation: written.write(orientation, self))

    @operation(
        "supprimerOrientation",
        "Supprimer une orientation d’un cadre en préparation, et tout ce qui en découle",
        tag="Cadres",
        status=204,
        is_seen=True,
    )
    def delete(self, request: Request, cadre: str, uid: uuid.UUID) -> Response:
        self.require(WRITES["delete"])
        framework = writable(self.reader, cadre)

        def drop(orientation: Orientation) -> None:
            try:
                actions.delete_orientation(orientation=orientation, by=self.person, reason=self.reason)
            except ValidationError as error:
                raise refused(error, NAMES) from None

        self._under_lock(framework, uid, drop, is_gone=True)
        return Response(status=204, headers={"Cache-Control": "no-store"})


class MoveOrientation(SeenOrientation):
    """A branch goes beside or under another orientation."""

    scopes: ClassVar[Mapping[str, TokenScope]] = {"POST": TokenScope.ORIENTATIONS}

    @operation(
        "deplacerOrientation",
        "Déplacer une orientation, et tout ce qui en découle, dans un cadre en préparation",
        body="Deplacement",
        answer="Orientation",
        tag="Cadres",
        is_seen=True,
    )
    def post(self, request: Request, cadre: str, uid: uuid.UUID) -> Response:
        self.require(WRITES["change"])
        framework = writable(self.reader, cadre)
        target, position = self._place(framework)

        def move(orientation: Orientation) -> None:
            reason = self.body.get(REASON) or self.reason
            try:
                actions.move_orientation(
                    orientation=orientation, target=target, position=position, by=self.person, reason=reason
                )
            except InvalidMove as error:
                raise ValuesRefused({"cible": [str(error)]}) from None

        return self._under_lock(framework, uid, move)

    def _place(self, framework: Framework) -> tuple[Orientation, str]:
        body = self.body
        errors = unknown(body, ("cible", "position", REASON))
        position = POSITIONS.get(body["position"]) if isinstance(body.get("position"), str) else None
        if position is None:
            errors["position"] = [f"Les positions sont : {', '.join(POSITIONS)}."]
        if REASON in body and not isinstance(body[REASON], str):
            errors[REASON] = ["Donnez un texte."]
        target = framework.orientations.filter(uid=_uuid(body.get("cible"))).first()
        if target is None:
            errors["cible"] = ["Donnez l’uid d’une orientation de ce cadre."]
        refuse_if(errors)
        assert target is not None
        assert position is not None
        return target, position


def _uuid(raw: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(raw) if isinstance(raw, str) else None
    except ValueError:
        return None
