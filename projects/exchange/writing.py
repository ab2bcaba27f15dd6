"""Write what a plan says, in bulk: batches of projects, then what hangs on them, and their history with who and why.

Nothing here asks whether it may: the plan was made under the same lock. In each batch the rows that go are deleted
first, so that the database's own rules (one main orientation, places within their dates) hold at every statement.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db.models import Model
from django.utils import timezone

from cohesion.imports.importer import Tell, tell_nobody
from cohesion.lib.queries import recount_once_written
from projects.catalogue.columns import PROJECTS
from projects.catalogue.models import CoLead, Contribution, Place, Project
from projects.catalogue.stamps import raise_revision
from projects.choices import OrganizationKind, ProjectKind
from projects.exchange.base import ProjectState, known_as
from projects.exchange.plan import Change, ProjectPlan
from projects.exchange.recording import CHANGED, CREATED, change, record
from projects.exchange.writing_lists import asked_of_the_agglomeration, write_lists
from projects.instructing import moving
from projects.members.models import Organization

BATCH = 250  # projects in memory with all that hangs on them
MANY = 500  # projects written at once, after which what the database knows of its tables is no longer true
# The state of a project that is there is reached by a step.
WRITTEN = (*PROJECTS.plain, "kind", "organization", "host", "requested")


def write(plan: ProjectPlan, *, by: Any, reason: str, tell: Tell = tell_nobody) -> int:
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
    def __init__(self, by: Any, reason: str) -> None:
        self.signed = {"by": by, "reason": reason}
        self.organizations: dict[str, int] = {}

    def _create(self, model: type[Model], rows: list[Any]) -> list[Any]:
        created = model._default_manager.bulk_create(rows, batch_size=500)  # not the tree
        record(model, [one.pk for one in created], CREATED, **self.signed)
        return created

    def _change(self, model: type[Model], rows: list[Any], fields: list[str]) -> None:
        change(model, rows, fields)
        record(model, [one.pk for one in rows], CHANGED, **self.signed)

    def create_organizations(self, plan: ProjectPlan) -> None:
        new = [Organization(name=one["name"], kind=OrganizationKind.OTHER) for one in plan.organizations]
        for organization in new:
            organization.full_clean()
        self.organizations = {known_as(one.name): one.pk for one in self._create(Organization, new)}

    def write(self, batch: list[Change]) -> None:
        codes = {after.host for _, after in batch if after.host}
        hosts = dict(Project.objects.filter(code__in=codes).values_list("code", "pk"))
        projects = {
            project.code: project for project in Project.objects.filter(code__in=[after.code for _, after in batch])
        }
        self._unlink(batch)
        new: list[Project] = []
        old: list[Project] = []
        for before, after in batch:
            project = projects.get(after.code) or Project(code=after.code, status=after.status)
            self._filled(project, after, hosts)
            if (before.funders if before else ()) != after.funders:
                project.requested = asked_of_the_agglomeration(after.funders)
            (new if before is None else old).append(project)
        if old:
            self._change(Project, old, [*WRITTEN, "search_text", "version", "updated_at"])
        if new:
            projects |= {one.code: one for one in self._create(Project, new)}
        keys = {code: project.pk for code, project in projects.items()}
        self._link(batch, keys)
        self._co_leads(batch, keys)
        write_lists(batch, keys)
        self._move(batch, projects)

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

    def _unlink(self, batch: list[Change]) -> None:
        """Take away the links and places that go, and what was the main orientation where another one is."""
        changed = {before.pk: (before, after) for before, after in batch if before is not None}
        links = [
            link
            for link in Contribution.objects.in_force().filter(project__in=list(changed))
            if link.orientation_id not in _wanted(changed[link.project_id][1])
        ]
        self._delete(Contribution, links)
        places = [
            place
            for place in Place.objects.filter(project__in=list(changed))
            if place.territory_id not in changed[place.project_id][1].places
        ]
        self._delete(Place, places)
        demoted = [
            link
            for link in Contribution.objects.in_force().filter(project__in=list(changed), is_main=True)
            if link.orientation_id != changed[link.project_id][1].main
        ]
        for link in demoted:
            link.is_main = False
        if demoted:
            self._change(Contribution, demoted, ["is_main"])

    def _delete(self, model: type[Model], rows: list[Any]) -> None:
        if not rows:
            return
        manager: Any = model.history  # type: ignore[attr-defined]
        fields = [field.attname for field in manager.model.tracked_fields]
        gone = [
            manager.model(
                **{name: getattr(row, name) for name in fields},
                history_type="-",
                history_date=timezone.now(),
                history_user=self.signed["by"],
                history_change_reason=self.signed["reason"],
            )
            for row in rows
        ]
        manager.model.objects.bulk_create(gone, batch_size=500)  # not the tree
        chosen = model._default_manager.filter(pk__in=[row.pk for row in rows])
        chosen._raw_delete(chosen.db)  # type: ignore[attr-defined]

    def _link(self, batch: list[Change], keys: dict[str, int]) -> None:
        pks = [keys[after.code] for _, after in batch]
        linked = {(link.project_id, link.orientation_id): link for link in Contribution.objects.filter(project__in=pks)}
        placed = set(Place.objects.filter(project__in=pks).values_list("project_id", "territory_id"))
        promoted: list[Contribution] = []
        links: list[Contribution] = []
        places: list[Place] = []
        for _, after in batch:
            pk = keys[after.code]
            for orientation in _wanted(after):
                link = linked.get((pk, orientation))
                is_main = orientation == after.main
                if link is None:
                    links.append(Contribution(project_id=pk, orientation_id=orientation, is_main=is_main))
                elif is_main and not link.is_main:
                    link.is_main, link.rationale = True, ""
                    promoted.append(link)
            places += [Place(project_id=pk, territory_id=key) for key in after.places if (pk, key) not in placed]
        if promoted:
            self._change(Contribution, promoted, ["is_main", "rationale"])
        if links:
            self._create(Contribution, links)
        if places:
            self._create(Place, places)
        self._schemes(batch, keys)

    def _co_leads(self, batch: list[Change], keys: dict[str, int]) -> None:
        """Who leads beside the first: those that go, then those that come."""
        changed = {
            keys[after.code]: {self._key(one) for one in after.co_leads}
            for before, after in batch
            if (before.co_leads if before else ()) != after.co_leads
        }
        if not changed:
            return
        there = list(CoLead.objects.filter(project__in=list(changed)))
        self._delete(CoLead, [one for one in there if one.organization_id not in changed[one.project_id]])
        known = {(one.project_id, one.organization_id) for one in there}
        new = [(pk, key) for pk, organizations in changed.items() for key in organizations if (pk, key) not in known]
        if new:
            self._create(CoLead, [CoLead(project_id=pk, organization_id=key) for pk, key in new])

    def _schemes(self, batch: Iterable[Change], keys: dict[str, int]) -> None:
        through = Project.schemes.through
        changed = {
            keys[after.code]: after.schemes
            for before, after in batch
            if (before.schemes if before else []) != after.schemes
        }
        if changed:
            through.objects.filter(project__in=list(changed)).delete()
            through.objects.bulk_create(  # not the tree
                [through(project_id=pk, scheme_id=scheme) for pk, schemes in changed.items() for scheme in schemes],
                batch_size=500,
            )


def _of_model(name: str, value: Any) -> Any:
    """A plain value as the model has it."""
    model_field: Any = Project._meta.get_field(name)
    if value is None:
        return None if model_field.null else model_field.get_default()
    return model_field.to_python(value)


def _wanted(state: ProjectState) -> list[int]:
    return [key for key in (state.main, *state.secondary) if key is not None]
