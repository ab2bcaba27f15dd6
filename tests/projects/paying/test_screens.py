"""The officers' pages of grants: what they show, what they write, once, and in how many queries."""

import datetime
import re
from decimal import Decimal

import pytest
from django.utils import timezone

from projects.catalogue.models import Agreement, BudgetYear, Grant, Payment, Withdrawal
from projects.choices import ProjectStatus
from tests.factories import (
    AgreementFactory,
    GrantFactory,
    OrganizationFactory,
    PaymentFactory,
    ProjectFactory,
    this_year,
)
from tests.pages import squeezed

pytestmark = pytest.mark.django_db


@pytest.fixture
def grant():
    project = ProjectFactory(title="Jardin du quai", granted=3000, status=ProjectStatus.RUNNING)
    return GrantFactory(project=project)


def page_of(grant):
    return f"/instruction/{grant.project_id}/subvention/"


def plain(text):
    return squeezed(text).replace("\xa0", " ").replace("\u202f", " ")


def hidden(page):
    fields = re.findall(r'name="(once|seen_state)" value="([^"]*)"', page.text)
    return dict(fields)


def day():
    return timezone.localdate().isoformat()


def test_the_page_shows_where_a_grant_stands(officer_client, grant):
    PaymentFactory(grant=grant)
    PaymentFactory(grant=grant, kind="refund", amount=100)
    page = plain(officer_client.get(page_of(grant)).text)
    for words in ("<b>3 000 €</b><em>accordés", "<b>900 €</b> <em>versés", "<b>2 100 €</b> <em> à verser"):
        assert words in page
    assert "100 € remboursés déduits" in page


def test_an_officer_pays_and_a_form_sent_twice_pays_once(officer_client, grant):
    page = officer_client.get(page_of(grant))
    typed = hidden(page) | {
        "acte": "verser",
        "verser-amount": "1 000,50 €",
        "verser-paid_on": day(),
        "verser-reference": "M-7",
    }
    for _ in range(2):
        assert officer_client.post(page_of(grant), typed).status_code == 302
    payment = Payment.objects.get()
    assert (payment.amount, payment.reference) == (Decimal("1000.50"), "M-7")


def test_what_a_colleague_paid_meanwhile_is_said_and_nothing_typed_is_lost(officer_client, grant):
    typed = hidden(officer_client.get(page_of(grant)))
    PaymentFactory(grant=grant)
    Grant.objects.update(version=9)
    typed |= {"acte": "verser", "verser-amount": "1234", "verser-paid_on": day(), "verser-reference": "M-8"}
    page = officer_client.post(page_of(grant), typed)
    assert "Rien de ce que vous avez tapé" in page.text
    assert 'value="1234"' in page.text
    assert Payment.objects.count() == 1


def test_what_is_refused_says_so_beside_its_field(officer_client, grant):
    typed = hidden(officer_client.get(page_of(grant)))
    typed |= {"acte": "verser", "verser-amount": "3001", "verser-paid_on": day()}
    page = officer_client.post(page_of(grant), typed)
    assert page.status_code == 200
    assert "Il ne reste que 3 000 € à verser" in plain(page.text)


def test_a_grant_is_documented(officer_client, grant):
    typed = hidden(officer_client.get(page_of(grant)))
    values = {"year": this_year(), "notified_on": day(), "aid_kind": "money", "payment_terms": "single"}
    typed |= {"acte": "renseigner"} | {f"renseigner-{name}": value for name, value in values.items()}
    assert officer_client.post(page_of(grant), typed).status_code == 302
    assert Grant.objects.get().payment_terms == "single"


def test_a_convention_is_made_signed_amended_from_the_pages(officer_client):
    organization = OrganizationFactory(name="Les Deux Rives")
    project = ProjectFactory(organization=organization, granted=30_000)
    grant = GrantFactory(project=project)
    assert "la loi demande une convention" in plain(officer_client.get(page_of(grant)).text)
    address = f"{page_of(grant)}convention/"
    page = officer_client.get(address)
    year = this_year()
    typed = hidden(page) | {
        "projects": [project.pk],
        "number": f"{year}-CV-001",
        "starts_on": f"{year}-01-01",
        "ends_on": f"{year}-12-31",
        "terms": "staggered",
        "an0-year": year,
        "an0-amount": "30 000",
        "ech0-due_on": f"{year}-01-31",
        "ech0-amount": "20 000",
        "ech1-due_on": f"{year}-12-15",
        "ech1-amount": "10 000",
        "ech1-needs_report": "on",
    }
    wrong = officer_client.post(address, typed | {"an0-amount": "29 999", "ech1-amount": "9 999"})
    assert "augmentez le montant" in plain(wrong.text)
    made = officer_client.post(address, typed)
    agreement = Agreement.objects.get()
    assert made.headers["Location"] == f"/instruction/conventions/{agreement.pk}/"
    page = officer_client.get(made.headers["Location"])
    signed = officer_client.post(made.headers["Location"], hidden(page) | {"acte": "signer", "signed_on": day()})
    assert signed.status_code == 302
    page = officer_client.get(made.headers["Location"])
    typed = hidden(page) | {"acte": "avenant", "purpose": "Plus de séances.", f"amount_{year}": "32 000"}
    assert officer_client.post(made.headers["Location"], typed).status_code == 302
    amendment = agreement.amendments.get()
    page = officer_client.get(made.headers["Location"])
    typed = hidden(page) | {"acte": "signer-avenant", "avenant": amendment.pk, "signed_on": day()}
    assert officer_client.post(made.headers["Location"], typed).status_code == 302
    assert agreement.amounts.get().amount == 32_000
    assert "au lieu de 30 000 €" in plain(officer_client.get(made.headers["Location"]).text)


