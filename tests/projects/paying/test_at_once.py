"""Eight processes pay one grant at once, one is killed in the middle: what is paid is what is granted, no cent more."""

import os
import subprocess
import sys
import time
from decimal import Decimal
from functools import partial
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from projects.catalogue.models import Agreement, Grant, Payment, Project
from projects.housekeeping.merging import merge_organizations
from projects.members.models import Organization
from projects.paying import paying
from projects.paying.agreements import join
from projects.paying.paying import PaymentEntry, pay_together
from projects.paying.standing import standing_of
from tests.at_once import each_at_once
from tests.databases import POSTGRES
from tests.factories import (
    AgreementFactory,
    GrantFactory,
    OfficerFactory,
    OrganizationFactory,
    ProjectFactory,
    this_year,
)

pytestmark = pytest.mark.django_db(transaction=True)
PAYERS, TRIES = 8, 4
PATIENCE = 600  # seconds: eight processes start at once, on a machine that may be busy


def _environment():
    """The suite's own database, for processes that know nothing of the suite."""
    name = str(connection.settings_dict["NAME"])
    address = f"sqlite:///{name}"
    if POSTGRES:
        address = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
    return os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "cohesion.settings", "DEBUG": "1"}


def _payer(project, officer, amount, number=1, how="live"):
    command = [sys.executable, "-m", "tests.projects.paying.paying_process"]
    arguments = [str(project), str(officer), str(amount), str(number), how]
    return subprocess.Popen([*command, *arguments], env=_environment(), stdout=subprocess.PIPE, text=True)


@pytest.fixture
def grant():
    agreement = AgreementFactory(amounts=None)
    return GrantFactory(agreement=agreement, project__organization=agreement.organization, project__granted=3000)


def test_eight_payers_at_once_pay_what_is_granted_and_no_more(grant):
    officer = OfficerFactory()
    project = grant.project_id
    connection.close()
    processes = [_payer(project, officer.pk, 250, TRIES) for _ in range(PAYERS)]  # 32 times 250 €, of 3 000 €
    paid = [int(process.communicate(timeout=PATIENCE)[0] or 0) for process in processes]
    assert [process.returncode for process in processes] == [0] * PAYERS
    assert sum(paid) == Payment.objects.count() == 12
    standing = standing_of(Grant.objects.get())
    assert (standing.net, standing.left) == (3000, 0)


def test_six_grants_that_join_a_convention_at_once_are_never_paid_beyond_it():
    officer, agreement = OfficerFactory(), AgreementFactory(amounts={this_year(): 3000})
    asked = [GrantFactory(project=ProjectFactory(organization=agreement.organization, granted=1000)) for _ in range(6)]
    connection.close()
    processes = [_payer(grant.project_id, officer.pk, agreement.pk, how="join") for grant in asked]
    paid = [int(process.communicate(timeout=PATIENCE)[0]) for process in processes]
    assert sorted(paid) == [0, 0, 0, 1, 1, 1]
    assert sum(Payment.objects.filter(grant__agreement=agreement).values_list("amount", flat=True)) == 3000
    assert Agreement.objects.get().left_of_year(this_year()) == 0


def test_who_joins_a_convention_waits_for_none_of_the_grants_that_are_under_it():
    """Two that joined one after the other each waited for what the other held: PostgreSQL refused one of them."""
    if not POSTGRES:
        pytest.skip("SQLite a un seul écrivain : personne n’attend en rond.")
    officer, agreement = OfficerFactory(), AgreementFactory(amounts={this_year(): 3000})
    under, joining = (
        GrantFactory(project=ProjectFactory(organization=agreement.organization, granted=1000)).project_id
        for _ in range(2)
    )
    join(under, agreement.pk, by=officer)
    other = connection.copy()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            other.set_autocommit(False)
            with other.cursor() as holding:
                holding.execute("SELECT 1 FROM projects_project WHERE id = %s FOR UPDATE", [under])
            cursor.execute("SET LOCAL lock_timeout = '5s'")
            join(joining, agreement.pk, by=officer)
    finally:
        other.close()
    assert Grant.objects.filter(agreement=agreement).count() == 2


def together(*works):
    """What each of these answers, each in a thread and a connection of its own; the error where there is one."""

    def run(work):
        try:
            return work()
        except OperationalError as error:
            return error

    return each_at_once(run, works, most=len(works))


def test_two_lists_of_payments_under_the_same_two_conventions_wait_in_no_ring(monkeypatch):
    if not POSTGRES:
        pytest.skip("SQLite a un seul écrivain : personne n’attend en rond.")
    officer, first, second = OfficerFactory(), AgreementFactory(amounts=None), AgreementFactory(amounts=None)
    keys = [
        GrantFactory(
            agreement=agreement, project__organization=agreement.organization, project__granted=1000
        ).project_id
        for agreement in (first, second, first, second)
    ]
    pay_one = paying.pay

    def pay_slowly(*args, **kwargs):
        payment = pay_one(*args, **kwargs)
        time.sleep(0.4)
        return payment

    monkeypatch.setattr(paying, "pay", pay_slowly)
    entry = PaymentEntry("payment", Decimal(100), timezone.localdate())
    lists = [{keys[0]: entry, keys[3]: entry}, {keys[1]: entry, keys[2]: entry}]  # in the order of the projects
    assert together(*(partial(pay_together, entries, seen={}, by=officer) for entries in lists)) == [2, 2]


def test_structures_are_merged_while_one_of_them_hands_in_without_a_ring():
    if not POSTGRES:
        pytest.skip("SQLite a un seul écrivain : personne n’attend en rond.")
    officer, project, keep = OfficerFactory(), ProjectFactory(), OrganizationFactory()
    merged = project.organization

    def hand_in():
        with transaction.atomic():
            Project.objects.select_for_update().get(pk=project.pk)
            time.sleep(0.8)
            return Organization.objects.select_for_update().get(pk=merged.pk).pk

    def merge():
        time.sleep(0.3)
        return merge_organizations(keep=keep, merged=merged, by=officer).pk

    assert together(hand_in, merge) == [merged.pk, keep.pk]


def test_a_payer_killed_in_the_middle_has_paid_nothing_and_pays_once_when_it_comes_again(grant):
    officer = OfficerFactory()
    project = grant.project_id
    connection.close()
    killed = _payer(project, officer.pk, 3000, how="die")
    killed.communicate(timeout=PATIENCE)
    assert killed.returncode == -9
    assert not Payment.objects.exists()
    again = _payer(project, officer.pk, 3000)
    assert again.communicate(timeout=PATIENCE)[0].strip() == "1"
    assert Payment.objects.get().amount == Decimal(3000)
