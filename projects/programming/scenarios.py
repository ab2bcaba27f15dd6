"""Scenarios of a programming: made, saved, copied, brought up to date, deleted. Nothing of a file is written here."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction

from cohesion.lib.people import Person
from cohesion.lib.refusals import Errors, RowsRefused
from cohesion.lib.text import squeeze
from cohesion.together.states import ChangedMeanwhile, while_you_wrote
from projects.catalogue.models import Project
from projects.instructing import deciding
from projects.instructing.deciding import GRANTING, Ruling
from projects.instructing.envelope import envelope_of
from projects.instructing.models import Committee
from projects.instructing.sheet import proposals
from projects.programming.models import Scenario, ScenarioLine
from projects.programming.starts import NOTHING_YET, STARTS, Tries, Try

MOST_FILES = 400  # in one form
MOST = 12  # scenarios of one committee
NAME_LENGTH = 80


class ScenarioConflict(ChangedMeanwhile):
    """Somebody saved the scenario since it was read. ``scenario`` is as they left it."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        super().__init__(while_you_wrote(scenario.author, "enregistré ce scénario"))


def tries_of(scenario: Scenario) -> Tries:
    """What a scenario says, in one query."""
    return read_tries(scenario.lines.all())


def read_tries(lines: Iterable[ScenarioLine]) -> Tries:
    return {line.project_id: Try(line.outcome, line.amount) for line in lines}


@transaction.atomic
def make_scenario(committee: Committee, *, start: str, name: str, by: Person) -> Scenario:
    """A new scenario of what is before a committee.

    Raises:
        ValidationError: there is nothing before it, too much, or nothing to begin from; or its name is not good.
    """
    label, begin = STARTS[start]
    files = proposals(committee)
    number = files.count()
    if not number or number > MOST_FILES:
        raise ValidationError(
            f"Une simulation porte sur {MOST_FILES} dossiers au plus : ce comité en a {number}."
            if number
            else "Aucun dossier n’attend la décision de ce comité : il n’y a rien à simuler."
        )
    tries = begin(files, envelope_of(committee, files).left)
    scenario = _named(committee, name or label, is_free=bool(name), by=by)
    _write_lines(scenario, tries, {project.pk: project.review.version for project in files})
    return scenario


@transaction.atomic
def copy_scenario(scenario: Scenario, *, by: Person) -> Scenario:
    """The same under another name, applied to nothing."""
    copy = _named(scenario.committee, f"{scenario.name[: NAME_LENGTH - 12]} (copie)", is_free=False, by=by)
    versions = dict(scenario.lines.values_list("project", "review_version"))
    _write_lines(copy, tries_of(scenario), versions)
    return copy


def _named(committee: Committee, name: str, *, is_free: bool, by: Person) -> Scenario:
    """A scenario without lines; a name that was not typed is numbered where it is taken."""
    Committee.objects.select_for_update().get(pk=committee.pk)  # two names at once
    taken = set(committee.scenarios.values_list("name", flat=True))
    if len(taken) >= MOST:
        raise ValidationError(f"Ce comité a déjà {MOST} scénarios : supprimez-en un.")
    name = squeeze(name)
    free = name if is_free else next(each for each in _numbered(name) if each not in taken)
    scenario = Scenario(committee=committee, name=free, saved_by=by)
    scenario.full_clean(exclude=["former"])
    scenario.save()
    return scenario


def _numbered(name: str) -> list[str]:
    return [name, *(f"{name} {number}" for number in range(2, MOST + 2))]


def _write_lines(scenario: Scenario, tries: Tries, versions: Mapping[int, int]) -> None:
    ScenarioLine.objects.bulk_create(  # not the tree
        ScenarioLine(
            scenario=scenario,
            project_id=key,
            outcome=line.outcome,
            amount=line.amount,
            review_version=versions[key],
        )
        for key, line in tries.items()
    )


@transaction.atomic
def save_scenario(scenario: Scenario, *, name: str, tries: Tries, seen: str, by: Person) -> Scenario:
    """Write what was typed. ``seen`` is the version that was read; the same typed twice is written once.

    Raises:
        ScenarioConflict: somebody else saved it since.
        RowsRefused: a line breaks a rule.
        ValidationError: it was deleted, or its name is not good.
    """
    locked = Scenario.objects.select_for_update().select_related(None).filter(pk=scenario.pk).first()
    if locked is None:
        raise ValidationError("Ce scénario a été supprimé entre-temps.", code="deleted")
    former = tries_of(locked)
    kept = {key: line for key, line in tries.items() if key in former}
    name = squeeze(name)
    if former | kept == former and locked.name == name:
        return locked
    if str(locked.version) != seen:
        raise ScenarioConflict(locked)
    if wrong := wrong_lines(kept):
        raise RowsRefused(wrong)
    locked.name, locked.saved_by = name, by
    locked.version += 1
    locked.full_clean(exclude=["former"])
    locked.save()
    rows = {row.project_id: row for row in locked.lines.filter(project__in=kept)}
    for key, line in kept.items():
        rows[key].outcome, rows[key].amount = line
    ScenarioLine.objects.bulk_update(rows.values(), ["outcome", "amount"])  # not the tree
    return locked


def wrong_lines(tries: Mapping[int, Try]) -> dict[int, Errors]:
    """What a committee could not decide so, by key of the project: the amounts are held to its own rules."""
    wrong: dict[int, Errors] = {}
    for project in Project.objects.filter(pk__in=tries).only("requested", "status"):
        line = tries[project.pk]
        if line.outcome not in GRANTING:
            continue
        refused = deciding.refusal(project, Ruling(line.outcome, None, amount=line.amount))
        if "amount" in refused:
            wrong[project.pk] = {"amount": refused["amount"]}
    return wrong


@transaction.atomic
def bring_up_to_date(scenario: Scenario, *, by: Person) -> tuple[int, int]:
    """Take in what came before the committee since, let go what left it, and take note of proposals that changed.

    What was typed of the others stays. Says how many came and went.
    """
    locked = Scenario.objects.select_for_update().select_related(None).get(pk=scenario.pk)
    here = {project.pk: project for project in proposals(locked.committee)}
    rows = {row.project_id: row for row in locked.lines.all()}
    gone = [row.pk for key, row in rows.items() if key not in here]
    came = {key: project for key, project in here.items() if key not in rows}
    ScenarioLine.objects.filter(pk__in=gone).delete()
    _write_lines(
        locked,
        {key: Try(NOTHING_YET, project.review.proposed_amount) for key, project in came.items()},
        {key: project.review.version for key, project in came.items()},
    )
    kept = [row for key, row in rows.items() if key in here]
    for row in kept:
        row.review_version = here[row.project_id].review.version
    ScenarioLine.objects.bulk_update(kept, ["review_version"])  # not the tree
    locked.version += 1
    locked.saved_by = by
    locked.save()
    return len(came), len(gone)


@transaction.atomic
def delete_scenario(scenario: Scenario) -> None:
    """Delete one that is applied to nothing any more, or never was.

    Raises:
        ValidationError: it is applied: undo it first.
    """
    locked = Scenario.objects.select_for_update().select_related(None).filter(pk=scenario.pk).first()
    if locked is None:
        return
    if locked.applied_at is not None:
        raise ValidationError("Ce scénario est appliqué : il garde ce qu’étaient les propositions. Annulez-le d’abord.")
    locked.delete()
