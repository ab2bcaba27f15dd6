"""An export comes back untouched: nothing changes, whatever happened in between. What is said anew is done."""

import datetime

import pytest

from axes import actions
from axes.models import Orientation
from cohesion.lib import spreadsheets
from projects.browsing.exports import OFFICER_COLUMNS, table
from projects.housekeeping.merging import merge_organizations
from projects.models import FundingLine, Indicator, Organization, Partnership, Project
from tests.axes.exchange.files import lines
from tests.factories import CoLeadFactory, FrameworkFactory, OrganizationFactory, OrientationFactory, ProjectFactory
from tests.projects.exchange import jobs

pytestmark = pytest.mark.django_db
ADOPTED = datetime.date(2027, 1, 15)
SHORT = "code;titre;type;porteur;objectifs"


@pytest.fixture
def projects(founding, node):
    """Linked to what another version keeps, drops or renumbers; with all that a file says of a project."""
    lead = OrganizationFactory(name="Les Deux Rives")
    kept = ProjectFactory(code="A-1", organization=lead, serves=[node("1.1.3-a"), node("2.1.2-a")])
    ProjectFactory(code="A-2", organization=lead, serves=[node("5.2.1-a"), node("1.1.3")])
    ProjectFactory(code="A-3", organization=lead, serves=[node("1.1.3-a"), node("8.1-a")])
    ProjectFactory(code="A-4", organization=lead, serves=[node("5.2.1-b")])
    ProjectFactory(code="A-5", organization=OrganizationFactory(name="Lire, écrire et compter"))
    full = ProjectFactory(code="A-6", organization=lead, serves=[node("4.1")], title="Une « action » ; longue | double")
    full.description = "Un paragraphe.\n\n- une puce\n- une autre"
    full.save()
    CoLeadFactory(project=full, organization=OrganizationFactory(name="La Boussole"))
    full.partners.add(kept.organization, OrganizationFactory(name="Le Pont"))
    Partnership.objects.create(project=full, name="Les écoles | du quartier")
    FundingLine.objects.create(project=full, kind="agglomeration", requested=8000)
    FundingLine.objects.create(project=full, kind="private", name="Mécénat d’ici", requested=500, granted=400)
    FundingLine.objects.create(project=full, kind="state", name="DDETS : service 2")
    Indicator.objects.create(project=full, name="Enfants : les petits", target=40, unit="enfants")
    Indicator.objects.create(project=full, name="Un indicateur sans cible")
    return Project.objects.all()


def nothing(founding, officer):
    pass


def same_codes_of_another_text(founding, officer):
    """Another framework of the same codes, whose orientations are others."""
    framework = FrameworkFactory(slug="cadre-2031")
    twins = {}
    for one in founding.orientations.in_order():
        twins[one.pk] = OrientationFactory(
            framework=framework, parent=twins.get(one.parent_id), level=one.level, code=one.code, title="Autre texte"
        )
    framework.refresh_from_db()
    actions.put_in_force(framework=framework, adopted_on=ADOPTED, deliberation="D-1", by=officer)


def next_version_without_some(founding, officer):
    framework = actions.prepare_next_version(framework=founding, by=officer)
    for code in ("8", "5.2.1"):
        actions.delete_orientation(orientation=framework.orientations.get(code=code), by=officer)
    framework.refresh_from_db()
    actions.put_in_force(framework=framework, adopted_on=ADOPTED, deliberation="D-1", by=officer)


def next_version_of_other_codes(founding, officer):
    """The first axis goes: each other orientation takes the code that another one had."""
    framework = actions.prepare_next_version(framework=founding, by=officer)
    top = framework.orientations.get(code="1")
    codes = {one.pk: f"N{one.code}" for one in framework.orientations.all()}
    codes |= {framework.orientations.get(code="8").pk: "4.1", framework.orientations.get(code="4.1").pk: "8"}
    actions.tree.recode(framework, codes, by=officer)
    assert top.pk in codes
    framework.refresh_from_db()
    actions.put_in_force(framework=framework, adopted_on=ADOPTED, deliberation="D-1", by=officer)


def renumbered(founding, officer):
    codes = {one.pk: f"R{one.code}" for one in founding.orientations.all()}
    codes[founding.orientations.get(code="8").pk] = "4.1"
    actions.tree.recode(founding, codes, by=officer, reason="Renumérotation")


def lead_renamed(founding, officer):
    Organization.objects.filter(name="Les Deux Rives").get()
    lead = Organization.objects.get(name="Les Deux Rives")
    lead.name = "Un tout autre nom"
    lead.save()


