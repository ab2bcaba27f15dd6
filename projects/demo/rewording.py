"""What the invented framework in preparation says otherwise than the one in force."""

from axes import actions
from axes.models import Framework
from cohesion.lib.people import Person
from projects.demo.calendar import Calendar
from projects.demo.files import DemoFiles


def reword_draft(draft: Framework, calendar: Calendar, *, by: Person) -> None:
    """Give some orientations of a framework in preparation another wording, each with its reason."""
    nodes = {node.code: node for node in draft.orientations.select_related("framework", "parent")}
    for row in DemoFiles(calendar).rows("cadre_suivant.csv"):
        node = nodes[row["code"]]
        node.reword(row["texte"])
        actions.save_orientation(orientation=node, by=by, reason=row["motif"])
