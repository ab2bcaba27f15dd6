"""What is proposed to a link whose orientation is not simply kept: where it may go, and why."""

from collections.abc import Iterable
from dataclasses import dataclass

from axes import adoption, document
from axes.models import Framework, Orientation
from cohesion.lib.text import NBSP
from projects.catalogue.models import Contribution, LinkDecision, Project
from projects.suggestion import Suggestion, suggest

PROPOSED = 3  # orientations of the whole framework, where nothing is decided of the former one
ALIKE = 0.5  # how like two wordings are, when they say more of a link than the words of its project do


@dataclass(frozen=True)
class LinkChoice:
    """An orientation where a link may go; ``reason``: what leads there."""

    node: Orientation
    reason: str
    is_chosen: bool


@dataclass(frozen=True)
class LinkRow:
    """A link, where it may go, and what is decided of it: nothing, some orientations, or none for a reason.

    ``is_open``: an officer has to decide of it, because its orientation does not say where it goes.
    """

    link: Contribution
    choices: list[LinkChoice]
    decided: list[LinkDecision]
    is_open: bool

    @property
    def is_proposed(self) -> bool:
        """Whether something is proposed first of all."""
        return self.is_open and any(choice.is_chosen for choice in self.choices)

    @property
    def let_go(self) -> str:
        return next((decision.reason for decision in self.decided if decision.orientation_id is None), "")

    @property
    def elsewhere(self) -> list[Orientation]:
        """Where it goes that is not among the choices."""
        offered = {choice.node.pk for choice in self.choices}
        return [row.orientation for row in self.decided if row.orientation and row.orientation_id not in offered]


class LinkGuide:
    """Where the links of one orientation may go: to what it became; else to what the desk proposes of it, or to what
    the words of their projects resemble. Nowhere first of all, where it is dropped on purpose."""

    def __init__(self, coming: Framework, former: Orientation) -> None:
        succession = adoption.succession(former.framework, coming)
        self.coming = coming
        self.became = succession.lineage[former.pk]
        self.is_dropped = former.pk in succession.dropped
        self.near: dict[int, adoption.SuccessorProposal] = {}
        if not self.became and not self.is_dropped:
            proposed = adoption.proposals(succession, [former])[former.pk]
            self.near = {proposal.node.pk: proposal for proposal in proposed}

    @property
    def is_open(self) -> bool:
        """Whether its links wait for an officer, as long as nothing is decided of them one by one."""
        return not self.coming.is_draft or (len(self.became) != 1 and not self.is_dropped)

    def reasons(self, project: Project) -> dict[int, str]:
        """The orientations where a project may go, by their keys, each with what leads there; the best first."""
        texts = {"title": project.title, "summary": project.summary}
        # By words alone: a page asks for up to fifty links, of a framework that may not be published yet.
        among = self.became or None
        suggestions = suggest(self.coming, texts, limit=len(self.became) or PROPOSED, among=among, by_sentence=False)
        says = {suggestion.orientation.pk: _in_words(suggestion) for suggestion in suggestions}
        by_both = [pk for pk in says if pk in self.near]
        alike = [pk for pk, proposal in self.near.items() if proposal.likeness >= ALIKE]
        near = {pk: proposal.reason for pk, proposal in self.near.items()}
        both = {pk: filter(None, (near.get(pk), says.get(pk))) for pk in (*by_both, *alike, *says, *self.became, *near)}
        return {pk: "\u202f; ".join(reasons) for pk, reasons in both.items()}

    def first(self, reasons: dict[int, str]) -> int | None:
        """What is proposed first of all: nothing where nothing tells the parts of a split orientation apart."""
        if len(self.became) == 1:
            return self.became[0]
        best = next(iter(reasons), None)
        return None if self.is_dropped or best is None or not reasons[best] else best


def _in_words(suggestion: Suggestion) -> str:
    words = ", ".join(suggestion.matched)
    if not words and suggestion.example:
        return f"comme «{NBSP}{suggestion.example.title}{NBSP}»"
    return f"le projet dit{NBSP}: {words}"


def link_rows(guide: LinkGuide, nodes: list[document.Node], links: Iterable[Contribution]) -> list[LinkRow]:
    """The links with where each may go; what is decided of it is chosen, else what is proposed first."""
    here = {node.pk: node.orientation for node in nodes}
    decided: dict[int, list[LinkDecision]] = {}
    shown = list(links)
    of_links = LinkDecision.objects.filter(framework=guide.coming, link__in=shown)
    for decision in of_links.select_related("orientation"):
        decided.setdefault(decision.link_id, []).append(decision)
    rows = []
    for link in shown:
        own = decided.get(link.pk, [])
        reasons = guide.reasons(link.project)
        chosen = {row.orientation_id for row in own} if own else {guide.first(reasons)}
        order = guide.became or reasons
        choices = [LinkChoice(here[pk], reasons[pk], pk in chosen) for pk in order]
        rows.append(LinkRow(link, choices, own, is_open=guide.is_open and not own))
    return rows
