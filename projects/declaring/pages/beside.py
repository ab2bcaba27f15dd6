"""What a declaration says of the other programmes: an orientation of each, if any, and why.

A field is named after the programme, so that an answer outlives the framework in which it was given.
"""

from dataclasses import dataclass
from typing import Any

from axes import adoption, document
from axes.document import Node
from axes.levels import LINKABLE_LEVELS
from axes.models import Framework
from cohesion.lib.text import whole_number
from cohesion.together.merging import Typed
from projects.declaring.models import Campaign

FIELD, WHY = "programme-", "programme-why-"


@dataclass(frozen=True)
class ProgrammeBeside:
    """A framework in force beside the reference one, and what of it an action may be linked to."""

    framework: Framework
    nodes: list[Node]

    @property
    def field(self) -> str:
        return f"{FIELD}{self.framework.programme_id}"

    @property
    def why(self) -> str:
        return f"{WHY}{self.framework.programme_id}"

    @property
    def linkable(self) -> dict[str, Node]:
        return {str(node.pk): node for node in self.nodes if node.orientation.level in LINKABLE_LEVELS}

    def present(self, typed: Typed) -> Typed:
        """The answer, as what the orientation chosen became in the framework that is in force now."""
        key = whole_number(str(typed.get(self.field) or ""))
        if not key or str(key) in self.linkable:
            return {}
        became = adoption.became({key}, self.framework).get(key, ())
        return {self.field: str(became[0])} if len(became) == 1 else {}


def read_beside(campaign: Campaign | None, typed: Typed) -> list[ProgrammeBeside]:
    """The frameworks in force of the other programmes that a call concerns, or of which something is said already: one
    query where there is none."""
    parts = [
        ProgrammeBeside(framework, document.kept(framework))
        for framework in Framework.objects.beside().select_related("programme")
    ]
    concerned = set(campaign.programmes.values_list("pk", flat=True)) if parts and campaign is not None else set()
    if not concerned:
        return parts
    return [part for part in parts if part.framework.programme_id in concerned or typed.get(part.field)]


def answers_of(links: list[Any]) -> dict[str, Any]:
    """What is known of a project as answers: the main orientation that it serves in each of the other programmes."""
    answers: dict[str, Any] = {}
    for link in links:
        if link.is_main:
            programme = link.orientation.framework.programme_id
            answers |= {f"{FIELD}{programme}": str(link.orientation_id), f"{WHY}{programme}": link.rationale}
    return answers
