"""What residents ask for: the public needs, and with a token all of them, written by officers."""

import datetime
from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from axes.choices import FrameworkStatus
from axes.models import Orientation
from cohesion.choices import TokenScope
from projects.api import paging
from projects.api.columns import unknown
from projects.api.description import listing, operation
from projects.api.problems import ApiProblem, Errors, ValuesRefused, refused
from projects.api.states import check_seen, tag_of
from projects.api.views.base import CHOSEN, PAGED, ApiView, Listing, refuse_if
from projects.catalogue.models import Need, Project
from projects.catalogue.signing import sign
from projects.territory.models import Territory

NAMES = {
    "wording": "besoin",
    "heard_on": "entendu_le",
    "territory": "territoire",
    "times": "fois",
    "heard_by": "par",
    "orientation": "orientation",
    "is_published": "public",
}
FIELDS = {header: name for name, header in NAMES.items()}
REQUIRED = ("besoin", "entendu_le", "territoire")


def readable(view: ApiView) -> QuerySet[Need]:
    """Public needs; all of them to whoever reads them on the officers' screens."""
    needs = Need.objects.select_related("territory", "heard_by", "orientation__framework")
    return needs if view.reader.has_perm("projects.view_need") else needs.published()


def need_row(need: Need, view: ApiView) -> dict[str, Any]:
    """A public row names no project and no framework that anybody may not know of."""
    sees_all = view.reader.has_perm("projects.view_need")
    heard_by, orientation = need.heard_by, need.orientation
    is_known = heard_by is not None and (sees_all or heard_by.is_public)
    is_public = orientation is not None and (sees_all or orientation.framework.status != FrameworkStatus.DRAFT)
    return {
        "numero": need.pk,
        "besoin": need.wording,
        "entendu_le": need.heard_on.isoformat(),
        "territoire": need.territory.code,
        "fois": need.times,
        "par": heard_by.code if heard_by is not None and is_known else None,
        "orientation": str(orientation.uid) if orientation is not None and is_public else None,
        "public": need.is_published,
    }


def need_tag(row: Mapping[str, Any]) -> str:
    return tag_of("besoin", sorted(row.items()))


@listing("listerBesoins", "Ce que demandent les habitants", page="Besoin", tag="Projets")
class Needs(Listing):
    parameters: ClassVar[Mapping[str, str]] = {
        "territoire": "Le code d’un territoire.",
        "depuis": "Entendus depuis ce jour, comme 2026-01-01.",
        **PAGED,
        **CHOSEN,
    }
    scopes: ClassVar[Mapping[str, TokenScope]] = {"POST": TokenScope.NEEDS}

    def made(self) -> Response:
        query, needs = self.request.query_params, readable(self)
        if "territoire" in query:
            needs = needs.filter(territory__code=query["territoire"][:80])
        if "depuis" in query:
            needs = needs.filter(heard_on__gte=_since(query["depuis"]))
        page = paging.page_of(needs, query)
        read = readable(self).defer("territory__outline").in_bulk(page.rows)
        return self.listed(page, [need_row(read[pk], self) for pk in page.rows if pk in read])

    @operation(
        "creerBesoin", "Noter un besoin entendu", body="NouveauBesoin", answer="Besoin", tag="Projets", status=201
    )
    def post(self, request: Request) -> Response:
        self.require("projects.add_need", "projects.view_need")
        values = _values(self.body, REQUIRED)

        def make() -> str:
            need = _saved(Need(), values, self)
            return reverse("api:need", args=[need.pk])

        return self.made_once(make, self._show)

    def _show(self, address: str) -> Response:
        need = get_object_or_404(readable(self), pk=int(address.rstrip("/").rpartition("/")[2]))
        row = need_row(need, self)
        return self.of_state(row, need_tag(row), 201, Location=f"{self.site}{address}")


