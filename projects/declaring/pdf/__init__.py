"""What was handed in as a document: a tagged PDF (PDF/UA-1), A4, of one frozen copy."""

from dataclasses import astuple
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from cohesion.lib.dates import plain_date, plain_moment
from cohesion.lib.text import NBSP, typographic
from cohesion.lib.typesetting import typeset
from projects.declaring.budget_sheet import PAGE as BUDGET
from projects.declaring.budget_sheet import BudgetSheet, BudgetSide, sheet_of
from projects.declaring.handing_in import heading_of
from projects.declaring.models import Submission

TEMPLATE = Path(__file__).with_name("request.typ")


def submission_pdf(submission: Submission) -> bytes:
    """Every answer of the copy, page by page, its budget as charges facing produits, and when it was handed in.

    Two calls for the same copy return the same bytes.
    """
    return typeset(TEMPLATE, _data(submission), submission.at)


def _data(submission: Submission) -> dict[str, Any]:
    project, moment = submission.project, timezone.localtime(submission.at)
    declaration = getattr(project, "declaration", None)
    sheet, heading = sheet_of(submission, declaration), _heading(submission)
    pages = []
    for slug, title, lines in submission.shown:
        answers = [{"label": typographic(label), "lines": words.splitlines() or ["—"]} for label, words in lines]
        budget = sheet if slug == BUDGET else None
        pages.append(
            {
                "title": title,
                "answers": answers,
                "pairs": _pairs(budget) if budget else [],
                "years": [list(astuple(line)) for line in budget.years] if budget else [],
            }
        )
    return {
        "title": heading["title"],
        "authority": settings.SITE_AUTHORITY,
        "date": [moment.year, moment.month, moment.day],
        "facts": _facts(submission),
        "footer": f"Demande {heading['code']} · dépôt n°{NBSP}{submission.number} du {plain_date(submission.at)}",
        "digest": submission.digest,
        "pages": pages,
    }


def _heading(submission: Submission) -> dict[str, str]:
    """As it was handed in; as it is now, of what was before that was kept."""
    return heading_of(submission.project) | dict(submission.heading or {})


def _facts(submission: Submission) -> list[str]:
    """What stands under the title, one sentence a line."""
    heading, author = _heading(submission), submission.by.display_name
    lines = [
        f"Demande {heading['code']}, présentée par {heading['organization']}",
        heading["call"],
        f"Déposée le {plain_moment(submission.at)} par {author}, dépôt n°{NBSP}{submission.number}",
    ]
    return [line for line in lines if line]


def _pairs(sheet: BudgetSheet) -> list[list[dict[str, Any]]]:
    return [[_side(left), _side(right)] for left, right in sheet.pairs]


def _side(side: BudgetSide) -> dict[str, Any]:
    lines = [[line.label, line.in_euros, line.share, line.is_asked] for line in side.lines]
    return {"title": side.title, "lines": lines, "total": side.total_in_euros}
