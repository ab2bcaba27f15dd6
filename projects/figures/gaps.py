"""What is missing, by name: what nobody does, what is asked and not answered, what waits."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from axes import adoption
from axes.choices import PriorityType
from axes.document import Node
from axes.levels import Level
from axes.models import Framework, Orientation
from cohesion.lib.dates import french_date
from cohesion.lib.spreadsheets.tables import Value
from cohesion.lib.text import count_phrase
from projects.catalogue.models import Need, ReferenceDocument
from projects.figures.figures import Serving
from projects.figures.lasting import Ever, Otherwise


@dataclass(frozen=True)
class Gap:
    """An orientation that no published project serves, what is known of why, and of other years."""

    node: Node
    why: str
    otherwise: Otherwise


@dataclass(frozen=True)
class Gaps:
    """The lists of what is missing; ``awaiting`` are documents with the orientations that wait for them, ``needs``
    the number of needs heard, answered or not, ``heard`` in which years."""

    needs: int
    heard: str
    unserved: list[Gap]
    awaiting: list[tuple[ReferenceDocument, list[Node]]]
    needs_without_orientation: list[Need]
    needs_without_project: list[tuple[Need, Node]]
    unheard_served: list[Node]  # nobody asked, somebody answers
    unheard_unserved: list[Node]  # nobody asked, nobody answers

    @property
    def over(self) -> list[Gap]:
        """Those that had a project and have none any more."""
        return [gap for gap in self.unserved if gap.otherwise.is_over]

    @property
    def awaited(self) -> list[Gap]:
        """Those that never had one, and for which one is planned, or is not dated."""
        return [gap for gap in self.unserved if gap.otherwise.is_awaited]

    @property
    def never(self) -> list[Gap]:
        return [gap for gap in self.unserved if not gap.otherwise.is_over and not gap.otherwise.is_awaited]

    @property
    def unheard(self) -> int:
        return len(self.unheard_served) + len(self.unheard_unserved)


def find_gaps(nodes: list[Node], served: Serving, ever: Ever) -> Gaps:
    """All lists, in three queries. A need is heard for an orientation when it is answered by its branch; one that
    only an earlier framework answers has no orientation. What names an orientation in an earlier version of the
    framework names here what it became (:func:`axes.adoption.became`): all of them, where it was split."""
    needs = in_force(Need.objects.published().select_related("territory", "heard_by", "orientation__framework"))
    by_key = {node.orientation.pk: node for node in nodes}
    if nodes and nodes[0].orientation.framework.is_beside:  # what the reference framework has to answer is not asked
        needs = []
    answered = [(need, by_key[now.pk]) for need in needs for now in need.now if now.pk in by_key]
    with_orientation = {need.pk for need, _ in answered}
    heard = _heard(answered)
    documents = awaiting(nodes)
    unheard = [node for node in nodes if node.orientation.pk not in heard]
    return Gaps(
        needs=len(needs),
        heard=heard_in(needs, ever.year),
        unserved=[
            Gap(node, _why(node, heard.get(node.pk, []), documents), ever.of(node.pk))
            for node in nodes
            if not served.branch[node.pk]
        ],
        awaiting=documents,
        needs_without_orientation=[need for need in needs if need.pk not in with_orientation],
        needs_without_project=[(need, node) for need, node in answered if not served.branch[node.orientation.pk]],
        unheard_served=[node for node in unheard if served.branch[node.orientation.pk]],
        unheard_unserved=[node for node in unheard if not served.branch[node.orientation.pk]],
    )


def lines(gaps: Gaps, served: Serving) -> list[list[Value]]:
    """The lists of needs as rows: list, code, orientation, need, heard on, where, times, projects of the branch."""

    def named(node: Node | None) -> list[Value]:
        return [node.orientation.code, node.orientation.display_title] if node else ["", ""]

    def heard(need: Need) -> list[Value]:
        return [need.wording, need.heard_on, need.territory.name, need.times]

    return [
        *(["besoin sans orientation", *named(None), *heard(need), None] for need in gaps.needs_without_orientation),
        *(["besoin sans projet", *named(node), *heard(need), 0] for need, node in gaps.needs_without_project),
        *(
            ["orientation sans besoin", *named(node), "", "", "", None, len(served.branch[node.orientation.pk])]
            for node in gaps.unheard_served
        ),
        *(["orientation sans besoin ni projet", *named(node), "", "", "", None, 0] for node in gaps.unheard_unserved),
    ]


def heard_in(needs: Iterable[Need], year: int | None) -> str:
    """« 3 en 2026, 2 en 2025 »: how many of these needs were heard in a year and in the one before; nothing without a
    year."""
    if year is None:
        return ""
    years = Counter(need.heard_on.year for need in needs)
    return f"{years[year]} en {year}, {years[year - 1]} en {year - 1}"


@dataclass(frozen=True)
class Missing:
    """What nobody does in a place: by level, how many orientations of how many; by axis, how many and which."""

    levels: list[tuple[str, int, int]]
    axes: list[tuple[Node, int, list[Node]]]

    @property
    def number(self) -> int:
        return sum(number for _, number, _ in self.levels)

    @property
    def of(self) -> int:
        return sum(of for *_, of in self.levels)


def missing(nodes: list[Node], served: Serving) -> Missing:
    """The orientations, at every level, whose branch no project of ``served`` serves. No query."""
    bare = [node for node in nodes if not served.branch[node.orientation.pk]]
    of = Counter(node.orientation.level for node in nodes)
    without = Counter(node.orientation.level for node in bare)
    axes = []
    for axis in (node for node in nodes if node.parent is None):
        unserved = [node for node in bare if node.axis is axis]
        if unserved:
            axes.append((axis, 1 + sum(1 for _ in axis.descendants), unserved))
    return Missing(
        levels=[(level.value, without[level], of[level]) for level in Level if of[level]],
        axes=axes,
    )


def _heard(answered: list[tuple[Need, Node]]) -> dict[int, list[Need]]:
    """The needs that are heard for each orientation, by its key: answered by its branch."""
    heard: dict[int, list[Need]] = {}
    for need, node in answered:
        for above in [*node.path, node]:
            heard.setdefault(above.orientation.pk, []).append(need)
    return heard


def in_force(needs: Iterable[Need]) -> list[Need]:
    """These needs, each answered by what the orientation that it names became in the framework in force (``now``).

    One that became nothing there keeps its own. ``needs`` come with their orientations and frameworks.
    """
    read = list(needs)
    successors = _successors([need.orientation for need in read if need.orientation])
    for need in read:
        need.now = successors.get(need.orientation_id or 0, [need.orientation] if need.orientation else [])
        need.orientation = need.now[0] if need.now else None
    return read


def _successors(orientations: Iterable[Orientation]) -> dict[int, list[Orientation]]:
    """For those of these that are not in force, what they became in the framework in force, by their keys; one of
    another programme, in the framework in force of its own."""
    listed = list(orientations)
    former = {orientation.pk for orientation in listed if not orientation.framework.is_reference}
    if not former:
        return {}
    became = adoption.became(former, Framework.objects.in_force().first())
    became |= _successors_beside([node for node in listed if node.pk in former and not became.get(node.pk)])
    keys = {key for successors in became.values() for key in successors}
    here = Orientation.objects.select_related("framework").in_bulk(keys)
    now = {}
    for pk, successors in became.items():
        if successors:
            now[pk] = [here[key] for key in successors]
    return now


def _successors_beside(orientations: list[Orientation]) -> adoption.Lineage:
    """What archived orientations of the other programmes became in the framework in force of each."""
    archived: defaultdict[int, set[int]] = defaultdict(set)
    for node in orientations:
        if node.framework.is_beside and not node.framework.is_in_force:
            archived[node.framework.programme_id or 0].add(node.pk)
    became: adoption.Lineage = {}
    standing = Framework.objects.standing().filter(programme__in=list(archived)) if archived else ()
    for framework in standing:
        became |= adoption.became(archived[framework.programme_id or 0], framework)
    return became


def awaiting(nodes: list[Node]) -> list[tuple[ReferenceDocument, list[Node]]]:
    """The documents that are not approved yet for which some of these orientations wait, each with these; three
    queries, some more where a document names an orientation of an earlier framework."""
    by_key = {node.pk: node for node in nodes}
    documents = ReferenceDocument.objects.awaited().select_related("owner")
    waiting = []
    awaited = list(
        documents.prefetch_related(Prefetch("orientations", Orientation.objects.select_related("framework")))
    )
    successors = _successors(orientation for document in awaited for orientation in document.orientations.all())
    for document in awaited:
        keys = set()
        for orientation in document.orientations.all():
            keys |= {now.pk for now in successors.get(orientation.pk, [orientation])}
        named = [node for pk, node in by_key.items() if pk in keys]
        if named:
            waiting.append((document, named))
    return waiting


def _why(node: Node, heard: list[Need], documents: list[tuple[ReferenceDocument, list[Node]]]) -> str:
    sentences = [
        f"Attend « {document} », {document.get_status_display().lower()}."
        for document, named in documents
        if node in named
    ]
    if not sentences and node.orientation.priority_type == PriorityType.REFERENCE:
        sentences.append("Renvoie à un autre document.")
    if heard:
        sentences.append(_heard_sentence(heard))
    return " ".join(sentences) or "Aucun besoin entendu."


def _heard_sentence(needs: list[Need]) -> str:
    last = max(needs, key=lambda need: need.heard_on)
    when = f"le {french_date(last.heard_on)} ({last.territory})."
    if len(needs) == 1:
        return f"Un besoin entendu {when}"
    return f"{count_phrase(len(needs), 'besoin entendu', 'besoins entendus')}, le dernier {when}"
