"""Money: what counts, of what, and how it is shared; each rule on plain data where it is arithmetic."""

import datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from axes import document
from projects.choices import FunderKind, FundingClass, FundingState, ProjectKind, ProjectStatus
from projects.figures import money
from projects.figures.money import Amounts, Item, Ledger, Obtained
from projects.figures.periods import Period
from projects.figures.sharing import Attached, attached, equal_parts
from projects.models import BudgetLine, FundingLine, Project
from tests.factories import ProjectFactory

TODAY = datetime.date(2026, 11, 25)


# --- shares -------------------------------------------------------------------------------------------------


@given(st.integers(0, 10**12), st.integers(1, 60))
def test_equal_parts_add_up_to_the_cent_and_the_first_have_what_is_left(cents, count):
    parts = equal_parts(cents, count)
    assert sum(parts) == cents
    assert len(parts) == count
    assert parts == sorted(parts, reverse=True)
    assert parts[0] - parts[-1] <= 1


def tree(*shape: int):
    """Nodes of plain data in document order: each number is the place of its parent in the list, -1 for an axis."""
    nodes = [SimpleNamespace(pk=100 + place, parent=None, children=[]) for place in range(len(shape))]
    for node, parent in zip(nodes, shape, strict=True):
        if parent >= 0:
            nodes[parent].children.append(node)
            node.parent = nodes[parent]
    return nodes


def links(main, others, nodes):
    """As sets by orientation, from the place of the main orientation and those of the others, by project."""
    direct = {node.pk: {p for p, place in main.items() if nodes[place].pk == node.pk} for node in nodes}
    more = {node.pk: {p for p, places in others.items() if node.pk - 100 in places} for node in nodes}
    return Attached(nodes, direct, {pk: held | more[pk] for pk, held in direct.items()})


SHAPE = (-1, 0, 1, 1, 0, -1, 5, 5)
PLACES = st.integers(0, len(SHAPE) - 1)
PROJECTS = st.integers(1, 9)


@given(
    st.dictionaries(PROJECTS, st.integers(0, 10**9)),
    st.dictionaries(PROJECTS, PLACES),
    st.dictionaries(PROJECTS, st.sets(PLACES, max_size=5)),
    st.booleans(),
)
def test_axes_and_what_stands_under_none_add_up_to_the_total_whole_or_shared(cents, main, others, is_shared):
    nodes = tree(*SHAPE)
    linked = links(main, others, nodes)
    sums = linked.by_orientation(cents, is_shared=is_shared)
    axes = sum(sums[node.pk] for node, parent in zip(nodes, SHAPE, strict=True) if parent < 0)
    apart = linked.unlinked(cents.keys()) | (set() if is_shared else linked.without_main(cents.keys()))
    without = money.total(cents, apart)
    assert axes + without == money.total(cents)
    direct = linked.direct(cents, is_shared=is_shared)
    for node in nodes:  # a branch is what it has by itself, and its children
        own = sum(direct.get(node.pk, {}).values())
        assert sums[node.pk] == own + sum(sums[child.pk] for child in node.children)


def test_the_main_orientation_has_the_first_cent_that_is_left_then_the_order_of_the_document():
    nodes = tree(-1, -1, -1)
    linked = links({1: 1}, {1: {0, 2}}, nodes)
    assert linked.by_orientation({1: 101}, is_shared=True) == {100: 34, 101: 34, 102: 33}
    assert linked.by_orientation({1: 101}) == {100: 0, 101: 101, 102: 0}


# --- what counts --------------------------------------------------------------------------------------------


def amounts(hosts=(), obtained=(), **items):
    cents = {item: items.get(item.value, {}) for item in Item}
    return Amounts(cents, tuple(obtained), {}, dict(hosts))


def test_what_a_pst_plans_counts_only_where_none_of_its_parts_says_it_among_those_that_are_counted():
    some = amounts(
        {2: 1, 3: 1},
        [Obtained(1, "state", "", 900), Obtained(2, "commune", "", 300)],
        cost={1: 1000, 2: 400},
        requested={1: 500, 2: 0},
        granted={1: 700, 2: 300},
        cofunding={1: 900, 2: 300},
    )
    ledger = Ledger.of(some, {1, 2, 3})
    assert ledger.total(Item.COST) == 400
    assert ledger.total(Item.REQUESTED) == 500  # its part asks for nothing
    assert ledger.total(Item.GRANTED) == 1000  # decided file by file
    assert ledger.by_funder() == {"commune": 300}
    assert ledger.total(Item.COFUNDING) == 300
    assert ledger.lever() * 10 == 3
    alone = Ledger.of(some, {1, 3})  # the part of another year says nothing in this one
    assert alone.total(Item.COST) == 1000
    assert alone.by_funder() == {"state": 900}
    # Of a part of the population, what counts in the whole: rows add up to the total.
    assert [ledger.total(Item.COST, {1, 3}), ledger.total(Item.COST, {2})] == [0, 400]


