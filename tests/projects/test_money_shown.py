"""What the list of projects and their sheets say of money, and to whom."""

import datetime

import pytest
from django.urls import reverse

from projects.choices import FunderKind, FundingState, ProjectKind
from projects.models import FundingLine
from tests.factories import OfficerFactory, ProjectFactory, TerritoryFactory
from tests.pages import without_acronym_links

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-25 12:00+01:00")]


@pytest.fixture
def funded(founding, node):
    """A PST of two years and its part in one, which says again what the PST is brought; one funded by nobody else."""
    town, other = TerritoryFactory(code="A", name="Aube"), TerritoryFactory(code="B", name="Bourg")
    pst = ProjectFactory(
        kind=ProjectKind.PST, serves=[node("5.2.1")], granted=100, starts_on=datetime.date(2025, 2, 1), code="PST-1"
    )
    part = ProjectFactory(
        host=pst,
        serves=[node("5.2.2"), node("7.1"), node("5.2.1")],
        located_in=[town, other],
        granted="1000.01",
        total_cost=4321,
        code="ACT-1",
    )
    alone = ProjectFactory(serves=[], granted=7, code="ACT-2", starts_on=None)
    for project, kind, name, state, requested in (
        (pst, FunderKind.SOCIAL_BODY, "CAF de l’Eure", FundingState.OBTAINED, 900),
        (part, FunderKind.SOCIAL_BODY, "CAF de l’Eure", FundingState.OBTAINED, 500),
        (part, FunderKind.PRIVATE, "Mme Dupont", FundingState.OBTAINED, 20),
        (part, FunderKind.STATE, "Préfecture", FundingState.ASKED, 5000),
        (part, FunderKind.AGGLOMERATION, "", FundingState.OBTAINED, 2000),
    ):
        FundingLine.objects.create(project=project, kind=kind, name=name, state=state, requested=requested)
    return pst, part, alone


def text(client, address):
    response = client.get(address)
    assert response.status_code == 200
    page = without_acronym_links(response.content.decode())
    return " ".join(page.replace("\u202f", "").replace("&nbsp;", " ").replace("\xa0", " ").split())


LISTS = [
    ("?annee=toutes", ("1107,01 €", "520 €"), {"PST-1", "ACT-1", "ACT-2"}),
    ("?annee=2025", ("100 €", "900 €"), {"PST-1"}),
    ("?annee=2026", ("1100,01 €", "520 €"), {"PST-1", "ACT-1"}),
    ("?annee=2026&duree=plusieurs", ("100 €", "0 €"), {"PST-1"}),
    ("?annee=sans", ("7 €", "0 €"), {"ACT-2"}),
    ("?financeur=social_body&annee=toutes", ("1100,01 €", "520 €"), {"PST-1", "ACT-1"}),
    ("?financeur=private&annee=toutes", ("1000,01 €", "520 €"), {"ACT-1"}),
    ("?financeur=social_body,private&annee=toutes", ("1100,01 €", "520 €"), {"PST-1", "ACT-1"}),
    ("?financeur=agglomeration&annee=toutes", ("1107,01 €", "520 €"), {"PST-1", "ACT-1", "ACT-2"}),
    ("?credits=non-precise&annee=toutes", ("1107,01 €", "520 €"), {"PST-1", "ACT-1", "ACT-2"}),
    ("?pst=PST-1&annee=toutes", ("1100,01 €", "520 €"), {"PST-1", "ACT-1"}),
    ("?dispositif=sans&axe=5&annee=toutes", ("1100,01 €", "520 €"), {"PST-1", "ACT-1"}),
    ("?axe=7&repartir=oui&annee=toutes", ("333,33 €", "173,33 €"), {"ACT-1"}),
    ("?orientation=5.2.2&repartir=oui&annee=toutes", ("333,34 €", "173,34 €"), {"ACT-1"}),
    ("?commune=B&repartir=oui&annee=toutes", ("500 €", "260 €"), {"ACT-1"}),
    ("?axe=7&annee=toutes", ("1000,01 €", "520 €"), {"ACT-1"}),
]


def test_the_list_says_the_sums_of_exactly_its_projects(client, funded):
    for query, (granted, obtained), codes in LISTS:
        page = text(client, reverse("projects:list") + query)
        assert f"Accordé : <b>{granted}</b>, cofinancements obtenus : <b>{obtained}</b>" in page, query
        assert {project.code for project in funded if f'ref">{project.code}<' in page} == codes, query


def test_the_list_of_a_funder_or_of_a_class_of_credits_says_what_it_brings(client, funded):
    page = text(client, reverse("projects:list") + "?financeur=social_body&annee=toutes")
    assert "520 €</b>, dont Organisme social (CAF, MSA…) : <b>500 €</b> pour les projets de cette liste" in page
    page = text(client, reverse("projects:list") + "?credits=non-precise&annee=2025")
    assert "dont, en crédits non précisés, accordé : <b>100 €</b>, dont, en crédits non précisés, obtenu" in page


def test_an_orientation_that_is_only_secondary_leads_to_what_waits_for_a_main_one(client, funded, node):
    funded[1].contributions.filter(is_main=True).delete()
    page = text(client, reverse("projects:list") + "?axe=sans-principale")
    assert 'ref">ACT-1<' in page
    assert 'ref">ACT-2<' not in page


def test_a_visitor_reads_what_the_setting_says_and_an_officer_all(client, funded, settings):
    _, part, _ = funded
    address = reverse("projects:detail", args=[part.code])
    page = text(client, address)
    assert "1000,01 €" in page
    assert "CAF de l’Eure : 500 €<br> Aide privée (fondation) : 20 €" in page
    assert not any(words in page for words in ("4321", "Dupont", "Préfecture", "Demandé", "2000 €"))
    settings.PUBLIC_AMOUNTS = []
    page = text(client, address)
    assert not any(words in page for words in ("1000,01", "CAF", "Accordé"))
    page = text(client, reverse("projects:list"))
    assert "Accordé" not in page
    for narrowed in ("financeur=social_body", "financeur=agglomeration", "credits=specific", "credits=non-precise"):
        page = text(
            client, f"{reverse('projects:list')}?annee=toutes&{narrowed}"
        )  # a list would tell who brings something to whom
        assert "ne désigne rien" in page
        assert all(f'ref">{code}<' in page for code in ("PST-1", "ACT-1", "ACT-2"))
    client.force_login(OfficerFactory())
    page = text(client, address)
    assert all(words in page for words in ("1000,01 €", "4321 €", "CAF de l’Eure : 500 €"))
    assert "Coût : <b>4321 €</b>, demandé : <b>0 €</b>" in text(client, reverse("projects:list"))
