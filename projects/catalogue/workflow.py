"""The life of a project, as one table: each step, from where to where, who takes it, and what it asks for.

:func:`projects.catalogue.steps.step` takes a step, and nothing else changes the state of a project that is there: a
form, a list or a file that says another state goes through :mod:`projects.instructing.moving`, which takes the step.
"""

from dataclasses import dataclass
from enum import Enum

from projects.choices import ProjectStatus as S


class Who(Enum):
    """Who may take a step."""

    LEAD = "porteur"
    OFFICER = "agent"
    BOTH = "porteur ou agent"


@dataclass(frozen=True)
class Transition:
    """A step. ``label`` is what its button says, ``done`` what the log says. ``target`` is where it leads; None where
    whoever takes it says so.

    ``needs`` says what must be there, for whoever reads the table; a comment is asked for by the step itself, the
    rest by what takes it (:mod:`projects.declaring`, :mod:`projects.instructing`, :mod:`projects.reporting`).
    ``is_told``: whether the other side hears of it.
    """

    name: str
    label: str
    done: str
    sources: tuple[S, ...]
    target: S | None
    who: Who
    needs: tuple[str, ...] = ()
    is_told: bool = True


BEFORE_DECISION = (S.SUBMITTED, S.TO_COMPLETE, S.ADMISSIBLE, S.IN_REVIEW, S.PROPOSED, S.ADJOURNED)
DECIDED = (S.RETAINED, S.PARTLY_RETAINED, S.RUNNING, S.REPORT_DUE)
# While the lead writes the request, and while the lead writes the report.
REQUEST_OPEN = (S.DRAFT, S.TO_COMPLETE)
REPORT_OPEN = (S.RUNNING, S.REPORT_DUE)
GRANTED = (*DECIDED, S.REPORT_RECEIVED, S.CLOSED)  # what the council has said yes to, and is not given up

