"""Merging orientations of a draft, splitting one: what becomes of everything is shown first, then confirmed."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from mptt.exceptions import InvalidMove

from axes import document, numbering, reshaping, tree
from axes.admin.choices import grouped
from axes.admin.forms import ReasonMixin, reason_field
from axes.admin.outline import UNFOLDED
from axes.document import Node
from axes.levels import Level
from axes.models import Framework, Orientation
from axes.models.orientation import TITLE_LENGTH, validate_code
from axes.reshaping import MOST_PARTS, OrientationMerge, OrientationSplit, SplitPart
from cohesion.lib.admin import admin_page
from cohesion.lib.forms import line_field
from cohesion.lib.nouns import Noun
from cohesion.lib.people import signed_in
from cohesion.lib.text import NBSP, count_phrase, whole_number
from cohesion.lib.widgets import TickList
from cohesion.together import states
from cohesion.together.once import once

WITH = "avec"  # in the address: the keys of those that one wants to merge
PARTS = "en"  # in the address: in how many parts
NOUN = Noun("orientation", "orientations")


def wording_field(label: str, help_text: str = "") -> forms.CharField:
    return line_field(
        label,
        TITLE_LENGTH,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        required=True,
    )


class ChoiceOfMerged(forms.Form):
    """Which orientations another one takes in."""

    def __init__(self, kept: Orientation, nodes: Iterable[Node], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = next((node for node in nodes if node.pk == kept.pk), None)
        above = {node.pk for node in own.path} if own else set()
        others = [node for node in nodes if node.pk != kept.pk and node.pk not in above and _fits(node, kept)]
        self.fields[WITH] = forms.TypedMultipleChoiceField(
            label="Orientations à fondre dans celle-ci",
            choices=grouped(others),
            coerce=int,
            required=False,
            widget=TickList(noun=NOUN),
        )


def _fits(node: Node, kept: Orientation) -> bool:
    """Whether what stands under a node may stand under the one that would take it in."""
    children = (child.orientation for child in node.children if child.pk != kept.pk)
    return not any(tree.placement_error(child, kept) for child in children)


class OrientationMergeForm(ReasonMixin, forms.Form):
    """The wording of what is left, and why."""

    title = wording_field("Texte de l’orientation qui reste", "Celui qu’elle a déjà, ou un autre.")
    reason = reason_field()

    def __init__(self, framework: Framework, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_reason(framework)


class SplitForm(ReasonMixin, forms.Form):
    """The parts of an orientation, and under which of them each of its children goes."""

    reason = reason_field()

    def __init__(self, plan: OrientationSplit, nodes: list[Node], number: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan, self.number = plan, number
        codes = [plan.orientation.code, *free_codes(plan.orientation, nodes, number - 1)]
        for place, code in enumerate(codes, 1):
            title = plan.orientation.title if place == 1 else ""
            self.fields[f"code_{place}"] = forms.CharField(
                label="Code", max_length=20, initial=code, validators=[validate_code]
            )
            self.fields[f"title_{place}"] = wording_field("Texte")
            self.fields[f"title_{place}"].initial = title
        choices = [(place, f"Partie {place}") for place in range(1, number + 1)]
        for child in plan.children:
            self.fields[f"under_{child.pk}"] = forms.TypedChoiceField(
                label=str(child), choices=choices, coerce=int, initial=1
            )
        self.order_fields([name for name in self.fields if name != "reason"])
        self.ask_reason(plan.orientation.framework)

    @property
    def part_fields(self) -> list[tuple[int, Any, Any]]:
        return [(place, self[f"code_{place}"], self[f"title_{place}"]) for place in range(1, self.number + 1)]

    @property
    def child_fields(self) -> list[Any]:
        return [self[f"under_{child.pk}"] for child in self.plan.children]

    @property
    def parts(self) -> list[SplitPart]:
        return [self._part(place) for place in range(1, self.number + 1)]

    def _part(self, place: int) -> SplitPart:
        values = self.cleaned_data
        children = [child.pk for child in self.plan.children if values[f"under_{child.pk}"] == place]
        return SplitPart(values[f"code_{place}"], values[f"title_{place}"], tuple(children))

    @property
    def announced(self) -> list[tuple[SplitPart, list[Orientation]]]:
        """Each part with what would stand under it."""
        children = {child.pk: child for child in self.plan.children}
        return [(part, list(map(children.__getitem__, part.children))) for part in self.parts]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            self.plan.check(self.parts)
        return cleaned


def free_codes(orientation: Orientation, nodes: list[Node], number: int) -> list[str]:
    """Codes that nobody bears, for new orientations beside this one."""
    own = next(node for node in nodes if node.pk == orientation.pk)
    taken, codes = list(nodes), []
    for _ in range(number):
        codes.append(numbering.next_code(own.parent, Level(orientation.level), taken))
        taken.append(Node(Orientation(code=codes[-1], level=orientation.level), own.parent))
    return codes


class ReshapingAdmin(admin.ModelAdmin):
    """The pages that merge and split."""

    own_pages = {"merge": "<int:pk>/fusionner/", "split": "<int:pk>/scinder/"}

    # --- several into one -----------------------------------------------------------------------------------

    def merge_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """First which, then what would become of all, then it is done."""
        keys = {key for text in request.GET.getlist(WITH) if (key := whole_number(text)) is not None}
        plan = reshaping.merging(pk, keys)
        if plan is None:
            raise Http404("Cette orientation n’existe pas, ou n’existe plus.")
        self._check_right(request, plan.kept)
        form = OrientationMergeForm(plan.kept.framework, request.POST or None, initial={"title": plan.kept.title})
        if request.method == "POST" and form.is_valid():
            return once(request, lambda: self._merge(request, plan, form))
        return self._merge_page(request, plan, form)

    def _merge(self, request: HttpRequest, plan: OrientationMerge, form: OrientationMergeForm) -> HttpResponse:
        try:
            kept = reshaping.merge(
                kept=plan.kept.pk,
                merged=list(plan.keys),
                title=form.cleaned_data["title"],
                by=signed_in(request),
                reason=form.cleaned_data["reason"],
                seen=states.seen(request.POST, "merge"),
            )
        except (ValidationError, InvalidMove) as error:
            form.add_error(None, error.messages if isinstance(error, ValidationError) else str(error))
            fresh = reshaping.merging(plan.kept.pk, plan.keys)
            return self._merge_page(request, fresh or plan, form)
        merged = count_phrase(len(plan.merged), "orientation y est fondue", "orientations y sont fondues")
        codes = ", ".join(node.code for node in plan.merged)
        self.log_change(request, kept, f"Fusion de {codes}.")
        self.message_user(request, f"{kept.badge}{NBSP}: {merged} ({codes}).", messages.SUCCESS)
        return self._to_row(kept)

    def _merge_page(self, request: HttpRequest, plan: OrientationMerge, form: OrientationMergeForm) -> HttpResponse:
        nodes = document.read_nodes(plan.kept.framework)
        choice = ChoiceOfMerged(plan.kept, nodes, initial={WITH: list(plan.keys)})
        context = {
            "plan": plan,
            "orientation": plan.kept,
            "form": form,
            "choice": choice,
            "field": choice[WITH],
            "refusal": plan.refusal if plan.merged or not plan.kept.framework.is_draft else "",
            "seen": states.seal(plan.state, "merge"),
        }
        return admin_page(self, request, "axes/orientation/merge.html", f"Fusionner avec {plan.kept.badge}", **context)

    # --- one into several -----------------------------------------------------------------------------------

    def split_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        plan = reshaping.splitting(pk)
        if plan is None:
            raise Http404("Cette orientation n’existe pas, ou n’existe plus.")
        self._check_right(request, plan.orientation)
        number = min(max(whole_number(request.GET.get(PARTS, "")) or 2, 2), MOST_PARTS)
        nodes = document.read_nodes(plan.orientation.framework)
        form = SplitForm(plan, nodes, number, request.POST or None)
        is_sound = request.method == "POST" and not plan.refusal and form.is_valid()
        if is_sound and "confirmer" in request.POST:
            return once(request, lambda: self._split(request, plan, form))
        return self._split_page(request, plan, form, is_announced=is_sound and "corriger" not in request.POST)

    def _split(self, request: HttpRequest, plan: OrientationSplit, form: SplitForm) -> HttpResponse:
        try:
            parts = reshaping.split(
                orientation=plan.orientation.pk,
                parts=form.parts,
                by=signed_in(request),
                reason=form.cleaned_data["reason"],
                seen=states.seen(request.POST, "split"),
            )
        except (ValidationError, InvalidMove) as error:
            form.add_error(None, error.messages if isinstance(error, ValidationError) else str(error))
            return self._split_page(request, plan, form, is_announced=False)
        codes = ", ".join(part.code for part in parts)
        self.log_change(request, parts[0], f"Scindée en {codes}.")
        self.message_user(request, f"L’orientation est scindée en {codes}.", messages.SUCCESS)
        return self._to_row(parts[0])

    def _split_page(
        self, request: HttpRequest, plan: OrientationSplit, form: SplitForm, *, is_announced: bool
    ) -> HttpResponse:
        context = {
            "plan": plan,
            "orientation": plan.orientation,
            "form": form,
            "numbers": range(2, MOST_PARTS + 1),
            "is_announced": is_announced,
            "refusal": plan.refusal,
            "seen": states.seal(plan.state, "split"),
        }
        return admin_page(self, request, "axes/orientation/split.html", f"Scinder {plan.orientation.badge}", **context)

    # --- both -----------------------------------------------------------------------------------------------

    def _check_right(self, request: HttpRequest, orientation: Orientation) -> None:
        allowed = self.has_change_permission(request, orientation) and self.has_delete_permission(request, orientation)
        if not (allowed and self.has_add_permission(request)):
            raise PermissionDenied

    def _to_row(self, orientation: Orientation) -> HttpResponse:
        """The tree list, at the row of an orientation."""
        current = Orientation.objects.get(pk=orientation.pk)
        axis = Orientation.objects.get(tree_id=current.tree_id, parent=None)
        where = f"{reverse('admin:axes_orientation_changelist')}?cadre={current.framework_id}&{UNFOLDED}={axis.code}"
        return HttpResponseRedirect(f"{where}#o-{current.pk}")
