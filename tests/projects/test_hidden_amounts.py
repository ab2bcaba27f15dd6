"""What is not public of money is on no page, in no file, in no feed that anybody may read: every address is walked."""

import datetime
import re
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from projects.catalogue import publicity
from projects.choices import FunderKind, FundingState, MoneyItem, PaymentKind, ProjectStatus
from projects.models import (
    BudgetEnvelope,
    BudgetLine,
    FundingLine,
    Grant,
    Payment,
    Project,
    Review,
)
from tests.factories import (
    CampaignFactory,
    DeclarationFactory,
    OfficerFactory,
    OrganizationFactory,
    ProjectFactory,
    TerritoryFactory,
    this_year,
)
from tests.projects.test_nobody_in_files import addresses, words

# Pages and files, walked and read: the same on both databases.
pytestmark = [pytest.mark.django_db, pytest.mark.once]

# Amounts that nothing else says, by item; of two projects, so that a sum is no more written than its parts.
ITEMS = {
    MoneyItem.COST: (71_303, 11_117),
    MoneyItem.REQUESTED: (64_747, 10_009),
    MoneyItem.PROPOSED: (58_391, 9_901),
    MoneyItem.GRANTED: (47_653, 8_861),
    MoneyItem.PAID: (31_267, 7_753),
    MoneyItem.COFUNDING: (23_459, 6_637),
    MoneyItem.OWN: (19_073, 5_519),
    MoneyItem.VOLUNTARY: (13_177, 4_421),
}
ENVELOPE, CALL = 987_641, 876_533


@pytest.fixture
def programme(founding):
    """Two public projects of a PST with every amount that may be kept of one, an envelope and a call."""
    commune = TerritoryFactory(code="27299", name="Gravigny")
    node = founding.orientations.filter(level="operational").first()
    organization, year = OrganizationFactory(name="La Halle"), this_year()
    campaign = CampaignFactory(name="Appel secret", year=year, budget=CALL, is_published=True)
    BudgetEnvelope.objects.create(year=year, label="Enveloppe secrète", voted=ENVELOPE)
    made = []
    for rank, code in enumerate(("ACT-1", "ACT-2")):
        amount = {item: Decimal(amounts[rank]) for item, amounts in ITEMS.items()}
        project = ProjectFactory(
            kind="action",
            code=code,
            status=ProjectStatus.RUNNING,
            organization=organization,
            serves=[node],
            located_in=[commune],
            starts_on=datetime.date(year, 1, 1),
            ends_on=datetime.date(year, 12, 31),
            total_cost=amount[MoneyItem.COST],
            requested=amount[MoneyItem.REQUESTED],
        )
        Project.objects.filter(pk=project.pk).update(granted=amount[MoneyItem.GRANTED])
        DeclarationFactory(project=project, campaign=campaign)
        Review.objects.create(project=project, proposed_amount=amount[MoneyItem.PROPOSED])
        BudgetLine.objects.create(project=project, account="756", amount=amount[MoneyItem.OWN])
        BudgetLine.objects.create(project=project, account="864", amount=amount[MoneyItem.VOLUNTARY])
        brought = {"kind": FunderKind.COMMUNE, "state": FundingState.OBTAINED}
        FundingLine.objects.create(project=project, requested=amount[MoneyItem.COFUNDING], **brought)
        grant = Grant.objects.create(project=project, year=year)
        paid = {"kind": PaymentKind.PAYMENT, "paid_on": datetime.date(year, 1, 15), "by": OfficerFactory()}
        Payment.objects.create(grant=grant, amount=amount[MoneyItem.PAID], **paid)
        made.append(project)
    return made


def is_written(amount, text):
    """« 71 303 », « 71303 », « 71303,00 » or « 71.303 », as a number of its own; thousands, as a picture says them."""
    digits = str(amount)
    written = rf"{digits[:-3]}[\s\u00a0\u202f.]?{digits[-3:]}"
    return re.search(rf"(?<!\d){written}(?!\d)", text)


def secrets(hidden):
    """Each amount, and the sum of the two, by its name."""
    found = {f"{item} {amount}": amount for item in hidden for amount in (*ITEMS[item], sum(ITEMS[item]))}
    return found | {"envelope": ENVELOPE, "call": CALL}


def answers(founding, programme, user):
    client = Client()
    if user is not None:
        client.force_login(user)
    extra = {
        f"/tableau-de-bord/argent{suffix}?par={rows}"
        for suffix in ("/", ".csv")
        for rows in ("financeur", "credits", "structure", "pst", "commune", "annee")
    }
    extra |= {"/tableau-de-bord/?compter=argent", "/tableau-de-bord/argent/?colonnes=financeurs", "/projets/?q=halle"}
    extra |= {
        f"/projets/?financeur={FunderKind.COMMUNE}",
        "/couverture/?mesure=accorde&lignes=priorites&colonnes=toutes",
        "/territoires/?mesure=accorde",
    }
    walked = {address for project in programme for address in addresses(founding, project)}
    for address in sorted(walked | extra):
        response = client.get(address)
        if response.status_code == 200:
            yield address, words(response)


@pytest.mark.parametrize("public", [pytest.param([], marks=pytest.mark.slow), ["granted", "cofunding", "own"]])
def test_no_address_tells_what_the_setting_does_not_make_public(founding, programme, settings, public):
    settings.PUBLIC_AMOUNTS = public
    hidden = publicity.ALL - publicity.readable_by(AnonymousUser())
    read, leaks = 0, []
    for address, text in answers(founding, programme, None):
        read += 1
        leaks += [f"{address} : {name}" for name, amount in secrets(hidden).items() if is_written(amount, text)]
    assert read > 60
    assert not leaks, "\n".join(leaks)


def test_the_walk_would_see_an_amount_where_there_is_one(founding, programme):
    """A walk that finds nothing proves nothing: an officer finds every amount on some page."""
    seen = {
        name.partition(" ")[0]
        for _, text in answers(founding, programme, OfficerFactory())
        for name, amount in secrets(publicity.ALL).items()
        if is_written(amount, text)
    }
    assert seen == {*publicity.ALL, "envelope", "call"}
