"""A second programme beside the reference one, in force for its period: its framework, and what some of the projects
answer in it. All of it is data, in ``fixtures/demo/``."""

import datetime
from typing import Any

from django.db import transaction

from axes import tree
from axes.choices import FrameworkStatus
from axes.founding import new_nodes
from axes.models import Framework, Programme
from cohesion.lib.people import Person
from projects.catalogue.actions import set_contributions
from projects.catalogue.models import Project
from projects.catalogue.signing import sign
from projects.declaring.models import Campaign
from projects.demo.aged import age_framework
from projects.demo.calendar import Calendar
from projects.demo.files import DemoFiles
from projects.demo.loading import import_projects

FILE, PROJECTS = "contrat_de_ville.json", "projets_contrat_de_ville.csv"
REASON = "Programme de démonstration"


@transaction.atomic
def load_demo_beside(calendar: Calendar, *, authority: str, by: Person) -> Framework:
    """Load the invented contrat de ville, in force, link to it the projects that its file names, and bring what answers
    it alone."""
    files = DemoFiles(calendar)
    document = files.document(FILE)
    adopted_on = datetime.date.fromisoformat(document["cadre"]["adopte_le"])
    about, dates = document["programme"], document["cadre"]
    programme = Programme(
        name=about["nom"], short_name=about["nom_court"], slug=about["identifiant"], description=about["description"]
    )
    programme.full_clean()
    sign(programme, by, REASON).save()
    framework = Framework(
        programme=programme,
        name=dates["titre"],
        slug=dates["identifiant"],
        authority=authority,
        perimeter=dates["perimetre"],
        note=dates["note"],
        status=FrameworkStatus.IN_FORCE,
        is_locked=True,
        adopted_on=adopted_on,
        starts_on=datetime.date.fromisoformat(dates["debut"]),
        ends_on=datetime.date.fromisoformat(dates["fin"]),
        deliberation="(démonstration, référence inventée)",
    )
    framework.full_clean()
    sign(framework, by, REASON).save()
    tree.load(framework, new_nodes(document["orientations"]), by=by, reason=REASON)
    _link(framework, document, by)
    import_projects(files, by, PROJECTS)
    if (call := Campaign.objects.order_by("-year").first()) is not None:
        call.programmes.add(programme)
    age_framework(framework, adopted_on)
    return framework


def _link(framework: Framework, document: dict[str, Any], by: Person) -> None:
    orientations = {node.code: node for node in framework.orientations.all()}
    main = {code: row["code"] for row in document["orientations"] for code in row["projets"]}
    projects = Project.objects.in_bulk(list(main), field_name="code")
    secondary: dict[str, list[Any]] = {}
    for row in document["aussi"]:
        secondary.setdefault(row["projet"], []).append((orientations[row["code"]], row["raison"]))
    for code, served in main.items():
        set_contributions(
            project=projects[code],
            main=orientations[served],
            secondary=secondary.get(code, ()),
            by=by,
            reason=REASON,
        )
