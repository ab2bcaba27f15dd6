"""A report that was handed in, as the compte rendu financier asks (arrêté of 11 October 2006): a tagged PDF, A4."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from cohesion.lib.dates import plain_date, plain_moment
from cohesion.lib.french import percent
from cohesion.lib.text import NBSP, euros, typographic
from cohesion.lib.typesetting import typeset
from projects.catalogue import budget
from projects.declaring.pages.budget import ZERO
from projects.reporting.form import ReportForm
from projects.reporting.models import Report

TEMPLATE = Path(__file__).with_name("report.typ")
_MONEY_SIDES = {"Charges": budget.EXPENSES, "Produits": budget.INCOME}
_IN_KIND = {
    "Emplois des contributions volontaires en nature": (budget.VOLUNTARY_USES,),
    "Contributions volontaires en nature": (budget.VOLUNTARY_SOURCES,),
}
REPRESENTATIVE = "Représentant légal"
QUALITATIVE = ("done", "objectives_met", "objectives_why", "gaps_explained", "what_next", "what_next_why")


def report_pdf(report: Report) -> bytes:
    """What was handed in, to the letter; two calls for the same report return the same bytes."""
    assert report.handed_at is not None
    moment = timezone.localtime(report.handed_at)
    data = {
        "authority": settings.SITE_AUTHORITY,
        "date": [moment.year, moment.month, moment.day],
        **(report.frozen or frozen(report)),
        "signed": _signed(report),
    }
    return typeset(TEMPLATE, data, report.handed_at)


def frozen(report: Report) -> dict[str, Any]:
    """What its paper says, as all of it is now: what handing it in keeps. Who handed it in is told by its row."""
    project, form = report.project, ReportForm(report, report.answers)
    return {
        "title": f"Compte rendu financier {report.year}",
        "action": project.title,
        "facts": _facts(report),
        "footer": f"Bilan {report.year} de {project.code}, remis le {plain_date(report.handed_at)}",
        "organization": project.organization.name,
        "answers": _answers(form),
        "people": [entry for entry in _people(form) if entry["lines"]],
        "indicators": _indicators(form),
        "sides": _sides(form, _MONEY_SIDES),
        "in_kind": [side for side in _sides(form, _IN_KIND) if side["lines"]],
    }


def _facts(report: Report) -> list[dict[str, Any]]:
    """Who, for what, when and where."""
    project, organization = report.project, report.project.organization
    places = ", ".join(place.territory.dated_name for place in project.places.select_related("territory"))
    grant = getattr(project, "grant", None)
    known = {
        "Structure": organization.name,
        "SIRET": organization.siret,
        "Adresse": organization.address,
        REPRESENTATIVE: organization.representative,
        "Action": f"{project.code}, {project.title}",
        "Convention": grant.agreement.number if grant is not None and grant.agreement is not None else "",
        "Subvention accordée": "" if project.granted is None else euros(project.granted),
        "Dates de réalisation": _dates(report),
        "Lieux de réalisation": places,
    }
    return [_entry(label, words) for label, words in known.items() if words]


def _dates(report: Report) -> str:
    first, last = report.project.starts_on, report.project.ends_on
    if first is None:
        return ""
    return f"du {plain_date(first)} au {plain_date(last)}" if last is not None else f"depuis le {plain_date(first)}"


def _entry(label: str, words: str) -> dict[str, Any]:
    return {"label": typographic(label), "lines": [typographic(line) for line in words.splitlines() if line.strip()]}


def _answers(form: ReportForm) -> list[dict[str, Any]]:
    answers = [(str(form.fields[name].label), form.in_words(name)) for name in QUALITATIVE]
    return [_entry(label, words) for label, words in answers if words]


def _people(form: ReportForm) -> list[dict[str, Any]]:
    names = ("people", *form.counts()) if "people" not in form.counts() else tuple(form.counts())
    return [_entry(str(form.fields[name].label), form.in_words(name)) for name in names if name in form.fields]


def _indicators(form: ReportForm) -> list[list[str]]:
    """Each indicator: what was aimed at, what it came to, what its lead says of it."""
    return [
        [
            typographic(indicator.name),
            _measure(indicator.target, indicator.unit),
            form.in_words(f"actual-{indicator.pk}") or "–",
            typographic(form.in_words(f"comment-{indicator.pk}")),
        ]
        for indicator in form.indicators
    ]


def _measure(value: Decimal | None, unit: str) -> str:
    return "–" if value is None else f"{value.normalize():f}".replace(".", ",") + f"{NBSP}{unit}".rstrip()


def _sides(form: ReportForm, sides: Mapping[str, Iterable[budget.BudgetAccount]]) -> list[dict[str, Any]]:
    """Each side of the table: what was planned, what it came to, the gap in euros and in per cent."""
    made = []
    for title, accounts in sides.items():
        entries = [(entry.account, entry.label) for account in accounts for entry in account.entries]
        if accounts is budget.INCOME:
            entries.append((budget.GRANTS, "Subventions d’exploitation"))
        sums = [(key, label, form.planned.get(key, ZERO), form.answer(f"a-{key}") or ZERO) for key, label in entries]
        kept = [line for line in sums if line[2] or line[3]]
        total = (sum((line[2] for line in kept), ZERO), sum((line[3] for line in kept), ZERO))
        lines = [
            [_named(key, label), *_compared(planned, actual)] for key, label, planned, actual in sorted(kept, key=_by)
        ]
        made.append({"title": title, "lines": lines, "total": _compared(*total)})
    return made


def _by(line: tuple[str, str, Decimal, Decimal]) -> tuple[bool, str]:
    """Accounts by their numbers, what has none at the end."""
    return not line[0].isdecimal(), line[0] if line[0].isdecimal() else ""


def _named(account: str, label: str) -> str:
    return typographic(f"{account} {label}" if account.isdecimal() else label)


def _compared(planned: Decimal, actual: Decimal) -> list[str]:
    gap = actual - planned
    sign = {True: "+", False: "−"}[gap > 0]
    share = f"{sign}{NBSP}{percent(abs(gap), planned)}" if planned and gap else "–"
    return [euros(planned), euros(actual), f"{sign}{NBSP}{euros(abs(gap))}" if gap else euros(ZERO), share]


def _signed(report: Report) -> list[str]:
    by = report.handed_by
    author = f" par {by.display_name}" if by is not None else ""
    organization = (report.frozen or {}).get("organization") or report.project.organization.name
    lines = [f"Remis en ligne le {plain_moment(report.handed_at)}{author}, pour {organization}."]
    if report.checked_at is not None:
        lines.append(f"Vérifié par la collectivité le {plain_date(report.checked_at)}.")
    return lines
