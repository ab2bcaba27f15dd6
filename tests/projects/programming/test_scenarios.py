"""Programmings that are tried before a committee: where they begin, what they make, and that nothing is decided."""

import datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cohesion.models import AuditEvent
from cohesion.roles import ELECTED
from projects.choices import ProjectStatus
from projects.figures.sharing import proportional_parts
from projects.instructing import deciding
from projects.instructing.deciding import Ruling
from projects.models import BudgetEnvelope, Decision, Review, Scenario
from projects.programming.applying import ScenarioNotApplied, apply_scenario, undo_scenario
from projects.programming.scenarios import (
    ScenarioConflict,
    bring_up_to_date,
    copy_scenario,
    delete_scenario,
    make_scenario,
    save_scenario,
    tries_of,
)
from projects.programming.starts import FITS, LAST_YEAR, PROPOSED, REQUESTED, Try
from projects.programming.tally import MeetingFacts
from tests.costs import cost
from tests.factories import (
    CampaignFactory,
    CommitteeFactory,
    DeclarationFactory,
    OfficerFactory,
    ProjectFactory,
    TerritoryFactory,
    UserFactory,
)
from tests.pages import squeezed
from tests.projects.instructing.made import proposed
from tests.site.forms import filled

pytestmark = pytest.mark.django_db
YEAR = 2027


@pytest.fixture
def committee():
    return CommitteeFactory(campaign=CampaignFactory(year=YEAR, budget=10_000))


def before_it(committee, amount=None, **values):
    """A file before the committee, with what is proposed of it."""
    project = proposed(committee=committee, **values)
    Review.objects.filter(project=project).update(proposed_amount=amount)
    return project


def begun(committee, start, officer):
    return tries_of(make_scenario(committee, start=start, name="", by=officer))


def proposals():
    return dict(Review.objects.values_list("project", "proposed_amount"))


def address(committee, rest=""):
    return f"/instruction/comite/{committee.pk}/simulations/{rest}"


# --- where they begin ---------------------------------------------------------------------------------------


def test_a_scenario_begins_from_the_proposals(committee, officer):
    whole, part = before_it(committee, 5_000), before_it(committee, 2_000)
    silent, against = before_it(committee), before_it(committee, 100)
    Review.objects.filter(project=against).update(opinion="unfavourable")
    assert begun(committee, PROPOSED, officer) == {
        whole.pk: Try("retained", Decimal(5_000)),
        part.pk: Try("partly_retained", Decimal(2_000)),
        silent.pk: Try("", None),
        against.pk: Try("refused", None),
    }


def test_all_that_is_asked_leaves_out_what_a_pst_says_again(committee, officer):
    pst = before_it(committee, kind="pst", requested=Decimal(9_000))
    part = before_it(committee, host=pst, requested=Decimal(4_000))
    assert begun(committee, REQUESTED, officer) == {
        pst.pk: Try("", None),
        part.pk: Try("retained", Decimal(4_000)),
    }


def test_last_year_is_what_the_renewed_action_was_granted_and_no_more_than_is_asked(committee, officer):
    former, dear = ProjectFactory(granted=3_000), ProjectFactory(granted=8_000)
    renewed, less, new = (before_it(committee) for _ in range(3))
    DeclarationFactory(project=renewed, previous=former)
    DeclarationFactory(project=less, previous=dear)
    assert begun(committee, LAST_YEAR, officer) == {
        renewed.pk: Try("partly_retained", Decimal(3_000)),
        less.pk: Try("retained", Decimal(5_000)),
        new.pk: Try("", None),
    }


def test_a_prorata_takes_all_that_is_left_to_the_cent(committee, officer):
    for _ in range(3):
        before_it(committee)
    tries = begun(committee, FITS, officer)
    assert sorted(line.amount for line in tries.values()) == [
        Decimal("3333.33"),
        Decimal("3333.33"),
        Decimal("3333.34"),
    ]


def test_a_prorata_grants_no_more_than_is_asked(committee, officer):
    project = before_it(committee, requested=Decimal(700))
    assert begun(committee, FITS, officer) == {project.pk: Try("retained", Decimal(700))}


