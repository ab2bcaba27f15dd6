"""Past actions that were retained are examples, each named: only published ones, the latest ones, seen at once."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from axes.models import Framework
from projects.choices import ProjectKind, ProjectStatus
from projects.models import Decision, Project
from projects.suggestion import examples, suggest
from projects.suggestion.examples import Examples, PastAction, retained
from projects.suggestion.index import index_of
from projects.suggestion.suggesting import propose
from tests.factories import OfficerFactory, ProjectFactory

pytestmark = pytest.mark.django_db
TITLE, SUMMARY = "Ruches et pollinisateurs", "Des abeilles, un rucher école, du miel partagé"
ASKED = {"title": "Un rucher au lycée", "description": "abeilles et miel avec les élèves"}


def past(number, title, orientation, **texts):
    return PastAction(number, title, orientation, {"title": title, **texts})


def proposed(framework, texts=ASKED):
    found = suggest(Framework.objects.get(pk=framework.pk), texts)
    return {one.orientation.code: one.example and one.example.title for one in found}


def test_what_was_retained_teaches_at_once_and_is_named_with_its_year(founding, node):
    assert "8.1.3" not in proposed(founding)
    project = ProjectFactory(title=TITLE, summary=SUMMARY, serves=[node("8.1.3"), node("7.1")])
    assert proposed(founding)["8.1.3"] == TITLE
    assert "7.1" not in proposed(founding)  # a secondary link teaches nothing
    (one,) = retained(founding)
    assert one.since == f"\u00a0({project.starts_on.year})"
    Decision.objects.create(
        project=project, outcome="retained", decided_on=datetime.date(2025, 3, 4), amount=1, by=OfficerFactory()
    )
    (one,) = retained(founding)
    assert (one.project, one.since) == (project.pk, ", retenue en 2025")
    Project.objects.get(pk=project.pk).delete()
    assert "8.1.3" not in proposed(founding)


@pytest.mark.parametrize("status", [ProjectStatus.DRAFT, ProjectStatus.IN_REVIEW, ProjectStatus.REFUSED])
def test_what_is_not_public_teaches_nothing_and_is_never_named(founding, node, status):
    ProjectFactory(title=TITLE, summary=SUMMARY, serves=[node("8.1.3")], status=status)
    assert retained(founding) == []
    assert "8.1.3" not in proposed(founding)


def test_what_comes_back_is_one_example_the_latest_and_containers_are_none(founding, node):
    ProjectFactory(title=TITLE, serves=[node("8.1.3")])
    latest = ProjectFactory(title=TITLE, serves=[node("8.1.3")])
    ProjectFactory(title="Un relais", kind=ProjectKind.PRH, serves=[node("1.1.3")])
    assert [one.project for one in retained(founding)] == [latest.pk]


def test_the_number_of_examples_and_of_queries_is_bounded(founding, node, monkeypatch):
    monkeypatch.setattr(examples, "MOST", 3)
    for rank in range(5):
        ProjectFactory(title=f"Ruches {rank}", serves=[node("8.1.3")])
    with CaptureQueriesContext(connection) as queries:
        assert [one.title for one in retained(founding)] == ["Ruches 4", "Ruches 3", "Ruches 2"]
    assert len(queries) == 2


def test_one_shared_word_is_no_likeness_nor_are_those_that_anybody_writes():
    known = Examples([past(1, "Rucher de ville", 10), past(2, "Projet de quartier pour les habitants", 20)])
    assert known.like({"title": "Un rucher"}) == {}
    assert known.like({"title": "Projet pour des habitants du quartier"}) == {}


def test_the_nearest_past_action_is_the_one_named_and_one_may_be_set_aside():
    known = Examples([past(1, "Miel et abeilles", 10), past(2, "Miel, abeilles, ruches et reines", 10)])
    asked = {"title": "Ruches, abeilles, miel"}
    assert known.like(asked)[10].past.project == 2
    assert known.like(asked)[10].words == ("Ruches", "abeilles", "miel")
    assert known.like(asked, aside="MIEL, abeilles, ruches et reines")[10].past.project == 1


def test_no_more_than_eight_words_say_why(founding, node):
    texts = {"title": "Miel, pollen, nectar, essaim, abeilles, ruches, reines, enfumoir, vareuse, alvéoles"}
    first, *_ = propose(index_of(founding), Examples([past(1, texts["title"], node("8.1.3").pk)]), texts)
    assert first.matched == ("Miel", "pollen", "nectar", "essaim", "abeilles", "ruches", "reines", "enfumoir")
