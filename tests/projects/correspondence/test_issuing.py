"""Issuing papers: numbers without holes or doubles, bytes as they were made, amounts equal to the decisions."""

import datetime
import hashlib
import time
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from cohesion.audit import AuditKind
from cohesion.lib.text import euros
from cohesion.models import AuditEvent
from projects.catalogue.models import Agreement, Instalment
from projects.choices import PaperKind, ProjectStatus
from projects.correspondence import issuing
from projects.correspondence.choosing import without_paper
from projects.correspondence.drafting import NotMade, source_of
from projects.correspondence.issuing import cancel, issue
from projects.correspondence.models import Issuing, IssuingLine, Paper, PaperModel, PaperNumber
from projects.correspondence.working import retry, waiting, work
from projects.instructing.deciding import Ruling, amend
from projects.instructing.models import Decision
from tests.at_once import each_at_once
from tests.factories import (
    AgreementFactory,
    CommitteeFactory,
    GrantFactory,
    OfficerFactory,
    ProjectFactory,
    UserFactory,
)
from tests.pdf import tagged, text_of
from tests.projects.correspondence.conftest import SIGNED, decided
from tests.projects.correspondence.test_word_models import OF_LIBREOFFICE

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year


def plain(words):
    return " ".join(words.replace("\u202f", " ").replace("\xa0", " ").split())


def content(field):
    with field.open("rb") as stream:
        return stream.read()


def notified(project, officer, **more):
    return issue(source_of("notification", None), project, by=officer, typed=SIGNED, **more)


def test_a_paper_is_kept_as_it_was_made_with_its_number_and_what_it_is_made_from(officer):
    project = decided(title="Jardins « partagés »")
    paper = notified(project, officer)
    pdf = content(paper.pdf)
    assert (paper.reference, paper.by, paper.project) == (f"NOT-{YEAR}-0001", officer, project)
    assert paper.digest == hashlib.sha256(pdf).hexdigest()
    assert paper.word_digest == hashlib.sha256(content(paper.word)).hexdigest()
    assert paper.facts["montant"] == euros(Decimal(8500))
    assert paper.decision == project.decisions.get()
    words = plain(text_of(pdf))
    assert f"NOT-{YEAR}-0001" in words
    assert "8 500 €" in words
    assert tagged(pdf, paper.title)
    event = AuditEvent.objects.get(kind=AuditKind.PAPER_ISSUED)
    assert (event.after["document"], event.after["sha256"]) == (paper.reference, paper.digest)


def test_a_paper_that_lacks_something_is_not_made_takes_no_number_and_says_where_to_fill_it_in(officer, settings):
    project = decided()
    settings.SITE_AUTHORITY = ""
    with pytest.raises(NotMade) as refused:
        issue(source_of("notification", None), project, by=officer, typed={"signataire": "Mme Roy"})
    sentence = refused.value.messages[0]
    assert sentence.startswith(f"{project.code}, «\xa0{project.title}\xa0»")
    assert "{autorité}" in sentence
    assert "{qualité du signataire} (à saisir ici, pour ce document)" in sentence
    assert not PaperNumber.objects.exists()


def test_a_refusal_is_not_made_of_what_is_granted_nor_a_notification_of_what_is_refused(officer):
    for kind, outcome in (("refusal", ProjectStatus.RETAINED), ("notification", ProjectStatus.REFUSED)):
        with pytest.raises(NotMade):
            issue(source_of(kind, None), decided(outcome=outcome), by=officer, typed=SIGNED)


def test_a_convention_says_its_amounts_and_its_schedule(officer):
    project = decided()
    agreement = AgreementFactory(
        organization=project.organization,
        amounts={YEAR: 15_000, YEAR + 1: 16_000},
        signed_for_authority="M. Paul Gérard, président",
        signed_for_organization="Mme Aïcha Morel, présidente",
    )
    agreement.instalments.create(due_on=agreement.starts_on, amount=31_000, label="Versement unique")
    project.organization.siret = "73282932000074"
    project.organization.save()
    GrantFactory(project=project, agreement=agreement)
    paper = issue(source_of("convention", None), project, by=officer)
    words = plain(text_of(content(paper.pdf)))
    assert "31 000 € (trente-et-un-mille euros)" in words
    assert f"{YEAR + 1} 16 000 €" in words
    assert "Versement unique 31 000 €" in words
    assert paper.facts["echeancier"]["rows"][0][1] == "Versement unique"


