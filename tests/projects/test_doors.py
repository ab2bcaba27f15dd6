"""No door leads round the workflow: the state of a project that is there changes by a step, whatever says another."""

import ast
import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from projects.catalogue import actions
from projects.catalogue.workflow import GRANTED
from projects.choices import ProjectStatus
from projects.instructing import bulk
from projects.instructing.bulk import BulkChange, Decided
from projects.instructing.changing import change_projects
from projects.instructing.deciding import Ruling, decide
from projects.instructing.moving import move
from projects.models import Decision, Project, Report, TransitionLog
from tests.axes.exchange.files import lines
from tests.factories import CommitteeFactory, DeclarationFactory, OrganizationFactory, ProjectFactory
from tests.projects.exchange import jobs
from tests.projects.instructing.made import proposed
from tests.projects.test_admin import address, form_of
from tests.projects.test_bulk import BULK, carried, seen

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 4, 14)
DECIDED = Decided(DAY, "CC-2026-31", bulk.PROPOSED)
# Where a state is written: the step itself, and the three steps that say where they lead.
WRITERS = {"catalogue/steps.py", "instructing/deciding.py", "instructing/moving.py", "instructing/recalling.py"}
# Where the admin's form gives back the state that it read, before it asks for the step.
READS_BACK = {"admin/project.py"}
# Where the demonstration says what a past evening was, in the history alone.
PAST = {"demo/aged.py"}
# Where projects are made: what is brought here has the state that it has.
MAKERS = {"exchange/writing.py", "declaring/drafts.py", "demo/loading.py"}
# An answer has a status too: that of a refusal, that of what was told to another program.
ANSWERS = {"api/problems.py", "webhooks/sending.py", "demo/programs.py"}
# A page of a past evening shows what a project was then, and writes nothing.
SHOWN = {"browsing/views/as_it_stood.py"}


# --- the source -------------------------------------------------------------------------------------------------


