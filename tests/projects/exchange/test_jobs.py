"""From a file brought to its application: by the screens and by the command."""

import io
import json

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from cohesion.imports.applying import NotApplied
from cohesion.lib.uploads import MAX_BYTES
from cohesion.roles import ELECTED
from projects.models import Project, ProjectImport
from tests.axes.exchange.files import lines
from tests.factories import CommitteeFactory, OfficerFactory, OrganizationFactory, ProjectFactory, UserFactory
from tests.pages import squeezed
from tests.projects.exchange import jobs

pytestmark = pytest.mark.django_db
HEADERS = "code;titre;type;porteur;objectifs"
ROW = "N-1;Une action;hors PST;Les Deux Rives;2.1.2"


@pytest.fixture
def ground(founding):
    return OrganizationFactory(name="Les Deux Rives")


def data(*rows: str) -> bytes:
    return lines(*(rows or (ROW,)), headers=HEADERS)


# --- jobs -----------------------------------------------------------------------------------------------------


def test_a_preview_writes_nothing(ground, officer):
    job = jobs.create_import(data(), "projets.csv", officer)
    assert (job.state, job.report["counts"]["created"]) == ("ready", 1)
    assert not Project.objects.exists()


def test_two_confirmations_apply_once(ground, officer):
    job = jobs.create_import(data(), "projets.csv", officer)
    same = ProjectImport.objects.get(pk=job.pk)
    assert jobs.apply_import(job, officer) == 1
    with pytest.raises(NotApplied, match="a déjà été appliqué"):
        jobs.apply_import(same, officer)
    assert Project.objects.count() == 1


def test_a_base_that_changed_since_the_preview_is_not_written_over(ground, officer):
    job = jobs.create_import(data(), "projets.csv", officer)
    ProjectFactory(code="N-1", title="Déjà là")
    with pytest.raises(NotApplied, match="modifiés depuis l’aperçu"):
        jobs.apply_import(job, officer)
    job.refresh_from_db()
    assert (Project.objects.get().title, job.state) == ("Déjà là", "ready")


def test_somebody_elses_import_is_not_applied(ground, officer):
    job = jobs.create_import(data(), "projets.csv", officer)
    with pytest.raises(NotApplied, match="appartient à quelqu’un d’autre"):
        jobs.apply_import(job, OfficerFactory())


def test_an_applied_import_is_seen_by_who_asks_again_for_a_page(ground, officer, founding, client):
    before = client.get("/projets/").headers["ETag"]
    job = jobs.create_import(data(), "projets.csv", officer)
    jobs.apply_import(job, officer)
    assert client.get("/projets/").headers["ETag"] != before


# --- screens --------------------------------------------------------------------------------------------------


def upload(client, content: bytes, name: str = "projets.csv"):
    return client.post(
        reverse("admin:projects_projectimport_add"), {"file": SimpleUploadedFile(name, content)}, follow=True
    )


def test_an_officer_brings_a_file_sees_it_and_applies_it(ground, officer_client):
    page = upload(officer_client, data())
    assert "Créés : 1" in squeezed(page.text)
    assert not Project.objects.exists()
    page = officer_client.post(page.redirect_chain[-1][0], {"apply": "1", "reason": "Reprise de 2026"}, follow=True)
    assert "1\u00a0projet écrit" in squeezed(page.text)
    record = Project.objects.get().history.get()
    assert record.history_change_reason == "Import de « projets.csv » : Reprise de 2026"


def test_the_errors_of_a_refused_file_are_shown_by_row_and_column(ground, officer_client):
    page = squeezed(upload(officer_client, data(ROW.replace("2.1.2", "9.9"))).text)
    assert "Le fichier est refusé" in page
    assert "objectifs (E)" in page
    assert "Appliquer" not in page


def test_a_file_larger_than_the_site_takes_is_refused_for_that(officer_client, founding):
    large = bytes(MAX_BYTES + 1)
    committee = CommitteeFactory()
    orientations = reverse("admin:axes_framework_import", args=[founding.pk])
    decisions = reverse("projects:instruction_import", args=[committee.pk])
    for address in (reverse("admin:projects_projectimport_add"), orientations, decisions):
        sent = {"file": SimpleUploadedFile("a.csv", large), "decided_on": committee.held_on.isoformat()}
        assert "Le fichier est trop lourd : la limite est de 5 Mo." in squeezed(officer_client.post(address, sent).text)


def test_an_import_may_be_given_up(ground, officer_client):
    page = upload(officer_client, data())
    officer_client.post(page.redirect_chain[-1][0], {"cancel": "1"})
    assert ProjectImport.objects.get().state == "cancelled"
    assert ProjectImport.objects.get().rows == []


def test_an_officer_sees_their_own_imports_only(ground, officer_client):
    job = jobs.create_import(data(), "projets.csv", OfficerFactory())
    assert officer_client.get(reverse("admin:projects_projectimport_change", args=[job.pk])).status_code == 404


