"""The lead's space: what each page shows, keeps and refuses; a stranger finds nothing there."""

import re
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from justhtml import JustHTML

from projects.catalogue.models import Project
from projects.catalogue.steps import step
from projects.choices import MembershipRole, ProjectStatus
from projects.declaring.drafts import begin
from projects.declaring.models import Declaration
from projects.declaring.pages import PAGES
from projects.declaring.views import links
from projects.declaring.views.declarations import PAGE
from projects.members.models import Membership
from tests.costs import cost
from tests.factories import DeclarationFactory, LeadFactory, OfficerFactory, OrganizationFactory, ProjectFactory
from tests.pages import squeezed

SLUGS = [one.slug for one in PAGES]


@pytest.fixture
def lead_client(client, lead):
    client.force_login(lead)
    return client


def address(declaration, slug):
    return reverse("projects:declaration_page", args=[declaration.project_id, slug])


def base(client, url):
    return re.search(r'name="base" value="([^"]+)"', squeezed(client.get(url).text))[1]


def test_a_draft_is_begun_with_a_title(lead_client, organization, founding, campaign):
    response = lead_client.post(reverse("projects:declaration_new"), {"title": "Chorale", "campaign": campaign.pk})
    draft = Declaration.objects.get()
    assert response.url == reverse("projects:declaration", args=[draft.project_id])
    assert (draft.project.title, draft.campaign) == ("Chorale", campaign)
    assert "Chorale" in squeezed(lead_client.get(reverse("projects:space")).text)


def test_a_form_sent_twice_begins_one_declaration_and_another_form_another(lead_client, organization, founding):
    address = reverse("projects:declaration_new")
    typed = {
        "title": "Chorale",
        "once": re.search(r'name="once" value="([^"]+)"', squeezed(lead_client.get(address).text))[1],
    }
    first, again = lead_client.post(address, typed), lead_client.post(address, typed)
    assert first.url == again.url
    assert Declaration.objects.count() == 1
    other = typed | {"once": re.search(r'name="once" value="([^"]+)"', lead_client.get(address).text)[1]}
    assert lead_client.post(address, other | {"anyway": "1"}).url != first.url
    assert lead_client.post(address, {"title": "Sans script", "once": "n’importe quoi"}).status_code == 302
    assert Declaration.objects.count() == 3


def test_a_title_that_resembles_an_open_draft_asks_whether_to_take_it_up_and_loses_nothing(
    lead_client, organization, founding, campaign
):
    address = reverse("projects:declaration_new")
    lead_client.post(address, {"title": "Cuisine partagée entre voisins", "campaign": ""})
    draft = Declaration.objects.get()
    typed = {"title": "Cuisines partagées des voisins", "campaign": ""}
    asked = lead_client.post(address, typed)
    page = squeezed(asked.text)
    assert asked.status_code == 200
    assert "la reprendre\u202f?" in page
    assert reverse("projects:declaration", args=[draft.project_id]) in page
    assert 'value="Cuisines partagées des voisins"' in page
    assert 'name="campaign" value="" checked' in page
    assert Declaration.objects.count() == 1
    assert lead_client.post(address, typed | {"anyway": "1"}).status_code == 302
    assert Declaration.objects.count() == 2
    assert lead_client.post(address, {"title": "Jardin de la gare"}).status_code == 302


@pytest.mark.parametrize("status", [ProjectStatus.SUBMITTED, ProjectStatus.IN_REVIEW, ProjectStatus.RUNNING])
def test_a_title_that_resembles_what_was_handed_in_is_told_and_may_be_begun_all_the_same(
    lead_client, organization, founding, status
):
    project = ProjectFactory(organization=organization, title="Cuisine partagée entre voisins", status=status)
    DeclarationFactory(project=project, saved_at=timezone.now())
    address, typed = reverse("projects:declaration_new"), {"title": "Cuisines partagées des voisins"}
    page = squeezed(lead_client.post(address, typed).text)
    assert "Vous avez déjà déposé une demande qui ressemble à celle-ci" in page
    assert reverse("projects:declaration", args=[project.pk]) in page
    assert ("la reconduire évite de tout retaper" in page) == (status == ProjectStatus.RUNNING)
    assert 'value="Cuisines partagées des voisins"' in page
    assert Declaration.objects.count() == 1
    assert lead_client.post(address, typed | {"anyway": "1"}).status_code == 302


