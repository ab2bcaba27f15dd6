"""The search page: whatever is typed in its address, it answers and helps."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from justhtml import JustHTML

from axes.choices import FrameworkStatus
from projects.choices import ProjectStatus
from projects.models import Place
from tests.factories import ProjectFactory, TerritoryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def search_for(client, founding):
    """Ask for the search page with these parameters; a list gives a parameter several times."""

    def answer(**parameters):
        response = client.get(reverse("axes:search"), parameters, follow=True)  # an empty parameter is taken out
        assert response.status_code == 200
        return JustHTML(response.content.decode(), strict=True, sanitize=False)

    return answer


def text(node):
    return " ".join(node.to_text().split())


def links(document, selector):
    return [anchor.attrs["href"] for anchor in document.query(selector)]


def found(document):
    return [text(badge) for badge in document.query(".hits .code")]


def test_a_hit_shows_its_code_its_level_its_marked_wording_and_its_path(search_for):
    document = search_for(q="parentale")
    hit = document.query(".hits li")[0]
    assert found(document)[0] == "5.2.4"
    assert [text(mark) for mark in hit.query("mark")] == ["parentale"]
    assert text(hit).count("Objectif opérationnel") == 1
    assert links(hit, "h3 a") == [reverse("axes:orientation", args=["5.2.4"])]
    assert [href.strip("/").split("/")[-1] for href in links(hit, ".trail a")] == ["5", "5.E1", "5.2"]


def test_the_wording_is_escaped(search_for, node):
    changed = node("7.1")
    changed.corrected_title = "Ouvrir <script>alert(1)</script> & autres santés"
    changed.save()
    document = search_for(q="ouvrir script")
    assert not document.query(".hits script")
    assert ">alert(1)</" in document.query(".hits")[0].to_text()


def test_what_is_typed_comes_back_escaped_in_its_field(search_for):
    (field,) = search_for(q='"><b>santé').query(".search input[type=search]")
    assert field.attrs["value"] == '"><b>santé'


def test_facets_keep_the_rest_of_the_address_and_narrow_to_what_they_count(search_for, client):
    document = search_for(q="social", axe="5", page="1")
    for anchor in document.query(".facets a"):
        asked = parse_qsl(urlsplit(anchor.attrs["href"]).query)
        assert ("q", "social") in asked
        count = int(text(anchor.query(".n")[0]).split()[0])
        narrowed = search_for(**{name: [value for key, value in asked if key == name] for name, _ in asked})
        if not anchor.attrs.get("aria-current") and ("niveau" in dict(asked)):
            assert len(found(narrowed)) == count


def test_a_chosen_facet_is_a_link_that_takes_it_away(search_for):
    kind, axis = search_for(q="social", axe="5").query(".facets a[aria-current]")
    assert parse_qsl(urlsplit(kind.attrs["href"]).query) == [("q", "social")]
    assert parse_qsl(urlsplit(axis.attrs["href"]).query) == [("q", "social")]


def test_several_axes_and_levels_are_taken_together(search_for):
    document = search_for(q="social", axe=["5", "6"], niveau=["priorite", "axe"])
    assert {code.removeprefix("Axe ")[0] for code in found(document)} == {"5", "6"}
    assert [field.attrs["value"] for field in document.query(".search input[type=hidden]")] == [
        "5",
        "6",
        "axe",
        "priorite",
    ]


def test_results_are_paged_by_twenty_and_pages_keep_the_rest(search_for):
    first = search_for(q="de", niveau=["axe", "enjeu", "priorite", "objectif-operationnel", "objectif-strategique"])
    assert len(found(first)) == 20
    (following,) = first.query(".pager a[rel=next]")
    asked = parse_qsl(urlsplit(following.attrs["href"]).query)
    assert ("page", "2") in asked
    assert ("niveau", "enjeu") in asked
    second = search_for(q="de", page="2")
    assert found(second)
    assert not set(found(first)) & set(found(second))


@pytest.mark.parametrize("number", ["abc", "0", "-1", "999999", "1e9", "9" * 5_000, "", "٣"])
def test_a_page_that_does_not_exist_is_another_one(search_for, number):
    assert found(search_for(q="santé", page=number))


@pytest.mark.parametrize(
    "parameters",
    [
        {"axe": "99"},
        {"axe": "\x00"},
        {"niveau": "inconnu"},
        {"axe": ["5", "5", "zz"]},
        {"niveau": "\u202eetoirp"},
        {"autre": "x"},
        {"axe": "A" * 5_000},
    ],
)
def test_unknown_filters_are_ignored(search_for, parameters):
    assert search_for(q="éducatif", **parameters)


def test_a_very_long_query_is_cut_and_the_page_says_so(search_for):
    document = search_for(q="santé " * 2_000)
    assert "200 premiers caractères" in text(document.query(".note")[0])
    assert len(document.query(".search input[type=search]")[0].attrs["value"]) <= 200
    assert found(document)


def test_an_empty_search_proposes_words_that_find_something(search_for):
    examples = links(search_for(), ".chips a")
    assert len(examples) >= 5
    for address in examples:
        assert found(search_for(**dict(parse_qsl(urlsplit(address).query))))


def test_a_search_without_result_helps(search_for):
    document = search_for(q="snaté")
    (suggestion,) = links(document, ".empty a")
    assert found(search_for(**dict(parse_qsl(urlsplit(suggestion).query))))
    assert len(document.query(".browse a")) == 8


def test_filters_that_hide_everything_can_be_taken_away(search_for):
    (address,) = links(search_for(q="parentale", axe="7"), ".empty a")
    assert found(search_for(**dict(parse_qsl(urlsplit(address).query))))[0] == "5.2.4"


def test_every_kind_counts_the_list_that_it_opens_and_comes_with_its_place(search_for, node):
    gravigny = TerritoryFactory(name="Gravigny")
    for title in ("Jardin partagé de Gravigny", "Atelier vélo"):
        project = ProjectFactory(title=title, serves=[node("5.2.1")])
        Place.objects.create(project=project, territory=gravigny)
    ProjectFactory(title="Gravigny en secret", status=ProjectStatus.DRAFT)
    document = search_for(q="Gravigny")
    assert "secret" not in document.to_text()
    assert "Gravigny" in text(document.query(".hits .trail")[-1])
    kinds = document.query(".facets a")
    assert len(kinds) >= 2
    for anchor in kinds:
        narrowed = search_for(**dict(parse_qsl(urlsplit(anchor.attrs["href"]).query)))
        assert len(narrowed.query(".hits h3")) == int(text(anchor.query(".n")[0]).split()[0])
        assert [text(chosen.query(".name")[0]) for chosen in narrowed.query("[aria-current=true]")] == [
            text(anchor.query(".name")[0])
        ]


def test_a_value_that_means_nothing_is_set_aside_and_said(search_for):
    notes = [text(note) for note in search_for(q="social", type="zz", axe="99").query(".note.warn")]
    assert [note.split()[0] for note in notes] == ["Type", "Axe"]
    assert "orientations" in text(search_for(q="social", type="projets", axe="5").query(".note.warn")[0])


def test_what_is_typed_is_answered_in_json_that_only_a_stranger_may_keep(founding, officer_client):
    client = Client()
    ProjectFactory(title="Ludothèque des bords de l’Iton")
    answer = client.get(reverse("axes:suggestions"), {"q": "ludoth"})
    assert [hit["kind"] for hit in answer.json()["hits"]] == ["Projet"]
    assert answer.json()["said"] == "1\u00a0proposition"
    assert "public" in answer.headers["Cache-Control"]
    assert "Cookie" in answer.headers["Vary"]
    assert client.get(reverse("axes:suggestions")).json()["hits"] == []
    known = officer_client.get(reverse("axes:suggestions"), {"q": "ludoth"})
    assert known.headers["Cache-Control"] == "no-store, private"
    page = officer_client.get(reverse("axes:search"), {"q": "ludoth"})
    assert page.headers["Cache-Control"] == "no-store, private"


def test_a_page_of_results_is_not_for_crawlers(search_for):
    (robots,) = search_for(q="santé").query("meta[name=robots]")
    assert robots.attrs["content"] == "noindex"


def test_nothing_is_found_of_a_framework_in_preparation(search_for, founding):
    founding.status = FrameworkStatus.DRAFT
    founding.save()
    document = search_for(q="santé")
    assert not found(document)
    assert "Aucun cadre n’est en vigueur" in text(document.query(".empty")[0])


def test_a_search_costs_the_same_however_much_it_finds(client, founding, node, django_assert_num_queries):
    address = reverse("axes:search")
    for number in (1, 12):
        for _ in range(number):
            ProjectFactory(title="Ludothèque", serves=[node("5.2.1")])
        client.get(address, {"q": "ludothèque"})  # writes the entries
        with django_assert_num_queries(6):
            client.get(address, {"q": "ludothèque"})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(q=st.text(max_size=300), axe=st.text(max_size=5), page_number=st.text(max_size=5))
def test_any_text_is_answered(client, founding, q, axe, page_number):
    asked = {"q": q, "axe": axe, "page": page_number}
    assert client.get(reverse("axes:search"), asked, follow=True).status_code == 200
