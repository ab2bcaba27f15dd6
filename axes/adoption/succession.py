"""The orientations of two frameworks side by side: what became of each, and what is new."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from axes.adoption.lineage import Lineage, lineage
from axes.models import Descent, Framework, Orientation
from cohesion.lib.text import count_phrase

Kept = tuple[Orientation, Orientation]


@dataclass(frozen=True)
class Succession:
    """What each orientation of a framework became in the one that follows it.

    ``before`` and ``after`` stand in document order; ``dropped`` are the notes of those dropped on purpose, by key.
    One that became a single orientation *goes on*, whether it is the same (*kept*) or another one takes it up; one that
    became several is *split*; one of which nothing is known is *undecided*.
    """

    former: Framework
    framework: Framework
    before: list[Orientation]
    after: list[Orientation]
    lineage: Lineage
    dropped: dict[int, str]

    @cached_property
    def here(self) -> dict[int, Orientation]:
        return {node.pk: node for node in self.after}

    def became(self, former: Orientation) -> list[Orientation]:
        return [self.here[pk] for pk in self.lineage[former.pk]]

    @cached_property
    def ascents(self) -> Counter[int]:
        """How many orientations each of the new ones comes from, by its key."""
        return Counter(pk for successors in self.lineage.values() for pk in successors)

    @cached_property
    def still_there(self) -> set[int]:
        """The keys of those of which the framework that comes has the same, even if they became others too."""
        uids = {node.uid for node in self.after}
        return {node.pk for node in self.before if node.uid in uids}

    @cached_property
    def kept(self) -> list[Kept]:
        """Those of the same ``uid`` that became nothing else, as they were and as they shall be."""
        pairs = [(node, self.became(node)) for node in self.before]
        return [(node, into[0]) for node, into in pairs if len(into) == 1 and into[0].uid == node.uid]

    @cached_property
    def taken_up(self) -> list[Kept]:
        """Those that another one takes up, alone or with others (merged)."""
        pairs = [(node, self.became(node)) for node in self.before]
        return [(node, into[0]) for node, into in pairs if len(into) == 1 and into[0].uid != node.uid]

    @property
    def split(self) -> list[Orientation]:
        return [node for node in self.before if len(self.lineage[node.pk]) > 1]

    @property
    def gone(self) -> list[Orientation]:
        """Those that became nothing, whether on purpose or because nobody decided."""
        return [node for node in self.before if not self.lineage[node.pk]]

    @property
    def undecided(self) -> list[Orientation]:
        return [node for node in self.gone if node.pk not in self.dropped]

    @property
    def queued(self) -> list[Orientation]:
        """Those that are not simply kept: what the desk shows."""
        kept = {former.pk for former, _ in self.kept}
        return [node for node in self.before if node.pk not in kept]

    @property
    def new(self) -> list[Orientation]:
        """Those that come from none."""
        return [node for node in self.after if not self.ascents[node.pk]]

    @property
    def reworded(self) -> list[Kept]:
        return [pair for pair in self.kept if pair[0].display_title != pair[1].display_title]

    @property
    def recoded(self) -> list[Kept]:
        return [pair for pair in self.kept if pair[0].code != pair[1].code]

    @property
    def sentences(self) -> list[str]:
        """How many are kept (and changed), taken up, split, new and gone; nothing is said of what there is none of."""
        dropped = len(self.gone) - len(self.undecided)
        numbers = [
            (len(self.taken_up), "orientation est reprise par une autre", "orientations sont reprises par d’autres"),
            (len(self.split), "orientation est scindée", "orientations sont scindées"),
            (len(self.new), "orientation nouvelle", "orientations nouvelles"),
            (dropped, "orientation est abandonnée à dessein", "orientations sont abandonnées à dessein"),
            (len(self.undecided), "orientation disparaît", "orientations disparaissent"),
        ]
        return [self._kept_sentence, *(count_phrase(number, *words) for number, *words in numbers if number)]

    @property
    def _kept_sentence(self) -> str:
        if not self.kept:
            return "Aucune orientation n’est gardée"
        changes = [
            (len(self.reworded), "reformulée", "reformulées"),
            (len(self.recoded), "qui change de code", "qui changent de code"),
        ]
        changed = [count_phrase(number, *words) for number, *words in changes if number]
        kept = count_phrase(len(self.kept), "orientation gardée", "orientations gardées")
        return f"{kept}, dont {' et '.join(changed)}" if changed else f"{kept} sans changement"


def succession(former: Framework, framework: Framework) -> Succession:
    """Compare two frameworks, in six queries."""
    before, after = (
        list(Orientation.objects.filter(framework=version).select_related("framework").in_order())
        for version in (former, framework)
    )
    dropped = Descent.objects.between(former, framework).filter(successor__isnull=True)
    return Succession(
        former=former,
        framework=framework,
        before=before,
        after=after,
        lineage=lineage(former, framework),
        dropped=dict(dropped.values_list("former_id", "note")),
    )


def predecessor(framework: Framework) -> Framework | None:
    """The framework whose place another one takes: that in force of its programme, or, once it is adopted, that which
    was."""
    return Framework.objects.before(framework).first() if framework.is_draft else framework.predecessor