@pytest.mark.parametrize("status", [ProjectStatus.REFUSED, ProjectStatus.ABANDONED])
def test_what_may_no_longer_be_written_is_not_offered(lead_client, organization, founding, status):
    project = ProjectFactory(organization=organization, title="Chorale", status=status)
    DeclarationFactory(project=project, saved_at=timezone.now())
    DeclarationFactory(project__title="Chorale", saved_at=timezone.now())  # of another organisation
    assert lead_client.post(reverse("projects:declaration_new"), {"title": "Chorale"}).status_code == 302


def test_without_a_title_one_is_told(lead_client, organization, founding):
    page = squeezed(lead_client.post(reverse("projects:declaration_new"), {"title": " "}).text)
    assert "Donnez un titre à l’action" in page
    assert not Declaration.objects.exists()


@pytest.mark.parametrize("slug", SLUGS)
def test_each_page_is_well_formed_empty_filled_and_checked(lead_client, complete, slug):
    empty = DeclarationFactory(
        project=ProjectFactory(organization=complete.project.organization, status=ProjectStatus.DRAFT)
    )
    for one in (complete, empty):
        for query in ("", "?controle=1"):
            response = lead_client.get(address(one, slug) + query)
            assert response.status_code == 200
            document = JustHTML(response.text, strict=True, sanitize=False)
            ids = [element.attrs["id"] for element in document.query("[id]")]
            assert len(ids) == len(set(ids))
            for link in document.query(".error-summary a"):
                assert link.attrs["href"][1:] in ids, link.attrs["href"]
            for control in document.query(
                "input[aria-describedby], textarea[aria-describedby], select[aria-describedby]"
            ):
                assert set(control.attrs["aria-describedby"].split()) <= set(ids)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_saved_as_it_was_shown_changes_nothing(lead_client, complete, slug):
    url = address(complete, slug)
    before = Declaration.objects.get().answers
    document = JustHTML(lead_client.get(url).text, strict=True, sanitize=False)
    form = next(one for one in document.query("form") if one.attrs.get("id") == "page-form")
    data = {}
    for control in form.query("input, textarea, select"):
        name, kind = control.attrs.get("name"), control.attrs.get("type")
        if not name or (kind in ("radio", "checkbox") and "checked" not in control.attrs):
            continue
        if control.name == "select":
            chosen = [one.attrs.get("value", "") for one in control.query("option") if "selected" in one.attrs]
            data[name] = chosen[0] if chosen else ""
        elif kind == "checkbox":
            data.setdefault(name, []).append(control.attrs.get("value", "on"))
        else:
            data[name] = control.to_text() if control.name == "textarea" else control.attrs.get("value", "")
    response = lead_client.post(url, data)
    assert response.status_code == 302
    after = Declaration.objects.get().answers

    def said(answers):
        return {name: value for name, value in answers.get(slug, {}).items() if value}

    assert said(after) == said(before)


def test_what_cannot_be_read_comes_back_as_typed_with_what_to_do(lead_client, complete):
    url = address(complete, "calendrier")
    response = lead_client.post(
        url, {"base": base(lead_client, url), "starts_on": "mi-janvier", "ends_on": "18/12/2027", "next": "1"}
    )
    assert response.status_code == 200
    assert 'value="mi-janvier"' in response.text
    assert "Ce n’est pas une date" in response.text
    assert Declaration.objects.get().answers["calendrier"]["starts_on"] == "mi-janvier"


