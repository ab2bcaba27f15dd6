"""One page of a declaration."""

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from axes.models import Framework
from cohesion.lib.people import signed_in
from cohesion.together.merging import Answer, Merged, Typed
from projects.catalogue.models import Project
from projects.catalogue.workflow import REQUEST_OPEN
from projects.declaring.alike_others import others_alike
from projects.declaring.answers import REMARK, as_typed
from projects.declaring.drafts import save_page
from projects.declaring.forms import PageForm
from projects.declaring.models import Declaration, Remark
from projects.declaring.pages import BY_SLUG, PAGES, Page
from projects.declaring.pages.action import ActionForm
from projects.declaring.pages.links import LinksForm
from projects.declaring.views.doors import declaration_page
from projects.declaring.views.editing import Editing
from projects.declaring.views.links import proposals
from projects.declaring.views.receiving import FILES, brings_file, receive_file


@declaration_page("GET", "POST")
def page(request: HttpRequest, declaration: Declaration, slug: str) -> HttpResponseBase:
    """A page of the form; once handed in, there is nothing to type any more."""
    if slug not in BY_SLUG:
        raise Http404("Cette partie n’existe pas.")
    project = declaration.project
    if project.status not in REQUEST_OPEN and request.method != "POST":
        return redirect("projects:declaration", pk=project.pk)
    return editing(request, declaration, BY_SLUG[slug]).answer(request)


def editing(request: HttpRequest, declaration: Declaration, page: Page) -> Editing:
    """A page as it is shown and saved. A file that was chosen there is received with it, whatever is pressed."""
    project, slug, rank = declaration.project, page.slug, PAGES.index(page)
    remarks = project.remarks.filter(page=slug, closed_at=None).select_related("by")
    context: dict[str, Any] = {
        "declaration": declaration,
        "project": project,
        "page": page,
        "number": rank + 1,
        "total": len(PAGES),
        "remarks": remarks,
        "to_review": slug in declaration.to_review,
        "is_last": page is PAGES[-1],
    }

    def form(typed: Typed) -> PageForm:
        return page.form(declaration, typed)

    def beside(made: PageForm) -> dict[str, Any]:
        if isinstance(made, LinksForm):
            return proposals(declaration, made) | {"alike": others_alike(declaration, made.framework)}
        if isinstance(made, ActionForm):
            return {"alike": others_alike(declaration, Framework.objects.in_force().first())}
        return {}

    def save(mine: dict[str, Answer], base: dict[str, Answer] | None) -> Merged:
        return save_page(
            declaration=declaration, page=page, mine=mine, base=base, by=signed_in(request), remarks=_remarks(request)
        )

    def after() -> HttpResponseBase:
        if slug == FILES and brings_file(request):
            receive_file(request, project.organization, project)
            return redirect("projects:declaration_page", pk=project.pk, slug=slug)
        if "next" in request.POST and rank + 1 < len(PAGES):
            return redirect("projects:declaration_page", pk=project.pk, slug=PAGES[rank + 1].slug)
        return redirect("projects:declaration", pk=project.pk)

    return Editing(
        title=page.title,
        template="space/page.html",
        stored=declaration.answers.get(slug, {}),
        form=form,
        save=save,
        saved=lambda: (declaration.saved_at, declaration.saved_by),
        after=after,
        asides=lambda: {f"{REMARK}{remark.pk}": remark.answer for remark in remarks.all()},
        context=context,
        beside=beside,
        too_late=lambda: {"remarks": _typed(project, slug, _remarks(request))},
    )


def _typed(project: Project, slug: str, answers: dict[int, str]) -> list[Remark]:
    """What was asked, with the answers that were typed to it and not kept: closed or not, they are shown again."""
    remarks = list(project.remarks.filter(page=slug, pk__in=answers))
    for remark in remarks:
        remark.answer = answers[remark.pk]
    return remarks


def _remarks(request: HttpRequest) -> dict[int, str]:
    """The answers to what an officer asked, by the key of the remark."""
    answers = {}
    for name, text in request.POST.items():
        key = name.removeprefix(REMARK)
        if key != name and key.isdecimal() and len(key) < 12:
            answers[int(key)] = as_typed(str(text)).strip()
    return answers
