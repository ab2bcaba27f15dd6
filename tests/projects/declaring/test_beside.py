"""A declaration may also name an orientation of each of the other programmes; nothing of one touches another."""

import datetime

import pytest
from django.urls import reverse

from axes import actions as framework_actions
from projects.catalogue import actions
from projects.choices import MembershipRole
from projects.declaring.drafts import _from_rows
from projects.declaring.handing_in import hand_in
from projects.declaring.pages import BY_SLUG
from projects.declaring.pages.links import LinksForm
from projects.instructing.checking import send_back
from projects.models import Declaration, Project
from tests.factories import OrientationFactory, ProgrammeFactory
from tests.pages import squeezed
from tests.site.forms import filled

SIGNATORY = MembershipRole.SIGNATORY


@pytest.fixture
def objective(city):
    return city.orientations.get(code="1.1")


def answer(declaration, city, orientation="", why=""):
    programme = city.programme_id
    page = declaration.answers["rattachement"] | {
        f"programme-{programme}": str(orientation and orientation.pk),
        f"programme-why-{programme}": why,
    }
    declaration.answers = declaration.answers | {"rattachement": page}
    declaration.save()


def links(project):
    found = project.contributions.order_by("orientation__framework__pk", "-is_main", "orientation__code")
    return [(link.orientation.framework.slug, link.orientation.code, link.is_main, link.rationale) for link in found]


def again(city, officer, lead):
    """Handed in once more, without a word of the other programme."""
    project = Project.objects.get()
    send_back(project, remarks={"budget": "Précisez le montant."}, by=officer)
    project.remarks.update(answer="C’est fait.")
    answer(Declaration.objects.get(), city)
    hand_in(project=Project.objects.get(), by=lead, role=SIGNATORY)


def test_what_is_said_of_another_programme_is_optional_and_written_beside(complete, lead, city, objective, officer):
    answer(complete, city, objective, "Elle réunit le quartier.")
    hand_in(project=complete.project, by=lead, role=SIGNATORY)
    project = Project.objects.get()
    (reference,) = project.contributions.in_force()
    assert reference.orientation.code == "5.2.4-b"
    assert links(project)[1:] == [("ville", "1.1", True, "Elle réunit le quartier.")]
    shown = dict(
        map(tuple, next(lines for slug, _, lines in project.submissions.get().shown if slug == "rattachement"))
    )
    assert "1.1" in shown["Contrat de ville"]
    assert _from_rows(project, {})["rattachement"][f"programme-{city.programme_id}"] == str(objective.pk)
    again(city, officer, lead)
    assert [slug for slug, *_ in links(Project.objects.get())] == [reference.orientation.framework.slug]


def test_what_an_officer_linked_in_another_programme_stays(complete, lead, city, objective, officer):
    hand_in(project=complete.project, by=lead, role=SIGNATORY)
    project, other = Project.objects.get(), city.orientations.get(code="2")
    actions.set_contributions(project=project, main=objective, secondary=[(other, "Emploi")], by=officer)
    again(city, officer, lead)
    assert links(Project.objects.get())[1:] == [("ville", "1.1", True, ""), ("ville", "2", False, "Emploi")]


def test_an_answer_outlives_the_framework_in_which_it_was_given(complete, city, objective, officer):
    successor = framework_actions.prepare_next_version(framework=city, by=officer)
    day = datetime.date(2027, 1, 1)
    framework_actions.put_in_force(framework=successor, adopted_on=day, deliberation="", by=officer)
    answer(complete, city, objective)
    form = LinksForm(complete, complete.answers["rattachement"])
    assert form.answer(f"programme-{city.programme_id}") == str(successor.orientations.get(code="1.1").pk)
    assert not form.gaps


def test_the_page_proposes_in_each_programme_apart(client, complete, lead, city, objective):
    for number in range(3, 12):
        OrientationFactory(framework=city, code=str(number))
    objective.title = "Une cuisine partagée où parents, enfants et voisins cuisinent"
    objective._change_reason = "Essai"
    objective.save()
    client.force_login(lead)
    response = client.get(f"/espace/declarations/{complete.project_id}/rattachement/")
    field = f"programme-{city.programme_id}"
    proposed = response.context["beside_proposals"][field]
    assert [one.orientation.code for one in proposed] == ["1.1"]
    assert all(one.node.orientation.framework_id != city.pk for one in response.context["proposals"])
    page = response.content.decode()
    assert f'name="{field}"' in page
    assert page.index('name="main"') < page.index(f'name="{field}"')


def test_a_call_says_which_other_programmes_it_concerns_and_only_these_are_asked(complete, city, objective, officer):
    page, call = BY_SLUG["rattachement"], complete.campaign
    assert [part.framework for part in page.form(complete, {}).beside] == [city]
    call.programmes.set([city.programme_id])
    asked = BY_SLUG["campagne"].form(complete, {"campaign": str(call.pk)})
    assert f"(aussi au titre de\u00a0: {city.programme.name})" in squeezed(str(asked["campaign"]))
    assert page.form(complete, {}).is_named_by_call
    other = ProgrammeFactory(name="Convention territoriale", slug="ctg")
    call.programmes.set([other])
    assert page.form(complete, {}).beside == []
    said = {f"programme-{city.programme_id}": str(objective.pk)}
    assert [part.framework for part in page.form(complete, said).beside] == [city]  # nothing said is hidden


def test_an_officer_says_which_programmes_a_call_concerns(officer_client, city, complete):
    call = complete.campaign
    address = reverse("admin:projects_campaign_change", args=[call.pk])
    form = filled(officer_client.get(address), "form#campaign_form")
    officer_client.post(address, {**form, "programmes": [str(city.programme_id)]})
    assert list(call.programmes.all()) == [city.programme]
    page = officer_client.get(f"{reverse('projects:instruction')}?appel={call.pk}")
    assert f"aussi au titre de\u00a0: {city.programme.name}" in squeezed(page.text)
