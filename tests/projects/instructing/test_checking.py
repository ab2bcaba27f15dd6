"""What was handed in is admitted, rejected or sent back; each remark says what is missing, on one page."""

import pytest
from django.core.exceptions import ValidationError

from projects.catalogue.steps import AlreadyMoved
from projects.choices import ProjectStatus
from projects.instructing import checking, reading
from projects.models import Project, Remark, Review, TransitionLog
from tests.factories import OfficerFactory, ProjectFactory, SubmissionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return SubmissionFactory().project


def test_a_remark_is_kept_for_each_page_in_the_order_of_the_form(project, officer):
    checking.send_back(project, remarks={"budget": " Le devis. ", "publics": "L’âge.", "pieces": " "}, by=officer)
    assert project.status == ProjectStatus.TO_COMPLETE
    rows = list(Remark.objects.values_list("page", "text", "by", "closed_at"))
    assert rows == [("publics", "L’âge.", officer.pk, None), ("budget", "Le devis.", officer.pk, None)]


@pytest.mark.parametrize("remarks", [{}, {"budget": "  "}])
def test_nothing_is_sent_back_without_saying_what_is_missing(project, officer, remarks):
    with pytest.raises(ValidationError, match="une partie du formulaire au moins"):
        checking.send_back(project, remarks=remarks, by=officer)
    assert Project.objects.get().status == ProjectStatus.SUBMITTED


def test_a_page_that_was_not_handed_in_receives_no_remark(project, officer):
    with pytest.raises(ValidationError, match=r"pas de partie «.+calendrier.+»"):
        checking.send_back(project, remarks={"calendrier": "Quand ?", "budget": "Le devis."}, by=officer)
    assert not Remark.objects.exists()


def test_a_remark_with_a_hidden_character_is_refused_beside_its_page(project, officer):
    with pytest.raises(ValidationError) as refused:
        checking.send_back(project, remarks={"budget": "a\u202eb", "publics": "Bien"}, by=officer)
    assert list(refused.value.message_dict) == ["budget"]
    assert not Remark.objects.exists()


def test_who_starts_the_instruction_has_it_in_hand(project, officer):
    checking.admit(project, by=officer)
    checking.start_review(project, by=officer)
    assert Review.objects.get().assigned_to == officer
    assert project.status == ProjectStatus.IN_REVIEW


def test_what_a_colleague_has_in_hand_stays_theirs(officer):
    project, colleague = ProjectFactory(status=ProjectStatus.ADMISSIBLE), OfficerFactory()
    Review.objects.create(project=project, assigned_to=colleague)
    checking.start_review(project, by=officer)
    assert Review.objects.get().assigned_to == colleague


def test_a_project_declared_inadmissible_can_be_looked_at_again(project, officer):
    checking.reject(project, by=officer, comment="Hors du périmètre.")
    checking.reconsider(project, by=officer, comment="Le périmètre a changé.")
    assert list(TransitionLog.objects.values_list("transition", "comment")) == [
        ("reject", "Hors du périmètre."),
        ("reconsider", "Le périmètre a changé."),
    ]
    assert project.status == ProjectStatus.SUBMITTED


def test_the_second_officer_is_told_who_was_quicker(project):
    first = OfficerFactory(first_name="Agnès", last_name="Morel")
    stale = Project.objects.get()
    checking.admit(project, by=first)
    with pytest.raises(AlreadyMoved, match=r"déjà dans l’état «.+Recevable.+».*Agnès Morel"):
        checking.reject(stale, by=OfficerFactory(), comment="Non")


def test_what_follows_the_decision(officer):
    project = ProjectFactory(status=ProjectStatus.RETAINED)
    checking.start(project, by=officer)
    checking.ask_report(project, by=officer)
    assert project.status == ProjectStatus.REPORT_DUE
    checking.abandon(project, by=officer, comment="La structure est dissoute.")
    assert project.status == ProjectStatus.ABANDONED


# --- what changed between two times that it was handed in ---------------------------------------------------


def test_what_changed_is_told_answer_by_answer():
    first = SubmissionFactory()
    second = SubmissionFactory(
        project=first.project,
        number=2,
        shown=[
            ["publics", "Publics", [["Personnes attendues", "150"], ["Publics visés", "Familles"]]],
            ["budget", "Budget", [["Total des charges", "12\xa0000\xa0€"], ["Fonds propres", "500 €"]]],
        ],
    )
    assert reading.between(first, second) == {
        "publics": [reading.AnswerChange("Personnes attendues", "120", "150")],
        "budget": [reading.AnswerChange("Fonds propres", "", "500 €")],
    }
    assert reading.between(None, second) == {}


def test_lines_of_the_same_name_are_compared_in_their_order():
    first = SubmissionFactory(shown=[["partenaires", "Partenaires", [["Partenaire", "A"], ["Partenaire", "B"]]]])
    second = SubmissionFactory(
        project=first.project, number=2, shown=[["partenaires", "Partenaires", [["Partenaire", "A"]]]]
    )
    assert reading.between(first, second) == {"partenaires": [reading.AnswerChange("Partenaire", "B", "")]}
