"""Whose turn it is, since when, and what there is to do: how the queue is cut, and what each of its lines says."""

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Case, Count, F, OuterRef, Q, Subquery, Value, When
from django.utils import timezone

from cohesion.lib.dates import french_date
from cohesion.lib.french import percent, shortened
from cohesion.lib.states import holds
from cohesion.lib.text import count_phrase, euros
from projects.catalogue.models import Contribution, Project, TransitionLog
from projects.catalogue.models.project import ProjectQuerySet
from projects.catalogue.workflow import COMMITTEES_TURN, OFFICERS_TURN
from projects.choices import Criterion, Opinion
from projects.choices import ProjectStatus as S
from projects.declaring.models import Campaign, Remark
from projects.declaring.models.campaign import campaign_of
from projects.instructing.models import ReviewNote

LATE_AFTER = 14  # days, for what answers no call
SHOWN_WORDS = 14


@dataclass(frozen=True)
class QueueTurn:
    """One part of the queue: its word in the address, its title, the states of which it is made."""

    name: str
    title: str
    statuses: tuple[S, ...]


TURNS = (
    QueueTurn("agents", "Aux agents de jouer", OFFICERS_TURN),
    QueueTurn("porteur", "En attente du porteur", (S.TO_COMPLETE,)),
    QueueTurn("comite", "Prêts pour le comité", COMMITTEES_TURN),
    QueueTurn("demarrage", "Décidés, à démarrer", (S.RETAINED, S.PARTLY_RETAINED)),
    QueueTurn("cours", "En cours", (S.RUNNING,)),
    QueueTurn("bilans", "Bilans attendus", (S.REPORT_DUE,)),
    QueueTurn("fin", "Terminés", (S.INADMISSIBLE, S.REFUSED, S.CLOSED, S.ABANDONED)),
)
BY_NAME = {turn.name: turn for turn in TURNS}


if TYPE_CHECKING:

    class QueuedProject(Project):
        """A project with what :func:`placed`, :func:`noted` and the queue add to it."""

        turn: int
        since: datetime.datetime | None
        meeting: int | None
        due: datetime.date | None
        noted: int | None
        main_links: list[Contribution]
        open_remarks: list[Remark]


def placed(projects: ProjectQuerySet) -> ProjectQuerySet:
    """Each with ``turn`` (its place among :data:`TURNS`), ``since`` (its last step that stands), and the ``meeting``
    that shall decide, with its day; ``due``: the last day for what its lead is asked to complete."""
    awaited = Remark.objects.filter(project=OuterRef("pk"), closed_at=None, due_on__isnull=False).order_by("due_on")
    return projects.annotate(
        due=Case(When(status=S.TO_COMPLETE, then=Subquery(awaited.values("due_on")[:1]))),
        turn=Case(*(When(status__in=turn.statuses, then=Value(rank)) for rank, turn in enumerate(TURNS))),
        since=TransitionLog.objects.since(),
        meeting=Case(When(status__in=COMMITTEES_TURN, then=F("review__committee"))),
        meets_on=Case(When(status__in=COMMITTEES_TURN, then=F("review__committee__held_on"))),
    )


def noted(projects: ProjectQuerySet) -> ProjectQuerySet:
    """Each with ``noted``, how many criteria have a note, and the place of its main orientation in the framework."""
    notes = ReviewNote.objects.filter(review__project=OuterRef("pk"), note__isnull=False).order_by()
    main = Contribution.objects.in_force().filter(project=OuterRef("pk"), is_main=True)
    return projects.annotate(
        noted=Subquery(notes.values("review").annotate(number=Count("pk")).values("number")[:1]),
        main_tree=Subquery(main.values("orientation__tree_id")[:1]),
        main_place=Subquery(main.values("orientation__lft")[:1]),
    )


def is_late(campaigns: list[Campaign]) -> Q:
    """What has waited for the officers longer than its call allows, and what its lead has not completed in time; asked
    of what :func:`placed` gives."""
    now = timezone.now()
    by_days: dict[int, list[int]] = {}
    for campaign in campaigns:
        by_days.setdefault(campaign.late_after_days, []).append(campaign.pk)
    waited = Q(declaration__campaign=None, since__lt=now - datetime.timedelta(days=LATE_AFTER))
    for days, keys in by_days.items():
        waited |= Q(declaration__campaign__in=keys, since__lt=now - datetime.timedelta(days=days))
    return Q(status__in=OFFICERS_TURN) & waited | Q(due__lt=timezone.localdate())