def test_the_schedule_of_an_action_over_several_years_is_proposed_as_its_lead_asked(officer_client):
    """In that proportion, to the cent; the officer corrects it, and the grant counts whole in its own year."""
    year = this_year()
    dates = {"starts_on": datetime.date(year, 9, 1), "ends_on": datetime.date(year + 1, 6, 30)}
    project = ProjectFactory(granted=Decimal(1000), status=ProjectStatus.RETAINED, **dates)
    for rank, requested in enumerate((2000, 1000)):
        BudgetYear.objects.create(project=project, year=year + rank, cost=3000, requested=requested)
    address = f"/instruction/{project.pk}/subvention/convention/"
    page = officer_client.get(address)
    assert "dans la proportion de ce que la structure demande" in plain(page.text)
    sheet = page.context["sheet"]
    typed = hidden(page) | {"projects": [project.pk]}
    for form in (sheet.words, *sheet.years, *sheet.lines):
        for field in form:
            if field.value() not in (None, "", False) and field.name != "projects":
                typed[field.html_name] = str(field.value())
    assert typed["terms"] == "staggered"
    assert officer_client.post(address, typed).status_code == 302
    agreement = Agreement.objects.get()
    assert list(agreement.instalments.values_list("due_on", "amount", "label")) == [
        (datetime.date(year, 9, 1), Decimal("666.67"), f"Part de {year}"),
        (datetime.date(year + 1, 1, 1), Decimal("333.33"), f"Part de {year + 1}"),
    ]
    assert list(agreement.amounts.values_list("year", "amount")) == [(project.grant.year, 1000)]


def test_a_form_shown_again_for_another_fault_does_not_hide_what_a_colleague_wrote(officer_client, grant):
    typed = hidden(officer_client.get(page_of(grant)))
    Grant.objects.update(version=9)
    values = {"year": this_year(), "notified_on": day(), "aid_kind": "money", "payment_terms": "single"}
    typed |= {"acte": "renseigner"} | {f"renseigner-{name}": value for name, value in values.items()}
    wrong = officer_client.post(page_of(grant), typed | {"renseigner-notified_on": "jamais"})
    again = officer_client.post(page_of(grant), typed | hidden(wrong))
    assert "Pendant que vous écriviez" in plain(again.text)
    assert officer_client.post(page_of(grant), typed | hidden(again)).status_code == 302  # it was told


def test_a_convention_that_nobody_signed_goes_and_leaves_its_grants(officer_client, grant):
    agreement = AgreementFactory(organization=grant.project.organization, signed_on=None)
    grant.agreement = agreement
    grant.save()
    address = f"/instruction/conventions/{agreement.pk}/"
    typed = hidden(officer_client.get(address)) | {"acte": "supprimer"}
    assert officer_client.post(address, typed).headers["Location"] == "/instruction/conventions/"
    grant.refresh_from_db()
    assert grant.agreement is None
    assert not Agreement.objects.exists()
    assert Agreement.history.filter(history_type="-").get().history_user is not None


def test_a_convention_that_was_signed_meanwhile_stays(officer_client, grant):
    agreement = AgreementFactory(organization=grant.project.organization, signed_on=None)
    address = f"/instruction/conventions/{agreement.pk}/"
    typed = hidden(officer_client.get(address)) | {"acte": "supprimer"}
    Agreement.objects.filter(pk=agreement.pk).update(signed_on=day(), version=9)
    assert "Pendant que vous écriviez" in plain(officer_client.post(address, typed).text)
    Agreement.objects.filter(pk=agreement.pk).update(version=1)
    refused = officer_client.post(address, typed, follow=True)
    assert "elle ne se supprime plus" in plain(refused.text)
    assert Agreement.objects.exists()


def test_a_convention_to_be_signed_is_rewritten(officer_client, grant):
    agreement = AgreementFactory(organization=grant.project.organization, signed_on=None)
    Grant.objects.update(agreement=agreement)
    address = f"/instruction/conventions/{agreement.pk}/ecrire/"
    page = officer_client.get(address)
    year = this_year()
    dates = {"starts_on": f"{year}-01-01", "ends_on": f"{year}-12-31"}
    typed = hidden(page) | dates | {"number": "CV-X", "terms": "single", "an0-year": year, "an0-amount": "4000"}
    assert officer_client.post(address, typed).status_code == 302
    agreement.refresh_from_db()
    assert (agreement.number, agreement.amounts.get().amount) == ("CV-X", 4000)


