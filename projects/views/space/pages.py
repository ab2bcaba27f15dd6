"""One page of a declaration: shown, saved by its button or as one types, and brought together with others' typing."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from cohesion.templatetags.cohesion_text import clock
from projects.declaring.answers import Answer, Clash, Merged, posted, seal, unseal
from projects.declaring.drafts import WRITABLE, NotWritable, save_page
from projects.declaring.forms import PageForm
from projects.declaring.pages import BY_SLUG, PAGES, Page
from projects.declaring.pages.links import LinksForm
from projects.models import Declaration
from projects.views.space.doors import declaration_page
from projects.views.space.links import proposals

BASE = "base"  # the hidden field that brings back what the page showed


@declaration_page("GET", "POST")
def page(request: HttpRequest, declaration: Declaration, slug: str) -> HttpResponseBase:
    """A page of the form. ``?controle=1`` also says what is missing, as the check page does."""
    if slug not in BY_SLUG:
        raise Http404("Cette partie n’existe pas.")
    asked = BY_SLUG[slug]
    if declaration.project.status not in WRITABLE and request.method != "POST":
        return redirect("projects:declaration", pk=declaration.project_id)
    if request.method == "POST":
        return _save(request, declaration, asked)
    typed = declaration.answers.get(slug, {})
    form = asked.form(declaration, typed)
    return _shown(request, declaration, asked, form, base=typed, is_checked="controle" in request.GET)


def _save(request: HttpRequest, declaration: Declaration, page: Page) -> HttpResponseBase:
    wants_json = request.headers.get("Accept") == "application/json"
    stored = declaration.answers.get(page.slug, {})
    # The form as it was when it was filled in: it may have had more rows than what is stored.
    sent = {name: request.POST.get(name, "") for name in request.POST}
    probe = page.form(declaration, stored | sent)
    mine = posted(request.POST, probe.fields, probe.ticked)
    base = unseal(request.POST.get(BASE, ""))
    for name in request.POST.getlist("keep_theirs"):
        if name in mine and base is not None and name in base:
            mine[name] = base[name]
    remarks = {
        int(name.removeprefix("remark-")): request.POST[name].strip()
        for name in request.POST
        if name.startswith("remark-") and name.removeprefix("remark-").isdecimal() and len(name) < 20
    }
    try:
        merged = save_page(declaration=declaration, page=page, mine=mine, base=base, by=request.user, remarks=remarks)
    except NotWritable as error:
        if wants_json:
            return JsonResponse({"error": error.messages[0]}, status=409)
        form = page.form(declaration, mine)
        form.add_error(None, error)
        return _shown(request, declaration, page, form, base=mine, status=409)
    if wants_json:
        return JsonResponse(_told(declaration, merged, mine, base))
    return _after(request, declaration, page, merged, mine)


def _after(
    request: HttpRequest, declaration: Declaration, page: Page, merged: Merged, mine: dict[str, Answer]
) -> HttpResponseBase:
    if merged.clashes:
        # What I typed stays in the fields; the next save says which of the two stands.
        form = page.form(declaration, merged.answers | {clash.field: clash.mine for clash in merged.clashes})
        return _shown(request, declaration, page, form, base=merged.answers, clashes=merged.clashes)
    form = page.form(declaration, merged.answers)
    if form.errors or "more" in request.POST or "look" in request.POST:
        return _shown(request, declaration, page, form, base=merged.answers, taken=merged.taken)
    messages.success(request, f"« {page.title} » est enregistré.")
    rank = PAGES.index(page)
    if "next" in request.POST and rank + 1 < len(PAGES):
        return redirect("projects:declaration_page", pk=declaration.project_id, slug=PAGES[rank + 1].slug)
    return redirect("projects:declaration", pk=declaration.project_id)


def _told(
    declaration: Declaration, merged: Merged, mine: dict[str, Answer], base: dict[str, Answer] | None
) -> dict[str, Any]:
    """What a page that saves as one types is told.

    The new base is what its fields show: what a colleague changed alone, it does not show yet.
    """
    clashing = {clash.field for clash in merged.clashes}
    shown = {name: (base or {}).get(name, "") if name in clashing else answer for name, answer in mine.items()}
    return {
        "saved": clock(declaration.saved_at),
        "base": seal(shown),
        "clashes": len(clashing),
        "taken": len(merged.taken),
    }


def _shown(
    request: HttpRequest,
    declaration: Declaration,
    page: Page,
    form: PageForm,
    *,
    base: dict[str, Answer],
    clashes: list[Clash] | None = None,
    taken: list[str] | None = None,
    is_checked: bool = False,
    status: int = 200,
) -> HttpResponse:
    if is_checked:
        for gap in form.gaps:
            form.add_error(gap.field or None, gap.sentence)
    shown = {name: base.get(name, [] if name in form.ticked else "") for name in form.fields}
    context = {
        "declaration": declaration,
        "project": declaration.project,
        "page": page,
        "number": PAGES.index(page) + 1,
        "total": len(PAGES),
        "form": form,
        "base": seal(shown),
        "clashes": [
            (clash, form.fields[clash.field].label, _words(clash.theirs), _words(clash.mine)) for clash in clashes or []
        ],
        "taken": [form.fields[name].label for name in taken or [] if name in form.fields],
        "remarks": declaration.project.remarks.filter(page=page.slug, closed_at=None).select_related("by"),
        "to_review": page.slug in declaration.to_review,
        "is_last": page is PAGES[-1],
        "now": timezone.now(),
    }
    if isinstance(form, LinksForm):
        context |= proposals(declaration, form)
    return render(request, "space/page.html", context, status=status)


def _words(answer: Answer) -> str:
    return ", ".join(answer) if isinstance(answer, list) else answer
