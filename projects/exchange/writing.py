"""Write what a plan says, in bulk: batches of projects, then what hangs on them, and their history with who and why.

Nothing here asks whether it may: the plan was made under the same lock. In each batch the rows that go are deleted
first, so that the database's own rules (one main orientation, places within their dates) hold at every statement.
"""

from collections.abc import Iterator
from itertools import islice
from operator import attrgetter
from typing import Any

from django.db.models import Model, Q
from django.utils import timezone

from axes.models import Framework, Orientation
from cohesion.imports.importer import Tell, tell_nobody
from cohesion.lib.people import Person
from cohesion.lib.queries import recount_once_written
from projects.catalogue.columns import PROJECTS
from projects.catalogue.models import CoLead, Contribution, Place, Project
from projects.catalogue.recording import CHANGED, CREATED, change, record
from projects.catalogue.stamps import raise_revision
from projects.catalogue.writing import HangingRows, Signature, links_to
from projects.choices import OrganizationKind, ProjectKind
from projects.exchange.base import ProjectState
from projects.exchange.plan import Change, ProjectPlan
from projects.exchange.writing_lists import asked_of_the_agglomeration, lists
from projects.instructing import moving
from projects.members.models import Organization
from projects.members.naming import known_as

BATCH = 250  # projects in memory with all that hangs on them
MANY = 500  # projects written at once, after which what the database knows of its tables is no longer true
# The state of a project that is there is reached by a step.
FIELDS: dict[str, Any] = {name: Project._meta.get_field(name) for name in PROJECTS.plain}
WRITTEN = (*PROJECTS.plain, "kind", "organization", "host", "requested")


def write(plan: ProjectPlan, *, by: Person | None, reason: str, tell: Tell = tell_nobody) -> int:
    """Write a good plan. Returns the number of projects written; ``tell`` hears how many are, after each batch."""
    if not plan.writes:
        return 0
    writer = _Writer(by, reason)
    writer.create_organizations(plan)
    psts = [change for change in plan.states if change[1].kind == ProjectKind.PST]
    others = [change for change in plan.states if change[1].kind != ProjectKind.PST]
    done = 0
    for batch in [*_batches(psts), *_batches(others)]:  # a PST before what it contains
        writer.write(batch)
        done += len(batch)
        tell(done, len(plan.states))
    raise_revision()
    if len(plan.states) >= MANY:
        recount_once_written(Project, Contribution, Place, Organization)
    return len(plan.states)


def _batches(changes: list[Change]) -> Iterator[list[Change]]:
    remaining = iter(changes)
    while batch := list(islice(remaining, BATCH)):
        yield batch


