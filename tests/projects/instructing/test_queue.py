"""The officers' queue: whose turn, since when, what is late; each figure is the length of the list that it opens."""

import datetime
import re
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from projects.choices import ProjectStatus
from projects.instructing.turns import TURNS
from projects.models import Remark, Review, TransitionLog
from tests.costs import cost
from tests.factories import (
    CampaignFactory,
    CommitteeFactory,
    DeclarationFactory,
    OfficerFactory,
    ProjectFactory,
    this_year,
)
from tests.pages import squeezed
from tests.projects.instructing.made import proposed, reviewed

pytestmark = pytest.mark.django_db
ADDRESS = "/instruction/"


def arrived(project, days, status=None):
    """The project came to its state some days ago."""
    log = TransitionLog.objects.create(
        project=project, transition="submit", source="draft", target=status or project.status
    )
    TransitionLog.objects.filter(pk=log.pk).update(at=timezone.now() - datetime.timedelta(days=days))
    return project


def titles(page):
    return re.findall(r'<span class="title"><a [^>]*>([^<]*)</a>', squeezed(page.text))


def groups(page):
    return re.findall(r'scope="rowgroup">(.*?) <span', squeezed(page.text))


def figures(page):
    """Each figure at the top: its number, and the address that it opens."""
    listed = re.search(r'<ul class="figures queue-figures">.*?</ul>', squeezed(page.text), re.DOTALL)[0]
    return re.findall(r'<a href="([^"]*)"> ?<b>([^<]*)(?:<small>[^<]*</small>)?</b> ?<span> ?([^<]*?) ?</span>', listed)


def test_every_state_but_the_draft_has_its_place():
    assert set(ProjectStatus) - {status for turn in TURNS for status in turn.statuses} == {ProjectStatus.DRAFT}


def test_the_queue_is_cut_by_whose_turn_it_is_the_oldest_first(officer_client):
    arrived(ProjectFactory(title="Récente", status="submitted"), 2)
    arrived(ProjectFactory(title="Ancienne", status="in_review"), 30)
    arrived(ProjectFactory(title="Chez le porteur", status="to_complete"), 1)
    first_of_june = datetime.date(this_year() + 1, 6, 1)
    late, soon = (
        CommitteeFactory(held_on=first_of_june),
        CommitteeFactory(held_on=first_of_june - datetime.timedelta(days=1)),
    )
    proposed(title="Au second", committee=late)
    proposed(title="Au premier", committee=soon)
    ProjectFactory(title="Brouillon", status="draft")
    ProjectFactory(title="Refusé", status="refused")
    page = officer_client.get(ADDRESS)
    assert titles(page) == ["Ancienne", "Récente", "Chez le porteur", "Au premier", "Au second"]
    assert groups(page) == [
        "Aux agents de jouer",
        "En attente du porteur",
        f"Prêts pour le comité du 31\xa0mai {first_of_june.year}",
        f"Prêts pour le comité du 1ᵉʳ\xa0juin {first_of_june.year}",
    ]


def test_what_waits_for_nobody_here_is_counted_and_listed_on_demand(officer_client, node):
    for status in ("running", "refused", "closed", "retained"):
        ProjectFactory(title=f"Un {status}", status=status, serves=[node("5.2")])
    ProjectFactory(title="Un autre axe", status="running", serves=[node("8.1")])
    ProjectFactory(title="En attente", status="submitted", serves=[node("5.2")])
    page = squeezed(officer_client.get(f"{ADDRESS}?axe=5").text)
    assert titles(officer_client.get(f"{ADDRESS}?axe=5")) == ["En attente"]
    rest = re.findall(r'<li> ?<a href="([^"]*)">([^<]*)</a> (\d+)', page.partition('class="rest"')[2])
    assert [(title, number) for _, title, number in rest] == [
        ("Décidés, à démarrer", "1"),
        ("En cours", "1"),
        ("Terminés", "2"),
    ]
    for way, title, number in rest:
        assert len(titles(officer_client.get(way.replace("&amp;", "&")))) == int(number), title
    # Whoever looks for words, or asks for a state, is shown all that answers.
    assert titles(officer_client.get(f"{ADDRESS}?q=refused")) == ["Un refused"]
    assert len(titles(officer_client.get(f"{ADDRESS}?tour=tous"))) == 6
    assert 'class="rest"' not in officer_client.get(f"{ADDRESS}?tour=tous").text


