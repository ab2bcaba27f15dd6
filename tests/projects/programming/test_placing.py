"""In which envelope each grant counts, and that nothing is counted twice or left out."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.choices import ProjectStatus
from projects.models import BudgetEnvelope, EnvelopeChoice, Grant, Scheme
from projects.programming.choosing import choose_envelope
from projects.programming.placing import NO_ENVELOPE
from projects.programming.sums import grants_of, paid_of, year_sums, years
from tests.factories import CampaignFactory, CommitteeFactory, DeclarationFactory, OfficerFactory, ProjectFactory

pytestmark = pytest.mark.django_db
YEAR = 2027
WITHIN = {"starts_on": datetime.date(YEAR, 1, 1), "ends_on": datetime.date(YEAR, 12, 31)}


def envelope(label="Cohésion", voted=10_000, **values):
    return BudgetEnvelope.objects.create(year=YEAR, label=label, voted=voted, **values)


def grant(amount=1_000, schemes=(), **values):
    project = ProjectFactory(granted=amount, **WITHIN | values)
    project.schemes.set(schemes)
    return project


def holds(project):
    """The envelope in which a grant counts."""
    return grants_of(YEAR).get(pk=project.pk).envelope


def test_a_grant_counts_in_the_most_telling_envelope_that_holds_it(node):
    scheme = Scheme.objects.create(code="ASV")
    root = node("5")
    whole, by_scheme = envelope("Tout"), envelope("ASV", scheme=scheme)
    by_orientation, by_both = envelope("5", orientation=root), envelope("ASV, 5", scheme=scheme, orientation=root)
    leaf = node("5.2")
    assert holds(grant()) == whole.pk
    assert holds(grant(schemes=[scheme])) == by_scheme.pk
    assert holds(grant(serves=[leaf])) == by_orientation.pk
    assert holds(grant(serves=[leaf], schemes=[scheme])) == by_both.pk
    assert holds(grant(serves=[node("6"), leaf])) == whole.pk  # its main one is elsewhere


def test_a_project_of_several_schemes_does_not_say_which_pays_it():
    one, other = Scheme.objects.create(code="A"), Scheme.objects.create(code="B")
    envelope("A", scheme=one)
    assert holds(grant(schemes=[one, other])) == NO_ENVELOPE


def test_a_call_says_the_year_and_its_envelope_holds_what_answers_it():
    call = CampaignFactory(year=YEAR)
    of_call = envelope("Appel", campaign=call)
    answer = DeclarationFactory(
        campaign=call,
        project=ProjectFactory(granted=500, starts_on=datetime.date(YEAR + 1, 1, 1), ends_on=None),
    ).project
    assert holds(answer) == of_call.pk
    assert holds(grant()) == NO_ENVELOPE
    assert not grants_of(YEAR + 1).filter(pk=answer.pk).exists()


def test_what_a_committee_of_the_call_decided_without_answering_it_is_of_the_call(officer):
    call = CampaignFactory(year=YEAR)
    of_call = envelope("Appel", campaign=call)
    project = ProjectFactory(granted=None, starts_on=None, ends_on=None, status=ProjectStatus.RETAINED)
    project.decisions.create(
        outcome="retained",
        amount=500,
        decided_on=datetime.date(YEAR, 2, 1),
        committee=CommitteeFactory(campaign=call),
        by=officer,
    )
    assert holds(project) == of_call.pk


def test_own_credits_are_taken_before_delegated_ones_and_the_older_envelope_before_the_newer():
    delegated, own = envelope("État", is_delegated=True), envelope("Propre")
    assert holds(grant()) == own.pk
    own.delete()
    assert holds(grant()) == delegated.pk


def test_an_officer_puts_a_grant_where_the_rule_would_not():
    own, delegated = envelope("Propre"), envelope("État", is_delegated=True)
    project = grant()
    EnvelopeChoice.objects.create(project=project, envelope=delegated)
    assert holds(project) == delegated.pk
    assert own.pk not in set(grants_of(YEAR).values_list("envelope", flat=True))


def test_the_grant_itself_says_its_year_and_its_scheme_before_the_rest():
    scheme = Scheme.objects.create(code="FSIH")
    of_scheme = envelope("FSIH", scheme=scheme)
    project = grant(starts_on=datetime.date(YEAR - 3, 1, 1))
    Grant.objects.create(project=project, year=YEAR, scheme=scheme)
    assert holds(project) == of_scheme.pk
    assert not grants_of(YEAR - 3).exists()


def test_an_envelope_of_another_year_does_not_take_a_grant_with_it():
    here = envelope()
    former = BudgetEnvelope.objects.create(year=YEAR - 1, label="Avant", voted=1)
    project = grant()
    EnvelopeChoice.objects.create(project=project, envelope=former)
    assert holds(project) == here.pk
    with pytest.raises(ValidationError, match="ne compte pas en 2026"):
        choose_envelope([project.pk], former, by=OfficerFactory())


def test_what_is_paid_of_an_envelope_is_paid_of_its_grants_refunds_taken_off(officer):
    whole = envelope()
    first, second = grant(1_000), grant(500)
    for project, kind, amount in ((first, "payment", "700.10"), (first, "refund", "0.20"), (second, "payment", "500")):
        row, _ = Grant.objects.get_or_create(project=project, defaults={"year": YEAR})
        row.payments.create(kind=kind, amount=amount, paid_on=datetime.date(YEAR + 1, 1, 5), by=officer)
    (line,) = year_sums(YEAR).lines
    assert line.envelope == whole
    assert (line.paid, line.left_to_pay) == (Decimal("1199.90"), Decimal("300.10"))
    assert paid_of([first.pk]) == {first.pk: Decimal("699.90")}


def test_two_envelopes_of_a_year_do_not_ask_the_same():
    envelope("Une")
    with pytest.raises(ValidationError, match="porte déjà sur les mêmes subventions"):
        BudgetEnvelope(year=YEAR, label="Autre", voted=1).full_clean()
    BudgetEnvelope(year=YEAR, label="Autre", voted=1, is_delegated=True).full_clean()
    BudgetEnvelope(year=YEAR + 1, label="Autre", voted=1).full_clean()


def test_what_is_refused_given_up_or_without_an_amount_takes_nothing():
    envelope()
    grant(status=ProjectStatus.ABANDONED)
    grant(None)
    sums = year_sums(YEAR)
    assert sums.total.engaged == 0
    assert sums.unsaid == 1


def test_an_exceeded_envelope_says_by_how_much():
    envelope(voted=1_000)
    grant(Decimal("1000.01"))
    (line,) = year_sums(YEAR).lines
    assert line.is_over
    assert "dépassée de 0,01\xa0€" in line.sentence


def test_a_call_whose_envelopes_say_another_amount_is_told():
    call = CampaignFactory(year=YEAR, budget=9_000, name="AAP")
    envelope("Appel, propre", 5_000, campaign=call)
    envelope("Appel, État", 3_000, campaign=call, is_delegated=True)
    assert any("AAP\xa0» annonce 9\u202f000" in sentence for sentence in year_sums(YEAR).sentences)
    call.budget = 8_000
    call.save()
    assert year_sums(YEAR).sentences == []


def test_the_years_are_those_of_grants_and_of_envelopes():
    envelope()
    grant(starts_on=datetime.date(2024, 5, 1))
    assert years() == [2024, YEAR]


CENTS = st.integers(1, 10**9)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(made=st.lists(st.tuples(CENTS, st.sampled_from(["", "A", "B"]), st.booleans()), max_size=8))
def test_envelopes_and_what_is_outside_make_all_that_was_granted(made):
    EnvelopeChoice.objects.all().delete()
    BudgetEnvelope.objects.all().delete()
    type(ProjectFactory.build()).objects.all().delete()
    schemes = {code: Scheme.objects.get_or_create(code=code)[0] for code in "AB"}
    envelope("A", scheme=schemes["A"])
    by_hand = envelope("B, État", scheme=schemes["B"], is_delegated=True)
    for cents, code, is_by_hand in made:
        project = grant(Decimal(cents) / 100, [schemes[code]] if code else [])
        if is_by_hand:
            EnvelopeChoice.objects.create(project=project, envelope=by_hand)
    sums = year_sums(YEAR)
    total = sum(Decimal(cents) / 100 for cents, _, _ in made)
    assert sum(line.engaged for line in [*sums.lines, sums.outside]) == sums.total.engaged == total
    for line in [*sums.lines, sums.outside]:
        key = line.envelope.pk if line.envelope else NO_ENVELOPE
        listed = grants_of(YEAR, key)
        assert len(listed) == line.grants
        assert sum(project.granted for project in listed) == line.engaged


def test_the_sums_of_a_year_cost_the_same_for_two_grants_and_for_twenty():
    def fill(number):
        for rank in range(number):
            envelope(f"E{BudgetEnvelope.objects.count()}", campaign=CampaignFactory(year=YEAR))
            grant(100 + rank)

    fill(2)
    with CaptureQueriesContext(connection) as few:
        year_sums(YEAR)
    fill(18)
    with CaptureQueriesContext(connection) as many:
        year_sums(YEAR)
    assert len(few) == len(many) == 10