class _Writer:
    def __init__(self, by: Person | None, reason: str) -> None:
        self.signature = Signature(by, reason)
        self.signed: dict[str, Any] = {"by": by, "reason": reason}
        self.organizations: dict[str, int] = {}

    def _create(self, model: type[Model], rows: list[Any]) -> list[Any]:
        created = model._default_manager.bulk_create(rows, batch_size=500)  # not the tree
        record(model, [row.pk for row in created], CREATED, **self.signed)
        return created

    def create_organizations(self, plan: ProjectPlan) -> None:
        new = [Organization(name=entry["name"], kind=OrganizationKind.OTHER) for entry in plan.organizations]
        for organization in new:
            organization.full_clean()
        created = self._create(Organization, new)
        self.organizations = {known_as(organization.name): organization.pk for organization in created}

    def write(self, batch: list[Change]) -> None:
        present = Project.objects.filter(code__in=[after.code for _, after in batch])
        projects = {project.code: project for project in present}
        known = [(before, after) for before, after in batch if after.code in projects]
        for rows in (self._links(known, projects), self._places(known, projects)):
            rows.drop()
        projects |= self._write_projects(batch, projects)
        for rows in self._hanging(batch, projects):
            rows.put()
        self._move(batch, projects)

    def _write_projects(self, batch: list[Change], present: dict[str, Project]) -> dict[str, Project]:
        """Change the projects that are there, and create the others: these are returned, by code."""
        codes = {after.host for _, after in batch if after.host}
        hosts = dict(Project.objects.filter(code__in=codes).values_list("code", "pk"))
        new: list[Project] = []
        old: list[Project] = []
        for before, after in batch:
            project = present.get(after.code) or Project(code=after.code, status=after.status)
            self._filled(project, after, hosts)
            if (before.funders if before else ()) != after.funders:
                project.requested = asked_of_the_agglomeration(after.funders)
            (new if before is None else old).append(project)
        if old:
            change(Project, old, [*WRITTEN, "search_text", "version", "updated_at"])
            record(Project, [project.pk for project in old], CHANGED, **self.signed)
        return {project.code: project for project in self._create(Project, new)} if new else {}

    def _move(self, batch: list[Change], projects: dict[str, Project]) -> None:
        for before, after in batch:
            if before is not None and before.status != after.status:
                moving.move(projects[after.code], after.status, **self.signed)

    def _filled(self, project: Project, state: ProjectState, hosts: dict[str, int]) -> Project:
        for name, value in state.own.items():
            setattr(project, name, _of_model(name, value))
        project.kind = state.kind
        project.organization_id = self._key(state.organization)
        project.host_id = hosts[state.host] if state.host else None
        project.search_text = project.words()
        project.updated_at = timezone.now()
        if project.pk:
            project.version += 1
        project.clean_fields(exclude=["organization", "host", "search_text"])
        return project

    def _key(self, organization: int | str) -> int:
        """The key of an organisation, which may just have been created."""
        return self.organizations[known_as(organization)] if isinstance(organization, str) else organization

    # --- what hangs on projects ---------------------------------------------------------------------------

    def _hanging(self, batch: list[Change], projects: dict[str, Project]) -> Iterator[HangingRows]:
        yield self._links(batch, projects)
        yield self._links_beside(batch, projects)
        yield self._places(batch, projects)
        yield self._schemes(batch, projects)
        yield self._co_leads(batch, projects)
        yield from lists({projects[after.code].pk: (before, after) for before, after in batch})

    def _links(self, batch: list[Change], projects: dict[str, Project]) -> HangingRows:
        """The links to the framework in force. A file says no reasons: those that stay keep theirs."""
        wanted: dict[int, list[Contribution]] = {}
        for _, after in batch:
            project = projects[after.code].pk
            wanted[project] = [
                Contribution(project_id=project, orientation_id=orientation, is_main=orientation == after.main)
                for orientation in _last(after.main, after.secondary)
            ]
        return links_to(
            wanted, Q(orientation__framework__in=Framework.objects.in_force()), self.signature, fields=("is_main",)
        )

    def _links_beside(self, batch: list[Change], projects: dict[str, Project]) -> HangingRows:
        """The links to the frameworks in force of the other programmes, of the projects whose row changes them: the
        first of each framework is its main one."""
        changed = [
            (before, after) for before, after in batch if (before.programmes if before else ()) != after.programmes
        ]
        keys = {key for _, after in changed for key in after.programmes}
        framework_of = dict(Orientation.objects.filter(pk__in=keys).values_list("pk", "framework_id"))
        wanted: dict[int, list[Contribution]] = {}
        for _, after in changed:
            pk = projects[after.code].pk
            mains = set({framework_of[key]: key for key in reversed(after.programmes)}.values())
            wanted[pk] = [
                Contribution(project_id=pk, orientation_id=key, is_main=key in mains) for key in after.programmes
            ]
        frameworks = Q(orientation__framework__in=Framework.objects.beside())
        return links_to(wanted, frameworks, self.signature, ("is_main",))

    def _places(self, batch: list[Change], projects: dict[str, Project]) -> HangingRows:
        wanted: dict[int, list[Model]] = {}
        for _, after in batch:
            pk = projects[after.code].pk
            wanted[pk] = [Place(project_id=pk, territory_id=key) for key in after.places]
        return HangingRows(Place, wanted, attrgetter("territory_id"), signature=self.signature)

    def _co_leads(self, batch: list[Change], projects: dict[str, Project]) -> HangingRows:
        """Who leads beside the first."""
        wanted: dict[int, list[Model]] = {}
        for before, after in batch:
            if (before.co_leads if before else ()) != after.co_leads:
                pk = projects[after.code].pk
                keys = [self._key(organization) for organization in after.co_leads]
                wanted[pk] = [CoLead(project_id=pk, organization_id=key) for key in keys]
        return HangingRows(CoLead, wanted, attrgetter("organization_id"), signature=self.signature)

    def _schemes(self, batch: list[Change], projects: dict[str, Project]) -> HangingRows:
        through = Project.schemes.through
        wanted: dict[int, list[Model]] = {}
        for before, after in batch:
            if (before.schemes if before else []) != after.schemes:
                pk = projects[after.code].pk
                wanted[pk] = [through(project_id=pk, scheme_id=scheme) for scheme in after.schemes]
        return HangingRows(through, wanted, attrgetter("scheme_id"))


def _last(main: int | None, secondary: list[int]) -> list[int]:
    return [*secondary, main] if main is not None else list(secondary)


def _of_model(name: str, value: object) -> Any:
    """A plain value as the model has it."""
    model_field = FIELDS[name]
    if value is None:
        return None if model_field.null else model_field.get_default()
    return model_field.to_python(value)