def writes_of_state(tree):
    """What sets an attribute « status », or gives one to a row, to many rows, or to the text of a statement."""
    for found in ast.walk(tree):
        if isinstance(found, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            targets = found.targets if isinstance(found, ast.Assign) else [found.target]
            parts = [part for target in targets for part in ast.walk(target)]  # « a, b.status = … » has two
            if any(isinstance(part, ast.Attribute) and part.attr == "status" for part in parts):
                yield "assigned"
        elif isinstance(found, ast.Call):
            name = found.func.attr if isinstance(found.func, ast.Attribute) else getattr(found.func, "id", "")
            gives = any(keyword.arg == "status" for keyword in found.keywords)
            if name in ("update", "create", "get_or_create", "update_or_create", "Project") and gives:
                yield "assigned" if name == "update" else "made"
            if name == "setattr" and ast.unparse(found.args[1]) == "'status'":
                yield "assigned"
        elif isinstance(found, ast.Constant) and isinstance(found.value, str):
            text = " ".join(found.value.lower().split())
            if "update projects_project" in text and "status =" in text:
                yield "assigned"


def test_one_place_writes_the_state_of_a_project():
    root = Path(settings.BASE_DIR) / "projects"
    found = {"assigned": set(), "made": set()}
    for path in root.rglob("*.py"):
        if "migrations" not in path.parts:
            for kind in writes_of_state(ast.parse(path.read_text(encoding="utf-8"))):
                found[kind].add(path.relative_to(root).as_posix())
    assert found["assigned"] == WRITERS | READS_BACK | PAST | ANSWERS
    assert found["made"] <= MAKERS | SHOWN


def test_what_the_source_is_searched_for_is_seen():
    source = (
        "a, p.status = 1\nq.filter(x=1).update(status=2)\nProject.objects.create(status=3)\nsetattr(p, 'status', 4)\n"
        "cursor.execute('UPDATE projects_project SET status = 5')"
    )
    assert sorted(writes_of_state(ast.parse(source))) == ["assigned"] * 4 + ["made"]


# --- each door asks what the step asks --------------------------------------------------------------------------


def by_script(project, status, **values):
    project.status = status
    actions.save_project(project=project, by=None)


def by_move(project, status, *, officer, **values):
    move(project, status, by=officer, reason="Parce que")


def by_bulk(project, status, *, officer, **values):
    change = BulkChange(status=status, reason="Parce que")
    if refused := bulk.plan(bulk.read_projects([project.pk]), change).refused:
        raise ValidationError(refused[0].refusal)
    change_projects(seen=seen(project), change=change, by=officer, reason="Parce que")


def by_file(project, status, *, officer, **values):
    label = ProjectStatus(status).label
    row = f"{project.code};{project.title};action;{project.organization.name};5.2;{label}"
    data = lines(row, headers="code;titre;type;porteur;objectifs;statut")
    plan, _ = jobs.apply_file(data, "projets.csv", by=officer)
    if plan.problems:
        assert all(problem.column.startswith("statut") for problem in plan.problems)
        raise ValidationError(plan.problems[0].message)


def by_form(project, status, *, client, **values):
    posted = form_of(project, status=status, reason="Parce que", requested=project.requested or "")
    answer = client.post(address(project), posted)
    if answer.status_code != 302:
        raise ValidationError([str(one) for found in answer.context["adminform"].form.errors.values() for one in found])


DOORS = [by_script, by_move, by_bulk, by_file, by_form]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("proposed", "retained"),
        ("proposed", "refused"),
        ("in_review", "retained"),
        ("in_review", "closed"),
        ("submitted", "running"),
        ("retained", "draft"),
        ("submitted", "to_complete"),
        ("admissible", "proposed"),
        ("abandoned", "closed"),
    ],
)
def test_no_door_leads_where_the_step_asks_for_more(officer, officer_client, node, door, source, target):
    organization = OrganizationFactory(name="Les Deux Rives")
    project = ProjectFactory(status=source, serves=[node("5.2")], requested=5000, organization=organization)
    DeclarationFactory(project=project)
    with pytest.raises(ValidationError):
        door(project, target, officer=officer, client=officer_client)
    assert Project.objects.get().status == source
    assert not TransitionLog.objects.exists()
    assert not Decision.objects.exists()


@pytest.mark.parametrize("door", DOORS[1:])
def test_every_door_takes_the_step_and_writes_it_down(officer, officer_client, node, door):
    organization = OrganizationFactory(name="Les Deux Rives")
    project = ProjectFactory(status="submitted", serves=[node("5.2")], organization=organization)
    door(project, "admissible", officer=officer, client=officer_client)
    log = TransitionLog.objects.get()
    assert (log.transition, log.source, log.target, log.by) == ("admit", "submitted", "admissible", officer)
    assert Project.objects.get().status == "admissible"


@pytest.mark.parametrize("status", ["submitted", "retained", "running", "closed", "refused"])
def test_what_is_brought_by_officers_has_the_state_that_it_had_elsewhere(officer, node, status):
    project = ProjectFactory(status="draft", serves=[node("5.2")])
    move(project, status, by=officer, reason="Reprise du tableau de 2025")
    assert Project.objects.get().status == status


def test_a_draft_of_a_lead_is_handed_in_by_its_lead(officer, node):
    project = DeclarationFactory(project__serves=[node("5.2")]).project
    with pytest.raises(ValidationError, match="elle seule le dépose"):
        move(project, "submitted", by=officer, reason="X")