@dataclass(frozen=True)
class QueueLine:
    """A project in the queue: since when it is there, whether that is long, what is to be done."""

    project: "QueuedProject"
    since: str
    pace: str  # « late », « soon » or nothing
    todo: str
    detail: str

    is_late = holds("pace", "late")

    @classmethod
    def of(cls, project: "QueuedProject", today: datetime.date) -> "QueueLine":
        days = None if project.since is None else (today - timezone.localtime(project.since).date()).days
        return cls(project, _since(days), _pace(project, days, today), *_todo(project, today))

    @property
    def main(self) -> Contribution | None:
        return self.project.main_links[0] if self.project.main_links else None

    @property
    def share(self) -> str:
        """What part of the cost is asked of the agglomération."""
        requested, cost = self.project.requested, self.project.total_cost
        return f"{percent(requested, cost)} du coût" if requested is not None and cost else ""


def _since(days: int | None) -> str:
    if days is None:
        return ""
    return {0: "aujourd’hui", 1: "hier"}.get(days) or count_phrase(days, "jour")


def _pace(project: "QueuedProject", days: int | None, today: datetime.date) -> str:
    """Late is what waits for the officers too long, and what was to be completed before today; soon, what nears it,
    and a lead who keeps one waiting as long."""
    if project.due is not None and project.due < today:
        return "late"
    campaign = campaign_of(project)
    limit = campaign.late_after_days if campaign else LATE_AFTER
    if days is None or project.status not in (*OFFICERS_TURN, S.TO_COMPLETE):
        return ""
    if project.status == S.TO_COMPLETE:
        return "soon" if days > limit else ""
    if days > limit:
        return "late"
    return "soon" if 2 * days > limit else ""


def _todo(project: "QueuedProject", today: datetime.date) -> tuple[str, str]:
    """What is to be done, and what one should know of it."""
    plain = {
        S.SUBMITTED: "Vérifier la recevabilité",
        S.ADMISSIBLE: "Commencer l’instruction",
        S.RETAINED: "Constater le démarrage",
        S.PARTLY_RETAINED: "Constater le démarrage",
        S.REPORT_RECEIVED: "Contrôler le bilan",
    }
    status = S(project.status)
    if status == S.TO_COMPLETE:
        return "", " ".join(filter(None, (_deadline(project, today), _first_request(project))))
    if status == S.IN_REVIEW:
        return _unfinished(project)
    if status in COMMITTEES_TURN:
        return "Saisir la décision", _proposal(project)
    if status in (S.RUNNING, S.REPORT_DUE):
        campaign = campaign_of(project)
        due = f"bilan attendu le {french_date(campaign.report_due_on)}" if campaign else ""
        return "Demander le bilan" if status == S.RUNNING else "", due
    return plain.get(status, ""), ""


def _deadline(project: "QueuedProject", today: datetime.date) -> str:
    if project.due is None:
        return ""
    late = ", en retard" if project.due < today else ""
    return f"Attendu le {french_date(project.due)}{late}."


def _first_request(project: "QueuedProject") -> str:
    remarks = project.open_remarks
    if not remarks:
        return ""
    others = f" (et {count_phrase(len(remarks) - 1, 'autre demande', 'autres demandes')})" if len(remarks) > 1 else ""
    return f"{shortened(remarks[0].text, SHOWN_WORDS)}{others}"


def _unfinished(project: "QueuedProject") -> tuple[str, str]:
    review = getattr(project, "review", None)
    number = project.noted or 0
    if number == len(Criterion) and review and review.opinion and review.committee_id:
        return "Proposer au comité", ""
    return "Finir l’avis", f"grille {number} sur {len(Criterion)}"


def _proposal(project: "QueuedProject") -> str:
    review = getattr(project, "review", None)
    if review is None:
        return ""
    words = [f"avis {Opinion(review.opinion).label.lower()}"] if review.opinion else []
    words += [f"{euros(review.proposed_amount)} proposés"] if review.proposed_amount is not None else []
    return ", ".join(words)


def title(turn: QueueTurn, project: Project, *, is_mine: bool) -> str:
    """What a part of the queue is called: to whoever reads their own files, it is theirs to act."""
    if turn.name == "agents" and is_mine:
        return "À vous de jouer"
    review = getattr(project, "review", None)
    if turn.name == "comite" and review is not None and review.committee is not None:
        return f"Prêts pour le comité du {french_date(review.committee.held_on)}"
    return turn.title
