"""Frameworks: the public ones, those in preparation to whoever may know of them, and how one begins."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from axes.addresses import framework_address
from axes.choices import FrameworkStatus
from axes.models import Framework, Programme
from axes.models.programme import REFERENCE
from axes.preparing.starting import begin
from cohesion.audit import AuditKind, record
from cohesion.choices import TokenScope
from cohesion.lib.people import Visitor
from projects.api import paging
from projects.api.columns import unknown
from projects.api.description import listing, operation
from projects.api.problems import ApiProblem, refused
from projects.api.states import tag_of
from projects.api.views.base import CHOSEN, PAGED, ApiView, Listing, refuse_if

STATES = {str(status.label).lower().replace(" ", "-"): status for status in FrameworkStatus}
NAMES = {
    "name": "titre",
    "programme": "programme",
    "origin": "repris_de",
    "first": "premier_axe",
    "title": "premier_axe",
}
MAY_BEGIN = ("axes.add_framework", "axes.change_framework", "axes.add_orientation", "axes.change_orientation")


def readable(user: Visitor) -> QuerySet[Framework]:
    """What somebody may read: drafts too, to whoever reads them on the site."""
    every = Framework.objects.select_related("programme", "predecessor")
    return every if user.has_perm("axes.view_framework") else every.public()


def framework_of(user: Visitor, slug: str) -> Framework:
    """
    Raises:
        Http404: there is none, or one may not know of it.
    """
    return get_object_or_404(readable(user), slug=slug)


def framework_row(framework: Framework, site: str) -> dict[str, Any]:
    def day(value: Any) -> str | None:
        return value.isoformat() if value else None

    before = framework.predecessor
    return {
        "identifiant": framework.slug,
        "titre": framework.name,
        "programme": framework.programme.slug,
        "etat": framework.get_status_display(),
        "collectivite": framework.authority,
        "perimetre": framework.perimeter,
        "adopte_le": day(framework.adopted_on),
        "debut": day(framework.starts_on),
        "fin": day(framework.ends_on),
        "deliberation": framework.deliberation,
        "fait_suite_a": before.slug if before is not None and before.is_public else None,
        "colonnes": framework.column_titles,
        "note": framework.note,
        "revision": framework.revision,
        "page": f"{site}{framework_address(framework)}",
        "orientations": f"{site}{reverse('api:orientations', args=[framework.slug])}",
    }


@listing("listerCadres", "Les cadres, par ordre d’arrivée", page="Cadre", tag="Cadres")
class Frameworks(Listing):
    parameters: ClassVar[Mapping[str, str]] = {
        "etat": f"L’état : {', '.join(STATES)}.",
        "programme": "L’identifiant d’un programme.",
        **PAGED,
        **CHOSEN,
    }
    scopes: ClassVar[Mapping[str, TokenScope]] = {"POST": TokenScope.ORIENTATIONS}

    def made(self) -> Response:
        query, rows = self.request.query_params, readable(self.reader)
        if raw := query.get("etat"):
            if raw not in STATES:
                raise ApiProblem(400, "Requête mal formée.", {"etat": [f"Les états sont : {', '.join(STATES)}."]})
            rows = rows.filter(status=STATES[raw])
        if raw := query.get("programme"):
            rows = rows.filter(programme__slug=raw[:80])
        page = paging.page_of(rows, query)
        read = Framework.objects.select_related("programme", "predecessor").in_bulk(page.rows)
        return self.listed(page, [framework_row(read[pk], self.site) for pk in page.rows])

    @operation(
        "creerCadre",
        "Commencer un cadre en préparation : personne ne le voit que les agents",
        body="NouveauCadre",
        answer="Cadre",
        tag="Cadres",
        status=201,
    )
    def post(self, request: Request) -> Response:
        self.require(*MAY_BEGIN)
        body = self.body
        errors = unknown(body, ("titre", "programme", "repris_de", "premier_axe"))
        for name in ("titre", "programme", "repris_de", "premier_axe"):
            if name in body and not isinstance(body[name], str):
                errors[name] = ["Donnez un texte."]
        if not body.get("titre"):
            errors.setdefault("titre", ["Il manque le titre du document."])
        programme = None
        if "programme" not in errors:
            wanted = {"slug": body["programme"]} if "programme" in body else {"pk": REFERENCE}
            programme = Programme.objects.filter(**wanted).first()
            if programme is None:
                errors["programme"] = ["Aucun programme n’a cet identifiant."]
        refuse_if(errors)
        assert programme is not None
        kept: Programme = programme
        return self.made_once(lambda: self._begin(kept), self._shown)

    def _begin(self, programme: Programme) -> str:
        body = self.body
        try:
            framework = begin(
                by=self.person,
                name=body["titre"],
                programme=programme,
                origin=body.get("repris_de", ""),
                first=body.get("premier_axe", ""),
            )
        except ValidationError as error:
            raise refused(error, NAMES) from None
        after = {"cadre": framework.status, "par": self.reason}
        record(AuditKind.FRAMEWORK_STATUS, on=framework, by=self.person, after=after)
        return reverse("api:framework", args=[framework.slug])

    def _shown(self, address: str) -> Response:
        slug = address.rstrip("/").rpartition("/")[2]
        framework = framework_of(self.reader, slug)
        row = framework_row(framework, self.site)
        return self.of_state(row, framework_tag(framework), 201, Location=f"{self.site}{address}")


def framework_tag(framework: Framework) -> str:
    return tag_of("cadre", framework.pk, framework.revision, framework.updated_at)


class OneFramework(ApiView):
    parameters: ClassVar[Mapping[str, str]] = CHOSEN

    @operation("lireCadre", "Un cadre", answer="Cadre", parameters=parameters, tag="Cadres")
    def get(self, request: Request, cadre: str) -> Response:
        framework = framework_of(self.reader, cadre)
        row = framework_row(framework, self.site)
        if request.auth is not None:
            return self.of_state(row, framework_tag(framework))
        return self.revalidated(lambda: Response(self.narrowed(row)))


def writable(user: Visitor, slug: str) -> Framework:
    """The framework whose orientations may be written: in preparation, and known to who writes.

    Raises:
        Http404: one may not know of it.
        ApiProblem: 409, it is public.
    """
    framework = framework_of(user, slug)
    if not framework.is_draft:
        raise ApiProblem(409, "Seul un cadre en préparation s’écrit par l’API : celui-ci est public.")
    if not user.has_perm("axes.view_framework"):
        raise Http404
    return framework
