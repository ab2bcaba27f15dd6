"""Applying a scenario: what it writes, what stops it, what undoes it, and scenarios side by side."""

import datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError

from cohesion.models import AuditEvent
from cohesion.roles import ELECTED
from projects.choices import ProjectStatus
from projects.instructing import deciding
from projects.instructing.deciding import Ruling
from projects.models import Decision, Review, Scenario
from projects.programming.applying import ScenarioNotApplied, apply_scenario, undo_scenario
from projects.programming.scenarios import (
    bring_up_to_date,
    copy_scenario,
    delete_scenario,
    make_scenario,
    save_scenario,
    tries_of,
)
from projects.programming.starts import PROPOSED, REQUESTED, Try
from tests.costs import cost
from tests.factories import (
    OfficerFactory,
    TerritoryFactory,
    UserFactory,
)
from tests.pages import squeezed
from tests.projects.programming.test_scenarios import address, before_it, proposals
from tests.site.forms import filled

pytestmark = pytest.mark.django_db


def refused(scenario, officer):
    """Why applying is refused; nothing was written."""
    before = proposals()
    with pytest.raises(ScenarioNotApplied) as error:
        apply_scenario(scenario, seen=str(Scenario.objects.get(pk=scenario.pk).version), by=officer)
    assert proposals() == before
    return " ".join(error.value.sentences)


def test_applying_writes_what_is_proposed_and_decides_nothing(committee, officer):
    part, refused, later, silent = (before_it(committee, 4_000) for _ in range(4))
    scenario = make_scenario(committee, start=PROPOSED, name="A", by=officer)
    tries = {
        part.pk: Try("partly_retained", Decimal("1234.56")),
        refused.pk: Try("refused", None),
        later.pk: Try("adjourned", Decimal(50)),
        silent.pk: Try("", Decimal(1)),
    }
    saved = save_scenario(scenario, name="A", tries=tries, seen="1", by=officer)
    assert apply_scenario(scenario, seen=str(saved.version), by=officer) == 3
    assert proposals() == {
        part.pk: Decimal("1234.56"),
        refused.pk: Decimal(0),
        later.pk: None,
        silent.pk: Decimal(4_000),
    }
    assert not Decision.objects.exists()
    assert set(Review.objects.values_list("opinion", flat=True)) == {"favourable"}
    assert AuditEvent.objects.filter(model="projects.scenario").count() == 1
    with pytest.raises(ScenarioNotApplied):
        apply_scenario(scenario, seen=str(saved.version), by=officer)
    assert undo_scenario(scenario, by=officer) == 3
    assert set(proposals().values()) == {Decimal(4_000)}
    scenario.refresh_from_db()
    apply_scenario(scenario, seen=str(scenario.version), by=officer)  # and anew


@pytest.fixture
def applicable(committee, officer):
    project, other = before_it(committee, 1_000), before_it(committee, 1_000)
    scenario = make_scenario(committee, start=REQUESTED, name="A", by=officer)
    return scenario, project, other


def test_a_file_that_was_decided_meanwhile_stops_all(applicable, officer):
    scenario, project, _ = applicable
    deciding.decide(project, Ruling("refused", datetime.date(2026, 1, 1), reason="Non"), by=officer)
    assert f"{project.code} n’est plus devant ce comité\xa0: il est «\xa0Refusée\xa0»" in refused(scenario, officer)


def test_a_proposal_that_a_colleague_changed_stops_all(applicable, officer):
    scenario, project, _ = applicable
    agnes = OfficerFactory(first_name="Agnès")
    Review.objects.filter(project=project).update(proposed_amount=7, version=2, saved_by=agnes)
    assert "Agnès" in refused(scenario, officer)


def test_a_file_that_came_meanwhile_stops_all_until_the_scenario_is_brought_up_to_date(applicable, officer):
    scenario, *_ = applicable
    new = before_it(scenario.committee, 300)
    assert f"{new.code} est arrivé devant le comité depuis" in refused(scenario, officer)
    assert bring_up_to_date(scenario, by=officer) == (1, 0)
    assert tries_of(scenario)[new.pk] == Try("", Decimal(300))
    apply_scenario(scenario, seen="2", by=officer)


def test_a_file_that_asks_less_than_before_stops_all(applicable, officer):
    scenario, project, _ = applicable
    type(project).objects.filter(pk=project.pk).update(requested=10)
    assert "dépasse ce qui est demandé" in refused(scenario, officer)


def test_a_scenario_that_a_colleague_saved_is_not_applied_unread(applicable, officer):
    scenario, *_ = applicable
    save_scenario(scenario, name="B", tries={}, seen="1", by=officer)
    with pytest.raises(ScenarioNotApplied, match="Rien n’est appliqué"):
        apply_scenario(scenario, seen="1", by=officer)


