"""What was just asked of a lead is taken back while the lead has not heard of it, and says why once it cannot be."""

from datetime import datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cohesion.together.states import FIELD
from projects.catalogue.models import Project
from projects.catalogue.steps import AlreadyMoved
from projects.choices import AttachmentKind, ProjectStatus
from projects.declaring.models import Attachment, Declaration, Remark
from projects.instructing.checking import send_back
from projects.instructing.recalling import recall, recall_of
from projects.instructing.turns import placed
from projects.models import Message, TransitionLog
from projects.reporting.actions import send_back as send_report_back
from projects.reporting.models import Report
from tests.factories import DeclarationFactory, LeadFactory, SubmissionFactory
from tests.pages import squeezed

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(officer):
    """A file that is instructed, whose lead was just asked to complete it."""
    submission = SubmissionFactory(project__status=ProjectStatus.IN_REVIEW)
    project = submission.project
    DeclarationFactory(project=project)
    LeadFactory(acts_for=project.organization)
    send_back(project, remarks={"budget": "Le total ?"}, by=officer)
    return project


def page(client, project):
    return squeezed(client.get(f"/instruction/{project.pk}/").text)


def take_back(client, project, seen):
    """The button of a page that showed this."""
    form = {"etape": "recall", FIELD: seen}
    return squeezed(client.post(f"/instruction/{project.pk}/", form, follow=True).text)


def test_it_is_where_it_was_and_the_lead_hears_of_nothing(officer_client, waiting):
    project = waiting
    assert Message.objects.exists()
    assert "Annuler cette demande de complément" in page(officer_client, waiting)
    seen = officer_client.get(f"/instruction/{project.pk}/").context["seen"]
    assert "La structure n’en a rien su." in take_back(officer_client, project, seen)
    project.refresh_from_db()
    assert project.status == ProjectStatus.IN_REVIEW
    assert not Remark.objects.exists()
    assert not Message.objects.exists()
    assert list(TransitionLog.objects.order_by("pk").values_list("transition", flat=True)) == ["return", "recall"]


def test_a_page_left_open_takes_back_the_request_that_it_showed_and_no_newer_one(officer_client, officer, waiting):
    seen = officer_client.get(f"/instruction/{waiting.pk}/").context["seen"]
    recall(waiting, by=officer)
    send_back(waiting, remarks={"budget": "Les charges de 2027 ?"}, by=officer)
    for stale in (seen, ""):
        answer = take_back(officer_client, waiting, stale)
        assert "a fait une autre demande" in answer
        assert "rien n’a été annulé" in answer
    assert Remark.objects.get().text == "Les charges de 2027 ?"
    fresh = officer_client.get(f"/instruction/{waiting.pk}/").context["seen"]
    assert "La structure n’en a rien su." in take_back(officer_client, waiting, fresh)


def test_once_a_request_is_taken_back_a_file_waits_since_it_did_before(officer_client, waiting, officer):
    """However often it is asked and taken back; the lists and the file say the same."""
    TransitionLog.objects.all().delete()
    Project.objects.filter(pk=waiting.pk).update(status=ProjectStatus.IN_REVIEW)
    ways = {"source": ProjectStatus.ADMISSIBLE, "target": ProjectStatus.IN_REVIEW}
    reviewed = TransitionLog.objects.create(project=waiting, transition="review", by=officer, **ways)
    long_ago = timezone.make_aware(datetime.combine(timezone.localdate() - timedelta(days=40), time(12)))
    TransitionLog.objects.filter(pk=reviewed.pk).update(at=long_ago)
    for question in ("Le total ?", "Les dates ?"):
        send_back(waiting, remarks={"budget": question}, by=officer)
        assert placed(Project.objects.all()).get().since > long_ago
        recall(waiting, by=officer)
        assert placed(Project.objects.all()).get().since == long_ago
    assert officer_client.get(f"/instruction/{waiting.pk}/").context["project"].since == long_ago
    assert "40\u00a0jours" in squeezed(officer_client.get("/instruction/").text)