def test_a_state_that_was_wrong_is_corrected_within_what_is_decided(officer, node):
    project = proposed(serves=[node("5.2")])
    DeclarationFactory(project=project)
    decide(project, Ruling("partly_retained", DAY, Decimal(3800), "CC-1"), by=officer)
    refusals = {
        "in_review": "Il lui est accordé 3",
        "retained": "La décision dit autre chose",
        "closed": "Son bilan n’a pas été remis",
        "refused": "Il y faut une décision",
    }
    for status, sentence in refusals.items():
        with pytest.raises(ValidationError, match=sentence):
            move(project, status, by=officer, reason="Erreur")
    move(project, "running", by=officer, reason="Elle a commencé")
    move(project, "partly_retained", by=officer, reason="Pas encore, en fait")
    assert [log.transition for log in TransitionLog.objects.all()][1:] == ["start", "correct"]
    move(project, "running", by=officer, reason="Maintenant")
    Report.objects.create(project=project, year=2026, due_on=DAY, handed_at="2027-01-01T00:00Z")
    move(project, "closed", by=officer, reason="Bilan reçu sur papier")
    move(project, "abandoned", by=officer, reason="Non")
    move(project, "closed", by=officer, reason="Si")
    with pytest.raises(ValidationError, match="Dites pourquoi"):
        move(project, "running", by=officer, reason=" ")


# --- deciding of many -------------------------------------------------------------------------------------------


@pytest.fixture
def before_it(node):
    committee = CommitteeFactory(held_on=DAY)
    projects = [proposed(serves=[node("5.2")], committee=committee, code=f"P-{rank}") for rank in range(3)]
    for project in projects:
        project.review.proposed_amount = Decimal(3000)
        project.review.save()
    return projects


def test_deciding_of_many_writes_a_decision_each(officer, before_it):
    change = BulkChange(status="partly_retained", decided=DECIDED, reason="Comité du 14")
    assert change_projects(seen=seen(*before_it), change=change, by=officer, reason="Comité du 14") == 3
    found = Decision.objects.values_list("amount", "deliberation", "decided_on", "committee")
    committee = before_it[0].review.committee_id
    assert list(found) == [(3000, "CC-2026-31", DAY, committee)] * 3
    assert set(Project.objects.values_list("status", "granted")) == {("partly_retained", 3000)}
    assert {log.transition for log in TransitionLog.objects.all()} == {"retain_partly"}


def test_an_amount_that_breaks_a_rule_refuses_its_line(officer, before_it):
    change = BulkChange(status="retained", decided=Decided(DAY, "CC-1", bulk.REQUESTED), reason="X")
    Project.objects.filter(code="P-1").update(requested=None)
    plan = bulk.plan(bulk.read_projects([one.pk for one in before_it]), change)
    assert [(line.before.code, line.refusal) for line in plan.refused] == [("P-1", "Indiquez le montant accordé.")]


def test_the_screen_asks_for_the_day_the_deliberation_and_the_amount(officer_client, before_it):
    posted = {**carried(*before_it), "status": "partly_retained", "reason": "Comité"}
    page = officer_client.post(BULK, posted | {"voir": "1"}).text
    for sentence in ("Indiquez le jour", "Indiquez la délibération", "Dites quel montant"):
        assert sentence in page
    posted |= {"decided_on": DAY.isoformat(), "deliberation": "CC-2026-31", "amounts": bulk.PROPOSED}
    page = officer_client.post(BULK, posted | {"voir": "1"}).text
    assert "3\u202f000\u00a0€</ins>" in page
    assert not Decision.objects.exists()
    assert officer_client.post(BULK, posted | {"appliquer": "1"}).status_code == 302
    assert Decision.objects.count() == 3


def test_a_decision_taken_elsewhere_is_brought_with_its_deliberation(officer, node):
    project = ProjectFactory(status="draft", serves=[node("5.2")], requested=5000)
    change = BulkChange(status="retained", decided=Decided(DAY, "CC-1", bulk.REQUESTED), reason="Reprise")
    change_projects(seen=seen(project), change=change, by=officer, reason="Reprise")
    decision, project = Decision.objects.get(), Project.objects.get()
    assert (project.status, project.granted, decision.amount, decision.deliberation) == ("retained", 5000, 5000, "CC-1")


def test_public_figures_count_what_is_retained_and_not_given_up():
    for status in ProjectStatus:
        ProjectFactory(status=status)
    assert set(Project.objects.published().values_list("status", flat=True)) == set(GRANTED)
