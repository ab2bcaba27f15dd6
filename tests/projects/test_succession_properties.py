"""Random pairs of versions, random links and decisions, carried and counted again by a naive oracle."""

import datetime
from collections import defaultdict
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from axes import actions, adoption, document, tree
from axes.models import Descent, Framework, Orientation
from axes.tree import NewNode
from projects.catalogue import carrying
from projects.catalogue.carrying import Destination
from projects.catalogue.models import Contribution, LinkDecision, Project, UncarriedLink
from projects.figures import figures
from tests.at_once import at_once
from tests.factories import FrameworkFactory, OrganizationFactory, ProjectFactory, UserFactory

LEVELS = ("strategic", "operational", "priority")
FATES = (
    "kept",
    "reworded",
    "moved",
    "split",
    "kept and split",
    "merged",
    "dropped",
    "dropped for a reason",
    "undecided",
)

fates = st.lists(st.tuples(st.sampled_from(FATES), st.sampled_from(LEVELS)), min_size=1, max_size=7)
links = st.lists(st.lists(st.integers(0, 6), min_size=1, max_size=4, unique=True), min_size=1, max_size=4)
# Of which link, where it goes (by rank among the new orientations); nowhere: for a reason.
decisions = st.lists(st.tuples(st.integers(0, 15), st.lists(st.integers(0, 20), max_size=3, unique=True)), max_size=5)


def _values(code, level, title, **options):
    return {"code": code, "level": level, "title": title, **options}


class World:
    """Two versions, what each former orientation became (``lineage``, by codes), and the links of some projects."""

    def __init__(self, drawn, linked):
        self.by = UserFactory()
        self.former, self.coming = FrameworkFactory(status="in_force"), FrameworkFactory()
        self.trees = {"R": [], "Q": []}  # the new codes under each root, with their values
        self.became = []
        before = [NewNode(_values(f"F{rank}", level, f"Texte {rank}")) for rank, (_, level) in enumerate(drawn)]
        uid = uuid4()
        self.before = self._loaded(self.former, [NewNode(_values("R", "axis", "Axe", uid=uid), before)])
        self.nodes = [self.before[f"F{rank}"] for rank in range(len(drawn))]
        for node, (fate, _) in zip(self.nodes, drawn, strict=True):
            self.became.append(self._become(node, fate))
        roots = [NewNode(_values(code, "axis", code), under) for code, under in self.trees.items()]
        roots[0].values["uid"] = uid
        self.after = self._loaded(self.coming, roots)
        self.lineage, self.notes, self.descents = {}, {}, []
        for node, codes, (fate, _) in zip(self.nodes, self.became, drawn, strict=True):
            self.lineage[node] = [self.after[code] for code in codes]
            self.notes[node] = "Finie" if fate == "dropped for a reason" else ""
            if fate not in ("kept", "reworded", "moved", "undecided"):
                self.descents.append((node, self.lineage[node], self.notes[node]))
        self.links = list(self._linked(linked))

    def _loaded(self, framework, roots):
        tree.load(framework, roots)
        return {node.code: node for node in Orientation.objects.filter(framework=framework).select_related("framework")}

    def _linked(self, linked):
        organization = OrganizationFactory()
        for number, orientations in enumerate(linked):
            served = [self.nodes[rank % len(self.nodes)] for rank in orientations]
            project = ProjectFactory(organization=organization, code=f"P{number}")
            for rank, node in enumerate(dict.fromkeys(served)):
                yield Contribution.objects.create(
                    project=project, orientation=node, is_main=rank == 0, rationale=f"{project.code} {node.code}"
                )

    def _become(self, node, fate):
        """The codes of what a former orientation becomes, which are put where they go."""
        codes = []
        if fate in ("kept", "reworded", "moved", "kept and split"):
            title = "Autrement dit" if fate == "reworded" else node.title
            codes.append(self._new("Q" if fate == "moved" else "R", node, title, uid=node.uid))
        if fate in ("split", "kept and split"):
            codes += [self._new("Q", node, "Part") for _ in range(2)]
        if fate == "merged":
            there = [*self.trees["R"], *self.trees["Q"]]
            codes.append(there[0].values["code"] if there else self._new("R", node, "Réunie"))
        return codes

    def _new(self, root, node, title, **options):
        code = f"N{sum(map(len, self.trees.values()))}"
        self.trees[root].append(NewNode(_values(code, node.level, title, **options)))
        return code

    def descend(self):
        for former, successors, note in self.descents:
            adoption.descend(former=former, successors=successors, framework=self.coming, by=self.by, note=note)

    def decided(self, drawn):
        """What officers decide of some links: by key, the new orientations, and why none."""
        here = list(Orientation.objects.filter(framework=self.coming).order_by("pk"))
        chosen = {}
        for rank, places in drawn:
            nodes = tuple(dict.fromkeys(here[place % len(here)].pk for place in places))
            chosen[self.links[rank % len(self.links)].pk] = Destination(nodes, "" if nodes else "Plus de sens")
        return chosen

    def outlook(self):
        return adoption.outlook(self.former, self.coming)

    def adopt(self, **options):
        actions.put_in_force(
            framework=self.coming, adopted_on=datetime.date(2027, 3, 12), deliberation="D", by=self.by, **options
        )

    def expected(self, chosen):
        """Naively: who serves what, by which links; whose main one it may be; what waits; what goes nowhere."""
        new, main, waiting, let_go = defaultdict(list), defaultdict(set), set(), set()
        for link in self.links:
            nodes = [node.pk for node in self.lineage[link.orientation]]
            if link.pk in chosen:
                nodes = list(chosen[link.pk].orientations)
            elif len(nodes) != 1:
                (let_go if self.notes[link.orientation] else waiting).add(link.pk)
                continue
            if not nodes:
                let_go.add(link.pk)
            for node in nodes:
                new[link.project_id, node].append(link)
                if link.is_main:
                    main[link.project_id].add(node)
        return new, main, waiting, let_go


