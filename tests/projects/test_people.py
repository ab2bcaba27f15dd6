"""People: the sums of plain SQL for those who read all, and for anybody nothing that gives one to four of them."""

import datetime
import random
from collections import defaultdict
from itertools import accumulate, chain, combinations

import pytest
from django.db import connection

from projects.catalogue.stamps import raise_revision
from projects.choices import ProjectStatus
from projects.dashboard.people_tables import GROUPS
from projects.figures import people, reports
from projects.figures.periods import Period
from projects.figures.small_numbers import CLASSES, LEAST, PARTITIONS, is_small, public, told_blocks
from projects.models import Declaration, Project, Report
from tests.factories import CampaignFactory, ProjectFactory

TODAY = datetime.date(2026, 11, 25)
YEARS = (2024, 2025, 2026)


# --- what is hidden, on plain numbers -----------------------------------------------------------------------


def splits(people, parts):
    """Every way to tell some people apart in so many parts."""
    if parts == 1:
        yield (people,)
        return
    for first in range(people + 1):
        for others in splits(people - first, parts - 1):
            yield (first, *others)


def blocks_of(parts, sizes):
    """The parts as blocks of these sizes."""
    ends = list(accumulate(sizes))
    return [parts[end - size : end] for end, size in zip(ends, sizes, strict=True)]


def seen(parts, sizes):
    """What anybody reads of the parts, but of the last one, which nobody tells."""
    shown = []
    for block, is_told in zip(blocks_of(parts, sizes), told_blocks(blocks_of(parts, sizes)), strict=True):
        shown += block if is_told else [None] * len(block)
    return tuple(shown[:-1])


@pytest.mark.parametrize("is_whole", [False, True])
@pytest.mark.parametrize(("sizes", "people_of"), [((2,), 20), ((3,), 14), ((2, 2), 13), ((1, 3), 11), ((2, 2, 2), 9)])
def test_whoever_knows_the_rule_and_the_whole_finds_nothing_that_is_hidden(sizes, people_of, is_whole):
    """``is_whole``: they know, besides, that nobody is left out of the parts."""
    for whole in range(LEAST, people_of):
        worlds = defaultdict(list)
        for parts in splits(whole, sum(sizes)):
            if not (is_whole and parts[-1]):
                worlds[seen(parts, sizes)].append(parts)
        for shown, possible in worlds.items():
            hidden = [rank for rank, part in enumerate((*shown, None)) if part is None]
            assert not any(part is not None and is_small(part) for part in shown)
            for number in range(1, len(hidden) + 1):
                for ranks in combinations(hidden, number):
                    values = {sum(parts[rank] for rank in ranks) for parts in possible}
                    assert len(values) > 1 or not is_small(values.pop()), (shown, ranks, possible)


def count_of(**numbers):
    return tuple(numbers.get(name) for name in CLASSES)


def shown(**numbers):
    return {
        name: number for name, number in zip(CLASSES, public(count_of(**numbers)), strict=True) if number is not None
    }


def test_what_subtraction_would_give_is_hidden_too():
    assert shown(people=4, women=2, men=2) == {}
    assert shown(women=30, men=20) == {}  # without the whole, a part might be found from another partition
    assert shown(people=20, women=3, men=17) == {"people": 20}
    assert shown(people=20, women=17) == {"people": 20}
    assert shown(people=20, women=12, men=8) == {"people": 20, "women": 12, "men": 8}
    assert shown(people=20, people_from_quarters=18) == {"people": 20}
    assert shown(people=20, people_from_quarters=0) == {"people": 20, "people_from_quarters": 0}
    assert shown(people=20, people_from_quarters=20) == {"people": 20, "people_from_quarters": 20}
    ages = shown(people=40, age_0_2=0, age_3_5=2, age_6_11=20, age_12_17=10, age_18_25=8, age_26_59=0)
    assert ages == {"people": 40, "age_12_17": 10, "age_18_25": 8, "age_26_59": 0}
    assert shown(people=40, age_0_2=0, age_3_5=3, age_6_11=0, age_12_17=10, age_18_25=27, age_26_59=0) == {"people": 40}
    assert shown(people=38, age_0_2=6, age_3_5=6, age_12_17=26, age_18_25=0) == {
        "people": 38,
        "age_0_2": 6,
        "age_3_5": 6,
        "age_12_17": 26,
        "age_18_25": 0,
    }
    assert shown(people=10, women=8, men=8, people_from_quarters=5) == {"people": 10, "people_from_quarters": 5}


