"""The pieces that a call expects: which are there, and what becomes of a request or of a report without them."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from projects.catalogue.models import Project
from projects.choices import PieceMoment, PieceRule
from projects.declaring.models import Attachment, Campaign, ExpectedPiece

WHY = "pourquoi-"  # how the field that asks for a reason begins


@dataclass(frozen=True)
class Piece:
    """An expected piece, and whether it is there."""

    kind: str
    label: str
    refuses: bool
    is_there: bool

    @property
    def field(self) -> str:
        """The name of the answer that says why it is missing."""
        return f"{WHY}{self.kind}"

    @property
    def asks_why(self) -> bool:
        return not self.is_there and not self.refuses

    @property
    def stops(self) -> bool:
        return not self.is_there and self.refuses

    @property
    def rule(self) -> str:
        """What is said of it while it is missing."""
        if self.is_there:
            return ""
        return "Rien n’est reçu sans elle." if self.refuses else "Joignez-la, ou dites pourquoi elle manque."

    @property
    def sentence(self) -> str:
        """What asks for it when the whole is handed in."""
        if self.refuses:
            return f"Joignez « {self.label} » : l’appel ne reçoit rien sans cette pièce."
        return f"Joignez « {self.label} », que l’appel demande, ou dites pourquoi cette pièce manque."


def of_request(campaign: Campaign | None, present: Collection[str]) -> list[Piece]:
    """What its call expects with a request; ``present`` are the kinds of file that are there."""
    return [_piece(piece, present) for piece in _expected(campaign, PieceMoment.REQUEST)]


def of_report(project: Project, campaign: Campaign | None, year: int) -> list[Piece]:
    """What its call expects with the report of a year: what came before the request was handed in is of another."""
    expected = _expected(campaign, PieceMoment.REPORT)
    if not expected:
        return []
    files = Attachment.objects.of_report(project).filter(at__date__gte=datetime.date(year, 1, 1))
    present = set(files.values_list("kind", flat=True))
    return [_piece(piece, present) for piece in expected]


def with_reasons(pieces: list[Piece], answers: dict[str, Any]) -> list[tuple[Piece, str]]:
    """Each expected piece, with what was answered of its absence, as an officer reads it."""
    return [(piece, "" if piece.is_there else str(answers.get(piece.field, "")).strip()) for piece in pieces]


def _expected(campaign: Campaign | None, moment: str) -> list[ExpectedPiece]:
    return list(campaign.expected_pieces.filter(moment=moment)) if campaign is not None else []


def _piece(expected: ExpectedPiece, present: Collection[str]) -> Piece:
    label = str(expected.get_kind_display())
    return Piece(expected.kind, label, expected.rule == PieceRule.REFUSE, expected.kind in present)
