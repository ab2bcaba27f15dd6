"""Two officers at the desk at the same moment, each with any of its actions: one of them counts, whole, or both do."""

from itertools import combinations_with_replacement

import pytest

from axes import adoption
from axes.adoption import desk
from axes.models import Descent, Framework
from projects.catalogue import carrying
from projects.catalogue.carrying import Destination
from projects.catalogue.models import Contribution, LinkDecision, UncarriedLink
from tests.at_once import at_once
from tests.factories import UserFactory
from tests.projects.test_succession_properties import World


class Desk:
    """The desk as two officers have it open: an orientation that is undecided, a link that waits behind it."""

    def __init__(self):
        drawn = [("kept", "strategic"), ("split", "operational"), ("undecided", "operational")]
        self.world = World(drawn, [[0, 1], [1, 2], [2]])
        self.world.descend()
        self.coming, self.by = self.world.coming, UserFactory()
        self.node, self.link = self.world.nodes[2], self.world.links[1]
        self.targets = list(self.coming.orientations.exclude(parent=None).in_order())[:2]
        succession = adoption.succession(self.world.former, self.coming)
        self.seen = desk.descent_states(succession)
        self.seen_links = carrying.decision_states(self.coming, [self.link.pk])

    def descend(self):
        seen = self.seen[str(self.node.pk)]
        options = {"former": self.node, "framework": self.coming, "by": self.by, "seen": seen}
        adoption.descend(successors=self.targets, **options)

    def drop(self):
        seen = self.seen[str(self.node.pk)]
        options = {"former": self.node, "framework": self.coming, "by": self.by, "seen": seen}
        adoption.descend(successors=[], note="Abandonnée", **options)

    def undo_all(self):
        desk.undo_all(succession=adoption.succession(self.world.former, self.coming), by=self.by, seen=self.seen)

    def decide_link(self):
        chosen = {self.link.pk: Destination(tuple(node.pk for node in self.targets))}
        carrying.decide(framework=self.coming, destinations=chosen, by=self.by, seen=self.seen_links)

    def let_link_go(self):
        chosen = {self.link.pk: Destination(reason="Fini")}
        carrying.decide(framework=self.coming, destinations=chosen, by=self.by, seen=self.seen_links)

    def undo_link(self):
        carrying.undo(framework=self.coming, links=[self.link.pk], by=self.by, seen=self.seen_links)

    def adopt(self):
        self.world.adopt()


ACTIONS = ("descend", "drop", "undo_all", "decide_link", "let_link_go", "undo_link", "adopt")


@pytest.mark.parametrize(("first", "second"), list(combinations_with_replacement(ACTIONS, 2)))
def test_two_officers_at_once_leave_the_desk_as_one_of_them_or_both_said(transactional_db, first, second):
    page = Desk()
    answers = dict(enumerate(at_once(getattr(page, first), getattr(page, second))))
    assert "" in answers.values()
    became = list(Descent.objects.filter(former=page.node).values_list("successor", "note").order_by("successor"))
    whole = sorted((node.pk, "") for node in page.targets)
    assert became in ([], whole, [(None, "Abandonnée")])
    decided = list(LinkDecision.objects.filter(link=page.link).values_list("orientation", "reason"))
    assert sorted(decided, key=str) in (
        [],
        [(None, "Fini")],
        sorted(((node.pk, "") for node in page.targets), key=str),
    )
    if first == second == "adopt":
        assert sorted(map(bool, answers.values())) == [False, True]
    if Framework.objects.in_force().get() == page.coming:
        accounted(page.world)


def accounted(world):
    """Each link to the former framework stays, and went, waits or was let go: one of the three."""
    assert Contribution.objects.of(world.former).count() == len(world.links)
    noted = dict(UncarriedLink.objects.values_list("link", "outcome"))
    lineage = adoption.lineage(world.former, world.coming)
    for link in world.links:
        decisions = LinkDecision.objects.filter(link=link)
        goes = decisions.exclude(orientation=None).exists() or (
            not decisions.exists() and len(lineage[link.orientation_id]) == 1
        )
        assert goes is (link.pk not in noted), link
