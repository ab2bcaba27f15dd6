"""The pages of an evening say what was noted that evening: the framework, who served it, the figures."""

import csv
import datetime
import io
import random
from decimal import Decimal

import pytest
from django.utils import timezone
from pypdf import PdfReader

from axes import actions as framework_actions
from axes import document
from axes.levels import ANNOUNCED_LEVELS
from axes.models import Framework, Orientation
from cohesion.lib.kept import Kept
from projects.catalogue.models import Contribution, Place, Project
from projects.choices import PUBLIC_STATUSES, OrganizationKind, ProjectStatus
from projects.figures import figures
from projects.members.models import Organization
from tests.axes.test_as_of import act as act_on_framework
from tests.axes.test_as_of import noted as noted_framework
from tests.costs import cost
from tests.factories import OfficerFactory, OrganizationFactory, ProjectFactory, TerritoryFactory
from tests.pages import squeezed
from tests.projects.test_as_of import act as act_on_projects

pytestmark = pytest.mark.django_db
FIRST = datetime.date(2026, 3, 1)


def noted(framework):
    """What a reader could count that evening, by the simplest means: of each orientation, the projects linked to it
    and to its branch; those that are announced and served; the communes; the projects; what is granted."""
    public = {project.pk: project for project in Project.objects.filter(status__in=PUBLIC_STATUSES)}
    linked = {}
    for link in Contribution.objects.filter(project__in=public):
        linked.setdefault(link.orientation_id, set()).add(link.project_id)
    nodes = list(Orientation.objects.filter(framework=framework))
    counts, served = {}, set()
    for node in nodes:
        branch = set()
        for other in nodes:
            above = other
            while above is not None and above.pk != node.pk:
                above = next((parent for parent in nodes if parent.pk == above.parent_id), None)
            if above is not None:
                branch |= linked.get(other.pk, set())
        counts[node.pk] = (len(linked.get(node.pk, ())), len(branch))
        if branch and node.level in ANNOUNCED_LEVELS:
            served.add(node.pk)
    communes = {place.territory_id for place in Place.objects.filter(project__in=public)}
    granted = sum(project.granted or 0 for project in public.values())
    return noted_framework(framework), counts, served, len(communes), set(public), granted


def read(client, framework, day):
    context = client.get(f"/cadre/{framework.slug}/au/{day}/?annee=toutes").context
    counted, past = context["figures"], context["framework"]
    seen = []
    for node in context["evening"].past.nodes:
        orientation = node.orientation
        merged = sorted(target.pk for target in node.applies_to)
        values = orientation.level, orientation.code, orientation.title, list(orientation.columns), merged
        seen.append((node.pk, orientation.parent_id, *values))
    counts = {pk: tuple(tally) for pk, tally in counted.served.tallies.items()}
    served = {node.pk for node in counted.announced_served}
    assert len(counted.announced_unserved) + len(served) == len(counted.announced)
    read_framework = (past.name, past.status, past.ends_on, seen)
    projects = set(counted.state.projects)
    return read_framework, counts, served, len(context["communes"]), projects, Decimal(context["granted"]) / 100


@pytest.fixture
def founding_then(time_machine, request, monkeypatch):
    """The founding framework, whose history begins on the first day.

    Tests that write the same at the same moment bring it to the same state: what one kept of it is not the next one's.
    """
    kept, own = Kept.get, object()
    monkeypatch.setattr(Kept, "get", lambda values, key, make: kept(values, (own, key), make))
    time_machine.move_to("2026-03-01 08:00+01:00", tick=False)
    return request.getfixturevalue("founding")


def lived(founding, time_machine, days, deeds, seed):
    """A history drawn at random, with a change of framework in its middle; what was noted on each evening."""
    officer, chance = OfficerFactory(), random.Random(seed)
    nodes = list(founding.orientations.in_order()[5:30])
    towns, organizations = TerritoryFactory.create_batch(4), OrganizationFactory.create_batch(3)
    for _ in range(5):
        ProjectFactory(serves=chance.sample(nodes, 2), located_in=[chance.choice(towns)], granted=Decimal(7))
    current, seen = founding, {}
    for number in range(days):
        day = FIRST + datetime.timedelta(days=number)
        last_minute = datetime.datetime.combine(day, datetime.time(23, 59), timezone.get_current_timezone())
        time_machine.move_to(last_minute, tick=False)
        if number == days // 2:
            following = framework_actions.prepare_next_version(framework=current, by=officer)
            framework_actions.put_in_force(framework=following, adopted_on=day, deliberation="D-2", by=officer)
            current = following
        for _ in range(chance.randint(1, deeds)):
            live(chance, current, officer, towns, organizations)
        seen[day] = current, noted(current)
        time_machine.move_to(last_minute + datetime.timedelta(minutes=1), tick=False)
        live(chance, current, officer, towns, organizations)
    return officer, seen