def a_count(chance):
    """A count as leads write them: parts that do not always make the whole, or are not told."""
    whole = chance.choice((0, 2, 4, 5, 7, 12, 30, 90))
    numbers = {"people": whole}
    for blocks in PARTITIONS:
        left, names = whole, list(chain(*blocks))
        for name in names:
            numbers[name] = chance.choice((0, chance.randint(0, left), min(left, chance.randint(1, 6))))
            left -= numbers[name]
        if chance.random() < 0.5:
            numbers[names[-1]] += left
    for name in CLASSES:
        if chance.random() < 0.1:
            numbers[name] = None
    return count_of(**numbers)


def other_worlds(counts, chance, tries=20):
    """Other counts of which the public knows the same."""
    found = []
    for _ in range(tries):
        numbers = list(counts)
        for place, number in enumerate(numbers):
            if number is not None and public(counts)[place] is None:
                numbers[place] = max(0, number + chance.randint(-3, 3))
        if public(tuple(numbers)) == public(counts) and tuple(numbers) != counts:
            found.append(tuple(numbers))
    return found


def test_no_public_figure_changes_with_what_is_hidden():
    chance = random.Random(13)
    declared = {key: a_count(chance) for key in range(60)}
    reported = {year: {key: a_count(chance) for key in range(60) if chance.random() < 0.7} for year in YEARS}

    def otherwise(counts):
        changed = [chance.choice(other_worlds(count, chance) or [count]) for count in counts.values()]
        return dict(zip(counts, changed, strict=True))

    before = people.PeopleCounts(declared, reported)
    after = people.PeopleCounts(otherwise(declared), {year: otherwise(counts) for year, counts in reported.items()})
    keys = frozenset(range(60))
    for year in (None, *YEARS):
        told, told_after = (people.narrow(counts, keys, year, exact=False) for counts in (before, after))
        assert told == told_after
        assert told.hidden.total() > 50
        exact, exact_after = (people.narrow(counts, keys, year, exact=True) for counts in (before, after))
        assert exact != exact_after


# --- a base, recounted --------------------------------------------------------------------------------------


@pytest.fixture
def crowd(founding):
    """Declarations and reports at random, the same at each run; some of drafts, some not handed in."""
    chance = random.Random(17)
    for _ in range(40):
        first = chance.choice((None, *YEARS))
        last = None if first is None or chance.random() < 0.1 else min(2026, first + chance.choice((0, 0, 1, 2)))
        project = ProjectFactory(
            status=chance.choice((ProjectStatus.DRAFT, ProjectStatus.RUNNING, ProjectStatus.CLOSED)),
            starts_on=first and datetime.date(first, 12, 31),
            ends_on=last and datetime.date(last, 12, 31),
        )
        if chance.random() < 0.9:
            Declaration.objects.create(project=project, **dict(zip(CLASSES, a_count(chance), strict=True)))
        for year in YEARS:
            if chance.random() < 0.6:
                handed_at = chance.choice((None, "2026-05-01T00:00Z"))
                counts = dict(zip(CLASSES, a_count(chance), strict=True))
                due = datetime.date(year + 1, 6, 30)
                Report.objects.create(project=project, year=year, due_on=due, handed_at=handed_at, **counts)
    return frozenset(Project.objects.values_list("pk", flat=True))


