"""Officers who adopt, decide, undo and edit at the same moment lose nothing."""

from functools import partial

import pytest

from axes import actions, adoption, reshaping, tree
from axes.founding import load_founding_framework
from axes.models import Framework
from axes.reshaping import SplitPart
from projects.catalogue import carrying
from projects.catalogue.actions import set_contributions
from projects.catalogue.models import Contribution, Project, UncarriedLink
from projects.choices import MembershipRole, ProjectStatus
from projects.declaring.handing_in import hand_in
from tests.at_once import at_once
from tests.factories import (
    ProjectFactory,
    UserFactory,
)
from tests.projects.succession.changes import adopt, links

pytestmark = pytest.mark.django_db


def accounted(former, successor):
    """Each link to the former framework stays, and is carried or noted: never both, never neither."""
    noted = set(UncarriedLink.objects.values_list("link", flat=True))
    lineage = adoption.lineage(former, successor)
    for link in Contribution.objects.of(former):
        carried = Contribution.objects.filter(project=link.project_id, orientation__in=lineage[link.orientation_id])
        assert carried.exists() != (link.pk in noted), link


def test_who_adopts_and_who_links_at_the_same_moment_lose_nothing(transactional_db):
    """Four adopt, four link projects to the former framework: one adoption, and no link that it did not see."""
    founding = load_founding_framework()
    officer = UserFactory()
    successor = actions.prepare_next_version(framework=founding, by=officer)
    main = founding.orientations.get(code="1.1.3")
    linked = [ProjectFactory(serves=[main]) for _ in range(5)]
    new = [ProjectFactory() for _ in range(4)]

    def act(number):
        if number % 2:
            return adopt(successor, officer)
        return set_contributions(project=new[number // 2], main=main, by=officer)

    answers = at_once(*(partial(act, number) for number in range(8)))
    assert answers[1::2].count("") == 1
    assert all("en préparation" in one for one in answers[1::2] if one)
    assert all("entre-temps" in one for one in answers[::2] if one)
    before = Contribution.objects.of(founding)
    assert before.count() == len(linked) + answers[::2].count("")
    assert Contribution.objects.of(successor).count() == before.count()


def test_a_lead_who_hands_in_while_a_framework_is_adopted_is_linked_to_it(transactional_db, complete, lead, officer):
    """Either before, and carried; or after, to what the orientation is now; or told so, and it is done again."""
    former = Framework.objects.get()
    successor = actions.prepare_next_version(framework=former, by=officer)
    project = complete.project

    def hand():
        hand_in(project=Project.objects.get(pk=project.pk), by=lead, role=MembershipRole.SIGNATORY)

    adopted, handed = at_once(lambda: adopt(successor, officer), hand)
    assert adopted == ""
    if handed:
        assert "entre-temps" in handed
        hand()
    assert links(project, successor) == [("5.2.4-b", True)]
    assert Project.objects.get(pk=project.pk).status == ProjectStatus.SUBMITTED
    accounted(former, successor)


EDITS = {
    "reword": lambda node, by: actions.save_orientation(orientation=node, by=by),
    "delete": lambda node, by: actions.delete_orientation(orientation=node, by=by),
    "split": lambda node, by: reshaping.split(
        orientation=node.pk, parts=[SplitPart("N1", "Une part"), SplitPart("N2", "Une autre part")], by=by
    ),
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("is_announced", [True, False])
def test_who_edits_the_framework_that_comes_while_it_is_adopted_is_heard_or_told(
    transactional_db, officer, edit, is_announced
):
    """Edited first, what was announced is no longer what would be done; adopted first, it is locked."""
    former = load_founding_framework()
    successor = actions.prepare_next_version(framework=former, by=officer)
    kept, edited = (former.orientations.get(code=code) for code in ("2.1.2-a", "1.1.3-a"))
    for served in ([edited], [kept, edited]):
        ProjectFactory(serves=served)
    node = successor.orientations.get(uid=edited.uid)
    node.corrected_title = "Autrement dit"
    shown = adoption.outlook(former, successor).digest if is_announced else None
    adopted, heard = at_once(lambda: adopt(successor, officer, shown=shown), lambda: EDITS[edit](node, officer))
    assert not (adopted and heard), (adopted, heard)
    if adopted:
        assert "a changé depuis" in adopted
        assert not UncarriedLink.objects.exists()
        adopt(successor, officer)
    accounted(former, successor)
    assert Contribution.objects.of(former).count() == 3
    assert not tree.check()
    is_edited = not successor.orientations.filter(pk=node.pk, corrected_title="", code="1.1.3-a").exists()
    assert is_edited is not bool(heard)


def test_two_officers_who_settle_one_link_settle_it_once(transactional_db, officer):
    former = load_founding_framework()
    successor = actions.prepare_next_version(framework=former, by=officer)
    actions.delete_orientation(orientation=successor.orientations.get(code="8"), by=officer)
    project = ProjectFactory(serves=[former.orientations.get(code="8.1-a")])
    adopt(successor, officer)
    pending = UncarriedLink.objects.get()
    nodes = [successor.orientations.get(code=code) for code in ("1.1.3", "5.2.2")]
    options = {"pending": pending, "by": officer, "reason": ""}
    answers = at_once(*(partial(carrying.settle, orientations=[node], **options) for node in nodes))
    assert sorted(map(bool, answers)) == [False, True]
    assert "déjà décidé" in "".join(answers)
    assert links(project, successor) == [(nodes[answers.index("")].code, True)]
