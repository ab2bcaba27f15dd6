"""Papers of the invented programme: a few notifications, each of which says that it is of a demonstration."""

from collections.abc import Mapping

from cohesion.lib.people import Person
from projects.catalogue.models import Project
from projects.choices import PaperKind
from projects.correspondence.choosing import TOGETHER
from projects.correspondence.drafting import source_of
from projects.correspondence.issuing import issue
from projects.correspondence.models import Paper
from projects.correspondence.sending import send
from projects.instructing.models import Committee

TYPED = {"signataire": "Mme Jeanne Exemple", "qualite du signataire": "Vice-présidente (démonstration)"}
UNSENT = 2


def load_demo_papers(*, leads: Mapping[str, Person], officer: Person) -> int:
    """Notify what the last committee granted: sent to those who have an account, to be sent to a few others; returns
    how many papers that makes."""
    meeting = Committee.objects.filter(decisions__isnull=False).order_by("-held_on", "-pk").first()
    if meeting is None:
        return 0
    granted = TOGETHER[PaperKind.NOTIFICATION](meeting).select_related("organization").order_by("code_key", "code")
    own = list(
        {project.organization.name: project for project in granted if project.organization.name in leads}.values()
    )
    others = [project for project in granted if project.organization.name not in leads]
    sent = [_notified(project, officer) for project in own]
    send(sent, by=officer)
    return len(sent) + len([_notified(project, officer) for project in others[:UNSENT]])


def _notified(project: Project, officer: Person) -> Paper:
    return issue(source_of(PaperKind.NOTIFICATION, None), project, by=officer, typed=TYPED)
