"""What scenarios make: their totals, what is left of envelopes, their shares by orientation and by place.

All is arithmetic on cents, over the same facts about the files, which are read once for all the scenarios of a meeting:
shares add up to the total, to the cent.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from axes.models import Orientation
from projects.catalogue.models import Contribution, Project
from projects.choices import ProjectStatus
from projects.figures.breakdowns import by_territory
from projects.figures.money import Cents, in_euros
from projects.figures.sharing import Placed
from projects.instructing.envelope import Envelope, envelope_of
from projects.instructing.models import Committee
from projects.instructing.sheet import proposals
from projects.programming.placing import NO_ENVELOPE, placed, with_year
from projects.programming.starts import NOTHING_YET, Tries, counted
from projects.programming.sums import EnvelopeSums, year_sums

NO_ORIENTATION, NO_PLACE = "Sans orientation principale", "Sans territoire"
OUTCOME_WORDS = {
    ProjectStatus.RETAINED.value: ("retenue", "retenues"),
    ProjectStatus.PARTLY_RETAINED.value: ("retenue en partie", "retenues en partie"),
    ProjectStatus.REFUSED.value: ("refusée", "refusées"),
    ProjectStatus.ADJOURNED.value: ("ajournée", "ajournées"),
    NOTHING_YET: ("sans proposition", "sans proposition"),
}


@dataclass(frozen=True)
class Share:
    """A part of what a scenario grants, in cents; ``key`` is the same in all scenarios."""

    key: str
    label: str
    cents: int


@dataclass(frozen=True)
class EnvelopeShare:
    """What a scenario takes of an envelope: in cents; ``left`` is what would be left of it, None of what is outside."""

    line: EnvelopeSums
    cents: int

    @property
    def left(self) -> Decimal | None:
        left = self.line.left_to_engage
        return None if left is None else left - in_euros(self.cents)


@dataclass(frozen=True)
class ScenarioTally:
    """What a scenario makes. ``left``: of the envelope of the call, in euros (None: it has none)."""

    cents: int
    numbers: Counter[str]
    left: Decimal | None
    envelopes: list[EnvelopeShare]
    orientations: list[Share]
    places: list[Share]

    @property
    def total(self) -> Decimal:
        return in_euros(self.cents)

    @property
    def is_short(self) -> bool:
        return self.left is not None and self.left < 0


@dataclass(frozen=True)
class MeetingFacts:
    """What is known of the files of a meeting, whatever a scenario says of them. By key of the project: ``envelopes``
    (the key of the one in which each would count) and ``roots`` (that of its orientation of first level)."""

    projects: Mapping[int, Project]
    envelope: Envelope
    envelopes: Mapping[int, int]
    lines: list[EnvelopeSums]
    roots: Mapping[int, int]
    orientations: list[Orientation]
    places: Placed

    @classmethod
    def of(cls, committee: Committee, others: Iterable[int] = ()) -> "MeetingFacts":
        """Of what is before a committee, and of ``others``: files that a scenario names and that left it. A constant
        number of queries for files of one year."""
        before_it = proposals(committee)
        keys = {*before_it.order_by().values_list("pk", flat=True), *others}
        files = Project.objects.filter(pk__in=keys)
        projects = files.select_related("organization", "review").order_by("code_key", "code")
        years = sorted({year for year in with_year(files).order_by().values_list("budget_year", flat=True) if year})
        envelopes: dict[int, int] = {}
        lines: list[EnvelopeSums] = []
        for year in years:
            envelopes |= dict(placed(files, year).order_by().values_list("pk", "envelope"))
            lines += year_sums(year).lines
        held = set(envelopes.values())
        roots, orientations = _roots(keys)
        return cls(
            {project.pk: project for project in projects},
            envelope_of(committee, before_it),
            envelopes,
            [line for line in lines if line.envelope and line.envelope.pk in held],
            roots,
            orientations,
            Placed.of(by_territory(files)),
        )

    @property
    def orientation_keys(self) -> list[str]:
        """The keys of all the shares by orientation that there may be, in their order."""
        return [*(f"o{root.pk}" for root in self.orientations), "o0"]

    @property
    def place_keys(self) -> list[str]:
        return [*(f"t{row.pk}" for row in self.places.rows), "t0"]

    def tally(self, tries: Tries) -> ScenarioTally:
        """What a scenario makes of these files."""
        cents = counted(tries, list(self.projects))
        total = sum(cents.values())
        left = self.envelope.left
        return ScenarioTally(
            total,
            Counter(tries[key].outcome for key in self.projects if key in tries),
            None if left is None else left - in_euros(total),
            self._by_envelope(cents),
            self._by_orientation(cents),
            self._by_place(cents),
        )

    def _by_envelope(self, cents: Cents) -> list[EnvelopeShare]:
        taken: Counter[int] = Counter()
        for key, amount in cents.items():
            taken[self.envelopes.get(key, NO_ENVELOPE)] += amount
        shares = [EnvelopeShare(line, taken[line.envelope.pk]) for line in self.lines if line.envelope]
        if taken[NO_ENVELOPE]:
            outside = EnvelopeSums(None, Decimal(0), Decimal(0), 0)
            shares.append(EnvelopeShare(outside, taken[NO_ENVELOPE]))
        return shares

    def _by_orientation(self, cents: Cents) -> list[Share]:
        sums: Counter[int] = Counter()
        for key, amount in cents.items():
            sums[self.roots.get(key, 0)] += amount
        shares = [Share(f"o{root.pk}", f"{root.code}. {root.name}", sums[root.pk]) for root in self.orientations]
        return _some([*shares, Share("o0", NO_ORIENTATION, sums[0])])

    def _by_place(self, cents: Cents) -> list[Share]:
        by_place = self.places.by_place(cents, is_shared=True)
        shares = [Share(f"t{row.pk}", row.name, by_place.get(row.pk, 0)) for row in self.places.rows]
        nowhere = self.places.nowhere(cents.keys())
        return _some([*shares, Share("t0", NO_PLACE, sum(cents[key] for key in nowhere))])


def _some(shares: list[Share]) -> list[Share]:
    return [share for share in shares if share.cents]


def _roots(keys: Iterable[int]) -> tuple[dict[int, int], list[Orientation]]:
    """The orientation of first level of the framework in force under which each file is first of all, by its key; and
    these, in the order of the document."""
    links = Contribution.objects.in_force().filter(is_main=True, project__in=list(keys))
    trees: dict[int, int] = dict(links.order_by().values_list("project", "orientation__tree_id"))
    nodes = Orientation.objects.filter(parent=None, tree_id__in=set(trees.values()))
    orientations: list[Any] = list(nodes.in_order())
    by_tree = {root.tree_id: root.pk for root in orientations}
    return {key: by_tree[tree] for key, tree in trees.items()}, orientations
