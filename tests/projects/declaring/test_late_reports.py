"""A structure whose report is late: told at the start and before it hands in, refused where the call says so."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from projects.catalogue.steps import step
from projects.choices import LateReportRule, MembershipRole, ProjectStatus
from projects.declaring.drafts import renew
from projects.declaring.handing_in import hand_in
from projects.declaring.late_reports import late_reports
from projects.instructing.models import Review
from projects.models import Campaign, LateReportLeave, Membership, Project, Report, Submission
from tests.factories import CoLeadFactory, OfficerFactory, OrganizationFactory, ProjectFactory
from tests.pages import squeezed

SIGNATORY = MembershipRole.SIGNATORY


@pytest.fixture
def late(complete):
    """An action of the same structure whose report is late since the day before."""
    project = ProjectFactory(
        title="Le jardin partagé", organization=complete.project.organization, status=ProjectStatus.REPORT_DUE
    )
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Report.objects.create(project=project, year=yesterday.year - 1, due_on=yesterday)
    return project


def rule(name):
    Campaign.objects.update(late_report_rule=name)


def as_its_call_takes_them(declaration):
    return late_reports(declaration.project.organization, Campaign.objects.get(pk=declaration.campaign_id))


def handed_in(declaration, lead):
    return hand_in(project=declaration.project, by=lead, role=SIGNATORY)


def test_a_call_warns_unless_an_officer_says_otherwise(complete, late, lead):
    assert complete.campaign.late_report_rule == LateReportRule.WARN
    assert handed_in(complete, lead).late_reports == [
        [late.code, late.title, (timezone.localdate() - datetime.timedelta(days=1)).isoformat()]
    ]


def test_a_call_that_blocks_refuses_with_the_report_and_how_to_mend_it(complete, late, lead):
    rule(LateReportRule.BLOCK)
    before = complete.answers
    with pytest.raises(ValidationError, match="Le jardin partagé") as refused:
        handed_in(complete, lead)
    assert "Remettez-le d’abord" in refused.value.messages[0]
    project = Project.objects.get(pk=complete.project_id)
    assert (project.status, project.declaration.answers) == (ProjectStatus.DRAFT, before)
    assert not Submission.objects.exists()


def test_once_the_report_is_handed_in_nothing_is_refused(complete, late, lead):
    rule(LateReportRule.BLOCK)
    late.reports.update(handed_at=timezone.now())
    assert handed_in(complete, lead).late_reports == []


def test_an_officer_lets_one_structure_in_for_a_reason(complete, late, lead, officer):
    rule(LateReportRule.BLOCK)
    LateReportLeave.objects.create(
        campaign=complete.campaign, organization=late.organization, reason="Comptable absent", by=officer
    )
    assert len(handed_in(complete, lead).late_reports) == 1


def test_a_leave_of_another_call_or_structure_lets_nobody_in(complete, late, lead, officer):
    rule(LateReportRule.BLOCK)
    other = ProjectFactory().organization
    LateReportLeave.objects.create(campaign=complete.campaign, organization=other, reason="Autre", by=officer)
    with pytest.raises(ValidationError):
        handed_in(complete, lead)


def test_what_is_completed_is_not_refused_afterwards(complete, late, lead):
    handed_in(complete, lead)
    project, officer = Project.objects.get(pk=complete.project_id), OfficerFactory()
    with step(project, "return", by=officer):
        project.remarks.create(page="budget", text="Précisez.", by=officer, answer="C’est précisé.")
    rule(LateReportRule.BLOCK)
    again = hand_in(project=project, by=lead, role=SIGNATORY)
    assert (again.number, len(again.late_reports)) == (2, 1)


def test_an_action_whose_own_report_is_late_is_renewed_and_not_handed_in(late, lead, complete):
    rule(LateReportRule.BLOCK)
    draft = renew(project=late, by=lead, campaign=complete.campaign)
    assert as_its_call_takes_them(draft).refusing[0].project == late


def test_a_report_that_another_structure_hands_in_is_told_and_refuses_nothing(complete, late, lead):
    rule(LateReportRule.BLOCK)
    theirs = ProjectFactory().organization
    Project.objects.filter(pk=late.pk).update(organization=theirs)
    CoLeadFactory(project=late, organization=complete.project.organization)
    reports = as_its_call_takes_them(complete)
    assert not reports.refusing
    assert [report.is_own for report in reports.shown] == [False]


def test_the_late_reports_of_who_leads_beside_are_read_by_the_officer_and_refuse_nothing(complete, late, lead):
    rule(LateReportRule.BLOCK)
    Project.objects.filter(pk=late.pk).update(organization=OrganizationFactory(name="La Passerelle"))
    complete.project.co_leads.set([Project.objects.get(pk=late.pk).organization])
    assert as_its_call_takes_them(complete).shown == []
    [[code, named, _]] = handed_in(complete, lead).late_reports
    assert (code, named) == (late.code, "Le jardin partagé (La Passerelle)")


def test_a_call_may_say_nothing(complete, late, lead):
    rule(LateReportRule.IGNORE)
    reports = as_its_call_takes_them(complete)
    assert (reports.shown, reports.refusal) == ([], "")
    assert len(handed_in(complete, lead).late_reports) == 1  # the officer knows


@pytest.mark.parametrize("rest", ["nouvelle/", "{}/", "{}/verifier/"])
def test_the_lead_is_told_at_the_start_and_before_handing_in_with_a_link(client, complete, late, lead, rest):
    rule(LateReportRule.BLOCK)
    Membership.objects.get_or_create(user=lead, organization=late.organization, defaults={"role": SIGNATORY})
    client.force_login(lead)
    page = squeezed(client.get(f"/espace/declarations/{rest.format(complete.project_id)}").text)
    assert f'href="/espace/bilans/{late.pk}/"' in page
    assert "Le jardin partagé" in page
    assert "cet appel ne reçoit pas de nouvelle demande" in page


def test_the_page_that_refuses_says_why_and_the_officer_reads_what_was_late(client, complete, late, lead):
    rule(LateReportRule.BLOCK)
    client.force_login(lead)
    where = f"/espace/declarations/{complete.project_id}/"
    page = client.post(f"{where}deposer/", follow=True)
    assert "Le jardin partagé" in page.text
    assert "dispense" in page.text
    rule(LateReportRule.WARN)
    client.post(f"{where}deposer/")
    Review.objects.get_or_create(project=complete.project)
    client.force_login(OfficerFactory())
    file = squeezed(client.get(f"/instruction/{complete.project_id}/").text)
    assert "1\xa0bilan était en retard à ce dépôt" in file
