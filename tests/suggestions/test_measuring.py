"""The figures of the proposals: over written cases, and over what is on record."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from axes import document
from axes.levels import LINKABLE_LEVELS
from projects.choices import ProjectKind
from projects.demo import load_demo_projects
from tests.factories import ProjectFactory
from tests.suggestions import measuring
from tests.suggestions.command import Command

pytestmark = pytest.mark.django_db


def rows(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def cells(*words):
    return f"| {' | '.join(words)} |"


def percents(*shares):
    return [f"{share:.0%}".replace("%", "\u00a0%") for share in shares]


@pytest.mark.slow
@pytest.mark.once
def test_the_documentation_says_what_is_measured(founding):
    load_demo_projects(founding)
    page = (Path(settings.BASE_DIR) / "docs" / "suggestions.md").read_text(encoding="utf-8")
    written = {name: measuring.written(path) for name, path in measuring.FILES.items()}
    rows = []
    for name, cases in {"Actions de la démonstration": measuring.declared(founding), **written}.items():
        found = measuring.figures(measuring.outcomes(founding, cases))
        shares = (found.first, found.among_first, found.near_first, found.axis_first, found.none_proposed)
        silent = f"{found.silent} sur {found.off_topic}" if found.off_topic else ""
        rows.append(cells(name, str(found.count), *percents(*shares), silent))
    for trial, words, examples in measuring.trials(founding):
        shares = []
        for cases in written.values():
            found = measuring.figures(measuring.outcomes(founding, cases, words, examples))
            shares.append(", ".join([*percents(found.first, found.among_first), f"{found.silent}/{found.off_topic}"]))
        rows.append(cells(trial, *shares))
        if trial == "avec exemples":
            later = measuring.figures(measuring.outcomes(founding, written["Cas écrits après"], words, examples))
    assert [row for row in rows if row not in page] == []
    readme = " ".join((Path(settings.BASE_DIR) / "README.md").read_text(encoding="utf-8").split())
    assert f"la première {100 * later.first:.0f} fois sur cent" in readme
    assert f"rien n’est proposé {later.silent} fois sur {later.off_topic}" in readme
    for cases in written.values():
        assert percents(measuring.narrowed(founding, cases)[1])[0] in page


@pytest.mark.parametrize("path", [measuring.TUNING, measuring.KEPT_APART], ids=lambda path: path.stem)
def test_the_cases_cover_every_objective_and_priority_and_what_is_off_topic(founding, path):
    nodes = {node.orientation.code: node.orientation for node in document.read_nodes(founding)}
    cases = measuring.written(path)
    named = {code for case in cases for code in case.expected}
    assert named <= {code for code, one in nodes.items() if one.level in LINKABLE_LEVELS}
    meant = {case.expected[0] for case in cases if case.expected}
    assert {code for code, one in nodes.items() if one.level in ("operational", "priority")} <= meant
    assert any(not case.expected for case in cases)
    assert {(row["expected"] == "") == (row["note"] == "rien") for row in rows(path)} == {True}


def test_no_case_kept_apart_is_a_case_of_tuning():
    cases = {name: measuring.written(path) for name, path in measuring.FILES.items()}
    assert [len(some) for some in cases.values()] == [167, 74, 55, 104, 63, 104, 38, 38]
    known = {tuple(case.texts.items()) for name in measuring.TUNED for case in cases.pop(name)}
    assert known.isdisjoint(tuple(case.texts.items()) for some in cases.values() for case in some)


def test_the_right_orientation_is_mostly_proposed_among_the_first_three(founding):
    found = measuring.figures(measuring.outcomes(founding, measuring.written(measuring.TUNING)))
    assert found.first >= 0.75
    assert found.among_first >= 0.92
    assert found.silent >= found.off_topic - 2


def test_nothing_worse_befalls_the_cases_kept_apart(founding):
    """Under what is measured: they are there to tell, not to be tuned upon."""
    past = measuring.as_examples(founding, measuring.written(measuring.TUNING))
    apart = {
        measuring.KEPT_APART: 0.85,
        measuring.LATER_APART: 0.7,
        measuring.NEW_APART: 0.65,
        measuring.LAST_APART: 0.8,
    }
    for path, first in apart.items():
        cases = measuring.written(path)
        assert measuring.figures(measuring.outcomes(founding, cases, None, past)).first >= first


def test_what_is_off_topic_gets_a_proposal_once_in_twelve_at_most(founding):
    cases = [case for path in measuring.FILES.values() for case in measuring.written(path) if not case.expected]
    for examples in (measuring.NO_EXAMPLES, measuring.as_examples(founding, measuring.written(measuring.TUNING))):
        found = measuring.figures(measuring.outcomes(founding, cases, None, examples))
        assert found.off_topic - found.silent <= found.off_topic / 12


def test_each_half_of_the_thesaurus_has_every_other_line_and_what_everybody_writes():
    first, second = measuring.halves("école = élève, classe\n# rien\n~ projet\nsanté = soin\nsport = foot\n")
    assert [len(half.heads) for half in (first, second)] == [2, 1]
    assert first.generic == second.generic != set()


def test_figures_count_what_was_proposed(founding, node):
    right = measuring.Case({"title": "Aide aux devoirs"}, ("5.2.1",))
    other = measuring.Case({"title": "Aide aux devoirs"}, ("5.3.1",))
    far = measuring.Case({"title": "Aide aux devoirs"}, ("8.1.4",))
    silent = measuring.Case({"title": "qsdfgh"}, ("8.1.4",))
    off_topic = measuring.Case({"title": "qsdfgh"}, ())
    found = measuring.figures(measuring.outcomes(founding, [right, other, far, silent, off_topic]))
    assert (found.count, found.first, found.axis_first) == (4, 0.25, 0.5)
    assert found.near_first == 0.25
    assert (found.none_proposed, found.off_topic, found.silent) == (0.25, 1, 1)


def test_what_stands_just_above_or_under_the_right_one_is_near(founding):
    under = measuring.Case({"title": "Aide aux devoirs"}, ("5.2.1-b",))
    found = measuring.figures(measuring.outcomes(founding, [under]))
    assert (found.first, found.near_first) == (0, 1)


def test_figures_of_nothing_are_zero(founding):
    assert measuring.figures([]).first == 0
    assert measuring.narrowed(founding, []) == (0, 0.0)


def test_actions_on_record_are_measured_by_their_main_orientation_each_once(founding, node):
    ProjectFactory(title="Aide aux devoirs", serves=[node("5.2.1"), node("8.1.4"), node("7.1")])
    ProjectFactory(title="Un relais", kind=ProjectKind.PRH, serves=[node("1.1.3")])
    (case,) = measuring.declared(founding)
    assert (case.texts["title"], case.expected) == ("Aide aux devoirs", ("5.2.1",))


def test_the_command_prints_the_figures_and_the_errors_but_those_kept_apart(founding, node):
    ProjectFactory(title="Aide aux devoirs", serves=[node("8.1.4")])
    answer = StringIO()
    call_command(Command(), errors=True, stdout=answer)
    text = answer.getvalue()
    assert "Actions enregistrées" in text
    assert "Cas tenus à part" in text
    assert "Aide aux devoirs\n  attendu : 8.1.4\n  proposé : 5.2.1 (Aide aux devoirs)" in text
    assert not any(case.texts["title"] in text for case in measuring.written(measuring.KEPT_APART))


def test_the_command_asks_for_a_framework_in_force(db):
    with pytest.raises(CommandError, match="Aucun cadre n’est en vigueur"):
        call_command(Command())


def test_the_command_says_when_the_framework_in_force_is_not_the_one_of_the_cases(founding, node):
    orientation = node("8.1.4")
    orientation.code = "8.1.9"
    orientation.save()
    with pytest.raises(CommandError, match=r"8\.1\.4"):
        call_command(Command())
