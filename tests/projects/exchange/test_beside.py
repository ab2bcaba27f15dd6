"""A file of projects says the other programmes in a column of its own; what it says of one touches no other."""

import pytest

from projects.browsing import exports
from projects.models import Project
from tests.factories import ProjectFactory
from tests.projects.exchange.jobs import apply_file, examine

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(founding, city, node):
    row = ProjectFactory(serves=[node("5.2")], code="A-1", title="Un essai")
    for code in ("2", "1.1"):
        row.contributions.create(orientation=city.orientations.get(code=code), is_main=code == "2")
    return row


def file(*values, column="autres_programmes"):
    """A file of one project; without a value, without the column."""
    header, row = "code;titre;nature;porteur;objectifs", "A-1;Un essai;Action;Association d’essai;5.2"
    if values:
        header, row = f"{header};{column}", f"{row};{'|'.join(values)}"
    lead = Project.objects.get().organization.name
    return f"{header}\n{row}\n".replace("Association d’essai", lead).encode()


def links(project):
    found = project.contributions.order_by("orientation__framework__pk", "-is_main", "orientation__code")
    return list(found.values_list("orientation__code", "is_main"))


def test_an_export_says_each_programme_in_its_column_and_comes_back_untouched(project):
    (row,) = exports.rows_of(Project.objects.all())
    assert (row["objectives"], row["secondary"]) == (["5.2"], [])
    assert row["programmes"] == ["contrat-de-ville:2", "contrat-de-ville:1.1"]
    assert "1.1" not in row["worded"]
    plan, *_ = examine(file(*row["programmes"]), "essai.csv")
    assert (plan.problems, len(plan.unchanged)) == ([], 1)


def test_what_a_file_says_of_a_programme_touches_no_other(project, officer):
    apply_file(file(), "essai.csv", by=officer)
    assert links(project) == [("5.2", True), ("2", True), ("1.1", False)]
    apply_file(file("contrat-de-ville:1.1", "contrat-de-ville:1"), "essai.csv", by=officer)
    assert links(project) == [("5.2", True), ("1.1", True), ("1", False)]
    apply_file(file(""), "essai.csv", by=officer)
    assert links(project) == [("5.2", True)]


def test_a_bare_code_is_of_the_reference_framework_whatever_is_linked_beside(project, officer, node):
    data = file().replace(b";5.2\n", b";1.1\n")
    apply_file(data, "essai.csv", by=officer)
    assert set(project.contributions.in_force().values_list("orientation", flat=True)) == {node("1.1").pk}
    assert links(project)[1:] == [("2", True), ("1.1", False)]


@pytest.mark.parametrize("value", ["contrat-de-ville:9", "1.1", "ctg:1.1", "cst-gea:1.1"])
def test_what_names_no_orientation_of_another_programme_is_refused_in_its_column(project, value):
    (problem,) = examine(file(value), "essai.csv")[0].problems
    assert problem.column.startswith("autres_programmes")
    assert "ne désigne l’orientation d’aucun autre programme" in problem.message
