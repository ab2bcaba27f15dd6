"""The number beside each choice of each filter is the length of the list that has it, all other filters holding."""

import random

import pytest
from django.http import QueryDict

from projects.browsing.filters import ProjectFilter
from projects.instructing.queue import Queue
from projects.models import Project
from tests.factories import CampaignFactory, CoLeadFactory, OfficerFactory, OrganizationFactory, ProjectFactory
from tests.projects.test_coverage import ground

__all__ = ["ground"]
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-25 12:00+01:00")]

VALUES = {
    "axe": ("1", "2", "5", "sans"),
    "orientation": ("1.1", "2.1.2", "5"),
    "compter": ("direct",),
    "rattachement": ("principal", "secondaire"),
    "nature": ("pst", "prh", "action"),
    "pst": ("avec", "hors"),
    "commune": ("27229", "sans"),
    "quartier": ("navarre", "prioritaires"),
    "fin": ("2025", "2026"),
    "annee": ("2024", "2026", "sans", "avant-2025", "apres-2025"),
    "etat": ("running", "closed"),
    "q": ("essai", "action"),
}


def address(values):
    query = QueryDict(mutable=True)
    query.update(values)
    return query


def listed(values, framework):
    """The rows of the list, by no count of the facets."""
    return ProjectFilter(address(values), framework).filter(Project.objects.published()).count()


def test_every_choice_of_every_filter_holds_the_others(ground, founding, node):
    ProjectFactory(serves=[], starts_on=None, ends_on=None)
    for code in ("5", "1.1"):  # by their second orientation only
        ProjectFactory(serves=[node("7.1"), node(code), node("2.1.2")])
    beside = OrganizationFactory(name="La Boussole")
    for project in Project.objects.published()[:4]:
        CoLeadFactory(project=project, organization=beside)
    draft = ProjectFactory(status="draft")
    CoLeadFactory(project=draft, organization=beside)
    first = Project.objects.published()[0].organization
    of = {**VALUES, "porteur": (str(beside.pk), str(first.pk), str(draft.organization.pk))}
    chance = random.Random(33)
    asked = [{"axe": "5", "rattachement": "principal"}, {"axe": "1", "rattachement": "secondaire"}]
    for _ in range(40):
        names = chance.sample(list(of), chance.randint(0, 4))
        asked.append({name: chance.choice(of[name]) for name in names})
    checked = 0
    for values in asked:
        found = ProjectFilter(address(values), founding)
        assert found.number() == listed(values, founding), values
        for name, options in found.choices().items():
            for option in options:
                chosen = QueryDict(found.address(**{name: option.value}).removeprefix("?")).dict()
                assert chosen[name] == option.value
                number = listed(chosen, founding)
                assert option.count == number, (values, name, option)
                checked += 1
    assert checked > 800


def test_the_list_says_beside_what_is_chosen_what_it_shows(client, ground, node):
    for values in ({"axe": "5", "rattachement": "principal"}, {"axe": "1", "rattachement": "secondaire"}):
        context = client.get("/projets/", values).context
        (chosen,) = [option for option in context["choices"]["axe"] if option.is_chosen]
        assert chosen.count == context["page"].paginator.count


def test_every_choice_of_the_queue_holds_the_others(founding, node):
    chance, officer = random.Random(5), OfficerFactory()
    pst = ProjectFactory(kind="pst", status="submitted", serves=[node("1.1")])
    for _ in range(20):
        ProjectFactory(
            status=chance.choice(["submitted", "to_complete", "in_review", "refused", "running"]),
            host=chance.choice([None, pst]),
            serves=[node(code) for code in chance.sample(["1.1", "2.1.2", "5.2.1", "7.1"], chance.randint(0, 2))],
        )
    CampaignFactory()
    values = {
        "qui": ("moi", "personne"),
        "etat": ("submitted", "refused"),
        "axe": ("1", "5"),
        "pst": ("avec", "hors"),
        "tour": ("agents", "porteur"),
        "q": ("essai",),
    }
    for _ in range(25):
        names = chance.sample(list(values), chance.randint(0, 3))
        asked = {name: chance.choice(values[name]) for name in names}
        for name, options in Queue(address(asked), officer).choices().items():
            for option in options:
                number = Queue(address({**asked, name: option.value}), officer).filter().count()
                assert option.count == number, (asked, name, option)