def test_what_was_asked_before_and_never_answered_stays(waiting, officer):
    """An officer had put the state right by hand in between."""
    earlier = Remark.objects.create(project=waiting, page="publics", text="Combien ?", by=officer)
    ways = {"source": ProjectStatus.TO_COMPLETE, "target": ProjectStatus.IN_REVIEW}
    corrected = TransitionLog.objects.create(project=waiting, transition="review", by=officer, **ways)
    for model, row in ((Remark, earlier), (TransitionLog, corrected)):
        model.objects.filter(pk=row.pk).update(at=timezone.now() - timedelta(hours=2))
    recall(waiting, by=officer)
    assert list(Remark.objects.all()) == [earlier]


def attach(project):
    """What was asked for may be a file alone."""
    Attachment.objects.create(
        organization=project.organization, kind=AttachmentKind.STATUTES, name="statuts.pdf", size=1, digest="0" * 64
    )


HEARD = {
    "le courriel est parti à": lambda project: Message.objects.update(sent_at=timezone.now()),
    "le message a été lu à": lambda project: Message.objects.update(read_at=timezone.now()),
    "a commencé à y répondre": lambda project: Declaration.objects.update(saved_at=timezone.now()),
    "date de plus d’un jour": lambda project: TransitionLog.objects.update(at=timezone.now() - timedelta(days=2)),
    "a commencé à y": lambda project: Remark.objects.update(answer="Voici"),
    "la structure a commencé à y répondre": attach,
}


@pytest.mark.parametrize(("sentence", "hear"), HEARD.items())
def test_once_the_lead_has_heard_of_it_or_answered_it_stays_and_the_page_says_why(
    officer_client, officer, waiting, sentence, hear
):
    project = waiting
    hear(project)
    shown = page(officer_client, project)
    assert "Annuler cette demande" not in shown
    assert sentence in shown
    with pytest.raises(ValidationError, match=sentence):
        recall(project, by=officer)
    project.refresh_from_db()
    assert project.status == ProjectStatus.TO_COMPLETE
    assert Remark.objects.exists()


def test_pressed_twice_it_is_taken_back_once(officer, waiting):
    project = waiting
    before = recall_of(project)
    recall(project, by=officer)
    assert before is not None
    with pytest.raises(AlreadyMoved, match="déjà dans l’état"):
        recall(project, by=officer)
    assert TransitionLog.objects.filter(transition="recall").count() == 1


def test_elsewhere_there_is_nothing_to_take_back(officer):
    project = SubmissionFactory(project__status=ProjectStatus.TO_COMPLETE).project
    assert recall_of(project) is None
    with pytest.raises(ValidationError, match="rien à annuler"):
        recall(project, by=officer)


def test_the_lead_reads_nothing_of_what_was_taken_back(officer, waiting):
    recall(waiting, by=officer, comment="Je voulais écrire à une autre structure.")
    assert not waiting.log.heard()
    send_back(waiting, remarks={"budget": "Le total ?"}, by=officer)
    assert [log.transition for log in waiting.log.heard()] == ["return"]


def test_a_file_that_waits_for_its_lead_opens_no_step_by_itself(officer_client, waiting):
    TransitionLog.objects.update(at=timezone.now() - timedelta(days=2))  # where nothing is taken back either
    panels = officer_client.get(f"/instruction/{waiting.pk}/").context["panels"]
    assert [(panel.name, panel.is_open) for panel in panels] == [("reject", False), ("abandon", False)]


def test_a_report_is_handed_in_again_as_it_was_and_no_other_that_was_begun(officer):
    project = SubmissionFactory(project__status=ProjectStatus.REPORT_RECEIVED).project
    today = timezone.localdate()
    Report.objects.create(project=project, year=today.year, due_on=today, handed_at=timezone.now())
    begun = Report.objects.create(project=project, year=today.year + 1, due_on=today)
    send_report_back(project, by=officer, comment="Le nombre de femmes ?")
    assert Report.objects.filter(handed_at=None).count() == 2
    recall(project, by=officer)
    assert project.status == ProjectStatus.REPORT_RECEIVED
    assert list(Report.objects.filter(handed_at=None)) == [begun]
    assert not Report.objects.exclude(remark="").exists()