def lead_of_two_words_renamed(founding, officer):
    lead = Organization.objects.get(name="Lire, écrire et compter")
    lead.name = "Un tout autre nom"
    lead.save()


def merged(name, keep, officer):
    """A structure made one with another; ``keep`` is made where there is none of that name."""
    kept = Organization.objects.filter(name=keep).first() or OrganizationFactory(name=keep)
    merge_organizations(keep=kept, merged=Organization.objects.get(name=name), by=officer)


def lead_merged(founding, officer):
    merged("Les Deux Rives", "Le Grand Pont", officer)
    merged("Le Grand Pont", "Une troisième", officer)


def co_lead_merged(founding, officer):
    merged("La Boussole", "La Rose des vents", officer)


def co_lead_merged_into_the_lead(founding, officer):
    merged("La Boussole", "Les Deux Rives", officer)


def partner_merged_into_another(founding, officer):
    merged("Le Pont", "Le Grand Pont", officer)


def partner_merged_into_the_lead(founding, officer):
    merged("Le Pont", "Les Deux Rives", officer)


def lead_merged_into_a_co_lead(founding, officer):
    merged("Les Deux Rives", "La Boussole", officer)


def objective_renamed(founding, officer):
    node = founding.orientations.get(code="5.2.1-b")
    node.title = "Un tout autre texte"
    actions.save_orientation(orientation=node, by=officer, reason="Correction")


def objective_renamed_then_restored(founding, officer):
    objective_renamed(founding, officer)
    node = founding.orientations.get(code="5.2.1-b")
    first = node.history.order_by("history_id").first()
    actions.restore_orientation(orientation=node, record=first, by=officer, reason="Erreur")


@pytest.mark.parametrize("format", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "happened",
    [
        nothing,
        same_codes_of_another_text,
        next_version_without_some,
        next_version_of_other_codes,
        renumbered,
        lead_renamed,
        lead_of_two_words_renamed,
        lead_merged,
        co_lead_merged,
        co_lead_merged_into_the_lead,
        partner_merged_into_another,
        partner_merged_into_the_lead,
        lead_merged_into_a_co_lead,
        objective_renamed,
        objective_renamed_then_restored,
    ],
)
def test_an_untouched_export_changes_nothing_whatever_happened(projects, founding, officer, happened, format):
    """Exported before what happened, and exported after it."""
    before = spreadsheets.write(format, [table(projects.order_by("code"), OFFICER_COLUMNS)])
    happened(founding, officer)
    after = spreadsheets.write(format, [table(projects.order_by("code"), OFFICER_COLUMNS)])
    for data in (before, after):
        plan, written = jobs.apply_file(data, f"projets.{format}", by=officer)
        assert ([str(one) for one in plan.refusals()], plan.created, plan.changed, written) == ([], [], [], 0)
        assert (len(plan.unchanged), plan.organizations, plan.questions) == (6, [], [])


def test_a_homonymous_code_is_kept_and_the_way_to_the_new_one_is_said(projects, founding, officer):
    same_codes_of_another_text(founding, officer)
    said = lines("A-4;Action d’essai;action;Les Deux Rives;5.2.1-b", headers=SHORT)
    plan, _ = jobs.examine(said, "projets.csv")
    assert "5.2.1-b@cadre-2031" in plan.warnings[-1]
    new = lines("A-4;Action d’essai;action;Les Deux Rives;5.2.1-b@cadre-2031", headers=SHORT)
    jobs.apply_file(new, "projets.csv", by=officer)
    links = Project.objects.get(code="A-4").contributions.in_force()
    assert links.get().orientation.framework.slug == "cadre-2031"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("1.1@nulle-part", "Aucun cadre ne s’appelle « nulle-part »"),
        ("99@{slug}", "Aucune orientation du cadre « {slug} » ne porte le code « 99 »"),
        ("1.1@{slug}", "n’est pas en vigueur"),
    ],
)
def test_a_code_of_another_framework_is_named_and_known(projects, founding, officer, said, sentence):
    same_codes_of_another_text(founding, officer)
    slug = founding.slug
    row = f"A-5;Titre;action;Les Deux Rives;{said.format(slug=slug)}"
    plan, _ = jobs.examine(lines(row, headers=SHORT), "projets.csv")
    assert sentence.format(slug=slug) in str(plan.problems[0])


def test_what_an_export_says_of_an_orientation_in_force_is_its_bare_code(projects):
    text = spreadsheets.write("csv", [table(projects.order_by("code"), OFFICER_COLUMNS)]).decode()
    assert "@" not in text
    assert Orientation.objects.filter(code="1.1.3-a").count() == 1