def test_what_is_assigned_to_me_is_mine_to_play(officer_client, officer):
    Review.objects.create(project=ProjectFactory(title="À moi", status="submitted"), assigned_to=officer)
    colleague = OfficerFactory(first_name="Lise", last_name="Obé")
    Review.objects.create(project=ProjectFactory(title="À elle", status="submitted"), assigned_to=colleague)
    ProjectFactory(title="À personne", status="submitted")
    page = officer_client.get(f"{ADDRESS}?qui=moi")
    assert (titles(page), groups(page)) == (["À moi"], ["À vous de jouer"])
    assert titles(officer_client.get(f"{ADDRESS}?qui=personne")) == ["À personne"]
    hers = officer_client.get(f"{ADDRESS}?qui={colleague.pk}")
    assert titles(hers) == ["À elle"]
    offered = [(choice.label, choice.count) for choice in hers.context["choices"]["qui"]]
    assert offered == [("Moi", 1), ("Personne", 1), ("Lise Obé", 1)]


def test_late_is_what_waits_for_the_officers_longer_than_its_call_allows(officer_client):
    slow, quick = CampaignFactory(late_after_days=30), CampaignFactory(late_after_days=5)
    for title, campaign, days, status in [
        ("Lent à temps", slow, 20, "submitted"),
        ("Vite en retard", quick, 6, "admissible"),
        ("Chez le porteur", quick, 60, "to_complete"),
    ]:
        project = ProjectFactory(title=title, status=status)
        DeclarationFactory(project=project, campaign=campaign)
        arrived(project, days)
    arrived(ProjectFactory(title="Sans appel", status="in_review"), 15)
    ProjectFactory(title="Sans étape", status="in_review")
    page = officer_client.get(f"{ADDRESS}?retard=1")
    assert titles(page) == ["Sans appel", "Vite en retard"]
    assert '<span class="late">6\xa0jours' in squeezed(page.text)
    assert '<span class="soon">20\xa0jours' in squeezed(officer_client.get(f"{ADDRESS}?tour=agents").text)


@time_machine.travel("2026-11-25T00:30:00+01:00")
def test_since_when_is_told_by_the_days_of_the_calendar(officer_client):
    project = ProjectFactory(status="submitted")
    log = TransitionLog.objects.create(project=project, transition="submit", source="draft", target="submitted")
    TransitionLog.objects.filter(pk=log.pk).update(at=timezone.now() - datetime.timedelta(hours=1))
    assert "hier" in squeezed(officer_client.get(ADDRESS).text)


def test_each_figure_is_the_length_of_the_list_that_it_opens(officer_client, officer):
    for status in ("submitted", "in_review", "to_complete", "adjourned", "running", "draft"):
        for mine in (True, False):
            project = arrived(ProjectFactory(status=status, requested=Decimal(1000)), 20)
            Review.objects.create(project=project, assigned_to=officer if mine else None)
    for start in (ADDRESS, f"{ADDRESS}?qui=moi", f"{ADDRESS}?etat=running"):
        found = figures(officer_client.get(start))
        expected = {ADDRESS: ["10", "4", "2", "4", "2"], f"{ADDRESS}?qui=moi": ["5", "2", "1", "2", "1"]}
        assert [number for _, number, _ in found[:5]] == expected.get(start, ["2", "0", "0", "0", "0"])
        for address, number, label in found[:5]:
            assert len(titles(officer_client.get(address.replace("&amp;", "&")))) == int(number), label
    # What is decided is apart: two of the ten are running.
    assert figures(officer_client.get(ADDRESS))[5][1] == "8\u202f000"


