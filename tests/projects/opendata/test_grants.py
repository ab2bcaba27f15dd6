"""The grants in SCDL « subventions » 2.1.1: what is published is valid, what lacks is told, not made up."""

import csv
import datetime
import io
import json
from pathlib import Path

import pytest
from frictionless import Resource, Schema
from frictionless.formats import CsvControl

from axes.models import Framework
from cohesion.lib.siret import is_siret
from projects.choices import LegalForm, OrganizationKind, ProjectStatus
from projects.demo import publish_demo_grants
from projects.models import Agreement, AgreementAmount, Grant, Instalment, Organization, Project, Scheme
from projects.opendata import grants
from projects.opendata.grants import cut
from tests.factories import FrameworkFactory, OfficerFactory, OrganizationFactory, ProjectFactory

pytestmark = pytest.mark.django_db
SCHEMA = json.loads(Path(grants.__file__).with_name("scdl-subventions-2.1.1.json").read_text(encoding="utf-8"))
TITLES = (
    '=HYPERLINK("http://mal.example";"clic")',
    'Atelier « cuisine », avec des "guillemets", des virgules ; et des points-virgules',
    "+33 contacts",
    "Été, cœur, Œuvre, ça : l’accueil des tout-petits 🌱👩‍👧",
    "@import url(x)",
    "Un titre très long " * 13,
    "-1+1",
)


def siret(number):
    """One that is valid, of this rank."""
    start = f"{900_000_000 + number:09d}0001"
    return next(f"{start}{last}" for last in range(10) if is_siret(f"{start}{last}"))


@pytest.fixture(autouse=True)
def _ours(settings):
    settings.AUTHORITY_SIRET = siret(5000)
    settings.SITE_AUTHORITY = "Agglomération d’essai"


@pytest.fixture
def in_force():
    return FrameworkFactory(status="in_force")


def given(amount=5000, organization=None, year=2026, **grant):
    """A public project that was granted an amount; what is not said of the grant is as the schema wants it."""
    organization = organization or OrganizationFactory(siret=siret(Organization.objects.count() + 1000))
    project = ProjectFactory(organization=organization, granted=amount)
    told = {
        "notified_on": "2026-03-01",
        "payment_terms": "single",
        "pays_from": "2026-04-01",
        "is_eu_notified": False,
    }
    Grant.objects.create(project=project, year=year, **{**told, **grant})
    return project


def signed(organization, **told):
    """An agreement of several years, with room in each."""
    dates = {"starts_on": "2026-01-01", "ends_on": "2027-12-31", **told}
    agreement = Agreement.objects.create(organization=organization, number=f"2026-{organization.pk}", **dates)
    for year in (2026, 2027):
        AgreementAmount.objects.create(agreement=agreement, year=year, amount=100_000)
    return agreement


def published(client):
    """The rows of the file, as a program reads them."""
    text = client.get("/donnees/subventions.csv").content.decode()
    return list(csv.DictReader(io.StringIO(text)))


def report(client, tmp_path):
    """What a validator of open data says of the file."""
    (tmp_path / "subventions.csv").write_bytes(client.get("/donnees/subventions.csv").content)
    schema = Schema.from_descriptor({key: value for key, value in SCHEMA.items() if key == "fields"})
    resource = Resource(
        path="subventions.csv",
        basepath=str(tmp_path),
        schema=schema,
        encoding="utf-8",
        control=CsvControl(delimiter=","),
    )
    return resource.validate()


def agreements_with(leads):
    """One of each over three years, half of them signed."""
    agreements = Agreement.objects.bulk_create(
        [
            Agreement(
                organization=lead,
                number=f"C-{lead.pk}",
                starts_on="2025-01-01",
                ends_on="2027-12-31",
                terms="staggered",
                signed_on="2025-02-03" if lead.pk % 2 else None,
            )
            for lead in leads
        ]
    )
    Instalment.objects.bulk_create(
        [
            Instalment(agreement=agreement, due_on=datetime.date(year, 6, 1), amount=10)
            for agreement in agreements
            for year in (2025, 2026, 2027)
        ]
    )
    AgreementAmount.objects.bulk_create(
        [
            AgreementAmount(agreement=agreement, year=year, amount=9_999_999_999)
            for agreement in agreements
            for year in (2025, 2026, 2027)
        ]
    )
    return agreements