TABLE = (
    Transition("submit", "Déposer", "Déposée", (S.DRAFT,), S.SUBMITTED, Who.LEAD, ("open_campaign", "complete")),
    Transition("resubmit", "Déposer à nouveau", "Complétée", (S.TO_COMPLETE,), S.SUBMITTED, Who.LEAD, ("complete",)),
    Transition(
        "return",
        "Demander un complément",
        "Complément demandé",
        (S.SUBMITTED, S.ADMISSIBLE, S.IN_REVIEW),
        S.TO_COMPLETE,
        Who.OFFICER,
        ("remarks",),
    ),
    Transition("admit", "Déclarer recevable", "Recevable", (S.SUBMITTED,), S.ADMISSIBLE, Who.OFFICER),
    Transition(
        "reject",
        "Déclarer non recevable",
        "Non recevable",
        (S.SUBMITTED, S.TO_COMPLETE),
        S.INADMISSIBLE,
        Who.OFFICER,
        ("comment",),
    ),
    Transition(
        "reconsider",
        "Revenir sur la non-recevabilité",
        "Réexaminée",
        (S.INADMISSIBLE,),
        S.SUBMITTED,
        Who.OFFICER,
        ("comment",),
    ),
    Transition("review", "Commencer l’instruction", "En instruction", (S.ADMISSIBLE,), S.IN_REVIEW, Who.OFFICER),
    Transition(
        "propose",
        "Proposer au comité",
        "Proposée au comité",
        (S.IN_REVIEW,),
        S.PROPOSED,
        Who.OFFICER,
        ("grid", "opinion", "committee"),
    ),
    Transition(
        "withdraw",
        "Reprendre l’instruction",
        "Instruction reprise",
        (S.PROPOSED, S.ADJOURNED),
        S.IN_REVIEW,
        Who.OFFICER,
        ("comment",),
    ),
    Transition(
        "retain", "Retenir", "Retenue", (S.PROPOSED, S.ADJOURNED), S.RETAINED, Who.OFFICER, ("deliberation", "amount")
    ),
    Transition(
        "retain_partly",
        "Retenir partiellement",
        "Retenue partiellement",
        (S.PROPOSED, S.ADJOURNED),
        S.PARTLY_RETAINED,
        Who.OFFICER,
        ("deliberation", "reduced_amount"),
    ),
    Transition("adjourn", "Ajourner", "Ajournée", (S.PROPOSED,), S.ADJOURNED, Who.OFFICER, ("comment",)),
    Transition("refuse", "Refuser", "Refusée", (S.PROPOSED, S.ADJOURNED), S.REFUSED, Who.OFFICER, ("comment",)),
    Transition("start", "Constater le démarrage", "En cours", (S.RETAINED, S.PARTLY_RETAINED), S.RUNNING, Who.OFFICER),
    Transition("ask_report", "Demander le bilan", "Bilan attendu", (S.RUNNING,), S.REPORT_DUE, Who.OFFICER),
    Transition(
        "hand_report",
        "Remettre le bilan",
        "Bilan remis",
        (S.RUNNING, S.REPORT_DUE),
        S.REPORT_RECEIVED,
        Who.LEAD,
        ("complete_report",),
    ),
    Transition(
        "return_report",
        "Faire reprendre le bilan",
        "Bilan à reprendre",
        (S.REPORT_RECEIVED,),
        S.REPORT_DUE,
        Who.OFFICER,
        ("comment",),
    ),
    Transition(
        "go_on", "Valider le bilan, l’action continue", "Bilan validé", (S.REPORT_RECEIVED,), S.RUNNING, Who.OFFICER
    ),
    Transition("close", "Clôturer", "Clôturée", (S.REPORT_RECEIVED,), S.CLOSED, Who.OFFICER),
    Transition(
        "abandon",
        "Abandonner",
        "Abandonnée",
        (S.DRAFT, *BEFORE_DECISION, *DECIDED),
        S.ABANDONED,
        Who.BOTH,
        ("comment",),
    ),
    # A decision that was entered wrongly, or changed by another deliberation. What has begun goes on.
    Transition(
        "amend",
        "Rectifier la décision",
        "Décision rectifiée",
        (*GRANTED, S.REFUSED),
        None,
        Who.OFFICER,
        ("deliberation", "amount", "comment"),
    ),
    # What was just asked of a lead who has not heard of it yet: projects.instructing.recalling.
    Transition(
        "recall",
        "Annuler cette demande de complément",
        "Demande de complément annulée",
        (S.TO_COMPLETE,),
        None,
        Who.OFFICER,
        is_told=False,
    ),
    Transition(
        "recall_report",
        "Annuler cette demande de reprise",
        "Demande de reprise annulée",
        (S.REPORT_DUE,),
        None,
        Who.OFFICER,
        is_told=False,
    ),
    # A state that was wrong, within what is known of the project: see projects.instructing.moving.
    Transition("correct", "Corriger l’état", "État corrigé", tuple(S), None, Who.OFFICER, ("comment",)),
)
BY_NAME = {transition.name: transition for transition in TABLE}
UNTOLD = tuple(transition.name for transition in TABLE if not transition.is_told)  # each takes back the step before it
OUTCOMES = {
    S.RETAINED: "retain",
    S.PARTLY_RETAINED: "retain_partly",
    S.ADJOURNED: "adjourn",
    S.REFUSED: "refuse",
}

# Whose turn it is, by state: what both sides are told, and what the queues are made of.
LEADS_TURN = (S.DRAFT, S.TO_COMPLETE, S.REPORT_DUE)
OFFICERS_TURN = (S.SUBMITTED, S.ADMISSIBLE, S.IN_REVIEW, S.REPORT_RECEIVED)
COMMITTEES_TURN = (S.PROPOSED, S.ADJOURNED)
TO_BE_DECIDED = (S.SUBMITTED, S.TO_COMPLETE, S.ADMISSIBLE, S.IN_REVIEW, *COMMITTEES_TURN)
TURNED_DOWN = (S.INADMISSIBLE, S.REFUSED, S.ABANDONED)


def leaving(status: str, who: Who) -> list[Transition]:
    """The steps that somebody may take from a state."""
    return [transition for transition in TABLE if status in transition.sources and transition.who in (who, Who.BOTH)]
