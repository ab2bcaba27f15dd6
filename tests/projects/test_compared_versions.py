"""Two versions of the framework, or two of its days, compared on screen, on a sheet and on paper."""

import csv
import datetime
import io

import pytest
from django.core.exceptions import ValidationError

from axes import actions
from axes.models import Descent, Framework, Orientation
from cohesion.lib.spreadsheets import read_workbook
from tests.costs import cost
from tests.factories import FrameworkFactory, OrientationFactory, ProgrammeFactory, ProjectFactory
from tests.pages import squeezed
from tests.pdf import tagged, text_of

pytestmark = pytest.mark.django_db
FORMATS = ("xlsx", "ods", "csv", "pdf")


@pytest.fixture
def following(founding, officer):
    """The next version: one reworded, one moved, one beside its siblings, one split, two merged, one gone, one new."""
    version = actions.prepare_next_version(framework=founding, by=officer)
    node = {orientation.code: orientation for orientation in version.orientations.all()}
    was = {orientation.code: orientation for orientation in founding.orientations.all()}
    reworded = node["5.2.2"]
    reworded.title = "=Développer la pratique du théâtre"
    actions.save_orientation(orientation=reworded, by=officer)
    actions.move_orientation(orientation=node["1.1.2"], target=node["2.1"], position="last-child", by=officer)
    actions.move_orientation(orientation=node["5.2.3"], target=node["5.2.1"], position="left", by=officer)
    for code in ("7.1.1", "8.1.3", "8.1.4"):
        actions.delete_orientation(orientation=node[code], by=officer)
    halves = [
        OrientationFactory(parent=Orientation.objects.get(pk=node["7.1"].pk), level="operational", code=code)
        for code in ("7.1.8", "7.1.9")
    ]
    decided = [("7.1.1", halves[0]), ("7.1.1", halves[1]), ("8.1.3", node["8.1.2"])]
    for code, successor in decided:
        Descent.objects.create(framework=version, former=was[code], successor=successor)
    OrientationFactory(parent=Orientation.objects.get(pk=node["3.1"].pk), level="operational", code="3.1.9")
    return Framework.objects.get(pk=version.pk)


@pytest.fixture
def adopted(founding, following, officer):
    actions.put_in_force(framework=following, adopted_on=datetime.date(2027, 1, 15), deliberation="D-9", by=officer)
    return Framework.objects.get(pk=following.pk)


def address(former, latter, **more):
    query = "".join(f"&{name}={value}" for name, value in more.items())
    return f"/cadre/comparer/?de={former}&a={latter}{query}"


def kinds(page):
    return {label: number for label, number, *_ in page.context["counts"]}


def test_the_page_says_what_became_of_each_and_each_count_leads_to_its_rows(client, founding, node, adopted):
    ProjectFactory(serves=[node("8.1.4")])
    page = client.get(address(founding.slug, adopted.slug))
    expected = {"Reformulée": 1, "Déplacée": 2, "Scindée": 1, "Fusionnée": 1, "Supprimée": 2, "Nouvelle": 1}
    counts = kinds(page)
    assert {label: counts[label] for label in expected} == expected
    text = squeezed(page.text)
    for words in (
        "Était sous 1.1, est sous 2.1.",
        "A changé de place parmi ses voisines.",
        '<ins><span class="visually-hidden">[ajouté',
        "1\u00a0projet public y répondait",
    ):
        assert words in text, words
    for label, number, link, _ in page.context["counts"]:
        rows = client.get(link.partition("#")[0]).context["rows"]
        assert len(rows) == number, label
    backwards = kinds(client.get(page.context["swapped"]))
    assert (backwards["Supprimée"], backwards["Nouvelle"]) == (1, 2)
    assert (backwards["Scindée"], backwards["Fusionnée"]) == (1, 1)
    axis = client.get(address(founding.slug, adopted.slug, axe="8"))
    assert sorted(kind for row in axis.context["rows"] for kind in row.kinds) == ["dropped", "merged"]


