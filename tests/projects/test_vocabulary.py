"""The council's own words: written by officers, checked, and found by at once."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.urls import reverse

from projects.models import VocabularyLine
from projects.search import mentions, search
from projects.suggestion import suggest
from projects.vocabulary.reading import council_lines
from tests.factories import FrameworkFactory, OfficerFactory, OrientationFactory, ProjectFactory

pytestmark = pytest.mark.django_db
STRANGER = AnonymousUser()
ADD = "admin:projects_vocabularyline_add"


@pytest.fixture
def framework():
    framework = FrameworkFactory(status="in_force")
    OrientationFactory(framework=framework, code="3", title="Mobilité et transports", level="axis")
    return framework


def titles(typed, framework):
    framework.refresh_from_db()  # as each request reads it
    return [hit.title for hit in search(typed, STRANGER, framework).hits]


def line(typed, meaning):
    row = VocabularyLine(typed=typed, meaning=meaning)
    row.full_clean()
    row.save()
    return row


def refused(typed, meaning):
    with pytest.raises(ValidationError) as caught:
        line(typed, meaning)
    return " ".join(caught.value.messages).replace("\u00a0", " ")


def test_what_people_here_write_leads_to_what_the_site_says(framework):
    ProjectFactory(title="Aller au marché", summary="Pour la mobilité des aînés")
    assert titles("bibus", framework) == []
    line("Bibus, T3 , navette  du plateau", "mobilité")
    assert VocabularyLine.objects.get().typed == "Bibus, T3, navette du plateau"
    for typed in ("bibus", "BIBUS", "navettes du plateau", "la navette du plateau"):
        assert titles(typed, framework) == ["Mobilité et transports", "Aller au marché"]
        assert search(typed, STRANGER, framework).hits[0].why.endswith("\u00a0: mobilité")
    assert council_lines() == (("mobilité", "Bibus"), ("mobilité", "T3"), ("mobilité", "navette du plateau"))
    VocabularyLine.objects.all().delete()
    assert titles("bibus", framework) == []


def test_suggestions_follow_them_as_the_search_does(founding):
    assert suggest(founding, {"title": "Les tchatcheurs du soir"}) == []
    line("tchatcheurs", "médiation sociale")
    first = suggest(founding, {"title": "Les tchatcheurs du soir"})[0]
    assert (first.orientation.code, first.matched) == ("6.1.1", ("tchatcheurs",))
    VocabularyLine.objects.all().delete()
    assert suggest(founding, {"title": "Les tchatcheurs du soir"}) == []


def test_a_list_that_cannot_say_why_does_not_follow_them(framework):
    ProjectFactory(title="Pour la mobilité")
    line("bibus", "mobilité")
    assert "pk" in str(mentions("bibus"))
    assert search("bibus", STRANGER, framework).total


def test_a_line_that_says_nothing_or_turns_round_is_refused(framework):
    line("bibus", "mobilité")
    assert "aucun mot qui compte" in refused("le", "mobilité")
    assert "aucun mot qui compte" in refused("tram", "de la")
    assert "dit déjà la même chose" in refused("mobilités", "mobilité")
    assert "par une autre ligne" in refused("BIBUS", "mobilité")
    assert "tournerait en rond : « bibus » mène déjà à « mobilité »" in refused("mobilité", "bibus")
    line("T3", "bibus")
    assert "« T3 » mène déjà à « bibus », qui mène déjà à « mobilité »" in refused("mobilité", "T3")
    assert "sans virgule" in refused("autocar", "mobilité, transport")
    assert "30 expressions" in refused(", ".join(f"mot{number}" for number in range(31)), "mobilité")
    line("bibus, autocar", "transports")  # one word may mean two things


def test_whoever_writes_a_line_sees_at_once_what_it_finds(framework, client):
    client.force_login(OfficerFactory())
    answer = client.post(reverse(ADD), {"typed": "bibus", "meaning": "mobilité"}, follow=True)
    assert "bibus" in answer.content.decode()
    assert "1 résultat" in answer.content.decode().replace("\u00a0", " ")
    answer = client.post(reverse(ADD), {"typed": "tram", "meaning": "zygomatiques"}, follow=True)
    assert "la recherche ne trouve encore rien" in answer.content.decode()
    refusal = client.post(reverse(ADD), {"typed": "mobilité", "meaning": "bibus"})
    assert "tournerait en rond" in refusal.content.decode()
    assert 'value="bibus"' in refusal.content.decode()
    assert VocabularyLine.history.count() == 2


def test_the_public_page_follows_a_line_without_waiting(framework, client):
    address = f"{reverse('axes:search')}?q=bibus"
    before = client.get(address)
    line("bibus", "mobilité")
    after = client.get(address, headers={"If-None-Match": before.headers.get("ETag", "")})
    assert after.status_code == 200
    assert " et transports" in after.content.decode()


def test_the_words_cost_one_query_however_many_they_are(framework, django_assert_num_queries):
    for number in (1, 40):
        for rank in range(number):
            line(f"mot{number}x{rank}", "mobilité")
        search("bibus", STRANGER, framework)
        with django_assert_num_queries(1):
            council_lines()