def test_several_payments_are_entered_at_once_all_or_none(officer_client):
    grants = [GrantFactory() for _ in range(3)]
    page = officer_client.get("/instruction/versements/")
    keys = [grant.project_id for grant in grants]
    typed = hidden(page) | {"paid_on": day(), "reference": "B-1"}
    for key in keys:
        typed |= {f"v{key}-amount": "3000", f"v{key}-version": "1"}
    nothing = officer_client.post("/instruction/versements/", typed)
    assert "Rien n’est coché" in nothing.text
    for key in keys[:2]:
        typed[f"v{key}-ticked"] = "on"
    wrong = officer_client.post("/instruction/versements/", typed | {f"v{keys[0]}-amount": "3001"})
    assert "Il ne reste que 3 000 €" in plain(wrong.text)
    assert not Payment.objects.exists()
    for _ in range(2):
        assert officer_client.post("/instruction/versements/", typed).status_code == 302
    assert list(Payment.objects.values_list("reference", "amount")) == [("B-1", 3000)] * 2


def test_what_another_entered_meanwhile_stays_on_the_page(officer_client, grant):
    typed = hidden(officer_client.get("/instruction/versements/"))
    PaymentFactory(grant=grant, amount=3000)
    key = grant.project_id
    typed |= {"paid_on": day(), f"v{key}-ticked": "on", f"v{key}-amount": "3000", f"v{key}-version": "1"}
    page = officer_client.post("/instruction/versements/", typed)
    assert "Il ne reste que 0 €" in plain(page.text)
    assert Payment.objects.count() == 1


def test_a_grant_is_withdrawn_in_two_steps(officer_client, grant):
    PaymentFactory(grant=grant, amount=3000)
    address = f"{page_of(grant)}retrait/?manquement={this_year()}-12-31"
    page = officer_client.get(address)
    assert "1 jour sur" in plain(page.text)
    typed = hidden(page) | {"decided_on": day(), "withdrawn": "100", "amount": "50", "reason": "Propos tenus."}
    grant.project.ends_on = datetime.date(this_year(), 12, 31)
    response = officer_client.post(f"{page_of(grant)}retrait/?manquement={this_year()}-01-01", typed)
    assert response.status_code == 302
    row = Withdrawal.objects.get()
    assert (row.withdrawn, row.amount) == (100, 50)
    assert "La décision retient 100 € retirés" in plain(row.computation)
    assert "Subvention retirée" in officer_client.get(page_of(grant)).text


def test_a_payment_is_mended_from_its_page(officer_client, grant):
    payment = PaymentFactory(grant=grant)
    address = f"/instruction/versements/{payment.pk}/"
    typed = {"amount": "900", "paid_on": day(), "reference": "M-9", "acte": "corriger"}
    typed |= hidden(officer_client.get(address))
    assert "ce motif est gardé" in officer_client.post(address, typed).text
    assert officer_client.post(address, typed | {"why": "Faute"}).status_code == 302
    assert Payment.objects.get().amount == 900
    stale = officer_client.post(address, typed | {"once": "", "why": "Jamais fait", "acte": "annuler"})
    assert "écrit sur cette subvention" in stale.text
    typed |= hidden(officer_client.get(address)) | {"why": "Jamais fait", "acte": "annuler"}
    for _ in range(2):
        assert officer_client.post(address, typed).status_code == 302
    assert not Payment.objects.exists()
    late = officer_client.post(address, typed | {"once": ""}, follow=True)
    assert "a été annulé entre-temps" in late.text


@pytest.mark.parametrize("format", ["csv", "xlsx", "ods"])
def test_lists_go_as_files(officer_client, grant, format):
    PaymentFactory(grant=grant, reference="=1+1")
    GrantFactory(agreement=AgreementFactory())
    for name in ("versements/versements", "conventions/conventions"):
        for query in ("", "?voir=verses"):
            response = officer_client.get(f"/instruction/{name}.{format}{query}")
            content = b"".join(response.streaming_content)
            assert response.status_code == 200
            assert content
            if format == "csv" and "voir" in query and "versements" in name:
                assert "'=1+1" in content.decode("utf-8-sig")


@pytest.mark.parametrize("number", [1, 4])
def test_lists_ask_the_same_number_of_queries(officer_client, number, django_assert_max_num_queries):
    for _ in range(number):
        grant = GrantFactory(agreement=AgreementFactory())
        PaymentFactory(grant=grant)
        GrantFactory()
    officer_client.get("/instruction/versements/")
    for address, most in (
        ("/instruction/versements/", 24),
        ("/instruction/versements/?voir=verses", 18),
        ("/instruction/conventions/", 24),
    ):
        with django_assert_max_num_queries(most):
            officer_client.get(address)
