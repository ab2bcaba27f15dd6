"""What programs write: by the rules of the screens, in their words, over what was seen, once."""

import datetime

import pytest

from projects.choices import ProjectStatus
from projects.models import Contribution, Declaration, Indicator, Need, Project
from tests.factories import DeclarationFactory, MembershipFactory, OrganizationFactory, ProjectFactory, TerritoryFactory
from tests.projects.api.conftest import FromDescription, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def body(founding):
    commune = TerritoryFactory()
    return {
        "code": "2027-001",
        "titre": "Les samedis en famille",
        "type": "hors PST",
        "porteur": OrganizationFactory(name="Centre social du Plateau").name,
        "objectifs": ["5.2"],
        "communes": [commune.code],
        "date_debut": "2027-01-01",
        "date_fin": "2027-12-31",
        "budget": 12500.5,
        "resume": "Un accueil le samedi.",
    }


def test_a_project_is_created_as_a_row_of_a_file(program, body):
    made = program.call("creerProjet", body, key="une-fois")
    assert made.status_code == 201, made.data
    project = Project.objects.get(code="2027-001")
    assert (float(project.total_cost), project.starts_on, project.status) == (
        12500.5,
        datetime.date(2027, 1, 1),
        ProjectStatus.DRAFT,
    )
    assert project.contributions.get().orientation.code == "5.2"
    assert project.history.latest().history_change_reason.startswith("Par l’API")
    for name, value in body.items():
        assert made.data[name] == value, name
    again = program.call("creerProjet", body, key="une-fois")
    assert (again.status_code, again.data["code"]) == (200, "2027-001")
    twice = program.call("creerProjet", body)
    assert (twice.status_code, list(twice.data["errors"])) == (422, ["code"])


def test_what_is_read_may_be_sent_back_and_changes_nothing(program, body):
    made = program.call("creerProjet", body)
    version = Project.objects.get().version
    known = program.operations["modifierProjet"]
    from projects.api.views.doors import described

    members = described()["components"]["schemas"]["ProjetModifie"]["properties"]
    assert known
    same = {name: value for name, value in made.data.items() if name in members}
    answer = program.call("modifierProjet", same, code="2027-001", seen=made.headers["ETag"])
    assert answer.status_code == 200, answer.data
    assert answer.headers["ETag"] == made.headers["ETag"]
    assert Project.objects.get().version == version


def test_what_is_not_said_stays(program, body):
    made = program.call("creerProjet", body)
    answer = program.call("modifierProjet", {"resume": "Autre"}, code="2027-001", seen=made.headers["ETag"])
    assert answer.status_code == 200, answer.data
    assert answer.data == {**made.data, "resume": "Autre"}


def test_a_project_that_somebody_else_wrote_is_not_written_over(program, body, node):
    made = program.call("creerProjet", body)
    project = Project.objects.get()
    Contribution.objects.create(project=project, orientation=node("5.1"))
    stale = program.call("modifierProjet", {"resume": "Autre"}, code="2027-001", seen=made.headers["ETag"])
    assert stale.status_code == 412
    assert stale.data["present"]["objectifs_secondaires"] == ["5.1"]
    assert Project.objects.get().summary == "Un accueil le samedi."


def test_errors_are_those_of_the_import_under_their_fields(program, body):
    wrong = {"type": "zzz", "objectifs": ["99.99"], "date_debut": "hier", "budget": -3, "communes": "27229", "zzz": 1}
    answer = program.call("creerProjet", {**body, **wrong, "titre": ""})
    assert answer.status_code == 422
    assert set(answer.data["errors"]) == {"type", "titre", "date_debut", "budget", "communes", "zzz"}
    assert answer.data["errors"]["titre"][0].startswith("Il manque")
    unknown = program.call("creerProjet", {**body, "objectifs": ["99.99"]})
    assert list(unknown.data["errors"]) == ["objectifs"]
    late = program.call("creerProjet", {**body, "date_fin": "2026-01-01"})
    assert list(late.data["errors"]) == ["date_fin"]
    assert not Project.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("budget", 10**400),
        ("budget", 10**15),
        ("porteur", "\t"),
        ("porteur", " | "),
        ("porteur", None),
        ("titre", "\t"),
    ],
)
def test_what_no_cell_would_hold_is_refused_under_its_field(program, body, name, value):
    made = program.call("creerProjet", body)
    answer = program.call("modifierProjet", {name: value}, code="2027-001", seen=made.headers["ETag"])
    assert answer.status_code == 422
    assert list(answer.data["errors"]) == [name]


