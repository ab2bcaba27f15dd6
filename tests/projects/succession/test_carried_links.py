"""Another framework comes into force: what was linked to the former is carried, or noted."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from axes import actions, adoption
from axes.choices import FrameworkStatus
from axes.models import Framework
from projects.catalogue.actions import set_contributions
from projects.catalogue.models import Contribution, UncarriedLink
from tests.factories import (
    ProjectFactory,
)
from tests.projects.succession.changes import adopt, links

pytestmark = pytest.mark.django_db


def test_links_to_kept_orientations_are_carried_and_the_others_noted(founding, successor, projects, officer):
    before = {name: links(project, founding) for name, project in projects.items()}
    adopt(successor, officer)
    assert {name: links(project, founding) for name, project in projects.items()} == before
    assert links(projects["kept"], successor) == [("1.1.3-a", True), ("2.1.2-a", False)]
    assert links(projects["main gone"], successor) == [("1.1.3", False)]
    assert links(projects["secondary gone"], successor) == [("1.1.3-a", True)]
    assert links(projects["nothing kept"], successor) == []
    noted = UncarriedLink.objects.values_list("link__project__code", "link__orientation__code", "link__is_main")
    assert sorted(noted) == [("A-2", "5.2.1-a", True), ("A-3", "8.1-a", False), ("A-4", "5.2.1-b", True)]


def test_every_link_is_accounted_for_with_who_carried_it(founding, successor, projects, officer):
    before = Contribution.objects.of(founding).count()
    adopt(successor, officer)
    carried = Contribution.objects.of(successor)
    assert carried.count() + UncarriedLink.objects.count() == before
    signed = Contribution.history.filter(id__in=carried.values("pk"))
    assert {(row.history_user, row.history_change_reason) for row in signed} == {
        (officer, f"Repris du cadre « {founding.slug} »")
    }


def test_what_is_announced_is_what_is_done_and_nothing_else_is(founding, successor, projects, node, officer):
    shown = adoption.outlook(founding, successor)
    assert {node.code for node, hanging in shown.gone if hanging} == {"5.2.1-a", "5.2.1-b", "8.1-a"}
    assert "4\u00a0rattachements sont repris (3\u00a0projets)" in shown.sentences[0]
    assert "3\u00a0rattachements restent à refaire (3\u00a0projets, dont 3\u00a0publics)" in shown.sentences[1]
    ProjectFactory(code="A-5", serves=[node("8.1-a")])
    with pytest.raises(ValidationError, match="a changé depuis"):
        adopt(successor, officer, shown=shown.digest)
    assert list(Framework.objects.in_force()) == [founding]
    adopt(successor, officer, shown=adoption.outlook(founding, successor).digest)
    assert UncarriedLink.objects.count() == 4


def test_an_outlook_says_nothing_of_what_there_is_none_of(founding, successor, officer):
    told = adoption.succession(founding, successor).sentences
    kept, gone = len(adoption.succession(founding, successor).kept), founding.orientations.count()
    gone -= kept
    assert told == [f"{kept}\u00a0orientations gardées sans changement", f"{gone}\u00a0orientations disparaissent"]
    first = successor.orientations.get(code="1")
    first.corrected_title = "Une autre manière de le dire"
    actions.save_orientation(orientation=first, by=officer)
    assert "dont 1\u00a0reformulée" in adoption.succession(founding, successor).sentences[0]


def test_the_public_pages_count_the_public_projects_that_were_announced(
    founding, successor, projects, node, officer, client
):
    ProjectFactory(code="A-5", status="submitted", serves=[node("8.1-a")])
    ProjectFactory(code="A-6", serves=[node("8.1-a"), node("5.2.1-b")])
    announced = adoption.outlook(founding, successor).sentences[1]
    assert "6\u00a0rattachements restent à refaire (5\u00a0projets, dont 4\u00a0publics)" in announced
    adopt(successor, officer)
    for page in ("/", "/couverture/", "/projets/?axe=5"):
        assert "4\u00a0projets publics</a>" in client.get(page).text
    assert "4\u00a0projets" in client.get("/projets/?reprise=attendue").text


def test_an_adoption_that_fails_half_way_did_nothing(founding, successor, projects, officer, monkeypatch):
    monkeypatch.setattr(UncarriedLink.objects, "bulk_create", lambda rows: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        adopt(successor, officer)
    assert Framework.objects.get(pk=founding.pk).status == FrameworkStatus.IN_FORCE
    assert not Contribution.objects.of(successor).exists()


def test_adopting_twice_carries_once(founding, successor, projects, officer):
    adopt(successor, officer)
    before = Contribution.objects.count()
    with pytest.raises(ValidationError, match="en préparation"):
        adopt(successor, officer)
    assert Contribution.objects.count() == before


def test_a_framework_that_comes_into_force_is_locked(founding, successor, officer):
    adopt(successor, officer)
    assert Framework.objects.in_force().get().is_locked


def test_a_third_framework_carries_the_links_of_the_second_only(founding, successor, projects, officer):
    adopt(successor, officer)
    third = actions.prepare_next_version(framework=Framework.objects.in_force().get(), by=officer)
    adopt(third, officer)
    assert links(projects["kept"], third) == [("1.1.3-a", True), ("2.1.2-a", False)]
    assert UncarriedLink.objects.count() == 3


def test_the_database_holds_one_main_orientation_in_each_framework(founding, successor, projects, officer):
    adopt(successor, officer)
    other = successor.orientations.get(code="1.1.3")
    with pytest.raises(IntegrityError), transaction.atomic():
        Contribution.objects.create(project=projects["kept"], orientation=other, is_main=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Contribution.objects.bulk_create([Contribution(project=projects["kept"], orientation=other, is_main=True)])


def test_links_chosen_before_the_change_are_not_written_after_it(founding, successor, projects, node, officer):
    main = node("1.1.3")
    adopt(successor, officer)
    with pytest.raises(ValidationError, match="entre-temps"):
        set_contributions(project=projects["kept"], main=main, by=officer)
    set_contributions(project=projects["kept"], main=successor.orientations.get(code="1.1.3"), by=officer)
    assert links(projects["kept"], founding) == [("1.1.3-a", True), ("2.1.2-a", False)]
