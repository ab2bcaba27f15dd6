"""The report as the compte rendu financier asks: what was handed in, planned beside realised, tagged."""

import datetime
from decimal import Decimal

import pytest
from django.test import Client

from projects.choices import ProjectStatus
from projects.instructing.recalling import recall
from projects.models import BudgetLine, FundingLine, IndicatorResult, Organization, Project, Report, Submission
from projects.reporting.actions import current, hand_in, save, send_back
from projects.reporting.pdf import report_pdf
from tests.factories import LeadFactory, OrganizationFactory, SubmissionFactory
from tests.pdf import tagged, tags, text_of
from tests.projects.reporting.test_reports import complete, lead, project  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-25 12:00+01:00")]


def plain(words):
    return " ".join(words.replace("\u202f", " ").replace("\xa0", " ").split())


@pytest.fixture
def report(project, lead):  # noqa: F811
    BudgetLine.objects.create(project=project, account="601", amount=Decimal("500.50"))
    FundingLine.objects.create(project=project, kind="agglomeration", requested=1_000)
    due = current(project)
    typed = complete(
        project, **{"a-641": "1100", "a-601": "400,50", "a-74": "1000", "gaps_explained": "Un mois de plus."}
    )
    save(report=due, mine=typed, base=None, by=lead)
    hand_in(report=due, by=lead, organization=project.organization)
    due.refresh_from_db()
    return due


def test_it_says_what_was_planned_what_it_came_to_and_the_gap_in_euros_and_per_cent(report):
    words = plain(text_of(report_pdf(report)))
    assert "641 Rémunération des personnels 1 000 € 1 100 € + 100 € + 10 %" in words
    assert "500,50 € 400,50 € − 100 € − 20 %" in words
    assert "Total 1 500,50 € 1 500,50 € 0 € –" in words
    assert "74 Subventions d’exploitation 1 000 € 1 000 € 0 € –" in words


def test_what_was_planned_is_what_was_declared_when_the_report_was_handed_in(report):
    answers = {"budget": {"a-641": "1000", "a-601": "500,50", "kind-1": "agglomeration", "requested-1": "1000"}}
    former = SubmissionFactory(project=report.project, number=1, answers=answers)
    later = SubmissionFactory(project=report.project, number=2, answers={"budget": {"a-641": "9999"}})
    for copy, days in ((former, -1), (later, 1)):
        Submission.objects.filter(pk=copy.pk).update(at=report.handed_at + datetime.timedelta(days=days))
    BudgetLine.objects.update(amount=7_777)
    FundingLine.objects.update(requested=8_888)
    report.frozen = None  # handed in before its paper was kept
    words = plain(text_of(report_pdf(report)))
    assert "641 Rémunération des personnels 1 000 € 1 100 €" in words
    assert "74 Subventions d’exploitation 1 000 € 1 000 €" in words
    assert "9 999" not in words
    assert "7 777" not in words


def test_nothing_that_is_changed_once_it_was_handed_in_is_read_in_it(report):
    before = text_of(report_pdf(report))
    action = report.project
    Project.objects.filter(pk=action.pk).update(title="Autre titre", code="X-9", starts_on=None, granted=1)
    organization = Organization.objects.filter(pk=action.organization_id)
    organization.update(name="Autre nom", address="9 rue d’Ailleurs", representative="Autre Personne", siret="")
    IndicatorResult.objects.update(actual=1)
    BudgetLine.objects.update(amount=7_777)
    action.indicators.update(target=99, name="Autre")
    assert text_of(report_pdf(Report.objects.get(pk=report.pk))) == before


def test_a_report_that_is_sent_back_and_taken_back_prints_as_it_was_handed_in(report, officer):
    before = report_pdf(report)
    send_back(report.project, by=officer, comment="À reprendre")
    Project.objects.update(title="Autre titre")
    recall(report.project, by=officer)
    assert report_pdf(Report.objects.get(pk=report.pk)) == before


def test_it_says_what_was_done_for_whom_against_which_indicators_and_who_handed_it_in(report, lead):  # noqa: F811
    words = plain(text_of(report_pdf(report)))
    for part in ("Quarante ateliers.", "Un mois de plus.", "Ateliers tenus 40 ateliers 40 ateliers", "55"):
        assert part in words
    assert f"Remis en ligne le 25 novembre 2026 à 12 h par {lead.display_name}" in words
    assert "Je certifie exactes" in words


def test_it_is_tagged_and_the_same_twice(report):
    pdf = report_pdf(report)
    read = tagged(pdf, "Compte rendu financier 2026")
    kinds = [kind for kind, _ in tags(read.trailer["/Root"]["/StructTreeRoot"]["/K"])]
    assert kinds.count("/Table") == 3
    assert pdf == report_pdf(report)


def test_only_what_was_handed_in_is_given_to_its_lead_and_to_who_reads_the_instruction(project, lead):  # noqa: F811
    current(project)
    client = Client()
    client.force_login(lead)
    address = f"/espace/declarations/{project.pk}/bilan.pdf"
    assert client.get(address).status_code == 404
    due = current(project)
    save(report=due, mine=complete(project), base=None, by=lead)
    hand_in(report=due, by=lead, organization=project.organization)
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert client.get(f"{address}?annee=2020").status_code == 404
    client.force_login(LeadFactory(acts_for=OrganizationFactory()))
    assert client.get(address).status_code == 404
    project.refresh_from_db()
    assert project.status == ProjectStatus.REPORT_RECEIVED