def test_a_correction_is_another_paper_that_says_which_it_replaces_and_the_first_stays(officer):
    project = decided()
    first = notified(project, officer)
    before = content(first.pdf)
    last = project.decisions.get()
    ruling = Ruling("retained", timezone.localdate(), Decimal(8000), "CC-12", "Erreur de saisie")
    amend(project, ruling, seen=last.pk, by=officer)
    second = notified(project, officer, replaces=first)
    assert f"NOT-{YEAR}-0002, annule et remplace NOT-{YEAR}-0001" in plain(text_of(content(second.pdf)))
    assert second.facts["montant"] == euros(Decimal(8000))
    first.refresh_from_db()
    assert (content(first.pdf), first.facts["montant"], first.replaced_by) == (before, euros(Decimal(8500)), second)
    with pytest.raises(ValidationError, match="déjà remplacé"):
        notified(project, officer, replaces=first)
    assert PaperNumber.objects.get().last == 2


def test_the_paper_of_a_convention_of_several_actions_names_each_and_what_it_is_granted(officer):
    first = decided(title="Jardins partagés")
    agreement = AgreementFactory(organization=first.organization, amounts={YEAR: 20_000})
    Agreement.objects.update(signed_for_authority="La présidente", signed_for_organization="Le président")
    grant = GrantFactory(project=first, agreement=agreement)
    due = {"agreement": agreement, "due_on": agreement.ends_on, "amount": 100, "label": "Acompte"}
    Instalment.objects.create(grant=grant, **due)
    alone = plain(text_of(content(issue(source_of("convention", None), first, by=officer, typed=SIGNED).pdf)))
    assert "relative à l’action « Jardins partagés »" in alone
    other = ProjectFactory(organization=first.organization, granted=1234, title="Fête du quai")
    Instalment.objects.create(grant=GrantFactory(project=other, agreement=agreement), **due)
    both = plain(text_of(content(issue(source_of("convention", None), first, by=officer, typed=SIGNED).pdf)))
    assert "relative à 2 actions" in both
    assert f"Fête du quai {other.code} {YEAR} 1 234 €" in both
    assert f"{other.code} Acompte 100 €" in both


def test_the_database_rewrites_no_paper(officer):
    paper = notified(decided(), officer)
    for changed in ({"number": 9}, {"digest": "0" * 64}, {"title": "Autre"}, {"pdf": "autre"}, {"year": 2000}):
        with pytest.raises(IntegrityError, match="ne se récrit pas"), transaction.atomic():
            Paper.objects.filter(pk=paper.pk).update(**changed)


def test_the_database_keeps_every_paper_and_what_was_done_with_it(officer):
    paper = notified(decided(), officer)
    moment = timezone.now()
    with pytest.raises(IntegrityError, match="ne se supprime pas"), transaction.atomic():
        Paper.objects.all().delete()
    for changed in ({"decision": None}, {"model_version": 9}, {"replaces": paper}):
        with pytest.raises(IntegrityError, match="ne se récrit pas"), transaction.atomic():
            Paper.objects.filter(pk=paper.pk).update(**changed)
    for name in ("sent_at", "cancelled_at"):
        Paper.objects.filter(pk=paper.pk).update(**{name: moment})
        for value in (None, moment + datetime.timedelta(days=1)):
            with pytest.raises(IntegrityError, match="ne se récrit pas"), transaction.atomic():
                Paper.objects.filter(pk=paper.pk).update(**{name: value})


def test_a_cancelled_paper_keeps_its_number_and_says_why(officer):
    paper = notified(decided(), officer)
    with pytest.raises(ValidationError, match="Dites pourquoi"):
        cancel(paper, why=" ", by=officer)
    cancel(paper, why="Mauvais destinataire", by=officer)
    with pytest.raises(ValidationError, match="déjà annulé"):
        cancel(paper, why="Encore", by=officer)
    assert notified(decided(), officer).number == 2


def test_a_failure_while_it_is_kept_leaves_neither_number_nor_bytes(officer, monkeypatch):
    saved = []
    monkeypatch.setattr(issuing, "record", lambda *args, **kwargs: 1 / 0)
    keep = issuing.private_storage().save
    monkeypatch.setattr(
        type(issuing.private_storage()), "save", lambda self, name, data: saved.append(name) or keep(name, data)
    )
    with pytest.raises(ZeroDivisionError):
        notified(decided(), officer)
    assert len(saved) == 2
    assert not any(issuing.private_storage().exists(name) for name in saved)
    assert not Paper.objects.exists()
    assert not PaperNumber.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_take_numbers_without_hole_or_double_whoever_fails():
    officer = OfficerFactory()
    projects = [decided() for _ in range(8)] + [decided(outcome=ProjectStatus.REFUSED) for _ in range(4)]

    def press(project):
        try:
            return notified(project, officer).number
        except NotMade:
            return None

    numbers = each_at_once(press, projects)
    assert sorted(number for number in numbers if number) == list(range(1, 9))
    assert sorted(Paper.objects.values_list("number", flat=True)) == list(range(1, 9))
    assert PaperNumber.objects.get().last == 8


