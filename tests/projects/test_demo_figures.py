"""The figures of the demonstration, recounted from its files: they agree with each other, project by project."""

import datetime
import re
from collections import Counter
from decimal import Decimal

import pytest
from django.utils import timezone

from projects.catalogue.budget import EXPENSE_ACCOUNTS, GRANTS, INCOME_ACCOUNTS, SOURCE_ACCOUNTS, USE_ACCOUNTS
from projects.catalogue.listed import funder
from projects.catalogue.workflow import GRANTED
from projects.choices import FunderKind, ProjectStatus
from projects.demo import Calendar
from projects.demo.files import DemoFiles, items
from projects.demo.loading import COMPLEMENTS, PROJECTS
from projects.demo.past import CALLS, FILES
from projects.demo.planned import BUDGETS, FUNDINGS, INDICATORS, amounts
from projects.demo.reported import ACCOUNTS, REPORTS
from projects.demo.rows import counts
from projects.models import PeopleCount

YES = {str(ProjectStatus(status).label) for status in (*GRANTED, ProjectStatus.ABANDONED)}
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
SIDES = ((EXPENSE_ACCOUNTS, INCOME_ACCOUNTS | {GRANTS}), (USE_ACCOUNTS, SOURCE_ACCOUNTS))


@pytest.fixture
def files():
    return DemoFiles(Calendar(timezone.localdate()))


@pytest.fixture
def projects(files):
    return {row["code"]: row for row in files.rows(PROJECTS)}


@pytest.fixture
def granted(files):
    return {row["projet"]: Decimal(row["accorde"]) for row in files.rows(COMPLEMENTS) if row["accorde"]}


def funders_of(project):
    return [funder(text) for text in items(project["financeurs"])]


def summed(found, accounts):
    return sum((amount for account, amount in found.items() if account in accounts), Decimal(0))


def years_of(project):
    first, last = (int(project[name][-4:]) for name in ("date_debut", "date_fin"))
    return range(first, last + 1)


def test_every_budget_balances_and_is_the_cost_of_its_project(files, projects):
    budgets = {row["projet"]: amounts(row) for row in files.rows(BUDGETS)}
    assert budgets.keys() == projects.keys()
    for code, found in budgets.items():
        funders = funders_of(projects[code])
        found[GRANTS] = sum((Decimal(item.requested) for item in funders), Decimal(0))
        assert summed(found, EXPENSE_ACCOUNTS) == Decimal(projects[code]["budget"]), code
        for charges, income in SIDES:
            assert summed(found, charges) == summed(found, income), code
        assert len(funders) >= 2, code
    for row in files.rows(ACCOUNTS):
        for charges, income in SIDES:
            assert summed(amounts(row), charges) == summed(amounts(row), income), row["projet"]


def test_what_funders_grant_agrees_with_their_state(files, projects):
    states = {(row["projet"], row["financeur"]): row["etat"] for row in files.rows(FUNDINGS)}
    listed = {(code, item.label): item for code, project in projects.items() for item in funders_of(project)}
    assert states.keys() == listed.keys()
    for key, item in listed.items():
        assert item.granted is None or states[key] == "Obtenu", key
        assert Decimal(item.granted or 0) <= Decimal(item.requested), key
    assert set(states.values()) == {"Envisagé", "Demandé", "Obtenu", "Refusé"}


def test_what_is_granted_is_within_what_was_asked_and_within_its_call(files, projects, granted):
    assert granted.keys() == {code for code, project in projects.items() if project["statut"] in YES}
    for code, amount in granted.items():
        (own,) = [item for item in funders_of(projects[code]) if item.kind == FunderKind.AGGLOMERATION]
        assert amount <= Decimal(own.requested), code
    files_by_call = {row["projet"]: row["appel"] for row in files.rows(FILES)}
    assert granted.keys() <= files_by_call.keys()
    spent: Counter[str] = Counter()
    for code, amount in granted.items():
        spent[files_by_call[code]] += amount
    for call in files.rows(CALLS):
        assert Decimal("0.8") < spent[call["annee"]] / Decimal(call["enveloppe"]) <= 1