RUNS = """p.status IN ('retained', 'partly_retained', 'running', 'report_due', 'report_received', 'closed')
  AND (%(year)s = 0 OR (p.starts_on < %(after)s AND (p.ends_on IS NULL OR p.ends_on >= %(first)s)))"""
EXPECTED = f"SELECT {{}} FROM projects_declaration c JOIN projects_project p ON p.id = c.project_id WHERE {RUNS}"
REACHED = f"""SELECT {{}} FROM projects_report c JOIN projects_project p ON p.id = c.project_id
  WHERE c.handed_at IS NOT NULL AND (%(year)s = 0 OR c.year = %(year)s) AND {RUNS}"""


def asked(question, columns, year):
    facts = {"year": year or 0, "first": f"{year or 2000}-01-01", "after": f"{(year or 2000) + 1}-01-01"}
    with connection.cursor() as cursor:
        cursor.execute(question.format(", ".join(columns)), facts)
        return cursor.fetchall()


@pytest.mark.django_db
def test_sums_are_those_of_plain_sql_and_public_ones_those_of_each_count_alone(
    crowd, founding, django_assert_num_queries
):
    founding.refresh_from_db()
    for year in (None, *YEARS):
        recount(crowd, founding, year)
    with django_assert_num_queries(2):
        counts = people.read_counts(Project.objects.published())
    with django_assert_num_queries(0):
        figures = people.narrow(counts, crowd, 2025, exact=True)
        assert figures.sum(crowd).people
        assert figures.compared(crowd).expected


def recount(crowd, founding, year):
    period = Period(year, TODAY)
    exact = people.of_period(founding, period, exact=True).sum(crowd)
    sums = [f"COALESCE(SUM(c.{name}), 0)" for name in CLASSES]
    public_sum = people.of_period(founding, period).sum(crowd)
    for question, exactly, publicly in (
        (EXPECTED, exact.expected, public_sum.expected),
        (REACHED, exact.reached, public_sum.reached),
    ):
        (row,) = asked(question, sums, year)
        assert tuple(exactly[name] for name in CLASSES) == row
        counts = [public(count) for count in asked(question, [f"c.{name}" for name in CLASSES], year)]
        assert tuple(publicly[name] for name in CLASSES) == tuple(
            sum(count[place] or 0 for count in counts) for place in range(len(CLASSES))
        )
    assert [(exact.reports,)] == asked(REACHED, ["COUNT(c.people)"], year)  # a project of three years has three
    assert exact.hidden == 0
    assert public_sum.hidden > 0
    assert sum(public_sum.expected.values()) < sum(exact.expected.values())


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.time_machine("2026-11-25 12:00+01:00")
@pytest.mark.parametrize("seed", range(3))
def test_no_public_page_nor_file_of_any_year_changes_with_what_is_hidden(client, crowd, seed):
    """Whoever holds every page and every file, of every year, holds the same in a world where the rest is otherwise."""
    chance = random.Random(seed)
    years = ["toutes", *YEARS]
    addresses = [
        f"/tableau-de-bord/{page}?annee={year}" for year in years for page in ("", "resultats/", "resultats.csv")
    ]
    by = [f"personnes{suffix}?par={group}" for suffix in ("/", ".csv") for group in GROUPS]
    addresses += [f"/tableau-de-bord/{page}&annee={year}" for year in years for page in by]
    addresses += [project.get_absolute_url() for project in Project.objects.published()]
    addresses += ["/projets/export.csv?annee=toutes", "/donnees/projets.csv", "/donnees/offres.csv", "/api/v1/projets/"]

    def read():
        answers = [client.get(address) for address in addresses]
        return {answer.request["PATH_INFO"] + answer.request["QUERY_STRING"]: answer.getvalue() for answer in answers}

    before, changed = read(), 0
    for row in [*Declaration.objects.all(), *Report.objects.all()]:
        counts = tuple(getattr(row, name) for name in CLASSES)
        if others := other_worlds(counts, chance):
            type(row).objects.filter(pk=row.pk).update(**dict(zip(CLASSES, chance.choice(others), strict=True)))
            changed += 1
    assert changed > 20
    raise_revision()  # these write without a signal
    after = read()
    assert [address for address, content in before.items() if after[address] != content] == []


