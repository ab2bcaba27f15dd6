"""A scenario becomes what is proposed to the committee, all of it or none; and is undone. The committee still decides.

Only the amounts that are proposed are written: the opinion is what an officer thinks of a file, with its reasons, and
no arithmetic changes it. A refusal proposes nothing (0 €), an adjournment says no amount.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cohesion.audit import AuditKind, record
from cohesion.lib.people import Person
from cohesion.lib.text import count_phrase
from projects.catalogue.models import Project
from projects.catalogue.workflow import COMMITTEES_TURN
from projects.choices import ProjectStatus
from projects.instructing.models import Committee, Review
from projects.instructing.sheet import proposals
from projects.programming.models import Scenario, ScenarioLine
from projects.programming.scenarios import wrong_lines
from projects.programming.starts import NOTHING_YET, Try

UP_TO_DATE = "Mettez le scénario à jour, relisez, puis appliquez."


class ScenarioNotApplied(ValidationError):
    """Nothing was written; ``sentences`` say why, file by file."""

    def __init__(self, sentences: list[str]) -> None:
        self.sentences = sentences
        number = count_phrase(len(sentences), "point", "points")
        super().__init__(f"Rien n’est appliqué : {number} à voir d’abord.", code="not_applied")


@dataclass(frozen=True)
class ProposalChange:
    """What a scenario would change of a proposal."""

    project: Project
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True)
class ApplicationPlan:
    """What applying would do: ``changes``; ``silent``: files of which the scenario says nothing, left as they are;
    ``sentences``: why it may not be done."""

    changes: list[ProposalChange]
    unchanged: int
    silent: int
    sentences: list[str]


def proposed_by(line: Try) -> Decimal | None:
    """The amount that a line proposes."""
    if line.outcome == ProjectStatus.REFUSED:
        return Decimal(0)
    return line.granted


def application_plan(scenario: Scenario, *, is_locked: bool = False) -> ApplicationPlan:
    """What applying would write now, and what stands against it, in a constant number of queries."""
    lines = list(scenario.lines.select_related("project").order_by("project__code_key", "project__code"))
    reviews = Review.objects.filter(project__in=[line.project_id for line in lines]).select_related("saved_by")
    if is_locked:
        reviews = reviews.select_for_update(of=("self",)).order_by("project")
    by_project = {review.project_id: review for review in reviews}
    here = set(proposals(scenario.committee).order_by().values_list("pk", flat=True))
    known = {line.project_id for line in lines}
    sentences = [_new_sentence(project) for project in Project.objects.filter(pk__in=here - known).order_by("code_key")]
    changes, silent = [], 0
    for line in lines:
        review = by_project.get(line.project_id)
        if sentence := _moved_sentence(line, review, here):
            sentences.append(sentence)
        elif line.outcome == NOTHING_YET:
            silent += 1
        elif review is not None:
            after = proposed_by(Try(line.outcome, line.amount))
            changes.append(ProposalChange(line.project, review.proposed_amount, after))
    wrong = wrong_lines({line.project_id: Try(line.outcome, line.amount) for line in lines if line.project_id in here})
    sentences += [
        f"{line.project.code} : {wrong[line.project_id]['amount'][0]}" for line in lines if line.project_id in wrong
    ]
    differing = [change for change in changes if change.before != change.after]
    return ApplicationPlan(differing, len(changes) - len(differing), silent, sentences)


def _new_sentence(project: Project) -> str:
    return f"{project.code} est arrivé devant le comité depuis, et ce scénario n’en dit rien. {UP_TO_DATE}"


def _moved_sentence(line: ScenarioLine, review: Review | None, here: set[int]) -> str:
    """Why a line is no longer what it was copied from; nothing where it is."""
    project = line.project
    if line.project_id not in here or review is None:
        where = project.get_status_display()
        return f"{project.code} n’est plus devant ce comité : il est « {where} ». {UP_TO_DATE}"
    if review.version != line.review_version:
        return f"{project.code} : {review.author} a changé la proposition depuis. {UP_TO_DATE}"
    return ""


@transaction.atomic
def apply_scenario(scenario: Scenario, *, seen: str, by: Person) -> int:
    """Write the amounts of a scenario as what is proposed; says how many changed.

    Raises:
        ScenarioNotApplied: a file moved, its proposal was changed, or the scenario was, since they were read.
    """
    Committee.objects.select_for_update().get(pk=scenario.committee_id)  # two scenarios of one meeting, at once
    locked = Scenario.objects.select_for_update().select_related(None).filter(pk=scenario.pk).first()
    if locked is None:
        raise ScenarioNotApplied(["Ce scénario a été supprimé entre-temps."])
    if locked.applied_at is not None:
        raise ScenarioNotApplied(["Ce scénario est déjà appliqué."])
    if str(locked.version) != seen:
        raise ScenarioNotApplied(
            [f"{locked.author} a enregistré ce scénario depuis : relisez ce qu’il propose, ci-dessous."]
        )
    keys = locked.lines.order_by().values("project")
    list(Project.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    plan = application_plan(locked, is_locked=True)
    if plan.sentences:
        raise ScenarioNotApplied(plan.sentences)
    other = Scenario.objects.filter(committee=locked.committee_id, applied_at__isnull=False).first()
    if other is not None:
        raise ScenarioNotApplied([f"« {other.name} » est déjà appliqué à ce comité : annulez-le d’abord."])
    written = _write({change.project.pk: change.after for change in plan.changes}, by)
    locked.former = {
        str(change.project.pk): [_text(change.before), written[change.project.pk]] for change in plan.changes
    }
    _note_versions(locked, written)
    locked.applied_at, locked.applied_by = timezone.now(), by
    locked.version += 1
    locked.save()
    _record(locked, plan.changes, by)
    return len(plan.changes)


@transaction.atomic
def undo_scenario(scenario: Scenario, *, by: Person) -> int:
    """Put back what was proposed before a scenario was applied, all of it or none; says how many came back.

    Raises:
        ScenarioNotApplied: it is not applied, a file was decided, or its proposal was changed, since.
    """
    locked = Scenario.objects.select_for_update().select_related(None).filter(pk=scenario.pk).first()
    if locked is None or locked.applied_at is None:
        raise ScenarioNotApplied(["Ce scénario n’est pas appliqué : il n’y a rien à annuler."])
    former = {int(key): (_amount(text), version) for key, (text, version) in locked.former.items()}
    projects = list(Project.objects.select_for_update().filter(pk__in=former).order_by("pk"))
    reviews = {
        review.project_id: review
        for review in Review.objects.filter(project__in=former).select_for_update().order_by("project")
    }
    sentences = [f"Un dossier a été supprimé depuis ({len(former) - len(projects)})."] * (len(projects) < len(former))
    for project in projects:
        if project.status not in COMMITTEES_TURN:
            sentences.append(f"{project.code} est « {project.get_status_display()} » : il n’attend plus de décision.")
        elif reviews[project.pk].version != former[project.pk][1]:
            sentences.append(f"{project.code} : {reviews[project.pk].author} a changé la proposition depuis.")
    if sentences:
        raise ScenarioNotApplied(sentences)
    changes = [
        ProposalChange(project, reviews[project.pk].proposed_amount, former[project.pk][0]) for project in projects
    ]
    _note_versions(locked, _write({key: amount for key, (amount, _) in former.items()}, by))
    locked.former, locked.applied_at, locked.applied_by = {}, None, None
    locked.version += 1
    locked.save()
    _record(locked, changes, by)
    return len(changes)


def _write(amounts: dict[int, Decimal | None], by: Person) -> dict[int, int]:
    """Write the amounts that are proposed, by key of the project, under the locks; the version of each from now on."""
    reviews = list(Review.objects.filter(project__in=amounts))
    for review in reviews:
        review.proposed_amount = amounts[review.project_id]
        review.saved_by, review.saved_at = by, timezone.now()
        review.version += 1
    Review.objects.bulk_update(reviews, ["proposed_amount", "saved_by", "saved_at", "version"])  # not the tree
    return {review.project_id: review.version for review in reviews}


def _note_versions(scenario: Scenario, versions: dict[int, int]) -> None:
    """What a scenario wrote itself does not count as changed by somebody else, in it."""
    rows = list(scenario.lines.filter(project__in=versions))
    for row in rows:
        row.review_version = versions[row.project_id]
    ScenarioLine.objects.bulk_update(rows, ["review_version"])  # not the tree


def _record(scenario: Scenario, changes: list[ProposalChange], by: Person) -> None:
    before = {change.project.code: _text(change.before) for change in changes}
    after = {change.project.code: _text(change.after) for change in changes}
    record(AuditKind.TRANSITION, on=scenario, by=by, before=before, after=after)


def _text(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:.2f}"


def _amount(text: Any) -> Decimal | None:
    return Decimal(text) if text else None
