"""The spreadsheet of a committee: the projects before it go out, and come back with what was decided."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

from cohesion.audit import AuditKind, record
from cohesion.imports.applying import NotApplied
from cohesion.imports.columns import CellWidget, ChoiceWidget, ColumnField, LineWidget, TableResource, TextWidget
from cohesion.imports.importer import AGAIN, Importer, Tell, tell_nobody
from cohesion.imports.plan import Entry, Plan
from cohesion.lib import spreadsheets
from cohesion.lib.people import Person
from cohesion.lib.refusals import RowsRefused
from cohesion.lib.spreadsheets import Problem
from cohesion.lib.spreadsheets.amounts import euros, in_cell
from cohesion.lib.spreadsheets.cells import at_most
from cohesion.lib.spreadsheets.expected import Holds
from cohesion.lib.spreadsheets.headed import Reading, Row
from cohesion.lib.text import euros as euros_shown
from cohesion.lib.text import number_fr
from projects.catalogue.models import Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.catalogue.steps import AlreadyMoved
from projects.catalogue.workflow import BY_NAME, COMMITTEES_TURN, OUTCOMES
from projects.instructing.deciding import Ruling, decide_together, refusal
from projects.instructing.models import Committee, Decision, DecisionImport

FORMATS = tuple(spreadsheets.CONTENT_TYPES)
OUTCOME_WORDS = ChoiceWidget(Decision.OUTCOMES, "Cette décision n’existe pas")
LABELS = {value: label for label, value in OUTCOME_WORDS.labels.items()}
DELIBERATION_LENGTH = 100
MOST = 1_000  # decisions at a time: some seconds during which nobody else writes
MOST_NAMED = 3


# --- the columns ----------------------------------------------------------------------------------------------


def _code(text: str) -> str:
    if not text:
        raise ValueError("Il manque le code : c’est lui qui dit de quel projet la ligne parle.")
    return text


def _deliberation(text: str) -> str:
    return at_most(text, DELIBERATION_LENGTH)


class DecisionResource(TableResource):
    """One row a project before the committee: what is to be known of it, then what is decided of it."""

    sheet = "Décisions"
    nothing = "Le fichier n’a que des en-têtes : il faut au moins une ligne de décision."

    code = ColumnField(
        "code",
        "code",
        LineWidget(_code),
        help_text="le code du projet, tel que la feuille le donne",
        mandatory=True,
        aliases=("identifiant", "numéro", "n°"),
        holds=Holds.CODES,
    )
    title = ColumnField("titre", "title", help_text="le titre du projet", width=50, readonly=True)
    organization = ColumnField("structure", "organization", help_text="qui le porte", width=30, readonly=True)
    requested = ColumnField(
        "demande", "requested", help_text="ce qui est demandé à l’agglomération, en euros", width=12, readonly=True
    )
    opinion = ColumnField("avis", "opinion", help_text="l’avis de l’instruction", width=22, readonly=True)
    proposed = ColumnField("propose", "proposed", help_text="le montant proposé, en euros", width=12, readonly=True)
    outcome = ColumnField(
        "decision",
        "outcome",
        OUTCOME_WORDS,
        help_text="la décision : " + ", ".join(OUTCOME_WORDS.labels) + " ; vide, le dossier reste devant le comité",
        width=22,
        mandatory=True,
        aliases=("décision du comité", "avis du comité"),
    )
    amount = ColumnField(
        "montant",
        "amount",
        CellWidget(euros),
        help_text="le montant accordé, en euros : 4 000 ou 4 000,50",
        width=12,
        aliases=("montant accordé", "accordé", "subvention", "subvention accordée"),
    )
    deliberation = ColumnField(
        "deliberation",
        "deliberation",
        LineWidget(_deliberation),
        help_text="la délibération, pour une subvention",
        width=18,
        aliases=("n° de délibération", "référence de la délibération"),
    )
    reason = ColumnField(
        "motif",
        "reason",
        TextWidget(str.strip),
        help_text="le motif, pour un refus ou un ajournement",
        width=50,
        aliases=("motivation", "raison", "commentaire"),
    )


DECISIONS = DecisionResource()


# --- out ------------------------------------------------------------------------------------------------------


def proposals(committee: Committee) -> ProjectQuerySet:
    """What is before a committee and not decided yet."""
    projects = Project.objects.filter(status__in=COMMITTEES_TURN, review__committee=committee)
    return projects.select_related("organization", "review").order_by("code_key", "code")


def written(committee: Committee, format: str) -> bytes:
    """The sheet to be filled.

    Raises:
        KeyError: the format is not one of ``FORMATS``.
    """
    return spreadsheets.write(format, [DECISIONS.table(map(_row, proposals(committee)))])


def _row(project: Project) -> Row:
    """A project to decide of; the cells of the decision are empty."""
    return {
        "code": project.code,
        "title": project.title,
        "organization": project.organization.name,
        "requested": in_cell(project.requested),
        "opinion": project.review.get_opinion_display(),
        "proposed": in_cell(project.review.proposed_amount),
    }


# --- in -------------------------------------------------------------------------------------------------------


@dataclass
class DecisionPlan(Plan):
    """What a file would decide: the rulings by project, a line to show for each, and how many rows decide nothing."""

    kinds: ClassVar[tuple[str, ...]] = ("lines",)

    rulings: dict[int, Ruling] = field(default_factory=dict)
    lines: list[Entry] = field(default_factory=list)
    left: int = 0

    @property
    def writes(self) -> bool:
        return bool(self.rulings)

    def differences(self) -> dict[str, Any]:
        self.problems.sort(key=lambda problem: problem.row or 0)
        return super().differences() | {"left": self.left}


def make(reading: Reading, committee: Committee, decided_on: datetime.date) -> DecisionPlan:
    """What the rows of a file would decide; the projects are read in one query."""
    return _DecisionPlanning(reading, committee, decided_on).plan


class _DecisionPlanning:
    def __init__(self, reading: Reading, committee: Committee, decided_on: datetime.date) -> None:
        self.reading, self.committee, self.decided_on = reading, committee, decided_on
        self.plan = DecisionPlan(
            problems=list(reading.problems),
            warnings=list(reading.warnings),
            remarks=list(reading.remarks),
            table=reading.table,
        )
        self.unread = {(problem.row, problem.column) for problem in reading.problems}
        codes = [row["code"] for row in reading.rows if row["code"]]
        projects = Project.objects.filter(code__in=codes).select_related("review", "organization")
        self.projects = {project.code: project for project in projects}
        self._ask()
        self.rows: dict[str, int] = {}
        for row in reading.rows:
            if row["outcome"] == "" and not any(row.get(name) for name in ("amount", "deliberation", "reason")):
                self.plan.left += 1
            elif row["code"]:
                self._row(row)
        if not self.plan.rulings and not self.plan.problems:
            self.plan.problems.append(Problem("Aucune ligne n’a de décision : remplissez la colonne « decision »."))
        if len(self.plan.rulings) > MOST:
            most = f"Au plus {number_fr(MOST)} décisions à la fois : partagez le fichier en deux."
            self.plan.problems.append(Problem(most))

    def _ask(self) -> None:
        """About the codes that a spreadsheet may have changed: they are those of this committee, or of nobody."""
        if not self.reading.doubts:
            return
        known = {*proposals(self.committee).values_list("code", flat=True), *self.projects}
        questions = self.reading.questions("code", known)
        self.plan.problems += questions
        self.unread |= {(problem.row, problem.column) for problem in questions}

    def _row(self, row: Row) -> None:
        code, number = row["code"], row["row"]
        project = self.projects.get(code)
        if code in self.rows:
            sentence = f"Ce code est déjà à la ligne {self.rows[code]} : gardez une seule de ces lignes."
            return self._wrong(row, "code", sentence)
        self.rows[code] = number
        if project is None:
            return self._wrong(row, "code", "Aucun projet ne porte ce code : reprenez celui de la feuille du comité.")
        review = getattr(project, "review", None)
        if review is None or review.committee_id != self.committee.pk:
            return self._wrong(row, "code", "Ce projet n’est pas proposé à ce comité.")
        if row["outcome"] is None:  # could not be read: that is told
            return None
        name = OUTCOMES.get(row["outcome"])
        if name is not None and project.status not in BY_NAME[name].sources:
            return self._wrong(row, "outcome", AlreadyMoved(project).messages[0])
        ruling = self._ruling(row)
        for field_name, sentences in refusal(project, ruling).items():
            for sentence in sentences:
                self._wrong(row, field_name, sentence)
        self.plan.rulings[project.pk] = ruling
        self.plan.lines.append(_line(row, project, ruling))
        return None

    def _wrong(self, row: Row, name: str, sentence: str) -> None:
        """One thing to mend, unless the cell could not be read, which is told already."""
        place = self.reading.places.get(name, "")
        if (row["row"], place) not in self.unread:
            self.plan.problems.append(Problem(sentence, row["row"], place, str(row.get(name) or "")))

    def _ruling(self, row: Row) -> Ruling:
        amount = row.get("amount")
        return Ruling(
            row["outcome"],
            self.decided_on,
            None if amount is None else Decimal(amount),
            row.get("deliberation") or "",
            row.get("reason") or "",
            self.committee,
        )


def _line(row: Row, project: Project, ruling: Ruling) -> dict[str, str]:
    """A decision in words, for whoever confirms it."""
    return {
        "row": str(row["row"]),
        "code": project.code,
        "title": project.title,
        "organization": project.organization.name,
        "outcome": LABELS.get(ruling.outcome, ""),
        "amount": "" if ruling.amount is None else euros_shown(ruling.amount),
        "deliberation": ruling.deliberation,
        "reason": ruling.reason,
    }


class DecisionImporter(Importer[DecisionImport, DecisionPlan]):
    """Of what a committee decided that day."""

    model = DecisionImport
    plan = DecisionPlan
    resource = DECISIONS
    as_shown = ("lines",)
    changed_since = "Des dossiers ont changé depuis l’aperçu : rien n’a été décidé. " + AGAIN
    unit = ("décision saisie", "décisions saisies")

    def __init__(self, committee: Committee, decided_on: datetime.date) -> None:
        self.committee, self.decided_on = committee, decided_on

    def compare(self, reading: Reading) -> DecisionPlan:
        return make(reading, self.committee, self.decided_on)

    def job_fields(self) -> dict[str, Any]:
        return {"committee": self.committee, "decided_on": self.decided_on}

    def accept(self, job: DecisionImport, plan: DecisionPlan) -> None:
        if plan.problems:
            raise NotApplied(self._moved(map(str, plan.problems)))
        super().accept(job, plan)

    def write(
        self, plan: DecisionPlan, filename: str, *, by: Person | None, reason: str = "", tell: Tell = tell_nobody
    ) -> int:
        """Decide as it was shown, all or none; returns how many.

        Raises:
            NotApplied: the projects have moved since.
            ValueError: nobody decides.
        """
        if by is None:
            raise ValueError("A decision is written in somebody's name.")
        try:
            number = decide_together(plan.rulings, by=by)
        except RowsRefused as refused:
            raise NotApplied(self._moved(_sentences(refused))) from None
        record(AuditKind.IMPORT, on=self.committee, by=by, after={"fichier": filename, "décisions": number})
        return number

    def _moved(self, sentences: Iterable[str]) -> str:
        """What changed since, and the first reasons that it gives."""
        reasons = list(sentences)[:MOST_NAMED]
        return " ".join([self.changed_since, *reasons])


def _sentences(refused: RowsRefused) -> list[str]:
    """All that a refusal of several decisions says, project by project."""
    sentences: list[str] = []
    for by_field in refused.rows.values():
        for messages in by_field.values():
            sentences += messages
    return sentences
