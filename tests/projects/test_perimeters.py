"""Orientations that wait for another document, and those that apply somewhere since a day: what hangs on them, told."""

import datetime
from html import unescape

import pytest
from django.urls import reverse

from axes import adoption
from axes.actions import delete_orientation, prepare_next_version, put_in_force
from axes.adoption import lineage
from projects.choices import DocumentStatus, ProjectStatus, TerritoryKind
from projects.figures.perimeters import Extent
from projects.messaging.reminders import remind
from projects.models import Message, Need, Perimeter, Place, ReferenceDocument
from projects.search.models import StaleEntry
from projects.search.refreshing import refresh_all
from projects.territory.models import Territory
from tests.factories import OrientationFactory, ProjectFactory, TerritoryFactory
from tests.pages import squeezed

pytestmark = pytest.mark.django_db
TWICE = (datetime.date(2026, 1, 15), datetime.date(2026, 2, 15))


def text(client, address):
    return unescape(squeezed(client.get(address).content.decode())).replace("\u00a0", " ")


# --- what waits -----------------------------------------------------------------------------------------------------


@pytest.fixture
def plh(node):
    document = ReferenceDocument.objects.create(title="Programme local de l’habitat", acronym="PLH")
    document.orientations.add(node("4.1-a"))
    return document


def test_links_to_what_waits_are_provisional_on_the_sheet_and_the_list_until_it_is_approved(client, node, plh):
    project = ProjectFactory(serves=[node("4.1-a"), node("5.2")])
    sheet, listed = reverse("projects:detail", args=[project.code]), reverse("projects:list")
    assert text(client, sheet).count("Rattachement provisoire, en attente de « PLH »") == 1
    assert text(client, listed).count("provisoire, attend PLH") == 1
    plh.status = DocumentStatus.APPROVED
    plh.save()
    assert "provisoire" not in text(client, sheet)
    assert "provisoire" not in text(client, listed)


def test_a_document_named_in_an_earlier_framework_is_still_awaited(client, founding, node, plh, officer):
    project, draft = ProjectFactory(), prepare_next_version(framework=founding, by=officer)
    type(founding).objects.filter(pk=founding.pk).update(status="archived")
    type(founding).objects.filter(pk=draft.pk).update(status="in_force")
    same = draft.orientations.get(pk=lineage(founding, draft)[node("4.1-a").pk][0])
    project.contributions.create(orientation=same, is_main=True)
    assert "en attente de" in text(client, reverse("projects:detail", args=[project.code]))


def test_what_takes_up_an_orientation_that_waits_is_provisional_too_and_applies_where_it_did(
    officer_client, client, founding, node, plh, officer
):
    """Nothing is written anew: the document and the perimeter are read by what their orientation became."""
    project = ProjectFactory(serves=[node("4.1-a")])
    town = TerritoryFactory(name="Gravigny")
    Perimeter.objects.create(orientation=node("4.1-a")).territories.add(town)
    coming = prepare_next_version(framework=founding, by=officer)
    delete_orientation(orientation=coming.orientations.get(code="4.1-a"), by=officer)
    heir = OrientationFactory(parent=coming.orientations.get(code="4.1"), level="priority", code="4.1-z")
    adoption.descend(former=node("4.1-a"), successors=[heir], framework=coming, by=officer)
    assert [perimeter.orientation.code for perimeter in Perimeter.objects.of(heir)] == ["4.1-a"]
    put_in_force(framework=coming, adopted_on=datetime.date(2026, 1, 15), deliberation="D", by=officer)
    assert "en attente de" in text(client, reverse("projects:detail", args=[project.code]))
    pending = text(officer_client, reverse("admin:projects_referencedocument_pending"))
    assert "4.1-z" in pending
    assert project.title in pending
    assert "Gravigny" in text(client, "/orientations/4.1-z/")
    assert "Gravigny" in text(officer_client, "/orientations/4.1-z/perimetre/")
    refresh_all()
    assert 'href="/orientations/4.1-z/"' in client.get("/recherche/?q=PLH").content.decode()


def test_what_waits_waits_through_two_adoptions_on_every_page_and_in_the_search(client, founding, node, plh, officer):
    """Its orientation was taken up twice, each time by another one."""
    project, place = ProjectFactory(serves=[node("4.1-a")]), TerritoryFactory()
    need = Need.objects.create(
        wording="Se loger", heard_on=TWICE[0], territory=place, orientation=node("4.1-a"), is_published=True
    )
    framework, former = founding, node("4.1-a")
    for number, day in enumerate(TWICE, start=1):
        coming = prepare_next_version(framework=framework, by=officer)
        delete_orientation(orientation=coming.orientations.get(code=former.code), by=officer)
        heir = OrientationFactory(
            parent=coming.orientations.get(code="4.1"), level="priority", code=f"4.1-z{number}", title=f"Suite {number}"
        )
        adoption.descend(former=former, successors=[heir], framework=coming, by=officer)
        put_in_force(framework=coming, adopted_on=day, deliberation="D", by=officer)
        framework, former = coming, heir
    assert "en attente de « PLH »" in text(client, reverse("projects:detail", args=[project.code]))
    assert "provisoire, attend PLH" in text(client, reverse("projects:list"))
    assert "Programme local de l’habitat" in text(client, f"/orientations/{heir.code}/")
    waiting = client.get("/couverture/").context["gaps"].awaiting
    assert [(str(document), [node.pk for node in nodes]) for document, nodes in waiting] == [("PLH", [heir.pk])]
    refresh_all()
    assert f'href="/orientations/{heir.code}/"' in client.get("/recherche/?q=PLH").content.decode()
    heir.refresh_from_db()
    heir.title, heir._change_reason = "Hébergement renouvelé", "Reformulée"
    heir.save()
    assert set(StaleEntry.objects.values_list("source", "key")) >= {("document", plh.pk), ("need", need.pk)}
    refresh_all()
    assert "Se loger" in text(client, "/recherche/?q=renouvelé")
    other = framework.orientations.get(code="8.1.4")
    other.title, other._change_reason = "Mémoire des lieux", "Reformulée"
    other.save()
    assert not StaleEntry.objects.filter(source__in=["document", "need"]).exists()