def live(chance, framework, officer, towns, organizations):
    framework = Framework.objects.get(pk=framework.pk)
    act_on_framework(chance, framework, officer)
    nodes = list(framework.orientations.exclude(level__in=("axis", "challenge")).in_order())
    act_on_projects(chance, officer, nodes, towns, organizations)


def check(client, officer, seen):
    client.force_login(officer)
    for day, (framework, state) in seen.items():
        assert read(client, framework, day) == state, day


def test_the_page_of_each_evening_says_what_was_noted(client, founding_then, time_machine):
    officer, seen = lived(founding_then, time_machine, days=4, deeds=2, seed=8)
    check(client, officer, seen)
    assert len({state[0] for _, state in seen.items()}) == 2


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_the_pages_of_twenty_days_say_what_was_noted(client, founding_then, time_machine, seed):
    officer, seen = lived(founding_then, time_machine, days=20, deeds=8, seed=seed)
    check(client, officer, seen)


# --- one evening, read closely ------------------------------------------------------------------------------------


@pytest.fixture
def evening(client, founding_then, time_machine):
    """The page of the 31st of March, after which an orientation was reworded, another deleted, a project withdrawn."""
    officer = OfficerFactory()
    time_machine.move_to("2026-03-31 12:00+02:00", tick=False)
    node = {orientation.code: orientation for orientation in founding_then.orientations.all()}
    town = TerritoryFactory(name="Gravigny")
    ProjectFactory(title="Jardin", serves=[node["5.2.1-a"]], located_in=[town], granted=Decimal("10.05"))
    gone = ProjectFactory(title="Abandonné depuis", serves=[node["5.2.1"], node["7.1"]])
    time_machine.move_to("2026-04-02 12:00+02:00", tick=False)
    Project.objects.get(pk=gone.pk)
    gone.status = ProjectStatus.ABANDONED
    gone.save()
    first = node["1"]
    first.title = "Réécrit depuis"
    framework_actions.save_orientation(orientation=first, by=officer)
    framework_actions.delete_orientation(orientation=node["8"], by=officer)
    return f"/cadre/{founding_then.slug}/au/2026-03-31/"


def test_every_number_of_the_page_opens_its_list(client, evening):
    page = client.get(evening)
    counted = page.context["figures"]
    text = squeezed(page.text)
    assert "Réécrit depuis" not in text
    assert '<details data-code="8"' in text
    assert (len(counted.state.projects), len(counted.announced_served), len(page.context["communes"])) == (2, 1, 1)
    projects = client.get(page.context["projects_address"])
    assert projects.context["number"] == 2
    assert "Jardin" in projects.text
    assert "Abandonné depuis" not in projects.text
    assert "1\u00a0de ces projets n’est plus public" in squeezed(projects.text)
    commune, number, address = page.context["communes"][0]
    assert (commune.name, number, client.get(address).context["number"]) == ("Gravigny", 1, 1)
    for code, branch, direct in (("5", 2, 0), ("5.2.1", 2, 1), ("7.1", 1, 1), ("8", 0, 0)):
        list_page = client.get(f"{evening}orientations/{code}/")
        counted = client.get(f"{evening}orientations/{code}/?compter=direct")
        assert (list_page.context["number"], counted.context["number"]) == (branch, direct)
    client.force_login(OfficerFactory())
    assert "Abandonné depuis" in client.get(page.context["projects_address"]).text


def rows_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig")), delimiter=";"))