def test_a_screen_exports_exactly_its_filtered_rows(ground, officer_client):
    ProjectFactory(code="A-1", status="draft", organization=ground)
    ProjectFactory(code="A-2", status="running", organization=ground)
    address = reverse("admin:projects_action_export", args=["csv"])
    text = b"".join(officer_client.get(f"{address}?status__exact=draft").streaming_content).decode()
    assert "A-1" in text
    assert "A-2" not in text


@pytest.mark.parametrize("kind", ["pst", "prh", "action"])
def test_who_only_reads_is_led_to_the_export_and_to_nothing_that_writes(ground, client, kind):
    reader = UserFactory(is_staff=True)
    reader.groups.add(Group.objects.get(name=ELECTED.name))
    client.force_login(reader)
    ProjectFactory(code="A-1", kind=kind, organization=ground)
    page = squeezed(client.get(reverse(f"admin:projects_{kind}_changelist"), {"status__exact": "running"}).text)
    tools = page[page.index('class="object-tools"') :].partition("</ul>")[0]
    for format in ("csv", "xlsx", "ods"):
        address = reverse(f"admin:projects_{kind}_export", args=[format])
        assert f'href="{address}?status__exact=running"' in tools
        assert client.get(address).status_code == 200
    assert "Importer" not in tools
    assert "addlink" not in tools


@pytest.mark.parametrize("format", ["csv", "xlsx", "ods"])
def test_the_model_file_can_itself_be_imported_once_its_orientations_are_filled(ground, officer_client, format):
    answer = officer_client.get(reverse("admin:projects_projectimport_model_file", args=[format]))
    plan, reading = jobs.examine(answer.content, f"modele.{format}")
    assert (plan.problems, len(reading.rows)) == ([], 3)


# --- command --------------------------------------------------------------------------------------------------


def run(*args) -> str:
    out = io.StringIO()
    call_command("import_projects", *map(str, args), stdout=out)
    return out.getvalue()


def test_the_command_is_dry_unless_told(ground, tmp_path):
    path = tmp_path / "projets.csv"
    path.write_bytes(data())
    assert "ajoutez --apply" in run(path)
    assert not Project.objects.exists()
    assert "1\u00a0projet écrit" in run(path, "--apply")
    assert "ne change rien" in run(path, "--apply")


def test_the_command_refuses_with_exit_1_and_says_why(ground, tmp_path):
    path = tmp_path / "projets.csv"
    path.write_bytes(data(ROW.replace("2.1.2", "9.9")))
    out = io.StringIO()
    with pytest.raises(CommandError) as error:
        call_command("import_projects", str(path), "--apply", "--json", stdout=out)
    assert error.value.returncode == 1
    report = json.loads(out.getvalue())
    assert (report["accepted"], report["applied"]) == (False, False)
    assert report["errors"][0]["row"] == 2
    assert report["errors"][0]["column"] == "objectifs (E)"


def test_the_command_tells_of_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="n’existe pas"):
        run(tmp_path / "absent.csv")


def many(number: int) -> bytes:
    lines = [f"G-{rank};Action {rank};action;Association A;2.1.2\n" for rank in range(number)]
    return ("code;titre;type;porteur;objectifs\n" + "".join(lines)).encode()


@pytest.mark.django_db(transaction=True)
def test_a_large_import_says_how_far_it_is_and_is_written_whole(client, founding, monkeypatch):
    monkeypatch.setattr("projects.exchange.writing.BATCH", 200)
    officer = OfficerFactory()
    client.force_login(officer)
    job = jobs.create_import(many(600), "projets.csv", officer)
    response = client.post(f"/admin/projects/projectimport/{job.pk}/change/", {"apply": "1", "reason": "Reprise"})
    page = b"".join(response.streaming_content).decode()
    assert [f"{done} projets écrits sur 600…" in page for done in (200, 400, 600)] == [True] * 3
    assert "L’import est appliqué : 600\u00a0projets écrits." in page
    assert page.rstrip().endswith("</html>")
    job.refresh_from_db()
    assert (job.state, Project.objects.count()) == ("applied", 600)


@pytest.mark.django_db(transaction=True)
def test_a_large_import_that_is_no_longer_possible_says_so_on_its_page(client, founding):
    officer = OfficerFactory()
    client.force_login(officer)
    job = jobs.create_import(many(600), "projets.csv", officer)
    ProjectFactory(code="G-1", title="Déjà là")
    response = client.post(f"/admin/projects/projectimport/{job.pk}/change/", {"apply": "1"})
    assert "L’import n’est pas appliqué" in b"".join(response.streaming_content).decode()
    assert Project.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_large_import_that_breaks_leaves_nothing(client, founding, monkeypatch):
    officer = OfficerFactory()
    client.force_login(officer)
    job = jobs.create_import(many(600), "projets.csv", officer)

    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("projects.exchange.writing._Writer._hanging", broken)
    response = client.post(f"/admin/projects/projectimport/{job.pk}/change/", {"apply": "1"})
    assert "Une erreur inattendue" in b"".join(response.streaming_content).decode()
    job.refresh_from_db()
    assert (job.state, Project.objects.count()) == ("ready", 0)
