"""The spreadsheet of a committee: out, filled, back, each error in its cell; its columns by hand."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cohesion.lib import french, spreadsheets
from cohesion.lib.spreadsheets import Table
from projects.choices import ProjectStatus
from projects.instructing import deciding, sheet
from projects.instructing.deciding import Ruling
from projects.models import Decision, DecisionImport, Project, Review
from tests.factories import CommitteeFactory, OfficerFactory, ProjectFactory
from tests.pages import squeezed
from tests.projects.instructing.committees import DAY, address, decisions, line
from tests.projects.instructing.made import proposed

pytestmark = pytest.mark.django_db


TODAY = timezone.localdate


@pytest.fixture
def committee():
    return CommitteeFactory(held_on=DAY)


HEADERS = ["code", "decision", "montant", "deliberation", "motif"]


def table(*rows, format="csv", headers=HEADERS):
    return spreadsheets.write(format, [Table("Décisions", headers, rows)])


def deposited(officer_client, committee, data, name="comite.csv", day="2026-04-14"):
    """Bring a file, and stand before its preview."""
    upload = SimpleUploadedFile(name, data)
    return officer_client.post(address(committee, "import/"), {"file": upload, "decided_on": day}, follow=True)


@pytest.mark.parametrize("format", sheet.FORMATS)
def test_the_sheet_goes_out_and_comes_back_filled(officer_client, committee, format):
    project = proposed(committee=committee, code="D-1", title="=cmd()")
    proposed(committee=committee, code="D-2")
    proposed(code="AILLEURS")
    answer = officer_client.get(address(committee, f"feuille.{format}"))
    read = spreadsheets.read_workbook(answer.content, f"x.{format}").sheet.rows
    assert [read[row][0] for row in sorted(read)] == ["code", "D-1", "D-2"]
    assert read[2][1] == "'=cmd()"  # a spreadsheet does not run it
    headers = [read[1][place] for place in sorted(read[1])]
    filled = [
        [
            {"code": "D-1", "decision": "Retenue", "montant": "5 000,00 €", "deliberation": "CC-1"}.get(h, "")
            for h in headers
        ],
        [{"code": "D-2"}.get(h, "") for h in headers],
    ]
    page = deposited(officer_client, committee, table(*filled, format=format, headers=headers), f"comite.{format}")
    assert "1\xa0ligne sans décision, laissée devant le comité" in squeezed(page.text)
    assert not Decision.objects.exists()
    officer_client.post(page.redirect_chain[-1][0], {"apply": ""})
    assert decisions() == [("D-1", "retained", Decimal(5000), "CC-1")]
    assert Decision.objects.get().decided_on.isoformat() == DAY.isoformat()
    assert Project.objects.get(pk=project.pk).granted == 5000


def test_every_error_of_a_file_is_told_with_its_row_and_its_column(officer_client, committee, officer):
    for code in ("A", "B", "C", "D", "E"):
        proposed(committee=committee, code=code)
    settled, elsewhere = proposed(committee=committee, code="F"), proposed(code="G")
    deciding.decide(settled, Ruling("refused", TODAY(), reason="Non"), by=officer)
    rows = [
        ("A", "Oui", "", "", ""),
        ("B", "Retenue", "beaucoup", "CC-1", ""),
        ("C", "Retenue", "6000", "", ""),
        ("D", "Refusée", "", "", ""),
        ("E", "", "10", "", ""),
        ("F", "Retenue", "10", "CC-1", ""),
        (elsewhere.code, "Retenue", "10", "CC-1", ""),
        ("Z", "Retenue", "10", "CC-1", ""),
        ("D", "Refusée", "", "", "Motif"),
    ]
    deposited(officer_client, committee, table(*rows))
    job = DecisionImport.objects.get()
    assert job.state == DecisionImport.State.REFUSED
    assert job.rows == []
    found = [(error["row"], error["column"], error["message"][:24]) for error in job.report["errors"]]
    assert found == [
        (2, "decision (B)", "Cette décision n’existe "),
        (3, "montant (C)", "Ce n’est pas un montant\u00a0"),
        (4, "montant (C)", "Le montant accordé dépas"),
        (4, "deliberation (D)", "Indiquez la délibération"),
        (5, "motif (E)", "Dites pourquoi : la stru"),
        (6, "decision (B)", "Choisissez une décision."),
        (7, "decision (B)", "Ce dossier est déjà dans"),
        (8, "code (A)", "Ce projet n’est pas prop"),
        (9, "code (A)", "Aucun projet ne porte ce"),
        (10, "code (A)", "Ce code est déjà à la li"),
    ]
    assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (table(("A", "", "", "", "")), "Aucune ligne n’a de décision"),
        (table(("A", "10"), headers=["code", "montant"]), "Il manque la colonne « decision »"),
        (b"", "vide"),
        (b"%PDF-1.4", "Le fichier est un PDF, pas un tableau"),
    ],
)
def test_a_file_in_which_nothing_can_be_read_is_refused_with_a_sentence(officer_client, committee, data, sentence):
    page = squeezed(deposited(officer_client, committee, data).text)
    assert "Le fichier est refusé" in page
    assert sentence in page


def test_an_import_that_would_no_longer_do_the_same_decides_nothing(officer_client, committee, officer):
    moved, other = proposed(committee=committee, code="A"), proposed(committee=committee, code="B")
    page = deposited(
        officer_client, committee, table(("A", "Retenue", "10", "CC-1", ""), ("B", "Retenue", "10", "CC-1", ""))
    )
    deciding.decide(moved, Ruling("refused", TODAY(), reason="Non"), by=officer)
    after = squeezed(officer_client.post(page.redirect_chain[-1][0], {"apply": ""}, follow=True).text)
    assert "Des dossiers ont changé depuis l’aperçu" in after
    assert Project.objects.get(pk=other.pk).status == ProjectStatus.PROPOSED
    assert DecisionImport.objects.get().state == DecisionImport.State.READY


def test_a_file_holds_a_bounded_number_of_decisions(officer_client, committee, monkeypatch):
    monkeypatch.setattr(sheet, "MOST", 1)
    for code in "AB":
        proposed(committee=committee, code=code)
    data = table(("A", "Retenue", "10", "CC-1", ""), ("B", "Retenue", "10", "CC-1", ""))
    assert "Au plus 1 décisions" in squeezed(deposited(officer_client, committee, data).text)


def test_an_import_is_applied_once(officer_client, committee):
    proposed(committee=committee, code="A")
    job = deposited(officer_client, committee, table(("A", "Retenue", "10", "CC-1", ""))).redirect_chain[-1][0]
    officer_client.post(job, {"apply": ""})
    again = squeezed(officer_client.post(job, {"apply": ""}, follow=True).text)
    assert "déjà été appliqué" in again
    assert Decision.objects.count() == 1


def test_an_import_is_seen_by_its_owner_only(client, officer_client, committee):
    proposed(committee=committee, code="A")
    job = deposited(officer_client, committee, table(("A", "Retenue", "10", "CC-1", ""))).redirect_chain[-1][0]
    client.force_login(OfficerFactory())
    assert client.get(job).status_code == client.post(job, {"apply": ""}).status_code == 404
    assert not Decision.objects.exists()


def test_a_project_taken_back_from_the_committee_is_no_longer_in_its_file(committee):
    project = proposed(committee=committee)
    Review.objects.filter(project=project).update(committee=None)
    ProjectFactory(status="proposed")
    assert not sheet.proposals(committee).exists()


def test_a_meeting_longer_than_a_page_says_so_and_its_sheet_is_whole(officer_client, committee, monkeypatch):
    monkeypatch.setattr("projects.instructing.views.committee.MOST", 2)
    first, second, third = (proposed(committee=committee, code=f"D-{rank}") for rank in range(3))
    page = squeezed(officer_client.get(address(committee)).text)
    assert "Cette page montre les 2 premiers" in page
    assert f"p{third.pk}-outcome" not in page
    assert "D-2" in squeezed(officer_client.get(address(committee, "feuille.csv")).text)
    typed = {"decided_on": DAY.isoformat(), "deliberation": "CC-1", **line(first), **line(second, "retained", "10")}
    officer_client.post(address(committee), typed)
    assert [code for code, *_ in decisions()] == ["D-1"]


def test_the_sheet_of_a_committee_tells_what_a_spreadsheet_did_to_it(officer_client, committee):
    proposed(committee=committee, code="3.1")
    proposed(committee=committee, code="3.10")
    rows = [(3.1, "Retenue", 3702.2999999999997, "CC-1", "R?ussite"), ("#REF!", "Refusée", "", "", "Non")]
    headers = ["Identifiant *", "décision", "Montant accordé", "N° de délibération", "Motivation"]
    page = deposited(officer_client, committee, table(*rows, format="xlsx", headers=headers), "comite.xlsx")
    report = DecisionImport.objects.get().report
    found = [(error["row"], error["column"], error["message"]) for error in report["errors"]]
    assert [(row, column) for row, column, _ in found] == [(2, "code (A)"), (3, "code (A)")]
    assert "est-ce 3.1 ou 3.10 ?" in found[0][2]
    assert "formule en erreur" in found[1][2]
    assert "la place d’une lettre" in squeezed(page.text)


def test_a_sum_of_a_spreadsheet_is_decided_to_the_cent(officer_client, committee):
    proposed(committee=committee, code="D-1", requested=Decimal(5000))
    row = ("D-1", "Retenue", 3702.2999999999997, "CC-1", "")
    page = deposited(officer_client, committee, table(row, format="xlsx"), "comite.xlsx")
    officer_client.post(page.redirect_chain[-1][0], {"apply": ""})
    assert decisions() == [("D-1", "retained", Decimal("3702.30"), "CC-1")]


ODD = ["Dossier", "Ce qui est dit", "Somme", "Acte", "Pourquoi"]


def test_a_file_whose_headers_nobody_knows_is_read_with_the_columns_that_one_gives(officer_client, committee):
    project = proposed(committee=committee, code="D-1")
    page = deposited(officer_client, committee, table(["D-1", "retenu", "1 200", "2026-4", ""], headers=ODD))
    assert "Il manque les colonnes" in page.text
    names = [select.name for select in page.context["selects"]]
    assert names == [f"colonne-{name}" for name in ("code", "outcome", "amount", "deliberation", "reason")]
    columns = {name: str(place) for place, name in enumerate(names)}
    page = officer_client.post(page.request["PATH_INFO"], {**columns, "reread": ""}, follow=True)
    assert "voici le nouvel aperçu" in page.text
    assert [line["outcome"] for line in page.context["report"]["lines"]] == ["Retenue"]
    first, second = DecisionImport.objects.order_by("pk")
    assert (first.state, first.content, second.state) == ("refused", None, "ready")
    assert second.content
    officer_client.post(page.request["PATH_INFO"], {"apply": ""})
    project.refresh_from_db()
    assert (project.status, project.granted) == (ProjectStatus.RETAINED, Decimal(1200))
    second.refresh_from_db()
    assert second.content is None  # the file is forgotten once it is applied


def test_columns_are_chosen_in_a_file_that_was_read_too(officer_client, committee):
    """« montant » stands beside what the committee granted."""
    proposed(committee=committee, code="D-1")
    headers = ["code", "decision", "montant", "deliberation", "motif", "voté"]
    page = deposited(officer_client, committee, table(["D-1", "Retenue", "900", "2026-4", "", "700"], headers=headers))
    columns = {select.name: select.chosen for select in page.context["selects"]}
    page = officer_client.post(page.request["PATH_INFO"], {**columns, "colonne-amount": "5", "reread": ""}, follow=True)
    assert "700" in page.context["report"]["lines"][0]["amount"]


def test_nobody_reads_again_the_file_of_another(client, officer_client, committee):
    proposed(committee=committee, code="D-1")
    page = deposited(officer_client, committee, table(["D-1", "Retenue", "900", "2026-4", ""]))
    client.force_login(OfficerFactory())
    assert client.post(page.request["PATH_INFO"], {"reread": ""}).status_code == 404
    assert DecisionImport.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        *((word, "retained") for word in ("retenu", "Retenus", "RETENUE", "retenue(s)", "retenu(e)", "retenu·e")),
        *(
            (word, "partly_retained")
            for word in ("retenu partiellement", "Partiellement retenue", "RETENUES PARTIELLEMENT")
        ),
        *((word, "adjourned") for word in ("ajourné", "ajournée", "AJOURNE", "Ajournés")),
        *((word, "refused") for word in ("refusé", "refuse", "REFUSEE", "refusés")),
        *((word, None) for word in ("partiellement", "reportée", "oui", "non retenue", "retenue refusée", "-")),
    ],
)
def test_a_decision_is_known_by_the_usual_forms_of_its_word(typed, said):
    if said is not None:
        assert sheet.OUTCOME_WORDS.clean(typed) == said
    else:
        with pytest.raises(ValueError, match="Cette décision n’existe pas"):
            sheet.OUTCOME_WORDS.clean(typed)


def test_each_state_of_a_project_is_known_by_its_own_words_alone():
    labels = {str(one.label): one.value for one in ProjectStatus}
    for label, value in labels.items():
        assert french.meant(label, labels) == value
    assert french.meant("clôturé", labels) == "closed"
    assert french.meant("abandonné", labels) == "abandoned"