def test_the_files_say_the_same_and_run_nothing(client, founding, adopted):
    query = address(founding.slug, adopted.slug).partition("?")[2]
    shown = client.get(f"/cadre/comparer/?{query}").context["rows"]
    for format in FORMATS:
        file = client.get(f"/cadre/comparer/export.{format}?{query}")
        content = b"".join(file.streaming_content) if file.streaming else file.content
        if format == "pdf":
            tagged(content, "Comparaison de deux versions du cadre")
            words = squeezed(text_of(content)).replace("\u00a0", " ")
            assert all(part in words for part in ("Reformulée : 1", "délibération D-9", "du théâtre"))
            continue
        if format == "csv":
            rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
            assert len(rows) == len(shown)
            (reworded,) = (row for row in rows if row["nature"] == "Reformulée")
            assert reworded["texte_apres"] == "'=Développer la pratique du théâtre"
            assert reworded["texte_avant"].startswith("Développer la pratique culturelle")
        else:
            assert len(read_workbook(content, f"x.{format}").sheet.rows) == len(shown) + 1
    assert client.get(f"/cadre/comparer/export.doc?{query}").status_code == 404
    assert client.get("/cadre/comparer/export.csv").status_code == 404


def test_what_means_nothing_is_set_aside_and_said(client, founding, adopted):
    for odd in ("rien", "comparer@2026-01-01", "@", "x@y@z"):
        page = client.get(address(odd, adopted.slug))
        assert page.status_code == 200
        assert page.context["reading"].comparison is None
    assert "ne désigne aucune version" in client.get(address("rien", adopted.slug)).text
    for day in ("2999-01-01", "hier"):
        assert "n’est pas un jour passé" in client.get(address(f"{founding.slug}@{day}", adopted.slug)).text
    assert "n’a pas encore d’histoire" in client.get(address(f"{founding.slug}@2001-01-01", adopted.slug)).text
    page = client.get(address(founding.slug, adopted.slug, axe="99", nature="autre")).text.replace("\u00a0", " ")
    assert "Axe : « 99 » ne désigne rien" in page
    assert "Nature : « autre » ne désigne rien" in page
    assert "Rien n’a changé" in client.get(address(founding.slug, founding.slug)).text
    asked = client.get(f"/cadre/comparer/?de={founding.slug}&de_le=2026-01-02&a={adopted.slug}&axe=5")
    assert asked.status_code == 302
    assert f"de={founding.slug}%402026-01-02&a={adopted.slug}" in asked.headers["Location"]
    with pytest.raises(ValidationError, match="déjà une page"):
        Framework(name="Cadre", slug="comparer").full_clean()


def test_a_draft_is_compared_by_officers_alone_and_kept_by_nobody(client, founding, following, officer):
    shown = client.get(address(founding.slug, following.slug))
    assert shown.context["reading"].comparison is None
    assert following.name not in {version.slug for version in shown.context["versions"]}
    assert following.slug not in [version.slug for version in shown.context["versions"]]
    query = address(founding.slug, following.slug).partition("?")[2]
    assert client.get(f"/cadre/comparer/export.pdf?{query}").status_code == 404
    client.force_login(officer)
    page = client.get(address(founding.slug, following.slug))
    assert kinds(page)["Scindée"] == 1
    assert page.headers["Cache-Control"] == "no-store, private"


def test_what_shares_nothing_is_shown_side_by_side(client, founding):
    strange, beside = FrameworkFactory(), FrameworkFactory(programme=ProgrammeFactory())
    for framework in (strange, beside):
        OrientationFactory(framework=framework, title="D’ailleurs")
    Framework.objects.filter(pk=strange.pk).update(status="archived")
    Framework.objects.filter(pk=beside.pk).update(status="in_force")
    page = client.get(address(founding.slug, strange.slug))
    assert "n’ont aucune orientation en commun" in page.text
    assert "D’ailleurs" in page.text
    assert "de deux programmes" in client.get(address(founding.slug, beside.slug)).text


def test_a_comparison_costs_the_same_for_few_and_for_many(client, founding, adopted):
    Framework.objects.update(is_locked=False)
    costs = []
    for number in (1, 1, 5):
        for _ in range(number):
            OrientationFactory(parent=adopted.orientations.get(code="7.1"), level="operational")
        ProjectFactory(serves=[founding.orientations.get(code="8.1.4")])
        costs.append(cost(address(founding.slug, adopted.slug)))
    first, *again = costs  # the first reads the archived framework, which is kept
    assert again[0] == again[1] < first <= 14
    tag = client.get(address(founding.slug, adopted.slug)).headers["ETag"]
    assert client.get(address(founding.slug, adopted.slug), headers={"If-None-Match": tag}).status_code == 304