def nasty_base(number):
    """Grants of all kinds, in few statements: most may be published, some lack a value, some are of nobody known."""
    schemes = [
        Scheme.objects.create(code=f"D{place}", name=name) for place, name in enumerate(("", "Fonds ; « local »"))
    ]
    leads = Organization.objects.bulk_create(
        [
            Organization(
                name=("Personne" if place % 19 == 0 else "Association") + f" n° {place}, « {TITLES[place % 7][:40]} »",
                kind=OrganizationKind.OTHER if place % 19 == 0 else OrganizationKind.ASSOCIATION,
                legal_form="" if place % 19 == 0 else LegalForm.ASSOCIATION,
                siret=siret(place) if place % 5 else "",
                rna=f"W{place:09d}" if place % 3 == 0 else "",
            )
            for place in range(number // 2)
        ]
    )
    projects = [
        ProjectFactory.build(
            code=f"G-{place}",
            title=TITLES[place % 7][:255].strip(),
            organization=leads[place % len(leads)],
            granted=[None, 0, "0.01", 1234.56, 23_000, 99_999_999.99][place % 6],
            status=ProjectStatus.DRAFT if place % 41 == 0 else ProjectStatus.RUNNING,
        )
        for place in range(number)
    ]
    projects = Project.objects.bulk_create(projects)
    agreements = agreements_with(leads[:50])
    of_lead = {agreement.organization_id: agreement for agreement in agreements}
    Grant.objects.bulk_create(
        [
            Grant(
                project=project, year=2025 + place % 3, scheme=schemes[place % 2] if place % 4 else None,
                agreement=of_lead.get(project.organization_id) if place % 3 == 0 else None,
                notified_on=None if place % 7 == 0 else datetime.date(2026, 1, 1 + place % 28),
                payment_terms=["single", "staggered", "other", ""][place % 4],
                pays_from=None if place % 6 == 0 else datetime.date(2026, 2, 1),
                pays_until=datetime.date(2026, 12, 1) if place % 2 else None,
                aid_kind=["money", "kind", "both"][place % 3],
                is_eu_notified=[True, False, False, None][place % 4],
                rae="12345" if place % 9 == 0 else "",
            )
            for place, project in enumerate(projects)
            if place % 11
        ]
    )  # fmt: skip


def test_what_a_nasty_base_publishes_is_valid_to_the_last_cell(client, in_force, tmp_path):
    nasty_base(500)
    told = report(client, tmp_path)
    assert told.valid, told.flatten(["rowNumber", "fieldName", "type", "note"])[:10]
    rows = published(client)
    assert len(rows) > 100
    for row in rows:
        assert is_siret(row["idAttribuant"])
        assert row["idBeneficiaire"] or row["rnaBeneficiaire"]
        assert not row["idBeneficiaire"] or is_siret(row["idBeneficiaire"])
        assert not row["nomBeneficiaire"].startswith("Personne")
        assert len(row["objet"]) <= 256
        assert float(row["montant"]) > 0


def test_every_grant_is_either_published_or_told_with_what_it_lacks(client, in_force):
    nasty_base(120)
    granted = Project.objects.published().filter(granted__gt=0).count()
    whole = [grant for grant in grants.publishable() if not grant.lacks]
    lacking = [grant for grant in grants.publishable() if grant.lacks]
    assert len(whole) + len(lacking) == granted
    assert len(published(client)) == len(whole)
    assert all(lack.reason and lack.address for grant in lacking for lack in grant.lacks)


def test_our_schema_is_the_one_that_was_published():
    assert (SCHEMA["name"], SCHEMA["version"]) == ("subventions", "2.1.1")
    assert [field["name"] for field in SCHEMA["fields"]] == [column.header for column in grants.GRANT_COLUMNS]


def test_a_row_says_what_was_decided_signed_and_foreseen(client, in_force):
    lead = OrganizationFactory(name="Les Amis", siret=siret(7), rna="W123456789")
    agreement = signed(lead, signed_on="2026-02-10")
    scheme = Scheme.objects.create(code="FSIH", name="Fonds de soutien")
    given(12_500.5, lead, agreement=agreement, scheme=scheme, pays_until="2026-10-01", payment_terms="staggered")
    (row,) = published(client)
    assert row["nomAttribuant"] == "Agglomération d’essai"
    assert row["dateConvention"] == "2026-02-10"
    assert row["referenceDecision"] == agreement.number
    assert row["idBeneficiaire"] == lead.siret
    assert row["montant"] == "12500.5"
    assert row["conditionsVersement"] == "échelonné"
    assert row["datesPeriodeVersement"] == "2026-04-01/2026-10-01"
    assert (row["notificationUE"], row["pourcentageSubvention"]) == ("non", "1")
    assert row["dispositifAide"] == "Fonds de soutien"


def test_without_a_convention_the_day_is_that_of_the_notification(client, in_force):
    given()
    assert published(client)[0]["dateConvention"] == "2026-03-01"


def test_a_schedule_says_the_period_that_nobody_wrote(client, in_force):
    lead = OrganizationFactory(siret=siret(8))
    agreement = signed(lead)
    for due_on in ("2026-05-01", "2027-05-01"):
        Instalment.objects.create(agreement=agreement, due_on=due_on, amount=10)
    given(organization=lead, agreement=agreement, pays_from=None)
    assert published(client)[0]["datesPeriodeVersement"] == "2026-05-01/2027-05-01"


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("dateConvention", {"notified_on": None}),
        ("conditionsVersement", {"payment_terms": ""}),
        ("datesPeriodeVersement", {"pays_from": None}),
        ("notificationUE", {"is_eu_notified": None}),
    ],
)
def test_what_lacks_is_told_to_officers_and_published_by_nobody(client, in_force, field, told):
    project = given(**told)
    assert published(client) == []
    client.force_login(OfficerFactory())
    page = client.get("/instruction/donnees/").content.decode()
    assert project.title in page
    assert [lack.field for grant in grants.publishable() for lack in grant.lacks] == [field]


