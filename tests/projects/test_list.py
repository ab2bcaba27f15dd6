"""The list of projects: its filters agree with a naive reading of the rows, and its files hold exactly its rows."""

import csv
import datetime
import io
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from axes.models import Orientation
from cohesion.lib.text import fold
from projects.choices import PUBLIC_STATUSES, ProjectKind, ProjectStatus, TerritoryKind
from projects.models import Project, Scheme
from tests.factories import OfficerFactory, OrganizationFactory, ProjectFactory, TerritoryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-25 12:00+01:00")]
LIST = "/projets/"


@pytest.fixture
def programme(founding, node):
    """A small programme with something for each filter to tell apart."""
    gravigny, evreux = TerritoryFactory(code="27299", name="Gravigny"), TerritoryFactory(code="27229", name="Évreux")
    quarter = TerritoryFactory(code="QP1", name="La Madeleine", kind=TerritoryKind.PRIORITY_QUARTER, parent=evreux)
    lead = OrganizationFactory(name="Les Deux Rives")
    pst = ProjectFactory(
        kind=ProjectKind.PST,
        title="PST du plateau",
        serves=[node("1.1.1-a")],
        located_in=[gravigny, evreux],
        ends_on=None,
    )
    ProjectFactory(kind=ProjectKind.PRH, host=pst, serves=[node("1.1.3-a"), node("2.1.2-a")], located_in=[gravigny])
    tutoring = ProjectFactory(
        title="Accompagnement à la scolarité",
        host=pst,
        organization=lead,
        serves=[node("5.2.1-b"), node("5.2.1")],
        located_in=[evreux, quarter],
        status=ProjectStatus.CLOSED,
        starts_on=datetime.date(2024, 9, 1),
        ends_on=datetime.date(2025, 6, 30),
    )
    tutoring.schemes.add(Scheme.objects.create(code="REP"))
    ProjectFactory(title="Écoles ouvertes", serves=[node("5.2.2")], organization=lead)
    ProjectFactory(title="Brouillon secret", serves=[node("5.2.2")], status=ProjectStatus.DRAFT)
    ProjectFactory(title="Refusée", serves=[node("7.1")], status=ProjectStatus.REFUSED)
    return {"lead": lead}


def listed(client, query="?annee=toutes"):
    page = client.get(LIST + query).context["page"]
    return {project.title for project in page.object_list}


def naive(predicate):
    return {p.title for p in Project.objects.all() if p.status in PUBLIC_STATUSES and predicate(p)}


def codes(project):
    return [link.orientation.code for link in project.contributions.all()]


def communes(project):
    return [territory.code for territory in project.territories.all()]


CASES = {
    "": lambda p: True,
    "?axe=5": lambda p: any(code.startswith("5") for code in codes(p)),
    "?orientation=5.2.1": lambda p: any(code.startswith("5.2.1") for code in codes(p)),
    "?orientation=5.2.1&compter=direct": lambda p: "5.2.1" in codes(p),
    "?nature=prh": lambda p: p.kind == "prh",
    "?pst=hors": lambda p: p.kind == "action" and p.host_id is None,
    "?pst=avec": lambda p: p.host_id is not None,
    "?nature=action&pst=avec": lambda p: p.kind == "action" and p.host_id is not None,
    "?commune=27299": lambda p: "27299" in communes(p),
    "?quartier=QP1": lambda p: "QP1" in communes(p),
    "?annee=2025": lambda p: p.starts_on.year <= 2025 and (p.ends_on is None or p.ends_on.year >= 2025),
    "?annee=2027": lambda p: p.ends_on is None,
    "?etat=closed": lambda p: p.status == "closed",
    "?dispositif=REP": lambda p: p.schemes.filter(code="REP").exists(),
    "?q=ECOLE": lambda p: "ecole" in fold(p.title),
    "?q=deux+rives": lambda p: p.organization.name == "Les Deux Rives",
    "?axe=5&commune=27229": lambda p: "27229" in communes(p) and any(c.startswith("5") for c in codes(p)),
}


@pytest.mark.parametrize("query", CASES)
def test_a_filter_shows_what_a_naive_reading_of_the_rows_shows(client, programme, query):
    """In the present year unless another is asked, or all."""
    if "annee" in query:
        assert listed(client, query) == naive(CASES[query])
        return
    assert listed(client, f"{query or '?'}&annee=toutes") == naive(CASES[query])
    assert listed(client, query) == naive(lambda p: CASES[query](p) and (p.ends_on is None or p.ends_on.year == 2026))


def test_a_lead_is_filtered_by_its_number(client, programme):
    assert listed(client, f"?porteur={programme['lead'].pk}&annee=toutes") == {
        "Accompagnement à la scolarité",
        "Écoles ouvertes",
    }