class OneNeed(ApiView):
    parameters: ClassVar[Mapping[str, str]] = CHOSEN
    scopes: ClassVar[Mapping[str, TokenScope]] = {"PATCH": TokenScope.NEEDS}

    @operation("lireBesoin", "Un besoin entendu", answer="Besoin", parameters=parameters, tag="Projets")
    def get(self, request: Request, numero: int) -> Response:
        row = need_row(get_object_or_404(readable(self), pk=numero), self)
        if request.auth is not None:
            return self.of_state(row, need_tag(row))
        return self.revalidated(lambda: Response(self.narrowed(row)))

    @operation(
        "modifierBesoin",
        "Modifier un besoin entendu",
        body="BesoinModifie",
        answer="Besoin",
        tag="Projets",
        is_seen=True,
    )
    def patch(self, request: Request, numero: int) -> Response:
        get_object_or_404(readable(self), pk=numero)
        self.require("projects.change_need", "projects.view_need")
        values = _values(self.body)
        with transaction.atomic():
            need = get_object_or_404(readable(self).select_for_update(of=("self",)), pk=numero)
            row = need_row(need, self)
            check_seen(request, need_tag(row), row)
            _saved(need, values, self)
        row = need_row(get_object_or_404(readable(self), pk=numero), self)
        return self.of_state(row, need_tag(row))


def _since(raw: str) -> datetime.date:
    try:
        return _day(raw, "depuis")
    except ValuesRefused as refusal:  # of a question, not of what is written
        raise ApiProblem(400, "Requête mal formée.", refusal.errors) from None


def _day(raw: str, name: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(raw)
    except ValueError:
        raise ValuesRefused({name: ["Donnez une date, comme 2026-09-01."]}) from None


def _values(body: Mapping[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    """What a body says of a need, by the fields of the model.

    Raises:
        ValuesRefused: something is of another type, is not there, or is missing.
    """
    errors: Errors = unknown(body, FIELDS)
    errors |= {header: ["Ce champ est obligatoire."] for header in required if header not in body}
    values: dict[str, Any] = {}
    for header in body:
        if header in FIELDS:
            try:
                values[FIELDS[header]] = _value(header, body[header])
            except ValuesRefused as refusal:
                errors |= refusal.errors
    refuse_if(errors)
    return values


def _value(header: str, value: Any) -> Any:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if header == "fois" and is_whole and value < 2**31:
        return value
    if header == "public" and isinstance(value, bool):
        return value
    if header in ("par", "orientation") and value is None:
        return None
    if header in ("fois", "public") or not isinstance(value, str):
        expected = {"fois": "un nombre entier", "public": "true ou false"}.get(header, "un texte")
        raise ValuesRefused({header: [f"Donnez {expected}."]})
    if header == "entendu_le":
        return _day(value, header)
    return _named(header, value)


def _named(header: str, value: str) -> Any:
    """What a text names, or the text."""
    if header == "besoin":
        return value
    if header == "orientation":
        orientation = _orientation(value)
        if orientation is None:
            raise ValuesRefused({header: ["Aucune orientation d’un cadre public n’a cet uid."]})
        return orientation
    model = Territory if header == "territoire" else Project
    named = model._default_manager.filter(code=value[:80]).first()
    if named is None:
        raise ValuesRefused({header: [f"« {value[:40]} » ne désigne rien."]})
    return named


def _orientation(uid: str) -> Orientation | None:
    """The one of that identity in the framework in force, else in the newest that has it."""
    try:
        borne = Orientation.objects.filter(uid=uid).exclude(framework__status=FrameworkStatus.DRAFT)
        in_force = borne.in_force().first()
        return in_force or borne.order_by("-framework__starts_on", "-pk").first()
    except (ValidationError, ValueError):
        return None


def _saved(need: Need, values: Mapping[str, Any], view: ApiView) -> Need:
    for name, value in values.items():
        setattr(need, name, value)
    try:
        need.full_clean()
        sign(need, view.person, view.reason).save()
    except ValidationError as error:
        raise refused(error, NAMES) from None
    return need
