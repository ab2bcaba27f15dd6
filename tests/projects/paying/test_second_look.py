"""What a second look at grants turned up: what is due by law, lists of two officers, what is mended after the fact."""

import datetime
import re
from decimal import Decimal
from fnmatch import fnmatchcase

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

import projects.urls
from projects.catalogue.models import Grant, Payment, Withdrawal
from projects.choices import ProjectStatus
from projects.housekeeping.merging import merge_organizations
from projects.paying.mending import cancel, correct
from projects.paying.paying import PaymentEntry
from projects.paying.standing import standing_of
from projects.paying.threshold import agreements_due, granted_in_year
from tests.factories import (
    AgreementFactory,
    CampaignFactory,
    DeclarationFactory,
    GrantFactory,
    OrganizationFactory,
    PaymentFactory,
    ProjectFactory,
    this_year,
)
from tests.projects.paying.test_screens import day, hidden, page_of, plain

pytestmark = pytest.mark.django_db


def granted(organization, amount=12000, **values):
    return ProjectFactory(organization=organization, granted=amount, status=ProjectStatus.RUNNING, **values)


# --- 23 000 € ---------------------------------------------------------------------------------------------------


def test_the_threshold_counts_an_answer_to_a_call_in_the_year_of_the_call():
    organization = OrganizationFactory(kind="association")
    call = CampaignFactory(year=this_year())
    for _ in range(2):
        project = granted(organization, starts_on=datetime.date(this_year() + 1, 1, 5), ends_on=None)
        DeclarationFactory(project=project, campaign=call)
    assert granted_in_year(organization, this_year()) == 24000
    assert granted_in_year(organization, this_year() + 1) == 0
    (due,), past = agreements_due()
    assert (due.year, due.total, len(due.projects), past) == (this_year(), 24000, 2, [])


def test_a_convention_that_is_due_is_one_line_a_structure_and_a_year(officer_client):
    this = this_year()
    one, other = (OrganizationFactory(kind="association", name=name) for name in ("Les Deux Rives", "Le Quai"))
    for year, owner in ((this, one), (this, other), (this - 1, one)):
        for _ in range(3):
            GrantFactory(project=granted(owner), year=year)
    closed = GrantFactory(project=granted(other, 30000), year=this - 2)
    closed.project.status = ProjectStatus.CLOSED
    closed.project.save()
    page = plain(officer_client.get("/instruction/conventions/").text)
    assert "2 conventions sont à faire" in page
    assert page.count(f"{this} : 36 000 € accordés") == 2
    assert page.index("Années passées : 1 convention") < page.index(f"{this - 1} : 36 000 €")
    assert f"{this - 2} : 30 000" not in page


def test_a_new_convention_takes_all_of_the_year_that_the_law_counts(officer_client):
    organization = OrganizationFactory(kind="association")
    grants = [GrantFactory(project=granted(organization)) for _ in range(2)]
    GrantFactory(project=granted(organization), year=this_year() - 1)
    page = officer_client.get(f"{page_of(grants[0])}convention/")
    assert len(re.findall(r'name="projects"[^>]*checked', page.text)) == 2
    assert 'name="an0-amount" value="24000"' in page.text


@pytest.mark.parametrize("address", ["/instruction/versements/", "/instruction/conventions/"])
def test_structures_above_the_threshold_cost_no_query_each(officer_client, address):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            officer_client.get(address)
        return len(queries)

    def more():
        GrantFactory(project=granted(OrganizationFactory(kind="association"), 30000))

    more()
    cost()
    few = cost()
    for _ in range(5):
        more()
    assert cost() == few


# --- the list of payments ---------------------------------------------------------------------------------------


def test_what_is_due_since_the_list_was_read_does_not_refuse_it(officer_client):
    grant = GrantFactory()
    typed = hidden(officer_client.get("/instruction/versements/"))
    key = grant.project_id
    typed |= {"paid_on": day(), f"v{key}-ticked": "on", f"v{key}-amount": "1 234,50 €", f"v{key}-version": "1"}
    GrantFactory()  # by a colleague
    assert officer_client.post("/instruction/versements/", typed).status_code == 302
    assert Payment.objects.get().amount == Decimal("1234.50")


def test_every_line_that_was_ticked_is_paid_however_long_the_list(officer_client, monkeypatch):
    monkeypatch.setattr("projects.paying.views.payments.MOST", 2)
    grants = [GrantFactory() for _ in range(4)]
    typed = hidden(officer_client.get("/instruction/versements/")) | {"paid_on": day()}
    for grant in grants[2:]:
        key = grant.project_id
        typed |= {f"v{key}-ticked": "on", f"v{key}-amount": "10", f"v{key}-version": "1"}
    assert officer_client.post("/instruction/versements/", typed).status_code == 302
    assert Payment.objects.count() == 2


def test_a_list_that_was_refused_is_sent_again_once_read(officer_client):
    grant = GrantFactory()
    typed = hidden(officer_client.get("/instruction/versements/"))
    PaymentFactory(grant=grant, amount=100)
    Grant.objects.update(version=2)
    key = grant.project_id
    typed |= {"paid_on": day(), f"v{key}-ticked": "on", f"v{key}-amount": "50", f"v{key}-version": "1"}
    page = officer_client.post("/instruction/versements/", typed)
    assert "écrit sur cette subvention" in page.text
    again = re.search(rf'name="v{key}-version" value="(\d+)"', page.text)
    assert officer_client.post("/instruction/versements/", typed | {f"v{key}-version": again[1]}).status_code == 302


