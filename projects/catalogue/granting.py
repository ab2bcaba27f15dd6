"""What a project is granted, in words that are true of where it stands. The amount itself is ``Project.granted``:
that of its last decision, which the database holds; a project that no decision here granted keeps its own."""

from cohesion.lib.text import euros
from projects.catalogue.models import Project
from projects.catalogue.workflow import GRANTED
from projects.choices import ProjectStatus

NOT_GRANTED = {
    ProjectStatus.REFUSED: "rien\u00a0: action refusée",
    ProjectStatus.INADMISSIBLE: "rien\u00a0: action non recevable",
    ProjectStatus.ABANDONED: "rien\u00a0: action abandonnée",
}


def granted_in_words(project: Project) -> str:
    """« 6 600 € », or why there is none: not decided yet, refused, given up, never written down."""
    status, amount = ProjectStatus(project.status), project.granted
    if amount is not None and status in GRANTED:
        return euros(amount)
    if amount is not None and status == ProjectStatus.ABANDONED:
        verb = "avaient été accordés" if amount >= 2 else "avait été accordé"
        return f"{euros(amount)} {verb}\u202f; action abandonnée"
    if status in NOT_GRANTED:
        return NOT_GRANTED[status]
    return "montant non renseigné" if status in GRANTED else "pas encore décidé"
