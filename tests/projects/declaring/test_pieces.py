"""A call says which pieces it expects, and what becomes of who does not send them: refused, or a reason is read."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from projects.choices import AttachmentKind, MembershipRole, PieceMoment, PieceRule, ProjectStatus
from projects.declaring.attachments import receive, remove
from projects.declaring.contradictions import SAME_CALL
from projects.declaring.drafts import NotWritable, renew
from projects.declaring.handing_in import Incomplete, hand_in, states
from projects.declaring.pieces import WHY, of_report
from projects.instructing.checking import send_back
from projects.models import Attachment, Declaration, Project, Submission
from projects.reporting import actions as reporting
from projects.reporting.form import ReportForm
from tests.factories import CampaignFactory, DeclarationFactory, OfficerFactory, SubmissionFactory
from tests.pages import squeezed
from tests.projects.space.wicked import PDF_BYTES

SIGNATORY = MembershipRole.SIGNATORY
STATUTES, FINANCIAL = AttachmentKind.STATUTES, AttachmentKind.FINANCIAL_REPORT


@pytest.fixture
def lead_client(client, lead):
    client.force_login(lead)
    return client


def expects(campaign, kind, rule, moment=PieceMoment.REQUEST):
    return campaign.expected_pieces.create(kind=kind, rule=rule, moment=moment)


def send(project, kind, by):
    upload = SimpleUploadedFile("piece.pdf", PDF_BYTES)
    return receive(upload=upload, kind=kind, by=by, organization=project.organization, project=project)


def answer(declaration, **given):
    declaration.answers = declaration.answers | {"pieces": declaration.answers["pieces"] | given}
    declaration.save()


def lacking(declaration):
    state = next(state for state in states(declaration) if state.page.slug == "pieces")
    return [gap.sentence for gap in state.gaps]


# --- the request ------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_request_without_a_piece_that_the_call_requires_is_refused(complete, campaign, lead):
    expects(campaign, STATUTES, PieceRule.REFUSE)
    assert lacking(complete) == ["Joignez « Statuts » : l’appel ne reçoit rien sans cette pièce."]
    answer(complete, **{f"{WHY}{STATUTES}": "Nous les cherchons."})  # no reason does instead of it
    with pytest.raises(Incomplete):
        hand_in(project=complete.project, by=lead, role=SIGNATORY)
    send(complete.project, STATUTES, lead)
    hand_in(project=complete.project, by=lead, role=SIGNATORY)
    assert Project.objects.get().status == ProjectStatus.SUBMITTED


def test_a_request_goes_on_without_it_with_a_reason_that_the_officer_reads(complete, campaign, lead, officer_client):
    expects(campaign, STATUTES, PieceRule.REASON)
    assert lacking(complete) == ["Joignez « Statuts », que l’appel demande, ou dites pourquoi cette pièce manque."]
    with pytest.raises(Incomplete):
        hand_in(project=complete.project, by=lead, role=SIGNATORY)
    answer(complete, **{f"{WHY}{STATUTES}": "Modifiés en assemblée, à l’enregistrement."})
    copy = hand_in(project=complete.project, by=lead, role=SIGNATORY)
    said = dict(map(tuple, next(found for slug, _, found in copy.shown if slug == "pieces")))
    assert said["Statuts : pourquoi cette pièce manque"] == "Modifiés en assemblée, à l’enregistrement."
    page = squeezed(officer_client.get(reverse("projects:instruction_file", args=[complete.project_id])).text)
    assert "Statuts&nbsp;: <b>manque</b> («&nbsp;Modifiés en assemblée, à l’enregistrement.&nbsp;»)</li>" in page


@pytest.mark.django_db(transaction=True)
def test_each_expected_piece_is_shown_as_there_or_missing(complete, campaign, lead, lead_client):
    expects(campaign, STATUTES, PieceRule.REFUSE)
    expects(campaign, AttachmentKind.BANK_DETAILS, PieceRule.REASON)
    url = reverse("projects:declaration_page", args=[complete.project_id, "pieces"])
    page = squeezed(lead_client.get(url).text)
    assert page.count("Manque</span>") == 2
    assert f'name="{WHY}bank_details"' in page
    assert f'name="{WHY}statutes"' not in page
    posted = complete.answers["pieces"] | {f"{WHY}bank_details": "Banque en cours de changement."}
    assert lead_client.post(url, posted).status_code == 302
    assert Declaration.objects.get().answers["pieces"][f"{WHY}bank_details"] == "Banque en cours de changement."
    send(complete.project, STATUTES, lead)
    send(complete.project, AttachmentKind.BANK_DETAILS, lead)
    page = squeezed(lead_client.get(url).text)
    assert (page.count("Jointe</span>"), page.count("Manque</span>")) == (2, 0)


def test_a_call_that_expects_nothing_asks_for_nothing(complete, lead_client):
    page = squeezed(lead_client.get(reverse("projects:declaration_page", args=[complete.project_id, "pieces"])).text)
    assert "Pièces demandées" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "kind"), [("request", FINANCIAL), ("report", AttachmentKind.LAST_REPORT), ("report", "mandate")]
)
def test_a_piece_is_expected_when_it_may_exist(moment, kind):
    piece = CampaignFactory().expected_pieces.model(campaign=CampaignFactory(), moment=moment, kind=kind)
    with pytest.raises(ValidationError, match="ne se demande pas"):
        piece.full_clean()


# --- the report -------------------------------------------------------------------------------------------------


@pytest.fixture
def running(organization, campaign):
    """A project of this year, handed in last year, whose report is due."""
    project = DeclarationFactory(campaign=campaign).project
    year = timezone.localdate().year
    dates = {"starts_on": datetime.date(year, 1, 1), "ends_on": datetime.date(year, 12, 31)}
    Project.objects.filter(pk=project.pk).update(status="report_due", organization=organization, **dates)
    project = Project.objects.get(pk=project.pk)
    SubmissionFactory(project=project, organization=organization)
    Submission.objects.update(at=timezone.now() - datetime.timedelta(days=400))
    return project


REPORT = {"done": "Tout.", "objectives_met": "met", "people": "55", "a-641": "1000", "what_next": "stop"}


def hand_report(project, typed, by):
    report = reporting.current(project)
    reporting.save(report=report, mine=typed, base={}, by=by)
    reporting.hand_in(report=report, by=by, organization=project.organization)
    return project.reports.get()


@pytest.mark.django_db(transaction=True)
def test_a_report_without_its_financial_report_is_refused_then_received(running, campaign, lead):
    expects(campaign, FINANCIAL, PieceRule.REFUSE, PieceMoment.REPORT)
    with pytest.raises(ValidationError, match="Le bilan n’est pas remis"):
        hand_report(running, REPORT, lead)
    send(running, FINANCIAL, lead)
    assert hand_report(running, REPORT, lead).handed_at


@pytest.mark.django_db
def test_a_report_goes_on_without_a_piece_with_a_reason(running, campaign, lead, officer_client):
    expects(campaign, FINANCIAL, PieceRule.REASON, PieceMoment.REPORT)
    with pytest.raises(ValidationError, match="Le bilan n’est pas remis"):
        hand_report(running, REPORT, lead)
    assert hand_report(running, REPORT | {f"{WHY}{FINANCIAL}": "Le trésorier est malade."}, lead).handed_at
    page = squeezed(officer_client.get(reverse("projects:instruction_file", args=[running.pk])).text)
    assert "<b>manque</b> («&nbsp;Le trésorier est malade.&nbsp;»)" in page


@pytest.mark.django_db
def test_a_report_without_accounts_says_why(running, lead):
    report = reporting.current(running)
    without = REPORT | {"a-641": ""}
    sentences = [gap.sentence for gap in ReportForm(report, without).gaps]
    assert sentences == ["Le bilan n’a pas de comptes : indiquez ce que l’action a coûté, ou dites ici pourquoi."]
    assert ReportForm(report, without | {"gaps_explained": "Tout était bénévole."}).gaps == []


@pytest.mark.django_db(transaction=True)
def test_what_came_with_the_request_is_not_of_the_report_and_stays(running, campaign, lead):
    expects(campaign, AttachmentKind.ACCOUNTS, PieceRule.REFUSE, PieceMoment.REPORT)
    old = Attachment.objects.create(
        organization=running.organization, project=running, kind="accounts", name="a.pdf", size=1, digest="x", by=lead
    )
    before = timezone.now() - datetime.timedelta(days=500)
    Attachment.objects.update(at=before)
    assert [piece.is_there for piece in of_report(running, campaign, timezone.localdate().year)] == [False]
    old.refresh_from_db()
    with pytest.raises(NotWritable):
        remove(old)
    new = send(running, FINANCIAL, lead)
    remove(new)
    Project.objects.update(status="closed")
    with pytest.raises(NotWritable):
        send(running, FINANCIAL, lead)


@pytest.mark.django_db(transaction=True)
def test_a_lead_joins_a_piece_from_the_page_of_the_report(running, campaign, lead, lead_client):
    expects(campaign, FINANCIAL, PieceRule.REFUSE, PieceMoment.REPORT)
    url = reverse("projects:report", args=[running.pk])
    assert "Manque</span>" in squeezed(lead_client.get(url).text)
    posted = {"kind": FINANCIAL, "file": SimpleUploadedFile("compte.pdf", PDF_BYTES)}
    response = lead_client.post(reverse("projects:attachment_add", args=[running.pk]), posted)
    assert response.headers["Location"] == url
    assert "Jointe</span>" in squeezed(lead_client.get(url).text)


# --- what is asked is answered; what is renewed answers another call --------------------------------------------


def test_nothing_is_said_to_be_complete_while_a_request_is_unanswered(complete, lead, lead_client):
    hand_in(project=complete.project, by=lead, role=SIGNATORY)
    send_back(Project.objects.get(), remarks={"budget": "Précisez."}, by=OfficerFactory())
    url = reverse("projects:declaration", args=[complete.project_id])
    page = squeezed(lead_client.get(url).text)
    assert "Tout ce qui est nécessaire est complet" not in page
    assert "À répondre</span>" in page
    Project.objects.get().remarks.update(answer="C’est fait.")
    page = squeezed(lead_client.get(url).text)
    assert "Tout ce qui est nécessaire est complet" in page
    assert "À répondre</span>" not in page


def test_an_action_is_not_renewed_into_the_call_that_it_answered(complete, campaign, lead, lead_client):
    hand_in(project=complete.project, by=lead, role=SIGNATORY)
    project = Project.objects.get()
    with pytest.raises(ValidationError, match="répond déjà à cet appel"):
        renew(project=project, by=lead, campaign=campaign)
    Project.objects.update(status="running")
    url = reverse("projects:declaration_renew", args=[project.pk])
    page = squeezed(lead_client.post(url, follow=True).text)
    assert "Aucun autre appel n’est ouvert" in page
    draft = Declaration.objects.get(previous=project)
    assert draft.campaign is None
    draft.answers["campagne"] |= {"campaign": str(campaign.pk)}
    draft.save()
    (state, *_) = states(draft)
    assert [gap.sentence for gap in state.gaps] == [SAME_CALL]
    Project.objects.filter(pk=draft.project_id).delete()
    following = CampaignFactory()
    lead_client.post(url)
    assert Declaration.objects.get(previous=project).campaign == following