def test_a_beneficiary_without_a_number_is_told_and_one_who_may_be_somebody_too(client, in_force):
    given(organization=OrganizationFactory(name="Sans numéro"))
    given(organization=OrganizationFactory(name="Dominique", kind=OrganizationKind.OTHER, siret=siret(9)))
    assert published(client) == []
    lacks = {grant.project.organization.name: grant.lacks[0].field for grant in grants.publishable()}
    assert lacks == {"Sans numéro": "idBeneficiaire", "Dominique": "nomBeneficiaire"}


def test_a_number_of_the_association_does_where_it_has_no_siret(client, in_force):
    given(organization=OrganizationFactory(rna="W123456789"))
    assert published(client)[0]["rnaBeneficiaire"] == "W123456789"


def test_nothing_is_published_before_the_council_says_its_own_number(client, in_force, settings):
    given()
    settings.AUTHORITY_SIRET = ""
    Framework.objects.get(pk=in_force.pk).save()
    assert published(client) == []
    client.force_login(OfficerFactory())
    assert "AUTHORITY_SIRET" in client.get("/instruction/donnees/").content.decode()


def test_where_amounts_are_not_public_the_law_is_kept_and_nothing_more(client, in_force, settings):
    settings.PUBLIC_AMOUNTS = []
    lead = OrganizationFactory(name="Deux fois", siret=siret(10))
    given(12_000, lead)
    given(11_000, lead)
    given(22_999)
    given(20_000, lead, year=2027)
    assert sorted(row["montant"] for row in published(client)) == ["11000", "12000"]


def test_a_convention_that_is_signed_is_in_the_file_at_once(client, in_force):
    lead = OrganizationFactory(siret=siret(11))
    agreement = signed(lead)
    given(organization=lead, agreement=agreement)
    assert published(client)[0]["dateConvention"] == "2026-03-01"
    agreement.signed_on = "2026-02-02"
    agreement.save()
    assert published(client)[0]["dateConvention"] == "2026-02-02"


def test_a_purpose_is_cut_between_two_words():
    assert cut("court") == "court"
    long = cut("mot " * 100)
    assert len(long) <= 256
    assert long.endswith("mot…")
    assert len(cut("x" * 300)) == 256


def test_the_queries_of_the_officers_page_do_not_grow(client, in_force, django_assert_max_num_queries):
    client.force_login(OfficerFactory())
    for number in (3, 20):
        for _ in range(number):
            given(notified_on=None)
        with django_assert_max_num_queries(20):
            assert client.get("/instruction/donnees/").status_code == 200


def test_the_demonstration_publishes_some_grants_and_leaves_others_to_complete(client, in_force):
    for _ in range(14):
        given(organization=OrganizationFactory(), pays_from=None, is_eu_notified=None)
    publish_demo_grants()
    rows = published(client)
    assert 0 < len(rows) < 14
    assert all(row["rnaBeneficiaire"].startswith("W279") for row in rows)


def test_what_a_beneficiary_lacks_is_said_once_above_all_its_grants(client, in_force):
    lead = OrganizationFactory(name="Sans numéro", siret="", rna="", legal_form="association")
    for _ in range(3):
        ProjectFactory(organization=lead, status=ProjectStatus.RUNNING, granted=9_000)
    client.force_login(OfficerFactory())
    page = client.get("/instruction/donnees/").text
    assert page.count("compléter la structure") == 1
    assert page.count("Sans numéro</span>") == 1
