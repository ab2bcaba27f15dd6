"""Words are found by an index on both databases: always the very rows that going through all of them would find."""

import random

import pytest
from django.db import connection

from cohesion.lib.french import significant
from cohesion.lib.text import fold
from projects.catalogue import mentions
from projects.catalogue.recording import change
from projects.models import Organization, Project
from tests.factories import OrganizationFactory, ProjectFactory

pytestmark = pytest.mark.django_db
SYLLABLES = (
    "lo",
    "ge",
    "ment",
    "é",
    "co",
    "le",
    "em",
    "ploi",
    "santé",
    "œu",
    "vre",
    "s",
    "x",
    "a",
    "12",
    "Île",
    "™",
    "ﬁ",
    "ñ",
    "ss",
)
ASKED = (
    "lo",
    "log",
    "logement",
    "ecole",
    "œuvre",
    "emploi santé",
    "s",
    "12",
    "ssa",
    "essence",
    "mentlo géco",
    "tm",
    "fi",
)


def word(draw):
    return "".join(draw.choices(SYLLABLES, k=draw.randint(1, 4)))


def text(draw, most=6):
    return draw.choice([" ", "-", "’", ", "]).join(word(draw) for _ in range(draw.randint(1, most)))


def by_going_through_all(asked):
    """What the rule says, without any database."""
    leads = {
        pk: fold(f"{name} {acronym}") for pk, name, acronym in Organization.objects.values_list("pk", "name", "acronym")
    }
    words = [one.folded if len(one.folded) < 4 else one.folded.rstrip("sx") for one in significant(asked)]
    return {
        pk
        for pk, written, lead in Project.objects.values_list("pk", "search_text", "organization_id")
        if all(
            one in (written.lower() if connection.vendor == "sqlite" else written) or one in leads[lead]
            for one in words
        )
    }


def found(asked):
    return set(Project.objects.mentioning(asked).values_list("pk", flat=True))


@pytest.mark.parametrize("few", [3, 500])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_index_finds_what_a_reading_of_all_finds_after_any_writes(seed, few, monkeypatch):
    monkeypatch.setattr(mentions, "FEW", few)
    draw = random.Random(seed)
    leads = [*OrganizationFactory.create_batch(3), OrganizationFactory(name="Emploi Santé", acronym="LOGE")]
    for _ in range(12):
        ProjectFactory(title=text(draw), summary=text(draw), organization=draw.choice(leads))
    new = [Project(kind="action", code=f"L-{rank}", title=text(draw), organization=leads[0]) for rank in range(12)]
    for one in new:
        one.search_text = one.words()
    Project.objects.bulk_create(new)  # not the tree
    for one in draw.sample(new, 6):
        one.title = text(draw)
        one.search_text = one.words()
    change(Project, new, ["title", "search_text"])
    saved = draw.choice(new)
    saved.title = text(draw)
    saved.save(update_fields=["title"])
    Project.objects.filter(pk__in=[one.pk for one in draw.sample(new, 3)]).delete()
    for asked in (*ASKED, *(text(draw, 2) for _ in range(20))):
        assert found(asked) == by_going_through_all(asked), asked


def test_the_index_is_true_and_is_used():
    """SQLite compares its index with the rows, and raises when they differ; PostgreSQL says how it would look."""
    ProjectFactory(title="Zygomatiques")
    ProjectFactory(title="Autre chose").delete()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            table = mentions.TRIGRAMS
            cursor.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")
        assert mentions._candidates("zygomatique") == [Project.objects.get().pk]
        assert mentions._candidates("chose") == []
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        assert "projects_project_search_trigrams" in Project.objects.mentioning("zygomatique").explain()
