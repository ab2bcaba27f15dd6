"""The migration desk: each orientation that is not simply kept, what hangs on it, what it becomes or may become."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from axes.adoption.descending import descend, undo_descent
from axes.adoption.heirs import Weight, forget, weigh
from axes.adoption.proposals import SuccessorProposal, proposals
from axes.adoption.succession import Succession
from axes.models import Descent, Orientation
from cohesion.lib.people import Person
from cohesion.together.states import State, fingerprint


@dataclass(frozen=True)
class DeskRow:
    """An orientation of the former framework: ``became`` is what is decided or the same, ``waiting`` how many of the
    links behind it an officer has to decide, on the page of ``address``. Nobody decides of an orientation any more once
    its framework gave way, but of its links."""

    former: Orientation
    became: list[Orientation]
    state: str
    note: str
    weights: list[Weight]
    proposals: list[SuccessorProposal] = field(default_factory=list)
    is_undecided: bool = False
    is_decided: bool = False

    @property
    def waiting(self) -> int:
        return sum(weight.waiting for weight in self.weights)

    @property
    def phrases(self) -> list[str]:
        return [phrase for weight in self.weights for phrase in weight.phrases]

    @property
    def address(self) -> str:
        return next((weight.address for weight in self.weights if weight.address), "")

    @property
    def is_open(self) -> bool:
        """Whether an officer has something to decide: what it becomes, or where what hangs on it goes."""
        return self.is_undecided or bool(self.waiting)


def rows(succession: Succession) -> list[DeskRow]:
    """All that is not simply kept, in the order of the former framework; without proposals."""
    weights = weigh(succession)
    decided = dict(Descent.objects.between(succession.former, succession.framework).values_list("former_id", "note"))
    queued = []
    for node in succession.queued:
        became = succession.became(node)
        queued.append(
            DeskRow(
                former=node,
                became=became,
                state=_state(succession, node, became),
                note=decided.get(node.pk, ""),
                weights=weights.get(node.pk, []),
                is_undecided=succession.framework.is_draft and not became and node.pk not in succession.dropped,
                is_decided=node.pk in decided and node.pk not in succession.still_there,
            )
        )
    return queued


def with_proposals(succession: Succession, shown: Iterable[DeskRow]) -> list[DeskRow]:
    """The same rows, those that nobody decided of with what they may become."""
    shown = list(shown)
    proposed = proposals(succession, [row.former for row in shown if row.is_undecided])
    for row in shown:
        row.proposals.extend(proposed.get(row.former.pk, []))
    return shown


def _state(succession: Succession, node: Orientation, became: list[Orientation]) -> str:
    if not became and node.pk not in succession.dropped:
        return "à décider" if succession.framework.is_draft else "sans suite"
    if not became:
        return "abandonnée"
    if len(became) > 1:
        return "scindée"
    return "fusionnée" if succession.ascents[became[0].pk] > 1 else "reprise"


def descent_states(succession: Succession) -> State:
    """What is said of each queued orientation, as :func:`axes.adoption.descending.descent_state` has it of one."""
    decided: dict[int, list[object]] = {node.pk: [] for node in succession.queued}
    between = Descent.objects.between(succession.former, succession.framework).order_by("pk")
    for former, *values in between.values_list("former_id", "pk", "successor_id", "note"):
        decided.setdefault(former, []).append(tuple(values))
    return {str(pk): fingerprint(values) for pk, values in decided.items()}


def decide_all(
    *,
    succession: Succession,
    fates: dict[Orientation, list[Orientation] | None],
    by: Person,
    seen: State,
    note: str = "",
) -> int:
    """Say what several orientations become (None: undo what was said of it), all or none; returns how many.

    Raises:
        ValidationError: as :func:`axes.adoption.descend` says, or one that is split in the tree would be simply kept:
            all its links would go to its first part, and nobody would have said so.
    """
    framework = succession.framework
    for former, successors in fates.items():
        if former.pk in succession.still_there and all(node.uid == former.uid for node in successors or ()):
            raise ValidationError(
                f"{former.code} est scindée dans l’arbre du cadre qui vient : pour revenir, fusionnez-y ses parties. "
                "Pour dire où va ce qui y est rattaché, décidez de ses rattachements."
            )
        state = seen.get(str(former.pk), "")
        if successors is None:
            undo_descent(former=former, framework=framework, by=by, seen=state)
        else:
            descend(former=former, successors=successors, framework=framework, by=by, note=note, seen=state)
    return len(fates)


def undo_all(*, succession: Succession, by: Person, seen: State) -> int:
    """Take back all that was decided of the orientations and of what hangs on them, but not what is split in the tree;
    returns how many decisions."""
    decided = Descent.objects.between(succession.former, succession.framework).values("former")
    formers = list(Orientation.objects.filter(pk__in=decided).exclude(pk__in=succession.still_there))
    number = decide_all(succession=succession, fates=dict.fromkeys(formers), by=by, seen=seen)
    return number + forget(succession.framework, by)
