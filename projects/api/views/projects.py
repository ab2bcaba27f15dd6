"""Projects: the public ones, and with a token those that its person may read; written as files write them."""

import datetime
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce, Substr
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from axes.choices import FrameworkStatus
from cohesion.choices import TokenScope
from cohesion.lib.queries import InFrench
from projects.api import paging, project_writing
from projects.api.columns import values_of
from projects.api.description import listing, operation
from projects.api.problems import AddressMoved, ApiProblem, ValuesRefused
from projects.api.project_rows import owned, project_tag, rows_for
from projects.api.project_writing import INDICATORS, REASON, SentRow
from projects.api.states import check_seen
from projects.api.views.base import CHOSEN, PAGED, ApiView, Listing
from projects.browsing.filters import ProjectFilter
from projects.browsing.question import LABELS, SORTS
from projects.catalogue import publicity
from projects.catalogue.addresses import named
from projects.catalogue.models import Contribution, Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.choices import ProjectKind
from projects.figures.periods import ALL

COUNTING = {"compter": "« direct » : une orientation seule, sans ce qui en découle."}
FILTERS = {name: f"{label}, comme dans les listes du site." for name, label in LABELS.items()} | COUNTING
FILTERS["annee"] = "Une année, « sans », « avant-2019 », « apres-2028 » ; toutes si rien n’est dit."
ORDER = {"tri": f"L’ordre : {', '.join(SORTS)} ; un tiret devant le renverse."}
LAST, FIRST = datetime.date(9999, 12, 31), datetime.date(1, 1, 1)
LEADING = 150  # characters of a title that an order looks at


def filter_of(query: QueryDict, view: ApiView) -> ProjectFilter:
    """What the address asks, as the list of the site reads it.

    Raises:
        ApiProblem: 400, a value means nothing: it would else be set aside.
    """
    wanted: Any = query.copy()
    wanted.setdefault("annee", ALL)
    project_filter = ProjectFilter(wanted, view.versions().in_force, publicity.readable_by(view.reader))
    errors = {
        name: [f"« {wanted[name][:60]} » ne désigne rien."]
        for name in LABELS
        if wanted.get(name, "").strip() and name not in project_filter.raw and (name, wanted[name]) != ("annee", ALL)
    }
    if project_filter.raw.get("annee", ALL) != wanted["annee"].strip():
        errors["annee"] = [f"« {wanted['annee'][:60]} » n’est pas une année."]
    if wanted.get("tri", "code").removeprefix("-") not in SORTS:
        errors["tri"] = [f"Les ordres sont : {', '.join(SORTS)}."]
    if wanted.get("compter", "direct") != "direct":
        errors["compter"] = ["Écrivez « direct », ou rien."]
    if errors:
        raise ApiProblem(400, "Requête mal formée.", errors)
    return project_filter


def _rank(sort: str) -> Any:
    name = sort.removeprefix("-")
    if name == "date":
        return Coalesce(F("starts_on"), Value(FIRST if sort.startswith("-") else LAST))
    return {
        "code": F("code_key"),
        "titre": Substr("search_text", 1, LEADING),
        "porteur": InFrench("organization__name"),
    }[name]


@listing(
    "listerProjets",
    "Les projets publics ; avec un jeton, tous ceux que sa personne peut lire",
    page="Projet",
    tag="Projets",
)
class Projects(Listing):
    parameters: ClassVar[Mapping[str, str]] = {**FILTERS, **ORDER, **PAGED, **CHOSEN}
    scopes: ClassVar[Mapping[str, TokenScope]] = {"POST": TokenScope.PROJECTS}

    def made(self) -> Response:
        query = self.request.query_params
        project_filter = filter_of(query, self)
        projects = project_filter.filter(self._known())
        sort = project_filter.sort
        page = paging.page_of(projects, query, _rank(sort), descending=sort.startswith("-"))
        return self.listed(page, rows_for(self.reader, page.rows, self.site))

    def _known(self) -> ProjectQuerySet:
        if self.request.auth is None:
            return Project.objects.published()
        return Project.objects.visible_to(self.reader)

    @operation(
        "creerProjet",
        "Créer un projet, comme une ligne d’un fichier importé",
        body="NouveauProjet",
        answer="Projet",
        tag="Projets",
        status=201,
    )
    def post(self, request: Request) -> Response:
        self.require(*(f"projects.add_{kind}" for kind in ProjectKind.values))
        row = project_writing.row_of(self.body, None)

        def make() -> str:
            if Project.objects.filter(code=row["code"]).exists():
                raise ValuesRefused({"code": ["Un autre projet a déjà ce code."]})
            project_writing.write(row, by=self.person, reason=self.body.get(REASON) or self.reason)
            return reverse("api:project", args=[row["code"]])

        return self.made_once(make, lambda address: shown_at(self, address, 201))


def shown_at(view: ApiView, address: str, status: int = 200) -> Response:
    """The project that stands at an address of the API."""
    code = address.rstrip("/").rpartition("/")[2]
    return shown(view, get_object_or_404(Project.objects.visible_to(view.reader), code=code), status, address)


def shown(view: ApiView, project: Project, status: int = 200, address: str = "") -> Response:
    (row,) = rows_for(view.reader, [project.pk], view.site)
    headers = {"Location": f"{view.site}{address}"} if address else {}
    return view.of_state(row, project_tag(project, row), status, **headers)