# --- read from the database ---------------------------------------------------------------------------------


@pytest.fixture
def funded(founding, node):
    """A project with every amount, another without any, a draft with some."""
    project = ProjectFactory(serves=[node("5.2.1"), node("7.1")], total_cost="1000.10", requested=400, granted="300.29")
    ProjectFactory(serves=[node("5.2.1")], starts_on=datetime.date(2024, 1, 1), ends_on=None, granted=50)
    ProjectFactory(status=ProjectStatus.DRAFT, total_cost=5, granted=None)
    for account, amount in {"601": 7, "756": "20.50", "own": 30, "860": 4, "870": 4}.items():
        BudgetLine.objects.create(project=project, account=account, amount=amount)
    for kind, state, of_class, requested in (
        (FunderKind.AGGLOMERATION, FundingState.OBTAINED, FundingClass.SPECIFIC, 400),
        (FunderKind.STATE, FundingState.OBTAINED, FundingClass.SPECIFIC, 100),
        (FunderKind.COMMUNE, FundingState.OBTAINED, "", "50.05"),
        (FunderKind.COMMUNE, FundingState.OBTAINED, FundingClass.ORDINARY, 20),
        (FunderKind.REGION, FundingState.ASKED, "", 80),
    ):
        FundingLine.objects.create(project=project, kind=kind, state=state, funding_class=of_class, requested=requested)
    return project


@pytest.mark.django_db
def test_a_co_funder_counts_for_what_it_granted_else_for_what_it_was_asked_and_said_yes_to(founding):
    lines = [
        (FundingState.OBTAINED, 10, None, 1000),
        (FundingState.OBTAINED, 10, 8, 800),
        (FundingState.OBTAINED, 10, 0, 0),
        (FundingState.OBTAINED, None, None, 0),
        (FundingState.ASKED, 10, None, 0),
        ("", 10, "7.25", 725),
        (FundingState.REFUSED, 10, None, 0),
    ]
    cents = {}
    for state, requested, granted, brought in lines:
        line = FundingLine(kind=FunderKind.STATE, state=state, requested=requested, granted=granted)
        line.project = ProjectFactory()
        line.save()
        cents |= {line.project.pk: brought} if brought else {}
    FundingLine.objects.create(project=line.project, kind=FunderKind.AGGLOMERATION, state="obtained", requested=9)
    assert money.read_amounts(Project.objects.published()).cents[Item.COFUNDING] == cents


@pytest.mark.django_db
def test_every_amount_is_read_in_five_queries_and_kept_while_nothing_changes(
    founding, funded, django_assert_num_queries
):
    with django_assert_num_queries(5):
        read = money.read_amounts(Project.objects.published())
    ledger = Ledger.of(read, Project.objects.published().in_bulk().keys())
    sums = {item: ledger.total(item) for item in Item}
    assert sums == {
        Item.COST: 100_010,
        Item.REQUESTED: 40_000,
        Item.PAID: 0,
        Item.PROPOSED: 0,
        Item.GRANTED: 35_029,
        Item.COFUNDING: 17_005,
        Item.OWN: 5_050,
        Item.VOLUNTARY: 400,
    }
    assert ledger.by_funder() == {FunderKind.STATE: 10_000, FunderKind.COMMUNE: 7_005}
    assert {name: sum(cents.values()) for name, cents in ledger.by_class.items()} == {
        "specific": 10_000,
        "": 5_005,
        "ordinary": 2_000,
    }
    assert {name: sum(cents.values()) for name, cents in ledger.granted_by_class.items()} == {
        "specific": 30_029,
        "": 5_000,
    }

    founding.refresh_from_db()
    nodes, year = document.read_nodes(founding), Period(2026, TODAY)
    kept = money.of_period(founding, year)
    by_code = {n.orientation.code: n.pk for n in nodes}
    links = attached(founding, nodes)
    with django_assert_num_queries(0):
        assert money.of_period(founding, year) is kept
        sums = attached(founding, nodes).by_orientation(kept.items[Item.GRANTED], is_shared=True)
    assert links.homes[funded.pk] == by_code["5.2.1"]
    assert (sums[by_code["5"]], sums[by_code["7"]]) == (5_000 + 15_015, 15_014)
    assert len(money.lasting(founding)) == 1


@pytest.mark.django_db
def test_the_sum_over_a_pst_and_its_parts_is_that_of_the_meeting(founding):
    """``ProjectQuerySet.said_by_parts`` says the same."""
    pst = ProjectFactory(kind=ProjectKind.PST, requested=900)
    ProjectFactory(host=pst, requested=300)
    ProjectFactory(kind=ProjectKind.PST, requested=70)
    files = Project.objects.published()
    meeting = files.exclude(files.said_by_parts("requested"))
    keys = {pk for (pk,) in files.values_list("pk")}
    assert Ledger.of(money.read_amounts(files), keys).total(Item.REQUESTED) == 37_000
    assert sum(meeting.values_list("requested", flat=True)) == 370
