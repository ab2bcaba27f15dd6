"""The spreadsheet of a committee: the projects before it go out, and come back with what was decided."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from cohesion.audit import AuditKind, record
from cohesion.imports.applying import BroughtFile, NotApplied, applied, keep, read_again
from cohesion.lib import spreadsheets
from cohesion.lib.french import meant
from cohesion.lib.spreadsheets import Cell, Column, Problem, Refused, Table
from cohesion.lib.spreadsheets.amounts import euros
from cohesion.lib.spreadsheets.headed import (
    Choices,
    Expected,
    Holds,
    Reading,
    Row,
    at_most,
    line_of,
    read_rows,
    text_of,
)
from cohesion.lib.spreadsheets.remarks import CellRemark
from cohesion.lib.text import euros as euros_shown
from cohesion.lib.text import number_fr
from projects.catalogue.models import Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.catalogue.steps import AlreadyMoved
from projects.catalogue.workflow import BY_NAME, COMMITTEES_TURN, OUTCOMES
from projects.instructing.deciding import NotDecided, Ruling, decide_together, refusal
from projects.instructing.models import Committee, Decision, DecisionImport

FORMATS = tuple(spreadsheets.CONTENT_TYPES)
WORDS = {str(one.label): one.value for one in Decision.OUTCOMES}
NOTHING = "Le fichier n’a que des en-têtes : il faut au moins une ligne de décision."
MOST = 1_000  # decisions at a time: some seconds during which nobody else writes
MOST_SHOWN = 200
MOST_NAMED = 3


def proposals(committee: Committee) -> ProjectQuerySet:
    """What is before a committee and not decided yet."""
    found = Project.objects.filter(status__in=COMMITTEES_TURN, review__committee=committee)
    return found.select_related("organization", "review").order_by("code_key", "code")


# --- out ------------------------------------------------------------------------------------------------------


def _amount(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


COLUMNS = (
    Column("code", lambda project: project.code, 14),
    Column("titre", lambda project: project.title, 50),
    Column("structure", lambda project: project.organization.name, 30),
    Column("demande", lambda project: _amount(project.requested), 12),
    Column("avis", lambda project: project.review.get_opinion_display(), 22),
    Column("propose", lambda project: _amount(project.review.proposed_amount), 12),
    Column("decision", lambda project: "", 22),
    Column("montant", lambda project: None, 12),
    Column("deliberation", lambda project: "", 18),
    Column("motif", lambda project: "", 50),
)


def written(committee: Committee, format: str) -> bytes:
    """The sheet to be filled.

    Raises:
        KeyError: the format is not one of ``FORMATS``.
    """
    return spreadsheets.write(format, [Table.of("Décisions", COLUMNS, proposals(committee))])


# --- in -------------------------------------------------------------------------------------------------------


def _code(cell: Cell | None) -> str:
    if text := line_of(cell):
        return text
    raise ValueError("Il manque le code : c’est lui qui dit de quel projet la ligne parle.")


def _outcome(cell: Cell | None) -> str:
    """A decision; nothing leaves the project before its committee."""
    text = line_of(cell)
    if not text:
        return ""
    if (found := meant(text, WORDS)) is None:
        known = ", ".join(str(one.label) for one in Decision.OUTCOMES)
        raise ValueError(f"Cette décision n’existe pas. Les décisions sont : {known}.")
    return found


READ = (
    Expected("code", "code", _code, mandatory=True, aliases=("identifiant", "numéro", "n°"), holds=Holds.CODES),
    Expected("decision", "outcome", _outcome, mandatory=True, aliases=("décision du comité", "avis du comité")),
    Expected("montant", "amount", euros, aliases=("montant accordé", "accordé", "subvention", "subvention accordée")),
    Expected(
        "deliberation",
        "deliberation",
        lambda cell: at_most(line_of(cell), 100),
        aliases=("n° de délibération", "référence de la délibération"),
    ),
    Expected("motif", "reason", lambda cell: text_of(cell).strip(), aliases=("motivation", "raison", "commentaire")),
)
EXPECTED = (
    *READ,
    # What the sheet shows to those who fill it, and nobody reads back.
    *(Expected(header, header, lambda cell: None) for header in ("titre", "structure", "demande", "avis", "propose")),
)


@dataclass
class DecisionPlan:
    """What a file would decide: the rulings by project, a line to show for each, and what is wrong."""

    rulings: dict[int, Ruling] = field(default_factory=dict)
    lines: list[dict[str, str]] = field(default_factory=list)
    left: int = 0
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    remarks: list[CellRemark] = field(default_factory=list)  # about cells

    def report(self) -> dict[str, Any]:
        problems = sorted(self.problems, key=lambda problem: problem.row or 0)
        return {
            "accepted": not problems,
            "lines": self.lines,
            "left": self.left,
            "errors": [problem.as_dict() for problem in problems[:MOST_SHOWN]],
            "errors_total": len(problems),
            "warnings": self.warnings,
            "remarks": [remark.as_dict() for remark in self.remarks],
        }


def make(reading: Reading, committee: Committee, decided_on: datetime.date) -> DecisionPlan:
    """What the rows of a file would decide; the projects are read in one query."""
    return _DecisionPlanning(reading, committee, decided_on).plan


class _DecisionPlanning:
    def __init__(self, reading: Reading, committee: Committee, decided_on: datetime.date) -> None:
        self.reading, self.committee, self.decided_on = reading, committee, decided_on
        self.plan = DecisionPlan(
            problems=list(reading.problems), warnings=list(reading.warnings), remarks=list(reading.remarks)
        )
        self.unread = {(problem.row, problem.column) for problem in reading.problems}
        codes = [row["code"] for row in reading.rows if row["code"]]
        found = Project.objects.filter(code__in=codes).select_related("review", "organization")
        self.projects = {project.code: project for project in found}
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
        asked = self.reading.questions("code", known)
        self.plan.problems += asked
        self.unread |= {(problem.row, problem.column) for problem in asked}

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
    labels = {one.value: str(one.label) for one in Decision.OUTCOMES}
    return {
        "row": str(row["row"]),
        "code": project.code,
        "title": project.title,
        "organization": project.organization.name,
        "outcome": labels.get(ruling.outcome, ""),
        "amount": "" if ruling.amount is None else euros_shown(ruling.amount),
        "deliberation": ruling.deliberation,
        "reason": ruling.reason,
    }


def create_import(
    data: bytes,
    filename: str,
    *,
    committee: Committee,
    decided_on: datetime.date,
    by: Any,
    choices: Choices | None = None,
) -> DecisionImport:
    """Read and compare a file, and keep the outcome for its owner. Decides nothing.

    The file is kept with it, so that it may be read again with other ``choices``.
    """
    reading: Reading | None = None
    try:
        reading = read_rows(data, filename, EXPECTED, NOTHING, choices)
        plan, understood = make(reading, committee, decided_on), reading.table
    except Refused as refused:
        plan, understood = DecisionPlan(problems=refused.problems), refused.table or {}
    report = plan.report() | {"places": reading.places if reading else {}, "table": understood}
    return keep(
        DecisionImport,
        BroughtFile(data, filename, by, choices),
        rows=reading.rows if reading is not None and report["accepted"] else None,
        report=report,
        committee=committee,
        decided_on=decided_on,
    )


def reread(job: DecisionImport, choices: Choices, *, by: Any) -> DecisionImport:
    """Read its file again with other choices, as :func:`cohesion.imports.applying.read_again`."""

    def again(data: bytes) -> DecisionImport:
        return create_import(
            data, job.filename, committee=job.committee, decided_on=job.decided_on, by=by, choices=choices
        )

    return read_again(job, by, again)


def apply_import(job: DecisionImport, *, by: Any) -> int:
    """Decide as it was shown, all or none; returns how many.

    Raises:
        NotApplied: it is somebody else's, was applied already, or the projects have moved since.
    """
    with applied(job, by):
        plan = make(Reading(job.rows, job.report["places"]), job.committee, job.decided_on)
        if plan.problems or plan.lines != job.report["lines"]:
            raise NotApplied(_moved([str(problem) for problem in plan.problems]))
        try:
            number = decide_together(plan.rulings, by=by)
            record(AuditKind.IMPORT, on=job.committee, by=by, after={"fichier": job.filename, "décisions": number})
            return number
        except NotDecided as refused:
            sentences = [sentence for row in refused.rows.values() for found in row.values() for sentence in found]
            raise NotApplied(_moved(sentences)) from None


def _moved(sentences: Iterable[str]) -> str:
    listed = " ".join(list(sentences)[:MOST_NAMED])
    return (
        "Des dossiers ont changé depuis l’aperçu : rien n’a été décidé. Déposez de nouveau le fichier pour voir ce "
        f"qu’il ferait maintenant. {listed}"
    ).strip()
