"""The yearly report: opened when it is due, typed in several sittings, handed in once, sent back or checked."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from projects.catalogue.steps import AlreadyMoved, step
from projects.choices import ProjectStatus
from projects.models import Attachment, BudgetLine, Indicator, Project, Report, TransitionLog
from projects.reporting.actions import check, current, due_on, hand_in, save, send_back
from projects.reporting.form import ReportForm
from tests.costs import cost
from tests.factories import (
    CampaignFactory,
    DeclarationFactory,
    LeadFactory,
    OfficerFactory,
    OrganizationFactory,
    ProjectFactory,
)
from tests.projects.space.wicked import PDF_BYTES
from tests.site.forms import filled

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(500)

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-25 12:00+01:00")]


@pytest.fixture
def lead():
    return LeadFactory(acts_for=OrganizationFactory())


@pytest.fixture
def project(lead):
    made = ProjectFactory(organization=lead.memberships.get().organization, status=ProjectStatus.REPORT_DUE)
    BudgetLine.objects.create(project=made, account="641", amount=1000)
    Indicator.objects.create(project=made, kind="output", name="Ateliers tenus", target=40, unit="ateliers")
    return made


def complete(project, **changed):
    indicator = project.indicators.get()
    return {
        "done": "Quarante ateliers.",
        "objectives_met": "met",
        "people": "55",
        f"actual-{indicator.pk}": "40",
        "a-641": "1000",
        "what_next": "renew",
        **changed,
    }


def sentences(report, typed):
    form = ReportForm(report, typed)
    return [gap.sentence for gap in (*form.faults, *form.gaps)]


def test_the_report_of_the_year_is_due_within_six_months(project):
    report = current(project)
    assert (report.year, report.due_on) == (2026, datetime.date(2027, 6, 30))
    assert current(project) == report


def test_its_call_says_when_it_is_due(project):
    campaign = CampaignFactory(year=2026, report_due_on=datetime.date(2027, 3, 1))
    DeclarationFactory(project=project, campaign=campaign)
    assert due_on(Project.objects.get(), 2026) == datetime.date(2027, 3, 1)


@pytest.mark.django_db(transaction=True)
def test_the_report_of_what_was_never_declared_here_takes_files_and_leads_to_no_declaration(project, lead, client):
    client.force_login(lead)
    url = reverse("projects:report", args=[project.pk])
    declaration = reverse("projects:declaration", args=[project.pk])
    assert f'href="{declaration}"' not in client.get(url).text
    posted = {"done": "Tapé", "kind": "other", "file": SimpleUploadedFile("photo.heic", HEIC)}
    refused = client.post(reverse("projects:attachment_add", args=[project.pk]), posted, follow=True)
    assert refused.redirect_chain == [(url, 302)]
    assert "HEIC" in refused.text
    posted["file"] = SimpleUploadedFile("compte.pdf", PDF_BYTES)
    joined = client.post(reverse("projects:attachment_add", args=[project.pk]), posted, follow=True)
    assert "compte.pdf" in joined.text
    page = filled(joined, "#page-form") | {"done": "Tapé encore"}
    client.post(reverse("projects:attachment_remove", args=[Attachment.objects.get().pk]), page)
    assert not Attachment.objects.kept().exists()
    assert Report.objects.get().answers["done"] == "Tapé encore"


@pytest.mark.parametrize("status", ["draft", "submitted", "retained", "refused"])
def test_what_does_not_run_has_no_report(project, status):
    Project.objects.update(status=status)
    assert current(Project.objects.get()) is None


def test_a_project_of_several_years_has_one_a_year(project, lead):
    Project.objects.update(starts_on="2025-01-01", ends_on="2026-12-31")
    with time_machine.travel("2026-06-01"):
        report = current(Project.objects.get())
        assert report.year == 2025
        save(report=report, mine=complete(project), base={}, by=lead)
        hand_in(report=report, by=lead, organization=project.organization)
        check(Project.objects.get(), by=OfficerFactory())
        following = Project.objects.get()
        assert following.status == ProjectStatus.RUNNING
        assert current(following).year == 2026
        assert Report.objects.get(year=2025).checked_at


def test_nothing_typed_is_refused_and_what_is_missing_is_said(project, lead):
    report = current(project)
    save(report=report, mine={"people": "beaucoup"}, base={}, by=lead)
    assert Report.objects.get().answers["people"] == "beaucoup"
    assert "Nombre de personnes\u00a0: ce n’est pas un nombre entier" in sentences(report, report.answers)[0]
    with pytest.raises(ValidationError, match="Le bilan n’est pas remis"):
        hand_in(report=report, by=lead, organization=project.organization)
    assert Project.objects.get().status == ProjectStatus.REPORT_DUE


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"done": ""}, "Dites ce qui a été fait."),
        ({"objectives_met": "partly"}, "Dites pourquoi les objectifs ne sont pas tous atteints."),
        ({"a-641": "1200"}, "Les charges font 1\u202f200\u00a0€, pour 1\u202f000\u00a0€ prévus : dites pourquoi."),
        ({"what_next": ""}, "Dites ce que vous envisagez pour la suite."),
        ({"women": "60"}, "Les femmes et les hommes font 60, plus que les 55\u00a0personnes indiquées."),
    ],
)
def test_what_is_to_mend_is_said_in_french(project, changed, sentence):
    assert sentences(current(project), complete(project, **changed)) == [sentence]


def test_handing_in_writes_the_rows_and_is_logged(project, lead):
    report = current(project)
    save(report=report, mine=complete(project), base={}, by=lead)
    hand_in(report=report, by=lead, organization=project.organization)
    report = Report.objects.get()
    assert (report.people, report.objectives_met, report.handed_by) == (55, "met", lead)
    assert report.results.get().actual == Decimal(40)
    assert [(one.account, one.amount) for one in report.lines.all()] == [("641", Decimal(1000))]
    log = TransitionLog.objects.get()
    assert (log.transition, log.organization) == ("hand_report", project.organization)
    with pytest.raises(AlreadyMoved):
        hand_in(report=report, by=lead, organization=project.organization)
    with pytest.raises(ValidationError, match="n’a pas été enregistré"):
        save(report=report, mine={"done": "Autre chose"}, base={}, by=lead)


def test_a_report_that_is_sent_back_says_why_and_is_handed_in_again(project, lead):
    report = current(project)
    save(report=report, mine=complete(project), base={}, by=lead)
    hand_in(report=report, by=lead, organization=project.organization)
    send_back(Project.objects.get(), by=OfficerFactory(), comment="Et les charges sociales ?")
    report = Report.objects.get()
    assert (report.handed_at, report.remark) == (None, "Et les charges sociales ?")
    hand_in(report=report, by=lead, organization=project.organization)
    check(Project.objects.get(), by=OfficerFactory())
    assert Project.objects.get().status == ProjectStatus.CLOSED
    assert Report.objects.get().results.count() == 1


def test_a_lead_types_and_hands_in_and_an_officer_reads_and_closes(project, lead):
    client, url = Client(), reverse("projects:report", args=[project.pk])
    client.force_login(lead)
    assert "Prévu\u00a0: 40\u00a0ateliers" in client.get(url).text
    assert client.post(url, complete(project)).status_code == 302
    assert "Quarante ateliers." in client.get(url).text
    for _ in range(2):
        page = client.post(reverse("projects:report_hand_in", args=[project.pk]), follow=True).text
        assert "Le bilan 2026 est remis" in page
    shown = client.get(url).text
    assert "Remis le" in shown
    assert "40\u00a0ateliers" in shown
    assert "40\u00a0€" not in shown
    officer = Client()
    officer.force_login(OfficerFactory())
    file = reverse("projects:instruction_file", args=[project.pk])
    page = officer.get(file).text
    assert "Quarante ateliers." in page
    assert "Valider le bilan, l’action continue" not in page
    assert officer.post(file, {"etape": "close"}).status_code == 302
    assert Project.objects.get().status == ProjectStatus.CLOSED


def test_a_report_is_nobody_elses(project):
    current(project)
    stranger = Client()
    stranger.force_login(LeadFactory(acts_for=OrganizationFactory()))
    url = reverse("projects:report", args=[project.pk])
    assert stranger.get(url).status_code == stranger.post(url).status_code == 404
    assert stranger.post(reverse("projects:report_hand_in", args=[project.pk])).status_code == 404


def test_the_page_costs_the_same_whatever_the_number_of_indicators(project, lead):
    client, url = Client(), reverse("projects:report", args=[project.pk])
    client.force_login(lead)
    client.get(url)
    before = cost(url, client)
    for rank in range(5):
        Indicator.objects.create(project=project, kind="output", name=f"Autre {rank}")
    assert cost(url, client) == before <= 16


def test_a_step_asks_for_the_report(project):
    Project.objects.update(status=ProjectStatus.RUNNING)
    with step(Project.objects.get(), "ask_report", by=OfficerFactory()):
        pass
    assert Project.objects.get().status == ProjectStatus.REPORT_DUE


def test_what_is_on_the_page_is_handed_in_with_it(client, lead, project):
    client.force_login(lead)
    page = reverse("projects:report", args=[project.pk])
    read = filled(client.get(page), "#page-form")
    hand = reverse("projects:report_hand_in", args=[project.pk])
    answer = client.post(hand, read | complete(project, done="Tapé au dernier moment"), follow=True)
    assert "est remis" in answer.content.decode()
    assert Report.objects.get().done == "Tapé au dernier moment"
    # Twice is once; what is typed after it was handed in is said not to be kept, and stays on the page.
    assert client.post(hand, read | complete(project, done="Tapé au dernier moment")).status_code == 302
    late = client.post(hand, read | complete(project, done="Trop tard"))
    assert late.status_code == 409
    assert "Trop tard" in late.content.decode()
    assert Report.objects.get().done == "Tapé au dernier moment"


def test_a_clash_is_shown_before_a_report_is_handed_in(client, lead, project):
    client.force_login(lead)
    page = reverse("projects:report", args=[project.pk])
    read = filled(client.get(page), "#page-form")
    save(report=current(project), mine={"done": "D’un autre onglet"}, base={}, by=lead)
    answer = client.post(f"{page}remettre/", read | complete(project, done="D’ici"))
    assert "Quelqu’un d’autre a changé la même chose" in answer.content.decode()
    assert Report.objects.get().handed_at is None
