"""The invented programme: the same for everybody, within the rules, with something left undone."""

import pytest
from django.core import serializers
from django.utils import timezone

from axes import document
from projects.choices import ProjectKind, ProjectStatus
from projects.demo import Calendar, load_demo_projects
from projects.demo.files import DemoFiles
from projects.figures.figures import serving
from projects.models import Contribution, Need, Organization, Place, Project, ReferenceDocument, Scheme, Territory
from projects.vocabulary.models import VocabularyLine
from tests.founding import founding_framework

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def programme(lasting_rows):
    framework = founding_framework()
    load_demo_projects(framework)
    return framework


def test_it_holds_eighty_projects_of_every_kind(programme):
    counts = [Project.objects.filter(kind=kind).count() for kind in ProjectKind]
    assert counts == [8, 12, 60]
    assert Project.objects.hors_pst().exists()
    assert Project.objects.filter(status=ProjectStatus.DRAFT).exists()
    assert Need.objects.without_orientation().exists()


def test_every_project_keeps_the_rules_and_has_one_main_orientation(programme):
    for project in Project.objects.all():
        project.full_clean()
        assert project.contributions.filter(is_main=True).count() == 1
    for place in Place.objects.select_related("project", "territory"):
        place.full_clean()


def test_it_leaves_orientations_and_communes_without_anything(programme):
    nodes = document.read_nodes(programme)
    found = serving(nodes, Project.objects.published()).tallies
    assert any(tally.branch == 0 for tally in found.values())
    served = Place.objects.filter(project__in=Project.objects.published()).values("territory")
    assert Territory.objects.communes().in_perimeter().exclude(pk__in=served).exists()


def test_the_quarters_in_force_are_served_and_listed_and_drawn_as_no_true_outline(programme, client):
    today = timezone.localdate()
    living = Territory.objects.quarters().on(today)
    assert sorted(living.values_list("name", flat=True)) == ["La Madeleine", "Navarre", "Nétreville"]
    running = Project.objects.published().in_year(today.year)
    drawing = client.get("/territoires/").context["drawing"]
    assert {area.key for area in drawing.inner} == set(living.values_list("pk", flat=True))
    for quarter in living:
        listed = client.get("/projets/", {"quartier": quarter.code, "annee": "toutes"}).context["page"].paginator.count
        assert listed == Project.objects.published().filter(places__territory=quarter).distinct().count()
        assert running.located_in([quarter]).exists()
        assert Territory.objects.get(pk=quarter.parent_id).code == "27229"
        page = client.get(f"/territoires/{quarter.code}/").text
        assert "ce ne sont pas leurs contours officiels" in page
    former = Territory.objects.quarters().exclude(pk__in=living)
    assert not former.filter(outline__isnull=False).exists()
    rows = DemoFiles(Calendar(today)).rows("projets.csv")
    in_quarters = {row["titre"] for row in rows if row["autres_territoires"]}
    assert len(in_quarters) == 7
    assert in_quarters <= set(Place.objects.filter(territory__code="27229").values_list("project__title", flat=True))


def test_it_is_the_same_for_everybody(programme):
    def drawn():
        rows = [*Project.objects.order_by("code"), *Need.objects.order_by("wording")]
        facts = [
            (
                row["fields"].get("code"),
                row["fields"].get("title"),
                row["fields"].get("granted"),
                row["fields"].get("status"),
            )
            for row in serializers.serialize("python", rows)
        ]
        links = Contribution.objects.order_by("project__code", "orientation__code")
        return facts, list(links.values_list("project__code", "orientation__code", "is_main"))

    first = drawn()
    for model in (Need, Contribution, ReferenceDocument):
        model.objects.all().delete()
    Project.objects.filter(host__isnull=False).delete()
    for model in (Project, Organization, Scheme, VocabularyLine):
        model.objects.all().delete()
    load_demo_projects(programme)
    assert drawn() == first