def test_typing_is_saved_and_its_hour_told(lead_client, complete):
    url = address(complete, "calendrier")
    data = {"base": base(lead_client, url), "starts_on": "11/01/2027", "ends_on": "18 décembre 2027", "frequency": "X"}
    said = lead_client.post(url, data, headers={"accept": "application/json"}).json()
    assert re.fullmatch(r"\d{1,2}\u00a0h(\u00a0\d\d)?", said["saved"])  # « 3 h » at three o’clock
    assert Declaration.objects.get().answers["calendrier"]["frequency"] == "X"
    data |= {"base": said["base"], "frequency": "Y"}
    assert lead_client.post(url, data, headers={"accept": "application/json"}).json()["clashes"] == 0
    assert Declaration.objects.get().answers["calendrier"]["frequency"] == "Y"


def test_a_second_tab_is_told_and_chooses_field_by_field(lead_client, complete):
    url = address(complete, "calendrier")
    opened = base(lead_client, url)
    first = {"base": opened, "starts_on": "11/01/2027", "ends_on": "18 décembre 2027", "frequency": "Le lundi"}
    lead_client.post(url, first)
    second = first | {"frequency": "Le mardi", "ends_on": "19/12/2027"}
    page = squeezed(lead_client.post(url, second).text)
    assert "Quelqu’un d’autre a changé la même chose" in page
    assert "Le lundi" in page
    assert 'value="Le mardi"' in page
    kept = Declaration.objects.get().answers["calendrier"]
    assert (kept["frequency"], kept["ends_on"]) == ("Le lundi", "19/12/2027")
    again = re.search(r'name="base" value="([^"]+)"', page)[1]
    theirs = lead_client.post(url, second | {"base": again, "keep_theirs": "frequency"})
    assert theirs.status_code == 302
    assert Declaration.objects.get().answers["calendrier"]["frequency"] == "Le lundi"
    mine = lead_client.post(url, second | {"base": again})
    assert mine.status_code == 302
    assert Declaration.objects.get().answers["calendrier"]["frequency"] == "Le mardi"


def test_what_a_colleague_changed_alone_is_not_taken_back_by_typing(lead_client, complete):
    url = address(complete, "calendrier")
    data = {"base": base(lead_client, url), "starts_on": "11/01/2027", "ends_on": "18 décembre 2027"}
    data["frequency"] = complete.answers["calendrier"]["frequency"]
    Declaration.objects.update(
        answers=complete.answers | {"calendrier": complete.answers["calendrier"] | {"frequency": "Le samedi"}}
    )
    for ends_on in ("19/12/2027", "20/12/2027"):  # two savings in a row, on a page that does not show it
        said = lead_client.post(url, data | {"ends_on": ends_on}, headers={"accept": "application/json"}).json()
        data["base"] = said["base"]
    kept = Declaration.objects.get().answers["calendrier"]
    assert (kept["frequency"], kept["ends_on"]) == ("Le samedi", "20/12/2027")


def test_the_whole_is_checked_and_handed_in(lead_client, complete):
    check = reverse("projects:declaration_check", args=[complete.project_id])
    assert ">Déposer</button>" in squeezed(lead_client.get(check).text)
    hand_in = reverse("projects:declaration_hand_in", args=[complete.project_id])
    for _ in range(2):  # pressed twice
        response = lead_client.post(hand_in, follow=True)
        assert "est déposé" in response.text
    assert Project.objects.get().status == ProjectStatus.SUBMITTED
    assert complete.project.submissions.count() == 1
    assert "Copie figée n° 1" in squeezed(lead_client.get(check).text)
    assert lead_client.get(address(complete, "action")).status_code == 302
    response = lead_client.post(address(complete, "action"), {"title": "Trop tard"})
    assert response.status_code == 409
    assert 'value="Trop tard"' in response.text  # to be copied
    assert Project.objects.get().title == "Cuisine partagée"


def test_what_is_missing_is_listed_with_links_to_its_field(lead_client, complete):
    Declaration.objects.update(answers=complete.answers | {"calendrier": {}})
    page = squeezed(lead_client.get(reverse("projects:declaration_check", args=[complete.project_id])).text)
    assert f"{address(complete, 'calendrier')}?controle=1#id_starts_on" in page
    assert ">Déposer</button>" not in page
    response = lead_client.post(reverse("projects:declaration_hand_in", args=[complete.project_id]), follow=True)
    assert "Le dossier n’est pas déposé" in response.text


