"""Results: a target is met by the last measure of the period, in its direction; what nobody may know is not told."""

import csv
import datetime
import re
from html import unescape

import pytest
from justhtml import JustHTML

from projects.choices import IndicatorDirection
from projects.figures import results
from projects.figures.periods import Period
from projects.figures.results import Measured, YearMeasure, count
from projects.figures.small_numbers import CLASSES, may_be_told, outcome_may_be_told
from projects.models import Indicator, IndicatorResult, Project, Report
from tests.factories import OfficerFactory, ProjectFactory
from tests.pages import squeezed

TODAY = datetime.date(2026, 11, 25)
LESS, MORE = IndicatorDirection.LESS, IndicatorDirection.MORE


def measured(target, *measures, direction=MORE):
    kept = tuple(YearMeasure(year, number, True) for year, number in measures)
    return Measured(1, 1, "Essai", "ateliers", None, target, direction, kept)


def test_a_target_is_met_when_the_last_measure_of_the_period_reaches_it_in_its_direction():
    assert measured(4000, (2025, 4000)).is_met
    assert not measured(4000, (2024, 5000), (2025, 3999)).is_met
    assert measured(4000, (2024, 5000), (2025, 3999)).within(2024).is_met
    assert measured(4000, (2025, 3999), direction=LESS).is_met
    assert not measured(4000, (2025, 4001), direction=LESS).is_met
    assert measured(0, (2025, 0)).is_met
    assert measured(None, (2025, 1)).is_met is None
    assert measured(4000, (2024, 5000)).within(2025).is_met is None
    told = count([measured(1, (2025, 1)), measured(2, (2025, 1)), measured(None, (2025, 1)), measured(1), measured(1)])
    assert (told.met, told.missed, told.without_target, told.without_measure) == (1, 1, 1, 2)
    assert (told.counted, told.share) == (2, 0.5)
    assert count([]).share is None


def count_of(**numbers):
    return tuple(numbers.get(name) for name in CLASSES)


def test_a_measure_that_may_count_people_is_told_where_it_gives_nothing_that_is_hidden():
    whole = count_of(people=40, women=30, men=10)
    hiding = count_of(people=20, women=3, men=17)
    assert may_be_told(300, "Ateliers", hiding)
    assert may_be_told(300, "séances d’une heure", count_of())
    assert may_be_told(2500, "familles", whole)
    assert may_be_told(0, "", whole)
    assert may_be_told(5000, "%", whole)
    for number, unit, counts in (
        (300, "personnes", whole),
        (3700, "femmes", whole),  # three are not
        (1700, "hommes", hiding),
        (8500, "%", hiding),
        (1000, "", count_of()),
        (2700, "inscrites", whole),  # of thirty women
        (9800, "%", count_of(people=50)),  # one is not
        (600, "% des inscrits", count_of(people=50)),
        (3000, "Taux", whole),  # of ten men
        (300, "dépistages", whole),  # or « sorties positives »: as many people
        (9800, "", count_of(people=50)),
    ):
        assert not may_be_told(number, unit, counts), (number, unit)


def test_a_target_among_small_numbers_does_not_tell_a_measure_that_is_hidden():
    twenty = count_of(people=20, women=3, men=17)
    for target, unit, is_told in (
        (200, "jeunes", False),  # not met, and not nought: one
        (1900, "jeunes", False),  # met, and not by all: nineteen
        (1200, "jeunes", True),
        (700, "jeunes", True),  # whatever the women are, whom nobody may count
        (200, "ateliers", True),
        (9500, "%", False),
        (None, "jeunes", True),
    ):
        assert outcome_may_be_told(target, unit, twenty) is is_told, (target, unit)
    hidden = Measured(1, 1, "Essai", "jeunes", None, 200, MORE, (YearMeasure(2025, 100, False, False),))
    assert hidden.is_met is False
    assert hidden.for_anybody().is_met is None
    assert count([hidden.for_anybody()]).without_measure == 1
    line = results.IndicatorLine(hidden, None, exact=False)
    assert (line.target, line.outcome, line.measures) == (results.HIDDEN, results.HIDDEN, [(2025, results.HIDDEN)])
    line = results.IndicatorLine(hidden, None, exact=True)
    assert (line.target, line.outcome, line.measures) == ("2", "non", [(2025, "1")])