# --- a whole committee -------------------------------------------------------------------------------------------


def edition(meeting, officer, **typed):
    asked = Issuing.objects.create(committee=meeting, typed={**SIGNED, **typed}, by=officer)
    for kind in (PaperKind.NOTIFICATION, PaperKind.REFUSAL):
        for project in without_paper(meeting, kind):
            IssuingLine.objects.create(issuing=asked, project=project, kind=kind)
    return asked


def test_a_committee_gets_a_paper_for_each_decision_with_its_amount(officer):
    meeting = CommitteeFactory()
    for amount in (1_000, 2_000, 2_500):
        decided(meeting, amount=Decimal(amount))
    decided(meeting, ProjectStatus.REFUSED)
    decided()  # of another committee
    asked = edition(meeting, officer)
    assert work(asked) == 4
    papers = Paper.objects.select_related("decision")
    assert sorted(papers.values_list("kind", flat=True)) == ["notification"] * 3 + ["refusal"]
    for paper in papers.filter(kind="notification"):
        assert paper.facts["montant"] == euros(paper.decision.amount)
        assert plain(euros(paper.decision.amount)) in plain(text_of(content(paper.pdf)))
    assert not without_paper(meeting, PaperKind.NOTIFICATION).exists()
    assert work(asked) == 0


def test_what_lacks_in_one_stops_no_other_and_may_be_taken_up_again(officer):
    meeting = CommitteeFactory()
    decided(meeting)
    lacking = decided(meeting)
    Decision.objects.filter(project=lacking).update(deliberation="")
    asked = edition(meeting, officer)
    work(asked)
    [line] = asked.lines.filter(paper=None)
    assert line.refusal.startswith(f"{lacking.code}, ")
    assert "{délibération}" in line.refusal
    Decision.objects.filter(project=lacking).update(deliberation="2026-1")
    assert (retry(asked), work(asked)) == (1, 1)
    assert Paper.objects.count() == 2


def test_a_line_that_somebody_began_and_left_is_taken_up_again_after_a_while(officer, monkeypatch):
    meeting = CommitteeFactory()
    decided(meeting)
    asked = edition(meeting, officer)
    IssuingLine.objects.update(taken_at=timezone.now())
    assert work(asked) == 0
    IssuingLine.objects.update(taken_at=timezone.now() - datetime.timedelta(minutes=3))
    assert work(asked) == 1
    assert not waiting(asked).exists()


@pytest.mark.django_db(transaction=True)
def test_several_processes_at_once_make_each_paper_once():
    meeting, officer = CommitteeFactory(), OfficerFactory()
    for _ in range(10):
        decided(meeting)
    asked = edition(meeting, officer)

    def run(_):
        return work(Issuing.objects.get(pk=asked.pk))

    assert sum(each_at_once(run, range(4))) == 10
    assert sorted(Paper.objects.values_list("number", flat=True)) == list(range(1, 11))
    assert Paper.objects.values("project").distinct().count() == 10


def test_an_edition_whose_author_is_gone_says_so(officer):
    meeting, gone = CommitteeFactory(), UserFactory()
    decided(meeting)
    asked = edition(meeting, gone)
    Issuing.objects.update(by=None)
    work(Issuing.objects.get(pk=asked.pk))
    assert "n’existe plus" in asked.lines.get().refusal


def test_a_word_model_makes_a_pdf_of_its_text_and_a_word_document_of_its_own_layout(officer):
    model = PaperModel(kind="notification", name="Papier à en-tête", title="Notification de {action}")
    model.word.save("x", ContentFile(OF_LIBREOFFICE.read_bytes()))
    model.save()
    paper = issue(source_of("notification", model), decided(), by=officer, typed=SIGNED)
    assert "8 500 €" in plain(text_of(content(paper.pdf)))
    assert tagged(content(paper.pdf), paper.title)
    assert (paper.model, paper.model_version, paper.source["word"]) == (model, 1, model.word.name)


@pytest.mark.slow
def test_a_letter_for_each_of_a_hundred_decisions_takes_less_than_a_minute_and_says_its_amount(officer):
    meeting = CommitteeFactory()
    edition = Issuing.objects.create(committee=meeting, typed=SIGNED, by=officer)
    organization = decided(meeting).organization
    for number in range(100):
        project = decided(meeting, amount=Decimal(5000 + number) + Decimal("0.5"), organization=organization)
        IssuingLine.objects.create(issuing=edition, project=project, kind=PaperKind.NOTIFICATION)
    began = time.process_time()  # of this process: the machine may do other things
    assert work(edition) == 100
    assert time.process_time() - began < 60
    for paper in Paper.objects.select_related("project"):
        pdf = content(paper.pdf)
        assert plain(euros(paper.project.granted)) in plain(text_of(pdf))
        assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert Paper.objects.count() == 100
