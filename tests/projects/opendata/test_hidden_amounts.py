"""What a setting hides of money is in no file and follows from none: whatever it is, every file stays the same."""

import re

import pytest

from axes.models import Framework
from projects.catalogue import publicity
from projects.catalogue.budget import INCOME_ACCOUNTS, USE_ACCOUNTS
from projects.choices import FunderKind, ProjectStatus
from projects.models import BudgetLine, FundingLine, Project, Review
from projects.opendata.datasets import FILE_NAMES
from tests.factories import GrantFactory, OrganizationFactory, PaymentFactory, ProjectFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MOMENT = re.compile(rb"<updated>[^<]+</updated>")  # of a feed: when something public changed, here on purpose
# None, each alone, and those of which a difference might tell the rest.
SETTINGS = [
    [],
    *([item] for item in ("cost", "requested", "granted", "cofunding", "own", "voluntary")),
    ["granted", "cofunding"],
    ["cost", "granted"],
    ["cost", "cofunding"],
    ["cost", "granted", "cofunding"],
    ["granted", "cofunding", "own"],
    ["cost", "requested", "own"],
    ["requested", "cofunding", "own"],
    ["cost", "cofunding", "own"],
    ["granted", "paid"],
    ["cost", "paid", "voluntary"],
    ["requested", "granted", "cofunding"],
]
PAGES = (
    *("/projets/?annee=toutes", "/projets/export.csv?annee=toutes", "/tableau-de-bord/argent/?annee=toutes"),
    *("/tableau-de-bord/argent.csv?annee=toutes", "/tableau-de-bord/argent.csv?annee=toutes&par=structure"),
    *("/api/v1/projets/", "/api/v1/montants/", "/tableau-de-bord/decisions.atom", "/projets/M-1/"),
)


def wholes(variant):
    """Amounts of a project of which the income makes the cost: another set of them for each variant, all different."""
    granted, cofunding, own = 4000 + variant, 1000 + 7 * variant, 500 + 31 * variant
    return {
        "cost": granted + cofunding + own,
        "granted": granted,
        "requested": granted,
        "proposed": granted,
        "paid": 1000 + variant,
        "cofunding": cofunding,
        "own": own,
        "voluntary": 300 + 3 * variant,
    }


def mixed(shown):
    """The first set, and another of the same shown amounts: of the same balance, the hidden ones alone are others."""
    first = wholes(0)
    other = first | {name: amount for name, amount in wholes(13).items() if name not in shown}
    given = "granted" if "granted" in shown else "requested"
    if given not in shown:
        other["granted"] = other["requested"] = other["proposed"] = wholes(13)["granted"]
    parts = [name for name in ("cost", given, "cofunding", "own") if name not in shown]
    if parts:  # the last hidden part makes the balance right again
        other[parts[-1]] = 0
        income = other[given] + other["cofunding"] + other["own"]
        other[parts[-1]] = income if parts[-1] == "cost" else other["cost"] - income
    return first, other


def written(project, amounts):
    Project.objects.filter(pk=project.pk).update(
        total_cost=amounts["cost"], granted=amounts["granted"], requested=amounts["requested"]
    )
    project.funding_lines.all().delete()
    FundingLine.objects.create(project=project, kind=FunderKind.STATE, requested=1, granted=amounts["cofunding"])
    BudgetLine.objects.filter(project=project).delete()
    BudgetLine.objects.create(project=project, account=min(INCOME_ACCOUNTS), amount=amounts["own"])
    BudgetLine.objects.create(project=project, account=min(USE_ACCOUNTS), amount=amounts["voluntary"])
    Review.objects.filter(project=project).update(proposed_amount=amounts["proposed"])
    project.grant.payments.update(amount=amounts["paid"])
    Framework.objects.in_force().get().save()  # something public changed


def everything(client):
    files = [f"/donnees/{name}" for name in FILE_NAMES if not name.endswith("xlsx")]
    answers = {address: client.get(address) for address in (*files, *PAGES)}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {address: MOMENT.sub(b"", answer.getvalue()) for address, answer in answers.items()}


def _tried(chosen):
    """A setting by its name; one in three in each run, all of them in the long one."""
    marks = [] if SETTINGS.index(chosen) % 3 == 0 else [pytest.mark.slow]
    return pytest.param(chosen, marks=marks, id="+".join(chosen) or "rien")


@pytest.mark.parametrize("chosen", [_tried(chosen) for chosen in SETTINGS])
def test_two_programmes_that_differ_by_hidden_amounts_alone_have_the_same_files(client, founding, settings, chosen):
    settings.PUBLIC_AMOUNTS = chosen
    shown = {item.value for item in publicity.public_items()}
    project = ProjectFactory(
        code="M-1",
        status=ProjectStatus.RUNNING,
        organization=OrganizationFactory(name="La Halle"),
        granted=9000,
        serves=[founding.orientations.first()],
    )
    Review.objects.create(project=project)
    PaymentFactory(grant=GrantFactory(project=project), amount=900)
    first, other = mixed(shown)
    assert all(first[name] == other[name] for name in shown)
    assert min(other.values()) >= 0
    written(project, first)
    before = everything(client)
    written(project, other)
    after = everything(client)
    assert [address for address in before if before[address] != after[address]] == []
