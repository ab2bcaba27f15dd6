"""Programmings that are tried before a committee: where they begin, what they make, and that nothing is decided."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.figures.sharing import proportional_parts
from projects.models import BudgetEnvelope, Review, Scenario
from projects.programming.scenarios import (
    ScenarioConflict,
    copy_scenario,
    make_scenario,
    save_scenario,
    tries_of,
)
from projects.programming.starts import FITS, LAST_YEAR, PROPOSED, REQUESTED, Try
from projects.programming.tally import MeetingFacts
from tests.factories import (
    DeclarationFactory,
    OfficerFactory,
    ProjectFactory,
    TerritoryFactory,
)
from tests.pages import squeezed
from tests.projects.instructing.made import proposed
from tests.projects.programming.conftest import YEAR
from tests.site.forms import filled

pytestmark = pytest.mark.django_db


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