@pytest.mark.parametrize("amount", ["-5", "NaN", "1e9", "99999999999999", "Infinity", "12,345", "0", "abc"])
@pytest.mark.parametrize("act", ["verser", "rembourser"])
def test_an_amount_that_is_none_is_a_sentence(officer_client, amount, act):
    grant = GrantFactory()
    PaymentFactory(grant=grant, amount=100)
    page = officer_client.get(page_of(grant))
    typed = hidden(page) | {"acte": act, f"{act}-amount": amount, f"{act}-paid_on": day()}
    assert officer_client.post(page_of(grant), typed).status_code == 200
    assert Payment.objects.count() == 1


# --- mending ----------------------------------------------------------------------------------------------------


def withdrawn(grant, officer):
    today = datetime.date.fromisoformat(day())
    amounts = {"withdrawn": 1000, "amount": 1000}
    Withdrawal.objects.create(grant=grant, decided_on=today, breached_on=today, reason="Propos", by=officer, **amounts)


def entry(amount, **values):
    return PaymentEntry("payment", Decimal(amount), values.pop("paid_on", datetime.date.fromisoformat(day())), **values)


def test_the_reference_of_a_payment_is_mended_after_a_withdrawal_and_a_later_convention(officer):
    grant = GrantFactory()
    payment = PaymentFactory(grant=grant, amount=3000)
    withdrawn(grant, officer)
    correct(payment, entry(3000, reference="M-8", paid_on=payment.paid_on), why="Faute", by=officer)
    payment.refresh_from_db()
    assert payment.reference == "M-8"
    with pytest.raises(ValidationError, match="reste"):
        correct(payment, entry(3001), why="Faute", by=officer)


def test_a_refund_is_not_lowered_to_where_what_is_paid_exceeds_what_is_granted(officer):
    grant = GrantFactory()
    paid = PaymentFactory(grant=grant, amount=3000)
    refund = PaymentFactory(grant=grant, amount=1000, kind="refund")
    grant.project.granted = 2000
    grant.project.save()
    with pytest.raises(ValidationError, match="remboursement moindre"):
        correct(refund, entry(500), why="Faute", by=officer)
    with pytest.raises(ValidationError, match="ne dépasse pas ce qui a été versé"):
        correct(paid, entry(900), why="Faute", by=officer)
    assert standing_of(Grant.objects.get()).net == 2000


def test_nothing_is_owed_of_a_withdrawal_once_what_was_paid_is_cancelled(officer):
    grant = GrantFactory()
    payment = PaymentFactory(grant=grant, amount=3000)
    withdrawn(grant, officer)
    assert standing_of(Grant.objects.get()).still_owed == 1000
    cancel(payment, why="Jamais fait", by=officer)
    assert standing_of(Grant.objects.get()).still_owed == 0


def test_the_year_of_a_grant_does_not_leave_what_its_convention_engages(officer_client):
    agreement = AgreementFactory()
    grant = GrantFactory(agreement=agreement, project__organization=agreement.organization)
    page = officer_client.get(page_of(grant))
    typed = hidden(page) | {
        "acte": "renseigner",
        "renseigner-year": str(this_year() + 1),
        "renseigner-aid_kind": "money",
    }
    answer = officer_client.post(page_of(grant), typed)
    assert answer.status_code == 200
    assert "ne laisse que" in plain(answer.text)
    assert Grant.objects.get().year == this_year()


# --- what is brought here without a decision --------------------------------------------------------------------


def test_the_amount_of_a_project_brought_here_stays_under_its_convention_and_its_structure():
    agreement = AgreementFactory()
    grant = GrantFactory(agreement=agreement, project__organization=agreement.organization)
    project = grant.project
    project.full_clean()
    project.granted = Decimal(10001)
    with pytest.raises(ValidationError, match="ne laisse que"):
        project.full_clean()
    project.granted, project.organization = Decimal(3000), OrganizationFactory()
    with pytest.raises(ValidationError, match="sous la convention"):
        project.full_clean()


def test_conventions_and_grants_follow_a_structure_that_is_made_one_with_another(officer):
    agreement = AgreementFactory()
    grant = GrantFactory(agreement=agreement, project__organization=agreement.organization)
    PaymentFactory(grant=grant)
    keep = OrganizationFactory()
    merge_organizations(keep=keep, merged=agreement.organization, by=officer, despite_siret=True)
    grant = Grant.objects.get()
    assert grant.agreement.organization == grant.project.organization == keep
    assert standing_of(grant).net == 1000
    grant.project.full_clean()


def test_what_stays_paid_to_an_action_that_was_given_up_is_told(officer_client):
    grant = GrantFactory()
    PaymentFactory(grant=grant)
    grant.project.status = ProjectStatus.ABANDONED
    grant.project.save()
    assert "1 000 € restent versés à des actions" in plain(officer_client.get("/instruction/enveloppes/").text)
    PaymentFactory(grant=grant, kind="refund")
    assert "restent versés" not in officer_client.get("/instruction/enveloppes/").text


# --- where one is -----------------------------------------------------------------------------------------------


def test_every_page_of_the_instruction_marks_it_in_the_navigation():
    names = {
        pattern.name
        for pattern in projects.urls.urlpatterns
        if str(pattern.pattern).startswith("instruction/") and pattern.name
    }
    rule = (settings.BASE_DIR / "templates/includes/mainnav.html").read_text()
    marks = re.findall(r'"([^"{}]+)"', rule[rule.index("projects:instruction") :].split("%}")[1])
    assert {name for name in names if not any(fnmatchcase(name, mark) for mark in marks)} == set()