def test_figures_follow_the_filters_and_add_what_can_be_added(officer_client, node):
    def filed(status, amount, **more):
        return ProjectFactory(status=status, requested=Decimal(amount), serves=[node("5.2")], **more)

    pst = filed("submitted", 5000, kind="pst")
    filed("submitted", 2000, host=pst)
    filed("in_review", "1000.50", host=pst)
    filed("running", 300, host=pst)  # decided: not in the sum of the others
    filed("refused", 40)
    filed("abandoned", 7)
    alone = filed("submitted", 900, kind="pst")
    filed("running", 60, host=alone)
    ProjectFactory(status="submitted", requested=Decimal(80_000), serves=[node("7.1")])
    found = officer_client.get(f"{ADDRESS}?axe=5").context["figures"]
    assert (found["total"], found["agents"]) == (8, 4)
    assert (found["open"], found["decided"], found["refused"]) == (3901, 360, 47)
    assert officer_client.get(f"{ADDRESS}?axe=5&tour=porteur").context["figures"] == found
    for address, number, label in figures(officer_client.get(f"{ADDRESS}?axe=5"))[:5]:
        assert len(titles(officer_client.get(address.replace("&amp;", "&")))) == int(number), label
    decided = officer_client.get(f"{ADDRESS}?axe=5&decision=refused")
    assert decided.context["page"].paginator.count == 2
    assert "Refusés, irrecevables ou abandonnés" in decided.text
    assert "déposée" not in officer_client.get(ADDRESS).text.partition("<form")[0].lower()


def test_filters_are_in_the_address_and_said(officer_client, node):
    pst = ProjectFactory(kind="pst", title="Le PST", status="submitted", serves=[node("1.1")])
    ProjectFactory(title="Atelier lecture", status="submitted", host=pst, serves=[node("5.2")], requested=Decimal(9))
    ProjectFactory(title="Chorale", status="admissible", serves=[node("8.1")], requested=Decimal(7000))
    campaign = DeclarationFactory(
        project=ProjectFactory(title="Du bon appel", status="submitted"), campaign=CampaignFactory()
    ).campaign

    def shown(query):
        return titles(officer_client.get(ADDRESS + query))

    assert shown("?q=ATELIERS+lecture") == ["Atelier lecture"]
    assert shown("?etat=admissible") == ["Chorale"]
    assert shown("?axe=5") == ["Atelier lecture"]
    assert shown("?pst=avec") == ["Atelier lecture"]
    assert shown("?pst=hors") == ["Chorale", "Du bon appel"]
    assert shown(f"?appel={campaign.pk}") == ["Du bon appel"]
    assert shown("?tri=montant")[:2] == ["Chorale", "Atelier lecture"]
    assert shown("?tri=axe")[:3] == ["Le PST", "Atelier lecture", "Chorale"]
    page = squeezed(officer_client.get(f"{ADDRESS}?etat=zzz&axe=99&qui=%E2%80%AE&retard=2&appel=x").text)
    assert page.count("ce filtre est laissé de côté") == 5


def test_what_there_is_to_do_is_said(officer_client, officer):
    Remark.objects.create(
        project=ProjectFactory(status="to_complete"), page="budget", text="Charges et produits diffèrent.", by=officer
    )
    reviewed(ProjectFactory(status="in_review"))
    Review.objects.create(project=ProjectFactory(status="in_review"))
    reviewed(ProjectFactory(status="proposed"), proposed_amount=Decimal(4000))
    page = squeezed(officer_client.get(ADDRESS).text)
    for words in (
        "Charges et produits diffèrent.",
        "Proposer au comité",
        "grille 0 sur 7",
        "avis favorable, 4\u202f000\xa0€ proposés",
    ):
        assert words in page


def test_the_queue_costs_the_same_for_three_files_and_for_sixty(officer_client, officer, node):
    def fill(number):
        for rank in range(number):
            status = ("submitted", "in_review", "to_complete", "proposed")[rank % 4]
            project = arrived(ProjectFactory(status=status, serves=[node("5.2")]), rank)
            DeclarationFactory(project=project, campaign=CampaignFactory())
            reviewed(project, officer=officer)
            Remark.objects.create(project=project, page="budget", text="Quoi ?", by=officer)

    fill(4)
    officer_client.get(ADDRESS)  # what a process asks once
    few = cost(ADDRESS, officer_client)
    fill(56)
    assert cost(ADDRESS, officer_client) == cost(f"{ADDRESS}?page=2", officer_client) == few
    assert len(titles(officer_client.get(f"{ADDRESS}?page=2"))) == 10
