"""What a change of framework left to decide is decided after it, once."""

import pytest
from django.core.exceptions import ValidationError

from projects.catalogue import carrying
from projects.catalogue.models import Project, UncarriedLink
from tests.pages import squeezed
from tests.projects.succession.changes import adopt, links
from tests.site.forms import filled, seen_by

pytestmark = pytest.mark.django_db


def pending(code):
    return UncarriedLink.objects.get(link__project__code=code)


def test_a_link_is_made_anew_as_it_was(founding, successor, projects, officer):
    adopt(successor, officer)
    version = Project.objects.get(code="A-2").version
    chosen = successor.orientations.get(code="5.2.2")
    settled = carrying.settle(pending=pending("A-2"), orientations=[chosen], reason="", by=officer)
    assert links(projects["main gone"], successor) == [("5.2.2", True), ("1.1.3", False)]
    assert (settled.settled_by, settled.outcome) == (officer, "Rattaché à 5.2.2 (principale).")
    assert Project.objects.get(code="A-2").version == version + 1
    assert not Project.objects.waiting_for_link().filter(code="A-2").exists()


def test_a_link_is_let_go_with_a_reason_only_and_decided_once(founding, successor, projects, officer):
    adopt(successor, officer)
    with pytest.raises(ValidationError, match="pourquoi"):
        carrying.settle(pending=pending("A-3"), orientations=[], reason=" ", by=officer)
    carrying.settle(pending=pending("A-3"), orientations=[], reason="Axe abandonné", by=officer)
    with pytest.raises(ValidationError, match=r"Non repris.+: Axe abandonné"):
        carrying.settle(pending=pending("A-3"), orientations=[], reason="Encore", by=officer)


def test_a_link_is_made_anew_in_the_framework_in_force_only(founding, successor, projects, node, officer):
    adopt(successor, officer)
    with pytest.raises(ValidationError, match="cadre en vigueur"):
        carrying.settle(pending=pending("A-4"), orientations=[node("1.1.3")], reason="", by=officer)


def test_an_officer_makes_links_anew_on_screen(founding, successor, projects, officer_client, officer):
    adopt(successor, officer)
    page = officer_client.get("/admin/projects/uncarriedlink/").content.decode()
    assert all(code in page for code in ("A-2", "A-3", "A-4"))
    address = f"/admin/projects/uncarriedlink/{pending('A-4').pk}/change/"
    assert "Choisissez une orientation, ou dites" in officer_client.post(address, {"orientation": ""}).content.decode()
    chosen = successor.orientations.get(code="5.2.2")
    taken_up = {**seen_by(officer_client, address), "orientation": chosen.pk, "reason": "Même public"}
    officer_client.post(address, taken_up)
    assert links(projects["nothing kept"], successor) == [("5.2.2", True)]
    assert "A-4" not in officer_client.get("/admin/projects/uncarriedlink/").content.decode()
    assert "Rattaché à 5.2.2" in officer_client.get("/admin/projects/uncarriedlink/?etat=regles").content.decode()
    again = officer_client.post(address, {"orientation": chosen.pk}, follow=True)
    assert again.status_code in (200, 403)


def test_what_is_left_is_offered_with_what_is_proposed_first_and_why(
    founding, successor, projects, officer_client, officer
):
    projects["nothing kept"].title = "Mobilité des jeunes vers la formation et l’emploi"
    projects["nothing kept"].save()
    adopt(successor, officer)
    address = f"/admin/projects/uncarriedlink/{pending('A-4').pk}/change/"
    page = officer_client.get(address)
    (first,) = filled(page)["orientation"]
    assert f"{successor.orientations.get(pk=first).code} est proposée (le projet dit" in squeezed(page.text)