def test_the_files_of_an_evening_say_what_its_pages_say(client, evening, settings):
    page = client.get(evening)
    outline = rows_of(client, f"{evening}cadre.csv")
    nodes = page.context["evening"].past.nodes
    assert [row["Orientation"] for row in outline] == [node.orientation.title for node in nodes]
    branch = "Projets, avec ce qui en découlait"
    assert {row["Code"]: row[branch] for row in outline if row["Code"] in ("5", "7.1")} == {"5": "2", "7.1": "1"}
    (jardin,) = rows_of(client, f"{evening}projets.csv")
    assert [jardin[name] for name in ("Intitulé", "Lieux", "Accordé")] == ["Jardin", "Gravigny", "10,05"]
    assert jardin["Orientation principale"] == "5.2.1-a"
    for form in ("csv", "xlsx", "ods"):
        assert f'href="{evening}cadre.{form}"' in page.text
        assert f"{evening}projets.{form}" in client.get(page.context["projects_address"]).text
    assert client.get(f"{evening}projets.exe").status_code == 404
    settings.PUBLIC_AMOUNTS = []
    assert "Accordé" not in rows_of(client, f"{evening}projets.csv")[0]
    client.force_login(OfficerFactory())
    titles = {row["Intitulé"] for row in rows_of(client, f"{evening}projets.csv")}
    assert titles == {"Jardin", "Abandonné depuis"}


def test_the_table_of_an_evening_is_a_tagged_paper_that_says_which_evening(client, evening):
    answer = client.get(f"{evening}cadre.pdf")
    assert answer["Content-Type"] == "application/pdf"
    paper = PdfReader(io.BytesIO(answer.content))
    assert paper.trailer["/Root"]["/MarkInfo"]["/Marked"]
    words = " ".join(paper.pages[0].extract_text().split())
    assert "Tel qu’il était au soir du" in words
    assert f'href="{evening}cadre.pdf"' in client.get(evening).text
    assert client.get(f"{evening}projets.pdf").status_code == 404


def test_the_file_of_an_evening_names_no_lead_that_may_be_somebody(client, evening):
    lead = Project.objects.get(title="Jardin").organization
    Organization.objects.filter(pk=lead.pk).update(kind=OrganizationKind.OTHER, legal_form="")
    (jardin,) = rows_of(client, f"{evening}projets.csv")
    assert jardin["Structure"] == ""
    client.force_login(OfficerFactory())
    assert lead.name in {row["Structure"] for row in rows_of(client, f"{evening}projets.csv")}


def test_what_cannot_be_told_is_said(client, founding_then, evening):
    base = f"/cadre/{founding_then.slug}/au"
    written = {"2026-04-02": "2 avril 2026", "2030-01-01": "1er janvier 2030"}
    for odd in ("2026-04-02", "2030-01-01", "2026-02-31", "hier"):
        refused = squeezed(client.get(f"{base}/{odd}/").text).replace("\u00a0", " ")
        assert f"« {written.get(odd, odd)} » n’est pas un jour passé" in refused
    before = client.get(f"{base}/2026-02-28/")
    assert before.status_code == 404
    assert "L’histoire de ce cadre ne remonte pas" in before.text
    unknown = client.get(f"{base}/2026-03-15/")
    assert unknown.context["figures"] is None
    assert "Rien n’est connu des projets de ce soir-là" in squeezed(unknown.text)
    assert client.get(f"{base}/?jour=2026-03-31").headers["Location"] == evening
    days = client.get(f"{base}/?jour=demain")
    assert "ne désigne aucun jour passé" in days.text
    assert [str(change.day) for change in days.context["days"]] == ["2026-04-02", "2026-03-01"]
    founding_then.outlines.all().delete()
    Framework.objects.get(pk=founding_then.pk).save()
    assert "L’ordre de ce jour n’est pas connu" in squeezed(client.get(evening).text)


def test_an_evening_of_a_draft_is_for_officers(client, founding_then, time_machine):
    officer = OfficerFactory()
    following = framework_actions.prepare_next_version(framework=founding_then, by=officer)
    time_machine.move_to("2026-03-05 12:00+01:00", tick=False)
    address = f"/cadre/{following.slug}/au/2026-03-02/"
    assert client.get(address).status_code == 404
    framework_actions.put_in_force(
        framework=following, adopted_on=datetime.date(2026, 3, 5), deliberation="D-2", by=officer
    )
    hidden = client.get(address)
    assert (hidden.status_code, "n’était pas encore public" in hidden.text) == (404, True)
    client.force_login(officer)
    page = client.get(address)
    assert "il n’était pas public" in squeezed(page.text)
    assert page.headers["Cache-Control"] == "no-store, private"