def test_a_prorata_needs_an_envelope_of_which_something_is_left(committee, officer):
    before_it(committee)
    committee.campaign.budget = 0
    committee.campaign.save()
    with pytest.raises(ValidationError, match="ne reste rien"):
        begun(committee, FITS, officer)
    committee.campaign.budget = None
    committee.campaign.save()
    with pytest.raises(ValidationError, match="n’a pas d’enveloppe"):
        begun(committee, FITS, officer)


@given(cents=st.integers(0, 10**12), weights=st.lists(st.integers(0, 10**10), max_size=30))
def test_parts_in_proportion_make_the_whole_and_are_within_a_cent_of_their_due(cents, weights):
    parts = proportional_parts(cents, weights)
    whole = sum(weights)
    assert sum(parts) == (cents if whole else 0)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * whole - cents * weight) < max(whole, 1)
        if cents <= whole:
            assert part <= weight


# --- what they make -----------------------------------------------------------------------------------------

OUTCOMES = st.sampled_from(["", "retained", "partly_retained", "refused", "adjourned"])


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(lines=st.lists(st.tuples(OUTCOMES, st.integers(0, 10**8)), min_size=4, max_size=4))
def test_the_shares_of_a_scenario_make_its_total_to_the_cent(world, lines):
    facts, keys = world
    tally = facts.tally(
        {key: Try(outcome, Decimal(cents) / 100) for key, (outcome, cents) in zip(keys, lines, strict=True)}
    )
    total = sum(cents for outcome, cents in lines if outcome in ("retained", "partly_retained"))
    assert tally.cents == total
    assert sum(share.cents for share in tally.orientations) == total
    assert sum(share.cents for share in tally.places) == total
    assert sum(share.cents for share in tally.envelopes) == total
    assert tally.left == Decimal(10_000) - tally.total


@pytest.fixture
def world(committee, node):
    """A committee with four files: of several places, of one in a quarter, of none, without an orientation."""
    communes = [TerritoryFactory() for _ in range(3)]
    quarter = TerritoryFactory(kind="qpv", parent=communes[0])
    BudgetEnvelope.objects.create(year=YEAR, label="5", voted=5_000, orientation=node("5"))
    files = [
        before_it(committee, located_in=communes, serves=[node("5.2")]),
        before_it(committee, located_in=[quarter], serves=[node("6"), node("5.2")]),
        before_it(committee, serves=[node("5")]),
        before_it(committee, located_in=communes[:1]),
    ]
    for project in files:
        DeclarationFactory(project=project, campaign=committee.campaign)
    return MeetingFacts.of(committee), [project.pk for project in files]


def test_what_is_left_of_each_envelope_follows_a_scenario(world):
    facts, (first, second, third, fourth) = world
    tally = facts.tally({key: Try("retained", Decimal(2_000)) for key in (first, second, third, fourth)})
    in_envelope, outside = tally.envelopes
    assert (in_envelope.line.label, in_envelope.left) == ("5", Decimal(1_000))
    assert (outside.left, outside.cents) == (None, 400_000)


# --- saving ---------------------------------------------------------------------------------------------------


def test_two_officers_on_one_scenario_lose_nothing(committee, officer):
    first, second = before_it(committee), before_it(committee)
    scenario = make_scenario(committee, start=REQUESTED, name="A", by=officer)
    mine, theirs = tries_of(scenario), tries_of(scenario)
    theirs[first.pk] = Try("refused", None)
    save_scenario(scenario, name="A", tries=theirs, seen="1", by=OfficerFactory(first_name="Agnès"))
    mine[second.pk] = Try("partly_retained", Decimal(10))
    with pytest.raises(ScenarioConflict, match="Agnès"):
        save_scenario(scenario, name="A", tries=mine, seen="1", by=officer)
    assert tries_of(scenario) == theirs
    save_scenario(scenario, name="A", tries=theirs, seen="1", by=officer)  # a double click: it is written already


def test_what_was_typed_is_shown_again_beside_what_a_colleague_saved(officer_client, committee, officer):
    project = before_it(committee)
    scenario = make_scenario(committee, start=REQUESTED, name="A", by=officer)
    where = address(committee, f"{scenario.pk}/")
    form = filled(officer_client.get(where), "main form.scenario")
    save_scenario(
        scenario, name="A", tries={project.pk: Try("refused", None)}, seen="1", by=OfficerFactory(first_name="Agnès")
    )
    typed = form | {f"p{project.pk}-outcome": "retained", f"p{project.pk}-amount": "1234"}
    answer = officer_client.post(where, typed)
    page = squeezed(answer.text)
    assert 'value="1234"' in page
    assert "Enregistré entre-temps\xa0: Refusée" in page
    again = filled(answer, "main form.scenario")
    assert officer_client.post(where, again).status_code == 302
    assert tries_of(scenario) == {project.pk: Try("partly_retained", Decimal(1234))}