def test_officers_are_told_once_when_it_settles_and_when_its_day_has_come(officer_client, officer, node, plh):
    ProjectFactory(serves=[node("4.1-a")], title="Auberge de jeunesse")
    now = datetime.datetime(2026, 11, 30, 9, tzinfo=datetime.UTC)
    assert remind(now) == 0
    ReferenceDocument.objects.filter(pk=plh.pk).update(review_on=datetime.date(2026, 11, 29))
    assert [remind(now), remind(now)] == [1, 0]
    assert "À revoir" in Message.objects.get(user=officer).title
    assert "était à revoir le 29 novembre 2026" in text(officer_client, "/admin/")
    ReferenceDocument.objects.filter(pk=plh.pk).update(status=DocumentStatus.APPROVED)
    assert [remind(now), remind(now)] == [1, 0]
    assert "est approuvé" in text(officer_client, "/admin/")
    pending = text(officer_client, reverse("admin:projects_referencedocument_pending"))
    assert "Auberge de jeunesse" in pending
    assert "Il est approuvé" in pending
    plh.orientations.clear()
    assert "est approuvé" not in text(officer_client, "/admin/")


# --- where it applies -----------------------------------------------------------------------------------------------


def place(kind, population, parent=None, name=""):
    return Territory(
        pk=place.last(), kind=kind, population=population, parent=parent, name=name, code=name, source="INSEE"
    )


place.last = iter(range(1, 1000)).__next__


def test_nobody_is_counted_twice_over_places_that_stand_in_one_another_or_may_overlap():
    town = place(TerritoryKind.COMMUNE, 1000, name="Ville")
    quarter = place(TerritoryKind.PRIORITY_QUARTER, 300, town, "Quartier")
    zone = place(TerritoryKind.SENSITIVE_ZONE, 250, town, "Zone")
    village = place(TerritoryKind.COMMUNE, None, name="Village")
    assert Extent.of([quarter]).inhabitants == 300
    assert Extent.of([quarter, zone]).inhabitants == 300
    assert Extent.of([zone]).inhabitants == 250
    whole = Extent.of([quarter, town, zone, village, town])
    assert (whole.inhabitants, whole.communes) == (1000, ["Village", "Ville"])
    assert {territory.name for territory in whole.left} == {"Quartier", "Zone"}
    assert [territory.name for territory in whole.unknown] == ["Village"]
    assert whole.sources == ["INSEE"]
    assert Extent.of([]).in_words == "0"
    assert Extent.of([village]).in_words == "non connus"
    assert whole.in_words == "au moins 1\u202f000"
    assert whole.more_than(Extent.of([quarter])) is None
    assert whole.more_than(Extent.of([village, quarter])) == 700


@pytest.fixture
def perimeter(node):
    town = TerritoryFactory(name="Ville", population=1000, source="INSEE 2023")
    row = Perimeter.objects.create(orientation=node("5.2.3-a"), valid_from=datetime.date(2024, 1, 1), source="Décret")
    row.territories.add(TerritoryFactory(name="Les Tilleuls", kind="qpv", parent=town, population=300))
    return row


def test_the_page_of_an_orientation_says_where_it_applies_and_since_when(client, node, perimeter):
    ended = Perimeter.objects.create(orientation=node("5.2.3-a"), valid_to=datetime.date(2023, 12, 31))
    ended.territories.add(TerritoryFactory(name="Ancien quartier"))
    page = text(client, reverse("axes:orientation", args=["5.2.3-a"]))
    assert "Les Tilleuls" in page
    assert "Ancien quartier" not in page
    assert "Décret" in page
    assert "s’étendait" not in page


def test_an_extension_is_told_in_communes_inhabitants_and_projects(officer_client, node, perimeter):
    village = TerritoryFactory(name="Le Village", population=450)
    here, there = ProjectFactory(title="Là déjà"), ProjectFactory(title="Au village", serves=[node("5.2.3-a")])
    draft = ProjectFactory(title="Brouillon", status=ProjectStatus.DRAFT)
    for project, territory in ((here, perimeter.territories.get()), (there, village), (draft, village)):
        Place.objects.create(project=project, territory=territory)
    where = reverse("axes:extension", args=["5.2.3-a"])
    assert "Aujourd’hui" in text(officer_client, where)
    answer = officer_client.get(f"{where}?plus={village.code}&plus=%00inconnu")
    page = squeezed(answer.content.decode())
    assert (answer.context["present"].inhabitants, answer.context["extended"].inhabitants) == (300, 750)
    assert answer.context["new_communes"] == ["Le Village"]
    assert [(project.title, linked) for project, linked in answer.context["projects"]] == [("Au village", True)]
    assert "Mis de côté" in page