def snapshot():
    """All that an adoption may write."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Framework, Contribution, UncarriedLink, Descent, LinkDecision)
    ] + [Contribution.history.count(), Descent.history.count()]


def in_a_world(test):
    """Each example in a transaction of its own, of which nothing stays."""

    def run(*drawn):
        with transaction.atomic():
            test(*drawn)
            transaction.set_rollback(True)

    return run


@pytest.mark.django_db
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(fates, links, decisions)
def test_nothing_is_lost_nothing_doubled_and_undoing_is_exact(drawn, linked, decided):
    in_a_world(_carried_as_the_oracle_says)(drawn, linked, decided)


@pytest.mark.slow
@pytest.mark.django_db
@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(fates, links, decisions)
def test_nothing_is_lost_in_many_more_pairs_of_versions(drawn, linked, decided):
    in_a_world(_carried_as_the_oracle_says)(drawn, linked, decided)


def _carried_as_the_oracle_says(drawn, linked, decided):
    world = World(drawn, linked)
    bare = world.outlook().digest
    world.descend()
    undecided, chosen = world.outlook().digest, world.decided(decided)
    carrying.decide(framework=world.coming, destinations=chosen, by=world.by)
    for pk in list(chosen):
        carrying.undo(framework=world.coming, links=[pk], by=world.by)
    assert world.outlook().digest == undecided
    for former, *_ in world.descents:
        adoption.undo_descent(former=former, framework=world.coming, by=world.by)
    assert world.outlook().digest == bare
    world.descend()
    carrying.decide(framework=world.coming, destinations=chosen, by=world.by)
    before = list(Contribution.objects.of(world.former).order_by("pk").values())
    world.adopt(shown=world.outlook().digest)
    assert list(Contribution.objects.of(world.former).order_by("pk").values()) == before
    new, main, waiting, let_go = world.expected(chosen)
    carried = {(link.project_id, link.orientation_id): link for link in Contribution.objects.of(world.coming)}
    assert carried.keys() == new.keys()
    assert Contribution.objects.of(world.coming).count() == len(new)
    for key, sources in new.items():
        assert sorted(carried[key].rationale.split("\u202f; ")) == sorted({link.rationale for link in sources})
    for project in Project.objects.all():
        mains = {key[1] for key, link in carried.items() if link.is_main and key[0] == project.pk}
        assert len(mains) == bool(main[project.pk])
        assert mains <= main[project.pk]
    noted = dict(UncarriedLink.objects.values_list("link", "settled_at"))
    assert {pk for pk, settled in noted.items() if settled is None} == waiting
    assert {pk for pk, settled in noted.items() if settled} == let_go
    gone = {link.pk for sources in new.values() for link in sources}
    assert gone | waiting | let_go == {link.pk for link in world.links}
    assert not gone & (waiting | let_go)
    _counted_as_by_hand(world.coming, carried)


def _counted_as_by_hand(framework, carried):
    framework.refresh_from_db()
    parents = dict(Orientation.objects.filter(framework=framework).values_list("pk", "parent"))
    served = defaultdict(set)
    for project, node in carried:
        above = node
        while above is not None:
            served[above].add(project)
            above = parents[above]
    tallies = figures.published(framework, document.read_nodes(framework)).tallies
    assert {pk: tally.branch for pk, tally in tallies.items()} == {pk: len(served[pk]) for pk in parents}


class Killed(Exception):
    """The process dies here."""


def test_an_adoption_killed_at_any_of_its_writes_did_nothing(db):
    world = World(
        [
            ("kept", "strategic"),
            ("split", "operational"),
            ("dropped", "priority"),
            ("dropped for a reason", "priority"),
        ],
        [[0, 1, 2], [1, 3], [2]],
    )
    world.descend()
    carrying.decide(framework=world.coming, destinations=world.decided([(1, [1, 2])]), by=world.by)
    before, writes, deaths = snapshot(), 0, 0

    def kill(execute, sql, parameters, many, context):
        nonlocal writes
        writes += sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))
        if writes > deaths and not sql.lstrip().upper().startswith(("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            raise Killed
        return execute(sql, parameters, many, context)

    while True:
        writes = 0
        try:
            with connection.execute_wrapper(kill), transaction.atomic():
                world.adopt()
        except Killed:
            assert snapshot() == before
            deaths += 1
        else:
            break
    assert deaths > 8
    assert Framework.objects.in_force().get() == world.coming
    assert Contribution.objects.of(world.coming).exists()


def test_officers_who_decide_and_adopt_at_once_lose_nothing(transactional_db):
    """Four decide of the same orientation from the same page, two of the same link, two adopt: one of each counts."""
    world = World(
        [("kept", "strategic"), ("split", "operational"), ("undecided", "operational")], [[0, 1], [1, 2], [2]]
    )
    world.descend()
    node, link = world.nodes[2], world.links[1]
    target = world.lineage[world.nodes[1]][0]
    seen, states = adoption.descent_state(node, world.coming), carrying.decision_states(world.coming, [link.pk])

    def act(number):
        if number < 4:
            adoption.descend(former=node, successors=[target], framework=world.coming, by=world.by, seen=seen)
        elif number < 6:
            chosen = {link.pk: Destination((target.pk,))}
            carrying.decide(framework=world.coming, destinations=chosen, by=world.by, seen=states)
        else:
            world.adopt()

    answers = at_once(*(partial(act, number) for number in range(8)))
    assert answers[6:].count("") == 1
    assert answers[:4].count("") <= 1
    assert answers[4:6].count("") <= 1
    assert Descent.objects.filter(former=node).count() == answers[:4].count("")
    former = {link.pk for link in world.links}
    waiting = set(UncarriedLink.objects.values_list("link", flat=True))
    went = set()
    for link in world.links:
        targets = adoption.lineage(world.former, world.coming)[link.orientation_id]
        if len(targets) == 1 or LinkDecision.objects.filter(link=link).exists():
            went.add(link.pk)
            assert Contribution.objects.of(world.coming).filter(project=link.project).exists()
    assert went | waiting == former
    assert not went & waiting