def test_whoever_is_no_signatory_is_asked_for_the_mandate_before_handing_in(lead_client, complete):
    Membership.objects.update(role=MembershipRole.DECLARANT)
    check = reverse("projects:declaration_check", args=[complete.project_id])
    page = squeezed(lead_client.get(check).text)
    assert f"{address(complete, 'pieces')}?controle=1#id_attests_mandate" in page
    assert ">Déposer</button>" not in page
    Declaration.objects.update(
        answers=complete.answers | {"pieces": complete.answers["pieces"] | {"attests_mandate": "on"}}
    )
    assert ">Déposer</button>" in squeezed(lead_client.get(check).text)


def test_totals_that_differ_are_said_beside_them(lead_client, complete):
    budget = address(complete, "budget")
    assert "de trop" not in squeezed(lead_client.get(budget).text)
    answers = complete.answers["budget"] | {"a-601": "1500"}
    Declaration.objects.update(answers=complete.answers | {"budget": answers})
    assert "il y a 500\u00a0€ de produits de trop" in squeezed(lead_client.get(budget).text)


def test_what_an_officer_asks_is_shown_answered_and_closed(lead_client, complete, lead):
    lead_client.post(reverse("projects:declaration_hand_in", args=[complete.project_id]))
    project = Project.objects.get()
    with step(project, "return", by=OfficerFactory()):
        remark = project.remarks.create(page="budget", text="Précisez le poste 641.", by=OfficerFactory())
    assert "Précisez le poste 641." in squeezed(
        lead_client.get(reverse("projects:declaration", args=[project.pk])).text
    )
    url = address(complete, "budget")
    assert "Précisez le poste 641." in squeezed(lead_client.get(url).text)
    assert "Précisez" not in squeezed(lead_client.get(address(complete, "action")).text)
    budget = dict(complete.answers["budget"])
    lead_client.post(url, budget | {"base": base(lead_client, url), f"remark-{remark.pk}": "Deux salariés."})
    remark.refresh_from_db()
    assert remark.answer == "Deux salariés."
    lead_client.post(reverse("projects:declaration_hand_in", args=[project.pk]))
    assert Project.objects.get().status == ProjectStatus.SUBMITTED
    assert project.submissions.count() == 2
    late = lead_client.post(url, budget | {"base": "", f"remark-{remark.pk}": "Écrit trop tard."})
    assert late.status_code == 409
    assert ">Écrit trop tard.</textarea>" in late.text  # to be copied
    remark.refresh_from_db()
    assert remark.answer == "Deux salariés."


def test_a_draft_is_deleted_and_what_was_handed_in_is_abandoned_with_a_reason(lead_client, complete):
    give_up = reverse("projects:declaration_give_up", args=[complete.project_id])
    assert "Supprimer ce brouillon\u202f?" in squeezed(lead_client.get(give_up).text)
    lead_client.post(reverse("projects:declaration_hand_in", args=[complete.project_id]))
    assert "Dites pourquoi" in squeezed(lead_client.post(give_up, {"reason": " "}).text)
    lead_client.post(give_up, {"reason": "Le local est fermé."})
    assert Project.objects.get().status == ProjectStatus.ABANDONED
    draft = DeclarationFactory(
        project=ProjectFactory(organization=complete.project.organization, status=ProjectStatus.DRAFT)
    )
    lead_client.post(reverse("projects:declaration_give_up", args=[draft.project_id]))
    assert not Declaration.objects.filter(pk=draft.pk).exists()


def test_last_years_action_is_taken_up_once(lead_client, complete):
    Project.objects.update(status=ProjectStatus.CLOSED)
    renew = reverse("projects:declaration_renew", args=[complete.project_id])
    first, second = lead_client.post(renew), lead_client.post(renew)
    assert first.url == second.url
    assert Declaration.objects.count() == 2
    assert "À revoir" in squeezed(lead_client.get(first.url).text)


