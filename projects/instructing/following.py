"""What comes after the decision, up to the report; and giving up, at any time."""

from cohesion.lib.people import Person
from projects.catalogue.models import Project
from projects.catalogue.steps import step


def start(project: Project, *, by: Person, comment: str = "") -> None:
    """Say that it has begun."""
    with step(project, "start", by=by, comment=comment):
        pass


def ask_report(project: Project, *, by: Person, comment: str = "") -> None:
    with step(project, "ask_report", by=by, comment=comment):
        pass


def abandon(project: Project, *, by: Person, comment: str) -> None:
    """Give it up, and say why."""
    with step(project, "abandon", by=by, comment=comment):
        pass
