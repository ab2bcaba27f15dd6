"""The aims that come back: subjects that many actions of a year are about, under several axes."""

from collections.abc import Mapping
from dataclasses import dataclass

from axes import document
from axes.models import Framework, Orientation
from projects.catalogue.models import Contribution
from projects.resembling.pairs import YearActions
from projects.resembling.traits import ActionReader, subjects_of_the_field

FEWEST = 2  # actions about a subject, and axes under which they stand, before it is one that comes back


@dataclass(frozen=True, slots=True)
class AxisShare:
    """The actions about a subject that answer first to one axis, by key."""

    axis: Orientation
    actions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RecurringAim:
    """A subject, all the actions about it, those of each axis, and the axes whose own wording says it.

    An action without a main orientation is in ``actions`` and under no axis.
    """

    subject: str
    label: str
    actions: tuple[int, ...]
    shares: tuple[AxisShare, ...]
    said_by: tuple[Orientation, ...]


def recurring_aims(actions: YearActions, framework: Framework | None) -> list[RecurringAim]:
    """The subjects that come back under several axes, those that most axes share first. One query."""
    about: dict[str, list[int]] = {}
    for pk, traits in actions.traits.items():
        for subject in subjects_of_the_field(traits.reading):
            about.setdefault(subject, []).append(pk)
    axes = _axes(framework)
    trees = _main_trees(framework, actions)
    wordings = _wordings(actions.reader, framework)
    aims = []
    for subject, keys in about.items():
        shares = _shares(axes, trees, keys)
        said_by = tuple(axes[tree] for tree in axes if subject in wordings.get(tree, ()))
        if len(keys) >= FEWEST and len(shares) >= FEWEST:
            aims.append(RecurringAim(subject, actions.reader.label(subject), tuple(keys), shares, said_by))
    return sorted(aims, key=lambda aim: (-len(aim.shares), -len(aim.actions), aim.label))


def _axes(framework: Framework | None) -> dict[int, Orientation]:
    """The roots of a framework in its order, by their tree."""
    nodes = document.kept(framework) if framework else []
    return {node.orientation.tree_id: node.orientation for node in nodes if node.parent is None}


def _main_trees(framework: Framework | None, actions: YearActions) -> dict[int, int]:
    """The tree of the orientation that each action answers first."""
    if framework is None:
        return {}
    links = Contribution.objects.of(framework).filter(is_main=True, project__in=list(actions.projects))
    return dict(links.values_list("project_id", "orientation__tree_id"))


def _shares(axes: Mapping[int, Orientation], trees: Mapping[int, int], keys: list[int]) -> tuple[AxisShare, ...]:
    shares = []
    for tree, axis in axes.items():
        if served := tuple(pk for pk in keys if trees.get(pk) == tree):
            shares.append(AxisShare(axis, served))
    return tuple(shares)


def _wordings(reader: ActionReader, framework: Framework | None) -> dict[int, set[str]]:
    """The subjects that the wordings of each tree say."""
    said: dict[int, set[str]] = {}
    for node in document.kept(framework) if framework else []:
        reading = reader.read({"title": node.orientation.display_title})
        said.setdefault(node.orientation.tree_id, set()).update(subjects_of_the_field(reading))
    return said
