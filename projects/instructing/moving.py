"""Another state said in a form, a list or a file: the step of the table that leads there, with all that it asks for.

Where no step leads there the state was wrong, and is corrected, within what is known of the project: its decision, its
report, its declaration. So no door leads round the workflow.
"""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Subquery

from cohesion.lib.people import Person
from cohesion.lib.text import euros
from projects.catalogue.granting import return_refusal
from projects.catalogue.models import Contribution, Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.catalogue.steps import step
from projects.catalogue.workflow import BY_NAME, GRANTED, OUTCOMES, Transition, Who, leaving
from projects.choices import ProjectStatus as S
from projects.declaring.models import Declaration
from projects.instructing import checking, deciding, grid
from projects.instructing.deciding import Ruling
from projects.instructing.models import Decision, ReviewNote
from projects.reporting import actions as reporting
from projects.reporting.models import Report

MOST = 1_000  # states changed at a time: some seconds during which nobody else writes
ON_ITS_PAGE = "sur la page du dossier, dans l’instruction"
DECISION = (
    "Il y faut une décision, avec son jour, sa délibération et son montant : saisissez-la "
    f"{ON_ITS_PAGE}, sur la page de son comité ou dans sa feuille."
)
REASON = "Dites pourquoi l’état change : le motif est gardé parmi les étapes du dossier."
# The steps that ask for no more than a word, and what takes each.
PLAIN: dict[str, Callable[..., None]] = {
    "take_in": checking.take_in,
    "admit": checking.admit,
    "review": checking.start_review,
    "propose": grid.propose,
    "start": checking.start,
    "ask_report": checking.ask_report,
    "go_on": reporting.check,
    "close": reporting.check,
    "return_report": reporting.send_back,
    "reconsider": checking.reconsider,
    "withdraw": grid.withdraw,
    "reject": checking.reject,
    "abandon": checking.abandon,
}


if TYPE_CHECKING:

    class MovableProject(Project):
        """A project with what :func:`known` adds to it."""

        has_main: bool
        is_declared: bool
        ruled: str | None  # the outcome of the last decision
        reported: int | None  # the last year of which the report was handed in


def known(projects: ProjectQuerySet) -> ProjectQuerySet:
    """Each with what :func:`refusal` looks at, in a constant number of queries."""
    rows = Contribution.objects.of_reference().filter(project=OuterRef("pk"), is_main=True)
    last = Decision.objects.filter(project=OuterRef("pk")).order_by("-pk")
    reports = Report.objects.filter(project=OuterRef("pk"), handed_at__isnull=False).order_by("-year")
    notes = ReviewNote.objects.exclude(note=None)
    return (
        projects.annotate(
            has_main=Exists(rows),
            is_declared=Exists(Declaration.objects.filter(project=OuterRef("pk"))),
            ruled=Subquery(last.values("outcome")[:1]),
            reported=Subquery(reports.values("year")[:1]),
        )
        .select_related("review__committee")
        .prefetch_related(Prefetch("review__notes", notes))
    )


def read_projects(keys: Collection[int]) -> dict[int, "MovableProject"]:
    """The projects of these keys, with what the rules of a step look at."""
    projects = known(Project.objects.filter(pk__in=list(keys)))
    return {project.pk: cast("MovableProject", project) for project in projects}


def way(project: Project, status: str) -> Transition:
    """The step by which an officer brings a project to a state: that of the table, else a correction."""
    steps = (transition for transition in leaving(project.status, Who.OFFICER) if transition.target == status)
    return next(steps, BY_NAME["correct"])


def refusal(project: "MovableProject", status: str, ruling: Ruling | None = None) -> str:
    """Why a project of :func:`known` may not come to a state; nothing when it may. No query.

    ``ruling`` is what a decision says, where the state is decided.
    """
    if status == project.status:
        return ""
    if status == S.DRAFT:
        return "Un projet déposé ne redevient pas un brouillon."
    if project.status == S.DRAFT and project.is_declared and status != S.ABANDONED:
        return "C’est un brouillon de sa structure : elle seule le dépose, depuis son espace."
    if not project.has_main:
        return "Il n’a pas d’orientation principale : seul un brouillon peut s’en passer."
    name = way(project, status).name
    if name in OUTCOMES.values():
        return DECISION if ruling is None else _ruling_refusal(project, ruling)
    if name == "correct":
        return _correction_refusal(project, S(status)) or (_brought_refusal(project, ruling) if ruling else "")
    return _step_refusal(project, name)


