"""The public pages of the framework: what they say, to whom, and what they cost."""

import datetime
import re
from html.parser import HTMLParser

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from justhtml import JustHTML

from axes import actions, tree
from axes.choices import FrameworkStatus
from axes.levels import Level
from axes.models import Framework, Orientation
from tests.axes.test_document import founding_words
from tests.costs import cost
from tests.factories import FrameworkFactory, OrientationFactory, ProjectFactory, UserFactory
from tests.pages import squeezed, without_acronym_links

pytestmark = pytest.mark.django_db
PAGES = [
    "/cadre/",
    "/cadre/?ouvert=rien",
    "/cadre/?texte=corrige",
    "/cadre/?niveau=enjeu",
    "/cadre/cst-gea/",
    "/orientations/1/",
    "/orientations/2.1.2/",
    "/orientations/5.2.3-a/",
    "/orientations/8.1.1/",
    "/cadre/cst-gea/orientations/2.1.2/",
]


class Wordings(HTMLParser):
    """The text of the elements of class ``wording`` inside the document's table, in order."""

    VOID = frozenset({"meta", "link", "col", "br", "input"})

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[tuple[bool, bool]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag, attributes):
        if tag in self.VOID:
            return
        in_table, in_wording = self.stack[-1] if self.stack else (False, False)
        classes = (dict(attributes).get("class") or "").split()
        self.stack.append((in_table or "doc" in classes, in_wording or "wording" in classes))

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            self.stack.pop()

    def handle_data(self, data):
        if self.stack and all(self.stack[-1]):
            self.text.append(data)


def table_words(response):
    reader = Wordings()
    reader.feed(without_acronym_links(response.text))
    return " ".join(reader.text).split()


def queries(client, address, **headers):
    client.get("/cadre/")  # what is asked once a process
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address, headers=headers)
    return response, len(captured)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_well_formed_and_leaves_no_cookie(client, founding, address):
    response = client.get(address)
    assert response.status_code == 200
    JustHTML(response.text, strict=True)
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    assert response.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "style=" not in response.text


def test_the_table_says_the_document_word_for_word(client, founding):
    assert table_words(client.get("/cadre/")) == founding_words()


def test_the_corrected_table_says_the_display_forms(client, founding):
    words = " ".join(table_words(client.get("/cadre/?texte=corrige")))
    assert "Axe 5. Éducation" in words
    assert "TRANQUILITE" not in words


def test_the_outline_shows_every_orientation_open(client, founding):
    page = squeezed(client.get("/cadre/").text)
    branches = sum(1 for node in founding.orientations.all() if not node.is_leaf_node())
    assert page.count("<details data-code=") == page.count(" open><summary>") == branches
    assert page.count('class="count"') == 64


def test_what_the_database_holds_is_never_markup(client, founding, node):
    wicked = "<i>L\"eau</i> & 'sel'"
    for code in ("2", "2.1", "2.1.2-a"):
        one = node(code)
        one.title, one.corrected_title, one.label = wicked, f"Forme : {wicked}", "<u>"
        one.save()
    for address in ("/", "/cadre/", "/cadre/?texte=corrige", "/cadre/?niveau=priorite", "/orientations/2/"):
        page = client.get(address)
        assert "<i>" not in page.text
        assert "<u>" not in page.text
        JustHTML(page.text, strict=True)
    assert table_words(client.get("/cadre/")).count("<u>") == 3


def test_a_count_that_changes_changes_its_axis_only_and_at_once(client, founding, node):
    def shown():
        return re.sub(r"Révision \d+", "", squeezed(client.get("/cadre/").text))  # which each write raises

    before = shown()
    project = ProjectFactory(serves=[node("2.1.2")])
    assert shown().count("<b>1</b>") == 3  # the objective and what is above it
    project.delete()
    assert shown() == before


@pytest.mark.parametrize(
    ("query", "opened"),
    [
        ("ouvert=rien", set()),
        ("ouvert=", set()),
        ("ouvert=3", {"3"}),
        ("ouvert=2.1.2", {"2", "2.1", "2.1.2"}),
        ("ouvert=5.e1,inconnu", {"5", "5.E1"}),
    ],
)
def test_the_address_says_which_branches_are_open(client, founding, query, opened):
    page = squeezed(client.get(f"/cadre/?{query}").text)
    shown = {code for code in founding.orientations.values_list("code", flat=True) if f'"{code}" open>' in page}
    assert shown == opened


def test_the_address_says_which_branches_are_closed(client, founding):
    page = squeezed(client.get("/cadre/?ferme=5.2,1").text)
    assert '"5.2" open>' not in page
    assert '"1" open>' not in page
    assert '"5.3" open>' in page


def test_each_level_has_its_list(client, founding):
    page = squeezed(client.get("/cadre/?niveau=objectif-strategique").text)
    assert "10\u00a0objectifs stratégiques</h2>" in page
    assert page.count('<p class="why">') == 10