def test_a_pst_plans_at_least_what_its_parts_plan_and_no_year_is_granted_more_than_it_asked(projects, granted):
    counted = {code: project for code, project in projects.items() if project["statut"] in YES}
    asked = {code: Decimal(funders_of(project)[0].requested) for code, project in counted.items()}
    hosts = {project["pst"] for project in counted.values()}
    for host in hosts - {""}:
        parts = [code for code, project in counted.items() if project["pst"] == host]
        if host in counted and projects[host]["statut"] == "En cours":
            running = [code for code in parts if projects[code]["statut"] != "Abandonnée"]
            assert sum(asked[code] for code in running) <= asked[host], host
            assert sum(int(projects[code]["budget"]) for code in running) <= int(projects[host]["budget"]), host
    for year in {year for project in counted.values() for year in years_of(project)}:
        running = [code for code, project in counted.items() if year in years_of(project)]
        said_again = {projects[code]["pst"] for code in running}
        own = [code for code in running if code not in said_again]
        assert sum(granted[code] for code in running) <= sum(asked[code] for code in own), year


def test_what_comes_back_is_the_same_action_of_the_year_before(files, projects):
    rows = files.rows(FILES)
    renewed = {row["projet"]: row["precedente"] for row in rows if row["precedente"]}
    for code, former in renewed.items():
        same = ("titre", "porteur", "type")
        assert [projects[code][name] for name in same] == [projects[former][name] for name in same]
        assert years_of(projects[code])[0] == years_of(projects[former])[0] + 1
    this_year = [row for row in rows if int(row["appel"]) == files.calendar.today.year]
    assert 0 < sum(row["projet"] in renewed for row in this_year) < len(this_year)
    assert {row["demande"] for row in rows if row["precedente"]} == {"Reconduite"}


def test_no_count_of_people_contradicts_itself(files):
    small = 0
    for row in (*files.rows(FILES), *files.rows(REPORTS)):
        found = {name: number or 0 for name, number in counts(row).items()}
        for parts in (PeopleCount.SEXES, PeopleCount.AGES, ("people_from_quarters",)):
            assert sum(found[name] for name in parts) <= found["people"], row["projet"]
        small += sum(0 < number < 5 for number in found.values())
    assert small > 0  # numbers that nobody else may read


def test_a_report_is_of_a_year_that_is_over_in_which_its_project_ran(files, projects):
    today, told = files.calendar.today, set()
    for row in files.rows(REPORTS):
        year = int(row["annee"])
        assert year in years_of(projects[row["projet"]])
        assert year < today.year
        assert datetime.date.fromisoformat(row["attendu_le"]).year > year
        is_handed = bool(row["remis_le"] or row["remis_il_y_a"])
        assert is_handed == bool(row["people"] and row["fait"] and row["objectifs"] and row["suite"]), row["projet"]
        if is_handed:
            told.add((row["projet"], row["annee"]))
    accounts = [(row["projet"], row["annee"]) for row in files.rows(ACCOUNTS)]
    assert sorted(accounts) == sorted(told)
    results = {
        (row["projet"], text.partition(":")[0].strip())
        for row in files.rows(INDICATORS)
        for text in items(row["resultats"])
    }
    assert results == told


def hours(opening):
    """What opening words make in a week: « lundi et jeudi, 14 h à 18 h » is 8."""
    total = Decimal(0)
    for part in re.sub(r"\s", " ", opening).split(" et le "):
        days, _, slot = part.rpartition(", ")
        span = re.fullmatch(r"du (\w+) au (\w+)", days)
        number = DAYS.index(span[2]) - DAYS.index(span[1]) + 1 if span else sum(day in days for day in DAYS)
        begins, ends = [int(hour) + Decimal(minutes or 0) / 60 for hour, minutes in re.findall(r"(\d+) h ?(\d*)", slot)]
        assert 8 <= begins < ends <= 21
        total += number * (ends - begins)
    return total


def test_the_words_of_an_opening_make_its_hours_and_what_is_open_changes_with_the_year(files, projects):
    open_in = {year: set() for year in range(files.calendar.today.year - 2, files.calendar.today.year + 1)}
    for row in files.rows("offres.csv"):
        assert hours(row["ouverture"]) == Decimal(row["heures_par_semaine"]), row["nom"]
        assert projects[row["projet"]]["statut"] in YES
        own = years_of(projects[row["projet"]])
        first, last = (int(row[name][:4] or year) for name, year in (("debut", own[0]), ("fin", own[-1])))
        assert own[0] <= first <= last <= own[-1]
        for year, names in open_in.items():
            if first <= year <= last:
                names.add((row["nom"], row["lieux"], row["places"], row["heures_par_semaine"]))
    former, last, this = (names for _, names in sorted(open_in.items()))
    assert len({frozenset(former), frozenset(last), frozenset(this)}) == 3
    assert last - this
    assert this - last