@pytest.mark.django_db
def test_the_indicators_of_what_runs_in_the_year_are_read_in_two_queries_with_what_was_handed_in(
    founding, django_assert_num_queries
):
    dates = {"starts_on": datetime.date(2024, 1, 1), "ends_on": datetime.date(2025, 12, 31)}
    project = ProjectFactory(code="B", **dates)
    draft = ProjectFactory(status="draft", **dates)
    for owner in (project, draft):
        kept = Indicator.objects.create(project=owner, name="Ateliers", unit="ateliers", baseline="2.5", target=40)
        for year, handed_at, actual in (
            (2024, "2025-05-01T00:00Z", "40.01"),
            (2025, "2026-05-01T00:00Z", None),
            (2026, None, 12),
        ):
            report = Report.objects.create(project=owner, year=year, due_on=TODAY, handed_at=handed_at, people=12)
            IndicatorResult.objects.create(report=report, indicator=kept, actual=actual)
    Indicator.objects.create(project=ProjectFactory(code="A", **dates), name="Autre", direction=LESS)
    with django_assert_num_queries(2):
        told = results.read_indicators(Project.objects.published())
    assert [(each.name, each.baseline, each.target, each.direction) for each in told] == [
        ("Autre", None, None, LESS),
        ("Ateliers", 250, 4000, MORE),
    ]
    assert told[1].measures == (YearMeasure(2024, 4001, True),)
    founding.refresh_from_db()
    in_2024, in_2025, in_2026 = (results.of_period(founding, Period(year, TODAY)) for year in (2024, 2025, 2026))
    assert count(in_2024).met == 1
    assert count(in_2025).without_measure == 1
    assert in_2026 == []


@pytest.mark.time_machine("2026-11-25 12:00+01:00")
@pytest.mark.django_db
def test_every_number_of_the_page_is_the_length_of_its_list_and_a_small_measure_is_for_those_who_may(
    client, founding, node
):
    for rank, (target, actual, unit) in enumerate(
        ((40, 41, "ateliers"), (40, 3, "jeunes"), (None, 5, ""), (40, None, ""), (10, 12, "séances"))
    ):
        project = ProjectFactory(title=f"Projet {rank}", serves=[node("5.2.1" if rank else "1.1.1")])
        kept = Indicator.objects.create(project=project, name=f"Mesure {rank}", unit=unit, target=target, baseline=4)
        year = project.starts_on.year
        report = Report.objects.create(
            project=project, year=year, due_on=TODAY, handed_at="2026-11-01T00:00Z", people=50
        )
        IndicatorResult.objects.create(report=report, indicator=kept, actual=actual)
    page = client.get("/tableau-de-bord/resultats/")
    text = squeezed(page.text)
    JustHTML(page.text, strict=True)
    numbers = re.findall(r'<a href="(/tableau-de-bord/resultats/[^"#]*)[^"]*">\s*(?:<b>)?(\d+)', page.text)
    assert len(numbers) >= 10
    for address, number in numbers:
        assert client.get(unescape(address)).context["page"].paginator.count == int(number), address
    assert "<b>2<small> / 3</small></b>" in text
    assert "67\u00a0% de celles qui se comparent" in text
    assert "2026\u00a0: 41" in text
    assert "2026\u00a0: non montrée" in text
    assert "2026\u00a0: 3<" not in text
    rows = _file(client)
    assert [row["Mesure"] for row in rows] == ["41", "non montrée", "non montrée", "", "12"]
    assert [row["Au départ"] for row in rows] == ["4", "non montrée", "non montrée", "non montrée", "4"]
    assert [row["Indicateur"] for row in _file(client, "?cible=atteinte")] == ["Mesure 0", "Mesure 4"]
    client.force_login(OfficerFactory())
    assert [row["Mesure"] for row in _file(client)] == ["41", "3", "5", "", "12"]
    assert "2026\u00a0: 3<" in squeezed(client.get("/tableau-de-bord/resultats/").text)
    aside = squeezed(client.get("/tableau-de-bord/resultats/?cible=perdue&annee=2019").text)
    assert "perdue\u00a0» ne désigne rien" in aside
    assert "Aucun indicateur." in aside


def _file(client, query=""):
    text = client.get(f"/tableau-de-bord/resultats.csv{query}").getvalue().decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines(), delimiter=";"))
