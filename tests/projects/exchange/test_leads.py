"""Who leads a project, as a file says it: a known structure, a new one, or a question on the preview."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from projects.models import Organization, Project
from tests.axes.exchange.files import lines
from tests.factories import OrganizationFactory
from tests.projects.exchange import jobs
from tests.projects.exchange.test_cases import HEADERS, SIRET, bring, csv, plan_of, refused, xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(founding):
    return OrganizationFactory(name="Association Les Deux Rives", acronym="LDR", siret=SIRET)


@pytest.mark.parametrize(
    "said", [SIRET, "775 672 272 00012", "775.672.272.00012", "775\u00a0672\u00a0272\u00a000012", "LDR", "ldr"]
)
def test_a_lead_is_known_by_its_siret_however_it_is_spaced(lead, said):
    assert bring(porteur=said).organization == lead
    assert Organization.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("7,75672E+13", "en a perdu des chiffres"),
        ("775672272", "9 chiffres sont un SIREN"),
        ("7756722720001", "retirer un zéro"),
        ("775 672 272 000 123", "celui-ci en a 15"),
        ("55210055400013", "Aucune structure n’a ce SIRET"),
        ("#REF!", "formule en erreur"),
        ("#N/A", "formule en erreur"),
        ("0", "n’est pas une structure"),
        ("-", "n’est pas une structure"),
        ("à compléter", "n’est pas une structure"),
    ],
)
@pytest.mark.parametrize("column", ["porteur", "co_porteurs"])
def test_what_is_no_organisation_is_refused_in_words_and_creates_none(lead, said, sentence, column):
    ((place, _, message),) = refused(csv(**{column: said}))
    assert place.startswith(column)
    assert sentence in message
    assert Organization.objects.count() == 1


def test_a_siret_kept_as_a_number_by_the_spreadsheet_is_read(lead):
    assert refused(xlsx(porteur=int(SIRET)), "projets.xlsx") == []
    assert "SIREN" in refused(xlsx(porteur=775672272), "projets.xlsx")[0][2]


@pytest.mark.parametrize(
    ("said", "options"),
    [
        ("Centre du Parc, Atelier du Pont, CCAS", ["several", "one"]),
        ("Centre du Parc et CCAS", ["several", "one"]),
        ("Centre du Parc / CCAS", ["several", "one"]),
        ("Les Deux Rives", ["{pk}", "new"]),
        ("Asso. Les Deux Rives", ["{pk}", "new"]),
        ("Association Les Deux Rive", ["{pk}", "new"]),
        ("ASSOCIATION DES DEUX-RIVES", ["{pk}", "new"]),
    ],
)
def test_several_names_in_one_cell_and_a_near_name_are_asked_about_and_create_nothing(lead, said, options):
    plan = plan_of(csv(porteur=said))
    (question,) = plan.questions
    assert [value for value, _ in question.options] == [one.format(pk=lead.pk) for one in options]
    assert (plan.is_good, plan.problems, plan.organizations) == (False, [], [])
    _, written = jobs.apply_file(csv(porteur=said), "projets.csv", by=None)
    assert written == 0
    assert Organization.objects.get() == lead


def test_a_far_name_is_created_without_a_question(lead):
    assert bring(porteur="Maison des jeunes").organization.name == "Maison des jeunes"


def test_the_file_answers_with_a_bar_a_known_name_or_the_word_nouvelle(lead):
    project = bring(porteur="LDR | Centre du Parc | Atelier du Pont")
    assert project.organization == lead
    assert [one.name for one in project.co_leads.order_by("name")] == ["Atelier du Pont", "Centre du Parc"]
    new = bring(code="N-2", porteur="Les Deux Rives (nouvelle)").organization
    assert (new.name, new == lead) == ("Les Deux Rives", False)
    assert bring(code="N-3", porteur="Sport, culture et loisirs (nouvelle)").organization.name.startswith("Sport, ")


def test_answers_given_on_the_preview_are_kept_and_applied(lead, officer, officer_client):
    data = lines(
        "N-1;Un;action;Centre du Parc, Deux Rives, CCAS;2.1.2",
        "N-2;Deux;action;Les Deux Rive;2.1.2",
        "N-3;Trois;action;Les Deux Rive;2.1.2",
        headers=";".join(HEADERS),
    )
    job = jobs.create_import(data, "projets.csv", officer)
    assert (job.state, len(job.report["questions"])) == ("ready", 2)
    address = f"/admin/projects/projectimport/{job.pk}/change/"
    page = officer_client.get(address).text
    assert "une structure, ou 3" in page
    assert 'name="apply"' not in page
    assert "attendent une réponse" in officer_client.post(address, {"apply": "1"}, follow=True).text
    asked = {one["name"]: one["key"] for one in job.report["questions"]}
    sent = {
        f"reponse:{asked['Centre du Parc, Deux Rives, CCAS']}": "several",
        f"reponse:{asked['Les Deux Rive']}": str(lead.pk),
        "reponse:unknown": "several",
    }
    officer_client.post(address, {"answer": "1", **sent})
    job.refresh_from_db()
    (question,) = job.report["questions"]  # one of the three names is near a known one: asked in its turn
    assert question["name"] == "Deux Rives"
    officer_client.post(address, {"answer": "1", f"reponse:{question['key']}": "new"})
    assert 'name="apply"' in officer_client.get(address).text
    officer_client.post(address, {"apply": "1"})
    first, *others = Project.objects.order_by("code")
    assert (first.organization.name, first.co_leads.count()) == ("Centre du Parc", 2)
    assert {one.organization for one in others} == {lead}


def test_answers_may_be_taken_back(lead, officer, officer_client):
    job = jobs.create_import(csv(porteur="Les Deux Rives"), "projets.csv", officer)
    address = f"/admin/projects/projectimport/{job.pk}/change/"
    key = job.report["questions"][0]["key"]
    officer_client.post(address, {"answer": "1", f"reponse:{key}": "new"})
    officer_client.post(address, {"forget": "1"})
    job.refresh_from_db()
    assert (len(job.report["questions"]), job.report["answers"]) == (1, {})


def test_the_command_refuses_what_it_would_have_to_ask_and_says_how_to_answer_in_the_file(lead, tmp_path):
    path = tmp_path / "projets.csv"
    path.write_bytes(csv(porteur="Les Deux Rives"))
    out = io.StringIO()
    with pytest.raises(CommandError) as error:
        call_command("import_projects", str(path), "--apply", "--json", stdout=out)
    assert error.value.returncode == 1
    report = json.loads(out.getvalue())
    assert (report["accepted"], report["applied"], report["errors_total"]) == (False, False, 1)
    assert report["errors"][0]["column"] == "porteur (D)"
    assert "(nouvelle)" in report["errors"][0]["message"]