def test_one_scenario_of_a_committee_is_applied_at_a_time(applicable, officer):
    scenario, *_ = applicable
    copy = copy_scenario(scenario, by=officer)
    apply_scenario(scenario, seen="1", by=officer)
    bring_up_to_date(copy, by=officer)
    assert "«\xa0A\xa0» est déjà appliqué" in refused(copy, officer)


@pytest.mark.parametrize("change", ["decided", "changed"])
def test_what_happened_since_keeps_an_application_from_being_undone(applicable, officer, change):
    scenario, project, _ = applicable
    apply_scenario(scenario, seen="1", by=officer)
    if change == "decided":
        deciding.decide(project, Ruling("refused", datetime.date(2026, 1, 1), reason="Non"), by=officer)
    else:
        Review.objects.filter(project=project).update(version=9)
    before = proposals()
    with pytest.raises(ScenarioNotApplied):
        undo_scenario(scenario, by=officer)
    assert proposals() == before


def test_an_applied_scenario_is_not_deleted(applicable, officer):
    scenario, *_ = applicable
    apply_scenario(scenario, seen="1", by=officer)
    with pytest.raises(ValidationError, match="est appliqué"):
        delete_scenario(scenario)


def test_the_pages_apply_and_undo(officer_client, applicable):
    scenario, project, _ = applicable
    where = address(scenario.committee, f"{scenario.pk}/appliquer/")
    page = officer_client.get(where)
    assert "2\xa0propositions changent" in squeezed(page.text)
    answer = officer_client.post(where, filled(page, "main form"), follow=True)
    assert "Le comité reste à décider" in answer.text
    assert proposals()[project.pk] == 5_000
    officer_client.post(where, {"annuler": "1"})
    assert proposals()[project.pk] == 1_000
    assert "Rien n’a été changé" in officer_client.post(where, {"annuler": "1"}).text


# --- compared -------------------------------------------------------------------------------------------------


def test_scenarios_stand_side_by_side_and_what_differs_is_marked(officer_client, applicable, officer):
    scenario, project, _ = applicable
    copy = copy_scenario(scenario, by=officer)
    tries = tries_of(copy) | {project.pk: Try("refused", None)}
    save_scenario(copy, name="Sans", tries=tries, seen="1", by=officer)
    page = squeezed(officer_client.get(address(scenario.committee)).text)
    assert page.count("Retenue, 5\u202f000\xa0€") == 3
    assert "Côte à côte" in page
    alone = squeezed(officer_client.get(address(scenario.committee, f"?scenario={copy.pk}")).text)
    assert "Côte à côte" not in alone


@pytest.mark.parametrize("format", ["csv", "xlsx", "ods"])
def test_a_comparison_is_taken_away(officer_client, applicable, format):
    scenario, *_ = applicable
    response = officer_client.get(f"/instruction/comite/{scenario.committee_id}/simulations.{format}")
    assert response.status_code == 200


def test_the_pages_cost_the_same_for_two_files_and_for_twenty(officer_client, applicable, officer, node):
    scenario, *_ = applicable
    committee = scenario.committee
    pages = [address(committee), address(committee, f"{scenario.pk}/"), address(committee, f"{scenario.pk}/appliquer/")]

    def costs():
        return [cost(page, officer_client) for page in pages]

    before_it(committee, 10, serves=[node("5.2")], located_in=[TerritoryFactory()])
    bring_up_to_date(scenario, by=officer)
    costs()
    few = costs()
    for _ in range(18):
        before_it(committee, 10, serves=[node("5.2")], located_in=[TerritoryFactory()])
    copy_scenario(scenario, by=officer)
    bring_up_to_date(scenario, by=officer)
    assert costs() == few


def test_elected_officials_read_scenarios_and_write_none(client, applicable, elected):
    scenario, *_ = applicable
    client.force_login(elected)
    page = client.get(address(scenario.committee, f"{scenario.pk}/"))
    assert "5\u202f000\xa0€" in page.text
    assert "Enregistrer" not in page.text
    for rest in ("", f"{scenario.pk}/", f"{scenario.pk}/appliquer/"):
        assert client.post(address(scenario.committee, rest), {}).status_code == 403


@pytest.fixture
def elected():
    person = UserFactory(is_staff=True)
    person.groups.add(Group.objects.get(name=ELECTED.name))
    return person


def test_a_project_decided_by_the_committee_takes_nothing_from_a_scenario_page(officer_client, applicable, officer):
    scenario, project, _ = applicable
    deciding.decide(project, Ruling("refused", datetime.date(2026, 1, 1), reason="Non"), by=officer)
    assert type(project).objects.get(pk=project.pk).status == ProjectStatus.REFUSED
    page = officer_client.get(address(scenario.committee, f"{scenario.pk}/"))
    assert "Mettre à jour les dossiers" in page.text
    officer_client.post(address(scenario.committee, f"{scenario.pk}/"), {"mettre-a-jour": "1"})
    assert project.pk not in tries_of(scenario)
