"""The state of an evening, rebuilt from the histories, is the one that was seen that evening."""

import datetime
import random
from decimal import Decimal

import pytest
from django.utils import timezone

from axes import document
from projects.catalogue import actions
from projects.choices import ProjectStatus
from projects.figures import as_of, figures
from projects.figures.as_of import PastFigures, differences, present_state, read_state
from projects.figures.periods import Period
from projects.instructing.deciding import Ruling, decide
from projects.instructing.moving import move
from projects.models import Project
from tests.factories import OfficerFactory, OrganizationFactory, ProjectFactory, TerritoryFactory
from tests.pages import squeezed
from tests.projects.instructing.made import proposed

pytestmark = pytest.mark.django_db
FIRST = datetime.date(2026, 3, 1)


def act(chance, officer, nodes, towns, organizations):
    """One thing that the product lets people do to a project, drawn at random."""
    public = list(Project.objects.published().order_by("pk"))
    project = chance.choice(public)
    deed = chance.choice(("decide", "retitle", "date", "lead", "links", "places", "move", "correct", "grant"))
    if deed == "decide":
        new = proposed(title=f"Retenu {chance.random()}")
        actions.set_contributions(project=new, main=chance.choice(nodes), by=officer)
        decide(new, Ruling("retained", FIRST, Decimal(chance.randint(1, 400)), "CC-1"), by=officer)
    elif deed == "links":
        main, other = chance.sample(nodes, 2)
        actions.set_contributions(project=project, main=main, secondary=[(other, "Aussi")], by=officer)
    elif deed == "places":
        actions.set_places(project=project, territories=chance.sample(towns, 2), by=officer)
    elif deed == "move":
        move(project, chance.choice((ProjectStatus.ABANDONED, project.status)), by=officer, reason="Vu")
    else:
        values = {
            "retitle": {"title": f"Titre {chance.random()}"},
            "date": {"ends_on": datetime.date(2026 + chance.randint(0, 2), 12, 31)},
            "lead": {"organization": chance.choice(organizations)},
            "correct": {"kind": "prh"},
            "grant": {"granted": project.granted if project.decisions.exists() else Decimal("12.34")},
        }[deed]
        for name, value in values.items():
            setattr(project, name, value)
        actions.save_project(project=project, by=officer, reason="Relu")


def test_each_evening_is_rebuilt_as_it_was_seen(founding, time_machine):
    time_machine.move_to("2026-03-01 12:00+01:00", tick=False)
    officer, chance = OfficerFactory(), random.Random(41)
    nodes = [node.orientation for node in document.read_nodes(founding)]
    towns, organizations = TerritoryFactory.create_batch(4), OrganizationFactory.create_batch(3)
    for _ in range(6):
        ProjectFactory(serves=chance.sample(nodes, 2), located_in=[chance.choice(towns)])
    ProjectFactory(status=ProjectStatus.DRAFT)
    seen = {}
    for number in range(24):
        day = FIRST + datetime.timedelta(days=number)
        # The last minute of the day of the site, then the first of the next: midnight divides them.
        last_minute = datetime.datetime.combine(day, datetime.time(23, 59), timezone.get_current_timezone())
        time_machine.move_to(last_minute, tick=False)
        act(chance, officer, nodes, towns, organizations)
        seen[day] = present_state()
        time_machine.move_to(last_minute + datetime.timedelta(minutes=1), tick=False)
        act(chance, officer, nodes, towns, organizations)
    for day, state in seen.items():
        assert read_state(day) == state, day
    assert len({len(state.projects) for state in seen.values()}) > 2
    assert as_of.first_evening() == FIRST
    assert read_state(FIRST - datetime.timedelta(days=1)).projects == {}


@pytest.mark.time_machine("2026-03-01 12:00+01:00")
def test_the_present_state_counts_as_the_pages_do(founding, node):
    quarter = TerritoryFactory(kind="qpv", parent=TerritoryFactory())
    ProjectFactory(serves=[node("5.2.1-b"), node("7.1")], located_in=[quarter], granted=Decimal("10.05"))
    ProjectFactory(serves=[node("5.2.1")], starts_on=datetime.date(2024, 1, 1), ends_on=datetime.date(2024, 2, 1))
    nodes = document.read_nodes(founding)
    for year in (2024, 2026):
        state = present_state().of_year(year)
        counted = figures.headlines(nodes, figures.of_period(founding, nodes, Period(year, FIRST)))
        assert len(state.projects) == counted.projects
        seen = PastFigures.of(state, nodes, founding)
        assert seen.announced_served == counted.objectives_served
        assert [commune for commune, _ in seen.communes_served] == counted.communes_served
    assert present_state().granted == 1005


def test_what_differs_names_what_came_what_left_and_what_changed(founding, node):
    kept, gone = ProjectFactory(title="Avant", serves=[node("7.1")]), ProjectFactory()
    before = present_state()
    kept.title = "Après"
    kept.save()
    came = ProjectFactory()
    Project.objects.filter(pk=gone.pk).update(status=ProjectStatus.ABANDONED)
    told = differences(before, present_state())
    assert (told.came, told.left) == ([came.pk], [gone.pk])
    assert [(change.project, change.names) for change in told.changed] == [(kept.pk, ("title",))]


def test_the_page_of_an_evening_says_the_figures_then_and_now_and_what_differs(client, time_machine, request):
    time_machine.move_to("2026-03-31 12:00+02:00", tick=False)
    node = request.getfixturevalue("node")
    town = TerritoryFactory(name="Gravigny")
    kept = ProjectFactory(title="Jardin", serves=[node("7.1")], granted=Decimal("10.05"), status=ProjectStatus.RETAINED)
    gone = ProjectFactory(title="Abandonné depuis", serves=[node("5.2.1")])
    time_machine.move_to("2026-04-02 12:00+02:00", tick=False)
    officer = OfficerFactory()
    actions.set_places(project=kept, territories=[town], by=officer)
    kept.granted, kept.ends_on = Decimal(20), datetime.date(2026, 12, 30)
    actions.save_project(project=kept, by=officer)
    move(gone, ProjectStatus.ABANDONED, by=officer, reason="Faute de salle")
    came = ProjectFactory(title="Nouveau")
    address = "/tableau-de-bord/changements/?comparer=2026-03-31"
    page = client.get(address)
    figures_then = [(row.then, row.now) for row in page.context["reading"].figures]
    assert figures_then == [(2, 2), (1, 0), (0, 1), (1005, 2000)]
    for row in page.context["reading"].figures:
        assert client.get(row.then_address).status_code == client.get(row.address).status_code == 200
        assert row.then_address.replace("&", "&amp;") in page.text
    text = squeezed(page.text).replace("\u00a0", " ")
    for words in (
        "fin : 31 décembre 2026, puis 30 décembre 2026",
        "accordé : 10,05 €, puis 20 €",
        "lieux : + Gravigny",
        came.title,
        "1 projet n’est plus public ou ne court plus en 2026",
    ):
        assert words in text, words
    assert gone.title not in text
    client.force_login(officer)
    assert gone.title in client.get(address).text
    assert "Rien n’est connu de ce soir-là" in client.get("/tableau-de-bord/changements/?comparer=2026-03-30").text
    for odd in ("2026-04-02", "2027-01-01", "2026-02-31", "0001-01-01"):
        assert "ni aucun soir passé, voici 2025" in squeezed(
            client.get(f"/tableau-de-bord/changements/?comparer={odd}").text
        )
    assert client.get("/tableau-de-bord/changements.csv?comparer=2026-03-31").status_code == 404
