"""Envelopes whose framework was followed by another, and what signed conventions promise of a year."""

import datetime
from decimal import Decimal

import pytest

from axes.choices import FrameworkStatus
from axes.levels import Level
from axes.models import Descent, Framework
from projects.choices import ProjectStatus
from projects.models import BudgetEnvelope, Contribution, Scheme
from projects.programming.placing import NO_ENVELOPE
from projects.programming.sums import grants_of, year_sums
from tests.factories import (
    AgreementFactory,
    FrameworkFactory,
    GrantFactory,
    OrientationFactory,
    ProjectFactory,
    this_year,
)
from tests.pages import squeezed

pytestmark = pytest.mark.django_db
YEAR = this_year() + 1
WITHIN = {"starts_on": datetime.date(YEAR, 1, 1), "ends_on": datetime.date(YEAR, 12, 31)}


@pytest.fixture
def former():
    return FrameworkFactory(name="Contrat 2020-2026")


@pytest.fixture
def latter(former):
    return FrameworkFactory(predecessor=former, programme=former.programme)


def adopt(former, latter):
    """As adoption leaves them; what is tied to them is written before."""
    Framework.objects.filter(pk=former.pk).update(status=FrameworkStatus.ARCHIVED)
    Framework.objects.filter(pk=latter.pk).update(status=FrameworkStatus.IN_FORCE)


def root(framework, code, **values):
    return OrientationFactory(framework=framework, parent=None, code=code, **values)


def envelope(orientation, **values):
    return BudgetEnvelope.objects.create(
        year=YEAR, label=f"E{BudgetEnvelope.objects.count()}", voted=10_000, orientation=orientation, **values
    )


def tied(*orientations):
    project = ProjectFactory(granted=1000, **WITHIN)
    for orientation in orientations:
        Contribution.objects.create(project=project, orientation=orientation, is_main=True)
    return project


def holds(project):
    return grants_of(YEAR).get(pk=project.pk).envelope


def became(framework, former, *successors):
    for successor in successors:
        Descent.objects.create(framework=framework, former=former, successor=successor)


def test_an_orientation_that_is_the_same_in_the_framework_that_follows_keeps_its_envelope(former, latter):
    before = root(former, "1")
    after, other = root(latter, "2", uid=before.uid), root(latter, "3")
    under = OrientationFactory(parent=after, level=Level.CHALLENGE, code="2.1")
    adopt(former, latter)
    of_before = envelope(before)
    assert holds(tied(after)) == of_before.pk
    assert holds(tied(under)) == of_before.pk
    assert holds(tied(other)) == NO_ENVELOPE


def test_an_orientation_that_became_another_alone_keeps_its_envelope_both_ways(former, latter):
    before, after = root(former, "1"), root(latter, "2")
    became(latter, before, after)
    adopt(former, latter)
    of_before = envelope(before)
    assert holds(tied(after)) == of_before.pk
    of_before.delete()
    of_after = envelope(after)
    assert holds(tied(before)) == of_after.pk


def test_what_was_split_or_merged_counts_where_somebody_said_so_alone(former, latter):
    split, merged, twin = root(former, "1"), root(former, "2"), root(former, "3")
    left, right, whole = root(latter, "1"), root(latter, "2"), root(latter, "3")
    became(latter, split, left, right)
    became(latter, merged, whole)
    became(latter, twin, whole)
    adopt(former, latter)
    of_left, of_merged = envelope(left), envelope(merged)
    assert holds(tied(split)) == NO_ENVELOPE
    assert holds(tied(split, left)) == of_left.pk
    assert holds(tied(whole)) == NO_ENVELOPE
    assert holds(tied(merged, whole)) == of_merged.pk
    of_merged.delete()
    of_whole = envelope(whole)
    assert holds(tied(twin)) == of_whole.pk
    assert holds(tied(merged)) == of_whole.pk


def test_an_envelope_that_nothing_follows_is_told_with_how_to_mend_it(former, latter, officer_client):
    before, after = root(former, "1"), root(latter, "2")
    adopt(former, latter)
    envelope(before)
    page = squeezed(officer_client.get(f"/instruction/enveloppes/?annee={YEAR}").text)
    assert "que rien ne suit dans le cadre en vigueur" in page
    became(latter, before, after)
    assert "que rien ne suit" not in officer_client.get(f"/instruction/enveloppes/?annee={YEAR}").text


def test_a_framework_in_preparation_changes_no_envelope(former, latter):
    draft = FrameworkFactory(status=FrameworkStatus.DRAFT, predecessor=latter, programme=latter.programme)
    here, there = root(latter, "1"), root(draft, "1")
    became(draft, here, there)
    adopt(former, latter)
    of_here = envelope(here)
    assert holds(tied(there)) == NO_ENVELOPE
    assert holds(tied(here)) == of_here.pk


# --- what conventions promise -------------------------------------------------------------------------------------


def convention(amount=8000, **values):
    """Of two years, with a grant of this one."""
    agreement = AgreementFactory(amounts={this_year(): 3000, YEAR: amount}, **values)
    project = ProjectFactory(organization=agreement.organization, granted=3000, status=ProjectStatus.RUNNING)
    return agreement, GrantFactory(agreement=agreement, project=project)


def test_what_a_signed_convention_lets_be_granted_next_year_is_promised_in_its_envelope():
    scheme = Scheme.objects.create(code="CPO")
    held = envelope(None, scheme=scheme)
    agreement, grant = convention()
    grant.scheme = scheme
    grant.save()
    [line] = year_sums(YEAR).lines
    assert (line.envelope, line.promised, line.engaged, line.left_to_engage) == (held, 8000, 0, 10_000)
    next_one = ProjectFactory(organization=agreement.organization, granted=5000, **WITHIN)
    GrantFactory(agreement=agreement, project=next_one, year=YEAR, scheme=scheme)
    [line] = year_sums(YEAR).lines
    assert (line.promised, line.engaged, line.left_to_engage) == (3000, 5000, 5000)


def test_what_nobody_signed_or_is_over_promises_nothing():
    envelope(None)
    convention(signed_on=None)
    assert year_sums(YEAR).total.promised == 0
    agreement, _ = convention()
    agreement.amounts.filter(year=YEAR).update(year=this_year() - 1)
    assert year_sums(this_year() - 1).total.promised == 0


def test_a_promise_that_no_envelope_would_hold_is_outside_and_one_too_large_is_told(officer_client):
    convention()
    sums = year_sums(YEAR)
    assert (sums.outside.promised, sums.total.left_to_engage) == (8000, 0)
    small = envelope(None)
    BudgetEnvelope.objects.filter(pk=small.pk).update(voted=7999)
    page = squeezed(officer_client.get(f"/instruction/enveloppes/?annee={YEAR}").text)
    assert "ne suffit pas à ce que des conventions signées promettent" in page
    assert "dont 8\u202f000\xa0€ promis" in page


def test_what_is_outside_takes_nothing_from_what_envelopes_have_left(officer_client):
    envelope(None, scheme=Scheme.objects.create(code="ASV"))
    ProjectFactory(granted=Decimal(700), **WITHIN)
    total = year_sums(YEAR).total
    assert (total.voted, total.engaged, total.left_to_engage) == (10_000, 700, 10_000)
