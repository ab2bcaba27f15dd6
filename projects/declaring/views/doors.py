"""Who comes in: somebody logged in, to what belongs to an organisation for which they act; 404 to anybody else."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from cohesion.lib.people import Person, signed_in
from cohesion.lib.queries import InFrench
from projects.catalogue.models import Project
from projects.catalogue.rules import READ_INSTRUCTION
from projects.choices import ProjectStatus
from projects.declaring.models import Declaration
from projects.members.models import Membership
from projects.members.rules import memberships

View = Callable[..., HttpResponseBase]


def acting(user: Person) -> QuerySet[Membership]:
    """For whom somebody acts."""
    return Membership.objects.filter(user=user).select_related("organization").order_by(InFrench("organization__name"))


def own_declarations(user: Person) -> QuerySet[Declaration]:
    """Those of the organisations for which somebody acts."""
    mine = acting(user).order_by().values("organization")
    return Declaration.objects.filter(project__organization__in=mine).select_related(
        "project__organization", "campaign", "previous", "saved_by"
    )


def own_project(user: Person, pk: int) -> Project:
    """One of the projects of the organisations for which somebody acts; 404 when it is not."""
    mine = acting(user).order_by().values("organization")
    projects = Project.objects.select_related("organization", "declaration__campaign")
    return get_object_or_404(projects, pk=pk, organization__in=mine)


def readable_project(user: Person, pk: int, projects: QuerySet[Project] | None = None) -> Project:
    """A file for its lead, and for whoever reads the instruction; 404 to anybody else."""
    own = Q(organization__in=acting(user).order_by().values("organization"))
    may_read = ~Q(status=ProjectStatus.DRAFT) if user.has_perm(READ_INSTRUCTION) else own
    return get_object_or_404((Project.objects.all() if projects is None else projects).filter(may_read), pk=pk)


def space(*methods: str) -> Callable[[View], View]:
    """A page of the space, for anybody logged in; 404 when what it is about was deleted in between."""

    def door(view: View) -> View:
        @require_http_methods(["HEAD", *methods] if "GET" in methods else list(methods))
        @login_required
        @wraps(view)
        def page(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            try:
                return view(request, **kwargs)
            except (Project.DoesNotExist, Declaration.DoesNotExist) as error:
                raise Http404("Ce brouillon a été supprimé entre-temps.") from error

        return page

    return door


def declaration_page(*methods: str) -> Callable[[View], View]:
    """A page about one declaration: the view receives it in the place of the key of its project."""

    def door(view: View) -> View:
        @space(*methods)
        @wraps(view)
        def page(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponseBase:
            declaration = get_object_or_404(own_declarations(signed_in(request)), project__pk=pk)
            return view(request, declaration, **kwargs)

        return page

    return door


def role_in(request: HttpRequest, declaration: Declaration) -> str:
    """What somebody is for the organisation of a declaration: declarant or signatory."""
    return memberships(request.user).get(declaration.project.organization_id, "")
