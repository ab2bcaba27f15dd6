"""The file of a committee, for who sits there: the envelope, what is asked and proposed line by line, the opinions."""

from dataclasses import asdict
from decimal import Decimal

from django.conf import settings
from django.utils import timezone

from cohesion.lib.dates import plain_date, plain_moment
from cohesion.lib.text import NBSP, count_phrase, euros, typographic
from cohesion.lib.typesetting import typeset
from projects.catalogue.models import FundingLine, Project
from projects.choices import FunderKind, FundingState
from projects.instructing.envelope import Envelope, envelope_of, left_after
from projects.instructing.models import Committee
from projects.instructing.sheet import proposals
from projects.papers.lists import with_lines
from projects.papers.writing import HERE, Listed, PaperColumn, first, leads, printed


def committee_file(meeting: Committee) -> bytes:
    """What is before the committee at this moment: never public."""
    before_it = proposals(meeting)
    read = with_lines(before_it).select_related("organization", "review", "declaration__previous")
    projects = list(read.prefetch_related("funding_lines"))
    envelope, now = envelope_of(meeting, before_it), timezone.now()
    day = timezone.localtime(now)
    call = meeting.campaign
    beside = f"Aussi au titre de{NBSP}: {call.beside}" if call and call.beside else ""
    lead = [plain_date(meeting.held_on), call.name if call else "", beside]
    data = {
        "title": f"{meeting.name}, {plain_date(meeting.held_on)}",
        "authority": settings.SITE_AUTHORITY,
        "date": [day.year, day.month, day.day],
        "heading": meeting.name,
        "lead": [line for line in lead if line],
        "footer": ["Document de travail, non public", f"État du {plain_moment(now)}"],
        "envelope": asdict(_envelope(envelope)),
        "sections": [asdict(_files(projects, left_after(envelope, projects))), asdict(_decided(meeting))],
        "opinions": [_opinion(project) for project in projects if project.review.text.strip()],
    }
    return typeset(HERE / "committee.typ", printed(data), now)


def _envelope(envelope: Envelope) -> Listed:
    amounts = [
        ("Enveloppe de l’appel", "sans enveloppe" if envelope.budget is None else euros(envelope.budget)),
        ("Déjà accordé", euros(envelope.granted)),
        ("Reste à accorder", envelope.left_in_words),
        ("Demandé par les dossiers de ce comité", euros(envelope.requested)),
        ("Proposé au comité", euros(envelope.proposed)),
        ("Reste si les propositions sont suivies", envelope.followed_in_words),
    ]
    rows = [amount for amount in amounts if amount[1]]
    return Listed(
        "L’enveloppe",
        [PaperColumn("Ce que dépense ce comité"), PaperColumn("Montant", is_number=True)],
        first(rows),
        len(rows),
    )


def _files(projects: list[Project], left: dict[int, str]) -> Listed:
    rows = [
        [
            project.code,
            f"{project.title}\n{leads(project)}",
            _before(project),
            _amount(project.requested),
            _cofunders(project),
            project.review.get_opinion_display() or "–",
            _amount(project.review.proposed_amount),
            left.get(project.pk, ""),
        ]
        for project in projects
    ]
    columns = [
        PaperColumn("Code", 0),
        PaperColumn("Action et structure", 6),
        PaperColumn("Accordé l’an dernier", is_number=True),
        PaperColumn("Demandé", is_number=True),
        PaperColumn("Autres financeurs", 5),
        PaperColumn("Avis", 2),
        PaperColumn("Proposé", is_number=True),
        PaperColumn("Enveloppe", 3),
    ]
    return Listed(
        "Les dossiers",
        columns if left else columns[:-1],
        first(rows if left else [row[:-1] for row in rows]),
        len(rows),
        note=count_phrase(len(rows), "dossier"),
        nothing="Aucun dossier n’attend la décision de ce comité.",
    )


def _decided(meeting: Committee) -> Listed:
    decisions = meeting.decisions.select_related("project__organization").order_by(
        "project__code_key", "project__code", "at"
    )
    rows = [
        [
            decision.project.code,
            f"{decision.project.title}\n{decision.project.organization.name}",
            decision.get_outcome_display(),
            _amount(decision.amount),
            decision.deliberation,
        ]
        for decision in decisions
    ]
    return Listed(
        "Décidé",
        [
            PaperColumn("Code", 0),
            PaperColumn("Action et structure", 5),
            PaperColumn("Décision", 3),
            PaperColumn("Accordé", is_number=True),
            PaperColumn("Délibération", 3),
        ],
        first(rows),
        len(rows),
        nothing="Rien n’est encore décidé.",
    )


def _amount(amount: Decimal | None) -> str:
    return "–" if amount is None else euros(amount)


def _before(project: Project) -> str:
    """What was granted to the action that this one continues, by what its lead declared."""
    declaration = getattr(project, "declaration", None)
    if declaration is None or declaration.previous is None:
        return "–"
    return _amount(declaration.previous.granted)


def _cofunders(project: Project) -> str:
    lines = [line for line in project.funding_lines.all() if line.kind != FunderKind.AGGLOMERATION]
    return ", ".join(_brought(line) for line in lines) or "–"


def _brought(line: FundingLine) -> str:
    """« CAF : 2 000 € (obtenu) », « Région : 1 500 € (demandé) »."""
    if line.granted is not None:
        return f"{line}{NBSP}: {euros(line.granted)} (accordé)"
    state = FundingState(line.state).label.lower() if line.state else "demandé"
    return f"{line}{NBSP}: {_amount(line.requested)} ({state})"


def _opinion(project: Project) -> tuple[str, list[str]]:
    title = f"{project.code} · {project.title}"
    return title, [typographic(line) for line in project.review.text.splitlines() if line.strip()]