def test_orientations_that_the_text_resembles_are_proposed_with_its_words(lead_client, complete, node):
    page = squeezed(lead_client.get(address(complete, "rattachement")).text)
    assert f'value="{node("5.2.4-b").pk}" checked' in page
    assert "<mark>parents et des enfants</mark>" in page
    assert page.count(f'name="main" value="{node("5.2.4-b").pk}"') == 1  # not offered twice


def test_what_no_word_led_to_names_none(lead_client, complete, monkeypatch):
    suggest = links.suggest
    monkeypatch.setattr(
        links, "suggest", lambda *args, **kw: [replace(one, matched=()) for one in suggest(*args, **kw)]
    )
    page = squeezed(lead_client.get(address(complete, "rattachement")).text)
    assert "y répond" in page
    assert "commun\u00a0:" not in page


def test_a_choice_too_wide_is_pointed_out(lead_client, complete, node):
    answers = complete.answers | {"rattachement": {"main": str(node("5.2").pk)}}
    Declaration.objects.update(answers=answers)
    page = squeezed(lead_client.get(address(complete, "rattachement")).text)
    assert "Vous avez choisi large" in page
    assert node("5.2.4-b").badge in page[page.index("Vous avez choisi large") :]


@pytest.mark.parametrize("who", ["public", "other lead", "officer"])
def test_a_stranger_finds_nothing(complete, who):
    client = Client()
    if who == "other lead":
        client.force_login(LeadFactory(acts_for=OrganizationFactory()))
    elif who == "officer":
        client.force_login(OfficerFactory())
    expected = 302 if who == "public" else 404
    pk = complete.project_id
    for name in ("declaration", "declaration_check", "declaration_give_up"):
        assert client.get(reverse(f"projects:{name}", args=[pk])).status_code == expected, name
    for name in ("declaration_hand_in", "declaration_give_up", "attachment_add", "declaration_renew"):
        assert client.post(reverse(f"projects:{name}", args=[pk])).status_code == expected, name
    for slug in SLUGS:
        assert client.get(address(complete, slug)).status_code == expected
        assert client.post(address(complete, slug), {"title": "X"}).status_code == expected
    assert Declaration.objects.get().answers == complete.answers
    assert Project.objects.get().status == ProjectStatus.DRAFT


def test_pages_cost_the_same_whatever_the_number_of_declarations(lead_client, complete, organization):
    urls = [reverse("projects:space"), reverse("projects:declaration", args=[complete.project_id])]
    urls += [address(complete, slug) for slug in SLUGS]
    for url in urls:
        lead_client.get(url)
    before = [cost(url, lead_client) for url in urls]
    for _ in range(4):
        DeclarationFactory(project=ProjectFactory(organization=organization, status=ProjectStatus.DRAFT))
    assert [cost(url, lead_client) for url in urls] == before
    assert max(before) <= 30, before


def test_the_space_of_a_large_structure_is_paged_and_counts_as_the_messages_do(lead_client, lead, organization):
    for _ in range(PAGE + 1):
        begin(organization=organization, title="Chorale", by=lead)
    for _ in range(PAGE + 2):
        ProjectFactory(organization=organization, status=ProjectStatus.CLOSED)
    shown = lead_client.get(reverse("projects:space"), {"termines": "2"})
    assert [len(shown.context[part]["page"].object_list) for part in ("mine", "theirs", "over")] == [PAGE, 0, 2]
    assert "?termines=2&amp;a-vous=2#a-vous" in shown.text
    assert lead_client.get(reverse("projects:messages")).context["to_do"][0].number == PAGE + 1


def test_the_space_costs_the_same_with_many_projects(lead_client, lead, organization):
    begin(organization=organization, title="Chorale", by=lead)
    states = (ProjectStatus.RUNNING, ProjectStatus.CLOSED)
    for status in states:
        ProjectFactory(organization=organization, status=status)
    lead_client.get(reverse("projects:space"))
    few = cost(reverse("projects:space"), lead_client)
    for status in states:
        ProjectFactory.create_batch(4, organization=organization, status=status)
    assert cost(reverse("projects:space"), lead_client) == few