def test_a_scenario_shown_again_for_another_fault_does_not_hide_what_a_colleague_saved(
    officer_client, committee, officer
):
    project = before_it(committee)
    scenario = make_scenario(committee, start=REQUESTED, name="A", by=officer)
    where = address(committee, f"{scenario.pk}/")
    form = filled(officer_client.get(where), "main form.scenario")
    theirs = {project.pk: Try("refused", None)}
    save_scenario(scenario, name="A", tries=theirs, seen="1", by=OfficerFactory(first_name="Agnès"))
    wrong = officer_client.post(where, form | {f"p{project.pk}-amount": "abc"})
    again = filled(wrong, "main form.scenario") | {f"p{project.pk}-amount": "1234"}
    assert "Agnès" in officer_client.post(where, again).text
    assert tries_of(scenario) == theirs


def test_counting_again_keeps_what_is_typed_and_saves_nothing(officer_client, committee, officer):
    project = before_it(committee)
    scenario = make_scenario(committee, start=REQUESTED, name="A", by=officer)
    where = address(committee, f"{scenario.pk}/")
    form = filled(officer_client.get(where), "main form.scenario")
    typed = form | {f"p{project.pk}-amount": "1 500,50", "recalculer": "1"}
    page = squeezed(officer_client.post(where, typed).text)
    assert "1\u202f500,50\xa0€" in page
    assert "8\u202f499,50\xa0€" in page
    assert 'value="1 500,50"' in page
    assert tries_of(scenario) == {project.pk: Try("retained", Decimal(5_000))}


@pytest.mark.parametrize("amount", ["6000", "abc", ""])
def test_a_line_that_a_committee_could_not_decide_is_told_and_nothing_is_saved(
    officer_client, committee, officer, amount
):
    project = before_it(committee)
    scenario = make_scenario(committee, start=REQUESTED, name="A", by=officer)
    where = address(committee, f"{scenario.pk}/")
    form = filled(officer_client.get(where), "main form.scenario")
    page = officer_client.post(where, form | {f"p{project.pk}-amount": amount})
    assert "Rien n’est enregistré" in page.text
    assert f'value="{amount}"' in page.text or not amount
    assert tries_of(scenario)[project.pk].amount == 5_000


def test_a_scenario_is_made_copied_and_deleted_and_a_double_click_makes_one(officer_client, committee):
    before_it(committee, 2_000)
    form = filled(officer_client.get(address(committee)), "main form")
    for _ in range(2):
        officer_client.post(address(committee), form | {"depart": PROPOSED, "nom": "Prudente"})
    scenario = Scenario.objects.get()
    officer_client.post(address(committee), {"copier": scenario.pk})
    copy = Scenario.objects.exclude(pk=scenario.pk).get()
    assert copy.name == "Prudente (copie)"
    assert tries_of(copy) == tries_of(scenario)
    officer_client.post(address(committee), {"supprimer": copy.pk})
    assert Scenario.objects.get() == scenario


def test_names_are_not_taken_twice(officer_client, committee, officer):
    before_it(committee)
    make_scenario(committee, start=REQUESTED, name="A", by=officer)
    page = officer_client.post(address(committee), {"depart": REQUESTED, "nom": "A"}, follow=True)
    assert "porte déjà ce nom" in page.text
    for _ in range(2):
        make_scenario(committee, start=REQUESTED, name="", by=officer)
    copy_scenario(Scenario.objects.get(name="A"), by=officer)
    assert Scenario.objects.count() == 4


# --- applying -------------------------------------------------------------------------------------------------


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


def refused(scenario, officer):
    """Why applying is refused; nothing was written."""
    before = proposals()
    with pytest.raises(ScenarioNotApplied) as error:
        apply_scenario(scenario, seen=str(Scenario.objects.get(pk=scenario.pk).version), by=officer)
    assert proposals() == before
    return " ".join(error.value.sentences)


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
