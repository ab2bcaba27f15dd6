"""The history of the invented programme, as it would be had each step been written on its day: who asks how things
stood one evening of last year reads what was decided by then.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from typing import Any

from simple_history.utils import get_history_manager_for_model

from axes import actions
from axes.models import Framework, Orientation
from cohesion.lib.people import Person
from cohesion.models import User
from projects.catalogue.models import Contribution, Offer, OfferSite, Place, Project
from projects.catalogue.signing import sign
from projects.catalogue.workflow import BY_NAME
from projects.demo.calendar import Calendar, PastStep
from projects.demo.files import DemoFiles
from projects.demo.rows import moment

GRANTING = ("retain", "retain_partly")
HANGING = ((Contribution, "project"), (Place, "project"), (Offer, "project"), (OfferSite, "offer__project"))


def age(projects: Mapping[str, Project], walked: Mapping[str, Sequence[PastStep]], *, by: User) -> None:
    """Write the history of ``projects`` anew, by code: one state a step. What hangs on them came with the first."""
    history = get_history_manager_for_model(Project)
    history.filter(id__in=[projects[code].pk for code in walked]).delete()
    created, changed = [], []
    for code, steps in walked.items():
        first, *others = _states(projects[code], steps, by)
        created.append(first)
        changed += others
    history.bulk_history_create(created)
    history.bulk_history_create(changed, update=True)
    for model, project in HANGING:
        _age_rows(model, project, {projects[code].pk: moment(steps[0].day) for code, steps in walked.items()})


def age_framework(framework: Framework, day: datetime.date) -> None:
    """Let the history of a framework, and the order that was kept of it, begin on the day of its adoption."""
    nodes = get_history_manager_for_model(Orientation)
    for history in (framework.history.all(), nodes.filter(framework_id=framework.pk)):
        history.update(history_date=moment(day))  # not the tree
    framework.outlines.update(day=day)  # not the tree


def _states(project: Project, steps: Sequence[PastStep], by: User) -> Iterator[Project]:
    """The project as each step left it."""
    granted = None
    for step in steps:
        state: Any = sign(copy(project), by, BY_NAME[step.name].done)
        granted = project.granted if step.name in GRANTING else granted
        state.status, state.granted = BY_NAME[step.name].target, granted
        state._history_date = moment(step.day)
        yield state


def _age_rows(model: Any, project: str, moments: Mapping[int, Any]) -> None:
    owners = dict(model.objects.values_list("pk", project))
    records = [record for record in model.history.filter(id__in=owners) if owners[record.id] in moments]
    for record in records:
        record.history_date = moments[owners[record.id]]
    model.history.bulk_update(records, ["history_date"])  # not the tree


def reword_draft(draft: Framework, calendar: Calendar, *, by: Person) -> None:
    """Give some orientations of a framework in preparation another wording, each with its reason."""
    nodes = {node.code: node for node in draft.orientations.select_related("framework", "parent")}
    for row in DemoFiles(calendar).rows("cadre_suivant.csv"):
        node = nodes[row["code"]]
        node.reword(row["texte"])
        actions.save_orientation(orientation=node, by=by, reason=row["motif"])