def test_the_page_of_an_evening_is_kept_and_costs_the_same_for_few_and_for_many(client, founding_then, evening):
    client.get("/")  # what a process reads once
    costs = set()
    for number in (1, 6):
        for _ in range(number):
            ProjectFactory(serves=list(founding_then.orientations.all()[:3]), located_in=[TerritoryFactory()])
        costs.add(cost(evening))
    assert len(costs) == 1
    assert max(costs) <= 20
    tag = client.get(evening).headers["ETag"]
    assert client.get(evening, headers={"If-None-Match": tag}).status_code == 304


# --- over a change of framework -----------------------------------------------------------------------------------


def test_a_change_of_framework_leaves_the_past_as_it_was(client, founding_then, evening, time_machine):
    """The archived version keeps its counts, its evenings and what an evening counted; a link that was repeated is no
    change of its project."""
    officer = OfficerFactory()
    before = client.get(evening)
    counts = before.context["figures"].served.tallies
    archived = figures.published(founding_then, document.read_nodes(founding_then)).tallies
    following = framework_actions.prepare_next_version(framework=Framework.objects.get(pk=founding_then.pk), by=officer)
    gone = following.orientations.get(code="5.2.1-a")
    framework_actions.delete_orientation(orientation=gone, by=officer)
    time_machine.move_to("2026-04-10 12:00+02:00", tick=False)
    day = datetime.date(2026, 4, 10)
    framework_actions.put_in_force(framework=following, adopted_on=day, deliberation="D-2", by=officer)
    time_machine.move_to("2026-04-12 12:00+02:00", tick=False)
    after = client.get(evening)
    assert after.context["figures"].served.tallies == counts
    assert after.context["framework"].status == "in_force"
    assert client.get(evening.replace("2026-03-31", "2026-04-11")).context["framework"].status == "archived"
    nodes = document.read_nodes(founding_then)
    assert figures.published(Framework.objects.get(pk=following.pk), nodes).tallies == archived
    for code in ("5", "5.2.1-a"):
        rows = client.get(f"/projets/?cadre={founding_then.slug}&orientation={code}&annee=toutes")
        assert rows.context["page"].paginator.count == archived[founding_then.orientations.get(code=code).pk].branch
    then = client.get("/tableau-de-bord/changements/?comparer=2026-03-31").context["reading"]
    assert then.framework.pk == founding_then.pk
    assert [(row.then, row.now) for row in then.figures] == [(2, 1), (1, 0), (1, 1), (1005, 1005)]
    assert then.numbers == (0, 1, 0)


def test_the_page_the_pdf_and_the_json_say_one_revision_one_date_and_one_deliberation(client, founding_then):
    """Of the framework in force and of an archived one, whatever is done for either."""
    officer = OfficerFactory()
    following = framework_actions.prepare_next_version(framework=founding_then, by=officer)
    day = datetime.date(2026, 3, 1)
    framework_actions.put_in_force(framework=following, adopted_on=day, deliberation="D2", by=officer)
    Framework.objects.filter(pk=founding_then.pk).update(adopted_on=datetime.date(2025, 3, 2), deliberation="D1")
    ProjectFactory(serves=[following.orientations.first()])
    for version, address, date, deliberation in (
        (following, "/cadre/", "1er mars 2026", "D2"),
        (founding_then, f"/cadre/{founding_then.slug}/", "2 mars 2025", "D1"),
    ):
        page = squeezed(client.get(address).text).replace("\u00a0", " ").replace("<sup>er</sup>", "er")
        page = page.replace("1ᵉʳ", "1er")
        file = client.get(f"{address}export.pdf").content
        paper = " ".join(each.extract_text() for each in PdfReader(io.BytesIO(file)).pages).replace("\u00a0", " ")
        exported = client.get(f"{address}export.json").json()["cadre"]
        revision = Framework.objects.get(pk=version.pk).revision
        assert exported["revision"] == revision
        assert exported["deliberation"] == deliberation
        for words in (f"Révision {revision}", date, f"délibération {deliberation}"):
            assert words in page, words
            assert words in squeezed(paper), words