def test_the_page_of_the_framework_costs_few_queries_whatever_its_size(client, founding):
    Client().get("/cadre/")  # what is kept of a framework
    small = cost("/cadre/")
    roots = [
        tree.NewNode(
            {"code": f"A{a}", "level": Level.AXIS, "title": f"Axe {a}"},
            [
                tree.NewNode({"code": f"A{a}.{n}", "level": Level.OPERATIONAL, "title": f"Objectif {n}"})
                for n in range(30)
            ],
        )
        for a in range(10)
    ]
    wide = FrameworkFactory(slug="large", status=FrameworkStatus.ARCHIVED)
    tree.load(wide, roots)
    assert (small, cost("/cadre/large/")) == (1, 4)  # three to read a framework and who serves it, once a revision
    assert squeezed(client.get("/cadre/large/").text).count('class="count"') == 310


@pytest.mark.parametrize("code", ["1", "2.1.2", "5.2.3-a", "8.1.1"])
def test_the_page_of_an_orientation_costs_the_same_wherever_it_stands(client, founding, code):
    first, again = cost(f"/orientations/{code}/"), cost(f"/orientations/{code}/")
    assert (first, again) == (28, 9)  # the mark of a demonstration, the framework and who serves it are kept


def test_who_holds_the_page_already_costs_one_query(client, founding):
    for address in ("/cadre/", "/orientations/2.1.2/", "/cadre/export.json"):
        known = client.get(address).headers["ETag"]
        response, cost = queries(client, address, **{"If-None-Match": known})
        assert (response.status_code, cost, response.content) == (304, 1, b""), address


def test_a_change_of_the_tree_or_of_a_version_changes_the_page(client, founding, node):
    known = client.get("/cadre/").headers["ETag"]
    node("1.1.1").move_to(node("2.1"), "first-child")
    moved = client.get("/cadre/", headers={"If-None-Match": known})
    assert moved.status_code == 200
    FrameworkFactory(status=FrameworkStatus.ARCHIVED)
    assert client.get("/cadre/").headers["ETag"] not in {known, moved.headers["ETag"]}


def test_without_a_framework_in_force_the_page_says_what_to_do(client, db):
    page = client.get("/cadre/")
    assert page.status_code == 200
    assert "Aucun cadre n’est en vigueur" in page.text
    assert client.get("/orientations/1/").status_code == 404
    assert client.get("/cadre/export.csv").status_code == 404


def test_a_framework_in_preparation_does_not_exist_for_a_stranger(client, founding):
    draft = actions.prepare_next_version(framework=founding, by=None)
    addresses = ["", "orientations/1/", "export.json"]
    client.force_login(UserFactory())
    for address in addresses:
        assert client.get(f"/cadre/{draft.slug}/{address}").status_code == 404


def test_a_framework_in_preparation_is_read_by_officers_and_kept_by_no_cache(officer_client, founding):
    draft = actions.prepare_next_version(framework=founding, by=None)
    for address in ("", "orientations/2.1.2/", "export.json"):
        response = officer_client.get(f"/cadre/{draft.slug}/{address}")
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-store, private"
        assert "ETag" not in response.headers


def test_an_archived_framework_stays_readable_at_its_own_address(client, founding):
    founding.status = FrameworkStatus.ARCHIVED
    founding.save()
    page = client.get("/cadre/cst-gea/")
    assert "n’est plus en vigueur" in squeezed(page.text)
    assert 'href="/cadre/cst-gea/orientations/2.1.2/"' in page.text
    assert 'href="/cadre/cst-gea/"' in squeezed(client.get("/cadre/").text)
    assert client.get("/orientations/2.1.2/").status_code == 404


def test_the_page_of_an_orientation_shows_where_it_stands(client, founding):
    page = squeezed(client.get("/orientations/2.1.2/").text)
    for code in ("2", "2.1", "2.1.2-a", "2.1.2-b", "2.1.1", "2.1.3"):
        assert f'href="/orientations/{code}/"' in page
    assert 'rel="prev"' in page
    assert "http://testserver/orientations/2.1.2/</p>" in page


@pytest.mark.parametrize(
    ("code", "previous", "following"),
    [("1", None, "1.1"), ("2", "1.1.3-a", "2.1"), ("2.1.2", "2.1.1-a", "2.1.2-a"), ("8.1-b", "8.1-a", None)],
)
def test_neighbours_follow_the_document(client, founding, code, previous, following):
    page = squeezed(client.get(f"/orientations/{code}/").text)
    order = list(founding.orientations.in_order().values_list("code", flat=True))
    place = order.index(code)
    assert (order[place - 1] if place else None) == previous or code == "8.1-b"
    for relation, offset in (("prev", -1), ("next", 1)):
        there = 0 <= place + offset < len(order)
        link = f'href="/orientations/{order[place + offset]}/" rel="{relation}"' if there else f'rel="{relation}"'
        assert (link in page) == there


def test_a_merged_cell_and_its_objectives_lead_to_each_other(client, founding):
    merged = squeezed(client.get("/orientations/5.2.3-a/").text)
    assert "S’applique à" in merged
    assert 'href="/orientations/5.2.2/"' in merged
    objective = squeezed(client.get("/orientations/5.2.2/").text)
    assert "Priorité partagée" in objective
    assert 'href="/orientations/5.2.3-a/"' in objective


