"""A database of its own, filled with an invented programme of a chosen size; dropped at the end."""

import random
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import date, timedelta
from io import StringIO
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from axes import tree
from axes.levels import Level
from axes.models import Framework, Orientation
from projects.catalogue import stamps
from projects.catalogue.models import Contribution, Place, Project, Scheme
from projects.choices import OrganizationKind, ProjectKind, ProjectStatus
from projects.members.models import Organization
from projects.territory.loading import load_territories
from projects.territory.models import Territory
from tests.benchmark.measuring import Size

SEED = 27
BATCH = 2_000
AXES = 8
# How the orientations that are not axes are spread, the narrower the more.
SHARES = {Level.CHALLENGE: 0.1, Level.STRATEGIC: 0.15, Level.OPERATIONAL: 0.3, Level.PRIORITY: 0.45}
WORDS = (
    "accès accompagner acteurs associations autonomie citoyenneté cohésion commune culture développer écoute égalité "
    "emploi enfance familles favoriser garantir habitants handicap insertion jeunes langue lien lieux lutter mobilité "
    "numérique parentalité participation partenaires prévention proximité quartiers renforcer réseau ruralité santé "
    "services solidarité soutenir sport territoire vieillissement voisinage"
)
STATUSES = (ProjectStatus.RUNNING, ProjectStatus.RETAINED, ProjectStatus.CLOSED, ProjectStatus.DRAFT)
ORGANIZATIONS = 200


@contextmanager
def own_database() -> Iterator[None]:
    """Work in a new database beside the configured one, which is neither read nor written; drop it afterwards.

    On SQLite it is a file in a temporary folder; on PostgreSQL a database of the same server, which the account
    must be allowed to create.
    """
    configured = connection.settings_dict["NAME"]
    with tempfile.TemporaryDirectory(prefix="cohesion-mesures-") as folder:
        name = f"cohesion_mesures_{uuid.uuid4().hex[:12]}"
        own = str(Path(folder) / f"{name}.sqlite3") if connection.vendor == "sqlite" else name
        connection.settings_dict["TEST"]["NAME"] = own
        with redirect_stdout(StringIO()):  # Django says aloud that the migrations have made the cache already
            connection.creation.create_test_db(verbosity=0, autoclobber=False, serialize=False)
        try:
            yield
        finally:
            connection.creation.destroy_test_db(configured, verbosity=0)
            settings.DATABASES["default"]["NAME"] = configured


class Programme:
    """An invented framework in force, and the projects that serve it: the same seed gives the same rows."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.draw = random.Random(SEED)
        self.this_year = timezone.localdate().year

    def text(self, words: int) -> str:
        return " ".join(self.draw.choices(WORDS.split(), k=words)).capitalize()

    def framework(self) -> Framework:
        """A framework of so many orientations, in force; the former one is archived, and nothing serves it."""
        Contribution.objects.all()._raw_delete("default")
        for former in Framework.objects.in_force():
            former.status = "archived"
            former.save()
        number = Framework.objects.count() + 1
        framework = Framework.objects.create(name=f"Cadre inventé {number}", slug=f"mesures-{number}")
        tree.load(framework, self._roots())
        framework.status = "in_force"
        framework.save()
        return framework

    def _roots(self) -> list[tree.NewNode]:
        roots = [self._node(Level.AXIS, str(rank)) for rank in range(1, min(AXES, self.size.nodes) + 1)]
        wider = list(roots)
        left = self.size.nodes - len(roots)
        for level, share in SHARES.items():
            number = left - sum(int(left * other) for other in SHARES.values() if other != share)
            made = []
            for _ in range(number if level == Level.PRIORITY else int(left * share)):
                above = self.draw.choice(wider)
                made.append(self._node(level, f"{above.values['code']}.{len(above.children) + 1}"))
                above.children.append(made[-1])
            if level != Level.PRIORITY:
                wider += made
        return roots

    def _node(self, level: Level, code: str) -> tree.NewNode:
        return tree.NewNode({"level": level, "code": code, "title": self.text(9)})

    def projects(self) -> None:
        """The projects, where they are, and who leads them; nothing when there are so many already."""
        if Project.objects.count() == self.size.projects:
            return
        load_territories()
        communes = list(Territory.objects.communes().in_perimeter().values_list("pk", flat=True))
        schemes = [Scheme.objects.create(code=f"D{rank}") for rank in range(5)]
        leads = [
            Organization(name=f"{self.text(2)} {rank}", kind=OrganizationKind.ASSOCIATION)
            for rank in range(ORGANIZATIONS)
        ]
        Organization.objects.bulk_create(leads)  # not the tree
        hosts: list[Project] = []
        ranks = iter(range(self.size.projects))
        while batch := [self._project(rank, leads, hosts) for rank in islice(ranks, BATCH)]:
            Project.objects.bulk_create(batch)  # not the tree
            hosts = hosts or [project for project in batch if project.kind == ProjectKind.PST]
            places = [
                Place(project=project, territory_id=commune)
                for project in batch
                for commune in self.draw.sample(communes, self.draw.choice((1, 1, 2)))
            ]
            Place.objects.bulk_create(places, BATCH)  # not the tree
            through = Project.schemes.through
            labels = [through(project=p, scheme=self.draw.choice(schemes)) for p in batch if self.draw.random() < 0.3]
            through.objects.bulk_create(labels, BATCH)  # not the tree

    def _project(self, rank: int, leads: list[Organization], hosts: list[Project]) -> Project:
        kind = ProjectKind.PST if rank % 20 == 0 else ProjectKind.PRH if rank % 20 == 1 else ProjectKind.ACTION
        begins = date(self.this_year - 3, 1, 1) + timedelta(days=self.draw.randrange(1_400))
        project = Project(
            kind=kind,
            code=f"M-{rank:06}",
            title=self.text(6),
            summary=self.text(20),
            organization=self.draw.choice(leads),
            host=self.draw.choice(hosts) if hosts and kind != ProjectKind.PST and rank % 3 else None,
            status=STATUSES[rank % len(STATUSES)],
            starts_on=begins,
            ends_on=begins + timedelta(days=self.draw.randrange(30, 700)),
        )
        project.search_text = project.words()
        return project

    def links(self, framework: Framework) -> None:
        """As many links as asked, spread over the orientations; the first one of a project is its main one."""
        nodes = list(Orientation.objects.filter(framework=framework).values_list("pk", flat=True))
        keys = list(Project.objects.order_by("pk").values_list("pk", flat=True))
        rows = self._links(nodes, keys)
        while batch := list(islice(rows, BATCH)):
            Contribution.objects.bulk_create(batch)  # not the tree
        stamps.raise_revision()
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")

    def _links(self, nodes: list[int], projects: list[int]) -> Iterator[Contribution]:
        each, more = divmod(min(self.size.links, len(nodes) * len(projects)), len(projects) or 1)
        for rank, project in enumerate(projects):
            for place, node in enumerate(self.draw.sample(nodes, each + (rank < more))):
                yield Contribution(project_id=project, orientation_id=node, is_main=place == 0)


def filled(size: Size) -> Framework:
    """The framework in force of a programme of this size: the present one, or one made now."""
    present = Framework.objects.in_force().first()
    if present is not None and _holds(present, size):
        return present
    programme = Programme(size)
    framework = programme.framework()
    programme.projects()
    programme.links(framework)
    return framework


def _holds(framework: Framework, size: Size) -> bool:
    numbers = (
        Orientation.objects.filter(framework=framework).count(),
        Contribution.objects.count(),
        Project.objects.count(),
    )
    return numbers == (size.nodes, min(size.links, size.nodes * size.projects), size.projects)
