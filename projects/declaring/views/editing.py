"""A page that one types in: shown, saved by its button or as one types, and brought together with others' typing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from cohesion.lib.dates import clock
from cohesion.lib.http import is_of_script
from cohesion.lib.text import typographic, whole_number
from cohesion.together.merging import FIELD, Answer, Clash, Merged, Typed, seal, unseal
from projects.declaring.answers import REMARK, as_typed, posted
from projects.declaring.drafts import NotWritable
from projects.declaring.forms import PageForm
from projects.declaring.pages.budget import BudgetForm
from projects.declaring.row_forms import RowsForm


@dataclass
class Editing:
    """What is edited: how its form is made, how it is saved, where one goes afterwards, what its page shows besides.

    ``save`` raises :class:`NotWritable` when it may no longer be; ``saved`` says when and by whom it was last.
    """

    title: str
    template: str
    stored: Typed
    form: Callable[[Typed], PageForm]
    save: Callable[[dict[str, Answer], dict[str, Answer] | None], Merged]
    saved: Callable[[], tuple[Any, Any]]
    after: Callable[[], HttpResponseBase]
    asides: Callable[[], dict[str, str]] = dict  # what the page shows beside its form, and one may type in too
    context: dict[str, Any] = field(default_factory=dict)
    beside: Callable[[PageForm], dict[str, Any]] = lambda form: {}  # what the page proposes, once its form is made
    too_late: Callable[[], dict[str, Any]] = dict  # what the page shows when it is no longer saved

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        """The page, or what becomes of what it sends. ``?controle=1`` also says what is missing."""
        if request.method != "POST":
            form = self.form(self.stored)
            return self._shown(request, form, base=self.stored, is_checked="controle" in request.GET)
        wants_json = is_of_script(request)
        mine, base = self._typed(request)
        try:
            merged = self.save(mine, base)
        except NotWritable as error:
            return self._too_late(request, mine, error, wants_json)
        if wants_json:
            return JsonResponse(self._saved_reply(request, merged, mine, base))
        return self._saved(request, merged)

    def keep(self, request: HttpRequest) -> HttpResponseBase | None:
        """Save what stands on the page before one of its other buttons does its own; the page, if it cannot be."""
        if FIELD not in request.POST:
            return None
        mine, base = self._typed(request)
        try:
            merged = self.save(mine, base)
        except NotWritable as error:
            is_there = all(not answer or self.stored.get(name) == answer for name, answer in mine.items())
            return None if is_there else self._too_late(request, mine, error, wants_json=False)
        return self._clashing(request, merged) if merged.clashes else None

    def _typed(self, request: HttpRequest) -> tuple[dict[str, Answer], dict[str, Answer] | None]:
        """What the page sends, and what it showed when it was opened."""
        # The form as it was when it was filled in: it may have had more rows than what is stored.
        probe = self.form({**self.stored, **{name: request.POST.get(name, "") for name in request.POST}})
        base = unseal(request.POST.get(FIELD, ""))
        gone = _gone(request, probe, base or {})
        mine = gone | posted(request.POST, probe.fields, probe.ticked)
        if not is_of_script(request):
            _tell_gone(request, gone, base or {})
        if isinstance(probe, RowsForm) and (rank := whole_number(request.POST.get("less", ""))) is not None:
            mine |= {name: "" for name in probe.names_of(rank) if name in mine}
        for name in request.POST.getlist("keep_theirs"):
            if name in mine and base is not None and name in base:
                mine[name] = base[name]
        return mine, base

    def _clashing(self, request: HttpRequest, merged: Merged) -> HttpResponse:
        """What I typed stays in the fields; the next save says which of the two stands."""
        form = self.form(merged.answers | {clash.field: clash.mine for clash in merged.clashes})
        return self._shown(request, form, base=merged.answers, clashes=merged.clashes)

    def _saved(self, request: HttpRequest, merged: Merged) -> HttpResponseBase:
        if merged.clashes:
            return self._clashing(request, merged)
        form = self.form(merged.answers)
        if isinstance(form, RowsForm) and "more" in request.POST:
            form.begin_row()
        stays = {"more", "less", "look"} & request.POST.keys()
        # What contradicts itself is told once; pressed again, the button goes on, and it stands in the next page.
        is_news = bool(form.doubts_mark) and request.POST.get("told") != form.doubts_mark
        if form.errors or stays or is_news:
            return self._shown(request, form, base=merged.answers, taken=merged.taken, is_news=is_news and not stays)
        if form.doubts:
            messages.warning(request, f"« {self.title} » est enregistré. Reste à vérifier : {form.doubts[0].sentence}")
        elif form.gaps:
            more = f"« {self.title} » est enregistré. Il y manque encore : {form.gaps[0].sentence}"
            messages.success(request, more)
        else:
            messages.success(request, f"« {self.title} » est enregistré.")
        return self.after()

    def _too_late(
        self, request: HttpRequest, mine: dict[str, Answer], error: ValidationError, wants_json: bool
    ) -> HttpResponse:
        if wants_json:
            return JsonResponse({"error": error.messages[0]}, status=409)
        form = self.form(mine)
        form.add_error(None, error)
        self.context |= self.too_late()
        return self._shown(request, form, base=mine, status=409)

    def _saved_reply(
        self, request: HttpRequest, merged: Merged, mine: dict[str, Answer], base: Typed | None
    ) -> dict[str, Any]:
        """What a page that saves as one types is told.

        The new base is what its fields show: what a colleague changed alone, it does not show yet.
        """
        clashing = {clash.field for clash in merged.clashes}
        shown = {name: (base or {}).get(name, "") if name in clashing else answer for name, answer in mine.items()}
        shown |= {name: as_typed(request.POST[name]).strip() for name in self.asides() if name in request.POST}
        reply = {"base": seal(shown), "clashes": len(clashing), "taken": len(merged.taken)}
        form = self.form(merged.answers | {clash.field: clash.mine for clash in merged.clashes})
        return {"saved": clock(self.saved()[0]), **reply, **_live(form)}

    def _shown(
        self,
        request: HttpRequest,
        form: PageForm,
        *,
        base: Typed,
        clashes: list[Clash] | None = None,
        taken: list[str] | None = None,
        is_checked: bool = False,
        is_news: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        for gap in form.gaps if is_checked else []:
            form.add_error(gap.field or None, gap.sentence)
        shown = {name: base.get(name, [] if name in form.ticked else "") for name in form.fields}
        saved_at, saved_by = self.saved()
        context = {
            "title": self.title,
            "form": form,
            "base": seal(shown | self.asides()),
            "saved_at": saved_at,
            "saved_by": saved_by,
            "is_news": is_news,
            "clashes": [
                (clash, _label(form, clash.field), _words(clash.theirs), _words(clash.mine)) for clash in clashes or []
            ],
            "taken": [form.fields[name].label for name in taken or [] if name in form.fields],
            "now": timezone.now(),
            **self.beside(form),
            **self.context,
        }
        return render(request, self.template, context, status=status)


def _gone(request: HttpRequest, form: PageForm, base: Typed) -> dict[str, Answer]:
    """What was typed in fields that the page showed and has no more, since a colleague changed what asked for them: it
    is kept, and comes back with them."""
    names = [name for name in base.keys() & request.POST.keys() if name not in form.fields]
    own = [name for name in names if not name.startswith(REMARK)]
    return posted(request.POST, own, [name for name in own if isinstance(base[name], list)])


def _tell_gone(request: HttpRequest, gone: dict[str, Answer], base: Typed) -> None:
    """The words alone: the key of what was chosen says nothing to anybody."""
    for name, text in gone.items():
        if isinstance(text, str) and text.strip() and not text.isdecimal() and text != base[name]:
            messages.warning(
                request,
                "Depuis que vous avez ouvert cette page, une de ses questions n’est plus posée. Ce que vous y aviez "
                f"écrit est gardé, et reviendra avec elle : « {text} »",
            )


def _label(form: PageForm, name: str) -> str:
    return str(form.fields[name].label) if name in form.fields else "Une question qui n’est plus posée"


def _live(form: PageForm) -> dict[str, Any]:
    """What a page says anew while one types in it: what contradicts itself, and its totals."""
    doubts = [
        {"field": name, "sentence": typographic(sentence), "line": typographic(line)}
        for name, sentence, line in form.doubts_lines
    ]
    sums = {total.name: total.words for total in getattr(form, "sums", [])}
    live = {"told": doubts, "mark": form.doubts_mark, "sums": sums}
    if isinstance(form, BudgetForm):
        live["balance"] = {"words": form.balance, "isEven": form.is_balanced}
    return live


def _words(answer: Answer) -> str:
    return ", ".join(answer) if isinstance(answer, list) else answer
