"""What an import writes in bulk is what the history keeps, row by row, for who and why."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.exchange import writing
from projects.models import Contribution, Organization, Place, Project
from tests.projects.exchange.test_import import GOOD, bring, ground

__all__ = ["ground"]
pytestmark = pytest.mark.django_db
MODELS = (Project, Contribution, Place, Organization)


def kept(model, kind):
    """The rows of the history of one kind, without what says when and who."""
    fields = [field.attname for field in model.history.model.tracked_fields]
    return list(model.history.filter(history_type=kind).order_by("history_id").values(*fields))


def standing(model):
    return {row["id"]: row for row in model.objects.values()}


def test_what_is_created_is_kept_as_it_stands(ground, officer):
    before = {model: set(standing(model)) for model in MODELS}
    assert bring(GOOD, GOOD.replace("N-1", "N-2").replace("Les Deux Rives", "Une structure neuve"), by=officer) == 2
    for model in MODELS:
        new = [row for key, row in standing(model).items() if key not in before[model]]
        assert new
        for row in new:
            told = {name: value for name, value in row.items() if name in kept(model, "+")[0]}
            assert kept(model, "+").count(told) == 1, model


def test_what_is_changed_is_kept_as_it_now_stands_and_signed(ground, officer):
    bring(GOOD)
    bring(GOOD.replace("Une action", "Un autre titre").replace("2.1.2|1.1.1", "1.1.1|2.1.2"), by=officer)
    record = Project.history.get(history_type="~")
    assert (record.title, record.history_user) == ("Un autre titre", officer)
    assert record.history_change_reason == "Import de « projets.csv »"
    project = Project.objects.get(code="N-1")
    assert (project.title, project.version) == ("Un autre titre", 2)
    links = Contribution.objects.filter(project__code="N-1")
    assert links.get(is_main=True).orientation.code == "1.1.1"
    assert {row["id"] for row in kept(Contribution, "~")} == set(links.values_list("pk", flat=True))


def test_a_changing_import_costs_the_same_queries_whatever_the_number_of_projects(ground):
    def cost(number):
        rows = [GOOD.replace("N-1", f"N-{number}-{rank}") for rank in range(number)]
        bring(*rows)
        with CaptureQueriesContext(connection) as captured:
            bring(*[row.replace("Une action", "Un titre") for row in rows])
        return sum(1 for query in captured if not query["sql"].startswith("UPDATE"))

    assert cost(3) == cost(30)


def test_after_a_large_import_postgresql_counts_again_what_its_tables_hold(
    ground, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(writing, "MANY", 2)
    with CaptureQueriesContext(connection) as captured, django_capture_on_commit_callbacks(execute=True):
        bring(GOOD)
        bring(*[GOOD.replace("N-1", f"N-{rank}") for rank in (2, 3)])
    counted = [query["sql"] for query in captured if query["sql"].startswith("ANALYZE")]
    assert len(counted) == (1 if connection.vendor == "postgresql" else 0)