def test_a_state_is_reached_by_its_step_alone(program):
    project = ProjectFactory(status=ProjectStatus.SUBMITTED)
    tag = program.call("lireProjet", code=project.code).headers["ETag"]
    answer = program.call("modifierProjet", {"statut": "Retenue"}, code=project.code, seen=tag)
    assert list(answer.data["errors"]) == ["statut"]


def test_indicators_are_replaced_over_what_was_seen(program):
    project = ProjectFactory(status=ProjectStatus.RUNNING)
    seen = program.call("lireIndicateursDuProjet", code=project.code)
    assert seen.data == {"indicateurs": []}
    written = program.call(
        "ecrireIndicateursDuProjet",
        {"indicateurs": ["Enfants accueillis : 40 enfants", "Ateliers : 12"]},
        code=project.code,
        seen=seen.headers["ETag"],
    )
    assert written.status_code == 200, written.data
    assert Indicator.objects.filter(project=project).count() == 2
    stale = program.call("ecrireIndicateursDuProjet", {"indicateurs": []}, code=project.code, seen=seen.headers["ETag"])
    assert stale.status_code == 412


def test_a_need_is_noted_corrected_and_published(program, founding, node):
    commune = TerritoryFactory()
    body = {"besoin": "Un accueil le mercredi", "entendu_le": "2026-10-04", "territoire": commune.code}
    made = program.call("creerBesoin", {**body, "orientation": str(node("5.2").uid)})
    assert made.status_code == 201, made.data
    assert made.data["orientation"] == str(node("5.2").uid)
    number = made.data["numero"]
    changed = program.call("modifierBesoin", {"public": True}, numero=number, seen=made.headers["ETag"])
    assert changed.status_code == 200, changed.data
    assert Need.objects.published().get().wording == "Un accueil le mercredi"
    stale = program.call("modifierBesoin", {"fois": 3}, numero=number, seen=made.headers["ETag"])
    assert stale.status_code == 412
    wrong = program.call("creerBesoin", {"besoin": "", "entendu_le": "hier", "territoire": "zz", "fois": 0})
    assert set(wrong.data["errors"]) == {"entendu_le", "territoire"}
    nothing = program.call("creerBesoin", {**body, "fois": 0})
    assert "fois" in nothing.data["errors"] or "requete" in nothing.data["errors"]


@pytest.fixture
def lead(founding):
    member = MembershipFactory()
    return member, FromDescription(client_of(member.user))


def test_a_lead_declares_part_by_part(lead):
    member, program = lead
    begun = program.call("commencerDeclaration", {"titre": "Un atelier"}, key="k")
    assert begun.status_code == 201, begun.data
    code = begun.data["projet"]
    assert Declaration.objects.get(project__code=code).project.organization == member.organization
    written = program.call(
        "ecrireDeclaration", {"title": "Deux ateliers"}, code=code, partie="action", seen=begun.headers["ETag"]
    )
    assert written.status_code == 200, written.data
    assert written.data["reponses"]["title"] == "Deux ateliers"
    assert written.data["a_corriger"]
    assert Project.objects.get(code=code).title == "Deux ateliers"
    stale = program.call("ecrireDeclaration", {"title": "X"}, code=code, partie="action", seen=begun.headers["ETag"])
    assert stale.status_code == 412
    wrong = program.call("ecrireDeclaration", {"zzz": "X"}, code=code, partie="action", seen=written.headers["ETag"])
    assert list(wrong.data["errors"]) == ["zzz"]


def test_what_was_handed_in_is_written_no_more(lead):
    member, program = lead
    project = ProjectFactory(status=ProjectStatus.DRAFT, organization=member.organization)
    DeclarationFactory(project=project)
    Project.objects.filter(pk=project.pk).update(status=ProjectStatus.SUBMITTED)
    tag = program.call("lireDeclaration", code=project.code, partie="action").headers["ETag"]
    answer = program.call("ecrireDeclaration", {"title": "X"}, code=project.code, partie="action", seen=tag)
    assert answer.status_code == 409
