"""What became of the wording, the code and the place of an orientation since its framework is public."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from axes.choices import FrameworkStatus
from axes.levels import Level
from axes.models import Framework, Orientation
from cohesion.lib.text import NARROW_NBSP, typographic


@dataclass(frozen=True)
class WordingChange:
    """One line of the history: its day, what changed in one sentence, and the wording that stood before."""

    on: datetime.date
    sentence: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class FormerBearer:
    """Another orientation that bore the code, and the day when it lost it."""

    orientation: Orientation | None
    until: datetime.date


@dataclass
class Past:
    """The recorded states of an orientation, and of those that bore its code, in order of time."""

    public_since: datetime.datetime | None
    own: list[Any] = field(default_factory=list)
    others: dict[int, list[Any]] = field(default_factory=dict)

    @property
    def parents(self) -> set[int]:
        """The keys of all that it has stood under."""
        return {state.parent_id for state in self.own if state.parent_id}


def read_past(orientation: Orientation) -> Past:
    """The past of an orientation, in two queries."""
    past = Past(public_since(orientation.framework))
    history = Orientation.history.model.objects
    bearers = history.filter(framework_id=orientation.framework_id, code=orientation.code).values("id")
    states = history.filter(Q(id=orientation.pk) | Q(id__in=bearers), framework_id=orientation.framework_id)
    for state in states.order_by("history_date", "history_id"):
        (past.own if state.id == orientation.pk else past.others.setdefault(state.id, [])).append(state)
    return past


def public_since(framework: Framework) -> datetime.datetime | None:
    """The moment when anybody could first read this version; what was tried before it is nobody's business."""
    states = framework.history.exclude(status=FrameworkStatus.DRAFT).order_by("history_date")
    return states.values_list("history_date", flat=True).first()


def changes(orientation: Orientation, past: Past, codes: dict[int, str]) -> list[WordingChange]:
    """The history to show, the newest first. ``codes`` gives the present codes of past parents, by key."""
    states = [state for state in past.own if state.history_type != "-"]
    if not states:
        return []
    since = past.public_since or states[0].history_date
    differences = [_beginning(orientation.framework, states[0], since)]
    for before, after in pairwise(states):
        if after.history_date > since:
            differences.extend(_differences(before, after, codes))
    return differences[::-1]


def former_bearers(past: Past, code: str, living: dict[int, Orientation]) -> list[FormerBearer]:
    """The orientations that bore ``code`` in public before the present one took it."""
    bearers = []
    for pk, states in past.others.items():
        last = max(place for place, state in enumerate(states) if state.code == code)
        following = states[last + 1] if last + 1 < len(states) else None
        lost = following.history_date if following else states[last].history_date
        if past.public_since and lost > past.public_since:
            bearers.append(FormerBearer(living.get(pk), _day(lost)))
    return sorted(bearers, key=lambda bearer: bearer.until)


def present_bearer(framework: Framework, code: str) -> Orientation | None:
    """The orientation that last bore ``code``, in public, if it still exists under another one."""
    since = public_since(framework)
    states = Orientation.history.model.objects.filter(framework_id=framework.pk, code__iexact=code)
    for pk, left in _last_seen(states.order_by("-history_date", "-history_id")):
        orientation = framework.orientations.filter(pk=pk).first()
        if orientation is not None and _was_public(orientation, left, since):
            return orientation
    return None


def _last_seen(states: QuerySet[Any]) -> Iterable[tuple[int, Any]]:
    seen: set[int] = set()
    for state in states[:50]:
        if state.id not in seen:
            seen.add(state.id)
            yield state.id, state


def _was_public(orientation: Orientation, last: Any, since: datetime.datetime | None) -> bool:
    following = orientation.history.filter(history_date__gt=last.history_date).order_by("history_date").first()
    return since is not None and following is not None and following.history_date > since


def _beginning(framework: Framework, first: Any, since: datetime.datetime) -> WordingChange:
    if _day(first.history_date) > _day(since):
        return WordingChange(_day(first.history_date), "Ajoutée au cadre.")
    if framework.adopted_on:
        by = f", délibération {framework.deliberation}" if framework.deliberation else ""
        return WordingChange(framework.adopted_on, f"Adoptée avec le cadre{by}.")
    return WordingChange(_day(since), "Publiée ici avec le cadre.")


def _differences(before: Any, after: Any, codes: dict[int, str]) -> Iterable[WordingChange]:
    on = _day(after.history_date)
    if before.code != after.code:
        yield WordingChange(on, f"Code {before.code} remplacé par {after.code}.")
    if before.level != after.level:
        yield WordingChange(on, f"Niveau : {Level(before.level).word} devient {Level(after.level).word}.")
    if before.parent_id != after.parent_id:
        yield WordingChange(on, _move(before.parent_id, after.parent_id, codes))
    if (before.label, before.title) != (after.label, after.title):
        old, new = (f"{state.label} {state.title}".strip() for state in (before, after))
        yield WordingChange(on, "Texte adopté modifié.", old, new)
    elif _shown(before) != _shown(after):
        sentence = f"Forme affichée corrigée{NARROW_NBSP}; le texte adopté ne change pas."
        yield WordingChange(on, sentence, _shown(before), _shown(after))


def _shown(state: Any) -> str:
    return typographic(state.corrected_title or state.title)


def _move(before: int | None, after: int | None, codes: dict[int, str]) -> str:
    gone = "une orientation supprimée depuis"
    source = codes.get(before or 0, gone)
    target = codes.get(after or 0, gone)
    return f"Déplacée de {source} vers {target}."


def _day(moment: datetime.datetime) -> datetime.date:
    return timezone.localtime(moment).date()