class OneProject(ApiView):
    parameters: ClassVar[Mapping[str, str]] = CHOSEN
    scopes: ClassVar[Mapping[str, TokenScope]] = {"PATCH": TokenScope.PROJECTS}

    @operation("lireProjet", "Un projet", answer="Projet", parameters=parameters, tag="Projets")
    def get(self, request: Request, code: str) -> Response:
        project = project_at(self, code)
        if request.auth is not None:
            return shown(self, project)
        return self.revalidated(lambda: Response(self.narrowed(rows_for(self.reader, [project.pk], self.site)[0])))

    @operation(
        "modifierProjet",
        "Modifier un projet : ce qui n’est pas dit reste",
        body="ProjetModifie",
        answer="Projet",
        tag="Projets",
        is_seen=True,
    )
    def patch(self, request: Request, code: str) -> Response:
        project = writable(self, code)
        row = project_writing.row_of(self.body, project.code)
        with transaction.atomic():
            hold(self, project)
            project_writing.write(row, by=self.person, reason=self.body.get(REASON) or self.reason)
        project.refresh_from_db()
        return shown(self, project)


def project_at(view: ApiView, code: str) -> Project:
    """The project of a code, among those that the reader may know of.

    Raises:
        AddressMoved: it had that code, and has another now: as its page does.
        Http404: there is none.
    """
    known = Project.objects.visible_to(view.reader)
    project = known.filter(code=code).first()
    if project is None:
        raise AddressMoved(view.lasting(code=named(known, code).code))
    return project


def writable(view: ApiView, code: str) -> Project:
    """The project that somebody writes as officers do.

    Raises:
        Http404: one may not know of it.
        ApiProblem: 403, one reads it and writes nothing of it.
    """
    project = project_at(view, code)
    view.require(f"projects.change_{project.kind}")
    return project


def hold(view: ApiView, project: Project) -> None:
    """Lock a project, and refuse to write what was not seen."""
    current = get_object_or_404(Project.objects.select_for_update(), pk=project.pk)
    (row,) = rows_for(view.reader, [current.pk], view.site)
    check_seen(view.request, project_tag(current, row), row)


class Indicators(ApiView):
    """The indicators of one project, as its file lists them: for who reads all of it."""

    scopes: ClassVar[Mapping[str, TokenScope]] = {"PUT": TokenScope.INDICATORS}

    @operation("lireIndicateursDuProjet", "Les indicateurs d’un projet", answer="IndicateursDuProjet", tag="Projets")
    def get(self, request: Request, code: str) -> Response:
        project = project_at(self, code)
        if not publicity.reads_all(self.reader) and project.pk not in owned(self.reader, [project.pk]):
            raise ApiProblem(404, "Les indicateurs d’un projet public se lisent à l’adresse « indicateurs ».")
        return self._answer(project)

    @operation(
        "ecrireIndicateursDuProjet",
        "Remplacer les indicateurs d’un projet",
        body="IndicateursDuProjet",
        answer="IndicateursDuProjet",
        tag="Projets",
        is_seen=True,
    )
    def put(self, request: Request, code: str) -> Response:
        project = writable(self, code)
        values, errors = values_of([INDICATORS], self.body)
        errors |= {name: ["Ce champ n’existe pas ici."] for name in self.body if name != INDICATORS.header}
        if INDICATORS.header not in self.body:
            errors[INDICATORS.header] = ["Donnez la liste des indicateurs ; vide, il n’en reste aucun."]
        if errors:
            raise ValuesRefused(errors)
        row = SentRow(values, row=project_writing.ROW, code=project.code)
        with transaction.atomic():
            hold(self, project)
            project_writing.write(row, by=self.person, reason=self.reason)
        project.refresh_from_db()
        return self._answer(project)

    def _answer(self, project: Project) -> Response:
        (row,) = rows_for(self.reader, [project.pk], self.site)
        own = {INDICATORS.header: row[INDICATORS.header]}
        return self.of_state(own, project_tag(project, row))


@listing("listerRattachements", "Ce qui relie les projets publics aux orientations", page="Rattachement", tag="Projets")
class PublicLinks(Listing):
    """Which orientations the public projects answer to."""

    parameters: ClassVar[Mapping[str, str]] = {
        "projet": "Le code d’un projet.",
        "cadre": "L’identifiant d’un cadre.",
        **PAGED,
        **CHOSEN,
    }

    def made(self) -> Response:
        query = self.request.query_params
        links = Contribution.objects.filter(project__in=Project.objects.published().order_by().values("pk"))
        links = links.exclude(orientation__framework__status=FrameworkStatus.DRAFT)
        for name, path in (("projet", "project__code"), ("cadre", "orientation__framework__slug")):
            if name in query:
                links = links.filter(**{path: query[name][:80]})
        page = paging.page_of(links, query)
        read = Contribution.objects.select_related("project", "orientation__framework").in_bulk(page.rows)
        return self.listed(page, [_link_row(read[pk]) for pk in page.rows])


def _link_row(link: Contribution) -> dict[str, Any]:
    return {
        "projet": link.project.code,
        "cadre": link.orientation.framework.slug,
        "orientation": str(link.orientation.uid),
        "code_orientation": link.orientation.code,
        "principal": link.is_main,
        "motif": link.rationale,
    }
