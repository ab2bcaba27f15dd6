"""A framework in force and the one that comes, with what officers do on the desk and in the shell."""

import datetime
from io import StringIO

from django.core.management import CommandError, call_command
from django.urls import reverse

from axes import actions, adoption
from tests.factories import (
    FrameworkFactory,
    OrientationFactory,
)
from tests.site.forms import filled

LEVEL = "operational"
ADOPTED = datetime.date(2027, 3, 12)


class Case:
    """A framework in force and the one that comes: K is kept, S is split in S1 and S2, M and N are merged in MN, D has
    no future, and L is new."""

    def __init__(self):
        self.former = FrameworkFactory(status="in_force", slug="ancien")
        self.coming = FrameworkFactory(slug="nouveau", predecessor=self.former)
        above = OrientationFactory(framework=self.former, code="R", title="Axe")
        after = OrientationFactory(framework=self.coming, code="R", title="Axe", uid=above.uid)
        self.node = {}
        for code, title in {
            "K": "Garder le lien",
            "S": "Accompagnement scolaire et parentalité",
            "M": "Mobilité",
            "N": "Transports",
            "D": "Patrimoine ancien",
        }.items():
            self.node[code] = OrientationFactory(parent=above, level=LEVEL, code=code, title=title)
        for code, title in {
            "K2": "Garder le lien",
            "S1": "Accompagnement scolaire",
            "S2": "Soutien à la parentalité",
            "MN": "Mobilité et transports",
            "L": "Lecture publique",
        }.items():
            uid = {"uid": self.node["K"].uid} if code == "K2" else {}
            self.node[code] = OrientationFactory(parent=after, level=LEVEL, code=code, title=title, **uid)

    def __getitem__(self, code):
        return self.node[code]

    def descend(self, by):
        for former, successors, note in (("S", "S1 S2", ""), ("M", "MN", ""), ("N", "MN", ""), ("D", "", "Abandonné")):
            nodes = [self[code] for code in successors.split()]
            adoption.descend(former=self[former], successors=nodes, framework=self.coming, by=by, note=note)

    def adopt(self, by, **options):
        actions.put_in_force(framework=self.coming, adopted_on=ADOPTED, deliberation="D", by=by, **options)

    def outlook(self):
        return adoption.outlook(self.former, self.coming)

    def link(self, project, code):
        return project.contributions.get(orientation=self[code])

    def links(self, project):
        rows = project.contributions.of(self.coming).order_by("-is_main", "orientation__code")
        return [(link.orientation.code, link.is_main, link.rationale) for link in rows]

    @property
    def desk(self):
        return reverse("admin:axes_framework_succession", args=[self.coming.pk])

    def page_of(self, code):
        return reverse("admin:projects_uncarriedlink_links", args=[self.coming.pk, self[code].pk])


def send(client, address, **fields):
    """The form of a page as a browser would send it, with what somebody changed of it."""
    page = filled(client.get(address), "#content form.desk-form")
    kept = {name: page[name] for name in ("seen_state", "once", "csrfmiddlewaretoken") if name in page}
    return client.post(address, {**kept, **fields}, follow=True)


def adopt_command(*arguments):
    out = StringIO()
    try:
        call_command("adopt", *arguments, stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue() + str(error)
    return 0, out.getvalue()
