"""How often the right orientation is proposed: over written cases, and over the actions of a programme."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from axes.levels import LINKABLE_LEVELS
from axes.models import Framework
from projects.catalogue.models import Contribution
from projects.choices import ProjectKind
from projects.suggestion.examples import Examples, PastAction
from projects.suggestion.index import SuggestionIndex, index_of
from projects.suggestion.suggesting import Suggestion, propose, too_high
from projects.suggestion.thesaurus import PATH, VOCABULARY, Thesaurus, parse

CASES = Path(__file__).with_name("cases")
TUNING, KEPT_APART, LATER_APART = (CASES / f"{name}.csv" for name in ("tuning", "kept_apart", "later_apart"))
NEW_TUNING, NEW_APART = CASES / "blind_tuning.csv", CASES / "blind_apart.csv"
LAST_APART = CASES / "last_apart.csv"
FRESH_TUNING, FRESH_APART = CASES / "fresh_tuning.csv", CASES / "fresh_apart.csv"
FILES = {
    "Cas de réglage": TUNING,
    "Cas tenus à part": KEPT_APART,
    "Cas écrits après": LATER_APART,
    "Nouveaux, de réglage": NEW_TUNING,
    "Nouveaux, à part": NEW_APART,
    "Derniers, à part": LAST_APART,
    "D’une autre main": FRESH_TUNING,
    "D’une autre main, à part": FRESH_APART,
}
TUNED = ("Cas de réglage", "Nouveaux, de réglage", "D’une autre main")  # whose errors may be looked at
NO_EXAMPLES = Examples([])
FIRST = 3
FIELDS = ("title", "need", "description")


@dataclass(frozen=True, slots=True)
class Case:
    """Texts, and the codes that are equally right: none where nothing should be proposed."""

    texts: Mapping[str, str]
    expected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was proposed for a case."""

    case: Case
    proposed: tuple[Suggestion, ...]

    @property
    def codes(self) -> list[str]:
        return [one.orientation.code for one in self.proposed]

    @property
    def is_first(self) -> bool:
        return not set(self.codes[:1]).isdisjoint(self.case.expected)

    @property
    def is_among_first(self) -> bool:
        return not set(self.codes[:FIRST]).isdisjoint(self.case.expected)

    @property
    def is_near_first(self) -> bool:
        """Whether the first is the right one, or the one just above or under it."""
        if self.is_first or not self.proposed:
            return self.is_first
        node = self.proposed[0].node
        around = [*node.children, *node.merged, *node.applies_to, *node.path[-1:]]
        return any(one.orientation.code in self.case.expected for one in around)

    @property
    def is_axis_first(self) -> bool:
        axes = {code.partition(".")[0] for code in self.case.expected}
        return bool(self.proposed) and self.proposed[0].node.axis.orientation.code in axes


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of the cases that have a right orientation, and what is proposed for those that have none."""

    count: int
    first: float
    among_first: float
    near_first: float
    axis_first: float
    none_proposed: float
    off_topic: int
    silent: int


def written(path: Path) -> list[Case]:
    """The cases of a file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return [
            Case({name: row[name] for name in FIELDS}, tuple(filter(None, row["expected"].split("|"))))
            for row in csv.DictReader(stream, delimiter=";")
        ]


def declared(framework: Framework) -> list[Case]:
    """The actions on record, once each though it comes back every year: the main orientation of each is the right
    one."""
    links = Contribution.objects.filter(
        is_main=True, orientation__framework=framework, project__kind=ProjectKind.ACTION
    ).order_by("project__code")
    return [
        Case({"title": title, "summary": summary}, (code,))
        for title, summary, code in dict.fromkeys(
            links.values_list("project__title", "project__summary", "orientation__code")
        )
    ]


def unknown_codes(framework: Framework, cases: Iterable[Case]) -> list[str]:
    """The codes of the cases that the framework has not: they were written for another."""
    known = {node.orientation.code for node in index_of(framework).nodes}
    return sorted({code for case in cases for code in case.expected} - known)