def test_the_count_beside_a_choice_is_the_length_of_its_list(client, programme):
    page = client.get(f"{LIST}?axe=5&annee=toutes")
    for name, options in page.context["choices"].items():
        for option in options:
            others = {"axe": "5", "annee": "toutes"} | {name: option.value}
            query = f"?{urlencode(others)}"
            assert client.get(LIST + query).context["page"].paginator.count == option.count, (name, option)


def test_the_files_hold_exactly_the_rows_of_the_list(client, programme):
    for query in ("", "?axe=5", "?annee=toutes", "?annee=2025", "?commune=27299"):
        text = client.get(reverse("projects:export", args=["csv"]) + query).getvalue().decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
        assert {row["titre"] for row in rows} == listed(client, query)
    (row,) = [row for row in rows if row["type"] == "PRH"]
    assert (row["objectifs"], row["objectifs_secondaires"], row["communes"]) == ("1.1.3-a|2.1.2-a", "2.1.2-a", "27299")
    assert "budget" not in row


def test_what_was_not_retained_is_nowhere(client, programme):
    hidden = Project.objects.exclude(status__in=PUBLIC_STATUSES)
    for project in hidden:
        assert client.get(reverse("projects:detail", args=[project.code])).status_code == 404
        assert project.title not in client.get(f"{LIST}?annee=toutes&q={project.code}").content.decode()
        assert project.title not in client.get("/projets/export.csv?annee=toutes").getvalue().decode()


@pytest.mark.parametrize(
    "query",
    ["?axe=99", "?axe=5.2", "?nature=x", "?annee=abc", "?annee=99999", "?commune=%00", "?porteur=" + "9" * 30,
     "?etat=draft", "?page=abc", "?page=-3", "?tri=x", "?q=%E2%80%AE", "?q=" + "a" * 3000, "?dispositif=' OR 1",
     "?pst=oui"],
)  # fmt: skip
def test_an_odd_parameter_is_never_an_error(client, programme, query):
    response = client.get(LIST + query, follow=True)
    assert response.status_code == 200
    assert "Brouillon secret" not in response.content.decode()


def test_a_filter_that_means_nothing_is_said(client, programme):
    assert "ce filtre est laissé de côté" in client.get(f"{LIST}?axe=99").content.decode()


def cost(address):
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(address).getvalue()
    return len(captured)


def test_no_page_costs_more_queries_with_sixty_projects_than_with_five(client, founding, node):
    lead, place = OrganizationFactory(), TerritoryFactory()
    pst = ProjectFactory(kind=ProjectKind.PST, serves=[node("1.1.1-a")], located_in=[place], organization=lead)
    pages = ["/projets/", "/projets/?q=essai&tri=-date&annee=2025", "/projets/export.csv", f"/projets/{pst.code}/"]

    def add(number):
        for _ in range(number):
            served = [node("5.2.2"), node("7.1")]
            ProjectFactory(host=pst, serves=served, located_in=[TerritoryFactory()], organization=lead)

    add(4)
    client.get(pages[1])  # what is asked once a process, and what is stale written again
    few = [cost(page) for page in pages]
    add(55)
    client.get(pages[1])
    assert [cost(page) for page in pages] == few
    assert max(few) <= 28


def test_a_sheet_that_is_not_public_is_for_who_may_read_projects(client, programme):
    draft = Project.objects.get(title="Brouillon secret")
    address = reverse("projects:detail", args=[draft.code])
    assert client.get(address).status_code == 404
    client.force_login(OfficerFactory())
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store, private"
    assert "ETag" not in response.headers


def test_the_sheet_leads_whoever_reads_the_instruction_to_the_file(client, programme):
    running = Project.objects.filter(status=ProjectStatus.RUNNING).first()
    address, link = (
        reverse("projects:detail", args=[running.code]),
        reverse("projects:instruction_file", args=[running.pk]),
    )
    assert link not in client.get(address).text
    client.force_login(OfficerFactory())
    assert link in client.get(address).text
    assert client.get(link).status_code == 200


def test_a_pst_that_is_not_public_is_named_nowhere(client, programme):
    Project.objects.filter(kind="pst").update(status=ProjectStatus.DRAFT)
    child = Project.objects.filter(kind="prh").get()
    assert "PST du plateau" not in client.get(reverse("projects:detail", args=[child.code])).text
    rows = csv.DictReader(io.StringIO(client.get("/projets/export.csv").getvalue().decode("utf-8-sig")), delimiter=";")
    assert {row["pst"] for row in rows} == {""}


@pytest.mark.parametrize(
    ("order", "key"),
    [("titre", lambda p: fold(p.title)), ("code", lambda p: p.code), ("porteur", lambda p: p.organization.name)],
)
def test_the_list_and_its_file_stand_in_the_order_asked_for(client, programme, order, key):
    expected = [p.title for p in sorted(Project.objects.published(), key=lambda p: (key(p), p.code))]
    asked = f"?annee=toutes&tri={order}"
    assert [p.title for p in client.get(f"{LIST}{asked}").context["page"]] == expected
    text = client.get(f"/projets/export.csv{asked}").getvalue().decode("utf-8-sig")
    assert [row["titre"] for row in csv.DictReader(io.StringIO(text), delimiter=";")] == expected
    turned = [key(p) for p in client.get(f"{LIST}?annee=toutes&tri=-{order}").context["page"]]
    assert turned == sorted(turned, reverse=True)


