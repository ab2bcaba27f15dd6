"""Which models there are to choose from, and which projects of a committee have yet to get which paper."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.text import slugify

from cohesion.lib.people import Person
from cohesion.lib.text import NBSP, whole_number
from projects.catalogue.models import Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.choices import PaperKind, ProjectStatus
from projects.correspondence.drafting import PaperSource, source_of
from projects.correspondence.facts import PaperField
from projects.correspondence.models import Paper, PaperModel
from projects.instructing.deciding import GRANTING
from projects.instructing.models import Committee, Decision

SHIPPED_NAME = "Modèle fourni avec le site"


def model_choices(kinds: Iterable[str] = PaperKind.values) -> list[tuple[str, str]]:
    """By what stands for each in a form or an address: first those of the officers, then the one of the site."""
    own: dict[str, list[tuple[str, str]]] = {kind: [] for kind in kinds}
    for model in PaperModel.objects.filter(is_active=True, kind__in=own).order_by("name"):
        own[model.kind].append((f"{model.kind}-{model.pk}", model.name))
    return [
        (key, f"{PaperKind(kind).label}{NBSP}: {name}")
        for kind, models in own.items()
        for key, name in (*models, (kind, SHIPPED_NAME))
    ]


def chosen_source(key: str) -> PaperSource | None:
    """What was chosen; None where there is no such model, or no more."""
    kind, _, number = key.partition("-")
    if kind not in PaperKind.values:
        return None
    if not number:
        return source_of(kind, None)
    pk = whole_number(number)
    model = PaperModel.objects.filter(pk=pk, kind=kind).first() if pk is not None else None
    return source_of(kind, model) if model is not None else None


def asked_fields(sources: Iterable[PaperSource]) -> list[tuple[str, PaperField]]:
    """What is typed for papers of these models: by the name of its field in a form, each once."""
    fields = {each.key: each for source in sources for each in source.typed_fields}
    return [(f"champ-{slugify(key)}", each) for key, each in fields.items()]


def usual_facts(by: Person, keys: Iterable[str]) -> dict[str, Any]:
    """What somebody typed for the last papers that they made: one signs most of them alike."""
    usual: dict[str, Any] = {}
    for facts in Paper.objects.filter(by=by).order_by("-pk").values_list("facts", flat=True)[:20]:
        usual = {**facts, **usual}
    return {key: usual[key] for key in keys if isinstance(usual.get(key), str)}


# --- a whole committee ------------------------------------------------------------------------------------------

_last = Decision.objects.filter(project=OuterRef("pk")).order_by("-at", "-pk")


def _with_last() -> Any:
    """Projects with what was decided of them last: its key, its outcome, and by which committee."""
    return Project.objects.annotate(
        last_decision=Subquery(_last.values("pk")[:1]),
        last_outcome=Subquery(_last.values("outcome")[:1]),
        last_committee=Subquery(_last.values("committee")[:1]),
    )


def _decided(*outcomes: str) -> Callable[[Committee], ProjectQuerySet]:
    return lambda meeting: _with_last().filter(last_committee=meeting.pk, last_outcome__in=outcomes)


def _agreed(meeting: Committee) -> ProjectQuerySet:
    return _decided(*GRANTING)(meeting).filter(grant__agreement__isnull=False)


def _before(meeting: Committee) -> ProjectQuerySet:
    open_states = (ProjectStatus.PROPOSED, ProjectStatus.ADJOURNED)
    return _with_last().filter(review__committee=meeting, status__in=open_states)


TOGETHER: dict[PaperKind, Callable[[Committee], ProjectQuerySet]] = {
    PaperKind.SUMMONS: _before,
    PaperKind.NOTIFICATION: _decided(*GRANTING),
    PaperKind.REFUSAL: _decided(ProjectStatus.REFUSED),
    PaperKind.CONVENTION: _agreed,
}


def without_paper(meeting: Committee, kind: PaperKind) -> ProjectQuerySet:
    """The projects of a committee that have no such paper yet, of their last decision."""
    same = Q(decision=OuterRef("last_decision")) | Q(decision=None)
    standing = Paper.objects.standing().filter(same, project=OuterRef("pk"), kind=kind)
    return TOGETHER[kind](meeting).exclude(Exists(standing)).order_by(F("code_key"), "code")
