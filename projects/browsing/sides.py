"""Which two states of the framework an address compares: ``?de=<slug>&a=<slug>@2026-03-31``."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from axes import adoption, as_of, comparing, document
from axes.comparing import TreeComparison
from axes.document import Node
from axes.models import Framework, Orientation
from cohesion.lib.dates import french_date, plain_date
from cohesion.lib.evenings import past_day
from projects.figures import as_of as past_projects
from projects.figures import figures
from projects.figures.figures import Tally

AT = "@"  # between a version and the evening


@dataclass(frozen=True)
class Side:
    """A version as it is, or as it stood on an evening. ``framework`` is it as it was then."""

    present: Framework
    framework: Framework
    evening: datetime.date | None
    nodes: list[Node]
    has_order: bool = True

    @property
    def orientations(self) -> list[Orientation]:
        return [node.orientation for node in self.nodes]

    @property
    def value(self) -> str:
        """How an address names it."""
        return f"{self.present.slug}{AT}{self.evening.isoformat()}" if self.evening else self.present.slug

    @property
    def name(self) -> str:
        return f"{self.framework.name}, au soir du {french_date(self.evening)}" if self.evening else self.framework.name

    @property
    def plain_name(self) -> str:
        """The same in a file."""
        return f"{self.framework.name}, au soir du {plain_date(self.evening)}" if self.evening else self.framework.name

    @property
    def facts(self) -> str:
        """Its state, its adoption, its revision: what a council paper says of it."""
        framework = self.framework
        words = [framework.get_status_display().lower()]
        if framework.adopted_on and not framework.is_draft:
            words.append(f"adopté le {plain_date(framework.adopted_on)}")
        if framework.deliberation and not framework.is_draft:
            words.append(f"délibération {framework.deliberation}")
        if self.evening is None:
            words.append(f"révision {self.present.revision}")
        return ", ".join(words)

    def tallies(self, in_force: Framework | None) -> dict[int, Tally]:
        """How many public projects served each of its orientations, whatever the year; nothing where it is unknown."""
        if self.framework.is_draft:
            return {}
        if self.evening is None:
            return figures.published(in_force, document.kept(self.present)).tallies
        first = past_projects.first_evening()
        if first is None or first > self.evening:
            return {}
        return past_projects.state_of(in_force, self.evening).serving(self.nodes).tallies


@dataclass(frozen=True)
class AskedSide:
    """What an address asked of a side, and the state that it means: None, with the sentence that says why not."""

    value: str
    slug: str
    day: str
    side: Side | None = None
    refusal: str = ""


def asked_side(raw: str, versions: Iterable[Framework], *, reads_drafts: bool) -> AskedSide:
    """The state that « <slug> » or « <slug>@2026-03-31 » means, among the versions that the reader may read."""
    slug, _, day = raw.strip().partition(AT)
    framework = next((version for version in versions if version.slug == slug), None)
    if not slug:
        return AskedSide("", "", day)
    if framework is None:
        return AskedSide(raw, "", day, refusal=f"« {slug[:40]} » ne désigne aucune version du cadre.")
    if not day:
        return AskedSide(raw, slug, "", Side(framework, framework, None, document.read_nodes(framework)))
    evening = past_day(day, timezone.localdate())
    if evening is None:
        return AskedSide(raw, slug, day, refusal=f"« {day[:20]} » n’est pas un jour passé.")
    past = as_of.past_tree(framework, evening)
    if past is None or (past.framework.is_draft and not reads_drafts):
        words = "n’était pas encore public" if past else "n’a pas encore d’histoire"
        refusal = f"Au soir du {french_date(evening)}, « {framework.name} » {words}."
        return AskedSide(raw, slug, day, refusal=refusal)
    return AskedSide(raw, slug, day, Side(framework, past.framework, evening, past.nodes, past.has_order))


def compare(former: Side, latter: Side) -> TreeComparison:
    """Both states, with what officers decided between their versions."""
    before, after = (as_of.tree_state(side.nodes) for side in (former, latter))
    return comparing.compare(before, after, _descents(former, latter))


def _descents(former: Side, latter: Side) -> comparing.Descents:
    if former.present.pk == latter.present.pk:
        return {}
    earlier, later = sorted((former, latter), key=_age)
    became = adoption.became((node.pk for node in earlier.nodes), later.present)
    return became if earlier is former else comparing.inverted(became)


def _age(side: Side) -> tuple[bool, datetime.date, int]:
    framework = side.present
    return framework.is_draft, framework.adopted_on or datetime.date.min, framework.pk