def test_the_list_stands_by_what_is_granted_for_who_may_read_it(client, founding, node, settings):
    for code, amount in (("ACT-1", 500), ("ACT-2", None), ("ACT-3", 9000)):
        project = ProjectFactory(code=code, serves=[node("5.2.1")])
        Project.objects.filter(pk=project.pk).update(granted=amount)
    founding.refresh_from_db()

    def order(query):
        page = client.get(f"{LIST}?annee=toutes&{query}")
        return (
            [project.code for project in page.context["page"]],
            "9\u202f000" in page.text,
            "tri=-accorde" in page.text,
        )

    assert order("") == (["ACT-1", "ACT-2", "ACT-3"], True, True)
    assert order("tri=-accorde")[0] == ["ACT-3", "ACT-1", "ACT-2"]
    assert order("tri=accorde")[0] == ["ACT-1", "ACT-3", "ACT-2"]
    settings.PUBLIC_AMOUNTS = []
    assert order("tri=-accorde")[:2] == (["ACT-1", "ACT-2", "ACT-3"], False)
    assert order("") == (["ACT-1", "ACT-2", "ACT-3"], False, False)


def test_an_empty_list_tells_each_way_out_with_its_number(client, programme):
    page = client.get(f"{LIST}?nature=prh&etat=closed")
    for _, _, without, number in page.context["ways_out"]:
        assert client.get(LIST + without).context["page"].paginator.count == number
    assert len(page.context["ways_out"]) == 2
    assert "retirer « État : Clôturée »" in page.text


def test_what_the_year_of_a_list_hides_is_said_with_a_way_to_it(client, programme):
    """A figure with a way on: the link shows as many projects as it says."""
    ProjectFactory(title="Deux rives, un jour", starts_on=None, ends_on=None)
    page = client.get(f"{LIST}?q=rives")
    assert page.context["elsewhere"].words == "2\u00a0autres dans d’autres années, dont 1 sans date de début"
    everywhere = page.context["asked"].all_years
    assert everywhere in page.text.replace("&amp;", "&")
    assert client.get(LIST + everywhere).context["page"].paginator.count == page.context["elsewhere"].everywhere == 3
    hidden = {
        "?q=scolarité": "1\u00a0autre dans d’autres années",
        "?annee=2030&q=un+jour": "1\u00a0autre sans date de début",
    }
    for query, words in hidden.items():
        nothing = client.get(f"{LIST}{query}")
        assert nothing.context["page"].paginator.count == 0
        assert words in nothing.text
        assert nothing.context["asked"].all_years in nothing.text.replace("&amp;", "&")
    assert client.get(f"{LIST}?annee=toutes").context["elsewhere"].others == 0


def test_a_list_keeps_its_year_in_all_its_addresses(client, programme):
    page = client.get(f"{LIST}?annee=2025&nature=action&etat=closed")
    asked = page.context["asked"]
    addresses = [href for _, _, href in asked.chips()] + [href for _, href, *_ in asked.sorts()] + [asked.same_year]
    assert all("annee=2025" in href for href in addresses)
    assert '<input type="hidden" name="annee" value="2025">' in page.text
    assert "projets-2025.csv" in client.get("/projets/export.csv?annee=2025").headers["Content-Disposition"]
    assert 'filename="projets.csv"' in client.get("/projets/export.csv?annee=toutes").headers["Content-Disposition"]


def test_what_a_spreadsheet_would_run_is_harmless_in_the_streamed_file(client, founding):
    ProjectFactory(title="=HYPERLINK(1)")
    assert ";'=HYPERLINK(1);" in client.get("/projets/export.csv").getvalue().decode()


def test_the_sheet_says_what_where_and_for_what(client, programme):
    pst = Project.objects.get(kind="pst")
    page = client.get(reverse("projects:detail", args=[pst.code]) + "?annee=toutes").content.decode()
    for expected in (
        "PST du plateau",
        "Gravigny",
        "1.1.1-a",
        "Axe 1",
        "Accompagnement à la scolarité",
        "sans fin fixée",
    ):
        assert expected in page
    child = pst.hosted.filter(kind="prh").get()
    page = client.get(reverse("projects:detail", args=[child.code])).content.decode()
    assert "Orientation secondaire" in page
    assert "Accompagnement à la scolarité" in page


def test_asking_again_for_what_has_not_changed_costs_one_query(client, programme, django_assert_num_queries):
    tag = client.get(LIST).headers["ETag"]
    with django_assert_num_queries(1):
        assert client.get(LIST, headers={"if-none-match": tag}).status_code == 304
    Orientation.objects.get(code="5").save()
    assert client.get(LIST, headers={"if-none-match": tag}).status_code == 200