def outcomes(
    framework: Framework,
    cases: Iterable[Case],
    words: Thesaurus | None = None,
    examples: Examples = NO_EXAMPLES,
) -> list[Outcome]:
    """What is proposed for each case by these words and these examples, but the example that it is itself."""
    index = SuggestionIndex(framework, words) if words else index_of(framework)
    return [
        Outcome(case, tuple(propose(index, examples, case.texts, aside=case.texts.get("title", "")))) for case in cases
    ]


def as_examples(framework: Framework, cases: Iterable[Case]) -> Examples:
    """The cases, as if they had been retained."""
    keys = {node.orientation.code: node.orientation.pk for node in index_of(framework).nodes}
    return Examples(
        PastAction(number, case.texts["title"], keys[case.expected[0]], case.texts)
        for number, case in enumerate(cases)
        if case.expected
    )


def tuning() -> list[Case]:
    """The cases whose errors may be looked at."""
    return [case for name in TUNED for case in written(FILES[name])]


def past_actions(framework: Framework) -> Examples:
    """The tuning cases and the actions on record, as what a council has retained."""
    return as_examples(framework, [*tuning(), *declared(framework)])


def trials(framework: Framework) -> Iterator[tuple[str, Thesaurus | None, Examples]]:
    """What else is measured, by its name: with the tuning cases and the actions on record as examples, then for who
    has not our words."""
    past = past_actions(framework)
    first, second = halves(PATH.read_text(encoding="utf-8"), VOCABULARY.read_text(encoding="utf-8"))
    yield "avec exemples", None, past
    yield "demi-thésaurus (1)", first, NO_EXAMPLES
    yield "demi-thésaurus (2)", second, NO_EXAMPLES
    yield "demi (1), exemples", first, past
    yield "demi (2), exemples", second, past


def halves(text: str, vocabulary: str = "") -> tuple[Thesaurus, Thesaurus]:
    """The thesaurus without every other of its lines, and without the others; what everybody writes stays in both."""
    kept = [line for line in [*text.splitlines(), *vocabulary.splitlines()] if line[:1] in ("~", "@")]
    lines, evoking = _leading(text), _leading(vocabulary)
    first, second = (parse("\n".join([*kept, *lines[start::2]]), "\n".join(evoking[start::2])) for start in (0, 1))
    return first, second


def _leading(text: str) -> list[str]:
    return [line for line in text.splitlines() if "=" in line.partition("#")[0]]


def figures(found: Iterable[Outcome]) -> Figures:
    every = list(found)
    about = [one for one in every if one.case.expected]
    off_topic = [one for one in every if not one.case.expected]

    def share(number: int) -> float:
        return number / len(about) if about else 0.0

    return Figures(
        count=len(about),
        first=share(sum(one.is_first for one in about)),
        among_first=share(sum(one.is_among_first for one in about)),
        near_first=share(sum(one.is_near_first for one in about)),
        axis_first=share(sum(one.is_axis_first for one in about)),
        none_proposed=share(sum(not one.proposed for one in about)),
        off_topic=len(off_topic),
        silent=sum(not one.proposed for one in off_topic),
    )


def narrowed(framework: Framework, cases: Iterable[Case]) -> tuple[int, float]:
    """When the objective above the right orientation is chosen: how many such cases, and how often it is proposed."""
    parents = {node.orientation.code: node.parent for node in index_of(framework).nodes}
    asked = [
        (case, above)
        for case in cases
        if case.expected and (above := parents.get(case.expected[0])) and above.orientation.level in LINKABLE_LEVELS
    ]
    found = sum(
        any(one.orientation.code in case.expected for one in too_high(framework, above, case.texts))
        for case, above in asked
    )
    return len(asked), found / len(asked) if asked else 0.0