def test_the_adopted_text_stands_to_the_letter_beside_its_corrected_form(client, founding):
    page = squeezed(client.get("/orientations/6/").text)
    assert "<blockquote" in page
    assert "AXE 6 TRANQUILITE PUBLIQUE : l&#x27;accent sur le lien social" in page
    assert "<h1>Tranquillité publique\u00a0: l’accent sur le lien social</h1>" in page


def test_a_code_in_the_wrong_case_leads_to_the_right_address(client, founding):
    response = client.get("/orientations/5.e1/")
    assert (response.status_code, response.headers["Location"]) == (301, "/orientations/5.E1/")
    response = client.get("/cadre/cst-gea/orientations/5.2.3-A/")
    assert response.headers["Location"] == "/cadre/cst-gea/orientations/5.2.3-a/"


def test_an_unknown_code_is_not_found(client, founding):
    assert client.get("/orientations/9.9/").status_code == 404


def test_a_former_code_leads_to_the_present_one(client, founding, node):
    one = node("2.1.3")
    one.code = "2.1.9"
    one.save()
    response = client.get("/orientations/2.1.3/")
    assert (response.status_code, response.headers["Location"]) == (301, "/orientations/2.1.9/")


def test_a_code_that_changed_hands_says_so(client, founding, node):
    for old, new in (("2.1.3", "2.1.9"), ("2.1.1", "2.1.3")):
        one = node(old)
        one.code = new
        one.save()
    page = squeezed(client.get("/orientations/2.1.3/").text)
    assert "le code 2.1.3 désignait une autre orientation" in page
    assert 'devenue <a href="/orientations/2.1.9/">2.1.9</a>' in page
    assert "Code 2.1.1 remplacé par 2.1.3." in page


def test_the_history_tells_what_changed_and_when_but_not_who(client, founding, node, officer):
    with time_machine.travel(datetime.datetime(2030, 5, 1, 9, tzinfo=datetime.UTC)):
        one = node("2.1.2-b")
        one.corrected_title = "Développement du Fonds"
        actions.save_orientation(orientation=one, by=officer, reason="Demandé par le service")
        actions.move_orientation(orientation=node("2.1.2-b"), target=node("2.1.3"), position="last-child", by=officer)
    page = squeezed(client.get("/orientations/2.1.2-b/").text)
    assert "1<sup>er</sup>\u00a0mai 2030" in page
    assert "Forme affichée corrigée" in page
    assert "Développement du Fond de soutien" in page
    assert "Déplacée de 2.1.2 vers 2.1.3." in page
    assert officer.username not in page
    assert "Demandé par le service" not in page


def test_what_was_tried_before_the_adoption_is_nobodys_business(client, db):
    axis = OrientationFactory(code="1", title="Premier essai")
    axis.title = "Texte adopté"
    axis.code = "7"
    axis.save()
    framework = axis.framework
    framework.status, framework.adopted_on = FrameworkStatus.IN_FORCE, datetime.date(2026, 3, 1)
    framework.save()
    page = squeezed(client.get("/orientations/7/").text)
    assert "Premier essai" not in page
    assert "1<sup>er</sup>\u00a0mars 2026" in page
    assert client.get("/orientations/1/").status_code == 404


def test_an_axis_alone_has_a_page(client, db):
    FrameworkFactory(status=FrameworkStatus.IN_FORCE)
    axis = OrientationFactory(framework=Framework.objects.get(), code="Z9", title="<b>Balises & co</b>")
    page = client.get(f"/orientations/{axis.code}/")
    JustHTML(page.text, strict=True)
    assert "<b>Balises" not in page.text
    assert Orientation.objects.count() == 1


@pytest.mark.parametrize("format", ["csv", "xlsx", "ods", "json", "docx", "pdf"])
@pytest.mark.parametrize("place", ["/cadre/", "/cadre/cst-gea/"])
def test_the_framework_is_given_as_a_file(client, founding, place, format):
    response = client.get(f"{place}export.{format}")
    assert response.status_code == 200
    assert response.headers["Content-Disposition"] == f'attachment; filename="cst-gea.{format}"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["ETag"]
    assert response.content


def test_a_format_that_is_not_offered_is_not_found(client, founding):
    assert client.get("/cadre/export.exe").status_code == 404


@pytest.mark.parametrize("address", ["/", "/cadre/", "/orientations/1/", "/cadre/export.csv"])
def test_public_pages_are_only_read(client, founding, address):
    assert client.post(address).status_code == 405


@pytest.mark.parametrize(
    "address", ["/orientations/1%00/", "/cadre/x%00/", "/projets/?q=%00", "/recherche/?q=a%00b", "/territoires/%00/"]
)
def test_a_nul_in_an_address_is_never_an_error(client, founding, address):
    assert client.get(address, follow=True).status_code in (200, 404)


def test_whatever_you_have_is_no_state(client, founding):
    assert client.get("/orientations/nulle-part/", headers={"if-none-match": "*"}).status_code == 404
    assert client.get("/cadre/", headers={"if-none-match": "*"}).status_code == 200