@pytest.mark.django_db
def test_the_share_from_quarters_is_of_the_reports_that_say_it_and_the_comparison_of_those_that_say_both(founding):
    keys = set()
    for counts in ((20, 10, 30), (30, None, 50), (40, 20, None)):
        project = ProjectFactory()
        keys.add(project.pk)
        Declaration.objects.create(project=project, people=counts[2])
        Report.objects.create(
            project=project,
            year=project.starts_on.year,
            due_on=TODAY,
            handed_at="2026-05-01T00:00Z",
            people=counts[0],
            people_from_quarters=counts[1],
        )
    founding.refresh_from_db()
    figures = people.of_period(founding, Period(project.starts_on.year, TODAY))
    total = figures.sum(keys)
    assert (total.people, total.quarters_of, total.quarters_share) == (90, 60, 0.5)
    assert (figures.compared(keys), figures.compared(keys).share) == ((80, 50), 0.625)
    assert (total.declared, total.reported) == (keys - {project.pk}, keys)


# --- reports ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.time_machine("2026-11-25 12:00+01:00")
def test_each_project_of_the_year_owes_a_report_and_the_call_or_the_report_says_when_it_is_late(
    founding, django_assert_num_queries
):
    dates = {"starts_on": datetime.date(2025, 3, 1), "ends_on": datetime.date(2025, 12, 31)}
    by_law, by_call, by_report, received, draft = (ProjectFactory(**dates) for _ in range(5))
    Project.objects.filter(pk=draft.pk).update(status=ProjectStatus.DRAFT)
    ProjectFactory(starts_on=datetime.date(2026, 1, 1))
    call = CampaignFactory(year=2025, report_due_on=datetime.date(2026, 3, 1))
    Declaration.objects.create(project=by_call, campaign=call)
    Report.objects.create(project=by_report, year=2025, due_on="2026-09-30")
    Report.objects.create(project=received, year=2025, due_on="2026-06-30", handed_at="2026-07-01T00:00Z")
    Report.objects.create(project=by_law, year=2024, due_on="2025-06-30", handed_at="2025-05-01T00:00Z")
    late_on = {
        datetime.date(2026, 3, 1): set(),
        datetime.date(2026, 3, 2): {by_call},
        datetime.date(2026, 7, 1): {by_call, by_law},
        datetime.date(2026, 10, 1): {by_call, by_law, by_report},
    }
    founding.refresh_from_db()
    owed = {project.pk for project in (by_law, by_call, by_report, received)}
    for day, late in late_on.items():
        with django_assert_num_queries(1):
            told = reports.of_year(founding, 2025, day)
        assert (told.due, told.received) == (owed, {received.pk})
        assert told.late == {project.pk for project in late}
        assert told.missing == told.late | told.awaited == owed - {received.pk}
    assert told.within({by_law.pk}).missing == {by_law.pk}


@pytest.mark.django_db
def test_the_list_shows_the_projects_whose_report_of_the_year_is_handed_in(client, founding):
    dates = {"starts_on": datetime.date(2024, 1, 1), "ends_on": datetime.date(2025, 12, 31)}
    for year, handed_at in ((2024, "2025-05-01T00:00Z"), (2025, "2026-05-01T00:00Z"), (2025, None)):
        Report.objects.create(project=ProjectFactory(**dates), year=year, due_on=TODAY, handed_at=handed_at)
    lengths = {"bilan=recu&annee=toutes": 2, "bilan=recu&annee=2025": 1, "bilan=recu": 0, "bilan=perdu&annee=toutes": 3}
    for query, length in lengths.items():
        page = client.get(f"/projets/?{query}")
        assert page.context["page"].paginator.count == length
        assert ("ne désigne rien" in page.text) == ("perdu" in query)
