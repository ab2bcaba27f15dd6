"""What a scenario begins from: what is proposed, asked, was granted last year, or fits the envelope."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from django.core.exceptions import ValidationError

from cohesion.lib.text import euros
from projects.catalogue.models import Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.catalogue.workflow import GRANTED
from projects.choices import Opinion, ProjectStatus
from projects.figures.money import in_cents, in_euros
from projects.figures.sharing import proportional_parts
from projects.instructing.deciding import GRANTING

NOTHING_YET = ""


class Try(NamedTuple):
    """What a scenario says of a file: an outcome of a decision (``""``: nothing yet), and an amount in euros, which
    counts only where the outcome grants something."""

    outcome: str
    amount: Decimal | None

    @property
    def granted(self) -> Decimal | None:
        """What it would be granted; None where the outcome grants nothing."""
        return (self.amount or Decimal(0)) if self.outcome in GRANTING else None


Tries = dict[int, Try]  # by key of the project


def granting(project: Project, amount: Decimal | None) -> Try:
    """To grant this amount, whole or in part: never more than is asked."""
    requested = project.requested
    if amount is None:
        return Try(NOTHING_YET, None)
    if requested is not None and amount >= requested:
        return Try(ProjectStatus.RETAINED, requested)
    return Try(ProjectStatus.PARTLY_RETAINED if requested is not None else ProjectStatus.RETAINED, amount)


def as_proposed(files: ProjectQuerySet, left: Decimal | None) -> Tries:
    """What the instruction proposes: an unfavourable opinion is a refusal."""
    tries: Tries = {}
    for project in files:
        review = getattr(project, "review", None)
        if review is not None and review.opinion == Opinion.UNFAVOURABLE:
            tries[project.pk] = Try(ProjectStatus.REFUSED, None)
        else:
            tries[project.pk] = granting(project, review.proposed_amount if review else None)
    return tries


def as_requested(files: ProjectQuerySet, left: Decimal | None) -> Tries:
    """All that is asked. A PST whose parts ask it again is left for the meeting to say."""
    again = _said_again(files)
    return {
        project.pk: granting(project, None if project.pk in again else project.requested or None) for project in files
    }


def as_last_year(files: ProjectQuerySet, left: Decimal | None) -> Tries:
    """What the action that each renews was granted, as far as it is asked; nothing is said of the others."""
    former = dict(
        files.order_by()
        .filter(declaration__previous__status__in=GRANTED)
        .values_list("pk", "declaration__previous__granted")
    )
    return {project.pk: granting(project, former.get(project.pk) or None) for project in files}


def as_fits(files: ProjectQuerySet, left: Decimal | None) -> Tries:
    """What is left of the envelope of the call, in proportion to what is asked, to the cent.

    Raises:
        ValidationError: the call has no envelope, or nothing is left of it.
    """
    if left is None:
        raise ValidationError("L’appel de ce comité n’a pas d’enveloppe : rien ne dit à combien ramener les demandes.")
    if left <= 0:
        raise ValidationError(f"Il ne reste rien de l’enveloppe de l’appel ({euros(max(left, Decimal(0)))}).")
    again = _said_again(files)
    asking = [project for project in files if project.requested and project.pk not in again]
    weights = [in_cents(project.requested) for project in asking]
    parts = proportional_parts(min(in_cents(left), sum(weights)), weights)
    shares = {project.pk: part for project, part in zip(asking, parts, strict=True)}
    return {
        project.pk: granting(project, in_euros(shares[project.pk]) if shares.get(project.pk) else None)
        for project in files
    }


def _said_again(files: ProjectQuerySet) -> set[int]:
    """The PST whose parts, before the same meeting, ask again what they ask."""
    return set(files.order_by().filter(files.said_by_parts("requested")).values_list("pk", flat=True))


Start = Callable[[ProjectQuerySet, Decimal | None], Tries]
PROPOSED, REQUESTED, LAST_YEAR, FITS = "propositions", "demandes", "an-dernier", "prorata"
STARTS: Mapping[str, tuple[str, Start]] = {
    PROPOSED: ("Les propositions", as_proposed),
    REQUESTED: ("Tout ce qui est demandé", as_requested),
    LAST_YEAR: ("Comme l’an dernier", as_last_year),
    FITS: ("Au prorata, dans l’enveloppe", as_fits),
}


def counted(tries: Mapping[int, Try], keys: Sequence[int] | None = None) -> dict[int, int]:
    """What a scenario grants, in cents, by key of the project; nothing is said of what grants nothing."""
    kept = tries if keys is None else {key: tries[key] for key in keys if key in tries}
    return {key: in_cents(line.granted) for key, line in kept.items() if line.granted}
