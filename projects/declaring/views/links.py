"""What the page of orientations proposes: those that what was written resembles, then the whole framework."""

from dataclasses import dataclass
from typing import Any

from axes.document import Node
from axes.levels import LINKABLE_LEVELS
from axes.search.results import Segment
from projects.declaring.alike_others import written
from projects.declaring.models import Declaration
from projects.declaring.pages.links import LinksForm
from projects.figures.figures import published
from projects.suggestion import PastAction, Suggestion, marked, suggest, too_high

PROPOSED = 5
PROPOSED_BESIDE = 3  # of each of the other programmes


@dataclass(frozen=True)
class Proposal:
    """An orientation that is proposed: what led to it, the past action that it resembles most, and how many projects
    serve it already."""

    node: Node
    matched: tuple[str, ...]
    example: PastAction | None
    projects: int
    is_chosen: bool

    @property
    def key(self) -> str:
        return str(self.node.orientation.pk)


@dataclass(frozen=True)
class PickerBranch:
    """A line of the whole framework: one may choose it, or only open it."""

    node: Node
    is_linkable: bool
    is_chosen: bool
    is_proposed: bool
    is_open: bool
    children: "list[PickerBranch]"

    @property
    def key(self) -> str:
        return str(self.node.orientation.pk)


def proposals(declaration: Declaration, form: LinksForm) -> dict[str, Any]:
    """The context of the page: proposals with their reasons, the tree, and whether the choice is too wide."""
    if form.framework is None:
        return {"proposals": [], "branches": [], "quotes": [], "narrower": []}
    texts = written(declaration)
    suggestions = suggest(form.framework, texts, limit=PROPOSED)
    chosen = form.typed.get("main", "")
    serving = published(form.framework, form.nodes)
    shown = [
        Proposal(
            suggestion.node,
            suggestion.matched,
            suggestion.example,
            len(serving.branch[suggestion.orientation.pk]),
            str(suggestion.orientation.pk) == chosen,
        )
        for suggestion in suggestions
    ]
    proposed = {suggestion.key for suggestion in shown}
    return {
        "proposals": shown,
        "branches": [_branch(node, str(chosen), proposed) for node in form.nodes if node.parent is None],
        "quotes": _quotes(texts, suggestions[0]) if suggestions else [],
        "narrower": too_high(form.framework, form.chosen, texts) if form.chosen else [],
        "has_text": any(text.strip() for text in texts.values()),
        "beside_proposals": {part.field: suggest(part.framework, texts, limit=PROPOSED_BESIDE) for part in form.beside},
    }


def _branch(node: Node, chosen: str, proposed: set[str]) -> PickerBranch:
    children = [_branch(child, chosen, proposed) for child in node.children]
    key = str(node.orientation.pk)
    return PickerBranch(
        node=node,
        is_linkable=node.orientation.level in LINKABLE_LEVELS,
        is_chosen=key == chosen,
        is_proposed=key in proposed,
        is_open=any((child.is_chosen and not child.is_proposed) or child.is_open for child in children),
        children=children,
    )


def _quotes(texts: dict[str, str], best: Suggestion) -> list[list[Segment]]:
    """What was written, the words that led to the first proposal marked."""
    return [marked(texts[name], best) for name in ("title", "summary") if texts[name].strip()]
