"""The kinds of papers: one entry a kind, and a shipped model of the same name in ``shipped/``.

To add one: a value of ``PaperKind`` (``projects/choices.py``), an entry here, a file there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from projects.choices import PaperKind, ProjectStatus
from projects.correspondence import facts
from projects.correspondence.case import Case
from projects.correspondence.facts import PaperField
from projects.instructing.deciding import GRANTING

SHIPPED = Path(__file__).parent / "shipped"


@dataclass(frozen=True)
class KindOfPaper:
    """A kind: what its numbers begin with, its fields, why a case has none, whether it is a letter (with an address)
    or an act between parties, and what the message that carries it says."""

    kind: PaperKind
    prefix: str
    fields: tuple[PaperField, ...]
    refusal: Callable[[Case], str]
    told: str
    is_letter: bool = True

    @property
    def keys(self) -> dict[str, PaperField]:
        return {each.key: each for each in self.fields}

    @property
    def names(self) -> list[str]:
        return [each.name for each in self.fields]


def _granted(case: Case) -> str:
    is_granted = case.decision is not None and case.decision.outcome in GRANTING
    return "" if is_granted else "sa dernière décision n’accorde rien : une notification dit ce qui est accordé"


def _refused(case: Case) -> str:
    is_refused = case.decision is not None and case.decision.outcome == ProjectStatus.REFUSED
    return "" if is_refused else "sa dernière décision n’est pas un refus"


def _agreed(case: Case) -> str:
    return "" if case.agreement is not None else "il n’a pas de convention : créez-la d’abord dans sa subvention"


def _amended(case: Case) -> str:
    return "" if case.amendment is not None else "sa convention n’a pas d’avenant : saisissez-le d’abord"


def _asked(case: Case) -> str:
    return ""


def _before_committee(case: Case) -> str:
    return "" if case.committee is not None else "il n’est proposé à aucun comité"


KINDS = {
    entry.kind: entry
    for entry in (
        KindOfPaper(
            PaperKind.NOTIFICATION,
            "NOT",
            (*facts.SUBJECT, *facts.DECISION, *facts.COMMITTEE),
            _granted,
            "La décision prise pour votre action vous est notifiée par la lettre jointe.",
        ),
        KindOfPaper(
            PaperKind.REFUSAL,
            "REF",
            (*facts.SUBJECT, *facts.DECISION, *facts.COMMITTEE),
            _refused,
            "La décision prise pour votre action vous est notifiée par la lettre jointe.",
        ),
        KindOfPaper(
            PaperKind.CONVENTION,
            "CONV",
            (*facts.SUBJECT, *facts.DECISION, *facts.AGREEMENT),
            _agreed,
            "La convention de votre action est jointe : relisez-la, puis renvoyez-la signée.",
            is_letter=False,
        ),
        KindOfPaper(
            PaperKind.AMENDMENT,
            "AVE",
            (*facts.SUBJECT, *facts.DECISION, *facts.AGREEMENT, *facts.AMENDMENT),
            _amended,
            "Un avenant à votre convention est joint : relisez-le, puis renvoyez-le signé.",
            is_letter=False,
        ),
        KindOfPaper(
            PaperKind.REQUEST,
            "DEM",
            (*facts.SUBJECT, *facts.REQUEST),
            _asked,
            "La lettre jointe dit ce qui manque à votre dossier, et quand il est attendu.",
        ),
        KindOfPaper(
            PaperKind.SUMMONS,
            "COM",
            (*facts.SUBJECT, *facts.COMMITTEE, *facts.SUMMONS),
            _before_committee,
            "Vous êtes invité à présenter votre action au comité : la lettre jointe dit quand et où.",
        ),
    )
}


@dataclass(frozen=True)
class ShippedModel:
    """A model that comes with the site."""

    title: str
    body: str


@cache
def shipped(kind: str) -> ShippedModel:
    """The model of a kind that comes with the site: its first line is its title."""
    title, _, body = (SHIPPED / f"{kind}.md").read_text(encoding="utf-8").partition("\n")
    return ShippedModel(title.removeprefix("# ").strip(), body.strip())