def _ruling_refusal(project: Project, ruling: Ruling) -> str:
    wrong = deciding.refusal(project, ruling)
    return " ".join(sentence for sentences in wrong.values() for sentence in sentences)


def _brought_refusal(project: "MovableProject", ruling: Ruling) -> str:
    """A decision taken elsewhere, brought with the state that it gave."""
    if project.ruled is not None or ruling.outcome not in deciding.NOT_BEGUN:
        return f"Cette décision se saisit {ON_ITS_PAGE}."
    return _ruling_refusal(project, ruling)


def _step_refusal(project: "MovableProject", name: str) -> str:
    if name == "return":
        return f"Un complément se demande {ON_ITS_PAGE} : chaque demande dit ce qui manque."
    if name == "propose" and (lacking := grid.missing(getattr(project, "review", None))):
        return f"Avant de proposer au comité, il manque : {', '.join(lacking)}."
    if name == "close" and reporting.goes_on(project, project.reported):
        return "Son bilan validé, cette action continue : il lui reste des années."
    return ""


def _correction_refusal(project: "MovableProject", status: S) -> str:
    """What a state says must be so: a correction says where the project stands, and makes nothing of it."""
    if project.status == S.DRAFT:
        return ""  # entered by officers, and never handed in here: it is brought from elsewhere as it is
    if status in (S.TO_COMPLETE, S.PROPOSED):
        return _step_refusal(project, "return" if status == S.TO_COMPLETE else "propose")
    if status in GRANTED:
        return _granted_refusal(project, status)
    if status in OUTCOMES:
        return "" if project.ruled == status else DECISION
    if status != S.ABANDONED and (project.ruled in GRANTED or project.granted is not None):
        amount = euros(project.granted) if project.granted is not None else "une subvention"
        where = f"rectifiez la décision, {ON_ITS_PAGE}" if project.ruled else "videz d’abord « accordé »"
        return f"Il lui est accordé {amount} : {where}."
    return ""


def _granted_refusal(project: "MovableProject", status: S) -> str:
    brought = not project.is_declared and project.ruled is None
    if brought and project.status not in (*GRANTED, S.ABANDONED):
        return DECISION
    if not brought and project.ruled not in GRANTED:
        return DECISION
    if status in deciding.GRANTING and project.ruled not in (None, status):
        return f"La décision dit autre chose : rectifiez-la, {ON_ITS_PAGE}."
    if status in (S.REPORT_RECEIVED, S.CLOSED) and project.is_declared and project.reported is None:
        return "Son bilan n’a pas été remis : c’est sa structure qui le remet."
    return ""


@transaction.atomic
def move(project: Project, status: str, *, by: Person, reason: str, ruling: Ruling | None = None) -> None:
    """Bring a project to a state, by its step.

    Raises:
        AlreadyMoved: somebody was quicker.
        ValidationError: it may not come there, or no reason is given.
    """
    if status == project.status:
        return
    if not reason.strip():
        raise ValidationError({"reason": REASON}, code="required")
    if sentence := refusal(read_projects([project.pk])[project.pk], status, ruling):
        raise ValidationError({"status": sentence})
    name = way(project, status).name
    if name in OUTCOMES.values() and ruling is not None:
        deciding.decide(project, ruling, by=by)
    elif name == "correct":
        _correct(project, status, by, reason)
        if ruling is not None:
            deciding.amend(project, ruling, seen=0, by=by)
    else:
        PLAIN[name](project, by=by, comment=reason)


def _correct(project: Project, status: str, by: Person, reason: str) -> None:
    with step(project, "correct", by=by, comment=reason) as locked:
        if sentence := refusal(read_projects([locked.pk])[locked.pk], status):
            raise ValidationError({"status": sentence})
        if status in GRANTED and (sentence := return_refusal(locked)):
            raise ValidationError({"status": sentence})
        locked.status = status
